"""Fewest rounds: dynamic programming and CP-SAT against the definition; CP-SAT beside `safest`."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import pytest
from hypothesis import given, settings
from ortools.sat.python import cp_model

from batches import batches
from detente.solve.exchange import Rounds, fewest_rounds, from_plain, rounds, safest
from exchange.models import models, random_model
from exchange.oracle import Oracle


def is_what_it_says(plain: dict[str, Any], found: Rounds) -> None:
    """The plan is one, it keeps to the limit, and its numbers are those of the definition."""
    oracle = Oracle(plain)
    done: list[str] = []
    risks = [max(oracle.exposure(p, []) / oracle.trust[p] for p in oracle.parties)]
    if not oracle.open:  # nothing can break off any more
        risks = [Fraction(0)]
    for part, worst in zip(found.rounds, found.worst, strict=True):
        assert part and not set(part) & set(done)
        for name in part:
            before = oracle.all[name].get("after", [])
            assert all(b in done or b in oracle.delivered for b in before)
        risks.append(oracle.round_risk(done, part))
        assert risks[-1] == max(worst[p] / oracle.trust[p] for p in oracle.parties)
        done += part
    assert sorted(done) == sorted(oracle.open)
    assert found.value == max(risks) <= found.limit
    assert found.proven == (found.least == len(found.rounds))


def agree(plain: dict[str, Any]) -> None:
    found = fewest_rounds(from_plain(plain))
    oracle = Oracle(plain)
    assert found.limit == max(Fraction(1), safest(from_plain(plain)).value)
    assert len(found.rounds) == oracle.fewest_rounds(found.limit)
    assert found.proven
    is_what_it_says(plain, found)


@pytest.fixture
def by_cp_sat(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few deliverables there are, dynamic programming is not used."""
    monkeypatch.setattr(rounds, "MOST_EXACT", -1)


@settings(max_examples=100, deadline=None)
@given(models())
def test_agrees_with_the_definition(plain: dict[str, Any]) -> None:
    agree(plain)


@pytest.mark.parametrize("batch", batches(4))
def test_agrees_with_the_definition_on_hundreds(batch: int) -> None:
    for seed in range(batch * 200, batch * 200 + 200):
        agree(random_model(20_000 + seed, most=5))


@pytest.mark.parametrize("batch", batches(4))
@pytest.mark.usefixtures("by_cp_sat")
def test_cp_sat_agrees_with_the_definition_on_hundreds(batch: int) -> None:
    for seed in range(batch * 200, batch * 200 + 200):
        agree(random_model(20_000 + seed, most=5))


def round_model(seed: int, count: int) -> dict[str, Any]:
    """Trust enough for several gifts at once, so that rounds matter."""
    plain = random_model(seed, count=count, state=False)
    return plain | {"trust": dict.fromkeys(plain["parties"], 6 + seed % 5 * 4)}


