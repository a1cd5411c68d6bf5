"""The kernels do what the plain Python reference does: on samples, on mutations of them, on noise, however a chunk is cut."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import FUZZ_SECONDS, dice_for
from kernel_lines import read_lines
from small_formats import CONTEXT, SMALL_FORMATS, SMALL_SAMPLES, all_alike, both
from vedette.formats import load
from vedette.reading.reference import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
FORMATS = {fmt.name: fmt for fmt in (*load(), *SMALL_FORMATS)}
SAMPLES = {fmt.name: [sample["line"].encode() for sample in fmt.samples] for fmt in load()} | SMALL_SAMPLES
EVERY_SAMPLE = [line for lines in SAMPLES.values() for line in lines]
PARTS = sorted({part for line in EVERY_SAMPLE for part in re.findall(rb"[\w.:/%-]+|[^\w]", line)})
"""The words and signs of all samples: what noise is made of, so that it comes near to being a line."""

FACTS = CONTEXT._replace(
    boot=CONTEXT.received - 10**12, tz=((-(1 << 63), 3_600_000_000), (CONTEXT.received, 7_200_000_000))
)

MUTATIONS, OF_ONE = 24_000, 1000
"""Mutations of the samples of one format in an ordinary run, and of one sample at most."""

NAMES = pytest.mark.parametrize("name", sorted(FORMATS))


def flip(line: bytes, dice: random.Random) -> bytes:
    """Change one bit."""
    at = dice.randrange(len(line))
    return line[:at] + bytes([line[at] ^ 1 << dice.randrange(8)]) + line[at + 1 :]


def put(line: bytes, dice: random.Random) -> bytes:
    """Put a byte that means something somewhere, or one that means nothing."""
    at = dice.randrange(len(line) + 1)
    return (
        line[:at]
        + dice.choice((b" ", b"=", b'"', b"\\", b"[", b"]", b"<", b":", b"%", b"-", b"\0", b"\r", b"\xff", b"\xc3\xa9"))
        + line[at:]
    )


def delete(line: bytes, dice: random.Random) -> bytes:
    """Take a few bytes out."""
    at = dice.randrange(len(line))
    return line[:at] + line[at + dice.randrange(1, 8) :]


def duplicate(line: bytes, dice: random.Random) -> bytes:
    """Say a part twice."""
    at, end = sorted(dice.sample(range(len(line) + 1), 2)) if line else (0, 0)
    return line[:end] + line[at:end] + line[end:]


def truncate(line: bytes, dice: random.Random) -> bytes:
    """Cut the end off."""
    return line[: dice.randrange(len(line) + 1)]


def enlarge(line: bytes, dice: random.Random) -> bytes:
    """Write more digits into a number."""
    runs = list(re.finditer(rb"\d+", line))
    if not runs:
        return line
    run = dice.choice(runs)
    return line[: run.start()] + dice.choice((b"0", b"9", b"99999999999999999999", run[0])) + line[run.start() :]


def double_spaces(line: bytes, dice: random.Random) -> bytes:
    """Double some spaces."""
    return b"".join(c + b" " if c == b" " and dice.random() < 0.2 else c for c in re.findall(rb"(?s).", line))


def swap_words(line: bytes, dice: random.Random) -> bytes:
    """Let two words change places."""
    words = line.split(b" ")
    a, b = dice.randrange(len(words)), dice.randrange(len(words))
    words[a], words[b] = words[b], words[a]
    return b" ".join(words)


def swap_keys(line: bytes, dice: random.Random) -> bytes:
    """Let two keys change their names."""
    keys = sorted(set(re.findall(rb"[\w-]+(?==)", line)))
    if len(keys) < 2:
        return line
    one, other = dice.sample(keys, 2)
    return re.sub(rb"[\w-]+(?==)", lambda key: {one: other, other: one}.get(key[0], key[0]), line)


def splice(line: bytes, dice: random.Random) -> bytes:
    """Go on with another line."""
    other = dice.choice(EVERY_SAMPLE)
    return line[: dice.randrange(len(line) + 1)] + other[dice.randrange(len(other)) :]


def high_bytes(line: bytes, dice: random.Random) -> bytes:
    """Set the high bit of some bytes."""
    return bytes(c | 0x80 if dice.random() < 0.02 else c for c in line)


MUTATORS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip, put, delete, duplicate, truncate, enlarge, double_spaces, swap_words, swap_keys, splice, high_bytes,
)  # fmt: skip


def mutations(line: bytes, count: int, seed: str) -> Iterator[bytes]:
    """Yield mutations of a line, the same for the same seed: one to three changes each, no newline in it."""
    dice = random.Random(seed)
    for _ in range(count):
        changed = line
        for _ in range(dice.randrange(1, 4)):
            changed = dice.choice(MUTATORS)(changed, dice) if changed else line
        yield changed.replace(b"\n", b" ")


@NAMES
def test_kernel_and_reference_agree_on_the_samples_of_every_format(name: str) -> None:
    all_alike(FORMATS[name], EVERY_SAMPLE, FACTS)


@NAMES
def test_kernel_and_reference_agree_on_mutated_samples_and_no_line_touches_its_neighbours(name: str) -> None:
    fmt = FORMATS[name]
    for good in SAMPLES[name]:
        mutated = list(mutations(good, min(OF_ONE, MUTATIONS // len(SAMPLES[name])), f"{name} {good!r}"))
        lines = [line for one in mutated for line in (good, one)] + [good]
        readings = all_alike(fmt, lines, FACTS)

        assert set(map(repr, readings[::2])) == {repr(read(fmt, good, FACTS))}


@NAMES
def test_a_line_cut_anywhere_leaves_the_next_line_alone(name: str) -> None:
    fmt = FORMATS[name]
    for good in SAMPLES[name]:
        expected = read(fmt, good, FACTS)
        lines = [line for end in range(len(good)) for line in (good[:end], good)]

        assert {repr(reading) for reading in all_alike(fmt, lines, FACTS)[1::2]} == {repr(expected)}


@NAMES
@settings(max_examples=200)
@given(parts=st.lists(st.sampled_from(PARTS), max_size=60))
def test_kernel_and_reference_agree_on_words_in_any_order(name: str, parts: list[bytes]) -> None:
    both(FORMATS[name], b"".join(parts).replace(b"\n", b" "), FACTS)


@NAMES
@settings(max_examples=200)
@given(data=st.data())
def test_kernel_and_reference_agree_on_bytes_put_into_a_sample(name: str, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(SAMPLES[name]))
    at = data.draw(st.integers(0, len(line)))
    noise = data.draw(st.one_of(st.binary(max_size=12), st.text(max_size=6).map(str.encode), st.sampled_from(PARTS)))
    both(FORMATS[name], (line[:at] + noise + line[at + data.draw(st.integers(0, 12)) :]).replace(b"\n", b" "), FACTS)


@NAMES
@pytest.mark.parametrize(("rows", "rejects", "spans"), [(1, 1, 1), (1, 1000, 1), (1000, 1, 1), (3, 2, 7), (2, 2, 1000)])
def test_lines_are_read_the_same_however_little_room_a_call_has(name: str, rows: int, rejects: int, spans: int) -> None:
    fmt = FORMATS[name]
    lines = [line for sample in SAMPLES[name] for one in mutations(sample, 5, name) for line in (sample, one, b"")]

    assert read_lines(fmt, lines, FACTS, rows=rows, rejects=rejects, spans=spans) == read_lines(fmt, lines, FACTS)


@NAMES
def test_a_line_reads_the_same_at_the_start_of_a_buffer_as_later(name: str) -> None:
    for line in SAMPLES[name]:
        first, _, later = read_lines(FORMATS[name], [line, b"x", line], FACTS)

        assert first == later


@NAMES
@pytest.mark.parametrize(
    "noise", [b"\0", b"\xff", "\u2028".encode(), b"\x85", b"\r", b"\x1b[31m", b"=", b'"', b"\\", b"[", b"%", b" "]
)
def test_a_line_full_of_one_thing_is_read_alike_at_its_longest_and_beyond(name: str, noise: bytes) -> None:
    good = SAMPLES[name][0]
    full = good + noise * ((65_536 - len(good)) // len(noise) + 1)
    readings = all_alike(FORMATS[name], [good, full[:65_536], good, full + b"x", good], FACTS)

    assert readings[0] == readings[2] == readings[4]
    assert readings[3].reason == "longer than 64 KiB"


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.parametrize("tokenizer", sorted({fmt.tokenizer for fmt in FORMATS.values()}))
def test_kernel_and_reference_agree_for_as_long_as_one_likes(tokenizer: str) -> None:
    formats = [fmt for fmt in FORMATS.values() if fmt.tokenizer == tokenizer]
    for dice in dice_for(FUZZ_SECONDS):
        fmt = dice.choice(formats)
        all_alike(fmt, list(mutations(dice.choice(SAMPLES[fmt.name]), 500, str(dice.random()))), FACTS)
