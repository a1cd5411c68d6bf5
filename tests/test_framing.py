"""Framing: chunks of whole lines, whatever the pieces; one bad line costs itself and nothing else."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vedette.kernels.utf8 import repair
from vedette.reading.framing import LINE_LIMIT, PADDING, POOL, Chunk, Framer, find_last_newline, find_newline
from vedette.sources import open_inputs


class Fake:
    """A source made of pieces; each is given by one read or, if it is longer than the view, by several."""

    def __init__(self, *pieces: bytes, complete: bool = True) -> None:
        self.path, self.mtime, self.position = "fake", 0, 0
        self.size: int | None = None
        self.complete, self.closed = True, False
        self.problem: str | None = None
        self.same_as: str | None = None
        self._pieces = iter(pieces)
        self._rest = b""
        self._whole = complete

    def readinto(self, view: memoryview) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                self.complete = self._whole
                return 0
            self._rest = piece
        data, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.closed = True


def chunks(framer: Framer) -> Iterator[tuple[Chunk, bytes]]:
    """Yield each chunk with a copy of its bytes, and give its buffer back."""
    while chunk := framer.next():
        yield chunk, chunk.buffer[: chunk.end].tobytes()
        chunk.release()


def framed(*sources: Fake, chunk_size: int = 1 << 20) -> bytes:
    return b"".join(data for _, data in chunks(Framer(sources, chunk_size)))


def cut(data: bytes) -> bytes:
    """Return the lines of `data`, over-long ones cut as the framer cuts them: the plain truth beside it."""
    lines = data.split(b"\n")
    last = [lines.pop()] if lines[-1] else lines.pop() and []
    return b"".join(line[: LINE_LIMIT + 1] + b"\n" for line in [*lines, *last])


LINES = st.lists(
    st.one_of(
        st.binary(max_size=12),
        st.sampled_from([b"a\r", b"\x00", b"\x0b\x0c\x1c", "\u2028\u2029\x85".encode(), b"\xff\xfe"]),
        st.integers(LINE_LIMIT - 2, LINE_LIMIT + 3).map(lambda length: b"x" * length),
    ),
    max_size=8,
).map(b"\n".join)


@pytest.mark.slow
@given(data=LINES, chunk_size=st.integers(100, 300) | st.integers(60_000, 140_000), piece=st.integers(1, 70_000))
@example(data=b"x" * LINE_LIMIT + b"\n" + b"y" * (LINE_LIMIT + 1) + b"\nz", chunk_size=4096, piece=4096)
def test_the_lines_are_the_same_whatever_the_chunk_size_and_the_pieces(
    data: bytes, chunk_size: int, piece: int
) -> None:
    data = b"not a byte order mark" + data
    source = Fake(*(data[at : at + piece] for at in range(0, len(data), piece)))
    for chunk, whole in chunks(Framer([source], chunk_size)):
        assert whole.endswith(b"\n")
        assert chunk.buffer[chunk.end : chunk.end + PADDING].tobytes() == b"\n" * PADDING
    source = Fake(*(data[at : at + piece] for at in range(0, len(data), piece)))
    assert cut(framed(source, chunk_size=chunk_size)) == cut(data)


def test_a_chunk_boundary_at_every_offset_changes_nothing() -> None:
    data = b"first\n\nthird line\r\nSRC=1.2.3.4\x00\nlast without newline"
    for chunk_size in range(1, len(data) + 3):
        for piece in range(1, len(data) + 1):
            pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
            assert framed(Fake(*pieces), chunk_size=chunk_size) == data + b"\n"


def test_chunks_are_numbered_over_all_inputs_and_name_theirs() -> None:
    sources = [Fake(b"a\n" * 10), Fake(), Fake(b"b\n" * 10)]
    seen = [(chunk.number, chunk.input, data) for chunk, data in chunks(Framer(sources, 10))]
    assert [number for number, _, _ in seen] == list(range(len(seen)))
    assert [(which, data[:1]) for _, which, data in seen] == [(0, b"a")] * 2 + [(2, b"b")] * 2
    assert all(source.closed for source in sources)


def test_a_line_never_runs_on_from_one_input_into_the_next() -> None:
    assert framed(Fake(b"one\ntw"), Fake(b"o\n")) == b"one\ntw\no\n"


def test_inputs_with_a_problem_or_read_already_are_left_out() -> None:
    broken, twice = Fake(b"broken\n"), Fake(b"twice\n")
    broken.problem, twice.same_as = "gone", "fake"
    assert framed(broken, Fake(b"good\n"), twice) == b"good\n"
    assert framed() == b""


def test_the_last_line_of_an_incomplete_input_is_dropped_because_it_may_say_something_else() -> None:
    assert framed(Fake(b"DPT=8080\nDPT=80", b"80\nDPT=80", complete=False)) == b"DPT=8080\nDPT=8080\n"
    assert framed(Fake(b"DPT=80", complete=False)) == b""
    assert framed(Fake(b"DPT=80\n", complete=False)) == b"DPT=80\n"


def test_a_truncated_gz_gives_its_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "fw.gz"
    log = b"".join(b"SRC=192.0.2.1 DPT=%d\n" % port for port in range(20000))
    path.write_bytes(gzip.compress(log)[:-10])
    sources = open_inputs([str(path)])
    data = b"".join(data for _, data in chunks(Framer(sources)))
    assert log.startswith(data)
    assert data.endswith(b"\n")
    assert len(data) > len(log) - 60
    assert not sources[0].complete


@pytest.mark.parametrize("length", [LINE_LIMIT - 1, LINE_LIMIT, LINE_LIMIT + 1])
@pytest.mark.parametrize("chunk_size", [1000, 65_536, 65_537, 65_538, 1 << 20])
def test_a_line_at_the_limit_passes_whole(length: int, chunk_size: int) -> None:
    data = b"before\n" + b"x" * length + b"\nafter\n"
    assert framed(Fake(data), chunk_size=chunk_size) == data
    assert framed(Fake(data[:-7]), chunk_size=chunk_size) == data[:-6]


@pytest.mark.parametrize("chunk_size", [1000, 65_536, 100_000])
def test_the_rest_of_an_over_long_line_is_never_a_line_of_its_own(chunk_size: int) -> None:
    tail = b"SRC=8.8.8.8 DPT=22 "
    data = b"before\n" + b"x" * (LINE_LIMIT + 5000) + tail * 20_000 + b"\nafter\nlast"
    lines = framed(Fake(data), chunk_size=chunk_size).split(b"\n")
    assert [line[:6] for line in lines] == [b"before", b"xxxxxx", b"after", b"last", b""]
    assert len(lines[1]) >= LINE_LIMIT + 1


def test_a_line_of_300_mib_costs_nothing_but_itself() -> None:
    block = b"x" * (1 << 20)
    source = Fake(b"before\n", *[block] * 300, b"\nafter\n")
    tracemalloc.start()
    data = framed(source, chunk_size=4 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    before, long, after, end = data.split(b"\n")
    assert (before, after, end) == (b"before", b"after", b"")
    assert len(long) == LINE_LIMIT + 1
    assert peak < 16 << 20


def test_only_a_newline_ends_a_record() -> None:
    data = "a\rb\x0bc\x0cd\x1ce\x85f\u2028g\u2029h\x00i\n".encode() + b"\x85\x0b\n"
    assert framed(Fake(data)) == data


def test_a_byte_order_mark_is_dropped_at_the_start_only() -> None:
    assert framed(Fake(b"\xef", b"\xbb", b"\xbfone\n", b"\xef\xbb\xbftwo\n")) == b"one\n\xef\xbb\xbftwo\n"
    assert framed(Fake(b"\xef\xbb\xbf")) == b""
    assert framed(Fake(b"\xef\xbb")) == b"\xef\xbb\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
def test_utf16_becomes_utf8(encoding: str, piece: int) -> None:
    text = "\ufeffDrop SRC=192.0.2.1\r\nZ\u00fcrich \u6771\u4eac \U0001f600 \u0a0a\u0d0a\u2028\nlast"
    data = text.encode(encoding)
    pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
    assert framed(Fake(*pieces), chunk_size=50) == (text[1:] + "\n").encode()


def test_utf16_that_is_not_valid_costs_only_its_characters() -> None:
    data = b"\xff\xfe" + "a".encode("utf-16-le") + b"\x00\xd8" + "b\nc".encode("utf-16-le") + b"d"
    assert framed(Fake(data)).decode() == "a\ufffdb\nc\ufffd\n"


def test_buffers_are_used_again_only_after_release() -> None:
    framer = Framer([Fake(b"0123456789abcde\n" * 8)], 16)
    first = framer.next()
    second = framer.next()
    assert first is not None
    assert second is not None
    assert not np.shares_memory(first.buffer, second.buffer)
    kept = first.buffer[: first.end].tobytes()
    first.release()
    first.release()
    third, fourth = framer.next(), framer.next()
    assert third is not None
    assert fourth is not None
    assert np.shares_memory(first.buffer, third.buffer)
    assert not np.shares_memory(third.buffer, fourth.buffer)
    assert kept == b"0123456789abcde\n"


def test_the_pool_is_bounded() -> None:
    framer = Framer([Fake(b"0123456\n" * 40)], 8)
    held = [chunk for _ in range(3 * POOL) if (chunk := framer.next())]
    for chunk in held:
        chunk.release()
    assert len(framer._pool) == POOL


def test_threads_share_a_framer_and_lose_nothing() -> None:
    data = b"".join(b"%d\n" % number for number in range(200_000))
    framer = Framer([Fake(data[:500_000]), Fake(data[500_000:])], 4096)
    seen: dict[int, bytes] = {}

    def work() -> None:
        for chunk, copy in chunks(framer):
            seen[chunk.number] = copy

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(len(seen)))
    assert b"".join(seen[number] for number in sorted(seen)).replace(b"\n", b"") == data.replace(b"\n", b"")


def test_a_closed_framer_gives_no_more_and_closes_what_it_read() -> None:
    source = Fake(b"0123456\n" * 8)
    framer = Framer([source, Fake(b"next\n")], 8)
    assert framer.next()
    framer.close()
    assert source.closed
    assert framer.next() is None


@given(data=st.binary(max_size=40), start=st.integers(0, 40), end=st.integers(0, 40))
def test_newlines_are_found_where_bytes_finds_them(data: bytes, start: int, end: int) -> None:
    data = data.replace(b"a", b"\n")
    end = min(end, len(data))
    buffer = np.frombuffer(data, np.uint8)
    assert find_newline(buffer, start, end) == data.find(b"\n", start, end)
    assert find_last_newline(buffer, start, end) == data.rfind(b"\n", start, end)


def test_a_newline_far_away_is_found() -> None:
    buffer = np.zeros(300_000, np.uint8)
    assert find_newline(buffer, 0, len(buffer)) == find_last_newline(buffer, 0, len(buffer)) == -1
    for at in (0, 65_535, 65_536, 299_999):
        buffer[at] = ord("\n")
        assert find_newline(buffer, 0, len(buffer)) == find_last_newline(buffer, 0, len(buffer)) == at
        buffer[at] = 0


def repaired(data: bytes) -> tuple[bytes, int]:
    buffer = np.frombuffer(data, np.uint8).copy()
    count = repair(buffer, len(buffer))
    return buffer.tobytes(), count


def reference(data: bytes) -> bytes:
    """Replace what is not valid UTF-8 by as many question marks as it has bytes, with Python's own decoder."""
    good, rest = b"", data
    while rest:
        try:
            return good + rest.decode().encode()
        except UnicodeDecodeError as error:
            good += rest[: error.start] + b"?" * (error.end - error.start)
            rest = rest[error.end :]
    return good


