"""The functions of AQL that a template cannot say, and the look-ups in dimension tables."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from sqlglot import exp

from vedette.aql import coerce, javadates
from vedette.aql.coerce import Value
from vedette.aql.sql import Node, between, both, call, cast, fill, number, text, true
from vedette.aql.times import FORMS, datetime_of

if TYPE_CHECKING:
    from vedette.aql.catalog import Function
    from vedette.aql.values import Values

Special = Callable[["Values", exp.Expression, "Function"], Value]

NETWORK_SIGNS = " 0123456789abcdefABCDEF.:/"
"""What networks are written with; a text with other signs stands for one that its author has masked."""

BAD_IN_JAVA_TOO = ("missing )", "unbalanced", "unterminated", "nothing to repeat", "end of pattern")
"""What Python says of patterns that no library takes; it also refuses some that Java and RE2 take."""

JAVA_ONLY = {
    **dict.fromkeys(("(?=", "(?!", "(?<=", "(?<!"), "looks around"),
    "(?>": "has a group that does not backtrack",
    "&&[": "intersects classes",
}
"""Parts of a pattern -> what it does and RE2, DuckDB's library of patterns, cannot."""


def constant(scope: Values, node: exp.Expression, what: str) -> str:
    """Return the string that an argument says. Raise AQLError where it is no constant."""
    if isinstance(node, exp.Literal) and node.is_string:
        return str(node.this)
    raise scope.context.error(node, f"{what} stands here in single quotes")


def count(scope: Values, node: exp.Expression, function: Function) -> Value:
    """COUNT(*) and COUNT(x), as a double."""
    (argument,) = node.expressions
    inner: Node = exp.Star() if isinstance(argument, exp.Star) else scope.row(argument).node
    return Value(cast(exp.Count(this=inner), "double"), "double")


def extreme(scope: Values, node: exp.Expression, function: Function) -> Value:
    """MIN and MAX: doubles of numbers, else of the argument's own type."""
    value = scope.row(node.expressions[0])
    found = call(function.name, value.node)
    if value.type in coerce.NUMBERS:
        return Value(cast(found, "double"), "double")
    return Value(found, value.type)


def edge(scope: Values, node: exp.Expression, function: Function) -> Value:
    """FIRST and LAST: the value of the record that was read first or last."""
    return scope.edge(scope.row(node.expressions[0]), last=function.name == "LAST")


def concat(scope: Values, node: exp.Expression, function: Function) -> Value:
    """CONCAT: NULL counts as nothing."""
    parts = [coerce.as_text(scope.value(argument), scope.context) for argument in node.expressions]
    return Value(call("CONCAT_WS", text(""), *parts), "text")


def long(scope: Values, node: exp.Expression, function: Function) -> Value:
    """LONG: a whole number, cut towards zero; of an address its number; NULL of a text that says none."""
    value = scope.value(node.expressions[0])
    if value.type == "host":
        return Value(value.node, "int")
    value = coerce.as_number(value, scope.context) if value.type == "bool" else value
    if value.type == "double":
        whole = call("TRUNC", value.node) if scope.context.engine == "duckdb" else value.node
        return Value(cast(whole, "int", safe=True), "int")
    if value.type in coerce.NUMBERS:
        return Value(value.node, "int", constant=value.constant)
    return Value(cast(coerce.as_text(value, scope.context), "int", safe=True), "int")


def double(scope: Values, node: exp.Expression, function: Function) -> Value:
    """DOUBLE: a number with a fraction; NULL of a text that says none."""
    value = scope.value(node.expressions[0])
    if value.type in (*coerce.NUMBERS, "bool", "host"):
        return Value(cast(value.node, "double"), "double")
    return Value(cast(coerce.as_text(value, scope.context), "double", safe=True), "double")


def now(scope: Values, node: exp.Expression, function: Function) -> Value:
    """NOW: the moment of the search."""
    return Value(scope.context.clock(), "time")


