"""Bytes to chunks of whole lines: a record ends at a newline only, and no line costs more than itself."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from vedette.reading.binary import HEAD, Text, recognise
from vedette.reading.documents import Records, is_document

if TYPE_CHECKING:
    from vedette.sources import Source

CHUNK_SIZE = 4 << 20
"""Bytes read at a time: below 2 MiB the cost of a chunk shows, above 8 MiB it leaves the processor's cache."""

LINE_LIMIT = 1 << 16
"""Longest line in bytes. One more is passed on, so that the parser sees that the line is too long."""

PADDING = 64
"""Newlines after the last line, so that a kernel need not test for the end at every byte."""

POOL = 8
"""Free buffers kept for reuse."""

BOMS = ((codecs.BOM_UTF8, None), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

STEP = 1 << 16
NEWLINE = ord("\n")

Buffer = npt.NDArray[np.uint8]


@dataclass(slots=True)
class Chunk:
    """Whole lines of one input: `buffer[0:end]`, each ending in a newline, then PADDING newlines.

    `number` counts the chunks of a run from 0, in the order of the bytes; `input` is the index of
    the source, `index` counts the chunks of that source.
    """

    number: int
    input: int
    buffer: Buffer
    end: int
    index: int = 0
    _pool: deque[Buffer] | None = None

    def release(self) -> None:
        """Give the buffer back, once nothing refers to it any more; a second call does nothing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.append(self.buffer)


class Framer:
    """Cuts sources, one after another, into chunks of whole lines; several threads may call `next`.

    Sources that have a problem or are the same as another are left out. A byte order mark is
    dropped, UTF-16 that has one becomes UTF-8; a final line without newline gets one, unless the
    input is incomplete: a line cut in the middle says something else than it did (port 80 for 8080),
    so it is dropped. A line over LINE_LIMIT that does not lie in one chunk is given by its first
    LINE_LIMIT + 1 bytes, and the rest skipped, never taken for lines of its own.
    """

    def __init__(self, sources: Sequence[Source], chunk_size: int = CHUNK_SIZE) -> None:
        self._sources = sources
        self._chunk_size = chunk_size
        self._pool: deque[Buffer] = deque(maxlen=POOL)
        self._lock = Lock()
        self._number = 0
        self._index = 0
        self._input = -1
        self._source: Source | None = None
        self._reader: Reads | None = None
        self._carry = b""
        self._skipping = False

    def next(self) -> Chunk | None:
        """Return the next chunk, None at the end of the last source. The caller releases it."""
        with self._lock:
            while self._source or self._advance():
                buffer = self._buffer()
                if end := self._fill(buffer):
                    buffer[end : end + PADDING] = NEWLINE
                    self._number += 1
                    self._index += 1
                    return Chunk(self._number - 1, self._input, buffer, end, self._index - 1, self._pool)
                self._pool.append(buffer)
            return None

    def close(self) -> None:
        """Close the source being read and give no more chunks."""
        with self._lock:
            self._finish()
            self._input = len(self._sources)

    def _buffer(self) -> Buffer:
        try:
            return self._pool.pop()
        except IndexError:
            return np.empty(self._chunk_size + LINE_LIMIT + 2 * PADDING, np.uint8)

    def _advance(self) -> bool:
        """Begin the next source that is to be read; return False if there is none."""
        while self._input + 1 < len(self._sources):
            self._input += 1
            source = self._sources[self._input]
            if not source.problem and not source.same_as:
                self._source = source
                self._index = 0
                self._reader, self._carry = _text(source, max(HEAD, min(LINE_LIMIT, self._chunk_size)))
                return True
        return False

    def _finish(self) -> None:
        if self._source:
            self._source.close()
        self._source = self._reader = None
        self._carry, self._skipping = b"", False

    def _fill(self, buffer: Buffer) -> int:
        """Put whole lines into an empty buffer and return where they end, 0 if the input has no more."""
        assert self._source
        assert self._reader
        view = buffer.data
        filled = len(self._carry)
        view[:filled] = self._carry
        searched, newline, more = 0, -1, True
        while more and newline < 0 and filled <= LINE_LIMIT:
            room = max(self._chunk_size - filled, 1)
            count = read_full(self._reader, view[filled : filled + room])
            more = count == room
            filled += self._skip(buffer, filled, count) if self._skipping else count
            newline = find_last_newline(buffer, searched, filled)
            searched = filled
        end = newline + 1
        tail = filled - end
        self._carry = b""
        if tail > LINE_LIMIT or (tail and not more and self._source.complete):
            end = _cut(buffer, end, tail)
            self._skipping = more
        elif more:
            self._carry = bytes(view[end:filled])
        if not more:
            self._finish()
        return end

    def _skip(self, buffer: Buffer, start: int, count: int) -> int:
        """Drop the rest of a line that was cut from what was just read; return how many bytes stay."""
        newline = find_newline(buffer, start, start + count)
        if newline < 0:
            return 0
        self._skipping = False
        stay = start + count - newline - 1
        view = buffer.data
        view[start : start + stay] = view[newline + 1 : start + count]
        return stay


class Reads(Protocol):
    """What a framer needs of a source to read it."""

    def readinto(self, view: memoryview) -> int:
        """Put the next bytes into `view` and return how many; 0 is the end."""


class Utf16:
    """Reads UTF-16 as UTF-8; what is not valid becomes U+FFFD."""

    def __init__(self, reader: Reads, encoding: str, head: bytes) -> None:
        self._reader = reader
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._read = memoryview(bytearray(STEP))
        self._ready = self._decoder.decode(head).encode()
        self._ended = False

    def readinto(self, view: memoryview) -> int:
        """Put the next bytes, as UTF-8, into `view` and return how many; 0 is the end."""
        while not self._ready and not self._ended:
            count = self._reader.readinto(self._read)
            self._ended = not count
            self._ready = self._decoder.decode(self._read[:count], final=self._ended).encode()
        data, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(data)] = data
        return len(data)


def _text(source: Source, size: int) -> tuple[Reads, bytes]:
    """Return what reads a source as lines of UTF-8, and the bytes, at most `size`, that were read to find out."""
    reader: Reads = source
    head = start_of(reader, size)
    if kind := recognise(head):
        return Text(source, head, kind), b""
    for bom, encoding in BOMS:
        if head.startswith(bom):
            head = head[len(bom) :]
            if encoding:
                reader = Utf16(source, encoding, head)
                head = start_of(reader, size)
            break
    return (Records(reader, head), b"") if is_document(head) else (reader, head)


def start_of(reader: Reads, size: int) -> bytes:
    """Return the first `size` bytes of an input, or all there are."""
    head = bytearray(size)
    return bytes(head[: read_full(reader, memoryview(head))])


def _cut(buffer: Buffer, start: int, length: int) -> int:
    """End the line at `start` with a newline, after LINE_LIMIT + 1 bytes at most; return where it ends."""
    end = start + min(length, LINE_LIMIT + 1)
    buffer[end] = NEWLINE
    return end + 1


def read_full(reader: Reads, view: memoryview) -> int:
    """Fill `view` as far as the input goes and return how far."""
    filled = 0
    while filled < len(view) and (count := reader.readinto(view[filled:])):
        filled += count
    return filled


def find_newline(buffer: Buffer, start: int, end: int) -> int:
    """Return the index of the first newline in buffer[start:end], -1 if there is none."""
    for at in range(start, end, STEP):
        if (found := buffer[at : min(at + STEP, end)].tobytes().find(b"\n")) >= 0:
            return at + found
    return -1


def find_last_newline(buffer: Buffer, start: int, end: int) -> int:
    """Return the index of the last newline in buffer[start:end], -1 if there is none."""
    while end > start:
        at = max(start, end - STEP // 16)
        if (found := buffer[at:end].tobytes().rfind(b"\n")) >= 0:
            return at + found
        end = at
    return -1
