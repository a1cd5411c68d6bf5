"""People and their browsers at the web site: tabs, typed words, printed codes, kiosks, searches that read like attacks, doors that stay shut."""

from __future__ import annotations

from bench.access import BROWSERS, PAGES
from bench.ordinary.actors import Case
from bench.ordinary.fourth_web_answers import web_benign
from bench.ordinary.network import ARTICLES
from bench.ordinary.offices import browse

SITE = "https://www.example.org"
PWA_PARTS = ("runtime", "vendors", "main", "polyfills", "styles", "checkout", "account", "search", "wishlist", "stores", "help", "map", "charts", "editor",
             "print", "locale-de", "locale-fr", "icons", "fonts", "worker")  # fmt: skip
TYPED = ("/impressum", "/kontakt", "/contact", "/contact-us", "/about", "/about-us", "/ueber-uns", "/team", "/agb", "/datenschutz", "/privacy", "/jobs", "/karriere",
         "/presse", "/anfahrt", "/oeffnungszeiten", "/preise", "/faq", "/hilfe", "/support", "/imprint", "/Impressum.html", "/kontakt.html", "/index.html", "/home")  # fmt: skip
ABOUT_CODE = ("select+*+from+kunden", "union+select", "%27+or+1%3D1", "%3Cscript%3E+tag", "..%2F+in+pfad", "etc%2Fpasswd+rechte", "cat+%2Fetc%2Fhosts", "drop+table",
              "%24%7Bjndi+erklaerung", "wp-login.php+sperren", ".env+datei+git", "o%27neill", "sleep%285%29+mysql", "%7B%7B7*7%7D%7D+jinja", "phpmyadmin+absichern",
              "eval%28base64_decode", "document.cookie", "curl+%7C+bash", "cmd.exe+%2Fc", "xp_cmdshell")  # fmt: skip
GUIDES = ("/docs/config/.env.html", "/docs/webserver/.htaccess", "/docs/git/.git-config", "/docs/spring/actuator/env", "/wiki/phpMyAdmin", "/wiki/Wp-login.php", "/wiki/Admin",
          "/docs/backup/backup.sql", "/docs/docker/.dockerenv", "/wiki/Passwd", "/docs/api/swagger.json", "/downloads/backup-example.zip", "/wiki/Server-status",
          "/docs/php/phpinfo.php", "/docs/ssh/id_rsa", "/wiki/Cgi-bin", "/docs/admin/", "/docs/debug/default/view", "/wiki/Shell.php", "/docs/deploy/docker-compose.yml")  # fmt: skip
WORDS_SOUGHT = (
    "winterjacke",
    "regenschirm",
    "akkuschrauber",
    "lampe",
    "select comfort",
    "o'neill",
    "union jack",
    "table",
    "script",
    "drop shipping",
    "kaffee",
    "zelt",
)
TELEVISION = ("Mozilla/5.0 (Linux armv7l) AppleWebKit/537.36 Chrome/87.0 Safari/537.36 HbbTV/1.6.1 (+DRM;TV;55PUS;Linux;)",
              "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 HbbTV/1.5.1 Chrome/94.0 TV Safari/537.36")  # fmt: skip
BROKEN_PARTS = tuple(
    f"/signage/{name}"
    for name in (
        "bg.webp",
        "logo-weiss.svg",
        "ticker.json",
        "wetter.json",
        "fahrplan.json",
        "clip.mp4",
        "font.woff2",
        "config.local.json",
    )
)
PLUGINS = ("cookie-notice", "contact-form-7", "slider-revolution", "social-share", "gallery-box", "lazy-load", "events-list", "seo-basic", "popup-maker")  # fmt: skip


@web_benign("service-worker-update")
def service_worker_update(case: Case) -> None:
    """Let an installed web application renew itself: its worker fetches twenty named pieces at once, after a bad release some that are gone."""
    build = [f"/app-shell/{name}.{case.rng.getrandbits(32):08x}.js" for name in PWA_PARTS]
    for n, phone in enumerate(case.machines(22)):
        for at in case.working(case.rng.choice((1, 2))):
            phone.get(at, "/sw.js", 304 if n % 2 else 200)
            gone = case.rng.random() < 0.4
            for k, piece in enumerate(build[: case.rng.randint(8, 20)]):
                phone.get(at + 1 + 0.03 * k, piece, 404 if gone and k % 3 == 0 else 200, referer=f"{SITE}/sw.js")


