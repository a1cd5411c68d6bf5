"""The ordinary networks are what their truth says, and the checker counts right, or what it measures is worth nothing."""

from __future__ import annotations

import ipaddress
import json
import re
import shlex
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.ordinary import __main__ as command
from bench.ordinary import check
from bench.ordinary.actors import REGISTRY
from bench.ordinary.lines import Written
from bench.ordinary.network import SIZES
from bench.ordinary.plan import APART, BASE, LENGTHS, SPLIT, chosen, held_out, play
from bench.ordinary.write import STYLES, Style, _limited, write

SOURCE = {
    "netfilter": re.compile(r"\w{3} +\d+ (?P<time>[\d:]{8}) gw1 kernel: .* SRC=(?P<src>\S+) DST=(?P<dst>\S+) LEN=.* PROTO=\S+ .*"),
    "asa": re.compile(
        r"\w{3} +\d+ (?P<time>[\d:]{8}) asa1 %ASA-\d-\d{6}: .*?(?:outside:|faddr |from )(?P<src>[0-9a-f.:]+?)(?:/\d+)? "
        r"(?:.*?(?:dst inside:|to dmz:|laddr )|to )(?P<dst>[0-9a-f.:]+?)(?:/\d+)?(?: .*)?"
    ),
    "web": re.compile(
        r'(?:\S+:443 )?(?P<src>[0-9a-f.:]+) - - \[\S+?:(?P<time>[\d:]{8}) \+0000\] "[A-Z]+ /\S* HTTP/1\.1" \d{3} \d+ "[^"]+" "[^"]+"'
    ),
}  # fmt: skip

Log = tuple[dict[str, list[re.Match[str]]], dict[str, Any]]


def read(folder: Path, style: str) -> dict[str, list[re.Match[str]]]:
    logs = {}
    for path in folder.glob("*.log"):
        form = SOURCE["web" if path.name == "access.log" else "asa" if style == "asa" else "netfilter"]
        lines = path.read_text("ascii").split("\n")[:-1]
        logs[path.name] = [found for line in lines if (found := form.fullmatch(line))]
        assert len(logs[path.name]) == len(lines), next(line for line in lines if not form.fullmatch(line))
    return logs


@pytest.fixture(scope="module", params=STYLES)
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Log:
    folder = tmp_path_factory.mktemp("log")
    seed = list(STYLES).index(request.param)
    truth = write(folder, seed, style=request.param, hold_out=seed % 3 == 2)
    return read(folder, request.param), truth


def test_the_same_arguments_write_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write(tmp_path / name, seed, style="lossy", network="/29")
    first, second, other = (
        [(tmp_path / name / log).read_bytes() for log in ("fw.log", "access.log", "truth.json")] for name in "abc"
    )

    assert first == second
    assert all(one != another for one, another in zip(first, other, strict=True))


def test_every_source_has_as_many_lines_in_each_log_as_the_truth_gives_it(log: Log) -> None:
    logs, truth = log
    stated: dict[str, Counter[str]] = defaultdict(Counter)
    for actor in truth["actors"]:
        for source, seen in actor["sources"].items():
            stated[source].update({name: seen[name] for name in logs if name in seen})
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, lines in logs.items():
        for line in lines:
            found[str(ipaddress.ip_address(line["src"]))][name] += 1

    assert stated == found


def test_an_actor_begins_and_ends_with_lines_that_stand_in_a_log(log: Log) -> None:
    logs, truth = log
    moments = {(str(ipaddress.ip_address(line["src"])), line["time"]) for lines in logs.values() for line in lines}

    for actor in truth["actors"]:
        for source, seen in actor["sources"].items():
            assert {(source, seen["first"][11:19]), (source, seen["last"][11:19])} <= moments
        assert actor["first"] <= actor["last"]
        assert truth["t0"] <= actor["first"]
        assert actor["last"] < truth["t_end"]


