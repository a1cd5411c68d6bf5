"""Writes docs/formats.md from the format files: `python -m docs.build`, or `make docs`.

A test compares the page with what this makes, so that it cannot go stale unseen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vedette.catalog import formats
from vedette.outputs._catalog import MEANINGS
from vedette.reading.binary import KINDS

PAGE = Path(__file__).parent / "formats.md"

HEAD = """# Log formats

<!-- Made from src/vedette/formats/*.toml by `make docs`; edit those. -->

vedette tries every format on a sample of each input and takes the one that reads most lines; several formats in one file are
no obstacle, and `--format NAME` forces one. `vedette formats NAME` shows all samples of a format, `vedette explain LINE`
which format takes a line, and how far each came when none does.
"""

WRAPPED = """## Around the lines

All of these are taken off first, and may stand inside one another: syslog headers (RFC 3164 and RFC 5424, Cisco's and
others' variants, relayed twice), journald, Docker and CRI lines, shippers' JSON (`message`, `log`, `event.original`), arrays and
envelopes of records (`records`, `Records`, `value`), and gzip, zstd, xz or bzip2 around the file.
"""


def page() -> str:
    """Return the page."""
    rows = formats()
    parts = [HEAD, *binaries(), WRAPPED, *overview(rows), *fields()]
    return "\n".join(parts) + "\n" + "\n".join(text for row in rows for text in section(row)) + "\n"


def binaries() -> Iterator[str]:
    """Yield the inputs that are no text."""
    yield "## Inputs that are no text\n\n| input | install | read by |\n| --- | --- | --- |"
    for kind in KINDS:
        yield f"| {kind.title} | `pip install 'vedette-scan[{kind.extra}]'` | [{kind.format}](#{kind.format}) |"
    yield ""


def overview(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the table of all formats."""
    yield f"## The {len(rows)} formats\n\n| name | what | tokenizer |\n| --- | --- | --- |"
    for row in rows:
        yield f"| [{row['name']}](#{row['name']}) | {cell(row['title'])} | {row['tokenizer']} |"
    yield ""


def fields() -> Iterator[str]:
    """Yield what the fields of an event mean."""
    yield "## Fields of an event\n\n| field | meaning |\n| --- | --- |"
    yield from (
        f"| {name} | {cell(meaning)} |" for name, meaning in MEANINGS.items() if name not in ("record", "format")
    )
    yield ""


def section(row: dict[str, Any]) -> Iterator[str]:
    """Yield what is said of one format: what describes it, what to turn on, its fields, and its first sample with the event."""
    yield f"## {row['name']}\n\n{prose(row['title'])}\n"
    yield f"- described at: {prose(row['reference'])}"
    yield f"- turn on: {prose(row['switch'])}"
    yield f"- fields: {', '.join(row['fields'])}\n"
    first = next(sample for sample in row["samples"] if sample["event"])
    event = json.dumps(first["event"], ensure_ascii=False, default=str)
    yield f"    {first['line']}\n    {event}\n".replace("\t", "\\t")


def prose(text: str) -> str:
    """Return a text whose signs Markdown would take for its own, escaped."""
    for sign in "\\`*_<[":
        text = text.replace(sign, f"\\{sign}")
    return text


def cell(text: str) -> str:
    """Return a text for a table."""
    return prose(text).replace("|", "\\|")


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
