"""What each party asked of another, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from detente.record import matter
from detente.record.dates import PartialDate
from detente.record.models import Move
from detente.record.plover import Aspect, MoveType
from detente.record.record import Record
from detente.tracking.ledger import CONCESSIONS
from detente.tracking.sides import Sides, moves_in_order
from detente.tracking.views import Demand, DemandState, DemandStep

_CLOSED = (DemandState.GRANTED, DemandState.WITHDRAWN)
_REFUSING = frozenset(
    {
        MoveType.REJECT,
        MoveType.THREATEN,
        MoveType.PROTEST,
        MoveType.SANCTION,
        MoveType.MOBILIZE,
        MoveType.COERCE,
        MoveType.ASSAULT,
    }
)
_ANYBODY = ""
_NAMES_A_DEMAND = frozenset({"demand", "request", "call", "condition"})

_Parties = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Act:
    """A move with the parties it stands for and its place in the order of time."""

    move: Move
    place: int
    by: _Parties
    to: _Parties
    words: frozenset[str]


@dataclass(slots=True)
class _Group:
    """A demand in the making: its requests, and the answers found so far."""

    first: _Act
    to: tuple[str, ...]
    addressees: _Parties
    asked: list[_Act] = field(default_factory=list)
    steps: list[tuple[_Act, DemandStep]] = field(default_factory=list)

    @property
    def by(self) -> _Parties:
        return self.first.by

    @property
    def issue(self) -> str | None:
        return next((act.move.issue for act in self.asked if act.move.issue), None)


def demands(record: Record, *, as_of: PartialDate | None = None) -> tuple[Demand, ...]:
    """Every demand with each time it was made and the moves that answer it, oldest first.

    as_of : leaves out what cannot have happened by that day (see `timeline`)

    Requests by the same parties to the same parties on the same issue (or, where one of
    them has no issue, on the same matter) are one demand; a request to nobody in particular
    joins any. One made after the demand was granted or withdrawn begins a new demand.

    Answers are those the record states (`answers:`) and those that can be inferred: a dated
    move by the addressee towards the asker, not before the demand, on the same issue or
    matter. A concession grants it, or grants it partly where less was given than asked, where
    only the issue is the same, or where it is still a promise; a refusal refuses it. Denied
    and hypothetical moves grant nothing, and nobody but the parties answers.
    """
    sides = Sides(record)
    acts = [
        _Act(
            move,
            place,
            frozenset(sides.by(move)),
            frozenset(sides.to(move)),
            matter.words(move.what),
        )
        for place, move in enumerate(moves_in_order(record, as_of))
    ]
    asks = [act for act in acts if act.move.type is MoveType.REQUEST and act.move.aspect.happened]
    groups = _grouped(asks, sides)
    _answer(groups, acts)
    made = [part for group in groups for part in _closed_and_reopened(group)]
    made.sort(key=lambda group: group.first.place)
    return tuple(_demand(group, sides) for group in made)


# --- which requests are the same demand --------------------------------------------------


def _grouped(asks: list[_Act], sides: Sides) -> list[_Group]:
    groups: list[_Group] = []
    # Compared are only groups by the same askers that share the issue or a word.
    known: dict[tuple[_Parties, str], dict[int, _Group]] = defaultdict(dict)
    for act in asks:
        keys = _keys(act)
        near = {place: group for key in keys for place, group in known[act.by, key].items()}
        group = next(
            (near[place] for place in sorted(near) if _same_demand(near[place], act)), None
        )
        if group is None:
            group = _Group(act, sides.to(act.move), act.to)
            groups.append(group)
        elif not group.addressees:
            group.to, group.addressees = sides.to(act.move), act.to
        group.asked.append(act)
        for key in keys:
            known[act.by, key][group.first.place] = group
    return groups


def _keys(act: _Act) -> list[str]:
    """Where an act is looked up: its issue, and its words in case the other has no issue."""
    issue = [f"issue {act.move.issue}"] if act.move.issue else []
    return issue + sorted(act.words or {act.move.what.strip().casefold()})


def _same_demand(group: _Group, act: _Act) -> bool:
    if (act.move.stance or "for") != (group.first.move.stance or "for"):
        return False
    if act.to and group.addressees and act.to != group.addressees:
        return False
    return _about(group, act)[0]


def _about(group: _Group, act: _Act) -> tuple[bool, bool]:
    """Whether an act is on the group's issue or matter, and whether the matter agrees."""
    agrees = matter.agrees(act.move.what, group.first.move.what)
    if act.move.issue and group.issue:
        return act.move.issue == group.issue, agrees
    return agrees, agrees


