"""Who looks at our address for what a former tenant had there: channels, games, mail, a shop."""

from __future__ import annotations

from bench.ordinary.actors import Case
from bench.ordinary.fourth_web_answers import web_benign

BUNDLES = ("ui", "audio", "levels", "hero", "shop", "events", "locale", "effects", "maps", "pets")

MAIL_DOORS = (("POST", "/Microsoft-Server-ActiveSync?Cmd=Sync&User=kasse&DeviceId={}&DeviceType=iPhone"), ("OPTIONS", "/Microsoft-Server-ActiveSync"), ("POST", "/EWS/Exchange.asmx"),
              ("POST", "/mapi/emsmdb/?MailboxId={}@altfirma.example"), ("GET", "/owa/"), ("GET", "/owa/auth/logon.aspx?url=https%3A%2F%2Fmail.altfirma.example%2Fowa%2F"), ("GET", "/ecp/"),
              ("POST", "/autodiscover/autodiscover.xml"), ("GET", "/oab/{}/oab.xml"), ("GET", "/rpc/rpcproxy.dll?mail.altfirma.example:6001"))  # fmt: skip
MAIL_AGENTS = (
    "Apple-iPhone14C7/2204.63",
    "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18025; Pro)",
    "Outlook-Android/2.0",
    "MacOutlook/16.92.24120731",
)
SHOP_DOORS = ("/rest/V1/orders?searchCriteria%5Bpage%5D={}", "/rest/V1/products/{}/stock", "/index.php/rest/default/V1/invoices/{}", "/api/index.php/v1/articles/{}", "/admin/export/orders.csv?from={}",
              "/magento/api/v2_soap/?wsdl=1&n={}", "/feeds/preis-{}.xml", "/cron/export.php?key={}", "/index.php/admin/sales_order/view/order_id/{}", "/downloader/index.php?A={}")  # fmt: skip
PROGRAMS = ("Java/1.8.0_391", "WarenwirtschaftSync/7.2", "PHP-SOAP/8.1.27", "curl/7.81.0", "PriceRobot/2.0")
BOOKMARKS = (
    "/phpmyadmin/",
    "/webmail/",
    "/admin/",
    "/munin/",
    "/awstats/awstats.pl?config=altfirma",
    "/nextcloud/",
    "/wiki/",
    "/cacti/",
    "/roundcube/",
    "/admin/export/",
    "/index.php/admin/",
    "/stats/",
)


@web_benign("channel-lists")
def channel_lists(case: Case) -> None:
    """Look for television at a provider that had the address before: players walk old lists, channel after channel, when one does not play."""
    for n, player in enumerate(case.machines(20, "small")):
        account, agent = (
            f"u{case.rng.randrange(9_999)}/{case.rng.getrandbits(32):08x}",
            case.rng.choice(("VLC/3.0.21 LibVLC/3.0.21", "IPTVSmartersPro", "Lavf/60.16.100")),
        )
        for at in case.times(case.rng.choice((1, 2, 4))):
            player.get(at, f"/player_api.php?username={account.partition('/')[0]}", 404, agent=agent)
            for k in range(24 if n < 4 else case.rng.randint(1, 8)):
                player.get(at + 4 + 5 * k, f"/live/{account}/{case.rng.randrange(2_000, 2_400)}.ts", 404, agent=agent)


@web_benign("game-bundles")
def game_bundles(case: Case) -> None:
    """Start a game whose files lay here until its maker moved: thirty pieces by name and number in two seconds, on every start."""
    for player in case.machines(18):
        for at in case.times(case.rng.choice((1, 1, 2))):
            player.get(
                at,
                "/AssetBundles/Android/manifest.json",
                404,
                agent="UnityPlayer/2022.3.21f1 (UnityWebRequest/1.0, libcurl/8.5.0-DEV)",
            )
            for n in range(case.rng.randint(5, 20)):
                piece = f"{case.rng.choice(BUNDLES)}_{case.rng.getrandbits(64):016x}.bundle"
                player.get(
                    at + 1 + 0.06 * n,
                    f"/AssetBundles/Android/{piece}",
                    404,
                    agent="UnityPlayer/2022.3.21f1 (UnityWebRequest/1.0, libcurl/8.5.0-DEV)",
                )


@web_benign("former-mail-users")
def former_mail_users(case: Case) -> None:
    """Look for the mail of a firm that had this address: its people's telephones and desks try a handful of doors whenever they wake up."""
    for user in case.machines(16):
        agent, device = case.rng.choice(MAIL_AGENTS), f"{case.rng.getrandbits(64):016X}"
        for at in case.working(case.rng.choice((2, 5, 9))):
            for n, (method, path) in enumerate(case.rng.sample(MAIL_DOORS, case.rng.choice((1, 1, 2, 5)))):
                user.get(at + 0.6 * n, path.format(device), 404, method, agent=agent, site="mail.altfirma.example")


@web_benign("former-shop-partners")
def former_shop_partners(case: Case) -> None:
    """Exchange orders, stock and prices with a shop that moved away: five programs of partners, by number, every three hours."""
    for agent, partner in zip(PROGRAMS, case.machines(5, "linux"), strict=True):
        doors = case.rng.sample(SHOP_DOORS, 3)
        for at in case.steady(10_800, jitter=0.1):
            for k in range(case.rng.randint(1, 6)):
                path = case.rng.choice(doors).format(case.rng.randrange(10_000, 12_000))
                partner.get(at + 1.5 * k, path, 404, agent=agent, site="shop.altfirma.example")


@web_benign("former-owner-comes-home")
def former_owner_comes_home(case: Case) -> None:
    """Look for one's own server at its old address, which now is ours, by bookmarks of its administration, twice a day."""
    owner = case.machine("windows")
    for at in case.working(6):
        for path in case.rng.sample(BOOKMARKS, case.rng.randint(2, 6)):
            at += case.rng.uniform(5, 25)
            owner.get(at, path, 404, site="www.altfirma.example")
