"""Read the pattern language of `dissect` formats into steps, and steps into the kernel's program.

A pattern is literal text with captures `{column}` or `{column:type}`, skips `{_}`, optional parts
`(?...)`, runs of spaces `{ }` and `{=text}`, which must come next but is not taken. A skip ends at the
literal that follows it, or at the line's end if nothing follows. So does a text capture, but if a typed
capture follows that literal, it ends at the first such literal after which the value, and what follows
it unless that is optional, can be read; `{http_host:word}` ends at the first, and has no space in it.
Optional parts do not nest, and capture a column that is captured before them at their end only: the value that was there before
would be lost where the part fails after that. In `{{proto}}` the outer braces are literal text. Quoted texts (`"{user_agent}"`) end at the
first double quote without a backslash before it.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from vedette.kernels import dissect as d
from vedette.kernels import tables as t
from vedette.reading.fields import Families, Field, Names, default_value, field

TOKEN = re.compile(r"\{([^{}]*)\}|\(\?|\)|[^{}()]+|\(|\{(?=\{)|\}")

TAKEN_BACK = {t.S_TS, t.S_SENSOR}
"""Slots that the envelope may have set, whose values the kernel restores when an optional part fails."""


class Step(NamedTuple):
    """One step of a pattern: operation of kernels.dissect, its field or literal, and the steps of an optional part.

    `seeks` marks a text that ends where the typed capture after its literal can be read.
    """

    op: int
    field: Field | None = None
    literal: bytes = b""
    steps: tuple[Step, ...] = ()
    column: str = ""
    seeks: bool = False


def parse(pattern: str, families: Families) -> tuple[Step, ...]:
    """Parse a pattern. Raises ValueError with the place for one that means nothing."""
    steps, rest = _sequence(pattern, 0, families, nested=False)
    if rest != len(pattern):
        raise ValueError(f"{pattern!r}: unexpected {pattern[rest:]!r}")
    taken: set[int] = set()
    for step in steps:
        for part in step.steps[:-1]:
            if twice := [column for column, slot in _captures(part) if slot in taken]:
                raise ValueError(f"{pattern!r}: {{{twice[0]}}} is captured again in an optional part that goes on")
        taken |= {slot for part in (step, *step.steps) for _, slot in _captures(part)} - TAKEN_BACK
    return steps


def _captures(step: Step) -> list[tuple[str, int]]:
    """Return (column as written, output slot) of what a plain step captures."""
    if step.field is None or step.field.kind == t.SKIP:
        return []
    more = {t.IP_PORT: [step.field.arg], t.REQUEST: [t.SLOT["url"]]}.get(step.field.kind, [])
    return [(step.column, slot) for slot in (step.field.slot, *more)]


def _sequence(pattern: str, at: int, families: Families, *, nested: bool) -> tuple[tuple[Step, ...], int]:
    """Parse up to the end, or to the `)` that closes an optional part; return (steps, position)."""
    steps: list[Step] = []
    depth = 0
    while at < len(pattern):
        match = TOKEN.match(pattern, at)
        if match is None:
            raise ValueError(f"{pattern!r}: cannot read {pattern[at:]!r}")
        text = match.group()
        if text == "(?" and nested:
            raise ValueError(f"{pattern!r}: an optional part inside an optional part")
        if text == "(?":
            inner, at = _sequence(pattern, match.end(), families, nested=True)
            steps.append(Step(d.MARK, steps=inner))
            continue
        at = match.end()
        if text == ")" and nested and depth == 0:
            return _close(steps), at
        depth += (text == "(") - (text == ")")
        if match.group(1) is not None:
            steps.append(_capture(match.group(1), families))
        elif steps and steps[-1].op == d.LITERAL:
            steps[-1] = steps[-1]._replace(literal=steps[-1].literal + text.encode())
        else:
            steps.append(Step(d.LITERAL, literal=text.encode()))
    if nested:
        raise ValueError(f"{pattern!r}: an optional part is not closed")
    return _close(steps), at


def _capture(text: str, families: Families) -> Step:
    """Return the step of one `{...}`; what ends it is filled in by `_close`."""
    if text.strip() == "":
        return Step(d.SPACES)
    if text.startswith("="):
        return Step(d.PEEK, literal=text[1:].encode())
    if text.endswith(":word"):
        return Step(d.WORD, field(text.removesuffix(":word"), families), column=text)
    target = field(text, families)
    if target.kind in (t.TEXT, t.SKIP):
        return Step(d.UNTIL, target, column=text)
    if target.kind == t.REQUEST:
        return Step(d.QUOTED, target, column=text)
    return Step(d.FIELD, target, column=text)


def _close(steps: list[Step]) -> tuple[Step, ...]:
    """Give every text capture the literal that ends it; a capture between double quotes becomes a quoted one."""
    for number, step in enumerate(steps):
        if step.op not in (d.UNTIL, d.WORD):
            continue
        after = steps[number + 1] if number + 1 < len(steps) else None
        if (after is not None and after.op != d.LITERAL) or (after is None and step.op == d.WORD):
            raise ValueError(f"what follows {{{step.column}}} must be literal text, it is what ends the capture")
        before = steps[number - 1].literal if number else b""
        literal = after.literal if after else b""
        if step.op == d.UNTIL and before.endswith(b'"') and literal.startswith(b'"'):
            steps[number] = step._replace(op=d.QUOTED)
        else:
            then = steps[number + 2] if number + 2 < len(steps) else None
            seeks = step.op == d.UNTIL and then is not None and then.op == d.FIELD and step.column != "_"
            steps[number] = step._replace(literal=literal, seeks=seeks)
    return tuple(steps)


class Program:
    """Build the kernel's program from patterns, each tried in order."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.rows: list[list[int]] = []

    def emit(self, op: int, *args: int, fail: int = 0) -> int:
        """Append an operation; return its number."""
        self.rows.append([op, *args, *[0] * (4 - len(args)), fail])
        return len(self.rows) - 1

    def alternatives(self, patterns: list[tuple[tuple[Step, ...], dict[int, int]]]) -> None:
        """Append patterns, each with the constants it sets; where one fails the next begins, after the last the line is refused."""
        for steps, constants in patterns:
            self.emit(d.RESTART)
            self.emit(d.MARK)
            waiting = self.steps(steps)
            for slot, value in constants.items():
                self.emit(d.SET, slot, value)
            self.emit(d.ACCEPT)
            for row in waiting:
                self.rows[row][5] = len(self.rows)
        self.emit(d.REJECT)

    def steps(self, steps: tuple[Step, ...]) -> list[int]:
        """Append the steps of a pattern; return the operations whose failure is the pattern's."""
        waiting: list[int] = []
        for step in steps:
            if step.op == d.MARK:
                self.emit(d.MARK)
                inner = self.steps(step.steps)
                for row in inner:
                    self.rows[row][5] = len(self.rows)
                self.emit(d.MARK)
            else:
                waiting.append(self.step(step))
        return waiting

    def step(self, step: Step) -> int:
        """Append one plain step."""
        offset = self._names.add(step.literal)
        slot = step.field.slot if step.field and step.field.kind != t.SKIP else -1
        if step.op in (d.LITERAL, d.PEEK):
            return self.emit(step.op, offset, len(step.literal))
        if step.op == d.SPACES:
            return self.emit(d.SPACES, 0, 1)
        if step.op in (d.UNTIL, d.WORD):
            return self.emit(step.op, slot, offset, len(step.literal), int(step.seeks))
        assert step.field is not None
        if step.op == d.QUOTED:
            second = t.SLOT["url"] if step.field.kind == t.REQUEST else 0
            return self.emit(d.QUOTED, slot, step.field.kind, second)
        return self.emit(d.FIELD, slot, step.field.kind, step.field.arg)


