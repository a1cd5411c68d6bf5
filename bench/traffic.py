"""The packets of a plan, slice by slice and in order of time, so that a log of any size needs little memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from bench.addresses import HOSTS, Array, home_number, mixed, public_ipv4
from bench.plan import COMMON_PORTS, FIRST_SOURCE, PROTOCOLS, ROLES, SWEPT_PORTS, SWEPT_UDP_PORTS, TOOLS, Plan

SLICE = 1 << 16
"""Lines of one slice, about: what is held in memory at a time."""

STACKS = (
    ("linux", 60, 64240, True, "020405B40402080A", "0000000001030307"),
    ("windows", 52, 64240, True, "020405B40103030801010402", None),
    ("small", 40, 14600, False, "", None),
    ("nmap", 44, 1024, False, "020405B4", None),
    ("masscan", 44, 1025, False, "020405B4", None),
    ("zmap", 40, 65535, False, "", None),
    ("bare", 40, 1024, False, "", None),
)
"""Sender, IPv4 length, window, DF, TCP options in hex, and what follows the time stamp option where there is one."""

TOOL_STACK = np.array([{"nmap": 3, "masscan": 4, "zmap": 5, "sockets": 0}[tool] for tool in TOOLS])
TOOL_TTL = np.array([{"nmap": 54, "masscan": 250, "zmap": 250, "sockets": 58}[tool] for tool in TOOLS])

SERVICES = np.array(
    [(9, 0, 443), (9, 0, 80), (24, 0, 25), (52, 1, 53), (10, 0, 443), (21, 0, 22), (24, 0, 993), (122, 1, 123)]
)
"""What is open: host, protocol, port. Clients use the first most."""

BACKGROUND_PORTS = np.array(list(dict.fromkeys((*SWEPT_PORTS, *COMMON_PORTS))))
ATTACKED_PORTS = np.array([443, 80, 53, 25, 22])
PORT_ORDER = np.array([*COMMON_PORTS, *sorted(set(range(1, 65536)) - set(COMMON_PORTS))])
SYN_ACK, RST, RST_ACK = 1, 2, 3
BARE = len(STACKS) - 1
UDP, ICMP = PROTOCOLS.index("udp"), PROTOCOLS.index("icmp")

COLUMNS = {
    "time": np.int64, "role": np.uint8, "actor": np.int32, "source": np.uint32, "ipv6": np.bool_, "host": np.int64,
    "protocol": np.uint8, "sport": np.int64, "dport": np.int64, "flags": np.uint8, "accepted": np.bool_,
    "stack": np.uint8, "ttl": np.uint8, "ip_id": np.int64, "seq": np.uint32, "ack": np.uint32,
}  # fmt: skip
"""A packet: time in us since the start of the log; for ICMP `sport` is the echo's id and `dport` its sequence."""

Packets = dict[str, Array]


