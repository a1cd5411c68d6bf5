"""`vedette why`: the answer agrees with the scan's, says how it came about, and explains why there is none."""

from __future__ import annotations

import itertools
import random
import re
from collections import defaultdict
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from vedette import outputs, pipeline
from vedette.cli import main
from vedette.config import Allowed, Settings
from vedette.detectors import LOWEST, detectors
from vedette.terminal import Silent, View

NMAP, MASSCAN, NIKTO, SLOW = "157.184.191.193", "199.244.106.7", "13.212.177.151", "212.73.183.22"
OFFICE, STUCK = "158.237.165.226", "38.235.50.167"
MINUTE = 60_000_000
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})? UTC")

Answer = dict[str, Any]


@pytest.fixture(scope="module")
def demo() -> dict[str, Answer]:
    """Return the answers on the sources of the bundled logs."""
    sources = (NMAP, NIKTO, SLOW, OFFICE, STUCK)
    return {source: pipeline.why(source, [pipeline.demo_path()], Settings()) for source in sources}


def packet(
    source: str, second: float, port: int = 22, target: str = "203.0.113.4", flags: str = "SYN", verdict: str = "BLOCK"
) -> str:
    """Return a line of a firewall log, so many seconds into a day."""
    whole = int(second)
    stamp = f"2026-03-10T{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{round(second % 1 * 1000):03}+00:00"
    ends = f"SRC={source} DST={target} LEN=60 TTL=50 ID=7 PROTO=TCP SPT=40000 DPT={port}"
    return f"{stamp} gw kernel: [UFW {verdict}] IN=eth0 OUT= {ends} WINDOW=1024 {flags} URGP=0"


def request(source: str, url: str, status: int = 404) -> str:
    """Return a line of a web log."""
    return f'{source} - - [10/Mar/2026:00:00:01 +0000] "GET {url} HTTP/1.1" {status} 12'


def asked(tmp_path: Path, source: str, lines: list[str], **settings: Any) -> Answer:
    """Write lines to a log and ask why."""
    log = tmp_path / "made.log"
    log.write_text("".join(line + "\n" for line in lines))
    return pipeline.why(source, [str(log)], replace(Settings(), **settings))


def rung(answer: Answer, detector: str, window: int) -> Answer:
    """Return how near a source came to one rung."""
    (found,) = [near for near in answer["nearest"] if (near["detector"], near["window"]) == (detector, window)]
    return found


def human(answer: Answer) -> str:
    """Return what a person is shown."""
    render = outputs.renderer("human", "records")
    assert render
    return "".join(render("source", outputs.plain(answer), View()))


def test_the_offense_is_the_one_that_a_scan_reports(demo: dict[str, Answer]) -> None:
    report = pipeline.scan([pipeline.demo_path()], Settings())
    by_source = {offense.source: offense for offense in report.offenses}

    for source, answer in demo.items():
        assert answer["source"] == source
        assert answer["offense"] == by_source.get(source)


def test_the_step_that_settled_a_finding_names_its_record(demo: dict[str, Answer]) -> None:
    for source in (NMAP, NIKTO, SLOW):
        record = demo[source]["offense"].settled_by
        settled = [sentence for sentence in demo[source]["evidence"] if " settled, " in sentence]

        assert any(f"({record.input} line {record.line})" in sentence for sentence in settled)


def test_the_settling_step_names_the_threshold_that_was_reached(demo: dict[str, Answer]) -> None:
    vertical = next(s for s in demo[NMAP]["evidence"] if "Vertical scan settled" in s)
    slow = next(s for s in demo[SLOW]["evidence"] if "Horizontal scan settled" in s)

    assert "5 within 1 min reached by TCP (flags S) to 203.0.113.20 port 23, refused" in vertical
    assert re.search(
        r"(8 within 1 h|12 within 24 h) reached by TCP \(flags S\) to 203\.0\.113\.\d+ port 22, refused", slow
    )


def test_the_steps_stand_in_the_order_in_which_they_happened(demo: dict[str, Answer]) -> None:
    for answer in demo.values():
        stamps = [found[0] for sentence in answer["evidence"] if (found := STAMP.match(sentence))]

        assert len(stamps) >= 2
        assert stamps == sorted(stamps)


