"""The command line: arguments in, exit code out, data on stdout, talk on stderr, whatever the logs say."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import fake_pipeline as fake
import vedette
from conftest import ROOT
from vedette import __version__, cli, outputs
from vedette.config import InputError, StoreLocked
from vedette.model import Input

FAKE = ROOT / "tests" / "fake_pipeline.py"
Install = Callable[[fake.Pipeline], fake.Pipeline]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Install:
    """Return a function that puts a pipeline where the command line looks for it, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def put(pipeline: fake.Pipeline) -> fake.Pipeline:
        monkeypatch.setattr(vedette, "pipeline", pipeline, raising=False)
        return pipeline

    return put


def process(kind: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line on a fake pipeline in a process of its own."""
    command = [sys.executable, str(FAKE), kind, *arguments]
    return subprocess.run(command, capture_output=True, env=os.environ | environ, timeout=60, check=False)


def test_a_scan_prints_its_answer_to_stdout_and_exits_with_0(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install(fake.Pipeline(fake.report()))

    assert cli.main(["scan", "fw.log"]) == 0

    out, err = capsys.readouterr()
    assert "OFFENSES  1 critical  1 high  1 medium" in out
    assert "next   vedette why 198.51.100.7 fw.log\n" in out
    assert err == ""


@pytest.mark.parametrize(
    ("level", "code"), [(None, 0), ("never", 0), ("critical", 1), ("high", 1), ("medium", 1), ("low", 1)]
)
def test_findings_at_or_above_the_level_make_exit_code_1(install: Install, level: str | None, code: int) -> None:
    install(fake.Pipeline(fake.report()))

    assert cli.main(["scan", "x", *(["--fail-on", level] if level else [])]) == code


def test_findings_below_the_level_make_exit_code_0(install: Install) -> None:
    install(fake.Pipeline(fake.report(offenses=[fake.offense(level="medium")])))

    assert cli.main(["scan", "x", "--fail-on", "high"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scn"], 'Did you mean "scan"'),
        (["scan"], "no PATH given"),
        (["why"], "ADDRESS"),
        (["why", "1.2.3.4"], "no PATH given"),
        (["why", "1.2.3.400", "x"], "1.2.3.400"),
        (["explain"], "LINE"),
        (["scan", "x", "--hom", "10.0.0.0/8"], "Did you mean --home"),
        (["scan", "x", "-o"], "requires an argument"),
        (["scan", "x", "-o", "jsn"], "did you mean json"),
        (["scan", "x", "--format", "netfilte"], "did you mean netfilter"),
        (["scan", "x", "--fail-on", "hihg"], "did you mean high"),
        (["scan", "x", "--home", "10.0.0.1/8"], "10.0.0.0/8"),
        (["events", "x", "-o", "html"], "html renders no events"),
        (["scan", "-", "-o", "-"], "unknown output"),
    ],
)
def test_a_mistake_of_usage_makes_exit_code_2_and_one_line_that_helps(
    install: Install, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    install(fake.Pipeline())

    assert cli.main(arguments) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert said in err


def test_a_mistake_of_usage_is_found_before_the_pipeline_is_imported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(vedette, "pipeline", raising=False)
    monkeypatch.setitem(sys.modules, "vedette.pipeline", None)

    for command in (["scan", "x"], ["events", "x"], ["why", "192.0.2.1", "x"], ["explain", "x"]):
        assert cli.main([*command, "--home", "nonsense"]) == 2


def test_an_unreadable_input_makes_exit_code_3_and_the_rest_is_reported(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = Input("missing.log", problem="no such file", complete=False)
    install(fake.Pipeline(fake.report(inputs=[missing, *fake.report().inputs])))

    assert cli.main(["scan", "missing.log", "fw.log", "-o", "json", "--fail-on", "low"]) == 3

    out, err = capsys.readouterr()
    assert len(json.loads(out)["offenses"]) == 3
    assert err == "vedette: missing.log: no such file\n"


def test_events_after_an_unreadable_input_are_printed_and_the_exit_code_is_3(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    install(fake.Pipeline())

    assert cli.main(["events", "missing.log", "fw.log", "-o", "jsonl"]) == 3

    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 2
    assert "missing.log: no such file" in err


@pytest.mark.parametrize(("percent", "code"), [("90", 0), ("90.1%", 3), ("0", 0)])
def test_an_input_parsed_below_the_share_asked_for_makes_exit_code_3(
    install: Install, capsys: pytest.CaptureFixture[str], percent: str, code: int
) -> None:
    install(fake.Pipeline(fake.report()))

    assert cli.main(["scan", "x", "--min-parsed", percent]) == code
    assert ("access.log: 90.00 % parsed, below --min-parsed 90.1" in capsys.readouterr().err) == (code == 3)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("nothing to read"), 3, "nothing to read"),
        (StoreLocked("the store is open elsewhere"), 4, "the store is open elsewhere"),
        (RuntimeError("oops"), 70, "unexpected RuntimeError: oops (VEDETTE_DEBUG=1 shows the traceback)"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_what_stops_a_run_is_one_line_and_an_exit_code(
    install: Install, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, said: str
) -> None:
    install(fake.Pipeline(error))

    assert cli.main(["scan", "x"]) == code
    assert capsys.readouterr() == ("", f"vedette: {said}\n")


def test_a_traceback_is_there_for_who_asks(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_DEBUG", "1")
    install(fake.Pipeline(RuntimeError("oops")))

    with pytest.raises(RuntimeError):
        cli.main(["scan", "x"])


def test_settings_reach_the_pipeline_by_flag_environment_and_file(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("vedette.toml").write_text('home = ["203.0.113.0/24"]\nmemory = "1GB"\nthreads = 3\n')
    Path("allow.txt").write_text("192.0.2.8 # ops; weekly scan\n")
    monkeypatch.setenv("VEDETTE_THREADS", "4")
    pipeline = install(fake.Pipeline())

    argv = [
        "scan",
        "a.log",
        "--memory",
        "2GB",
        "--allow",
        "192.0.2.7",
        "b.log",
        "--allow-file",
        "allow.txt",
        "--format=netfilter",
    ]

    assert cli.main(argv) == 0
    assert pipeline.paths == ["a.log", "b.log"]
    assert pipeline.seen is not None
    assert [str(network) for network in pipeline.seen.home] == ["203.0.113.0/24"]
    assert [(str(entry.network), entry.who) for entry in pipeline.seen.allow] == [
        ("192.0.2.7/32", ""),
        ("192.0.2.8/32", "ops"),
    ]
    assert (pipeline.seen.memory, pipeline.seen.threads, pipeline.seen.format) == ("2GB", 4, "netfilter")
    assert pipeline.seen.command == ["vedette", *argv]


def test_a_repeatable_option_takes_one_value_each_time(install: Install) -> None:
    pipeline = install(fake.Pipeline())

    assert cli.main(["scan", "--home", "10.0.0.0/8", "--home", "192.0.2.0/24", "fw.log"]) == 0
    assert pipeline.paths == ["fw.log"]
    assert pipeline.seen is not None
    assert len(pipeline.seen.home) == 2


def test_a_hyphen_is_standard_input_and_words_after_two_are_paths(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline = install(fake.Pipeline(fake.report()))

    assert cli.main(["scan", "-", "--", "-odd.log"]) == 0
    assert pipeline.paths == ["-", "-odd.log"]
    assert "vedette why 198.51.100.7 FILE ./-odd.log\n" in capsys.readouterr().out


def test_demo_scans_what_comes_along(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline = install(fake.Pipeline(fake.report()))

    assert cli.main(["demo", "-o", "json"]) == 0
    assert pipeline.paths == ["demo"]
    assert json.loads(capsys.readouterr().out)["offenses"]


def test_explain_takes_a_line_or_the_lines_of_standard_input(
    install: Install, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(fake.Pipeline())

    class Stdin:
        buffer = (b"one\n", b"\xfftwo\r\n")

    monkeypatch.setattr(sys, "stdin", Stdin)

    assert cli.main(["explain", "a line", "-o", "json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["candidates"][0]["why"] == "a line"
    assert cli.main(["explain", "-", "-o", "json"]) == 0
    assert [row["candidates"][0]["why"] for row in json.loads(capsysbinary.readouterr().out)] == ["one", "\ufffdtwo\r"]


@pytest.mark.parametrize(
    "command",
    [["formats"], ["formats", "netfilter"], ["detectors"], ["outputs"], ["why", "192.0.2.1", "x"], ["explain", "x"]],
)
@pytest.mark.parametrize("name", outputs.able("records"))
def test_every_list_comes_in_every_output_that_renders_records(
    install: Install, capsys: pytest.CaptureFixture[str], command: list[str], name: str
) -> None:
    install(fake.Pipeline())

    assert cli.main([*command, "-o", name]) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        ["scan", "x"],
        ["events", "x"],
        ["why", "192.0.2.1", "x"],
        ["explain", fake.HOSTILE],
        ["formats"],
        ["formats", "netfilter"],
        ["detectors"],
    ],
)
@pytest.mark.parametrize("name", outputs.names())
def test_no_command_passes_a_character_that_a_terminal_obeys(
    install: Install, capfd: pytest.CaptureFixture[str], command: list[str], name: str
) -> None:
    install(fake.Pipeline(fake.hostile_report(), fake.HOSTILE))

    assert cli.main([*command, "-o", name]) in (0, 2, 3)

    out, err = capfd.readouterr()
    assert {c for c in out + err if not c.isprintable() and c != "\n"} == set()


@pytest.mark.parametrize(
    "argv",
    [[fake.HOSTILE], ["scan", "x", "-o", fake.HOSTILE], ["scan", "x", f"--{fake.HOSTILE}"], ["why", fake.HOSTILE, "x"]],
)
def test_no_error_passes_a_character_that_a_terminal_obeys(
    install: Install, capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    install(fake.Pipeline())

    assert cli.main(argv) == 2
    assert {c for c in "".join(capsys.readouterr()) if not c.isprintable() and c != "\n"} == set()


def test_a_format_is_shown_with_its_switch_fields_and_samples(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["formats", "netfilter"]) == 0
    shown = capsys.readouterr().out
    assert cli.main(["formats", "netfilter", "-o", "json"]) == 0
    fmt = json.loads(capsys.readouterr().out)

    for part in ("netfilter\n", "  turn on ", "--log-tcp-sequence", "\n    src_ip        who began the conversation"):
        assert part in shown
    assert shown.count("  sample ") == shown.count("    event ") == len(fmt["samples"])
    assert "none: this is no line of the format" in shown
    assert fmt["name"] == "netfilter"
    assert {"title", "reference", "tokenizer", "switch", "fields"} < fmt.keys()
    assert fmt["samples"][0].keys() >= {"line", "event"}


def test_the_list_of_formats_has_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    from vedette.formats import load

    assert cli.main(["formats"]) == 0

    begun = [line.split()[0] for line in capsys.readouterr().out.split("\n") if line and line[0] != " "]
    assert begun == [fmt.name for fmt in load()]


def test_a_format_that_does_not_exist_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["formats", "netfliter"]) == 2

    out, err = capsys.readouterr()
    assert (out, err) == ("", "vedette: no format 'netfliter'; did you mean netfilter?\n")


def test_a_defect_in_a_hostile_run_prints_safe_text() -> None:
    run = process("defect", "scan", "x")

    assert run.returncode == 70
    assert run.stdout == b""
    assert {c for c in run.stderr.decode() if not c.isprintable() and c != "\n"} == set()


def test_an_interrupt_leaves_no_traceback() -> None:
    run = process("interrupt", "scan", "x")

    assert (run.returncode, run.stdout, run.stderr) == (130, b"", b"vedette: interrupted\n")


def test_an_interrupt_by_the_keyboard_ends_a_running_command() -> None:
    command = [sys.executable, "-m", "vedette", "explain", "-"]
    # A shell's background job ignores the signal, and so would this process, which inherits that.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code += f"import sys; sys.argv[1:] = {command[3:]!r}; import fake_pipeline as f; f.install(f.Pipeline()); "
    code += "from vedette.cli import main; sys.stderr.write('ready\\n'); sys.exit(main())"
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    running = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": paths},
    )
    assert running.stderr is not None
    running.stderr.readline()
    # The first byte is read once the command runs; without it the signal could come before.
    assert running.stdin is not None
    running.stdin.write(b"x\n" * 100_000)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert b"Traceback" not in err


def test_a_reader_that_leaves_ends_the_output_quietly() -> None:
    script = f'"{sys.executable}" "{FAKE}" report scan x -o json | head -c 1 >/dev/null; echo "${{PIPESTATUS[0]}}"'
    run = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, check=False)

    assert (run.stdout, run.stderr) == (b"0\n", b"")


def test_a_closed_stdout_is_no_traceback() -> None:
    script = f'"{sys.executable}" "{FAKE}" report scan x -o json >&-'
    run = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, check=False)

    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize(
    "environ", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONIOENCODING": "utf-8"}]
)
def test_any_encoding_of_the_terminal_will_do(environ: dict[str, str]) -> None:
    for name in outputs.able("report"):
        run = process("hostile", "scan", "x", "-o", name, **environ)

        assert run.returncode == 3
        assert run.stdout
        assert b"Traceback" not in run.stderr


def test_a_pipe_gets_the_content_of_a_terminal_without_colours() -> None:
    run = process("report", "scan", "fw.log", PYTHONIOENCODING="utf-8", FORCE_COLOR="1")

    assert b"\x1b" not in run.stdout
    assert "┤" in run.stdout.decode()


def test_no_color_and_a_dumb_terminal_are_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    from vedette.terminal import view_of

    class Screen:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert view_of(Screen()).color  # type: ignore[arg-type]
    assert not view_of(Screen(), color=False).color  # type: ignore[arg-type]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not view_of(Screen()).color  # type: ignore[arg-type]
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "dumb")
    assert not view_of(Screen()).color  # type: ignore[arg-type]


@pytest.mark.parametrize(("columns", "width"), [("40", 80), ("100", 100), ("400", 160)])
def test_the_width_is_that_of_the_terminal_within_bounds(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    from vedette.terminal import view_of

    monkeypatch.setenv("COLUMNS", columns)

    assert view_of(sys.stdout).width == width


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str], option: str) -> None:
    assert cli.main([option]) == 0
    assert capsys.readouterr().out == f"vedette {__version__}\n"


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_answered_before_anything_is_imported(option: str) -> None:
    code = f"""
import sys
before = set(sys.modules)
sys.argv = ["vedette", {option!r}]
from vedette.__main__ import main
assert main() == 0
print(*sorted({{name.split(".")[0] for name in set(sys.modules) - before}}))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert run.stdout.splitlines() == [f"vedette {__version__}", "__future__ vedette"]


def test_reading_the_help_loads_neither_engine_nor_kernels() -> None:
    code = """
import sys
from vedette.cli import main
assert main(["scan", "--help"]) == 0
print(*sorted({"numpy", "numba", "duckdb"} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert run.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("command", ["", *(name for name in cli.app if not name.startswith("-"))])
def test_the_help_begins_with_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert cli.main([command, "--help"] if command else ["--help"]) == 0

    out = capsys.readouterr().out
    assert 0 < out.index("To begin:\n  ") < out.index("╭")


def test_every_option_of_the_settings_is_an_option_of_scan(capsys: pytest.CaptureFixture[str]) -> None:
    from vedette.config import OPTIONS

    cli.main(["scan", "--help"])
    out = capsys.readouterr().out

    assert [name for name in OPTIONS if f"--{name} " not in out] == []
