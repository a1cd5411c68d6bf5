"""Detectors: every case of every file on the real engine, and what holds for all of them."""

from __future__ import annotations

import random
from dataclasses import replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest

from vedette.config import Settings
from vedette.detectors import LOWEST, detect
from vedette.detectors.cases import expand, explained, failure, fill, play, values
from vedette.detectors.direction import LOW, address_text, bounds, outside, signed, source_key, source_text, towards
from vedette.detectors.files import Detector, DetectorError, Noise, detector, detectors, groupings, noise, noises, span
from vedette.engines.duckdb import Engine
from vedette.knowledge import table

if TYPE_CHECKING:
    from vedette.model import Finding

HOME = Settings(home=(ip_network("203.0.113.0/24"), ip_network("2001:db8::/32")))

CASES = [(rule, case) for rule in (*detectors(), *(entry.rule for entry in groupings())) for case in rule.cases]

MINIMAL = """/*---
title = "t"
kind = "k"
technique = "T1595.001"
why = "w"
blind = []
sentence = "s"
[[rung]]
window = "1 min"
at_least = 5
why = "w"
[[case]]
name = "a"
events = []
finds = ["198.51.100.9"]
[[case]]
name = "b"
events = []
finds = []
---*/
SELECT 1"""


def found(rows: list[dict[str, Any]], settings: Settings = HOME, threads: int = 2) -> list[Finding]:
    """Return the findings of some rows."""
    with Engine(threads=threads) as engine:
        fill(engine, rows)
        return detect(engine, settings)


def several_scans() -> list[dict[str, Any]]:
    """Return rows of several scans and of ordinary clients, with many equal times."""
    lines: list[dict[str, Any]] = [
        {"src_ip": "198.51.100.9", "dst_ip": "203.0.113.4", "dst_port": "1..30", "every": "0.25s"},
        {"src_ip": "198.51.100.10", "dst_ip": "203.0.113.1..40", "dst_port": "23", "every": "0.5s"},
        {"src_ip": "198.51.100.11", "dst_ip": "203.0.113.1..20", "dst_port": ["22", "3389"], "every": "2s"},
        {"src_ip": "198.51.100.12", "url": ["/alpha", "/beta", "/gamma", "/delta", "/eta", "/theta", "/.env"]},
        {"src_ip": "198.51.100.13", "dst_ip": "203.0.113.1..3", "dst_port": "443", "action": "allow", "rounds": 9},
        {"src_ip": "198.51.100.14", "dst_ip": "203.0.113.4", "dst_port": "100..120", "proto": "udp", "every": "3s"},
    ]
    rows = [event for line in lines for event in expand(line)]
    return [
        {**event, "ts": event["ts"] // 1_000_000 * 1_000_000, "record": number} for number, event in enumerate(rows)
    ]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule.name}: {case['name']}" for rule, case in CASES])
def test_a_detector_does_what_its_cases_say(rule: Detector, case: dict[str, Any]) -> None:
    with Engine() as engine:
        assert failure(rule, case, play(engine, case, HOME)) is None


@pytest.mark.parametrize("rule", noises(), ids=lambda rule: rule.name)
def test_a_noise_rule_explains_its_own_case_which_raises_nothing(rule: Noise) -> None:
    """The client of a case is 198.51.100.9 where the case has others too."""
    for case in rule.cases:
        with Engine() as engine:
            findings = play(engine, case, HOME)
            assert explained(engine, rule) > 0
        assert [finding.reason for finding in findings if finding.source == "198.51.100.9"] == []


def test_no_rung_asks_for_less_than_the_first_cut_keeps() -> None:
    """Rungs that count contacts are never below LOWEST; OS fingerprinting counts shapes, of which every one is a contact."""
    low = [
        rule.name for rule in detectors() if rule.reads == "network" and any(r.at_least < LOWEST for r in rule.rungs)
    ]

    assert low == ["os_fingerprint"]


def test_order_of_rows_and_threads_do_not_change_the_findings() -> None:
    rows = several_scans()
    shuffled = rows.copy()
    random.Random(7).shuffle(shuffled)

    expected = found(rows)

    assert len({finding.source for finding in expected}) == 5
    assert found(shuffled) == expected
    assert found(shuffled, threads=1) == expected


