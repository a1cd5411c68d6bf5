"""The `dissect` tokenizer: patterns of literals and captures, run as a small program over each line.

A capture ends at the literal that follows it, or, if a typed field follows that literal, at the
first place where the field, and what comes right after it, can be read: text that a client controls
cannot hide a line by holding the literal, nor a field of its own. Nothing else backtracks, so a line costs time in proportion to its length. Patterns are
tried in order; a device's message number jumps straight to the patterns of that message.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline, kernel
from vedette.kernels.decode import U0, U1, U2, U3, U4, U5, digit, uint
from vedette.kernels.envelope import TAG
from vedette.kernels.tables import (
    CONTEXT,
    FORMAT,
    MAX_LINE,
    OUTPUT,
    P_NIL,
    P_REQUIRED,
    R_BAD,
    R_EMPTY,
    R_FOREIGN,
    R_LONG,
    REQUEST,
    S_SENSOR,
    S_TS,
    STATE_ORDINAL,
    STATE_POS,
    STATE_REJECTS,
    STATE_ROWS,
    STATE_SPAN,
    TEXT,
    begin_row,
    end_row,
    line_end,
    reject,
    text_value,
)
from vedette.kernels.values import decode, same_bytes
from vedette.kernels.words import find

ACCEPT, REJECT, LITERAL, FIND, FIELD, UNTIL, QUOTED, SET, MARK, RESTART, DISPATCH, ANCHOR, SPACES, PEEK, WORD = range(
    15
)
"""Operations of a program, in column 0; columns 1 to 4 are their arguments, column 5 is where to go when they fail."""


@helper
def literal_at(buf, pos, names, offset, length):
    """Return the position of the first occurrence of a literal in the rest of the line, or of the newline."""
    first = names[np.uint64(offset)]
    while buf[pos] != 10:
        if buf[pos] == first and same_bytes(buf, pos, names, offset, length):
            return pos
        pos += U1
    return pos


@helper
def word_until(buf, pos, names, offset, length):
    """Return the position of the first occurrence of a literal before any space or control byte, or the buffer's end."""
    while not same_bytes(buf, pos, names, offset, length):
        if buf[pos] <= 32:
            return np.uint64(buf.shape[0])
        pos += U1
    return pos


@helper
def marker_end(buf, pos, tag, prog, first, count, names):
    """Return the position after the first of the texts in rows `first` on of the program, or the start for none.

    A message may quote anything, a marker too, so what stands before the marker must be a header that
    the envelope does not know: words with a digit, a dot or a colon, and one word besides. After a
    program's name (`tag` is before `pos`) the marker comes first.
    """
    at = pos
    plain, known, length = 0, False, 0
    while buf[at] != 10:
        c = buf[at]
        for entry in range(first, first + count):
            text, size = prog[np.uint64(entry), 1], prog[np.uint64(entry), 2]
            if c == names[np.uint64(text)] and same_bytes(buf, at, names, text, size):
                return at + np.uint64(size)
        if c <= 32:
            plain += 1 if length > 0 and not known else 0
            known, length = False, 0
        else:
            known = known or digit(c) < 10 or c == 46 or c == 58
            length += 1
            if tag != np.int64(pos) or c == 34 or c == 39 or c == 40 or c == 61:
                return pos
        if plain > 1:
            return pos
        at += U1
    return pos


@helper
def last_number(buf, pos):
    """Decode the digits that end the word at `pos` (`4-106023:`); return (value or -1, where they begin, position after)."""
    at = pos
    while buf[pos] > 32 and buf[pos] != 58:
        if digit(buf[pos]) > 9:
            at = pos + U1
        pos += U1
    value, after = uint(buf, at)
    return value, at, after


@helper
def place_of(prog, first, count, number):
    """Return where the patterns of a message number begin, or -1; rows `first` on hold (number, place), ordered by number."""
    low, high = first, first + count
    while low < high:
        middle = (low + high) // 2
        if prog[np.uint64(middle), 1] < number:
            low = middle + 1
        else:
            high = middle
    if low < first + count and prog[np.uint64(low), 1] == number:
        return prog[np.uint64(low), 2]
    return np.int64(-1)


@helper
def quote_end(buf, pos):
    """Return the position of the closing double quote or of the newline; a backslash escapes the byte after it."""
    while True:
        end = find(buf, pos, 34)
        back = end
        while back > pos and buf[back - U1] == 92:
            back -= U1
        if buf[end] == 10 or (end - back) & U1 == 0:
            return end
        pos = end + U1


@helper
def request_parts(buf, start, end):
    """Split a request line `METHOD target HTTP/x`; return (method end, target start, target end).

    Without a method (a method is letters, `-` and `_`) the whole text is the target: that is how
    servers log what is not HTTP. Without a version the target runs to the end (HTTP/0.9).
    """
    pos = start
    while pos < end and (
        ((buf[pos] | np.uint8(32)) >= 97 and (buf[pos] | np.uint8(32)) <= 122) or buf[pos] == 45 or buf[pos] == 95
    ):
        pos += U1
    if pos == start or pos == end or buf[pos] != 32:
        return start, start, end
    target_end = end
    for back in range(7, 11):
        at = end - np.uint64(back)
        if at <= pos or end < np.uint64(back):
            break
        if (
            buf[at] == 32
            and buf[at + U1] == 72
            and buf[at + U2] == 84
            and buf[at + U3] == 84
            and buf[at + U4] == 80
            and buf[at + U5] == 47
        ):
            target_end = at
            break
    return pos, pos + U1, target_end if target_end > pos else end


