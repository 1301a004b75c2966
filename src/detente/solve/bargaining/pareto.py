"""The Pareto frontier, built issue by issue.

Values add up, so a package whose first issues are dominated (by other options for the same
issues, that leave no more constraints open) is dominated itself: after each issue only what
is not dominated need be kept, and packages are never listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining import kernels
from detente.solve.bargaining.states import Ints, Space
from detente.solve.plain import ModelError, Wrong
from detente.wording import counted

Progress = Callable[[int, int], None]
MEMORY = 1 << 30
"""Bytes the frontier may take unless told otherwise."""

DENSE = 4
"""Values that lie this close (times their number) are counted by value, without a sort."""


class TooLarge(ModelError):
    """More points than the memory given holds."""


@dataclass(frozen=True, eq=False)
class Layer:
    """What is kept after an issue, for one state of the constraints.

    points : (n, d), in ascending lexicographic order
    back   : (n,) where each came from: row of the layer before, counted through its states,
             times the number of options, plus the option
    """

    points: Ints
    back: Ints


@dataclass(frozen=True, eq=False)
class Frontier:
    """Every nondominated value vector of the feasible packages, each with a package.

    points : (n, d) in the space's whole numbers, ascending; none where nothing is
             feasible
    """

    space: Space
    layers: tuple[tuple[Layer, ...], ...]

    @property
    def points(self) -> Ints:
        """The vectors."""
        last = self.layers[-1]
        return last[0].points if last else self.space.limit[None][:0]

    @cached_property
    def choices(self) -> NDArray[np.int64]:
        """(n, issues) option numbers of a package for each point, by the model's issues."""
        found = np.empty((len(self.points), len(self.space.steps)), np.int64)
        rows = np.arange(len(found))
        for step, states in zip(reversed(self.space.steps), reversed(self.layers), strict=True):
            back = np.concatenate([layer.back for layer in states])[rows] if len(rows) else rows
            rows, found[:, step.issue] = np.divmod(back, len(step.values))
        return found

    def packages(self, row: int) -> Iterator[dict[str, str]]:
        """Every package that is worth what a point says, in no particular order."""
        for choice in self._paths(len(self.layers), 0, self.points[row]):
            yield self.space.package([choice[n] for n in range(len(choice))])

    def ways(self, row: int) -> int:
        """How many packages are worth exactly what a point says."""
        known: dict[tuple[int, int, tuple[int, ...]], int] = {}

        def count(depth: int, state: int, vector: Ints) -> int:
            if depth == 0:
                return 1
            key = (depth, state, tuple(vector.tolist()))
            if key not in known:
                before = self._before(depth, state, vector)
                known[key] = sum(count(depth - 1, s, rest) for s, _, rest in before)
            return known[key]

        return count(len(self.layers), 0, self.points[row])

    def _before(self, depth: int, state: int, vector: Ints) -> Iterator[tuple[int, int, Ints]]:
        """What an issue's options may have been added to: state, option, vector."""
        step = self.space.steps[depth - 1]
        for s, o in np.argwhere(step.next == state):
            rest = vector - step.values[o]
            if depth == 1:
                if not rest.any():
                    yield 0, int(o), rest
                continue
            points = self.layers[depth - 2][s].points
            low = int(np.searchsorted(points[:, 0], rest[0], "left"))
            high = int(np.searchsorted(points[:, 0], rest[0], "right"))
            if (points[low:high] == rest).all(axis=1).any():
                yield int(s), int(o), rest

    def _paths(self, depth: int, state: int, vector: Ints) -> Iterator[dict[int, int]]:
        if depth == 0:
            yield {}
            return
        issue = self.space.steps[depth - 1].issue
        for s, o, rest in self._before(depth, state, vector):
            for path in self._paths(depth - 1, s, rest):
                yield {**path, issue: o}


