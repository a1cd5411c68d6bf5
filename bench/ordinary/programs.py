"""Programs at the web server that are not readers: applications, WebDAV, certificates, checks, previews of their own."""

from __future__ import annotations

from bench.ordinary.actors import Case, Machine, benign
from bench.ordinary.network import ARTICLES, SITES
from bench.ordinary.offices import browse

APP = "ExampleApp/5.2.1 (iPhone; iOS 18.3)"
CLIENT = "python-requests/2.32.3"
WEBDAV = "Microsoft-WebDAV-MiniRedir/10.0.22631"
FINDER = "WebDAVFS/3.0.0 (03008000) Darwin/24.1.0 (arm64)"
DESK_FILES = (
    "desktop.ini",
    "Thumbs.db",
    ".DS_Store",
    "._.DS_Store",
    ".hidden",
    "AutoRun.inf",
    "folder.jpg",
    ".metadata_never_index",
)
VALIDATOR = "Mozilla/5.0 (compatible; Let's Encrypt validation server; +https://www.letsencrypt.org)"
AUDITOR = "Mozilla/5.0 (compatible; SiteAuditBot/0.97; +https://audit.example.net/bot)"
EDGE_HEADERS = "Amazon CloudFront"
EDITED = ("/cms/login", "/cms/pages", "/cms/media", "/cms/api/autosave", "/cms/api/preview", "/cms/api/locks")


@benign("api-many-ids")
def api_many_ids(case: Case) -> None:
    """Fetch items by number, as a partner's shop does: many are sold out and gone."""
    for client in case.machines(2, "linux"):
        for at in case.times(160):
            client.get(at, f"/api/v1/items/{case.rng.randrange(1_000, 9_999)}", agent=CLIENT, site="api.example.org")


@benign("api-expired-key")
def api_expired_key(case: Case) -> None:
    """Ask for items with a key that is no longer good: 401 for each, all night."""
    client = case.machine("linux")
    for n, at in enumerate(case.steady(600, begin=0.2)):
        client.get(at, f"/api/v1/items/{4_000 + n}", 401, agent=CLIENT, site="api.example.org")


@benign("broken-app")
def broken_app(case: Case) -> None:
    """Poll a place that the last release took away, from every telephone that has the app."""
    for phone in case.machines(25):
        for at in case.steady(case.rng.choice((7_200, 14_400)), jitter=0.3):
            phone.get(at, f"/api/v2/config?device={phone.ttl}&v=5.2.1", agent=APP)


@benign("broken-app-assets")
def broken_app_assets(case: Case) -> None:
    """Load an old release's pieces after a deployment: dozens of 404s in seconds, prefetched by the page itself."""
    for user in case.machines(12):
        at = case.working(1)[0]
        browse(case, user, at, 1)
        for n in range(30):
            name = f"{case.rng.getrandbits(32):08x}"
            user.get(at + 2 + 0.02 * n, f"/assets/js/chunk-{name}.js", referer="https://www.example.org/")


@benign("single-page-app")
def single_page_app(case: Case) -> None:
    """Use the application below /app/, where the server answers 200 to every path."""
    for user in case.machines(15):
        for at in case.working(3):
            for n in range(case.rng.randint(2, 8)):
                user.get(
                    at + 20 * n, f"/app/orders/{case.rng.randrange(90_000)}", referer="https://www.example.org/app/"
                )


@benign("webdav")
def webdav(case: Case) -> None:
    """Mount a folder: the desktop asks for its hidden files in each folder it shows, and for the folders above."""
    for user, agent in zip(case.machines(3, "windows"), (WEBDAV, FINDER, WEBDAV), strict=True):
        for at in case.working(4):
            user.get(at, "/", 405, method="OPTIONS", agent=agent)
            user.get(at + 0.1, "/dav", 401, method="PROPFIND", agent=agent)
            for n, folder in enumerate(("team", "team/2026", "team/old")):
                user.get(at + 1 + n, f"/dav/{folder}/", 207, method="PROPFIND", agent=agent)
                for name in case.rng.sample(DESK_FILES, 4):
                    user.get(at + 1.2 + n, f"/dav/{folder}/{name}", 404, method="PROPFIND", agent=agent)


