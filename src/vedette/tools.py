"""Which tool a scanner runs: from marks in its packets and from what its user agents say.

The marks are data (knowledge/tools.toml). They name a tool and lower no threshold, because background
radiation carries the same ones. A tool is named if each of its marks is on SHARE of the packets, two
at least. How sure that is:

    confidence = min(cap, PRIOR / (PRIOR + (1 - PRIOR) * accident))

where `accident` is the chance that packets of another make carry all marks, multiplied over the marks.
Of a mark on k of n packets, each by chance with probability p = 2^-bits, it is C(n, k) p^k; of a value
that k packets share C(n, k) p^(k - 1); of numbers that follow one another (4 n p)^(n - 1); of a habit
of the whole host p, however many packets show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import lgamma, log, log2
from typing import TYPE_CHECKING, Any

from vedette import habits
from vedette.detectors.files import split_statements
from vedette.knowledge import moment, table

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine

SHARE = 0.9
"""Share of the packets that must carry a mark; the rest are retries and other programs of the same host."""
LEAST = 2
"""Packets that must carry a mark: one agrees by accident somewhere in every large log."""
PRIOR = 0.1
"""Chance that a scanner uses a given tool, before its packets are looked at."""
SPREAD = 4
"""Numbers follow one another if n of them lie within so many times n: logs lose packets."""
DECLARED, HINTED = 0.95, 0.5
"""Confidence in a user agent that names a tool, and in a tool's default that a browser had once, too."""
DOUBT = 0.5
"""Above this confidence the report says that it is the tool, else that it may be."""
ENOUGH = 5
"""Packets without a mark from which that is said."""


@dataclass(frozen=True)
class Mark:
    """One mark of a tool; knowledge/tools.toml says what the fields mean. `number` names its columns, equal marks have one."""

    number: int
    kind: str
    sql: str
    reads: tuple[str, ...]
    among: str
    bits: int
    per_source: bool
    share: float
    says: str


@dataclass(frozen=True)
class Tool:
    """One way in which a tool gives itself away; `since` is in microseconds UTC, or None."""

    name: str
    versions: str
    cap: float
    least: int
    since: int | None
    needs: tuple[str, ...]
    marks: tuple[Mark, ...]


@cache
def known() -> tuple[Tool, ...]:
    """Return the tools of knowledge/tools.toml."""
    numbers: dict[tuple[str, ...], int] = {}
    return tuple(
        Tool(
            name=entry["name"],
            versions=entry.get("versions", ""),
            cap=entry["cap"],
            least=entry.get("least", LEAST),
            since=moment(entry["since"]) if "since" in entry else None,
            needs=tuple(entry["needs"]),
            marks=tuple(mark(numbers, fields) for fields in entry["mark"]),
        )
        for entry in table("tools")["tool"]
    )


def mark(numbers: dict[tuple[str, ...], int], fields: dict[str, Any]) -> Mark:
    """Return one mark as it stands in the knowledge file; `numbers` keeps those that were given."""
    kind = next(kind for kind in ("match", "same", "run") if kind in fields)
    sql, among = fields[kind], fields.get("among", "TRUE")
    return Mark(
        number=numbers.setdefault((kind, sql, among), len(numbers)),
        kind=kind,
        sql=sql,
        reads=tuple(name for name in columns() if re.search(rf"\b{name}\b", sql)),
        among=among,
        bits=fields["bits"],
        per_source=fields.get("per") == "source",
        share=fields.get("share", SHARE),
        says=fields["says"],
    )


# ---- the facts -----------------------------------------------------------------------------------

