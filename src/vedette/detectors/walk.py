"""The walk: sequential evidence about the sources that no window settled (see walk.sql)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vedette.detectors.direction import source_key, source_text
from vedette.detectors.files import parameters, stage_knobs, statements
from vedette.model import Finding

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine

TECHNIQUE = "T1595.001"
NAME = "walk"


def walk(engine: Engine, findings: list[Finding]) -> list[Finding]:
    """Return one finding for each source whose contacts add up over any time, among those without a finding of the network."""
    named = sorted({source_key(finding.source) for finding in findings if finding.technique == TECHNIQUE})
    engine.execute("CREATE TEMP TABLE settled_sources AS SELECT unnest($named::BIGINT[]) AS source", {"named": named})
    steps, reached = statements("walk")
    knobs = stage_knobs("walk")
    engine.execute(steps, parameters(steps, knobs))
    return [
        Finding(
            detector=NAME,
            kind=row["kind"],
            technique=TECHNIQUE,
            source=source_text(row["source"]),
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            detected_at=row["detected_at"],
            settled_by=row["settled_by"],
            count=row["contacts"],
            window=row["last_seen"] - row["first_seen"],
            reason=f"refused, slowly, at {row['contacts']:,} doors ({row['ports']:,} ports of {row['targets']:,} hosts) that nothing ordinary explains",
        )
        for row in engine.rows(reached, parameters(reached, knobs))
    ]
