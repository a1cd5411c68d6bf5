"""zstd: frames followed beside the library, because it takes a cut frame for a clean end."""

from __future__ import annotations

from collections.abc import Generator
from typing import IO, cast

from zstandard import ZstdDecompressor, ZstdError

from vedette.sources.compressed import PIECE, Readable, broken, trailing, truncated

WINDOW = 128 << 20
"""Bytes of memory that a file may ask for: what `zstd --ultra -22` needs."""

MAGIC = b"\x28\xb5\x2f\xfd"

RUN = 1
"""The type of block that stores one byte for many."""


class Zstandard:
    """One or more zstd frames."""

    def __init__(self, stored: Readable) -> None:
        self._frames = Frames(stored)
        self._stream = ZstdDecompressor(max_window_size=WINDOW).stream_reader(
            cast(IO[bytes], self._frames), read_size=PIECE, read_across_frames=True
        )

    def readinto(self, view: memoryview) -> int:
        """Decompress the next piece into `view`."""
        try:
            count = self._stream.readinto(view[:PIECE])
        except ZstdError as error:
            raise broken("zstd", error) from error
        if not count and self._frames.trailing:
            raise trailing("zstd")
        if not count and not self._frames.between:
            raise truncated("zstd")
        return count


class Frames:
    """Passes zstd frames on, and knows whether they end where a frame ends (RFC 8878, section 3.1)."""

    def __init__(self, stored: Readable) -> None:
        self.trailing = False
        self._stored = stored
        self._at_magic = True
        self._header = b""
        self._surplus = 0
        self._walk = self._steps()
        self._skip, self._see = next(self._walk)

    @property
    def between(self) -> bool:
        """Return whether all bytes so far make whole frames."""
        return self._at_magic and not self._skip and not self._header

    def read(self, size: int) -> bytes:
        """Return up to `size` stored bytes, and none behind the last frame; a magic number is given whole or not at all."""
        if self.trailing:
            return b""
        data = self._stored.read(size)
        self._follow(data)
        while self._at_magic and self._header and (more := self._stored.read(4 - len(self._header))):
            data += more
            self._follow(more)
        surplus = self._surplus or (len(self._header) if self._at_magic else 0)
        return data[: max(0, len(data) - surplus)]

    def _follow(self, data: bytes) -> None:
        """Step over the data from header to header."""
        at = 0
        while at < len(data) and not self.trailing:
            step = min(self._skip, len(data) - at)
            at += step
            self._skip -= step
            part = data[at : at + self._see - len(self._header)]
            at += len(part)
            self._header += part
            if len(self._header) == self._see:
                header, self._header = self._header, b""
                self._skip, self._see = self._walk.send(header)
        if self.trailing:
            self._surplus = len(data) - at + len(MAGIC)

    def _steps(self) -> Generator[tuple[int, int], bytes, None]:
        """Yield how many bytes to skip and then to send here."""
        skip = 0
        while True:
            self._at_magic = True
            magic = yield skip, len(MAGIC)
            self._at_magic = False
            if magic != MAGIC and not _skippable(magic):
                break
            if magic != MAGIC:
                skip = int.from_bytes((yield 0, 4), "little")
                continue
            descriptor = (yield 0, 1)[0]
            skip = _rest_of_header(descriptor)
            last = 0
            while not last:
                block = int.from_bytes((yield skip, 3), "little")
                last = block & 1
                skip = 1 if block >> 1 & 3 == RUN else block >> 3
            skip += 4 if descriptor & 4 else 0
        self.trailing = True
        yield 0, 0


def _skippable(magic: bytes) -> bool:
    return magic[0] & 0xF0 == 0x50 and magic[1:] == b"\x2a\x4d\x18"


def _rest_of_header(descriptor: int) -> int:
    """Return the length of a frame header behind its descriptor: window, dictionary id, content size."""
    single = descriptor >> 5 & 1
    size_of_size = (single, 2, 4, 8)[descriptor >> 6]
    return (1 - single) + (0, 1, 2, 4)[descriptor & 3] + size_of_size
