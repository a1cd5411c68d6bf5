"""Scans that no single address gives away: distributed, rotating, behind decoys, behind others, in two phases."""

from __future__ import annotations

import ipaddress
from itertools import cycle

from bench.ordinary.actors import Case, Tool, scan
from bench.ordinary.sweeps import TOOLS, shuffled_hosts, tool
from bench.plan import COMMON_PORTS, SWEPT_PORTS

DECOYS = 8


def _pairs(case: Case, hosts: int, ports: int) -> list[tuple[int, int]]:
    chosen = case.rng.sample(COMMON_PORTS, ports)
    pairs = [(host, port) for host in shuffled_hosts(case, hosts) for port in chosen]
    case.rng.shuffle(pairs)
    return pairs


@scan("distributed-subnet", hosts=6)
def distributed_subnet(case: Case) -> None:
    """Share the contacts among forty addresses of one /24, so that each probes a handful."""
    name = case.rng.choice(TOOLS)
    members = [Tool(case, source, name) for source in case.net.neighbours(case.rng, 40)]
    pairs = _pairs(case, 60, 4)
    pairs = pairs if len(pairs) > 150 else _pairs(case, 60, 40)[:240]
    for at, (host, port), member in zip(case.paced(len(pairs), 30), pairs, cycle(members), strict=False):
        member.probe(at, host, port)


@scan("distributed-unrelated", hosts=60)
def distributed_unrelated(case: Case) -> None:
    """Share one sweep of a port among thirty unrelated addresses; no target is probed twice."""
    members = [tool(case, "nmap") for _ in range(30)]
    hosts, port = shuffled_hosts(case, 240), case.rng.choice(SWEPT_PORTS)
    for at, host, member in zip(case.paced(len(hosts), 20), hosts, cycle(members), strict=False):
        member.probe(at, host, port)


@scan("distributed-vertical")
def distributed_vertical(case: Case) -> None:
    """Share the ports of one host among twenty unrelated addresses, in minutes."""
    members, host = [tool(case, "masscan") for _ in range(20)], case.rng.choice(case.net.live)
    ports = case.rng.sample(range(1, 10_000), 160)
    for at, port, member in zip(case.paced(len(ports), 1.0, case.moment()), ports, cycle(members), strict=False):
        member.probe(at, host, port)


@scan("rotating-in-64", hosts=6)
def rotating_in_64(case: Case) -> None:
    """Send every probe from another address of one IPv6 /64."""
    prefix = case.net.prefix6(case.rng, 64)
    for at, (host, port) in zip(case.paced(120, 5, case.moment()), _pairs(case, 40, 25), strict=False):
        source = str(ipaddress.IPv6Address(prefix | case.rng.getrandbits(64)))
        case.machine("linux", source).connect(at, host, port, patience=0)


@scan("rotating-in-48", hosts=6)
def rotating_in_48(case: Case) -> None:
    """Send four probes from each of forty /64s of one IPv6 /48."""
    prefix, pairs = case.net.prefix6(case.rng, 48), _pairs(case, 40, 40)
    for n, at in enumerate(case.paced(160, 20)):
        if n % 4 == 0:
            number = prefix | case.rng.getrandbits(16) << 64 | case.rng.getrandbits(64)
            member = case.machine("linux", str(ipaddress.IPv6Address(number)))
        member.connect(at, *pairs[n % len(pairs)], patience=0)


@scan("vertical-ipv6")
def vertical_ipv6(case: Case) -> None:
    """Probe the common ports of one host over IPv6 from one address."""
    source = str(ipaddress.IPv6Address(case.net.prefix6(case.rng, 64) | 0xBEEF))
    scanner, host = Tool(case, source, "nmap"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(70, 0.4, case.moment()), COMMON_PORTS, strict=False):
        scanner.probe(at, host, port)


@scan("decoys")
def decoys(case: Case) -> None:
    """Scan the ports of a host while eight forged addresses seem to send the same probes."""
    scanner, host = tool(case, "nmap"), case.rng.choice(case.net.live)
    forged = [tool(case, "nmap") for _ in range(DECOYS)]
    case.decoys.update(decoy.source for decoy in forged)
    for decoy in forged:
        decoy.fixed_port, decoy.fixed_seq, decoy.hops = scanner.fixed_port, scanner.fixed_seq, scanner.hops
    order = case.rng.sample([*forged, scanner], DECOYS + 1)
    for at, port in zip(case.paced(40, 0.5, case.moment()), COMMON_PORTS, strict=False):
        for n, sender in enumerate(order):
            sender.probe(at + 0.001 * n, host, port)


@scan("two-phases", hosts=6)
def two_phases(case: Case) -> None:
    """Sweep from one address, come back hours later from its neighbour and use what was open."""
    first, second = case.net.neighbours(case.rng, 2)
    scanner, port, at = tool(case, "zmap"), case.rng.choice((443, 22)), case.moment() * 0.6
    scanner.source = first
    case.related.add(second)
    hosts = list(dict.fromkeys([*shuffled_hosts(case, 80), case.net.one("web"), case.net.one("bastion")]))
    ports = (port,) if len(hosts) > 20 else (port, 8080, 3389, 5900)
    for n, host in enumerate(hosts):
        for other in ports:
            scanner.probe(at + n, host, other)
    user = case.machine("linux", second)
    user.cover = True
    for later in case.times(6, 0.8, 0.95):
        user.connect(later, case.net.one("web" if port == 443 else "bastion"), port)


@scan("behind-office")
def behind_office(case: Case) -> None:
    """Scan from one desk of an office whose other people go on with mail and web behind the same address."""
    scanner = case.machine("linux", case.lend)
    for at, (host, port) in zip(case.paced(90, 25, case.moment()), cycle(_pairs(case, 30, 12)), strict=False):
        scanner.connect(at, host, port, patience=1)


@scan("moves-on", hosts=6)
def moves_on(case: Case) -> None:
    """Go on with the same scan from a new address after every thirty probes."""
    pairs = _pairs(case, 60, 60)
    for n, at in enumerate(case.paced(180, 45)):
        if n % 30 == 0:
            member = tool(case, "nmap")
        member.probe(at, *pairs[n % len(pairs)])
