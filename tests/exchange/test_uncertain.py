"""Costs and worths as ranges: the shares against the definitions, draw by draw."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import groupby
from typing import Any

import pytest

from detente.solve.exchange import ModelError, from_plain, middle, shares, spread, to_plain
from exchange.models import random_model
from exchange.oracle import Oracle

GRAIN = 1000
"""A range is drawn from in so many steps, both ends included."""


def mapped(plain: dict[str, Any], cost: Any, worth: Any) -> dict[str, Any]:
    """The exchange with each cost and worth changed by a function."""
    deliverables = {
        name: each
        | {
            "cost": cost(Fraction(each["cost"])),
            "worth": {party: worth(Fraction(value)) for party, value in each["worth"].items()},
        }
        for name, each in plain["deliverables"].items()
    }
    return plain | {"deliverables": deliverables}


def test_ranges_next_to_nothing() -> None:
    """Shares are 1 where the worst of all draws holds, 0 where not even the best does."""
    width, met = Fraction(1, 10**6), set()
    for seed in range(150):
        plain = random_model(seed, most=4)
        model = from_plain(mapped(plain, *[lambda v: [v, v + width]] * 2))
        found = shares(model, samples=5, seed=seed)
        best = Oracle(mapped(plain, lambda v: v, lambda v: v + width))
        worst = Oracle(mapped(plain, lambda v: v + width, lambda v: v))
        assert {each.order for each in found.orders} == {*best.orders}
        assert found.all and found.tried == len(best.orders)
        for each in found.orders:
            order = each.order
            assert best.risk(order) - 1e-9 <= each.value <= worst.risk(order) + 1e-9
            for share, good, bad in (
                (each.safe, best.risk(order) <= 1, worst.risk(order) > 1),
                (each.self_enforcing, best.holds(order), not worst.holds(order)),
            ):
                if not bad:
                    assert share == 1
                elif not good:
                    assert share == 0
                met.add((good, bad, share))
    assert {(True, False, 1), (False, True, 0)} <= met


def test_orders_alike_come_by_the_tie_rule() -> None:
    """Fewest repeats, then the smallest steps, then as declared; what went before counts."""
    width, met = Fraction(1, 10**6), 0
    for seed in range(150):
        plain = random_model(seed, most=4)
        model = from_plain(mapped(plain, *[lambda v: [v, v + width]] * 2))
        found = shares(model, samples=5, seed=seed)
        middle_ = Oracle(mapped(plain, *[lambda v: v + width / 2] * 2))
        for _, group in groupby(found.orders, key=lambda each: (each.safe, round(each.value, 9))):
            orders = [each.order for each in group]
            met += len(orders) > 1
            for place, order in enumerate(orders):
                assert order == middle_.first_of(orders[place:]), seed
    assert met > 50


Place = tuple[str, str | None]
"""A deliverable, and the party it is worth something to; None for its cost."""


def with_number(plain: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    name, party = place
    each = plain["deliverables"][name]
    part = {"worth": each["worth"] | {party: value}} if party else {"cost": value}
    return plain | {"deliverables": plain["deliverables"] | {name: each | part}}


def safe_draws(
    plain: dict[str, Any], place: Place, low: int, high: int, order: tuple[str, ...]
) -> set[int]:
    """The steps of the range at which an order is safe. Found by halving: one number moves, so
    that they are all on one side."""

    def safe(step: int) -> bool:
        value = low + Fraction((high - low) * step, GRAIN)
        return Oracle(with_number(plain, place, value)).risk(order) <= 1

    first, last = safe(0), safe(GRAIN)
    if first == last:
        return {*range(GRAIN + 1)} if first else set()
    near, far = 0, GRAIN
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (middle, far) if safe(middle) == first else (near, middle)
    return {*range(far)} if first else {*range(far, GRAIN + 1)}


def test_with_one_range_the_shares_are_the_probabilities() -> None:
    """Within four standard errors; `possible` too: that any order is safe."""
    met = 0
    for seed in range(70):
        rng = random.Random(seed)
        plain = random_model(seed, most=4, state=seed % 3 == 0)
        plain["trust"] = {party: rng.randint(2, 6) for party in plain["parties"]}
        name = rng.choice([*plain["deliverables"]])
        place = (name, rng.choice([None, *plain["deliverables"][name]["worth"]]))
        low = rng.randint(0, 2)
        high = low + rng.randint(4, 12)
        found = shares(from_plain(with_number(plain, place, [low, high])), samples=400, seed=seed)
        some: set[int] = set()
        for each in found.orders:
            steps = safe_draws(plain, place, low, high, each.order)
            some |= steps
            met += 0 < len(steps) <= GRAIN
            close(each.safe, len(steps), 400)
        close(found.possible, len(some), 400)
    assert met > 40


def close(share: float, steps: int, samples: int) -> None:
    true = steps / (GRAIN + 1)
    assert abs(share - true) <= 4 * (true * (1 - true) / samples) ** 0.5


def ranges(seed: int, **how: Any) -> dict[str, Any]:
    """A random exchange in which all numbers may be twice as large."""
    return mapped(random_model(seed, **how), *[lambda v: [v, 2 * v + 1]] * 2)


@pytest.mark.parametrize("seed", range(60))
def test_what_holds_for_all_shares(seed: int) -> None:
    model = from_plain(ranges(seed, most=5))
    found = shares(model, samples=100, seed=seed)
    assert (found.samples, found.seed) == (100, seed)
    assert found.possible >= max(each.safe for each in found.orders)
    assert found.possible <= sum(each.safe for each in found.orders) + 1e-9
    for better, worse in zip(found.orders, found.orders[1:], strict=False):
        assert better.safe >= worse.safe
        assert better.safe > worse.safe or better.value <= worse.value + 1e-8
    assert shares(model, samples=100, seed=seed) == found
    # One of them alone: the same draws, the same shares.
    alone = shares(model, order=found.orders[-1].order, samples=100, seed=seed)
    assert alone.orders == found.orders[-1:]
    assert (alone.tried, alone.all, alone.possible) == (1, False, alone.orders[0].safe)


def test_another_seed_another_draw() -> None:
    model = from_plain(CROSSED)
    assert shares(model, seed=1).orders != shares(model, seed=2).orders


CROSSED: dict[str, Any] = {
    "parties": ["a", "b"],
    "deliverables": {
        "x": {"by": "a", "cost": "0..2", "worth": {"b": 9}},
        "y": {"by": "b", "cost": "0..2", "worth": {"a": 9}},
    },
}


def test_each_order_in_half_of_the_draws_some_order_in_three_quarters() -> None:
    """x first is safe where x costs 1 or less, and y likewise, independently."""
    found = shares(from_plain(CROSSED), samples=4000)
    for each in found.orders:
        assert abs(each.safe - 501 / 1001) < 4 * found.error(each.safe)
        assert abs(each.value - 1) < 0.05
    assert abs(found.possible - (1 - (500 / 1001) ** 2)) < 4 * found.error(found.possible)


def test_what_is_exactly_at_the_limit_is_within_it() -> None:
    """Also where numbers are so large, or so many, that sums of floats miss it."""
    for factor in (1, Fraction(1, 3), 10**9 + 7, Fraction(10**12, 7)):
        tenths = {
            f"x{i}": {"by": "a", "cost": str(factor / 10), "worth": {"b": str(factor)}}
            for i in range(3)
        }
        plain = {
            "parties": ["a", "b"],
            "deliverables": tenths
            | {"y": {"by": "b", "cost": [0, 1], "worth": {"a": str(factor)}}},
            "trust": {"a": str(factor * 3 / 10)},
            "patience": {"b": str(3 * factor)},
        }
        found = shares(from_plain(plain), order=["x0", "x1", "x2", "y"], samples=20)
        assert (found.orders[0].safe, found.possible) == (1, 1)
        # Where b has all and gives nothing, it gains what y costs it, which is less than that.
        assert found.orders[0].self_enforcing == 1


def test_more_orders_than_are_tried() -> None:
    """Those that are safest in some draw are tried, and it says that they are not all."""
    plain = ranges(3, count=9, state=False, parties=2)
    told: list[int] = []
    found = shares(from_plain(plain), samples=30, progress=lambda done, of: told.append(of - done))
    assert not found.all and 1 <= found.tried <= 30 and told[-1] == 0
    # No order is safe in a draw in which the safest is not.
    assert found.possible >= max(each.safe for each in found.orders)


@pytest.mark.parametrize(
    "state", [{"delivered": ["x", "y"]}, {"broken": ["y"], "delivered": ["x"]}]
)
def test_nothing_is_to_come(state: dict[str, Any]) -> None:
    """The last moment does not count, so there is none to be exposed in."""
    found = shares(from_plain(CROSSED | state), samples=10)
    (none,) = found.orders
    assert (none.order, none.safe, none.self_enforcing, none.value) == ((), 1, 1, 0)
    assert (found.possible, found.tried, found.all) == (1, 1, True)


def test_what_was_delivered_counts_with_what_it_may_have_cost() -> None:
    """x is there: where it cost a more than 1, a is out more than it is ready to risk."""
    found = shares(from_plain(CROSSED | {"delivered": ["x"]}), samples=1000)
    (order,) = found.orders
    assert order.order == ("y",)
    close(order.safe, 501, 1000)


def test_what_it_can_not_work_with() -> None:
    with pytest.raises(ModelError, match="every cost and worth is known exactly"):
        shares(from_plain(random_model(1)))
    with pytest.raises(ModelError, match="leaves out `y`"):
        shares(from_plain(CROSSED), order=["x"])
    with pytest.raises(ValueError, match="draw at least one"):
        shares(from_plain(CROSSED), samples=0)


def test_trust_and_patience_may_be_ranges() -> None:
    """One open trust: an order is safe as soon as it covers the largest exposure."""
    plain = {
        "parties": ["a", "b"],
        "trust": {"a": "1..5", "b": 9},
        "patience": {"b": "0..4"},
        "deliverables": {
            "x": {"by": "a", "cost": 2, "worth": {"b": 3}},
            "y": {"by": "b", "cost": 2, "worth": {"a": 3}},
        },
    }
    model = from_plain(plain)
    assert model.open and from_plain(to_plain(model)) == model
    found = shares(model, order=["x", "y"], samples=4000)
    assert found.orders[0].safe == pytest.approx(0.75, abs=4 * found.error(0.75))
    # After x, b is tempted by 3 - 1 = 2.
    assert found.orders[0].self_enforcing == pytest.approx(0.5, abs=4 * found.error(0.5))
    assert {each.name for each in found.matters} == {("trust", "a"), ("patience", "b")}
    with pytest.raises(ModelError, match="no exact number"):
        model.ready("a")
    for wrong, said in (("0..3", "may be none at all"), ("5..1", "ends before it begins")):
        with pytest.raises(ModelError, match=said):
            from_plain({**plain, "trust": {"a": wrong}})


def test_the_spread_is_the_exposure_of_the_oracle_where_all_is_known() -> None:
    for seed in range(60):
        plain = random_model(seed, most=5)
        model, oracle = from_plain(plain), Oracle(plain)
        order = oracle.orders[-1]
        found = spread(model, order)
        for p in model.parties:
            for moment in range(len(order)):
                exposed = float(oracle.exposure(p, order[:moment]))
                assert found.exposure[p][moment] == pytest.approx((exposed,) * 3)
            assert found.exposure[p][-1] == (0.0, 0.0, 0.0)


def test_knowing_a_number_never_hurts_and_the_middle_is_in_the_middle() -> None:
    plain = {
        "parties": ["a", "b"],
        "trust": {"a": 3, "b": 3},
        "deliverables": {
            "x": {"by": "a", "cost": "0..6", "worth": {"b": "4..8"}},
            "y": {"by": "b", "cost": "0..6", "worth": {"a": "4..8"}},
        },
    }
    found = shares(from_plain(plain), samples=2000)
    assert all(each.safe >= found.orders[0].safe for each in found.matters)
    assert {each.name for each in found.matters[:2]} == {("x", "cost"), ("y", "cost")}
    assert found.matters[0].safe > found.orders[0].safe + 0.1
    centre = middle(from_plain(plain))
    assert not centre.open
    assert centre.deliverables["x"].cost == 3 and centre.deliverables["x"].worth == {"b": 6}
