"""Inputs that are no text: recognised by their first bytes, and read as lines that a format file takes.

A reader is made of the input behind those bytes and yields lines; what it cannot go on with it says
by Broken, and the other inputs are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple, Protocol

STEP = 1 << 18
"""Bytes of a binary input read at a time."""


class Broken(Exception):
    """What is wrong with a binary input, and what to do: the sentence for the user."""


class Kind(NamedTuple):
    """A kind of binary input: how it starts, what to call it, the extra that brings its library, the module that reads it.

    `library` is what the extra installs, by the name it is imported under; `format` is the format
    file that takes the lines.
    """

    magic: re.Pattern[bytes]
    title: str
    extra: str
    library: str
    module: str
    format: str


KINDS = (
    Kind(
        re.compile(rb"ElfFile\0"),
        "a Windows event log (.evtx)",
        "evtx",
        "evtx",
        "vedette.reading.evtx",
        "windows_filtering_xml",
    ),
    Kind(
        re.compile(
            rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x4d\x3c\xb2\xa1|\xa1\xb2\x3c\x4d"
            rb"|\n\r\r\n.{4}(?:\x1a\x2b\x3c\x4d|\x4d\x3c\x2b\x1a)",
            re.DOTALL,
        ),
        "a packet capture (pcap, pcapng)",
        "pcap",
        "dpkt",
        "vedette.reading.pcap",
        "vedette_events",
    ),
)

HEAD = 16
"""How many first bytes tell the kind."""


class Source(Protocol):
    """What is needed of an input: its bytes, and where to say what is wrong with it."""

    complete: bool
    problem: str | None

    def readinto(self, view: memoryview) -> int:
        """Put the next bytes into `view` and return how many; 0 is the end."""


class Bytes:
    """The bytes of a source, from `head` on, in pieces of the length that a binary layout asks for."""

    def __init__(self, source: Source, head: bytes) -> None:
        self._source = source
        self._held = head
        self._at = 0
        self._buffer = memoryview(bytearray(STEP))

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer only where the input ends. The caller bounds `size`."""
        while len(self._held) - self._at < size and (count := self._source.readinto(self._buffer)):
            self._held = self._held[self._at :] + self._buffer[:count]
            self._at = 0
        start, self._at = self._at, min(self._at + size, len(self._held))
        return self._held[start : self._at]


Lines = Callable[[Bytes], Iterator[bytes]]


class Text:
    """Reads a binary input as text: one line for each thing in it that is an event."""

    def __init__(self, source: Source, head: bytes, kind: Kind) -> None:
        self._source = source
        self._lines = _lines(kind, Bytes(source, head))
        self._ready = b""

    def readinto(self, view: memoryview) -> int:
        """Put the next bytes of the lines into `view` and return how many; 0 is the end."""
        if not self._ready:
            self._ready = self._more()
        data, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(data)] = data
        return len(data)

    def _more(self) -> bytes:
        """Return some lines, or nothing at the end, whatever the reason."""
        lines, size = [], 0
        try:
            for line in self._lines:
                lines.append(line)
                size += len(line)
                if size >= STEP:
                    break
        except Broken as error:
            # What the source itself found out about its bytes is nearer to the cause.
            self._source.problem = self._source.problem or str(error)
            self._source.complete = False
        return b"".join(lines)


def recognise(head: bytes) -> Kind | None:
    """Return the kind of binary input that begins with these bytes, None for text."""
    return next((kind for kind in KINDS if kind.magic.match(head)), None)


def _lines(kind: Kind, data: Bytes) -> Iterator[bytes]:
    try:
        import_module(kind.library)
    except ImportError:
        raise Broken(
            f"it is {kind.title}, which needs a library that is not installed: pip install 'vedette-scan[{kind.extra}]'"
        ) from None
    lines: Lines = import_module(kind.module).lines
    yield from lines(data)
