"""Measures how fast each format is read, by one thread, in this process.

python -m bench.formats [--lines 200000] [--passes 3] [NAME ...]
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from vedette.formats import Format, load
from vedette.kernels import tables as t
from vedette.kernels.utf8 import repair
from vedette.reading.batches import Context, Lease, Output, Packer, fitting, tokenize
from vedette.reading.framing import CHUNK_SIZE, PADDING, Chunk
from vedette.reading.reader import parts
from vedette.reading.recognise import Reader, prepare
from vedette.reading.times import zone_table
from vedette.schema import FLOWS, PACKETS, REQUESTS

DISTINCT = 2_000
"""Different lines that are made of the samples of a format; more would only fill the processor's cache."""

RECEIVED = 1_773_187_200_000_000
"""2026-03-11 00:00 UTC, when the lines count as received."""

ADDRESS = re.compile(rb"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.)\d{1,3}(?![\d.])")
NUMBER = re.compile(rb"(?<![\d.:/T+-])(\d{3})\d\d(?![\d.:/-])")
"""What varies from line to line: the last number of an address, and the end of a number of five digits, as ports are."""


class Speed(NamedTuple):
    """How a format was read: lines and bytes in all, lines that were taken, seconds of the fastest pass."""

    lines: int
    bytes: int
    taken: int
    seconds: float


def lines_of(fmt: Format) -> list[bytes]:
    """Return DISTINCT lines like the samples that are events, without those that the kernel leaves to the plain reference."""
    samples = [sample["line"].encode() for sample in fmt.samples if sample["event"] and not sample.get("forging")]
    quick = [line for line in samples if one_pass(*ready(fmt, line + b"\n"), 1)[1]]
    return [varied(line, number) for number, line in zip(range(DISTINCT), itertools.cycle(quick), strict=False)]


def varied(line: bytes, number: int) -> bytes:
    """Return a line with other addresses and numbers of the same form."""
    line = ADDRESS.sub(lambda found: found[1] + b"%d" % (number * 7 % 254 + 1), line)
    return NUMBER.sub(lambda found: found[1] + b"%02d" % (number % 100), line)


def ready(fmt: Format, data: bytes) -> tuple[Reader, Packer, np.ndarray, int]:
    """Return what `one_pass` needs to read lines of a format."""
    buffer, end = np.frombuffer(bytearray(data + b"\n" * PADDING), np.uint8), len(data)
    (reader,) = prepare([(0, fmt)], buffer, end, RECEIVED, None)
    return reader, packer_for(fmt), buffer, end


def measure(fmt: Format, lines: int, passes: int) -> Speed:
    """Read about `lines` lines of a format `passes` times, in chunks as a reading thread does; return the fastest."""
    block = b"".join(line + b"\n" for line in lines_of(fmt))
    times = max(1, CHUNK_SIZE // len(block))
    work, count = ready(fmt, block * times), DISTINCT * times
    rounds = max(1, lines // count)
    one_pass(*work, 1)
    seconds, taken = zip(*(one_pass(*work, rounds) for _ in range(passes)), strict=True)
    return Speed(count * rounds, len(block) * times * rounds, taken[0], min(seconds))


def packer_for(fmt: Format) -> Packer:
    """Return a packer of the columns that `vedette scan` loads for a format."""
    return fitting([Packer("packets", PACKETS), Packer("flows", FLOWS), Packer("requests", REQUESTS)], fmt.compiled)


def one_pass(reader: Reader, packer: Packer, buffer: np.ndarray, end: int, rounds: int) -> tuple[float, int]:
    """Repair, tokenize and pack a chunk `rounds` times; return (seconds, rows)."""
    out, context, taken = Output.new(), Context.of(zone_table("UTC")), 0
    begin = time.perf_counter()
    for number in range(rounds):
        repair(buffer, end)
        lease = Lease(Chunk(number, 0, buffer, end))
        for arrays, spans in parts(reader, lease, np.array([[0, end, 0, t.R_FOREIGN]], np.int64)):
            for rows in tokenize(reader.kernel, buffer, spans, arrays, context, out):
                if rows:
                    packer.batch(lease, reader.number, out, rows).release()
                taken += rows
    return time.perf_counter() - begin, taken


def table(formats: list[Format], lines: int, passes: int) -> Iterator[str]:
    """Yield the table, a row as soon as it is measured."""
    yield "| format | tokenizer | lines/s | MB/s | bytes/line | taken |"
    yield "|---|---|--:|--:|--:|--:|"
    for fmt in formats:
        speed = measure(fmt, lines, passes)
        yield (
            f"| {fmt.name} | {fmt.tokenizer} | {speed.lines / speed.seconds:,.0f} | {speed.bytes / speed.seconds / 1e6:,.0f} "
            f"| {speed.bytes / speed.lines:,.0f} | {100 * speed.taken / speed.lines:.1f} % |"
        )


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0, or 2 for a format that does not exist)."""
    parser = argparse.ArgumentParser(prog="python -m bench.formats", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--lines", type=int, default=200_000, help="lines of each format, about")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("names", nargs="*", metavar="NAME", help="formats (all)")
    given = parser.parse_args(arguments)
    formats = [fmt for fmt in load() if not given.names or fmt.name in given.names]
    if len(formats) < len(set(given.names)):
        print(f"formats: no such format among {', '.join(given.names)}", file=sys.stderr)
        return 2
    for line in table(formats, given.lines, given.passes):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
