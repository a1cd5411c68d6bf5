"""Robots that read the site for others: search engines, archives, assistants, services of the mail and of the phones, and what they take for links."""

from __future__ import annotations

from itertools import product

from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_benign
from bench.ordinary.network import ARTICLES
from bench.ordinary.readers import VERIFIED

SITE = "https://www.example.org"
STRINGS = ("/application/json", "/text/html", "/MM/DD/YYYY", "/image/svg+xml", "/api/v1/items/", "/a/b", "/%7Bid%7D", "/products/%7Bslug%7D", "/n/r", "/w/d", "/node_modules/core-js",
           "/on/off", "/true/false", "/GET/POST", "/kg/m2", "/Europe/Berlin", "/America/New_York", "/webpack/bootstrap", "/jquery/plugin", "/px/em", "/admin/", "/login/callback",
           "/./locale", "/static/js/", "/graphql", "/config.json", "/user/:id", "/.5", "/v1.2.3", "/und/oder", "/x-www-form-urlencoded", "/debug", "/UTF-8", "/en_US")  # fmt: skip
HERITRIX = "Mozilla/5.0 (compatible; heritrix/3.4.0 +https://webarchiv.nationallibrary.example)"
MADE_UP = (
    "how-to",
    "guide-to",
    "best",
    "getting-started-with",
    "complete",
    "introduction-to",
    "troubleshooting",
    "pricing-of",
    "history-of",
    "review-of",
)
THINGS = (
    "heat-pumps",
    "insulation",
    "returns",
    "warranty",
    "delivery-times",
    "spare-parts",
    "installation",
    "api-access",
    "discounts",
    "sizes",
    "recycling",
    "batteries",
)
ASSISTANTS = ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; Assistant-User/1.0; +https://assistant.example.com/bot",
              "Mozilla/5.0 (compatible; AnswerEngine-User/1.1; +https://answers.example.net/agent)")  # fmt: skip
LANGUAGES = ("de-at", "de-ch", "fr", "fr-be", "it", "nl", "pl", "es", "en-gb", "cs")
COLOURS, MEASURES, ORDERS = (
    ("rot", "blau", "gruen", "schwarz", "weiss"),
    ("s", "m", "l", "xl"),
    ("preis", "neu", "name"),
)
SIZES = ("150x150", "300x200", "768x512", "1024x683", "1536x1024", "scaled", "2048x1365")
COPIER = "Mozilla/4.5 (compatible; HTTrack 3.0x; Windows 98)"


def verified(case: Case, which: int, count: int) -> list[Machine]:
    """Return machines out of the network that a search engine publishes, with its name."""
    prefix, agent = VERIFIED[which]
    found = [Machine(case, f"{prefix}{number}", "linux") for number in sorted(case.rng.sample(range(130, 250), count))]
    for machine in found:
        machine.agent = agent
    return found


@web_benign("strings-taken-for-links")
def strings_taken_for_links(case: Case) -> None:
    """Crawl as a published search engine that takes any string with a slash in a script for an address."""
    for crawler in verified(case, 0, 4):
        for at in case.times(55):
            page = case.rng.choice(ARTICLES)
            base = page.rpartition("/")[0] if case.rng.random() < 0.5 else ""
            crawler.get(at, page if case.rng.random() < 0.3 else base + case.rng.choice(STRINGS))


@web_benign("national-harvest")
def national_harvest(case: Case) -> None:
    """Harvest the site for a national library all day from one machine, one page in a minute and a half, a third of them guessed from scripts."""
    crawler, begin = case.machine("linux"), 0.1 * case.moment()
    crawler.get(begin, "/robots.txt", agent=HERITRIX)
    for n in range(420):
        page = case.rng.choice(ARTICLES)
        guessed = f"{page}/{case.rng.choice(STRINGS).strip('/')}" if n % 3 == 0 else page
        crawler.get(begin + 8 + 80 * n + case.rng.uniform(0, 40), guessed, agent=HERITRIX, referer=SITE + page)


@web_benign("made-up-addresses")
def made_up_addresses(case: Case) -> None:
    """Follow addresses that a language model made up: its own fetchers, a few times a minute, and people who clicked on them."""
    paths = [f"/{part}/{a}-{b}" for part in ("blog", "guides", "help", "docs") for a, b in product(MADE_UP, THINGS)]
    for source in case.net.neighbours(case.rng, 3):
        fetcher, agent = Machine(case, source, "linux"), case.rng.choice(ASSISTANTS)
        for at in case.times(45):
            fetcher.get(at, case.rng.choice(paths if case.rng.random() < 0.7 else ARTICLES), agent=agent)
    for reader in case.machines(40):
        reader.get(case.working(1)[0], f"{case.rng.choice(paths)}?utm_source=assistant.example.com")


