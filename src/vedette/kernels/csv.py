"""The `csv` tokenizer: fields between separators, decoded in place by their position.

Constants at known positions choose the layout of a line (a firewall's traffic and threat records, the
tails that protocols have), in one pass over the fields before the last such constant; a second pass
decodes the columns. More fields than the layout knows are ignored, fewer leave columns without value.

A quoted field ends at a quote that is followed by a separator or the end of the line; a quote inside
is doubled (or escaped, where the format says so) and kept as logged. Where a quote is not closed well
the rest of the line is not read: what came before it stands, what follows could be somebody's text.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline, kernel
from vedette.kernels.decode import NONE, U0, U1, U2, U3
from vedette.kernels.dissect import request_parts
from vedette.kernels.stamps import clock, date, to_utc
from vedette.kernels.tables import (
    CLOCK,
    CONTEXT,
    DATE,
    ENUM,
    F_BAD,
    F_ESCAPED,
    FLAG_WORDS,
    FORMAT,
    HEX,
    IP,
    IP_LIST,
    IP_NAME,
    IP_PORT,
    LENGTH_BITS,
    LETTERS,
    MAX_LINE,
    OUTPUT,
    P_ESCAPE,
    P_QUOTE,
    P_RECEIVED,
    P_REQUIRED,
    QUERY,
    R_BAD,
    R_EMPTY,
    R_FOREIGN,
    R_HEADER,
    R_LONG,
    REQUEST,
    S_TS,
    SKIP,
    SLOT,
    STAMP_3164,
    STAMP_CLF,
    STAMP_EPOCH,
    STAMP_ISO,
    STAMP_SNORT,
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
from vedette.kernels.values import client_list, decode, decode_stamp, flag_words, put_word, same_bytes, word_value

FAST = sum(1 << kind for kind in (UINT, IP, IP_PORT, IP_NAME, HEX, LETTERS, STAMP_EPOCH))
BOUNDED = sum(1 << kind for kind in (STAMP_ISO, STAMP_CLF, STAMP_3164, STAMP_SNORT, IP_LIST, FLAG_WORDS, DATE, CLOCK))
WHOLE = sum(1 << kind for kind in (TEXT, ENUM, REQUEST))
"""Sets of field types: decoded without looking for the field's end first, decoded between its ends, taken as a whole."""

D_FIELD, D_LAYOUT, D_REJECT = range(3)
"""Rows of the program that choose: by the words of a field (position, family; the word's value and the row in column 4 make the
row to go on with; else the row in column 3), a layout (first row and number of its columns, first row and number of its
constants), no layout."""

H_ROOT, H_SEPARATOR, H_MERGE, H_NIL, H_COMMENT = range(5)
"""Columns of the program's first row: row to begin at, separator, 1 where a run of separators is one, family of the words
that mean no value (0 none), first byte of lines that are comments or headers (0 none)."""

H_START, H_START_LENGTH, H_HEADER, H_HEADER_LENGTH = range(4)
"""Columns of its second row: place and length in the names of what a header line starts with, and of the header in use."""

S_URL = np.uint64(SLOT["url"])
LENGTH_MASK = (1 << LENGTH_BITS) - 1


@inline
def field_ends(buf, pos, sep):
    """Tell whether the byte at `pos` ends a field."""
    c = buf[pos]
    return c == sep or c == 10 or (c == 13 and buf[pos + U1] == 10)


@helper
def closing_quote(buf, pos, quote, escape, sep):
    """Return (position of the quote that ends the field whose text begins at `pos`, whether one was escaped, whether it ends well)."""
    escaped = False
    while True:
        c = buf[pos]
        if c == 10:
            return pos, escaped, False
        if c == escape and c != quote and buf[pos + U1] != 10:
            escaped = True
            pos += U2
        elif c == quote:
            if buf[pos + U1] != quote:
                return pos, escaped, field_ends(buf, pos + U1, sep)
            escaped = True
            pos += U2
        else:
            pos += U1


@inline
def plain_end(buf, pos, sep):
    """Return the position of the next separator or newline."""
    c = buf[pos]
    while c != sep and c != 10:
        pos += U1
        c = buf[pos]
    return pos


