"""From findings to offenses: one case for each scanner, with a score that says what it is made of.

The score is a sum of parts, each bounded, so that no single measure makes a case by itself. All
weights are on the page below. Doubles are rounded, and ties go to the earlier record, so the same
events give the same offenses.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from math import log10, sqrt
from typing import TYPE_CHECKING, Any

from vedette import intent as wanted
from vedette import natures, tools
from vedette.detectors.direction import address_text, source_key
from vedette.detectors.files import noises, split_statements
from vedette.model import Finding, Offense, Record

if TYPE_CHECKING:
    from vedette.acknowledged import Judgement
    from vedette.config import Allowed, Settings
    from vedette.engines.duckdb import Engine

# ---- weights: points of the parts, at most 10 in sum -------------------------------------------
EVIDENCE = (0.5, 0.75, 2.0)
"""Points for the least scan there is, points for every tenfold of distinct contacts beyond it, most."""
LEAST_SCAN = 5
"""Distinct contacts of the least scan; see detectors.LOWEST."""
BREADTH = (0.4, 1.5)
"""Points for every tenfold of targets, of ports and of paths each; most. A sweep of a /24 has 1."""
SPEED = ((600, 1.0), (60, 0.7), (6, 0.4), (0, 0.1))
"""From so many contacts a minute on, so many points: a person does not try one a second."""
PERSISTENCE = ((86400, 1.0), (6 * 3600, 0.7), (3600, 0.4), (600, 0.2), (0, 0.0))
"""From so many seconds between first and last probe on, so many points: who comes back means it."""
REACH = (1.0, 0.25)
"""Points for seeing all of the home space, growing with the square root of the share; least for five targets or more."""
INTENT = {
    "web_vuln": 1.0,
    "stealth": 0.7,
    "os_fingerprint": 0.7,
    "web_wordlist": 0.5,
    "attack": 0.5,
    "kinds": 0.3,
    "holes": 0.3,
}
"""For what it was after: holes, hidden paths, evasion; attack text sent; each further kind of scan; products with a weakness that is
known to be scanned for. At most 1.5."""
INTENT_MOST = 1.5
ANSWERED = (1.2, 0.8, 2.0)
"""Points for the first door that answered, for every tenfold of them, most: what answered comes first for the analyst."""
ACKNOWLEDGED, CONTRADICTED = -0.3, 0.7
"""For a scanner whose owner says openly that it scans; for one that claims to be such an owner, or a crawler, from an address that is
not of the owner's. The first can move a case down within its level, and over an edge that it had just passed; it can hide none."""
RETURNED = 0.5
"""For a neighbour of the scanner that later went in where a door had answered: the scan served a purpose."""
LEVELS = ((7.0, "critical"), (5.0, "high"), (3.0, "medium"), (0.0, "low"))
"""Critical: broad, with answers. High: thousands of contacts, or some with answers. Medium: a plain scan. Low: a few doors."""
# -------------------------------------------------------------------------------------------------

SLOW_GAP = 30
"""Mean seconds between distinct contacts from which a scan is called slow."""
ANSWERED_SHOWN = 50
EVIDENCE_SHOWN = 5
SIGNATURE_POINTS = 2000

Locate = Callable[[int], Record]
Judge = Callable[[list[str], list[dict[str, Any]]], "Judgement"]


def rank(
    engine: Engine, findings: list[Finding], settings: Settings, locate: Locate
) -> tuple[list[Offense], list[tuple[Offense, dict[str, Any]]], dict[str, dict[str, int]]]:
    """Return offenses by score, those that an allow list covers, and the noise ledger {reason: {sources, events}}.

    Reads the tables that `detect` left in the engine; `locate` turns a record number into its input and line.
    """
    from concurrent.futures import ThreadPoolExecutor

    leads = leaders(findings)
    by_source: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_source[leads[finding.source]].append(finding)
    facts = gather(engine, {source_key(source): source_key(lead) for source, lead in leads.items()})
    with ThreadPoolExecutor(1) as beside:  # the engine counts what was ordinary while the cases are put into words
        noise = beside.submit(ledger, engine)
        offenses = cases(by_source, facts, settings, locate)
    offenses.sort(key=lambda o: (-o.score, o.first_seen, o.source))
    covers = [(o, covering(o, settings.allow)) for o in offenses]
    kept = [o for o, entry in covers if entry is None]
    return kept, [(o, allowed(entry)) for o, entry in covers if entry is not None], noise.result()


