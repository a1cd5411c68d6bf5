"""Read bytes eight at a time: text that is compared, and digits, whose number a processor cannot guess from line to line."""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, intrinsic

EIGHT = np.uint64(8)
ZEROS = np.uint64(0x3030303030303030)
SIXES = np.uint64(0x0606060606060606)
HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
ONES = np.uint64(0x0101010101010101)
TOPS = np.uint64(0x8080808080808080)
NEWLINE = np.uint64(10)


@intrinsic
def word_at(buf, pos):
    """Return the eight bytes at `pos` as an integer, the first lowest; the caller has made sure that there are eight."""
    return buf[int(pos) : int(pos) + 8].view(np.uint64)[0]


@intrinsic
def trailing_zeros(word):
    """Return how many of the lowest bits are zero, 64 for zero."""
    return np.uint64(64 if not word else (int(word) & -int(word)).bit_length() - 1)


@helper
def same_text(buf, here, there, length):
    """Tell whether `length` bytes at two places of a buffer are equal. Up to seven bytes more are read, so it ends in padding."""
    if here + length + EIGHT > np.uint64(buf.shape[0]) or there + length + EIGHT > np.uint64(buf.shape[0]):
        return False
    at = np.uint64(0)
    while at + EIGHT <= length:
        if word_at(buf, here + at) != word_at(buf, there + at):
            return False
        at += EIGHT
    if at == length:
        return True
    return (word_at(buf, here + at) ^ word_at(buf, there + at)) << (EIGHT * (EIGHT - (length - at))) == np.uint64(0)


@helper
def digits_at(buf, pos):
    """Return (eight bytes at `pos` less the character 0, how many of them are decimal digits before the first other byte)."""
    if pos + EIGHT > np.uint64(buf.shape[0]):
        raise IndexError("beyond the buffer")
    word = word_at(buf, pos) ^ ZEROS
    return word, trailing_zeros(((word + SIXES) | word) & HIGH) >> np.uint64(3)


@helper
def number(word, count):
    """Return the value of the first `count` of eight digits, 1 to 8, the first lowest in the word (D. Lemire, "Quickly parsing eight digits")."""
    word <<= EIGHT * (EIGHT - count)
    word = word * np.uint64(10) + (word >> EIGHT)
    high = (word & np.uint64(0x000000FF000000FF)) * np.uint64(0x000F424000000064)
    low = ((word >> np.uint64(16)) & np.uint64(0x000000FF000000FF)) * np.uint64(0x0000271000000001)
    return np.int64((high + low) >> np.uint64(32))


@helper
def find(buf, pos, byte):
    """Return the position of the next such byte or newline (S. E. Anderson, "Bit Twiddling Hacks", determine if a word has a zero byte)."""
    while True:
        if pos + EIGHT > np.uint64(buf.shape[0]):
            raise IndexError("beyond the buffer")
        word = word_at(buf, pos)
        wanted, ending = word ^ (ONES * np.uint64(byte)), word ^ (ONES * NEWLINE)
        found = (((wanted - ONES) & ~wanted) | ((ending - ONES) & ~ending)) & TOPS
        if found != np.uint64(0):
            return pos + (trailing_zeros(found) >> np.uint64(3))
        pos += EIGHT
