"""A bargaining model as whole numbers: what the solver works on.

Every party's values are multiplied by the least common multiple of their denominators, so
that sums and comparisons are exact: in 64 bits where they fit, else in Python's integers,
which have no end. Issues are put in an order in which few constraints are
open at a time: what the constraints remember of the options chosen so far is a state, and a
package is a path through states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining.model import Model, Package, Range
from detente.solve.plain import ModelError, Wrong

Ints = NDArray[Any]
"""Whole numbers: int64, or Python's own (dtype object) where sums may pass LARGEST."""

LARGEST = 1 << 62
MOST_STATES = 100_000
"""States the constraints may have between two issues."""


@dataclass(frozen=True, eq=False)
class Step:
    """One issue in the solver's order.

    issue  : its number in the model's order
    values : (k, d), what each option is worth to each party
    next   : (states before, k) int32: the state after, -1 where a constraint forbids it
    masks  : the states after it: bits of the constraints that what was chosen may yet break
    """

    issue: int
    values: Ints
    next: NDArray[np.int32]
    masks: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Space:
    """steps : the issues in the solver's order; before the first and after the last there is
            one state
    scale  : for each party what its values were multiplied by
    limit  : (d,), walk-away values, multiplied likewise

    Values and limits are int64, or all of them Python's integers where that is too narrow.
    """

    model: Model
    steps: tuple[Step, ...]
    scale: tuple[int, ...]
    limit: Ints

    @property
    def wide(self) -> bool:
        """Numbers do not fit 64 bits."""
        return self.limit.dtype == object

    @property
    def bytes(self) -> int:
        """What one number takes in memory, about."""
        if not self.wide:
            return 8
        most = max(int(abs(step.values).max()).bit_length() for step in self.steps)
        return 8 + 28 + most // 7

    def value(self, party: int, number: int) -> Fraction:
        """A whole number in the party's own units."""
        return Fraction(int(number), self.scale[party])

    def package(self, choice: Sequence[int]) -> dict[str, str]:
        """A package from option numbers, by the model's issues."""
        pairs = zip(self.model.issues.items(), choice, strict=True)
        return {issue: options[int(number)] for (issue, options), number in pairs}

    def backwards(self) -> Space:
        """The same with the issues in the opposite order."""
        names = list(self.model.issues)
        groups = [frozenset(names.index(i) for i in each.options) for each in self.model.nogoods]
        values = {step.issue: step.values for step in self.steps}
        placed = [step.issue for step in reversed(self.steps)]
        steps = _steps(self.model, placed, groups, [values[n] for n in range(len(names))])
        return Space(self.model, steps, self.scale, self.limit)

    def vector(self, package: Package) -> Ints:
        """What a package is worth, (d,)."""
        names = list(self.model.issues)
        total = np.zeros(len(self.scale), self.limit.dtype)
        for step in self.steps:
            options = self.model.issues[names[step.issue]]
            total += step.values[options.index(package[names[step.issue]])]
        return total


def order(sizes: Sequence[int], groups: Sequence[frozenset[int]]) -> list[int]:
    """Issues (numbers) so that few groups of them are begun and unfinished at a time.

    Groups that hang together come first, one component after the other; within one, the
    issue next that leaves fewest groups open. Issues in no group follow as they stand.
    """
    left = {issue for group in groups for issue in group}
    done: list[int] = []
    while left:
        placed = set(done)
        open_ = [group for group in groups if group & placed and not group <= placed]
        reach = {issue for group in open_ for issue in group} & left or left

        def cost(issue: int, placed: set[int] = placed) -> tuple[int, int, int]:
            after = placed | {issue}
            count = sum(1 for group in groups if group & after and not group <= after)
            return count, sizes[issue], issue

        best = min(reach, key=cost)
        done.append(best)
        left.discard(best)
    return done + [issue for issue in range(len(sizes)) if issue not in done]


def space(model: Model) -> Space:
    """The model as whole numbers.

    Raises ModelError where values are not exact, or the constraints hang together too much.
    """
    if model.open:
        do = "Give exact values, or ask in what share of those that fit a package holds."
        raise ModelError(Wrong((), "some values are not known exactly", do))
    names = list(model.issues)
    scale, limit, columns = [], [], []
    wide = False
    for party in model.parties:
        numbers = [
            [_exact(model.values[party][issue][option]) for option in model.issues[issue]]
            for issue in names
        ]
        wall = _exact(model.limit(party))
        factor = lcm(wall.denominator, *(n.denominator for of in numbers for n in of))
        most = sum(max(abs(n) for n in of) for of in numbers) + abs(wall)
        wide = wide or most * factor >= LARGEST
        scale.append(factor)
        limit.append(int(wall * factor))
        columns.append([[int(n * factor) for n in of] for of in numbers])
    groups = [frozenset(names.index(issue) for issue in each.options) for each in model.nogoods]
    placed = order([len(model.issues[name]) for name in names], groups)
    kind = object if wide else np.int64
    values = [
        np.array([[c[n][o] for c in columns] for o in range(len(model.issues[name]))], kind)
        for n, name in enumerate(names)
    ]
    steps = _steps(model, placed, groups, values)
    return Space(model, steps, tuple(scale), np.array(limit, kind))


def _steps(
    model: Model, placed: Sequence[int], groups: Sequence[frozenset[int]], values: Sequence[Ints]
) -> tuple[Step, ...]:
    """The issues in the order `placed`, with the states of the constraints between them.

    groups, values : which issues each constraint touches, and what options are worth, by the
                     model's issues
    """
    names, found = list(model.issues), model.nogoods
    at = {issue: n for n, issue in enumerate(placed)}
    first = [min(at[i] for i in group) for group in groups]
    last = [max(at[i] for i in group) for group in groups]
    steps = []
    masks = [0]
    for n, issue in enumerate(placed):
        options = model.issues[names[issue]]
        touch = sum(1 << k for k, group in enumerate(groups) if issue in group)
        start = sum(1 << k for k in range(len(groups)) if first[k] == n)
        end = sum(1 << k for k in range(len(groups)) if last[k] == n)
        hits = [
            sum(
                1 << k
                for k, each in enumerate(found)
                if option in each.options.get(names[issue], ())
            )
            for option in options
        ]
        new: dict[int, int] = {}
        table = np.full((len(masks), len(options)), -1, np.int32)
        for s, mask in enumerate(masks):
            for o, hit in enumerate(hits):
                alive = (mask | start) & (hit | ~touch)
                if not alive & end:
                    table[s, o] = new.setdefault(alive & ~end, len(new))
        if len(new) > MOST_STATES:
            what = f"the constraints hang together in more than {MOST_STATES:,} ways"
            raise ModelError(Wrong((), what, "Leave out constraints, or join issues into one."))
        steps.append(Step(issue, values[issue], table, tuple(new)))
        masks = list(new)
    return tuple(steps)


def _exact(value: Fraction | Range) -> Fraction:
    assert isinstance(value, Fraction)
    return value
