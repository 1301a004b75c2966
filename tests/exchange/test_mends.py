"""What would help an exchange that does not work: each promise against the definitions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from batches import batches
from detente.solve.exchange import ModelError, from_plain, mends, split, to_plain
from exchange.models import random_model
from exchange.oracle import Oracle

KINDS = ("exposure", "temptation")
LIMITS = {"exposure": "trust", "temptation": "patience"}
ENOUGH = {"exposure": 1, "temptation": 0}


def height(oracle: Oracle, order: tuple[str, ...], kind: str) -> Fraction:
    """The largest exposure / trust, or temptation above patience, on the way."""
    if kind == "exposure":
        return oracle.risk(order)
    return max(
        Fraction(0),
        *(
            oracle.temptation(p, x) - oracle.patience[p]
            for x in oracle.moments(order)
            for p in oracle.parties
        ),
    )


def best(oracle: Oracle, kind: str, first: str | None = None) -> Fraction:
    """How high the best way is; the best that begins with a deliverable."""
    orders = [order for order in oracle.orders if first is None or order[0] == first]
    return min(height(oracle, order, kind) for order in orders)


def failing(kind: str, seeds: range, **how: Any) -> Iterator[tuple[dict[str, Any], Oracle]]:
    """Exchanges of which no order works."""
    for seed in seeds:
        plain = random_model(seed, **how)
        oracle = Oracle(plain)
        if oracle.open and best(oracle, kind) > ENOUGH[kind]:
            yield plain, oracle


def with_more(oracle: Oracle, plain: dict[str, Any], kind: str, party: str, more: Fraction) -> Any:
    """The exchange in which one party's own limit is higher."""
    key = LIMITS[kind]
    now = (oracle.trust if kind == "exposure" else oracle.patience)[party]
    return plain | {key: {**plain.get(key, {}), party: now + more}}


def halved(plain: dict[str, Any], name: str) -> dict[str, Any]:
    """The exchange in which a deliverable comes in two halves."""
    one, two = f"{name} (first half)", f"{name} (second half)"
    new = {}
    for other, each in plain["deliverables"].items():
        after = [two if a == name else a for a in each.get("after", [])]
        if other != name:
            new[other] = each | {"after": after}
            continue
        half = each | {
            "cost": Fraction(each["cost"]) / 2,
            "worth": {party: Fraction(value) / 2 for party, value in each["worth"].items()},
        }
        new[one] = half | {"after": after}
        new[two] = half | {"after": [one]}
    return plain | {"deliverables": new}


def agree(plain: dict[str, Any], oracle: Oracle, kind: str) -> None:
    found = mends(from_plain(plain), kind)
    now, enough = best(oracle, kind), ENOUGH[kind]
    assert (found.kind, found.value, found.complete) == (kind, now, True)
    assert all(each.proven for each in (*found.splits, *found.amounts, *found.first))
    place = list(plain["deliverables"]).index

    # Splits: all that bring something, the best first, then as declared.
    values = {n: best(Oracle(halved(plain, n)), kind) for n in oracle.open}
    helping = [n for n in oracle.open if values[n] < now]
    helping.sort(key=lambda n: (values[n], place(n)))
    assert [(s.deliverable, s.value, s.works) for s in found.splits] == [
        (n, values[n], values[n] <= enough) for n in helping
    ]

    # First steps: all that may not come first now and would bring something.
    first = []
    for name in oracle.open:
        each = plain["deliverables"][name]
        freed = tuple(a for a in each.get("after", []) if a in oracle.open)
        if freed:
            after = [a for a in each["after"] if a not in freed]
            changed = {**plain["deliverables"], name: each | {"after": after}}
            value = best(Oracle(plain | {"deliverables": changed}), kind, first=name)
            if value < now:
                first.append((value, len(freed), place(name), name, freed))
    assert [(f.deliverable, f.freed, f.value, f.works) for f in found.first] == [
        (name, freed, value, value <= enough) for value, _, _, name, freed in sorted(first)
    ]

    # Amounts: just enough, and for nobody else would any amount do.
    assert [a.party for a in found.amounts] == [
        p
        for p in oracle.parties
        if best(Oracle(with_more(oracle, plain, kind, p, Fraction(10**6))), kind) <= enough
    ]
    for each in found.amounts:
        given = Oracle(with_more(oracle, plain, kind, each.party, each.amount))
        less = Oracle(with_more(oracle, plain, kind, each.party, each.amount * Fraction(999, 1000)))
        assert each.order in given.orders
        assert height(given, each.order, kind) <= enough < best(less, kind)

    working = [*(values[n] for n in helping), *(value for value, *_ in first)]
    assert found.any == bool(found.amounts or [value for value in working if value <= enough])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", batches(3))
def test_each_promise_holds_and_nothing_is_missing(kind: str, batch: int) -> None:
    met = 0
    for plain, oracle in failing(kind, range(batch * 300, batch * 300 + 300), most=4):
        agree(plain, oracle, kind)
        met += 1
    assert met > 80


