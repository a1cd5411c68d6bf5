"""Asks vedette about the logs of `python -m bench.ordinary` and compares its offenses with the truth.

    python -m bench.ordinary.check --vedette .venv/bin/vedette OUTDIR [OUTDIR ...]

An OUTDIR holds truth.json, or folders that do. A scan is found when an offense names it, a group when offenses name four
fifths of its sources; whether they are few offenses for a group is counted beside. A scan with fewer than ten contacts in the log counts apart. An offense is
false when it names no scanning source, decoy, or second address of a scanner; it goes to the benign kind most of its
sources belong to.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import shlex
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FEWEST = 10
"""Contacts that a scan must have left in the log to be counted."""

WHOLE = 0.8
"""Share of a group's sources that must be named."""

FEW_OFFENSES = 3
"""Offenses that a group may be spread over and still count as seen together; one for twenty sources in large groups."""

UNKNOWN = "source that no log has"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass
class Result:
    """What came of one log, or of several: by kind of scan (found, all), by benign kind (offenses, sources named)."""

    found: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    few: Counter[str] = field(default_factory=Counter)
    right: int = 0
    groups: int = 0
    together: int = 0
    offenses: int = 0
    false: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def add(self, other: Result) -> None:
        """Add the counts of another log to this one's."""
        for name in ("found", "asked", "few", "false", "named", "sources"):
            getattr(self, name).update(getattr(other, name))
        for name in ("right", "groups", "together", "offenses"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Offenses:
    """The offenses of one run, to be asked which of them name an address."""

    def __init__(self, offenses: list[dict[str, Any]]) -> None:
        self.all = offenses
        self.by_address: dict[str, list[int]] = defaultdict(list)
        self.networks: list[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, int]] = []
        for number, offense in enumerate(offenses):
            for text in named_by(offense):
                if "/" in text:
                    self.networks.append((ipaddress.ip_network(text, strict=False), number))
                else:
                    self.by_address[str(ipaddress.ip_address(text))].append(number)

    def naming(self, source: str) -> set[int]:
        """Return the numbers of the offenses that name `source`, itself or a network around it."""
        address = ipaddress.ip_address(source)
        around = {
            number for network, number in self.networks if network.version == address.version and address in network
        }
        return around | set(self.by_address.get(str(address), ()))


def named_by(offense: dict[str, Any]) -> set[str]:
    """Return all addresses and networks that an offense names."""
    return {str(text) for text in (offense["source"], *(offense.get("sources") or ())) if text}


def score(truth: dict[str, Any], offenses: Offenses) -> Result:
    """Compare the offenses of one run with what is true of its logs."""
    result = Result(offenses=len(offenses.all))
    kind_of, bad = _owners(truth["actors"])
    true: set[int] = set()
    for actor in truth["actors"]:
        if actor["label"] == "scan":
            _score_scan(result, truth, actor, offenses)
    for source in bad:
        true |= offenses.naming(source)
    blamed: dict[int, Counter[str]] = defaultdict(Counter)
    for source, kind in kind_of.items():
        if source not in bad:
            result.sources[kind] += 1
            naming = offenses.naming(source)
            result.named[kind] += bool(naming)
            for number in naming:
                blamed[number][kind] += 1
    for number in set(range(len(offenses.all))) - true:
        result.false[blamed[number].most_common(1)[0][0] if blamed[number] else UNKNOWN] += 1
    return result


def _owners(actors: Iterable[dict[str, Any]]) -> tuple[dict[str, str], set[str]]:
    """Return the benign kind of each source, and the sources that it is right to name: those of scans, whoever else uses them."""
    kind_of: dict[str, str] = {}
    bad: set[str] = set()
    for actor in actors:
        if actor["label"] == "scan":
            bad.update(actor["sources"], actor["decoys"], actor["related"])
        else:
            kind_of.update(dict.fromkeys(actor["sources"], actor["kind"]))
    return kind_of, bad


