"""Scans with one tool in a certain manner: timing templates, retries, shards, banners, fingerprints, programs that people write themselves."""

from __future__ import annotations

from itertools import product

from bench.ordinary.actors import Case, Machine, Tool, fourth_scan
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.plan import COMMON_PORTS, SWEPT_PORTS

TOP_UDP = (631, 161, 137, 123, 138, 1434, 445, 135, 67, 53, 139, 500, 68, 520, 1900, 4500, 514, 49_152, 162, 69, 5353, 111, 49_154, 1701, 998, 996, 997,
           999, 3283, 49_153, 1812, 136, 2222, 2049, 3278, 5060, 1025, 1433, 3456, 80)  # fmt: skip
KNOWN_LENGTHS = {53: 58, 123: 76, 161: 88, 137: 78, 500: 220, 1900: 122, 111: 68, 5060: 420}
"""Lengths of the questions that the tool has for a service; elsewhere it sends nothing but headers."""

FINGERS = ("", "URG PSH SYN FIN", "ACK", "SYN", "ACK", "URG PSH FIN")
"""Flags of the segments that tell systems apart: the first three go to an open port, the others to a closed one."""

CLUSTER_PORTS, SCRIPTED = (22, 80, 443, 2375, 6443, 8080), (21, 22, 23, 25, 80, 110, 139, 443, 445, 3306, 3389, 8080)
FEATURES = (80, 443, 8080, 8443, 3389, 22)


def tried(scanner: Tool, at: float, host: int, port: int, tries: int = 2, wait: float = 1.1) -> bool:
    """Probe a port up to `tries` times as long as nothing answers, each time from the next port."""
    kept, found = scanner.fixed_port, False
    for n in range(tries):
        scanner.fixed_port = kept + n
        found = scanner.probe(at + wait * n, host, port)
        if found or scanner.net.rejects:
            break
    scanner.fixed_port = kept
    return found


def crafted(machine: Machine, at: float, host: int, sport: int, port: int, window: int, seq: int, ip_id: int) -> None:
    """Send a SYN whose fields a program of one's own has filled in."""
    accepted = machine.net.is_open("tcp", host, port)
    machine.send(
        at, host, "tcp", sport, port, stack="bare", flags="SYN", accepted=accepted, window=window, seq=seq, ip_id=ip_id
    )


@fourth_scan("polite-top-hundred")
def polite_top_hundred(case: Case) -> None:
    """Scan the popular ports of one host politely: one in 0.4 seconds, twice each, after four sorts of pings."""
    scanner, host, at = tool(case, "nmap"), case.rng.choice(case.net.live), case.moment()
    scanner.ping(at - 3, host)
    scanner.ping(at - 3, host, 13)
    scanner.probe(at - 3, host, 80, "ACK")
    for n, port in enumerate(case.rng.sample(COMMON_PORTS, len(COMMON_PORTS))):
        tried(scanner, at + 0.8 * n, host, port, wait=0.4)


@fourth_scan("sneaky-twenty", hosts=6)
def sneaky_twenty(case: Case) -> None:
    """Scan twenty popular ports of six hosts in the sneaky manner: one probe in fifteen seconds, host and port at random, twice each."""
    scanner, hosts = tool(case, "nmap"), case.rng.sample(case.net.live, min(6, len(case.net.live)))
    pairs = list(product(hosts, COMMON_PORTS[:20]))
    case.rng.shuffle(pairs)
    begin = case.rng.uniform(1, 60) * 3_600
    for n, (host, port) in enumerate(pairs):
        tried(scanner, begin + 30 * n, host, port, wait=15)


