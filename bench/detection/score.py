"""Counts what a detector found: recall by technique, false offenses, probes and seconds until its verdict."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.detection.rules import Verdict
from bench.detection.truth import Case, Truth
from bench.ordinary.check import FEW_OFFENSES, FEWEST, WHOLE, Offenses

Times = Mapping[str, Sequence[tuple[int, int]]]
"""The events of each source as (number, time in microseconds), in order."""


@dataclass
class Score:
    """What one detector made of some logs.

    `asked` and `found` count cases by technique, `missed` are the others. `together` counts groups that stand in few offenses.
    `probes` and `seconds` are those of each case of one source that was found, until the verdict.
    """

    asked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[Case] = field(default_factory=list)
    groups: int = 0
    together: int = 0
    offenses: int = 0
    false: int = 0
    benign: int = 0
    blamed: Counter[str] = field(default_factory=Counter)
    probes: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the cases that were found, of all techniques; 0 where there are none."""
        return self.found.total() / self.asked.total() if self.asked else 0.0

    def summary(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return {
            "recall": self.recall, "found": dict(self.found), "asked": dict(self.asked),
            "groups_together": [self.together, self.groups], "offenses": self.offenses, "false_offenses": self.false,
            "benign_sources_named": self.benign, "blamed": dict(self.blamed.most_common()),
            "median_probes": median(self.probes), "median_seconds": median(self.seconds),
            "missed": [[case.kind, case.sources[0], case.probes] for case in self.missed],
        }  # fmt: skip


def median(values: Sequence[float]) -> float | None:
    """Return the median of `values`, None where there are none."""
    return statistics.median(values) if values else None


def score(truth: Truth, verdicts: Sequence[Verdict], times: Times) -> Score:
    """Compare `verdicts` with what is true; allowed sources are taken out first, as an exception in each product would."""
    left = [each for each in verdicts if not truth.allowed.issuperset(each.sources)]
    offenses = Offenses([{"source": each.sources[0], "sources": each.sources} for each in left])
    result = Score(offenses=len(left))
    for case in truth.cases:
        if case.probes >= FEWEST:
            _score_case(result, case, offenses, left, times)
    right = set().union(*(offenses.naming(source) for source in truth.right))
    result.false = len(left) - len(right)
    result.blamed = Counter(kind for source, kind in truth.benign.items() if offenses.naming(source))
    result.benign = result.blamed.total()
    return result


def _score_case(result: Score, case: Case, offenses: Offenses, verdicts: Sequence[Verdict], times: Times) -> None:
    hits = [offenses.naming(source) for source in case.sources]
    numbers = set().union(*hits)
    result.asked[case.technique] += 1
    if sum(map(bool, hits)) < WHOLE * len(hits):
        result.missed.append(case)
        return
    result.found[case.technique] += 1
    if len(hits) > 1:
        result.groups += 1
        result.together += len(numbers) <= max(FEW_OFFENSES, len(hits) // 20)
        return
    timed = [(verdicts[number].at, verdicts[number].record) for number in numbers]
    known = [(at, record) for at, record in timed if at is not None]
    records = times.get(case.sources[0], ())
    if known and records:
        at, record = min(known, key=lambda each: each[0])
        result.probes.append(max(1, probes_until(at, record, records)))
        result.seconds.append(max(0.0, (at - records[0][1]) / 1e6))


def probes_until(at: int, record: int | None, records: Sequence[tuple[int, int]]) -> int:
    """Return how many of `records` were there when a verdict fell: by the event that settled it, else by time."""
    if record is not None:
        return bisect_right([number for number, _ in records], record)
    return bisect_right([time for _, time in records], at)
