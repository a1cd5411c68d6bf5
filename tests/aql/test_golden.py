"""Every golden query gives the SQL of both engines and the rows that its file says; see cases.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aql.cases import cases, databases, outcome
from vedette import aql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vedette.engines.duckdb import Engine

CASES = cases()
TAKEN = {name: case for name, case in CASES if "duckdb" in case}
WHAT = ("duckdb", "spark", "rows", "needs", "error")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with databases() as opened:
        yield opened


def test_there_are_at_least_120_of_them_and_no_rule_is_told_twice() -> None:
    names = [name for name, _ in CASES]

    assert len(names) >= 120
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_a_golden_query_gives_what_its_file_says(engine: Engine, name: str, case: dict[str, Any]) -> None:
    found = outcome(engine, case["aql"])

    assert found == {key: case[key] for key in WHAT if key in case}


@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
def test_a_golden_query_written_as_aql_again_is_the_same_query(case: dict[str, Any]) -> None:
    tree = aql.parse(case["aql"])

    assert aql.parse(aql.generate(tree)) == tree
