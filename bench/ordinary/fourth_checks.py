"""Who checks, measures or guesses one thing: authorities, testers of zones and mail, traces of several makes, farms of senders, guessers."""

from __future__ import annotations

from bench.ordinary.actors import DAY, Case, Machine, fourth_benign
from bench.ordinary.third_groups import cloud

MAIL_DOORS = (25, 465, 587, 143, 993, 110, 995, 443, 4190)
SIZES_OF_PINGS = (1_500, 1_492, 1_472, 1_464, 1_452, 1_440, 1_420, 1_400, 1_380, 1_280)
FLOWS, HOPS_LEFT = 8, 5
"""Flows of a trace that looks for parallel ways, and how many of its hops arrive here."""


@fourth_benign("renewal-night", hosts=20)
def renewal_night(case: Case) -> None:
    """Validate the names of all our servers in one night, because one script renews them all: five places, two doors, host after host."""
    hosts = [host for host in case.net.live if case.net.is_open("tcp", host, 443)]
    places, begin = cloud(case, 5, 4), case.rng.uniform(0.02, 0.7) * case.span
    perspectives = [Machine(case, source, "linux") for source in places]
    for n, host in enumerate(hosts[:26]):
        for place in perspectives:
            at = begin + 41 * n + case.rng.uniform(0, 4)
            place.connect(at, host, 80, patience=1)
            if case.rng.random() < 0.3:
                place.connect(at + 2, host, 443)


@fourth_benign("zone-checkers")
def zone_checkers(case: Case) -> None:
    """Check our zone for whoever types its name: each name server, those of last year as well, by UDP and TCP, dozens of questions."""
    servers = [case.net.one("dns"), *case.dark(2)]
    for checker in case.machines(6, "linux"):
        for at in case.working(2):
            for n in range(24):
                host = servers[n % len(servers)]
                if n % 5 == 4:
                    checker.connect(at + 0.6 * n, host, 53, patience=1)
                else:
                    checker.datagram(at + 0.6 * n, host, 53, length=case.rng.randrange(60, 90))


@fourth_benign("encrypted-name-tries")
def encrypted_name_tries(case: Case) -> None:
    """Ask our name server, and once a day whether it speaks TLS or QUIC: resolvers that would rather not be overheard."""
    dns = case.net.one("dns")
    for resolver in case.machines(70, "linux"):
        for at in case.times(case.rng.choice((1, 2, 3))):
            resolver.datagram(at, dns, 53, length=case.rng.randrange(60, 95))
            if case.rng.random() < 0.6:
                resolver.connect(at + 0.1, dns, 853, patience=1)
                resolver.datagram(at + 0.1, dns, 853, length=1_228)


@fourth_benign("mail-testers")
def mail_testers(case: Case) -> None:
    """Test our mail for its administrator, who presses the button again after each change: nine doors of two hosts from eight web sites."""
    hosts = [case.net.one("mail"), *case.dark(1)]
    for tester in case.machines(8, "linux"):
        at = case.working(1)[0]
        for _ in range(case.rng.randint(1, 4)):
            for n, port in enumerate(MAIL_DOORS[: case.rng.randint(3, 9)]):
                tester.connect(at + 1.2 * n, hosts[int(case.rng.random() < 0.3)], port, patience=1)
            at += case.rng.uniform(200, 1_500)


@fourth_benign("time-study")
def time_study(case: Case) -> None:
    """Study how well our server keeps time, from thirty machines: a question every few hours, three pings, a try for its keys by TLS."""
    clock = case.net.one("time")
    for place in case.machines(30, "linux"):
        for at in case.steady(DAY / 2, jitter=0.1):
            place.datagram(at, clock, 123, length=76)
            place.ping(at + 1, clock)
            if case.rng.random() < 0.2:
                place.connect(at + 5, clock, 4460, patience=1)


