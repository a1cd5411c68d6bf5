"""Who sends: a case is one actor or group with its label, a machine is one address with a TCP stack that sends for it."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from bench.access import BROWSERS
from bench.addresses import home_text
from bench.ordinary.network import Network, answer
from bench.traffic import STACKS

DAY = 86_400.0
STACK = {name: number for number, (name, *_) in enumerate(STACKS)}
RETRIES = {"linux": (1, 3, 7), "windows": (1, 3, 7), "small": (3, 9)}
"""Seconds after the first SYN at which a stack sends it again, as long as nothing answers."""

FIRST_TTL = {"linux": 64, "windows": 128, "small": 255, "nmap": 64, "masscan": 255, "zmap": 255, "bare": 64}
NMAP_TTL = (37, 59)
"""Between these nmap draws a TTL for each probe."""

LATER_WINDOWS = (501, 502, 229, 1026, 2053, 8212, 64_240, 65_535)
"""Windows of segments inside a connection; a RST has 0."""

KEPT_ALIVE = 15.0
"""Seconds without a request after which a client's HTTP connection is closed, and the next one is a new SYN."""


class Packet(NamedTuple):
    """A packet at the firewall.

    `at` is microseconds since the start of the log; `first` and `second` are the ports, or type and code of ICMP;
    `inner` is what an ICMP error quotes: the other side's address, the protocol, our port, its port.
    """

    at: int
    case: int
    source: str
    host: int
    proto: str
    first: int
    second: int
    flags: str = ""
    accepted: bool = False
    probe: bool = True
    stack: int = 0
    ttl: int = 64
    ip_id: int = 0
    seq: int = 0
    ack: int = 0
    length: int = 0
    window: int | None = None
    inner: tuple[str, str, int, int] | None = None


class Request(NamedTuple):
    """A request at the web server. `at` is microseconds since the start of the log."""

    at: int
    case: int
    source: str
    site: str
    method: str
    path: str
    status: int
    size: int
    referer: str
    agent: str
    probe: bool


@dataclass(frozen=True)
class Kind:
    """A kind of actor: what it is called, what it does, what it is (technique for a scan, else None), what it needs.

    `hosts` is the smallest network in which it makes sense, `share` how many of it a small log holds.
    """

    name: str
    play: Callable[[Case], None]
    technique: str | None
    hosts: int
    share: int
    group: str


