"""Tell which formats the lines of an input have, by trying every format on a sample of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from vedette.kernels import tables as t
from vedette.reading.batches import Context, Output, tokenize, tokenizer
from vedette.reading.csv_table import has_header, layouts_of
from vedette.reading.headers import Headers, first_header, without_headers
from vedette.reading.reference import Tokenizer
from vedette.reading.tables import Compiled

SAMPLE_BYTES = 128 << 10
SAMPLE_LINES = 1000
"""A sample ends at whichever comes first."""


class Format(Protocol):
    """What reading needs of a format file: its name, its tokenizer, its compiled arrays."""

    @property
    def name(self) -> str:
        """Return the name of the file."""

    @property
    def tokenizer(self) -> str:
        """Return the name of the kernel."""

    @property
    def spec(self) -> dict[str, Any]:
        """Return what the file says."""

    @property
    def plain(self) -> Tokenizer:
        """Return the tokenizer in plain Python."""

    @property
    def compiled(self) -> Compiled:
        """Return the arrays of the format."""


class Reader(NamedTuple):
    """A format made ready for one input: its number, its kernel and its arrays with the input's own times.

    `headers` is there where lines of the input name the columns; `arrays` are then those of the first.
    """

    format: Format
    number: int
    kernel: Callable[..., None]
    arrays: tuple[Any, ...]
    headers: Headers | None = None


def prepare(
    formats: Sequence[tuple[int, Format]], buffer: np.ndarray, end: int, received: int, boot: int | None
) -> list[Reader]:
    """Make formats, given with their numbers, ready for an input that begins with `buffer[:end]`.

    It was received at `received`, and its machine booted at `boot`, microseconds UTC. A format whose
    columns only a header names is left out where there is none.
    """

    def timed(compiled: Compiled) -> tuple[Any, ...]:
        params = compiled.params.copy()
        params[t.P_RECEIVED] = received
        params[t.P_BOOT] = -(1 << 63) if boot is None else boot
        return tuple(compiled._replace(params=params))

    readers = []
    for number, fmt in formats:
        kernel = tokenizer(fmt.tokenizer)
        if not has_header(fmt.spec):
            readers.append(Reader(fmt, number, kernel, timed(fmt.compiled)))
        elif header := first_header(fmt.spec, buffer, end):
            headers = Headers(fmt.spec, header, timed)
            readers.append(Reader(fmt, number, kernel, headers.arrays(header), headers))
        elif layouts_of(fmt.spec):
            readers.append(Reader(fmt, number, kernel, timed(fmt.compiled)))
    return readers


def sample_end(buffer: np.ndarray, end: int) -> int:
    """Return where the sample at the beginning of a chunk ends: after a newline."""
    newlines = np.flatnonzero(buffer[: min(end, SAMPLE_BYTES)] == 10)[:SAMPLE_LINES]
    return int(newlines[-1]) + 1 if len(newlines) else end


def take(
    reader: Reader, buffer: np.ndarray, spans: np.ndarray, context: Context, out: Output
) -> tuple[int, np.ndarray]:
    """Return how many lines of the spans a format takes, and the lines it does not (start, end, ordinal, reason).

    A line that its kernel leaves to the plain reference counts as taken.
    """
    taken, rejects = 0, []
    for rows in tokenize(reader.kernel, buffer, spans, reader.arrays, context, out):
        left = out.rejects[: out.state[t.STATE_REJECTS]]
        escaped = left[:, 3] == t.R_ESCAPED
        taken += rows + int(escaped.sum())
        rejects.append(without_headers(left[~escaped]))
    return taken, np.concatenate(rejects) if rejects else np.empty((0, 4), np.int64)


def recognise(readers: Sequence[Reader], buffer: np.ndarray, spans: np.ndarray, zone: np.ndarray) -> list[Reader]:
    """Return the formats that take lines of a sample, the one that takes most first; the next is judged by what is left."""
    out, context = Output.new(SAMPLE_LINES), Context.of(zone)
    buffer = buffer.copy()
    chosen: list[Reader] = []
    rest = list(readers)
    while rest and len(spans):
        results = [(take(reader, buffer, spans, context, out), reader) for reader in rest]
        (taken, left), best = max(results, key=lambda result: result[0][0])
        if not taken:
            break
        chosen.append(best)
        rest = [reader for (count, _), reader in results if count and reader is not best]
        spans = np.ascontiguousarray(left[left[:, 3] != t.R_EMPTY])
    return chosen
