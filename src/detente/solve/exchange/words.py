"""A plan in sentences a negotiator reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from detente.solve.exchange.model import Model
from detente.solve.exchange.walk import Step


def name_of(model: Model, party: str) -> str:
    """How to speak of a party."""
    return model.words.get(party) or party.replace("_", " ")


def deed(model: Model, deliverable: str) -> str:
    """What the giver does, with the giver's name: "B lifts the rewards"."""
    who = name_of(model, model.deliverables[deliverable].by)
    said = model.words.get(deliverable)
    return f"{who} {said}" if said else f"{who} delivers “{deliverable.replace('_', ' ')}”"


def number(value: Fraction) -> str:
    """A number as it is said: whole, or with two digits after the point."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    short = f"{float(value):,.2f}".rstrip("0").rstrip(".")
    if short == "0":
        return f"about {float(value):.1g}"
    return short if Fraction(short.replace(",", "")) == value else f"about {short}"


def sentence(model: Model, step: Step) -> str:
    """A step, and what it would mean if things stopped there.

    "Step 3: B lifts the rewards. If A then stops, B is out 2 of the 5 it is ready to risk."
    """
    told = f"Step {step.number}: {deed(model, step.deliverable)}."
    if step.last:
        gone = model.broken or model.taken_back or model.blocked
        return f"{told} With that, everything {'still to come ' * bool(gone)}is delivered."
    lost = [party for party in model.parties if step.exposure[party] > 0]
    if not lost:
        return f"{told} If it stopped here, nobody would have lost anything."
    out = [
        f"{name_of(model, p)} is out {number(step.exposure[p])}"
        f"{' of' if step.risk[p] <= 1 else ', more than'} the "
        f"{number(model.ready(p))} it is ready to risk"
        for p in sorted(lost, key=lambda p: -step.risk[p])
    ]
    others = [party for party in model.parties if party not in lost]
    stops = (
        f"{name_of(model, others[0])} then stops"
        if len(model.parties) == 2 and others
        else "it all then stops"
    )
    return f"{told} If {stops}, {listed(out)}."


def temptation_words(model: Model, step: Step) -> str:
    """Who would gain by breaking off after a step, and whether its patience holds; or nothing.

    "A would gain 3 by stopping here, more than its patience of 1."
    """
    return "" if step.last else tempted(model, step.temptation, "by stopping here")


def tempted(model: Model, temptation: Mapping[str, Fraction], when: str) -> str:
    """Who would gain by breaking off at some moment, a sentence each; or nothing."""
    said = []
    for party in model.parties:
        gain, limit = temptation[party], model.limit(party)
        if gain > limit:
            held = f"more than its patience of {number(limit)}"
        elif gain > 0:
            held = f"within its patience of {number(limit)}"
        else:
            continue
        who = name_of(model, party)
        who = f"The {who[4:]}" if who.startswith("the ") else who
        said.append(f"{who} would gain {number(gain)} {when}, {held}.")
    return " ".join(said)


def whole(model: Model) -> str:
    """What the whole exchange brings each: "A gains 6 by the whole exchange, B loses 2"."""
    said = []
    for party in model.parties:
        total = model.total(party)
        did = "gains" if total > 0 else "loses" if total < 0 else "neither gains nor loses"
        amount = f" {number(abs(total))}" if total else ""
        said.append(f"{name_of(model, party)} {did}{amount}")
    return f"By the whole exchange {listed(said)}."


def sentences(model: Model, order: Sequence[Step]) -> list[str]:
    """Each step of an order."""
    return [sentence(model, step) for step in order]


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
