"""What the tokenizers promise, pitfall by pitfall; every line is read by kernel and reference alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_formats import CONTEXT, DISPATCHED, QUOTED_KEYS, STRUCTURED, all_alike, both, one_pattern
from vedette.formats import by_name
from vedette.reading.events import address_text, event_values, flags_text, time_text, to_event
from vedette.reading.reference import BAD, EMPTY, ESCAPED, FOREIGN, LONG, MALFORMED, TWICE, read
from vedette.reading.reference_decode import repaired

NETFILTER, COMBINED = by_name("netfilter"), by_name("combined")
DROP = b"Mar 10 00:00:02 fw1 kernel: DROP IN=eth0 OUT= SRC=192.0.2.1 DST=198.51.100.1 LEN=40 TTL=50 ID=1 PROTO=TCP SPT=1024 DPT=22 SYN"
GET = b'192.0.2.1 - - [10/Mar/2026:13:55:36 +0000] "GET /x HTTP/1.1" 404 5 "-" "curl/8.5.0"'
BARE = b"SRC=192.0.2.1 DST=198.51.100.1 "


def event(line: bytes, fmt: Any = NETFILTER) -> dict[str, Any]:
    """Return the event of a line that must have one."""
    found = both(fmt, line).event
    assert found is not None, line
    return found


def test_a_decoder_never_steps_over_a_newline() -> None:
    lines = [cut for line in (DROP, GET) for end in range(len(line)) for cut in (line[:end], line)]
    whole = {DROP: both(NETFILTER, DROP), GET: both(NETFILTER, GET)}
    readings = all_alike(NETFILTER, lines)

    assert all(reading == whole[line] for line, reading in zip(lines, readings, strict=True) if line in whole)


@pytest.mark.parametrize(
    "header",
    [b"<4>1 2026-03-10T00:00:02Z", b"<4>1 2026-03-10T00:00:02Z ", b"<4>1 2026-03-10T00:00:02Z fw1", b"<4>1 -", b"<4"],
)
def test_a_header_that_is_cut_off_does_not_take_the_next_line_for_its_rest(header: bytes) -> None:
    readings = all_alike(NETFILTER, [header, DROP, header, DROP])

    assert [reading.event is None for reading in readings] == [True, False, True, False]
    assert readings[1] == both(NETFILTER, DROP)


def test_the_first_of_two_equal_keys_wins_and_the_line_is_flagged() -> None:
    reading = both(NETFILTER, BARE + b"PROTO=TCP SPT=1 DPT=22 SRC=8.8.8.8 DPT=80")

    assert reading.event == {
        "src_ip": "192.0.2.1",
        "dst_ip": "198.51.100.1",
        "proto": "tcp",
        "src_port": 1,
        "dst_port": 22,
        "tcp_flags": "",
    }
    assert reading.flags == TWICE


def test_a_first_value_that_is_bad_is_not_replaced_by_a_second_that_is_not() -> None:
    reading = both(NETFILTER, b"SRC=fe80::1%eth0 DST=198.51.100.1 SRC=8.8.8.8")

    assert (reading.event, reading.reason) == (None, MALFORMED)


def test_an_empty_value_says_nothing_and_leaves_its_place_to_the_next() -> None:
    assert both(NETFILTER, b"SRC= DST=198.51.100.1").event is None
    assert event(b"SRC= SRC=192.0.2.1 DST=198.51.100.1")["src_ip"] == "192.0.2.1"
    assert both(QUOTED_KEYS, b'srcip="" dstip=198.51.100.1').event is None


def test_what_the_inner_packet_of_an_icmp_error_says_is_not_said_of_the_outer_one() -> None:
    line = BARE + b"PROTO=ICMP TYPE=3 CODE=3 [SRC=8.8.8.8 DST=8.8.4.4 PROTO=UDP SPT=53 DPT=1024 TTL=9 SYN ]"

    assert event(line) == {
        "src_ip": "192.0.2.1",
        "dst_ip": "198.51.100.1",
        "proto": "icmp",
        "icmp_type": 3,
        "icmp_code": 3,
    }


def test_a_key_must_touch_a_separator() -> None:
    assert "dst_port" not in event(BARE + b"url=/?DPT=80 xDPT=81 -DPT=82 =DPT=83")


def test_a_value_must_end_where_values_end() -> None:
    reading = both(NETFILTER, b"SRC=192.0.2.1x DST=198.51.100.1")

    assert (reading.event, reading.reason) == (None, MALFORMED)
    assert both(NETFILTER, BARE + b"DPT=22a TTL=64").event == {
        "src_ip": "192.0.2.1",
        "dst_ip": "198.51.100.1",
        "ttl": 64,
    }


@pytest.mark.parametrize("port", ["65536", "65558", "4294967318", "18446744073709551638", "99999999999999999999999999"])
def test_digits_never_wrap_into_a_number_that_fits(port: str) -> None:
    reading = both(NETFILTER, BARE + f"PROTO=TCP DPT={port}".encode())

    assert reading.event is not None
    assert "dst_port" not in reading.event
    assert reading.flags & BAD


def test_numbers_of_nineteen_digits_are_read() -> None:
    line = b'srcip=192.0.2.1 dstip=198.51.100.1 eventtime=1773100802000000001 sentbyte=9223372036854775807 rcvdpkt="9223372036854775808"'

    assert event(line, QUOTED_KEYS)["ts"] == 1_773_100_802_000_000
    assert event(line, QUOTED_KEYS)["bytes"] == 2**63 - 1
    assert "packets" not in event(line, QUOTED_KEYS)


@pytest.mark.parametrize(
    "address",
    ["192.0.2.01", "0192.0.2.1", "192.0.2.256", "192.0.2", "192.0.2.1.1", "fe80::1%eth0", "::1::", "1:2:3:4:5:6:7"],
)
def test_a_source_that_is_no_address_refuses_the_line(address: str) -> None:
    assert both(NETFILTER, f"SRC={address} DST=198.51.100.1".encode()).reason == MALFORMED


def test_a_day_that_does_not_exist_is_no_time() -> None:
    assert both(COMBINED, GET.replace(b"10/Mar", b"30/Feb")).event is None
    assert "ts" not in event(DROP.replace(b"Mar 10", b"Feb 30").replace(b" fw1 kernel: DROP", b""))


def test_what_a_quoted_value_holds_is_no_key() -> None:
    for key in ("msg", "unknown", "url", "user"):
        line = f'count=1 srcport= {key}="x srcip=8.8.8.8 \\" srcport=7 " srcip=192.0.2.1 dstip=198.51.100.1'.encode()

        assert {k: v for k, v in event(line, QUOTED_KEYS).items() if k not in ("url", "username")} == {
            "src_ip": "192.0.2.1",
            "dst_ip": "198.51.100.1",
            "count": 1,
        }


def test_an_escape_in_a_quoted_value_is_kept_and_flagged() -> None:
    reading = both(QUOTED_KEYS, b'srcip=192.0.2.1 dstip=198.51.100.1 user="a \\" b"')

    assert reading.event is not None
    assert reading.event["username"] == 'a \\" b'
    assert reading.flags == ESCAPED


def test_the_devices_own_time_wins_over_the_time_of_the_envelope_if_it_is_one() -> None:
    line = b"Mar 10 00:00:09 fw1 app: srcip=192.0.2.1 dstip=198.51.100.1 eventtime="

    assert event(line + b"1773100802", QUOTED_KEYS)["ts"] == 1_773_100_802_000_000
    assert event(line + b"1773100802x", QUOTED_KEYS)["ts"] == 1_773_100_809_000_000


def test_a_pattern_that_fails_takes_back_what_it_captured() -> None:
    line = b"Mar 10 00:00:09 fw1 app: %DEV-6-302013: x at 2026-03-10 00:00:05 by me 404 some words"

    assert event(line, DISPATCHED)["ts"] == 1_773_100_809_000_000
    assert event(line, DISPATCHED)["sensor"] == "fw1"


def test_structured_data_stays_in_the_message_where_a_format_reads_it() -> None:
    line = b'<14>1 2026-03-10T00:00:02Z srx1 RT_FLOW - X [junos source-address="192.0.2.1" destination-address="198.51.100.1"] y'

    assert event(line, STRUCTURED) == {
        "ts": 1_773_100_802_000_000,
        "sensor": "srx1",
        "src_ip": "192.0.2.1",
        "dst_ip": "198.51.100.1",
    }


def test_keys_that_end_alike_are_told_apart() -> None:
    line = b'<14>1 - - - - - [a destination-address="198.51.100.1" source-address="192.0.2.1"]'

    assert event(line, STRUCTURED) == {"src_ip": "192.0.2.1", "dst_ip": "198.51.100.1"}


@pytest.mark.parametrize(
    "noise", [b"\0", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", "\u2028".encode(), b"\x85", b"\x1b[31m", b"\r"]
)
def test_bytes_that_are_no_text_cost_nothing_but_themselves(noise: bytes) -> None:
    lines = [GET, GET.replace(b"curl", b"cu" + noise + b"rl"), GET]
    first, odd, last = all_alike(COMBINED, lines)

    assert first == last
    assert odd.event is not None
    assert first.event is not None
    assert odd.event["user_agent"] == "cu" + repaired(noise).decode() + "rl/8.5.0"
    assert {k: v for k, v in odd.event.items() if k != "user_agent"} == {
        k: v for k, v in first.event.items() if k != "user_agent"
    }


@given(st.binary(max_size=40))
def test_a_repaired_line_is_as_long_as_it_was_and_valid(line: bytes) -> None:
    assert len(repaired(line)) == len(line)
    assert repaired(line).decode() is not None
    assert repaired(repaired(line)) == repaired(line)


def test_a_line_is_read_up_to_64_kib_and_the_next_one_whatever_its_length() -> None:
    longest = GET[:-1] + b"x" * (65_536 - len(GET)) + b'"'
    first, long, longer, last = all_alike(COMBINED, [GET, longest, longest + b" ", GET])

    assert first == last
    assert long.event is not None
    assert len(long.event["user_agent"]) == 4096
    assert (longer.event, longer.reason) == (None, LONG)


def test_a_text_is_cut_before_the_character_that_its_limit_would_cut() -> None:
    for before in range(4):
        agent = "x" * before + "é" * 3000
        found = event(GET.replace(b"curl/8.5.0", agent.encode()), COMBINED)["user_agent"]

        assert found == agent.encode()[:4096].decode(errors="ignore")


def test_a_line_ends_with_or_without_carriage_return() -> None:
    common = b'192.0.2.1 - - [10/Mar/2026:13:55:36 +0000] "GET /x HTTP/1.1" 304 -'

    for fmt, line in ((NETFILTER, DROP), (COMBINED, GET), (COMBINED, common), (DISPATCHED, b"%DEV-6-302013: words")):
        assert both(fmt, line + b"\r").event == both(fmt, line).event is not None


def test_a_refused_line_has_a_reason() -> None:
    lines = [b"", b"nothing of ours", b"SRC=192.0.2.1", b"SRC=x DST=198.51.100.1", b"x" * 65_537]

    assert [reading.reason for reading in all_alike(NETFILTER, lines)] == [EMPTY, FOREIGN, FOREIGN, MALFORMED, LONG]


def test_a_refused_line_tells_how_far_it_was_matched() -> None:
    fmt = one_pattern("a {src_ip} b {dst_ip} c", "src_ip")

    assert read(fmt, b"a 192.0.2.1 b x c", CONTEXT).reached == len(b"a 192.0.2.1 b ")
    assert read(fmt, b"zzz", CONTEXT).reached == 0
    assert read(NETFILTER, b"SRC=192.0.2.1 DST=x", CONTEXT).reached == len(b"SRC=192.0.2.1")
    assert read(fmt, b"a 192.0.2.1 b 198.51.100.1 c", CONTEXT).reached == 28


def test_flags_and_types_are_kept_where_the_protocol_has_them_only_and_ports_as_logged() -> None:
    ports = b"SPT=1 DPT=2 SYN TYPE=8 CODE=0"

    assert set(event(BARE + b"PROTO=ICMP " + ports)) & {"src_port", "dst_port", "tcp_flags", "icmp_type"} == {
        "src_port",
        "dst_port",
        "icmp_type",
    }
    assert set(event(BARE + b"PROTO=UDP " + ports)) & {"src_port", "dst_port", "tcp_flags", "icmp_type"} == {
        "src_port",
        "dst_port",
    }
    assert set(event(BARE + b"PROTO=TCP " + ports)) & {"src_port", "tcp_flags", "icmp_type"} == {
        "src_port",
        "tcp_flags",
    }


@pytest.mark.parametrize(
    ("request_line", "method", "url"),
    [
        ("GET / HTTP/1.1", "GET", "/"),
        ("GET / HTTP/2", "GET", "/"),
        ("GET /a b HTTP/1.0", "GET", "/a b"),
        ("GET /", "GET", "/"),
        ("GET /x HTTP/1.1 HTTP/1.1", "GET", "/x HTTP/1.1"),
        ("GET HTTP/1.1", "GET", "HTTP/1.1"),
        ("M-SEARCH * HTTP/1.1", "M-SEARCH", "*"),
        ("\\x16\\x03\\x01", None, "\\x16\\x03\\x01"),
        ("GET", None, "GET"),
        ("-", None, None),
        ("", None, None),
    ],
)
def test_a_request_is_split_into_method_and_target(request_line: str, method: str | None, url: str | None) -> None:
    found = event(GET.replace(b"GET /x HTTP/1.1", request_line.encode()), COMBINED)

    assert (found.get("http_method"), found.get("url")) == (method, url)


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_an_address_is_printed_as_ipaddress_prints_it(hi: int, lo: int) -> None:
    from ipaddress import IPv6Address

    address = IPv6Address((hi % 2**64) << 64 | lo % 2**64)

    assert address_text(hi, lo) == str(address.ipv4_mapped or address)


def test_a_row_becomes_the_object_of_vedette_events() -> None:
    row = {
        "record": 7, "format": 0, "ts": 1_773_100_802_000_001, "src_hi": 0, "src_lo": 0xFFFF_C000_0201, "dst_hi": None, "dst_lo": None,
        "proto": 58, "action": 0, "tcp_flags": 0b0001_0010, "count": None, "url": "/",
    }  # fmt: skip

    assert to_event(row) == {
        "ts": "2026-03-10T00:00:02.000001Z", "src_ip": "192.0.2.1", "proto": "ipv6-icmp", "action": "deny", "tcp_flags": "SA", "url": "/",
    }  # fmt: skip
    assert event_values(row)["ts"] == 1_773_100_802_000_001
    assert event_values({"proto": 99}) == {"proto": "99"}
    assert flags_text(255) == "FSRPAUEC"
    assert time_text(-1) == "1969-12-31T23:59:59.999999Z"
