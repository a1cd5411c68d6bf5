"""The vocabulary of format files: columns, field types, enumerations, constants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from vedette.kernels import tables as t
from vedette.schema import ACTIONS, EVENTS, PROTOCOLS

ADDRESS_KEYS = {f"{column.name}_ip": column.name for column in EVENTS if column.kind == "address"}
"""Names of addresses in `vedette events` and in format files: src_ip, dst_ip."""

COLUMNS = {column.name: column for column in EVENTS}
HEADERS = {"none": 0, "syslog": 1, "syslog-data": 2}
LIMITS = {"src_port": 65535, "dst_port": 65535, "proto": 255, "icmp_type": 255, "icmp_code": 255, "ttl": 255, "ip_id": 65535,
          "tcp_window": 65535, "tcp_seq": 2**32 - 1, "http_status": 999, "tcp_flags": 255}  # fmt: skip
"""Largest value of a column; a larger one is a bad value, not a number to wrap."""

KINDS = {"integer": t.UINT, "address": t.IP, "enum": t.ENUM, "text": t.TEXT, "time": t.STAMP_ISO, "flags": t.UINT}
OVERRIDES = {"iso": t.STAMP_ISO, "epoch": t.STAMP_EPOCH, "clf": t.STAMP_CLF, "rfc3164": t.STAMP_3164, "hex": t.HEX,
             "request": t.REQUEST, "ip_port": t.IP_PORT, "name": t.IP_NAME, "list": t.IP_LIST, "words": t.FLAG_WORDS,
             "letters": t.LETTERS, "any": t.STAMP_ANY, "snort": t.STAMP_SNORT}  # fmt: skip
"""What may follow a column's name in a format file (`ts:clf`), and the field type it stands for."""

NUMBERED = ("proto", "src_port", "dst_port")
"""Columns that are logged by name or by number."""

SIZE_MAX = 2**63 - 1
WORDS, FIRST_FAMILY = 0, 1
"""Number of the family of verdict words, and of the first enumeration."""


class Field(NamedTuple):
    """One value to decode: field type, output slot, argument (see kernels/tables.py)."""

    kind: int
    slot: int
    arg: int


class Names:
    """Collect byte strings in one array and remember where each begins."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, text: bytes) -> int:
        """Store a string; return its offset."""
        self._bytes += text
        return len(self._bytes) - len(text)

    def array(self) -> np.ndarray:
        """Return all strings as one uint8 array, never empty."""
        return np.frombuffer(bytearray(self._bytes) or bytearray(1), np.uint8)


class Families:
    """Number the enumerations of a format and collect their words, and the mask of the columns that it sets."""

    def __init__(self, enums: dict[str, dict[str, Any]]) -> None:
        self.words: list[tuple[int, bytes, int]] = []
        self.columns = 0
        self._number: dict[str, int] = {}
        builtin = {"proto": PROTOCOLS, "action": ACTIONS}
        for name in dict.fromkeys([*builtin, *enums]):
            self._number[name] = FIRST_FAMILY + len(self._number)
            known = builtin.get(name.split(".")[0], {})
            mine = {word: known.get(value, value) for word, value in enums.get(name, {}).items()}
            for word, value in {**(known if name == "proto" else {}), **mine}.items():
                self.words.append((self._number[name], word.lower().encode(), int(value)))

    def add(self, words: dict[str, int]) -> int:
        """Add an enumeration without a name, such as the words that meet a condition; return its number, which equal ones share."""
        name = f"# {sorted(words.items())}"
        if name not in self._number:
            number = self._number[name] = FIRST_FAMILY + len(self._number)
            self.words += [(number, word.lower().encode(), value) for word, value in words.items()]
        return self._number[name]

    def number(self, name: str) -> int:
        """Return the number of an enumeration."""
        return self._number[name]


def pack(word: bytes) -> int:
    """Return the last eight bytes of a word as one integer, as the kernels pack it while scanning."""
    return int.from_bytes(word[-8:], "big")


def field(text: str, families: Families) -> Field:
    """Return what a column reference in a format file means: `src_ip`, `ts:clf`, `tcp_flags:hex`, `_`.

    Raises ValueError for an unknown column or type.
    """
    name, _, override = text.partition(":")
    if name == "_":
        return Field(t.SKIP, 0, 0)
    column = COLUMNS.get(ADDRESS_KEYS.get(name, name))
    if column is None or column.kind in ("record", "format"):
        raise ValueError(f"{name!r} is no column of events; known: {', '.join(sorted({*COLUMNS, *ADDRESS_KEYS}))}")
    slot = t.SLOT[f"{column.name}_hi" if column.kind == "address" else column.name]
    families.columns |= 1 << slot
    if override and override not in OVERRIDES and override not in families._number:
        raise ValueError(f"{override!r} is no field type; known: {', '.join(OVERRIDES)}")
    kind = t.ENUM if override in families._number else OVERRIDES.get(override, KINDS[column.kind])
    if kind == t.ENUM:
        number = families.number(override or name)
        return Field(kind, slot, -number if name in NUMBERED else number)
    if kind == t.IP_PORT:
        families.columns |= 1 << t.SLOT[column.name + "_port"]
        return Field(kind, slot, t.SLOT[column.name + "_port"])
    if kind == t.REQUEST:
        families.columns |= 1 << t.SLOT["http_method"]
        return Field(kind, t.SLOT["http_method"], t.SLOT["url"])
    return Field(kind, slot, LIMITS.get(name, SIZE_MAX if kind != t.HEX else 2**59))


def columns_mask(names: Iterable[str]) -> int:
    """Return the mask of output slots of these columns, given as in format files."""
    mask = 0
    for name in names:
        column = ADDRESS_KEYS.get(name)
        for stored in [f"{column}_hi", f"{column}_lo"] if column else [name]:
            mask |= 1 << t.SLOT[stored]
    return mask


def default_value(column: str, value: Any) -> int:
    """Return the stored form of a constant of a format file."""
    known = {"action": ACTIONS, "proto": PROTOCOLS}.get(column, {})
    return int(known.get(value, value))
