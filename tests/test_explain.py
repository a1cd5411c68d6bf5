"""`vedette explain`: a line is taken or given up at a place that is named, and detectors and noise rules are asked themselves."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_formats
from small_formats import CONTEXT, made_up
from vedette import outputs, pipeline
from vedette.candidates import candidates
from vedette.cli import main
from vedette.config import Settings
from vedette.formats import Format, load
from vedette.reading.reference import read
from vedette.terminal import View, clean

FIREWALL = (
    "2026-03-10T00:01:12+00:00 gw1 kernel: [5123528.915519] [UFW {verdict}] IN=eth0 OUT= SRC={src} DST=203.0.113.50 LEN=60 TTL=44 ID=1 "
    "PROTO={proto} SPT={spt} DPT={dpt} {rest}"
)
EXCHANGES = made_up(
    "exchanges",
    """
tokenizer = "csv"
header = "none"
required = ["src_ip", "dst_ip"]
[[layout]]
when = { 0 = "TRAFFIC" }
columns = ["_", "src_ip", "dst_ip", "dst_port"]
""",
)
OBJECTS = made_up(
    "objects",
    """
tokenizer = "json"
header = "none"
required = ["src_ip"]
[match]
event = "flow"
[path]
"from.ip" = "src_ip"
port = "src_port"
""",
)


def firewall(
    src: str = "198.51.100.9",
    proto: str = "TCP",
    spt: int = 40000,
    dpt: int = 22,
    rest: str = "SYN URGP=0",
    verdict: str = "BLOCK",
) -> bytes:
    """Return a line of a firewall log."""
    return FIREWALL.format(src=src, proto=proto, spt=spt, dpt=dpt, rest=rest, verdict=verdict).encode()


def web(url: str, status: int = 404, agent: str = "Mozilla/5.0") -> bytes:
    """Return a line of a web log."""
    return f'198.51.100.9 - - [10/Mar/2026:01:28:57 +0000] "GET {url} HTTP/1.1" {status} 811 "-" "{agent}"'.encode()


def explained(line: bytes, **settings: Any) -> dict[str, Any]:
    """Explain a line."""
    return pipeline.explain(line, replace(Settings(), **settings))


def counting(answer: dict[str, Any]) -> set[str]:
    """Return the detectors that count the line."""
    return {row["detector"] for row in answer["detectors"] if row["counts"]}


def rules(answer: dict[str, Any]) -> set[str]:
    """Return the noise rules that could explain the line."""
    return {row["rule"] for row in answer["noise"]}


def human(answer: dict[str, Any], width: int = 120) -> str:
    """Return what a person is shown."""
    render = outputs.renderer("human", "records")
    assert render
    return "".join(render("line", answer, View(width=width)))


def given_up(fmt: Format, line: bytes) -> dict[str, Any]:
    """Return how far a format came with a line that it does not take."""
    reading = read(fmt, line, CONTEXT)
    assert reading.event is None
    (row,) = candidates([(fmt, reading)], line, CONTEXT)
    return row


def test_a_line_gives_the_event_that_events_prints(tmp_path: Path) -> None:
    lines = gzip.decompress(Path(pipeline.demo_path(), "firewall.log.gz").read_bytes()).split(b"\n")[:1]
    lines += gzip.decompress(Path(pipeline.demo_path(), "access.log.gz").read_bytes()).split(b"\n")[:1]
    log = tmp_path / "two.log"
    log.write_bytes(b"\n".join(lines) + b"\n")

    events = list(pipeline.events([str(log)], Settings()))

    for line, event in zip(lines, events, strict=True):
        answer = explained(line)
        assert answer["event"] == {key: value for key, value in event.items() if key not in ("input", "line")}
        assert answer["format"] == event["format"]
        assert answer["candidates"] == []
        assert answer["line"] == line.decode()


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (firewall(), {"vertical", "horizontal", "block"}),
        (firewall(verdict="ALLOW"), set()),
        (firewall(rest="ACK SYN URGP=0"), set()),
        (firewall(rest="FIN PSH URG URGP=0"), {"stealth", "os_fingerprint"}),
        (firewall(rest="ACK URGP=0"), {"stealth"}),
        (firewall(proto="UDP", rest="LEN=40"), {"udp"}),
        (
            FIREWALL.split("SPT")[0].format(src="198.51.100.9", verdict="BLOCK", proto="ICMP").encode()
            + b"TYPE=8 CODE=0",
            {"icmp_sweep"},
        ),
        (web("/alpha"), {"web_words", "web_wordlist"}),
        (web("/.env"), {"web_words", "web_wordlist", "web_vuln"}),
        (web("/", 200), set()),
        (web("/a?f=../../../../etc/passwd", 200), {"web_attack"}),
        (web("/", 200, "Mozilla/5.00 (Nikto/2.1.6)"), {"web_tool"}),
    ],
)
def test_each_detector_says_whether_the_line_counts(line: bytes, kinds: set[str]) -> None:
    answer = explained(line)

    assert counting(answer) == kinds
    assert all(row["why"] and row["contact"] for row in answer["detectors"])


def test_what_keeps_a_line_from_counting_is_said() -> None:
    reasons = {row["why"] for row in explained(firewall(verdict="ALLOW"))["detectors"]}
    answers = {row["why"] for row in explained(firewall(rest="ACK SYN URGP=0"))["detectors"]}

    assert "the door answered: what is answered is no evidence of scanning" in reasons
    assert "an answer is never a probe" in answers
    assert "looks at web requests only" in reasons


@pytest.mark.parametrize(
    ("line", "could", "could_not"),
    [
        (
            firewall(dpt=22),
            {"open_door", "poller"},
            {"late_reply", "traceroute", "mail_exchangers", "backscatter", "side_unseen"},
        ),
        (firewall(dpt=25), {"mail_exchangers"}, {"traceroute"}),
        (firewall(proto="UDP", dpt=33450, rest="LEN=40"), {"traceroute"}, {"mail_exchangers"}),
        (firewall(proto="UDP", spt=53, dpt=40001, rest="LEN=40"), {"late_reply"}, {"traceroute"}),
        (firewall(rest="ACK SYN URGP=0"), {"backscatter"}, {"open_door"}),
        (firewall(dpt=50001, rest="ACK URGP=0"), {"late_packet"}, {"side_unseen"}),
        (web("/favicon.ico"), {"page_unasked"}, {"page_crawler"}),
        (web("/users/alpha"), {"page_lookup", "page_dead_link"}, {"page_crawler", "page_unasked"}),
        (web("/alpha", agent="Mozilla/5.0 (compatible; Googlebot/2.1)"), {"page_crawler"}, {"page_lookup"}),
    ],
)
def test_the_noise_rules_that_could_explain_a_line_are_named(line: bytes, could: set[str], could_not: set[str]) -> None:
    named = rules(explained(line))

    assert could <= named
    assert not could_not & named


def test_a_line_from_home_or_to_others_is_no_contact() -> None:
    home = (ip_network("203.0.113.0/24"),)

    assert counting(explained(firewall(), home=home)) == {"vertical", "horizontal", "block"}
    assert "at home" in explained(firewall(src="203.0.113.9"), home=home)["detectors"][0]["why"]
    assert "--home" in explained(firewall(), home=(ip_network("192.0.2.0/24"),))["detectors"][0]["why"]
    assert "at home" in explained(firewall(src="10.0.0.9"))["detectors"][0]["why"]


def test_a_forced_format_is_the_only_one_asked() -> None:
    answer = explained(firewall(), format="combined")

    assert answer["format"] is None
    assert [row["format"] for row in answer["candidates"]] == ["combined"]


def test_the_nearest_format_stands_first_and_says_what_it_expected() -> None:
    cut = explained(b'198.51.100.9 - - [10/Mar/2026:01:28:57 +0000] "GET / HTTP/')
    deny = explained(b"%ASA-4-106023: Deny tcp src outside:192.0.2.1/5 dst inside 203.0.113.4")
    nobody = explained(firewall().replace(b"DST=203.0.113.50 ", b""))

    assert cut["candidates"][0]["format"] == "combined"
    assert "expected a request such as GET / HTTP/1.1" in cut["candidates"][0]["why"]
    assert deny["candidates"][0]["format"] == "cisco_asa"
    assert 'found "inside 203.0.113.4"' in deny["candidates"][0]["why"]
    assert nobody["candidates"][0] | {"reached": 0} == {
        "format": "netfilter",
        "reached": 0,
        "why": "it needs dst_ip (DST=), which the line does not give",
    }
    for answer in (cut, deny, nobody):
        assert (answer["event"], answer["detectors"], answer["noise"]) == (None, [], [])
        assert len(answer["candidates"]) <= 8


@pytest.mark.parametrize(
    ("fmt", "line", "why"),
    [
        (EXCHANGES, b"THREAT,192.0.2.1", 'expected traffic in field 1; the line has 2 fields between ","'),
        (EXCHANGES, b"TRAFFIC,192.0.2.1", "it needs dst_ip (field 3), which the line does not give"),
        (OBJECTS, b"flow", 'expected an object that begins with "{", found "flow"'),
        (OBJECTS, b'{"event":"flow",}', "the object is broken: "),
        (OBJECTS, b'{"event":"dns","from":{"ip":"192.0.2.1"}}', "expected event flow"),
        (OBJECTS, b'{"event":"flow","port":1}', "it needs src_ip (from.ip), which the line does not give"),
        (OBJECTS, b'{"a":' * 40 + b"1" + b"}" * 40, "too deep"),
        (
            small_formats.QUOTED_KEYS,
            b"srcip=192.0.2.300 dstip=198.51.100.1",
            '"192.0.2.300" is not an IP address (src_ip)',
        ),
        (
            small_formats.QUOTED_KEYS,
            b"nothing",
            'expected keys such as srcip=, dstip=, source=, srcport=, dstport=, proto=, found "nothing"',
        ),
        (small_formats.DISPATCHED, b"x: %DEV-1-999999: x", "message number 999999 is none that it knows"),
        (small_formats.DISPATCHED, b"%DEV-2-106002: TCP 192.0.2.1:1 => x", 'expected "-> ", found "=> x"'),
    ],
)
def test_every_tokenizer_says_what_it_expected(fmt: Format, line: bytes, why: str) -> None:
    row = given_up(fmt, line)

    assert why in row["why"]
    assert 0 <= row["reached"] <= len(line)


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        (b'{"ts":1773100802.4,"uid":"CMnIaR2V8VXyu7EPs","id.orig_h":"192.0.2.1","proto":"tcp"}', "zeek"),
        (b'{"timestamp":"2026-03-10T13:55:36.123456+0000","event_type":"alert","src_ip":"192.0.2.1","al', "suricata"),
        (b"Mar 10 13:55:36 fw kernel: IN=eth0 OUT= SRC=192.0.2.1 LEN=40 PROTO=TCP SPT=1 DPT=22", "netfilter"),
        (b"<134>Mar 10 13:55:36 fw filterlog[1]: 5,,,1000000103,igb0,match,block,in,4,0x0", "filterlog"),
        (b"Mar 10 13:55:36 fw %ASA-4-106023: Deny tcp src outside:192.0.2.1/5 dst", "cisco_asa"),
        (b'192.0.2.1 - - [10/Mar/2026:13:55:36 +0000] "GET /', "combined"),
    ],
)
def test_the_format_that_knows_most_of_the_line_stands_first_whatever_its_tokenizer(line: bytes, nearest: str) -> None:
    answer = explained(line)

    assert answer["format"] is None
    assert answer["candidates"][0]["format"].startswith(nearest)


@pytest.mark.parametrize("cut", [0, 35])
def test_a_wrapped_line_is_explained_as_the_line_that_scan_reads(cut: int) -> None:
    inner = web("/.env").decode()[: -cut or None]
    outer = json.dumps({"log": inner + "\n", "stream": "stderr", "time": "2026-03-10T01:28:58Z"})

    answer = explained(outer.encode())

    assert answer["line"].endswith(inner)
    assert answer["wrapped"] == outer
    assert answer["format"] == (None if cut else "combined")
    assert cut == 0 or answer["candidates"][0]["format"] == "combined"
    assert "inside of what a shipper wraps" in human(answer)


def test_a_header_is_known_by_the_format_that_it_names_columns_for() -> None:
    text = """
