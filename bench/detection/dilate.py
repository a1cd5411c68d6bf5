"""Stretches recorded scans in time and puts them back among the ordinary traffic, for a curve of recall against speed.

The log holds every line that no scanner sent, as it is and where it is. Into it go some of its network scans, an equal share of
each kind as far as there are as many, each from its first record on: records of one second are first spread evenly over it, then
all gaps are multiplied by the factor that makes their mean the wanted one, which keeps their order and their rhythm. A
scan keeps as many records as fit into the span of the log, and `MOST` at most, so at one an hour a log of two
days has 48 probes of each. Only the stamp at the head of the line is rewritten, to the second, which is all it holds.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bench.detection.truth import Case, Truth
from bench.ordinary.check import FEWEST
from bench.rivals import Unavailable

GAPS = (0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0)
"""Mean seconds between two probes of a scan."""

SCANS = 20
MOST = 2_000
"""Records that a scan keeps at most."""

ALREADY_SLOW = "slow"
STAMP = re.compile(rb"^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d")
MICROS = 1_000_000

Record = tuple[int, bytes]
"""A time in microseconds since 1970 UTC, and the line."""


@dataclass(frozen=True)
class Dilated:
    """A log with its scans dilated to one mean gap, and the lines of each scan by itself, for programs that judge sources alone."""

    gap: float
    log: Path
    scans: Path
    truth: Truth


def choose(truth: Truth, count: int = SCANS) -> list[Case]:
    """Return `count` network scans of one source and `FEWEST` probes or more, in turn of each kind, the same each time."""
    by_kind: dict[str, list[Case]] = defaultdict(list)
    for case in sorted(truth.cases, key=lambda case: case.sources):
        if (
            case.technique == "T1595.001"
            and len(case.sources) == 1
            and case.probes >= FEWEST
            and case.kind != ALREADY_SLOW
        ):
            by_kind[case.kind].append(case)
    turns = sorted((turn, kind, case) for kind, cases in by_kind.items() for turn, case in enumerate(cases))
    return [case for _, _, case in turns[:count]]


def spread(times: Sequence[int]) -> list[float]:
    """Return the distances of `times` (microseconds, ascending) from the first, those that are equal spread evenly over a second."""
    equal, seen, out = Counter(times), Counter[int](), []
    for time in times:
        out.append(time - times[0] + MICROS * seen[time] / equal[time])
        seen[time] += 1
    return out


def dilate(times: Sequence[int], gap: float, start: int) -> list[int]:
    """Return `times` stretched so that they begin at `start` and their mean gap is `gap` seconds; their order is kept."""
    fine = spread(times)
    if len(fine) < 2:
        return [start] * len(fine)
    factor = gap * MICROS * (len(fine) - 1) / fine[-1]
    return [start + round(distance * factor) for distance in fine]


def restamped(line: bytes, at: int) -> bytes:
    """Return `line` with the time `at` (microseconds since 1970 UTC) at its head. Raises Unavailable where it has no such stamp."""
    moment = datetime.fromtimestamp(at // MICROS, UTC)
    text, found = STAMP.subn(f"{moment:%b} {moment.day:>2} {moment:%H:%M:%S}".encode(), line, count=1)
    if not found:
        raise Unavailable("the log's lines do not begin with a syslog stamp, which dilation needs")
    return text


def write(gap: float, chosen: Sequence[Case], ordinary: Iterable[Record], scans: Mapping[str, Sequence[Record]],
          truth: Truth, folder: Path) -> Dilated:  # fmt: skip
    """Write the log of one gap, the ordinary lines and the dilated scans in the order of their times. Raises OSError, Unavailable."""
    merged, own, cases = list(ordinary), [], []
    first, last = merged[0][0], merged[-1][0]
    most = min(MOST, int((last - first) / MICROS / gap) + 1)
    for number, case in enumerate(chosen):
        records = scans[case.sources[0]][:most]
        length = round(gap * MICROS * (len(records) - 1))
        start = first + max(0, last - first - length) * number // len(chosen)
        times = dilate([at for at, _ in records], gap, start)
        own += [(at, restamped(line, at)) for at, (_, line) in zip(times, records, strict=True)]
        cases.append(replace(case, probes=len(records)))
    folder.mkdir(parents=True, exist_ok=True)
    made = Dilated(gap, folder / "fw.log", folder / "scans.log", replace(truth, cases=tuple(cases)))
    for path, records in ((made.log, merged + own), (made.scans, own)):
        path.write_bytes(b"".join(line for _, line in sorted(records, key=lambda record: record[0])))
    return made
