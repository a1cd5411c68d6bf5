"""The command line: arguments in, exit code out. Settings are config's, work is pipeline's, text is the outputs'.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, 3 input unreadable or parsed below
--min-parsed, 4 store locked, 70 a defect of ours, 130 interrupted.
"""

from __future__ import annotations

import io
import ipaddress
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from cyclopts import App, CycloptsError, Parameter

from vedette import __version__, config, networks, outputs
from vedette.model import Input, Report
from vedette.options import Address, Answer, FormatName, Line, Options, Paths, Query, Reading, Verdict
from vedette.terminal import View, progress, say, view_of

OK, FINDINGS, USAGE, UNREADABLE, DEFECT, INTERRUPTED = 0, 1, 2, 3, 70, 130

# Stands for "-" while arguments are parsed, which would take a lone hyphen for an option. No
# argument of a process can hold a NUL, so it collides with nothing.
STDIN = "\0-"

HELP = """Find the people who are scanning you, from the logs you already have.

To begin:
  vedette demo                              on logs that come with it
  vedette scan /var/log/ufw.log             who scanned us
  vedette scan --home 203.0.113.0/24 logs/  and which networks are ours
  ssh gw cat fw.log | vedette scan -        from a pipe
  vedette scan fw.log -o html > report.html a page to mail
  vedette why 198.51.100.7 fw.log           why a source is named, or is not"""

EPILOGUE = """Options may also stand in the environment (VEDETTE_FAIL_ON=high) or in
./vedette.toml (fail-on = "high").

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, 3 input
unreadable or parsed below --min-parsed, 4 store locked, 130 interrupted."""


app = App(
    name="vedette",
    help=HELP,
    help_epilogue=EPILOGUE,
    help_format="plaintext",
    version=f"vedette {__version__}",
    version_flags=["--version", "-V"],
    print_error=False,
    exit_on_error=False,
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)


# The command line as it was typed; `main` fills it in, reports record it.
_argv: list[str] = []


class Run(NamedTuple):
    """One run: settings for the pipeline, the manner of the answer, and the view of stdout."""

    settings: config.Settings
    manner: config.Manner
    view: View


def _run(what: str, paths: Iterable[str], *options: Options) -> Run:
    """Resolve options, environment and file; refuse an output that cannot render *what*."""
    flags = {f.name.replace("_", "-"): getattr(o, f.name) for o in options for f in fields(o)}
    context = config.Context(formats=_format_names, outputs=outputs.names)
    settings, manner = config.resolve(flags, os.environ, Path(), context, ["vedette", *_argv])
    if outputs.renderer(manner.output, what) is None:
        raise config.UsageError(
            f"--output: {manner.output} renders no {what}; these do: {', '.join(outputs.able(what))}"
        )
    view = view_of(
        sys.stdout,
        color=not manner.no_color,
        tz=settings.tz,
        summary=not manner.no_summary,
        again=(*config.repeat(flags), *map(_typed, paths)),
        home_given=bool(settings.home),
    )
    return Run(settings, manner, view)


def _typed(path: str) -> str:
    """Return a path as it is typed again: what came by standard input needs a file, a leading hyphen a folder."""
    return "FILE" if path == "-" else f"./{path}" if path.startswith("-") else path


def _format_names() -> list[str]:
    from vedette import pipeline

    return [str(row["name"]) for row in pipeline.formats()]


def _inputs(paths: tuple[str, ...]) -> list[str]:
    if not paths:
        raise config.UsageError(
            "no PATH given; expected a file, a folder, a glob, or - for standard input (try: vedette demo)"
        )
    return ["-" if path == STDIN else path for path in paths]


def _write(chunks: Iterable[str]) -> None:
    """Write to stdout. A reader that left (head, a closed pager) ends the output, and is no error."""
    try:
        for chunk in chunks:
            sys.stdout.write(chunk)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at exit, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _render(run: Run, what: str, *data: Any) -> Iterator[str]:
    render = outputs.renderer(run.manner.output, what)
    assert render is not None
    return render(*data, run.view)


