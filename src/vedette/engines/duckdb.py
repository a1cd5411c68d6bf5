"""The default engine: DuckDB in this process, bounded in memory and shut off from files and the network."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

from vedette.engines.arrow import Batch, Exporter

if TYPE_CHECKING:
    import numpy as np

SETTINGS = (
    "SET threads = {threads}",
    "SET memory_limit = '{memory}'",
    "SET temp_directory = '{spill}'",
    "SET max_temp_directory_size = '{spill_size}'",
    "SET preserve_insertion_order = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allow_unsigned_extensions = false",
    "SET allow_persistent_secrets = false",
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
"""In this order: the last line makes the others final. Log lines are hostile, so nothing that they could
smuggle into SQL may read a file, fetch an extension or lift a limit."""


class Engine:
    """Hold one DuckDB database; tables live as long as the engine does.

    `path` names a database file. Without it the tables are temporary: in memory, or, if they are
    `large`, in a file that is removed on close. DuckDB compresses tables in files to some 11 bytes
    a row and not in memory, at twice the time.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        large: bool = False,
        memory: str = "768MB",
        spill_size: str = "20GB",
        threads: int = 2,
    ) -> None:
        import duckdb  # takes longer than to open a database, and the threads that read need not wait for it

        self._kept = path is not None
        self._folder = tempfile.TemporaryDirectory(prefix="vedette-", ignore_cleanup_errors=True)
        where = path or (str(Path(self._folder.name, "events.duckdb")) if large else ":memory:")
        self._connection = duckdb.connect(where)
        spill = str(Path(self._folder.name, "spill")).replace("'", "''")
        for line in SETTINGS:
            self._connection.execute(line.format(threads=threads, memory=memory, spill=spill, spill_size=spill_size))

    def execute(self, sql: str, params: dict[str, Any] | None = None) -> None:
        """Run statements for their effect; `$name` in the text is bound from `params`."""
        self._connection.execute(sql, params or {})

    def rows(self, sql: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return a small result as one dict a row."""
        cursor = self._connection.execute(sql, params or {})
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def stream(self, sql: str, size: int = 4096) -> Iterator[dict[str, Any]]:
        """Yield a large result as one dict a row, fetched `size` rows at a time; run nothing else until it ends."""
        cursor = self._connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(size):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def arrays(self, sql: str, params: dict[str, Any] | None = None) -> dict[str, np.ndarray]:
        """Return a large result as one NumPy array a column; a column must not hold NULL."""
        return dict(self._connection.execute(sql, params or {}).fetchnumpy())

    def load(self, table: str, arrays: dict[str, np.ndarray]) -> None:
        """Append NumPy arrays of one length to a table, by column name."""
        self._connection.register("incoming", arrays)
        names = ", ".join(f'"{name}"' for name in arrays)
        self._connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
        self._connection.unregister("incoming")

    def ingest(
        self,
        table: str,
        columns: list[tuple[str, str]],
        batches: Iterator[Batch],
        where: str = "TRUE",
        params: dict[str, Any] | None = None,
    ) -> None:
        """Append batches of columns given as (name, SQL type), pulled by the engine while others are still being read.

        `where` filters rows. Raises what the iterator raised.
        """
        stream = Exporter(columns, batches)
        names = ", ".join(f'"{name}"' for name, _ in columns)
        self._connection.register("incoming", stream)
        try:
            self._connection.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming WHERE {where}", params or {}
            )
        except Exception as error:
            raise stream.error or error from None
        finally:
            self._connection.unregister("incoming")

    def close(self) -> None:
        """Close the database and remove what was temporary, of a temporary database beside what the caller does next.

        To give the memory of a large log back takes as long as to render what was found in it.
        """
        closing = Thread(target=self._close)
        closing.start()
        if self._kept:
            closing.join()

    def _close(self) -> None:
        self._connection.close()
        self._folder.cleanup()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
