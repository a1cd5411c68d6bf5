"""The csv tokenizer: its kernel reads what the plain reference reads, by position, by layout and by header."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenizing import REASONS as SHARED_REASONS
from tokenizing import assert_same, buffer_of, by_kernel, by_reference, event_of, mutations
from vedette.kernels import tables as t
from vedette.kernels.csv import csv
from vedette.reading.batches import Context, Output
from vedette.reading.csv_table import header_in, resolve
from vedette.reading.reference import BAD, ESCAPED
from vedette.reading.reference_csv import HEADER
from vedette.reading.tables import compile_format, with_header
from vedette.reading.times import zone_table

REASONS = {**SHARED_REASONS, t.R_HEADER: HEADER}

FIREWALL: dict[str, Any] = tomllib.loads(r"""
tokenizer = "csv"
header = "syslog"
quote = '"'
escape = '\'
nil = ["-", "(empty)", "0.0.0.0"]
required = ["src_ip", "dst_ip"]
tcp_flags_always = true
[part]
start = ["_", "ts", "_", "_", "_", "src_ip", "dst_ip"]
[[layout]]
when = { 3 = "TRAFFIC", 4 = ["deny", "drop"] }
columns = ["@start", "signature", "src_port", "dst_port", "proto", "bytes", "username", "_", "_"]
set = { action = "deny" }
[[layout]]
when = { 3 = "traffic" }
columns = ["@start", "signature", "src_port", "dst_port", "proto", "bytes", "tcp_flags:letters", "ttl", "tcp_seq", "ip_id:hex"]
set = { action = "allow" }
[[layout]]
when = { 3 = "THREAT" }
columns = ["@start", "signature", "url", "action", "http_host", "_", "user_agent", "ts:epoch", "_"]
[enum.action]
alert = "alert"
"reset both" = "deny"
""")
FIREWALL_LINES = [
    b'<14>Mar 10 00:00:01 fw1 1,2026/03/10 00:00:02,007,TRAFFIC,drop,192.0.2.1,198.51.100.2,"a, ""b"" \\" c",40000,443,tcp,60,bob,x,y,z',
    b"1,2026/03/10 00:00:02,007,TRAFFIC,end,2001:db8::1,2001:db8::2,,40000,443,6,60,SA,55,123456,1f",
    b"1, 2026/03/10 00:00:02.5 ,007,TRAFFIC,start,192.0.2.1, 198.51.100.2 ,-, 1 ,2,TCP  ,60",
    b'1,2026/03/10 00:00:02,203.0.113.5,THREAT,url,"192.0.2.1","198.51.100.2",(empty),"/a?b=""c""",reset both,"www.example.com",9,Mozilla/5.0\r',
    b"1,2026/03/10 00:00:02,7,THREAT,url,192.0.2.1,198.51.100.2,\xc3\xa9\xff,/,alert,,,,1583020800.25,",
    b"1,bad,7,SYSTEM,url,192.0.2.1,198.51.100.2",
    b"1,,7,TRAFFIC,deny,0.0.0.0,198.51.100.2,x,1",
    b"1,2026/03/10 00:00:02,7,TRAFFIC,deny,192.0.2.1,198.51.100.2",
]

WEB: dict[str, Any] = tomllib.loads("""
tokenizer = "csv"
separator = " "
nil = "-"
required = ["src_ip"]
[header_line]
start = "#Fields:"
needs = ["c-ip"]
[field]
date = "ts:date"
time = "ts:clock"
s-ip = "sensor"
cs-method = "http_method"
cs-uri-stem = "url"
cs-uri-query = "url:query"
s-port = "dst_port"
cs-username = "username"
c-ip = "src_ip"
"cs(User-Agent)" = "user_agent"
sc-status = "http_status"
""")
WEB_HEADER = b"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status x y"
WEB_LINES = [
    b"2026-03-10 00:00:02 192.0.2.7 GET /a.aspx id=1&b=2 443 - 203.0.113.9 Mozilla/5.0+(X11) - 404 0 2",
    b"2026-03-10 00:00:02 192.0.2.7 GET /a.aspx - 443 bob 2001:db8::9 - - 200",
    b"2026-03-10 25:00:02 192.0.2.7 GET /a.aspx - 443 bob 2001:db8::9 - - 200\r",
    b"#Software: Microsoft Internet Information Services 10.0",
]

