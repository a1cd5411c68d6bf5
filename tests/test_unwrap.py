"""Lines inside lines, documents instead of lines, and header lines: each is read as if the device's line stood alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette import pipeline
from vedette.config import Settings
from vedette.reading.documents import Records, is_document
from vedette.reading.unwrap import DEPTH, inner_lines

WEB = '192.0.2.9 - - [10/Mar/2026:13:55:36 +0000] "GET /x HTTP/1.1" 404 9 "-" "curl"'
KERNEL = "DROP IN=eth0 OUT= SRC=192.0.2.8 DST=198.51.100.1 LEN=40 TTL=1 ID=1 PROTO=TCP SPT=1 DPT=22 WINDOW=1 RES=0x00 SYN URGP=0"


def read(path: Path, text: str | bytes) -> list[dict[str, Any]]:
    """Return the events of a file with this text."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(pipeline.events([str(path)], Settings()))


@pytest.mark.parametrize(
    "wrapped",
    [
        json.dumps({"log": WEB + "\n", "stream": "stdout", "time": "2026-03-10T13:55:37Z"}),
        json.dumps({"@timestamp": "2026-03-10T13:55:37Z", "message": WEB}),
        json.dumps({"event": {"original": WEB}}),
        json.dumps({"records": [{"message": WEB}]}),
        json.dumps([{"log": WEB}]),
        json.dumps({"log": json.dumps({"message": WEB})}),
        f"2026-03-10T13:55:36.5Z stdout F {WEB}",
    ],
)
def test_a_wrapped_line_is_read_as_the_line_itself(wrapped: str, tmp_path: Path) -> None:
    (event,) = read(tmp_path / "in.log", wrapped + "\n")

    assert (event["format"], event["src_ip"], event["url"], event["line"]) == ("combined", "192.0.2.9", "/x", 1)
    assert event["ts"] == "2026-03-10T13:55:36.000000Z"


def test_a_journal_lends_its_time_and_host_to_a_kernel_line_that_has_none(tmp_path: Path) -> None:
    journal = {"MESSAGE": KERNEL, "_HOSTNAME": "fw9", "__REALTIME_TIMESTAMP": "1773150936000001"}

    (event,) = read(tmp_path / "journal.json", json.dumps(journal) + "\n")

    assert event["ts"] == "2026-03-10T13:55:36.000001Z"
    assert event["sensor"] == "fw9"
    assert event["dst_port"] == 22


def test_every_line_of_a_record_array_keeps_the_number_of_its_outer_line(tmp_path: Path) -> None:
    outer = json.dumps({"Records": [{"message": WEB}, {"message": WEB.replace("/x", "/y")}]})

    events = read(tmp_path / "in.log", f"{outer}\n{outer}\n")

    assert [(event["line"], event["url"]) for event in events] == [(1, "/x"), (1, "/y"), (2, "/x"), (2, "/y")]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("shape", ["array", "envelope"])
def test_a_document_of_any_layout_is_read_record_by_record(shape: str, indent: int | None, tmp_path: Path) -> None:
    records = [{"message": WEB.replace("/x", f"/{n}")} for n in range(2000)]
    document = records if shape == "array" else {"version": 1, "records": records}

    events = read(tmp_path / "in.json", json.dumps(document, indent=indent))

    assert [event["url"] for event in events] == [f"/{n}" for n in range(2000)]


