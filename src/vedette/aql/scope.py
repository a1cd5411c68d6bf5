"""What the names of a query mean: fields, aliases, functions, and the dimension tables that are joined to it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from vedette.aql.catalog import Function, is_aggregate
from vedette.aql.catalog import functions as known_functions
from vedette.aql.coerce import Value
from vedette.aql.errors import did_you_mean
from vedette.aql.expressions import own
from vedette.aql.sql import Node, both, call, column, text, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vedette.aql.catalog import Database
    from vedette.aql.context import Context
    from vedette.aql.errors import AQLError

EDGES = {"duckdb": ("ARG_MIN", "ARG_MAX"), "spark": ("MIN_BY", "MAX_BY")}
"""The value at the smallest and at the largest of a second column."""


class Scope:
    """The scope of one query: its fields, its aliases, the tables joined to it, and how expressions become SQL.

    `fields` are the columns of a sub-query in FROM, else None. While `keys` is a list, expressions are those of groups.
    """

    def __init__(self, context: Context, database: Database | None, fields: Mapping[str, str] | None) -> None:
        self.context, self.database, self.fields = context, database, fields
        self.aliases: dict[str, exp.Expression] = {}
        self.resolving: set[str] = set()
        self.aliases_first = False
        self.keys: list[Node] | None = None
        self.joins: dict[tuple[Any, ...], tuple[str, Node]] = {}

    def alias(self, key: str) -> exp.Expression | None:
        """Return what an alias stands for, unless it is being resolved."""
        return None if key in self.resolving else self.aliases.get(key)

    def has_field(self, key: str) -> bool:
        """Tell whether *key* (lower case) is a field that is known by name."""
        if self.fields is not None:
            return key in self.fields or key in {name.lower() for name in self.fields}
        custom = self.context.fields or {}
        return key in self.database.fields or key in {name.lower() for name in custom} if self.database else False

    def field(self, name: str, node: exp.Expression) -> Value:
        """Return a field. Raise AQLError with the nearest known name where there is none."""
        key = name.lower()
        if self.fields is not None:
            for known, kind in self.fields.items():
                if known.lower() == key:
                    return Value(column("e", known, quoted=True), kind)
            raise self._no_field(name, node, list(self.fields), "the sub-query")
        assert self.database is not None
        self.context.used.add(key)
        if key in self.database.fields:
            return Value(column("e", key), self.database.fields[key], self.database.halves.get(key))
        custom = self.context.fields
        if self.database.open or custom is None:
            return Value(column("e", name, quoted=True), "any")
        for known, kind in custom.items():
            if known.lower() == key:
                return Value(column("e", known, quoted=True), kind)
        raise self._no_field(name, node, [*self.database.fields, *custom, *self.aliases], self.database.name)

    def _no_field(self, name: str, node: exp.Expression, known: list[str], where: str) -> AQLError:
        hint = did_you_mean(name, known)
        if not hint and node.this.args.get("quoted"):
            hint = "; a string stands in single quotes"
        return self.context.error(node, f'field "{name[:60]}" does not exist in {where}{hint}', name, hint)

    def _known(self, node: exp.Expression) -> Function:
        name = node.name.upper()
        function = known_functions().get(name)
        if function is None and "::" in name:
            return Function(name, (0, 255), returns="any", console="a custom function of a console")
        if function is None:
            hint = did_you_mean(name, known_functions())
            raise self.context.error(node, f"there is no function {node.name[:60]}{hint}", node.name, hint)
        least, most = function.arity
        given = len(node.expressions)
        if given and isinstance(node.expressions[0], exp.Star) and name != "COUNT":
            raise self.context.error(node, f"* stands in COUNT(*) only; {name} takes a field", node.name)
        if not least <= given <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise self.context.error(node, f"{name} takes {wanted} argument{'s' * (most > 1)}, not {given}", node.name)
        return function

    def joined(
        self,
        table: str,
        keys: Mapping[Any, Node],
        value: str,
        default: str | None = None,
    ) -> Value:
        """Return a column of a dimension table, joined where its key columns equal values; a pair of columns is a range."""
        if self.keys is not None:
            raise self.context.error(None, "look a name up first and aggregate it then, not the other way round")
        self.context.tables.add(table)
        ident = (table, *((str(name), node.sql()) for name, node in keys.items()))
        if ident not in self.joins:
            alias = f"d{len(self.joins) + 1}"
            tests = [_key_test(alias, name, node) for name, node in keys.items()]
            source = exp.alias_(exp.Table(this=exp.Identifier(this=table)), alias, table=True)
            self.joins[ident] = alias, exp.Join(this=source, side="LEFT", on=both(tests))
        found = column(self.joins[ident][0], value)
        if default is not None:
            found = exp.Coalesce(this=found, expressions=[text(default)])
        return Value(found, "text")

    def aggregates(self, node: exp.Expression) -> bool:
        """Tell whether an aggregate stands in an expression, also behind an alias."""
        for found in own(node, exp.Anonymous, exp.Column):
            if isinstance(found, exp.Anonymous):
                if is_aggregate(found.name) and len(found.expressions) == 1:
                    return True
                continue
            key = found.name.lower()
            target = self.alias(key)
            if target is not None and (self.aliases_first or not self.has_field(key)):
                self.context.step(node)
                with self._resolve(key):
                    if self.aggregates(target):
                        return True
        return False

    def edge(self, value: Value, last: bool = False) -> Value:
        """Return the value of the record of a group that was read first, or last."""
        if self.database is not None and self.database.order:
            name = EDGES[self.context.engine][last]
            found = call(name, value.node, column("e", self.database.order))
        else:
            found = call("LAST" if last else "FIRST", value.node)
        return Value(found, value.type)

    @contextmanager
    def _mode(self, keys: list[Node] | None) -> Iterator[None]:
        before, self.keys = self.keys, keys
        try:
            yield
        finally:
            self.keys = before

    @contextmanager
    def _resolve(self, key: str) -> Iterator[None]:
        before, self.aliases_first = self.aliases_first, False
        self.resolving.add(key)
        try:
            yield
        finally:
            self.aliases_first = before
            self.resolving.discard(key)


def _key_test(alias: str, name: str | tuple[str, str], node: Node) -> Node:
    if isinstance(name, tuple):
        low, high = (column(alias, part) for part in name)
        return exp.Between(this=wrap(node), low=low, high=high)
    return exp.EQ(this=column(alias, name), expression=wrap(node))
