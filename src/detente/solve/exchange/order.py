"""The safest order, and the self-enforcing one.

Definitions after Sandholm & Lesser (1995). Among orders that are equally good, those are taken
in which the same giver delivers twice in succession fewest times, and among these the one with
the smallest first step, then the smallest second, and so on; how small a step is: its cost to
the giver over the giver's trust. That is Osgood's graduated and reciprocated
initiatives (An Alternative to War or Surrender, 1962) made exact. What was delivered last
before the plan counts for the first succession; of steps of one size, the one declared first
is smaller.

Which orders are equally good is settled by dynamic programming over all sets, from the full
one down: for each, the fewest repeats with which the rest can be delivered. That is done to
MOST_SETTLED deliverables; beyond, an order is as good as any but not the one so described, and
`settled` is False.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.solve.exchange.branch import lowest
from detente.solve.exchange.model import Model
from detente.solve.exchange.scaled import (
    Capped,
    Rows,
    exposures,
    gains,
    losses,
    temptations,
)
from detente.solve.exchange.walk import Step, highest, largest_temptations, size, steps

MOST_SETTLED = 24
"""How many deliverables may be still to come for ties to be broken exactly."""


@dataclass(frozen=True, slots=True)
class Safest:
    """The order in which nobody is ever much exposed.

    order   : what is still to come
    value   : the largest exposure / trust on the way, at its least; 1 or less: nobody risks
              more than they are ready to
    bound   : no order has less; equal to `value` where `proven`
    proven  : no order has less than `value`, by arithmetic of our own
    settled : of all such orders, it is the one the tie rule describes
    claimed : no order has less, says CP-SAT, which nothing here has checked; None where it says
              no more than `bound`, or was not asked
    """

    order: tuple[str, ...]
    value: Fraction
    bound: Fraction
    proven: bool
    settled: bool
    steps: tuple[Step, ...]
    claimed: Fraction | None = None


@dataclass(frozen=True, slots=True)
class SelfEnforcing:
    """An order nobody gains by leaving, or that there is none.

    exists         : there is an order in which nobody's temptation is ever above its patience
    order          : that order; None where none exists, or none was found
    least_patience : the least number that would do if it were everybody's patience: over all
                     orders, the smallest largest temptation of any party at any moment but
                     the end
    least_order    : an order in which no temptation is above least_patience
    bound          : no order has a smaller largest temptation; least_patience where `proven`
    proven         : `exists` and least_patience are both certain, by arithmetic of our own
    settled        : the orders are those the tie rule describes
    steps          : of `order`, or where there is none of `least_order`
    claimed        : no order has a smaller largest temptation, says CP-SAT; as `Safest`'s
    """

    exists: bool
    order: tuple[str, ...] | None
    least_patience: Fraction
    least_order: tuple[str, ...]
    bound: Fraction
    proven: bool
    settled: bool
    steps: tuple[Step, ...]
    claimed: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Least:
    """An order whose highest moment is lowest; as `branch.Lowest`, in the model's own numbers."""

    order: tuple[str, ...]
    value: Fraction
    bound: Fraction
    proven: bool
    claimed: Fraction | None


def least(model: Model, kind: str, *, seconds: float) -> Least:
    """The order with the smallest largest exposure / trust, or temptation, at any moment.

    kind    : "exposure"; "temptation"; or "above": temptation above patience
    seconds : when to stop

    The search wants one scale for all parties' numbers. Where that would make them too large,
    they are rounded, and what was found is then put to the test exactly, with a scale for each:
    is any order lower? What is proven so is proven.
    """
    ends = time.monotonic() + seconds
    rows = exposures(model) if kind == "exposure" else temptations(model, above=kind == "above")
    found = lowest(rows, seconds=seconds)
    assert found.value is not None and found.order is not None
    order = tuple(rows.names[d] for d in found.order)
    value, proven = height(model, kind, order), found.proven
    while rows.slack and proven and value:  # nothing is below 0
        below, cap = _capped(model, kind, value, below=True).rows()
        left = max(0.1, ends - time.monotonic())
        lower = lowest(below, soft=np.zeros(len(cap), np.bool_), cap=cap, seconds=left)
        if lower.order is None:
            proven = lower.proven
            break
        better = tuple(rows.names[d] for d in lower.order)
        proven = height(model, kind, better) < value
        if proven:  # as far as we are
            order, value = better, height(model, kind, better)
    bound = value if proven else min(value, rows.true(found.bound - rows.slack))
    claimed = None if found.claimed is None else rows.true(found.claimed - rows.slack)
    return Least(order, value, max(Fraction(0), bound), proven, claimed)


def height(model: Model, kind: str, order: tuple[str, ...]) -> Fraction:
    """The largest exposure / trust, temptation, or temptation above patience, on the way."""
    if kind == "exposure":
        return highest(model, order)
    limit = model.limit if kind == "above" else lambda _: Fraction(0)
    tempted = largest_temptations(model, order)
    return max(Fraction(0), *(tempted[p] - limit(p) for p in model.parties))


def _capped(model: Model, kind: str, value: Fraction, *, below: bool = False) -> Capped:
    """What must be no higher than a value on the way, or lower."""
    if kind == "exposure":
        return losses(model, value, below=below)
    patience = {p: model.limit(p) if kind == "above" else Fraction(0) for p in model.parties}
    return gains(model, {p: value + each for p, each in patience.items()}, below=below)


