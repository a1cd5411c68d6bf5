"""The slow path: lines that a kernel leaves to the plain reference, back into the arrays that a kernel fills."""

from __future__ import annotations

import numpy as np

from vedette.kernels import tables as t
from vedette.reading.batches import Output
from vedette.reading.framing import PADDING
from vedette.reading.reference import Context, Readable, finish, header_columns
from vedette.reading.reference_decode import Values, repaired
from vedette.reading.reference_envelope import open_envelope


def read_slowly(
    fmt: Readable, buffer: np.ndarray, rejects: np.ndarray, context: Context, out: Output
) -> tuple[np.ndarray, int, np.ndarray]:
    """Read rejects (start, end, ordinal, reason) by the reference into `out`, from its first row on.

    Returns (a buffer that holds the texts of these rows, padded as a chunk is; how many rows there
    are; the rejects that are no lines of the format, with R_BAD for their reason). `out` must have
    room for all of them.
    """
    texts, rows, left = bytearray(), 0, []
    for start, end, ordinal, _ in rejects.tolist():
        line = repaired(bytes(buffer[start:end]))
        envelope = open_envelope(line, fmt.spec.get("header", "none"), context)
        attempt = fmt.plain.read(line, envelope, header_columns(line, envelope, context), context)
        if attempt.reason:
            left.append((start, end, ordinal, t.R_BAD))
            continue
        finish(attempt.row, fmt.spec)
        put_row(attempt.row, texts, out, rows)
        out.flags[rows], out.ordinals[rows] = attempt.flags, ordinal
        rows += 1
    padded = np.frombuffer(texts + b"\n" * (PADDING + 1), np.uint8).copy()
    return padded, rows, np.array(left, np.int64).reshape(-1, 4)


def put_row(values: Values, texts: bytearray, out: Output, row: int) -> None:
    """Store the columns of one row; a text goes to the end of `texts`."""
    mask = 0
    for name, value in values.items():
        slot = t.SLOT[name]
        mask |= 1 << slot
        if isinstance(value, str):
            data = value.encode()
            value = len(texts) << t.LENGTH_BITS | len(data)
            texts += data
        out.columns[slot, row] = value
    out.masks[row] = mask
