"""What an exchange's analysis says: as JSON, and as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from detente.brief.columns import columns
from detente.solve.exchange.mending import Mends
from detente.solve.exchange.model import Model
from detente.solve.exchange.order import Safest
from detente.solve.exchange.plan import Change
from detente.solve.exchange.results import Result, steps_json
from detente.solve.exchange.rounds import Rounds
from detente.solve.exchange.uncertain import OrderShare, Shares, Spread
from detente.solve.exchange.walk import Step, highest, largest_temptations, start, steps
from detente.solve.exchange.words import (
    deed,
    listed,
    name_of,
    number,
    sentence,
    temptation_words,
    whole,
)
from detente.solve.exchange.words import tempted as tempted_words
from detente.solve.plain import shortest, spoken
from detente.wording import counted

MOST_ROWS = 20
"""Rows listed in the terminal; --json lists all."""


# --- JSON ---------------------------------------------------------------------------------------


def shares_json(found: Shares) -> dict[str, Any]:
    """In what share of the values that fit orders stay safe, and hold by themselves."""

    def order(each: OrderShare) -> dict[str, Any]:
        return {
            "order": list(each.order),
            "safe": each.safe,
            "safe_error": found.error(each.safe),
            "self_enforcing": each.self_enforcing,
            "self_enforcing_error": found.error(each.self_enforcing),
            "mean_value": each.value,
        }

    return {
        "samples": found.samples,
        "seed": found.seed,
        "orders_tried": found.tried,
        "all_orders": found.all,
        "possible": found.possible,
        "orders": [order(each) for each in found.orders],
        "matters": [{"of": list(each.name), "safe": each.safe} for each in found.matters],
    }


# --- the terminal -------------------------------------------------------------------------------


def plan_text(plan: Result) -> str:
    """The plan in words: what has changed, the safest order, the self-enforcing one, help."""
    model = plan.model
    parts = []
    if plan.change is not None:
        parts.append(_change_lines(model, plan.change))
    if not plan.safest.order:
        parts.append(["Nothing is left to deliver."])
        return "\n\n".join("\n".join(lines) for lines in parts)
    parts.append(_safest_lines(plan))
    parts.append(_enforcing_lines(plan))
    if plan.fewest_rounds is not None:
        parts.append(_rounds_lines(model, plan.fewest_rounds))
    parts += [list(_mend_lines(model, each)) for each in plan.mends]
    return "\n\n".join("\n".join(lines) for lines in parts)


def _safest_lines(plan: Result) -> list[str]:
    model, found = plan.model, plan.safest
    if found.value == 0:
        verdict = "at no moment would anybody be out if it broke off"
    elif found.value <= 1:
        verdict = f"nobody is ever out more than {_times(found.value)} what it is ready to risk"
        if found.value == 1:
            verdict = "nobody is ever out more than it is ready to risk"
    else:
        verdict = (
            f"in every order somebody is out more than it is ready to risk; here at the worst "
            f"{_times(found.value)} that"
        )
        if not found.proven:
            verdict = f"somebody is out {_times(found.value)} what it is ready to risk"
    lines = [f"The safest order: {verdict}. {_proof(found)}"]
    lines += [f"  {sentence(model, step)}" for step in found.steps]
    return [*lines, f"  {whole(model)}", "", *_table(model, found.steps)]


def _times(value: Fraction) -> str:
    """A risk as a share of what one is ready to risk: "42% of", "1.5 times"."""
    if value == 1:
        return "all of"
    if value > 1:
        return f"{number(value)} times"
    exactly = (value * 100).denominator == 1
    return f"{'' if exactly else 'about '}{float(value):.0%} of"


def _proof(found: Safest) -> str:
    if found.proven:
        return "Proven: no order is safer."
    said = f"Not proven the safest within the time: no order is below {number(found.bound)}."
    if found.claimed is None:
        return said
    than = (
        "no order is safer"
        if found.claimed >= found.value
        else "none is below " + number(found.claimed)
    )
    return f"{said} {_claim(than)}"


def _claim(what: str) -> str:
    """What another program says, with whose word it is."""
    return f"CP-SAT says that {what}; that is not checked here."


def _table(model: Model, taken: Sequence[Step]) -> Iterator[str]:
    heads = ["", *(f"{name_of(model, p)} is out" for p in model.parties)]
    heads += [f"{name_of(model, p)} tempted by" for p in model.parties]
    now = start(model)
    total = {p: model.total(p) for p in model.parties}
    first = [number(max(Fraction(0), -now[p])) for p in model.parties]
    first += [number(max(Fraction(0), now[p] - total[p])) for p in model.parties]
    rows = [["before", *first]]
    for step in taken[:-1]:
        cells = [number(step.exposure[p]) for p in model.parties]
        cells += [number(step.temptation[p]) for p in model.parties]
        rows.append([f"step {step.number}", *cells])
    yield from columns([*heads, ""], [[*row, ""] for row in rows], left=1)


def _enforcing_lines(plan: Result) -> list[str]:
    model, found = plan.model, plan.self_enforcing
    if found.exists:
        lines = [
            "A self-enforcing order: nobody ever gains by breaking off more than its patience."
        ]
        if found.order == plan.safest.order:
            lines.append("  It is the safest order.")
            return lines
    elif found.proven:
        lines = [
            "No order enforces itself: in every one, somebody gains by breaking off at some moment "
            "more than its patience."
        ]
        lines.append(
            f"The least patience that would do, if everybody had it, is "
            f"{number(found.least_patience)}; then:"
        )
    else:
        lines = [
            "No self-enforcing order was found, and none was proven not to exist, within the time.",
            f"A patience of {number(found.least_patience)} would do, if everybody had it; less "
            f"than {number(found.bound)} would not; with it:",
        ]
        if found.claimed is not None:
            lines.insert(1, _claim(f"less than {number(found.claimed)} would not do"))
    start_ = before_words(model)
    if start_:
        lines.append(f"  Before the first step: {start_}")
    for step in found.steps:
        tempted = temptation_words(model, step)
        lines.append(
            f"  Step {step.number}: {deed(model, step.deliverable)}."
            + f" {tempted}" * bool(tempted)
        )
    return lines


def before_words(model: Model) -> str:
    """Who would gain by not beginning at all, or by breaking off where things stand."""
    now = start(model)
    gains = {p: max(Fraction(0), now[p] - model.total(p)) for p in model.parties}
    return tempted_words(model, gains, "by stopping there")


def _rounds_lines(model: Model, found: Rounds) -> list[str]:
    count = len(found.rounds)
    what = f"{count} round{'' if count == 1 else 's'}"
    proof = _fewest(found)
    limit = (
        "nobody is ever out more than it is ready to risk"
        if found.limit == 1
        else f"nobody is ever out more than {_times(found.limit)} what it is ready to risk, which "
        "the safest order needs too"
    )
    lines = [
        f"With both sides delivering at once, {what}: even at the worst moment {limit}. {proof}"
    ]
    for n, (names, worst) in enumerate(zip(found.rounds, found.worst, strict=True), 1):
        deeds = listed([deed(model, name) for name in names])
        out = [f"{name_of(model, p)} {number(v)}" for p, v in worst.items() if v > 0]
        risk = f"at the worst moment out: {', '.join(out)}" if out else "nobody would be out"
        lines.append(f"  Round {n}: {deeds} ({risk}).")
    return lines


def _fewest(found: Rounds) -> str:
    """What is proven of the number of rounds, and by whom."""
    count = len(found.rounds)
    if found.proven:
        return "Proven."
    if found.least == count:
        return "Proven, as far as this limit goes; a safer order may set a lower one."
    said = f"Proven is that at least {found.least} {'is' if found.least == 1 else 'are'} needed."
    if found.claimed is None:
        return said
    than = f"fewer than {found.claimed} can't do"
    return f"{said} {_claim(than)}"


def _mend_lines(model: Model, found: Mends) -> Iterator[str]:
    exposed = found.kind == "exposure"
    yield (
        "What would make it safe:"
        if exposed
        else "What would make an order that enforces itself possible:"
    )
    for amount in found.amounts:
        who, size = name_of(model, amount.party), number(amount.amount)
        yield (
            f"  a third party's guarantee to {who} of {size} if it all breaks off"
            if exposed
            else f"  a deposit of {size} that {who} loses if it breaks off, or {size} more patience"
        )
    for part in found.splits[:MOST_ROWS]:
        enough = _enough(part.works, part.value, exposed)
        yield f"  delivering “{part.deliverable}” in two halves{enough}"
    for first in found.first[:MOST_ROWS]:
        freed = listed([f"“{name}”" for name in first.freed])
        yield (
            f"  beginning with “{first.deliverable}”, if it need not come after {freed}"
            f"{_enough(first.works, first.value, exposed)}"
        )
    if not (found.amounts or found.splits or found.first):
        tried = "no single help of one party, no single split and no other first step"
        if found.unsplit:
            tried = "no single help of one party and no other first step"
        yield f"  {tried}" if found.complete else "  nothing was found in the time"
    if not found.any and found.complete:
        if exposed:
            yield (
                f"  None of these is enough alone; if everybody were ready to risk "
                f"{_times(found.value)} what it is now, it would be."
            )
        else:
            yield (
                f"  None of these is enough alone; with {number(found.value)} more patience of "
                "everybody, it would be."
            )
    if found.unsplit:
        yield "  Splits were not tried: there are as many deliverables as a model may have."
    if not found.complete:
        yield "  There may be more: not all was tried to the end in the time (--seconds)."


def _enough(works: bool, value: Fraction, exposed: bool) -> str:
    if works:
        return ""
    if exposed:
        return f": not enough, but at the worst {number(value)} times what one is ready to risk"
    return f": not enough, but the patience then missing is {number(value)}"


def _change_lines(model: Model, found: Change) -> list[str]:
    lines = ["Where it stands:"]
    said = (
        ("delivered", found.delivered),
        ("delivered before its turn in the first plan", found.early),
        ("broken off", found.broken),
        ("taken back", found.taken_back),
        ("will not come, since what must be before it won't", found.blocked),
    )
    for what, names in said:
        if names:
            lines.append(f"  {what}: {', '.join(names)}")
    for name, missing in found.unready.items():
        lines.append(
            f"  “{name}” was delivered although it comes after “{'” and “'.join(missing)}”, which "
            "was not there yet: is that so?"
        )
    now = start(model)
    for party, value in now.items():
        word = "out" if value < 0 else "ahead by"
        if value:
            lines.append(f"  {name_of(model, party)} is {word} {number(abs(value))} as it stands")
    lines.append(f"The first plan was: {' > '.join(found.before.order)}")
    if found.moved:
        lines.append(f"  have changed places since: {', '.join(found.moved)}")
    elif found.now.order:
        lines.append("  what is left keeps its order")
    return lines


def order_json(model: Model, order: Sequence[str]) -> dict[str, Any]:
    """How one order fares."""
    return {
        "order": list(order),
        "value": shortest(highest(model, order)),
        "temptation": shortest(max(largest_temptations(model, order).values())),
        "steps": steps_json(model, steps(model, order)),
    }


def order_text(model: Model, order: Sequence[str]) -> str:
    """How one order fares, in words."""
    value = highest(model, order)
    found = steps(model, order)
    lines = [
        f"This order: somebody is out {_times(value)} what it is ready to risk at the worst."
        if value
        else "This order: at no moment would anybody be out if it broke off."
    ]
    if model.delivered:
        lines.insert(0, f"Delivered so far: {', '.join(model.delivered)}.")
    if said := before_words(model):
        lines.append(f"  Before the first step: {said}")
    for step in found:
        tempted = temptation_words(model, step)
        lines.append(f"  {sentence(model, step)}" + f" {tempted}" * bool(tempted))
    return "\n".join([*lines, f"  {whole(model)}", "", *_table(model, found)])


def open_json(model: Model, found: Shares, likely: Spread, plan: Result | None) -> dict[str, Any]:
    """Shares, the order safe most often step by step, and the plan at the middle of ranges."""
    document = {"shares": shares_json(found), "safest_most_often": spread_json(model, likely)}
    return document if plan is None else {**document, "at_the_middle": plan.to_dict()}


def spread_json(model: Model, found: Spread) -> dict[str, Any]:
    """Exposure over all that fits, at each moment of an order."""

    def three(numbers: tuple[float, float, float]) -> dict[str, float]:
        return dict(zip(("low", "middle", "high"), numbers, strict=True))

    return {
        "order": list(found.order),
        "by": [model.deliverables[name].by for name in found.order],
        "exposure": {p: [three(each) for each in moments] for p, moments in found.exposure.items()},
        "trust": {p: three(each) for p, each in found.trust.items()},
        "nobody_exposed": list(found.free),
    }


def open_text(model: Model, found: Shares, likely: Spread, plan: Result | None) -> str:
    """The same in words."""
    parts = [shares_text(model, found)]
    if likely.order:
        lines = ["The order safe most often, step by step; what 5% and 95% of the draws are below:"]
        if len(found.orders) == 1 and not found.all:
            lines = ["The order, step by step; what 5% and 95% of the draws stay below:"]
        for n, name in enumerate(likely.order, 1):
            lines.append(f"  Step {n}: {deed(model, name)}. {if_stopped(model, likely, n)}")
        parts.append("\n".join(lines))
    if plan is not None:
        parts.append(f"With the middle of every range:\n\n{plan_text(plan)}")
    return "\n\n".join(parts)


def if_stopped(model: Model, found: Spread, moment: int) -> str:
    """What each would have lost over all that fits if it all broke off after some steps."""
    if moment == len(found.order):
        return "With that, everything still to come is delivered."
    lost = []
    for party in model.parties:
        low, _, high = found.exposure[party][moment]
        if high > 0:
            trust = found.trust[party]
            lost.append(
                f"{name_of(model, party)} is out {span(low, high)} of the "
                f"{span(trust[0], trust[2])} it is ready to risk"
            )
    if lost:
        return f"If it all then stops, {listed(lost)}."
    share = found.free[moment]
    often = "" if share == 1 else f", in {'more than 99' if share > 0.99 else f'{share:.0%}'[:-1]}%"
    return f"If it stopped there, nobody would be out{often}{' of the draws' * bool(often)}."


def span(low: float, high: float) -> str:
    """Two numbers as "0 to 4.7", or one."""
    a, b = (f"{x:.0f}" if abs(x) >= 10 else f"{x:.2g}" for x in (low, high))
    return a if a == b else f"{a} to {b}"


def open_number(model: Model, name: Sequence[str]) -> str:
    """How to speak of a number that is open."""
    match name:
        case ("trust", party):
            return f"what {name_of(model, party)} is ready to risk"
        case ("patience", party):
            return f"{name_of(model, party)}'s patience"
        case (deliverable, "cost"):
            giver = model.deliverables[deliverable].by
            return f"what “{_said(model, deliverable)}” costs {name_of(model, giver)}"
    return f"what “{_said(model, name[0])}” is worth to {name_of(model, name[2])}"


def _said(model: Model, deliverable: str) -> str:
    return model.words.get(deliverable) or deliverable


def shares_text(model: Model, found: Shares) -> str:
    """Orders by the share of values in which they are safe."""
    lines = [
        f"Some costs or worths are left open. In what share of {counted(found.samples, 'draw')} of "
        f"all that fit, seed {found.seed}",
        f"(standard error at most {found.error(0.5):.1%}):",
        f"  {'some order is safe' if found.all or found.tried > 1 else 'the order is safe'}: "
        f"{found.possible:.1%}",
        "",
    ]
    rows = [
        [
            f"{each.safe:.1%}",
            f"{each.self_enforcing:.1%}",
            spoken(float(f"{each.value:.3g}")),
            " > ".join(each.order),
        ]
        for each in found.orders[:MOST_ROWS]
    ]
    lines += columns(["safe", "enforces itself", "mean risk", "order"], rows)
    if len(found.orders) > MOST_ROWS:
        lines.append(f"... and {len(found.orders) - MOST_ROWS:,} more; --json lists them all")
    lines.append("")
    if found.all:
        tried = f"All {found.tried:,} orders were tried; the first is safe most often."
        lines.append(tried if found.tried > 1 else "There is no other order.")
    elif found.tried > 1:
        lines.append(
            f"{found.tried:,} orders were tried, each the safest of some draw; another may be safe "
            "more often."
        )
    if len(found.orders) > 1 and found.matters and found.matters[0].safe > found.orders[0].safe:
        lines.append("Knowing one number to within a tenth, the order then chosen is safe in:")
        lines += [
            f"  {each.safe:.1%}  {open_number(model, each.name)}" for each in found.matters[:5]
        ]
    lines.append(
        "Safe: nobody is ever out more than it is ready to risk. Mean risk: the largest exposure"
    )
    lines.append("over trust on the way, on average over the draws.")
    return "\n".join(lines)
