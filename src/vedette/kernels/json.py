r"""The `json` tokenizer: one object a line, wanted paths found in a trie and decoded in place.

One loop scans a key and hashes it together with the node of the trie it stands in; a perfect hash
finds the path, its value is decoded on the spot, everything else is skipped. Skipped values are
checked as strictly as wanted ones (RFC 8259, no byte below 32 in a string, no leading zero, no NaN),
so a line that is no JSON never becomes an event. Nesting is limited to DEPTH.

A wanted string with escapes that stand for plain characters (`\/`, `\u0026`) is written back without
them, its closing quote moved and the room that is left filled with spaces: the line stays JSON of the
same meaning, however often it is read. Other escapes (`\"`, `\\`, controls), and any escape in the
name of a key, send the line to the slow path with R_ESCAPED.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline, kernel
from vedette.kernels.decode import NONE, U0, U1, U2, U3, U4, U5, U6, U8, digit, hexdigit, two
from vedette.kernels.tables import (
    CONTEXT,
    ENUM,
    F_BAD,
    F_TWICE,
    FORMAT,
    HEX,
    K_ARG,
    K_KIND,
    K_LENGTH,
    K_OFFSET,
    K_SLOT,
    LETTERS,
    MAX_LINE,
    MIX,
    OUTPUT,
    P_MUL,
    P_REQUIRED,
    P_SHIFT,
    R_BAD,
    R_EMPTY,
    R_ESCAPED,
    R_FOREIGN,
    R_LONG,
    S_TS,
    SKIP,
    STAMP_EPOCH,
    STAMP_ISO,
    STATE_ORDINAL,
    STATE_POS,
    STATE_REJECTS,
    STATE_ROWS,
    STATE_SPAN,
    TEXT,
    UINT,
    begin_row,
    end_row,
    line_end,
    no_flags,
    reject,
    text_value,
)
from vedette.kernels.values import decode, put_word, same_bytes, word_value

J_NODE, J_ORDINAL, J_CHILD, J_FAMILY, J_CONDITION = range(5, 10)
"""Further columns of a key's meta data: node it stands in, number of its path, node below it or -1, family of the words
that its value must be one of (-1 none, 0 anything but null) and the number of that condition."""

KEY_COLUMNS = 10
DEPTH = 32
"""Deepest nesting that is read."""

NODE_BITS = np.uint64(8)
NODES, NODE_DEPTH = 256, 8
"""Limits of a trie: its nodes, and its depth, so that the way down fits one uint64."""

PATHS = 64
"""Most paths of a format, so that those seen fit one uint64."""

WHOLE = sum(1 << kind for kind in (TEXT, ENUM, SKIP))
EITHER = sum(1 << kind for kind in (STAMP_ISO, STAMP_EPOCH))
DIGITS = sum(1 << kind for kind in (HEX, LETTERS))
"""Sets of field types: taken as a whole, stamps told by their looks, plain numbers where they are not in quotes."""

U12 = np.uint64(12)


@inline
def blank(buf, pos):
    """Return the position of the first byte from `pos` that is no space, tab or carriage return."""
    while buf[pos] == 32 or buf[pos] == 9 or buf[pos] == 13:
        pos += U1
    return pos


@helper
def hex4(buf, pos):
    """Return the value of four hexadecimal digits, or -1."""
    value = np.int64(0)
    for i in range(4):
        d = hexdigit(buf[pos + np.uint64(i)])
        if d > 15:
            return np.int64(-1)
        value = (value << 4) | d
    return value


@helper
def escape_end(buf, pos):
    """Return the position after the escape at `pos`, or `pos` if it is none."""
    c = buf[pos + U1]
    if c == 117:
        return pos + U6 if hex4(buf, pos + U2) >= 0 else pos
    if c == 34 or c == 92 or c == 47 or c == 98 or c == 102 or c == 110 or c == 114 or c == 116:
        return pos + U2
    return pos


@helper
def string_end(buf, pos):
    """Return (position of the closing quote, whether an escape was passed); a byte that is no quote tells a broken string."""
    escaped = False
    while True:
        c = buf[pos]
        while c >= 32 and c != 34 and c != 92:
            pos += U1
            c = buf[pos]
        if c != 92:
            return pos, escaped
        escaped = True
        after = escape_end(buf, pos)
        if after == pos:
            return pos, escaped
        pos = after


@helper
def digits_end(buf, pos):
    """Return the position after a run of digits."""
    while digit(buf[pos]) < 10:
        pos += U1
    return pos


@helper
def number_end(buf, start):
    """Return the position after a number (RFC 8259, 6), or the start."""
    pos = start
    if buf[pos] == 45:
        pos += U1
    after = pos + U1 if buf[pos] == 48 else digits_end(buf, pos)
    if after == pos or digit(buf[pos]) > 9:
        return start
    pos = after
    if buf[pos] == 46:
        after = digits_end(buf, pos + U1)
        if after == pos + U1:
            return start
        pos = after
    if (buf[pos] | np.uint8(32)) == 101:
        pos += U1
        if buf[pos] == 43 or buf[pos] == 45:
            pos += U1
        after = digits_end(buf, pos)
        if after == pos:
            return start
        pos = after
    return pos


@helper
def scalar_end(buf, pos):
    """Return the position after a number, true, false or null, or `pos` for anything else."""
    a, b, c, d = buf[pos], buf[pos + U1], buf[pos + U2], buf[pos + U3]
    if a == 116:
        return pos + U4 if b == 114 and c == 117 and d == 101 else pos
    if a == 110:
        return pos + U4 if b == 117 and c == 108 and d == 108 else pos
    if a == 102:
        return pos + U5 if b == 97 and c == 108 and d == 115 and buf[pos + U4] == 101 else pos
    return number_end(buf, pos)


@helper
def skip_key(buf, pos):
    """Return the position of the value after the key at `pos`, or `pos` if there is no key."""
    if buf[pos] != 34:
        return pos
    end, _ = string_end(buf, pos + U1)
    if buf[end] != 34:
        return pos
    end = blank(buf, end + U1)
    if buf[end] != 58:
        return pos
    return blank(buf, end + U1)


@helper
def skip_nested(buf, start, depth):
    """Return the position after the object or array at `start`, or `start` if it is broken or deeper than DEPTH in all."""
    pos = start
    objects = np.uint64(0)
    level = np.int64(0)
    while True:
        c = buf[pos]
        if c == 123 or c == 91:
            level += 1
            if depth + level > DEPTH:
                return start
            objects = (objects << U1) | (U1 if c == 123 else U0)
            pos = blank(buf, pos + U1)
            if buf[pos] != c + 2:
                if c == 123:
                    after = skip_key(buf, pos)
                    if after == pos:
                        return start
                    pos = after
                continue
        elif c == 34:
            pos, _ = string_end(buf, pos + U1)
            if buf[pos] != 34:
                return start
            pos += U1
        else:
            after = scalar_end(buf, pos)
            if after == pos:
                return start
            pos = after
        while True:
            pos = blank(buf, pos)
            if buf[pos] != (125 if objects & U1 else 93):
                break
            objects >>= U1
            level -= 1
            pos += U1
            if level == 0:
                return pos
        if buf[pos] != 44:
            return start
        pos = blank(buf, pos + U1)
        if objects & U1:
            after = skip_key(buf, pos)
            if after == pos:
                return start
            pos = after


@inline
def skip_value(buf, pos, depth):
    """Return the position after any value, or `pos` if it is broken."""
    c = buf[pos]
    if c == 34:
        end, _ = string_end(buf, pos + U1)
        return end + U1 if buf[end] == 34 else pos
    if c == 123 or c == 91:
        return skip_nested(buf, pos, depth)
    return scalar_end(buf, pos)


@helper
def code_point(buf, pos):
    """Return (code point, position after) of the escape at `pos`; -1 unless it stands for a character that needs none."""
    if buf[pos + U1] == 47:
        return np.int64(47), pos + U2
    if buf[pos + U1] != 117:
        return np.int64(-1), pos
    point, after = hex4(buf, pos + U2), pos + U6
    if point >= 0xD800 and point < 0xE000:
        low = hex4(buf, pos + U8) if buf[after] == 92 and buf[after + U1] == 117 else np.int64(-1)
        if point >= 0xDC00 or low < 0xDC00 or low >= 0xE000:
            return np.int64(-1), pos
        return 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00), pos + U12
    if point < 32 or point == 34 or point == 92:
        return np.int64(-1), pos
    return point, after


@helper
def put_utf8(buf, pos, point):
    """Write a code point at `pos` in UTF-8; return the position after it."""
    if point < 0x80:
        buf[pos] = np.uint8(point)
        return pos + U1
    if point < 0x800:
        buf[pos] = np.uint8(0xC0 | (point >> 6))
    else:
        if point < 0x10000:
            buf[pos] = np.uint8(0xE0 | (point >> 12))
        else:
            buf[pos] = np.uint8(0xF0 | (point >> 18))
            pos += U1
            buf[pos] = np.uint8(0x80 | ((point >> 12) & 63))
        pos += U1
        buf[pos] = np.uint8(0x80 | ((point >> 6) & 63))
    pos += U1
    buf[pos] = np.uint8(0x80 | (point & 63))
    return pos + U1


@helper
def unescape(buf, first, end):
    """Write the string from `first` to its closing quote at `end` without escapes; return its new end.

    Returns the position of the quote unchanged and leaves the bytes alone when an escape stands for
    a quote, a backslash, a control character or half a surrogate pair.
    """
    pos = first
    while pos < end:
        if buf[pos] == 92:
            point, after = code_point(buf, pos)
            if point < 0:
                return end
            pos = after
        else:
            pos += U1
    pos, to = first, first
    while pos < end:
        if buf[pos] == 92:
            point, pos = code_point(buf, pos)
            to = put_utf8(buf, to, point)
        else:
            buf[to] = buf[pos]
            to += U1
            pos += U1
    buf[to] = np.uint8(34)
    for i in range(to + U1, end + U1):
        buf[np.uint64(i)] = np.uint8(32)
    return to


@inline
def plain_string_end(buf, first):
    """Return (position of the closing quote of a wanted string that now has no escape, 0 or the reason to reject the line)."""
    end, escaped = string_end(buf, first)
    if buf[end] != 34:
        return end, R_BAD
    if escaped:
        shorter = unescape(buf, first, end)
        return shorter, R_ESCAPED if shorter == end else 0
    return end, 0


@inline
def find_path(buf, start, end, pack, node, fmt):
    """Return the row of the key table for the key from `start` to `end` in `node`, or -1."""
    params, kpack, kmeta = fmt[0], fmt[2], fmt[3]
    pack += node * MIX
    row = (pack * np.uint64(params[P_MUL])) >> np.uint64(params[P_SHIFT])
    if kpack[row] != pack or kmeta[row, K_LENGTH] != np.int64(end - start) or kmeta[row, J_NODE] != np.int64(node):
        return np.int64(-1)
    if end - start > U8 and not same_bytes(buf, start, fmt[6], kmeta[row, K_OFFSET], kmeta[row, K_LENGTH]):
        return np.int64(-1)
    return np.int64(row)


@inline
def holds(buf, first, end, family, fmt):
    """Tell whether the text of a value is a word of `family`; every text is one of family 0."""
    return family == 0 or word_value(buf, first, end, family, fmt[4], fmt[5], fmt[6]) != NONE


@inline
def stamp_kind(buf, first, kind):
    """Return the type of a stamp by its looks: many writers are configured to log either ISO or epoch."""
    if (EITHER >> kind) & 1:
        dated = (
            two(buf, first) < 100 and two(buf, first + U2) < 100 and (buf[first + U4] == 45 or buf[first + U4] == 47)
        )
        return STAMP_ISO if dated else STAMP_EPOCH
    return kind


@inline
def string_value(buf, first, key, kind, fmt, ctx, columns, row):
    """Decode a wanted string; return (position of its closing quote, mask, flags, 0 or the reason to reject the line)."""
    kmeta = fmt[3]
    slot, arg = kmeta[key, K_SLOT], kmeta[key, K_ARG]
    if (WHOLE >> kind) & 1:
        end, reason = plain_string_end(buf, first)
        if reason != 0 or end == first or kind == SKIP:
            return end, U0, 0, reason
        if kind == TEXT:
            columns[slot, row] = text_value(first, end)
            return end, U1 << np.uint64(slot), 0, 0
        bits, flags = put_word(buf, first, end, slot, arg, fmt, columns, row)
        return end, bits, flags, 0
    kind = stamp_kind(buf, first, kind)
    end = first
    for attempt in range(2):
        after, bits = decode(buf, first, kind, slot, arg, fmt, ctx, columns, row)
        if after != first and buf[after] == 34:
            return after, bits, 0, 0
        if attempt == 1:
            break
        end, reason = plain_string_end(buf, first)
        if reason != 0:
            return end, U0, 0, reason
    if end == first:
        if kind == LETTERS:
            columns[slot, row] = 0
            return end, U1 << np.uint64(slot), 0, 0
        return end, U0, 0, 0
    return end, U0, F_BAD, 0


@inline
def bare_value(buf, pos, end, key, kind, fmt, ctx, columns, row):
    """Decode a wanted number, true or false from `pos` to `end`; return (mask, flags)."""
    kmeta = fmt[3]
    slot, arg = kmeta[key, K_SLOT], kmeta[key, K_ARG]
    if kind == SKIP:
        return U0, 0
    if kind == TEXT:
        columns[slot, row] = text_value(pos, end)
        return U1 << np.uint64(slot), 0
    if kind == ENUM:
        return put_word(buf, pos, end, slot, arg, fmt, columns, row)
    if (DIGITS >> kind) & 1:
        kind = UINT
    after, bits = decode(buf, pos, stamp_kind(buf, pos, kind), slot, arg, fmt, ctx, columns, row)
    return (bits, 0) if after == end else (U0, F_BAD)


@inline
def value(buf, pos, key, depth, fmt, ctx, columns, row, mask):
    """Read the value of a wanted key; return (position after, new mask, flags, condition met or -1, 0 or the reason to reject).

    A column that has a value keeps it: where a format lists several paths to one, the first that tells wins.
    """
    kmeta = fmt[3]
    family, condition, kind = kmeta[key, J_FAMILY], kmeta[key, J_CONDITION], kmeta[key, K_KIND]
    if kind != SKIP and mask & (U1 << np.uint64(kmeta[key, K_SLOT])) != 0:
        kind = np.int64(SKIP)
    c = buf[pos]
    if c == 123 or c == 91:
        after = skip_nested(buf, pos, depth)
        met = condition if family == 0 else -1
        return after, mask, F_BAD if kind != SKIP else 0, met, R_BAD if after == pos else 0
    if kind == SKIP and family < 0:
        after = skip_value(buf, pos, depth)
        return after, mask, 0, np.int64(-1), R_BAD if after == pos else 0
    if c == 34:
        end, bits, flags, reason = string_value(buf, pos + U1, key, kind, fmt, ctx, columns, row)
        if reason != 0:
            return pos, mask, flags, np.int64(-1), reason
        met = condition if family >= 0 and holds(buf, pos + U1, end, family, fmt) else -1
        return end + U1, mask | bits, flags, met, 0
    end = scalar_end(buf, pos)
    if end == pos:
        return pos, mask, 0, np.int64(-1), R_BAD
    if c == 110:
        return end, mask, 0, np.int64(-1), 0
    bits, flags = bare_value(buf, pos, end, key, kind, fmt, ctx, columns, row)
    met = condition if family >= 0 and holds(buf, pos, end, family, fmt) else -1
    return end, mask | bits, flags, met, 0


@helper
def object_start(buf, pos):
    """Return the position of the line's `{`, after what may stand before it: `@cee:`, the bracket or comma of an array."""
    pos = blank(buf, pos)
    if buf[pos] == 64 and buf[pos + U1] == 99 and buf[pos + U2] == 101 and buf[pos + U3] == 101 and buf[pos + U4] == 58:
        pos = blank(buf, pos + U5)
    if buf[pos] == 91 or buf[pos] == 44:
        pos = blank(buf, pos + U1)
    return pos


