"""Reading and checking an exchange: what is wrong, where, and what to do; names and order."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from detente.solve.exchange import (
    Deliverable,
    Model,
    ModelError,
    Range,
    Wrong,
    fewest_rounds,
    from_plain,
    safest,
    self_enforcing,
    to_plain,
)
from detente.solve.plain import Path
from exchange.models import models, random_model
from exchange.oracle import Oracle

X = {"by": "alba", "cost": 2, "worth": {"borg": 5}}
Y = {"by": "borg", "cost": 3, "worth": {"alba": 6}}
SWAP: dict[str, Any] = {"parties": ["alba", "borg"], "deliverables": {"prisoner": X, "funds": Y}}


def swap(**changes: Any) -> dict[str, Any]:
    """The swap so changed; None takes a key out."""
    return {key: value for key, value in (SWAP | changes).items() if value is not None}


def prisoner(**changes: Any) -> dict[str, Any]:
    """The swap whose prisoner is so changed; `without` names a key to leave out."""
    without = changes.pop("without", None)
    each = {key: value for key, value in (X | changes).items() if key != without}
    return swap(deliverables={"prisoner": each, "funds": Y})


def wrongs(plain: Any) -> list[Wrong]:
    with pytest.raises(ModelError) as caught:
        from_plain(plain)
    assert str(caught.value)
    return list(caught.value.wrongs)


def only(plain: Any) -> tuple[Path, str, str]:
    """The one thing wrong: where, what, and what to do."""
    (wrong,) = wrongs(plain)
    return wrong.path, wrong.what, wrong.do


# --- each check, once -----------------------------------------------------------------------

AT = ("deliverables", "prisoner")

CHECKS = [
    (swap(parties=["alba", "borg", *"cdefg"]), ("parties",), "7 parties", "act as one"),
    (swap(parties=["alba", "borg", " "]), ("parties", 2), "a party without a name", ""),
    (
        swap(parties=["alba", "borg", "funds"]),
        ("deliverables", "funds"),
        "both a party and a deliverable",
        "Rename",
    ),
    (swap(deliverables={"prisoner": X, "": Y}), ("deliverables", ""), "without a name", ""),
    (
        swap(deliverables={f"x{i}": X for i in range(61)}),
        ("deliverables",),
        "61 deliverables; 60 is the most",
        "Join",
    ),
    (prisoner(by="Alba"), (*AT, "by"), "unknown party `Alba`", "Did you mean `alba`?"),
    (
        prisoner(worth={"borg": 1, "brog": 5}),
        (*AT, "worth", "brog"),
        "unknown party `brog`",
        "Did you mean `borg`?",
    ),
    (
        prisoner(worth={"borg": 5, "alba": 1}),
        (*AT, "worth", "alba"),
        "alba gives `prisoner`, and can't be the one it is worth something to",
        "what it is worth to borg",
    ),
    (prisoner(cost=-1), (*AT, "cost"), "negative cost: -1", "write 0"),
    (prisoner(cost="-1..2"), (*AT, "cost"), "negative cost: -1..2", "write 0"),
    (prisoner(worth={"borg": -2}), (*AT, "worth", "borg"), "negative worth: -2", "leave it out"),
    (prisoner(cost="5..2"), (*AT, "cost"), "ends before it begins", "Turn it round"),
    (
        prisoner(after=["fund"]),
        (*AT, "after", 0),
        "unknown deliverable `fund`",
        "Did you mean `funds`?",
    ),
    (prisoner(recover=2), (*AT, "recover"), "recover of 2; it is a share, 0 to 1", "1: all"),
    (prisoner(recover="-0.5"), (*AT, "recover"), "recover of -0.5", "1: all"),
    (swap(trust={"alba": 0}), ("trust", "alba"), "trust of 0", "above 0"),
    (swap(trust={"abla": 1}), ("trust", "abla"), "unknown party `abla`", "Did you mean `alba`?"),
    (swap(patience={"borg": "-1/2"}), ("patience", "borg"), "patience of -0.5", "0 or more"),
    (
        swap(patience={"brog": 1}),
        ("patience", "brog"),
        "unknown party `brog`",
        "Did you mean `borg`?",
    ),
    (
        swap(delivered=["prisonr"]),
        ("delivered", 0),
        "unknown deliverable `prisonr`",
        "Did you mean `prisoner`?",
    ),
    (
        swap(delivered=["funds"], broken=["funds"]),
        ("broken", 0),
        "`funds` stands in `delivered` too",
        "Keep it where it stands now",
    ),
]


@pytest.mark.parametrize(("plain", "path", "what", "do"), CHECKS)
def test_checks(plain: dict[str, Any], path: Path, what: str, do: str) -> None:
    at, said, advice = only(plain)
    assert at == path
    assert what in said
    assert do in advice and bool(do) == bool(advice)


BACK = swap(deliverables={"prisoner": X, "funds": Y | {"recover": 1}}, taken_back=["funds"])
ODD = [
    (swap(parties=["alba", "borg", "alba"]), SWAP, ("parties", 2), "stands here twice", "Remove"),
    (
        prisoner(worth={}),
        prisoner(worth={"borg": 0}),
        (*AT, "worth"),
        "nobody values `prisoner`",
        "leave it out",
    ),
    (
        prisoner(worth={"borg": 5, "alba": 0}),
        SWAP,
        (*AT, "worth", "alba"),
        "alba gives `prisoner`, and can't be the one it is worth something to",
        "Leave it out",
    ),
    (prisoner(worth={"borg": 0}), None, (*AT, "worth"), "nobody values `prisoner`", "leave"),
    (
        swap(delivered=["funds", "funds"]),
        swap(delivered=["funds"]),
        ("delivered", 1),
        "`funds` stands twice in `delivered`",
        "It counts once",
    ),
    (
        BACK | {"delivered": ["funds"]},
        BACK,
        ("delivered", 0),
        "`funds` stands in `delivered` and in `taken_back`",
        "It counts as taken back",
    ),
    (
        swap(taken_back=["funds"]),
        None,
        ("taken_back", 0),
        "`funds` was taken back, but nothing of it can be (recover is 0)",
        "`recover: 0.5`",
    ),
    (
        swap(words={"fund": "pays"}),
        SWAP,
        ("words", "fund"),
        "unknown party or deliverable `fund`",
        "Did you mean `funds`?",
    ),
]


@pytest.mark.parametrize(("plain", "clean", "path", "what", "do"), ODD)
def test_what_is_odd_has_its_answer(
    plain: dict[str, Any], clean: dict[str, Any] | None, path: Path, what: str, do: str
) -> None:
    """The answer is that of the definitions, and of what was probably meant."""
    model = from_plain(plain)
    (odd,) = model.warnings
    assert odd.path == path and what in odd.what and do in odd.do
    found = safest(model)
    once = {**plain, "parties": list(model.parties)}
    for key in ("delivered", "taken_back"):
        once[key] = list(getattr(model, key))
    assert (found.value, found.order) == Oracle(once).safest() and found.proven
    assert self_enforcing(model).order == Oracle(once).self_enforcing()[0]
    assert fewest_rounds(model).proven
    if clean is not None:
        assert safest(from_plain(clean)) == found


def test_nothing_odd_is_said_of_what_is_not() -> None:
    for seed in range(100):
        assert from_plain(random_model(seed)).warnings == ()


@pytest.mark.parametrize("seed", range(60))
def test_deliverables_that_nobody_values_are_planned(seed: int) -> None:
    rng = random.Random(seed)
    plain = random_model(seed, most=5)
    for each in plain["deliverables"].values():
        if rng.random() < 0.5:
            each["worth"] = rng.choice([{}, dict.fromkeys(each["worth"], 0)])
    model, oracle = from_plain(plain), Oracle(plain)
    found = safest(model)
    assert (found.value, found.order) == oracle.safest() and found.proven
    holds = self_enforcing(model)
    assert (holds.order, holds.least_patience, holds.least_order) == oracle.self_enforcing()
    assert len(fewest_rounds(model).rounds) == oracle.fewest_rounds(max(Fraction(1), found.value))
    count = sum(not any(each["worth"].values()) for each in plain["deliverables"].values())
    assert sum("nobody values" in odd.what for odd in model.warnings) == count


def test_one_party_alone() -> None:
    first, *rest = wrongs(swap(parties=["alba"]))
    assert first.what == "1 party; a model has 2 to 6"
    assert first.do == "Add those that are missing."
    assert [wrong.what for wrong in rest] == ["unknown party `borg`"] * 2


@pytest.mark.parametrize(
    ("after", "circle"),
    [
        ({"x": ["x"]}, "x > x"),
        ({"x": ["y"], "y": ["x"]}, "x > y > x"),
        ({"x": ["w"], "w": ["z", "y"], "y": ["x"]}, "x > w > y > x"),
    ],
)
def test_circles_are_named(after: dict[str, list[str]], circle: str) -> None:
    deliverables = {name: X | {"after": after.get(name, [])} for name in "xywz"}
    path, what, do = only(swap(deliverables=deliverables))
    assert path == ("deliverables", "x", "after")
    assert what == f"these wait for each other: {circle}"
    assert "take one out of an `after`" in do


def test_two_circles_are_two_errors() -> None:
    after = {"x": ["y"], "y": ["x"], "w": ["z"], "z": ["w", "x"]}
    found = wrongs(swap(deliverables={name: X | {"after": after[name]} for name in "xywz"}))
    assert [wrong.what.partition(": ")[2] for wrong in found] == ["x > y > x", "w > z > w"]


# --- the plain form -------------------------------------------------------------------------

READING = [
    (swap(parties=None), (), "`parties` is missing"),
    (swap(deliverables=None), (), "`deliverables` is missing"),
    (swap(deliverables={}), ("deliverables",), "`deliverables` is missing"),
    (swap(parties="alba"), ("parties",), "must be a list"),
    (swap(parties={"alba": 1, "borg": 2}), ("parties",), "must be a list"),
    (swap(parties=["alba", 2]), ("parties", 1), "this must be a text"),
    (swap(deliverables=[X, Y]), ("deliverables",), "`deliverables` must be `name: ...` lines"),
    (swap(deliverables="x"), ("deliverables",), "`deliverables` must be `name: ...` lines"),
    (swap(deliverables=5), ("deliverables",), "`deliverables` must be `name: ...` lines"),
    (swap(deliverables={"prisoner": [X]}), AT, "`prisoner` must be `name: ...` lines"),
    (swap(trust=[1, 2]), ("trust",), "`trust` must be `name: ...` lines"),
    (swap(trust={"alba": "much"}), ("trust", "alba"), "`much` is no number"),
    (swap(patience={"alba": ""}), ("patience", "alba"), "`` is no number"),
    (swap(delivered="funds"), ("delivered",), "must be a list"),
    (swap(broken=[["funds"]]), ("broken", 0), "this must be a text"),
    (swap(words=["pays"]), ("words",), "`words` must be `name: ...` lines"),
    (swap(patiense={"alba": 1}), ("patiense",), "unknown key `patiense`"),
    (prisoner(without="by"), AT, "`by` is missing"),
    (prisoner(without="cost"), AT, "`cost` is missing"),
    (prisoner(without="worth"), AT, "`worth` is missing"),
    (prisoner(by=["alba"]), (*AT, "by"), "the giver must be the name of a party"),
    (prisoner(cost=None), (*AT, "cost"), "there is no number here"),
    (prisoner(cost=True), (*AT, "cost"), "`True` is no number"),
    (prisoner(cost={"alba": 2}), (*AT, "cost"), "this must be a number"),
    (prisoner(cost=float("nan")), (*AT, "cost"), "`nan` is no number"),
    (prisoner(cost=float("inf")), (*AT, "cost"), "`inf` is no number"),
    (prisoner(cost="1e999999999"), (*AT, "cost"), "`1e999999999` is no number"),
    (prisoner(cost="9" * 100), (*AT, "cost"), "is no number"),
    (prisoner(cost="1..2..3"), (*AT, "cost"), "`1..2..3` is no number and no range"),
    (prisoner(cost="1..much"), (*AT, "cost"), "`1..much` is no number and no range"),
    (prisoner(worth={"borg": [1]}), (*AT, "worth", "borg"), "`[1]` is no number and no range"),
    (prisoner(worth=5), (*AT, "worth"), "`worth` must be `name: ...` lines"),
    (prisoner(worth=["borg"]), (*AT, "worth"), "`worth` must be `name: ...` lines"),
    (prisoner(after=5), (*AT, "after"), "must be a list"),
    (prisoner(after=[5]), (*AT, "after", 0), "this must be a text"),
    (prisoner(recover="half"), (*AT, "recover"), "`half` is no number"),
    (prisoner(price=2), (*AT, "price"), "unknown key `price`"),
]


@pytest.mark.parametrize(("plain", "path", "what"), READING)
def test_reading(plain: dict[str, Any], path: Path, what: str) -> None:
    """One thing wrong is one error: what follows from it is not told."""
    at, said, _ = only(plain)
    assert at == path
    assert what in said


@pytest.mark.parametrize("nothing", [None, {}, [], "alba", 5])
def test_no_exchange_at_all(nothing: Any) -> None:
    path, what, do = only(nothing)
    assert (path, what) == ((), "there is no exchange here")
    assert "parties: [a, b]" in do


def test_everything_wrong_at_once() -> None:
    """What was read is checked although something else could not be."""
    plain = swap(
        deliverables={"prisoner": X | {"cost": "two", "by": "albo"}, "funds": {"by": "borg"}},
        trust={"borg": 0},
        delivered=["funds", "ships"],
    )
    assert {(wrong.path, wrong.what.partition(":")[0]) for wrong in wrongs(plain)} == {
        ((*AT, "cost"), "`two` is no number"),
        ((*AT, "by"), "unknown party `albo`"),
        (("deliverables", "funds"), "`cost` is missing"),
        (("deliverables", "funds"), "`worth` is missing"),
        (("trust", "borg"), "trust of 0"),
        (("delivered", 1), "unknown deliverable `ships`"),
    }


@pytest.mark.parametrize("seed", range(40))
def test_numbers_without_a_small_common_denominator_are_calculated_with(seed: int) -> None:
    """Odd trusts of six parties, cents beside millions: the order is the best, and proven."""
    rng = random.Random(seed)
    plain = random_model(seed, most=5, parties=6 if seed % 2 else 3)
    plain["trust"] = {
        p: f"{rng.randint(100, 10**7)}.{rng.randint(1, 99):02}" for p in plain["parties"]
    }
    for each in plain["deliverables"].values():
        each["cost"] = f"{rng.randint(0, 10**6)}.{rng.randint(1, 99):02}"
        each["worth"] = {
            p: f"{rng.randint(1, 10**6)}.{rng.randint(0, 99):02}" for p in each["worth"]
        }
    model, oracle = from_plain(plain), Oracle(plain)
    found, holds = safest(model), self_enforcing(model)
    value, _ = oracle.safest()
    assert found.value == value == oracle.risk(found.order) and found.proven
    order, least, _ = oracle.self_enforcing()
    assert holds.least_patience == least and holds.proven
    assert holds.exists == (order is not None)
    if holds.order is not None:
        assert oracle.holds(holds.order)


def test_numbers_far_apart() -> None:
    plain = SWAP | {"deliverables": {"prisoner": X | {"cost": "1e30"}, "funds": Y}}
    assert safest(from_plain(plain)).value == Oracle(plain).safest()[0]


def test_what_is_written_as_text_or_left_out() -> None:
    """As YAML with line numbers gives it: numbers as text, one name for a list, empty keys."""
    model = from_plain(
        {
            "parties": ["a", "b"],
            "deliverables": {
                "x": {"by": "a", "cost": "0.1", "worth": {"b": "1/3"}, "after": None},
                "y": {"by": "b", "cost": "2..4", "worth": {"a": [3, 3]}, "after": "x"},
            },
            "trust": None,
            "patience": [],
            "delivered": {},
        }
    )
    assert model == Model(
        ("a", "b"),
        {
            "x": Deliverable("a", Fraction(1, 10), {"b": Fraction(1, 3)}),
            "y": Deliverable("b", Range(Fraction(2), Fraction(4)), {"a": Fraction(3)}, ("x",)),
        },
    )


@settings(max_examples=200, deadline=None)
@given(models(6))
def test_round_trip(plain: dict[str, Any]) -> None:
    model = from_plain(plain)
    assert from_plain(to_plain(model)) == model
    assert to_plain(from_plain(to_plain(model))) == to_plain(model)


def test_round_trip_of_ranges_and_words() -> None:
    each = X | {"cost": "0.1..1/3", "worth": {"borg": [1, "2.5"]}}
    plain = SWAP | {
        "deliverables": {"prisoner": each},
        "words": {"alba": "Alba", "prisoner": "frees the prisoner"},
    }
    model = from_plain(plain)
    assert from_plain(to_plain(model)) == model
    assert to_plain(model)["deliverables"]["prisoner"]["cost"] == [0.1, "1/3"]


# --- names and order ------------------------------------------------------------------------


def renamed(plain: dict[str, Any], new: dict[str, str]) -> dict[str, Any]:
    def every(value: Any) -> Any:
        if isinstance(value, dict):
            return {new.get(key, key): every(inside) for key, inside in value.items()}
        if isinstance(value, list):
            return [every(inside) for inside in value]
        return new.get(value, value) if isinstance(value, str) else value

    return {key: every(value) for key, value in plain.items()}


def test_renaming_changes_nothing_but_names() -> None:
    """Names that sort the other way round, too."""
    for seed in range(150):
        plain = random_model(seed, most=6)
        old = [*plain["parties"], *plain["deliverables"]]
        new = dict(zip(old, (f"n{100 - i}" for i in range(len(old))), strict=True))
        model, other = from_plain(plain), from_plain(renamed(plain, new))
        assert safest(other).value == safest(model).value
        assert safest(other).order == tuple(new[n] for n in safest(model).order)
        holds, same = self_enforcing(model), self_enforcing(other)
        assert same.least_patience == holds.least_patience
        assert same.least_order == tuple(new[n] for n in holds.least_order)
        assert (same.order is None) == (holds.order is None)
        if same.order is not None and holds.order is not None:
            assert same.order == tuple(new[n] for n in holds.order)


def test_declaring_in_another_order_changes_no_value() -> None:
    for seed in range(150):
        plain = random_model(seed, most=6)
        rng = random.Random(seed)
        parties = rng.sample(plain["parties"], len(plain["parties"]))
        names = rng.sample([*plain["deliverables"]], len(plain["deliverables"]))
        deliverables = {name: plain["deliverables"][name] for name in names}
        model = from_plain(plain)
        other = from_plain(plain | {"parties": parties, "deliverables": deliverables})
        assert safest(other).value == safest(model).value
        holds, same = self_enforcing(model), self_enforcing(other)
        assert (same.exists, same.least_patience) == (holds.exists, holds.least_patience)
