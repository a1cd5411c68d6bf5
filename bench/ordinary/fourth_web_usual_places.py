"""Programs that ask each site for the places that sites usually have: feeds, policies, links of apps, addresses of firms."""

from __future__ import annotations

from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_benign
from bench.ordinary.network import ARTICLES, SITES

FEEDS = (
    "/feed",
    "/feed/",
    "/rss",
    "/rss.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/blog/feed",
    "/blog/rss.xml",
    "/feeds/posts/default",
    "/?feed=rss2",
    "/news.rss",
    "/rss/",
    "/feed.xml",
)
APP_LINKS = ("/.well-known/apple-app-site-association", "/apple-app-site-association", "/.well-known/assetlinks.json")
MAIL_POLICY = (("mta-sts.example.org", "/.well-known/mta-sts.txt"), ("www.example.org", "/bimi/logo.svg"), ("www.example.org", "/bimi/vmc.pem"),
               ("www.example.org", "/.well-known/bimi.svg"), ("www.example.org", "/bimi-logo.svg"))  # fmt: skip
PREFETCH = "Chrome Privacy Preserving Prefetch Proxy"
LEADS = "Mozilla/5.0 (compatible; CompanyDirectoryBot/2.0; +https://directory.example.com/bot)"
LEAD_PAGES = (
    "/contact",
    "/kontakt",
    "/about",
    "/impressum",
    "/team",
    "/company",
    "/jobs",
    "/press",
    "/legal",
    "/privacy",
    "/en/contact",
    "/en/about",
)


@web_benign("feed-guessers")
def feed_guessers(case: Case) -> None:
    """Add the site to a feed reader that tries the usual places in a second, because the page names none."""
    for n, reader in enumerate(case.machines(18, "linux")):
        agent = (
            "FeedFinder/2.1",
            "Inoreader/1.0",
            "NewsBlur Feed Finder - 12 subscribers",
            "Reeder/5050001 CFNetwork/1568",
        )[n % 4]
        for at in case.working(case.rng.choice((1, 1, 2))):
            reader.get(at, "/", agent=agent)
            for k, path in enumerate(FEEDS[: case.rng.randint(5, len(FEEDS))]):
                reader.get(at + 0.1 * k + 0.3, path, agent=agent)


@web_benign("app-links")
def app_links(case: Case) -> None:
    """Look whether links to our sites belong to an app: the makers' servers, and telephones after each update."""
    for n, asker in enumerate(case.machines(30, "linux")):
        agent = (
            "AASA-Bot/1.0.0",
            "swcd (unknown version) CFNetwork/1568.300.101 Darwin/24.2.0",
            "GoogleAssociationService",
        )[n % 3]
        for at in case.times(case.rng.choice((1, 2))):
            for k, site in enumerate(SITES if n < 9 else SITES[:1]):
                for m, path in enumerate(APP_LINKS):
                    asker.get(at + 0.3 * k + 0.1 * m, path, 404, agent=agent, site=site)


@web_benign("mail-policies")
def mail_policies(case: Case) -> None:
    """Fetch what mail servers want to know of a sender: the policy for encryption, and the logo where it may be shown."""
    for server in case.machines(24, "linux"):
        for at in case.times(2):
            for n, (site, path) in enumerate(case.rng.sample(MAIL_POLICY, case.rng.choice((1, 2, 4)))):
                server.get(at + n, path, 200 if "mta-sts" in path else 404, site=site, agent="mailpolicyd/1.9")


@web_benign("prefetch-proxy")
def prefetch_proxy(case: Case) -> None:
    """Prefetch result pages for a search through the proxies of a browser's maker, which first ask whether that is welcome."""
    proxies = [Machine(case, source, "linux") for source in case.net.neighbours(case.rng, 12)]
    for at in case.times(60):
        proxy = case.rng.choice(proxies)
        proxy.get(at, "/.well-known/traffic-advice", 404, agent=PREFETCH)
        for n, page in enumerate(case.rng.sample(ARTICLES, case.rng.randint(1, 4))):
            proxy.get(at + 0.2 + 0.1 * n, page, case.rng.choice((200, 200, 503)))


@web_benign("company-directory")
def company_directory(case: Case) -> None:
    """Look up addresses and people of firms for a directory that says who it is: robots.txt, the usual dozen pages, on each of our sites."""
    crawler = case.machine("linux")
    for site, at in zip(SITES, case.times(len(SITES)), strict=True):
        for n, path in enumerate(("/robots.txt", "/", *LEAD_PAGES)):
            crawler.get(at + 3 * n, path, agent=LEADS, site=site)