# What tools.sql counts for each kind of mark, at each of its levels: in the end hits_N. Of how many packets, a `same` mark counts
# itself; of the others it is the packets that have the columns which the mark reads.
COUNTED = {
    "match": "count(CASE WHEN {sql} THEN 1 END) AS hits_{n}",
    "run": "min({sql}) AS low_{n}, max({sql}) AS high_{n}",
}
OF_ONE_SOURCE = {
    "match": "sum(hits_{n}) AS hits_{n}",
    "same": "sum(CASE WHEN asked = {n} AND shared IS NOT NULL THEN packets ELSE 0 END) AS of_{n}, "
    "coalesce(max(CASE WHEN asked = {n} AND shared IS NOT NULL THEN packets END), 0) AS hits_{n}",
    "run": "min(low_{n}) AS low_{n}, max(high_{n}) AS high_{n}",
}
OF_ALL_SOURCES = {
    "match": "sum(hits_{n})::BIGINT AS hits_{n}",
    "same": "sum(of_{n})::BIGINT AS of_{n}, sum(hits_{n})::BIGINT AS hits_{n}",
    "run": "(max(high_{n}) - min(low_{n}))::BIGINT AS hits_{n}",
}


def gather(engine: Engine, web: bool) -> dict[str, str]:
    """Make the tables of facts about the sources in `named`; return {fact: SELECT} of those that are lists.

    `packet_facts` has one row a source.
    """
    for statement in split_statements("vedette", "tools"):
        engine.execute(filled(statement))
    if not web:
        return {}
    methods = {"methods": table("habits")["method"]["odd"]}
    engine.execute("CREATE TEMP TABLE odd_methods AS SELECT unnest($methods::VARCHAR[])", methods)
    for statement in split_statements("vedette", "tools_pages"):
        engine.execute(statement, {"words": habits.list_words()} if "$words" in statement else None)
    return {
        "agents": "agent_facts ORDER BY requests DESC, name",
        "requests": f"agent_requests WHERE rank <= {habits.AGENTS_READ} ORDER BY rank",
        "list_words": "list_words ORDER BY first_seen, word",
    }


def filled(statement: str) -> str:
    """Return a statement of tools.sql with the expressions of all marks in the places that are kept for them."""
    asked = shared = "NULL"
    marks = {mark.number: mark for tool in known() for mark in tool.marks}.values()
    sames = [mark for mark in marks if mark.kind == "same"]
    if sames:
        asked = f"CASE {' '.join(f'WHEN {mark.among} THEN {mark.number}' for mark in sames)} END"
        shared = f"CASE {' '.join(f'WHEN {mark.among} THEN {mark.sql}' for mark in sames)} END"
    parts = {"ASKED": asked, "SHARED": shared}
    for placeholder, level in (("COUNTS", COUNTED), ("EACH", OF_ONE_SOURCE), ("WHOLE", OF_ALL_SOURCES)):
        column = "count({n}) AS {n}" if level is COUNTED else "sum({n})::BIGINT AS {n}"
        selects = [column.format(n=name) for name in columns()]
        selects += [level[mark.kind].format(n=mark.number, sql=mark.sql) for mark in marks if mark.kind in level]
        parts[placeholder] = ", ".join(selects)
    for placeholder, sql in parts.items():
        statement = re.sub(rf"\b{placeholder}\b", lambda _, sql=sql: sql, statement)  # type: ignore[misc]
    return statement


def columns() -> list[str]:
    """Return the columns of `events` without which some tool cannot be told."""
    return list(table("tools")["column"])


# ---- the verdict ---------------------------------------------------------------------------------


def told(facts: dict[str, Any], last_seen: int) -> dict[str, Any] | None:
    """Return {name, confidence, why} of the tool that is most certain, or None; the time is in microseconds UTC."""
    marks = [*packet_marks(facts.get("packet_facts") or {}, last_seen), *agent_marks(facts)]
    if not marks:
        return None
    confidence, name, why = max(marks, key=lambda mark: (mark[0], mark[1]))
    return {"name": name, "confidence": confidence, "why": why}


def packet_marks(packets: dict[str, Any], last_seen: int) -> Iterator[tuple[float, str, str]]:
    """Yield (confidence, tool, why) for each tool all of whose marks the packets of a source carry."""
    for tool in known() if packets else ():
        counts = [(mark, packets[f"hits_{mark.number}"] or 0, asked_of(mark, packets)) for mark in tool.marks]
        if (tool.since is not None and last_seen < tool.since) or not all(carried(tool, *count) for count in counts):
            continue
        odds = sum(accident(*count) for count in counts)
        says = ", ".join(mark.says.format(hits=f"{hits:,}", of=f"{of:,}") for mark, hits, of in counts)
        sent = f", as versions {tool.versions} send" if tool.versions else ""
        yield confidence(tool.cap, odds), tool.name, f"{says}{sent}; {by_chance(odds)}"


