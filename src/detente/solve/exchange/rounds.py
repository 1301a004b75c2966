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
from math import ceil, isfinite
from typing import Any

import numpy as np

from detente.solve.exchange.cp_sat import SAFE, solver
from detente.solve.exchange.meeting import meet
from detente.solve.exchange.model import Model
from detente.solve.exchange.order import Safest, safest
from detente.solve.exchange.scaled import WIDEST, Capped, losses

MOST_EXACT = 16
"""How many deliverables may be to come for dynamic programming, which looks at 3^n pairs."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The fewest rounds in which nobody risks more than it must.

    rounds  : what is delivered in each
    worst   : round by round, party -> its exposure at the worst moment
    value   : the largest exposure / trust on the way
    limit   : what none may exceed: 1, or where no order keeps to that, the safest order's value
    least   : no plan within the limit has fewer rounds; by arithmetic of our own
    claimed : as many are needed, says CP-SAT, which nothing here has checked; None where it was
              not asked, or says no more than `least`
    proven  : nothing has fewer rounds, and the limit is 1 or the least that any order keeps to;
              by arithmetic of our own
    """

    rounds: tuple[tuple[str, ...], ...]
    worst: tuple[dict[str, Fraction], ...]
    value: Fraction
    limit: Fraction
    least: int
    proven: bool
    claimed: int | None = None


def fewest_rounds(model: Model, *, alone: Safest | None = None, seconds: float = 60.0) -> Rounds:
    """The fewest rounds in which no exposure / trust is above 1, at the worst moment of each.

    Where no order stays at 1 or below, the limit is what the safest order needs: delivering one
    by one is a plan in rounds too. After Osgood's (1962) reciprocated initiatives.

    To MOST_EXACT deliverables by dynamic programming over sets, the least exposed round first.
    Beyond, the safest order is cut into as few rounds as it can be, and a search from both ends
    looks for fewer (`meeting`), in half of the time; where it does not come to its end, CP-SAT
    does (`_fewer`). Every plan is measured in whole numbers of any size before it is given.

    alone   : the model's safest order, where it is known already
    seconds : for the safest order and all searches together
    """
    ends = time.monotonic() + seconds
    alone = safest(model, seconds=seconds) if alone is None else alone
    limit = max(Fraction(1), alone.value)
    lost = losses(model, limit)
    parts = _cut(lost, alone.order)
    claimed = None
    if len(lost.names) <= MOST_EXACT:
        better = _exact(lost)
        least = len(better)
        parts = better if _holds(lost, better) else parts
    else:
        least = _deepest(lost)
        if least < len(parts):
            now = time.monotonic()
            met = meet(lost, least, len(parts), now + (ends - now) / 2)
            least = met.least
            if met.parts is not None and _holds(lost, met.parts):
                parts = met.parts
        if least < len(parts):
            parts, claimed = _fewer(lost, parts, least, ends)
    worst = _exposed(model, parts)
    start = _start(model) if parts else []  # nothing to come, nothing to break off
    value = max(
        [Fraction(0), *start, *(x / model.ready(p) for each in worst for p, x in each.items())]
    )
    named = tuple(
        tuple(name for d, name in enumerate(lost.names) if part >> d & 1) for part in parts
    )
    proven = least == len(parts) and (limit == 1 or alone.proven)
    return Rounds(named, tuple(worst), value, limit, least, proven, claimed)


def _start(model: Model) -> list[Fraction]:
    """Each party's exposure / trust before anything of a plan is delivered."""
    past = (*model.delivered, *model.taken_back)
    return [
        -sum((model.kept(p, name) for name in past), Fraction(0)) / model.ready(p)
        for p in model.parties
    ]


