"""Scans of the web site: wordlists at any speed and from many addresses, vulnerabilities, names of sites."""

from __future__ import annotations

from itertools import cycle, product

from bench.access import BROWSERS, ENDINGS, PROBED, SCANNING, WORDS
from bench.ordinary.actors import Case, Machine, scan
from bench.ordinary.offices import browse

MORE_WORDS = ("login", "panel", "console", "secret", "portal", "staging", "beta", "v1", "v2", "internal", "export", "reports",
              "logs", "tmp", "dump", "site", "web", "www", "shop", "db", "data", "files", "server-status", "status")  # fmt: skip
WORDLIST = tuple(f"/{word}{end}" for word in (*WORDS, *MORE_WORDS) for end in ("", *ENDINGS))
WEAKNESSES = (
    *PROBED, "/.env.production", "/.git/HEAD", "/.svn/entries", "/server-status", "/solr/admin/info/system", "/actuator/env",
    "/_ignition/execute-solution", "/owa/auth/x.js", "/remote/fgt_lang?lang=/../../../..//////////dev/cmdb/sslvpn_websession",
    "/cgi-bin/.%2e/.%2e/.%2e/.%2e/etc/passwd", "/?id=1%27%20OR%20%271%27=%271", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/wp-content/plugins/revslider/readme.txt", "/xmlrpc.php", "/manager/html", "/struts2-showcase/", "/console/login/LoginForm.jsp",
    "/api/jsonws/invoke", "/druid/index.html", "/nacos/v1/auth/users", "/jenkins/script", "/telescope/requests", "/debug/default/view",
    "/hudson", "/.DS_Store", "/backup.sql", "/config.json", "/phpinfo.php", "/geoserver/web/", "/confluence/pages/createpage-entervariables.action",
    "/mgmt/tm/util/bash", "/vpn/../vpns/cfg/smb.conf", "/index.php?s=/Index/%5Cthink%5Capp/invokefunction", "/GponForm/diag_Form?images/",
)  # fmt: skip
PLUGINS = ("akismet", "contact-form-7", "elementor", "woocommerce", "wordfence", "jetpack", "duplicator", "wp-file-manager", "revslider",
           "ninja-forms", "updraftplus", "all-in-one-seo-pack", "easy-wp-smtp", "litespeed-cache", "bricks", "backuply")  # fmt: skip
BACKUPS = tuple(f"/{name}{end}" for name, end in product(
    ("example", "example.org", "www", "backup", "site", "public_html", "2026", "db"), (".zip", ".tar.gz", ".sql.gz", ".rar", ".7z")))  # fmt: skip
HOST_WORDS = ("admin", "dev", "staging", "test", "api", "git", "jenkins", "mail", "vpn", "intranet", "portal", "old", "beta", "grafana",
              "kibana", "db", "backup", "monitor", "wiki", "jira", "ci", "nexus", "files", "cdn", "m", "demo", "qa", "uat", "sso", "auth")  # fmt: skip
ENDPOINTS = (
    "users",
    "admin",
    "orders",
    "config",
    "keys",
    "tokens",
    "debug",
    "export",
    "import",
    "health",
    "metrics",
    "graphql",
)


def _walk(
    case: Case, machines: list[Machine], paths: list[str], gap: float, agent: str | None = None, method: str = "GET"
) -> None:
    start = case.moment() if gap * len(paths) < 0.05 * case.span else None
    for at, path, machine in zip(case.paced(len(paths), gap, start), paths, cycle(machines), strict=False):
        machine.get(at, path, agent=agent, method=method)


def _words(case: Case, count: int) -> list[str]:
    return case.rng.sample(WORDLIST, min(count, len(WORDLIST)))


@scan("wordlist-tool", "T1595.003")
def wordlist_tool(case: Case) -> None:
    """Walk a wordlist with a tool that says what it is, forty a second."""
    _walk(case, [case.machine("linux")], _words(case, 320), 0.025, case.rng.choice(SCANNING[:3]))


@scan("wordlist-browser-agent", "T1595.003")
def wordlist_browser_agent(case: Case) -> None:
    """Walk a wordlist as a browser would call itself, five a second."""
    _walk(case, [case.machine("linux")], _words(case, 200), 0.2)


@scan("wordlist-head", "T1595.003")
def wordlist_head(case: Case) -> None:
    """Walk a wordlist with HEAD and a new browser's name for each request."""
    scanner = case.machine("linux")
    for at, path in zip(case.paced(150, 0.5, case.moment()), _words(case, 150), strict=True):
        scanner.get(at, path, method="HEAD", agent=case.rng.choice(BROWSERS))


@scan("wordlist-slow", "T1595.003")
def wordlist_slow(case: Case) -> None:
    """Walk a wordlist at one word in two minutes."""
    _walk(case, [case.machine("linux")], _words(case, 120), 120)


