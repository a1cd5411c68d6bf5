"""What lowering one query knows and collects: the engine, the clock, the fields, warnings, and what cannot be run here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from vedette.aql.errors import AQLError
from vedette.aql.sql import Node, binary, call, number
from vedette.aql.times import Moment

MAX_STEPS = 20_000
"""Nodes that lowering visits. Aliases are replaced by what they stand for, so a short text can ask for endless SQL."""

NOW = {"duckdb": ("EPOCH_MS", "NOW"), "spark": ("UNIX_MILLIS", "CURRENT_TIMESTAMP")}


@dataclass
class Context:
    """One run of lowering. `now` is the moment of the search in milliseconds since 1970 UTC, None for the engine's clock.

    `fields` are custom properties with their types; None takes every name, because a console may have it. `default_minutes`
    is the window of a query without a time clause, None for all times.
    """

    text: str
    engine: str = "duckdb"
    now: int | None = None
    fields: Mapping[str, str] | None = None
    default_minutes: int | None = 5
    warnings: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    steps: int = 0
    place: Any = None

    def error(self, node: exp.Expression | None, message: str, found: str = "", expected: str = "") -> AQLError:
        """Return an error at the place of a node of the query, without one of the node that was lowered last."""
        at = 0
        place: Any = node or self.place
        while place is not None and "at" not in place.meta:
            place = place.parent
        if place is not None:
            at = place.meta["at"]
        return AQLError(message, self.text, at, found, expected)

    def step(self, node: exp.Expression) -> None:
        """Count one node. Raise AQLError when the query grows beyond MAX_STEPS."""
        self.steps += 1
        self.place = node
        if self.steps > MAX_STEPS:
            raise self.error(node, "the query is too large once its aliases are replaced by what they stand for")

    def warn(self, message: str) -> None:
        """Add a warning, once."""
        if message not in self.warnings:
            self.warnings.append(message)

    def need(self, message: str) -> None:
        """Add a reason why the query cannot run on files, once."""
        if message not in self.needs:
            self.needs.append(message)

    def clock(self) -> Node:
        """Return the moment of the search in milliseconds."""
        if self.now is not None:
            return number(self.now)
        outer, inner = NOW[self.engine]
        return call(outer, call(inner))

    def moment(self, moment: Moment, scale: int = 1) -> Node:
        """Return a moment in milliseconds times *scale*."""
        if moment.at is not None:
            return number(moment.at * scale)
        if self.now is not None:
            return number((self.now - moment.ago) * scale)
        clock = self.clock()
        if moment.ago:
            clock = binary(exp.Sub, clock, number(moment.ago))
        return clock if scale == 1 else binary(exp.Mul, clock, number(scale))
