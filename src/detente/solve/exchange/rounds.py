"""Fewest rounds: in a round everybody delivers at once.

Nobody can know in which order the deliveries of a round arrive, so a party is judged where it
stands worst within it: it has given all of its part and has received nothing yet.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, gcd, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve.exchange.model import Model
from detente.solve.exchange.order import Safest, safest
from detente.solve.exchange.scaled import Rows, exposures

MOST_EXACT = 16
"""How many deliverables may be to come for dynamic programming, which looks at 3^n pairs."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The fewest rounds in which nobody risks more than it must.

    rounds : what is delivered in each
    worst  : round by round, party -> its exposure at the worst moment
    value  : the largest exposure / trust on the way
    limit  : what none may exceed: 1, or where no order keeps to that, the safest order's value
    least  : no plan within the limit has fewer rounds; equal to len(rounds) where `proven`
    proven : nothing has fewer rounds, and the limit is 1 or the least that any order keeps to
    """

    rounds: tuple[tuple[str, ...], ...]
    worst: tuple[dict[str, Fraction], ...]
    value: Fraction
    limit: Fraction
    least: int
    proven: bool


def fewest_rounds(model: Model, *, alone: Safest | None = None, seconds: float = 60.0) -> Rounds:
    """The fewest rounds in which no exposure / trust is above 1, at the worst moment of each.

    Where no order stays at 1 or below, the limit is what the safest order needs: delivering one
    by one is a plan in rounds too. After Osgood's (1962) reciprocated initiatives.

    To MOST_EXACT deliverables exact by dynamic programming over sets, the least exposed round
    first. Beyond, the safest order is cut into as few rounds as it can be, then CP-SAT looks
    for fewer (`_fewer`); where the time runs out first, the best found is given and `least` is
    what CP-SAT has proven until then.

    seconds : for the safest order and CP-SAT together

    alone : the model's safest order, where it is known already
    """
    ends = time.monotonic() + seconds
    alone = safest(model, seconds=seconds) if alone is None else alone
    limit = max(Fraction(1), alone.value)
    rows = exposures(model)
    cap = np.full(len(rows.base), rows.whole(limit) + rows.slack)
    n = len(rows.names)
    if n <= MOST_EXACT:
        parts = _exact(rows, cap)
        least = len(parts)
    else:
        parts, least = _fewer(rows, cap, _cut(rows, cap, alone.order), ends)
    have = 0
    worst = []
    for part in parts:
        sums = _worst(rows, have, part)
        worst.append(
            {
                p: max(Fraction(0), rows.true(sums[i])) * model.ready(p)
                for i, p in enumerate(model.parties)
            }
        )
        have |= part
    # Where nothing is to come, nothing can break off any more.
    start = [rows.true(int(b)) for b in rows.base] if parts else []
    value = max(
        [Fraction(0), *start, *(x / model.ready(p) for each in worst for p, x in each.items())]
    )
    named = tuple(tuple(rows.names[d] for d in range(n) if part >> d & 1) for part in parts)
    proven = least == len(parts) and (limit == 1 or alone.proven)
    return Rounds(named, tuple(worst), value, limit, least, proven)


def _exact(rows: Rows, cap: NDArray[np.int64]) -> list[int]:
    from detente.solve.exchange.kernels import NEVER, rounds_left

    n, m = rows.add.shape
    if n == 0:
        return []
    sums = np.zeros((1 << n, m), np.int64)
    sums[0] = rows.base
    for d in range(n):
        sums[1 << d : 2 << d] = sums[: 1 << d] + rows.add[d]
    own = rows.add[np.arange(n), rows.giver]
    need = rows.need.astype(np.int64)
    left = np.zeros(1 << n, np.uint8)
    rounds_left(sums, own, need, rows.giver, cap, left)
    assert left[0] != NEVER, "delivering one by one keeps to the limit"
    found, have = [], 0
    while left[have]:
        may = sum(1 << d for d in range(n) if not have >> d & 1 and not int(need[d]) & ~have)
        best = None
        part = may
        while part:
            if left[have | part] == left[have] - 1:
                worst = _worst(rows, have, part)
                if all(w <= c for w, c in zip(worst, cap, strict=True)):
                    # The least exposed; then the smaller part; then as declared.
                    key = (max(0, *worst), part.bit_count(), part)
                    best = min(best or (key, part), (key, part))
            part = (part - 1) & may
        assert best is not None
        found.append(best[1])
        have |= best[1]
    return found


def _worst(rows: Rows, have: int, part: int) -> list[int]:
    """Each party's row at its worst moment of a round; see `kernels.worst_fits`."""
    n, m = rows.add.shape
    inside = [d for d in range(n) if part >> d & 1]
    now = rows.base + sum((rows.add[d] for d in range(n) if have >> d & 1), np.zeros(m, np.int64))
    ends = (have | part) == (1 << n) - 1
    found = []
    for p in range(m):
        own = [int(rows.add[d, p]) for d in inside if rows.giver[d] == p]
        given = sum(own)
        if ends and len(own) == len(inside):
            given -= min(own)
        found.append(int(now[p]) + max(0, given))
    return found


