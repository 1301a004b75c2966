"""What would make an exchange work that does not: the smallest help of each kind.

Every mend is worked out by solving the mended exchange anew, so that what is promised holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from detente.solve.bargaining.model import Range, Value
from detente.solve.exchange.branch import FAR, lowest
from detente.solve.exchange.model import MOST_DELIVERABLES, Deliverable, Model
from detente.solve.exchange.order import Least, least
from detente.solve.exchange.scaled import gains, losses
from detente.solve.exchange.walk import largest_exposures, largest_temptations, start
from detente.solve.plain import ModelError, unknown

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Split:
    """Delivering something in two halves.

    value : the largest exposure / trust (or temptation above patience) on the best way then
    works : that is enough
    """

    deliverable: str
    value: Fraction
    works: bool
    proven: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """What one party alone would need more of; order is a way that holds with it."""

    party: str
    amount: Fraction
    order: tuple[str, ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class First:
    """What the best way is worth that begins with a deliverable.

    freed : what would have to stop being before it
    """

    deliverable: str
    freed: tuple[str, ...]
    value: Fraction
    works: bool
    proven: bool


@dataclass(frozen=True, slots=True)
class Mends:
    """For an exchange that exposes somebody too much ("exposure"), or tempts ("temptation").

    value   : how high the best way is as things are: exposure / trust, or the temptation above
              patience; where 1 (or 0) is enough, nothing needs mending and nothing is listed
    splits  : those that bring something, the best first
    amounts : exposure: a third party's guarantee, paid to the party if all breaks off.
              temptation: a deposit the party loses if it breaks off, or as much more patience
    first   : first steps that may not come first now and would bring something, the best first
    complete : everything was tried to the end; else time ran out
    unsplit : what was not split, since there would be more deliverables than a model may have
    """

    kind: str
    value: Fraction
    splits: tuple[Split, ...]
    amounts: tuple[Amount, ...]
    first: tuple[First, ...]
    complete: bool
    unsplit: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Something would do."""
        return bool(
            self.amounts or any(s.works for s in self.splits) or any(f.works for f in self.first)
        )


def mends(
    model: Model, kind: str, *, seconds: float = 20.0, progress: Progress | None = None
) -> Mends:
    """The smallest help of each kind that would make the exchange work.

    kind    : "exposure": nobody is ever out more than it is ready to risk; "temptation":
              nobody ever gains by breaking off more than its patience
    seconds : when to stop trying
    A guarantee or deposit for a party is the least that lets some order keep everybody else
    within its own limit; a party for which there is none is not listed. Halves have half the
    cost and worth each, the second after the first. Raises ValueError on another kind, and
    ModelError where costs or worths are ranges.
    """
    if kind not in ("exposure", "temptation"):
        raise ValueError(f"{kind!r}: it is exposure or temptation")
    ends = time.monotonic() + seconds
    found = _best(model, kind, ends)
    now = found.value
    if _works(now, kind):
        return Mends(kind, now, (), (), (), True)
    names = model.to_come
    freed = {n: before for n in names if (before := _before(model, n))}
    full = len(model.deliverables) >= MOST_DELIVERABLES
    jobs = [("amount", p) for p in model.parties]
    jobs += [] if full else [("split", n) for n in names]
    jobs += [("first", n) for n in freed]
    complete = found.proven
    splits: list[Split] = []
    amounts: list[Amount] = []
    first: list[First] = []

    for done, (what, name) in enumerate(jobs, 1):
        if what == "amount":
            amount, proven = _amount(model, kind, name, ends)
            if amount is not None:
                amounts.append(amount)
        elif what == "split":
            found = _best(split(model, name), kind, ends)
            proven = found.proven
            if found.value < now:
                splits.append(Split(name, found.value, _works(found.value, kind), proven))
        else:
            value, proven = _starting(_free(model, name, freed[name]), name, kind, ends)
            if value < now:
                first.append(First(name, freed[name], value, _works(value, kind), proven))
        complete = complete and proven
        if progress is not None:
            progress(done, len(jobs))
        if done < len(jobs) and time.monotonic() > ends:
            complete = False
            break
    place = {name: n for n, name in enumerate(names)}
    splits.sort(key=lambda s: (s.value, place[s.deliverable]))
    first.sort(key=lambda f: (f.value, len(f.freed), place[f.deliverable]))
    unsplit = names if full else ()
    return Mends(kind, now, tuple(splits), tuple(amounts), tuple(first), complete, unsplit)


