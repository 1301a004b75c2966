"""What the record adds up to on a day: pure functions of a record and a date.

Every view is recomputed from the record, keeps the ids of the entries behind each line, and
leaves out what a person has rejected.
"""

from __future__ import annotations

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


def track(record: Record, *, as_of: PartialDate | None = None) -> Tracking:
    """All views of a record.

    as_of : the day asked about: what stood on it according to everything known now;
            None for everything known
    """
    return Tracking(
        as_of,
        timeline(record, as_of=as_of),
        ledgers(record, as_of=as_of),
        demands(record, as_of=as_of),
        ladder(record, as_of=as_of),
        commitments(record, as_of=as_of),
        contradictions(record, as_of=as_of),
    )