@benign("certificate-validation")
def certificate_validation(case: Case) -> None:
    """Validate a certificate from five places at once; one of the names is not set up."""
    for at in case.times(4):
        for site in SITES:
            token = f"/.well-known/acme-challenge/{case.rng.getrandbits(200):040x}"
            for machine in case.machines(5, "linux"):
                machine.get(at + case.rng.random(), token, 404 if site == SITES[1] else 200, agent=VALIDATOR, site=site)


@benign("site-audit")
def site_audit(case: Case) -> None:
    """Audit the site for its owner: all pages, then the pages linked from them that are gone, at two a second."""
    auditor, begin = case.machine("linux"), case.moment()
    auditor.get(begin, "/robots.txt", agent=AUDITOR)
    gone = [f"/products/{case.rng.randrange(160, 999)}" for _ in range(45)]
    for n, path in enumerate(case.rng.sample([*case.rng.sample(ARTICLES, 150), *gone], 195)):
        auditor.get(begin + 1 + 0.5 * n, path, agent=AUDITOR, referer="https://www.example.org/")


@benign("site-verification")
def site_verification(case: Case) -> None:
    """Look for the file that proves who owns the site, for four search consoles, every few hours; two were deleted."""
    for name in ("google7d1c0e", "yandex_88a1", "BingSiteAuth", "pinterest-90b"):
        checker = case.machine("linux")
        for at in case.steady(18_000):
            checker.get(at, f"/{name}.html", 200 if name.startswith("google") else None, agent="Site-Verifier/1.0")


@benign("malware-recheck")
def malware_recheck(case: Case) -> None:
    """Fetch again, from the clouds of security firms, what a protected user has just opened: one-time links are spent."""
    for _ in range(50):
        (at,) = case.working(1)
        path = f"/account/confirm?token={case.rng.getrandbits(64):016x}"
        case.machine().get(at, path, 302)
        for checker in case.machines(case.rng.randint(1, 3)):
            checker.get(at + case.rng.uniform(1, 600), path, 410)


@benign("content-network")
def content_network(case: Case) -> None:
    """Fetch for the readers of a content network from two /24s of edges: every path that anybody asked for."""
    for source in (*case.net.neighbours(case.rng, 10), *case.net.neighbours(case.rng, 10)):
        edge = Machine(case, source, "linux")
        for at in case.times(45):
            gone = case.rng.random() < 0.08
            path = f"/images/{case.rng.randrange(400)}.webp" if gone else case.rng.choice(ARTICLES)
            edge.get(at, path, agent=EDGE_HEADERS)


@benign("editors")
def editors(case: Case) -> None:
    """Write for the site in its content system: logins, previews, autosaves, a few that fail."""
    for editor in case.machines(3):
        for at in case.working(3):
            editor.get(at, "/cms/login", 200)
            for n in range(25):
                path = case.rng.choice(EDITED)
                editor.get(at + 20 + 45 * n, path, case.rng.choice((200, 200, 200, 302, 409)), method="POST")


@benign("load-test")
def load_test(case: Case) -> None:
    """Load the start page for its owner, some hundred times in a minute."""
    tester, at = case.machine("linux"), case.moment()
    for n in range(500):
        tester.get(at + 0.1 * n, "/", agent="ApacheBench/2.3")


@benign("broken-encoding")
def broken_encoding(case: Case) -> None:
    """Open links whose umlauts some mail program broke, each in another way, and links with a comma behind them."""
    for reader in case.machines(20):
        (at,) = case.working(1)
        for n, end in enumerate(case.rng.sample((",", ")", "%C3%83%C2%BC", "%FC", "&amp;x=1", "%20", "..."), 3)):
            reader.get(at + 5 * n, f"{case.rng.choice(ARTICLES)}{end}", referer="https://webmail.example.net/")
