"""The same log given twice is one log: found by identity of the file, then by content, plain or compressed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from vedette.sources.files import FileSource

HEAD = 1 << 16
"""Decompressed bytes that must agree before inputs are read in full to compare them."""

BLOCK = 1 << 18
"""Decompressed bytes compared at a time."""

SIDE_BY_SIDE = 100
"""Inputs compared with all of them open; more are compared by hash, which is slower and needs one descriptor."""

Key = TypeVar("Key", bound=Hashable)
Group = list[FileSource]
Open = tuple[FileSource, FileSource]
"""A source, and another of the same file that is read to compare it."""


def mark_same(sources: Group) -> None:
    """Set `same_as` on each source whose file or content an earlier one has.

    Streams are told by identity only, because reading would use them up. Empty files are not
    compared, nor what cannot be read to its end. Files that are stored plain and differ in size
    cannot be equal: as long as none is compressed, only those of one size are opened.
    """
    _mark(_alike(sources, lambda source: source.identity or source.path))
    files = [source for source in sources if source.regular and source.size and not source.same_as]
    any_compressed = any(source.compressed for source in files)
    for sized in _alike(files, lambda source: 0 if any_compressed else source.size):
        for group in _alike(sized, lambda source: _digest(source, HEAD)):
            _mark(_side_by_side(group) if len(group) <= SIDE_BY_SIDE else _alike(group, _digest))


def _mark(groups: Iterable[Group]) -> None:
    for first, *others in groups:
        for later in others:
            later.same_as = first.path


def _alike(sources: Iterable[FileSource], key: Callable[[FileSource], Key | None]) -> list[Group]:
    """Return the groups of two or more sources that have one key; a key of None is like no other."""
    groups: dict[Key, Group] = {}
    for source in sources:
        if (value := key(source)) is not None:
            groups.setdefault(value, []).append(source)
    return [group for group in groups.values() if len(group) > 1]


def _digest(source: FileSource, limit: int | None = None) -> bytes | None:
    """Return a hash of the first `limit` decompressed bytes, or of all; None if they cannot be read or are none."""
    from hashlib import blake2b

    reader, digest, total = source.again(), blake2b(), 0
    while block := _block(reader, BLOCK if limit is None else min(limit - total, BLOCK)):
        digest.update(block)
        total += len(block)
    reader.close()
    return digest.digest() if total and reader.complete else None


def _side_by_side(group: Group) -> Iterator[Group]:
    """Yield the groups of equal content, reading all in step: what differs is left at the first difference."""
    waiting = [[(source, source.again()) for source in group]]
    while waiting:
        for block, part in _split(waiting.pop()):
            if not block:
                yield [source for source, _ in part]
            elif len(part) > 1:
                waiting.append(part)
            else:
                part[0][1].close()


def _split(group: list[Open]) -> list[tuple[bytes, list[Open]]]:
    """Return the groups whose next blocks are equal, each with its block; none is the end."""
    parts: list[tuple[bytes, list[Open]]] = []
    for source, reader in group:
        block = _block(reader, BLOCK)
        equal = next((part for known, part in parts if known == block), None)
        if not reader.complete:
            continue
        if equal is None:
            parts.append((block, [(source, reader)]))
        else:
            equal.append((source, reader))
    return parts


def _block(reader: FileSource, size: int) -> bytes:
    """Return the next `size` bytes, fewer only at the end."""
    block = bytearray(size)
    filled = 0
    while filled < size and (count := reader.readinto(memoryview(block)[filled:])):
        filled += count
    return bytes(block) if filled == size else bytes(block[:filled])
