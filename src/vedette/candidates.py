"""How far each format came with a line, and what it expected there, in words.

The plain tokenizers of reading/ decide what a line is; this follows them and notes where they give up.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from vedette.reading import reference_csv, reference_dissect, reference_json, reference_kv
from vedette.reading.csv_table import is_header
from vedette.reading.reference import BAD, EMPTY, LINE_LIMIT, LONG
from vedette.reading.reference_csv import HEADER
from vedette.reading.reference_decode import COLUMNS, Target, Values, repaired
from vedette.reading.reference_envelope import Envelope, open_envelope
from vedette.reading.reference_stamps import Context

if TYPE_CHECKING:
    from vedette.formats import Format
    from vedette.reading.reference import Reading

SHOWN = 8
QUOTED = 40
KEYS_SHOWN = 6
PLACES_SHOWN = 3

NOUNS = {
    "address": "an IP address",
    "name": "an IP address or a host's name",
    "list": "IP addresses",
    "ip_port": "an IP address with a port",
    "integer": "a number",
    "hex": "hexadecimal digits",
    "letters": "TCP flags as letters",
    "words": "TCP flags as words",
    "iso": "a time such as 2026-03-10T08:00:00Z",
    "clf": "a time such as 10/Mar/2026:08:00:00 +0000",
    "rfc3164": "a time such as Mar 10 08:00:00",
    "epoch": "a time in seconds since 1970",
    "date": "a date such as 2026-03-10",
    "clock": "a time of day such as 08:00:00",
    "request": "a request such as GET / HTTP/1.1",
    "word": "a word",
    "text": "a text",
    "skip": "a text",
}
"""Field types, as people call what stands there."""

ANYTHING = ("text", "skip", "word", "name")
"""Field types that take whatever stands there."""

WHOLE_LINE = {
    LONG: f"the line is longer than {LINE_LIMIT:,} bytes",
    EMPTY: "the line is empty",
    HEADER: "the line names columns, or is a comment; the events are in the lines after it",
}


def candidates(readings: Sequence[tuple[Format, Reading]], line: bytes, context: Context) -> list[dict[str, Any]]:
    """Return, for the formats that came furthest with a line none takes: format, reached (bytes), why; best first."""
    found = []
    for fmt, reading in readings:
        known, reached, reason = why(fmt, reading, line, context)
        found.append((-known, -reached, fmt.name, {"format": fmt.name, "reached": reached, "why": reason}))
    return [row for *_, row in sorted(found, key=lambda entry: entry[:3])[:SHOWN]]


class Trace(NamedTuple):
    """How far a format came: the places of the bytes that it knew as its own, where it stopped, what it expected there."""

    known: Collection[int]
    reached: int
    why: str


def why(fmt: Format, reading: Reading, line: bytes, context: Context) -> tuple[int, int, str]:
    """Return (how many bytes of a line a format knew, where it stopped, what it expected there) of a line that it gave up.

    A syslog header in front does not count: every format knows one.
    """
    if is_header(fmt.spec, line):
        return len(line), len(line), WHOLE_LINE[HEADER]
    if reading.reason in WHOLE_LINE:
        return reading.reached, reading.reached, WHOLE_LINE[reading.reason]
    line = repaired(line)
    envelope = open_envelope(line, fmt.spec.get("header", "none"), context)
    known, reached, reason = EXPECTED[fmt.tokenizer](fmt.plain, line, envelope, context)
    header = open_envelope(line, "syslog", context).body
    return sum(place >= header for place in known), reached, reason


def trace(known: Collection[int], envelope: Envelope, reason: str) -> Trace:
    """Return the trace of a format that stopped behind the last byte that it knew, or behind the header."""
    return Trace(known, max(known, default=envelope.body - 1) + 1, reason)


def quoted(text: bytes) -> str:
    """Return a piece of a line in quotes, cut where it is long."""
    shown = text[:QUOTED].decode("utf-8", "replace")
    return f'"{shown}..."' if len(text) > QUOTED else f'"{shown}"'


def instead(line: bytes, pos: int) -> str:
    """Say what stands at a place of the line."""
    return f"found {quoted(line[pos:])}" if pos < len(line) else "found the end of the line"


def either(texts: Iterable[str]) -> str:
    """Join alternatives, each of them once."""
    return " or ".join(dict.fromkeys(texts))


def named(column: str) -> str:
    """Return a stored column by its name in events."""
    return f"{column}_ip" if column in ("src", "dst") else column


def noun(wanted: Target) -> str:
    """Say what is wanted of a value, and for which column."""
    words = [word.decode() for word in wanted.words][:KEYS_SHOWN]
    what = f"one of {', '.join(words)}" if wanted.type == "enum" and words else NOUNS.get(wanted.type, "a value")
    return what if wanted.type == "skip" else f"{what} ({named(wanted.column)})"


def missing(row: Values, spec: dict[str, Any], sources: dict[str, list[str]]) -> str:
    """Say which columns that the format needs a line does not give, and (from `sources`) where they would stand."""
    needed = [COLUMNS[name] for name in spec["required"]]
    absent = [c.name for c in needed if (f"{c.name}_hi" if c.kind == "address" else c.name) not in row]
    told = [
        f"{named(name)} ({' or '.join(sources[name][:PLACES_SHOWN])})" if sources.get(name) else named(name)
        for name in absent
    ]
    return f"it needs {' and '.join(told)}, which the line does not give"


def sources(targets: Iterable[tuple[str, Target]]) -> dict[str, list[str]]:
    """Return {column: where its value comes from} of (where, target) pairs."""
    found: dict[str, list[str]] = defaultdict(list)
    for where, wanted in dict.fromkeys((where, wanted.column) for where, wanted in targets):
        found[wanted].append(where)
    return found


@dataclass
class Followed(reference_dissect.Match):
    """Matches patterns as the tokenizer does, and notes which part failed where.

    `solid` are the places of the bytes that a literal or a typed value took: a text takes anything.
    """

    failed: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    solid: set[int] = field(default_factory=set)

    def part(self, part: Any, pos: int, row: Values) -> tuple[int, Values] | None:
        """Match one part; note it if it does not match."""
        place = super().part(part, pos, row)
        if place is None:
            self.failed[pos].append(said(part))
        elif not isinstance(part, reference_dissect.Capture) or part.field.type not in ANYTHING:
            self.solid.update(range(pos, place[0]))
        return place


def said(part: Any) -> str:
    """Say what a part of a pattern expects."""
    if isinstance(part, reference_dissect.Literal | reference_dissect.Peek):
        return quoted(part.text)
    if isinstance(part, reference_dissect.Spaces):
        return "a space"
    if part.field.type in ("text", "skip", "word") and part.until:
        return f"{noun(part.field)} up to {quoted(part.until)}"
    return noun(part.field)


def of_dissect(rules: Any, line: bytes, envelope: Envelope, context: Context) -> Trace:
    """Say what patterns expected at the furthest place that any of them came to."""
    pattern, row, _ = rules.match(line, envelope, {}, context)
    if pattern is not None:
        return trace(range(len(line)), envelope, missing(row, rules.spec, {}))
    follow = Followed(rules, line, context)
    patterns = rules.patterns
    place: tuple[int, Values] | None = (envelope.body, {})
    if rules.dispatch:
        number, place = follow.message(envelope.body, envelope.tag, {})
        find = rules.dispatch["find"]
        if number is None:
            marks = either(quoted(text.encode()) for text in ([find] if isinstance(find, str) else find))
            return trace(set(), envelope, f"expected {marks} and the message's number, {instead(line, envelope.body)}")
        patterns = [(pattern, parts) for pattern, parts in patterns if number in pattern["id"]]
        if not patterns:
            return trace(
                range(envelope.body, place[0] if place else envelope.body),
                envelope,
                f"message number {number} is none that it knows",
            )
        follow.solid.update(range(place[0] if place else envelope.body))
    if place:
        for _, parts in patterns:
            follow.sequence(parts, *place)
    at = max(follow.failed, default=envelope.body)
    return trace(follow.solid, envelope, f"expected {either(follow.failed[at])}, {instead(line, at)}")


class Noted(reference_kv.Scan):
    """Scans as the tokenizer does, and notes the values that do not decode, and the places of those that do."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.bad: list[tuple[Target, bytes]] = []
        self.solid: set[int] = set()

    def value(self, key: Target, name: bytes) -> None:
        """Read the value of a key; note key and value, unless the value is bad."""
        start, bad = self.pos - len(name) - 1, len(self.bad)
        super().value(key, name)
        if len(self.bad) == bad:
            self.solid.update(range(start, min(self.pos, len(self.line))))

    def decode(self, key: Target, first: int, end: int, quoted: bool) -> None:
        """Decode a value; note it if it is bad."""
        before, self.flags = self.flags, 0
        super().decode(key, first, end, quoted)
        if self.flags & BAD:
            self.bad.append((key, self.line[first:end]))
        self.flags |= before


