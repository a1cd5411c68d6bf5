"""Accidents of routing, and answers to what others forged: leaks, loops, reflecting middleboxes, victims of floods who answer us."""

from __future__ import annotations

from bench.ordinary.actors import Case, fourth_benign

LEAKED = ((443, "tcp"), (443, "tcp"), (443, "tcp"), (80, "tcp"), (25, "tcp"), (993, "tcp"), (53, "udp"), (443, "udp"), (22, "tcp"), (5060, "udp"),
          (8443, "tcp"), (1194, "udp"), (3389, "tcp"), (123, "udp"), (587, "tcp"), (4500, "udp"))  # fmt: skip
"""What the customers of a whole other network use."""

CODES = (
    (3, 0),
    (3, 1),
    (3, 2),
    (3, 3),
    (3, 4),
    (3, 5),
    (3, 6),
    (3, 7),
    (3, 9),
    (3, 10),
    (3, 11),
    (3, 13),
    (3, 14),
    (11, 0),
    (11, 1),
    (12, 0),
    (4, 0),
)
BLOCKED = ("ACK PSH", "ACK PSH FIN", "ACK RST", "RST")
MIDDLE = ("ACK", "ACK PSH", "ACK", "ACK FIN")


@fourth_benign("leaked-prefix")
def leaked_prefix(case: Case) -> None:
    """Arrive here for forty minutes because a carrier leaked a route: all customers of another network, at all its servers and doors."""
    begin, hosts = case.moment(), list(case.net.hosts)
    servers = [(case.rng.choice(hosts), case.rng.choice(LEAKED)) for _ in range(36)]
    for client in case.machines(160):
        for _ in range(case.rng.choice((1, 1, 2))):
            host, (port, proto) = case.rng.choice(servers)
            at = begin + case.rng.uniform(0, 2_400)
            if proto == "udp":
                client.datagram(at, host, port)
            else:
                client.connect(at, host, port, patience=case.rng.choice((1, 2)))


@fourth_benign("anycast-flap")
def anycast_flap(case: Case) -> None:
    """Go on here with connections that another place of a shared address began, each time that a route flaps: clients of four services."""
    (shared,) = case.dark(1)
    flaps = case.times(3)
    for client in case.machines(90):
        flap, port = case.rng.choice(flaps), case.rng.choice((443, 443, 853, 53))
        sport = client.client_port()
        for n in range(case.rng.randint(1, 4)):
            client.stray(flap + case.rng.uniform(0, 400) + n, shared, case.rng.choice(MIDDLE), sport, port)
        if case.rng.random() < 0.5:
            client.connect(flap + 420, shared, port, patience=1)


@fourth_benign("middlebox-reflection")
def middlebox_reflection(case: Case) -> None:
    """Answer forged requests for forbidden pages with a page of refusal: ninety middleboxes, all at one host, at any port."""
    victim, begin = case.rng.choice(case.net.live), case.moment()
    for box in case.machines(90, "bare"):
        door = case.rng.choice((80, 80, 443))
        for _ in range(case.rng.choice((1, 2, 3, 12))):
            at = begin + case.rng.uniform(0, 240)
            box.stray(at, victim, case.rng.choice(BLOCKED), door, case.rng.randrange(1_024, 65_535))


@fourth_benign("complaints-of-every-code")
def complaints_of_every_code(case: Case) -> None:
    """Complain in seventeen ways of packets that somebody forged in our name, from routers and hosts around five victims."""
    hosts, victims = list(case.net.hosts), [case.net.stranger(case.rng) for _ in range(5)]
    for router in case.machines(26, "small"):
        victim, begin, proto = case.rng.choice(victims), case.moment(), case.rng.choice(("tcp", "udp"))
        for _ in range(case.rng.randint(3, 22)):
            kind, code = case.rng.choice(CODES)
            about = (victim, proto, case.rng.randrange(1_024, 65_535), case.rng.choice((53, 80, 443, 27_015)))
            router.complain(begin + case.rng.expovariate(1 / 400), case.rng.choice(hosts), kind, code, about)


@fourth_benign("answers-to-forged-names")
def answers_to_forged_names(case: Case) -> None:
    """Answer questions about names that somebody asked in the name of our whole network: eight name servers, any host, any port."""
    hosts = list(case.net.hosts)
    for server in case.machines(8, "linux"):
        begin = case.moment()
        for _ in range(case.rng.choice((12, 30, 60))):
            at = begin + case.rng.expovariate(1 / 1_200)
            length = case.rng.choice((60, 73, 118, 512))
            server.datagram(at, case.rng.choice(hosts), case.rng.randrange(1_024, 65_535), 53, length=length)


