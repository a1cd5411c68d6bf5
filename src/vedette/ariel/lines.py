"""The lines themselves, read a second time, for queries that ask for the payload or for the vendor's own word.

Events keep what a line says, not how it says so. The second reading cuts the inputs into the same chunks as the first, so a
line finds its record by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from vedette.schema import ACTIONS

if TYPE_CHECKING:
    from vedette.engines.duckdb import Engine
    from vedette.formats import Format

NEEDED = frozenset(("payload", "deviceaction"))
"""Fields that only the lines have."""

WORDS = {
    "deny": "deny denied drop dropped block blocked reject rejected discard discarded refused reset prevent prevented",
    "allow": "allow allowed accept accepted permit permitted pass passed built",
    "alert": "alert alerted detect detected",
}
"""What devices say for a verdict, besides the words of their formats."""

PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z _-]+")


def load(engine: Engine, paths: Sequence[str], formats: Sequence[Format]) -> bool:
    """Fill the table `raw` (record, line, word) from the inputs; return False where they cannot be read twice."""
    from vedette.reading.batches import ORDINAL_BITS
    from vedette.reading.framing import Framer
    from vedette.sources import open_inputs

    if "-" in paths:
        return False
    engine.execute("CREATE TABLE raw (record BIGINT, line VARCHAR, word VARCHAR)")
    found = engine.rows("SELECT DISTINCT format, action FROM stored WHERE action IS NOT NULL")
    sql = (files("vedette.ariel") / "lines.sql").read_text(encoding="utf-8")
    sql = sql.replace("$words", word_sql(formats, [(row["format"], row["action"]) for row in found]))
    framer = Framer(open_inputs(paths))
    while chunk := framer.next():
        text = bytes(chunk.buffer[: chunk.end]).decode(errors="replace")
        base = chunk.number << ORDINAL_BITS
        chunk.release()
        engine.execute(sql, {"text": text, "base": base})
    return True


def word_sql(formats: Sequence[Format], pairs: Sequence[tuple[int, int]]) -> str:
    """Return the SQL of the first word in a line that says, in its format, what was done."""
    names = {code: name for name, code in ACTIONS.items()}
    branches = [
        f"WHEN s.format = {number} AND s.action = {action} "
        f"THEN regexp_extract(l.line, '{pattern(formats[number].spec, names[action])}', 1)"
        for number, action in pairs
    ]
    return f"CASE {' '.join(branches)} END" if branches else "NULL"


def pattern(spec: dict[str, Any], action: str) -> str:
    """Return the pattern of the words by which a format says *action*, longer ones first; it has no quote in it."""
    words = {*WORDS[action].split(), *own_words(spec, action)}
    plain = sorted((word for word in words if PLAIN_WORD.fullmatch(word)), key=lambda word: (-len(word), word))
    return f"(?i)(?:^|[^A-Za-z0-9])({'|'.join(plain)})(?:[^A-Za-z0-9]|$)"


def own_words(spec: dict[str, Any], action: str) -> Iterator[str]:
    """Yield the words of a format for *action*: of its [enum.action] and its [verdict.action]."""
    enum = spec.get("enum", {}).get("action", {})
    yield from (word for word, meaning in enum.items() if meaning == action)
    verdict = spec.get("verdict", {}).get("action", {})
    yield from verdict.get(action, ()) if isinstance(verdict, dict) else ()