def test_what_answered_is_told(demo: dict[str, Answer]) -> None:
    assert any("TCP port 443 of 203.0.113.20 answered" in sentence for sentence in demo[NMAP]["evidence"])


def test_every_rung_of_every_detector_is_told_nearest_first(demo: dict[str, Answer]) -> None:
    every = {(kind.name, rung.window, rung.at_least) for kind in detectors() for rung in kind.rungs}
    for answer in demo.values():
        shares = [near["count"] / near["threshold"] for near in answer["nearest"]]

        assert {(near["detector"], near["window"], near["threshold"]) for near in answer["nearest"]} == every
        assert shares == sorted(shares, reverse=True)


def test_a_busy_office_is_explained_by_the_dead_links_of_pages_that_it_was_served(demo: dict[str, Answer]) -> None:
    office = demo[OFFICE]

    assert office["offense"] is None
    assert any("explained as dead links on our own pages" in sentence for sentence in office["against"])
    assert any("can be explained: nothing is left to count" in sentence for sentence in office["against"])
    assert rung(office, "web_words", MINUTE)["count"] == 0
    assert rung(office, "web_words", MINUTE)["whole"] > 0


def test_a_host_that_repeats_one_contact_has_one_contact(demo: dict[str, Answer]) -> None:
    stuck = demo[STUCK]

    assert stuck["offense"] is None
    assert any("1 distinct door (1 port of 1 target) with 1,200 packets" in sentence for sentence in stuck["evidence"])
    assert any("monitors and pollers" in sentence for sentence in stuck["against"])
    assert any(f"fewer than {LOWEST} is background and not looked at" in sentence for sentence in stuck["against"])


def test_an_allow_list_that_covers_an_offense_is_named() -> None:
    entry = Allowed(ip_network("199.244.106.0/24"), who="ops", why="weekly scan")
    answer = pipeline.why(MASSCAN, [pipeline.demo_path()], Settings(allow=(entry,)))

    assert answer["offense"].source == MASSCAN
    assert any(
        "listed as suppressed: network 199.244.106.0/24, who ops, why weekly scan" in s for s in answer["against"]
    )
    assert human(answer).startswith(f"{MASSCAN} is an offense that an allow list covers: ")


def test_one_contact_short_of_a_threshold_is_one_short(tmp_path: Path) -> None:
    answer = asked(tmp_path, "198.51.100.9", [packet("198.51.100.9", port, port) for port in range(20, 24)])

    assert answer["offense"] is None
    near = rung(answer, "vertical", MINUTE)
    assert (near["count"], near["threshold"]) == (4, 5)
    assert near["why"].startswith("1 short")
    assert answer["nearest"][0] == near
    assert any("refused at 4 distinct doors in all" in sentence for sentence in answer["against"])


def test_contacts_spread_wider_than_the_windows_are_counted_for_each_window(tmp_path: Path) -> None:
    lines = [packet("198.51.100.9", 1800 * number, 20 + number) for number in range(7)]
    answer = asked(tmp_path, "198.51.100.9", lines)

    assert answer["offense"] is None
    counts = {near["window"]: near["count"] for near in answer["nearest"] if near["detector"] == "vertical"}
    assert counts == {MINUTE: 1, 5 * MINUTE: 1, 60 * MINUTE: 2, 1440 * MINUTE: 7}
    assert "7 of 7 refused contacts are left to count: too few within any window" in answer["against"]


def test_the_counts_are_the_most_distinct_doors_in_any_window(tmp_path: Path) -> None:
    chance = random.Random(7)
    knocks = sorted((chance.randrange(7200), chance.randrange(100, 130)) for _ in range(300))
    answer = asked(tmp_path, "198.51.100.9", [packet("198.51.100.9", second, port) for second, port in knocks])

    for near in (near for near in answer["nearest"] if near["detector"] == "vertical"):
        length = near["window"] // 1_000_000
        most = max(len({port for at, port in knocks if end - length < at <= end}) for end, _ in knocks)
        assert near["count"] == most


