"""Compile a format file into the arrays that its tokenizer reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from vedette.kernels import tables as t
from vedette.kernels.kv_values import C_EQUALS, C_GLUE, C_NEWLINE, C_REST, C_SEPARATOR, C_STOP
from vedette.reading.csv_table import compile_columns, nil_words, resolve
from vedette.reading.fields import HEADERS, WORDS, Families, Field, Names, columns_mask, default_value, field, pack
from vedette.reading.json_table import build, conditions_row, path_table
from vedette.reading.patterns import compile_patterns
from vedette.schema import ACTIONS

TOKENIZERS = ("kv", "dissect", "csv", "json")
"""What a format file may name; each is a kernel of the same name in kernels/ and a reference in reading/reference.py."""


PARTS = {"ts:date": Field(t.DATE, 60, 0), "ts:clock": Field(t.CLOCK, 61, 0), "ts:zone": Field(t.ZONE, 62, 0)}
"""Parts of a stamp in a kv format; their slots are bits that no column and no condition has."""


class Compiled(NamedTuple):
    """The arrays of one format, in the order of kernels.tables.FORMAT."""

    params: np.ndarray
    classes: np.ndarray
    key_packs: np.ndarray
    key_meta: np.ndarray
    word_packs: np.ndarray
    word_meta: np.ndarray
    names: np.ndarray
    defaults: np.ndarray
    program: np.ndarray


def perfect_hash(packs: list[int]) -> tuple[int, int, int]:
    """Return (multiplier, shift, size) of a multiply-shift hash without collisions over the packed keys.

    Raises ValueError when two keys pack alike (equal length and last eight bytes).
    """
    if len(set(packs)) != len(packs):
        raise ValueError("two keys have the same length and the same last eight bytes")
    for bits in range(max(1, len(packs)).bit_length(), 14):
        shift = 64 - bits
        for multiplier in multipliers():
            if len({(pack * multiplier & 2**64 - 1) >> shift for pack in packs}) == len(packs):
                return multiplier, shift, 1 << bits
    raise ValueError("no perfect hash found")


def multipliers() -> Iterable[int]:
    """Yield odd 64-bit numbers of a fixed sequence (Weyl sequence over the golden ratio, mixed by splitmix64)."""
    state = 0
    for _ in range(2000):
        state = (state + 0x9E3779B97F4A7C15) & 2**64 - 1
        z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & 2**64 - 1
        yield (z ^ (z >> 27)) | 1


def hashed(word: bytes) -> int:
    """Return what of a key the hash sees: its last eight bytes and its length."""
    return pack(word) ^ (len(word) << 56 & 2**64 - 1)


def key_table(spec: dict[str, Any], families: Families, names: Names) -> tuple[int, int, np.ndarray, np.ndarray]:
    """Return (multiplier, shift, packs, meta) of a format's keys and bare words."""
    keys = spec.get("key", {})
    rows = [(key.encode(), key_field(target.removesuffix("?"), families)) for key, target in keys.items()]
    soft = {key.encode() for key, target in keys.items() if target.endswith("?")}
    for number, (key, known) in enumerate(spec.get("match", {}).items()):
        family = 0 if known is True else families.add(dict.fromkeys([known] if isinstance(known, str) else known, 1))
        rows.append((key.encode(), Field(t.MATCH, t.SLOTS + number, family)))
    for word, effect in spec.get("word", {}).items():
        ((column, value),) = effect.items()
        kind = t.PAREN if value == "parenthesis" else t.FLAG
        rows.append((word.encode(), Field(kind, t.SLOT[column], 0 if kind == t.PAREN else int(value))))
    multiplier, shift, size = perfect_hash([hashed(word) for word, _ in rows])
    if size > t.MOST_KEYS:
        raise ValueError(f"{len(rows)} keys and words are more than the memory of a kernel has room for")
    packs = np.zeros(size, np.uint64)
    meta = np.full((size, 6), -1, np.int64)
    for word, (kind, slot, arg) in rows:
        place = (hashed(word) * multiplier & 2**64 - 1) >> shift
        packs[place] = pack(word)
        meta[place] = (len(word), names.add(word), kind, slot, arg, int(word in soft))
    return multiplier, shift, packs, meta


def key_field(text: str, families: Families) -> Field:
    """Return what a key of a kv format means: a column, or a part of a stamp that has a key of its own."""
    if text in PARTS:
        families.columns |= 1 << t.SLOT["ts"]
        return PARTS[text]
    return field(text, families)


def conditions_mask(spec: dict[str, Any]) -> int:
    """Return the mask of the conditions of a kv format, whose bits stand above those of the columns."""
    return ((1 << len(spec.get("match", {}))) - 1) << t.SLOTS if spec["tokenizer"] == "kv" else 0


def head_rows(spec: dict[str, Any], families: Families, names: Names) -> list[list[int]]:
    """Return the program of a kv format: whether values hold separators (`spaced`), and the head that stands before the keys.

    A head has `start`, what the message begins with, `separator`, the byte that ends each of its columns, and `columns`: a text
    column, `_`, or a list of words of which this text is one, or the line is another format's.
    """
    head = spec.get("head", {"start": "", "separator": "|", "columns": []})
    rows = [[int(spec.get("spaced", False)), names.add(head["start"].encode()), len(head["start"].encode()),
             ord(head["separator"]), len(head["columns"]), int("head" in spec)]]  # fmt: skip
    for column in head["columns"]:
        words = isinstance(column, list)
        target = Field(t.ENUM, -1, families.add(dict.fromkeys(column, 1))) if words else field(column, families)
        if target.kind not in (t.ENUM, t.SKIP, t.TEXT):
            raise ValueError(f"{column!r} cannot be read from a head: texts only")
        rows.append([*target, 0, 0, 0])
    return rows


