"""Times what a user waits for: `vedette --version`, and a scan of 1,000 lines with warm kernels.

python -m bench.startup --vedette ".venv/bin/vedette"
"""

from __future__ import annotations

import argparse
import shlex
import statistics
import sys
import tempfile
from pathlib import Path

from bench.generate import write
from bench.measure import run, words
from bench.plan import make_plan


def timed(command: list[str], folder: Path, passes: int) -> list[float]:
    """Return the wall seconds of `passes` runs of `command` after one that is dropped. Raises RuntimeError if it fails."""
    walls = []
    for _ in range(passes + 1):
        done = run(command, folder, timeout=120)
        if done.code not in (0, 1):
            raise RuntimeError(f"{shlex.join(command)}: exit code {done.code}: {done.complaint}")
        walls.append(done.wall)
    return walls[1:]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0, or 2 where vedette does not run)."""
    parser = argparse.ArgumentParser(prog="python -m bench.startup", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--vedette", default="vedette", help="the command, several words allowed")
    parser.add_argument("--passes", type=int, default=11)
    given = parser.parse_args(arguments)
    command = words(given.vedette)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        log = folder / "fw.log"
        write(log, make_plan(1_000))
        for label, rest in (("--version", ["--version"]), ("scan of 1,000 lines", ["scan", str(log), "-o", "json"])):
            try:
                walls = timed([*command, *rest], folder, given.passes)
            except (OSError, RuntimeError) as error:
                print(f"startup: {error}", file=sys.stderr)
                return 2
            median, worst = statistics.median(walls) * 1e3, max(walls) * 1e3
            print(f"{label}: median {median:.0f} ms, worst {worst:.0f} ms of {given.passes}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