BALANCER: dict[str, Any] = tomllib.loads("""
tokenizer = "csv"
separator = " "
quote = '"'
nil = ["-"]
runs = true
required = ["src_ip"]
columns = ["_", "ts", "_", "src_ip:ip_port", "dst_ip:ip_port", "_", "http_status", "url:request", "user_agent"]
[default]
proto = "tcp"
""")
BALANCER_LINES = [
    b'https 2026-03-10T00:00:02.186641Z app/my-loadbalancer 192.0.2.131:2817 198.51.100.1:80 0.086 200 "GET https://www.example.com:443/?a=b HTTP/1.1" "curl/7.46.0" x y',
    b'  http  2026-03-10T00:00:02Z a [2001:db8::1]:443   -  0 - "- http://x:80- " "-"',
    b'http 2026-03-10T00:00:02,186641+01 a 192.0.2.131 192.0.2.1:99999 0 0404 "BREW /pot" "a""b"',
]
BYTES = b'",,,,-   \\\r\x00\x7f\xc3\xa9:0123456789.[]aS#'


def resolved() -> dict[str, Any]:
    return resolve(WEB, WEB_HEADER)


BARE = {**FIREWALL, "header": "none"}
"""The same without syslog: the envelope has tests of its own."""

CASES = [(FIREWALL, FIREWALL_LINES), (resolved(), WEB_LINES), (BALANCER, BALANCER_LINES)]
NAMES = ["layouts", "header", "quotes and runs"]


@pytest.mark.parametrize(("spec", "lines"), CASES, ids=NAMES)
def test_kernel_and_reference_agree_on_the_samples(spec: dict[str, Any], lines: list[bytes]) -> None:
    assert_same(spec, lines, REASONS)
    assert sum(event is not None for event, _, _ in by_kernel(spec, lines)) >= 2


@pytest.mark.parametrize(("spec", "lines"), CASES, ids=NAMES)
def test_kernel_and_reference_agree_on_mutated_lines(spec: dict[str, Any], lines: list[bytes]) -> None:
    assert_same({**spec, "header": "none"}, mutations(lines, 4000, BYTES), REASONS)


FIELDS = st.sampled_from(
    [
        b"192.0.2.1",
        b"2001:db8::1",
        b"TRAFFIC",
        b"THREAT",
        b"drop",
        b"1",
        b"-",
        b"",
        b'"',
        b'"a""',
        b'"x"',
        b" 7 ",
        b"tcp",
        b"2026-03-10",
    ]
)


@pytest.mark.parametrize("spec", [BARE, resolved(), BALANCER], ids=NAMES)
@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.one_of(FIELDS, st.binary(max_size=12)), max_size=18), max_size=12))
def test_kernel_and_reference_agree_on_any_fields(spec: dict[str, Any], rows: list[list[bytes]]) -> None:
    separator = spec.get("separator", ",").encode()
    assert_same(spec, [separator.join(fields).replace(b"\n", b" ") for fields in rows], REASONS)


def event(spec: dict[str, Any], line: bytes) -> dict[str, Any]:
    ((found, _, _),) = by_kernel(spec, [line])
    assert found is not None
    return found


def test_the_layout_is_chosen_by_constants_at_their_places() -> None:
    assert event(FIREWALL, FIREWALL_LINES[0]) == {
        "ts": 1773100802000000, "sensor": "fw1", "src_ip": "192.0.2.1", "dst_ip": "198.51.100.2", "signature": 'a, ""b"" \\" c', "src_port": 40000,
        "dst_port": 443, "proto": "tcp", "bytes": 60, "username": "bob", "action": "deny", "tcp_flags": "",
    }  # fmt: skip
    assert event(FIREWALL, FIREWALL_LINES[1])["action"] == "allow"
    assert event(FIREWALL, FIREWALL_LINES[3])["action"] == "deny"
    assert by_kernel(FIREWALL, [FIREWALL_LINES[5]])[0][1] == t.R_FOREIGN


