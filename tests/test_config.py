"""Settings: flag over environment over file over default, and every mistake named with its place."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.config import (
    OPTIONS,
    Allowed,
    Context,
    Manner,
    Settings,
    UsageError,
    parse_allowed,
    parse_network,
    parse_time,
    read_allow_file,
    repeat,
    resolve,
)

NOON = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp())
HOUR = 3_600_000_000


def settle(
    folder: Path, flags: dict[str, Any] | None = None, environ: dict[str, str] | None = None
) -> tuple[Settings, Manner]:
    context = Context(
        clock=lambda: float(NOON), formats=lambda: ["combined", "netfilter"], outputs=lambda: ["human", "json"]
    )
    return resolve(flags or {}, environ or {}, folder, context, ["vedette", "scan"])


def test_without_anything_given_the_defaults_hold(tmp_path: Path) -> None:
    assert settle(tmp_path) == (Settings(command=["vedette", "scan"]), Manner())


def test_a_flag_wins_over_the_environment_and_the_environment_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "vedette.toml").write_text('output = "json"\nthreads = 3\nmemory = "1GB"\nfail-on = "low"\n')

    settings, manner = settle(tmp_path, {"threads": "5"}, {"VEDETTE_THREADS": "4", "VEDETTE_MEMORY": "2GB"})

    assert (settings.threads, settings.memory) == (5, "2GB")
    assert (manner.output, manner.fail_on) == ("json", "low")


def test_lists_come_from_every_place(tmp_path: Path) -> None:
    (tmp_path / "vedette.toml").write_text('home = ["203.0.113.0/24", "2001:db8::/32"]\nallow = "192.0.2.1"\n')
    networks = (ip_network("203.0.113.0/24"), ip_network("2001:db8::/32"))

    assert settle(tmp_path)[0].home == networks
    assert settle(tmp_path)[0].allow == (Allowed(ip_network("192.0.2.1")),)
    assert settle(tmp_path, {}, {"VEDETTE_HOME": "203.0.113.0/24, 2001:db8::/32"})[0].home == networks
    assert settle(tmp_path, {"home": ["10.0.0.0/8"]})[0].home == (ip_network("10.0.0.0/8"),)


def test_the_path_of_an_allow_file_may_hold_blanks_in_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "our friends, all.txt"
    path.write_text("192.0.2.1\n")

    assert len(settle(tmp_path, {}, {"VEDETTE_ALLOW_FILE": str(path)})[0].allow) == 1


@pytest.mark.parametrize(
    ("flags", "environ", "said"),
    [
        ({"home": ["10.0.0.1/8"]}, {}, ("--home", "10.0.0.0/8", "10.0.0.1")),
        ({"home": ["fe80::1%eth0"]}, {}, ("--home", "scope")),
        ({"allow": ["nonsense"]}, {}, ("--allow", "nonsense", "192.0.2.0/24")),
        ({"since": "soon"}, {}, ("--since", "soon", "ISO 8601")),
        ({"since": "1h", "until": "2h"}, {}, ("--since", "--until")),
        ({"format": "netfiltr"}, {}, ("--format", "did you mean netfilter")),
        ({"fail-on": "hihg"}, {}, ("--fail-on", "did you mean high")),
        ({"min-parsed": "101"}, {}, ("--min-parsed", "0 to 100")),
        ({"threads": "0"}, {}, ("--threads", "1 to 1024")),
        ({"memory": "lots"}, {}, ("--memory", "768MB")),
        ({"tz": "Mars/Olympus"}, {}, ("--tz", "Europe/Berlin")),
        ({"output": "jsn"}, {}, ("--output", "did you mean json")),
        ({}, {"VEDETTE_FAIL_ON": "dire"}, ("VEDETTE_FAIL_ON", "critical")),
        ({}, {"VEDETTE_QUIET": "maybe"}, ("VEDETTE_QUIET", "maybe")),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_what_was_expected(
    tmp_path: Path, flags: dict[str, Any], environ: dict[str, str], said: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as error:
        settle(tmp_path, flags, environ)

    assert [part for part in said if part not in str(error.value)] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [('hom = "10.0.0.0/8"', "did you mean home"), ("home = [", "vedette.toml"), ("threads = -1", "vedette.toml")],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "vedette.toml").write_text(text)

    with pytest.raises(UsageError, match=said):
        settle(tmp_path)


@pytest.mark.parametrize(
    ("text", "hours_from_noon"),
    [
        ("now", 0),
        ("4h", -4),
        ("4h ago", -4),
        ("2d", -48),
        ("1d12h", -36),
        ("90m", -1.5),
        ("90min", -1.5),
        ("1w", -168),
        ("today", -12),
        ("yesterday", -36),
        ("2026-03-10", -12),
        ("2026-03-10T08:30", -3.5),
        ("2026-03-10 08:30:00", -3.5),
        ("2026-03-10T08:30:00Z", -3.5),
        ("2026-03-10T08:30:00+02:00", -5.5),
    ],
)
def test_a_time_is_iso_or_counts_back_from_now(text: str, hours_from_noon: float) -> None:
    assert parse_time(text, NOON) == NOON * 1_000_000 + int(hours_from_noon * HOUR)


def test_a_time_keeps_its_microseconds() -> None:
    assert parse_time("2026-03-10T12:00:00.123457Z", NOON) == NOON * 1_000_000 + 123_457


def test_relative_times_count_from_now_as_it_was_given(tmp_path: Path) -> None:
    settings, _ = settle(tmp_path, {"since": "4h", "now": "2026-03-12T12:00Z"})

    assert settings.now == NOON * 1_000_000 + 48 * HOUR
    assert settings.since == settings.now - 4 * HOUR


def test_a_time_without_offset_is_in_the_zone_that_was_given(tmp_path: Path) -> None:
    pytest.importorskip("zoneinfo").ZoneInfo("Europe/Berlin")

    assert settle(tmp_path, {"since": "2026-03-10T12:00", "tz": "Europe/Berlin"})[0].since == NOON * 1_000_000 - HOUR


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_time(text, NOON), int)


@given(st.text(max_size=30))
def test_any_text_is_a_network_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_network(text).num_addresses > 0


def test_an_ipv4_address_in_ipv6_form_is_that_ipv4_address() -> None:
    assert parse_network("::ffff:192.0.2.9") == ip_network("192.0.2.9")
    assert parse_network("::ffff:192.0.2.0/120") == ip_network("192.0.2.0/24")


def test_an_allowed_entry_says_who_why_and_until_when() -> None:
    end_of_year = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    entry = parse_allowed("192.0.2.0/24  # ops; weekly scan; of everything; until 2026-12-31")

    assert entry == Allowed(ip_network("192.0.2.0/24"), "ops", "weekly scan; of everything", end_of_year)
    assert parse_allowed("192.0.2.1 # until 2026-12-31T00:00Z").until == end_of_year - 24 * HOUR
    assert parse_allowed("192.0.2.1") == Allowed(ip_network("192.0.2.1"))


def test_an_allow_file_has_an_entry_a_line_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "allow.txt"
    path.write_bytes(b"# ours\n\n192.0.2.1 # ops; audit\r\n  2001:db8::/48\n")

    assert [str(entry.network) for entry in read_allow_file(str(path))] == ["192.0.2.1/32", "2001:db8::/48"]


@pytest.mark.parametrize("line", ["10.0.0.0/33", "host.example", "192.0.2.1 # ops; until tomorrow"])
def test_a_mistake_in_an_allow_file_is_named_with_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "allow.txt"
    path.write_text(f"192.0.2.1\n{line}\n")

    with pytest.raises(UsageError, match=r"--allow-file: .*allow\.txt, line 2: .*expected") as error:
        settle(tmp_path, {"allow-file": [str(path)]})

    assert line.split(" ")[0] in str(error.value) or "tomorrow" in str(error.value)


def test_an_allow_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.txt: cannot read the allow list: No such file"):
        settle(tmp_path, {"allow-file": ["nowhere.txt"]})


def test_a_follow_up_command_repeats_what_changes_the_reading_only() -> None:
    flags = {"home": ["10.0.0.0/8", "192.0.2.0/24"], "since": "2d", "output": "json", "quiet": True, "tz": None}

    assert repeat(flags) == ["--since", "2d", "--home", "10.0.0.0/8", "--home", "192.0.2.0/24"]


def test_every_option_says_what_it_is_for() -> None:
    assert [name for name, option in OPTIONS.items() if not option.help.endswith(".")] == []
