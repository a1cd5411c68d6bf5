"""Packets to events: who opened a conversation, and whether it was answered, refused, or met with silence.

A packet that opens something is held until the other side has spoken, the packet is WAIT old, or
MOST newer ones wait. An answer (SYN-ACK, UDP, echo reply) makes it an allow; a RST or an ICMP
unreachable a deny; silence proves neither, so it has no action, as in flow formats. Only the source's
own words never decide its outcome: a forged ACK behind a SYN must not pass for an answer. Packets of a
conversation that was answered are its own affair, except HTTP requests. What answers something that
the capture does not hold (backscatter, and answers to what came before it) is an event without action.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vedette.reading.events import flags_text, time_text
from vedette.reading.packets import ICMP, ICMP6, SCTP, TCP, WITH_PORTS, Packet, address
from vedette.schema import PROTOCOLS

WAIT = 20_000_000
"""Microseconds of the capture's own time after which silence is taken for the answer; later answers are rare."""

MOST = 1 << 16
"""Packets that wait for an answer, and conversations that are remembered, at most."""

SYN, RST, ACK = 2, 4, 16
OPENING = 0x3F
"""The flags that say what a TCP packet is for; the two of ECN do not."""

REPLIES = {(ICMP, 0): 8, (ICMP, 14): 13, (ICMP, 16): 15, (ICMP, 18): 17, (ICMP6, 129): 128}
"""(protocol, type) of an answer -> the type of its request."""
REQUESTS = {(proto, request) for (proto, _), request in REPLIES.items()}
REFUSALS = {(ICMP, 3), (ICMP6, 1)}
"""Destination unreachable."""
TOO_BIG = 4
"""Code of an ICMP unreachable that refuses the size only."""
LOCAL = {(ICMP6, kind) for kind in (130, 131, 132, 133, 134, 135, 136, 143)}
"""Neighbour discovery and multicast listeners: how a link works, and nothing that anybody opens."""
ABORT = 6
"""Chunk of SCTP that refuses an association."""

NAMES = {number: name for name, number in PROTOCOLS.items()}

REQUEST = re.compile(rb"([A-Z]{3,16}) (\S{1,8000})\S*(?: HTTP/1\.[01]\r?\n|\Z)")
"""A request as far as its first packet goes."""
STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)\b")
FIELDS = {
    name: re.compile(rb"^" + field + rb":[ \t]*([^\r\n]{0,2000})", re.MULTILINE | re.IGNORECASE)
    for name, field in (("http_host", rb"Host"), ("http_referer", rb"Referer"), ("user_agent", rb"User-Agent"))
}
PIPELINED, ASKED = 4, 1024
"""Requests of one connection that wait for their answers, and connections that have such."""

Key = tuple[int, bytes, int, bytes, int]


@dataclass(slots=True)
class Opening:
    """A packet that waits for an answer, and how often it was sent."""

    packet: Packet
    times: int = 1


