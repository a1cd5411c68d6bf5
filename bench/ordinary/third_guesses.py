"""More guesses at the web server: routes read from scripts, answers that are never 404, encodings, names made of the site's own words."""

from __future__ import annotations

from itertools import product

from bench.access import BROWSERS
from bench.ordinary.actors import Case, Machine, third_scan
from bench.ordinary.network import ARTICLES
from bench.ordinary.third_doors import jittered
from bench.ordinary.third_groups import cloud
from bench.ordinary.web_scans import WORDLIST

AROUND = ("/ADMIN", "/Admin/", "/%61dmin", "/admin%2f", "/./admin/./", "//admin//", "/admin/.", "/admin..;/", "/admin;/", "/admin%20", "/admin%09", "/admin?", "/admin.json",
          "/admin.css", "/;/admin", "/.;/admin", "/%2e/admin", "/admin/%2e%2e/admin", "/api/../admin", "/assets/..%2fadmin", "/admin%00", "/admin%23", "/admin/*", "/admin/~")  # fmt: skip
UP = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..%c0%af", "..;/", "....//", "..%5c")
PLACES = ("/assets/", "/static/", "/images/", "/download?file=")
SYSTEMS = ("/CHANGELOG.txt", "/core/CHANGELOG.txt", "/core/install.php", "/administrator/manifests/files/joomla.xml", "/language/en-GB/en-GB.xml", "/typo3/", "/typo3conf/",
           "/umbraco", "/sitecore/login", "/magento_version", "/skin/frontend/", "/app/etc/local.xml", "/ghost/", "/user/themes/", "/concrete/", "/bitrix/admin/", "/craft/",
           "/ucp.php", "/forum/ucp.php", "/mediawiki/", "/wiki/Special:Version", "/readme.html", "/license.txt", "/wp-links-opml.php", "/INSTALL.txt", "/composer.lock",
           "/package.json", "/yarn.lock", "/.well-known/traffic-advice", "/version.txt", "/VERSION", "/build.txt", "/license.key")  # fmt: skip
ROUTES = ("me", "profile", "orders", "basket", "wishlist", "addresses", "cards", "coupons", "reviews", "search/suggest", "stock", "stores", "banners", "flags", "admin/users",
          "admin/orders", "admin/reports", "admin/coupons", "admin/impersonate", "internal/cache", "internal/jobs", "internal/metrics", "debug/session", "export/customers",
          "import/products", "staff/roles", "staff/tokens", "partner/feeds", "partner/keys", "billing/invoices", "billing/refunds", "graphql/schema")  # fmt: skip
ROOTS = ("notes", "review", "products", "example", "blog", "katalog", "partner", "presse")
ENDS = ("intern", "alt", "neu", "test", "2024", "2025", "kopie", "entwurf", "admin", "backup")


@third_scan("function-for-each-word", "T1595.003")
def function_for_each_word(case: Case) -> None:
    """Try a hundred and twenty words from functions of a cloud, a fresh address and browser for each, with the page before it named."""
    words = case.rng.sample(WORDLIST, 120)
    for at, source, word in zip(jittered(case, 120, 150), cloud(case, 120), words, strict=True):
        Machine(case, source, "linux").get(
            at, word, agent=case.rng.choice(BROWSERS), referer="https://www.example.org/"
        )


@third_scan("around-a-refusal", "T1595.002")
def around_a_refusal(case: Case) -> None:
    """Write the address of a refused page in two dozen ways, to find one that the rules forgot."""
    scanner = case.machine("linux")
    for at, path in zip(case.paced(len(AROUND), 1.2, case.moment()), AROUND, strict=True):
        scanner.get(at, path, case.rng.choice((403, 403, 404, 400)))


