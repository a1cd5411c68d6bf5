"""Scanners that say who they are: a label with owner, list and date, never a reason to drop or to hide an offense.

Networks come from the user's files, from the warning lists that pymispwarninglists carries, and from what
the owners of crawlers publish. Both packages are read as data, without importing them, and only when there
is an offense. Whoever claims to be one of these owners, from an address that none of its lists has, lies or is newer than
the list: that raises the score.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from vedette.habits import agent_of
from vedette.knowledge import table
from vedette.networks import Listed, name, version_date

CRAWLERS_OF = "2025"
"""The state of knowledge/crawlers.toml."""
CLAIMS_READ = 20
"""User agents of one offense that are asked for a claim, the most frequent first."""
TAGS = {"scanner", "academic", "search-engine", "seo", "monitoring", "ai-crawler", "archiver"}
"""What crawler-user-agents says of agents that claim an owner; libraries and browsers under automation claim none."""
HINTS = ("bot", "crawl", "spider", "scan", "inspect", "research", "measure", "survey", "http", "expanse", "@")
"""One of these is in nearly every agent that names its owner, and in no browser's."""

_SIZES = {4: 32, 6: 128}
_LITERAL = re.compile(r"(?:[^\\.^$*+?()\[\]{}|]|\\[./\-+ ()])+")


class Owner(NamedTuple):
    """Who owns a network, by which list, of which date; `crawler` if it counts only together with the claim."""

    owner: str
    list: str
    date: str
    crawler: bool = False


@dataclass
class Judgement:
    """What the lists say of one offense: {owner, list, date} or None, whether a claim is contradicted, the sentences."""

    label: dict[str, Any] | None = None
    contradicted: bool = False
    sentences: list[str] = field(default_factory=list)


class Ranges:
    """Networks with their owners: the owners of an address are found by one look for each length of prefix."""

    def __init__(self) -> None:
        self._found: dict[int, dict[int, dict[int, list[Owner]]]] = {4: {}, 6: {}}

    def add(self, version: int, address: int, prefix: int, owner: Owner) -> None:
        """Add a network by its first address and the length of its prefix."""
        owners = self._found[version].setdefault(prefix, {})
        owners.setdefault(address >> (_SIZES[version] - prefix), []).append(owner)

    def owners(self, version: int, address: int, prefix: int) -> list[Owner]:
        """Return the owners of a network, or of an address as the smallest one: by the smallest listed network first."""
        size, found = _SIZES[version], self._found[version]
        return [
            owner
            for length in sorted(found, reverse=True)
            if length <= prefix
            for owner in found[length].get(address >> (size - length), ())
        ]


class Acknowledged:
    """All lists, and what they say of an offense."""

    def __init__(self, given: Sequence[Listed] = ()) -> None:
        self._given, self._packed = Ranges(), Ranges()
        self._owners: dict[str, Owner] = {}
        for entry in given:
            owner = Owner(entry.owner, entry.list, entry.date)
            network = entry.network
            self._given.add(network.version, int(network.network_address), network.prefixlen, owner)
            self._owners.setdefault(owner.owner.lower(), owner)
        for version, address, prefix, owner in (*packed(), *crawlers()):
            self._packed.add(version, address, prefix, owner)
            self._owners.setdefault(owner.owner.lower(), owner)

    def judge(self, sources: Sequence[str], requests: Sequence[dict[str, Any]] = ()) -> Judgement:
        """Return what the lists say of the sources of one offense (addresses or networks) and of its user agents."""
        requests = requests[:CLAIMS_READ]
        claims = claimed(requests)
        owners = [self._owners_of(source, claims) for source in sources]
        judgement = Judgement()
        self._labelled(judgement, owners)
        for claim, (count, agent) in claims.items():
            self._checked(judgement, claim, count, agent, owners)
        if not claims:
            judgement.sentences += unlisted(requests)
        return judgement

    def _owners_of(self, source: str, claims: dict[str, tuple[int, str]]) -> list[Owner]:
        """Return the owners of a source, those of the user's own files first; a crawler's only where it is claimed."""
        network = numbers(source)
        known = [*self._given.owners(*network), *self._packed.owners(*network)] if network else []
        return [owner for owner in known if not owner.crawler or owner.owner in claims]

    def _labelled(self, judgement: Judgement, owners: list[list[Owner]]) -> None:
        """Set the label if all sources are one owner's; else say how many are whose."""
        counts: dict[str, int] = {}
        first: dict[str, Owner] = {}
        for known in owners:
            for owner in {owner.owner: owner for owner in reversed(known)}.values():
                counts[owner.owner] = counts.get(owner.owner, 0) + 1
                first.setdefault(owner.owner, owner)
        order = [owner.owner for owner in (owners[0] if owners else [])]
        for who in sorted(
            counts, key=lambda who: (-counts[who], order.index(who) if who in order else len(order), who)
        )[:1]:
            owner, whole = first[who], counts[who] == len(owners)
            if whole:
                judgement.label = {"owner": owner.owner, "list": owner.list, "date": owner.date}
            verb = "is" if counts[who] == 1 else "are"
            some = "Its address is" if len(owners) == 1 else f"{counts[who]:,} of its {len(owners):,} addresses {verb}"
            judgement.sentences.append(f"{some} of {owner.owner}, which scans openly, by {said(owner)}.")

    def _checked(self, judgement: Judgement, claim: str, count: int, agent: str, owners: list[list[Owner]]) -> None:
        """Hold a claim to the lists of the owner that is claimed, if there is one."""
        listed = self._owners.get(claim.lower())
        if listed is None or any(owner.owner.lower() == claim.lower() for known in owners for owner in known):
            return
        judgement.contradicted = True
        judgement.sentences.append(
            f"{count:,} requests claim to be {claim} ({agent[:120]!r}), but the address is in none of its ranges, by {said(listed)}."
        )


