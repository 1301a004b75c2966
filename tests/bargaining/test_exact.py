"""The solver against the definitions over every package, on thousands of random cases."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargaining.models import random_model
from bargaining.oracle import Oracle
from batches import batches
from detente.solve.bargaining import (
    clash,
    count_acceptable,
    count_packages,
    from_plain,
    frontier,
    solutions,
    space,
)
from detente.solve.bargaining.counting import wilson
from detente.solve.bargaining.pareto import Frontier, TooLarge, ascending, comparable
from detente.solve.bargaining.rules import RULES

SEEDS = st.integers(0, 2**32)


def vectors(found: Frontier, rows: Sequence[int]) -> list[tuple[Fraction, ...]]:
    return [
        tuple(found.space.value(p, number) for p, number in enumerate(found.points[row]))
        for row in rows
    ]


def agree(plain: dict) -> None:
    """Everything exact is what the definitions say, over every package."""
    oracle, model = Oracle(plain), from_plain(plain)
    found = frontier(space(model))
    assert vectors(found, range(len(found.points))) == oracle.pareto()
    for row, vector in enumerate(oracle.pareto()):
        packages = list(found.packages(row))
        assert len(packages) == found.ways(row) == oracle.values.count(vector)
        chosen = found.space.package(found.choices[row])
        assert chosen in packages
        assert all(oracle.worth(p) == vector and oracle.allowed(p) for p in packages)
    assert count_packages(found.space) == len(oracle.packages)
    count = count_acceptable(found.space)
    assert (count.number, count.exact) == (oracle.n_acceptable, True)
    best = solutions(found)
    for rule in RULES:
        assert vectors(found, best.rows[rule]) == getattr(oracle, rule)()
    clashing = clash(model)
    assert (clashing is None) == bool(oracle.packages)


def changed(plain: dict, how: Callable[[Fraction, str], Fraction]) -> dict:
    """The problem with other numbers: what `how` makes of a value and its party."""
    return {
        **plain,
        "issues": {
            issue: {
                option: {p: str(how(Fraction(str(v)), p)) for p, v in of.items()}
                for option, of in options.items()
            }
            for issue, options in plain["issues"].items()
        },
        "walk_away": {p: str(how(Fraction(str(v)), p)) for p, v in plain["walk_away"].items()},
    }


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_numbers_with_more_digits_than_a_machine_word_are_exact_too(seed: int) -> None:
    """Ties stay ties under a factor of forty digits, and a hair's difference is none."""
    rng = random.Random(seed)
    plain = random_model(seed)
    factors = {
        p: Fraction(rng.randrange(1, 10**16), rng.randrange(10**38, 10**40))
        for p in plain["parties"]
    }
    agree(changed(plain, lambda value, party: value * factors[party]))
    hair = Fraction(1, 10**25)
    agree(changed(plain, lambda value, party: value + rng.choice([-1, 0, 0, 1]) * hair))


def test_wide_numbers_are_told_apart_by_their_last_digit() -> None:
    points = np.array([[10**30 + n, -n] for n in (3, 1, 2, 1)], object)
    assert ascending(points).tolist() == [1, 3, 2, 0]
    one, other = comparable(points, points + 1)
    for a in range(4):
        for b in range(4):
            assert (one[a] < other[b]).tolist() == (points[a] < points[b] + 1).tolist()


@given(SEEDS)
def test_all_that_is_exact_is_what_the_definitions_say(seed: int) -> None:
    agree(random_model(seed))


@pytest.mark.parametrize("batch", batches(8))
def test_all_that_is_exact_is_what_the_definitions_say_on_thousands(batch: int) -> None:
    for seed in range(batch * 300, batch * 300 + 300):
        agree(random_model(seed))


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_a_smallest_set_of_constraints_that_clash(seed: int) -> None:
    plain = random_model(seed, parties=2)
    issue, options = next(iter(plain["issues"].items()))
    # Two more constraints make a clash certain.
    plain["forbidden"].append({issue: list(options)[:1]})
    if len(options) > 1:
        plain["forbidden"].append({issue: list(options)[1:]})
    model = from_plain(plain)
    found = clash(model)
    assert found is not None
    assert found.smallest
    assert len(found.sources) == Oracle(plain).smallest_clash()
    others = {("forbidden", n) for n in range(len(plain["forbidden"]))}
    others |= {("requires", n) for n in range(len(plain["requires"]))}
    assert clash(model.without(sorted(others - set(found.sources)))) is not None
    for source in found.sources:
        assert clash(model.without([*(others - set(found.sources)), source])) is None


