"""Programs at the web server that look for what it was before or for what they are told is there: mirrors, builds, federations, phones."""

from __future__ import annotations

from bench.ordinary.actors import Case, Machine, third_benign
from bench.ordinary.network import ARTICLES

SOCIAL = (("GET", "/.well-known/webfinger?resource=acct:redaktion@example.org", 200), ("GET", "/users/redaktion", 200), ("POST", "/users/redaktion/inbox", 202),
          ("GET", "/users/praktikant", 410), ("POST", "/inbox", 401), ("GET", "/nodeinfo/2.0", 200), ("GET", "/.well-known/nodeinfo", 200),
          ("GET", "/.well-known/host-meta", 404), ("GET", "/users/redaktion/collections/featured", 404), ("GET", "/api/v1/instance", 404))  # fmt: skip
ROOMS = ("/_matrix/key/v2/server", "/_matrix/federation/v1/version", "/_matrix/federation/v1/query/profile?user_id=@anna:example.org",
         "/_matrix/federation/v1/event/%24Zq3", "/_matrix/federation/v2/send_join")  # fmt: skip
CLOUD = (("GET", "/status.php"), ("PROPFIND", "/remote.php/dav/files/anna/"), ("GET", "/ocs/v2.php/cloud/capabilities?format=json"),
         ("GET", "/ocs/v1.php/cloud/user?format=json"), ("GET", "/index.php/204"), ("GET", "/ocs/v2.php/apps/notifications/api/v2/notifications"),
         ("GET", "/remote.php/dav/avatars/anna/128.png"), ("POST", "/index.php/login/v2"), ("GET", "/ocs/v2.php/apps/user_status/api/v1/user_status"))  # fmt: skip
CLOUD_AGENT = (
    "Mozilla/5.0 (Windows) mirall/3.15.3 (build 20250107) (Nextcloud, windows-10.0.22631 ClientArchitecture: x86_64)"
)
MODELS, SUITES = (
    ("cam2", "cam3pro", "plug-eu", "hub1"),
    ("bookworm", "bookworm-updates", "bookworm-backports", "trixie", "noble", "jammy"),
)
INDEXES = (
    "InRelease",
    "Release",
    "Release.gpg",
    "main/binary-amd64/Packages.xz",
    "main/i18n/Translation-de.xz",
    "main/dep11/Components-amd64.yml.xz",
)
LIBRARIES = ("spring-core", "jackson-databind", "slf4j-api", "guava", "netty-buffer", "log4j-api", "junit-jupiter", "hibernate-core", "commons-io", "kotlin-stdlib",
             "okhttp", "lettuce-core", "snakeyaml", "assertj-core", "mockito-core", "postgresql", "flyway-core", "micrometer-core")  # fmt: skip
PARTS = ("shop", "billing", "search", "portal", "mailer", "gateway", "stock", "auth")
IDENTITY = (("GET", "/.well-known/openid-configuration"), ("GET", "/realms/firma/.well-known/openid-configuration"),
            ("GET", "/realms/firma/protocol/openid-connect/certs"), ("POST", "/realms/firma/protocol/openid-connect/token"))  # fmt: skip
JOURNEY = (
    ("GET", "/"),
    ("GET", "/search?q=probe"),
    ("GET", "/products/7"),
    ("POST", "/account/login"),
    ("POST", "/basket"),
    ("GET", "/basket"),
    ("POST", "/checkout"),
)
UPDATES = (("GET", "/SelfUpdate/wuident.cab"), ("POST", "/ClientWebService/client.asmx"), ("POST", "/SimpleAuthWebService/SimpleAuth.asmx"),
           ("GET", "/Content/anonymousCheckFile.txt"), ("POST", "/ReportingWebService/ReportingWebService.asmx"))  # fmt: skip
TORRENT = ("qBittorrent/4.6.7", "Transmission/3.00", "uTorrent/3560(47168)", "Deluge/2.1.1 libtorrent/2.0.9.0")