def _cut(rows: Rows, cap: NDArray[np.int64], order: Sequence[str]) -> list[int]:
    """An order cut into the fewest rounds it can be, without changing it."""
    places = [rows.names.index(name) for name in order]
    n = len(places)
    best: list[tuple[int, int] | None] = [None] * n + [(0, n)]
    for start in range(n - 1, -1, -1):
        have = sum(1 << d for d in places[:start])
        part = 0
        for end in range(start, n):
            d = places[end]
            if int(rows.need[d]) & part:
                break
            part |= 1 << d
            after = best[end + 1]
            if after is None or any(
                w > c for w, c in zip(_worst(rows, have, part), cap, strict=True)
            ):
                continue
            now = best[start]
            if now is None or after[0] + 1 < now[0]:
                best[start] = (after[0] + 1, end + 1)
    found, start = [], 0
    while start < n:
        here = best[start]
        assert here is not None, "delivering one by one keeps to the limit"
        found.append(sum(1 << d for d in places[start : here[1]]))
        start = here[1]
    return found


def _fewer(
    rows: Rows, cap: NDArray[np.int64], known: list[int], ends: float
) -> tuple[list[int], int]:
    """Fewer rounds than a known plan has, by CP-SAT; and what none has fewer of.

    given[d][r]: d is given in round r or before it; rounds are numbered so that the last has
    the highest number, so that those too many are empty and come first. A party's worst moment
    of round r is then one sum: its own gifts up to r and the others' up to r - 1. In the last
    round it may be above the cap where all the others are done and what the party gives then
    leaves it, but for the least of it, within the cap: the sum that counts is the whole
    exchange's without that gift, so no gift of the last round may be too small for that.

    One worker and a fixed seed: a run that comes to its end can be repeated. Whatever CP-SAT
    finds is checked with whole numbers; where it finds nothing, is interrupted, or refuses the
    numbers (each cap is divided by what its row has in common, and sums stay below 2^55, so
    that it should not), the known plan stays, and `least` is the longest chain of what must
    come one after the other.
    """
    least = _deepest(rows)
    left = ends - time.monotonic()
    if len(known) <= least or left <= 0:
        return known, least
    from ortools.sat.python import cp_model

    last = len(known) - 1
    model, given, open_ = _cp_sat(rows, cap, last)
    model.add(sum(open_) >= least)
    model.minimize(sum(open_))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_time_in_seconds = left
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return known, len(known)
    if status == cp_model.MODEL_INVALID:
        return known, least
    if isfinite(solver.best_objective_bound):
        least = max(least, ceil(solver.best_objective_bound - 1e-6))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return known, least
    n = len(rows.names)
    sets = [sum(1 << d for d in range(n) if solver.value(given[d][r])) for r in range(last + 1)]
    parts = [now & ~before for before, now in pairwise(sets) if now != before]
    return (parts, least) if _holds(rows, cap, parts) else (known, _deepest(rows))


def _cp_sat(
    rows: Rows, cap: NDArray[np.int64], last: int
) -> tuple[Any, list[list[Any]], list[Any]]:
    """The model of `_fewer`, what is given by when, and which rounds are not among the empty."""
    from ortools.sat.python import cp_model

    n, m = rows.add.shape
    model: Any = cp_model.CpModel()
    no, yes = model.new_constant(0), model.new_constant(1)
    given = [[no, *(model.new_bool_var("") for _ in range(last - 1)), yes] for _ in range(n)]
    open_ = [no, *(model.new_bool_var("") for _ in range(last - 1)), yes]
    for d in range(n):
        for r in range(1, last + 1):
            model.add_implication(given[d][r - 1], given[d][r])
            model.add_implication(given[d][r], open_[r])
            for e in range(n):
                if int(rows.need[d]) >> e & 1:
                    model.add_implication(given[d][r], given[e][r - 1])
    for r in range(1, last + 1):
        model.add_implication(open_[r - 1], open_[r])
    for p in range(m):
        row = [int(number) for number in rows.add[:, p]]
        base, most = int(rows.base[p]), int(cap[p])
        own = [int(rows.giver[d]) == p for d in range(n)]
        common = max(1, gcd(*row))
        few = [number // common for number in row]
        for r in range(1, last + 1):
            when = [given[d][r] if own[d] else given[d][r - 1] for d in range(n)]
            fits = model.add(cp_model.LinearExpr.weighted_sum(when, few) <= (most - base) // common)
        whole = base + sum(row)
        if whole > most:  # only then does the end's exception matter
            alone = model.new_bool_var("")
            fits.only_enforce_if(~alone)
            for d in range(n):
                if whole - row[d] > most:  # the others' gifts, and its own that are too small
                    model.add_implication(alone, given[d][last - 1])
    return model, given, open_[1:]


def _holds(rows: Rows, cap: NDArray[np.int64], parts: list[int]) -> bool:
    """Is this a plan: everything once, nothing before what it waits for, nobody above its cap?"""
    have = 0
    for part in parts:
        inside = [d for d in range(len(rows.names)) if part >> d & 1]
        if part & have or any(int(rows.need[d]) & ~have for d in inside):
            return False
        if any(w > c for w, c in zip(_worst(rows, have, part), cap, strict=True)):
            return False
        have |= part
    return have == (1 << len(rows.names)) - 1


def _deepest(rows: Rows) -> int:
    """The longest chain of deliverables of which each waits for the one before."""
    depth: dict[int, int] = {}
    need = [int(mask) for mask in rows.need]
    for d in sorted(range(len(need)), key=lambda d: need[d].bit_count()):
        depth[d] = 1 + max((depth[e] for e in range(len(need)) if need[d] >> e & 1), default=0)
    return max(depth.values(), default=0)
