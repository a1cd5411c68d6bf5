"""Networks as users write them: one address or CIDR, and files of known owners' networks in three forms."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import IPv4Network, IPv6Network, ip_interface, ip_network
from pathlib import Path
from typing import Any

Network = IPv4Network | IPv6Network

LARGEST = 64 << 20
"""Bytes of a list of networks: all scanners that are known fit into a twentieth of it."""
LONGEST = 100
"""Characters of an owner's name that are kept."""

PLAIN_GRAMMAR = 'a line each, an address or a CIDR, then perhaps "# owner"'
CSV_GRAMMAR = "network,owner or network,owner,date (2026-12-31)"
MISP_GRAMMAR = 'a MISP warning list: {"name": ..., "version": ..., "type": "cidr", "list": ["192.0.2.0/24", ...]}'

HEADS = ("network", "cidr", "address", "ip", "prefix")
"""What the first column of a CSV file may be called; a file may also do without a head."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_TITLE = re.compile(
    r"^(?:list of )?(?:published |known )?(?:ip (?:address )?ranges for )?|\s+(?:ip[ -]?ranges|scanners?\b).*$", re.I
)


@dataclass(frozen=True)
class Listed:
    """One network of a known owner: which list says so, and the ISO date of that list ("" if it has none)."""

    network: Network
    owner: str
    list: str
    date: str


def parse_network(text: str) -> Network:
    """Parse an address or a CIDR; ::ffff:a.b.c.d becomes IPv4. Raise ValueError with what was expected."""
    text = text.strip()
    if "%" in text:
        raise ValueError(f"{text!r}: an address with a scope id names no host outside its own machine")
    try:
        network = ip_network(text)
    except ValueError:
        raise ValueError(f"{shortened(text)!r} is not an address or a network; {_network_hint(text)}") from None
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return IPv4Network((mapped, network.prefixlen - 96)) if mapped and network.prefixlen >= 96 else network


def _network_hint(text: str) -> str:
    try:
        whole = ip_interface(text)
    except ValueError:
        return "expected for example 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"
    return f"it has bits set behind the prefix: write {whole.network} for the network or {whole.ip} for the host"


def shortened(text: str) -> str:
    """Return a text of a bounded length, for a message about it."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def read_list(path: str) -> list[Listed]:
    """Read a list of networks and their owners: plain CIDRs, CSV, or a MISP warning list as JSON.

    Raise ValueError with file, line and expectation. A list without a date has that of its file (UTC).
    """
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError(f"{path}: is larger than {LARGEST >> 20} MiB; expected {PLAIN_GRAMMAR}")
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC).date().isoformat()
    except OSError as error:
        raise ValueError(f"{path}: cannot read the list: {error.strerror or error}") from None
    if text.lstrip()[:1] in ("{", "["):
        return misp(path, text, changed)
    lines = list(enumerate(text.split("\n"), 1))
    first = next((line for _, line in lines if line.partition("#")[0].strip()), "")
    rows = table if "," in first.partition("#")[0] else plain
    return list(rows(path, lines, changed))


def plain(path: str, lines: list[tuple[int, str]], changed: str) -> Iterator[Listed]:
    """Yield the entries of a file of CIDRs; an owner that is not named is called after the file."""
    for number, line in lines:
        network, _, owner = line.partition("#")
        if network.strip():
            yield Listed(
                parsed(path, number, network, PLAIN_GRAMMAR),
                name(owner) or name(Path(path).stem),
                listed(path),
                changed,
            )


def table(path: str, lines: list[tuple[int, str]], changed: str) -> Iterator[Listed]:
    """Yield the entries of a CSV file: network, owner, perhaps a date."""
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            (fields,) = csv.reader([line.rstrip("\r")], strict=True)
        except (csv.Error, ValueError):
            raise ValueError(f"{path}, line {number}: is no line of CSV; expected {CSV_GRAMMAR}") from None
        cells = [field.strip() for field in fields]
        if cells[0].lower() in HEADS:
            continue
        yield cell_entry(path, number, cells, changed)


def cell_entry(path: str, number: int, cells: list[str], changed: str) -> Listed:
    """Return the entry of one line of CSV. Raise ValueError with file, line and expectation."""
    network = parsed(path, number, cells[0], CSV_GRAMMAR)
    owner = name(cells[1]) if len(cells) > 1 else ""
    if not owner:
        raise ValueError(f"{path}, line {number}: names no owner; expected {CSV_GRAMMAR}")
    day = cells[2] if len(cells) > 2 else ""
    if day and not is_date(day):
        raise ValueError(f"{path}, line {number}: {shortened(day)!r} is not a date; expected {CSV_GRAMMAR}")
    return Listed(network, owner, listed(path), day or changed)


def is_date(text: str) -> bool:
    """Tell whether a text is an ISO date: a year, a month or a day that there is."""
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text + "-01-01"[len(text) - 4 :]))
    except ValueError:
        return False


def misp(path: str, text: str, changed: str) -> list[Listed]:
    """Return the entries of a MISP warning list. Raise ValueError with file, line and expectation."""
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}, line {error.lineno}: {error.msg}; expected {MISP_GRAMMAR}") from None
    except RecursionError:
        raise ValueError(f"{path}: is nested too deeply; expected {MISP_GRAMMAR}") from None
    entries = loaded.get("list") if isinstance(loaded, dict) else None
    if (
        not isinstance(entries, list)
        or loaded.get("type", "cidr") != "cidr"
        or not all(isinstance(e, str) for e in entries)
    ):
        raise ValueError(f"{path}: holds no networks; expected {MISP_GRAMMAR}")
    owner = name(title_owner(str(loaded.get("name") or ""))) or name(Path(path).stem)
    day = version_date(loaded.get("version")) or changed
    found = []
    for entry in entries:
        try:
            found.append(Listed(parse_network(entry), owner, listed(path), day))
        except ValueError as error:
            line = text.count("\n", 0, max(text.find(json.dumps(entry)), 0)) + 1
            raise ValueError(f"{path}, line {line}: {error}; expected {MISP_GRAMMAR}") from None
    return found


def parsed(path: str, number: int, text: str, grammar: str) -> Network:
    """Parse the network of a line. Raise ValueError with file, line and expectation."""
    try:
        return parse_network(text)
    except ValueError as error:
        raise ValueError(f"{path}, line {number}: {error}; expected {grammar}") from None


def name(text: str) -> str:
    """Return a name without control characters, of a bounded length: it is printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]


def listed(path: str) -> str:
    """Return what a file is called in a report."""
    return name(Path(path).name)


def title_owner(title: str) -> str:
    """Return the owner that the title of a warning list names ("Censys IP Ranges Used for Scanning": Censys)."""
    return _TITLE.sub("", title)


def version_date(version: Any) -> str:
    """Return the ISO date that the version of a warning list is (YYYYMMDD, or YYMMDDHH), or "" if it is a mere number."""
    digits = str(version)
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 10)):
        return ""
    for year, rest in ((digits[:4], digits[4:8]), (f"20{digits[:2]}", digits[2:6])):
        try:
            day = date(int(year), int(rest[:2]), int(rest[2:]))
        except ValueError:
            continue
        if 2000 <= day.year < 2100:
            return day.isoformat()
    return ""