# --- which moves answer it ---------------------------------------------------------------


def _answer(groups: list[_Group], acts: list[_Act]) -> None:
    """Add to every group its answers, in the order of time."""
    of_request = {ask.move.id: group for group in groups for ask in group.asked}
    for act in acts:
        named = (of_request[name] for name in act.move.answers if name in of_request)
        for group in {group.first.place: group for group in named}.values():
            if state := _stated(group, act):
                _add(group, act, state, stated=True)
    by_key: dict[tuple[str, str], list[_Act]] = defaultdict(list)
    for act in acts:
        if _can_be_inferred(act.move):
            for actor in (*act.by, _ANYBODY):
                for key in _keys(act):
                    by_key[actor, key].append(act)
    for group in groups:
        known = {act.place for act, _ in group.steps}
        for act in _candidates(group, by_key):
            if act.place not in known and (state := _inferred(group, act)):
                _add(group, act, state, stated=False)
        group.steps.sort(key=lambda step: step[0].place)


def _add(group: _Group, act: _Act, state: DemandState, *, stated: bool) -> None:
    group.steps.append((act, DemandStep(act.move.id, act.move.date, state, stated)))


def _candidates(group: _Group, by_key: dict[tuple[str, str], list[_Act]]) -> Iterable[_Act]:
    """The acts of those who can answer or withdraw that share the issue or a word."""
    keys = {key for ask in group.asked for key in _keys(ask)}
    actors = group.addressees | group.by if group.addressees else {_ANYBODY}
    return {
        act.place: act for actor in actors for key in keys for act in by_key.get((actor, key), ())
    }.values()


def _can_be_inferred(move: Move) -> bool:
    # What states whom it answers is not taken for an answer to anything else.
    if move.answers:
        return False
    if move.type in CONCESSIONS:
        return move.aspect.happened or move.aspect is Aspect.FUTURE
    return move.type in (MoveType.AGREE, MoveType.REJECT) and move.aspect.happened


def _stated(group: _Group, act: _Act) -> DemandState | None:
    """What a move that says it answers the demand did to it."""
    move = act.move
    withdrawing = act.by & group.by and not act.by & (group.addressees - group.by)
    if withdrawing:
        said = move.aspect.happened and move.type is not MoveType.REQUEST
        return DemandState.WITHDRAWN if said else None
    if move.aspect is Aspect.NEGATED:
        return DemandState.REFUSED if move.type in CONCESSIONS else None
    if move.type in CONCESSIONS or move.type is MoveType.CONSULT:
        return _granted(group, act, _less_than_stated)
    if move.type is MoveType.AGREE:
        return DemandState.PARTLY if move.aspect is not Aspect.HYPOTHETICAL else None
    if move.type in _REFUSING and move.aspect.happened:
        return DemandState.REFUSED
    return None


def _inferred(group: _Group, act: _Act) -> DemandState | None:
    """What a move did to the demand by its parties, date and matter; None: nothing."""
    if not _between(group, act) or not _later(group, act):
        return None
    on_it, same_matter = _about(group, act)
    if not on_it:
        return None
    if act.by <= group.by:
        return DemandState.WITHDRAWN if _withdraws(act.move) and same_matter else None
    if act.move.type is MoveType.REJECT:
        return DemandState.REFUSED
    if act.move.type is MoveType.AGREE:
        return DemandState.PARTLY
    return _granted(group, act, lambda given, asked: not matter.covers(given, asked))


