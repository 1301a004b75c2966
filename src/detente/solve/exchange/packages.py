"""From a package of a bargaining problem to an exchange: who gives what, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from detente.solve.bargaining.model import Model as Bargaining
from detente.solve.bargaining.model import Package, Range, Value
from detente.solve.exchange.model import Deliverable, Model
from detente.solve.plain import ModelError, Wrong


def from_package(
    deal: Bargaining,
    status_quo: Package,
    package: Package,
    *,
    trust: Mapping[str, Fraction] | None = None,
    patience: Mapping[str, Fraction] | None = None,
) -> tuple[Model, tuple[str, ...]]:
    """The exchange that leads from the status quo to a package, and notes on what it leaves out.

    Every issue that changes is a deliverable. Its giver is the party that bears the cost, the
    one whose value falls; the cost is what it falls by, the worth what others' values rise by.
    Where nobody's falls, the one with least to gain gives it, at no cost. An issue whose change
    is worth something to nobody is left out, and noted. Of two ranges, the smallest and the
    largest difference; its middle says whether a party loses or gains, and what lies on the
    other side of 0 is left out, and noted.

    Raises ModelError where packages are none of the problem's, nothing changes, or an issue's
    change costs more than one party something: then no one party can deliver it.
    """
    wrongs: list[Wrong] = []
    both: list[dict[str, str]] = []
    for given, name in ((status_quo, "status_quo"), (package, "package")):
        try:
            both.append(deal.package(given, (name,)))
        except ModelError as error:
            wrongs += error.wrongs
    if wrongs:
        raise ModelError(wrongs)
    start, end = both
    notes: list[str] = []
    deliverables: dict[str, Deliverable] = {}
    words = {party: said for party, said in deal.words.items() if party in deal.parties}
    for issue in deal.issues:
        if start[issue] == end[issue]:
            continue
        change = {
            party: _difference(
                deal.values[party][issue][start[issue]], deal.values[party][issue][end[issue]]
            )
            for party in deal.parties
        }
        losing = [party for party in deal.parties if _middle(change[party]) < 0]
        step = f"`{issue}` from {start[issue]} to {end[issue]}"
        if len(losing) > 1:
            what = f"{step} costs {' and '.join(losing)} something: nobody can deliver it alone"
            wrongs.append(Wrong(("issues", issue), what, "Make one issue of each one's part."))
            continue
        giver = losing[0] if losing else min(deal.parties, key=lambda p: _middle(change[p]))
        worth = {
            party: _above(value)
            for party, value in change.items()
            if party != giver and _top(value) > 0
        }
        if not worth:
            cost = f" It would cost {giver} something." if losing else ""
            notes.append(f"{step} is worth nothing to anybody and is left out.{cost}")
            continue
        notes += [
            f"{step} may cost {party} something; its worth is counted from 0."
            for party in worth
            if _bottom(change[party]) < 0
        ]
        if _middle(change[giver]) > 0:
            notes.append(
                f"{step} gains everybody something; {giver}, with least to gain, gives it, and "
                "its own gain is left out."
            )
        loss = _difference(change[giver], Fraction(0))
        if isinstance(loss, Range) and loss.low < 0:
            notes.append(f"{step} may gain {giver} something; its cost is counted from 0.")
        deliverables[issue] = Deliverable(giver, _above(loss), worth)
        words[issue] = f"moves {deal.words.get(issue) or issue} from {start[issue]} to {end[issue]}"
    if wrongs:
        raise ModelError(wrongs)
    if not deliverables:
        raise ModelError(Wrong((), "the package changes nothing that is worth anything to anyone"))
    return Model(deal.parties, deliverables, trust or {}, patience or {}, words=words), tuple(notes)


def _difference(before: Value, after: Value) -> Value:
    """after - before, at its smallest and at its largest."""
    a = before if isinstance(before, Range) else Range(before, before)
    b = after if isinstance(after, Range) else Range(after, after)
    low, high = b.low - a.high, b.high - a.low
    return low if low == high else Range(low, high)


def _middle(value: Value) -> Fraction:
    return (value.low + value.high) / 2 if isinstance(value, Range) else value


def _bottom(value: Value) -> Fraction:
    return value.low if isinstance(value, Range) else value


def _top(value: Value) -> Fraction:
    return value.high if isinstance(value, Range) else value


def _above(value: Value) -> Value:
    """As much of it as is not below 0."""
    zero = Fraction(0)
    if not isinstance(value, Range):
        return max(zero, value)
    low, high = max(zero, value.low), max(zero, value.high)
    return low if low == high else Range(low, high)
