"""Plain Python decoders: what each field type of a format file accepts, written to be read.

Every decoder is given a line (bytes without its newline) and a position, and returns the value and
the position after it, or None where the bytes are not what it reads. kernels/decode.py says the
same to Numba; the tests hold the two together.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address, ip_network
from typing import Any, NamedTuple, TypeVar

from vedette.reading.reference_stamps import BIGINT, STAMPS, Context, unsigned
from vedette.schema import ACTIONS, EVENTS, PROTOCOLS, TCP_FLAGS

Value = TypeVar("Value")
Values = dict[str, Any]
"""Stored column -> stored value."""
TEXT_LIMIT = 4096

COLUMNS = {column.name: column for column in EVENTS} | {f"{c.name}_ip": c for c in EVENTS if c.kind == "address"}
OVERRIDES = (*STAMPS, "hex", "request", "ip_port", "letters", "name", "list", "words", "word")
"""Field types that a format file may name."""

TYPES = {"integer": "integer", "flags": "integer", "address": "address", "enum": "enum", "text": "text", "time": "iso"}
"""Kind of column -> field type, where the format file names none."""

LARGEST = {"src_port": 65535, "dst_port": 65535, "proto": 255, "icmp_type": 255, "icmp_code": 255, "ttl": 255,
           "ip_id": 65535, "tcp_window": 65535, "tcp_seq": 2**32 - 1, "http_status": 999, "tcp_flags": 255}  # fmt: skip
"""Largest value of a column, as its protocol has it; the others may be as large as a BIGINT."""
LETTERS = {**TCP_FLAGS, "W": TCP_FLAGS["C"]}
"""TCP flags by letter; W is CWR as pf prints it. Dots, asterisks and dashes hold the place of flags that are not set."""

NUMBERED = ("proto", "src_port", "dst_port")
"""Columns that are logged by name or by number."""

LONGEST_WORD = 64
"""Bytes of the longest word that an enumeration may know."""


class Target(NamedTuple):
    """Where a captured value goes: stored column, field type, and the words of an enumeration with their values."""

    column: str
    type: str
    words: dict[bytes, int]


def target(text: str, spec: dict[str, Any]) -> Target:
    """Return what a column reference of a format file means: `src_ip`, `ts:clf`, `_`. Raises ValueError if it means nothing."""
    name, _, override = text.partition(":")
    if name == "_":
        return Target("_", "skip", {})
    if name not in COLUMNS:
        raise ValueError(f"{name!r} is no column of events")
    column = COLUMNS[name]
    if override in {"proto", "action", *spec.get("enum", {})} or (column.kind == "enum" and not override):
        return Target(column.name, "enum", words(override or name, spec))
    if override and override not in OVERRIDES:
        raise ValueError(f"{override!r} is no field type")
    return Target(column.name, override or TYPES[column.kind], {})


def words(family: str, spec: dict[str, Any]) -> dict[bytes, int]:
    """Return the words of an enumeration, in lower case, and what they stand for; `proto` knows its own names as well."""
    known = {"proto": PROTOCOLS, "action": ACTIONS}.get(family.split(".")[0], {})
    own = {word: known.get(value, value) for word, value in spec.get("enum", {}).get(family, {}).items()}
    named = {**(known if family == "proto" else {}), **own}
    return {word.lower().encode(): value for word, value in named.items()}


def stored(column: str, value: Any) -> int:
    """Return the stored form of a constant of a format file."""
    return int({"proto": PROTOCOLS, "action": ACTIONS}.get(column, {}).get(value, value))


def repaired(line: bytes) -> bytes:
    """Return the line with each byte that is not part of valid UTF-8 replaced by a question mark, so no position moves."""
    return re.sub("[\udc80-\udcff]", "?", line.decode("utf-8", "surrogateescape")).encode()


def text(line: bytes, start: int, end: int) -> str:
    """Return a text value: at most TEXT_LIMIT bytes, without a character that the limit cuts."""
    return line[start : min(end, start + TEXT_LIMIT)].decode("utf-8", "ignore")


def decode(line: bytes, pos: int, field: Target, context: Context) -> tuple[Values, int] | None:
    """Decode one value that is not text; return (stored columns, position after), or None."""
    if field.type in ("address", "list"):
        found = (address if field.type == "address" else client_list)(line, pos)
        return found and (halves(field.column, found[0]), found[1])
    if field.type == "name":
        entry = named_address(line, pos)
        return entry and ({} if entry[0] is None else halves(field.column, entry[0]), entry[1])
    if field.type == "words":
        flags = FLAG_WORDS.match(line, pos)
        return flags and ({field.column: flag_bits(flags[0])}, flags.end())
    if field.type == "ip_port":
        return address_and_port(line, pos, field.column)
    if field.type == "enum":
        return enumeration(line, pos, field)
    if field.type in ("integer", "hex"):
        number = (unsigned if field.type == "integer" else hexadecimal)(line, pos)
        largest = LARGEST.get(field.column, BIGINT if field.type == "integer" else 2**59)
        return ({field.column: number[0]}, number[1]) if number and number[0] <= largest else None
    if field.type == "letters":
        flags = re.compile(rb"[FSRPAUECW.*-]+").match(line, pos)
        return flags and ({field.column: sum({LETTERS.get(chr(letter), 0) for letter in flags[0]})}, flags.end())
    stamp = STAMPS[field.type](line, pos, context)
    return stamp and ({field.column: stamp[0]}, stamp[1])


def hexadecimal(line: bytes, pos: int) -> tuple[int, int] | None:
    """Read hexadecimal digits, 15 at most, with or without 0x."""
    first = pos + 2 if line[pos : pos + 2] in (b"0x", b"0X") else pos
    digits = re.compile(rb"[0-9A-Fa-f]+").match(line, first)
    return (int(digits[0], 16), digits.end()) if digits and len(digits[0]) <= 15 else None


OCTET = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
QUAD = re.compile(rb"%b\.%b\.%b\.%b(?![0-9])" % (OCTET, OCTET, OCTET, OCTET))
GROUPS = re.compile(rb"(?:[0-9A-Fa-f]+(?::[0-9A-Fa-f]+){0,7})?(?:::(?:[0-9A-Fa-f]+(?::[0-9A-Fa-f]+){0,7})?)?")


def address(line: bytes, pos: int) -> tuple[int, int] | None:
    """Read an IPv4 or IPv6 address; return the 128 bits of its IPv6 form.

    IPv4 has four octets without leading zeros. IPv6 is what ipaddress accepts, but no scope id; a
    `::` or `%` right after it is part of something else.
    """
    if quad := QUAD.match(line, pos):
        return 0xFFFF << 32 | dotted(quad[0]), quad.end()
    groups = GROUPS.match(line, pos)
    if not groups or not groups[0]:
        return None
    end = groups.end()
    if line[end : end + 1] == b"." and not groups[0].endswith(b":"):
        quad = QUAD.match(line, pos + groups[0].rfind(b":") + 1)
        end = quad.end() if quad else end
    if line[end : end + 1] == b"%" or line[end : end + 2] == b"::":
        return None
    try:
        return int(IPv6Address(line[pos:end].decode("ascii"))), end
    except AddressValueError:
        return None


def dotted(quad: bytes) -> int:
    """Return the 32 bits of a dotted quad."""
    return int.from_bytes(bytes(map(int, quad.split(b"."))), "big")


def halves(column: str, bits: int) -> Values:
    """Return the two stored halves of an address, as signed 64-bit integers."""
    high, low = (
        int.from_bytes(half, "big", signed=True)
        for half in (bits.to_bytes(16, "big")[:8], bits.to_bytes(16, "big")[8:])
    )
    return {f"{column}_hi": high, f"{column}_lo": low}


def address_and_port(line: bytes, pos: int, column: str) -> tuple[Values, int] | None:
    """Read `address`, `address:port` or `[address]:port`; what follows the colon must be a port, or the address ends before it."""
    bracketed = line[pos : pos + 1] == b"["
    found = address(line, pos + bracketed)
    if not found or (bracketed and (line[found[1] : found[1] + 1] != b"]" or line.find(b":", pos, found[1]) < 0)):
        return None
    bits, end = found[0], found[1] + bracketed
    port = unsigned(line, end + 1) if line[end : end + 1] == b":" else None
    if port and port[0] <= LARGEST["src_port"]:
        return {**halves(column, bits), f"{column}_port": port[0]}, port[1]
    return halves(column, bits), end


WORD = re.compile(rb"[0-9A-Za-z_.\x80-\xff-]+")
FLAG = rb"(?:fin|syn|rst|psh|ack|urg|ece|cwr)(?![0-9A-Za-z_.\x80-\xff-])"
FLAG_WORDS = re.compile(FLAG + rb"(?:[ +,]" + FLAG + rb")*", re.IGNORECASE)
OWN = tuple(map(ip_network, ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                             "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")))  # fmt: skip
"""Addresses of our own proxies: private, shared, loopback, link-local (RFC 1918, 6598, 3927, 4193, 4291)."""


def named_address(line: bytes, pos: int) -> tuple[int | None, int] | None:
    """Read an address, or step over a name (then without value); what follows tells `192.0.2.1` from `192.0.2.1.example.com`."""
    found = address(line, pos)
    rest = found and WORD.match(line, found[1])
    if found and (not rest or rest[0] == b"."):
        return found
    name = WORD.match(line, pos)
    return (None, name.end()) if name else None


def client_list(line: bytes, pos: int) -> tuple[int, int] | None:
    """Read `client, proxy, proxy` (X-Forwarded-For): entries with a comma, and addresses behind the last one that a space parts.

    The address is the last that is not one of our own proxies, else the first: a client can send any
    list, and each proxy adds what it saw at the end.
    """
    addresses: list[int] = []
    at, commas = pos, 0
    while entry := named_address(line, at):
        bits, end = entry
        comma = line[end : end + 1] == b","
        if not comma and (not commas or bits is None):
            break
        addresses += [] if bits is None else [bits]
        commas += comma
        at = end + comma
        rest = line[at:].lstrip(b" ")
        if not comma and (line[at : at + 1] != b" " or not (rest[:1].isdigit() or rest[4:5] == b":")):
            break
        at = len(line) - len(rest)
    if not commas or not addresses:
        return None
    outside = [bits for bits in addresses if not is_own(bits)]
    return (outside[-1] if outside else addresses[0]), pos + len(line[pos:at].rstrip(b" "))


def is_own(bits: int) -> bool:
    """Tell whether an address can be one of our own proxies'."""
    address = IPv6Address(bits)
    return any((address.ipv4_mapped or address) in network for network in OWN)


