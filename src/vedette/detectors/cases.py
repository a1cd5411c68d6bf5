"""Cases of detector files: a compact spelling of events, and a run of them on the real engine.

An event gives columns of `vedette events` (src_ip, dst_ip, dst_port, proto, action, tcp_flags, url
...). A range `"1..30"`, `"203.0.113.1..20"` or `"100.1..30.9.7"` and a list stand for one event each, combined in the
order they are written; with `deal`
the sources take turns at the combinations of the rest; `every` is the time between events, `times` repeats each event, `rounds`
repeats the whole, `{n}` in a URL is the number from the range `n`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from vedette.detectors.direction import LOW, bounds, signed
from vedette.detectors.files import Detector, Noise, span
from vedette.schema import ACTIONS, PROTOCOLS, TCP_FLAGS, ddl, sql_columns

if TYPE_CHECKING:
    from vedette.config import Settings
    from vedette.engines.duckdb import Engine
    from vedette.model import Finding

START = 1_772_323_200_000_000
"""2026-03-01 00:00 UTC in microseconds: a Sunday, far from any change of the clocks."""

RANGE = re.compile(r"(.*?)(\d+)\.\.(\d+)(.*)")
CONTROLS = ("every", "times", "rounds", "start", "deal")


def values(text: Any) -> list[Any]:
    """Return what a value of a case stands for: the members of a range or a list, else itself alone."""
    if isinstance(text, list):
        return text
    found = RANGE.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return [text]
    return [f"{found[1]}{number}{found[4]}" for number in range(int(found[2]), int(found[3]) + 1)]


def expand(event: dict[str, Any], start: int = START) -> Iterator[dict[str, Any]]:
    """Yield the rows of one line of a case, as columns of `events` without record numbers."""
    fields = {name: values(value) for name, value in event.items() if name not in CONTROLS}
    step, at = span(event.get("every", "1s")), start + span(event.get("start", "0s"))
    for _ in range(event.get("rounds", 1)):
        for combination in dealt(fields) if event.get("deal") else itertools.product(*fields.values()):
            for _ in range(event.get("times", 1)):
                yield row(dict(zip(fields, combination, strict=True)), at)
                at += step


def dealt(fields: dict[str, list[Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield the combinations of all fields but the first, the source, each to the next source in turn."""
    sources, *others = fields.values()
    for source, combination in zip(itertools.cycle(sources), itertools.product(*others), strict=False):
        yield (source, *combination)


def row(event: dict[str, Any], at: int) -> dict[str, Any]:
    """Return one event with its names turned into the numbers that the table holds."""
    out: dict[str, Any] = {"ts": at}
    number = event.pop("n", None)
    for name, value in event.items():
        if name in ("src_ip", "dst_ip"):
            first, _ = bounds(ip_network_of(value))
            out[f"{name[:3]}_hi"], out[f"{name[:3]}_lo"] = signed(first >> 64), signed(first & LOW)
        else:
            out[name] = ENCODE.get(name, lambda plain: plain)(value)
    if "url" in out:
        out["url"] = out["url"].replace("{n}", str(number))
        return {"http_method": "GET", "http_status": 404, **out}
    out = {"proto": 6, "action": 0, "src_port": 40000 + at // 1_000_000 % 20000, **out}
    return {"tcp_flags": 2, **out} if out["proto"] == 6 else out


def ip_network_of(address: str) -> Any:
    """Return an address as the network that holds it alone."""
    from ipaddress import ip_network

    return ip_network(ip_address(address))


ENCODE: dict[str, Any] = {
    "proto": lambda name: PROTOCOLS[name],
    "action": lambda name: ACTIONS[name],
    "tcp_flags": lambda letters: sum(TCP_FLAGS[letter] for letter in letters),
    "dst_port": int,
    "src_port": int,
}


def fill(engine: Engine, rows: list[dict[str, Any]]) -> None:
    """Make the table `events` of these rows; records are numbered in the order given."""
    engine.execute(ddl("events"))
    columns = sql_columns()
    fields = ", ".join(f'"{name}" {sql}' for name, sql in columns)
    full = [
        {**{name: None for name, _ in columns}, "record": number, "format": 0, **event}
        for number, event in enumerate(rows)
    ]
    engine.execute(f"INSERT INTO events SELECT unnest($rows::STRUCT({fields})[], recursive := true)", {"rows": full})


def play(engine: Engine, case: dict[str, Any], settings: Settings) -> list[Finding]:
    """Return what the detectors find in the events of a case; the engine has to be new."""
    from vedette.detectors import detect

    fill(engine, [event for line in case["events"] for event in expand(line)])
    return detect(engine, settings)


def explained(engine: Engine, rule: Noise) -> int:
    """Return how many contacts (or sources, of a rule that reads events) a noise rule explains in what was played."""
    return int(engine.rows(f"SELECT count(*) AS explained FROM ({rule.sql})", rule.knobs)[0]["explained"])


def failure(detector: Detector, case: dict[str, Any], findings: list[Finding]) -> str | None:
    """Return how a case of a detector fails on these findings, or None if it holds."""
    found = sorted({finding.source for finding in findings if finding.detector == detector.name})
    if found == sorted(case["finds"]):
        return None
    return f"{detector.name}: case {case['name']!r} should find {sorted(case['finds'])} but finds {found}"
