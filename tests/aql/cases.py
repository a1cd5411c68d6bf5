"""Golden queries: one file a clause in golden/, each case named by the rule that it proves.

`python -m aql.cases` (in tests/, with src/ on the path) writes SQL, rows or error of every case anew; read the difference
before you commit it, since it is the proof.
"""

from __future__ import annotations

import json
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vedette.engines.duckdb import Engine

FOLDER = Path(__file__).parent
NOW = 1_773_144_000_000
"""2026-03-10 12:00:00 UTC, the moment of every search here, in milliseconds."""

REFERENCES = [str(FOLDER / "data" / name) for name in ("badguys.txt", "teams.csv", "servers.csv", "assets.csv")]


def cases() -> list[tuple[str, dict[str, Any]]]:
    """Return (file and rule, case) of every golden query."""
    files = sorted((FOLDER / "golden").glob("*.toml"))
    parsed = [(path.stem, tomllib.loads(path.read_text("utf-8"))["case"]) for path in files]
    return [(f"{clause}: {case['rule']}", case) for clause, found in parsed for case in found]


@contextmanager
def databases() -> Iterator[Engine]:
    """Open an engine with the events of data/ in the databases of Ariel."""
    from ipaddress import ip_network

    from vedette import pipeline
    from vedette.ariel import countries, lines
    from vedette.ariel import databases as ariel
    from vedette.config import Settings
    from vedette.formats import load

    settings = Settings(home=(ip_network("198.51.100.0/24"), ip_network("198.51.100.0/30")), now=NOW * 1000)
    inputs = [str(FOLDER / "data" / name) for name in ("events.jsonl", "flows.jsonl")]
    with pipeline.loaded(inputs, settings, pipeline.EVERYTHING, None) as (engine, _):
        assert lines.load(engine, inputs, load())
        ariel.create(engine, load(), settings, REFERENCES, raw=True)
        countries.load(engine)
        yield engine


def outcome(engine: Engine, query: str) -> dict[str, str]:
    """Return what a query becomes: its SQL for both engines and its rows, or its error, or why it cannot run."""
    from vedette import aql
    from vedette.ariel import databases as ariel
    from vedette.ariel.limits import Limits
    from vedette.ariel.search import fetch

    try:
        lowered = {e: aql.lower(query, e, now=NOW, fields=ariel.fields()) for e in ("duckdb", "spark")}
    except aql.AQLError as error:
        return {"error": str(error)}
    found = {engine_name: one.text() for engine_name, one in lowered.items()}
    if lowered["duckdb"].needs:
        return found | {"needs": "; ".join(lowered["duckdb"].needs)}
    rows, _ = fetch(engine, lowered["duckdb"], Limits())
    return found | {"rows": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)}


def literal(text: str) -> str:
    """Return a text as TOML that is easy to read."""
    if "'''" in text or text.endswith("'"):
        return json.dumps(text, ensure_ascii=False)
    return f"'''\n{text}'''" if "\n" in text else f"'''{text}'''"


def write(path: Path, engine: Engine) -> None:
    """Write one golden file anew."""
    blocks = []
    for case in tomllib.loads(path.read_text("utf-8"))["case"]:
        kept = {"rule": case["rule"], "aql": case["aql"]} | outcome(engine, case["aql"])
        lines = [f"{key} = {json.dumps(value) if key == 'rule' else literal(value)}" for key, value in kept.items()]
        blocks.append("[[case]]\n" + "\n".join(lines) + "\n")
    path.write_text("\n".join(blocks), "utf-8")


if __name__ == "__main__":
    with databases() as opened:
        for golden in sorted((FOLDER / "golden").glob("*.toml")):
            write(golden, opened)
