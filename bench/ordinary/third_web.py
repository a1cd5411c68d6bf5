"""Readers of the web site and what goes wrong for them: crawlers in traps, templates unfilled, tiles, films, leftovers of development."""

from __future__ import annotations

from itertools import cycle

from bench.ordinary.actors import Case, Machine, third_benign
from bench.ordinary.network import ARTICLES
from bench.ordinary.offices import browse

SITE = "https://www.example.org"
GATHERING = (
    "20.171.206.",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
)
SURVEYOR = "Mozilla/5.0 (compatible; AccessibilityMonitor/2.3; +https://monitor.example.edu/barriers)"
STATEMENTS = ("/accessibility", "/accessibility-statement", "/barrierefreiheit", "/erklaerung-zur-barrierefreiheit", "/de/barrierefreiheit",
              "/en/accessibility", "/service/barrierefreiheit", "/accessibilite", "/declaration-accessibilite", "/sitemap.xml", "/impressum",
              "/barrierefreiheit.html", "/leichte-sprache", "/gebaerdensprache")  # fmt: skip
UNFILLED = ("/products/undefined", "/products/null", "/products/NaN", "/%7B%7Bimage.url%7D%7D", "/[object%20Object]", "/blog/2026/%24%7Bslug%7D",
            "/api/v1/items/undefined", "/undefined", "/null", "/images/%3C%3D%20logo%20%3E")  # fmt: skip
WRONG = ("www.partner.example", "partner.example/angebot", "info@example.org", "+4930123456", "mailto:info@example.org", "tel:+4930123456",
         "javascript:void(0)", "https:/partner.example/angebot")  # fmt: skip
"""Links as written; a browser takes the first four for names beside the page, careless crawlers all of them."""

TAKEN_BY_BROWSERS = 4
LEFTOVERS = (
    "/.well-known/appspecific/com.chrome.devtools.json",
    "/sockjs-node/info?t=",
    "/__webpack_hmr",
    "/@vite/client",
    "/ws?token=",
)
TILES, TILES_ACROSS = 4_300, 6
PICTURES = ("logo", "team", "header", "map", "office", "award", "partner", "banner", "icon-phone", "icon-mail")
OFFICE_ASKS = (("OPTIONS", "", "Microsoft Office Protocol Discovery"), ("HEAD", "file", "Microsoft Office Existence Discovery"),
               ("PROPFIND", "", "Microsoft-WebDAV-MiniRedir/10.0.22631"), ("GET", "file", "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.18025; Pro)"))  # fmt: skip
PUPILS_AGENT = ("python-requests/2.32.3", "Python-urllib/3.12", "Scrapy/2.11.2 (+https://scrapy.org)", "Java/21.0.5")
AD = "utm_source={}&utm_medium=cpc&utm_campaign={}&gclid={}"
AD_GUARDS = (
    "Mozilla/5.0 (compatible; AdsBot-Verify/2.0)",
    "Mozilla/5.0 (compatible; BrandSafety/4.1; +https://safety.example.com)",
)
EBOOKS = ("/opds", "/opds/new", "/opds/popular", "/opds/search?q=krimi", "/opds/cover/17")


@third_benign("calendar-trap")
def calendar_trap(case: Case) -> None:
    """Follow a calendar into a future without end, from the published network of a gatherer; days after 2028 are not found."""
    prefix, agent = GATHERING
    for n in range(3):
        crawler = case.machine("linux", f"{prefix}{30 + 9 * n + case.rng.randrange(9)}")
        crawler.get(case.moment() * 0.05, "/robots.txt", agent=agent)
        for k, at in enumerate(case.times(90, 0.06)):
            year, month = 2026 + k // 12, 1 + k % 12
            crawler.get(
                at,
                f"/events/{year}/{month:02d}/{case.rng.randint(1, 28):02d}",
                200 if year < 2029 else 404,
                agent=agent,
            )