def dateformat(scope: Values, node: exp.Expression, function: Function) -> Value:
    """DATEFORMAT: a time as Java's SimpleDateFormat writes it, in UTC."""
    context = scope.context
    time = scope.value(node.expressions[0])
    if isinstance(time.constant, str):
        raise context.error(node, "DATEFORMAT needs a time in milliseconds, not text")
    pattern = constant(scope, node.expressions[1], "a date pattern")
    try:
        found = javadates.pieces(pattern, context.engine)
    except ValueError as error:
        raise context.error(node.expressions[1], f"date pattern {pattern[:60]!r}: {error}") from None
    if "YYY" in pattern and "w" not in pattern:
        context.warn("YYYY is the year of the week, and wrong around New Year; yyyy is the year")
    if "hh" in pattern and "a" not in pattern:
        context.warn("hh counts the hours to 12, and nothing says which half of the day; HH counts to 23")
    names = {"_ms": coerce.as_int(time, context)}
    for name in ("_t", "_dow", "_saturday"):
        names[name] = fill(javadates.TIME[context.engine][name], names)
    parts = [_date_part(kind, word, names, context.engine) for kind, word in found] or [text("")]
    return Value(parts[0] if len(parts) == 1 else call("CONCAT_WS", text(""), *parts), "text")


def _date_part(kind: str, word: str, names: dict[str, Node], engine: str) -> Node:
    if kind == "text":
        return text(word)
    if kind == "sql":
        return fill(word, names)
    return fill(javadates.TIME[engine]["format"], names | {"_f": text(word)})


def parsedatetime(scope: Values, node: exp.Expression, function: Function) -> Value:
    """PARSEDATETIME: '1 hour ago', 'now', or a stamp."""
    word = constant(scope, node.expressions[0], "a time")
    moment = datetime_of(word)
    if moment is None:
        raise scope.context.error(node, f"{word[:60]!r} is not a time; expected '1 hour ago', 'now' or {FORMS}")
    return Value(scope.context.moment(moment), "time")


def parsetimestamp(scope: Values, node: exp.Expression, function: Function) -> Value:
    """PARSETIMESTAMP(pattern, text): milliseconds, NULL where the text does not fit."""
    pattern = constant(scope, node.expressions[0], "a date pattern")
    value = coerce.as_text(scope.value(node.expressions[1]), scope.context)
    if scope.context.engine == "spark":
        return Value(call("UNIX_MILLIS", call("TRY_TO_TIMESTAMP", value, text(pattern))), "time")
    try:
        words = javadates.strptime(pattern)
    except ValueError as error:
        raise scope.context.error(node, f"date pattern {pattern[:60]!r}: {error}") from None
    return Value(call("EPOCH_MS", call("TRY_STRPTIME", value, text(words))), "time")


def incidr(scope: Values, node: exp.Expression, function: Function) -> Value:
    """INCIDR in a place where a NULL must count as false."""
    return Value(in_network(scope, node, positive=False), "bool")


def in_network(scope: Values, node: exp.Expression, positive: bool) -> Node:
    """Return INCIDR(network, address) as a range of numbers; *positive* as in coerce.range_test."""
    word = constant(scope, node.expressions[0], "the network of INCIDR")
    try:
        network = ip_network(word.strip(), strict=False)
    except ValueError:
        if not word.strip(NETWORK_SIGNS):
            raise scope.context.error(node.expressions[0], f"{word[:60]!r} is not a network") from None
        # Published queries have their addresses masked; they are AQL all the same.
        scope.context.need(f"INCIDR: {word[:60]!r} is not a network; expected for example '10.0.0.0/8'")
        return true(False)
    value = scope.value(node.expressions[1])
    if value.type == "address" and value.halves:
        return _in_halves(network, value.halves)
    if isinstance(network, IPv6Network):
        if value.type == "host":
            return true(False)
        raise scope.context.error(node, "an IPv6 network can be tested on sourceaddress, sourcev6 and their like only")
    low, high = int(network.network_address), int(network.broadcast_address)
    if value.type != "host":
        value = Value(coerce.as_host(value, scope.context), "host")
    return coerce.range_test(value, low, high, positive)


def _in_halves(network: IPv4Network | IPv6Network, name: str) -> Node:
    first, last = int(network.network_address), int(network.broadcast_address)
    if isinstance(network, IPv4Network):
        first, last = coerce.MAPPED + first, coerce.MAPPED + last
    upper, lower = coerce.halves(name)
    low, high = coerce.signed(first >> 64), coerce.signed(last >> 64)
    if low != high:
        return between(upper, low, high)
    tests: list[Node] = [exp.EQ(this=upper, expression=number(low))]
    if last - first != (1 << 64) - 1:
        tests.append(between(lower, coerce.signed(first & (1 << 64) - 1), coerce.signed(last & (1 << 64) - 1)))
    return both(tests)


