"""The rules of the peers are theirs, the scans are slowed as said, and the counting is right, or the comparison is worth nothing."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT

sys.path.insert(0, str(ROOT))

from bench.detection import __main__ as command
from bench.detection import dilate, programs, tables
from bench.detection.rules import RULES, Events, Verdict
from bench.detection.score import Score, score
from bench.detection.truth import Case, Truth, read
from bench.rivals import Unavailable

SCANNER, INSIDE, SERVER = "198.51.100.7", "10.0.0.7", "203.0.113.1"
BEGIN = 1_773_100_800
"""2026-03-10, 00:00 UTC, where hours and days of the clock begin."""

Event = dict[str, Any]
Finder = Callable[[str, list[Event]], list[Verdict]]


def hosts(count: int) -> list[str]:
    return [f"203.0.{number // 250}.{number % 250 + 1}" for number in range(count)]


def probe(at: float = 0, src: str = SCANNER, dst: str = SERVER, port: int = 80, action: str = "deny") -> Event:
    return {
        "ts": stamp(at),
        "src_ip": src,
        "dst_ip": dst,
        "dst_port": port,
        "proto": "tcp",
        "action": action,
        "tcp_flags": "S",
    }


def request(at: float, url: str, status: int = 404, src: str = SCANNER) -> Event:
    return {"ts": stamp(at), "src_ip": src, "url": url, "http_method": "GET", "http_status": status}


def stamp(at: float) -> str:
    return datetime.fromtimestamp(BEGIN + at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def micros(at: float) -> int:
    return round((BEGIN + at) * 1_000_000)


def vertical(count: int, every: float = 0, begin: float = 0, first: int = 1, src: str = SCANNER) -> list[Event]:
    return [probe(begin + number * every, src, port=first + number) for number in range(count)]


def sweep(count: int, every: float = 0, begin: float = 0, port: int = 22, src: str = SCANNER) -> list[Event]:
    return [probe(begin + number * every, src, dst, port) for number, dst in enumerate(hosts(count))]


@pytest.fixture
def find(tmp_path: Path) -> Finder:
    def run(rule: str, events: list[Event]) -> list[Verdict]:
        path = tmp_path / "events.jsonl"
        lines = [{**event, "input": "fw.log", "line": number} for number, event in enumerate(events, 1)]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return Events(path).verdicts(next(each for each in RULES if each.name == rule))

    return run


AT_THE_THRESHOLD = {
    "AQL original": [("one denied event", [probe()], [])],
    "Snort 3 medium, all answered": [
        ("7 hosts in 90 s", sweep(7, every=15), sweep(6, every=15)),
        ("15 ports, 10 refused", vertical(15), vertical(14)),
        ("turning 15 times between two ports", [probe(port=1 + n % 2) for n in range(15)], [probe(port=1 + n % 2) for n in range(14)]),
    ],
    "Snort 3 medium, none answered": [
        ("30 hosts", sweep(30), sweep(29)),
        ("200 ports", vertical(200), vertical(199)),
    ],
    "Zeek bro-simple-scan": [
        ("25 ports", vertical(25), vertical(24)),
        ("20 hosts", sweep(20), sweep(19)),
        ("one probe in 15 minutes", vertical(25, every=900), vertical(25, every=901)),
    ],
    "Elastic, any source": [
        ("50 ports", vertical(50, first=5000), vertical(49, first=5000)),
        ("5 sensitive ports", [probe(port=port) for port in (21, 22, 23, 53, 88)], [probe(port=port) for port in (21, 22, 23, 53)]),
        ("100 hosts in 9 minutes", sweep(100, every=2), sweep(99, every=2)),
        ("250 ports in 9 minutes", vertical(250, every=2, begin=70, first=5000), vertical(249, every=2, begin=70, first=5000)),
        ("501 misses", [request(n / 2, f"/{n % 251}") for n in range(501)], [request(n / 2, f"/{n % 251}") for n in range(500)]),
        ("251 URLs", [request(n / 2, f"/{n % 251}") for n in range(501)], [request(n / 2, f"/{n % 250}") for n in range(501)]),
    ],
    "Splunk ESCU, any source": [
        ("250 hosts in an hour", sweep(250, every=4), sweep(249, every=4)),
        ("500 ports, 20 below 1024", vertical(500, first=1004), vertical(500, first=1005)),
        ("500 ports", vertical(500), vertical(499)),
    ],
    "Sentinel ASIM": [
        ("51 ports in 5 minutes", vertical(51, every=5), vertical(50, every=5)),
        ("11 misses in an hour", [request(300 * n, "/a") for n in range(11)], [request(300 * n, "/a") for n in range(10)]),
        ("101 errors", [request(0, "/a", 401)] * 101, [request(0, "/a", 401)] * 100),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "above", "below"),
    [
        pytest.param(rule, above, below, id=f"{rule}: {what}")
        for rule, cases in AT_THE_THRESHOLD.items()
        for what, above, below in cases
    ],
)
def test_a_rule_names_a_scan_at_its_threshold_and_none_below(
    find: Finder, rule: str, above: list[Event], below: list[Event]
) -> None:
    assert [verdict.sources for verdict in find(rule, above)] == [(SCANNER,)]
    assert find(rule, below) == []


def test_every_rule_states_what_it_re_implements_its_windows_and_what_it_approximates() -> None:
    for path in (ROOT / "bench" / "detection" / "sql").glob("*.sql"):
        comment = "\n".join(line for line in path.read_text().splitlines() if line.startswith("--"))
        assert all(word in comment for word in ("Thresholds", "Windows: ", "Approximated: ")), path.name
        assert path.stem in {rule.file for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "scan"),
    [
        ("Snort 3 medium, all answered", [*sweep(4), *sweep(8, begin=91)[4:]]),
        ("Elastic, any source", [*vertical(30, begin=59), *vertical(30, begin=60, first=31)]),
        ("Splunk ESCU, any source", [*vertical(300, begin=3599), *vertical(300, begin=3600, first=301)]),
        ("Sentinel ASIM", [*vertical(30, begin=299), *vertical(30, begin=300, first=31)]),
    ],
)
def test_a_rule_with_fixed_windows_misses_a_scan_that_lies_across_their_edge(
    find: Finder, rule: str, scan: list[Event]
) -> None:
    assert find(rule, scan) == []


def test_snort_begins_a_window_with_the_first_packet_after_the_one_before(find: Finder) -> None:
    late = [*sweep(3), *sweep(6, every=40, begin=60)[:3], *sweep(9, begin=150)[3:]]

    [verdict] = find("Snort 3 medium, all answered", late)

    assert verdict.at == micros(150)


def test_snort_does_not_count_what_was_let_in_as_refused(find: Finder) -> None:
    assert find("Snort 3 medium, all answered", [{**each, "action": "allow"} for each in sweep(50)]) == []


def test_simple_scan_remembers_a_source_that_repeats_itself(find: Finder) -> None:
    begun, ended = vertical(12), vertical(13, begin=1_500, first=13)

    assert find("Zeek bro-simple-scan", [*begun, *ended]) == []
    assert find("Zeek bro-simple-scan", [*begun, probe(750, port=1), *ended]) != []


@pytest.mark.parametrize("product", ["Elastic", "Splunk ESCU"])
def test_rules_as_shipped_look_at_internal_sources_only(find: Finder, product: str) -> None:
    scan = vertical(600)

    assert find(f"{product} as shipped", scan) == []
    assert find(f"{product} as shipped", [{**each, "src_ip": INSIDE} for each in scan]) != []


def test_the_original_search_lists_neither_internal_sources_nor_what_was_let_in(find: Finder) -> None:
    assert find("AQL original", [probe(src=INSIDE), probe(action="allow"), request(0, "/", 403)]) == []


@pytest.mark.parametrize(
    ("rule", "scan", "at", "record"),
    [
        ("AQL original", [probe(3_600)], 86_400, None),
        ("Snort 3 medium, all answered", sweep(9, every=5), 30, 7),
        ("Zeek bro-simple-scan", sweep(30, every=5), 19 * 5 + 5, 20),
        ("Elastic, any source", vertical(60, begin=60), 300, None),
        ("Splunk ESCU, any source", vertical(600, begin=60), 3_600, None),
        ("Splunk ESCU, any source", vertical(600, begin=3_000), 7_200, None),
        ("Sentinel ASIM", vertical(60, begin=60), 3_600, None),
    ],
)
def test_a_verdict_falls_with_the_record_that_settles_it_or_with_the_scheduled_run_that_sees_it(
    find: Finder, rule: str, scan: list[Event], at: float, record: int | None
) -> None:
    [verdict] = find(rule, scan)

    assert (verdict.at, verdict.record) == (micros(at), record)


def truth(*cases: Case, allowed: frozenset[str] = frozenset()) -> Truth:
    right = frozenset(source for case in cases for source in case.sources)
    return Truth(cases, {"192.0.2.1": "radiation", "192.0.2.2": "crawler"}, right, allowed, (), "2026-03-12T00:00:00Z")


def single(source: str = SCANNER, technique: str = "T1595.001", probes: int = 10, kind: str = "vertical") -> Case:
    return Case(kind, technique, (source,), probes)


def test_recall_is_counted_by_technique_over_cases_of_ten_probes() -> None:
    cases = (
        single("198.51.100.1"),
        single("198.51.100.2", "T1595.003"),
        single("198.51.100.3", "T1595.003"),
        single("198.51.100.4", probes=9),
    )

    made = score(truth(*cases), [Verdict(("198.51.100.2",)), Verdict(("198.51.100.4",))], {})

    assert (made.found, made.asked) == ({"T1595.003": 1}, {"T1595.001": 1, "T1595.003": 2})
    assert made.recall == pytest.approx(1 / 3)
    assert made.false == 0


@pytest.mark.parametrize(("named", "found"), [(8, 1), (7, 0)])
def test_a_group_is_found_when_four_fifths_of_its_sources_are_named(named: int, found: int) -> None:
    group = Case("distributed", "T1595.001", tuple(f"198.51.100.{n}" for n in range(10)), 30)

    apart = score(truth(group), [Verdict((source,)) for source in group.sources[:named]], {})
    joined = score(truth(group), [Verdict(group.sources[:named])], {})

    assert apart.found.total() == joined.found.total() == found
    assert (apart.together, joined.together) == (0, found)


def test_an_offense_is_false_when_it_names_no_scanner_and_allowed_sources_are_left_out() -> None:
    verdicts = [
        Verdict(("192.0.2.1",)),
        Verdict((SCANNER, "192.0.2.2")),
        Verdict(("192.0.2.9",)),
        Verdict(("192.0.2.50",)),
    ]

    made = score(truth(single(), allowed=frozenset({"192.0.2.50"})), verdicts, {})

    assert (made.offenses, made.false, made.benign) == (3, 2, 2)
    assert made.blamed == {"radiation": 1, "crawler": 1}


def test_a_network_names_every_address_in_it() -> None:
    made = score(truth(single("2001:db8::7")), [Verdict(("2001:db8::/64",))], {})

    assert (made.recall, made.false) == (1.0, 0)


def test_probes_are_counted_up_to_the_settling_record_and_without_one_up_to_the_alert() -> None:
    times = {SCANNER: [(number, micros(number // 10)) for number in range(1, 31)]}

    by_record = score(truth(single()), [Verdict((SCANNER,), micros(1), 13)], times)
    by_time = score(truth(single()), [Verdict((SCANNER,), micros(1))], times)

    assert (by_record.probes, by_time.probes) == ([13], [19])
    assert by_record.seconds == by_time.seconds == [1.0]


def test_the_earliest_offense_on_a_source_counts() -> None:
    times = {SCANNER: [(1, micros(0)), (2, micros(5)), (3, micros(9))]}

    made = score(truth(single()), [Verdict((SCANNER,), micros(9), 3), Verdict((SCANNER,), micros(5), 2)], times)

    assert (made.probes, made.seconds) == ([2], [5.0])


@given(
    st.dictionaries(st.text("abc", min_size=1), st.tuples(st.integers(1, 5_000), st.integers(0, 5_000))),
    st.integers(1, 50),
)
def test_the_settling_record_is_the_smallest_number_with_which_a_source_is_named(
    sources: dict[str, tuple[int, int]], first: int
) -> None:
    needs = {source: need for source, (need, _) in sources.items()}

    def named(cut: dict[str, int]) -> set[str]:
        assert all(0 < number < sum(sources[source]) for source, number in cut.items())
        return {source for source, number in cut.items() if number >= needs[source]}

    assert (
        programs.fewest({source: (0, need + more) for source, (need, more) in sources.items()}, named, first) == needs
    )


SECONDS = st.lists(st.integers(0, 500), min_size=2, max_size=200).map(
    lambda seconds: [second * 1_000_000 for second in sorted(seconds)]
)


@given(SECONDS, st.sampled_from(dilate.GAPS))
def test_dilation_keeps_the_order_and_makes_the_mean_gap_the_wanted_one(times: list[int], gap: float) -> None:
    slow = dilate.dilate(times, gap, start=micros(0))

    assert slow == sorted(slow)
    assert slow[0] == micros(0)
    assert (slow[-1] - slow[0]) / 1e6 == pytest.approx(gap * (len(times) - 1), abs=1e-5)


def test_dilation_keeps_the_rhythm() -> None:
    assert dilate.dilate([0, 2_000_000, 8_000_000], 40.0, start=0) == [0, 20_000_000, 80_000_000]


def test_scans_to_dilate_are_chosen_in_turn_of_each_kind() -> None:
    cases = [*(single(f"198.51.100.{n}") for n in range(9)), single("192.0.2.1", kind="udp"), single("192.0.2.2", kind="slow"),
             single("192.0.2.3", "T1595.003"), single("192.0.2.4", kind="udp", probes=9), Case("distributed", "T1595.001", ("192.0.2.5", "192.0.2.6"), 90)]  # fmt: skip

    chosen = dilate.choose(truth(*cases), count=4)

    assert [case.kind for case in chosen] == ["udp", "vertical", "vertical", "vertical"]


def test_a_dilated_log_holds_the_ordinary_lines_as_they_are_and_the_scan_at_its_new_times(tmp_path: Path) -> None:
    ordinary = [
        (micros(second), f"Mar 10 00:{second // 60:02}:{second % 60:02} gw1 ordinary\n".encode())
        for second in range(0, 121, 30)
    ]
    scan = [(micros(7), f"Mar 10 00:00:07 gw1 probe {number}\n".encode()) for number in range(50)]

    made = dilate.write(10.0, [single()], ordinary, {SCANNER: scan}, truth(single()), tmp_path / "slow")

    lines = made.log.read_text().splitlines()
    assert [line for line in lines if line.endswith("ordinary")] == [line.decode().strip() for _, line in ordinary]
    assert [line for line in lines if "probe" in line] == [
        f"Mar 10 00:{second // 60:02}:{second % 60:02} gw1 probe {number}"
        for number, second in enumerate(range(0, 121, 10))
    ]
    assert [line[:15] for line in lines] == sorted(line[:15] for line in lines)
    assert made.truth.cases[0].probes == 13


def test_a_line_without_a_syslog_stamp_cannot_be_dilated() -> None:
    with pytest.raises(Unavailable, match="syslog stamp"):
        dilate.restamped(b"2026-03-10T00:00:00Z gw1 probe\n", 0)


def actor(src: str, label: str = "scan", **more: Any) -> dict[str, Any]:
    return {
        "src": src,
        "label": label,
        "technique": "vertical",
        "attack_id": "T1595.001",
        "fw_lines": 12,
        "web_requests": 0,
        **more,
    }


def labelled(*actors: dict[str, Any]) -> dict[str, Any]:
    return {"actors": actors, "background": {"sources": [["192.0.2.77", 0.0, 2]]}, "protected_networks": ["203.0.113.0/24"],
            "t_end": float(BEGIN + 172_800)}  # fmt: skip


def test_the_truth_by_source_joins_groups_and_leaves_out_decoys_and_what_the_logs_do_not_show(tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text(json.dumps(labelled(
        actor("198.51.100.1", group="a"), actor("198.51.100.2", group="a"), actor("198.51.100.3", decoy=True),
        actor("198.51.100.4", fw_lines=0, web_requests=40), actor("192.0.2.5", "authorised"), actor("2001:DB8:0::1", "benign"),
    )))  # fmt: skip

    made = read(tmp_path, [tmp_path / "fw.log"])

    assert made.cases == (Case("vertical", "T1595.001", ("198.51.100.1", "198.51.100.2"), 24),)
    assert made.right == {f"198.51.100.{n}" for n in range(1, 5)}
    assert made.benign == {"192.0.2.77": "background-radiation", "2001:db8::1": "vertical"}
    assert (made.allowed, made.home, made.now) == ({"192.0.2.5"}, ("203.0.113.0/24",), "2026-03-12T00:00:00+00:00")


def test_the_truth_of_an_ordinary_network_is_read_too(tmp_path: Path) -> None:
    seen = {"first": "", "last": "", "probes": 6, "fw.log": 6}
    scan = {"kind": "twin", "label": "scan", "technique": "T1595.001", "contacts": 11, "decoys": ["192.0.2.8"], "related": ["192.0.2.9"],
            "sources": {"198.51.100.1": seen, "198.51.100.2": seen, "192.0.2.8": seen, "198.51.100.3": {**seen, "probes": 0}}}  # fmt: skip
    office = {"kind": "office", "label": "benign", "sources": {"192.0.2.1": seen, "198.51.100.1": seen}}
    (tmp_path / "truth.json").write_text(
        json.dumps({"actors": [scan, office], "home": ["203.0.113.0/24"], "t_end": "2026-03-12T00:00:00Z"})
    )

    made = read(tmp_path, [tmp_path / "fw.log"])

    assert made.cases == (Case("twin", "T1595.001", ("198.51.100.1", "198.51.100.2"), 11),)
    assert made.benign == {"192.0.2.1": "office"}
    assert {"192.0.2.8", "192.0.2.9"} < made.right


STAND_IN = """
import json, re, sys
from datetime import datetime
logs = [word for word in sys.argv[2:] if word.endswith("fw.log")]
events = []
for log in logs:
    for number, line in enumerate(open(log), 1):
        src, dst, port = re.search(r"SRC=(\\S+) DST=(\\S+) DPT=(\\d+)", line).groups()
        at = datetime.strptime("2026 " + line[:15], "%Y %b %d %H:%M:%S").isoformat() + ".000000Z"
        events.append({"ts": at, "src_ip": src, "dst_ip": dst, "dst_port": int(port), "proto": "tcp", "action": "deny",
                       "tcp_flags": "S", "input": log, "line": number})
