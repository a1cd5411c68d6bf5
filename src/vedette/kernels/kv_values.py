"""The values of the `kv` tokenizer: where they end, with quotes, escapes and separators inside, and what they say."""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline
from vedette.kernels.decode import NONE, U1, U2, U4, U8
from vedette.kernels.envelope import EAST, MIDNIGHT, TIME
from vedette.kernels.stamps import clock, date, zone, zone_name
from vedette.kernels.tables import (
    DATE,
    ENUM,
    F_BAD,
    F_ESCAPED,
    F_TWICE,
    FLAG,
    K_ARG,
    K_KIND,
    K_SLOT,
    K_SOFT,
    MATCH,
    P_ESCAPE,
    P_QUOTE,
    STAMP_3164,
    STAMP_ANY,
    STAMP_EPOCH,
    STAMP_ISO,
    TEXT,
    ZONE,
    text_value,
)
from vedette.kernels.values import decode, put_word, token_end, word_value
from vedette.kernels.words import find

C_PLAIN, C_EQUALS, C_SEPARATOR, C_NEWLINE, C_STOP, C_GLUE, C_REST = range(7)
"""Classes of bytes: part of a word, ends a key, ends a value, ends the line, ends the search, separator before the first key only,
ends what is read of a value."""

H_SPACED, H_START, H_LENGTH, H_SEPARATOR, H_COLUMNS, H_HEAD = range(6)
"""First row of the program: whether values hold separators; the head's first bytes (place in the names, length), the byte
that ends each of its columns, their number, whether there is a head. A row (field type, slot, family) for each column follows."""


@helper
def quoted_end(buf, pos, quote, escape):
    """Return the position of the closing quote or of the newline, and whether an escape was passed."""
    escaped = False
    while buf[pos] != quote and buf[pos] != 10:
        if buf[pos] == escape and buf[pos + U1] != 10:
            escaped = True
            pos += U1
        pos += U1
    return pos, escaped


@helper
def bare_end(buf, pos, cls):
    """Return the position of the byte that ends an unquoted value."""
    while cls[buf[pos]] != C_SEPARATOR and cls[buf[pos]] != C_NEWLINE:
        pos += U1
    return pos


@helper
def spaced_end(buf, first, cls, escape):
    """Return the end of a value that may hold separators, and whether an escape was passed.

    It ends before the separators in front of the next word of letters, digits, `_`, `.`, `-` that an unescaped `=` follows.
    """
    pos, end, gap, word = first, first, first, first
    key, apart, escaped = False, False, False
    while buf[pos] != 10:
        c = buf[pos]
        kind = cls[c]
        if kind == C_SEPARATOR:
            if not apart:
                gap = pos
            key, apart, word = True, True, pos + U1
        elif kind == C_EQUALS and key and pos != word:
            return gap, escaped
        else:
            apart = False
            if c == escape and buf[pos + U1] != 10:
                escaped, key = True, False
                pos += U1
            elif token_end(buf, pos) == pos or c > 127:
                key = False
            end = pos + U1
        pos += U1
    return end, escaped


@helper
def stamp_kind(buf, pos):
    """Return which stamp begins at `pos`: one that begins with a month's name, with `yyyy-` or `yyyy/`, or a time since 1970."""
    c = buf[pos] | np.uint8(32)
    if c >= 97 and c <= 122:
        return np.int64(STAMP_3164)
    for i in range(4):
        if buf[pos + np.uint64(i)] == 10:
            return np.int64(STAMP_EPOCH)
    return np.int64(STAMP_ISO if buf[pos + U4] == 45 or buf[pos + U4] == 47 else STAMP_EPOCH)


@inline
def bare_word(buf, pos, key, fmt, columns, row, mask):
    """Take a word that stands alone (`SYN`, `OPT (0204..)`) into its column; return (position after it, new mask)."""
    kmeta = fmt[3]
    slot = kmeta[key, K_SLOT]
    bit = U1 << np.uint64(slot)
    if kmeta[key, K_KIND] == FLAG:
        columns[slot, row] = (columns[slot, row] if mask & bit else 0) | kmeta[key, K_ARG]
        return pos, mask | bit
    if buf[pos] == 32 and buf[pos + U1] == 40 and mask & bit == 0:
        end = find(buf, pos + U2, 41)
        if buf[end] == 41 and end > pos + U2:
            columns[slot, row] = text_value(pos + U2, end)
            return end + U1, mask | bit
    return pos, mask


