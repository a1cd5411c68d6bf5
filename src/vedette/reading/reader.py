"""Read inputs in parallel: chunks to rows, each line by the format that takes it, and an account of the lines that none takes."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from queue import Queue
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from vedette.engines.arrow import Batch
from vedette.kernels import tables as t
from vedette.kernels.utf8 import repair
from vedette.model import Input
from vedette.reading.batches import ORDINAL_BITS, ROWS, Context, Lease, Output, Packer, fitting, tokenize
from vedette.reading.framing import LINE_LIMIT, PADDING, Chunk, Framer
from vedette.reading.recognise import Format, prepare, recognise, sample_end
from vedette.reading.recognise import Reader as Ready
from vedette.reading.reference import Context as PlainContext
from vedette.reading.slow import read_slowly
from vedette.reading.times import zone_table
from vedette.reading.unwrap import unwrap

if TYPE_CHECKING:
    from types import TracebackType

    from vedette.config import Settings
    from vedette.engines.duckdb import Engine
    from vedette.schema import Column
    from vedette.sources import Source
    from vedette.terminal import Progress

REASONS = {
    t.R_FOREIGN: "no format takes the line",
    t.R_BAD: "a needed field is missing or malformed",
    t.R_LONG: "longer than 64 KiB, and no format takes its first 64 KiB",
    t.R_ESCAPED: "an escape that no format can undo",
    t.R_HEADER: "a header line that names no known columns",
}
EXAMPLES = 3
TRIED_AGAIN = 200
"""Lines of a chunk that no recognised format takes, and that are tried on all the others."""

QUEUE = 12
"""Batches that are read ahead of the engine. While it is being opened it takes none, and the threads go on."""

ASIDE = 16
"""Batches for another table that are held back before the engine's statement is ended and one for that table begun."""


class Known:
    """What is known of one input: its account, its formats once they are recognised, its times."""

    def __init__(self, source: Source, received: int) -> None:
        self.source = source
        self.received = received
        self.account = Input(path=source.path, problem=source.problem, same_as=source.same_as)
        self.boot: int | None = None
        self.readers: list[Ready] | None = None
        self.others: list[Ready] = []
        self.every: list[Ready] = []
        self.recognised = Event()
        self.lock = Lock()
        self.began = 0.0
        self.taken: Counter[str] = Counter()