def text_search(scope: Values, node: exp.Expression, function: Function) -> Value:
    """TEXT SEARCH: every word of it occurs in the payload, whatever its case."""
    words = str(node.expressions[0].this).lower().replace("*", " ").replace('"', " ").split()
    payload = call("LOWER", scope.field("payload", node).node)
    return Value(both([call("CONTAINS", payload.copy(), text(word)) for word in words] or [true()]), "bool")


def geo_lookup(scope: Values, node: exp.Expression, function: Function) -> Value:
    """GEO::LOOKUP(address, 'country'): the two letters of the country that the address is registered in."""
    what = constant(scope, node.expressions[1], "what to look up")
    if what.lower() not in ("country", "country_code"):
        scope.context.need(f"GEO::LOOKUP knows countries here, not {what!r}")
    address = coerce.as_host(scope.value(node.expressions[0]), scope.context)
    return scope.joined("geo", {"address": address}, "country")


def mapset_contains(scope: Values, node: exp.Expression, function: Function) -> Value:
    """REFERENCEMAPSETCONTAINS(map, key, value)."""
    name = constant(scope, node.expressions[0], "the name of a reference map of sets")
    key, value = (coerce.as_text(scope.value(part), scope.context) for part in node.expressions[1:3])
    found = scope.joined("reference_map_sets", {"name": text(name), "key": key, "value": value}, "value")
    return Value(exp.Not(this=exp.Is(this=found.node, expression=exp.Null())), "bool")


def lookup(scope: Values, node: exp.Expression, function: Function) -> Value:
    """Join a dimension table on the argument; see functions.toml."""
    entry = function.lookup or {}
    names = entry.get("where", [])
    keys: dict[str | tuple[str, str], Node] = {
        name: text(constant(scope, part, f"the {name}"))
        for name, part in zip(names, node.expressions[: len(names)], strict=True)
    }
    argument, kind = scope.value(node.expressions[len(names)]), function.args[-1]
    value = scope.typed(argument, kind)
    keys[tuple(entry["between"]) if "between" in entry else entry["key"]] = value
    found = scope.joined(entry["table"], keys, entry["value"], default=entry.get("default"))
    if entry.get("found"):
        return Value(exp.Not(this=exp.Is(this=found.node, expression=exp.Null())), "bool")
    return found


SPECIAL: dict[str, Special] = {
    "COUNT": count,
    "MIN": extreme,
    "MAX": extreme,
    "FIRST": edge,
    "LAST": edge,
    "CONCAT": concat,
    "LONG": long,
    "DOUBLE": double,
    "NOW": now,
    "DATEFORMAT": dateformat,
    "PARSEDATETIME": parsedatetime,
    "PARSETIMESTAMP": parsetimestamp,
    "INCIDR": incidr,
    "TEXT SEARCH": text_search,
    "GEO::LOOKUP": geo_lookup,
    "REFERENCEMAPSETCONTAINS": mapset_contains,
}


def template_arguments(scope: Values, node: exp.Expression, function: Function) -> dict[str, Node]:
    """Return the arguments of a function as its types want them, by their names in the template."""
    found = {}
    value = scope.row if function.aggregate else scope.value
    for place, argument in enumerate(node.expressions):
        kind = function.args[min(place, len(function.args) - 1)]
        if kind in ("pattern", "replacement"):
            found[f"_{place + 1}"] = _regex(scope, argument, kind)
        else:
            found[f"_{place + 1}"] = scope.typed(value(argument), kind, argument)
    return found


def _regex(scope: Values, node: exp.Expression, kind: str) -> Node:
    word = constant(scope, node, "a pattern" if kind == "pattern" else "the replacement")
    if kind == "pattern":
        check_pattern(scope, node, word)
    elif scope.context.engine == "duckdb":
        word = "".join(f"\\{b[0]}{b[1:]}" if b[:1].isdigit() else f"${b}" for b in word.split("$"))[1:]
    return text(word)


def check_pattern(scope: Values, node: exp.Expression, pattern: str) -> None:
    """Raise AQLError for what is no pattern; note one that Java knows and RE2 does not."""
    import re
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        if "\\Q" not in pattern and any(words in str(error) for words in BAD_IN_JAVA_TOO):
            raise scope.context.error(node, f"bad pattern: {error}", pattern[:60]) from None
    for mark, does in JAVA_ONLY.items():
        if scope.context.engine == "duckdb" and mark in pattern:
            scope.context.need(f"the pattern {does} ({mark}), which the engine here cannot")
