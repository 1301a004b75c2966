"""The three models made of what is assumed and what was reported.

What an assumption says is taken as it stands. Where nothing is said, the record gives the
direction (who asked for what, who would have to give it) and nothing gives the size: it is
left open, between 0 and the scale of judgments.yaml, up or down from the status quo's 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path
from typing import Generic, TypeVar

from detente.errors import BadInput, Problem
from detente.record.models import (
    AssumedIssue,
    Assumption,
    Issue,
    JudgmentFile,
    Lever,
    Move,
    Preference,
    StepCost,
    Values,
)
from detente.record.plover import MoveType
from detente.record.record import Record
from detente.solve.bargaining import model as bargaining
from detente.solve.bargaining.model import Range, Value
from detente.solve.conflict import model as conflict
from detente.solve.exchange import model as exchange
from detente.solve.plain import ModelError, Wrong, exact

M = TypeVar("M")


@dataclass(frozen=True)
class Derived(Generic[M]):
    """A model, and what it rests on.

    grounds : the assumptions used, in the order of the file
    entries : ids of the entries of the record used besides those that the assumptions cite
    notes   : what the model leaves out or takes for granted, in sentences
    """

    model: M
    grounds: tuple[Assumption, ...]
    entries: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """Why there is no model, and what to write for one."""

    why: str
    do: str


@dataclass(frozen=True)
class Stake:
    """What the record shows a party to want of an issue.

    wants   : it would have the issue move; else it would have to give
    shown   : how the record shows it: "demand", "gesture" (a concession, a release, aid) or
              "threat"
    entries : the moves that do
    """

    party: str
    issue: str
    wants: bool
    shown: str
    entries: tuple[str, ...]


GESTURES = (MoveType.RETREAT, MoveType.CONCEDE, MoveType.AID)


def stakes(moves: Sequence[Move]) -> dict[tuple[str, str], Stake]:
    """Who would have what, and who would have to give it: by (party, issue).

    A demand shows best what is wanted, then a gesture (it is welcome to those it is made to),
    then a threat about an issue. A party that both asked for an issue to move and was asked to
    move it is taken to want it. A demand *against* a matter turns both round: who makes it would
    not have the issue move, and whom it is made to is taken to want it.
    """
    found: dict[tuple[str, str], Stake] = {}
    about = [move for move in moves if move.issue is not None and move.aspect.happened]
    for shown, wants, side in (
        ("threat", True, "by"),
        ("gesture", False, "by"),
        ("gesture", True, "to"),
        ("demand", False, "to"),
        ("demand", True, "by"),
    ):
        for move in about:
            if _shows(move) != shown:
                continue
            assert move.issue is not None
            moved = wants != (move.stance == "against")  # who wants it refused wants none of it
            for party in getattr(move, side):
                known = found.get((party, move.issue))
                same = known is not None and (known.wants, known.shown) == (moved, shown)
                before = known.entries if known is not None and same else ()
                stake = Stake(party, move.issue, moved, shown, (*before, move.id))
                found[party, move.issue] = stake
    return found


def _shows(move: Move) -> str:
    if move.type is MoveType.REQUEST:
        return "demand"
    if move.type is MoveType.THREATEN:
        return "threat"
    return "gesture" if move.type in GESTURES and move.by and move.to else ""


def negotiable(record: Record, judgments: JudgmentFile) -> dict[str, Issue | AssumedIssue]:
    """The issues there are: the case's, and those assumed beside them."""
    known: dict[str, Issue | AssumedIssue] = {issue.id: issue for issue in record.case.issues}
    return known | {each.id: each for each in judgments.issues if each.id not in known}


# --- the bargaining problem ---------------------------------------------------------------------


