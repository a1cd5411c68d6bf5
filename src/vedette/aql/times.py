"""Times in queries: the forms of START and STOP, PARSEDATETIME, and the window of a time clause.

Everything is in milliseconds since 1970 UTC. A string without a zone is UTC, as the REST interface of a console reads it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlglot import exp

from vedette.aql.errors import AQLError
from vedette.aql.words import UNITS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = UNITS["MINUTE"]
DAY = UNITS["DAY"]

STAMP = re.compile(
    r"(\d{4})[-/:](\d{1,2})[-/:](\d{1,2})(?:[ T/-](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3})\d*)?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
FORMS = "'yyyy-MM-dd HH:mm[:ss]', also with / or : in the date and Z at the end"
AGO = re.compile(r"(\d{1,6})\s*(second|minute|hour|day|week|month|year)s?\s*ago", re.IGNORECASE)
LENGTHS = {unit.lower(): length for unit, length in UNITS.items()} | {
    "week": 7 * DAY,
    "month": 30 * DAY,
    "year": 365 * DAY,
}
MILLISECONDS = 15
"""Digits of a number of milliseconds that is still a time; it may stand in quotes."""

WORDS = {"now": 0, "yesterday": -DAY, "tomorrow": DAY}


class Moment(NamedTuple):
    """A time that is known (`at`), or one that counts from the moment of the search (`ago` before it)."""

    at: int | None = None
    ago: int = 0


class Window(NamedTuple):
    """The half-open time that a query reads; `stop` None is now, included. `default` marks one that nobody wrote."""

    start: Moment
    stop: Moment | None
    default: bool = False


def stamp(text: str) -> int | None:
    """Return the time that a string of START names, or None if it is none."""
    word = text.strip()
    if word.isdigit() and len(word) <= MILLISECONDS:
        return int(word)
    match = STAMP.fullmatch(word)
    if match is None:
        return None
    year, month, day, hour, minute, second, part, zone = match.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    at = (moment - EPOCH) // timedelta(milliseconds=1) + int((part or "0").ljust(3, "0"))
    return at - _offset(zone)


def _offset(zone: str | None) -> int:
    if zone is None or zone[0] not in "+-":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return (-minutes if zone[0] == "-" else minutes) * MINUTE


def datetime_of(text: str) -> Moment | None:
    """Return the time that PARSEDATETIME reads from a string ("1 hour ago", "now", a stamp), or None."""
    word = text.strip().lower()
    if word in WORDS:
        return Moment(ago=-WORDS[word])
    match = AGO.fullmatch(word)
    if match:
        return Moment(ago=int(match[1]) * LENGTHS[match[2].lower()])
    at = stamp(text)
    return None if at is None else Moment(at)


def window_of(clause: exp.Expression, text: str) -> Window:
    """Return the window of a time clause. Raise AQLError for a string that is no time, or a STOP before its START.

    START is taken down and STOP up to a full minute, because Ariel keeps its records by the minute: START '15:51:20'
    STOP '17:00:20' is 15:51:00 to 17:00:59, and STOP '17:00' ends with 16:59:59 (IBM, "Time criteria in AQL queries").
    """
    values = clause.expressions
    if clause.name == "LAST":
        return Window(Moment(ago=int(values[0].this) * UNITS[values[1].name.removesuffix("S")]), None)
    start = _moment(values[0], text)
    if start.at is not None:
        start = Moment(start.at // MINUTE * MINUTE)
    if len(values) == 1:
        return Window(start, None)
    stop = _moment(values[1], text)
    if stop.at is not None:
        stop = Moment(-(-stop.at // MINUTE) * MINUTE)
    if start.at is not None and stop.at is not None and start.at >= stop.at:
        raise AQLError("STOP is not after START: nothing lies between them", text, values[1].meta.get("at", 0))
    return Window(start, stop)


def _moment(node: exp.Expression, text: str) -> Moment:
    if isinstance(node, exp.Literal) and not node.is_string:
        return Moment(int(node.this))
    literal = node.expressions[0] if isinstance(node, exp.Anonymous) and node.expressions else node
    word = str(literal.this) if isinstance(literal, exp.Literal) else ""
    found = datetime_of(word) if isinstance(node, exp.Anonymous) else None
    if found is None:
        at = stamp(word)
        found = None if at is None else Moment(at)
    if found is None:
        raise AQLError(f"{word[:60]!r} is not a time; expected {FORMS}", text, node.meta.get("at", 0), word, FORMS)
    return found


def spoken(window: Window | None, now: int | None) -> str:
    """Return a window in words: its ends in UTC, or how long before the moment of the search where *now* is None."""
    if window is None:
        return "all times"
    stop = Moment() if window.stop is None else window.stop
    ends = " to ".join(_said(moment, now) for moment in (window.start, stop))
    return ends + (" (included)" if window.stop is None else "")


def _ago(length: int) -> str:
    name, unit = next((name, unit) for name, unit in reversed(UNITS.items()) if length % unit == 0)
    count = length // unit
    return f"{count} {name.lower()}{'s' * (count != 1)} ago"


def _said(moment: Moment, now: int | None) -> str:
    at = moment.at
    if at is None and now is None:
        return "now" if moment.ago == 0 else _ago(moment.ago)
    at = (now or 0) - moment.ago if at is None else at
    try:
        return (EPOCH + timedelta(milliseconds=at)).strftime("%Y-%m-%d %H:%M:%S UTC")
    except OverflowError:
        return f"{at} ms"
