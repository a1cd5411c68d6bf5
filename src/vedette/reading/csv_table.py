r"""Compile the columns and layouts of a `csv` format into the program that its kernel runs.

    separator = ","                     # one byte; runs = true makes a run of them one
    quote = '"'                         # if fields may be quoted; escape = '\' if a backslash protects a quote
    nil = ["-", "(empty)"]              # words that mean no value
    columns = ["_", "ts", "src_ip"]     # by position, `_` is skipped

    [[layout]]                          # instead of `columns`: the first whose constants are found is taken
    when = { 3 = "TRAFFIC" }            # position from 0: one word, or a list
    columns = ["@start", "bytes"]       # `@start` stands for the columns of that name in [part]
    set = { action = "deny" }           # columns that have a constant value where the line does not tell

    [header_line]                       # a line of the file names them; without one, `columns` or the layouts stand
    start = "#Fields:"                  # what it begins with; without it, the first line that has all the names in `needs`
    needs = ["c-ip"]

    [field]                             # the names, letters in any case
    "c-ip" = "src_ip"

`ts:date` and `ts:clock` are a stamp in two fields; `url:query` is the query of the URL in the field before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from vedette.kernels import csv as c
from vedette.kernels import tables as t
from vedette.reading.fields import Families, Field, Names, default_value, field

SPECIAL = {
    "ts:date": Field(t.DATE, t.SLOT["ts"], 0),
    "ts:clock": Field(t.CLOCK, t.SLOT["ts"], 0),
    "url:query": Field(t.QUERY, t.SLOT["url"], 0),
}
BOM = b"\xef\xbb\xbf"
Tests = dict[int, list[str]]


def column(text: str, families: Families) -> Field:
    """Return what a column of a csv format means; see reading.fields.field, and the head of this module."""
    target = SPECIAL.get(text) or field(text, families)
    families.columns |= 1 << target.slot if text in SPECIAL else 0
    return target


class Program:
    """Build the kernel's program: two rows of settings, the choice of a layout, the layouts' columns and constants."""

    def __init__(self, families: Families) -> None:
        self._families = families
        self.rows: list[list[int]] = [[0] * 6, [0] * 6]
        self._choices: dict[tuple[tuple[int, tuple[int, ...]], ...], int] = {}

    def emit(self, *values: int) -> int:
        """Append a row; return its number."""
        self.rows.append([*values, *[0] * (6 - len(values))])
        return len(self.rows) - 1

    def layout(self, columns: list[str], constants: dict[str, Any]) -> int:
        """Append a layout; return its row."""
        targets = [column(text, self._families) for text in columns]
        while targets and targets[-1].kind == t.SKIP:
            targets.pop()
        here = self.emit(
            c.D_LAYOUT, len(self.rows) + 1, len(targets), len(self.rows) + 1 + len(targets), len(constants)
        )
        for target in targets:
            self.emit(*target)
        for name, value in constants.items():
            self._families.columns |= 1 << t.SLOT[name]
            self.emit(t.SLOT[name], default_value(name, value))
        return here

    def choice(self, layouts: list[tuple[Tests, int]]) -> int:
        """Append the rows that choose among layouts, given with the tests still to make; return the first row.

        The lowest position is tested first, so that a line is passed over once. Words that leave the same choice share its rows.
        """
        if not layouts or not layouts[0][0]:
            return layouts[0][1] if layouts else self.emit(c.D_REJECT)
        left_to_test = tuple((row, tuple(sorted(tests))) for tests, row in layouts)
        if left_to_test not in self._choices:
            self._choices[left_to_test] = self.choose(layouts)
        return self._choices[left_to_test]

    def choose(self, layouts: list[tuple[Tests, int]]) -> int:
        """Append the row that tests the lowest position, and the choices that its words leave; return it.

        Words count rows from the first one, so that the thousands of tests of a format with many layouts share a few enumerations.
        """
        position = min(place for tests, _ in layouts for place in tests)
        words = dict.fromkeys(word for tests, _ in layouts for word in tests.get(position, []))
        here = self.emit(c.D_FIELD, position)
        takes = [frozenset(tests.get(position, words)) for tests, _ in layouts]
        alike: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for word in words:
            alike[tuple(number for number, known in enumerate(takes) if word in known)].append(word)
        rest: dict[str, int] = {}
        for numbers, same in alike.items():
            row = self.choice([(without(layouts[number][0], position), layouts[number][1]) for number in numbers])
            rest |= dict.fromkeys(same, row)
        first = min(rest.values(), default=0)
        self.rows[here][2] = self._families.add({word: row - first for word, row in rest.items()})
        self.rows[here][4] = first
        self.rows[here][3] = self.choice([(tests, row) for tests, row in layouts if position not in tests])
        return here


def without(tests: Tests, position: int) -> Tests:
    """Return the tests but the one at `position`."""
    return {place: words for place, words in tests.items() if place != position}


def expanded(columns: list[str], parts: dict[str, list[str]]) -> list[str]:
    """Return columns with each `@name` replaced by the part of that name."""
    return [
        text for entry in columns for text in (expanded(parts[entry[1:]], parts) if entry.startswith("@") else [entry])
    ]


def tests_of(when: dict[str, Any]) -> Tests:
    """Return position -> words, in lower case, of a layout's `when`."""
    return {
        int(place): [word.lower() for word in ([words] if isinstance(words, str) else words)]
        for place, words in when.items()
    }