@pytest.mark.parametrize("count", [9, 11])
def test_cp_sat_and_dynamic_programming_agree(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    by_sets, numbers = [], set()
    plains = [round_model(30_000 + seed, count) for seed in range(25)]
    for plain in plains:
        by_sets.append(fewest_rounds(from_plain(plain)))
    monkeypatch.setattr(rounds, "MOST_EXACT", -1)
    for plain, found in zip(plains, by_sets, strict=True):
        again = fewest_rounds(from_plain(plain))
        assert again.proven and found.proven
        assert len(again.rounds) == len(found.rounds)
        numbers.add(len(found.rounds))
        is_what_it_says(plain, again)
    assert len(numbers) > 3


def test_twenty_four_deliverables() -> None:
    for seed in range(5):
        plain = round_model(40_000 + seed, 24)
        found = fewest_rounds(from_plain(plain))
        assert found.proven
        assert {name for part in found.rounds for name in part} == set(plain["deliverables"])
        assert found == fewest_rounds(from_plain(plain))


@pytest.mark.parametrize("status", ["interrupted", "refused", "no time"])
def test_without_cp_sats_answer_the_safest_order_is_cut(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = round_model(40_000, 24)
    whole = fewest_rounds(from_plain(plain))
    seconds = 60.0
    if status == "interrupted":
        monkeypatch.setattr(cp_model.CpSolver, "solve", stopped)
    elif status == "refused":
        monkeypatch.setattr(cp_model.CpSolver, "solve", refused)
    else:
        seconds = 0
    found = fewest_rounds(from_plain(plain), seconds=seconds)
    assert found.least <= len(whole.rounds) < len(found.rounds)
    assert not found.proven


SOLVE = cp_model.CpSolver.solve


def stopped(solver: cp_model.CpSolver, model: cp_model.CpModel) -> Any:
    """As if the time had run out at once."""
    solver.parameters.max_time_in_seconds = 0
    status = SOLVE(solver, model)
    assert status == cp_model.UNKNOWN
    return status


def refused(solver: cp_model.CpSolver, model: cp_model.CpModel) -> Any:
    return cp_model.MODEL_INVALID


def test_numbers_as_large_as_they_may_be() -> None:
    """Rows near 2^54, of which nothing can be divided out."""
    plain = round_model(40_001, 20)
    big = (1 << 46) + 1
    for i, each in enumerate(plain["deliverables"].values()):
        each["cost"] = big + i * i
        each["worth"] = dict.fromkeys(each["worth"], 2 * big + i)
        each.pop("recover", None)
    plain["trust"] = dict.fromkeys(plain["parties"], 1)
    found = fewest_rounds(from_plain(plain))
    assert found.proven and found.limit > 1


@pytest.mark.usefixtures("by_cp_sat")
def test_only_the_end_is_excepted_and_only_where_one_gives_alone() -> None:
    """b's last gift leaves it at -5 for good, which is past where anything can break off."""
    plain: dict[str, Any] = {
        "parties": ["a", "b"],
        "deliverables": {
            "x": {"by": "a", "cost": 1, "worth": {"b": 1}},
            "y": {"by": "b", "cost": 6, "worth": {"a": 7}},
        },
        "trust": {"a": 1, "b": 1},
    }
    found = fewest_rounds(from_plain(plain))
    assert found.rounds == (("x",), ("y",))  # at once, b would risk 6
    assert found.limit == 1 and found.proven
    agree(plain)


@pytest.mark.parametrize("kind", ["delivered", "broken"])
def test_nothing_to_come_is_no_round(kind: str) -> None:
    plain = {
        "parties": ["a", "b"],
        "deliverables": {"x": {"by": "a", "cost": 9, "worth": {"b": 5}}},
        kind: ["x"],
    }
    found = fewest_rounds(from_plain(plain))
    assert (found.rounds, found.worst, found.least, found.proven) == ((), (), 0, True)


# --- the safest order, by CP-SAT ----------------------------------------------------------------


def safest_by_cp_sat(plain: dict[str, Any]) -> Fraction:
    """The least largest exposure / trust, from places in the order; nothing of the solver."""
    oracle = Oracle(plain)
    names, parties = oracle.open, oracle.parties
    kept = {(p, n): oracle.kept(p, n) / oracle.trust[p] for p in parties for n in names}
    start = {p: oracle.standing(p, []) / oracle.trust[p] for p in parties}
    scale = lcm(*(number.denominator for number in [*kept.values(), *start.values()]))
    most = int(sum(abs(number) for number in [*kept.values(), *start.values()]) * scale)
    model = cp_model.CpModel()
    place = {n: model.new_int_var(0, len(names) - 1, n) for n in names}
    model.add_all_different(place.values())
    highest = model.new_int_var(0, most, "highest")
    done: dict[tuple[str, int], Any] = {}
    for n in names:
        for i in range(len(names)):
            done[n, i] = model.new_bool_var("")  # before moment i
            model.add(place[n] < i).only_enforce_if(done[n, i])
            model.add(place[n] >= i).only_enforce_if(~done[n, i])
        for before in oracle.all[n].get("after", []):
            if before in place:
                model.add(place[before] < place[n])
    for i in range(len(names)):
        for p in parties:
            standing = sum(int(kept[p, n] * scale) * done[n, i] for n in names)
            model.add(highest >= -standing - int(start[p] * scale))
    model.minimize(highest)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return Fraction(solver.value(highest), scale)


@pytest.mark.parametrize("seed", range(25))
def test_cp_sat_finds_no_safer_order(seed: int) -> None:
    plain = random_model(60_000 + seed, count=8 + seed % 3, state=seed % 4 == 0)
    if not Oracle(plain).open:
        plain.pop("broken", None)
    assert safest(from_plain(plain)).value == safest_by_cp_sat(plain)
