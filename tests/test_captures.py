"""Packet captures: who opened what, and whether it was answered, refused, or met with silence."""

from __future__ import annotations

import gzip
import random
import struct
import sys
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("dpkt", reason="the extra pcap is not installed")
from hypothesis import given
from hypothesis import strategies as st

from captures import (
    OUR,
    START,
    THEIR,
    A,
    F,
    P,
    R,
    S,
    U,
    answer,
    block,
    datagram,
    enhanced,
    framed,
    interface,
    internet,
    pcap,
    ping,
    section,
    segment,
    unreachable,
)  # fmt: skip
from fuzzing import FUZZ_SECONDS, dice_for
from vedette import pipeline
from vedette.config import Settings
from vedette.reading.binary import Broken, Bytes
from vedette.reading.conversations import Conversations
from vedette.reading.packets import decode
from vedette.reading.pcap import BLOCK_LIMIT, FRAME_LIMIT, Frame, lines

if TYPE_CHECKING:
    from pathlib import Path

WAITED = 30_000_000
"""Longer than an answer is waited for, in microseconds."""

GET = b"GET /.env HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: curl/8\r\nReferer: http://www.example.com/\r\n\r\n"


class Held:
    """A source of bytes that are at hand."""

    complete, problem = True, None

    def __init__(self, data: bytes) -> None:
        self._data = data

    def readinto(self, view: memoryview) -> int:
        data, self._data = self._data[: min(len(view), 700)], self._data[min(len(view), 700) :]
        view[: len(data)] = data
        return len(data)


def read(tmp_path: Path, data: bytes) -> list[dict[str, Any]]:
    """Return the events of a capture."""
    path = tmp_path / "some.pcap"
    path.write_bytes(data)
    return list(pipeline.events([str(path)], Settings()))


def told(tmp_path: Path, *packets: bytes, gap: int = 1000) -> list[tuple[Any, ...]]:
    """Return (source, target port or ICMP type, flags, action, count) of each event of a capture of packets."""
    return [
        (e["src_ip"], e.get("dst_port", e.get("icmp_type")), e.get("tcp_flags"), e.get("action"), e.get("count"))
        for e in read(tmp_path, pcap(list(packets), gap=gap))
    ]


def damage(data: bytes) -> tuple[int, str | None]:
    """Return how many lines a capture gives, and what is said to be wrong with it."""
    count = 0
    try:
        for _ in lines(Bytes(Held(data), b"")):
            count += 1
    except Broken as error:
        return count, str(error)
    return count, None


