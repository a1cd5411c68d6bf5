"""Windows event logs (.evtx): each record as one line of XML, as `wevtutil qe /f:xml` prints it.

The layout: https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
A log is a header of 4 KiB and chunks of 64 KiB that stand alone. Each is handed to the library as a
log of its own, so that memory is bounded, compressed and piped logs are read too, and a damaged
chunk loses nothing of the others. What the library cannot bound is one record: a log that somebody
made by hand can have templates inside templates say it a million times over. Where memory has a limit,
such a record counts as damaged; nobody on the network can write one.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator
from functools import cache

from vedette.reading.binary import Broken, Bytes

HEADER = 4096
CHUNK = 65_536
CHUNK_MAGIC = b"ElfChnk\0"
MOST = CHUNK // 28
"""Records that a chunk has room for: each has a header of 24 bytes and its length once more."""

FOLDS = re.compile(r"\s*[\r\n]\s*")
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>\s*")


def lines(data: Bytes) -> Iterator[bytes]:
    """Yield the records of a log as lines. Raises Broken after the last one if something was damaged or cut short."""
    first = data.read(HEADER)
    damaged, cut = 0, len(first) < HEADER
    while chunk := data.read(CHUNK):
        # Space that a log has set aside and not used yet holds anything.
        if chunk.startswith(CHUNK_MAGIC):
            cut = len(chunk) < CHUNK
            for record in records(chunk.ljust(CHUNK, b"\0")):
                if record is None:
                    damaged += 1
                else:
                    yield record
    if cut:
        raise Broken("the event log ends too early: what could be read was used, copy the whole file again")
    if damaged:
        raise Broken(f"{damaged:,} records of the event log are damaged: the others were used, export the log again")


def records(chunk: bytes) -> Iterator[bytes | None]:
    """Yield the records of one chunk as lines, None for what is damaged. Never raises for what the chunk says."""
    from evtx import PyEvtxParser

    try:
        parsed = iter(PyEvtxParser(io.BytesIO(header() + chunk), 1).records())
    except BaseException as error:
        unless_damage(error)
        yield None
        return
    # A chunk has room for no more, and a library that fails without moving on would never end.
    for _ in range(MOST):
        try:
            record = next(parsed, None)
        except BaseException as error:
            unless_damage(error)
            yield None
            continue
        if record is None:
            return
        yield line_of(record["data"])


def unless_damage(error: BaseException) -> None:
    """Raise again what is none of the library's complaints: these are Exceptions, and a panic, which is no Exception."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error


def line_of(xml: str) -> bytes:
    """Return a record as the library prints it, over many lines, as one line without the XML declaration."""
    return FOLDS.sub(" ", DECLARATION.sub("", xml, 1)).strip().encode(errors="replace") + b"\n"


@cache
def header() -> bytes:
    """Return the header of a log of one chunk, with its checksum."""
    said = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, 0, 1, 128, 1, 3, HEADER, 1).ljust(120, b"\0")
    return (said + struct.pack("<II", 0, zlib.crc32(said))).ljust(HEADER, b"\0")
