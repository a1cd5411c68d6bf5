"""Every golden query gives the SQL of both engines and the rows that its file says; see cases.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlglot import exp

from aql.cases import NOW, cases, databases, outcome
from vedette import aql
from vedette.aql.catalog import databases as known
from vedette.aql.catalog import functions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vedette.engines.duckdb import Engine

CASES = cases()
TAKEN = {name: case for name, case in CASES if "duckdb" in case}
PYTHON = {"int": int, "time": int, "bool": bool} | dict.fromkeys(("host", "address", "mac", "text", "bytes"), str)
WHAT = ("duckdb", "spark", "rows", "needs", "error")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with databases() as opened:
        yield opened


def test_there_are_at_least_120_of_them_and_no_rule_is_told_twice() -> None:
    names = [name for name, _ in CASES]

    assert len(names) >= 120
    assert len(set(names)) == len(names)


def test_each_function_occurs_in_one() -> None:
    called = {call.name.upper() for case in TAKEN.values() for call in aql.parse(case["aql"]).find_all(exp.Anonymous)}

    assert set(functions()) - called == set()


@pytest.mark.parametrize("name", ["events", "flows"])
def test_each_field_can_be_selected_and_has_its_type(engine: Engine, name: str) -> None:
    database = known()[name]
    listed = ", ".join(database.fields)
    lowered = aql.lower(f"SELECT {listed} FROM {name} LAST 3 HOURS", now=NOW, fields={})
    (row, *_) = engine.rows(lowered.text())

    assert list(row) == list(database.fields)
    for column, kind in database.fields.items():
        assert row[column] is None or isinstance(row[column], PYTHON[kind]), column


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_a_golden_query_gives_what_its_file_says(engine: Engine, name: str, case: dict[str, Any]) -> None:
    found = outcome(engine, case["aql"])

    assert found == {key: case[key] for key in WHAT if key in case}


@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
def test_a_golden_query_written_as_aql_again_is_the_same_query(case: dict[str, Any]) -> None:
    tree = aql.parse(case["aql"])

    assert aql.parse(aql.generate(tree)) == tree
