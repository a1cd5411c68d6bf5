"""More who are no scanners, at the web server: programs that follow certificates, mails, old addresses and broken templates."""

from __future__ import annotations

from bench.access import BROWSERS
from bench.ordinary.actors import Case, Machine, more_benign
from bench.ordinary.network import ARTICLES, SITES
from bench.ordinary.offices import browse

FOLLOWERS = ("Mozilla/5.0 (compatible; CT-Watcher/1.2; +https://ct.example.net)", "certstream-fetch/0.4", "Go-http-client/2.0",
             "Mozilla/5.0 (compatible; BrandGuard/3.1; +https://guard.example.com/bot)", "python-httpx/0.28.1")  # fmt: skip
FOLLOWED = ("/", "/robots.txt", "/.well-known/security.txt", "/favicon.ico")
MAIL_GUARD = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36"
)
PODCATCHERS = ("AntennaPod/3.7.1", "Overcast/3.0 (+http://overcast.fm/; iOS podcast app)", "Podcasts/1650.20 CFNetwork/1568 Darwin/24.1.0",
               "PocketCasts/1.0 (Pocket Casts Feed Parser)", "gPodder/3.11.4 (+http://gpodder.org/)")  # fmt: skip
RELATIVE = ("css/site.css", "css/print.css", "js/menu.js", "img/logo.svg", "img/sprite.png", "fonts/text.woff2")
BOTS = ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
        "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)", "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot)")  # fmt: skip
SECTIONS = (
    "katalog",
    "service",
    "presse",
    "karriere",
    "downloads/pdf",
    "support/faq",
    "partner",
    "events/2023",
    "de/produkte",
    "fr/produits",
)
DISCOVERED = (("PROPFIND", "/.well-known/caldav"), ("PROPFIND", "/.well-known/carddav"), ("PROPFIND", "/"), ("PROPFIND", "/principals/"),
              ("PROPFIND", "/calendar/dav/"), ("PROPFIND", "/dav/principals/"), ("OPTIONS", "/remote.php/dav/"),
              ("POST", "/autodiscover/autodiscover.xml"), ("POST", "/Autodiscover/Autodiscover.xml"), ("GET", "/autodiscover/autodiscover.xml"),
              ("GET", "/.well-known/autoconfig/mail/config-v1.1.xml"), ("GET", "/mail/config-v1.1.xml"),
              ("OPTIONS", "/Microsoft-Server-ActiveSync"), ("POST", "/EWS/Exchange.asmx"))  # fmt: skip
DEVICES = ("iOS/18.3 (22D63) accountsd/1.0", "DAVx5/4.4.5-ose (dav4jvm; okhttp/4.12.0) Android/15", "Microsoft Office/16.0 (Microsoft Outlook 16.0.18025; Pro)",
           "Thunderbird/128.7.0", "macOS/15.3 (24D60) dataaccessd/1.0")  # fmt: skip
APP_PATHS = (
    "config",
    "session",
    "profile",
    "feed",
    "push/register",
    "banners",
    "flags",
    "shops/near",
    "basket",
    "terms",
)
APP_ANSWERS = {1: (410, 404), 2: (404, 404, 401), 3: (401, 426, 403), 4: (200, 200, 401)}
"""What each version of the interface says to telephones: gone, not found, log in, upgrade."""

CAPTIVE = ("/generate_204", "/hotspot-detect.html", "/connecttest.txt", "/ncsi.txt", "/success.txt", "/canonical.html", "/gen_204",
           "/library/test/success.html")  # fmt: skip
FOREIGN = tuple(
    f"/{part}/{n}"
    for part in ("shop/produkt", "kategorie", "wp-content/uploads/2025", "marke", "blog")
    for n in range(30)
)
FOREIGN_ADMIN = (
    "/wp-admin/",
    "/wp-login.php",
    "/wp-admin/admin-ajax.php",
    "/wp-json/",
    "/wp-admin/index.php",
    "/admin",
    "/login.php",
)
TRANSLATOR = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36,gzip(gfe) (via translate.example.com)"
ERROR_TRACKER = "sentry/24.12 (https://sentry.io)"
LOAD_TOOL = "k6/0.56.0 (https://k6.io/)"
SITE = "https://www.example.org"


@more_benign("certificate-followers")
def certificate_followers(case: Case) -> None:
    """Fetch a new host within minutes of its certificate: forty programs that read the public logs, two or three files each."""
    for _ in range(2):
        at = case.moment()
        for follower in case.machines(40, "linux"):
            agent, begin = case.rng.choice(FOLLOWERS), at + case.rng.expovariate(1 / 90)
            for n, path in enumerate(FOLLOWED[: case.rng.choice((1, 1, 2, 3, 4))]):
                follower.get(begin + n, path, agent=agent, site="new.example.org")