BYTES = st.lists(
    st.binary(max_size=5)
    | st.text(max_size=5).map(str.encode)
    | st.integers(0, 20).map(lambda length: b"a" * length)
    | st.sampled_from(
        [
            b"\xc0\x80",
            b"\xe0\x9f\xbf",
            b"\xed\xa0\x80",
            b"\xf0\x8f\xbf\xbf",
            b"\xf4\x90\x80\x80",
            b"\xf8\x88\x80\x80\x80",
        ]
    )
    | st.characters(min_codepoint=0x80, exclude_categories=["Cs"]).map(lambda letter: letter.encode()[:-1]),
    max_size=20,
).map(b"".join)


@given(data=BYTES)
def test_utf8_is_repaired_as_pythons_decoder_sees_it_and_no_byte_moves(data: bytes) -> None:
    fixed, count = repaired(data)
    assert fixed == reference(data)
    assert count == sum(a != b for a, b in zip(data, fixed, strict=True))


def test_every_character_and_every_pair_of_bytes_is_judged_as_python_does() -> None:
    text = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000, 7), 0x10FFFF])).encode()
    assert repaired(text) == (text, 0)
    for lead in range(0x80, 0x100):
        data = b"".join(bytes([lead, second]) + b"\x80\x80 " for second in range(256))
        assert repaired(data)[0] == reference(data)


@given(tail=st.sampled_from([b"\xe6\x9d", b"\xf0\x9f\x98", b"\xc3"]), length=st.integers(0, 90))
def test_a_character_cut_at_the_end_is_repaired_and_what_lies_behind_is_left(tail: bytes, length: int) -> None:
    buffer = np.frombuffer(b"a" * length + tail + b"\x9f\x98\x80\xff" * 20, np.uint8).copy()
    behind = buffer[length + len(tail) :].tobytes()
    assert repair(buffer, length + len(tail)) == len(tail)
    assert buffer[: length + len(tail)].tobytes() == b"a" * length + b"?" * len(tail)
    assert buffer[length + len(tail) :].tobytes() == behind


def test_an_end_outside_of_the_buffer_is_refused() -> None:
    for end in (9, -1):
        with pytest.raises(IndexError):
            repair(np.zeros(8, np.uint8), end)
