"""One AQL search over files: read them, make the databases, lower the query, fetch the rows, all within limits."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vedette import aql
from vedette.ariel import countries, databases, limits, lines, lint
from vedette.config import UsageError

if TYPE_CHECKING:
    from vedette.config import Settings
    from vedette.engines.duckdb import Engine
    from vedette.model import Input

MILLISECONDS = 1000


@dataclass(frozen=True)
class Search:
    """What to search: the query, the inputs, reference files, minutes of the default window (None: all times)."""

    query: str
    paths: list[str]
    settings: Settings
    references: Sequence[str] = ()
    default_minutes: int | None = 5
    lint: bool = False
    limits: limits.Limits = field(default_factory=limits.Limits)


@dataclass
class Answer:
    """What was found: rows by result name, the database they are of, what to say about them, and the inputs read."""

    rows: list[dict[str, Any]]
    database: str
    notes: list[str]
    inputs: list[Input]


def check(query: str, settings: Settings, to: str = "duckdb", default_minutes: int | None = 5) -> aql.Lowered:
    """Lower a query for our fields without reading anything. Raise UsageError, its place and caret included."""
    now = None if settings.now is None else settings.now // MILLISECONDS
    return _lower(query, to, now, default_minutes)


def _lower(query: str, to: str, now: int | None, default_minutes: int | None) -> aql.Lowered:
    try:
        return aql.lower(query, to, now=now, fields=databases.fields(), default_minutes=default_minutes)
    except aql.AQLError as error:
        raise UsageError(f"{error}\n{error.caret()}".rstrip("\n")) from None


def run(search: Search, quiet: bool = False) -> Answer:
    """Run a search in a process of its own. Raise UsageError for what is no AQL, cannot run here, or meets a limit."""
    refuse(check(search.query, search.settings, default_minutes=search.default_minutes))
    answer: Answer = limits.run(lambda say: _work(search, quiet, say), search.limits)
    return answer


def refuse(lowered: aql.Lowered) -> None:
    """Raise UsageError with the reasons why a query cannot run here, if there are any."""
    if lowered.needs:
        raise UsageError("this cannot be answered from files: " + "; ".join(lowered.needs))


def _work(search: Search, quiet: bool, say: limits.Say) -> None:
    from vedette import pipeline
    from vedette.terminal import progress

    bar = progress(quiet or sys.stdout.isatty())
    try:
        with pipeline.loaded(search.paths, search.settings, pipeline.EVERYTHING, bar) as (engine, _):
            bar.close()
            notes = prepare(engine, search)
            limits.tighten(search.limits)
            say("ready", None)
            found = answer(engine, search, bar.inputs)
            found.notes += notes
            say("answer", found)
    finally:
        bar.close()


def prepare(engine: Engine, search: Search) -> list[str]:
    """Make the databases, with the lines themselves if the query asks for what only they have; return what to say of it."""
    from vedette.formats import load

    lowered = check(search.query, search.settings, default_minutes=search.default_minutes)
    fields = lowered.fields
    raw = bool(fields & lines.NEEDED) and lines.load(engine, search.paths, load())
    databases.create(engine, load(), search.settings, search.references, raw=raw)
    if "geo" in lowered.tables:
        countries.load(engine)
    if fields & lines.NEEDED and not raw:
        return [
            "standard input cannot be read twice: deviceaction is in our words, payload is put together from the fields"
        ]
    return []


def answer(engine: Engine, search: Search, inputs: list[Input]) -> Answer:
    """Run a search over the databases of an engine."""
    now = moment(engine, search.settings)
    lowered = _lower(search.query, "duckdb", now, search.default_minutes)
    notes = [in_words(lowered, now), *lowered.warnings]
    rows, more = fetch(engine, lowered, search.limits)
    if more:
        notes.append(f"there is more: only the first {len(rows):,} rows are given (see --rows, LIMIT)")
    if not rows:
        notes.append("no rows: look at the window of time above (--now, LAST, START), and at what --lint says")
    if search.lint or not rows:
        bites = lint.warnings(search.query, lowered, engine.rows, None if search.lint else (lint.missed_words,))
        notes += [warning for warning in bites if warning not in notes]
    return Answer(rows, lowered.database, notes, inputs)


def fetch(engine: Engine, lowered: aql.Lowered, most: limits.Limits) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows of a lowered query, and whether a limit cut them."""
    rows: list[dict[str, Any]] = []
    size = 0
    for row in engine.stream(lowered.text()):
        size += sum(len(value) if isinstance(value, str) else 8 for value in row.values())
        if len(rows) >= most.rows or size > most.bytes:
            return rows, True
        rows.append({name: plain(value) for name, value in row.items()})
    return rows, False


def plain(value: Any) -> Any:
    """Return a value as JSON has it; what is no number counts as missing, as in a console's results."""
    if isinstance(value, float) and not (-1e308 <= value <= 1e308):
        return None
    return value


def moment(engine: Engine, settings: Settings) -> int:
    """Return what LAST counts from, in milliseconds since 1970 UTC: --now, else the newest event, else the clock."""
    if settings.now is not None:
        return settings.now // MILLISECONDS
    newest = engine.rows("SELECT max(ts) AS newest FROM stored")[0]["newest"]
    return int(time.time() * 1000) if newest is None else -(-int(newest) // MILLISECONDS)


def in_words(lowered: aql.Lowered, now: int) -> str:
    """Return what a query reads: its database and its window of time."""
    from vedette.aql.times import spoken

    return f"{lowered.database}, {spoken(lowered.window, now)}"
