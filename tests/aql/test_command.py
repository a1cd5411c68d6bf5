"""`vedette aql` as a user runs it, on the demo's logs and on small ones."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vedette.pipeline import demo_path

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable

    Vedette = Callable[..., subprocess.CompletedProcess[bytes]]

EVENTS = Path(__file__).parent / "data" / "events.jsonl"
NOW = ("--now", "2026-03-10T12:00:00Z")
PRIVATE = [ip_network(text) for text in ("10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12")]


def rows(process: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Return the rows of a JSON answer."""
    assert process.returncode == 0, process.stderr.decode()
    return list(json.loads(process.stdout)["events"])


def refused_by_hand(lines: Iterable[str], year: int | None, newest: datetime, word: str) -> list[tuple[str, str, str]]:
    """Return (time, source, target) of the packets from outside in the 24 hours before *newest* that *word* marks as refused."""
    found = []
    for line in lines:
        if f"{word}]" not in line:
            continue
        text = re.match(r"\S+", line)[0] if year is None else f"{year} {line[:15]}"  # type: ignore[index]
        at = (
            datetime.fromisoformat(text) if year is None else datetime.strptime(f"{text} +0000", "%Y %b %d %H:%M:%S %z")
        )
        source, target = (re.search(rf"\b{key}=(\S+)", line)[1] for key in ("SRC", "DST"))  # type: ignore[index]
        if newest - timedelta(hours=24) <= at <= newest and not any(ip_address(source) in net for net in PRIVATE):
            hidden = [text if ":" not in text else "0.0.0.0" for text in (source, target)]
            found.append((at.strftime("%Y-%m-%d %H:%M:%S"), *hidden))
    return sorted(found, reverse=True)  # type: ignore[arg-type]