def _score_scan(result: Result, truth: dict[str, Any], actor: dict[str, Any], offenses: Offenses) -> None:
    members = [
        source
        for source, seen in actor["sources"].items()
        if seen["probes"] and source not in {*actor["decoys"], *actor["related"]}
    ]
    if not members:
        return
    hits = [offenses.naming(source) for source in members]
    covered, numbers = sum(map(bool, hits)), set().union(*hits)
    found = covered >= WHOLE * len(members)
    kind = actor["kind"]
    if actor["contacts"] < FEWEST:
        result.few["found" if found else "missed"] += 1
        return
    result.asked[kind] += 1
    result.found[kind] += found
    if found:
        result.groups += len(members) > 1
        result.together += len(members) > 1 and len(numbers) <= max(FEW_OFFENSES, len(members) // 20)
        result.right += any(actor["technique"] in offenses.all[number]["techniques"] for number in numbers)
        return
    result.missed.append(f"{truth['style']} {truth['seed']}: {kind} {members[0]}, {actor['contacts']} contacts, "
                         f"{covered} of {len(members)} sources named in {len(numbers)} offenses")  # fmt: skip


def scan(command: list[str], folder: Path, truth: dict[str, Any], home: bool) -> Offenses:
    """Run `vedette scan` on the logs of `folder`. Raises RuntimeError where it prints nothing."""
    logs = sorted(str(path) for path in folder.glob("*.log") if path.stat().st_size)
    given = [*command, "scan", *logs, "-o", "json", "--now", truth["t_end"]]
    for network in truth["home"] if home else ():
        given += ["--home", network]
    run = subprocess.run(given, capture_output=True, text=True, timeout=900, check=False)
    if not run.stdout.strip():
        raise RuntimeError(f"{folder}: no output, exit code {run.returncode}: {run.stderr[-400:]}")
    return Offenses(json.loads(run.stdout)["offenses"])


def folders(given: Iterable[Path]) -> list[Path]:
    """Return the folders that hold a truth.json: those given, or the ones in them."""
    return [
        place
        for path in given
        for place in ([path] if (path / "truth.json").exists() else sorted(p.parent for p in path.glob("*/truth.json")))
    ]


def heading(truth: dict[str, Any]) -> str:
    """Return the name of a log: style, seed, network."""
    return f"{truth['style']} seed {truth['seed']} ({truth['network']}{', held out' if truth['hold_out'] else ''})"


def summary(name: str, result: Result) -> str:
    """Return one line with the figures of a log or of several."""
    asked, found, false = result.asked.total(), result.found.total(), result.false.total()
    return (f"{name}: recall {found}/{asked}, technique right {result.right}/{found}, groups together {result.together}/{result.groups}, under {FEWEST} contacts "
            f"{result.few['found']}/{result.few.total()}; offenses {result.offenses}, false {false}; "
            f"benign sources named {result.named.total()} of {result.sources.total()}")  # fmt: skip


def details(result: Result) -> Iterable[str]:
    """Yield recall by kind of scan, the worst first, then the benign kinds that were named."""
    for kind in sorted(result.asked, key=lambda kind: (result.found[kind] / result.asked[kind], kind)):
        yield f"  scan    {kind:30} found {result.found[kind]} of {result.asked[kind]}"
    for kind in sorted({*result.false, *(+result.named)}, key=lambda kind: (-result.false[kind], kind)):
        yield f"  false   {kind:30} offenses {result.false[kind]}, sources {result.named[kind]} of {result.sources[kind]}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (2 where there is nothing to check)."""
    given = _parser().parse_args(arguments)
    places = folders(given.folders)
    if not places:
        print("check: no truth.json", file=sys.stderr)
        return 2
    sums: dict[str, Result] = defaultdict(Result)
    for folder in places:
        truth = json.loads((folder / "truth.json").read_text())
        result = score(truth, scan(shlex.split(given.vedette), folder, truth, given.home))
        print(summary(heading(truth), result))
        if given.each:
            print("\n".join([*(f"  missed  {text}" for text in result.missed), *details(result)]))
        sums[truth["style"]].add(result)
    everything = Result()
    for result in sums.values():
        everything.add(result)
    for name, result in {**sums, "all": everything}.items():
        print("\n".join([summary(f"SUM {name}", result), *(details(result) if given.kinds or name == "all" else ())]))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.ordinary.check", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("folders", type=Path, nargs="+")
    add("--vedette", default="vedette", help="the command, split like a shell does")
    add("--home", action=argparse.BooleanOptionalAction, default=True, help="say which network is ours")
    add("--each", action="store_true", help="missed scans and false kinds for each log, too")
    add("--kinds", action="store_true", help="missed and false kinds for each style, too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
