"""The generated logs are what their truth says, or every figure of bench/ is worth nothing."""

from __future__ import annotations

import ipaddress
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import generate
from bench.addresses import HOME
from bench.plan import make_plan
from bench.render import STYLES

LINES = 70_000  # more than one slice of the generator

NETFILTER = re.compile(
    r"Mar 1\d \d\d:\d\d:\d\d gw1 (?:kernel: )?(?:\[(?P<up>\d+\.\d{6})\] )?(?P<prefix>[^=]+?) +IN=eth0 OUT=\w* "
    r"MAC=(?:[0-9a-f]{2}:){12}(?:08:00|86:dd) SRC=(?P<src>\S+) DST=(?P<dst>\S+) LEN=\d+ "
    r"(?:TOS=\w+ PREC=0x00 TTL=\d+ ID=\d+ (?:DF )?|TC=0 HOPLIMIT=\d+ FLOWLBL=0 )PROTO=(?P<proto>\w+) "
    r"(?:SPT=\d+ DPT=(?P<dpt>\d+) |TYPE=(?:8|128) CODE=0 ID=\d+ SEQ=\d+ )"
    r"(?:LEN=28 |(?:SEQ=\d+ ACK=\d+ )?WINDOW=\d+ (?:RES=0x00 )?(?:[A-Z]{3} )*URGP=0 (?:OPT \([0-9A-F]+\) )?)?(?:MARK=0x0 )?"
)
ASA = re.compile(
    r"Mar 1\d \d\d:\d\d:\d\d asa1 %ASA-[46]-(?:"
    r"106023: Deny (?:tcp|udp) src outside:\S+/\d+ dst inside:\S+/\d+ by access-group \"outside_in\" \[0x0, 0x0\]|"
    r"106023: Deny icmp src outside:\S+ dst inside:\S+ \(type 8, code 0\) by access-group \"outside_in\" \[0x0, 0x0\]|"
    r"106015: Deny TCP \(no connection\) from \S+/\d+ to \S+/\d+ flags [A-Z ]* on interface outside|"
    r"30201[35]: Built inbound (?:TCP|UDP) connection \d+ for outside:(?P<a>\S+) \((?P=a)\) to dmz:(?P<b>\S+) \((?P=b)\)|"
    r"30201[46]: Teardown (?:TCP|UDP) connection \d+ for outside:\S+ to dmz:\S+ duration \d:\d\d:\d\d bytes \d+.*)"
)
ACCESS = re.compile(
    r'[0-9a-f.:]+ - - \[1\d/Mar/2026:\d\d:\d\d:\d\d \+0000\] "GET /\S* HTTP/1\.1" (?:200|304|404) \d+ "[^"]+" "[^"]+"'
)


def written(folder: Path, style: str = "ufw", **options: Any) -> tuple[list[str], dict[str, Any]]:
    sequence, tcp_options = options.pop("sequence", True), options.pop("options", True)
    plan = make_plan(options.pop("lines", LINES), **options)
    truth = generate.write(folder / "a.log", plan, style, sequence, tcp_options)
    return (folder / "a.log").read_text("ascii").split("\n")[:-1], truth


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, str]], dict[str, Any]]:
    lines, truth = written(tmp_path_factory.mktemp("log"), scanners=24)
    return [found.groupdict("") for line in lines if (found := NETFILTER.fullmatch(line))], truth


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    first, second, other = (
        written(tmp_path, lines=3_000, seed=seed) for seed in (7, 7, 8)
    )  # fmt: skip

    assert first == second
    assert first[0] != other[0]


@pytest.mark.parametrize("lines", [1_000, 65_536, LINES])
def test_a_log_has_exactly_the_lines_asked_for(tmp_path: Path, lines: int) -> None:
    found, truth = written(tmp_path, lines=lines)

    assert len(found) == lines == truth["lines"] == sum(truth["roles"].values())


@pytest.mark.parametrize("style", [*STYLES, "access"])
def test_every_line_of_every_style_is_well_formed(tmp_path: Path, style: str) -> None:
    pattern = {"asa": ASA, "access": ACCESS}.get(style, NETFILTER)
    lines, _ = written(tmp_path, style, lines=8_000, ipv6=0.3)

    assert [line for line in lines if not pattern.fullmatch(line)] == []


def test_lines_are_in_order_of_time(log: tuple[list[dict[str, str]], dict[str, Any]]) -> None:
    lines, _ = log
    uptimes = [float(line["up"]) for line in lines]

    assert len(lines) == LINES
    assert uptimes == sorted(uptimes)


