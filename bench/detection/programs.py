"""Runs vedette, psad and crowdsec on the logs and reads their verdicts back.

psad says whom it names, not when, and crowdsec says when to the second. Both judge each source by itself, so the record that
settles a verdict is found by asking again: the lines of all sources named, each cut off after its first so many, until
the smallest number is known with which each is still named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.detection.rules import Verdict
from bench.detection.truth import Truth, plain
from bench.measure import Run, run, words
from bench.rivals import HUB_ITEMS, Unavailable, crowdsec_command, psad_command, web_items

Ask = Callable[[Path, Path], set[str]]
"""Takes a working folder and a log and returns the sources that a program names."""

PSAD_SECONDS = 5
"""psad looks at new packets every so often (CHECK_INTERVAL)."""


@dataclass(frozen=True)
class Program:
    """A program that is run for real on one kind of log; `first` is the number of a source's lines to begin the search with.

    `late` are the seconds between the record that settles a verdict and the alert.
    """

    name: str
    log: str
    ask: Ask
    first: int
    late: int = 0


def finish(command: list[str], folder: Path, timeout: float) -> Run:
    """Run `command` in `folder` to its end. Raises Unavailable where it fails or takes longer than `timeout` seconds."""
    done = run(command, folder, timeout)
    if done.code is None:
        raise Unavailable(f"took longer than {timeout:.0f} s")
    if done.code not in (0, 1):
        raise Unavailable(f"exit code {done.code}: {done.complaint}")
    return done


def options(truth: Truth) -> list[str]:
    """Return the options that tell vedette our networks, who may scan them, and the time."""
    homes = [word for network in truth.home for word in ("--home", network)]
    return [*homes, *(word for source in sorted(truth.allowed) for word in ("--allow", source)), "--now", truth.now]


def read_events(command: str, logs: Iterable[Path], truth: Truth, folder: Path) -> Path:
    """Let vedette print the events of `logs` and return the file they are in, JSON lines. Raises Unavailable."""
    done = finish([*words(command), "events", *map(str, logs), "-o", "jsonl", *options(truth)], folder, 600)
    return done.output.rename(folder / "events.jsonl")


def vedette(command: str, logs: Iterable[Path], truth: Truth, folder: Path,
            numbers: Mapping[tuple[str, int], int]) -> list[Verdict]:  # fmt: skip
    """Return vedette's offenses; `numbers` gives the event of each line. Raises Unavailable."""
    done = finish([*words(command), "scan", *map(str, logs), "-o", "json", *options(truth)], folder, 600)
    verdicts = []
    for offense in json.loads(done.output.read_text())["offenses"]:
        settled = offense.get("settled_by") or {}
        at = datetime.fromisoformat(offense["detected_at"])
        sources = tuple(dict.fromkeys((offense["source"], *offense["sources"])))
        number = numbers.get((settled.get("input", ""), settled.get("line", 0)))
        verdicts.append(Verdict(sources, round(at.timestamp() * 1_000_000), number))
    return verdicts


def ask_psad(folder: Path, log: Path) -> set[str]:
    """Return the sources that psad gives a danger level of 1 or more. Raises Unavailable."""
    text = finish(psad_command(folder, log), folder, 600).output.read_text(errors="replace")
    return {plain(source) for source in re.findall(r"(?m)^SRC:\s+(\S+), DL: [1-5],", text)}


def ask_crowdsec(folder: Path, log: Path) -> set[str]:
    """Return the sources that crowdsec decides against, in a firewall's log or in a web server's. Raises Unavailable."""
    web = log.name.startswith("access")
    command = crowdsec_command(folder, log, web_items() if web else HUB_ITEMS, "nginx" if web else "syslog")
    done = finish(command, folder, 600)
    text = done.output.read_text(errors="replace") + done.errors.read_text(errors="replace")
    return {plain(source) for source in re.findall(r"Ip (\S+) performed '", text)}


PROGRAMS = (
    Program("psad -A", "fw.log", ask_psad, 4, PSAD_SECONDS),
    Program("crowdsec", "fw.log", ask_crowdsec, 16),
    Program("crowdsec", "access.log", ask_crowdsec, 8),
)


def lines_of(log: Path, owners: Mapping[int, str]) -> dict[str, list[tuple[int, bytes]]]:
    """Return the lines of `log` that belong to each source, as (line number, line); `owners` maps numbers to sources."""
    found: dict[str, list[tuple[int, bytes]]] = {}
    with log.open("rb") as text:
        for number, line in enumerate(text, 1):
            if number in owners:
                found.setdefault(owners[number], []).append((number, line))
    return found


def fewest(counts: Mapping[str, int], named: Callable[[dict[str, int]], set[str]], first: int) -> dict[str, int]:
    """Return the smallest number of its records with which each source is still named.

    `counts` holds how many it has, with which it is named; `named` is asked about many sources at once, each with so many
    of its first records. Numbers are doubled from `first` on until they do, then halved in between.
    """
    low, high, trial = dict.fromkeys(counts, 0), dict(counts), dict.fromkeys(counts, first)
    while open_ := {
        source: min(trial[source], high[source] - 1) for source in counts if low[source] + 1 < high[source]
    }:
        hit = named(open_)
        for source, number in open_.items():
            if source in hit:
                high[source] = number
            else:
                low[source] = number
            unbounded = high[source] == counts[source] and low[source] * 2 < high[source]
            trial[source] = low[source] * 2 if unbounded else (low[source] + high[source]) // 2
    return high


def settle(program: Program, folder: Path, lines: Mapping[str, Sequence[tuple[int, bytes]]]) -> dict[str, int]:
    """Return the number of the line of `program.log` that settles the verdict on each source that it names. Raises Unavailable."""
    part = folder / program.log

    def named(cut: dict[str, int]) -> set[str]:
        kept = sorted(line for source, number in cut.items() for line in lines[source][:number])
        part.write_bytes(b"".join(line for _, line in kept))
        return program.ask(folder, part)

    counts = {source: len(own) for source, own in lines.items()}
    return {source: lines[source][number - 1][0] for source, number in fewest(counts, named, program.first).items()}
