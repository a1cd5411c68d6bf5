"""Scans of the web site in disguise: many addresses, odd answers, forged names and pages before, real pages in between, odd spellings."""

from __future__ import annotations

from bench.access import BROWSERS, PAGES
from bench.ordinary.actors import Case
from bench.ordinary.fourth_web_answers import web_scan
from bench.ordinary.fourth_web_weaknesses import DEVICES, TEMPLATES, ask, moments
from bench.ordinary.fourth_web_words import COMMON, GERMAN, NOUNS
from bench.ordinary.network import ARTICLES
from bench.ordinary.offices import browse

SITE = "https://www.example.org"
PREVIEWS = ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "TelegramBot (like TwitterBot)",
            "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)")  # fmt: skip
CUSTOMERS = tuple(f"{name}.example.org" for name in ("adler", "birke", "cello", "dahlie", "erle", "falke", "ginster", "habicht", "iris", "jasmin", "kiefer", "linde", "mohn", "nelke", "otter", "pirol"))  # fmt: skip


def words(case: Case, count: int) -> list[str]:
    """Draw paths out of a list of words with and without an ending."""
    return [
        f"/{word}{case.rng.choice(('', '', '/', '.php', '.bak', '.zip', '.json'))}"
        for word in case.rng.sample((*COMMON, *GERMAN, *NOUNS), count)
    ]


@web_scan("words-at-a-locked-site", "T1595.003")
def words_at_a_locked_site(case: Case) -> None:
    """Walk a list on a site behind a password, where the answer to everything is 401."""
    ask(case, [case.machine("linux")], words(case, 130), 1.5, (401,), site="shop.example.org")


@web_scan("words-refused", "T1595.003")
def words_refused(case: Case) -> None:
    """Walk a list slowly where a guard in front of the site refuses whatever it does not know: 403 for all."""
    ask(case, [case.machine("windows")], words(case, 90), 100, (403,))


@web_scan("words-led-to-start", "T1595.003")
def words_led_to_start(case: Case) -> None:
    """Walk a list where all that is not found leads to the start page, and follow there each time."""
    scanner = case.machine("linux")
    for at, word in zip(moments(case, 110, 2), words(case, 110), strict=True):
        scanner.cover = False
        scanner.get(at, word, 301)
        scanner.cover = True
        scanner.get(at + 0.2, "/", referer=SITE + word)


@web_scan("weaknesses-below-application", "T1595.002")
def weaknesses_below_application(case: Case) -> None:
    """Try weaknesses of products below the application, where every answer is 200, one in twenty seconds."""
    ask(case, [case.machine("linux")], [f"/app{path}" for path in case.rng.sample((*TEMPLATES, *DEVICES), 60)], 20)


@web_scan("alternates-with-pages", "T1595.003")
def alternates_with_pages(case: Case) -> None:
    """Read a page for each word, with its style and a page before that fits, so that half of all is found, half a minute apart."""
    scanner = case.machine("windows")
    for at, word in zip(moments(case, 100, 30), words(case, 100), strict=True):
        page = case.rng.choice(ARTICLES)
        scanner.cover = True
        scanner.get(at - 4, page, referer=f"{SITE}/")
        scanner.get(at - 3.6, "/assets/css/main.css", 304, referer=SITE + page)
        scanner.cover = False
        scanner.get(at, word, referer=SITE + page)


@web_scan("stays-under-limits", "T1595.003")
def stays_under_limits(case: Case) -> None:
    """Try three words in three quarters of an hour and read four pages with their parts meanwhile, so that five in six answers are good."""
    reader, tried = case.machine("linux"), words(case, 60)
    for n, at in enumerate(moments(case, 20, 2_700, True)):
        reader.cover = True
        browse(case, reader, at, 4)
        reader.cover = False
        for k, word in enumerate(tried[3 * n : 3 * n + 3]):
            reader.get(at + 400 + 200 * k + case.rng.uniform(0, 90), word, referer=f"{SITE}/products/7")


