"""The five concepts against the definitions, on thousands of small random models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from batches import batches
from conflict.models import models, random_model
from conflict.oracle import Oracle
from detente.solve import conflict
from detente.solve.conflict import CONCEPTS, analyse, from_plain


def result(plain: dict[str, Any], **how: Any) -> dict[str, Any]:
    found = analyse(from_plain(plain), **how)
    names = found.model.names
    return {
        "feasible": found.space.count,
        "equilibria": {c: found.equilibria(c) for c in CONCEPTS},
        "stable": {c: {n: found.stable(c, n) for n in names} for c in CONCEPTS},
    }


@given(models())
def test_agrees_with_the_definitions(plain: dict[str, Any]) -> None:
    assert result(plain) == Oracle(plain).result()


@pytest.mark.parametrize("batch", batches(8))
def test_agrees_with_the_definitions_on_thousands(batch: int) -> None:
    done = 0
    for seed in range(batch * 400, batch * 400 + 400):
        plain = random_model(seed, most=5)
        oracle = Oracle(plain)
        if oracle.states:
            assert result(plain) == oracle.result(), seed
            done += 1
    assert done > 300  # the rest have no feasible state


@pytest.mark.parametrize("dms", [2, 3, 5, 8])
def test_agrees_on_larger_ones(dms: int) -> None:
    for seed in range(4):
        plain = random_model(10_000 + seed, dms=dms, most=8)
        oracle = Oracle(plain)
        if oracle.states:
            assert result(plain) == oracle.result(), seed


@given(models())
def test_what_implies_what(plain: dict[str, Any]) -> None:
    """Nash implies all, SMR and SEQ imply GMR, SSEQ implies SMR and SEQ."""
    found = result(plain)["stable"]
    for name in plain["decision_makers"]:
        has = {c: set(found[c][name]) for c in CONCEPTS}
        assert has["nash"] <= has["sseq"] <= has["seq"] <= has["gmr"]
        assert has["sseq"] <= has["smr"] <= has["gmr"]


def big_model(*, dms: int = 3, each: int = 5) -> dict[str, Any]:
    """Large enough for threads, long lines (radix sort) and several batches."""
    makers = {f"d{j}": [f"o{j}_{i}" for i in range(each)] for j in range(dms)}
    options = [o for owned in makers.values() for o in owned]
    rng = np.random.default_rng(5)
    preferences = {}
    for name in makers:
        chosen = rng.permutation(options)
        texts = [f"{a} iff {b}" for a, b in zip(chosen[::2], chosen[1::2], strict=False)]
        texts += [f"if {a} then not {b}" for a, b in zip(chosen, chosen[3:], strict=False)]
        preferences[name] = {"priorities": texts}
    return {
        "decision_makers": makers,
        "infeasible": [{options[0]: "Y", options[-1]: "Y"}, {options[1]: "Y", options[2]: "Y"}],
        "irreversible": {options[3]: "forward", options[-2]: "backward", options[-3]: "forward"},
        "preferences": preferences,
    }


@pytest.mark.parametrize("dms, each", [(3, 5), (2, 7)])
def test_threads_change_nothing(dms: int, each: int) -> None:
    model = from_plain(big_model(dms=dms, each=each))
    one, two = analyse(model, threads=1), analyse(model, threads=2)
    assert one.space.cells > 4096
    assert np.array_equal(one.stable_, two.stable_)
    assert np.array_equal(one.counts, two.counts)
    for c in CONCEPTS:
        assert one.count(c) == len(one.equilibria(c))
        assert one.count(c, "d0") == len(one.stable(c, "d0"))


def test_only_the_order_of_payoffs_counts() -> None:
    model = from_plain(big_model(each=3))
    grid = conflict.space(model)
    rank = conflict.ranks(grid)
    by_function = {
        name: conflict.Payoffs(lambda _, row=row: row.reshape(grid.shape) * 1e6 - 3.5)
        for name, row in zip(model.names, rank, strict=True)
    }
    other = conflict.Model(model.decision_makers, by_function, model.infeasible, model.irreversible)
    assert np.array_equal(analyse(other).stable_, analyse(model).stable_)
    cells = np.flatnonzero(grid.feasible)
    by_state = {
        name: conflict.Payoffs(dict(zip(grid.names(cells), row[cells].tolist(), strict=True)))
        for name, row in zip(model.names, rank, strict=True)
    }
    third = conflict.Model(model.decision_makers, by_state, model.infeasible, model.irreversible)
    assert np.array_equal(analyse(third).stable_, analyse(model).stable_)


def test_a_hundred_statements_keep_their_order() -> None:
    """More statements than any integer has bits: the hundredth decides among equals."""
    options = ("a", "b", "c")
    statements = ("a or not a",) * 40 + ("a and b",) + ("b or not b",) * 58 + ("c",)
    model = conflict.Model(
        {"one": options, "two": ("d",)}, {"one": conflict.Priorities(statements)}
    )
    grid = conflict.space(model)
    rank = dict(zip(grid.names(np.arange(16)), conflict.ranks(grid)[0].tolist(), strict=True))
    assert rank["YYYN"] == 3 and rank["YYNN"] == 2 and rank["NNYN"] == 1 and rank["NYNY"] == 0


def test_many_options_that_exclude_each_other() -> None:
    """Forty options, of which each side takes at most one: 21 x 21 states, not 2^40."""
    makers = {s: [f"{s}{i}" for i in range(20)] for s in ("a", "b")}
    patterns = [
        {one: "Y", other: "Y"}
        for own in makers.values()
        for one in own
        for other in own
        if one < other
    ]
    plain = {"decision_makers": makers, "infeasible": patterns}
    found = analyse(from_plain(plain))
    assert found.space.count == 21 * 21
    assert found.count("nash") == 441


def test_results_are_read_only() -> None:
    found = analyse(from_plain(random_model(2)))
    with pytest.raises(ValueError, match="read-only"):
        found.stable_[0, 0] = 0
