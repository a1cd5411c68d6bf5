"""Enters the web kinds of the fourth set, with answers as long as real ones where a kind says itself that something is served."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import wraps

from bench.ordinary.actors import Case, Play, fourth_benign, fourth_scan

STAND_IN = 169
"""What `Machine.get` writes for the length of an answer that the site itself would not give."""

SERVED = (200, 207)
EMPTY = 204


def web_benign(name: str) -> Callable[[Play], Play]:
    """Enter a kind of benign actor whose answers have lengths of their own."""
    return lambda play: fourth_benign(name)(_with_lengths(play))


def web_scan(name: str, technique: str) -> Callable[[Play], Play]:
    """Enter a kind of scan whose answers have lengths of their own."""
    return lambda play: fourth_scan(name, technique)(_with_lengths(play))


def _with_lengths(play: Play) -> Play:
    @wraps(play)
    def played(case: Case) -> None:
        play(case)
        for n, asked in enumerate(case.requests):
            if asked.size == STAND_IN and asked.status in (*SERVED, EMPTY):
                length = 0 if asked.status == EMPTY else 300 + zlib.crc32(asked.path.encode()) % 40_000
                case.requests[n] = asked._replace(size=length)

    return played
