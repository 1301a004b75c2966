"""Records built by hand, tersely."""

from __future__ import annotations

from pathlib import Path

from detente.record.dates import PartialDate
from detente.record.models import (
    Agreement,
    CaseFile,
    Commitment,
    Move,
    Party,
    RecordFile,
    ReportFront,
    Source,
    SpeaksFor,
    Status,
)
from detente.record.record import Record, Report


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def _ids(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _sources(reports: str) -> tuple[Source, ...]:
    return tuple(Source(report=name, quote="words") for name in _ids(reports))


def move(name: str, type: str, by: str, to: str, what: str = "a thing", **more) -> Move:
    """`type` is TYPE or TYPE/mode; `reports` names the sources."""
    kind, _, mode = type.partition("/")
    sources = _sources(more.pop("reports", "r"))
    return Move(
        id=name,
        type=kind,
        mode=mode or None,
        by=_ids(by),
        to=_ids(to),
        what=what,
        sources=sources,
        **more,
    )


def status(name: str, attribute: str, by: str, to: str = "", **more) -> Status:
    sources = _sources(more.pop("reports", "r"))
    return Status(id=name, attribute=attribute, by=_ids(by), to=_ids(to), sources=sources, **more)


def person(name: str, party: str, start: str | None = None, end: str | None = None) -> Party:
    office = SpeaksFor(party=party, **{"from": start}, to=end)
    return Party(id=name, name=name.title(), kind="person", speaks_for=(office,))


def agreement(name: str, date: str, *due: Commitment, **more) -> Agreement:
    return Agreement(
        id=name, title=name, date=date, parties=("usa", "taliban"), commitments=due, **more
    )


def commitment(name: str, by: str, until: str | None = None, after: str = "") -> Commitment:
    return Commitment(
        id=name, by=_ids(by), what=f"matter of {name}", until=until, after=_ids(after)
    )


def record(*entries: Move | Status | Party | Agreement, reports: dict[str, str] | None = None):
    """A record of the entries; `reports` gives each report's id and date ("" for none)."""

    def of(kind):
        return tuple(entry for entry in entries if isinstance(entry, kind))

    case = CaseFile(title="T", question="Q?", parties=of(Party), agreements=of(Agreement))
    papers = {
        name: Report(name, ReportFront(date=date or None), "words", Path(f"{name}.txt"))
        for name, date in (reports or {}).items()
    }
    return Record(case, RecordFile(moves=of(Move), statuses=of(Status)), papers)
