"""Bad input gets a clear word and loses nothing: each fault is made for real, beside an input that is sound."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from vedette import pipeline
from vedette.config import Settings
from vedette.model import Input

GOOD = b"2026-03-10T00:00:%02dZ fw1 kernel: DROP IN=eth0 OUT= SRC=192.0.2.7 DST=198.51.100.9 LEN=40 TTL=50 ID=1 PROTO=TCP SPT=40000 DPT=%d WINDOW=1024 RES=0x00 SYN URGP=0"
WEB = b'192.0.2.7 - - [10/Mar/2026:00:00:00 +0000] "GET %s HTTP/1.1" 404 9 "-" "%s"'


def good(count: int = 30) -> list[bytes]:
    """Return sound firewall lines, one port each."""
    return [GOOD % (n % 60, n + 1) for n in range(count)]


def read(*paths: Path) -> tuple[list[dict[str, Any]], list[Input]]:
    """Return the events and the accounts of inputs."""

    class Collect:
        def __init__(self) -> None:
            self.inputs: list[Input] = []

        def update(self, path: str, bytes_done: int, bytes_total: int | None, lines: int) -> None: ...

        def finish(self, read: Input) -> None:
            self.inputs.append(read)

    progress = Collect()
    return list(pipeline.events([str(path) for path in paths], Settings(), progress)), progress.inputs


def log(path: Path, *lines: bytes) -> Path:
    """Write lines to a file, each ended by a newline."""
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Return a sound log of thirty lines."""
    return log(tmp_path / "sound.log", *good())


