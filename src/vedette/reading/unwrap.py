"""Lines inside lines: what shippers, containers and clouds wrap around a device's own line, taken off again.

An inner line is read as if it stood alone. Where the wrapper tells when and where it was written, the
inner line gets that as a syslog header in front: a kernel's line in a journal has no other stamp. A
stamp of its own is nearer to the event and wins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from vedette.kernels import tables as t
from vedette.reading.documents import ARRAYS
from vedette.reading.framing import PADDING

TEXTS = (
    ("MESSAGE",),
    ("message",),
    ("log",),
    ("event", "original"),
    ("@message",),
    ("_raw",),
    ("textPayload",),
    ("result", "_raw"),
)
"""Paths to the inner line: journald, Beats and Fluentd, Docker, ECS, CloudWatch Insights, Splunk, Google Cloud."""

DOCUMENTS = (("_source",), ("jsonPayload", "message"))
"""Paths to an inner document that stands for the whole: Elastic's search hits."""

TUPLES = (("properties", "flows", "flows", "flowTuples"), ("flowRecords", "flows", "flowGroups", "flowTuples"))
"""Paths, through every element of the arrays on them, to the lines of Azure's flow logs: of security groups, of virtual networks."""

STAMPS = ("__REALTIME_TIMESTAMP", "@timestamp", "time", "timestamp")
HOSTS = (("_HOSTNAME",), ("host", "name"), ("hostname",), ("host",))
HOST_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,255}")
CRI = re.compile(rb"(\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)) (?:stdout|stderr) [FP] (.*)", re.DOTALL)
"""A line of a container runtime: https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md"""

DEPTH = 4
MOST = 100_000
"""Wrappers inside wrappers that are taken off, and inner lines that one line may give."""


def inner_lines(line: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """Yield the lines that a line wraps; nothing if it wraps none. Never raises for what a line says."""
    if match := CRI.fullmatch(line):
        yield from unwrapped(match[1] + b" - ", match[2], depth)
        return
    if not line.startswith((b"{", b"[")):
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return
    yield from from_value(value, depth)


def from_value(value: Any, depth: int) -> Iterator[bytes]:
    """Yield the lines inside a parsed JSON value."""
    if isinstance(value, list):
        for element in value:
            yield from element_lines(element, depth)
    if not isinstance(value, dict):
        return
    for name in ARRAYS:
        held = value.get(name)
        if isinstance(held, dict):
            held = held.get(name)
        if isinstance(held, list):
            yield from from_value(held, depth)
            return
    tuples = [text for path in TUPLES for text in leaves(value, path) if isinstance(text, str)]
    if tuples:
        yield from (text.encode(errors="replace").replace(b"\n", b" ") for text in tuples)
        return
    text = next((found for path in TEXTS if isinstance(found := follow(value, path), str)), None)
    if text is not None:
        yield from unwrapped(header(value), text.encode(errors="replace"), depth)
        return
    for path in DOCUMENTS:
        if isinstance(held := follow(value, path), dict):
            yield json.dumps(held).encode()
            return


def element_lines(element: Any, depth: int) -> Iterator[bytes]:
    """Yield the lines of one record of an array: itself, and what it wraps if it wraps something."""
    if isinstance(element, str):
        yield element.encode(errors="replace").replace(b"\n", b" ")
    elif isinstance(element, dict):
        inside = list(from_value(element, depth - 1)) if depth else []
        yield from inside or [json.dumps(element).encode()]


def unwrapped(prefix: bytes, text: bytes, depth: int) -> Iterator[bytes]:
    """Yield each line of an inner text, itself unwrapped, with a header in front unless it is JSON."""
    for line in text.split(b"\n"):
        if not line.strip():
            continue
        inside = list(inner_lines(line, depth - 1)) if depth else []
        yield from inside or [line if line.startswith((b"{", b"[{")) else prefix + line]


def header(value: dict[str, Any]) -> bytes:
    """Return `stamp host ` from what a wrapper tells, or nothing without a stamp."""
    stamp = next((value[name] for name in STAMPS if isinstance(value.get(name), str | int | float)), None)
    when = time_of(stamp)
    if when is None:
        return b""
    host = next((found for path in HOSTS if isinstance(found := follow(value, path), str)), "-")
    return f"{when} {host if HOST_NAME.fullmatch(host) else '-'} ".encode()


def time_of(stamp: Any) -> str | None:
    """Return a wrapper's stamp in ISO 8601: it is already, or a number since 1970 whose size tells the unit."""
    text = str(stamp)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d:?\d\d)?", text):
        return text
    if not re.fullmatch(r"\d{9,19}(\.\d+)?", text):
        return None
    seconds = float(text)
    while seconds > 1e11:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def follow(value: Any, path: tuple[str, ...]) -> Any:
    """Return what stands at the end of a path of names, or None."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def leaves(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Yield what stands at the ends of a path of names, whose steps may be arrays."""
    if isinstance(value, list):
        for element in value:
            yield from leaves(element, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        yield from leaves(value.get(path[0]), path[1:])


def unwrap(buffer: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take the wrappers off lines given as (start, end, ordinal, reason).

    Returns (a padded buffer of the inner lines, these as a table of the same shape whose ordinals are
    those of the outer lines, the lines that wrap nothing).
    """
    texts, rows, kept = bytearray(), [], []
    for start, end, ordinal, reason in left.tolist():
        found = False
        for number, line in enumerate(inner_lines(bytes(buffer[start:end]))):
            if number == MOST:
                break
            found = True
            begin = len(texts)
            texts += line.replace(b"\n", b" ") + b"\n"
            rows.append((begin, len(texts) - 1, ordinal, t.R_FOREIGN))
        if not found:
            kept.append((start, end, ordinal, reason))
    padded = np.frombuffer(texts + b"\n" * PADDING, np.uint8).copy()
    return padded, np.array(rows, np.int64).reshape(-1, 4), np.array(kept, np.int64).reshape(-1, 4)