def frontier(space: Space, *, memory: int = MEMORY, progress: Progress | None = None) -> Frontier:
    """The Pareto frontier of all feasible packages, acceptable or not.

    memory : bytes it may take. Raises TooLarge where it would take more.
    """
    d = len(space.scale)
    # Points, keys, order and their copies while candidates are sorted.
    most = max(1000, memory // (space.bytes * 3 * d + 48))
    now: list[Ints] = [np.zeros((1, d), space.limit.dtype)]
    layers = []
    held = 0
    for n, step in enumerate(space.steps):
        first = np.concatenate([[0], np.cumsum([len(points) for points in now])])
        made = []
        for state in range(len(step.masks)):
            pairs = np.argwhere(step.next == state)
            made.append(_fold(now, first, pairs, step.values, most - held))
            if made[-1] is None:
                kept = f"{counted(sum(map(len, now)), 'point')} after {n} of "
                kept += counted(len(space.steps), "issue")
                what = f"the Pareto frontier does not fit the memory given: {kept}"
                do = "Give it more (--memory), or values in fewer different steps (whole numbers)."
                raise TooLarge(Wrong((), what, do))
        states = tuple(layer for layer in made if layer is not None)
        if len(states) > 1:
            states = _prune(states, step.masks)
        held += sum(len(layer.points) for layer in states) // 3
        layers.append(states)
        now = [layer.points for layer in states]
        if progress is not None:
            progress(n + 1, len(space.steps))
    return Frontier(space, tuple(layers))


def _fold(
    now: list[Ints], first: Ints, pairs: NDArray[np.int64], values: Ints, most: int
) -> Layer | None:
    """Every way of adding an option, less what is dominated. None where there are too many."""
    k, d = values.shape
    points, back = np.empty((0, d), values.dtype), np.empty(0, np.int64)
    waiting: list[Ints] = []
    waiting_back: list[Ints] = []
    count = 0
    for n, (s, o) in enumerate(pairs):
        waiting.append(now[s] + values[o])
        waiting_back.append((first[s] + np.arange(len(now[s]))) * k + o)
        count += len(now[s])
        follows = len(now[pairs[n + 1][0]]) if n + 1 < len(pairs) else most
        if count + len(points) + follows > most:
            if count + len(points) > most:
                return None
            points = np.concatenate([points, *waiting])
            back = np.concatenate([back, *waiting_back])
            points, back = best(points, back)
            waiting, waiting_back, count = [], [], 0
    if waiting:
        points = np.concatenate([points, *waiting])
        back = np.concatenate([back, *waiting_back])
        points, back = best(points, back)
    return Layer(points, back)


def best(points: Ints, back: Ints) -> tuple[Ints, Ints]:
    """The distinct nondominated rows, ascending, each with one of the numbers that go with it."""
    if len(points) < 2:
        return points, back
    (ranks,) = comparable(points)
    order, first = _distinct(ranks)
    order = order[first]
    ranks = np.ascontiguousarray(ranks[order])
    order = order[~dominated(ranks, ranks)]
    return points[order], back[order]


def comparable(*parts: Ints) -> list[NDArray[np.int64]]:
    """The rows as int64, so that within a column comparisons come out the same across all parts.

    int64 stays as it is. Of Python's integers the top 62 bits are compared first, and only
    what is equal in them is looked at whole.
    """
    if parts[0].dtype != object:
        return list(parts)
    every = np.concatenate(parts)
    found = np.empty(every.shape, np.int64)
    for c in range(every.shape[1]):
        found[:, c] = _ranks(every[:, c])
    return np.split(found, np.cumsum([len(part) for part in parts])[:-1])


def _ranks(column: Ints) -> NDArray[np.int64]:
    if not len(column):
        return np.empty(0, np.int64)
    column = column - column.min()
    spare = max(0, int(column.max()).bit_length() - 62)
    top = (column >> spare).astype(np.int64)
    if not spare:
        return top
    order = np.argsort(top, kind="stable")
    ties = np.concatenate([[False], np.diff(top[order]) == 0, [False]])
    starts, ends = (np.flatnonzero(np.diff(ties.astype(np.int8)) == sign) for sign in (1, -1))
    for start, end in zip(starts.tolist(), (ends + 1).tolist(), strict=True):
        run = order[start:end]
        order[start:end] = run[np.argsort(column[run], kind="stable")]
    sorted_ = column[order]
    ranks = np.empty(len(column), np.int64)
    ranks[order] = np.concatenate([[0], np.cumsum(sorted_[1:] != sorted_[:-1])])
    return ranks


def ascending(points: Ints) -> NDArray[np.int64]:
    """The order that puts rows in ascending lexicographic order; equal rows keep theirs."""
    (ranks,) = comparable(points)
    return _distinct(ranks)[0]


def _distinct(points: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Ascending order, and which of the rows in it differ from the one before."""
    new = np.ones(len(points), np.bool_)
    if not len(points):
        return np.arange(0), new
    low = points.min(axis=0)
    bits = [int(top).bit_length() for top in points.max(axis=0).astype(object) - low]
    if sum(bits) > 62:
        order = np.lexsort(points.T[::-1])
        ranked = points[order]
        new[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
        return order, new
    key = np.zeros(len(points), np.int64)
    for column, width, least in zip(points.T, bits, low, strict=True):
        key = (key << width) | (column - least)
    order = np.argsort(key, kind="stable")
    key = key[order]
    new[1:] = key[1:] != key[:-1]
    return order, new


def dominated(points: Ints, by: Ints) -> NDArray[np.bool_]:
    """Which points another row of `by` equals or exceeds in every value; both ascending,
    without repetitions."""
    d = points.shape[1]
    if not len(points) or not len(by):
        return np.zeros(len(points), np.bool_)
    same = points is by
    points, by_ = comparable(points, by)
    if same:
        by_ = points = np.ascontiguousarray(points)
    else:
        points, by_ = np.ascontiguousarray(points), np.ascontiguousarray(by_)
    if d == 2:
        found = kernels.dominated_2(points, by_)
    elif d == 3:
        place, by_place, size = _places(points[:, 1], by_[:, 1], same)
        found = kernels.dominated_3(points, by_, place, by_place, size)
    else:
        found = kernels.dominated_any(points, by_, same)
    return np.asarray(found)


def _places(
    values: NDArray[np.int64], by: NDArray[np.int64], same: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Both columns counted down from the largest, 0, and how many places that takes.

    As they are where they lie close together; else by rank, which needs a sort.
    """
    top = max(int(values.max()), int(by.max()))
    span = top - min(int(values.min()), int(by.min())) + 1
    if span <= DENSE * (len(values) + len(by)):
        place = top - values
        return place, place if same else top - by, span
    levels = np.unique(by)
    size = len(levels)
    place = size - 1 - np.searchsorted(levels, values, "left")
    by_place = place if same else size - 1 - np.searchsorted(levels, by, "left")
    return place, by_place, size


def _prune(states: tuple[Layer, ...], masks: tuple[int, ...]) -> tuple[Layer, ...]:
    """Leave out what a point that fewer constraints threaten dominates.

    Equal points stay: each may lead to packages of its own.
    """
    found = []
    for state, layer in enumerate(states):
        kept = layer
        for other, mask in enumerate(masks):
            if other == state or mask & ~masks[state] or not len(kept.points):
                continue
            by = states[other].points
            drop = dominated(kept.points, by)
            drop[drop] = ~_among(kept.points[drop], by)
            kept = Layer(kept.points[~drop], kept.back[~drop])
        found.append(kept)
    return tuple(found)


def _among(points: Ints, by: Ints) -> NDArray[np.bool_]:
    """Which rows stand in `by` too, where no row stands twice."""
    (both,) = comparable(np.concatenate([by, points]))
    ranked, first = _distinct(both)
    again = np.zeros(len(both), np.bool_)
    again[ranked] = ~first
    return again[len(by) :]
