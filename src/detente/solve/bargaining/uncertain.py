"""Values left open: in what share of those that fit does a package hold?

Stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen & Salminen 1998; Lahdelma &
Salminen 2001), with the Pareto frontier and the Nash solution in the place of ranks: all values
and walk-aways that fit what is said count alike.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import lcm, sqrt

import numpy as np
from numpy.typing import NDArray

from detente.solve.bargaining import kernels
from detente.solve.bargaining.clashing import clash
from detente.solve.bargaining.counting import count_packages
from detente.solve.bargaining.model import Model, Range
from detente.solve.bargaining.pareto import MEMORY, Progress, TooLarge
from detente.solve.bargaining.sampling import Drawn, Floats, Group, Name, draw
from detente.solve.bargaining.states import LARGEST, Ints, Space, space
from detente.solve.plain import ModelError, Wrong

CHUNK = 1_000
"""Draws solved at a time."""

QUANTUM = 1 << 40
"""Open numbers are rounded so that a party's largest possible sum is about this many steps;
so sums and comparisons are exact, whatever the order of adding."""

DETAILED = 50
"""Packages for which more than the two shares is worked out."""

BINS, JUDGED = 10, 20_000
"""Parts an open number's range is cut into to see what knowing it would settle; draws used."""

FINEST = LARGEST >> 8
"""The most steps a party's largest possible sum may have. Known values with more digits are
rounded to these steps in the draws, and that is said."""

Code = int | bytes


@dataclass(frozen=True)
class Share:
    """A package, and in what share of the draws it is what.

    nash, pareto  : Nash; on the Pareto frontier of all feasible packages
    acceptable    : acceptable to all; None beyond the first `DETAILED` packages, as all below
    acceptable_to : party -> share in which it accepts
    values        : party -> mean value, and what 5% and 95% of the draws stay below
    """

    package: dict[str, str]
    nash: float
    pareto: float
    acceptable: float | None
    acceptable_to: dict[str, float] | None
    values: dict[str, tuple[float, float, float]] | None


@dataclass(frozen=True)
class Matter:
    """What knowing one open number would settle.

    settled : how often the likeliest Nash package, told within a tenth of the number's range,
              would be the one; no deal counts as a package. Expected value of perfect
              information (Raiffa & Schlaifer 1961), of guessing right.
    options : the same of the options, issue by issue: in what share of issues a guess at what
              the Nash package does about it would be right
    """

    name: Name
    settled: float
    options: float


@dataclass(frozen=True)
class Shares:
    """Acceptability of packages over all values that fit.

    packages  : all that are ever Nash or on the frontier; the most often Nash first, then the
                most often on the frontier. Packages worth the same to everybody whatever the
                values are counted as one, the first of them.
    deal      : sets of parties -> share of draws in which some package is acceptable to them
    likeliest : share of the commonest Nash package (or no deal): how often a guess is right now
    options   : in what share of issues a guess at the Nash package's option is right now
    matters   : the open numbers, those first that would settle most
    samples, effective : draws, and how many independent ones they are worth
    groups    : how the open numbers were drawn
    warnings  : known values that had to be rounded, with how far
    """

    packages: tuple[Share, ...]
    deal: dict[tuple[str, ...], float]
    likeliest: float
    options: float
    matters: tuple[Matter, ...]
    samples: int
    effective: float
    seed: int
    groups: tuple[Group, ...]
    warnings: tuple[str, ...] = ()

    def error(self, share: float) -> float:
        """The standard error of a share."""
        return sqrt(share * (1 - share) / self.effective)

    @property
    def mixed(self) -> bool:
        """Every chain mixed."""
        return all(group.mixed for group in self.groups)


