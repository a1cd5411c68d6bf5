"""Programs that use the site's services and ask for more than there is: shops, players, calendars, scripts by date, single sign-on, beacons."""

from __future__ import annotations

from bench.ordinary.actors import DAY, Case
from bench.ordinary.fourth_web_answers import web_benign
from bench.ordinary.network import ARTICLES

SITE = "https://www.example.org"
SIDECARS = (".nfo", ".srt", ".de.srt", ".en.srt", ".sub", ".idx", "-poster.jpg", "-fanart.jpg", ".tbn", ".ass")
FOLDER_ART = (
    "folder.jpg",
    "poster.jpg",
    "fanart.jpg",
    "cover.jpg",
    "tvshow.nfo",
    "theme.mp3",
    "banner.jpg",
    "logo.png",
    "disc.png",
)
ENDS = ("jpg", "png", "webp", "jpeg")
SHEETS = ("rates", "weather", "occupancy", "prices")
ACTIVITY = "Mozilla/5.0 (X11; Linux x86_64) node-fetch/3.3.2"
EXTENSIONS = ("form-builder", "backup-mate", "file-manager-plus", "login-guard", "map-widget", "shop-export", "mail-queue", "old-gallery")  # fmt: skip


@web_benign("pages-past-the-end")
def pages_past_the_end(case: Case) -> None:
    """Fetch lists page by page until an answer is empty, with programs that take no hint: page numbers far past the end."""
    for client in case.machines(4, "linux"):
        for at in case.times(3):
            last, what = case.rng.randint(12, 30), case.rng.choice(("orders", "stock", "customers"))
            for n in range(1, last + case.rng.randint(5, 30)):
                client.get(at + 0.6 * n, f"/api/v1/{what}?page={n}&per_page=100", 200 if n <= last else 404,
                           agent="okhttp/4.12.0", site="api.example.org", size=9_000 if n <= last else 31)  # fmt: skip


@web_benign("picture-import")
def picture_import(case: Case) -> None:
    """Import a partner's pictures of products: number after number, view after view, in each format until one is found."""
    importer = case.machine("linux")
    for night in range(1, 3):
        at = night * DAY + 7_000 + case.rng.uniform(0, 900)
        for sku in case.rng.sample(range(10_000, 30_000), 34):
            for view in range(1, 4):
                for end in ENDS[: case.rng.choice((1, 2, 4))]:
                    at += 0.25
                    importer.get(
                        at,
                        f"/media/artikel/{sku}_{view}.{end}",
                        case.rng.choice((200, 404, 404)),
                        "HEAD",
                        agent="Java/17.0.13",
                    )


@web_benign("files-by-date")
def files_by_date(case: Case) -> None:
    """Fetch the file of each day of the last four months, as three scripts do after every change: weekends and holidays have none."""
    for script in case.machines(3, "linux"):
        sheet, agent = (
            case.rng.choice(SHEETS),
            case.rng.choice(("python-requests/2.32.3", "R (4.4.2) libcurl/8.5.0", "Wget/1.21.4")),
        )
        for at in case.times(2):
            for n in range(110):
                month, day = 11 + n // 28, 1 + n % 28
                year, month = (2025, month) if month < 13 else (2026, month - 12)
                script.get(
                    at + 0.35 * n,
                    f"/data/{sheet}/{year}-{month:02d}-{day:02d}.csv",
                    404 if n % 7 > 4 else 200,
                    agent=agent,
                )


@web_benign("waits-for-next-issue")
def waits_for_next_issue(case: Case) -> None:
    """Wait for the next issue of a magazine by asking for its number every three hours, under the four names that it has had."""
    for fan in case.machines(6, "linux"):
        issue = 118 + case.rng.randrange(3)
        for at in case.steady(10_800, jitter=0.2):
            for n, path in enumerate(
                ("/heft/{}.pdf", "/heft/heft-{}.pdf", "/heft/Heft_{}_web.pdf", "/heft/{}/index.html")
            ):
                fan.get(at + n, path.format(issue), 404, agent="Wget/1.21.4")


