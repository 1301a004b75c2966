"""Make sense of a negotiation: from reports to a sourced record to a brief.

The names below are the public API; everything else may change. Each is loaded when it is
first used, so `import detente` costs nothing.

    import detente

    case = detente.Case.open("examples/kabul")
    for demand in case.track(as_of=detente.PartialDate.parse("2025-04")).demands:
        print(demand.first_asked, demand.by, demand.what, demand.state)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOMES = {
    # a case: open, read into, track, put in words
    "Case": "detente.case",
    "track": "detente.tracking",
    "read_text": "detente.reading.read",
    # what it holds
    "Record": "detente.record.record",
    "Report": "detente.record.record",
    "Party": "detente.record.models",
    "Move": "detente.record.models",
    "Status": "detente.record.models",
    "Source": "detente.record.models",
    "Agreement": "detente.record.models",
    "Commitment": "detente.record.models",
    "Issue": "detente.record.models",
    "PartialDate": "detente.record.dates",
    "MoveType": "detente.record.plover",
    "Aspect": "detente.record.plover",
    # what it adds up to
    "Reading": "detente.reading.found",
    "Tracking": "detente.tracking.views",
    # what is wrong
    "BadInput": "detente.errors",
    "Problem": "detente.errors",
}

__all__ = sorted(_HOMES)

if TYPE_CHECKING:
    from detente.case import Case as Case
    from detente.errors import BadInput as BadInput
    from detente.errors import Problem as Problem
    from detente.reading.found import Reading as Reading
    from detente.reading.read import read_text as read_text
    from detente.record.dates import PartialDate as PartialDate
    from detente.record.models import Agreement as Agreement
    from detente.record.models import Commitment as Commitment
    from detente.record.models import Issue as Issue
    from detente.record.models import Move as Move
    from detente.record.models import Party as Party
    from detente.record.models import Source as Source
    from detente.record.models import Status as Status
    from detente.record.plover import Aspect as Aspect
    from detente.record.plover import MoveType as MoveType
    from detente.record.record import Record as Record
    from detente.record.record import Report as Report
    from detente.tracking import track as track
    from detente.tracking.views import Tracking as Tracking


def __getattr__(name: str) -> object:
    """Load a public name from its home (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
