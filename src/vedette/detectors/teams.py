"""The team stage: scanners with findings of their own that turn out to be one (see teams.sql)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vedette.detectors.direction import source_key, source_text
from vedette.detectors.files import parameters, stage_knobs, statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vedette.config import Allowed
    from vedette.engines.duckdb import Engine
    from vedette.model import Finding

NAME = "teams"
DECOYS = 3
SENTENCES = (
    "{sources} scanners with packets of one make stand in one network and work together",
    "{sources} scanners with packets of one make tried the same ports on {tried} occasions in shares: {repeats} were tried twice, where each for itself would have met {expected} times",
    "{sources} scanners of one make tried {tried} doors of the same hosts in shares: {repeats} were tried twice, where each for itself would have met {expected} times",
    "{sources} addresses began, tried the same {doors} doors and ended within seconds of each other: all but one are forged (decoys), and which one is real the log cannot tell",
    "{sources} scanners with packets of one make began together and tried {tried} doors of the same hosts and ports in shares: {repeats} were tried twice, where each for itself would have met {expected} times",
    "{sources} scanners with agents of their own began together and tried {tried} pages of one site in shares: {repeats} were tried twice, where each for itself would have met {expected} times",
    "{sources} scanners with packets of one make took turns at {tried} doors of the same hosts and ports: {repeats} were tried twice, where each for itself would have met {expected} times",
)
"""By the number of the rule in teams.sql."""


def merge(engine: Engine, findings: list[Finding], reads: set[str], allow: Sequence[Allowed]) -> list[Finding]:
    """Return one finding for each team among the sources of these findings; its source is the busiest member.

    A group (a finding with members) that shares a source with a team becomes part of it. Sources that an allow list covers
    stay by themselves: who is expected lends his name to nobody.
    """
    findings = [f for f in findings if not any(entry.covers(f.source, f.detected_at) for entry in allow)]
    scanners = sorted({source_key(source) for f in findings for source in (f.source, *f.members)})
    if len(scanners) < 2:
        return []
    engine.execute("CREATE TEMP TABLE scanners AS SELECT unnest($scanners::BIGINT[]) AS source", {"scanners": scanners})
    pages, agents = statements("teams_pages") if "web" in reads else ("", "")
    *stages, teams = statements("teams", PAGES=pages, AGENTS=agents)
    for statement in stages:
        engine.execute(statement, parameters(statement, stage_knobs("teams")))
    rows = engine.rows(teams)
    sizes = {member["source"]: member["size"] for row in rows for member in row["members"]}
    sets = [{member["source"] for member in row["members"]} for row in rows]
    groups = [{source_key(source) for source in finding.members} for finding in findings if finding.members]
    found = []
    for whole in connected(sets + groups):
        tellers = [row for row, members in zip(rows, sets, strict=True) if members <= whole]
        if tellers:
            leader = max(whole, key=lambda source: (sizes.get(source, 0), -source))
            found.append(told(tellers[0], whole, leader, findings))
    return found


def connected(sets: list[set[int]]) -> list[set[int]]:
    """Return the sets joined where they share a member, in the order of their first ones."""
    wholes: list[set[int]] = []
    for members in sets:
        apart, whole = [], set(members)
        for other in wholes:
            if other & whole:
                whole |= other
            else:
                apart.append(other)
        wholes = [*apart, whole]
    return wholes


def told(row: dict[str, Any], members: set[int], leader: int, findings: list[Finding]) -> Finding:
    """Return the finding about one team, told by the row that is clearest about it; it falls with its second verdict."""
    names = {source_text(source) for source in members}
    own = sorted((f for f in findings if f.source in names), key=lambda f: (f.detected_at, f.settled_by, f.detector))
    first, verdict = own[0], own[min(1, len(own) - 1)]
    words = {key: f"{row[key]:,.0f}" for key in ("sources", "tried", "doors", "repeats", "expected")}
    return replace(
        first,
        detector=NAME,
        kind=first.kind if row["rule"] == DECOYS else "distributed",
        source=source_text(leader),
        detected_at=verdict.detected_at,
        settled_by=verdict.settled_by,
        first_seen=min(f.first_seen for f in own),
        last_seen=max(f.last_seen for f in own),
        count=row["doors"],
        reason=SENTENCES[row["rule"]].format(**words),
        members=tuple(source_text(source) for source in sorted(members)),
    )