@third_benign("federated-posts")
def federated_posts(case: Case) -> None:
    """Spread three posts through a federation: each time a hundred servers ask for author, post and instance within minutes."""
    for post in case.times(3, 0.05, 0.9):
        for server in case.machines(70, "linux"):
            at = post + case.rng.expovariate(1 / 200)
            agent = f"Mastodon/4.3.{case.rng.randrange(8)} (http.rb/5.2.0; +https://social{case.rng.randrange(900)}.example.net/)"
            for n, (method, path, status) in enumerate(case.rng.sample(SOCIAL, case.rng.choice((1, 1, 2, 3)))):
                server.get(at + 0.7 * n, path, status, method, agent=agent)


@third_benign("room-servers")
def room_servers(case: Case) -> None:
    """Look for a chat server whose rooms remember it: where it says it is, its own port, and the web server's, with longer pauses."""
    for server in case.machines(36, "linux"):
        for at in case.times(case.rng.choice((2, 3, 5))):
            server.get(at, "/.well-known/matrix/server", 404, agent="Synapse/1.122.0")
            server.connect(at + 1, case.net.one("web"), 8448, patience=2)
            server.get(at + 9, case.rng.choice(ROOMS), 404, agent="Synapse/1.122.0")


@third_benign("private-cloud-left")
def private_cloud_left(case: Case) -> None:
    """Synchronise with a private cloud that was moved: desktops and telephones that try a handful of its doors all day."""
    for client in case.machines(11):
        for at in case.working(8):
            for n, (method, path) in enumerate(case.rng.sample(CLOUD, case.rng.choice((1, 2, 4, 6)))):
                client.get(at + 0.5 * n, path, 404, method, agent=CLOUD_AGENT)


@third_benign("firmware-lookups")
def firmware_lookups(case: Case) -> None:
    """Look for newer firmware version by version, as devices do whose maker is gone; none of it is here."""
    for device in case.machines(40, "small"):
        model, version, mac = case.rng.choice(MODELS), case.rng.randrange(5, 30), case.rng.getrandbits(48)
        for at in case.times(case.rng.choice((1, 2, 3))):
            device.get(at, f"/fw/{model}/latest.json?mac={mac:012x}", 404, agent="ESP32HTTPClient/1.2")
            for n in range(case.rng.choice((0, 1, 3))):
                device.get(at + 1 + n, f"/fw/{model}/2.4.{version + n}.bin", 404, agent="ESP32HTTPClient/1.2")


@third_benign("mirror-left")
def mirror_left(case: Case) -> None:
    """Install from a mirror that was shut down: lists of packages by the clock, and whole installations, all not found."""
    for n, machine in enumerate(case.machines(13, "linux")):
        suites = case.rng.sample(SUITES[:3] if n % 2 else SUITES, 3)
        for at in case.times(5):
            for k, (suite, index) in enumerate((s, i) for s in suites for i in INDEXES[: case.rng.choice((1, 2, 6))]):
                machine.get(at + 0.05 * k, f"/debian/dists/{suite}/{index}", 404, agent="Debian APT-HTTP/1.3 (2.6.1)")


@third_benign("repositories-moved")
def repositories_moved(case: Case) -> None:
    """Fetch twenty repositories of programs that moved elsewhere: builders after each change, and all of them every night."""
    names = [f"/{group}/{name}.git" for group in ("web", "infra", "tools") for name in PARTS]
    for builder in case.machines(5, "linux"):
        for at in [*case.working(7), *(86_400 * night + 10_800 for night in range(1, 3))]:
            for n, name in enumerate(names if at % 86_400 == 10_800 else case.rng.sample(names, 2)):
                builder.get(
                    at + 0.8 * n,
                    f"{name}/info/refs?service=git-upload-pack",
                    case.rng.choice((404, 404, 401)),
                    agent="git/2.43.0",
                )


