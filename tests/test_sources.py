"""Inputs: what the user names is found, what is compressed is read, what is broken is said and costs nothing else."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import random
import socket
import stat
import struct
import sys
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources import Source, open_inputs
from vedette.sources.compressed import OUTPUT_CAP
from vedette.sources.files import FileSource
from vedette.sources.same import SIDE_BY_SIDE, mark_same

LOG = b"".join(
    b"Jan  1 00:00:%02d fw kernel: IN=eth0 SRC=192.0.2.%d DPT=%d\n" % (i % 60, i % 250, i) for i in range(20000)
)

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": cache(lambda data: gzip.compress(data, 6)),
    "zst": cache(zstandard.ZstdCompressor(write_checksum=True).compress),
    "xz": cache(lambda data: lzma.compress(data, preset=0)),
    "bz2": cache(lambda data: bz2.compress(data, 1)),
}
KINDS = pytest.mark.parametrize("kind", list(COMPRESS))


def write(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def read(source: Source, size: int = 1 << 20) -> bytes:
    view, data = memoryview(bytearray(size)), b""
    while count := source.readinto(view):
        data += view[:count]
    return data


def read_one(path: str, output_cap: int = OUTPUT_CAP) -> tuple[bytes, Source]:
    [source] = open_inputs([path], output_cap)
    return read(source), source


def names(sources: list[Source]) -> list[str]:
    return [Path(source.path).name for source in sources]


class Drip:
    """A file that gives a few bytes at a time, and then perhaps fails."""

    def __init__(self, data: bytes, most: int = 60, error: OSError | None = None) -> None:
        self.file = io.BytesIO(data)
        self.random = random.Random(len(data))
        self.most = most
        self.error = error

    def read(self, size: int) -> bytes:
        data = self.file.read(min(size, self.random.randint(1, self.most)))
        if not data and self.error:
            raise self.error
        return data

    def readinto(self, view: memoryview) -> int:
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.file.close()


def dripping(data: bytes, most: int = 60, error: OSError | None = None) -> FileSource:
    return FileSource("drip", None, OUTPUT_CAP, lambda: Drip(data, most, error))


# What is found


def test_a_plain_file_is_given_byte_for_byte_with_its_size_and_time(tmp_path: Path) -> None:
    path = write(tmp_path / "fw.log", LOG)
    os.utime(path, ns=(0, 1_700_000_000_123_456_000))
    data, source = read_one(path)
    assert data == LOG
    assert (source.path, source.size, source.mtime) == (path, len(LOG), 1_700_000_000_123_456)
    assert (source.position, source.complete, source.problem, source.same_as) == (len(LOG), True, None, None)


def test_an_empty_file_is_complete_and_gives_nothing(tmp_path: Path) -> None:
    data, source = read_one(write(tmp_path / "empty.log", b""))
    assert (data, source.complete, source.problem) == (b"", True, None)


def test_a_missing_file_says_so_and_loses_nothing_of_the_others(tmp_path: Path) -> None:
    path = write(tmp_path / "fw.log", LOG)
    missing, found = open_inputs([str(tmp_path / "nothing.log"), path])
    assert missing.problem == "there is no such file: check the path"
    assert not missing.complete
    assert read(missing) == b""
    assert read(found) == LOG


def test_a_path_no_file_can_have_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    paths = ["a\0b", str(tmp_path / ("x" * 300)), write(tmp_path / "fw.log", LOG) + "/inside"]
    assert all(source.problem for source in open_inputs(paths))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_who_may(tmp_path: Path) -> None:
    path = write(tmp_path / "secret.log", LOG)
    Path(path).chmod(0)
    [source] = open_inputs([path])
    assert source.problem is not None
    assert "not allowed" in source.problem


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux")
def test_a_file_that_opens_but_cannot_be_read_is_a_problem_at_once() -> None:
    [source] = open_inputs(["/proc/self/mem"])
    assert source.problem is not None
    assert "disk failed" in source.problem


def test_a_disk_that_fails_on_the_way_leaves_what_came_before() -> None:
    source = dripping(LOG[:1000], error=OSError(errno.EIO, "Input/output error"))
    assert read(source) == LOG[:1000]
    assert not source.complete
    assert source.problem is not None
    assert "disk failed" in source.problem


def test_a_directory_is_walked_in_order_without_hidden_files_pipes_and_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("b.log", "a/2.log", "a/1.log.gz", ".hidden", "a/.git/config", "c.log"):
        write(tmp_path / name, name.encode())
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert names(open_inputs([str(tmp_path)])) == ["1.log.gz", "2.log", "b.log", "c.log"]


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.log", LOG)
    (tmp_path / "logs" / "again").symlink_to(tmp_path / "logs")
    (tmp_path / "logs" / "self").symlink_to(tmp_path / "logs" / "self")
    circle, log = sorted(open_inputs([str(tmp_path)]), key=lambda source: source.path, reverse=True)
    assert log.problem is None
    assert circle.problem is not None
    assert "circle" in circle.problem


def test_a_link_to_nothing_is_told_from_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "link.log").symlink_to(tmp_path / "gone.log")
    [source] = open_inputs([str(tmp_path)])
    assert source.problem is not None
    assert "link" in source.problem


def test_an_empty_directory_is_a_problem(tmp_path: Path) -> None:
    [source] = open_inputs([str(tmp_path)])
    assert source.problem is not None
    assert "no file" in source.problem


def test_a_glob_finds_files_and_what_is_below_directories(tmp_path: Path) -> None:
    for name in ("fw-1.log", "fw-2.log", "other.log", "fw-old/3.log"):
        write(tmp_path / name, name.encode())
    assert names(open_inputs([str(tmp_path / "fw-*")])) == ["fw-1.log", "fw-2.log", "3.log"]
    assert names(open_inputs([str(tmp_path / "**/*.log")])) == ["fw-1.log", "fw-2.log", "3.log", "other.log"]


def test_a_glob_that_matches_nothing_is_a_problem(tmp_path: Path) -> None:
    [source] = open_inputs([str(tmp_path / "*.log")])
    assert source.problem == "no file matches: check the pattern"


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    assert read_one(write(tmp_path / "fw[1].log", LOG))[0] == LOG


def test_a_name_that_is_not_utf8_can_be_shown_and_read(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.log"
    try:
        Path(os.fsdecode(name)).write_bytes(LOG)
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    data, source = read_one(os.fsdecode(name))
    assert data == LOG
    assert source.path.encode().endswith("caf\ufffd.log".encode())


def test_a_pipe_is_read_as_a_stream_compressed_or_not(tmp_path: Path) -> None:
    for data in (LOG, gzip.compress(LOG)):
        path = tmp_path / f"pipe{len(data)}"
        os.mkfifo(path)
        writer = threading.Thread(target=path.write_bytes, args=(data,))
        writer.start()
        read_back, source = read_one(str(path))
        writer.join()
        assert read_back == LOG
        assert (source.size, source.position, source.complete) == (None, len(data), True)


def test_a_socket_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        [source] = open_inputs(["socket"])
    assert source.problem is not None
    assert "socket" in source.problem


@pytest.mark.parametrize("kind", ["plain", *COMPRESS])
def test_standard_input_is_recognised_by_its_bytes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = COMPRESS.get(kind, bytes)(LOG)
    stream = io.TextIOWrapper(io.BytesIO(data))
    monkeypatch.setattr(sys, "stdin", stream)
    before = time.time_ns() // 1000
    read_back, source = read_one("-")
    assert read_back == LOG
    assert (source.path, source.size, source.position) == ("-", None, len(data))
    assert before <= source.mtime <= time.time_ns() // 1000
    assert not stream.closed


def test_a_closed_standard_input_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    data, source = read_one("-")
    assert data == b""
    assert source.problem is not None
    assert "standard input" in source.problem


def test_ten_thousand_files_need_no_ten_thousand_descriptors(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    for i in range(300):
        write(tmp_path / f"{i:03}.log", gzip.compress(b"the same beginning\n" * 5000 + b"%d\n" % i))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, limits[1]))
    try:
        sources = open_inputs([str(tmp_path)])
        assert [read(source)[-4:] for source in sources[-3:]] == [b"297\n", b"298\n", b"299\n"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert not any(source.same_as for source in sources)


def test_plain_files_load_no_decompressor_and_no_numpy(run_python: Callable[[str], object], tmp_path: Path) -> None:
    paths = [write(tmp_path / name, LOG + name.encode()) for name in ("fw.log", "fw-2.log")]
    code = (
        "import sys\nfrom vedette.sources import open_inputs\n"
        f"assert [s.readinto(memoryview(bytearray(9))) for s in open_inputs({paths!r})] == [9, 9]\n"
        "heavy = {'isal', 'zstandard', 'lzma', 'bz2', 'hashlib', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    result = run_python(code)
    assert result.returncode == 0, result.stderr  # type: ignore[attr-defined]


# What is compressed


@KINDS
def test_compressed_input_is_recognised_by_its_bytes_not_by_its_name(kind: str, tmp_path: Path) -> None:
    stored = COMPRESS[kind](LOG)
    data, source = read_one(write(tmp_path / "fw.log", stored))
    assert data == LOG
    assert (source.size, source.position, source.complete, source.problem) == (len(stored), len(stored), True, None)


@KINDS
def test_a_name_alone_makes_nothing_compressed(kind: str, tmp_path: Path) -> None:
    assert read_one(write(tmp_path / f"fw.log.{kind}", LOG))[0] == LOG


@KINDS
def test_several_members_are_one_input(kind: str, tmp_path: Path) -> None:
    parts = [LOG[:70_000], b"", LOG[70_000:70_001], LOG[70_001:]]
    data, source = read_one(write(tmp_path / "fw", b"".join(map(COMPRESS[kind], parts))))
    assert data == LOG
    assert source.complete


@KINDS
def test_ten_thousand_tiny_members_are_read(kind: str, tmp_path: Path) -> None:
    count = 10_000 if kind in ("gz", "zst") else 200
    assert read_one(write(tmp_path / "fw", COMPRESS[kind](b"x\n") * count))[0] == b"x\n" * count


@KINDS
@pytest.mark.parametrize("cut", [1, 3, 10, 2000])
def test_a_truncated_file_gives_what_is_there_and_says_that_it_is_incomplete(
    kind: str, cut: int, tmp_path: Path
) -> None:
    stored = COMPRESS[kind](LOG + random.Random(1).randbytes(3000).hex().encode())
    data, source = read_one(write(tmp_path / "fw", stored[:-cut]))
    assert LOG.startswith(data[: len(LOG)])
    assert len(data) >= (0 if kind == "bz2" else len(LOG) - (1 << 17))
    assert not source.complete
    assert source.problem is not None
    assert "too early" in source.problem


@KINDS
def test_a_second_member_cut_in_its_first_bytes_leaves_the_first_whole(kind: str, tmp_path: Path) -> None:
    for kept in (8, 12):
        data, source = read_one(write(tmp_path / "fw", COMPRESS[kind](LOG) + COMPRESS[kind](LOG)[:kept]))
        assert data == LOG
        assert not source.complete


def test_truncated_gzip_gives_every_byte_that_was_stored(tmp_path: Path) -> None:
    stored = gzip.compress(LOG)
    want = zlib.decompressobj(31).decompress(stored[:-10])
    assert read_one(write(tmp_path / "fw.gz", stored[:-10]))[0] == want
    assert len(want) > len(LOG) - 10


@KINDS
def test_a_damaged_file_gives_what_comes_before_and_says_so(kind: str, tmp_path: Path) -> None:
    noise = random.Random(2).randbytes(1 << 20).hex().encode()
    stored = bytearray(COMPRESS[kind](noise))
    middle = len(stored) // 2
    stored[middle : middle + 64] = bytes(byte ^ 0xFF for byte in stored[middle : middle + 64])
    data, source = read_one(write(tmp_path / "fw", bytes(stored)))
    good = next((i for i, (a, b) in enumerate(zip(data, noise, strict=False)) if a != b), len(data))
    assert good > len(noise) // 2 - (1 << 20)
    assert not source.complete
    assert source.problem is not None
    assert "damaged" in source.problem


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_a_wrong_checksum_is_reported(kind: str, tmp_path: Path) -> None:
    stored = bytearray(COMPRESS[kind](LOG))
    stored[-8 if kind == "gz" else -4] ^= 1
    data, source = read_one(write(tmp_path / "fw", bytes(stored)))
    assert LOG.startswith(data)
    assert len(data) >= len(LOG) - (1 << 17)
    assert not source.complete


@KINDS
@pytest.mark.parametrize("garbage", [b"g", b"abc", b"garbage, and more of it\n" * 4000])
def test_what_follows_the_compressed_data_is_reported_and_costs_nothing_before_it(
    kind: str, garbage: bytes, tmp_path: Path
) -> None:
    data, source = read_one(write(tmp_path / "fw", COMPRESS[kind](LOG) + garbage))
    assert data == LOG
    assert not source.complete
    assert source.problem is not None
    assert "follow" in source.problem or "too early" in source.problem


def test_zeros_after_gzip_are_padding(tmp_path: Path) -> None:
    data, source = read_one(write(tmp_path / "fw", gzip.compress(LOG) + bytes(100_000) + gzip.compress(LOG) + bytes(7)))
    assert data == LOG + LOG
    assert source.complete


def test_zstd_frames_that_hold_no_log_are_skipped(tmp_path: Path) -> None:
    frame, skipped = COMPRESS["zst"](LOG), struct.pack("<II", 0x184D2A57, 5) + b"other"
    data, source = read_one(write(tmp_path / "fw", skipped + frame + skipped + skipped + frame))
    assert data == LOG + LOG
    assert source.complete


@given(sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=5), cut=st.integers(0, 40), most=st.integers(1, 90))
def test_zstd_in_any_pieces_is_whole_only_where_a_frame_ends(sizes: list[int], cut: int, most: int) -> None:
    contents = [random.Random(size).randbytes(size) for size in sizes]
    frames = [zstandard.ZstdCompressor(write_checksum=bool(len(data) % 2)).compress(data) for data in contents]
    stored = b"".join(frames)
    ends = {sum(map(len, frames[:count])) for count in range(1, len(frames) + 1)}
    length = max(len(frames[0]), len(stored) - cut)
    source = dripping(stored[:length], most)
    assert b"".join(contents).startswith(read(source))
    assert source.complete == (length in ends)


@given(
    members=st.lists(
        st.tuples(st.binary(max_size=300), st.integers(0, 31), st.integers(0, 300)), min_size=1, max_size=4
    ),
    most=st.integers(1, 90),
)
def test_gzip_headers_with_every_field_are_read_however_they_are_split(
    members: list[tuple[bytes, int, int]], most: int
) -> None:
    stored = b"".join(gzip_member(data, flags, length) for data, flags, length in members)
    source = dripping(stored, most)
    assert read(source) == b"".join(data for data, _, _ in members)
    assert source.complete


def gzip_member(data: bytes, flags: int, length: int) -> bytes:
    """Return a member with the optional header fields that `flags` asks for (RFC 1952, section 2.3)."""
    header = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, flags, 0, 0, 255)
    header += struct.pack("<H", length) + bytes(length) if flags & 4 else b""
    header += b"n" * length + b"\0" if flags & 8 else b""
    header += b"c" * length + b"\0" if flags & 16 else b""
    header += struct.pack("<H", zlib.crc32(header) & 0xFFFF) if flags & 2 else b""
    deflate = zlib.compressobj(wbits=-15)
    body = deflate.compress(data) + deflate.flush()
    return header + body + struct.pack("<II", zlib.crc32(data), len(data))


@pytest.mark.parametrize("kind", ["gz", "zst", "xz", "bz2"])
def test_a_bomb_is_streamed_and_ends_at_its_cap(kind: str, tmp_path: Path) -> None:
    path = write(tmp_path / "bomb", COMPRESS[kind](bytes(64 << 20)))
    [source] = open_inputs([path], output_cap=32 << 20)
    view, total = memoryview(bytearray(1 << 20)), 0
    tracemalloc.start()
    while count := source.readinto(view):
        total += count
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 32 << 20
    assert peak < 16 << 20
    assert not source.complete
    assert source.problem is not None
    assert "33,554,432" in source.problem


def test_what_ends_exactly_at_the_cap_is_complete(tmp_path: Path) -> None:
    data, source = read_one(write(tmp_path / "fw.gz", gzip.compress(LOG)), output_cap=len(LOG))
    assert data == LOG
    assert source.complete


def test_an_honest_log_that_compresses_781_to_1_is_read_whole(tmp_path: Path) -> None:
    data, source = read_one(write(tmp_path / "fw.zst", COMPRESS["zst"](LOG[:100] * 100_000)))
    assert data == LOG[:100] * 100_000
    assert source.complete


def test_a_zstd_window_above_128_mib_is_refused(tmp_path: Path) -> None:
    window_of_1_gib, last_raw_block_of_5 = b"\x00\xa0", struct.pack("<I", 1 | 5 << 3)[:3]
    stored = b"\x28\xb5\x2f\xfd" + window_of_1_gib + last_raw_block_of_5 + b"hello"
    data, source = read_one(write(tmp_path / "fw.zst", stored))
    assert data == b""
    assert source.problem is not None
    assert "memory" in source.problem


def test_an_xz_dictionary_of_4_gib_is_refused(tmp_path: Path) -> None:
    stored = bytearray(lzma.compress(b"hello\n"))
    size = (stored[12] + 1) * 4
    stored[12 + stored.index(b"\x21\x01", 12) - 12 + 2] = 40
    stored[12 + size - 4 : 12 + size] = struct.pack("<I", zlib.crc32(stored[12 : 12 + size - 4]))
    data, source = read_one(write(tmp_path / "fw.xz", bytes(stored)))
    assert data == b""
    assert source.problem is not None
    assert "memory" in source.problem


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"PK\x03\x04", "zip"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"\x04\x22\x4d\x18", "lz4"),
    ],
)
def test_what_is_no_log_is_named(head: bytes, word: str, tmp_path: Path) -> None:
    [source] = open_inputs([write(tmp_path / "thing", head + LOG)])
    assert source.problem is not None
    assert word in source.problem
    assert source.size == len(LOG) + len(head)


# What is given twice


def same(sources: list[Source]) -> dict[str, str | None]:
    return {Path(source.path).name: source.same_as and Path(source.same_as).name for source in sources}


def test_the_same_path_twice_is_one_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "fw.log", LOG)
    monkeypatch.chdir(tmp_path)
    first, second, third = open_inputs([path, "fw.log", str(tmp_path)])
    assert (first.same_as, second.same_as, third.same_as) == (None, path, path)


def test_links_hard_and_soft_are_one_input(tmp_path: Path) -> None:
    path = write(tmp_path / "a.log", LOG)
    (tmp_path / "b.log").hardlink_to(path)
    (tmp_path / "c.log").symlink_to(path)
    assert same(open_inputs([str(tmp_path)])) == {"a.log": None, "b.log": "a.log", "c.log": "a.log"}


def test_copies_plain_and_compressed_are_one_input(tmp_path: Path) -> None:
    write(tmp_path / "a.log", LOG)
    write(tmp_path / "b.log", LOG)
    for kind, compress in COMPRESS.items():
        write(tmp_path / f"c.{kind}", compress(LOG[:99]) + compress(LOG[99:]))
    assert set(same(open_inputs([str(tmp_path)])).values()) == {None, "a.log"}


def test_logs_that_begin_alike_and_go_on_differently_are_both_read(tmp_path: Path) -> None:
    head = LOG[: 1 << 17]
    contents = {"a": head + b"1\n", "b": head + b"2\n", "c": head, "d": head + b"1\n", "e": head + LOG}
    for name, data in contents.items():
        write(tmp_path / name, data)
    want = {"a": None, "b": None, "c": None, "d": "a", "e": None}
    assert same(open_inputs([str(tmp_path)])) == want
    write(tmp_path / "f.gz", gzip.compress(contents["b"]))
    assert same(open_inputs([str(tmp_path)])) == {**want, "f.gz": "b"}


def test_many_copies_are_found_too(tmp_path: Path) -> None:
    count = SIDE_BY_SIDE + 5
    for i in range(count):
        write(tmp_path / f"{i:03}.log", LOG[: 1 << 17] + (b"odd\n" if i == 50 else b"all\n"))
    found = same(open_inputs([str(tmp_path)]))
    assert [name for name, first in found.items() if first is None] == ["000.log", "050.log"]


def test_empty_files_are_not_called_copies_of_one_another(tmp_path: Path) -> None:
    write(tmp_path / "a.log", b"")
    write(tmp_path / "b.log", b"")
    write(tmp_path / "c.gz", gzip.compress(b""))
    write(tmp_path / "d.xz", lzma.compress(b""))
    assert set(same(open_inputs([str(tmp_path)])).values()) == {None}


def test_a_truncated_copy_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    for name, cut in (("a.gz", 4), ("b.gz", 0), ("c.log", 0)):
        data = LOG if name == "c.log" else gzip.compress(LOG)
        write(tmp_path / name, data[: len(data) - cut])
    assert same(open_inputs([str(tmp_path)])) == {"a.gz": None, "b.gz": None, "c.log": "b.gz"}


def test_standard_input_is_not_used_up_to_compare_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LOG)))
    stream, log, again = open_inputs(["-", write(tmp_path / "fw.log", LOG), "-"])
    assert (stream.same_as, log.same_as, again.same_as) == (None, None, "-")
    assert read(stream) == LOG


def test_nothing_is_read_where_sizes_tell_plain_files_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write(tmp_path / f"{size}.log", LOG[:size]) for size in (100, 200, 300)]
    sources = [source for source in open_inputs(paths) if isinstance(source, FileSource)]
    monkeypatch.setattr(FileSource, "readinto", lambda *_: pytest.fail("a file was read"))
    mark_same(sources)


def test_comparing_leaves_no_file_open(tmp_path: Path) -> None:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("needs Linux")
    before = len(list(folder.iterdir()))
    for name, tail in (("a", b""), ("b", b"x\n"), ("c.gz", b"")):
        write(tmp_path / name, gzip.compress(LOG + tail) if name == "c.gz" else LOG + tail)
    sources = open_inputs([str(tmp_path)])
    assert stat.S_ISDIR(folder.stat().st_mode)
    assert len(list(folder.iterdir())) == before
    assert [len(read(source)) for source in sources] == [len(LOG), len(LOG) + 2, len(LOG)]
    assert len(list(folder.iterdir())) == before
