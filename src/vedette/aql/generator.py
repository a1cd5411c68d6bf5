"""A tree of vedette.aql.parse back to AQL text, such that parsing it again gives the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sqlglot import exp

from vedette.aql.errors import AQLError
from vedette.aql.words import RESERVED

PLAIN = re.compile(r"[^\W\d][\w$]*")
KEYWORDS = RESERVED | {"TRUE", "FALSE", "ALL"}

OPERATORS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Like: "LIKE",
    exp.ILike: "ILIKE",
    exp.RegexpLike: "MATCHES",
    exp.RegexpILike: "IMATCHES",
    exp.BitwiseOr: "|",
    exp.BitwiseAnd: "&",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.Pow: "^",
    exp.And: "AND",
    exp.Or: "OR",
}

NEGATED = (exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpILike, exp.In, exp.Between, exp.Is)
"""What takes NOT inside; a console takes NOT in front of a function or a parenthesis only."""


def generate(tree: exp.Expression) -> str:
    """Return the AQL text of a tree. Raise AQLError for a node that AQL has no words for."""
    write = WRITERS.get(type(tree))
    if write is not None:
        return write(tree)
    sign = OPERATORS.get(type(tree))
    if sign is None:
        raise AQLError(f"AQL has no {tree.key.upper()}")
    return f"{generate(tree.this)} {sign} {generate(tree.expression)}"


def quoted(text: str, sign: str = "'") -> str:
    """Return *text* between quotes; a quote inside is doubled."""
    return f"{sign}{text.replace(sign, sign * 2)}{sign}"


def listed(nodes: Iterable[exp.Expression]) -> str:
    """Return nodes with commas between them."""
    return ", ".join(map(generate, nodes))


def _identifier(node: exp.Expression) -> str:
    name = node.this
    plain = not node.args.get("quoted") and PLAIN.fullmatch(name) and name.upper() not in KEYWORDS
    return name if plain else quoted(name, '"')


def _not(node: exp.Expression) -> str:
    inner = node.this
    if not isinstance(inner, NEGATED):
        return f"NOT {generate(inner)}"
    left, right = generate(inner.this), _right(inner)
    return f"{left} IS NOT {right[3:]}" if isinstance(inner, exp.Is) else f"{left} NOT {right}"


def _right(node: exp.Expression) -> str:
    if isinstance(node, exp.Is):
        return f"IS {generate(node.expression)}"
    if isinstance(node, exp.Between):
        return f"BETWEEN {generate(node.args['low'])} AND {generate(node.args['high'])}"
    if isinstance(node, exp.In):
        query = node.args.get("query")
        return f"IN {generate(query)}" if query else f"IN ({listed(node.expressions)})"
    return f"{OPERATORS[type(node)]} {generate(node.expression)}"


def _test(node: exp.Expression) -> str:
    return f"{generate(node.this)} {_right(node)}"


def _function(node: exp.Expression) -> str:
    if node.name in ("TEXT SEARCH", "LAST", "START"):
        if node.name == "LAST" and len(node.expressions) == 2:
            return f"LAST {generate(node.expressions[0])} {generate(node.expressions[1])}"
        if node.name == "TEXT SEARCH":
            return f"TEXT SEARCH {generate(node.expressions[0])}"
        if node.name == "START" and node.parent and node.arg_key == "time":
            return "START " + " STOP ".join(map(generate, node.expressions))
    return f"{node.name}({listed(node.expressions)})"


def _case(node: exp.Expression) -> str:
    operand, other = node.this, node.args.get("default")
    branches = "".join(f" WHEN {generate(b.this)} THEN {generate(b.args['true'])}" for b in node.args["ifs"])
    return (
        f"CASE{' ' + generate(operand) if operand else ''}{branches}{' ELSE ' + generate(other) if other else ''} END"
    )


def _if(node: exp.Expression) -> str:
    other = node.args.get("false")
    text = f"IF {generate(node.this)} THEN {generate(node.args['true'])}"
    return f"{text} ELSE {generate(other)}" if other else text


def _ordered(node: exp.Expression) -> str:
    key, collation = node.this, ""
    if isinstance(key, exp.Collate):
        key, collation = key.this, f" COLLATE {generate(key.expression)}"
    return generate(key) + (" DESC" if node.args.get("desc") else "") + collation


def _session(node: exp.Expression) -> str:
    parts = []
    for part in node.expressions:
        if part.name == "KEYS":
            parts.append(listed(part.expressions))
        else:
            parts.append(" ".join([part.name, *map(generate, part.expressions)]))
    return "SESSION BY " + " ".join(parts)


def _subquery(node: exp.Expression) -> str:
    alias = node.args.get("alias")
    return f"({generate(node.this)})" + (f" AS {generate(alias.this)}" if alias else "")


def _select(node: exp.Expression) -> str:
    args = node.args
    sources = [args["from_"].this, *(join.this for join in args.get("joins") or ())]
    parts = [f"SELECT {listed(node.expressions)} FROM {listed(sources)}"]
    parts += [text(args[name]) for name, text in CLAUSES if args.get(name)]
    return " ".join(parts)


CLAUSES: tuple[tuple[str, Callable[[Any], str]], ...] = (
    ("into", lambda node: f"INTO {generate(node.this)}"),
    ("where", lambda node: f"WHERE {generate(node.this)}"),
    ("session", _session),
    ("group", lambda node: f"GROUP BY {listed(node.expressions)}"),
    ("having", lambda node: f"HAVING {generate(node.this)}"),
    ("order", lambda node: f"ORDER BY {listed(node.expressions)}"),
    ("limit", lambda node: f"LIMIT {generate(node.expression)}"),
    ("time", lambda node: generate(node)),
    ("parameters", lambda nodes: f"PARAMETERS {listed(nodes)}"),
)

WRITERS: dict[type[exp.Expression], Callable[[Any], str]] = {
    exp.Select: _select,
    exp.Subquery: _subquery,
    exp.Table: lambda node: generate(node.this),
    exp.Star: lambda _: "*",
    exp.Alias: lambda node: f"{generate(node.this)} AS {generate(node.args['alias'])}",
    exp.Identifier: _identifier,
    exp.Column: lambda node: generate(node.this),
    exp.Literal: lambda node: quoted(node.this) if node.args.get("is_string") else str(node.this),
    exp.Var: lambda node: str(node.this),
    exp.Null: lambda _: "NULL",
    exp.Boolean: lambda node: "TRUE" if node.this else "FALSE",
    exp.Neg: lambda node: (
        f"-{generate(node.this)}" if not isinstance(node.this, exp.Neg) else f"- {generate(node.this)}"
    ),
    exp.Paren: lambda node: f"({generate(node.this)})",
    exp.Not: _not,
    exp.All: lambda node: f"ALL {generate(node.this)}",
    exp.Is: _test,
    exp.In: _test,
    exp.Between: _test,
    exp.Anonymous: _function,
    exp.Case: _case,
    exp.If: _if,
    exp.Ordered: _ordered,
}