@third_benign("image-pullers")
def image_pullers(case: Case) -> None:
    """Pull images of containers that were deleted, with longer and longer pauses: nodes of a cluster, by name and by number."""
    for node in case.machines(7, "linux"):
        for at in case.times(16):
            image, tag = case.rng.choice(PARTS), f"1.{case.rng.randrange(40)}.0"
            for n, (method, path, status) in enumerate((("GET", "/v2/", 401), ("HEAD", f"/v2/shop/{image}/manifests/{tag}", 404),
                                                        ("GET", f"/v2/shop/{image}/manifests/latest", 404))):  # fmt: skip
                node.get(at + 0.1 * n, path, status, method, agent="containerd/1.7.24")


@third_benign("builds-ask-everybody")
def builds_ask_everybody(case: Case) -> None:
    """Build programs whose settings name our repository first: every library of the world is asked for here, twenty a second."""
    for builder in case.machines(5, "linux"):
        for at in case.working(2):
            for n in range(case.rng.randint(20, 45)):
                name, version = (
                    case.rng.choice(LIBRARIES),
                    f"{case.rng.randrange(1, 7)}.{case.rng.randrange(20)}.{case.rng.randrange(9)}",
                )
                path = f"/maven2/org/{name.partition('-')[0]}/{name}/{version}/{name}-{version}.{case.rng.choice(('pom', 'jar'))}"
                builder.get(at + 0.05 * n, path, 404, agent="Apache-Maven/3.9.9 (Java 21.0.5; Linux 6.8.0)")


@third_benign("web-hooks")
def web_hooks(case: Case) -> None:
    """Report events to addresses that an integration took away: six services, four numbers in the path each, with longer and longer pauses."""
    for source in case.net.neighbours(case.rng, 6):
        service, hooks = Machine(case, source, "linux"), [f"/hooks/{case.rng.getrandbits(48):012x}" for _ in range(4)]
        for at in sorted(event + pause for event in case.times(9) for pause in (0, 10, 60, 600, 3_600)):
            service.get(
                at,
                case.rng.choice(hooks),
                case.rng.choice((404, 410)),
                "POST",
                agent="Billing-Webhooks/1.0 (+https://pay.example.com/docs)",
            )


@third_benign("identity-provider-moved")
def identity_provider_moved(case: Case) -> None:
    """Ask a provider of identities that has moved for its settings, its keys and new tokens: the programs of partners, all day."""
    for program in case.machines(13, "linux"):
        for at in case.working(8):
            for n, (method, path) in enumerate(case.rng.sample(IDENTITY, case.rng.choice((1, 2, 4)))):
                program.get(
                    at + 0.2 * n,
                    path,
                    404,
                    method,
                    agent=case.rng.choice(("Java/17.0.13", "python-httpx/0.27.2", "node")),
                )


@third_benign("synthetic-customers")
def synthetic_customers(case: Case) -> None:
    """Walk through the shop like a customer every forty minutes, for its owner, from five places; the last step has been broken since."""
    places = case.machines(5, "linux")
    for n, at in enumerate(case.steady(2_400)):
        for k, (method, path) in enumerate(JOURNEY):
            status = 404 if path == "/checkout" and at > 0.6 * case.span else 200
            places[n % 5].get(at + 2 * k, path, status, method, agent="DatadogSynthetics")


@third_benign("encrypted-questions")
def encrypted_questions(case: Case) -> None:
    """Ask for names over HTTPS where a resolver once was: each question a parameter of its own, in bursts, from homes."""
    for home in case.machines(45):
        for at in case.times(case.rng.choice((1, 2, 3))):
            for n in range(case.rng.randint(2, 9)):
                home.get(
                    at + 0.4 * n, f"/dns-query?dns=AAABAAABAAAAAAAA{case.rng.getrandbits(100):025x}", 404, agent="-"
                )


