"""Compile the paths and conditions of a `json` format into the trie that its kernel walks.

    [path]                             # what to read; `a.b` is `b` in the object `a`, or a key with a dot in its name
    "src_ip" = "src_ip"
    "alert.signature" = "signature"
    "tcp.tcp_flags" = "tcp_flags:hex"

    [match]                            # all of them hold, or the line is not this format's
    "event_type" = ["alert", "drop"]   # the value is one of these words, letters in any case
    "alert" = true                     # there is something but null

Where several paths lead to one column, the first of them that the line has a value for wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as of
from typing import Any

import numpy as np

from vedette.kernels import json as j
from vedette.kernels import tables as t
from vedette.reading.fields import Families, Field, Names, field

NOTHING = Field(t.SKIP, 0, 0)
ANYTHING = 0
"""Family of a condition that any value but null meets."""


@dataclass(slots=True)
class Key:
    """One key of the trie: what its value is decoded to, the condition that it must meet, the node below it (-1 none)."""

    node: int
    name: bytes
    ordinal: int
    target: Field = NOTHING
    family: int = -1
    condition: int = -1
    child: int = -1


@dataclass(slots=True)
class Trie:
    """The keys of a format by (node, name); node 0 is the line's own object."""

    keys: dict[tuple[int, str], Key] = of(default_factory=dict)
    ordinals: dict[str, int] = of(default_factory=dict)
    nodes: int = 1

    def key(self, node: int, name: str, path: str) -> Key:
        """Return the key of a name in a node, made if it is new; keys of one path share its number."""
        ordinal = self.ordinals.setdefault(path, len(self.ordinals))
        return self.keys.setdefault((node, name), Key(node, name.encode(), ordinal))

    def ends(self, path: str) -> list[Key]:
        """Return the keys that a path leads to: the nested one, and the one that has the whole path for a name."""
        *above, last = path.split(".")
        if len(above) > j.NODE_DEPTH or not all([*above, last]):
            raise ValueError(f"{path!r}: empty name, or more than {j.NODE_DEPTH} dots")
        node, so_far = 0, ""
        for name in above:
            so_far += name
            key = self.key(node, name, so_far)
            if key.child < 0:
                key.child, self.nodes = self.nodes, self.nodes + 1
            node, so_far = key.child, so_far + "."
        return [self.key(node, last, path), *([self.key(0, path, path)] if above else [])]


def build(spec: dict[str, Any], families: Families) -> tuple[Trie, int]:
    """Return (trie, number of conditions) of a format. Raises ValueError for a path that means nothing."""
    trie = Trie()
    for path, target in spec.get("path", {}).items():
        decoded = field(target, families)
        if decoded.kind in (t.REQUEST, t.FLAG, t.PAREN):
            raise ValueError(f"{path!r}: {target!r} cannot be read from JSON")
        for key in trie.ends(path):
            key.target = decoded
    for number, (path, words) in enumerate(spec.get("match", {}).items()):
        family = (
            ANYTHING if words is True else families.add(dict.fromkeys([words] if isinstance(words, str) else words, 1))
        )
        for key in trie.ends(path):
            key.family, key.condition = family, number
    if len(trie.ordinals) > j.PATHS or trie.nodes > j.NODES:
        raise ValueError(f"more than {j.PATHS} paths, objects on the way counted")
    return trie, len(spec.get("match", {}))


def packed(name: bytes, node: int) -> int:
    """Return the hash of a key in its node, as the kernel makes it while scanning."""
    value = 0
    for byte in name:
        value = ((value << 8 | value >> 56) & 2**64 - 1) ^ byte
    return (value + node * int(t.MIX)) & 2**64 - 1


def path_table(trie: Trie, names: Names) -> tuple[int, int, np.ndarray, np.ndarray]:
    """Return (multiplier, shift, packs, meta) of the keys of a trie, for kernels.json."""
    from vedette.reading.tables import perfect_hash

    keys = list(trie.keys.values())
    multiplier, shift, size = perfect_hash([packed(key.name, key.node) for key in keys])
    packs = np.zeros(size, np.uint64)
    meta = np.full((size, j.KEY_COLUMNS), -1, np.int64)
    for key in keys:
        place = (packed(key.name, key.node) * multiplier & 2**64 - 1) >> shift
        packs[place] = packed(key.name, key.node)
        meta[place] = (
            len(key.name),
            names.add(key.name),
            *key.target,
            key.node,
            key.ordinal,
            key.child,
            key.family,
            key.condition,
        )
    return multiplier, shift, packs, meta


def conditions_row(count: int) -> list[list[int]]:
    """Return the program of a json format: one row that holds the mask of its conditions."""
    return [[(1 << count) - 1, 0, 0, 0, 0, 0]]