@inline
def field_at(buf, pos, fmt):
    """Return (start, end of the field's text, position of the separator or newline after it, flags, whether it ends well)."""
    params, head = fmt[0], fmt[8]
    sep = np.uint8(head[0, H_SEPARATOR])
    quote = params[P_QUOTE]
    if quote != 0 and buf[pos] == quote:
        end, escaped, well = closing_quote(buf, pos + U1, np.uint8(quote), np.uint8(params[P_ESCAPE]), sep)
        if not well:
            return pos, pos, pos, F_BAD, False
        after = end + U1
        if buf[after] == 13 and sep != 13:
            after += U1
        return pos + U1, end, after, F_ESCAPED if escaped else 0, True
    end = plain_end(buf, pos, sep)
    if buf[end] == 10 and end != pos and buf[end - U1] == 13:
        return pos, end - U1, end, 0, True
    return pos, end, end, 0, True


@inline
def next_field(buf, pos, head):
    """Return the position of the field after the separator at `pos`."""
    pos += U1
    if head[0, H_MERGE] == 1:
        while buf[pos] == head[0, H_SEPARATOR]:
            pos += U1
    return pos


@inline
def choose(buf, pos, fmt):
    """Return the program row of the layout of the line whose first field is at `pos`, or of a D_REJECT."""
    prog = fmt[8]
    row = np.uint64(prog[0, H_ROOT])
    position = np.int64(0)
    while prog[row, 0] == D_FIELD:
        wanted = prog[row, 1]
        found = NONE
        ok = True
        while ok and position < wanted:
            _, _, after, _, ok = field_at(buf, pos, fmt)
            ok = ok and buf[after] != 10
            if ok:
                pos = next_field(buf, after, prog)
                position += 1
        if ok:
            first, end, _, _, ok = field_at(buf, pos, fmt)
            if ok:
                found = word_value(buf, first, end, prog[row, 2], fmt[4], fmt[5], fmt[6])
        row = np.uint64(prog[row, 3] if found == NONE else prog[row, 4] + found)
    return row


@inline
def nothing(buf, first, end, fmt):
    """Tell whether a field's text is empty or a word that means no value."""
    if end <= first:
        return True
    family = fmt[8][0, H_NIL]
    return (
        family != 0 and fmt[1][buf[first]] != 0 and word_value(buf, first, end, family, fmt[4], fmt[5], fmt[6]) != NONE
    )


@inline
def put_text(slot, first, end, columns, row):
    """Store a text value; return its mask, none for an empty text."""
    if end <= first:
        return U0
    columns[slot, row] = text_value(first, end)
    return U1 << np.uint64(slot)


@inline
def text_field(buf, first, end, kind, slot, arg, fmt, columns, row):
    """Store the value of a field that is text, a word or a request; return (mask, flags)."""
    if kind == TEXT:
        return put_text(slot, first, end, columns, row), 0
    if kind == REQUEST:
        method_end, target, target_end = request_parts(buf, first, end)
        return put_text(slot, first, method_end, columns, row) | put_text(arg, target, target_end, columns, row), 0
    return put_word(buf, first, end, slot, arg, fmt, columns, row)


@inline
def trimmed(buf, first, end, sep):
    """Return (start, end) of a value without the spaces around it, unless the space is the separator."""
    if sep != 32:
        while first < end and buf[first] == 32:
            first += U1
        while first < end and buf[end - U1] == 32:
            end -= U1
    return first, end