@pytest.mark.parametrize(
    ("packets", "events"),
    [
        ([segment(S), answer(S | A), segment(A)], [(THEIR, 22, "S", "allow", None)]),
        ([segment(S), answer(R | A)], [(THEIR, 22, "S", "deny", None)]),
        ([segment(S), unreachable(segment(S))], [(THEIR, 22, "S", "deny", None)]),
        ([segment(S), unreachable(segment(S), src="203.0.113.1", code=13)], [(THEIR, 22, "S", "deny", None)]),
        ([segment(S)], [(THEIR, 22, "S", None, None)]),
        ([segment(S), segment(S), segment(S)], [(THEIR, 22, "S", None, 3)]),
        ([segment(S), segment(S, seq=8)], [(THEIR, 22, "S", None, None)] * 2),
        ([segment(S), unreachable(segment(S), kind=11, code=0)], [(THEIR, 22, "S", None, None)]),
        ([segment(S), unreachable(segment(S), code=4), answer(S | A)], [(THEIR, 22, "S", "allow", None)]),
        ([segment(A), answer(R)], [(THEIR, 22, "A", "deny", None)]),
        ([segment(A)], [(THEIR, 22, "A", None, None)]),
        ([segment(F | P | U), answer(R | A)], [(THEIR, 22, "FPU", "deny", None)]),
        ([segment(0)], [(THEIR, 22, "", None, None)]),
        ([datagram()], [(THEIR, 53, None, None, None)]),
        ([datagram(), datagram(OUR, 53, THEIR, 40000), datagram()], [(THEIR, 53, None, "allow", None)]),
        ([datagram(), unreachable(datagram())], [(THEIR, 53, None, "deny", None)]),
        ([ping()], [(THEIR, 8, None, None, None)]),
        ([ping(), ping(0, OUR, THEIR)], [(THEIR, 8, None, "allow", None)]),
        ([ping(), unreachable(ping(), code=1)], [(THEIR, 8, None, "deny", None)]),
        ([internet(THEIR, OUR, 47, b"gre")], [(THEIR, None, None, None, None)]),
        ([internet(THEIR, OUR, 132, bytes([0, 9, 0, 8] + [0] * 8 + [1, 0, 0, 4]))], [(THEIR, 8, None, None, None)]),
    ],
)
def test_what_comes_back_decides_the_outcome(
    packets: list[bytes], events: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    assert told(tmp_path, *packets) == events


def test_the_source_cannot_answer_itself(tmp_path: Path) -> None:
    assert told(tmp_path, segment(S), segment(A, seq=8), segment(P | A, seq=8, data=GET)) == [
        (THEIR, 22, "S", None, None)
    ]


def test_answers_to_what_the_capture_does_not_hold_are_answers(tmp_path: Path) -> None:
    assert told(tmp_path, answer(S | A), answer(R), unreachable(segment(S)), ping(0, OUR, THEIR)) == [
        (OUR, 40000, "SA", None, None),
        (OUR, 40000, "R", None, None),
        (OUR, 3, None, None, None),
        (OUR, 0, None, None, None),
    ]


def test_a_capture_that_begins_in_the_middle_of_a_conversation_has_no_probe_in_it(tmp_path: Path) -> None:
    assert (
        told(tmp_path, segment(A), answer(P | A, b"data"), segment(A), segment(F | A), answer(F | A), answer(R)) == []
    )


def test_silence_is_told_from_an_answer_by_the_clock_of_the_capture(tmp_path: Path) -> None:
    assert told(tmp_path, segment(S), answer(S | A), gap=WAITED) == [
        (THEIR, 22, "S", None, None),
        (OUR, 40000, "SA", None, None),
    ]


def test_a_used_port_that_opens_anew_is_a_new_event(tmp_path: Path) -> None:
    talk = [segment(S), answer(S | A), segment(A), segment(F | A), answer(F | A)]

    assert told(tmp_path, *talk, segment(S, seq=500), answer(R | A)) == [
        (THEIR, 22, "S", "allow", None),
        (THEIR, 22, "S", "deny", None),
    ]


def test_ipv6_is_read_and_neighbour_discovery_left_out(tmp_path: Path) -> None:
    theirs, ours = "2001:db8::9", "2001:db8:1::5"
    packets = [
        segment(S, theirs, 1, ours, 22),
        ping(128, theirs, ours),
        ping(129, ours, theirs),
        ping(135, theirs, ours),
    ]

    assert told(tmp_path, *packets) == [(theirs, 128, None, "allow", None), (theirs, 22, "S", None, None)]


def test_what_tools_are_told_by_is_kept(tmp_path: Path) -> None:
    (event,) = read(tmp_path, pcap([segment(S)]))

    assert event["ts"] == "2026-03-10T13:55:36.000000Z"
    assert (event["ttl"], event["ip_id"], event["tcp_window"], event["tcp_seq"]) == (60, 77, 1024, 7)
    assert (event["src_port"], event["dst_ip"], event["proto"], event["bytes"]) == (40000, OUR, "tcp", 40)
    assert (event["message"], event["format"]) == ("packet 1", "vedette_events")


def test_requests_of_an_answered_connection_are_events_with_their_status(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        pcap([
            segment(S), answer(S | A), segment(A), segment(P | A, data=GET), answer(P | A, b"HTTP/1.1 404 Not Found\r\n\r\n"),
            segment(P | A, data=b"POST /x\xff\x1b HTTP/1.0\r\n\r\n"),
        ]),
    )  # fmt: skip

    assert [(e.get("http_method"), e.get("url"), e.get("http_status")) for e in found] == [
        (None, None, None),
        ("GET", "/.env", 404),
        ("POST", "/x\ufffd\x1b", None),
    ]
    assert (found[1]["http_host"], found[1]["user_agent"]) == ("www.example.com", "curl/8")
    assert {e["src_ip"] for e in found} == {THEIR}


def test_a_request_cannot_name_another_source(tmp_path: Path) -> None:
    forged = b'GET /","src_ip":"192.0.2.1 HTTP/1.1\r\nHost: x","src_ip":"192.0.2.2\r\n\r\n'

    found = read(tmp_path, pcap([segment(S), answer(S | A), segment(P | A, data=forged)]))

    assert [e["src_ip"] for e in found] == [THEIR, THEIR]


@pytest.mark.parametrize("nano", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_and_both_units_of_time_are_read(order: str, nano: bool, tmp_path: Path) -> None:
    (first, second) = read(tmp_path, pcap([segment(S), segment(S, dport=23)], order=order, nano=nano))

    assert (first["ts"], second["ts"]) == ("2026-03-10T13:55:36.000000Z", "2026-03-10T13:55:36.001000Z")


LOOPBACK = struct.pack("<I", 2)
COOKED = struct.pack(">HHH8sH", 0, 1, 6, bytes(8), 0x800)


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (1, framed(segment(S))),
        (1, bytes(12) + b"\x81\0\0\x05\x08\0" + segment(S)),
        (0, LOOPBACK + segment(S)),
        (101, segment(S)),
        (113, COOKED + segment(S)),
        (228, segment(S)),
        (276, struct.pack(">HHIHBB8s", 0x800, 0, 1, 1, 0, 6, bytes(8)) + segment(S)),
    ],
)
def test_packets_are_found_below_every_link(link: int, frame: bytes, tmp_path: Path) -> None:
    assert [e["dst_port"] for e in read(tmp_path, pcap([frame], link=link))] == [22]


