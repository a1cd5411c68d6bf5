"""Compile kernels with Numba into object files that native.py loads. Only `python -m vedette.kernels` imports this."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from vedette.kernels import Function, keep


@intrinsic
def word_at(_typing: Any, buf: Any, pos: Any) -> Any:
    """Load eight bytes at any position, unaligned, without a bounds check: the caller has made it."""

    def load(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = cgutils.gep_inbounds(builder, array.data, arguments[1])
        loaded = builder.load(builder.bitcast(place, ir.IntType(64).as_pointer()))
        loaded.align = 1
        return loaded

    return types.uint64(buf, pos), load


@intrinsic
def trailing_zeros(_typing: Any, word: Any) -> Any:
    """Count the lowest bits that are zero."""

    def count(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), count


def njit(*signature: Any, **options: Any) -> Callable[[Function], Function]:
    """Return Numba's compiler with our settings. `_nrt` off spares reference counting, as kernels allocate nothing."""
    compiler: Any = numba.njit
    decorator: Callable[[Function], Function] = compiler(
        *signature, nogil=True, boundscheck=True, _nrt=False, **options
    )
    return decorator


def compiled(function: Function, signature: str, file: Path) -> Function:
    """Compile a kernel and write its object file; return what Numba made of it."""
    dispatcher: Any = njit(signature, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    (result,) = dispatcher.overloads.values()
    library = result.library
    code = library._codegen._tm.emit_object(library._final_module)
    symbol = result.fndesc.llvm_func_name.encode()
    body = len(symbol).to_bytes(4, "little") + symbol + code
    keep(file, hashlib.sha256(body).digest() + body)
    return dispatcher  # type: ignore[no-any-return]
