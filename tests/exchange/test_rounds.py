"""Fewest rounds: three ways against the definition and each other; CP-SAT beside `safest`.

The three: dynamic programming, the search from both ends, and CP-SAT, which is nobody's proof.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from ortools.sat.python import cp_model

from batches import batches
from detente.brief.exchange import plan_text
from detente.solve.exchange import (
    Result,
    Rounds,
    cp_sat,
    fewest_rounds,
    from_plain,
    meeting,
    rounds,
    safest,
    self_enforcing,
)
from detente.solve.exchange.scaled import losses
from exchange.models import UNITS, long_numbers, models, random_model
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
    assert found.least == len(found.rounds) or not found.proven


def agree(plain: dict[str, Any], *, claimed: bool = False) -> Rounds:
    """The fewest there are; nobody says that more are needed, and what is proven, we have.

    claimed : it may be that only CP-SAT says so
    """
    found = fewest_rounds(from_plain(plain))
    oracle = Oracle(plain)
    assert found.limit == max(Fraction(1), safest(from_plain(plain)).value)
    least = oracle.fewest_rounds(found.limit)
    assert least is not None
    assert len(found.rounds) == least
    assert found.least <= least
    assert found.claimed is None or found.least < found.claimed <= least
    assert found.proven or (claimed and found.claimed == least)
    is_what_it_says(plain, found)
    return found


@pytest.fixture
def by_meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few deliverables there are, dynamic programming is not used."""
    monkeypatch.setattr(rounds, "MOST_EXACT", -1)


@pytest.fixture
def by_cp_sat(monkeypatch: pytest.MonkeyPatch, by_meeting: None) -> None:
    """Nor does the search from both ends get anywhere."""
    monkeypatch.setattr(meeting, "MOST_LOOKED", -1)


@settings(max_examples=100, deadline=None)
@given(models())
def test_agrees_with_the_definition(plain: dict[str, Any]) -> None:
    agree(plain)


@pytest.mark.parametrize("batch", batches(4))
def test_agrees_with_the_definition_on_hundreds(batch: int) -> None:
    for seed in range(batch * 200, batch * 200 + 200):
        agree(random_model(20_000 + seed, most=5))


@pytest.mark.parametrize("batch", batches(4))
@pytest.mark.usefixtures("by_meeting")
def test_the_search_agrees_with_the_definition_on_hundreds(batch: int) -> None:
    for seed in range(batch * 200, batch * 200 + 200):
        agree(random_model(20_000 + seed, most=5))


@pytest.mark.usefixtures("by_cp_sat")
def test_cp_sat_agrees_with_the_definition_on_hundreds() -> None:
    only_claimed = [
        not agree(random_model(20_000 + seed, most=5), claimed=True).proven for seed in range(300)
    ]
    assert any(only_claimed)


@pytest.mark.parametrize("by", ["dynamic programming", "by_meeting", "by_cp_sat"])
@pytest.mark.parametrize("unit, rest", UNITS, ids=str)
def test_long_numbers_agree_with_the_definition(
    by: str, unit: int, rest: int, request: pytest.FixtureRequest
) -> None:
    if by != "dynamic programming":
        request.getfixturevalue(by)
    for seed in range(25):
        agree(long_numbers(seed, 6, unit=unit, rest=rest), claimed=by == "by_cp_sat")


@pytest.mark.parametrize("by", ["dynamic programming", "by_meeting", "by_cp_sat"])
def test_numbers_too_long_to_calculate_with_prove_nothing_wrong(
    by: str, request: pytest.FixtureRequest
) -> None:
    """Sums beyond 2^60 are rounded; plans are measured exactly all the same."""
    if by != "dynamic programming":
        request.getfixturevalue(by)
    proven = 0
    for seed in range(25):
        plain = long_numbers(seed, 6, unit=10**19, rest=9)
        found = fewest_rounds(from_plain(plain))
        least = Oracle(plain).fewest_rounds(found.limit)
        assert least is not None and found.least <= least <= len(found.rounds)
        assert found.claimed is None or found.claimed <= least
        proven += found.proven
        is_what_it_says(plain, found)
    assert by == "by_cp_sat" or proven


def in_units(plain: dict[str, Any], units: list[int]) -> dict[str, Any]:
    """The same exchange where each party counts in smaller coins."""
    of = dict(zip(plain["parties"], units, strict=False))
    return plain | {
        "trust": {p: number * of[p] for p, number in plain["trust"].items()},
        "deliverables": {
            name: each
            | {
                "cost": each["cost"] * of[each["by"]],
                "worth": {p: number * of[p] for p, number in each["worth"].items()},
            }
            for name, each in plain["deliverables"].items()
        },
    }