@pytest.mark.parametrize("kind", KINDS)
def test_larger_ones(kind: str) -> None:
    for plain, oracle in failing(kind, range(20_000, 20_010), count=5, state=False):
        agree(plain, oracle, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_where_it_works_nothing_is_listed(kind: str) -> None:
    met = 0
    for seed in range(300):
        plain = random_model(seed, most=4)
        oracle = Oracle(plain)
        value = min((height(oracle, order, kind) for order in oracle.orders if order), default=0)
        if value <= ENOUGH[kind]:
            found = mends(from_plain(plain), kind)
            assert (found.value, found.splits, found.amounts, found.first) == (value, (), (), ())
            assert found.complete and not found.any
            met += 1
    assert met > 50


@pytest.mark.parametrize("kind", KINDS)
def test_interrupted(kind: str) -> None:
    """No time at all: what is promised holds even so, and it says that not all was tried."""
    for plain, oracle in failing(kind, range(30), most=4):
        told: dict[int, int] = {}
        found = mends(from_plain(plain), kind, seconds=0, progress=told.__setitem__)
        assert not found.complete
        assert found.value == best(oracle, kind)
        assert list(told) == [1] and told[1] > 1
        assert len(found.amounts) <= 1 and not found.splits and not found.first


def test_progress_reaches_its_end() -> None:
    plain, _ = next(failing("exposure", range(30), count=4))
    told: dict[int, int] = {}
    mends(from_plain(plain), "exposure", progress=told.__setitem__)
    assert list(told) == list(range(1, told[1] + 1))


SWAP: dict[str, Any] = {
    "parties": ["a", "b"],
    "trust": {"a": 2, "b": 2},
    "deliverables": {
        "prisoner": {"by": "a", "cost": 4, "worth": {"b": 9}},
        "funds": {"by": "b", "cost": 3, "worth": {"a": 5}, "after": ["prisoner"]},
    },
}


def test_an_example_by_hand() -> None:
    """a must begin with 4, and is ready to risk 2. Half of the prisoner is half of that, but
    the other half is due before the funds; 2 more of trust would do; so would funds first:
    then b is out 3 of 2, which is less but too much."""
    found = mends(from_plain(SWAP), "exposure")
    assert (found.value, found.splits) == (2, ())
    assert [(a.party, a.amount, a.order) for a in found.amounts] == [
        ("a", 2, ("prisoner", "funds"))
    ]
    (first,) = found.first
    assert (first.deliverable, first.freed) == ("funds", ("prisoner",))
    assert (first.value, first.works) == (Fraction(3, 2), False)
    assert found.any


def test_of_first_steps_that_bring_as_much_that_which_frees_less_is_first() -> None:
    """r, though declared before q, would have to stop waiting for two."""
    plain = {
        "parties": ["a", "b"],
        "deliverables": {
            "p": {"by": "a", "cost": 5, "worth": {"b": 9}},
            "s": {"by": "a", "cost": 4, "worth": {"b": 9}},
            "r": {"by": "b", "cost": 1, "worth": {"a": 9}, "after": ["p", "s"]},
            "q": {"by": "b", "cost": 1, "worth": {"a": 9}, "after": ["p"]},
        },
    }
    found = mends(from_plain(plain), "exposure").first
    assert [(f.deliverable, f.freed, f.value) for f in found] == [
        ("q", ("p",), 1),
        ("r", ("p", "s"), 1),
    ]


def test_two_that_both_need_help_get_none_alone() -> None:
    """One delivered thing left both out of pocket: no amount for one of them alone will do."""
    plain = {
        "parties": ["a", "b", "c"],
        "deliverables": {
            "x": {"by": "a", "cost": 4, "worth": {"c": 9}},
            "y": {"by": "b", "cost": 4, "worth": {"c": 9}},
            "z": {"by": "c", "cost": 1, "worth": {"a": 9, "b": 9}},
        },
        "delivered": ["x", "y"],
    }
    assert mends(from_plain(plain), "exposure").amounts == ()


def test_split_is_the_exchange_with_two_halves() -> None:
    for seed in range(100):
        plain = random_model(seed, most=5)
        model = from_plain(plain)
        for name in model.to_come:
            assert split(model, name) == from_plain(halved(plain, name))


def test_split_of_a_range() -> None:
    plain = {
        "parties": ["a", "b"],
        "deliverables": {"x": {"by": "a", "cost": "1..3", "worth": {"b": 5}}},
        "words": {"a": "Alba", "x": "frees the prisoner"},
    }
    halves = to_plain(split(from_plain(plain), "x"))
    assert halves["deliverables"]["x (second half)"] == {
        "by": "a",
        "cost": [0.5, 1.5],
        "worth": {"b": 2.5},
        "after": ["x (first half)"],
    }
    assert halves["words"] == {"a": "Alba"}


def test_split_of_what_is_not_to_come() -> None:
    with pytest.raises(ModelError, match="Did you mean `funds`"):
        split(from_plain(SWAP), "fund")
    with pytest.raises(ModelError, match="`prisoner`"):
        split(from_plain(SWAP | {"delivered": ["prisoner"]}), "prisoner")


def test_as_many_deliverables_as_there_may_be() -> None:
    """None can be split then; that is said, and the rest found."""
    plain = {
        "parties": ["a", "b"],
        "deliverables": {
            f"d{i}": {"by": "ab"[i % 2], "cost": 2, "worth": {"ba"[i % 2]: 3}} for i in range(60)
        },
    }
    found = mends(from_plain(plain), "exposure", seconds=5)
    assert (found.value, found.splits, len(found.unsplit), found.complete) == (2, (), 60, True)
    assert {each.party: each.amount for each in found.amounts} == {"a": 1, "b": 1}


def test_what_it_can_not_work_with() -> None:
    with pytest.raises(ValueError, match="exposure or temptation"):
        mends(from_plain(SWAP), "exposures")
    worth = {"by": "a", "cost": "1..3", "worth": {"b": 5}}
    with pytest.raises(ModelError, match=r"1\.\.3 is no exact number"):
        mends(from_plain({"parties": ["a", "b"], "deliverables": {"x": worth}}), "exposure")
