"""Runs vedette, psad and crowdsec on the logs and reads their verdicts back.

psad says whom it names, not when, and crowdsec says when to the second. Both judge each source by itself, so the record that
settles a verdict is found by asking again: the lines of all sources named, each cut off after its first so many, until
the smallest number is known with which each is still named. That is between the numbers of records before and after the second, where
it is known.
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

Named = dict[str, int | None]
"""The sources that a program names, with the beginning of the second (microseconds since 1970 UTC) in which it did, where it says so."""

Ask = Callable[[Path, Path], Named]
"""Takes a working folder and a log and returns whom a program names."""

SECOND = 1_000_000

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


def ask_psad(folder: Path, log: Path) -> Named:
    """Return the sources that psad gives a danger level of 1 or more. Raises Unavailable."""
    text = finish(psad_command(folder, log), folder, 600).output.read_text(errors="replace")
    return {plain(source): None for source in re.findall(r"(?m)^SRC:\s+(\S+), DL: [1-5],", text)}


CROWDSEC_ALERT = re.compile(r"Ip (\S+) performed '[^']*' \([^)]*\) at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")


def ask_crowdsec(folder: Path, log: Path) -> Named:
    """Return the sources that crowdsec decides against, in a firewall's log or in a web server's. Raises Unavailable."""
    web = log.name.startswith("access")
    command = crowdsec_command(folder, log, web_items() if web else HUB_ITEMS, "nginx" if web else "syslog")
    done = finish(command, folder, 600)
    text = done.output.read_text(errors="replace") + done.errors.read_text(errors="replace")
    named: Named = {}
    for source, stamp in CROWDSEC_ALERT.findall(text):
        at = round(datetime.fromisoformat(f"{stamp}+00:00").timestamp()) * SECOND
        named[plain(source)] = min(at, named.get(plain(source)) or at)
    return named


PROGRAMS = (
    Program("psad -A", "fw.log", ask_psad, 4, PSAD_SECONDS),
    Program("crowdsec", "fw.log", ask_crowdsec, 16),
    Program("crowdsec", "access.log", ask_crowdsec, 8),
)


@dataclass(frozen=True)
class Line:
    """One line of a log, with its number and its time in microseconds since 1970 UTC."""

    number: int
    at: int
    text: bytes


def lines_of(log: Path, owners: Mapping[int, tuple[str, int]]) -> dict[str, list[Line]]:
    """Return the lines of `log` that belong to each source; `owners` maps line numbers to source and time."""
    found: dict[str, list[Line]] = {}
    with log.open("rb") as text:
        for number, line in enumerate(text, 1):
            if number in owners:
                source, at = owners[number]
                found.setdefault(source, []).append(Line(number, at, line))
    return found


def fewest(
    bounds: Mapping[str, tuple[int, int]], named: Callable[[dict[str, int]], Iterable[str]], first: int
) -> dict[str, int]:
    """Return the smallest number of its records with which each source is still named.

    `bounds` holds a number with which it is not named yet and one with which it is; `named` is asked about many sources at
    once, each with so many of its first records. Steps are doubled from `first` on until it is named, then halved in between.
    """
    low, high = ({source: pair[end] for source, pair in bounds.items()} for end in (0, 1))
    step, met = dict.fromkeys(bounds, first), set[str]()
    while trial := {each: min(low[each] + step[each], high[each] - 1) for each in bounds if low[each] + 1 < high[each]}:
        hit = set(named(trial))
        met |= hit
        for source, number in trial.items():
            (high if source in hit else low)[source] = number
            step[source] = (high[source] - low[source]) // 2 if source in met else 2 * step[source]
    return high


def settle(program: Program, folder: Path, lines: Mapping[str, Sequence[Line]], named: Named) -> dict[str, Line]:
    """Return the line of `program.log` that settles the verdict on each source of `named` that has `lines`. Raises Unavailable."""
    part = folder / program.log

    def again(cut: dict[str, int]) -> Named:
        kept = sorted(
            (line for source, number in cut.items() for line in lines[source][:number]), key=lambda line: line.number
        )
        part.write_bytes(b"".join(line.text for line in kept))
        return program.ask(folder, part)

    bounds = {source: _between(own, named[source]) for source, own in lines.items()}
    return {source: lines[source][number - 1] for source, number in fewest(bounds, again, program.first).items()}


def _between(lines: Sequence[Line], at: int | None) -> tuple[int, int]:
    """Return how many of `lines` were there before the second that begins at `at` and at its end; 0 and all for None."""
    if at is None:
        return 0, len(lines)
    before, after = (sum(line.at < end for line in lines) for end in (at, at + SECOND))
    return (before, after) if before < after else (0, len(lines))
