"""Everything that Numba compiles, in one folder: its hash names the cache, so no edit leaves a stale kernel.

A kernel is a function with one explicit signature, without the GIL, with bounds checks on, because
attackers write its input. `python -m vedette.kernels` compiles all of them into object files; every
other process only loads those that it calls (native.py) and never imports Numba, which was half of the
time that a short log took. Where the cache has no objects yet, the first call compiles them.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

building: Path | None = None
"""Where this process writes object files, if it compiles: __main__.py sets it before it imports a module with kernels."""


def kernel(signature: str) -> Callable[[Function], Function]:
    """Return a decorator that makes a function a kernel of one signature, as Numba writes it, with an integer result or none.

    The kernel is loaded at its first call. A call with another shape of arguments is a TypeError;
    an index out of bounds is an IndexError.
    """

    def decorate(function: Function) -> Function:
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        if building:
            from vedette.kernels.build import compiled

            return compiled(function, signature, building / f"{name}.o")
        from vedette.kernels.native import Kernel

        loaded: Any = Kernel(name, signature)
        return loaded  # type: ignore[no-any-return]

    return decorate


def helper(function: Function) -> Function:
    """Mark a function that only kernels call; it becomes part of each kernel that uses it."""
    return compilable(function)


def inline(function: Function) -> Function:
    """Mark a function that is compiled into the body of its caller: those that take several arrays, which cost seven words each to pass."""
    return compilable(function, forceinline=True)


def intrinsic(function: Function) -> Function:
    """Mark a function that is one instruction, which build.py has under the same name."""
    if not building:
        return function
    from vedette.kernels import build

    instruction: Function = getattr(build, function.__name__)
    return instruction


def compilable(function: Function, **options: Any) -> Function:
    """Return what Numba calls from a kernel; the function itself where nothing is compiled."""
    if not building:
        return function
    from vedette.kernels.build import njit

    return njit(**options)(function)


@cache
def cache_folder() -> Path:
    """Return the cache folder of this state of the kernels: VEDETTE_CACHE, else XDG_CACHE_HOME, else ~/.cache."""
    base = os.environ.get("VEDETTE_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(base, "vedette", f"kernels-{fingerprint()}")


@cache
def fingerprint() -> str:
    """Return a hash over the sources of this package, Python's and Numba's versions and the processor's name."""
    from llvmlite import __version__ as llvmlite_version
    from llvmlite.binding import get_host_cpu_name

    digest = hashlib.sha256(f"{sys.version} {llvmlite_version} {get_host_cpu_name()}".encode())
    numba = find_spec("numba")
    if numba and numba.origin:
        digest.update(Path(numba.origin).with_name("_version.py").read_bytes())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


@cache
def use_cache() -> bool:
    """Make the cache folder if need be; return False where no folder can be written.

    The folder is readable by its owner only: it holds machine code, and what somebody else can write
    is code that somebody else can run.
    """
    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder.stat().st_uid == os.getuid() and os.access(folder, os.W_OK)
    except OSError:
        return False


@cache
def objects() -> Path:
    """Return the folder of the object files: the cache, or, where none can be written, a folder for this process."""
    return cache_folder() if use_cache() else Path(temporary().name)


@cache
def temporary() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that is removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="vedette-kernels-", ignore_cleanup_errors=True)


def keep(file: Path, data: bytes) -> None:
    """Write a file of the cache in one step, so that nobody reads half of it; a full or read-only disk is no error."""
    new = file.with_suffix(f".{os.getpid()}")
    try:
        new.write_bytes(data)
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)