def asked_of(mark: Mark, packets: dict[str, Any]) -> int:
    """Return how many packets could carry a mark: those that have what it reads."""
    return int(packets[f"of_{mark.number}"] if mark.kind == "same" else min(packets[name] for name in mark.reads))


def carried(tool: Tool, mark: Mark, hits: int, of: int) -> bool:
    """Tell whether enough packets carry a mark; of a run, `hits` is how far its numbers lie apart."""
    if of < max(LEAST, tool.least):
        return False
    if mark.kind == "run":
        return of - 1 <= 2 * hits and hits <= SPREAD * of
    return hits >= LEAST and hits >= mark.share * of


def accident(mark: Mark, hits: int, of: int) -> float:
    """Return the logarithm to base 2 of the chance that packets of another make carry a mark; see above."""
    if mark.per_source:
        return -float(mark.bits)
    if mark.kind == "run":
        return min(0.0, (of - 1) * (log2(SPREAD * of) - mark.bits))
    ways = (lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)) / log(2)
    return min(0.0, ways - (hits - (mark.kind == "same")) * mark.bits)


def confidence(cap: float, odds: float) -> float:
    """Return how sure a tool is, from the logarithm of the odds of an accident; the formula is at the top of this file."""
    return round(min(cap, PRIOR / (PRIOR + (1 - PRIOR) * float(2.0 ** max(odds, -1000.0)))), 2)


def by_chance(odds: float) -> str:
    """Say how likely an accident is."""
    return "by chance less than once in a billion" if odds < -30 else f"by chance once in {round(2**-odds):,}"


def agent_marks(facts: dict[str, Any]) -> Iterator[tuple[float, str, str]]:
    """Yield (confidence, tool, why) for each tool that user agents name, or whose default they are."""
    for row in facts.get("agents", ()):
        why = f"{row['requests']:,} requests name it: {row['user_agent'][:120]!r}"
        yield DECLARED if row["certain"] else HINTED, row["name"], why
    yield from ((HINTED, name, why) for name, why in habits.defaults(facts.get("requests", ())))


def sentences(named: dict[str, Any] | None, facts: dict[str, Any], last_seen: int) -> list[str]:
    """Return what a case says of its tool: which one, what else of its ways stands out, or why the log does not tell."""
    said = habits.sentences(facts, last_seen)
    if named:
        be = "is" if named["confidence"] > DOUBT else "may be"
        return [f"The tool {be} {named['name']}: {named['why']}.", *said]
    packets = facts.get("packet_facts") or {}
    return [*said, *filter(None, [lacking(packets) or markless(packets)])]


def lacking(packets: dict[str, Any]) -> str | None:
    """Say which columns the log lacks for telling the tool, with the switch that turns each on; None if it has all."""
    missing = [name for name in columns() if packets.get("syns") and not packets[name]]
    if not missing:
        return None
    column = table("tools")["column"]
    names = " and no ".join(column[name]["title"] for name in missing)
    tools = sorted({tool.name for tool in known() if set(tool.needs) & set(missing)})
    switches = "; ".join(dict.fromkeys(column[name]["switch"] for name in missing))
    return f"The tool cannot be told: the log has no {names}, by which {', '.join(tools)} give themselves away ({switches})."


def markless(packets: dict[str, Any]) -> str | None:
    """Say that packets carry no mark, if there are enough of them."""
    if packets.get("syns", 0) < ENOUGH:
        return None
    return (
        f"None of the known marks is in its {packets['syns']:,} packets: a tool that is not known, or one that lets the "
        "operating system connect (nmap -sT, RustScan, netcat, scripts)."
    )
