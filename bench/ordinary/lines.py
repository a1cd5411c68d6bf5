"""Packets and requests as log lines, one at a time.

`bench.render` writes millions of lines of three protocols by columns; here are few lines, of any protocol and with ICMP errors.
Prefixes, stacks and Cisco's texts are the ones of bench.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from bench.addresses import home_text
from bench.ordinary.actors import Packet, Request
from bench.render import MAC, PREFIXES, Asa
from bench.traffic import STACKS

ICMPV6 = {8: 128, 3: 1, 11: 3}
ASA_FLAGS = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")
IP_NUMBER = {"tcp": 6, "udp": 17, "icmp": 1}
LASTS = {"tcp": 12.0, "udp": 121.0, "icmp": 2.0}
"""Seconds after which Cisco tells of the end of a connection."""

Render = Callable[[Packet, int], bytes]


@lru_cache(maxsize=1 << 16)
def stamp(second: int, form: str) -> str:
    """Return epoch second `second` (UTC) as strftime's `form` has it."""
    return time.strftime(form, time.gmtime(second))


@lru_cache(maxsize=1 << 16)
def in_full(address: str) -> str:
    """Return an address as the kernel writes it."""
    return ipaddress.ip_address(address).exploded


def netfilter(style: str, sequence: bool, options: bool) -> Render:
    """Return the function that writes a packet as the LOG target of `style` does, with or without SEQ/ACK and OPT."""
    refused, accepted = PREFIXES[style]

    def line(packet: Packet, start: int) -> bytes:
        second, micros = start + packet.at // 1_000_000, packet.at % 1_000_000
        six = ":" in packet.source
        head = f"{stamp(second, '%b %e %H:%M:%S')} gw1 kernel: [{second % 10_000_000}.{micros:06d}] "
        head += f"{accepted if packet.accepted else refused}IN=eth0 OUT= MAC={MAC}:{'86:dd' if six else '08:00'} "
        head += f"SRC={in_full(packet.source)} DST={home_text(packet.host, six)} "
        return f"{head}{_ip_header(packet, six)}{_payload(packet, six, sequence, options)}\n".encode()

    return line


def _ip_header(packet: Packet, six: bool) -> str:
    _, tcp_length, _, df, _, _ = STACKS[packet.stack]
    length = (tcp_length if packet.proto == "tcp" else packet.length) + 20 * six
    if six:
        return f"LEN={length} TC=0 HOPLIMIT={packet.ttl} FLOWLBL=0 "
    return f"LEN={length} TOS=0x00 PREC=0x00 TTL={packet.ttl} ID={packet.ip_id} {'DF ' if df and packet.proto == 'tcp' else ''}"


def _payload(packet: Packet, six: bool, sequence: bool, options: bool) -> str:
    if packet.proto == "tcp":
        return _tcp(packet, sequence, options)
    if packet.proto == "udp":
        return f"PROTO=UDP SPT={packet.first} DPT={packet.second} LEN={max(8, packet.length - 20)} "
    if packet.proto == "icmp":
        return _icmp(packet, six)
    return f"PROTO={packet.proto} "


def _tcp(packet: Packet, sequence: bool, options: bool) -> str:
    _, _, window, _, before, after = STACKS[packet.stack]
    window = window if packet.window is None else packet.window
    numbers = f"SEQ={packet.seq} ACK={packet.ack} " if sequence else ""
    text = f"PROTO=TCP SPT={packet.first} DPT={packet.second} {numbers}WINDOW={window} RES=0x00 {packet.flags} URGP=0 "
    text = text.replace("  ", " ")
    if not options or not before or "SYN" not in packet.flags:
        return text
    ticks = f"{packet.at // 1_000 + packet.ttl * 7_919 & 0xFFFFFFFF:08X}" if after else ""
    return f"{text}OPT ({before}{ticks}{after or ''}) "


def _icmp(packet: Packet, six: bool) -> str:
    kind = ICMPV6.get(packet.first, packet.first) if six else packet.first
    text = f"PROTO={'ICMPv6' if six else 'ICMP'} TYPE={kind} CODE={packet.second} "
    if packet.first == 8:
        return f"{text}ID={packet.ip_id} SEQ={packet.at // 1_000_000 % 65_536} "
    if not packet.inner:
        return text
    remote, proto, ours, theirs = packet.inner
    quoted = f"SRC={home_text(packet.host, six)} DST={remote} LEN=60 TOS=0x00 PREC=0x00 TTL=50 ID={packet.ip_id} PROTO={proto.upper()} "
    return f"{text}[{quoted}SPT={ours} DPT={theirs} ] "


def asa(packet: Packet, start: int) -> bytes:
    """Write a packet as a Cisco ASA tells of it: refused (106023, 106015) or built (302013, 302015, 302020)."""
    six = ":" in packet.source
    ours = home_text(packet.host, six)
    when = f"{stamp(start + packet.at // 1_000_000, '%b %e %H:%M:%S')} asa1 "
    text = _built(packet, ours) if packet.accepted else _denied(packet, ours)
    return f"{when}{text}\n".encode()


