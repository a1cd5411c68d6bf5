"""What the tokenizers share: codes of a compiled format, the shape of their output, small look-ups.

`reading/tables.py` compiles a format file into these arrays; no kernel knows a vendor.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline
from vedette.kernels.decode import NONE, U1
from vedette.kernels.envelope import HOST, HOST_END, TAG, TS, UPTIME, envelope
from vedette.kernels.words import find
from vedette.schema import sql_columns

STORED = tuple(name for name, _ in sql_columns() if name not in ("record", "format"))
SLOT = {name: number for number, name in enumerate(STORED)}
"""Column name -> row of the output; addresses take two, the upper half first."""

SLOTS = len(STORED)
S_TS, S_PROTO, S_SENSOR, S_TCP_FLAGS = SLOT["ts"], SLOT["proto"], SLOT["sensor"], SLOT["tcp_flags"]
TCP_ONLY = sum(1 << SLOT[name] for name in ("tcp_flags", "tcp_window", "tcp_seq", "tcp_options"))
ICMP_ONLY = sum(1 << SLOT[name] for name in ("icmp_type", "icmp_code"))

SKIP, TEXT, UINT, IP, HEX, ENUM, FLAG, PAREN, STAMP_ISO, STAMP_EPOCH, STAMP_CLF, STAMP_3164, REQUEST, IP_PORT, CODE = (
    range(15)
)
IP_NAME, IP_LIST, FLAG_WORDS, LETTERS, STAMP_ANY, STAMP_SNORT = range(15, 21)
DATE, CLOCK, QUERY, ZONE, MATCH = range(40, 45)
"""Field types: how a value's bytes become column values. DATE, CLOCK and ZONE are a stamp in parts, QUERY joins the URL before
it, MATCH is a condition."""

F_BAD, F_ESCAPED, F_TWICE = 1, 2, 4
"""Flags of a row: a value that did not decode (left out), an escape kept as logged, an equal key again (the first won)."""

R_FOREIGN, R_BAD, R_LONG, R_EMPTY, R_ESCAPED, R_HEADER = range(1, 7)
"""Reasons of a reject: not this format's line, a needed field missing or malformed, over 64 KiB, empty, needs the slow
path (the reference reads it), tells the columns of the lines after it or is a comment."""

MAX_LINE = np.uint64(65_536)
MAX_TEXT = np.uint64(4_096)
"""Bytes of a line that are read, and of a text field that are stored (reliability limits)."""

LENGTH_BITS = 20
"""A text value in the output is its position in the chunk << 20 | its length."""

(
    P_HEADER,
    P_REQUIRED,
    P_MUL,
    P_SHIFT,
    P_QUOTE,
    P_ESCAPE,
    P_WORDS,
    P_TCP_FLAGS,
    P_NIL,
    P_COLUMNS,
    P_PREFIX,
    P_PROGRAMS,
    P_RECEIVED,
    P_BOOT,
) = range(14)
"""Slots of the int64 parameters of a compiled format: header mode, mask of required columns, perfect hash, quote and
escape bytes, slot that words before the first key set (or -1), whether TCP lines always tell flags, byte that alone means
no value, mask of the columns that the format can set, bytes of words that may stand before the first key, family of the
programs that may write such lines (or 0 for any); then, per input, receipt time and boot time (microseconds UTC or NONE)."""

PARAMS = 14
K_LENGTH, K_OFFSET, K_KIND, K_SLOT, K_ARG, K_SOFT = range(6)
"""Columns of a key's meta data: name length, its place in the names, field type, output slot, argument, 1 if a word that it
does not know leaves the column to a later key."""

E_FAMILY, E_LENGTH, E_VALUE, E_OFFSET = range(4)
"""Columns of an enumeration word's meta data; a family of -1 marks an empty place."""

STATE_SPAN, STATE_POS, STATE_ORDINAL, STATE_ROWS, STATE_REJECTS = (np.uint64(n) for n in range(5))
"""Slots of the resumable state of a kernel over one chunk."""

