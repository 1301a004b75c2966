"""Published conflicts by name, with their known equilibria."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conflict.oracle import Oracle
from detente.judgment.conflict import open_conflict
from detente.solve.conflict import CONCEPTS, analyse, from_plain

ROOT = Path(__file__).resolve().parent.parent.parent
CASES = ROOT.parent / "shared" / "conflict_cases"
NAMES = ("prisoners", "cuban", "elmira", "garrison", "milkriver", "syriairaq", "si_misp")


def equilibria(model: Any) -> dict[str, list[str]]:
    found = analyse(model)
    return {c: found.equilibria(c) for c in CONCEPTS}


def test_prisoners_dilemma() -> None:
    """Betraying is the only Nash equilibrium; foresight also holds cooperation together."""
    got = equilibria(open_conflict(ROOT / "examples/conflict/prisoners.yaml").model)
    assert got["nash"] == ["NN"]
    assert all(got[c] == ["NN", "YY"] for c in ("gmr", "smr", "seq", "sseq"))


def test_chicken() -> None:
    """One yields, the other does not: Nash. That both yield holds only if threats are not credible
    moves but any moves count (GMR, SMR)."""
    got = equilibria(open_conflict(ROOT / "examples/conflict/chicken.yaml").model)
    assert got["nash"] == got["seq"] == got["sseq"] == ["NY", "YN"]
    assert got["gmr"] == got["smr"] == ["NY", "YN", "YY"]


def test_elmira_as_in_the_literature() -> None:
    """Elmira (Kilgour, Hipel & Fang 1994): nine states, of which 5, 8 and 9 are equilibria under
    every concept, and 1 and 4 under GMR and SMR."""
    # 1 delay, 2 modify and delay, 3 accept, 4 modify and accept, 5 to 8 the same with the
    # local government insisting, 9 Uniroyal abandons the plant, whatever the others do.
    number = {
        "NYNNN": 1, "YYNNN": 2, "NNYNN": 3, "YNYNN": 4,
        "NYNNY": 5, "YYNNY": 6, "NNYNY": 7, "YNYNY": 8,
        "NNNYN": 9, "NNNYY": 9, "YNNYN": 9, "YNNYY": 9,
    }  # fmt: skip

    def ranking(order: str) -> dict[str, Any]:
        return {"ranking": [[s for s, n in number.items() if n == int(x)] for x in order]}

    plain = {
        "decision_makers": {
            "moe": ["modify"],
            "uniroyal": ["delay", "accept", "abandon"],
            "local": ["insist"],
        },
        "infeasible": [
            {"delay": "Y", "accept": "Y"},
            {"delay": "Y", "abandon": "Y"},
            {"accept": "Y", "abandon": "Y"},
            {"delay": "N", "accept": "N", "abandon": "N"},
        ],
        "irreversible": {"modify": "forward", "delay": "backward", "abandon": "forward"},
        "preferences": {
            "moe": ranking("734851269"),
            "uniroyal": ranking("148593726"),
            "local": ranking("735186429"),
        },
    }
    got = {c: {number[s] for s in states} for c, states in equilibria(from_plain(plain)).items()}
    assert got["nash"] == got["seq"] == got["sseq"] == {5, 8, 9}
    assert got["gmr"] == got["smr"] == {1, 4, 5, 8, 9}


@pytest.mark.parametrize("name", NAMES)
def test_shared_cases(name: str) -> None:
    file = CASES / f"{name}.yaml"
    if not file.exists():
        pytest.skip("../shared/conflict_cases is not there")
    found = analyse(open_conflict(file).model)
    names = found.model.names
    assert json.loads((CASES / f"{name}.json").read_text()) == {
        "feasible": found.space.count,
        "equilibria": {c: found.equilibria(c) for c in CONCEPTS},
        "stable": {c: {n: found.stable(c, n) for n in names} for c in CONCEPTS},
    }


def test_the_oracle_knows_chicken_too() -> None:
    """So that oracle and solver can't be wrong together unseen."""
    plain = {
        "decision_makers": {"a": ["x"], "b": ["y"]},
        "preferences": {
            "a": {"ranking": [["NY"], ["YY"], ["YN"], ["NN"]]},
            "b": {"ranking": [["YN"], ["YY"], ["NY"], ["NN"]]},
        },
    }
    oracle = Oracle(plain)
    assert oracle.equilibria("nash") == ["NY", "YN"]
    assert oracle.equilibria("gmr") == ["NY", "YN", "YY"]