@fourth_benign("push-service-restart")
def push_service_restart(case: Case) -> None:
    """Reset all connections when a service for push messages restarts: dozens of ports of our translator within a second, four servers."""
    nat, begin = case.net.one("nat"), case.moment()
    for n, server in enumerate(case.machines(4, "linux")):
        port = case.rng.choice((5228, 5223, 443))
        for _ in range(70):
            at = begin + 300 * n + case.rng.uniform(0, 1.2)
            server.stray(at, nat, case.rng.choice(("RST", "ACK RST")), port, case.rng.randrange(1_024, 65_000))


@fourth_benign("losers-of-a-race")
def losers_of_a_race(case: Case) -> None:
    """Answer connections that our browsers gave up because another was faster: SYN-ACKs, again after one, three and seven seconds."""
    nat = case.net.one("nat")
    for server in case.machines(16, "linux"):
        for at in case.working(7):
            port = case.rng.randrange(1_024, 65_000)
            for wait in (0, 1, 3, 7)[: case.rng.randint(1, 4)]:
                server.stray(at + wait, nat, "ACK SYN", case.rng.choice((443, 443, 80)), port)


@fourth_benign("routing-loop")
def routing_loop(case: Case) -> None:
    """Pass our firewall again and again while two routers send each other what is for us: the same packet with ever fewer hops left."""
    hosts, begin = case.rng.sample(list(case.net.hosts), min(8, len(case.net.hosts))), case.moment()
    for client in case.machines(18):
        at, host, port = begin + case.rng.uniform(0, 500), case.rng.choice(hosts), case.rng.choice((443, 25, 8883, 22))
        sport, seq, number, kept = client.client_port(), client.number(), client.ip_id, client.ttl
        for n in range(min(kept // 2, case.rng.randint(6, 22))):
            client.ttl = kept - 2 * n
            accepted = case.net.is_open("tcp", host, port)
            client.send(at + 0.03 * n, host, "tcp", sport, port, flags="SYN", seq=seq, ip_id=number, accepted=accepted)
        client.ttl = kept


@fourth_benign("quic-backscatter")
def quic_backscatter(case: Case) -> None:
    """Greet back whoever a flood of QUIC pretended to be: victims send their certificates, three times each, to any of our addresses."""
    hosts = list(case.net.hosts)
    for victim in case.machines(6, "linux"):
        begin = case.moment()
        for _ in range(case.rng.choice((8, 20, 45))):
            at, host, port = (
                begin + case.rng.uniform(0, 1_800),
                case.rng.choice(hosts),
                case.rng.randrange(1_024, 65_535),
            )
            for wait in (0, 0.4, 1.2)[: case.rng.randint(1, 3)]:
                victim.datagram(at + wait, host, port, 443, length=case.rng.choice((1_228, 1_280, 79)))


@fourth_benign("flood-defence-checks")
def flood_defence_checks(case: Case) -> None:
    """Test with a wrong number in the SYN-ACK whether we are real, as defences against floods do: when our people open their shops."""
    nat = case.net.one("nat")
    for defence in case.machines(5, "linux"):
        for at in case.working(22):
            port = case.rng.randrange(32_768, 61_000)
            defence.stray(at, nat, "ACK SYN", 443, port)
            defence.stray(at + 0.2, nat, case.rng.choice(("RST", "ACK")), 443, port)


@fourth_benign("translator-reused-ports")
def translator_reused_ports(case: Case) -> None:
    """Go on with connections whose port the carrier's translator has given to the next customer: ACKs and RSTs for three days."""
    services = [("web", 443), ("mail", 993), ("mail", 587), ("files", 22), ("web", 80), ("desk", 443)]
    for carrier in case.machines(8, "linux"):
        for at in case.times(22):
            role, port = case.rng.choice(services)
            sport = case.rng.randrange(1_024, 65_000)
            carrier.stray(at, case.net.one(role), case.rng.choice(("ACK", "ACK PSH", "RST", "ACK FIN")), sport, port)
            if case.rng.random() < 0.4:
                carrier.connect(at + 1, case.net.one(role), port)


@fourth_benign("satellite-stragglers")
def satellite_stragglers(case: Case) -> None:
    """Deliver after minutes what a satellite link had kept: segments, ends and answers for ports that our side closed long ago."""
    hosts = [case.net.one(role) for role in ("nat", "web", "mail")]
    for far in case.machines(10, "linux"):
        for at in case.times(3):
            served = case.rng.random() < 0.5
            for n in range(case.rng.randint(3, 10)):
                high, door = case.rng.randrange(32_768, 61_000), case.rng.choice((443, 993, 22))
                ports = (high, door) if served else (door, high)
                far.stray(at + 0.2 * n, hosts[1 + n % 2] if served else hosts[0], case.rng.choice(MIDDLE), *ports)
