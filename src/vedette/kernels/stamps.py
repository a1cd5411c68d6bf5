"""Decoders of time stamps, as those of decode.py: bytes at a position to microseconds since 1970 UTC and the position after.

Zones are those that the bytes name, else the input's own. A few dates are cached, because the lines of a log are mostly of one day.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper
from vedette.kernels.decode import NONE, U0, U1, U2, U3, U4, U5, U6, U7, U8, U9, U10, U11, digit, two, uint

DAY = np.int64(86_400_000_000)
HOUR = np.int64(3_600_000_000)
MINUTE = np.int64(60_000_000)
SECOND = np.int64(1_000_000)
ZONES = {
    b"UTC": 0, b"GMT": 0, b"WET": 0, b"WEST": 60, b"CET": 60, b"CEST": 120, b"EET": 120, b"EEST": 180, b"MSK": 180,
    b"EST": -300, b"EDT": -240, b"CDT": -300, b"MST": -420, b"MDT": -360, b"PST": -480, b"PDT": -420,
    b"JST": 540, b"KST": 540, b"AEST": 600, b"AEDT": 660, b"NZST": 720, b"NZDT": 780,
    b"CST": None, b"IST": None, b"BST": None, b"AST": None, b"SGT": None, b"HKT": None, b"BRT": None, b"TRT": None,
}  # fmt: skip
"""Zone words and their minutes east of UTC; None where two zones share the word, and then the input's own zone holds."""

ZONE_PACKS = np.array([int.from_bytes(word, "big") for word in ZONES], np.int64)
ZONE_EAST = np.array([int(NONE) if east is None else east * int(MINUTE) for east in ZONES.values()], np.int64)
SKEW = np.int64(7) * DAY
"""A stamp without year up to this far after receipt is a fast clock; beyond it, it is last year's."""


@helper
def days(year, month, day):
    """Return days since 1970-01-01 of a Gregorian date, or NONE for a date that does not exist.

    Formula: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    """
    if month < 1 or month > 12 or day < 1 or day > 31:
        return NONE
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == 2 and day > (29 if leap else 28):
        return NONE
    if day == 31 and (month == 4 or month == 6 or month == 9 or month == 11):
        return NONE
    y = year - (1 if month <= 2 else 0)
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    doe = yoe * 365 + yoe // 4 - yoe // 100 + doy
    return np.int64(era * 146097 + doe - 719468)


@helper
def month3(buf, pos):
    """Return 1 to 12 for an English month abbreviation in any case, or 0."""
    a, b, c = buf[pos] | np.uint8(32), buf[pos + U1] | np.uint8(32), buf[pos + U2] | np.uint8(32)
    key = (np.int64(a) << 16) | (np.int64(b) << 8) | np.int64(c)
    if key == 0x6A616E:
        return 1
    if key == 0x666562:
        return 2
    if key == 0x6D6172:
        return 3
    if key == 0x617072:
        return 4
    if key == 0x6D6179:
        return 5
    if key == 0x6A756E:
        return 6
    if key == 0x6A756C:
        return 7
    if key == 0x617567:
        return 8
    if key == 0x736570:
        return 9
    if key == 0x6F6374:
        return 10
    if key == 0x6E6F76:
        return 11
    if key == 0x646563:
        return 12
    return 0


@helper
def clock(buf, pos):
    """Decode hh:mm:ss with optional sub-seconds (. or ,); return (microseconds of the day, position after) or (-1, start).

    A leap second (60) counts as the second after; digits beyond microseconds are read and dropped.
    """
    hour = two(buf, pos)
    if hour > 23 or buf[pos + U2] != 58:
        return np.int64(-1), pos
    minute = two(buf, pos + U3)
    if minute > 59 or buf[pos + U5] != 58:
        return np.int64(-1), pos
    second = two(buf, pos + U6)
    if second > 60:
        return np.int64(-1), pos
    value = hour * HOUR + minute * MINUTE + second * SECOND
    after = pos + U8
    if (buf[after] == 46 or buf[after] == 44) and digit(buf[after + U1]) < 10:
        after += U1
        scale = np.int64(100_000)
        while digit(buf[after]) < 10:
            value += np.int64(digit(buf[after])) * scale
            scale //= 10
            after += U1
    return value, after


@helper
def zone_name(buf, pos):
    """Decode one of ZONES; return (microseconds east of UTC or NONE, position after), position = start for none."""
    at = pos
    pack = np.int64(0)
    while buf[at] >= 65 and buf[at] <= 90 and at - pos < U5:
        pack = (pack << 8) | np.int64(buf[at])
        at += U1
    for i in range(ZONE_PACKS.shape[0]):
        if ZONE_PACKS[i] == pack:
            return ZONE_EAST[i], at
    return NONE, pos


@helper
def zone_word(buf, pos):
    """Decode a space and one of ZONES; return (microseconds east of UTC or NONE, position after), position = start for none."""
    if buf[pos] != 32:
        return NONE, pos
    east, at = zone_name(buf, pos + U1)
    c = buf[at]
    if at == pos + U1 or (c > 32 and c != 34 and c != 58 and c != 93 and c != 94 and c != 124):
        return NONE, pos
    return east, at


