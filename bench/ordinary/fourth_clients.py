"""Clients with their own ways: business programs with ranges of ports, telephones after a power cut, people who mistype, trains, dormitories."""

from __future__ import annotations

import ipaddress

from bench.ordinary.actors import DAY, Case, Machine, fourth_benign
from bench.ordinary.more_clients import ask

MIDRANGE = (449, 8470, 8471, 8472, 8473, 8474, 8475, 8476, 9470, 9475, 9476, 23, 992)
"""A midrange computer's port mapper, its host servers in plain and with TLS, and terminals."""

FRONT = (3600, 3200, 3201, 3210, 3300, 3301, 3310, 8000, 44_300)
FILER = ((111, "udp"), (111, "tcp"), (2049, "tcp"), (20_048, "udp"), (892, "udp"), (32_765, "udp"), (32_803, "tcp"))
PROVISION = ((69, "udp"), (443, "tcp"), (80, "tcp"), (8080, "tcp"), (21, "tcp"), (5060, "udp"), (5061, "tcp"))
HELPERS = ((5938, "tcp"), (5938, "udp"), (443, "tcp"), (80, "tcp"), (7070, "tcp"), (6568, "tcp"))
TYPOS = ((44, 443), (433, 443), (4443, 443), (8433, 8443), (8843, 8443), (843, 443), (933, 993), (995, 993), (578, 587), (2, 22), (222, 22), (5061, 5061),
         (1149, 1194), (3398, 3389), (8888, 443), (88, 80))  # fmt: skip
"""What is typed, and what was meant."""

OWN = (("bastion", 22), ("server", 8443), ("desk", 443), ("mail", 993), ("files", 21), ("web", 443))
TRIED = (2222, 3389, 9090, 10_000)
GUESTS = ((443, "tcp"), (443, "tcp"), (443, "udp"), (993, "tcp"), (587, "tcp"), (53, "udp"), (1194, "udp"), (27_015, "udp"), (22, "tcp"), (5060, "udp"),
          (25_565, "tcp"), (51_413, "udp"), (3478, "udp"), (6881, "tcp"), (123, "udp"), (4500, "udp"), (5222, "tcp"), (8080, "tcp"))  # fmt: skip
ROUTING = ("89", "112", "103", "2", "88")
ROUTING_UDP = (3784, 4784, 646, 1985, 520)


@fourth_benign("rpc-dynamic-ports")
def rpc_dynamic_ports(case: Case) -> None:
    """Ask the mapper of a Windows server for services and call each at the high port that it names, which no rule lets in."""
    (server,) = case.dark(1)
    base = case.rng.randrange(49_152, 49_180)
    for client in case.machines(5, "windows"):
        for at in case.working(7):
            client.connect(at, server, 135, patience=1)
            for n in range(case.rng.randint(1, 4)):
                client.connect(
                    at + 0.3 + 22 * n, server, case.rng.choice((base + n, case.rng.randrange(49_152, 65_000)))
                )


@fourth_benign("midrange-clients")
def midrange_clients(case: Case) -> None:
    """Work on a midrange computer that was renumbered: the port mapper, eight host servers, printing and terminals, from three branches."""
    (host,) = case.dark(1)
    for branch in case.machines(3, "windows"):
        for at in case.working(9):
            for n, port in enumerate(MIDRANGE[: case.rng.randint(3, 13)]):
                branch.connect(at + 2 * n, host, port, patience=1)


@fourth_benign("resource-planning")
def resource_planning(case: Case) -> None:
    """Log in to a system for planning whose application servers moved: the message server, then instance after instance by its number."""
    hosts = case.dark(2)
    for clerk in case.machines(14, "windows"):
        for at in case.working(3):
            for n, port in enumerate(FRONT[: case.rng.randint(2, 9)]):
                clerk.connect(at + 9 * n, hosts[n % len(hosts)], port, patience=1)


