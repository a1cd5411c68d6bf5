"""A directory with logs of twenty and more sensors: each is recognised, and one scanner seen by all of them is one offense."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from small_formats import CONTEXT
from vedette import pipeline
from vedette.config import Settings
from vedette.formats import Format, load
from vedette.reading.events import time_text
from vedette.reading.reference import read

if TYPE_CHECKING:
    from pathlib import Path

    from vedette.model import Report

SCANNER, DAY = "203.0.113.77", "2026-03-10"
DOORS = 3
"""Doors that one sensor sees refused: by themselves they are no scan."""

WEB = '{} - - [10/Mar/2026:13:55:36 +0000] "GET {} HTTP/1.1" 404 9 "-" "curl/8"'
PATHS = ("/.env", "/.git/config", "/wp-login.php", "/phpmyadmin/", "/backup.zip", "/.aws/credentials")


def moved(fmt: Format, sample: dict[str, Any], target: str, port: int) -> bytes | None:
    """Return a refused sample as if SCANNER had knocked at another door; None where its text does not say it once each."""
    event, line = sample["event"], sample["line"]
    old = [str(event.get(key)) for key in ("src_ip", "dst_ip", "dst_port")] if event else []
    if not old or event.get("action") != "deny" or event.get("tcp_flags", "S") != "S" or "url" in event:
        return None
    if event.get("proto", "tcp") != "tcp" or any(line.count(text) != 1 for text in old):
        return None
    for text, new in zip(old, (SCANNER, target, str(port)), strict=True):
        line = line.replace(text, new)
    found = read(fmt, line.encode(), CONTEXT).event or {}
    said = [found.get(key) for key in ("src_ip", "dst_ip", "dst_port")]
    return line.encode() if said == [SCANNER, target, port] and time_text(found.get("ts", 0))[:10] == DAY else None


@cache
def knocks(fmt: Format, number: int) -> tuple[bytes, ...]:
    """Return lines of a format in which SCANNER knocks at DOORS ports of a target of its own; none where no sample can be moved."""
    made = (
        [moved(fmt, sample, f"198.51.100.{number + 100}", 10_001 + 100 * number + door) for door in range(DOORS)]
        for sample in fmt.samples
        if not sample.get("forging")
    )
    return next((tuple(line for line in lines if line) for lines in made if all(lines)), ())


def ordinary(fmt: Format) -> list[bytes]:
    """Return the samples of a format that are events."""
    return [sample["line"].encode() for sample in fmt.samples if sample["event"] and not sample.get("forging")]


SENSORS = {fmt.name: number for number, fmt in enumerate(load()) if knocks(fmt, number)}
WEB_SENSOR = "combined"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a log of every format: its own samples, with what SCANNER did in those that tell of it."""
    folder = tmp_path_factory.mktemp("mixed")
    for number, fmt in enumerate(load()):
        lines = [*ordinary(fmt), *knocks(fmt, number)]
        if fmt.name == WEB_SENSOR:
            lines += [WEB.format(SCANNER, path).encode() for path in PATHS]
        (folder / f"{fmt.name}.log").write_bytes(b"\n".join(lines) + b"\n")
    return folder


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    """Return the report on the whole folder."""
    return pipeline.scan([str(folder)], Settings(now=CONTEXT.received))


def test_twenty_sensors_see_the_scanner() -> None:
    assert len(SENSORS) >= 20


def test_every_log_of_a_mixed_directory_is_given_its_own_format(folder: Path, report: Report) -> None:
    named = {read.path.removeprefix(f"{folder}/").removesuffix(".log"): read.format for read in report.inputs}

    assert {name: form for name, form in named.items() if form != name} == {}
    assert len(named) == len(load())
    assert [(read.path, read.problem, read.skipped) for read in report.inputs if read.problem or read.skipped] == []


def test_one_scanner_seen_by_all_sensors_is_one_offense(report: Report) -> None:
    offenses = [offense for offense in report.offenses if SCANNER in offense.sources]

    assert len(offenses) == 1
    (offense,) = offenses
    assert offense.ports == len(SENSORS) * DOORS
    assert offense.targets >= len(SENSORS)
    assert offense.paths >= len(PATHS)
    assert len({record.input for record in offense.evidence}) > 1


def test_no_network_sensor_alone_sees_a_scan(folder: Path) -> None:
    for name in list(SENSORS)[:6]:
        alone = pipeline.scan([str(folder / f"{name}.log")], Settings(now=CONTEXT.received))

        assert [offense for offense in alone.offenses if SCANNER in offense.sources] == []
