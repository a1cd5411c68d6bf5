"""`vedette why`: what speaks for and against one source, step by step, and how near it came to each threshold.

Every sentence is for an analyst: a time, a number, what it is a number of. Text of the log (URLs,
names) stands in the sentences as it was logged; the outputs make it safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vedette.closeup import MOST, Closeup, Rung
from vedette.detectors import LOWEST
from vedette.detectors.direction import NOT_OUTSIDE, address_text, key_ranges, source_key, source_text
from vedette.detectors.files import Noise, detectors, noises, split_statements, stage_knobs
from vedette.detectors.ladder import spoken
from vedette.detectors.walk import NAME
from vedette.networks import parse_network
from vedette.outputs._shape import plural, span, tongue
from vedette.reading.events import event_values, time_text
from vedette.schema import PROTOCOLS

if TYPE_CHECKING:
    from vedette.config import Settings
    from vedette.engines.duckdb import Engine
    from vedette.model import Finding, Offense
    from vedette.networks import Network
    from vedette.scoring import Locate

Case = tuple["Offense", dict[str, Any] | None]
"""An offense, and the entry of an allow list that covers it."""

SHOWN = 5
STEPS_SHOWN = 12
PROTOCOL_NAMES = {number: name.upper() for name, number in PROTOCOLS.items()}
THRESHOLD = stage_knobs(NAME)["threshold"]
URL_SHOWN = 120
ENDED = {"deny": "refused", "allow": "let in", "alert": "reported"}
CLASSES = {
    "syn": "openings of TCP connections",
    "ack": "TCP packets of no connection",
    "stealth": "TCP packets with flags that mean nothing",
    "udp": "UDP",
    "icmp": "ICMP requests",
    "other": "other protocols",
    "reply": "answers to something",
}
"""What a contact of each class consists of (see class_number in detectors/contacts.sql)."""


def account(
    engine: Engine, address: str, settings: Settings, findings: list[Finding], cases: list[Case], locate: Locate
) -> dict[str, Any]:
    """Return the answer of `vedette why` on an address (of IPv6 its /64) or a network.

    The engine holds what `detect` and `scoring.rank` left in it; `findings` and `cases` are theirs.
    Keys: source, offense (or None), allowed (the allow-list entry that covers it, or None), evidence,
    steps (of the sequential evidence) and against (sentences), nearest (detector, window in microseconds, count, whole, threshold, why).
    Raises ValueError for a text that is neither an address nor a network.
    """
    network = parse_network(address)
    first, last = key_ranges(network)
    source = source_text(first) if first == last else str(network)
    own_cases = [case for case in cases if covers(first, last, [case[0].source, *case[0].sources])]
    own_findings = [finding for finding in findings if covers(first, last, [finding.source, *finding.members])]
    offense, allowed = max(own_cases, key=lambda case: case[0].score, default=(None, None))
    story = Story(engine, Closeup(engine, first, last, settings), settings, locate)
    absent = story.absence(source, network)
    return {
        "source": source,
        "offense": offense,
        "allowed": allowed,
        "evidence": story.told(own_findings, [case[0] for case in own_cases]),
        "steps": [] if absent else story.steps(),
        "against": absent or story.against(network, offense, allowed),
        "nearest": []
        if absent
        else [near(rung, story.looked_at) for rung in sorted(story.closeup.rungs(), key=closest)],
    }


def covers(first: int, last: int, sources: Sequence[str]) -> bool:
    """Tell whether any of these sources, addresses or networks in text, has its key in a range."""
    return any(first <= source_key(source) <= last for source in sources)


def closest(rung: Rung) -> tuple[float, float, str, int]:
    """Return the key that puts the rung that was come nearest to first."""
    return -rung.count / rung.at_least, -rung.whole / rung.at_least, rung.detector.name, rung.window


def near(rung: Rung, looked_at: bool) -> dict[str, Any]:
    """Return how near the source came to one rung, with what is missing; `whole` counts what is ordinary too."""
    ordinary = f"{rung.whole:,} with what has an ordinary explanation" if rung.whole > rung.count else ""
    if rung.count < rung.at_least:
        state = f"{rung.at_least - rung.count:,} short"
    else:
        state = (
            "reached"
            if looked_at
            else f"reached, but a source that is refused at fewer than {LOWEST} doors is not looked at"
        )
    why = "; ".join(filter(None, (state, ordinary)))
    return {
        "detector": rung.detector.name,
        "window": rung.window,
        "count": rung.count,
        "whole": rung.whole,
        "threshold": rung.at_least,
        "why": f"{why}. {rung.why}",
    }


def at(ts: int) -> str:
    """Return a time (microseconds UTC) as sentences give it, to the millisecond where the log is as fine."""
    text = time_text(ts).replace("T", " ")
    return f"{text[:19]} UTC" if ts % 1_000_000 == 0 else f"{text[:23]} UTC"


def deed(row: dict[str, Any]) -> str:
    """Say what one event was: to whom, for what, and how it ended."""
    event = event_values(row)
    if url := event.get("url"):
        url = url if len(url) <= URL_SHOWN else f"{url[:URL_SHOWN]}..."
        site = f" on {event['http_host']}" if "http_host" in event else ""
        return f"{event.get('http_method', 'request')} {url}{site}, status {event.get('http_status', 'unknown')}"
    flags = f" (flags {event['tcp_flags'] or 'none'})" if "tcp_flags" in event else ""
    port = f" port {event['dst_port']}" if "dst_port" in event else ""
    kind = f" type {event['icmp_type']}" if "icmp_type" in event else ""
    what = f"{str(event.get('proto', 'a packet')).upper()}{kind}{flags} to {event.get('dst_ip', 'an unnamed target')}{port}"
    return f"{what}, {ENDED.get(event.get('action', ''), 'with no word of how it ended')}"


def step(row: dict[str, Any]) -> str:
    """Say what one contact adds to the walk, and what the sum is then."""
    proto = PROTOCOL_NAMES.get(row["proto"], f"protocol {row['proto']}")
    port = f" port {row['port']}" if row["port"] else ""
    ended = "answered" if row["answered"] else "refused" if row["refused"] else "not answered"
    what = f"{proto}{port} of {address_text(row['dst_hi'], row['dst_lo'])} {ended}"
    return f"{at(row['ts'])}: {what}, {row['weight']:+.2f} makes {row['score']:.2f}"


def classes(rows: list[dict[str, Any]]) -> str:
    """Say how many doors there are of each class."""
    return ", ".join(f"{row['doors']:,} by {CLASSES[row['class']]}" for row in rows)


class Story:
    """What the tables tell of the chosen sources, as sentences. `looked_at` says whether detection took the source up at all."""

    def __init__(self, engine: Engine, closeup: Closeup, settings: Settings, locate: Locate) -> None:
        self.engine, self.closeup, self.settings, self.locate = engine, closeup, settings, locate
        sql = split_statements("vedette", "why")
        pages = "UNION ALL SELECT contact, times FROM page_evidence" if closeup.web else ""
        sql[-2] = sql[-2].replace("PAGES", pages)
        presence, self.ends, classes, extent, answered, refused, explained, self.walk = (
            closeup.rows(text, shown=SHOWN) for text in sql
        )
        self.presence, self.extent = presence[0], extent[0]
        self.classes, self.answered, self.explained = classes, answered, explained
        self.doors = [row for row in classes if row["class"] != "reply"]
        self.refused = {row["source"]: row["doors"] for row in refused}
        self.pages = closeup.rows(split_statements("vedette", "why_pages")[0])[0] if closeup.web else {"pages": 0}
        taken_up = "SELECT 1 AS found FROM temp.evidence JOIN chosen USING (source)"
        taken_up += " UNION ALL SELECT 1 FROM temp.page_evidence JOIN chosen USING (source)" if closeup.web else ""
        self.looked_at = bool(engine.rows(f"{taken_up} LIMIT 1"))

    def told(self, findings: list[Finding], offenses: list[Offense]) -> list[str]:
        """Return what the source did, in the order in which it happened."""
        (ends,) = self.ends
        if not ends["earliest"]:
            return []
        first, last = ends["earliest"]["ts"], ends["latest"]["ts"]
        steps = [(first, 0, f"{at(first)}: first seen, {self.place(ends['earliest']['record'])}")]
        steps += [(first, 1, sentence) for sentence in [*self.members(offenses), *self.extents(last - first)]]
        steps += [(finding.detected_at, 2, self.settling(finding)) for finding in findings]
        steps += [(row["ts"], 3, self.answer(row)) for row in self.answered]
        if last > first:
            steps.append((last, 4, f"{at(last)}: last seen, {self.place(ends['latest']['record'])}"))
        return [sentence for _, _, sentence in sorted(steps, key=lambda step: step[:2])]

    def place(self, record: int) -> str:
        """Say what a record says and where it stands."""
        where = self.locate(record)
        (row,) = self.engine.rows("SELECT * FROM events WHERE record = $record", {"record": record})
        return f"{deed(row)} ({where.input} line {where.line})"

    def members(self, offenses: list[Offense]) -> list[str]:
        """Say which sources a network holds, if it is one of several."""
        number = self.presence["sources"]
        if number < 2:
            return []
        capped = f"; the {MOST:,} most active are looked at" if number > MOST else ""
        named = (
            f"; {plural(len(offenses), 'offense')} among them: {', '.join(o.source for o in offenses[:SHOWN])}"
            if offenses
            else ""
        )
        return [f"The network holds {number:,} sources in this log, each judged by itself{capped}{named}"]

    def extents(self, length: int) -> list[str]:
        """Say how much it did, and how that ended."""
        sentences = []
        if self.doors:
            doors, packets, answered, refused, unknown = (
                sum(row[key] for row in self.doors) for key in ("doors", "packets", "answered", "refused", "unknown")
            )
            where = f"{plural(self.extent['ports'], 'port')} of {plural(self.extent['targets'], 'target')}"
            sentences.append(
                f"In {span(length)} it knocked on {plural(doors, 'distinct door')} ({where}) with {plural(packets, 'packet')}: {classes(self.doors)}"
            )
            sentences.append(
                f"Of these doors {refused:,} refused it, {answered:,} answered, and of {unknown:,} the log does not say"
            )
        if self.pages["pages"]:
            sentences += self.page_extents(length)
        return sentences

    def page_extents(self, length: int) -> list[str]:
        """Say what it asked for on the web, and how that ended."""
        seen = self.pages
        marks = {
            "sensitive": "of these pages are ones that scanners look for",
            "attacks": "carry attack text",
            "tool_requests": "requests name a scanner as their user agent",
        }
        marked = [f"{seen[key]:,} {words}" for key, words in marks.items() if seen[key]]
        asked = f"{plural(seen['pages'], 'different page')} with {plural(seen['requests'], 'request')}"
        ended = f"{seen['refused']:,} were not there or refused, {seen['unauthorised']:,} asked for a password, {seen['served']:,} were served"
        return [f"In {span(length)} it asked for {asked}: {ended}", *([", ".join(marked)] if marked else [])]

    def settling(self, finding: Finding) -> str:
        """Say by which record a finding was settled, and how far it went."""
        if finding.members:
            return (
                f"{at(finding.detected_at)}: {len(finding.members):,} sources together are a {finding.kind} scan, settled "
                f"by {self.place(finding.settled_by)}; in all: {finding.reason}"
            )
        if finding.detector == NAME:
            return (
                f"{at(finding.detected_at)}: sequential evidence settled, {THRESHOLD:g} reached "
                f"by {self.place(finding.settled_by)}; in all: {finding.reason}"
            )
        number, kind = next((n, kind) for n, kind in enumerate(detectors()) if kind.name == finding.detector)
        sql = 'SELECT min("window") AS length FROM settled WHERE detector = $number AND settled_by = $record'
        (row,) = self.engine.rows(sql, {"number": number, "record": finding.settled_by})
        least = next(rung.at_least for rung in kind.rungs if rung.window == row["length"])
        return (
            f"{at(finding.detected_at)}: {kind.title} settled, {least:,} within {spoken(row['length'])} reached "
            f"by {self.place(finding.settled_by)}; in all: {finding.reason}"
        )

    def steps(self) -> list[str]:
        """Tell the walk over the contacts of one source, up to the one that takes it to the threshold, else to its highest."""
        if not self.walk or self.presence["sources"] > 1:
            return []
        reached = next((n for n, row in enumerate(self.walk) if row["score"] >= THRESHOLD), None)
        last = max(range(len(self.walk)), key=lambda n: self.walk[n]["score"]) if reached is None else reached
        rows = self.walk[: last + 1]
        left = len(rows) - STEPS_SHOWN
        shown = rows if left <= 0 else [*rows[: STEPS_SHOWN - 1], rows[-1]]
        sentences = [step(row) for row in shown]
        if left > 0:
            sentences.insert(-1, f"{plural(left, 'more step')}, left out here")
        state = (
            "where a source is named at any speed"
            if reached is not None
            else f"its highest; {THRESHOLD:g} names a source at any speed"
        )
        return [*sentences, f"{at(rows[-1]['ts'])}: the sum is {rows[-1]['score']:.2f}, {state}"]

    def answer(self, row: dict[str, Any]) -> str:
        """Say which door answered."""
        more = (
            f" (the first {SHOWN} of {row['doors']:,} are shown)"
            if row["doors"] > SHOWN and row is self.answered[-1]
            else ""
        )
        proto = "UDP" if row["proto"] == 17 else "TCP"
        return f"{at(row['ts'])}: {proto} port {row['port']} of {address_text(row['dst_hi'], row['dst_lo'])} answered{more}"

    def against(self, network: Network, offense: Offense | None, allowed: dict[str, Any] | None) -> list[str]:
        """Return what speaks against a verdict, or explains that there is none."""
        sentences = [*self.ordinary(), *([] if offense else self.too_little())]
        if allowed:
            entry = tongue({key: value for key, value in allowed.items() if value and key != "until"})
            sentences.append(f"An allow list covers it, so the offense is listed as suppressed: {entry}")
        elif entries := [entry for entry in self.settings.allow if overlaps(entry.network, network)]:
            state = "has expired" if offense else "has nothing to suppress"
            sentences += [
                f"An allow list covers it, but the entry {state}: {entry.network} ({entry.who or 'nobody named'})"
                for entry in entries
            ]
        return sentences

    def absence(self, source: str, network: Network) -> list[str]:
        """Say why the source was not looked at: it is not there, it is ours, or it never came to us."""
        there = self.presence
        asked = (
            " in the time that was asked for"
            if self.settings.since is not None or self.settings.until is not None
            else ""
        )
        if not there["own"]:
            target = f"; it is the target of {plural(there['received'], 'event')}" if there["received"] else ""
            return [
                f"{source} is not in the log: none of {plural(there['events'], 'event')}{asked} has it as source{target}"
            ]
        homes = [home for home in self.settings.home or NOT_OUTSIDE if overlaps(home, network)]
        if homes and not self.closeup.rows("SELECT 1 AS found FROM chosen LIMIT 1"):
            if self.settings.home:
                return [
                    f"{source} is at home ({homes[0]}, by --home): only sources outside are looked at; it has {plural(there['own'], 'event')}"
                ]
            ours = f"{source} is no address of the internet ({homes[0]}) and so taken for one of ours; it has {plural(there['own'], 'event')}"
            return [f"{ours}. To look at it, say which networks are yours: --home"]
        if not there["inbound"]:
            return [
                f"None of its {plural(there['own'], 'event')} goes to one of our networks (--home), so it never knocked from outside"
            ]
        return []

    def ordinary(self) -> list[str]:
        """Say which noise rules explained how much."""
        whys = {rule.title: rule.why for rule in noises()}
        contacts = sum(row["contacts"] for row in self.explained)
        sentences = [
            f"{row['contacts']:,} of {plural(contacts, 'refused contact')} ({plural(row['times'], 'event')}) can be explained as {row['reason']}: {whys[row['reason']]}"
            for row in self.explained
            if row["reason"]
        ]
        counted = [(rule, self.of_no_interest(rule)) for rule in noises() if rule.reads == "events"]
        return sentences + [
            f"{plural(events, 'event')} counted as {rule.title}: {rule.why}" for rule, events in counted if events
        ]

    def of_no_interest(self, rule: Noise) -> int:
        """Return how many events of the source a noise rule that reads events takes."""
        sql = f"SELECT coalesce(sum(events), 0)::BIGINT AS events FROM ({rule.sql}) WHERE source IN (FROM chosen)"
        return int(self.engine.rows(sql, rule.knobs)[0]["events"])

    def too_little(self) -> list[str]:
        """Say what is missing to a verdict."""
        left = sum(row["contacts"] for row in self.explained if not row["reason"])
        whole = sum(row["contacts"] for row in self.explained)
        few = {source: doors for source, doors in self.refused.items() if doors < LOWEST}
        sentences = []
        if not whole and (self.doors or self.pages["pages"]):
            sentences.append(
                "Nothing that it asked for was refused or left without an answer, so there is nothing to count"
            )
        elif not whole:
            sentences.append("It asked for nothing: all its packets answer something")
        if len(self.refused) == 1 and few:
            (doors,) = few.values()
            sentences.append(
                f"It was refused at {plural(doors, 'distinct door')} in all: a source with fewer than {LOWEST} is background and not looked at"
            )
        elif few:
            sentences.append(
                f"{len(few):,} of {len(self.refused):,} sources were refused at fewer than {LOWEST} distinct doors each, which is background"
            )
        if whole and not left:
            sentences.append(f"All {plural(whole, 'refused contact')} can be explained: nothing is left to count")
        elif whole and self.looked_at:
            sentences.append(
                f"{left:,} of {plural(whole, 'refused contact')} are left to count: too few within any window"
            )
        return sentences


def overlaps(one: Network, other: Network) -> bool:
    """Tell whether two networks share an address; those of different versions do not."""
    return one.version == other.version and one.overlaps(other)
