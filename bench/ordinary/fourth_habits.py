"""Scans that come in certain hours, again and again or in parts, from several places by turns, from behind others, over IPv6."""

from __future__ import annotations

import ipaddress
from itertools import product

from bench.ordinary.actors import DAY, Case, Machine, Tool, fourth_scan
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.ordinary.third_doors import POPULAR, jittered, pairs_of
from bench.ordinary.third_groups import cloud
from bench.plan import COMMON_PORTS

NUMBERED = {21: 21, 22: 22, 25: 25, 53: 53, 80: 80}
"""Last groups of IPv6 addresses that are named after the service, read as hexadecimal digits, and the service."""

CYCLE = ((8, "icmp"), (443, "tcp"), (22, "tcp"), (53, "udp"), (161, "udp"), (80, "ack"))


@fourth_scan("every-day-the-same")
def every_day_the_same(case: Case) -> None:
    """Ask the same two dozen contacts every morning at the same minute, in the same order, to see what has changed."""
    scanner, pairs = case.machine("linux"), pairs_of(case, 8, POPULAR, 24, live=False)
    minute = case.rng.uniform(2, 8) * 3_600
    for day in range(int(case.span // DAY)):
        for n, (host, port) in enumerate(pairs):
            scanner.connect(day * DAY + minute + 11 * n + case.rng.uniform(0, 2), host, port, patience=1)


@fourth_scan("every-day-the-next-part")
def every_day_the_next_part(case: Case) -> None:
    """Come each day at the same hour and go on where yesterday ended: forty more contacts of a list that is longer than the log."""
    scanner, hour = tool(case, "masscan"), case.rng.uniform(1, 20) * 3_600
    pairs = list(product(shuffled_hosts(case, 30), case.rng.sample(COMMON_PORTS, 60)))
    case.rng.shuffle(pairs)
    for day in range(int(case.span // DAY)):
        part = pairs[40 * day : 40 * day + 40]
        for n, (host, port) in enumerate(part):
            scanner.probe(day * DAY + hour + 8 * n + case.rng.uniform(0, 3), host, port)


@fourth_scan("three-clouds-by-turns")
def three_clouds_by_turns(case: Case) -> None:
    """Scan from three clouds by turns, four machines in each: an hour for one cloud, then for the next, a dozen contacts an hour."""
    members = [[Machine(case, source, "linux") for source in cloud(case, 4, 1)] for _ in range(3)]
    pairs = pairs_of(case, 10, COMMON_PORTS[:40], 260, live=False)
    begin = case.rng.uniform(1, 45) * 3_600
    for n, (host, port) in enumerate(pairs):
        at = begin + n // 12 * 3_600 + n % 12 * 290 + case.rng.uniform(0, 200)
        members[n // 12 % 3][n % 4].connect(at, host, port, patience=0)


@fourth_scan("library-desk")
def library_desk(case: Case) -> None:
    """Scan from a desk of a library, whose other readers read the web and fetch mail from the same address all the while."""
    desk = case.machine("windows")
    desk.cover = True
    for at in case.working(110):
        role, port = case.rng.choice((("web", 443), ("web", 443), ("mail", 993), ("desk", 443)))
        desk.connect(at, case.net.one(role), port, patience=1)
    desk.cover = False
    pairs, begin = pairs_of(case, 6, POPULAR, 70, live=False), case.rng.choice((10, 14)) * 3_600
    for n, (host, port) in enumerate(pairs):
        desk.connect(begin + 17 * n + case.rng.uniform(0, 9), host, port, patience=case.rng.choice((0, 1)))


@fourth_scan("few-an-hour")
def few_an_hour(case: Case) -> None:
    """Probe two or three things an hour for three days with pauses that nobody could foresee, hosts in use or not, popular ports."""
    scanner, pairs = tool(case, "nmap"), pairs_of(case, 30, POPULAR, 160, live=False)
    for at, (host, port) in zip(jittered(case, len(pairs), 1_440, 0.01), pairs, strict=True):
        scanner.fixed_port = case.rng.randrange(1_024, 65_000)
        scanner.probe(at, host, port)


@fourth_scan("evenings")
def evenings(case: Case) -> None:
    """Scan for fun after work, between seven and eleven, in sittings of some minutes with long rests, now this host and now that."""
    person = case.machine("linux")
    for day in range(int(case.span // DAY)):
        at = day * DAY + case.rng.uniform(19, 20) * 3_600
        for _ in range(case.rng.randint(2, 4)):
            host, many = case.rng.choice(case.net.live), case.rng.randint(8, 20)
            for n, port in enumerate(case.rng.sample(COMMON_PORTS, many)):
                person.connect(at + case.rng.uniform(1, 6) * n, host, port, patience=0)
            at += case.rng.uniform(1_200, 3_600)


@fourth_scan("two-hosts-by-turns")
def two_hosts_by_turns(case: Case) -> None:
    """Probe seventy ports of only two hosts by turns, with random pauses of five to thirty seconds and a pair of probes for each."""
    scanner, at = tool(case, "nmap"), case.moment() * 0.9
    hosts = (case.rng.sample(list(case.net.hosts), min(2, len(case.net.hosts))) * 2)[:2]
    for port in case.rng.sample(COMMON_PORTS, 70):
        for host in hosts:
            at += case.rng.uniform(5, 30)
            scanner.probe(at, host, port)
            if not case.net.rejects:
                scanner.probe(at + 1.25, host, port)


@fourth_scan("six-sorts-of-probe", hosts=6)
def six_sorts_of_probe(case: Case) -> None:
    """Ask each of up to thirty hosts in six ways, echo, three services by TCP and UDP, an ACK: one question in four minutes, mixed."""
    scanner = tool(case, "nmap")
    contacts = list(product(shuffled_hosts(case, 30), CYCLE))
    case.rng.shuffle(contacts)
    for at, (host, (port, sort)) in zip(jittered(case, len(contacts), 240, 0.02), contacts, strict=True):
        if sort == "icmp":
            scanner.ping(at, host)
        elif sort == "udp":
            scanner.datagram(at, host, port, length=70)
        else:
            scanner.probe(at, host, port, "ACK" if sort == "ack" else "SYN")


@fourth_scan("who-is-there", hosts=60)
def who_is_there(case: Case) -> None:
    """Find out which of a hundred addresses live, five questions each: echo, clock, SYN to 443, ACK to 80, a datagram to a high port."""
    scanner, begin = tool(case, "nmap"), case.moment()
    for n, host in enumerate(sorted(shuffled_hosts(case, 60))):
        at = begin + 0.3 * n
        scanner.ping(at, host)
        scanner.ping(at + 0.01, host, 13)
        scanner.probe(at + 0.02, host, 443)
        scanner.probe(at + 0.03, host, 80, "ACK")
        scanner.datagram(at + 0.04, host, 40_125, scanner.fixed_port, 68)


@fourth_scan("numbers-of-services-ipv6", hosts=60)
def numbers_of_services_ipv6(case: Case) -> None:
    """Guess IPv6 addresses that are named after their service, with the services that one expects there, from a new /64 for each service."""
    prefix, begin = case.net.prefix6(case.rng, 48), case.moment()
    for k, (name, service) in enumerate(NUMBERED.items()):
        number = prefix | k << 64 | case.rng.getrandbits(64)
        member, host = Machine(case, str(ipaddress.IPv6Address(number)), "linux"), int(str(name), 16) - 1
        for n, port in enumerate((service, 443, 22, 8443)):
            member.connect(begin + 120 * k + 5 * n, host, port, patience=1)
        member.ping(begin + 120 * k - 1, host)


@fourth_scan("six-networks-slowly", hosts=6)
def six_networks_slowly(case: Case) -> None:
    """Probe over IPv6 from six /64s of one /56, a fresh address every hour in the next of them, three contacts an hour for two days."""
    prefix, pairs = case.net.prefix6(case.rng, 56), pairs_of(case, 12, POPULAR, 150)
    for n, (host, port) in enumerate(pairs):
        if n % 3 == 0:
            number = prefix | (n // 3 % 6) << 64 | case.rng.getrandbits(64)
            member = Machine(case, str(ipaddress.IPv6Address(number)), "linux")
        at = 3_600 * (2 + n // 3) + 1_100 * (n % 3) + case.rng.uniform(0, 700)
        member.connect(at, host, port, patience=0)


@fourth_scan("new-address-each-hour")
def new_address_each_hour(case: Case) -> None:
    """Scan through a line whose owner restarts the modem every hour, so that each ten contacts come from another network."""
    pairs, begin = pairs_of(case, 12, COMMON_PORTS[:50], 180, live=False), case.rng.uniform(0, 50) * 3_600
    for n, (host, port) in enumerate(pairs):
        if n % 10 == 0:
            modem = Tool(case, case.net.stranger(case.rng), "nmap")
        modem.probe(begin + n // 10 * 3_600 + 45 * (n % 10) + case.rng.uniform(0, 30), host, port)
