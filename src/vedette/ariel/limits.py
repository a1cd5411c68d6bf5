"""A search in a process of its own, which is bounded in memory, time and size of files, and can be ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from vedette.config import UsageError, VedetteError

Say = Callable[[str, Any], None]
Work = Callable[[Say], None]


@dataclass(frozen=True)
class Limits:
    """What a search may take: seconds (and a grace after the interrupt), bytes of memory beyond what holds the events,
    bytes of a file it writes, rows, and bytes of rows.
    """

    seconds: float = 30
    grace: float = 2
    memory: int = 1536 << 20
    file: int = 256 << 20
    rows: int = 10_000
    bytes: int = 16 << 20


def run(work: Work, limits: Limits, told: Callable[[str, Any], None]) -> Any:
    """Do *work* in a child and return what it says under "answer"; what else it says goes to *told*.

    The time runs from when the child says "ready". Raise UsageError for a search that is ended by a limit, and what of
    VedetteError the child raised.
    """
    methods = multiprocessing.get_all_start_methods()
    # A forked child needs no second start of the interpreter; nothing that has threads is loaded before.
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(work, there), daemon=True)  # type: ignore[attr-defined]
    child.start()
    there.close()
    try:
        return _listen(here, child, limits, told)
    finally:
        here.close()
        if child.is_alive():
            child.kill()
        child.join()


def _listen(here: Connection, child: Any, limits: Limits, told: Callable[[str, Any], None]) -> Any:
    seconds: float | None = None
    while True:
        if not here.poll(seconds):
            os.kill(child.pid, signal.SIGINT)
            if not here.poll(limits.grace):
                child.kill()
            raise UsageError(f"the search ran longer than {limits.seconds:g} seconds and was ended")
        try:
            kind, value = here.recv()
        except EOFError:
            child.join()
            raise UsageError(f"the search was ended by the system ({_cause(child.exitcode)})") from None
        if kind == "error":
            raise value
        if kind == "answer":
            return value
        if kind == "ready":
            seconds = limits.seconds
        else:
            told(kind, value)


def _cause(code: int | None) -> str:
    return f"signal {-code}; it may have needed more memory than there is" if code and code < 0 else f"exit {code}"


def _child(work: Work, there: Connection) -> None:
    def say(kind: str, value: Any) -> None:
        there.send((kind, value))

    try:
        work(say)
    except VedetteError as error:
        say("error", error)
    except MemoryError:
        say("error", UsageError("the search needs more memory than it may have"))
    except KeyboardInterrupt:
        return
    except Exception as error:
        if os.environ.get("VEDETTE_DEBUG"):
            raise
        say("error", failure(error))
    finally:
        with suppress(OSError):
            there.close()


def failure(error: Exception) -> VedetteError:
    """Return an error of the engine as one of the user's: memory, or what it could not compute."""
    first = str(error).split("\n")[0][:300]
    if "Out of Memory" in str(error) or "memory" in type(error).__name__.lower():
        return UsageError("the search needs more memory than it may have (see --memory)")
    return UsageError(f"the search failed: {type(error).__name__}: {first}")


def tighten(limits: Limits) -> None:
    """Put the limits of memory and files on this process. Where the system has none, the engine's own limits remain."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        mapped = pages * resource.getpagesize()
        for what, most in ((resource.RLIMIT_AS, mapped + limits.memory), (resource.RLIMIT_FSIZE, limits.file)):
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (ImportError, OSError, ValueError):
        return
