"""The `json` tokenizer in plain Python: one object a line, read by the json module (see kernels/json.py).

It is also the slow path: lines with escapes that the kernel leaves alone are read here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from vedette.reading.reference import BAD, FOREIGN, MALFORMED, TCP, TWICE, Attempt, lacks
from vedette.reading.reference_decode import Target, Values, target, value_columns
from vedette.reading.reference_envelope import Envelope
from vedette.reading.reference_stamps import Context

DEPTH = 32

START = re.compile(r"[ \t\r]*(?:@cee:)?[ \t\r]*[\[,]?[ \t\r]*(?=\{)")
END = re.compile(r"[ \t\r]*[,\]]?[ \t\r]*\Z")
NOT_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"|[^\[\]{}"]+', re.DOTALL)
NOTHING = Target("_", "skip", {})
Chain = tuple[str, ...]


class Number(str):
    """A JSON number, or true or false, as it is written."""

    __slots__ = ()


class Pairs(list[tuple[str, Any]]):
    """The members of a JSON object, in order, with those of equal names."""


def refuse(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which the json module takes although they are no JSON."""
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=refuse)


@dataclass(frozen=True)
class Wanted:
    """What a format wants of one key: where its value goes, the words that its condition asks for (empty: anything but null)."""

    target: Target = NOTHING
    words: frozenset[bytes] | None = None


@dataclass
class Found:
    """What a walk through an object has found."""

    row: Values = field(default_factory=dict)
    flags: int = 0
    seen: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)


class Tokenizer:
    """Reads the lines of one `json` format."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.wanted: dict[Chain, Wanted] = {}
        for path, column in spec.get("path", {}).items():
            self.want(path, target=target(column, spec))
        for path, values in spec.get("match", {}).items():
            words = [] if values is True else [values] if isinstance(values, str) else values
            self.want(path, words=frozenset(word.lower().encode() for word in words))
        self.inner = {chain[:length] for chain in self.wanted for length in range(1, len(chain))}

    def want(self, path: str, **what: Any) -> None:
        """Note what is wanted of a path, nested or as one key with dots in its name."""
        for chain in {tuple(path.split(".")), (path,)}:
            self.wanted[chain] = replace(self.wanted.get(chain, Wanted()), **what)

    def read(self, line: bytes, envelope: Envelope, row: Values, context: Context) -> Attempt:
        """Read the object from the body on, then see that it is this format's."""
        body = line[envelope.body :].decode()
        start = START.match(body)
        if not start:
            return Attempt(row, FOREIGN)
        members = parse(body, start.end())
        if members is None:
            return Attempt(row, MALFORMED, reached=envelope.body)
        found = Found()
        self.walk(members, (), found, context)
        row = {**row, **found.row}
        if found.met != set(self.spec.get("match", {})):
            return Attempt(row, FOREIGN, reached=envelope.body)
        if lacks(row, self.spec):
            return Attempt(row, MALFORMED if found.flags & BAD else FOREIGN, reached=len(line))
        if self.spec.get("tcp_flags_always") and row.get("proto") == TCP:
            row.setdefault("tcp_flags", 0)
        return Attempt(row, None, found.flags, len(line))

    def walk(self, members: Pairs, above: Chain, found: Found, context: Context) -> None:
        """Take what is wanted of an object's members; the first of equal paths counts."""
        for name, value in members:
            chain = (*above, name)
            wanted, path = self.wanted.get(chain), ".".join(chain)
            if wanted is None and chain not in self.inner:
                continue
            if path in found.seen:
                found.flags |= TWICE
                continue
            found.seen.add(path)
            if (
                wanted
                and wanted.words is not None
                and value is not None
                and (not wanted.words or lowered(value) in wanted.words)
            ):
                found.met.add(path)
            if isinstance(value, Pairs) and chain in self.inner:
                self.walk(value, chain, found, context)
            elif wanted and wanted.target.type != "skip" and not taken(wanted.target, found.row):
                self.take(value, wanted.target, found, context)

    def take(self, value: Any, wanted: Target, found: Found, context: Context) -> None:
        """Decode a wanted value."""
        if isinstance(value, list):
            found.flags |= BAD
            return
        if value is None or value == "":
            found.row |= {wanted.column: 0} if value == "" and wanted.type == "letters" else {}
            return
        data = bytes_of(value)
        if isinstance(value, Number | bool) and wanted.type in ("hex", "letters"):
            wanted = wanted._replace(type="integer")
        columns = value_columns(data, stamp_by_looks(wanted, data), context)
        if columns is None:
            found.flags |= BAD
        else:
            found.row |= columns


def stamp_by_looks(wanted: Target, data: bytes) -> Target:
    """Return the target of a stamp with its type by its looks: many writers are configured to log either ISO or epoch."""
    if wanted.type in ("iso", "epoch"):
        return wanted._replace(type="iso" if re.match(rb"[0-9]{4}[-/]", data) else "epoch")
    return wanted


def taken(wanted: Target, row: Values) -> bool:
    """Tell whether a column has a value."""
    return wanted.column in row or f"{wanted.column}_hi" in row


def bytes_of(value: Any) -> bytes:
    """Return a scalar as its bytes; half a surrogate pair becomes a question mark."""
    return (str(value).lower() if isinstance(value, bool) else value).encode("utf-8", "replace")


def lowered(value: Any) -> bytes | None:
    """Return a scalar as the word that a condition compares, None for an object or array."""
    return None if isinstance(value, list) else bytes_of(value).lower()


def parse(body: str, start: int) -> Pairs | None:
    """Return the members of the object at `start`, None if it is broken, too deep, or followed by something else."""
    depth = 0
    for bracket in NOT_NESTING.sub("", body[start:]):
        depth += (bracket in "{[") - (bracket in "}]")
        if depth > DEPTH:
            return None
    try:
        members, end = DECODER.raw_decode(body, start)
    except ValueError:
        return None
    return members if END.match(body, end) else None