@third_benign("session-ids")
def session_ids(case: Case) -> None:
    """Crawl a shop that puts a new session into every link: the same pages over and over, under another address each time."""
    for crawler in case.machines(2, "linux"):
        agent = "Mozilla/5.0 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)"
        for at in case.times(130):
            session = f"{case.rng.getrandbits(64):016X}"
            crawler.get(at, f"{case.rng.choice(ARTICLES)};jsessionid={session}", 200, agent=agent, size=8_411)


@third_benign("accessibility-survey")
def accessibility_survey(case: Case) -> None:
    """Judge how accessible a public office's site is: forty pages with their parts, and where the statement about it may be."""
    for surveyor in case.machines(2, "linux"):
        at = case.moment()
        for n, path in enumerate(STATEMENTS):
            surveyor.get(at + 4 * n, path, agent=SURVEYOR)
        browse(case, surveyor, at + 80, 40, SURVEYOR)


@third_benign("unfilled-templates")
def unfilled_templates(case: Case) -> None:
    """Read a site whose script forgets to fill in addresses: undefined, null and braces, on page after page."""
    for reader in case.machines(45):
        at = case.working(1)[0]
        for _ in range(case.rng.choice((1, 1, 2, 4))):
            browse(case, reader, at, 1)
            for n, path in enumerate(case.rng.sample(UNFILLED, case.rng.randint(1, 4))):
                reader.get(at + 1 + 0.1 * n, path, 404, referer=SITE + case.rng.choice(ARTICLES))
            at += case.rng.uniform(15, 90)


@third_benign("wrong-hrefs")
def wrong_hrefs(case: Case) -> None:
    """Take links to mail, telephones and other sites for names beside the page: three crawlers on every page, and people where the kind was forgotten."""
    for n, reader in enumerate(case.machines(22)):
        times = case.times(45) if n < 3 else case.working(2)
        for at in times:
            page, name = case.rng.choice(ARTICLES), case.rng.choice(WRONG[: None if n < 3 else TAKEN_BY_BROWSERS])
            reader.get(at, page)
            reader.get(at + 3, f"{page.rpartition('/')[0]}/{name}", 404, referer=SITE + page)


@third_benign("development-leftovers")
def development_leftovers(case: Case) -> None:
    """Keep tabs open whose scripts still look for a developer's server every few seconds; some have the tools of the browser open."""
    for n, reader in enumerate(case.machines(12)):
        at = case.working(1)[0]
        browse(case, reader, at, 2)
        for k in range(case.rng.randint(5, 40)):
            path = LEFTOVERS[0] if k < 2 and n < 5 else case.rng.choice(LEFTOVERS[1:])
            reader.get(
                at + 150 + 5 * k, path + (str(int(at) + 5 * k) if path.endswith("=") else ""), 404, referer=SITE + "/"
            )


@third_benign("map-tiles")
def map_tiles(case: Case) -> None:
    """Move about a map of parcels: dozens of tiles in seconds, of which those beyond the border of the county do not exist."""
    for reader in case.machines(22):
        at = case.working(1)[0]
        x, y, zoom = TILES + case.rng.randrange(90), 2_700 + case.rng.randrange(90), case.rng.choice((13, 14))
        for move in range(case.rng.randint(1, 4)):
            for n in range(2 * TILES_ACROSS):
                column, row = x + n % TILES_ACROSS + 3 * move, y + n // TILES_ACROSS
                status = 404 if column > TILES + 60 else 200
                reader.get(
                    at + 6 * move + 0.03 * n, f"/tiles/{zoom}/{column}/{row}.png", status, referer=SITE + "/karte"
                )


@third_benign("film-segments")
def film_segments(case: Case) -> None:
    """Go on with a stream that ended: the list is there, its pieces are not, and the player asks for one after the other."""
    for player in case.machines(18):
        at, first = case.working(1)[0], case.rng.randrange(4_000, 9_000)
        for n in range(case.rng.randint(5, 22)):
            player.get(at + 4 * n, "/live/saal1/index.m3u8", 200, size=611)
            player.get(at + 4 * n + 0.3, f"/live/saal1/seg-{first + n}.ts", 404)


