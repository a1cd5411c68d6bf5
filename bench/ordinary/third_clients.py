"""Clients of firms, hospitals, shops, universities and homes at the firewall: what they use, what moved away, what they try then."""

from __future__ import annotations

from bench.ordinary.actors import Case, Machine, third_benign
from bench.ordinary.more_clients import ask

HOPS = (12_346, 12_366, 12_386, 12_406, 12_426)
"""Ports that an edge of a software-defined WAN tries in turn."""

IMAGES, MESSAGES = (104, 11_112, 4242), (2575, 6661)
PAYMENT = ((0, 443), (0, 8443), (1, 443), (1, 9443), (0, 10_443))
"""Gateways of a payment firm as a terminal has them: number and port."""

FLOWS = (2055, 9995, 6343)
CHECKED = (25_565, 25_565, 32_400, 3389, 22, 80, 443, 8080, 51_413, 6112, 9987, 27_015, 5000, 8123, 1194, 51_820)
"""What people want to know of their own connection: is this port open?"""

OLD_MAIL = ((993, 587), (993, 465), (143, 25), (995, 587))
STANDBY = ((22, "tcp"), (443, "tcp"), (8443, "tcp"), (25, "tcp"), (53, "udp"), (389, "tcp"))
INSTRUMENTS = (4840, 1883, 502, 5025, 445, 21)
TUNNEL_DOORS = (51_820, 51_820, 51_820, 443, 53)
SCTP = 132
BACKUPS = (10_000, 13_724, 13_782, 9392, 6160, 2500, 2501, 2502, 902, 10_006)
"""Ports between the two halves of a backup program: control, agents, movers of data."""

FLEET_VIEWS = (554, 8000, 37_777, 34_567)


@third_benign("wan-edges")
def wan_edges(case: Case) -> None:
    """Look for the hub of a wide-area network that moved: ten branches over two lines each, five ports in turn, every few hours."""
    (hub,) = case.dark(1)
    for line in case.machines(20, "linux"):
        for at in case.times(6):
            for n, port in enumerate(HOPS):
                line.datagram(at + 25 * n, hub, port, port, length=case.rng.choice((129, 182)))


@third_benign("modalities")
def modalities(case: Case) -> None:
    """Send pictures and messages of a hospital to two archives that were renumbered: what the settings list, until the queue is full."""
    archives = case.dark(2)
    for n, device in enumerate(case.machines(8, "windows")):
        ports = IMAGES if n % 3 else MESSAGES
        for at in case.working(5):
            for k, archive in enumerate(archives):
                for m, port in enumerate(ports[: case.rng.randint(1, len(ports))]):
                    device.connect(at + 40 * k + 12 * m, archive, port)


@third_benign("payment-terminals")
def payment_terminals(case: Case) -> None:
    """Look for a payment gateway during an outage: each terminal tries all five doors that it knows, at every customer."""
    gateways, begin = case.dark(2), case.working(1)[0] * 0.95
    for terminal in case.machines(25, "small"):
        for customer in range(3):
            at = begin + 900 * customer + case.rng.uniform(0, 600)
            for n, (number, port) in enumerate(PAYMENT):
                terminal.connect(at + 8 * n, gateways[number % len(gateways)], port, patience=0)


@third_benign("camera-hole-punching")
def camera_hole_punching(case: Case) -> None:
    """Reach a camera behind our translator from a telephone: a dozen ports upwards from the last one seen, as both sides agreed."""
    nat = case.net.one("nat")
    for phone in case.machines(12, "linux"):
        for at in case.times(3):
            first, sport = case.rng.randrange(1_024, 64_000), phone.client_port()
            for n in range(case.rng.randint(4, 14)):
                phone.datagram(at + 0.03 * n, nat, first + n, sport, length=case.rng.choice((48, 52)))


@third_benign("sync-peers")
def sync_peers(case: Case) -> None:
    """Synchronise folders with a peer behind our translator that is switched off: TCP and QUIC, the port of its settings and of UPnP."""
    nat, mapped = case.net.one("nat"), case.rng.randrange(1_024, 65_000)
    for peer in case.machines(12, "linux"):
        for at in case.times(9):
            for n, port in enumerate((22_000, mapped)):
                peer.connect(at + n, nat, port, patience=1)
                peer.datagram(at + n + 0.2, nat, port, 22_000, length=1_280)