def layouts_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the layouts of a format; one whose columns stand at the top of the file has one, one without header yet has none."""
    return spec["layout"] if "layout" in spec else ([{"columns": spec["columns"]}] if "columns" in spec else [])


def compile_columns(spec: dict[str, Any], families: Families, names: Names) -> list[list[int]]:
    """Return the program of a csv format. Raises ValueError or KeyError for one that means nothing."""
    program = Program(families)
    layouts = [
        (
            tests_of(layout.get("when", {})),
            program.layout(expanded(layout["columns"], spec.get("part", {})), layout.get("set", {})),
        )
        for layout in layouts_of(spec)
    ]
    comment, start = spec.get("comment", ""), spec.get("header_line", {}).get("start", "")
    used = spec.get("header_in_use", b"")
    separator = spec.get("separator", ",").encode()
    if len(separator) != 1 or separator in (b"\n", b"\r"):
        raise ValueError("a separator is one byte, and no end of line")
    nil = families.add(dict.fromkeys(nil_words(spec), 1)) if nil_words(spec) else 0
    root = program.choice(layouts)
    program.rows[0] = [root, separator[0], int(spec.get("runs", False)), nil, ord(comment or start[:1] or "\0"), 0]
    program.rows[1] = [names.add(start.encode()), len(start.encode()), names.add(used), len(used), 0, 0]
    return program.rows


def nil_words(spec: dict[str, Any]) -> list[str]:
    """Return the words that mean no value."""
    nil = spec.get("nil", [])
    return [nil] if isinstance(nil, str) else nil


def has_header(spec: dict[str, Any]) -> bool:
    """Tell whether a line of the file names the columns of this format."""
    return "header_line" in spec


def header_in(spec: dict[str, Any], lines: Iterable[bytes]) -> bytes | None:
    """Return the first of these lines that is a header of this format, or None. Lines come without their newline."""
    return next((line for line in lines if is_header(spec, line)), None)


def is_header(spec: dict[str, Any], line: bytes) -> bool:
    """Tell whether a line names the columns of this format."""
    if not has_header(spec):
        return False
    if start := spec["header_line"].get("start", "").encode():
        return line.removeprefix(BOM).startswith(start) and needed(spec) <= set(header_names(spec, line))
    return bool(needed(spec)) and needed(spec) <= set(header_names(spec, line))


def needed(spec: dict[str, Any]) -> set[str]:
    """Return the names, in lower case, that a header of this format has."""
    return {name.lower() for name in spec["header_line"].get("needs", [])}


def header_names(spec: dict[str, Any], line: bytes) -> list[str]:
    """Return the column names of a header line, in lower case."""
    start = spec["header_line"].get("start", "").encode()
    text = line.removeprefix(BOM).removeprefix(start).decode(errors="replace").strip("\r")
    separator = spec.get("separator", ",")
    names = text.split() if start or separator == " " else text.split(separator)
    return [name.strip().strip(spec.get("quote", '"')).strip().lower() for name in names]


def resolve(spec: dict[str, Any], header: bytes) -> dict[str, Any]:
    """Return the spec of a header-driven format with the columns that this header line names; unknown names are skipped.

    Raises ValueError when the line is no header of the format.
    """
    if not is_header(spec, header):
        raise ValueError(f"{header[:200]!r} is no header of this format")
    known = {name.lower(): target for name, target in spec["field"].items()}
    columns = [known.get(name, "_") for name in header_names(spec, header)]
    rest = {key: value for key, value in spec.items() if key != "layout"}
    return {**rest, "columns": columns, "header_in_use": header.rstrip(b"\r")}