@given(SEEDS, st.integers(2, 4))
@settings(max_examples=8, deadline=None)
def test_what_does_not_fit_the_memory_is_estimated_or_refused(seed: int, parties: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"p{n}" for n in range(parties)]
    issues = {
        f"i{n}": {f"o{k}": {p: int(rng.integers(100)) for p in names} for k in range(9)}
        for n in range(4)
    }
    plain = {"parties": names, "issues": issues, "walk_away": dict.fromkeys(names, 170)}
    plain["forbidden"] = [{"i0": "o1", "i2": ["o3", "o4"]}, {"i1": "o0", "i3": "o0"}]
    oracle = Oracle(plain)
    made = space(from_plain(plain))
    count = count_acceptable(made, memory=1, seed=seed)
    if not count.exact:
        share = count.number / len(oracle.packages)
        error = 5 * (share * (1 - share) / count.samples) ** 0.5 + 1e-4
        assert abs(share - oracle.n_acceptable / len(oracle.packages)) < error
        assert count.low <= count.number <= count.high
    try:
        points = frontier(made, memory=1).points
    except TooLarge as error:
        assert "memory" in str(error)
    else:
        assert len(points) == len(frontier(made).points)


def test_counts_larger_than_machine_numbers_are_exact() -> None:
    """60 issues of 10 options: 10^60 packages. By the polynomial whose coefficients they are."""
    levels = [0, 0, 1, 1, 1, 2, 2, 3, 3, 3]
    issue = {f"o{k}": {"a": v, "b": 3 - v} for k, v in enumerate(levels)}
    plain = {
        "parties": ["a", "b"],
        "issues": {f"i{n}": issue for n in range(60)},
        "walk_away": {"a": 80, "b": 75},
    }
    ways = [1]
    for _ in range(60):
        ways = [
            sum(levels.count(v) * ways[t - v] for v in range(4) if 0 <= t - v < len(ways))
            for t in range(len(ways) + 3)
        ]
    count = count_acceptable(space(from_plain(plain)))
    assert count.exact
    assert count.number == sum(ways[80 : 180 - 75 + 1])
    assert count_packages(space(from_plain(plain))) == 10**60


def test_wilsons_interval() -> None:
    """Agresti & Coull (1998): no success in ten trials, and five."""
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


# --- the axioms -----------------------------------------------------------------------------


def solved(plain: dict) -> dict[str, set[tuple[Fraction, ...]]]:
    found = frontier(space(from_plain(plain)))
    best = solutions(found)
    return {rule: set(vectors(found, best.rows[rule])) for rule in RULES}


@given(SEEDS, st.lists(st.tuples(st.integers(1, 9), st.integers(-9, 9)), min_size=6, max_size=6))
@settings(max_examples=200, deadline=None)
def test_nash_and_kalai_smorodinsky_do_not_depend_on_anybodys_scale(seed: int, maps: list) -> None:
    plain = random_model(seed)
    first = next(iter(plain["issues"]))
    changed = {
        **plain,
        "issues": {
            issue: {
                option: {
                    p: str(Fraction(str(v)) * a + (b if issue == first else 0))
                    for (p, v), (a, b) in zip(of.items(), maps, strict=False)
                }
                for option, of in options.items()
            }
            for issue, options in plain["issues"].items()
        },
        "walk_away": {
            p: str(Fraction(str(plain["walk_away"].get(p, 0))) * a + b)
            for p, (a, b) in zip(plain["parties"], maps, strict=False)
        },
    }
    before, after = solved(plain), solved(changed)
    for rule in ("nash", "kalai_smorodinsky"):
        mapped = {
            tuple(v * a + b for v, (a, b) in zip(x, maps, strict=False)) for x in before[rule]
        }
        assert mapped == after[rule]


