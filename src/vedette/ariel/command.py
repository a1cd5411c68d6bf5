"""What `vedette aql` does besides running a search: find the text of the query, check it, explain it."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vedette.ariel import limits, lint, search
from vedette.config import UsageError, suggest

if TYPE_CHECKING:
    from vedette.aql import Lowered
    from vedette.config import Settings

DEFAULT_MINUTES = 5
"""The window of a query without a time clause, as IBM's dashboards have it."""

MOST = 1 << 20
"""Bytes of a query file that are read; the language itself takes less."""


def stored() -> list[str]:
    """Return the names of the queries that come with vedette."""
    folder = files("vedette.content") / "aql"
    return sorted(entry.name.removesuffix(".aql") for entry in folder.iterdir() if entry.name.endswith(".aql"))


def text_of(query: str | None, file: str | None, name: str | None) -> str:
    """Return the text of the query that was asked for in one of three ways. Raise UsageError unless it is exactly one."""
    if sum(given is not None for given in (query, file, name)) != 1:
        raise UsageError("give one query: as text, with -f FILE, or with --query NAME")
    if name is not None:
        if name not in stored():
            raise UsageError(f"--query: there is no query {name!r}{suggest(name, stored())}")
        return (files("vedette.content") / "aql" / f"{name}.aql").read_text(encoding="utf-8")
    if file is None:
        return str(query)
    try:
        data = sys.stdin.buffer.read(MOST) if file == "-" else Path(file).open("rb").read(MOST)  # noqa: SIM115
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"-f {file}: cannot read the query: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"-f {file}: cannot read the query: it is not UTF-8") from None


def minutes(text: str | None) -> int | None:
    """Return the minutes of the default window; "all" is None. Raise UsageError for what is neither."""
    if text is None or text == "all":
        return None if text else DEFAULT_MINUTES
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 10**8):
        raise UsageError(f"--window: {text[:40]!r} is not a number of minutes, nor all")
    return int(text[:9])


class Options(Protocol):
    """What of the command line concerns a search."""

    @property
    def reference(self) -> list[str] | None:
        """Return reference files."""

    @property
    def lint(self) -> bool:
        """Tell whether to warn by the data."""

    @property
    def rows(self) -> int:
        """Return the most rows."""

    @property
    def seconds(self) -> int:
        """Return the most seconds."""


def run(
    text: str, paths: list[str], settings: Settings, options: Options, minutes: int | None, quiet: bool
) -> search.Answer:
    """Run a query over files. Raise UsageError for what is no AQL, cannot run here, or meets a limit."""
    if options.rows < 1 or options.seconds < 1:
        raise UsageError("--rows and --seconds begin at 1")
    most = limits.Limits(seconds=options.seconds, rows=options.rows)
    asked = search.Search(text, paths, settings, options.reference or (), minutes, options.lint, most)
    return search.run(asked, quiet)


def checked(text: str, settings: Settings, minutes: int | None, bites: bool) -> list[str]:
    """Return what is to say about a query that is AQL: its warnings, with what is known to bite if *bites*, and what it needs."""
    lowered = search.check(text, settings, default_minutes=minutes)
    warnings = lint.warnings(text, lowered) if bites else lowered.warnings
    return [*warnings, *(f"cannot be answered from files: {need}" for need in lowered.needs)]


def explained(text: str, settings: Settings, minutes: int | None) -> dict[str, Any]:
    """Return what a query becomes: SQL for each engine, its window in words, its columns, what may surprise."""
    from vedette.aql.times import spoken

    by_engine: dict[str, Lowered] = {
        engine: search.check(text, settings, engine, minutes) for engine in ("duckdb", "spark")
    }
    lowered = by_engine["duckdb"]
    now = None if settings.now is None else settings.now // search.MILLISECONDS
    return {
        "database": lowered.database,
        "window": spoken(lowered.window, now),
        "columns": dict(lowered.columns),
        "dimension_tables": sorted(lowered.tables),
        "warnings": lint.warnings(text, lowered),
        "needs": lowered.needs,
        **{engine: found.text(pretty=True) for engine, found in by_engine.items()},
    }
