"""AQL as a dialect of sqlglot: `sqlglot.parse_one(text, read="aql")` and `tree.sql("aql")`.

It replaces the two methods that all of sqlglot goes through, and subclasses neither parser nor generator, so it works beside
the compiled extension too. To get SQL that gives what AQL means, use `vedette.aql.transpile`: sqlglot's own translation of
the tree knows the syntax and none of the semantics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot.dialects.dialect import Dialect

from vedette.aql.generator import generate
from vedette.aql.parser import parse

if TYPE_CHECKING:
    from sqlglot import exp


class AQL(Dialect):
    """The dialect; sqlglot finds it by the entry point `aql`."""

    def parse(self, sql: str, **opts: Any) -> list[exp.Expression | None]:  # type: ignore[override]  # noqa: ARG002 - sqlglot's signature
        """Return the one query of a text. Raise AQLError."""
        return [parse(sql)]

    def generate(self, expression: exp.Expression, copy: bool = True, **opts: Any) -> str:  # type: ignore[override]  # noqa: ARG002 - sqlglot's signature
        """Return a tree as AQL. Raise AQLError for what AQL has no words for."""
        return generate(expression)
