"""The envelope of a line: what syslog daemons put before a device's own words.

Accepts, each part optional: `<PRI>`, then RFC 5424 (`1 stamp host app pid mid sd`), or RFC 3164 and
its relatives (stamp with or without year, zone, sub-seconds; ISO stamps; with or without host; tag
with or without pid), once or more (relays that add their own header), then the kernel's uptime
`[123.456]`. Read too: a weekday before a stamp, a stamp in brackets (dmesg -T), and Cisco's
sequence number, colon, zone word and `*`. The innermost stamp and host are those of the device, so they win.
"""

from __future__ import annotations

import numpy as np

from vedette.kernels import helper
from vedette.kernels.decode import NONE, U1, U2, U3, U4, digit, uint
from vedette.kernels.stamps import iso, rfc3164, zone_word
from vedette.kernels.words import same_text

TS, HOST, HOST_END, TAG, UPTIME, MIDNIGHT, TIME, EAST, BODY, WAY = (np.uint64(n) for n in range(10))
"""Slots of the result: stamp (microseconds UTC or NONE), host from and to, where the tag begins, uptime (microseconds or NONE);
then what the kv tokenizer finds of a stamp in parts: midnight, time of day, zone (microseconds or NONE), where its own words begin, and which row of the memory begins it."""

KEPT, KEPT_LENGTH, KEPT_TS, KEPT_HOST, KEPT_HOST_END, KEPT_TAG = (np.uint64(n) for n in range(10, 16))
"""Slots of what an earlier line of the buffer began with: where it is and how long, and what it says (places within it)."""

SCRATCH = 16
LOOK_AHEAD = np.uint64(10)
"""Bytes after a stamp that its decoders and `is_container_stream` may look at."""