def test_a_missing_file_is_named_and_the_others_are_read(sound: Path, tmp_path: Path) -> None:
    events, inputs = read(tmp_path / "missing.log", sound)

    assert len(events) == 30
    assert "missing.log" in inputs[0].path
    assert inputs[0].problem


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstandard.ZstdCompressor().compress)])
def test_a_truncated_file_gives_what_was_read_and_is_reported_incomplete(
    suffix: str, pack: Any, sound: Path, tmp_path: Path
) -> None:
    cut = tmp_path / f"cut.log{suffix}"
    packed = pack(b"\n".join(good(20_000)))
    cut.write_bytes(packed[: len(packed) * 9 // 10])

    events, inputs = read(cut, sound)

    by_path = {account.path: account for account in inputs}
    assert not by_path[str(cut)].complete
    assert by_path[str(cut)].problem
    assert 10_000 < by_path[str(cut)].parsed < 20_000
    assert by_path[str(sound)].parsed == 30
    assert len(events) == by_path[str(cut)].parsed + 30


@pytest.mark.slow
def test_a_line_of_300_mebibytes_costs_nothing_but_itself(tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    with path.open("wb") as file:
        file.write(good()[0] + b"\n")
        for _ in range(300):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + good()[1] + b"\n")

    events, (account,) = read(path)

    assert [event["dst_port"] for event in events] == [1, 2]
    assert [event["line"] for event in events] == [1, 3]
    assert account.skipped == 1


def test_a_line_over_64_kib_is_read_by_its_beginning(tmp_path: Path) -> None:
    tail = b" x=" + b"y" * 70_000 + b" SRC=203.0.113.1 DPT=9"

    events, _ = read(log(tmp_path / "fw.log", good()[0], good()[1] + tail, good()[2]))

    assert [event["dst_port"] for event in events] == [1, 2, 3]
    assert {event["src_ip"] for event in events} == {"192.0.2.7"}


@pytest.mark.parametrize(
    "odd",
    [
        b"\0",
        b"\xff\xfe",
        b"\xc3\x28",
        "\u2028".encode(),
        b"\x85",
        b"\x0b",
        b"\x0c",
        b"\x1c",
        b"\r",
        "\u2029".encode(),
        b"\x1b[2J",
    ],
)
def test_an_odd_byte_splits_no_line_and_spoils_no_other(odd: bytes, tmp_path: Path) -> None:
    lines = good(10)
    lines[4] = WEB % (b"/a" + odd + b"b", b"agent" + odd + lines[3])

    events, (account,) = read(log(tmp_path / "mixed.log", *lines))

    assert [event["line"] for event in events] == list(range(1, 11))
    assert account.parsed == 10
    assert events[4]["src_ip"] == "192.0.2.7"
    assert "dst_port" not in events[4]


def test_a_file_of_no_known_format_is_counted_with_examples_and_reasons(tmp_path: Path) -> None:
    events, (account,) = read(log(tmp_path / "odd.txt", *(b"hello world %d" % n for n in range(50))))

    assert events == []
    assert (account.lines, account.parsed, account.skipped) == (50, 0, 50)
    assert sum(account.rejects.values()) == 50
    assert [example["line"] for example in account.examples] == [1, 2, 3]
    assert all(example["why"] for example in account.examples)


def test_an_empty_file_is_no_error(tmp_path: Path) -> None:
    events, (account,) = read(log(tmp_path / "empty.log"))

    assert events == []
    assert account.problem is None
    assert account.lines == 0


def test_a_directory_of_mixed_files_is_read_file_by_file(tmp_path: Path) -> None:
    log(tmp_path / "a.log", *good())
    log(tmp_path / "b.log", *(WEB % (b"/%d" % n, b"curl") for n in range(20)))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.log.gz").write_bytes(gzip.compress(b"\n".join(good(5)) + b"\n"))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10)

    _, inputs = read(tmp_path)

    formats = {Path(account.path).name: (account.format, account.parsed) for account in inputs}
    assert formats["a.log"] == ("netfilter", 30)
    assert formats["b.log"] == ("combined", 20)
    assert formats["c.log.gz"] == ("netfilter", 5)
    assert formats["picture.png"] == (None, 0)


def test_each_line_of_a_mixed_file_goes_to_the_format_that_takes_it(tmp_path: Path) -> None:
    lines = [line for n, fw in enumerate(good(40)) for line in (fw, WEB % (b"/%d" % n, b"curl"), b"sshd: noise %d" % n)]

    events, (account,) = read(log(tmp_path / "syslog", *lines))

    assert account.formats == {"netfilter": 40, "combined": 40}
    assert account.skipped == 40
    assert [event["line"] for event in events] == [n + 1 for n in range(120) if n % 3 != 2]


def test_a_format_that_shows_up_late_is_recognised(tmp_path: Path) -> None:
    lines = good(5000) + [WEB % (b"/%d" % n, b"curl") for n in range(300)]

    _, (account,) = read(log(tmp_path / "late.log", *lines))

    assert account.formats == {"netfilter": 5000, "combined": 300}


@pytest.mark.parametrize("place", [b"/x?%s", b"/x"])
def test_a_forged_source_in_a_web_log_is_text(place: bytes, tmp_path: Path) -> None:
    forged = good()[0]
    url, agent = (place % forged.replace(b" ", b"+"), b"x") if b"%s" in place else (place, forged.replace(b'"', b""))

    events, _ = read(log(tmp_path / "access.log", WEB % (b"/", b"curl"), WEB % (url, agent), WEB % (b"/end", b"curl")))

    assert {event["src_ip"] for event in events} == {"192.0.2.7"}
    assert {event["format"] for event in events} == {"combined"}


def iterate_commands() -> Iterator[list[str]]:
    """Yield the commands that print text of a log."""
    for output in ("human", "md", "csv"):
        yield ["scan", "-o", output]
    yield ["events", "-o", "human"]


@pytest.mark.parametrize("command", list(iterate_commands()))
def test_no_control_character_of_a_log_reaches_the_terminal(command: list[str], tmp_path: Path, vedette: Any) -> None:
    lines = [WEB % (b"/.env\x1b[31m%d\x07" % n, b"sqlmap/1.7\x1b]52;c;aGk=\x07 \xe2\x80\xae") for n in range(40)]

    done = vedette(*command, str(log(tmp_path / "access.log", *lines)))

    assert not set(done.stdout + done.stderr) & set("\x1b\x07\u202e\x9b")


def test_json_of_hostile_text_is_json(tmp_path: Path, vedette: Any) -> None:
    done = vedette("events", "-o", "jsonl", str(log(tmp_path / "access.log", WEB % (b"/\x1b\0", b"\xff"))))

    assert json.loads(done.stdout)["url"].startswith("/")


@pytest.mark.parametrize("target", ["http://www.example.org", "?debug=1", "#", ";", "//", "*", "-"])
def test_a_request_without_a_path_that_answers_a_scanner_is_told_as_any_other(
    tmp_path: Path, vedette: Any, target: str
) -> None:
    asked = [
        ("/.env", 404),
        ("/.git/config", 404),
        ("/wp-config.php.bak", 404),
        ("/phpinfo.php", 404),
        ("/server-status", 404),
        (target, 200),
    ]
    lines = [
        f'198.51.100.9 - - [09/Mar/2026:10:00:{n:02} +0000] "GET {url} HTTP/1.1" {status} 153 "-" "curl/8"'
        for n, (url, status) in enumerate(asked)
    ]
    (tmp_path / "access.log").write_text("\n".join(lines) + "\n")
    done = vedette("scan", str(tmp_path / "access.log"), "-o", "json")

    assert [offense["source"] for offense in json.loads(done.stdout)["offenses"]] == ["198.51.100.9"], done.stderr