def _exposed(model: Model, parts: Sequence[int]) -> list[dict[str, Fraction]]:
    """Each party's exposure at the worst moment of each round, in the model's own numbers."""
    names = model.to_come
    done = [*model.delivered, *model.taken_back]
    found = []
    for number, part in enumerate(parts, 1):
        inside = [name for d, name in enumerate(names) if part >> d & 1]
        exposure = {}
        for p in model.parties:
            own = [-model.kept(p, name) for name in inside if model.deliverables[name].by == p]
            given = sum(own, Fraction(0))
            if number == len(parts) and len(own) == len(inside):
                given -= min(own)  # with its last gift all is done, and nothing can break off
            before = -sum((model.kept(p, name) for name in done), Fraction(0))
            exposure[p] = max(Fraction(0), before + given)
        found.append(exposure)
        done += inside
    return found


def _exact(lost: Capped) -> list[int]:
    """The fewest rounds by dynamic programming; see `Capped.room` on numbers too large for it."""
    from detente.solve.exchange.kernels import NEVER, rounds_left

    n, m = len(lost.names), len(lost.cap)
    if n == 0:
        return []
    add, room, _ = lost.room(WIDEST)
    giver = np.array(lost.giver, dtype=np.int64)
    sums = np.zeros((1 << n, m), np.int64)
    for d in range(n):
        sums[1 << d : 2 << d] = sums[: 1 << d] + add[d]
    own = add[np.arange(n), giver]
    need = np.array(lost.need, dtype=np.int64)
    left = np.zeros(1 << n, np.uint8)
    rounds_left(sums, own, need, giver, room, left)
    assert left[0] != NEVER, "delivering one by one keeps to the limit"
    found, have = [], 0
    while left[have]:
        may = sum(1 << d for d in range(n) if not have >> d & 1 and not lost.need[d] & ~have)
        best = None
        part = may
        while part:
            if left[have | part] == left[have] - 1 and _fits(sums, own, giver, room, have, part):
                worst = _worst(lost, have, part)
                # The least exposed; then the smaller part; then as declared.
                most = max(w * size for w, size in zip(worst, lost.weight, strict=True))
                key = (max(0, most), part.bit_count(), part)
                best = min(best or (key, part), (key, part))
            part = (part - 1) & may
        assert best is not None
        found.append(best[1])
        have |= best[1]
    return found


def _fits(sums: Any, own: Any, giver: Any, room: Any, have: int, part: int) -> bool:
    from detente.solve.exchange.kernels import worst_fits

    return bool(worst_fits(sums, own, giver, room, have, part, len(sums) - 1))


def _worst(lost: Capped, have: int, part: int) -> list[int]:
    """Each party's loss at its worst moment of a round; see `kernels.worst_fits`."""
    inside = [d for d in range(len(lost.names)) if part >> d & 1]
    ends = (have | part) == (1 << len(lost.names)) - 1
    found = []
    for p, now in enumerate(lost.whole(have)):
        own = [lost.add[d][p] for d in inside if lost.giver[d] == p]
        given = sum(own)
        if ends and len(own) == len(inside):
            given -= min(own)
        found.append(now + given)
    return found


def _within(lost: Capped, have: int, part: int) -> bool:
    """Does every moment of a round keep to the limit?"""
    return all(w <= most for w, most in zip(_worst(lost, have, part), lost.cap, strict=True))


def _cut(lost: Capped, order: Sequence[str]) -> list[int]:
    """An order cut into the fewest rounds it can be, without changing it."""
    places = [lost.names.index(name) for name in order]
    n = len(places)
    best: list[tuple[int, int] | None] = [None] * n + [(0, n)]
    for start in range(n - 1, -1, -1):
        have = sum(1 << d for d in places[:start])
        part = 0
        for end in range(start, n):
            d = places[end]
            if lost.need[d] & part:
                break
            part |= 1 << d
            after = best[end + 1]
            if after is None or not _within(lost, have, part):
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


