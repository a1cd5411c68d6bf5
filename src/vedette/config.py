"""Settings of a run: flag, then environment (VEDETTE_NAME), then ./vedette.toml, then default.

OPTIONS declares every option once: the command line, the environment and the file all read it.
"""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta, tzinfo
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

from vedette.networks import Listed, Network, parse_network, read_list

FILE = "vedette.toml"
LEVELS = ("low", "medium", "high", "critical")
ALLOW_GRAMMAR = 'an address or a CIDR, then perhaps "# who; why; until 2026-12-31"'
TIME_GRAMMAR = "ISO 8601 (2026-03-10T08:00Z), an age (4h, 2d, 1d12h), today, yesterday or now"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "min": 60, "s": 1}
_AGE = re.compile(r"(?:\d+\s*(?:w|d|h|min|m|s)\s*)+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MEMORY = re.compile(r"\d+(\.\d+)?\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", re.IGNORECASE)
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


class VedetteError(Exception):
    """An error that is the user's to know: its text is the whole message, `exit_code` is how the program ends."""

    exit_code = 2


class UsageError(VedetteError):
    """What was asked for cannot be done: exit code 2."""


class InputError(VedetteError):
    """No input can be read at all: exit code 3."""

    exit_code = 3


class StoreLocked(VedetteError):
    """Another process holds the store: exit code 4."""

    exit_code = 4


@dataclass(frozen=True)
class Allowed:
    """One entry of an allow list: whom it covers, who said so, why, and until when (microseconds UTC, or None)."""

    network: Network
    who: str = ""
    why: str = ""
    until: int | None = None

    def covers(self, source: str, at: int) -> bool:
        """Tell whether the entry covers a source (an address or a network, in text) at a time (microseconds UTC)."""
        network = ip_network(source)
        same = self.network.version == network.version
        return same and (self.until is None or at <= self.until) and self.network.overlaps(network)


@dataclass(frozen=True)
class Settings:
    """What the user asked for. Times in microseconds since 1970 UTC; `now` stands in for the clock."""

    home: tuple[Network, ...] = ()
    allow: tuple[Allowed, ...] = ()
    acknowledged: tuple[Listed, ...] = ()
    since: int | None = None
    until: int | None = None
    now: int | None = None
    format: str | None = None
    tz: str = "UTC"
    threads: int = 2
    memory: str = "768MB"
    command: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Manner:
    """How the answer is given: which output, how much of it, and what makes the exit code.

    `fail_on` is a level of LEVELS or None for never; `min_parsed` is a percentage or None.
    """

    output: str = "human"
    fail_on: str | None = None
    min_parsed: float | None = None
    quiet: bool = False
    no_summary: bool = False
    no_color: bool = False


@dataclass
class Context:
    """What parsing may look at: values parsed so far, the clock (seconds since 1970), the names that exist."""

    values: dict[str, Any] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    formats: Callable[[], Iterable[str]] = tuple
    outputs: Callable[[], Iterable[str]] = tuple


Parse = Callable[[str, Context], Any]


def suggest(word: str, known: Iterable[str]) -> str:
    """Return ' (did you mean X?)' for the nearest of *known*, else the whole list in brackets."""
    names = sorted(known)
    near = difflib.get_close_matches(word.lower(), names, 1, 0.6)
    return f" (did you mean {near[0]}?)" if near else f" (there are: {', '.join(names)})" if names else ""


def zone(name: str) -> tzinfo:
    """Return the time zone called *name* (IANA). Raise ValueError where this machine knows none of that name."""
    if name.upper() == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"{name!r} is not a known time zone; expected an IANA name such as UTC or Europe/Berlin"
        ) from None