def shares(
    model: Model,
    *,
    samples: int = 10_000,
    seed: int = 0,
    memory: int = MEMORY,
    progress: Progress | None = None,
) -> Shares:
    """In what share of the values that fit is each package Nash, or on the Pareto frontier?

    Draws are uniform over the values and walk-aways that fit the ranges and the orders, and the
    same whatever the number of processors.

    Raises ModelError where nothing is left open or no package is feasible, TooLarge where it
    would take more than `memory` bytes.
    """
    if samples < 1:
        raise ValueError(f"{samples} samples: draw at least one")
    if not model.open:
        do = "Write a range, `20..40`, or an order, or ask for the exact answer."
        raise ModelError(Wrong((), "every value is known exactly; nothing is left open", do))
    shape = space(_lowest(model))
    if not count_packages(shape):
        why = clash(model)
        named = " and ".join(f"{kind} number {n + 1}" for kind, n in why.sources) if why else ""
        raise ModelError(Wrong((), f"no package meets the constraints; {named} clash"))
    task = _Task.of(model, shape, samples, seed, memory)
    chunks = range(0, samples, CHUNK)
    known: dict[Code, int] = {}
    pareto, nash = np.zeros(0, np.int64), np.zeros(0, np.int64)
    winner = np.full(samples, -1, np.int64)
    met = np.zeros(samples, np.uint64)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        try:
            for first, found in zip(chunks, pool.map(task.solve, chunks), strict=True):
                ids = np.array([known.setdefault(c, len(known)) for c in found.codes], np.int64)
                if len(known) * 400 > memory:
                    what = f"more than {len(known):,} packages are on some draw's frontier"
                    raise TooLarge(Wrong((), what, "Draw fewer (--samples), or narrow ranges."))
                for name, counts in (("pareto", found.pareto), ("nash", found.nash)):
                    total = pareto if name == "pareto" else nash
                    more = np.zeros(len(known), np.int64)
                    more[: len(total)] = total
                    more[ids] += counts
                    if name == "pareto":
                        pareto = more
                    else:
                        nash = more
                some = found.winner >= 0
                winner[first : first + len(some)][some] = ids[found.winner[some]]
                met[first : first + len(some)] = found.met
                if progress is not None:
                    progress(min(samples, first + CHUNK), samples)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    codes = list(known)
    order = sorted(range(len(codes)), key=lambda n: (-nash[n], -pareto[n], codes[n]))
    chosen = np.array([task.by_issue(code) for code in codes], np.int64)
    # One row a draw: the whole package, then each issue's option; -1 where there is no deal.
    outcomes = np.where((winner >= 0)[:, None], chosen[winner], -1)
    right, matters = _matters(task.drawn, np.column_stack([winner, outcomes]))
    return Shares(
        tuple(
            task.share(codes[n], nash[n] / samples, pareto[n] / samples, detailed=at < DETAILED)
            for at, n in enumerate(order)
        ),
        _deals(model, met),
        right[0],
        right[1],
        matters,
        samples,
        task.drawn.effective,
        seed,
        task.drawn.groups,
        task.warnings,
    )


def _lowest(model: Model) -> Model:
    """The same issues and constraints with some exact values."""
    values = {
        party: {
            issue: {option: _low(value) for option, value in options.items()}
            for issue, options in of.items()
        }
        for party, of in model.values.items()
    }
    walk_away = {party: _low(value) for party, value in model.walk_away.items()}
    return replace(model, values=values, walk_away=walk_away, orders={})


def _low(value: Fraction | Range) -> Fraction:
    return value.low if isinstance(value, Range) else value


