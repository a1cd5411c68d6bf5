"""Which way a record points: who is ours, who is outside.

With home networks inbound is from outside them towards them. Without, it is from an address that
could be on the internet to whatever the sensor guards.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network

Network = IPv4Network | IPv6Network

MAPPED = 0xFFFF_0000_0000
LOW = (1 << 64) - 1

NOT_OUTSIDE = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
"""Private, shared, local, multicast and reserved space (IANA special-purpose registries). The
documentation networks count as outside, because examples and recorded exercises live in them."""


def signed(half: int) -> int:
    """Return 64 bits as the signed number that a BIGINT column holds."""
    return half - (1 << 64) if half >> 63 else half


def bounds(network: Network) -> tuple[int, int]:
    """Return the first and last address of a network as 128-bit numbers, IPv4 mapped into IPv6."""
    base = MAPPED if network.version == 4 else 0
    return base + int(network.network_address), base + int(network.broadcast_address)


def upper_range(network: Network) -> tuple[int, int]:
    """Return the first and last upper half of a network as BIGINTs; of ::/0 the whole range, which wraps at its sign."""
    first, last = (signed(end >> 64) for end in bounds(network))
    return (first, last) if first <= last else (-(1 << 63), (1 << 63) - 1)


def key_ranges(network: Network) -> tuple[int, int]:
    """Return the first and last source key (see contacts.sql) of a network; of IPv6 at least a /64 counts."""
    first, last = bounds(network)
    return upper_range(network) if last >> 64 else (first, last & LOW)


def outside(home: tuple[Network, ...], values: dict[str, int]) -> str:
    """Return a test over the column `source` that it is nobody of ours; its numbers go to `values`."""
    return apart(home or NOT_OUTSIDE, values)


def apart(networks: Iterable[Network], values: dict[str, int]) -> str:
    """Return a test over the column `source` that it is in none of these networks; its numbers go to `values`.

    As a number it is one pass over whole vectors; as a condition an engine selects rows a dozen times, at 15 times the cost.
    """
    tests = []
    for network in networks:
        first, last = f"src_{len(values)}", f"src_{len(values)}_last"
        values[first], values[last] = key_ranges(network)
        tests.append(f"source NOT BETWEEN ${first} AND ${last}")
    return "CAST(" + " AND ".join(tests) + " AS TINYINT) = 1" if tests else "TRUE"


def towards(home: tuple[Network, ...], values: dict[str, int]) -> str:
    """Return a test over the target columns of `events` that the record is for us; its numbers go to `values`.

    Without home networks everything is; a record without a target (a web log) always is.
    """
    tests = []
    for network in home:
        first, last = bounds(network)
        low, high, upper = f"dst_{len(values)}", f"dst_{len(values)}_last", f"dst_{len(values)}_hi"
        if network.version == 6 and network.prefixlen <= 64:
            values[low], values[high] = upper_range(network)
            tests.append(f"dst_hi BETWEEN ${low} AND ${high}")
        else:
            values |= {low: signed(first & LOW), high: signed(last & LOW), upper: signed(first >> 64)}
            tests.append(f"(dst_lo BETWEEN ${low} AND ${high} AND dst_hi = ${upper})")
    return "(" + " OR ".join([*tests, "dst_lo IS NULL"]) + ")" if tests else "TRUE"


def source_key(address: str) -> int:
    """Return the key of a source (see contacts.sql) from an address, IPv6 taken as its /64."""
    ip = ip_network(address, strict=False).network_address
    if ip.version == 4:
        return MAPPED + int(ip)
    return MAPPED + int(ip.ipv4_mapped) if ip.ipv4_mapped else signed(int(ip) >> 64)


def source_text(key: int) -> str:
    """Return a source as people write it: an IPv4 address, or an IPv6 /64."""
    if key >> 32 == 0xFFFF:
        return str(IPv6Address((0xFFFF << 32) + (key & 0xFFFFFFFF)).ipv4_mapped)
    return f"{IPv6Address((key & LOW) << 64)}/64"


def address_text(hi: int, lo: int) -> str:
    """Return an address from its two stored halves."""
    ip = IPv6Address(((hi & LOW) << 64) | (lo & LOW))
    return str(ip.ipv4_mapped or ip)