def test_the_truth_gives_each_scanner_its_lines_probes_and_contacts(
    log: tuple[list[dict[str, str]], dict[str, Any]],
) -> None:
    lines, truth = log
    numbers, contacts = defaultdict(list), defaultdict(set)
    for number, line in enumerate(lines, 1):
        source = str(ipaddress.ip_address(line["src"]))
        numbers[source].append(number)
        contacts[source].add((line["dst"], line["proto"], line["dpt"]))

    assert len({scanner["kind"] for scanner in truth["scanners"]}) == 6
    for scanner in truth["scanners"]:
        own = numbers[scanner["source"]]
        assert [scanner["first_line"], scanner["tenth_line"], scanner["last_line"]] == [own[0], own[9], own[-1]]
        assert scanner["probes"] == len(own) >= 15
        assert scanner["contacts"] == len(contacts[scanner["source"]])
        assert scanner["targets"] == len({target for target, _, _ in contacts[scanner["source"]]})


def test_the_truth_gives_the_times_of_the_first_and_last_probe(
    log: tuple[list[dict[str, str]], dict[str, Any]],
) -> None:
    lines, truth = log

    for scanner in truth["scanners"]:
        for when, number in (("first", "first_line"), ("last", "last_line")):
            fraction = scanner[when].removesuffix("Z").partition(".")[2]
            assert lines[scanner[number] - 1]["up"].endswith(fraction)


def test_scanners_are_only_refused_and_clients_only_accepted(
    log: tuple[list[dict[str, str]], dict[str, Any]],
) -> None:
    lines, truth = log
    prefixes = Counter(line["prefix"] for line in lines)
    scanners = {scanner["source"] for scanner in truth["scanners"]}

    assert prefixes == {"[UFW ALLOW]": truth["roles"]["client"], "[UFW BLOCK]": LINES - truth["roles"]["client"]}
    assert all(line["prefix"] == "[UFW BLOCK]" for line in lines if line["src"] in scanners)


def test_sources_are_public_and_targets_are_documentation_addresses(
    log: tuple[list[dict[str, str]], dict[str, Any]],
) -> None:
    lines, _ = log
    home = [ipaddress.ip_network(network) for network in HOME]

    assert all(ipaddress.ip_address(source).is_global for source in {line["src"] for line in lines})
    for target in {line["dst"] for line in lines}:
        assert any(ipaddress.ip_address(target) in network for network in home)


def test_the_background_has_the_sources_asked_for_with_three_probes_at_most(tmp_path: Path) -> None:
    lines, truth = written(tmp_path, sources=9_000, lines=20_000)
    few = Counter(found["src"] for line in lines if (found := NETFILTER.fullmatch(line)))
    others = sum(count for role, count in truth["sources"].items() if role != "background")

    assert truth["sources"]["background"] == 9_000
    assert 9_000 <= sum(count <= 3 for count in few.values()) <= 9_000 + others


def test_the_rule_logs_sequence_numbers_and_options_only_when_told_to(tmp_path: Path) -> None:
    with_both = "".join(written(tmp_path, lines=2_000)[0])
    without = "".join(written(tmp_path, lines=2_000, sequence=False, options=False)[0])

    assert " ACK=" in with_both
    assert " OPT (" in with_both
    assert " ACK=" not in without
    assert " OPT (" not in without


@pytest.mark.parametrize("share", [0, 1])
def test_the_share_of_ipv6_can_be_none_or_all(tmp_path: Path, share: int) -> None:
    lines, _ = written(tmp_path, lines=2_000, ipv6=share)

    assert sum(" HOPLIMIT=" in line for line in lines) == share * len(lines)


def test_more_sources_or_scanners_than_the_lines_can_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="need at least 2000 lines"):
        make_plan(1_000, sources=1_000)
    with pytest.raises(ValueError, match="need at least 6000 lines"):
        make_plan(1_000, scanners=100)


def test_the_command_writes_the_truth_beside_the_log(tmp_path: Path) -> None:
    log = tmp_path / "fw.log"

    assert generate.main([str(log), "--lines", "1000", "--style", "nftables", "--seed", "3"]) == 0
    truth = json.loads((tmp_path / "fw.log.truth.json").read_text())
    assert (truth["log"], truth["style"], truth["seed"]) == ("fw.log", "nftables", 3)
    assert generate.main([str(log), "--lines", "10"]) == 2