class Reading:
    """Reads sources with several threads, from `with` on; what they read waits until `load` gives it to an engine."""

    def __init__(
        self,
        sources: Sequence[Source],
        formats: Sequence[Format],
        settings: Settings,
        tables: Mapping[str, tuple[Column, ...]],
        progress: Progress | None = None,
    ) -> None:
        self._formats = formats
        self._forced = settings.format
        self._tz = settings.tz
        self._zone = zone_table(settings.tz)
        self._known = [Known(source, received(source, settings)) for source in sources]
        self._packers = [Packer(table, columns) for table, columns in tables.items()]
        self._framer = Framer(sources)
        self._queue: Queue[tuple[Packer, Batch] | BaseException | None] = Queue(QUEUE)
        self._aside: deque[tuple[Packer, Batch]] = deque()
        self._stop = Event()
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(max(1, settings.threads))]
        self._running = len(self._threads)
        self._progress = progress
        self._lines: list[tuple[int, int, int]] = []

    @property
    def inputs(self) -> list[Input]:
        """Return the account of each source."""
        return [known.account for known in self._known]

    def __enter__(self) -> Reading:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def load(self, engine: Engine, where: str = "TRUE", params: dict[str, Any] | None = None) -> None:
        """Read every source into the engine's tables; rows that `where` does not take are left out.

        Raises what a reading thread raised. The accounts are complete when it returns.
        """
        try:
            while first := self._next():
                packer = first[0]
                engine.ingest(packer.table, packer.columns, self._batches(first), where, params)
        finally:
            self._end()
            self._close_accounts()

    def _batches(self, first: tuple[Packer, Batch]) -> Iterator[Batch]:
        """Yield batches for the table of the first; a few for another table are put aside, more end the iteration."""
        packer, batch = first
        yield batch
        while len(self._aside) < ASIDE and (item := self._next(aside=False)):
            if item[0] is packer:
                yield item[1]
            else:
                self._aside.append(item)

    def _next(self, *, aside: bool = True) -> tuple[Packer, Batch] | None:
        """Return the next batch, first of those put aside; None when all threads are done."""
        if aside and self._aside:
            return self._aside.popleft()
        while self._running:
            item = self._queue.get()
            if isinstance(item, BaseException):
                raise item
            if item is not None:
                return item
            self._running -= 1
        return None

    def _end(self) -> None:
        """Stop the threads and wait for them, taking from the queue what would block them; a second call does nothing."""
        self._stop.set()
        while any(thread.is_alive() for thread in self._threads):
            while not self._queue.empty():
                self._queue.get_nowait()
            for thread in self._threads:
                thread.join(0.01)
        self._framer.close()

    def locate(self, record: int) -> tuple[int, int]:
        """Return (index of the input, line from 1) of a record."""
        chunk = record >> ORDINAL_BITS
        number, source, first = self._lines[chunk]
        assert number == chunk
        return source, first + (record & (1 << ORDINAL_BITS) - 1)

    def _work(self) -> None:
        """Read chunks until there are none, or until somebody stops the reading."""
        worker = Worker(self)
        try:
            while not self._stop.is_set() and (chunk := self._framer.next()):
                worker.chunk(chunk)
            self._queue.put(None)
        except BaseException as error:  # it is raised again in the thread that pulls
            self._queue.put(error)

    def ready(self, known: Known, chunk: Lease) -> list[Ready]:
        """Return the formats of an input. They are recognised at its first chunk; whoever has a later one waits for that."""
        while chunk.index and not known.recognised.wait(0.1):
            if self._stop.is_set():
                return []
        with known.lock:
            if known.readers is None:
                buffer, end = chunk.buffer, chunk.end
                known.began = time.monotonic()
                numbered = list(enumerate(self._formats))
                if self._forced:
                    numbered = [(number, fmt) for number, fmt in numbered if fmt.name == self._forced]
                known.boot = boot_time(buffer, end, known.received)
                every = prepare(numbered, buffer, end, known.received, known.boot)
                sample = np.array([[0, sample_end(buffer, end), 0, 0]], np.int64)
                known.readers = every if self._forced else recognise(every, buffer, sample, self._zone)
                known.others = [ready for ready in every if ready not in known.readers and not ready.headers]
                known.every = every
                known.recognised.set()
            return known.readers

    def packer(self, fmt: Format) -> Packer:
        """Return the packer of the first table that holds the columns of a format which anything reads."""
        return fitting(self._packers, fmt.compiled)

    def count(self, chunk: Lease, lines: int, parsed: Counter[str], skipped: np.ndarray) -> None:
        """Add a chunk to its input's account; `skipped` are the lines that no format took."""
        known = self._known[chunk.input]
        account = known.account
        with known.lock:
            self._lines.append((chunk.number, chunk.input, lines))
            known.taken.update(parsed)
            account.parsed += sum(parsed.values())
            account.skipped += len(skipped)
            account.bytes += chunk.end
            for reason, times in zip(*np.unique(skipped[:, 3], return_counts=True), strict=True):
                text = REASONS[int(reason)]
                account.rejects[text] = account.rejects.get(text, 0) + int(times)
            for start, end, ordinal, reason in skipped[:EXAMPLES].tolist():
                text = bytes(chunk.buffer[start : min(end, start + 2000)]).decode(errors="replace")
                account.examples.append({"chunk": chunk.number, "line": ordinal, "why": REASONS[reason], "text": text})
            account.seconds = time.monotonic() - known.began
            done = account.parsed + account.skipped
        if self._progress:
            self._progress.update(account.path, known.source.position, known.source.size, done)

    def _close_accounts(self) -> None:
        """Number the lines of every chunk and complete the accounts."""
        firsts = [1] * len(self._known)
        numbered = []
        for chunk, source, lines in sorted(self._lines):
            numbered.append((chunk, source, firsts[source]))
            firsts[source] += lines
        self._lines = numbered
        for known in self._known:
            account = known.account
            account.lines = account.parsed + account.skipped
            account.complete, account.problem = known.source.complete, known.source.problem
            account.formats = dict(known.taken.most_common())
            account.format = next(iter(account.formats), None)
            account.examples.sort(key=lambda example: (example["chunk"], example["line"]))
            account.examples = [
                {"line": self.locate(e["chunk"] << ORDINAL_BITS | e["line"])[1], "why": e["why"], "text": e["text"]}
                for e in account.examples[:EXAMPLES]
            ]
            if self._progress:
                self._progress.finish(account)


