"""The record as the other rooms see it: what was reported, without files or YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
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
    Status,
)
from detente.record.published import DatedBy


@dataclass(frozen=True, slots=True)
class Report:
    """One document: its front matter and its text.

    id     : the file's name without its ending
    text   : what readers and quotes see; offsets in the program count its characters
    path   : the file it came from
    line   : the line of the file on which `text` begins, from 1
    doubts : sentences that say what of the file may be missing from the text
    dated_by : where its day was found; None where it has none
    """

    id: str
    front: ReportFront
    text: str
    path: Path
    line: int = 1
    doubts: tuple[str, ...] = ()
    dated_by: DatedBy | None = None

    def line_of(self, offset: int) -> int:
        """The line of the file that holds the character at `offset` of the text."""
        return self.line + self.text.count("\n", 0, offset)


@dataclass(frozen=True)
class Record:
    """Everything reported in one negotiation, with the parties and issues it is about.

    case    : title, question, parties, issues and agreements
    file    : moves and statuses, and the parties that reading met
    reports : by id
    """

    case: CaseFile
    file: RecordFile = field(default_factory=RecordFile)
    reports: Mapping[str, Report] = field(default_factory=dict)

    @cached_property
    def parties(self) -> dict[str, Party]:
        """By id; a party of case.yaml comes before one that reading met."""
        return {party.id: party for party in (*self.file.parties, *self.case.parties)}

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """The moves that count, each event once, in the order of the file.

        The rejected are left out. An entry that a person says is the `same_as` another gives
        that one its sources, and stands for it wherever it is named.
        """
        counted = {move.id: move for move in self.file.moves if move.counts}
        told: dict[str, list[Source]] = {}
        for move in counted.values():
            event = self.event_of.get(move.id, move.id)
            told.setdefault(event, []).extend(move.sources)
        return tuple(
            self._as_event(move, told[move.id]) for move in counted.values() if move.id in told
        )

    @cached_property
    def event_of(self) -> dict[str, str]:
        """For each entry that tells the same event as another, that other's id."""
        counted = {move.id: move for move in self.file.moves if move.counts}
        found = {}
        for move in counted.values():
            event, passed = move, {move.id}
            while (other := counted.get(event.same_as or "")) and other.id not in passed:
                event = other
                passed.add(other.id)
            if event is not move and event.same_as not in passed:
                found[move.id] = event.id
        return found

    def _as_event(self, move: Move, sources: list[Source]) -> Move:
        answers = tuple(dict.fromkeys(self.event_of.get(id, id) for id in move.answers))
        if len(sources) == len(move.sources) and answers == move.answers:
            return move
        joined = tuple({(each.report, each.quote): each for each in sources}.values())
        event = move.model_copy(update={"sources": joined, "answers": answers})
        return event.placed(move.where.file, move.where.line) if move.where else event

    @cached_property
    def statuses(self) -> tuple[Status, ...]:
        """The statuses that count."""
        return tuple(status for status in self.file.statuses if status.counts)

    @cached_property
    def commitments(self) -> dict[str, tuple[Agreement, Commitment]]:
        """Each commitment by id, with the agreement it belongs to."""
        return {
            commitment.id: (agreement, commitment)
            for agreement in self.case.agreements
            for commitment in agreement.commitments
        }

    def name(self, party: str) -> str:
        """The name to show for a party's id."""
        known = self.parties.get(party)
        return known.name if known else party

    def reported(self, entry: Move | Status) -> PartialDate | None:
        """When the first report of an entry was published; None where no report is dated."""
        dates = [
            report.front.date
            for source in entry.sources
            if (report := self.reports.get(source.report)) and report.front.date
        ]
        return min(dates, default=None)
