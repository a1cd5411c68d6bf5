"""Scans for one family of products each: brokers, storage, desktops, telephones, buildings, models of language, tunnels, printers, worms' doors."""

from __future__ import annotations

from itertools import product

from bench.ordinary.actors import Case, Tool, fourth_scan
from bench.ordinary.more_clients import ask
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.ordinary.third_doors import jittered

Service = tuple[int, str]

QUEUES = (1883, 5672, 8883, 9092, 61_616, 8161, 15_672, 4222, 6650, 2181, 5671, 61_613)
DESKTOPS = (3389, 3390, 5900, 5901, 5902, 5800, 5938, 4899, 6129, 7070, 21_115, 2179)
MODELS = (11_434, 8000, 1234, 7860, 8188, 5001, 3000, 8265, 6333, 4000, 8888, 30_000)
STORAGE: tuple[Service, ...] = ((111, "tcp"), (2049, "tcp"), (445, "tcp"), (548, "tcp"), (873, "tcp"), (3260, "tcp"), (5000, "tcp"), (5001, "tcp"),
                                (8080, "tcp"), (111, "udp"), (137, "udp"), (9000, "tcp"))  # fmt: skip
TELEPHONY: tuple[Service, ...] = ((5060, "udp"), (5061, "tcp"), (5060, "tcp"), (2000, "tcp"), (1720, "tcp"), (4569, "udp"), (5038, "tcp"),
                                  (8088, "tcp"), (5080, "udp"), (2427, "udp"))  # fmt: skip
BUILDINGS: tuple[Service, ...] = ((47_808, "udp"), (3671, "udp"), (1911, "tcp"), (4911, "tcp"), (502, "tcp"), (1883, "tcp"), (5683, "udp"),
                                  (10_001, "udp"), (20_000, "tcp"), (44_818, "tcp"), (102, "tcp"))  # fmt: skip
TUNNELS: tuple[Service, ...] = ((500, "udp"), (4500, "udp"), (1194, "udp"), (1701, "udp"), (51_820, "udp"), (1723, "tcp"), (1194, "tcp"), (4443, "tcp"),
                                (10_443, "tcp"), (443, "udp"))  # fmt: skip
CAMERAS = (554, 8554, 37_777, 34_567, 8000, 9000, 81, 82, 85, 88, 8899, 10_554)
PAPER: tuple[Service, ...] = (
    (9100, "tcp"),
    (515, "tcp"),
    (631, "tcp"),
    (161, "udp"),
    (427, "udp"),
    (5353, "udp"),
    (3702, "udp"),
    (443, "tcp"),
)
WORM = (22, 2375, 6379, 8088, 7001, 5432)
BOOTERS: tuple[tuple[int, int], ...] = (
    (53, 65),
    (123, 36),
    (161, 68),
    (389, 67),
    (1900, 118),
    (11_211, 43),
    (3702, 72),
    (37_810, 60),
)
"""UDP services that amplify, each with the length of the shortest question."""


def visits(case: Case, most: int, services: tuple[Service, ...], gap: float, patience: int = 1) -> None:
    """Ask up to `most` hosts for services, contact by contact in random order, with exponential pauses from a random moment on."""
    scanner, pairs = case.machine("linux"), list(product(shuffled_hosts(case, most), services))
    case.rng.shuffle(pairs)
    moments = jittered(case, len(pairs), gap, case.rng.uniform(0.03, 0.6))
    for at, (host, service) in zip(moments, pairs, strict=True):
        ask(scanner, at, host, service, patience)


