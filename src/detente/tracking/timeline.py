"""The chronology: everything in the record that has a place in time."""

from __future__ import annotations

from collections.abc import Iterator

from detente.record.dates import PartialDate
from detente.record.models import RUNGS, Agreement, Move, Status
from detente.record.record import Record
from detente.tracking.sides import order, stands
from detente.tracking.views import TimelineEntry


def timeline(record: Record, *, as_of: PartialDate | None = None) -> tuple[TimelineEntry, ...]:
    """Moves of every aspect, statuses' beginnings and ends, agreements and deadlines.

    as_of : keeps what can have happened by that day (its earliest possible day is not later)
            according to everything known now, whenever it was reported; an entry without a
            date is kept when its first report can have been published by then

    Sorted by date; undated entries last, by the date of their first report; then in the
    order of the files. An end that nobody reports has no entry; a beginning that nobody
    dates stands among the undated.
    """
    entries = [entry for entry in _everything(record) if stands(entry.date, entry.reported, as_of)]
    entries.sort(key=_place)
    return tuple(entries)


def _place(entry: TimelineEntry) -> tuple[object, object]:
    return order(entry.date), order(entry.reported if entry.date is None else None)


def _everything(record: Record) -> Iterator[TimelineEntry]:
    for move in record.moves:
        yield _move(move, record.reported(move))
    for status in record.statuses:
        yield from _status(status, record.reported(status))
    for agreement in record.case.agreements:
        yield from _agreement(record, agreement)


def _move(move: Move, reported: PartialDate | None) -> TimelineEntry:
    return TimelineEntry(
        "move",
        move.id,
        move.date,
        reported,
        move.by,
        move.to,
        move.what,
        move.review,
        move.type,
        move.mode,
        move.aspect,
        move.if_,
        move.intensity,
    )


def _status(status: Status, reported: PartialDate | None) -> Iterator[TimelineEntry]:
    """What begins or ends is named by attribute and value, then by its matter."""
    words = f"{status.attribute}: {RUNGS[status.attribute][status.rung]}"
    what = f"{words} ({status.what})" if status.what else words
    ends = [("status begins", status.from_)]
    ends += [("status ends", status.until)] if status.until else []
    for kind, day in ends:
        yield TimelineEntry(
            kind, status.id, day, reported, status.by, status.to, what, status.review
        )


def _agreement(record: Record, agreement: Agreement) -> Iterator[TimelineEntry]:
    """An agreement and its deadlines; a person wrote them in case.yaml, so they are confirmed."""
    dates = [
        report.front.date
        for source in agreement.sources
        if (report := record.reports.get(source.report)) and report.front.date
    ]
    reported = min(dates, default=None)
    yield TimelineEntry(
        "agreement",
        agreement.id,
        agreement.date,
        reported,
        agreement.parties,
        (),
        agreement.title,
        "confirmed",
    )
    for due in agreement.commitments:
        if due.until:
            yield TimelineEntry(
                "deadline", due.id, due.until, reported, due.by, due.to, due.what, "confirmed"
            )
