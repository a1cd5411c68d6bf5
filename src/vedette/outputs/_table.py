"""Rows as a table for people; where the terminal is too narrow for one, each row as a block of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vedette.terminal import View, cells, clean, hang, shorten

NARROWEST_HEAD = 6
NARROWEST_TEXT = 40
"""Cells that a name, and a text, is cut to before the table is given up. An address, of IPv6 too, or a number is never cut."""


def table(rows: list[dict[str, Any]], view: View) -> Iterator[str]:
    """Yield a head and one line a row, numbers to the right; what is cut ends in dots."""
    if not rows:
        yield "no rows"
        return
    names = [clean(name) for name in rows[0]]
    texts = [[_cell(value) for value in row.values()] for row in rows]
    widths = _fit(names, texts, view)
    if widths is None:
        yield from _blocks(names, texts, view)
        return
    right = [_is_number([row[name] for row in rows if row[name] is not None]) for name in rows[0]]
    yield view.paint(_line(names, widths, right), "strong")
    for row in texts:
        yield _line(row, widths, right)


def _is_number(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, int | float) for value in values)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.1f}"
    return clean(str(value))


def _fit(names: list[str], texts: list[list[str]], view: View) -> list[int] | None:
    """Return widths that the terminal holds: texts are cut first, then names, the widest first; None if it is too narrow."""
    room = view.width - 2 * (len(names) - 1)
    heads = [cells(name) for name in names]
    needed = [max(map(cells, column)) for column in zip(*texts, strict=True)]
    kept = [min(need, NARROWEST_TEXT) for need in needed]
    widths = [max(pair) for pair in zip(heads, needed, strict=True)]
    widths = _cut(widths, [max(pair) for pair in zip(heads, kept, strict=True)], room)
    widths = _cut(widths, [max(min(head, NARROWEST_HEAD), keep) for head, keep in zip(heads, kept, strict=True)], room)
    return widths if sum(widths) <= room else None


def _cut(widths: list[int], floors: list[int], room: int) -> list[int]:
    """Return widths taken from the widest, none below its floor, until they fit or nothing is left to take."""
    widths = list(widths)
    while sum(widths) > room:
        over = [place for place, width in enumerate(widths) if width > floors[place]]
        if not over:
            break
        widths[max(over, key=widths.__getitem__)] -= 1
    return widths


def _blocks(names: list[str], texts: list[list[str]], view: View) -> Iterator[str]:
    wide = max(map(cells, names))
    for number, row in enumerate(texts):
        if number:
            yield ""
        for name, text in zip(names, row, strict=True):
            yield from hang(name + " " * (wide - cells(name) + 2), text, view.width)


def _line(texts: list[str], widths: list[int], right: list[bool]) -> str:
    parts = []
    for text, width, leans in zip(texts, widths, right, strict=True):
        shown = shorten(text, width)
        gap = " " * (width - cells(shown))
        parts.append(gap + shown if leans else shown + gap)
    return "  ".join(parts).rstrip()
