"""Lists of networks: three forms are read, and what is wrong is named with file, line and what was expected."""

from __future__ import annotations

import json
import os
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette import networks
from vedette.networks import Listed, is_date, read_list, version_date

MISP = {"name": "Example IP Ranges Used for Scanning", "version": 20260301, "type": "cidr", "list": ["192.0.2.0/24"]}


def written(folder: Path, text: str | bytes, name: str = "scanners.txt") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (1_772_323_200, 1_772_323_200))  # 2026-03-01 UTC
    return str(path)


def test_a_plain_list_names_owners_in_comments_or_is_called_after_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path, "# ours\n\n192.0.2.0/24  # Example, Inc.\r\n  2001:db8::/48\n198.51.100.7\n", "some-owner.txt"
    )

    assert read_list(path) == [
        Listed(ip_network("192.0.2.0/24"), "Example, Inc.", "some-owner.txt", "2026-03-01"),
        Listed(ip_network("2001:db8::/48"), "some-owner", "some-owner.txt", "2026-03-01"),
        Listed(ip_network("198.51.100.7"), "some-owner", "some-owner.txt", "2026-03-01"),
    ]


def test_a_csv_list_has_owners_and_perhaps_dates_and_a_head(tmp_path: Path) -> None:
    path = written(
        tmp_path, '\ufeffnetwork,owner,date\n192.0.2.0/24,"Example, Inc.",2026-01-02\n192.0.2.9,Other\n# end\n'
    )

    assert [(str(e.network), e.owner, e.date) for e in read_list(path)] == [
        ("192.0.2.0/24", "Example, Inc.", "2026-01-02"),
        ("192.0.2.9/32", "Other", "2026-03-01"),
    ]


def test_a_misp_warning_list_has_the_owner_in_its_title_and_the_date_in_its_version(tmp_path: Path) -> None:
    (entry,) = read_list(written(tmp_path, json.dumps(MISP), "list.json"))

    assert (str(entry.network), entry.owner, entry.date) == ("192.0.2.0/24", "Example", "2026-03-01")


@pytest.mark.parametrize(
    ("version", "date"),
    [(20251223, "2025-12-23"), (25121022, "2025-12-10"), ("2026081007", "2026-08-10"), (3, ""), ("", ""), (99999999, ""), (None, ""), ("２０２５１２２３", "")],
)  # fmt: skip
def test_the_version_of_a_warning_list_is_a_date_or_a_mere_number(version: object, date: str) -> None:
    assert version_date(version) == date


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("192.0.2.1\n192.0.2.0/33\n", "line 2: '192.0.2.0/33' is not"),
        ("192.0.2.7/24\n", "line 1: .*bits set behind the prefix"),
        ("192.0.2.1\nnonsense\n", "line 2: 'nonsense' is not"),
        ("192.0.2.1-192.0.2.9\n", "line 1: .*expected a line each"),
        ("fe80::1%eth0\n", "line 1: .*scope id"),
        ("192.0.2.1,Example\n192.0.2.2\n", "line 2: names no owner; expected network,owner"),
        ("192.0.2.1,Example,yesterday\n", "line 1: 'yesterday' is not a date"),
        ("192.0.2.1,Example,2026-02-30\n", "line 1: '2026-02-30' is not a date"),
        ('192.0.2.1,"Example\n', "line 1: is no line of CSV"),
        ('{"name": "x",\n "list": [1,}', "line 2: .*expected a MISP warning list"),
        ("[1, 2]", "holds no networks; expected a MISP"),
        ('{"list": "192.0.2.1"}', "holds no networks"),
        ('{"list": [1, null]}', "holds no networks"),
        ('{"type": "hostname", "list": ["example.com"]}', "holds no networks"),
        ('{"name": "x",\n"list": ["192.0.2.1",\n"example.com"]}', "line 3: 'example.com' is not"),
        ("[" * 100_000, "nested|line 1"),
        (b"\xff\xfe\x00\x01", "line 1: .* is not an address"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_expectation(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(ValueError, match=rf"(?s)scanners\.txt.*({told})") as error:
        read_list(written(tmp_path, text))

    assert len(str(error.value)) < 1000
    assert str(error.value).isprintable()


def test_a_file_that_is_not_there_or_too_large_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="nowhere: cannot read the list: No such file"):
        read_list("nowhere")
    monkeypatch.setattr(networks, "LARGEST", 10)
    with pytest.raises(ValueError, match="larger than"):
        read_list(written(tmp_path, "192.0.2.1\n" * 9))


def test_a_name_holds_no_control_characters_and_is_short(tmp_path: Path) -> None:
    hostile = "Evil\x1b[31m\x07\u202e" + "x" * 1000

    (plain,) = read_list(written(tmp_path, f"192.0.2.1 # {hostile}"))
    (listed,) = read_list(written(tmp_path, json.dumps(MISP | {"name": hostile}), "list.json"))

    for entry in (plain, listed):
        assert entry.owner.isprintable()
        assert entry.owner.startswith("Evil [31m")
        assert len(entry.owner) <= networks.LONGEST


def test_a_mapped_address_is_the_ipv4_address_that_it_is(tmp_path: Path) -> None:
    (entry,) = read_list(written(tmp_path, "::ffff:192.0.2.0/120"))

    assert str(entry.network) == "192.0.2.0/24"


@given(st.text(max_size=12))
def test_only_dates_are_dates(text: str) -> None:
    if is_date(text):
        assert len(text) in (4, 7, 10)


@given(st.binary(max_size=200))
def test_no_file_ends_in_anything_but_entries_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    told, entries = "", []
    try:
        entries = read_list(str(path))
    except ValueError as error:
        told = str(error)

    assert all(entry.owner.isprintable() for entry in entries)
    assert not told or str(path) in told
