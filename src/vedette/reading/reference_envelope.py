"""The envelope of a line in plain Python: what syslog daemons put before a device's own words (see kernels/envelope.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vedette.reading.reference_stamps import Context, after_zone_word, iso, rfc3164, unsigned

PRIORITY = re.compile(rb"<[0-9]{1,3}>[ \t]*")
COLON = re.compile(rb":(?!:)[ \t]*")
SEQUENCE = re.compile(rb"([0-9]+): [ \t]*")
WEEKDAY = re.compile(rb"(?:mon|tue|wed|thu|fri|sat|sun) ", re.IGNORECASE)
FACILITY = b"kern."
CONTAINER_STREAM = re.compile(rb"std(?:out|err) [FP] ")
FIELD = rb"([^\x00-\x20]*) "
RFC5424_FIELDS = re.compile(rb" " + 4 * FIELD)
PARAMETER = rb'[^\x00-\x20\]="]*="[^"\\]*(?:\\.[^"\\]*)*"'
DATA = re.compile(rb'-(?=[\x00-\x20]|\Z)|(?:\[[^\x00-\x20\]="]*(?: ' + PARAMETER + rb")*\])+", re.DOTALL)
WORD = re.compile(rb"[^\x00-\x20]*")
UPTIME = re.compile(rb"\[ *([0-9]+)\.([0-9]{6})\] *")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LONGEST_UPTIME = 4_000_000_000

SYSLOG_DATA = "syslog-data"
"""The header of formats whose fields are RFC 5424 structured data, which then stays in the message."""


@dataclass
class Envelope:
    """What an envelope says: time (microseconds UTC) or uptime (microseconds), host, where the tag begins, where the message begins."""

    ts: int | None = None
    host: tuple[int, int] | None = None
    uptime: int | None = None
    tag: int = 0
    body: int = 0


def open_envelope(line: bytes, header: str, context: Context) -> Envelope:
    """Read the envelope of a line, at most four of them, one in the other; the innermost stamp and host are the device's."""
    found = Envelope()
    if header == "none":
        return found
    for _ in range(4):
        start = found.body
        if line[start : start + 1] == b"<":
            priority = PRIORITY.match(line, start)
            if not priority:
                return found
            found.body = priority.end()
        if colon := COLON.match(line, found.body):
            found.body = colon.end()
        if line[found.body : found.body + 2] == b"1 ":
            found.body += 2
            if rfc5424(line, found, header, context):
                continue
        if in_brackets(line, found, context):
            break
        if not bsd(line, found, context):
            if found.body != start:
                found.tag = found.body
            break
    boot(line, found)
    return found


def rfc5424(line: bytes, found: Envelope, header: str, context: Context) -> bool:
    """Read `stamp host app procid msgid data` (RFC 5424, 6) and move to the message; return False, unmoved, if it is something else.

    A relay takes Cisco's `%ASA-6-302013:` for the application: then the message begins there.
    """
    pos = found.body
    stamp = (None, pos + 1) if line[pos : pos + 2] == b"- " else iso(line, pos, context)
    fields = stamp and RFC5424_FIELDS.match(line, stamp[1])
    if not stamp or not fields:
        return False
    found.ts = found.ts if stamp[0] is None else stamp[0]
    if fields[1] not in (b"", b"-"):
        found.host = fields.span(1)
    if fields[2].startswith(b"%"):
        found.body = found.tag = fields.start(2)
        return True
    end = fields.end()
    if header != SYSLOG_DATA or line[end : end + 1] == b"-":
        data = DATA.match(line, end)
        if data:
            end = data.end() + (line[data.end() : data.end() + 1] == b" ")
    if line.startswith(BYTE_ORDER_MARK, end):
        end += len(BYTE_ORDER_MARK)
    found.body = end
    found.tag = fields.start(2) if header == SYSLOG_DATA else end
    return True


