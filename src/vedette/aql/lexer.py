"""Text to tokens: one regular expression, none of whose parts can backtrack."""

from __future__ import annotations

import re
from typing import NamedTuple

from vedette.aql.errors import AQLError

MAX_TEXT = 1 << 18
"""Characters of a query. The longest real ones are lists of some thousand values."""


class Token(NamedTuple):
    """One token. `kind` is word, name (in double quotes), string, number, operator or end; `value` is without quotes."""

    kind: str
    value: str
    upper: str
    at: int
    end: int


PATTERN = re.compile(
    r"""
    (?P<space>\s++|//[^\n]*+|--[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)
  | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d][\w$]*(?:::[^\W\d][\w$]*)*)
  | '(?P<string>[^']*(?:''[^']*)*)'
  | "(?P<name>[^"]*(?:""[^"]*)*)"
  | (?P<operator><=|>=|<>|!=|==|[=<>+\-*/%^&|(),;])
    """,
    re.VERBOSE,
)

UNCLOSED = {"'": "a string", '"': "a quoted name", "/": "a comment"}
HINTS = {
    "\N{LEFT SINGLE QUOTATION MARK}": "a string stands between '",
    "\N{RIGHT SINGLE QUOTATION MARK}": "a string stands between '",
    "\N{LEFT DOUBLE QUOTATION MARK}": 'a name stands between "',
    "\N{RIGHT DOUBLE QUOTATION MARK}": 'a name stands between "',
    "`": 'a name stands between "',
    "[": 'a name with blanks stands between "',
    ".": "a field stands alone, without a database or an alias before it",
    "#": "a comment begins with //",
    "!": "write NOT, or != between two values",
}


def tokens(text: str) -> list[Token]:
    """Return the tokens of a query, the last of kind "end". Raise AQLError where no token begins."""
    if len(text) > MAX_TEXT:
        raise AQLError(f"the query has {len(text):,} characters; at most {MAX_TEXT:,} are read", "", 0)
    found, at, size = [], 0, len(text)
    while at < size:
        match = PATTERN.match(text, at)
        if match is None:
            raise _refuse(text, at)
        kind = match.lastgroup or ""
        if kind != "space":
            value = match[kind]
            if kind == "string":
                value = value.replace("''", "'")
            elif kind == "name":
                value = value.replace('""', '"')
            found.append(Token(kind, value, value.upper() if kind == "word" else "", at, match.end()))
        at = match.end()
    found.append(Token("end", "", "", size, size))
    return found


def _refuse(text: str, at: int) -> AQLError:
    sign = text[at]
    if sign in UNCLOSED and (sign != "/" or text.startswith("/*", at)):
        return AQLError(f"{UNCLOSED[sign]} begins here and never ends", text, at, sign, f"a closing {sign}")
    hint = HINTS.get(sign, "")
    return AQLError(f"unexpected {sign!r}" + (f": {hint}" if hint else ""), text, at, sign, hint)
