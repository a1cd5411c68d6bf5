"""The outputs: one file each, named by what -o takes; to add one is to add a file.

An output module opens with its manual (shown by `vedette outputs`) and has one or more of three
functions, each of which yields text and touches no file:

    report(report: model.Report, view: terminal.View)            what `vedette scan` found
    events(events: Iterable[dict], view: terminal.View)          normalised events, as a stream
    records(title: str, data: list | dict, view: terminal.View)  the answer of every other command

Files whose name begins with an underscore are no outputs.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

Render = Callable[..., Iterator[str]]

WHAT = ("report", "events", "records")


def names() -> list[str]:
    """Return the names of all outputs, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def load(name: str) -> ModuleType:
    """Import the output *name*. Raise KeyError if there is none."""
    if name not in names():
        raise KeyError(name)
    return import_module(f"{__name__}.{name}")


def able(what: str) -> list[str]:
    """Return the names of the outputs that can render *what*: report, events or records."""
    return [name for name in names() if hasattr(load(name), what)]


def renderer(name: str, what: str) -> Render | None:
    """Return the function by which the output *name* renders *what*, or None where it cannot."""
    render: Render | None = getattr(load(name), what, None)
    return render


def plain(data: Any) -> Any:
    """Return *data* with every offense in it as the object of the contract, ready for `records`."""
    from vedette.model import Offense
    from vedette.outputs._shape import offense_object

    if isinstance(data, Offense):
        return offense_object(data)
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(value) for value in data] if isinstance(data, list | tuple) else data


def catalog() -> list[dict[str, Any]]:
    """Describe every output: name, title, what it renders and its manual."""
    rows = []
    for name in names():
        module = load(name)
        title, _, manual = inspect.cleandoc(module.__doc__ or "").partition("\n")
        rows.append(
            {
                "name": name,
                "title": title,
                "renders": [w for w in WHAT if hasattr(module, w)],
                "manual": manual.strip("\n"),
            }
        )
    return rows
