"""Groups: sources that scan together are one offense, and the weather of the internet is none."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from vedette import scoring
from vedette.config import Allowed, Settings
from vedette.detectors import detect
from vedette.detectors.cases import START, expand, fill
from vedette.detectors.files import DetectorError, detector, grouping
from vedette.engines.duckdb import Engine
from vedette.model import Finding, Offense, Record

HOME = Settings(home=(ip_network("203.0.113.0/24"), ip_network("2001:db8::/32")))
HOUR = 3_600_000_000
MAPPED = 0xFFFF << 32
PORTS = (23,) * 9 + (22,) * 5 + (445,) * 4 + (3389, 3389, 8080, 8080, 80, 443, 2323, 5555, 6379, 1433, 5900, 21)
WINDOWS = (65535, 65535, 1024, 64240, 29200)
WEATHER = {"flat": (1, 1), "a busy half of the day": (1, 6), "a few hours with ten times as many": (1, 0, 0, 0, 0, 10)}


def radiation(seed: int, sources: int, hours: int, rates: tuple[int, ...] = (1,)) -> list[dict[str, Any]]:
    """Return unrelated sources that knock on one to four doors each; the rates repeat, four hours for each."""
    rng = random.Random(seed)
    weights = [rates[hour // 4 % len(rates)] for hour in range(hours)]
    rows = []
    for _ in range(sources):
        source, port, window = MAPPED + rng.randrange(1 << 24, 198 << 24), rng.choice(PORTS), rng.choice(WINDOWS)
        at = START + rng.choices(range(hours), weights)[0] * HOUR + rng.randrange(HOUR)
        times = [at + n * rng.randrange(HOUR) for n in range(rng.randint(1, 4))]
        rows += [knock(ts, source, rng.randint(1, 254), port, window) for ts in times]
    return rows


def knock(at: int, source: int, host: int, port: int, window: int) -> dict[str, Any]:
    """Return one refused opening of a connection to a host of 203.0.113.0/24."""
    target = MAPPED + (203 << 24) + (113 << 8) + host
    packet = {"src_hi": 0, "src_lo": source, "dst_hi": 0, "dst_lo": target, "dst_port": port, "src_port": 40000}
    return {"ts": at, **packet, "proto": 6, "action": 0, "tcp_flags": 2, "tcp_window": window}


def sweep(port: int = 8291) -> list[dict[str, Any]]:
    """Return thirty unrelated sources that share the hosts of a network within an hour, from hour 20 on."""
    sources = [f"100.{n}.9.7" for n in range(1, 31)]
    event = {"src_ip": sources, "dst_ip": "203.0.113.1..240", "dst_port": str(port), "tcp_window": 1024}
    return list(expand(event | {"every": "20s", "start": "20h", "deal": True}))


def groups(rows: list[dict[str, Any]], threads: int = 2) -> list[Finding]:
    """Return the findings that are about a group of small sources."""
    with Engine(threads=threads) as engine:
        fill(engine, rows)
        return [finding for finding in detect(engine, HOME) if finding.detector.startswith("group_")]


@pytest.mark.parametrize("rates", WEATHER.values(), ids=list(WEATHER))
@pytest.mark.parametrize("seed", [1, 2])
def test_unrelated_sources_are_no_group_whatever_the_hour(seed: int, rates: tuple[int, ...]) -> None:
    assert groups(radiation(seed, 3000, 48, rates)) == []


@pytest.mark.parametrize("sources", [300, 3000])
def test_a_flood_of_forged_sources_in_one_hour_is_no_group(sources: int) -> None:
    flood = [row | {"ts": row["ts"] + 12 * HOUR} for row in radiation(8, sources, 1)]
    assert groups(radiation(3, 2000, 24) + flood) == []


@pytest.mark.parametrize("rates", WEATHER.values(), ids=list(WEATHER))
def test_a_shared_sweep_is_found_in_any_weather(rates: tuple[int, ...]) -> None:
    (found,) = groups(radiation(4, 2000, 48, rates) + sweep())
    assert {f"100.{n}.9.7" for n in range(1, 31)} <= set(found.members)
    assert len(found.members) <= 31
    assert found.kind == "distributed"


def test_a_sweep_by_udp_is_shared_as_one_by_tcp_is() -> None:
    datagrams = [row | {"proto": 17, "tcp_flags": None, "tcp_window": None} for row in sweep(5683)]
    (found,) = groups(radiation(4, 2000, 48) + datagrams)

    assert len(found.members) == 30
    assert "tried UDP port 5683 of 240 hosts" in found.reason


def once(seed: int, hosts: list[int]) -> list[dict[str, Any]]:
    """Return one knock within an hour on each of these hosts, from an unrelated source each, with packets of one make."""
    rng = random.Random(seed)
    at = START + 20 * HOUR
    return [
        knock(at + rng.randrange(HOUR), MAPPED + (1 << 24) + rng.randrange(1 << 30), host, 8291, 512) for host in hosts
    ]


def test_sources_that_knock_once_each_and_never_at_the_same_host_share_a_list() -> None:
    hosts = random.Random(1).sample(range(1, 255), 120)
    (found,) = groups(radiation(4, 2000, 48) + once(9, hosts))

    assert len(found.members) == 120


@pytest.mark.parametrize("bots", [60, 120, 400])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_wave_of_bots_that_knock_once_each_is_no_group_however_large(seed: int, bots: int) -> None:
    hosts = random.Random(seed).choices(range(1, 255), k=bots)

    assert groups(radiation(4, 2000, 48) + once(seed, hosts)) == []


def test_a_crowd_at_one_door_is_no_group() -> None:
    crowd = [row | {"dst_lo": MAPPED + (203 << 24) + (113 << 8) + row["dst_lo"] % 4} for row in sweep()]
    assert groups(radiation(4, 2000, 48) + crowd) == []


def test_bots_that_work_each_for_itself_in_one_network_are_no_group() -> None:
    bots = [
        row | {"src_lo": MAPPED + (198 << 24) + (51 << 16) + row["src_lo"] % 200, "tcp_seq": row["dst_lo"] - MAPPED}
        for row in radiation(5, 60, 2)
    ]
    moved = [row | {"ts": row["ts"] + 20 * HOUR} for row in bots]
    assert groups(radiation(4, 2000, 48) + moved) == []


def test_groups_do_not_depend_on_the_order_of_rows_or_on_threads() -> None:
    rows = [row | {"record": number} for number, row in enumerate(radiation(6, 1000, 48) + sweep())]
    shuffled = random.Random(7).sample(rows, len(rows))
    assert groups(rows) == groups(shuffled, threads=1) != []


def test_an_offense_lists_every_member_once_and_counts_what_all_did() -> None:
    (case,) = offenses(radiation(6, 1000, 48) + sweep(), lambda source: source.startswith("100."))
    assert len(case.sources) == len(set(case.sources)) >= 30
    assert case.source in case.sources
    assert (case.kinds, case.techniques, case.ports) == (["distributed", "horizontal"], ["T1595.001"], 1)
    assert case.targets == case.probes == 240


def test_no_member_of_a_group_counts_as_noise() -> None:
    with Engine(threads=2) as engine:
        fill(engine, radiation(6, 1000, 48) + sweep())
        findings = detect(engine, HOME)
        _, _, noise = scoring.rank(engine, findings, HOME, lambda record: Record("log", record))
        (callers,) = engine.rows("SELECT count(*) AS sources FROM knockers")
    members = {source for finding in findings for source in (finding.source, *finding.members)}
    assert noise["background radiation"]["sources"] == callers["sources"] - len(members)


def test_nobody_whom_an_allow_list_covers_is_in_a_group() -> None:
    rows = radiation(6, 1000, 48) + sweep()
    entry = Allowed(ip_network("100.7.9.7"), "operations", "weekly scan")
    for until, expected in ((None, False), (START, True)):
        settings = Settings(home=HOME.home, allow=(replace(entry, until=until),))
        with Engine() as engine:
            fill(engine, rows)
            (found,) = [f for f in detect(engine, settings) if f.detector.startswith("group_")]

        assert ("100.7.9.7" in found.members) is expected
        assert "100.8.9.7" in found.members


def offenses(rows: list[dict[str, Any]], chosen: Callable[[str], bool]) -> list[Offense]:
    """Return the offenses of the sources that are chosen."""
    with Engine(threads=2) as engine:
        fill(engine, rows)
        ranked, _, _ = scoring.rank(engine, detect(engine, HOME), HOME, lambda record: Record("log", record))
        return [offense for offense in ranked if chosen(offense.source)]


def test_a_file_without_a_known_choice_or_without_a_rung_is_refused() -> None:
    front = '/*---\ntitle = "t"\nchoice = "{}"\n---*/\nSELECT 1'
    with pytest.raises(DetectorError, match="choice is one of"):
        grouping("x", front.format("hats"))
    with pytest.raises(DetectorError, match="the front matter lacks"):
        grouping("x", front.format("ports"))
    with pytest.raises(DetectorError, match="rung"):
        detector("x", front.format("ports"))
