"""Moves that one report says happened and another denies."""

from __future__ import annotations

from collections import defaultdict

from detente.record import matter
from detente.record.dates import PartialDate
from detente.record.models import Move
from detente.record.plover import Aspect, MoveType
from detente.record.record import Record
from detente.tracking.sides import Sides, last_report, moves_in_order

_Key = tuple[MoveType, frozenset[str], str]


def contradictions(
    record: Record, *, as_of: PartialDate | None = None
) -> tuple[tuple[str, str], ...]:
    """Pairs of ids: a move reported as having happened, and one that denies it.

    as_of : leaves out what cannot have happened by that day (see `timeline`)

    They are of one type and mode, by the same parties to the same, on a matter that agrees,
    with dates that can mean the same day; what one of them leaves out contradicts nothing.
    A denial without a date denies nothing that happened after it was last printed.
    """
    sides = Sides(record)
    moves = moves_in_order(record, as_of)
    happened: dict[_Key, list[Move]] = defaultdict(list)
    denials = [move for move in moves if move.aspect is Aspect.NEGATED]
    types = {move.type for move in denials}
    for move in moves:
        if move.aspect.happened and move.type in types:
            for key in _keys(move, sides):
                happened[key].append(move)
    found: list[tuple[str, str]] = []
    for denial in denials:
        near = {m.id: m for key in _keys(denial, sides) for m in happened.get(key, ())}
        found += [
            (move.id, denial.id)
            for move in near.values()
            if _same_act(move, denial, sides) and _same_time(record, move, denial)
        ]
    return tuple(found)


def _keys(move: Move, sides: Sides) -> list[_Key]:
    words = matter.words(move.what) or {move.what.strip().casefold()}
    return [(move.type, frozenset(sides.by(move)), word) for word in sorted(words)]


def _same_act(move: Move, denial: Move, sides: Sides) -> bool:
    if move.mode and denial.mode and move.mode != denial.mode:
        return False
    if move.issue and denial.issue and move.issue != denial.issue:
        return False
    to, denied_to = set(sides.to(move)), set(sides.to(denial))
    if to and denied_to and to != denied_to:
        return False
    return matter.agrees(move.what, denial.what)


def _same_time(record: Record, move: Move, denial: Move) -> bool:
    if move.date and denial.date:
        return move.date.agrees(denial.date)
    denied = last_report(record, denial) if denial.date is None else None
    return not (move.date and denied and denied.before(move.date))
