"""Writes an ordinary network's logs and their truth.

    python -m bench.ordinary OUTDIR --seed 1 --style ufw
    python -m bench.ordinary OUTDIR --seed 1 2 3 --style access+ufw --size medium
    python -m bench.ordinary OUTDIR --seed 1 --hold-out
    python -m bench.ordinary OUTDIR --seed 1 --set third

With one seed fw.log, access.log and truth.json go to OUTDIR, with several to OUTDIR/STYLE-SEED each.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.ordinary.network import SIZES
from bench.ordinary.plan import APART, BASE, LENGTHS, SETS, chosen
from bench.ordinary.write import STYLES, write


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = _parser().parse_args(arguments)
    if given.hold_out and given.set in APART:
        print(f"ordinary: nothing of the set {given.set} is kept aside", file=sys.stderr)
        return 2
    if given.kinds:
        _list_kinds(given.hold_out, given.set)
        return 0
    if given.folder is None:
        print("ordinary: say where the logs shall go", file=sys.stderr)
        return 2
    for seed in given.seed:
        folder = given.folder if len(given.seed) == 1 else given.folder / f"{given.style}-{seed}"
        truth = write(folder, seed, given.size, given.style, given.network, given.hold_out, given.set)
        print(f"{folder}: {truth['network']}, {truth['lines']}, {len(truth['actors'])} actors")
    return 0


def _list_kinds(aside: bool, kinds: str) -> None:
    apart = aside or kinds != "usual"
    for kind in chosen(aside, kinds):
        if not (apart and kind.name in BASE):
            print(f"{kind.technique or 'benign':10} {kind.name:28} {(kind.play.__doc__ or '').strip()}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.ordinary", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("folder", type=Path, nargs="?")
    add("--seed", type=int, nargs="+", default=[1])
    add("--size", choices=tuple(LENGTHS), default="small")
    add("--style", choices=tuple(STYLES), default="ufw")
    add("--network", choices=SIZES, help="default: the seed chooses")
    add("--hold-out", action="store_true", help="the kinds kept aside in place of the others")
    add(
        "--set", choices=SETS, default="usual", help="more, third: other kinds, none of them in the logs of another set"
    )
    add("--kinds", action="store_true", help="list the kinds and write nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
