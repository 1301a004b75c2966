"""Measuring a case: coded events, each once, against the record that reading makes.

The documents of a case are read and merged into a record as `detente read CASE` does. An entry
tells a coded event when one of its quotes overlaps one of the event's tellings and the type is
the same. Events marked `certain: false` count neither for nor against.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.errors import BadInput, Problem
from detente.measure.agreement import coded, found, same_date, same_sides
from detente.measure.pool import Pool
from detente.reading.propose import propose
from detente.reading.read import Progress, read_reports
from detente.record.dates import PartialDate
from detente.record.merge import merge
from detente.record.models import CaseFile, Move, RecordFile, ReportFront
from detente.record.record import Record, Report
from detente.record.store import parse_record
from detente.tracking import track
from detente.tracking.views import Demand

Telling = tuple[str, int, int]
"""Document id and offsets into its text."""

_STATES = {"met": "granted", "partly met": "partly"}


@dataclass(slots=True)
class CaseResult:
    """What a case adds up to; `wrong` lists what a person should look at.

    events   : certain coded events, and how many of them an entry tells
    entries  : moves of the record, how many tell some coded event, certain or not
    twice    : entries that tell an event another entry tells as well
    dated    : found events with a coded day, and how many entries have that day
    sides    : found events, and how many entries have both sides right
    bounded  : entries, and how many have a date or a dated report
    demands  : certain coded demands, found; of these stance and state right
    """

    case: str
    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, right: bool) -> None:
        """Count one of them."""
        self.counts[name][0] += right
        self.counts[name][1] += 1

    def to_json(self) -> dict[str, Any]:
        """Each figure as right, of and share."""
        figures = {
            name: {"right": right, "of": of, "share": right / of if of else None}
            for name, (right, of) in self.counts.items()
        }
        return {"case": self.case, "figures": figures, "wrong": self.wrong}


def evaluate_case(
    gold: Mapping[str, Any],
    pool: Pool,
    *,
    pipeline: str | None = None,
    progress: Progress | None = None,
) -> CaseResult:
    """Read a coded case's documents, merge what is found, and compare.

    gold : case, documents (id: date, sha256), events and demands with tellings
    Raises BadInput where a document is missing or is not the one that was coded.
    """
    record = record_of(gold, pool, pipeline=pipeline, progress=progress)
    result = CaseResult(str(gold["case"]))
    told = {move.id: _tellings(move, record.reports) for move in record.moves}
    matches = _matched(gold["events"], record.moves, told)
    told_by = defaultdict(list)
    for entry, event in matches.items():
        told_by[event].append(entry)
    moves = {move.id: move for move in record.moves}
    for event in gold["events"]:
        entries = told_by.get(event["id"], [])
        if event.get("certain", True):
            result.add("events", bool(entries))
            if not entries:
                result.wrong.append({"missed": event["what"], "type": event["type"]})
        if entries and event.get("certain", True):
            _compare(result, event, moves[entries[0]], record)
    for move in record.moves:
        event_id = matches.get(move.id)
        result.add("entries", event_id is not None)
        result.add("once", event_id is None or told_by[event_id][0] == move.id)
        result.add("bounded", move.date is not None or record.reported(move) is not None)
        if event_id is None:
            quote = move.sources[0].quote
            result.wrong.append({"no event": quote, "type": move.type.value, "id": move.id})
        elif told_by[event_id][0] != move.id:
            result.wrong.append({"told again": move.sources[0].quote, "id": move.id})
    _compare_demands(result, gold.get("demands", ()), record, told)
    return result


def record_of(
    gold: Mapping[str, Any],
    pool: Pool,
    *,
    pipeline: str | None = None,
    progress: Progress | None = None,
) -> Record:
    """The record that reading a coded case's documents makes."""
    reports = {}
    for id, told in gold["documents"].items():
        text = pool.text(id, digest=told.get("sha256"))
        date = PartialDate.parse(told["date"]) if told.get("date") else None
        title = pool.documents[id].get("title")
        front = ReportFront(date=date, publisher=told.get("attribution"), title=title or None)
        reports[id] = Report(id, front, text, Path(id))
    case = CaseFile(title=str(gold["case"]), question="What was agreed, asked and done?")
    empty = Record(case, RecordFile(), reports)
    ordered = list(reports.values())
    readings = read_reports(ordered, pipeline=pipeline, progress=progress)
    proposals = propose(readings, reports=ordered)
    file = Path("record.yaml")
    merged = merge(
        "",
        file,
        empty,
        moves=proposals.moves,
        statuses=proposals.statuses,
        parties=proposals.parties,
    )
    return Record(case, parse_record(merged.text, file), reports)


