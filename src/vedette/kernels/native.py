"""Load the object files of kernels and call them, with llvmlite alone.

The calling convention is Numba's: a status, then a place for the result and one for an exception, then
every argument, tuples flattened and an array as seven words or more: two that are empty (owner),
number of items, size of one, address, shape and strides (numba/core/callconv.py, CPUCallConv).
"""

from __future__ import annotations

import ctypes
import hashlib
import re
import subprocess
import sys
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from vedette.kernels import objects

ATOM = re.compile(r"(u?int\d+|i8)(\[[^\]]*\])?")
SHORT = {"i8": "int64"}
GOOD = (0, -2)
"""Statuses of a call that returned: with a result, without one."""

DIGEST = 32
_lock = Lock()


class Kernel:
    """A kernel that is loaded when it is first called."""

    def __init__(self, name: str, signature: str) -> None:
        result, _, arguments = signature.partition("(")
        self.name = name
        self._shape = [shape(word, brackets) for word, brackets in ATOM.findall(arguments)]
        self._gives = result != "void"
        self._function: Any = None

    def __call__(self, *arguments: Any) -> int | None:
        """Run the kernel without the GIL. Raises TypeError for arguments of another shape, IndexError as its bounds checks do."""
        words = self._words(arguments)
        if self._function is None:
            self._function = load(self.name, len(words))
        result, error = ctypes.c_int64(0), ctypes.c_void_p(0)
        if self._function(ctypes.addressof(result), ctypes.addressof(error), *words) not in GOOD:
            raise IndexError(f"{self.name}: an index is out of bounds")
        return result.value if self._gives else None

    def _words(self, arguments: tuple[Any, ...]) -> list[int]:
        """Return the arguments as the words of the call."""
        given = flat(arguments)
        if len(given) != len(self._shape):
            raise TypeError(f"{self.name}: expected {len(self._shape)} arrays and numbers, got {len(given)}")
        words: list[int] = []
        for value, (dtype, dimensions) in zip(given, self._shape, strict=True):
            if not dimensions:
                words.append(int(value))
                continue
            if not isinstance(value, np.ndarray) or value.dtype != dtype or value.ndim != dimensions:
                raise TypeError(f"{self.name}: expected an array of {dtype} in {dimensions} dimensions, got {value!r}")
            if not value.flags.c_contiguous:
                raise TypeError(f"{self.name}: expected an array without gaps")
            words += [0, 0, value.size, value.itemsize, value.__array_interface__["data"][0]]
            words += value.shape + value.strides
        return words


def shape(word: str, brackets: str) -> tuple[np.dtype[Any], int]:
    """Return type and dimensions of one part of a signature (`int64[:,::1]`), no dimensions for a number."""
    return np.dtype(SHORT.get(word, word)), brackets.count(",") + 1 if brackets else 0


def flat(values: tuple[Any, ...]) -> list[Any]:
    """Return the leaves of nested tuples in order."""
    return [leaf for value in values for leaf in (flat(value) if isinstance(value, tuple) else (value,))]


def load(name: str, words: int) -> Any:
    """Return the native function of a kernel that takes so many words, compiling all kernels if they are not there yet."""
    with _lock:
        symbol, code = read(name) or built(name)
        engine = linker()
        from llvmlite.binding import object_file

        engine.add_object_file(object_file.ObjectFileRef.from_data(code))
        engine.finalize_object()
        address = engine.get_function_address(symbol)
    return ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_int64] * (words + 2))(address)


def read(name: str) -> tuple[str, bytes] | None:
    """Return symbol and code of a kernel's object file; None if there is none, or one that was damaged."""
    try:
        data = (objects() / f"{name}.o").read_bytes()
    except OSError:
        return None
    body = data[DIGEST:]
    if hashlib.sha256(body).digest() != data[:DIGEST]:
        return None
    size = int.from_bytes(body[:4], "little")
    return body[4 : 4 + size].decode(), body[4 + size :]


def built(name: str) -> tuple[str, bytes]:
    """Compile all kernels in processes of their own; return symbol and code of one. Raises RuntimeError if it is not there then."""
    subprocess.run([sys.executable, "-m", "vedette.kernels", str(objects())], check=False)
    found = read(name)
    if not found:
        raise RuntimeError(f"the kernel {name} could not be compiled; `python -m vedette.kernels` says why")
    return found


@cache
def linker() -> Any:
    """Return the linker of this process; code lives as long as it does."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine()
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
