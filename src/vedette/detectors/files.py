"""Detector and noise files: TOML front matter in a comment, then one SELECT.

The front matter documents every number, `$name` in the SELECT is bound as a value, and a file that
lacks its proof (a case that finds and one that does not) is refused when it is read. To add a kind
of scan or a noise rule is to add a file here; nothing lists them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}
MICROSECONDS = 1_000_000
CHOICES = ("targets", "ports", "doors")
FRONT = re.compile(r"\A\s*/\*---\n(.*?)---\*/\s*(.*)\Z", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")


class DetectorError(ValueError):
    """A detector or noise file breaks the rules for such files; the message names the file and the rule."""


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: `at_least` distinct things within `window` microseconds, and the reason for the number."""

    window: int
    at_least: int
    why: str


@dataclass(frozen=True)
class Detector:
    """One kind of scan. `sql` yields (source, grp, thing, contact): what is one distinct thing, of whom, within what."""

    name: str
    title: str
    kind: str
    technique: str
    why: str
    blind: tuple[str, ...]
    sentence: str
    reads: str
    rungs: tuple[Rung, ...]
    knobs: dict[str, Any]
    cases: tuple[dict[str, Any], ...]
    sql: str
    notes: dict[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grouping:
    """One way in which sources belong together. `sql` yields (grp, band, source, hour), see groups.sql.

    `choice` says what independent members would choose from ("targets", "ports" or "doors"), `least` how many sources are enough
    where their doors alone are to tell (None: as many as groups.sql asks for), `rule` holds the rest.
    """

    rule: Detector
    choice: str
    least: int | None = None


@dataclass(frozen=True)
class Noise:
    """One ordinary explanation. `cost` is what hiding in it costs an attacker.

    `sql` yields the contacts it explains; with reads = "events" it yields (source, events) of what is
    no evidence in the first place, for the noise ledger alone.
    """

    name: str
    title: str
    why: str
    cost: str
    reads: str
    knobs: dict[str, Any]
    cases: tuple[dict[str, Any], ...]
    sql: str


def span(text: str) -> int:
    """Return the microseconds of a span such as "1 min", "5m", "24 h" or "1.5s"; raise ValueError for anything else."""
    found = re.fullmatch(r"([0-9.]+)\s*([a-z]+)", text)
    if not found or found[2] not in UNITS:
        raise ValueError(f"not a span of time: {text!r}")
    return round(float(found[1]) * UNITS[found[2]] * MICROSECONDS)


def split(name: str, text: str) -> tuple[dict[str, Any], str]:
    """Return the front matter and the SELECT of a file; raise DetectorError if either is missing."""
    found = FRONT.match(text)
    if not found or not found[2].strip():
        raise DetectorError(f"{name}: a file is front matter between /*--- and ---*/ and one SELECT")
    try:
        return tomllib.loads(found[1]), found[2].strip()
    except tomllib.TOMLDecodeError as error:
        raise DetectorError(f"{name}: front matter: {error}") from error


def bound(name: str, front: dict[str, Any], sql: str) -> tuple[str, dict[str, Any]]:
    """Return the SELECT with its parameters renamed to be the file's own, and their values; every knob must be used."""
    knobs = {knob: entry["value"] for knob, entry in front.get("knob", {}).items()}
    used = set(PARAMETER.findall(sql))
    if used != set(knobs):
        raise DetectorError(f"{name}: knobs {sorted(knobs)} but the SELECT uses {sorted(used)}")
    return PARAMETER.sub(rf"${name}_\1", sql), {f"{name}_{knob}": value for knob, value in knobs.items()}


def detector(name: str, text: str) -> Detector:
    """Read one file of kinds/; raise DetectorError where it lacks a case that finds, one that does not, or a reason."""
    front, sql = split(name, text)
    if "rung" not in front:
        raise DetectorError(f"{name}: the front matter lacks 'rung'")
    return rule(name, front, sql)


def grouping(name: str, text: str) -> Grouping:
    """Read one file of groups/; raise DetectorError where it lacks a case, a reason, or a choice that groups.sql knows."""
    front, sql = split(name, text)
    if front.get("choice") not in CHOICES:
        raise DetectorError(f"{name}: choice is one of {', '.join(CHOICES)}")
    return Grouping(rule(f"group_{name}", front, sql), front["choice"], front.get("least"))


def rule(name: str, front: dict[str, Any], sql: str) -> Detector:
    """Return a detector from its front matter and SELECT; raise DetectorError for what is missing."""
    try:
        rungs = tuple(Rung(span(r["window"]), r["at_least"], r["why"]) for r in front.get("rung", ()))
        notes = {knob: entry["why"] for knob, entry in front.get("knob", {}).items()}
        cases = tuple(front["case"])
        found = {bool(case["finds"]) for case in cases}
        texts = [front[key] for key in ("title", "kind", "technique", "why", "sentence")]
        blind = tuple(front["blind"])
    except KeyError as missing:
        raise DetectorError(f"{name}: the front matter lacks {missing}") from missing
    if found != {True, False}:
        raise DetectorError(f"{name}: needs a case that finds and one that must not")
    sql, knobs = bound(name, front, sql)
    title, kind, technique, why, sentence = texts
    reads, also = front.get("reads", "network"), tuple(front.get("also", ()))
    return Detector(name, title, kind, technique, why, blind, sentence, reads, rungs, knobs, cases, sql, notes, also)


def noise(name: str, text: str) -> Noise:
    """Read one file of noise/; raise DetectorError where it lacks a case or does not say what hiding in it costs."""
    front, sql = split(name, text)
    missing = {"title", "why", "cost", "case"} - front.keys()
    if missing:
        raise DetectorError(f"{name}: the front matter lacks {sorted(missing)}")
    sql, knobs = bound(name, front, sql)
    title, why, cost = (front[key] for key in ("title", "why", "cost"))
    return Noise(name, title, why, cost, front.get("reads", "network"), knobs, tuple(front["case"]), sql)


def texts(folder: str) -> dict[str, str]:
    """Return the SQL files of a folder beside this module, by name, in order of name."""
    found = resources.files(__package__).joinpath(folder).iterdir()
    return {
        path.name[:-4]: path.read_text("utf-8")
        for path in sorted(found, key=lambda p: p.name)
        if path.name.endswith(".sql")
    }


@cache
def detectors() -> tuple[Detector, ...]:
    """Return every kind of scan, in order of name."""
    return tuple(detector(name, text) for name, text in texts("kinds").items())


@cache
def groupings() -> tuple[Grouping, ...]:
    """Return every way in which sources belong together, in order of name."""
    return tuple(grouping(name, text) for name, text in texts("groups").items())


@cache
def noises() -> tuple[Noise, ...]:
    """Return every noise rule, in order of name."""
    return tuple(noise(name, text) for name, text in texts("noise").items())


def split_statements(package: str, name: str) -> list[str]:
    """Return the statements of NAME.sql in a package, without comments; a statement ends with `;` at the end of a line."""
    text = COMMENT.sub("", resources.files(package).joinpath(f"{name}.sql").read_text("utf-8"))
    return [statement.strip() for statement in re.split(r";\s*(?:\n|\Z)", text) if statement.strip()]


def stage_front(name: str) -> dict[str, Any]:
    """Return the front matter of a stage file of this folder: title, why, blind spots and knobs with their reasons."""
    return split(name, resources.files(__package__).joinpath(f"{name}.sql").read_text("utf-8"))[0]


def stage_knobs(name: str) -> dict[str, Any]:
    """Return the values of the knobs in the front matter of a stage file of this folder."""
    return {knob: entry["value"] for knob, entry in stage_front(name)["knob"].items()}


def statements(name: str, **parts: str) -> list[str]:
    """Return the statements of a stage file, with each upper-case placeholder of `parts` put in."""
    filled = split_statements(__package__, name)
    for placeholder, sql in parts.items():
        filled = [statement.replace(placeholder, sql) for statement in filled]
    return filled


def parameters(sql: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return those values that a statement names: the engine refuses the others."""
    return {name: values[name] for name in PARAMETER.findall(sql)}