@scan("wordlist-very-slow", "T1595.003")
def wordlist_very_slow(case: Case) -> None:
    """Walk a short wordlist at one word an hour."""
    _walk(case, [case.machine("linux")], _words(case, 60), 3_600)


@scan("wordlist-split", "T1595.003")
def wordlist_split(case: Case) -> None:
    """Share a wordlist among twenty-five unrelated addresses, eight words each."""
    _walk(case, case.machines(25, "linux"), _words(case, 200), 6, case.rng.choice(BROWSERS))


@scan("wordlist-split-subnet", "T1595.003")
def wordlist_split_subnet(case: Case) -> None:
    """Share a wordlist among twelve addresses of one /24."""
    members = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 12)]
    _walk(case, members, _words(case, 180), 10)


@scan("wordlist-soft-404", "T1595.003")
def wordlist_soft_404(case: Case) -> None:
    """Walk a wordlist below a place where the server answers 200 to everything."""
    _walk(case, [case.machine("linux")], [f"/app{word}" for word in _words(case, 220)], 0.15)


@scan("wordlist-reads-too", "T1595.003")
def wordlist_reads_too(case: Case) -> None:
    """Walk a wordlist and read real pages with their parts in between, as a person would."""
    scanner = case.machine("linux")
    for n, at in enumerate(case.paced(110, 25, case.moment())):
        scanner.cover = False
        scanner.get(at, WORDLIST[(n * 37) % len(WORDLIST)])
        scanner.cover = True
        if n % 2 == 0:
            browse(case, scanner, at + 2, 1)


@scan("backup-files", "T1595.003")
def backup_files(case: Case) -> None:
    """Look for archives named after the site."""
    _walk(case, [case.machine("windows")], list(BACKUPS), 1.5)


@scan("vulnerabilities", "T1595.002")
def vulnerabilities(case: Case) -> None:
    """Try known weaknesses in random order, with another browser's name each time."""
    scanner = case.machine("linux")
    for at, path in zip(
        case.paced(len(WEAKNESSES), 0.3, case.moment()), case.rng.sample(WEAKNESSES, len(WEAKNESSES)), strict=True
    ):
        scanner.get(at, path, agent=case.rng.choice(BROWSERS))


@scan("vulnerabilities-slow", "T1595.002")
def vulnerabilities_slow(case: Case) -> None:
    """Try known weaknesses at one in twenty minutes, under one browser's name."""
    _walk(case, [case.machine("windows")], case.rng.sample(WEAKNESSES, 40), 1_200)


@scan("vulnerabilities-served", "T1595.002")
def vulnerabilities_served(case: Case) -> None:
    """Put attacks into the parameters of pages that exist, so that every answer is 200."""
    scanner = case.machine("linux")
    tries = ("1%27%20AND%20SLEEP(5)--", "../../../../etc/passwd", "%3Cscript%3Ealert(1)%3C/script%3E", "{{7*7}}", "%24%7Bjndi:ldap://x%7D",
             "1%20UNION%20SELECT%20NULL,NULL", "%7Ccat%20/etc/passwd", "%0d%0aSet-Cookie:x=1")  # fmt: skip
    pairs = list(product(("/search?q=", "/?page=", "/login?next=", "/search?cat="), tries))
    for at, (page, value) in zip(case.paced(len(pairs), 2, case.moment()), pairs, strict=True):
        scanner.get(at, page + value)


@scan("plugins", "T1595.002")
def plugins(case: Case) -> None:
    """Ask for the read-me files of plugins of a content system that the site does not use."""
    _walk(case, [case.machine("linux")], [f"/wp-content/plugins/{name}/readme.txt" for name in PLUGINS], 1)


@scan("site-names", "T1595.003")
def site_names(case: Case) -> None:
    """Ask the server for its start page under one guessed site name after the other."""
    scanner = case.machine("linux")
    for at, word in zip(case.paced(len(HOST_WORDS), 0.5, case.moment()), HOST_WORDS, strict=True):
        scanner.get(at, "/", 404, site=f"{word}.example.org", size=153)


@scan("endpoints", "T1595.003")
def endpoints(case: Case) -> None:
    """Guess endpoints of the API in several versions and with several methods."""
    scanner = case.machine("linux")
    guesses = list(product(("v1", "v2", "v3", "internal"), ENDPOINTS))
    for at, (version, name) in zip(case.paced(len(guesses), 3, case.moment()), guesses, strict=True):
        scanner.get(at, f"/api/{version}/{name}", case.rng.choice((404, 404, 401, 405)), case.rng.choice(("GET", "POST", "PUT")),
                    agent=BROWSERS[0], site="api.example.org")  # fmt: skip
