"""Makes any bytes valid UTF-8 without moving one, because one invalid byte fails the insert of a whole chunk."""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, kernel

HIGH_BITS = np.uint64(0x8080808080808080)
WORD = np.uint64(8)
BLOCK = np.uint64(64)
ONE = np.uint64(1)
QUESTION_MARK = np.uint8(0x3F)


@helper
def sequence(buffer, at, end):
    """Return the length of the valid UTF-8 sequence that starts at `at`, 0 if none does (Unicode, table 3-7)."""
    lead = buffer[at]
    if lead < 0x80:
        return ONE
    if lead < 0xC2 or lead > 0xF4:
        return np.uint64(0)
    length = np.uint64(2) if lead < 0xE0 else np.uint64(3) if lead < 0xF0 else np.uint64(4)
    if at + length > end:
        return np.uint64(0)
    low = 0xA0 if lead == 0xE0 else 0x90 if lead == 0xF0 else 0x80
    high = 0x9F if lead == 0xED else 0x8F if lead == 0xF4 else 0xBF
    if buffer[at + ONE] < low or buffer[at + ONE] > high:
        return np.uint64(0)
    for i in range(np.uint64(2), length):
        if buffer[at + np.uint64(i)] & 0xC0 != 0x80:
            return np.uint64(0)
    return length


@helper
def ascii_until(buffer, at, end):
    """Return the first word boundary from `at` whose word has a high bit, or the last one before `end`."""
    words = buffer[: end & ~np.uint64(7)].view(np.uint64)
    word = at >> np.uint64(3)
    count = np.uint64(len(words))
    while word + WORD <= count:
        high = np.uint64(0)
        for i in range(8):
            high |= words[word + np.uint64(i)]
        if high & HIGH_BITS:
            break
        word += WORD
    while word < count and not words[word] & HIGH_BITS:
        word += ONE
    return word << np.uint64(3)


@kernel("int64(uint8[::1], int64)")
def repair(buffer, end):
    """Replace each byte of buffer[0:end] that is not part of valid UTF-8 by a question mark; return how many.

    Works in place and keeps every length. No surrogates, no overlong forms, at most U+10FFFF.
    Raises IndexError if `end` lies outside of the buffer.
    """
    at = np.uint64(0)
    stop = np.uint64(end)
    if end < 0 or end > len(buffer):
        raise IndexError("end lies outside of the buffer")
    replaced = 0
    while at < stop:
        if at & np.uint64(7) == np.uint64(0):
            at = max(at, ascii_until(buffer, at, stop))
            if at >= stop:
                break
        length = sequence(buffer, at, stop)
        if length == np.uint64(0):
            buffer[at] = QUESTION_MARK
            replaced += 1
            length = ONE
        at += length
    return replaced
