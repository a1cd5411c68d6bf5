"""Port scans from one address by patient operators: by theme, at odd hours, among open doors, under cover of a flood."""

from __future__ import annotations

import ipaddress
from itertools import product

from bench.ordinary.actors import DAY, Case, Machine, Tool, third_scan
from bench.ordinary.more_clients import ask
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.plan import COMMON_PORTS

POPULAR = (21, 22, 23, 25, 80, 110, 143, 443, 445, 993, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27_017)
DATABASES = (1433, 1521, 3306, 5432, 5984, 6379, 7474, 8086, 9042, 9200, 11_211, 27_017, 50_000)
CONTROL = ((102, "tcp"), (502, "tcp"), (1911, "tcp"), (2404, "tcp"), (4840, "tcp"), (9600, "udp"), (18_245, "tcp"), (20_000, "tcp"),
           (44_818, "tcp"), (47_808, "udp"), (789, "tcp"), (5007, "tcp"))  # fmt: skip
PORTALS, PORTAL_PATHS = (443, 4433, 4443, 8443, 9443, 10_443), ("/remote/login", "/dana-na/auth/url_default/welcome.cgi", "/global-protect/login.esp",
    "/+CSCOE+/logon.html", "/vpn/index.html", "/my.policy", "/sslvpn/Login/Login", "/prx/000/http/localhost/login", "/logon/LogonPoint/tmindex.html",
    "/RDWeb/Pages/en-US/login.aspx", "/cgi/login", "/por/login_psw.csp")  # fmt: skip
CONSOLES = ((623, "udp"), (5900, "tcp"), (5985, "tcp"), (5986, "tcp"), (8006, "tcp"), (9090, "tcp"), (10_000, "tcp"), (16_992, "tcp"),
            (17_988, "tcp"), (3389, "tcp"), (4899, "tcp"), (2083, "tcp"))  # fmt: skip
FORWARDED = 24
"""Doors behind the firewall that a firewalk asks about, for each hop."""


def pairs_of(
    case: Case, most_hosts: int, ports: tuple[int, ...], count: int, live: bool = True
) -> list[tuple[int, int]]:
    """Draw up to `count` contacts of hosts in use (or of any) with `ports`, in random order."""
    pool = case.net.live if live else list(case.net.hosts)
    hosts = case.rng.sample(pool, min(most_hosts, len(pool)))
    pairs = list(product(hosts, ports))
    return case.rng.sample(pairs, min(count, len(pairs)))


def jittered(case: Case, count: int, gap: float, begin: float = 0.03) -> list[float]:
    """Draw moments whose pauses are exponential, `gap` seconds on average, as a scanner waits that wants no rhythm."""
    gap, at, moments = min(gap, 0.8 * case.span / count), begin * case.span, []
    for _ in range(count):
        at += case.rng.expovariate(1 / gap)
        moments.append(at)
    return moments


