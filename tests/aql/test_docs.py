"""docs/aql.md shows what the commands print, counts what they count, and names every custom property and function that needs a console."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest

from conftest import ROOT
from vedette.ariel.databases import properties

PAGE = (ROOT / "docs" / "aql.md").read_text("utf-8")
SHOWN = re.findall(r"^\$ vedette (.+)\n((?:(?!```).+\n)+)", PAGE, re.MULTILINE)


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vedette", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_prints_what_the_page_shows(command: str, output: str) -> None:
    process = run(shlex.split(command))

    assert process.stderr + process.stdout == output


@pytest.mark.parametrize(
    ("name", "first", "second"),
    re.findall(r"^\| `(t1595-\w+)` \| ([\d,]+) rows? \| ([\d,]+) rows? \|", PAGE, re.MULTILINE),
)
def test_the_page_counts_the_rows_of_both_days(name: str, first: str, second: str) -> None:
    command = ["aql", "--query", name, "--on", "src/vedette/content/demo", "-o", "json"]
    counted = [
        len(json.loads(run([*command, *more]).stdout)["events"]) for more in (["--now", "2026-03-10T23:59:59Z"], [])
    ]

    assert counted == [int(text.replace(",", "")) for text in (first, second)]


def test_the_page_names_every_custom_property() -> None:
    assert [name for name in properties() if name not in PAGE] == []
