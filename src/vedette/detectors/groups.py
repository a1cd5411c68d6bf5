"""The group stage: small sources that scan together (see groups.sql)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.detectors.direction import apart, source_text
from vedette.detectors.files import Detector, groupings, parameters, stage_knobs, statements
from vedette.model import Finding
from vedette.schema import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vedette.config import Allowed
    from vedette.engines.duckdb import Engine

WEAKNESSES = "T1595.002"
"""The technique of a group that asks for weaknesses of a site, whatever rule found it."""


def join(
    engine: Engine, reads: set[str], tests: dict[str, str], values: dict[str, Any], allow: Sequence[Allowed]
) -> list[Finding]:
    """Return one finding for each group of small sources, about its busiest member; nobody whom `allow` covers is in one.

    Leaves `knocks` and `grouped` for scoring. Times are microseconds UTC, as in every finding.
    """
    rules = [entry for entry in groupings() if entry.rule.reads in reads]
    selects = [f"SELECT {number} AS rule, * FROM ({entry.rule.sql})" for number, entry in enumerate(rules)]
    pages = statements("groups_pages")[0] if "web" in reads else ""
    given = {**values, **stage_knobs("groups"), "chooses": [entry.choice for entry in rules]}
    given["webs"] = [entry.rule.reads == "web" for entry in rules]
    given["by_doors"] = [entry.least is not None for entry in rules]
    given["least"] = [entry.least or given["least_sources"] for entry in rules]
    given["doors_asked"] = [given["doors_of_few" if entry.least else "least_doors"] for entry in rules]
    for entry in rules:
        given |= entry.rule.knobs
    free = apart((entry.network for entry in valid(engine, allow)), given)
    *stages, groups = statements("groups", RULES="\nUNION ALL\n".join(selects), PAGES=pages, FREE=free, **tests)
    for statement in stages:
        engine.execute(statement, parameters(statement, given))
    return [finding(engine, rules[row["rule"]].rule, row) for row in engine.rows(groups, parameters(groups, given))]


def valid(engine: Engine, allow: Sequence[Allowed]) -> list[Allowed]:
    """Return the entries of an allow list that hold until the end of the log."""
    if not allow:
        return []
    last = engine.rows("SELECT max(ts) AS last FROM events")[0]["last"]
    return [entry for entry in allow if entry.until is None or last is None or entry.until >= last]


def finding(engine: Engine, rule: Detector, row: dict[str, Any]) -> Finding:
    """Return the finding about one group, with its sentence."""
    settled = row["settled"]
    if settled["record"] is None:
        sql = "SELECT min(record) AS record FROM events WHERE source_key(src_hi, src_lo) = $source AND ts = $ts"
        settled |= engine.rows(sql, {"source": settled["source"], "ts": settled["ts"]})[0]
    counts = {key: f"{row[key]:,}" for key in ("sources", "doors", "targets", "ports")}
    return Finding(
        detector=rule.name,
        kind=rule.kind,
        technique=WEAKNESSES if row["weaknesses"] else rule.technique,
        source=source_text(row["leader"]),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        detected_at=settled["ts"],
        settled_by=settled["record"],
        count=row["doors"],
        window=row["last_seen"] - row["first_seen"],
        reason=rule.sentence.format(port=port_text(row["door"]), **counts),
        members=tuple(source_text(source) for source in row["members"]),
        also=("web_vuln",) if row["weaknesses"] else rule.also,
    )


def port_text(door: int) -> str:
    """Return the port of a door (see `door_key` in contacts.sql) as people write it."""
    return f"{'UDP ' if door >> 24 & 255 == PROTOCOLS['udp'] else ''}port {door & 65535}"
