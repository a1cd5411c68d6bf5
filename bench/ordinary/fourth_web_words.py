"""Programs that walk lists of words: by recursion, endings, languages, routes, parameters, names of sites and of backups, each from one machine."""

from __future__ import annotations

from itertools import product
from string import ascii_lowercase

from bench.access import BROWSERS
from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_scan
from bench.ordinary.fourth_web_weaknesses import ask, mixed, moments
from bench.ordinary.network import ARTICLES, SITES

COMMON = ("about", "access", "accounting", "adm", "administrator", "ajax", "analytics", "archive", "assets2", "auth", "billing", "bin", "blog2", "bulk", "cache", "catalog", "cfg", "chat", "class", "client", "cms", "common",
          "conf", "core", "cpanel", "cron", "css", "customer", "dashboard", "database", "debug", "default", "demo", "deploy", "dist", "doc", "download", "email", "engine", "error", "etc", "export", "ext", "feed", "file", "forms",
          "forum", "ftp", "global", "help", "home", "htdocs", "img", "import", "inc", "includes", "info", "install", "intranet", "invoice", "job", "js", "lang", "lib", "local", "log", "mail", "main", "manage", "media", "members",
          "misc", "mobile", "modules", "mysql", "new", "node", "office", "order", "partner", "payment", "php", "pics", "plugin", "portal", "print", "prod", "profile", "proxy", "public", "queue", "report", "rest", "root", "sales",
          "sample", "scripts", "secure", "server", "service", "setup", "sql", "staff", "stage", "stat", "storage", "support", "system", "temp", "template", "themes", "tools", "upload", "user", "util", "vendor", "video", "webapp", "xml")  # fmt: skip
GERMAN = ("verwaltung", "geheim", "intern", "mitarbeiter", "kunden", "rechnungen", "angebote", "vorstand", "sicherung", "datenbank", "passwoerter", "anmeldung", "benutzer", "einstellungen", "protokolle", "vertraege", "lager", "bestellungen",
          "gehalt", "personal", "buchhaltung", "altdaten", "testseite", "entwurf", "hochladen", "ablage", "dateien", "bilder", "unterlagen", "sitzungen", "kasse", "zugang", "statistik", "wartung", "schnittstelle", "freigabe")  # fmt: skip
SPANISH = ("administrador", "respaldo", "copias", "usuarios", "clave", "privado", "interno", "facturas", "clientes", "pedidos", "prueba", "antiguo", "subir", "archivos", "descargas", "acceso", "panel-control", "configuracion", "empleados",
           "nomina", "informes", "basedatos", "sistema", "registro", "inventario", "ventas", "compras", "proveedores", "documentos", "gestion")  # fmt: skip
HANDBOOK = (
    "installation",
    "install-guide",
    "admin-guide",
    "release-notes",
    "changelog",
    "upgrade",
    "roadmap",
    "architecture",
    "internal",
    "security",
    "runbook",
    "onboarding",
    "api-reference",
    "private",
    "draft",
    "old",
    "v1",
    "v2",
    "beta",
    "deployment",
)
NOUNS = ("account", "asset", "audit", "batch", "branch", "card", "cart", "contract", "coupon", "device", "document", "employee", "event", "group", "invoice", "job", "key", "ledger", "message", "note", "order", "payment", "permission", "plan",
         "policy", "profile", "quote", "refund", "report", "role", "secret", "session", "shipment", "subscription", "task", "team", "tenant", "ticket", "token", "transaction", "user", "vendor", "voucher", "wallet", "webhook")  # fmt: skip
SCRIPTS = ("/static/js/main.js.map", "/config.js", "/env.js", "/env-config.js", "/settings.js", "/runtime-config.js", "/app-config.json", "/assets/config.json", "/assets/env.json", "/static/config.js", "/js/config.js", "/js/api.js", "/js/keys.js",
           "/firebase-config.js", "/aws-exports.js", "/js/secrets.js", "/config/default.json", "/app.js.map", "/bundle.js.map", "/main.js", "/dist/bundle.js", "/build/static/js/main.js", "/_nuxt/config.js", "/__env.js", "/window-env.js",
           "/api/config.js", "/api/env", "/credentials.js", "/constants.js", "/js/constants.js", "/asset-manifest.json", "/ngsw.json", "/stats.json", "/webpack-stats.json", "/_next/static/buildManifest.js", "/public/config.js")  # fmt: skip
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
HOSTS = ("api", "app", "cdn", "shop", "mail", "git", "vpn", "auth", "portal", "db", "static", "search", "crm")
CHANGES = ("dev-{}", "{}-dev", "staging-{}", "{}-staging", "{}-test", "{}2", "old-{}", "{}-internal")


