"""Expressions to SQL: names, operators and functions with the types and the NULLs of Ariel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from vedette.aql import coerce, functions
from vedette.aql.coerce import Value
from vedette.aql.scope import Scope
from vedette.aql.sql import Node, binary, both, call, fill, joined, number, text, true, wrap

COMPARE = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
LIKES = (exp.Like, exp.ILike)
REGEX = (exp.RegexpLike, exp.RegexpILike)
TESTS = (*COMPARE, *LIKES, *REGEX, exp.And, exp.Or, exp.Not, exp.In, exp.Between, exp.Is)
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Pow)
INT64 = 1 << 63


class Values(Scope):
    """Lower expressions. While `keys` is a list, they are those of groups, else of single rows."""

    def value(self, node: exp.Expression) -> Value:
        """Return an expression as SQL."""
        self.context.step(node)
        return self._of_group(node) if self.keys is not None else self._plain(node)

    def row(self, node: exp.Expression) -> Value:
        """Return an expression of a single row as SQL, also inside an aggregate."""
        with self._mode(None):
            if self.aggregates(node):
                raise self.context.error(node, "an aggregate cannot stand here")
            return self.value(node)

    def test(self, node: exp.Expression, positive: bool = False) -> Node:
        """Return an expression as a test; *positive* where NULL and false are the same."""
        self.context.step(node)
        if self.keys is not None and not self.aggregates(node):
            return coerce.as_test(self._of_group(node), self.context)
        return self._test(node, positive)

    def _test(self, node: exp.Expression, positive: bool) -> Node:
        if isinstance(node, exp.And | exp.Or):
            kind = type(node)
            left, right = (joined(kind, self.test(part, positive)) for part in (node.this, node.expression))
            return kind(this=left, expression=right)
        if isinstance(node, exp.Paren):
            return exp.Paren(this=self.test(node.this, positive))
        if isinstance(node, exp.Not):
            return exp.Not(this=wrap(self.test(node.this)))
        if isinstance(node, COMPARE):
            return self._compare(node, positive)
        if isinstance(node, exp.In):
            return self._in(node, positive)
        for kinds, method in OTHER_TESTS:
            if isinstance(node, kinds):
                return method(self, node)
        if isinstance(node, exp.Anonymous) and node.name.upper() == "INCIDR" and len(node.expressions) == 2:
            return functions.in_network(self, node, positive)
        return coerce.as_test(self.value(node), self.context)

    def _compare(self, node: exp.Expression, positive: bool) -> Node:
        left, right = self.value(node.this), self.value(node.expression)
        if isinstance(node, exp.EQ):
            for one, other in ((left, right), (right, left)):
                known = coerce.host_number(other.constant) if isinstance(other.constant, str) else None
                if one.type == "host" and known is not None:
                    return coerce.range_test(one, known, known, positive)
        if "null" in (left.type, right.type):
            self.context.warn("a comparison with NULL is never true; write IS NULL")
        self.context.place = node
        sides = coerce.same_type(left, right, self.context)
        return binary(type(node), *sides)

    def _like(self, node: exp.Expression) -> Node:
        left = self.value(node.this)
        if left.type == "bytes":
            raise self.context.error(
                node.this, "wrong argument type: byte[], a string is required; write UTF8(payload)"
            )
        if left.type == "host":
            self.context.warn("a console refuses LIKE on an address: use INCIDR, or STR(...) LIKE")
        pattern = self.value(node.expression)
        if isinstance(pattern.constant, str) and self.context.engine == "spark":
            # Spark's LIKE escapes by backslash, and Ariel's has no escape.
            pattern = Value(text(pattern.constant.replace("\\", "\\\\")), "text")
        return binary(type(node), coerce.as_text(left, self.context), coerce.as_text(pattern, self.context))

    def _matches(self, node: exp.Expression) -> Node:
        left = self.value(node.this)
        if left.type == "bytes":
            raise self.context.error(
                node.this, "wrong argument type: byte[], a string is required; write UTF8(payload)"
            )
        pattern = functions.constant(self, node.expression, "a pattern")
        functions.check_pattern(self, node.expression, pattern)
        free = isinstance(node, exp.RegexpILike)
        subject = coerce.as_text(left, self.context)
        if self.context.engine == "spark":
            return call("REGEXP_LIKE", subject, text(("(?i)" if free else "") + pattern))
        return call("REGEXP_MATCHES", subject, text(pattern), *([text("i")] if free else []))

    def _is(self, node: exp.Expression) -> Node:
        value = self.value(node.this)
        return exp.Is(this=wrap(value.node), expression=node.expression.copy())

    def _between(self, node: exp.Expression) -> Node:
        value = self.value(node.this)
        low, high = self.value(node.args["low"]), self.value(node.args["high"])
        a, b = (coerce.same_type(value, bound, self.context) for bound in (low, high))
        if a[0] == b[0]:
            return exp.Between(this=wrap(a[0]), low=wrap(a[1]), high=wrap(b[1]))
        return both([binary(exp.GTE, *a), binary(exp.LTE, *b)])

    def _in(self, node: exp.Expression, positive: bool) -> Node:
        value = self.value(node.this)
        if value.type == "null":
            return exp.Null()
        query = node.args.get("query")
        if query is not None:
            return self._in_query(value, query.this)
        pairs = [coerce.same_type(value, self.value(part), self.context) for part in node.expressions]
        if any(pair[0] != pairs[0][0] for pair in pairs):
            return both([exp.EQ(this=wrap(a), expression=wrap(b)) for a, b in pairs], exp.Or)
        items = [right for _, right in pairs]
        numbers = [_whole(item) for item in items]
        if positive and value.halves and value.type == "host" and all(n is not None and n > 0 for n in numbers):
            upper, lower = coerce.halves(value.halves)
            stored = [number(coerce.MAPPED + (n or 0)) for n in numbers]
            return both([exp.EQ(this=upper, expression=number(0)), exp.In(this=lower, expressions=stored)])
        return exp.In(this=wrap(pairs[0][0]), expressions=items)

    def _in_query(self, value: Value, query: exp.Expression) -> Node:
        assert isinstance(query, exp.Select)
        inner, kind = self.sub_query(query)
        if kind == value.type:
            left = value.node
        elif kind in coerce.NUMBERS:
            left = coerce.as_number(value, self.context).node
        else:
            left = OTHER_SIDE.get(kind, coerce.as_text)(value, self.context)
        return exp.In(this=wrap(left), query=exp.Subquery(this=inner))

    def sub_query(self, query: exp.Select) -> tuple[Node, str]:
        """Return a query in IN as SQL, with the type of its column; the scope of queries knows how."""
        raise NotImplementedError

    def _plain(self, node: exp.Expression) -> Value:
        if isinstance(node, TESTS):
            return Value(self.test(node), "bool")
        method = VALUES.get(type(node))
        if method is None:
            raise self.context.error(node, f"{node.key.upper()} cannot stand here")
        found: Value = method(self, node)
        return found

    def _column(self, node: exp.Expression) -> Value:
        key = node.name.lower()
        target = self.alias(key)
        if target is not None and (self.aliases_first or not self.has_field(key)):
            with self._resolve(key):
                return self.value(target)
        return self.field(node.name, node)

    def _literal(self, node: exp.Expression) -> Value:
        if node.args.get("is_string"):
            return Value(text(node.this), "text", constant=node.this)
        return coerce.numeric_literal(node.this)

    def _neg(self, node: exp.Expression) -> Value:
        value = coerce.as_number(self.value(node.this), self.context)
        if isinstance(value.constant, int):
            return Value(number(-value.constant), "int", constant=-value.constant)
        return Value(exp.Neg(this=wrap(value.node)), "double" if value.type == "double" else "int")

    def _paren(self, node: exp.Expression) -> Value:
        value = self.value(node.this)
        if value.constant is not None or not isinstance(value.node, exp.Binary | exp.Connector | exp.Not):
            return value
        return value._replace(node=exp.Paren(this=value.node))

    def _arithmetic(self, node: exp.Expression) -> Value:
        left, right = (coerce.as_number(self.value(part), self.context) for part in (node.this, node.expression))
        whole = "double" not in (left.type, right.type)
        folded = _folded(type(node), left.constant, right.constant) if whole else None
        if folded is not None:
            return Value(number(folded), "int", constant=folded)
        a, b = left.node, right.node
        if isinstance(node, exp.Pow):
            return Value(call("POWER", a, b), "double")
        if isinstance(node, exp.Div | exp.Mod) and not right.constant:
            b = call("NULLIF", b, number(0))
        if isinstance(node, exp.Div) and whole:
            return Value(binary(exp.IntDiv, a, b), "int")
        return Value(binary(type(node), a, b), "int" if whole else "double")

    def _bits(self, node: exp.Expression) -> Value:
        sides = [coerce.as_int(self.value(part), self.context) for part in (node.this, node.expression)]
        return Value(binary(type(node), *sides), "int")

    def _case(self, node: exp.Expression) -> Value:
        operand = self.value(node.this) if node.this else None
        branches, values = [], []
        for branch in node.args["ifs"]:
            if operand is None:
                when = self.test(branch.this)
            else:
                when = binary(exp.EQ, *coerce.same_type(operand, self.value(branch.this), self.context))
            branches.append(when)
            values.append(self.value(branch.args["true"]))
        return self._choice(branches, values, node.args.get("default"))

    def _if(self, node: exp.Expression) -> Value:
        return self._choice([self.test(node.this)], [self.value(node.args["true"])], node.args.get("false"))

    def _choice(self, branches: list[Node], values: list[Value], other: exp.Expression | None) -> Value:
        if other is not None:
            values = [*values, self.value(other)]
        kinds = {value.type for value in values if value.type != "null"}
        if len(kinds) <= 1:
            kind, nodes = (kinds.pop() if kinds else "null"), [value.node for value in values]
        elif kinds <= coerce.NUMBERS:
            kind, nodes = ("double" if "double" in kinds else "int"), [value.node for value in values]
        else:
            kind, nodes = "text", [coerce.as_text(value, self.context) for value in values]
        ifs = [exp.If(this=when, true=then) for when, then in zip(branches, nodes, strict=False)]
        return Value(exp.Case(ifs=ifs, default=nodes[-1] if other is not None else None), kind)

    def _function(self, node: exp.Expression) -> Value:
        function = self._known(node)
        if function.aggregate and self.keys is None:
            raise self.context.error(node, f"{function.name} is an aggregate and cannot stand here", node.name)
        if function.console:
            self.context.need(f"{node.name.upper()}: {function.console}")
            arguments = [self.value(part).node for part in node.expressions if not isinstance(part, exp.Star)]
            return Value(call(function.name.replace("::", "_"), *arguments), function.returns)
        if function.lookup:
            return functions.lookup(self, node, function)
        if function.special:
            return functions.SPECIAL[function.name](self, node, function)
        template = function.template(self.context.engine, len(node.expressions))
        return Value(fill(template, functions.template_arguments(self, node, function)), function.returns)

    def typed(self, value: Value, kind: str, place: exp.Expression | None = None) -> Node:
        """Return a value as an argument of a type of functions.toml."""
        if kind in ("number", "plain"):
            return coerce.as_number(value, self.context).node if kind == "number" else value.node
        if kind == "int":
            return coerce.as_int(value, self.context)
        if kind == "host":
            return coerce.as_host(value, self.context)
        if kind == "bytes":
            return value.node if value.type == "bytes" else coerce.as_text(value, self.context)
        if value.type == "bytes":
            raise self.context.error(place, "wrong argument type: byte[], a string is required; write UTF8(payload)")
        return coerce.as_text(value, self.context)

    def _of_group(self, node: exp.Expression) -> Value:
        """Return an expression of a group: a key, an aggregate, what is made of them, or of the first record."""
        if self.aggregates(node):
            return self._plain(node)
        keys = self.keys or []
        with self._mode(None):
            value = self.value(node)
            known = value.node in keys or self._covered(node, keys)
        if value.node in keys or (known and not self._looked_up(value.node)):
            return value
        return value._replace(node=_any_dimension(value.node)) if known else self.edge(value)

    def _covered(self, node: exp.Expression, keys: list[Node]) -> bool:
        if isinstance(node, exp.Literal | exp.Null | exp.Boolean | exp.Subquery):
            return True
        target = self.alias(node.name.lower()) if isinstance(node, exp.Column) else None
        if isinstance(node, exp.Column) and target is None:
            return self.value(node).node in keys
        if target is not None and (self.aliases_first or not self.has_field(node.name.lower())):
            with self._resolve(node.name.lower()):
                return self.value(target).node in keys or self._covered(target, keys)
        if target is not None or self.value(node).node in keys:
            return self.value(node).node in keys
        return all(self._covered(child, keys) for child in node.iter_expressions())

    def _looked_up(self, node: Node) -> bool:
        return any(found.table != "e" for found in node.find_all(exp.Column))


def _whole(node: Node) -> int | None:
    return int(node.this) if isinstance(node, exp.Literal) and not node.is_string and node.this.isdigit() else None


def _folded(kind: type[exp.Expression], left: Any, right: Any) -> int | None:
    """Return an operation on two known whole numbers, if its result is one of 64 bits; SQL would count in 32."""
    if not (isinstance(left, int) and isinstance(right, int)):
        return None
    operations: dict[type[exp.Expression], Callable[[int, int], int]] = {
        exp.Add: lambda a, b: a + b,
        exp.Sub: lambda a, b: a - b,
        exp.Mul: lambda a, b: a * b,
    }
    operation = operations.get(kind)
    found = operation(left, right) if operation else INT64
    return found if -INT64 < found < INT64 else None


def _any_dimension(node: Node) -> Node:
    """Return *node* with columns of dimension tables, which follow from the keys of the group, made aggregates."""

    def mend(found: Node) -> Node:
        return call("ANY_VALUE", found) if isinstance(found, exp.Column) and found.table != "e" else found

    return node.copy().transform(mend)


OTHER_SIDE = {"host": coerce.as_host, "bool": coerce.as_test}
"""Type of the column of a query in IN -> what makes a value one of it; text else."""

OTHER_TESTS: tuple[tuple[tuple[type[exp.Expression], ...], Callable[[Values, Any], Node]], ...] = (
    (LIKES, Values._like),
    (REGEX, Values._matches),
    ((exp.Is,), Values._is),
    ((exp.Between,), Values._between),
)

VALUES: dict[type[exp.Expression], Callable[[Values, Any], Value]] = {
    exp.Column: Values._column,
    exp.Literal: Values._literal,
    exp.Neg: Values._neg,
    exp.Paren: Values._paren,
    exp.Anonymous: Values._function,
    exp.Case: Values._case,
    exp.If: Values._if,
    exp.Null: lambda scope, node: Value(exp.Null(), "null"),
    exp.Boolean: lambda scope, node: Value(true(node.this), "bool"),
    exp.All: lambda scope, node: scope.value(node.this),
    exp.Collate: lambda scope, node: scope.value(node.this),
    exp.BitwiseAnd: Values._bits,
    exp.BitwiseOr: Values._bits,
    **dict.fromkeys(ARITHMETIC, Values._arithmetic),
}
