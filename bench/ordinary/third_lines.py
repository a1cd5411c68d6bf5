"""What lines, routers and double stacks do to ordinary traffic: doubled packets, two families of addresses, redirects, lost ends."""

from __future__ import annotations

import ipaddress

from bench.ordinary.actors import Case, Machine, third_benign
from bench.ordinary.offices import browse

DOUBLED = 35
"""Microseconds after which a doubled packet is seen again."""

USED = (("web", 443), ("web", 443), ("mail", 993), ("server", 8443), ("mail", 587))
LEAVING = ((443, "ACK RST"), (443, "ACK FIN"), (993, "ACK FIN"), (5228, "ACK PSH"), (8883, "ACK"))
FRAGMENT_TIME, HOST_REDIRECT, PROHIBITED = (11, 1), (5, 1), (3, 13)


def _six(case: Case, prefix: int) -> Machine:
    return case.machine(source=str(ipaddress.IPv6Address(prefix | case.rng.getrandbits(64))))


@third_benign("packets-twice")
def packets_twice(case: Case) -> None:
    """Use web and mail through a bridge that shows the firewall every packet twice, those that are refused as well."""
    (old,) = case.dark(1)
    for client in case.machines(60):
        for at in case.working(2):
            role, port = case.rng.choice(USED)
            client.connect(at, case.net.one(role), port)
            if case.rng.random() < 0.2:
                client.connect(at + 5, old, port)
    case.packets += [packet._replace(at=packet.at + DOUBLED) for packet in case.packets]


@third_benign("happy-eyeballs")
def happy_eyeballs(case: Case) -> None:
    """Try IPv6 first, where a stale record leads to an unused address, then read over IPv4; the privacy address changes by the day."""
    (stale,) = case.dark(1)
    for home in case.machines(30):
        prefix = case.net.prefix6(case.rng, 64)
        for at in case.working(2):
            six = _six(case, prefix)
            for port in (443, 443, 80):
                six.connect(at + 0.01 * case.rng.random(), stale, port, patience=1)
            browse(case, home, at + 0.3, 1)


@third_benign("router-redirects", hosts=6)
def router_redirects(case: Case) -> None:
    """Tell our hosts of a shorter way that there is not, from two routers of the provider after an update."""
    hosts = case.rng.sample(case.net.live, min(5, len(case.net.live)))
    for router in case.machines(2, "linux"):
        for at in case.times(70, 0.4, 0.6):
            about = (case.net.stranger(case.rng), "tcp", 443, case.rng.randrange(32_768, 61_000))
            router.complain(at, case.rng.choice(hosts), *HOST_REDIRECT, about)


@third_benign("reassembly-complaints")
def reassembly_complaints(case: Case) -> None:
    """Complain that pieces of our packets did not arrive in time: receivers behind a tunnel that loses every second piece."""
    for receiver in case.machines(25, "linux"):
        about = (receiver.source, "udp", 53, case.rng.randrange(1_024, 65_000))
        for at in case.times(case.rng.randint(1, 9)):
            receiver.complain(at, case.net.one("dns"), *FRAGMENT_TIME, about)


@third_benign("sleeping-laptops")
def sleeping_laptops(case: Case) -> None:
    """Wake up in another network and say good-bye to connections of the last one: laptops of ours out there, a dozen ends each."""
    nat = case.net.one("nat")
    for server in case.machines(30, "linux"):
        for at in case.working(3):
            port, flags = case.rng.choice(LEAVING)
            ours = case.rng.randrange(32_768, 61_000)
            for again in range(case.rng.randint(1, 6)):
                server.stray(at + 2**again, nat, flags, port, ours)


@third_benign("two-providers")
def two_providers(case: Case) -> None:
    """Come out of either of two lines by turns: each connection of a branch begins at the other address, sometimes in the middle."""
    lines = case.machines(2, "linux")
    for n, at in enumerate(case.working(160)):
        role, port = case.rng.choice(USED)
        lines[n % 2].connect(at, case.net.one(role), port)
        if n % 9 == 0:
            lines[(n + 1) % 2].stray(at + 3, case.net.one(role), "ACK PSH", lines[0].client_port(), port)


@third_benign("six-privacy-all-day")
def six_privacy_all_day(case: Case) -> None:
    """Use mail and web from a school with IPv6: a new address for each pupil and lesson, all in one /56, a third on a closed door."""
    prefix = case.net.prefix6(case.rng, 56)
    for at in case.working(140):
        pupil = _six(case, prefix | case.rng.randrange(4) << 64)
        role, port = case.rng.choice((*USED, ("mail", 143), ("web", 8080)))
        pupil.connect(at, case.net.one(role), port, patience=1)


@third_benign("filtered-by-others", hosts=6)
def filtered_by_others(case: Case) -> None:
    """Tell our mail server and translator that their packets are not wanted: firewalls all over, about another port of ours each time."""
    hosts = (case.net.one("mail"), case.net.one("nat"))
    for firewall in case.machines(60, "linux"):
        for at in case.times(case.rng.choice((1, 2, 5))):
            about = (firewall.source, "tcp", case.rng.randrange(32_768, 61_000), case.rng.choice((25, 443)))
            firewall.complain(at, case.rng.choice(hosts), *PROHIBITED, about)
