"""Fewest rounds by a search from both ends: our own proof beyond dynamic programming.

From nothing delivered, all sets that one round makes, then all that another makes of these, and
so on; from everything delivered likewise backwards; whichever end has fewer sets goes on. Where
the two meet after a and b rounds, a + b is the least there is; while they don't, a + b + 1 is.

Forwards and backwards are one step (`kernels.next_rounds`). A party is worst off in a round when
it has given all of its part and has received nothing:

    row before + what the round adds to it = row after + what others' gifts have taken off it

so that backwards, too, what the round adds must fit, and what it takes off does not count.

Two things keep most sets from being met. With d "better" than e where both have one giver, d
adds no more to any row than e does, d waits for nothing that e doesn't, and whatever waits for
e waits for d too:

1. *The better comes no later*: in a plan in which it does, change places. Rows between the two
   rounds get d's numbers instead of e's; in the round of e their giver gives d instead, in that
   of d it has given both by the end, as before.
2. *A delivery that adds to no row is made as soon as it can be* (forwards).

Number the deliverables so that the better has the smaller number, and those of rule 2 a smaller
one than all others of their giver: each change brings smaller numbers forward and larger ones
back, so that it comes to an end, at a plan that both rules leave in. It has no more rounds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.solve.exchange.branch import byte_sums, turned
from detente.solve.exchange.scaled import WIDEST, Capped

MOST_SETS = 1 << 22
"""How many sets each end may meet: 150 MiB of them, with their table."""

MOST_LOOKED = 400_000_000
"""Rounds that are looked at before the search gives up."""

PORTION = 10_000_000
"""Rounds that are looked at between two looks at the clock; one set may have no more."""

ANY = 1 << 60
"""More room than any row takes."""


@dataclass(frozen=True, slots=True)
class Met:
    """What a search from both ends has found.

    parts : the sets delivered in each round, of a plan with the fewest; None where none was found
    least : no plan has fewer rounds
    """

    parts: list[int] | None
    least: int


def meet(found: Capped, least: int, known: int, ends: float) -> Met:
    """The plan with the fewest rounds, or how many are needed at least.

    Where numbers are too large to be calculated with, they are rounded down: `least` holds, but
    the plan may not keep to the limit.

    least : as many are needed, that is known
    known : a plan with so many is known; one as long is not looked for
    ends  : when to stop (time.monotonic)
    """
    from detente.solve.exchange.kernels import EXHAUSTED, FOUND

    front, back = _sides(found)
    turn, other = back, front  # only seen backwards, a round can be told to be the last
    looked = 0
    while True:
        rounds = len(front.levels) + len(back.levels) - 1
        least = max(least, rounds)
        if least >= known:
            return Met(None, least)
        status = turn.step(other.keys, MOST_LOOKED - looked, ends)
        looked = front.looked + back.looked
        if status == FOUND:
            return Met(_joined(front, back, turn), rounds)
        if status != EXHAUSTED:
            return Met(None, least)
        turn, other = sorted((front, back), key=lambda side: len(side.levels[-1]))


@dataclass(frozen=True, slots=True)
class _Way:
    """What may be given in a round, as bits, and the room there is for it."""

    may: int
    room: NDArray[np.int64]


@dataclass(eq=False)
class _Side:
    """One end: forwards from nothing delivered, or backwards from everything, as if forwards.

    company : what each may not come sooner than, as bits
    free    : what is given as soon as it can be, as bits
    rank    : each after its company
    first   : ways to make the first round
    then    : the way to make any other
    levels  : the sets first met after so many rounds
    """

    add: NDArray[np.int64]
    need: NDArray[np.uint64]
    company: NDArray[np.uint64]
    free: int
    rank: NDArray[np.int64]
    first: list[_Way]
    then: _Way
    levels: list[NDArray[np.uint64]] = field(init=False)

    def __post_init__(self) -> None:
        from detente.solve.exchange.kernels import ONE, SEEN, slot_of

        self.table = byte_sums(self.add)
        self.levels = [np.zeros(1, dtype=np.uint64)]
        self.keys = np.zeros(1 << 14, dtype=np.uint64)
        self.keys[slot_of(self.keys, np.uint64(0), False)] = ONE
        self.new = np.zeros(1 << 13, dtype=np.uint64)
        self.reg = np.zeros(6, dtype=np.int64)
        self.reg[SEEN] = 1

    @property
    def looked(self) -> int:
        """Rounds looked at so far."""
        from detente.solve.exchange.kernels import LOOKED

        return int(self.reg[LOOKED])

    @property
    def made(self) -> NDArray[np.uint64]:
        """The sets first met in the round that is being made."""
        from detente.solve.exchange.kernels import MADE

        return self.new[: int(self.reg[MADE])]

    def step(self, goals: NDArray[np.uint64], budget: int, ends: float) -> int:
        """One more round from the last level; how it ended."""
        from detente.solve.exchange.kernels import (
            AT,
            CROWDED,
            EXHAUSTED,
            FOUND,
            FULL,
            MADE,
            RUNNING,
            STATUS,
            next_rounds,
        )

        self.reg[MADE] = 0
        until = self.looked + budget
        for way in self.first if len(self.levels) == 1 else [self.then]:
            self.reg[AT], self.reg[STATUS] = 0, RUNNING
            while self.reg[STATUS] == RUNNING:
                if self.looked > until or time.monotonic() > ends:
                    return FULL
                next_rounds(
                    self.levels[-1], self.add, self.table, self.need, self.company,
                    np.uint64(self.free), self.rank, np.uint64(way.may), way.room, self.keys,
                    goals, self.new, self.reg, PORTION,
                )  # fmt: skip
                if self.reg[STATUS] == CROWDED:
                    self.reg[STATUS] = RUNNING if self._grow() else FULL
            if self.reg[STATUS] in (FOUND, FULL):
                return int(self.reg[STATUS])
        self.levels.append(self.made.copy())
        return EXHAUSTED

    def _grow(self) -> bool:
        """Make room for twice as many sets; False where there are as many as may be."""
        from detente.solve.exchange.kernels import rehash

        if len(self.new) >= MOST_SETS:
            return False
        unused = np.zeros((2, 2 * len(self.keys)), dtype=np.uint8)
        keys = np.zeros(2 * len(self.keys), dtype=np.uint64)
        rehash(self.keys, unused[0], keys, unused[1])
        self.keys = keys
        self.new = np.concatenate([self.new, np.zeros_like(self.new)])
        return True

    def trail(self, to: int) -> list[int]:
        """The sets from none to one that was met, a round apart."""
        from detente.solve.exchange.kernels import leads_to

        there = np.uint64(to)
        at = next((k for k, sets in enumerate(self.levels) if there in sets), len(self.levels))
        found = [to]
        for sets in reversed(self.levels[1:at]):
            k = leads_to(
                sets, self.add, self.table, self.need, self.then.room, np.uint64(found[-1])
            )
            found.append(int(sets[int(k)]))
        return [*([0] * (at > 0)), *reversed(found)]


def _joined(front: _Side, back: _Side, turn: _Side) -> list[int]:
    """The rounds of the plan on which the two ends have met."""
    full = (1 << len(front.need)) - 1
    there = int(turn.made[-1])
    rest = full & ~there
    given, to_come = (there, rest) if turn is front else (rest, there)
    sets = [*front.trail(given), *(full & ~have for have in reversed(back.trail(to_come)[:-1]))]
    return [now & ~then for then, now in pairwise(sets)]


def _sides(found: Capped) -> tuple[_Side, _Side]:
    """Both ends; see `Capped.room` on numbers that are too large."""
    add, room, _ = found.room(WIDEST)
    n = len(found.need)
    need = np.array(found.need, dtype=np.uint64)
    after = turned(need)
    company = _company(found.giver, add, need, after)
    by_sum = np.lexsort((np.arange(n), add.sum(axis=1))).astype(np.int64)
    free = sum(1 << d for d in range(n) if (add[d] <= 0).all())
    all_ = (1 << n) - 1
    way = _Way(all_, room)
    front = _Side(add, need, company, free, by_sum, [way], way)
    left = room - add.sum(axis=0)  # when everything is delivered
    first = [_Way(all_, left)]
    for p in range(len(room)):
        # Nothing can break off after the last gift. So where one party alone gives the round,
        # only the sum without its least gift counts for it.
        alone = [d for d in range(n) if found.giver[d] == p and left[p] + add[d, p] >= 0]
        if left[p] < 0 and alone:
            but = left.copy()
            but[p] = ANY
            first.append(_Way(sum(1 << d for d in alone), but))
    back = _Side(-add, after, turned(company), 0, by_sum[::-1].copy(), first, _Way(all_, left))
    return front, back


def _company(
    giver: Sequence[int],
    add: NDArray[np.int64],
    need: NDArray[np.uint64],
    after: NDArray[np.uint64],
) -> NDArray[np.uint64]:
    """What each may be taken not to come sooner than (rule 1), as bits."""
    n = len(need)
    found = []
    for e in range(n):
        mask = 0
        for d in range(n):
            if (
                d != e
                and giver[d] == giver[e]
                and (add[d] <= add[e]).all()
                and (d < e or (add[d] < add[e]).any())
                and not int(need[d]) & ~int(need[e])
                and not int(after[e]) & ~int(after[d])
            ):
                mask |= 1 << d
        found.append(mask)
    return np.array(found, dtype=np.uint64)
