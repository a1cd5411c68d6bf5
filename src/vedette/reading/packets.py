"""A captured frame to what its packet says, decoded by dpkt."""

from __future__ import annotations

import socket
import struct
from typing import Any, NamedTuple

from dpkt import ethernet, icmp, icmp6, ip, ip6, sll, sll2, tcp

from vedette.reading.pcap import Frame

TCP, UDP, SCTP, DCCP, UDPLITE, ICMP, ICMP6 = 6, 17, 132, 33, 136, 1, 58
FRAGMENT = 44
WITH_PORTS = (TCP, UDP, SCTP, DCCP, UDPLITE)
DEPTH = 8
"""Headers below the internet protocol: VLAN tags, MPLS, PPPoE."""

LAST_TIME = 253_402_300_799_999_999
"""Microseconds until the end of the year 9999; no honest clock says more."""


class Packet(NamedTuple):
    """What a packet says, and its number in the capture. `payload` is what follows TCP.

    `src` and `dst` are packed addresses. Of ICMP `sport` is the identifier of an echo and `dport` the
    type; `code` is its code, of SCTP the type of the first chunk; `quoted` is the packet that an ICMP error is about, as (protocol, src, sport, dst, dport).
    """

    number: int
    ts: int
    src: bytes
    dst: bytes
    proto: int
    sport: int = 0
    dport: int = 0
    flags: int = 0
    seq: int = 0
    window: int = 0
    options: bytes = b""
    ttl: int = 0
    id: int | None = None
    size: int = 0
    code: int = 0
    payload: bytes = b""
    quoted: tuple[int, bytes, int, bytes, int] | None = None


def decode(frame: Frame, number: int) -> Packet | None:
    """Return the packet of a frame; None if it is none of the internet protocols, damaged, or a later fragment. Never raises."""
    if not 0 <= frame.ts <= LAST_TIME:
        return None
    try:
        inner = internet(frame)
        return None if inner is None else said(inner, frame, number)
    except Exception:  # whatever a decoder raises for bytes that somebody sent: a packet costs itself only
        return None


def internet(frame: Frame) -> Any:
    """Return the IP or IP6 object in a frame, or None."""
    opener = LINKS.get(frame.link)
    layer: Any = opener(frame.data) if opener else None
    for _ in range(DEPTH):
        if layer is None or isinstance(layer, ip.IP | ip6.IP6 | bytes):
            break
        layer = layer.data
    return layer if isinstance(layer, ip.IP | ip6.IP6) else None


def raw(data: bytes) -> Any:
    """Return the IP or IP6 object that begins with a packet's version."""
    return {4: ip.IP, 6: ip6.IP6}.get(data[0] >> 4, lambda _: None)(data)


LINKS = {
    0: lambda data: raw(data[4:]),  # NULL: BSD loopback
    1: ethernet.Ethernet,
    12: raw,
    14: raw,
    101: raw,
    108: lambda data: raw(data[4:]),  # LOOP: OpenBSD loopback
    113: sll.SLL,
    228: raw,
    229: raw,
    276: sll2.SLL2,
}
"""LINKTYPE (https://www.tcpdump.org/linktypes.html) -> what decodes a frame."""


def said(inner: Any, frame: Frame, number: int) -> Packet | None:
    """Return what an IP or IP6 object says; None for a fragment that is not the first."""
    if isinstance(inner, ip.IP):
        if inner.offset:
            return None
        common = Packet(
            number, frame.ts, inner.src, inner.dst, inner.p, ttl=inner.ttl, id=inner.id, size=inner.len or len(inner)
        )
    else:
        fragment = inner.extension_hdrs.get(FRAGMENT)
        if fragment is not None and fragment.frag_off:
            return None
        common = Packet(number, frame.ts, inner.src, inner.dst, inner.p, ttl=inner.hlim, size=inner.plen + 40)
    return transport(common, inner.data)


def transport(common: Packet, layer: Any) -> Packet | None:
    """Return the packet with what its TCP, UDP, ICMP or other header says; None where that header is not whole."""
    if common.proto == TCP:
        if not isinstance(layer, tcp.TCP):
            return None
        return common._replace(
            sport=layer.sport,
            dport=layer.dport,
            flags=layer.flags & 0xFF,
            seq=layer.seq,
            window=layer.win,
            options=layer.opts,
            payload=layer.data if isinstance(layer.data, bytes) else bytes(layer.data),
        )
    if common.proto in (ICMP, ICMP6):
        return control(common, layer)
    if common.proto in WITH_PORTS:
        sport, dport = ports(layer)
        chunks = getattr(layer, "chunks", None)
        return common._replace(sport=sport, dport=dport, code=chunks[0].type if chunks else 0)
    return common


def control(common: Packet, layer: Any) -> Packet | None:
    """Return the packet with what ICMP says; None for what is none."""
    if not isinstance(layer, icmp.ICMP | icmp6.ICMP6):
        return None
    body = layer.data
    about = getattr(body, "data", None)
    echo = int.from_bytes(body[:2], "big") if isinstance(body, bytes) else getattr(body, "id", 0)
    quoted = quotation(about) if isinstance(about, ip.IP | ip6.IP6) else None
    return common._replace(sport=echo, dport=layer.type, code=layer.code, quoted=quoted)


def quotation(inner: Any) -> tuple[int, bytes, int, bytes, int]:
    """Return what tells the conversation of a packet that an ICMP error quotes, of which there may be but 8 bytes behind the header."""
    proto = inner.p
    if proto in (ICMP, ICMP6):
        echo = inner.data
        if isinstance(echo, bytes):
            return proto, inner.src, int.from_bytes(echo[4:6], "big"), inner.dst, echo[0] if echo else 0
        number = getattr(echo.data, "id", 0)
        return proto, inner.src, number, inner.dst, echo.type
    sport, dport = ports(inner.data) if proto in WITH_PORTS else (0, 0)
    return proto, inner.src, sport, inner.dst, dport


def ports(layer: Any) -> tuple[int, int]:
    """Return source and target port: the first four bytes of every transport that has ports. Raises struct.error."""
    if isinstance(layer, bytes):
        sport, dport = struct.unpack_from(">HH", layer)
        return sport, dport
    return layer.sport, layer.dport


def address(packed: bytes) -> str:
    """Return a packed address as text."""
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
