"""A search in a process of its own, which is bounded in memory, time and size of files, and can be ended."""

from __future__ import annotations

import os
import signal
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NoReturn

from vedette.config import UsageError, VedetteError

Say = Callable[[str, Any], None]
Work = Callable[[Say], None]


@dataclass(frozen=True)
class Limits:
    """Say what a search may take.

    Seconds, and a grace after the interrupt; bytes of memory beyond what is mapped when the events are read; bytes of a
    file that it writes; rows, and bytes of rows.
    """

    seconds: float = 30
    grace: float = 2
    memory: int = 1536 << 20
    file: int = 256 << 20
    rows: int = 10_000
    bytes: int = 16 << 20


def run(work: Work, limits: Limits) -> Any:
    """Do *work* in a child and return what it says under "answer".

    The time runs from when the child says "ready". Raise UsageError for a search that is ended by a limit, and what of
    VedetteError the child raised.
    """
    here, there = Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="vedette-", ignore_cleanup_errors=True) as folder:
        # Forked, because a child of multiprocessing has no standard input; nothing that has threads is loaded before.
        child = os.fork()
        if child == 0:
            here.close()
            _child(work, there, folder)
        there.close()
        try:
            return _listen(here, child, limits)
        finally:
            here.close()
            end(child)


def end(child: int) -> None:
    """End a child that still runs."""
    with suppress(ChildProcessError, ProcessLookupError):
        if os.waitpid(child, os.WNOHANG)[0] == 0:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _listen(here: Connection, child: int, limits: Limits) -> Any:
    seconds: float | None = None
    while True:
        if not here.poll(seconds):
            os.kill(child, signal.SIGINT)
            here.poll(limits.grace)
            raise UsageError(f"the search ran longer than {limits.seconds:g} seconds and was ended")
        try:
            kind, value = here.recv()
        except EOFError:
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            raise UsageError(f"the search was ended by the system ({_cause(status)})") from None
        if kind == "error":
            raise value
        if kind == "answer":
            return value
        seconds = limits.seconds


def _cause(code: int) -> str:
    return f"signal {-code}; it may have needed more memory than there is" if code < 0 else f"exit {code}"


def _child(work: Work, there: Connection, folder: str) -> NoReturn:
    # What it writes lies in the parent's folder, so that it goes with the parent even if the child is killed.
    tempfile.tempdir = folder
    try:
        _guarded(work, lambda kind, value: there.send((kind, value)))
    except (KeyboardInterrupt, OSError):
        pass
    finally:
        # Without the parent's exit handlers, and without writing its buffered output a second time.
        os._exit(0)


def _guarded(work: Work, say: Say) -> None:
    try:
        work(say)
    except VedetteError as error:
        say("error", error)
    except MemoryError:
        say("error", UsageError("the search needs more memory than it may have"))
    except Exception as error:
        if os.environ.get("VEDETTE_DEBUG"):
            traceback.print_exc()
        say("error", failure(error))


def failure(error: Exception) -> VedetteError:
    """Return an error of the engine as one of the user's: memory, or what it could not compute."""
    first = str(error).split("\n")[0][:300]
    if "Out of Memory" in str(error) or "memory" in type(error).__name__.lower():
        return UsageError("the search needs more memory than it may have (see --memory)")
    # The engine begins its messages with what kind of error it is, in words.
    return UsageError(f"the search failed: {first if ' Error: ' in first else f'{type(error).__name__}: {first}'}")


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
