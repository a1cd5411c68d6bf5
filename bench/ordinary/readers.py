"""Readers of the web site: people, crawlers, feed readers, link checkers, archives, and what their programs look up."""

from __future__ import annotations

import ipaddress

from bench.access import PAGES
from bench.ordinary.actors import Case, Machine, benign
from bench.ordinary.network import ARTICLES
from bench.ordinary.offices import browse

VERIFIED = (
    ("66.249.66.", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    ("40.77.167.", "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"),
)
"""Networks that these crawlers publish, and their agents: a crawler outside them would be a forged one."""

CRAWLER = "Mozilla/5.0 (compatible; ExampleBot/1.4; +https://bot.example.net/about)"
GATHERER = "Mozilla/5.0 (compatible; ExampleAI-Gatherer/0.9; +https://gather.example.net)"
ARCHIVE = "Mozilla/5.0 (compatible; example-archiver/3.3 +https://archive.example.net)"
PREVIEWS = ("facebookexternalhit/1.1", "Twitterbot/1.0", "TelegramBot (like TwitterBot)", "Slackbot-LinkExpanding 1.0")
FEED_READERS = (
    "FreshRSS/1.24.1",
    "Tiny Tiny RSS/24.04",
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html)",
    "NetNewsWire",
)
OLD_FEEDS = ("/feed.xml", "/feed.xml", "/feed.xml", "/rss.php", "/blog/feed/", "/atom.xml")
CHECKER = "LinkChecker/10.4 (+https://linkchecker.github.io/linkchecker/)"
ICONS = ("/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png", "/apple-touch-icon-120x120.png",
         "/apple-touch-icon-120x120-precomposed.png", "/apple-touch-icon-152x152.png",
         "/apple-touch-icon-152x152-precomposed.png", "/favicon-32x32.png", "/browserconfig.xml", "/site.webmanifest")  # fmt: skip
WELL_KNOWN = ("/.well-known/change-password", "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200",
              "/.well-known/passkey-endpoints", "/.well-known/assetlinks.json")  # fmt: skip
SHOP_CHECKS = ("/products.json", "/cart.js", "/wp-json/", "/meta.json", "/manifest.json", "/humans.txt", "/ads.txt")
SELLERS = ("/ads.txt", "/app-ads.txt", "/sellers.json", "/robots.txt")
GATHERED = ("/llms.txt", "/ai.txt", "/llms-full.txt", "/robots.txt", "/sitemap_index.xml", "/sitemap.xml.gz")
OLD_SITE = tuple(f"/{part}/{name}.{end}" for part in ("index.php", "artikel", "forum", "shop/cat", "download", "en/news")
                 for name in (f"{n}-{word}" for n in range(70) for word in ("info", "detail")) for end in ("html", "php"))  # fmt: skip
SEARCH = "https://www.search.example/"


@benign("browsing", share=2)
def browsing(case: Case) -> None:
    """Read the site: many people, most of them a few pages."""
    for reader in case.machines(110):
        browse(case, reader, case.working(1)[0], case.rng.choice((1, 1, 2, 3, 5, 9)))


@benign("browsing-ipv6")
def browsing_ipv6(case: Case) -> None:
    """Read the site from home networks with IPv6, whose address inside the /64 changes every day."""
    for _ in range(25):
        prefix = case.net.prefix6(case.rng, 64)
        for at in case.working(3):
            browse(case, _six(case, prefix), at, case.rng.randint(1, 4))


def _six(case: Case, prefix: int) -> Machine:
    return case.machine(source=str(ipaddress.IPv6Address(prefix | case.rng.getrandbits(64))))


@benign("crawler-verified")
def crawler_verified(case: Case) -> None:
    """Crawl from the published networks of two search engines; what is gone is asked for again for years."""
    for prefix, agent in VERIFIED:
        for n in range(5):
            crawler = case.machine("linux", source=f"{prefix}{20 + 7 * n + case.rng.randrange(7)}")
            crawler.get(case.moment(), "/robots.txt", agent=agent)
            for at in case.times(60):
                stale = case.rng.random() < 0.15
                crawler.get(at, case.rng.choice(OLD_SITE if stale else ARTICLES), agent=agent)


@benign("crawler-unverified")
def crawler_unverified(case: Case) -> None:
    """Crawl from addresses that prove nothing, politely: robots.txt first, then pages, a third of them gone."""
    for crawler in case.machines(2, "linux"):
        begin = case.moment() * 0.7
        crawler.get(begin, "/robots.txt", agent=CRAWLER)
        for n in range(160):
            page = case.rng.choice(OLD_SITE if case.rng.random() < 0.3 else ARTICLES)
            crawler.get(begin + 10 * (n + 1) + case.rng.random(), page, agent=CRAWLER)


@benign("gatherer")
def gatherer(case: Case) -> None:
    """Gather the whole site for a language model in an hour, and guess where its text may be."""
    machines, begin = case.machines(3, "linux"), case.moment()
    for path in GATHERED:
        machines[0].get(begin, path, agent=GATHERER)
    for n, path in enumerate(case.rng.sample(ARTICLES, 240) + case.rng.sample(OLD_SITE, 40)):
        case.rng.choice(machines).get(begin + 20 + 6 * n, path, agent=GATHERER)


