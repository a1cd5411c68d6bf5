"""What stands out in the ways of a web client that was named: hints, said as sentences, of which none counts as evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from vedette.knowledge import moment, table

AGENTS_READ = 100
"""User agents of a source that are looked at, the most frequent first: some tools send another one each time."""
LONGEST = 1000
"""Characters of a user agent that are looked at: whoever sends 60,000 wants to keep patterns busy."""
MANY_AGENTS = 10
"""Different user agents from which their number is said."""
LIST_SHARE = 0.8
"""Share of the first words of a known list that must have been asked for, and that must come in its order."""
HABIT = 0.9
"""Share of the requests that make a method a habit."""
FEW = 20
"""Requests below which no habit shows."""
AHEAD = 8
"""Major versions beyond the newest that can be out: early builds run two or three ahead."""
MICROS_A_DAY = 86_400_000_000

VERSION = re.compile(r"\b(Chrome|Firefox)/(\d{1,6})(?:\.\d{1,6}\.(\d{1,6})\.(\d{1,6}))?")
REVISION = re.compile(r"\brv:(\d{1,6})\.")
FROZEN = range(110, 120)
"""Versions of Firefox that say rv:109, because sites took rv:11 for Internet Explorer."""


def sentences(facts: dict[str, Any], last_seen: int) -> list[str]:
    """Return the hints of one source, from the facts that tools.py gathers; the time is in microseconds UTC."""
    requests = facts.get("requests", ())
    return [
        *known_list(facts.get("list_words", ())),
        *agent_sentences(requests, last_seen),
        *library_sentences(requests),
        *methods(requests),
    ]


def agent_of(row: dict[str, Any]) -> str:
    """Return the user agent of a row of `agent_requests`, as much of it as is looked at."""
    return str(row["user_agent"] or "")[:LONGEST]


def list_words() -> list[str]:
    """Return the words with which the known lists begin."""
    return sorted({word for entry in table("habits")["list"] for word in entry["words"]})


def known_list(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Name the list whose first words were asked for in its order; words of one moment have none."""
    first = {row["word"]: row["first_seen"] for row in rows}
    for entry in table("habits")["list"]:
        times = [first[word] for word in entry["words"] if word in first]
        ordered = sum(earlier <= later for earlier, later in pairwise(times))
        if len(times) >= LIST_SHARE * len(entry["words"]) and ordered >= LIST_SHARE * (len(times) - 1):
            of = f"{len(times)} of its first {len(entry['words'])} words"
            yield f"The paths are those of {entry['name']}: it asked for {of}, in that order."


def defaults(requests: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield (tool, why) where nearly all requests have the user agent that a tool sends unless told otherwise."""
    whole = sum(row["requests"] for row in requests)
    for entry in table("habits")["default"]:
        count = sum(row["requests"] for row in requests if re.search(entry["pattern"], agent_of(row)))
        if count >= max(FEW, HABIT * whole):
            yield entry["name"], f"{count:,} requests have the user agent of {entry['says']}"


def library_sentences(requests: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Say which HTTP library nearly all requests name: it is no tool, any tool may be built on it or borrow its name."""
    whole = sum(row["requests"] for row in requests)
    counts: dict[str, int] = {}
    for row in requests:
        if name := library(agent_of(row)):
            counts[name] = counts.get(name, 0) + row["requests"]
    for name, count in counts.items():
        if count >= HABIT * whole:
            yield f"The user agent of {count:,} requests is that of {name}, which scripts and tools are built on."


def library(agent: str) -> str | None:
    """Return the HTTP library that a user agent names, or None."""
    any_library, patterns = library_patterns()
    agent = agent.lower()
    return (
        next((name for name, pattern in patterns if pattern.search(agent)), None) if any_library.search(agent) else None
    )


@cache
def library_patterns() -> tuple[re.Pattern[str], list[tuple[str, re.Pattern[str]]]]:
    """Return one pattern for all libraries, because most agents are of none, and (name, pattern) of each."""
    known = [(entry["name"], entry["pattern"]) for entry in table("habits")["library"]]
    any_library = re.compile("|".join(f"(?:{pattern})" for _, pattern in known))
    return any_library, [(name, re.compile(pattern)) for name, pattern in known]


def agent_sentences(requests: Sequence[dict[str, Any]], last_seen: int) -> Iterator[str]:
    """Say that there are many user agents, or which one no browser sends."""
    if not requests:
        return
    if requests[0]["agents"] >= MANY_AGENTS:
        yield f"It came with {requests[0]['agents']:,} different user agents, as tools do that take another one each time."
    for row in requests:
        if reason := impossible(agent_of(row), last_seen):
            yield f"No browser sends the user agent {agent_of(row)[:120]!r}: {reason}."
            return


def impossible(agent: str, at: int) -> str | None:
    """Say why no browser can have sent a user agent by a time (microseconds UTC), or return None."""
    reasons = (says for pattern, says in contradictions() if pattern.search(agent))
    return next(reasons, None) or next(
        (found for m in VERSION.finditer(agent) if (found := misbuilt(m, agent, at))), None
    )


@cache
def contradictions() -> list[tuple[re.Pattern[str], str]]:
    """Return (pattern, sentence) of parts that no browser joins."""
    return [(re.compile(entry["pattern"]), entry["says"]) for entry in table("habits")["contradiction"]]


def misbuilt(version: re.Match[str], agent: str, at: int) -> str | None:
    """Say what is wrong with one version number in a user agent, or return None."""
    name, major = version[1], int(version[2])
    newest = newest_release(name, at)
    if major > newest + AHEAD:
        return f"{name} was at version {newest} or less at that time"
    if name == "Chrome" and version[3] and int(version[3]):
        near = chrome_build(major)
        slack = table("habits")["chrome"]["slack"]
        if near is not None and abs(int(version[3]) - near) > slack:
            return f"builds of Chrome {major} have numbers near {near}"
    revision = REVISION.search(agent)
    if name == "Firefox" and revision and int(revision[1]) != (109 if major in FROZEN else major):
        return f"its Firefox is {major} and its engine {revision[1]}"
    return None


def newest_release(name: str, at: int) -> int:
    """Return the highest major version of a browser that can be out at a time (microseconds UTC)."""
    release = table("habits")["release"][name]
    return int(release["major"] + max(0, at - moment(release["day"])) // (release["days"] * MICROS_A_DAY) + 1)


def chrome_build(major: int) -> int | None:
    """Return about which build number a major version of Chrome has, or None for one older than the table."""
    pairs: list[tuple[int, int]] = table("habits")["chrome"]["builds"]
    if major < pairs[0][0]:
        return None
    (low, first), (high, last) = next((p for p in pairwise(pairs) if major <= p[1][0]), (pairs[-2], pairs[-1]))
    return first + round((major - low) * (last - first) / (high - low))


def methods(requests: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Say which methods are a habit that ordinary clients do not have."""
    whole, heads, odd = (sum(row[key] for row in requests) for key in ("requests", "heads", "odd"))
    if whole >= FEW and heads >= HABIT * whole:
        yield f"{heads:,} of {whole:,} requests are HEAD, which only asks whether a page is there."
    if odd:
        yield f"{odd:,} of {whole:,} requests have methods that test what the server takes (TRACE, PROPFIND and the like)."
