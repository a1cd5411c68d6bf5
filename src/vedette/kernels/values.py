"""The values of fields: what a tokenizer found between two places of a line, decoded into the row of its event."""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper, inline
from vedette.kernels.decode import NONE, U1, U4, digit, hexint, ip, ip6, letters, uint
from vedette.kernels.stamps import clf, epoch, iso, month_first, rfc3164
from vedette.kernels.tables import (
    E_FAMILY,
    E_LENGTH,
    E_OFFSET,
    E_VALUE,
    ENUM,
    F_BAD,
    FLAG_WORDS,
    HEX,
    IP,
    IP_LIST,
    IP_NAME,
    IP_PORT,
    LETTERS,
    MIX,
    P_RECEIVED,
    S_PROTO,
    STAMP_3164,
    STAMP_CLF,
    STAMP_EPOCH,
    STAMP_SNORT,
    UINT,
)

FLAG_PACKS = np.array(
    [int.from_bytes(w, "big") for w in (b"fin", b"syn", b"rst", b"psh", b"ack", b"urg", b"ece", b"cwr")], np.int64
)
"""Names of the TCP flags, the lowest bit first."""


@helper
def same_bytes(buf, start, names, offset, length):
    """Tell whether `length` bytes at `start` equal those of the name table at `offset`."""
    for i in range(length):
        if buf[start + np.uint64(i)] != names[np.uint64(offset + i)]:
            return False
    return True


@helper
def lower(byte):
    """Return an ASCII letter in lower case, any other byte as it is."""
    if byte >= 65 and byte <= 90:
        return np.uint8(byte | np.uint8(32))
    return np.uint8(byte)


@helper
def word_value(buf, start, end, family, epack, emeta, names):
    """Return the value of a word in enumeration `family`, letters in any case, or NONE."""
    length = np.int64(end - start)
    if length <= 0 or length > 64:
        return NONE
    pack = np.uint64(0)
    i = start
    while i < end:
        pack = (pack << np.uint64(8)) | np.uint64(lower(buf[i]))
        i += U1
    size = np.uint64(emeta.shape[0])
    slot = ((pack + np.uint64(family)) * MIX) >> np.uint64(40) & (size - U1)
    while emeta[slot, E_FAMILY] >= 0:
        if emeta[slot, E_FAMILY] == family and epack[slot] == pack and emeta[slot, E_LENGTH] == length:
            same = True
            for j in range(length):
                if lower(buf[start + np.uint64(j)]) != names[np.uint64(emeta[slot, E_OFFSET] + j)]:
                    same = False
                    break
            if same:
                return emeta[slot, E_VALUE]
        slot = (slot + U1) & (size - U1)
    return NONE


@helper
def token_end(buf, pos):
    """Return the position after the letters, digits, `-`, `_`, `.` and bytes above 127 that begin at `pos`."""
    while True:
        c = buf[pos]
        if (
            (c >= 48 and c <= 57)
            or (c >= 97 and c <= 122)
            or (c >= 65 and c <= 90)
            or c == 45
            or c == 95
            or c == 46
            or c > 127
        ):
            pos += U1
        else:
            return pos


@helper
def named_address(buf, pos):
    """Decode an address, or step over the name in its place; return (upper half, lower half, is an address, position after).

    A name may begin like an address (`192.0.2.1.example.com`), so what follows the address decides.
    """
    hi, lo, after = ip(buf, pos)
    if after != pos:
        end = token_end(buf, after)
        if end == after or (buf[after] == 46 and end == after + U1):
            return hi, lo, True, after
    return hi, lo, False, token_end(buf, pos)


@helper
def inside(hi, lo):
    """Tell whether an address is private, shared, link-local or loopback (RFC 1918, 6598, 3927, 4193): a proxy of our own."""
    quad = lo & 0xFFFFFFFF
    if hi == 0 and lo >> 32 == 0xFFFF:
        first = quad >> 24
        return (
            first == 10 or first == 127 or quad >> 20 == 0xAC1 or quad >> 16 == 0xC0A8 or quad >> 16 == 0xA9FE
            or quad >> 22 == 0x191
        )  # fmt: skip
    return (hi >> 57) & 0x7F == 0x7E or (hi >> 54) & 0x3FF == 0x3FA or (hi == 0 and lo == 1)


@helper
def client_list(buf, pos):
    """Decode `client, proxy, proxy` as X-Forwarded-For has it; return (upper half, lower half, is an address, position after).

    Takes the last address that is not one of our own, else the first: a client can send any
    list, and each proxy adds the address it saw at the end (nginx, real_ip_recursive). A
    single entry is no list: position = start.
    """
    hi, lo, found = np.int64(0), np.int64(0), False
    taken = False
    at = pos
    commas = 0
    while True:
        a, b, known, after = named_address(buf, at)
        if after == at or (buf[after] != 44 and commas == 0) or (commas > 0 and not known and buf[after] != 44):
            break
        if known:
            outer = not inside(a, b)
            if not found or outer:
                hi, lo, found = a, b, True
            taken = True
        at = after
        if buf[at] == 44:
            commas += 1
            at += U1
        elif buf[at] != 32:
            break
        end = at
        while buf[at] == 32:
            at += U1
        if end == after and digit(buf[at]) > 9 and buf[at + U4] != 58:
            at = end
            break
    if commas == 0 or not taken:
        return hi, lo, False, pos
    while at > pos and buf[at - U1] == 32:
        at -= U1
    return hi, lo, True, at