@dataclass
class Case:
    """One actor or group of actors in one log, and all it sends."""

    number: int
    kind: Kind
    net: Network
    span: float
    rng: random.Random
    packets: list[Packet] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    decoys: set[str] = field(default_factory=set)
    related: set[str] = field(default_factory=set)
    lend: str | None = None

    def machine(self, stack: str | None = None, source: str | None = None, trusted: bool = False) -> Machine:
        """Return a machine with `source` or an address that nobody has; `trusted` ones are let in to every port."""
        return Machine(
            self, source or self.net.stranger(self.rng), stack or self.rng.choice(("linux", "windows")), trusted
        )

    def machines(self, count: int, stack: str | None = None) -> list[Machine]:
        """Return `count` machines of unrelated addresses."""
        return [self.machine(stack) for _ in range(count)]

    def times(self, count: int, begin: float = 0.0, end: float = 1.0) -> list[float]:
        """Draw `count` moments, in seconds, between two shares of the span."""
        return sorted(self.rng.uniform(begin, end) * self.span for _ in range(count))

    def working(self, count: int) -> list[float]:
        """Draw `count` moments of working hours, most about the middle of the day."""
        days = max(1, int(self.span // DAY))
        drawn = [self.rng.gauss(13, 2.6) for _ in range(count)]
        hours = [hour if 7 < hour < 19 else self.rng.uniform(7, 19) for hour in drawn]
        return sorted(self.rng.randrange(days) * DAY + hour * 3600 for hour in hours)

    def steady(self, gap: float, begin: float = 0.0, end: float = 1.0, jitter: float = 0.02) -> Iterator[float]:
        """Yield moments `gap` seconds apart, between two shares of the span."""
        at = begin * self.span + self.rng.random() * gap
        while at < end * self.span:
            yield at
            at += gap * (1 + self.rng.uniform(-jitter, jitter))

    def paced(self, count: int, gap: float, start: float | None = None) -> list[float]:
        """Draw `count` moments about `gap` seconds apart from `start` on, pushed together where the log is too short."""
        gap = min(gap, 0.9 * self.span / count)
        at = self.rng.uniform(0.02, 0.08) * self.span if start is None else start
        at = min(at, max(0.0, self.span * 0.98 - count * gap)) if start is None else at
        return [at + gap * (n + self.rng.uniform(-0.3, 0.3)) for n in range(1, count + 1)]

    def moment(self) -> float:
        """Draw a moment that leaves room for something short to follow."""
        return self.rng.uniform(0.03, 0.9) * self.span

    def dark(self, count: int) -> list[int]:
        """Draw up to `count` addresses of ours that nobody uses."""
        dark = self.net.dark
        return self.rng.sample(dark, min(count, len(dark)))


class Machine:
    """One address that sends for a case, with the habits of its TCP stack."""

    def __init__(self, case: Case, source: str, stack: str, trusted: bool = False) -> None:
        self.case, self.source, self.name, self.trusted = case, source, stack, trusted
        self.rng, self.net = case.rng, case.net
        self.hops = self.rng.randint(5, 21)
        self.ttl = FIRST_TTL[stack] - self.hops
        self.agent = self.rng.choice(BROWSERS)
        self.cover, self.quiet_since = False, float("-inf")
        self.ip_id, self.port = self.rng.randrange(65_536), self.rng.randrange(49_152, 65_000)

    def client_port(self) -> int:
        """Return the next port to send from: Windows counts up, the others draw."""
        if self.name != "windows":
            return self.rng.randrange(32_768, 61_000)
        self.port = self.port + 1 if self.port < 65_535 else 49_152
        return self.port

    def connect(self, at: float, host: int, port: int, patience: int = 3, seq: int | None = None) -> bool:
        """Open a TCP connection at second `at`; unanswered, send the SYN again up to `patience` times."""
        accepted = self.trusted or self.net.is_open("tcp", host, port)
        answered = self.net.is_open("tcp", host, port) or (self.net.rejects and not self.trusted)
        sport, seq = self.client_port(), seq or self.number()
        later = () if answered else RETRIES.get(self.name, ())[:patience]
        for delay in (0.0, *later):
            self.send(at + delay, host, "tcp", sport, port, flags="SYN", accepted=accepted, seq=seq)
        return self.net.is_open("tcp", host, port)

    def number(self) -> int:
        """Draw a sequence number."""
        return self.rng.randrange(1 << 20, 1 << 32)

    def datagram(self, at: float, host: int, port: int, sport: int | None = None, length: int = 0) -> bool:
        """Send one UDP datagram."""
        accepted = self.trusted or self.net.is_open("udp", host, port)
        size = length or self.rng.randrange(44, 400)
        self.send(at, host, "udp", sport or self.client_port(), port, accepted=accepted, length=size)
        return accepted

    def stray(self, at: float, host: int, flags: str, sport: int, dport: int) -> None:
        """Send a TCP segment that belongs to no connection the firewall knows."""
        acked = self.rng.randrange(1 << 20, 1 << 32) if "ACK" in flags else 0
        later = 0 if "RST" in flags else self.rng.choice(LATER_WINDOWS)
        stack, window = (self.name, None) if "SYN" in flags else ("bare", later)
        self.send(at, host, "tcp", sport, dport, flags=flags, stack=stack, seq=self.number(), ack=acked, window=window)

    def ping(self, at: float, host: int, kind: int = 8, code: int = 0) -> bool:
        """Send an ICMP request; echo is let in to the hosts in use."""
        accepted = kind == 8 and (self.trusted or host in self.net.live)
        self.send(at, host, "icmp", kind, code, accepted=accepted, length=84 if kind == 8 else 40)
        return accepted

    def complain(self, at: float, host: int, kind: int, code: int, about: tuple[str, str, int, int]) -> None:
        """Send an ICMP error that quotes a packet of ours."""
        self.send(at, host, "icmp", kind, code, inner=about, length=56)

    def trace(self, at: float, host: int, port: int, first_hop: int, proto: str = "udp") -> None:
        """Send the traceroute probe that has `first_hop` hops left when it arrives; UDP or a TCP SYN that is never repeated."""
        kept, self.ttl = self.ttl, first_hop
        if proto == "udp":
            self.datagram(at, host, port, length=60)
        else:
            self.connect(at, host, port, patience=0)
        self.ttl = kept

    def raw(self, at: float, host: int, protocol: int) -> None:
        """Send an IP packet of another protocol, given by its number."""
        self.send(at, host, str(protocol), 0, 0, length=52)

    def get(self, at: float, path: str, status: int | None = None, method: str = "GET", referer: str = "-",
            agent: str | None = None, site: str = "www.example.org", size: int | None = None) -> int:  # fmt: skip
        """Ask the web server for `path` at second `at`; the first request after a pause opens a connection."""
        if not 0 <= at < self.case.span:
            return 0
        if at - self.quiet_since > KEPT_ALIVE:
            cover, self.cover = self.cover, True
            self.connect(at - 0.08, self.net.one("web"), 443)
            self.cover = cover
        self.quiet_since = at
        found, length = answer(path)
        length = length if status in (None, found) else 169
        length = 0 if method == "HEAD" or status == 304 else size or length
        self.case.requests.append(Request(
            int(at * 1e6), self.case.number, self.source, site, method, path, status or found, length, referer,
            agent or self.agent, not self.cover))  # fmt: skip
        return status or found

    def send(self, at: float, host: int, proto: str, first: int, second: int, *, stack: str | None = None, ip_id: int | None = None,
             flags: str = "", accepted: bool = False, seq: int = 0, ack: int = 0, length: int = 0, window: int | None = None,
             inner: tuple[str, str, int, int] | None = None) -> None:  # fmt: skip
        """Put one packet before the firewall, unless it comes after the end of the log."""
        if not 0 <= at < self.case.span:
            return
        self.ip_id = (self.ip_id + self.rng.randint(1, 3)) % 65_536
        self.case.packets.append(Packet(
            int(at * 1e6), self.case.number, self.source, host, proto, first, second, flags, accepted, not self.cover,
            STACK[stack or self.name], self.ttl, self.ip_id if ip_id is None else ip_id, seq, ack, length, window, inner))  # fmt: skip


class Tool(Machine):
    """A machine that sends with a scan tool, whose SYNs give it away as bench/traffic.py describes; it never repeats."""

    def __init__(self, case: Case, source: str, tool: str) -> None:
        super().__init__(case, source, tool)
        self.fixed_port, self.fixed_seq = case.rng.randrange(40_000, 60_000), case.rng.randrange(1 << 24, 1 << 32)

    def probe(self, at: float, host: int, port: int, flags: str = "SYN") -> bool:
        """Send one TCP probe."""
        seq = self.fixed_seq if self.name == "nmap" else self.rng.randrange(1 << 20, 1 << 32)
        accepted = flags == "SYN" and self.net.is_open("tcp", host, port)
        stack = self.name if flags == "SYN" else "bare"
        self.ttl = self.rng.randint(*NMAP_TTL) - self.hops if self.name == "nmap" else self.ttl
        ack = seq if "ACK" in flags else 0
        self.send(at, host, "tcp", self.fixed_port, port, flags=flags, accepted=accepted, seq=seq, ack=ack,
                  stack=stack, ip_id=self._identification(host, port, seq))  # fmt: skip
        return accepted

    def _identification(self, host: int, port: int, seq: int) -> int | None:
        if self.name == "masscan" and ":" not in self.source:
            return (int(ipaddress.IPv4Address(home_text(host, False))) ^ port ^ seq) & 0xFFFF
        return 54_321 if self.name == "zmap" else self.rng.randrange(65_536)


REGISTRY: dict[str, Kind] = {}
MORE: dict[str, Kind] = {}
THIRD: dict[str, Kind] = {}
FOURTH: dict[str, Kind] = {}
"""Kinds of further sets, apart from `REGISTRY` so that the logs of the first stay what they are."""

Play = Callable[[Case], None]


def benign(name: str, hosts: int = 1, share: int = 1, registry: dict[str, Kind] = REGISTRY) -> Callable[[Play], Play]:
    """Enter a kind of benign actor: its name, the hosts it needs, how many of it a small log holds, the set it is of."""
    return _enter(registry, name, None, hosts, share)


def scan(
    name: str, technique: str = "T1595.001", hosts: int = 1, share: int = 1, registry: dict[str, Kind] = REGISTRY
) -> Callable[[Play], Play]:
    """Enter a kind of scan: its name, its technique, the hosts it needs, how many of it a small log holds, the set it is of."""
    return _enter(registry, name, technique, hosts, share)


def _enter(
    registry: dict[str, Kind], name: str, technique: str | None, hosts: int, share: int
) -> Callable[[Play], Play]:
    def enter(play: Play) -> Play:
        registry[name] = Kind(name, play, technique, hosts, share, play.__module__.rpartition(".")[2])
        return play

    return enter


more_benign, more_scan = partial(benign, registry=MORE), partial(scan, registry=MORE)
third_benign, third_scan = partial(benign, registry=THIRD), partial(scan, registry=THIRD)
fourth_benign, fourth_scan = partial(benign, registry=FOURTH), partial(scan, registry=FOURTH)