@third_benign("node-ports", hosts=6)
def node_ports(case: Case) -> None:
    """Check the node ports of a cluster that was shut down, from three addresses of a balancer whose settings remained."""
    nodes, ports = case.dark(2), case.rng.sample(range(30_000, 32_768), 14)
    begin = case.working(1)[0]
    for source in case.net.neighbours(case.rng, 3):
        balancer = Machine(case, source, "linux")
        for n in range(6):
            for host in nodes:
                for port in ports:
                    balancer.connect(begin + 30 * n + 2 * case.rng.random(), host, port, patience=0)


@third_benign("update-peers")
def update_peers(case: Case) -> None:
    """Fetch parts of an update from machines behind our translator, as a service of the maker told their peers to."""
    for peer in case.machines(80, "windows"):
        for at in case.working(case.rng.choice((1, 1, 2))):
            peer.connect(at, case.net.one("nat"), 7680, patience=2)


@third_benign("tunnel-peers")
def tunnel_peers(case: Case) -> None:
    """Shake hands every five seconds with a tunnel that is gone, from home and on the road; some try a port that is never filtered."""
    (gone,) = case.dark(1)
    for peer in case.machines(9, "linux"):
        for at in case.working(3):
            port, sport = case.rng.choice(TUNNEL_DOORS), peer.client_port()
            for n in range(18):
                peer.datagram(at + 5.1 * n, gone, port, sport, length=176)


@third_benign("wake-on-wan")
def wake_on_wan(case: Case) -> None:
    """Wake the own machine from afar: the magic packet to the two usual ports, at its address and its neighbours'."""
    for owner in case.machines(7):
        hosts = case.dark(3)
        for at in case.working(4):
            for n, port in enumerate((9, 9, 7)):
                for host in hosts:
                    owner.datagram(at + n + 0.1 * case.rng.random(), host, port, length=130)


@third_benign("flow-exporters")
def flow_exporters(case: Case) -> None:
    """Export what passes through twelve routers to a collector that has been moved; each router in the way of its maker."""
    (collector,) = case.dark(1)
    for n, router in enumerate(case.machines(12, "small")):
        sport = router.client_port()
        for at in case.steady(7_200, jitter=0.3):
            router.datagram(at, collector, FLOWS[n % 3], sport, length=1_420)


@third_benign("roaming-universities")
def roaming_universities(case: Case) -> None:
    """Forward the logins of travelling scholars to our two old RADIUS servers: three tries each, then the accounts."""
    servers = case.dark(2)
    for proxy in case.machines(12, "linux"):
        for at in case.working(8):
            sport = proxy.client_port()
            for n, server in enumerate(servers):
                for again in range(case.rng.randint(1, 3)):
                    proxy.datagram(at + 15 * n + 5 * again, server, 1812, sport, length=case.rng.randrange(190, 320))
            proxy.datagram(at + 40, servers[0], 1813, sport, length=170)


@third_benign("mobile-shells")
def mobile_shells(case: Case) -> None:
    """Log in over SSH and go on over UDP, to the next free port from 60001 on, also from the next network the laptop meets."""
    bastion = case.net.one("bastion")
    for laptop in case.machines(8, "linux"):
        for n, at in enumerate(case.working(5)):
            laptop.connect(at, bastion, 22)
            for sender in (laptop, case.machine("linux")):
                for k in range(case.rng.randint(1, 5)):
                    sender.datagram(
                        at + 3 * k, bastion, 60_001 + n + case.rng.randrange(3), length=case.rng.randrange(90, 160)
                    )


@third_benign("nearness-probes")
def nearness_probes(case: Case) -> None:
    """Measure how far our resolvers are, for the balancers of big sites: echo, a question, TCP 53 and a high port, in turn."""
    hosts = [case.net.one("dns"), case.net.one("nat")]
    for _ in range(4):
        for source in case.net.neighbours(case.rng, 4):
            balancer = Machine(case, source, "linux")
            for at in case.times(4):
                for n, host in enumerate(hosts):
                    balancer.ping(at + n, host)
                    balancer.datagram(at + n + 2, host, 53, length=72)
                    balancer.connect(at + n + 4, host, 53, patience=0)
                    balancer.datagram(at + n + 6, host, 33_434, length=60)


@third_benign("port-checker-site")
def port_checker_site(case: Case) -> None:
    """Tell people whether a port of theirs is open: a web site checks our translator for whoever of us asks it."""
    checkers = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 2)]
    for at in case.working(22):
        port = case.rng.choice(CHECKED)
        for again in range(case.rng.choice((1, 1, 2, 4))):
            case.rng.choice(checkers).connect(at + 25 * again, case.net.one("nat"), port, patience=1)


