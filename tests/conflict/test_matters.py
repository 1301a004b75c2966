"""Which open pair of statements decides most, against every order there is."""

from __future__ import annotations

import random
from itertools import combinations, permutations, product
from typing import Any

import pytest

from conflict.models import statement
from conflict.oracle import Oracle
from detente.solve.conflict.model import from_plain
from detente.solve.conflict.uncertain import matters, shares
from detente.solve.plain import ModelError


def opened(seed: int) -> dict[str, Any]:
    """Two decision makers with three options and statements of which some pairs are open."""
    rng = random.Random(seed)
    options = ["o0", "o1", "o2"]
    plain: dict[str, Any] = {
        "decision_makers": {"d0": options[:1], "d1": options[1:]},
        "preferences": {},
    }
    for name, count in (("d0", 3), ("d1", 2)):
        said = [statement(rng, options, 1) for _ in range(count)]
        pairs = [[1, 2]] if rng.random() < 0.5 else [list(p) for p in combinations([1, 2, 3], 2)]
        pairs = [pair for pair in pairs if max(pair) <= count]
        plain["preferences"][name] = {"priorities": said, "open": pairs}
    return plain


def orders(plain: dict[str, Any]) -> list[dict[str, tuple[int, ...]]]:
    """Every order of everybody's statements that keeps what is not open."""
    fits = {}
    for name, given in plain["preferences"].items():
        open_ = {frozenset(n - 1 for n in pair) for pair in given["open"]}
        count = len(given["priorities"])
        fits[name] = [
            order
            for order in permutations(range(count))
            if all(
                order.index(a) < order.index(b) or frozenset((a, b)) in open_
                for a, b in combinations(range(count), 2)
            )
        ]
    return [dict(zip(fits, chosen, strict=True)) for chosen in product(*fits.values())]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("concept", ["seq", "nash"])
def test_matters_agree_with_every_order(seed: int, concept: str) -> None:
    plain = opened(seed)
    model = from_plain(plain)
    every = orders(plain)
    held: list[set[str]] = []
    for chosen in every:
        of = {
            name: {"priorities": [plain["preferences"][name]["priorities"][i] for i in order]}
            for name, order in chosen.items()
        }
        held.append(set(Oracle({**plain, "preferences": of}).equilibria(concept)))
    states = sorted(set().union(*held))
    found = matters(model, states, concept, samples=10_000)
    assert shares(model, samples=10_000).orders == len(every)
    if not states:
        assert found == ()
        return
    assert {(m.name, m.first, m.second) for m in found} == {
        (name, *sorted(n - 1 for n in pair))
        for name, given in plain["preferences"].items()
        for pair in given["open"]
    }
    for each in found:
        sides: dict[bool, list[set[str]]] = {True: [], False: []}
        for chosen, stable in zip(every, held, strict=True):
            order = chosen[each.name]
            sides[order.index(each.first) < order.index(each.second)].append(stable)
        gaps = {
            state: [sum(state in stable for stable in side) / len(side) for side in sides.values()]
            for state in states
        }
        assert [each.if_first, each.if_second] == pytest.approx(gaps[each.state])
        assert each.difference == pytest.approx(max(abs(a - b) for a, b in gaps.values()))
    differences = [each.difference for each in found]
    assert differences == sorted(differences, reverse=True)


def test_drawn_orders_are_those_of_shares_with_the_same_seed() -> None:
    said = ["a", "b", "not a", "a iff b", "not b", "a or b"]
    pairs = [list(pair) for pair in combinations(range(1, 7), 2)]
    model = from_plain(
        {
            "decision_makers": {"x": ["a"], "y": ["b"]},
            "preferences": {n: {"priorities": said, "open": pairs} for n in "xy"},
        }
    )
    drawn = shares(model, samples=50, seed=3)
    assert not drawn.exact
    state, share = next(iter(drawn.share["seq"].items()))
    for each in matters(model, [state], "seq", samples=50, seed=3):
        assert min(each.if_first, each.if_second) <= share <= max(each.if_first, each.if_second)


def test_nothing_open_is_refused_and_no_state_gives_nothing() -> None:
    plain = {"decision_makers": {"x": ["a"], "y": ["b"]}, "preferences": {}}
    with pytest.raises(ModelError, match="left open"):
        matters(from_plain(plain), ["YY"], "seq")
    assert matters(from_plain(opened(0)), [], "seq") == ()
