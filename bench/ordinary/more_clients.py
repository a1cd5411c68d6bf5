"""More who are no scanners, at the firewall: clients of what an address once was, devices that try one port after the other, lost state."""

from __future__ import annotations

from bench.ordinary.actors import Case, Machine, more_benign

ATLAS_PORT = 33_434
PLACES, OWNERS_CHECKS = 20, (("web", 443), ("mail", 25), ("mail", 993), ("web", 8443), ("web", 8080), ("bastion", 2222))
POOL_PORTS = (8080, 8081, 9090)
FLEET = ((8883, "tcp"), (443, "tcp"), (1883, "tcp"), (8080, "tcp"), (123, "udp"), (5683, "udp"))
DOMAIN = ((53, "udp"), (389, "udp"), (88, "tcp"), (389, "tcp"), (445, "tcp"), (135, "tcp"), (137, "udp"), (3268, "tcp"))
"""What a member of a Windows domain asks its controllers for, in this order."""

NTP_POLLS = (0, 2, 4, 6, 64, 128, 256, 512, 1_024, 1_024, 1_024)
"""Seconds between the questions of ntpd: a burst, then longer and longer."""

SWARM_PORTS = (51_413, 51_413, 51_413, 6_881, 6_882, 6_889, 49_160, 58_846)
RELAY = (9001, 9001, 443, 9030)
CONCENTRATOR = ((500, "udp"), (4500, "udp"), (443, "tcp"), (10_443, "tcp"), (8443, "tcp"), (1194, "udp"), (1723, "tcp"))
COPIER = (445, 139, 25, 587, 21)
HOME_SERVER = (5001, 5000, 32_400, 8123, 443, 51_820, 1194, 8096, 6690)
LICENSES = range(27_000, 27_010)
"""Ports that a client of a floating license asks one after the other where its settings name none."""

GAME_PORTS = (27_015, 27_016, 27_025, 7_777, 2_302)
INSIDE = ("ACK", "ACK", "ACK PSH", "ACK FIN", "RST", "ACK RST")


def ask(machine: Machine, at: float, host: int, service: tuple[int, str], patience: int = 2) -> None:
    """Ask for a service, given as port and protocol; a UDP question goes out twice where there is patience."""
    port, proto = service
    if proto == "tcp":
        machine.connect(at, host, port, patience)
        return
    sport = machine.client_port()
    for n in range(1 + (patience > 0)):
        machine.datagram(at + 2 * n, host, port, sport, length=76)


@more_benign("atlas-probes")
def atlas_probes(case: Case) -> None:
    """Measure the way to two of our hosts from the probes of a measurement network: three pings, then a trace that keeps its ports."""
    anchors = case.rng.sample(case.net.live, min(2, len(case.net.live)))
    for probe in case.machines(30, "linux"):
        sport, arrives = probe.client_port(), probe.ttl
        for at in case.times(4):
            host = case.rng.choice(anchors)
            for n in range(3):
                probe.ping(at + n, host)
            for n in range(9):
                probe.ttl = 1 + n // 3
                probe.datagram(at + 30 + 0.4 * n, host, ATLAS_PORT, sport, length=60)
            probe.ttl = arrives


@more_benign("uptime-many-places")
def uptime_many_places(case: Case) -> None:
    """Check six services from twenty places in turn; when one is closed, all places check it again within a minute."""
    places = case.machines(PLACES, "linux")
    for n, at in enumerate(case.steady(900)):
        role, port = OWNERS_CHECKS[n % len(OWNERS_CHECKS)]
        asked = places if n % 24 == 3 else [places[n % PLACES]]
        for place in asked:
            later = at + case.rng.uniform(0, 60) * (len(asked) > 1)
            place.connect(later, case.net.one(role), port, patience=1)
            place.ping(later + 3, case.net.one(role))


