"""Teams: scanners that are named one by one and are one scanner stand in one offense; those that are not stand apart."""

from __future__ import annotations

import random
from ipaddress import ip_network
from typing import Any

import pytest

from vedette import scoring
from vedette.config import Allowed, Settings
from vedette.detectors import detect
from vedette.detectors.cases import expand, fill
from vedette.engines.duckdb import Engine
from vedette.model import Offense, Record

HOME = Settings(home=(ip_network("203.0.113.0/24"),))

Line = dict[str, Any]

UNRELATED = [f"{100 + n}.{n}.9.7" for n in range(8)]

NEIGHBOURS = [f"198.51.100.{n}" for n in range(8)]

HOSTS = [f"203.0.113.{n}" for n in range(1, 241)]

NAMES = [f"/{first}{second}{third}" for first in "bcdfghk" for second in "aeiou" for third in "lmnrst"]


def shares(sources: list[str], window: int = 1024) -> list[Line]:
    """Return a sweep of one port that the sources share among them, each its part in order."""
    part = len(HOSTS) // len(sources)
    return [
        {"src_ip": source, "dst_ip": HOSTS[n * part : (n + 1) * part], "dst_port": "8291", "tcp_window": window}
        for n, source in enumerate(sources)
    ]


def split_ports(sources: list[str]) -> list[Line]:
    """Return a scan of one host whose ports the sources share among them."""
    ports = random.Random(1).sample(range(1, 1001), 800)
    part = len(ports) // len(sources)
    return [
        {"src_ip": source, "dst_ip": HOSTS[0], "dst_port": [str(p) for p in ports[n * part : (n + 1) * part]], "tcp_window": 1024, "every": "2s"}
        for n, source in enumerate(sources)
    ]  # fmt: skip


def random_shares(sources: list[str]) -> list[Line]:
    """Return a block scan whose doors, in an order drawn at random, the sources share among them."""
    doors = [(host, port) for host in HOSTS[:20] for port in (21, 22, 23, 80, 443, 445, 3389, 8080, 5900, 1433)]
    random.Random(2).shuffle(doors)
    return [
        {"src_ip": sources[n % len(sources)], "dst_ip": host, "dst_port": str(port), "tcp_window": 1024, "start": f"{n}s"}
        for n, (host, port) in enumerate(doors)
    ]  # fmt: skip


def split_words(sources: list[str]) -> list[Line]:
    """Return a word list that the sources share among them, each at its own part of the list."""
    part = len(NAMES) // len(sources)
    return [
        {"src_ip": source, "url": NAMES[n * part : (n + 1) * part], "user_agent": f"Mozilla/5.0 ({n})", "every": "1s"}
        for n, source in enumerate(sources)
    ]


TEAMS = {
    "a sweep in shares": shares(UNRELATED),
    "the ports of one host in shares": split_ports(UNRELATED),
    "a block in random shares": random_shares(UNRELATED),
    "a word list in shares": split_words(UNRELATED),
    "neighbours that each sweep the whole": [
        {"src_ip": source, "dst_ip": HOSTS, "dst_port": "22", "tcp_window": 29200} for source in NEIGHBOURS
    ],
    "decoys": [
        {"src_ip": source, "dst_ip": HOSTS[3], "dst_port": "1..40", "tcp_window": 1024, "every": "1s"}
        for source in UNRELATED
    ],
}

APART = {
    "everybody's own sweep of the whole": [
        {"src_ip": source, "dst_ip": HOSTS, "dst_port": "8291", "tcp_window": 1024, "start": f"{7 * n}m"}
        for n, source in enumerate(UNRELATED)
    ],
    "shares with tools of different make": [
        line for n, source in enumerate(UNRELATED) for line in shares([*UNRELATED], 1000 + n)[n : n + 1]
    ],
    "shares of days that lie apart": [line | {"start": f"{6 * n}h"} for n, line in enumerate(shares(UNRELATED))],
    "everybody's own list of words": [
        {"src_ip": source, "url": random.Random(n).sample(NAMES, 90), "every": "1s"}
        for n, source in enumerate(UNRELATED)
    ],
    "lists of words that have nothing in common, with agents of their own, an hour apart": [
        line | {"start": f"{n}h"} for n, line in enumerate(split_words(UNRELATED))
    ],
    "neighbours a day apart": [
        {"src_ip": source, "dst_ip": HOSTS, "dst_port": "22", "start": f"{24 * n}h"}
        for n, source in enumerate(NEIGHBOURS)
    ],
}


def offenses(lines: list[Line], threads: int = 2) -> list[Offense]:
    """Return the offenses that come of these lines."""
    with Engine(threads=threads) as engine:
        fill(engine, [event for line in lines for event in expand(line)])
        ranked, _, _ = scoring.rank(engine, detect(engine, HOME), HOME, lambda record: Record("log", record))
        return ranked


@pytest.mark.parametrize("lines", TEAMS.values(), ids=list(TEAMS))
def test_scanners_that_share_their_work_are_one_offense_with_all_of_them(lines: list[Line]) -> None:
    (case,) = offenses(lines)

    assert set(case.sources) == {line["src_ip"] for line in lines}


@pytest.mark.parametrize("lines", APART.values(), ids=list(APART))
def test_scanners_that_work_each_for_itself_are_offenses_of_their_own(lines: list[Line]) -> None:
    cases = offenses(lines)

    assert [case.sources for case in cases] == [[case.source] for case in cases]
    assert {case.source for case in cases} == {line["src_ip"] for line in lines}


def test_a_team_counts_what_its_members_did_together() -> None:
    (case,) = offenses(shares(UNRELATED))

    assert (case.probes, case.targets, case.ports) == (240, 240, 1)
    assert case.kinds == ["distributed", "horizontal"]
    assert case.techniques == ["T1595.001"]
    assert sum("others did alike" in reason for reason in case.reasons) == 1
    assert len(case.reasons) == len(set(case.reasons)) <= 5


def test_decoys_keep_their_kind_and_say_that_the_real_one_cannot_be_known() -> None:
    (case,) = offenses(TEAMS["decoys"])

    assert case.kinds == ["vertical"]
    assert any("decoys" in reason for reason in case.reasons)


def test_a_word_list_in_shares_is_told_as_such() -> None:
    (case,) = offenses(TEAMS["a word list in shares"])

    assert case.techniques == ["T1595.003"]
    assert case.paths == len(NAMES) // len(UNRELATED) * len(UNRELATED)


def test_teams_do_not_depend_on_the_order_of_rows_or_on_threads() -> None:
    lines = random_shares(UNRELATED) + split_words(UNRELATED)
    shuffled = random.Random(3).sample(lines, len(lines))

    def told(cases: list[Offense]) -> list[Any]:
        return [(case.source, case.sources, case.kinds, case.probes, case.detected_at, case.parts) for case in cases]

    assert told(offenses(lines)) == told(offenses(shuffled, threads=1))


def test_nobody_whom_an_allow_list_covers_is_in_a_team_or_a_group() -> None:
    expected = Settings(home=HOME.home, allow=(Allowed(ip_network(UNRELATED[2]), "operations", "weekly scan"),))
    with Engine() as engine:
        fill(engine, [event for line in shares(UNRELATED) for event in expand(line)])
        kept, suppressed, _ = scoring.rank(
            engine, detect(engine, expected), expected, lambda record: Record("log", record)
        )

    assert [set(case.sources) for case in kept] == [set(UNRELATED) - {UNRELATED[2]}]
    assert [case.source for case, _ in suppressed] == [UNRELATED[2]]
