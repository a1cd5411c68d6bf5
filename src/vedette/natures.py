"""What kinds an offense is of: those of its findings, and what shows in the whole of it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vedette.model import Finding

ROTATION = 8
"""Addresses of one IPv6 /64 from which a scan came, so many that it takes another one again and again: of a host with addresses
for privacy (RFC 8981) a log of a few days holds fewer."""
LIST = 12
"""Pages from which the shape of what was asked for says something."""
REGULAR = 0.8
"""Share of the pages that differ in one name alone, all else being equal: names of a list were put in its place."""
OTHERS = 0.5
"""Share of the pages that are no known weakness, from which a list of words was walked that has some of them."""


def of(findings: Sequence[Finding], pages: dict[str, Any], addresses: int) -> tuple[list[str], list[str]]:
    """Return the kinds and the techniques of an offense; `pages` is its row of page_facts, `addresses` how many of a /64 it used."""
    kinds = {kind for finding in findings for kind in (finding.kind, *finding.also)}
    techniques = {finding.technique for finding in findings}
    if addresses >= ROTATION:
        kinds.add("distributed")
    if "web_vuln" in kinds and is_list(pages):
        kinds.add("web_wordlist")
        techniques.add("T1595.003")
    return sorted(kinds), sorted(techniques)


def is_list(pages: dict[str, Any]) -> bool:
    """Tell whether the pages that somebody asked for are a list of words, whatever else they are."""
    paths = pages.get("paths", 0)
    known = max(pages.get("sensitive", 0), pages.get("attacks", 0))
    return bool(paths >= LIST and (paths - known >= OTHERS * paths or (pages.get("regular") or 0) >= REGULAR * paths))
