"""What a generated log will hold: how many sources of each role, and every scanner with its kind, speed and tool."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bench.addresses import HOSTS, public_ipv4

ROLES = ("scanner", "background", "client", "backscatter", "retry")
FIRST_SOURCE = {"scanner": 0, "client": 1 << 20, "backscatter": 2 << 20, "retry": 3 << 20, "background": 4 << 20}
PROTOCOLS = ("tcp", "udp", "icmp")
FLAGS = ("SYN", "ACK SYN", "RST", "ACK RST", "FIN", "", "URG PSH FIN", "ACK")
STEALTH_FLAGS = (4, 5, 6, 7)

COMMON_PORTS = (
    80, 23, 443, 21, 22, 25, 3389, 110, 445, 139, 143, 53, 135, 3306, 8080, 1723, 111, 995, 993, 5900, 1025, 587, 8888,
    199, 1720, 465, 548, 113, 81, 6001, 10000, 514, 5060, 179, 1026, 2000, 8443, 8000, 32768, 554, 26, 1433, 49152,
    2001, 515, 8008, 49154, 1027, 5666, 646, 5000, 5631, 631, 49153, 8081, 2049, 88, 79, 5800, 106, 2121, 1110, 49155,
    6000, 513, 990, 5357, 427, 49156, 543, 544, 5101, 144, 7, 389, 8009, 3128, 444, 9999, 5009, 7070, 5190, 3000, 5432,
)  # fmt: skip
SWEPT_PORTS = (23, 22, 445, 3389, 80, 8080, 443, 5900, 1433, 3306, 6379, 2323, 5555, 8443, 25, 9200, 27017, 2375)
SWEPT_UDP_PORTS = (53, 123, 161, 1900, 5060, 11211, 389)

KINDS = ("vertical", "horizontal", "block", "stealth", "udp", "icmp_sweep")
TOOLS = ("nmap", "masscan", "zmap", "sockets")
SCAN_SHARE, BACKGROUND_SHARE = 0.25, 0.30
PROBES_PER_SOURCE = 1.55
"""Mean number of probes of a background source: one (60 %), two (25 %) or three (15 %)."""


@dataclass(frozen=True)
class Scanner:
    """One scanner: `hosts` x `ports` contacts from `host` and `port` on, `tries` probes each, one every `gap` us.

    `ascending` says whether ports follow `port` in order or are the most common ones. Times are
    microseconds since the start of the log.
    """

    source: int
    ipv6: bool
    kind: str
    slow: bool
    protocol: int
    flags: int
    tool: str
    host: int
    hosts: int
    port: int
    ports: int
    ascending: bool
    tries: int
    start: int
    gap: int

    @property
    def probes(self) -> int:
        """Return the number of lines this scanner leaves."""
        return self.hosts * self.ports * self.tries


@dataclass(frozen=True)
class Plan:
    """Everything that decides a generated log; the same plan gives the same bytes."""

    lines: int
    seed: int
    start: int
    span: int
    ipv6: float
    background: int
    pools: dict[str, int]
    scanners: list[Scanner]


def make_plan(
    lines: int,
    seed: int = 1,
    start: int = 1_773_100_800,
    hours: float = 24,
    ipv6: float = 0.05,
    sources: int | None = None,
    scanners: int | None = None,
) -> Plan:
    """Plan a log of `lines` lines from epoch second `start` over `hours`.

    `ipv6` is the share of sources with IPv6; `sources` the number of background sources and
    `scanners` of scanners (both default to a number that suits `lines`). Raises ValueError where
    there are not lines enough for them.
    """
    background = int(lines * BACKGROUND_SHARE / PROBES_PER_SOURCE) if sources is None else sources
    wanted = max(6, min(2_000, lines // 10_000)) if scanners is None else scanners
    if background > lines // 2:
        raise ValueError(f"{background} background sources need at least {2 * background} lines")
    if wanted * 15 > lines * SCAN_SHARE or wanted > 1 << 20:
        raise ValueError(f"{wanted} scanners need at least {math.ceil(wanted * 15 / SCAN_SHARE)} lines")
    span = int(hours * 3_600_000_000)
    pools = {
        "client": max(20, min(20_000, lines // 200)),
        "backscatter": max(5, min(500, lines // 20_000)),
        "retry": max(10, min(2_000, lines // 5_000)),
    }
    drawn = _scanners(np.random.default_rng([seed, 1 << 40]), wanted, lines, span, ipv6, seed)
    return Plan(lines, seed, start, span, ipv6, background, pools, drawn)


def _scanners(rng: np.random.Generator, wanted: int, lines: int, span: int, ipv6: float, seed: int) -> list[Scanner]:
    most = max(15, int(lines * SCAN_SHARE / max(wanted, 1)))
    addresses = public_ipv4(np.arange(wanted), seed)
    every_fourth_slow = [n % 4 == 3 for n in range(wanted)]
    return [
        _scanner(rng, int(addresses[n]), KINDS[n % len(KINDS)], every_fourth_slow[n], most, span, ipv6)
        for n in range(wanted)
    ]


def _scanner(
    rng: np.random.Generator, source: int, kind: str, slow: bool, most: int, span: int, ipv6: float
) -> Scanner:
    protocol = {"udp": 1, "icmp_sweep": 2}.get(kind, 0)
    tries = 2 if most >= 60 and rng.random() < 0.3 else 1
    hosts, ports = _shape(rng, kind, min(60, most // tries) if slow else most // tries)
    probes = hosts * ports * tries
    slowest = int(0.9 * span / probes)
    gap = min(int(10 ** rng.uniform(3, 6.3)) if not slow else int(rng.uniform(60, 900) * 1e6), slowest)
    swept = SWEPT_UDP_PORTS if protocol == 1 else SWEPT_PORTS
    ascending = ports == 1 or bool(rng.random() < 0.4)
    tool = "nmap" if kind in ("stealth", "udp", "icmp_sweep") else TOOLS[int(rng.integers(len(TOOLS)))]
    return Scanner(
        source=source,
        ipv6=bool(rng.random() < ipv6),
        kind=kind,
        slow=gap >= 60_000_000,
        protocol=protocol,
        flags=int(rng.choice(STEALTH_FLAGS)) if kind == "stealth" else 0,
        tool=tool,
        host=int(rng.integers(HOSTS - hosts + 1)),
        hosts=hosts,
        port=int(rng.choice(swept)) if ports == 1 else int(rng.integers(1, 1_024)),
        ports=ports,
        ascending=ascending,
        tries=tries,
        start=int(rng.uniform(0, 0.95 * span - probes * gap)),
        gap=gap,
    )


def _shape(rng: np.random.Generator, kind: str, most: int) -> tuple[int, int]:
    """Draw how many hosts and ports a scanner of `kind` touches: 15 contacts or more, at most `most` (at least 15)."""
    top = max(15, min(2_000, most))
    size = round(15 * (top / 15) ** float(rng.random()))
    if kind == "udp":
        kind = "vertical" if rng.random() < 0.5 else "horizontal"
    if kind in ("vertical", "stealth"):
        return 1, size
    if kind in ("horizontal", "icmp_sweep"):
        return min(size, HOSTS), 1
    ports = max(3, min(20, math.isqrt(size)))
    return max(5, min(HOSTS, size // ports)), ports
