"""Beside NegMAS, where it is installed: the same frontier, the same Nash points, plays."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from detente.solve.bargaining import (
    ModelError,
    from_negmas,
    from_plain,
    frontier,
    play,
    solutions,
    space,
    to_negmas,
)

pytest.importorskip("negmas", reason="NegMAS is not installed: pip install 'detente[simulate]'")


def problem(seed: int, **more: Any) -> dict[str, Any]:
    """Without constraints, and with walk-aways at each party's worst: they cut nothing off."""
    rng = random.Random(seed)
    parties = ["a", "b", "c"][: rng.choice([2, 2, 3])]
    issues = {
        f"i{n}": {f"o{k}": {p: rng.randint(1, 30) for p in parties} for k in range(4)}
        for n in range(rng.randint(1, 4))
    }
    least = {
        p: sum(min(of[p] for of in options.values()) for options in issues.values())
        for p in parties
    }
    return {"parties": parties, "issues": issues, "walk_away": least, **more}


@pytest.mark.parametrize("seed", range(20))
def test_negmas_finds_the_same(seed: int) -> None:
    from negmas.preferences.ops import nash_points, pareto_frontier

    model = from_plain(problem(seed))
    ufuns = to_negmas(model)
    outcomes = list(ufuns[0].outcome_space.enumerate())
    theirs, _ = pareto_frontier(ufuns, outcomes=outcomes)
    found = frontier(space(model))
    mine = [tuple(int(v) for v in row) for row in found.points]
    assert sorted({tuple(round(float(v)) for v in row) for row in theirs}) == mine
    nash = {
        tuple(round(float(v)) for v in row)
        for row, _ in nash_points(ufuns, theirs, outcomes=outcomes)
    }
    assert nash == {mine[row] for row in solutions(found).rows["nash"]}


@pytest.mark.parametrize("seed", range(10))
def test_there_and_back(seed: int) -> None:
    model = from_plain(problem(seed, walk_away={"a": 12.5}))
    assert from_negmas(to_negmas(model)) == from_plain(
        problem(seed, walk_away={p: 12.5 if p == "a" else 0 for p in model.parties})
    )


def test_weights_are_multiplied_in() -> None:
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction

    place = make_os([make_issue(3, "days"), make_issue(["x", "y"], "venue")])
    ufuns = [
        LinearAdditiveUtilityFunction(
            values={"days": {0: 0, 1: 1, 2: 4}, "venue": {"x": 1, "y": 0}},
            weights={"days": 0.25, "venue": w},
            outcome_space=place,
            name=f"u{w}",
        )
        for w in (2, 3)
    ]
    model = from_negmas(ufuns)
    for outcome in place.enumerate():
        package = {"days": str(outcome[0]), "venue": outcome[1]}
        assert [float(v) for v in model.worth(package).values()] == [u(outcome) for u in ufuns]


def test_agreements_land_on_acceptable_packages_and_repeat() -> None:
    plain = problem(4)
    first, again = (play(from_plain(plain), times=4, rounds=30, seed=1) for _ in range(2))
    assert first == again
    assert sum(each.count for each in first.landings) + first.none == 4


def test_constraints_hold_in_play_and_open_values_are_drawn() -> None:
    plain = {
        "parties": ["a", "b"],
        "issues": {
            "i": {"x": {"a": 9, "b": 9}, "y": {"a": 5, "b": [1, 6]}, "z": {"a": [1, 6], "b": 5}}
        },
        "forbidden": [{"i": "x"}],
    }
    played = play(from_plain(plain), {"a": "conceder"}, times=12, rounds=20)
    assert played.strategies == {"a": "conceder", "b": "boulware"}
    assert {each.package["i"] for each in played.landings} <= {"y", "z"}
    with pytest.raises(ModelError, match="Did you mean `boulware`"):
        play(from_plain(plain), {"a": "boulwar"})
    with pytest.raises(ModelError, match="no constraints"):
        to_negmas(
            from_plain({**plain, "issues": {"i": {"x": {"a": 1, "b": 1}, "y": {"a": 2, "b": 2}}}})
        )


def test_the_command_reports_it_beside_the_solutions(capsys: pytest.CaptureFixture[str]) -> None:
    from bargaining.test_deal import EMBASSY, run

    assert Path(EMBASSY).exists()
    assert run(["deal", str(EMBASSY), "--simulate", "--times", "2", "--rounds", "20"]) == 0
    assert "Played out 2 times by NegMAS" in capsys.readouterr().out
    assert run(["deal", str(EMBASSY), "--simulate", "--strategy", "north=softly"]) == 1
    assert "unknown strategy `softly`" in capsys.readouterr().err


def test_two_losses_make_no_gain_here() -> None:
    # docs/deals.md tells of this.
    from negmas.preferences.ops import nash_points

    terms = {"split": (11, 11, 11), "squeeze": (2, 3, 30)}
    issues = {"terms": {o: dict(zip("abc", v, strict=True)) for o, v in terms.items()}}
    walk_away = dict.fromkeys("abc", 10)
    model = from_plain({"parties": list("abc"), "issues": issues, "walk_away": walk_away})
    ufuns = to_negmas(model)
    space_ = ufuns[0].outcome_space
    points = [tuple(float(u(outcome)) for u in ufuns) for outcome in space_.enumerate()]
    assert nash_points(ufuns, points, outcome_space=space_)[0][0] == (2, 3, 30)
    found = frontier(space(model))
    assert [found.points[row].tolist() for row in solutions(found).rows["nash"]] == [[11, 11, 11]]


def test_ties_are_given_and_gains_count_from_the_worst_package_there() -> None:
    # docs/deals.md tells of this too.
    from negmas.preferences.ops import nash_points, pareto_frontier

    def both(*worth: tuple[float, float]) -> tuple[set[tuple[float, ...]], set[tuple[float, ...]]]:
        issues = {"i": {f"o{n}": dict(zip("ab", v, strict=True)) for n, v in enumerate(worth)}}
        model = from_plain({"parties": ["a", "b"], "issues": issues})
        ufuns = to_negmas(model)
        points, _ = pareto_frontier(ufuns)
        theirs = nash_points(ufuns, points, outcome_space=ufuns[0].outcome_space)
        found = frontier(space(model))
        rows = [found.points[row] for row in solutions(found).rows["nash"]]
        ours = {tuple(float(found.space.value(p, n)) for p, n in enumerate(row)) for row in rows}
        return {tuple(map(float, point)) for point, _ in theirs}, ours

    theirs, ours = both((3, 4), (4, 3), (0, 0))
    assert theirs == ours == {(3, 4), (4, 3)}
    theirs, ours = both((12, 10), (11, 10.6), (10, 11))
    assert (theirs, ours) == ({(11, 10.6)}, {(12, 10)})
