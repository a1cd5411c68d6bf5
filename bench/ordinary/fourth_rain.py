"""What falls on every address for days: thousands of sources with one to four probes each, in waves, by make of bot, by hour of the day."""

from __future__ import annotations

from math import pi, sin

from bench.ordinary.accidents import home_v4
from bench.ordinary.actors import DAY, Case, Machine, Tool, fourth_benign

RAIN = {23: 160, 22: 70, 80: 60, 443: 55, 8080: 50, 3389: 45, 445: 40, 8443: 22, 5555: 20, 6379: 18, 2323: 18, 1433: 16, 81: 14, 8888: 14, 3306: 12,
        5900: 12, 2222: 12, 8081: 10, 9200: 9, 5432: 9, 21: 9, 25: 9, 2375: 8, 8000: 8, 8728: 8, 7547: 8, 9000: 7, 27_017: 7, 3128: 7, 1080: 7, 10_250: 6,
        5985: 6, 8291: 6, 110: 5, 993: 5, 37_215: 5, 60_023: 4, 52_869: 4, 9530: 3, 4567: 3, 11_434: 3, 50_050: 2, 49_152: 2, 18_789: 1, 34_567: 3}  # fmt: skip
"""Ports of the rain with their weight, as logs of hosts on the Internet show them; the rest is any port."""

DRIZZLE = {5060: 60, 53: 40, 123: 35, 161: 35, 1900: 30, 389: 22, 11_211: 20, 3702: 14, 5683: 12, 137: 12, 500: 10, 3478: 8, 27_015: 6, 69: 6, 19: 4,
           1434: 4, 10_001: 5, 443: 12, 5353: 8, 6881: 12, 51_413: 8, 1701: 3, 3283: 3, 37_810: 3}  # fmt: skip
WAVES = (9530, 8728, 5501, 37_215, 34_567, 7547, 6789, 26_092, 8899, 50_100)
CAMERAS = (
    (23, 23, 2323),
    (23, 26, 2323),
    (5555, 5555),
    (80, 81, 8080, 8081),
    (37_215, 52_869),
    (60_023, 23),
    (5501, 49_152),
)
"""The ports that a make of bot asks for; each has its own set."""

DESKTOPS, PINGS = (445, 445, 445, 139, 135, 1433, 1433, 3389, 3389, 5985), (28, 28, 60, 84, 84, 64)


def day_and_night(case: Case, strength: float = 0.4) -> float:
    """Draw a moment; more of them lie about a peak in the day than opposite to it."""
    while True:
        at = case.rng.random() * case.span
        if case.rng.random() < (1 + strength * sin(2 * pi * at / DAY)) / (1 + strength):
            return at


def clumped(case: Case, count: int) -> list[str]:
    """Draw addresses of which a quarter come in twos and threes out of a /24, as those of hosters do."""
    drawn: list[str] = []
    while len(drawn) < count:
        if case.rng.random() < 0.1:
            drawn += case.net.neighbours(case.rng, case.rng.choice((2, 3)))
        else:
            drawn.append(case.net.stranger(case.rng))
    return drawn[:count]


def port_of_rain(case: Case) -> int:
    """Draw a port as the rain has them: well-known ones mostly, any port in one of nine."""
    if case.rng.random() < 0.11:
        return case.rng.randrange(1, 65_535)
    return case.rng.choices(list(RAIN), list(RAIN.values()))[0]


@fourth_benign("days-of-rain")
def days_of_rain(case: Case) -> None:
    """Fall on our addresses for days: eight hundred sources with one to four probes, of the same port mostly, hours apart or at once."""
    hosts = list(case.net.hosts)
    for source in clumped(case, 800):
        name = case.rng.choices(("linux", "zmap", "masscan", "windows", "small", "nmap"), (30, 18, 18, 10, 16, 8))[0]
        scanning = name in ("zmap", "masscan", "nmap")
        machine = Tool(case, source, name) if scanning else Machine(case, source, name)
        port, at, host = port_of_rain(case), day_and_night(case), case.rng.choice(hosts)
        for _ in range(case.rng.choices((1, 2, 3, 4), (64, 20, 9, 7))[0]):
            if isinstance(machine, Tool):
                machine.probe(at, host, port)
            else:
                machine.connect(at, host, port, patience=case.rng.choice((0, 0, 0, 1)))
            at += case.rng.choice((3, 60, 4_000, 30_000)) * case.rng.uniform(0.5, 1.5)
            port = port if case.rng.random() < 0.8 else port_of_rain(case)
            host = host if case.rng.random() < 0.5 else case.rng.choice(hosts)


@fourth_benign("wave-on-one-port")
def wave_on_one_port(case: Case) -> None:
    """Rise and ebb away within a day and a half: bots of one make that has a new weakness ask our addresses for one port, at random."""
    port, crest, hosts = case.rng.choice(WAVES), case.rng.uniform(0.3, 0.6) * case.span, list(case.net.hosts)
    for bot in case.machines(230, "small"):
        at = crest + case.rng.gauss(0, 0.11) * case.span
        for _ in range(case.rng.choices((1, 2, 3), (70, 22, 8))[0]):
            host = case.rng.choice(hosts)
            bot.connect(at, host, port, patience=0, seq=home_v4(host))
            at += case.rng.expovariate(1 / 15_000)


