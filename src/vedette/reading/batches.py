"""Run one tokenizer over lines of a chunk and hand its rows on as Arrow batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from vedette import schema
from vedette.engines.arrow import Batch, Column
from vedette.kernels import tables as t
from vedette.kernels.envelope import SCRATCH
from vedette.kernels.pack import pack
from vedette.reading.framing import Chunk
from vedette.reading.tables import Compiled

ROWS = 1 << 14
"""Rows of a batch: its columns fit in the processor's cache between tokenizing and packing."""

WIDTHS = {"BIGINT": 8, "INTEGER": 4, "SMALLINT": 2, "TINYINT": 1, "VARCHAR": 16}
DTYPES = {8: np.int64, 4: np.int32, 2: np.int16, 1: np.int8}
ORDINAL_BITS = 24
"""`record` is the chunk's number << 24 | the line in it; a chunk of 4 MiB cannot hold more lines."""

FIXED = {"record": "BIGINT", "format": "SMALLINT"}
"""Columns that no kernel writes."""


class Context(NamedTuple):
    """What a kernel needs to know of an input besides its format: time zone table, date cache, envelope scratch, memory of lines."""

    zone: np.ndarray
    dates: np.ndarray
    scratch: np.ndarray
    memory: np.ndarray

    @classmethod
    def of(cls, zone: np.ndarray) -> Context:
        """Return a fresh context; one is used by one thread for one input."""
        return cls(zone, np.full(8, -(1 << 63), np.int64), np.zeros(SCRATCH, np.int64), np.zeros(t.MEMORY, np.int64))


class Output(NamedTuple):
    """The arrays that a kernel writes, in the order of kernels.tables.OUTPUT."""

    columns: np.ndarray
    masks: np.ndarray
    ordinals: np.ndarray
    flags: np.ndarray
    rejects: np.ndarray
    state: np.ndarray

    @classmethod
    def new(cls, rows: int = ROWS) -> Output:
        """Return room for `rows` rows and as many rejects."""
        return cls(np.zeros((t.SLOTS, rows), np.int64), np.zeros(rows, np.uint64), np.zeros(rows, np.int64),
                   np.zeros(rows, np.uint8), np.zeros((rows, 4), np.int64), np.zeros(5, np.int64))  # fmt: skip


def tokenizer(name: str) -> Callable[..., None]:
    """Return the kernel of a tokenizer, compiled or taken from the cache at its first use."""
    return getattr(import_module(f"vedette.kernels.{name}"), name)  # type: ignore[no-any-return]


def tokenize(
    kernel: Callable[..., None],
    buffer: np.ndarray,
    spans: np.ndarray,
    fmt: tuple[Any, ...],
    context: Context,
    out: Output,
) -> Iterator[int]:
    """Run a kernel over spans of lines; yield the number of rows in `out` each time it is full or done.

    The rejects are valid together with the rows; both are overwritten when the iteration goes on.
    """
    out.state[:] = 0
    context.scratch[:] = 0
    context.memory[:] = 0
    while out.state[t.STATE_SPAN] < len(spans):
        out.state[t.STATE_ROWS] = out.state[t.STATE_REJECTS] = 0
        kernel(buffer, spans, fmt, tuple(context), tuple(out))
        yield int(out.state[t.STATE_ROWS])


class Buffers(NamedTuple):
    """The arrays of one batch, by width of value."""

    wide: np.ndarray
    words: np.ndarray
    halves: np.ndarray
    octets: np.ndarray
    views: np.ndarray
    bits: np.ndarray
    nulls: np.ndarray
    record: np.ndarray
    format: np.ndarray


class Packer:
    """Turns a kernel's output into Arrow batches of the wanted columns; buffers are reused once the engine has let go of them."""

    def __init__(self, table: str, columns: tuple[schema.Column, ...]) -> None:
        self.table = table
        asked = schema.sql_columns(columns)
        wanted = [(name, sql) for name, sql in asked if name not in FIXED]
        self._fixed = [name for name, _ in asked if name in FIXED]
        self.columns = [*((name, FIXED[name]) for name in self._fixed), *wanted]
        self._plan = np.zeros((len(wanted), 3), np.int64)
        self._counts = dict.fromkeys(WIDTHS.values(), 0)
        for line, (name, sql) in enumerate(wanted):
            width = WIDTHS[sql]
            self._plan[line] = (t.SLOT[name], width, self._counts[width])
            self._counts[width] += 1
        self.mask = sum(1 << t.SLOT[name] for name, _ in wanted)
        self._free: deque[Buffers] = deque()

    def _buffers(self) -> Buffers:
        try:
            return self._free.pop()
        except IndexError:
            count = self._counts
            wide, words, halves, octets = (np.zeros((max(1, count[w]), ROWS), dtype) for w, dtype in DTYPES.items())
            views = np.zeros((max(1, count[16]), ROWS, 2), np.uint64)
            lines = len(self._plan)
            bits, nulls = np.zeros((lines, ROWS // 8), np.uint8), np.zeros(lines, np.int64)
            record, number = np.zeros(ROWS, np.int64), np.zeros(ROWS, np.int16)
            return Buffers(wide, words, halves, octets, views, bits, nulls, record, number)

    def batch(self, chunk: Lease, number: int, out: Output, rows: int) -> Batch:
        """Pack `rows` rows of format `number`; the chunk is held until the engine releases the batch."""
        b = self._buffers()
        pack(chunk.buffer, out.columns, out.masks, rows, int(t.MAX_TEXT), self._plan, *b[:7])
        np.bitwise_or(out.ordinals[:rows], chunk.number << ORDINAL_BITS, out=b.record[:rows])
        b.format[:rows] = number
        chunk.hold()

        def release() -> None:
            self._free.append(b)
            chunk.let_go()

        fixed = [Column((None, getattr(b, name)), 0) for name in self._fixed]
        return Batch(rows, fixed + [self._column(line, b, chunk.buffer) for line in range(len(self._plan))], release)

    def _column(self, line: int, b: Buffers, buffer: np.ndarray) -> Column:
        """Return one packed column as Arrow wants it."""
        _, width, place = self._plan[line]
        nulls = int(b.nulls[line])
        bits = b.bits[line] if nulls else None
        if width != 16:
            return Column((bits, {8: b.wide, 4: b.words, 2: b.halves, 1: b.octets}[int(width)][place]), nulls)
        return Column((bits, b.views[place], buffer, np.array([len(buffer)], np.int64)), nulls)


def fitting(packers: Sequence[Packer], fmt: Compiled) -> Packer:
    """Return the first packer that has the columns which a compiled format can set and the last, which has all, wants.

    What is read of requests alone does not make a packet one: most firewalls log a length.
    """
    read = int(fmt.params[t.P_COLUMNS]) & packers[-1].mask & ~sum(1 << t.SLOT[name] for name in schema.OF_REQUESTS)
    return next(packer for packer in packers if not read & ~packer.mask)


class Lease:
    """A chunk shared by the batches whose text points into it; the last one to let go gives it back."""

    def __init__(self, chunk: Chunk) -> None:
        self.buffer, self.end = chunk.buffer, chunk.end
        self.number, self.input, self.index = chunk.number, chunk.input, chunk.index
        self._chunk = chunk
        self._lock = Lock()
        self._holders = 1

    def hold(self) -> None:
        """Count one more holder."""
        with self._lock:
            self._holders += 1

    def let_go(self) -> None:
        """Count one holder less; give the buffer back to its pool after the last."""
        with self._lock:
            self._holders -= 1
            last = self._holders == 0
        if last:
            self._chunk.release()
