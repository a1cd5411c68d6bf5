"""Stores on the web server that are asked by hash or by name and have little of it: caches of builds, symbols, packages, repositories, images."""

from __future__ import annotations

from bench.ordinary.actors import Case, Machine
from bench.ordinary.fourth_web_answers import web_benign

PACKAGES = (
    "requests",
    "numpy",
    "pandas",
    "flask",
    "urllib3",
    "idna",
    "certifi",
    "pyyaml",
    "jinja2",
    "click",
    "attrs",
    "rich",
    "lxml",
    "pillow",
    "boto3",
    "django",
    "celery",
    "redis",
)
SCOPED = (
    "@babel%2fcore",
    "@types%2fnode",
    "@vue%2fcompiler-sfc",
    "@angular%2fcli",
    "lodash",
    "react",
    "vite",
    "esbuild",
    "semver",
    "debug",
    "config",
    "backup",
    "env",
    "admin-lte",
)
PRIVATE = ("firma-shop", "firma-auth", "firma-billing", "firma-common", "firma-config")
MODULES = (
    "ntdll",
    "kernel32",
    "ucrtbase",
    "shopclient",
    "renderer",
    "physics",
    "qt6core",
    "openssl",
    "d3d11",
    "audio",
    "zlib1",
    "user32",
    "netapi",
    "crypt32",
)
ARTEFACTS = (
    "shop-core",
    "shop-api",
    "billing-client",
    "auth-common",
    "search-model",
    "mail-templates",
    "report-engine",
    "stock-sync",
)
SIDE = (".jar", ".jar.sha1", ".pom", ".pom.sha1", "-sources.jar", "-javadoc.jar", ".jar.asc", ".module")
DUMB = (
    "/HEAD",
    "/info/refs?service=git-upload-pack",
    "/info/refs",
    "/objects/info/http-alternates",
    "/objects/info/alternates",
    "/objects/info/packs",
    "/config",
)
LETTERS = "0123456789abcdfghijklmnpqrsvwxyz"


@web_benign("clones-over-plain-http")
def clones_over_plain_http(case: Case) -> None:
    """Clone a repository that is served as plain files: the program asks for each object by its hash, and those in packs are not found."""
    for cloner in case.machines(6, "linux"):
        for at in case.working(case.rng.choice((1, 2))):
            repository = f"/git/{case.rng.choice(('tools', 'dotfiles', 'website'))}.git"
            for n, path in enumerate(DUMB):
                cloner.get(at + 0.1 * n, repository + path, 404 if "alternates" in path else 200, agent="git/2.47.1")
            for n in range(case.rng.randint(15, 50)):
                name = f"{case.rng.getrandbits(160):040x}"
                cloner.get(
                    at + 1 + 0.05 * n,
                    f"{repository}/objects/{name[:2]}/{name[2:]}",
                    case.rng.choice((404, 200, 404)),
                    agent="git/2.47.1",
                )


@web_benign("narinfo-lookups")
def narinfo_lookups(case: Case) -> None:
    """Ask a store of built packages for each dependency by hash before it is built: dozens a second, nine in ten not there."""
    for builder in case.machines(5, "linux"):
        for at in case.working(3):
            builder.get(at, "/nix-cache-info", 200, agent="curl/8.11.0 Nix/2.24.11", site="cache.example.org")
            for n in range(case.rng.randint(15, 60)):
                name = "".join(case.rng.choices(LETTERS, k=32))
                builder.get(at + 0.3 + 0.02 * n, f"/{name}.narinfo", 200 if case.rng.random() < 0.1 else 404,
                            agent="curl/8.11.0 Nix/2.24.11", site="cache.example.org")  # fmt: skip


@web_benign("build-cache")
def build_cache(case: Case) -> None:
    """Ask a cache of compiled objects for each step of a build: not found, so it is built and put there."""
    for builder in case.machines(3, "linux"):
        for at in case.working(3):
            for n in range(case.rng.randint(20, 60)):
                path, found = f"/cache/ac/{case.rng.getrandbits(256):064x}", case.rng.random() < 0.35
                builder.get(at + 0.08 * n, path, 200 if found else 404, agent="bazel/7.4.1")
                if not found:
                    builder.get(at + 0.04 + 0.08 * n, path, 201, "PUT", agent="bazel/7.4.1")