@fourth_benign("rain-of-devices")
def rain_of_devices(case: Case) -> None:
    """Spread as cameras and routers do, in seven makes with their own ports: devices for some hours each, the number its target's address."""
    hosts = list(case.net.hosts)
    for bot in case.machines(380, "small"):
        make, at = case.rng.choices(CAMERAS, (30, 8, 14, 16, 8, 5, 5))[0], day_and_night(case, 0.6)
        for _ in range(case.rng.choices((1, 2, 3), (74, 19, 7))[0]):
            host = case.rng.choice(hosts)
            bot.connect(at, host, case.rng.choice(make), patience=case.rng.choice((0, 0, 1)), seq=home_v4(host))
            at += case.rng.expovariate(1 / 7_000)


@fourth_benign("rain-of-desktops")
def rain_of_desktops(case: Case) -> None:
    """Knock as infected desktops and servers do, with Windows' three tries, on files, databases and desktops: by working hours of the East."""
    hosts = list(case.net.hosts)
    for bot in case.machines(170, "windows"):
        port, at = case.rng.choice(DESKTOPS), day_and_night(case, 0.7)
        for _ in range(case.rng.choices((1, 2, 3), (80, 15, 5))[0]):
            bot.connect(at, case.rng.choice(hosts), port, patience=case.rng.choice((1, 2)))
            at += case.rng.expovariate(1 / 20_000)


@fourth_benign("rain-of-datagrams")
def rain_of_datagrams(case: Case) -> None:
    """Ask for telephones, names, clocks and devices with one to three datagrams, or miss a peer of a swarm by a digit: UDP of any sort."""
    hosts = list(case.net.hosts)
    for source in clumped(case, 420):
        sender, at = Machine(case, source, "linux"), day_and_night(case, 0.2)
        stray = case.rng.random() < 0.15
        port = (
            case.rng.randrange(1_024, 65_535) if stray else case.rng.choices(list(DRIZZLE), list(DRIZZLE.values()))[0]
        )
        sport, host, length = sender.client_port(), case.rng.choice(hosts), case.rng.randrange(40, 460)
        for _ in range(case.rng.choices((1, 2, 3), (70, 20, 10))[0]):
            sender.datagram(at, host, port, sport, length)
            at, host = at + case.rng.choice((1, 2_000, 40_000)), host if stray else case.rng.choice(hosts)


@fourth_benign("rain-of-pings")
def rain_of_pings(case: Case) -> None:
    """Ping an address or two: people, monitors, measurers and worms that want to know whether somebody is there before they go on."""
    hosts = list(case.net.hosts)
    for source in clumped(case, 230):
        sender, at, host = (
            Machine(case, source, case.rng.choice(("linux", "windows"))),
            day_and_night(case),
            case.rng.choice(hosts),
        )
        for n in range(case.rng.choices((1, 3, 4), (70, 12, 18))[0]):
            sender.send(at + n, host, "icmp", 8, 0, accepted=host in case.net.live, length=case.rng.choice(PINGS))
        if case.rng.random() < 0.08:
            sender.connect(at + 9, host, port_of_rain(case), patience=0)


@fourth_benign("rain-on-any-port")
def rain_on_any_port(case: Case) -> None:
    """Come to a port that nobody knows, once or twice: forged, meant for another, left over, or a sampled walk over all ports."""
    hosts = list(case.net.hosts)
    for source in clumped(case, 260):
        sender, at = (
            Machine(case, source, case.rng.choice(("linux", "zmap", "windows", "bare"))),
            day_and_night(case, 0.1),
        )
        host, port = case.rng.choice(hosts), case.rng.randrange(1, 65_535)
        for _ in range(case.rng.choice((1, 1, 1, 2))):
            sender.connect(at, host, port, patience=case.rng.choice((0, 0, 2)))
            at, port = at + 5_000, case.rng.choice((port, case.rng.randrange(1, 65_535)))


@fourth_benign("drizzle-of-answers")
def drizzle_of_answers(case: Case) -> None:
    """Answer small floods that forged us: a hundred and seventy victims over the days, a handful of SYN-ACKs or resets each, here and there."""
    hosts = list(case.net.hosts)
    for victim in case.machines(170, "linux"):
        door, flags = (
            case.rng.choice((80, 443, 443, 22, 25_565, 3306, 8080, 53)),
            case.rng.choice(("ACK SYN", "ACK RST", "RST")),
        )
        at = day_and_night(case, 0.1)
        for _ in range(case.rng.choices((1, 2, 4, 9), (60, 20, 14, 6))[0]):
            victim.stray(at, case.rng.choice(hosts), flags, door, case.rng.randrange(1_024, 65_535))
            at += case.rng.expovariate(1 / 90)


@fourth_benign("servers-with-a-worm")
def servers_with_a_worm(case: Case) -> None:
    """Knock at three doors of one address at random, as servers with a worm do: forty of them over the days, some again a day later."""
    for server in case.machines(40, "linux"):
        host, at = case.rng.choice(list(case.net.hosts)), day_and_night(case, 0.3)
        for n, port in enumerate(case.rng.sample((22, 2375, 6379, 7001, 8088, 8161), 3)):
            server.connect(at + 2 * n, host, port, patience=0)
        if case.rng.random() < 0.3:
            server.connect(at + DAY, host, 22, patience=1)
