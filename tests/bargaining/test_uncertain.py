"""Values left open: the draws, the shares, and the same shares worked out the slow way."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from bargaining.models import random_model
from bargaining.oracle import Oracle
from detente.solve.bargaining import ModelError, TooLarge, from_plain, shares
from detente.solve.bargaining.sampling import draw, mixing
from detente.solve.bargaining.states import space
from detente.solve.bargaining.uncertain import _lowest, _Task


def opened(seed: int) -> dict[str, Any]:
    """A random problem of which some values, walk-aways and orders are left open."""
    rng = random.Random(seed)
    plain = random_model(seed)
    for options in plain["issues"].values():
        for of in options.values():
            for party, value in of.items():
                if rng.random() < 0.4:
                    of[party] = [value, value + rng.choice([1, 2, 7])]
    for party, value in plain["walk_away"].items():
        if rng.random() < 0.3:
            plain["walk_away"][party] = [value - 1, value + 2]
    return plain


def pinned(plain: dict[str, Any], task: _Task, row: int) -> dict[str, Any]:
    """The problem with the values of one draw."""
    found = {
        **plain,
        "issues": {i: {o: dict(v) for o, v in of.items()} for i, of in plain["issues"].items()},
        "walk_away": dict(plain["walk_away"]),
    }
    parties = plain["parties"]
    for name, number in zip(task.drawn.names, task.numbers[row], strict=True):
        value = Fraction(int(number), int(task.steps_of[parties.index(name[0])]))
        if len(name) == 1:
            found["walk_away"][name[0]] = value
        else:
            found["issues"][name[1]][name[2]][name[0]] = value
    return found


@pytest.mark.parametrize("batch", range(4))
def test_every_draw_agrees_with_the_definitions(batch: int) -> None:
    for seed in range(batch * 60, batch * 60 + 60):
        plain = opened(seed)
        model = from_plain(plain)
        if not model.open or not Oracle(pinned_low(plain)).packages:
            continue
        task = _Task.of(model, space(_lowest(model)), 5, seed, 1 << 30)
        found = task.solve(0)
        packages = [task.share(code, 0, 0, detailed=False).package for code in found.codes]
        pareto, nash = np.zeros(len(packages), int), np.zeros(len(packages), int)
        for row in range(5):
            oracle = Oracle(pinned(plain, task, row))
            best, solved = set(oracle.pareto()), set(oracle.nash())
            vectors = [oracle.worth(package) for package in packages]
            # Packages worth the same in every draw are counted once, under one of them.
            assert best <= set(vectors) and solved <= set(vectors)
            pareto += [v in best for v in vectors]
            nash += [v in solved for v in vectors]
            accepted = {
                sum(1 << n for n, gain in enumerate(oracle.gains(v)) if gain >= 0) for v in best
            }
            assert int(found.met[row]) == sum(1 << who for who in accepted)
            assert (found.winner[row] >= 0) == bool(solved)
            if solved:
                assert vectors[found.winner[row]] in solved
        assert found.pareto.tolist() == pareto.tolist()
        assert found.nash.tolist() == nash.tolist()


def pinned_low(plain: dict[str, Any]) -> dict[str, Any]:
    def low(value: Any) -> Any:
        return value[0] if isinstance(value, list) else value

    return {
        **plain,
        "issues": {
            i: {o: {p: low(v) for p, v in of.items()} for o, of in options.items()}
            for i, options in plain["issues"].items()
        },
        "walk_away": {p: low(v) for p, v in plain["walk_away"].items()},
    }


def simple(**more: Any) -> dict[str, Any]:
    issues = {"i": {"x": {"a": 1, "b": 0}, "y": {"a": [0, 2], "b": 1}}}
    return {"parties": ["a", "b"], "issues": issues, **more}


def test_a_share_that_can_be_worked_out_by_hand() -> None:
    # y is better for b always, and for a half the time; then x is dominated.
    found = shares(from_plain(simple()), samples=40_000)
    of = {each.package["i"]: each for each in found.packages}
    assert of["y"].pareto == 1
    assert abs(of["x"].pareto - 0.5) < 5 * found.error(0.5)
    assert found.deal == {("a", "b"): 1.0}
    low = shares(from_plain(simple(walk_away={"a": [1, 3], "b": 1})), samples=40_000)
    # Only y, where its value, uniform on 0..2, reaches a walk-away uniform on 1..3: an eighth.
    assert abs(low.deal["a", "b"] - 1 / 8) < 5 * low.error(1 / 8)
    assert low.packages[0].acceptable == low.deal["a", "b"]
    assert {matter.name for matter in low.matters} == {("a", "i", "y"), ("a",)}


def test_seeded_and_the_same_however_it_is_cut_up() -> None:
    model = from_plain(opened(3))
    first, again = (shares(model, samples=2500, seed=7) for _ in range(2))
    assert first == again
    assert shares(model, samples=2500, seed=8) != first


def test_known_values_of_many_digits_are_rounded_in_the_draws_and_that_is_said() -> None:
    plain = simple()
    plain["issues"]["j"] = {o: {"a": f"{n}/{10**20 + 39}", "b": 0} for n, o in enumerate("uv")}
    found = shares(from_plain(plain), samples=200)
    assert len(found.warnings) == 1 and "The values of a " in found.warnings[0]
    # Too small a difference to be told from none: u stands for both.
    assert {each.package["j"] for each in found.packages} == {"u"}
    assert not shares(from_plain(simple()), samples=20).warnings


def orders(chains: list[list[str]], **values: Any) -> dict[str, Any]:
    options = {o: {"b": 0, **({"a": values[o]} if o in values else {})} for o in "uvwxyz"}
    return {
        "parties": ["a", "b"],
        "scale": "0..1",
        "issues": {"i": options},
        "orders": {"a": [[f"i.{o}" for o in chain] for chain in chains]},
    }


def test_a_plain_order_is_drawn_as_order_statistics() -> None:
    drawn = draw(from_plain(orders([list("uvwxyz")])), 20_000, np.random.default_rng(1))
    assert [group.how for group in drawn.groups] == ["sorted"]
    assert (np.diff(drawn.numbers, axis=1) <= 0).all()
    # The k-th largest of 6 uniform numbers has mean (7 - k) / 7.
    assert np.allclose(drawn.numbers.mean(axis=0), np.arange(6, 0, -1) / 7, atol=0.01)


def test_what_rejection_can_draw_it_draws_exactly() -> None:
    plain = orders([["u", "v"], ["u", "w"], ["x", "y"]], z=0)
    drawn = draw(from_plain(plain), 20_000, np.random.default_rng(1))
    assert {group.how for group in drawn.groups} == {"rejection", "sorted"}
    at = {name[2]: n for n, name in enumerate(drawn.names)}
    u, v, w = (drawn.numbers[:, at[o]] for o in "uvw")
    assert (u >= v).all() and (u >= w).all()
    assert abs(u.mean() - 3 / 4) < 0.01  # the largest of three


def test_gibbs_draws_what_sorting_would() -> None:
    # One bound moved by a hair: the same space, but neither sorted nor often hit in the box.
    plain = orders([list("uvwxyz")], z=[0, 0.999999])
    drawn = draw(from_plain(plain), 20_000, np.random.default_rng(1))
    (group,) = drawn.groups
    assert group.how == "Gibbs" and group.mixed and group.r_hat is not None
    assert 5_000 <= group.effective <= 20_000 and drawn.effective == group.effective
    by_name = {name[2]: drawn.numbers[:, n] for n, name in enumerate(drawn.names)}
    for k, option in enumerate("uvwxyz", 1):
        assert abs(by_name[option].mean() - (7 - k) / 7) < 0.015
        # Beta(7 - k, k): its variance.
        assert abs(by_name[option].var() - (7 - k) * k / 49 / 8) < 0.004


def test_mixing_is_seen_for_what_it_is() -> None:
    rng = np.random.default_rng(0)
    good = rng.normal(size=(500, 8))
    r_hat, effective = mixing(good)
    assert r_hat < 1.01 and effective > 3000
    apart = good + np.arange(8)
    assert mixing(apart)[0] > 1.5 and mixing(apart)[1] < 100
    slow = np.cumsum(rng.normal(size=(500, 8)), axis=0)
    assert mixing(slow)[1] < 100


def test_an_exact_value_in_an_order_bounds_what_is_open() -> None:
    plain = orders([["u", "v", "w"]], v=0.25, x=0, y=0, z=0)
    drawn = draw(from_plain(plain), 2_000, np.random.default_rng(1))
    by_name = {name[2]: drawn.numbers[:, n] for n, name in enumerate(drawn.names)}
    assert by_name["u"].min() >= 0.25 and by_name["w"].max() <= 0.25


def test_what_is_refused() -> None:
    exact = simple()
    exact["issues"]["i"]["y"]["a"] = 2
    with pytest.raises(ModelError, match="nothing is left open"):
        shares(from_plain(exact))
    with pytest.raises(ModelError, match="forbidden number 1"):
        shares(from_plain(simple(forbidden=[{"i": ["x", "y"]}])))
    with pytest.raises(TooLarge, match="--samples"):
        shares(from_plain(simple()), samples=10_000, memory=1000)
    with pytest.raises(ModelError, match=r"round in a circle: i\.\w > i\.\w > i\.\w"):
        from_plain(orders([["u", "v"], ["v", "u"]], w=0, x=0, y=0, z=0))


def one_open(low: float, high: float, more: float = 0) -> dict[str, Any]:
    """b gains by y, a may gain or lose; `more` is how open another issue is, to b alone."""
    return {
        "parties": ["a", "b"],
        "issues": {
            "i": {"x": {"a": 0, "b": 0}, "y": {"a": [low, high], "b": 3}},
            "j": {"u": {"a": 0, "b": 0}, "v": {"a": 0, "b": [1, 1 + more]}},
        },
    }


def test_knowing_the_one_number_that_decides_settles_every_option() -> None:
    """The sign changes at a tenth of the range, so a tenth of it tells all."""
    found = shares(from_plain(one_open(-6, 4, more=1)), samples=4_000)
    matters = {each.name: each for each in found.matters}
    first = matters["a", "i", "y"]
    assert found.options == pytest.approx((0.6 + 1) / 2, abs=0.02), "j is always v"
    assert first.options == pytest.approx(1, abs=0.02)
    assert first.settled == pytest.approx(1, abs=0.02)
    other = matters["b", "j", "v"]
    assert other.options == pytest.approx(found.options, abs=0.03), "knowing it tells nothing"


def test_what_is_certain_needs_no_knowing() -> None:
    found = shares(from_plain(one_open(1, 4)), samples=200)
    assert (found.options, found.likeliest) == (1, 1)
    assert [(m.options, m.settled) for m in found.matters] == [(1, 1)]


@pytest.mark.parametrize("seed", range(30))
def test_guesses_are_shares(seed: int) -> None:
    model = from_plain(opened(seed))
    if not model.open or not Oracle(pinned_low(opened(seed))).packages:
        return
    found = shares(model, samples=40, seed=seed)
    for share in (found.options, found.likeliest, *(m.options for m in found.matters)):
        assert 0 <= share <= 1
    assert found.options >= found.likeliest - 1e-12, "who guesses all guesses each"
