"""Accidents and the weather: devices that phone a dead cloud, wrong addresses, floods, what always drizzles."""

from __future__ import annotations

import ipaddress

from bench.addresses import home_text
from bench.ordinary.actors import Case, Tool, benign
from bench.plan import SWEPT_PORTS, SWEPT_UDP_PORTS

STALE_NAME_PORTS = (443, 443, 443, 80, 5222, 8883)
CLUSTER = ((7946, "tcp"), (7946, "udp"), (2379, "tcp"), (6443, "tcp"), (8301, "udp"))
MIRAI_PORTS = (23, 23, 23, 2323, 5555, 37_215)
RADIATION_STACKS = ("linux", "windows", "small", "masscan", "zmap")


@benign("background-radiation", share=3)
def background_radiation(case: Case) -> None:
    """Send one to three probes each from very many sources; some look like Mirai, its number the target's address."""
    hosts = list(case.net.hosts)
    for _ in range(900):
        name = case.rng.choice(RADIATION_STACKS)
        port, many = case.rng.choice(SWEPT_PORTS + MIRAI_PORTS), case.rng.choices((1, 2, 3), (60, 25, 15))[0]
        times = [case.rng.random() * case.span] * many
        if name in ("masscan", "zmap"):
            tool = Tool(case, case.net.stranger(case.rng), name)
            for n, at in enumerate(times):
                tool.probe(at + 700 * n, case.rng.choice(hosts), port)
            continue
        bot = port in MIRAI_PORTS
        source = case.machine("small" if bot else name)
        for n, at in enumerate(times):
            host = case.rng.choice(hosts)
            if not bot and case.rng.random() < 0.15:
                source.datagram(at + 700 * n, host, case.rng.choice(SWEPT_UDP_PORTS))
            else:
                source.connect(at + 700 * n, host, port, patience=0, seq=home_v4(host) if bot else None)


def home_v4(host: int) -> int:
    """Return the IPv4 address of one of our hosts as a number: Mirai writes it where the sequence number belongs."""
    return int(ipaddress.IPv4Address(home_text(host, False)))


@benign("devices-dead-cloud")
def devices_dead_cloud(case: Case) -> None:
    """Phone an address that once was a cloud's: dozens of devices, each for ever, to the same closed port."""
    (cloud,) = case.dark(1)
    for device in case.machines(35, "small"):
        for at in case.steady(case.rng.choice((10_800, 21_600, 43_200)), jitter=0.2):
            device.connect(at, cloud, 8883, patience=2)


@benign("printers")
def printers(case: Case) -> None:
    """Print to addresses that once were printers of a branch: raw port, IPP and SNMP, in working hours."""
    queue = case.dark(3)
    for server in case.machines(2, "windows"):
        for at in case.working(12):
            printer = case.rng.choice(queue)
            server.datagram(at, printer, 161)
            for port in (9100, 631):
                server.connect(at + 5, printer, port, patience=2)


@benign("misdirected-forwarding")
def misdirected_forwarding(case: Case) -> None:
    """Arrive by someone's mistyped port forwarding: very many clients, one closed port, a few tries each."""
    (target,) = case.dark(1)
    for client in case.machines(130):
        for at in case.times(case.rng.choice((1, 1, 2)), 0.3, 0.7):
            client.connect(at, target, 8080)


@benign("address-plan-typo", hosts=60)
def address_plan_typo(case: Case) -> None:
    """Look for one device on twenty addresses in a row, by hand and over hours, because the plan was mistyped."""
    client, first = case.machine("windows"), case.rng.choice(list(case.net.hosts)[:-20])
    at = case.working(1)[0] * 0.8
    for n in range(20):
        client.connect(at, first + n, 4370)
        at += case.rng.uniform(200, 1_500)


@benign("stale-name")
def stale_name(case: Case) -> None:
    """Follow a name that still points to one of our dark addresses: apps and browsers, a few ports, for days."""
    (target,) = case.dark(1)
    for client in case.machines(70):
        for at in case.times(case.rng.randint(1, 4)):
            client.connect(at, target, case.rng.choice(STALE_NAME_PORTS))


@benign("previous-tenant", hosts=6)
def previous_tenant(case: Case) -> None:
    """Look for the members of a cluster that lived on three of our addresses before us: five nodes, the same ports."""
    hosts = case.dark(3)
    for node in case.machines(5, "linux"):
        for at in case.steady(8 * 3600, jitter=0.3):
            for host in hosts:
                for port, proto in CLUSTER:
                    if proto == "tcp":
                        node.connect(at + case.rng.uniform(0, 60), host, port, patience=0)
                    else:
                        node.datagram(at + case.rng.uniform(0, 60), host, port)


@benign("lost-user")
def lost_user(case: Case) -> None:
    """Try remote desktop, VNC, SSH and the web on two or three of our hosts to find the own machine."""
    for user in case.machines(4, "windows"):
        at, hosts = case.working(1)[0], case.rng.sample(list(case.net.hosts), min(3, len(case.net.hosts)))
        for n, port in enumerate((3389, 3389, 5900, 22, 443)[: case.rng.randint(2, 5)]):
            user.connect(at + 90 * n, case.rng.choice(hosts), port)


@benign("spoofed-flood")
def spoofed_flood(case: Case) -> None:
    """Flood the web server with SYNs of forged sources, one or two each."""
    at, web = case.moment(), case.net.one("web")
    for _ in range(900):
        forged = case.machine("bare")
        forged.connect(at + case.rng.uniform(0, 90), web, case.rng.choice((80, 443)), patience=0)


@benign("carpet-flood", hosts=60)
def carpet_flood(case: Case) -> None:
    """Flood the whole network by reflection: each amplifier hits a few hosts, all from one source port."""
    at, hosts = case.moment(), list(case.net.hosts)
    service = case.rng.choice((53, 123, 389))
    for reflector in case.machines(80, "linux"):
        for _ in range(case.rng.randint(2, 14)):
            reflector.datagram(
                at + case.rng.uniform(0, 300), case.rng.choice(hosts), case.rng.choice((80, 443)), service, length=1_428
            )


@benign("stuck-client")
def stuck_client(case: Case) -> None:
    """Ask one closed port of one host, day and night."""
    client, host = case.machine("linux"), case.rng.choice(case.net.live)
    for at in case.steady(900):
        client.connect(at, host, 5432)


@benign("cloud-sync-two-sites")
def cloud_sync_two_sites(case: Case) -> None:
    """Replicate from a second site to four services of two hosts, one of which was renumbered."""
    replica, hosts = case.machine("linux"), [*case.dark(1), case.net.one("server")]
    for at in case.steady(3 * 3600):
        for host in hosts:
            for port in (443, 8443, 873, 5432):
                replica.connect(at + case.rng.uniform(0, 30), host, port)
