"""Sliding windows: the kernel, the SQL and a naive count agree on every input."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.detectors.files import statements
from vedette.engines.duckdb import Engine
from vedette.kernels.windows import widest

ENGINE = Engine()
"""One database for all examples: making one takes longer than the question."""

Sighting = tuple[int, int, int]
"""(group, thing, time)"""

SIGHTINGS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 40)), min_size=1, max_size=60)
"""Few groups, things and instants, so that repeats, ties and gaps of exactly one window are common."""


def naive(sightings: list[Sighting], window: int, threshold: int) -> dict[int, tuple[int, int | None]]:
    """Return for each group the most distinct things in a window, and the record that reached the threshold, by counting."""
    answer: dict[int, tuple[int, int | None]] = {}
    for group in {g for g, _, _ in sightings}:
        rows = sorted((t, record, thing) for record, (g, thing, t) in enumerate(sightings) if g == group)
        counts = []
        for at, record, _ in rows:
            counts.append((len({thing for t, r, thing in rows if at - window < t and (t, r) <= (at, record)}), record))
        settled = next((record for count, record in counts if count >= threshold), None)
        answer[group] = (max(count for count, _ in counts), settled)
    return answer


def kernel(sightings: list[Sighting], window: int, threshold: int) -> dict[int, tuple[int, int | None]]:
    """Return the same from the Numba kernel."""
    rows = sorted((g, t, record, thing) for record, (g, thing, t) in enumerate(sightings))
    groups, times, records, things = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    starts = np.concatenate([[0], np.flatnonzero(np.diff(groups)) + 1, [len(rows)]]).astype(np.int64)
    thresholds = np.full((len(starts) - 1, 1), threshold, np.int64)
    most, settled = widest(starts, things, times, np.array([window], np.int64), thresholds)
    return {
        int(groups[first]): (
            int(most[number, 0]),
            int(records[settled[number, 0]]) if settled[number, 0] >= 0 else None,
        )
        for number, first in enumerate(starts[:-1])
    }


def sql(engine: Engine, sightings: list[Sighting], window: int, threshold: int) -> dict[int, tuple[int, int | None]]:
    """Return the same from detectors/windows.sql."""
    engine.execute("CREATE OR REPLACE TEMP TABLE observations (grp BIGINT, thing BIGINT, ts BIGINT, record BIGINT)")
    columns = [np.array(column, np.int64) for column in zip(*sightings, strict=True)]
    engine.load(
        "observations", {"grp": columns[0], "thing": columns[1], "ts": columns[2], "record": np.arange(len(sightings))}
    )
    (statement,) = statements("windows")
    rows = engine.rows(statement, {"window": window, "threshold": threshold})
    return {row["grp"]: (row["most"], row["settled_by"]) for row in rows}


@given(SIGHTINGS, st.integers(1, 20), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_kernel_sql_and_naive_count_agree(sightings: list[Sighting], window: int, threshold: int) -> None:
    """Whatever the sightings, three ways of counting give the same maximum and the same settling record."""
    expected = naive(sightings, window, threshold)

    assert kernel(sightings, window, threshold) == expected
    assert sql(ENGINE, sightings, window, threshold) == expected


def test_a_window_holds_what_is_younger_than_its_length() -> None:
    """Two things exactly one window apart are never in one window; a microsecond closer they are."""
    assert kernel([(0, 1, 0), (0, 2, 10)], 10, 2) == {0: (1, None)}
    assert kernel([(0, 1, 0), (0, 2, 9)], 10, 2) == {0: (2, 1)}


def test_repeats_of_one_thing_never_add_up() -> None:
    """A thousand sightings of one thing are one distinct thing."""
    assert kernel([(0, 7, t) for t in range(1000)], 500, 2) == {0: (1, None)}


def test_things_far_apart_in_value_do_not_collide() -> None:
    """Things are told apart over the whole range of 64 bits, negative ones included."""
    things = [-(2**63), -1, 0, 1, 2**63 - 1, 2**32, 2**20, -(2**32)]

    assert kernel([(0, thing, 0) for thing in things], 1, 8) == {0: (8, 7)}
