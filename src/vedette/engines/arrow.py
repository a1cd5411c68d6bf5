"""The Arrow C stream interface in ctypes, so that an engine pulls batches without pyarrow.

Layout and ownership: https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html.
"""

from __future__ import annotations

import ctypes as c
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

FORMATS = {"BIGINT": b"l", "INTEGER": b"i", "SMALLINT": b"s", "TINYINT": b"c", "VARCHAR": b"vu"}
"""Arrow format strings of the SQL types that events have; text is string views into the chunk it was read from."""

EIO = 5
NULLABLE = 2
_NAME = b"arrow_array_stream"


class Schema(c.Structure):
    """struct ArrowSchema."""


class Array(c.Structure):
    """struct ArrowArray."""


class Stream(c.Structure):
    """struct ArrowArrayStream."""


Release = c.CFUNCTYPE(None, c.c_void_p)
GetNext = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p)
GetError = c.CFUNCTYPE(c.c_void_p, c.c_void_p)

Schema._fields_ = [
    ("format", c.c_char_p),
    ("name", c.c_char_p),
    ("metadata", c.c_char_p),
    ("flags", c.c_int64),
    ("n_children", c.c_int64),
    ("children", c.c_void_p),
    ("dictionary", c.c_void_p),
    ("release", Release),
    ("private_data", c.c_void_p),
]
Array._fields_ = [
    ("length", c.c_int64),
    ("null_count", c.c_int64),
    ("offset", c.c_int64),
    ("n_buffers", c.c_int64),
    ("n_children", c.c_int64),
    ("buffers", c.c_void_p),
    ("children", c.c_void_p),
    ("dictionary", c.c_void_p),
    ("release", Release),
    ("private_data", c.c_void_p),
]
Stream._fields_ = [
    ("get_schema", GetNext),
    ("get_next", GetNext),
    ("get_last_error", GetError),
    ("release", Release),
    ("private_data", c.c_void_p),
]


class Column(NamedTuple):
    """One column of a batch: its buffers as the format demands (the first is the validity bits or None) and its nulls."""

    buffers: tuple[np.ndarray | None, ...]
    nulls: int


class Batch(NamedTuple):
    """Rows for the engine; `release` is called once nothing reads their memory any more."""

    rows: int
    columns: list[Column]
    release: Callable[[], None]


_alive: dict[int, tuple[Any, ...]] = {}
_tickets = itertools.count(1)
"""What the consumer's structs point at, by ticket, kept until the consumer releases it."""


def _keep(*things: Any) -> int:
    """Keep objects alive; return the ticket that `_drop` takes."""
    ticket = next(_tickets)
    _alive[ticket] = things
    return ticket


def _release_schema(address: int) -> None:
    schema = Schema.from_address(address)
    _alive.pop(schema.private_data or 0, None)
    schema.release = Release()


def _release_array(address: int) -> None:
    array = Array.from_address(address)
    kept = _alive.pop(array.private_data or 0, None)
    array.release = Release()
    if kept:
        kept[-1]()


def _release_child(address: int) -> None:
    Array.from_address(address).release = Release()


def _release_child_schema(address: int) -> None:
    Schema.from_address(address).release = Release()


RELEASE_SCHEMA, RELEASE_ARRAY = Release(_release_schema), Release(_release_array)
RELEASE_CHILD_SCHEMA, RELEASE_CHILD = Release(_release_child_schema), Release(_release_child)


def fill_schema(schema: Schema, columns: list[tuple[str, str]]) -> None:
    """Describe a struct of columns given as (name, SQL type) in a consumer's schema."""
    children = [
        Schema(FORMATS[sql], name.encode(), None, NULLABLE, 0, None, None, RELEASE_CHILD_SCHEMA, None)
        for name, sql in columns
    ]
    pointers = (c.c_void_p * len(children))(*[c.addressof(child) for child in children])
    schema.format, schema.name, schema.metadata, schema.flags = b"+s", b"", None, 0
    schema.n_children, schema.children, schema.dictionary = len(children), c.addressof(pointers), None
    schema.release, schema.private_data = RELEASE_SCHEMA, _keep(children, pointers)


def fill_array(array: Array, batch: Batch) -> None:
    """Hand a batch to a consumer's array; the batch lives until the consumer releases it."""
    keep: list[Any] = []
    children = []
    for column in batch.columns:
        buffers = (c.c_void_p * len(column.buffers))(*[None if b is None else b.ctypes.data for b in column.buffers])
        child = Array(
            batch.rows, column.nulls, 0, len(column.buffers), 0, c.addressof(buffers), None, None, RELEASE_CHILD, None
        )
        keep += [buffers, child]
        children.append(child)
    pointers = (c.c_void_p * len(children))(*[c.addressof(child) for child in children])
    top = (c.c_void_p * 1)(None)
    array.length, array.null_count, array.offset, array.n_buffers = batch.rows, 0, 0, 1
    array.n_children, array.children, array.dictionary = len(children), c.addressof(pointers), None
    array.buffers = c.addressof(top)
    array.release, array.private_data = RELEASE_ARRAY, _keep(keep, pointers, top, batch, batch.release)


class Exporter:
    """Offer batches to an engine as an Arrow C stream.

    Engines open a stream once for its schema alone, so the batches are pulled only when rows are
    asked for. An exception of the iterator ends the engine's statement and is kept in `error`.
    """

    def __init__(self, columns: list[tuple[str, str]], batches: Iterator[Batch]) -> None:
        self.columns = columns
        self.error: BaseException | None = None
        self._batches = batches
        self._message = c.create_string_buffer(b"reading failed")
        self._callbacks = (
            GetNext(self._get_schema),
            GetNext(self._get_next),
            GetError(self._get_error),
            Release(self._release),
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return a capsule that holds an ArrowArrayStream."""
        stream = Stream(*self._callbacks, None)
        _alive[c.addressof(stream)] = (stream, self)
        new = c.pythonapi.PyCapsule_New
        new.restype, new.argtypes = c.py_object, [c.c_void_p, c.c_char_p, c.c_void_p]
        return new(c.addressof(stream), _NAME, c.cast(DESTROY_CAPSULE, c.c_void_p))

    def _get_schema(self, _stream: int, out: int) -> int:
        fill_schema(Schema.from_address(out), self.columns)
        return 0

    def _get_next(self, _stream: int, out: int) -> int:
        array = Array.from_address(out)
        try:
            batch = next(self._batches, None)
        except BaseException as error:  # it must not unwind through C; the caller raises it again
            self.error = error
            return EIO
        if batch is None:
            array.release = Release()
        else:
            fill_array(array, batch)
        return 0

    def _get_error(self, _stream: int) -> int:
        return c.addressof(self._message)

    def _release(self, stream: int) -> None:
        Stream.from_address(stream).release = Release()


def _destroy_capsule(capsule: int) -> None:
    get = c.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = c.c_void_p, [c.c_void_p, c.c_char_p]
    _alive.pop(get(capsule, _NAME), None)


DESTROY_CAPSULE = c.PYFUNCTYPE(None, c.c_void_p)(_destroy_capsule)
