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

from detente.solve.exchange.branch import Lowest, lowest
from detente.solve.exchange.model import Model
from detente.solve.exchange.scaled import Rows, exposures, temptations
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
    settled : of all such orders, it is the one the tie rule describes
    """

    order: tuple[str, ...]
    value: Fraction
    bound: Fraction
    proven: bool
    settled: bool
    steps: tuple[Step, ...]


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
    proven         : `exists` and least_patience are both certain
    settled        : the orders are those the tie rule describes
    steps          : of `order`, or where there is none of `least_order`
    """

    exists: bool
    order: tuple[str, ...] | None
    least_patience: Fraction
    least_order: tuple[str, ...]
    bound: Fraction
    proven: bool
    settled: bool
    steps: tuple[Step, ...]


def safest(model: Model, *, seconds: float = 60.0) -> Safest:
    """The order that minimises the largest exposure_p(X) / trust_p.

    X runs over all moments of the order, the first (before any delivery) included and the last
    (everything delivered) not; p over all parties. exposure_p(X) = max(0, -standing_p(X)), and
    standing_p(X) is the sum over what is delivered of (1 - recover) times worth to p, or minus
    cost where p gives it. Exact; ties as the module says.

    seconds : when to stop where it takes long; then `proven` is False and `bound` says how
              much better an order might be
    """
    rows = exposures(model)
    found = lowest(rows, seconds=seconds)
    assert found.value is not None and found.order is not None
    limit = np.full(len(rows.base), found.value + 2 * rows.slack)
    order, settled = _settled(model, rows, limit, found)
    value = highest(model, order)
    bound = value if found.proven else min(value, rows.true(found.bound - rows.slack))
    return Safest(order, value, max(Fraction(0), bound), found.proven, settled, steps(model, order))


def self_enforcing(model: Model, *, seconds: float = 60.0) -> SelfEnforcing:
    """An order in which temptation_p(X) <= patience_p at every moment but the last, for all p.

    temptation_p(X) = max(0, standing_p(X) - total_p): what p gains by breaking off at X rather
    than finishing. Where everybody's patience is 0 and nothing can be recovered, this is
    Sandholm & Lesser's (1995) condition for a safe exchange. Exact; ties as `safest`'s.

    seconds : when to stop, both searches together
    """
    ends = time.monotonic() + seconds
    rows = temptations(model)
    least = lowest(rows, seconds=seconds / 2)
    assert least.value is not None and least.order is not None
    limit = np.full(len(rows.base), least.value + 2 * rows.slack)
    least_order, settled = _settled(model, rows, limit, least)
    patience = max(largest_temptations(model, least_order).values())
    above = temptations(model, above=True)
    left = max(0.1, ends - time.monotonic())
    within = lowest(above, under=1 + above.slack, seconds=left)
    order, proven = None, least.proven and within.proven
    if within.order is not None:
        order, settled = _settled(model, above, np.full_like(above.base, above.slack), within)
        tempted = largest_temptations(model, order)
        if any(tempted[p] > model.limit(p) for p in model.parties):
            order, proven = None, False  # too close to tell, with rounded numbers
    bound = patience if least.proven else min(patience, rows.true(least.bound - rows.slack))
    return SelfEnforcing(
        order is not None,
        order,
        patience,
        least_order,
        max(Fraction(0), bound),
        proven,
        settled,
        steps(model, least_order if order is None else order),
    )


def _settled(
    model: Model, rows: Rows, limit: NDArray[np.int64], found: Lowest
) -> tuple[tuple[str, ...], bool]:
    """Of all orders within the limits, the one the tie rule describes."""
    assert found.order is not None
    n = len(rows.names)
    if n > MOST_SETTLED or not found.proven:
        return tuple(rows.names[i] for i in found.order), n < 2
    if n == 0:
        return (), True
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
    return tuple(order), True


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
