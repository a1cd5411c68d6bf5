"""From the tokenizers' output to the buffers of an Arrow batch: values of their own width, validity bits, text as views."""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, kernel
from vedette.kernels.decode import U1
from vedette.kernels.tables import LENGTH_BITS

INLINE = 12
"""Bytes of text that an Arrow string view holds itself; a longer one points into its buffer."""


@helper
def little_endian(buf, pos, count):
    """Return `count` bytes, at most eight, as an integer, the first lowest."""
    value = np.uint64(0)
    for i in range(count):
        value |= np.uint64(buf[pos + np.uint64(i)]) << np.uint64(8 * i)
    return value


@helper
def whole_characters(buf, pos, length):
    """Return the length without an UTF-8 character that is cut at its end."""
    back = length - 1
    while back >= 0 and length - back <= 4 and buf[pos + np.uint64(back)] & np.uint8(0xC0) == 0x80:
        back -= 1
    if back < 0 or buf[pos + np.uint64(back)] < 0xC0:
        return length
    lead = buf[pos + np.uint64(back)]
    needed = 2 if lead < 0xE0 else (3 if lead < 0xF0 else 4)
    return length if length - back >= needed else back


@helper
def view(buf, value, cut, views, slot, row):
    """Write the string view of a text value; a text of `cut` bytes was cut there and may end inside a character."""
    pos = np.uint64(value) >> np.uint64(LENGTH_BITS)
    length = value & ((1 << LENGTH_BITS) - 1)
    if length == cut:
        length = whole_characters(buf, pos, length)
    if length <= INLINE:
        first = min(length, 4)
        views[slot, row, 0] = np.uint64(length) | (little_endian(buf, pos, first) << np.uint64(32))
        views[slot, row, 1] = little_endian(buf, pos + np.uint64(4), max(length - 4, 0))
    else:
        views[slot, row, 0] = np.uint64(length) | (little_endian(buf, pos, 4) << np.uint64(32))
        views[slot, row, 1] = pos << np.uint64(32)


@helper
def validity(masks, rows, bit, bits, line):
    """Write one column's validity bits, least significant first; return how many are null."""
    nulls = 0
    for start in range(0, rows, 8):
        byte = np.uint8(0)
        for i in range(min(8, rows - start)):
            if masks[start + i] & bit != 0:
                byte |= np.uint8(1 << i)
            else:
                nulls += 1
        bits[line, start >> 3] = byte
    return nulls


@kernel(
    "void(uint8[::1], int64[:,::1], uint64[::1], int64, int64, int64[:,::1], "
    "int64[:,::1], int32[:,::1], int16[:,::1], int8[:,::1], uint64[:,:,::1], uint8[:,::1], int64[::1])"
)
def pack(buf, columns, masks, rows, cut, plan, wide, words, halves, octets, views, bits, nulls):
    """Pack `rows` rows. `plan` has a line a column: (slot, width in bytes or 16 for text, line in the arrays of that width)."""
    for line in range(plan.shape[0]):
        slot, width, place = plan[line, 0], plan[line, 1], plan[line, 2]
        bit = U1 << np.uint64(slot)
        nulls[line] = validity(masks, rows, bit, bits, line)
        if nulls[line] == rows:
            continue
        if width == 8:
            for row in range(rows):
                wide[place, row] = columns[slot, row]
        elif width == 4:
            for row in range(rows):
                words[place, row] = np.int32(columns[slot, row])
        elif width == 2:
            for row in range(rows):
                halves[place, row] = np.int16(columns[slot, row])
        elif width == 1:
            for row in range(rows):
                octets[place, row] = np.int8(columns[slot, row])
        else:
            for row in range(rows):
                if masks[row] & bit != 0:
                    view(buf, columns[slot, row], cut, views, place, row)
                else:
                    views[place, row, 0] = np.uint64(0)
                    views[place, row, 1] = np.uint64(0)
