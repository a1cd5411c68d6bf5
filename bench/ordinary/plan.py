"""Which kinds a log holds: all of them but the third that is kept aside, as many of each as its size asks for."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from bench.ordinary import (
    accidents,
    groups,
    odd_probes,
    offices,
    operations,
    programs,
    readers,
    replies,
    services,
    sweeps,
    web_scans,
)
from bench.ordinary.actors import DAY, FOURTH, MORE, REGISTRY, THIRD, Case, Kind
from bench.ordinary.network import USABLE, Network, make_network

# The first import of a module enters its kinds, and the truth lists them in that order: these import some of those above.
# isort: split
from bench.ordinary import more_clients, more_scans, more_web

# isort: split
from bench.ordinary import (
    third_apps,
    third_clients,
    third_doors,
    third_groups,
    third_guesses,
    third_lines,
    third_odd,
    third_radiation,
    third_web,
    third_words,
)

# isort: split
from bench.ordinary import (
    fourth_accidents,
    fourth_checks,
    fourth_clients,
    fourth_evasions,
    fourth_families,
    fourth_habits,
    fourth_rain,
    fourth_tenants,
    fourth_tools,
    fourth_web_clients,
    fourth_web_disguised,
    fourth_web_former,
    fourth_web_lookups,
    fourth_web_many,
    fourth_web_owners,
    fourth_web_parameters,
    fourth_web_people,
    fourth_web_products,
    fourth_web_robots,
    fourth_web_usual_places,
    fourth_web_weaknesses,
    fourth_web_words,
)

MODULES = (operations, services, replies, accidents, offices, readers, programs, sweeps, groups, odd_probes, web_scans)
"""Importing them enters their kinds into `REGISTRY`, in this order."""

MORE_MODULES = (more_clients, more_web, more_scans)
"""Importing them enters their kinds into `MORE`."""

THIRD_MODULES = (third_radiation, third_clients, third_lines, third_web, third_apps, third_doors, third_groups, third_odd,
                 third_words, third_guesses)  # fmt: skip
"""Importing them enters their kinds into `THIRD`."""

FOURTH_MODULES = (fourth_tenants, fourth_clients, fourth_checks, fourth_accidents, fourth_rain, fourth_tools, fourth_families, fourth_habits,
                  fourth_evasions, fourth_web_people, fourth_web_robots, fourth_web_usual_places, fourth_web_owners, fourth_web_clients,
                  fourth_web_former, fourth_web_lookups, fourth_web_weaknesses, fourth_web_products, fourth_web_words,
                  fourth_web_parameters, fourth_web_disguised, fourth_web_many)  # fmt: skip
"""Importing them enters their kinds into `FOURTH`."""

APART = {"more": MORE, "third": THIRD}
"""Sets of which nothing is kept aside."""

SPLIT = {"usual": REGISTRY, "fourth": FOURTH}
"""Sets of which a third is kept aside."""

SETS = (*SPLIT, *APART)
BASE = ("background-radiation", "browsing")
"""Kinds that no log is without; they are never kept aside."""

HOLD_OUT_SEED = 1595
KEPT_ASIDE = 1 / 3
START = 1_773_014_400
"""Epoch second at which every log begins: Monday, 2026-03-09, 00:00 UTC."""


@dataclass(frozen=True)
class Size:
    """How long a log is, how many of each kind it holds, and how many lines it may have at most."""

    days: int
    times: int
    most: int


LENGTHS = {"small": Size(3, 1, 60_000), "medium": Size(5, 4, 500_000)}
HOST_OF_SCANNER = Kind("office-of-a-scanner", offices.office, None, 1, 1, "offices")


def held_out(kinds: str = "usual") -> frozenset[str]:
    """Return the names of the kinds of a set that are kept aside: a third of the benign kinds and a third of the scans.

    They are drawn by a hash of seed and name, so that a new kind changes at most the last one drawn.
    """
    aside: set[str] = set()
    for scanning in (False, True):
        names = [k.name for k in SPLIT[kinds].values() if (k.technique is not None) == scanning and k.name not in BASE]
        names.sort(key=lambda name: hashlib.sha256(f"{HOLD_OUT_SEED} {name}".encode()).digest())
        aside.update(names[: round(len(names) * KEPT_ASIDE)])
    return frozenset(aside)


def chosen(hold_out: bool, kinds: str = "usual") -> list[Kind]:
    """Return the kinds of a log: a set of `APART`, or of one of `SPLIT` those kept aside or the others; `BASE` always.

    Raises ValueError for `hold_out` with a set of which nothing is kept aside.
    """
    if kinds in APART:
        if hold_out:
            raise ValueError(f"nothing of the set {kinds} is kept aside")
        return [*(REGISTRY[name] for name in BASE), *APART[kinds].values()]
    aside, split = held_out(kinds), SPLIT[kinds]
    all_kinds = {name: REGISTRY[name] for name in BASE if name not in split} | split
    return [kind for kind in all_kinds.values() if kind.name in BASE or (kind.name in aside) == hold_out]


def play(seed: int, size: str, network: str | None = None, hold_out: bool = False,
         kinds: str = "usual") -> tuple[Network, list[Case]]:  # fmt: skip
    """Let all actors of a log act. The same arguments give the same cases; each kind draws from a generator of its own."""
    length, net = LENGTHS[size], make_network(seed, network)
    cases: list[Case] = []

    def act(kind: Kind, number: int, lend: str | None = None) -> None:
        rng = random.Random(f"{seed} {kind.name} {number}")
        case = Case(len(cases), kind, net, length.days * DAY, rng, lend=lend)
        cases.append(case)
        kind.play(case)

    for kind in chosen(hold_out, kinds):
        if kind.hosts > USABLE[net.size]:
            continue
        for number in range(kind.share * length.times):
            lend = net.stranger(random.Random(f"{seed} lent {number}")) if kind.name == "behind-office" else None
            act(kind, number, lend)
            if lend:
                act(HOST_OF_SCANNER, number, lend)
    return net, cases
