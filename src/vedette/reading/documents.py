"""One JSON document instead of one object a line: an array of records, or an envelope that holds one, spread as it likes.

Exports and cloud storage write them so. The records are given on as one compact object a line, read
piece by piece, so that a document may be larger than memory; a single record may not be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Protocol

ARRAYS = ("records", "Records", "events", "flows", "logEvents", "results", "value", "hits")
"""Members that hold the records of an envelope: Azure, AWS, Ariel, CloudWatch, Splunk and Elastic exports."""

STEP = 1 << 18
RECORD_LIMIT = 4 << 20
"""Characters of one record; a longer one ends the reading of the document."""

ARRAY = re.compile(r'"(?:' + "|".join(ARRAYS) + r')"\s*:\s*\[')
BETWEEN = re.compile(r"[ \t\r\n,]*")
BEGINS = re.compile(rb"\s*\[\s*[\[{]")
OPEN_END = re.compile(rb"\s*\{(?:[^\n]*[\[{,:])?\s*\r?\n")
"""A first line that opens an object and does not close it."""


class Reads(Protocol):
    """What is needed of a source to read it."""

    def readinto(self, view: memoryview) -> int:
        """Put the next bytes into `view` and return how many; 0 is the end."""


def is_document(head: bytes) -> bool:
    """Tell whether an input that begins so is one document: an array, an object over several lines, or one that is very long."""
    if BEGINS.match(head) or OPEN_END.match(head):
        return True
    return (
        head.lstrip().startswith(b"{") and b"\n" not in head and ARRAY.search(head.decode(errors="replace")) is not None
    )


class Records:
    """Reads a document as one record a line."""

    def __init__(self, reader: Reads, head: bytes) -> None:
        self._reader = reader
        self._text = head.decode(errors="replace")
        self._at = 0
        self._buffer = memoryview(bytearray(STEP))
        self._ended = False
        self._lines = self._records()
        self._ready = b""

    def readinto(self, view: memoryview) -> int:
        """Put the next bytes of the lines into `view` and return how many; 0 is the end."""
        while not self._ready:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._ready = line
        data, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(data)] = data
        return len(data)

    def _more(self) -> bool:
        """Read on, forgetting what is done with; return False at the end."""
        count = 0 if self._ended else self._reader.readinto(self._buffer)
        self._ended = not count
        self._text = self._text[self._at :] + bytes(self._buffer[:count]).decode(errors="replace")
        self._at = 0
        return bool(count)

    def _records(self) -> Iterator[bytes]:
        """Yield each record as a line; a document that holds no array is a record itself."""
        while not self._text.strip() and self._more():
            pass
        if not self._text.lstrip().startswith("["):
            while not (array := ARRAY.search(self._text)) and len(self._text) < RECORD_LIMIT and self._more():
                pass
            if not array:
                yield " ".join(self._text.split("\n")).encode() + b"\n"
                return
            self._at = array.end() - 1
        self._at = self._text.index("[", self._at) + 1
        decoder = json.JSONDecoder()
        while True:
            self._at = BETWEEN.match(self._text, self._at).end()  # type: ignore[union-attr]
            try:
                value, self._at = decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                if (
                    self._text.startswith("]", self._at)
                    or len(self._text) - self._at > RECORD_LIMIT
                    or not self._more()
                ):
                    return
                continue
            yield json.dumps(value).encode() + b"\n"
