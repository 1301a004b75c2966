"""From what reading found to proposed entries of the record.

Deciding what a text says (moves.py, statuses.py) and what of it goes into the record are
kept apart; merging with what is already there is the record room's (merge.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from detente.reading.found import Actor, FoundMove, FoundStatus, Reading, Speaker
from detente.reading.who.gazetteer import Gazetteer, Named, slug
from detente.reading.who.sectors import of_state
from detente.record import matter
from detente.record.models import Issue, Move, Party, SaidBy, Source, Status
from detente.record.plover import Sector
from detente.record.record import Report

CERTAIN_ENOUGH = 0.3
"""Findings below this confidence are printed by `detente read` but not put on record."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """Entries for the record, with provisional ids; `parties` are those it has not met."""

    moves: tuple[Move, ...]
    statuses: tuple[Status, ...]
    parties: tuple[Party, ...]


def propose(
    readings: Iterable[Reading],
    *,
    reports: Iterable[Report],
    parties: Sequence[Party] = (),
    issues: Sequence[Issue] = (),
) -> Proposals:
    """Entries for what was found, with codes turned into the case's party ids.

    parties : those the case and its record already know
    """
    directory = _Directory(parties)
    known = {report.id: report for report in reports}
    moves: list[Move] = []
    statuses: list[Status] = []
    for reading in readings:
        report = known[reading.report]
        for found in reading.moves:
            if found.confidence >= CERTAIN_ENOUGH:
                move = _move(found, report, directory, issues, len(moves) + 1)
                if move.by or move.to:
                    moves.append(move)
        for status in reading.statuses:
            if status.by:
                statuses.append(_status(status, report, directory, issues, len(statuses) + 1))
    return Proposals(tuple(moves), tuple(statuses), tuple(directory.new.values()))


class _Directory:
    """Party ids for codes: the case's own first, then its party of that country and sector, new
    parties for the rest.
    """

    def __init__(self, parties: Sequence[Party]) -> None:
        self._ids: dict[str, str] = {}
        self._of: dict[tuple[str, Sector], str] = {}
        for party in parties:
            self._ids.setdefault(party.id.lower(), party.id)
            if party.code:
                self._ids.setdefault(party.code.lower(), party.id)
            if party.of_country and party.kind != "person":
                for sector in party.sector[:1]:
                    self._of.setdefault((party.of_country, sector), party.id)
        self.new: dict[str, Party] = {}

    def sides(
        self, by: Iterable[Actor], to: Iterable[Actor]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The parties of both sides of an act.

        A state that stands on both is told apart by sector: its police against its protesters.
        """
        doing, done_to = tuple(by), tuple(to)
        both = {a.code for a in doing} & {a.code for a in done_to if a.kind == "state"}
        doing, done_to = (
            tuple(_of_sector(a) if a.code in both else a for a in side) for side in (doing, done_to)
        )
        return self.ids(doing), self.ids(done_to)

    def ids(self, actors: Iterable[Actor]) -> tuple[str, ...]:
        """Each party once, in order; who is nobody in particular is none."""
        known = (actor for actor in actors if actor.named or actor.country)
        return tuple(dict.fromkeys(self._id(actor) for actor in known))

    def _id(self, actor: Actor) -> str:
        key = slug(actor.code)
        if actor.country and actor.sector and _is_general(actor):
            own = self._of.get((actor.country, actor.sector[0]))
            if own is not None and (key not in self._ids or actor.sector[0] is not Sector.GOV):
                return own
        if key in self._ids:
            return self._ids[key]
        self._ids[key] = key
        self.new[key] = _party(actor, key)
        return key


def _is_general(actor: Actor) -> bool:
    """Whether it is a state, or no more than those of a state in a sector ("Chad's opposition")."""
    of_state = f"{actor.country}-".lower()
    return actor.kind == "state" or (actor.kind == "group" and actor.code.startswith(of_state))


def _of_sector(actor: Actor) -> Actor:
    """Those of a state in a sector as a party of their own; its government stays the state."""
    if not actor.sector or actor.sector[0] is Sector.GOV:
        return actor
    state = Named(actor.name, actor.code, "state")
    own = of_state(state, actor.sector[0], Gazetteer.standard())
    return replace(actor, name=own.name, code=own.code, kind=own.kind, named=False)


def _party(actor: Actor, key: str) -> Party:
    if actor.kind == "state":
        return Party(id=key, name=actor.name, kind=actor.kind, code=actor.code)
    return Party(
        id=key,
        name=actor.name,
        kind=actor.kind,
        country=actor.country,
        sector=actor.sector if actor.country else (),
    )


def _move(
    found: FoundMove,
    report: Report,
    directory: _Directory,
    issues: Sequence[Issue],
    number: int,
) -> Move:
    by, to = directory.sides(found.by, found.to)
    return Move(
        id=f"new-{number}",
        date=found.date,
        type=found.type,
        mode=found.mode,
        by=by,
        to=to,
        what=found.what or matter.general(found.type, found.mode),
        issue=issue_of(found.what, found.quote, issues),
        aspect=found.aspect,
        if_=found.condition,
        stance=found.stance,
        sources=(_source(report, found.quote, found.said_by, found.direct),),
    )


def _status(
    found: FoundStatus,
    report: Report,
    directory: _Directory,
    issues: Sequence[Issue],
    number: int,
) -> Status:
    return Status(
        id=f"new-status-{number}",
        attribute=found.attribute,
        value=found.value,
        by=directory.ids(found.by),
        to=directory.ids(found.to),
        what=found.what,
        issue=issue_of(found.what, found.quote, issues),
        from_=found.since,
        until=found.until,
        sources=(_source(report, found.quote, found.said_by, False),),
    )


def _source(report: Report, quote: str, speaker: Speaker | None, direct: bool) -> Source:
    return Source(
        report=report.id, quote=quote, said_by=_said_by(speaker), direct=direct, credibility=None
    )


def _said_by(speaker: Speaker | None) -> SaidBy | None:
    if speaker is None:
        return None
    if speaker.named and speaker.name:
        role = _role(speaker.text, speaker.name)
        return SaidBy(name=speaker.name, role=role, named=True)
    return SaidBy(name=None, role=speaker.text, named=False)


def _role(text: str, name: str) -> str | None:
    """What the words for a speaker say beside the name: "Secretary of State Marco Rubio"."""
    rest = re.sub(rf"\b{re.escape(name)}\b", "", text)
    family = name.split()[-1]
    rest = re.sub(rf"\b{re.escape(family)}\b", "", rest).strip(" ,’'")
    return rest if rest.lower() not in {"", "the", "a", "an", "mr", "mr.", "ms", "mrs"} else None


def issue_of(what: str, quote: str, issues: Sequence[Issue]) -> str | None:
    """The issue whose terms the words are about; None without a match or with a tie.

    A term in the matter itself counts more than one elsewhere in the quote.
    """
    best: list[tuple[int, str]] = []
    for issue in issues:
        score = 0
        for term in issue.terms:
            pattern = _term(term)
            score += 3 * bool(pattern.search(what)) + bool(pattern.search(quote))
        if score:
            best.append((score, issue.id))
    best.sort(key=lambda pair: -pair[0])
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return None
    return best[0][1]


def _term(term: str) -> re.Pattern[str]:
    """The term as whole words, in singular or plural."""
    return re.compile(rf"(?<!\w){re.escape(term)}(?:s|es|’s|'s)?(?!\w)", re.IGNORECASE)
