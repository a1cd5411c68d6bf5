"""`vedette explain`: which format takes a line, which event it is, and what each detector would make of it.

The line is read by the plain tokenizers. What detectors would make of it is asked of the detectors
themselves: the event is played on the real engine, with its like at neighbouring doors, because
several kinds count nothing of a single contact. What could explain it is asked of the noise rules in
their own cases, with the event put in the place of what the case is about.
"""

from __future__ import annotations

import re
import time
from ipaddress import ip_network
from typing import Any

from vedette.candidates import candidates
from vedette.closeup import Closeup, has_table
from vedette.config import Settings
from vedette.detectors import detect
from vedette.detectors.cases import START, expand, fill
from vedette.detectors.direction import LOW, MAPPED, bounds, signed, source_key
from vedette.detectors.files import Detector, Noise, detectors, noises, split_statements
from vedette.detectors.ladder import spoken
from vedette.engines.duckdb import Engine
from vedette.formats import by_name, load
from vedette.reading.events import time_text
from vedette.reading.reference import Context, read
from vedette.reading.unwrap import inner_lines
from vedette.schema import ACTIONS, EVENTS, PROTOCOLS, TCP_FLAGS

UPTIME = re.compile(rb"(?:<\d{1,3}>)?(?:kernel: )?\[ *(\d{1,9})\.(\d{6})\]")
SHAPES = (41, 43)
"""Odd TCP flags that are played beside odd ones: XMAS, and what fingerprinting tools send."""
NEIGHBOURS = 4
"""Targets at which the like of an event is played."""
UNNAMED = "gre"
"""The protocol that stands for those that cases have no name for: to the rules all of them are alike."""

CLASSES = {
    "syn": "the opening of a TCP connection",
    "ack": "a TCP packet of no connection",
    "stealth": "a TCP packet with flags that open nothing",
    "udp": "a UDP packet",
    "icmp": "an ICMP request",
    "other": "a packet of another protocol",
    "reply": "an answer to something",
}
OUTCOMES = {"deny": "refused", "allow": "answered", "alert": "reported, not known how it ended"}
PACKET = ("src_port", "dst_port", "proto", "tcp_flags", "icmp_type")
REQUEST = ("url", "http_method", "user_agent")
WORDS = {"attack": "attack text", "tool": "a scanner's user agent", "sensitive": "a path that scanners look for"}


def explanation(line: bytes, settings: Settings) -> dict[str, Any]:
    """Return what a line (bytes, no newline in it) is: line, format, event, candidates, detectors, noise.

    The event is an object of `vedette events`; without one, `format` and `event` are None, and
    `candidates` says how far each format came (bytes) and what it expected there. `detectors` says
    for each whether the event counts, `noise` which rules could explain it. Of a line that no format takes
    and that wraps others, the first of those is told of instead, and `line` is that line; `wrapped` is
    the whole. Never raises for what a line says.
    """
    said = told(line, settings)
    inner = next(inner_lines(line), None) if said["format"] is None else None
    return said if inner is None else told(inner, settings) | {"wrapped": said["line"]}


def told(line: bytes, settings: Settings) -> dict[str, Any]:
    """Return what a line is, taken as it stands."""
    now = settings.now if settings.now is not None else time.time_ns() // 1000
    context = Context(now, settings.tz, booted(line, now))
    formats = [by_name(settings.format)] if settings.format else list(load())
    readings = [(fmt, read(fmt, line, context)) for fmt in formats]
    taken = next(((fmt, reading.event) for fmt, reading in readings if reading.event is not None), None)
    said = {"line": line.decode("utf-8", "surrogateescape")}
    if taken is None:
        return said | {
            "format": None,
            "event": None,
            "candidates": candidates(readings, line, context),
            "detectors": [],
            "noise": [],
        }
    fmt, event = taken
    shown = event | ({"ts": time_text(event["ts"])} if "ts" in event else {}) | {"format": fmt.name}
    return said | {"format": fmt.name, "event": shown, "candidates": [], **judged(event, settings)}


def booted(line: bytes, now: int) -> int | None:
    """Return when a machine booted whose line has an uptime stamp alone, taking the line to be as old as `now`."""
    found = UPTIME.match(line)
    return now - int(found[1]) * 1_000_000 - int(found[2]) if found else None


