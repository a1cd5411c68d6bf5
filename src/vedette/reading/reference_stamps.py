"""Time stamps of the plain reference, and what is known of an input to read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SKEW = timedelta(days=7)
"""How far ahead of its receipt a stamp without year may be before it is taken for last year's."""

YEARS = range(1970, 2201)

BIGINT = 2**63 - 1


class Context(NamedTuple):
    """What is known of an input: when it was received (microseconds UTC), its zone, when its machine booted (or None).

    The zone is that of stamps that name none: an IANA name, or (local time from which,
    microseconds east of UTC) pairs as vedette.reading.times makes them.
    """

    received: int
    tz: str | tuple[tuple[int, int], ...] = "UTC"
    boot: int | None = None


def unsigned(line: bytes, pos: int) -> tuple[int, int] | None:
    """Read decimal digits, all there are, of a number that fits a BIGINT."""
    digits = re.compile(rb"0*([0-9]{1,19})(?![0-9])").match(line, pos)
    return (int(digits[1]), digits.end()) if digits and int(digits[1]) <= BIGINT else None


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
DATE = re.compile(rb"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})")
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


def midnight(data: bytes) -> int | None:
    """Decode `yyyy-mm-dd` or `yyyy/mm/dd` to microseconds since 1970 of its midnight."""
    match = DATE.fullmatch(data)
    day = dated(match[1], match[3], match[4]) if match else None
    return None if day is None else (day - EPOCH) // MICROSECOND


def time_of_day(data: bytes) -> int | None:
    """Decode `hh:mm:ss` with optional sub-seconds to microseconds of the day; a leap second counts as the second after."""
    match = re.fullmatch(CLOCK, data)
    if not match:
        return None
    hour, minute, second = (int(part) for part in match.groups()[:3])
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + int((match[4] or b"0")[:6].ljust(6, b"0"))


def east_at(local: int, tz: str | tuple[tuple[int, int], ...]) -> int:
    """Return the offset of a zone at a local time in microseconds since 1970, as `east_of_utc` does."""
    return east_of_utc(EPOCH + local * MICROSECOND, tz)
