"""The `kv` tokenizer in plain Python: `KEY=value`, quoted values, and words that stand alone (see kernels/kv.py).

Words are what separators part. A key is a word up to `=` that begins right after a separator; its
value runs to the next separator, or to its closing quote. A word that begins with a stop byte ends
the line. Glue parts words like a separator, but only before the first key.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from vedette.reading.reference import BAD, ESCAPED, FOREIGN, MALFORMED, TCP, TWICE, Attempt, lacks
from vedette.reading.reference_decode import (
    LONGEST_WORD,
    NUMBERED,
    Target,
    Values,
    decode,
    stored,
    target,
    text,
    value_columns,
)
from vedette.reading.reference_envelope import Envelope
from vedette.reading.reference_stamps import ZONE, ZONES, Context, east_at, midnight, time_of_day

NO_EFFECT = {"": None}
PARTS = {"ts:date": "date", "ts:clock": "clock", "ts:zone": "zone"}
"""Parts of a stamp, each in a key of its own."""

PART_TYPES = (*PARTS.values(), "match")


def key_target(column: str, spec: dict[str, Any]) -> Target:
    """Return what a key of a kv format means: a column, or a part of a stamp. Raises ValueError if it means nothing."""
    return Target(column, PARTS[column], {}) if column in PARTS else target(column, spec)


def words_of(known: str | list[str]) -> set[bytes]:
    """Return the words that meet a condition, in lower case."""
    return {word.lower().encode() for word in ([known] if isinstance(known, str) else known)}


def zone_part(data: bytes) -> dict[str, int]:
    """Return the zone that a text names, in microseconds east of UTC, if it is one zone only."""
    if data in ZONES:
        return {"zone": ZONES[data] * 60_000_000}
    numbers = ZONE.fullmatch(data)
    if not numbers or data.startswith(b" "):
        return {}
    sign, hours, minutes = numbers.groups()
    east = (int(hours or 0) * 60 + int(minutes or 0)) * 60_000_000
    return {"zone": -east if sign == b"-" else east}


SPACED_KEY = re.compile(rb"[0-9A-Za-z_.-]+")


class Tokenizer:
    """Reads the lines of one `kv` format."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.keys = {
            key.encode(): key_target(column.removesuffix("?"), spec) for key, column in spec.get("key", {}).items()
        }
        self.soft = {key.encode() for key, column in spec.get("key", {}).items() if column.endswith("?")}
        self.match = {
            key.encode(): known if known is True else words_of(known) for key, known in spec.get("match", {}).items()
        }
        self.keys |= {key: Target(f"match {key!r}", "match", {}) for key in self.match}
        self.words = {word.encode(): effect for word, effect in spec.get("word", {}).items()}
        self.separators, self.glue, self.equals, self.stop, self.quote, self.rest = (
            spec.get(name, "").encode() for name in ("separators", "glue", "equals", "stop", "quote", "rest")
        )
        self.escape = spec.get("escape", "\\").encode()
        self.equals_bytes = [bytes([byte]) for byte in self.equals]
        self.verdicts = {
            (column, word.lower().encode()): stored(column, value)
            for column, values in spec.get("verdict", {}).items()
            for value, spelled in values.items()
            for word in spelled
        }

    def read(self, line: bytes, envelope: Envelope, row: Values, context: Context) -> Attempt:
        """Read every word from the body on, then what the whole line tells."""
        head = self.head(line, envelope.body)
        if head is None:
            return Attempt(row, FOREIGN, reached=envelope.body)
        scan = Scan(self, line, head[0], context)
        scan.run()
        row = {**row, **head[1], **scan.stamp(), **scan.row}
        if scan.first_key is None or ("head" not in self.spec and not self.may_precede(line, envelope, scan.first_key)):
            return Attempt(row, FOREIGN, reached=scan.reached)
        if lacks(row, self.spec) or not scan.held.issuperset(self.match):
            return Attempt(row, MALFORMED if scan.flags & BAD else FOREIGN, reached=scan.reached)
        self.prefix_verdict(line[envelope.tag : scan.first_key], row)
        if self.spec.get("tcp_flags_always") and row.get("proto") == TCP:
            row.setdefault("tcp_flags", 0)
        return Attempt(row, None, scan.flags)

    def head(self, line: bytes, pos: int) -> tuple[int, Values] | None:
        """Read the texts before the keys; return (position after them, row), None for a line without such a head."""
        head = self.spec.get("head")
        if not head:
            return pos, {}
        start = head["start"].encode()
        if not line.startswith(start, pos):
            return None
        pos += len(start)
        separator = re.escape(head["separator"].encode())
        row: Values = {}
        escape = re.escape(self.escape)
        column_text = re.compile(rb"(?:%b[^\n]|[^%b\n])*?(?=%b)" % (escape, escape, separator), re.DOTALL)
        for column in head["columns"]:
            found = column_text.match(line, pos)
            if not found:
                return None
            if isinstance(column, list) and found[0].lower() not in [word.lower().encode() for word in column]:
                return None
            if isinstance(column, str) and column != "_" and found[0]:
                row[target(column, self.spec).column] = text(line, *found.span())
            pos = found.end() + 1
        return pos, row

    def may_precede(self, line: bytes, envelope: Envelope, key: int) -> bool:
        """Tell whether what stands before the first key may: few bytes of words, no quote, no foreign program's tag with a pid."""
        prefix = line[envelope.body : key]
        bare = prefix[1:-1] if len(prefix) > 1 and prefix[:1] == prefix[-1:] == b'"' else prefix
        tag = line[envelope.tag : envelope.body]
        program = re.match(rb"[A-Za-z0-9_.\x80-\xff-]*", tag)
        known = {name.lower().encode() for name in self.spec.get("programs", [])}
        if known and len(tag) >= 4 and tag.endswith(b"]: ") and program and program[0].lower() not in known:
            return False
        return b'"' not in bare and len(prefix.translate(None, self.separators + self.glue)) <= self.spec.get(
            "prefix_bytes", 0
        )

    def prefix_verdict(self, prefix: bytes, row: Values) -> None:
        """Take the last known word of the log prefix: a run of letters, alone or together with the byte that ends it."""
        for column in {column for column, _ in self.verdicts} - set(row):
            for run in re.finditer(rb"[A-Za-z]+", prefix):
                for word in (prefix[run.start() : run.end() + 1].lower(), run[0].lower()):
                    if (column, word) in self.verdicts and len(word) <= LONGEST_WORD:
                        row[column] = self.verdicts[column, word]


