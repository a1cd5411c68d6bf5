"""AQLError: what is wrong with a query, where, and what was expected instead."""

from __future__ import annotations

from collections.abc import Iterable


class AQLError(ValueError):
    """A query that is no AQL, or that names what does not exist.

    `line` and `column` count from 1, `found` is the offending text, `expected` says what would have been taken.
    """

    def __init__(self, message: str, text: str = "", at: int = 0, found: str = "", expected: str = "") -> None:
        self.message, self.found, self.expected = message, found, expected
        before = text[:at]
        self.line = before.count("\n") + 1
        self.column = at - (before.rfind("\n") + 1) + 1
        rows = text.split("\n")
        self._row = rows[self.line - 1] if self.line <= len(rows) else ""
        super().__init__(f"line {self.line}, column {self.column}: {message}")

    def caret(self) -> str:
        """Return the offending line with a caret under the error, cut to a window of 100 characters; "" without a text."""
        if not self._row:
            return ""
        start = max(0, self.column - 60)
        row = self._row[start : start + 100].replace("\t", " ").rstrip("\r")
        return f"{row}\n{' ' * (self.column - 1 - start)}{'^' * max(1, min(len(self.found), 40))}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ' (did you mean X?)' for the nearest of *known* names, or nothing. Case does not count."""
    import difflib  # only where there is an error: it is a sixth of the time of the import

    names = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower()[:64], names, 1, 0.7)
    return f" (did you mean {names[near[0]]}?)" if near else ""
