"""Windows event logs (.evtx): each record as one line of XML, as `wevtutil qe /f:xml` prints it.

The layout: https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
A log is a header of 4 KiB and chunks of 64 KiB that stand alone. Each is handed to the library as a
log of its own, so that memory is bounded, compressed and piped logs are read too, and a damaged
chunk loses nothing of the others. What the library cannot bound is one record: a log that somebody
made by hand can have templates inside templates say it a million times over, or never end. So the
library runs in a process of its own with a limit of memory, and of time for each chunk.
"""

from __future__ import annotations

import io
import os
import re
import selectors
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from functools import cache

from vedette.reading.binary import Broken, Bytes

HEADER = 4096
CHUNK = 65_536
CHUNK_MAGIC = b"ElfChnk\0"
MOST = CHUNK // 28
"""Records that a chunk has room for: each has a header of 24 bytes and its length once more."""

SECONDS = 10.0
"""Time for one chunk; the library takes a few milliseconds."""

MEMORY = 1 << 30
"""Bytes of address space of the process that decodes."""

DAMAGED, END = 0xFFFFFFFF, 0xFFFFFFFE
"""What stands in place of a record's length between the processes: a record that is damaged, and the end of a chunk."""

FOLDS = re.compile(r"\s*[\r\n]\s*")
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>\s*")


def lines(data: Bytes) -> Iterator[bytes]:
    """Yield the records of a log as lines. Raises Broken after the last one if something was damaged or cut short."""
    first = data.read(HEADER)
    damaged, cut = 0, len(first) < HEADER
    decoder = Decoder()
    try:
        while chunk := data.read(CHUNK):
            # Space that a log has set aside and not used yet holds anything.
            if chunk.startswith(CHUNK_MAGIC):
                cut = len(chunk) < CHUNK
                for record in decoder.records(chunk.ljust(CHUNK, b"\0")):
                    if record is None:
                        damaged += 1
                    else:
                        yield record
    finally:
        decoder.stop()
    if cut:
        raise Broken("the event log ends too early: what could be read was used, copy the whole file again")
    if damaged:
        raise Broken(f"{damaged:,} records of the event log are damaged: the others were used, export the log again")


class Decoder:
    """Decodes chunks in a process of its own, and begins another one when that does not answer or ends."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def records(self, chunk: bytes) -> Iterator[bytes | None]:
        """Yield the records of a chunk as lines, None for what is damaged: the rest of a chunk that takes too long or too much counts as one."""
        process = self._process = self._process or subprocess.Popen(
            [sys.executable, "-m", "vedette.reading.evtx"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin
        deadline = time.monotonic() + self._seconds
        try:
            process.stdin.write(chunk)
            process.stdin.flush()
            while (size := int.from_bytes(self._read(4, deadline), "little")) != END:
                yield None if size == DAMAGED else self._read(size, deadline)
        except (OSError, EOFError):
            self.stop()
            yield None

    def _read(self, size: int, deadline: float) -> bytes:
        """Return so many bytes of the answer. Raises TimeoutError after the deadline, EOFError where the process ended."""
        assert self._process
        assert self._process.stdout
        pipe, data = self._process.stdout, bytearray()
        with selectors.DefaultSelector() as waits:
            waits.register(pipe, selectors.EVENT_READ)
            while len(data) < size:
                if not waits.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                part = os.read(pipe.fileno(), size - len(data))
                if not part:
                    raise EOFError
                data += part
        return bytes(data)

    def stop(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None


def serve() -> None:
    """Decode the chunks on stdin until it ends, within a limit of memory; the answer to each is as `Decoder` reads it."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while len(chunk := sys.stdin.buffer.read(CHUNK)) == CHUNK:
        for record in records(chunk):
            said = DAMAGED.to_bytes(4, "little") if record is None else len(record).to_bytes(4, "little") + record
            sys.stdout.buffer.write(said)
        sys.stdout.buffer.write(END.to_bytes(4, "little"))
        sys.stdout.buffer.flush()


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


if __name__ == "__main__":
    serve()
