"""The json tokenizer: its kernel reads what the plain reference reads, whatever a line holds."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vedette.formats
from tokenizing import RECEIVED, Plain, assert_same, buffer_of, by_kernel, by_reference, event_of, mutations
from vedette.kernels import tables as t
from vedette.kernels.json import unescape
from vedette.reading.batches import Output
from vedette.reading.reference import BAD, MALFORMED, TWICE, Context
from vedette.reading.slow import read_slowly
from vedette.reading.tables import compile_format

SPEC: dict[str, Any] = tomllib.loads("""
tokenizer = "json"
header = "syslog"
required = ["src_ip"]
tcp_flags_always = true
[path]
timestamp = "ts"
src_ip = "src_ip"
"id.orig_h" = "src_ip"
dest_ip = "dst_ip"
dest_port = "dst_port"
"server.address" = "dst_ip:ip_port"
proto = "proto"
"alert.signature" = "signature"
"alert.signature_id" = "signature_id"
"alert.action" = "action"
"tcp.tcp_flags" = "tcp_flags:hex"
"tcp.letters" = "tcp_flags:letters"
"tcp.ack.rfc" = "tcp_seq"
"http.url" = "url"
"http.http_user_agent" = "user_agent"
blocked = "action:action.blocked"
host = "sensor"
[default]
count = 1
[enum.action]
allowed = "allow"
"not allowed" = "deny"
[enum."action.blocked"]
true = "deny"
false = "allow"
[match]
event_type = ["alert", "drop"]
alert = true
""")

ALERT = (
    b'{"timestamp":"2026-03-10T00:00:02.123456+0100","flow_id":1.5e3,"event_type":"alert","src_ip":"192.0.2.1","src_port":40000,'
    b'"dest_ip":"2001:db8::1","dest_port":443,"proto":"TCP","metadata":{"a":["b",{"c":null}]},"alert":{"action":"allowed","gid":1,'
    b'"signature_id":2010935,"signature":"ET SCAN x"},"tcp":{"tcp_flags":"1b","ack":{"rfc":7}},"http":{"url":"\\/a?b=1\\u00262",'
    b'"http_user_agent":"curl/8"},"host":"sensor1"}'
)
LINES = [
    ALERT,
    b'<13>Mar 10 00:00:02 ids1 suricata[7]: {"event_type": "DROP", "alert": 1, "id.orig_h": "192.0.2.2", "timestamp": 1583020800.25, "proto": 6}',
    b'{"event_type":"alert","alert":{"action":"Not Allowed"},"id":{"orig_h":"::1"},"server":{"address":"[2001:db8::2]:8443"},"timestamp":"1583020800123"},',
    b'[{"event_type":"alert","alert":[],"src_ip":"192.0.2.3","blocked":true,"tcp":{"letters":"..A.S."},"proto":"icmp","dest_port":"80"}]',
    b'{"event_type":"alert","alert":0,"src_ip":"192.0.2.3","src_ip":"192.0.2.4","tcp":{"letters":"","letters":"S"},"proto":"tcp"}\r',
    b'@cee: {"event_type":"alert","alert":{"signature":"a\\"b\\\\"},"src_ip":null,"id":{"orig_h":"192.0.2.5"},"host":"\xc3\xa9\xff"}',
    b'{"event_type":"alert","alert":{"signature":"\\ud83d\\ude00 \\u00e9"},"src_ip":"192.0.2.5","http":{"url":"/"},"http":{"url":"/b"}}',
]  # fmt: skip
BARE = {**SPEC, "header": "none"}
"""The same without syslog: the envelope has tests of its own."""

BYTES = b'{}[]",:\\/ ue0123456789-+.eE\t\r\x00\x1f\x7f\xc3\xa9ntrf'


def with_members(*members: bytes) -> bytes:
    return b'{"event_type":"alert","alert":{},"src_ip":"192.0.2.1",' + b",".join(members) + b"}"


def test_an_alert_becomes_an_event() -> None:
    ((event, _, flags),) = by_kernel(SPEC, [ALERT])
    assert event == {
        "ts": 1773097202123456, "src_ip": "192.0.2.1", "dst_ip": "2001:db8::1", "dst_port": 443, "proto": "tcp", "action": "allow",
        "tcp_flags": "FSPA", "tcp_seq": 7, "count": 1, "url": "/a?b=1&2", "user_agent": "curl/8", "signature_id": "2010935",
        "signature": "ET SCAN x", "sensor": "sensor1",
    }  # fmt: skip
    assert flags == 0


def test_kernel_and_reference_agree_on_the_samples() -> None:
    assert assert_same(SPEC, LINES) == 1


def test_kernel_and_reference_agree_on_mutated_lines() -> None:
    assert assert_same(BARE, mutations(LINES, 6000, BYTES)) < 3000


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=80),
            st.text(alphabet=BYTES.decode("latin-1"), max_size=60).map(lambda s: s.encode("latin-1")),
        ),
        max_size=20,
    )
)
def test_kernel_and_reference_agree_on_any_bytes(pieces: list[bytes]) -> None:
    lines = [piece.replace(b"\n", b"") for piece in pieces]
    assert_same(BARE, [*lines, *(with_members(b'"http":{"url":' + line + b"}") for line in lines)])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
WANTED = st.sampled_from(
    [
        "timestamp",
        "src_ip",
        "dest_port",
        "proto",
        "alert",
        "http",
        "tcp",
        "server",
        "host",
        "blocked",
        "event_type",
        "id.orig_h",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(WANTED, VALUES, max_size=8), max_size=8), st.booleans())
def test_kernel_and_reference_agree_on_any_objects(objects: list[dict[str, Any]], ascii_only: bool) -> None:
    lines = [
        json.dumps({"event_type": "alert", "alert": {}, "src_ip": "192.0.2.1", **o}, ensure_ascii=ascii_only).encode(
            "utf-8", "replace"
        )
        for o in objects
    ]
    assert_same(BARE, lines)


@pytest.mark.parametrize(
    "members",
    [
        b'"a":01', b'"a":+1', b'"a":1.', b'"a":.5', b'"a":1e', b'"a":NaN', b'"a":-Infinity', b'"a":tru', b'"a":nul', b'"a":"\x01"', b'"a":"\t"',
        b'"a":"\\x"', b'"a":"\\u12g4"', b'"a":"open', b'"a":[1,]', b'"a":{"b":1,}', b'"a":[1 2]', b'"a":{1:2}', b'"a":[}', b'"a":{]', b'"a"', b'"a":',
        b'a:1', b"'a':1", b'"a":1,', b',"a":1', b'"a":\x00', b'"a":"\x00"', b'"alert":{"signature":"x"', b'"a":1}{"b":2', b'"a":1} x', b'"a":--1',
    ],
)  # fmt: skip
def test_what_is_no_json_is_no_event(members: bytes) -> None:
    line = with_members(members)
    assert_same(SPEC, [line])
    assert by_reference(SPEC, line).reason == MALFORMED


@pytest.mark.parametrize("depth", [1, 29, 30, 31, 32, 100_000 // 8])
@pytest.mark.parametrize("nesting", [b"[]", b'{"a":1}'], ids=["arrays", "objects"])
def test_nesting_is_read_down_to_a_depth_of_32(depth: int, nesting: bytes) -> None:
    opening, closing = (b"[", b"]") if nesting == b"[]" else (b'{"a":', b"}")
    line = with_members(b'"x":' + opening * depth + b"1" + closing * depth)
    assert_same(SPEC, [line])
    ((event, _, _),) = by_kernel(SPEC, [line])
    assert (event is not None) == (depth <= 31)


def test_a_hundred_thousand_brackets_cost_nothing_but_their_line() -> None:
    for bracket in (b"[", b'{"a":', b"]", b"}"):
        deep = with_members(b'"x":' + (bracket * 100_000)[:60_000])
        (first, _, _), (second, _, _) = by_kernel(SPEC, [deep, ALERT])
        assert first is None
        assert second is not None
        assert_same(SPEC, [deep])


def test_a_number_of_five_thousand_digits_is_a_bad_value_and_no_more() -> None:
    line = with_members(b'"dest_port":' + b"9" * 5000, b'"other":' + b"9" * 5000, b'"timestamp":' + b"1" * 5000)
    assert_same(SPEC, [line])
    ((event, _, flags),) = by_kernel(SPEC, [line])
    assert event is not None
    assert "dst_port" not in event
    assert flags == BAD


def test_the_first_of_two_equal_keys_wins_and_the_line_is_flagged() -> None:
    line = with_members(
        b'"src_ip":"203.0.113.9"',
        b'"http":{"url":"/a"}',
        b'"http":{"url":"/b"}',
        b'"dest_port":null',
        b'"dest_port":80',
    )
    assert_same(SPEC, [line])
    ((event, _, flags),) = by_kernel(SPEC, [line])
    assert event is not None
    assert (event["src_ip"], event["url"], event.get("dst_port"), flags) == ("192.0.2.1", "/a", None, TWICE)


def test_an_escape_in_a_key_sends_the_line_to_the_slow_path() -> None:
    line = b'{"event_type":"alert","alert":{},"src\\u005fip":"192.0.2.9","src_ip":"192.0.2.1"}'
    assert by_kernel(SPEC, [line])[0][1] == t.R_ESCAPED
    event = by_reference(SPEC, line).event
    assert event is not None
    assert event["src_ip"] == "192.0.2.9"


def test_escapes_of_plain_characters_are_read_without_the_slow_path() -> None:
    line = with_members(
        b'"http":{"url":"\\/a\\u003fb\\u00e9\\ud83d\\ude00"}', b'"timestamp":"2026-03-10T00:00:00\\u002b00:00"'
    )
    ((event, reason, _),) = by_kernel(SPEC, [line])
    assert reason == 0
    assert event is not None
    assert (event["url"], event["ts"]) == ("/a?bé😀", 1773100800000000)


@pytest.mark.parametrize(
    "escape",
    [
        b'\\"',
        b"\\\\",
        b"\\n",
        b"\\u0000",
        b"\\u001f",
        b"\\u0022",
        b"\\u005c",
        b"\\ud800",
        b"\\udc00",
        b"\\ud800\\u0041",
    ],
)
def test_escapes_that_json_needs_take_the_slow_path(escape: bytes) -> None:
    line = with_members(b'"http":{"url":"/a\\/' + escape + b'"}')
    assert by_kernel(SPEC, [line])[0][1] == t.R_ESCAPED
    event = by_reference(SPEC, line).event
    assert event is not None
    assert event["url"].encode() == ("/a/" + json.loads(b'"' + escape + b'"')).encode("utf-8", "replace")


def test_a_line_whose_escapes_were_undone_means_the_same_when_it_is_read_again() -> None:
    text = b'"a\\/b\\u00e9c\\ud83d\\ude00" ,'
    buffer, _ = buffer_of([text])
    end = unescape(buffer, np.uint64(1), np.uint64(text.rindex(b'"')))
    rest = bytes(buffer[: len(text)])
    assert rest[int(end) : int(end) + 1] == b'"'
    assert json.loads(rest.rstrip(b" ,")) == json.loads(text.rstrip(b" ,"))
    assert len(rest) == len(text)


def test_no_value_reaches_over_the_end_of_its_line() -> None:
    starts = [ALERT[:cut] for cut in range(len(ALERT))]
    lines = [line for start in starts for line in (start, ALERT)]
    answers = by_kernel(SPEC, lines)
    assert all(event is None for event, _, _ in answers[::2])
    assert all(event is not None and event["src_ip"] == "192.0.2.1" for event, _, _ in answers[1::2])


def test_rows_are_the_same_however_little_the_output_holds() -> None:
    lines = mutations(LINES, 300, BYTES, seed=2)
    assert by_kernel(SPEC, lines, rows=3) == by_kernel(SPEC, lines, rows=512)


def test_a_line_of_another_kind_is_left_to_other_formats() -> None:
    other = ALERT.replace(b'"event_type":"alert"', b'"event_type":"flow"')
    assert by_kernel(SPEC, [other])[0][1] == t.R_FOREIGN
    assert_same(SPEC, [other, b"not json", b"", b"[]", b"null", b'"a"', b"{}", b"[{}]", b"{", b"[{"])


def test_keys_that_hash_alike_in_another_node_are_not_taken() -> None:
    assert_same(
        SPEC,
        [
            with_members(
                b'"x":{"src_ip":"203.0.113.9"}',
                b'"alert.x":1',
                b'"alert":{"src_ip":"203.0.113.9","alert.action":"allowed"}',
            )
        ],
    )


@pytest.mark.parametrize(
    "change",
    [
        {"path": {"a..b": "ts"}},
        {"path": {"a": "nothing"}},
        {"path": {f"k{i}": "ts" for i in range(65)}},
        {"path": {"a": "url:request"}},
    ],
)
def test_a_specification_that_means_nothing_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has a text of its own
        compile_format({**SPEC, **change})


EVENTS_SPEC = tomllib.loads(Path(vedette.formats.__file__).with_name("vedette_events.toml").read_text(encoding="utf-8"))


def test_vedettes_own_events_are_read_as_their_samples_say() -> None:
    from vedette.reading.events import time_text

    lines = [sample["line"].encode() for sample in EVENTS_SPEC["sample"]]
    assert_same(EVENTS_SPEC, lines)
    for sample in EVENTS_SPEC["sample"]:
        event = by_reference(EVENTS_SPEC, sample["line"].encode()).event
        if event:
            event["ts"] = time_text(event["ts"])
        assert event == (sample["event"] or None)


def test_vedettes_own_events_come_back_as_they_were_written() -> None:
    from vedette.reading.events import to_event

    rows = [
        {
            "ts": 1773100800000001,
            "src_hi": 0,
            "src_lo": 0xFFFF_C000_0201,
            "dst_hi": 0x20010DB8 << 32,
            "dst_lo": -1,
            "proto": 6,
            "tcp_flags": 255,
        },
        {
            "ts": 0,
            "proto": 47,
            "action": 2,
            "count": 2**62,
            "url": 'a"b\\c\nd\x00é😀\u2028',
            "message": "",
            "signature": "\t",
        },
        {"proto": 200, "username": "x" * 4096, "tcp_flags": None, "ttl": 0},
    ]
    for row in rows:
        event = {key: value for key, value in to_event(row).items() if value != ""}
        line = json.dumps({**event, "format": "x", "input": "y", "line": 1}).encode()
        again = by_reference(EVENTS_SPEC, line).event
        assert again is not None
        again["ts"] = to_event({"ts": again["ts"]})["ts"] if "ts" in again else None
        assert {key: value for key, value in again.items() if value is not None} == event
        assert_same(EVENTS_SPEC, [line])


def test_the_slow_path_fills_the_same_arrays_as_the_kernel() -> None:
    line = with_members(b'"http":{"url":"/a\\"b\\n","http_user_agent":"curl"}', b'"dest_port":443')
    broken = line[:-1]
    plain = with_members(b'"http":{"url":"/a","http_user_agent":"curl"}', b'"dest_port":443')
    buffer, _ = buffer_of([line, broken])
    rejects = np.array(
        [[0, len(line), 7, t.R_ESCAPED], [len(line) + 1, len(line) + 1 + len(broken), 8, t.R_ESCAPED]], np.int64
    )
    out = Output.new(4)
    texts, rows, left = read_slowly(Plain(SPEC), buffer, rejects, Context(RECEIVED), out)
    ((expected, _, _),) = by_kernel(SPEC, [plain])
    assert expected is not None
    assert (rows, left[:, 2:].tolist(), int(out.ordinals[0])) == (1, [[8, t.R_BAD]], 7)
    assert event_of(out, 0, texts) == {**expected, "url": '/a"b\n'}
