"""Plain Python decoders: what each field type of a format file accepts, written to be read.

Every decoder is given a line (bytes without its newline) and a position, and returns the value and
the position after it, or None where the bytes are not what it reads. kernels/decode.py says the
same to Numba; the tests hold the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import AddressValueError, IPv6Address, ip_network
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from vedette.schema import ACTIONS, EVENTS, PROTOCOLS, TCP_FLAGS

Value = TypeVar("Value")
Values = dict[str, Any]
"""Stored column -> stored value."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SKEW = timedelta(days=7)
"""How far ahead of its receipt a stamp without year may be before it is taken for last year's."""

YEARS = range(1970, 2201)
TEXT_LIMIT = 4096

COLUMNS = {column.name: column for column in EVENTS} | {f"{c.name}_ip": c for c in EVENTS if c.kind == "address"}
OVERRIDES = (
    "iso",
    "epoch",
    "clf",
    "snort",
    "rfc3164",
    "hex",
    "request",
    "ip_port",
    "letters",
    "name",
    "list",
    "words",
    "word",
    "any",
)
"""Field types that a format file may name."""

TYPES = {"integer": "integer", "flags": "integer", "address": "address", "enum": "enum", "text": "text", "time": "iso"}
"""Kind of column -> field type, where the format file names none."""

LARGEST = {"src_port": 65535, "dst_port": 65535, "proto": 255, "icmp_type": 255, "icmp_code": 255, "ttl": 255,
           "ip_id": 65535, "tcp_window": 65535, "tcp_seq": 2**32 - 1, "http_status": 999, "tcp_flags": 255}  # fmt: skip
"""Largest value of a column, as its protocol has it; the others may be as large as a BIGINT."""

BIGINT = 2**63 - 1
LETTERS = {**TCP_FLAGS, "W": TCP_FLAGS["C"]}
"""TCP flags by letter; W is CWR as pf prints it. Dots, asterisks and dashes hold the place of flags that are not set."""

NUMBERED = ("proto", "src_port", "dst_port")
"""Columns that are logged by name or by number."""


class Context(NamedTuple):
    """What is known of an input: when it was received (microseconds UTC), its zone, when its machine booted (or None).

    The zone is that of stamps that name none: an IANA name, or (local time from which,
    microseconds east of UTC) pairs as vedette.reading.times makes them.
    """

    received: int
    tz: str | tuple[tuple[int, int], ...] = "UTC"
    boot: int | None = None


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


def unsigned(line: bytes, pos: int) -> tuple[int, int] | None:
    """Read decimal digits, all there are, of a number that fits a BIGINT."""
    digits = re.compile(rb"0*([0-9]{1,19})(?![0-9])").match(line, pos)
    return (int(digits[1]), digits.end()) if digits and int(digits[1]) <= BIGINT else None


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
    value = field.words.get(word[0].lower()) if len(word[0]) <= 64 else None
    if value is not None:
        return {field.column: value}, word.end()
    number = unsigned(line, pos) if field.column in NUMBERED else None
    if not number:
        return {}, word.end()
    if number[0] <= LARGEST[field.column] and (number[1] == word.end() or line[number[1] : number[1] + 1] == b"."):
        return {field.column: number[0]}, number[1]
    return None


