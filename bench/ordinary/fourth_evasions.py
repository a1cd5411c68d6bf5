"""Scans by those who know what gives them away: dressed as monitors, traces, swarms, answers or customers, thinned out, verified by others."""

from __future__ import annotations

from itertools import cycle, product

from bench.ordinary.actors import DAY, Case, Machine, Tool, fourth_scan
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.ordinary.third_doors import POPULAR, jittered, pairs_of
from bench.plan import COMMON_PORTS

GIVEN_AWAY = (53, 80, 443)
"""Ports to send from that careless rules let in as answers."""

WATCHED = (("web", 443), ("web", 80), ("mail", 25), ("mail", 993), ("dns", 53), ("bastion", 22))
HIGH_DOORS = (1080, 1433, 1521, 1883, 2049, 2222, 2375, 3000, 3128, 3306, 3389, 4444, 5000, 5432, 5601, 5900, 5985, 6379, 6443, 7001, 8000, 8080, 8081,
              8443, 8888, 9000, 9090, 9200, 10_000, 10_250, 11_211, 15_672, 27_017, 50_000)  # fmt: skip
QUESTIONED = (69, 111, 123, 137, 161, 389, 500, 623, 1194, 1434, 1701, 1900, 3478, 5060, 5353, 11_211)
DUMB = (22, 23, 80, 443, 445, 3389, 8080, 8443)


@fourth_scan("monitor-with-a-growing-list")
def monitor_with_a_growing_list(case: Case) -> None:
    """Watch six open services every hour as a monitor does, and put one new door into each round."""
    monitor, pairs = case.machine("linux"), pairs_of(case, 8, POPULAR, 200, live=False)
    for n, at in enumerate(case.steady(3_600, 0.02, 0.98, jitter=0.001)):
        monitor.cover = True
        for k, (role, port) in enumerate(WATCHED):
            monitor.connect(at + 2 * k, case.net.one(role), port)
        monitor.cover = False
        monitor.connect(at + 14, *pairs[n % len(pairs)], patience=0)


@fourth_scan("traces-to-every-door")
def traces_to_every_door(case: Case) -> None:
    """Trace with TCP to one door after the other of two hosts, so that each looks like a way measured: the last three hops of each."""
    tracer, hosts = case.machine("linux"), shuffled_hosts(case, 2)
    pairs = list(product(case.rng.sample(COMMON_PORTS, 30), hosts))
    for at, (port, host) in zip(case.paced(len(pairs), 130), pairs, strict=True):
        for left in (1, 2, 3):
            tracer.trace(at + 0.6 * left, host, port, left, "tcp")


@fourth_scan("dressed-as-a-swarm")
def dressed_as_a_swarm(case: Case) -> None:
    """Look for services on high ports like a peer of a swarm that dials around: TCP, and a datagram from port 6881 along with it."""
    peer = case.machine("linux")
    pairs = list(product(shuffled_hosts(case, 5), HIGH_DOORS))
    pairs = case.rng.sample(pairs, min(110, len(pairs)))
    for at, (host, port) in zip(jittered(case, len(pairs), 100, case.rng.uniform(0.05, 0.7)), pairs, strict=True):
        peer.connect(at, host, port, patience=1)
        peer.datagram(at + 0.05, host, port, 6881, length=case.rng.choice((48, 95, 131)))


@fourth_scan("from-ports-of-services")
def from_ports_of_services(case: Case) -> None:
    """Send SYNs from ports 53, 80 and 443 by turns to fifty ports of up to three hosts, because a careless rule may let them in."""
    scanner = tool(case, "nmap")
    pairs = list(product(shuffled_hosts(case, 3), case.rng.sample(COMMON_PORTS, 50)))
    pairs = case.rng.sample(pairs, min(120, len(pairs)))
    for at, sport, (host, port) in zip(
        case.paced(len(pairs), 12, case.moment()), cycle(GIVEN_AWAY), pairs, strict=False
    ):
        scanner.fixed_port = sport
        scanner.probe(at, host, port)


@fourth_scan("map-by-resets", hosts=60)
def map_by_resets(case: Case) -> None:
    """Send a reset to each address, as if a victim answered, and listen which router says that there is no such host."""
    scanner, hosts = Machine(case, case.net.stranger(case.rng), "bare"), shuffled_hosts(case, 150)
    for at, host in zip(jittered(case, len(hosts), 20, case.rng.uniform(0.05, 0.8)), hosts, strict=True):
        scanner.stray(at, host, "ACK RST", 80, case.rng.randrange(1_024, 65_000))


@fourth_scan("datagrams-like-quic")
def datagrams_like_quic(case: Case) -> None:
    """Ask sixteen UDP services of up to eight hosts from port 443, filled up to the length that QUIC has, one in half a minute."""
    scanner = case.machine("linux")
    pairs = list(product(shuffled_hosts(case, 8), QUESTIONED))
    case.rng.shuffle(pairs)
    for at, (host, port) in zip(jittered(case, len(pairs), 30, case.rng.uniform(0.05, 0.8)), pairs, strict=True):
        scanner.datagram(at, host, port, 443, length=case.rng.choice((1_228, 1_278)))


@fourth_scan("second-opinion")
def second_opinion(case: Case) -> None:
    """Probe each contact twice, ten minutes apart and from unrelated addresses, so that neither repeats itself nor finds much."""
    members = [tool(case, "nmap") for _ in range(8)]
    pairs = pairs_of(case, 10, COMMON_PORTS[:40], 110, live=False)
    for at, (host, port) in zip(case.paced(len(pairs), 150), pairs, strict=True):
        first, second = case.rng.sample(members, 2)
        first.probe(at, host, port)
        second.probe(at + case.rng.uniform(500, 700), host, port)