def _granted(group: _Group, act: _Act, less: Callable[[str, str], bool]) -> DemandState | None:
    """Granted or partly, by the latest wording of the demand before the answer."""
    if act.move.aspect is Aspect.HYPOTHETICAL:
        return None
    if act.move.aspect is Aspect.FUTURE:
        return DemandState.PARTLY
    before = [ask for ask in group.asked if ask.place < act.place] or group.asked
    short = less(act.move.what, before[-1].move.what)
    return DemandState.PARTLY if short else DemandState.GRANTED


def _less_than_stated(given: str, asked: str) -> bool:
    """Less by its own words; where the matters are worded quite apart, the record is believed."""
    if matter.falls_short(given, asked):
        return True
    return matter.agrees(given, asked) and not matter.covers(given, asked)


def _between(group: _Group, act: _Act) -> bool:
    """Whether the act passes between the demand's parties.

    It may name no recipient when the demand names its addressee; a request to nobody in
    particular is answered by anyone who turns to the asker.
    """
    if not group.by:
        return False
    answerers = (group.addressees or act.by) - group.by
    if act.by <= group.by and act.by:
        return not act.to or not group.addressees or bool(act.to & group.addressees)
    if not act.by & answerers:
        return False
    if act.to:
        return bool(act.to & group.by)
    return bool(act.by & group.by) or bool(group.addressees)


def _later(group: _Group, act: _Act) -> bool:
    """Whether the act comes after the demand, as far as the dates tell.

    A refusal presupposes the demand, so one without a date counts; nothing else does.
    """
    day, asked = act.move.date, group.asked[0].move.date
    if day is None or asked is None:
        return act.move.type is MoveType.REJECT
    return day.earliest >= asked.earliest


def _withdraws(move: Move) -> bool:
    """Whether it says outright that a demand is taken back."""
    said = {word.removesuffix("s") for word in move.what.casefold().split()}
    taken_back = move.type is MoveType.CONCEDE or (
        move.type is MoveType.RETREAT and move.mode == "withdraw"
    )
    return move.aspect.happened and taken_back and bool(said & _NAMES_A_DEMAND)


# --- the demand as a result --------------------------------------------------------------


def _closed_and_reopened(group: _Group) -> list[_Group]:
    """The group, or its parts: asking again after a grant or withdrawal is a new demand."""
    parts = [_Group(group.first, group.to, group.addressees)]
    events: list[tuple[int, DemandStep | None, _Act]] = [
        (ask.place, None, ask) for ask in group.asked
    ]
    events += [(act.place, step, act) for act, step in group.steps]
    for _, step, act in sorted(events, key=lambda event: event[0]):
        if step is not None:
            _answered(parts, act, step).steps.append((act, step))
            continue
        if parts[-1].asked and _closed_before(parts[-1], act):
            parts.append(_Group(act, group.to, group.addressees))
        parts[-1].asked.append(act)
    return parts


def _answered(parts: list[_Group], act: _Act, step: DemandStep) -> _Group:
    """The latest part; for a stated answer the latest that holds a request it names."""
    if step.stated:
        for part in reversed(parts):
            if any(ask.move.id in act.move.answers for ask in part.asked):
                return part
    return parts[-1]


def _closed_before(part: _Group, ask: _Act) -> bool:
    if not part.steps:
        return False
    _, last = part.steps[-1]
    if last.state not in _CLOSED or last.date is None or ask.move.date is None:
        return False
    return last.date.before(ask.move.date)


def _demand(group: _Group, sides: Sides) -> Demand:
    dates = [ask.move.date for ask in group.asked if ask.move.date]
    steps = tuple(step for _, step in group.steps)
    return Demand(
        sides.by(group.first.move),
        group.to,
        group.first.move.what,
        group.issue,
        tuple(ask.move.id for ask in group.asked),
        min(dates, default=None),
        max(dates, default=None),
        steps[-1].state if steps else DemandState.OPEN,
        steps,
        group.first.move.stance or "for",
    )
