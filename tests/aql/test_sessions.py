"""SESSION BY numbers records as a plain loop over each key's records does."""

from __future__ import annotations

from typing import NamedTuple

import duckdb
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from sqlglot import exp

from vedette.aql import sessions

PAUSE = 5


class Record(NamedTuple):
    """A record: its key, its time, and whether it begins and ends a session."""

    key: int
    moment: int
    begins: bool
    ends: bool


RECORDS = st.lists(st.builds(Record, st.integers(0, 2), st.integers(0, 40), st.booleans(), st.booleans()), max_size=30)


@pytest.mark.parametrize("explicit", list(sessions.STARTS))
@pytest.mark.parametrize("timeout", [None, PAUSE])
@settings(max_examples=60, deadline=None)
@given(records=RECORDS)
def test_records_have_the_sessions_that_a_loop_gives_them(
    explicit: tuple[bool, bool], timeout: int | None, records: list[Record]
) -> None:
    columns = {f"session_{name}": exp.column(name) for name in ("who", "moment", "begins", "ends")}
    aliased = [exp.alias_(column, name) for name, column in columns.items()]
    query = sessions.numbered(exp.select("record", *aliased).from_("records"), explicit, timeout)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE records (record INT, who INT, moment INT, begins BOOL, ends BOOL)")
        if records:
            connection.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?)", [(i, *r) for i, r in enumerate(records)]
            )
        text = query.sql(dialect="duckdb")
        found = dict(connection.execute(f"SELECT record, sessionid FROM ({text})").fetchall())

    assert found == looped(records, explicit, timeout)


def looped(records: list[Record], explicit: tuple[bool, bool], timeout: int | None) -> dict[int, int]:
    """Return record -> session, by the words of IBM's pages, one record after the other."""
    ordered = sorted(enumerate(records), key=lambda item: (item[1].moment, item[0]))
    begin_only, end_only = explicit
    session: dict[int, int | None] = {}
    last: dict[int, Record] = {}
    found = {}
    for place, (number, record) in enumerate(ordered, 1):
        before = last.get(record.key)
        if before is not None and (before.ends or (timeout is not None and record.moment - before.moment > timeout)):
            session[record.key] = None
        is_open = session.get(record.key) is not None
        by_begin = record.begins and not (is_open and end_only)
        if by_begin or (not is_open and not begin_only):
            session[record.key] = place
        last[record.key] = record
        current = session.get(record.key)
        if current is not None:
            found[number] = current
    return found
