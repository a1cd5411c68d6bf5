"""READ THIS FIRST: the path of every run, from the bytes of a log to ranked offenses.

Sources -> formats -> events -> contacts -> findings -> offenses -> outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from vedette import scoring
from vedette.catalog import detectors, format_named, formats
from vedette.detectors import detect
from vedette.engines.duckdb import Engine
from vedette.formats import load as load_formats
from vedette.model import Record, Report
from vedette.reading.reader import Reading
from vedette.schema import EVENTS, FLOWS, PACKETS, REQUESTS, Column, ddl, union
from vedette.sources import Source, open_inputs

if TYPE_CHECKING:
    from vedette.config import Settings
    from vedette.model import Offense
    from vedette.terminal import Progress

__all__ = ["demo_path", "detectors", "events", "explain", "format_named", "formats", "scan", "why"]

DETECT = {"packets": PACKETS, "flows": FLOWS, "requests": REQUESTS}
EVERYTHING = {"stored": EVENTS}
"""The tables that events are read into: what detectors read, or all columns."""

LARGE = 2 << 30
"""Bytes of input from which the events go to a file instead of memory; a compressed byte counts as ten."""


def scan(paths: list[str], settings: Settings, progress: Progress | None = None) -> Report:
    """Read logs, find who scans, return the report."""
    with loaded(paths, settings, DETECT, progress) as (engine, reading):
        findings = detect(engine, settings)
        offenses, suppressed, noise = scoring.rank(engine, findings, settings, locator(reading))
        return report(engine, reading, settings, offenses, suppressed, noise)


def events(paths: list[str], settings: Settings, progress: Progress | None = None) -> Iterator[dict[str, Any]]:
    """Yield the events of logs in the order of the input, as the objects of `vedette events -o jsonl`."""
    from vedette.reading.events import to_event

    names = [fmt.name for fmt in load_formats()]
    with loaded(paths, settings, EVERYTHING, progress) as (engine, reading):
        locate = locator(reading)
        for row in engine.stream("SELECT * FROM events ORDER BY record"):
            record = locate(row["record"])
            yield to_event(row) | {"format": names[row["format"]], "input": record.input, "line": record.line}


def why(address: str, paths: list[str], settings: Settings, progress: Progress | None = None) -> dict[str, Any]:
    """Return what speaks for and against one source (an address, or a network) as vedette.why.account tells it."""
    from vedette.why import account

    with loaded(paths, settings, DETECT, progress) as (engine, reading):
        findings = detect(engine, settings)
        locate = locator(reading)
        offenses, suppressed, _ = scoring.rank(engine, findings, settings, locate)
        return account(
            engine, address, settings, findings, [*((offense, None) for offense in offenses), *suppressed], locate
        )


def explain(line: bytes, settings: Settings) -> dict[str, Any]:
    """Return which format takes a line, its event, and what each detector would make of it, as vedette.explain tells it."""
    from vedette.explain import explanation

    return explanation(line, settings)


@contextmanager
def loaded(
    paths: list[str], settings: Settings, tables: Mapping[str, tuple[Column, ...]], progress: Progress | None
) -> Iterator[tuple[Engine, Reading]]:
    """Open an engine, read the inputs into its view `events`, and close it after use. Reading begins while the engine is being opened."""
    inputs = open_inputs(paths)
    with (
        Reading(inputs, load_formats(), settings, tables, progress) as reading,
        Engine(large=is_large(inputs), memory=settings.memory, threads=settings.threads) as engine,
    ):
        for name, columns in tables.items():
            engine.execute(ddl(name, columns))
        engine.execute(f"CREATE VIEW events AS {union(tables)}")
        where, params = window(settings)
        reading.load(engine, where, params)
        yield engine, reading


def window(settings: Settings) -> tuple[str, dict[str, int]]:
    """Return the SQL test, and its values, of the time that the user asked for."""
    asked = {"since": ("ts >= $since", settings.since), "until": ("ts < $until", settings.until)}
    tests = {name: (test, at) for name, (test, at) in asked.items() if at is not None}
    return " AND ".join(test for test, _ in tests.values()) or "TRUE", {name: at for name, (_, at) in tests.items()}


def is_large(inputs: list[Source]) -> bool:
    """Tell whether the inputs are more than memory should hold."""
    return sum((source.size or 0) * (10 if source.compressed else 1) for source in inputs) > LARGE


def locator(reading: Reading) -> scoring.Locate:
    """Return the function that turns a record number into its input and line."""

    def locate(record: int) -> Record:
        number, line = reading.locate(record)
        return Record(reading.inputs[number].path, line)

    return locate


def report(
    engine: Engine,
    reading: Reading,
    settings: Settings,
    offenses: list[Offense],
    suppressed: list[tuple[Offense, dict[str, Any]]],
    noise: dict[str, dict[str, int]],
) -> Report:
    """Put together what a run found, with the totals of the events."""
    (totals,) = engine.rows((files("vedette") / "totals.sql").read_text())
    first = signature(engine, offenses)
    spanned = None if totals["first"] is None else (totals["first"], totals["last"])
    return Report(
        command=settings.command,
        window=spanned,
        inputs=reading.inputs,
        offenses=offenses,
        noise=noise,
        suppressed=suppressed,
        events=totals["events"],
        sources=totals["sources"],
        targets=totals["targets"],
        denied=totals["denied"],
        background=max(0, totals["sources"] - len({source for offense in offenses for source in offense.sources})),
        signature=first[0],
        signature_axis=first[1],
    )


def signature(engine: Engine, offenses: list[Offense]) -> tuple[list[tuple[int, int]], str]:
    """Return the picture of the first offense, or an empty one."""
    return scoring.signature(engine, offenses[0]) if offenses else ([], "port")


def demo_path() -> str:
    """Return the folder of the logs that ship with vedette."""
    return str(files("vedette.content") / "demo")
