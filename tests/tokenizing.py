"""Run a format's kernel and its plain reference over the same lines, and put their answers side by side."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from vedette.kernels import tables as t
from vedette.kernels.utf8 import repair
from vedette.reading import reference
from vedette.reading.batches import Context, Output, tokenize, tokenizer
from vedette.reading.events import event_values
from vedette.reading.tables import compile_format
from vedette.reading.times import zone_table

RECEIVED = 1_773_100_800_000_000
PADDING = b"\n" * 64
TEXTS = {name for name, sql in t.sql_columns() if sql == "VARCHAR"}
REASONS = {
    t.R_FOREIGN: reference.FOREIGN,
    t.R_BAD: reference.MALFORMED,
    t.R_LONG: reference.LONG,
    t.R_EMPTY: reference.EMPTY,
}


class Plain:
    """A format made ready for the reference."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.plain = reference.prepare(spec)


def buffer_of(lines: list[bytes]) -> tuple[np.ndarray, int]:
    """Return (padded buffer, end) of lines without newlines in them."""
    data = b"".join(line + b"\n" for line in lines)
    buffer = np.frombuffer(data + PADDING, np.uint8).copy()
    repair(buffer, len(data))
    return buffer, len(data)


def by_kernel(
    spec: dict[str, Any], lines: list[bytes], rows: int = 512
) -> list[tuple[dict[str, Any] | None, int, int]]:
    """Return (event or None, reason of the reject or 0, flags) of each line as the kernel reads it, `rows` rows at a time."""
    fmt = compile_format(spec)
    fmt.params[t.P_RECEIVED] = RECEIVED
    buffer, end = buffer_of(lines)
    answers: dict[int, tuple[dict[str, Any] | None, int, int]] = {}
    out = Output.new(rows)
    for _ in tokenize(
        tokenizer(spec["tokenizer"]),
        buffer,
        np.array([[0, end, 0, 1]], np.int64),
        tuple(fmt),
        Context.of(zone_table("UTC")),
        out,
    ):
        for row in range(int(out.state[t.STATE_ROWS])):
            answers[int(out.ordinals[row])] = (event_of(out, row, buffer), 0, int(out.flags[row]))
        for start, stop, ordinal, reason in out.rejects[: int(out.state[t.STATE_REJECTS])].tolist():
            assert 10 not in buffer[start:stop]
            assert buffer[stop] == 10
            answers[ordinal] = (None, reason, 0)
    assert sorted(answers) == list(range(len(lines)))
    return [answers[number] for number in range(len(lines))]


def event_of(out: Output, row: int, buffer: np.ndarray) -> dict[str, Any]:
    """Return a row of the output as an event, its time in microseconds."""
    stored = {}
    for name, slot in t.SLOT.items():
        if int(out.masks[row]) >> slot & 1:
            value = int(out.columns[slot, row])
            stored[name] = text_at(buffer, value) if name in TEXTS else value
    return event_values(stored)


def text_at(buffer: np.ndarray, value: int) -> str:
    """Return the text that a text value points to."""
    start, length = value >> t.LENGTH_BITS, value & ((1 << t.LENGTH_BITS) - 1)
    return bytes(buffer[start : start + length]).decode("utf-8", "ignore")


def by_reference(spec: dict[str, Any], line: bytes, plain: Plain | None = None) -> reference.Reading:
    """Return what the plain reference makes of a line."""
    return reference.read(plain or Plain(spec), line, reference.Context(RECEIVED))


def assert_same(spec: dict[str, Any], lines: list[bytes], reasons: dict[int, str] = REASONS) -> int:
    """Assert that kernel and reference agree on every line; return how many the kernel left to the slow path."""
    plain = Plain(spec)
    slow = 0
    for line, (event, reason, flags) in zip(lines, by_kernel(spec, lines), strict=True):
        if reason == t.R_ESCAPED:
            assert b"\\" in line
            slow += 1
            continue
        expected = by_reference(spec, line, plain)
        assert (event, reasons.get(reason), flags) == (expected.event, expected.reason, expected.flags), line
    return slow


def mutations(lines: list[bytes], count: int, alphabet: bytes, seed: int = 1) -> list[bytes]:
    """Return lines with a few bytes changed, removed, doubled, or a piece of another line put in; always the same ones."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        line = bytearray(chance.choice(lines))
        for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
            at = chance.randrange(len(line) + 1)
            kind = chance.randrange(5)
            if kind == 0:
                line[at : at + 1] = bytes([chance.choice(alphabet)])
            elif kind == 1:
                line[at : at + chance.randrange(1, 6)] = b""
            elif kind == 2:
                line[at:at] = line[at : at + chance.randrange(1, 30)]
            elif kind == 3:
                other = chance.choice(lines)
                start = chance.randrange(len(other))
                line[at:at] = other[start : start + chance.randrange(1, 40)]
            else:
                line[at:at] = bytes([chance.randrange(256)])
        made.append(bytes(line).replace(b"\n", b" "))
    return made
