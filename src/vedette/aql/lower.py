"""A parsed query to SQL: the window of time, the fields, the groups, the order and the names of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from vedette.aql import coerce, parser, sessions
from vedette.aql.catalog import Database, databases
from vedette.aql.coerce import Value
from vedette.aql.context import Context
from vedette.aql.errors import did_you_mean
from vedette.aql.expressions import own
from vedette.aql.names import result_name
from vedette.aql.sql import Node, both, call, column, number
from vedette.aql.times import Moment, Window, window_of
from vedette.aql.values import COMPARE, Values
from vedette.aql.words import UNITS

ENGINES = ("duckdb", "spark")
IN_LIMIT = 10_000
"""Rows that a sub-query in IN gives at most (IBM, "AQL subquery")."""


@dataclass(frozen=True)
class Lowered:
    """A query as SQL. `columns` are the names and types of the result, `database` is events or flows, `window` what it reads.

    `warnings` are what may surprise; `needs` is why it cannot be run outside a console (empty: it can); `fields` and
    `tables` name the fields and the dimension tables that it reads.
    """

    sql: exp.Select
    engine: str
    columns: list[tuple[str, str]]
    database: str
    window: Window | None
    warnings: list[str]
    needs: list[str]
    fields: set[str]
    tables: set[str]

    def text(self, pretty: bool = False) -> str:
        """Return the SQL as text."""
        return self.sql.sql(dialect=self.engine, pretty=pretty)


def transpile(
    text: str,
    to: str = "duckdb",
    *,
    now: int | None = None,
    fields: Mapping[str, str] | None = None,
    default_minutes: int | None = 5,
) -> str:
    """Return an AQL query as SQL for "duckdb" or "spark", over relations `events` and `flows` with the columns of AQL.

    `now` (milliseconds since 1970 UTC) is what LAST counts from, else the engine's clock. `fields` are custom properties
    with their types; without it every name is taken. Raise AQLError.
    """
    return lower(text, to, now=now, fields=fields, default_minutes=default_minutes).text()


def lower(
    text: str,
    to: str = "duckdb",
    *,
    now: int | None = None,
    fields: Mapping[str, str] | None = None,
    default_minutes: int | None = 5,
) -> Lowered:
    """Return an AQL query as a Lowered; the arguments are those of `transpile`."""
    if to not in ENGINES:
        raise ValueError(f"no engine {to!r}; there are: {', '.join(ENGINES)}")
    tree = parser.parse(text)
    assert isinstance(tree, exp.Select)
    context = Context(text, to, now, fields, default_minutes)
    query = Query(context, tree, None, top=True, seen=True)
    sql = query.lower()
    if tree.meta.get("limit_after_time"):
        context.warn("LIMIT stands after the time clause; a console wants it before")
    return Lowered(
        sql, to, query.columns, query.database_name, query.window, context.warnings, context.needs, context.used,
        context.tables,
    )  # fmt: skip


class Query(Values):
    """One SELECT, with its place: the window it inherits, whether it is the outermost, and whether its order is seen."""

    def __init__(
        self, context: Context, tree: exp.Select, outer: Window | None, *, top: bool = False, seen: bool = False
    ) -> None:
        super().__init__(context, None, None)
        self.tree, self.outer, self.top, self.seen = tree, outer, top, seen
        self.columns: list[tuple[str, str]] = []
        self.database_name = "events"
        self.window: Window | None = None
        self.numbered = False

    def lower(self) -> exp.Select:
        """Return the query as SQL."""
        args = self.tree.args
        source = self._source()
        self._aliases()
        if args.get("session"):
            source = self._sessions(source, sessions.Clause.of(args["session"]))
        items = self._items()
        where = None if args.get("session") else self._where()
        grouped = bool(args.get("group")) or any(self.aggregates(item) for item, _ in items)
        groups = self._groups() if grouped else []
        self.keys = groups if grouped else None
        projected = [self._projected(item, name) for item, name in items]
        self.aliases_first = True
        having = self._having(args["having"].this) if args.get("having") else None
        order = self._order(grouped)
        query = exp.Select(expressions=projected)
        query.set("from_", exp.From(this=source))
        query.set("joins", [join for _, join in self.joins.values()])
        parts = {
            "where": exp.Where(this=where) if where is not None else None,
            "group": exp.Group(expressions=[key.copy() for key in groups]) if groups else None,
            "having": exp.Having(this=having) if having is not None else None,
            "order": exp.Order(expressions=order) if order else None,
            "limit": args["limit"].copy() if args.get("limit") else None,
        }
        for name, part in parts.items():
            if part is not None:
                query.set(name, part)
        return query

    def _source(self) -> Node:
        sources = [self.tree.args["from_"].this, *(join.this for join in self.tree.args.get("joins") or ())]
        if len(sources) > 1:
            self.context.need("a query reads one database here")
        source = sources[0]
        if isinstance(source, exp.Subquery):
            return self._derived(source)
        if isinstance(source.this, exp.Anonymous):
            return self._global_view(source)
        name = source.name.lower()
        known = databases()
        if name not in known:
            hint = did_you_mean(name, known) or f" (there are: {', '.join(known)})"
            raise self.context.error(source, f"there is no database {source.name[:60]!r}{hint}", source.name, hint)
        self.database, self.database_name = known[name], name
        if self.database.open:
            self.context.need(f"{name} belongs to a console")
        return aliased(exp.Identifier(this=name))

    def _global_view(self, source: exp.Expression) -> Node:
        words = [str(part.this) for part in source.this.expressions if isinstance(part, exp.Literal)]
        if not 1 <= len(words) <= 2 or len(words) != len(source.this.expressions):
            raise self.context.error(source, "GLOBALVIEW takes the name of a saved search and NORMAL, HOURLY or DAILY")
        self.database = Database("the saved search", {}, open=True)
        self.context.need("GLOBALVIEW reads the stored results of a saved search, which only a console has")
        name = exp.Identifier(this=f"globalview: {' '.join(words)}", quoted=True)
        return aliased(name)

    def _derived(self, source: exp.Subquery) -> Node:
        window = window_of(self.tree.args["time"], self.context.text) if self.tree.args.get("time") else self.outer
        # The order of the inner query is the outer's, unless that has one of its own.
        seen = self.seen and not (self.tree.args.get("order") or self.tree.args.get("group"))
        inner = Query(self.context, source.this, window, seen=seen)
        sql = inner.lower()
        self.window = inner.window
        self.database_name = inner.database_name
        self.fields = dict(inner.columns)
        return exp.Subquery(this=sql, alias=exp.TableAlias(this=exp.Identifier(this="e")))

    def _sessions(self, source: Node, clause: sessions.Clause) -> Node:
        """Return the records that WHERE and the window leave of a source, with their sessionid."""
        if clause.window:
            self.context.need(sessions.NO_WINDOW)
        if self.database is None or not self.database.order:
            self.context.need("SESSION BY numbers the records of events or flows here")
        where = self._where()
        end = self.test(clause.end) if clause.end is not None else None
        moment, *keys = [self.row(part).node for part in (clause.moment, *clause.keys)]
        marks = sessions.marked(moment, keys, self.test(clause.begin), end)
        base = exp.Select(expressions=[exp.Column(this=exp.Star(), table=exp.Identifier(this="e")), *marks])
        base.set("from_", exp.From(this=source))
        base.set("joins", [join for _, join in self.joins.values()])
        base.set("where", exp.Where(this=where) if where is not None else None)
        self.joins, self.numbered = {}, True
        found = sessions.numbered(base, clause.explicit, clause.timeout)
        return exp.Subquery(this=found, alias=exp.TableAlias(this=exp.Identifier(this="e")))

    def _aliases(self) -> None:
        for item in self.tree.expressions:
            if isinstance(item, exp.Alias):
                self.aliases.setdefault(item.alias.lower(), item.this)

    def _items(self) -> list[tuple[exp.Expression, str | None]]:
        """Return the expressions of the SELECT list with their aliases, * as the columns that it stands for."""
        found: list[tuple[exp.Expression, str | None]] = []
        for item in self.tree.expressions:
            if isinstance(item, exp.Star):
                names = (
                    list(self.fields) if self.fields is not None else list(self.database.star) if self.database else []
                )
                found += [(exp.Column(this=exp.Identifier(this=name, quoted=False)), None) for name in names]
                if not names:
                    found.append((item, None))
            elif isinstance(item, exp.Alias):
                found.append((item.this, item.alias))
            else:
                found.append((item, None))
        return found

    def _projected(self, item: exp.Expression, alias: str | None) -> Node:
        if isinstance(item, exp.Star):
            return exp.Star()
        key = alias.lower() if alias else None
        if key:
            self.resolving.add(key)
        value = self.value(item)
        if key:
            self.resolving.discard(key)
        name = self._unique(alias or self._name(item, value.node))
        self.columns.append((name, value.type))
        node = coerce.as_text(value, self.context) if value.type == "host" and self.top else value.node
        if self.top and value.type == "host":
            self.columns[-1] = (name, "text")
        return exp.Alias(this=node, alias=exp.Identifier(this=name, quoted=True))

    def _name(self, item: exp.Expression, node: Node) -> str:
        name = item.name.lower() if isinstance(item, exp.Column) and self._built_in(item) else result_name(item)
        if isinstance(item, exp.Column) and not self._built_in(item):
            name = item.name
        first = self.keys is not None and not self.aggregates(item) and node.find(exp.Anonymous) is not None
        return f"FIRST_{name}" if first and _is_first(node) else name

    def _built_in(self, item: exp.Expression) -> bool:
        return self.database is not None and item.name.lower() in self.database.fields

    def _unique(self, name: str) -> str:
        taken = {known.lower() for known, _ in self.columns}
        found, number_of = name, 2
        while found.lower() in taken:
            found, number_of = f"{name}_{number_of}", number_of + 1
        return found

    def _where(self) -> Node | None:
        tests = []
        self.window = self._window() or self.window
        if self.window is not None and self.database is not None and self.database.time:
            tests += self._window_tests(self.window, self.database.time)
        if self.tree.args.get("where"):
            tests.append(self._records(self.tree.args["where"].this))
        return (
            both([exp.Paren(this=t) if isinstance(t, exp.Or) and len(tests) > 1 else t for t in tests])
            if tests
            else None
        )

    def _records(self, where: exp.Expression) -> Node:
        if self.aggregates(where):
            called = [node for node in own(where, exp.Anonymous) if self.aggregates(node)]
            raise self.context.error(
                called[0] if called else where, "WHERE tests records; an aggregate stands in HAVING"
            )
        return self.test(where, positive=True)

    def _window(self) -> Window | None:
        if self.tree.args.get("time"):
            return window_of(self.tree.args["time"], self.context.text)
        if self.outer is not None or self.database is None or not self.database.time:
            return self.outer
        minutes = self.context.default_minutes
        if minutes is None:
            return None
        self.context.warn(f"no time clause: the last {minutes} minutes are read")
        return Window(Moment(ago=minutes * UNITS["MINUTE"]), None, default=True)

    def _window_tests(self, window: Window, name: str) -> list[Node]:
        start, stop = window.start, window.stop
        tests: list[Node] = [exp.GTE(this=column("e", name), expression=self.context.moment(start, 1000))]
        if stop is None:
            tests.append(exp.LTE(this=column("e", name), expression=self.context.moment(Moment(), 1000)))
        else:
            tests.append(exp.LT(this=column("e", name), expression=self.context.moment(stop, 1000)))
        return tests

    def _groups(self) -> list[Node]:
        self.aliases_first = True
        keys: list[Node] = []
        group = self.tree.args.get("group")
        for part in group.expressions if group else ():
            key = self.row(self._reference(part))
            if key.constant is None and key.node not in keys:
                keys.append(key.node)
        self.aliases_first = False
        return keys

    def _reference(self, node: exp.Expression) -> exp.Expression:
        """Return a string of GROUP BY or ORDER BY as the alias it names, else the node."""
        if isinstance(node, exp.Literal) and node.is_string:
            if str(node.this).lower() not in self.aliases and not self.has_field(str(node.this).lower()):
                raise self.context.error(
                    node, f"there is no alias {node.this[:60]!r}{did_you_mean(str(node.this), self.aliases)}"
                )
            found = exp.Column(this=exp.Identifier(this=node.this, quoted=True))
            found.meta.update(node.meta)
            return found
        return node

    def _having(self, test: exp.Expression) -> Node:
        """Return the test of groups; a string on the left that is an alias is meant as one, as in GROUP BY and ORDER BY."""
        test = test.copy()
        for node in own(test, *COMPARE, exp.Between, exp.In):
            if isinstance(node.this, exp.Literal) and node.this.is_string and node.this.name.lower() in self.aliases:
                node.set("this", self._reference(node.this))
        return self.test(test, positive=True)

    def _order(self, grouped: bool) -> list[Node]:
        found: list[Node] = []
        order = self.tree.args.get("order")
        for key in order.expressions if order else ():
            node = key.this
            if isinstance(node, exp.Collate):
                self.context.warn("COLLATE is not applied: text is ordered by code point")
                node = node.this
            value = self.value(self._by_result_name(self._reference(node)))
            if isinstance(value.node, exp.Literal | exp.Null | exp.Boolean):
                # SQL would take a number for the place of a column.
                continue
            found.append(exp.Ordered(this=value.node, desc=bool(key.args.get("desc")), nulls_first=False))
        newest_first = self.seen or self.tree.args.get("limit") is not None
        return found + self._newest(grouped) if newest_first else found

    def _by_result_name(self, node: exp.Expression) -> exp.Expression:
        """Return an item of the SELECT list that a key names by its result name, as in ORDER BY "COUNT", else the node."""
        if not isinstance(node, exp.Column) or self.alias(node.name.lower()) is not None:
            return node
        if self.has_field(node.name.lower()):
            return node
        items: list[exp.Expression] = self.tree.expressions
        for item in items:
            if not isinstance(item, exp.Star | exp.Alias) and result_name(item).lower() == node.name.lower():
                return item
        return node

    def _newest(self, grouped: bool) -> list[Node]:
        database = self.database
        if database is None or not database.time or not database.order:
            return []
        if grouped and not self.keys:
            return []
        having = self.tree.args.get("having")
        if self.context.engine == "spark" and having is not None and having.find(exp.Subquery):
            # Beside a sub-query in HAVING, Spark resolves no key that is not selected.
            return []
        keys = [column("e", database.time), column("e", database.order)]
        return [exp.Ordered(this=call("MAX", key) if grouped else key, desc=True, nulls_first=False) for key in keys]

    def field(self, name: str, node: exp.Expression) -> Value:
        """Return a field; SESSION BY adds one."""
        if name.lower() == "sessionid" and self.tree.args.get("session"):
            if not self.numbered:
                raise self.context.error(
                    node, "SESSION BY numbers what WHERE has chosen; test sessionid in HAVING", name
                )
            return Value(column("e", "sessionid"), "int")
        return super().field(name, node)

    def sub_query(self, query: exp.Select) -> tuple[Node, str]:
        """Return a query in IN as SQL, with the type of its column."""
        inner = Query(self.context, query, self.window)
        sql = inner.lower()
        if len(inner.columns) != 1:
            raise self.context.error(query, "a sub-query in IN gives one column")
        limit = sql.args.get("limit")
        given = int(limit.expression.this) if limit else IN_LIMIT
        sql.set("limit", exp.Limit(expression=number(min(given, IN_LIMIT))))
        return sql, inner.columns[0][1]


def aliased(name: exp.Expression) -> Node:
    """Return a relation of the engine under the name that fields are taken from."""
    return exp.Table(this=name, alias=exp.TableAlias(this=exp.Identifier(this="e")))


def _is_first(node: Node) -> bool:
    return isinstance(node, exp.Anonymous) and node.name in ("ARG_MIN", "MIN_BY", "FIRST")
