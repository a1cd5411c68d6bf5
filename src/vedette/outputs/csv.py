r"""A table for spreadsheets: one row an offense, an event or a record.

    vedette scan fw.log -o csv > offenses.csv

Quoted as RFC 4180 says, lines end with LF. Lists stand in one cell, parted by "; ". A cell that a
spreadsheet would take for a formula begins with an apostrophe; control characters are written out
as \xNN. Where the exact bytes matter, take json.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from vedette.model import Report
from vedette.outputs._shape import offense_object, tongue
from vedette.terminal import View, clean

OFFENSE_COLUMNS = (
    *("rank", "score", "level", "source", "sources", "kinds", "slow", "techniques", "tool", "tool_confidence"),
    *("acknowledged", "first_seen", "detected_at", "last_seen", "probes", "targets", "ports", "paths", "coverage"),
    *("answered", "reasons", "settled_input", "settled_line", "id"),
)
EVENT_COLUMNS = (
    *("ts", "src_ip", "src_port", "dst_ip", "dst_port", "proto", "action", "format", "sensor", "input", "line"),
    *("count", "bytes", "packets", "tcp_flags", "ttl", "ip_id", "tcp_window", "tcp_seq", "tcp_options"),
    *("icmp_type", "icmp_code", "http_method", "http_host", "url", "http_status", "http_referer", "user_agent"),
    *("signature_id", "signature", "username", "message"),
)

# A cell, or what a careless reader takes for one (after a quote or a separator), that begins a formula.
FORMULA = re.compile(r"""(^|["',;]\s*)(?=[=+\-@\t\r＝＋－＠])""")


def safe(value: Any) -> Any:
    """Return a cell that no spreadsheet evaluates: text is guarded and cleaned, numbers stay, None is empty."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else tongue(value)
    # Guarded before it is cleaned: a leading tab would no longer be seen afterwards.
    return clean(FORMULA.sub(r"\1'", text))


def _lines(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    for row in itertools.chain([dict(zip(columns, columns, strict=True))], rows):
        writer.writerow([safe(row[name]) if name in row else "" for name in columns])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _row(rank: int, offense: dict[str, Any]) -> dict[str, Any]:
    tool, owner, settled = offense["tool"] or {}, offense["acknowledged"] or {}, offense["settled_by"]
    return offense | {
        "rank": rank,
        "tool": tool.get("name"),
        "tool_confidence": tool.get("confidence"),
        "acknowledged": owner.get("owner"),
        "settled_input": settled["input"],
        "settled_line": settled["line"],
    }


def report(report: Report, view: View) -> Iterator[str]:
    """Yield one row an offense, worst first."""
    return _lines(OFFENSE_COLUMNS, (_row(rank, offense_object(o)) for rank, o in enumerate(report.offenses, 1)))


def events(events: Iterable[dict[str, Any]], view: View) -> Iterator[str]:
    """Yield one row an event."""
    return _lines(EVENT_COLUMNS, events)


def records(title: str, data: list[Any] | dict[str, Any], view: View) -> Iterator[str]:
    """Yield one row a record; the columns are the keys that occur. Without a record there is nothing."""
    rows = [row if isinstance(row, dict) else {"value": row} for row in (data if isinstance(data, list) else [data])]
    return _lines(list(dict.fromkeys(key for row in rows for key in row)), rows) if rows else iter(())
