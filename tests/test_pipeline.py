"""The whole path on real logs: what is bundled is found, and neither the order nor the division of the input matters."""

from __future__ import annotations

import gzip
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from vedette import pipeline
from vedette.config import Allowed, Settings, parse_network
from vedette.model import Offense, Report

NMAP, MASSCAN, NIKTO, SLOW = "157.184.191.193", "199.244.106.7", "13.212.177.151", "212.73.183.22"
OFFICE, STUCK = "158.237.165.226", "38.235.50.167"

WHERE = ("settled_by", "evidence")
"""What tells where a record stands, and so may differ when the records stand elsewhere."""


@pytest.fixture(scope="module")
def demo() -> Report:
    """Return the report on the bundled logs."""
    return pipeline.scan([pipeline.demo_path()], Settings())


def firewall_lines() -> list[bytes]:
    """Return the lines of the bundled firewall log."""
    return gzip.decompress(Path(pipeline.demo_path(), "firewall.log.gz").read_bytes()).splitlines(keepends=True)


def essence(offenses: list[Offense]) -> list[dict[str, object]]:
    """Return all of the offenses but the places of their records."""
    return [{key: value for key, value in vars(offense).items() if key not in WHERE} for offense in offenses]


def scan(*paths: Path, **settings: object) -> Report:
    """Scan files."""
    return pipeline.scan([str(path) for path in paths], replace(Settings(), **settings))


def write(path: Path, lines: list[bytes]) -> Path:
    """Write lines to a file."""
    path.write_bytes(b"".join(lines))
    return path


def test_every_bundled_scanner_is_found_and_no_ordinary_client_is_named(demo: Report) -> None:
    assert {offense.source for offense in demo.offenses} == {NMAP, MASSCAN, NIKTO, SLOW}


def test_kinds_and_techniques_of_the_bundled_scanners_are_right(demo: Report) -> None:
    by_source = {offense.source: offense for offense in demo.offenses}

    assert "vertical" in by_source[NMAP].kinds
    assert "block" in by_source[MASSCAN].kinds
    assert "web_vuln" in by_source[NIKTO].kinds
    assert "T1595.002" in by_source[NIKTO].techniques
    assert by_source[SLOW].slow
    assert "horizontal" in by_source[SLOW].kinds


def test_one_scanner_is_one_offense_across_firewall_and_web_logs(demo: Report) -> None:
    nmap = next(offense for offense in demo.offenses if offense.source == NMAP)

    assert nmap.ports > 100
    assert nmap.paths > 0


def test_evidence_points_at_lines_of_the_source(demo: Report) -> None:
    for offense in demo.offenses:
        for record in [offense.settled_by, *offense.evidence]:
            lines = gzip.decompress(Path(record.input).read_bytes()).split(b"\n")

            assert offense.source.encode() in lines[record.line - 1]


def test_shuffled_within_ten_minutes_gives_the_same_offenses(tmp_path: Path) -> None:
    lines = firewall_lines()
    when = [
        int(m[1]) * 1440 + int(m[2]) * 60 + int(m[3])
        for m in (re.match(rb"2026-03-(\d\d)T(\d\d):(\d\d)", x) for x in lines)
        if m
    ]
    shuffle = random.Random(1)
    order = sorted(range(len(lines)), key=lambda n: when[n] + shuffle.uniform(0, 10))

    straight = scan(write(tmp_path / "a.log", lines))
    shuffled = scan(write(tmp_path / "b.log", [lines[n] for n in order]))

    assert essence(straight.offenses) == essence(shuffled.offenses)
    assert straight.noise == shuffled.noise


def test_split_in_three_gives_the_same_offenses(tmp_path: Path) -> None:
    lines = firewall_lines()
    third = len(lines) // 3
    parts = [lines[:third], lines[third : 2 * third], lines[2 * third :]]

    whole = scan(write(tmp_path / "whole.log", lines))
    split = scan(*(write(tmp_path / f"part{n}.log", part) for n, part in enumerate(parts)))

    assert essence(whole.offenses) == essence(split.offenses)


def test_a_file_read_twice_counts_once(tmp_path: Path) -> None:
    once = write(tmp_path / "fw.log", firewall_lines())
    again = write(tmp_path / "copy.log", firewall_lines())

    single, double = scan(once), scan(once, once, again)

    assert essence(single.offenses) == essence(double.offenses)
    assert [read.same_as for read in double.inputs] == [None, str(once), str(once)]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_does_not_matter(demo: Report, threads: int) -> None:
    report = pipeline.scan([pipeline.demo_path()], Settings(threads=threads))

    assert report.offenses == demo.offenses
    assert report.noise == demo.noise


def test_an_allowed_scanner_is_suppressed_not_dropped() -> None:
    entry = Allowed(parse_network(f"{MASSCAN}/32"), who="ops", why="weekly scan")

    report = pipeline.scan([pipeline.demo_path()], Settings(allow=(entry,)))

    assert MASSCAN not in {offense.source for offense in report.offenses}
    assert [(offense.source, by["who"]) for offense, by in report.suppressed] == [(MASSCAN, "ops")]


def test_since_and_until_choose_events_by_their_own_time(demo: Report) -> None:
    masscan = next(offense for offense in demo.offenses if offense.source == MASSCAN)

    before = pipeline.scan([pipeline.demo_path()], Settings(until=masscan.first_seen))
    after = pipeline.scan([pipeline.demo_path()], Settings(since=masscan.first_seen))

    assert MASSCAN not in {offense.source for offense in before.offenses}
    assert MASSCAN in {offense.source for offense in after.offenses}
    assert after.window
    assert after.window[0] >= masscan.first_seen


def test_events_of_a_log_read_as_a_log_give_the_same_offenses(tmp_path: Path, demo: Report) -> None:
    import json

    lines = [json.dumps(event).encode() + b"\n" for event in pipeline.events([pipeline.demo_path()], Settings())]

    again = scan(write(tmp_path / "events.jsonl", lines))

    assert again.inputs[0].skipped == 0
    assert essence(again.offenses) == essence(demo.offenses)


def test_a_firewall_line_with_a_length_is_loaded_as_a_packet(tmp_path: Path) -> None:
    log = write(tmp_path / "fw.log", firewall_lines())

    with pipeline.loaded([str(log)], Settings(), pipeline.DETECT, None) as (engine, _):
        (counts,) = engine.rows(
            "SELECT (SELECT count(*) FROM packets) AS packets, (SELECT count(*) FROM requests) AS requests"
        )

    assert counts["packets"] > 0
    assert counts["requests"] == 0
