"""Acknowledged scanners: a label with owner, list and date; a false claim costs, a true one hides nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_scoring import HOME, SECRETS, VERTICAL, offenses
from vedette import acknowledged, scoring
from vedette.acknowledged import Acknowledged, Owner, Ranges, known_agents, numbers, owner_of, packed
from vedette.networks import Listed, read_list

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

CENSYS = "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

GIVEN = (
    Listed(ip_network("198.51.100.0/28"), "Example Labs", "mine.txt", "2026-03-01"),
    Listed(ip_network("198.51.100.8/29"), "Example Sensors", "mine.txt", "2026-03-01"),
    Listed(ip_network("2001:db8:1::/48"), "Example Labs", "mine.txt", "2026-03-01"),
)


def listed(*entries: Listed) -> Any:
    return replace(HOME, acknowledged=entries)


def agent(text: str, requests: int = 4) -> dict[str, Any]:
    return {"user_agent": text, "requests": requests}


# ---- labels -------------------------------------------------------------------------------------


def test_a_listed_source_has_a_label_and_stays_an_offense() -> None:
    (plain,) = offenses(VERTICAL)
    (labelled,) = offenses(VERTICAL, settings=listed(GIVEN[0]))

    assert plain.acknowledged is None
    assert labelled.acknowledged == {"owner": "Example Labs", "list": "mine.txt", "date": "2026-03-01"}
    assert labelled.parts["acknowledgement"] == scoring.ACKNOWLEDGED
    assert labelled.score == pytest.approx(plain.score + scoring.ACKNOWLEDGED, abs=0.051)
    assert any("Example Labs" in reason and "mine.txt of 2026-03-01" in reason for reason in labelled.reasons)


def test_the_smallest_network_names_the_owner() -> None:
    assert Acknowledged(GIVEN).judge(["198.51.100.9"]).label == {
        "owner": "Example Sensors",
        "list": "mine.txt",
        "date": "2026-03-01",
    }
    assert Acknowledged(GIVEN).judge(["198.51.100.1"]).label == {
        "owner": "Example Labs",
        "list": "mine.txt",
        "date": "2026-03-01",
    }


def test_a_group_has_a_label_only_if_one_owner_has_all_of_it() -> None:
    known = Acknowledged(GIVEN)

    assert known.judge(["198.51.100.1", "198.51.100.9"]).label == {
        "owner": "Example Labs",
        "list": "mine.txt",
        "date": "2026-03-01",
    }
    mixed = known.judge(["198.51.100.1", "203.0.113.9", "203.0.113.10"])
    assert mixed.label is None
    assert mixed.sentences == [
        "1 of its 3 addresses is of Example Labs, which scans openly, by mine.txt of 2026-03-01."
    ]


def test_a_network_is_of_an_owner_who_has_all_of_it() -> None:
    known = Acknowledged(GIVEN)

    assert known.judge(["2001:db8:1:2::/64"]).label is not None
    assert known.judge(["2001:db8::/32"]).label is None


def test_the_lists_of_the_package_have_owners_and_dates() -> None:
    pytest.importorskip("pymispwarninglists")
    found = list(packed())
    owners = {owner.owner for *_, owner in found}

    assert {"Censys", "Shodan", "Shadowserver", "Rapid7", "ONYPHE", "Tenable"} <= owners
    assert [owner for *_, owner in found if len(owner.date) != 10] == []
    assert Acknowledged().judge(["162.142.125.10"]).label is not None


@pytest.mark.parametrize(
    "key", ["censys-scanning", "shodan-nt-scanning", "tenable-cloud-ipv6", "modat-scanner", "shadowserver"]
)
def test_an_owner_is_called_after_the_folder_of_its_list(key: str) -> None:
    assert owner_of(key) in ("Censys", "Shodan", "Tenable", "Modat", "Shadowserver")


def test_without_the_packages_there_are_no_labels_and_no_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acknowledged, "find_spec", lambda _: None)
    known_agents.cache_clear()

    try:
        judgement = Acknowledged().judge(["162.142.125.10"], [agent("NetSystemsResearch studies")])
    finally:
        known_agents.cache_clear()
    assert (judgement.label, judgement.contradicted, judgement.sentences) == (None, False, [])


def test_a_damaged_list_of_the_package_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, text in {
        "a-scanning": "{",
        "b-scanning": '{"type": "hostname", "list": ["x"]}',
        "c-scanning": json.dumps({"type": "cidr", "version": 20260101, "list": ["198.51.100.9", "example.com", None]}),
    }.items():
        (tmp_path / key).mkdir()
        (tmp_path / key / "list.json").write_text(text)
    monkeypatch.setattr(acknowledged, "warning_lists", lambda: list(tmp_path.iterdir()))

    assert [(address, owner.owner, owner.date) for _, address, _, owner in packed()] == [
        (int(ip_address("198.51.100.9")), "C", "2026-01-01")
    ]


# ---- claims -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "owner"), [(GOOGLEBOT, "Googlebot"), (CENSYS, "Censys")])
def test_a_claim_from_an_address_of_somebody_else_raises_the_score(text: str, owner: str) -> None:
    pytest.importorskip("pymispwarninglists")
    (silent,) = offenses(SECRETS)
    (claiming,) = offenses(SECRETS | {"user_agent": text})

    assert claiming.parts["acknowledgement"] == scoring.CONTRADICTED
    assert claiming.score == pytest.approx(silent.score + scoring.CONTRADICTED, abs=0.051)
    assert claiming.acknowledged is None
    assert any(f"claim to be {owner}" in reason and "none of its ranges" in reason for reason in claiming.reasons)


def test_a_claim_from_the_owner_s_own_address_is_a_label() -> None:
    pytest.importorskip("pymispwarninglists")
    known = Acknowledged()

    for text, address, owner in ((CENSYS, "162.142.125.10", "Censys"), (GOOGLEBOT, "66.249.66.1", "Googlebot")):
        judgement = known.judge([address], [agent(text)])
        assert not judgement.contradicted
        assert judgement.label is not None
        assert judgement.label["owner"] == owner


def test_the_range_of_a_crawler_counts_for_nobody_who_does_not_claim_to_be_it() -> None:
    assert Acknowledged().judge(["66.249.66.1"], [agent("curl/8.5.0")]).label is None


def test_a_claim_that_no_list_can_confirm_is_said_and_costs_nothing() -> None:
    pytest.importorskip("crawleruseragents")
    judgement = Acknowledged().judge(
        ["198.51.100.9"], [agent("NetSystemsResearch studies the availability of services")]
    )

    assert not judgement.contradicted
    assert judgement.label is None
    assert "call themselves NetSystemsResearch" in judgement.sentences[0]


def test_an_owner_of_the_user_s_own_list_can_be_claimed_and_contradicted() -> None:
    censys = Listed(ip_network("198.51.100.0/28"), "Censys", "mine.txt", "2026-03-01")

    assert Acknowledged([censys]).judge(["198.51.100.9"], [agent(CENSYS)]).label is not None
    assert Acknowledged([censys]).judge(["203.0.113.9"], [agent(CENSYS)]).contradicted


def test_the_text_of_a_claim_reaches_no_terminal_as_control_characters() -> None:
    judgement = Acknowledged([Listed(ip_network("198.51.100.0/28"), "Censys", "m", "")]).judge(
        ["203.0.113.9"], [agent("CensysInspect\x1b[2J\r\n" + "x" * 5000)]
    )

    assert all(sentence.isprintable() and len(sentence) < 400 for sentence in judgement.sentences)


# ---- ranges -------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1))
def test_ranges_say_what_the_standard_library_says(first: int, prefix: int, address: int) -> None:
    network = ip_network((first, prefix), strict=False)
    ranges = Ranges()
    ranges.add(4, int(network.network_address), prefix, Owner("o", "l", "d"))

    assert bool(ranges.owners(4, address, 32)) is (ip_address(address) in network)


@given(st.ip_addresses())
def test_numbers_are_those_of_the_standard_library(address: Any) -> None:
    assert numbers(str(address)) == (address.version, int(address), address.max_prefixlen)


@given(st.text(max_size=50))
def test_what_is_no_network_has_no_numbers(text: str) -> None:
    found = numbers(text)

    assert found is None or found[0] in (4, 6)


# ---- the command --------------------------------------------------------------------------------

LINES = b"".join(
    b"Mar 10 00:00:%02d gw kernel: [1.0] [UFW BLOCK] IN=eth0 OUT= SRC=198.51.100.9 DST=203.0.113.4 LEN=40 TTL=50 ID=7 PROTO=TCP "
    b"SPT=40000 DPT=%d WINDOW=1024 RES=0x00 SYN URGP=0\n" % (port, port) for port in range(1, 31)
)  # fmt: skip


def test_the_command_reads_lists_and_shows_the_owner(
    tmp_path: Path, vedette: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    (tmp_path / "mine.csv").write_text("198.51.100.0/24,Example Labs,2026-02-01\n")

    process = vedette("scan", "--acknowledged", "mine.csv", "-o", "json", "-", stdin=LINES)
    (offense,) = json.loads(process.stdout)["offenses"]

    assert offense["acknowledged"] == {"owner": "Example Labs", "list": "mine.csv", "date": "2026-02-01"}
    assert b"Example Labs" in vedette("scan", "--acknowledged", "mine.csv", "-", stdin=LINES).stdout


def test_a_mistake_in_a_list_ends_the_command_before_it_reads(
    tmp_path: Path, vedette: Callable[..., subprocess.CompletedProcess[bytes]]
) -> None:
    (tmp_path / "mine.txt").write_text("192.0.2.1\n192.0.2.0/99\x1b[2J\n")

    process = vedette("scan", "--acknowledged", "mine.txt", "-", stdin=LINES)

    assert process.returncode == 2
    assert b"--acknowledged: mine.txt, line 2:" in process.stderr
    assert b"\x1b" not in process.stderr


def test_a_log_without_offenses_reads_no_list(run_python: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    code = """
import sys
from vedette import pipeline
from vedette.config import Settings
open("empty.log", "w").write("")
assert pipeline.scan(["empty.log"], Settings()).offenses == []
print(sorted({"vedette.acknowledged", "pymispwarninglists", "crawleruseragents"} & set(sys.modules)))
"""
    process = run_python(code)

    assert process.stdout.strip() == "[]", process.stderr


def test_the_packages_are_read_and_never_run(run_python: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    code = """
import sys
from vedette.acknowledged import Acknowledged
Acknowledged().judge(["198.51.100.9"], [{"user_agent": "somebot/1.0", "requests": 1}])
print(sorted({"pymispwarninglists", "crawleruseragents"} & set(sys.modules)))
"""
    assert run_python(code).stdout.strip() == "[]"


def test_what_is_read_from_a_file_is_what_labels(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("198.51.100.0/24 # Example Labs\n")

    (offense,) = offenses(VERTICAL, settings=listed(*read_list(str(tmp_path / "mine.txt"))))

    assert offense.acknowledged is not None
    assert offense.acknowledged["owner"] == "Example Labs"