def test_lines_of_one_instant_may_come_in_any_order() -> None:
    """Renumbered records of equal times change which line settled a scan, and nothing else."""
    rows = several_scans()
    moved = rows.copy()
    random.Random(8).shuffle(moved)
    moved = [{**row, "record": number} for number, row in enumerate(moved)]

    assert [replace(f, settled_by=0) for f in found(moved)] == [replace(f, settled_by=0) for f in found(rows)]


def test_the_settling_record_is_the_one_that_reached_the_rung() -> None:
    """The fifth port within a minute settles a vertical scan, whatever came before it."""
    rows = list(expand({"src_ip": "198.51.100.9", "dst_ip": "203.0.113.4", "dst_port": "21..40", "every": "1s"}))

    (vertical,) = [finding for finding in found(rows) if finding.detector == "vertical"]

    assert (vertical.settled_by, vertical.detected_at) == (4, rows[4]["ts"])
    assert vertical.count == 20
    assert "20 ports of 203.0.113.4" in vertical.reason


def test_a_log_without_verdicts_still_shows_a_scan() -> None:
    """A LOG line with no verdict in its prefix is unknown, which is nearly refused and never answered."""
    rows = list(expand({"src_ip": "198.51.100.9", "dst_ip": "203.0.113.4", "dst_port": "1..30", "every": "1s"}))

    assert {f.kind for f in found([{**event, "action": None} for event in rows])} == {"vertical"}
    assert found([{**event, "action": 1} for event in rows]) == []


def test_addresses_of_one_ipv6_network_are_one_source() -> None:
    """A scanner that takes another address of its /64 for every probe is one scanner."""
    line = {"src_ip": "2001:470:1:2::1..30", "dst_ip": "2001:db8::4"}
    rows = [row | {"dst_port": 20 + number} for number, row in enumerate(expand(line | {"dst_port": 1}))]

    assert {f.source for f in found(rows)} == {"2001:470:1:2::/64"}


def test_outbound_traffic_is_not_looked_at() -> None:
    line = {"src_ip": "203.0.113.4", "dst_ip": "198.51.100.9", "dst_port": "1..30", "every": "1s"}

    assert found(list(expand(line))) == []
    assert found(list(expand(line | {"src_ip": "192.168.1.7"})), Settings()) == []


def test_a_scan_cut_by_any_clock_bucket_is_found() -> None:
    """Six ports in five minutes are found at every phase against the clock."""
    for phase in range(0, 300, 37):
        line = {
            "src_ip": "198.51.100.9",
            "dst_ip": "203.0.113.4",
            "dst_port": "21..26",
            "every": "50s",
            "start": f"{phase}s",
        }
        assert {f.detector for f in found(list(expand(line)))} == {"vertical"}


def test_hostile_urls_cost_nothing_but_themselves() -> None:
    """Invalid UTF-8, broken escapes, nothing and much in a URL: none stops the search."""
    urls = [
        "/%ff%fe",
        "/%",
        "/%zz",
        "",
        "*",
        "/" + "a" * 60000,
        "/\u2028",
        "/%00",
        "//",
        "http://",
        "/%25%32%35",
        "/'; DROP TABLE events; --",
    ]
    rows = [event for url in urls for event in expand({"src_ip": "198.51.100.9", "url": [url], "every": "1s"})]
    scan = list(
        expand({"src_ip": "198.51.100.7", "url": "/{n}", "n": ["alpha", "beta", "gamma", "delta", "eta", "iota"]})
    )

    assert "198.51.100.7" in {f.source for f in found(rows + scan)}


def test_an_agent_that_claims_to_be_a_crawler_is_judged_as_anybody_else() -> None:
    words = {"url": "/{n}", "n": ["alpha", "beta", "gamma", "delta", "eta", "iota"], "user_agent": "Googlebot/2.1"}

    assert {f.source for f in found(list(expand({"src_ip": "198.51.100.9"} | words)))} == {"198.51.100.9"}
    assert found(list(expand({"src_ip": "66.249.66.1"} | words))) == []


