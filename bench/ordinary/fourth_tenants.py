"""Who looks for what an address of ours was before: a worker in a cloud, a broker, a pool of miners, a peer of a swarm, a gateway."""

from __future__ import annotations

from bench.ordinary.actors import DAY, Case, Machine, fourth_benign
from bench.ordinary.more_clients import ask
from bench.ordinary.third_groups import cloud

Service = tuple[int, str]

TENANT: tuple[Service, ...] = (
    (9100, "tcp"), (9113, "tcp"), (8125, "udp"), (4317, "tcp"), (5044, "tcp"), (22, "tcp"), (8080, "tcp"), (50_051, "tcp"),
    (6379, "tcp"), (5671, "tcp"), (2377, "tcp"), (7946, "udp"), (4789, "udp"), (24_224, "tcp"), (8443, "tcp"), (3000, "tcp"))  # fmt: skip
"""What the agents, callers and builders around a worker in a cloud want of it."""

EXPORTERS = (9100, 9104, 9115, 9187, 9256)
BROKERS = (9092, 9093, 9094)
MINING = (3333, 4444, 5555, 7777, 14_444, 8888, 443, 80)
"""A mining pool's ports as its page lists them: by difficulty, with TLS, and two for those behind firewalls."""

KAD, COINS = (
    (4662, 4672),
    ((8333, "tcp"), (8333, "tcp"), (30_303, "tcp"), (30_303, "udp"), (9735, "tcp"), (18_333, "tcp")),
)
TRACKERS = (6969, 6969, 1337, 2710, 451)
RESOLVER: tuple[Service, ...] = (
    (53, "udp"),
    (53, "tcp"),
    (853, "tcp"),
    (443, "tcp"),
    (443, "udp"),
    (5353, "udp"),
    (5443, "udp"),
)
CHAT_SERVERS, CHAT_CLIENTS = (5269, 5270), (5222, 5223, 443, 5280)
RELAYS: tuple[Service, ...] = ((3478, "udp"), (3478, "tcp"), (5349, "tcp"), (443, "tcp"), (19_302, "udp"))
GATEWAYS: tuple[Service, ...] = ((51_820, "udp"), (1194, "udp"), (53, "udp"), (80, "udp"), (443, "udp"), (2049, "udp"), (2050, "udp"), (443, "tcp"),
                                 (1443, "tcp"), (30_587, "udp"), (41_893, "udp"), (48_574, "udp"), (58_237, "udp"))  # fmt: skip
MOVED: tuple[Service, ...] = (
    (443, "tcp"),
    (443, "tcp"),
    (993, "tcp"),
    (587, "tcp"),
    (53, "udp"),
    (22, "tcp"),
    (1194, "udp"),
    (8443, "tcp"),
)
STAGING = (443, 8443, 8080, 9443, 5432, 5672, 6379, 2222)


@fourth_benign("leased-yesterday")
def leased_yesterday(case: Case) -> None:
    """Look for the last tenant of an address that a cloud gave us yesterday: agents, callers and builders, less and less of them."""
    (host,) = case.dark(1)
    for caller in case.machines(24, "linux"):
        wanted = case.rng.sample(TENANT, case.rng.choice((1, 1, 2, 5)))
        end = min(1.0, 0.05 + case.rng.expovariate(3))
        for at in case.steady(case.rng.choice((10_800, 21_600, 28_800)), 0, end, jitter=0.2):
            for n, service in enumerate(wanted):
                ask(caller, at + 3 * n, host, service, patience=1)


@fourth_benign("stale-endpoints")
def stale_endpoints(case: Case) -> None:
    """Call fourteen endpoints of a worker that is gone, as the sidecars of a mesh do until its registry lets go after half an hour."""
    (host,), begin = case.dark(1), case.moment()
    ports = case.rng.sample(range(20_000, 32_000), 14)
    for pod in (Machine(case, source, "linux") for source in cloud(case, 9, 2)):
        for port in ports:
            for at in case.times(1, begin / case.span, (begin + 1_800) / case.span):
                pod.connect(at, host, port, patience=case.rng.choice((0, 1)))


