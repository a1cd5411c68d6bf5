"""AQL, the Ariel Query Language of IBM QRadar, as sqlglot trees and as SQL for DuckDB and Spark."""

from vedette.aql.errors import AQLError
from vedette.aql.parser import parse

__all__ = ["AQLError", "parse"]