@fourth_benign("hung-mounts")
def hung_mounts(case: Case) -> None:
    """Mount folders of two filers that were replaced: portmapper, file, mount, lock and state services, with longer and longer pauses."""
    filers = case.dark(2)
    for client in case.machines(5, "linux"):
        wait, at = 180.0, case.moment() * 0.5
        while at < case.span and wait < 40_000:
            for n, service in enumerate(FILER):
                ask(client, at + 4 * n, filers[n % len(filers)], service, patience=1)
            wait, at = wait * 2.2, at + wait


@fourth_benign("which-display")
def which_display(case: Case) -> None:
    """Look for one's own remote display in a course: everybody has a number, some have forgotten it, and the server is another now."""
    (host,), begin = case.dark(1), case.working(1)[0]
    for student in case.machines(14):
        at, display = begin + case.rng.uniform(0, 1_200), case.rng.randint(1, 20)
        for n in range(case.rng.choice((1, 1, 2, 5, 8))):
            student.connect(at + 25 * n, host, 5900 + display + n, patience=2)
            if case.rng.random() < 0.3:
                student.connect(at + 25 * n + 9, host, 5800 + display + n, patience=1)


@fourth_benign("notebook-tabs")
def notebook_tabs(case: Case) -> None:
    """Keep tabs open whose notebooks ended with the course: a dozen ports in a row, each tab looks for its own with growing pauses."""
    (host,) = case.dark(1)
    for student in case.machines(12):
        for port in case.rng.sample(range(8_888, 8_900), case.rng.randint(1, 3)):
            wait, at = 15.0, case.working(1)[0]
            while wait < 6_000:
                student.connect(at, host, port, patience=1)
                wait, at = wait * 2.4, at + wait


@fourth_benign("phones-after-power-cut")
def phones_after_power_cut(case: Case) -> None:
    """Ask for settings after a power cut: all telephones of six offices at once, by seven ways, of a server that has another address."""
    servers, begin = case.dark(2), case.moment()
    for office in case.machines(6, "small"):
        for _ in range(case.rng.randint(3, 9)):
            at = begin + case.rng.uniform(0, 240)
            for n, service in enumerate(PROVISION):
                ask(office, at + 7 * n, servers[n % 3 % len(servers)], service, patience=0)


@fourth_benign("support-helpers")
def support_helpers(case: Case) -> None:
    """Wait for help at a relay of a support firm that was switched off: its own ports by TCP and UDP, then those for surfing."""
    relays = case.dark(2)
    for customer in case.machines(35, "windows"):
        for at in case.working(case.rng.choice((1, 1, 2))):
            for n, service in enumerate(HELPERS[: case.rng.randint(2, 6)]):
                ask(customer, at + 4 * n, case.rng.choice(relays), service, patience=1)


@fourth_benign("mistyped-ports")
def mistyped_ports(case: Case) -> None:
    """Mistype a port or the last number of an address, notice it after some tries, and then get where one wanted."""
    live = case.net.live
    for person in case.machines(60):
        at, host, (typed, meant) = case.working(1)[0], case.rng.choice(live), case.rng.choice(TYPOS)
        wrong = case.rng.choice((host, host, case.rng.choice(list(case.net.hosts))))
        for n in range(case.rng.choice((1, 1, 2, 3))):
            person.connect(at + 30 * n, wrong, typed, patience=2)
        person.connect(at + 130, host, meant)


@fourth_benign("admin-in-a-train")
def admin_in_a_train(case: Case) -> None:
    """Work in a train on six services of one's own: another address after each tunnel, and a few doors that only the office may use."""
    at = case.working(1)[0]
    for ride in case.machines(9, "linux"):
        for n, (role, port) in enumerate(case.rng.sample(OWN, case.rng.randint(2, 6))):
            for again in range(case.rng.choice((1, 2, 4))):
                ride.connect(at + 40 * n + 9 * again, case.net.one(role), port)
        for n, port in enumerate(case.rng.sample(TRIED, case.rng.randint(0, 3))):
            ride.connect(at + 400 + 30 * n, case.net.one("server"), port, patience=2)
        at += case.rng.uniform(500, 1_600)


