"""Rows as a table for people: as wide as its widest cells, narrowed where the terminal is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vedette.terminal import View, cells, clean, shorten

NARROWEST_CELL = 8


def table(rows: list[dict[str, Any]], view: View) -> Iterator[str]:
    """Yield a head and one line a row, numbers to the right; what is cut ends in dots."""
    if not rows:
        yield "no rows"
        return
    names = list(rows[0])
    texts = [[_cell(row.get(name)) for name in names] for row in rows]
    right = [_is_number([row[name] for row in rows if row.get(name) is not None]) for name in names]
    widths = _fit([max(cells(clean(name)), *(cells(row[i]) for row in texts)) for i, name in enumerate(names)], view)
    yield view.paint(_line([clean(name) for name in names], widths, right), "strong")
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


def _fit(widths: list[int], view: View) -> list[int]:
    """Return widths that the terminal holds, taken from the widest first."""
    room = view.width - 2 * (len(widths) - 1)
    widths = list(widths)
    while sum(widths) > room and max(widths) > NARROWEST_CELL:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


def _line(texts: list[str], widths: list[int], right: list[bool]) -> str:
    parts = []
    for text, width, leans in zip(texts, widths, right, strict=True):
        shown = shorten(text, width)
        gap = " " * (width - cells(shown))
        parts.append(gap + shown if leans else shown + gap)
    return "  ".join(parts).rstrip()