class Worker:
    """One reading thread: its own output arrays and, for the input at hand, its own context."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._out = Output.new()
        self._input = -1
        self._context = Context.of(reading._zone)

    def chunk(self, chunk: Chunk) -> None:
        """Read the lines of a chunk, put its batches into the queue, account for it."""
        reading = self._reading
        lease = Lease(chunk)
        known = reading._known[chunk.input]
        if chunk.input != self._input:
            self._input, self._context = chunk.input, Context.of(reading._zone)
        repair(chunk.buffer, chunk.end)
        parsed: Counter[str] = Counter()
        left = np.array([[0, chunk.end, 0, t.R_FOREIGN]], np.int64)
        ready = reading.ready(known, lease)
        total = -1
        for reader in ready:
            left = self._read(reader, lease, left, parsed)
            total = sum(parsed.values()) + len(left) if total < 0 else total
            left = left[(left[:, 3] != t.R_EMPTY) & (left[:, 3] != t.R_HEADER)]
        if not ready:
            left, total = lines_of(chunk.buffer, chunk.end)
        left = self._try_others(known, lease, left, parsed)
        left = self._unwrap(known, lease, left, parsed)
        left = self._shorten(ready, lease, left, parsed)
        left = self._slowly(known, lease, left, parsed)
        reading.count(lease, total, parsed, left)
        lease.let_go()

    def _read(self, reader: Ready, lease: Lease, spans: np.ndarray, parsed: Counter[str]) -> np.ndarray:
        """Read spans with one format; return the lines it does not take."""
        out = self._out
        left = []
        for arrays, part in parts(reader, lease, spans):
            for rows in tokenize(reader.kernel, lease.buffer, part, arrays, self._context, out):
                if rejected := int(out.state[t.STATE_REJECTS]):
                    left.append(out.rejects[:rejected].copy())
                self._emit(reader, lease, rows, parsed)
        return np.concatenate(left) if left else np.empty((0, 4), np.int64)

    def _put(self, packer: Packer, batch: Batch) -> None:
        """Queue a batch, or drop it when the reading is being stopped."""
        if self._reading._stop.is_set():
            batch.release()
        else:
            self._reading._queue.put((packer, batch))

    def _try_others(self, known: Known, lease: Lease, left: np.ndarray, parsed: Counter[str]) -> np.ndarray:
        """Try the first of the left lines on the formats that the sample did not show; a format that takes one gets all of them."""
        if not len(left) or not known.others:
            return left
        for reader in recognise(known.others, lease.buffer, left[:TRIED_AGAIN], self._reading._zone):
            left = self._read(reader, lease, left, parsed)
        return left

    def _unwrap(self, known: Known, lease: Lease, left: np.ndarray, parsed: Counter[str]) -> np.ndarray:
        """Read the lines that other lines wrap; return the lines that wrap nothing, or nothing that is known."""
        if not len(left):
            return left
        texts, inner, kept = unwrap(lease.buffer, left)
        if not len(inner):
            return left
        lines = Lease(Chunk(lease.number, lease.input, texts, len(texts) - PADDING))
        rest = inner
        for reader in recognise(
            [ready for ready in known.every if not ready.headers], texts, inner[:TRIED_AGAIN], self._reading._zone
        ):
            rest = self._read(reader, lines, rest, parsed)
        rest = self._slowly(known, lines, rest, parsed)
        lost = left[np.isin(left[:, 2], rest[:, 2])]
        return np.concatenate([kept, lost])

    def _shorten(self, ready: list[Ready], lease: Lease, left: np.ndarray, parsed: Counter[str]) -> np.ndarray:
        """Read over-long lines again by their first 64 KiB; return the lines that no format takes even so."""
        kept = [left[left[:, 3] != t.R_LONG]]
        for line in left[left[:, 3] == t.R_LONG]:
            start = int(line[0])
            buffer = np.full(LINE_LIMIT + PADDING, 10, np.uint8)
            buffer[:LINE_LIMIT] = lease.buffer[start : start + LINE_LIMIT]
            short = Lease(Chunk(lease.number, lease.input, buffer, LINE_LIMIT + 1))
            rest = np.array([[0, LINE_LIMIT + 1, line[2], t.R_FOREIGN]], np.int64)
            for reader in ready:
                rest = self._read(reader, short, rest, parsed)
            if len(rest):
                kept.append(line[None, :])
        return np.concatenate(kept)

    def _slowly(self, known: Known, lease: Lease, left: np.ndarray, parsed: Counter[str]) -> np.ndarray:
        """Read lines whose escapes a kernel leaves to the plain reference; return the lines that no format takes even so."""
        escaped = left[left[:, 3] == t.R_ESCAPED]
        if not len(escaped):
            return left
        rest = [left[left[:, 3] != t.R_ESCAPED]]
        context = PlainContext(known.received, self._reading._tz, known.boot)
        for start in range(0, len(escaped), ROWS):
            some = escaped[start : start + ROWS]
            for reader in known.every:
                if reader.format.tokenizer == "json" and len(some):
                    texts, rows, some = read_slowly(reader.format, lease.buffer, some, context, self._out)
                    self._emit(
                        reader, Lease(Chunk(lease.number, lease.input, texts, len(texts) - PADDING)), rows, parsed
                    )
            rest.append(some)
        return np.concatenate(rest)

    def _emit(self, reader: Ready, lease: Lease, rows: int, parsed: Counter[str]) -> None:
        """Pack the first rows of the output and queue them."""
        if rows:
            parsed[reader.format.name] += rows
            packer = self._reading.packer(reader.format)
            self._put(packer, packer.batch(lease, reader.number, self._out, rows))


def parts(reader: Ready, lease: Lease, spans: np.ndarray) -> Iterator[tuple[tuple[Any, ...], np.ndarray]]:
    """Yield (arrays, spans): one pair, or one for each header that the lines of a chunk stand under."""
    if reader.headers:
        yield from reader.headers.parts(lease.index, lease.buffer, lease.end, spans)
    else:
        yield reader.arrays, spans


def lines_of(buffer: np.ndarray, end: int) -> tuple[np.ndarray, int]:
    """Return the lines of a chunk that are not empty, as rejects, and the number of all lines."""
    ends = np.flatnonzero(buffer[:end] == 10)
    starts = np.concatenate([[0], ends[:-1] + 1])
    table = np.stack([starts, ends, np.arange(len(ends)), np.full(len(ends), t.R_FOREIGN)], axis=1).astype(np.int64)
    return np.ascontiguousarray(table[ends > starts]), len(ends)


def received(source: Source, settings: Settings) -> int:
    """Return when an input was received, microseconds UTC: when it was last written, or the user's --now if that is earlier."""
    return min(source.mtime, settings.now) if settings.now is not None else source.mtime


def boot_time(buffer: np.ndarray, end: int, received: int) -> int | None:
    """Return when a machine booted whose log has only `[uptime]` stamps, taking its last line to be as old as its input."""
    import re

    text = bytes(buffer[max(0, end - 4096) : end])
    stamps: list[Any] = re.findall(rb"(?m)^(?:<\d{1,3}>)?(?:kernel: )?\[ *(\d{1,9})\.(\d{6})\]", text)
    if not stamps:
        return None
    seconds, micros = stamps[-1]
    return received - int(seconds) * 1_000_000 - int(micros)
