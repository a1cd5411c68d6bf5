"""Those who run the network from outside: administrators, backups, monitoring, health checks."""

from __future__ import annotations

from bench.ordinary.actors import DAY, Case, benign

CHECKED = (22, 80, 443, 5666)
MONITORED = (21, 22, 25, 53, 80, 110, 143, 443, 465, 587, 993, 995, 3306, 5432, 6379, 8080, 9100, 11_211)
ROBOT = "Mozilla/5.0 (compatible; ExampleUptime/2.0; https://uptime.example.net/)"
BALANCER = "ELB-HealthChecker/2.0"
BACKUP_PORT, AGENT_PORT, SYSLOG_TLS = 9102, 10_050, 6514


@benign("ssh-admin", hosts=6)
def ssh_admin(case: Case) -> None:
    """Log in to dozens of hosts a day from one trusted address; two of them are gone."""
    admin, live = case.machine("linux", trusted=True), case.net.live
    hosts = case.rng.sample(live, min(24, len(live))) + case.dark(2)
    for at in case.working(120):
        admin.connect(at, case.rng.choice(hosts), 22)


@benign("ssh-admin-unlisted", hosts=6)
def ssh_admin_unlisted(case: Case) -> None:
    """Work from a hotel whose address no rule lets in, try the usual hosts and give up."""
    admin = case.machine("linux")
    hosts = case.rng.sample(case.net.live, min(7, len(case.net.live)))
    for at in case.working(3):
        for n, host in enumerate(hosts):
            admin.connect(at + 40 * n, host, 22)


@benign("config-management", hosts=6)
def config_management(case: Case) -> None:
    """Run a playbook over all hosts every few hours, many at a time."""
    controller = case.machine("linux", trusted=True)
    for at in case.steady(4 * 3600):
        for n, host in enumerate(case.net.live + case.dark(1)):
            controller.connect(at + 0.4 * n + case.rng.random(), host, 22, patience=2)


@benign("backup-over-hosts", hosts=6)
def backup_over_hosts(case: Case) -> None:
    """Fetch every host's files by night, one after the other; some file daemons are down and asked again."""
    director, hosts = case.machine("linux", trusted=True), case.net.live
    for day in range(int(case.span // DAY)):
        at = day * DAY + 3_600 + case.rng.uniform(0, 60)
        for n, host in enumerate(hosts):
            for attempt in range(3 if n % 6 == 5 else 1):
                director.connect(at + 420 * n + 60 * attempt, host, BACKUP_PORT)


@benign("nagios-network", hosts=6)
def nagios_network(case: Case) -> None:
    """Check ping, SSH, web and agent of the hosts in use; nobody opened the firewall for some of the checks."""
    nagios = case.machine("linux")
    hosts = case.rng.sample(case.net.live, min(10, len(case.net.live)))
    for at in case.steady(3 * 3600):
        for host in hosts:
            nagios.ping(at + case.rng.uniform(0, 300), host)
            for port in CHECKED:
                nagios.connect(at + case.rng.uniform(0, 600), host, port, patience=1)


@benign("zabbix-discovery", hosts=100)
def zabbix_discovery(case: Case) -> None:
    """Discover agents in the whole network twice a day, from a contracted address that is let in."""
    server, hosts = case.machine("linux", trusted=True), list(case.net.hosts)[:254]
    for at in case.steady(DAY, jitter=0.001):
        for n, host in enumerate(hosts):
            if server.ping(at + 0.9 * n, host) and host in case.net.live:
                server.connect(at + 0.9 * n + 0.1, host, AGENT_PORT, patience=1)


@benign("misconfigured-monitor")
def misconfigured_monitor(case: Case) -> None:
    """Check eighteen services of one host for ever, most of which it never had."""
    monitor, host = case.machine("linux"), case.net.one("web")
    for at in case.steady(2 * 3600, begin=0.1):
        for n, port in enumerate(MONITORED):
            monitor.connect(at + 1.5 * n, host, port, patience=1)


@benign("balancer-health")
def balancer_health(case: Case) -> None:
    """Ask a few back ends whether they live, from two addresses; one is down for an afternoon."""
    backends = case.rng.sample(case.net.live, min(4, len(case.net.live)))
    path = case.rng.choice(("/healthz", "/"))
    for balancer in (case.machine("linux"), case.machine("linux")):
        for at in case.steady(900):
            for host in backends:
                down = host == backends[0] and 0.5 < at / case.span < 0.57
                balancer.connect(at + case.rng.random(), host, 8443 if down else 443, patience=0)
            balancer.get(at + 2, path, agent=BALANCER)


@benign("uptime-robots")
def uptime_robots(case: Case) -> None:
    """Look at web, ping and a mail port from a dozen places in turn."""
    robots, mail = case.machines(12, "linux"), case.net.one("mail")
    for n, at in enumerate(case.steady(600)):
        robot = robots[n % 12]
        robot.get(at, "/", method="HEAD", agent=ROBOT)
        if n % 3 == 0:
            robot.ping(at + 1, case.net.one("web"))
            robot.connect(at + 2, mail, (25, 993, 143)[n // 3 % 3], patience=1)


@benign("looking-glass", hosts=6)
def looking_glass(case: Case) -> None:
    """Ping and trace a few of our hosts from the looking glasses of carriers, as people ask for it."""
    hosts = case.rng.sample(case.net.live, min(3, len(case.net.live)))
    for glass in case.machines(8, "linux"):
        for at in case.working(2):
            host = case.rng.choice(hosts)
            for n in range(5):
                glass.ping(at + n, host)
            for n in range(12):
                glass.trace(at + 20 + n * 0.7, host, 33_460 + n, 1 + n // 3)


@benign("log-shipper-moved")
def log_shipper_moved(case: Case) -> None:
    """Ship logs to a collector that was switched off, with longer and longer pauses."""
    shipper, (collector,) = case.machine("linux"), case.dark(1)
    for at in case.steady(1200, begin=0.15):
        shipper.connect(at, collector, SYSLOG_TLS)


@benign("dns-secondary")
def dns_secondary(case: Case) -> None:
    """Ask our name server for the serial number and fetch the zone, from two secondaries."""
    for secondary in case.machines(2, "linux"):
        for at in case.steady(1800):
            secondary.datagram(at, case.net.one("dns"), 53)
            if case.rng.random() < 0.1:
                secondary.connect(at + 1, case.net.one("dns"), 53)


@benign("snmp-inventory", hosts=20)
def snmp_inventory(case: Case) -> None:
    """Read SNMP of the switches of a site whose addresses were once ours to announce: the same dozen, every hour."""
    poller, switches = case.machine("linux"), sorted(case.dark(12))
    for at in case.steady(2 * 3600):
        sport = poller.client_port()
        for n, switch in enumerate(switches):
            for attempt in range(2):
                poller.datagram(at + n * 0.2 + attempt * 5, switch, 161, sport, length=82)


@benign("moved-admin-panel")
def moved_admin_panel(case: Case) -> None:
    """Try the ports a panel used to have on one host: 8443, 8080, 10000, 443, then ask a colleague."""
    user, host = case.machine("windows"), case.net.one("bastion")
    for at in case.working(4):
        for n, port in enumerate((8443, 8080, 10_000, 2083, 443)[: case.rng.randint(2, 5)]):
            user.connect(at + 35 * n, host, port)