@fourth_benign("metric-scrapers")
def metric_scrapers(case: Case) -> None:
    """Scrape five exporters of three machines that were given back, every ten minutes until somebody edits the list of targets."""
    hosts, begin = case.dark(3), case.rng.uniform(0.1, 0.8)
    for scraper in case.machines(2, "linux"):
        offsets = {(host, port): case.rng.uniform(0, 600) for host in hosts for port in EXPORTERS}
        for at in case.steady(600, begin, begin + 0.03, jitter=0.0):
            for (host, port), offset in offsets.items():
                scraper.connect(at + offset, host, port, patience=0)


@fourth_benign("brokers-in-turn")
def brokers_in_turn(case: Case) -> None:
    """Ask nine brokers on three hosts in turn, because the list that consumers start from has not been touched since the move."""
    hosts = case.dark(3)
    for consumer in case.machines(10, "linux"):
        for at in case.times(2):
            brokers = [(host, port) for host in hosts for port in BROKERS]
            for n, (host, port) in enumerate(case.rng.sample(brokers, len(brokers))):
                consumer.connect(at + 31 * n, host, port, patience=1)


@fourth_benign("miners-fallbacks")
def miners_fallbacks(case: Case) -> None:
    """Look for a pool of miners that closed: each rig goes down its list of eight ports and starts again after an hour or a night."""
    (pool,) = case.dark(1)
    for rig in case.machines(30, "linux"):
        doors = case.rng.sample(MINING, case.rng.randint(2, 8))
        for at in case.times(case.rng.choice((1, 1, 3))):
            for n, port in enumerate(doors):
                rig.connect(at + 20 * n, pool, port, patience=1)


@fourth_benign("swarm-dialers")
def swarm_dialers(case: Case) -> None:
    """Dial a peer of a content swarm at all addresses that it was ever seen at: a dozen ports that a translator had given it."""
    nat = case.net.one("nat")
    mapped = [4001, *case.rng.sample(range(1_024, 65_000), 11)]
    for peer in case.machines(17, "linux"):
        at, known = case.moment(), case.rng.sample(mapped, case.rng.randint(5, 12))
        for n, port in enumerate(known):
            peer.connect(at + 0.02 * n, nat, port, patience=1)
            peer.datagram(at + 0.01 + 0.02 * n, nat, port, 4001, length=1_280)


@fourth_benign("donkey-sources")
def donkey_sources(case: Case) -> None:
    """Ask a source of an old file-sharing network for its queue, by TCP and UDP, and ping it for the network's table of keys."""
    nat, (tcp, udp) = case.net.one("nat"), KAD
    for peer in case.machines(130, "windows"):
        for at in case.times(case.rng.choice((1, 1, 2, 4))):
            if case.rng.random() < 0.4:
                peer.connect(at, nat, tcp, patience=2)
            else:
                peer.datagram(at, nat, udp, case.rng.choice((udp, 5672, 14_672)), length=case.rng.choice((47, 63, 75)))


@fourth_benign("coin-peers")
def coin_peers(case: Case) -> None:
    """Call a node of three currencies that was here, whose address goes on being gossiped: a hundred peers and more, some every few hours."""
    (node,) = case.dark(1)
    for peer in case.machines(115, "linux"):
        service = case.rng.choice(COINS)
        for at in case.times(case.rng.choice((1, 1, 1, 2, 6))):
            ask(peer, at, node, service, patience=1)


@fourth_benign("tracker-by-udp")
def tracker_by_udp(case: Case) -> None:
    """Announce files to a tracker that left: clients by UDP on the ports that its lists give, twice and once more after a minute."""
    (tracker,) = case.dark(1)
    for client in case.machines(80):
        sport, doors = case.rng.randrange(6_881, 65_000), case.rng.sample(TRACKERS, case.rng.choice((1, 1, 2, 3)))
        for at in case.times(case.rng.choice((1, 2))):
            for n, port in enumerate(doors):
                for wait in (0, 15, 75)[: case.rng.randint(1, 3)]:
                    client.datagram(at + n + wait, tracker, port, sport, length=44)


@fourth_benign("resolver-retired")
def resolver_retired(case: Case) -> None:
    """Use a public resolver that was retired: by UDP, TCP, TLS, HTTPS and QUIC in turn, whenever a name is needed."""
    (resolver,) = case.dark(1)
    for client in case.machines(36):
        ways = [RESOLVER[0], *case.rng.sample(RESOLVER[1:], case.rng.randint(0, 5))]
        for at in case.times(case.rng.choice((1, 2, 3))):
            for n, way in enumerate(ways):
                ask(client, at + 5 * n, resolver, way, patience=1)


