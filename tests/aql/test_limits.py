"""A search runs in a child that can be ended; what happens to the child is said and is no crash of ours."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from vedette.ariel import limits
from vedette.config import UsageError

if TYPE_CHECKING:
    from vedette.ariel.limits import Say, Work

SHORT = limits.Limits(seconds=0.2, grace=0.2)


def run(work: Work, most: limits.Limits = limits.Limits()) -> Any:  # noqa: B008 - frozen
    return limits.run(work, most)


def test_what_the_child_answers_is_returned() -> None:
    assert run(lambda say: say("answer", [1, 2])) == [1, 2]


def test_an_error_of_the_user_is_the_users() -> None:
    def work(say: Say) -> None:
        raise UsageError("no such thing")

    with pytest.raises(UsageError, match="no such thing"):
        run(work)


def test_a_search_that_takes_too_long_is_interrupted() -> None:
    def work(say: Say) -> None:
        say("ready", None)
        time.sleep(60)

    with pytest.raises(UsageError, match=r"longer than 0\.2 seconds"):
        run(work, SHORT)


def test_one_that_ignores_the_interrupt_is_killed() -> None:
    def work(say: Say) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say("ready", None)
        time.sleep(60)

    with pytest.raises(UsageError, match=r"longer than 0\.2 seconds"):
        run(work, SHORT)


def test_reading_is_not_counted() -> None:
    def work(say: Say) -> None:
        time.sleep(0.5)
        say("ready", None)
        say("answer", "read")

    assert run(work, SHORT) == "read"


def test_a_child_that_the_system_kills_is_an_error_with_its_cause() -> None:
    def work(say: Say) -> None:
        say("ready", None)
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(UsageError, match="signal 9"):
        run(work)


def test_a_child_that_needs_too_much_memory_ends_in_an_error() -> None:
    def work(say: Say) -> None:
        limits.tighten(limits.Limits(memory=64 << 20))
        say("ready", None)
        say("answer", len(bytearray(1 << 30)))

    with pytest.raises(UsageError, match="memory"):
        run(work)


def test_a_search_that_asks_the_engine_for_too_much_ends_in_an_error() -> None:
    def work(say: Say) -> None:
        from vedette.engines.duckdb import Engine

        with Engine(memory="64MB", spill_size="1MB") as engine:
            limits.tighten(limits.Limits())
            say("ready", None)
            list(engine.stream("SELECT list(a.range) FROM range(100000000) a GROUP BY a.range % 2"))
            say("answer", None)

    with pytest.raises(UsageError, match=r"memory|failed"):
        run(work)
