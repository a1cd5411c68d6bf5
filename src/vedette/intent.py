"""What a scanner was after: the services and products that its ports and paths belong to (knowledge/products.toml)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vedette.detectors.files import parameters, split_statements
from vedette.knowledge import table
from vedette.schema import PROTOCOLS

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine

WIDE = 30
"""Ports from which a scan is after whatever listens, and no single port says anything."""
KNOWN = 1 / 3
"""Share of the ports tried that products must have: whoever counts up from 1 meets some by the way."""
SHOWN = 6
"""Products that are named; the others are counted."""


def gather(engine: Engine, web: bool) -> dict[str, str]:
    """Make the tables of what each offense was after; return {fact: SELECT}. Reads `led` and the detectors' tables."""
    known = table("products")
    values = {
        "ports": [{"proto": PROTOCOLS[entry.get("proto", "tcp")], "port": entry["port"]} for entry in known["port"]],
        "products": [{"product": number, "pattern": entry["pattern"]} for number, entry in enumerate(known["path"])],
        "any_product": "|".join(f"(?:{entry['pattern']})" for entry in known["path"]),
    }
    for name in ("intent", "intent_pages") if web else ("intent",):
        for statement in split_statements("vedette", name):
            engine.execute(statement, parameters(statement, values))
    ports = {"sought_ports": "sought_ports ORDER BY targets DESC, port, proto"}
    return ports | ({"sought_products": "sought_products ORDER BY pages DESC, product"} if web else {})


def sought(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of products.toml that an offense was after: by path, then by port, each by how much it was asked for."""
    known = table("products")
    ports = {(PROTOCOLS[entry.get("proto", "tcp")], entry["port"]): entry for entry in known["port"]}
    found = [known["path"][row["product"]] for row in facts.get("sought_products", ())]
    met, tried = facts.get("sought_ports", ()), (facts.get("door_facts") or {}).get("ports", 0)
    if tried <= WIDE and len(met) >= KNOWN * tried:
        found += [ports[row["proto"], row["port"]] for row in met]
    return list({entry["name"]: entry for entry in reversed(found)}.values())[::-1]


def has_hole(entries: list[dict[str, Any]]) -> bool:
    """Tell whether any of the products is known for a weakness that is scanned for."""
    return any(entry.get("cve") for entry in entries)


def sentences(entries: list[dict[str, Any]]) -> list[str]:
    """Say what an offense was after, products with known weaknesses first."""
    if not entries:
        return []
    first = sorted(entries, key=lambda entry: not entry.get("cve"))[:SHOWN] if len(entries) > SHOWN else entries
    named = ", ".join(" ".join([entry["name"], *entry.get("cve", ())]) for entry in first)
    more = f", and {len(entries) - len(first):,} more" if len(entries) > len(first) else ""
    return [f"It was after: {named}{more}."]
