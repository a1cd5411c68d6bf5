"""The walk: sequential evidence adds up at any speed, decays over days, and is held to a plain reading of its rule."""

from __future__ import annotations

import random
from ipaddress import ip_network
from math import exp, log
from typing import Any

import pytest

from vedette.config import Settings
from vedette.detectors import detect
from vedette.detectors.cases import expand, fill
from vedette.detectors.files import stage_knobs
from vedette.engines.duckdb import Engine
from vedette.model import Finding

HOME = Settings(home=(ip_network("203.0.113.0/24"),))
SCANNER = "198.51.100.9"
KNOBS = stage_knobs("walk")

Line = dict[str, Any]


def doors(every: str, count: int, **more: Any) -> Line:
    """Return one closed port of so many hosts, one after the other."""
    return {"src_ip": SCANNER, "dst_ip": f"203.0.113.1..{count}", "dst_port": "23", "every": every, **more}


def words(every: str, count: int) -> Line:
    """Return so many missing names at the root, one after the other."""
    return {"src_ip": SCANNER, "url": [f"/{n}x" for n in map(chr, range(97, 97 + count))], "every": every}


def found(lines: list[Line]) -> list[Finding]:
    """Return the findings about the scanner."""
    with Engine() as engine:
        fill(engine, [event for line in lines for event in expand(line)])
        return [finding for finding in detect(engine, HOME) if finding.source == SCANNER]


@pytest.mark.parametrize("every", ["20m", "1h", "3h"])
def test_ten_doors_at_any_speed_are_a_scan(every: str) -> None:
    (finding,) = found([doors(every, 10)])

    assert (finding.detector, finding.kind, finding.technique) == ("walk", "horizontal", "T1595.001")


def test_a_few_doors_are_none() -> None:
    assert found([doors("20m", 6)]) == []


def test_accidents_of_different_weeks_do_not_add_up() -> None:
    assert found([doors("72h", 12)]) == []


def test_open_doors_count_against_it_but_cannot_be_saved_up() -> None:
    served = [
        {"src_ip": SCANNER, "dst_ip": f"203.0.113.{n}", "dst_port": "443", "action": "allow"} for n in range(100, 103)
    ]

    assert [finding.detector for finding in found([*served, doors("20m", 8, start="2h")])] == ["walk"]


def test_the_walk_settles_at_the_contact_that_reaches_the_threshold() -> None:
    (finding,) = found([doors("20m", 11)])
    weight = KNOBS["refused"] * KNOBS["dark_host"]
    score, steps = 0.0, 0
    while score < KNOBS["threshold"]:
        score = score * exp(-log(2) * 1_200_000_000 / KNOBS["half_life"]) + weight
        steps += 1

    assert finding.settled_by == steps - 1


def test_slow_names_at_the_web_server_add_up() -> None:
    (finding,) = found([words("1h", 25)])

    assert (finding.detector, finding.kind, finding.technique) == ("walk", "web_wordlist", "T1595.003")


def test_slow_looks_for_holes_add_up_to_another_technique() -> None:
    names = ["/.env", "/.git/config", "/phpinfo.php", "/server-status", "/wp-config.php.bak", "/id_rsa", "/backup.sql"]
    kinds = {(f.kind, f.technique) for f in found([{"src_ip": SCANNER, "url": names, "every": "5h"}])}

    assert ("web_vuln", "T1595.002") in kinds


def test_sql_walks_as_the_rule_is_written() -> None:
    rng = random.Random(4)
    lines = [
        {"src_ip": SCANNER, "dst_ip": f"203.0.113.{n}", "dst_port": "23", "start": f"{rng.randrange(480)}h",
         "action": rng.choice(["deny", "deny", "allow"])}
        for n in range(1, 40)
    ]  # fmt: skip
    lines.append({"src_ip": "192.0.2.1", "dst_ip": "203.0.113.200", "dst_port": "22", "action": "allow"})
    with Engine() as engine:
        fill(engine, [event for line in lines for event in expand(line)])
        detect(engine, HOME)
        rows = engine.rows("SELECT first_seen, weight, score FROM walked ORDER BY first_seen, contact")

    assert len(rows) == 39
    score, before = 0.0, rows[0]["first_seen"]
    for row in rows:
        score = max(0.0, score * 2 ** ((before - row["first_seen"]) / KNOBS["half_life"]) + row["weight"])
        before = row["first_seen"]
        assert row["score"] == pytest.approx(score, abs=1e-6)
    assert {row["weight"] > 0 for row in rows} == {True, False}