@third_benign("tracker-announces")
def tracker_announces(case: Case) -> None:
    """Announce to a tracker that this address was: a hundred peers, several files each, every half hour for some."""
    for n, peer in enumerate(case.machines(90)):
        files, agent = (
            [f"%{case.rng.getrandbits(60):015x}" for _ in range(case.rng.choice((1, 1, 3, 8)))],
            case.rng.choice(TORRENT),
        )
        for at in case.times(6 if n < 15 else case.rng.choice((1, 2))):
            for k, name in enumerate(files):
                what = "scrape" if k == 3 else "announce"
                peer.get(
                    at + 0.1 * k,
                    f"/{what}?info_hash={name}&port={6_881 + n}&uploaded=0&left=9000&compact=1",
                    404,
                    agent=agent,
                )


@third_benign("revocation-lookups")
def revocation_lookups(case: Case) -> None:
    """Ask a former certificate authority whether certificates are still good: a path of its own for each, and the old lists."""
    for client in case.machines(45, "windows"):
        for at in case.working(case.rng.choice((1, 2, 4))):
            path = f"/ocsp/MFEwTzBNMEswSTAJBgUrDgMCGgUABBT{case.rng.getrandbits(120):030x}%3D"
            client.get(at, path, 404, agent="Microsoft-CryptoAPI/10.0")
            if case.rng.random() < 0.4:
                client.get(at + 1, f"/crl/root-{case.rng.randrange(1, 4)}.crl", 404, agent="Microsoft-CryptoAPI/10.0")


@third_benign("proxy-settings")
def proxy_settings(case: Case) -> None:
    """Look for the settings of a proxy at the name that is left when a laptop shortens its own, at every start."""
    for laptop in case.machines(22, "windows"):
        for at in case.working(case.rng.randint(2, 5)):
            laptop.get(at, "/wpad.dat", 404, agent="WinHttp-Autoproxy-Service/5.1")
            if case.rng.random() < 0.2:
                laptop.get(at + 1, "/proxy.pac", 404, agent="WinHttp-Autoproxy-Service/5.1")


@third_benign("update-service-clients")
def update_service_clients(case: Case) -> None:
    """Look for updates at the service of a firm whose name now leads here: its two ports, then five doors of it at the web server."""
    for laptop in case.machines(11, "windows"):
        for at in case.working(4):
            for port in (8530, 8531):
                laptop.connect(at, case.net.one("web"), port, patience=1)
            for n, (method, path) in enumerate(UPDATES[: case.rng.randint(2, 5)]):
                laptop.get(
                    at + 30 + n, path, 404, method, agent="Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.71"
                )


@third_benign("patch-chain")
def patch_chain(case: Case) -> None:
    """Bring a game up to date: its launcher walks the patches from its own version upwards until one is not found, then tries mirrors."""
    for player in case.machines(20, "windows"):
        at, first = case.working(1)[0], case.rng.randrange(10, 30)
        for n in range(case.rng.randint(2, 12)):
            player.get(
                at + 5 * n,
                f"/patch/1.{first + n}-1.{first + n + 1}.zip",
                200 if first + n < 30 else 404,
                agent="Launcher/3.1",
            )
        for n, mirror in enumerate(("eu", "us", "asia")):
            player.get(at + 70 + n, f"/{mirror}/patch/1.31-1.32.zip", 404, agent="Launcher/3.1")


@third_benign("saved-for-later")
def saved_for_later(case: Case) -> None:
    """Fetch again what readers saved for later, all of a list at once: half of it was renamed since, from the servers of three programs."""
    for source in case.net.neighbours(case.rng, 3):
        keeper = Machine(case, source, "linux")
        for at in case.times(6):
            for n, page in enumerate(case.rng.sample(ARTICLES, case.rng.randint(3, 14))):
                renamed = page.replace("-", "_") if case.rng.random() < 0.5 else page
                keeper.get(at + 0.8 * n, renamed, agent="wallabag/2.6.10 (+https://wallabag.org)")