def cases(
    by_source: dict[str, list[Finding]], facts: dict[int, dict[str, Any]], settings: Settings, locate: Locate
) -> list[Offense]:
    """Return the case of each source that leads, from its findings and facts."""
    if not by_source:
        return []
    judge = judging(settings)
    return [
        offense(source, found, facts[source_key(source)], settings, locate, judge)
        for source, found in by_source.items()
    ]


def leaders(findings: list[Finding]) -> dict[str, str]:
    """Return for each source with a finding, or in one, the source that its offense is named after: the leader of the largest set."""
    leads: dict[str, str] = {}
    for finding in sorted(findings, key=lambda f: (-len(f.members), f.source)):
        for source in (finding.source, *finding.members):
            leads.setdefault(source, finding.source)
    return leads


def gather(engine: Engine, leads: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Return what the tables know of each leader and all whom it leads: counts, answers, packets, agents, addresses."""
    engine.execute(
        "CREATE TEMP TABLE led AS SELECT unnest($sources::BIGINT[]) AS source, unnest($leads::BIGINT[]) AS lead",
        {"sources": list(leads), "leads": list(leads.values())},
    )
    web = bool(engine.rows("SELECT 1 AS found FROM duckdb_tables() WHERE table_name = 'pages'"))
    lists = tools.gather(engine, web) | wanted.gather(engine, web)
    for name in ("scoring", "scoring_pages") if web else ("scoring",):
        for statement in split_statements("vedette", name):
            engine.execute(statement)
    lists |= {
        "answered": "answered_doors ORDER BY answered_at, dst_hi, dst_lo, port",
        "members": "members ORDER BY src_hi, src_lo",
        "returns": "returns ORDER BY ts, src_hi, src_lo, dst_hi, dst_lo, port",
    }
    if web:
        lists["found"] = "found_pages ORDER BY answered_at, path"
    facts: dict[int, dict[str, Any]] = defaultdict(lambda: {key: [] for key in (*lists, "found", "requests")})
    for table in ("door_facts", "packet_facts", *(("page_facts",) if web else ())):
        for row in engine.rows(f"SELECT * FROM {table}"):
            facts[row["source"]][table] = row
    for key, rows in lists.items():
        for row in engine.rows(f"SELECT * FROM {rows}"):
            facts[row["source"]][key].append(row)
    return facts


def judging(settings: Settings) -> Judge:
    """Return what tells acknowledged scanners; the lists are read here, so that a log without offenses costs nothing."""
    from vedette.acknowledged import Acknowledged

    return Acknowledged(settings.acknowledged).judge


def offense(
    source: str, findings: list[Finding], facts: dict[str, Any], settings: Settings, locate: Locate, judge: Judge
) -> Offense:
    """Return the case of one source from its findings and facts."""
    findings = sorted(findings, key=lambda f: (f.detected_at, f.detector))
    doors, pages = facts.get("door_facts") or {}, facts.get("page_facts") or {}
    first = min(f.first_seen for f in findings)
    last = max([f.last_seen for f in findings] + [part["last_seen"] for part in (doors, pages) if part])
    contacts = doors.get("contacts", 0) + pages.get("paths", 0)
    kinds, techniques = natures.of(findings, pages, len(facts["members"]))
    answered = answers(facts, first)
    seconds = (last - first) / 1e6
    coverage = share_of_home(doors.get("targets_v4", 0), settings.home)
    who, sought = members(source, findings, facts), wanted.sought(facts)
    known = judge(who, facts["requests"])
    parts = score_parts(doors, pages, kinds, contacts, seconds, coverage, len(answered), wanted.has_hole(sought))
    parts |= acknowledgement(known) | returned(facts)
    score = round(min(max(sum(parts.values()), 0.0), 10.0), 1)
    named = tools.told(facts, last)
    settling = min(findings, key=lambda f: (f.detected_at, f.settled_by))
    return Offense(
        id=hashlib.sha256(f"{source} {first}".encode()).hexdigest()[:16],
        source=source,
        sources=who,
        kinds=kinds,
        slow=contacts > 1 and seconds / (contacts - 1) >= SLOW_GAP,
        techniques=techniques,
        tool=named,
        acknowledged=known.label,
        first_seen=first,
        detected_at=settling.detected_at,
        last_seen=last,
        settled_by=locate(settling.settled_by),
        probes=doors.get("probes", 0) + pages.get("probes", 0),
        targets=doors.get("targets", 0),
        ports=doors.get("ports", 0),
        paths=pages.get("paths", 0),
        coverage=coverage,
        answered=answered[:ANSWERED_SHOWN],
        score=score,
        level=next(level for least, level in LEVELS if score >= least),
        parts=parts,
        reasons=[
            *reasons(findings, answered),
            *visits(facts["returns"]),
            *wanted.sentences(sought),
            *known.sentences,
            *tools.sentences(named, facts, last),
        ],
        evidence=[locate(record) for record in sorted({f.settled_by for f in findings})[:EVIDENCE_SHOWN]],
    )


def members(source: str, findings: list[Finding], facts: dict[str, Any]) -> list[str]:
    """Return all members of a group, else the addresses of an IPv6 /64 that were seen (the first few), else the source."""
    group = sorted({member for finding in findings for member in finding.members})
    seen = [address_text(row["src_hi"], row["src_lo"]) for row in facts["members"][:ANSWERED_SHOWN]]
    return group or seen or [source]


def score_parts(
    doors: dict[str, Any],
    pages: dict[str, Any],
    kinds: list[str],
    contacts: int,
    seconds: float,
    coverage: float | None,
    answered: int,
    holes: bool,
) -> dict[str, float]:
    """Return the points of each part that has any; the weights are at the top of this file."""
    targets = doors.get("targets", 0)
    parts = {
        "evidence": evidence(contacts),
        "breadth": breadth((targets, doors.get("ports", 0), pages.get("paths", 0))),
        "speed": step(SPEED, contacts * 60 / max(seconds, 1.0)),
        "persistence": step(PERSISTENCE, seconds),
        "reach": reach(coverage, targets),
        "intent": intent(kinds, pages.get("attacks", 0), holes),
        "answered": answer_points(answered),
    }
    return {name: round(points, 2) for name, points in parts.items() if round(points, 2)}


def evidence(contacts: int) -> float:
    """Return the points for so many distinct contacts."""
    base, tenfold, most = EVIDENCE
    return min(base + tenfold * log10(max(contacts, LEAST_SCAN) / LEAST_SCAN), most)


def breadth(sizes: Sequence[int]) -> float:
    """Return the points for how many targets, ports and paths were tried."""
    tenfold, most = BREADTH
    return min(sum(tenfold * log10(size) for size in sizes if size > 1), most)


def step(table: Sequence[tuple[float, float]], value: float) -> float:
    """Return the points of the first row of a falling table that the value reaches."""
    return next(points for least, points in table if value >= least)


def reach(coverage: float | None, targets: int) -> float:
    """Return the points for the share of the home space that was tried."""
    whole, least = REACH
    return max(whole * sqrt(coverage or 0.0), least if targets >= LEAST_SCAN else 0.0)


def intent(kinds: Sequence[str], attacks: int, holes: bool) -> float:
    """Return the points for what the scanner was after."""
    points = max(INTENT.get(kind, 0.0) for kind in kinds) + INTENT["kinds"] * (len(kinds) - 1)
    points += (INTENT["attack"] if attacks else 0.0) + (INTENT["holes"] if holes else 0.0)
    return min(points, INTENT_MOST)


def acknowledgement(known: Judgement) -> dict[str, float]:
    """Return the part of the score for who the scanner says that it is, if it has any."""
    points = (ACKNOWLEDGED if known.label else 0.0) + (CONTRADICTED if known.contradicted else 0.0)
    return {"acknowledgement": round(points, 2)} if points else {}


def returned(facts: dict[str, Any]) -> dict[str, float]:
    """Return the part of the score for a later visit to a door that answered, if there was one."""
    return {"return": RETURNED} if facts["returns"] else {}


def answer_points(doors: int) -> float:
    """Return the points for so many doors that answered."""
    first, tenfold, most = ANSWERED
    return min(first + tenfold * log10(doors), most) if doors else 0.0


def share_of_home(targets: int, home: Sequence[Any]) -> float | None:
    """Return the share of the IPv4 home addresses that were tried; None without such networks or targets."""
    size = sum(network.num_addresses for network in home if network.version == 4)
    return round(min(targets / size, 1.0), 6) if size and targets else None


def answers(facts: dict[str, Any], first: int) -> list[dict[str, Any]]:
    """Return the doors and pages that answered the source since its first probe, in order of time (microseconds)."""
    doors = [
        {"target": address_text(row["dst_hi"], row["dst_lo"]), "port": row["port"], "at": row["answered_at"]}
        for row in facts["answered"]
    ]
    pages = [{"path": row["path"], "at": row["answered_at"]} for row in facts["found"]]
    return sorted(
        (row for row in doors + pages if row["at"] is not None and row["at"] >= first), key=lambda row: row["at"]
    )


def spoken_for(findings: list[Finding]) -> list[str]:
    """Return the reason of each finding; where a detector found several members of a team, that of its largest finding and how many."""
    by_detector: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_detector[finding.detector].append(finding)
    largest = [max(found, key=lambda f: (f.count, f.source)) for found in by_detector.values()]
    return [
        finding.reason
        if len(found) == 1
        else f"{finding.source} {finding.reason}, and {len(found) - 1:,} others did alike"
        for finding, found in zip(largest, by_detector.values(), strict=True)
    ]


def visits(returns: list[dict[str, Any]]) -> list[str]:
    """Return the sentence about who came back to a door that had answered, or none."""
    if not returns:
        return []
    first, doors = returns[0], len({(row["dst_hi"], row["dst_lo"], row["port"]) for row in returns})
    who, where = address_text(first["src_hi"], first["src_lo"]), address_text(first["dst_hi"], first["dst_lo"])
    more = f" ({doors - 1:,} more doors alike)" if doors > 1 else ""
    return [f"Later {who}, of the same network, was let in at {where} port {first['port']}, which had answered{more}."]


def reasons(findings: list[Finding], answered: list[dict[str, Any]]) -> list[str]:
    """Return the sentences of a case: what was found, and what answered."""
    sentences = [f"{reason[0].upper()}{reason[1:]}." for reason in spoken_for(findings)]
    if answered:
        told = ", ".join(
            str(door["path"] if "path" in door else f"{door['target']} port {door['port']}") for door in answered[:3]
        )
        sentences.append(
            f"{len(answered):,} of the doors tried answered: {told}{' and more' if len(answered) > 3 else ''}."
        )
    return sentences


def covering(case: Offense, allow: Sequence[Allowed]) -> Allowed | None:
    """Return the first entry of the allow list that covers a source at the time it was detected, or None."""
    return next((entry for entry in allow if entry.covers(case.source, case.detected_at)), None)


def allowed(entry: Allowed) -> dict[str, Any]:
    """Return an allow-list entry as the report shows it."""
    return {"network": str(entry.network), "who": entry.who, "why": entry.why, "until": entry.until}


def ledger(engine: Engine) -> dict[str, dict[str, int]]:
    """Return {reason: {sources, events}} of what was ordinary, without the sources that are named."""
    events = [rule for rule in noises() if rule.reads == "events"]
    selects = [
        f"SELECT $titles[{number}] AS reason, count(*) AS sources, sum(events)::BIGINT AS events "
        f"FROM ({rule.sql}) WHERE source NOT IN (FROM named) HAVING count(*) > 0"
        for number, rule in enumerate(events, 1)
    ]
    (sql,) = split_statements("vedette", "ledger")
    pages = bool(engine.rows("SELECT 1 AS found FROM duckdb_tables() WHERE table_name = 'pages'"))
    web = "UNION ALL SELECT reason, source, times FROM explained JOIN page_evidence USING (contact)" if pages else ""
    sql = sql.replace("PAGES", web).replace("RULES", "\nUNION ALL\n".join(selects))
    rows = engine.rows(sql, {"titles": [rule.title for rule in events]})
    return {row["reason"]: {"sources": row["sources"], "events": row["events"]} for row in rows}


def signature(engine: Engine, case: Offense, points: int = SIGNATURE_POINTS) -> tuple[list[tuple[int, int]], str]:
    """Return the picture of an offense: (ts, height) points in order, at most so many, and what the height is.

    The height is the port where more ports than targets were tried, the rank of the target (by
    address) where more targets, and for a scan of the web alone the rank of the path by first request.
    """
    axis = "path" if not case.targets else "port" if case.ports >= case.targets else "target"
    statements = split_statements("vedette", "signature")
    sql = statements[("port", "target", "path").index(axis)]
    rows = engine.rows(sql, {"source": source_key(case.source), "points": points})
    return [(row["ts"], row["height"]) for row in rows], axis
