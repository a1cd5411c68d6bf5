"""The `csv` tokenizer in plain Python: fields between separators, read by their position (see kernels/csv.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vedette.reading.csv_table import expanded, layouts_of, nil_words, tests_of
from vedette.reading.reference import BAD, ESCAPED, FOREIGN, MALFORMED, TCP, Attempt, lacks
from vedette.reading.reference_decode import TEXT_LIMIT, Target, Values, stored, target, text, value_columns
from vedette.reading.reference_dissect import request_parts
from vedette.reading.reference_envelope import Envelope
from vedette.reading.reference_json import taken
from vedette.reading.reference_stamps import Context, east_at, midnight, time_of_day

HEADER = "names the columns of the lines after it, or is a comment"
SPECIAL = {"ts:date": "date", "ts:clock": "clock", "url:query": "query"}


class Part(NamedTuple):
    """One field of a line: where its text begins and ends, whether it was quoted and had an escape in it."""

    first: int
    end: int
    quoted: bool
    escaped: bool


class Layout(NamedTuple):
    """The columns of a kind of line, the constants by position that tell it, and the columns that it sets."""

    tests: dict[int, list[str]]
    columns: list[Target]
    constants: Values


@dataclass
class Found:
    """What the fields of a line have told; the parts of a stamp in microseconds, the URL's place for a query to join."""

    row: Values = field(default_factory=dict)
    flags: int = 0
    midnight: int | None = None
    time: int | None = None
    url: tuple[int, int] | None = None