def flag_bits(names: bytes) -> int:
    """Return the bits of a run of TCP flag names."""
    return sum({TCP_FLAGS[name[:1].decode().upper()] for name in re.split(rb"[ +,]", names)})


def enumeration(line: bytes, pos: int, field: Target) -> tuple[Values, int] | None:
    """Read a word: letters, digits, `-`, `_`, `.` and what is not ASCII.

    A word that is not known says nothing; a column that may be a number too takes its digits, up to a dot.
    """
    word = WORD.match(line, pos)
    if not word:
        return None
    value = field.words.get(word[0].lower()) if len(word[0]) <= LONGEST_WORD else None
    if value is not None:
        return {field.column: value}, word.end()
    number = unsigned(line, pos) if field.column in NUMBERED else None
    if not number:
        return {}, word.end()
    if number[0] <= LARGEST[field.column] and (number[1] == word.end() or line[number[1] : number[1] + 1] == b"."):
        return {field.column: number[0]}, number[1]
    return None


def value_columns(data: bytes, wanted: Target, context: Context) -> Values | None:
    """Decode a whole value, whatever bytes are in it; return its columns, none for an unknown word, None for a bad value."""
    if wanted.type == "text":
        return {wanted.column: text(data, 0, len(data))}
    if wanted.type == "enum":
        return word_columns(data, wanted)
    found = decode(data, 0, wanted, context)
    return found[0] if found and found[1] == len(data) else None


def word_columns(data: bytes, wanted: Target) -> Values | None:
    """Return the column of a whole text that is one word of an enumeration; where numbers are known too, a wrong one is a bad value."""
    value = wanted.words.get(data.lower()) if len(data) <= LONGEST_WORD else None
    number = unsigned(data, 0) if value is None and wanted.column in NUMBERED else None
    if number is None:
        return {} if value is None else {wanted.column: value}
    return {wanted.column: number[0]} if number[1] == len(data) and number[0] <= LARGEST[wanted.column] else None