@web_benign("restored-tabs")
def restored_tabs(case: Case) -> None:
    """Open a browser after months with all its tabs: dozens of pages within three seconds, a third of them gone."""
    for reader in case.machines(9):
        for at in case.working(case.rng.choice((1, 1, 3))):
            for n in range(case.rng.randint(10, 40)):
                gone = case.rng.random() < 0.35
                page = f"/angebote/{2024 + n % 2}/{case.rng.randrange(4_000)}" if gone else case.rng.choice(ARTICLES)
                reader.get(at + 0.08 * n, page)
                reader.get(at + 0.1 + 0.08 * n, "/assets/css/main.css", 304, referer=SITE + page)


@web_benign("bookmark-cleaner")
def bookmark_cleaner(case: Case) -> None:
    """Check all bookmarks that a person has on the site with an extension of the browser: HEAD for each, GET where that fails, twenty a second."""
    for reader in case.machines(3):
        at = case.working(1)[0]
        for n in range(case.rng.randint(30, 90)):
            gone = case.rng.random() < 0.55
            page = f"/rezepte/{case.rng.randrange(900)}-{case.rng.choice(('suppe', 'kuchen', 'brot', 'salat'))}.html"
            page = page if gone else case.rng.choice(ARTICLES)
            reader.get(at + 0.05 * n, page, method="HEAD")
            if gone:
                reader.get(at + 0.05 * n + 4, page)


@web_benign("trims-addresses")
def trims_addresses(case: Case) -> None:
    """Shorten the address in the browser to see what lies above: folders without an index that are refused or not there."""
    for reader in case.machines(22):
        at = case.working(1)[0]
        for _ in range(case.rng.choice((1, 1, 2, 5))):
            page = case.rng.choice((*ARTICLES, *PAGES))
            while page.count("/") > 1:
                reader.get(at, page)
                page, at = page.rstrip("/").rpartition("/")[0] + "/", at + case.rng.uniform(3, 15)
            reader.get(at, page, case.rng.choice((403, 404)))
            at += case.rng.uniform(10, 100)


@web_benign("types-usual-names")
def types_usual_names(case: Case) -> None:
    """Look for imprint, contact or prices by typing what such pages are usually called, name after name, until one gives up."""
    for n, reader in enumerate(case.machines(26)):
        at = case.working(1)[0]
        browse(case, reader, at, 1)
        for path in case.rng.sample(TYPED, 16 if n < 2 else case.rng.choice((1, 2, 3, 6))):
            at += case.rng.uniform(3, 14)
            reader.get(at, path)


@web_benign("printed-codes")
def printed_codes(case: Case) -> None:
    """Photograph the codes of a printed catalogue, half of which have expired; an assistant in the shop checks sixty in a row."""
    for n, phone in enumerate(case.machines(34)):
        at = case.working(1)[0]
        for _ in range(60 if n == 0 else case.rng.choice((1, 1, 2, 4))):
            phone.get(at, f"/q/{case.rng.getrandbits(25):05X}", case.rng.choice((301, 404)))
            at += case.rng.uniform(4, 12)


@web_benign("search-as-one-types")
def search_as_one_types(case: Case) -> None:
    """Type into a search box that asks after each letter, some words with apostrophes or of ill repute."""
    for reader in case.machines(22):
        for at in case.working(case.rng.choice((1, 1, 2))):
            word = case.rng.choice(WORDS_SOUGHT).replace(" ", "+").replace("'", "%27")
            for n in range(2, len(word) + 1):
                reader.get(at + 0.25 * n, f"/search?q={word[:n]}&suggest=1", 200, referer=f"{SITE}/", size=180 + 9 * n)
            reader.get(at + 9, f"/search?q={word}", referer=f"{SITE}/")


@web_benign("searches-for-code")
def searches_for_code(case: Case) -> None:
    """Search a forum of programmers for what attacks look like, because that is what the question is about; a writer does so all morning."""
    for n, reader in enumerate(case.machines(24)):
        at = case.working(1)[0]
        for text in case.rng.sample(ABOUT_CODE, 14 if n == 0 else case.rng.choice((1, 1, 2, 3))):
            reader.get(at, f"/search?q={text}", referer=f"{SITE}/search")
            reader.get(at + case.rng.uniform(4, 20), case.rng.choice(ARTICLES), referer=f"{SITE}/search?q={text}")
            at += case.rng.uniform(30, 200)


@web_benign("reads-about-administration")
def reads_about_administration(case: Case) -> None:
    """Read a handbook for administrators whose pages bear the names of the files that they explain."""
    for n, reader in enumerate(case.machines(22)):
        at = case.working(1)[0]
        for page in case.rng.sample(GUIDES, 15 if n < 3 else case.rng.choice((1, 2, 4))):
            reader.get(at, page, 200, referer=f"{SITE}/docs/", size=case.rng.randrange(4_000, 40_000))
            reader.get(at + 0.4, "/assets/css/main.css", 304, referer=SITE + page)
            at += case.rng.uniform(20, 240)