@given(SEEDS, st.randoms())
@settings(max_examples=150, deadline=None)
def test_no_solution_depends_on_names_or_order(seed: int, rng) -> None:  # type: ignore[no-untyped-def]
    plain = random_model(seed)
    order = list(range(len(plain["parties"])))
    rng.shuffle(order)
    names = {p: plain["parties"][k] for p, k in zip(plain["parties"], order, strict=True)}
    issues = list(plain["issues"].items())
    rng.shuffle(issues)
    swapped = {
        **plain,
        "issues": {
            i: {o: {names[p]: v for p, v in of.items()} for o, of in options.items()}
            for i, options in issues
        },
        "walk_away": {names[p]: v for p, v in plain["walk_away"].items()},
    }
    before, after = solved(plain), solved(swapped)
    for rule in RULES:
        moved = set()
        for vector in before[rule]:
            at = dict(zip((names[p] for p in plain["parties"]), vector, strict=True))
            moved.add(tuple(at[p] for p in plain["parties"]))
        assert moved == after[rule]


@given(SEEDS, st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_nash_is_independent_of_what_was_not_chosen(seed: int, dropped: int) -> None:
    """Where a constraint takes packages away but leaves a solution, that stays the solution."""
    plain = random_model(seed)
    before = solved(plain)["nash"]
    issue = list(plain["issues"])[dropped % len(plain["issues"])]
    option = next(iter(plain["issues"][issue]))
    fewer = {**plain, "forbidden": [*plain["forbidden"], {issue: option}]}
    left = before & set(Oracle(fewer).values)
    after = solved(fewer)["nash"]
    if left:
        assert left <= after
        gains = [Oracle(plain).gains(v) for v in after]
        if all(g > 0 for each in gains for g in each):
            assert left == after


@given(SEEDS, st.integers(1, 20))
@settings(max_examples=200, deadline=None)
def test_more_for_one_while_ideals_stay_hurts_nobody_under_kalai_smorodinsky(
    seed: int, more: int
) -> None:
    """Individual monotonicity for two parties, in the smallest share anybody gets."""
    plain = random_model(seed, parties=2, constraints=False)
    plain["issues"]["extra"] = {"none": {"p0": 0, "p1": 0}, "some": {"p0": more, "p1": -more}}
    fewer = {**plain, "forbidden": [{"extra": "some"}]}
    small, large = Oracle(fewer), Oracle(plain)
    if not small.acceptable:
        return
    ideals = [[max(o.gains(v)[n] for v in o.acceptable) for n in (0, 1)] for o in (small, large)]
    if ideals[0] != ideals[1] or 0 in ideals[0]:
        return

    def least(found: set[tuple[Fraction, ...]]) -> Fraction:
        return min(g / i for v in found for g, i in zip(small.gains(v), ideals[0], strict=True))

    assert least(solved(plain)["kalai_smorodinsky"]) >= least(solved(fewer)["kalai_smorodinsky"])


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_nobody_can_do_better_than_a_solution_without_somebody_doing_worse(seed: int) -> None:
    plain = random_model(seed)
    frontier_ = set(Oracle(plain).pareto())
    for rule, found in solved(plain).items():
        assert found <= frontier_, rule


def test_nash_where_not_everybody_can_gain() -> None:
    """Either a and b gain, or b and c; never all three. Both sets are given."""
    plain = {
        "parties": ["a", "b", "c"],
        "issues": {
            "who": {
                "west": {"a": 2, "b": 3, "c": 0},
                "west less": {"a": 3, "b": 1, "c": 0},
                "east": {"a": 0, "b": 1, "c": 5},
                "nobody": {"a": 0, "b": 9, "c": 0},
            }
        },
    }
    assert solved(plain)["nash"] == {(2, 3, 0), (0, 1, 5)}
    assert prod((2, 3)) > prod((3, 1))