if sys.argv[1] == "events":
    print("\\n".join(map(json.dumps, events)))
else:
    first = next(event for event in events if event["src_ip"] == "198.51.100.7")
    print(json.dumps({"offenses": [{"source": first["src_ip"], "sources": [first["src_ip"]], "detected_at": first["ts"],
                                    "settled_by": {"input": first["input"], "line": first["line"]}}]}))
"""
"""Answers like vedette, to one scanner that it knows by name."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [(second, f"192.0.2.77 DST={SERVER} DPT=23") for second in range(0, 86_400, 600)]
    lines += [(600 + n, f"{SCANNER} DST={SERVER} DPT={n + 1}") for n in range(30)]
    text = [f"Mar 10 {s // 3600:02}:{s // 60 % 60:02}:{s % 60:02} gw1 SRC={rest}\n" for s, rest in sorted(lines)]
    (folder / "fw.log").write_text("".join(text))
    (folder / "truth.json").write_text(json.dumps(labelled(actor(SCANNER, fw_lines=30))))
    return folder


def test_the_command_prints_a_table_and_a_curve_and_writes_the_figures(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    stand_in = shlex.join([sys.executable, str(tmp_path / "stand_in.py")])
    figures = tmp_path / "figures.json"

    rows, gaps = ["vedette", "Zeek bro-simple-scan"], ["1", "2000"]

    code = command.main([str(corpus), "--vedette", stand_in, "--rows", *rows, "--gaps", *gaps, "--json", str(figures)])

    assert code == 0
    printed, made = capsys.readouterr().out, json.loads(figures.read_text())
    assert "| vedette " in printed
    assert "one probe in" in printed
    probes = {name: (row["median_probes"], row["median_seconds"]) for name, row in made["table"].items()}
    assert probes == {"vedette": (1, 0.0), "Zeek bro-simple-scan": (25, 29.0)}
    assert [made["speeds"]["Zeek bro-simple-scan"][gap]["recall"] for gap in ("1.0", "2000.0")] == [1.0, 0.0]


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    assert command.main([str(tmp_path)]) == 2


def test_a_detector_that_cannot_be_asked_says_why_in_its_row() -> None:
    lines = tables.table({"psad": "psad is not installed", "vedette": Score()}).splitlines()

    assert "skipped: psad is not installed" in lines[2]
    assert lines[3].startswith("| vedette")
