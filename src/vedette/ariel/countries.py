"""Countries of addresses, for GEO::LOOKUP: where a registry has allocated an address, looked up in a table that comes with iptocc."""

from __future__ import annotations

from importlib.resources import files
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine


def load(engine: Engine) -> None:
    """Fill the table `geo` with the country, two letters, of every IPv4 address that was read."""
    from iptocc import country_code

    from vedette.ariel.databases import fill

    read = engine.rows((files("vedette.ariel") / "addresses.sql").read_text(encoding="utf-8"))
    found = ((row["address"], country_code(str(IPv4Address(row["address"])))) for row in read)
    fill(engine, "geo", ((address, country) for address, country in found if country))
