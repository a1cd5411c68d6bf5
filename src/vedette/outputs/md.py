"""Markdown for a ticket, a chat or a wiki: the answer in short.

    vedette scan fw.log -o md

Text from logs is escaped, so that it makes no link, picture, heading or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vedette.model import Offense, Report
from vedette.outputs._shape import allowance, counted, door, levels, reach, span, stamp, tongue, tool_name, understood
from vedette.terminal import View, clean

TOP = 25
DOORS = 10
HEADS = ("#", "score", "level", "source", "kinds", "reach", "time", "answered", "tool")

ACTIVE = re.compile(r"([\\`*_{}\[\]<>()|&!#~@$])")
LIST_START = re.compile(r"^(\d+)([.)])|^([-+=])")


def prose(text: str) -> str:
    """Return text as Markdown that shows it and does nothing: no markup, no HTML, no link that makes itself."""
    text = ACTIVE.sub(r"\\\1", clean(text).strip())
    text = LIST_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)
    return text.replace("://", ":\\/\\/").replace("www.", "www\\.")


def code(text: str) -> str:
    r"""Return text as a code span; a backtick and a bar, which would end it or its cell, become \x60 and \x7c."""
    return "`" + clean(text).replace("`", "\\x60").replace("|", "\\x7c") + "`" if text else "-"


def report(report: Report, view: View) -> Iterator[str]:
    """Yield the answer of `vedette scan`: levels, table, reasons and doors, inputs, noise."""
    found = ", ".join(f"{count:,} {level}" for level, count in levels(report.offenses)) or "none"
    yield f"# Who scanned us: {found}\n\n"
    if report.window:
        begin, end = (stamp(edge, view.tz) for edge in report.window)
        yield f"{begin} to {end} {prose(view.tz)}, {counted({'sources': report.sources, 'events': report.events})}.\n\n"
    if report.offenses:
        yield "| " + " | ".join(HEADS) + " |\n|" + " --- |" * len(HEADS) + "\n"
        for rank, offense in enumerate(report.offenses[:TOP], 1):
            yield "| " + " | ".join(_row(rank, offense)) + " |\n"
        for rank, offense in enumerate(report.offenses[:TOP], 1):
            yield from _details(rank, offense, view)
        if len(report.offenses) > TOP:
            yield f"\nAnd {len(report.offenses) - TOP:,} more.\n"
    if view.summary:
        yield from _ledger(report)


def _row(rank: int, offense: Offense) -> list[str]:
    return [
        *(str(rank), f"{offense.score:.1f}", offense.level, code(offense.source), prose(", ".join(offense.kinds))),
        *(
            reach(offense),
            span(offense.last_seen - offense.first_seen),
            str(len(offense.answered)),
            prose(tool_name(offense)) or "-",
        ),
    ]


def _details(rank: int, offense: Offense, view: View) -> Iterator[str]:
    yield f"\n**{rank}. {code(offense.source)}** {prose(', '.join(offense.techniques))}\n\n"
    yield from (f"- {prose(reason)}\n" for reason in offense.reasons)
    yield from (f"- answered: {code(door(answered, view.tz))}\n" for answered in offense.answered[:DOORS])
    if len(offense.answered) > DOORS:
        yield f"- and {len(offense.answered) - DOORS:,} more doors answered\n"


def _ledger(report: Report) -> Iterator[str]:
    yield "\n## Inputs\n\n"
    for read in report.inputs:
        problem = f"; {prose(read.problem)}" if read.problem else ""
        form = prose(read.format or ", ".join(read.formats) or "no known format")
        yield f"- {code(read.path)}: {form}, {understood(read)}{problem}\n"
    if report.noise or report.suppressed:
        yield "\n## Not reported\n\n"
    for reason, counts in report.noise.items():
        yield f"- {prose(reason)}: {counted(counts)}\n"
    for offense, allowed in report.suppressed:
        yield f"- {code(offense.source)} is allowed: {prose(allowance(allowed))}\n"


def records(title: str, data: list[Any] | dict[str, Any], view: View) -> Iterator[str]:
    """Yield records as a list: each its own bullet, with its keys below."""
    for row in data if isinstance(data, list) else [data]:
        fields = dict(row) if isinstance(row, dict) else {"name": row}
        yield f"- **{prose(tongue(fields.pop('name', title)))}**\n"
        yield from (f"  - {prose(str(key))}: {prose(tongue(value))}\n" for key, value in fields.items())