@third_scan("ways-upwards", "T1595.002")
def ways_upwards(case: Case) -> None:
    """Climb out of four folders with nine spellings of the way up, one in half a minute."""
    scanner, tries = case.machine("linux"), list(product(PLACES, UP))
    for at, (place, up) in zip(case.paced(len(tries), 30, case.moment() * 0.9), tries, strict=True):
        scanner.get(at, f"{place}{up * 6}etc/passwd", case.rng.choice((400, 404, 403)))


@third_scan("which-system", "T1595.002")
def which_system(case: Case) -> None:
    """Find out what the site is made with by files that tell it, thirty-three of them, one in two minutes."""
    scanner = case.machine("windows")
    for at, path in zip(jittered(case, len(SYSTEMS), 120, case.rng.uniform(0.1, 0.8)), SYSTEMS, strict=True):
        scanner.get(at, path)


@third_scan("routes-from-script", "T1595.003")
def routes_from_script(case: Case) -> None:
    """Read the start page and its script, then try every route that the script knows, those for the staff as well."""
    scanner, begin = case.machine("linux"), case.moment() * 0.95
    scanner.cover = True
    for n, path in enumerate(("/", "/assets/js/app.min.js")):
        scanner.get(begin - 20 + n, path)
    scanner.cover = False
    for at, name in zip(case.paced(len(ROUTES), 5, begin), ROUTES, strict=True):
        scanner.get(
            at,
            f"/api/v3/{name}",
            200 if len(name) < 6 else case.rng.choice((401, 403, 403, 404)),
            site="api.example.org",
        )


@third_scan("words-to-the-login", "T1595.003")
def words_to_the_login(case: Case) -> None:
    """Walk a wordlist where whatever one asks for leads to the login: every answer is 302."""
    scanner = case.machine("linux")
    for at, word in zip(case.paced(110, 3, case.moment()), case.rng.sample(WORDLIST, 110), strict=True):
        scanner.get(at, word, 302, site="desk.example.org")


@third_scan("words-throttled", "T1595.003")
def words_throttled(case: Case) -> None:
    """Walk a wordlist into a limit of the server: 404 at first, then 429 for all but a few."""
    scanner = case.machine("linux")
    for n, (at, word) in enumerate(
        zip(case.paced(150, 0.4, case.moment()), case.rng.sample(WORDLIST, 150), strict=True)
    ):
        scanner.get(at, word, 429 if n > 30 and n % 9 else None)


@third_scan("months-of-uploads", "T1595.003")
def months_of_uploads(case: Case) -> None:
    """Ask for the folder of each month's uploads in seven years, backwards, one in five minutes."""
    scanner, months = (
        case.machine("linux"),
        [(year, month) for year in range(2025, 2018, -1) for month in range(12, 0, -1)],
    )
    for at, (year, month) in zip(jittered(case, len(months), 300), months, strict=True):
        scanner.get(at, f"/wp-content/uploads/{year}/{month:02d}/", case.rng.choice((404, 404, 403)))


@third_scan("words-of-the-site", "T1595.003")
def words_of_the_site(case: Case) -> None:
    """Guess addresses made of the site's own words, eighty of them with a page read after each third, one in four minutes."""
    reader, guesses = case.machine("windows"), [f"/{root}-{end}" for root in ROOTS for end in ENDS]
    case.rng.shuffle(guesses)
    for n, (at, path) in enumerate(zip(jittered(case, len(guesses), 240, 0.1), guesses, strict=True)):
        reader.cover = False
        reader.get(at, path)
        reader.cover = True
        if n % 3 == 0:
            reader.get(at + 20, case.rng.choice(ARTICLES))


@third_scan("identifiers-of-documents", "T1595.003")
def identifiers_of_documents(case: Case) -> None:
    """Count through the numbers of other people's documents: sixty of them, refused or served, from four addresses by turns."""
    members, first = case.machines(4), case.rng.randrange(10_000, 90_000)
    for n, at in enumerate(case.paced(60, 25, case.moment() * 0.9)):
        members[n % 4].get(at, f"/account/documents/{first + n}.pdf", 200 if n % 11 == 0 else 403)
