r"""Text for people: the answer first, the numbers second, what to type next last.

    vedette scan fw.log                inputs, window, offenses by level, the ten worst, a picture, noise, next
    vedette scan fw.log | less         the same content without colours

As wide as the terminal, from 80 to 160 columns. Everything that comes from a log is made safe: what
a terminal would obey is written out as \xNN.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from vedette.model import Input, Offense, Report
from vedette.outputs._catalog import described, listed
from vedette.outputs._outline import explained, outline, verdict
from vedette.outputs._picture import caption, draw
from vedette.outputs._shape import allowance, counted, levels, percent, plural, span, stamp, tool_name
from vedette.outputs._table import table
from vedette.terminal import View, cells, clean, hang, shorten, wrap

TOP = 10
REJECTS_SHOWN = 3
WELL_PARSED = 0.99
INLINE = 130  # columns from which the main reason stands in the table; below, it has a line of its own
ROOMY = 100  # columns from which the tool stands in the table; below, it opens the line of the reason
NAME, FORM = 32, 24


class Column(NamedTuple):
    """Describe one column of the table: its head, the side it leans to, the most it takes, the least it shrinks to."""

    head: str
    right: bool
    most: int
    least: int


COLUMNS = (
    Column("#", True, 3, 3),
    Column("score", True, 5, 5),
    Column("level", False, 8, 8),
    Column("source", False, 28, 28),
    Column("kind", False, 24, 10),
    Column("ports/targets", False, 20, 9),
    Column("time", True, 7, 7),
    Column("answered", True, 8, 8),
    Column("tool or owner", False, 16, 8),
)
TOOL = len(COLUMNS) - 1


def report(report: Report, view: View) -> Iterator[str]:
    """Yield the whole answer of `vedette scan`, block by block."""
    if view.summary:
        yield from _text([*_inputs(report.inputs, view), *_window(report, view), ""])
    yield from _text(_headline(report, view))
    if report.offenses:
        yield from _text(_table(report.offenses[:TOP], view))
        yield from _text(_more(report))
        yield from _text(_signature(report, view))
    elif view.summary:
        yield from _text(_nothing(report, view))
    if view.summary:
        yield from _text(["", *_noise(report, view), *_suppressed(report, view), *_next(report, view)])


def _text(lines: Iterable[str]) -> Iterator[str]:
    return (line.rstrip() + "\n" for line in lines)


def _inputs(inputs: list[Input], view: View) -> Iterator[str]:
    names = min(NAME, max((cells(clean(read.path)) for read in inputs), default=0))
    forms = min(FORM, max((cells(_form(read)) for read in inputs), default=0))
    for read in inputs:
        name = shorten(clean(read.path), 60)
        yield from hang("read   ", f"{name:{names}} {_reading(read, forms)}", view.width)
        if read.problem and read.lines:
            yield view.paint(f"       {clean(read.problem)}", "bad") + (
                "" if read.complete else " (what was read is used)"
            )
        if read.skipped and read.parsed < WELL_PARSED * read.lines:
            yield from _rejects(read, view)


def _form(read: Input) -> str:
    return shorten(", ".join(clean(name) for name in read.formats) or clean(read.format or "no known format"), FORM)


def _reading(read: Input, width: int) -> str:
    if read.same_as is not None:
        return f"the same file as {clean(read.same_as)}: counted once"
    if read.problem and not read.lines:
        return clean(read.problem)
    skipped = f" ({read.skipped:,} skipped)" if read.skipped else ""
    speed = f", {read.lines / read.seconds:,.0f} lines/s" if read.seconds > 0 else ""
    share = percent(read.parsed, read.lines)
    return f"{_form(read):{width}} {plural(read.lines, 'line'):>16}  {share} parsed{skipped}{speed}"


def _rejects(read: Input, view: View) -> Iterator[str]:
    for reason, count in sorted(read.rejects.items(), key=lambda item: (-item[1], item[0]))[:REJECTS_SHOWN]:
        yield shorten(f"       {plural(count, 'line')}: {clean(reason)}", view.width)
    for example in read.examples[:REJECTS_SHOWN]:
        why = clean(str(example.get("why") or "no format takes it"))
        head = shorten(f"       line {example.get('line', '?')}, {why}", view.width // 2)
        yield shorten(f"{head}: {clean(str(example.get('text', '')))}", view.width)


def _window(report: Report, view: View) -> Iterator[str]:
    if report.window is None:
        return
    begin, end = report.window
    length = span(end - begin)
    yield f"window {stamp(begin, view.tz)} {view.pick('→', '->')} {stamp(end, view.tz)} {clean(view.tz)} ({length})"
    yield (
        f"       {plural(report.events, 'event')}   {plural(report.sources, 'source')}   "
        f"{plural(report.targets, 'target')}   denied {percent(report.denied, report.events)}"
    )


def _headline(report: Report, view: View) -> Iterator[str]:
    counts = levels(report.offenses)
    found = "  ".join(f"{count:,} {level}" for level, count in counts) or "none"
    painted = "  ".join(view.paint(f"{count:,} {level}", level) for level, count in counts) or "none"
    head = f"{view.paint('OFFENSES', 'strong')}  {painted}"
    kept = f"; {plural(report.background, 'source')} kept as background" if report.background else ""
    note = f"({plural(report.events, 'event')} {view.pick('→', '->')} {plural(len(report.offenses), 'offense')}{kept})"
    if not view.summary:
        yield head
    elif cells(f"OFFENSES  {found}   {note}") <= view.width:
        yield f"{head}   {note}"
    else:
        yield from (head, f"          {note}")


def _kinds(offense: Offense) -> str:
    shown = ", ".join(offense.kinds[:2]) + (f" +{len(offense.kinds) - 2}" if len(offense.kinds) > 2 else "")
    return f"slow {shown}" if offense.slow else shown


def _source(offense: Offense) -> str:
    others = len(offense.sources) - 1
    return offense.source + (f" +{others}" if others > 0 else "")


def _row(rank: int, offense: Offense) -> list[str]:
    reached = f"{offense.ports:,}/{offense.targets:,}" if offense.ports else ""
    paths = plural(offense.paths, "path") if offense.paths else ""
    return [
        *(str(rank), f"{offense.score:.1f}", offense.level, _source(offense), _kinds(offense)),
        *(
            " ".join(filter(None, (reached, paths))) or f"-/{offense.targets:,}",
            span(offense.last_seen - offense.first_seen),
        ),
        *(f"{len(offense.answered):,}" if offense.answered else "-", _tool(offense) or "-"),
    ]


def _tool(offense: Offense) -> str:
    return str((offense.acknowledged or {}).get("owner") or tool_name(offense))


def _table(offenses: list[Offense], view: View) -> Iterator[str]:
    roomy = view.width >= ROOMY
    heads = [column.head for column in COLUMNS][: None if roomy else TOOL]
    rows = [[clean(cell) for cell in _row(rank, offense)][: len(heads)] for rank, offense in enumerate(offenses, 1)]
    widths = _fit([max(cells(row[i]) for row in (heads, *rows)) for i in range(len(heads))], view.width)
    room = view.width - sum(widths) - len(widths) - 1 if view.width >= INLINE else 0
    yield view.paint(_line(heads, widths) + ("  why" if room else ""), "faint")
    for row, offense in zip(rows, offenses, strict=True):
        tool = f"({_tool(offense)}) " if _tool(offense) and not roomy else ""
        why = clean(tool + (offense.reasons[0] if offense.reasons else ""))
        inline = cells(why) < room
        yield view.paint(_line(row, widths), offense.level) + (f"  {why}" if inline else "")
        if why and not inline:
            yield from wrap(why, view.width, "          ")


def _fit(widths: list[int], room: int) -> list[int]:
    """Return the widths of the columns, the most yielding ones made narrower until the line fits."""
    widths = [min(width, column.most) for width, column in zip(widths, COLUMNS, strict=False)]
    for i in sorted(range(len(widths)), key=lambda i: COLUMNS[i].least - COLUMNS[i].most):
        over = sum(widths) + len(widths) - 1 - room
        widths[i] = max(min(widths[i], COLUMNS[i].least), widths[i] - max(over, 0))
    return widths


def _line(row: list[str], widths: list[int]) -> str:
    padded = []
    for cell, width, column in zip(row, widths, COLUMNS, strict=False):
        cell = shorten(cell, width)
        gap = " " * (width - cells(cell))
        padded.append(gap + cell if column.right else cell + gap)
    return " ".join(padded).rstrip()


def _more(report: Report) -> Iterator[str]:
    if len(report.offenses) > TOP:
        yield f"    and {len(report.offenses) - TOP:,} more: -o json, csv and html list all of them"


def _signature(report: Report, view: View) -> Iterator[str]:
    picture = draw(report, view)
    if picture:
        yield ""
        yield from hang("picture ", f"of #1, {clean(report.offenses[0].source)}: {clean(caption(report))}", view.width)
        yield from picture


def _nothing(report: Report, view: View) -> Iterator[str]:
    lines = sum(read.lines for read in report.inputs)
    files = plural(len(report.inputs), "input")
    yield (
        f"Nobody was seen scanning in {plural(lines, 'line')} of {files} "
        f"({plural(report.events, 'event')} of {plural(report.sources, 'source')})."
    )
    again = _again(view)
    if not report.events:
        yield "No event was read. The formats that are known: vedette formats"
        yield "What one line is taken for: vedette explain LINE"
    if not view.home_given:
        yield f"It may help to say which networks are yours: vedette scan --home CIDR {again}"
    if report.events:
        yield f"Why one source was not named: vedette why ADDRESS {again}"


def _noise(report: Report, view: View) -> Iterator[str]:
    if report.noise:
        most_first = sorted(report.noise.items(), key=lambda item: (-item[1].get("events", 0), item[0]))
        known = "; ".join(f"{clean(reason)} {counted(counts)}" for reason, counts in most_first)
        yield from hang("noise  ", known, view.width)


def _suppressed(report: Report, view: View) -> Iterator[str]:
    for offense, allowed in report.suppressed[:REJECTS_SHOWN]:
        whom = f"{clean(offense.source)} ({clean(_kinds(offense))}, score {offense.score:.1f})"
        yield from hang("allowed ", f"{whom}: {clean(allowance(allowed))}", view.width)
    if len(report.suppressed) > REJECTS_SHOWN:
        yield f"allowed {len(report.suppressed) - REJECTS_SHOWN:,} more: -o json lists them"


def _again(view: View) -> str:
    return " ".join(map(_quoted, view.again)) or "PATH"


def _quoted(word: str) -> str:
    # A name that cannot be shown as it is stands in the quotes in which a shell reads escapes.
    safe = clean(word)
    return shlex.quote(word) if safe == word else "$'" + clean(word.replace("\\", "\\\\").replace("'", "\\'")) + "'"


def _next(report: Report, view: View) -> Iterator[str]:
    again = _again(view)
    commands = [f"vedette scan {again} -o html > report.html"]
    if report.offenses:
        address = clean(report.offenses[0].source)
        commands = [f"vedette why {address} {again}", *commands, f"vedette scan {again} -o json"]
        if not view.home_given:
            commands.append(f"vedette scan --home CIDR {again}")
    for head, command in zip(["next   "] + ["       "] * len(commands), commands, strict=False):
        yield head + command


def events(events: Iterable[dict[str, Any]], view: View) -> Iterator[str]:
    """Yield one line an event: time, verdict, who to whom, what, and where it stands."""
    return (_event(event) + "\n" for event in events)


def _end(event: dict[str, Any], side: str) -> str:
    address, port = str(event.get(f"{side}_ip") or "-"), event.get(f"{side}_port")
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _event(event: dict[str, Any]) -> str:
    icmp = f"type {event['icmp_type']}" if "icmp_type" in event else None
    words = [
        *(
            event.get("ts", "-"),
            event.get("action", "-"),
            event.get("proto", "-"),
            _end(event, "src"),
            "->",
            _end(event, "dst"),
        ),
        *(event.get("tcp_flags"), icmp, event.get("http_method"), event.get("http_host"), event.get("url")),
        *(event.get("http_status"), event.get("user_agent"), event.get("signature")),
        f"({event.get('format', '?')}, {event.get('input', '?')} line {event.get('line', '?')})",
    ]
    return " ".join(clean(str(word)) for word in words if word is not None)


def records(title: str, data: list[Any] | dict[str, Any], view: View) -> Iterator[str]:
    """Yield records as an outline; those of VIEWS have views of their own, and searches are tables."""
    rows = data if isinstance(data, list) else [data]
    if title == "rows":
        yield from _text(table(rows, view))
        return
    for number, row in enumerate(rows):
        lines = VIEWS.get(title, outline)(row, view)
        yield from _text(["", *lines] if number and title not in LISTS else lines)
    if not rows:
        yield f"no {title}\n"


VIEWS: dict[str, Callable[[Any, View], Iterator[str]]] = {
    "source": verdict,
    "line": explained,
    "lines": explained,
    "formats": listed,
    "format": described,
}
"""Titles of records that have a view of their own."""

LISTS = ("formats",)
"""Titles of records that stand line by line."""
