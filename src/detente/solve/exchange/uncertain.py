"""Costs and worths known only as ranges: in what share of them does an order stay safe?"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining.model import Range, Value
from detente.solve.exchange.branch import lowest
from detente.solve.exchange.model import Deliverable, Model
from detente.solve.exchange.scaled import exposures
from detente.solve.exchange.walk import check, tie_key
from detente.solve.plain import ModelError, Wrong

GRAIN = 1000
"""A range is drawn from in so many equal steps, both ends included, so that a draw can be
solved exactly."""

ROUNDING = 1e-12
"""Of all numbers of a party together: what a sum of floats may be off by, at the very most."""

MOST_ORDERS = 5040
"""Where there are no more orders than this, all are tried; else those safest in some draw."""

LARGE = 14
"""From so many deliverables on, only so many draws are solved for orders to try."""

BINS = 10
"""Parts a range is cut into to see what knowing the number would settle."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class OrderShare:
    """An order, and in what share of the draws it holds.

    safe           : no exposure / trust above 1 at any moment but the last
    self_enforcing : no temptation above patience
    value          : mean, over the draws, of the largest exposure / trust
    """

    order: tuple[str, ...]
    safe: float
    self_enforcing: float
    value: float


@dataclass(frozen=True, slots=True)
class Matter:
    """What knowing one open number would settle.

    name : (deliverable, "cost"), (deliverable, "worth", party), ("trust", party) or
           ("patience", party)
    safe : how often the order then chosen, told within a tenth of the number's range, would be
           safe: the expected value of perfect information (Raiffa & Schlaifer 1961)
    """

    name: tuple[str, ...]
    safe: float


@dataclass(frozen=True, slots=True)
class Shares:
    """In what share of the values that fit orders hold.

    orders   : those safe most often first, then by the mean of the largest exposure / trust,
               then by the tie rule at the middle of the ranges
    possible : share of draws in which some order is safe; of the orders tried
    tried    : how many orders were
    all      : they are all there are; else a better one may exist
    matters  : the open numbers, those first whose knowledge would make the chosen order safe
               most often
    """

    orders: tuple[OrderShare, ...]
    possible: float
    tried: int
    all: bool
    samples: int
    seed: int
    matters: tuple[Matter, ...]

    def error(self, share: float) -> float:
        """The standard error of a share."""
        return sqrt(share * (1 - share) / self.samples)


