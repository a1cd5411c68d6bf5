"""More scans: slow and nightly ones, rotating ones, ones that look like answers, crawlers or customers."""

from __future__ import annotations

import ipaddress
from itertools import cycle, product

from bench.access import BROWSERS
from bench.ordinary.actors import DAY, Case, Machine, more_scan
from bench.ordinary.network import ARTICLES
from bench.ordinary.sweeps import shuffled_hosts, tool
from bench.ordinary.web_scans import WEAKNESSES, WORDLIST
from bench.plan import COMMON_PORTS

TITLE_PORTS = (*range(80, 91), 443, 8443, *range(8000, 8101))
TLS_PORTS = (443, 465, 636, 853, 990, 993, 995, 2083, 2087, 4443, 5061, 5986, 6443, 8443, 9443, 10_443)
AMPLIFIERS = (
    (123, 36),
    (161, 68),
    (11_211, 43),
    (19, 29),
    (389, 67),
    (1900, 118),
    (17, 29),
    (53, 65),
    (3702, 72),
    (5683, 49),
    (10_001, 32),
)
"""UDP services that answer more than they are asked, with the length of the question's packet."""

HITLIST = ((443, "tcp"), (80, "tcp"), (22, "tcp"), (53, "udp"), (443, "udp"), (25, "tcp"))
ODD_LOGINS = (222, 2022, 2122, 2200, 2222, 2223, 10_022, 22_222, 3388, 3390, 3391, 3399, 13_389, 33_389, 33_890, 33_891)
TWENTY = (21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445, 993, 995, 1723, 3306, 3389, 5900, 8080)
FORGED = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
)
API_NAMES = ("users", "users/1", "accounts", "admin", "admin/users", "roles", "tokens", "keys", "sessions", "invoices", "payments", "customers", "export",
             "import", "audit", "logs", "settings", "webhooks", "internal/health", "internal/debug", "swagger.json", "openapi.json")  # fmt: skip
PARAMETERS = ("debug", "test", "admin", "id", "file", "path", "url", "redirect", "next", "callback", "cmd", "exec", "lang", "page", "template", "view",
              "include", "dir", "action", "do", "step", "user", "uid", "role", "token", "key", "api_key", "format", "output", "preview", "draft", "source",
              "src", "config", "env", "mode", "trace", "verbose", "sort", "order", "filter", "query", "q", "s", "search", "limit", "offset", "fields")  # fmt: skip
FRESH = (
    "/wp-content/plugins/hash-form/readme.txt",
    "/wp-json/post-smtp/v1/connect-app",
    "/wp-admin/admin-ajax.php?action=bricks",
)
BASES = ("", "/blog", "/wp", "/wordpress")
CUSTOMERS = tuple(f"kunde{n}.example.org" for n in range(1, 15))
AUTHORS = (
    "/wp-json/wp/v2/users",
    "/?rest_route=/wp/v2/users",
    "/author-sitemap.xml",
    *(f"/?author={n}" for n in range(1, 26)),
)


@more_scan("title-crawler")
def title_crawler(case: Case) -> None:
    """Collect the titles of web pages on ports 80 to 90, 8000 to 8100 and two more of two hosts, with ordinary sockets."""
    crawler = case.machine("linux")
    hosts = list(dict.fromkeys([case.net.one("web"), *shuffled_hosts(case, 1)]))
    pairs = list(product(hosts, TITLE_PORTS))
    for at, (host, port) in zip(case.paced(len(pairs), 0.25, case.moment()), pairs, strict=True):
        crawler.connect(at, host, port, patience=1)