def _tellings(move: Move, reports: Mapping[str, Report]) -> list[Telling]:
    places = []
    for source in move.sources:
        start = reports[source.report].text.find(source.quote)
        if start >= 0:
            places.append((source.report, start, start + len(source.quote)))
    return places


def _shared(ours: Sequence[Telling], event: Mapping[str, Any]) -> int:
    """How many characters an entry's quotes share with an event's tellings."""
    return sum(
        max(0, min(end, other["end"]) - max(start, other["start"]))
        for report, start, end in ours
        for other in event["tellings"]
        if report == other["doc"]
    )


def _matched(
    events: Sequence[Mapping[str, Any]],
    moves: Sequence[Move],
    told: Mapping[str, Sequence[Telling]],
) -> dict[str, str]:
    """For each entry that tells one, the event it shares most words with."""
    found: dict[str, str] = {}
    for move in moves:
        likely = [
            (_shared(told[move.id], event), event["id"])
            for event in events
            if event["type"] == move.type.value
        ]
        best = max(likely, key=lambda pair: pair[0], default=(0, ""))
        if best[0] > 0:
            found[move.id] = best[1]
    return found


def _compare(result: CaseResult, event: Mapping[str, Any], move: Move, record: Record) -> None:
    sides = _both_sides_right(event, move, record)
    result.add("sides", sides)
    aspect = move.aspect.value == event.get("aspect", "actual")
    result.add("aspects", aspect)
    dated = True
    if event.get("date"):
        dated = same_date(move.date, event["date"])
        result.add("dates", dated)
    if not (sides and dated and aspect):
        wanted = {key: [a["name"] for a in event.get(key) or ()] for key in ("by", "to")}
        result.wrong.append(
            {
                "event": event["what"],
                "quote": move.sources[0].quote,
                "wanted": {**wanted, "date": event.get("date"), "aspect": event.get("aspect")},
                "found": {
                    "by": list(move.by),
                    "to": list(move.to),
                    "date": str(move.date) if move.date else None,
                    "aspect": move.aspect.value,
                },
            }
        )


def _both_sides_right(event: Mapping[str, Any], entry: Move | Demand, record: Record) -> bool:
    return all(
        same_sides(
            [found(record.parties[id]) for id in getattr(entry, key) if id in record.parties],
            [coded(actor) for actor in event.get(key) or ()],
        )
        for key in ("by", "to")
    )


def _compare_demands(
    result: CaseResult,
    gold: Sequence[Mapping[str, Any]],
    record: Record,
    told: Mapping[str, Sequence[Telling]],
) -> None:
    demands = track(record).demands
    for wanted in gold:
        if not wanted.get("certain", True):
            continue
        likely = [
            (sum(_shared(told.get(id, ()), wanted) for id in demand.moves), place)
            for place, demand in enumerate(demands)
        ]
        shared, place = max(likely, default=(0, 0))
        result.add("demands", shared > 0)
        if shared > 0:
            demand = demands[place]
            state = wanted.get("state", "open")
            result.add("demand stances", demand.stance == wanted.get("stance", "for"))
            result.add("demand states", demand.state.value == _STATES.get(state, state))


def lines(result: CaseResult) -> list[str]:
    """The figures of a case, and what was wrong, to read."""
    data = result.to_json()
    told = [f"{data['case']}"]
    for name, figure in data["figures"].items():
        told.append(f"  {_WHAT[name]:<44} {figure['share']:.2f}   ({figure['of']})")
    told += [f"- {json.dumps(wrong, ensure_ascii=False)}" for wrong in data["wrong"]]
    return told


_WHAT = {
    "events": "certain events that an entry tells",
    "entries": "entries that tell a coded event",
    "once": "entries that tell no event again",
    "sides": "both sides right, of found events",
    "aspects": "aspect right, of found events",
    "dates": "day right, of found events with a day",
    "bounded": "entries with a day or a dated report",
    "demands": "certain demands found",
    "demand stances": "stance right, of found demands",
    "demand states": "state right, of found demands",
}


def parted(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The coded cases among gold files and folders of them, and the rest."""
    coded_cases: list[Path] = []
    rest: list[Path] = []
    for path in paths:
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        found_here = [file for file in files if file.suffix == ".json" and _is_case(file)]
        coded_cases += found_here
        if not found_here:
            rest.append(path)
    return coded_cases, rest


def _is_case(path: Path) -> bool:
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(gold, dict) and {"case", "documents", "events"} <= gold.keys()


def open_case(path: Path) -> dict[str, Any]:
    """A coded case's file. Raises BadInput where it is none."""
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(Problem(path, 0, f"not a coded case: {error}")) from None
    if not isinstance(gold, dict) or not {"case", "documents", "events"} <= gold.keys():
        raise BadInput(Problem(path, 0, "not a coded case", "See docs/reading.md, Measuring."))
    return gold
