"""The same traffic as a web server's access log: clients read pages, scanners walk wordlists, the rest looks in once."""

from __future__ import annotations

import numpy as np

from bench.addresses import HOSTS, Array, mixed
from bench.plan import ROLES
from bench.render import Sources, squeeze, stamps, table
from bench.traffic import Packets

PAGES = [f"/{section}/{name}" for section in ("products", "news", "assets/css", "assets/js", "images", "account", "blog/2026")
         for name in ("index.html", "list?page=2", "main.css", "app.min.js", "logo.png", "login", "feed.xml")]  # fmt: skip
PROBED = ("/.env", "/wp-login.php", "/.git/config", "/phpmyadmin/", "/robots.txt", "/actuator/health", "/boaform/admin/formLogin",
          "/cgi-bin/luci", "/.aws/credentials", "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php")  # fmt: skip
WORDS = ("admin", "backup", "old", "test", "dev", "api", "config", "private", "uploads", "include", "cache", "data")
ENDINGS = (".php", ".bak", ".zip", ".sql", "/", ".txt", ".old", ".json")
BROWSERS = [f"Mozilla/5.0 ({system}) {engine}" for system in
            ("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64", "Linux; Android 14; Pixel 8")
            for engine in (*(f"AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.0.0 Safari/537.36" for n in range(138, 146)),
                           *(f"Gecko/20100101 Firefox/{n}.0" for n in range(140, 146)))]  # fmt: skip
SCANNING = ("gobuster/3.6", "Fuzz Faster U Fool v2.1.0-dev", "feroxbuster/2.10.4", "Mozilla/5.0 zgrab/0.x")


class Access:
    """Lines in the combined format of Apache and nginx."""

    def __init__(self) -> None:
        self.sources = Sources(" - - [")
        self.pages = table([*(f'"GET {path} HTTP/1.1" ' for path in (*PAGES, *PROBED)), ""])
        self.folders = table([*(f'"GET /{WORDS[n % len(WORDS)]}{n}/' for n in range(HOSTS)), ""])
        names = (f"{WORDS[n % len(WORDS)]}{n}{ENDINGS[n % len(ENDINGS)]}" for n in range(65_536))
        self.names = table([*(f'{name} HTTP/1.1" ' for name in names), ""])
        self.status = table(["404 153 ", *(f"200 {n}" for n in range(10, 100)), "304 0 "])
        self.size = table([*(f"{n:03d} " for n in range(1_000)), ""])
        self.referers = table(['"-" "', '"https://www.example.org/products/" "', '"https://www.example.org/" "'])
        self.agents = table(f'{agent}"\n' for agent in (*BROWSERS, *SCANNING))

    def lines(self, packets: Packets, start: int) -> bytes:
        """Return the log lines of `packets`, whose times count from epoch second `start` (UTC)."""
        scanning, reading = packets["role"] == ROLES.index("scanner"), packets["role"] != ROLES.index("background")
        page = np.where(reading, packets["seq"] % len(PAGES), len(PAGES) + packets["dport"] % len(PROBED))
        found = reading & ~scanning
        status = np.where(found, np.where(packets["seq"] % 23 == 0, 91, 1 + packets["seq"] % 90), 0)
        sized = (status > 0) & (status < 91)
        referer = np.where(found, packets["ip_id"] % 3, 0)
        return squeeze([
            *self.sources.columns(packets), stamps(packets["time"], start, "%d/%b/%Y:%H:%M:%S +0000] "),
            self.pages[np.where(scanning, len(PAGES) + len(PROBED), page)],
            self.folders[np.where(scanning, packets["host"], HOSTS)],
            self.names[np.where(scanning, packets["dport"], 65_536)], self.status[status],
            self.size[np.where(sized, packets["ip_id"] % 1_000, 1_000)], self.referers[referer], self._agents(packets, scanning),
        ])  # fmt: skip

    def _agents(self, packets: Packets, scanning: Array) -> Array:
        trait = mixed(packets["source"], 9).astype(np.int64)
        agent = np.where(scanning, len(BROWSERS) + trait % len(SCANNING), trait % len(BROWSERS))
        return np.asarray(self.agents[agent])
