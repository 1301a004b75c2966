"""The solutions of bargaining theory, with all ties, in whole numbers.

Each is taken over the packages acceptable to all. A package that another one dominates is
never among them, so the frontier's points are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining.pareto import Frontier
from detente.solve.bargaining.states import Ints

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")

DEFINITIONS = {
    "nash": (
        "The largest product of gains over the walk-aways. Where no package gives everybody a"
        " gain: the largest number of parties that can gain together, and for every such set"
        " the largest product of their gains (Nash 1950; Mariotti 1998 for discrete sets; the"
        " largest set as in Caragiannis et al. 2019)."
    ),
    "kalai_smorodinsky": (
        "The smallest share of the best each could hope for as large as it can be, then the"
        " second smallest, and so on (Kalai & Smorodinsky 1975; the lexicographic form of"
        " Imai 1983). Who can gain nothing at all is left out."
    ),
    "egalitarian": (
        "The smallest gain as large as it can be, then the second smallest, and so on (Kalai"
        " 1977; Chun & Peters 1988). Gains are compared across parties as they are written."
    ),
    "utilitarian": (
        "The largest sum of values (Thomson 1981). Values are added across parties as they are"
        " written."
    ),
}
"""What each solution is, and whose."""

NEAR = 1e-9
"""How close in floating point two numbers are looked at exactly. Where numbers do not fit 64
bits, all are."""


@dataclass(frozen=True, eq=False)
class Solutions:
    """Rows of the frontier that solve the problem.

    acceptable : rows that give everybody its walk-away at least
    rows       : rule -> tied rows, ascending
    ideal      : the best each party could hope for among acceptable packages, in its own
                 units; none where nothing is acceptable
    """

    acceptable: NDArray[np.int64]
    rows: dict[str, tuple[int, ...]]
    ideal: tuple[Fraction, ...] | None


def solutions(found: Frontier) -> Solutions:
    """Nash, Kalai-Smorodinsky, egalitarian and utilitarian packages, with all ties."""
    space = found.space
    rows = np.flatnonzero((found.points >= space.limit).all(axis=1))
    if not len(rows):
        return Solutions(rows, dict.fromkeys(RULES, ()), None)
    gains = found.points[rows] - space.limit
    ideal = gains.max(axis=0)
    common = lcm(*space.scale)
    units = [common // scale for scale in space.scale]
    shares = lcm(*(int(each) for each in ideal if each)) if ideal.any() else 1
    relative = [shares // int(each) if each else 0 for each in ideal]
    some = [n for n, each in enumerate(ideal) if each]
    picked = {
        "nash": nash(gains),
        "kalai_smorodinsky": _leximin(gains[:, some], [relative[n] for n in some]),
        "egalitarian": _leximin(gains, units),
        "utilitarian": _largest_sum(gains, units),
    }
    best = found.points[rows].max(axis=0)
    return Solutions(
        rows,
        {rule: tuple(int(rows[n]) for n in at) for rule, at in picked.items()},
        tuple(space.value(p, int(number)) for p, number in enumerate(best)),
    )


def nash(gains: Ints) -> list[int]:
    """Rows with the largest product of gains, of the largest sets that can gain together.

    gains : (n, d), none negative
    """
    positive = gains > 0
    most = positive.sum(axis=1).max()
    rows = np.flatnonzero(positive.sum(axis=1) == most)
    found: list[int] = []
    for who in np.unique(positive[rows], axis=0):
        here = rows[(positive[rows] == who).all(axis=1)]
        inside = gains[here][:, who]
        close = here
        if gains.dtype != object:
            logs = np.log(inside.astype(np.float64)).sum(axis=1)
            close = here[logs >= logs.max() - NEAR]
        exact = [prod(row) for row in gains[close][:, who].tolist()]
        best = max(exact)
        found += [int(n) for n, each in zip(close, exact, strict=True) if each == best]
    return sorted(found)


def _leximin(gains: Ints, weights: Sequence[int]) -> list[int]:
    """Rows whose smallest weighted gain is largest, then the second smallest, and so on."""
    if not gains.shape[1]:
        return list(range(len(gains)))
    close = np.arange(len(gains))
    if gains.dtype != object:
        largest = max(weights)
        smallest = (gains * np.array([each / largest for each in weights])).min(axis=1)
        close = np.flatnonzero(smallest >= smallest.max() * (1 - NEAR))
    exact = [
        sorted(gain * weight for gain, weight in zip(row, weights, strict=True))
        for row in gains[close].tolist()
    ]
    best = max(exact)
    return [int(n) for n, each in zip(close, exact, strict=True) if each == best]


def _largest_sum(gains: Ints, weights: Sequence[int]) -> list[int]:
    close = np.arange(len(gains))
    if gains.dtype != object:
        largest = max(weights)
        total = (gains * np.array([each / largest for each in weights])).sum(axis=1)
        close = np.flatnonzero(total >= total.max() * (1 - NEAR))
    exact = [
        sum(gain * weight for gain, weight in zip(row, weights, strict=True))
        for row in gains[close].tolist()
    ]
    best = max(exact)
    return [int(n) for n, each in zip(close, exact, strict=True) if each == best]
