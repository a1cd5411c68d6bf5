"""Reference data from files: NAME.txt is a set, one element a line; NAME.csv a map or a table, by its header.

A CSV file with two columns is a map, and, where keys repeat, a map of sets; with more columns it is a table whose first
column is the key. assets.csv (address, hostname, username) fills the assets instead.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

from vedette.config import UsageError

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine

MOST = 1_000_000
"""Elements of one file."""


def load(engine: Engine, paths: Sequence[str]) -> None:
    """Read reference files into the tables of tables.sql. Raise UsageError that names the file."""
    for name in paths:
        path = Path(name)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise UsageError(f"--reference {name}: cannot read it: {error.strerror or error}") from None
        except UnicodeDecodeError:
            raise UsageError(f"--reference {name}: cannot read it: it is not UTF-8") from None
        if text.count("\n") > MOST:
            raise UsageError(f"--reference {name}: more than {MOST:,} lines")
        _load(engine, path, text)


def _load(engine: Engine, path: Path, text: str) -> None:
    from vedette.ariel.databases import fill

    if path.suffix != ".csv":
        values = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip() and line[0] != "#")
        fill(engine, "reference_sets", ((path.stem, value) for value in values))
        return
    rows = [row for row in csv.reader(text.splitlines()) if row]
    if not rows or len(rows[0]) < 2 or any(len(row) != len(rows[0]) for row in rows):
        raise UsageError(f"--reference {path}: expected a header line and rows of as many columns, two at least")
    head, *body = rows
    if path.stem == "assets" and head[:2] == ["address", "hostname"]:
        fill(engine, "assets", ((_host(path, row[0]), row[1], row[2] if len(row) > 2 else None) for row in body))
    elif len(head) == 2:
        fill(engine, "reference_maps", ((path.stem, key, value) for key, value in {r[0]: r[1] for r in body}.items()))
        fill(engine, "reference_map_sets", ((path.stem, key, value) for key, value in dict.fromkeys(map(tuple, body))))
    else:
        unique = {row[0]: row for row in body}.values()
        cells = ((path.stem, field, row[0], cell) for row in unique for field, cell in zip(head, row, strict=True))
        fill(engine, "reference_tables", cells)


def _host(path: Path, text: str) -> int:
    try:
        return int(IPv4Address(text))
    except AddressValueError:
        raise UsageError(f"--reference {path}: {text!r} is no IPv4 address") from None