def _judge(inputs: Iterable[Input], manner: config.Manner, told: bool = False) -> int:
    """Say what went wrong with each input (unless the answer *told* it), and return 3 or 0."""
    code = OK
    for read in inputs:
        if read.problem and not told:
            say(f"{read.path}: {read.problem}")
        if not read.complete:
            code = UNREADABLE
        if manner.min_parsed is not None and read.lines and 100 * read.parsed < manner.min_parsed * read.lines:
            say(f"{read.path}: {100 * read.parsed / read.lines:.2f} % parsed, below --min-parsed {manner.min_parsed:g}")
            code = UNREADABLE
    return code


def _worst(report: Report, fail_on: str | None) -> int:
    bad = config.LEVELS[config.LEVELS.index(fail_on) :] if fail_on else ()
    return FINDINGS if any(offense.level in bad for offense in report.offenses) else OK


def _scan(paths: list[str], *options: Options) -> int:
    run = _run("report", paths, *options)
    from vedette import pipeline  # after the arguments are known to be right: it takes longest

    bar = progress(run.manner.quiet)
    try:
        report = pipeline.scan(paths, run.settings, progress=bar)
    finally:
        bar.close()
    _write(_render(run, "report", report))
    told = run.manner.output == "human" and run.view.summary
    return _judge(report.inputs, run.manner, told) or _worst(report, run.manner.fail_on)


_NO_READING, _NO_ANSWER, _NO_VERDICT, _NO_QUERY = Reading(), Answer(), Verdict(), Query()


@app.command(sort_key=1)
def scan(
    *paths: Paths, reading: Reading = _NO_READING, answer: Answer = _NO_ANSWER, verdict: Verdict = _NO_VERDICT
) -> int:
    """Read logs, and say who scans us.

    To begin:
      vedette scan /var/log/ufw.log /var/log/nginx/access.log
      vedette scan --home 203.0.113.0/24 --since 2d logs/
      vedette scan fw.log.gz -o html > report.html
      vedette scan fw.log --fail-on high --quiet
    """
    return _scan(_inputs(paths), reading, answer, verdict)


@app.command(sort_key=2)
def events(*paths: Paths, reading: Reading = _NO_READING, answer: Answer = _NO_ANSWER) -> int:
    """Print what the logs say, one normalised event a line.

    To begin:
      vedette events fw.log
      vedette events fw.log -o jsonl | vedette scan -
    """
    names = _inputs(paths)
    run = _run("events", names, reading, answer)
    from vedette import pipeline

    # Where both streams go to one screen, a bar would be drawn into the events.
    bar = progress(run.manner.quiet or sys.stdout.isatty())
    try:
        _write(_render(run, "events", pipeline.events(names, run.settings, progress=bar)))
    finally:
        bar.close()
    return _judge(bar.inputs, run.manner)


@app.command(sort_key=3)
def explain(line: Line, /, *, reading: Reading = _NO_READING, answer: Answer = _NO_ANSWER) -> int:
    """Say which format takes a line, which event it is, and what each detector makes of it.

    To begin:
      vedette explain "$(tail -1 /var/log/ufw.log)"
      head -5 odd.log | vedette explain -
    """
    run = _run("records", (), reading, answer)
    from vedette import pipeline

    if line == STDIN:
        rows = (raw.removesuffix(b"\n") for raw in sys.stdin.buffer)
        return _records(run, "lines", [pipeline.explain(row, run.settings) for row in rows])
    return _records(run, "line", pipeline.explain(os.fsencode(line), run.settings))


@app.command(sort_key=4)
def why(address: Address, /, *paths: Paths, reading: Reading = _NO_READING, answer: Answer = _NO_ANSWER) -> int:
    """Say what speaks for and against one source, and how near it came to each threshold.

    To begin:
      vedette why 198.51.100.7 fw.log
      vedette why 2001:db8:1::/64 --home 2001:db8:2::/48 logs/
    """
    names = _inputs(paths)
    run = _run("records", names, reading, answer)
    source = _source(address)
    from vedette import pipeline

    bar = progress(run.manner.quiet)
    try:
        found = pipeline.why(source, names, run.settings, progress=bar)
    finally:
        bar.close()
    return _records(run, "source", outputs.plain(found)) or _judge(bar.inputs, run.manner)


def _source(text: str) -> str:
    try:
        network = networks.parse_network(text)
    except ValueError as error:
        raise config.UsageError(f"ADDRESS: {error}") from None
    return str(network if network.prefixlen < network.max_prefixlen else ipaddress.ip_address(network.network_address))


