"""Times AQL: importing it, lowering a query, and searching ten million stored events.

python -m bench.aql [--rows 10000000] [--passes 5]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from vedette import aql
from vedette.ariel import databases
from vedette.config import Settings
from vedette.engines.duckdb import Engine
from vedette.formats import load
from vedette.schema import ddl

QUERIES = {
    "INCIDR and GROUP BY": """
        SELECT sourceip, UNIQUECOUNT(destinationport) AS ports, SUM(eventcount) AS n FROM events
        WHERE INCIDR('198.51.100.0/22', destinationip) AND NOT INCIDR('10.0.0.0/8', sourceip) AND category = 4003
        GROUP BY sourceip HAVING n > 100 ORDER BY n DESC LIMIT 20 LAST 24 HOURS""",
    "a narrow INCIDR": """
        SELECT destinationport, SUM(eventcount) AS n FROM events WHERE INCIDR('203.0.112.0/20', sourceip)
        GROUP BY destinationport ORDER BY n DESC LIMIT 20 LAST 24 HOURS""",
    "names of log sources": """
        SELECT LOGSOURCENAME(logsourceid) AS name, CATEGORYNAME(category) AS category, SUM(eventcount) AS n FROM events
        GROUP BY name, category ORDER BY n DESC LAST 24 HOURS""",
}
NOW = 1_773_187_200_000
"""The end of the stored day, in milliseconds since 1970 UTC."""


def seconds(work: Callable[[], object], passes: int) -> list[float]:
    """Return the wall seconds of each pass."""
    walls = []
    for _ in range(passes):
        begun = time.perf_counter()
        work()
        walls.append(time.perf_counter() - begun)
    return walls


def told(label: str, walls: list[float]) -> None:
    """Print the median and the best of a measurement."""
    print(f"{label}: median {statistics.median(walls) * 1e3:.1f} ms, best {min(walls) * 1e3:.1f} ms of {len(walls)}")


def stored(rows: int) -> Engine:
    """Return an engine, two threads, that holds *rows* events in the databases of AQL."""
    formats = load()
    number = next(place for place, fmt in enumerate(formats) if fmt.name == "netfilter")
    engine = Engine(large=True, threads=2)
    engine.execute(ddl("stored"))
    engine.execute(
        (Path(__file__).parent / "sql" / "synthetic_events.sql").read_text(), {"rows": rows, "format": number}
    )
    databases.create(engine, formats, Settings())
    return engine


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.aql", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--passes", type=int, default=5)
    given = parser.parse_args(arguments)
    load_it = [
        sys.executable,
        "-c",
        "import time; t = time.perf_counter(); import vedette.aql; print(time.perf_counter() - t)",
    ]
    told("import", [float(subprocess.check_output(load_it)) for _ in range(given.passes + 1)][1:])
    original = (files("vedette.content") / "aql" / "t1595-original.aql").read_text(encoding="utf-8")
    aql.transpile(original)
    told("parse and lower the original query", seconds(lambda: aql.transpile(original), 50))
    with stored(given.rows) as engine:
        for label, query in QUERIES.items():
            text = aql.transpile(query, now=NOW, fields=databases.fields())
            told(f"{label}, {given.rows:,} events", seconds(lambda text=text: engine.rows(text), given.passes))  # type: ignore[misc]
    return 0


if __name__ == "__main__":
    sys.exit(main())