def parse_time(text: str, now: float, tz: str = "UTC") -> int:
    """Parse a time to microseconds since 1970 UTC; *now* is in seconds since 1970. Raise ValueError.

    An age counts back from *now*; today and yesterday are their first moment; a time without offset is in *tz*.
    """
    word, here = text.strip(), zone(tz)
    moment = datetime.fromtimestamp(now, here)
    if word.lower() == "now":
        return _micros(moment)
    if word.lower() in ("today", "yesterday"):
        day = moment.date() - timedelta(days=word.lower() == "yesterday")
        return _micros(datetime(day.year, day.month, day.day, tzinfo=here))
    try:
        age = word.lower().removesuffix("ago").strip()
        if _AGE.fullmatch(age):
            seconds = sum(int(n) * _SECONDS[unit] for n, unit in re.findall(r"(\d+)\s*(min|w|d|h|m|s)", age))
            return _micros(moment - timedelta(seconds=seconds))
        stamp = datetime.fromisoformat(word)
        return _micros(stamp if stamp.tzinfo else stamp.replace(tzinfo=here))
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a time; expected {TIME_GRAMMAR}") from None


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def parse_allowed(text: str) -> Allowed:
    """Parse one entry of an allow list: ADDRESS|CIDR # who; why; until DATE. Raise ValueError.

    A date without a time covers that whole day, UTC.
    """
    network, _, comment = text.partition("#")
    notes = [part.strip() for part in comment.split(";") if part.strip()]
    limits = [note[6:].strip() for note in notes if note.lower().startswith("until ")]
    who, *why = [note for note in notes if not note.lower().startswith("until ")] or [""]
    return Allowed(parse_network(network), who, "; ".join(why), _end(limits[0]) if limits else None)


def _end(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"until {text!r} is not a date; expected ISO 8601, for example until 2026-12-31") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _micros(moment + timedelta(days=1) if _DATE.fullmatch(text) else moment)


def read_allow_file(path: str) -> list[Allowed]:
    """Read an allow list, one entry a line, # begins a comment. Raise ValueError with file, line and expectation."""
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    except OSError as error:
        raise ValueError(f"{path}: cannot read the allow list: {error.strerror or error}") from None
    entries = []
    for number, line in enumerate(lines, 1):
        if not line.partition("#")[0].strip():
            continue
        try:
            entries.append(parse_allowed(line))
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}; expected {ALLOW_GRAMMAR}") from None
    return entries


def _moment(text: str, context: Context) -> int:
    now = context.values.get("now")
    return parse_time(text, context.clock() if now is None else now / 1e6, context.values["tz"])


def _tz(text: str, context: Context) -> str:
    zone(text)
    return text


def _one_of(known: Callable[[Context], Iterable[str]], what: str) -> Parse:
    def parse(text: str, context: Context) -> str:
        names = list(known(context))
        if text not in names:
            raise ValueError(f"unknown {what} {text!r}{suggest(text, names)}")
        return text

    return parse


def _level(text: str, context: Context) -> str | None:
    level: str = _one_of(lambda _: (*LEVELS, "never"), "level")(text.lower(), context)
    return None if level == "never" else level


def _percent(text: str, context: Context) -> float:
    try:
        percent = float(text.strip().removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise ValueError(f"{text!r} is not a percentage; expected 0 to 100")
    return percent


def _threads(text: str, context: Context) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1024):
        raise ValueError(f"{text!r} is not a number of threads; expected 1 to 1024")
    return int(text)


def _memory(text: str, context: Context) -> str:
    if not _MEMORY.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not an amount of memory; expected for example 768MB or 2GB")
    return text.strip()


def _switch(text: str, context: Context) -> bool:
    if text.lower() not in _TRUE + _FALSE:
        raise ValueError(f"{text!r} is neither yes nor no; expected 1 or 0")
    return text.lower() in _TRUE


class Option(NamedTuple):
    """Describe one option: its name, what stands for its value in the help, how its text is read, what it does.

    `many` marks what may be given more than once; `again` what a follow-up command must repeat.
    """

    name: str
    value: str
    parse: Parse
    help: str
    many: bool = False
    again: bool = False


def _home(text: str, context: Context) -> Network:
    return parse_network(text)


def _allow(text: str, context: Context) -> Allowed:
    return parse_allowed(text)


def _acknowledged(text: str, context: Context) -> list[Listed]:
    return read_list(text)


def _allow_file(text: str, context: Context) -> list[Allowed]:
    return read_allow_file(text)


_format = _one_of(lambda context: context.formats(), "format")
_output = _one_of(lambda context: context.outputs(), "output")

