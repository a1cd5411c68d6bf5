"""Replay: however the events come in, the answer is the same, byte for byte."""

from __future__ import annotations

import json
import random
from functools import cache
from typing import Any

import pytest

from vedette import pipeline, scoring
from vedette.config import Settings
from vedette.detectors import detect
from vedette.engines.duckdb import Engine
from vedette.model import Record
from vedette.outputs import plain
from vedette.schema import EVENTS, ddl, sql_columns

TEN_MINUTES = 600_000_000

NAMES = [name for name, _ in sql_columns()]


@cache
def recorded() -> list[tuple[Any, ...]]:
    """Return the events of the logs that come along, as rows of the columns of the schema."""
    with pipeline.loaded([pipeline.demo_path()], Settings(), {"stored": EVENTS}, None) as (engine, _):
        rows = engine.rows(f"SELECT {', '.join(NAMES)} FROM events ORDER BY record")
    return [tuple(row.values()) for row in rows]


def answer(rows: list[tuple[Any, ...]], batch: int, threads: int) -> str:
    """Return offenses, noise and what is suppressed, as text, of events that come in batches of so many rows."""
    settings = Settings(threads=threads)
    fields = ", ".join(f'"{name}" {kind}' for name, kind in sql_columns())
    insert = f"INSERT INTO events SELECT unnest($rows::STRUCT({fields})[], recursive := true)"
    with Engine(threads=threads) as engine:
        engine.execute(ddl("events"))
        for start in range(0, len(rows), batch):
            part = [dict(zip(NAMES, row, strict=True)) for row in rows[start : start + batch]]
            engine.execute(insert, {"rows": part})
        found = scoring.rank(engine, detect(engine, settings), settings, lambda record: Record("log", record))
    return json.dumps(plain(found))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("batch", [97, 5000])
def test_batches_and_threads_leave_the_answer_as_it_is(batch: int, threads: int) -> None:
    rows = recorded()

    assert answer(rows, batch, threads) == answer(rows, len(rows), 2)


def test_one_event_at_a_time_leaves_the_answer_as_it_is() -> None:
    rows = recorded()[:2000]

    assert answer(rows, 1, 2) == answer(rows, len(rows), 1)


def test_events_that_come_up_to_ten_minutes_late_leave_the_answer_as_it_is() -> None:
    rows, when = recorded(), NAMES.index("ts")
    late = random.Random(5)
    order = sorted(rows, key=lambda row: row[when] + late.uniform(0, TEN_MINUTES))

    assert order != rows
    assert answer(order, 97, 2) == answer(rows, len(rows), 1)
