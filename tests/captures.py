"""Writes small packet captures, and the packets in them."""

from __future__ import annotations

import socket
import struct

from dpkt import ethernet, icmp, icmp6, ip, ip6, tcp, udp

START = 1_773_150_936_000_000
"""2026-03-10 13:55:36 UTC in microseconds."""

OUR, THEIR = "203.0.113.5", "198.51.100.9"
F, S, R, P, A, U = 1, 2, 4, 8, 16, 32


def packed(address: str) -> bytes:
    """Return an address as bytes."""
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def internet(src: str, dst: str, proto: int, data: bytes) -> bytes:
    """Return a packet of the version that the addresses have."""
    if ":" in src:
        return bytes(ip6.IP6(src=packed(src), dst=packed(dst), nxt=proto, hlim=60, plen=len(data), data=data))
    return bytes(ip.IP(src=packed(src), dst=packed(dst), p=proto, ttl=60, id=77, len=20 + len(data), data=data))


def segment(
    flags: int,
    src: str = THEIR,
    sport: int = 40000,
    dst: str = OUR,
    dport: int = 22,
    *,
    seq: int = 7,
    data: bytes = b"",
) -> bytes:
    """Return a TCP packet."""
    return internet(src, dst, 6, bytes(tcp.TCP(sport=sport, dport=dport, flags=flags, seq=seq, win=1024, data=data)))


def answer(flags: int, data: bytes = b"", sport: int = 40000, dport: int = 22) -> bytes:
    """Return what our side sends back for `segment`."""
    return segment(flags, OUR, dport, THEIR, sport, seq=99, data=data)


def datagram(src: str = THEIR, sport: int = 40000, dst: str = OUR, dport: int = 53) -> bytes:
    """Return a UDP packet."""
    return internet(src, dst, 17, bytes(udp.UDP(sport=sport, dport=dport, ulen=12, data=b"data")))


def ping(kind: int = 8, src: str = THEIR, dst: str = OUR, number: int = 5) -> bytes:
    """Return an echo request or reply of ICMP or ICMPv6."""
    if ":" in src:
        return internet(src, dst, 58, bytes(icmp6.ICMP6(type=kind, data=icmp6.ICMP6.Echo(id=number, seq=1))))
    return internet(src, dst, 1, bytes(icmp.ICMP(type=kind, data=icmp.ICMP.Echo(id=number, seq=1))))


def unreachable(about: bytes, code: int = 3, src: str = OUR, kind: int = 3) -> bytes:
    """Return an ICMP error about a packet, which it quotes by its header and 8 bytes."""
    return internet(src, THEIR, 1, struct.pack(">BBHI", kind, code, 0, 0) + about[:28])


def framed(packet: bytes) -> bytes:
    """Return an Ethernet frame of a packet."""
    return bytes(
        ethernet.Ethernet(src=bytes(6), dst=bytes(6), type=0x86DD if packet[0] >> 4 == 6 else 0x800, data=packet)
    )


def pcap(packets: list[bytes], *, link: int = 101, order: str = "<", nano: bool = False, gap: int = 1000) -> bytes:
    """Return a pcap of packets that are `gap` microseconds apart."""
    out = struct.pack(order + "IHHIIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 262_144, link)
    for number, data in enumerate(packets):
        seconds, micros = divmod(START + number * gap, 1_000_000)
        out += struct.pack(order + "IIII", seconds, micros * (1000 if nano else 1), len(data), len(data)) + data
    return out


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    """Return a block of a pcapng."""
    size = 12 + len(body) + -len(body) % 4
    return struct.pack(order + "II", kind, size) + body + bytes(-len(body) % 4) + struct.pack(order + "I", size)


def section(order: str = "<") -> bytes:
    """Return the block that begins a pcapng."""
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int, order: str = "<", options: bytes = b"") -> bytes:
    """Return the block of an interface."""
    return block(1, struct.pack(order + "HHI", link, 0, 262_144) + options, order)


def enhanced(data: bytes, number: int = 0, ticks: int = START, order: str = "<") -> bytes:
    """Return the block of a packet."""
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
    return block(6, head + data, order)
