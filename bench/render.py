"""Packets as log lines: short texts looked up in tables, padded with NUL, and the NULs squeezed out.

A line is a row of fixed-width texts. Everything that varies is looked up in a table made once, so a
line costs about twenty copies of a few bytes and no formatting.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import numpy as np

from bench.addresses import HOSTS, Array, home_text, ipv6_groups
from bench.plan import FLAGS
from bench.traffic import ICMP, STACKS, UDP, Packets

PREFIXES = {
    "ufw": ("[UFW BLOCK] ", "[UFW ALLOW] "),
    "iptables": ("iptables denied: ", "iptables accepted: "),
    "nftables": ("nft drop: ", "nft accept: "),
    "ulogd": ("[UFW BLOCK]  ", "[UFW ALLOW]  "),
}
"""What the rule writes before a refused and an accepted packet."""

STYLES = (*PREFIXES, "asa")
MAC = "00:16:3e:5a:01:02:00:16:3e:5a:01:01"
PORTS = range(65_536)

Render = Callable[[Packets, int], bytes]


def renderer(style: str, sequence: bool = True, options: bool = True) -> Render:
    """Return the function that turns packets and the log's start (epoch seconds, UTC) into lines of `style`.

    `sequence` and `options` say whether the rule logs TCP sequence numbers and TCP options
    (netfilter only; ulogd2 never writes options). Raises ValueError for an unknown style.
    """
    if style == "asa":
        return Asa().lines
    if style not in PREFIXES:
        raise ValueError(f"unknown style {style!r}; one of {', '.join(STYLES)}")
    return Netfilter(style, sequence, options and style != "ulogd").lines


def table(texts: Iterable[str]) -> Array:
    """Return `texts` as an array of byte strings, to be indexed with arrays of row numbers."""
    return np.array([text.encode() for text in texts])


def squeeze(columns: list[Array]) -> bytes:
    """Return rows made of the byte strings in `columns`, one after the other without their padding."""
    rows = np.empty(len(columns[0]), [(f"c{n}", column.dtype) for n, column in enumerate(columns)])
    for n, column in enumerate(columns):
        rows[f"c{n}"] = column
    return rows.tobytes().translate(None, b"\0")


def stamps(micros: Array, start: int, form: str) -> Array:
    """Return the stamp of each of ascending `micros` since `start`: strftime's `form`, {up} replaced by an uptime."""
    seconds, back = np.unique(micros // 1_000_000, return_inverse=True)
    moments = [start + int(second) for second in seconds]
    texts = (time.strftime(form, time.gmtime(at)).replace("{up}", str(at % 10_000_000)) for at in moments)
    return np.asarray(table(texts)[back])


class Sources:
    """Columns for the source address, IPv4 and IPv6 alike; IPv6 written in full as the kernel does."""

    def __init__(self, end: str) -> None:
        self.high = table([*(f"{n >> 8}.{n & 255}." for n in PORTS), ""])
        self.low = table([*(f"{n >> 8}.{n & 255}{end}" for n in PORTS), ""])
        self.group = table([*(f"{n:04x}:" for n in PORTS), ""])
        self.last = table([*(f"{n:04x}{end}" for n in PORTS), ""])

    def columns(self, packets: Packets, shown: Array | bool = True) -> list[Array]:
        """Return the columns; rows that are not `shown` stay empty."""
        source, six = packets["source"], packets["ipv6"] & shown
        four = ~packets["ipv6"] & shown
        out = [self.high[np.where(four, source >> np.uint32(16), 65_536)],
               self.low[np.where(four, source & np.uint32(65_535), 65_536)]]  # fmt: skip
        if six.any():
            groups = [np.where(six, group, 65_536) for group in ipv6_groups(source)]
            out += [*(self.group[group] for group in groups[:7]), self.last[groups[7]]]
        return out


class Numbers:
    """Columns for a 32-bit number of at least a million, or zero, or nothing."""

    def __init__(self, name: str) -> None:
        self.millions = table([*(f"{name}{n}" for n in range(4_295)), f"{name}0", ""])
        self.thousands = table([*(f"{n:03d}" for n in range(1_000)), ""])
        self.ones = table([*(f"{n:03d} " for n in range(1_000)), " ", ""])

    def columns(self, values: Array, shown: Array) -> list[Array]:
        """Return the columns; rows that are not `shown` stay empty."""
        numbers = values.astype(np.int64)
        some = shown & (numbers > 0)
        millions = np.where(some, numbers // 1_000_000, np.where(shown, 4_295, 4_296))
        thousands = np.where(some, numbers // 1_000 % 1_000, 1_000)
        ones = np.where(some, numbers % 1_000, np.where(shown, 1_000, 1_001))
        return [self.millions[millions], self.thousands[thousands], self.ones[ones]]


class Netfilter:
    """Lines of the Linux LOG target (ufw, iptables, nftables) and of ulogd2's LOGEMU."""

    def __init__(self, style: str, sequence: bool, options: bool) -> None:
        self.style, self.sequence, self.options = style, sequence, options
        self.uptime = style in ("ufw", "iptables")
        self.stamp = "%b %e %H:%M:%S gw1 " + {True: "kernel: [{up}.", False: ""}[self.uptime]
        self.stamp += "kernel: " if style == "nftables" else ""
        out = "eth1" if style in ("ulogd", "nftables") else ""
        self.head = table(
            f"{prefix}IN=eth0 OUT={out} MAC={MAC}:{ethertype} SRC="
            for prefix in PREFIXES[style]
            for ethertype in ("08:00", "86:dd")
        )
        self.micros = [table(f"{n:03d}{end}" for n in range(1_000)) for end in ("", "] ")]
        self.sources = Sources(" ")
        self.targets = table(f"DST={home_text(host, six)} " for six in (False, True) for host in range(HOSTS))
        self._shape_tables()
        self.ttl = table(f"{n} " for n in range(256))
        self.ids = table([*(f"ID={n} " for n in PORTS), "FLOWLBL=0 "])
        self.first = [
            table(f"{text}{n} " for n in PORTS) for text in ("SPT=", "TYPE=8 CODE=0 ID=", "TYPE=128 CODE=0 ID=")
        ]
        self.second = [table(f"{name}{n} " for n in PORTS) for name in ("DPT=", "SEQ=")]
        self.numbers = Numbers("SEQ="), Numbers("ACK=")
        self.flags = table([*(f"{names} URGP=0 ".lstrip() for names in FLAGS), ""])
        self.hex = table([*(f"{n:04X}" for n in PORTS), ""])
        self.end = table([f"{'MARK=0x0 ' if style == 'ulogd' else ''}\n"])

    def _shape_tables(self) -> None:
        """Make the tables of all that protocol, stack and IP version decide together."""
        before, after, window = [], [], []
        tos, reserved = ("00", "") if self.style == "ulogd" else ("0x00", "RES=0x00 ")
        for protocol, (_, tcp_length, tcp_window, df, _, _), six in _shapes():
            length = (tcp_length, 48, 84)[protocol] + 20 * six
            before.append(f"LEN={length} TC=0 HOPLIMIT=" if six else f"LEN={length} TOS={tos} PREC=0x00 TTL=")
            name = ("TCP", "UDP", "ICMPv6" if six else "ICMP")[protocol]
            after.append(f"{'DF ' if df and not six and protocol != ICMP else ''}PROTO={name} ")
            window.append((f"WINDOW={tcp_window} {reserved}", "LEN=28 ", "")[protocol])
        self.before, self.after, self.window = table(before), table(after), table(window)
        self.option = table([*(f"OPT ({s[4]}" if s[4] else "" for s in STACKS), ""])
        self.option_end = table([*(f"{s[5] or ''}) " if s[4] else "" for s in STACKS), ""])
        self.has_time = np.array([*(s[5] is not None for s in STACKS), False])

    def lines(self, packets: Packets, start: int) -> bytes:
        """Return the log lines of `packets`, whose times count from epoch second `start` (UTC)."""
        protocol, six, micros = packets["protocol"].astype(np.int64), packets["ipv6"], packets["time"]
        shape = (protocol * len(STACKS) + packets["stack"]) * 2 + six
        columns = [stamps(micros, start, self.stamp)]
        if self.uptime:
            columns += [self.micros[0][micros // 1_000 % 1_000], self.micros[1][micros % 1_000]]
        columns += [self.head[packets["accepted"] * 2 + six], *self.sources.columns(packets)]
        columns += [self.targets[packets["host"] + HOSTS * six], self.before[shape], self.ttl[packets["ttl"]]]
        columns += [self.ids[np.where(six, 65_536, packets["ip_id"])], self.after[shape]]
        columns += self._ports(packets, protocol == ICMP) + self._tcp(packets, protocol == 0, shape)
        return squeeze([*columns, np.broadcast_to(self.end, len(micros))])

    def _ports(self, packets: Packets, icmp: Array) -> list[Array]:
        first, second = self.first[0][packets["sport"]], self.second[0][packets["dport"]]
        if icmp.any():
            echo = np.where(packets["ipv6"], self.first[2][packets["sport"]], self.first[1][packets["sport"]])
            first = np.where(icmp, echo, first)
            second = np.where(icmp, self.second[1][packets["dport"]], second)
        return [first, second]

    def _tcp(self, packets: Packets, tcp: Array, shape: Array) -> list[Array]:
        columns: list[Array] = []
        if self.sequence:
            columns += self.numbers[0].columns(packets["seq"], tcp) + self.numbers[1].columns(packets["ack"], tcp)
        columns += [self.window[shape], self.flags[np.where(tcp, packets["flags"], len(FLAGS))]]
        if self.options:
            stack = np.where(tcp, packets["stack"], len(STACKS))
            ticks = packets["time"] // 1_000 + packets["source"].astype(np.int64) & 0xFFFFFFFF
            timed = self.has_time[stack]
            halves = [self.hex[np.where(timed, half, 65_536)] for half in (ticks >> 16, ticks & 0xFFFF)]
            columns += [self.option[stack], *halves, self.option_end[stack]]
        return columns


def _shapes() -> Iterable[tuple[int, tuple[str, int, int, bool, str, str | None], int]]:
    return ((protocol, stack, six) for protocol in range(3) for stack in STACKS for six in (0, 1))


class Asa:
    """Lines of a Cisco ASA: 106023 and 106015 for what it refused, 302013 to 302016 for what it let through."""

    DENY, DENY_ICMP, NO_CONNECTION, BUILT, TEARDOWN, BUILT_UDP, TEARDOWN_UDP = range(7)
    HEADS = (
        "%ASA-4-106023: Deny {} src outside:", "%ASA-4-106023: Deny icmp src outside:",
        "%ASA-6-106015: Deny TCP (no connection) from ",
        "%ASA-6-302013: Built inbound TCP connection ", "%ASA-6-302014: Teardown TCP connection ",
        "%ASA-6-302015: Built inbound UDP connection ", "%ASA-6-302016: Teardown UDP connection ",
    )  # fmt: skip
    MIDDLES = (" dst inside:", " dst inside:", " to ", ") to dmz:", " to dmz:", ") to dmz:", " to dmz:")
    GROUP = ' by access-group "outside_in" [0x0, 0x0]\n'
    TAILS = (GROUP, f" (type 8, code 0){GROUP}", "", ")\n", " duration 0:00:12 bytes 8244 TCP FINs\n",
             ")\n", " duration 0:02:01 bytes 318\n")  # fmt: skip

    def __init__(self) -> None:
        self.heads = table([*self.HEADS, *(self.HEADS[0].format(name) for name in ("tcp", "udp"))])
        self.middles, self.tails = table(self.MIDDLES), table(self.TAILS)
        self.flags = table([*(f" flags {names}  on interface outside\n" for names in FLAGS), ""])
        self.sources, self.ports = Sources(""), table([*(f"/{n}" for n in PORTS), ""])
        self.targets = table([*(home_text(host, six) for six in (False, True) for host in range(HOSTS)), ""])
        self.digits = table([*(f"{n:03d}" for n in range(1_000)), ""])
        self.joints = table(["", " for outside:", " ("])

    def lines(self, packets: Packets, start: int) -> bytes:
        """Return the log lines of `packets`, whose times count from epoch second `start` (UTC)."""
        kind = self._kinds(packets)
        built, numbered = (kind == self.BUILT) | (kind == self.BUILT_UDP), kind >= self.BUILT
        head = np.where(kind == self.DENY, len(self.HEADS) + packets["protocol"], kind)
        number = packets["seq"].astype(np.int64)
        digits = [self.digits[np.where(numbered, part % 1_000, 1_000)] for part in (100 + number // 1_000, number)]
        targets = packets["host"] + HOSTS * packets["ipv6"]
        sport, dport = (np.where(kind == self.DENY_ICMP, 65_536, packets[name]) for name in ("sport", "dport"))
        return squeeze([
            stamps(packets["time"], start, "%b %e %H:%M:%S asa1 "), self.heads[head], *digits,
            self.joints[numbered.astype(np.int64)], *self.sources.columns(packets), self.ports[sport],
            self.joints[built * 2], *self.sources.columns(packets, built), self.ports[np.where(built, sport, 65_536)],
            self.middles[kind], self.targets[targets], self.ports[dport],
            self.joints[built * 2], self.targets[np.where(built, targets, 2 * HOSTS)],
            self.ports[np.where(built, dport, 65_536)], self.tails[kind],
            self.flags[np.where(kind == self.NO_CONNECTION, packets["flags"], len(FLAGS))],
        ])  # fmt: skip

    def _kinds(self, packets: Packets) -> Array:
        protocol, ended = packets["protocol"], (packets["seq"] & np.uint32(1)).astype(np.int64)
        refused = np.where(
            protocol == ICMP, self.DENY_ICMP, np.where(packets["flags"] > 0, self.NO_CONNECTION, self.DENY)
        )
        accepted = np.where(protocol == UDP, self.BUILT_UDP, self.BUILT) + ended
        return np.where(packets["accepted"], accepted, refused)