def compile_patterns(spec: dict[str, Any], families: Families, names: Names) -> list[list[int]]:
    """Return the program of a dissect format: its `[[pattern]]` tables, by message number where it has a `dispatch`."""
    program = Program(names)
    parsed = [(p, parse(p["line"], families), constants(p.get("set", {}))) for p in spec["pattern"]]
    families.columns |= sum({1 << slot for _, _, fixed in parsed for slot in fixed})
    if "dispatch" not in spec:
        program.alternatives([(steps, fixed) for _, steps, fixed in parsed])
        return program.rows
    dispatch(program, names, spec["dispatch"], parsed, families)
    return program.rows


def dispatch(program: Program, names: Names, texts: dict[str, Any], parsed: list[Any], families: Families) -> None:
    """Append the program that finds a message number after one of the texts `find`, skips `then`, and jumps to its patterns.

    The number's digits go into the text column that `number` names.

    Two tables follow it, rows of (REJECT, value, value): the texts, and the numbers in ascending order.
    """
    find = program.emit(d.FIND)
    jump = program.emit(d.DISPATCH)
    end = program.emit(d.REJECT)
    program.rows[find][5] = program.rows[jump][5] = end
    skip = parse(texts.get("then", ""), families)
    places = []
    for number in sorted({n for p, _, _ in parsed for n in p["id"]}):
        places.append((number, len(program.rows)))
        for row in program.steps(skip):
            program.rows[row][5] = end
        program.emit(d.ANCHOR)
        program.alternatives([(steps, fixed) for p, steps, fixed in parsed if number in p["id"]])
    texts_found = texts["find"] if isinstance(texts["find"], list) else [texts["find"]]
    program.rows[find][1:3] = [len(program.rows), len(texts_found)]
    for text in texts_found:
        program.emit(d.REJECT, names.add(text.encode()), len(text.encode()))
    slot = field(texts["number"], families).slot if "number" in texts else -1
    program.rows[jump][1:4] = [len(program.rows), len(places), slot]
    for number, place in places:
        program.emit(d.REJECT, number, place)


def constants(values: dict[str, Any]) -> dict[int, int]:
    """Return slot -> stored value of a pattern's `set` table."""
    return {t.SLOT[name]: default_value(name, value) for name, value in values.items()}