def shares(
    model: Model,
    *,
    order: Sequence[str] | None = None,
    samples: int = 1000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Shares:
    """The orders that stay safe most often over all costs and worths that fit.

    Each cost, worth, trust and patience is drawn uniformly from its range, independently of
    the others.

    order : only this one
    Raises ModelError where no value is left open, or `order` is none; ValueError where
    nothing is to be drawn.
    """
    if samples < 1:
        raise ValueError(f"{samples} samples: draw at least one")
    if not model.open:
        do = "Write a range, `2..5`, or ask for the exact answer."
        raise ModelError(Wrong((), "every cost and worth is known exactly", do))
    if order is not None:
        check(model, order)
    rng = random.Random(seed)
    names = model.to_come
    draws = [_drawn(model, rng) for _ in range(samples)]
    kept = _kept(model, draws)
    whole = True
    if order is not None:
        tried = [tuple(order)]
    else:
        tried = list(islice(_orders(model), MOST_ORDERS + 1))
        whole = len(tried) <= MOST_ORDERS
        if not whole:
            tried = _candidates(draws, progress)
    place = {name: n for n, name in enumerate(names)}
    trust, patience = _limits(draws)
    start, total = _ends(model, draws)
    # What is exactly at the limit is within it.
    size = np.abs(start) + np.abs(kept).sum(axis=1) + np.abs(total) + trust + patience
    slack = ROUNDING * size[:, None, :]
    trust, patience = trust[:, None, :], patience[:, None, :]
    possible = np.zeros(samples, np.bool_)
    settled = _Settled(model, draws)
    found = []
    for n, each in enumerate(tried):
        steps = kept[:, [place[name] for name in each], :]
        # Before each delivery: (draws, moments, parties). Nothing to come, no moment.
        standing = start[:, None, :] + np.cumsum(steps, axis=1) - steps
        high = (np.maximum(0, -standing) / trust).max(axis=(1, 2), initial=0)
        safe = (-standing <= trust + slack).all(axis=(1, 2))
        holds = (standing - total[:, None, :] <= patience + slack).all(axis=(1, 2))
        possible |= safe
        settled.add(safe)
        found.append(OrderShare(each, float(safe.mean()), float(holds.mean()), float(high.mean())))
        if progress is not None:
            progress(n + 1, len(tried))
    # Equal means may differ in their last digits; then the tie rule decides, at the middle.
    centre = middle(model)
    found.sort(key=lambda s: (-s.safe, round(s.value, 9), tie_key(centre, s.order)))
    return Shares(
        tuple(found),
        float(possible.mean()),
        len(tried),
        whole and order is None,
        samples,
        seed,
        settled.matters(),
    )


class _Settled:
    """Gathers, for every open number and tenth of its range, how often each order is safe."""

    def __init__(self, model: Model, draws: Sequence[Model]) -> None:
        self.names = list(_open_names(model))
        numbers = np.array([[float(_number(d, name)) for d in draws] for name in self.names])
        low = numbers.min(axis=1, keepdims=True) if self.names else numbers
        span = np.ptp(numbers, axis=1, keepdims=True) if self.names else numbers
        part = np.floor((numbers - low) / np.where(span, span, 1.0) * BINS).astype(np.int64)
        self.part = np.minimum(part, BINS - 1)
        self.best = np.zeros((len(self.names), BINS))
        self.draws = len(draws)

    def add(self, safe: NDArray[np.bool_]) -> None:
        """One more order, and in which draws it is safe."""
        for n in range(len(self.names)):
            hits = np.bincount(self.part[n], weights=safe, minlength=BINS)
            self.best[n] = np.maximum(self.best[n], hits)

    def matters(self) -> tuple[Matter, ...]:
        """Those first that would settle most."""
        found = [
            Matter(name, float(self.best[n].sum() / self.draws))
            for n, name in enumerate(self.names)
        ]
        return tuple(sorted(found, key=lambda each: -each.safe))


def _open_names(model: Model) -> Iterator[tuple[str, ...]]:
    for name, each in model.deliverables.items():
        if isinstance(each.cost, Range):
            yield name, "cost"
        for party, value in each.worth.items():
            if isinstance(value, Range):
                yield name, "worth", party
    for key in ("trust", "patience"):
        for party, value in getattr(model, key).items():
            if isinstance(value, Range):
                yield key, party


def _number(drawn: Model, name: tuple[str, ...]) -> Fraction:
    """An open number as it was drawn."""
    match name:
        case ("trust", party):
            return drawn.ready(party)
        case ("patience", party):
            return drawn.limit(party)
        case (deliverable, "cost"):
            return -drawn.gain(drawn.deliverables[deliverable].by, deliverable)
    return drawn.gain(name[2], name[0])


def _drawn(model: Model, rng: random.Random) -> Model:
    def number(value: Value) -> Fraction:
        if isinstance(value, Range):
            return value.low + (value.high - value.low) * Fraction(rng.randint(0, GRAIN), GRAIN)
        return value

    def deliverable(each: Deliverable) -> Deliverable:
        worth = {party: number(value) for party, value in each.worth.items()}
        return replace(each, cost=number(each.cost), worth=worth)

    deliverables = {name: deliverable(each) for name, each in model.deliverables.items()}
    sizes = {
        key: {party: number(value) for party, value in getattr(model, key).items()}
        for key in ("trust", "patience")
    }
    return _unchecked(model, deliverables=deliverables, **sizes)


def _unchecked(model: Model, **changed: object) -> Model:
    """The model with other numbers, not checked again: they lie in ranges that were."""
    found = object.__new__(Model)
    for field in model.__slots__:
        object.__setattr__(found, field, changed.get(field, getattr(model, field)))
    return found


def middle(model: Model) -> Model:
    """The model with the middle of every range in its place."""

    def number(value: Value) -> Value:
        return (value.low + value.high) / 2 if isinstance(value, Range) else value

    deliverables = {
        name: replace(
            each,
            cost=number(each.cost),
            worth={party: number(value) for party, value in each.worth.items()},
        )
        for name, each in model.deliverables.items()
    }
    return replace(
        model,
        deliverables=deliverables,
        trust={party: number(value) for party, value in model.trust.items()},
        patience={party: number(value) for party, value in model.patience.items()},
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """How exposed each party is at each moment of an order, over the values that fit.

    order    : what is delivered
    exposure : party -> for each moment, before the first delivery and after each, the
               exposures that 5%, 50% and 95% of the draws stay below; at the last moment,
               when nothing can break off any more, 0
    trust    : party -> the same of what it is ready to risk
    free     : for each moment, in what share of the draws nobody is exposed at all
    """

    order: tuple[str, ...]
    exposure: dict[str, tuple[tuple[float, float, float], ...]]
    trust: dict[str, tuple[float, float, float]]
    free: tuple[float, ...]


def spread(model: Model, order: Sequence[str], *, samples: int = 1000, seed: int = 0) -> Spread:
    """Exposure step by step over all that fits; the draws are those of `shares`.

    Raises ModelError where `order` is no order of what is still to come.
    """
    check(model, order)
    rng = random.Random(seed)
    draws = [_drawn(model, rng) for _ in range(samples if model.open else 1)]
    place = {name: n for n, name in enumerate(model.to_come)}
    kept = _kept(model, draws)[:, [place[name] for name in order], :]
    start, _ = _ends(model, draws)
    steps = np.concatenate([start[:, None, :], kept], axis=1)
    exposed = np.maximum(0, -np.cumsum(steps, axis=1)) + 0.0  # no minus zero
    exposed[:, -1, :] = 0.0
    trust, _ = _limits(draws)
    at = np.quantile(exposed, (0.05, 0.5, 0.95), axis=0)  # (3, moments, parties)
    of = np.quantile(trust, (0.05, 0.5, 0.95), axis=0)
    return Spread(
        tuple(order),
        {
            p: tuple(_three(at[:, m, i]) for m in range(at.shape[1]))
            for i, p in enumerate(model.parties)
        },
        {p: _three(of[:, i]) for i, p in enumerate(model.parties)},
        tuple((exposed == 0).all(axis=2).mean(axis=0).tolist()),
    )


def _three(numbers: NDArray[np.float64]) -> tuple[float, float, float]:
    low, half, high = numbers.tolist()
    return low, half, high


def _limits(draws: Sequence[Model]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each party is ready to risk, and its patience: (draws, parties)."""
    trust = [[float(d.ready(p)) for p in d.parties] for d in draws]
    patience = [[float(d.limit(p)) for p in d.parties] for d in draws]
    return np.array(trust), np.array(patience)


def _kept(model: Model, draws: Sequence[Model]) -> NDArray[np.float64]:
    """(draws, deliverables to come, parties): what each delivery changes in standing."""
    return np.array(
        [
            [[float(d.kept(party, name)) for party in model.parties] for name in model.to_come]
            for d in draws
        ]
    ).reshape(len(draws), len(model.to_come), len(model.parties))


def _ends(model: Model, draws: Sequence[Model]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each party's standing now, and its total: (draws, parties)."""
    past = (*model.delivered, *model.taken_back)
    start = [[float(sum(d.kept(p, n) for n in past)) for p in model.parties] for d in draws]
    total = [[float(d.total(p)) for p in model.parties] for d in draws]
    return np.array(start), np.array(total)


def _orders(model: Model) -> Iterator[tuple[str, ...]]:
    """Every order that `after` allows."""
    names = model.to_come
    before = {n: {a for a in model.deliverables[n].after if a in names} for n in names}

    def grow(done: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if len(done) == len(names):
            yield done
        for name in names:
            if name not in done and before[name] <= set(done):
                yield from grow((*done, name))

    return grow(())


def _candidates(draws: Sequence[Model], progress: Progress | None) -> list[tuple[str, ...]]:
    """Orders that are safest in some draw."""
    few = draws if len(draws[0].to_come) < LARGE else draws[: max(10, len(draws) // 20)]
    found: dict[tuple[str, ...], None] = {}
    for n, each in enumerate(few):
        rows = exposures(each)
        order = lowest(rows, seconds=2.0).order
        assert order is not None
        found[tuple(rows.names[d] for d in order)] = None
        if progress is not None:
            progress(n + 1, len(few))
    return list(found)
