"""The network that is guarded: its size, what is open on it, what its web site answers, and who is a stranger to it."""

from __future__ import annotations

import ipaddress
import random
import zlib
from dataclasses import dataclass, field

from bench.access import PAGES
from bench.addresses import HOSTS, NOT_PUBLIC, V6_PREFIXES, home_text

OPEN = {
    "web": (("tcp", 80), ("tcp", 443), ("udp", 443)),
    "mail": (("tcp", 25), ("tcp", 465), ("tcp", 587), ("tcp", 993)),
    "dns": (("tcp", 53), ("udp", 53)),
    "time": (("udp", 123),),
    "bastion": (("tcp", 22),),
    "vpn": (("udp", 500), ("udp", 4500), ("udp", 1194)),
    "files": (("tcp", 21), ("tcp", 22), *(("tcp", port) for port in range(50_000, 50_101))),
    "voice": (("udp", 5060), ("tcp", 5061)),
    "game": (("udp", 27_015), ("tcp", 27_015)),
    "desk": (("tcp", 443), ("udp", 3391)),
    "server": (("tcp", 443), ("tcp", 8443)),
    "nat": (),
}
"""What the firewall lets in, by the role of a host; `nat` is the address behind which our own people sit."""

LAYOUTS = {
    "host": (tuple(OPEN),),
    "/29": (
        ("nat",),
        ("web",),
        ("mail", "time"),
        ("dns", "vpn", "server"),
        ("bastion", "files", "voice", "game", "desk"),
    ),
    "/24": (*((role,) for role in OPEN), *((("server",)) for _ in range(24))),
    "wide": (*((role,) for role in OPEN), *((("server",)) for _ in range(60))),
}
"""Hosts in use, by size of the network: the roles of each. The remaining addresses are dark."""

USABLE = {"host": 1, "/29": 6, "/24": 254, "wide": HOSTS}
SIZES = ("host", "/24", "wide", "/29")
"""The seed chooses: seed 1 a /24, seed 2 two /24s, seed 3 a /29, seed 4 one host."""

ARTICLES = tuple(
    [f"/blog/2026/{n}-{word}" for n in range(60) for word in ("notes", "review")]
    + [f"/products/{n}" for n in range(160)]
)
SERVED = frozenset(
    (*PAGES, *ARTICLES, "/", "/robots.txt", "/favicon.ico", "/sitemap.xml", "/feed.xml", "/search", "/login")
)
SITES = ("www.example.org", "shop.example.org", "blog.example.org", "api.example.org")
MISSING_SIZE = 153
APP_SIZE = 5_312


@dataclass
class Network:
    """A guarded network of one of `SIZES`, made by `seed`; hosts are numbers as in `bench.addresses`."""

    seed: int
    size: str
    first: int = 0
    rejects: bool = False
    roles: dict[str, list[int]] = field(default_factory=dict)
    open: set[tuple[str, int, int]] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)

    @property
    def hosts(self) -> range:
        """Return all addresses of the network, in use or dark."""
        return range(self.first, self.first + USABLE[self.size])

    @property
    def live(self) -> list[int]:
        """Return the hosts in use, in order of address."""
        return sorted({host for hosts in self.roles.values() for host in hosts})

    @property
    def dark(self) -> list[int]:
        """Return the addresses not in use; the only host of a network stands in where there are none."""
        live = set(self.live)
        return [host for host in self.hosts if host not in live] or list(self.hosts)

    @property
    def networks(self) -> list[str]:
        """Return the network in CIDR notation."""
        size = {"host": ["/32"], "/29": ["/29"], "/24": ["/24"], "wide": ["/24"]}[self.size][0]
        four = {
            str(ipaddress.ip_network(home_text(h, False) + size, strict=False)) for h in (self.hosts[0], self.hosts[-1])
        }
        return [*sorted(four), "2001:db8::/48"]

    def one(self, role: str) -> int:
        """Return the first host with `role`."""
        return self.roles[role][0]

    def is_open(self, proto: str, host: int, port: int) -> bool:
        """Say whether the firewall lets `proto` in to `port` of `host`."""
        return (proto, host, port) in self.open

    def stranger(self, rng: random.Random) -> str:
        """Draw a public IPv4 address that nobody else has."""
        while True:
            number = rng.randrange(1 << 24, 224 << 24)
            if number >> 24 not in NOT_PUBLIC and 0 < number & 255 < 255:
                text = str(ipaddress.IPv4Address(number))
                if text not in self.taken:
                    self.taken.add(text)
                    return text

    def neighbours(self, rng: random.Random, count: int) -> list[str]:
        """Draw `count` addresses out of one /24 that is new to us."""
        prefix = self.stranger(rng).rpartition(".")[0]
        drawn = [f"{prefix}.{n}" for n in sorted(rng.sample(range(1, 255), count))]
        self.taken.update(drawn)
        return drawn

    def prefix6(self, rng: random.Random, bits: int) -> int:
        """Draw a public IPv6 prefix of `bits` bits, as the number of its first address."""
        first = rng.choice(V6_PREFIXES) << 112
        return (first | rng.getrandbits(112)) >> (128 - bits) << (128 - bits)


def make_network(seed: int, size: str | None = None) -> Network:
    """Make the network of `seed`, of the size given or the one that the seed chooses."""
    rng = random.Random(f"network {seed}")
    size = size or SIZES[seed % len(SIZES)]
    first = {"host": 80, "/29": 40}.get(size, 0)
    net = Network(seed, size, first, rejects=rng.random() < 0.25)
    layout = LAYOUTS[size]
    for host, roles in zip(rng.sample(list(net.hosts), len(layout)), layout, strict=True):
        for role in roles:
            net.roles.setdefault(role, []).append(host)
            net.open.update((proto, host, port) for proto, port in OPEN[role])
    return net


def answer(path: str) -> tuple[int, int]:
    """Return status and size that the web site gives for a GET of `path`; below /app/ it never says 404."""
    plain = path.partition("?")[0]
    check = zlib.crc32(path.encode())
    if path in SERVED or plain in SERVED:
        return 200, 400 + check % 90_000
    if plain.startswith("/app/"):
        return 200, APP_SIZE
    if plain.startswith("/api/v1/items/") and check % 10 < 7:
        return 200, 90 + check % 400
    return (301, 169) if f"{plain}/index.html" in SERVED else (404, MISSING_SIZE)
