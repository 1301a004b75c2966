"""What the record adds up to on a day: pure functions of a record and a date.

Every view is recomputed from the record, keeps the ids of the entries behind each line, and
leaves out what a person has rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from detente.record.dates import PartialDate
from detente.record.record import Record
from detente.tracking.commitments import commitments
from detente.tracking.contradictions import contradictions
from detente.tracking.demands import demands
from detente.tracking.ladder import ladder
from detente.tracking.ledger import ledgers
from detente.tracking.timeline import timeline
from detente.tracking.views import Tracking

__all__ = [
    "Tracking",
    "commitments",
    "contradictions",
    "demands",
    "ladder",
    "ledgers",
    "timeline",
    "track",
]


_VIEWS: dict[str, Callable[..., Any]] = {
    "timeline": timeline,
    "ledgers": ledgers,
    "demands": demands,
    "ladder": ladder,
    "commitments": commitments,
    "contradictions": contradictions,
}


def track(
    record: Record, *, as_of: PartialDate | None = None, only: Collection[str] = tuple(_VIEWS)
) -> Tracking:
    """All views of a record.

    as_of : the day asked about: what stood on it according to everything known now;
            None for everything known
    only  : the views to make, where not all are wanted; the others stay empty
    """
    made = {name: view(record, as_of=as_of) for name, view in _VIEWS.items() if name in only}
    return Tracking(as_of, **{name: made.get(name, ()) for name in _VIEWS})