def deal(
    record: Record, judgments: JudgmentFile, moves: Sequence[Move]
) -> Derived[bargaining.Model] | Missing:
    """Packages over the issues, and what they are worth against the status quo.

    Each issue's first option is the status quo, worth 0 to everybody; so a party's walk-away
    is 0 where nothing else is assumed: nobody accepts what is worse for it than no agreement.

    moves : what of the record is to be looked at
    Raises BadInput where the assumptions contradict each other.
    """
    issues = negotiable(record, judgments)
    shown = stakes(moves)
    said = {(v.party, v.issue): v for v in judgments.values if v.issue is not None}
    involved = {party for party, _ in [*said, *shown]} | {v.party for v in judgments.values}
    if judgments.between:
        involved = set(judgments.between)
    parties = [p for p in record.parties if p in involved][: bargaining.MOST]
    at_stake = [
        id
        for id, issue in issues.items()
        if len(issue.options) > 1
        and any((party, id) in said or (party, id) in shown for party in parties)
    ]
    if len(parties) < 2 or not at_stake:
        return Missing(
            "Nobody is known to want something that another party would have to give.",
            "Say in case.yaml which issues there are, and in judgments.yaml (`values:`) who wants "
            "what; or give the demands on record their `issue:`.",
        )
    notes = []
    if len(involved) > bargaining.MOST:
        left = ", ".join(record.name(p) for p in record.parties if p in involved - {*parties})
        notes.append(f"At most {bargaining.MOST} parties are looked at; left out: {left}.")
    dropped = [issue.title for id, issue in issues.items() if id not in at_stake]
    if dropped:
        notes.append(f"Nothing is known of who wants what in: {'; '.join(dropped)}. Left out.")
    builder = _Deal(judgments, issues, shown, {p: record.name(p) for p in parties}, at_stake)
    model = builder.model(parties, at_stake)
    used = {None, *at_stake}
    grounds = [
        *(v for v in judgments.values if v.party in parties and v.issue in used),
        *(w for w in judgments.walk_away if w.party in parties),
        *builder.forbidden,
        *builder.requires,
        *(issue for issue in judgments.issues if issue.id in at_stake),
    ]
    return Derived(model, tuple(grounds), builder.entries, (*notes, *builder.notes))


