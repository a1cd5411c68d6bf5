"""Time stamps, addresses, numbers and envelopes, at their edges; every line is read by kernel and reference alike."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_formats import CONTEXT, all_alike, both, one_pattern
from vedette.reading.events import time_text
from vedette.reading.reference import Context
from vedette.reading.times import zone_table

RFC3164, ISO, CLF, EPOCH, SNORT = (
    one_pattern(f"{{ts:{kind}}}|", "ts") for kind in ("rfc3164", "iso", "clf", "epoch", "snort")
)
ADDRESS = one_pattern("{src_ip}|", "src_ip")
NUMBER = one_pattern("{bytes}|", "bytes")
PORT = one_pattern("{src_port}|", "src_port")
HEX = one_pattern("{tcp_seq:hex}|", "tcp_seq")
PROTOCOL = one_pattern("{proto}|", "proto")
SERVICE = one_pattern("{src_ip:ip_port}|", "src_ip")
ENVELOPE = one_pattern("{message}", "message", header="syslog")


def micros(text: str) -> int:
    """Return a time, in ISO 8601 with an offset, as microseconds since 1970 UTC."""
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def time_of(fmt, text: str, context: Context = CONTEXT) -> str | None:
    """Return the time that a format reads, in RFC 3339, or None."""
    event = both(fmt, f"{text}|".encode(), context).event
    return time_text(event["ts"]) if event else None


@pytest.mark.parametrize(
    ("stamp", "received", "expected"),
    [
        ("Dec 31 23:59:59", "2027-01-01T00:00:05Z", "2026-12-31T23:59:59.000000Z"),
        ("Jan  1 00:00:01", "2026-12-31T23:59:55Z", "2027-01-01T00:00:01.000000Z"),
        ("Jan  7 00:00:00", "2026-12-31T12:00:00Z", "2027-01-07T00:00:00.000000Z"),
        ("Jan  8 00:00:00", "2026-12-31T12:00:00Z", "2026-01-08T00:00:00.000000Z"),
        ("Mar 10 00:00:02", "2026-03-11T00:00:00Z", "2026-03-10T00:00:02.000000Z"),
        ("Mar 10 00:00:02", "2026-03-09T00:00:00Z", "2026-03-10T00:00:02.000000Z"),
        ("Mar 30 00:00:02", "2026-03-11T00:00:00Z", "2025-03-30T00:00:02.000000Z"),
        ("Feb 29 12:00:00", "2026-03-11T00:00:00Z", "2024-02-29T12:00:00.000000Z"),
        ("Feb 29 12:00:00", "2024-02-29T12:00:01Z", "2024-02-29T12:00:00.000000Z"),
        ("Feb 29 12:00:00", "2103-03-11T00:00:00Z", "2096-02-29T12:00:00.000000Z"),
        ("Mar 10 00:00:02", "1970-01-01T00:00:00Z", "1969-03-10T00:00:02.000000Z"),
        ("12/31-23:59:59", "2027-01-01T00:00:05Z", "2026-12-31T23:59:59.000000Z"),
    ],
)
def test_a_stamp_without_year_is_of_the_latest_year_that_receipt_allows(
    stamp: str, received: str, expected: str
) -> None:
    assert time_of(SNORT if stamp[0].isdigit() else RFC3164, stamp, Context(micros(received))) == expected


@given(st.integers(0, 130 * 365), st.integers(-6, 2850))
def test_a_stamp_without_year_comes_back_whenever_it_was_received(day: int, delay: int) -> None:
    then = datetime(1971, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    received = then + timedelta(hours=3 * delay if delay > 0 else 24 * delay)

    assert time_of(RFC3164, f"{then:%b %d %H:%M:%S}", Context(micros(received.isoformat()))) == f"{then:%FT%T}.000000Z"


@pytest.mark.parametrize(
    ("fmt", "stamp", "expected"),
    [
        (RFC3164, "Mar 10 00:00:02", "2026-03-10T00:00:02.000000Z"),
        (RFC3164, "mar  1 00:00:02.25", "2026-03-01T00:00:02.250000Z"),
        (RFC3164, "Mar 01 00:00:02,123456789", "2026-03-01T00:00:02.123456Z"),
        (RFC3164, "Mar 10 2025 00:00:02", "2025-03-10T00:00:02.000000Z"),
        (RFC3164, "Mar 10 00:00:02 +0100", "2026-03-09T23:00:02.000000Z"),
        (RFC3164, "Mar 10 00:00:02Z", "2026-03-10T00:00:02.000000Z"),
        (ISO, "2026-03-10T00:00:02Z", "2026-03-10T00:00:02.000000Z"),
        (ISO, "2026-03-10t00:00:02.000001z", "2026-03-10T00:00:02.000001Z"),
        (ISO, "2026/03/10 00:00:02", "2026-03-10T00:00:02.000000Z"),
        (ISO, "2026-03-10_00:00:02.123 -05:30", "2026-03-10T05:30:02.123000Z"),
        (ISO, "2026-03-10T00:00:02+14:00", "2026-03-09T10:00:02.000000Z"),
        (ISO, "2026-03-10T00:00:02-1400", "2026-03-10T14:00:02.000000Z"),
        (ISO, "2026-03-10T00:00:02+02", "2026-03-09T22:00:02.000000Z"),
        (ISO, "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"),
        (ISO, "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"),
        (CLF, "10/Mar/2026:13:55:36 -0700", "2026-03-10T20:55:36.000000Z"),
        (CLF, "1/mar/2026:13:55:36", "2026-03-01T13:55:36.000000Z"),
        (SNORT, "03/10-00:00:02.917356", "2026-03-10T00:00:02.917356Z"),
        (SNORT, "03/10/25-00:00:02", "2025-03-10T00:00:02.000000Z"),
        (SNORT, "03/10/2025-00:00:02.5", "2025-03-10T00:00:02.500000Z"),
        (EPOCH, "1773100802", "2026-03-10T00:00:02.000000Z"),
        (EPOCH, "1773100802.000001", "2026-03-10T00:00:02.000001Z"),
        (EPOCH, "1773100802123", "2026-03-10T00:00:02.123000Z"),
        (EPOCH, "1773100802123456", "2026-03-10T00:00:02.123456Z"),
        (EPOCH, "1773100802123456789", "2026-03-10T00:00:02.123456Z"),
        (EPOCH, "0", "1970-01-01T00:00:00.000000Z"),
    ],
)
def test_a_stamp_is_read_in_each_of_its_spellings(fmt, stamp: str, expected: str) -> None:
    assert time_of(fmt, stamp) == expected


@pytest.mark.parametrize(
    ("fmt", "stamp"),
    [
        (RFC3164, "Feb 30 00:00:02"),
        (RFC3164, "Feb 29 2026 00:00:02"),
        (RFC3164, "Foo 10 00:00:02"),
        (RFC3164, "Mar 32 00:00:02"),
        (RFC3164, "Mar  0 00:00:02"),
        (RFC3164, "Mar 10 24:00:02"),
        (RFC3164, "Mar 10 00:60:02"),
        (RFC3164, "Mar 10 00:00:61"),
        (RFC3164, "Mar 10 0:00:02"),
        (RFC3164, "Mar 10 1969 00:00:02"),
        (ISO, "2026-02-30T00:00:02Z"),
        (ISO, "2026-13-01T00:00:02Z"),
        (ISO, "2026-00-01T00:00:02Z"),
        (ISO, "0000-01-01T00:00:02Z"),
        (ISO, "1969-12-31T23:59:59Z"),
        (ISO, "2026-03/10T00:00:02Z"),
        (ISO, "2026-03-10X00:00:02Z"),
        (ISO, "2026-03-10T00:00:02+1900"),
        (CLF, "30/Feb/2026:13:55:36 +0000"),
        (CLF, "10/Foo/2026:13:55:36 +0000"),
        (CLF, "10/Mar/02026:13:55:36 +0000"),
        (CLF, "10/Mar/9999:13:55:36 +0000"),
        (SNORT, "13/10-00:00:02"),
        (SNORT, "02/30/26-00:00:02"),
        (SNORT, "03/10/026-00:00:02"),
        (SNORT, "03/10 00:00:02"),
        (SNORT, "3/10-00:00:02"),
        (EPOCH, "-1"),
        (EPOCH, "9223372036854775808"),
        (EPOCH, "1773100802."),
    ],
)
def test_what_is_no_time_is_refused(fmt, stamp: str) -> None:
    assert time_of(fmt, stamp) is None


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001 - wall clocks
def test_zones_up_to_fourteen_hours_off_are_exact_to_the_microsecond(wall: datetime, minutes: int) -> None:
    east = timedelta(minutes=minutes)
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    expected = f"{wall - east:%FT%T.%f}Z"

    assert time_of(ISO, f"{wall:%FT%T.%f}{offset}") == expected
    assert time_of(CLF, f"{wall:%d/%b/%Y:%T} {offset.replace(':', '')}") == expected[:20] + "000000Z"


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-03-29 01:59:59", "2026-03-29T00:59:59.000000Z"),
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00.000000Z"),
        ("2026-03-29 03:00:00", "2026-03-29T01:00:00.000000Z"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00.000000Z"),
        ("2026-10-25 03:00:00", "2026-10-25T02:00:00.000000Z"),
        ("2026-07-01 00:00:00", "2026-06-30T22:00:00.000000Z"),
        ("2026-12-01 00:00:00", "2026-11-30T23:00:00.000000Z"),
    ],
)
def test_a_local_time_follows_the_changes_of_its_zone(wall: str, expected: str) -> None:
    assert time_of(ISO, wall, CONTEXT._replace(tz="Europe/Berlin")) == expected


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia"]
)
@given(wall=st.datetimes(datetime(1970, 1, 2), datetime(2040, 12, 30)))  # noqa: DTZ001 - a wall clock
def test_a_zone_table_says_what_zoneinfo_says(name: str, wall: datetime) -> None:
    expected = wall.replace(tzinfo=ZoneInfo(name), fold=0).astimezone(UTC)

    assert time_of(ISO, f"{wall:%F %T.%f}", CONTEXT._replace(tz=name)) == f"{expected:%FT%T.%f}Z"


def test_a_zone_table_is_in_order_and_begins_with_all_times_before() -> None:
    table = zone_table("Europe/Berlin")

    assert zone_table("UTC").tolist() == [[-(1 << 63), 0]]
    assert table.dtype == "int64"
    assert table[0, 0] == -(1 << 63)
    assert sorted(table[:, 0].tolist()) == table[:, 0].tolist()
    assert {east // 3_600_000_000 for east in table[:, 1].tolist()} == {1, 2}


def address_of(text: str) -> str | None:
    """Return the address that is read, or None."""
    event = both(ADDRESS, f"{text}|".encode()).event
    return str(event["src_ip"]) if event else None


@given(st.ip_addresses(v=4))
def test_every_ipv4_address_is_read(address: IPv4Address) -> None:
    assert address_of(str(address)) == str(address)


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "1.2.3.1000",
        "01.2.3.4",
        "1.02.3.4",
        "1.2.3.04",
        "1.2.3.00",
        "1..3.4",
        "1.2.3.4a",
        " 1.2.3.4",
        "",
    ],
)
def test_what_is_no_ipv4_address_is_refused(text: str) -> None:
    assert address_of(text) is None


@st.composite
def spelled_addresses(draw: st.DrawFn) -> str:
    """Return an IPv6 address in any of its spellings: with `::` anywhere or nowhere, upper case, leading zeros, an IPv4 tail."""
    groups = draw(st.lists(st.one_of(st.just(0), st.integers(0, 0xFFFF)), min_size=8, max_size=8))
    words = [draw(st.sampled_from((f"{group:x}", f"{group:X}", f"{group:04x}"))) for group in groups]
    if draw(st.booleans()):
        words[6:] = [f"{groups[6] >> 8}.{groups[6] & 255}.{groups[7] >> 8}.{groups[7] & 255}"]
    start = draw(st.integers(0, len(words)))
    end = draw(st.integers(start, len(words)))
    if draw(st.booleans()):
        return f"{':'.join(words[:start])}::{':'.join(words[end:])}"
    return ":".join(words)


def as_ipaddress_reads(text: str) -> str | None:
    """Return what ipaddress makes of an IPv6 address without scope, IPv4-mapped ones as IPv4, or None."""
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return None
    return None if "%" in text else str(address.ipv4_mapped or address)


@given(spelled_addresses())
def test_ipv6_addresses_are_those_that_ipaddress_accepts(text: str) -> None:
    assert address_of(text) == as_ipaddress_reads(text)


@given(st.text("0123456789abcfABCDEF:::..%", min_size=2, max_size=24))
def test_noise_is_an_ipv6_address_where_ipaddress_says_so(text: str) -> None:
    expected = as_ipaddress_reads(text)
    with suppress(AddressValueError):
        expected = expected or str(IPv4Address(text))

    assert address_of(text) == expected


@given(spelled_addresses(), st.text("01fF:.%", max_size=3), st.integers(0, 40))
def test_a_damaged_ipv6_address_is_one_where_ipaddress_says_so(text: str, put: str, at: int) -> None:
    damaged = text[:at] + put + text[at + 1 :]
    if "." not in damaged or ":" in damaged:
        assert address_of(damaged) == as_ipaddress_reads(damaged)


@pytest.mark.parametrize("text", ["fe80::1%eth0", "fe80::1%", "::1%1", "::ffff:1.2.3.4%0"])
def test_scope_ids_are_refused(text: str) -> None:
    assert address_of(text) is None


@pytest.mark.parametrize("text", ["::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"])
def test_an_ipv4_address_in_ipv6_form_is_the_ipv4_address(text: str) -> None:
    assert address_of(text) == "192.0.2.1"


@given(st.ip_addresses(), st.integers(0, 100_000))
def test_an_address_is_parted_from_its_port(address: IPv4Address | IPv6Address, port: int) -> None:
    if address.version == 6:
        address = ip_address(address.exploded)
    event = both(SERVICE, f"{address.exploded}:{port}|".encode()).event

    if port <= 65535:
        assert event
        assert (event["src_ip"], event["src_port"]) == (str(getattr(address, "ipv4_mapped", None) or address), port)
    else:
        assert event is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("007", 7), ("0" * 5000 + "8", 8), ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None), ("18446744073709551617", None), ("99999999999999999999999", None),
        ("-1", None), ("+1", None), ("1 ", None), ("", None), ("٣", None),
    ],
)  # fmt: skip
def test_a_number_is_whole_and_never_wraps(text: str, value: int | None) -> None:
    event = both(NUMBER, f"{text}|".encode()).event

    assert (event["bytes"] if event else None) == value


def test_a_number_too_large_for_its_column_is_refused() -> None:
    lines = [f"{port}|".encode() for port in (65535, 65536, 65537, 2**32 + 80, 2**64 + 80)]

    assert [reading.event for reading in all_alike(PORT, lines)] == [{"src_port": 65535}, None, None, None, None]


def test_hexadecimal_is_read_with_and_without_prefix() -> None:
    lines = [
        f"{text}|".encode() for text in ("ff", "0xFF", "0Xff", "0x", "0xg", "ffffffff", "100000000", "0" * 15 + "1", "")
    ]
    values = [reading.event and reading.event["tcp_seq"] for reading in all_alike(HEX, lines)]

    assert values == [255, 255, 255, None, None, 2**32 - 1, None, None, None]


def test_a_protocol_is_a_name_in_any_case_or_a_number() -> None:
    lines = [f"{text}|".encode() for text in ("TCP", "Udp", "6", "99", "255", "256", "foo", "tcpx", "IPv6-ICMP")]
    values = [reading.event and reading.event["proto"] for reading in all_alike(PROTOCOL, lines)]

    assert values == ["tcp", "udp", "tcp", "99", "255", None, None, None, "ipv6-icmp"]


NOW = "2026-03-10T00:00:02.000000Z"
ENVELOPES = [
    ("bare words", None, None, "bare words"),
    ("<13>bare words", None, None, "bare words"),
    ("Mar 10 00:00:02 fw1 kernel: x y", NOW, "fw1", "x y"),
    ("<4>Mar 10 00:00:02 fw1 kernel: [12345.678901] IN=eth0", NOW, "fw1", "IN=eth0"),
    ("Mar 10 00:00:02 fw1 kernel: [    1.000000]  IN=eth0", NOW, "fw1", "IN=eth0"),
    ("Mar 10 00:00:02 kernel: no host", NOW, None, "no host"),
    ("Tue Mar 10 00:00:02 2026 kern.warn kernel: x", NOW, None, "x"),
    ("[Tue Mar 10 00:00:02 2026] x", NOW, None, "x"),
    ("000123: *Mar 10 00:00:02.000 UTC: %SEC-6-X: y", NOW, None, "%SEC-6-X: y"),
    ("Mar 10 01:00:02 CET: %SEC-6-X: y", NOW, None, "%SEC-6-X: y"),
    ("Mar 10 00:00:02 IST fw1 app: x", NOW, "fw1", "x"),
    ("<166>:Mar 10 00:00:02 UTC: %FTD-1-2: y", NOW, None, "%FTD-1-2: y"),
    ("<166>1 2026-03-10T00:00:02Z fw1 %ASA-6-302013: - - x y", NOW, "fw1", "%ASA-6-302013: - - x y"),
    ("Mar 10 00:00:02 fw1 sshd[12]: Failed", NOW, "fw1", "Failed"),
    ("Mar 10 00:00:02 fw1 [UFW BLOCK] IN=eth0", NOW, "fw1", "[UFW BLOCK] IN=eth0"),
    ("Mar 10 00:00:02 fw1 FINAL_REJECT: IN=eth0", NOW, "fw1", "IN=eth0"),
    ("Mar 10 00:00:02 192.0.2.254 date=2026 x", NOW, "192.0.2.254", "date=2026 x"),
    ("Mar 10 00:00:02 date=2026 x", NOW, None, "date=2026 x"),
    ("Mar 10 2026 00:00:02: %ASA-4-106023: Deny", NOW, None, "%ASA-4-106023: Deny"),
    ("Mar 10 2026 00:00:02 fw1 : %ASA-4-106023: Deny", NOW, "fw1", "%ASA-4-106023: Deny"),
    ("Mar 10 00:00:01 relay Mar 10 2026 00:00:02 : %ASA-4-106023: Deny", NOW, "relay", "%ASA-4-106023: Deny"),
    ("<166>Mar 10 2026 00:00:02 fw1: %ASA-4-106023: Deny", NOW, "fw1", "%ASA-4-106023: Deny"),
    ("<166>Mar 10 2026 00:00:02 fw1 %ASA-4-106023: Deny", NOW, "fw1", "%ASA-4-106023: Deny"),
    ("*Mar 10 00:00:02.000: %SEC-6-IPACCESSLOGP: list", NOW, None, "%SEC-6-IPACCESSLOGP: list"),
    ("Mar 10 00:00:02 2026 fw1 app: x", NOW, "fw1", "x"),
    ("Mar 10 00:00:01 relay Mar 10 00:00:02 fw1 kernel: x", NOW, "fw1", "x"),
    ("Mar 10 00:00:09 relay <4>Mar 10 00:00:02 fw1 kernel: x", NOW, "fw1", "x"),
    ("2026-03-10T00:00:09Z relay 2026-03-10T01:00:02+01:00 fw1 kernel: x", NOW, "fw1", "x"),
    ("Mar 10 00:00:09 192.0.2.3 <4>1 2026-03-10T00:00:02Z fw1 app 7 - - x", NOW, "fw1", "x"),
    ("<4>1 2026-03-10T00:00:02Z fw1 app 7 ID47 - x", NOW, "fw1", "x"),
    ("<4>1 2026-03-10T00:00:02Z fw1 app 7 ID47 - \ufeffx", NOW, "fw1", "x"),
    ('<4>1 2026-03-10T00:00:02Z fw1 app - - [a@1 k="v \\" ] x" n=""][b] x', NOW, "fw1", "x"),
    ("<4>1 2026-03-10T00:00:02Z fw1 app - - [a@1 k=broken] x", NOW, "fw1", "[a@1 k=broken] x"),
    ("<4>1 - - app - - - x", None, None, "x"),
    ("Mar 10 00:00:02 relay 1 - - app - - - x", NOW, "relay", "x"),
    ("<4>1 x y", None, None, "x y"),
    ("<4>1 2026-03-10T00:00:02Z fw1", NOW, None, "fw1"),
    ("<4444>Mar 10 00:00:02 fw1 x", None, None, "<4444>Mar 10 00:00:02 fw1 x"),
    ("<x>Mar 10 00:00:02 fw1 x", None, None, "<x>Mar 10 00:00:02 fw1 x"),
    ("Feb 30 00:00:02 fw1 kernel: x", None, None, "Feb 30 00:00:02 fw1 kernel: x"),
]


@pytest.mark.parametrize(("line", "ts", "host", "message"), ENVELOPES, ids=[line for line, *_ in ENVELOPES])
def test_an_envelope_is_opened(line: str, ts: str | None, host: str | None, message: str) -> None:
    event = both(ENVELOPE, line.encode()).event

    assert event
    assert event["message"] == message
    assert event.get("sensor") == host
    assert (time_text(event["ts"]) if "ts" in event else None) == ts


def test_an_uptime_is_a_time_where_the_boot_is_known() -> None:
    line = b"<4>[  100.000001] IN=eth0"

    assert both(ENVELOPE, line).event == {"message": "IN=eth0"}
    assert both(ENVELOPE, line, CONTEXT._replace(boot=micros("2026-03-10T00:00:00Z"))).event == {
        "ts": micros("2026-03-10T00:01:40.000001Z"),
        "message": "IN=eth0",
    }
