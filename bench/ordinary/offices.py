"""Many people behind one address: offices, carriers, schools, conferences; each does something else."""

from __future__ import annotations

from bench.access import PAGES
from bench.ordinary.actors import Case, Machine, benign
from bench.ordinary.network import ARTICLES

HABITS = (("web", 443, 40), ("web", 80, 10), ("mail", 993, 20), ("mail", 587, 6), ("mail", 143, 3), ("desk", 443, 8),
          ("bastion", 22, 5), ("files", 21, 3), ("server", 443, 8), ("server", 8443, 4), ("voice", 5061, 3))  # fmt: skip
OUTDATED = (
    ("mail", 110),
    ("mail", 25),
    ("bastion", 3389),
    ("files", 445),
    ("web", 8080),
    ("files", 2222),
    ("desk", 3389),
)
"""What people still try although it was closed."""

PARTS = tuple(page for page in PAGES if page.endswith((".css", ".js", ".png")))
VPN_PORTS = (500, 4500, 1194)
LAB_PORTS = (22, 22, 22, 3000, 5000, 8000, 8888)


def _people(case: Case, nat: Machine, count: int, outdated: float) -> None:
    roles, ports, weights = zip(*HABITS, strict=True)
    for at in case.working(count):
        n = case.rng.choices(range(len(HABITS)), weights)[0]
        role, port = (roles[n], ports[n]) if case.rng.random() > outdated else case.rng.choice(OUTDATED)
        nat.connect(at, case.rng.choice(case.net.roles[role]), port)


def browse(case: Case, machine: Machine, at: float, pages: int, agent: str | None = None) -> None:
    """Read some pages one after the other as a browser does, with their parts and sometimes a stale link."""
    referer = "-"
    for _ in range(pages):
        page = case.rng.choice(ARTICLES)
        machine.get(at, page, referer=referer, agent=agent)
        referer = f"https://www.example.org{page}"
        for part in case.rng.sample(PARTS, 3):
            machine.get(at + case.rng.uniform(0.05, 0.9), part, referer=referer, agent=agent,
                        status=304 if case.rng.random() < 0.3 else None)  # fmt: skip
        if case.rng.random() < 0.04:
            machine.get(at + 1, f"/images/{case.rng.randrange(99)}-old.png", referer=referer, agent=agent)
        at += case.rng.uniform(8, 120)


@benign("office")
def office(case: Case) -> None:
    """Use mail, web, files and desktops from one office address all day; a few things are long closed."""
    nat = case.machine("linux", case.lend)
    _people(case, nat, 300, 0.06)
    for at in case.working(25):
        browse(case, nat, at, case.rng.randint(1, 6), case.machine().agent)


@benign("carrier-pool")
def carrier_pool(case: Case) -> None:
    """Come out of a carrier's pool of sixteen addresses, each of hundreds of customers, with all they do."""
    for source in case.net.neighbours(case.rng, 16):
        nat = Machine(case, source, case.rng.choice(("linux", "windows")))
        _people(case, nat, 35, 0.1)
        for at in case.working(4):
            browse(case, nat, at, case.rng.randint(1, 4), case.machine().agent)


@benign("student-lab", hosts=20)
def student_lab(case: Case) -> None:
    """Work on twenty virtual machines from one class room: SSH and whatever port the exercise uses; some are not up yet."""
    lab = case.machine("linux")
    hosts = case.rng.sample(case.net.live, min(16, len(case.net.live))) + case.dark(4)
    start = case.working(1)[0]
    for _ in range(160):
        at = start + case.rng.uniform(0, 5_400)
        lab.connect(at, case.rng.choice(hosts), case.rng.choice(LAB_PORTS))


@benign("conference")
def conference(case: Case) -> None:
    """Meet behind one address for two days: VPN, mail, web, SSH, and old settings of a hundred laptops."""
    nat = case.machine("linux")
    _people(case, nat, 160, 0.15)
    for at in case.working(60):
        nat.datagram(at, case.net.one("vpn"), case.rng.choice(VPN_PORTS))
        browse(case, nat, at + 5, 1, case.machine().agent)


@benign("home-worker")
def home_worker(case: Case) -> None:
    """Work from home on a handful of services, and print once to the office out of habit."""
    for worker in case.machines(6):
        _people(case, worker, 20, 0.1)
        worker.connect(case.working(1)[0], case.net.one("files"), 9100)
        worker.connect(case.working(1)[0], case.net.one("files"), 445)


@benign("office-moved-servers", hosts=20)
def office_moved_servers(case: Case) -> None:
    """Find after a renumbering that the bookmarks of ten services on ten hosts lead nowhere, all from one office."""
    nat, old = case.machine("linux"), case.dark(8)
    services = [(host, case.rng.choice((443, 22, 3389, 8443, 445, 993))) for host in old]
    for at in case.working(60):
        nat.connect(at, *case.rng.choice(services))