class _Deal:
    """Puts a bargaining problem together.

    entries : demands that gave a direction
    notes   : what could not be used
    forbidden, requires : the constraints on issues at stake
    """

    def __init__(
        self,
        judgments: JudgmentFile,
        issues: Mapping[str, Issue | AssumedIssue],
        shown: Mapping[tuple[str, str], Stake],
        names: Mapping[str, str],
        at_stake: Sequence[str],
    ) -> None:
        self.judgments, self.issues, self.shown, self.names = judgments, issues, shown, names
        # An issue may have both, numbers for some options and an order of all.
        self.numbers = {(v.party, v.issue): v for v in judgments.values if v.options}
        self.chains = {(v.party, v.issue): v for v in judgments.values if v.order}
        self.scale = _fraction(judgments.scale)
        self.entries: tuple[str, ...] = ()
        self.notes: tuple[str, ...] = ()
        known = {*at_stake}
        self.forbidden = [f for f in judgments.forbidden if known.issuperset(f.options)]
        self.requires = [r for r in judgments.requires if known.issuperset({*r.if_, *r.then})]
        every = len(judgments.forbidden) + len(judgments.requires)
        if idle := every - len(self.forbidden) - len(self.requires):
            are = "constraint names an issue" if idle == 1 else "constraints name issues"
            self.notes += (f"{idle} {are} in which nothing is at stake; left out.",)

    def model(self, parties: Sequence[str], at_stake: Sequence[str]) -> bargaining.Model:
        values = {p: {i: self.values(p, i) for i in at_stake} for p in parties}
        orders = {p: tuple(self.orders(p, at_stake, values[p])) for p in parties}
        walls = {w.party: _value(w.value) for w in self.judgments.walk_away if w.party in parties}
        try:
            return bargaining.Model(
                tuple(parties),
                {i: tuple(option.id for option in self.issues[i].options) for i in at_stake},
                values,
                walls,
                tuple(_each(f.options) for f in self.forbidden),
                tuple(bargaining.Requirement(_each(r.if_), _each(r.then)) for r in self.requires),
                {p: chains for p, chains in orders.items() if chains},
                {**{i: self.issues[i].title for i in at_stake}, **self.names},
            )
        except ModelError as error:
            raise BadInput(self.problem(wrong) for wrong in error.wrongs) from None

    def values(self, party: str, issue: str) -> dict[str, Value]:
        """What each option is worth: as assumed, else open in the direction that is known."""
        options = [option.id for option in self.issues[issue].options]
        given = self.numbers.get((party, issue))
        up, down = self.direction(party, issue)
        found: dict[str, Value] = {}
        for option in options:
            size = given.options.get(option) if given is not None else None
            if size is not None:
                found[option] = _value(size)
            elif option == options[0]:
                found[option] = Fraction(0)
            else:
                low = -self.scale if option in down else Fraction(0)
                high = self.scale if option in up else Fraction(0)
                found[option] = Range(low, high)
        return found

    def direction(self, party: str, issue: str) -> tuple[set[str], set[str]]:
        """Options that may be better, and that may be worse, than the status quo."""
        options = [option.id for option in self.issues[issue].options]
        chain = self.chain(party, issue) or self.shown_chain(party, issue)
        if options[0] not in chain:
            return set(options), set(options)
        at = chain.index(options[0])
        loose = set(options) - set(chain)
        return {*chain[:at], *loose}, {*chain[at + 1 :], *loose}

    def chain(self, party: str, issue: str) -> list[str]:
        """Options, the best for the party first, as far as their order is known."""
        if (party, issue) in self.chains:
            return _names(self.chains[party, issue].order)
        if (party, issue) in self.numbers:
            return self.rising(party, issue)
        return self.shown_chain(party, issue)

    def rising(self, party: str, issue: str) -> list[str]:
        """Options whose ranges' ends both rise, or both fall, from option to option: then what
        is drawn does so too; nothing where they do not."""
        options = [option.id for option in self.issues[issue].options]
        given = {options[0]: (0.0, 0.0), **self.numbers[party, issue].options}
        sizes = [size for option in options if (size := given.get(option)) is not None]
        if len(sizes) < len(options):
            return []
        if all(a <= c and b <= d for (a, b), (c, d) in pairwise(sizes)):
            return options[::-1]
        if all(a >= c and b >= d for (a, b), (c, d) in pairwise(sizes)):
            return options
        return []

    def shown_chain(self, party: str, issue: str) -> list[str]:
        """The same as the record shows it; nothing where a number given says otherwise."""
        options = [option.id for option in self.issues[issue].options]
        stake = self.shown.get((party, issue))
        if stake is None:
            return []
        given = self.numbers.get((party, issue))
        sizes = [size for size in given.options.values() if size is not None] if given else []
        if any(low < 0 if stake.wants else high > 0 for low, high in sizes):
            return []
        self.entries = tuple(dict.fromkeys((*self.entries, *stake.entries)))
        return options[::-1] if stake.wants else options

    def orders(
        self, party: str, at_stake: Sequence[str], values: Mapping[str, Mapping[str, Value]]
    ) -> Iterator[tuple[tuple[str, str], ...]]:
        """Chains of options of one issue, and of the fullest options of several."""
        for issue in at_stake:
            chain = self.chain(party, issue)
            if len(chain) > 1:
                yield tuple((issue, option) for option in chain)
        if (party, None) not in self.chains:
            return
        ranked = [i for i in _names(self.chains[party, None].order) if i in at_stake]
        skipped = []
        for first, then in pairwise(ranked):
            a, b = (self.fullest(i, values) for i in (first, then))
            if a[1] == b[1] == 1:
                yield (first, a[0]), (then, b[0])
            elif a[1] == b[1] == -1:  # the weightier loss is the lower value
                yield (then, b[0]), (first, a[0])
            else:
                skipped.append(f"{self.issues[first].title} and {self.issues[then].title}")
        if skipped:
            self.notes += (
                f"The weight of {' and of '.join(skipped)} for {self.names[party]} can't be "
                "compared: a gain and a loss, or a direction that is not known.",
            )

    def fullest(self, issue: str, values: Mapping[str, Mapping[str, Value]]) -> tuple[str, int]:
        """An issue's last option, and whether it is a gain (1), a loss (-1) or either (0)."""
        option = self.issues[issue].options[-1].id
        value = values[issue][option]
        low, high = (value.low, value.high) if isinstance(value, Range) else (value, value)
        return option, 1 if low >= 0 else -1 if high <= 0 else 0

    def problem(self, wrong: Wrong) -> Problem:
        """A contradiction, where the assumptions that make it stand."""
        kind, which, *_ = (*wrong.path, "", "")
        about: list[Assumption] = [v for v in self.judgments.values if v.party == which]
        if kind in ("forbidden", "requires"):
            about = [getattr(self, kind)[which]]
        elif kind == "orders":  # where the orders are told apart from the numbers
            about.sort(key=lambda v: not (isinstance(v, Values) and v.order))
        return problem(about or list(self.judgments.values), wrong)


