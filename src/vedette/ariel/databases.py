"""The databases `events` and `flows` as AQL sees them, as views over what was read, and the tables that name their numbers."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Network, ip_network
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from vedette.aql.coerce import MAPPED, signed
from vedette.schema import PROTOCOLS

if TYPE_CHECKING:
    from vedette.config import Settings
    from vedette.engines.duckdb import Engine
    from vedette.formats import Format
    from vedette.networks import Network

ALL = (1 << 128) - 1
"""Addresses of IPv6, less one."""

ROWS = 1000
"""Rows of one INSERT."""


def _text(name: str) -> str:
    return (files("vedette.ariel") / name).read_text(encoding="utf-8")


@cache
def properties() -> dict[str, dict[str, str]]:
    """Return the custom properties: name -> type, sql, meaning."""
    return tomllib.loads(_text("properties.toml"))


@cache
def names() -> dict[str, Any]:
    """Return names.toml."""
    return tomllib.loads(_text("names.toml"))


def fields() -> dict[str, str]:
    """Return the custom properties with their types, for vedette.aql."""
    return {name: entry["type"] for name, entry in properties().items()}


def number_of(text: str) -> int:
    """Return the stable number of a text, 31 bits: that of the macro of the same name."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[:8], "little") >> 33


def title(fmt: Format) -> str:
    """Return what LOGSOURCETYPENAME calls a format."""
    return str(names()["types"].get(fmt.name, fmt.title.split(":")[0]))


def create(
    engine: Engine, formats: Sequence[Format], settings: Settings, references: Sequence[str] = (), *, raw: bool = False
) -> None:
    """Make the views and the dimension tables. The engine has what was read in a table `stored`, and its lines in `raw` if so."""
    titles = [title(fmt) for fmt in formats]
    only, too = (numbers(formats, names()[key]) for key in ("flows_only", "flows_too"))
    custom = [f'{entry["sql"]} AS "{name}"' for name, entry in properties().items()]
    home = home_networks(settings)
    values = {
        "$names": sql_list(fmt.name for fmt in formats),
        "$titles": sql_list(titles),
        "$types": "[" + ", ".join(f"{number_of(name)}::BIGINT" for name in titles) + "]",
        "$home_source": home_test(home, "src"),
        "$home_target": home_test(home, "dst"),
        "$properties": ",\n  ".join(custom),
        "$raw": "raw.word, raw.line" if raw else "CAST(NULL AS VARCHAR) AS word, CAST(NULL AS VARCHAR) AS line",
        "$join": "LEFT JOIN raw ON raw.record = stored.record" if raw else "",
        "$flows_only": only,
        "$flow_formats": f"{only}, {too}",
    }
    engine.execute(_text("macros.sql"))
    engine.execute(_text("tables.sql"))
    fill(engine, "categories", ((int(number), name) for number, name in names()["categories"].items()))
    fill(engine, "protocols", protocols())
    fill(engine, "logsourcetypes", {number_of(name): name for name in titles}.items())
    fill(engine, "domains", [(0, "Default Domain")])
    fill(engine, "processors", [(0, "vedette")])
    fill(engine, "networks", segments(home))
    from vedette.ariel.references import load

    load(engine, references)
    for name in ("dimensions.sql", "events.sql", "flows.sql"):
        engine.execute(filled(_text(name), values))


def numbers(formats: Sequence[Format], wanted: Iterable[str]) -> str:
    """Return the numbers of the formats of these names as an SQL list; -1, which none has, keeps it from being empty."""
    return ", ".join(["-1", *(str(place) for place, fmt in enumerate(formats) if fmt.name in set(wanted))])


def filled(text: str, values: dict[str, str]) -> str:
    """Return *text* with each $name of *values* replaced, longer names first."""
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(name, values[name])
    return text


def sql_list(texts: Iterable[str]) -> str:
    """Return texts as a list of SQL strings."""
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def quoted(value: Any) -> str:
    """Return a value as an SQL literal."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def fill(engine: Engine, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a small table."""
    texts = ["(" + ", ".join(map(quoted, row)) + ")" for row in rows]
    for start in range(0, len(texts), ROWS):
        engine.execute(f"INSERT INTO {table} VALUES {', '.join(texts[start : start + ROWS])}")


def protocols() -> Iterable[tuple[int, str]]:
    """Return numbers and names of protocols, QRadar's where it has its own."""
    own = {int(number): name for number, name in names()["protocols"].items()}
    return ({number: name for name, number in PROTOCOLS.items()} | own).items()


def home_networks(settings: Settings) -> dict[Network, str]:
    """Return our networks with their names: those of --home, by their text, else the default hierarchy of a console."""
    if settings.home:
        return {network: str(network) for network in settings.home}
    return {ip_network(text): name for text, name in names()["networks"].items()}


def segments(networks: dict[Network, str]) -> list[tuple[int, int, str]]:
    """Return disjoint ranges of IPv4 addresses as (first, last, name): of nested networks the innermost names an address."""
    nets = sorted(
        ((net, name) for net, name in networks.items() if isinstance(net, IPv4Network)), key=lambda n: n[0].prefixlen
    )
    edges = sorted({edge for net, _ in nets for edge in (int(net[0]), int(net[-1]) + 1)})
    found = []
    for first, after in pairwise(edges):
        inside = [name for net, name in nets if int(net[0]) <= first <= int(net[-1])]
        if inside:
            found.append((first, after - 1, inside[-1]))
    return found


def home_test(networks: Iterable[Network], side: str) -> str:
    """Return the SQL test that an address (NAME_hi, NAME_lo) is in one of the networks."""
    tests = []
    for net in networks:
        first, last = int(net[0]), int(net[-1])
        if isinstance(net, IPv4Network):
            first, last = first + MAPPED, last + MAPPED
        low, high = signed(first >> 64), signed(last >> 64)
        test = f"{side}_hi BETWEEN {low} AND {high}"
        if low == high:
            mask = (1 << 64) - 1
            test += f" AND {side}_lo BETWEEN {signed(first & mask)} AND {signed(last & mask)}"
        tests.append(f"({test})" if last - first != ALL else "TRUE")
    return "(" + (" OR ".join(tests) or "FALSE") + ")"
