"""Scoring: findings become one offense for each scanner, with parts, reasons, answers, tool and allow list."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest

from conftest import ROOT
from vedette import scoring
from vedette.config import Allowed, Settings
from vedette.detectors import detect
from vedette.detectors.cases import START, expand, fill
from vedette.engines.duckdb import Engine
from vedette.model import Offense, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME = Settings(home=(ip_network("203.0.113.0/24"),))

VERTICAL: dict[str, Any] = {"src_ip": "198.51.100.9", "dst_ip": "203.0.113.4", "dst_port": "1..30", "every": "1s"}
SWEEP: dict[str, Any] = {"src_ip": "198.51.100.10", "dst_ip": "203.0.113.1..64", "dst_port": "23", "every": "1s"}
SECRETS: dict[str, Any] = {
    "src_ip": "198.51.100.9",
    "url": ["/.env", "/.git/config", "/phpinfo.php", "/id_rsa", "/server-status", "/wp-config.php.bak"],
    "start": "2m",
}

Ranked = tuple[list[Offense], list[tuple[Offense, dict[str, Any]]], dict[str, dict[str, int]]]


def locate(record: int) -> Record:
    """Return a place for a record of a test: one file, a line for each record."""
    return Record("test.log", record + 1)


def ranked(rows: Iterable[dict[str, Any]], settings: Settings = HOME) -> Ranked:
    """Return offenses, suppressed offenses and the noise ledger of some rows."""
    with Engine() as engine:
        fill(engine, list(rows))
        return scoring.rank(engine, detect(engine, settings), settings, locate)


def offenses(*lines: dict[str, Any], settings: Settings = HOME) -> list[Offense]:
    """Return the offenses of some lines of a case."""
    return ranked((event for line in lines for event in expand(line)), settings)[0]


def test_firewall_and_web_findings_of_one_source_are_one_offense() -> None:
    (offense,) = offenses(VERTICAL, SECRETS)

    assert offense.kinds == ["vertical", "web_vuln", "web_wordlist"]
    assert offense.techniques == ["T1595.001", "T1595.002", "T1595.003"]
    assert (offense.probes, offense.targets, offense.ports, offense.paths) == (36, 1, 30, 6)
    assert offense.first_seen == START
    assert offense.settled_by == Record("test.log", 5)


def test_no_findings_give_no_offenses() -> None:
    assert ranked([]) == ([], [], {})


def test_the_score_is_the_sum_of_its_parts() -> None:
    for offense in offenses(VERTICAL, SWEEP, SECRETS):
        assert offense.score == pytest.approx(sum(offense.parts.values()), abs=0.051)
        assert 0 < offense.score <= 10


def test_offenses_come_by_score() -> None:
    scores = [offense.score for offense in offenses(VERTICAL, SWEEP, SECRETS)]

    assert scores == sorted(scores, reverse=True)


def test_a_door_that_answers_raises_the_score_and_is_listed() -> None:
    answer = {"src_ip": "198.51.100.9", "dst_ip": "203.0.113.4", "dst_port": "443", "action": "allow", "start": "40s"}

    (closed,) = offenses(VERTICAL)
    (open_,) = offenses(VERTICAL, answer)

    assert closed.answered == []
    assert open_.answered == [{"target": "203.0.113.4", "port": 443, "at": START + 40_000_000}]
    assert open_.score > closed.score + 1
    assert any("203.0.113.4 port 443" in reason for reason in open_.reasons)


def test_a_visit_before_the_probes_is_no_answer_to_them() -> None:
    visit = {"src_ip": "198.51.100.9", "dst_ip": "203.0.113.4", "dst_port": "443", "action": "allow"}

    (offense,) = offenses(visit, VERTICAL | {"start": "1h"})

    assert offense.answered == []


def test_a_probed_page_that_is_there_is_an_answer() -> None:
    hit = {"src_ip": "198.51.100.9", "url": "/backup.zip", "http_status": 200, "start": "150s"}

    (offense,) = offenses(SECRETS, hit)

    assert offense.answered == [{"path": "/backup.zip", "at": START + 150_000_000}]


def test_a_redirect_is_no_answer() -> None:
    (offense,) = offenses(
        SECRETS, {"src_ip": "198.51.100.9", "url": "/backup.zip", "http_status": 302, "start": "150s"}
    )

    assert offense.answered == []


def test_coverage_is_the_share_of_the_home_space() -> None:
    (sweep,) = offenses(SWEEP)
    (elsewhere,) = offenses(SWEEP, settings=Settings())

    assert sweep.coverage == 0.25
    assert elsewhere.coverage is None


def test_a_slow_scan_is_called_slow() -> None:
    (fast,) = offenses(VERTICAL)
    (slow,) = offenses(VERTICAL | {"every": "2m"})

    assert (fast.slow, slow.slow) == (False, True)


def test_the_id_depends_on_source_and_first_probe_only() -> None:
    (whole,) = offenses(VERTICAL)
    (part,) = offenses(VERTICAL | {"dst_port": "1..12"})
    (later,) = offenses(VERTICAL | {"start": "1s"})

    assert whole.id == part.id != later.id


def test_an_allowed_source_is_suppressed_and_not_dropped() -> None:
    entry = Allowed(ip_network("198.51.100.0/28"), "network team", "weekly scan")
    settings = Settings(home=HOME.home, allow=(entry,))

    kept, suppressed, _ = ranked([*expand(VERTICAL), *expand(SWEEP | {"src_ip": "198.51.100.99"})], settings)

    assert [offense.source for offense in kept] == ["198.51.100.99"]
    ((offense, shown),) = suppressed
    assert offense.source == "198.51.100.9"
    assert shown == {"network": "198.51.100.0/28", "who": "network team", "why": "weekly scan", "until": None}


def test_an_allow_list_entry_ends() -> None:
    entry = Allowed(ip_network("198.51.100.9/32"), until=START - 1)

    (offense,) = offenses(VERTICAL, settings=Settings(home=HOME.home, allow=(entry,)))

    assert offense.source == "198.51.100.9"


def test_members_of_an_ipv6_network_are_listed() -> None:
    rows = [
        row | {"dst_port": 20 + number}
        for number, row in enumerate(expand({"src_ip": "2001:470:1:2::1..9", "dst_ip": "2001:db8::4", "dst_port": "1"}))
    ]

    (offense,) = ranked(rows, Settings(home=(ip_network("2001:db8::/32"),)))[0]

    assert offense.source == "2001:470:1:2::/64"
    assert offense.sources == [f"2001:470:1:2::{number}" for number in range(1, 10)]


def packets(mark: str) -> list[dict[str, Any]]:
    """Return the rows of a vertical scan whose headers carry the mark of a tool, or none."""
    rows = list(expand(VERTICAL))
    for number, row in enumerate(rows):
        row["tcp_seq"], row["ip_id"], row["tcp_window"] = 1_000_003 * (number + 7) % 2**32, 7 * number % 65536, 64240
        if mark == "masscan":
            row["ip_id"] = (row["dst_lo"] ^ row["dst_port"] ^ row["tcp_seq"]) & 0xFFFF
        if mark == "Mirai or its kin":
            row["tcp_seq"] = row["dst_lo"] & 0xFFFF_FFFF
        if mark == "ZMap":
            row["ip_id"] = 54321
        if mark == "nmap":
            row["tcp_seq"], row["tcp_window"] = 0x1234_5678 ^ (number % 2 * 0x0001_0001), 1024
    return rows


@pytest.mark.parametrize("mark", ["masscan", "Mirai or its kin", "ZMap", "nmap"])
def test_a_tool_is_told_by_its_packets(mark: str) -> None:
    ((offense,), _, _) = ranked(packets(mark))

    assert offense.tool is not None
    assert offense.tool["name"] == mark
    assert "30 of 30" in offense.tool["why"]


def test_ordinary_packets_name_no_tool() -> None:
    ((offense,), _, _) = ranked(packets(""))

    assert offense.tool is None


def test_a_log_without_sequence_numbers_says_that_it_cannot_tell() -> None:
    (offense,) = offenses(VERTICAL)

    assert offense.tool is None
    assert "--log-tcp-sequence" in offense.reasons[-1]


def test_a_tool_is_told_by_its_agent() -> None:
    (offense,) = offenses(SECRETS | {"user_agent": "sqlmap/1.8#stable (https://sqlmap.org)"})

    assert offense.tool is not None
    assert offense.tool["name"] == "sqlmap"


def test_noise_is_counted_by_reason_and_never_of_a_named_source() -> None:
    late = {
        "src_ip": "198.51.100.77",
        "src_port": 53,
        "dst_ip": "203.0.113.4",
        "dst_port": "40000..40019",
        "proto": "udp",
    }
    echo = {
        "src_ip": "198.51.100.78",
        "src_port": 80,
        "dst_ip": "203.0.113.4",
        "dst_port": "2001..2007",
        "tcp_flags": "SA",
    }

    found, _, noise = ranked(event for line in (VERTICAL, late, echo) for event in expand(line))

    assert [offense.source for offense in found] == ["198.51.100.9"]
    assert noise == {"late replies": {"sources": 1, "events": 20}, "backscatter": {"sources": 1, "events": 7}}


@pytest.mark.parametrize(
    ("line", "axis", "heights"), [(VERTICAL, "port", 30), (SWEEP, "target", 64), (SECRETS, "path", 6)]
)
def test_the_picture_shows_what_was_walked_over(line: dict[str, Any], axis: str, heights: int) -> None:
    with Engine() as engine:
        fill(engine, list(expand(line)))
        (offense,), _, _ = scoring.rank(engine, detect(engine, HOME), HOME, locate)
        points, name = scoring.signature(engine, offense)
        thinned, _ = scoring.signature(engine, offense, points=4)

    assert name == axis
    assert len({height for _, height in points}) == heights
    assert points == sorted(points)
    assert len(thinned) <= 4


def test_levels_rise_with_the_score() -> None:
    small = offenses(VERTICAL | {"dst_port": "1..6", "every": "40s"})[0]
    answers = {
        "src_ip": "198.51.100.9",
        "dst_ip": "203.0.113.4",
        "dst_port": ["22", "443"],
        "action": "allow",
        "start": "60s",
    }
    broad = offenses(VERTICAL | {"dst_port": "1..2000", "every": "0.01s"}, SECRETS, answers)[0]

    assert small.level == "low"
    assert broad.level in ("high", "critical")


ANSWERS: dict[str, Any] = {
    "src_ip": "198.51.100.9",
    "dst_ip": "203.0.113.4",
    "dst_port": ["22", "443"],
    "action": "allow",
    "start": "60s",
}
BACKUP: dict[str, Any] = {"src_ip": "198.51.100.9", "url": "/backup.zip", "http_status": 200, "start": "150s"}
NETWORK = {"dst_ip": "203.0.113.1..254", "every": "0.2s"}
TWENTY = {"src_ip": "198.51.100.9", "dst_port": "1..20"}
EXAMPLES = {
    "six ports of one host, one every 40 seconds": [VERTICAL | {"dst_port": "1..6", "every": "40s"}],
    "Telnet at twelve hosts, one a second": [SWEEP | {"dst_ip": "203.0.113.1..12"}],
    "thirty ports of one host, one an hour": [VERTICAL | {"every": "1h"}],
    "six paths such as /.env and /.git/config": [SECRETS],
    "the same, and a backup is there": [SECRETS, BACKUP],
    "Telnet at all 254 hosts in a minute": [SWEEP | NETWORK],
    "MikroTik's Winbox at all 254 hosts in a minute": [SWEEP | NETWORK | {"dst_port": "8291"}],
    "a thousand ports of one host in ten seconds": [VERTICAL | {"dst_port": "1..1000", "every": "0.01s"}],
    "the same, and two of them answered": [VERTICAL | {"dst_port": "1..1000", "every": "0.01s"}, ANSWERS],
    "twenty ports of 64 hosts in a minute, and two doors answered": [SWEEP | TWENTY | {"every": "0.05s"}, ANSWERS],
    "twenty ports of all 254 hosts, six such paths, and two doors answered": [
        SWEEP | TWENTY | NETWORK | {"every": "0.01s"},
        SECRETS,
        ANSWERS,
    ],
}


def told_examples() -> list[tuple[str, str, str]]:
    """Return (example, score, level) of the table in docs/scoring.md."""
    rows = [line.strip("| \n").split(" | ") for line in (ROOT / "docs" / "scoring.md").read_text("utf-8").splitlines()]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3 and row[0] in EXAMPLES]


@pytest.mark.parametrize(("example", "score", "level"), told_examples())
def test_the_examples_of_the_documentation_are_what_is_scored(example: str, score: str, level: str) -> None:
    (offense,) = offenses(*EXAMPLES[example])

    assert (f"{offense.score:.1f}", offense.level) == (score, level)


def test_the_documentation_has_every_example() -> None:
    assert {example for example, _, _ in told_examples()} == set(EXAMPLES)


def test_a_neighbour_that_is_let_in_later_where_a_door_answered_is_told_and_counted() -> None:
    door = {"dst_ip": "203.0.113.4", "dst_port": "8443", "action": "allow"}
    lines = [
        *expand(VERTICAL),
        *expand(door | {"src_ip": VERTICAL["src_ip"], "start": "1m"}),
        *expand(door | {"src_ip": "198.51.100.200", "start": "3h"}),
    ]
    stranger = [*lines[:-1], *expand(door | {"src_ip": "192.0.2.7", "start": "3h"})]
    regular = [*lines, *expand(door | {"src_ip": "198.51.100.200", "start": "0s"})]

    told = {name: ranked(rows)[0][0] for name, rows in {"later": lines, "other": stranger, "known": regular}.items()}

    assert any("Later 198.51.100.200, of the same network, was let in" in reason for reason in told["later"].reasons)
    assert told["later"].parts["return"] > 0
    assert not any("return" in told[name].parts for name in ("other", "known"))
