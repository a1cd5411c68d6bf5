"""Writes logs of any size with scanners hidden in background radiation, and beside each log what is true of it.

    python -m bench.generate fw.log --lines 5000000
    python -m bench.generate asa.log --style asa --lines 1000000
    python -m bench.generate access.log --style access --lines 1000000

The truth goes to LOG.truth.json: for every scanner its source, kind, first and last probe, number
of probes, and the lines on which its first, tenth and last probe stand.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.access import Access
from bench.addresses import HOME, source_text
from bench.plan import PROTOCOLS, ROLES, Plan, Scanner, make_plan
from bench.render import STYLES, renderer
from bench.traffic import Packets, traffic

SETTLED = 10
"""The probe by which a detector can be asked to know a scanner; its line is `tenth_line` in the truth."""


class Ledger:
    """Counts what was written: lines of each role, and of each scanner its probes and the lines they stand on."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.lines = plan, 0
        self.roles = np.zeros(len(ROLES), np.int64)
        scanners = len(plan.scanners)
        self.probes = np.zeros(scanners, np.int64)
        self.first, self.tenth, self.last = (np.zeros(scanners, np.int64) for _ in range(3))
        self.first_time, self.last_time = (np.zeros(scanners, np.int64) for _ in range(2))

    def add(self, packets: Packets) -> None:
        """Count one slice of packets."""
        self.roles += np.bincount(packets["role"], minlength=len(ROLES))
        at = np.flatnonzero(packets["actor"] >= 0)
        at = at[np.argsort(packets["actor"][at], kind="stable")]
        actor = packets["actor"][at].astype(np.int64)
        begins = np.flatnonzero(np.diff(actor, prepend=-1))
        count = np.diff(begins, append=len(actor))
        rank = np.arange(len(actor)) - np.repeat(begins, count) + self.probes[actor]
        line, when = self.lines + at + 1, packets["time"][at]
        self.first[actor[rank == 0]], self.first_time[actor[rank == 0]] = line[rank == 0], when[rank == 0]
        self.tenth[actor[rank == SETTLED - 1]] = line[rank == SETTLED - 1]
        self.last[actor], self.last_time[actor] = line, when
        self.probes[actor[begins]] += count
        self.lines += len(packets["time"])

    def truth(self) -> dict[str, Any]:
        """Return all that is true of the log, ready for JSON."""
        plan = self.plan
        return {
            "lines": self.lines,
            "seed": plan.seed,
            "from": _time(plan, 0),
            "to": _time(plan, plan.span),
            "home": list(HOME),
            "roles": {role: int(count) for role, count in zip(ROLES, self.roles, strict=True)},
            "sources": {"background": plan.background, "scanner": len(plan.scanners), **plan.pools},
            "scanners": [self._scanner(n, scanner) for n, scanner in enumerate(plan.scanners)],
        }

    def _scanner(self, number: int, scanner: Scanner) -> dict[str, Any]:
        source = source_text(scanner.source, scanner.ipv6)
        key = str(ipaddress.ip_network(f"{source}/64", strict=False)) if scanner.ipv6 else source
        return {
            "source": source,
            "scanner": key,
            "kind": scanner.kind,
            "slow": scanner.slow,
            "protocol": PROTOCOLS[scanner.protocol],
            "tool": scanner.tool,
            "first": _time(self.plan, int(self.first_time[number])),
            "last": _time(self.plan, int(self.last_time[number])),
            "probes": int(self.probes[number]),
            "contacts": scanner.hosts * scanner.ports,
            "targets": scanner.hosts,
            "ports": scanner.ports if scanner.protocol < 2 else 0,
            "gap_seconds": scanner.gap / 1e6,
            "first_line": int(self.first[number]),
            "tenth_line": int(self.tenth[number]),
            "last_line": int(self.last[number]),
        }


def _time(plan: Plan, micros: int) -> str:
    moment = datetime.fromtimestamp(plan.start, UTC) + timedelta(microseconds=micros)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def write(path: Path, plan: Plan, style: str = "ufw", sequence: bool = True, options: bool = True) -> dict[str, Any]:
    """Write the log of `plan` in `style` to `path` and return its truth. Raises OSError, ValueError (style)."""
    render = Access().lines if style == "access" else renderer(style, sequence, options)
    ledger = Ledger(plan)
    with path.open("wb", buffering=0) as out:
        for packets in traffic(plan):
            out.write(render(packets, plan.start))
            ledger.add(packets)
    truth = ledger.truth()
    if style == "access":
        for scanner in truth["scanners"]:
            scanner.update(kind="web_wordlist", protocol="tcp", targets=1, ports=1, paths=scanner["contacts"])
            del scanner["tool"]
    return {"log": path.name, "style": style, **truth}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0, or 2 for numbers that cannot be met)."""
    given = _parser().parse_args(arguments)
    start = int(datetime.fromisoformat(given.start).replace(tzinfo=UTC).timestamp())
    try:
        plan = make_plan(given.lines, given.seed, start, given.hours, given.ipv6, given.sources, given.scanners)
    except ValueError as error:
        print(f"generate: {error}", file=sys.stderr)
        return 2
    truth = write(given.log, plan, given.style, given.sequence, given.options)
    given.log.with_name(given.log.name + ".truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    end = plan.start + plan.span / 1e6
    os.utime(given.log, (end, end))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("log", type=Path, help="the log to write; the truth goes to LOG.truth.json")
    add("--style", choices=(*STYLES, "access"), default="ufw")
    add("--lines", type=int, default=1_000_000)
    add("--seed", type=int, default=1)
    add("--start", default="2026-03-10T00:00:00", help="UTC; the modification time of the log is set to its end")
    add("--hours", type=float, default=24)
    add("--ipv6", type=float, default=0.05, help="share of sources with IPv6 (0 to 1)")
    add("--sources", type=int, help="background sources; default: as many as suit the lines")
    add("--scanners", type=int, help="scanners; default: one for 10,000 lines, 6 to 2,000")
    add("--sequence", action=argparse.BooleanOptionalAction, default=True, help="log TCP sequence numbers")
    add("--options", action=argparse.BooleanOptionalAction, default=True, help="log TCP options")
    return parser


if __name__ == "__main__":
    sys.exit(main())
