"""Lays the figures out as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.detection.score import Score, median

TECHNIQUES = ("T1595.001", "T1595.002", "T1595.003")
HEADS = (
    "detector",
    "recall",
    *TECHNIQUES,
    "groups in few",
    "offenses",
    "false",
    "benign named",
    "median probes",
    "median delay",
)
"""`groups in few`: of the groups that were found, how many stand in few offenses."""

Outcome = Score | str
"""What a detector found, or why it could not be asked."""

UNITS = ((3600, "h"), (60, "min"), (1, "s"))


def duration(seconds: float | None) -> str:
    """Return `seconds` in the largest unit that leaves one or more of it; "-" for None."""
    if seconds is None:
        return "-"
    size, unit = next((each for each in UNITS if seconds >= each[0]), UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def table(rows: Mapping[str, Outcome]) -> str:
    """Return one line for each detector: recall over all techniques and by each, what is false, and how soon."""
    return _markdown(HEADS, [_cells(name, outcome) for name, outcome in rows.items()])


def _cells(name: str, outcome: Outcome) -> list[str]:
    if isinstance(outcome, str):
        return [name, f"skipped: {outcome}", *[""] * (len(HEADS) - 2)]
    probes = median(outcome.probes)
    by_technique = [f"{outcome.found[each]}/{outcome.asked[each]}" for each in TECHNIQUES]
    return [
        name, f"{outcome.recall:.3f}", *by_technique, f"{outcome.together}/{outcome.groups}", f"{outcome.offenses:,}",
        f"{outcome.false:,}", f"{outcome.benign:,}", "-" if probes is None else f"{probes:.0f}", duration(median(outcome.seconds)),
    ]  # fmt: skip


def curve(gaps: Sequence[float], rows: Mapping[str, Sequence[Outcome]]) -> str:
    """Return one line for each detector with its recall at each of `gaps`, mean seconds between two probes."""
    heads = ("one probe in", *(f"{gap:g} s" for gap in gaps))
    return _markdown(heads, [[name, *map(_share, outcomes)] for name, outcomes in rows.items()])


def _share(outcome: Outcome) -> str:
    return "-" if isinstance(outcome, str) else f"{outcome.found.total()}/{outcome.asked.total()}"


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(heads, *(_in_columns(row) for row in rows), strict=True)]
    lines = [
        "| "
        + " | ".join(
            [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
        )
        + " |"
        for cells in (heads, *rows)
    ]
    rule = (
        "|"
        + "|".join("-" * (width + 1) + end for width, end in zip(widths, "-" + ":" * len(widths), strict=False))
        + "|"
    )
    return "\n".join([lines[0], rule, *lines[1:]])


def _in_columns(row: Sequence[str]) -> list[str]:
    """Return `row` without the reason why a row is empty, which may be wider than its column."""
    return [cell if not cell.startswith("skipped") else "" for cell in row]
