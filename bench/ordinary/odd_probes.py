"""Scans without SYN: odd flags, UDP, ICMP, SCTP and other protocols."""

from __future__ import annotations

from bench.ordinary.actors import Case, Tool, scan
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.plan import COMMON_PORTS, SWEPT_UDP_PORTS

UDP_PORTS = (7, 17, 19, 53, 67, 69, 111, 123, 137, 138, 161, 162, 177, 389, 427, 443, 500, 514, 520, 623, 1194, 1434, 1604, 1701,
             1900, 2049, 3283, 3478, 3702, 4500, 5060, 5093, 5353, 5683, 6881, 11_211, 17_185, 27_015, 30_718, 47_808)  # fmt: skip
SCTP = 132


def _flagged(case: Case, flags: str, stack: Tool | None = None) -> None:
    scanner, host = stack or tool(case, "nmap"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(70, 0.2, case.moment()), case.rng.sample(COMMON_PORTS, 70), strict=True):
        scanner.probe(at, host, port, flags)


@scan("flags-fin")
def flags_fin(case: Case) -> None:
    """Send a FIN to each port."""
    _flagged(case, "FIN")


@scan("flags-null")
def flags_null(case: Case) -> None:
    """Send segments without any flag."""
    _flagged(case, "")


@scan("flags-xmas")
def flags_xmas(case: Case) -> None:
    """Send FIN, PSH and URG together."""
    _flagged(case, "URG PSH FIN")


@scan("flags-ack")
def flags_ack(case: Case) -> None:
    """Send ACKs to find out what a firewall filters."""
    _flagged(case, "ACK")


@scan("flags-maimon")
def flags_maimon(case: Case) -> None:
    """Send FIN and ACK together (Maimon's scan)."""
    _flagged(case, "ACK FIN")


@scan("flags-slow-fin", hosts=6)
def flags_slow_fin(case: Case) -> None:
    """Send a FIN to another host every ten minutes."""
    scanner, hosts = tool(case, "nmap"), shuffled_hosts(case, 50)
    for n, at in enumerate(case.paced(60, 600)):
        scanner.probe(at, hosts[n % len(hosts)], case.rng.choice(COMMON_PORTS[:20]), "FIN")


@scan("fragments")
def fragments(case: Case) -> None:
    """Send SYNs in tiny fragments: the firewall logs them put together, so only the tool's habits are left."""
    scanner, host = tool(case, "nmap"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(60, 0.3, case.moment()), COMMON_PORTS, strict=False):
        scanner.probe(at, host, port)


@scan("udp-sweep", hosts=60)
def udp_sweep(case: Case) -> None:
    """Send one question of one UDP service to many hosts."""
    scanner, port, hosts = case.machine("linux"), case.rng.choice(SWEPT_UDP_PORTS), shuffled_hosts(case, 130)
    sport, length = scanner.client_port(), case.rng.choice((46, 78, 90))
    for at, host in zip(case.paced(len(hosts), 0.4, case.moment()), hosts, strict=True):
        scanner.datagram(at, host, port, sport, length)


@scan("udp-vertical")
def udp_vertical(case: Case) -> None:
    """Probe forty UDP ports of one host, twice each."""
    scanner, host = case.machine("linux"), case.rng.choice(case.net.live)
    for n, at in enumerate(case.paced(80, 0.9, case.moment())):
        scanner.datagram(at, host, UDP_PORTS[n // 2], length=28)


def _icmp(case: Case, kind: int, gap: float) -> None:
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 120)
    for at, host in zip(case.paced(len(hosts), gap, case.moment() if gap < 60 else None), hosts, strict=True):
        scanner.ping(at, host, kind)


@scan("icmp-echo", hosts=60)
def icmp_echo(case: Case) -> None:
    """Ping the addresses of the network."""
    _icmp(case, 8, 0.05)


@scan("icmp-echo-slow", hosts=60)
def icmp_echo_slow(case: Case) -> None:
    """Ping one address of the network every few minutes, in random order."""
    _icmp(case, 8, 300)


@scan("icmp-timestamp", hosts=60)
def icmp_timestamp(case: Case) -> None:
    """Ask the addresses of the network for their clocks."""
    _icmp(case, 13, 0.2)


@scan("icmp-mask", hosts=60)
def icmp_mask(case: Case) -> None:
    """Ask the addresses of the network for their masks."""
    _icmp(case, 17, 0.2)


@scan("sctp-sweep", hosts=60)
def sctp_sweep(case: Case) -> None:
    """Send SCTP INIT to many hosts; the log shows no ports."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 70)
    for at, host in zip(case.paced(len(hosts), 0.5, case.moment()), hosts, strict=True):
        scanner.raw(at, host, SCTP)


@scan("ip-protocols")
def ip_protocols(case: Case) -> None:
    """Try one IP protocol after the other on one host."""
    scanner, host = case.machine("linux"), case.rng.choice(case.net.live)
    numbers = [number for number in range(2, 140) if number not in (6, 17, 58)]
    for at, number in zip(case.paced(60, 0.6, case.moment()), case.rng.sample(numbers, 60), strict=True):
        scanner.raw(at, host, number)