@fourth_benign("dormitory")
def dormitory(case: Case) -> None:
    """Live in a dormitory of a hundred and fifty rooms behind one address: everybody has a thing here, some of them one that is gone."""
    home, gone = case.machine("linux"), case.dark(5)
    for _ in range(150):
        service = case.rng.choice(GUESTS)
        fits = [host for host in case.net.live if case.net.is_open(service[1], host, service[0])]
        host = case.rng.choice(fits if fits and case.rng.random() < 0.75 else gone)
        for day in range(int(case.span // DAY)):
            for _ in range(case.rng.choice((0, 0, 1, 2))):
                at = day * DAY + (case.rng.gauss(20.5, 2.5) % 24) * 3_600
                ask(home, at, host, service, patience=1)


@fourth_benign("quic-then-tcp")
def quic_then_tcp(case: Case) -> None:
    """Use all our web servers from one firm's desks: browsers offer QUIC first, which most of them do not speak, then TCP."""
    firm, hosts = case.machine("windows"), [h for h in case.net.live if case.net.is_open("tcp", h, 443)]
    for at in case.working(75):
        host, sport = case.rng.choice(hosts), firm.client_port()
        for wait in (0, 0.3, 0.9)[: 1 if case.net.is_open("udp", host, 443) else 3]:
            firm.datagram(at + wait, host, 443, sport, length=1_278)
        firm.connect(at + 0.25, host, 443)


@fourth_benign("prefix-each-day", hosts=6)
def prefix_each_day(case: Case) -> None:
    """Synchronise from homes whose provider gives another IPv6 prefix each night: the calendar that is here, and the one that was."""
    old, web = case.dark(1)[0], case.net.one("web")
    for _ in range(14):
        device = case.rng.getrandbits(64)
        for day in range(int(case.span // DAY)):
            source = str(ipaddress.IPv6Address(case.net.prefix6(case.rng, 64) | device))
            home = Machine(case, source, "linux")
            for at in (day * DAY + case.rng.uniform(0, DAY) for _ in range(3)):
                home.connect(at, web, 443)
                home.connect(at + 1, old, case.rng.choice((5232, 8443, 8008)), patience=1)


@fourth_benign("ftp-active-data")
def ftp_active_data(case: Case) -> None:
    """Open data connections from port 20 to whatever port our clients named, which the translator has forgotten: many files, one by one."""
    nat = case.net.one("nat")
    for server in case.machines(3, "linux"):
        for at in case.working(4):
            port = case.rng.randrange(1_100, 60_000)
            for n in range(case.rng.randint(4, 16)):
                seq = server.number()
                for wait in (0, 1, 3):
                    server.send(at + 21 * n + wait, nat, "tcp", 20, port + n, flags="SYN", seq=seq)


@fourth_benign("routers-next-door")
def routers_next_door(case: Case) -> None:
    """Greet a router that the provider believes at our address: five routing protocols without ports, five with, hello after hello."""
    (believed,) = case.dark(1)
    for router in case.machines(2, "small"):
        begin = case.rng.uniform(0.1, 0.7)
        for at in case.steady(900, begin, begin + 0.2):
            router.raw(at, believed, int(case.rng.choice(ROUTING)))
            router.datagram(at + 3, believed, port := case.rng.choice(ROUTING_UDP), port, length=72)
            if case.rng.random() < 0.3:
                router.connect(at + 5, believed, 179, patience=1)


@fourth_benign("trap-senders")
def trap_senders(case: Case) -> None:
    """Send alarms and logs of a firm's switches to a collector that was written down with two digits changed: when links go up and down."""
    (wrong,) = case.dark(1)
    for switch in case.machines(32, "small"):
        for at in case.times(case.rng.choice((1, 2, 5))):
            for n in range(case.rng.randint(1, 4)):
                switch.datagram(at + 0.1 * n, wrong, case.rng.choice((162, 514)), length=case.rng.randrange(110, 260))
            if case.rng.random() < 0.15:
                switch.connect(at + 2, wrong, 6514, patience=2)
