"""A plan in sentences a negotiator reads."""

from __future__ import annotations

from collections.abc import Sequence
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
        return f"{told} With that, everything is delivered."
    lost = [party for party in model.parties if step.exposure[party] > 0]
    if not lost:
        return f"{told} If it stopped here, nobody would have lost anything."
    out = [
        f"{name_of(model, p)} is out {number(step.exposure[p])} of the "
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
    if step.last:
        return ""
    said = []
    for party in model.parties:
        gain, limit = step.temptation[party], model.limit(party)
        if gain > limit:
            held = f"more than its patience of {number(limit)}"
        elif gain > 0:
            held = f"within its patience of {number(limit)}"
        else:
            continue
        said.append(f"{name_of(model, party)} would gain {number(gain)} by stopping here, {held}")
    whole = listed(said) if said else ""
    if whole.startswith("the "):
        whole = f"The {whole[4:]}"
    return f"{whole}." if whole else ""


def sentences(model: Model, order: Sequence[Step]) -> list[str]:
    """Each step of an order."""
    return [sentence(model, step) for step in order]


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
