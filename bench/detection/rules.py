"""Runs the peers' rules that are re-implemented in SQL over the events that vedette makes of the logs.

A rule is a file of `sql/`. It selects `source`, `alerted` (when somebody could have been told, microseconds since 1970 UTC) and
`record` (number of the event that settled it, or NULL where the rule runs on a schedule) from `events`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Rule:
    """One row of the table: a file of `sql/`, and the values of its knobs."""

    name: str
    file: str
    knobs: dict[str, Any] = field(default_factory=dict)


RULES = (
    Rule("AQL original", "aql"),
    Rule("Snort 3 medium, all answered", "snort", {"silent": False}),
    Rule("Snort 3 medium, none answered", "snort", {"silent": True}),
    Rule("Zeek bro-simple-scan", "simple_scan"),
    Rule("Elastic as shipped", "elastic", {"internal_only": True}),
    Rule("Elastic, any source", "elastic", {"internal_only": False}),
    Rule("Splunk ESCU as shipped", "splunk", {"internal_only": True}),
    Rule("Splunk ESCU, any source", "splunk", {"internal_only": False}),
    Rule("Sentinel ASIM", "sentinel"),
)


@dataclass(frozen=True)
class Verdict:
    """One offense: whom it names, when it fell (microseconds since 1970 UTC) and with which event, where that is known."""

    sources: tuple[str, ...]
    at: int | None = None
    record: int | None = None


class Events:
    """The events of some logs in a database of their own, numbered in the order in which they happened."""

    def __init__(self, path: Path | None = None) -> None:
        import duckdb

        self.database: duckdb.DuckDBPyConnection = duckdb.connect()
        if path:
            self.database.execute((FOLDER / "events.sql").read_text(), {"path": str(path)})

    def rows(self, sql: str, **knobs: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query, from any thread. Raises duckdb.Error."""
        return self.database.cursor().execute(sql, knobs).fetchall()

    def verdicts(self, rule: Rule) -> list[Verdict]:
        """Return the first verdict of `rule` on each source that it names; later ones on the same source add nothing."""
        text = (FOLDER / "sql" / f"{rule.file}.sql").read_text()
        first = f"select source, min(alerted), arg_min(record, (alerted, record)) from (\n{text}\n) group by source order by source"
        return [Verdict((source,), at, record) for source, at, record in self.rows(first, **rule.knobs)]

    def of(self, sources: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
        """Return the events of each of `sources` as (number, time), in order."""
        found: dict[str, list[tuple[int, int]]] = {source: [] for source in sources}
        rows = "select src, n, ts from events where src in (select unnest($sources)) order by n"
        for source, number, at in self.rows(rows, sources=list(found)):
            found[source].append((number, at))
        return found

    def numbers(self) -> dict[tuple[str, int], int]:
        """Return the number of the event that each line of each input became; of several the first."""
        return {(name, line): n for name, line, n in self.rows("select input, line, min(n) from events group by 1, 2")}
