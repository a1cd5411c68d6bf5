"""Compressed input: recognised by its first bytes, decompressed as a stream in bounded memory.

Each reader gives what can be decompressed, piece by piece, and raises Damaged where it must stop.
Pieces are small because a codec that fails inside a piece loses that piece.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

OUTPUT_CAP = 20 << 30
"""Bytes after which a compressed input is given up: a bomb must end, and no honest ratio of sizes tells it from a log."""

HEAD = 16
"""How many first bytes tell the kind."""

PIECE = 1 << 17
"""Bytes decompressed at a time; also the size of a zstd block."""

FEED = 1 << 15
"""Compressed bytes taken at a time. igzip misreads a member whose header is split, so each member starts with a full one."""

XZ_MEMORY = 256 << 20
"""Memory in bytes that a file may ask for: four times what `xz -9` needs."""


class Damaged(Exception):
    """What is wrong with an input, and what to do: the sentence for the user."""


class Readable(Protocol):
    """Stored bytes; none is the end."""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes."""


class Reader(Protocol):
    """Decompressed bytes; 0 is the end. Raises Damaged."""

    def readinto(self, view: memoryview) -> int:
        """Put up to `len(view)` bytes into it and return how many."""


class Decoder(Protocol):
    """One member of gzip, xz or bzip2, as the standard library has it."""

    @property
    def eof(self) -> bool:
        """Return whether the member is whole."""

    @property
    def needs_input(self) -> bool:
        """Return whether no output is left without more input."""

    @property
    def unused_data(self) -> bytes:
        """Return the input behind the member."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take all of `data` and return up to `max_length` bytes."""


class Kind(NamedTuple):
    """A kind of compression: its name, how it starts, and what reads it."""

    name: str
    magic: re.Pattern[bytes]
    open: Callable[[Readable], Reader]


class Capped:
    """A reader that is stopped after `cap` bytes."""

    def __init__(self, reader: Reader, cap: int) -> None:
        self._reader = reader
        self._cap = cap
        self._left = cap

    def readinto(self, view: memoryview) -> int:
        """Read up to the cap; raise Damaged if there is more behind it."""
        if self._left:
            count = self._reader.readinto(view[: self._left])
        elif count := self._reader.readinto(memoryview(bytearray(1))):
            raise Damaged(
                f"it decompresses to more than {self._cap:,} bytes and was left there: "
                "split it if it is an honest log, delete it if it is a bomb"
            )
        self._left -= count
        return count


class Members:
    """One or more gzip members, xz or bzip2 streams, zero bytes between or after them allowed."""

    def __init__(self, stored: Readable, kind: str, make: Callable[[], Decoder], error: type[Exception]) -> None:
        self._stored = stored
        self._kind = kind
        self._make = make
        self._error = error
        self._decoder: Decoder | None = None
        self._pending = b""

    def readinto(self, view: memoryview) -> int:
        """Decompress the next piece into `view`."""
        data = b""
        while not data:
            if (self._decoder is None or self._decoder.eof) and not self._start():
                return 0
            data = self._decompress(min(len(view), PIECE))
        view[: len(data)] = data
        return len(data)

    def _start(self) -> bool:
        """Begin the next member; return False at a clean end."""
        rest = self._decoder.unused_data if self._decoder else b""
        while len(rest := rest.lstrip(b"\0")) < FEED and (more := self._stored.read(FEED)):
            rest += more
        if not rest:
            return False
        if not KINDS[self._kind].magic.match(rest):
            raise trailing(self._kind)
        self._decoder, self._pending = self._make(), rest
        return True

    def _decompress(self, size: int) -> bytes:
        decoder = self._decoder
        assert decoder is not None
        feed, self._pending = self._pending, b""
        if not feed and decoder.needs_input and not (feed := self._stored.read(FEED)):
            raise truncated(self._kind)
        try:
            return decoder.decompress(feed, size)
        except self._error as error:
            raise broken(self._kind, error) from error


def _gzip(stored: Readable) -> Reader:
    from isal.igzip_lib import DECOMP_GZIP, IgzipDecompressor, IsalError

    return Members(stored, "gzip", lambda: IgzipDecompressor(flag=DECOMP_GZIP), cast(type[Exception], IsalError))


def _zstd(stored: Readable) -> Reader:
    from vedette.sources.zstd import Zstandard

    return Zstandard(stored)


def _xz(stored: Readable) -> Reader:
    from lzma import FORMAT_XZ, LZMADecompressor, LZMAError

    return Members(stored, "xz", lambda: LZMADecompressor(FORMAT_XZ, XZ_MEMORY), LZMAError)


def _bzip2(stored: Readable) -> Reader:
    from bz2 import BZ2Decompressor

    return Members(stored, "bzip2", BZ2Decompressor, OSError)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("gzip", re.compile(rb"\x1f\x8b\x08"), _gzip),
        Kind("zstd", re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), _zstd),
        Kind("xz", re.compile(rb"\xfd7zXZ\x00"), _xz),
        Kind("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"), _bzip2),
    )
}

FOREIGN = (
    (re.compile(rb"PK\x03\x04"), "it is a zip archive: unpack it and give the logs in it"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "it is a 7-Zip archive: unpack it and give the logs in it"),
    (re.compile(rb"\x04\x22\x4d\x18"), "it is compressed with lz4: decompress it with lz4 -d first"),
)
"""What is often found beside logs and is no text, by its first bytes, with what to do."""


def recognise(head: bytes) -> Kind | None:
    """Return the kind of compression whose magic number these bytes begin with, None for plain."""
    return next((kind for kind in KINDS.values() if kind.magic.match(head)), None)


def foreign(head: bytes) -> str | None:
    """Return what a file that begins with these bytes is, if it cannot be a log, and what to do."""
    return next((advice for magic, advice in FOREIGN if magic.match(head)), None)


def truncated(kind: str) -> Damaged:
    """Return what to raise where data ends inside a member."""
    return Damaged(f"the {kind} data ends too early: what could be read was used, copy the whole file again")


def trailing(kind: str) -> Damaged:
    """Return what to raise where something else follows."""
    return Damaged(
        f"bytes that are not {kind} follow the {kind} data: what came before was used, check how it was made"
    )


def broken(kind: str, error: Exception) -> Damaged:
    """Return what to raise where a codec fails."""
    if "memory" in str(error).lower():
        return Damaged(f"the {kind} data asks for more memory than it may have: decompress it with {kind} -d first")
    return Damaged(f"the {kind} data is damaged ({error}): what came before was used, copy the file again")
