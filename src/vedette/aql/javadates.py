"""Patterns of Java's SimpleDateFormat as SQL over a timestamp, letter by letter.

Source: java.text.SimpleDateFormat, in the locale en_US, whose weeks begin on Sunday and whose first week is the one with 1
January: so YYYY, the year of the week, differs from yyyy in the days before New Year. Times are shown in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PART = re.compile(r"'([^']*(?:''[^']*)*)'|([A-Za-z])\2*|[^A-Za-z']+")

NUMBERS = {
    "M": "MONTH(_t)",
    "d": "DAY(_t)",
    "H": "HOUR(_t)",
    "m": "MINUTE(_t)",
    "s": "SECOND(_t)",
    "S": "_ms % 1000",
    "D": "DAYOFYEAR(_t)",
    "h": "(HOUR(_t) + 11) % 12 + 1",
    "K": "HOUR(_t) % 12",
    "k": "(HOUR(_t) + 23) % 24 + 1",
    "u": "(_dow + 6) % 7 + 1",
    "F": "FLOOR((DAY(_t) - 1) / 7) + 1",
    "W": "FLOOR((DAY(_t) + 12 - _dow) / 7)",
    "w": "FLOOR((DAYOFYEAR(_saturday) + 6) / 7)",
    "y": "YEAR(_t)",
    "Y": "YEAR(_saturday)",
}
"""What a letter counts: _t is the time, _ms its milliseconds since 1970, _dow the day of its week (0 Sunday), _saturday the
last day of its week, in whose year and number of days the week is counted."""

FIXED = {"z": "UTC", "Z": "+0000", "X": "Z", "G": "AD"}

STRFTIME = {
    "yyyy": "%Y",
    "yyy": "%Y",
    "yy": "%y",
    "y": "%Y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%-m",
    "dd": "%d",
    "d": "%-d",
    "HH": "%H",
    "H": "%-H",
    "hh": "%I",
    "h": "%-I",
    "mm": "%M",
    "m": "%-M",
    "ss": "%S",
    "s": "%-S",
    "SSS": "%g",
    "DDD": "%j",
    "EEEE": "%A",
    "EEE": "%a",
    "EE": "%a",
    "E": "%a",
    "a": "%p",
}
"""Letters that DuckDB's strftime has; a run of them is one call."""

SPARK = frozenset(word for word in STRFTIME if word not in ("y", "yyy"))
"""Letters that mean the same to Spark's date_format."""

TIME = {
    "duckdb": {
        "_t": "MAKE_TIMESTAMP(_ms * 1000)",
        "_dow": "DAYOFWEEK(_t)",
        "_saturday": "DATE_ADD(_t, TO_DAYS(CAST(6 - DAYOFWEEK(_t), INT)))",
        "format": "STRFTIME(_t, _f)",
    },
    "spark": {
        "_t": "TIMESTAMP_MILLIS(_ms)",
        "_dow": "(DAYOFWEEK(_t) - 1)",
        "_saturday": "DATE_ADD(_t, 7 - DAYOFWEEK(_t))",
        "format": "DATE_FORMAT(_t, _f)",
    },
}

STRPTIME = {word: STRFTIME[word] for word in STRFTIME if word not in ("y", "yyy")} | {"Z": "%z", "z": "%Z"}
"""Letters that DuckDB's strptime reads."""


def parts(pattern: str) -> Iterator[tuple[bool, str]]:
    """Yield (True, run of one letter) and (False, literal text). Raise ValueError for an open quote."""
    at = 0
    while at < len(pattern):
        if pattern.startswith("''", at):
            yield False, "'"
            at += 2
            continue
        match = PART.match(pattern, at)
        if match is None:
            raise ValueError("a quote in the pattern never ends")
        literal = match[0] if match[1] is None else match[1].replace("''", "'")
        yield match[2] is not None, canonical(literal) if match[2] else literal
        at = match.end()


def canonical(letters: str) -> str:
    """Return a run of one letter as the shortest that says the same: names are whole from four letters on."""
    if letters[0] == "a":
        return "a"
    if letters[0] == "L":
        # The name of a month that stands alone, which is the same in English.
        letters = "M" * len(letters)
    return letters[:4] if letters[0] in "EM" else letters


def pieces(pattern: str, engine: str) -> list[tuple[str, str]]:
    """Return ("format", engine's format), ("text", literal) and ("sql", template) whose texts in a row are the formatted time.

    Raise ValueError with what is wrong for a pattern that Java refuses.
    """
    found: list[tuple[str, str]] = []
    run = ""
    for is_letters, word in parts(pattern):
        native = _native(is_letters, word, engine)
        if native is not None:
            run += native
            continue
        if run:
            found.append(("format", run))
            run = ""
        found.append(("text", FIXED[word[0]]) if word[0] in FIXED else ("sql", number(word)))
    return [*found, ("format", run)] if run else found


def _native(is_letters: bool, word: str, engine: str) -> str | None:
    if engine == "duckdb":
        return STRFTIME.get(word) if is_letters else word.replace("%", "%%")
    if is_letters:
        return word if word in SPARK else None
    return "'" + word.replace("'", "''") + "'" if any(c.isalpha() or c in "'[]{}#" for c in word) else word


def number(word: str) -> str:
    """Return the template of a run of one letter: its number with at least as many digits as there are letters."""
    letter, size = word[0], len(word)
    if letter not in NUMBERS:
        raise ValueError(f"{letter!r} is no letter of SimpleDateFormat")
    value = NUMBERS[letter]
    if letter in "yY" and size == 2:
        value += " % 100"
    digits = f"CAST(CAST({value}, INT), TEXT)"
    return digits if size == 1 else f"LPAD({digits}, CAST(GREATEST({min(size, 20)}, LENGTH({digits})), INT), '0')"


def strptime(pattern: str) -> str:
    """Return the format of DuckDB's strptime that reads what *pattern* describes. Raise ValueError where there is none."""
    words = []
    for is_letters, word in parts(pattern):
        if is_letters and word not in STRPTIME:
            raise ValueError(f"{word!r} cannot be read, only written")
        words.append(STRPTIME[word] if is_letters else word.replace("%", "%%"))
    return "".join(words)