def told(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return (time, source, target) of rows of the original query."""
    return sorted(((row["EventTime"], row["sourceip"], row["destinationip"]) for row in found), reverse=True)


@pytest.fixture(scope="module")
def firewall() -> list[str]:
    with gzip.open(Path(demo_path()) / "firewall.log.gz", "rt") as lines:
        return list(lines)


def test_the_original_query_finds_nothing_on_the_demo_because_its_firewall_says_block(
    vedette: Vedette, firewall: list[str]
) -> None:
    newest = max(datetime.fromisoformat(line.split(" ", 1)[0]) for line in firewall)

    process = vedette("aql", "--query", "t1595-original", "--on", demo_path(), "-o", "json")

    assert rows(process) == refused_by_hand(firewall, None, newest, "DENY") == []
    assert b"ILIKE '%deny%' does not take block, which the data at hand has" in process.stderr


def test_the_original_query_gives_the_rows_that_are_there_when_the_firewall_says_deny(
    vedette: Vedette, firewall: list[str], tmp_path: Path
) -> None:
    lines = [line.replace("[UFW BLOCK]", "[UFW DENY]") for line in firewall]
    (tmp_path / "fw.log").write_text("".join(lines))
    newest = max(datetime.fromisoformat(line.split(" ", 1)[0]) for line in lines)

    found = rows(vedette("aql", "--query", "t1595-original", "--on", "fw.log", "-o", "json"))

    assert told(found) == refused_by_hand(lines, None, newest, "DENY")
    assert len(found) > 1000
    assert {row["deviceaction"] for row in found} == {"DENY"}
    assert {row["RiskScore"] for row in found} == {8}, "the WHERE demands what the CASE asks"
    assert [row["EventTime"] for row in found] == sorted((row["EventTime"] for row in found), reverse=True)
    assert {row["LogSourceType"] for row in found} == {"Linux iptables Firewall"}
    assert set(found[0]) == {
        *("EventTime", "LogSource", "LogSourceType", "username", "sourceip", "destinationip"),
        *("eventid", "deviceaction", "message", "RiskScore"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("word", ["BLOCK", "DENY"])
def test_the_original_query_gives_the_rows_that_are_there_on_the_corpus(
    vedette: Vedette, shared: Path, tmp_path: Path, word: str
) -> None:
    with lzma.open(shared / "corpus" / "dev" / "fw.log.xz", "rt") as log:
        lines = [line.replace("[UFW BLOCK]", f"[UFW {word}]") for line in log]
    (tmp_path / "fw.log").write_text("".join(lines))
    moment = ("--now", "2026-03-11T23:59:59Z", "--rows", "1000000")

    found = rows(vedette("aql", "--query", "t1595-original", "--on", "fw.log", "-o", "json", *moment))

    expected = refused_by_hand(lines, 2026, datetime(2026, 3, 11, 23, 59, 59, tzinfo=UTC), "DENY")
    assert (expected == []) == (word == "BLOCK")
    assert told(found) == expected


def test_the_correlated_query_names_the_slow_scan(vedette: Vedette) -> None:
    found = rows(vedette("aql", "--query", "t1595-correlated", "--on", demo_path(), "-o", "json"))

    assert [(row["sourceip"], row["Ports"], row["Hosts"]) for row in found] == [("212.73.183.22", 1.0, 97.0)]


def test_the_fixed_query_gives_no_score_and_what_was_refused(vedette: Vedette) -> None:
    found = rows(vedette("aql", "--query", "t1595-fixed", "--on", demo_path(), "-o", "json", "--rows", "5"))

    assert {row["deviceaction"] for row in found} == {"BLOCK"}
    assert "RiskScore" not in found[0]


@pytest.mark.parametrize("name", ["t1595-original", "t1595-fixed", "t1595-correlated"])
def test_the_queries_that_come_along_are_aql(vedette: Vedette, name: str) -> None:
    assert vedette("aql", "--query", name, "--check").returncode == 0


def test_the_original_is_verbatim(shared: Path) -> None:
    from importlib.resources import files

    text = (files("vedette.content") / "aql" / "t1595-original.aql").read_bytes()

    assert text == (shared / "references" / "t1595-original.aql").read_bytes()


def test_a_search_of_standard_input(vedette: Vedette) -> None:
    process = vedette(
        "aql", "SELECT COUNT(*) AS n FROM events LAST 1 DAYS", "--on", "-", "-o", "json", stdin=EVENTS.read_bytes()
    )

    assert rows(process) == [{"n": 10.0}]


def test_the_payload_is_the_line_and_the_action_the_vendors_word(vedette: Vedette, firewall: list[str]) -> None:
    query = "SELECT UTF8(payload) AS line, deviceaction FROM events WHERE logsourceidentifier = 'gw1' LIMIT 1 LAST 1 MINUTES"

    (row,) = rows(vedette("aql", query, "--on", demo_path(), "-o", "json"))

    assert row == {"line": firewall[-1].rstrip("\n"), "deviceaction": "BLOCK"}


def test_on_standard_input_the_action_is_in_our_words_and_it_is_said(vedette: Vedette, firewall: list[str]) -> None:
    query = "SELECT deviceaction FROM events LIMIT 1 LAST 1 MINUTES"

    process = vedette("aql", query, "--on", "-", "-o", "json", stdin="".join(firewall).encode())

    assert rows(process) == [{"deviceaction": "deny"}]
    assert b"standard input cannot be read twice" in process.stderr


def test_flows_are_flows_in_json(vedette: Vedette) -> None:
    log = EVENTS.with_name("flows.jsonl")
    process = vedette("aql", "SELECT COUNT(*) AS n FROM flows LAST 1 DAYS", "--on", log, "-o", "json")

    assert json.loads(process.stdout) == {"flows": [{"n": 3.0}]}


def test_json_lines(vedette: Vedette) -> None:
    process = vedette("aql", "SELECT sourceport FROM events LAST 2 MINUTES", "--on", EVENTS, *NOW, "-o", "jsonl")

    assert [json.loads(line) for line in process.stdout.splitlines()] == [{"sourceport": 40001}, {"sourceport": 40002}]


def test_csv(vedette: Vedette) -> None:
    process = vedette(
        "aql", "SELECT sourceip, sourceport FROM events LAST 2 MINUTES", "--on", EVENTS, *NOW, "-o", "csv"
    )

    assert list(csv.reader(io.StringIO(process.stdout.decode())))[:2] == [
        ["sourceip", "sourceport"],
        ["203.0.113.5", "40001"],
    ]


def test_csv_without_rows_is_empty(vedette: Vedette) -> None:
    process = vedette(
        "aql", "SELECT sourceip FROM events WHERE sourceport = 1 LAST 1 DAYS", "--on", EVENTS, "-o", "csv"
    )

    assert process.stdout == b""


def test_a_table_for_people(vedette: Vedette) -> None:
    process = vedette(
        "aql", "SELECT username AS who, sourceport FROM events LIMIT 2 LAST 4 MINUTES", "--on", EVENTS, *NOW
    )

    assert process.stdout.decode().splitlines() == ["who  sourceport", "-         40001", "-         40002"]


def test_without_now_the_newest_event_is_the_moment_of_the_search(vedette: Vedette) -> None:
    process = vedette("aql", "SELECT sourceport FROM events LAST 2 MINUTES", "--on", EVENTS, "-o", "json")

    assert len(rows(process)) == 2
    assert b"2026-03-10 11:57:30 UTC to 2026-03-10 11:59:30 UTC" in process.stderr


def test_without_a_time_clause_the_window_is_a_setting_with_a_warning(vedette: Vedette) -> None:
    query = "SELECT sourceport FROM events"
    default = vedette("aql", query, "--on", EVENTS, *NOW, "-o", "json")
    wide = vedette("aql", query, "--on", EVENTS, *NOW, "-o", "json", "--window", "60")
    every = vedette("aql", query, "--on", EVENTS, *NOW, "-o", "json", "--window", "all")

    assert (len(rows(default)), len(rows(wide)), len(rows(every))) == (4, 7, 11)
    assert b"no time clause: the last 5 minutes are read" in default.stderr


def test_check_says_where_a_query_is_wrong_and_ends_with_2(vedette: Vedette) -> None:
    process = vedette("aql", "SELECT sorceip FROM events", "--check")

    assert process.returncode == 2
    assert process.stdout == b""
    assert process.stderr.decode().splitlines() == [
        'vedette: line 1, column 8: field "sorceip" does not exist in events (did you mean sourceip?)',
        "vedette: SELECT sorceip FROM events",
        "vedette:        ^^^^^^^",
    ]


def test_a_query_from_a_file(vedette: Vedette, tmp_path: Path) -> None:
    (tmp_path / "hunt.aql").write_text("SELECT sourceport FROM events LAST 2 MINUTES")

    assert len(rows(vedette("aql", "-f", "hunt.aql", "--on", EVENTS, *NOW, "-o", "json"))) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give one query"),
        (("SELECT 1 FROM events", "--query", "t1595-fixed"), "give one query"),
        (("SELECT 1 FROM events",), "no --on PATH given"),
        (("--query", "t1595-fxed"), "did you mean t1595-fixed?"),
        (("-f", "absent.aql"), "cannot read the query"),
        (("SELECT 1 FROM events", "--on", "x", "--window", "ever"), "not a number of minutes"),
        (("SELECT 1 FROM events", "--on", "x", "--rows", "0"), "begin at 1"),
        (("SELECT 1 FROM events WHERE INOFFENSE(1)", "--on", "x"), "cannot be answered from files"),
        (("SELECT read_csv('/etc/passwd') FROM events", "--on", "x"), "there is no function read_csv"),
        (("SELECT 1 FROM events", "--on", str(EVENTS), "--reference", "absent.txt"), "cannot read it"),
    ],
)
def test_wrong_usage_is_said_in_one_line_and_ends_with_2(
    vedette: Vedette, arguments: tuple[str, ...], message: str
) -> None:
    process = vedette("aql", *arguments)

    assert process.returncode == 2
    assert message in process.stderr.decode()
    assert process.stdout == b""


def test_explain_shows_the_sql_of_both_engines_and_the_window(vedette: Vedette) -> None:
    process = vedette("aql", "SELECT username FROM events LAST 2 HOURS", "--explain", "-o", "json")
    (told_of,) = [json.loads(process.stdout)]

    assert told_of["window"] == "2 hours ago to now (included)"
    assert told_of["columns"] == {"username": "text"}
    assert "EPOCH_MS(NOW())" in told_of["duckdb"]
    assert "UNIX_MILLIS(CURRENT_TIMESTAMP())" in told_of["spark"]


def test_lint_names_what_bites_in_the_original(vedette: Vedette) -> None:
    said = vedette("aql", "--query", "t1595-original", "--lint").stderr.decode()

    for words in (
        "every row gets 8",
        "does not take denied, drop",
        "NOT IN (...) drops the rows where it is NULL",
        "eventid, deviceaction, message",
        "devicetime is what the device claims",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ("SELECT username FROM events WHERE starttime > 5", "is read within the default window"),
        ("SELECT COUNT(*) FROM events LAST 1 HOURS", "SUM(eventcount) counts events"),
        ("SELECT DATEFORMAT(starttime, 'YYYY-MM-dd') FROM events LAST 1 HOURS", "YYYY is the year of the week"),
        ("SELECT DATEFORMAT(starttime, 'hh:mm') FROM events LAST 1 HOURS", "HH counts to 23"),
        ("SELECT LOGSOURCETYPENAME(logsourceid) FROM events LAST 1 HOURS", "it takes devicetype"),
        ("SELECT username FROM events LAST 1 HOURS LIMIT 5", "LIMIT stands after the time clause"),
        ("SELECT username FROM events WHERE sourceip LIKE '10.%' LAST 1 HOURS", "INCIDR says which addresses"),
    ],
)
def test_lint_warns(vedette: Vedette, query: str, warning: str) -> None:
    assert warning in vedette("aql", query, "--lint").stderr.decode()


def test_lint_has_nothing_to_say_of_a_sound_query(vedette: Vedette) -> None:
    process = vedette(
        "aql", "SELECT sourceip, SUM(eventcount) AS n FROM events GROUP BY sourceip LAST 1 HOURS", "--lint"
    )

    assert (process.returncode, process.stderr) == (0, b"")


def test_rows_are_limited_and_it_is_said(vedette: Vedette) -> None:
    process = vedette(
        "aql", "SELECT sourceport FROM events LAST 1 DAYS", "--on", EVENTS, *NOW, "-o", "json", "--rows", "2"
    )

    assert len(rows(process)) == 2
    assert b"there is more: only the first 2 rows are given" in process.stderr


def test_a_reference_set_comes_from_a_file(vedette: Vedette, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("# ours\n10.1.2.3\n")
    query = "SELECT sourceport FROM events WHERE REFERENCESETCONTAINS('mine', sourceip) LAST 1 DAYS"

    assert rows(vedette("aql", query, "--on", EVENTS, *NOW, "-o", "json", "--reference", "mine.txt")) == [
        {"sourceport": 50000}
    ]


def test_geo_lookup_is_the_country_that_an_address_is_registered_in(vedette: Vedette, tmp_path: Path) -> None:
    # A resolver that has been in one country since it exists; documentation addresses are in none.
    event = json.loads(EVENTS.read_text().splitlines()[0]) | {"dst_ip": "8.8.8.8"}
    (tmp_path / "x.jsonl").write_text(json.dumps(event) + "\n")
    query = "SELECT GEO::LOOKUP(sourceip, 'country') AS a, GEO::LOOKUP(destinationip, 'country') AS b FROM events LAST 1 DAYS"

    assert rows(vedette("aql", query, "--on", "x.jsonl", "-o", "json")) == [{"a": None, "b": "US"}]


def test_text_of_a_log_cannot_move_the_terminal(vedette: Vedette, tmp_path: Path) -> None:
    event = json.loads(EVENTS.read_text().splitlines()[0]) | {"message": "\x1b[2J\x1b]0;owned\x07"}
    (tmp_path / "x.jsonl").write_text(json.dumps(event) + "\n")

    process = vedette("aql", "SELECT message FROM events LAST 1 DAYS", "--on", "x.jsonl")

    assert b"\x1b" not in process.stdout
    assert b"\\x1b[2J" in process.stdout
