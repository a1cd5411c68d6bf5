"""Reads what is true of a folder of labelled logs, whichever of the two layouts its truth.json has.

One layout is that of `python -m bench.ordinary`: actors with a kind and their sources. The other has one actor for each source:
`src`, `label` (scan, benign, authorised), `technique`, `attack_id`, perhaps a `group` of sources that act together and
`decoy`, the records it left in each log, and background sources in a list of their own.
"""

from __future__ import annotations

import ipaddress
import json
import lzma
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RECORDS = {"fw.log": "fw_lines", "access.log": "web_requests", "flows.csv": "flow_records"}
"""Which count of an actor says what it left in which file."""

BACKGROUND = "background-radiation"


@dataclass(frozen=True)
class Case:
    """One scanning source, or one group of sources that work together; `probes` are what it left in the logs that are read."""

    kind: str
    technique: str
    sources: tuple[str, ...]
    probes: int


@dataclass(frozen=True)
class Truth:
    """What is true of a folder of logs.

    `benign` maps sources to what they are. Naming one of `right` is right: scanners, decoys, second addresses of scanners.
    `now` is the end of the logs, ISO 8601 in UTC.
    """

    cases: tuple[Case, ...]
    benign: dict[str, str]
    right: frozenset[str]
    allowed: frozenset[str]
    home: tuple[str, ...]
    now: str


def plain(address: str) -> str:
    """Return `address` in its shortest form. Raises ValueError."""
    return str(ipaddress.ip_address(address))


def unpack(folder: Path) -> None:
    """Write every `NAME.xz` of `folder` as `NAME` beside it, unless that is there. Raises OSError, lzma.LZMAError."""
    for packed in folder.glob("*.xz"):
        if not packed.with_suffix("").exists():
            packed.with_suffix("").write_bytes(lzma.decompress(packed.read_bytes()))


def read(folder: Path, logs: list[Path]) -> Truth:
    """Return the truth of `folder` as far as `logs` can show it. Raises OSError, ValueError, KeyError."""
    truth = json.loads((folder / "truth.json").read_text())
    return _by_kind(truth) if "home" in truth else _by_source(truth, [log.name for log in logs])


def _by_kind(truth: dict[str, Any]) -> Truth:
    cases, benign, right = [], {}, set()
    for actor in truth["actors"]:
        sources = {plain(source): seen for source, seen in actor["sources"].items()}
        if actor["label"] != "scan":
            benign.update(dict.fromkeys(sources, actor["kind"]))
            continue
        aside = {plain(source) for source in (*actor["decoys"], *actor["related"])}
        right |= {*sources, *aside}
        members = tuple(source for source, seen in sources.items() if seen["probes"] and source not in aside)
        if members:
            cases.append(Case(actor["kind"], actor["technique"], members, actor["contacts"]))
    kept = {source: kind for source, kind in benign.items() if source not in right}
    return Truth(tuple(cases), kept, frozenset(right), frozenset(), tuple(truth["home"]), truth["t_end"])


def _by_source(truth: dict[str, Any], logs: list[str]) -> Truth:
    counts = [RECORDS[log] for log in logs if log in RECORDS]
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_label: dict[str, dict[str, str]] = defaultdict(dict)
    for actor in truth["actors"]:
        by_label[actor["label"]][plain(actor["src"])] = actor["technique"]
        if actor["label"] == "scan" and not actor.get("decoy") and _left(actor, counts):
            groups[actor.get("group") or actor["src"]].append(actor)
    cases = [
        Case(members[0]["technique"], members[0]["attack_id"], tuple(plain(each["src"]) for each in members),
             sum(_left(each, counts) for each in members))
        for members in groups.values()
    ]  # fmt: skip
    background = {plain(row[0]): BACKGROUND for row in truth["background"]["sources"]}
    right, allowed = frozenset(by_label["scan"]), frozenset(by_label["authorised"])
    benign = {source: kind for source, kind in {**background, **by_label["benign"]}.items() if source not in right}
    now = datetime.fromtimestamp(truth["t_end"], UTC).isoformat()
    return Truth(tuple(cases), benign, right, allowed, tuple(truth["protected_networks"]), now)


def _left(actor: dict[str, Any], counts: list[str]) -> int:
    return sum(actor.get(count) or 0 for count in counts)