@dataclass(frozen=True, eq=False)
class _Found:
    """What some draws gave: packages by their codes, how often each, which won each draw."""

    codes: Sequence[Code]
    pareto: Ints
    nash: Ints
    winner: Ints
    met: NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class _Task:
    """The arrays the kernel reads; open numbers already in whole steps.

    radix : (steps,) what makes one number of a package's options, None where it would not fit
    """

    shape: Space
    drawn: Drawn
    numbers: Ints
    steps_of: Ints
    base: Ints
    place: Ints
    limit: Ints
    first: Ints
    pairs: tuple[Ints, Ints, Ints, Ints]
    radix: Ints | None
    memory: int
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, model: Model, shape: Space, samples: int, seed: int, memory: int) -> _Task:
        names = list(model.issues)
        first = np.cumsum([0, *(len(step.values) for step in shape.steps)])
        row_of = {
            (names[step.issue], option): int(first[n]) + o
            for n, step in enumerate(shape.steps)
            for o, option in enumerate(model.issues[names[step.issue]])
        }
        base = np.zeros((int(first[-1]), len(model.parties)), np.int64)
        limit = np.zeros(len(model.parties), np.int64)
        if 16 * samples * sum(isinstance(v, Range) for v in _numbers(model)) > memory:
            what = f"{samples:,} draws of all that is open do not fit the memory given"
            raise TooLarge(Wrong((), what, "Draw fewer (--samples), or give more (--memory)."))
        drawn = draw(model, samples, np.random.default_rng(seed))
        steps_of = np.empty(len(model.parties), np.int64)
        warnings = []
        for p, party in enumerate(model.parties):
            exact = {key: model.values[party][key[0]][key[1]] for key in row_of}
            wall = model.limit(party)
            known = [v for v in (*exact.values(), wall) if not isinstance(v, Range)]
            factor = lcm(*(v.denominator for v in known))
            most = sum(
                max(_size(exact[issue, option]) for option in model.issues[issue])
                for issue in names
            ) + _size(wall)
            if most * factor >= FINEST:
                factor = max(1, int(FINEST / most))
                warnings.append(
                    f"The values of {party} have more digits than the draws: sums are rounded to "
                    f"{float(most / FINEST):.0e}."
                )
            factor *= max(1, int(QUANTUM / max(most * factor, Fraction(1, 1 << 40))))
            steps_of[p] = min(factor, LARGEST)
            for key, value in exact.items():
                if not isinstance(value, Range):
                    base[row_of[key], p] = round(value * factor)
            if not isinstance(wall, Range):
                limit[p] = round(wall * factor)
        parties = [model.parties.index(name[0]) for name in drawn.names]
        place = np.array(
            [
                [-1 if len(name) == 1 else row_of[name[1], name[2]], p]
                for name, p in zip(drawn.names, parties, strict=True)
            ]
        )
        numbers = np.rint(drawn.numbers * steps_of[parties]).astype(np.int64)
        radix: Ints | None = None
        if model.combinations < 1 << 62:
            sizes = [len(step.values) for step in shape.steps]
            radix = np.array([int(np.prod(sizes[n + 1 :])) for n in range(len(sizes))], np.int64)
        return cls(
            shape, drawn, numbers, steps_of, base, place, limit, first, _pairs(shape), radix,
            memory, tuple(warnings),
        )  # fmt: skip

    def solve(self, start: int) -> _Found:
        """CHUNK draws from `start`."""
        numbers = self.numbers[start : start + CHUNK]
        steps = len(self.first) - 1
        met = np.zeros(len(numbers), np.uint64)
        cap, size, at = 1 << 10, 1 << 16, 0
        parts: list[tuple[NDArray[np.int16], NDArray[np.int32], NDArray[np.bool_]]] = []
        while at < len(numbers):
            if (cap * (len(self.limit) * 4 + steps) + size * steps) * 8 > self.memory:
                what = "the frontiers of the draws do not fit the memory given"
                do = "Give it more (--memory), or values in fewer different steps."
                raise TooLarge(Wrong((), what, do))
            rows = np.empty((size, steps), np.int16)
            draws, nash = np.empty(size, np.int32), np.empty(size, np.bool_)
            at_, used = kernels.frontiers(
                self.base, self.place, numbers, self.limit, self.first, *self.pairs, cap,
                at, rows, draws, nash, met,
            )  # fmt: skip
            parts.append((rows[:used].copy(), draws[:used].copy(), nash[:used].copy()))
            if at_ < 0:
                at = -1 - at_
                cap, size = 4 * cap, 2 * size
            else:
                at = at_
        rows, draws, nash = (np.concatenate(each) for each in zip(*parts, strict=True))
        if self.radix is not None:
            coded = rows.astype(np.int64) @ self.radix
        else:
            packed = np.ascontiguousarray(rows.astype(">u2"))
            coded = packed.view(f"V{2 * steps}").ravel()
        codes, which = np.unique(coded, return_inverse=True)
        winner = np.full(len(numbers), -1, np.int64)
        winner[draws[nash][::-1]] = which[nash][::-1]
        return _Found(
            [each.tobytes() if self.radix is None else int(each) for each in codes],
            np.bincount(which, minlength=len(codes)),
            np.bincount(which[nash], minlength=len(codes)),
            winner,
            met,
        )

    def options(self, code: Code) -> list[int]:
        """A package's option numbers, in the order of steps."""
        if isinstance(code, bytes):
            return [int(n) for n in np.frombuffer(code, ">u2")]
        assert self.radix is not None
        sizes = np.diff(self.first)
        return [int(code // each % size) for each, size in zip(self.radix, sizes, strict=True)]

    def by_issue(self, code: Code) -> list[int]:
        """A package's option numbers, in the order of the model's issues."""
        chosen = self.options(code)
        found = [0] * len(chosen)
        for step, option in zip(self.shape.steps, chosen, strict=True):
            found[step.issue] = option
        return found

    def share(self, code: Code, nash: float, pareto: float, *, detailed: bool) -> Share:
        chosen = self.options(code)
        package = self.shape.package(self.by_issue(code))
        nash, pareto = float(nash), float(pareto)
        if not detailed:
            return Share(package, nash, pareto, None, None, None)
        rows = {int(self.first[n]) + option for n, option in enumerate(chosen)}
        fixed = self.base[sorted(rows)].sum(axis=0)
        to, values = {}, {}
        everybody = np.ones(len(self.numbers), np.bool_)
        for p, party in enumerate(self.shape.model.parties):
            mine = self.place[:, 1] == p
            columns = [c for c in np.flatnonzero(mine) if self.place[c, 0] in rows]
            worth = self.numbers[:, columns].sum(axis=1) + fixed[p]
            walls = np.flatnonzero(mine & (self.place[:, 0] < 0))
            wall = self.numbers[:, walls[0]] if len(walls) else self.limit[p]
            accepts = worth >= wall
            everybody &= accepts
            to[party] = float(accepts.mean())
            own = worth / self.steps_of[p]
            low, high = np.quantile(own, [0.05, 0.95])
            values[party] = (float(own.mean()), float(low), float(high))
        return Share(package, nash, pareto, float(everybody.mean()), to, values)


def _numbers(model: Model) -> list[Fraction | Range]:
    worths = [v for of in model.values.values() for i in of.values() for v in i.values()]
    return [*worths, *model.walk_away.values()]


def _size(value: Fraction | Range) -> Fraction:
    return max(abs(value.low), abs(value.high)) if isinstance(value, Range) else abs(value)


def _pairs(shape: Space) -> tuple[Ints, Ints, Ints, Ints]:
    """Which state and option lead to which state, step by step; see `kernels.frontiers`."""
    before, option, starts, targets = [], [], [0], [0]
    for step in shape.steps:
        for t in range(len(step.masks)):
            found = np.argwhere(step.next == t)
            before += found[:, 0].tolist()
            option += found[:, 1].tolist()
            starts.append(len(before))
        targets.append(targets[-1] + len(step.masks))
    as_array = [np.array(each, np.int64) for each in (before, option, starts, targets)]
    return as_array[0], as_array[1], as_array[2], as_array[3]


def _deals(model: Model, met: NDArray[np.uint64]) -> dict[tuple[str, ...], float]:
    """How often each pair, and all together, have a package they accept."""
    count = len(model.parties)
    groups = [*combinations(range(count), 2), tuple(range(count))]
    found = {}
    for group in dict.fromkeys(groups):
        who = sum(1 << p for p in group)
        hits = sum(1 << s for s in range(1 << count) if s & who == who)
        share = float(((met & np.uint64(hits)) != 0).mean())
        found[tuple(model.parties[p] for p in group)] = share
    return found


def _matters(drawn: Drawn, outcomes: Ints) -> tuple[tuple[float, float], tuple[Matter, ...]]:
    """What knowing each open number would settle, and how often guesses are right now.

    outcomes : (draws, 1 + issues) the whole package, then what it does about each issue

    Guesses made on one half of the draws are judged on the other, so that many bins do not
    flatter themselves.
    """
    few = min(len(outcomes), JUDGED)
    every = np.linspace(0, len(outcomes) - 1, few).astype(np.int64)
    now = [np.unique(each, return_counts=True)[1].max() / len(outcomes) for each in outcomes.T]
    kinds = [np.unique(each, return_inverse=True)[1].ravel() for each in outcomes[every].T]
    found = []
    for column, name in enumerate(drawn.names):
        bins = _bins(drawn.numbers[every, column])
        whole, *parts = (_right(bins, outcome) for outcome in kinds)
        found.append(Matter(name, whole, float(np.mean(parts))))
    found.sort(key=lambda each: -each.settled)
    return (float(now[0]), float(np.mean(now[1:]))), tuple(found)


def _right(bins: Ints, outcome: Ints) -> float:
    """How often the commonest outcome of a bin is the one."""
    few, kinds = len(outcome), int(outcome.max()) + 1
    right = 0
    for half in (0, 1):
        learn, judge = np.arange(few) % 2 == half, np.arange(few) % 2 != half
        table = np.bincount(bins[learn] * kinds + outcome[learn], minlength=BINS * kinds)
        guess = table.reshape(BINS, kinds).argmax(axis=1)
        right += int((guess[bins[judge]] == outcome[judge]).sum())
    return right / few


def _bins(numbers: Floats) -> Ints:
    """Which tenth of the draws each number falls into."""
    place = np.empty(len(numbers), np.int64)
    place[np.argsort(numbers, kind="stable")] = np.arange(len(numbers))
    return place * BINS // max(1, len(numbers))
