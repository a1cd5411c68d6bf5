"""What is known of scanners and of what they look for: data files, and the functions that read them."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return a knowledge file as it is written."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def ports() -> tuple[list[int], list[dict[str, Any]]]:
    """Return the ports above 1023 that services use, and (purpose, port) pairs of programs that try several."""
    known = table("ports")
    return known["service"], [
        {"purpose": name, "port": port} for name, ports in known["purpose"].items() for port in ports
    ]


def moment(day: date) -> int:
    """Return the first moment of a day in UTC, in microseconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000
