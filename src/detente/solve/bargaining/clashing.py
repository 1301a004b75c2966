"""Why no package is feasible: a smallest set of constraints that clash.

An irreducible set is found by leaving constraints out one by one (the deletion filter of
Chinneck & Dravnieks 1991); then smaller sets are looked for among all.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

from detente.solve.bargaining.model import Model
from detente.solve.bargaining.states import order

MOST_CHECKS = 20_000
"""Sets of constraints tried in search of a smaller one."""

Source = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Clash:
    """Constraints that no package meets together.

    sources  : ("forbidden", 0), ("requires", 2): together infeasible, any fewer of them not
    smallest : no other set of constraints that clash is smaller; else that is not known
    """

    sources: tuple[Source, ...]
    smallest: bool


def clash(model: Model) -> Clash | None:
    """A smallest set of constraints that clash; None where a package meets them all."""
    every = list(dict.fromkeys(each.source for each in model.nogoods))
    if _feasible(model, every):
        return None
    kept = list(every)
    for source in every:
        less = [each for each in kept if each != source]
        if not _feasible(model, less):
            kept = less
    checks = 0
    for size in range(1, len(kept)):
        checks += comb(len(every), size)
        if checks > MOST_CHECKS:
            return Clash(tuple(kept), False)
        for few in combinations(every, size):
            if not _feasible(model, few):
                return Clash(few, True)
    return Clash(tuple(kept), True)


def _feasible(model: Model, sources: list[Source] | tuple[Source, ...]) -> bool:
    """Some package breaks none of these constraints.

    Issues one by one, remembering which constraints the options chosen may yet break.
    """
    nogoods = [each for each in model.nogoods if each.source in sources]
    if not all(nogood.options for nogood in nogoods):
        return False
    names = list(model.issues)
    groups = [frozenset(names.index(issue) for issue in each.options) for each in nogoods]
    placed = [
        n
        for n in order([len(o) for o in model.issues.values()], groups)
        if any(n in g for g in groups)
    ]
    alive: set[frozenset[int]] = {frozenset()}
    seen: set[int] = set()
    for n in placed:
        seen.add(n)
        begun = frozenset(
            k for k, g in enumerate(groups) if min(placed.index(i) for i in g) == placed.index(n)
        )
        done = frozenset(k for k, g in enumerate(groups) if n in g and g <= seen)
        touch = frozenset(k for k, g in enumerate(groups) if n in g)
        hits = {
            frozenset(k for k in touch if option in nogoods[k].options[names[n]])
            for option in model.issues[names[n]]
        }
        new: set[frozenset[int]] = set()
        for state in alive:
            for hit in hits:
                after = (state | begun) - (touch - hit)
                if not after & done:
                    new.add(after)
        alive = _least(new)
        if not alive:
            return False
    return True


def _least(states: set[frozenset[int]]) -> set[frozenset[int]]:
    """Without those that others threaten with fewer constraints."""
    kept: list[frozenset[int]] = []
    for state in sorted(states, key=len):
        if not any(other <= state for other in kept):
            kept.append(state)
    return set(kept)