@web_benign("login-loop")
def login_loop(case: Case) -> None:
    """Run round in a circle of redirections because the browser keeps no cookie: the address grows with each turn until it gives up."""
    for reader in case.machines(10):
        for at in case.working(case.rng.choice((1, 2, 3))):
            path = "/account/orders"
            for n in range(20):
                reader.get(at + 0.12 * n, path, 302)
                path = f"/login?next={path.replace('?', '%3F').replace('=', '%3D')}"


@web_benign("office-after-deployment")
def office_after_deployment(case: Case) -> None:
    """Work on in an office of seventy behind one address while the application is deployed: every open tab asks for the pieces of its own release."""
    nat, releases = case.machine("linux"), [case.rng.getrandbits(28) for _ in range(5)]
    for at in case.working(70):
        release, agent = case.rng.choice(releases), case.rng.choice(BROWSERS)
        for n in range(case.rng.choice((1, 2, 2, 6))):
            piece = f"/dash/assets/{case.rng.choice(PWA_PARTS)}-{release + case.rng.randrange(40):08x}.js"
            nat.get(at + 0.1 * n, piece, 404, referer=f"{SITE}/dash/", agent=agent)
        browse(case, nat, at + 3, 1, agent)


@web_benign("kiosks")
def kiosks(case: Case) -> None:
    """Show a page on the walls of five branches that renews itself every few hours, with up to eight parts that nobody put there."""
    for n, kiosk in enumerate(case.machines(5, "small")):
        for at in case.steady(9_000 + 900 * n):
            kiosk.get(at, "/signage/", 200)
            for k, part in enumerate(BROKEN_PARTS[: 4 + n]):
                kiosk.get(at + 0.2 * k, part, 404, referer=f"{SITE}/signage/")


@web_benign("red-button")
def red_button(case: Case) -> None:
    """Press the red button of a television: it loads an application of last season, whose menus and pictures are mostly gone."""
    for television in case.machines(24, "small"):
        at, agent = case.rng.uniform(0.25, 0.95) * case.span, case.rng.choice(TELEVISION)
        for n in range(case.rng.randint(2, 14)):
            part = f"/hbbtv/staffel{case.rng.randrange(3, 6)}/folge{case.rng.randrange(1, 24):02d}/teaser.jpg"
            television.get(at + 0.3 * n, part if n else "/hbbtv/index.html", 404 if n else 200, agent=agent)


@web_benign("expired-membership")
def expired_membership(case: Case) -> None:
    """Go through one's documents after the membership has run out: refused one after the other, and led to the login for some."""
    for member in case.machines(8):
        at, status = case.working(1)[0], case.rng.choice((403, 403, 302, 401))
        for _ in range(case.rng.randint(6, 36)):
            member.get(at, f"/mitglieder/rundschreiben/{2015 + case.rng.randrange(11)}-{case.rng.randrange(1, 13):02d}.pdf",
                       status, referer=f"{SITE}/mitglieder/")  # fmt: skip
            at += case.rng.uniform(2, 25)


@web_benign("maintenance")
def maintenance(case: Case) -> None:
    """Read on while the site is maintained for twenty minutes: 503 for every page and part, tried again and again."""
    begin = case.working(1)[0]
    for reader in case.machines(28):
        at = begin + case.rng.uniform(0, 1_100)
        for _ in range(case.rng.choice((1, 2, 4, 9))):
            for n, path in enumerate((case.rng.choice(ARTICLES), "/favicon.ico")):
                reader.get(at + 0.2 * n, path, 503, size=592)
            at += case.rng.uniform(4, 60)


@web_benign("theme-updated-away")
def theme_updated_away(case: Case) -> None:
    """Read a blog out of a cache that still names the parts of plugins and of a theme which were updated away: a dozen for each page."""
    parts = [
        f"/wp-content/plugins/{name}/{part}?ver={n}.2"
        for n, name in enumerate(PLUGINS)
        for part in ("css/style.css", "js/front.js")
    ]
    parts += [
        f"/wp-content/themes/old-theme/{part}" for part in ("style.css", "js/nav.js", "fonts/icons.woff2", "img/bg.png")
    ]
    for n, reader in enumerate(case.machines(26)):
        at = case.working(1)[0]
        for page in case.rng.sample(ARTICLES, 5 if n < 4 else case.rng.choice((1, 1, 2))):
            reader.get(at, page, site="blog.example.org")
            for k, part in enumerate(case.rng.sample(parts, case.rng.randint(4, 12))):
                reader.get(
                    at + 0.3 + 0.03 * k, part, 404, referer=f"https://blog.example.org{page}", site="blog.example.org"
                )
            at += case.rng.uniform(10, 120)
