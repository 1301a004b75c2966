"""The definitions, word for word, in the slowest and plainest way. Nothing of the solver.

An exchange is a dict in the plain form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache, cached_property
from itertools import combinations, pairwise, permutations
from typing import Any

ZERO = Fraction(0)


class Oracle:
    def __init__(self, plain: dict[str, Any]) -> None:
        self.parties = plain["parties"]
        self.all = plain["deliverables"]
        self.trust = {p: Fraction((plain.get("trust") or {}).get(p, 1)) for p in self.parties}
        self.patience = {p: Fraction((plain.get("patience") or {}).get(p, 0)) for p in self.parties}
        self.delivered = plain.get("delivered", [])
        self.back = plain.get("taken_back", [])
        gone = {*plain.get("broken", []), *self.back}
        while True:
            blocked = {
                n
                for n, d in self.all.items()
                if n not in self.delivered and n not in gone and gone & set(d.get("after", []))
            }
            if not blocked:
                break
            gone |= blocked
        self.known: dict[tuple[str, frozenset[str]], Fraction] = {}
        self.open = [n for n in self.all if n not in gone and n not in self.delivered]

    def gain(self, party: str, name: str) -> Fraction:
        each = self.all[name]
        if party == each["by"]:
            return -Fraction(each["cost"])
        return Fraction(each["worth"].get(party, 0))

    def kept(self, party: str, name: str) -> Fraction:
        return (1 - Fraction(self.all[name].get("recover", 0))) * self.gain(party, name)

    def standing(self, party: str, done: Sequence[str]) -> Fraction:
        key = party, frozenset(done)
        if key not in self.known:
            past = [*self.delivered, *self.back]
            self.known[key] = sum((self.kept(party, n) for n in [*past, *done]), ZERO)
        return self.known[key]

    @cache  # noqa: B019 -- an oracle lives as long as its test
    def total(self, party: str) -> Fraction:
        finished = sum((self.gain(party, n) for n in [*self.delivered, *self.open]), ZERO)
        return finished + sum((self.kept(party, n) for n in self.back), ZERO)

    def exposure(self, party: str, done: Sequence[str]) -> Fraction:
        return max(ZERO, -self.standing(party, done))

    def temptation(self, party: str, done: Sequence[str]) -> Fraction:
        return max(ZERO, self.standing(party, done) - self.total(party))

    @cached_property
    def orders(self) -> list[tuple[str, ...]]:
        """Every order in which nothing comes before what it waits for."""
        return [
            order
            for order in permutations(self.open)
            if all(
                before in self.delivered or before in order[:i]
                for i, name in enumerate(order)
                for before in self.all[name].get("after", [])
            )
        ]

    def moments(self, order: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """What is delivered at each moment, but for the last."""
        for i in range(len(order)):
            yield order[:i]

    def risk(self, order: tuple[str, ...]) -> Fraction:
        return max(
            (
                self.exposure(p, x) / self.trust[p]
                for x in self.moments(order)
                for p in self.parties
            ),
            default=ZERO,
        )

    def tempted(self, order: tuple[str, ...]) -> Fraction:
        return max(
            (self.temptation(p, x) for x in self.moments(order) for p in self.parties), default=ZERO
        )

    def holds(self, order: tuple[str, ...]) -> bool:
        return all(
            self.temptation(p, x) <= self.patience[p]
            for x in self.moments(order)
            for p in self.parties
        )

    def first_of(self, orders: list[tuple[str, ...]]) -> tuple[str, ...]:
        """The tie rule: fewest repeats, then smallest steps, then as declared."""
        names = list(self.all)

        def key(order: tuple[str, ...]) -> Any:
            givers = [self.all[n]["by"] for n in [*self.delivered[-1:], *order]]
            repeats = sum(a == b for a, b in pairwise(givers))
            sizes = [Fraction(self.all[n]["cost"]) / self.trust[self.all[n]["by"]] for n in order]
            return repeats, [(s, names.index(n)) for s, n in zip(sizes, order, strict=True)]

        return min(orders, key=key)

    def safest(self) -> tuple[Fraction, tuple[str, ...]]:
        value = min(self.risk(order) for order in self.orders)
        return value, self.first_of([o for o in self.orders if self.risk(o) == value])

    def self_enforcing(self) -> tuple[tuple[str, ...] | None, Fraction, tuple[str, ...]]:
        least = min(self.tempted(order) for order in self.orders)
        holding = [order for order in self.orders if self.holds(order)]
        least_order = self.first_of([o for o in self.orders if self.tempted(o) == least])
        return self.first_of(holding) if holding else None, least, least_order

    # --- rounds -------------------------------------------------------------------------------

    def round_risk(self, done: Sequence[str], part: Sequence[str]) -> Fraction:
        """The worst moment: any part of the round may have been delivered, the end excepted."""
        worst = ZERO
        for size in range(len(part) + 1):
            for some in combinations(part, size):
                if len(done) + len(some) < len(self.open):
                    for p in self.parties:
                        worst = max(worst, self.exposure(p, [*done, *some]) / self.trust[p])
        return worst

    def fewest_rounds(self, limit: Fraction) -> int | None:
        """By breadth, over everything that can have been delivered after so many rounds."""
        reached = {frozenset[str]()}
        for number in range(len(self.open) + 1):
            if frozenset(self.open) in reached:
                return number
            new = set()
            for done in reached:
                may = [
                    n
                    for n in self.open
                    if n not in done
                    and all(b in done or b in self.delivered for b in self.all[n].get("after", []))
                ]
                for size in range(1, len(may) + 1):
                    for part in combinations(may, size):
                        if self.round_risk(sorted(done), part) <= limit:
                            new.add(done | set(part))
            reached = new
        return None