def test_a_stamp_ends_where_its_field_ends() -> None:
    line = b"1,2026/03/10 00:00:02,500000,TRAFFIC,end,192.0.2.1,198.51.100.2,x,1,2"
    assert event(FIREWALL, line)["ts"] == 1773100802000000
    assert event(FIREWALL, line)["dst_port"] == 2


def test_more_fields_than_known_are_ignored_and_fewer_leave_columns_without_value() -> None:
    line = FIREWALL_LINES[1]
    assert event(FIREWALL, line + b",1,2,3,4") == event(FIREWALL, line)
    assert event(FIREWALL, b",".join(line.split(b",")[:7])).keys() == {"ts", "src_ip", "dst_ip", "action"}
    assert by_kernel(FIREWALL, [b",".join(line.split(b",")[:6])])[0][1] == t.R_FOREIGN


def test_words_that_mean_no_value_leave_columns_without_value() -> None:
    assert "signature" not in event(FIREWALL, FIREWALL_LINES[2])
    assert by_kernel(FIREWALL, [FIREWALL_LINES[6]])[0][1] == t.R_FOREIGN


def test_a_quote_that_does_not_close_hides_nothing_before_it_and_shows_nothing_after_it() -> None:
    line = b'1,2026/03/10 00:00:02,7,THREAT,url,192.0.2.66,198.51.100.2,"evil"x,1,alert,203.0.113.9,9,x'
    for forged in (line, line.replace(b'"x', b"")):
        assert_same(FIREWALL, [forged], REASONS)
        ((found, _, flags),) = by_kernel(FIREWALL, [forged])
        assert found == {"ts": 1773100802000000, "src_ip": "192.0.2.66", "dst_ip": "198.51.100.2"}
        assert flags == BAD


def test_separators_and_quotes_inside_a_quoted_text_forge_no_field() -> None:
    line = b'1,2026/03/10 00:00:02,7,THREAT,url,192.0.2.66,198.51.100.2,"x"",""192.0.2.1,"",THREAT",/,alert'
    ((found, _, flags),) = by_kernel(FIREWALL, [line])
    assert found is not None
    assert (found["signature"], found["url"], flags) == ('x"",""192.0.2.1,"",THREAT', "/", ESCAPED)


def test_a_query_in_a_field_of_its_own_joins_its_url() -> None:
    assert event(resolved(), WEB_LINES[0])["url"] == "/a.aspx?id=1&b=2"
    assert event(resolved(), WEB_LINES[1])["url"] == "/a.aspx"
    assert event(resolved(), WEB_LINES[0])["ts"] == 1773100802000000


def test_an_address_may_stand_together_with_its_port() -> None:
    first, second, third = (event(BALANCER, line) for line in BALANCER_LINES)
    assert (first["src_ip"], first["src_port"], first["dst_port"], first["http_method"]) == (
        "192.0.2.131",
        2817,
        80,
        "GET",
    )
    assert (second["src_ip"], second["src_port"], "dst_ip" in second) == ("2001:db8::1", 443, False)
    assert (third["src_ip"], "src_port" in third, "dst_ip" in third) == ("192.0.2.131", False, False)


def test_a_header_line_names_the_columns() -> None:
    assert header_in(WEB, [b"#Software: x", WEB_HEADER, WEB_HEADER]) == WEB_HEADER
    assert header_in(WEB, [b"#Fields: date time", b"c-ip"]) is None
    swapped = resolve(WEB, b"\xef\xbb\xbf#Fields: C-IP sc-status unknown cs-method\r")
    assert event(swapped, b"192.0.2.1 404 ? GET") == {"src_ip": "192.0.2.1", "http_status": 404, "http_method": "GET"}
    with pytest.raises(ValueError, match="no header"):
        with_header(WEB, b"2026-03-10 00:00:02 192.0.2.7")