FORMAT = "Tuple((int64[::1], uint8[::1], uint64[::1], int64[:,::1], uint64[::1], int64[:,::1], uint8[::1], int64[:,::1], int64[:,::1]))"
"""Type of a compiled format: params, byte classes, key packs, key meta, word packs, word meta, names, defaults, program."""

OUTPUT = "Tuple((int64[:,::1], uint64[::1], int64[::1], uint8[::1], int64[:,::1], int64[::1]))"
"""Type of the output: columns by rows, mask of columns seen, line ordinals, flags, rejects (start, end, ordinal, reason), state."""

CONTEXT = "Tuple((int64[:,::1], int64[::1], int64[::1], int64[:,::1]))"
"""Type of the context of one input and thread: time zone table, date cache, scratch of the envelope, memory of earlier lines."""

MOST_KEYS = 1024
MEMORY = (2 * (MOST_KEYS + 1), 7)
"""Shape of the memory: two rows for each key of a format, and two for the beginning of a line; see kv.py."""


MIX = np.uint64(0x9E3779B97F4A7C15)
"""Odd multiplier of the word table: 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4)."""


@inline
def text_value(start, end):
    """Return a text value: position and length, cut at MAX_TEXT."""
    length = end - start
    if length > MAX_TEXT:
        length = MAX_TEXT
    return np.int64((start << np.uint64(LENGTH_BITS)) | length)


@inline
def begin_row(buf, start, fmt, ctx, out, row):
    """Read the envelope of a line into its row; return (position of the device's own words, mask of columns set)."""
    params, scratch = fmt[0], ctx[2]
    if params[P_HEADER] == 0:
        scratch[TAG] = np.int64(start)
        return start, np.uint64(0)
    pos = envelope(buf, start, params[P_HEADER] - 1, params[P_RECEIVED], ctx[0], ctx[1], scratch)
    mask = np.uint64(0)
    if scratch[TS] != NONE:
        out[S_TS, row] = scratch[TS]
        mask |= U1 << np.uint64(S_TS)
    elif scratch[UPTIME] != NONE and params[P_BOOT] != NONE:
        out[S_TS, row] = params[P_BOOT] + scratch[UPTIME]
        mask |= U1 << np.uint64(S_TS)
    if scratch[HOST_END] > scratch[HOST]:
        out[S_SENSOR, row] = text_value(np.uint64(scratch[HOST]), np.uint64(scratch[HOST_END]))
        mask |= U1 << np.uint64(S_SENSOR)
    return pos, mask


@inline
def no_flags(fmt, columns, row, mask):
    """Note "no flags" for a TCP line that names none, where the format says that its lines always tell them; return the mask."""
    if fmt[0][P_TCP_FLAGS] == 1 and mask & (U1 << np.uint64(S_PROTO)) != 0 and columns[S_PROTO, row] == 6:
        if mask & (U1 << np.uint64(S_TCP_FLAGS)) == 0:
            columns[S_TCP_FLAGS, row] = 0
            mask |= U1 << np.uint64(S_TCP_FLAGS)
    return mask


@inline
def end_row(fmt, out, row, mask):
    """Fill defaults and drop what the protocol cannot have; return the final mask of columns set."""
    defaults = fmt[7]
    for i in range(defaults.shape[0]):
        slot = defaults[i, 0]
        if mask & (U1 << np.uint64(slot)) == 0:
            out[slot, row] = defaults[i, 1]
            mask |= U1 << np.uint64(slot)
    if mask & (U1 << np.uint64(S_PROTO)) != 0:
        proto = out[S_PROTO, row]
        if proto != 6:
            mask &= ~np.uint64(TCP_ONLY)
        if proto != 1 and proto != 58:
            mask &= ~np.uint64(ICMP_ONLY)
    return mask


@helper
def line_end(buf, pos):
    """Return the position of the next newline."""
    return find(buf, pos, 10)


@inline
def reject(out, start, end, ordinal, reason):
    """Add a line to the rejects of the output."""
    rejects, state = out[4], out[5]
    n = np.uint64(state[STATE_REJECTS])
    rejects[n, 0] = np.int64(start)
    rejects[n, 1] = np.int64(end)
    rejects[n, 2] = ordinal
    rejects[n, 3] = reason
    state[STATE_REJECTS] += 1
