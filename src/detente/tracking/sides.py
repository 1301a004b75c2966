"""What every view asks of an entry: whom its actors stand for, and whether its day has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from detente.record.dates import PartialDate
from detente.record.models import Move, SpeaksFor, Status
from detente.record.record import Record

_Key = tuple[bool, date, date, bool]
_NO_DATE = (date.max, date.max, True)


def order(day: PartialDate | None) -> _Key:
    """Sort key of a date: the order of PartialDate, the unknown last."""
    if day is None:
        return (True, *_NO_DATE)
    return (False, day.earliest, day.latest, day.approximate)


def moves_in_order(record: Record, as_of: PartialDate | None) -> list[Move]:
    """The moves that stand on a day, the earliest first.

    Undated moves come last, by the date of their first report, then as in the file.
    """
    kept = [(move, record.reported(move)) for move in record.moves]
    kept = [(move, told) for move, told in kept if stands(move.date, told, as_of)]
    kept.sort(key=lambda pair: (order(pair[0].date), undated_order(*pair)))
    return [move for move, _ in kept]


def undated_order(entry: Move | Status, reported: PartialDate | None) -> _Key:
    """Second sort key: an undated move stands where its first report puts it."""
    dated = isinstance(entry, Move) and entry.date is not None
    return order(None if dated else reported)


def stands(
    day: PartialDate | None, reported: PartialDate | None, as_of: PartialDate | None
) -> bool:
    """Whether something of that date can have happened by the day asked about.

    Something without a date is kept when its first report can have been published by then:
    what was printed had happened before.
    """
    if as_of is None:
        return True
    known = day or reported
    return known is not None and known.earliest <= as_of.latest


def last_report(record: Record, entry: Move | Status) -> PartialDate | None:
    """When the last dated report of an entry was published."""
    dates = [
        report.front.date
        for source in entry.sources
        if (report := record.reports.get(source.report)) and report.front.date
    ]
    return max(dates, default=None)


def latest_day(record: Record) -> PartialDate | None:
    """The latest date that the record knows something of; None for a record without dates.

    It stands for "now" where no day is asked about, so that the same record gives the same
    answer on every day. Reports, what has happened and agreements count; deadlines, plans
    and the ends of statuses can lie in the future and do not.
    """
    dates = [report.front.date for report in record.reports.values()]
    dates += [move.date for move in record.moves if move.aspect.happened]
    dates += [status.from_ for status in record.statuses]
    dates += [agreement.date for agreement in record.case.agreements]
    return max((day for day in dates if day is not None), default=None)


class Sides:
    """Whom the actors of a move stand for.

    A person counts for every party for which they speak, by an office they can have held on
    the move's date (on its first report's, for an undated move). Out of office, or without
    a date to tell, a person is a party of their own.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._offices = {
            party.id: party.speaks_for for party in record.parties.values() if party.speaks_for
        }
        rank = {party: place for place, party in enumerate(p.id for p in record.case.parties)}
        self._rank = rank

    def by(self, move: Move) -> tuple[str, ...]:
        """The parties that made the move."""
        return self._of(move.by, move)

    def to(self, move: Move) -> tuple[str, ...]:
        """The parties it was made towards."""
        return self._of(move.to, move)

    def rank(self, party: str) -> tuple[int, str]:
        """Sort key of parties: as case.yaml lists them, then the others by id."""
        return self._rank.get(party, len(self._rank)), party

    def _of(self, actors: tuple[str, ...], move: Move) -> tuple[str, ...]:
        if not any(actor in self._offices for actor in actors):
            return tuple(dict.fromkeys(actors))
        day = move.date or self._record.reported(move)
        return tuple(dict.fromkeys(_parties(actors, self._offices, day)))


def _parties(
    actors: tuple[str, ...], offices: dict[str, tuple[SpeaksFor, ...]], day: PartialDate | None
) -> Iterable[str]:
    for actor in actors:
        held = [office.party for office in offices.get(actor, ()) if day and _can_hold(office, day)]
        yield from held or [actor]


def _can_hold(office: SpeaksFor, day: PartialDate) -> bool:
    begun = office.from_ is None or office.from_.earliest <= day.latest
    return begun and (office.to is None or day.earliest <= office.to.latest)
