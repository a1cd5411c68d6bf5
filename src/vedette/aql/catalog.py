"""What AQL knows by name: the fields of each database and the functions, read from columns.toml and functions.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Database:
    """One database: its fields with their types, and what of the SQL relation AQL does not name (see columns.toml).

    `open` marks a database whose fields are not known, where any name is taken.
    """

    name: str
    fields: dict[str, str]
    star: tuple[str, ...] = ()
    time: str | None = None
    order: str | None = None
    halves: dict[str, str] = field(default_factory=dict)
    open: bool = False


@dataclass(frozen=True)
class Function:
    """One function; see functions.toml for what each part means."""

    name: str
    arity: tuple[int, int]
    args: tuple[str, ...] = ("plain",)
    returns: str = "text"
    aggregate: bool = False
    special: bool = False
    sql: str | dict[str, str] | None = None
    spark: str | dict[str, str] | None = None
    lookup: dict[str, Any] | None = None
    console: str | None = None

    def template(self, engine: str, arguments: int) -> str:
        """Return the SQL of this function for an engine and a number of arguments."""
        text = self.spark if engine == "spark" and self.spark else self.sql
        return text[str(arguments)] if isinstance(text, dict) else str(text)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("vedette.aql") / name).read_text(encoding="utf-8"))


@cache
def databases() -> dict[str, Database]:
    """Return the databases by name."""
    found = {}
    for name, raw in _table("columns.toml").items():
        types = {column: kind for kind, columns in raw.get("types", {}).items() for column in columns}
        given = {key: raw[key] for key in ("time", "order", "halves", "open") if key in raw}
        found[name] = Database(name, types, tuple(raw.get("star", ())), **given)
    return found


@cache
def functions() -> dict[str, Function]:
    """Return the functions by name, in upper case."""
    found = {}
    for name, raw in _table("functions.toml").items():
        args = tuple(raw.get("args", ("plain",)))
        arity = tuple(raw.get("arity", (len(args), len(args))))
        found[name] = Function(name, **(raw | {"args": args, "arity": arity}))
    return found


def is_aggregate(name: str) -> bool:
    """Tell whether *name*, in any case, is a function of many rows."""
    function = functions().get(name.upper())
    return function is not None and function.aggregate