@web_scan("recursion", "T1595.003")
def recursion(case: Case) -> None:
    """Walk a list with a tool that goes into each folder it finds and begins anew there."""
    words = case.rng.sample(COMMON, 45)
    paths = [f"{base}/{word}" for base in ("", "/blog", "/blog/2026", "/products", "/assets") for word in words]
    ask(case, [case.machine("linux")], paths, 0.05, even=True, agent="feroxbuster/2.11.0")


@web_scan("endings-in-order", "T1595.003")
def endings_in_order(case: Case) -> None:
    """Try a list in the order of the alphabet with five endings each, ten a second, in a browser's name."""
    paths = [
        f"/{word}{end}" for word in sorted(case.rng.sample(COMMON, 40)) for end in ("", ".asp", ".aspx", ".jsp", ".do")
    ]
    ask(case, [case.machine("linux")], paths, 0.1, even=True)


@web_scan("names-with-dots", "T1595.003")
def names_with_dots(case: Case) -> None:
    """Try what a tool's own list begins with, names with a dot before them, some refused by the server's rules, with random browsers."""
    scanner, names = (
        case.machine("linux"),
        mixed(case, (".ht", ".git", ".svn/", ".idea/", ".vscode/", ".env.", ".config/"), case.rng.sample(COMMON, 14)),
    )
    for at, name in zip(moments(case, len(names), 0.3), sorted(names), strict=True):
        scanner.get(at, f"/{name}", 403 if name.startswith(".ht") else 404, agent=case.rng.choice(BROWSERS))


@web_scan("two-letters", "T1595.003")
def two_letters(case: Case) -> None:
    """Try names of two letters with HEAD, which are short for something in many firms."""
    ask(
        case,
        [case.machine("linux")],
        [f"/{a}{b}/" for a, b in case.rng.sample(list(product(ascii_lowercase, repeat=2)), 170)],
        1,
        method="HEAD",
    )


@web_scan("german-words", "T1595.003")
def german_words(case: Case) -> None:
    """Try German words for what is not meant for everybody, one in forty seconds."""
    ask(case, [case.machine("windows")], [f"/{word}{end}" for word in GERMAN for end in ("", "/")], 40)


@web_scan("spanish-words", "T1595.003")
def spanish_words(case: Case) -> None:
    """Try Spanish words with endings from two addresses by turns, one in ten minutes."""
    ask(case, case.machines(2), [f"/{word}{case.rng.choice(('', '.php', '.zip', '/'))}" for word in SPANISH * 2], 600)


@web_scan("handbook-names", "T1595.003")
def handbook_names(case: Case) -> None:
    """Guess what a firm's handbooks are called, below five folders, with the start page as the page before."""
    paths = mixed(case, ("/docs/", "/wiki/", "/kb/", "/handbook/", "/guides/"), HANDBOOK)
    ask(case, [case.machine("linux")], paths, 9, referer="https://www.example.org/")


@web_scan("nouns-of-interfaces", "T1595.003")
def nouns_of_interfaces(case: Case) -> None:
    """Guess what an interface deals with, in singular and plural, one in three minutes; some answers are 401."""
    paths = [f"/api/v1/{noun}{end}" for noun in NOUNS for end in ("", "s")]
    ask(
        case,
        [case.machine("linux")],
        paths,
        180,
        (404, 404, 404, 401),
        agent="PostmanRuntime/7.43.0",
        site="api.example.org",
    )


