"""Header lines: the columns of a csv format that a line of the file names, also where the file names them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Condition
from typing import Any

import numpy as np

from vedette.kernels import tables as t
from vedette.reading.csv_table import header_in, is_header
from vedette.reading.tables import with_header

SEARCHED = 64
"""Lines at the beginning of an input in which its header must stand."""

Arrays = tuple[Any, ...]


def first_header(spec: dict[str, Any], buffer: np.ndarray, end: int) -> bytes | None:
    """Return the header of a format among the first lines of an input, or None."""
    head = bytes(buffer[: min(end, 1 << 16)])
    return header_in(spec, head.split(b"\n", SEARCHED)[:SEARCHED])


class Headers:
    """The headers of one input: which holds for which lines, and the arrays of each.

    A file may name its columns anew (a server that was started again, files joined together), and
    its chunks are read by several threads, so a chunk waits until the one before has been searched.
    """

    def __init__(self, spec: dict[str, Any], header: bytes, ready: Callable[[Any], Arrays]) -> None:
        self._spec, self._ready = spec, ready
        self._start: bytes = spec["header_line"].get("start", "").encode()
        self._at_end: dict[int, bytes] = {-1: header}
        self._arrays: dict[bytes, Arrays] = {}
        self._turn = Condition()

    def arrays(self, header: bytes) -> Arrays:
        """Return the compiled format for a header."""
        with self._turn:
            if header not in self._arrays:
                self._arrays[header] = self._ready(with_header(self._spec, header))
            return self._arrays[header]

    def parts(self, index: int, buffer: np.ndarray, end: int, spans: np.ndarray) -> Iterator[tuple[Arrays, np.ndarray]]:
        """Yield (arrays, spans) for the lines between one header and the next; `index` is the chunk's in its input."""
        found = self._found(buffer, end)
        with self._turn:
            self._turn.wait_for(lambda: index - 1 in self._at_end)
            current = self._at_end[index - 1]
            self._at_end[index] = found[-1][1] if found else current
            self._turn.notify_all()
        begin = 0
        for place, header in [*found, (end, b"")]:
            if len(part := cut(buffer, spans, begin, place)):
                yield self.arrays(current), part
            begin, current = place, header

    def _found(self, buffer: np.ndarray, end: int) -> list[tuple[int, bytes]]:
        """Return the header lines of a chunk as (position, line)."""
        if not self._start:
            return []
        text, found, at = bytes(buffer[:end]), [], 0
        while (at := text.find(self._start, at)) >= 0:
            line = text[at : text.find(b"\n", at)]
            if (at == 0 or text[at - 1] == 10) and is_header(self._spec, line):
                found.append((at, line))
            at += 1
        return found


def cut(buffer: np.ndarray, spans: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Return the part of spans (start, end, ordinal of the first line, reason) that lies in [begin, end), which are line starts."""
    rows = []
    for start, stop, ordinal, reason in spans.tolist():
        first, last = max(start, begin), min(stop, end)
        if first < last:
            rows.append((first, last, ordinal + int(np.count_nonzero(buffer[start:first] == 10)), reason))
    return np.array(rows, np.int64).reshape(-1, 4)


def without_headers(left: np.ndarray) -> np.ndarray:
    """Return the lines that are neither headers nor comments of the format that was tried."""
    kept: np.ndarray = left[left[:, 3] != t.R_HEADER]
    return kept
