"""Answers that come too late, without a question, or from routers on the way; and those who look for the way."""

from __future__ import annotations

from bench.ordinary.actors import Case, Machine, benign

UNREACHABLE, EXCEEDED, TOO_BIG = (3, (0, 1, 3, 10, 13)), 11, 4
LATE_FLAGS = ("ACK", "ACK PSH", "ACK FIN", "RST", "ACK RST")
VICTIM_PORTS = (80, 443, 53, 22, 25, 6667)
REFLECTORS = (53, 123, 1900, 11_211, 389)


@benign("late-name-answers")
def late_name_answers(case: Case) -> None:
    """Answer our resolver after it gave up: source port 53, and each time another port of ours."""
    hosts = [case.net.one("nat"), case.net.one("dns")]
    for server in case.machines(5, "linux"):
        for at in case.times(60):
            server.datagram(at, case.rng.choice(hosts), case.rng.randrange(1_024, 65_535), 53)


@benign("late-time-answers")
def late_time_answers(case: Case) -> None:
    """Answer the time to hosts that no longer wait for it, from the servers of a pool."""
    hosts = case.rng.sample(case.net.live, min(5, len(case.net.live)))
    for server in case.machines(4, "linux"):
        for at in case.times(45):
            server.datagram(at, case.rng.choice(hosts), case.rng.randrange(1_024, 65_535), 123, length=76)


@benign("quic-migration")
def quic_migration(case: Case) -> None:
    """Move QUIC connections about: servers reach old ports of ours, clients reach us from new addresses."""
    nat, web = case.net.one("nat"), case.net.one("web")
    for edge in case.machines(8, "linux"):
        for at in case.working(25):
            edge.datagram(at, nat, case.rng.randrange(1_024, 65_535), 443, length=case.rng.choice((71, 1_228)))
    for _ in range(40):
        at = case.moment()
        for n in range(case.rng.randint(1, 4)):
            case.machine().datagram(at + 40 * n, web, 443, length=1_228)


@benign("resets-after-failover")
def resets_after_failover(case: Case) -> None:
    """Go on with connections of which the second firewall knows nothing: for ten minutes, to very many ports."""
    nat, at = case.net.one("nat"), case.moment()
    for server in case.machines(25, "linux"):
        for _ in range(case.rng.randint(4, 30)):
            flags, sport = case.rng.choice(LATE_FLAGS), case.rng.choice((443, 443, 993, 22, 5223))
            server.stray(at + case.rng.expovariate(1 / 150), nat, flags, sport, case.rng.randrange(32_768, 61_000))


@benign("asymmetric-routing", hosts=6)
def asymmetric_routing(case: Case) -> None:
    """Answer SYNs that left by another firewall: SYN-ACKs from a few servers to all our busy hosts, for days."""
    hosts = case.rng.sample(case.net.live, min(5, len(case.net.live)))
    for server in case.machines(3, "linux"):
        for at in case.working(70):
            server.stray(
                at, case.rng.choice(hosts), "ACK SYN", case.rng.choice((443, 25)), case.rng.randrange(32_768, 61_000)
            )


@benign("backscatter")
def backscatter(case: Case) -> None:
    """Answer floods that forged our addresses: SYN-ACK and RST from one port to any host and port."""
    hosts = list(case.net.hosts)
    for n, victim in enumerate(case.machines(12, "linux")):
        at = case.moment()
        for _ in range((400, 120, 60, 25)[n % 4]):
            flags = case.rng.choice(("ACK SYN", "ACK SYN", "ACK RST", "RST"))
            moment = at + case.rng.expovariate(1 / 1_500)
            victim.stray(moment, case.rng.choice(hosts), flags, VICTIM_PORTS[n % 6], case.rng.randrange(1_024, 65_535))


@benign("backscatter-unreachable")
def backscatter_unreachable(case: Case) -> None:
    """Complain about a forged flood: routers before the victim send ICMP errors to addresses all over our network."""
    hosts, victim = list(case.net.hosts), case.net.stranger(case.rng)
    for router in case.machines(4, "small"):
        for at in case.times(90, 0.4, 0.5):
            about = (victim, "udp", case.rng.randrange(1_024, 65_535), 80)
            router.complain(at, case.rng.choice(hosts), 3, case.rng.choice((1, 3, 13)), about)


@benign("icmp-errors")
def icmp_errors(case: Case) -> None:
    """Report that what our people sent did not arrive, from routers everywhere, a few reports each."""
    nat, remote = case.net.one("nat"), case.net.stranger(case.rng)
    for router in case.machines(60, "small"):
        for at in case.times(case.rng.choice((1, 1, 2, 4, 9))):
            late, about = case.rng.random() < 0.3, (remote, "tcp", case.rng.randrange(32_768, 61_000), 443)
            kind, code = (EXCEEDED, 0) if late else (UNREACHABLE[0], case.rng.choice(UNREACHABLE[1]))
            router.complain(at, nat, kind, code, about)