@inline
def part(buf, first, end, kind, arg, fmt, ctx):
    """Read a condition, or a part of a stamp into the scratch; return whether the condition holds, and whether the value is a good one."""
    scratch = ctx[2]
    if kind == MATCH:
        return arg == 0 or word_value(buf, first, end, arg, fmt[4], fmt[5], fmt[6]) != NONE, True
    if kind == ZONE:
        east, after = zone(buf, first)
        if east == NONE:
            east, after = zone_name(buf, first)
        if after == end and buf[first] != 32:
            scratch[EAST] = east
        return False, True
    found, after = NONE, first
    if kind == DATE:
        found, after = date(buf, first, ctx[1])
    else:
        found, after = clock(buf, first)
        if after > end and end == first + U8:  # `time=00:00:02,7=`: a separator looks like the point of a fraction
            found, after = found - found % 1_000_000, end
    good = after == end and found >= 0
    if good:
        scratch[MIDNIGHT if kind == DATE else TIME] = found
    return False, good


@inline
def value_end(buf, first, quoted, spaced, fmt):
    """Return the position after a value, of a quoted one that of the closing quote or the newline, and whether an escape was passed."""
    params = fmt[0]
    if quoted:
        return quoted_end(buf, first, params[P_QUOTE], params[P_ESCAPE])
    if spaced:
        return spaced_end(buf, first, fmt[1], params[P_ESCAPE])
    return bare_end(buf, first, fmt[1]), False


@inline
def whole_value(buf, first, quoted, key, fmt, ctx, columns, row, mask, named):
    """Read a value whose end is found first: a text, a word in quotes or with separators inside, a condition, a part of a stamp.

    Returns as `value` does.
    """
    kind, slot, arg = fmt[3][key, K_KIND], fmt[3][key, K_SLOT], fmt[3][key, K_ARG]
    bit = U1 << np.uint64(slot)
    end, escaped = value_end(buf, first, quoted, kind < DATE and fmt[8][0, H_SPACED] != 0, fmt)
    if kind == ENUM and quoted and buf[end] != fmt[0][P_QUOTE]:
        return end, mask, named | bit, F_BAD
    if end == first:
        return end, mask, named, 0
    if kind == TEXT:
        columns[slot, row] = text_value(first, end)
        return end, mask | bit, named | bit, F_ESCAPED if escaped else 0
    if kind >= DATE:
        holds, good = part(buf, first, end, kind, arg, fmt, ctx)
        return end, mask | bit if holds else mask, named | bit, 0 if good else F_BAD
    bits, flags = put_word(buf, first, end, slot, arg, fmt, columns, row)
    settled = bits != 0 or flags != 0 or not quoted or fmt[3][key, K_SOFT] != 1
    return end, mask | bits, named | bit if settled else named, flags


@inline
def typed_value(buf, first, quoted, key, fmt, ctx, columns, row, mask, named):
    """Decode a value that says itself where it ends, and check that values may end there; return as `value` does."""
    params, cls = fmt[0], fmt[1]
    kind, slot, arg = fmt[3][key, K_KIND], fmt[3][key, K_SLOT], fmt[3][key, K_ARG]
    bit = U1 << np.uint64(slot)
    before = columns[slot, row]
    if kind == STAMP_ANY:
        kind = stamp_kind(buf, first)
    after, bits = decode(buf, first, kind, slot, arg, fmt, ctx, columns, row)
    ending = cls[buf[after]]
    end = after
    if quoted:
        good = buf[after] == params[P_QUOTE]
    elif ending == C_REST and after != first:
        good, end = True, bare_end(buf, after, cls)
    else:
        good = ending == C_SEPARATOR or ending == C_NEWLINE
    if good:
        settled = after != first and (bits != 0 or fmt[3][key, K_SOFT] != 1)
        return end, mask | bits, named | bit if settled else named, 0
    columns[slot, row] = before
    if quoted:
        first = quoted_end(buf, first, params[P_QUOTE], params[P_ESCAPE])[0]
    return first, mask, named | bit, F_BAD


@inline
def value(buf, pos, key, fmt, ctx, columns, row, mask, named):
    """Decode the value of a key at `pos`; return (position of the byte after it, new mask, columns named so far, flags to raise).

    The first value of a column that is not empty wins, even if it does not decode: else a line could
    bring a second one that does.
    """
    params, kmeta = fmt[0], fmt[3]
    kind = kmeta[key, K_KIND]
    quoted = params[P_QUOTE] != 0 and buf[pos] == params[P_QUOTE]
    first = pos + U1 if quoted else pos
    if named & (U1 << np.uint64(kmeta[key, K_SLOT])) != 0:
        if quoted:
            pos = quoted_end(buf, first, params[P_QUOTE], params[P_ESCAPE])[0]
        return pos, mask, named, F_TWICE
    word = kind == ENUM and (quoted or (kmeta[key, K_ARG] > 0 and fmt[8][0, H_SPACED] != 0))
    if kind == TEXT or kind >= DATE or word:
        return whole_value(buf, first, quoted, key, fmt, ctx, columns, row, mask, named)
    return typed_value(buf, first, quoted, key, fmt, ctx, columns, row, mask, named)
