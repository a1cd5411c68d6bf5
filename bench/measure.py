"""Runs a command and measures it: wall and CPU seconds, and the peak memory of it and everything it starts."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.1
ROOT = Path(__file__).absolute().parent.parent
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """One run of a command; `memory` in bytes, `code` None where it was stopped for taking too long."""

    wall: float
    cpu: float
    memory: int
    code: int | None
    output: Path
    errors: Path

    @property
    def complaint(self) -> str:
        """Return the last line it wrote to stderr, cut to 120 characters."""
        return (self.errors.read_text(errors="replace").strip().splitlines() or ["no message"])[-1][:120]


def words(command: str) -> list[str]:
    """Split `command` as a shell would, its program made absolute where it is a path. Raises ValueError."""
    program, *rest = shlex.split(command)
    return [str(Path(program).absolute()) if os.sep in program else program, *rest]


def run(command: list[str], folder: Path, timeout: float) -> Run:
    """Run `command` in `folder`, its output in files there; stop it and all it started after `timeout` seconds.

    CPU seconds are those of the command and of the children it waited for (wait4). Memory is the
    largest sum of the resident sets of the process tree, sampled ten times a second (more often
    takes time from what is measured), or the command's own
    peak where that is more; pages shared between processes count in each.
    The repository's root is on the command's PYTHONPATH. Raises OSError.
    """
    output, errors = folder / "stdout", folder / "stderr"
    with output.open("wb") as out, errors.open("wb") as err:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True,
            env={**os.environ, "PYTHONPATH": _python_path()},
        )  # fmt: skip
        with _sampled(process.pid) as peak, _deadline(process.pid, timeout) as late:
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    own_peak = usage.ru_maxrss * 1024
    code = None if late.is_set() else process.returncode
    return Run(wall, usage.ru_utime + usage.ru_stime, max(peak[0], own_peak), code, output, errors)


def _python_path() -> str:
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return os.pathsep.join([*(str(Path(each).absolute()) for each in given if each), str(ROOT)])


@contextlib.contextmanager
def _deadline(pid: int, seconds: float) -> Iterator[threading.Event]:
    """Kill the process group of `pid` after `seconds` and set the event."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


@contextlib.contextmanager
def _sampled(pid: int) -> Iterator[list[int]]:
    """Sample the memory of the process tree below `pid` into the one number of the list."""
    peak, done = [0], threading.Event()

    def sample() -> None:
        while not done.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], sum(_resident(each) for each in _tree(pid)))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def _tree(pid: int) -> list[int]:
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _tree(int(child))
    return found


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return 0


def two_threads_against_one(megabytes: int = 192) -> float:
    """Return how much faster two threads hash than one (2.0 on two free cores, 1.0 on one).

    A virtual machine may be held to less than its cores without showing it; figures of runs with
    different calibration are not comparable.
    """
    block = bytes(megabytes << 20)

    def seconds(threads: int) -> float:
        begin = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda _: hashlib.sha256(block).digest(), range(threads)))
        return time.perf_counter() - begin

    seconds(1)
    return 2 * min(seconds(1) for _ in range(3)) / min(seconds(2) for _ in range(3))