@pytest.mark.parametrize(
    ("without", "message"),
    [
        ("finds = []", "lacks 'finds'"),
        ('sentence = "s"\n', "lacks 'sentence'"),
        ("---*/", "front matter"),
        ("SELECT 1", "one SELECT"),
    ],
)
def test_a_detector_file_without_its_proof_is_refused(without: str, message: str) -> None:
    with pytest.raises(DetectorError, match=message):
        detector("broken", MINIMAL.replace(without, ""))


def test_a_detector_that_only_finds_is_refused() -> None:
    with pytest.raises(DetectorError, match="one that must not"):
        detector("eager", MINIMAL.replace("finds = []", 'finds = ["198.51.100.8"]'))


def test_a_knob_nobody_uses_is_refused() -> None:
    with pytest.raises(DetectorError, match="knobs"):
        detector("idle", MINIMAL.replace("[[rung]]", '[knob]\nx = { value = 1, why = "w" }\n[[rung]]', 1))


def test_a_noise_rule_says_what_hiding_in_it_costs() -> None:
    with pytest.raises(DetectorError, match="cost"):
        noise("cheap", '/*---\ntitle = "t"\nwhy = "w"\n[[case]]\nevents = []\n---*/\nSELECT contact FROM evidence')


def test_every_rung_and_knob_has_its_reason() -> None:
    for rule in detectors():
        assert all(rung.why for rung in rule.rungs)
        assert rule.blind
        assert all(rule.notes.values())


def test_ranges_and_lists_stand_for_one_event_each() -> None:
    assert values("203.0.113.9..11") == ["203.0.113.9", "203.0.113.10", "203.0.113.11"]
    assert values("7..8") == ["7", "8"]
    assert values(["a", "b"]) == ["a", "b"]
    assert values("443") == ["443"]


def test_spans_are_read_as_microseconds() -> None:
    assert [span(text) for text in ("1 min", "24 h", "1.5s")] == [60_000_000, 86_400_000_000, 1_500_000]
    with pytest.raises(ValueError, match="not a span"):
        span("soon")


@pytest.mark.parametrize("address", ["198.51.100.9", "2001:470:1:2::/64", "fe80::/64", "0.0.0.0", "255.255.255.255"])
def test_a_source_is_written_as_it_was_read(address: str) -> None:
    assert source_text(source_key(address)) == address


def test_addresses_are_printed_in_their_short_form() -> None:
    assert address_text(0, 0xFFFF_CB00_7101) == "203.0.113.1"
    assert address_text(0x2001_0DB8_0000_0000, -1) == "2001:db8::ffff:ffff:ffff:ffff"


def test_every_address_is_on_the_right_side_of_a_network() -> None:
    """First and last address of a network are inside, their neighbours outside, at every kind of prefix."""
    texts = ("203.0.113.0/24", "2001:db8::/32", "2001:db8:0:1::/64", "2001:db8::8:0/112", "0.0.0.0/0", "fc00::/7")
    with Engine() as engine:
        for network in map(ip_network, texts):
            numbers: dict[str, int] = {}
            sql = f"SELECT {towards((network,), numbers)} AS inside FROM (SELECT $hi AS dst_hi, $lo AS dst_lo)"
            for address, inside in ((network[0], True), (network[-1], True), ("2001:db9::", False)):
                whole, _ = bounds(ip_network(address))
                halves = {"hi": signed(whole >> 64), "lo": signed(whole & LOW)}
                assert engine.rows(sql, numbers | halves) == [{"inside": inside}], (network, address)


def test_the_test_for_outside_names_only_its_own_numbers() -> None:
    numbers: dict[str, int] = {}

    assert outside((), numbers).count("$") == len(numbers)


def test_knowledge_patterns_are_ones_the_engine_accepts() -> None:
    groups = [
        *table("paths")["sensitive"].values(),
        *table("paths")["unasked"].values(),
        *table("attacks")["attack"].values(),
    ]
    patterns = [pattern for group in groups for pattern in group] + [
        tool["pattern"] for tool in table("agents")["agent"]
    ]

    with Engine() as engine:
        for pattern in patterns:
            engine.rows("SELECT regexp_matches('/', $pattern) AS matched", {"pattern": pattern})
