"""What each output writes: the contract, the view for people, and that no log text gets out of its place."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fake_pipeline as fake
from conftest import ROOT
from vedette import __version__, outputs
from vedette.outputs import md
from vedette.outputs._picture import raster
from vedette.outputs._shape import percent, rfc3339, span
from vedette.outputs.csv import EVENT_COLUMNS, safe
from vedette.schema import EVENTS
from vedette.terminal import Bar, Silent, View, cells, clean, hang, progress, shorten

VIEW = View(width=100, again=("fw.log", "access.log"))
RECORDS = [{"name": "one", "title": "first", "list": ["a", {"b": 1}], "text": "two\nlines"}]


def rendered(name: str, what: str, *data: Any, view: View = VIEW) -> str:
    render = outputs.renderer(name, what)
    assert render is not None
    return "".join(render(*data, view))


def unprintable(text: str) -> set[str]:
    return {character for character in text if not character.isprintable() and character != "\n"}


ALL = [(name, what) for what in outputs.WHAT for name in outputs.able(what)]


def test_every_output_opens_with_a_manual_that_shows_how_to_call_it() -> None:
    assert [row["name"] for row in outputs.catalog() if not row["title"].endswith((".", "last.", "loads."))] == []
    assert [
        row["name"] for row in outputs.catalog() if f"-o {row['name']}" not in row["manual"] and row["name"] != "human"
    ] == []


def test_the_six_outputs_render_a_report_and_human_and_json_render_everything() -> None:
    assert outputs.able("report") == ["csv", "html", "human", "json", "jsonl", "md"]
    assert {"human", "json", "jsonl", "csv"} <= set(outputs.able("events"))
    assert {"human", "json"} <= set(outputs.able("records"))


def test_an_output_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        outputs.load("_shape")


def test_the_json_of_a_scan_is_the_contract_key_by_key() -> None:
    document = json.loads(rendered("json", "report", fake.report()))

    assert list(document) == ["vedette", "command", "window", "inputs", "offenses", "noise", "suppressed"]
    assert document["vedette"] == __version__
    assert document["window"] == {"from": "2026-03-10T00:00:00.000000Z", "to": "2026-03-11T00:00:00.000000Z"}
    assert list(document["inputs"][0]) == [
        *("path", "format", "lines", "parsed", "skipped", "bytes", "seconds"),
        *("complete", "problem", "same_as", "formats", "rejects", "examples"),
    ]
    assert list(document["offenses"][0]) == [
        *("id", "source", "sources", "kinds", "slow", "techniques", "tool", "acknowledged"),
        *("first_seen", "detected_at", "last_seen", "settled_by", "probes", "targets", "ports", "paths", "coverage"),
        *("answered", "score", "level", "parts", "reasons", "evidence"),
    ]
    assert document["offenses"][0]["detected_at"] == "2026-03-10T00:00:05.000000Z"
    assert document["offenses"][0]["settled_by"] == {"input": "fw.log", "line": 12}
    assert document["offenses"][0]["answered"][0]["at"] == "2026-03-10T00:01:30.000000Z"
    assert document["offenses"][0]["acknowledged"] is None
    assert document["offenses"][1]["tool"] is None
    assert document["noise"]["backscatter"] == {"sources": 221, "events": 4000}
    assert document["suppressed"][0]["source"] == "192.0.2.77"
    assert document["suppressed"][0]["allowed"]["who"] == "ops"


def test_a_scan_without_events_has_an_empty_window() -> None:
    document = json.loads(rendered("json", "report", fake.quiet_report(window=None)))

    assert document["window"] == {"from": None, "to": None}


def test_jsonl_has_the_objects_of_json_one_a_line() -> None:
    report = fake.report()
    lines = rendered("jsonl", "report", report).splitlines()

    assert [json.loads(line) for line in lines] == json.loads(rendered("json", "report", report))["offenses"]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_events_are_one_array_in_json_and_one_line_each_in_jsonl(count: int) -> None:
    stream = [fake.EVENT | {"line": n} for n in range(count)]

    assert json.loads(rendered("json", "events", iter(stream))) == stream
    assert [json.loads(line) for line in rendered("jsonl", "events", iter(stream)).splitlines()] == stream


def test_events_are_written_while_they_come() -> None:
    def endless() -> Any:
        while True:
            yield fake.EVENT

    for name in outputs.able("events"):
        render = outputs.renderer(name, "events")
        assert render is not None
        chunks = render(endless(), VIEW)

        assert next(chunks)
        assert next(chunks)


def test_json_is_ascii_and_reads_back_as_it_was_but_for_bytes_that_are_no_text() -> None:
    text = rendered("json", "records", "x", {"k": fake.HOSTILE, "pair": "\U0001f50d", "slash": "\\ud800"})

    assert text.isascii()
    assert unprintable(text) == set()
    assert json.loads(text)["k"] == fake.HOSTILE.replace("\udcff", "\ufffd")
    assert json.loads(text)["pair"] == "\U0001f50d"
    assert json.loads(text)["slash"] == "\\ud800"


def test_the_columns_of_the_event_table_are_the_columns_of_the_schema() -> None:
    known = {column.name for column in EVENTS} - {"record", "src", "dst"}

    assert set(EVENT_COLUMNS) == known | {"src_ip", "dst_ip", "input", "line"}


def test_csv_has_one_row_an_offense() -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv", "report", fake.report()))))

    assert [row["source"] for row in rows] == ["198.51.100.7", "2001:db8:1:2::/64", "192.0.2.9"]
    assert rows[0]["score"] == "9.1"
    assert rows[1]["kinds"] == "horizontal; udp; block"
    assert rows[0]["settled_line"] == "12"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
@pytest.mark.parametrize("before", ["", '"', "x,", "x;", 'x", '])
def test_no_cell_of_csv_begins_a_formula(first: str, before: str) -> None:
    cell = safe(f"{before}{first}1+1")

    assert cell.startswith((f"{before}'", "'"))
    assert not re.search(
        r"""(^|["',;]\s*)[=+\-@\t\r]""", cell.replace("'=", "").replace("'+", "").replace("'-", "").replace("'@", "")
    )


def test_numbers_and_ordinary_text_stay_as_they_are_in_csv() -> None:
    values = [-5, 1.5, "203.0.113.9", "a-b", "/x?a=b", "2026-03-10T00:00:00.000000Z"]

    assert [safe(value) for value in values] == values


def test_the_view_for_people_is_as_reviewed() -> None:
    golden = ROOT / "tests" / "golden" / "scan.txt"

    assert golden.read_text("utf-8") == rendered("human", "report", fake.report())


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_the_view_for_people_fits_its_width_but_for_commands_to_copy(width: int) -> None:
    text = rendered("human", "report", fake.report(), view=View(width=width, again=("fw.log",)))
    table = text.partition("next   ")[0]

    assert [line for line in table.splitlines() if cells(line) > width] == []
    assert "2001:db8:1:2::/64" in text


def test_colours_change_nothing_but_colours() -> None:
    plain = rendered("human", "report", fake.report(), view=View(again=("x",)))
    coloured = rendered("human", "report", fake.report(), view=View(again=("x",), color=True))

    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_where_blocks_cannot_be_shown_the_picture_is_ascii() -> None:
    assert rendered("human", "report", fake.report(), view=View(unicode=False)).isascii()


def test_the_answer_comes_before_the_numbers_and_the_next_commands_come_last() -> None:
    text = rendered("human", "report", fake.report())
    order = ["read   ", "window ", "OFFENSES", "score level", "picture of #1", "noise  ", "allowed ", "next   "]

    assert sorted(order, key=text.index) == order
    assert text.splitlines()[-1].startswith("       vedette scan --home CIDR")


def test_the_next_commands_quote_what_a_shell_would_take_apart() -> None:
    view = View(again=("--home", "10.0.0.0/8", "my logs/fw.log", "it's;rm"), home_given=True)
    text = rendered("human", "report", fake.report(), view=view)

    assert "vedette why 198.51.100.7 --home 10.0.0.0/8 'my logs/fw.log' 'it'\"'\"'s;rm'\n" in text
    assert "--home CIDR" not in text


def test_three_rejected_lines_are_shown_where_less_than_99_percent_was_understood() -> None:
    text = rendered("human", "report", fake.report())

    assert [f"odd line {n}" in text for n in (3, 5, 8, 9)] == [True, True, True, False]
    assert "99 lines: no format takes it" in text


def test_when_nobody_scans_the_view_says_what_was_looked_at_and_what_would_help() -> None:
    text = rendered("human", "report", fake.quiet_report())

    assert "OFFENSES  none" in text
    assert "1,205,331 lines of 2 inputs" in text
    assert "vedette scan --home CIDR fw.log access.log" in text
    assert "vedette why ADDRESS fw.log access.log" in text


def test_when_nothing_was_read_the_view_points_at_formats() -> None:
    empty = fake.quiet_report(inputs=[], events=0, sources=0, targets=0, denied=0, background=0, window=None)

    assert "vedette formats" in rendered("human", "report", empty)


def test_a_file_read_twice_and_an_unreadable_one_are_told_apart() -> None:
    text = rendered("human", "report", fake.hostile_report("no such file"))

    assert re.search(r"b\.log +the same file as no such file: counted once", text)
    assert re.search(r"c\.log +no such file\n", text)


def test_only_the_ten_worst_are_shown_and_the_rest_is_counted() -> None:
    many = fake.report(offenses=[fake.offense(f"198.51.100.{n}") for n in range(12)])
    text = rendered("human", "report", many)

    assert "198.51.100.9 " in text
    assert "198.51.100.10 " not in text
    assert "and 2 more" in text


def test_without_summary_only_the_offenses_remain() -> None:
    text = rendered("human", "report", fake.report(), view=View(summary=False))

    assert text.startswith("OFFENSES  1 critical  1 high  1 medium\n")
    assert not re.search(r"^(read|window|noise|next)", text, re.MULTILINE)


def test_why_opens_with_the_verdict() -> None:
    found = outputs.plain(fake.Pipeline().why("198.51.100.7", [], None, progress=Silent()))  # type: ignore[arg-type]
    text = rendered("human", "records", "source", found)

    assert text.startswith("198.51.100.7 is an offense: critical, score 9.1\n")
    assert "vertical 17 of 20 within 5m00s: x" in text
    assert rendered("human", "records", "source", found | {"offense": None}).startswith("198.51.100.7 is no offense\n")


@pytest.mark.parametrize(("name", "what"), ALL)
def test_no_output_passes_a_character_that_a_terminal_obeys(name: str, what: str) -> None:
    row = {"name": fake.HOSTILE, "title": fake.HOSTILE, fake.HOSTILE: [fake.HOSTILE, {fake.HOSTILE: fake.HOSTILE}]}
    data: dict[str, tuple[Any, ...]] = {
        "report": (fake.hostile_report(),),
        "events": ([fake.hostile_event()],),
        "records": (fake.HOSTILE, [row]),
    }

    assert unprintable(rendered(name, what, *data[what])) == set()


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_comment(self, data: str) -> None:
        self.seen.append((f"comment {data}", ()))

    def handle_decl(self, decl: str) -> None:
        self.seen.append((decl, ()))


PAYLOADS = [
    fake.HOSTILE,
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></svg><svg onload=alert(1)>",
    "<!-- --><a href=javascript:alert(1)>",
    '" onmouseover="alert(1)',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "&#60;script&#62;",
    "]]><x/>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_adds_an_element_or_an_attribute_to_the_page(payload: str) -> None:
    assert Shape(rendered("html", "report", fake.hostile_report(payload))).seen == (
        Shape(rendered("html", "report", fake.hostile_report("x"))).seen
    )
    assert Shape(rendered("html", "records", payload, [{"name": payload}])).seen == (
        Shape(rendered("html", "records", "x", [{"name": "x"}])).seen
    )


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = rendered("html", "report", fake.report())
    shape = Shape(page)

    assert {tag for tag, _ in shape.seen} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "a",
    } == set()
    assert [
        name for _, names in shape.seen for name in names if name.startswith("on") or name in ("style", "src", "href")
    ] == []
    assert re.search(r"url\(|@import|https?:", page) is None
    assert "Content-Security-Policy" in page
    assert "default-src &#x27;none&#x27;" in page
    assert "unsafe-inline" not in page


def test_the_policy_of_the_page_allows_its_own_style_sheet() -> None:
    import base64
    import hashlib

    page = rendered("html", "report", fake.report())
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"sha256-{digest}" in page


def test_the_page_records_command_and_version_and_has_all_parts() -> None:
    page = rendered("html", "report", fake.report(command=["vedette", "scan", "my fw.log"]))

    assert "vedette scan &#x27;my fw.log&#x27;" in page
    assert f"vedette {__version__}" in page
    for part in (
        "198.51.100.7",
        "Doors that answered",
        "backscatter",
        "192.0.2.77",
        "access.log",
        "aria-label",
        "breadth",
    ):
        assert part in page


def test_markdown_makes_nothing_of_log_text() -> None:
    text = rendered("md", "report", fake.hostile_report())

    assert re.search(r"(?<!\\)<|(?<!\\)!\[|(?<![\\`])\]\(|http://", re.sub(r"`[^`]*`", "", text)) is None
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")}) == 1


@given(st.text(max_size=60))
def test_a_code_span_of_markdown_holds_any_text(text: str) -> None:
    span_ = md.code(text)

    assert span_ == "-" or (span_.count("`") == 2 and "|" not in span_ and unprintable(span_) == set())


@given(st.text())
def test_clean_text_is_printable_and_one_line(text: str) -> None:
    assert unprintable(clean(text)) == set()
    assert "\n" not in clean(text)
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"], max_codepoint=0x2FF)))
def test_clean_leaves_ordinary_text_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("dirty", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b", r"\x9b"),
        ("a\rb\nc\td", r"a\x0db\x0ac\x09d"),
        ("\x7f\x00", r"\x7f\x00"),
        ("\u202e\u2066", r"\u202e\u2066"),
        ("\u2028\u200b\ufeff", r"\u2028\u200b\ufeff"),
        ("\udcff", r"\xff"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("[red]é中 {0}", "[red]é中 {0}"),
    ],
)
def test_clean_writes_out_what_a_terminal_would_obey(dirty: str, shown: str) -> None:
    assert clean(dirty) == shown


@given(st.text(alphabet="ab 中é", max_size=40), st.integers(4, 20))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert cells(shorten(text, width)) <= width


@given(st.text(alphabet="abc ", max_size=80), st.integers(10, 40))
def test_wrapped_text_loses_no_word(text: str, width: int) -> None:
    assert " ".join(hang("head  ", text, width)).split() == ["head", *text.split()]


@given(st.lists(st.tuples(st.integers(0, 10**15), st.integers(0, 65535)), min_size=1, max_size=50), st.integers(2, 90))
def test_the_picture_counts_every_point_once_and_inside_its_frame(points: list[tuple[int, int]], columns: int) -> None:
    counts, edges = raster(points, columns, 8)

    assert sum(counts.values()) == len(points)
    assert all(0 <= row < len(edges) and 0 <= column < columns for row, column in counts)
    assert edges == sorted(edges)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0s"), (0.4, "0.4s"), (12, "12s"), (362, "6m02s"), (12_000, "3h20m"), (187_200, "2d04h")]
)
def test_a_length_of_time_is_short(seconds: float, shown: str) -> None:
    assert span(int(seconds * 1e6)) == shown