class Conversations:
    """Sees the packets of a capture in their order and tells what was opened, answered and refused, as lines."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._open: OrderedDict[Key, Opening] = OrderedDict()
        self._known: OrderedDict[Key, None] = OrderedDict()
        self._asked: OrderedDict[Key, deque[dict[str, Any]]] = OrderedDict()

    def see(self, packet: Packet) -> Iterator[bytes]:
        """Yield what a packet settles."""
        yield from self._expire(packet.ts)
        if packet.proto == TCP:
            yield from self._tcp(packet)
        elif packet.proto in (ICMP, ICMP6):
            yield from self._icmp(packet)
        else:
            yield from self._other(packet)

    def end(self) -> Iterator[bytes]:
        """Yield what still waits for an answer."""
        while self._open:
            yield line(self._open.popitem(last=False)[1])
        while self._asked:
            yield from map(written, self._asked.popitem(last=False)[1])

    def _expire(self, now: int) -> Iterator[bytes]:
        """Yield what has waited long enough, or is too much to hold."""
        while self._open:
            key, opening = next(iter(self._open.items()))
            if len(self._open) <= self._most and opening.packet.ts + WAIT >= now:
                break
            del self._open[key]
            yield line(opening)

    def _tcp(self, packet: Packet) -> Iterator[bytes]:
        own, other = key_of(packet), reverse_of(packet)
        kind = packet.flags & OPENING
        if kind == SYN:
            self._known.pop(canonical(own), None)
            yield from self._hold(own, packet)
        elif (opening := self._open.get(other)) and (packet.flags & RST or kind & (SYN | ACK) == SYN | ACK):
            del self._open[other]
            if not packet.flags & RST:
                self._know(own)
            yield line(opening, "deny" if packet.flags & RST else "allow")
        elif opening and not opening.packet.flags & SYN:
            del self._open[other]
            self._know(own)
            # Both sides talk, and nobody was seen to begin: the capture came in the middle.
            if not opening.packet.flags & ACK:
                yield line(opening, "allow")
        elif canonical(own) in self._known:
            self._known.move_to_end(canonical(own))
            yield from self._web(own, other, packet)
        elif packet.flags & RST or kind & (SYN | ACK) == SYN | ACK:
            yield line(Opening(packet))
        elif own not in self._open and not opening:
            yield from self._hold(own, packet)

    def _icmp(self, packet: Packet) -> Iterator[bytes]:
        kind = (packet.proto, packet.dport)
        if kind in LOCAL:
            return
        if kind in REQUESTS:
            yield from self._hold(key_of(packet), packet)
            return
        about = packet.quoted
        if kind in REPLIES:
            about = (packet.proto, packet.dst, packet.sport, packet.src, REPLIES[kind])
        opening = self._open.get(about) if about else None
        if about is None or opening is None:
            if about is None or canonical(about) not in self._known:
                yield line(Opening(packet))
        elif kind in REPLIES or (kind in REFUSALS and (packet.proto, packet.code) != (ICMP, TOO_BIG)):
            del self._open[about]
            yield line(opening, "allow" if kind in REPLIES else "deny")

    def _other(self, packet: Packet) -> Iterator[bytes]:
        own, other = key_of(packet), reverse_of(packet)
        if opening := self._open.pop(other, None):
            refused = packet.proto == SCTP and packet.code == ABORT
            if not refused:
                self._know(own)
            yield line(opening, "deny" if refused else "allow")
        elif canonical(own) in self._known:
            self._known.move_to_end(canonical(own))
        else:
            yield from self._hold(own, packet)

    def _hold(self, key: Key, packet: Packet) -> Iterator[bytes]:
        """Hold a packet until it is answered; one that was sent again is the same, with another sequence number it is not."""
        if (opening := self._open.get(key)) and opening.packet.seq == packet.seq:
            opening.times += 1
            return
        if opening:
            del self._open[key]
            yield line(opening)
        self._open[key] = Opening(packet._replace(payload=b""))

    def _know(self, key: Key) -> None:
        """Remember a conversation, and forget the one that has been silent for longest."""
        self._known[canonical(key)] = None
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def _web(self, own: Key, other: Key, packet: Packet) -> Iterator[bytes]:
        """Yield the HTTP requests that a packet of a known connection answers, or that have waited too long for it."""
        if packet.payload.startswith(b"HTTP/") and (waiting := self._asked.get(other)):
            if answer := STATUS.match(packet.payload):
                yield written(waiting.popleft() | {"http_status": int(answer[1])})
        elif asked := REQUEST.match(packet.payload):
            waiting = self._asked.setdefault(own, deque())
            waiting.append(request(packet, asked))
            if len(waiting) > PIPELINED:
                yield written(waiting.popleft())
        while self._asked and (len(self._asked) > ASKED or not next(iter(self._asked.values()))):
            yield from map(written, self._asked.popitem(last=False)[1])


def key_of(packet: Packet) -> Key:
    """Return what a conversation is known by, from the side of who sent the packet."""
    return packet.proto, packet.src, packet.sport, packet.dst, packet.dport


def reverse_of(packet: Packet) -> Key:
    """Return the same from the other side."""
    return packet.proto, packet.dst, packet.dport, packet.src, packet.sport


def canonical(key: Key) -> Key:
    """Return a conversation's key whoever speaks."""
    proto, src, sport, dst, dport = key
    return key if (src, sport) <= (dst, dport) else (proto, dst, dport, src, sport)


def line(opening: Opening, action: str | None = None) -> bytes:
    """Return what was opened as a line of vedette's own events."""
    event = common(opening.packet)
    if action:
        event["action"] = action
    if opening.times > 1:
        event["count"] = opening.times
    return written(event)


def common(packet: Packet) -> dict[str, Any]:
    """Return what a packet says, under the names of `vedette events`."""
    event: dict[str, Any] = {
        "ts": time_text(packet.ts),
        "src_ip": address(packet.src),
        "dst_ip": address(packet.dst),
        "proto": NAMES.get(packet.proto, str(packet.proto)),
        "bytes": packet.size,
        "ttl": packet.ttl,
    }
    if packet.id is not None:
        event["ip_id"] = packet.id
    if packet.proto in (ICMP, ICMP6):
        event |= {"icmp_type": packet.dport, "icmp_code": packet.code}
    elif packet.proto in WITH_PORTS:
        event |= {"src_port": packet.sport, "dst_port": packet.dport}
    if packet.proto == TCP:
        event |= {"tcp_flags": flags_text(packet.flags), "tcp_window": packet.window, "tcp_seq": packet.seq}
        if packet.options:
            event["tcp_options"] = packet.options.hex().upper()
    return event | {"message": f"packet {packet.number}", "format": "pcap", "input": "-", "line": packet.number}


def request(packet: Packet, asked: re.Match[bytes]) -> dict[str, Any]:
    """Return an HTTP request as an event."""
    head = packet.payload[asked.end() :].split(b"\r\n\r\n", 1)[0]
    told = {name: found[1].strip() for name, field in FIELDS.items() if (found := field.search(head))}
    texts = {"http_method": asked[1], "url": asked[2], **told}
    event = {name: value for name, value in common(packet).items() if not name.startswith("tcp_")}
    return event | {name: text.decode(errors="replace") for name, text in texts.items() if text}


def written(event: dict[str, Any]) -> bytes:
    """Return an event as a line."""
    return json.dumps(event).encode() + b"\n"
