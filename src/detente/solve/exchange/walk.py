"""An order, step by step: where each party stands, what it has lost, what tempts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from detente.solve.exchange.model import Model
from detente.solve.plain import ModelError, Wrong, unknown


@dataclass(frozen=True, slots=True)
class Step:
    """One delivery, and how things stand after it.

    number     : counted from 1, what was delivered before the plan not included
    standing   : party -> what it is left with if all breaks off here and everyone takes back
                 what they can
    exposure   : party -> what it has lost then: max(0, -standing)
    temptation : party -> what it would gain by breaking off here rather than finishing:
                 max(0, standing - total)
    risk       : party -> exposure / trust
    last       : with it, everything is delivered, and nothing can break off any more; what
                 it leaves does not count
    """

    number: int
    deliverable: str
    by: str
    standing: dict[str, Fraction]
    exposure: dict[str, Fraction]
    temptation: dict[str, Fraction]
    risk: dict[str, Fraction]
    last: bool

    @property
    def most_exposed(self) -> str:
        """The party with the largest exposure / trust; the first such."""
        return max(self.risk, key=lambda party: self.risk[party])

    @property
    def most_tempted(self) -> str:
        """The party with the largest temptation; the first such."""
        return max(self.temptation, key=lambda party: self.temptation[party])


def start(model: Model) -> dict[str, Fraction]:
    """Each party's standing before the next delivery."""
    past = (*model.delivered, *model.taken_back)
    return {p: sum((model.kept(p, n) for n in past), Fraction(0)) for p in model.parties}


def steps(model: Model, order: Sequence[str]) -> tuple[Step, ...]:
    """How things stand after each step of an order of what is still to come.

    Raises ModelError where it is no such order.
    """
    check(model, order)
    standing = start(model)
    total = {party: model.total(party) for party in model.parties}
    found = []
    for number, name in enumerate(order, 1):
        standing = {p: standing[p] + model.kept(p, name) for p in model.parties}
        exposure = {p: max(Fraction(0), -standing[p]) for p in model.parties}
        tempted = {p: max(Fraction(0), standing[p] - total[p]) for p in model.parties}
        risk = {p: exposure[p] / model.ready(p) for p in model.parties}
        by, last = model.deliverables[name].by, number == len(order)
        found.append(Step(number, name, by, standing, exposure, tempted, risk, last))
    return tuple(found)


def highest(model: Model, order: Sequence[str]) -> Fraction:
    """The largest exposure / trust over all moments of an order but the last."""
    exposed = largest_exposures(model, order)
    return max(exposed[p] / model.ready(p) for p in model.parties)


def largest_exposures(model: Model, order: Sequence[str]) -> dict[str, Fraction]:
    """Each party's largest exposure over all moments of an order but the last."""
    now, taken = start(model), steps(model, order)[:-1]
    zero = Fraction(0)
    first = {p: -now[p] if order else zero for p in model.parties}
    return {p: max([zero, first[p], *(step.exposure[p] for step in taken)]) for p in first}


def largest_temptations(model: Model, order: Sequence[str]) -> dict[str, Fraction]:
    """Each party's largest temptation over all moments of an order but the last."""
    now, taken = start(model), steps(model, order)[:-1]
    zero = Fraction(0)
    first = {p: now[p] - model.total(p) if order else zero for p in model.parties}
    return {p: max([zero, first[p], *(step.temptation[p] for step in taken)]) for p in first}


def tie_key(model: Model, order: Sequence[str]) -> tuple[int, list[tuple[Fraction, int]]]:
    """What the tie rule sorts orders by: repeats, then how small each step is (see `order`)."""
    givers = [model.deliverables[name].by for name in (*model.delivered[-1:], *order)]
    repeats = sum(a == b for a, b in pairwise(givers))
    place = {name: n for n, name in enumerate(model.deliverables)}
    return repeats, [(size(model, name), place[name]) for name in order]


def size(model: Model, name: str) -> Fraction:
    """How large a step is: its cost to the giver over the giver's trust."""
    by = model.deliverables[name].by
    return -model.gain(by, name) / model.ready(by)


def check(model: Model, order: Sequence[str]) -> None:
    """Raise ModelError where this is no order of what is still to come."""
    wrongs: list[Wrong] = []
    done = set(model.delivered)
    for i, name in enumerate(order):
        if name not in model.deliverables:
            wrongs.append(unknown("deliverable", name, list(model.deliverables), ("order", i)))
            continue
        if name not in model.to_come:
            wrongs.append(Wrong(("order", i), f"`{name}` is not among what is still to come"))
        elif name in order[:i]:
            wrongs.append(Wrong(("order", i), f"`{name}` stands here twice", "Remove one."))
        missing = [other for other in model.deliverables[name].after if other not in done]
        if missing and name in model.to_come:
            what = f"`{name}` stands before `{missing[0]}`, which must come first"
            wrongs.append(Wrong(("order", i), what, "Change their places."))
        done.add(name)
    left = [name for name in model.to_come if name not in order]
    if left:
        what = f"the order leaves out {', '.join(f'`{name}`' for name in left)}"
        wrongs.append(Wrong(("order",), what, "Name everything that is still to come."))
    if wrongs:
        raise ModelError(wrongs)
