"""Prints one table of vedette beside its peers on labelled logs, and one of their recall against the speed of a scan.

    python -m bench.detection CORPUS --vedette .venv/bin/vedette

CORPUS is a folder with truth.json and logs: labelled recordings, or what `python -m bench.ordinary` writes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from bench.detection import dilate, programs, tables
from bench.detection.rules import RULES, Events, Verdict
from bench.detection.score import score
from bench.detection.tables import Outcome
from bench.detection.truth import Truth, read, unpack
from bench.rivals import Unavailable

VEDETTE = "vedette"
NAMES = (VEDETTE, *dict.fromkeys(program.name for program in programs.PROGRAMS), *(rule.name for rule in RULES))


class Logs:
    """Some logs with their truth, their events, and a folder to work in."""

    def __init__(self, command: str, paths: list[Path], truth: Truth, folder: Path) -> None:
        self.command, self.paths, self.truth, self.folder = command, paths, truth, folder
        self.events = Events(programs.read_events(command, paths, truth, folder))
        self.numbers = self.events.numbers()
        self.times = self.events.of(source for case in truth.cases for source in case.sources)

    def outcome(self, verdicts: Callable[[], list[Verdict]]) -> Outcome:
        """Return the score of `verdicts`, or the reason why there are none."""
        try:
            return score(self.truth, verdicts(), self.times)
        except Unavailable as reason:
            return str(reason)

    def vedette(self) -> list[Verdict]:
        """Return vedette's verdicts. Raises Unavailable."""
        return programs.vedette(self.command, self.paths, self.truth, self.folder, self.numbers)

    def program(self, name: str) -> list[Verdict]:
        """Return the verdicts of a program on each log that it reads, with the records that settle them. Raises Unavailable."""
        logs = {path.name: path for path in self.paths}
        parts = [part for part in programs.PROGRAMS if part.name == name and part.log in logs]
        if not parts:
            raise Unavailable("reads none of these logs")
        best: dict[str, Verdict] = {}
        for number, part in enumerate(parts):
            folder = self.folder / f"{name.split()[0]}-{number}"
            folder.mkdir(exist_ok=True)
            for verdict in self._asked(part, logs[part.log], folder):
                kept = best.setdefault(verdict.sources[0], verdict)
                if kept.at is None or (verdict.at is not None and verdict.at < kept.at):
                    best[verdict.sources[0]] = verdict
        return list(best.values())

    def _asked(self, part: programs.Program, log: Path, folder: Path) -> Iterator[Verdict]:
        named = part.ask(folder, log)
        alone = {case.sources[0] for case in self.truth.cases if len(case.sources) == 1}
        lines = programs.lines_of(log, self.owners(log, alone.intersection(named)))
        settled = programs.settle(part, folder, lines, named)
        for source in sorted(named):
            line = settled.get(source)
            if line is None:
                yield Verdict((source,))
            else:
                yield Verdict((source,), line.at + part.late * programs.SECOND, self.numbers[str(log), line.number])

    def owners(self, log: Path, sources: Iterable[str] | None = None) -> dict[int, tuple[str, int]]:
        """Return source and time (microseconds) of each line of `log`; of those of `sources` alone where they are given."""
        sql = "select line, src, ts from events where input = $input"
        wanted = set(sources) if sources is not None else None
        rows = self.events.rows(sql, input=str(log))
        return {line: (source, at) for line, source, at in rows if wanted is None or source in wanted}


def _timed(name: str, work: Callable[..., Any], *given: Any) -> Any:
    begin = time.monotonic()
    done = work(*given)
    print(f"{name}: {time.monotonic() - begin:.1f} s", file=sys.stderr)
    return done


def ask(logs: Logs, name: str) -> Outcome:
    """Ask the detector called `name` about `logs`."""
    rule = next((rule for rule in RULES if rule.name == name), None)
    if rule:
        return logs.outcome(lambda: logs.events.verdicts(rule))
    return logs.outcome(logs.vedette if name == VEDETTE else lambda: logs.program(name))


def compare(logs: Logs, names: Iterable[str], pool: Executor) -> dict[str, Future[Outcome]]:
    """Let `pool` ask the detectors called `names` about `logs`, the programs that take minutes first."""
    slow = [program.name for program in programs.PROGRAMS]
    order = sorted(names, key=lambda name: -slow.index(name) if name in slow else 1)
    asked = {name: pool.submit(_timed, name, ask, logs, name) for name in order}
    return {name: asked[name] for name in names}