WEEKDAYS = np.array(
    [int.from_bytes(day, "big") for day in (b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun")], np.int64
)


@helper
def weekday_end(buf, pos):
    """Return the position after an English weekday of three letters and its space, or the start."""
    if buf[pos + U3] != 32:
        return pos
    pack = np.int64(0)
    for i in range(3):
        pack = (pack << 8) | np.int64(buf[pos + np.uint64(i)] | np.uint8(32))
    for i in range(WEEKDAYS.shape[0]):
        if WEEKDAYS[i] == pack:
            return pos + U4
    return pos


@helper
def sequence_end(buf, pos):
    """Return the position after the sequence number `000123: ` that Cisco puts before a stamp, or the start."""
    number, after = uint(buf, pos)
    if number < 0 or buf[after] != 58 or buf[after + U1] != 32:
        return pos
    return spaces_end(buf, after + U1)


@helper
def spaces_end(buf, pos):
    """Return the position after spaces and tabs."""
    while buf[pos] == 32 or buf[pos] == 9:
        pos += U1
    return pos


@helper
def word_end(buf, pos):
    """Return the position of the next space or control byte."""
    while buf[pos] > 32:
        pos += U1
    return pos


@helper
def stamp(buf, pos, received, tz, dates):
    """Decode any stamp that syslog daemons write; return (UTC microseconds, position after) or (NONE, start).

    A zone word that several zones share is read over.
    """
    at = pos
    if digit(buf[at]) < 10:
        time, after = iso(buf, at, tz, dates)
        if time != NONE:
            return time, zone_word(buf, after)[1]
        at = sequence_end(buf, at)
        if at == pos:
            return NONE, pos
    at = weekday_end(buf, at)
    if digit(buf[at]) < 10:
        time, after = iso(buf, at, tz, dates)
    else:
        if buf[at] == 42 or buf[at] == 46:
            at += U1
        time, after = rfc3164(buf, at, received, tz, dates)
    if time == NONE:
        return NONE, pos
    return time, zone_word(buf, after)[1]


@helper
def structured_data_end(buf, pos):
    """Return the position after RFC 5424 structured data `-` or `[id k="v"]...`, or the start if it is none."""
    if buf[pos] == 45 and buf[pos + U1] <= 32:
        return pos + U1
    at = pos
    while buf[at] == 91:
        i = at + U1
        while buf[i] > 32 and buf[i] != 93 and buf[i] != 61 and buf[i] != 34:
            i += U1
        while buf[i] == 32:
            i += U1
            while buf[i] > 32 and buf[i] != 61 and buf[i] != 93 and buf[i] != 34:
                i += U1
            if buf[i] != 61 or buf[i + U1] != 34:
                return at
            i += U2
            while buf[i] != 34 and buf[i] != 10:
                i += U2 if buf[i] == 92 and buf[i + U1] != 10 else U1
            if buf[i] != 34:
                return at
            i += U1
        if buf[i] != 93:
            return at
        at = i + U1
    return at


@helper
def rfc5424(buf, pos, keep_data, received, tz, dates, res):
    """Read `stamp host app procid msgid data` after the version; return the position of the message, or the start if it is none.

    A relay takes Cisco's `%ASA-6-302013:` for the application: then the message begins there.
    """
    if buf[pos] == 45 and buf[pos + U1] == 32:
        time, at = NONE, pos + U1
    else:
        time, at = iso(buf, pos, tz, dates)
        if time == NONE:
            return pos
    if buf[at] != 32:
        return pos
    host = at + U1
    host_end = word_end(buf, host)
    at = host
    for _ in range(4):
        at = word_end(buf, at)
        if buf[at] != 32:
            return pos
        at += U1
    if time != NONE:
        res[TS] = time
    if host_end - host != U1 or buf[host] != 45:
        res[HOST], res[HOST_END] = np.int64(host), np.int64(host_end)
    if buf[host_end + U1] == 37:
        res[TAG] = np.int64(host_end + U1)
        return host_end + U1
    if keep_data == 0 or buf[at] == 45:
        end = structured_data_end(buf, at)
        if end != at:
            at = end
            if buf[at] == 32:
                at += U1
    if buf[at] == 0xEF and buf[at + U1] == 0xBB and buf[at + U2] == 0xBF:
        at += U3
    res[TAG] = np.int64(host_end + U1 if keep_data == 1 else at)
    return at


@helper
def facility(buf, pos):
    """Tell whether a word is facility and level of a kernel message (`kern.warn`, OpenWrt logread), which stand where a host would."""
    text = b"kern."
    for i in range(5):
        if buf[pos + np.uint64(i)] != text[i]:
            return False
    return True


@helper
def host_and_tag(buf, pos, res):
    """Read `host tag: ` or either alone after an RFC 3164 stamp; return the position of the message.

    A word that ends in a colon is the tag (`kernel:`, `sshd[12]:`), and so is a word followed by
    one (`hostname : %ASA`); the first other word is the host. A word that has `=`, `[` first, `%`
    or a quote belongs to the message. Before a `%`, a word that ends in a colon is the host.
    """
    end = word_end(buf, pos)
    first = buf[pos]
    if end == pos or first == 91 or first == 37 or first == 123 or first == 60:
        res[TAG] = np.int64(pos)
        return pos
    if buf[end] == 32 and buf[end - U1] != 58:
        i = pos
        while i < end and buf[i] != 61 and buf[i] != 34 and buf[i] != 44 and buf[i] != 124:
            i += U1
        if i != end:
            res[TAG] = np.int64(pos)
            return pos
        if not facility(buf, pos) and not (buf[pos] == 45 and end == pos + U1):
            res[HOST], res[HOST_END] = np.int64(pos), np.int64(end)
        pos = end + U1
    elif buf[end - U1] == 58 and buf[end - U2] != 93 and buf[spaces_end(buf, end)] == 37:
        if end - U1 > pos:
            res[HOST], res[HOST_END] = np.int64(pos), np.int64(end - U1)
        res[TAG] = np.int64(spaces_end(buf, end))
        return spaces_end(buf, end)
    pos = spaces_end(buf, pos)
    res[TAG] = np.int64(pos)
    end = word_end(buf, pos)
    if end != pos and buf[pos] != 37 and buf[end - U1] == 58 and buf[end] == 32:
        i = pos
        while i < end and buf[i] != 61 and buf[i] != 34 and buf[i] != 91:
            i += U1
        if i == end or (buf[i] == 91 and i != pos):
            return end + U1
    return pos


@helper
def is_container_stream(buf, pos):
    """Tell whether `stdout F ` or `stderr P ` is next, which container runtimes put after their stamp (CRI log format)."""
    if buf[pos] != 115 or buf[pos + U1] != 116 or buf[pos + U2] != 100:
        return False
    a, b, c = buf[pos + U3], buf[pos + U4], buf[pos + np.uint64(5)]
    if not (a == 111 and b == 117 and c == 116) and not (a == 101 and b == 114 and c == 114):
        return False
    full = buf[pos + np.uint64(7)]
    return buf[pos + np.uint64(6)] == 32 and (full == 70 or full == 80) and buf[pos + np.uint64(8)] == 32


@helper
def envelope(buf, pos, keep_data, received, tz, dates, res):
    """Read the envelope of the line at `pos` into `res`; return the position of the device's own words.

    `keep_data` is 1 for formats whose fields are RFC 5424 structured data, which then stays in the message.
    """
    res[TS], res[UPTIME] = NONE, NONE
    res[HOST], res[HOST_END], res[TAG] = np.int64(pos), np.int64(pos), np.int64(pos)
    begin = pos
    pos = recall(buf, pos, res)
    for _ in range(4 if pos == begin else 3):
        start = pos
        if buf[pos] == 60:
            priority, after = uint(buf, pos + U1)
            if priority < 0 or after - pos > U4 or buf[after] != 62:
                return pos
            pos = spaces_end(buf, after + U1)
        if buf[pos] == 58 and buf[pos + U1] != 58:
            pos = spaces_end(buf, pos + U1)
        if buf[pos] == 49 and buf[pos + U1] == 32:
            after = rfc5424(buf, pos + U2, keep_data, received, tz, dates, res)
            if after != pos + U2:
                pos = after
                continue
            pos += U2
            res[TAG] = np.int64(pos)
        bracket = U1 if buf[pos] == 91 else np.uint64(0)
        time, after = stamp(buf, pos + bracket, received, tz, dates)
        if time == NONE or (bracket == U1 and buf[after] != 93):
            if pos != start:
                res[TAG] = np.int64(pos)
            break
        res[TS] = time
        if bracket == U1:
            pos = spaces_end(buf, after + U1)
            res[TAG] = np.int64(pos)
            break
        pos = after
        if buf[pos] == 58:
            pos += U1
        pos = spaces_end(buf, pos)
        if is_container_stream(buf, pos):
            pos += np.uint64(9)
            res[TAG] = np.int64(pos)
            continue
        pos = host_and_tag(buf, pos, res)
        if start == begin and pos - after >= LOOK_AHEAD and buf[pos - U1] == 32 and buf[pos - U2] == 58:
            remember(begin, pos, res)
    return uptime(buf, pos, res)


@helper
def recall(buf, pos, res):
    """Read the stamp, host and tag at `pos` if they are those of an earlier line, byte by byte; return the position after them, or the start.

    Many lines a second begin alike. Only what was decided by those bytes alone is kept: up to a tag's colon and space.
    """
    length = np.uint64(res[KEPT_LENGTH])
    if length == 0 or not same_text(buf, pos, np.uint64(res[KEPT]), length):
        return pos
    res[TS] = res[KEPT_TS]
    res[HOST], res[HOST_END] = np.int64(pos) + res[KEPT_HOST], np.int64(pos) + res[KEPT_HOST_END]
    res[TAG] = np.int64(pos) + res[KEPT_TAG]
    return pos + length


@helper
def uptime(buf, pos, res):
    """Read the kernel's `[seconds.microseconds] ` into `res`; return the position after it."""
    if buf[pos] != 91:
        return pos
    at = pos + U1
    while buf[at] == 32:
        at += U1
    seconds, after = uint(buf, at)
    if seconds < 0 or seconds > 4_000_000_000 or buf[after] != 46:
        return pos
    fraction, end = uint(buf, after + U1)
    if fraction < 0 or end - after != np.uint64(7) or buf[end] != 93:
        return pos
    res[UPTIME] = seconds * 1_000_000 + fraction
    while buf[end + U1] == 32:
        end += U1
    return end + U1


@helper
def remember(begin, end, res):
    """Keep what the bytes from `begin` to `end`, which a tag's colon and space end, said of the line."""
    res[KEPT], res[KEPT_LENGTH] = np.int64(begin), np.int64(end - begin)
    res[KEPT_TS] = res[TS]
    res[KEPT_HOST], res[KEPT_HOST_END] = res[HOST] - np.int64(begin), res[HOST_END] - np.int64(begin)
    res[KEPT_TAG] = res[TAG] - np.int64(begin)
