"""Small builders of SQL trees, and templates: SQL written as AQL expressions, whose functions print as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from sqlglot import exp

from vedette.aql.expressions import Expressions

Node = exp.Expression

TYPES = {"text": "TEXT", "int": "BIGINT", "double": "DOUBLE"}

OPEN = (exp.Binary, exp.Connector, exp.Not, exp.Between, exp.In, exp.Is, exp.Neg, exp.IntDiv)
"""What needs parentheses inside another operator."""


def number(value: int) -> Node:
    """Return an integer."""
    return exp.Neg(this=exp.Literal.number(-value)) if value < 0 else exp.Literal.number(value)


def text(value: str) -> Node:
    """Return a string."""
    return exp.Literal.string(value)


def true(value: bool = True) -> Node:
    """Return TRUE or FALSE."""
    return exp.Boolean(this=value)


def call(name: str, *arguments: Node) -> Node:
    """Return a call that prints as it is named."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def cast(node: Node, kind: str, safe: bool = False) -> Node:
    """Return a cast to one of our types, or to an SQL type; a safe one gives NULL where there is no value."""
    to = exp.DataType.build(TYPES.get(kind, kind))
    return exp.TryCast(this=node, to=to, safe=True) if safe else exp.Cast(this=node, to=to)


def column(table: str, name: str, quoted: bool = False) -> Node:
    """Return a column of a table."""
    return exp.Column(this=exp.Identifier(this=name, quoted=quoted), table=exp.Identifier(this=table, quoted=False))


def wrap(node: Node) -> Node:
    """Return *node*, in parentheses if it is an operator."""
    return exp.Paren(this=node) if isinstance(node, OPEN) else node


def binary(kind: type[exp.Expression], left: Node, right: Node) -> Node:
    """Return an operator with its operands in parentheses where they need them."""
    return kind(this=wrap(left), expression=wrap(right))


def both(nodes: Iterable[Node], kind: type[exp.And | exp.Or] = exp.And) -> Node:
    """Join tests by a connector, from left to right."""
    first: Node
    first, *rest = nodes
    for node in rest:
        first = kind(this=joined(kind, first), expression=joined(kind, node))
    return first


def joined(kind: type[exp.And | exp.Or], node: Node) -> Node:
    """Return an operand of a connector, in parentheses if it is another connector or a NOT would be read wrongly."""
    return exp.Paren(this=node) if isinstance(node, exp.Connector) and not isinstance(node, kind) else node


def between(node: Node, low: int, high: int) -> Node:
    """Return a test of a number against a range, both ends included."""
    if low == high:
        return exp.EQ(this=wrap(node), expression=number(low))
    return exp.Between(this=wrap(node), low=number(low), high=number(high))


@cache
def _parsed(template: str) -> Node:
    parser = Expressions(template)
    tree = parser.expression()
    parser.expect_end()
    return _sql_only(tree)


def _sql_only(tree: Node) -> Node:
    """Return *tree* with what AQL has no syntax for: casts, distinct counts, shifts."""
    root = exp.Paren(this=tree)
    for node in reversed(list(root.find_all(exp.Anonymous))):
        make = NOT_AQL.get(node.name)
        if make is not None:
            node.replace(make(*node.expressions))
    return root.this.pop()  # type: ignore[no-any-return]


NOT_AQL: dict[str, Callable[..., Node]] = {
    "CAST": lambda value, to: cast(value, to.name),
    "COUNT_DISTINCT": lambda value: exp.Count(this=exp.Distinct(expressions=[value])),
    "SHIFT": lambda value, bits: exp.Paren(this=exp.BitwiseRightShift(this=value, expression=bits)),
}


def fill(template: str, values: Mapping[str, Node]) -> Node:
    """Return the SQL of a template with the names in it replaced by values."""
    root = exp.Paren(this=_parsed(template).copy())
    for node in [node for node in root.find_all(exp.Column) if node.name in values]:
        value = values[node.name].copy()
        node.replace(wrap(value) if isinstance(node.parent, OPEN) else value)
    return root.this.pop()  # type: ignore[no-any-return]