@more_scan("nights-only")
def nights_only(case: Case) -> None:
    """Walk the ports of one host in order, one in four or five minutes, between one and four at night, and go on the next night."""
    scanner, host, port = case.machine("linux"), case.rng.choice(case.net.live), case.rng.randrange(1, 900)
    for night in range(int(case.span // DAY)):
        at = night * DAY + 3_600 + case.rng.uniform(0, 600)
        while at < night * DAY + 4 * 3_600:
            scanner.connect(at, host, port, patience=0)
            at, port = at + case.rng.uniform(210, 330), port + 1


@more_scan("residential-proxies")
def residential_proxies(case: Case) -> None:
    """Probe through a pool of home connections: a fresh address for every three probes, each with the stack of its router."""
    hosts = shuffled_hosts(case, 40)
    for n, at in enumerate(case.paced(210, 40)):
        if n % 3 == 0:
            home = case.machine(case.rng.choice(("linux", "windows", "linux")))
        home.connect(at, hosts[n % len(hosts)], case.rng.choice(COMMON_PORTS), patience=1)


@more_scan("sweep-then-spray")
def sweep_then_spray(case: Case) -> None:
    """Look for remote logins for half a day, one contact in seven minutes, then try passwords at the one that is open."""
    scanner, hosts = case.machine("linux"), shuffled_hosts(case, 30)
    ports = (22, 3389, 5900, 23, 5985, 1433, 3306, 21, 2222, 3390, 5901, 8291)
    pairs = case.rng.sample(list(product(hosts, ports)), min(90, len(hosts) * len(ports)))
    times = case.paced(len(pairs), 420)
    for at, (host, port) in zip(times, pairs, strict=True):
        scanner.connect(at, host, port, patience=0)
    scanner.cover = True
    for at in case.paced(150, 9, times[-1] + 3_600):
        scanner.connect(at, case.net.one("bastion"), 22)


@more_scan("handshakes", hosts=6)
def handshakes(case: Case) -> None:
    """Take the fingerprints of TLS servers on sixteen ports of up to eight hosts: three handshakes each, in random order."""
    scanner = case.machine("linux")
    pairs = list(product(case.rng.sample(case.net.live, min(8, len(case.net.live))), TLS_PORTS)) * 3
    case.rng.shuffle(pairs)
    for at, (host, port) in zip(case.paced(len(pairs), 2, case.moment()), pairs, strict=True):
        scanner.connect(at, host, port, patience=0)


@more_scan("amplifier-hunt")
def amplifier_hunt(case: Case) -> None:
    """Hunt for services that amplify: the shortest question of eleven UDP protocols to up to thirty hosts, from one port each."""
    hunter, hosts = case.machine("linux"), shuffled_hosts(case, 30)
    for (port, length), start in zip(AMPLIFIERS, case.times(len(AMPLIFIERS), 0.1, 0.6), strict=True):
        sport = hunter.client_port()
        for n, host in enumerate(hosts):
            hunter.datagram(start + 0.01 * n, host, port, sport, length)


@more_scan("hitlist-ipv6", hosts=6)
def hitlist_ipv6(case: Case) -> None:
    """Probe the IPv6 addresses that are known to live: an echo, then six services of each."""
    source = str(ipaddress.IPv6Address(case.net.prefix6(case.rng, 64) | 0x53))
    scanner, hosts, begin = (
        case.machine("linux", source),
        case.rng.sample(case.net.live, min(24, len(case.net.live))),
        case.moment(),
    )
    for n, host in enumerate(hosts):
        scanner.ping(begin + 0.5 * n, host)
    for m, (port, proto) in enumerate(HITLIST):
        for n, host in enumerate(hosts):
            at = begin + 600 * (m + 1) + 0.5 * n
            if proto == "tcp":
                scanner.connect(at, host, port, patience=0)
            else:
                scanner.datagram(at, host, port, length=88)


@more_scan("exchange-sweep")
def exchange_sweep(case: Case) -> None:
    """Look for telephone exchanges: OPTIONS to 5060 of many hosts, then to thirty ports of the one that runs one."""
    scanner = case.machine("linux")
    contacts = [(host, 5060) for host in shuffled_hosts(case, 60)] + [
        (case.net.one("voice"), port) for port in range(5061, 5091)
    ]
    for at, (host, port) in zip(case.paced(len(contacts), 1.2, case.moment()), contacts, strict=True):
        scanner.datagram(at, host, port, 5060 + scanner.hops, length=438)


@more_scan("acks-as-pings", hosts=60)
def acks_as_pings(case: Case) -> None:
    """Send an ACK to port 80 and a SYN to port 443 of every second address, to find out which hosts live."""
    scanner, hosts = tool(case, "nmap"), sorted(shuffled_hosts(case, 120))
    for at, host in zip(case.paced(len(hosts), 0.1, case.moment()), hosts, strict=True):
        scanner.probe(at, host, 80, "ACK")
        scanner.probe(at + 0.01, host, 443)


@more_scan("looks-like-answers")
def looks_like_answers(case: Case) -> None:
    """Send SYN-ACKs from port 443 as if somebody had asked, to well-known ports in random order."""
    scanner, hosts = tool(case, "nmap"), shuffled_hosts(case, 6)
    scanner.fixed_port = 443
    for at, port in zip(case.paced(80, 8, case.moment()), case.rng.sample(range(1, 1_024), 80), strict=True):
        scanner.probe(at, case.rng.choice(hosts), port, "ACK SYN")


@more_scan("from-port-20")
def from_port_20(case: Case) -> None:
    """Open connections from port 20, as an FTP server that is made to bounce does: sixty ports of one host."""
    server, host = case.machine("linux"), case.rng.choice(case.net.live)
    for at, port in zip(case.paced(60, 3, case.moment()), case.rng.sample(range(1, 6_100), 60), strict=True):
        accepted, seq = case.net.is_open("tcp", host, port), server.number()
        for pause in (0, 1, 3)[: 1 if accepted or case.net.rejects else 3]:
            server.send(at + pause, host, "tcp", 20, port, flags="SYN", accepted=accepted, seq=seq)


@more_scan("odd-logins")
def odd_logins(case: Case) -> None:
    """Look for SSH and remote desktops where people hide them: sixteen odd ports of up to ten hosts, one in ten seconds."""
    scanner = case.machine("windows")
    pairs = list(product(shuffled_hosts(case, 10), ODD_LOGINS))
    case.rng.shuffle(pairs)
    for at, (host, port) in zip(case.paced(len(pairs), 10, case.moment() * 0.9), pairs, strict=True):
        scanner.connect(at, host, port, patience=1)


@more_scan("versions")
def versions(case: Case) -> None:
    """Scan twenty ports of one host with a tool, then ask what is open for its version, over a dozen connections a port."""
    scanner, host, begin = tool(case, "nmap"), case.net.one(case.rng.choice(("web", "mail"))), case.moment()
    found = [port for n, port in enumerate(case.rng.sample(TWENTY, 20)) if scanner.probe(begin + 0.05 * n, host, port)]
    asker = case.machine("linux", scanner.source)
    for n, port in enumerate(found * 12):
        asker.connect(begin + 3 + 1.5 * n, host, port)


@more_scan("customer-probes-too")
def customer_probes_too(case: Case) -> None:
    """Log in to mail and SSH all day as a customer may, and probe a port that is closed once in twenty minutes."""
    customer, hosts = case.machine("linux"), shuffled_hosts(case, 12)
    for n, at in enumerate(case.steady(400)):
        customer.cover = n % 3 != 0
        if customer.cover:
            customer.connect(at, case.net.one("mail" if n % 3 == 1 else "bastion"), 993 if n % 3 == 1 else 22)
        else:
            customer.connect(at, case.rng.choice(hosts), case.rng.choice(COMMON_PORTS), patience=0)


@more_scan("forged-crawler", "T1595.002")
def forged_crawler(case: Case) -> None:
    """Try known weaknesses as if a search engine did it: robots.txt first, its name, pages in between, at one in fifteen seconds."""
    scanner, agent = case.machine("linux"), case.rng.choice(FORGED)
    scanner.cover = True
    times = case.paced(60, 15, case.moment())
    scanner.get(times[0] - 10, "/robots.txt", agent=agent)
    for n, (at, path) in enumerate(zip(times, cycle(case.rng.sample(WEAKNESSES, 40)), strict=False)):
        scanner.cover = n % 3 == 2
        scanner.get(at, case.rng.choice(ARTICLES) if scanner.cover else path, agent=agent)


@more_scan("wordlist-five-in-ten-minutes", "T1595.003")
def wordlist_five_in_ten_minutes(case: Case) -> None:
    """Walk a wordlist five words at a time, with ten minutes of silence after each five."""
    scanner, words = case.machine("linux"), case.rng.sample(WORDLIST, 150)
    for n, at in enumerate(case.paced(30, 600)):
        for m in range(5):
            scanner.get(at + 0.4 * m, words[5 * n + m])


@more_scan("wordlist-home-addresses", "T1595.003")
def wordlist_home_addresses(case: Case) -> None:
    """Walk a wordlist through home connections: another address and another browser for every two words."""
    for n, (at, word) in enumerate(zip(case.paced(160, 20), case.rng.sample(WORDLIST, 160), strict=True)):
        if n % 2 == 0:
            home = case.machine()
        home.get(at, word)


@more_scan("api-without-404", "T1595.003")
def api_without_404(case: Case) -> None:
    """Guess endpoints behind a gateway that never says 404: 401, 403 and 405 are all the answers."""
    scanner = case.machine("linux")
    guesses = list(product(("/api/v1/", "/api/v2/", "/rest/"), API_NAMES))
    for at, (base, name) in zip(case.paced(len(guesses), 4, case.moment()), guesses, strict=True):
        method, status = case.rng.choice((("GET", 401), ("GET", 401), ("GET", 403), ("POST", 405), ("PUT", 405)))
        scanner.get(at, base + name, status, method, agent=BROWSERS[1], site="api.example.org")


@more_scan("parameter-names", "T1595.003")
def parameter_names(case: Case) -> None:
    """Guess the names of parameters on one page that is served: every answer is 200."""
    scanner, page = case.machine("linux"), case.rng.choice(ARTICLES)
    for at, name in zip(case.paced(len(PARAMETERS), 1.5, case.moment()), PARAMETERS, strict=True):
        scanner.get(at, f"{page}?{name}={case.rng.getrandbits(24):06x}", 200, agent=BROWSERS[0])


@more_scan("new-weakness-over-sites", "T1595.002")
def new_weakness_over_sites(case: Case) -> None:
    """Check three weaknesses of this week, in four places each, on all sites that the server holds, a site a minute."""
    scanner, begin = case.machine("linux"), case.moment() * 0.9
    for n, site in enumerate(case.rng.sample(CUSTOMERS, len(CUSTOMERS))):
        for m, (base, path) in enumerate(product(BASES, FRESH)):
            scanner.get(begin + 60 * n + 0.7 * m, base + path, 404, site=site)


@more_scan("author-names", "T1595.002")
def author_names(case: Case) -> None:
    """Count through the authors of a content system that the site may have, from three addresses of one network."""
    members = cycle([Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 3)])
    for at, path, member in zip(case.paced(len(AUTHORS), 6, case.moment()), AUTHORS, members, strict=False):
        member.get(at, path, 404 if "author=" not in path else 200)
