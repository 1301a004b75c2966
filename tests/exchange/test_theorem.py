"""Goods against money: the greedy order of Sandholm & Lesser's setting, and ours, agree.

Sandholm & Lesser, Equilibrium analysis of the possibilities of unenforced exchange in
multiagent systems (IJCAI 1995, pp. 694-703) give a fast algorithm for independent partial
deliveries against payment. This is one for their setting, derived here from the definitions.

A supplier delivers items, item x costing it c_x and worth v_x to the demander, who pays in P
units, each costing 1 and worth 1. Where the items R and q units are still to come, breaking off
gains the supplier C(R) - q and the demander q - V(R). So all is well at patience s and d iff

    C(R) - s <= q <= V(R) + d.                                                             (1)

1. Deliver the items in some order, and let R' be R without the item delivered next. Nothing is
   paid while it is delivered, so a q must fit both R and R': C(R) - s <= q <= V(R') + d (the
   other two inequalities are weaker). Paying as little as that allows before each item, so that
   q = min(P, V(R') + d), always works where anything does: V(R') falls from item to item, so q
   never rises; all between two such q fits, as (1) is an interval; and q >= 0.
2. So an order works iff (1) holds at the start (all items, P) and for every item
   c_x <= V(R') - C(R') + s + d. At the end, no items and q units, q <= d holds by that choice;
   the last moment, when all is done, tempts nobody.
3. Backwards from the end, x asks that the surplus so far, plus s + d, be at least c_x, and adds
   v_x - c_x to it. Items that add: the cheapest first, each makes the next easier. Items that
   take away: seen from the other end they add, and ask for v_x; so the most valued first.
4. That order depends on no patience. Everything is whole, so with one patience p for both the
   least is whole: the largest of 0, C - P, P - V and (c_x - surplus) / 2 rounded up.
"""

from __future__ import annotations

import random
from functools import cache
from itertools import permutations
from math import inf
from typing import Any

import pytest

from detente.solve.exchange import from_plain, self_enforcing

Item = tuple[int, int]
"""What it costs the supplier, and what it is worth to the demander."""


def greedy(items: list[Item]) -> list[Item]:
    """The items in the order of delivery."""
    gaining = sorted((x for x in items if x[1] >= x[0]), key=lambda x: x[0])
    losing = sorted((x for x in items if x[1] < x[0]), key=lambda x: -x[1])
    return [*gaining, *losing][::-1]


def least_by_walking(order: list[Item], units: int) -> float:
    """The least patience for an order of items, payments put between in the best way: every
    way of doing so is walked."""

    @cache
    def walk(done: int, q: int) -> float:
        rest = order[done:]
        if not rest and q == 0:
            return 0
        tempted = max(0, sum(c for c, _ in rest) - q, q - sum(v for _, v in rest))
        pay = walk(done, q - 1) if q else inf
        deliver = walk(done + 1, q) if rest else inf
        return max(tempted, min(pay, deliver))

    return walk(0, units)


def least_by_formula(order: list[Item], units: int) -> int:
    """As the module says, 4."""
    cost, value = sum(c for c, _ in order), sum(v for _, v in order)
    least, surplus = max(0, cost - units, units - value), 0
    for c, v in reversed(order):
        least = max(least, -((surplus - c) // 2))
        surplus += v - c
    return least


def works(order: list[Item], units: int, supplier: int, demander: int) -> bool:
    """As the module says, 2."""
    cost, value = sum(c for c, _ in order), sum(v for _, v in order)
    if not cost - supplier <= units <= value + demander:
        return False
    surplus = supplier + demander
    for c, v in reversed(order):
        if c > surplus:
            return False
        surplus += v - c
    return True


def exchange(items: list[Item], units: int, **patience: int) -> dict[str, Any]:
    goods = {f"x{i}": {"by": "s", "cost": c, "worth": {"d": v}} for i, (c, v) in enumerate(items)}
    money = {f"u{i}": {"by": "d", "cost": 1, "worth": {"s": 1}} for i in range(units)}
    return {"parties": ["s", "d"], "deliverables": goods | money, "patience": patience}


def instances(seed: int, count: int, most_units: int) -> list[tuple[list[Item], int]]:
    """Up to five items; payments mostly about what they cost and are worth."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        top = rng.choice([3, 5, 8])
        items = [(rng.randint(0, top), rng.randint(1, top)) for _ in range(rng.randint(1, 5))]
        low, high = sorted((sum(c for c, _ in items), sum(v for _, v in items)))
        units = rng.choice([rng.randint(low, high), rng.randint(0, most_units)])
        found.append((items, min(units, most_units)))
    return found


@pytest.mark.parametrize("most_units", [6, 9])
def test_greedy_needs_the_least_patience(most_units: int) -> None:
    for items, units in instances(most_units, 300, most_units):
        found = self_enforcing(from_plain(exchange(items, units)))
        assert found.proven
        assert found.least_patience == least_by_walking(greedy(items), units)


def test_greedy_needs_the_least_patience_with_more_to_pay() -> None:
    for items, units in instances(15, 40, 15):
        found = self_enforcing(from_plain(exchange(items, units)))
        assert found.proven
        assert found.least_patience == least_by_walking(greedy(items), units)


def test_each_party_its_own_patience() -> None:
    rng = random.Random(7)
    met = set()
    for items, units in instances(7, 200, 8):
        s, d = rng.randint(0, 4), rng.randint(0, 4)
        expected = works(greedy(items), units, s, d)
        assert self_enforcing(from_plain(exchange(items, units, s=s, d=d))).exists == expected
        met.add(expected)
    assert met == {True, False}


def test_the_theory_itself() -> None:
    """The formula is what walking finds, for any order; and none beats the greedy one."""
    for items, units in instances(1, 150, 15):
        for order in {*permutations(items)}:
            found = least_by_walking(list(order), units)
            assert found == least_by_formula(list(order), units)
            assert found >= least_by_walking(greedy(items), units)


def test_without_patience_the_last_item_must_be_free() -> None:
    """What costs something and comes last is paid before or after: somebody would rather not."""
    paid = from_plain(exchange([(2, 5)], 3))
    assert self_enforcing(paid).least_patience == 1
    free = from_plain(exchange([(0, 5)], 3))
    assert self_enforcing(free).least_patience == 0


def test_a_free_item_at_the_end_makes_the_others_possible() -> None:
    """Backwards: free (0, 4), then (3, 5) with a surplus of 4, then (6, 7) with one of 6."""
    items = [(6, 7), (0, 4), (3, 5)]
    found = self_enforcing(from_plain(exchange(items, 9)))
    assert found.exists and found.order is not None
    assert [n for n in found.order if n.startswith("x")] == ["x0", "x2", "x1"]
