"""One self-contained page that can be mailed or printed: nothing is loaded, nothing runs.

    vedette scan fw.log -o html > report.html

No script, no external file, light and dark, a Content-Security-Policy that allows its own style
sheet and nothing else. Records the command line and the version. The page is ASCII with character
references, so that no guess at its encoding can go wrong.
"""

from __future__ import annotations

import base64
import hashlib
import html
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from vedette import __version__
from vedette.model import Input, Offense, Report
from vedette.outputs._picture import caption, svg_points
from vedette.outputs._shape import (
    allowance,
    counted,
    door,
    levels,
    percent,
    plural,
    reach,
    span,
    stamp,
    tongue,
    tool_name,
)
from vedette.terminal import View, clean

LISTED = 1000  # offenses in the table; a browser draws many more only slowly
DETAILED = 100  # offenses with reasons, bars and doors
DOORS = 50
PICTURE_WIDTH, PICTURE_HEIGHT, BAR_WIDTH = 720, 180, 160
FILL = "#0969da"  # for a mail program that drops style sheets; the page has its own for light and dark

HEADS = ("#", "score", "level", "source", "kinds", "techniques", "reach", "first seen", "time", "answered", "tool")

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --page: #fff; --faint: #59636e; --line: #d1d9e0; --bar: #0969da;
  --critical: #b30021; --high: #bc4c00; --medium: #7d4e00; --low: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --page: #0d1117; --faint: #9198a1; --line: #3d444d;
  --bar: #58a6ff; --critical: #ff7b72; --high: #ffa657; --medium: #e3b341; --low: #79c0ff; } }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: var(--ink); background: var(--page);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
