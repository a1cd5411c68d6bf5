"""Compiled kernels: how they are called, what a wrong call or a damaged file does, and what lines remember of each other."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests import kernel_lines
from tests.tokenizing import RECEIVED

from vedette.formats import by_name
from vedette.kernels import native, objects
from vedette.kernels.utf8 import repair
from vedette.reading.reference import Context

if TYPE_CHECKING:
    from pathlib import Path


def test_an_array_of_another_type_is_a_type_error_before_anything_runs() -> None:
    with pytest.raises(TypeError, match="array of uint8 in 1 dimensions"):
        repair(np.zeros(100, np.int64), 10)


def test_an_array_with_gaps_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="without gaps"):
        repair(np.zeros(200, np.uint8)[::2], 10)


def test_a_missing_argument_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="expected 2"):
        native.Kernel("utf8.repair", "int64(uint8[::1], int64)")(np.zeros(100, np.uint8))


def test_an_index_out_of_bounds_is_an_index_error() -> None:
    with pytest.raises(IndexError, match=r"utf8\.repair"):
        repair(np.zeros(100, np.uint8), 101)


def test_a_kernel_gives_its_integer_result() -> None:
    assert repair(np.frombuffer(bytearray(b"a\xff\xfeb" + b"\n" * 64), np.uint8), 4) == 2


def test_an_object_file_with_one_flipped_bit_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repair(np.zeros(64, np.uint8), 0)
    data = bytearray((objects() / "utf8.repair.o").read_bytes())
    monkeypatch.setattr(native, "objects", lambda: tmp_path)
    (tmp_path / "utf8.repair.o").write_bytes(data)
    assert native.read("utf8.repair")
    data[random.randrange(len(data))] ^= 1
    (tmp_path / "utf8.repair.o").write_bytes(data)
    assert native.read("utf8.repair") is None
    (tmp_path / "utf8.repair.o").write_bytes(data[:10])
    assert native.read("utf8.repair") is None


def test_a_kernel_that_cannot_be_compiled_says_what_tells_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "objects", lambda: tmp_path)
    monkeypatch.setattr(native.subprocess, "run", lambda *_, **__: None)
    with pytest.raises(RuntimeError, match="could not be compiled"):
        native.load("none.such", 3)


def test_a_scan_never_imports_numba(tmp_path: Path) -> None:
    (tmp_path / "fw.log").write_text(
        "Mar 10 00:00:02 fw kernel: DROP IN=eth0 OUT= SRC=192.0.2.9 DST=198.51.100.5 PROTO=TCP\n"
    )
    code = f"import sys; from vedette.cli import main; main(['scan', {str(tmp_path)!r}]); assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_what_a_line_remembers_of_others_changes_no_reading() -> None:
    """Lines of one buffer are read as each alone: varied prefixes, programs, hosts, seconds, keys left out and keys in another order."""
    fmt, context = by_name("netfilter"), Context(received=RECEIVED)
    lines = list(varied(random.Random(7), 4000))
    together = kernel_lines.read_lines(fmt, lines, context)
    alone = [kernel_lines.read_lines(fmt, [line], context)[0] for line in lines]
    assert together == alone
    assert 0.3 < sum(reading.event is not None for reading in together) / len(lines) < 1


def varied(rng: random.Random, count: int) -> list[bytes]:
    """Return lines of few shapes, so that most parts of one were seen in another, and each part in several surroundings."""
    lines = []
    for _ in range(count):
        head = rng.choice(
            [
                "Mar 10 00:00:0{} {} kernel: ",
                "Mar 10 00:00:0{} {} sshd[7]: ",
                "Mar 10 00:00:0{} {} ulogd[7]: ",
                "<4>Mar 10 00:00:0{} {} kernel: [ 1.000002] ",
            ]
        )
        prefix = rng.choice(["", "[UFW BLOCK] ", "ACCEPT ", 'say "', "x" * 200 + " ", "DROP:"])
        keys = [
            "SRC=192.0.2." + str(rng.randrange(12)),
            "DST=198.51.100.5",
            "LEN=40",
            "TTL=" + str(rng.randrange(300)),
            "ID=1",
            "DF",
            "PROTO=" + rng.choice(["TCP", "UDP", "1"]),
            "SPT=1",
            "DPT=" + str(rng.choice([22, 80, 70000])),
            "SYN",
            "URGP=0",
            "OPT (0204)",
        ]
        if rng.random() < 0.2:
            rng.shuffle(keys)
        kept = [key for key in keys if rng.random() < 0.95]
        lines.append(
            (head.format(rng.randrange(3), rng.choice(["gw1", "gw22"])) + prefix + "IN=eth0 " + " ".join(kept)).encode()
        )
    return lines