@third_scan("working-hours-only")
def working_hours_only(case: Case) -> None:
    """Probe when people work, a contact in some nine minutes with a rest at noon, hosts in use and popular ports only."""
    scanner, pairs = case.machine("windows"), pairs_of(case, 12, POPULAR, 150)
    hours = [hour for hour in (8.5 + n * 0.15 for n in range(60)) if not 12 < hour < 13.2]
    moments = [
        day * DAY + hour * 3_600 + case.rng.uniform(0, 300) for day in range(int(case.span // DAY)) for hour in hours
    ]
    for at, (host, port) in zip(moments, pairs, strict=False):
        scanner.connect(at, host, port, patience=1)


@third_scan("named-hosts-no-rhythm")
def named_hosts_no_rhythm(case: Case) -> None:
    """Probe hosts that have a name, on twelve popular ports of which many are open, with pauses of any length."""
    scanner, pairs = (
        case.machine("linux"),
        pairs_of(case, 10, (80, 443, 25, 993, 587, 53, 22, 21, 8443, 8080, 3389, 5061), 120),
    )
    for at, (host, port) in zip(jittered(case, len(pairs), 400), pairs, strict=True):
        scanner.connect(at, host, port, patience=2)


@third_scan("downwards")
def downwards(case: Case) -> None:
    """Walk the ports of one host from 65535 downwards, one in twenty seconds."""
    scanner, host = tool(case, "nmap"), case.rng.choice(case.net.live)
    for n, at in enumerate(case.paced(140, 20, case.moment() * 0.9)):
        scanner.probe(at, host, 65_535 - n)


@third_scan("databases")
def databases(case: Case) -> None:
    """Look for databases on up to ten hosts, thirteen ports each, a minute and a half apart on average."""
    scanner, pairs = case.machine("linux"), pairs_of(case, 10, DATABASES, 130, live=False)
    for at, (host, port) in zip(jittered(case, len(pairs), 90, case.rng.uniform(0.05, 0.8)), pairs, strict=True):
        scanner.connect(at, host, port, patience=0)


@third_scan("control-systems")
def control_systems(case: Case) -> None:
    """Look for machines that are steered: twelve protocols of control systems, TCP and UDP, all hosts of one protocol before the next."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 14)
    contacts = [(host, service) for service in CONTROL for host in hosts]
    for at, (host, service) in zip(case.paced(len(contacts), 45, case.moment() * 0.9), contacts, strict=True):
        ask(scanner, at, host, service, patience=0)


@third_scan("access-portals", hosts=6)
def access_portals(case: Case) -> None:
    """Look for the portals of VPNs on six ports of hosts in use, and ask the one that answers for the pages of twelve makers."""
    scanner, pairs = case.machine("linux"), pairs_of(case, 10, PORTALS, 60)
    moments = case.paced(len(pairs), 12, case.moment() * 0.9)
    for at, (host, port) in zip(moments, pairs, strict=True):
        scanner.connect(at, host, port, patience=1)
    for n, path in enumerate(PORTAL_PATHS):
        scanner.get(moments[-1] + 60 + 5 * n, path, 404)


@third_scan("consoles-slowly")
def consoles_slowly(case: Case) -> None:
    """Look for remote consoles of servers, one door in half an hour, each from another port and with long rests at random."""
    scanner, pairs = case.machine("linux"), list(product(shuffled_hosts(case, 8), CONSOLES))
    case.rng.shuffle(pairs)
    for at, (host, service) in zip(jittered(case, 110, 1_800), pairs, strict=False):
        ask(scanner, at, host, service, patience=0)


@third_scan("open-range")
def open_range(case: Case) -> None:
    """Try sixty ports of a range that is let in for files, without ever having talked to the file server: nothing is refused."""
    scanner, files = case.machine("linux"), case.net.one("files")
    for at, port in zip(case.paced(60, 14, case.moment()), case.rng.sample(range(50_000, 50_101), 60), strict=True):
        scanner.connect(at, files, port)


@third_scan("firewalk")
def firewalk(case: Case) -> None:
    """Find out what a firewall forwards: SYNs to two dozen ports of one host, with one hop left and then with two."""
    scanner, host = case.machine("linux"), case.rng.choice(case.net.live)
    contacts = [(hops, port) for hops in (1, 2) for port in case.rng.sample(COMMON_PORTS, FORWARDED)]
    for at, (hops, port) in zip(case.paced(len(contacts), 3, case.moment()), contacts, strict=True):
        scanner.trace(at, host, port, hops, "tcp")


@third_scan("idle-printer")
def idle_printer(case: Case) -> None:
    """Scan forty ports of a host in the name of an idle printer somewhere, whose counter tells the scanner what was open."""
    printer, host = case.machine("small"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(40, 6, case.moment()), case.rng.sample(COMMON_PORTS, 40), strict=True):
        printer.connect(at, host, port, patience=0)
        if case.net.is_open("tcp", host, port):
            printer.stray(at + 0.1, host, "RST", case.packets[-1].first, port)


@third_scan("under-a-flood")
def under_a_flood(case: Case) -> None:
    """Scan a host while hundreds of forged addresses flood it with SYNs, a probe for every ten of theirs."""
    scanner, host, begin = case.machine("linux"), case.net.one("web"), case.moment()
    for n, port in enumerate(case.rng.sample(COMMON_PORTS, 50)):
        scanner.connect(begin + 2 * n, host, port, patience=0)
        for forged in case.machines(10, "bare"):
            case.decoys.add(forged.source)
            forged.connect(begin + 2 * n + 2 * case.rng.random(), host, case.rng.choice((443, 80)), patience=0)


@third_scan("low-numbers-ipv6", hosts=60)
def low_numbers_ipv6(case: Case) -> None:
    """Walk the low numbers of our IPv6 network, which people give by hand: an echo and the two ports of the web for each."""
    scanner = case.machine("linux", str(ipaddress.IPv6Address(case.net.prefix6(case.rng, 64) | 0x10)))
    hosts = list(case.net.hosts)[:90]
    for at, host in zip(case.paced(len(hosts), 4, case.moment()), hosts, strict=True):
        scanner.ping(at, host)
        for n, port in enumerate((443, 80)):
            scanner.connect(at + 0.5 + n, host, port, patience=0)


@third_scan("other-half-tomorrow", hosts=60)
def other_half_tomorrow(case: Case) -> None:
    """Sweep one port over the even addresses today and over the odd ones tomorrow, from the same address."""
    scanner, port, hosts = tool(case, "zmap"), case.rng.choice(DATABASES), sorted(shuffled_hosts(case, 120))
    begin = case.rng.uniform(0.05, 0.4) * case.span
    for n, host in enumerate(hosts):
        scanner.probe(begin + 5 * n + (DAY if host % 2 else 0), host, port)


@third_scan("tool-after-tool")
def tool_after_tool(case: Case) -> None:
    """Learn to scan: twenty ports of one host with one program, again with the next, then with ordinary sockets."""
    source, host, begin = case.net.stranger(case.rng), case.rng.choice(case.net.live), case.moment() * 0.9
    for n, name in enumerate(("nmap", "masscan", "zmap")):
        scanner = Tool(case, source, name)
        for k, port in enumerate(case.rng.sample(COMMON_PORTS, 20)):
            scanner.probe(begin + 1_500 * n + 0.4 * k, host, port)
    person = Machine(case, source, "windows")
    for k, port in enumerate(POPULAR[:12]):
        person.connect(begin + 5_000 + 20 * k, host, port)


@third_scan("doors-beside-the-used")
def doors_beside_the_used(case: Case) -> None:
    """Use the mail server like anybody and try the ports next to those in use, one in a quarter of an hour."""
    guest, mail = case.machine("linux"), case.net.one("mail")
    beside = [port + step for port in (25, 465, 587, 993, 443) for step in (-2, -1, 1, 2)]
    for n, at in enumerate(jittered(case, 4 * len(beside), 225)):
        guest.cover = n % 4 != 3
        guest.connect(at, mail, case.rng.choice((993, 587)) if guest.cover else beside[n // 4], patience=1)