@more_benign("balancer-lost-backends", hosts=6)
def balancer_lost_backends(case: Case) -> None:
    """Ask every ten seconds whether eight back ends live on three ports, all moved away: two balancers, until somebody sees it."""
    backends, at = case.dark(8), case.working(1)[0]
    for balancer in case.machines(2, "linux"):
        for n in range(40):
            for host in backends:
                balancer.connect(at + 10 * n + case.rng.random(), host, case.rng.choice(POOL_PORTS), patience=0)


@more_benign("voip-roaming")
def voip_roaming(case: Case) -> None:
    """Register soft phones from each new network, and send voice to the ports of a call that the firewall does not know."""
    voice = case.net.one("voice")
    for _ in range(12):
        for at in case.working(4):
            phone = case.machine()
            phone.datagram(at, voice, 5060, 5060, length=620)
            phone.connect(at + 1, voice, 5061)
            media, sport = case.rng.randrange(10_000, 20_000, 2), phone.client_port()
            for n in range(case.rng.choice((0, 0, 5, 25))):
                phone.datagram(at + 40 + 0.02 * n, voice, media + (n % 5 == 4), sport + (n % 5 == 4), length=200)


@more_benign("sip-trunks")
def sip_trunks(case: Case) -> None:
    """Keep trunks alive from six border controllers of a carrier, at the exchange and at the one before it, on two ports."""
    (old,) = case.dark(1)
    for source in case.net.neighbours(case.rng, 6):
        border = Machine(case, source, "linux")
        for at in case.steady(3_000):
            for host, port in ((case.net.one("voice"), 5060), (old, 5060), (old, 5080)):
                border.datagram(at + case.rng.random(), host, port, 5060, length=430)


@more_benign("fleet-fallback-ports")
def fleet_fallback_ports(case: Case) -> None:
    """Look for the cloud of a fleet of devices at an address of ours: what is meant to get past firewalls, one port after the other."""
    (cloud,) = case.dark(1)
    for device in case.machines(24, "small"):
        for at in case.times(case.rng.randint(1, 4)):
            for n, service in enumerate(FLEET):
                ask(device, at + 20 * n, cloud, service, patience=1)


@more_benign("domain-laptops")
def domain_laptops(case: Case) -> None:
    """Ask for domain controllers from hotels and homes, because the names of the inside lead to addresses of ours outside."""
    controllers = case.dark(2)
    for laptop in case.machines(9, "windows"):
        for at in case.working(2):
            for n, service in enumerate(DOMAIN):
                for host in controllers:
                    ask(laptop, at + 9 * n + case.rng.random(), host, service)


@more_benign("drives-over-hotel")
def drives_over_hotel(case: Case) -> None:
    """Connect mapped drives again after each wake-up of a laptop: SMB and NetBIOS names to three file servers, VPN or not."""
    servers = [case.net.one("files"), *case.dark(2)]
    for laptop in case.machines(5, "windows"):
        for at in case.working(6):
            for n, host in enumerate(servers):
                laptop.connect(at + 0.2 * n, host, 445)
                laptop.connect(at + 21 + 0.2 * n, host, 139, patience=1)
                for again in range(3):
                    laptop.datagram(at + 22 + 1.5 * again, host, 137, 137, length=78)


@more_benign("pool-left")
def pool_left(case: Case) -> None:
    """Ask for the time where a server has left the pool: each client a burst, then at longer and longer pauses, some for ever."""
    (left,) = case.dark(1)
    for n, client in enumerate(case.machines(130)):
        at, sport = case.moment(), 123 if n % 3 == 0 else 0
        for pause in NTP_POLLS[: case.rng.choice((2, 4, 5, 8, 11))]:
            at += pause
            client.datagram(at, left, 123, sport or client.client_port(), length=76)


@more_benign("former-name-server")
def former_name_server(case: Case) -> None:
    """Ask a name server that a forgotten delegation still names: hundreds of resolvers, each try from a new port, then with TCP."""
    (former,) = case.dark(1)
    for resolver in case.machines(220, "linux"):
        for at in case.times(case.rng.choice((1, 1, 1, 2, 5))):
            for pause in (0, 0.8, 2.4):
                resolver.datagram(at + pause, former, 53, length=case.rng.randrange(58, 96))
            if case.rng.random() < 0.15:
                resolver.connect(at + 5, former, 53, patience=1)


