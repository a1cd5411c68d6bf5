"""What several outputs share: the JSON objects of the contract, and how numbers, times and places are written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from vedette import __version__
from vedette.config import LEVELS, zone
from vedette.model import Input, Offense, Report

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999  # the years 1 to 9999, all that RFC 3339 can write

INPUT_KEYS = (
    *("path", "format", "lines", "parsed", "skipped", "bytes", "seconds"),
    *("complete", "problem", "same_as", "formats", "rejects", "examples"),
)
WORST_FIRST = tuple(reversed(LEVELS))


def rfc3339(micros: int) -> str:
    """Return microseconds since 1970 UTC as RFC 3339 in UTC with microseconds; years outside 1 to 9999 are clamped."""
    moment = EPOCH + timedelta(microseconds=max(FIRST, min(micros, LAST)))
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _stamped(record: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {k: rfc3339(v) if k in keys and isinstance(v, int) else v for k, v in record.items()}


def offense_object(offense: Offense) -> dict[str, Any]:
    """Return an offense as the object of `vedette scan -o json`."""
    plain = _stamped(vars(offense), "first_seen", "detected_at", "last_seen")
    return plain | {
        "settled_by": vars(offense.settled_by),
        "answered": [_stamped(door, "at") for door in offense.answered],
        "evidence": [vars(record) for record in offense.evidence],
    }


def suppressed_object(offense: Offense, allowed: dict[str, Any]) -> dict[str, Any]:
    """Return a suppressed offense as its object, with the allow entry that covers it."""
    return offense_object(offense) | {"allowed": _stamped(allowed, "until")}


def allowance(allowed: dict[str, Any]) -> str:
    """Say which entry of an allow list covers an offense."""
    until = allowed.get("until")
    limit = {"until": rfc3339(until)[:19] + "Z"} if isinstance(until, int) else {}
    return tongue({key: value for key, value in (allowed | limit).items() if value})


def input_object(read: Input) -> dict[str, Any]:
    """Return an input as the object of `vedette scan -o json`."""
    return {key: getattr(read, key) for key in INPUT_KEYS}


def report_object(report: Report) -> dict[str, Any]:
    """Return the document of `vedette scan -o json`; its keys and their order are the contract of DESIGN.md."""
    begin, end = report.window or (None, None)
    return {
        "vedette": __version__,
        "command": report.command,
        "window": {"from": None if begin is None else rfc3339(begin), "to": None if end is None else rfc3339(end)},
        "inputs": [input_object(read) for read in report.inputs],
        "offenses": [offense_object(offense) for offense in report.offenses],
        "noise": report.noise,
        "suppressed": [suppressed_object(offense, allowed) for offense, allowed in report.suppressed],
    }


def dumps(data: Any, indent: int | None = None) -> str:
    """Return *data* as JSON in printable ASCII, whatever a log put into it.

    Bytes that were not UTF-8 come out as U+FFFD: a lone surrogate is no valid JSON text elsewhere.
    """
    text = json.dumps(data, indent=indent, default=str)
    if "\\ud" in text:
        text = json.dumps(_paired(data), indent=indent, default=str)
    return text.replace("\x7f", "\\u007f")


def _paired(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(data, dict):
        return {_paired(key): _paired(value) for key, value in data.items()}
    return [_paired(value) for value in data] if isinstance(data, list | tuple) else data


def stamp(micros: int, tz: str) -> str:
    """Return a moment as date and time to the second in the zone *tz*, without the zone's name."""
    moment = EPOCH + timedelta(microseconds=max(FIRST, min(micros, LAST)))
    try:
        moment = moment.astimezone(zone(tz))
    except OverflowError:
        return f"{moment:%Y-%m-%d %H:%M:%S}"
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def span(micros: int) -> str:
    """Return a length of time for people: 0.4s, 12s, 6m02s, 3h20m, 2d04h."""
    seconds = max(0, micros) / 1e6
    if seconds < 10:
        return f"{seconds:.1f}".rstrip("0").rstrip(".") + "s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3_600:
        return f"{whole // 60}m{whole % 60:02}s"
    if whole < 86_400:
        return f"{whole // 3_600}h{whole % 3_600 // 60:02}m"
    return f"{whole // 86_400}d{whole % 86_400 // 3_600:02}h"


def percent(part: int, whole: int) -> str:
    """Return a share in per cent; 100 and 0 are said only where they are exact."""
    if not whole:
        return "0 %"
    share = 100 * part / whole
    if part not in (0, whole):
        share = min(max(share, 0.01), 99.99)
    return f"{share:.2f}".rstrip("0").rstrip(".") + " %"


def plural(count: int, one: str) -> str:
    """Return a count with its noun: '1 source', '1,204 sources'."""
    return f"{count:,} {one}" + ("" if count == 1 else "s")


def counted(counts: dict[str, int]) -> str:
    """Return the counts of a kind of noise: '3 sources, 40 events'."""
    return f"{plural(counts.get('sources', 0), 'source')}, {plural(counts.get('events', 0), 'event')}"


def understood(read: Input) -> str:
    """Say how much of an input was understood: '1,000 lines, 99.9 % parsed'."""
    return f"{plural(read.lines, 'line')}, {percent(read.parsed, read.lines)} parsed"


def levels(offenses: list[Offense]) -> list[tuple[str, int]]:
    """Return (level, how many) for the levels that occur, worst first."""
    counts = {level: sum(offense.level == level for offense in offenses) for level in WORST_FIRST}
    return [(level, count) for level, count in counts.items() if count]


def reach(offense: Offense) -> str:
    """Say how wide an offense reaches: '412 ports/1 target', '38 paths'."""
    parts = []
    if offense.ports or not offense.paths:
        parts.append(f"{plural(offense.ports, 'port')}/{plural(offense.targets, 'target')}")
    if offense.paths:
        parts.append(plural(offense.paths, "path"))
    return ", ".join(parts)


def tool_name(offense: Offense) -> str:
    """Return the name of the tool that was recognised, or an empty string."""
    return str(offense.tool.get("name") or "") if offense.tool else ""


def door(answered: dict[str, Any], tz: str) -> str:
    """Say what answered: '203.0.113.10 port 22 at 2026-03-10 00:00:00'."""
    where = f"port {answered['port']}" if answered.get("port") is not None else str(answered.get("path") or "")
    at = answered.get("at")
    when = f" at {stamp(at, tz)}" if isinstance(at, int) else f" at {at}" if at else ""
    return f"{answered.get('target') or ''} {where}".strip() + when


def tongue(value: Any) -> str:
    """Return any value of a record as one line of text: lists joined, objects as 'key value' pairs."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key} {tongue(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        return "; ".join(tongue(item) for item in value)
    return "-" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
