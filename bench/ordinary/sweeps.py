"""Scans from one address with TCP: many ports, many hosts, both; fast, slow, in bursts, hidden among retries."""

from __future__ import annotations

from bench.ordinary.actors import Case, Tool, scan
from bench.plan import COMMON_PORTS, SWEPT_PORTS

TOOLS = ("nmap", "masscan", "zmap")
LITTLE_KNOWN = (2375, 4786, 7547, 8291, 8728, 9000, 10_250, 11_434, 37_777, 50_070)
PANELS = (80, 443, 8080, 8443)


def tool(case: Case, name: str | None = None) -> Tool:
    """Return a scan tool at an address of its own."""
    return Tool(case, case.net.stranger(case.rng), name or case.rng.choice(TOOLS))


def shuffled_hosts(case: Case, most: int) -> list[int]:
    """Return up to `most` of our addresses in random order."""
    hosts = list(case.net.hosts)
    return case.rng.sample(hosts, min(most, len(hosts)))


@scan("vertical-tool", share=2)
def vertical_tool(case: Case) -> None:
    """Probe the most common ports of one host with a scan tool, dozens a second."""
    scanner, host = tool(case), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(80, 0.03, case.moment()), COMMON_PORTS, strict=False):
        scanner.probe(at, host, port)


@scan("vertical-connect")
def vertical_connect(case: Case) -> None:
    """Open connections to random ports of one host with ordinary sockets, which repeat what nobody answers."""
    scanner, host = case.machine("linux"), case.rng.choice(case.net.live)
    for at in case.paced(90, 0.6, case.moment()):
        scanner.connect(at, host, case.rng.randrange(1, 65_536), patience=1)


@scan("vertical-low-ports")
def vertical_low_ports(case: Case) -> None:
    """Walk ports 1 to 120 in order, one a second."""
    scanner, host = case.machine("windows"), case.rng.choice(list(case.net.hosts))
    for port, at in enumerate(case.paced(120, 1.0, case.moment()), 1):
        scanner.connect(at, host, port, patience=0)


@scan("horizontal-tool", hosts=60, share=2)
def horizontal_tool(case: Case) -> None:
    """Sweep one port over the network with a scan tool in random order."""
    scanner, port = tool(case), case.rng.choice(SWEPT_PORTS)
    hosts = shuffled_hosts(case, 180)
    for at, host in zip(case.paced(len(hosts), 0.05, case.moment()), hosts, strict=True):
        scanner.probe(at, host, port)


@scan("horizontal-connect", hosts=60)
def horizontal_connect(case: Case) -> None:
    """Sweep a little known port with ordinary sockets and their repeats, in order of address."""
    scanner, port, hosts = case.machine("linux"), case.rng.choice(LITTLE_KNOWN), sorted(shuffled_hosts(case, 60))
    for at, host in zip(case.paced(len(hosts), 2.0, case.moment()), hosts, strict=True):
        scanner.connect(at, host, port, patience=2)


@scan("horizontal-partial", hosts=60)
def horizontal_partial(case: Case) -> None:
    """Touch only thirty addresses on one port, as a scan of the whole Internet that is sampled does."""
    scanner, port, hosts = tool(case, "zmap"), case.rng.choice(SWEPT_PORTS), shuffled_hosts(case, 30)
    for at, host in zip(case.paced(len(hosts), 1_800), hosts, strict=True):
        scanner.probe(at, host, port)


@scan("block", hosts=6, share=2)
def block(case: Case) -> None:
    """Probe several ports on many hosts."""
    scanner, ports = tool(case), case.rng.sample(COMMON_PORTS, 9)
    pairs = [(host, port) for host in shuffled_hosts(case, 22) for port in ports]
    case.rng.shuffle(pairs)
    for at, (host, port) in zip(case.paced(len(pairs), 0.4, case.moment()), pairs, strict=True):
        scanner.probe(at, host, port)


@scan("slow-one-a-minute")
def slow_one_a_minute(case: Case) -> None:
    """Probe something new once a minute."""
    scanner = case.machine("linux")
    for at in case.paced(140, 60):
        scanner.connect(at, case.rng.choice(list(case.net.hosts)), case.rng.choice(COMMON_PORTS), patience=0)


@scan("slow-one-in-fifteen-minutes")
def slow_one_in_fifteen_minutes(case: Case) -> None:
    """Probe one port after the other of one host, one in a quarter of an hour."""
    scanner, host = case.machine("linux"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(80, 900), case.rng.sample(COMMON_PORTS, 80), strict=True):
        scanner.connect(at, host, port, patience=0)


@scan("slow-one-an-hour", hosts=60)
def slow_one_an_hour(case: Case) -> None:
    """Sweep one port at one address an hour, for as long as the log lasts."""
    scanner, port, hosts = case.machine("linux"), case.rng.choice(SWEPT_PORTS), shuffled_hosts(case, 60)
    for at, host in zip(case.paced(len(hosts), 3_600), hosts, strict=True):
        scanner.connect(at, host, port, patience=0)


@scan("slow-vertical-one-an-hour")
def slow_vertical_one_an_hour(case: Case) -> None:
    """Probe one new port of one host an hour, for as long as the log lasts."""
    scanner, host = tool(case, "nmap"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(60, 3_600), case.rng.sample(COMMON_PORTS, 60), strict=True):
        scanner.probe(at, host, port)


@scan("bursts", hosts=6)
def bursts(case: Case) -> None:
    """Probe five contacts in a second, then rest for hours."""
    scanner, hosts = tool(case), shuffled_hosts(case, 200)
    for start in case.times(16):
        for n in range(5):
            scanner.probe(start + 0.2 * n, case.rng.choice(hosts), case.rng.choice(COMMON_PORTS))


@scan("known-services", hosts=6)
def known_services(case: Case) -> None:
    """Look for web panels on all hosts; much of what is asked for is open."""
    scanner = tool(case, "zmap")
    hosts = list(dict.fromkeys([*case.net.live, *shuffled_hosts(case, 30)]))
    pairs = [(host, port) for host in hosts for port in PANELS]
    for at, (host, port) in zip(case.paced(len(pairs), 1.5, case.moment()), pairs, strict=True):
        scanner.probe(at, host, port)


@scan("hides-in-retries", hosts=6)
def hides_in_retries(case: Case) -> None:
    """Repeat one refused contact all day like a broken client, and put a new one in every sixth time."""
    scanner, host, port = case.machine("linux"), case.net.one("mail"), case.rng.choice((110, 2525))
    for n, at in enumerate(case.steady(700)):
        new = n % 6 == 5
        scanner.cover = not new
        scanner.connect(
            at, case.rng.choice(list(case.net.hosts)) if new else host, case.rng.choice(COMMON_PORTS) if new else port
        )


@scan("uses-service-too")
def uses_service_too(case: Case) -> None:
    """Read the web site like anybody, and probe other ports of the same host in between."""
    scanner, web = case.machine("linux"), case.net.one("web")
    for n, at in enumerate(case.times(120, 0.2, 0.6)):
        scanner.cover = n % 2 == 0
        scanner.connect(at, web, 443 if n % 2 == 0 else COMMON_PORTS[n // 2], patience=0)