@web_benign("symbol-lookups")
def symbol_lookups(case: Case) -> None:
    """Start debuggers that ask every store of symbols for every library, under three names each; ours has those of one program only."""
    for desk in case.machines(6, "windows"):
        for at in case.working(2):
            for n, module in enumerate(case.rng.sample(MODULES, 10)):
                base = f"/symbols/{module}.pdb/{case.rng.getrandbits(128):032X}1/"
                for k, name in enumerate((f"{module}.pdb", f"{module}.pd_", "file.ptr")):
                    desk.get(
                        at + 0.4 * n + 0.1 * k,
                        base + name,
                        200 if module == "shopclient" else 404,
                        agent="Microsoft-Symbol-Server/10.0.10036.206",
                    )


@web_benign("debug-information")
def debug_information(case: Case) -> None:
    """Ask for the debugging information of whatever runs, by the number that is in each program, on desks of one university."""
    for source in case.net.neighbours(case.rng, 5):
        desk = Machine(case, source, "linux")
        for at in case.working(3):
            for n in range(case.rng.randint(5, 28)):
                what = case.rng.choice(("debuginfo", "executable", "source/usr/src/main.c"))
                desk.get(
                    at + 0.2 * n,
                    f"/buildid/{case.rng.getrandbits(160):040x}/{what}",
                    404,
                    agent="elfutils/0.191,Linux/x86_64,ubuntu/24.04",
                )


@web_benign("packages-not-kept")
def packages_not_kept(case: Case) -> None:
    """Install from an index that keeps a firm's own packages only: it is asked for all the others first, by two programs."""
    for n, machine in enumerate(case.machines(9, "linux")):
        for at in case.working(3):
            names = case.rng.sample(SCOPED if n % 3 == 0 else PACKAGES, 12) + case.rng.sample(PRIVATE, 2)
            for k, name in enumerate(names):
                path, agent = (
                    (f"/{name}", "npm/10.9.0 node/v22.12.0 linux x64")
                    if n % 3 == 0
                    else (f"/simple/{name}/", "pip/24.3.1")
                )
                machine.get(
                    at + 0.1 * k, path, 200 if name in PRIVATE else 404, agent=agent, site="packages.example.org"
                )


@web_benign("sources-and-signatures")
def sources_and_signatures(case: Case) -> None:
    """Open a project in a workshop for programs, which asks for sources, documents, sums and signatures beside each library."""
    for desk in case.machines(6, "windows"):
        for at in case.working(2):
            for n, name in enumerate(case.rng.sample(ARTEFACTS, 4)):
                version = f"{case.rng.randrange(1, 5)}.{case.rng.randrange(12)}.0"
                for k, end in enumerate(SIDE):
                    path = f"/repository/releases/org/example/{name}/{version}/{name}-{version}{end}"
                    desk.get(
                        at + 0.8 * n + 0.08 * k,
                        path,
                        200 if k < 4 and n % 2 == 0 else 404,
                        agent="Gradle/8.11.1 (Windows 11;10.0;amd64)",
                    )


@web_benign("image-pushers")
def image_pushers(case: Case) -> None:
    """Push images of containers: each layer is asked for by its sum, and sent when it is not there."""
    agent, site = "docker/27.4.0 go/go1.22.10", "registry.example.org"
    for builder in case.machines(4, "linux"):
        for at in case.working(4):
            image = f"/v2/shop/{case.rng.choice(('web', 'api', 'worker'))}"
            builder.get(at, "/v2/", 401, agent=agent, site=site)
            for n in range(case.rng.randint(6, 16)):
                layer, upload = f"sha256:{case.rng.getrandbits(256):064x}", f"{image}/blobs/uploads/"
                known, begin = case.rng.random() < 0.3, at + 0.5 + 0.6 * n
                builder.get(begin, f"{image}/blobs/{layer}", 200 if known else 404, "HEAD", agent=agent, site=site)
                if not known:
                    builder.get(begin + 0.1, upload, 202, "POST", agent=agent, site=site)
                    sent = f"{upload}{case.rng.getrandbits(64):x}?digest={layer}"
                    builder.get(begin + 0.3, sent, 201, "PUT", agent=agent, site=site)


@web_benign("documents-in-pieces")
def documents_in_pieces(case: Case) -> None:
    """Read long documents in a viewer that fetches them piece by piece, as one turns the pages; each piece is an answer of its own."""
    for reader in case.machines(18):
        at, name = case.working(1)[0], f"/downloads/handbuch-{case.rng.randrange(40)}.pdf"
        reader.get(at, name, 200, size=1_048_576)
        for _ in range(case.rng.randint(5, 24)):
            at += case.rng.choice((0.05, 0.1, 4, 20))
            reader.get(at, name, 206, size=65_536, referer=f"https://www.example.org{name}")
