"""Decoders shared by the tokenizers: bytes at a position to a value and the position after it.

Each decoder leaves the position at the start when the bytes are not what it reads; none steps over
a newline, so no decoder can swallow the next line. Positions are uint64, which spares Numba the
fix-up of negative indices (a third of the speed). Buffers end in 64 newlines, so no decoder tests
for the end.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline
from vedette.kernels.words import digits_at, number

U0, U1, U2, U3, U4, U8 = (np.uint64(n) for n in (0, 1, 2, 3, 4, 8))
U5, U6, U7, U9, U10, U11 = (np.uint64(n) for n in (5, 6, 7, 9, 10, 11))
NONE = np.int64(-(1 << 63))
"""Stands for "no value" where every other int64 may be one."""

MAPPED = np.int64(0xFFFF << 32)
"""Upper half of the lower 64 bits of ::ffff:a.b.c.d (RFC 4291, 2.5.5.2)."""


@inline
def digit(byte):
    """Return the value of a decimal digit, or 255 or less than 255 but above 9 for any other byte."""
    return np.uint8(byte - np.uint8(48))


@helper
def uint(buf, pos):
    """Decode decimal digits; return (value, position after), value -1 for none or for more than 2^63 - 1."""
    word, count = digits_at(buf, pos)
    if count == 0:
        return np.int64(-1), pos
    value = number(word, count)
    if count < 8:
        return value, pos + count
    start = pos
    pos += U8
    d = digit(buf[pos])
    while d < 10:
        if value > 922337203685477579:
            if value > 922337203685477580 or d > 7:
                return np.int64(-1), start
        value = value * 10 + np.int64(d)
        pos += U1
        d = digit(buf[pos])
    return value, pos


@inline
def hexdigit(byte):
    """Return the value of a hexadecimal digit, or 16 for any other byte."""
    d = np.uint8(byte - np.uint8(48))
    if d < 10:
        return np.int64(d)
    d = np.uint8((byte | np.uint8(32)) - np.uint8(97))
    if d < 6:
        return np.int64(d) + 10
    return np.int64(16)


@helper
def hexint(buf, pos):
    """Decode hexadecimal digits with or without 0x, at most 15; return (value, position after) or (-1, start)."""
    start = pos
    if buf[pos] == 48 and (buf[pos + U1] | np.uint8(32)) == 120:
        pos += U2
    first = pos
    value = np.int64(0)
    d = hexdigit(buf[pos])
    while d < 16:
        if pos - first >= np.uint64(15):
            return np.int64(-1), start
        value = (value << 4) | d
        pos += U1
        d = hexdigit(buf[pos])
    if pos == first:
        return np.int64(-1), start
    return value, pos


@helper
def ip4(buf, pos):
    """Decode a dotted quad without leading zeros; return (32 bits, position after) or (-1, start)."""
    start = pos
    value = np.int64(0)
    for octet in range(4):
        word, count = digits_at(buf, pos)
        if count == 0 or count > 3 or (count > 1 and word & np.uint64(255) == 0):
            return np.int64(-1), start
        part = number(word, count)
        if part > 255:
            return np.int64(-1), start
        value = (value << 8) | part
        pos += count
        if octet < 3:
            if buf[pos] != 46:
                return np.int64(-1), start
            pos += U1
    return value, pos


@helper
def ip6(buf, pos):
    """Decode an IPv6 address (RFC 4291 text, embedded IPv4 too; a scope id or a second `::` right after it is refused).

    Returns (upper half, lower half, position after), or position = start.
    """
    start = pos
    hi = np.uint64(0)
    lo = np.uint64(0)
    groups = 0
    gap = -1
    gap_hi = np.uint64(0)
    gap_lo = np.uint64(0)
    if buf[pos] == 58:
        if buf[pos + U1] != 58:
            return np.int64(0), np.int64(0), start
        pos += U2
        gap = 0
    while groups < 8:
        first = pos
        part = np.uint64(0)
        d = hexdigit(buf[pos])
        while d < 16 and pos - first < U4:
            part = (part << U4) | np.uint64(d)
            pos += U1
            d = hexdigit(buf[pos])
        if pos == first:
            if gap == groups:
                break
            return np.int64(0), np.int64(0), start
        quad, after = ip4(buf, first) if buf[pos] == 46 else (np.int64(-1), first)
        if quad >= 0:
            hi = (hi << np.uint64(32)) | (lo >> np.uint64(32))
            lo = (lo << np.uint64(32)) | np.uint64(quad)
            groups += 2
            pos = after
            break
        if d < 16:
            return np.int64(0), np.int64(0), start
        hi = (hi << np.uint64(16)) | (lo >> np.uint64(48))
        lo = (lo << np.uint64(16)) | part
        groups += 1
        if buf[pos] != 58 or groups == 8:
            break
        if buf[pos + U1] == 58:
            if gap >= 0:
                return np.int64(0), np.int64(0), start
            gap = groups
            gap_hi = hi
            gap_lo = lo
            hi = np.uint64(0)
            lo = np.uint64(0)
            pos += U2
        else:
            if hexdigit(buf[pos + U1]) > 15:
                break
            pos += U1
    if buf[pos] == 37 or (buf[pos] == 58 and buf[pos + U1] == 58):
        return np.int64(0), np.int64(0), start
    if gap < 0:
        if groups != 8:
            return np.int64(0), np.int64(0), start
        return np.int64(hi), np.int64(lo), pos
    if groups > 7:
        return np.int64(0), np.int64(0), start
    shift = np.uint64(16 * (8 - gap)) if gap > 0 else np.uint64(128)
    if shift < np.uint64(64):
        hi |= (gap_hi << shift) | (gap_lo >> (np.uint64(64) - shift))
        lo |= gap_lo << shift
    elif shift == np.uint64(64):
        hi |= gap_lo
    elif shift < np.uint64(128):
        hi |= gap_lo << (shift - np.uint64(64))
    return np.int64(hi), np.int64(lo), pos


@helper
def ip(buf, pos):
    """Decode an IPv4 or IPv6 address; return (upper half, lower half, position after), or position = start."""
    quad, after = ip4(buf, pos)
    if quad >= 0 and buf[after] != 58:
        return np.int64(0), MAPPED | quad, after
    hi, lo, six = ip6(buf, pos)
    if six != pos or quad < 0:
        return hi, lo, six
    return np.int64(0), MAPPED | quad, after


@inline
def two(buf, pos):
    """Return the value of two decimal digits, or a number above 99."""
    a, b = digit(buf[pos]), digit(buf[pos + U1])
    return np.int64(a) * 10 + np.int64(b) if (a < 10 and b < 10) else np.int64(999)


@helper
def letters(buf, pos):
    """Decode TCP flags as letters, `SA`, `..A..S.`, `******S*`; return (flag bits, position after the last letter).

    W is CWR as pf prints it; dots, asterisks and dashes hold the place of flags that are not set.
    """
    value = np.int64(0)
    while True:
        c = buf[pos]
        if c == 70:
            value |= 1
        elif c == 83:
            value |= 2
        elif c == 82:
            value |= 4
        elif c == 80:
            value |= 8
        elif c == 65:
            value |= 16
        elif c == 85:
            value |= 32
        elif c == 69:
            value |= 64
        elif c == 67 or c == 87:
            value |= 128
        elif c != 46 and c != 42 and c != 45:
            return value, pos
        pos += U1