def test_a_threshold_below_the_floor_is_reached_without_a_verdict(tmp_path: Path) -> None:
    lines = [packet("198.51.100.9", 1, 80, flags=flags) for flags in ("SYN FIN PSH URG", "FIN PSH URG")]
    answer = asked(tmp_path, "198.51.100.9", lines)

    assert answer["offense"] is None
    assert rung(answer, "os_fingerprint", MINUTE)["count"] == 2
    assert "reached, but a source that is refused at fewer than" in rung(answer, "os_fingerprint", MINUTE)["why"]


def test_a_source_that_is_not_in_the_log_is_said_not_to_be(tmp_path: Path) -> None:
    lines = [packet("198.51.100.9", 1)]

    assert asked(tmp_path, "198.51.100.8", lines)["against"] == [
        "198.51.100.8 is not in the log: none of 1 event has it as source"
    ]
    assert "it is the target of 1 event" in asked(tmp_path, "203.0.113.4", lines)["against"][0]
    assert "in the time that was asked for" in asked(tmp_path, "198.51.100.9", lines, until=1)["against"][0]


def test_a_source_at_home_is_not_looked_at(tmp_path: Path) -> None:
    lines = [packet("203.0.113.9", port, port) for port in range(20, 40)]
    answer = asked(tmp_path, "203.0.113.9", lines, home=(ip_network("203.0.113.0/24"),))

    assert answer["offense"] is None
    assert answer["against"] == [
        "203.0.113.9 is at home (203.0.113.0/24, by --home): only sources outside are looked at; it has 20 events"
    ]


def test_a_private_source_is_taken_for_one_of_ours(tmp_path: Path) -> None:
    (sentence,) = asked(tmp_path, "10.1.2.3", [packet("10.1.2.3", 1)])["against"]

    assert "10.1.2.3 is no address of the internet (10.0.0.0/8)" in sentence
    assert "--home" in sentence


def test_a_source_that_never_came_to_our_networks_never_knocked(tmp_path: Path) -> None:
    lines = [packet("198.51.100.9", port, port) for port in range(20, 40)]
    answer = asked(tmp_path, "198.51.100.9", lines, home=(ip_network("192.0.2.0/24"),))

    assert answer["against"] == [
        "None of its 20 events goes to one of our networks (--home), so it never knocked from outside"
    ]


def test_answers_to_others_are_no_knocks(tmp_path: Path) -> None:
    answer = asked(
        tmp_path, "198.51.100.9", [packet("198.51.100.9", port, port, flags="ACK SYN") for port in range(2000, 2020)]
    )

    assert any("20 events counted as backscatter" in sentence for sentence in answer["against"])
    assert any("all its packets answer something" in sentence for sentence in answer["against"])


def test_a_client_that_is_always_let_in_has_nothing_to_count(tmp_path: Path) -> None:
    answer = asked(
        tmp_path, "198.51.100.9", [packet("198.51.100.9", port, port, verdict="ALLOW") for port in range(20, 40)]
    )

    assert answer["offense"] is None
    assert any("Nothing that it asked for was refused" in sentence for sentence in answer["against"])


def test_an_ipv6_address_stands_for_its_64(tmp_path: Path) -> None:
    lines = [packet(f"2001:db8:1:2::{port:x}", port, port, "2001:db8:9::1") for port in range(20, 40)]
    answer = asked(tmp_path, "2001:db8:1:2::99", lines)

    assert answer["source"] == "2001:db8:1:2::/64"
    assert answer["offense"].source == "2001:db8:1:2::/64"
    assert asked(tmp_path, "2001:db8:1:2::/64", lines) == answer


def test_a_network_covers_its_sources(tmp_path: Path) -> None:
    lines = [packet(f"198.51.100.{host}", port, port) for host, port in itertools.product((7, 8), range(20, 23 + 1))]
    lines += [packet("198.51.100.9", port, port) for port in range(20, 40)]
    answer = asked(tmp_path, "198.51.100.0/24", lines)

    assert answer["source"] == "198.51.100.0/24"
    assert answer["offense"].source == "198.51.100.9"
    assert any(
        "holds 3 sources in this log, each judged by itself; 1 offense among them: 198.51.100.9" in s
        for s in answer["evidence"]
    )
    assert rung(answer, "vertical", MINUTE)["whole"] == 20