class Tokenizer:
    """Reads the lines of one `csv` format; the columns of a header-driven one are those of `csv_table.resolve`."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.separator = spec.get("separator", ",").encode()
        self.quote, self.escape = spec.get("quote", "").encode(), spec.get("escape", "").encode()
        self.runs = bool(spec.get("runs"))
        self.nil = {word.lower().encode() for word in nil_words(spec)}
        self.start = spec.get("header_line", {}).get("start", "").encode()
        self.comment = spec.get("comment", "").encode() or self.start[:1]
        self.header: bytes = spec.get("header_in_use", b"")
        self.layouts = [
            Layout(
                tests_of(layout.get("when", {})),
                trailing_skips_dropped(
                    [self.column(text) for text in expanded(layout["columns"], spec.get("part", {}))]
                ),
                {name: stored(name, value) for name, value in layout.get("set", {}).items()},
            )
            for layout in layouts_of(spec)
        ]

    def column(self, name: str) -> Target:
        """Return what a column of the format means."""
        return (
            Target("ts" if name != "url:query" else "url", SPECIAL[name], {})
            if name in SPECIAL
            else target(name, self.spec)
        )

    def read(self, line: bytes, envelope: Envelope, row: Values, context: Context) -> Attempt:
        """Split the line from the body on, choose its layout, decode its columns."""
        if self.comment and line.startswith(self.comment):
            return Attempt(row, HEADER)
        parts, broken = self.parts(line, envelope.body)
        layout = next((layout for layout in self.layouts if self.fits(line, parts, layout)), None)
        found = Found()
        if layout:
            self.columns(line, parts, broken, layout, found, context)
            row = {**row, **layout.constants, **found.row}
        if not layout or lacks(row, self.spec):
            header = bool(self.header) and line.startswith(self.header)
            return Attempt(
                row, HEADER if header else MALFORMED if found.flags & BAD else FOREIGN, reached=envelope.body
            )
        if self.spec.get("tcp_flags_always") and row.get("proto") == TCP:
            row.setdefault("tcp_flags", 0)
        return Attempt(row, None, found.flags, len(line))

    def parts(self, line: bytes, pos: int) -> tuple[list[Part], bool]:
        """Return the fields of a line, up to one whose quotes do not close well, and whether there is such a one."""
        found: list[Part] = []
        while True:
            while self.runs and line[pos : pos + 1] == self.separator:
                pos += 1
            part = self.part(line, pos)
            if part is None:
                return found, True
            found.append(part)
            pos = part.end + part.quoted
            if line[pos : pos + 1] != self.separator:
                return found, False
            pos += 1

    def part(self, line: bytes, pos: int) -> Part | None:
        """Return the field at `pos`, None if its quote does not close before a separator or the end."""
        if not self.quote or line[pos : pos + 1] != self.quote:
            end = line.find(self.separator, pos)
            return Part(pos, end if end >= 0 else len(line) - (line[pos:].endswith(b"\r")), False, False)
        end, escaped = pos + 1, False
        while end < len(line) and (line[end : end + 1] != self.quote or line[end + 1 : end + 2] == self.quote):
            special = line[end : end + 1] in (self.quote, self.escape or self.quote) and end + 1 < len(line)
            escaped |= special
            end += 1 + special
        closes = line[end : end + 1] == self.quote and (
            line[end + 1 : end + 2] == self.separator or line[end + 1 :] in (b"", b"\r")
        )
        return Part(pos + 1, end, True, escaped) if closes else None

    def fits(self, line: bytes, parts: list[Part], layout: Layout) -> bool:
        """Tell whether the constants that tell a layout are in their places."""
        return all(
            place < len(parts)
            and line[parts[place].first : parts[place].end].lower() in [word.encode() for word in words]
            for place, words in layout.tests.items()
        )

    def columns(
        self, line: bytes, parts: list[Part], broken: bool, layout: Layout, found: Found, context: Context
    ) -> None:
        """Decode the fields that a layout wants."""
        for part, wanted in zip(parts, layout.columns, strict=False):
            first, end = part.first, part.end
            if not part.quoted and wanted.type != "text" and self.separator != b" ":
                first, end = end - len(line[first:end].lstrip(b" ")), first + len(line[first:end].rstrip(b" "))
            data = line[first:end]
            if (
                wanted.type != "skip"
                and first < end
                and data.lower() not in self.nil
                and not unneeded(wanted, found.row)
            ):
                self.take(line, Part(first, end, part.quoted, part.escaped), wanted, found, context)
        found.flags |= BAD if broken and len(parts) < len(layout.columns) else 0
        if found.midnight is not None and found.time is not None and "ts" not in found.row:
            local = found.midnight + found.time
            found.row["ts"] = local - east_at(local, context.tz)

    def take(self, line: bytes, part: Part, wanted: Target, found: Found, context: Context) -> None:
        """Decode one field that has a value."""
        data = line[part.first : part.end]
        if wanted.type == "query":
            join(line, part, found)
            return
        if wanted.type in ("date", "clock"):
            value = (midnight if wanted.type == "date" else time_of_day)(data)
            found.flags |= BAD if value is None else 0
            if wanted.type == "date" and found.midnight is None:
                found.midnight = value
            elif wanted.type == "clock" and found.time is None:
                found.time = value
            return
        found.flags |= ESCAPED if part.escaped and wanted.type in ("text", "enum", "request") else 0
        columns = request(data) if wanted.type == "request" else value_columns(data, wanted, context)
        if columns is None:
            found.flags |= BAD
        else:
            found.row |= columns
            if wanted.column == "url" and wanted.type == "text":
                found.url = (part.first, min(part.end, part.first + TEXT_LIMIT))


def trailing_skips_dropped(columns: list[Target]) -> list[Target]:
    """Return columns without the skipped ones at the end: nobody looks at those fields."""
    while columns and columns[-1].type == "skip":
        columns.pop()
    return columns


def unneeded(wanted: Target, row: Values) -> bool:
    """Tell whether a column has its value already."""
    if wanted.type == "request":
        return "http_method" in row
    return wanted.type != "query" and taken(wanted, row)


def join(line: bytes, part: Part, found: Found) -> None:
    """Join a query to the URL right before it."""
    if found.url and found.url[1] + 1 == part.first and not part.quoted:
        whole = line[found.url[0] : found.url[1]] + b"?" + line[part.first : part.end]
        found.row["url"] = text(whole, 0, len(whole))
        found.url = (found.url[0], min(part.end, found.url[0] + TEXT_LIMIT))


def request(data: bytes) -> Values:
    """Split a request line into its method and its target."""
    spans = request_parts(data, 0, len(data)).items()
    return {column: text(data, start, end) for column, (start, end) in spans if end > start}
