"""Warnings for what is known to bite: a query that is AQL, runs, and does not say what it seems to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from vedette import aql
from vedette.ariel.databases import properties

if TYPE_CHECKING:
    from vedette.aql import Lowered

Ask = Callable[[str], list[dict[str, Any]]]
Rule = Callable[[exp.Select, Ask | None], Iterator[str]]

DENIALS = ("deny", "denied", "drop", "dropped", "block", "blocked", "reject", "rejected", "discard", "refused")
"""Words by which devices say that they let nothing through; one pattern rarely takes them all."""

TIMES = frozenset(("starttime", "endtime", "devicetime"))


def warnings(query: str, lowered: Lowered, ask: Ask | None = None, rules: Sequence[Rule] | None = None) -> list[str]:
    """Return the warnings of *rules* (RULES) for a query; *ask* runs SQL over the data at hand, if there is any."""
    tree = aql.parse(query)
    assert isinstance(tree, exp.Select)
    return list(
        dict.fromkeys([*lowered.warnings, *(warning for rule in rules or RULES for warning in rule(tree, ask))])
    )


def time_in_where(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """A test of starttime does not widen the window."""
    where = tree.args.get("where")
    if where is None or tree.args.get("time"):
        return
    for column in where.find_all(exp.Column):
        if column.name.lower() in TIMES:
            yield (
                f"WHERE tests {column.name}, and there is no START or LAST: "
                "it is read within the default window of some minutes only"
            )


def unreachable_branch(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """A CASE whose condition WHERE demands has one answer."""
    demanded = {_bare(test) for test in _conjuncts(tree.args["where"].this)} if tree.args.get("where") else set()
    for case in tree.find_all(exp.Case):
        first = case.args["ifs"][0]
        if case.this is None and set(map(_bare, _conjuncts(first.this))) <= demanded:
            yield (
                f"WHERE demands what CASE asks: every row gets {aql.generate(first.args['true'])}, "
                "and the other branches are never reached"
            )


def missed_words(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """ILIKE '%deny%' takes neither Denied nor Drop, Block, Reject."""
    tests: list[Any] = list(tree.find_all(exp.Like, exp.ILike))
    for test in tests:
        pattern = test.expression
        if not (isinstance(pattern, exp.Literal) and isinstance(test.this, exp.Column)):
            continue
        word = re.sub(r"[%_]", "", pattern.this).lower()
        if word not in DENIALS:
            continue
        missed = [other for other in _seen(test.this.name, ask) if word not in other]
        where = "the data at hand has" if ask is not None and missed else "other devices say"
        if missed:
            yield f"{aql.generate(test)} does not take {', '.join(missed[:6])}, which {where}"


def _seen(name: str, ask: Ask | None) -> list[str]:
    known = properties()
    if ask is None or name.lower() not in {key.lower() for key in known}:
        return list(DENIALS)
    rows = ask(f'SELECT DISTINCT lower("{name}") AS word FROM events WHERE category IN (4003, 4015) LIMIT 1000')
    return sorted(row["word"] for row in rows if row["word"])


def counted_rows(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """COUNT(*) counts records, and equal events are one record."""
    if tree.args["from_"].this.name.lower() != "events":
        return
    for call in tree.find_all(exp.Anonymous):
        if call.name.upper() == "COUNT" and isinstance(next(iter(call.expressions), None), exp.Star):
            yield "COUNT(*) counts records; equal events are coalesced into one: SUM(eventcount) counts events"
            return


def not_in_drops_null(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """NULL NOT IN (...) is not true."""
    kept = {_bare(test.this) for test in tree.find_all(exp.Is)}
    for test in tree.find_all(exp.In):
        if isinstance(test.parent, exp.Not) and _bare(test.this) not in kept:
            yield f"{aql.generate(test.this)} NOT IN (...) drops the rows where it is NULL"


def address_by_pattern(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """Addresses are no text."""
    for test in tree.find_all(exp.Like, exp.ILike):
        names = [column.name for column in test.this.find_all(exp.Column)]
        if any(name.lower() in ("sourceip", "destinationip", "identityip") for name in names):
            yield f"{names[0]} is compared by a pattern: INCIDR says which addresses, and reads less"


def type_by_source(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """A log source is no type of log source."""
    for call in tree.find_all(exp.Anonymous):
        if call.name.upper() == "LOGSOURCETYPENAME" and [_bare(part) for part in call.expressions] == ["logsourceid"]:
            yield "LOGSOURCETYPENAME(logsourceid) names no type: it takes devicetype"


def custom_property(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """A field of ours that a console may not have."""
    custom = {name.lower() for name in properties()}
    names = dict.fromkeys(c.name for c in tree.find_all(exp.Column) if c.name.lower() in custom)
    if names:
        yield f"custom properties, which a console may not have (it then refuses the query): {', '.join(names)}"


def device_time_shown(tree: exp.Select, ask: Ask | None) -> Iterator[str]:
    """The window is of starttime."""
    shown = {column.name.lower() for item in tree.expressions for column in item.find_all(exp.Column)}
    if "devicetime" in shown and "starttime" not in shown:
        yield "the window bounds starttime (when the event arrived), while devicetime is what the device claims"


def _conjuncts(node: exp.Expression) -> list[exp.Expression]:
    if isinstance(node, exp.Paren):
        return _conjuncts(node.this)
    if isinstance(node, exp.And):
        return [*_conjuncts(node.this), *_conjuncts(node.expression)]
    return [node]


def _bare(node: exp.Expression) -> str:
    return aql.generate(node).lower()


RULES: tuple[Rule, ...] = (
    time_in_where,
    unreachable_branch,
    missed_words,
    counted_rows,
    not_in_drops_null,
    address_by_pattern,
    type_by_source,
    custom_property,
    device_time_shown,
)