@web_scan("routes-with-methods", "T1595.003")
def routes_with_methods(case: Case) -> None:
    """Guess routes as their authors write them, with numbers and identifiers in their midst, each with the method that fits."""
    scanner = case.machine("linux")
    for at, (first, second) in zip(
        moments(case, 160, 0.12, True), case.rng.sample(list(product(NOUNS, NOUNS)), 160), strict=True
    ):
        middle = case.rng.choice((str(case.rng.randrange(99)), f"{case.rng.getrandbits(128):032x}", "me"))
        status = case.rng.choices((404, 405, 401, 400), (85, 6, 5, 4))[0]
        scanner.get(
            at,
            f"/api/{first}s/{middle}/{second}s",
            status,
            case.rng.choice(METHODS),
            agent=BROWSERS[2],
            site="api.example.org",
        )


@web_scan("crawls-then-guesses", "T1595.003")
def crawls_then_guesses(case: Case) -> None:
    """Crawl sixty pages like a robot, then try ten words below each folder that was seen."""
    scanner, begin = case.machine("linux"), case.moment() * 0.9
    scanner.cover = True
    for n, page in enumerate(("/robots.txt", "/sitemap.xml", *case.rng.sample(ARTICLES, 60))):
        scanner.get(begin + 0.3 * n, page)
    scanner.cover = False
    for n, path in enumerate(
        mixed(
            case,
            ("", "/blog", "/blog/2026", "/products", "/assets", "/account", "/images"),
            [f"/{word}" for word in case.rng.sample(COMMON, 10)],
        )
    ):
        scanner.get(begin + 30 + 0.4 * n, path)


@web_scan("secrets-in-scripts", "T1595.003")
def secrets_in_scripts(case: Case) -> None:
    """Look for scripts and settings in which builders leave keys, on two of our sites, in the name of a library."""
    scanner, begin = case.machine("linux"), case.moment()
    for n, site in enumerate(case.rng.sample(SITES, 2)):
        names = case.rng.sample(SCRIPTS, len(SCRIPTS))
        ask(case, [scanner], names, 0.8, agent="Go-http-client/1.1", site=site, begin=begin + 300 * n)


@web_scan("archives-of-each-site", "T1595.003")
def archives_of_each_site(case: Case) -> None:
    """Guess archives made of the names of our sites and of years with HEAD, one in five minutes from eight neighbours."""
    members = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 8)]
    guesses = [(site, f"/{name}{end}") for site in SITES for name in (site, site.partition(".")[0], site.replace(".", "_"), "2025", "2026")
               for end in (".zip", ".tar.gz", ".sql", ".bak")]  # fmt: skip
    for n, (at, (site, path)) in enumerate(zip(moments(case, len(guesses), 300), guesses, strict=True)):
        members[n % 8].get(at, path, 404, "HEAD", site=site)


@web_scan("permuted-site-names", "T1595.003")
def permuted_site_names(case: Case) -> None:
    """Ask under names of sites made by permutation, dev-api and api2; the server leads all of them to the main site."""
    scanner = case.machine("linux")
    for at, name in zip(
        moments(case, 104, 0.5), [change.format(host) for host in HOSTS for change in CHANGES], strict=True
    ):
        scanner.get(at, "/", 301, site=f"{name}.example.org")


@web_scan("disallowed-places", "T1595.003")
def disallowed_places(case: Case) -> None:
    """Read robots.txt and ask at once for all that it forbids, then for the same with endings of copies."""
    scanner, begin = case.machine("linux"), case.moment()
    scanner.cover = True
    scanner.get(begin - 2, "/robots.txt", agent="curl/8.5.0")
    scanner.cover = False
    forbidden = [
        f"/{word}/"
        for word in ("intern", "cgi-bin", "tmp", "staging", "export", "includes", "members", "stats", "cart", "old")
    ]
    paths = [*forbidden, *(f"{path.rstrip('/')}{end}" for path in forbidden for end in (".zip", ".bak", ".tar.gz"))]
    ask(case, [scanner], paths, 1.5, (404, 404, 403), agent="curl/8.5.0", begin=begin)


@web_scan("programs-of-old", "T1595.003")
def programs_of_old(case: Case) -> None:
    """Look for programs in the folder where they were kept once, sixty names with three endings by HEAD, one in six seconds."""
    names = [f"/cgi-bin/{word}{case.rng.choice(('', '.cgi', '.pl', '.sh'))}" for word in case.rng.sample(COMMON, 60)]
    ask(case, [case.machine("linux")], names, 6, (404, 404, 404, 403, 500), method="HEAD")
