"""Windows event logs are read record by record, and damage costs what is damaged."""

from __future__ import annotations

import gzip
import os
import random
import signal
import sys
from typing import TYPE_CHECKING, Any

import pytest

from event_log import BINXML, Chunk, log, packet_drops
from fuzzing import FUZZ_SECONDS, dice_for
from vedette import pipeline
from vedette.config import Settings

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("evtx", reason="the extra evtx is not installed")
from vedette.reading.evtx import Decoder, records


def events(path: Path, data: bytes) -> list[dict[str, Any]]:
    """Return the events of a file with these bytes."""
    path.write_bytes(data)
    return list(pipeline.events([str(path)], Settings()))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_every_record_of_every_chunk_is_an_event(pack: Any, tmp_path: Path) -> None:
    found = events(tmp_path / "Security.evtx", pack(log(packet_drops(range(1, 40)), packet_drops(range(40, 61), 5156))))

    assert [event["dst_port"] for event in found] == list(range(1, 61))
    assert {(event["src_ip"], event["dst_ip"], event["sensor"]) for event in found} == {
        ("192.0.2.1", "198.51.100.5", "web1.example.com")
    }
    assert {(event["dst_port"] < 40, event["action"]) for event in found} == {(True, "deny"), (False, "allow")}
    assert found[0]["ts"] == "2026-03-10T13:55:36.000000Z"
    assert {event["format"] for event in found} == {"windows_filtering_xml"}


def test_text_in_a_record_cannot_name_another_source(tmp_path: Path) -> None:
    forged = '"SourceAddress">203.0.113.9</Data>\n<Data Name="DestAddress">203.0.113.8<'

    (event,) = events(tmp_path / "Security.evtx", log(packet_drops(range(22, 23), application=forged)))

    assert (event["src_ip"], event["dst_ip"]) == ("192.0.2.1", "198.51.100.5")


def test_other_events_are_counted_as_skipped(tmp_path: Path) -> None:
    path = tmp_path / "Security.evtx"
    path.write_bytes(log(packet_drops(range(1, 6)), packet_drops(range(1, 4), 4625)))

    (read,) = pipeline.scan([str(path)], Settings()).inputs

    assert (read.format, read.parsed, read.skipped, read.problem) == ("windows_filtering_xml", 5, 3, None)


@pytest.mark.parametrize("size", [8, 100, 4096, 5000, 4096 + 65_536 + 9])
def test_a_log_that_is_cut_short_says_so_and_gives_what_is_whole(size: int, tmp_path: Path) -> None:
    path = tmp_path / "Security.evtx"
    path.write_bytes(log(packet_drops(range(1, 6)), packet_drops(range(6, 9)))[:size])

    (read,) = pipeline.scan([str(path)], Settings()).inputs

    assert read.complete is (size == 4096)
    assert read.parsed == (5 if size > 65_536 else read.parsed)
    assert size == 4096 or "ends too early" in str(read.problem)


def test_a_damaged_chunk_loses_nothing_of_the_others(tmp_path: Path) -> None:
    broken = bytearray(packet_drops(range(1, 6)))
    broken[600:5000] = b"\xff" * 4400
    path = tmp_path / "Security.evtx"
    path.write_bytes(log(packet_drops(range(1, 4)), bytes(broken), packet_drops(range(7, 9))))

    (read,) = pipeline.scan([str(path)], Settings()).inputs

    assert read.parsed >= 5
    assert "damaged" in str(read.problem)


WHOLE = packet_drops(range(1, 5))


def changed(dice: random.Random) -> bytes:
    """Return a chunk with a few other bytes behind its magic number."""
    chunk, used = bytearray(WHOLE), len(WHOLE.rstrip(b"\0"))
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(8, used)
        few = (b"\xff" * 4, bytes(4), b"\x18\x02\0\0", dice.randbytes(1) + chunk[at + 1 : at + 4])
        chunk[at : at + 4] = dice.choice(few)
    return bytes(chunk)


def test_no_change_of_a_chunk_makes_the_reader_raise() -> None:
    dice = random.Random(1)
    for _ in range(3000):
        assert all(line is None or line.count(b"\n") == 1 for line in records(changed(dice)))


@pytest.mark.slow
@pytest.mark.fuzz
def test_no_change_of_a_chunk_makes_the_reader_raise_for_as_long_as_one_likes() -> None:
    decoder = Decoder(seconds=2)
    for dice in dice_for(FUZZ_SECONDS):
        chunk = changed(dice)
        try:
            assert all(line is None or line.count(b"\n") == 1 for line in decoder.records(chunk))
        except Exception as error:
            raise AssertionError(chunk.rstrip(b"\0").hex()) from error
    decoder.stop()


def test_a_chunk_that_takes_too_long_counts_as_damaged_and_the_next_one_is_read() -> None:
    decoder = Decoder()
    good = log(packet_drops(range(1, 6)))[4096:]
    assert len(list(decoder.records(good))) == 5
    assert decoder._process
    os.kill(decoder._process.pid, signal.SIGSTOP)
    decoder._seconds = 0.2
    assert list(decoder.records(good)) == [None]
    decoder._seconds = 10
    assert len(list(decoder.records(good))) == 5
    decoder.stop()


def test_a_process_that_ends_loses_one_chunk_only() -> None:
    decoder = Decoder()
    good = log(packet_drops(range(1, 6)))[4096:]
    assert len(list(decoder.records(good))) == 5
    assert decoder._process
    decoder._process.kill()
    decoder._process.wait()
    assert list(decoder.records(good)) == [None]
    assert len(list(decoder.records(good))) == 5
    decoder.stop()


def test_templates_inside_templates_end() -> None:
    chunk, fragment = Chunk(), b"\x0f\x01\x01\0\0"
    tree = ("Event", [], (0, BINXML))
    for _ in range(40):
        chunk.add(tree, [(BINXML, fragment)])
        head = b"\x0f\x01\x01\0\x0c\x01\x07\0\0\0" + chunk._template.to_bytes(4, "little") + b"\x01\0\0\0"
        fragment = head + len(fragment).to_bytes(2, "little") + b"\x21\0" + fragment + b"\0"

    assert len(list(records(chunk.done()))) >= 1


def test_without_the_library_the_input_says_which_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "evtx", None)
    path, other = tmp_path / "Security.evtx", tmp_path / "fw.log"
    path.write_bytes(log(packet_drops(range(1, 6))))
    other.write_text("Mar 10 13:55:36 fw kernel: IN=eth0 SRC=192.0.2.8 DST=198.51.100.1 PROTO=TCP SPT=1 DPT=22 SYN\n")

    missing, read = pipeline.scan([str(path), str(other)], Settings()).inputs

    assert "pip install 'vedette-scan[evtx]'" in str(missing.problem)
    assert (missing.complete, read.parsed) == (False, 1)