@benign("packet-too-big")
def packet_too_big(case: Case) -> None:
    """Tell our servers to send smaller packets: ICMP 3/4 from the routers of tunnels."""
    for router in case.machines(12, "small"):
        for at in case.times(case.rng.randint(2, 20)):
            about = (case.net.stranger(case.rng), "tcp", 443, case.rng.randrange(1_024, 65_535))
            router.complain(at, case.net.one("web"), 3, TOO_BIG, about)


@benign("traceroute-udp")
def traceroute_udp(case: Case) -> None:
    """Trace the way to one of our hosts with UDP: a new port for each of dozens of probes."""
    for user in case.machines(5, "linux"):
        host, at, first = case.rng.choice(case.net.live), case.moment(), 33_434 + 3 * case.rng.randint(6, 20)
        for n in range(case.rng.randint(9, 48)):
            user.trace(at + 0.4 * n, host, first + n, 1 + n // 3)


@benign("traceroute-tcp")
def traceroute_tcp(case: Case) -> None:
    """Trace with TCP SYNs to port 443, or to a port that is closed."""
    for user in case.machines(4, "linux"):
        host, port, at = case.net.one("web"), case.rng.choice((443, 80, 8000)), case.moment()
        for n in range(15):
            user.trace(at + 0.6 * n, host, port, 1 + n // 3, "tcp")


@benign("mtr-watch", hosts=6)
def mtr_watch(case: Case) -> None:
    """Let MTR run against some of our hosts while the line is bad: an echo a second for minutes."""
    user = case.machine("linux")
    for at in case.working(4):
        host = case.rng.choice(case.net.live)
        for n in range(120):
            user.ping(at + n, host)


@benign("mobile-roaming")
def mobile_roaming(case: Case) -> None:
    """Go on with a connection from a new address: segments the firewall does not know, then a new SYN."""
    for _ in range(60):
        at = case.working(1)[0]
        for n in range(case.rng.randint(1, 4)):
            phone = case.machine()
            for again in range(case.rng.randint(1, 4)):
                phone.stray(at + 600 * n + again, case.net.one("web"), "ACK PSH", 50_000 + n, 443)
            phone.connect(at + 600 * n + 8, case.net.one("web"), 443)


@benign("dead-keepalives")
def dead_keepalives(case: Case) -> None:
    """Send keep-alives and FINs for connections that timed out here: few ports of ours, many hours."""
    for peer in case.machines(12, "linux"):
        sport, host, port = peer.client_port(), case.rng.choice(case.net.live), case.rng.choice((443, 993, 22))
        for at in case.times(case.rng.randint(4, 30)):
            peer.stray(at, host, case.rng.choice(("ACK", "ACK FIN", "ACK RST")), sport, port)


@benign("routing-neighbour")
def routing_neighbour(case: Case) -> None:
    """Try to bring a BGP session back up with a router that is gone: port 179 every two minutes, and a ping."""
    neighbour, (router,) = case.machine("small"), case.dark(1)
    for at in case.steady(1_500):
        neighbour.connect(at, router, 179)
        neighbour.ping(at + 5, router)


@benign("reflected-flood")
def reflected_flood(case: Case) -> None:
    """Answer questions forged in the name of one of our hosts: amplifiers flood it, at one port or at any."""
    host, at, anywhere = case.net.one("nat"), case.moment(), case.rng.random() < 0.5
    service, port = case.rng.choice(REFLECTORS), case.rng.randrange(1_024, 65_535)
    for reflector in case.machines(120, "linux"):
        for _ in range(case.rng.randint(2, 12)):
            dport = case.rng.randrange(1_024, 65_535) if anywhere else port
            reflector.datagram(at + case.rng.expovariate(1 / 120), host, dport, service, length=1_428)


@benign("content-network-stragglers")
def content_network_stragglers(case: Case) -> None:
    """Close downloads long after our side forgot them: whole /24s of edges with FINs and RSTs to the translator."""
    for edge in (Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 20)):
        for at in case.working(case.rng.randint(2, 16)):
            port = case.rng.randrange(1_024, 65_535)
            for n in range(case.rng.randint(1, 3)):
                edge.stray(
                    at + 3 * n, case.net.one("nat"), case.rng.choice(("ACK FIN", "RST", "ACK PSH FIN")), 443, port
                )
