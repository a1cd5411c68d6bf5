"""The `dissect` tokenizer in plain Python: patterns of literals and captures (see kernels/dissect.py, reading/patterns.py).

Patterns are tried in order, or those of a message's number where the format has a `dispatch`. A
capture ends where the literal after it is found first; a text before a typed value, where literal, value
and what follows the value are found first; a `word` before any space. Nothing else is tried twice at
another place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from vedette.reading.reference import FOREIGN, MALFORMED, Attempt, lacks
from vedette.reading.reference_decode import Target, Values, decode, stored, target, text
from vedette.reading.reference_envelope import Envelope
from vedette.reading.reference_stamps import Context, unsigned

QUOTED = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
REQUEST = re.compile(rb"([A-Za-z_-]+) (.*)", re.DOTALL)
VERSION = re.compile(rb" HTTP/.{1,4}\Z", re.DOTALL)


class Literal(NamedTuple):
    """Bytes that must stand here."""

    text: bytes


class Spaces(NamedTuple):
    """One space or more."""


class Peek(NamedTuple):
    """Bytes that must come next, but are not taken."""

    text: bytes


class Optional(NamedTuple):
    """A part that may be missing."""

    parts: tuple[Any, ...]


class Capture(NamedTuple):
    """A value: where it goes, and for a text the literal that ends it (none: the line's end) or that it is in double quotes.

    `then` is what must be found at the end of a text that a typed value follows.
    """

    field: Target
    until: bytes
    quoted: bool
    then: tuple[Any, ...] = ()


Part = Literal | Peek | Spaces | Optional | Capture
TEXTS = ("text", "skip", "request", "word")


def parse(pattern: str, spec: dict[str, Any]) -> tuple[Part, ...]:
    """Parse a pattern. Raises ValueError for one that is not closed or captures no column."""
    parts, rest = sequence(pattern, 0, spec, nested=False)
    assert rest == len(pattern)
    return parts


def sequence(pattern: str, at: int, spec: dict[str, Any], *, nested: bool) -> tuple[tuple[Part, ...], int]:
    """Parse up to the end, or to the parenthesis that closes an optional part; return (parts, position)."""
    parts: list[Any] = []
    literal, depth = "", 0
    while at < len(pattern):
        closes = pattern[at] == ")" and nested and depth == 0
        opens = pattern.startswith("(?", at)
        if not closes and not opens and (pattern[at] != "{" or pattern.startswith("{{", at)):
            depth += {"(": 1, ")": -1}.get(pattern[at], 0)
            literal, at = literal + pattern[at], at + 1
            continue
        if literal:
            parts.append(Literal(literal.encode()))
            literal = ""
        if closes:
            return ends(parts, spec), at + 1
        if opens:
            inner, at = sequence(pattern, at + 2, spec, nested=True)
            parts.append(Optional(inner))
        else:
            end = pattern.index("}", at)
            parts.append(pattern[at + 1 : end])
            at = end + 1
    if literal:
        parts.append(Literal(literal.encode()))
    return ends(parts, spec), at


def ends(parts: list[Any], spec: dict[str, Any]) -> tuple[Part, ...]:
    """Turn the names of captures into captures, each with what ends it."""
    closed: list[Part] = []
    for number, part in enumerate(parts):
        if not isinstance(part, str):
            closed.append(part)
        elif not part.strip():
            closed.append(Spaces())
        elif part.startswith("="):
            closed.append(Peek(part[1:].encode()))
        else:
            before, after = (
                parts[n].text if 0 <= n < len(parts) and isinstance(parts[n], Literal) else b""
                for n in (number - 1, number + 1)
            )
            closed.append(Capture(target(part, spec), after, before.endswith(b'"') and after.startswith(b'"')))
    return tuple(seeks(part, closed[number + 1 : number + 4]) for number, part in enumerate(closed))


def seeks(part: Part, following: list[Part]) -> Part:
    """Give a text that a literal and a typed value follow what must be found at its end: both, and the part after unless it is optional."""
    if not isinstance(part, Capture) or part.field.type != "text" or part.quoted or len(following) < 2:
        return part
    if not isinstance(following[1], Capture) or following[1].field.type in TEXTS:
        return part
    return part._replace(then=tuple(p for n, p in enumerate(following) if n < 2 or not isinstance(p, Optional)))


class Tokenizer:
    """Reads the lines of one `dissect` format."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.nil = spec.get("nil", "").encode()
        self.patterns = [(pattern, parse(pattern["line"], spec)) for pattern in spec["pattern"]]
        self.dispatch: dict[str, Any] = spec.get("dispatch", {})
        self.then = parse(self.dispatch.get("then", ""), spec)

    def read(self, line: bytes, envelope: Envelope, row: Values, context: Context) -> Attempt:
        """Try the patterns; the first that matches gives the row."""
        pattern, row, reached = self.match(line, envelope, row, context)
        if pattern is None:
            return Attempt(row, FOREIGN, reached=reached)
        return Attempt(row, MALFORMED if lacks(row, self.spec) else None, reached=reached)

    def match(
        self, line: bytes, envelope: Envelope, row: Values, context: Context
    ) -> tuple[dict[str, Any] | None, Values, int]:
        """Return the pattern that matches (or None), the row, and how far the best pattern came."""
        attempt = Match(self, line, context)
        candidates = self.patterns
        pos, tag = envelope.body, envelope.tag
        place: tuple[int, Values] | None = (pos, row)
        if self.dispatch:
            number, place = attempt.message(pos, tag, row)
            candidates = [(pattern, parts) for pattern, parts in self.patterns if number in pattern["id"]]
        for pattern, parts in candidates if place else []:
            assert place
            if found := attempt.sequence(parts, *place):
                fixed = {column: stored(column, value) for column, value in pattern.get("set", {}).items()}
                return pattern, {**found[1], **fixed}, attempt.reached
        return None, row, attempt.reached


@dataclass
class Match:
    """Matches patterns on one line; a place is (position, row so far), and no place is None."""

    rules: Tokenizer
    line: bytes
    context: Context
    reached: int = 0

    def message(self, pos: int, tag: int, row: Values) -> tuple[int | None, tuple[int, Values] | None]:
        """Find the device's message number, the digits that end the word after the marker; return (number, place after it)."""
        word = self.marked(pos, tag)
        digits = word and re.compile(rb"[0-9]*\Z").search(self.line, word.start(), word.end())
        number = digits and unsigned(self.line, digits.start())
        if not digits or not number:
            return None, None
        column = self.rules.dispatch.get("number")
        row = self.texts(row, {target(column, {}).column: digits.span()}) if column else row
        return number[0], self.sequence(self.rules.then, digits.end(), row)

    def marked(self, pos: int, tag: int) -> re.Match[bytes] | None:
        """Return the word after the device's marker.

        A message may quote anything, a marker too, so what stands before the marker must be a header
        that the envelope does not know: words with a digit, a dot or a colon, and one word besides,
        none with a quote, a parenthesis or an equals sign. After a program's name nothing may.
        """
        find = self.rules.dispatch["find"]
        texts = [find] if isinstance(find, str) else find
        marker = re.compile(b"|".join(re.escape(text.encode()) for text in texts)).search(self.line, pos)
        if not marker:
            return None
        before = self.line[pos : marker.start()]
        if re.search(rb"[\"'(=]" if pos == tag else rb"[^\x00-\x20]", before):
            return None
        whole_words = re.findall(rb"[^\x00-\x20]+(?=[\x00-\x20])", before)
        if sum(not re.search(rb"[0-9.:]", word) for word in whole_words) > 1:
            return None
        return re.compile(rb"[^\x00-\x20:]*").match(self.line, marker.end())

    def sequence(self, parts: tuple[Part, ...], pos: int, row: Values) -> tuple[int, Values] | None:
        """Match parts one after another; an optional part that does not match is left out."""
        place: tuple[int, Values] | None = (pos, row)
        for part in parts:
            assert place
            if isinstance(part, Optional):
                place = self.sequence(part.parts, *place) or place
            else:
                place = self.part(part, *place)
            if place is None:
                return None
            self.reached = max(self.reached, place[0])
        return place

    def part(self, part: Part, pos: int, row: Values) -> tuple[int, Values] | None:
        """Match one part that is not optional."""
        if isinstance(part, Literal):
            return (pos + len(part.text), row) if self.line.startswith(part.text, pos) else None
        if isinstance(part, Peek):
            return (pos, row) if self.line.startswith(part.text, pos) else None
        if isinstance(part, Spaces):
            rest = self.line[pos:].lstrip(b" ")
            end = len(self.line) - len(rest)
            return (end, row) if end > pos else None
        assert isinstance(part, Capture)
        if part.field.type == "request" or (part.quoted and part.field.type in ("text", "skip")):
            return self.quoted(part.field, pos, row)
        if part.field.type in ("text", "skip", "word"):
            return self.until(part, pos, row)
        if self.rules.nil and self.line.startswith(self.rules.nil, pos) and self.line[pos + 1 : pos + 2] <= b" ":
            return pos + 1, row
        found = decode(self.line, pos, part.field, self.context)
        return (found[1], {**row, **found[0]}) if found else None

    def until(self, part: Capture, pos: int, row: Values) -> tuple[int, Values] | None:
        """Capture up to the literal that follows, or to the line's end without its carriage return."""
        if not part.until:
            end = len(self.line)
            return end, self.texts(row, {part.field.column: (pos, end - self.line.endswith(b"\r", pos))})
        end = self.line.find(part.until, pos)
        if part.field.type == "word" and re.search(rb"[\x00-\x20]", self.line[pos:end]):
            return None
        while part.then and end >= 0 and not self.sequence(part.then, end, row):
            end = self.line.find(part.until, end + 1)
        return (end, self.texts(row, {part.field.column: (pos, end)})) if end >= 0 else None

    def quoted(self, field: Target, pos: int, row: Values) -> tuple[int, Values] | None:
        """Capture up to the first double quote without a backslash before it."""
        end = self.quote(pos)
        if self.line[end : end + 1] != b'"':
            return None
        if field.type != "request":
            return end, self.texts(row, {field.column: (pos, end)})
        return end, self.texts(row, request_parts(self.line, pos, end))

    def quote(self, pos: int) -> int:
        """Return the position of the first double quote without a backslash before it, or of the line's end."""
        inside = QUOTED.match(self.line, pos)
        return inside.end() if inside else pos

    def texts(self, row: Values, spans: dict[str, tuple[int, int]]) -> Values:
        """Return the row with these texts, but for those that are empty or that alone are the format's nil."""
        row = dict(row)
        for column, (start, end) in spans.items():
            if column != "_" and end > start and self.line[start:end] != self.rules.nil:
                row[column] = text(self.line, start, end)
        return row


def request_parts(line: bytes, start: int, end: int) -> dict[str, tuple[int, int]]:
    """Split `METHOD target HTTP/x`; without a method all is target (what is not HTTP), without a version too (HTTP/0.9)."""
    found = REQUEST.fullmatch(line, start, end)
    if not found:
        return {"url": (start, end)}
    target_start, target_end = found.span(2)
    if version := VERSION.search(line, target_start, end):
        target_end = version.start()
    return {"http_method": found.span(1), "url": (target_start, target_end)}