def word_table(words: list[tuple[int, bytes, int]], names: Names) -> tuple[np.ndarray, np.ndarray]:
    """Return (packs, meta) of the open-addressed table of enumeration words, at most half full."""
    size = 1 << max(2, (2 * len(words)).bit_length())
    packs = np.zeros(size, np.uint64)
    meta = np.full((size, 4), -1, np.int64)
    for family, word, value in words:
        place = ((pack(word) + family) * int(t.MIX) & 2**64 - 1) >> 40 & (size - 1)
        while meta[place, t.E_FAMILY] >= 0:
            place = (place + 1) & (size - 1)
        packs[place] = pack(word)
        meta[place] = (family, len(word), value, names.add(word))
    return packs, meta


def byte_classes(spec: dict[str, Any]) -> np.ndarray:
    """Return the class of each byte for the kv tokenizer."""
    classes = np.zeros(256, np.uint8)
    for name, kind in (
        ("glue", C_GLUE),
        ("separators", C_SEPARATOR),
        ("equals", C_EQUALS),
        ("stop", C_STOP),
        ("rest", C_REST),
    ):
        for byte in spec.get(name, "").encode():
            classes[byte] = kind
    classes[10] = C_NEWLINE
    return classes


def nil_classes(spec: dict[str, Any]) -> np.ndarray:
    """Return 1 for each byte that a word of the csv tokenizer's `nil` may begin with, in either case."""
    classes = np.zeros(256, np.uint8)
    classes[[word.encode()[0] for text in nil_words(spec) if text for word in (text.lower(), text.upper())]] = 1
    return classes


def verdict_words(spec: dict[str, Any]) -> tuple[int, list[tuple[int, bytes, int]]]:
    """Return (slot, words) of the verdict that a log prefix tells, or (-1, [])."""
    for column, values in spec.get("verdict", {}).items():
        words = [
            (WORDS, word.lower().encode(), ACTIONS[value]) for value, spelled in values.items() for word in spelled
        ]
        return t.SLOT[column], words
    return -1, []


def compile_format(spec: dict[str, Any]) -> Compiled:
    """Compile the parsed TOML of a format file. Raises ValueError, with what is wrong, for a file that means nothing."""
    names, families = Names(), Families(spec.get("enum", {}))
    if spec.get("tokenizer") not in TOKENIZERS:
        raise ValueError(f"tokenizer = {spec.get('tokenizer')!r} is none of {', '.join(TOKENIZERS)}")
    tokenizer = spec["tokenizer"]
    program = [[0] * 6]
    if tokenizer == "dissect":
        program = compile_patterns(spec, families, names)
    elif tokenizer == "csv":
        program = compile_columns(spec, families, names)
    elif tokenizer == "kv":
        program = head_rows(spec, families, names)
    if tokenizer == "json":
        trie, conditions = build(spec, families)
        program = conditions_row(conditions)
        multiplier, shift, key_packs, key_meta = path_table(trie, names)
    else:
        multiplier, shift, key_packs, key_meta = key_table(spec, families, names)
    programs = families.add(dict.fromkeys(spec["programs"], 1)) if "programs" in spec else 0
    slot, words = verdict_words(spec)
    word_packs, word_meta = word_table(families.words + words, names)
    params = np.zeros(t.PARAMS, np.int64)
    params[t.P_HEADER] = HEADERS[spec.get("header", "none")]
    params[t.P_REQUIRED] = columns_mask(spec["required"]) | conditions_mask(spec)
    params[t.P_MUL] = np.uint64(multiplier).astype(np.int64)
    params[t.P_SHIFT] = shift
    params[t.P_QUOTE] = ord(spec["quote"]) if "quote" in spec else 0
    params[t.P_ESCAPE] = ord(spec.get("escape", spec.get("quote", "\0") if tokenizer == "csv" else "\\"))
    params[t.P_WORDS] = slot
    params[t.P_TCP_FLAGS] = int(spec.get("tcp_flags_always", False))
    params[t.P_NIL] = ord(spec["nil"]) if "nil" in spec and tokenizer != "csv" else 0
    params[t.P_COLUMNS] = families.columns
    params[t.P_PREFIX] = spec.get("prefix_bytes", 0)
    params[t.P_PROGRAMS] = programs
    params[t.P_RECEIVED], params[t.P_BOOT] = 0, -(1 << 63)
    defaults = [(t.SLOT[name], default_value(name, value)) for name, value in spec.get("default", {}).items()]
    classes = nil_classes(spec) if tokenizer == "csv" else byte_classes(spec)
    return Compiled(params, classes, key_packs, key_meta, word_packs, word_meta, names.array(),
                    np.array(defaults, np.int64).reshape(-1, 2), np.array(program, np.int64))  # fmt: skip


def with_header(spec: dict[str, Any], header: bytes) -> Compiled:
    """Compile a header-driven csv format for the columns that a header line names. Raises ValueError for a line that is none."""
    return compile_format(resolve(spec, header))
