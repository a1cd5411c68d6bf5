"""Everything that Numba compiles, in one folder: its hash names the cache, so no edit leaves a stale kernel.

A kernel is a function with one explicit signature (a second call shape is a TypeError, not a second
compilation), without the GIL, with bounds checks on, because attackers write its input. Numba
stamps a cached kernel with the hash of its own file only, so an edited decoder in another file
would leave it stale; hence one cache folder for each state of this package.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

BROKEN_CACHE = (EOFError, UnicodeDecodeError, ValueError, ImportError, AttributeError, IndexError, KeyError)
"""What a truncated or flipped cache file raises, beside pickle.UnpicklingError."""


def kernel(signature: str | list[str], **options: Any) -> Callable[[Function], Function]:
    """Return a decorator that compiles a function for `signature` at import, from the cache if it can.

    A broken cache file is deleted and the kernel compiled again; without a writable place the
    kernel is compiled in memory for this process.
    """

    def decorate(function: Function) -> Function:
        from pickle import UnpicklingError

        stored = use_cache()
        try:
            return njit(signature, cache=stored, **options)(function)
        except (UnpicklingError, *BROKEN_CACHE):
            if not stored:
                raise
            shutil.rmtree(cache_folder(), ignore_errors=True)
            use_cache.cache_clear()
            return njit(signature, cache=use_cache(), **options)(function)

    return decorate


def helper(function: Function) -> Function:
    """Compile a function that only kernels call; it becomes part of each kernel that uses it."""
    use_cache()
    return njit()(function)


def inline(function: Function) -> Function:
    """Compile a function into the body of its caller: for those that take several arrays, which cost seven words each to pass."""
    use_cache()
    return njit(forceinline=True)(function)


def njit(*signature: Any, **options: Any) -> Callable[[Function], Function]:
    """Return Numba's compiler with our settings. `_nrt` off spares reference counting, as kernels allocate nothing."""
    import numba

    compiler: Any = numba.njit
    decorator: Callable[[Function], Function] = compiler(
        *signature, nogil=True, boundscheck=True, _nrt=False, **options
    )
    return decorator


@cache
def cache_folder() -> Path:
    """Return the cache folder of this state of the kernels: VEDETTE_CACHE, else XDG_CACHE_HOME, else ~/.cache."""
    base = os.environ.get("VEDETTE_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(base, "vedette", f"kernels-{fingerprint()}")


@cache
def fingerprint() -> str:
    """Return a hash over the sources of this package, Python's and Numba's versions and the processor's name."""
    import llvmlite.binding
    import numba

    digest = hashlib.sha256(f"{sys.version} {numba.__version__} {llvmlite.binding.get_host_cpu_name()}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


@cache
def use_cache() -> bool:
    """Point Numba's cache at our folder; return False where no folder can be written.

    The folder is readable by its owner only: cached kernels are pickles, and a pickle that somebody
    else can write is code that somebody else can run.
    """
    import numba

    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.getuid() or not os.access(folder, os.W_OK):
            return False
    except OSError:
        return False
    settings: Any = numba.config
    settings.CACHE_DIR = str(folder)
    return True