@helper
def zone(buf, pos):
    """Decode Z, +hh, +hhmm, +hh:mm, --h:mm (Check Point gateways) or a word of ZONES, after one optional space.

    Returns (microseconds east of UTC or NONE, position after).
    """
    at = pos
    if buf[at] == 32 and buf[at + U1] >= 65 and buf[at + U1] <= 90:
        east, end = zone_word(buf, at)
        return (NONE, pos) if east == NONE else (east, end)
    if buf[at] == 32 and (buf[at + U1] == 43 or buf[at + U1] == 45):
        at += U1
    if buf[at] == 90 or buf[at] == 122:
        return np.int64(0), at + U1
    if buf[at] != 43 and buf[at] != 45:
        return NONE, pos
    if (
        buf[at] == 45
        and buf[at + U1] == 45
        and digit(buf[at + U2]) <= 9
        and buf[at + U3] == 58
        and two(buf, at + U4) < 60
    ):
        return -(np.int64(buf[at + U2]) - 48) * HOUR - two(buf, at + U4) * MINUTE, at + U6
    hours = two(buf, at + U1)
    if hours > 18:
        return NONE, pos
    after = at + U3
    minutes = np.int64(0)
    if buf[after] == 58 and two(buf, after + U1) < 60:
        minutes = two(buf, after + U1)
        after += U3
    elif two(buf, after) < 60:
        minutes = two(buf, after)
        after += U2
    offset = hours * HOUR + minutes * MINUTE
    return (-offset if buf[at] == 45 else offset), after


@helper
def to_utc(local, tz):
    """Return the UTC instant of a local time; `tz` is [n, 2] of (local time from which, microseconds east of UTC)."""
    row = np.uint64(0)
    for i in range(1, tz.shape[0]):
        if local < tz[i, 0]:
            break
        row = np.uint64(i)
    return local - tz[row, 1]


@helper
def plausible_year(month, day, received):
    """Return the midnight (microseconds) of a month and day in the latest year that is not after receipt by more than SKEW.

    Logs come from the past: a stamp far ahead of its receipt is last year's, not next year's.
    """
    year = np.int64(1970) + received // (np.int64(365) * DAY + DAY // 4) + 1
    for back in range(10):
        date = days(year - back, month, day)
        if date != NONE and date * DAY <= received + SKEW:
            return date * DAY
    return NONE


@helper
def midnight_of(year, month, day, received):
    """Return the midnight (microseconds) of a date, or NONE; year 0 is the latest that receipt allows."""
    if year == 0:
        return plausible_year(month, day, received)
    number = days(year, month, day)
    return number * DAY if number != NONE else NONE


@helper
def moment(buf, after, local, tz):
    """Return (UTC microseconds, position after) of a local time, with the zone at `after` if there is one, else the input's."""
    east, end = zone(buf, after)
    if east != NONE:
        return local - east, end
    return to_utc(local, tz), after


@helper
def rfc3164(buf, pos, received, tz, dates):
    """Decode `Mon dd hh:mm:ss`, with optional year before or after the time and sub-seconds (RFC 3164, 4.1.2; Cisco).

    `dates` caches the last date (slots 0 and 1). Returns (UTC microseconds, position after) or (NONE, start).
    """
    if buf[pos + U3] != 32:
        return NONE, pos
    at = pos + U4
    if buf[at] == 32:
        at += U1
    day, after = uint(buf, at)
    if day < 1 or day > 31 or after - at > U2 or buf[after] != 32:
        return NONE, pos
    at = after + U1
    year = np.int64(0)
    if digit(buf[at + U2]) < 10 and buf[at + U4] == 32:
        year, after = uint(buf, at)
        if year < 1970 or year > 2200:
            return NONE, pos
        at = after + U1
    elif buf[at] == 32:
        at += U1
    time, after = clock(buf, at)
    if time < 0:
        return NONE, pos
    if year == 0 and buf[after] == 32 and digit(buf[after + U1]) < 10 and digit(buf[after + U4]) < 10:
        late, end = uint(buf, after + U1)
        closed = buf[end] == 32 or buf[end] == 93 or (buf[end] == 58 and buf[end + U1] == 32)
        if late >= 1970 and late <= 2200 and end == after + U5 and closed:
            year, after = late, end
    name = (np.int64(buf[pos]) << 16) | (np.int64(buf[pos + U1]) << 8) | np.int64(buf[pos + U2])
    key = (year << 32) | (name << 8) | day
    if dates[U0] != key or dates[U1] == NONE:
        dates[U0] = key
        dates[U1] = midnight_of(year, np.int64(month3(buf, pos)), day, received)
    if dates[U1] == NONE:
        return NONE, pos
    return moment(buf, after, dates[U1] + time, tz)


