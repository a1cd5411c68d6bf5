"""The log formats: NAME.toml beside this file, one each, with the samples that prove it.

Loading reads the files down to their samples and checks only that they say what every format must
say, because every command begins with it; the rest is checked when a format is compiled, and the
samples are run by the tests.
"""

from __future__ import annotations

import hashlib
import pickle
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vedette.reading.reference import Tokenizer
    from vedette.reading.tables import Compiled

TEXTS = ("title", "reference", "switch", "tokenizer")
"""What every format file says, each a text that is not empty."""

SAMPLE = "[[sample]]"
"""Where the samples begin; nothing but samples may follow."""


@dataclass(frozen=True)
class Format:
    """One log format: what it is, who describes it, the switch that makes its device log more, and its parsed file.

    `name` is the file's name, `tokenizer` that of the kernel (and of its reference) that reads its
    lines, `spec` what the file says before its samples, `proof` the text of the samples.
    """

    name: str
    title: str
    reference: str
    switch: str
    tokenizer: str
    spec: dict[str, Any] = field(repr=False, hash=False, compare=False)
    proof: str = field(repr=False, hash=False, compare=False)

    @cached_property
    def compiled(self) -> Compiled:
        """Compile the format for its kernel. Raises ValueError that names the file and what is wrong in it."""
        from vedette.reading.tables import compile_format

        with naming(self.name):
            return compile_format(self.spec)

    @cached_property
    def plain(self) -> Tokenizer:
        """Return the format's tokenizer in plain Python. Raises ValueError that names the file and what is wrong in it."""
        from vedette.reading.reference import prepare

        with naming(self.name):
            return prepare(self.spec)

    @cached_property
    def samples(self) -> list[dict[str, Any]]:
        """Return the samples: `line`, `event` (an object of `vedette events`, or False), perhaps `name`, `forging`.

        Raises ValueError that names the file if something else than samples follows the first one.
        """
        try:
            parsed = tomllib.loads(self.proof)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"{self.name}.toml: in the samples: {error}") from error
        samples: list[dict[str, Any]] = parsed.pop("sample", [])
        if not samples or parsed:
            raise ValueError(
                f"{self.name}.toml: {sorted(parsed)} after the first {SAMPLE}; expected only samples there"
            )
        return samples


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Raise what is wrong with a format file as ValueError that names it."""
    try:
        yield
    except (AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing or unknown" if isinstance(error, KeyError) else error
        raise ValueError(f"{name}.toml: {what}") from error


@cache
def load() -> tuple[Format, ...]:
    """Return every format, sorted by name; the index in this tuple is the `format` column of events.

    Raises ValueError that names file and key for a file that is no format. All files are part of the
    package, so a broken one is a defect of the package: leaving it out would read fewer logs in silence.
    """
    paths = sorted(Path(__file__).parent.glob("*.toml"))
    return stored(paths) or tuple(map(read, paths))


def stored(paths: list[Path]) -> tuple[Format, ...] | None:
    """Return the formats of these files from the cache, compiled, and store them there if need be; None without a cache.

    To parse and compile them takes seconds. They lie beside the cached kernels, in a folder that only
    its owner can write, since they are a pickle; places, sizes and times of change of the format
    files and of the compiler name it.
    """
    from vedette.kernels import cache_folder, keep, use_cache

    if not use_cache():
        return None
    compiler = [Path(__file__), *sorted((Path(__file__).parent.parent / "reading").glob("*.py"))]
    states = [(str(path), (state := path.stat()).st_size, state.st_mtime_ns) for path in [*compiler, *paths]]
    digest = hashlib.sha256(repr(states).encode())
    file = cache_folder() / f"formats-{digest.hexdigest()[:16]}.pickle"
    try:
        kept: tuple[Format, ...] = pickle.loads(file.read_bytes())
    except Exception:  # whatever a truncated or foreign pickle raises: it is made anew
        kept = tuple(map(read, paths))
        for fmt in kept:
            fmt.compiled  # noqa: B018 - it is kept with the format
        keep(file, pickle.dumps(kept))
    return kept


def by_name(name: str) -> Format:
    """Return the format of this name. Raises ValueError with the nearest name for one that does not exist."""
    for fmt in load():
        if fmt.name == name:
            return fmt
    from difflib import get_close_matches

    names = [fmt.name for fmt in load()]
    near = get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}"
    raise ValueError(f"no format {name!r}; {hint}")


def read(path: Path) -> Format:
    """Read one format file. Raises ValueError that names file and key."""
    try:
        head, sample, rest = path.read_text("utf-8").partition(f"\n{SAMPLE}")
        spec = tomllib.loads(head)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    for key in TEXTS:
        if not isinstance(spec.get(key), str) or not spec[key].strip():
            raise ValueError(f"{path.name}: {key}: expected a text, found {spec.get(key)!r}")
    if not isinstance(spec.get("required"), list):
        raise ValueError(f"{path.name}: required: expected a list of columns, found {spec.get('required')!r}")
    title, reference, switch, tokenizer = (spec[key] for key in TEXTS)
    return Format(path.stem, title, reference, switch, tokenizer, spec, sample + rest)
