"""The order whose highest point is lowest: a smallest-bottleneck path over sets.

How high a set of deliveries is does not depend on the order that led to it, so the question is
which path from the empty to the full set has the lowest highest set. Three things keep most of
the 2^n sets from ever being met:

1. *Rising water* (the bottleneck form of Dijkstra's search). All sets that can be reached below
   a level are visited, then the level rises to the lowest set met above it. When the full set
   is reached, the level is the answer; before, the level is a bound from below that holds. The
   same is done from the full set backwards, and whichever side is through first, is: each
   side's level is a bound for both.
2. *A free delivery is made at once.* If a delivery raises no row, moving it to the front of
   what is left raises no set on the way: with X the sets of an order, each X becomes X + d,
   which is nowhere higher, and only the complete set, which does not count, can be added to
   what counted. Backwards: a delivery that lowers no row is left for last.
3. *The better comes first.* If d raises no row more than e does, everything that d waits for e
   waits for too, and everything that waits for e waits for d too, then some best order has d
   before e: in an order with e first, change places; the sets between get e's numbers replaced
   by d's, and nothing comes before what it waits for. Each such change moves d, which stands
   first in an order that contains all these pairs, forward, so that it comes to an end; with
   equal ones, the one declared first is d. This holds again with the pairs found added to what
   must come before what, so it is repeated until nothing is added.

Bounds from below, before any search: a delivery d that is not the last has a set X before it,
with all that d waits for, such that X and X + d are no higher than the answer. For weights w
that sum to 1, the weighted sum of the rows is at most their largest, and is smallest if X has
just those others that lower it. A bound from above comes from a beam search. Where the search
takes long, CP-SAT is asked too: it is slower on most exchanges, but sometimes finds at once a way
lower than any known. A way counts once it is measured; what CP-SAT says no way is lower than is
kept apart from the bound, as its word (`cp_sat`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import ceil, gcd, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve.exchange.cp_sat import SAFE, solver
from detente.solve.exchange.scaled import Rows

FAR = 1 << 62
"""Higher than anything."""

DIRECT = 24
"""Up to so many deliverables every set has a place of its own."""

ROOM, DIVE_ROOM = 360 << 20, 120 << 20
"""Bytes each of the two sides may take before it gives up, while it grows too, and a dive."""

BEAM, WIDEST = 300, 10_000
"""Sets of each size the beam search keeps, at first and at most."""

LONG = 1_000_000
"""Sets that are expanded before CP-SAT is asked too, once, for a quarter of the time left; not
where there are few enough to meet all of them (DIRECT)."""

BETWEEN = (Fraction(1, 2), Fraction(3, 4), Fraction(7, 8))
"""How far from the bound to the lowest known ways are looked for, in turn."""


@dataclass(frozen=True, slots=True)
class Lowest:
    """The lowest way found.

    value   : its highest point; None where every order breaks a limit, or none was found
    order   : places in the rows' names
    bound   : no way is lower than this
    proven  : the value is the least there is; where it is None, there is none
    sets    : sets expanded on the way
    claimed : no way is lower than this, says CP-SAT, which nothing here has checked; None where
              it says no more than `bound`, or was not asked
    """

    value: int | None
    order: tuple[int, ...] | None
    bound: int
    proven: bool
    sets: int = 0
    claimed: int | None = None


def lowest(
    rows: Rows,
    *,
    soft: NDArray[np.bool_] | None = None,
    cap: NDArray[np.int64] | None = None,
    under: int = FAR,
    seconds: float = 60.0,
) -> Lowest:
    """The order whose highest row, over all sets on its way but the full one, is lowest.

    Rows below 0 count as 0. Smallest-bottleneck path, exact unless the time or the room for
    sets runs out; then `bound` says how much lower it might be.

    soft    : (m,) the rows that count; all unless given
    cap     : (m,) no set on the way may have a row above it
    under   : only ways lower than this are looked for
    seconds : when to stop
    """
    ends = time.monotonic() + seconds
    n, m = rows.add.shape
    soft = np.ones(m, dtype=np.bool_) if soft is None else soft
    cap = np.full(m, FAR, dtype=np.int64) if cap is None else cap
    first = max(0, int(np.max(rows.base, where=soft, initial=0)))
    if n == 0:
        return Lowest(0, (), 0, True)
    if (rows.base > cap).any() or first >= under:
        return Lowest(None, None, first, True)
    if n == 1:
        return Lowest(first, (0,), first, True)
    need = dominance(rows)
    bound = max(first, relaxed(rows, need, soft))
    best: tuple[int, ...] | None = None
    if bound < under:
        height, order = _beam(rows, need, soft, cap, BEAM, bound)
        if order is not None and max(height, first) < under:
            under, best = max(height, first), order
    if bound >= under:
        return Lowest(under if best else None, best, bound, True)
    return _search(rows, need, soft, cap, bound, under, best, ends)


def _search(
    rows: Rows,
    need: NDArray[np.uint64],
    soft: NDArray[np.bool_],
    cap: NDArray[np.int64],
    bound: int,
    under: int,
    best: tuple[int, ...] | None,
    ends: float,
) -> Lowest:
    from detente.solve.exchange.kernels import EXHAUSTED, FOUND, FULL

    sides = [
        Side(rows.add, rows.base, need, soft, cap, ROOM),
        Side(-rows.add, rows.base + rows.add.sum(axis=0), turned(need), soft, cap, ROOM),
    ]
    n = len(need)
    budget, count, asked, claimed = 4_000, 0, False, 0
    open_ = [0, 1]
    while open_:
        for which in tuple(open_):
            side = sides[which]
            status = side.run(bound, under, budget)
            bound = min(max(bound, side.level), under)
            if status == FOUND:
                found = side.found()
                order = found if which == 0 else found[::-1]
                return Lowest(side.level, order, side.level, True, sum(s.sets for s in sides))
            if status == EXHAUSTED or bound >= under:
                value = None if best is None else under
                return Lowest(value, best, under, True, sum(s.sets for s in sides))
            if status == FULL:
                open_.remove(which)
            if time.monotonic() > ends:
                open_.clear()
                break
        # Where the ends don't meet soon, a way at a level in between lowers what is known.
        count += 1
        if count % 4 == 0 and open_:
            top = min(under, 2 * bound + 16 if under == FAR else under)
            level = bound + int((top - bound) * BETWEEN[count // 4 % len(BETWEEN)])
            way = _dive(rows, need, soft, cap, level, under, budget)
            if way is None:
                width = min(WIDEST, BEAM << count // 8)
                _, way = _beam(rows, need, soft, cap, width, level)
            if way is not None:
                height = max(0, int(rows.sums(way)[:-1, soft].max()))
                if height < under:
                    under, best = height, way
        if n > DIRECT and not asked and open_ and sum(side.sets for side in sides) > LONG:
            asked = True
            left = max(0.0, ends - time.monotonic()) / 4
            lower, claimed = _cp_sat(rows, need, soft, cap, bound, under, left)
            if lower is not None:
                under, best = lower
        budget = min(2 * budget, 250_000)
    return Lowest(
        None if best is None else under,
        best,
        bound,
        False,
        sum(s.sets for s in sides),
        min(claimed, under) if claimed > bound else None,
    )


def _cp_sat(
    rows: Rows,
    need: NDArray[np.uint64],
    soft: NDArray[np.bool_],
    cap: NDArray[np.int64],
    bound: int,
    under: int,
    seconds: float,
) -> tuple[tuple[int, tuple[int, ...]] | None, int]:
    """A way lower than `under` by CP-SAT, and what it says no way is lower than.

    What is delivered at moment i is a set of i, as booleans, with what was delivered at i - 1
    in it. Numbers are kept small: divided by what all have in common, and where they are too
    large even then, divided further and rounded down. That makes no way higher, so that what is
    said to be a bound would still be one. Where CP-SAT has nothing to say, what was known stays.
    """
    from ortools.sat.python import cp_model

    n, m = rows.add.shape
    add, base = rows.add.tolist(), rows.base.tolist()
    size = max(abs(base[p]) + sum(abs(each[p]) for each in add) for p in range(m))
    common = max(1, gcd(*base, *(number for each in add for number in each)))
    by = common * max(1, -(-2 * size // (common * SAFE)))
    model: Any = cp_model.CpModel()
    top = max(bound, min(under - 1, size))
    highest = model.new_int_var(bound // by, top // by, "")
    done = [[model.new_bool_var("") for _ in range(n + 1)] for _ in range(n)]
    for i in range(n + 1):
        model.add(cp_model.LinearExpr.sum([each[i] for each in done]) == i)
    for d in range(n):
        for i in range(n):
            model.add_implication(done[d][i], done[d][i + 1])
            for e in range(n):
                if int(need[d]) >> e & 1:
                    model.add_implication(done[d][i + 1], done[e][i])
    for p in range(m):
        adds = [each[p] // by for each in add]
        for i in range(1, n):
            row = cp_model.LinearExpr.weighted_sum([each[i] for each in done], adds)
            row = row + base[p] // by
            if soft[p]:
                model.add(row <= highest)
            if cap[p] < size:
                model.add(row <= int(cap[p]) // by)
    model.minimize(highest)
    asked = solver(seconds)
    # Linear relaxations say little of a largest sum; without them it is several times as fast.
    asked.parameters.linearization_level = 0
    status = asked.solve(model)
    if status == cp_model.INFEASIBLE:
        return None, under
    if status == cp_model.MODEL_INVALID:
        return None, 0
    claim = asked.best_objective_bound
    # Whole numbers below SAFE are exact as floats.
    claimed = ceil(claim - 1e-6) * by if isfinite(claim) else 0
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, claimed
    way = tuple(sorted(range(n), key=lambda d: -sum(asked.value(flag) for flag in done[d])))
    sums = rows.sums(way)[:-1]
    height = max(0, int(sums[:, soft].max(initial=0)))
    fits = bool((sums <= cap).all()) and height < under
    return ((height, way) if fits else None), claimed


def _dive(
    rows: Rows,
    need: NDArray[np.uint64],
    soft: NDArray[np.bool_],
    cap: NDArray[np.int64],
    level: int,
    under: int,
    budget: int,
) -> tuple[int, ...] | None:
    """A way found by a short search that begins at a level."""
    from detente.solve.exchange.kernels import FOUND

    side = Side(rows.add, rows.base, need, soft, cap, DIVE_ROOM)
    return side.found() if side.run(level, under, budget) == FOUND else None


@dataclass(eq=False)
class Side:
    """One side's search, from the empty set of what it is given."""

    add: NDArray[np.int64]
    base: NDArray[np.int64]
    need: NDArray[np.uint64]
    soft: NDArray[np.bool_]
    cap: NDArray[np.int64]
    room: int
    reg: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        n = len(self.need)
        self.add = np.ascontiguousarray(self.add)
        self.direct = n <= DIRECT
        self.table = byte_sums(self.add)
        # Tried first (and so last here): what lowers the rows most, all in all.
        self.rank = np.argsort(-self.add.sum(axis=1), kind="stable").astype(np.int64)
        size = 1 << n if self.direct else 1 << 14
        self.keys = np.zeros(1 if self.direct else size, dtype=np.uint64)
        self.came = np.full(size, 255, dtype=np.uint8)
        self.stack = np.zeros(1 << 12, dtype=np.uint64)
        self.heights = np.zeros(1 << 12, dtype=np.int64)
        self.heap = np.zeros(1 << 12, dtype=np.uint64)
        self.reg = np.zeros(6, dtype=np.int64)
        self.reg[1] = 1
        self.came[0] = 0
        if not self.direct:
            self.keys[0] = 0
            self.came[0] = 255

    @property
    def level(self) -> int:
        return int(self.reg[0])

    @property
    def sets(self) -> int:
        return int(self.reg[5])

    def run(self, level: int, under: int, budget: int) -> int:
        """Go on for a while; how it stands then."""
        from detente.solve.exchange.kernels import FULL, climb

        self.reg[0] = max(self.level, level)
        until = self.sets + budget
        while True:
            climb(
                self.add, self.base, self.need, self.cap, self.soft, self.table, self.rank,
                under, self.direct, self.keys, self.came, self.stack, self.heights, self.heap,
                self.reg, max(1, until - self.sets),
            )  # fmt: skip
            status = int(self.reg[4])
            if status != FULL or not self.grow():
                return status

    def grow(self) -> bool:
        """Make room; False where there is as much as may be."""
        n = len(self.need)
        if self.reg[1] + n >= len(self.stack):
            if not self.fits(2 * self.stack.nbytes):
                return False
            self.stack = np.concatenate([self.stack, np.zeros_like(self.stack)])
        if self.reg[2] + n >= len(self.heap):
            if not self.fits(3 * self.heap.nbytes):
                return False
            self.heights = np.concatenate([self.heights, np.zeros_like(self.heights)])
            self.heap = np.concatenate([self.heap, np.zeros_like(self.heap)])
        if not self.direct and 4 * (self.reg[3] + n) >= 3 * len(self.keys):
            if not self.fits(2 * (self.keys.nbytes + self.came.nbytes)):
                return False
            from detente.solve.exchange.kernels import rehash

            keys = np.zeros(2 * len(self.keys), dtype=np.uint64)
            came = np.full(2 * len(self.came), 255, dtype=np.uint8)
            rehash(self.keys, self.came, keys, came)
            self.keys, self.came = keys, came
        return True

    def fits(self, more: int) -> bool:
        """Is there room for so many bytes more?"""
        arrays = (self.keys, self.came, self.stack, self.heights, self.heap)
        return sum(array.nbytes for array in arrays) + more <= self.room

    def found(self) -> tuple[int, ...]:
        """The way to the full set."""
        from detente.solve.exchange.kernels import trail

        n = len(self.need)
        order = np.zeros(n, dtype=np.int64)
        trail(self.keys, self.came, np.uint64((1 << n) - 1), self.direct, order)
        return tuple(order.tolist())