@fourth_benign("public-speed-server")
def public_speed_server(case: Case) -> None:
    """Measure one's line against a server that a public list still names: its ten ports one after the other, as each may be busy."""
    (server,) = case.dark(1)
    for person in case.machines(30, "linux"):
        first, many = case.rng.choice((5200, 5201, 5201)), case.rng.randint(1, 9)
        at = case.moment()
        for n in range(many):
            person.connect(at, server, first + n, patience=case.rng.choice((0, 1, 3)))
            at += case.rng.uniform(4, 60)


@fourth_benign("chat-federation")
def chat_federation(case: Case) -> None:
    """Look for a chat server that closed: forty others with messages for its users, and its users' telephones on all ports they know."""
    (closed,) = case.dark(1)
    for n, peer in enumerate(case.machines(75, "linux")):
        doors = CHAT_SERVERS[: 1 + n % 2] if n < 40 else CHAT_CLIENTS[: case.rng.randint(1, 4)]
        for at in case.times(case.rng.choice((1, 2))):
            for m, port in enumerate(doors):
                peer.connect(at + 12 * m, closed, port, patience=1)


@fourth_benign("news-feeders")
def news_feeders(case: Case) -> None:
    """Offer news articles to a feeder that was switched off, by three ports each, with the doubling pauses of the feeding program."""
    old = case.dark(2)
    for feeder in case.machines(7, "linux"):
        wait, at = 600.0, case.rng.uniform(0, 7_200)
        while at < case.span:
            for n, port in enumerate((119, 433, 563)[: 1 + int(wait > 4_000)]):
                feeder.connect(at + 30 * n, old[n % len(old)], port, patience=1)
            wait, at = min(wait * 2, 28_800), at + wait


@fourth_benign("relay-moved")
def relay_moved(case: Case) -> None:
    """Gather candidates for a call from a relay that moved: UDP, TCP and TLS on five ports at once, each UDP question seven times."""
    (relay,) = case.dark(1)
    for browser in case.machines(40):
        at, sport = case.working(1)[0], browser.client_port()
        for n, (port, proto) in enumerate(RELAYS[: case.rng.randint(2, 5)]):
            for wait in (0, 0.5, 1.5, 3.5, 7.5)[: case.rng.randint(2, 5)] if proto == "udp" else (0,):
                if proto == "udp":
                    browser.datagram(at + 0.01 * n + wait, relay, port, sport + n, length=48)
                else:
                    browser.connect(at + 0.01 * n, relay, port, patience=2)


@fourth_benign("fastest-gateway")
def fastest_gateway(case: Case) -> None:
    """Choose the nearest gateway of a VPN firm that rented four of our addresses: pings to all, then thirteen ways in, one by one."""
    gateways = case.dark(4)
    for customer in case.machines(16):
        at = case.moment()
        for n, host in enumerate(gateways):
            customer.ping(at + 0.05 * n, host)
        for n, way in enumerate(GATEWAYS[: case.rng.randint(3, 13)]):
            ask(customer, at + 8 + 6 * n, case.rng.choice(gateways[:2]), way, patience=1)


@fourth_benign("old-address-drains")
def old_address_drains(case: Case) -> None:
    """Come to the address that eight services had until noon: most caches let go within hours, a few not for a day."""
    (old,), begin = case.dark(1), 0.25 * case.span
    for client in case.machines(130):
        services = case.rng.sample(MOVED, case.rng.choice((1, 1, 1, 2, 3)))
        for _ in range(case.rng.choice((1, 1, 2))):
            at = begin + case.rng.expovariate(1 / 9_000) * case.rng.choice((1, 1, 1, 8))
            for n, service in enumerate(services):
                ask(client, at + 2 * n, old, service, patience=1)


@fourth_benign("partner-test-runs")
def partner_test_runs(case: Case) -> None:
    """Test a partner's program against our staging hosts, gone since Friday: eight services of three hosts, a fresh runner each time."""
    hosts = case.dark(3)
    moments = sorted([*case.working(7), *(day * DAY + 7_500.0 for day in range(int(case.span // DAY)))])
    for at, source in zip(moments, cloud(case, len(moments), 3), strict=True):
        runner = Machine(case, source, "linux")
        for n, port in enumerate(STAGING):
            for m, host in enumerate(hosts):
                runner.connect(at + 1.5 * n + 0.2 * m, host, port, patience=0)