def bsd(line: bytes, found: Envelope, context: Context) -> bool:
    """Read `stamp host tag: ` (RFC 3164, 4.1, and what daemons make of it) and move behind it; return False, unmoved, without a stamp."""
    stamp = any_stamp(line, found.body, context)
    if not stamp:
        return False
    found.ts, pos = stamp
    pos += line[pos : pos + 1] == b":"
    found.body = found.tag = spaces(line, pos)
    if stream := CONTAINER_STREAM.match(line, found.body):
        found.body = found.tag = stream.end()
        return True
    host_and_tag(line, found)
    return True


def in_brackets(line: bytes, found: Envelope, context: Context) -> bool:
    """Read a stamp in brackets (dmesg -T), which nothing but the message follows, and move behind it; return False, unmoved, without one."""
    stamp = any_stamp(line, found.body + 1, context) if line[found.body : found.body + 1] == b"[" else None
    if not stamp or line[stamp[1] : stamp[1] + 1] != b"]":
        return False
    found.ts = stamp[0]
    found.body = found.tag = spaces(line, stamp[1] + 1)
    return True


def any_stamp(line: bytes, pos: int, context: Context) -> tuple[int, int] | None:
    """Read a stamp as daemons and devices write it: with a sequence number, a weekday or a mark before it, a zone's name after it."""
    stamp = iso(line, pos, context)
    if not stamp:
        sequence = SEQUENCE.match(line, pos)
        if sequence and unsigned(line, pos):
            pos = sequence.end()
        elif line[pos : pos + 1].isdigit():
            return None
        weekday = WEEKDAY.match(line, pos)
        pos = weekday.end() if weekday else pos
        marked = pos + (line[pos : pos + 1] in (b"*", b"."))
        stamp = iso(line, pos, context) or rfc3164(line, marked, context)
    return stamp and (stamp[0], after_zone_word(line, stamp[1]))


def host_and_tag(line: bytes, found: Envelope) -> None:
    """Read `host tag: `, either alone, or `host : ` and move to the message.

    A word that begins with `[`, `%`, `{` or `<`, or that has `=`, `"`, `,` or `|` in it, belongs to the
    message. A word that ends in a colon is the tag; only before a `%` (Cisco) is it the host.
    """
    pos = found.body
    word = WORD.match(line, pos)
    assert word
    end = word.end()
    spaced = line[end : end + 1] == b" "
    if not word[0] or word[0][:1] in b"[%{<":
        return
    if spaced and not word[0].endswith(b":"):
        if re.search(rb'[=",|]', word[0]):
            return
        found.host = found.host if word[0].startswith(FACILITY) or word[0] == b"-" else (pos, end)
        pos = end + 1
    elif word[0].endswith(b":") and not word[0].endswith(b"]:") and line.startswith(b"%", spaces(line, end)):
        found.host = (pos, end - 1) if end - 1 > pos else found.host
        found.body = found.tag = spaces(line, end)
        return
    found.body = found.tag = spaces(line, pos)
    word = WORD.match(line, found.body)
    if word and is_tag(word[0]) and line[word.end() : word.end() + 1] == b" ":
        found.body = word.end() + 1


def is_tag(word: bytes) -> bool:
    """Tell whether a word is a syslog tag: ends in a colon, has no `%` or `[` first (Cisco), no `=` or quote before a `[`."""
    return word.endswith(b":") and re.match(rb'(?!%)(?:[^="\[]*:\Z|[^="\[]+\[)', word) is not None


def spaces(line: bytes, pos: int) -> int:
    """Return the position of the first byte that is neither space nor tab."""
    return len(line) - len(line[pos:].lstrip(b" \t"))


def boot(line: bytes, found: Envelope) -> None:
    """Read the kernel's `[seconds.microseconds] ` since boot, if it is next, and move behind it."""
    match = UPTIME.match(line, found.body)
    if not match:
        return
    seconds = unsigned(match[1], 0)
    if seconds and seconds[0] <= LONGEST_UPTIME:
        found.uptime = seconds[0] * 1_000_000 + int(match[2])
        found.body = match.end()