def test_a_link_that_is_not_read_is_named() -> None:
    assert damage(pcap([bytes(60)], link=127)) == (
        0,
        "1 packets are of link type 127, which is not read: capture on an IP or Ethernet interface",
    )


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_pcapng_with_interfaces_sections_and_strange_blocks_is_read(order: str, pack: Any, tmp_path: Path) -> None:
    nanoseconds = struct.pack(order + "HHB3xHHqHH", 9, 1, 9, 14, 8, 3600, 0, 0)
    data = (
        section(order)
        + interface(1, order)
        + block(0x0BAD, b"what is this", order)
        + interface(101, order, nanoseconds)
    )
    data += enhanced(framed(segment(S, dport=1)), order=order) + enhanced(segment(S, dport=2), 1, START * 1000, order)
    data += enhanced(segment(S, dport=3), 9, START, order)
    data += section("<") + interface(101) + enhanced(segment(S, dport=4))

    found = read(tmp_path, pack(data))

    assert [(e["dst_port"], e["ts"][11:19]) for e in found] == [(1, "13:55:36"), (2, "14:55:36"), (4, "13:55:36")]


@pytest.mark.parametrize(
    ("data", "count", "what"),
    [
        (pcap([]), 0, None),
        (pcap([])[:10], 0, "too early"),
        (pcap([segment(S)] * 2)[:-1], 1, "too early"),
        (pcap([segment(S)])[:30], 0, "too early"),
        (pcap([segment(S)]) + struct.pack("<IIII", 0, 0, FRAME_LIMIT + 1, 9), 1, "damaged"),
        (pcap([segment(S)]) + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 9), 1, "damaged"),
        (pcap([b"", segment(S), b""]), 1, None),
        (section(), 0, None),
        (section()[:9], 0, "too early"),
        (section() + interface(101) + enhanced(segment(S)) + b"\6\0\0\0\0\0\0\0", 1, "damaged"),
        (section() + interface(101) + enhanced(segment(S)) + struct.pack("<II", 6, BLOCK_LIMIT + 4), 1, "damaged"),
        (section() + interface(101) + enhanced(segment(S)) + b"\6\0", 1, "too early"),
        (section() + enhanced(segment(S)) + block(3, bytes(8)) + block(1, b"") + block(6, b"short"), 0, None),
    ],
)
def test_a_damaged_capture_gives_what_came_before_and_says_so(data: bytes, count: int, what: str | None) -> None:
    lines, problem = damage(data)

    assert lines == count
    assert problem is None if what is None else what in str(problem)


