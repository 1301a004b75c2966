"""Entries of the record put into words, each with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from detente.brief import words
from detente.brief.document import EntryView, Part, SourceView
from detente.record.models import Agreement, Move, Source, Status
from detente.record.record import Record
from detente.tracking.views import TimelineEntry, Tracking


@dataclass(frozen=True)
class Shown:
    """What of a record the brief of one day shows: all that counts and was known by then."""

    record: Record
    tracking: Tracking

    @cached_property
    def _known(self) -> set[tuple[str, str]]:
        """(kind, id) of everything the tracking of that day speaks of."""
        track = self.tracking
        known = {
            ("status" if line.kind.startswith("status") else line.kind, line.entry)
            for line in track.timeline
        }
        known |= {("status", entry) for row in track.ladder for entry in row.entries}
        known |= {("move", line.move) for ledger in track.ledgers for line in ledger.lines}
        known |= {("agreement", line.agreement) for line in track.commitments}
        return known

    @cached_property
    def moves(self) -> dict[str, Move]:
        """By id."""
        everything = self.tracking.as_of is None
        return {
            move.id: move
            for move in self.record.moves
            if everything or ("move", move.id) in self._known
        }

    @cached_property
    def statuses(self) -> dict[str, Status]:
        """By id."""
        everything = self.tracking.as_of is None
        return {
            status.id: status
            for status in self.record.statuses
            if everything or ("status", status.id) in self._known
        }

    @cached_property
    def agreements(self) -> dict[str, Agreement]:
        """By id."""
        everything = self.tracking.as_of is None
        return {
            made.id: made
            for made in self.record.case.agreements
            if everything or ("agreement", made.id) in self._known
        }

    @cached_property
    def issues(self) -> dict[str, str]:
        """Titles by id."""
        return {issue.id: issue.title for issue in self.record.case.issues}

    def href(self, entry: str) -> str | None:
        """The link to a move or status, None where the page does not show it."""
        if entry in self.moves:
            return f"#move-{entry}"
        return f"#status-{entry}" if entry in self.statuses else None

    def names(self, parties: Iterable[str]) -> tuple[str, ...]:
        """The names to show for parties' ids."""
        return tuple(map(self.record.name, parties))

    def issue(self, issue: str | None) -> str | None:
        """An issue's title; the id where the case does not know it."""
        return self.issues.get(issue, issue) if issue else None


def source(shown: Shown, given: Source) -> SourceView:
    """One source in words. A report that is missing is still named, by its id."""
    report = shown.record.reports.get(given.report)
    front = report.front if report else None
    rating, rating_words = words.rating(front.reliability if front else "F", given.credibility)
    name = (front and (front.publisher or front.title)) or given.report
    when = f", {words.date(front.date, short=True)}" if front and front.date else ""
    if given.said_by is None:
        speaker, manner = "The report itself says so", ""
    else:
        speaker = words.speaker(given.said_by)
        manner = "in the speaker’s own words" if given.direct else "as the report puts it"
    return SourceView(
        report=given.report,
        href=f"#report-{given.report}" if report else None,
        cite=f"{name}{when}",
        title=(front and front.title) or given.report,
        url=front.url if front else None,
        rating=rating,
        rating_words=rating_words,
        quote=given.quote,
        speaker=speaker,
        manner=manner,
    )


def according(sources: Sequence[Source]) -> str:
    """Who stands behind an entry; "" where a report asserts it without naming a source."""
    if any(given.said_by is None for given in sources):
        return ""
    speakers = dict.fromkeys(words.speaker(given.said_by) for given in sources if given.said_by)
    return f"according to {words.listed(speakers)}" if speakers else ""


def mark(review: str) -> str:
    """The mark of what nobody has confirmed."""
    return "" if review == "confirmed" else "unreviewed"


def move(shown: Shown, given: Move, *, year: int | None = None) -> EntryView:
    """A move in words; `year` is left out of its date."""
    return EntryView(
        kind="move",
        id=given.id,
        anchor=f"move-{given.id}",
        href=f"#move-{given.id}",
        date=words.date(given.date, within=year),
        who=words.parties(shown.names(given.by), shown.names(given.to)),
        act=words.act(given.type, given.mode, given.aspect),
        what=given.what,
        condition=words.condition(given.if_),
        label=words.ASPECT_LABELS[given.aspect],
        according=according(given.sources),
        mark=mark(given.review),
        score=words.score(given.intensity) + ("" if given.aspect.happened else ", not counted"),
        issue=shown.issue(given.issue),
        note=given.note,
        sources=tuple(source(shown, one) for one in given.sources),
    )


