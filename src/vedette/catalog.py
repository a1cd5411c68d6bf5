"""What there is: formats and detectors, as `vedette formats` and `vedette detectors` list them."""

from __future__ import annotations

from typing import Any

from vedette.formats import Format, by_name, load


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

    return [
        {
            "name": kind.name,
            "title": kind.title,
            "kind": kind.kind,
            "technique": kind.technique,
            "why": kind.why,
            "blind": list(kind.blind),
            "thresholds": [
                {"window": f"{r.window // 1_000_000} s", "at_least": r.at_least, "why": r.why} for r in kind.rungs
            ],
            "knobs": kind.knobs,
            "cases": [case["name"] for case in kind.cases],
        }
        for kind in (*kinds(), *(entry.rule for entry in groupings()))
    ]
