"""What a `kv` format may ask for beside keys and columns: conditions, a stamp in parts, soft keys, values with a rest."""

from __future__ import annotations

from typing import Any

import pytest

from small_formats import CONTEXT, both, made_up
from vedette.reading.events import time_text
from vedette.reading.reference import BAD

FORMAT = made_up(
    "all of the kv language",
    """
tokenizer = "kv"
header = "syslog"
separators = " ,"
equals = "="
quote = '"'
rest = ":/"
required = ["src_ip"]
[match]
type = ["traffic", "web filter"]
sn = true
[key]
date = "ts:date"
time = "ts:clock"
tz = "ts:zone"
eventtime = "ts:epoch"
src = "src_ip:ip_port"
proto = "proto"
subtype = "action?"
act = "action"
[enum.action]
Denied = "deny"
"Denied by rule" = "deny"
accept = "allow"
""",
)
HEAD = b"type=traffic sn=1 src=192.0.2.1 "


def event(line: bytes) -> dict[str, Any] | None:
    """Return the event of a line, its time as text."""
    found = both(FORMAT, line, CONTEXT).event
    return {**found, "ts": time_text(found["ts"])} if found and "ts" in found else found


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        (b"type=traffic sn=1 src=192.0.2.1", True),
        (b'src=192.0.2.1 sn="x y" type="Web Filter"', True),
        (b"type=event sn=1 src=192.0.2.1", False),
        (b"type=traffic sn= src=192.0.2.1", False),
        (b"type=traffic src=192.0.2.1", False),
        (b"type=event type=traffic sn=1 src=192.0.2.1", False),
    ],
)
def test_a_line_is_taken_if_all_conditions_hold_for_the_first_value_of_each_key(line: bytes, taken: bool) -> None:
    assert (event(line) is not None) == taken


@pytest.mark.parametrize(
    ("stamp", "ts"),
    [
        (b"date=2026-03-10 time=01:00:02 tz=+0100", "2026-03-10T00:00:02.000000Z"),
        (b'tz="CET" time=01:00:02.5 date=2026/03/10', "2026-03-10T00:00:02.500000Z"),
        (b"date=2026-03-10 time=01:00:02 tz=XYZ", "2026-03-10T01:00:02.000000Z"),
        (b"date=2026-03-10 time=01:00:02 tz=IST", "2026-03-10T01:00:02.000000Z"),
        (b"date=2026-03-10 time=01:00:02 eventtime=1773100803", "2026-03-10T00:00:03.000000Z"),
        (b"eventtime=1773100803 date=2026-03-10 time=01:00:02", "2026-03-10T00:00:03.000000Z"),
    ],
)
def test_a_stamp_may_stand_in_parts_and_a_whole_one_wins(stamp: bytes, ts: str) -> None:
    found = event(HEAD + stamp)

    assert found is not None
    assert found["ts"] == ts


@pytest.mark.parametrize(
    "stamp", [b"date=2026-03-10", b"time=01:00:02", b"date=2026-13-10 time=01:00:02", b"date=3026-03-10 time=01:00:02"]
)
def test_half_a_stamp_and_an_impossible_one_tell_no_time(stamp: bytes) -> None:
    assert "ts" not in (event(HEAD + stamp) or {"ts": 0})


@pytest.mark.parametrize(
    ("keys", "action"),
    [
        (b"subtype=Spam act=accept", "allow"),
        (b"subtype=Denied act=accept", "deny"),
        (b'subtype="Denied by rule" act=accept', "deny"),
        (b'subtype="Denied by nobody" act=accept', "allow"),
        (b"act=what subtype=Denied", None),
    ],
)
def test_a_word_that_a_soft_key_does_not_know_leaves_the_column_to_a_later_key(keys: bytes, action: str | None) -> None:
    assert (event(HEAD + keys) or {}).get("action") == action


@pytest.mark.parametrize(
    ("value", "port"),
    [(b"192.0.2.1:40000:X1:pc.example.com", 40000), (b"192.0.2.1::X1", None), (b"192.0.2.1:40000", 40000)],
)
def test_what_stands_after_a_rest_byte_is_not_read(value: bytes, port: int | None) -> None:
    found = event(b"type=traffic sn=1 src=" + value + b" proto=tcp/https")

    assert found is not None
    assert (found["src_ip"], found.get("src_port"), found["proto"]) == ("192.0.2.1", port, "tcp")


def test_a_quoted_number_with_more_behind_it_is_a_bad_value() -> None:
    assert both(FORMAT, HEAD + b'proto="6 7"', CONTEXT).flags & BAD