def said(owner: Owner) -> str:
    """Name a list with its date, as a sentence does."""
    return f"{owner.list} of {owner.date}" if owner.date else owner.list


def claimed(requests: Iterable[dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """Return {owner: (requests, user agent)} of the owners that user agents claim to be and whose lists may be known."""
    claims: dict[str, tuple[int, str]] = {}
    any_claim, patterns = claim_patterns()
    for row in requests:
        agent = agent_of(row)
        if not any_claim.search(agent.lower()):
            continue
        for owner in (owner for owner, pattern in patterns if pattern.search(agent.lower())):
            count, first = claims.get(owner, (0, agent))
            claims[owner] = (count + row["requests"], first)
    return claims


@cache
def claim_patterns() -> tuple[re.Pattern[str], list[tuple[str, re.Pattern[str]]]]:
    """Return one pattern for all claims that are known here, and (owner, pattern) of each."""
    claims = [(entry["owner"], entry["pattern"]) for entry in table("acknowledged")["claim"]]
    claims += [(entry["name"], entry["agent"]) for entry in table("crawlers")["crawler"]]
    any_claim = re.compile("|".join(f"(?:{pattern})" for _, pattern in claims))
    return any_claim, [(owner, re.compile(pattern)) for owner, pattern in claims]


def unlisted(requests: Iterable[dict[str, Any]]) -> list[str]:
    """Say which crawler or scanner user agents name that no list of addresses here can confirm; the most frequent first."""
    hinted = [row for row in requests if any(hint in agent_of(row).lower() for hint in HINTS)]
    for row in hinted:
        found = next((entry for entry in known_agents() if entry[0] in agent_of(row)), None)
        if found:
            who, url = found[1], f", {found[2]}" if found[2] else ""
            return [
                f"{row['requests']:,} requests call themselves {who} (crawler-user-agents{url}); no list here has its addresses."
            ]
    return []


@cache
def known_agents() -> list[tuple[str, str, str]]:
    """Return (part of the agent, name, URL) of the crawlers of crawler-user-agents whose pattern is a plain text."""
    file = folder("crawleruseragents") / "crawler-user-agents.json"
    try:
        entries = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    found = []
    for entry in entries:
        pattern = str(entry.get("pattern", ""))
        if TAGS & set(entry.get("tags", ())) and _LITERAL.fullmatch(pattern) and len(pattern) > 3:
            text = re.sub(r"\\(.)", r"\1", pattern)
            found.append((text, name(text.strip(" /+(")), name(str(entry.get("url") or ""))))
    return sorted(found, key=lambda entry: (-len(entry[0]), entry))


def folder(package: str) -> Path:
    """Return where an installed package of data lies, without running it; a folder that does not exist if it is absent."""
    spec = find_spec(package)
    return Path(next(iter(spec.submodule_search_locations or ()), "")) if spec else Path("\0absent")


def packed() -> Iterator[tuple[int, int, int, Owner]]:
    """Yield (version, address, prefix, owner) of the networks in the warning lists of scanners and crawlers.

    A list whose version is no date has the newest date of its package, whose state it is.
    """
    known = table("acknowledged")
    lists: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(warning_lists()):
        if path.name in known["crawlers"] or any(fnmatch(path.name, pattern) for pattern in known["lists"]):
            loaded = warning_list(path / "list.json")
            lists += [(path.name, loaded)] if loaded else []
    dates = {key: version_date(loaded.get("version")) for key, loaded in lists}
    newest = max(dates.values(), default="")
    for key, loaded in sorted(lists, key=lambda entry: (dates[entry[0]], entry[0]), reverse=True):
        crawler = key in known["crawlers"]
        owner = Owner(
            known["crawlers"].get(key) or owner_of(key), f"MISP warning list {key}", dates[key] or newest, crawler
        )
        for text in loaded["list"]:
            if network := numbers(str(text)):
                yield (*network, owner)


def warning_lists() -> list[Path]:
    """Return the folders of the installed warning lists; none if the package is absent."""
    try:
        return list((folder("pymispwarninglists") / "data" / "misp-warninglists" / "lists").iterdir())
    except (OSError, ValueError):
        return []


def warning_list(path: Path) -> dict[str, Any] | None:
    """Return a warning list of networks, or None if the file is none."""
    try:
        loaded = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    good = isinstance(loaded, dict) and loaded.get("type") == "cidr" and isinstance(loaded.get("list"), list)
    return loaded if good else None


def owner_of(key: str) -> str:
    """Return what the owner of a list is called, from the name of its folder."""
    names = table("acknowledged")["names"]
    for ending in names["endings"]:
        key = key.removesuffix(ending)
    return str(names.get(key) or key.replace("-", " ").capitalize())


def crawlers() -> Iterator[tuple[int, int, int, Owner]]:
    """Yield (version, address, prefix, owner) of the ranges that owners of crawlers publish."""
    for crawler in table("crawlers")["crawler"]:
        owner = Owner(crawler["name"], f"the ranges that {crawler['name']} publishes", CRAWLERS_OF, True)
        for text in crawler["networks"]:
            if network := numbers(text):
                yield (*network, owner)


def numbers(text: str) -> tuple[int, int, int] | None:
    """Return (version, address, prefix) of a CIDR, or None for what is none; ten times as fast as ip_network."""
    address, _, prefix = text.partition("/")
    version, family = (6, socket.AF_INET6) if ":" in address else (4, socket.AF_INET)
    try:
        value = int.from_bytes(socket.inet_pton(family, address), "big")
        length = int(prefix) if prefix else _SIZES[version]
    except (OSError, ValueError):
        return None
    return (version, value, length) if 0 <= length <= _SIZES[version] else None
