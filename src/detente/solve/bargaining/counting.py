"""How many packages there are, and how many everybody would accept, without listing them.

Packages are counted from both ends (Horowitz & Sahni 1974): the first issues give rows of
what they are worth, the last ones likewise, and rows that nothing further can tell apart are
one row with a count. Then pairs of rows are counted that reach every walk-away together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining import kernels
from detente.solve.bargaining.pareto import MEMORY, ascending, comparable
from detente.solve.bargaining.states import LARGEST, Ints, Space
from detente.solve.plain import ModelError

MOST_PAIRS = 2_000_000_000
"""Pairs of rows that are compared one by one, with three parties and more."""
DRAWS = 400_000
LEVEL = 1.959963984540054
"""Of the normal distribution, for an interval that holds in 95 of 100 cases."""
LIMB = 30
"""Bits of a count added up at a time, where counts are too large for int64."""
HOPE = 2
"""How many times the rows that fit the memory are tried all the same: rows fall together."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many packages there are of a kind.

    number    : exact, or the best estimate
    exact     : which of the two
    low, high : where it is an estimate, between which numbers it lies (Wilson's interval,
                95%); else the number itself
    samples   : how many packages were drawn for it
    """

    number: int
    exact: bool
    low: int
    high: int
    samples: int = 0


def count_packages(space: Space) -> int:
    """The number of feasible packages."""
    return int(_ways_on(space)[0][0])


def _ways_on(space: Space) -> list[list[int]]:
    """For each number of issues done and each state, in how many ways the rest can be chosen."""
    found = [[1]]
    for step in reversed(space.steps):
        after = found[-1] + [0]  # -1, where a constraint forbids it
        found.append([sum(after[s] for s in row) for row in step.next.tolist()])
    return found[::-1]


def count_acceptable(space: Space, *, memory: int = MEMORY, seed: int = 0, least: int = 0) -> Count:
    """The number of packages that give every party at least its walk-away value.

    Exact where that fits the memory; else estimated from packages drawn uniformly.
    least : so many are known to be acceptable
    """
    number = _exact_count(space, memory)
    if number is not None:
        return Count(number, True, number, number)
    return _estimate(space, seed, least)


@dataclass(eq=False)
class _Rows:
    """Rows of one end, for one state of the constraints.

    count : int64, or Python's numbers where there may be more than that holds
    """

    points: Ints
    count: NDArray[Any]


def _exact_count(space: Space, memory: int) -> int | None:
    low = np.array([step.values.min(axis=0) for step in space.steps])
    high = np.array([step.values.max(axis=0) for step in space.steps])
    if (high.sum(axis=0) < space.limit).any():
        return 0
    asked = np.flatnonzero(low.sum(axis=0) < space.limit)
    if not len(asked):
        return count_packages(space)
    # One column more keeps rows at two values or more.
    columns = asked if len(asked) > 1 else np.repeat(asked, 2)
    d = len(columns)
    most = max(1000, memory // (space.bytes * 3 * d + 64))
    try:
        steps, back = space.steps, space.backwards().steps
    except ModelError:
        steps, back = space.steps, ()
    limit = space.limit[columns]
    sizes = [len(step.values) for step in steps]
    if not back or _fewest(sizes, [step.values[:, columns] for step in steps], limit) > HOPE * most:
        return None
    left = right = [_Rows(np.zeros((1, d), limit.dtype), np.ones(1, np.int64))]
    masks_left: tuple[int, ...] = (0,)
    masks_right: tuple[int, ...] = (0,)
    i, j = 0, 0
    while i + j < len(steps):
        from_left = _size(left) * sizes[i] <= _size(right) * sizes[len(steps) - 1 - j]
        step = steps[i] if from_left else back[j]
        done = i + 1 if from_left else j + 1
        if prod(sizes[:done] if from_left else sizes[-done:]) >= LARGEST:
            for each in left if from_left else right:
                each.count = each.count.astype(object)
        bounds = (low, high) if from_left else (low[::-1], high[::-1])
        rest_low, rest_high = (each[done:, columns].sum(axis=0) for each in bounds)
        rows = _extend(
            left if from_left else right,
            step.next,
            step.values[:, columns],
            len(step.masks),
            limit - rest_high,
            limit - rest_low,
            most,
        )
        if rows is None:
            return None
        if from_left:
            left, masks_left, i = rows, step.masks, done
        else:
            right, masks_right, j = rows, step.masks, done
    return _pairs(left, masks_left, right, masks_right, limit)


def _size(rows: list[_Rows]) -> int:
    return sum(len(each.points) for each in rows)


def _fewest(sizes: list[int], values: list[Ints], limit: Ints) -> int:
    """How many rows the larger end has at most, where the ends meet at the best place."""
    over = [each - each.min(axis=0) for each in values]
    grain = np.maximum(np.gcd.reduce(np.concatenate(over)), 1)
    spans = np.array([each.max(axis=0) // grain for each in over])
    room = (limit - sum(each.min(axis=0) for each in values)) // grain + 1

    def rows(part: slice) -> int:
        reach = np.minimum(spans[part].sum(axis=0), room).tolist()
        return min(prod(sizes[part]), prod(int(each) + 1 for each in reach))

    return min(max(rows(slice(0, n)), rows(slice(n, None))) for n in range(len(sizes) + 1))


def _extend(
    rows: list[_Rows],
    table: NDArray[np.int32],
    values: Ints,
    states: int,
    dead: Ints,
    safe: Ints,
    most: int,
) -> list[_Rows] | None:
    """One more issue. None where there are too many rows.

    dead : below this in any value a row can't be made good; left out
    safe : from here up a value can't be spoilt; cut off, so that rows fall together
    """
    found = []
    held = 0
    for state in range(states):
        points, counts = [], []
        for s, o in np.argwhere(table == state):
            new = rows[s].points + values[o]
            alive = (new >= dead).all(axis=1)
            points.append(np.minimum(new[alive], safe))
            counts.append(rows[s].count[alive])
            held += len(points[-1])
            if held > most:
                return None
        found.append(_merge(np.concatenate(points), np.concatenate(counts)))
        held += len(found[-1].points) - sum(map(len, points))
    return found


def _merge(points: Ints, count: NDArray[Any]) -> _Rows:
    """Equal rows become one; ascending."""
    if len(points) < 2:
        return _Rows(points, count)
    order = ascending(points)
    points, count = points[order], count[order]
    first = np.ones(len(points), np.bool_)
    first[1:] = (points[1:] != points[:-1]).any(axis=1)
    at = np.flatnonzero(first)
    return _Rows(points[at], np.add.reduceat(count, at))


def _pairs(
    left: list[_Rows],
    masks_left: tuple[int, ...],
    right: list[_Rows],
    masks_right: tuple[int, ...],
    limit: Ints,
) -> int | None:
    """Pairs of rows that reach the limit together and break no constraint together."""
    fits = [[n for n, other in enumerate(masks_right) if not mask & other] for mask in masks_left]
    if not right or not left:
        return 0
    d = len(limit)
    if d > 2:
        work = sum(
            len(rows.points) * sum(len(right[n].points) for n in ok)
            for rows, ok in zip(left, fits, strict=True)
        )
        if work > MOST_PAIRS:
            return None
    points = np.concatenate([rows.points for rows in right])
    count = np.concatenate([rows.count for rows in right])
    state = np.repeat(np.arange(len(right)), [len(rows.points) for rows in right])
    order = ascending(points)
    count, state = count[order], state[order]
    points, *needs = comparable(points[order], *(limit - rows.points for rows in left))
    levels = np.unique(points[:, 1])
    place = len(levels) - 1 - np.searchsorted(levels, points[:, 1])
    total = 0
    for rows, need, ok in zip(left, needs, fits, strict=True):
        if not len(rows.points) or not ok:
            continue
        if len(ok) == len(right):
            some, some_count, some_place = points, count, place
        else:
            wanted = np.isin(state, ok)
            some, some_count, some_place = points[wanted], count[wanted], place[wanted]
        ranks = len(levels) - np.searchsorted(levels, need[:, 1])
        for shift, part in _limbs(some_count):
            if d == 2:
                inside = kernels.pairs_2(need, some, part, some_place, len(levels), ranks)
            else:
                inside = kernels.pairs_any(need, some, part)
            total += _dot(inside, rows.count) << shift
    return total


def _limbs(count: NDArray[Any]) -> Iterator[tuple[int, Ints]]:
    """Numbers as sums of int64 ones, each with the power of two it is multiplied by."""
    if count.dtype != object:
        yield 0, count
        return
    for shift in range(0, max((int(n).bit_length() for n in count), default=0), LIMB):
        yield shift, np.array([n >> shift & (1 << LIMB) - 1 for n in count], np.int64)


def _dot(a: Ints, b: NDArray[Any]) -> int:
    """The sum of products, however large."""
    if b.dtype != object and len(a):
        bits = (int(a.max()).bit_length(), int(b.max()).bit_length(), len(a).bit_length())
        if sum(bits) < 63:
            return int(a @ b)
    return sum(x * y for x, y in zip(a.tolist(), b.tolist(), strict=True))


def _estimate(space: Space, seed: int, least: int) -> Count:
    """From packages drawn uniformly from the feasible ones."""
    ways = _ways_on(space)
    total = ways[0][0]
    if not total:
        return Count(0, True, 0, 0)
    rng = np.random.default_rng(seed)
    state = np.zeros(DRAWS, np.int64)
    value = np.zeros((DRAWS, len(space.scale)), space.limit.dtype)
    for step, after in zip(space.steps, ways[1:], strict=True):
        draw = rng.random(DRAWS)
        option = np.empty(DRAWS, np.int64)
        for s in np.unique(state):
            here = np.flatnonzero(state == s)
            on = [after[t] if t >= 0 else 0 for t in step.next[s].tolist()]
            every = sum(on)
            share = np.cumsum([each / every for each in on])
            chosen = np.searchsorted(share, draw[here] * share[-1], "right")
            option[here] = np.minimum(chosen, max(o for o, each in enumerate(on) if each))
        value += step.values[option]
        state = step.next[state, option].astype(np.int64)
    hits = int((value >= space.limit).all(axis=1).sum())
    low, high = wilson(hits, DRAWS)
    most = int(total)
    floor = min(max(least, hits > 0), most)
    return Count(
        max(round(most * (hits / DRAWS)) if most < 1 << 53 else most * hits // DRAWS, floor),
        False,
        max(_share(most, low), floor),
        max(_share(most, high), floor),
        DRAWS,
    )


def _share(total: int, share: float) -> int:
    """A share of a whole that may be larger than floats hold."""
    return total * round(share * (1 << 60)) >> 60


def wilson(hits: int, draws: int) -> tuple[float, float]:
    """Between which shares the true one lies, in 95 of 100 cases (Wilson 1927)."""
    share, z2 = hits / draws, LEVEL**2
    middle = (share + z2 / (2 * draws)) / (1 + z2 / draws)
    half = LEVEL * sqrt(share * (1 - share) / draws + z2 / (4 * draws**2)) / (1 + z2 / draws)
    return max(0.0, middle - half), min(1.0, middle + half)
