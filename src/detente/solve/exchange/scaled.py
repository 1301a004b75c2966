"""An exchange in whole numbers, as the search needs it.

Exposure and temptation have one form: a number for each party, which each delivery changes by
an amount of its own, whatever was delivered before. So an order is a walk from one corner of a
cube to the other, and what is asked is the walk whose highest point is lowest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm

import numpy as np
from numpy.typing import NDArray

from detente.solve.exchange.model import Model

LARGEST = 1 << 54
"""Sums are kept below this, so that nothing weighed and added leaves 64 bits."""


WIDEST = 1 << 60
"""The same where nothing is weighed: six of them may still be added up."""


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
    need = _needs(model, names)
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


@dataclass(frozen=True, slots=True)
class Capped:
    """What each delivery adds to each party's number, and what that may not be above.

    In whole numbers of any size, each party's times a scale of its own, so that nothing is
    ever rounded.

    names  : (n) the deliverables still to come, as declared
    giver  : (n) which party gives each
    add    : (n, m) what delivering each adds to each party's number
    base   : (m) the numbers where nothing of these is delivered
    cap    : (m) the largest that each may be
    weight : (m) makes numbers of different parties comparable: times this they are so many
             times exposure / trust, or temptation
    need   : (n) what must come before each, as bits, its own predecessors' included
    """

    names: tuple[str, ...]
    giver: tuple[int, ...]
    add: tuple[tuple[int, ...], ...]
    base: tuple[int, ...]
    cap: tuple[int, ...]
    weight: tuple[int, ...]
    need: tuple[int, ...]

    def whole(self, have: int) -> list[int]:
        """Each party's number where a set is delivered."""
        inside = [self.add[d] for d in range(len(self.names)) if have >> d & 1]
        return [sum(row) for row in zip(self.base, *inside, strict=True)]

    def room(self, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
        """(n, m) what each adds, (m,) how much may be added in all, as numbers below `most`; and
        whether that is exact.

        Each row is divided by what its numbers have in common. Where its sum is too large even
        then, it is divided further and rounded down: whatever keeps to the caps still does, and
        perhaps something that does not. So what then has no solution has none.
        """
        n, m = len(self.names), len(self.cap)
        add = np.zeros((n, m), dtype=np.int64)
        room = np.zeros(m, dtype=np.int64)
        exact = True
        for p in range(m):
            row = [each[p] for each in self.add]
            common = max(1, gcd(*row))
            row = [number // common for number in row]
            # More room than everything together takes is as good as that.
            left = min((self.cap[p] - self.base[p]) // common, sum(x for x in row if x > 0))
            size = sum(map(abs, row)) + abs(left)
            by = -(-size // (most - n - 1)) if size >= most else 1
            exact = exact and by == 1
            add[:, p] = [number // by for number in row]
            room[p] = left // by
        return add, room, exact

    def rows(self) -> tuple[Rows, NDArray[np.int64]]:
        """The same for the search: rows that count from 0, and the caps they have then."""
        add, room, exact = self.room(WIDEST)
        need = np.array(self.need, dtype=np.uint64)
        giver = np.array(self.giver, dtype=np.int64)
        slack = 0 if exact else len(self.names) + 1
        return Rows(self.names, giver, add, np.zeros_like(room), need, Fraction(1), slack), room


def losses(model: Model, limit: Fraction, *, below: bool = False) -> Capped:
    """What each party has lost, where none may have lost more than limit times its trust.

    below : nor as much
    """
    most = {p: limit * model.ready(p) for p in model.parties}
    return _capped(model, -1, most, {p: model.ready(p) for p in model.parties}, below)


def gains(model: Model, limit: Mapping[str, Fraction], *, below: bool = False) -> Capped:
    """What each party has got, where none may be tempted by more than its limit.

    below : nor by as much
    """
    most = {p: limit[p] + model.total(p) for p in model.parties}
    return _capped(model, 1, most, dict.fromkeys(model.parties, Fraction(1)), below)


def _capped(
    model: Model,
    sign: int,
    most: Mapping[str, Fraction],
    per: Mapping[str, Fraction],
    below: bool,
) -> Capped:
    names, parties = model.to_come, model.parties
    add: list[list[int]] = []
    base, cap, sizes = [], [], []
    for p in parties:
        start = sign * sum((model.kept(p, name) for name in _past(model)), Fraction(0))
        row = [sign * model.kept(p, name) for name in names]
        scale = lcm(*(number.denominator for number in (start, *row)))
        add.append([int(number * scale) for number in row])
        base.append(int(start * scale))
        cap.append(ceil(most[p] * scale) - 1 if below else floor(most[p] * scale))
        sizes.append(1 / (scale * per[p]))
    common = lcm(*(size.denominator for size in sizes))
    return Capped(
        names,
        tuple(parties.index(model.deliverables[name].by) for name in names),
        tuple(zip(*add, strict=True)),
        tuple(base),
        tuple(cap),
        tuple(int(size * common) for size in sizes),
        tuple(_needs(model, names)),
    )


def _needs(model: Model, names: tuple[str, ...]) -> list[int]:
    """What must come before each of the deliverables to come, as bits."""
    place = {name: i for i, name in enumerate(names)}
    return [sum(1 << place[n] for n in _before(model, name) if n in place) for name in names]


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