@web_benign("languages-announced")
def languages_announced(case: Case) -> None:
    """Crawl the versions in ten languages that every page announces, of which only the German one was ever written."""
    for crawler in verified(case, 1, 3):
        for at in case.times(32):
            page = case.rng.choice(ARTICLES)
            crawler.get(at, page)
            for n, language in enumerate(case.rng.sample(LANGUAGES, 3)):
                crawler.get(at + 2 + 2 * n, f"/{language}{page}")


@web_benign("stale-sitemap")
def stale_sitemap(case: Case) -> None:
    """Read a sitemap that nobody renewed and then what it lists, two a second: of three hundred pages most are gone."""
    agent = "Mozilla/5.0 (compatible; ExampleSeek/2.2; +https://seek.example.net/robot.html)"
    crawler, begin = case.machine("linux"), case.moment()
    for n, path in enumerate(("/robots.txt", "/sitemap.xml", "/sitemap-produkte-2.xml", "/sitemap-blog.xml")):
        crawler.get(begin + n, path, agent=agent)
    for n in range(260):
        gone = case.rng.random() < 0.6
        page = f"/katalog/{10_000 + 37 * n}-{case.rng.choice(THINGS)}" if gone else case.rng.choice(ARTICLES)
        crawler.get(begin + 10 + 0.5 * n, page, agent=agent)


@web_benign("fast-versions-remembered")
def fast_versions_remembered(case: Case) -> None:
    """Ask for the fast versions of pages that the site gave up years ago: a search engine's cache, and readers whom it sends."""
    for crawler in verified(case, 0, 3):
        for at in case.times(45):
            crawler.get(at, case.rng.choice(ARTICLES) + case.rng.choice(("/amp", "/amp/", "?amp=1", "?outputType=amp")))
    for reader in case.machines(30):
        reader.get(case.working(1)[0], f"{case.rng.choice(ARTICLES)}/amp", referer="https://www.search.example/")


@web_benign("picture-sizes")
def picture_sizes(case: Case) -> None:
    """Ask for the pictures of the blog system before this one, in each size that it used to make: picture searches and pages that embed them."""
    names = [f"/wp-content/uploads/{2017 + n % 7}/{1 + n % 12:02d}/foto-{n}" for n in range(70)]
    for n, robot in enumerate(case.machines(14, "linux")):
        agent = (
            "Mozilla/5.0 (compatible; PictureSeek-Images/1.0; +https://seek.example.net/pictures)" if n < 3 else None
        )
        for at in case.times(9 if n < 3 else 2):
            for k, size in enumerate(case.rng.sample(SIZES, case.rng.randint(2, 6))):
                robot.get(at + 0.2 * k, f"{case.rng.choice(names)}-{size}.jpg", 404, agent=agent)


@web_benign("facets")
def facets(case: Case) -> None:
    """Crawl a catalogue through its filters: colour, size, order and page in every combination, all served."""
    crawler = case.machine("linux")
    agent = "Mozilla/5.0 (compatible; ShopIndexBot/0.9; +https://shopindex.example.com)"
    combined = list(product(COLOURS, MEASURES, ORDERS, range(1, 7)))
    for at, (colour, size, order, page) in zip(case.times(200), case.rng.sample(combined, 200), strict=True):
        crawler.get(at, f"/search?colour={colour}&size={size}&sort={order}&page={page}", agent=agent)


@web_benign("site-copier")
def site_copier(case: Case) -> None:
    """Copy the site to the own disk with a program that takes relative links for absolute ones and folders for files, eight at a time."""
    copier, begin = case.machine("windows"), case.moment()
    copier.get(begin, "/robots.txt", agent=COPIER)
    for n in range(300):
        page = case.rng.choice(ARTICLES)
        wrong = (
            f"{page}/index.html",
            f"{page}{page}",
            f"{page.rpartition('/')[0]}/assets/css/main.css",
            f"{page}/images/logo.png",
        )
        copier.get(
            begin + 1 + 0.12 * n, case.rng.choice(wrong) if n % 5 == 0 else page, agent=COPIER, referer=f"{SITE}/"
        )


@web_benign("nonsense-for-404")
def nonsense_for_404(case: Case) -> None:
    """Ask for names that cannot exist to learn what not finding looks like, before each crawl: verified crawlers and tools of search optimisers."""
    for n, crawler in enumerate((*verified(case, 1, 2), *case.machines(6, "linux"))):
        agent = None if n < 2 else "Mozilla/5.0 (compatible; RankWatchBot/3.0; +https://rankwatch.example.net)"
        for at in case.times(6):
            for k in range(case.rng.randint(1, 3)):
                word = "".join(case.rng.choices("abcdefghijklmnopqrstuvwxyz", k=case.rng.randint(8, 20)))
                crawler.get(at + k, f"/{word}{case.rng.choice(('', '.html', '/'))}", agent=agent)
            for k, page in enumerate(case.rng.sample(ARTICLES, 4)):
                crawler.get(at + 6 + 5 * k, page, agent=agent)