def _fewer(lost: Capped, known: list[int], least: int, ends: float) -> tuple[list[int], int | None]:
    """A plan with fewer rounds than a known one, by CP-SAT; and how many it says are needed.

    given[d][r]: d is given in round r or before it; rounds are numbered so that the last has
    the highest number, so that those too many are empty and come first. A party's worst moment
    of round r is then one sum: its own gifts up to r and the others' up to r - 1. In the last
    round it may be above the cap where all the others are done and what the party gives then
    leaves it, but for the least of it, within the cap: the sum that counts is the whole
    exchange's without that gift, so no gift of the last round may be too small for that.

    Numbers are kept small (`cp_sat`); where that rounds them, every plan there is stays one, so
    that what CP-SAT says none has fewer than would hold, and what is none falls through when it
    is measured. Where it finds nothing, is interrupted or refuses, the known plan stays.
    """
    left = ends - time.monotonic()
    if left <= 0:
        return known, None
    from ortools.sat.python import cp_model

    last = len(known) - 1
    model, given, open_ = _cp_sat(lost, last)
    model.add(sum(open_) >= least)
    model.minimize(sum(open_))
    asked = solver(left)
    status = asked.solve(model)
    if status == cp_model.INFEASIBLE:
        return known, len(known)
    parts = known
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        n = len(lost.names)
        sets = [sum(1 << d for d in range(n) if asked.value(given[d][r])) for r in range(last + 1)]
        found = [now & ~before for before, now in pairwise(sets) if now != before]
        parts = found if _holds(lost, found) else known
    claim = asked.best_objective_bound if status != cp_model.MODEL_INVALID else 0.0
    claimed = ceil(claim - 1e-6) if isfinite(claim) else 0
    # What is refuted by a plan is no claim worth repeating.
    return parts, claimed if least < claimed <= len(parts) else None


def _cp_sat(lost: Capped, last: int) -> tuple[Any, list[list[Any]], list[Any]]:
    """The model of `_fewer`, what is given by when, and which rounds are not among the empty."""
    from ortools.sat.python import cp_model

    n, m = len(lost.names), len(lost.cap)
    add, room, _ = lost.room(SAFE)
    whole = lost.whole((1 << n) - 1)
    model: Any = cp_model.CpModel()
    no, yes = model.new_constant(0), model.new_constant(1)
    given = [[no, *(model.new_bool_var("") for _ in range(last - 1)), yes] for _ in range(n)]
    open_ = [no, *(model.new_bool_var("") for _ in range(last - 1)), yes]
    for d in range(n):
        for r in range(1, last + 1):
            model.add_implication(given[d][r - 1], given[d][r])
            model.add_implication(given[d][r], open_[r])
            for e in range(n):
                if lost.need[d] >> e & 1:
                    model.add_implication(given[d][r], given[e][r - 1])
    for r in range(1, last + 1):
        model.add_implication(open_[r - 1], open_[r])
    for p in range(m):
        row, most = add[:, p].tolist(), int(room[p])
        own = [giver == p for giver in lost.giver]
        for r in range(1, last + 1):
            when = [given[d][r] if own[d] else given[d][r - 1] for d in range(n)]
            fits = model.add(cp_model.LinearExpr.weighted_sum(when, row) <= most)
        if whole[p] > lost.cap[p]:  # only then does the end's exception matter
            alone = model.new_bool_var("")
            fits.only_enforce_if(~alone)
            for d in range(n):
                # The others' gifts, and its own that are too small.
                if not own[d] or whole[p] - lost.add[d][p] > lost.cap[p]:
                    model.add_implication(alone, given[d][last - 1])
    return model, given, open_[1:]


def _holds(lost: Capped, parts: list[int]) -> bool:
    """Is this a plan: everything once, nothing before what it waits for, nobody above its cap?"""
    have = 0
    for part in parts:
        inside = [d for d in range(len(lost.names)) if part >> d & 1]
        if part & have or any(lost.need[d] & ~have for d in inside):
            return False
        if not _within(lost, have, part):
            return False
        have |= part
    return have == (1 << len(lost.names)) - 1


def _deepest(lost: Capped) -> int:
    """The longest chain of deliverables of which each waits for the one before."""
    depth: dict[int, int] = {}
    for d in sorted(range(len(lost.need)), key=lambda d: lost.need[d].bit_count()):
        depth[d] = 1 + max(
            (depth[e] for e in range(len(lost.need)) if lost.need[d] >> e & 1), default=0
        )
    return max(depth.values(), default=0)
