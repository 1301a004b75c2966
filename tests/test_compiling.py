"""The solvers' inner loops give the same, plainly and compiled; small models need no compiler."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargaining.models import random_model as random_deal
from conflict.models import models as conflicts
from detente.solve import bargaining, compiling, conflict, exchange
from detente.solve.bargaining import kernels as deal_kernels
from detente.solve.conflict import kernels as conflict_kernels
from detente.solve.exchange import kernels as exchange_kernels
from detente.solve.exchange.meeting import meet
from detente.solve.exchange.scaled import Rows, losses
from detente.solve.plain import ModelError
from detente.solve.warming import warm
from exchange.models import random_model as random_exchange

SEEDS = st.integers(0, 2**32)


def both_ways(solved: Callable[[], Any]) -> None:
    """The same answer, or the same refusal, from plain and from compiled loops."""
    answers = []
    for way in ("plain", "compiled"):
        with compiling.only(way), warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                answers.append(solved())
            except ModelError as error:
                answers.append(str(error))
    assert answers[0] == answers[1]


@settings(max_examples=500, deadline=None)
@given(conflicts(most=5))
def test_a_conflict_is_solved_the_same_both_ways(plain: dict[str, Any]) -> None:
    model = conflict.from_plain(plain)

    def solved() -> Any:
        found = conflict.analyse(model)
        start = found.space.names(np.flatnonzero(found.space.feasible)[:1])[0]
        ways = conflict.routes(found, start)
        return found.stable_.tolist(), found.both.tolist(), found.counts.tolist(), ways

    both_ways(solved)


@settings(max_examples=1500, deadline=None)
@given(SEEDS)
def test_a_deal_is_solved_the_same_both_ways(seed: int) -> None:
    grid = bargaining.space(bargaining.from_plain(random_deal(seed)))

    def solved() -> Any:
        found = bargaining.frontier(grid)
        count = bargaining.count_acceptable(grid)
        return found.points.tolist(), found.choices.tolist(), count

    both_ways(solved)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_open_values_are_solved_the_same_both_ways(seed: int) -> None:
    rng = random.Random(seed)
    plain = random_deal(seed, parties=rng.choice([2, 3, 4]))
    for options in plain["issues"].values():
        for worth in options.values():
            for party, value in worth.items():
                if rng.random() < 0.3:
                    worth[party] = [value, value + rng.choice([1, 2, 5])]
    model = bargaining.from_plain(plain)
    if not model.open:
        return

    def solved() -> Any:
        found = bargaining.shares(model, samples=8, seed=seed)
        return found.packages, found.deal, found.matters

    both_ways(solved)


@settings(max_examples=800, deadline=None)
@given(SEEDS)
def test_an_exchange_is_solved_the_same_both_ways(seed: int) -> None:
    model = exchange.from_plain(random_exchange(seed, most=7))

    def solved() -> Any:
        safe = exchange.safest(model)
        rounds = exchange.fewest_rounds(model, alone=safe)
        return safe, exchange.self_enforcing(model), rounds

    both_ways(solved)


@pytest.mark.parametrize("seed", range(12))
def test_a_long_search_is_the_same_both_ways(seed: int) -> None:
    """Searches that grow their tables, and sets hashed beyond 24 deliverables."""
    rng = random.Random(seed)
    n, m = rng.choice([8, 9, 26]), rng.choice([2, 3])
    add = np.array([[rng.randint(-9, 9) for _ in range(m)] for _ in range(n)], dtype=np.int64)
    rows = exchange_rows(add)

    def solved() -> Any:
        from detente.solve.exchange.branch import FAR, Side

        free = np.full(m, FAR, dtype=np.int64)
        side = Side(rows.add, rows.base, rows.need, np.ones(m, np.bool_), free, 1 << 26)
        status = side.run(0, FAR, 1500)
        way = side.found() if status == exchange_kernels.FOUND else None
        return status, side.level, side.sets, way

    both_ways(solved)


@settings(max_examples=100, deadline=None)
@given(SEEDS)
def test_a_search_from_both_ends_is_the_same_both_ways(seed: int) -> None:
    model = exchange.from_plain(random_exchange(seed, most=8))
    lost = losses(model, max(Fraction(1), exchange.safest(model).value))
    both_ways(lambda: meet(lost, 0, len(lost.names) + 1, inf))


def exchange_rows(add: np.ndarray[Any, Any]) -> Any:
    n, m = add.shape
    return Rows(
        tuple(f"d{i}" for i in range(n)),
        np.arange(n) % m,
        add,
        np.zeros(m, np.int64),
        np.zeros(n, np.uint64),
        Fraction(1),
    )


@pytest.mark.parametrize("size", [3, 41, 300])
@pytest.mark.parametrize("seed", range(4))
def test_long_lines_are_sorted_the_same_both_ways(size: int, seed: int) -> None:
    """More than 40 strategies of one decision maker are sorted by bytes."""
    rng = np.random.default_rng(seed)
    keys = rng.integers(0, 1 << 20, size)

    def solved() -> Any:
        mine, other, count = keys.copy(), np.empty(size, np.int64), np.empty(257, np.int64)
        if compiling._only == "compiled":
            conflict_kernels._radix.compiled(mine, other, size, count)
        else:
            conflict_kernels._radix(mine, other, size, count)
        return mine.tolist()

    both_ways(solved)
    assert sorted(keys.tolist()) == keys[np.argsort(keys)].tolist()


def kernels() -> dict[str, compiling.Kernel]:
    rooms = (conflict_kernels, deal_kernels, exchange_kernels)
    return {
        f"{room.__name__.split('.')[-2]}.{name}": value
        for room in rooms
        for name, value in vars(room).items()
        if isinstance(value, compiling.Kernel)
    }


def test_set_up_compiles_every_kernel() -> None:
    warm()
    missing = [n for n, each in kernels().items() if each.steps and not each.compiled.signatures]
    assert not missing


def test_much_work_is_compiled_and_little_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    class Spy(compiling.Kernel):
        compiled = property(lambda self: lambda *_: ran.append("compiled"))  # type: ignore[assignment]

    work = Spy(lambda steps: ran.append("plain"), lambda steps: steps)
    monkeypatch.setattr(compiling, "_taken", 0)
    monkeypatch.setattr(compiling, "_only", None)
    work(compiling.BEFORE_COMPILING)
    work(1)  # all in all too much now
    work(1)
    assert ran == ["plain", "compiled", "compiled"]
    monkeypatch.setattr(compiling, "_taken", 0)
    work(compiling.BEFORE_COMPILING + 1)
    assert ran[3:] == ["compiled"]
    monkeypatch.setattr(compiling, "_taken", 0)
    vars(work)["compiled"] = None  # loaded already: no step more is taken plainly
    work(1)
    assert ran.pop() == "compiled"
    assert compiling._taken == 0
    del vars(work)["compiled"]
    work(compiling.BEFORE_COMPILING + 1)
    ran.pop()
    with compiling.only("plain"):
        work(compiling.BEFORE_COMPILING * 9)
    work(1)
    assert ran[4:] == ["plain", "compiled"]
