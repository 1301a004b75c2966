"""Safest and self-enforcing orders against the definitions, on thousands of small exchanges."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from batches import batches
from detente.solve.exchange import ModelError, from_plain, highest, safest, self_enforcing
from detente.solve.exchange.scaled import exposures
from exchange.models import UNITS, long_numbers, models, random_model
from exchange.oracle import Oracle


def agree(plain: dict[str, Any]) -> None:
    oracle, model = Oracle(plain), from_plain(plain)
    found = safest(model)
    assert (found.value, found.order) == oracle.safest()
    assert found.proven and found.settled and found.bound == found.value
    assert highest(model, found.order) == found.value
    holds = self_enforcing(model)
    assert (holds.order, holds.least_patience, holds.least_order) == oracle.self_enforcing()
    assert holds.exists == (holds.order is not None) and holds.proven and holds.settled
    for order, said in (
        (found.order, found.steps),
        (holds.order or holds.least_order, holds.steps),
    ):
        assert [step.deliverable for step in said] == list(order)
        for i, step in enumerate(said, 1):
            assert step.risk[step.most_exposed] == max(step.risk.values())
            assert step.temptation[step.most_tempted] == max(step.temptation.values())
            for p in model.parties:
                assert step.exposure[p] == oracle.exposure(p, order[:i])
                assert step.temptation[p] == oracle.temptation(p, order[:i])


@given(models())
def test_agrees_with_the_definitions(plain: dict[str, Any]) -> None:
    agree(plain)


@pytest.mark.parametrize("batch", batches(6))
def test_agrees_with_the_definitions_on_thousands(batch: int) -> None:
    for seed in range(batch * 350, batch * 350 + 350):
        agree(random_model(seed, most=5))


WAITING = {
    "parties": ["a", "b"],
    "deliverables": {
        "talks": {"by": "a", "cost": 1, "worth": {"b": 2}},
        "release": {"by": "b", "cost": 2, "worth": {"a": 3}},
        "funds": {"by": "a", "cost": 3, "worth": {"b": 4}, "after": ["release"]},
        "visit": {"by": "b", "cost": 4, "worth": {"a": 5}},
    },
    "delivered": ["talks"],
}


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (["release", "funds", "visit"], []),
        (["release", "visit"], ["leaves out `funds`"]),
        (["visit", "funds", "release"], ["`funds` stands before `release`"]),
        (["release", "funds", "visit", "release"], ["`release` stands here twice"]),
        (["talks", "release", "funds", "visit"], ["`talks` is not among what is still to come"]),
        (["gold", "release", "funds", "visit"], ["`gold`"]),
        (["gold", "funds", "talks"],
         ["`gold`", "`funds` stands before", "`talks` is not", "leaves out `release`, `visit`"]),
    ],
)  # fmt: skip
def test_all_that_is_wrong_with_an_order_is_said(order: list[str], said: list[str]) -> None:
    model = from_plain(WAITING)
    if not said:
        assert highest(model, order) == 1
        return
    with pytest.raises(ModelError) as caught:
        highest(model, order)
    assert len(caught.value.wrongs) == len(said)
    for wrong, words in zip(caught.value.wrongs, said, strict=True):
        assert words in wrong.what


@pytest.mark.parametrize("seed", range(3))
def test_agrees_on_larger_ones(seed: int) -> None:
    agree(random_model(10_000 + seed, count=6))


@pytest.mark.parametrize("unit, rest", UNITS)
def test_long_numbers_agree_with_the_definitions(unit: int, rest: int) -> None:
    """Trust in odd numbers leaves no one scale for all: what is rounded is then proven anew."""
    rounded = 0
    for seed in range(12):
        plain = long_numbers(seed, 5, unit=unit, rest=rest)
        rounded += exposures(from_plain(plain)).slack > 0
        agree(plain)
    assert bool(rounded) == (unit > 1)


def test_what_differs_by_less_than_is_rounded_is_told_apart() -> None:
    """Either may give first; b then risks one part in 10^17 less than a would."""
    big = 10**17
    model = from_plain(
        {
            "parties": ["a", "b"],
            "trust": {"a": big + 9, "b": big + 11},
            "deliverables": {
                "x": {"by": "a", "cost": big + 8, "worth": {"b": 3 * big}},
                "y": {"by": "b", "cost": big + 9, "worth": {"a": 3 * big}},
            },
        }
    )
    found = safest(model)
    assert found.order == ("y", "x") and found.proven
    assert found.value == Fraction(big + 9, big + 11) < Fraction(big + 8, big + 9)
