"""Why, getting there, what would have to change, open preferences, coalitions."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from conflict.models import models, random_model
from conflict.oracle import Oracle
from detente.solve.conflict import CONCEPTS, ModelError, analyse, from_plain
from detente.solve.conflict.coalition import coalition
from detente.solve.conflict.paths import Step, reach, routes
from detente.solve.conflict.uncertain import _draw, parts, shares
from detente.solve.conflict.why import change, explain
from detente.solve.conflict.words import sentences

SYRIA_IRAQ = {
    "decision_makers": {"syria": ["release_water", "escalate"], "iraq": ["attack"]},
    "infeasible": [{"release_water": "Y", "escalate": "Y"}],
    "preferences": {
        "syria": {"priorities": ["escalate and not attack", "not escalate or not attack"]},
        "iraq": {"priorities": ["not escalate or attack", "not attack"]},
    },
    "words": {
        "syria": "Syria",
        "iraq": "Iraq",
        "escalate": "escalating",
        "attack": "attacking",
        "release_water": "releasing water",
    },
}


def legal(oracle: Oracle, step: Step) -> bool:
    gains = oracle.better(step.mover, step.to, step.before)
    return step.to in oracle.moves(step.mover, step.before) and gains == step.improvement


def joined(path: tuple[Step, ...], start: str, end: str) -> bool:
    """One move after another, and nobody twice running."""
    at = start
    for step in path:
        if step.before != at:
            return False
        at = step.to
    return at == end and all(a.mover != b.mover for a, b in pairwise(path))


@given(models(most=5))
def test_reach_agrees_with_the_definition(plain: dict[str, Any]) -> None:
    oracle = Oracle(plain)
    found = analyse(from_plain(plain))
    names = list(plain["decision_makers"])
    for state in oracle.states[:6]:
        start = found.space.cell(state)
        for movers in (names, names[1:], names[:1]):
            for mode in ("any", "improvements"):
                ways = reach(found.space, found.rank, start, movers=movers, mode=mode)
                expected = oracle.reach(tuple(movers), state, mode == "improvements") | {state}
                assert set(found.space.names(ways.cells)) == expected
                for cell in ways.cells.tolist():
                    path = ways.path(cell)
                    assert joined(path, state, found.space.state(cell))
                    assert all(legal(oracle, step) and step.mover in movers for step in path)
                    assert mode == "any" or all(step.improvement for step in path)


@given(models(most=5))
def test_explanations_agree_with_the_definition(plain: dict[str, Any]) -> None:
    """The verdict, and every sanction: legal moves of others to a state that deters."""
    oracle = Oracle(plain)
    found = analyse(from_plain(plain))
    for state in oracle.states[:5]:
        for name in plain["decision_makers"]:
            for concept in CONCEPTS:
                said = explain(found, state, name, concept)
                assert said.stable == oracle.stable(concept, name, state)
                assert {a.move.to for a in said.answers} == set(oracle.improvements(name, state))
                for answer in said.answers:
                    if answer.sanction is None:
                        continue
                    end = answer.sanction[-1].to
                    assert joined(answer.sanction, answer.move.to, end)
                    assert all(legal(oracle, s) and s.mover != name for s in answer.sanction)
                    if concept in ("seq", "sseq"):
                        assert all(step.improvement for step in answer.sanction)
                    assert not oracle.better(name, end, state)
                    assert (answer.leaves == "worse") == oracle.better(name, state, end)
                    if concept in ("smr", "sseq"):
                        outs = oracle.moves(name, end)
                        assert not any(oracle.better(name, out, state) for out in outs)
                assert sentences(found.model, said)[0].startswith(state)


def test_the_words_of_an_explanation() -> None:
    found = analyse(from_plain(SYRIA_IRAQ))
    said = explain(found, "NNN", "syria", "seq")
    assert sentences(found.model, said) == [
        "NNN is stable for Syria (SEQ).",
        "Syria would gain by escalating (to NYN), but Iraq can answer by attacking, which leaves "
        "Syria worse off than now (NYY).",
    ]
    said = explain(found, "NNN", "syria", "nash")
    assert sentences(found.model, said)[1] == "Syria would gain by escalating (to NYN)."


@given(models(most=5))
def test_routes_are_shortest_and_complete(plain: dict[str, Any]) -> None:
    oracle = Oracle(plain)
    found = analyse(from_plain(plain))
    start = oracle.states[0]
    names = tuple(plain["decision_makers"])
    by_any = oracle.reach(names, start, False) | {start}
    by_gain = oracle.reach(names, start, True) | {start}
    ways = routes(found, start)
    assert {w.state for w in ways} == {s for c in CONCEPTS for s in found.equilibria(c)}
    for way in ways:
        assert (way.any_moves is not None) == (way.state in by_any)
        assert (way.improvements is not None) == (way.state in by_gain)
        if way.any_moves is not None:
            assert len(way.any_moves) == distance(oracle, names, start, way.state)
        if way.fewest is not None:
            assert joined(way.fewest, start, way.state)
            against = sum(not step.improvement for step in way.fewest)
            assert against == fewest_against(oracle, names, start, way.state)
        for option in way.would_open:
            rest = {o: w for o, w in plain["irreversible"].items() if o != option}
            freed = Oracle({**plain, "irreversible": rest})
            if way.any_moves is None:
                assert way.state in freed.reach(names, start, False)
            else:
                assert way.state in freed.reach(names, start, True)


def distance(oracle: Oracle, names: tuple[str, ...], start: str, end: str) -> int:
    edge, steps = {start}, 0
    while end not in edge:
        edge |= {to for s in edge for name in names for to in oracle.moves(name, s)}
        steps += 1
    return steps


def fewest_against(oracle: Oracle, names: tuple[str, ...], start: str, end: str) -> int:
    """Bellman-Ford, until nothing changes."""
    cost = {start: 0}
    changed = True
    while changed:
        changed = False
        for s in list(cost):
            for name in names:
                for to in oracle.moves(name, s):
                    new = cost[s] + (not oracle.better(name, to, s))
                    if new < cost.get(to, 10**9):
                        cost[to] = new
                        changed = True
    return cost[end]


def test_what_would_open_a_way() -> None:
    plain = {
        "decision_makers": {"a": ["x"], "b": ["y"]},
        "irreversible": {"x": "forward"},
        "preferences": {"a": {"priorities": ["not x"]}, "b": {"priorities": ["y"]}},
    }
    ways = {way.state: way for way in routes(analyse(from_plain(plain)), "YN")}
    assert ways["NY"].any_moves is None
    assert ways["NY"].would_open == ("x",)
    assert ways["YY"].improvements is not None and ways["YY"].would_open == ()
    plain = {
        "decision_makers": {"a": ["x"], "b": ["y"]},
        "infeasible": [{"x": "Y", "y": "N"}, {"x": "N", "y": "Y"}],
    }
    ways = {way.state: way for way in routes(analyse(from_plain(plain)), "NN")}
    assert ways["YY"].any_moves is None
    assert ways["YY"].would_open_patterns == (0, 1)


@given(models(most=5))
def test_changes_are_what_stands_in_the_way(plain: dict[str, Any]) -> None:
    """Raising the state to its best undeterred improvement makes it stable for that DM."""
    found = analyse(from_plain(plain))
    oracle = Oracle(plain)
    for state in oracle.states[:4]:
        for concept in CONCEPTS:
            needed = change(found, state, concept)
            unstable = [n for n in oracle.makers if not oracle.stable(concept, n, state)]
            assert [each.name for each in needed.obstacles] == unstable
            cell = found.space.cell(state)
            both = np.array(found.rank)
            for each in needed.obstacles:
                i = found.model.names.index(each.name)
                level = max(found.rank[i, found.space.cell(to)] for to in each.undeterred)
                rank = np.array(found.rank)
                both[i, cell] = rank[i, cell] = level
                again = analyse(found.space, rank=rank)
                assert again.is_stable(concept, each.name, state)
            again = analyse(found.space, rank=both)
            assert needed.enough == (state in again.equilibria(concept))


@given(models(most=5))
def test_coalitions_agree_with_the_definition(plain: dict[str, Any]) -> None:
    oracle = Oracle(plain)
    found = analyse(from_plain(plain))
    names = list(oracle.makers)
    for size in (2, len(names)):
        for members in list(combinations(names, size))[:3]:
            others = tuple(name for name in names if name not in members)
            got = coalition(found, members)
            for concept in CONCEPTS:
                expected = [
                    s for s in oracle.states if oracle.coalition_stable(concept, members, others, s)
                ]
                assert list(got.stable[concept]) == expected
            for state, to in got.upset.items():
                assert to in oracle.reach(members, state, False)
                assert all(oracle.better(name, to, state) for name in members)
                assert state not in got.stable["seq"]


@pytest.mark.parametrize("members", [["d0"], ["d0", "d0"], ["d0", "nobody"], []])
def test_no_coalition(members: list[str]) -> None:
    with pytest.raises(ModelError):
        coalition(analyse(from_plain(random_model(3))), members)


OPEN_PAIRS = [
    (4, [(0, 1), (2, 3)]),
    (4, [(0, 1), (1, 2)]),
    (5, [(0, 1), (0, 2), (1, 2), (3, 4)]),
    (6, [(0, 1), (1, 2), (0, 2), (2, 3), (3, 4)]),
    (3, []),
]


@pytest.mark.parametrize("count, pairs", OPEN_PAIRS)
def test_orders_that_fit_are_drawn_alike(count: int, pairs: list[tuple[int, int]]) -> None:
    import random

    free = {frozenset(pair) for pair in pairs}
    fits = {
        order
        for order in permutations(range(count))
        if all(
            order.index(a) < order.index(b)
            for a, b in combinations(range(count), 2)
            if frozenset((a, b)) not in free
        )
    }
    pieces = parts(count, pairs)
    number = 1
    for piece in pieces:
        number *= piece.count
    assert number == len(fits)
    rng = random.Random(1)
    drawn = [tuple(i for piece in pieces for i in _draw(piece, rng)) for _ in range(3000)]
    assert set(drawn) == fits
    for order in fits:  # five standard errors
        mean = 3000 / len(fits)
        assert abs(drawn.count(order) - mean) <= 5 * mean**0.5


def open_model() -> dict[str, Any]:
    plain = {**SYRIA_IRAQ, "preferences": dict(SYRIA_IRAQ["preferences"])}
    statements = ["release_water", "not escalate", "attack", "escalate or attack"]
    plain["preferences"]["iraq"] = {"priorities": statements, "open": [[1, 2], [3, 4]]}
    ranking = [["NNN"], ["NYN"], ["NNY", "YNN"], ["NYY"], ["YNY"]]
    plain["preferences"]["syria"] = {"ranking": ranking, "open": [["NNN", "NYN"]]}
    return plain


def test_shares_are_those_of_all_orders() -> None:
    plain = open_model()
    got = shares(from_plain(plain), samples=100)
    assert got.exact and got.orders == got.samples == 8 and got.error == 0
    counts: dict[str, dict[str, float]] = {c: {} for c in CONCEPTS}
    for first in ([0, 1], [1, 0]):
        for second in ([2, 3], [3, 2]):
            for levels in ([0, 1], [1, 0]):
                texts = plain["preferences"]["iraq"]["priorities"]
                ranking = plain["preferences"]["syria"]["ranking"]
                preferences = {
                    "iraq": {"priorities": [texts[i] for i in [*first, *second]]},
                    "syria": {"ranking": [ranking[i] for i in levels] + ranking[2:]},
                }
                oracle = Oracle({**plain, "preferences": preferences})
                for c in CONCEPTS:
                    for state in oracle.equilibria(c):
                        counts[c][state] = counts[c].get(state, 0) + 1 / 8
    assert got.share == counts


def test_samples_are_seeded_and_near_the_exact_share() -> None:
    model = from_plain(open_model())
    exact = shares(model, samples=8)
    one, same = (shares(model, samples=7, seed=3) for _ in range(2))
    assert one == same and not one.exact and one.samples == 7
    assert exact.exact
    many = {**open_model()}
    many["preferences"]["iraq"]["open"] = [list(p) for p in combinations(range(1, 5), 2)]
    drawn = shares(from_plain(many), samples=47, seed=1)
    full = shares(from_plain(many), samples=48)
    assert drawn.orders == full.orders == 48 and full.exact and not drawn.exact
    for c in CONCEPTS:
        for state, share in full.share[c].items():
            assert abs(drawn.share[c].get(state, 0) - share) <= 5 * 0.5 / 47**0.5


def test_nothing_left_open() -> None:
    with pytest.raises(ModelError, match="no preference is left open"):
        shares(from_plain(SYRIA_IRAQ))