def _each(options: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {issue: (option,) for issue, option in options.items()}


def _names(order: str | None) -> list[str]:
    return [name.strip() for name in (order or "").split(">")]


# --- the conflict -------------------------------------------------------------------------------


def struggle(record: Record, judgments: JudgmentFile) -> Derived[conflict.Model] | Missing:
    """Who can do what to whom: the levers, and each side's ordered statements about them.

    Raises BadInput where the assumptions contradict each other.
    """
    makers: dict[str, tuple[str, ...]] = {}
    for lever in judgments.levers:
        makers[lever.by] = (*makers.get(lever.by, ()), lever.id)
    preferences = {p.party: p for p in judgments.preferences if p.party in makers}
    idle = [record.name(p.party) for p in judgments.preferences if p.party not in makers]
    notes = [f"{' and '.join(idle)} can do nothing; what it prefers is left out."] if idle else []
    excluded = [(v, other) for v in judgments.levers for other in v.excludes if other != v.id]
    without = [record.name(party) for party in makers if party not in preferences]
    if len(makers) < 2:
        return Missing(
            "No levers of two parties are named: what each could do, or stop doing.",
            "Name them in judgments.yaml (`levers:`), with each party's `preferences:`.",
        )
    if without:
        return Missing(
            f"Nothing is assumed of what {' and '.join(without)} would prefer.",
            "Say it in judgments.yaml (`preferences:`), the most important statement first; "
            "`open: all` leaves their order open.",
        )
    try:
        model = conflict.Model(
            makers,
            {party: _priorities(each) for party, each in preferences.items()},
            tuple({lever.id: True, other: True} for lever, other in excluded),
            {v.id: v.irreversible for v in judgments.levers if v.irreversible is not None},
            {lever.id: lever.what for lever in judgments.levers}
            | {party: record.name(party) for party in makers},
        )
    except ModelError as error:
        raise BadInput(
            _struggle_problem(judgments, excluded, wrong) for wrong in error.wrongs
        ) from None
    return Derived(model, (*judgments.levers, *preferences.values()), (), tuple(notes))


def _priorities(given: Preference) -> conflict.Priorities:
    if given.open == "all":
        pairs = tuple(combinations(range(len(given.statements)), 2))
    else:
        pairs = tuple((a - 1, b - 1) for a, b in given.open)
    return conflict.Priorities(given.statements, pairs)


def _struggle_problem(
    judgments: JudgmentFile, excluded: Sequence[tuple[Lever, str]], wrong: Wrong
) -> Problem:
    kind, name, number, *_ = (*wrong.path, "", "", "")
    about: list[Assumption] = []
    if kind == "preferences":
        about += [p for p in judgments.preferences if p.party == name]
    elif kind == "infeasible" and isinstance(name, int):
        about.append(excluded[name][0])
    elif kind == "decision_makers":
        owned = [v for v in judgments.levers if v.by == name]
        about += owned[number:] if isinstance(number, int) else owned
    return problem(about or list(judgments.levers), wrong)


def standing_state(judgments: JudgmentFile, model: conflict.Model) -> str:
    """The state in which things are: which levers are in use now."""
    now = {lever.id for lever in judgments.levers if lever.now}
    return "".join("Y" if option in now else "N" for option in model.options)


# --- the exchange -------------------------------------------------------------------------------


def steps(
    record: Record, judgments: JudgmentFile, moves: Sequence[Move]
) -> Derived[exchange.Model] | Missing:
    """What each could deliver, what it costs and is worth, and how far it has come.

    Trust of which nothing is assumed is open over the whole scale; patience is 0 then.

    moves : what of the record is to be looked at
    Raises BadInput where the assumptions contradict each other.
    """
    costs = judgments.costs
    if not costs:
        return Missing(
            "No steps are named: what each side could deliver, at what cost.",
            "Name them in judgments.yaml (`costs:`).",
        )
    scale = _fraction(judgments.scale)
    parties = [p for p in record.parties if any(p == cost.by or p in cost.worth for cost in costs)]
    trust: dict[str, Value] = {p: Range(scale / 100, scale) for p in parties}
    trust |= {t.party: _value(t.value) for t in judgments.trust if t.party in parties}
    patience = {t.party: _value(t.value) for t in judgments.patience if t.party in parties}
    known = {move.id: move for move in moves}
    states = {cost.id: _state(cost, known) for cost in costs}
    dated = sorted(
        (cost for cost in costs if states[cost.id][0] == "delivered"),
        key=lambda cost: _when(record, known, states[cost.id][1]),
    )
    words = {p: record.name(p) for p in parties}
    words |= {cost.id: cost.what for cost in costs if cost.what}
    try:
        model = exchange.Model(
            tuple(parties),
            {cost.id: _deliverable(cost, scale) for cost in costs},
            trust,
            patience,
            tuple(cost.id for cost in dated),
            tuple(cost.id for cost in costs if states[cost.id][0] == "broken"),
            tuple(cost.id for cost in costs if states[cost.id][0] == "taken_back"),
            words,
        )
    except ModelError as error:
        raise BadInput(_steps_problem(judgments, wrong) for wrong in error.wrongs) from None
    open_ = [p for p in parties if p not in {t.party for t in judgments.trust}]
    notes = []
    if open_:
        who = " and ".join(record.name(p) for p in open_)
        notes.append(f"Nothing is assumed of how much {who} would risk: it is left open.")
    entries = tuple(dict.fromkeys(id for _, ids in states.values() for id in ids))
    grounds: list[Assumption] = [*costs]
    grounds += [t for t in judgments.trust if t.party in parties]
    grounds += [t for t in judgments.patience if t.party in parties]
    return Derived(model, tuple(grounds), entries, tuple(notes))


def _deliverable(cost: StepCost, scale: Fraction) -> exchange.Deliverable:
    open_ = Range(Fraction(0), scale)
    return exchange.Deliverable(
        cost.by,
        open_ if cost.cost is None else _value(cost.cost),
        {p: open_ if size is None else _value(size) for p, size in cost.worth.items()},
        cost.after,
        _fraction(cost.recover),
    )


def _state(cost: StepCost, known: Mapping[str, Move]) -> tuple[str, tuple[str, ...]]:
    """Whether the record says that a step was taken back, broken or delivered; and where."""
    for kind in ("taken_back", "broken", "delivered"):
        entries = tuple(id for id in getattr(cost, kind) if id in known)
        if entries:
            return kind, entries
    return "", ()


def _when(record: Record, known: Mapping[str, Move], entries: Sequence[str]) -> tuple[bool, int]:
    """When something was done at the latest: by its own date, or when it was first reported."""
    latest = []
    for id in entries:
        date, reported = known[id].date, record.reported(known[id])
        ends = [each.latest.toordinal() for each in (date, reported) if each is not None]
        latest += [min(ends)] if ends else []
    return not latest, min(latest, default=0)


def _steps_problem(judgments: JudgmentFile, wrong: Wrong) -> Problem:
    kind, name, *_ = (*wrong.path, "", "")
    about: list[Assumption] = [c for c in judgments.costs if kind != "deliverables" or c.id == name]
    if kind == "trust":
        about = [t for t in judgments.trust if t.party == name]
    elif kind == "patience":
        about = [t for t in judgments.patience if t.party == name]
    return problem(about, wrong)


# --- shared -------------------------------------------------------------------------------------


def problem(about: Sequence[Assumption], wrong: Wrong) -> Problem:
    """What is wrong with a model, where the first of the assumptions it comes from stands."""
    where = next((each.where for each in about if each.where is not None), None)
    file, line = (where.file, where.line) if where is not None else (Path("judgments.yaml"), 0)
    return Problem(file, line, wrong.what, wrong.do)


def _fraction(number: float) -> Fraction:
    found = exact(number)
    return Fraction(number) if found is None else found  # None for the likes of 1e-300


def _value(size: tuple[float, float]) -> Value:
    low, high = map(_fraction, size)
    return low if low == high else Range(low, high)