@helper
def flag_words(buf, pos):
    """Decode a run of TCP flag names (`SYN ACK`, `FIN+PSH`) in any case; return (flag bits, position after or start)."""
    bits = np.int64(0)
    end = at = pos
    while token_end(buf, at) - at == np.uint64(3):
        pack = np.int64(0)
        for i in range(3):
            pack = (pack << 8) | np.int64(lower(buf[at + np.uint64(i)]))
        found = np.int64(0)
        for i in range(FLAG_PACKS.shape[0]):
            if FLAG_PACKS[i] == pack:
                found = np.int64(1) << i
        if found == 0:
            break
        bits |= found
        end = at + np.uint64(3)
        if buf[end] != 32 and buf[end] != 43 and buf[end] != 44:
            break
        at = end + U1
    return bits, end


@inline
def decode(buf, pos, kind, slot, arg, fmt, ctx, out, row):
    """Decode one typed value at `pos` into row `row`; return (position after, mask of columns set), position = start on failure.

    A column that is not set keeps what it held.

    `arg` is the largest value of UINT and HEX, the family of ENUM (negative: a number is accepted too). IP_NAME
    steps over a name and sets nothing; so does an ENUM whose word it does not know.
    TEXT values end where the tokenizer says and are not decoded here.
    """
    bit = U1 << np.uint64(slot)
    if kind == UINT:
        value, after = uint(buf, pos)
        if value < 0 or value > arg:
            return pos, np.uint64(0)
        out[slot, row] = value
        return after, bit
    if kind == IP:
        hi, lo, after = ip(buf, pos)
        if after == pos:
            return pos, np.uint64(0)
        out[slot, row] = hi
        out[slot + 1, row] = lo
        return after, bit | (bit << U1)
    if kind == ENUM:
        end = token_end(buf, pos)
        value = word_value(buf, pos, end, abs(arg), fmt[4], fmt[5], fmt[6])
        if value == NONE and arg < 0:
            value, after = uint(buf, pos)
            if value >= 0 and value <= (255 if slot == S_PROTO else 65535) and (after == end or buf[after] == 46):
                end = after
            elif value >= 0:
                return pos, np.uint64(0)
            else:
                value = NONE
        if value == NONE:
            return end, np.uint64(0)
        out[slot, row] = value
        return end, bit
    if kind == IP_PORT:
        if buf[pos] == 91:
            hi, lo, after = ip6(buf, pos + U1)
            if after == pos + U1 or buf[after] != 93:
                return pos, np.uint64(0)
            after += U1
        else:
            hi, lo, after = ip(buf, pos)
            if after == pos:
                return pos, np.uint64(0)
        out[slot, row] = hi
        out[slot + 1, row] = lo
        bit |= bit << U1
        if buf[after] == 58:
            value, end = uint(buf, after + U1)
            if value >= 0 and value <= 65535:
                out[arg, row] = value
                return end, bit | (U1 << np.uint64(arg))
        return after, bit
    if kind == IP_NAME:
        hi, lo, known, after = named_address(buf, pos)
        if not known:
            return after, np.uint64(0)
        out[slot, row] = hi
        out[slot + 1, row] = lo
        return after, bit | (bit << U1)
    if kind == IP_LIST:
        hi, lo, known, after = client_list(buf, pos)
        if after == pos:
            return pos, np.uint64(0)
        out[slot, row] = hi
        out[slot + 1, row] = lo
        return after, bit | (bit << U1)
    if kind == FLAG_WORDS:
        value, after = flag_words(buf, pos)
        if after == pos:
            return pos, np.uint64(0)
        out[slot, row] = value
        return after, bit
    if kind == LETTERS:
        value, after = letters(buf, pos)
        out[slot, row] = value
        return after, bit
    if kind == HEX:
        value, after = hexint(buf, pos)
        if value < 0 or value > arg:
            return pos, np.uint64(0)
        out[slot, row] = value
        return after, bit
    return decode_stamp(buf, pos, kind, slot, fmt[0][P_RECEIVED], ctx, out, row)


@inline
def put_word(buf, first, end, slot, arg, fmt, columns, row):
    """Store the value of a text that is one word of an enumeration, spaces and all; return (mask, flags).

    For the tokenizers that know where a value ends; `arg` is as in `decode`.
    """
    value = word_value(buf, first, end, abs(arg), fmt[4], fmt[5], fmt[6])
    if value == NONE and arg < 0:
        value, after = uint(buf, first)
        if value >= 0 and (after != end or value > (255 if slot == S_PROTO else 65535)):
            return np.uint64(0), F_BAD
        value = value if value >= 0 else NONE
    if value == NONE:
        return np.uint64(0), 0
    columns[slot, row] = value
    return U1 << np.uint64(slot), 0


@inline
def decode_stamp(buf, pos, kind, slot, received, ctx, out, row):
    """Decode a time stamp of the given kind into row `row`; return as `decode` does."""
    if kind == STAMP_EPOCH:
        time, after = epoch(buf, pos)
    elif kind == STAMP_CLF:
        time, after = clf(buf, pos, ctx[0], ctx[1])
    elif kind == STAMP_3164:
        time, after = rfc3164(buf, pos, received, ctx[0], ctx[1])
    elif kind == STAMP_SNORT:
        time, after = month_first(buf, pos, received, ctx[0], ctx[1])
    else:
        time, after = iso(buf, pos, ctx[0], ctx[1])
    if time == NONE:
        return pos, np.uint64(0)
    out[slot, row] = time
    return after, U1 << np.uint64(slot)
