"""Who runs the site and who is a nuisance to it: tests, checks of redirections, editors and administrators, guessed passwords, spam, a flood."""

from __future__ import annotations

from bench.access import BROWSERS
from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_benign
from bench.ordinary.network import ARTICLES, SITES
from bench.ordinary.offices import browse

SITE = "https://www.example.org"
OWN_ROUTES = ("/api/health", "/healthz", "/api/v2/healthz", "/api/v2/orders", "/api/v2/order", "/api/v2/orders/1", "/api/v2/users/me", "/api/v2/me", "/openapi.json", "/docs", "/swagger",
              "/metrics", "/debug/vars", "/debug/pprof/", "/admin/", "/admin", "/static/app.js", "/api/v2/login", "/api/v2/auth/login", "/api/v2/version", "/graphql")  # fmt: skip
TESTED = (("GET", "/", 200), ("GET", "/search?q=e2e", 200), ("GET", "/products/7", 200), ("POST", "/account/login", 200), ("GET", "/admin", 403), ("GET", "/account/orders", 302),
          ("GET", "/api/v1/items/-1", 400), ("DELETE", "/api/v1/items/7", 405), ("GET", "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 200))  # fmt: skip
WATCHED = ("/", "/login", "/search?q=probe", "/products/7", "/api/v1/items/7", "/healthz", "/metrics", "/server-status?auto", "/nginx_status", "/fpm-ping", "/fpm-status",
           "/status.php", "/version.txt", "/blog/2026/3-notes", "/sitemap.xml", "/robots.txt", "/api/health", "/actuator/health")  # fmt: skip
BLOG_ADMIN = ("/wp-admin/", "/wp-admin/post.php?post={n}&action=edit", "/wp-admin/admin-ajax.php", "/wp-admin/upload.php", "/wp-admin/load-scripts.php?c=1&load%5B%5D=jquery-core",
              "/wp-json/wp/v2/posts/{n}?context=edit", "/wp-json/wp/v2/media?per_page=40", "/wp-admin/plugins.php", "/wp-admin/options-general.php", "/wp-admin/users.php",
              "/wp-admin/edit-comments.php", "/wp-content/plugins/contact-form-7/admin/css/styles.css?ver=6.0.{n}", "/wp-admin/site-health.php")  # fmt: skip
BACKEND = ("/typo3/", "/typo3/module/web/layout?id={n}", "/typo3/ajax/contextmenu?uid={n}", "/typo3/record/edit?edit%5Btt_content%5D%5B{n}%5D=edit", "/typo3/module/file/list",
           "/typo3/ajax/page/tree/fetchData?pid={n}", "/typo3/module/tools/maintenance", "/typo3temp/assets/compressed/merged-{n}.css", "/fileadmin/_processed_/csm_{n}.jpg",
           "/typo3/install.php", "/typo3conf/ext/news/Resources/Public/Icons/Extension.svg")  # fmt: skip
DATABASE = ("/phpmyadmin/", "/phpmyadmin/index.php?route=/sql&db=shop&table=t{n}&pos=0", "/phpmyadmin/index.php?route=/table/structure&db=shop&table=t{n}",
            "/phpmyadmin/index.php?route=/database/export&db=shop", "/phpmyadmin/js/vendor/codemirror/lib/codemirror.js?v=5.2.{n}", "/phpmyadmin/themes/pmahomme/img/b_drop.png",
            "/phpmyadmin/index.php?route=/sql&sql_query=SELECT+%2A+FROM+%60t{n}%60+WHERE+1", "/phpmyadmin/index.php?route=/server/status")  # fmt: skip
FORGE = ("/web/shop/-/blob/main/.env.example", "/web/shop/-/blob/main/docker-compose.yml", "/web/shop/-/tree/main/config", "/web/shop/-/merge_requests/{n}", "/web/shop/-/pipelines/{n}",
         "/api/v4/projects/{n}/pipelines", "/web/shop/-/raw/main/.gitlab-ci.yml", "/web/shop/-/issues/{n}.json", "/admin/users", "/-/metrics", "/web/shop/-/blob/main/backup.sh",
         "/web/shop/-/commits/main/.git-blame-ignore-revs", "/-/graphql-explorer", "/web/shop/-/raw/main/phpinfo.php")  # fmt: skip
BOARDS = ("/d/a{n}/servers", "/api/ds/query?ds_type=prometheus&requestId=Q{n}", "/api/dashboards/uid/a{n}", "/api/annotations?from=1773{n}", "/api/datasources/proxy/{n}/api/v1/query",
          "/api/live/ws", "/api/plugins/p{n}/settings", "/avatar/{n}", "/api/admin/settings", "/public/plugins/p{n}/module.js", "/api/user/preferences")  # fmt: skip
BLOG_APP = (
    "/xmlrpc.php?rsd",
    "/xmlrpc.php",
    "/wp-login.php",
    "/wp-json/",
    "/blog/xmlrpc.php",
    "/wp-admin/",
    "/?rest_route=/",
    "/wp-admin/authorize-application.php",
    "/wp-includes/wlwmanifest.xml",
)
SHADY = ("casino", "seo-boost", "traffic", "loans", "pills", "replica", "dating", "crypto")
CRAWLED_BY_QA = "Screaming Frog SEO Spider/21.4"


def work(case: Case, machine: Machine, at: float, templates: tuple[str, ...], site: str, count: int) -> None:
    """Use an application with a mouse: places of it with their numbers, nearly all answered, a few not any more."""
    for _ in range(count):
        path = case.rng.choice(templates).format(n=case.rng.randrange(10, 900))
        status = case.rng.choices((200, 304, 302, 404, 403), (80, 8, 5, 4, 3))[0]
        method = "POST" if "ajax" in path or "/ds/query" in path else "GET"
        machine.get(
            at,
            path,
            status,
            method,
            f"https://{site}{templates[0].format(n=12)}",
            site=site,
            size=case.rng.randrange(300, 60_000),
        )
        at += case.rng.choice((0.1, 0.3, 2, 9, 40))


@web_benign("redirections-checked")
def redirections_checked(case: Case) -> None:
    """Check after a relaunch that two hundred old addresses lead somewhere: a spreadsheet of them, twice, most wrong the first time."""
    office, old = (
        case.machine("windows"),
        [f"/de/{a}/{n}.html" for a in ("produkte", "service", "news") for n in range(70)],
    )
    for begin, wrong in zip(
        sorted(case.rng.sample([33_000.0, 51_000.0, 122_000.0, 210_000.0], 2)), (0.6, 0.15), strict=True
    ):
        for n, path in enumerate(old):
            office.get(begin + 0.4 * n, path, 404 if case.rng.random() < wrong else 301, agent=CRAWLED_BY_QA)
            if n % 6 == 0:
                office.get(begin + 0.4 * n + 0.2, case.rng.choice(ARTICLES), agent=CRAWLED_BY_QA)


@web_benign("own-application-by-hand")
def own_application_by_hand(case: Case) -> None:
    """Bring a new application up and try by hand and with curl where its routes are: not there, broken, there, all afternoon."""
    developer = case.machine("linux")
    for at in case.working(4):
        for n, path in enumerate(case.rng.choices(OWN_ROUTES, k=26)):
            at += case.rng.choice((2, 5, 15, 60, 200))
            status = case.rng.choice((404, 404, 502, 500) if n < 14 else (200, 200, 401, 404))
            developer.get(at, path, status, agent="curl/8.9.1" if n % 3 else None, site="api.example.org")


@web_benign("end-to-end-tests")
def end_to_end_tests(case: Case) -> None:
    """Test the site after each change from a builder's cloud: what must work works, what must be refused is refused, each run from another address."""
    for begin in case.working(9):
        runner, run = case.machine("linux"), case.rng.getrandbits(32)
        agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.6778.33 Safari/537.36"
        for n in range(26):
            method, path, status = TESTED[n % len(TESTED)]
            runner.get(begin + 0.5 * n, path, status, method, agent=agent)
            if n % 3 == 0:
                runner.get(begin + 0.5 * n + 0.2, f"/products/does-not-exist-{run:08x}-{n}", 404, agent=agent)


@web_benign("addresses-watched")
def addresses_watched(case: Case) -> None:
    """Watch eighteen addresses of the site for its owner every two hours; a third of them were moved and the alarm switched off."""
    for watcher in case.machines(2, "linux"):
        for at in case.steady(7_200):
            for n, path in enumerate(WATCHED):
                status = 200 if n < 5 or n in (13, 14, 15) else (403, 404, 200)[n % 3]
                watcher.get(at + 0.3 * n, path, status, agent="check_http/v2.4.6 (monitoring-plugins 2.4.6)")


@web_benign("blog-editors")
def blog_editors(case: Case) -> None:
    """Write for a blog in the system that it really runs, from three homes: its administration all day, with a plugin that lost a file."""
    for editor in case.machines(3):
        for at in case.working(3):
            editor.get(at, "/wp-login.php", 200, site="blog.example.org")
            editor.get(at + 9, "/wp-login.php", 302, "POST", site="blog.example.org")
            work(case, editor, at + 10, BLOG_ADMIN, "blog.example.org", 35)


@web_benign("backend-editors")
def backend_editors(case: Case) -> None:
    """Keep the pages of a public office in the backend of another content system, several editors behind one address."""
    nat = case.machine("linux")
    for at in case.working(8):
        nat.agent = case.rng.choice(BROWSERS)
        work(case, nat, at, BACKEND, "www.example.org", 28)


@web_benign("database-administrator")
def database_administrator(case: Case) -> None:
    """Look after the shop's database in a web program, whose addresses hold the statements, from an address of a provider that changes each day."""
    for at in case.working(4):
        work(case, case.machine(), at, DATABASE, "shop.example.org", 32)


@web_benign("forge-users")
def forge_users(case: Case) -> None:
    """Develop on a forge where files with sensitive names are shown as what they are, pages of a repository."""
    for developer in case.machines(7):
        for at in case.working(3):
            work(case, developer, at, FORGE, "git.example.org", 16)


@web_benign("dashboards")
def dashboards(case: Case) -> None:
    """Leave a wall of dashboards open, each of which asks its sources again every hour and a half; two need a plugin that is not installed."""
    for wall in case.machines(2):
        for at in case.steady(5_400):
            work(case, wall, at, BOARDS, "monitor.example.org", 9)


@web_benign("blog-apps")
def blog_apps(case: Case) -> None:
    """Add the site to an application for bloggers, which looks for the doors of their system although it is another one."""
    for n, phone in enumerate(case.machines(14)):
        at, agent = (
            case.working(1)[0],
            ("wp-android/25.6", "wp-iphone/25.6", "MarsEdit/5.2.3", "OpenLiveWriter/0.6")[n % 4],
        )
        for again in range(case.rng.choice((1, 1, 3))):
            for k, path in enumerate(BLOG_APP[: case.rng.randint(4, 9)]):
                phone.get(
                    at + 40 * again + 0.4 * k, path, 404, "POST" if path.endswith("xmlrpc.php") else "GET", agent=agent
                )


@web_benign("passwords-guessed")
def passwords_guessed(case: Case) -> None:
    """Guess passwords at the one login that the site has: a machine that tries a few hundred, and thirty that try some each."""
    guesser, begin = case.machine("linux"), case.moment() * 0.8
    for n in range(200):
        guesser.get(begin + 2 * n, "/account/login", 401, "POST", f"{SITE}/account/login", size=611)
    for other in case.machines(30, "linux"):
        for at in case.times(3):
            other.get(at, "/account/login", 200)
            other.get(at + 1, "/account/login", 401, "POST", f"{SITE}/account/login", size=611)


@web_benign("reviews-forged")
def reviews_forged(case: Case) -> None:
    """Praise eighty products with the form that each of them has, from nine addresses by turns; the shop lets some through."""
    spammers = case.machines(9, "linux")
    for n, (at, number) in enumerate(zip(case.times(80), case.rng.sample(range(160), 80), strict=True)):
        spammers[n % 9].get(at, f"/products/{number}")
        status = case.rng.choice((302, 302, 403, 422, 429))
        spammers[n % 9].get(at + 3, f"/products/{number}/reviews", status, "POST", f"{SITE}/products/{number}")


@web_benign("spam-in-statistics")
def spam_in_statistics(case: Case) -> None:
    """Read the start page and a few others in the name of shops, so that their addresses stand in the statistics."""
    for spammer in case.machines(25, "linux"):
        for at in case.times(case.rng.choice((2, 6))):
            shop = f"https://{case.rng.choice(SHADY)}-{case.rng.randrange(99)}.example.com/"
            spammer.get(at, case.rng.choice(("/", *ARTICLES[:9])), referer=shop)


@web_benign("flood-past-the-cache")
def flood_past_the_cache(case: Case) -> None:
    """Flood the start page and the search from fifty machines for two minutes, with a number in each address so that no cache helps."""
    begin = case.moment()
    for bot in case.machines(50, "linux"):
        for n in range(11):
            path = f"/?{case.rng.getrandbits(40):010x}" if n % 4 else f"/search?q={case.rng.getrandbits(30):x}"
            bot.get(begin + case.rng.uniform(0, 130), path, case.rng.choice((200, 200, 503)), referer=f"{SITE}/")


@web_benign("consent-audit")
def consent_audit(case: Case) -> None:
    """Look for cookies on all of the owner's sites with a browser without a head: pages with their parts, and policies where they may be."""
    auditor = case.machine("linux")
    agent = "Mozilla/5.0 (compatible; ConsentAudit/5.0; +https://consent.example.com/scanner) HeadlessChrome/130.0"
    for site, begin in zip(SITES, case.times(len(SITES)), strict=True):
        for n, path in enumerate(
            ("/cookie-policy", "/cookies", "/datenschutz", "/privacy-policy", "/privacy", "/legal/cookies")
        ):
            auditor.get(begin + 5 * n, path, agent=agent, site=site)
        browse(case, auditor, begin + 60, 12, agent)


@web_benign("own-backups-fetched")
def own_backups_fetched(case: Case) -> None:
    """Fetch the backups of the last days every night to the owner's home: what is there, what was deleted already, and the sums beside."""
    home = case.machine("linux")
    for night in range(3):
        at = night * 86_400 + 10_800 + case.rng.uniform(0, 600)
        for n in range(8):
            for end in (".sql.gz", ".sql.gz.sha256", ".files.tar.gz"):
                at += case.rng.uniform(0.2, 40)
                name = f"/backup/example-2026-03-{9 + night - n:02d}{end}"
                home.get(at, name, 404 if n > 4 or "sha" in end else 200, agent="rclone/v1.68.2")
