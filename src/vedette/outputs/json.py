"""One JSON document: the contract for programs.

    vedette scan fw.log -o json        {"vedette", "command", "window", "inputs", "offenses", "noise", "suppressed"}
    vedette events fw.log -o json      an array of events
    vedette formats -o json            an array of records (why and explain: one object)

Times are RFC 3339 in UTC with microseconds. What is unknown is null in offenses and absent in
events. Text is plain ASCII: every other character is escaped by JSON's own rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from vedette.model import Report
from vedette.outputs._shape import dumps, report_object
from vedette.terminal import View


def report(report: Report, view: View) -> Iterator[str]:
    """Yield the document of `vedette scan -o json`."""
    yield dumps(report_object(report), indent=2) + "\n"


def events(events: Iterable[dict[str, Any]], view: View) -> Iterator[str]:
    """Yield an array of events, one object a line, while they come."""
    opening = "[\n"
    for event in events:
        yield opening + dumps(event)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def records(title: str, data: list[Any] | dict[str, Any], view: View) -> Iterator[str]:
    """Yield the records as they are."""
    yield dumps(data, indent=2) + "\n"