MONTHS = {name: number for number, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
CLOCK = rb"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)(?:[.,]([0-9]+))?"
ZONE = re.compile(rb"[Zz]| ?([+-])(?:(?<=-)-(?=[0-9]:[0-5][0-9]))?(0[0-9]|1[0-8]|(?<=--)[0-9](?=:))(?::?([0-5][0-9]))?")
ZONE_WORD = re.compile(rb' ([A-Z]{3,5})(?=[\x00-\x20":\]^|]|\Z)')
ZONES = {
    b"UTC": 0, b"GMT": 0, b"WET": 0, b"WEST": 60, b"CET": 60, b"CEST": 120, b"EET": 120, b"EEST": 180, b"MSK": 180,
    b"EST": -300, b"EDT": -240, b"CDT": -300, b"MST": -420, b"MDT": -360, b"PST": -480, b"PDT": -420,
    b"JST": 540, b"KST": 540, b"AEST": 600, b"AEDT": 660, b"NZST": 720, b"NZDT": 780,
}  # fmt: skip
"""Words for zones that mean one zone only, and its minutes east of UTC."""

SHARED_ZONES = (b"CST", b"IST", b"BST", b"AST", b"SGT", b"HKT", b"BRT", b"TRT")
"""Words for zones that an envelope may have, but that say too little to shift a stamp."""

RFC3164 = re.compile(rb"([A-Za-z]{3}) {1,2}([0-9]{1,2}) (?:([0-9]{4}) | )?" + CLOCK)
LATE_YEAR = re.compile(rb" ([0-9]{4})(?=[ \]]|: )")
ISO = re.compile(rb"([0-9]{4})([-/:])([0-9]{2})\2([0-9]{2})(?:[Tt _]|(?<=:[0-9]{2})-)" + CLOCK)
MONTH_FIRST = re.compile(rb"([0-9]{2})/([0-9]{2})(?:/([0-9]{4}|[0-9]{2}))?-" + CLOCK)
CLF = re.compile(rb"([0-9]{1,2})/([A-Za-z]{3})/([0-9]{4}):" + CLOCK)


def iso(line: bytes, pos: int, context: Context) -> tuple[int, int] | None:
    """Read `yyyy-mm-ddThh:mm:ss` with its relatives (RFC 3339): `/` in the date, a space or `_` before the time."""
    found = ISO.match(line, pos)
    if not found:
        return None
    year, _, month, day, *clock = found.groups()
    return instant(line, found.end(), dated(year, month, day), clock, context)


def clf(line: bytes, pos: int, context: Context) -> tuple[int, int] | None:
    """Read `dd/Mon/yyyy:hh:mm:ss +hhmm` (Apache mod_log_config, %t)."""
    found = CLF.match(line, pos)
    if not found:
        return None
    day, month, year, *clock = found.groups()
    return instant(line, found.end(), dated(year, MONTHS.get(month.lower(), 0), day), clock, context)


def rfc3164(line: bytes, pos: int, context: Context) -> tuple[int, int] | None:
    """Read `Mon dd hh:mm:ss`, with a year before or after the time if there is one (RFC 3164, 4.1.2; Cisco)."""
    found = RFC3164.match(line, pos)
    if not found:
        return None
    name, day, year, *clock = found.groups()
    end = found.end()
    if not year and (late := LATE_YEAR.match(line, end)) and int(late[1]) in YEARS:
        year, end = late[1], late.end()
    month = MONTHS.get(name.lower(), 0)
    midnight = dated(year, month, day) if year else nearest_date(month, int(day), context.received)
    return instant(line, end, midnight, clock, context)


def dated(year: bytes, month: bytes | int, day: bytes) -> datetime | None:
    """Return the midnight of a date that names its year, which must be one of YEARS."""
    return date(int(year), int(month), int(day)) if int(year) in YEARS else None


def date(year: int, month: int, day: int) -> datetime | None:
    """Return the midnight of a date, None if there is no such date."""
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def nearest_date(month: int, day: int, received: int) -> datetime | None:
    """Return the latest such date that is not after receipt by more than SKEW: logs come from the past."""
    latest = EPOCH + received * MICROSECOND + SKEW
    dates = (date(year, month, day) for year in range(latest.year, latest.year - 10, -1))
    return next((found for found in dates if found and found <= latest), None)


def instant(
    line: bytes, pos: int, midnight: datetime | None, clock: list[bytes], context: Context
) -> tuple[int, int] | None:
    """Return (microseconds UTC, position after) of a date and (hour, minute, second, fraction), with the zone at `pos` if there is one.

    A leap second (60) counts as the second after; a fraction is cut after microseconds.
    """
    if midnight is None:
        return None
    hour, minute, second, fraction = clock
    micros = int((fraction or b"0")[:6].ljust(6, b"0"))
    local = midnight + timedelta(hours=int(hour), minutes=int(minute), seconds=int(second), microseconds=micros)
    word = ZONE_WORD.match(line, pos)
    if word and word[1] in ZONES:
        return (local - EPOCH - timedelta(minutes=ZONES[word[1]])) // MICROSECOND, word.end()
    if not (zone := ZONE.match(line, pos)):
        return (local - EPOCH) // MICROSECOND - east_of_utc(local, context.tz), pos
    sign, hours, minutes = zone.groups()
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return (local - EPOCH + (east if sign == b"-" else -east)) // MICROSECOND, zone.end()


def east_of_utc(local: datetime, tz: str | tuple[tuple[int, int], ...]) -> int:
    """Return the offset of a zone at a local time, in microseconds; a repeated time is the first, a skipped one has the offset before."""
    if isinstance(tz, str):
        return (local.replace(tzinfo=ZoneInfo(tz)).utcoffset() or timedelta()) // MICROSECOND
    wall = (local - EPOCH) // MICROSECOND
    return next((east for since, east in reversed(tz) if wall >= since), tz[0][1])


def after_zone_word(line: bytes, pos: int) -> int:
    """Return the position after a word for a zone, known or shared, or `pos`."""
    word = ZONE_WORD.match(line, pos)
    return word.end() if word and (word[1] in ZONES or word[1] in SHARED_ZONES) else pos


def epoch(line: bytes, pos: int, context: Context) -> tuple[int, int] | None:
    """Read a time since 1970 in seconds (with a fraction or without), milli-, micro- or nanoseconds, told apart by size."""
    found = unsigned(line, pos)
    if not found:
        return None
    value, end = found
    if value >= 10**17:
        return value // 1000, end
    if value >= 10**14:
        return value, end
    if value >= 10**11:
        return value * 1000, end
    fraction = re.compile(rb"\.([0-9]+)").match(line, end)
    if not fraction:
        return value * 1_000_000, end
    return value * 1_000_000 + int(fraction[1][:6].ljust(6, b"0")), fraction.end()


def month_first(line: bytes, pos: int, context: Context) -> tuple[int, int] | None:
    """Read `MM/DD-hh:mm:ss`, with `/yy` or `/yyyy` after the day if the year is told (Snort, Suricata's fast.log)."""
    found = MONTH_FIRST.match(line, pos)
    if not found:
        return None
    month, day, year, *clock = found.groups()
    if year:
        midnight = dated(year if len(year) == 4 else b"20" + year, month, day)
    else:
        midnight = nearest_date(int(month), int(day), context.received)
    return instant(line, found.end(), midnight, clock, context)


def any_stamp(line: bytes, pos: int, context: Context) -> tuple[int, int] | None:
    """Read a stamp that may be any of three, told apart by its beginning: a month's name, `yyyy-` or `yyyy/`, a time since 1970."""
    if line[pos : pos + 1].isalpha():
        return rfc3164(line, pos, context)
    return (iso if line[pos + 4 : pos + 5] in (b"-", b"/") else epoch)(line, pos, context)


STAMPS: dict[str, Callable[[bytes, int, Context], tuple[int, int] | None]] = {
    "iso": iso,
    "clf": clf,
    "rfc3164": rfc3164,
    "epoch": epoch,
    "any": any_stamp,
    "snort": month_first,
}