@app.command(sort_key=5)
def demo(*, reading: Reading = _NO_READING, answer: Answer = _NO_ANSWER, verdict: Verdict = _NO_VERDICT) -> int:
    """Scan the logs that come with vedette: an nmap scan, a masscan sweep, nikto, a slow scan, a busy client.

    To begin:
      vedette demo
      vedette demo -o html > demo.html
    """
    from vedette import pipeline

    return _scan([pipeline.demo_path()], reading, answer, verdict)


@app.command(sort_key=5)
def aql(
    query: Annotated[str | None, Parameter(metavar="QUERY", help="A query in AQL.", show_default=False)] = None,
    /,
    *,
    asked: Query = _NO_QUERY,
    reading: Reading = _NO_READING,
    answer: Answer = _NO_ANSWER,
) -> int:
    """Run, check or explain a query in AQL, the language of IBM QRadar, on files.

    LAST counts from the newest event, or from --now.

    To begin:
      vedette aql "SELECT sourceip, SUM(eventcount) AS n FROM events GROUP BY sourceip LAST 24 HOURS" --on fw.log
      vedette aql --query t1595-original --on fw.log --lint
      vedette aql -f hunt.aql --check
      vedette aql -f hunt.aql --explain
    """
    from vedette.ariel import command

    names = ["-" if path == STDIN else path for path in asked.on or ()]
    run = _run("records", names, reading, answer)
    text = command.text_of(query, "-" if asked.file == STDIN else asked.file, asked.query)
    minutes = command.minutes(asked.window)
    if asked.explain:
        return _records(run, "query", command.explained(text, run.settings, minutes))
    if asked.check or (asked.lint and not names):
        for note in command.checked(text, run.settings, minutes, asked.lint):
            say(note)
        return OK
    if not names:
        raise config.UsageError("no --on PATH given; expected what to search, or one of --check, --explain, --lint")
    found = command.run(text, names, run.settings, asked, minutes, run.manner.quiet)
    for note in found.notes:
        say(note)
    data: Any = {found.database: found.rows} if run.manner.output == "json" else found.rows
    return _records(run, "rows", data) or _judge(found.inputs, run.manner)


@app.command(sort_key=6)
def formats(name: FormatName | None = None, /, *, answer: Answer = _NO_ANSWER) -> int:
    """List the log formats that are understood; of one, its fields, its samples, and what to turn on at the vendor.

    To begin:
      vedette formats
      vedette formats netfilter
      vedette formats -o json
    """
    run = _run("records", (), answer)
    from vedette import pipeline

    if name is None:
        return _records(run, "formats", pipeline.formats())
    try:
        return _records(run, "format", pipeline.format_named(name))
    except ValueError as error:
        raise config.UsageError(str(error)) from None


@app.command(sort_key=7)
def detectors(*, answer: Answer = _NO_ANSWER) -> int:
    """List the detectors: what each looks for, its knobs, what it cannot see.

    To begin:
      vedette detectors
    """
    from vedette import pipeline

    return _records(_run("records", (), answer), "detectors", pipeline.detectors())


@app.command(name="outputs", sort_key=8)
def list_outputs(*, answer: Answer = _NO_ANSWER) -> int:
    """List the outputs that -o takes, each with its manual.

    To begin:
      vedette outputs
    """
    return _records(_run("records", (), answer), "outputs", outputs.catalog())


def _records(run: Run, title: str, data: Any) -> int:
    _write(_render(run, "records", title, data))
    return OK


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; *argv* is what follows the program's name (default: the process's)."""
    _argv[:] = sys.argv[1:] if argv is None else argv
    # A process may be started without them; print would then fall back from one to the other.
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets its number, never a traceback.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        return int(app([STDIN if word == "-" else word for word in _argv]) or OK)
    except CycloptsError as error:
        say(f"{str(error).replace(STDIN, '-')} (try: vedette --help)")
        return USAGE
    except config.VedetteError as error:
        for line in str(error).split("\n"):
            say(line)
        return error.exit_code
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("VEDETTE_DEBUG"):
            raise
        say(f"unexpected {type(error).__name__}: {error} (VEDETTE_DEBUG=1 shows the traceback)")
        return DEFECT