def test_a_scan_says_how_many_of_its_lines_are_probes(log: Log) -> None:
    _, truth = log

    for actor in truth["actors"]:
        lines = sum(
            count for seen in actor["sources"].values() for name, count in seen.items() if name.endswith(".log")
        )
        assert actor["lines"] == lines
        assert actor["probes"] <= lines
        assert (actor["technique"] is None) == (actor["label"] == "benign")
        if actor["label"] == "scan":
            forged = sum(seen["probes"] for source, seen in actor["sources"].items() if source in actor["decoys"])
            assert actor["probes"] == sum(seen["probes"] for seen in actor["sources"].values()) - forged
            assert actor["contacts"] <= max(actor["probes"], actor["lines"])


def test_sources_are_public_and_targets_are_at_home(log: Log) -> None:
    logs, truth = log
    home = [ipaddress.ip_network(network) for network in truth["home"]]

    assert all(ipaddress.ip_address(source).is_global for actor in truth["actors"] for source in actor["sources"])
    for target in {line["dst"] for line in logs.get("fw.log", [])}:
        assert any(ipaddress.ip_address(target) in network for network in home)


@pytest.mark.parametrize("kinds", SPLIT)
@pytest.mark.parametrize("hold_out", [False, True])
def test_each_kind_really_occurs(hold_out: bool, kinds: str) -> None:
    _, cases = play(1, "small", "/24", hold_out, kinds)
    played = Counter(case.kind.name for case in cases if case.packets or case.requests)

    assert {kind.name: kind.share for kind in chosen(hold_out, kinds)}.items() <= played.items()


@pytest.mark.parametrize("style", ["ufw", "access+ufw"])
@pytest.mark.parametrize("kinds", APART)
def test_a_set_apart_is_written_whole_and_alike_each_time(tmp_path: Path, kinds: str, style: str) -> None:
    first, second = (write(tmp_path / name, 2, style=style, kinds=kinds) for name in "ab")
    logs = [log.name for log in (tmp_path / "a").iterdir()]

    assert first == second
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in logs)
    assert read(tmp_path / "a", style).keys() == first["lines"].keys()
    if style == "access+ufw":
        assert {actor["kind"] for actor in first["actors"]} == {*APART[kinds], *BASE}


