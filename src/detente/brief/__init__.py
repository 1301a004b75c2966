"""The brief: what a person reads, as a page, in the terminal, as tables and as JSON.

    from detente import brief

    made = brief.build(record, track(record))
    page = brief.html(made)

Names are loaded as they are used: a command that shows one solver's results loads no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

_HOMES = {
    "Brief": "detente.brief.document",
    "as_json": "detente.brief.tables",
    "build": "detente.brief.building",
    "compare": "detente.brief.comparing",
    "csv": "detente.brief.tables",
    "html": "detente.brief.page",
    "table": "detente.brief.tables",
    "terminal": "detente.brief.on_terminal",
}

__all__ = sorted(_HOMES)

if TYPE_CHECKING:
    from detente.brief.building import build as build
    from detente.brief.comparing import compare as compare
    from detente.brief.document import Brief as Brief
    from detente.brief.on_terminal import terminal as terminal
    from detente.brief.page import html as html
    from detente.brief.tables import as_json as as_json
    from detente.brief.tables import csv as csv
    from detente.brief.tables import table as table


def __getattr__(name: str) -> object:
    """Load a public name from its home (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