def status(shown: Shown, given: Status) -> EntryView:
    """A status in words, with the time it is said to have stood."""
    value = words.rung(given.value) if given.value else ""
    attribute = words.ATTRIBUTES[given.attribute]
    return EntryView(
        kind="status",
        id=given.id,
        anchor=f"status-{given.id}",
        href=f"#status-{given.id}",
        date=_standing(given),
        who=words.parties(shown.names(given.by), shown.names(given.to)),
        act=f"{attribute}: {value}" if value else attribute,
        what=given.what or "",
        condition="",
        label="",
        according=according(given.sources),
        mark=mark(given.review),
        score="",
        issue=shown.issue(given.issue),
        note=given.note,
        sources=tuple(source(shown, one) for one in given.sources),
    )


def _standing(given: Status) -> str:
    since = f"since {words.date(given.from_)}" if given.from_ else "beginning not known"
    if given.until is None:
        return since
    if given.from_ is None:
        return f"until {words.date(given.until)}"
    return f"{words.date(given.from_)} to {words.date(given.until)}"


def agreement(shown: Shown, given: Agreement) -> EntryView:
    """An agreement in words."""
    return EntryView(
        kind="agreement",
        id=given.id,
        anchor=f"agreement-{given.id}",
        href=f"#agreement-{given.id}",
        date=words.date(given.date),
        who=words.listed(shown.names(given.parties)),
        act="agreement",
        what=given.title,
        condition="",
        label="",
        according=according(given.sources),
        mark="",
        score="",
        issue=None,
        note=given.note,
        sources=tuple(source(shown, one) for one in given.sources),
    )


def on_timeline(shown: Shown, line: TimelineEntry, *, year: int | None) -> EntryView | None:
    """A line of the chronology; None for an id the record does not have.

    Statuses, agreements and deadlines have their own place further down the page, so what
    stands here has no anchor of its own.
    """
    when = words.date(line.date, within=year)
    if line.kind == "move":
        found = shown.moves.get(line.entry)
        return move(shown, found, year=year) if found else None
    if line.kind.startswith("status"):
        stands = shown.statuses.get(line.entry)
        if stands is None:
            return None
        told = status(shown, stands)
        verb = " (begins)" if line.kind == "status begins" else " (ends)"
        # without a date it is only reported to stand: nothing is said of its beginning
        return replace(told, anchor="", date=when, act=told.act + (verb if line.date else ""))
    if line.kind == "agreement":
        made = shown.agreements.get(line.entry)
        return replace(agreement(shown, made), anchor="", date=when) if made else None
    return _deadline(shown, line, when)


def _deadline(shown: Shown, line: TimelineEntry, when: str) -> EntryView | None:
    known = shown.record.commitments.get(line.entry)
    if known is None:
        return None
    made, commitment = known
    return replace(
        agreement(shown, made),
        kind="deadline",
        id=commitment.id,
        anchor="",
        href=f"#commitment-{commitment.id}",
        date=when,
        who=words.parties(shown.names(commitment.by), shown.names(commitment.to)),
        act="deadline of a commitment",
        what=commitment.what,
        label="due by then, whether done or not",
    )


def link(shown: Shown, entry: str, *, dated: bool = True) -> Part:
    """A link to a move or status, worded by its date, who and matter."""
    found = shown.moves.get(entry)
    if found is None:
        stands = shown.statuses.get(entry)
        if stands is None:
            return Part(entry, shown.href(entry))
        sides = words.parties(shown.names(stands.by), shown.names(stands.to))
        what = f", {stands.what}" if stands.what else ""
        return Part(f"{words.ATTRIBUTES[stands.attribute]} ({sides}{what})", shown.href(entry))
    who = words.listed(shown.names(found.by)) or "actor not named"
    label = words.ASPECT_LABELS[found.aspect]
    said = f"{who}: {words.act(found.type, found.mode, found.aspect)}, {found.what}"
    when = f"{words.date(found.date)}, " if dated else ""
    return Part(f"{when}{said}" + (f" ({label})" if label else ""), f"#move-{entry}")
