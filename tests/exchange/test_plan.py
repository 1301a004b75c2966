"""Going on from where things stand: the new plan, and what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from detente.solve.exchange import Change, from_plain, replan
from exchange.models import random_model
from exchange.oracle import Oracle

STATES = ("delivered", "broken", "taken_back")


def under_way(seeds: range) -> Iterator[tuple[dict[str, Any], Change]]:
    """Exchanges of which something has happened, and the plan made again."""
    for seed in seeds:
        plain = random_model(seed, most=5)
        if any(plain.get(kind) for kind in STATES):
            yield plain, replan(from_plain(plain))


def test_both_plans_agree_with_the_definitions() -> None:
    for plain, found in under_way(range(1000)):
        oracle = Oracle(plain)
        assert (found.now.value, found.now.order) == oracle.safest()
        fresh = Oracle({key: value for key, value in plain.items() if key not in STATES})
        assert (found.before.value, found.before.order) == fresh.safest()
        assert found.now.proven and found.before.proven


def test_what_has_happened_is_told_as_it_was() -> None:
    for plain, found in under_way(range(300)):
        for kind in STATES:
            assert getattr(found, kind) == tuple(plain.get(kind, ()))


def test_moved_is_what_stands_in_another_order() -> None:
    met = 0
    for _, found in under_way(range(1000)):
        before, now = found.before.order, found.now.order
        moved = set()
        for pair in combinations(now, 2):
            if [n for n in before if n in pair] != [n for n in now if n in pair]:
                moved |= {*pair}
        assert found.moved == tuple(n for n in now if n in moved)
        met += bool(moved)
    assert met > 10


def test_early_is_what_overtook_something() -> None:
    """Day by day: what of the first plan stands before it, and was not there, but came or may
    come still?"""
    met = 0
    for plain, found in under_way(range(1000)):
        early, gone = [], {*found.broken, *found.taken_back, *found.blocked}
        for day, name in enumerate(found.delivered):
            waited_for = found.before.order[: found.before.order.index(name)]
            if any(n not in found.delivered[:day] and n not in gone for n in waited_for):
                early.append(name)
        assert found.early == tuple(early)
        met += 0 < len(early) < len(plain["delivered"])
    assert met > 10


def test_blocked_is_what_waits_in_vain() -> None:
    met = 0
    for plain, found in under_way(range(1000)):

        def in_vain(name: str, plain: dict[str, Any] = plain) -> bool:
            if name in plain.get("delivered", []):
                return False
            gone = {*plain.get("broken", []), *plain.get("taken_back", [])}
            after = plain["deliverables"][name].get("after", [])
            return name in gone or any(in_vain(other) for other in after)

        gone = {*found.broken, *found.taken_back}
        assert found.blocked == tuple(
            n for n in plain["deliverables"] if in_vain(n) and n not in gone
        )
        everything = {*found.delivered, *gone, *found.blocked, *found.now.order}
        assert everything == {*plain["deliverables"]}
        met += bool(found.blocked)
    assert met > 10


LADDER: dict[str, Any] = {
    "parties": ["a", "b"],
    "deliverables": {
        "talks": {"by": "a", "cost": 1, "worth": {"b": 2}},
        "release": {"by": "b", "cost": 2, "worth": {"a": 3}},
        "funds": {"by": "a", "cost": 3, "worth": {"b": 4}},
        "visit": {"by": "b", "cost": 4, "worth": {"a": 5}},
    },
}


def test_nothing_has_happened() -> None:
    found = replan(from_plain(LADDER))
    assert found.before == found.now
    assert found.now.order == ("talks", "release", "funds", "visit")
    assert found.early == found.moved == found.blocked == ()


def test_overtaking() -> None:
    """Funds came before the release; the talks came on their day."""
    found = replan(from_plain(LADDER | {"delivered": ["talks", "funds"]}))
    assert (found.early, found.now.order) == (("funds",), ("release", "visit"))
    # Where all is there in the end, what overtook did so all the same.
    found = replan(from_plain(LADDER | {"delivered": ["talks", "funds", "release", "visit"]}))
    assert found.early == ("funds",)
    # What will not come any more is overtaken by nothing.
    found = replan(from_plain(LADDER | {"delivered": ["talks", "funds"], "broken": ["release"]}))
    assert found.early == ()


def test_everything_is_delivered() -> None:
    order = ["talks", "release", "funds", "visit"]
    found = replan(from_plain(LADDER | {"delivered": order}))
    assert (found.now.order, found.now.value, found.now.steps) == ((), 0, ())
    assert found.delivered == found.before.order == tuple(order)
    assert found.early == found.moved == ()


def test_nothing_is_to_come_any_more() -> None:
    """The release is off, and all that waited for it; of the talks half was taken back."""
    deliverables = {
        "talks": LADDER["deliverables"]["talks"] | {"recover": 0.5},
        "release": LADDER["deliverables"]["release"],
        "funds": LADDER["deliverables"]["funds"] | {"after": ["release"]},
        "visit": LADDER["deliverables"]["visit"] | {"after": ["funds"]},
    }
    plain = LADDER | {
        "deliverables": deliverables,
        "broken": ["release"],
        "taken_back": ["talks"],
    }
    found = replan(from_plain(plain))
    assert (found.now.order, found.now.value, found.now.proven) == ((), 0, True)
    assert (found.broken, found.taken_back) == (("release",), ("talks",))
    assert (found.blocked, found.moved, found.early) == (("funds", "visit"), (), ())
    assert len(found.before.order) == 4