def judged(event: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return what detectors and noise rules would make of an event (`ts` in microseconds)."""
    if "src_ip" not in event:
        return {
            "detectors": [verdict(kind, "no source", "the event does not say who it is from") for kind in detectors()],
            "noise": [],
        }
    if "ts" not in event:
        event = event | {"ts": START}
    with Engine(threads=1) as engine:
        fill(engine, chorus(event))
        detect(engine, settings)
        key = source_key(event["src_ip"])
        verdicts, reply = verdict_of_each(engine, Closeup(engine, key, key, settings), event)
    counts = any(row["counts"] for row in verdicts)
    rules = (
        [rule for rule in noises() if rule.name == "backscatter"] if reply else could_explain(event) if counts else []
    )
    return {
        "detectors": verdicts,
        "noise": [{"rule": rule.name, "title": rule.title, "why": rule.why} for rule in rules],
    }


def stored_row(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event (`ts` in microseconds) as columns of `events`, without record and format."""
    row: dict[str, Any] = {}
    for column in EVENTS:
        name = f"{column.name}_ip" if column.kind == "address" else column.name
        if column.kind in ("record", "format") or name not in event:
            continue
        value = event[name]
        if column.kind == "address":
            first, _ = bounds(ip_network(value))
            row |= {f"{column.name}_hi": signed(first >> 64), f"{column.name}_lo": signed(first & LOW)}
        else:
            row[column.name] = ENCODED.get(column.name, lambda plain: plain)(value)
    return row


ENCODED: dict[str, Any] = {
    "proto": lambda name: PROTOCOLS[name] if name in PROTOCOLS else int(name),
    "action": lambda name: ACTIONS[name],
    "tcp_flags": lambda letters: sum(TCP_FLAGS[letter] for letter in letters),
}


def chorus(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the event as a row, first, and then its like: at neighbouring targets and ports, and with odd flags if its own are odd."""
    own = stored_row(event)
    rows = [own]
    if "url" in own or "dst_lo" not in own:
        return rows
    ports = [own.get("dst_port")] + ([own["dst_port"] ^ 1] if own.get("dst_port") is not None else [])
    shapes = [own.get("tcp_flags"), *(SHAPES if odd(own.get("tcp_flags")) else ())]
    for target in range(NEIGHBOURS):
        rows += [
            own | {"dst_lo": own["dst_lo"] ^ target, "dst_port": port, "tcp_flags": shape}
            for port in ports
            for shape in shapes
        ]
    return [own, *(row for row in rows if row != own)]


def odd(flags: int | None) -> bool:
    """Tell whether TCP flags open, carry and end no connection: `is_odd` of detectors/contacts.sql."""
    return flags is not None and flags & 63 != 2 and not flags & 4 and flags & 19 != 18 and flags & 50 != 16


def verdict_of_each(engine: Engine, closeup: Closeup, event: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """Return what each detector makes of the event, and whether the event is but an answer to something."""
    packet, page, counting, _ = split_statements("vedette", "explain")
    web = "url" in event
    found = closeup.rows(page if web and closeup.web else packet)
    if not found:
        return [verdict(kind, "no contact", stranger(closeup, event)) for kind in detectors()], False
    (contact,) = found
    numbers = {row["detector"] for row in closeup.rows(counting, contact=contact["contact"])}
    label, obstacle = page_words(contact, event) if web else door_words(contact, event)
    rows = []
    for number, kind in enumerate(detectors()):
        if number in numbers:
            rows.append(verdict(kind, label, f"counts; {enough(kind)} are a finding", counts=True))
        elif (kind.reads == "web") != web:
            rows.append(
                verdict(
                    kind, label, f"looks at {'web requests' if kind.reads == 'web' else 'packets and connections'} only"
                )
            )
        else:
            rows.append(verdict(kind, label, obstacle or f"is not of this kind: {kind.why}"))
    return rows, contact.get("class") == "reply"


def verdict(kind: Detector, contact: str, why: str, counts: bool = False) -> dict[str, Any]:
    """Return one entry of `detectors`."""
    return {"detector": kind.name, "contact": contact, "counts": counts, "why": why}


def enough(kind: Detector) -> str:
    """Say how many contacts within how long settle a kind at the earliest."""
    rung = min(kind.rungs, key=lambda rung: (rung.at_least, rung.window))
    return f"{rung.at_least:,} different ones within {spoken(rung.window)}"


def stranger(closeup: Closeup, event: dict[str, Any]) -> str:
    """Say why an event with a source makes no contact."""
    if not closeup.rows("SELECT 1 AS found FROM chosen LIMIT 1"):
        return f"the source {event['src_ip']} is at home or in no network of the internet: only sources outside are looked at (--home)"
    return f"the target {event.get('dst_ip')} is not in our networks (--home)"


def door_words(contact: dict[str, Any], event: dict[str, Any]) -> tuple[str, str | None]:
    """Return what a packet is in words, and what keeps every detector from counting it (or None)."""
    outcome = OUTCOMES.get(event.get("action", ""), "not known how it ended")
    port = f" port {event['dst_port']}" if "dst_port" in event else ""
    label = f"{CLASSES[contact['class']]} ({contact['class']}) to {event.get('dst_ip', 'an unnamed target')}{port}, {outcome}"
    if contact["class"] == "reply":
        return label, "an answer is never a probe"
    return label, "the door answered: what is answered is no evidence of scanning" if event.get(
        "action"
    ) == "allow" else None


def page_words(page: dict[str, Any], event: dict[str, Any]) -> tuple[str, str | None]:
    """Return what a request is in words, and what keeps every detector from counting it (or None)."""
    status = event.get("http_status")
    ended = (
        "not known how it ended"
        if status is None
        else "answered"
        if status < 400
        else "asked for a password"
        if status in (401, 407)
        else "refused"
    )
    marks = [words for key, words in WORDS.items() if page[key]]
    label = f"request for a page, {ended}" + (f", with {' and '.join(marks)}" if marks else "")
    if page["evidence"]:
        return label, None
    return label, f"the page was {ended}: only what is refused, attack text and scanners by name are evidence"


def could_explain(event: dict[str, Any]) -> list[Noise]:
    """Return the noise rules that explain the event in their own cases, with the event in the place of what they explain there."""
    reads = "web" if "url" in event else "network"
    rules = [rule for rule in noises() if rule.reads == reads]
    rows: list[dict[str, Any]] = []
    ours = []
    for number, rule in enumerate(rules):
        for beside in (False, True) if reads == "web" else (False,):
            for line, own in staged(rule, event, number * 2 + beside, beside):
                first = len(rows)
                rows += expand(line)
                ours += [{"rule": rule.name, "first": first, "last": len(rows) - 1}] if own else []
    with Engine(threads=1) as engine:
        fill(engine, rows)
        detect(engine, Settings())
        if reads == "web" and not has_table(engine, "pages"):
            return []
        closeup = Closeup(engine, MAPPED, MAPPED + (1 << 32) - 1, Settings())
        return taking(closeup, rules, ours)


def taking(closeup: Closeup, rules: list[Noise], ours: list[dict[str, Any]]) -> list[Noise]:
    """Return the rules that take a contact of the records that are ours in their case."""
    numbers = {rule.name: number for number, rule in enumerate(closeup.rules())}
    selects = [f"SELECT contact, {numbers[rule.name]} AS rule FROM ({rule.sql})" for rule in rules]
    pages = "UNION ALL SELECT (hash(source_key(src_hi, src_lo), hash(lower(http_host)), template_key) >> 1)::BIGINT AS contact, record FROM events JOIN urls USING (url)"
    sql = split_statements("vedette", "explain")[3]
    sql = sql.replace("RULES", "\nUNION ALL\n".join(selects)).replace("PAGES", pages if closeup.web else "")
    found = {row["rule"] for row in closeup.rows(sql, ours=[row | {"rule": numbers[row["rule"]]} for row in ours])}
    return [rule for rule in rules if numbers[rule.name] in found]


def staged(rule: Noise, event: dict[str, Any], stage: int, beside: bool) -> list[tuple[dict[str, Any], bool]]:
    """Return the lines of a rule's first case, with networks of their own, each with whether the event has been put into it.

    Of each source the last line that is refused becomes the event's (else the last line), in the
    case's rhythm. `beside` also moves what was served to the event's directory.
    """
    lines = [moved(line, stage) for line in rule.cases[0]["events"]]
    last: dict[Any, int] = {}
    for number, line in sorted(enumerate(lines), key=lambda pair: (refused(pair[1]), pair[0])):
        last[str(line["src_ip"])] = number
    own = {number: in_place(line, event) if number in last.values() else line for number, line in enumerate(lines)}
    if beside:
        own = {
            n: line if n in last.values() or "url" not in line else line | {"url": near_by(line["url"], event["url"])}
            for n, line in own.items()
        }
    return [(line, number in last.values()) for number, line in own.items()]


def refused(line: dict[str, Any]) -> bool:
    """Tell whether a line of a case is about something refused."""
    return line.get("action") != "allow" and int(line.get("http_status", 404)) >= 400


def moved(line: dict[str, Any], stage: int) -> dict[str, Any]:
    """Return a line of a case with the networks of the documentation replaced by such as no other stage has."""
    networks = (("198.51.100.", f"45.{stage}.0."), ("203.0.113.", f"46.{stage}.0."))
    out = dict(line)
    for key in {"src_ip", "dst_ip"} & line.keys():
        for old, new in networks:
            out[key] = renamed(out[key], old, new)
    return out


def renamed(value: Any, old: str, new: str) -> Any:
    """Return a text, or each of a list, with one text in the place of another."""
    return [renamed(each, old, new) for each in value] if isinstance(value, list) else value.replace(old, new)


def in_place(line: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """Return a line of a case with the event in its place; single values in lists, because a text may look like a range."""
    names = REQUEST if "url" in event else PACKET
    kept = {name: value for name, value in line.items() if name not in names and name != "n"}
    if "http_referer" not in event:
        kept.pop("http_referer", None)
    own = {name: [event[name]] for name in names if name in event}
    if own.get("proto", ["tcp"])[0] not in PROTOCOLS:
        own["proto"] = [UNNAMED]
    return kept | own


def near_by(urls: Any, url: str) -> Any:
    """Return a URL of a case, or each of a list, in the directory of another."""
    if isinstance(urls, list):
        return [near_by(each, url) for each in urls]
    path = url.partition("?")[0]
    directory, _, name = path.rpartition("/")
    ending = f".{name.rpartition('.')[2]}" if "." in name else ""
    return f"{directory}/{urls.rpartition('/')[2].partition('.')[0]}{ending}"
