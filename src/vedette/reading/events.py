"""Stored values to the objects of `vedette events`: the one place that knows both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address
from typing import Any

from vedette.schema import ENUMS, EVENTS, HALVES, TCP_FLAGS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAMES = {column: {code: name for name, code in codes.items()} for column, codes in ENUMS.items()}
"""Column -> stored code -> name."""

MAPPED = 0xFFFF
"""Bits 32 to 47 of an IPv4 address in its IPv6 form (RFC 4291, 2.5.5.2)."""


def time_text(ts: int) -> str:
    """Return a time (microseconds since 1970 UTC) in RFC 3339, UTC, with microseconds. Years 1 to 9999."""
    return (EPOCH + timedelta(microseconds=ts)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def address_text(hi: int, lo: int) -> str:
    """Return an address, given as its signed 64-bit halves, in canonical text (RFC 5952; IPv4 as a dotted quad)."""
    lo &= (1 << 64) - 1
    if hi == 0 and lo >> 32 == MAPPED:
        return f"{lo >> 24 & 255}.{lo >> 16 & 255}.{lo >> 8 & 255}.{lo & 255}"
    return str(IPv6Address((hi & (1 << 64) - 1) << 64 | lo))


def flags_text(flags: int) -> str:
    """Return TCP flags as letters, in the order of the header's bits from FIN up: "SA"."""
    return "".join(letter for letter, bit in TCP_FLAGS.items() if flags & bit)


def event_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row of `events` says, under the names of `vedette events`; `ts` stays in microseconds UTC.

    `row` maps schema columns to stored values; what is absent or None is left out, and so are
    `record` and `format`, whose meaning only the run knows. A protocol number without a name is
    given as its digits.
    """
    event: dict[str, Any] = {}
    for column in EVENTS:
        if column.kind == "address":
            hi, lo = (row.get(f"{column.name}_{half}") for half in HALVES)
            if hi is not None and lo is not None:
                event[f"{column.name}_ip"] = address_text(hi, lo)
        elif column.kind not in ("record", "format") and (value := row.get(column.name)) is not None:
            event[column.name] = SHOWN.get(column.kind, _as_it_is)(column.name, value)
    return event


def to_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `events` as `vedette events` prints it: `event_values`, with `ts` in RFC 3339."""
    event = event_values(row)
    if "ts" in event:
        event["ts"] = time_text(event["ts"])
    return event


def _as_it_is(column: str, value: Any) -> Any:
    return value


SHOWN: dict[str, Callable[[str, Any], Any]] = {
    "enum": lambda column, value: NAMES[column].get(value, str(value)),
    "flags": lambda column, value: flags_text(value),
}
"""Kind of column -> how its stored value is shown; the others as they are."""