def of_kv(rules: Any, line: bytes, envelope: Envelope, context: Context) -> Trace:
    """Say which keys are missing, or which value is none."""
    scan = Noted(rules, line, envelope.body, context)
    scan.run()
    equals = rules.equals[:1].decode()
    where = sources((key.decode() + equals, wanted) for key, wanted in rules.keys.items())
    if scan.first_key is None:
        keys = [f"{key.decode()}{equals}" for key, wanted in rules.keys.items() if wanted.type != "skip"]
        reason = f"expected keys such as {', '.join(keys[:KEYS_SHOWN])}, {instead(line, envelope.body)}"
        return trace(set(), envelope, reason)
    bad = [f"{quoted(value)} is not {noun(wanted)}" for wanted, value in scan.bad]
    return trace(scan.solid, envelope, "; ".join([*bad, missing(scan.row, rules.spec, where)]))


def of_csv(rules: Any, line: bytes, envelope: Envelope, context: Context) -> Trace:
    """Say which layout the fields would have to have, or which columns are missing."""
    parts, broken = rules.parts(line, envelope.body)
    layout = next((layout for layout in rules.layouts if rules.fits(line, parts, layout)), None)
    have = f"the line has {len(parts)} field{'' if len(parts) == 1 else 's'} between {quoted(rules.separator)}"
    if broken:
        have += " and a quote that does not close"
    if layout is None:
        known = max((tested(line, parts, each.tests) for each in rules.layouts), key=len, default=set())
        tests = either(map(layout_words, rules.layouts[:PLACES_SHOWN]))
        reason = f"expected {tests}" if tests else "its columns are named by a header line, which is not here"
        return trace(known, envelope, f"{reason}; {have}")
    found = reference_csv.Found()
    rules.columns(line, parts, broken, layout, found, context)
    known = tested(line, parts, layout.tests)
    for part, wanted in zip(parts, layout.columns, strict=False):
        if wanted.column in found.row or f"{wanted.column}_hi" in found.row:
            known.update(range(part.first, part.end))
    where = sources((f"field {n + 1}", wanted) for n, wanted in enumerate(layout.columns))
    return trace(known, envelope, f"{missing({**layout.constants, **found.row}, rules.spec, where)}; {have}")