@more_benign("mail-link-scanners")
def mail_link_scanners(case: Case) -> None:
    """Open every link of a mailing before its readers do, from two /24s of a mail provider: HEAD, then GET, some long dead."""
    links = [f"/m/{case.rng.getrandbits(40):010x}" for _ in range(22)] + [f"/aktion/{n}" for n in range(12)]
    guards = [Machine(case, source, "windows") for _ in range(2) for source in case.net.neighbours(case.rng, 14)]
    at = case.working(1)[0]
    for guard in guards:
        begin = at + case.rng.uniform(0, 1_200)
        for n, link in enumerate(case.rng.sample(links, 10)):
            status = (302, 302, 410, 404)[links.index(link) % 4]
            guard.get(begin + 1.5 * n, link, status, method="HEAD", agent=MAIL_GUARD)
            guard.get(begin + 1.5 * n + 0.4, link, status, agent=MAIL_GUARD)


@more_benign("podcast-dead-episodes")
def podcast_dead_episodes(case: Case) -> None:
    """Fetch a podcast whose old episodes moved: players ask for the feed, some for each of dozens of episodes again and again."""
    for n, player in enumerate(case.machines(30)):
        agent = case.rng.choice(PODCATCHERS)
        for at in case.times(5):
            player.get(at, "/podcast/feed.xml", 404 if n % 3 == 0 else 200, agent=agent)
            for episode in range(40 if n < 3 else case.rng.choice((0, 1, 2))):
                player.get(at + 2 + 0.7 * episode, f"/podcast/audio/folge-{120 - episode:03d}.mp3", agent=agent)


@more_benign("template-relative-links")
def template_relative_links(case: Case) -> None:
    """Read a site whose template names its parts relatively: each page asks for six files in a directory of its own, none there."""
    for reader in case.machines(35):
        at = case.working(1)[0]
        for _ in range(case.rng.choice((1, 2, 3, 6, 10))):
            page = case.rng.choice(ARTICLES)
            reader.get(at, page)
            for n, part in enumerate(RELATIVE):
                reader.get(at + 0.1 + 0.05 * n, f"{page}/{part}", 404, referer=SITE + page)
            at += case.rng.uniform(8, 90)


@more_benign("bots-after-relaunch")
def bots_after_relaunch(case: Case) -> None:
    """Ask for what the site had before its relaunch: four bots of search optimisers, in all directories, with pauses, for days."""
    for agent in BOTS:
        for source in case.net.neighbours(case.rng, 2):
            bot = Machine(case, source, "linux")
            bot.get(case.moment() * 0.1, "/robots.txt", agent=agent)
            for at in case.times(90, 0.1):
                old = f"/{case.rng.choice(SECTIONS)}/{case.rng.randrange(400)}.html"
                bot.get(at, case.rng.choice(ARTICLES) if case.rng.random() < 0.3 else old, agent=agent)


@more_benign("pingbacks-and-cron")
def pingbacks_and_cron(case: Case) -> None:
    """Verify pingbacks from other blogs, and call the clock of a content system that moved to another server."""
    for blog in case.machines(40, "linux"):
        agent = f"WordPress/6.7.{case.rng.randrange(3)}; https://blog{case.rng.randrange(900)}.example.net; verifying pingback from {blog.source}"
        for at in case.times(case.rng.choice((1, 1, 2))):
            blog.get(at, case.rng.choice(ARTICLES), agent=agent)
            if case.rng.random() < 0.4:
                blog.get(at + 1, "/xmlrpc.php", 404, method="POST", agent=agent)
    clock = case.machine("linux")
    for at in case.steady(900):
        clock.get(
            at,
            f"/wp-cron.php?doing_wp_cron={at:.4f}",
            404,
            method="POST",
            agent="WordPress/6.7; https://www.example.org",
        )


@more_benign("calendar-discovery")
def calendar_discovery(case: Case) -> None:
    """Look for calendars, contacts and mail settings: a new account makes a device ask a dozen places that this server never had."""
    for device in case.machines(16):
        agent = case.rng.choice(DEVICES)
        for at in case.working(case.rng.choice((1, 1, 3))):
            first = case.rng.randrange(4)
            for n, (method, path) in enumerate(DISCOVERED[first : first + case.rng.randint(5, 14)]):
                device.get(at + 0.3 * n, path, 405 if method != "GET" else 404, method=method, agent=agent)


@more_benign("hotlinked-pictures")
def hotlinked_pictures(case: Case) -> None:
    """Load pictures that a forum shows from our site: most were deleted, one thread holds twenty-four of them."""
    thread = [f"/gallery/{case.rng.randrange(2_000, 9_000)}.jpg" for _ in range(24)]
    for reader in case.machines(60):
        for at in case.working(case.rng.choice((1, 1, 2))):
            for n, picture in enumerate(thread if case.rng.random() < 0.2 else case.rng.sample(thread, 2)):
                reader.get(at + 0.04 * n, picture, 404, referer="https://forum.example.com/viewtopic.php?t=5512")