@benign("feed-readers")
def feed_readers(case: Case) -> None:
    """Poll the feed day and night, some at the address it had before."""
    for reader in case.machines(14, "linux"):
        path, agent = case.rng.choice(OLD_FEEDS), case.rng.choice(FEED_READERS)
        for at in case.steady(case.rng.choice((7_200, 14_400))):
            reader.get(at, path, agent=agent, status=304 if path == "/feed.xml" and case.rng.random() < 0.8 else None)


@benign("link-checker")
def link_checker(case: Case) -> None:
    """Check all links of a partner's site to ours with HEAD: most of them are stale."""
    checker, begin = case.machine("linux"), case.moment()
    for n, path in enumerate(case.rng.sample(OLD_SITE, 90) + case.rng.sample(ARTICLES, 60)):
        checker.get(
            begin + 1.2 * n, path, method="HEAD", agent=CHECKER, referer="https://partner.example.net/links.html"
        )


@benign("site-migration")
def site_migration(case: Case) -> None:
    """Come to pages of the old site after its move: people from search results and bookmarks, thousands of 404s."""
    for reader in case.machines(120):
        at = case.times(1, 0.35, 1.0)[0]
        for n in range(case.rng.choice((1, 2, 3, 5, 12))):
            reader.get(at + 15 * n, case.rng.choice(OLD_SITE), referer=SEARCH if n == 0 else "-")
        browse(case, reader, at + 200, 1)


@benign("site-migration-regular")
def site_migration_regular(case: Case) -> None:
    """Read the forum as before its move from one address: dozens of pages that are gone, at human pace."""
    for reader in case.machines(3):
        for start in case.working(2):
            at = start
            for _ in range(14):
                reader.get(at, case.rng.choice(OLD_SITE), referer="https://www.example.org/forum/")
                at += case.rng.uniform(6, 60)


@benign("icon-lookups")
def icon_lookups(case: Case) -> None:
    """Look for icons in all the sizes that a telephone knows, after each first visit."""
    for phone in case.machines(60):
        at = case.working(1)[0]
        browse(case, phone, at, 1)
        for n, path in enumerate(ICONS[: case.rng.randint(3, len(ICONS))]):
            phone.get(at + 2 + 0.1 * n, path)


@benign("password-managers")
def password_managers(case: Case) -> None:
    """Look up where passwords are changed and keys announced, from a list of well-known places."""
    for user in case.machines(25):
        for at in case.working(case.rng.randint(1, 2)):
            for n, path in enumerate(WELL_KNOWN):
                user.get(at + 0.2 * n, path)


@benign("browser-extension")
def browser_extension(case: Case) -> None:
    """Guess with an extension what kind of shop a site is, while its user reads on."""
    for user in case.machines(15):
        for at in case.working(2):
            browse(case, user, at, 2)
            for n, path in enumerate(SHOP_CHECKS):
                user.get(at + 3 + 0.15 * n, path, referer="https://www.example.org/")


@benign("archive-bot")
def archive_bot(case: Case) -> None:
    """Fetch for an archive what it once knew of the site, half of it gone, over days."""
    for bot in case.machines(3, "linux"):
        for at in case.times(70):
            bot.get(at, case.rng.choice(OLD_SITE if case.rng.random() < 0.5 else ARTICLES), agent=ARCHIVE)


@benign("link-previews")
def link_previews(case: Case) -> None:
    """Fetch a page once because somebody pasted its address into a chat; some addresses were cut off."""
    for bot in case.machines(40, "linux"):
        page = case.rng.choice(ARTICLES)
        for at in case.times(case.rng.randint(1, 3)):
            cut = page[: case.rng.randint(5, len(page))] if case.rng.random() < 0.3 else page
            bot.get(at, cut, agent=case.rng.choice(PREVIEWS))


@benign("sellers-lists")
def sellers_lists(case: Case) -> None:
    """Ask for the lists of those who sell advertising, which the site never had: dozens of addresses, every day."""
    for bot in case.machines(20, "linux"):
        for at in case.times(4):
            for n, path in enumerate(SELLERS):
                bot.get(at + n, path, agent="Mozilla/5.0 (compatible; ads-txt-crawler/1.0)")


@benign("newsletter-images")
def newsletter_images(case: Case) -> None:
    """Open an old newsletter whose pictures are gone: twenty 404s in a second for each reader."""
    for reader in case.machines(35):
        at = case.working(1)[0]
        for n in range(20):
            reader.get(at + 0.03 * n, f"/newsletter/2024-11/img/{n:02d}.jpg", referer="https://webmail.example.net/")


@benign("relative-link-bug")
def relative_link_bug(case: Case) -> None:
    """Follow a broken relative link that grows with each click; a crawler follows it for long."""
    for crawler in (*case.machines(10), case.machine("linux")):
        at, path = case.moment(), "/news/archive"
        for _ in range(case.rng.randint(2, 25)):
            path += case.rng.choice(("/news", "/archive", "/page"))
            crawler.get(at, path, referer=f"https://www.example.org{path.rpartition('/')[0]}")
            at += case.rng.uniform(2, 20)


@benign("hot-parts")
def hot_parts(case: Case) -> None:
    """Load only style sheets and pictures, from pages that other sites embed."""
    for reader in case.machines(30):
        for at in case.working(3):
            reader.get(at, case.rng.choice(PAGES), referer="https://forum.example.net/t/9")
