"""Preferences that are left open in part: how often each state is an equilibrium.

What is fixed is a partial order of a decision maker's statements (or of the levels of its
ranking); each order of them that fits is taken to be equally likely, and decision makers to
be independent. Orders are drawn uniformly, by counting how many complete each beginning; if
there are no more of them than samples were asked for, each is taken once, and the shares are
exact. This is the spirit of stochastic multicriteria acceptability analysis (Lahdelma,
Hokkanen & Salminen 1998).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product
from math import factorial

import numpy as np
from numpy.typing import NDArray

from detente.solve.conflict.grid import Space, ranks, space
from detente.solve.conflict.model import Model, Priorities, Ranking
from detente.solve.conflict.stability import CONCEPTS, Progress, analyse
from detente.solve.plain import ModelError, Wrong

MOST_TOGETHER = 20
"""So many statements or levels may hang together by open pairs, unless all pairs are open."""


@dataclass(frozen=True, slots=True)
class Shares:
    """In what share of the orders that fit each state is an equilibrium.

    share   : concept -> state -> share above 0, the largest first
    samples : orders looked at
    exact   : they were all there are, each once; else drawn with `seed`
    orders  : how many fit in all
    error   : largest standard error of a share, 0 when exact
    """

    share: dict[str, dict[str, float]]
    samples: int
    exact: bool
    orders: int
    seed: int
    error: float


@dataclass(frozen=True)
class Part:
    """Items first..last-1 of an order, which open pairs hold together.

    after : for each item the bits of those (counted from `first`) that must come before it
    count : how many orders of them fit
    """

    first: int
    last: int
    after: tuple[int, ...]
    count: int

    @property
    def loose(self) -> bool:
        """Every order fits."""
        return not any(self.after)


def parts(count: int, open_: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """The order 0 < 1 < ... < count-1 with some pairs left open, in independent pieces.

    Two items of an open pair have everything between them open to one of the two, so what
    hangs together is a run.
    """
    pairs = {frozenset(pair) for pair in open_}
    end = [i + 1 for i in range(count)]
    for pair in pairs:
        end[min(pair)] = max(end[min(pair)], max(pair) + 1)
    found = []
    first = 0
    while first < count:
        last = end[first]
        i = first
        while i < last:
            last = max(last, end[i])
            i += 1
        after = tuple(
            sum(1 << (k - first) for k in range(first, i) if frozenset((k, i)) not in pairs)
            for i in range(first, last)
        )
        if not any(after):
            orders = factorial(last - first)
        elif last - first > MOST_TOGETHER:
            what = f"{last - first} statements or levels hang together by open pairs"
            do = f"At most {MOST_TOGETHER} may, unless every pair of them is open."
            raise ModelError(Wrong((), what, do))
        else:
            orders = _completions(after)(0)
        found.append(Part(first, last, after, orders))
        first = last
    return tuple(found)


@lru_cache(maxsize=64)
def _completions(after: tuple[int, ...]):  # type: ignore[no-untyped-def]
    """A function: how many orders complete a beginning, given as bits."""
    everything = (1 << len(after)) - 1

    @cache
    def count(done: int) -> int:
        if done == everything:
            return 1
        return sum(count(done | 1 << i) for i in _next(after, done))

    return count


def _next(after: tuple[int, ...], done: int) -> Iterator[int]:
    """Items that may come next, by what must stand before them."""
    for i, before in enumerate(after):
        if not done >> i & 1 and before & ~done == 0:
            yield i


def _draw(part: Part, rng: random.Random) -> list[int]:
    if part.loose:
        order = list(range(part.first, part.last))
        rng.shuffle(order)
        return order
    count = _completions(part.after)
    done, order = 0, []
    while len(order) < len(part.after):
        pick = rng.randrange(count(done))
        for i in _next(part.after, done):
            pick -= count(done | 1 << i)
            if pick < 0:
                break
        order.append(part.first + i)
        done |= 1 << i
    return order


def _all(part: Part) -> Iterator[list[int]]:
    def extend(done: int, order: list[int]) -> Iterator[list[int]]:
        if len(order) == len(part.after):
            yield order
        for i in _next(part.after, done):
            yield from extend(done | 1 << i, [*order, part.first + i])

    return extend(0, [])


def open_parts(model: Model) -> dict[str, tuple[Part, ...]]:
    """For each decision maker whose preference is open in part, its pieces."""
    found = {}
    for name, preference in model.preferences.items():
        if isinstance(preference, Priorities) and preference.open:
            found[name] = parts(len(preference.statements), preference.open)
        elif isinstance(preference, Ranking) and preference.open:
            level = {s: i for i, states in enumerate(preference.levels) for s in states}
            pairs = [(level[a], level[b]) for a, b in preference.open]
            found[name] = parts(len(preference.levels), pairs)
    return found


def _reordered(model: Model, orders: dict[str, Sequence[int]]) -> Model:
    preferences = dict(model.preferences)
    for name, order in orders.items():
        preference = preferences[name]
        if isinstance(preference, Priorities):
            statements = tuple(preference.statements[i] for i in order)
            preferences[name] = Priorities(statements)
        elif isinstance(preference, Ranking):
            preferences[name] = Ranking(tuple(preference.levels[i] for i in order))
    return replace(model, preferences=preferences)


def shares(
    model: Model, *, samples: int = 1000, seed: int = 0, progress: Progress | None = None
) -> Shares:
    """In what share of the orders that fit is each state an equilibrium?

    Raises ModelError when nothing is left open.
    """
    run = _Run.of(model, samples, seed)
    totals = np.zeros((len(CONCEPTS), run.grid.cells), dtype=np.int64)
    count = 0
    for _, both in run.analyses():
        for c in range(len(CONCEPTS)):
            totals[c] += both >> c & 1
        count += 1
        if progress is not None:
            progress(count, min(samples, run.orders))
    grid, exact, orders = run.grid, run.exact, run.orders
    share: dict[str, dict[str, float]] = {}
    error = 0.0
    for c, concept in enumerate(CONCEPTS):
        cells = np.flatnonzero(totals[c])
        cells = cells[np.argsort(-totals[c, cells], kind="stable")]
        values = (totals[c, cells] / count).tolist()
        share[concept] = dict(zip(grid.names(cells), values, strict=True))
        if not exact:
            error = max([error, *((v * (1 - v) / count) ** 0.5 for v in values)])
    return Shares(share, count, exact, orders, seed, error)


@dataclass(frozen=True, slots=True)
class Matter:
    """What the order of two statements (or levels) of one decision maker decides.

    name     : whose they are
    first, second : their numbers, from 0
    state    : the state whose stability depends most on their order
    if_first : in what share of the orders in which `first` comes before `second` it is an
               equilibrium; if_second the same of the other orders
    """

    name: str
    first: int
    second: int
    state: str
    if_first: float
    if_second: float

    @property
    def difference(self) -> float:
        """How much depends on it."""
        return abs(self.if_first - self.if_second)


def matters(
    model: Model, states: Sequence[str], concept: str, *, samples: int = 1000, seed: int = 0
) -> tuple[Matter, ...]:
    """Which open pair decides most about whether states are equilibria; the weightiest first.

    The orders are those of `shares` with the same samples and seed. Raises ModelError when
    nothing is left open.
    """
    run = _Run.of(model, samples, seed)
    cells = np.array([run.grid.cell(state) for state in states], dtype=np.int64)
    bit = CONCEPTS.index(concept)
    held, places = [], []
    for chosen, both in run.analyses():
        held.append(both[cells] >> bit & 1)
        places.append({name: {k: at for at, k in enumerate(o)} for name, o in chosen.items()})
    if not len(cells):
        return ()
    holds = np.array(held, dtype=np.float64)  # (orders, states)
    found = []
    for name, pieces in run.pieces.items():
        for part in pieces:
            for a in range(part.first, part.last):
                for b in range(a + 1, part.last):
                    before = np.array([place[name][a] < place[name][b] for place in places])
                    if before.all() or not before.any():
                        continue
                    one, other = holds[before].mean(axis=0), holds[~before].mean(axis=0)
                    at = int(np.abs(one - other).argmax())
                    found.append(Matter(name, a, b, states[at], float(one[at]), float(other[at])))
    return tuple(sorted(found, key=lambda each: -each.difference))


@dataclass(frozen=True, eq=False)
class _Run:
    """Orders that fit, drawn or all of them, and what is stable under each."""

    model: Model
    pieces: dict[str, tuple[Part, ...]]
    grid: Space
    orders: int
    samples: int
    seed: int

    @classmethod
    def of(cls, model: Model, samples: int, seed: int) -> _Run:
        if samples < 1:
            raise ValueError(f"{samples} samples: draw at least one")
        pieces = open_parts(model)
        if not pieces:
            do = "Add `open: [[first, second], ...]` beside `priorities` or `ranking`."
            raise ModelError(Wrong(("preferences",), "no preference is left open", do))
        orders = 1
        for each in pieces.values():
            for part in each:
                orders *= part.count
        return cls(model, pieces, space(model), orders, samples, seed)

    @property
    def exact(self) -> bool:
        """Every order is taken once."""
        return self.orders <= self.samples

    def analyses(self) -> Iterator[tuple[dict[str, Sequence[int]], NDArray[np.uint8]]]:
        """Each order, and for every cell the concepts under which it is an equilibrium."""
        model, grid = self.model, self.grid
        rng = random.Random(self.seed)
        drawn = _every(self.pieces) if self.exact else _drawn(self.pieces, self.samples, rng)
        rank = np.array(ranks(grid))
        known: dict[tuple[str, tuple[int, ...]], NDArray[np.int32]] = {}
        for chosen in drawn:
            for i, name in enumerate(model.names):
                if name not in chosen:
                    continue
                key = (name, tuple(chosen[name]))
                if key not in known:
                    if len(known) * grid.cells > 1 << 24:
                        known.clear()
                    alone = replace(grid, model=_only(_reordered(model, chosen), name))
                    known[key] = ranks(alone)[i]
                rank[i] = known[key]
            yield chosen, analyse(grid, rank=rank.copy()).both


def _only(model: Model, name: str) -> Model:
    return replace(model, preferences={name: model.preferences[name]})


def _drawn(
    pieces: dict[str, tuple[Part, ...]], samples: int, rng: random.Random
) -> Iterator[dict[str, Sequence[int]]]:
    for _ in range(samples):
        yield {name: [i for p in each for i in _draw(p, rng)] for name, each in pieces.items()}


def _every(pieces: dict[str, tuple[Part, ...]]) -> Iterator[dict[str, Sequence[int]]]:
    names = list(pieces)
    of_each = [
        [[i for run in chosen for i in run] for chosen in product(*map(_all, pieces[name]))]
        for name in names
    ]
    for chosen in product(*of_each):
        yield dict(zip(names, chosen, strict=True))