@pytest.mark.parametrize("by", ["by_meeting", "by_cp_sat"])
@pytest.mark.parametrize("count", [7, 17])
def test_units_change_nothing(by: str, count: int, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(by)
    coins = [10_000_000, 9_999_991, 1, 100, 12_345_678_910_111, 3]
    for seed in range(6):
        plain = long_numbers(100 + seed, count)
        one = fewest_rounds(from_plain(plain), seconds=120)
        other = fewest_rounds(from_plain(in_units(plain, coins)), seconds=120)
        assert one.rounds == other.rounds
        assert (one.value, one.limit) == (other.value, other.limit)
        assert (one.least, one.claimed, one.proven) == (other.least, other.claimed, other.proven)


@pytest.mark.parametrize("unit, rest", UNITS, ids=str)
def test_nothing_handed_to_cp_sat_passes_31_bits(unit: int, rest: int) -> None:
    for seed in range(10):
        lost = losses(from_plain(long_numbers(seed, 20, unit=unit, rest=rest)), Fraction(1))
        made, *_ = rounds._cp_sat(lost, 6)
        sums = [sum(map(abs, each.linear.coeffs)) for each in made.proto.constraints]
        assert 100 < max(sums) <= cp_sat.SAFE


FOUND_WRONG = sorted((Path(__file__).parent / "rounds").glob("*.yaml"))


@pytest.mark.parametrize("by", ["by_meeting", "by_cp_sat"])
@pytest.mark.parametrize("file, fewest", list(zip(FOUND_WRONG, [7, 4], strict=True)))
def test_what_cp_sat_once_proved_wrong(
    by: str, file: Path, fewest: int, request: pytest.FixtureRequest
) -> None:
    """A presolve with 32 bits called plans impossible that are there: 8 and 5, "proven"."""
    request.getfixturevalue(by)
    plain = yaml.safe_load(file.read_text("utf-8"))
    found = fewest_rounds(from_plain(plain))
    is_what_it_says(plain, found)
    assert len(found.rounds) == fewest
    assert found.proven == (by == "by_meeting")
    assert found.claimed == (fewest if by == "by_cp_sat" else None)


def test_the_plan_that_refuted_a_proof_is_one() -> None:
    """Four rounds by hand, of an exchange of which five were said to be proven."""
    plain = yaml.safe_load(FOUND_WRONG[1].read_text("utf-8"))
    by_hand = (
        ("x1", "x2", "x9", "x11"),
        ("x0", "x3", "x4", "x8", "x10", "x13", "x16"),
        ("x6", "x7", "x12", "x14", "x15"),
        ("x5",),
    )
    oracle = Oracle(plain)
    done: list[str] = []
    worst = []
    for part in by_hand:
        worst.append(oracle.round_risk(done, part))
        done += part
    assert max(worst) == Fraction(461, 475)


def test_whose_proof_it_is_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    model = from_plain(long_numbers(3, 7))
    orders = safest(model), self_enforcing(model)
    monkeypatch.setattr(rounds, "MOST_EXACT", -1)
    ours = Result(model, *orders, fewest_rounds(model))
    monkeypatch.setattr(meeting, "MOST_LOOKED", -1)
    theirs = Result(model, *orders, fewest_rounds(model))
    assert ours.fewest_rounds is not None and theirs.fewest_rounds is not None
    assert ours.fewest_rounds.proven and not theirs.fewest_rounds.proven
    count = len(theirs.fewest_rounds.rounds)
    assert "CP-SAT" not in plan_text(ours)
    said = plan_text(theirs)
    assert f"CP-SAT says that fewer than {count} can't do; that is not checked here." in said
    assert f"Proven is that at least {theirs.fewest_rounds.least}" in said
    document = theirs.to_dict()["fewest_rounds"]
    assert document["proven"] is False
    assert document["cp_sat_says_least"] == count > document["least"]
    assert ours.to_dict()["fewest_rounds"]["cp_sat_says_least"] is None


def round_model(seed: int, count: int) -> dict[str, Any]:
    """Trust enough for several gifts at once, so that rounds matter."""
    plain = random_model(seed, count=count, state=False)
    return plain | {"trust": dict.fromkeys(plain["parties"], 6 + seed % 5 * 4)}


@pytest.mark.parametrize("count", [9, 11])
def test_the_three_ways_agree(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = set()
    plains = [round_model(30_000 + seed, count) for seed in range(25)]
    by_sets = [fewest_rounds(from_plain(plain)) for plain in plains]
    monkeypatch.setattr(rounds, "MOST_EXACT", -1)
    by_search = [fewest_rounds(from_plain(plain)) for plain in plains]
    monkeypatch.setattr(meeting, "MOST_LOOKED", -1)
    for plain, found, searched in zip(plains, by_sets, by_search, strict=True):
        asked = fewest_rounds(from_plain(plain))
        assert searched.proven and found.proven
        assert len(asked.rounds) == len(searched.rounds) == len(found.rounds)
        assert asked.proven or asked.claimed == len(found.rounds)
        numbers.add(len(found.rounds))
        is_what_it_says(plain, searched)
        is_what_it_says(plain, asked)
    assert len(numbers) > 3


def test_twenty_four_deliverables_are_proven_without_cp_sat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cp_model.CpSolver, "solve", refused)
    for seed in range(5):
        plain = round_model(40_000 + seed, 24)
        found = fewest_rounds(from_plain(plain))
        assert found.proven
        assert {name for part in found.rounds for name in part} == set(plain["deliverables"])
        assert found == fewest_rounds(from_plain(plain))


@pytest.mark.parametrize("status", ["interrupted", "refused", "no time"])
def test_without_any_answer_the_safest_order_is_cut(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = round_model(40_000, 24)
    whole = fewest_rounds(from_plain(plain))
    seconds = 60.0
    monkeypatch.setattr(meeting, "MOST_LOOKED", -1)
    if status == "interrupted":
        monkeypatch.setattr(cp_model.CpSolver, "solve", stopped)
    elif status == "refused":
        monkeypatch.setattr(cp_model.CpSolver, "solve", refused)
    else:
        seconds = 0
    found = fewest_rounds(from_plain(plain), seconds=seconds)
    assert found.least <= len(whole.rounds) < len(found.rounds)
    assert not found.proven and found.claimed is None


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


@pytest.mark.parametrize("by", ["by_meeting", "by_cp_sat"])
def test_only_the_end_is_excepted_and_only_where_one_gives_alone(
    by: str, request: pytest.FixtureRequest
) -> None:
    """b's last gift leaves it at -5 for good, which is past where anything can break off."""
    request.getfixturevalue(by)
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
    assert found.limit == 1
    agree(plain, claimed=by == "by_cp_sat")


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