def test_a_truncated_document_gives_the_records_before_the_cut(tmp_path: Path) -> None:
    text = json.dumps([{"message": WEB.replace("/x", f"/{n}")} for n in range(100)])

    events = read(tmp_path / "in.json", text[: len(text) // 2])

    assert 40 < len(events) < 60


@pytest.mark.parametrize(
    "text", [b"[wan-lan-default-D]IN=eth0\n", b"[12345.678901] IN=eth0\n", b'{"a": 1}\n{"b": 2}\n', b"", b"{}\n"]
)
def test_lines_are_no_document(text: bytes) -> None:
    assert not is_document(text)


def test_a_wrapper_deeper_than_the_limit_ends() -> None:
    line = WEB
    for _ in range(DEPTH + 3):
        line = json.dumps({"message": line})

    assert len(list(inner_lines(line.encode()))) == 1


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(["records", "message", "log", "event", "original", "time"]), x)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_line_makes_unwrapping_raise(line: bytes) -> None:
    for inner in inner_lines(line):
        assert isinstance(inner, bytes)


def test_a_hundred_thousand_brackets_are_no_document_and_no_crash(tmp_path: Path) -> None:
    assert read(tmp_path / "deep.json", b"[" * 100_000 + b"\n" + WEB.encode() + b"\n") in (
        [],
        read(tmp_path / "web.log", WEB + "\n"),
    )


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9), min_size=1), min_size=1),
    st.integers(1, 64),
)
def test_records_of_a_document_do_not_depend_on_how_it_is_read(records: list[dict[str, Any]], step: int) -> None:
    text = json.dumps(records, indent=1).encode()

    class Slow:
        at = 0

        def readinto(self, view: memoryview) -> int:
            piece = text[self.at : self.at + min(step, len(view))]
            view[: len(piece)] = piece
            self.at += len(piece)
            return len(piece)

    reader, out = Records(Slow(), b""), bytearray()
    view = memoryview(bytearray(50))
    while count := reader.readinto(view):
        out += view[:count]

    assert [json.loads(line) for line in out.splitlines()] == records


FIELDS = ("ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "method", "host", "uri", "status_code")


def zeek(*rows: tuple[str, ...], fields: tuple[str, ...] = FIELDS) -> list[str]:
    """Return lines of a Zeek log under their header."""
    return ["#separator \\x09", "\t".join(("#fields", *fields)), *("\t".join(row) for row in rows)]


def request(path: str) -> tuple[str, ...]:
    """Return one row of the default fields."""
    return ("1773100801.000000", "192.0.2.1", "40000", "198.51.100.1", "80", "GET", "www.example.com", path, "404")


def test_a_new_header_in_the_middle_of_a_file_holds_from_there_on(tmp_path: Path) -> None:
    second = zeek(("/b", "404", "192.0.2.2", "1773100802.0"), fields=("uri", "status_code", "id.orig_h", "ts"))

    events = read(tmp_path / "http.log", "\n".join(zeek(request("/a")) + second) + "\n")

    assert [(event["src_ip"], event["url"], event["line"]) for event in events] == [
        ("192.0.2.1", "/a", 3),
        ("192.0.2.2", "/b", 6),
    ]


def test_headers_hold_across_chunks_read_by_several_threads(tmp_path: Path) -> None:
    rows = [request(f"/{'p' * 200}{n}") for n in range(40_000)]

    events = read(tmp_path / "http.log.gz", gzip.compress("\n".join(zeek(*rows)).encode(), 1))

    assert len(events) == 40_000
    assert [event["line"] for event in events] == list(range(3, 40_003))


TUPLE = "1773100802,192.0.2.77,203.0.113.{},40000,3389,T,I,D,B,,,,"


def test_the_flow_tuples_of_azure_are_lines_of_their_own_however_deep_they_lie(tmp_path: Path) -> None:
    tuples = [TUPLE.format(host) for host in (4, 5)]
    security_group = {"properties": {"flows": [{"rule": "r", "flows": [{"mac": "m", "flowTuples": tuples}]}]}}
    network = {"flowRecords": {"flows": [{"flowGroups": [{"rule": "r", "flowTuples": tuples}, {"flowTuples": 7}]}]}}
    for number, text in enumerate(
        (
            json.dumps({"records": [security_group]}, indent=1),
            json.dumps(security_group),
            json.dumps({"records": [network]}),
        )
    ):
        events = read(tmp_path / f"{number}.json", text + "\n")

        assert [event["dst_ip"] for event in events] == ["203.0.113.4", "203.0.113.5"]
