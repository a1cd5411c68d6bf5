"""Exact sliding windows with two pointers: the fast twin of detectors/windows.sql.

A sighting makes its thing live for the length of the window. The number of things alive, at its
largest, is the largest number of distinct things in any window of that length.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import kernel

GOLDEN = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio: a multiplier that spreads keys over a table (Knuth, 6.4)."""


def widest(
    starts: np.ndarray, things: np.ndarray, times: np.ndarray, lengths: np.ndarray, thresholds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each group and window length, the most distinct things in a window, and where a threshold was reached.

    All arrays are int64. `starts` holds the first row of each group and, last, the number of rows;
    the rows of a group are in order of time (microseconds) and record. `thresholds` has a row for
    each group and a column for each of the `lengths` (microseconds). The second result is the row
    that reached the threshold, or -1.
    """
    groups = len(starts) - 1
    longest = int(np.diff(starts).max(initial=1))
    most = np.zeros((groups, len(lengths)), np.int64)
    settled = np.full((groups, len(lengths)), -1, np.int64)
    slots = np.empty(1 << (2 * longest - 1).bit_length(), np.int64)
    sweep(
        starts,
        things,
        times,
        lengths,
        thresholds,
        slots,
        np.empty(longest, np.int64),
        np.empty(longest, np.int64),
        most,
        settled,
    )
    return most, settled


@kernel("void(i8[::1], i8[::1], i8[::1], i8[::1], i8[:,::1], i8[::1], i8[::1], i8[::1], i8[:,::1], i8[:,::1])")
def sweep(
    starts: np.ndarray, things: np.ndarray, times: np.ndarray, lengths: np.ndarray, thresholds: np.ndarray,
    slots: np.ndarray, names: np.ndarray, alive: np.ndarray, most: np.ndarray, settled: np.ndarray,
) -> None:  # fmt: skip
    """Fill `most` and `settled` of `widest`; `slots`, `names` and `alive` are scratch for the longest group.

    Each group first gets small names for its things, from an open hash table of at least twice its
    size (so a free slot always ends the search), and then one pass of two pointers for each window.
    """
    for group in range(len(starts) - 1):
        first, end = starts[group], starts[group + 1]
        size = 1
        while size < 2 * (end - first):
            size *= 2
        for slot in range(size):
            slots[slot] = -1
        for row in range(first, end):
            slot = int((np.uint64(things[row]) * np.uint64(GOLDEN)) >> np.uint64(20)) & (size - 1)
            while slots[slot] != -1 and things[slots[slot]] != things[row]:
                slot = (slot + 1) & (size - 1)
            if slots[slot] == -1:
                slots[slot] = row
            names[row - first] = slots[slot] - first
        for window in range(len(lengths)):
            for name in range(end - first):
                alive[name] = 0
            live, tail = 0, first
            for row in range(first, end):
                while times[tail] <= times[row] - lengths[window]:
                    name = names[tail - first]
                    alive[name] -= 1
                    if alive[name] == 0:
                        live -= 1
                    tail += 1
                name = names[row - first]
                if alive[name] == 0:
                    live += 1
                alive[name] += 1
                if live > most[group, window]:
                    most[group, window] = live
                if live >= thresholds[group, window] and settled[group, window] == -1:
                    settled[group, window] = row
