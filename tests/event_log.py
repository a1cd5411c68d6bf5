"""Writes small Windows event logs: enough of the layout to prove that ours are read.

The layout: https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

CHUNK = 65_536
STRING, UINT16, FILETIME, BINXML = 1, 6, 0x11, 0x21
FIELDS = ("Application", "SourceAddress", "SourcePort", "DestAddress", "DestPort", "Protocol")
SCHEMA = "http://schemas.microsoft.com/win/2004/08/events/event"
EPOCH = 116_444_736_000_000_000
"""1970 in ticks of 100 ns since 1601."""

TREE = (
    "Event",
    [("xmlns", SCHEMA)],
    [
        (
            "System",
            [],
            [
                ("EventID", [], (0, UINT16)),
                ("TimeCreated", [("SystemTime", (1, FILETIME))], None),
                ("Computer", [], "web1.example.com"),
            ],
        ),
        ("EventData", [], [("Data", [("Name", name)], (number, STRING)) for number, name in enumerate(FIELDS, 2)]),
    ],
)


class Chunk:
    """64 KiB of records of one template."""

    def __init__(self) -> None:
        self.buffer = bytearray(512)
        self._names: dict[str, int] = {}
        self._template = self._records = self._last = 0

    def add(self, tree: Any, values: list[tuple[int, bytes]]) -> None:
        """Add a record of the template with these values, given as (type, bytes); the first record brings the template."""
        base = len(self.buffer) + 24
        out = bytearray(b"\x0f\x01\x01\0\x0c\x01" + struct.pack("<I", 7))
        if self._template:
            out += struct.pack("<I", self._template)
        else:
            self._template = base + len(out) + 4
            out += struct.pack("<III", self._template, 0, 7) + bytes(16) + b"\x0f\x01\x01\0"
            begin = len(out)
            self._element(out, base, *tree)
            out += b"\0"
            struct.pack_into("<I", out, begin - 8, len(out) - begin + 4)
        out += struct.pack("<I", len(values))
        out += b"".join(struct.pack("<HBB", len(data), kind, 0) for kind, data in values)
        out += b"".join(data for _, data in values) + b"\0"
        size = (24 + len(out) + 4 + 7) // 8 * 8
        self._records += 1
        self._last = len(self.buffer)
        self.buffer += struct.pack("<IIQQ", 0x2A2A, size, self._records, EPOCH) + out.ljust(size - 28, b"\0")
        self.buffer += struct.pack("<I", size)

    def done(self) -> bytes:
        """Return the chunk with its header and checksums."""
        free, last = len(self.buffer), self._records
        data = self.buffer.ljust(CHUNK, b"\0")
        checksum = zlib.crc32(data[512:free])
        struct.pack_into("<8sQQQQIIII", data, 0, b"ElfChnk\0", 1, last, 1, last, 128, self._last, free, checksum)
        struct.pack_into("<I", data, 124, zlib.crc32(data[:120] + data[128:512]))
        return bytes(data)

    def _element(self, out: bytearray, base: int, tag: str, attributes: list[tuple[str, Any]], body: Any) -> None:
        out += (b"\x41" if attributes else b"\x01") + b"\xff\xff"
        begin = len(out) + 4
        out += bytes(4) + self._name(base + len(out) + 4, tag)
        if attributes:
            first = len(out) + 4
            out += bytes(4)
            for number, (name, value) in enumerate(attributes, 1):
                out += b"\x46" if number < len(attributes) else b"\x06"
                out += self._name(base + len(out), name) + put(value)
            struct.pack_into("<I", out, first - 4, len(out) - first)
        out += b"\x03" if body is None else b"\x02"
        for child in body if isinstance(body, list) else []:
            self._element(out, base, *child)
        if body is not None:
            out += (b"" if isinstance(body, list) else put(body)) + b"\x04"
        struct.pack_into("<I", out, begin - 4, len(out) - begin)

    def _name(self, at: int, text: str) -> bytes:
        """Return what names an element or attribute, written at `at` of the chunk: where the text is, and the text if it is new."""
        if text in self._names:
            return struct.pack("<I", self._names[text])
        self._names[text] = at + 4
        return struct.pack("<IIHH", at + 4, 0, 0, len(text)) + text.encode("utf-16-le") + b"\0\0"


def put(value: Any) -> bytes:
    """Return a text, or a place for a value given as (number, type)."""
    if isinstance(value, tuple):
        return b"\x0d" + struct.pack("<HB", *value)
    return b"\x05\x01" + struct.pack("<H", len(value)) + value.encode("utf-16-le")


def log(*chunks: bytes) -> bytes:
    """Return a log of these chunks."""
    head = struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, len(chunks) - 1, 1, 128, 1, 3, 4096, len(chunks)).ljust(
        120, b"\0"
    )
    return (head + struct.pack("<II", 0, zlib.crc32(head))).ljust(4096, b"\0") + b"".join(chunks)


def packet_drops(ports: range, event: int = 5152, application: str = "-") -> bytes:
    """Return a chunk of filtering platform events of one source, one a port."""
    chunk = Chunk()
    ticks = EPOCH + 1_773_150_936 * 10**7
    for port in ports:
        texts = (application, "192.0.2.1", "51034", "198.51.100.5", str(port), "6")
        values = [(UINT16, struct.pack("<H", event)), (FILETIME, struct.pack("<Q", ticks + port))]
        chunk.add(TREE, values + [(STRING, text.encode("utf-16-le")) for text in texts])
    return chunk.done()