def test_without_a_header_no_line_is_read() -> None:
    assert [reason for _, reason, _ in by_kernel(WEB, WEB_LINES)] == [t.R_FOREIGN] * 3 + [t.R_HEADER]


def test_a_first_line_header_is_recognised_by_the_names_it_needs() -> None:
    spec = tomllib.loads("""
        tokenizer = "csv"
        quote = '"'
        required = ["src_ip"]
        header_line = { needs = ["sa", "dp"] }
        field = { sa = "src_ip", dp = "dst_port", ts = "ts" }
    """)
    header = b'"ts",sa, DP ,x'
    assert header_in(spec, [b"1,2,3", header]) == header
    lines = [header, b'"2026-03-10 00:00:02",192.0.2.1,80,1', b"2026-03-10 00:00:02,192.0.2.1,x", b"sa,dp"]
    assert [reason for _, reason, _ in by_kernel(resolve(spec, header), lines)] == [t.R_HEADER, 0, 0, t.R_BAD]
    assert_same(resolve(spec, header), lines, REASONS)


def test_the_kernel_stops_after_a_header_so_that_the_caller_can_change_the_columns() -> None:
    lines = [WEB_LINES[0], b"#Fields: c-ip sc-status", b"192.0.2.1 404", b"#Fields: sc-status c-ip"]
    buffer, end = buffer_of([*lines, b"200 192.0.2.2"])
    spans = np.array([[0, end, 0, 1]], np.int64)
    fmt, out, context = with_header(WEB, WEB_HEADER), Output.new(16), Context.of(zone_table("UTC"))
    events = []
    while out.state[t.STATE_SPAN] < 1:
        out.state[t.STATE_ROWS] = out.state[t.STATE_REJECTS] = 0
        csv(buffer, spans, tuple(fmt), tuple(context), tuple(out))
        events += [event_of(out, row, buffer) for row in range(int(out.state[t.STATE_ROWS]))]
        if out.state[t.STATE_REJECTS]:
            start, stop, _, reason = out.rejects[int(out.state[t.STATE_REJECTS]) - 1]
            assert reason == t.R_HEADER
            fmt = with_header(WEB, bytes(buffer[start:stop]))
    assert [(found["src_ip"], found["http_status"]) for found in events] == [
        ("203.0.113.9", 404),
        ("192.0.2.1", 404),
        ("192.0.2.2", 200),
    ]


def test_no_field_reaches_over_the_end_of_its_line() -> None:
    whole = FIREWALL_LINES[0]
    lines = [line for cut in range(len(whole)) for line in (whole[:cut], whole)]
    answers = by_kernel(FIREWALL, lines)
    assert all(found == event(FIREWALL, whole) for found, _, _ in answers[1::2])
    assert_same(BARE, lines, REASONS)


def test_rows_are_the_same_however_little_the_output_holds() -> None:
    lines = mutations(FIREWALL_LINES, 300, BYTES, seed=2)
    assert by_kernel(FIREWALL, lines, rows=3) == by_kernel(FIREWALL, lines, rows=512)


@pytest.mark.parametrize(
    "line",
    [
        b'"' * 60_000,
        b"," * 65_536,
        b"," * 65_537,
        b"\x00" * 70_000,
        b'1,"' + b"\\" * 60_000,
        b"1,2026/03/10 00:00:02." + b"9" * 60_000,
    ],
)
def test_hostile_lines_cost_nothing_but_themselves(line: bytes) -> None:
    for spec, lines in CASES:
        assert_same(spec, [line, lines[0]], REASONS)
        assert by_kernel(spec, [line, lines[0]])[1][0] == event(spec, lines[0])


@pytest.mark.parametrize(
    "change", [{"separator": "::"}, {"separator": "\n"}, {"columns": ["nothing"]}, {"columns": ["ts:nothing"]}]
)
def test_a_specification_that_means_nothing_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has a text of its own
        compile_format({**BALANCER, **change})


def test_the_reference_reads_a_line_by_itself() -> None:
    assert by_reference(BALANCER, BALANCER_LINES[0]).event == event(BALANCER, BALANCER_LINES[0])