@web_benign("film-library")
def film_library(case: Case) -> None:
    """Play films out of a shared folder with a media centre, which looks for subtitles, posters and notes beside each."""
    for player in case.machines(5, "linux"):
        for at in case.times(3):
            folder = f"/filme/{case.rng.choice(('urlaub', 'verein', 'schule'))}-{case.rng.randrange(2012, 2026)}"
            paths = [f"{folder}/{name}" for name in FOLDER_ART]
            paths += [f"{folder}/clip-{n}{end}" for n in range(case.rng.randint(1, 5)) for end in SIDECARS]
            for n, path in enumerate(paths):
                player.get(
                    at + 0.06 * n, path, 404, "HEAD", agent="Kodi/21.1 (Linux; Android 11; MiBox4) App_Bitness/64"
                )


@web_benign("calendar-users")
def calendar_users(case: Case) -> None:
    """Keep calendars in step with a server that has them: each event has a file of its own, and those deleted elsewhere are not found."""
    for n, device in enumerate(case.machines(9)):
        home, agent = (
            f"/remote.php/dav/calendars/user{n}/personal/",
            ("iOS/18.3 (22D63) dataaccessd/1.0", "DAVx5/4.4.5-ose", "Thunderbird/128.7.0")[n % 3],
        )
        for at in case.times(6):
            device.get(at, home, 207, "PROPFIND", agent=agent)
            device.get(at + 0.3, home, 207, "REPORT", agent=agent)
            for k in range(case.rng.choice((1, 3, 14))):
                event = f"{case.rng.getrandbits(64):016X}-{case.rng.getrandbits(32):08X}.ics"
                method, status = case.rng.choice(
                    (("GET", 404), ("GET", 200), ("PUT", 201), ("DELETE", 404), ("PUT", 412))
                )
                device.get(at + 0.6 + 0.2 * k, home + event, status, method, agent=agent)


@web_benign("beacons-with-addresses")
def beacons_with_addresses(case: Case) -> None:
    """Count visits by beacons whose parameters hold whole addresses, titles and odd characters of the page."""
    for reader in case.machines(28):
        at = case.working(1)[0]
        for _ in range(case.rng.choice((1, 2, 5))):
            page, visit = case.rng.choice(ARTICLES), case.rng.getrandbits(64)
            query = f"action_name=Fragen%20%26%20Antworten%20%7C%20%22A%27s%22&idsite=1&url=https%3A%2F%2Fwww.example.org{page.replace('/', '%2F')}&_id={visit:016x}"
            reader.get(at, page)
            reader.get(
                at + 1,
                f"/matomo.php?{query}&urlref=https%3A%2F%2Fwww.search.example%2F&res=1920x1080",
                204,
                "POST",
                SITE + page,
            )
            at += case.rng.uniform(15, 120)


@web_benign("single-sign-on")
def single_sign_on(case: Case) -> None:
    """Log in by way of a partner: long addresses with states, tokens and the address to come back to in a parameter."""
    for user in case.machines(26):
        for at in case.working(case.rng.choice((1, 2, 3))):
            back, state = (
                f"https%3A%2F%2Fwww.example.org%2Faccount%2F{case.rng.randrange(900)}",
                case.rng.getrandbits(120),
            )
            user.get(at, f"/oauth2/start?rd={back}", 302)
            user.get(
                at + 0.2,
                f"/oauth2/authorize?client_id=shop&redirect_uri={back}&state={state:030x}&scope=openid%20profile",
                302,
            )
            user.get(
                at + 15,
                f"/oauth2/callback?code={case.rng.getrandbits(160):040x}&state={state:030x}",
                case.rng.choice((302, 302, 403, 500)),
            )


