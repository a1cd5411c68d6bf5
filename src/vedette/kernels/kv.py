"""The `kv` tokenizer: lines of `KEY=value`, `key:"value";` and bare words, decoded in place.

One loop scans and packs the last eight bytes of a key; a perfect hash finds it; its value is decoded
on the spot. A key must touch a separator, so `url=/?SRC=1.2.3.4` never matches; the first of two
equal keys wins; a stop byte (netfilter's `[` before the inner packet of an ICMP error) ends the line.
Before the keys may stand a head, texts between separators of their own (CEF, LEEF).
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline, kernel
from vedette.kernels.decode import NONE, U1, U2, U3, U4
from vedette.kernels.envelope import BODY, EAST, MIDNIGHT, TAG, TIME, WAY
from vedette.kernels.kv_values import (
    C_EQUALS,
    C_GLUE,
    C_NEWLINE,
    C_PLAIN,
    C_SEPARATOR,
    C_STOP,
    H_COLUMNS,
    H_HEAD,
    H_LENGTH,
    H_SEPARATOR,
    H_START,
    bare_word,
    quoted_end,
    value,
)
from vedette.kernels.stamps import to_utc
from vedette.kernels.tables import (
    CONTEXT,
    ENUM,
    F_BAD,
    FLAG,
    FORMAT,
    K_KIND,
    K_LENGTH,
    K_OFFSET,
    MAX_LINE,
    OUTPUT,
    P_ESCAPE,
    P_MUL,
    P_PREFIX,
    P_PROGRAMS,
    P_QUOTE,
    P_REQUIRED,
    P_SHIFT,
    P_WORDS,
    PAREN,
    R_BAD,
    R_EMPTY,
    R_FOREIGN,
    R_LONG,
    S_TS,
    SKIP,
    SLOTS,
    STATE_ORDINAL,
    STATE_POS,
    STATE_REJECTS,
    STATE_ROWS,
    STATE_SPAN,
    TEXT,
    begin_row,
    end_row,
    line_end,
    no_flags,
    reject,
    text_value,
)
from vedette.kernels.values import same_bytes, token_end, word_value
from vedette.kernels.words import same_text

LAST, ALIEN = np.int64(-1), np.int64(-2)
"""What follows instead of a key: the end of the line, or what no line of this format has."""

WAYS = 2
M_START, M_LENGTH, M_STEP, M_KEY, M_FIRST, M_VERDICT, M_NEXT = range(7)
"""Columns of the memory. WAYS rows for key k hold what last followed it: where its bytes begin, how many of them decide, how many lie
before the next value, which key that is, and in the first of them which row is to be replaced next. The rows after those of
the last key are the beginning of a line, with the place of the first key (plus one, or 0) and the verdict of its words."""

COLUMNS = np.uint64((1 << SLOTS) - 1)
"""Mask of the columns; the bits above it are conditions and parts of a stamp."""


@inline
def find_key(buf, start, end, pack, mark, fmt):
    """Return the row of the key table for the word from `start` to `end`, or -1; `mark` is 1 for a key, 0 for a bare word."""
    params, kpack, kmeta = fmt[0], fmt[2], fmt[3]
    slot = ((pack ^ ((end - start) << np.uint64(56))) * np.uint64(params[P_MUL])) >> np.uint64(params[P_SHIFT])
    if kpack[slot] != pack or kmeta[slot, K_LENGTH] != np.int64(end - start):
        return np.int64(-1)
    bare = kmeta[slot, K_KIND] == FLAG or kmeta[slot, K_KIND] == PAREN
    if bare == (mark == 1):
        return np.int64(-1)
    if end - start > np.uint64(8) and not same_bytes(buf, start, fmt[6], kmeta[slot, K_OFFSET], kmeta[slot, K_LENGTH]):
        return np.int64(-1)
    return np.int64(slot)


@inline
def read_head(buf, pos, fmt, columns, row, mask):
    """Read the head of a message; return (position of what follows it, new mask), 0 for a line without such a head."""
    head = fmt[8]
    if not same_bytes(buf, pos, fmt[6], head[0, H_START], head[0, H_LENGTH]):
        return np.uint64(0), mask
    pos += np.uint64(head[0, H_LENGTH])
    for number in range(1, head[0, H_COLUMNS] + 1):
        first = pos
        while np.int64(buf[pos]) != head[0, H_SEPARATOR] and buf[pos] != 10:
            if np.int64(buf[pos]) == fmt[0][P_ESCAPE] and buf[pos + U1] != 10:
                pos += U1
            pos += U1
        if buf[pos] == 10:
            return np.uint64(0), mask
        if head[number, 0] == ENUM and word_value(buf, first, pos, head[number, 2], fmt[4], fmt[5], fmt[6]) == NONE:
            return np.uint64(0), mask
        if head[number, 0] == TEXT and pos != first:
            columns[head[number, 1], row] = text_value(first, pos)
            mask |= U1 << np.uint64(head[number, 1])
        pos += U1
    return pos, mask


@helper
def verdict(buf, start, end, fmt):
    """Return the value of the last known word in a log prefix, or NONE; words are runs of letters.

    A word may be known together with the byte that ends it (`D]` in `[wan-lan-default-D]`).
    """
    found = NONE
    pos = start
    while pos < end:
        c = buf[pos]
        if not ((c >= 97 and c <= 122) or (c >= 65 and c <= 90)):
            pos += U1
            continue
        first = pos
        while pos < end and ((buf[pos] >= 97 and buf[pos] <= 122) or (buf[pos] >= 65 and buf[pos] <= 90)):
            pos += U1
        seen = word_value(buf, first, pos, 0, fmt[4], fmt[5], fmt[6])
        if seen == NONE and pos < end:
            seen = word_value(buf, first, pos + U1, 0, fmt[4], fmt[5], fmt[6])
        if seen != NONE:
            found = seen
    return found


@inline
def may_precede(buf, body, key, fmt):
    """Tell whether what stands before the first key may: few bytes of words, no quote but those that firewalld puts around a whole prefix.

    Else a client could put a whole line of this format into a text that another program logs.
    """
    params, cls = fmt[0], fmt[1]
    room = params[P_PREFIX]
    quoted = key > body + U1 and buf[body] == 34 and buf[key - U1] == 34
    pos = body
    while pos < key:
        if cls[buf[pos]] != C_SEPARATOR and cls[buf[pos]] != C_GLUE:
            room -= 1
        if room < 0:
            return False
        if buf[pos] == 34 and not (quoted and (pos == body or pos == key - U1)):
            return False
        pos += U1
    return True


@inline
def may_write(buf, body, fmt, ctx):
    """Tell whether the program that a tag with a process number names, if there is one, may write such lines (see `may_precede`)."""
    params = fmt[0]
    tag = np.uint64(ctx[2][TAG])
    if params[P_PROGRAMS] == 0 or body < tag + U4 or buf[body - U2] != 58 or buf[body - U3] != 93:
        return True
    end = token_end(buf, tag)
    return word_value(buf, tag, end, params[P_PROGRAMS], fmt[4], fmt[5], fmt[6]) != NONE


@inline
def next_key(buf, pos, fresh, body, first_key, fmt):
    """Scan for the next key or bare word that the format knows; return (its row, position after its `=` or after the word, first_key).

    The row is LAST at the end of the line, and ALIEN for a line that cannot be this format's. `fresh` says
    whether a key may begin at `pos`; `first_key` is 1 + the position of the first key, or 0 before it.
    """
    params, cls, kmeta = fmt[0], fmt[1], fmt[3]
    headed = fmt[8][0, H_HEAD] != 0
    word = pos
    pack = np.uint64(0)
    while True:
        c = buf[pos]
        kind = cls[c]
        while kind == C_PLAIN:
            pack = (pack << np.uint64(8)) | np.uint64(c)
            pos += U1
            c = buf[pos]
            kind = cls[c]
        if kind == C_EQUALS:
            if fresh:
                key = find_key(buf, word, pos, pack, 1, fmt)
                if first_key == 0 and headed:
                    first_key = word + U1
                elif key >= 0 and first_key == 0:
                    if not may_precede(buf, body, word, fmt):
                        return ALIEN, pos, first_key
                    first_key = word + U1
                if key >= 0 and kmeta[key, K_KIND] != SKIP:
                    return key, pos + U1, first_key
                if params[P_QUOTE] != 0 and buf[pos + U1] == params[P_QUOTE]:
                    pos = quoted_end(buf, pos + U2, params[P_QUOTE], params[P_ESCAPE])[0] - U1
            fresh = False
            pos += U1
            pack = np.uint64(0)
        elif kind == C_SEPARATOR or (kind == C_GLUE and first_key == 0) or kind == C_NEWLINE:
            if fresh and first_key != 0 and pos != word:
                key = find_key(buf, word, pos, pack, 0, fmt)
                if key >= 0:
                    return key, pos, first_key
            if kind == C_NEWLINE:
                return LAST, pos, first_key
            pos += U1
            word = pos
            pack = np.uint64(0)
            fresh = True
        elif kind == C_STOP and first_key != 0 and fresh and pos == word:
            return LAST, line_end(buf, pos), first_key
        else:
            pack = (pack << np.uint64(8)) | np.uint64(c)
            pos += U1


@inline
def scan_line(buf, start, fmt, ctx, columns, row):
    """Read the line at `start` into `row`; return (position of its newline, mask, flags, 1 + position of the first key, or 0).

    What a key says replaces what the envelope says: the device's own time is nearer to the event.
    """
    kmeta, scratch = fmt[3], ctx[2]
    body, mask = begin_row(buf, start, fmt, ctx, columns, row)
    scratch[MIDNIGHT] = NONE
    scratch[TIME] = NONE
    scratch[EAST] = NONE
    named, flags, first_key = np.uint64(0), 0, np.uint64(0)
    headed = fmt[8][0, H_HEAD] != 0
    if headed:
        after, mask = read_head(buf, body, fmt, columns, row, mask)
        if after == 0:
            return line_end(buf, body), mask, flags, first_key
        body = after
    scratch[BODY] = np.int64(body)
    start_of_line = np.int64(kmeta.shape[0])
    pos, last, fresh = body, start_of_line, True
    while True:
        key, pos, first_key, way = following(buf, pos, last, fresh, body, first_key, fmt, ctx[3])
        if last == start_of_line:
            scratch[WAY] = way
            if key == ALIEN or (not headed and first_key != 0 and not may_write(buf, body, fmt, ctx)):
                return line_end(buf, pos), mask, flags, np.uint64(0)
        if key < 0:
            return pos, stamp_of_parts(ctx, columns, row, mask, named), flags, first_key
        last = np.int64(key)
        fresh = kmeta[key, K_KIND] == FLAG or kmeta[key, K_KIND] == PAREN
        if fresh:
            pos, mask = bare_word(buf, pos, key, fmt, columns, row, mask)
        else:
            pos, mask, named, raised = value(buf, pos, key, fmt, ctx, columns, row, mask, named)
            flags |= raised


@inline
def following(buf, pos, last, fresh, body, first_key, fmt, memory):
    """Return what `next_key` does of what follows key `last` at `pos`, and the row of the memory that tells it (-1 for ALIEN).

    What stands between two values (` DST=`, ` TOS=0x00 PREC=0x00 TTL=`) is mostly what stood there in
    an earlier line: it is compared with that before it is scanned. Equal bytes lead to the same key.
    """
    starts = last == fmt[3].shape[0]
    way = recall(buf, pos, last, memory)
    if way >= 0:
        if starts and memory[way, M_FIRST] != 0:
            first_key = pos + np.uint64(memory[way, M_FIRST])
        return memory[way, M_KEY], pos + np.uint64(memory[way, M_STEP]), first_key, way
    key, end, first_key = next_key(buf, pos, fresh, body, first_key, fmt)
    if key == ALIEN:
        return key, end, first_key, way
    way = remember(pos, end, key, first_key, last, fmt, memory)
    if starts and first_key != 0:
        memory[way, M_VERDICT] = verdict(buf, body, first_key - U1, fmt)
    return key, end, first_key, way


@inline
def stamp_of_parts(ctx, columns, row, mask, named):
    """Store the time that the parts of a stamp tell, if they tell one and no whole stamp was named; return the new mask."""
    scratch = ctx[2]
    if scratch[MIDNIGHT] == NONE or scratch[TIME] == NONE or named & (U1 << np.uint64(S_TS)) != 0:
        return mask
    local = scratch[MIDNIGHT] + scratch[TIME]
    columns[S_TS, row] = local - scratch[EAST] if scratch[EAST] != NONE else to_utc(local, ctx[0])
    return mask | (U1 << np.uint64(S_TS))


@helper
def recall(buf, pos, last, memory):
    """Return the row of the memory that tells what follows key `last` here, or -1."""
    for way in range(WAYS * last, WAYS * last + WAYS):
        length = np.uint64(memory[way, M_LENGTH])
        if length != 0 and same_text(buf, pos, np.uint64(memory[way, M_START]), length):
            return way
    return np.int64(-1)


@inline
def remember(begin, pos, key, first_key, last, fmt, memory):
    """Keep which key followed key `last`, and by which bytes that was decided (of a bare word and the end also the byte that ended it); return the row."""
    kind = fmt[3][key, K_KIND] if key >= 0 else FLAG
    way = WAYS * last + memory[WAYS * last, M_NEXT]
    memory[WAYS * last, M_NEXT] = (memory[WAYS * last, M_NEXT] + 1) % WAYS
    memory[way, M_START] = np.int64(begin)
    memory[way, M_STEP] = np.int64(pos - begin)
    memory[way, M_LENGTH] = np.int64(pos - begin) + (1 if kind == FLAG or kind == PAREN else 0)
    memory[way, M_KEY] = key
    if last == fmt[3].shape[0]:
        memory[way, M_FIRST] = np.int64(first_key - begin) if first_key != 0 else 0
    return way


@inline
def finish(buf, fmt, ctx, columns, row, mask):
    """Add what the whole line tells: the verdict words before the first key, TCP flags of a line that names none; return the mask."""
    params = fmt[0]
    slot = params[P_WORDS]
    if slot >= 0 and mask & (U1 << np.uint64(slot)) == 0:
        found = ctx[3][ctx[2][WAY], M_VERDICT]
        if found == NONE:
            found = verdict(buf, np.uint64(ctx[2][TAG]), np.uint64(ctx[2][BODY]), fmt)
        if found != NONE:
            columns[slot, row] = found
            mask |= U1 << np.uint64(slot)
    return end_row(fmt, columns, row, no_flags(fmt, columns, row, mask))


@kernel(f"void(uint8[::1], int64[:,::1], {FORMAT}, {CONTEXT}, {OUTPUT})")
def kv(buf, spans, fmt, ctx, out):
    """Read the lines of `spans` (start, end, ordinal of the first line) until all are read or the output is full.

    Writes rows and rejects into `out` and where it stopped into its state; call again while the
    state's span is below the number of spans.
    """
    columns, masks, ordinals, flags, rejects, state = out
    required = np.uint64(fmt[0][P_REQUIRED])
    room, space = masks.shape[0], rejects.shape[0]
    row = state[STATE_ROWS]
    while state[STATE_SPAN] < spans.shape[0]:
        span = np.uint64(state[STATE_SPAN])
        pos, end = np.uint64(state[STATE_POS]), np.uint64(spans[span, 1])
        ordinal = state[STATE_ORDINAL]
        if pos == 0 and ordinal == 0:
            pos, ordinal = np.uint64(spans[span, 0]), spans[span, 2]
        while pos < end and row < room and state[STATE_REJECTS] < space:
            stop, mask, raised, first_key = scan_line(buf, pos, fmt, ctx, columns, row)
            if stop - pos > MAX_LINE:
                reject(out, pos, stop, ordinal, R_LONG)
            elif first_key == 0 or mask & required != required:
                reason = R_EMPTY if stop == pos else (R_FOREIGN if raised & F_BAD == 0 else R_BAD)
                reject(out, pos, stop, ordinal, reason)
            else:
                masks[row] = finish(buf, fmt, ctx, columns, row, mask) & COLUMNS
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
