"""Formats for people: the list of them, and one with all it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vedette.outputs._shape import tongue
from vedette.schema import EVENTS
from vedette.terminal import View, cells, clean, hang

NAME_WIDTH = 28
"""Columns for the names in a list; a longer name moves its own title only."""

MEANINGS = {f"{column.name}_ip" if column.kind == "address" else column.name: column.meaning for column in EVENTS} | {
    "ts": "when it happened, UTC",
    "action": "what the sensor did: deny, allow or alert",
    "tcp_flags": "TCP flags as letters: F, S, R, P, A, U, E, C",
}
"""Field of an event -> what it means; what schema.py says of some is how they are stored."""

HEADS = (("title", "what"), ("reference", "described at"), ("switch", "turn on"))


def listed(row: dict[str, Any], view: View) -> Iterator[str]:
    """Yield a format as a line of the list: name and title."""
    name, title = clean(str(row.get("name"))), clean(tongue(row.get("title")))
    head = name + " " * max(1, NAME_WIDTH - cells(name))
    first, *rest = hang(head, title, view.width)
    yield view.paint(name, "strong") + first[len(name) :]
    yield from rest


def described(row: dict[str, Any], view: View) -> Iterator[str]:
    """Yield all that a format says of itself: what it is, its vendor's switch, its fields, its samples with their events."""
    yield view.paint(clean(str(row.get("name"))), "strong")
    for key, head in HEADS:
        yield from hang(f"  {head:13}", clean(tongue(row.get(key))), view.width)
    yield "  fields"
    for name in row.get("fields") or []:
        yield from hang(f"    {clean(str(name)):13} ", clean(MEANINGS.get(name, "")), view.width)
    for number, sample in enumerate(row.get("samples") or [], 1):
        yield from shown(number, sample, view)


def shown(number: int, sample: dict[str, Any], view: View) -> Iterator[str]:
    """Yield a sample: its line, and the event it gives."""
    named = f": {clean(tongue(sample['name']))}" if sample.get("name") else ""
    yield f"  sample {number}{named}"
    yield from hang("    line  ", clean(tongue(sample.get("line"))), view.width)
    event = sample.get("event")
    yield from hang("    event ", clean(tongue(event)) if event else "none: this is no line of the format", view.width)
