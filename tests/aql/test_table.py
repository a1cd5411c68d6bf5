"""Rows for people: a table where it fits, blocks where it does not, and no address is ever cut."""

from __future__ import annotations

from typing import Any

from vedette.outputs._table import table
from vedette.terminal import View

ADDRESS = "2001:db8:1111:2222:3333:4444:5555:6666"


def lines(rows: list[dict[str, Any]], width: int) -> list[str]:
    return list(table(rows, View(width=width)))


def test_numbers_lean_to_the_right_and_nothing_is_a_hyphen() -> None:
    rows = [{"who": "alice", "n": 5.0}, {"who": None, "n": 12.5}]

    assert lines(rows, 80) == ["who       n", "alice   5.0", "-      12.5"]


def test_a_long_text_is_cut_before_a_name() -> None:
    (head, row) = lines([{"username": "-", "line": "x" * 200}], 60)

    assert head.startswith("username  line")
    assert row.endswith("xxx...")
    assert len(row) == 60


def test_a_long_name_is_cut_where_its_cells_are_short() -> None:
    assert lines([{"destinationport": 22, "destinationip": "192.0.2.1"}], 20) == [
        "destin...  destin...",
        "       22  192.0.2.1",
    ]


def test_where_a_table_does_not_fit_each_row_is_a_block() -> None:
    rows = [{"source": ADDRESS, "target": ADDRESS}, {"source": "192.0.2.1", "target": None}]

    assert lines(rows, 60) == [f"source  {ADDRESS}", f"target  {ADDRESS}", "", "source  192.0.2.1", "target  -"]


def test_no_rows_are_said() -> None:
    assert lines([], 60) == ["no rows"]