def _denied(packet: Packet, ours: str) -> str:
    theirs, access = packet.source, Asa.GROUP.rstrip("\n")
    if packet.proto == "icmp":
        code = f"(type {packet.first}, code {packet.second})"
        return f"{Asa.HEADS[Asa.DENY_ICMP]}{theirs}{Asa.MIDDLES[Asa.DENY_ICMP]}{ours} {code}{access}"
    if packet.proto not in IP_NUMBER:
        return f"{Asa.HEADS[Asa.DENY].format(f'protocol {packet.proto}')}{theirs}{Asa.MIDDLES[Asa.DENY]}{ours}{access}"
    ends = f"{theirs}/{packet.first}", f"{ours}/{packet.second}"
    if packet.proto == "tcp" and packet.flags != "SYN":
        head, middle = Asa.HEADS[Asa.NO_CONNECTION], Asa.MIDDLES[Asa.NO_CONNECTION]
        flags = " ".join(sorted(packet.flags.split(), key=ASA_FLAGS.index))
        return f"{head}{ends[0]}{middle}{ends[1]} flags {flags}  on interface outside"
    return f"{Asa.HEADS[Asa.DENY].format(packet.proto)}{ends[0]}{Asa.MIDDLES[Asa.DENY]}{ends[1]}{access}"


def _number(packet: Packet) -> int:
    return 100_000 + (packet.at * 31 + packet.first) % 9_000_000


def _built(packet: Packet, ours: str) -> str:
    if packet.proto == "icmp":
        return f"%ASA-6-302020: Built inbound ICMP connection for faddr {packet.source}/{packet.ip_id} gaddr {ours}/0 laddr {ours}/0 type 8 code 0"
    built = Asa.BUILT if packet.proto == "tcp" else Asa.BUILT_UDP
    theirs, mine = f"{packet.source}/{packet.first}", f"{ours}/{packet.second}"
    return f"{Asa.HEADS[built]}{_number(packet)} for outside:{theirs} ({theirs}) to dmz:{mine} ({mine})"


def asa_end(packet: Packet, start: int) -> bytes:
    """Write that a connection which an ASA had built is over (302014, 302016, 302021)."""
    ours = home_text(packet.host, ":" in packet.source)
    when = f"{stamp(start + packet.at // 1_000_000 + int(LASTS[packet.proto]), '%b %e %H:%M:%S')} asa1 "
    if packet.proto == "icmp":
        text = f"%ASA-6-302021: Teardown ICMP connection for faddr {packet.source}/{packet.ip_id} gaddr {ours}/0 laddr {ours}/0 type 8 code 0\n"
        return f"{when}{text}".encode()
    ended = Asa.TEARDOWN if packet.proto == "tcp" else Asa.TEARDOWN_UDP
    ends = f"{packet.source}/{packet.first}{Asa.MIDDLES[ended]}{ours}/{packet.second}"
    return f"{when}{Asa.HEADS[ended]}{_number(packet)} for outside:{ends}{Asa.TAILS[ended]}".encode()


def request_line(request: Request, start: int, sites: bool) -> bytes:
    """Write a request in the combined format, with the site before it where `sites` says so."""
    when = stamp(start + request.at // 1_000_000, "%d/%b/%Y:%H:%M:%S")
    site = f"{request.site}:443 " if sites else ""
    asked = f'"{request.method} {request.path} HTTP/1.1" {request.status} {request.size}'
    return f'{site}{request.source} - - [{when} +0000] {asked} "{request.referer}" "{request.agent}"\n'.encode()


class Written(NamedTuple):
    """A line with what is true of it: moment in microseconds, case, source, whether it is a probe, and what it asks for."""

    at: int
    case: int
    source: str
    probe: bool
    contact: str
    line: bytes


def firewall(packets: Iterable[Packet], start: int, style: str, sequence: bool, options: bool) -> Iterable[Written]:
    """Yield the lines of `packets` in `style`, not in order; an ASA writes two for what it lets in."""
    line = asa if style == "asa" else netfilter(style, sequence, options)
    for packet in packets:
        contact = _contact(packet)
        yield Written(packet.at, packet.case, packet.source, packet.probe, contact, line(packet, start))
        if style == "asa" and packet.accepted:
            end = packet.at + int(LASTS[packet.proto]) * 1_000_000
            yield Written(end, packet.case, packet.source, False, contact, asa_end(packet, start))


def _contact(packet: Packet) -> str:
    """Return target, protocol and port as the log shows them; ICMP has a type instead, other protocols have none."""
    port = {"tcp": packet.second, "udp": packet.second, "icmp": packet.first}.get(packet.proto, "")
    return f"{packet.host} {packet.proto} {port}"


def web(requests: Iterable[Request], start: int, sites: bool) -> Iterable[Written]:
    """Yield the lines of `requests`, not in order; with `sites` the log tells which site was asked."""
    for asked in requests:
        contact = f"{asked.site if sites else ''}{asked.path}"
        yield Written(asked.at, asked.case, asked.source, asked.probe, contact, request_line(asked, start, sites))