# In the order of reading: a time needs the zone and the clock that stand before it.
OPTIONS = {
    option.name: option
    for option in (
        Option("tz", "ZONE", _tz, "Zone of stamps that name none, and of times shown (UTC).", again=True),
        Option("now", "TIME", _moment, "What stands in for the clock: relative times, year of a stamp.", again=True),
        Option("since", "TIME", _moment, f"Leave out what is older: {TIME_GRAMMAR}.", again=True),
        Option("until", "TIME", _moment, "Leave out what is newer; as --since.", again=True),
        Option("home", "CIDR", _home, "A network that is ours. Repeatable.", many=True, again=True),
        Option("allow", "ADDRESS|CIDR", _allow, "Who may scan us. Repeatable.", many=True, again=True),
        Option("allow-file", "FILE", _allow_file, f"The same, a line each: {ALLOW_GRAMMAR}.", many=True, again=True),
        Option(
            "acknowledged", "FILE", _acknowledged, "Known scanners: CIDRs, CSV or a MISP list.", many=True, again=True
        ),
        Option("format", "NAME", _format, "Read every input as this format: see vedette formats.", again=True),
        Option("threads", "N", _threads, "Threads to use."),
        Option("memory", "SIZE", _memory, "Memory for the engine; what does not fit goes to disk."),
        Option("output", "NAME", _output, "human, json, jsonl, csv, md or html: see vedette outputs."),
        Option("fail-on", "LEVEL", _level, "Exit with 1 from this level up: low, medium, high, critical or never."),
        Option("min-parsed", "PERCENT", _percent, "Exit with 3 if less of an input's lines is understood."),
        Option("quiet", "", _switch, "No progress bar."),
        Option("no-summary", "", _switch, "Offenses only: no inputs, no window, no next commands."),
        Option("no-color", "", _switch, "No colours, as with NO_COLOR."),
    )
}


def resolve(
    flags: Mapping[str, Any], environ: Mapping[str, str], folder: Path, context: Context, command: Iterable[str] = ()
) -> tuple[Settings, Manner]:
    """Return the settings of a run from *flags* (option name -> text, texts, bool or None) and what lies below them.

    Raise UsageError that names where the wrong value stands: flag, variable or file.
    """
    file = _read_file(folder / FILE)
    for option in OPTIONS.values():
        texts, origin = _find(option, flags, environ, file)
        if origin is None:
            continue
        try:
            parsed = [option.parse(text, context) for text in texts]
        except ValueError as error:
            raise UsageError(f"{origin}: {error}") from None
        context.values[option.name] = parsed if option.many else parsed[-1]
    return _build(context.values, list(command))


def _find(
    option: Option, flags: Mapping[str, Any], environ: Mapping[str, str], file: Mapping[str, Any]
) -> tuple[list[str], str | None]:
    variable = "VEDETTE_" + option.name.upper().replace("-", "_")
    if flags.get(option.name) is not None:
        return _texts(flags[option.name]), f"--{option.name}"
    if variable in environ:
        # Networks hold neither blanks nor commas; the name of a file may.
        several = option.name in ("home", "allow")
        return environ[variable].replace(",", " ").split() if several else [environ[variable]], variable
    if option.name in file:
        return _texts(file[option.name]), f"{FILE}, {option.name}"
    return (["UTC"], "default") if option.name == "tz" else ([], None)


def _texts(value: Any) -> list[str]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    return [v.isoformat() if isinstance(v, datetime) else str(v) for v in values]


def _read_file(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path.name}: cannot read the settings: {error}") from None
    found = {key.replace("_", "-"): value for key, value in loaded.items()}
    for key in found:
        if key not in OPTIONS:
            raise UsageError(f"{path.name}: unknown key {key!r}{suggest(key, OPTIONS)}")
    return found


def _build(values: dict[str, Any], command: list[str]) -> tuple[Settings, Manner]:
    since, until = values.get("since"), values.get("until")
    if since is not None and until is not None and since >= until:
        raise UsageError("--since is not before --until: nothing lies between them")
    listed = [entry for entries in values.get("allow-file", ()) for entry in entries]
    given = {name.replace("-", "_"): value for name, value in values.items()} | {
        "home": tuple(values.get("home", ())),
        "allow": (*values.get("allow", ()), *listed),
        "acknowledged": tuple(entry for entries in values.get("acknowledged", ()) for entry in entries),
        "command": command,
    }
    settings, manner = ({f.name: given[f.name] for f in fields(kind) if f.name in given} for kind in (Settings, Manner))
    return Settings(**settings), Manner(**manner)


def repeat(flags: Mapping[str, Any]) -> list[str]:
    """Return the flags that a follow-up command needs to read the same inputs in the same way."""
    names = [option.name for option in OPTIONS.values() if option.again and flags.get(option.name) is not None]
    return [part for name in names for text in _texts(flags[name]) for part in (f"--{name}", text)]