@more_benign("backup-passive-ports")
def backup_passive_ports(case: Case) -> None:
    """Send a backup each night in six parallel streams, each to a new high port that the server names and nobody has opened."""
    client, files = case.machine("linux"), case.net.one("files")
    for night in range(3):
        begin = 86_400 * night + 7_200 + case.rng.uniform(0, 300)
        for part in range(9):
            client.connect(begin + 60 * part, files, 21)
            for stream in range(6):
                client.connect(
                    begin + 60 * part + 1 + 0.1 * stream, files, case.rng.randrange(50_200, 65_000), patience=2
                )


@more_benign("game-server-list", hosts=6)
def game_server_list(case: Case) -> None:
    """Refresh a list of game servers that still holds six of a former hoster: each player asks all of them within a second."""
    servers = [(host, port) for host in case.dark(3) for port in case.rng.sample(GAME_PORTS, 2)]
    for player in case.machines(70, "windows"):
        for at in case.times(case.rng.choice((1, 1, 2, 4))):
            sport = player.client_port()
            for n, (host, port) in enumerate(servers):
                player.datagram(at + 0.05 * n, host, port, sport, length=53)


@more_benign("seedbox-swarm")
def seedbox_swarm(case: Case) -> None:
    """Call a seedbox that was here last month on the ports of its several clients, from a swarm, with TCP and uTP."""
    (box,) = case.dark(1)
    for peer in case.machines(150):
        sport, ports = peer.client_port(), case.rng.sample(SWARM_PORTS, case.rng.choice((1, 1, 2, 3)))
        for at in case.times(case.rng.choice((1, 2, 4))):
            for port in ports:
                peer.datagram(at, box, port, sport, length=case.rng.choice((48, 58, 132)))
                if case.rng.random() < 0.4:
                    peer.connect(at + 3, box, port, patience=1)


@more_benign("former-relay")
def former_relay(case: Case) -> None:
    """Look for a relay of an onion network that has left: other relays for days, clients until the next list, on two ports."""
    (relay,) = case.dark(1)
    for n, client in enumerate(case.machines(80, "linux")):
        for at in case.times(12 if n < 20 else case.rng.choice((1, 2)), 0.0, 1.0 if n < 20 else 0.2):
            client.connect(at, relay, case.rng.choice(RELAY), patience=2)


@more_benign("origin-moved")
def origin_moved(case: Case) -> None:
    """Probe and pull from an origin that a wrong setting puts at an address of ours, from all edges of a content network."""
    (origin,), begin = case.dark(1), case.working(1)[0]
    sources = [source for _ in range(3) for source in case.net.neighbours(case.rng, 20)]
    for source in sources:
        edge = Machine(case, source, "linux")
        for at in sorted(begin + case.rng.uniform(0, 2_400) for _ in range(8)):
            edge.connect(at, origin, case.rng.choice((443, 443, 80, 8443)), patience=1)


@more_benign("concentrator-down")
def concentrator_down(case: Case) -> None:
    """Look for a VPN that is down: each client tries IKE, NAT-T, TLS and what else it knows, and its user tries again."""
    (vpn,), begin = case.dark(1), case.working(1)[0] * 0.9
    for user in case.machines(35, "windows"):
        at = begin + case.rng.uniform(0, 5_400)
        ways = CONCENTRATOR[: case.rng.randint(3, len(CONCENTRATOR))]
        for attempt in range(case.rng.randint(1, 3)):
            for n, service in enumerate(ways):
                ask(user, at + 300 * attempt + 12 * n, vpn, service)


@more_benign("copiers")
def copiers(case: Case) -> None:
    """Deliver what was scanned at a copier: into a shared folder, by mail or FTP, to two servers that were renumbered."""
    servers = case.dark(2)
    for copier in case.machines(6, "small"):
        for at in case.working(8):
            for n, port in enumerate(COPIER[: case.rng.randint(2, len(COPIER))]):
                copier.connect(at + 15 * n, case.rng.choice(servers), port)


