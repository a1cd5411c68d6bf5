"""Every format file proves itself: `pytest -k NAME` runs the proof of one."""

from __future__ import annotations

import json
import re
import shutil
from datetime import datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from small_formats import CONTEXT, all_alike, both, made_up
from vedette import formats
from vedette.cli import main
from vedette.formats import by_name, load, read
from vedette.reading.events import time_text
from vedette.reading.patterns import parse
from vedette.reading.reference_envelope import open_envelope
from vedette.schema import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vedette.formats import Format

FORMATS = {fmt.name: fmt for fmt in load()}
NAMES = pytest.mark.parametrize("name", sorted(FORMATS))
SAMPLES = [(name, number) for name, fmt in sorted(FORMATS.items()) for number in range(len(fmt.samples))]
EACH_SAMPLE = pytest.mark.parametrize(("name", "number"), SAMPLES, ids=[f"{name}-{number}" for name, number in SAMPLES])

CLIENT_TEXT = ("http_method", "http_host", "url", "http_referer", "user_agent", "username")
"""What the other side writes into our log."""

SPACED = {("combined", "username")}
"""(format, column) of client text that stands without quotes and may hold spaces all the same.

Behind a site it may not: a Host header can hold spaces and addresses too, and rather than take one of
those for the source, such a record is read without.
"""

FIXED = ("src_ip", "dst_ip", "src_port", "dst_port", "proto", "action", "ts", "sensor")
"""What client text must not change."""

ALLOWED = [
    ip_network(net)
    for net in (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001:db8::/32",
        "10.0.0.0/29",
        "0.0.0.0/32",
        "::/128",
    )
]
"""Documentation addresses; private ones where a sample needs a proxy of our own, zeros where a device means "none"."""

QUAD = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
GROUPS = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:.])")

PAYLOADS = [
    b"SRC=8.8.8.8", b" SRC=8.8.8.8 DST=8.8.4.4 SPT=1 DPT=2 ", b"srcip=8.8.8.8", b'"', b'" 200 1 "', b"\\", b'\\"', b"]", b"[", b" [", b"] ",
    b"|", b"=", b"%", b"<4>", b": ", b"\x1b[31m", b"\0", b"\xff", b"\xc3", "\u2028".encode(), b"\x85", b"\r", b"8.8.8.8", b" 8.8.8.8 ",
    b" [10/Mar/2026:13:55:36 +0000] ", b"/8.8.8.8:1", b"(8.8.8.8)",
]  # fmt: skip


def expected(sample: dict[str, Any]) -> dict[str, Any]:
    """Return the event of a sample; a `ts` without year gets the one that the receipt of the tests implies."""
    event = dict(sample["event"])
    if re.match(r"\d\d-\d\dT", event.get("ts", "")):
        received = time_text(CONTEXT.received)
        years = (f"{year}-{event['ts']}" for year in range(int(received[:4]) + 1, 0, -1))
        event["ts"] = next(
            ts for ts in years if _exists(ts) and ts[:10] <= time_text(CONTEXT.received + 7 * 86_400_000_000)[:10]
        )
    return event


def _exists(ts: str) -> bool:
    """Tell whether there is such a day."""
    try:
        datetime.fromisoformat(ts)
    except ValueError:
        return False
    return True


def event_of(fmt: Format, line: bytes) -> dict[str, Any] | None:
    """Return the event of a line, as `shown` gives it, or None."""
    return shown(both(fmt, line, CONTEXT).event)