@web_benign("pictures-on-demand")
def pictures_on_demand(case: Case) -> None:
    """Read pages whose pictures are made to measure: the address of the original and the width are parameters, one in ten fails."""
    for reader in case.machines(22):
        at = case.working(1)[0]
        for _ in range(case.rng.choice((1, 2, 4))):
            page = case.rng.choice(ARTICLES)
            reader.get(at, page)
            for n in range(case.rng.randint(3, 9)):
                inner = f"https%3A%2F%2Fcdn.example.org%2Fimg%2F{case.rng.randrange(900)}.jpg"
                reader.get(at + 0.2 + 0.05 * n, f"/_next/image?url={inner}&w={case.rng.choice((640, 828, 1080, 1920))}&q=75",
                           case.rng.choices((200, 304, 400, 404), (7, 2, 0.5, 0.5))[0], referer=SITE + page)  # fmt: skip
            at += case.rng.uniform(10, 90)


@web_benign("sockets-reconnect")
def sockets_reconnect(case: Case) -> None:
    """Reconnect to a chat whose server was taken away, from tabs left open: a new mark in each address, with longer and longer pauses."""
    for tab in case.machines(18):
        at, pause = case.working(1)[0], 1.0
        for _ in range(case.rng.randint(8, 32)):
            mark = f"P{case.rng.getrandbits(36):x}"
            tab.get(
                at,
                f"/socket.io/?EIO=4&transport=polling&t={mark}",
                case.rng.choice((404, 404, 502)),
                referer=f"{SITE}/chat",
            )
            at, pause = at + pause, min(300.0, pause * 1.6)


@web_benign("interface-over-quota")
def interface_over_quota(case: Case) -> None:
    """Fetch items by number for a partner until the quota is used up, and go on with 429 for each until the hour is over."""
    for partner in case.machines(3, "linux"):
        for at in case.times(4):
            for n in range(36):
                partner.get(at + 0.7 * n, f"/api/v1/items/{case.rng.randrange(2_000, 7_000)}", None if n < 25 else 429,
                            agent="GuzzleHttp/7", site="api.example.org")  # fmt: skip


@web_benign("stored-questions")
def stored_questions(case: Case) -> None:
    """Ask a graph of data by the number of a stored question first, and with the whole text where the server has forgotten it."""
    for client in case.machines(14):
        for at in case.working(3):
            for n in range(case.rng.randint(2, 8)):
                number = f"{case.rng.getrandbits(256):064x}"
                wanted = f"/graphql?operationName=Item&extensions=%7B%22persistedQuery%22%3A%7B%22sha256Hash%22%3A%22{number}%22%7D%7D"
                client.get(at + 2 * n, wanted, 400 if n % 2 else 200, agent=ACTIVITY, site="api.example.org")
                if n % 2:
                    client.get(at + 2 * n + 0.2, "/graphql", 200, "POST", agent=ACTIVITY, site="api.example.org")


@web_benign("members-search-index")
def members_search_index(case: Case) -> None:
    """Index the pages of a partner for the search of its own staff, with an account that was locked: refused at every page for members."""
    indexer = case.machine("windows")
    for begin in (0.4 * DAY, 1.4 * DAY):
        for n in range(110):
            page = (
                f"/partner/intern/{case.rng.choice(('preise', 'vertr%C3%A4ge', 'technik', 'marketing'))}/{n}"
                if n % 4
                else case.rng.choice(ARTICLES)
            )
            indexer.get(begin + 3 * n, page, 403 if n % 4 else None,
                        agent="Mozilla/4.0 (compatible; MSIE 4.01; Windows NT; MS Search 6.0 Robot)")  # fmt: skip


@web_benign("customers-blogs-update")
def customers_blogs_update(case: Case) -> None:
    """Ask the maker of plugins for newer ones twice a day, as each of his customers' blogs does; what he gave up is not found."""
    for blog in case.machines(28, "linux"):
        agent, owned = (
            f"WordPress/6.7.1; https://blog{case.rng.randrange(900)}.example.com",
            case.rng.sample(EXTENSIONS, 3),
        )
        for at in case.times(3):
            for n, name in enumerate(owned):
                blog.get(
                    at + 0.5 * n,
                    f"/wp-content/plugins/{name}/readme.txt",
                    404 if name in EXTENSIONS[4:] else 200,
                    agent=agent,
                )
            blog.get(at + 3, f"/?edd_action=get_version&slug={owned[0]}", method="POST", agent=agent)
