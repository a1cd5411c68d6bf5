"""Prints one table: vedette beside its peers and beside merely reading the lines, on one log, in one run, on one machine.

    python -m bench.peers fw.log --vedette ".venv/bin/vedette"

LOG comes from bench.generate, style ufw, with its LOG.truth.json beside it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.measure import Run, run, two_threads_against_one
from bench.rivals import PEERS, YARDSTICKS, Rival, Unavailable, vedette

TINY_LINES = 100


@dataclass(frozen=True)
class Row:
    """What one rival did: seconds to start (on a tiny log), and medians over its passes on `lines` lines."""

    name: str
    lines: int
    startup: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    found: str = ""
    note: str = ""

    @property
    def rate(self) -> float:
        """Lines a second, all in."""
        return self.lines / self.wall if self.wall else 0.0

    @property
    def net_rate(self) -> float:
        """Lines a second once it is running: the time to start taken off."""
        return self.lines / (self.wall - self.startup) if self.wall > self.startup else 0.0


def head(log: Path, lines: int, folder: Path) -> Path:
    """Write the first `lines` lines of `log` into `folder`, with the log's times. Raises OSError."""
    out = folder / f"first-{lines}.log"
    with log.open("rb") as source, out.open("wb") as copy:
        copy.writelines(itertools.islice(source, lines))
    shutil.copystat(log, out)
    return out


def measure(
    rival: Rival, log: Path, lines: int, tiny: Path, folder: Path, passes: int, timeout: float
) -> tuple[Row, Run]:
    """Run `rival` on the tiny log twice and on `log` `passes` times; the first pass of several is dropped.

    Raises Unavailable where it cannot run, fails, or takes longer than `timeout` seconds.
    """
    startup = min(_once(rival, tiny, folder, timeout).wall for _ in range(2))
    runs = [_once(rival, log, folder, timeout) for _ in range(passes)]
    kept = runs[1:] or runs
    wall, cpu = statistics.median(each.wall for each in kept), statistics.median(each.cpu for each in kept)
    return Row(rival.name, lines, startup, wall, cpu, max(each.memory for each in runs)), runs[-1]


def _once(rival: Rival, log: Path, folder: Path, timeout: float) -> Run:
    done = run(rival.prepare(folder, log), folder, timeout)
    if done.code is None:
        raise Unavailable(f"took longer than {timeout:.0f} s on {log.name}")
    if done.code not in (0, 1):
        raise Unavailable(f"exit code {done.code}: {done.complaint}")
    return done


def verdict(rival: Rival, done: Run, truth: dict[str, Any], lines: int) -> str:
    """Say how many of the scanners with ten probes in the first `lines` lines were named, and how many other sources."""
    if rival.found is None:
        return ""
    named = rival.found(done)
    scanners = {each["scanner"]: each["tenth_line"] for each in truth["scanners"]}
    due = {source for source, line in scanners.items() if 0 < line <= lines}
    return f"{len(named & due)} of {len(due)}, {len(named - scanners.keys())} others"


def table(rows: list[Row]) -> str:
    """Return `rows` as a Markdown table; the ratio is the first row's rate over each row's."""
    out = ["| program | lines | start s | wall s | CPU s | lines/s | without start | peak MiB | scanners found | ratio |",
           "|---|--:|--:|--:|--:|--:|--:|--:|---|--:|"]  # fmt: skip
    base = rows[0].rate
    for row in rows:
        if row.note:
            out.append(f"| {row.name} | {row.note} |" + " |" * 8)
            continue
        ratio = f"{base / row.rate:.3g}" if base else "-"
        out.append(
            f"| {row.name} | {row.lines:,} | {row.startup:.2f} | {row.wall:.2f} | {row.cpu:.2f} | {row.rate:,.0f} "
            f"| {row.net_rate:,.0f} | {row.memory / 2**20:,.0f} | {row.found or '-'} | {ratio} |"
        )
    return "\n".join(out)


def compare(log: Path, truth: dict[str, Any], given: argparse.Namespace) -> list[Row]:
    """Measure every rival, one after the other, and return their rows; those that cannot run say why."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        tiny = head(log, TINY_LINES, folder)
        part_lines = min(given.peer_lines, truth["lines"])
        part = head(log, part_lines, folder)
        for number, rival in enumerate((vedette(given.vedette), *YARDSTICKS, *PEERS)):
            own = folder / str(number)
            own.mkdir()
            on, lines, passes = (part, part_lines, 1) if rival.slow else (log, truth["lines"], given.passes)
            print(f"{rival.name} ...", file=sys.stderr)
            try:
                row, last = measure(rival, on, lines, tiny, own, passes, given.timeout)
                found = verdict(rival, last, truth, lines)
                rows.append(replace(row, found=found))
            except Unavailable as reason:
                rows.append(Row(rival.name, lines, note=f"skipped: {reason}"))
    return rows


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("log", type=Path)
    parser.add_argument("--vedette", default="vedette", help="the command, several words allowed")
    parser.add_argument("--peer-lines", type=int, default=200_000, help="lines for the slow peers")
    parser.add_argument("--passes", type=int, default=4, help="passes of the fast ones; the first is dropped")
    parser.add_argument("--timeout", type=float, default=1_200, help="seconds for one run")
    given = parser.parse_args(arguments)
    log = given.log.resolve()
    truth = json.loads(log.with_name(log.name + ".truth.json").read_text())
    before = two_threads_against_one()
    rows = compare(log, truth, given)
    after = two_threads_against_one()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"{truth['lines']:,} lines, {log.stat().st_size:,} bytes; "
          f"two threads against one: {before:.2f} before, {after:.2f} after\n")  # fmt: skip
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
