"""An exchange in whole numbers, as the search needs it.

Exposure and temptation have one form: a number for each party, which each delivery changes by
an amount of its own, whatever was delivered before. So an order is a walk from one corner of a
cube to the other, and what is asked is the walk whose highest point is lowest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from detente.solve.exchange.model import Model

LARGEST = 1 << 54
"""Sums are kept below this, so that nothing weighed and added leaves 64 bits."""


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """What each delivery adds to each party's number, all times `scale`, so that all is whole.

    names  : (n) the deliverables still to come, as declared
    giver  : (n,) int64, which party gives each
    add    : (n, m) int64, what delivering each adds to each row
    base   : (m,) int64, the rows where nothing of these is delivered
    need   : (n,) uint64, what must come before each, as bits, its own predecessors' included
    scale  : whole numbers are so many times the true ones
    slack  : by how much a sum may differ from the true one for having been rounded; 0 where all
             is exact, as it is unless the numbers have no common denominator that 64 bits hold
             (many parties' trust in odd numbers): then about 10^-14 of the whole
    """

    names: tuple[str, ...]
    giver: NDArray[np.int64]
    add: NDArray[np.int64]
    base: NDArray[np.int64]
    need: NDArray[np.uint64]
    scale: Fraction
    slack: int = 0

    def sums(self, order: tuple[int, ...]) -> NDArray[np.int64]:
        """(n + 1, m): the rows before the first delivery and after each."""
        steps = np.vstack([self.base[None], self.add[list(order)]])
        return np.asarray(np.cumsum(steps, axis=0))

    def true(self, number: int) -> Fraction:
        """A number of the rows in the model's own size."""
        return int(number) / self.scale

    def whole(self, number: Fraction) -> int:
        """The largest number of the rows that is not above a number of the model's size."""
        return int(number * self.scale // 1)


def exposures(model: Model, trust: Mapping[str, Fraction] | None = None) -> Rows:
    """A row for each party: exposure / trust, below 0 where it is not exposed.

    trust : instead of the model's
    """
    trust = {p: model.ready(p) for p in model.parties} | dict(trust or {})
    start = {p: sum((model.kept(p, n) for n in _past(model)), Fraction(0)) for p in model.parties}
    return _rows(
        model,
        {p: -start[p] / trust[p] for p in model.parties},
        {n: {p: -model.kept(p, n) / trust[p] for p in model.parties} for n in model.to_come},
    )


def temptations(model: Model, *, above: bool = False) -> Rows:
    """A row for each party: temptation, below 0 where finishing is better for it than stopping.

    above : how far the temptation is above the party's patience, instead
    """
    start = {}
    for party in model.parties:
        kept = sum((model.kept(party, n) for n in _past(model)), Fraction(0))
        start[party] = kept - model.total(party) - (model.limit(party) if above else 0)
    add = {n: {p: model.kept(p, n) for p in model.parties} for n in model.to_come}
    return _rows(model, start, add)


def _past(model: Model) -> tuple[str, ...]:
    return (*model.delivered, *model.taken_back)


def _rows(
    model: Model, base: Mapping[str, Fraction], add: Mapping[str, Mapping[str, Fraction]]
) -> Rows:
    numbers = [*base.values(), *(number for each in add.values() for number in each.values())]
    scale = Fraction(lcm(*(number.denominator for number in numbers)))
    size = sum(abs(number) for number in numbers)
    slack = 0
    if size * scale >= LARGEST or scale >= LARGEST:
        scale = LARGEST / (2 * size) if size else Fraction(1)
        slack = len(add) + 1
    names = tuple(add)
    place = {name: i for i, name in enumerate(names)}
    need = []
    for name in names:
        before = {place[n] for n in _before(model, name) if n in place}
        need.append(sum(1 << i for i in before))
    parties = model.parties
    return Rows(
        names,
        np.array([parties.index(model.deliverables[n].by) for n in names], dtype=np.int64),
        np.array(
            [[round(add[n][p] * scale) for p in parties] for n in names], dtype=np.int64
        ).reshape(len(names), len(parties)),
        np.array([round(base[p] * scale) for p in parties], dtype=np.int64),
        np.array(need, dtype=np.uint64),
        scale,
        slack,
    )


def _before(model: Model, name: str) -> set[str]:
    """Everything that must come before a deliverable and is not delivered yet.

    What waits only for something that was delivered waits no longer, even if that came out of
    turn.
    """
    found: set[str] = set()
    todo = [name]
    while todo:
        for other in model.deliverables[todo.pop()].after:
            if other not in found and other not in model.delivered:
                found.add(other)
                todo.append(other)
    return found