def tested(line: bytes, parts: Sequence[Any], tests: dict[int, Any]) -> set[int]:
    """Return the places of the fields that hold the words by which a layout is told."""
    held = [(parts[n], words) for n, words in tests.items() if n < len(parts)]
    fit = [part for part, words in held if line[part.first : part.end].lower() in [word.encode() for word in words]]
    return {place for part in fit for place in range(part.first, part.end)}


def layout_words(layout: Any) -> str:
    """Say by which words a layout is told."""
    told = ((n, list(dict.fromkeys(word.strip() for word in words))) for n, words in layout.tests.items())
    return " and ".join(f"{'/'.join(words[:KEYS_SHOWN])} in field {n + 1}" for n, words in told)


def of_json(rules: Any, line: bytes, envelope: Envelope, context: Context) -> Trace:
    """Say where the line stops being JSON, or which members are missing."""
    body = line[envelope.body :].decode()
    start = reference_json.START.match(body)
    if not start:
        return trace(set(), envelope, f'expected an object that begins with "{{", {instead(line, envelope.body)}')
    members = reference_json.parse(body, start.end())
    if members is None:
        reason, place = flaw(body, start.end())
        named = {".".join(chain) for chain in rules.wanted if all(f'"{name}"' in body for name in chain)}
        reached = envelope.body + len(body[:place].encode())
        return Trace(
            range(envelope.body, envelope.body + sum(map(len, named))), reached, f"the object is broken: {reason}"
        )
    found = reference_json.Found()
    rules.walk(members, (), found, context)
    known = range(envelope.body, envelope.body + sum(map(len, found.seen)))
    unmet = [path for path in rules.spec.get("match", {}) if path not in found.met]
    if unmet:
        wanted = {path: rules.spec["match"][path] for path in unmet}
        told = [
            path if words is True else f"{path} {either([words] if isinstance(words, str) else words)}"
            for path, words in wanted.items()
        ]
        return Trace(known, len(line), f"expected {' and '.join(told)}")
    where = sources((".".join(chain), wanted.target) for chain, wanted in rules.wanted.items())
    return Trace(known, len(line), missing(found.row, rules.spec, where))


def flaw(body: str, start: int) -> tuple[str, int]:
    """Return what is wrong with a JSON object, and where."""
    try:
        _, end = json.JSONDecoder().raw_decode(body, start)
    except RecursionError:
        return "it is nested too deep", start
    except json.JSONDecodeError as error:
        return str(error), error.pos
    except ValueError as error:
        return str(error), start
    more = quoted(body[end:].encode())
    return f"more follows it ({more}), it is too deep, or it has a number that JSON has not", end


EXPECTED: dict[str, Callable[[Any, bytes, Envelope, Context], Trace]] = {
    "dissect": of_dissect,
    "kv": of_kv,
    "csv": of_csv,
    "json": of_json,
}
"""Tokenizer -> what says how far it came with a line."""
