"""From events to findings: contacts, what is ordinary about them, and how many distinct ones a window holds.

`detect` is a pure function of the stored events in event time. Its stages are SQL files, and each
leaves a table that the next one, the scoring and `vedette why` read:

    events -> contacts -> evidence -> explained -> unexplained -> observed -> findings -> walked -> groups -> teams
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.detectors import groups, ladder, teams, walk, web
from vedette.detectors.direction import outside, towards
from vedette.detectors.files import detectors, noises, parameters, statements
from vedette.knowledge import ports

if TYPE_CHECKING:
    from vedette.config import Settings
    from vedette.engines.duckdb import Engine
    from vedette.model import Finding

__all__ = ["detect", "detectors", "noises"]

LOWEST = 5
"""Sources with fewer refused doors are background: four accidents are ordinary, and no rung asks for less."""

NEIGHBOURS = 8
"""Hosts of the same 256 addresses that anybody knocked on: with fewer, nobody can tell how many callers a door usually has."""

MEETINGS = 5
"""Hosts that answers at random would have come to twice: with fewer expected, their absence says nothing."""

PORTLESS = 20
"""Packets of SCTP and the like to one host, which are logged without ports, from which they are a scan of ports: retries of an association are eight (RFC 9260)."""

APART = 0.5
"""Of the callers of a door, so many at different minutes: unrelated ones come at their own times."""

MASK_SLACK = 1
"""How many doors the cheap count of contacts.sql may miss by chance."""

CROWD = 50_000
"""Sources above which the smallest are left out of the search for groups."""

NUMBERS = {
    "lowest": LOWEST,
    "floor": LOWEST - MASK_SLACK,
    "neighbours": NEIGHBOURS,
    "meetings": MEETINGS,
    "portless": PORTLESS,
    "apart": APART,
    "crowd": CROWD,
}
"""By the names that contacts.sql gives them."""


def detect(engine: Engine, settings: Settings) -> list[Finding]:
    """Find who scans in the table `events`; leave the tables of each stage behind for scoring.

    Results do not depend on the order of rows. Two calls need two engines, because the tables have fixed names.
    """
    values: dict[str, Any] = {}
    tests = {"OUTSIDE": outside(settings.home, values), "TOWARDS": towards(settings.home, values)}
    services, purposes = ports()
    values |= NUMBERS
    values |= {"service_ports": services, "purposes": purposes}
    for statement in statements("contacts", **tests):
        engine.execute(statement, parameters(statement, values))
    reads = {"network"} | web.prepare(engine, tests, values)
    explain(engine, reads)
    observe(engine, reads)
    found = ladder.climb(engine, reads, tests, values)
    found += walk.walk(engine, found, reads, tests, values)
    found += groups.join(engine, reads, tests, values, settings.allow)
    return found + teams.merge(engine, found, reads, settings.allow)


def explain(engine: Engine, reads: set[str]) -> None:
    """Fill `explained` (contact, reason) from the noise rules and make `unexplained` and `unexplained_pages`."""
    rules = [rule for rule in noises() if rule.reads in reads]
    selects = [f"SELECT contact, {number} AS rule FROM ({rule.sql})" for number, rule in enumerate(rules)]
    values: dict[str, Any] = {"titles": [rule.title for rule in rules]}
    for rule in rules:
        values |= rule.knobs
    stages = statements("explained", RULES="\nUNION ALL\n".join(selects))
    if "web" in reads:
        stages += statements("explained_pages")
    for statement in stages:
        engine.execute(statement, parameters(statement, values))


def observe(engine: Engine, reads: set[str]) -> None:
    """Fill `observed` (detector, source, grp, thing, contact) with the groups that could reach a rung at all."""
    chosen = [(number, detector) for number, detector in enumerate(detectors()) if detector.reads in reads]
    selects = [f"SELECT {number} AS detector, source, grp, thing, contact FROM ({d.sql})" for number, d in chosen]
    values: dict[str, Any] = {"numbers": [number for number, _ in chosen]}
    values["lowest_rungs"] = [min(rung.at_least for rung in d.rungs) for _, d in chosen]
    for _, d in chosen:
        values |= d.knobs
    for statement in statements("observed", KINDS="\nUNION ALL\n".join(selects)):
        engine.execute(statement, parameters(statement, values))
