"""Files and standard input, plain or compressed, as sources."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
from collections.abc import Callable
from typing import Protocol

from vedette.sources.compressed import HEAD, Capped, Damaged, foreign, recognise
from vedette.sources.paths import explain


class Bytes(Protocol):
    """What an opened file or standard input can do."""

    def read(self, size: int, /) -> bytes | None:
        """Return up to `size` bytes."""

    def readinto(self, view: memoryview, /) -> int | None:
        """Put up to `len(view)` bytes into it and return how many."""

    def close(self) -> None:
        """Close it."""


class Stored:
    """The bytes as they are stored, counted; the first of them can be seen before they are read."""

    def __init__(self, file: Bytes) -> None:
        self.file = file
        self.taken = 0
        self._head = b""

    @property
    def position(self) -> int:
        """Return how many bytes the reader took so far."""
        return self.taken - len(self._head)

    def head(self) -> bytes:
        """Return the first bytes, enough to recognise what they are; fewer only where there are no more."""
        while len(self._head) < HEAD and (more := self.file.read(HEAD - len(self._head))):
            self._head += more
            self.taken += len(more)
        return self._head

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; none is the end."""
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
            return data
        data = self.file.read(size) or b""
        self.taken += len(data)
        return data

    def readinto(self, view: memoryview) -> int:
        """Put up to `len(view)` bytes into it and return how many; 0 is the end."""
        if self._head:
            data = self.read(len(view))
            view[: len(data)] = data
            return len(data)
        count = self.file.readinto(view) or 0
        self.taken += count
        return count


class FileSource:
    """A file or stream, opened when it is first read and closed at its end; see `vedette.sources.Source`."""

    def __init__(
        self,
        path: str,
        what: os.stat_result | None,
        output_cap: int,
        open_file: Callable[[], Bytes] | None = None,
    ) -> None:
        self.path = printable(path)
        self.regular = what is not None and stat.S_ISREG(what.st_mode)
        self.mtime = what.st_mtime_ns // 1000 if what and self.regular else time.time_ns() // 1000
        self.size = what.st_size if what and self.regular else None
        self.identity = (what.st_dev, what.st_ino) if what else None
        self.complete = True
        self.problem: str | None = None
        self.same_as: str | None = None
        self.compressed = False
        self._arguments = (path, what, output_cap, open_file)
        self._stored: Stored | None = None
        self._reader: Stored | Capped | None = None
        self._ended = False

    @property
    def position(self) -> int:
        """Return how many stored bytes are consumed."""
        return self._stored.position if self._stored else 0

    def again(self) -> FileSource:
        """Return a source of the same file that starts at its beginning."""
        return FileSource(*self._arguments)

    def look(self) -> str | None:
        """Open a regular file, learn how it is compressed, close it; return what keeps it from being read."""
        if not self.regular:
            return None
        trial = self.again()
        try:
            trial._open()
        except (Damaged, OSError) as error:
            return _sentence(error)
        finally:
            trial.close()
        self.compressed = trial.compressed
        return None

    def readinto(self, view: memoryview) -> int:
        """Put the next decompressed bytes into `view` and return how many; 0 is the end, whatever the reason."""
        if self._ended:
            return 0
        count = 0
        try:
            count = (self._reader or self._open()).readinto(view)
        except (Damaged, OSError) as error:
            self.problem, self.complete = _sentence(error), False
        if not count:
            self._ended = True
            self.close()
        return count

    def close(self) -> None:
        """Close the file; the source gives nothing more."""
        self._ended = True
        if self._stored:
            self._stored.file.close()
        self._reader = None

    def _open(self) -> Stored | Capped:
        path, _, output_cap, open_file = self._arguments
        self._stored = stored = Stored(open_file() if open_file else io.FileIO(path))
        if reason := foreign(stored.head()):
            raise Damaged(reason)
        kind = recognise(stored.head())
        self.compressed = kind is not None
        self._reader = Capped(kind.open(stored), output_cap) if kind else stored
        return self._reader


class Unreadable:
    """An input that gives nothing, and why."""

    position = 0
    compressed = False
    same_as: str | None = None

    def __init__(self, path: str, problem: str, size: int | None = None, mtime: int | None = None) -> None:
        self.path = printable(path)
        self.problem: str | None = problem
        self.complete = False
        self.size = size
        self.mtime = time.time_ns() // 1000 if mtime is None else mtime

    def readinto(self, view: memoryview) -> int:  # noqa: ARG002 - the name is part of the protocol
        """Return 0: there is nothing to read."""
        return 0

    def close(self) -> None:
        """Do nothing: there is nothing open."""


def standard_input(output_cap: int) -> FileSource:
    """Return standard input as a source; a program started without one gives a source that fails when read."""
    return FileSource("-", None, output_cap, _stdin)


def _stdin() -> Bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise Damaged("standard input is closed: pipe the data in, or give a file")
    return Uncloseable(stream)


class Uncloseable:
    """A stream that is not ours to close."""

    def __init__(self, stream: Bytes) -> None:
        self.read = stream.read
        self.readinto = stream.readinto

    def close(self) -> None:
        """Leave it open."""


def _sentence(error: Damaged | OSError) -> str:
    return explain(error) if isinstance(error, OSError) else str(error)


def printable(path: str) -> str:
    """Return a path that can be encoded; bytes of a file name that are not UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace") if not path.isascii() else path