def safest(model: Model, *, seconds: float = 60.0) -> Safest:
    """The order that minimises the largest exposure_p(X) / trust_p.

    X runs over all moments of the order, the first (before any delivery) included and the last
    (everything delivered) not; p over all parties. exposure_p(X) = max(0, -standing_p(X)), and
    standing_p(X) is the sum over what is delivered of (1 - recover) times worth to p, or minus
    cost where p gives it. Exact; ties as the module says.

    seconds : when to stop where it takes long; then `proven` is False and `bound` says how
              much better an order might be
    """
    found = least(model, "exposure", seconds=seconds)
    order, settled = _settled(model, "exposure", found)
    return Safest(
        order,
        found.value,
        found.bound,
        found.proven,
        settled,
        steps(model, order),
        found.claimed,
    )


def self_enforcing(model: Model, *, seconds: float = 60.0) -> SelfEnforcing:
    """An order in which temptation_p(X) <= patience_p at every moment but the last, for all p.

    temptation_p(X) = max(0, standing_p(X) - total_p): what p gains by breaking off at X rather
    than finishing. Where everybody's patience is 0 and nothing can be recovered, this is
    Sandholm & Lesser's (1995) condition for a safe exchange. Exact; ties as `safest`'s.

    seconds : when to stop, both searches together
    """
    ends = time.monotonic() + seconds
    found = least(model, "temptation", seconds=seconds / 2)
    least_order, settled = _settled(model, "temptation", found)
    within, certain = _within(model, max(0.1, ends - time.monotonic()))
    order = None
    if within is not None:
        holding = Least(within, Fraction(0), Fraction(0), True, None)
        order, settled = _settled(model, "above", holding)
    return SelfEnforcing(
        order is not None,
        order,
        found.value,
        least_order,
        found.bound,
        found.proven and certain,
        settled,
        steps(model, least_order if order is None else order),
        found.claimed,
    )


def _within(model: Model, seconds: float) -> tuple[tuple[str, ...] | None, bool]:
    """An order that tempts nobody beyond its patience, or None; and is that certain?"""
    rows = temptations(model, above=True)
    if not rows.slack:
        found = lowest(rows, under=1, seconds=seconds)
    else:  # exactly, with a scale for each
        rows, cap = _capped(model, "above", Fraction(0)).rows()
        found = lowest(rows, soft=np.zeros(len(cap), np.bool_), cap=cap, seconds=seconds)
    if found.order is None:
        return None, found.proven
    order = tuple(rows.names[d] for d in found.order)
    holds = height(model, "above", order) == 0
    return (order, found.proven) if holds else (None, False)


def _settled(model: Model, kind: str, found: Least) -> tuple[tuple[str, ...], bool]:
    """Of all orders that are nowhere higher, the one the tie rule describes."""
    n = len(found.order)
    if n > MOST_SETTLED or not found.proven:
        return found.order, n < 2
    if n == 0:
        return (), True
    rows, cap = _capped(model, kind, found.value).rows()
    order = _by_the_rule(model, rows, cap)
    # Numbers too large to be calculated with were rounded down, and let too much pass.
    return (order, True) if height(model, kind, order) <= found.value else (found.order, False)


def _by_the_rule(model: Model, rows: Rows, limit: NDArray[np.int64]) -> tuple[str, ...]:
    n = len(rows.names)
    rest = fewest_repeats(rows, limit)
    sizes = [size(model, name) for name in rows.names]
    by_size = sorted(range(n), key=lambda d: (sizes[d], d))
    need = [int(mask) for mask in rows.need]
    last = -1
    if model.delivered:
        last = model.parties.index(model.deliverables[model.delivered[-1]].by)
    have = 0
    order: list[str] = []
    left = _count(int(rest[0]), last)
    while len(order) < n:
        for d in by_size:
            if have >> d & 1 or need[d] & ~have:
                continue
            giver = int(rows.giver[d])
            then = int(rest[have | 1 << d])
            if then < 255 and _count(then, giver) + (giver == last) == left:
                left -= giver == last
                have |= 1 << d
                last = giver
                order.append(rows.names[d])
                break
        else:
            raise AssertionError("no way on within the limits")
    return tuple(order)


def _count(byte: int, last: int) -> int:
    return (byte >> 3) + (byte & 7 == last)


def fewest_repeats(rows: Rows, limit: NDArray[np.int64]) -> NDArray[np.uint8]:
    """For each set, the fewest repeats on a way from there within the limits (`repeats`)."""
    from detente.solve.exchange.kernels import repeats

    n, m = rows.add.shape
    need = rows.need.astype(np.int64)
    sums = []
    needs = []
    for first in (0, 12):
        part, before = rows.add[first : first + 12], need[first : first + 12]
        sums.append(np.zeros((4096, m), dtype=np.int64))
        needs.append(np.zeros(4096, dtype=np.int64))
        for i in range(len(part)):
            sums[-1][1 << i : 2 << i] = sums[-1][: 1 << i] + part[i]
            needs[-1][1 << i : 2 << i] = needs[-1][: 1 << i] | before[i]
    rest = np.full(1 << n, 255, dtype=np.uint8)
    repeats(
        sums[0] + rows.base, sums[1], needs[0], needs[1], need,
        rows.giver, limit.astype(np.int64), rest,
    )  # fmt: skip
    return rest