@inline
def fast_field(buf, pos, kind, slot, arg, fmt, ctx, columns, row):
    """Decode a typed field without looking for its end first; return (position after it, mask), position = start on failure.

    A word that may mean no value is looked at first: 0.0.0.0 is an address too. Spaces around the value are allowed unless the space is the separator.
    """
    params, head = fmt[0], fmt[8]
    sep = np.uint8(head[0, H_SEPARATOR])
    quote = params[P_QUOTE]
    first = pos
    quoted = quote != 0 and buf[pos] == quote
    if quoted:
        first += U1
    elif sep != 32:
        while buf[first] == 32:
            first += U1
    if fmt[1][buf[first]] != 0:
        start, end, after, _, ok = field_at(buf, pos, fmt)
        if ok and nothing(buf, first, trimmed(buf, start, end, sep)[1], fmt):
            return after, U0
    after, bits = decode(buf, first, kind, slot, arg, fmt, ctx, columns, row)
    if after == first:
        return pos, U0
    if quoted:
        if buf[after] != quote:
            return pos, U0
        after += U1
    elif sep != 32:
        while buf[after] == 32:
            after += U1
    if buf[after] == 13 and buf[after + U1] == 10:
        after += U1
    if buf[after] != sep and buf[after] != 10:
        return pos, U0
    return after, bits


@inline
def bounded(buf, first, end, kind, slot, fmt, ctx, columns, row):
    """Decode a value that ends at `end`; return (microseconds for DATE and CLOCK, mask, flags).

    A stamp or a list may have spaces and commas inside, so the byte at its end is a newline for the time of the decoding.
    """
    kept = buf[end]
    buf[end] = np.uint8(10)
    value, bits = NONE, U0
    if kind == DATE:
        value, after = date(buf, first, ctx[1])
    elif kind == CLOCK:
        value, after = clock(buf, first)
    elif kind == IP_LIST:
        hi, lo, _, after = client_list(buf, first)
        if after != first:
            columns[slot, row], columns[slot + 1, row] = hi, lo
            bits = U3 << np.uint64(slot)
    elif kind == FLAG_WORDS:
        found, after = flag_words(buf, first)
        columns[slot, row] = found
        bits = U1 << np.uint64(slot)
    else:
        after, bits = decode_stamp(buf, first, kind, slot, fmt[0][P_RECEIVED], ctx, columns, row)
    buf[end] = kept
    if after != end or first == end or (kind == CLOCK and value < 0):
        return NONE, U0, F_BAD
    return value, bits, 0


@inline
def scan_fields(buf, pos, layout, fmt, ctx, columns, row):
    """Decode the columns of a layout from the field at `pos` on; return (a position in the line, mask, flags, separator to join or 0)."""
    prog = fmt[8]
    sep = np.uint8(prog[0, H_SEPARATOR])
    column, count = np.uint64(prog[layout, 1]), prog[layout, 2]
    mask, join = U0, U0
    flags = 0
    midnight, time = NONE, NONE
    while count > 0:
        kind, slot, arg = prog[column, 0], prog[column, 1], prog[column, 2]
        if kind != SKIP and kind != QUERY and mask & (U1 << np.uint64(slot)) != 0:
            kind = np.int64(SKIP)
        after = pos
        if (FAST >> kind) & 1:
            after, bits = fast_field(buf, pos, kind, slot, arg, fmt, ctx, columns, row)
            mask |= bits
        if after == pos:
            first, end, after, raised, ok = field_at(buf, pos, fmt)
            if not ok:
                flags |= F_BAD
                break
            if kind != TEXT and first == pos:
                first, end = trimmed(buf, first, end, sep)
            if kind == SKIP or nothing(buf, first, end, fmt):
                pass
            elif kind == QUERY:
                value = columns[S_URL, row]
                start, length = np.uint64(value >> LENGTH_BITS), np.uint64(value & LENGTH_MASK)
                if mask & (U1 << S_URL) != 0 and start + length + U1 == pos and first == pos:
                    join = pos - U1
                    columns[S_URL, row] = text_value(start, end)
            elif (WHOLE >> kind) & 1:
                bits, problem = text_field(buf, first, end, kind, slot, arg, fmt, columns, row)
                mask |= bits
                flags |= problem | raised
            elif (BOUNDED >> kind) & 1:
                value, bits, problem = bounded(buf, first, end, kind, slot, fmt, ctx, columns, row)
                mask |= bits
                flags |= problem
                if kind == DATE and midnight == NONE:
                    midnight = value
                elif kind == CLOCK and time == NONE:
                    time = value
            else:
                flags |= F_BAD
        pos = after
        if buf[pos] == 10:
            break
        pos = next_field(buf, pos, prog)
        column += U1
        count -= 1
    if midnight != NONE and time != NONE and mask & (U1 << np.uint64(S_TS)) == 0:
        columns[S_TS, row] = to_utc(midnight + time, ctx[0])
        mask |= U1 << np.uint64(S_TS)
    return pos, mask, flags, join