def speeds(logs: Logs, names: Iterable[str], gaps: Iterable[float]) -> dict[str, list[Outcome]]:
    """Ask the detectors called `names` about scans of fw.log dilated to each of `gaps`. Raises Unavailable."""
    log = next((path for path in logs.paths if path.name == "fw.log"), None)
    if log is None:
        raise Unavailable("there is no fw.log to dilate scans of")
    chosen = dilate.choose(logs.truth)
    ordinary, scans = _parted(logs, log, {case.sources[0] for case in chosen})
    rows: dict[str, list[Outcome]] = defaultdict(list)
    for gap in gaps:
        made = dilate.write(gap, chosen, ordinary, scans, logs.truth, logs.folder / f"gap-{gap:g}")
        for name, outcome in _timed(f"one probe in {gap:g} s", _at_speed, logs.command, made, names).items():
            rows[name].append(outcome)
    return rows


def _at_speed(command: str, made: dilate.Dilated, names: Iterable[str]) -> dict[str, Outcome]:
    """Ask about one dilated log; programs that judge each source by itself get the scans alone, which takes less time."""
    logs = Logs(command, [made.log], made.truth, made.log.parent)
    parts = {program.name: program for program in programs.PROGRAMS if program.log == made.log.name}
    return {
        name: logs.outcome(partial(_scans_alone, parts[name], made)) if name in parts else ask(logs, name)
        for name in names
    }


def _scans_alone(program: programs.Program, made: dilate.Dilated) -> list[Verdict]:
    folder = made.log.parent / program.name.split()[0]
    folder.mkdir()
    return [Verdict((source,)) for source in sorted(program.ask(folder, made.scans))]


def _parted(logs: Logs, log: Path, scanners: set[str]) -> tuple[list[dilate.Record], dict[str, list[dilate.Record]]]:
    owners, ordinary, scans = logs.owners(log), [], defaultdict(list)
    with log.open("rb") as text:
        for number, line in enumerate(text, 1):
            source, at = owners.get(number, ("", 0))
            if source in scanners:
                scans[source].append((at, line))
            elif source and source not in logs.truth.right:
                ordinary.append((at, line))
    return sorted(ordinary, key=lambda record: record[0]), scans


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 where there is nothing to compare)."""
    given = _parser().parse_args(arguments)
    corpus = given.corpus.resolve()
    unpack(corpus)
    paths = [corpus / name for name in given.logs] or [
        path for path in sorted(corpus.glob("*.log")) if path.stat().st_size
    ]
    if not (corpus / "truth.json").exists() or not paths:
        print(f"detection: no truth.json or no logs in {corpus}", file=sys.stderr)
        return 2
    truth = read(corpus, paths)
    answer: dict[str, Any] = {"corpus": corpus.name, "logs": [path.name for path in paths]}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ThreadPoolExecutor(2) as pool:
        logs = Logs(given.vedette, paths, truth, Path(folder))
        asked = compare(logs, given.rows, pool)
        curve = pool.submit(_speeds, logs, given.rows, given.gaps) if given.gaps else None
        rows = {name: outcome.result() for name, outcome in asked.items()}
        print(
            f"{corpus.name}: {', '.join(answer['logs'])}; {len(truth.cases)} cases, {len(truth.benign):,} benign sources\n"
        )
        print(tables.table(rows))
        answer["table"] = {name: _plain(outcome) for name, outcome in rows.items()}
        if curve:
            answer["speeds"] = _print_curve(curve.result(), given.gaps)
    if given.json:
        given.json.write_text(json.dumps(answer, indent=1) + "\n")
    return 0


def _speeds(logs: Logs, names: Iterable[str], gaps: list[float]) -> dict[str, list[Outcome]] | str:
    try:
        return speeds(logs, names, gaps)
    except Unavailable as reason:
        return str(reason)


def _print_curve(rows: dict[str, list[Outcome]] | str, gaps: list[float]) -> dict[str, Any]:
    if isinstance(rows, str):
        print(f"\nno curve: {rows}")
        return {}
    print(f"\n{tables.curve(gaps, rows)}")
    for name, outcomes in rows.items():
        for reason in dict.fromkeys(outcome for outcome in outcomes if isinstance(outcome, str)):
            print(f"{name}: {reason}")
    return {name: dict(zip(map(str, gaps), map(_plain, outcomes), strict=True)) for name, outcomes in rows.items()}


def _plain(outcome: Outcome) -> Any:
    return outcome if isinstance(outcome, str) else outcome.summary()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.detection", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("corpus", type=Path)
    add("--vedette", default="vedette", help="the command, split like a shell does")
    add("--logs", nargs="+", default=[], metavar="FILE", help="files of CORPUS to read; by default its *.log")
    add("--rows", nargs="+", default=NAMES, choices=NAMES, metavar="NAME", help=f"of: {', '.join(NAMES)}")
    add(
        "--gaps",
        nargs="*",
        type=float,
        default=list(dilate.GAPS),
        metavar="SECONDS",
        help="speeds of the curve; none: no curve",
    )
    add("--json", type=Path, metavar="FILE", help="write all figures there, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
