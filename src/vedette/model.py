"""What passes between the stages, as plain records; `Report.to_json` is the contract of `vedette scan -o json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Input:
    """One input as it was read: path as given, formats recognised, counts, and what went wrong."""

    path: str
    format: str | None = None
    lines: int = 0
    parsed: int = 0
    skipped: int = 0
    bytes: int = 0
    seconds: float = 0.0
    formats: dict[str, int] = field(default_factory=dict)
    complete: bool = True
    problem: str | None = None
    same_as: str | None = None
    rejects: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    """Where a piece of evidence stands: the input's path and the line in it, from 1."""

    input: str
    line: int


@dataclass
class Finding:
    """What one detector says of one source; times in microseconds UTC, `source` in text form (IPv6 as a /64).

    Of a group `source` is the busiest member, and `members` lists all of them; `also` are the kinds that it is besides.
    """

    detector: str
    kind: str
    technique: str
    source: str
    first_seen: int
    last_seen: int
    detected_at: int
    settled_by: int
    count: int
    window: int
    reason: str
    members: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass
class Offense:
    """One case for the analyst: all findings of one scanner, with score and reasons (see DESIGN.md, Commands)."""

    id: str
    source: str
    sources: list[str]
    kinds: list[str]
    slow: bool
    techniques: list[str]
    tool: dict[str, Any] | None
    acknowledged: dict[str, Any] | None
    first_seen: int
    detected_at: int
    last_seen: int
    settled_by: Record
    probes: int
    targets: int
    ports: int
    paths: int
    coverage: float | None
    answered: list[dict[str, Any]]
    score: float
    level: str
    parts: dict[str, float]
    reasons: list[str]
    evidence: list[Record]


@dataclass
class Report:
    """Everything one run of `vedette scan` found. Times in microseconds since 1970 UTC.

    `noise` maps a reason to {"sources": n, "events": n}. `suppressed` holds offenses that an allow
    list covers, each with the entry that covers it under "allowed". `signature` is the picture of
    the first offense: (ts, height) points, at most a few thousand, where height is a port, a target
    or a path rank, and `signature_axis` names which.
    """

    command: list[str]
    window: tuple[int, int] | None
    inputs: list[Input]
    offenses: list[Offense]
    noise: dict[str, dict[str, int]]
    suppressed: list[tuple[Offense, dict[str, Any]]]
    events: int = 0
    sources: int = 0
    targets: int = 0
    denied: int = 0
    background: int = 0
    signature: list[tuple[int, int]] = field(default_factory=list)
    signature_axis: str = "port"
