"""What a person asks of a bargaining problem, once it has been solved.

From a package: what could be traded, what would bring a refusing party in. Of the issues:
which carries the conflict. Of an empty zone of agreement: who is short of what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining.model import Model, Package
from detente.solve.bargaining.pareto import Frontier
from detente.solve.bargaining.rules import nash
from detente.solve.bargaining.states import Ints, Space

CHUNK = 1 << 20
"""Pairs of changes looked at together."""


@dataclass(frozen=True, slots=True)
class Trade:
    """A change of one issue, or of two.

    changes : issue -> (option now, option then)
    gains   : party -> what it gains, negative where it loses
    """

    changes: Mapping[str, tuple[str, str]]
    gains: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Standing:
    """A package, and what could be made of it.

    values    : party -> what it is worth
    gains     : party -> that, less the walk-away; negative where the party refuses
    breaks    : the constraints it breaks
    dominated : how many points of the frontier are better for some and worse for none
    better    : of those, the package with the largest product of what the parties gain by
                it (Nash's, from here); None where the package is efficient
    trades    : changes of one issue that make some better and none worse, then of two where
                neither change does so alone (logrolling, Raiffa 1982 ch. 11); none by which
                somebody gains less and nobody more than by another in the list
    bring_in  : for each party that refuses, the changes of one issue that make it accept,
                the cheapest for the others first
    """

    package: dict[str, str]
    values: dict[str, Fraction]
    gains: dict[str, Fraction]
    breaks: list[tuple[str, int]]
    dominated: int
    better: dict[str, str] | None
    trades: tuple[Trade, ...]
    bring_in: dict[str, tuple[Trade, ...]]


def standing(found: Frontier, package: Package) -> Standing:
    """Where a package stands. Raises ModelError where it is none."""
    space = found.space
    model = space.model
    chosen = model.package(package)
    vector = space.vector(chosen)
    above = np.flatnonzero(
        (found.points >= vector).all(axis=1) & (found.points > vector).any(axis=1)
    )
    better = None
    if len(above):
        row = above[nash(found.points[above] - vector)[0]]
        better = space.package(found.choices[row])
    gains = vector - space.limit
    moves = _Moves(space, chosen)
    return Standing(
        chosen,
        {p: space.value(n, vector[n]) for n, p in enumerate(model.parties)},
        {p: space.value(n, gains[n]) for n, p in enumerate(model.parties)},
        model.breaks(chosen),
        len(above),
        better,
        tuple(moves.trades()),
        {p: tuple(moves.bring_in(n, gains)) for n, p in enumerate(model.parties) if gains[n] < 0},
    )


class _Moves:
    """Changes of one package."""

    def __init__(self, space: Space, package: Mapping[str, str]) -> None:
        self.space, self.package = space, package
        model = space.model
        names = list(model.issues)
        self.deltas: dict[str, Ints] = {}
        for step in space.steps:
            issue = names[step.issue]
            now = model.issues[issue].index(package[issue])
            self.deltas[issue] = step.values - step.values[now]
        self.tied = {issue for each in model.nogoods for issue in each.options}

    def trade(self, changes: Mapping[str, int]) -> Trade | None:
        """The change to these option numbers; None where it is none, or can't be."""
        model = self.space.model
        then = {issue: model.issues[issue][o] for issue, o in changes.items()}
        if any(self.package[issue] == option for issue, option in then.items()):
            return None
        if self.tied.intersection(then) and model.breaks({**self.package, **then}):
            return None
        total = sum(self.deltas[issue][o] for issue, o in changes.items())
        return Trade(
            {issue: (self.package[issue], option) for issue, option in then.items()},
            {p: self.space.value(n, total[n]) for n, p in enumerate(model.parties)},
        )

    def trades(self) -> Iterator[Trade]:
        issues = list(self.space.model.issues)
        found = []
        alone: dict[str, NDArray[np.bool_]] = {}
        for issue in issues:
            delta = self.deltas[issue]
            alone[issue] = np.asarray((delta >= 0).all(axis=1))
            for o in np.flatnonzero(alone[issue] & (delta > 0).any(axis=1)):
                found.append(self.trade({issue: int(o)}))
        for a, first in enumerate(issues):
            for second in issues[a + 1 :]:
                found += [
                    self.trade({first: i, second: j}) for i, j in self._pairs(first, second, alone)
                ]
        trades = [each for each in found if each is not None]
        gains = [tuple(each.gains.values()) for each in trades]
        best = _undominated(gains)
        yield from (trades[n] for n in best)

    def _pairs(
        self, first: str, second: str, alone: Mapping[str, NDArray[np.bool_]]
    ) -> Iterator[tuple[int, int]]:
        """Options of two issues that neither would do alone: one gives here, one there."""
        mine, other = self.deltas[first], self.deltas[second]
        left = np.flatnonzero(~alone[first])
        right = np.flatnonzero(~alone[second])
        rows = max(1, CHUNK // max(1, len(right)))
        for start in range(0, len(left), rows):
            part = left[start : start + rows]
            total = mine[part][:, None, :] + other[right][None, :, :]
            good = (total >= 0).all(axis=2) & (total > 0).any(axis=2)
            for i, j in np.argwhere(good):
                yield int(part[i]), int(right[j])

    def bring_in(self, party: int, gains: Ints) -> list[Trade]:
        found = []
        stakes = _stakes(self.deltas.values())
        for issue, delta in self.deltas.items():
            for o in np.flatnonzero(delta[:, party] + gains[party] >= 0):
                trade = self.trade({issue: int(o)})
                if trade is not None:
                    after = gains + delta[o]
                    loss = np.maximum(-delta[o], 0) / np.maximum(stakes, 1)
                    found.append((int((after < 0).sum()), float(loss.max()), trade))
        found.sort(key=lambda each: each[:2])
        return [trade for *_, trade in found]


def _stakes(values: Iterable[Ints]) -> Ints:
    """For each party what its best package is worth above its worst, constraints aside."""
    return np.asarray(sum(each.max(axis=0) - each.min(axis=0) for each in values))


def _undominated(gains: Sequence[tuple[Fraction, ...]]) -> list[int]:
    """Those that no other exceeds; of equal ones the first."""
    ranked = sorted(range(len(gains)), key=lambda n: ([-each for each in gains[n]], n))
    kept: list[int] = []
    for n in ranked:
        if not any(all(a >= b for a, b in zip(gains[k], gains[n], strict=True)) for k in kept):
            kept.append(n)
    return sorted(kept)


# --- issues ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weight:
    """What an issue is about.

    stakes   : party -> its best option's worth less its worst one's
    shares   : party -> that as a share of its stakes in all issues (0 to 1)
    best     : party -> an option it likes best
    conflict : the least, over the options, of the shares the parties together fall short of
               what they like best: 0 where one option is best for all; an issue that one
               party cares little about costs little, however much the other cares
    meets    : the option at which that is
    """

    issue: str
    stakes: dict[str, Fraction]
    shares: dict[str, float]
    best: dict[str, str]
    conflict: float
    meets: str


def weights(model: Model) -> tuple[Weight, ...]:
    """The issues by the conflict they carry, the heaviest first; constraints aside.

    Needs exact values. After the integrative and distributive issues of Walton & McKersie
    (1965) and Raiffa (1982).
    """
    found = []
    values = {
        party: {
            issue: {o: v for o, v in inside.items() if isinstance(v, Fraction)}
            for issue, inside in model.values[party].items()
        }
        for party in model.parties
    }
    tops = {p: {issue: max(inside.values()) for issue, inside in values[p].items()} for p in values}
    stakes = {
        p: {i: tops[p][i] - min(inside.values()) for i, inside in values[p].items()} for p in values
    }
    whole = {p: sum(each.values(), Fraction(0)) for p, each in stakes.items()}
    for issue, options in model.issues.items():
        short = {
            o: sum(
                (
                    (tops[p][issue] - values[p][issue][o]) / whole[p]
                    for p in model.parties
                    if whole[p]
                ),
                Fraction(0),
            )
            for o in options
        }
        meets = min(options, key=lambda o: short[o])
        found.append(
            Weight(
                issue,
                {p: stakes[p][issue] for p in model.parties},
                {p: float(stakes[p][issue] / whole[p]) if whole[p] else 0.0 for p in model.parties},
                {
                    p: max(options, key=lambda o, p=p: values[p][issue][o])  # type: ignore[misc]
                    for p in model.parties
                },
                float(short[meets]),
                meets,
            )
        )
    return tuple(sorted(found, key=lambda each: -each.conflict))


# --- an empty zone of agreement -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opening:
    """What one party alone could change.

    amount  : by how much its walk-away would have to be lower, or any one option of `package`
              worth more to it, for that package to be acceptable to all
    package : one for which that is least
    """

    party: str
    amount: Fraction
    package: dict[str, str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Why no package is acceptable to all.

    unreachable : party -> (its walk-away, the most any feasible package gives it), where the
                  first is above the second
    openings    : for each party that alone could open the zone, the smallest change; the
                  smallest of them first, as a share of the party's stakes
    closest     : a package with the least shortfalls, as shares of the parties' stakes, the
                  largest first (leximin)
    short       : party -> by how much that package falls short of its walk-away
    """

    unreachable: dict[str, tuple[Fraction, Fraction]]
    openings: tuple[Opening, ...]
    closest: dict[str, str]
    short: dict[str, Fraction]


def gap(found: Frontier) -> Gap | None:
    """Who is short of what; None where some package is acceptable, or none is feasible."""
    space, points = found.space, found.points
    parties = space.model.parties
    if not len(points) or (points >= space.limit).all(axis=1).any():
        return None
    most = points.max(axis=0)
    unreachable = {
        p: (space.value(n, space.limit[n]), space.value(n, most[n]))
        for n, p in enumerate(parties)
        if most[n] < space.limit[n]
    }
    stakes = np.maximum(_stakes(step.values for step in space.steps), 1).tolist()
    openings = []
    for n in range(len(parties)):
        others = np.delete(points >= space.limit, n, axis=1).all(axis=1)
        if others.any():
            rows = np.flatnonzero(others)
            row = rows[points[rows, n].argmax()]
            amount = int(space.limit[n] - points[row, n])
            openings.append((Fraction(amount, stakes[n]), n, int(row), amount))
    openings.sort()
    short = np.maximum(space.limit - points, 0)
    share = (short / np.array(stakes)).astype(np.float64)
    ranked = np.lexsort(np.sort(share, axis=1).T)
    closest = int(ranked[0])
    return Gap(
        unreachable,
        tuple(
            Opening(parties[n], space.value(n, amount), space.package(found.choices[row]))
            for _, n, row, amount in openings
        ),
        space.package(found.choices[closest]),
        {p: space.value(n, short[closest, n]) for n, p in enumerate(parties) if short[closest, n]},
    )
