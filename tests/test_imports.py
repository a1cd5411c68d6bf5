"""Start-up stays light: the static contracts in pyproject.toml cannot see which imports wait inside functions, a process can."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[[str], subprocess.CompletedProcess[str]]

HEAVY = ("cyclopts", "duckdb", "isal", "llvmlite", "numba", "numpy", "rich", "zstandard")

LIGHT_MODULES = ("vedette", "vedette.config", "vedette.model", "vedette.schema")

LOADED = f"import json; print(json.dumps(sorted(set(sys.modules) & set({HEAVY!r}))))"


def heavy_modules_after(run_python: Run, code: str) -> list[str]:
    """Run code in a fresh process and return which heavy libraries it has loaded, read from its last line."""
    process = run_python(f"import sys\n{code}\n{LOADED}")
    assert process.returncode == 0, process.stderr
    return list(json.loads(process.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_importing_a_light_module_loads_no_heavy_library(run_python: Run, module: str) -> None:
    assert heavy_modules_after(run_python, f"import {module}") == []


def test_the_probe_sees_a_heavy_library_when_there_is_one(run_python: Run) -> None:
    assert heavy_modules_after(run_python, "import numpy") == ["numpy"]


def test_asking_for_the_version_loads_no_heavy_library(run_python: Run) -> None:
    code = """
sys.argv = ["vedette", "--version"]
try:
    from vedette.__main__ import main
    code = main()
except SystemExit as stop:
    code = stop.code
assert not code, code
"""
    assert heavy_modules_after(run_python, code) == []


def test_the_version_is_printed_to_stdout(vedette: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    from vedette import __version__

    process = vedette("--version")

    assert process.returncode == 0, process.stderr
    assert __version__.encode() in process.stdout
    assert process.stderr == b""
