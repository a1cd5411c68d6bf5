"""Reads a log without understanding it, and with regular expressions: the yardsticks beside which a parser is measured.

    python -m bench.plain read|SQL LOG

SQL names a query of bench/sql. One result a line goes to stdout.
"""

from __future__ import annotations

import sys
from pathlib import Path

SQL = Path(__file__).parent / "sql"
BUFFER = 4 << 20


def read(log: str) -> list[str]:
    """Read `log` in buffers of 4 MiB and count its lines. Raises OSError."""
    import numpy as np

    buffer = bytearray(BUFFER)
    view, lines = np.frombuffer(buffer, np.uint8), 0
    with Path(log).open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            lines += int(np.count_nonzero(view[:size] == 10))
    return [str(lines)]


def query(name: str, log: str) -> list[str]:
    """Run the query `name` of bench/sql on `log` with as many threads as there are cores. Raises OSError, duckdb.Error."""
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute((SQL / f"{name}.sql").read_text(), {"log": log}).fetchall()
    return ["\t".join(str(value) for value in row) for row in rows]


if __name__ == "__main__":
    what, log = sys.argv[1:]
    print("\n".join(read(log) if what == "read" else query(what, log)))
