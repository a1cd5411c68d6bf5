"""The options of the command line: what they are called, what they take, and the words of the help about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Group, Parameter

from vedette import config

READING = Group("Reading", sort_key=1)
ANSWER = Group("Answer", sort_key=2)
QUERY = Group("Query", sort_key=0)


def _option(name: str, group: Group, *short: str) -> Parameter:
    option = config.OPTIONS[name]
    return Parameter(
        name=[f"--{name}", *short],
        group=group,
        help=option.help,
        metavar=option.value or None,
        negative="",
        show_default=False,
    )


def _plain(name: str, value: str, help: str, *short: str, consume: bool = False) -> Parameter:
    return Parameter(
        name=[f"--{name}", *short],
        group=QUERY,
        help=help,
        metavar=value or None,
        negative="",
        show_default=False,
        consume_multiple=consume,
    )


@Parameter(name="*")
@dataclass(frozen=True)
class Reading:
    """What is read, and how."""

    home: Annotated[list[str] | None, _option("home", READING)] = None
    allow: Annotated[list[str] | None, _option("allow", READING)] = None
    allow_file: Annotated[list[str] | None, _option("allow-file", READING)] = None
    acknowledged: Annotated[list[str] | None, _option("acknowledged", READING)] = None
    since: Annotated[str | None, _option("since", READING)] = None
    until: Annotated[str | None, _option("until", READING)] = None
    now: Annotated[str | None, _option("now", READING)] = None
    format: Annotated[str | None, _option("format", READING)] = None
    tz: Annotated[str | None, _option("tz", READING)] = None
    threads: Annotated[str | None, _option("threads", READING)] = None
    memory: Annotated[str | None, _option("memory", READING)] = None
    min_parsed: Annotated[str | None, _option("min-parsed", READING)] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Answer:
    """How the answer is given."""

    output: Annotated[str | None, _option("output", ANSWER, "-o")] = None
    quiet: Annotated[bool | None, _option("quiet", ANSWER)] = None
    no_color: Annotated[bool | None, _option("no-color", ANSWER)] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Verdict:
    """What only a scan can be asked for."""

    fail_on: Annotated[str | None, _option("fail-on", ANSWER)] = None
    no_summary: Annotated[bool | None, _option("no-summary", ANSWER)] = None


PATH_HELP = "File, folder, glob, or - for standard input; .gz, .zst, .xz and .bz2 as they are."
Paths = Annotated[str, Parameter(metavar="PATH", help=PATH_HELP)]
LINE_HELP = "One line as it stands in the log (after -- if it begins with -), or - for the lines of standard input."
Line = Annotated[str, Parameter(metavar="LINE", help=LINE_HELP)]
Address = Annotated[str, Parameter(metavar="ADDRESS", help="The source: an address, or the network an offense names.")]
FormatName = Annotated[str, Parameter(metavar="NAME", help="The format, as the list names it.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Query:
    """Which query, on what, and what to do with it."""

    on: Annotated[list[str] | None, _plain("on", "PATH", "What to search: as PATH of scan.", consume=True)] = None
    file: Annotated[
        str | None, _plain("file", "FILE", "Take the query from a file, or - for standard input.", "-f")
    ] = None
    query: Annotated[
        str | None, _plain("query", "NAME", "Take a query that comes with vedette: t1595-original, ...")
    ] = None
    check: Annotated[bool, _plain("check", "", "Say whether it is AQL, and where not; read nothing.")] = False
    explain: Annotated[
        bool, _plain("explain", "", "Show the SQL for each engine and the window of time; read nothing.")
    ] = False
    lint: Annotated[bool, _plain("lint", "", "Warn of what is known to bite; with --on also by the data.")] = False
    reference: Annotated[
        list[str] | None,
        _plain("reference", "FILE", "Reference data: NAME.txt is a set, NAME.csv a map or a table. Repeatable."),
    ] = None
    window: Annotated[
        str | None, _plain("window", "MINUTES", "Window of a query without a time clause (5), or all.")
    ] = None
    rows: Annotated[int, _plain("rows", "N", "Give at most so many rows (10000).")] = 10_000
    seconds: Annotated[int, _plain("seconds", "N", "End a search that takes longer (30).")] = 30


Options = Reading | Answer | Verdict
