"""One JSON object a line: what streams, and what vedette reads again.

    vedette scan fw.log -o jsonl       an offense a line, worst first
    vedette events fw.log -o jsonl     an event a line, in order of input; itself an input of vedette
    vedette detectors -o jsonl         a record a line

The objects are those of -o json.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from vedette.model import Report
from vedette.outputs._shape import dumps, offense_object
from vedette.terminal import View


def report(report: Report, view: View) -> Iterator[str]:
    """Yield one line an offense."""
    return (dumps(offense_object(offense)) + "\n" for offense in report.offenses)


def events(events: Iterable[dict[str, Any]], view: View) -> Iterator[str]:
    """Yield one line an event."""
    return (dumps(event) + "\n" for event in events)


def records(title: str, data: list[Any] | dict[str, Any], view: View) -> Iterator[str]:
    """Yield one line a record."""
    return (dumps(record) + "\n" for record in (data if isinstance(data, list) else [data]))