tokenizer = "csv"
header = "none"
required = ["src_ip"]
[header_line]
needs = ["client"]
[field]
client = "src_ip"
"""
    fmt = made_up("headed", text)

    assert "names columns" in given_up(fmt, b"time,client")["why"]
    assert "named by a header line, which is not here" in given_up(fmt, b"1,192.0.2.1")["why"]


def broken_samples() -> Iterator[tuple[Format, bytes]]:
    """Yield samples of every format, whole and cut at many places."""
    for fmt in load():
        for sample in fmt.samples:
            line = sample["line"].encode()
            for end in {len(line), *range(0, len(line), 23)}:
                yield fmt, line[:end]


@pytest.mark.slow
def test_a_line_that_is_given_up_anywhere_has_a_place_and_a_reason() -> None:
    for fmt, line in broken_samples():
        for other in load():
            reading = read(other, line, CONTEXT)
            if reading.event is None:
                (row,) = candidates([(other, reading)], line, CONTEXT)
                assert 0 <= row["reached"] <= len(line), (fmt.name, other.name, line)
                assert row["why"]


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd_to_be_explained(line: bytes) -> None:
    line = line.replace(b"\n", b" ")
    readings = [(fmt, read(fmt, line, CONTEXT)) for fmt in (*load(), *small_formats.SMALL_FORMATS, EXCHANGES, OBJECTS)]
    readings = [(fmt, reading) for fmt, reading in readings if reading.event is None]

    assert all(row["why"] for row in candidates(readings, line, CONTEXT))


@pytest.mark.parametrize("line", [b"", b"x" * 70_000, b"\xff\x00\x1b[31m", b"{" * 5000, b"[" * 5000, b'{"a":' * 5000])
def test_hopeless_lines_are_no_error(line: bytes) -> None:
    answer = explained(line)

    assert answer["format"] is None
    assert answer["candidates"]


@pytest.mark.parametrize(
    "line",
    [
        web("/1..999999999"),
        web("/{n}{n}"),
        web("/%00%ff\\x1b[31m$title"),
        web("/a';DROP TABLE events;--"),
        firewall(proto="99", rest=""),
        firewall(src="2001:db8:1::7").replace(b"203.0.113.50", b"2001:db8:2::1"),
        b"[    1.000001] IN=eth0 SRC=198.51.100.9 DST=203.0.113.4 PROTO=TCP SPT=1 DPT=22 SYN",
    ],
)
def test_values_that_look_like_something_else_are_taken_as_they_are(line: bytes) -> None:
    answer = explained(line)

    assert answer["format"]
    assert answer["detectors"]


def test_people_see_up_to_where_the_line_was_matched() -> None:
    line = b'198.51.100.9 - - [10/Mar/2026:01:28:57 +0000] GET / HTTP/1.1" 200 1'
    text = human(explained(line)).split("\n")

    assert text[0] == "no format takes this line"
    assert text[1] == "    " + line.decode()
    assert text[2].startswith(" " * (4 + line.index(b"]")) + "^ combined matched up to here")


@pytest.mark.parametrize("width", [80, 120, 160])
def test_the_mark_stays_on_the_screen_however_long_the_line_is(width: int) -> None:
    for cut in (0, 13, 60, 100, 140):
        line = (firewall()[:cut].decode() + "\x1b\u202e ☃漢 " * cut).encode()
        text = human(explained(line), width)

        assert all(len(row) <= width for row in text.split("\n")[1:3])
        assert text.replace("\n", "") == clean(text.replace("\n", ""))


def test_hostile_lines_stay_on_the_page(capfd: pytest.CaptureFixture[str]) -> None:
    for line in ('\x1b]0;x\x07 \u202e [red]x[/red] SRC=1 "GET', web("/\x1b[31m\u202e.env").decode()):
        answer = explained(line.encode())
        for name in outputs.able("records"):
            render = outputs.renderer(name, "records")
            assert render
            text = "".join(render("line", answer, View()))
            assert {character for character in text if not character.isprintable() and character != "\n"} == set()

        assert main(["explain", line]) == 0
        out, err = capfd.readouterr()
        assert {character for character in out + err if not character.isprintable() and character != "\n"} == set()
