"""Addresses of the generated logs: ours are documentation addresses, everybody else's are random public ones."""

from __future__ import annotations

import ipaddress
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

HOME = ("198.51.100.0/24", "203.0.113.0/24", "2001:db8::/48")
HOSTS = 508
"""Hosts that are ours: 254 in each /24, and as many in 2001:db8:0:1::/64."""

NOT_PUBLIC = (0, 10, 100, 127, 169, 172, 192, 198, 203, *range(224, 256))
"""First octets that hold private, shared, documentation or reserved networks; avoided whole."""

FIRST_INDEX = 16 << 24
"""Cycle walking stays one to one only from starting points that are public themselves: 16.0.0.0 to 99.255.255.255."""

V6_PREFIXES = (0x2400, 0x2600, 0x2804, 0x2A02)


def mixed(values: Array, key: int) -> Array:
    """Return uint32 `values` scrambled one to one (the finalizer of MurmurHash3, `key` added first)."""
    x = values.astype(np.uint32) + np.uint32(key & 0xFFFFFFFF)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


def public_ipv4(indices: Array, seed: int) -> Array:
    """Return one distinct public IPv4 address (uint32) for each distinct index below 1.4 thousand million."""
    private = np.zeros(256, bool)
    private[list(NOT_PUBLIC)] = True
    out = mixed(indices.astype(np.uint32) + np.uint32(FIRST_INDEX), seed)
    while (bad := private[out >> np.uint32(24)]).any():
        out[bad] = mixed(out[bad], seed)
    return out


def ipv6_groups(sources: Array) -> list[Array]:
    """Return the eight 16-bit groups of the IPv6 addresses that stand for uint32 `sources`, each in a /64 of its own."""
    first = np.array(V6_PREFIXES, np.uint32)[mixed(sources, 1) & np.uint32(3)]
    rest = [mixed(sources, key) for key in (2, 3, 4)]
    low = np.uint32(0xFFFF)
    return [first, sources >> np.uint32(16), sources & low, rest[0] & low,
            rest[1] >> np.uint32(16), rest[1] & low, rest[2] >> np.uint32(16), rest[2] & low]  # fmt: skip


def source_text(source: int, ipv6: bool) -> str:
    """Return the address of one source as people write it."""
    if not ipv6:
        return str(ipaddress.IPv4Address(source))
    groups = ipv6_groups(np.array([source], np.uint32))
    return str(ipaddress.IPv6Address(int("".join(f"{int(g[0]):04x}" for g in groups), 16)))


def home_text(host: int, ipv6: bool) -> str:
    """Return the address of one of our hosts (0 to `HOSTS` - 1), IPv6 in full as the kernel writes it."""
    if ipv6:
        return f"2001:0db8:0000:0001:0000:0000:0000:{host + 1:04x}"
    return f"{'198.51.100' if host < 254 else '203.0.113'}.{host % 254 + 1}"


def home_number(hosts: Array) -> Array:
    """Return the IPv4 addresses of `hosts` as uint32 (masscan and Mirai compute with them)."""
    base = np.where(hosts < 254, np.uint32(0xC6336400), np.uint32(0xCB007100))
    return base + (hosts % 254 + 1).astype(np.uint32)
