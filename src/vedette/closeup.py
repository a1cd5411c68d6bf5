"""A closer look at chosen sources: every stage of detection without the floors that cut the uninteresting ones early.

`detect` has run before, on the whole log, and gives the verdict; this explains it. The SQL of the
stages is the detectors' own, with this module's tables in the place of theirs, so an explanation
cannot drift away from what it explains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from vedette.detectors import NUMBERS
from vedette.detectors.direction import outside, towards
from vedette.detectors.files import (
    Detector,
    Noise,
    detectors,
    noises,
    parameters,
    split_statements,
    stage_knobs,
    statements,
)

if TYPE_CHECKING:
    from vedette.config import Settings
    from vedette.engines.duckdb import Engine

MOST = 1000
"""Sources of a network that are looked at, the most active first."""

NETWORK = ("probes", "contacts", "evidence", "explained", "unexplained")
WEB = ("page_evidence", "unexplained_pages")


@dataclass(frozen=True)
class Rung:
    """How near the chosen sources came to one rung: the most distinct things in a window, and that with nothing explained."""

    detector: Detector
    window: int
    at_least: int
    why: str
    count: int
    whole: int


class Closeup:
    """Tables close_NAME of the chosen sources, for each stage NAME: probes, contacts, evidence, explained, unexplained, observed, walked.

    `first` and `last` bound the source keys (see detectors/contacts.sql). The engine holds what `detect` left in it.
    """

    def __init__(self, engine: Engine, first: int, last: int, settings: Settings) -> None:
        self._engine = engine
        self._values: dict[str, Any] = {
            **NUMBERS,
            "first": first,
            "last": last,
            "most": MOST,
            "lowest": 1,
            "lowest_pages": 0,
            "pages_of_many": 0,
        }
        self._tests = {"OUTSIDE": outside(settings.home, self._values), "TOWARDS": towards(settings.home, self._values)}
        self.web = has_table(engine, "pages")
        self.reads = {"network", "web"} if self.web else {"network"}
        self._made: list[str] = []
        self._prepare()

    def _prepare(self) -> None:
        """Make the tables, in the order of the stages."""
        chosen, probes, contacts, evidence, explained, unexplained, observed, walked = split_statements(
            "vedette", "closeup"
        )
        pages, unexplained_pages = split_statements("vedette", "closeup_pages")
        self._run(chosen)
        self._run(probes, PROBES=select("contacts", "probes"))
        self._run(contacts, CONTACTS=select("contacts", "contacts"))
        self._run(evidence, EVIDENCE=select("contacts", "evidence"))
        if self.web:
            self._run(pages, PAGE_EVIDENCE=select("pages", "page_evidence"))
        self._run(explained, EXPLAINED=select("explained", "explained").replace("RULES", self._rules()))
        self._run(unexplained, UNEXPLAINED=select("explained", "unexplained"))
        if self.web:
            self._run(unexplained_pages, UNEXPLAINED_PAGES=select("explained_pages", "unexplained_pages"))
        self._run(observed, KINDS=self._kinds())
        self._values |= stage_knobs("walk") | {"threshold": -inf}
        self._run(walked, WALKED=self._walk())

    def rules(self) -> list[Noise]:
        """Return the noise rules that this log has anything to say for."""
        return [rule for rule in noises() if rule.reads in self.reads]

    def kinds(self) -> list[tuple[int, Detector]]:
        """Return the detectors that this log has anything to say for, each with its number."""
        return [(number, kind) for number, kind in enumerate(detectors()) if kind.reads in self.reads]

    def _rules(self) -> str:
        rules = self.rules()
        self._values["titles"] = [rule.title for rule in rules]
        for rule in rules:
            self._values |= rule.knobs
        return "\nUNION ALL\n".join(f"SELECT contact, {n} AS rule FROM ({rule.sql})" for n, rule in enumerate(rules))

    def _kinds(self) -> str:
        for _, kind in self.kinds():
            self._values |= kind.knobs
        selects = [f"SELECT {n} AS detector, source, grp, thing, contact FROM ({kind.sql})" for n, kind in self.kinds()]
        return "\nUNION ALL\n".join(selects)

    def _walk(self) -> str:
        pages = statements("walk_pages")[0] if self.web else ""
        return re.sub(r"\bPAGES\b", lambda _: pages, select("walk", "walked")).removeprefix("WITH ")

    def shadows(self, **instead: str) -> str:
        """Return the WITH clause that puts this module's tables, or those of `instead`, in the place of the stages'."""
        tables = {name: f"close_{name}" for name in self._made} | instead
        return "WITH " + ", ".join(f"{name} AS (FROM {table})" for name, table in tables.items())

    def _run(self, statement: str, **parts: str) -> None:
        whole = {"unexplained": "close_evidence"} | ({"unexplained_pages": "close_page_evidence"} if self.web else {})
        for placeholder, sql in (
            parts | {"SHADOWS": self.shadows(), "WHOLE": self.shadows(**whole)} | self._tests
        ).items():
            statement = re.sub(rf"\b{placeholder}\b", lambda _, sql=sql: sql, statement)  # type: ignore[misc]
        self._engine.execute(statement, parameters(statement, self._values))
        made = re.match(r"CREATE TEMP TABLE close_(\w+)", statement)
        self._made += [made[1]] if made else []

    def rows(self, sql: str, **more: Any) -> list[dict[str, Any]]:
        """Return the rows of a SELECT over the stages' names, which mean the chosen sources; `more` are further values."""
        for placeholder, test in self._tests.items():
            sql = re.sub(rf"\b{placeholder}\b", test, sql)
        sql = f"{self.shadows()} {sql}"
        return self._engine.rows(sql, parameters(sql, self._values | more))

    def rungs(self) -> list[Rung]:
        """Return every rung of every detector with the most that any group of a chosen source ever had in such a window."""
        found = []
        for number, kind in self.kinds():
            lengths = sorted({rung.window for rung in kind.rungs})
            most, whole = (self._widest(number, lengths, flag) for flag in (False, True))
            found += [
                Rung(kind, rung.window, rung.at_least, rung.why, most[rung.window], whole[rung.window])
                for rung in kind.rungs
            ]
        return found

    def _widest(self, number: int, lengths: list[int], whole: bool) -> dict[int, int]:
        """Return {window: most distinct things} of one detector; one at a time, so that a long scan stays in memory."""
        import numpy as np

        pages = statements("page_sightings", **self._tests)[0] if self.web else ""
        sql = statements("sightings", PAGES=pages, SIZES="")[1]
        chosen = f"(SELECT detector, source, grp, thing, contact FROM close_observed WHERE detector = {number} AND whole = {whole})"
        sql = f"{self.shadows(observed=chosen)} {sql}"
        table = self._engine.arrays(sql, parameters(sql, {**self._values, "part": 0, "parts": 1}))
        if not len(table["ts"]):
            return dict.fromkeys(lengths, 0)
        from vedette.kernels.windows import widest

        change = np.flatnonzero((np.diff(table["source"]) != 0) | (np.diff(table["grp"]) != 0)) + 1
        starts = np.concatenate([[0], change, [len(table["ts"])]]).astype(np.int64)
        things, times = (np.ascontiguousarray(table[name], np.int64) for name in ("thing", "ts"))
        never = np.full((len(starts) - 1, len(lengths)), 2**62, np.int64)
        most, _ = widest(starts, things, times, np.array(lengths, np.int64), never)
        return dict(zip(lengths, most.max(axis=0).tolist(), strict=True))


def has_table(engine: Engine, name: str) -> bool:
    """Tell whether the engine has a table of this name."""
    return bool(engine.rows("SELECT 1 AS found FROM duckdb_tables() WHERE table_name = $name", {"name": name}))


def select(stage: str, table: str) -> str:
    """Return the SELECT by which a stage file of the detectors makes a table. Raises KeyError if none does."""
    start = re.compile(rf"CREATE TEMP TABLE {table} AS\s")
    for statement in statements(stage):
        if found := start.match(statement):
            return statement[found.end() :]
    raise KeyError(f"{stage}.sql makes no table {table}")