@third_benign("retina-variants")
def retina_variants(case: Case) -> None:
    """Look for a picture of twice the size for each one shown, as a script tells browsers with fine screens; there is none."""
    for reader in case.machines(28):
        at = case.working(1)[0]
        for _ in range(case.rng.choice((1, 2, 3))):
            browse(case, reader, at, 1)
            for n, name in enumerate(case.rng.sample(PICTURES, 6)):
                reader.get(at + 1 + 0.05 * n, f"/images/{name}@2x.png", 404, method="HEAD", referer=SITE + "/")
            at += case.rng.uniform(20, 100)


@third_benign("office-documents")
def office_documents(case: Case) -> None:
    """Open links out of documents: the program asks what the folder can do, whether the file is there, and then for the file."""
    for desk in case.machines(16, "windows"):
        for at in case.working(3):
            folder = f"/downloads/{case.rng.choice(('formulare', 'preise', 'protokolle', 'satzung'))}/"
            name = f"{folder}blatt-{case.rng.randrange(90)}.docx"
            for n, (method, what, agent) in enumerate(OFFICE_ASKS):
                status = case.rng.choice((200, 404)) if what else 405
                desk.get(at + 0.4 * n, name if what else folder, status, method=method, agent=agent)


@third_benign("crawler-homework")
def crawler_homework(case: Case) -> None:
    """Write a first crawler in a course: twenty students behind one address count pages upwards until they are not found any more."""
    campus = case.machine("linux")
    for begin in case.working(7):
        agent, first, word = (
            case.rng.choice(PUPILS_AGENT),
            case.rng.choice((0, 30, 50)),
            case.rng.choice(("notes", "review")),
        )
        for n in range(first, first + case.rng.randint(8, 40)):
            campus.get(begin + 1.2 * (n - first), f"/blog/2026/{n}-{word}", agent=agent)


@third_benign("ad-verification")
def ad_verification(case: Case) -> None:
    """Come from advertisements and check where they lead: a long address for each click, and guards who leave the place holders in."""
    for n, visitor in enumerate(case.machines(90)):
        at, page = case.working(1)[0], case.rng.choice(("/products/7", "/products/12", "/aktion/fruehling"))
        if n % 4:
            click = AD.format(
                case.rng.choice(("google", "bing", "meta")),
                case.rng.randrange(40),
                f"Cj0K{case.rng.getrandbits(60):015x}",
            )
            visitor.get(at, f"{page}?{click}", 200, referer="https://ads.example.net/")
            continue
        for k, template in enumerate(("{campaignid}", "%7Bcreative%7D", "[CLICK_ID]")):
            visitor.get(
                at + k, f"{page}?utm_campaign={template}", 200, method=("HEAD", "GET", "GET")[k], agent=AD_GUARDS[n % 2]
            )


@third_benign("price-watch")
def price_watch(case: Case) -> None:
    """Watch the prices of another shop: every product by number once a day, sold out or not, from six addresses by turns."""
    watchers = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 6)]
    for day in range(int(case.span // 86_400)):
        at = 86_400 * day + 9_000 + case.rng.uniform(0, 3_000)
        numbers = case.rng.sample(range(220), 110)
        for n, (number, watcher) in enumerate(zip(numbers, cycle(watchers), strict=False)):
            watcher.get(at + 2 * n, f"/products/{number}")


@third_benign("electronic-readers")
def electronic_readers(case: Case) -> None:
    """Look for a library's catalogue of books with reading programs that still have the address of its server before last."""
    for reader in case.machines(14, "linux"):
        for at in case.times(4):
            for n, path in enumerate(case.rng.sample(EBOOKS, case.rng.randint(1, 4))):
                reader.get(at + 1.5 * n, path, 404, agent="KOReader/2025.04 (https://koreader.rocks/)")
