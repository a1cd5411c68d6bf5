"""Types: what a value counts as, and how values of different types are compared.

Ariel is lenient: numbers come as strings, addresses as text. A string that looks like the other side's type is taken as
one; where it does not, both sides are compared as text.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from vedette.aql.sql import Node, between, both, call, cast, column, fill, number, text, true, wrap
from vedette.aql.times import stamp

if TYPE_CHECKING:
    from vedette.aql.context import Context

NUMBERS = frozenset(("int", "double", "time"))
NUMERIC = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")

MAPPED = 0xFFFF << 32
"""The lower half of an IPv4 address in its IPv6 form, less the address (RFC 4291, 2.5.5.2)."""

HOST_TEXT = {
    "duckdb": "CONCAT_WS('.', SHIFT(_1, 24), SHIFT(_1, 16) & 255, SHIFT(_1, 8) & 255, _1 & 255)",
    "spark": "CONCAT_WS('.', SHIFTRIGHT(_1, 24), SHIFTRIGHT(_1, 16) & 255, SHIFTRIGHT(_1, 8) & 255, _1 & 255)",
}
HOST_OF_TEXT = {
    "duckdb": r"CASE WHEN REGEXP_MATCHES(_1, '^\d{1,3}(\.\d{1,3}){3}$') THEN _q END",
    "spark": r"CASE WHEN REGEXP_LIKE(_1, '^\d{1,3}(\.\d{1,3}){3}$') THEN _q END",
}
QUADS = (
    "CAST(SPLIT_PART(_1, '.', 1), BIGINT) * 16777216 + CAST(SPLIT_PART(_1, '.', 2), BIGINT) * 65536 "
    "+ CAST(SPLIT_PART(_1, '.', 3), BIGINT) * 256 + CAST(SPLIT_PART(_1, '.', 4), BIGINT)"
)


class Value(NamedTuple):
    """A lowered expression and its type: host, address, int, double, bool, time, text, bytes, null or any (not known).

    `halves` names the columns that hold both halves of the same address; `constant` is a number or string that is known.
    """

    node: Node
    type: str
    halves: str | None = None
    constant: int | float | str | None = None


def host_number(word: str) -> int | None:
    """Return an IPv4 address as a number, or None if *word* is none."""
    try:
        return int(IPv4Address(word.strip()))
    except ValueError:
        return None


def as_text(value: Value, context: Context) -> Node:
    """Return a value as text. Raise AQLError for bytes, which the console takes for no string."""
    if value.type == "bytes":
        raise context.error(None, "wrong argument type: byte[], a string is required; write UTF8(payload)")
    if value.type == "host":
        return fill(HOST_TEXT[context.engine], {"_1": value.node})
    if value.type in ("text", "any", "address", "null"):
        return value.node
    if value.type == "int" and value.constant is not None:
        return text(str(value.constant))
    return cast(value.node, "text")


def as_number(value: Value, context: Context) -> Value:
    """Return a value as a number: text by what it says, NULL where it says none."""
    if value.type in NUMBERS:
        return value
    if value.type == "host":
        return Value(value.node, "int")
    if value.type == "bool":
        return Value(cast(value.node, "int"), "int")
    if isinstance(value.constant, str) and NUMERIC.fullmatch(value.constant):
        return numeric_literal(value.constant)
    return Value(cast(as_text(value, context), "double", safe=True), "double")


def numeric_literal(word: str) -> Value:
    """Return a string that says a number as that number."""
    word = word.strip().lstrip("+")
    try:
        whole = int(word)
    except ValueError:
        return Value(exp.Literal.number(word), "double", constant=float(word))
    return Value(number(whole), "int", constant=whole)


def as_int(value: Value, context: Context) -> Node:
    """Return a value as a whole number, NULL where it has more than 64 bits."""
    found = as_number(value, context)
    return cast(found.node, "int", safe=True) if found.type == "double" else found.node


def as_host(value: Value, context: Context) -> Node:
    """Return an address as a number. Raise AQLError for what can be none."""
    if value.type in ("host", "int"):
        return value.node
    if isinstance(value.constant, str):
        known = host_number(value.constant)
        if known is not None:
            return number(known)
    if value.type in ("text", "any", "address"):
        quads = fill(QUADS, {"_1": value.node})
        return fill(HOST_OF_TEXT[context.engine], {"_1": value.node, "_q": quads})
    raise context.error(None, f"an address is required, not {value.type}")


def as_test(value: Value, context: Context) -> Node:
    """Return a value as a test."""
    if value.type in ("bool", "null"):
        return value.node
    if value.type in NUMBERS:
        return exp.NEQ(this=wrap(value.node), expression=number(0))
    return exp.EQ(this=call("LOWER", as_text(value, context)), expression=text("true"))


def same_type(left: Value, right: Value, context: Context) -> tuple[Node, Node]:
    """Return two values so that SQL compares them as Ariel does."""
    for one, other in ((left, right), (right, left)):
        if one.type == "bytes" and other.type != "null":
            raise context.error(None, "wrong argument type: byte[], a string is required; write UTF8(payload)")
    pair = _coerced(left, right, context)
    if pair is None:
        swapped = _coerced(right, left, context)
        pair = (swapped[1], swapped[0]) if swapped else (as_text(left, context), as_text(right, context))
    return pair


def _coerced(left: Value, right: Value, context: Context) -> tuple[Node, Node] | None:
    if "null" in (left.type, right.type) or left.type == right.type:
        return left.node, right.node
    if left.type in NUMBERS and right.type in NUMBERS:
        return left.node, right.node
    if left.type == "host":
        return _with_host(left, right, context)
    if left.type == "address" and isinstance(right.constant, str):
        return left.node, text(_canonical(right.constant))
    if left.type == "bool":
        return _with_bool(left, right, context)
    if left.type in NUMBERS:
        return _with_number(left, right, context)
    return None


def _with_host(left: Value, right: Value, context: Context) -> tuple[Node, Node] | None:
    if right.type in NUMBERS:
        return left.node, right.node
    if not isinstance(right.constant, str):
        return None
    known = host_number(right.constant)
    if known is None:
        context.warn(f"{right.constant[:40]!r} is no IPv4 address, and is compared as text")
        return None
    return left.node, number(known)


def _with_bool(left: Value, right: Value, context: Context) -> tuple[Node, Node] | None:
    if isinstance(right.constant, str) and right.constant.lower() in ("true", "false"):
        return left.node, true(right.constant.lower() == "true")
    return (cast(left.node, "int"), right.node) if right.type in NUMBERS else None


def _with_number(left: Value, right: Value, context: Context) -> tuple[Node, Node] | None:
    if isinstance(right.constant, str):
        if NUMERIC.fullmatch(right.constant):
            return left.node, numeric_literal(right.constant).node
        at = stamp(right.constant) if left.type == "time" else None
        return (left.node, number(at)) if at is not None else None
    if right.type in ("text", "any"):
        return left.node, cast(right.node, "double", safe=True)
    return None


def _canonical(word: str) -> str:
    try:
        return str(ip_address(word.strip()))
    except ValueError:
        return word


def range_test(value: Value, low: int, high: int, positive: bool) -> Node:
    """Return a test of an IPv4 address against a range. Where a NULL counts as false (*positive*) it is one of stored halves."""
    if positive and value.halves and low > 0:
        upper, lower = halves(value.halves)
        return both([exp.EQ(this=upper, expression=number(0)), between(lower, MAPPED + low, MAPPED + high)])
    return between(value.node, low, high)


def halves(name: str) -> tuple[Node, Node]:
    """Return the columns of the upper and lower 64 bits of a field's address."""
    return column("e", f"{name}_hi"), column("e", f"{name}_lo")


def signed(half: int) -> int:
    """Return 64 bits as the signed number that engines store."""
    return half - (1 << 64) if half >> 63 else half
