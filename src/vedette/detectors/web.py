"""The web part: it runs only where the events hold web requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.detectors.direction import source_key
from vedette.detectors.files import parameters, statements
from vedette.knowledge import table

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine


PAGE_BYTES = 100
"""An answer of fewer bytes is no page that tells somebody that a name does not exist."""

GUESSED_NAMES = 12
"""So many names of parameters on one page that nobody else uses are looked at; the kind asks for more in a minute."""

LEAST_PAGES, PAGES_OF_MANY = 1, 3
"""Missing pages from which a source is looked at: of a group with an agent of its own each may ask for no more; where a crowd misses
pages, the rungs' least."""

LONE_SITES, SITE_PAGES = 12, 3
"""So many sites that nobody else asks for are looked at, of which so many pages at most were asked for: who reads a site asks for more."""

ALIKE_PAGES = 12
"""So many names with one answer are looked at; the kind asks for more in a minute."""


def prepare(engine: Engine, tests: dict[str, str], values: dict[str, Any]) -> set[str]:
    """Make the tables of the web part and return {"web"}, or return an empty set if no event is a web request."""
    if not engine.rows("SELECT 1 AS found FROM events WHERE url IS NOT NULL LIMIT 1"):
        return set()
    values |= patterns()
    values |= {
        "lowest_pages": LEAST_PAGES,
        "pages_of_many": PAGES_OF_MANY,
        "page_bytes": PAGE_BYTES,
        "alike_pages": ALIKE_PAGES,
        "lone_sites": LONE_SITES,
        "site_pages": SITE_PAGES,
        "guessed_names": GUESSED_NAMES,
    }
    agents(engine)
    crawler_networks(engine)
    for statement in statements("pages", **tests):
        engine.execute(statement, parameters(statement, values))
    return {"web"}


def patterns() -> dict[str, Any]:
    """Return the patterns of the knowledge files, each group joined into one."""
    paths, attacks = table("paths"), table("attacks")
    return {
        "sensitive": joined(paths["sensitive"]),
        "unasked": joined(paths["unasked"]),
        "assets": paths["assets"]["extensions"],
        "attack": joined(attacks["attack"]),
        "backups": joined({"backups": paths["sensitive"]["backups"]}),
    }


def joined(groups: dict[str, list[str]]) -> str:
    """Return one pattern that matches what any pattern of any group matches."""
    return "|".join(f"(?:{pattern})" for group in groups.values() for pattern in group)


def agents(engine: Engine) -> None:
    """Make `tool_agents` and `crawler_agents` from the different user agents of the log, of which there are few."""
    for statement in statements("agents"):
        engine.execute(statement, parameters(statement, agent_values()))


def agent_values() -> dict[str, Any]:
    """Return the agent patterns of tools and crawlers as lists of records."""
    tools = [
        {
            "name": tool["name"],
            "pattern": as_word(tool["pattern"]),
            "looks": tool["looks"],
            "certain": tool.get("certain", True),
        }
        for tool in table("agents")["agent"]
    ]
    crawlers = [{"name": crawler["name"], "pattern": crawler["agent"]} for crawler in table("crawlers")["crawler"]]
    return {
        "tools": tools,
        "any_tool": "|".join(tool["pattern"] for tool in tools),
        "crawlers": crawlers,
        "any_crawler": "|".join(crawler["pattern"] for crawler in crawlers),
        "charges": joined(table("attacks")["header"]),
        **program_values(),
    }


def as_word(pattern: str) -> str:
    """Return the pattern of a name that begins a word: `dfind` is a scanner, and a feed finder is none."""
    return f"(?:^|[^a-z])(?:{pattern})"


def program_values() -> dict[str, Any]:
    """Return the agents of programs that people run, and the paths that each asks of every site, as lists of records."""
    programs = list(enumerate(table("programs")["program"]))
    return {
        "programs": [{"program": number, "pattern": program["agent"]} for number, program in programs],
        "any_program": "|".join(f"(?:{program['agent']})" for _, program in programs),
        "program_paths": [
            {"program": number, "pattern": joined({"paths": program["paths"]})} for number, program in programs
        ],
    }


def crawler_networks(engine: Engine) -> None:
    """Make `crawler_networks`: the published ranges of crawlers as ranges of source keys."""
    from ipaddress import ip_network

    ranges = [
        {"name": crawler["name"], "first": source_key(str(net[0])), "last": source_key(str(net[-1]))}
        for crawler in table("crawlers")["crawler"]
        for net in map(ip_network, crawler["networks"])
    ]
    sql = "CREATE TEMP TABLE crawler_networks AS SELECT unnest($ranges::STRUCT(name VARCHAR, first BIGINT, last BIGINT)[], recursive := true)"
    engine.execute(sql, {"ranges": ranges})
