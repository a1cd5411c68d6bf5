"""Records for people: an outline of any record, and the verdict on one source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vedette.outputs._shape import span, tongue
from vedette.terminal import View, cells, clean, hang, shorten

NEAREST = 12


def outline(record: Any, view: View, indent: str = "") -> Iterator[str]:
    """Yield a record as lines: its name and title, then one entry a key, what is nested further in."""
    if not isinstance(record, dict):
        yield from hang(indent, clean(tongue(record)), view.width)
        return
    rest = dict(record)
    if "name" in rest:
        name, title = (clean(tongue(rest.pop(key, ""))) for key in ("name", "title"))
        yield f"{indent}{view.paint(name, 'strong')}  {title}"
        indent += "  "
    for key, value in rest.items():
        yield from _entry(clean(str(key)), value, view, indent)


def _entry(key: str, value: Any, view: View, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield f"{indent}{key}"
        yield from outline(value, view, indent + "  ")
    elif isinstance(value, list) and value and not _short(value, view):
        yield f"{indent}{key}"
        yield from _bullets(value, view, indent + "  ")
    elif isinstance(value, str) and "\n" in value:
        yield f"{indent}{key}"
        yield from (f"{indent}  {clean(line)}" for line in value.split("\n"))
    else:
        yield from hang(f"{indent}{key:10} ", clean(tongue(value)) if value not in ([], {}) else "none", view.width)


def _short(items: list[Any], view: View) -> bool:
    return not any(isinstance(item, dict | list) for item in items) and len(tongue(items)) < view.width // 2


def _bullets(items: list[Any], view: View, indent: str) -> Iterator[str]:
    for item in items:
        yield from hang(f"{indent}- ", clean(tongue(item)), view.width)


def verdict(found: dict[str, Any], view: View) -> Iterator[str]:
    """Yield the answer of `vedette why`: the verdict, what speaks for it and against it, the nearest misses."""
    offense, source = found.get("offense"), clean(tongue(found.get("source")))
    if offense:
        covered = " that an allow list covers" if found.get("allowed") else ""
        kinds = clean(tongue([*offense["kinds"], *(["slow"] if offense["slow"] else []), *offense["techniques"]]))
        yield view.paint(
            f"{source} is an offense{covered}: {offense['level']}, score {offense['score']:.1f}", offense["level"]
        )
        yield from hang("  ", kinds, view.width)
        yield from _section("because", offense["reasons"], view)
        yield from _section("what answered", offense["answered"], view)
        yield from _section("points", [offense["parts"]] if offense["parts"] else [], view)
    else:
        yield view.paint(f"{source} is no offense", "strong")
    yield from _section("what it did", found.get("evidence"), view)
    yield from _section("step by step", found.get("steps"), view)
    yield from _section("against it", found.get("against"), view)
    yield from _section("thresholds, nearest first", _nearest(found.get("nearest") or []), view)


def _nearest(misses: list[dict[str, Any]]) -> list[str]:
    """Say the nearest misses, and of the others only whose they are."""
    counting = [miss for miss in misses if miss.get("count") or miss.get("whole")]
    heard = {miss.get("detector") for miss in counting}
    silent = [str(name) for name in dict.fromkeys(miss.get("detector") for miss in misses) if name not in heard]
    more = len(counting) - NEAREST
    return [
        *(_near(miss) for miss in counting[:NEAREST]),
        *([f"{more:,} more, further away: -o json lists them"] if more > 0 else []),
        *([f"nothing that counts for {', '.join(silent)}"] if silent else []),
    ]


def explained(found: dict[str, Any], view: View) -> Iterator[str]:
    """Yield the answer of `vedette explain`: the format or how near each came, the event, what counts it and what could explain it."""
    line, form, candidates = found.get("line"), found.get("format"), found.get("candidates") or []
    yield view.paint(f"format {clean(str(form))}" if form else "no format takes this line", "strong")
    if "wrapped" in found:
        yield "  inside of what a shipper wraps around it:"
    if isinstance(line, str):
        best = {"format": form, "reached": len(_bytes(line))} if form else candidates[0] if candidates else {}
        yield from _marked(line, best, view)
    event = found.get("event")
    if event:
        yield "  event"
        yield from outline(event, view, "    ")
    yield from _section("how far each format came", [_candidate(candidate) for candidate in candidates], view)
    detectors = found.get("detectors") or []
    contacts = dict.fromkeys(str(row.get("contact")) for row in detectors)
    yield from _section("contact", list(contacts), view)
    yield from _section("counts for", _grouped([row for row in detectors if row.get("counts")]), view)
    yield from _section("does not count for", _grouped([row for row in detectors if not row.get("counts")]), view)
    rules = [f"{rule.get('title')}: {rule.get('why')}" for rule in found.get("noise") or []]
    yield from _section("could have an ordinary explanation, if its source behaves so", rules, view)


def _bytes(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape")


def _marked(line: str, best: dict[str, Any], view: View) -> Iterator[str]:
    """Yield a line on one row of the screen, with a mark under the place up to which the best format matched it."""
    room, reached = view.width - 4, best.get("reached") or 0
    head, tail = (
        clean(part.decode("utf-8", "surrogateescape")) for part in (_bytes(line)[:reached], _bytes(line)[reached:])
    )
    if tail and cells(head) > room * 2 // 3:
        head = "..." + _end(head, room * 2 // 3 - 3)
    yield f"    {shorten(head + tail, room)}"
    if tail and best:
        note = f"^ {clean(str(best.get('format')))} matched up to here"
        at = cells(head)
        yield " " * 4 + (" " * at + note if at + cells(note) <= room else f"{note[2:]} ^".rjust(at + 1))


def _end(text: str, width: int) -> str:
    """Return the end of a text that fits a width in columns."""
    while cells(text) > width:
        text = text[max(1, (cells(text) - width) // 2) :]
    return text


def _candidate(candidate: dict[str, Any]) -> str:
    reached = candidate.get("reached")
    return f"{candidate.get('format')}, {tongue(reached)} {'byte' if reached == 1 else 'bytes'}: {candidate.get('why')}"


def _grouped(rows: list[dict[str, Any]]) -> list[str]:
    """Return one text a reason, with the detectors that give it."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(str(row.get("why")), []).append(str(row.get("detector")))
    return [f"{', '.join(names)}: {why}" for why, names in reasons.items()]


def _section(head: str, items: list[Any] | None, view: View) -> Iterator[str]:
    if items:
        yield f"  {head}"
        yield from _bullets(items, view, "    ")


def _near(miss: dict[str, Any]) -> str:
    window = miss.get("window")
    within = f" within {span(window)}" if isinstance(window, int) and window else ""
    why = f": {miss['why']}" if miss.get("why") else ""
    count, threshold = (
        f"{n:,}" if isinstance(n := miss.get(key), int) else tongue(n) for key in ("count", "threshold")
    )
    return f"{miss.get('detector')} {count} of {threshold}{within}{why}"
