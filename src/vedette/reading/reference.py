"""The tokenizers in plain Python, one line at a time: what the kernels must do, written to be read.

Samples, `vedette explain` and the property tests use it. Each tokenizer NAME has a module
reading/reference_NAME.py whose `Tokenizer` is made of a format's specification; this module does what
they have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from vedette.reading.events import event_values
from vedette.reading.reference_decode import COLUMNS, Values, repaired, stored, text
from vedette.reading.reference_envelope import Envelope, open_envelope
from vedette.reading.reference_stamps import Context

__all__ = ["Context", "Reading", "read"]

BAD, ESCAPED, TWICE = 1, 2, 4
"""Flags of a row: a value that did not decode (left out), an escape kept as logged, an equal key again (the first won)."""

FOREIGN = "not a line of this format"
MALFORMED = "a needed field is missing or malformed"
LONG = "longer than 64 KiB"
EMPTY = "empty"

LINE_LIMIT = 65_536
TCP, ICMP = 6, (1, 58)
TCP_ONLY = ("tcp_flags", "tcp_window", "tcp_seq", "tcp_options")


@dataclass(frozen=True)
class Reading:
    """What a format makes of a line: its event (`ts` in microseconds UTC), or why it has none.

    `reached` is how many bytes of the line the best attempt matched.
    """

    event: dict[str, Any] | None
    reason: str | None = None
    flags: int = 0
    reached: int = field(default=0, compare=False)


@dataclass
class Attempt:
    """What a tokenizer found: stored columns, why the line is not taken (or None), flags, how far it came."""

    row: Values
    reason: str | None = None
    flags: int = 0
    reached: int = 0


class Tokenizer(Protocol):
    """A tokenizer made ready for one format."""

    def __init__(self, spec: dict[str, Any]) -> None: ...

    def read(self, line: bytes, envelope: Envelope, row: Values, context: Context) -> Attempt:
        """Read the line from the envelope's body on, beginning with what the envelope said in `row`."""


class Readable(Protocol):
    """What the reference needs of a format: its specification, and its tokenizer made ready."""

    @property
    def spec(self) -> dict[str, Any]: ...

    @property
    def plain(self) -> Tokenizer: ...


def prepare(spec: dict[str, Any]) -> Tokenizer:
    """Make a format's tokenizer ready. Raises ValueError for a specification that means nothing."""
    module = import_module(f"vedette.reading.reference_{spec['tokenizer']}")
    tokenizer: Tokenizer = module.Tokenizer(spec)
    return tokenizer


def read(fmt: Readable, line: bytes, context: Context) -> Reading:
    """Read one line (bytes, no newline in it) as a format; never raises for what a line says."""
    if len(line) > LINE_LIMIT:
        return Reading(None, LONG)
    if not line:
        return Reading(None, EMPTY)
    line = repaired(line)
    envelope = open_envelope(line, fmt.spec.get("header", "none"), context)
    attempt = fmt.plain.read(line, envelope, header_columns(line, envelope, context), context)
    if attempt.reason:
        return Reading(None, attempt.reason, reached=max(attempt.reached, envelope.body))
    finish(attempt.row, fmt.spec)
    return Reading(event_values(attempt.row), None, attempt.flags, len(line))


def header_columns(line: bytes, envelope: Envelope, context: Context) -> Values:
    """Return the columns that an envelope tells."""
    row: Values = {}
    if envelope.ts is not None:
        row["ts"] = envelope.ts
    elif envelope.uptime is not None and context.boot is not None:
        row["ts"] = context.boot + envelope.uptime
    if envelope.host:
        row["sensor"] = text(line, *envelope.host)
    return row


def lacks(row: Values, spec: dict[str, Any]) -> bool:
    """Tell whether a column is missing that the format needs."""
    needed = (COLUMNS[name] for name in spec["required"])
    return any((f"{column.name}_hi" if column.kind == "address" else column.name) not in row for column in needed)


def finish(row: Values, spec: dict[str, Any]) -> None:
    """Add a format's defaults and drop what the protocol cannot have. Ports of ICMP stay as logged: devices print zeros, or its identifier and sequence number."""
    for column, value in spec.get("default", {}).items():
        row.setdefault(column, stored(column, value))
    if "proto" not in row:
        return
    unfit: tuple[str, ...] = () if row["proto"] == TCP else TCP_ONLY
    unfit += () if row["proto"] in ICMP else ("icmp_type", "icmp_code")
    for column in unfit:
        row.pop(column, None)