@helper
def month_first(buf, pos, received, tz, dates):
    """Decode `MM/DD-hh:mm:ss` with optional sub-seconds, and `/yy` or `/yyyy` after the day if the year is told (Snort, Suricata's fast.log).

    `dates` caches the last date (slots 6 and 7). Returns (UTC microseconds, position after) or (NONE, start).
    """
    if buf[pos + U2] != 47:
        return NONE, pos
    month, day = two(buf, pos), two(buf, pos + U3)
    if month < 1 or month > 12 or day < 1 or day > 31:
        return NONE, pos
    at = pos + U5
    year = np.int64(0)
    if buf[at] == 47:
        year, after = uint(buf, at + U1)
        if after == at + U3:
            year += 2000
        elif after != at + U5:
            return NONE, pos
        if year < 1970 or year > 2200:
            return NONE, pos
        at = after
    if buf[at] != 45:
        return NONE, pos
    time, after = clock(buf, at + U1)
    key = (year << 16) | (month << 8) | day
    if dates[U6] != key or dates[U7] == NONE:
        dates[U6] = key
        dates[U7] = midnight_of(year, month, day, received)
    if time < 0 or dates[U7] == NONE:
        return NONE, pos
    return moment(buf, after, dates[U7] + time, tz)


@helper
def calendar(buf, pos, dates):
    """Decode a year, month and day with one byte between them, whatever it is; return the midnight (microseconds) or NONE.

    Years 1970 to 2200. `dates` caches the last date (slots 2 and 3).
    """
    century, years, month, day = two(buf, pos), two(buf, pos + U2), two(buf, pos + U5), two(buf, pos + U8)
    year = century * 100 + years
    if buf[pos + U4] != buf[pos + U7] or years > 99 or year < 1970 or year > 2200 or month > 12 or day > 31:
        return NONE
    key = ((year << 16) | (month << 8)) | day
    if dates[U2] != key or dates[U3] == NONE:
        number = days(year, month, day)
        dates[U2] = key
        dates[U3] = number * DAY if number != NONE else NONE
    return dates[U3]


@helper
def date(buf, pos, dates):
    """Decode `yyyy-mm-dd` or `yyyy/mm/dd`; return (microseconds of its midnight, position after) or (NONE, start)."""
    mark = buf[pos + U4]
    midnight = calendar(buf, pos, dates) if mark == 45 or mark == 47 else NONE
    return midnight, pos + U10 if midnight != NONE else pos


@helper
def iso(buf, pos, tz, dates):
    """Decode `yyyy-mm-dd` or `yyyy/mm/dd`, T or space, hh:mm:ss, sub-seconds, zone (RFC 3339, RFC 5424, 6.2.3), or `yyyy:mm:dd-hh:mm:ss`.

    Returns (UTC microseconds, position after) or (NONE, start).
    """
    mark, joint = buf[pos + U4], buf[pos + U10]
    if mark != 45 and mark != 47 and mark != 58:
        return NONE, pos
    if joint != 84 and joint != 32 and joint != 116 and joint != 95 and (joint != 45 or mark != 58):
        return NONE, pos
    midnight = calendar(buf, pos, dates)
    if midnight == NONE:
        return NONE, pos
    time, after = clock(buf, pos + U11)
    if time < 0:
        return NONE, pos
    return moment(buf, after, midnight + time, tz)


@helper
def clf(buf, pos, tz, dates):
    """Decode `dd/Mon/yyyy:hh:mm:ss +hhmm` (Apache mod_log_config %t); return (UTC microseconds, position after) or (NONE, start).

    `dates` caches the last date (slots 4 and 5).
    """
    day, after = uint(buf, pos)
    if day < 1 or after - pos > U2 or buf[after] != 47 or buf[after + U4] != 47:
        return NONE, pos
    year, end = uint(buf, after + U5)
    if year < 1970 or year > 2200 or end - after != U9 or buf[end] != 58:
        return NONE, pos
    a, b, c = np.int64(buf[after + U1]), np.int64(buf[after + U2]), np.int64(buf[after + U3])
    key = (year << 40) | (day << 32) | (a << 16) | (b << 8) | c
    if dates[U4] != key or dates[U5] == NONE:
        number = days(year, np.int64(month3(buf, after + U1)), day)
        dates[U4] = key
        dates[U5] = number * DAY if number != NONE else NONE
    time, after = clock(buf, end + U1)
    if time < 0 or dates[U5] == NONE:
        return NONE, pos
    return moment(buf, after, dates[U5] + time, tz)


@helper
def epoch(buf, pos):
    """Decode seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size, with optional fraction.

    Returns (UTC microseconds, position after) or (NONE, start).
    """
    value, after = uint(buf, pos)
    if value < 0:
        return NONE, pos
    if value >= 100_000_000_000_000_000:
        return value // 1000, after
    if value >= 100_000_000_000_000:
        return value, after
    if value >= 100_000_000_000:
        return value * 1000, after
    value *= SECOND
    if buf[after] == 46 and digit(buf[after + U1]) < 10:
        after += U1
        scale = np.int64(100_000)
        while digit(buf[after]) < 10:
            value += np.int64(digit(buf[after])) * scale
            scale //= 10
            after += U1
    return value, after