@inline
def put_text(slot, start, end, nil, buf, columns, row, mask):
    """Store a text value unless it is empty or the format's nil; return the new mask."""
    if end <= start or slot < 0:
        return mask
    if nil != 0 and end - start == U1 and np.int64(buf[start]) == nil:
        return mask
    columns[slot, row] = text_value(start, end)
    return mask | (U1 << np.uint64(slot))


@inline
def run(buf, start, fmt, ctx, columns, row):
    """Run the program over the line at `start`; return (accepted, mask, flags).

    A part that fails takes back what it captured. That is the mask, and the values of the two columns that the envelope
    may have set before.
    """
    params, names, prog = fmt[0], fmt[6], fmt[8]
    body, base = begin_row(buf, start, fmt, ctx, columns, row)
    nil = params[P_NIL]
    pos, mask = body, base
    mark_pos, mark_mask = body, base
    base_time, base_sensor = columns[S_TS, row], columns[S_SENSOR, row]
    mark_time, mark_sensor = base_time, base_sensor
    flags = 0
    pc = np.uint64(0)
    retry, text_at, text_from, text_mask = U0, U0, pos, mask
    while True:
        op = prog[pc, 0]
        a, b = prog[pc, 1], prog[pc, 2]
        ok = True
        if op == LITERAL:
            ok = same_bytes(buf, pos, names, a, b)
            if ok:
                pos += np.uint64(b)
        elif op == PEEK:
            ok = same_bytes(buf, pos, names, a, b)
        elif op == FIELD:
            if nil != 0 and np.int64(buf[pos]) == nil and buf[pos + U1] <= 32:
                pos += U1
            else:
                after, bits = decode(buf, pos, b, a, prog[pc, 3], fmt, ctx, columns, row)
                ok = after != pos
                if ok:
                    pos = after
                    mask |= bits
        elif op == UNTIL:
            if retry == U0 or pc != text_at:
                text_from, text_mask = pos, mask
            end = literal_at(buf, pos, names, b, prog[pc, 3]) if prog[pc, 3] > 0 else line_end(buf, pos)
            ok = prog[pc, 3] == 0 or buf[end] != 10
            if retry != U0 and pc == text_at:
                retry = U0
            if ok:
                last = end
                if prog[pc, 3] == 0 and last > pos and buf[last - U1] == 13:
                    last -= U1
                mask = put_text(a, text_from, last, nil, buf, columns, row, mask)
                pos = end
                if prog[pc, 4] == 1:
                    retry, text_at = end + U1, pc
        elif op == QUOTED:
            end = quote_end(buf, pos)
            ok = buf[end] == 34
            if ok:
                if b == REQUEST:
                    method_end, target, last = request_parts(buf, pos, end)
                    mask = put_text(a, pos, method_end, nil, buf, columns, row, mask)
                    mask = put_text(prog[pc, 3], target, last, nil, buf, columns, row, mask)
                elif b == TEXT:
                    mask = put_text(a, pos, end, nil, buf, columns, row, mask)
                pos = end
        elif op == FIND:
            end = marker_end(buf, pos, ctx[2][TAG], prog, a, b, names)
            ok = end != pos
            if ok:
                pos = end
        elif op == SET:
            columns[a, row] = b
            mask |= U1 << np.uint64(a)
        elif op == MARK:
            mark_pos, mark_mask = pos, mask
            mark_time, mark_sensor = columns[S_TS, row], columns[S_SENSOR, row]
        elif op == RESTART:
            pos, mask = body, base
            columns[S_TS, row], columns[S_SENSOR, row] = base_time, base_sensor
        elif op == ANCHOR:
            body, base = pos, mask
            base_time, base_sensor = columns[S_TS, row], columns[S_SENSOR, row]
        elif op == SPACES:
            ok = buf[pos] == 32 or b == 0
            while buf[pos] == 32:
                pos += U1
        elif op == DISPATCH:
            number, first, after = last_number(buf, pos)
            place = place_of(prog, a, b, number)
            ok = place >= 0
            if ok:
                mask = put_text(prog[pc, 3], first, after, nil, buf, columns, row, mask)
                pos, pc = after, np.uint64(place)
                continue
        elif op == WORD:
            end = word_until(buf, pos, names, b, prog[pc, 3])
            ok = end != buf.shape[0]
            if ok:
                mask = put_text(a, pos, end, nil, buf, columns, row, mask)
                pos = end
        elif op == ACCEPT:
            return True, mask, flags
        else:
            return False, mask, flags
        if ok:
            pc += U1
        elif retry != U0 and pc <= text_at + U3:
            pos, mask, pc = retry, text_mask, text_at
        else:
            pos, mask, retry = mark_pos, mark_mask, U0
            columns[S_TS, row], columns[S_SENSOR, row] = mark_time, mark_sensor
            pc = np.uint64(prog[pc, 5])


@kernel(f"void(uint8[::1], int64[:,::1], {FORMAT}, {CONTEXT}, {OUTPUT})")
def dissect(buf, spans, fmt, ctx, out):
    """Read the lines of `spans`; same call as kernels.kv.kv."""
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
            stop = line_end(buf, pos)
            if stop - pos > MAX_LINE:
                reject(out, pos, stop, ordinal, R_LONG)
            elif stop == pos:
                reject(out, pos, stop, ordinal, R_EMPTY)
            else:
                accepted, mask, raised = run(buf, pos, fmt, ctx, columns, row)
                if not accepted:
                    reject(out, pos, stop, ordinal, R_FOREIGN)
                elif mask & required != required:
                    reject(out, pos, stop, ordinal, R_BAD)
                else:
                    masks[row] = end_row(fmt, columns, row, mask)
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
