"""Models: what is wrong with them is said with its place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from conflict.models import models
from detente.solve.conflict import ModelError, Payoffs, from_plain, ranks, space, to_plain
from detente.solve.conflict.grid import free_memory
from detente.solve.conflict.stability import CONCEPTS, analyse
from detente.solve.conflict.uncertain import open_parts

GOOD: dict[str, Any] = {
    "decision_makers": {"syria": ["release_water", "escalate"], "iraq": ["attack"]},
    "infeasible": [{"release_water": "Y", "escalate": "Y"}],
    "preferences": {"syria": {"priorities": ["escalate", "not attack"]}},
}


def solved(plain: dict[str, Any], **more: Any) -> None:
    ranks(space(from_plain({**plain, **more})))


RANKED = [["NNN", "NNY"], ["NYN", "NYY"], ["YNN"], ["YNY"]]
WRONG = {
    "unknown option": (
        {"infeasible": [{"escalte": "Y"}]},
        ("infeasible", 0, "escalte"),
        "unknown option `escalte`",
        "Did you mean `escalate`?",
    ),
    "unknown irreversible": (
        {"irreversible": {"atack": "forward"}},
        ("irreversible", "atack"),
        "unknown option",
        "`attack`",
    ),
    "no direction": (
        {"irreversible": {"attack": "onward"}},
        ("irreversible", "attack"),
        "no direction",
        "forward",
    ),
    "owned twice": (
        {"decision_makers": {"a": ["x"], "b": ["y", "x"]}},
        ("decision_makers", "b", 1),
        "owned by a and b",
        "remove one",
    ),
    "unknown preference": (
        {"preferences": {"irak": {"priorities": []}}},
        ("preferences", "irak"),
        "unknown decision maker",
        "`iraq`",
    ),
    "bad statement": (
        {"preferences": {"iraq": {"priorities": ["attack", "attack and and escalate"]}}},
        ("preferences", "iraq", "priorities", 1),
        "attack and >>>and escalate",
        "name",
    ),
    "misses states": (
        {"preferences": {"iraq": {"ranking": RANKED[:-1]}}},
        ("preferences", "iraq", "ranking"),
        "misses 1 of the 6 feasible states: YNY",
        "once",
    ),
    "repeats a state": (
        {"preferences": {"iraq": {"ranking": [*RANKED, ["NNN"]]}}},
        ("preferences", "iraq", "ranking", 4, 0),
        "NNN stands in the ranking twice",
        "Keep one",
    ),
    "no state at all": (
        {"preferences": {"iraq": {"ranking": [*RANKED, ["YN"]]}}},
        ("preferences", "iraq", "ranking", 4, 0),
        "`YN` is no state",
        "each of the 3",
    ),
    "no feasible state": (
        {"infeasible": [{"attack": "Y"}, {"attack": "N"}]},
        ("infeasible",),
        "no state is feasible",
        "Remove one",
    ),
    "no feasible state, together": (
        {"infeasible": [{"attack": a, "escalate": b} for a in "YN" for b in "YN"]},
        ("infeasible",),
        "no state is feasible",
        "Remove one",
    ),
    "one decision maker": (
        {"decision_makers": {"syria": ["release_water", "escalate", "attack"]}},
        ("decision_makers",),
        "1 decision maker; a model has 2 to 8",
        "Add",
    ),
    "nine": (
        {"decision_makers": {f"d{i}": [f"o{i}"] for i in range(9)}},
        ("decision_makers",),
        "9 decision makers; a model has 2 to 8",
        "Join",
    ),
    "a keyword": (
        {"decision_makers": {"a": ["if"], "b": ["y"]}},
        ("decision_makers", "a", 0),
        "word of the statements' logic",
        "another name",
    ),
    "two words": (
        {"decision_makers": {"a": ["release water"], "b": ["y"]}},
        ("decision_makers", "a", 0),
        "can't be an option's name",
        "release_water",
    ),
    "neither Y nor N": (
        {"infeasible": [{"attack": "maybe"}]},
        ("infeasible", 0, "attack"),
        "`maybe` is neither Y nor N",
        '"Y" or "N"',
    ),
    "unknown key": ({"preference": {}}, ("preference",), "unknown key", "`preferences`"),
    "two kinds": (
        {"preferences": {"iraq": {"ranking": [], "priorities": []}}},
        ("preferences", "iraq"),
        "ordered statements or a ranking",
        "either",
    ),
    "open to no statement": (
        {"preferences": {"iraq": {"priorities": ["attack"], "open": [["attack", "escalate"]]}}},
        ("preferences", "iraq", "open", 0),
        "`escalate` is none of the statements",
        "word for word",
    ),
}


def iraq(**preference: Any) -> dict[str, Any]:
    return {"preferences": {"iraq": preference}}


THREE = ["attack", "escalate", "not attack"]
ODD = {
    "owned twice by one": (
        {"decision_makers": {"syria": ["release_water", "escalate"], "iraq": ["attack"] * 2}},
        {},
        ("decision_makers", "iraq", 1),
        "owned twice by iraq",
        "Remove one",
    ),
    "an infeasible state": (
        iraq(ranking=[*RANKED[:2], ["YYN"], *RANKED[2:]]),
        iraq(ranking=RANKED),
        ("preferences", "iraq", "ranking", 2, 0),
        "YYN, which is infeasible: it fits the pattern {release_water: Y, escalate: Y}",
        "Remove",
    ),
    "twice in a level": (
        iraq(ranking=[["NNN", "NNY", "NNN"], *RANKED[1:]]),
        iraq(ranking=RANKED),
        ("preferences", "iraq", "ranking", 0, 2),
        "the state NNN stands in its level twice",
        "Keep one",
    ),
    "an empty level": (
        iraq(ranking=[*RANKED, []]),
        iraq(ranking=RANKED),
        ("preferences", "iraq", "ranking", 4),
        "an empty level",
        "Remove it",
    ),
    "traps nothing": (
        {"infeasible": [{"attack": "Y"}], "irreversible": {"attack": "forward"}},
        {"infeasible": [{"attack": "Y"}]},
        ("irreversible", "attack"),
        "traps nothing: it is left out in every feasible state",
        "Remove it",
    ),
    "traps nothing, taken": (
        {"infeasible": [{"escalate": "N"}], "irreversible": {"escalate": "forward"}},
        {"infeasible": [{"escalate": "N"}]},
        ("irreversible", "escalate"),
        "traps nothing: it is taken in every feasible state",
        "Remove it",
    ),
    "forbids no move": (
        {
            "infeasible": [
                {"release_water": "Y", "escalate": "Y"},
                {"release_water": "Y", "attack": "Y"},
                {"release_water": "N", "attack": "N"},
            ],
            "irreversible": {"attack": "backward"},
        },
        None,
        ("irreversible", "attack"),
        "forbids no move",
        "Remove it",
    ),
    "open but decided": (
        iraq(priorities=THREE, open=[[1, 3]]),
        iraq(priorities=THREE),
        ("preferences", "iraq", "open", 0),
        "decided by what stands between",
        "open too",
    ),
    "words for nothing": (
        {"words": {"atack": "attacking"}},
        {},
        ("words", "atack"),
        "unknown decision maker or option `atack`",
        "Did you mean `attack`?",
    ),
}


@pytest.mark.parametrize("more, clean, path, what, do", ODD.values(), ids=ODD)
def test_what_is_odd_has_its_answer(
    more: dict[str, Any],
    clean: dict[str, Any] | None,
    path: tuple[Any, ...],
    what: str,
    do: str,
) -> None:
    """It is that of the definitions, and of the model without what is odd."""
    found = analyse(from_plain({**GOOD, **more}))
    (odd,) = found.warnings
    assert odd.path == path and what in odd.what and do in odd.do
    if clean is not None:
        other = analyse(from_plain({**GOOD, **clean}))
        assert other.warnings == ()
        assert other.rank.tolist() == found.rank.tolist()
        assert other.both.tolist() == found.both.tolist()
    elif "irreversible" in more:
        other = analyse(from_plain({**GOOD, **more, "irreversible": {}}))
        for concept in CONCEPTS:
            assert other.equilibria(concept) == found.equilibria(concept)
    assert not parts_drawn(found.model)


def parts_drawn(model: Any) -> bool:
    """Does anything that is left open change the order?"""
    return any(part.count > 1 for each in open_parts(model).values() for part in each)


def test_payoffs_of_what_cannot_be_are_left_out() -> None:
    model = from_plain({"decision_makers": {"a": ["x"], "b": ["y"]}, "infeasible": [{"x": "Y"}]})
    model = replace(model, preferences={"a": Payoffs({"NN": 1, "NY": 2, "YN": float("nan")})})
    found = analyse(model)
    (odd,) = found.warnings
    assert "payoffs for YN, which is infeasible: it fits the pattern {x: Y}" in odd.what
    assert found.rank[0].tolist() == [0, 1]


@pytest.mark.parametrize("more, path, what, do", WRONG.values(), ids=WRONG)
def test_what_is_wrong(more: dict[str, Any], path: tuple[Any, ...], what: str, do: str) -> None:
    clean = {} if "decision_makers" not in more else {"infeasible": [], "preferences": {}}
    with pytest.raises(ModelError) as caught:
        solved(GOOD, **{**clean, **more})
    found = {wrong.path: wrong for wrong in caught.value.wrongs}
    assert path in found, found
    assert what in found[path].what
    assert do in found[path].do


def test_everything_wrong_is_said_at_once() -> None:
    more = {
        "infeasible": [{"a": "Y"}, {"b": "?"}, {"attack": "Y", "x": "N"}],
        "irreversible": {"y": "forward"},
        "preferences": {"nobody": None, "iraq": {"priorities": ["zzz"]}},
    }
    with pytest.raises(ModelError) as caught:
        from_plain({**GOOD, **more})
    assert len(caught.value.wrongs) == 6


@pytest.mark.parametrize("data", [None, [], "x", {}, {"infeasible": []}, {"decision_makers": 3}])
def test_no_model_at_all(data: Any) -> None:
    with pytest.raises(ModelError):
        from_plain(data)


def test_payoffs_must_be_numbers_for_every_state() -> None:
    model = from_plain({"decision_makers": {"a": ["x"], "b": ["y"]}})
    for values, said in (
        ({"NN": 1, "NY": 2, "YN": 3}, "misses 1"),
        ({"NN": 1, "NY": 2, "YN": 3, "YY": float("nan")}, "no number"),
        ({"NN": 1, "NYN": 2}, "NYN, which is no state"),
        (lambda options: options["x"] * float("nan"), "no number"),
    ):
        other = type(model)(model.decision_makers, {"a": Payoffs(values)})
        with pytest.raises(ModelError, match=said):
            ranks(space(other))


def test_large_integers_are_not_rounded() -> None:
    values = {"NN": 2**60, "NY": 2**60 + 1, "YN": 2**60 + 2, "YY": 0}
    model = from_plain({"decision_makers": {"a": ["x"], "b": ["y"]}})
    model = type(model)(model.decision_makers, {"a": Payoffs(values)})
    assert sorted(ranks(space(model))[0].tolist()) == [0, 1, 2, 3]


def test_a_model_that_does_not_fit_the_memory() -> None:
    makers = {f"d{j}": [f"o{j}_{i}" for i in range(12)] for j in range(5)}
    with pytest.raises(ModelError, match="of memory"):
        space(from_plain({"decision_makers": makers}))
    small = from_plain({"decision_makers": {"a": ["x", "y"], "b": ["z"]}})
    with pytest.raises(ModelError, match="8 combinations"):
        space(small, memory=100)
    with pytest.raises(ModelError, match="more than"):
        space(from_plain({"decision_makers": {"a": [f"o{i}" for i in range(30)], "b": []}}))
    assert free_memory() is None or free_memory() > 0


@settings(max_examples=60, deadline=None)
@given(models())
def test_the_plain_form_goes_round(plain: dict[str, Any]) -> None:
    model = from_plain(plain)
    assert from_plain(to_plain(model)) == model
