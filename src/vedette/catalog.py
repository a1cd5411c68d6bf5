"""What there is: formats and detectors, as `vedette formats` and `vedette detectors` list them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.formats import Format, by_name, load

if TYPE_CHECKING:
    from vedette.detectors.files import Detector

STAGES = ("walk", "teams")
"""Stages of detection that give findings of their own and count no windows."""


def formats() -> list[dict[str, Any]]:
    """Return every log format: name, title, reference, tokenizer, switch, fields and samples."""
    return [describe(fmt) for fmt in load()]


def format_named(name: str) -> dict[str, Any]:
    """Return one log format as `formats` does. Raises ValueError with the nearest name for one that does not exist."""
    return describe(by_name(name))


def describe(fmt: Format) -> dict[str, Any]:
    """Return one format as a listing shows it."""
    return {
        "name": fmt.name,
        "title": fmt.title,
        "reference": fmt.reference,
        "tokenizer": fmt.tokenizer,
        "switch": fmt.switch,
        "fields": fields(fmt),
        "samples": [{**sample, "event": sample["event"] or None} for sample in fmt.samples],
    }


def fields(fmt: Format) -> list[str]:
    """Return the names of the event fields that a format's samples show, in the order of the first that has each."""
    return list(dict.fromkeys(name for sample in fmt.samples if sample["event"] for name in sample["event"]))


def detectors() -> list[dict[str, Any]]:
    """Return every kind of scan that is looked for: why, thresholds with their reasons, and what it cannot see."""
    from vedette.detectors.files import detectors as kinds
    from vedette.detectors.files import groupings

    rules = (*kinds(), *(entry.rule for entry in groupings()))
    return [kind_of(rule) for rule in rules] + [stage(name) for name in STAGES]


def kind_of(rule: Detector) -> dict[str, Any]:
    """Return one detector as a listing shows it."""
    return {
        "name": rule.name,
        "title": rule.title,
        "kind": rule.kind,
        "technique": rule.technique,
        "why": rule.why,
        "blind": list(rule.blind),
        "thresholds": [
            {"window": f"{r.window // 1_000_000} s", "at_least": r.at_least, "why": r.why} for r in rule.rungs
        ],
        "knobs": rule.knobs,
        "cases": [case["name"] for case in rule.cases],
    }


def stage(name: str) -> dict[str, Any]:
    """Return a stage that gives findings of its own, as a listing shows a detector."""
    from vedette.detectors.files import stage_front

    front = stage_front(name)
    told = {key: front[key] for key in ("title", "kind", "technique", "why", "blind")}
    knobs = {knob: entry["value"] for knob, entry in front["knob"].items()}
    return {"name": name, **told, "thresholds": [], "knobs": knobs, "cases": []}