@more_benign("translation-proxy")
def translation_proxy(case: Case) -> None:
    """Read the site through a translator whose proxies rewrite addresses, some into ones that do not exist."""
    proxies = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 8)]
    for at in case.working(60):
        proxy, page = case.rng.choice(proxies), case.rng.choice(ARTICLES)
        proxy.get(at, f"{page}?_x_tr_sl=de&_x_tr_tl=en&_x_tr_hl=en", agent=TRANSLATOR)
        for n in range(case.rng.randint(1, 5)):
            proxy.get(at + 0.3 * n, f"{page}/_x_tr/{case.rng.choice(RELATIVE)}", 404, agent=TRANSLATOR)


@more_benign("app-versions")
def app_versions(case: Case) -> None:
    """Use an app in four versions behind the translators of a carrier: each asks the interface of its time, most of it gone or locked."""
    for source in case.net.neighbours(case.rng, 5):
        nat = Machine(case, source, "linux")
        for at in case.working(20):
            version = case.rng.choice((1, 2, 3, 3, 4))
            for n, name in enumerate(case.rng.sample(APP_PATHS, case.rng.randint(2, 6))):
                nat.get(at + 0.4 * n, f"/api/v{version}/{name}", case.rng.choice(APP_ANSWERS[version]),
                        agent=f"ShopApp/{version}.{n}.0 (Android 14)", site="api.example.org")  # fmt: skip


@more_benign("load-test-cloud")
def load_test_cloud(case: Case) -> None:
    """Load the shop for its owner from twenty-five addresses of a cloud: random items and searches, until it says 503."""
    at = case.working(1)[0]
    for tester in case.machines(25, "linux"):
        for n in range(40):
            path = f"/products/{case.rng.randrange(300)}" if n % 3 else f"/search?q=item{case.rng.randrange(900)}"
            tester.get(
                at + n * 1.5 + case.rng.random(),
                path,
                503 if n > 30 and case.rng.random() < 0.5 else None,
                agent=LOAD_TOOL,
            )


@more_benign("captive-portal-checks")
def captive_portal_checks(case: Case) -> None:
    """Ask us whether there is Internet: the names of telephone makers lead to our address behind a guest network's broken resolver."""
    for guest_network in case.machines(6, "linux"):
        for at in case.working(25):
            for n, path in enumerate(case.rng.sample(CAPTIVE, case.rng.choice((1, 1, 2, 4)))):
                guest_network.get(
                    at + 0.5 * n,
                    path,
                    404,
                    agent=case.rng.choice(("CaptiveNetworkSupport-481 wispr", "Microsoft NCSI", *BROWSERS)),
                )


@more_benign("source-maps")
def source_maps(case: Case) -> None:
    """Fetch the source maps of all scripts after an error in a browser, for a tracker of errors; they were never published."""
    for tracker in case.machines(4, "linux"):
        for at in case.times(7):
            for n in range(case.rng.randint(4, 18)):
                tracker.get(
                    at + 0.1 * n,
                    f"/assets/js/{case.rng.getrandbits(32):08x}.js.map",
                    404,
                    agent=ERROR_TRACKER,
                    referer=SITE + "/",
                )


@more_benign("foreign-site")
def foreign_site(case: Case) -> None:
    """Come for another shop whose name still leads to our address: its customers, a crawler, and its owner who wants to log in."""
    for customer in case.machines(45):
        at = case.working(1)[0]
        for n in range(case.rng.choice((1, 2, 2, 4))):
            customer.get(
                at + 12 * n,
                case.rng.choice(FOREIGN),
                404,
                site="www.teeladen.example",
                referer="https://www.search.example/",
            )
    crawler = case.machine("linux")
    for at in case.times(60):
        crawler.get(at, case.rng.choice(FOREIGN), 404, site="www.teeladen.example", agent=BOTS[0])
    owner = case.machine("windows")
    for at in case.working(4):
        for n, path in enumerate(case.rng.sample(FOREIGN_ADMIN, 5)):
            owner.get(at + 20 * n, path, 404, site="www.teeladen.example")


@more_benign("school-class")
def school_class(case: Case) -> None:
    """Read the site as homework behind one address: thirty browsers at once, and the address typed from the board with errors."""
    nat = case.machine("linux")
    for start in case.working(2):
        for _ in range(14):
            agent, at = case.rng.choice(BROWSERS), start + case.rng.uniform(0, 1_500)
            page = list(case.rng.choice(ARTICLES))
            page[case.rng.randrange(1, len(page))] = case.rng.choice("aeinrst")
            nat.get(at, "".join(page), agent=agent)
            browse(case, nat, at + 20, 2, agent)


@more_benign("security-policy-readers")
def security_policy_readers(case: Case) -> None:
    """Read how to report weaknesses and how mail is to be sent, on all our sites, for a survey that names itself."""
    surveyor = case.machine("linux")
    paths = ("/.well-known/security.txt", "/security.txt", "/.well-known/mta-sts.txt", "/robots.txt")
    for at in case.times(3):
        for n, site in enumerate(SITES):
            for m, path in enumerate(paths):
                surveyor.get(
                    at + 4 * n + m,
                    path,
                    site=site,
                    agent="Mozilla/5.0 (compatible; PolicySurvey/1.0; +https://survey.example.edu)",
                )
