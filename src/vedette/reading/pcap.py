"""Packet captures, pcap and pcapng: what the packets open, ask and refuse, as lines of vedette's own events.

The layouts: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/ and
https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/. Lengths are bounded before anything is
read by them.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from vedette.reading.binary import Broken, Bytes

FRAME_LIMIT = 1 << 18
"""Bytes of one packet; what captures hold at most (MAXIMUM_SNAPLEN of libpcap)."""

BLOCK_LIMIT = 1 << 24
"""Bytes of one block of a pcapng."""

CUT = "the capture ends too early: what could be read was used, copy the whole file again"
DAMAGED = "the capture is damaged: what came before was used, copy the file again"

SECTION, INTERFACE, SIMPLE, ENHANCED = 0x0A0D0D0A, 1, 3, 6
RESOLUTION, OFFSET = 9, 14
"""Options of an interface: what part of a second its times count, and the seconds to add to them."""


class Frame(NamedTuple):
    """A packet as it was captured: microseconds since 1970 UTC, the LINKTYPE of its interface, its bytes."""

    ts: int
    link: int
    data: bytes


class Interface(NamedTuple):
    """An interface of a pcapng: its LINKTYPE, how many ticks of its clock make a second, the seconds to add."""

    link: int
    ticks: int
    offset: int


def lines(data: Bytes) -> Iterator[bytes]:
    """Yield the events of a capture as lines. Raises Broken, after the last one, where it is damaged or cut short."""
    from vedette.reading.conversations import Conversations
    from vedette.reading.packets import LINKS, decode

    talks, strange = Conversations(), Counter[int]()
    broken: Broken | None = None
    try:
        for number, frame in enumerate(frames(data), 1):
            if packet := decode(frame, number):
                yield from talks.see(packet)
            elif frame.link not in LINKS:
                strange[frame.link] += 1
    except Broken as error:
        broken = error
    yield from talks.end()
    if broken:
        raise broken
    for link, times in strange.most_common(1):
        raise Broken(
            f"{times:,} packets are of link type {link}, which is not read: capture on an IP or Ethernet interface"
        )


def frames(data: Bytes) -> Iterator[Frame]:
    """Yield the packets of a capture. Raises Broken where it is damaged or cut short."""
    magic = exactly(data, 4)
    yield from blocks(data) if magic == b"\n\r\r\n" else records(data, magic)


def exactly(data: Bytes, size: int) -> bytes:
    """Return the next `size` bytes. Raises Broken if there are fewer."""
    read = data.read(size)
    if len(read) < size:
        raise Broken(CUT)
    return read


def records(data: Bytes, magic: bytes) -> Iterator[Frame]:
    """Yield the packets of a pcap, whose first four bytes tell byte order and unit of time."""
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    unit = 1000 if b"\x3c" in magic else 1
    link = struct.unpack(order + "I", exactly(data, 20)[16:])[0] & 0xFFFF
    header = struct.Struct(order + "IIII")
    while head := data.read(16):
        if len(head) < 16:
            raise Broken(CUT)
        seconds, part, size, _ = header.unpack(head)
        if size > FRAME_LIMIT:
            raise Broken(DAMAGED)
        yield Frame(seconds * 1_000_000 + part // unit, link, exactly(data, size))


def blocks(data: Bytes) -> Iterator[Frame]:
    """Yield the packets of a pcapng whose first four bytes are read."""
    order, interfaces = "<", list[Interface]()
    kind, start = SECTION, b"\n\r\r\n"
    while start:
        if kind == SECTION:
            length, magic = exactly(data, 4), exactly(data, 4)
            order, interfaces = "<" if magic == b"\x4d\x3c\x2b\x1a" else ">", []
            size, done = struct.unpack(order + "I", length)[0], 12
        else:
            size, done = struct.unpack(order + "I", exactly(data, 4))[0], 8
        if not 12 <= size <= BLOCK_LIMIT or size % 4:
            raise Broken(DAMAGED)
        body = exactly(data, size - done)[:-4]
        if kind == INTERFACE and len(body) >= 8:
            interfaces.append(interface(body, order))
        elif kind in (ENHANCED, SIMPLE) and (frame := packet_of(kind, body, order, interfaces)):
            yield frame
        start = data.read(4)
        if 0 < len(start) < 4:
            raise Broken(CUT)
        kind = struct.unpack(order + "I", start)[0] if start else 0


def interface(body: bytes, order: str) -> Interface:
    """Return what a block says of an interface."""
    (link,) = struct.unpack_from(order + "H", body)
    ticks, offset, at = 1_000_000, 0, 8
    while at + 4 <= len(body):
        option, size = struct.unpack_from(order + "HH", body, at)
        value = body[at + 4 : at + 4 + size]
        if option == RESOLUTION and size == 1 and value:
            ticks = 2 ** (value[0] & 63) if value[0] & 128 else 10 ** min(value[0], 18)
        elif option == OFFSET and len(value) == 8:
            (offset,) = struct.unpack(order + "q", value)
        at += 4 + size + -size % 4
    return Interface(link, ticks, offset)


def packet_of(kind: int, body: bytes, order: str, interfaces: list[Interface]) -> Frame | None:
    """Return the packet of a block; None for one of no known interface. One without a time is of the year 1970."""
    if kind == SIMPLE:
        return Frame(0, interfaces[0].link, body[4:]) if interfaces else None
    if len(body) < 20:
        return None
    number, high, low, size, _ = struct.unpack_from(order + "IIIII", body)
    if number >= len(interfaces):
        return None
    link, ticks, offset = interfaces[number]
    return Frame((high << 32 | low) * 1_000_000 // ticks + offset * 1_000_000, link, body[20 : 20 + size])
