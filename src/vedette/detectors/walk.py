"""The walk: sequential evidence about the sources that no window settled (see walk.sql)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.detectors.direction import source_key, source_text
from vedette.detectors.files import detectors, parameters, stage_knobs, statements
from vedette.model import Finding

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine

NAME = "walk"


def walk(
    engine: Engine, findings: list[Finding], reads: set[str], tests: dict[str, str], values: dict[str, Any]
) -> list[Finding]:
    """Return one finding for each source whose contacts add up over any time, among those without a finding."""
    named = sorted({source_key(finding.source) for finding in findings})
    engine.execute("CREATE TEMP TABLE settled_sources AS SELECT unnest($named::BIGINT[]) AS source", {"named": named})
    web = "web" in reads
    pages = statements("walk_pages")[0] if web else ""
    sightings = statements("page_sightings", **tests)[0] if web else ""
    steps, reached = statements("walk", PAGES=pages, SIGHTINGS=sightings)
    given = values | stage_knobs("walk")
    engine.execute(steps, parameters(steps, given))
    return [finding(row) for row in engine.rows(reached, parameters(reached, given))]


def finding(row: dict[str, Any]) -> Finding:
    """Return the finding about one source, with its sentence."""
    doors = row["contacts"] - row["pages"]
    what = [
        f"refused at {doors:,} doors ({row['ports']:,} ports of {row['targets']:,} hosts)" if doors else "",
        f"asked for {row['pages']:,} pages that are not there" if row["pages"] else "",
    ]
    return Finding(
        detector=NAME,
        kind=row["kind"],
        technique=next(detector.technique for detector in detectors() if detector.kind == row["kind"]),
        source=source_text(row["source"]),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        detected_at=row["detected_at"],
        settled_by=row["settled_by"],
        count=row["contacts"],
        window=row["last_seen"] - row["first_seen"],
        reason=f"{' and '.join(filter(None, what))}, one after the other, and nothing ordinary explains them",
    )
