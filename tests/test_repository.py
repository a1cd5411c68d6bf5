"""The checkout stands alone: it names no machine and no package index, and every part carries its own description."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT

PACKAGE = ROOT / "src" / "vedette"

MADE_BY_TOOLS = {".venv", ".git", "build", "dist", "__pycache__"}

# Recorded requests and lists of probed paths name /home and /root because scanners ask for them.
RECORDED = (
    "src/vedette/content/demo/",
    "src/vedette/knowledge/",
    "src/vedette/formats/",
    "src/vedette/detectors/",
    "tests/logs/",
)

# Put together here, so that this file passes its own test.
INDEX_HOSTS = [".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"), ("deb", "debian", "org"), ("proxy", "golang", "org"),
)]  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:" + "|".join(("home/[a-z]", "Users/[A-Za-z]", "root/", "work/")) + ")")
INDEX_OPTION = re.compile(r"--(?:extra-)?" + "index" + r"-url|--find-" + "links|https?://|file://")

FRONT_MATTER = re.compile(r"/\*---\n(.*?)\n---\*/", re.DOTALL)


def tracked_files() -> list[Path]:
    """Return the files that belong to the project: what git tracks, or without git all but what tools make."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        return [
            path
            for path in ROOT.rglob("*")
            if path.is_file() and not set(path.parts) & MADE_BY_TOOLS and ".cache" not in str(path)
        ]
    return [path for name in listed if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """Return (path from the root, text) of each tracked file that is text."""
    found = []
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data[:8192]:
            found.append((path.relative_to(ROOT).as_posix(), data.decode(errors="replace")))
    return found


TEXTS = texts()
SOURCES = sorted(PACKAGE.rglob("*.py"))
FORMATS = sorted(PACKAGE.glob("formats/*.toml"))
KINDS = sorted(PACKAGE.glob("detectors/kinds/*.sql"))
NOISE = sorted(PACKAGE.glob("detectors/noise/*.sql"))

ONE_LINE = 100

# Text that the other side writes into our log.
CLIENT_TEXT = {"http_referer", "url", "user_agent", "username"}


def name_of(path: Path) -> str:
    """Return a short name for a parametrised test."""
    return path.relative_to(PACKAGE).as_posix()


def front_matter(path: Path) -> dict[str, Any]:
    """Return the TOML in the comment that opens a detector."""
    match = FRONT_MATTER.match(path.read_text("utf-8").lstrip())
    assert match, f"{path.name} does not open with /*--- TOML ---*/"
    return tomllib.loads(match[1])


def test_the_checkout_has_files_to_look_at() -> None:
    assert {"pyproject.toml", "README.md", "src/vedette/__init__.py"} <= {name for name, _ in TEXTS}


def test_no_file_names_a_path_of_a_machine() -> None:
    mine = str(ROOT) if len(ROOT.parts) > 2 else None
    named = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in TEXTS
        for number, line in enumerate(text.split("\n"), 1)
        if (mine and mine in line) or (not name.startswith(RECORDED) and MACHINE_PATH.search(line))
    ]

    assert named == []


def test_no_file_names_a_package_index() -> None:
    assert [(name, host) for name, text in TEXTS for host in INDEX_HOSTS if host in text] == []


def test_the_lock_holds_pinned_requirements_with_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    requirements = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]

    assert INDEX_OPTION.findall(text) == []
    assert requirements
    assert [block.split("\n")[0] for block in requirements if "==" not in block or "--hash=sha256:" not in block] == []


def test_the_lock_covers_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    asked += [line for group in project["dependency-groups"].values() for line in group if isinstance(line, str)]
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))

    assert {match[0] for line in asked if (match := re.match(r"[a-z0-9-]+", line))} <= locked


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))

    assert ast.get_docstring(tree) or not tree.body


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stat().st_size > 1], ids=name_of)
def test_a_module_postpones_the_evaluation_of_annotations(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    has_code = any(isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AnnAssign)) for node in tree.body)

    assert not has_code or "from __future__ import annotations" in path.read_text("utf-8")


@pytest.mark.parametrize("path", FORMATS, ids=name_of)
def test_a_format_says_what_it_reads_and_carries_samples(path: Path) -> None:
    format_file = tomllib.loads(path.read_text("utf-8"))
    samples = format_file.get("sample", [])

    assert format_file.get("title")
    assert [sample for sample in samples if sample.get("event")], "one sample at least is an event"
    assert [sample for sample in samples if sample.get("event") is False], "one sample at least is not an event"


@pytest.mark.parametrize("path", FORMATS, ids=name_of)
def test_a_format_with_text_of_the_other_side_carries_a_sample_that_forges(path: Path) -> None:
    samples = tomllib.loads(path.read_text("utf-8")).get("sample", [])
    columns = {column for sample in samples for column in sample.get("event") or ()}

    assert not columns & CLIENT_TEXT or [sample for sample in samples if sample.get("forging")]


@pytest.mark.parametrize("path", KINDS, ids=name_of)
def test_a_kind_of_scan_says_why_what_it_cannot_see_and_carries_cases(path: Path) -> None:
    kind = front_matter(path)
    cases = kind.get("case", [])

    assert [key for key in ("title", "technique", "why", "blind") if not kind.get(key)] == []
    assert [case for case in cases if case.get("finds")], "one case at least finds"
    assert [case for case in cases if case.get("finds") == []], "one case at least does not find"


@pytest.mark.parametrize("path", NOISE, ids=name_of)
def test_a_kind_of_noise_says_why_what_hiding_in_it_costs_and_carries_cases(path: Path) -> None:
    noise = front_matter(path)

    assert [key for key in ("title", "why", "cost", "case") if not noise.get(key)] == []


@pytest.mark.parametrize("path", [*KINDS, *NOISE], ids=name_of)
def test_a_knob_says_what_moving_it_does(path: Path) -> None:
    knobs = front_matter(path).get("knob", {})

    assert [name for name, knob in knobs.items() if not (isinstance(knob, dict) and knob.get("why"))] == []


def test_sql_stands_in_sql_files() -> None:
    statement = re.compile(
        r"^\s*(?:SELECT|WITH|INSERT INTO|UPDATE|DELETE FROM)\b[^'\"]*\b(?:FROM|VALUES|SET)\b", re.MULTILINE
    )
    # The engine loads tables, the schema makes them, a look-up of one line stands where it is used; all else that is SQL
    # can be read, run and tested as SQL.
    allowed = {PACKAGE / "schema.py", *PACKAGE.glob("engines/*.py"), *PACKAGE.glob("store/*.py")}
    strings = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        if path not in allowed
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if len(node.value) > ONE_LINE and statement.search(node.value)
    ]

    assert strings == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_in_the_docs_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)`|^\s*make ([a-z-]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert {target for pair in named for target in pair if target} <= targets
