"""Scans without an ordinary SYN: UDP from well-known ports, mixed flags, several kinds of ICMP, tunnels, communities."""

from __future__ import annotations

from itertools import product

from bench.ordinary.actors import Case, third_scan
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.ordinary.third_doors import jittered
from bench.plan import COMMON_PORTS

SERVICES = (
    69,
    111,
    123,
    137,
    161,
    389,
    500,
    514,
    520,
    623,
    1434,
    1701,
    1812,
    1900,
    2049,
    3478,
    4500,
    5060,
    5353,
    5683,
    11_211,
    47_808,
)
MIXTURES = ("SYN FIN", "RST SYN", "PSH FIN", "URG", "PSH", "URG FIN", "URG PSH SYN FIN", "URG ACK FIN")
PINGED, TUNNELS = (8, 13, 15, 17, 10, 37), (4, 41, 47, 50, 51, 115)
QUIC_PORTS = (443, 80, 8443, 4433, 853, 784, 8853)
TOLD = range(1, 1_024)


@third_scan("questions-like-answers")
def questions_like_answers(case: Case) -> None:
    """Ask twenty-two UDP services of up to eight hosts from port 53, which careless rules let in."""
    scanner, pairs = case.machine("linux"), list(product(shuffled_hosts(case, 8), SERVICES))
    case.rng.shuffle(pairs)
    for at, (host, port) in zip(case.paced(len(pairs), 8, case.moment() * 0.9), pairs, strict=True):
        scanner.datagram(at, host, port, 53, length=case.rng.choice((57, 76, 90)))


@third_scan("quic-doors", hosts=6)
def quic_doors(case: Case) -> None:
    """Offer an unknown version of QUIC to seven ports of up to twelve hosts, so that each server tells those that it has."""
    scanner = case.machine("linux")
    pairs = list(product(shuffled_hosts(case, 12), QUIC_PORTS))
    for at, (host, port) in zip(case.paced(len(pairs), 2.5, case.moment()), pairs, strict=True):
        scanner.datagram(at, host, port, length=1_228)


@third_scan("communities", hosts=20)
def communities(case: Case) -> None:
    """Try five communities of SNMP on thirty hosts, one after the other, a host in six minutes."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 30)
    for at, host in zip(jittered(case, len(hosts), 360), hosts, strict=True):
        for n in range(5):
            scanner.datagram(at + 2 * n, host, 161, length=66 + n)


@third_scan("kinds-of-icmp", hosts=6)
def kinds_of_icmp(case: Case) -> None:
    """Send six kinds of ICMP questions to hosts in use, to tell their systems by what they answer."""
    scanner, hosts = case.machine("linux"), case.rng.sample(case.net.live, min(12, len(case.net.live)))
    contacts = [(host, kind) for host in hosts for kind in PINGED]
    for at, (host, kind) in zip(case.paced(len(contacts), 20, case.moment()), contacts, strict=True):
        scanner.ping(at, host, kind)


@third_scan("mixed-flags")
def mixed_flags(case: Case) -> None:
    """Send a mixture of flags that no system sends, another one to each of sixty ports, a minute apart."""
    scanner, host = tool(case, "nmap"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(60, 60), case.rng.sample(COMMON_PORTS, 60), strict=True):
        scanner.fixed_port = case.rng.randrange(1_024, 65_000)
        scanner.probe(at, host, port, case.rng.choice(MIXTURES))


@third_scan("ends-of-tunnels", hosts=6)
def ends_of_tunnels(case: Case) -> None:
    """Look for ends of tunnels: six protocols beside TCP and UDP to up to thirty hosts, host by host."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 30)
    contacts = [(host, number) for host in hosts for number in TUNNELS]
    for at, (host, number) in zip(case.paced(len(contacts), 5, case.moment()), contacts, strict=True):
        scanner.raw(at, host, number)


@third_scan("acks-like-a-server", hosts=6)
def acks_like_a_server(case: Case) -> None:
    """Send ACKs from port 443 to well-known ports of up to five hosts, one in two minutes, as if a server went on talking."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 5)
    for at, port in zip(jittered(case, 90, 120, case.rng.uniform(0.1, 0.8)), case.rng.sample(TOLD, 90), strict=True):
        scanner.stray(at, case.rng.choice(hosts), "ACK", 443, port)


@third_scan("pings-then-doors", hosts=20)
def pings_then_doors(case: Case) -> None:
    """Ping forty addresses in the morning, and in the evening ask what answered for two doors each, from another address nearby."""
    first, second = (case.machine("linux", source) for source in case.net.neighbours(case.rng, 2))
    hosts = sorted({*case.rng.sample(case.net.dark, 28), *case.rng.sample(case.net.live, 12)})
    for at, host in zip(case.paced(len(hosts), 30, 0.1 * case.span), hosts, strict=True):
        first.ping(at, host)
    answered = [(host, port) for host in hosts if host in case.net.live for port in (22, 3389)]
    for at, (host, port) in zip(case.paced(len(answered), 90, 0.3 * case.span), answered, strict=True):
        second.connect(at, host, port, patience=0)
