"""Which commitments were kept, broken, or are still owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from detente.record.dates import PartialDate
from detente.record.models import Agreement, Commitment
from detente.record.record import Record
from detente.tracking.sides import latest_day, moves_in_order
from detente.tracking.views import CommitmentLine, CommitmentStatus

_Cited = dict[str, list[str]]


def commitments(record: Record, *, as_of: PartialDate | None = None) -> tuple[CommitmentLine, ...]:
    """Every commitment of the case's agreements, with the moves that fulfil or break it.

    as_of : the day; None for the latest date the record knows (never today's date, so that
            the same record gives the same answer tomorrow). Agreements made after it are
            left out

    Only moves reported as having happened count. A commitment that waits for another one is
    not overdue; one that comes after a disputed or broken one still waits.
    """
    day = as_of or latest_day(record)
    performed: _Cited = defaultdict(list)
    breached: _Cited = defaultdict(list)
    for move in moves_in_order(record, as_of):
        if move.aspect.happened:
            for commitment in dict.fromkeys(move.performs):
                performed[commitment].append(move.id)
            for commitment in dict.fromkeys(move.breaches):
                breached[commitment].append(move.id)
    dates = {move.id: move.date for move in record.moves}
    kept = performed.keys() - breached.keys()
    made = [
        agreement
        for agreement in record.case.agreements
        if as_of is None or agreement.date.earliest <= as_of.latest
    ]
    fulfilled = kept | {
        agreement.id for agreement in made if all(c.id in kept for c in agreement.commitments)
    }
    return tuple(
        CommitmentLine(
            agreement.id,
            commitment.id,
            commitment.by,
            commitment.to,
            commitment.what,
            commitment.until,
            _status(agreement, commitment, performed, breached, fulfilled, day, dates),
            tuple(performed.get(commitment.id, ())),
            tuple(breached.get(commitment.id, ())),
        )
        for agreement in made
        for commitment in agreement.commitments
    )


def _status(
    agreement: Agreement,
    commitment: Commitment,
    performed: _Cited,
    breached: _Cited,
    fulfilled: set[str],
    day: PartialDate | None,
    dates: Mapping[str, PartialDate | None],
) -> CommitmentStatus:
    done, broken = commitment.id in performed, commitment.id in breached
    if done or broken:
        if done and broken:
            return CommitmentStatus.DISPUTED
        if done and _late(commitment, [dates[move] for move in performed[commitment.id]]):
            return CommitmentStatus.LATE
        return CommitmentStatus.PERFORMED if done else CommitmentStatus.BREACHED
    if not fulfilled.issuperset((*agreement.after, *commitment.after)):
        return CommitmentStatus.WAITING
    if day is not None and commitment.until is not None and commitment.until.before(day):
        return CommitmentStatus.OVERDUE
    return CommitmentStatus.OPEN


def _late(commitment: Commitment, dates: Sequence[PartialDate | None]) -> bool:
    """Whether everything that performs it certainly came after its deadline."""
    return commitment.until is not None and all(
        date is not None and commitment.until.before(date) for date in dates
    )