@inline
def scan_line(buf, start, fmt, ctx, columns, row):
    """Read the line at `start` into `row`; return (a position in it, mask, flags, separator to join or 0, 0 or the reason to reject it)."""
    prog = fmt[8]
    if prog[0, H_COMMENT] != 0 and buf[start] == prog[0, H_COMMENT]:
        return start, U0, 0, U0, R_HEADER
    pos, base = begin_row(buf, start, fmt, ctx, columns, row)
    header_ts = columns[S_TS, row]
    if prog[0, H_MERGE] == 1:
        while buf[pos] == prog[0, H_SEPARATOR]:
            pos += U1
    layout = choose(buf, pos, fmt)
    if prog[layout, 0] != D_LAYOUT:
        return pos, U0, 0, U0, R_FOREIGN
    pos, mask, flags, join = scan_fields(buf, pos, layout, fmt, ctx, columns, row)
    first, count = np.uint64(prog[layout, 3]), prog[layout, 4]
    while count > 0:
        slot = prog[first, 0]
        if mask & (U1 << np.uint64(slot)) == 0:
            columns[slot, row] = prog[first, 1]
            mask |= U1 << np.uint64(slot)
        first += U1
        count -= 1
    if mask & (U1 << np.uint64(S_TS)) == 0:
        columns[S_TS, row] = header_ts
    return pos, mask | base, flags, join, 0


@helper
def is_header(buf, start, names, offset, length):
    """Tell whether the line at `start` begins with these bytes of the name table."""
    return length > 0 and same_bytes(buf, start, names, offset, length)


@kernel(f"void(uint8[::1], int64[:,::1], {FORMAT}, {CONTEXT}, {OUTPUT})")
def csv(buf, spans, fmt, ctx, out):
    """Read the lines of `spans`; same call as kernels.kv.kv, but returns after each header line that has a prefix.

    The header is then the last reject (R_HEADER); the caller may go on with the arrays of another header.
    An accepted line whose URL and query stand in two fields has the separator between them replaced by
    a question mark, so that the URL is one text; a line must not be read again after that.
    """
    columns, masks, ordinals, flags, rejects, state = out
    names, prog = fmt[6], fmt[8]
    required = np.uint64(fmt[0][P_REQUIRED])
    room, space = masks.shape[0], rejects.shape[0]
    row = state[STATE_ROWS]
    while state[STATE_SPAN] < spans.shape[0]:
        span = np.uint64(state[STATE_SPAN])
        pos, end = np.uint64(state[STATE_POS]), np.uint64(spans[span, 1])
        ordinal = state[STATE_ORDINAL]
        if pos == 0 and ordinal == 0:
            pos, ordinal = np.uint64(spans[span, 0]), spans[span, 2]
        header = False
        while pos < end and row < room and state[STATE_REJECTS] < space and not header:
            at, mask, raised, join, reason = scan_line(buf, pos, fmt, ctx, columns, row)
            stop = line_end(buf, at)
            if stop - pos > MAX_LINE:
                reason = R_LONG
            elif stop == pos:
                reason = R_EMPTY
            elif reason == 0 and mask & required != required:
                reason = R_FOREIGN if raised & F_BAD == 0 else R_BAD
            if (
                reason != 0
                and reason != R_EMPTY
                and is_header(buf, pos, names, prog[1, H_HEADER], prog[1, H_HEADER_LENGTH])
            ):
                reason = R_HEADER
            if reason != 0:
                reject(out, pos, stop, ordinal, reason)
                header = reason == R_HEADER and is_header(buf, pos, names, prog[1, H_START], prog[1, H_START_LENGTH])
            else:
                if join != 0:
                    buf[join] = np.uint8(63)
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
        if header:
            return