@fourth_benign("traces-of-many-ways")
def traces_of_many_ways(case: Case) -> None:
    """Find all parallel ways to a host of ours: eight flows, each with ports that it keeps from hop to hop, TTL after TTL."""
    hosts = case.rng.sample(case.net.live, min(3, len(case.net.live)))
    for tracer in case.machines(7, "linux"):
        at, host, sport = case.moment(), case.rng.choice(hosts), tracer.client_port()
        kept = tracer.ttl
        for left in range(1, HOPS_LEFT + 1):
            for flow in range(FLOWS):
                tracer.ttl = left
                at += case.rng.uniform(0.02, 0.12)
                tracer.datagram(at, host, 33_434 + flow, sport + (flow if tracer.hops % 2 else 0), length=58)
        tracer.ttl = kept


@fourth_benign("traces-by-windows")
def traces_by_windows(case: Case) -> None:
    """Type tracert because the line is slow: three echoes for each hop that is left, four seconds apart where nothing comes back."""
    for person in case.machines(20, "windows"):
        host, at, kept = case.rng.choice(case.net.live), case.working(1)[0], person.ttl
        for again in range(case.rng.choice((1, 1, 3))):
            for left in range(1, case.rng.randint(2, 6)):
                for _ in range(3):
                    person.ttl, at = left, at + case.rng.choice((0.05, 0.05, 4))
                    person.ping(at, host)
            at += 100 * (again + 1)
        person.ttl = kept


@fourth_benign("largest-packets")
def largest_packets(case: Case) -> None:
    """Find out with pings how large a packet may be on the way to us: sizes downwards, then upwards again in small steps."""
    for person in case.machines(12):
        host, at = case.rng.choice(case.net.live), case.moment()
        for size in SIZES_OF_PINGS[: case.rng.randint(4, 10)]:
            for n in range(2):
                person.send(at + n, host, "icmp", 8, 0, accepted=True, length=size)
            at += case.rng.uniform(4, 30)


@fourth_benign("sender-farm")
def sender_farm(case: Case) -> None:
    """Deliver the mail of big senders that try again from whichever machine of their farm is free, at each server that was ever ours."""
    servers = [case.net.one("mail"), *case.dark(2)]
    for _ in range(2):
        farm = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 25)]
        for at in case.times(20):
            for n, wait in enumerate((0, 300, 900, 3_600)[: case.rng.randint(1, 4)]):
                case.rng.choice(farm).connect(at + wait, servers[n % len(servers)], 25, patience=2)


@fourth_benign("file-server-guessers")
def file_server_guessers(case: Case) -> None:
    """Guess passwords at the file server's two open doors: three addresses without rest, a botnet of ninety now and then."""
    files = case.net.one("files")
    for n, guesser in enumerate(case.machines(93, "linux")):
        door = case.rng.choice((21, 22))
        times = (
            case.paced(70, case.rng.uniform(5, 40), case.moment() * 0.8)
            if n < 3
            else case.times(case.rng.choice((1, 2)))
        )
        for at in times:
            guesser.connect(at, files, door, patience=0)


@fourth_benign("desktop-guessers-of-last-month")
def desktop_guessers(case: Case) -> None:
    """Guess passwords at a remote desktop that a list of last month names: two dozen addresses, hours each, at a door that is closed."""
    (closed,) = case.dark(1)
    for guesser in case.machines(22, "windows"):
        gap, begin = case.rng.uniform(20, 1_200), case.moment() * 0.9
        for at in case.paced(case.rng.randint(4, 14), gap, begin):
            guesser.connect(at, closed, 3389, patience=1)


@fourth_benign("sinkholed-bots")
def sinkholed_bots(case: Case) -> None:
    """Report to a herder whose name now leads to one of our dark addresses: dozens of infected machines with its five ports in turn."""
    (herder,) = case.dark(1)
    doors = case.rng.sample((443, 8080, 4443, 6667, 1604, 5552, 7000, 8848, 2404), 5)
    for bot in case.machines(45, "windows"):
        first = case.rng.randrange(5)
        for at in case.times(case.rng.choice((1, 1, 2))):
            for n in range(case.rng.randint(1, 5)):
                bot.connect(at + 30 * n, herder, doors[(first + n) % 5], patience=2)
