"""What stands between us and a terminal: text made safe, colours, width, and the progress bar."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TextIO

from vedette.model import Input

NARROWEST, WIDEST, WIDTH_OF_A_PIPE = 80, 160, 120

STYLES = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "strong": "1",
    "faint": "2",
    "bad": "31",
}

# Printable by Unicode's categories, yet drawn as nothing: fillers, joiners and variation selectors
# can make two different host names look the same.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def clean(text: str) -> str:
    r"""Return *text* with everything that a terminal would obey, or hide, written out as \xNN, \uNNNN or \UNNNNNNNN.

    Kept are the characters that Unicode counts as printable, and the plain space. Escaped are C0, DEL and C1 controls,
    line and paragraph separators, bidirectional overrides and isolates, zero-width and invisible
    characters, and bytes that were not UTF-8 (as \xNN). The result is always one line.
    """
    if text.isprintable() and (text.isascii() or not INVISIBLE.search(text)):
        return text
    return "".join(c if c.isprintable() and not INVISIBLE.match(c) else _escape(ord(c)) for c in text)


def _escape(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00  # a byte that surrogateescape carried
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def cells(text: str) -> int:
    """Return how many columns a terminal needs for *text* (cleaned text; wide East Asian characters take two)."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shorten(text: str, width: int, mark: str = "...") -> str:
    """Return *text*, cut to *width* columns with *mark* at its end where it is longer."""
    if cells(text) <= width:
        return text
    kept, room = [], width - len(mark)
    for character in text:
        room -= cells(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + mark


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Return *text* as lines of at most *width* columns, broken at blanks; a longer word stands alone, whole."""
    lines, line = [], indent
    for word in text.split(" "):
        if line != indent and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line = indent
        line += word if line == indent else f" {word}"
    return [*lines, line]


def hang(head: str, text: str, width: int) -> list[str]:
    """Return *text* wrapped behind *head*, the further lines indented to where it began."""
    first, *rest = wrap(text, width, " " * cells(head))
    return [head + first[cells(head) :], *rest]


@dataclass(frozen=True)
class View:
    """How a reader looks at the output: columns, colours, characters, time zone, and what to repeat in commands.

    `again` is the tail of a command that reads the same inputs again (options and paths, as typed);
    `home_given` is False where the user has not said which networks are his.
    """

    width: int = WIDTH_OF_A_PIPE
    color: bool = False
    unicode: bool = True
    tz: str = "UTC"
    summary: bool = True
    again: tuple[str, ...] = ()
    home_given: bool = False

    def paint(self, text: str, style: str) -> str:
        """Return *text* in a style of STYLES, or as it is where there is no colour."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.color else text

    def pick(self, unicode: str, ascii: str) -> str:
        """Return the first where the encoding can show it, else the second."""
        return unicode if self.unicode else ascii


def view_of(stream: TextIO, color: bool = True, **more: Any) -> View:
    """Return the view that fits *stream*: its width (80 to 160), colours (NO_COLOR and TERM honoured), characters.

    *color* False forbids colours; *more* are the other fields of View.
    """
    tty = stream.isatty()
    width = (
        shutil.get_terminal_size((WIDTH_OF_A_PIPE, 24)).columns if tty or "COLUMNS" in os.environ else WIDTH_OF_A_PIPE
    )
    color = color and tty and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return View(width=max(NARROWEST, min(width, WIDEST)), color=color, unicode=_shows_blocks(stream), **more)


def _shows_blocks(stream: TextIO) -> bool:
    try:
        "█▓▒░·┤→".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def say(text: str, stream: TextIO | None = None) -> None:
    """Print one line of talk to stderr (or *stream*), made safe; a closed stderr is no error."""
    try:
        (stream or sys.stderr).write(f"vedette: {clean(text)}\n")
    except (OSError, ValueError):
        return


class Progress(Protocol):
    """What a reader tells while it reads. Cheap enough to call for every chunk of input."""

    def update(self, path: str, bytes_done: int, bytes_total: int | None, lines: int) -> None:
        """Say how far into *path* we are: bytes as they stand in the file, its size if known, lines so far."""

    def finish(self, read: Input) -> None:
        """Say that an input is done with, whole or not."""


@dataclass
class Silent:
    """Progress that shows nothing, and remembers the inputs that were read."""

    inputs: list[Input] = field(default_factory=list)

    def update(self, path: str, bytes_done: int, bytes_total: int | None, lines: int) -> None:
        """Do nothing."""

    def finish(self, read: Input) -> None:
        """Remember what was read."""
        self.inputs.append(read)

    def close(self) -> None:
        """Do nothing."""


class Bar(Silent):
    """A progress bar with file, lines, rate and time left.

    Drawn at most ten times a second, whatever the number of updates.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """Open a bar on *stream*; nothing is drawn before the first update."""
        super().__init__()
        self._stream, self._clock = stream, clock
        self._bar: Any = None
        self._tasks: dict[str, tuple[Any, float]] = {}
        self._next = 0.0

    def update(self, path: str, bytes_done: int, bytes_total: int | None, lines: int) -> None:
        """Move the bar of *path*."""
        now = self._clock()
        if now < self._next and path in self._tasks:
            return
        self._next = now + 0.1
        if path not in self._tasks:
            self._tasks[path] = (
                self._open().add_task(shorten(clean(path), 40), total=bytes_total, lines="", rate=""),
                now,
            )
        task, began = self._tasks[path]
        rate = f"{lines / (now - began):,.0f} lines/s" if now > began else ""
        self._bar.update(task, completed=bytes_done, total=bytes_total, lines=f"{lines:,} lines", rate=rate)
        self._bar.refresh()

    def finish(self, read: Input) -> None:
        """Remember what was read, and fill its bar."""
        super().finish(read)
        if read.path in self._tasks:
            self._bar.remove_task(self._tasks.pop(read.path)[0])

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.stop()

    def _open(self) -> Any:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as RichProgress

            self._bar = RichProgress(
                # File names are text of others: never read as markup.
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=20),
                TaskProgressColumn(),
                TextColumn("{task.fields[lines]}", markup=False),
                TextColumn("{task.fields[rate]}", markup=False),
                TimeRemainingColumn(),
                console=Console(file=self._stream, markup=False, highlight=False, emoji=False),
                transient=True,
                auto_refresh=False,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._bar.start()
        return self._bar


def progress(quiet: bool = False, stream: TextIO | None = None) -> Silent:
    """Return a bar if stderr (or *stream*) is a terminal and *quiet* is not set, else one that shows nothing."""
    stream = stream or sys.stderr
    return Bar(stream) if stream.isatty() and not quiet else Silent()
