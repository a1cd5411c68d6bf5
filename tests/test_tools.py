"""Tools: named by their packets and agents, as surely as the marks allow, and never by what anybody's packets carry."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_scoring import SECRETS, SWEEP, VERTICAL, offenses, ranked
from vedette import habits, tools
from vedette.detectors.cases import START, expand
from vedette.knowledge import moment, table
from vedette.schema import EVENTS

Row = dict[str, Any]

COLUMNS = {column.name: column for column in EVENTS}


def swap(address: int) -> int:
    """Return an IPv4 address with its bytes the other way round."""
    return int.from_bytes((address & 0xFFFF_FFFF).to_bytes(4, "little"), "big")


def masscan(row: Row, _: int) -> Row:
    return {"tcp_window": 1024, "ip_id": (row["dst_lo"] ^ row["dst_port"] ^ row["tcp_seq"]) & 0xFFFF}


def mirai(row: Row, _: int) -> Row:
    return {"tcp_seq": row["dst_lo"] & 0xFFFF_FFFF}


def zmap(row: Row, _: int) -> Row:
    return {"ip_id": 54321, "tcp_window": 65535}


def zmap_new(row: Row, number: int) -> Row:
    return {"tcp_window": 65535, "src_port": 32768 + 7919 * number % 28000}


def nmap(row: Row, number: int) -> Row:
    return {"tcp_window": 1024, "tcp_seq": 0x1234_5678 ^ (number % 2 * 0x0001_0001)}


def nmap_ack(row: Row, _: int) -> Row:
    return {"tcp_window": 1024, "tcp_seq": 0, "tcp_flags": 16}


def nmap_os(row: Row, number: int) -> Row:
    return {"tcp_window": (1, 63, 4, 4, 16, 512, 3, 128, 256, 1024, 31337, 32768, 65535)[number % 13]}


def naabu(row: Row, number: int) -> Row:
    return {"tcp_window": 1024, "tcp_seq": 3_000_000_000 + number, "src_port": 41000}


def unicornscan(row: Row, number: int) -> Row:
    port = 20000 + 7 * number
    seq = 0xCAFE_F00D ^ swap(row["dst_lo"]) ^ ((row["dst_port"] << 16) + port)
    return {"tcp_window": 4128, "src_port": port, "tcp_seq": seq}


def hping(row: Row, number: int) -> Row:
    return {"tcp_window": 512, "src_port": 2000 + number}


def hping_still(row: Row, number: int) -> Row:
    return {"tcp_window": 512, "src_port": 2000}


def system(row: Row, number: int) -> Row:
    return {}


MAKES = {
    "masscan": (masscan, 0.99),
    "Mirai or its kin": (mirai, 0.95),
    "ZMap": (zmap, 0.9),
    "nmap": (nmap, 0.95),
    "naabu": (naabu, 0.7),
    "unicornscan": (unicornscan, 0.95),
    "hping": (hping, 0.9),
}


def packets(make: Any, line: Row = SWEEP) -> list[Row]:
    """Return the rows of a scan with the headers of one tool; without it those of an operating system."""
    dice = random.Random(7)
    rows = list(expand(line))
    for number, row in enumerate(rows):
        row |= {"tcp_seq": dice.getrandbits(32), "ip_id": dice.getrandbits(16), "tcp_window": 64240}
        row |= make(row, number)
    return rows


def tool_of(rows: list[Row]) -> Any:
    ((offense,), _, _) = ranked(rows)
    return offense.tool


@pytest.mark.parametrize("name", MAKES)
@pytest.mark.parametrize("line", [SWEEP, VERTICAL], ids=["sweep", "ports of a host"])
def test_each_tool_is_told_by_its_own_marks(name: str, line: Row) -> None:
    make, confidence = MAKES[name]

    assert tool_of(packets(make, line)) == {
        "name": name,
        "confidence": confidence,
        "why": tool_of(packets(make, line))["why"],
    }


@pytest.mark.parametrize(("make", "confidence"), [(nmap_ack, 0.7), (nmap_os, 0.9)])
def test_the_other_probes_of_nmap_have_marks_of_their_own(make: Any, confidence: float) -> None:
    named = tool_of(packets(make))

    assert (named["name"], named["confidence"]) == ("nmap", confidence)


def test_the_packets_of_an_operating_system_are_no_tool() -> None:
    ((offense,), _, _) = ranked(packets(system))

    assert offense.tool is None
    assert any("None of the known marks is in its 64 packets" in reason for reason in offense.reasons)


def test_the_habits_that_zmap_has_left_are_a_hint_only() -> None:
    ((offense,), _, _) = ranked(packets(zmap_new))

    assert offense.tool is not None
    assert (offense.tool["name"], offense.tool["confidence"]) == ("ZMap", 0.4)
    assert any(reason.startswith("The tool may be ZMap") for reason in offense.reasons)


def test_a_window_alone_proves_less_than_a_window_with_source_ports_that_count_up() -> None:
    assert tool_of(packets(hping_still))["confidence"] < tool_of(packets(hping))["confidence"]


@pytest.mark.parametrize(("share", "told"), [(0.95, True), (0.8, False)])
def test_a_mark_must_be_on_nine_packets_in_ten(share: float, told: bool) -> None:
    marked, plain = packets(masscan), packets(system)
    cut = int(share * len(marked))

    assert (tool_of(marked[:cut] + plain[cut:]) is not None) is told


def test_what_a_tool_sent_before_it_existed_is_not_its() -> None:
    early = moment(table("tools")["tool"][1]["since"]) - START - 60_000_000
    rows = packets(mirai)
    for row in rows:
        row["ts"] += early - 3_600_000_000

    assert tool_of(rows) is None


def test_a_group_is_told_by_the_packets_of_all_its_members() -> None:
    sources = [f"100.{n}.9.7" for n in range(1, 31)]
    line: Row = {"src_ip": sources, "dst_ip": "203.0.113.1..240", "dst_port": "8291", "every": "20s", "deal": True}
    elsewhere: Row = {"src_ip": "9.9.9.9", "dst_ip": "203.0.113.1", "dst_port": "443", "every": "20m", "times": 90}
    rows = packets(hping, line | {"start": "20h"}) + packets(system, elsewhere)

    (group,) = [offense for offense in ranked(rows)[0] if len(offense.sources) == 30]

    assert group.tool is not None
    assert group.tool["name"] == "hping"
    assert "240 of 240" in group.tool["why"]


@given(st.integers(2, 400), st.data())
def test_more_marked_packets_of_as_many_never_prove_less(of: int, data: st.DataObject) -> None:
    mark = tools.known()[0].marks[0]
    hits = data.draw(st.integers((9 * of + 9) // 10, of))

    assert tools.accident(mark, of, of) <= tools.accident(mark, hits, of) <= 0
    assert 0 < tools.confidence(0.99, tools.accident(mark, hits, of)) <= 0.99


def test_two_packets_prove_what_one_does_not() -> None:
    mark = tools.known()[0].marks[0]

    assert tools.accident(mark, 2, 2) == -32
    assert tools.confidence(0.99, 0.0) == tools.PRIOR
    assert tools.by_chance(-4.0) == "by chance once in 16"


def test_a_log_says_what_it_lacks_and_where_to_turn_it_on() -> None:
    (offense,) = offenses(VERTICAL)

    (sentence,) = [reason for reason in offense.reasons if "cannot be told" in reason]
    assert "no TCP sequence numbers" in sentence
    assert "--log-tcp-sequence" in sentence
    assert "masscan" in sentence


def test_a_device_that_logs_no_headers_is_told_what_they_would_tell() -> None:
    (offense,) = offenses(VERTICAL | {"tcp_flags": ""})
    rows = [row | {"tcp_flags": None} for row in expand(VERTICAL)]
    ((bare,), _, _) = ranked(rows)

    for case in (offense, bare):
        (sentence,) = [reason for reason in case.reasons if "cannot be told" in reason]
        assert "no IP identification" in sentence
        assert "no TCP window" in sentence


@pytest.mark.parametrize("number", range(len(table("tools")["tool"])))
def test_a_tool_names_its_source_and_the_columns_it_needs(number: int) -> None:
    tool = table("tools")["tool"][number]

    assert tool["source"]
    assert 0 < tool["cap"] < 1
    assert (
        set(tool["needs"])
        <= set(table("tools")["column"])
        <= {name for name, column in COLUMNS.items() if column.detect} | {"src_port"}
    )
    text = " ".join(
        mark.get("match", "") + mark.get("same", "") + mark.get("run", "") + mark.get("among", "")
        for mark in tool["mark"]
    )
    assert [name for name in tool["needs"] if name not in text] == []


def test_a_tool_that_sends_sequence_numbers_of_the_other_shapes_is_not_confused() -> None:
    assert [tool_of(packets(make))["name"] for make, _ in MAKES.values()] == list(MAKES)


# ---- the web ------------------------------------------------------------------------------------

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"
IN_2026 = START


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        (CHROME.format("142.0.6280.45"), "builds of Chrome 142"),
        (CHROME.format("250.0.0.0"), "was at version"),
        ("Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "no Chrome since"),
        ("Mozilla/5.0 (Windows NT 6.3; rv:128.0) Gecko/20100101 Firefox/128.0", "no Firefox since"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/102.0", "its engine 91"),
        ("Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2) Chrome/90.0.4430.93", "neither Chrome"),
        ("Mozilla/5.0 (Windows NT 11.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36", "no such Windows"),
        (CHROME.format("99999999999999999999.0.0.0"), "was at version"),
        (CHROME.format("142.0.7444.60"), None),
        (CHROME.format("120.0.0.0"), None),
        (CHROME.format("87.0.4280.88"), None),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", None),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0", None),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)", None),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", None),
        ("curl/8.5.0", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_user_agent_that_no_browser_sends_is_told_from_those_that_browsers_send(
    agent: str, reason: str | None
) -> None:
    said = habits.impossible(agent, IN_2026)

    assert (said is None) if reason is None else (said is not None and reason in said)


@given(st.text(max_size=300))
def test_any_text_may_stand_where_a_user_agent_stands(agent: str) -> None:
    habits.impossible(agent, IN_2026)
    habits.library(agent)


def test_the_words_of_a_known_list_in_its_order_name_the_list() -> None:
    words = table("habits")["list"][0]["words"]
    line: Row = {"src_ip": "198.51.100.9", "url": [f"/{word}" for word in words], "every": "1s"}

    (inside,) = offenses(line)
    (shuffled,) = offenses(line | {"url": random.Random(1).sample(line["url"], len(words))})

    assert any("dirb's common.txt" in reason for reason in inside.reasons)
    assert not any("dirb's common.txt" in reason for reason in shuffled.reasons)


def test_a_library_is_said_and_is_no_tool() -> None:
    (offense,) = offenses(SECRETS | {"user_agent": "python-requests/2.32.3"})

    assert offense.tool is None
    assert any("that of python-requests" in reason for reason in offense.reasons)


def test_requests_by_head_and_odd_methods_are_said() -> None:
    urls = [f"/wp-content/plugins/x{letter}.php" for letter in "abcdefghijklmnopqrstuvwx"]
    (heads,) = offenses({"src_ip": "198.51.100.9", "url": urls, "http_method": "HEAD"})
    (traces,) = offenses(SECRETS | {"http_method": "TRACE"})

    assert any("are HEAD" in reason for reason in heads.reasons)
    assert any("methods that test" in reason for reason in traces.reasons)


def test_many_user_agents_of_one_source_are_said() -> None:
    lines = [SECRETS | {"user_agent": CHROME.format(f"{100 + n}.0.0.0"), "start": f"{n}m"} for n in range(12)]

    (offense,) = offenses(*lines)

    assert any("12 different user agents" in reason for reason in offense.reasons)


def test_the_default_agent_of_a_tool_is_a_hint() -> None:
    line = SECRETS | {"user_agent": CHROME.format("74.0.3729.169"), "rounds": 4}

    (offense,) = offenses(line)

    assert offense.tool is not None
    assert (offense.tool["name"], offense.tool["confidence"]) == ("nikto", 0.5)


def test_the_words_of_the_lists_are_spelt_as_pages_are() -> None:
    assert [
        word for word in habits.list_words() if word != word.lower() or word.isdigit() or word.startswith("/")
    ] == []


def test_a_user_agent_of_sixty_thousand_characters_keeps_no_pattern_busy() -> None:
    row = {"user_agent": "Windows NT 5.1 MSIE 6" * 3000, "requests": 1}

    assert len(habits.agent_of(row)) == habits.LONGEST
    assert habits.agent_of({"user_agent": None}) == ""
