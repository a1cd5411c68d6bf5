"""The window stage: how many distinct things each group has in any window, and the findings that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.detectors.direction import address_text, source_text
from vedette.detectors.files import Detector, detectors, parameters, statements
from vedette.model import Finding

if TYPE_CHECKING:
    import numpy as np

    from vedette.engines.duckdb import Engine

NEVER = 2**62
"""A threshold that no group reaches: the detector has no rung for that window."""

ROWS_AT_ONCE = 4_000_000
"""Sightings held in memory at a time (about 40 bytes each); groups beyond that wait for the next part."""

SPANS = ((86400, "h", 3600), (3600, "h", 3600), (60, "min", 60), (1, "s", 1))


def climb(engine: Engine, reads: set[str], tests: dict[str, str], values: dict[str, Any]) -> list[Finding]:
    """Return one finding for each detector and source, from the table `observed`."""
    pages = statements("page_sightings", **tests)[0] if "web" in reads else ""
    sizes = "UNION ALL SELECT contact, records FROM page_evidence" if "web" in reads else ""
    size, sql = statements("sightings", PAGES=pages, SIZES=sizes)
    parts = engine.rows(size)[0]["records"] // ROWS_AT_ONCE + 1
    settled: list[dict[str, Any]] = []
    for part in range(parts):
        settled += reached(engine.arrays(sql, parameters(sql, {**values, "part": part, "parts": parts})))
    return findings(engine, settled, reads)


def reached(table: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return the groups among sightings in order that reached a rung: which, when, at which record and how many."""
    import numpy as np

    if not len(table["ts"]):
        return []
    from vedette.kernels.windows import widest

    change = np.flatnonzero(np.any([np.diff(table[key]) != 0 for key in ("detector", "source", "grp")], axis=0)) + 1
    starts = np.concatenate([[0], change, [len(table["ts"])]]).astype(np.int64)
    lengths, thresholds = ladders()
    columns = {name: np.ascontiguousarray(column, np.int64) for name, column in table.items()}
    wanted = np.ascontiguousarray(thresholds[columns["detector"][starts[:-1]]])
    most, rows = widest(starts, columns["thing"], columns["ts"], lengths, wanted)
    return [
        group(columns, starts, int(number), lengths, most, rows) for number in np.flatnonzero((rows >= 0).any(axis=1))
    ]


def ladders() -> tuple[np.ndarray, np.ndarray]:
    """Return all window lengths, and for each detector the threshold at each length (NEVER where it has no rung)."""
    import numpy as np

    lengths = sorted({rung.window for detector in detectors() for rung in detector.rungs})
    steps = [{rung.window: rung.at_least for rung in detector.rungs} for detector in detectors()]
    thresholds = [[step.get(length, NEVER) for length in lengths] for step in steps]
    return np.array(lengths, np.int64), np.array(thresholds, np.int64)


def group(
    columns: dict[str, np.ndarray],
    starts: np.ndarray,
    number: int,
    lengths: np.ndarray,
    most: np.ndarray,
    rows: np.ndarray,
) -> dict[str, Any]:
    """Return what a settled group has to say: its earliest rung, and the most it had in that rung's window."""
    at, window = min((int(columns["ts"][row]), window) for window, row in enumerate(rows[number]) if row >= 0)
    row = int(rows[number, window])
    first, last = int(starts[number]), int(starts[number + 1]) - 1
    return {
        **{key: int(columns[key][row]) for key in ("detector", "source", "grp")},
        "detected_at": at,
        "settled_by": int(columns["record"][row]),
        "window": int(lengths[window]),
        "count": int(most[number, window]),
        "first_seen": int(columns["ts"][first]),
        "last_seen": int(columns["ts"][last]),
    }


def findings(engine: Engine, settled: list[dict[str, Any]], reads: set[str]) -> list[Finding]:
    """Join the settled groups of one detector and source into one finding, told by its largest group."""
    import numpy as np

    if not settled:
        return []
    keys = ("detector", "source", "grp", "detected_at", "settled_by", "window", "count", "first_seen", "last_seen")
    engine.execute("CREATE TEMP TABLE settled (" + ", ".join(f'"{key}" BIGINT' for key in keys) + ")")
    engine.load("settled", {key: np.array([row[key] for row in settled], np.int64) for key in keys})
    pages = statements("page_words")[0] if "web" in reads else ""
    (sql,) = statements("findings", PAGES=pages)
    return [finding(detectors()[row["detector"]], row) for row in engine.rows(sql)]


def finding(detector: Detector, row: dict[str, Any]) -> Finding:
    """Return the finding of one detector about one source, with its sentence."""
    words = {
        "count": f"{row['count']:,}",
        "window": spoken(row["window"]),
        "target": address_text(row["dst_hi"], row["dst_lo"]),
        "port": row["port"],
        "targets": f"{row['targets']:,}",
        "ports": f"{row['ports']:,}",
        "path": row["path"],
    }
    more = f", and {row['groups'] - 1:,} more such groups" if row["groups"] > 1 else ""
    return Finding(
        detector=detector.name,
        kind=detector.kind,
        technique=detector.technique,
        source=source_text(row["source"]),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        detected_at=row["detected_at"],
        settled_by=row["settled_by"],
        count=row["count"],
        window=row["window"],
        reason=detector.sentence.format(**words) + more,
    )


def spoken(window: int) -> str:
    """Return a window length in microseconds as people say it."""
    seconds = window // 1_000_000
    return next(f"{seconds // size} {unit}" for least, unit, size in SPANS if seconds >= least)