@more_benign("former-home-server")
def former_home_server(case: Case) -> None:
    """Reach for the home server of a family that had this address before: photos, films, VPN, all from a few telephones."""
    (home,) = case.dark(1)
    for phone in case.machines(7):
        for at in case.times(9):
            for n, port in enumerate(case.rng.sample(HOME_SERVER, case.rng.randint(2, 5))):
                ask(phone, at + 2 * n, home, (port, "udp" if port in (51_820, 1194) else "tcp"))


@more_benign("webrtc-candidates")
def webrtc_candidates(case: Case) -> None:
    """Try all candidates of a video call behind our translator at once: a dozen ports, each asked until the call stands."""
    nat = case.net.one("nat")
    for peer in case.machines(25):
        (at,) = case.working(1)
        sport, ports = peer.client_port(), [case.rng.randrange(1_024, 65_535) for _ in range(case.rng.randint(4, 14))]
        for again in range(case.rng.randint(2, 5)):
            for n, port in enumerate(ports):
                peer.datagram(at + 0.5 * again + 0.02 * n, nat, port, sport, length=128)


@more_benign("license-clients")
def license_clients(case: Case) -> None:
    """Look for the server of a floating license on its ten usual ports, one after the other, at each start of a program."""
    (server,) = case.dark(1)
    for desk in case.machines(5, "windows"):
        for at in case.working(4):
            for n, port in enumerate(LICENSES):
                desk.connect(at + 0.6 * n, server, port, patience=case.rng.randint(0, 2))


@more_benign("table-overflow")
def table_overflow(case: Case) -> None:
    """Lose one's connections to a firewall whose table is full: segments and new SYNs refused on open ports, answers to many ports."""
    begin, nat = case.working(1)[0], case.net.one("nat")
    services = [case.net.one("web")] * 3 + [case.net.one("mail")]
    for client in case.machines(70):
        host, sport, at = case.rng.choice(services), client.client_port(), begin + case.rng.uniform(0, 900)
        port = 993 if host == services[3] and case.rng.random() < 0.8 else 443
        for n in range(case.rng.randint(1, 6)):
            client.stray(at + 0.3 * 2**n, host, "ACK PSH", sport, port)
        seq, again = client.number(), client.client_port()
        for pause in (0, 1, 3):
            client.send(at + 25 + pause, host, "tcp", again, port, flags="SYN", seq=seq)
    for server in case.machines(12, "linux"):
        for _ in range(25):
            ours = case.rng.randrange(32_768, 61_000)
            server.stray(
                begin + case.rng.uniform(0, 900), nat, case.rng.choice(("ACK", "ACK PSH", "ACK SYN")), 443, ours
            )


@more_benign("half-seen-clients")
def half_seen_clients(case: Case) -> None:
    """Talk to five services over two providers so that the firewall sees no SYN: ACKs, FINs and RSTs of ordinary clients, all day."""
    services = (("web", 443), ("web", 80), ("mail", 993), ("bastion", 22), ("server", 8443))
    for client in case.machines(60):
        for at in case.working(case.rng.randint(1, 4)):
            role, port = case.rng.choice(services)
            sport = client.client_port()
            for n in range(case.rng.randint(2, 6)):
                client.stray(at + 1.5 * n, case.net.one(role), INSIDE[n], sport, port)


@more_benign("telephones-wrong-range", hosts=60)
def telephones_wrong_range(case: Case) -> None:
    """Ask a wrong range for its telephones: an exchange whose settings name our network instead of 10.x asks forty for their state."""
    exchange, phones = case.machine("linux"), sorted(case.dark(40))
    for at in case.steady(10_800, begin=0.4, end=0.9):
        for n, phone in enumerate(phones):
            exchange.datagram(at + 0.02 * n, phone, 5060, 5060, length=410)