p, li, code { overflow-wrap: anywhere; } td code { overflow-wrap: normal; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--faint); font-weight: 600; }
code { font: .92em ui-monospace, monospace; }
.faint { color: var(--faint); } .level { font-weight: 700; }
.critical { color: var(--critical); } .high { color: var(--high); }
.medium { color: var(--medium); } .low { color: var(--low); }
svg { max-width: 100%; height: auto; } svg rect { fill: var(--bar); } svg .frame { fill: none; stroke: var(--line); }
.parts td { border: 0; padding: .05rem .6rem .05rem 0; width: auto; } .parts table { width: auto; }
@media print { .wide { overflow: visible; } }
"""

DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{DIGEST}'; base-uri 'none'; form-action 'none'"


class Markup(str):
    """Text that is HTML already. Only `element` makes it; every other string is escaped."""

    __slots__ = ()


Child = str | Iterable[str]

VOID = ("meta", "rect")


def element(tag: str, /, *children: Child, **attributes: object) -> Markup:
    """Return an element; children that are not Markup, and attribute values, are cleaned and escaped."""
    pairs = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{tag}{pairs}>" if tag == "meta" else f"<{tag}{pairs}/>")
    parts = (part for child in children for part in ([child] if isinstance(child, str) else child))
    inside = "".join(part if isinstance(part, Markup) else escape(part) for part in parts)
    return Markup(f"<{tag}{pairs}>{inside}</{tag}>")


def escape(text: str) -> Markup:
    """Return *text* so that HTML shows it: cleaned of control characters, with <, >, &, and quotes as references."""
    return Markup(html.escape(clean(text)))


def report(report: Report, view: View) -> Iterator[str]:
    """Yield the page."""
    found = ", ".join(f"{count:,} {level}" for level, count in levels(report.offenses)) or "no offenses"
    page = element("html", _head(found), element("body", element("main", _body(report, view, found))), lang="en")
    yield ("<!doctype html>\n" + page + "\n").encode("ascii", "xmlcharrefreplace").decode("ascii")


def _head(found: str) -> Markup:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="generator", content=f"vedette {__version__}"),
        element("title", f"vedette: {found}"),
        element("style", Markup(STYLE)),
    )


def _body(report: Report, view: View, found: str) -> Iterator[Markup]:
    yield element("h1", f"Who scanned us: {found}")
    yield element("p", _window(report, view), class_="faint")
    if report.offenses:
        yield _offenses(report, view)
        yield from _picture(report, view)
        yield element("h2", "Why")
        for rank, offense in enumerate(report.offenses[:DETAILED], 1):
            yield _details(rank, offense, view)
    else:
        yield element("p", "Nobody was seen scanning in these inputs.")
    yield from _not_reported(report)
    yield element("h2", "Inputs")
    yield _table(("path", "format", "lines", "parsed", "note"), (_input_row(read) for read in report.inputs))
    yield element("h2", "How this was made")
    yield element("p", element("code", " ".join(shlex.quote(word) for word in report.command)))
    yield element("p", f"vedette {__version__}. Times are {view.tz}.", class_="faint")


def _window(report: Report, view: View) -> str:
    seen = {"sources": report.sources, "events": report.events}
    denied = percent(report.denied, report.events)
    kept = plural(report.background, "source")
    numbers = f"{counted(seen)}, {plural(report.targets, 'target')}, {denied} denied, {kept} kept as background."
    if report.window is None:
        return numbers
    begin, end = (stamp(edge, view.tz) for edge in report.window)
    return f"{begin} to {end} {view.tz}. {numbers}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Markup:
    head = element("tr", (element("th", name, scope="col") for name in heads))
    body = (element("tr", (element("td", cell) for cell in row)) for row in rows)
    return element("div", element("table", element("thead", head), element("tbody", body)), class_="wide")


def _offenses(report: Report, view: View) -> Markup:
    rows = (_row(rank, offense, view) for rank, offense in enumerate(report.offenses[:LISTED], 1))
    more = len(report.offenses) - LISTED
    note = element("p", f"And {more:,} more: see json or csv.") if more > 0 else ""
    return element("section", element("h2", "Offenses"), _table(HEADS, rows), note)


def _row(rank: int, offense: Offense, view: View) -> Iterator[str]:
    yield str(rank)
    yield f"{offense.score:.1f}"
    yield element("span", offense.level, class_=f"level {offense.level}")
    yield element("code", offense.source)
    yield ", ".join([*offense.kinds, *(["slow"] if offense.slow else [])])
    yield ", ".join(offense.techniques)
    yield reach(offense)
    yield stamp(offense.first_seen, view.tz)
    yield span(offense.last_seen - offense.first_seen)
    yield str(len(offense.answered) or "-")
    yield tool_name(offense) or "-"


def _picture(report: Report, view: View) -> Iterator[Markup]:
    if not report.signature:
        return
    text = caption(report)
    dots = (
        element("rect", x=x, y=max(0, y - 1), width=2, height=2, fill=FILL)
        for x, y in svg_points(report, PICTURE_WIDTH, PICTURE_HEIGHT)
    )
    yield element("h2", "Picture of the first: ", element("code", report.offenses[0].source))
    yield element(
        "svg",
        element("title", text),
        element(
            "rect", x=0, y=0, width=PICTURE_WIDTH + 2, height=PICTURE_HEIGHT, class_="frame", fill="none", stroke="gray"
        ),
        dots,
        viewBox=f"0 0 {PICTURE_WIDTH + 2} {PICTURE_HEIGHT}",
        width=PICTURE_WIDTH + 2,
        height=PICTURE_HEIGHT,
        role="img",
        aria_label=text,
    )
    yield element("p", text, class_="faint")


def _details(rank: int, offense: Offense, view: View) -> Markup:
    doors = [element("li", door(answered, view.tz)) for answered in offense.answered[:DOORS]]
    more = len(offense.answered) - DOORS
    return element(
        "section",
        element("h3", f"{rank}. ", element("code", offense.source), f" {offense.score:.1f}"),
        element("ul", (element("li", reason) for reason in offense.reasons)),
        _others(offense),
        element(
            "div", element("table", (_bar(name, points) for name, points in offense.parts.items())), class_="parts"
        ),
        element("p", "Doors that answered:") if doors else "",
        element("ul", doors, element("li", f"and {more:,} more") if more > 0 else "") if doors else "",
        element("p", "Evidence: ", ", ".join(f"{e.input} line {e.line}" for e in offense.evidence), class_="faint"),
    )


def _others(offense: Offense) -> Iterator[Markup]:
    if len(offense.sources) > 1:
        yield element("p", f"{len(offense.sources):,} sources: ", element("code", ", ".join(offense.sources[:DOORS])))
    if offense.acknowledged:
        yield element("p", "Acknowledged scanner: ", tongue(offense.acknowledged))
    if offense.tool:
        yield element("p", "Tool: ", tongue(offense.tool))


def _bar(name: str, points: float) -> Markup:
    length = round(BAR_WIDTH * min(max(abs(points), 0.0), 10.0) / 10, 1)
    bar = element("rect", x=0, y=2, width=length, height=10, fill=FILL)
    drawn = element("svg", bar, viewBox=f"0 0 {BAR_WIDTH} 14", width=BAR_WIDTH, height=14, aria_hidden="true")
    return element("tr", element("td", name), element("td", drawn), element("td", f"{points:+.1f}"))


def _not_reported(report: Report) -> Iterator[Markup]:
    if report.noise:
        yield element("h2", "Noise, counted and not reported")
        rows = ((k, f"{n.get('sources', 0):,}", f"{n.get('events', 0):,}") for k, n in report.noise.items())
        yield _table(("reason", "sources", "events"), rows)
    if report.suppressed:
        yield element("h2", "Allowed")
        allowed = ((o.source, ", ".join(o.kinds), f"{o.score:.1f}", allowance(a)) for o, a in report.suppressed)
        yield _table(("source", "kinds", "score", "allowed by"), allowed)


def _input_row(read: Input) -> tuple[str, ...]:
    note = f"the same file as {read.same_as}" if read.same_as is not None else read.problem or ""
    form = read.format or ", ".join(read.formats) or "no known format"
    return read.path, form, f"{read.lines:,}", percent(read.parsed, read.lines), note


def records(title: str, data: list[Any] | dict[str, Any], view: View) -> Iterator[str]:
    """Yield the records as a page with one table."""
    rows = [row if isinstance(row, dict) else {"value": row} for row in (data if isinstance(data, list) else [data])]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    table = _table(map(str, keys), ([tongue(row.get(key)) for key in keys] for row in rows))
    page = element("html", _head(title), element("body", element("main", element("h1", title), table)), lang="en")
    yield ("<!doctype html>\n" + page + "\n").encode("ascii", "xmlcharrefreplace").decode("ascii")