def _best(model: Model, kind: str, ends: float) -> Least:
    of = "exposure" if kind == "exposure" else "above"
    return least(model, of, seconds=max(0.1, ends - time.monotonic()))


def _works(value: Fraction, kind: str) -> bool:
    return value <= (1 if kind == "exposure" else 0)


def _amount(model: Model, kind: str, party: str, ends: float) -> tuple[Amount | None, bool]:
    """The least that would do for one party, others within their own limits; is that certain?"""
    if kind == "exposure":
        capped = losses(model, Fraction(1))
    else:
        capped = gains(model, {p: model.limit(p) for p in model.parties})
    rows, cap = capped.rows()
    p = model.parties.index(party)
    cap[p] = FAR
    soft = np.zeros(len(cap), np.bool_)
    soft[p] = True
    found = lowest(rows, soft=soft, cap=cap, seconds=max(0.1, ends - time.monotonic()))
    if found.value is None or found.order is None:
        return None, found.proven
    order = tuple(rows.names[d] for d in found.order)
    if kind == "exposure":
        lost = largest_exposures(model, order)
        more = {p: lost[p] - model.ready(p) for p in model.parties}
    else:
        tempted = largest_temptations(model, order)
        more = {p: tempted[p] - model.limit(p) for p in model.parties}
    if any(more[other] > 0 for other in model.parties if other != party):
        return None, False  # too close to tell, with rounded numbers
    proven = found.proven and not rows.slack
    return (Amount(party, more[party], order, proven) if more[party] > 0 else None), proven


def halves(model: Model, name: str) -> tuple[str, str]:
    """What the two halves of a deliverable are called; never what another is called."""
    again = ""
    while any(f"{name} ({n} half{again})" in model.deliverables for n in ("first", "second")):
        again += " again"
    return f"{name} (first half{again})", f"{name} (second half{again})"


def split(model: Model, name: str) -> Model:
    """The model with a deliverable in two halves, the second after the first.

    What came after the deliverable comes after both. Raises ModelError where it is none of what
    is still to come, or there are as many deliverables already as there may be.
    """
    if name not in model.to_come:
        raise ModelError(unknown("deliverable to come", name, model.to_come, ("split",)))
    one, two = halves(model, name)
    new: dict[str, Deliverable] = {}
    for other, each in model.deliverables.items():
        after = tuple(two if a == name else a for a in each.after)
        if other != name:
            new[other] = replace(each, after=after)
            continue
        half = replace(
            each,
            cost=_half(each.cost),
            worth={party: _half(value) for party, value in each.worth.items()},
        )
        new[one], new[two] = half, replace(half, after=(one,))
    words = {w: said for w, said in model.words.items() if w != name}
    return replace(model, deliverables=new, words=words)


def _half(value: Value) -> Value:
    if isinstance(value, Range):
        return Range(value.low / 2, value.high / 2)
    return value / 2


def _before(model: Model, name: str) -> tuple[str, ...]:
    """What a deliverable directly waits for and is still to come."""
    return tuple(dict.fromkeys(a for a in model.deliverables[name].after if a in model.to_come))


def _free(model: Model, name: str, before: tuple[str, ...]) -> Model:
    """The model in which a deliverable waits for nothing more."""
    each = model.deliverables[name]
    after = tuple(a for a in each.after if a not in before)
    deliverables = {**model.deliverables, name: replace(each, after=after)}
    return replace(model, deliverables=deliverables)


def _starting(model: Model, name: str, kind: str, ends: float) -> tuple[Fraction, bool]:
    """What the best way that begins with a deliverable is worth; is that certain?"""
    rest = _best(replace(model, delivered=(*model.delivered, name)), kind, ends)
    # The moment before it counts too.
    now = start(model)
    if kind == "exposure":
        before = [-now[p] / model.ready(p) for p in model.parties]
    else:
        before = [now[p] - model.total(p) - model.limit(p) for p in model.parties]
    return max(rest.value, *before), rest.proven
