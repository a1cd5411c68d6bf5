"""Run a kernel over given lines and return what it makes of each, as the reference returns it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from vedette.kernels import tables as t
from vedette.kernels.utf8 import repair
from vedette.reading import batches, reference
from vedette.reading.events import event_values
from vedette.reading.reference import Context, Reading
from vedette.reading.reference_csv import HEADER
from vedette.reading.times import zone_table
from vedette.schema import sql_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vedette.formats import Format

REASONS = {
    t.R_FOREIGN: reference.FOREIGN,
    t.R_BAD: reference.MALFORMED,
    t.R_LONG: reference.LONG,
    t.R_EMPTY: reference.EMPTY,
    t.R_HEADER: HEADER,
}
TEXT = {name for name, sql in sql_columns() if sql == "VARCHAR"}
PADDING = 64
NONE = -(1 << 63)


def read_lines(
    fmt: Format,
    lines: Sequence[bytes],
    context: Context,
    *,
    rows: int = 1000,
    rejects: int = 1000,
    spans: int = 1,
    plain: Sequence[Reading] | None = None,
) -> list[Reading]:
    """Return the kernel's reading of each line (no newline inside), all lines in one buffer as a chunk has them.

    `rows` and `rejects` is the room that one call of the kernel has; the lines are given to it in `spans` parts. Lines that
    the kernel leaves to the reference are as in `plain`, the reference's readings, where a caller has them.
    """
    assert not any(b"\n" in line for line in lines)
    buffer, table = chunk(lines, spans)
    out = batches.Output(
        np.zeros((t.SLOTS, rows), np.int64), np.zeros(rows, np.uint64), np.zeros(rows, np.int64),
        np.zeros(rows, np.uint8), np.zeros((rejects, 4), np.int64), np.zeros(5, np.int64),
    )  # fmt: skip
    kernel = batches.tokenizer(fmt.tokenizer)
    scratch = batches.Context.of(zone(context))
    found: dict[int, Reading] = {}
    for count in batches.tokenize(kernel, buffer, table, arrays(fmt, context), scratch, out):
        for ordinal, reading in [*taken(buffer, out, count), *refused(out)]:
            assert ordinal not in found
            found[ordinal] = reading or (plain[ordinal] if plain else reference.read(fmt, lines[ordinal], context))
    assert sorted(found) == list(range(len(lines)))
    return [found[ordinal] for ordinal in range(len(lines))]


def chunk(lines: Sequence[bytes], spans: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (buffer as the framer gives it, spans of whole lines: start, end, ordinal of the first)."""
    data = b"".join(line + b"\n" for line in lines)
    buffer = np.frombuffer(bytearray(data + b"\n" * PADDING), np.uint8)
    repair(buffer, len(data))
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    cuts = np.linspace(0, len(lines), min(spans, len(lines)) + 1).astype(int)
    table = [(starts[a], starts[b], a, 0) for a, b in pairwise(cuts)]
    return buffer, np.array(table, np.int64)


def arrays(fmt: Format, context: Context) -> tuple[Any, ...]:
    """Return a compiled format with the times of an input."""
    params = fmt.compiled.params.copy()
    params[t.P_RECEIVED] = context.received
    params[t.P_BOOT] = NONE if context.boot is None else context.boot
    return tuple(fmt.compiled._replace(params=params))


def zone(context: Context) -> np.ndarray:
    """Return a context's zone as the kernels read it."""
    return zone_table(context.tz) if isinstance(context.tz, str) else np.array(context.tz, np.int64)


def taken(buffer: np.ndarray, out: batches.Output, count: int) -> Iterator[tuple[int, Reading]]:
    """Yield (ordinal, reading) of each row of the output."""
    for row in range(count):
        mask = int(out.masks[row])
        stored = {name: int(out.columns[slot, row]) for name, slot in t.SLOT.items() if mask >> slot & 1}
        values = {name: text(buffer, value) if name in TEXT else value for name, value in stored.items()}
        yield int(out.ordinals[row]), Reading(event_values(values), None, int(out.flags[row]))


def refused(out: batches.Output) -> Iterator[tuple[int, Reading | None]]:
    """Yield (ordinal, reading) of each reject of the output; None for a line that the kernel leaves to the reference."""
    for _, _, ordinal, reason in out.rejects[: out.state[t.STATE_REJECTS]].tolist():
        yield ordinal, None if reason == t.R_ESCAPED else Reading(None, REASONS[reason])


def text(buffer: np.ndarray, value: int) -> str:
    """Return a text value of the output, without a character that its limit cuts."""
    start, length = value >> t.LENGTH_BITS, value & (1 << t.LENGTH_BITS) - 1
    return bytes(buffer[start : start + length]).decode("utf-8", "ignore")
