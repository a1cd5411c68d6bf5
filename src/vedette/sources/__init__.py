"""Where bytes come from: `open_inputs` turns what the user named into sources, `files` and `compressed` read them.

A source gives bytes and says what went wrong; it never raises for what is in a file or on a disk,
so that one bad input loses nothing of the others. Files are opened when they are first read: a
directory of ten thousand needs one descriptor at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from vedette.sources.compressed import OUTPUT_CAP
from vedette.sources.files import FileSource, Unreadable, standard_input
from vedette.sources.paths import expand
from vedette.sources.same import mark_same


class Source(Protocol):
    """One input as bytes, decompressed.

    `path` is what to show. `mtime` is when it was last written, in microseconds since 1970 UTC (a
    stream: now). `size` is its length as stored, in bytes, None for a stream; `position` says how
    many of them are consumed; `compressed` tells whether they become more when read. `problem` says in a sentence, without the path, what is wrong and what
    to do; `complete` turns False once bytes are known to be missing. `same_as` names the input that
    holds the same content and is read instead.
    """

    path: str
    mtime: int
    size: int | None
    compressed: bool
    complete: bool
    problem: str | None
    same_as: str | None

    @property
    def position(self) -> int:
        """Return how many stored bytes are consumed."""

    def readinto(self, view: memoryview) -> int:
        """Put the next bytes into `view`, as many as are at hand, and return how many; 0 is the end."""

    def close(self) -> None:
        """Close what is open; the source gives nothing more."""


def open_inputs(paths: Sequence[str], output_cap: int = OUTPUT_CAP) -> list[Source]:
    """Return a source for each file that `paths` name: files, directories, globs, "-" for standard input.

    Directories are walked recursively, in the order of names, without hidden files, sockets, pipes
    and devices; links are followed, each directory once. What cannot be read is a source with a
    `problem`. A compressed input ends incomplete after `output_cap` bytes of output. The second
    appearance of the same file, or of the same content, plain or compressed, gets `same_as`.
    """
    sources = list(_sources(paths, output_cap))
    mark_same([source for source in sources if isinstance(source, FileSource)])
    return list[Source](sources)


def _sources(paths: Sequence[str], output_cap: int) -> Iterable[FileSource | Unreadable]:
    for path in paths:
        if path == "-":
            yield standard_input(output_cap)
            continue
        for found, what in expand(path):
            source = Unreadable(found, what) if isinstance(what, str) else FileSource(found, what, output_cap)
            problem = source.problem or (source.look() if isinstance(source, FileSource) else None)
            yield Unreadable(found, problem, source.size, source.mtime) if problem else source