def test_a_look_at_one_source_still_asks_the_others_about_its_doors(tmp_path: Path) -> None:
    lines = [packet("198.51.100.7", port, port, verdict="ALLOW") for port in range(20, 40)]
    lines += [packet("198.51.100.9", 60 + port, port) for port in range(20, 24)]
    answer = asked(tmp_path, "198.51.100.9", lines)

    assert any(
        "4 of 4 refused contacts (4 events) can be explained as doors that are or were open" in s
        for s in answer["against"]
    )


def test_a_text_that_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="not an address"):
        pipeline.why("example.org", [pipeline.demo_path()], Settings())


def test_the_log_can_forge_nothing_in_the_answer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = [request("198.51.100.9", f"/\x1b]0;x\x07\u202e{word}.env") for word in ("a", "b", "c", "d", "e", "f")]
    lines += [
        request("198.51.100.9", f"/?q=../../../../etc/passwd\x9b31m{word}") for word in ("a", "b", "c", "d", "e", "f")
    ]
    log = tmp_path / "web\x1b[2J.log"
    log.write_text("".join(line + "\n" for line in lines))

    for output in ("human", "json", "csv", "html"):
        assert main(["why", "198.51.100.9", str(log), "-o", output]) == 0
        out, err = capfd.readouterr()
        assert "attack" in out
        assert {character for character in out + err if not character.isprintable() and character != "\n"} == set()


def test_people_see_the_nearest_and_the_names_of_the_rest(demo: dict[str, Answer]) -> None:
    text = human(demo[STUCK])

    assert text.startswith(f"{STUCK} is no offense\n")
    assert "nothing that counts for block, icmp_sweep" in text
    assert "web_words 0 of" not in text


def test_reading_is_told_to_the_progress(tmp_path: Path) -> None:
    log = tmp_path / "made.log"
    log.write_text(packet("198.51.100.9", 1) + "\n")
    bar = Silent()
    pipeline.why("198.51.100.9", [str(log)], Settings(), progress=bar)

    assert [read.parsed for read in bar.inputs] == [1]


def test_sentences_have_an_end_and_a_beginning(demo: dict[str, Answer]) -> None:
    doubled = defaultdict(list)
    for answer in demo.values():
        for sentence in [*answer["evidence"], *answer["against"]]:
            if not re.match(r"[A-Z0-9]", sentence) or "None" in sentence.split() or "  " in sentence:
                doubled[sentence].append(answer["source"])

    assert doubled == {}


def test_a_detector_settled_exactly_where_one_of_its_rungs_was_reached(demo: dict[str, Answer]) -> None:
    titles = {kind.name: kind.title for kind in detectors()}
    for answer in demo.values():
        reached = {titles[near["detector"]] for near in answer["nearest"] if near["count"] >= near["threshold"]}
        settled = {title for title in titles.values() if any(f"{title} settled, " in s for s in answer["evidence"])}

        assert settled == reached


@pytest.mark.parametrize(("doors", "named"), [(9, True), (5, False)])
def test_the_walk_is_told_contact_by_contact_up_to_where_it_settles_or_to_its_highest(
    doors: int, named: bool, tmp_path: Path
) -> None:
    lines = [packet("198.51.100.9", 3600 * number, 20 + number) for number in range(doors)]
    answer = asked(tmp_path, "198.51.100.9", lines)

    *steps, last = answer["steps"]
    sums = [float(step.rsplit(" ", 1)[1]) for step in steps]
    assert sums == sorted(sums)
    assert len(sums) == min(doors, 8)
    assert "TCP port 20 of " in steps[0]
    assert "refused, +1.52 makes 1.52" in steps[0]
    assert (answer["offense"] is not None) is named
    assert ("where a source is named at any speed" in last) is named
    assert ("its highest; 11.5 names a source" in last) is not named
    assert any("sequential evidence settled" in sentence for sentence in answer["evidence"]) is named
