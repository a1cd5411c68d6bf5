"""AQL, the Ariel Query Language of IBM QRadar, as sqlglot trees and as SQL for DuckDB and Spark."""

from vedette.aql.errors import AQLError
from vedette.aql.generator import generate
from vedette.aql.lower import Lowered, lower, transpile
from vedette.aql.parser import parse

__all__ = ["AQLError", "Lowered", "generate", "lower", "parse", "transpile"]
