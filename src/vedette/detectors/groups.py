"""The group stage: sources too small to be named alone, which scan together (see groups.sql)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.detectors.direction import source_key, source_text
from vedette.detectors.files import groupings, parameters, stage_knobs, statements
from vedette.model import Finding

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine


def join(engine: Engine, singles: list[Finding], tests: dict[str, str], values: dict[str, Any]) -> list[Finding]:
    """Return one finding for each group, about its busiest member, among sources without a finding of their own.

    Leaves `knocks` and `grouped` for scoring. Times are microseconds UTC, as in every finding.
    """
    named = sorted({source_key(finding.source) for finding in singles})
    engine.execute("CREATE TEMP TABLE singles AS SELECT unnest($named::BIGINT[]) AS source", {"named": named})
    rules = groupings()
    selects = [f"SELECT {number} AS rule, * FROM ({entry.rule.sql})" for number, entry in enumerate(rules)]
    given = {**values, **stage_knobs("groups"), "chooses": [entry.choice for entry in rules]}
    for entry in rules:
        given |= entry.rule.knobs
    *stages, groups = statements("groups", RULES="\nUNION ALL\n".join(selects), **tests)
    for statement in stages:
        engine.execute(statement, parameters(statement, given))
    return [finding(row) for row in engine.rows(groups, parameters(groups, given))]


def finding(row: dict[str, Any]) -> Finding:
    """Return the finding about one group, with its sentence."""
    rule = groupings()[row["rule"]].rule
    counts = {key: f"{row[key]:,}" for key in ("sources", "doors", "targets", "ports")}
    return Finding(
        detector=rule.name,
        kind=rule.kind,
        technique=rule.technique,
        source=source_text(row["leader"]),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        detected_at=row["settled"]["ts"],
        settled_by=row["settled"]["record"],
        count=row["doors"],
        window=row["last_seen"] - row["first_seen"],
        reason=rule.sentence.format(port=row["port"], **counts),
        members=tuple(source_text(source) for source in row["members"]),
    )