@helper
def ends_well(buf, pos):
    """Tell whether nothing but blanks and one comma or bracket of an array follows the object."""
    pos = blank(buf, pos)
    if buf[pos] == 44 or buf[pos] == 93:
        pos = blank(buf, pos + U1)
    return buf[pos] == 10


@inline
def scan_object(buf, start, fmt, ctx, columns, row):
    """Read the line at `start` into `row`; return (a position in it, mask, flags, conditions met, 0 or the reason to reject it)."""
    kmeta = fmt[3]
    pos, base = begin_row(buf, start, fmt, ctx, columns, row)
    header_ts = columns[S_TS, row]
    mask, met, seen = U0, U0, U0
    flags = 0
    pos = object_start(buf, pos)
    if buf[pos] != 123:
        return pos, mask, flags, met, R_FOREIGN
    node, way, depth = U0, U0, np.int64(1)
    pos = blank(buf, pos + U1)
    opened = True
    while True:
        while buf[pos] == 125:
            opened = False
            depth -= 1
            pos += U1
            if depth == 0:
                if mask & (U1 << np.uint64(S_TS)) == 0:
                    columns[S_TS, row] = header_ts
                return pos, mask | base, flags, met, 0 if ends_well(buf, pos) else R_BAD
            node = way & np.uint64(255)
            way >>= NODE_BITS
            pos = blank(buf, pos)
        if not opened:
            if buf[pos] != 44:
                return pos, mask, flags, met, R_BAD
            pos = blank(buf, pos + U1)
        opened = False
        if buf[pos] != 34:
            return pos, mask, flags, met, R_BAD
        pos += U1
        name = pos
        pack = U0
        c = buf[pos]
        while c >= 32 and c != 34 and c != 92:
            pack = ((pack << U8) | (pack >> np.uint64(56))) ^ np.uint64(c)
            pos += U1
            c = buf[pos]
        if c != 34:
            return pos, mask, flags, met, R_ESCAPED if c == 92 else R_BAD
        key = find_path(buf, name, pos, pack, node, fmt)
        pos = blank(buf, pos + U1)
        if buf[pos] != 58:
            return pos, mask, flags, met, R_BAD
        pos = blank(buf, pos + U1)
        again = False
        if key >= 0:
            bit = U1 << np.uint64(kmeta[key, J_ORDINAL])
            again = seen & bit != 0
            seen |= bit
            if again:
                flags |= F_TWICE
        if key < 0 or again:
            after = skip_value(buf, pos, depth)
            if after == pos:
                return pos, mask, flags, met, R_BAD
            pos = after
        elif buf[pos] == 123 and kmeta[key, J_CHILD] >= 0:
            if kmeta[key, J_FAMILY] == 0:
                met |= U1 << np.uint64(kmeta[key, J_CONDITION])
            way = (way << NODE_BITS) | node
            node = np.uint64(kmeta[key, J_CHILD])
            depth += 1
            pos += U1
            opened = True
        else:
            pos, mask, raised, condition, reason = value(buf, pos, key, depth, fmt, ctx, columns, row, mask)
            flags |= raised
            if reason != 0:
                return pos, mask, flags, met, reason
            if condition >= 0:
                met |= U1 << np.uint64(condition)
        pos = blank(buf, pos)