@cache
def any_of(wanted: bytes) -> re.Pattern[bytes]:
    """Return a pattern for one of these bytes."""
    return re.compile(b"[" + re.escape(wanted) + b"]")


class Scan:
    """One pass over a line: where it is, what it found, which columns a key has already named."""

    def __init__(self, rules: Tokenizer, line: bytes, pos: int, context: Context) -> None:
        self.rules, self.line, self.pos, self.context = rules, line, pos, context
        self.row: Values = {}
        self.named: set[str] = set()
        self.held: set[bytes] = set()
        self.parts: dict[str, int] = {}
        self.unknown = False
        self.first_key: int | None = None
        self.flags = 0
        self.reached = 0

    def run(self) -> None:
        """Read words until the line ends or a stop byte begins one."""
        while self.pos < len(self.line):
            if self.line[self.pos] in self.separators():
                self.pos += 1
            elif self.first_key is not None and self.line[self.pos] in self.rules.stop:
                return
            else:
                self.word()

    def separators(self) -> bytes:
        """Return the bytes that part words here."""
        parting: bytes = self.rules.separators + (self.rules.glue if self.first_key is None else b"")
        return parting

    def find(self, wanted: bytes, start: int) -> int:
        """Return the position of the first of these bytes from `start` on, or of the line's end."""
        found = any_of(wanted).search(self.line, start)
        return found.start() if found else len(self.line)

    def word(self) -> None:
        """Read one word, with its value if it is a key, and move to the separator after it."""
        start = self.pos
        end = self.find(self.separators() + self.rules.equals, start)
        word = self.line[start:end]
        if end == len(self.line) or self.line[end] not in self.rules.equals:
            self.pos = end
            if self.first_key is not None:
                self.bare(word)
            return
        self.pos = end + 1
        key = self.rules.keys.get(word)
        if self.first_key is None and (key or "head" in self.rules.spec):
            self.first_key = start
        if key and key.type != "skip":
            self.value(key, word)
        elif self.rules.quote and self.line[self.pos : self.pos + 1] == self.rules.quote:
            self.pos = self.quoted_end(self.pos + 1)
        self.pos = self.find(self.separators(), self.pos)

    def value(self, key: Target, name: bytes) -> None:
        """Read the value of a key; the first value of a column that is not empty wins, whether it decodes or not.

        A quote that nothing closes runs to the line's end, which only a text may.
        """
        quoted = bool(self.rules.quote) and self.line[self.pos : self.pos + 1] == self.rules.quote
        first = self.pos + quoted
        spaced = (
            not quoted
            and self.rules.spec.get("spaced", False)
            and (key.type == "text" or (key.type == "enum" and key.column not in NUMBERED))
        )
        end = (
            self.quoted_end(first)
            if quoted
            else self.spaced_end(first)
            if spaced
            else self.find(self.rules.separators, first)
        )
        if key.column in self.named:
            self.flags |= TWICE
            self.pos = end if quoted else self.pos
        elif first == end and (key.type == "text" or not quoted or end < len(self.line)):
            self.pos = end
        elif key.type == "text":
            self.named.add(key.column)
            self.row[key.column] = text(self.line, first, end)
            escaped = (quoted or spaced) and self.rules.escape in self.line[first : min(end, len(self.line) - 1)]
            self.flags |= ESCAPED if escaped else 0
            self.pos = self.reached = end
        elif spaced:
            self.named.add(key.column)
            value = key.words.get(self.line[first:end].lower()) if end - first <= LONGEST_WORD else None
            self.row |= {} if value is None else {key.column: value}
            self.pos = self.reached = end
        elif key.type == "enum" and quoted:
            self.whole_word(key, name, first, end)
        elif key.type in PART_TYPES:
            if first != end:
                self.named.add(key.column)
                self.part(key, name, self.line[first:end])
            self.pos = end
        else:
            self.named.add(key.column)
            self.decode(key, first, end, quoted)
            if name in self.rules.soft and self.unknown:
                self.named.discard(key.column)

    def whole_word(self, key: Target, name: bytes, first: int, end: int) -> None:
        """Take a quoted text that is one word of an enumeration, spaces and all."""
        found = value_columns(self.line[first:end], key, self.context) if end < len(self.line) else None
        self.flags |= BAD if found is None else 0
        self.row |= found or {}
        self.pos = self.reached = end
        if found or found is None or name not in self.rules.soft:
            self.named.add(key.column)

    def part(self, key: Target, name: bytes, data: bytes) -> None:
        """Read a condition, or a part of a stamp."""
        if key.type == "match":
            known = self.rules.match[name]
            if known is True or (len(data) <= LONGEST_WORD and data.lower() in known):
                self.held.add(name)
        elif key.type == "zone":
            self.parts |= zone_part(data)
        else:
            found = (midnight if key.type == "date" else time_of_day)(data)
            self.flags |= BAD if found is None else 0
            self.parts |= {} if found is None else {key.type: found}

    def stamp(self) -> Values:
        """Return the time that the parts of a stamp tell, if they tell one and no whole stamp was named."""
        if not {"date", "clock"} <= set(self.parts) or "ts" in self.named:
            return {}
        local = self.parts["date"] + self.parts["clock"]
        east = self.parts.get("zone")
        return {"ts": local - (east_at(local, self.context.tz) if east is None else east)}

    def decode(self, key: Target, first: int, end: int, quoted: bool) -> None:
        """Decode a value and check that it ends where values end; a stamp may have a separator inside."""
        found = decode(self.line, first, key, self.context)
        after = found[1] if found else first
        closes = self.line[after : after + 1]
        self.unknown = bool(found) and not (found and found[0])
        if found and after > first and not quoted and closes and closes in self.rules.rest:
            self.row |= found[0]
            self.reached = after
            self.pos = self.find(self.rules.separators, after)
        elif found and (closes == self.rules.quote if quoted else not closes or closes in self.rules.separators):
            self.row |= found[0]
            self.pos = self.reached = after
        else:
            self.flags |= BAD
            self.unknown = False
            self.pos = end if quoted else first

    def spaced_end(self, first: int) -> int:
        """Return the end of a value that may hold separators: it ends before those in front of the next word that is a key."""
        separators = self.rules.separators
        pos = first
        while pos < len(self.line):
            if self.line[pos] in separators:
                word = next(
                    (at for at in range(pos, len(self.line)) if self.line[at] not in separators), len(self.line)
                )
                key = SPACED_KEY.match(self.line, word)
                if word == len(self.line) or (key and self.line[key.end() : key.end() + 1] in self.rules.equals_bytes):
                    return pos
                pos = word
            else:
                pos += 2 if self.line[pos : pos + 1] == self.rules.escape and pos + 1 < len(self.line) else 1
        return pos

    def quoted_end(self, pos: int) -> int:
        """Return the position of the closing quote, or of the line's end; an escape takes the byte after it along."""
        quote, escape = re.escape(self.rules.quote), re.escape(self.rules.escape)
        inside = re.compile(rb"(?:%b.|[^%b])*" % (escape, quote), re.DOTALL).match(self.line, pos)
        assert inside
        return inside.end()

    def bare(self, word: bytes) -> None:
        """Take a word that stands alone: a flag, or one whose value follows in parentheses."""
        ((column, effect),) = self.rules.words.get(word, NO_EFFECT).items()
        if effect == "parenthesis":
            inside = re.compile(rb" \(([^)]+)\)").match(self.line, self.pos)
            if inside and column not in self.row:
                self.row[column] = text(self.line, *inside.span(1))
                self.pos = inside.end()
        elif column:
            self.row[column] = self.row.get(column, 0) | effect
        if column:
            self.reached = self.pos
