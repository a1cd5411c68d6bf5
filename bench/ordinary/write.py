"""Writes the logs of an ordinary network in one style, and the truth of exactly the lines that the style leaves."""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.ordinary.actors import DAY, Case
from bench.ordinary.lines import Written, firewall, web
from bench.ordinary.plan import LENGTHS, START, play


@dataclass(frozen=True)
class Style:
    """What is logged: the firewall in a style of bench.render (or not), the web server, and what gets lost.

    `rate` and `burst` are those of netfilter's limit, in lines a minute and lines, kept apart for refused and accepted
    ones; `kept` is the share of lines that survive.
    """

    firewall: str | None = "ufw"
    web: bool = False
    sequence: bool = True
    options: bool = True
    accepted: bool = True
    rate: int = 0
    burst: int = 0
    kept: float = 1.0


STYLES = {
    "ufw": Style(),
    "iptables": Style("iptables"),
    "asa": Style("asa"),
    "access": Style(None, web=True),
    "access+ufw": Style(web=True),
    "denies": Style(accepted=False),
    "no-options": Style(sequence=False, options=False),
    "limited": Style(rate=3, burst=10),
    "lossy": Style(web=True, kept=0.5),
}
"""The limit is the one that ufw ships with: `--limit 3/min --limit-burst 10`."""


def write(folder: Path, seed: int, size: str = "small", style: str = "ufw", network: str | None = None,
          hold_out: bool = False, kinds: str = "usual") -> dict[str, Any]:  # fmt: skip
    """Write fw.log, access.log and truth.json to `folder` and return the truth.

    `kinds` is one of `SETS`. Raises OSError, ValueError (too many lines; `hold_out` of a set without).
    """
    net, cases = play(seed, size, network, hold_out, kinds)
    made, rng, most = STYLES[style], random.Random(f"{seed} {style}"), LENGTHS[size].most
    files: dict[str, list[Written]] = {}
    if made.firewall:
        files["fw.log"] = _survivors(_firewall(cases, made, LENGTHS[size].days), made, rng)
    if made.web:
        files["access.log"] = _survivors(_web(cases, seed % 2 == 0), made, rng)
    if (lines := sum(map(len, files.values()))) > most:
        raise ValueError(f"{lines} lines; a {size} log has at most {most}")
    folder.mkdir(parents=True, exist_ok=True)
    end = START + LENGTHS[size].days * DAY
    for name, written in files.items():
        (folder / name).write_bytes(b"".join(line.line for line in written))
        os.utime(folder / name, (end, end))
    truth = {"seed": seed, "size": size, "style": style, "network": net.size, "home": net.networks, "hold_out": hold_out,
             "t0": _time(0), "t_end": _time(int((end - START) * 1e6)), "year": 2026, "timezone": "UTC", "lines": {k: len(v) for k, v in files.items()},
             "actors": list(_actors(cases, files))}  # fmt: skip
    if kinds != "usual":
        truth["set"] = kinds
    (folder / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    return truth


def _firewall(cases: list[Case], style: Style, days: int) -> list[Written]:
    assert style.firewall
    packets = (packet for case in cases for packet in case.packets if style.accepted or not packet.accepted)
    lines = firewall(packets, START, style.firewall, style.sequence, style.options)
    inside = [line for line in lines if line.at < days * DAY * 1e6]
    return _limited(sorted(inside, key=_moment), style)


def _web(cases: list[Case], sites: bool) -> list[Written]:
    requests = (request for case in cases for request in case.requests)
    return sorted(web(requests, START, sites), key=_moment)


def _moment(line: Written) -> int:
    return line.at


def _limited(lines: list[Written], style: Style) -> list[Written]:
    """Return what netfilter's limit match lets through: a bucket of `burst` lines that `rate` a minute refill."""
    if not style.rate:
        return lines
    left, since, kept = [float(style.burst)] * 2, [0, 0], []
    for line in lines:
        bucket = int(b" ALLOW] " in line.line)
        left[bucket] = min(style.burst, left[bucket] + (line.at - since[bucket]) / 60e6 * style.rate)
        since[bucket] = line.at
        if left[bucket] >= 1:
            left[bucket] -= 1
            kept.append(line)
    return kept


def _survivors(lines: list[Written], style: Style, rng: random.Random) -> list[Written]:
    return lines if style.kept == 1 else [line for line in lines if rng.random() < style.kept]


def _actors(cases: list[Case], files: dict[str, list[Written]]) -> Iterable[dict[str, Any]]:
    """Yield what is true of each case of which anything was logged."""
    seen: dict[int, dict[str, dict[str, list[Written]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for name, lines in files.items():
        for line in lines:
            seen[line.case][line.source][name].append(line)
    for case in cases:
        if case.number in seen:
            yield _actor(case, seen[case.number])


def _actor(case: Case, by_source: dict[str, dict[str, list[Written]]]) -> dict[str, Any]:
    lines = sorted((line for logs in by_source.values() for some in logs.values() for line in some), key=_moment)
    scanning = case.kind.technique is not None
    probes = [line for line in lines if scanning and line.probe and line.source not in case.decoys]
    first, last = (probes or lines)[0], (probes or lines)[-1]
    return {
        "id": case.number,
        "kind": case.kind.name,
        "group": case.kind.group,
        "label": "scan" if scanning else "benign",
        "technique": case.kind.technique,
        "first": _time(first.at),
        "last": _time(last.at),
        "lines": len(lines),
        "probes": len(probes),
        "contacts": len({line.contact for line in probes or lines}),
        "decoys": sorted(case.decoys),
        "related": sorted(case.related),
        "sources": {source: _source(logs) for source, logs in sorted(by_source.items())},
    }


def _source(logs: dict[str, list[Written]]) -> dict[str, Any]:
    lines = sorted((line for some in logs.values() for line in some), key=_moment)
    return {"first": _time(lines[0].at), "last": _time(lines[-1].at), "probes": sum(line.probe for line in lines),
            **{name: len(some) for name, some in logs.items()}}  # fmt: skip


def _time(micros: int) -> str:
    return datetime.fromtimestamp(START + micros / 1e6, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