@fourth_scan("queues")
def queues(case: Case) -> None:
    """Look for brokers of messages: twelve ports of up to ten hosts with ordinary sockets, a port for all hosts before the next."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 10)
    for at, (port, host) in zip(case.paced(12 * len(hosts), 7, case.moment()), product(QUEUES, hosts), strict=True):
        scanner.connect(at, host, port, patience=1)


@fourth_scan("remote-desktops")
def remote_desktops(case: Case) -> None:
    """Look for programs that show a screen afar: twelve ports of up to twelve hosts, in the quick manner of a tool, twice each."""
    scanner, begin = tool(case, "nmap"), case.moment()
    pairs = list(product(shuffled_hosts(case, 12), DESKTOPS))
    case.rng.shuffle(pairs)
    for n, (host, port) in enumerate(pairs):
        scanner.probe(begin + 0.2 * n, host, port)
        if not case.net.is_open("tcp", host, port):
            scanner.probe(begin + 0.2 * n + 1, host, port)


@fourth_scan("language-models")
def language_models(case: Case) -> None:
    """Look for models of language that somebody runs: twelve ports of up to fourteen hosts, a contact in three minutes for hours."""
    scanner = case.machine("linux")
    pairs = list(product(shuffled_hosts(case, 14), MODELS))
    pairs = case.rng.sample(pairs, min(150, len(pairs)))
    for at, (host, port) in zip(jittered(case, len(pairs), 180, 0.1), pairs, strict=True):
        scanner.connect(at, host, port, patience=0)


@fourth_scan("storage-boxes")
def storage_boxes(case: Case) -> None:
    """Look for boxes that hold files: eleven doors by TCP and UDP on up to nine hosts, a contact in some forty seconds."""
    visits(case, 9, STORAGE, 40)


@fourth_scan("telephone-exchanges", hosts=6)
def telephone_exchanges(case: Case) -> None:
    """Look for telephone exchanges by all their doors, signalling, management and web, on up to ten hosts, one in two minutes."""
    visits(case, 10, TELEPHONY, 120, patience=0)


@fourth_scan("buildings", hosts=6)
def buildings(case: Case) -> None:
    """Look for controls of buildings and plants: eleven protocols on up to eight hosts, a contact in ten minutes on average, for most of a day."""
    visits(case, 8, BUILDINGS, 600, patience=0)


@fourth_scan("ways-into-tunnels", hosts=6)
def ways_into_tunnels(case: Case) -> None:
    """Look for gateways of VPNs mostly by UDP, on up to nine hosts, with two datagrams for each question."""
    visits(case, 9, TUNNELS, 25)


@fourth_scan("paper", hosts=6)
def paper(case: Case) -> None:
    """Look for printers that print for anybody: eight doors by TCP and UDP on up to twelve hosts, a contact a minute."""
    visits(case, 12, PAPER, 60)


@fourth_scan("eyes", hosts=6)
def eyes(case: Case) -> None:
    """Look for cameras and their recorders from three infected routers that share twelve ports of up to sixteen hosts."""
    members = case.machines(3, "small")
    pairs = list(product(shuffled_hosts(case, 16), CAMERAS))
    case.rng.shuffle(pairs)
    for n, (at, (host, port)) in enumerate(zip(case.paced(len(pairs), 50), pairs, strict=True)):
        members[n % 3].connect(at, host, port, patience=0)


@fourth_scan("amplifiers-shared", hosts=20)
def amplifiers_shared(case: Case) -> None:
    """Keep lists of amplifiers fresh for sale: eight rented machines with a protocol each, thirty addresses of ours for each, one in forty minutes."""
    for member, (port, length) in zip(case.machines(8, "linux"), BOOTERS, strict=True):
        sport = case.rng.choice((port, member.client_port()))
        for at, host in zip(jittered(case, 30, 2_400, case.rng.uniform(0, 0.4)), shuffled_hosts(case, 30), strict=True):
            member.datagram(at, host, port, sport, length)


@fourth_scan("worm-of-servers", hosts=6)
def worm_of_servers(case: Case) -> None:
    """Spread as a worm of servers that walks networks does: three infected machines, one after the other, six doors of host after host."""
    for n, server in enumerate(case.machines(3, "linux")):
        begin = case.rng.uniform(0.05, 0.25) * case.span + n * 0.25 * case.span
        for m, host in enumerate(shuffled_hosts(case, 14)):
            for k, port in enumerate(WORM):
                server.connect(begin + 35 * m + 0.3 * k, host, port, patience=0)


@fourth_scan("knocks-guessed")
def knocks_guessed(case: Case) -> None:
    """Guess the knock that opens SSH: sequences of three ports that tutorials show, then the door itself, on up to three hosts."""
    scanner, hosts = case.machine("linux"), case.rng.sample(case.net.live, min(3, len(case.net.live)))
    knocks = (
        (7000, 8000, 9000),
        (1111, 2222, 3333),
        (1234, 2345, 3456),
        (9000, 8000, 7000),
        (571, 290, 911),
        (1, 2, 3),
        (3000, 4000, 5000),
        (4444, 5555, 6666),
    )
    for at, (host, knock) in zip(case.paced(8 * len(hosts), 95, case.moment()), product(hosts, knocks), strict=True):
        for n, port in enumerate((*knock, 22)):
            scanner.connect(at + 0.4 * n, host, port, patience=0)


@fourth_scan("answering-doors", hosts=6)
def answering_doors(case: Case) -> None:
    """Take stock of what answers, from a list that somebody else had scanned: open doors only, with a few that have closed since."""
    scanner = case.machine("linux")
    opened = sorted((host, port) for proto, host, port in case.net.open if proto == "tcp" and port < 50_000)
    closed = [
        (host, case.rng.choice((8080, 3306, 21, 8000)))
        for host in case.rng.sample(case.net.live, min(6, len(case.net.live)))
    ]
    pairs = case.rng.sample([*opened, *closed], min(70, len(opened) + len(closed)))
    for at, (host, port) in zip(case.paced(len(pairs), 20, case.moment()), pairs, strict=True):
        for again in range(2):
            scanner.connect(at + 2 * again, host, port, patience=2)


@fourth_scan("certificates-of-all", hosts=60)
def certificates_of_all(case: Case) -> None:
    """Fetch the certificates of all our addresses in order, one a second on one door, from a machine that then lists their names."""
    scanner, begin = Tool(case, case.net.stranger(case.rng), "zmap"), case.moment()
    reader = case.machine("linux", scanner.source)
    for n, host in enumerate(list(case.net.hosts)[:254]):
        if scanner.probe(begin + n, host, 443):
            reader.connect(begin + n + 0.4, host, 443)
