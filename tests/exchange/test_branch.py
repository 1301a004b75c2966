"""The search's helpers on small exchanges, where the search itself is held to the definition."""

from __future__ import annotations

import random
from itertools import permutations

import numpy as np
import pytest

from detente.solve.exchange import branch, from_plain
from detente.solve.exchange.scaled import Rows, exposures
from exchange.models import random_model


def lowest_way(rows: Rows, soft: list[bool], cap: list[int]) -> int | None:
    """Over all orders, by definition; None where each breaks a limit."""
    best = None
    for order in permutations(range(len(rows.names))):
        before = 0
        for d in order:
            if int(rows.need[d]) & ~before:
                break
            before |= 1 << d
        else:
            sums = rows.sums(order)[:-1]
            if (sums <= np.array(cap)).all():
                height = max(0, int(sums[:, soft].max(initial=0)))
                best = height if best is None else min(best, height)
    return best


@pytest.mark.parametrize("seed", range(40))
def test_cp_sat_and_the_search_find_the_lowest_way(seed: int) -> None:
    rows = exposures(from_plain(random_model(70_000 + seed, count=5, state=False)))
    rng = random.Random(seed)
    m = len(rows.base)
    soft = np.array([rng.random() < 0.7 for _ in range(m)])
    high = int(np.abs(rows.add).max())
    cap = np.array([branch.FAR if rng.random() < 0.5 else rng.randint(0, high) for _ in range(m)])
    value = lowest_way(rows, soft.tolist(), cap.tolist())
    found = branch.lowest(rows, soft=soft, cap=cap)
    assert (found.value, found.proven) == (value, True)
    need = branch.dominance(rows)
    lower, claimed = branch._cp_sat(rows, need, soft, cap, 0, branch.FAR, 60)
    if value is None:
        assert lower is None and claimed == branch.FAR
        return
    assert lower is not None and lower[0] == claimed == value
    sums = rows.sums(lower[1])[:-1]
    assert (sums <= cap).all() and max(0, int(sums[:, soft].max(initial=0))) == value
    if value:
        assert branch._cp_sat(rows, need, soft, cap, 0, value, 60) == (None, value)


def random_exchange(seed: int) -> Rows:
    """Sixty deliverables, three parties; the search alone leaves seed 1 open."""
    rng = random.Random(seed)
    names = ["p0", "p1", "p2"]
    deliverables = {}
    for i in range(60):
        by = rng.choice(names)
        others = [name for name in names if name != by]
        cost = rng.randint(50, 1000)
        gets = others[rng.randrange(2)]
        each = {"by": by, "cost": cost, "worth": {gets: rng.randint(cost // 2, 2 * cost)}}
        if i and rng.random() < 0.15:
            each["after"] = [f"d{rng.randrange(i)}"]
        deliverables[f"d{i}"] = each
    return exposures(from_plain({"parties": names, "deliverables": deliverables}))


def test_cp_sat_is_asked_where_the_search_takes_long() -> None:
    found = branch.lowest(random_exchange(1))
    assert found.proven and found.order is not None
    assert found.value == found.bound == 206
    assert max(0, int(random_exchange(1).sums(found.order)[:-1].max())) == 206


@pytest.mark.parametrize("lie", [1, 10**6])
def test_what_cp_sat_claims_is_no_proof(lie: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing lower than what is known already: of which ours must not make a proof."""
    monkeypatch.setattr(branch, "_cp_sat", lambda *rest: (None, rest[5] * lie))
    monkeypatch.setattr(branch, "LONG", 1000)
    found = branch.lowest(random_exchange(1), seconds=1)
    assert found.value is not None and found.value > 206
    assert not found.proven and found.bound <= 206
    assert found.claimed == found.value


def test_out_of_time_says_what_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch, "LONG", branch.FAR)
    found = branch.lowest(random_exchange(1), seconds=0.5)
    assert not found.proven and found.value is not None
    assert found.bound <= 206 <= found.value


def test_out_of_room_says_what_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branch, "LONG", branch.FAR)
    monkeypatch.setattr(branch, "ROOM", 1 << 20)
    found = branch.lowest(random_exchange(1), seconds=60)
    assert not found.proven and found.value is not None
    assert found.bound <= 206 <= found.value
