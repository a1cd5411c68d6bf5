"""The words of the language: what ends an expression, and what other dialects have and AQL has not."""

from __future__ import annotations

RESERVED = frozenset(
    (
        "SELECT",
        "FROM",
        "INTO",
        "WHERE",
        "GROUP",
        "HAVING",
        "ORDER",
        "LIMIT",
        "LAST",
        "START",
        "STOP",
        "PARAMETERS",
        "PARAMS",
        "SESSION",
        "AS",
        "AND",
        "OR",
        "NOT",
        "IN",
        "LIKE",
        "ILIKE",
        "MATCHES",
        "IMATCHES",
        "BETWEEN",
        "IS",
        "NULL",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "IF",
        "BY",
        "ASC",
        "DESC",
        "BEGIN",
        "EXPLICIT",
        "TIMEOUT",
        "TIMEWINDOW",
        "COLLATE",
        "UNION",
        "JOIN",
        "INNER",
        "LEFT",
        "RIGHT",
        "FULL",
        "CROSS",
        "ON",
        "OFFSET",
        "WITH",
        "EXCEPT",
        "INTERSECT",
        "OVER",
        "DISTINCT",
        "QUALIFY",
    )
)
"""Unquoted, none of these is a field or an alias; between double quotes each may be."""

FUNCTIONS_TOO = frozenset(("FIRST", "LAST", "IF", "LEFT", "RIGHT"))
"""Reserved words that are function names where a parenthesis follows."""

NAMES_TOO = frozenset(("START", "STOP", "LAST", "BEGIN", "END", "SESSION", "TIMEOUT", "ON"))
"""Reserved words that are fields or aliases where nothing but a value can stand: ORDER BY start."""

FOREIGN = {
    "UNION": "AQL has no UNION; run two searches",
    "EXCEPT": "AQL has no EXCEPT",
    "INTERSECT": "AQL has no INTERSECT",
    "JOIN": "AQL has no JOIN; look values up with REFERENCEMAP, or test them with IN (SELECT ...)",
    "INNER": "AQL has no JOIN",
    "LEFT": "AQL has no JOIN",
    "RIGHT": "AQL has no JOIN",
    "FULL": "AQL has no JOIN",
    "CROSS": "AQL has no JOIN",
    "WITH": "AQL has no WITH; a sub-query stands in FROM or IN",
    "OFFSET": "AQL has no OFFSET; the interface pages with its Range header",
    "OVER": "AQL has no window functions",
    "QUALIFY": "AQL has no QUALIFY",
    "DISTINCT": "AQL has no DISTINCT; GROUP BY gives each value once, UNIQUECOUNT counts them",
}

FOREIGN_CALLS = {
    "CAST": "AQL has no CAST; LONG, DOUBLE and STR convert",
    "CONVERT": "AQL has no CONVERT; LONG, DOUBLE and STR convert",
    "EXISTS": "AQL has no EXISTS; test a field with IN (SELECT ...)",
}
"""What other dialects write before a parenthesis, and AQL's arguments cannot hold."""

CLAUSES = ("INTO", "WHERE", "SESSION", "GROUP", "HAVING", "ORDER", "LIMIT", "time", "PARAMETERS")
"""The order of clauses after FROM."""

OPENERS = {
    "INTO": "INTO",
    "WHERE": "WHERE",
    "SESSION": "SESSION",
    "GROUP": "GROUP",
    "HAVING": "HAVING",
    "ORDER": "ORDER",
    "LIMIT": "LIMIT",
    "LAST": "time",
    "START": "time",
    "STOP": "time",
    "PARAMETERS": "PARAMETERS",
    "PARAMS": "PARAMETERS",
}
"""Word -> the clause that it begins."""

SHOWN = {
    "SESSION": "SESSION BY",
    "GROUP": "GROUP BY",
    "ORDER": "ORDER BY",
    "time": "the time clause (LAST or START)",
}

UNITS = {
    "SECOND": 1_000,
    "MINUTE": 60_000,
    "HOUR": 3_600_000,
    "DAY": 86_400_000,
}
"""Unit of time, without its plural s, in milliseconds."""

LAST_UNITS = ("MINUTE", "HOUR", "DAY")
"""What LAST counts in; seconds stand in TIMEWINDOW only."""
