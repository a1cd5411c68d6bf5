"""From what the user typed to files: directories are walked, globs expanded, the rest explained."""

from __future__ import annotations

import errno
import glob
import os
import stat
from collections.abc import Iterator
from pathlib import Path

Found = tuple[str, os.stat_result | str]
"""A path, and either what the file system says of it or the problem with it."""

ADVICE = {
    errno.ENOENT: "there is no such file: check the path",
    errno.ENOTDIR: "a part of the path is not a directory: check the path",
    errno.EACCES: "not allowed to read it: run as a user who may, or copy it to where you may",
    errno.EPERM: "not allowed to read it: run as a user who may, or copy it to where you may",
    errno.ELOOP: "its links go round in a circle: give the file they should lead to",
    errno.ENAMETOOLONG: "the name is too long: check the path",
    errno.EISDIR: "it is a directory now: give it again, its files are then read",
    errno.EIO: "the disk failed while it was read: what came before was used, copy the file from a good disk",
    errno.EMFILE: "too many files are open: close some, or raise the limit with ulimit -n",
    errno.ENXIO: "nothing answers at the other end: it is a socket or device, give a file",
}


def explain(error: OSError) -> str:
    """Return in a sentence what went wrong with a file and what to do."""
    return ADVICE.get(error.errno or 0) or f"{error.strerror or error}: check the path and the disk"


def expand(path: str) -> Iterator[Found]:
    """Yield the files that `path` names, in the order of their names, each with its stat or its problem."""
    if any(letter in path for letter in "*?[") and not os.path.lexists(path):
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            yield path, "no file matches: check the pattern"
        for match in matches:
            yield from _named(match)
    else:
        yield from _named(path)


def _named(path: str) -> Iterator[Found]:
    what = _stat(path)
    if isinstance(what, str):
        yield path, what
    elif stat.S_ISDIR(what.st_mode):
        found = list(_walk(path, what, set()))
        yield from found or [(path, "the directory holds no file to read: check the path")]
    elif stat.S_ISSOCK(what.st_mode):
        yield path, "it is a socket: give a file, or pipe the data to -"
    else:
        yield path, what


def _walk(directory: str, what: os.stat_result, visited: set[tuple[int, int]]) -> Iterator[Found]:
    """Yield what a directory holds; `visited` ends loops and keeps crossed links from multiplying."""
    if (what.st_dev, what.st_ino) in visited:
        return
    visited.add((what.st_dev, what.st_ino))
    try:
        paths = sorted(str(path) for path in Path(directory).iterdir() if not path.name.startswith("."))
    except OSError as error:
        yield directory, explain(error)
        return
    for path in paths:
        inner = _stat(path)
        if isinstance(inner, str) or stat.S_ISREG(inner.st_mode):
            yield path, inner
        elif stat.S_ISDIR(inner.st_mode):
            yield from _walk(path, inner, visited)


def _stat(path: str) -> os.stat_result | str:
    try:
        return Path(path).stat()
    except OSError as error:
        if error.errno == errno.ENOENT and Path(path).is_symlink():
            return "it is a link to a file that is not there: check where it leads"
        return explain(error)
    except ValueError:
        return "the name has a NUL character: check the path"
