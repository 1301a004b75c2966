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

Progress = Callable[[int, int], None]
MEMORY = 1 << 30
"""Bytes the frontier may take unless told otherwise."""


class TooLarge(ModelError):
    """More points than the memory given holds."""


@dataclass(frozen=True, eq=False)
class Layer:
    """What is kept after an issue, for one state of the constraints.

    points : (n, d) int64, in ascending lexicographic order
    back   : (n,) where each came from: row of the layer before, counted through its states,
             times the number of options, plus the option
    """

    points: Ints
    back: Ints


@dataclass(frozen=True, eq=False)
class Frontier:
    """Every nondominated value vector of the feasible packages, each with a package.

    points : (n, d) int64 in the space's whole numbers, ascending; none where nothing is
             feasible
    """

    space: Space
    layers: tuple[tuple[Layer, ...], ...]

    @property
    def points(self) -> Ints:
        """The vectors."""
        last = self.layers[-1]
        return last[0].points if last else np.empty((0, len(self.space.scale)), np.int64)

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
        known: dict[tuple[int, int, bytes], int] = {}

        def count(depth: int, state: int, vector: Ints) -> int:
            if depth == 0:
                return 1
            key = (depth, state, vector.tobytes())
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
    most = max(1000, memory // (8 * (3 * d + 6)))
    now: list[Ints] = [np.zeros((1, d), np.int64)]
    layers = []
    held = 0
    for n, step in enumerate(space.steps):
        first = np.concatenate([[0], np.cumsum([len(points) for points in now])])
        made = []
        for state in range(len(step.masks)):
            pairs = np.argwhere(step.next == state)
            made.append(_fold(now, first, pairs, step.values, most - held))
            if made[-1] is None:
                kept = f"{sum(map(len, now)):,} points after {n} of {len(space.steps)} issues"
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
    points, back = np.empty((0, d), np.int64), np.empty(0, np.int64)
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
    order = ascending(points)
    points, back = points[order], back[order]
    new = np.ones(len(points), np.bool_)
    new[1:] = (points[1:] != points[:-1]).any(axis=1)
    points, back = points[new], back[new]
    keep = ~dominated(points, points)
    return points[keep], back[keep]


def ascending(points: Ints) -> NDArray[np.int64]:
    """The order that puts rows in ascending lexicographic order; equal rows keep theirs."""
    if not len(points):
        return np.arange(0)
    low = points.min(axis=0)
    bits = [int(top).bit_length() for top in points.max(axis=0).astype(object) - low]
    if sum(bits) > 62:
        return np.lexsort(points.T[::-1])
    key = np.zeros(len(points), np.int64)
    for column, width, least in zip(points.T, bits, low, strict=True):
        key = (key << width) | (column - least)
    return np.argsort(key, kind="stable")


def dominated(points: Ints, by: Ints) -> NDArray[np.bool_]:
    """Which points another row of `by` equals or exceeds in every value; both ascending,
    without repetitions."""
    d = points.shape[1]
    if not len(points) or not len(by):
        return np.zeros(len(points), np.bool_)
    points, by_ = np.ascontiguousarray(points), np.ascontiguousarray(by)
    if d == 2:
        found = kernels.dominated_2(points, by_)
    elif d == 3:
        levels = np.unique(by_[:, 1])
        size = len(levels)
        place = size - 1 - np.searchsorted(levels, points[:, 1], "left")
        by_place = size - 1 - np.searchsorted(levels, by_[:, 1], "left")
        found = kernels.dominated_3(points, by_, place, by_place, size)
    else:
        found = kernels.dominated_any(points, by_, points is by_)
    return np.asarray(found)


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
    both = np.concatenate([by, points])
    ranked = ascending(both)
    again = np.zeros(len(both), np.bool_)
    again[ranked[1:]] = (both[ranked[1:]] == both[ranked[:-1]]).all(axis=1)
    return again[len(by) :]