def test_100_percent_is_said_only_where_it_is_true() -> None:
    assert [percent(1, 1), percent(10**6 - 1, 10**6), percent(1, 10**6), percent(0, 5)] == [
        "100 %",
        "99.99 %",
        "0.01 %",
        "0 %",
    ]


def test_an_impossible_time_loses_no_report() -> None:
    assert rfc3339(10**19).startswith("9999-12-31")
    assert rfc3339(-(10**19)).startswith("0001-01-01")
    for name in outputs.able("report"):
        assert rendered(
            name, "report", fake.report(offenses=[fake.offense(last_seen=10**18)], window=(-(10**18), 10**19))
        )


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_silent_where_stderr_is_no_terminal() -> None:
    assert type(progress(stream=io.StringIO())) is Silent
    assert type(progress(quiet=True, stream=Screen())) is Silent


def test_the_bar_shows_file_lines_and_rate_and_obeys_no_file_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    screen, moments = Screen(), iter(range(100))
    bar = Bar(screen, clock=lambda: float(next(moments)))
    path = "\x1b]0;x\x07[red]fw.log"
    for step in range(3):
        bar.update(path, step * 10, 100, step * 1000)
    bar.finish(fake.Input(path))
    bar.close()
    shown = screen.getvalue()

    assert r"\x1b]0;x\x07[red]fw.log" in shown
    assert "2,000 lines" in shown
    assert "1,000 lines/s" in shown
    assert "\x07" not in shown
    assert [read.path for read in bar.inputs] == [path]


def test_the_hostile_text_has_what_it_takes() -> None:
    assert {"Cc", "Cf", "Zl", "Zp", "Cs"} <= {unicodedata.category(character) for character in fake.HOSTILE}
