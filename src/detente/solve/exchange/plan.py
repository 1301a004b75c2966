"""Going on from where things stand, and what has changed since the first plan."""

from __future__ import annotations

from dataclasses import dataclass

from detente.solve.exchange.model import Model
from detente.solve.exchange.order import Safest, safest


@dataclass(frozen=True, slots=True)
class Change:
    """The plan as it was made at first, and as it is now.

    before    : the safest order of everything, had nothing happened yet
    now       : the safest order of what is still to come
    delivered : what was, in that order
    early     : what was delivered before something that the first plan has before it and that
                was delivered later or is still to come
    unready   : what was delivered although something it comes after was not, with that
    broken, taken_back, blocked : what will not come any more, and why not
    moved     : what is still to come and has changed places with something that is, too; in
                the order of the plan now
    """

    before: Safest
    now: Safest
    delivered: tuple[str, ...]
    early: tuple[str, ...]
    unready: dict[str, tuple[str, ...]]
    broken: tuple[str, ...]
    taken_back: tuple[str, ...]
    blocked: tuple[str, ...]
    moved: tuple[str, ...]


def replan(model: Model, *, seconds: float = 60.0) -> Change:
    """The new plan, beside the one there would have been at the start."""
    before = safest(model.fresh(), seconds=seconds / 2)
    now = safest(model, seconds=seconds / 2)
    turn = {name: n for n, name in enumerate(before.order)}
    came = (*model.delivered, *model.to_come)
    early = tuple(
        name
        for n, name in enumerate(model.delivered)
        if any(turn[later] < turn[name] for later in came[n + 1 :])
    )
    unready = {}
    for n, name in enumerate(model.delivered):
        missing = set(model.deliverables[name].after) - {*model.delivered[:n]}
        if missing:
            unready[name] = tuple(a for a in model.deliverables[name].after if a in missing)
    moved = tuple(
        name
        for n, name in enumerate(now.order)
        if any(turn[sooner] > turn[name] for sooner in now.order[:n])
        or any(turn[later] < turn[name] for later in now.order[n + 1 :])
    )
    return Change(
        before,
        now,
        model.delivered,
        early,
        unready,
        model.broken,
        model.taken_back,
        model.blocked,
        moved,
    )
