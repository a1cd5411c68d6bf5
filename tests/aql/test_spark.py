"""The golden queries on Spark give the rows that they give on DuckDB, wherever pyspark is installed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aql.cases import cases, databases
from vedette.ariel.search import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vedette.engines.duckdb import Engine

CASES = {name: case for name, case in cases() if "rows" in case}
TYPES = {"BIGINT": "LONG", "INTEGER": "LONG", "VARCHAR": "STRING", "DOUBLE": "DOUBLE", "BOOLEAN": "BOOLEAN"}
PRIVATE = ("stored", "raw")
"""Tables of ours that no query reads, with types that Spark has not."""


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="needs pyspark")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    settings = {"spark.sql.session.timeZone": "UTC", "spark.sql.shuffle.partitions": "2"}
    session = builder.config(map=settings).getOrCreate()
    with databases() as engine:
        copy(engine, session)
        yield session
    session.stop()


def copy(engine: Engine, session: Any) -> None:
    """Put every relation of the engine into the session under its name."""
    columns = "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ordinal_position"
    relations: dict[str, list[str]] = {}
    for row in engine.rows(columns):
        if row["table_name"] not in PRIVATE:
            relations.setdefault(row["table_name"], []).append(f"`{row['column_name']}` {TYPES[row['data_type']]}")
    for name, fields in relations.items():
        data = [tuple(row.values()) for row in engine.rows(f'SELECT * FROM "{name}"')]
        session.createDataFrame(data, ", ".join(fields)).createOrReplaceTempView(name)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_golden_query_gives_the_same_rows_on_spark(spark: Any, case: dict[str, Any]) -> None:
    found = [
        {name: jsonable(value) for name, value in row.asDict().items()} for row in spark.sql(case["spark"]).collect()
    ]

    assert found == [json.loads(line) for line in case["rows"].splitlines() if line]


def jsonable(value: Any) -> Any:
    """Return a value of Spark as a search gives it; fractions written in a query are decimals there."""
    return float(value) if type(value).__name__ == "Decimal" else plain(value)
