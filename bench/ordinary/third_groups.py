"""Scans by many addresses that one operator directs: fresh ones for each probe, split by port or by host, known measurers, two families."""

from __future__ import annotations

import ipaddress
from itertools import cycle, product

from bench.ordinary.actors import DAY, Case, Machine, Tool, third_scan
from bench.ordinary.offices import browse
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.ordinary.third_doors import POPULAR, jittered, pairs_of
from bench.plan import COMMON_PORTS

PUBLISHED = ("162.142.125.", "167.94.138.")
"""Networks that a measurer of the Internet publishes as its own."""

CLUSTER_DOORS = (2375, 2376, 2379, 4243, 5000, 6443, 8001, 9000, 10_250, 10_255, 30_000)
RARE = (4786, 8728, 9530, 37_215, 49_152, 52_869, 60_001)
MEASURED = (*COMMON_PORTS[:60], 2082, 4567, 7547, 9443, 12_345, 16_993, 20_256, 50_995)


def cloud(case: Case, count: int, networks: int = 5) -> list[str]:
    """Draw `count` addresses out of a few /16s, as a cloud gives them to what runs for seconds."""
    prefixes = [case.net.stranger(case.rng).rsplit(".", 2)[0] for _ in range(networks)]
    drawn: list[str] = []
    while len(drawn) < count:
        source = f"{case.rng.choice(prefixes)}.{case.rng.randrange(256)}.{case.rng.randrange(1, 255)}"
        if source not in case.net.taken:
            case.net.taken.add(source)
            drawn.append(source)
    return drawn


@third_scan("function-for-each-probe")
def function_for_each_probe(case: Case) -> None:
    """Probe from functions of a cloud: another address for each of 140 contacts, popular ports of hosts in use, about one a minute."""
    pairs = pairs_of(case, 12, POPULAR, 140)
    for at, source, (host, port) in zip(
        jittered(case, len(pairs), 60, 0.3), cloud(case, len(pairs)), pairs, strict=True
    ):
        Machine(case, source, "linux").connect(at, host, port, patience=1)


@third_scan("a-port-for-each", hosts=20)
def a_port_for_each(case: Case) -> None:
    """Give each of ten unrelated addresses one port, which it asks two dozen hosts for in the course of half a day."""
    hosts = shuffled_hosts(case, 24)
    for member, port in zip(case.machines(10, "linux"), case.rng.sample(POPULAR, 10), strict=True):
        for at, host in zip(jittered(case, len(hosts), 1_500, 0.2), case.rng.sample(hosts, len(hosts)), strict=True):
            member.connect(at, host, port, patience=0)


@third_scan("a-host-for-each", hosts=6)
def a_host_for_each(case: Case) -> None:
    """Give each of a dozen unrelated addresses one host, of which it tries eighteen ports within two hours."""
    members = case.machines(12, "linux")
    hosts = case.rng.sample(case.net.live, min(12, len(case.net.live)))
    begin = case.rng.uniform(0.05, 0.8)
    for member, host in zip(members, hosts, strict=False):
        for at, port in zip(jittered(case, 18, 400, begin), case.rng.sample(COMMON_PORTS, 18), strict=True):
            member.connect(at, host, port, patience=1)


@third_scan("a-neighbour-each-day")
def a_neighbour_each_day(case: Case) -> None:
    """Come back at the same hour each day from the next address of a network, for thirty more ports of the same host."""
    host, hour = case.rng.choice(case.net.live), case.rng.uniform(6, 22) * 3_600
    ports = iter(case.rng.sample(range(1, 12_000), 400))
    for day, source in enumerate(case.net.neighbours(case.rng, int(case.span // DAY))):
        member = Tool(case, source, "nmap")
        for n in range(30):
            member.probe(day * DAY + hour + 7 * n, host, next(ports))


@third_scan("cluster-doors", hosts=6)
def cluster_doors(case: Case) -> None:
    """Look for interfaces of containers and clusters from three rented machines that share eleven ports of many hosts."""
    members = [tool(case, "zmap") for _ in range(3)]
    pairs = list(product(shuffled_hosts(case, 25), CLUSTER_DOORS))
    case.rng.shuffle(pairs)
    for at, (host, port), member in zip(jittered(case, len(pairs), 40, 0.2), pairs, cycle(members), strict=False):
        member.probe(at, host, port)


@third_scan("measurer-published")
def measurer_published(case: Case) -> None:
    """Measure the Internet from networks that say who they are: each of forty addresses a few ports a day, here and there."""
    for n in range(40):
        source = f"{PUBLISHED[n % 2]}{3 + 6 * n + case.rng.randrange(5)}"
        case.net.taken.add(source)
        member = Machine(case, source, "linux")
        for at in case.times(case.rng.randint(4, 12)):
            member.connect(at, case.rng.choice(case.net.hosts), case.rng.choice(MEASURED), patience=0)


@third_scan("measurer-unlisted")
def measurer_unlisted(case: Case) -> None:
    """Measure the Internet from thirty addresses of one /24 that nobody announces, three or four contacts each over the days."""
    for source in case.net.neighbours(case.rng, 30):
        member = Tool(case, source, "zmap")
        for at in case.times(case.rng.choice((3, 4))):
            member.probe(at, case.rng.choice(case.net.hosts), case.rng.choice(MEASURED))


@third_scan("one-probe-of-each-bot", hosts=60)
def one_probe_of_each_bot(case: Case) -> None:
    """Sweep one rare port within an hour from a botnet: each of two hundred addresses asks one host, and no host is asked twice."""
    port, hosts, begin = case.rng.choice(RARE), shuffled_hosts(case, 200), case.moment()
    for at, host in zip(case.paced(len(hosts), 17, begin), hosts, strict=True):
        case.machine("small").connect(at, host, port, patience=0)


@third_scan("out-of-a-carrier")
def out_of_a_carrier(case: Case) -> None:
    """Scan through telephones of one carrier: eight addresses, behind which its customers go on reading the web and fetching mail."""
    members = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 8)]
    for at, (host, port), member in zip(
        jittered(case, 120, 300), cycle(pairs_of(case, 20, POPULAR, 120, live=False)), cycle(members), strict=False
    ):
        member.cover = False
        member.connect(at, host, port, patience=1)
        member.cover = True
        member.connect(at + 40, case.net.one("mail"), 993)
        browse(case, member, at + 60, 1) if case.rng.random() < 0.3 else None


@third_scan("two-families", hosts=6)
def two_families(case: Case) -> None:
    """Ask half of the doors over IPv4 and the other half over IPv6, from the two addresses of one machine."""
    six = case.machine("linux", str(ipaddress.IPv6Address(case.net.prefix6(case.rng, 64) | case.rng.getrandbits(64))))
    members, pairs = (case.machine("linux"), six), pairs_of(case, 10, POPULAR, 100)
    for n, (at, (host, port)) in enumerate(zip(case.paced(len(pairs), 35, case.moment() * 0.9), pairs, strict=True)):
        members[n % 2].connect(at, host, port, patience=0)


@third_scan("exits-of-an-onion")
def exits_of_an_onion(case: Case) -> None:
    """Scan by way of an onion network: a new exit every ten minutes with eight contacts each, while others read the site through it."""
    pairs = pairs_of(case, 12, POPULAR, 120)
    for n, (at, (host, port)) in enumerate(zip(case.paced(len(pairs), 75), pairs, strict=True)):
        if n % 8 == 0:
            relay = case.machine("linux")
            relay.cover = True
            browse(case, relay, max(0.0, at - 200), 1)
            relay.cover = False
        relay.connect(at, host, port, patience=2)