def traffic(plan: Plan) -> Iterator[Packets]:
    """Yield the packets of `plan` in slices, in order of time, `plan.lines` in all; no two runs differ."""
    slices = max(1, plan.lines // SLICE)
    edges = [plan.span * n // slices for n in range(slices + 1)]
    scanners, late, written = _Scanners(plan), _packets(0), 0
    for number, (begin, end) in enumerate(pairwise(edges)):
        rng = np.random.default_rng([plan.seed, number])
        seen = _join([late, _background(plan, rng, begin, end)])
        now = seen["time"] < end
        late = _where(seen, ~now)
        parts = [scanners.between(rng, begin, end), _where(seen, now)]
        due = plan.lines * (number + 1) // slices - written
        spare = due - sum(len(part["time"]) for part in parts)
        packets = _join([*parts, _filler(plan, rng, begin, end, max(0, spare))])
        packets = _where(packets, np.argsort(packets["time"], kind="stable"))
        written += len(packets["time"])
        yield packets


class _Scanners:
    """The scanners of a plan as columns, so that the probes of a slice are computed all at once."""

    def __init__(self, plan: Plan) -> None:
        names = ("source", "ipv6", "protocol", "flags", "host", "hosts", "port", "ports", "ascending", "tries",
                 "start", "gap", "probes")  # fmt: skip
        self.of = {name: np.array([getattr(s, name) for s in plan.scanners], np.int64) for name in names}
        self.of["tool"] = np.array([TOOLS.index(s.tool) for s in plan.scanners], np.int64)
        self.key = plan.seed
        self.stride = np.array([_coprime(s.hosts * s.ports) for s in plan.scanners], np.int64)

    def between(self, rng: np.random.Generator, begin: int, end: int) -> Packets:
        """Return the probes of all scanners with `begin` <= time < `end`."""
        start, gap = self.of["start"], self.of["gap"]
        first = np.clip((begin - start) // gap - 1, 0, self.of["probes"])
        after = np.clip((end - start) // gap + 1, 0, self.of["probes"])
        many = np.maximum(after - first, 0)
        actor = np.repeat(np.arange(len(start)), many)
        probe = np.arange(len(actor)) - np.repeat(np.cumsum(many) - many, many) + first[actor]
        wobble = mixed(actor * 65_537 + probe, self.key) / 2**32 * 0.8
        time = start[actor] + ((probe + wobble) * gap[actor]).astype(np.int64)
        inside = (time >= begin) & (time < end)
        return self._probes(rng, actor[inside], probe[inside], time[inside])

    def _probes(self, rng: np.random.Generator, actor: Array, probe: Array, time: Array) -> Packets:
        own = {name: values[actor] for name, values in self.of.items()}
        contacts = own["hosts"] * own["ports"]
        contact = probe // own["tries"] * self.stride[actor] % contacts
        host, rank = own["host"] + contact % own["hosts"], contact // own["hosts"]
        port = np.where(own["ascending"] > 0, (own["port"] + rank - 1) % 65_535 + 1, PORT_ORDER[rank])
        out = _packets(
            len(actor), time=time, role=ROLES.index("scanner"), actor=actor, source=own["source"], ipv6=own["ipv6"],
            host=host, protocol=own["protocol"], dport=port, flags=own["flags"], stack=np.where(own["flags"] > 0, BARE, TOOL_STACK[own["tool"]]),
            ttl=TOOL_TTL[own["tool"]] - own["source"] % 17, ip_id=rng.integers(65_536, size=len(actor)),
        )  # fmt: skip
        fixed = 40_000 + own["source"] % 20_000
        out["sport"] = np.where(own["tool"] == TOOLS.index("sockets"), _client_ports(rng, len(actor)), fixed)
        out["seq"] = rng.integers(1 << 20, 1 << 32, size=len(actor), dtype=np.uint32)
        self._fingerprints(out, own["tool"], probe % own["tries"])
        echo = own["protocol"] == ICMP
        out["dport"][echo] = probe[echo] % 65_536
        return out

    def _fingerprints(self, out: Packets, tool: Array, attempt: Array) -> None:
        """Write what gives a tool away: nmap's constant SEQ, masscan's equation of the IP ID, ZMap's ID 54321."""
        nmap, masscan = tool == TOOLS.index("nmap"), tool == TOOLS.index("masscan")
        mask = mixed(out["source"][nmap], self.key + 1) | np.uint32(1 << 24)
        out["seq"][nmap] = mask ^ (attempt[nmap] * 65_537).astype(np.uint32)
        out["sport"][nmap] += attempt[nmap]
        equation = home_number(out["host"]) ^ out["dport"].astype(np.uint32) ^ out["seq"]
        out["ip_id"][masscan] = equation[masscan] & np.uint32(65_535)
        out["ip_id"][tool == TOOLS.index("zmap")] = 54_321


def _background(plan: Plan, rng: np.random.Generator, begin: int, end: int) -> Packets:
    """Return background radiation: sources that are first seen in this slice, with one to three probes each."""
    open_until = int(plan.span * 0.95)
    first, last = (plan.background * min(edge, open_until) // open_until for edge in (begin, end))
    sources = _source(plan, "background", np.arange(first, last))
    fresh = rng.integers(begin, max(begin + 1, min(end, open_until)), size=len(sources))
    many = rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15], size=len(sources))
    own = np.repeat(np.arange(len(sources)), many)
    count = len(own)
    repeat = np.arange(count) - np.repeat(np.cumsum(many) - many, many)
    port = BACKGROUND_PORTS[_falling(rng, len(sources), len(BACKGROUND_PORTS))][own]
    protocol = np.repeat(rng.choice(3, p=[0.85, 0.12, 0.03], size=len(sources)), many)
    udp = protocol == UDP
    port[udp] = np.array(SWEPT_UDP_PORTS)[port[udp] % len(SWEPT_UDP_PORTS)]
    port[protocol == ICMP] = 1
    retries = rng.random(len(sources))[own] < 0.5
    host = np.where(retries, rng.integers(HOSTS, size=len(sources))[own], rng.integers(HOSTS, size=count))
    pause = max(2, min(180_000_000, plan.span // 1_000))
    out = _ordinary(plan, rng, "background", sources[own], fresh[own] + repeat * rng.integers(1, pause, size=count))
    out.update(host=host, protocol=protocol.astype(np.uint8), dport=port)
    return out


def _filler(plan: Plan, rng: np.random.Generator, begin: int, end: int, count: int) -> Packets:
    """Return `count` packets of what is no scan but plenty: clients of our services, backscatter, stuck retries."""
    shares = rng.choice(3, p=[0.45, 0.15, 0.40], size=count)
    times = rng.integers(begin, end, size=count)
    makers = (_clients, _backscatter, _retries)
    return _join([make(plan, rng, times[shares == n]) for n, make in enumerate(makers)])


def _clients(plan: Plan, rng: np.random.Generator, times: Array) -> Packets:
    pool = plan.pools["client"]
    out = _ordinary(plan, rng, "client", _source(plan, "client", _falling(rng, len(times), pool)), times)
    service = SERVICES[(_falling(rng, len(times), len(SERVICES)))]
    out.update(host=service[:, 0], protocol=service[:, 1].astype(np.uint8), dport=service[:, 2])
    out["accepted"][:] = True
    return out


def _backscatter(plan: Plan, rng: np.random.Generator, times: Array) -> Packets:
    rank = _falling(rng, len(times), plan.pools["backscatter"])
    out = _ordinary(plan, rng, "backscatter", _source(plan, "backscatter", rank), times)
    out.update(host=rng.integers(HOSTS, size=len(times)), dport=rng.integers(1_024, 65_536, size=len(times)))
    out["sport"] = ATTACKED_PORTS[rank % len(ATTACKED_PORTS)]
    out["flags"] = rng.choice(np.array([SYN_ACK, RST, RST_ACK], np.uint8), p=[0.6, 0.1, 0.3], size=len(times))
    out["stack"][out["flags"] != SYN_ACK] = BARE
    answers = out["flags"] != RST
    out["ack"][answers] = rng.integers(1 << 20, 1 << 32, size=int(answers.sum()), dtype=np.uint32)
    return out


def _retries(plan: Plan, rng: np.random.Generator, times: Array) -> Packets:
    sources = _source(plan, "retry", _falling(rng, len(times), plan.pools["retry"]))
    out = _ordinary(plan, rng, "retry", sources, times)
    fixed = mixed(sources, plan.seed + 2)
    out.update(host=(fixed % np.uint32(HOSTS)).astype(np.int64), dport=PORT_ORDER[fixed >> np.uint32(16)])
    return out


def _ordinary(plan: Plan, rng: np.random.Generator, role: str, sources: Array, times: Array) -> Packets:
    """Return SYNs of ordinary machines; stack, distance and IP version are properties of the source."""
    trait = mixed(sources, plan.seed + 3)
    count = len(times)
    return _packets(
        count, time=times, role=ROLES.index(role), actor=-1, source=sources, stack=trait % np.uint32(3),
        ipv6=mixed(sources, plan.seed + 4) < np.uint32(plan.ipv6 * (2**32 - 1)),
        ttl=np.array([58, 122, 249], np.uint8)[trait % np.uint32(3)] - (trait >> np.uint32(24)) % np.uint32(20),
        sport=_client_ports(rng, count), ip_id=rng.integers(65_536, size=count),
        seq=rng.integers(1 << 20, 1 << 32, size=count, dtype=np.uint32),
    )  # fmt: skip


def _source(plan: Plan, role: str, numbers: Array) -> Array:
    return public_ipv4(numbers + FIRST_SOURCE[role], plan.seed)


def _falling(rng: np.random.Generator, count: int, choices: int) -> Array:
    """Draw `count` ranks below `choices`, rank r about in proportion to 1/(r+1) as in Zipf's law."""
    return ((choices + 1) ** rng.random(count) - 1).astype(np.int64).clip(0, choices - 1)


def _client_ports(rng: np.random.Generator, count: int) -> Array:
    return rng.integers(32_768, 61_000, size=count)


def _coprime(modulus: int) -> int:
    """Return a step that visits every number below `modulus` once, far from the last one each time."""
    step = max(1, int(modulus * 0.618))
    while np.gcd(step, modulus) != 1:
        step += 1
    return step


def _packets(count: int, **given: Array | int) -> Packets:
    out: Packets = {name: np.zeros(count, dtype) for name, dtype in COLUMNS.items()}
    for name, values in given.items():
        out[name][:] = values
    return out


def _join(parts: list[Packets]) -> Packets:
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}


def _where(packets: Packets, rows: Array) -> Packets:
    return {name: values[rows] for name, values in packets.items()}
