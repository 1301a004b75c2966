"""From a package of a bargaining problem to the exchange that leads there."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from detente.solve import bargaining
from detente.solve.bargaining import Range
from detente.solve.exchange import ModelError, from_package, safest


def deal(**changes: dict[str, Any]) -> bargaining.Model:
    """Each issue goes from `no` to `yes`; given is what that changes for each party."""
    parties = list(dict.fromkeys(party for each in changes.values() for party in each))
    issues = {
        issue: {"no": dict.fromkeys(parties, 0), "yes": dict.fromkeys(parties, 0) | each}
        for issue, each in changes.items()
    }
    return bargaining.from_plain({"parties": parties, "issues": issues})


def all_of(model: bargaining.Model, option: str) -> dict[str, str]:
    return dict.fromkeys(model.issues, option)


def turned(model: bargaining.Model, **more: Any) -> Any:
    """The exchange in which everything turns from no to yes."""
    return from_package(model, all_of(model, "no"), all_of(model, "yes"), **more)


@pytest.mark.parametrize("seed", range(150))
def test_the_whole_exchange_is_worth_the_difference_of_the_packages(seed: int) -> None:
    """Where exactly one party loses on each issue, and somebody gains."""
    rng = random.Random(seed)
    parties = [f"p{i}" for i in range(rng.randint(2, 4))]
    issues = {}
    for i in range(rng.randint(1, 6)):
        loser, winner, *others = rng.sample(parties, len(parties))
        options = {}
        for option in ("u", "v", "w"):
            options[option] = {
                p: Fraction(rng.randint(-20, 20), rng.choice([1, 2, 3])) for p in parties
            }
        change = {loser: -rng.randint(1, 9), winner: rng.randint(1, 9)}
        change |= {other: rng.randint(0, 4) for other in others}
        options["v"] = {p: options["u"][p] + change[p] for p in parties}
        issues[f"i{i}"] = options
    model = bargaining.from_plain({"parties": parties, "issues": issues})
    start = {issue: rng.choice(["u", "w"]) for issue in issues}
    # From w nothing changes.
    end = {issue: "v" if option == "u" else "w" for issue, option in start.items()}
    if start == end:
        start["i0"], end["i0"] = "u", "v"
    exchange, notes = from_package(model, start, end)
    assert notes == ()
    assert exchange.parties == model.parties
    assert [*exchange.deliverables] == [issue for issue in issues if start[issue] != end[issue]]
    before, after = model.worth(start), model.worth(end)
    for party in parties:
        assert exchange.total(party) == after[party] - before[party]


def test_who_gives_and_what_it_costs() -> None:
    model = deal(prisoner={"a": -2, "b": 5}, funds={"a": 6, "b": -3})
    exchange, notes = turned(model)
    prisoner, funds = exchange.deliverables.values()
    assert (prisoner.by, prisoner.cost, prisoner.worth) == ("a", 2, {"b": 5})
    assert (funds.by, funds.cost, funds.worth) == ("b", 3, {"a": 6})
    assert notes == ()
    assert safest(exchange).order == ("prisoner", "funds")


def test_trust_patience_and_words_go_along() -> None:
    model = deal(prisoner={"a": -2, "b": 5}, funds={"a": 6, "b": -3})
    plain = bargaining.to_plain(model) | {"words": {"a": "Alba", "prisoner": "the prisoner"}}
    exchange, _ = turned(
        bargaining.from_plain(plain), trust={"a": Fraction(4)}, patience={"b": Fraction(1)}
    )
    assert (exchange.ready("a"), exchange.ready("b")) == (4, 1)
    assert (exchange.limit("a"), exchange.limit("b")) == (0, 1)
    assert exchange.words == {
        "a": "Alba",
        "prisoner": "moves the prisoner from no to yes",
        "funds": "moves funds from no to yes",
    }


def test_of_ranges_the_smallest_and_the_largest_difference() -> None:
    issue = {
        "no": {"a": [10, 12], "b": [0, 1]},
        "yes": {"a": [4, 5], "b": [3, 7]},
    }
    model = bargaining.from_plain({"parties": ["a", "b"], "issues": {"prisoner": issue}})
    exchange, notes = turned(model)
    (prisoner,) = exchange.deliverables.values()
    assert (prisoner.by, prisoner.cost) == ("a", Range(Fraction(5), Fraction(8)))
    assert prisoner.worth == {"b": Range(Fraction(2), Fraction(7))}
    assert notes == ()


def test_of_ranges_with_0_inside_what_is_left_out_is_noted() -> None:
    """The middle says who loses: a by 1 on the whole, though it may gain 1."""
    exchange, notes = turned(deal(prisoner={"a": [-3, 1], "b": [-1, 5]}))
    (prisoner,) = exchange.deliverables.values()
    assert (prisoner.by, prisoner.cost) == ("a", Range(Fraction(0), Fraction(3)))
    assert prisoner.worth == {"b": Range(Fraction(0), Fraction(5))}
    assert notes == (
        "`prisoner` from no to yes may cost b something; its worth is counted from 0.",
        "`prisoner` from no to yes may gain a something; its cost is counted from 0.",
    )


def test_several_losers() -> None:
    """Nobody can deliver it alone; every such issue is told at once."""
    model = deal(
        border={"a": -1, "b": -2, "c": 9},
        prisoner={"a": -2, "b": 5, "c": 0},
        river={"a": 3, "b": -1, "c": -1},
    )
    with pytest.raises(ModelError) as caught:
        turned(model)
    border, river = caught.value.wrongs
    assert border.path == ("issues", "border")
    assert border.what.startswith("`border` from no to yes costs a and b something")
    assert river.path == ("issues", "river")
    assert river.what.startswith("`river` from no to yes costs b and c something")
    assert border.do and river.do


def test_several_losers_by_the_middle_of_their_ranges() -> None:
    with pytest.raises(ModelError, match="costs a and b something"):
        turned(deal(border={"a": [-3, 1], "b": [-2, 1], "c": 9}))


def test_nobody_loses() -> None:
    """The one with least to gain gives it, at no cost."""
    exchange, notes = turned(deal(hotline={"a": 4, "b": 1, "c": 2}))
    (hotline,) = exchange.deliverables.values()
    assert (hotline.by, hotline.cost, hotline.worth) == ("b", 0, {"a": 4, "c": 2})
    (note,) = notes
    assert "b, with least to gain, gives it, and its own gain is left out" in note
    # Who gains nothing leaves nothing out.
    exchange, notes = turned(deal(hotline={"a": 4, "b": 0}))
    assert exchange.deliverables["hotline"].by == "b" and notes == ()


def test_what_is_worth_nothing_to_anybody_is_left_out() -> None:
    model = deal(prisoner={"a": -2, "b": 5}, flag={"a": 0, "b": 0}, parade={"a": -1, "b": 0})
    exchange, notes = turned(model)
    assert [*exchange.deliverables] == ["prisoner"]
    assert notes == (
        "`flag` from no to yes is worth nothing to anybody and is left out.",
        "`parade` from no to yes is worth nothing to anybody and is left out. It would cost a "
        "something.",
    )


def test_nothing_changes() -> None:
    model = deal(prisoner={"a": -2, "b": 5}, flag={"a": 0, "b": 0})
    no = all_of(model, "no")
    for package in (no, no | {"flag": "yes"}):
        with pytest.raises(ModelError, match="changes nothing that is worth anything"):
            from_package(model, no, package)


def test_unknown_options_and_issues() -> None:
    """Of both packages, all at once."""
    model = deal(prisoner={"a": -2, "b": 5}, funds={"a": 6, "b": -3})
    with pytest.raises(ModelError) as caught:
        from_package(model, {"prisoner": "n", "funds": "no"}, {"prisonr": "yes", "funds": "yess"})
    found = {wrong.path: wrong for wrong in caught.value.wrongs}
    assert found["status_quo", "prisoner"].what == "unknown option of `prisoner` `n`"
    assert found["package", "prisonr"].do.startswith("Did you mean `prisoner`?")
    assert found["package", "funds"].do.startswith("Did you mean `yes`?")
    assert found["package",].what == "the package says nothing on `prisoner`"
    assert len(found) == 4


def test_unknown_party_in_trust() -> None:
    model = deal(prisoner={"a": -2, "b": 5})
    with pytest.raises(ModelError, match="unknown party `z`"):
        turned(model, trust={"z": Fraction(1)})
