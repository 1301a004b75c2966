"""Drawing what is left open: values and walk-aways that fit the ranges and the orders.

The space of all that fit is a polytope, a box cut by `this is worth at least as much as that`
(Lahdelma, Hokkanen & Salminen 1998 for its use). Draws are uniform over it. It falls into
groups that have no order between them; each is drawn in the plainest way that is exact, and
only what is left by a Markov chain, whose mixing is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining.model import Model, Range

Floats = NDArray[np.float64]
Name = tuple[str, ...]
"""An open number: (party, issue, option), or (party,) for its walk-away."""

PILOT = 5_000
"""Draws from the box that tell whether rejecting the unfit is quick enough."""

LEAST_FIT = 0.02
"""The share of the box that must fit for that."""

MIXED = 1.01
"""The largest split R-hat of chains taken to have mixed (Vehtari et al. 2021)."""


@dataclass(frozen=True)
class Group:
    """Open numbers that orders tie together, and how they were drawn.

    how       : "independent" (uniform in the box), "sorted" (order statistics), "rejection"
                (uniform in the box, the unfit left out) or "Gibbs" (a chain that draws one
                number at a time given the others; Geman & Geman 1984)
    r_hat     : the largest split R-hat of its numbers (Gelman et al. 2013); only for Gibbs
    effective : how many independent draws they are worth, by the least of its numbers
                (Geyer 1992); all of them but for Gibbs
    """

    names: tuple[Name, ...]
    how: str
    r_hat: float | None
    effective: float

    @property
    def mixed(self) -> bool:
        """The chains agree with one another, as far as R-hat can tell."""
        return self.r_hat is None or self.r_hat <= MIXED


@dataclass(frozen=True, eq=False)
class Drawn:
    """numbers : (samples, names) each row fits everything that is said"""

    names: tuple[Name, ...]
    numbers: Floats
    groups: tuple[Group, ...]

    @property
    def effective(self) -> float:
        """How many independent draws all of them are worth at least."""
        return min([float(len(self.numbers)), *(group.effective for group in self.groups)])


def open_numbers(model: Model) -> dict[Name, Range]:
    """Everything not known exactly, with its range."""
    found: dict[Name, Range] = {}
    for party in model.parties:
        for issue, options in model.issues.items():
            for option in options:
                value = model.values[party][issue][option]
                if isinstance(value, Range):
                    found[party, issue, option] = value
        wall = model.limit(party)
        if isinstance(wall, Range):
            found[(party,)] = wall
    return found


def draw(model: Model, samples: int, rng: np.random.Generator) -> Drawn:
    """Values and walk-aways, uniform over all that fit ranges and orders."""
    ranges = open_numbers(model)
    names = tuple(ranges)
    place = {name: n for n, name in enumerate(names)}
    low = np.array([float(r.low) for r in ranges.values()])
    high = np.array([float(r.high) for r in ranges.values()])
    above: list[set[int]] = [set() for _ in names]
    for party, chains in model.orders.items():
        for more, less in (pair for chain in chains for pair in pairwise(chain)):
            a, b = place.get((party, *more)), place.get((party, *less))
            if a is not None and b is not None:
                above[b].add(a)
            elif a is not None:
                low[a] = max(low[a], _exact(model, party, less))
            elif b is not None:
                high[b] = min(high[b], _exact(model, party, more))
    numbers = np.empty((samples, len(names)))
    groups = []
    for members in _together(above):
        part = [{members.index(a) for a in above[n]} for n in members]
        how, got, r_hat, worth = _draw(low[members], high[members], part, samples, rng)
        numbers[:, members] = got
        groups.append(Group(tuple(names[n] for n in members), how, r_hat, worth))
    return Drawn(names, numbers, tuple(groups))


def _exact(model: Model, party: str, item: tuple[str, str]) -> float:
    value = model.values[party][item[0]][item[1]]
    assert not isinstance(value, Range)
    return float(value)


def _together(above: Sequence[set[int]]) -> list[list[int]]:
    """The numbers in groups with no order between them; those in no order as one group."""
    near: list[set[int]] = [set(each) for each in above]
    for below, each in enumerate(above):
        for n in each:
            near[n].add(below)
    alone = [n for n, each in enumerate(near) if not each]
    found = [alone] if alone else []
    met = set(alone)
    for first in range(len(above)):
        if first in met:
            continue
        group, todo = {first}, [first]
        while todo:
            new = near[todo.pop()] - group
            group |= new
            todo += new
        met |= group
        found.append(sorted(group))
    return found


def _draw(
    low: Floats, high: Floats, above: list[set[int]], samples: int, rng: np.random.Generator
) -> tuple[str, Floats, float | None, float]:
    """One group: how, (samples, k), split R-hat, effective draws."""
    k = len(low)
    if not any(above):
        return "independent", low + (high - low) * rng.random((samples, k)), None, samples
    order = _chain(above)
    if order is not None and np.ptp(low) == 0 and np.ptp(high) == 0:
        found = np.empty((samples, k))
        found[:, order] = np.sort(rng.random((samples, k)), axis=1)[:, ::-1]
        return "sorted", low + (high - low) * found, None, samples
    low, high = _tight(low, high, above)
    fit = _fits(low + (high - low) * rng.random((PILOT, k)), above)
    if (share := float(fit.mean())) >= LEAST_FIT:
        return "rejection", _rejected(low, high, above, samples, share, rng), None, samples
    got, r_hat, effective = _gibbs(low, high, above, samples, rng)
    return "Gibbs", got, r_hat, effective


def _chain(above: Sequence[set[int]]) -> list[int] | None:
    """The numbers, largest first, if each stands directly below the one before."""
    tops = [n for n, each in enumerate(above) if not each]
    below: list[list[int]] = [[] for _ in above]
    for n, each in enumerate(above):
        for a in each:
            below[a].append(n)
    if len(tops) != 1 or any(len(each) > 1 for each in (*above, *below)):
        return None
    order = tops
    while below[order[-1]]:
        order.append(below[order[-1]][0])
    return order if len(order) == len(above) else None


def _tight(low: Floats, high: Floats, above: Sequence[set[int]]) -> tuple[Floats, Floats]:
    """The same bounds, as narrow as the orders make them."""
    low, high = low.copy(), high.copy()
    for _ in above:
        for n, each in enumerate(above):
            for a in each:
                low[a] = max(low[a], low[n])
                high[n] = min(high[n], high[a])
    return low, high


def _fits(numbers: Floats, above: Sequence[set[int]]) -> NDArray[np.bool_]:
    fit = np.ones(len(numbers), np.bool_)
    for n, each in enumerate(above):
        for a in each:
            fit &= numbers[:, a] >= numbers[:, n]
    return fit


def _rejected(
    low: Floats,
    high: Floats,
    above: Sequence[set[int]],
    samples: int,
    share: float,
    rng: np.random.Generator,
) -> Floats:
    found: list[Floats] = []
    have = 0
    while have < samples:
        size = min(1 << 17, ceil((samples - have) / share * 1.1) + 16)
        some = low + (high - low) * rng.random((size, len(low)))
        found.append(some[_fits(some, above)])
        have += len(found[-1])
    return np.concatenate(found)[:samples]


def _gibbs(
    low: Floats, high: Floats, above: Sequence[set[int]], samples: int, rng: np.random.Generator
) -> tuple[Floats, float, float]:
    """Many chains side by side, from starts spread between the lowest and the highest point
    that fit; thinned twice as much until they have mixed."""
    k = len(low)
    chains = min(400, max(4, samples // 50))
    keep = max(8, ceil(samples / chains))
    up = [sorted(each) for each in above]
    down: list[list[int]] = [[] for _ in above]
    for n, each in enumerate(above):
        for a in each:
            down[a].append(n)
    # Both ends fit, and so does everything between them.
    now = low + (high - low) * rng.random((chains, 1))

    def sweep() -> None:
        for v in range(k):
            floor = now[:, down[v]].max(axis=1, initial=low[v])
            top = now[:, up[v]].min(axis=1, initial=high[v])
            now[:, v] = floor + (top - floor) * rng.random(chains)

    for _ in range(max(50, 5 * k)):
        sweep()
    thin = 1
    while True:
        kept = np.empty((keep, chains, k))
        for row in range(keep):
            for _ in range(thin):
                sweep()
            kept[row] = now
        worth = [mixing(kept[:, :, v]) for v in range(k)]
        r_hat = max(r for r, _ in worth)
        if (r_hat <= MIXED and min(e for _, e in worth) >= 0.25 * keep * chains) or thin >= 64:
            break
        thin *= 2
    effective = min(samples, min(e for _, e in worth))
    # Every chain gives its share, were fewer draws asked for than were made.
    return kept.reshape(-1, k)[:samples], r_hat, float(effective)


def mixing(draws: Floats) -> tuple[float, float]:
    """Split R-hat and effective sample size of one number's chains, (draws, chains).

    Gelman et al., Bayesian Data Analysis (2013), section 11.4 and 11.5, with Geyer's (1992)
    initial positive sequence. A number that does not vary has R-hat 1.
    """
    half = len(draws) // 2
    split = np.concatenate([draws[:half], draws[half : 2 * half]], axis=1)
    n, m = split.shape
    means = split.mean(axis=0)
    within = float(split.var(axis=0, ddof=1).mean())
    if within == 0:
        return 1.0, float(draws.size)
    total = (n - 1) / n * within + float(means.var(ddof=1))
    apart = split - means
    summed = 0.0
    for lag in range(0, n - 1, 2):
        pair = 0.0
        for t in (lag, lag + 1):
            together = float((apart[: n - t] * apart[t:]).sum()) / (m * n)
            pair += 1 - (within - together * n / (n - 1)) / total
        if pair <= 0:
            break
        summed += pair
    effective = draws.size / max(2 * summed - 1, 1 / np.log10(max(draws.size, 10)))
    return float(np.sqrt(total / within)), float(min(effective, draws.size))
