"""Time zones as the kernels read them: a table of (local time from which, offset), because a kernel cannot ask zoneinfo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)
STEP = timedelta(days=1)
"""How far apart offsets are looked at: no zone has changed its offset twice within a day since 1970."""

SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)
ALWAYS = -(1 << 63)


@cache
def zone_table(name: str) -> np.ndarray:
    """Return the offsets of an IANA zone as int64[n, 2]: local time from which, microseconds east of UTC.

    Both in microseconds, local time counted since 1970-01-01 local; covers 1970 to 2040, the first
    and last offset hold before and after. A local time that a change repeats is taken as the first
    of the two, one that a change skips by the offset before it (Python's fold=0). Raises
    zoneinfo.ZoneInfoNotFoundError (a KeyError) for an unknown name.
    """
    if name == "UTC":
        return np.array([[ALWAYS, 0]], np.int64)
    zone = ZoneInfo(name)
    rows = [(ALWAYS, _offset(FIRST, zone) // MICROSECOND)]
    at, before = FIRST, _offset(FIRST, zone)
    while at < LAST:
        after = _offset(at + STEP, zone)
        if before != after:
            change = _change(at, zone)
            rows.append(((change - FIRST + max(before, after)) // MICROSECOND, after // MICROSECOND))
        at, before = at + STEP, after
    return np.array(rows, np.int64)


def _offset(at: datetime, zone: tzinfo) -> timedelta:
    """Return how far east of UTC a zone is at an instant."""
    return at.astimezone(zone).utcoffset() or timedelta()


def _change(after: datetime, zone: tzinfo) -> datetime:
    """Return the first instant of the new offset within STEP after `after`, to the second."""
    low, high, before = after, after + STEP, _offset(after, zone)
    while high - low > SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high