@web_scan("new-browser-each-word", "T1595.003")
def new_browser_each_word(case: Case) -> None:
    """Walk a list at a word a minute with another browser, language of the search before and method each time."""
    scanner = case.machine("linux")
    for at, word in zip(moments(case, 150, 60), words(case, 150), strict=True):
        before = f"https://www.search.example/?q={case.rng.choice(GERMAN)}&hl={case.rng.choice(('de', 'en', 'fr'))}"
        scanner.get(at, word, None, case.rng.choice(("GET", "GET", "HEAD")), before, case.rng.choice(BROWSERS))


@web_scan("forged-previews", "T1595.003")
def forged_previews(case: Case) -> None:
    """Walk a list in the names of chat programs and of a search engine, by turns, one in five seconds."""
    scanner = case.machine("linux")
    for n, (at, word) in enumerate(zip(moments(case, 120, 5), words(case, 120), strict=True)):
        scanner.get(at, word, agent=PREVIEWS[n // 30])


@web_scan("words-by-post", "T1595.003")
def words_by_post(case: Case) -> None:
    """Walk a list with POST, because rules often look at GET only, one in eight seconds."""
    ask(case, [case.machine("linux")], words(case, 110), 8, (404, 404, 405), method="POST", agent="axios/1.7.2")


@web_scan("words-by-options", "T1595.003")
def words_by_options(case: Case) -> None:
    """Walk a list with OPTIONS, to which the server answers 204 or 404."""
    ask(case, [case.machine("linux")], words(case, 100), 4, (204, 404, 404), method="OPTIONS")


@web_scan("words-spelled-oddly", "T1595.003")
def words_spelled_oddly(case: Case) -> None:
    """Walk a list in spellings that mean the same: capitals, double slashes, letters as numbers, parameters of paths."""
    paths = []
    for word in words(case, 110):
        k = case.rng.randrange(1, len(word))
        ways = (
            f"/{word}",
            f"{word[:k]}%{ord(word[k]):02X}{word[k + 1 :]}",
            word.title(),
            f"/.{word}",
            f"{word};v={k}",
            f"/x/..{word}",
            f"{word}?{case.rng.getrandbits(20):x}",
        )
        paths.append(case.rng.choice(ways))
    ask(case, [case.machine("linux")], paths, 7)


@web_scan("words-behind-real-names", "T1595.003")
def words_behind_real_names(case: Case) -> None:
    """Hang words on addresses that exist, as the path behind a page or its ending, one in a minute and a half."""
    pages = [*case.rng.sample(ARTICLES, 40), *case.rng.sample([page for page in PAGES if "?" not in page], 20)]
    ask(case, [case.machine("linux")], [page + word for page, word in zip(pages, words(case, 60), strict=True)], 90)


@web_scan("icons-of-all-sites", "T1595.002")
def icons_of_all_sites(case: Case) -> None:
    """Take the fingerprints of sixteen customers' sites by icon and start page, and ask each for a repository and for settings."""
    taker = case.machine("linux")
    for at, site in zip(moments(case, 16, 25), case.rng.sample(CUSTOMERS, 16), strict=True):
        for n, path in enumerate(("/favicon.ico", "/", "/.git/HEAD", "/.env")):
            taker.get(at + 0.5 * n, path, site=site, agent="Mozilla/5.0 zgrab/0.x")


@web_scan("behind-a-campus", "T1595.002")
def behind_a_campus(case: Case) -> None:
    """Try weaknesses from one room of a campus whose other people read the site behind the same address all day."""
    nat = case.machine("linux")
    nat.cover = True
    for at in case.working(18):
        browse(case, nat, at, case.rng.randint(1, 4), case.rng.choice(BROWSERS))
    nat.cover = False
    ask(case, [nat], case.rng.sample((*TEMPLATES, *DEVICES), 55), 15, agent=BROWSERS[7])


@web_scan("words-when-others-read", "T1595.003")
def words_when_others_read(case: Case) -> None:
    """Walk a list only in working hours and from a browser without a head, which fetches style and icon for whatever it is given."""
    scanner = case.machine("windows")
    for at, word in zip(case.working(75), words(case, 75), strict=True):
        scanner.cover = False
        scanner.get(at, word)
        scanner.cover = True
        for n, part in enumerate(("/assets/css/main.css", "/favicon.ico")):
            scanner.get(at + 0.2 + 0.1 * n, part, referer=SITE + word)