def test_the_problem_of_a_capture_does_not_keep_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "a.pcap").write_bytes(pcap([segment(S)] * 2)[:-1])
    (tmp_path / "b.pcap").write_bytes(pcap([segment(S, dport=23)]))

    cut, whole = pipeline.scan([str(tmp_path)], Settings()).inputs

    assert (cut.parsed, cut.complete, whole.parsed, whole.problem) == (1, False, 1, None)
    assert "copy the whole file again" in str(cut.problem)


def test_without_the_library_the_input_says_which_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dpkt", None)
    (tmp_path / "a.pcap").write_bytes(pcap([segment(S)]))

    (read,) = pipeline.scan([str(tmp_path / "a.pcap")], Settings()).inputs

    assert (read.complete, read.lines) == (False, 0)
    assert "pip install 'vedette-scan[pcap]'" in str(read.problem)


def test_a_flood_is_held_in_bounded_memory() -> None:
    talks, told = Conversations(most=50), 0
    for port in range(5000):
        packet = decode(Frame(START, 101, segment(S, sport=port, data=b"x" * 900)), port)
        assert packet
        told += len(list(talks.see(packet)))

    assert len(talks._open) == 51
    assert all(not opening.packet.payload for opening in talks._open.values())
    assert told + len(list(talks.end())) == 5000


FRAMES = [
    framed(each)
    for each in (
        segment(S), answer(S | A), segment(P | A, data=GET), answer(A, b"HTTP/1.1 200 OK\r\n"), datagram(), ping(),
        unreachable(segment(S)), unreachable(ping()), segment(S, "2001:db8::9", 1, "2001:db8::1", 2), ping(128, "2001:db8::9", "2001:db8::1"),
        internet(THEIR, OUR, 132, bytes(20)), internet("2001:db8::9", "2001:db8::1", 0, bytes([6, 0] + [0] * 6) + segment(S)[20:]),
    )
]  # fmt: skip


@given(st.lists(st.binary(max_size=90)), st.sampled_from([0, 1, 12, 101, 113, 228, 276, 999]))
def test_no_bytes_in_a_packet_make_the_reader_raise(packets: list[bytes], link: int) -> None:
    assert damage(pcap(packets, link=link))[0] <= len(packets)


@given(st.binary(max_size=300), st.sampled_from([pcap([]), pcap([], order=">"), section(), section() + interface(1)]))
def test_no_bytes_behind_a_header_make_the_reader_raise(data: bytes, header: bytes) -> None:
    damage(header + data)


WHOLE = (pcap(FRAMES, link=1), section() + interface(1) + b"".join(map(enhanced, FRAMES)))


def changed(whole: bytes, dice: random.Random) -> bytes:
    """Return a capture with a few other bytes behind its magic number, and sometimes without its end."""
    data = bytearray(whole)
    for _ in range(dice.randrange(1, 6)):
        data[dice.randrange(12, len(data))] = dice.choice((0, 1, 255, dice.randrange(256)))
    return bytes(data[: dice.randrange(len(data))] if dice.random() < 0.2 else data)


@pytest.mark.parametrize("whole", WHOLE, ids=["pcap", "pcapng"])
def test_no_change_of_a_capture_makes_the_reader_raise(whole: bytes) -> None:
    dice = random.Random(2)
    assert damage(whole)[0] == 8
    for _ in range(2000):
        damage(changed(whole, dice))


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.parametrize("whole", WHOLE, ids=["pcap", "pcapng"])
def test_no_change_of_a_capture_makes_the_reader_raise_for_as_long_as_one_likes(whole: bytes) -> None:
    for dice in dice_for(FUZZ_SECONDS):
        data = changed(whole, dice)
        try:
            damage(data)
        except Exception as error:
            raise AssertionError(data.hex()) from error