@fourth_scan("paranoid-for-days")
def paranoid_for_days(case: Case) -> None:
    """Scan in the paranoid manner, exactly one probe in five minutes for a day and a half, ports of three hosts in random order."""
    scanner, hosts = tool(case, "nmap"), case.rng.sample(case.net.live, min(3, len(case.net.live)))
    pairs = list(product(hosts, COMMON_PORTS))
    case.rng.shuffle(pairs)
    for n, at in enumerate(case.steady(300.02, 0.05, 0.55, jitter=0.0)):
        host, port = pairs[n // 2 % len(pairs)]
        scanner.probe(at, host, port)


@fourth_scan("three-stealths-in-turn")
def three_stealths_in_turn(case: Case) -> None:
    """Ask the same forty ports of a host with a FIN, then with no flag, then with three flags, and compare what stays silent."""
    scanner, host, begin = tool(case, "nmap"), case.rng.choice(case.net.live), case.moment() * 0.9
    ports = case.rng.sample(COMMON_PORTS, 40)
    for round_, flags in enumerate(("FIN", "", "URG PSH FIN")):
        for n, port in enumerate(case.rng.sample(ports, len(ports))):
            scanner.probe(begin + 600 * round_ + 0.7 * n, host, port, flags)


@fourth_scan("window-of-resets", hosts=6)
def window_of_resets(case: Case) -> None:
    """Read windows out of resets: ACKs to the same dozen ports of up to ten hosts, one host after the other, with a pause of three seconds."""
    scanner, ports = tool(case, "nmap"), case.rng.sample(COMMON_PORTS[:30], 12)
    hosts = case.rng.sample(case.net.live, min(10, len(case.net.live)))
    for at, (host, port) in zip(case.paced(len(hosts) * 12, 3, case.moment()), product(hosts, ports), strict=True):
        scanner.probe(at, host, port, "ACK")


@fourth_scan("popular-datagrams")
def popular_datagrams(case: Case) -> None:
    """Ask the forty most popular UDP ports of two hosts with what fits the service or with nothing, up to three times, one a second."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 2)
    sport, begin = scanner.client_port(), case.moment()
    for round_ in range(1 if case.net.rejects else 3):
        for n, (port, host) in enumerate(product(TOP_UDP, hosts)):
            length = KNOWN_LENGTHS.get(port, 28)
            scanner.datagram(begin + 90 * round_ + n, host, port, sport + round_, length)


@fourth_scan("systems-by-their-answers", hosts=6)
def systems_by_their_answers(case: Case) -> None:
    """Tell the systems of up to ten hosts by their answers: six odd segments to two ports, two pings, a datagram to a high port each."""
    scanner, hosts = tool(case, "nmap"), case.rng.sample(case.net.live, min(10, len(case.net.live)))
    for at, host in zip(case.paced(len(hosts), 45, case.moment()), hosts, strict=True):
        opened, closed = case.rng.choice(FEATURES), case.rng.randrange(30_000, 45_000)
        for n in range(6):
            scanner.probe(at + 0.1 * n, host, opened)
        scanner.ping(at + 1, host, 8, 9)
        scanner.ping(at + 1.03, host)
        scanner.datagram(at + 1.1, host, closed - 1, scanner.fixed_port, 328)
        for n, flags in enumerate(FINGERS):
            scanner.probe(at + 1.2 + 0.03 * n, host, opened if n < 3 else closed, flags)


@fourth_scan("fast-tool-with-retries")
def fast_tool_with_retries(case: Case) -> None:
    """Probe thirty ports of up to eight hosts in the tool's random order, three a second, from port 61000, each of them three times."""
    scanner, begin = tool(case, "masscan"), case.moment()
    scanner.fixed_port = 61_000
    pairs = list(product(shuffled_hosts(case, 8), case.rng.sample(COMMON_PORTS, 30)))
    case.rng.shuffle(pairs)
    for n, (host, port) in enumerate(pairs[:110]):
        for again in range(3):
            scanner.probe(begin + n / 3 + 2 * again, host, port)


@fourth_scan("fast-tool-with-banners", hosts=6)
def fast_tool_with_banners(case: Case) -> None:
    """Sweep six ports with a fast tool and fetch the banner of each that answers, with a connection of the system's own a moment later."""
    scanner, begin = tool(case, "masscan"), case.moment()
    reader = case.machine("linux", scanner.source)
    hosts = list(
        dict.fromkeys([*shuffled_hosts(case, 24), *case.rng.sample(case.net.live, min(12, len(case.net.live)))])
    )
    pairs = list(product(hosts, CLUSTER_PORTS))
    case.rng.shuffle(pairs)
    for n, (host, port) in enumerate(pairs):
        if scanner.probe(begin + 0.4 * n, host, port):
            reader.connect(begin + 0.4 * n + 0.6, host, port)


@fourth_scan("two-shards")
def two_shards(case: Case) -> None:
    """Split one scan into two shards on machines of two providers: every second contact of one random order each, at the same rate."""
    members = [tool(case, "masscan") for _ in range(2)]
    pairs = list(product(shuffled_hosts(case, 12), case.rng.sample(COMMON_PORTS, 40)))
    case.rng.shuffle(pairs)
    for n, at in enumerate(case.paced(min(160, len(pairs)), 6)):
        members[n % 2].probe(at, *pairs[n])


@fourth_scan("five-ports-then-handshakes", hosts=20)
def five_ports_then_handshakes(case: Case) -> None:
    """Sweep five ports with one tool and hand what answers to a second, which does two handshakes from the same machine."""
    scanner, begin = tool(case, "zmap"), case.moment() * 0.9
    second, ports = case.machine("linux", scanner.source), (443, 8443, 993, 465, 5061)
    hosts = list(dict.fromkeys([*case.net.live, *shuffled_hosts(case, 25)]))[:32]
    pairs = list(product(hosts, ports))
    case.rng.shuffle(pairs)
    for n, (host, port) in enumerate(pairs):
        if scanner.probe(begin + 2 * n, host, port):
            for again in range(2):
                second.connect(begin + 2 * n + 30 + again, host, port)


@fourth_scan("dozen-source-addresses", hosts=60)
def dozen_source_addresses(case: Case) -> None:
    """Sweep one port with a tool that was given a dozen addresses of its rack to send from, and sends each probe from any of them."""
    port = case.rng.choice(SWEPT_PORTS)
    prefix, low = case.net.stranger(case.rng).rpartition(".")[0], case.rng.randrange(16, 220)
    members = [Tool(case, f"{prefix}.{low + n}", "zmap") for n in range(12)]
    for at, host in zip(case.paced(160, 4, case.moment()), shuffled_hosts(case, 160), strict=True):
        member = case.rng.choice(members)
        member.fixed_port = case.rng.randrange(32_768, 61_000)
        member.probe(at, host, port)


@fourth_scan("batches-of-sockets")
def batches_of_sockets(case: Case) -> None:
    """Open a hundred ordinary sockets at a time on three hundred ports of a host, wait for a second and a half, go on, then ask for versions."""
    scanner, host, begin = case.machine("linux"), case.rng.choice(case.net.live), case.moment()
    ports = [*COMMON_PORTS, *case.rng.sample(range(7_000, 10_100), 130)]
    ports = list(dict.fromkeys(case.rng.sample(ports, len(ports))))
    found = [
        port for n, port in enumerate(ports) if scanner.connect(begin + n // 100 * 1.5 + n % 100 / 5_000, host, port, 0)
    ]
    for n, port in enumerate(found * 3):
        scanner.connect(begin + 20 + 2 * n, host, port)


@fourth_scan("synchronise-then-connect", hosts=6)
def synchronise_then_connect(case: Case) -> None:
    """Look for twenty ports of up to five hosts with half-open probes, three times each from changing ports, and verify with connections."""
    scanner, begin = tool(case, "nmap"), case.moment()
    verifier, hosts = case.machine("linux", scanner.source), case.rng.sample(case.net.live, min(5, len(case.net.live)))
    for n, (host, port) in enumerate(product(hosts, COMMON_PORTS[:20])):
        scanner.fixed_port = case.rng.randrange(1_024, 65_000)
        if tried(scanner, begin + 0.05 * n, host, port, tries=3):
            verifier.connect(begin + 60 + 0.2 * n, host, port)


@fourth_scan("counting-up-by-hand")
def counting_up_by_hand(case: Case) -> None:
    """Count up with a program that crafts packets: ports from 3300 on, one a second, its own port going up along with them, window 512."""
    scanner, host = Machine(case, case.net.stranger(case.rng), "bare"), case.rng.choice(case.net.live)
    sport, seq = case.rng.randrange(1_500, 3_000), scanner.number()
    for n, at in enumerate(case.paced(110, 1, case.moment())):
        crafted(scanner, at, host, sport + n, 3_300 + n, 512, (seq + 7_919 * n) % (1 << 32), case.rng.randrange(65_536))


@fourth_scan("script-of-a-student")
def script_of_a_student(case: Case) -> None:
    """Scan with a script of ten lines that leaves the library's values as they are: from port 20, window 8192, number 0, one in two seconds."""
    scanner, hosts = Machine(case, case.net.stranger(case.rng), "bare"), shuffled_hosts(case, 8)
    pairs = list(product(sorted(hosts), SCRIPTED))
    for at, (host, port) in zip(case.paced(len(pairs), 2, case.moment()), pairs, strict=True):
        crafted(scanner, at, host, 20, port, 8_192, 0, 1)


@fourth_scan("asynchronous-datagrams", hosts=6)
def asynchronous_datagrams(case: Case) -> None:
    """Ask eighteen UDP ports of up to ten hosts, a hundred a second and each from another port, with a TTL that changes from packet to packet."""
    scanner, begin = Machine(case, case.net.stranger(case.rng), "bare"), case.moment()
    pairs = list(product(shuffled_hosts(case, 10), case.rng.sample(TOP_UDP, 18)))
    case.rng.shuffle(pairs)
    for n, (host, port) in enumerate(pairs):
        scanner.ttl = case.rng.randint(40, 120)
        scanner.datagram(begin + n / 100, host, port, case.rng.randrange(1_024, 65_000), KNOWN_LENGTHS.get(port, 32))