@pytest.mark.parametrize("kinds", APART)
def test_a_set_apart_is_listed_without_what_every_log_has(kinds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--kinds", "--set", kinds]) == 0
    listed = [line.split()[1] for line in capsys.readouterr().out.splitlines()]

    assert listed == list(APART[kinds])


@pytest.mark.parametrize("kinds", APART)
def test_a_set_apart_has_nothing_of_the_others_and_nothing_kept_aside(tmp_path: Path, kinds: str) -> None:
    others = set().union(*SPLIT.values(), *(APART[other] for other in APART if other != kinds))

    assert not APART[kinds].keys() & others
    with pytest.raises(ValueError, match="kept aside"):
        write(tmp_path, 1, hold_out=True, kinds=kinds)
    assert command.main([str(tmp_path), "--set", kinds, "--hold-out"]) == 2


@pytest.mark.parametrize("network", SIZES)
@pytest.mark.parametrize(
    ("kinds", "hold_out"), [*((kinds, False) for kinds in APART), ("fourth", False), ("fourth", True)]
)
def test_a_set_apart_keeps_to_the_limit_in_every_network_and_its_sources_are_public(
    kinds: str, hold_out: bool, network: str
) -> None:
    _, cases = play(1, "small", network, hold_out, kinds)
    sources = {line.source for case in cases for line in (*case.packets, *case.requests)}

    assert sum(len(case.packets) + len(case.requests) for case in cases) <= LENGTHS["small"].most
    assert all(ipaddress.ip_address(source).is_global for source in sources)


@pytest.mark.parametrize("network", SIZES)
def test_a_scan_of_the_third_set_makes_ten_contacts_in_the_log_that_it_is_for(tmp_path: Path, network: str) -> None:
    truth = write(tmp_path, 1, style="access+ufw", network=network, kinds="third")

    assert all(actor["contacts"] >= check.FEWEST for actor in truth["actors"] if actor["label"] == "scan")


def test_there_are_kinds_enough_of_either_sort() -> None:
    scans = {kind.name for kind in REGISTRY.values() if kind.technique}

    assert len(scans) >= 25
    assert len(REGISTRY) - len(scans) >= 40
    assert {kind.technique for kind in REGISTRY.values()} == {None, "T1595.001", "T1595.002", "T1595.003"}


@pytest.mark.parametrize("kinds", SPLIT)
def test_a_third_of_each_sort_is_kept_aside_until_asked_for(kinds: str) -> None:
    aside, whole = held_out(kinds), SPLIT[kinds].keys() - set(BASE)
    usual, kept = ({kind.name for kind in chosen(hold_out, kinds)} for hold_out in (False, True))
    scans = {kind.name for kind in SPLIT[kinds].values() if kind.technique}

    assert usual & kept == set(BASE)
    assert usual | kept == whole | set(BASE)
    assert kept - set(BASE) == aside
    assert round(len(scans) / 3) == len(aside & scans)
    assert round(len(whole - scans) / 3) == len(aside - scans)


def test_a_kind_does_the_same_whatever_else_is_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    def probes(network: list[Any]) -> list[tuple[int, int, int]]:
        return [
            (p.at, p.host, p.second) for case in network if case.kind.name == "vertical-connect" for p in case.packets
        ]

    before = probes(play(1, "small")[1])
    monkeypatch.delitem(REGISTRY, "backscatter")

    assert probes(play(1, "small")[1]) == before != []


@pytest.mark.slow
@pytest.mark.parametrize("style", ["asa", "access+ufw"])
def test_a_medium_log_keeps_to_its_limit(tmp_path: Path, style: str) -> None:
    truth = write(tmp_path, 2, "medium", style)

    assert 100_000 < sum(truth["lines"].values()) <= LENGTHS["medium"].most


def test_a_small_log_keeps_to_its_limit(log: Log) -> None:
    logs, truth = log

    assert {name: len(lines) for name, lines in logs.items()} == truth["lines"]
    assert 5_000 < sum(truth["lines"].values()) <= LENGTHS["small"].most


@given(st.lists(st.integers(0, 3_600_000_000), max_size=200), st.integers(1, 60), st.integers(1, 20))
def test_limited_logging_lets_through_a_burst_and_then_so_many_a_minute(
    times: list[int], rate: int, burst: int
) -> None:
    lines = [Written(at, 0, "192.0.2.1", True, "", b"[UFW BLOCK] ") for at in sorted(times)]
    kept = _limited(lines, Style(rate=rate, burst=burst))

    for n, first in enumerate(kept):
        for later, last in enumerate(kept[n:], 1):
            assert later <= burst + (last.at - first.at) / 60e6 * rate + 1e-6
    assert kept[:burst] == lines[:burst]


ACTORS = [
    {"kind": "vertical", "label": "scan", "technique": "T1595.001", "contacts": 50, "decoys": ["192.0.2.3"], "related": ["192.0.2.4"],
     "sources": {"192.0.2.1": {"probes": 50}, "192.0.2.3": {"probes": 50}, "192.0.2.4": {"probes": 0}}},
    {"kind": "shared", "label": "scan", "technique": "T1595.003", "contacts": 50, "decoys": [], "related": [],
     "sources": {f"198.51.100.{n}": {"probes": 10} for n in range(1, 11)}},
    {"kind": "faint", "label": "scan", "technique": "T1595.001", "contacts": 9, "decoys": [], "related": [],
     "sources": {"192.0.2.9": {"probes": 9}}},
    {"kind": "office", "label": "benign", "sources": {"203.0.113.1": {}, "203.0.113.2": {}, "192.0.2.1": {}}},
]  # fmt: skip
TRUTH = {"style": "ufw", "seed": 1, "actors": ACTORS}


def scored(*named: list[str], technique: str = "T1595.001") -> check.Result:
    offenses = [{"source": sources[0], "sources": sources, "techniques": [technique]} for sources in named]
    return check.score(TRUTH, check.Offenses(offenses))


def test_a_scan_is_found_when_it_is_named_and_a_group_when_four_fifths_are() -> None:
    seven, eight = ([f"198.51.100.{n}" for n in range(1, many)] for many in (8, 9))

    assert scored(["192.0.2.1"], seven).found == Counter({"vertical": 1, "shared": 0})
    assert scored(["192.0.2.1"], eight).found == Counter({"vertical": 1, "shared": 1})
    assert scored(["198.51.100.0/24"]).found == Counter({"vertical": 0, "shared": 1})


def test_a_group_in_many_offenses_is_found_but_not_together() -> None:
    members = [f"198.51.100.{n}" for n in range(1, 11)]
    apart, together = scored(*([member] for member in members)), scored(members)

    assert (apart.found["shared"], apart.groups, apart.together) == (1, 1, 0)
    assert (together.found["shared"], together.groups, together.together) == (1, 1, 1)


def test_a_scan_with_few_contacts_counts_apart() -> None:
    assert scored(["192.0.2.9"]).few == Counter({"found": 1})
    assert "faint" not in scored(["192.0.2.9"]).asked


def test_only_offenses_without_any_scanner_decoy_or_second_address_are_false() -> None:
    result = scored(["203.0.113.1"], ["192.0.2.3"], ["192.0.2.4"], ["192.0.2.1", "203.0.113.2"], ["192.0.2.77"])

    assert result.false == Counter({"office": 1, check.UNKNOWN: 1})
    assert (result.named["office"], result.sources["office"]) == (2, 2)


def test_the_technique_has_to_be_the_right_one() -> None:
    assert scored(["192.0.2.1"]).right == 1
    assert scored(["192.0.2.1"], technique="T1595.002").right == 0


def test_the_commands_write_logs_and_check_them_with_any_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    oracle = tmp_path / "oracle.py"
    oracle.write_text(
        "import json, pathlib, sys\n"
        "truth = json.loads((pathlib.Path(sys.argv[2]).parent / 'truth.json').read_text())\n"
        "scans = [a for a in truth['actors'] if a['label'] == 'scan']\n"
        "print(json.dumps({'offenses': [{'source': min(a['sources']), 'sources': list(a['sources']),"
        " 'techniques': [a['technique']]} for a in scans]}))\n"
    )
    logs = tmp_path / "logs"

    assert command.main([str(logs), "--seed", "3", "4", "--style", "denies"]) == 0
    assert check.main(["--vedette", shlex.join([sys.executable, str(oracle)]), str(logs)]) == 0
    (total,) = (line for line in capsys.readouterr().out.split("\n") if line.startswith("SUM all"))
    seeds = [json.loads((logs / f"denies-{seed}" / "truth.json").read_text()) for seed in (3, 4)]
    asked = sum(actor["label"] == "scan" and actor["contacts"] >= 10 for truth in seeds for actor in truth["actors"])
    assert total.startswith(f"SUM all: recall {asked}/{asked}, technique right {asked}/{asked}")
    assert "false 0; benign sources named 0 of" in total


def test_the_checker_refuses_a_folder_without_truth(tmp_path: Path) -> None:
    assert check.main([str(tmp_path)]) == 2


def test_kinds_are_listed_with_what_they_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--kinds"]) == 0
    listed = capsys.readouterr().out

    assert len(listed.split("\n")) - 1 == len(REGISTRY) - len(held_out())
    assert "Read the site: many people" in listed
