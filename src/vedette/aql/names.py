"""The name of a result column that has no alias, as a console gives it."""

from __future__ import annotations

import re

from sqlglot import exp

from vedette.aql.catalog import is_aggregate

NOT_A_WORD = re.compile(r"[^\w]+")


def result_name(node: exp.Expression) -> str:
    """Return the name: sourceip, qidname_qid, dateformat_starttime_yyyy_MM_dd, COUNT, SUM_eventcount.

    Functions of one row are in lower case, aggregates in upper case; what is no letter, digit or underscore becomes one
    underscore.
    """
    return _joined(_words(node)) or "value"


def _joined(text: str) -> str:
    return NOT_A_WORD.sub("_", text).strip("_")


def _words(node: exp.Expression) -> str:
    if isinstance(node, exp.Column):
        return str(node.name)
    if isinstance(node, exp.Anonymous):
        name = node.name.upper() if is_aggregate(node.name) else node.name.lower()
        return " ".join([name, *map(_words, node.expressions)])
    if isinstance(node, exp.Literal):
        return str(node.this)
    if isinstance(node, exp.Case | exp.If):
        return "case" if isinstance(node, exp.Case) else "if"
    return " ".join(_words(child) for child in node.iter_expressions())