@third_benign("health-checks-moving")
def health_checks_moving(case: Case) -> None:
    """Check three services from a cloud whose balancers get another address every half hour."""
    doors = (("server", 443), ("server", 8443), ("web", 443))
    prefix = case.net.stranger(case.rng).rsplit(".", 2)[0]
    for at in case.steady(1_800):
        balancer = case.machine("linux", f"{prefix}.{case.rng.randrange(256)}.{case.rng.randrange(1, 255)}")
        for n, (role, port) in enumerate(doors):
            balancer.connect(at + n, case.net.one(role), port, patience=0)
        balancer.get(at + 5, "/healthz", 404, agent="ELB-HealthChecker/2.0")


@third_benign("mail-phones-moved")
def mail_phones_moved(case: Case) -> None:
    """Fetch mail where it was until last week: telephones that ask two ports, again whenever they wake up."""
    (old,) = case.dark(1)
    for phone in case.machines(24):
        ports = case.rng.choice(OLD_MAIL)
        for at in case.times(4):
            for n, port in enumerate(ports):
                phone.connect(at + 30 * n, old, port)


@third_benign("failover-drill", hosts=20)
def failover_drill(case: Case) -> None:
    """Rehearse the move to the second site: a script and two people check the services of twelve stand-by hosts that are not up yet."""
    standby, begin = sorted(case.dark(12)), case.working(1)[0]
    for n, tester in enumerate(case.machine("linux", trusted=True) for _ in range(3)):
        for again in range(3 if n == 0 else 1):
            for k, host in enumerate(standby if n == 0 else case.rng.sample(standby, 4)):
                for m, service in enumerate(STANDBY[: 6 if n == 0 else 2]):
                    ask(tester, begin + 1_800 * again + 600 * n + 4 * k + 0.5 * m, host, service, patience=0)


@third_benign("instruments")
def instruments(case: Case) -> None:
    """Deliver measurements of a laboratory to a server that was replaced, each instrument by the one or two ways that it knows."""
    (server,) = case.dark(1)
    for instrument in case.machines(9, "small"):
        ways = case.rng.sample(INSTRUMENTS, case.rng.choice((1, 2)))
        for at in case.times(9):
            for n, port in enumerate(ways):
                instrument.connect(at + 20 * n, server, port)


@third_benign("telephony-partners")
def telephony_partners(case: Case) -> None:
    """Ask for associations over SCTP that a former owner of two addresses had with four exchanges, without an end."""
    for partner in case.machines(4, "linux"):
        hosts = case.dark(2)
        for at in case.steady(4_200, jitter=0.3):
            for n, host in enumerate(hosts):
                partner.raw(at + n, host, SCTP)


@third_benign("scripts-old-port")
def scripts_old_port(case: Case) -> None:
    """Copy files by the hour to where SSH was before it moved to another port: scripts of ten servers, and who maintains them."""
    for n, server in enumerate(case.machines(10, "linux")):
        for at in case.steady(14_400, jitter=0.01):
            server.connect(at, case.net.one("files"), 2222, patience=2)
            if n < 3:
                server.connect(at + 60, case.net.one("files"), 22)


@third_benign("mistyped-resolver")
def mistyped_resolver(case: Case) -> None:
    """Use an address of ours as resolver because one digit is wrong: all machines behind three branches, each name three times."""
    (mistyped,) = case.dark(1)
    for branch in case.machines(3, "linux"):
        for at in case.working(55):
            sport = branch.client_port()
            for pause in (0, 1, 5):
                branch.datagram(at + pause, mistyped, 53, sport, length=case.rng.randrange(56, 90))


@third_benign("backup-halves")
def backup_halves(case: Case) -> None:
    """Look for the other half of a backup program each night, on the ten ports between the two, at a host that was replaced."""
    (replaced,) = case.dark(1)
    for master in case.machines(2, "windows"):
        for night in range(int(case.span // 86_400)):
            begin = 86_400 * night + 79_200 + case.rng.uniform(0, 600)
            for n, port in enumerate(BACKUPS * 2):
                master.connect(begin + 45 * n, replaced, port, patience=2)


@third_benign("camera-viewers")
def camera_viewers(case: Case) -> None:
    """Look at the cameras of a shop whose address has changed: owners' telephones and a guard's wall of monitors, two of four ports."""
    (shop,) = case.dark(1)
    for n, viewer in enumerate(case.machines(6)):
        ports = case.rng.sample(FLEET_VIEWS, 2)
        for at in case.times(30 if n == 0 else 5):
            for k, port in enumerate(ports):
                viewer.connect(at + k, shop, port, patience=1)