def byte_sums(add: NDArray[np.int64]) -> NDArray[np.int64]:
    """(8, 256, m): sums of `add` over each value of each byte."""
    n, m = add.shape
    table = np.zeros((8, 256, m), dtype=np.int64)
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    for byte in range((n + 7) // 8):
        part = add[8 * byte : 8 * byte + 8]
        table[byte] = bits[:, : len(part)] @ part
    return table


def turned(need: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """What must come after each instead of before it."""
    masks = [int(mask) for mask in need]
    found = [
        sum(1 << e for e, mask in enumerate(masks) if mask >> d & 1) for d in range(len(masks))
    ]
    return np.array(found, dtype=np.uint64)


def dominance(rows: Rows) -> NDArray[np.uint64]:
    """What may be taken to come before each without losing every best order (rule 3)."""
    n = len(rows.names)
    add = rows.add
    better = [
        [
            bool((add[d] <= add[e]).all()) and (d < e or bool((add[d] < add[e]).any()))
            for e in range(n)
        ]
        for d in range(n)
    ]
    need = [int(mask) for mask in rows.need]
    while True:
        after = [int(mask) for mask in turned(np.array(need, dtype=np.uint64))]
        new = list(need)
        for d in range(n):
            for e in range(n):
                if (
                    better[d][e]
                    and not need[e] >> d & 1
                    and need[d] & ~need[e] == 0
                    and after[e] & ~after[d] == 0
                ):
                    new[e] |= 1 << d
        if new == need:
            return np.array(need, dtype=np.uint64)
        need = _closed(new)


def _closed(need: list[int]) -> list[int]:
    """With what comes before what comes before."""
    need = list(need)
    for k in range(len(need)):
        for e in range(len(need)):
            if need[e] >> k & 1:
                need[e] |= need[k]
    return need


@lru_cache(maxsize=16)
def _weights(m: int) -> tuple[tuple[int, ...], ...]:
    """Whole weights with one sum, spread over all there are."""
    parts = {1: 1, 2: 48, 3: 12, 4: 8}.get(m, 4)
    return tuple(
        tuple(b - a - 1 for a, b in zip((-1, *cut), (*cut, parts + m - 1), strict=True))
        for cut in combinations(range(parts + m - 1), m - 1)
    )


def relaxed(rows: Rows, need: NDArray[np.uint64], soft: NDArray[np.bool_]) -> int:
    """A height no order stays below, whatever the limits (see the module's text)."""
    n = len(need)
    add, base = rows.add[:, soft], rows.base[soft]
    if not soft.any():
        return 0
    weights = np.array(_weights(int(soft.sum())), dtype=np.int64)  # (k, m)
    whole = int(weights[0].sum())
    weighed = weights @ add.T  # (k, n)
    after = [int(mask) for mask in turned(need)]
    total = base + add.sum(axis=0)
    bits = np.arange(n)
    bound = 0
    ends = []
    for d in range(n):
        before = np.array([int(need[d]) >> i & 1 for i in bits], dtype=np.bool_)
        later = np.array([after[d] >> i & 1 for i in bits], dtype=np.bool_)
        free = ~(before | later)
        free[d] = False
        least = weighed[:, before].sum(axis=1) + np.minimum(weighed[:, free], 0).sum(axis=1)
        peak = weights @ (base + np.maximum(add[d], 0))
        mine = int((-(-(peak + least) // whole)).max())
        if not later.any():  # it may be the last; then the set before it is known
            last = max(0, int((total - add[d]).max()))
            ends.append(last)
            mine = min(mine, last)
        bound = max(bound, mine)
    starts = [max(0, int((base + add[d]).max())) for d in range(n) if int(need[d]) == 0]
    return max(bound, min(ends), min(starts))


def _beam(
    rows: Rows,
    need: NDArray[np.uint64],
    soft: NDArray[np.bool_],
    cap: NDArray[np.int64],
    width: int,
    floor: int,
) -> tuple[int, tuple[int, ...] | None]:
    from detente.solve.exchange.kernels import beam

    order = np.zeros(len(need), dtype=np.int64)
    height: Any = beam(rows.add, rows.base, need, cap, soft, width, floor, order)
    return (int(height), tuple(order.tolist())) if height >= 0 else (FAR, None)