@fourth_scan("neighbours-forged")
def neighbours_forged(case: Case) -> None:
    """Scan fifty ports of a host while five forged neighbours in the scanner's own /24 seem to do the same, in an order of their own."""
    source, *forged = case.rng.sample(drawn := case.net.neighbours(case.rng, 6), len(drawn))
    case.decoys.update(forged)
    host, begin = case.rng.choice(case.net.live), case.moment()
    for sender in [source, *forged]:
        member = Tool(case, sender, "nmap")
        for n, port in enumerate(case.rng.sample(COMMON_PORTS[:50], 50)):
            member.probe(begin + 0.6 * n + case.rng.uniform(0, 0.5), host, port)


@fourth_scan("pool-of-a-hoster")
def pool_of_a_hoster(case: Case) -> None:
    """Walk the ports of one host upwards from sixty addresses in three /24s of a hoster, two ports each and hours between the two."""
    members = [Tool(case, source, "masscan") for _ in range(3) for source in case.net.neighbours(case.rng, 20)]
    case.rng.shuffle(members)
    host, first = case.rng.choice(case.net.live), case.rng.randrange(1, 9_000)
    for n, at in enumerate(case.paced(120, 900)):
        members[n % 60].probe(at, host, first + n)


@fourth_scan("four-a-day-each")
def four_a_day_each(case: Case) -> None:
    """Keep under what is counted: twenty-five addresses all over, four contacts a day each, no contact twice, all of one short list."""
    hosts = shuffled_hosts(case, 40)
    pairs = list(product(hosts, DUMB if len(hosts) > 20 else COMMON_PORTS))
    contacts = iter(case.rng.sample(pairs, min(300, len(pairs))))
    for member in case.machines(25, "linux"):
        for day in range(int(case.span // DAY)):
            for at in sorted(day * DAY + case.rng.uniform(0, DAY) for _ in range(4)):
                if contact := next(contacts, None):
                    member.connect(at, *contact, patience=0)


@fourth_scan("customer-by-day")
def customer_by_day(case: Case) -> None:
    """Be a customer of web, mail and files by day, and by night ask two dozen other doors of the same hosts from the same address."""
    customer = case.machine("windows")
    customer.cover = True
    for at in case.working(130):
        role, port = case.rng.choice((("web", 443), ("web", 443), ("mail", 993), ("mail", 587), ("files", 22)))
        customer.connect(at, case.net.one(role), port)
    customer.cover = False
    hosts = sorted({case.net.one(role) for role in ("web", "mail", "files")})
    for day in range(int(case.span // DAY)):
        for n, port in enumerate(case.rng.sample(COMMON_PORTS, 24)):
            at = day * DAY + 3_600 + 420 * n + case.rng.uniform(0, 300)
            customer.connect(at, case.rng.choice(hosts), port, patience=0)


@fourth_scan("like-a-stuck-client")
def like_a_stuck_client(case: Case) -> None:
    """Knock at each closed door for a quarter of an hour like a client that hangs, then go on to the next: more than a dozen doors a day."""
    client, pairs = case.machine("linux"), pairs_of(case, 5, POPULAR, 40, live=False)
    for (host, port), at in zip(pairs, case.paced(len(pairs), 6_000), strict=True):
        for n in range(case.rng.randint(4, 8)):
            client.connect(at + 110 * n, host, port, patience=1)


@fourth_scan("roams-and-probes")
def roams_and_probes(case: Case) -> None:
    """Use the VPN from network to network like a traveller, and try four other doors from each before moving on."""
    pairs = pairs_of(case, 10, COMMON_PORTS[:40], 100, live=False)
    vpn = case.net.one("vpn")
    for n, at in enumerate(case.paced(25, 9_000)):
        stop = case.machine("linux")
        stop.cover, sport = True, stop.client_port()
        for k in range(8):
            stop.datagram(at + 200 * k, vpn, 4500 if k else 500, sport, length=case.rng.choice((29, 124, 220)))
        stop.cover = False
        for k, (host, port) in enumerate(pairs[4 * n % len(pairs) :][:4]):
            stop.connect(at + 150 + 300 * k, host, port, patience=case.rng.choice((0, 1)))


@fourth_scan("dressed-as-late-answers")
def dressed_as_late_answers(case: Case) -> None:
    """Send UDP questions from port 123 with an answer's length, to services of many hosts, mixed with true answers' high ports."""
    scanner = case.machine("linux")
    pairs = list(product(shuffled_hosts(case, 10), QUESTIONED))
    pairs = case.rng.sample(pairs, min(90, len(pairs)))
    for n, at in enumerate(jittered(case, 2 * len(pairs), 90, 0.1)):
        host, port = pairs[n // 2]
        scanner.cover = n % 2 == 1
        scanner.datagram(at, host, case.rng.randrange(32_768, 61_000) if scanner.cover else port, 123, length=76)


@fourth_scan("guesser-looks-around")
def guesser_looks_around(case: Case) -> None:
    """Guess passwords at the open SSH for a day like a thousand others, and look at one other door after every fifth guess."""
    guesser, pairs = case.machine("linux"), pairs_of(case, 12, COMMON_PORTS[:50], 70, live=False)
    for n, at in enumerate(case.paced(6 * len(pairs), 200)):
        guesser.cover = n % 6 != 5
        if guesser.cover:
            guesser.connect(at, case.net.one("bastion"), 22)
        else:
            guesser.connect(at, *pairs[n // 6], patience=0)
