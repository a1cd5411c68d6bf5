"""Intent: what a scanner was after is said by product, with the weaknesses it is scanned for, and never guessed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from test_scoring import HOME, SECRETS, SWEEP, VERTICAL, offenses, ranked
from vedette import intent, scoring
from vedette.detectors import detect
from vedette.detectors.cases import expand, fill
from vedette.engines.duckdb import Engine
from vedette.knowledge import table

PRODUCTS = table("products")


def after(*lines: dict[str, Any]) -> list[str]:
    (offense,) = offenses(*lines)
    return [reason for reason in offense.reasons if reason.startswith("It was after: ")]


def test_a_sweep_of_one_port_says_the_product_and_its_weakness() -> None:
    assert after(SWEEP | {"dst_port": "8291"}) == ["It was after: MikroTik Winbox CVE-2018-14847."]


def test_several_ports_are_said_by_how_many_targets_were_asked() -> None:
    few = {"src_ip": "198.51.100.10", "dst_ip": "203.0.113.1..9", "dst_port": "23", "every": "1s", "start": "5m"}

    assert after(SWEEP | {"dst_port": "6379"}, few) == ["It was after: Redis (unauthenticated) CVE-2022-0543, Telnet."]


def test_whoever_tries_every_port_is_after_none() -> None:
    assert after(VERTICAL | {"dst_port": "1..1000", "every": "0.01s"}) == []


def test_whoever_counts_up_from_port_one_is_after_none() -> None:
    assert after(VERTICAL) == []


def test_a_port_that_no_product_is_known_for_is_not_guessed() -> None:
    assert after(SWEEP | {"dst_port": "40123"}) == []


def test_udp_and_tcp_of_one_number_are_two_services() -> None:
    assert after(SWEEP | {"dst_port": "11211", "proto": "udp"}) == ["It was after: memcached CVE-2018-1000115."]
    assert after(SWEEP | {"dst_port": "1194"}) == []


def test_paths_say_which_products_were_looked_for() -> None:
    (sentence,) = after(SECRETS)

    assert "environment file (.env)" in sentence
    assert "Git repository" in sentence


def test_many_products_are_counted_and_those_with_weaknesses_come_first() -> None:
    urls = [entry["example"] for entry in PRODUCTS["path"] if "$" not in entry["example"]][:40]
    (sentence,) = after({"src_ip": "198.51.100.9", "url": urls})

    assert sentence.count(",") <= intent.SHOWN
    assert re.search(r" and \d+ more\.$", sentence)
    assert "CVE-" in sentence.split(",")[0]


def test_a_weakness_adds_to_intent_and_intent_stays_bounded() -> None:
    (plain,) = offenses(SWEEP | {"dst_port": "8080"})
    (hole,) = offenses(SWEEP | {"dst_port": "8291"})
    urls = [entry["example"] for entry in PRODUCTS["path"]]
    (most,) = offenses({"src_ip": "198.51.100.9", "url": urls}, VERTICAL)

    assert hole.parts["intent"] == pytest.approx(plain.parts.get("intent", 0) + scoring.INTENT["holes"])
    assert most.parts["intent"] == scoring.INTENT_MOST


def test_a_group_says_what_its_members_were_after_together() -> None:
    sources = [f"100.{n}.9.7" for n in range(1, 31)]
    event = {"src_ip": sources, "dst_ip": "203.0.113.1..240", "dst_port": "8291", "tcp_window": 1024}
    elsewhere = {"src_ip": "9.9.9.9", "dst_ip": "203.0.113.1", "dst_port": "443", "every": "20m", "times": 90}

    found = ranked([*expand(event | {"every": "20s", "start": "20h", "deal": True}), *expand(elsewhere)])[0]

    assert [[r for r in o.reasons if "after: MikroTik" in r] for o in found if len(o.sources) == 30] == [
        ["It was after: MikroTik Winbox CVE-2018-14847."]
    ]


# ---- the knowledge ------------------------------------------------------------------------------


def test_every_port_stands_once_and_every_weakness_has_a_number() -> None:
    keys = [(entry.get("proto", "tcp"), entry["port"]) for entry in PRODUCTS["port"]]
    cves = [cve for entry in (*PRODUCTS["port"], *PRODUCTS["path"]) for cve in entry.get("cve", ())]

    assert len(set(keys)) == len(keys) >= 60
    assert len(PRODUCTS["path"]) >= 60
    assert [cve for cve in cves if not re.fullmatch(r"CVE-(19|20)\d\d-\d{4,7}", cve)] == []


def test_the_example_of_each_product_is_looked_at_and_is_of_that_product() -> None:
    rows = [row for entry in PRODUCTS["path"] for row in expand({"src_ip": "198.51.100.9", "url": [entry["example"]]})]
    with Engine() as engine:
        fill(engine, rows)
        findings = detect(engine, HOME)
        leads = scoring.leaders(findings)
        facts = scoring.gather(
            engine, {scoring.source_key(source): scoring.source_key(lead) for source, lead in leads.items()}
        )
    (of_source,) = facts.values()
    found = {PRODUCTS["path"][row["product"]]["name"] for row in of_source["sought_products"]}

    assert {entry["name"] for entry in PRODUCTS["path"]} - found == set()