def shown(event: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an event with its `ts` as `vedette events` prints it, or None."""
    if event and "ts" in event:
        return {**event, "ts": time_text(event["ts"])}
    return event


@EACH_SAMPLE
def test_a_sample_gives_exactly_its_event(name: str, number: int) -> None:
    sample = FORMATS[name].samples[number]
    reading = event_of(FORMATS[name], sample["line"].encode())

    # A refused line may well be another format's own: what a sample says, it says of its format.
    assert reading == (None if sample["event"] is False else expected(sample))


@EACH_SAMPLE
def test_a_sample_is_taken_by_one_format_only(name: str, number: int) -> None:
    sample = FORMATS[name].samples[number]
    takers = [fmt.name for fmt in FORMATS.values() if both(fmt, sample["line"].encode(), CONTEXT).event]

    assert takers == [name] or sample["event"] is False


@NAMES
def test_a_format_is_compiled_and_its_samples_are_all_that_follows_the_first(name: str) -> None:
    fmt = FORMATS[name]

    assert fmt.compiled
    assert {key for sample in fmt.samples for key in sample} <= {"name", "line", "event", "forging"}
    assert [sample for sample in fmt.samples if sample["event"] is False], "one sample at least is not an event"


@NAMES
def test_every_pattern_is_used_by_a_sample(name: str) -> None:
    fmt = FORMATS[name]
    used = []
    for sample in fmt.samples if fmt.tokenizer == "dissect" else []:
        line = sample["line"].encode()
        pattern, *_ = fmt.plain.match(line, open_envelope(line, fmt.spec.get("header", "none"), CONTEXT), {}, CONTEXT)
        used.append(pattern and pattern["line"])

    assert [pattern["line"] for pattern in fmt.spec.get("pattern", []) if pattern["line"] not in used] == []


@NAMES
def test_every_key_is_used_by_a_sample(name: str) -> None:
    fmt = FORMATS[name]
    text = "\n".join(sample["line"] for sample in fmt.samples if sample["event"])
    keys = [key for key, column in fmt.spec.get("key", {}).items() if column != "_" and fmt.tokenizer == "kv"]

    assert [key for key in keys if not any(key + sign in text for sign in fmt.spec["equals"])] == []


@NAMES
def test_a_format_with_client_text_carries_a_sample_that_forges(name: str) -> None:
    samples = FORMATS[name].samples
    columns = {column for sample in samples for column in sample["event"] or ()}

    assert not columns & set(CLIENT_TEXT) or [sample for sample in samples if sample.get("forging")]


@EACH_SAMPLE
def test_a_sample_names_documentation_addresses_only(name: str, number: int) -> None:
    line = FORMATS[name].samples[number]["line"]
    strangers = [text for text in QUAD.findall(line) + GROUPS.findall(line) if _foreign(text)]

    assert strangers == []


def _foreign(text: str) -> bool:
    """Tell whether a text is an address outside of the documentation networks."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not any(address in network for network in ALLOWED)


def payloads() -> list[bytes]:
    """Return what a client may write to deceive: signs, keys, and a whole line of every format."""
    return PAYLOADS + [sample["line"].encode() for fmt in FORMATS.values() for sample in fmt.samples if sample["event"]]


def forgeries(name: str, sample: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield (column, line) for each client text of a sample with each payload put into it, escaped as the server escapes.

    A sample that forges is an attack as it stands; what is put into it would no longer be in the column it names.
    """
    if sample.get("forging"):
        return
    line = sample["line"].encode()
    for column in CLIENT_TEXT:
        value = (sample["event"] or {}).get(column, "").encode()
        at = line.find(value) if value and line.count(value) == 1 else -1
        if at < 0:
            continue
        before, after = line[:at], line[at + len(value) :]
        behind_a_site = "http_host" in sample["event"]
        quoted = len(re.findall(rb'(?<!\\)"', before)) % 2 == 1
        for payload in payloads():
            if FORMATS[name].tokenizer == "json":
                put = json.dumps(payload.decode(errors="replace"), ensure_ascii=False)[1:-1].encode()
            elif FORMATS[name].tokenizer == "csv":
                put = in_a_cell(FORMATS[name], payload, quoted=quoted)
            else:
                put = as_logged(column, payload, spaced=quoted or ((name, column) in SPACED and not behind_a_site))
            yield column, before + put + value + after
            yield column, before + value + put + after
            yield column, before + (put or value) + after


def in_a_cell(fmt: Format, payload: bytes, *, quoted: bool) -> bytes:
    """Return a payload as a device writes it into a cell: a quote doubled, and what parts cells only between quotes."""
    if quoted:
        return payload.replace(b'"', b'""').replace(b"\\", b"/")
    separator = fmt.spec.get("separator", ",").encode()
    return re.sub(rb'["\\\r' + re.escape(separator) + rb"]", b"+", payload)


def as_logged(column: str, payload: bytes, *, spaced: bool) -> bytes:
    """Return a payload as a server logs it: quotes and backslashes escaped, and only what it lets into such a text."""
    if column == "http_method":
        return re.sub(rb"[^A-Za-z]", b"", payload)
    escaped = payload.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    if column == "http_host" and not spaced:
        return re.sub(rb"[\x00-\x20\x7f/:<\[\]]", b"", escaped)
    return escaped if spaced else escaped.replace(b" ", b"+")


@EACH_SAMPLE
def test_client_text_cannot_forge_who_did_what(name: str, number: int) -> None:
    fmt, sample = FORMATS[name], FORMATS[name].samples[number]
    honest = {key: value for key, value in expected(sample).items() if key in FIXED} if sample["event"] else {}
    forged = {line: column for column, line in forgeries(name, sample)}
    for (line, column), reading in zip(forged.items(), all_alike(fmt, list(forged), CONTEXT), strict=True):
        event = shown(reading.event)

        assert event is not None, f"{column} hides the line: {line!r}"
        assert {key: value for key, value in event.items() if key in FIXED} == honest, f"{column}: {line!r}"


@pytest.mark.parametrize(
    "column", [column.name for column in EVENTS if column.kind not in ("record", "format", "address")]
)
def test_every_column_can_be_captured(column: str) -> None:
    fmt = made_up(
        f"only {column}", f"tokenizer = 'dissect'\nrequired = ['{column}']\n[[pattern]]\nline = '{{{column}}}'"
    )

    assert fmt.compiled
    assert fmt.plain


def test_a_format_is_found_by_its_name() -> None:
    assert by_name("netfilter").name == "netfilter"
    assert [fmt.name for fmt in load()] == sorted(FORMATS)
    assert load() is load()


def test_a_name_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean netfilter"):
        by_name("netfliter")
    with pytest.raises(ValueError, match=r"known: .*combined"):
        by_name("zzzzzz")


HEAD = "title = 't'\nreference = 'r'\nswitch = 's'\ntokenizer = 'dissect'\nrequired = ['src_ip']\n"
PROOF = "\n[[sample]]\nline = 'x'\nevent = false\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "odd.toml: "),
        ("title = 1\n", "odd.toml: title: expected a text, found 1"),
        (HEAD.replace("switch = 's'\n", ""), "odd.toml: switch: expected a text, found None"),
        (HEAD.replace("['src_ip']", "'src_ip'"), "odd.toml: required: expected a list of columns"),
    ],
)
def test_a_file_that_is_no_format_is_named_with_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(text + PROOF, "utf-8")

    with pytest.raises(ValueError, match=re.escape(message)):
        read(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[pattern]]\nline = '{nothing}'", "'nothing' is no column of events"),
        ("[[pattern]]\nline = '{ts:never}'", "'never' is no field type"),
        ("[[pattern]]\nline = '{url}{user_agent}'", "must be literal text"),
        ("[[pattern]]\nline = '(?a{url} (?b) c)'", "an optional part inside an optional part"),
        ("[[pattern]]\nline = '(?a'", "an optional part is not closed"),
        ("[[pattern]]\nline = '{src_port} (?{src_port} x)'", "is captured again in an optional part"),
        ("[[pattern]]\nline = '{src_ip:ip_port} (?{src_port} x)'", "is captured again in an optional part"),
        ("[[pattern]]\nline = '(?{dst_port} )(?{dst_port} x)'", "is captured again in an optional part"),
        ("[[pattern]]\nline = '{src_ip'", "cannot read"),
        ("", "'pattern' is missing"),
    ],
)
def test_a_format_that_means_nothing_is_refused_with_the_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(HEAD + text + PROOF, "utf-8")

    with pytest.raises(ValueError, match=rf"odd\.toml: .*{re.escape(message)}"):
        assert read(path).compiled


@pytest.mark.parametrize(
    ("tokenizer", "text"),
    [
        ("dissect", "pattern = 3"),
        ("dissect", "[[pattern]]\nline = 5"),
        ("dissect", "[[pattern]]\nid = [1]"),
        ("kv", "key = 'x'\nequals = '='"),
        ("kv", "[key]\nSRC = 5"),
        ("csv", "layout = 'x'"),
        ("csv", "[[layout]]\ncolumns = 3"),
        ("csv", "[[layout]]\ncolumns = ['@nothing']"),
        ("json", "path = [1]"),
        ("json", "[path]\na = 5"),
        ("nothing", ""),
    ],
)
def test_a_format_of_the_wrong_shape_is_named_by_kernel_and_reference(
    tmp_path: Path, tokenizer: str, text: str
) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(HEAD.replace("'dissect'", f"'{tokenizer}'") + text + PROOF, "utf-8")

    with pytest.raises(ValueError, match=r"^odd\.toml: "):
        assert read(path).compiled
    with pytest.raises(ValueError, match=r"^odd\.toml: "):
        assert read(path).plain


def test_a_broken_format_file_ends_every_command_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "formats"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copy(Path(formats.__file__).with_name("netfilter.toml"), package)
    (package / "odd.toml").write_text(HEAD + "[[pattern]]\nline = '{nothing}'" + PROOF, "utf-8")
    monkeypatch.setattr(formats, "__file__", str(package / "__init__.py"))
    load.cache_clear()
    try:
        assert main(["scan", str(package / "netfilter.toml")]) == 70
    finally:
        load.cache_clear()

    out, err = capsys.readouterr()
    assert out == ""
    assert "odd.toml: 'nothing' is no column of events" in err


def test_only_samples_follow_the_first_sample(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(HEAD + PROOF + "[extra]\nkey = 1\n", "utf-8")

    with pytest.raises(ValueError, match="expected only samples"):
        assert read(path).samples


def test_a_pattern_is_literal_text_but_for_braces_and_optional_parts() -> None:
    from vedette.reading.fields import Families

    (step,) = parse("a (b) ) c", Families({}))

    assert step.literal == b"a (b) ) c"
