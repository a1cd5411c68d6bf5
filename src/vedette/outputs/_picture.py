"""The signature of a scan: what was tried (up) over time (right), as text and as SVG.

A rising line is a sequential scan, a cloud a random order, a flat line one port on many targets, dots
far apart a slow scan. Heights are ranked: the rows stand for equally many of the ports, targets or
paths that were tried, so that one high port does not press the rest into the bottom row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from vedette.model import Report
from vedette.outputs._shape import plural, span, stamp
from vedette.terminal import View

BLOCKS, ASCII_BLOCKS = "·░▒▓█", ".:+#@"
ROWS, GUTTER = 8, 8


class Raster(NamedTuple):
    """Counts per (row from the bottom, column from the left), and the height that stands at each row's lower edge."""

    counts: Counter[tuple[int, int]]
    edges: list[int]


def raster(points: Sequence[tuple[int, int]], columns: int, rows: int) -> Raster:
    """Count *points* (microseconds, height) in a grid of *columns* by *rows*; fewer rows if there are fewer heights."""
    heights = sorted({height for _, height in points})
    rows = min(rows, len(heights))
    begin, end = min(ts for ts, _ in points), max(ts for ts, _ in points)
    width = max(end - begin, 1)
    counts = Counter(
        (bisect_left(heights, height) * rows // len(heights), (ts - begin) * (columns - 1) // width)
        for ts, height in points
    )
    # The lowest rank that falls into row r is the ceiling of r * n / rows.
    return Raster(counts, [heights[-(-row * len(heights) // rows)] for row in range(rows)])


def caption(report: Report) -> str:
    """Say in words what the picture shows; it is the picture's alternative text."""
    heights = [height for _, height in report.signature]
    times = [ts for ts, _ in report.signature]
    axis = report.signature_axis
    return (
        f"{plural(len(set(heights)), axis)} (up, {min(heights)} to {max(heights)}, ranked) over "
        f"{span(max(times) - min(times))} (right): {plural(len(times), 'probe')}, {_shape(report.signature)}"
    )


def _shape(points: Sequence[tuple[int, int]]) -> str:
    """Name the pattern: one line, rising, falling, or no order."""
    firsts: dict[int, int] = {}
    for ts, height in sorted(points):
        firsts.setdefault(height, ts)
    order = list(firsts)
    if len(order) < 3:
        return "a flat line"
    rises = sum(b > a for a, b in pairwise(order)) / (len(order) - 1)
    return "rising in sequence" if rises > 0.9 else "falling in sequence" if rises < 0.1 else "in no simple order"


def draw(report: Report, view: View) -> list[str]:
    """Return the picture as lines of text that fit *view*; empty where there is nothing to draw."""
    if not report.signature:
        return []
    columns = min(view.width - GUTTER - 4, 100)
    counts, edges = raster(report.signature, columns, ROWS)
    shades = view.pick(BLOCKS, ASCII_BLOCKS)
    darkest = max(counts.values())
    lines = []
    for row in reversed(range(len(edges))):
        cells = "".join(_shade(counts[row, column], darkest, shades) for column in range(columns))
        lines.append(f" {edges[row]:>{GUTTER - 1}} {view.pick('┤', '|')}{cells}".rstrip())
    begin, end = (stamp(edge(ts for ts, _ in report.signature), view.tz) for edge in (min, max))
    return [*lines, " " * (GUTTER + 2) + begin + end.rjust(columns - len(begin))]


def _shade(count: int, darkest: int, shades: str) -> str:
    return shades[(count - 1) * len(shades) // darkest] if count else " "


def svg_points(report: Report, width: int, height: int) -> list[tuple[int, int]]:
    """Return distinct (x, y) of the picture in a box of *width* by *height*, y from the top."""
    heights = sorted({h for _, h in report.signature})
    rows = min(height, len(heights))
    counts, _ = raster(report.signature, width, rows)
    step = height / rows
    return sorted((column, round(height - (row + 0.5) * step)) for row, column in counts)