@kernel(f"void(uint8[::1], int64[:,::1], {FORMAT}, {CONTEXT}, {OUTPUT})")
def json(buf, spans, fmt, ctx, out):
    """Read the lines of `spans`; same call as kernels.kv.kv. The program's first row has the conditions of `[match]`."""
    columns, masks, ordinals, flags, rejects, state = out
    required = np.uint64(fmt[0][P_REQUIRED])
    conditions = np.uint64(fmt[8][0, 0])
    room, space = masks.shape[0], rejects.shape[0]
    row = state[STATE_ROWS]
    while state[STATE_SPAN] < spans.shape[0]:
        span = np.uint64(state[STATE_SPAN])
        pos, end = np.uint64(state[STATE_POS]), np.uint64(spans[span, 1])
        ordinal = state[STATE_ORDINAL]
        if pos == 0 and ordinal == 0:
            pos, ordinal = np.uint64(spans[span, 0]), spans[span, 2]
        while pos < end and row < room and state[STATE_REJECTS] < space:
            at, mask, raised, met, reason = scan_object(buf, pos, fmt, ctx, columns, row)
            stop = line_end(buf, at)
            if stop - pos > MAX_LINE:
                reason = R_LONG
            elif reason == 0 and met != conditions:
                reason = R_FOREIGN
            elif reason == 0 and mask & required != required:
                reason = R_FOREIGN if raised & F_BAD == 0 else R_BAD
            elif stop == pos:
                reason = R_EMPTY
            if reason != 0:
                reject(out, pos, stop, ordinal, reason)
            else:
                masks[row] = end_row(fmt, columns, row, no_flags(fmt, columns, row, mask))
                flags[row] = raised
                ordinals[row] = ordinal
                row += 1
            pos = stop + U1
            ordinal += 1
        state[STATE_ROWS] = row
        if pos < end:
            state[STATE_POS] = np.int64(pos)
            state[STATE_ORDINAL] = ordinal
            return
        state[STATE_SPAN] += 1
        state[STATE_POS] = 0
        state[STATE_ORDINAL] = 0
