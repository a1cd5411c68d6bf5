"""SESSION BY: records of one key from a BEGIN to an END, with a SESSIONID.

The rules are IBM's ("Grouping related events into sessions", "Transactional query refinements"). A plain BEGIN starts a
session at each record that it is true for, and at the first record after an end; an EXPLICIT one at no other record, and
what stands outside of sessions is left out. A plain END ends a session after a record that it is true for, and the next
BEGIN ends it too; an EXPLICIT one alone does. TIMEOUT ends it before a pause that is longer. Of TIMEWINDOW each session's
end depends on where the one before it ended, which no relation of fixed depth can say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import sqlglot
from sqlglot import exp

from vedette.aql.sql import Node, number

NO_WINDOW = "TIMEWINDOW of SESSION BY needs a console: TIMEOUT, BEGIN and END are answered from files"

STARTS = {
    (False, False): "session_broken OR session_begins",
    (False, True): "session_broken",
    (True, False): "session_begins",
    (True, True): """
      session_begins AND COALESCE(
        MAX(CASE WHEN session_begins THEN 1 ELSE 0 END) OVER (
          PARTITION BY session_who, session_part ORDER BY session_moment, record
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) = 0""",
}
"""(BEGIN is explicit, END is explicit) -> where a session starts."""


@dataclass(frozen=True)
class Clause:
    """What SESSION BY says: the expression of time, the key's expressions, the tests, and the longest pause (milliseconds)."""

    moment: exp.Expression
    keys: list[exp.Expression]
    begin: exp.Expression
    end: exp.Expression | None
    explicit: tuple[bool, bool]
    timeout: int | None
    window: bool

    @classmethod
    def of(cls, node: exp.Expression) -> Clause:
        """Read the node that the parser makes of the clause."""
        parts = {part.name.removeprefix("EXPLICIT "): part.expressions for part in node.expressions}
        names = {part.name for part in node.expressions}
        moment, *keys = parts["KEYS"]
        end = parts.get("END")
        explicit = ("EXPLICIT BEGIN" in names, "EXPLICIT END" in names)
        timeout = int(parts["TIMEOUT"][0].this) if "TIMEOUT" in parts else None
        return cls(moment, keys, parts["BEGIN"][0], end[0] if end else None, explicit, timeout, "TIMEWINDOW" in parts)


def marked(moment: Node, keys: list[Node], begin: Node, end: Node | None) -> list[Node]:
    """Return the columns that `sessions.sql` reads beside the record's own. Times in milliseconds."""
    order = [exp.Ordered(this=key, nulls_first=False) for key in keys] or [exp.Ordered(this=exp.Null())]
    who = exp.Window(this=exp.Anonymous(this="DENSE_RANK"), order=exp.Order(expressions=order))
    columns = {
        "session_who": who,
        "session_moment": moment,
        "session_begins": _sure(begin),
        "session_ends": _sure(end) if end is not None else exp.false(),
    }
    return [exp.Alias(this=node, alias=exp.Identifier(this=name)) for name, node in columns.items()]


def numbered(base: exp.Select, explicit: tuple[bool, bool], timeout: int | None) -> exp.Select:
    """Return the records of *base* that stand in a session, with its sessionid; *base* has the columns of `marked`."""
    query = _template(explicit).copy()
    for table in [table for table in query.find_all(exp.Table) if table.name == "base"]:
        table.replace(exp.Subquery(this=base, alias=exp.TableAlias(this=exp.Identifier(this="base"))))
    for column in [column for column in query.find_all(exp.Column) if column.name == "pause"]:
        column.replace(number(timeout) if timeout is not None else exp.Null())
    return query


@cache
def _template(explicit: tuple[bool, bool]) -> exp.Select:
    text = (files("vedette.aql") / "sessions.sql").read_text(encoding="utf-8")
    query = sqlglot.parse_one(text, dialect="duckdb")
    assert isinstance(query, exp.Select)
    for column in [column for column in query.find_all(exp.Column) if column.name == "starts"]:
        column.replace(sqlglot.parse_one(STARTS[explicit], dialect="duckdb"))
    for node in query.walk():
        node.comments = None
    return query


def _sure(test: Node) -> Node:
    return exp.Coalesce(this=test, expressions=[exp.false()])
