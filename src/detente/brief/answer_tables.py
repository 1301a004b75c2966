"""The tables behind the answers' pictures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from detente.brief.answers import MOST_STATES, Asked, direction, state_text
from detente.brief.deal import marks, open_number
from detente.brief.document import Cell, Table
from detente.brief.exchange import open_number as open_step_number
from detente.judgment.outlook import ConflictOutlook, DealOutlook, Outlook, StepsOutlook
from detente.solve.bargaining.uncertain import Matter

TABLES = ("wants", "deal", "inside", "outcomes", "steps", "matters")
"""Their names."""

MOST_MATTERS = 12
"""Open numbers in the table of what would change the answers."""


def answer_tables(asked: Asked) -> dict[str, Table]:
    """The tables behind the answers: wants, deal, inside, outcomes, steps, matters."""
    outlook = asked.outlook
    found: dict[str, Table] = {}
    if isinstance(outlook.deal, DealOutlook):
        found["wants"] = _wants_table(outlook.deal)
        found["deal"] = _deal_table(outlook.deal)
        found["inside"] = _inside_table(outlook.deal)
    if isinstance(outlook.conflict, ConflictOutlook):
        found["outcomes"] = _outcomes_table(outlook.conflict)
    if isinstance(outlook.steps, StepsOutlook):
        found["steps"] = _steps_table(outlook.steps)
    matters = list(_matter_rows(outlook))
    if matters:
        headers = ("about", "number", "share now", "share if known")
        found["matters"] = Table("What knowing one number would settle", headers, tuple(matters))
    return found


def _wants_table(deal: DealOutlook) -> Table:
    model = deal.model
    headers = ("issue", "options", *(f"{model.words[p]} would have" for p in model.parties))
    said = {1: "the last option", -1: "the status quo", 0: "not known"}
    rows = tuple(
        (
            model.words[issue],
            " > ".join(options),
            *(said[direction(deal, party, issue)] for party in model.parties),
        )
        for issue, options in model.issues.items()
    )
    return Table("Who would have what", headers, rows)


def solution_marks(deal: DealOutlook) -> dict[tuple[str, ...], str]:
    """What each package on the frontier of the middle is: "Nash, egalitarian"."""
    return marks(deal.frontier, deal.solutions)


def _deal_table(deal: DealOutlook) -> Table:
    model = deal.model
    shares = {} if deal.shares is None else {
        tuple(each.package.values()): each.nash for each in deal.shares.packages
    }  # fmt: skip
    headers = ("package", *(f"worth to {model.words[p]}" for p in model.parties), "what it is",
               "share of values in which it is the Nash package")  # fmt: skip
    marked = solution_marks(deal)
    chosen = [deal.status_quo, *([deal.package] if deal.package else [])]
    chosen += [deal.frontier.space.package(choice) for choice in deal.frontier.choices]
    rows: dict[tuple[str, ...], tuple[Cell, ...]] = {}
    for package in chosen:
        key = tuple(package.values())
        what = [marked[key]] if key in marked else []
        what += ["status quo"] if package == deal.status_quo else []
        what += ["likeliest"] if package == deal.package and deal.shares is not None else []
        worth = deal.worth(package)
        rows[key] = (
            ", ".join(f"{issue}: {option}" for issue, option in package.items()),
            *(_short(worth[p]) for p in model.parties),
            ", ".join(what),
            shares.get(key, 0.0) if deal.shares is not None else None,
        )
    at = "" if deal.shares is None else ", at the mean of the values that fit"
    return Table(f"Efficient packages and what they are worth{at}", headers, tuple(rows.values()))


def _short(number: Fraction) -> float:
    return round(float(number), 3)


def _inside_table(deal: DealOutlook) -> Table:
    model = deal.model
    rows = tuple(
        (model.words[issue], option, round(deal.inside.get((issue, option), 0.0), 4))
        for issue, options in model.issues.items()
        for option in options
    )
    caption = "In what share of deals the Nash package has an option"
    return Table(caption, ("issue", "option", "share of deals"), rows)


def _outcomes_table(found: ConflictOutlook) -> Table:
    shares = found.shares.share if found.shares is not None else None
    headers = ("state", "who does what", "is now", "Nash", "SEQ", "SSEQ", "GMR", "SMR")
    states = dict.fromkeys([found.now, *(state for state, _ in found.holding)])
    concepts = ("nash", "seq", "sseq", "gmr", "smr")
    listed = {c: set(found.analysis.equilibria(c)) for c in concepts}
    rows = tuple(
        (
            state,
            state_text(found, state),
            state == found.now,
            *(
                round(shares[c].get(state, 0.0), 4) if shares is not None else state in listed[c]
                for c in concepts
            ),
        )
        for state in list(states)[:MOST_STATES]
    )
    what = "in what share of the orders that fit" if shares is not None else "under which concept"
    return Table(f"Outcomes that hold, and {what}", headers, rows)


def _steps_table(found: StepsOutlook) -> Table:
    model = found.model
    headers = ["step", "deliverable", "by"]
    for party in model.parties:
        name = model.words[party]
        headers += [f"{name} out, 5%", f"{name} out, middle", f"{name} out, 95%"]
    rows: list[tuple[Cell, ...]] = []
    for moment in range(len(found.order) + 1):
        name = found.order[moment - 1] if moment else "before"
        by = model.words[model.deliverables[name].by] if moment else ""
        numbers = [round(x, 4) for p in model.parties for x in found.spread.exposure[p][moment]]
        rows.append((moment, name, by, *numbers))
    return Table("How much each is out after every step", tuple(headers), tuple(rows))


def by_options(deal: DealOutlook) -> list[Matter]:
    """The open numbers of a deal, those first that tell most about the options of issues."""
    return [] if deal.shares is None else sorted(deal.shares.matters, key=lambda m: -m.options)


def _matter_rows(outlook: Outlook) -> Iterator[tuple[Cell, ...]]:
    deal, found = outlook.deal, outlook.steps
    if isinstance(deal, DealOutlook) and deal.shares is not None:
        for each in by_options(deal)[:MOST_MATTERS]:
            name = open_number(deal.model, each.name)
            yield "deal", name, round(deal.shares.options, 4), round(each.options, 4)
    if isinstance(found, StepsOutlook) and found.shares is not None:
        for matter in found.shares.matters[:MOST_MATTERS]:
            name = open_step_number(found.model, matter.name)
            yield "steps", name, round(found.safe, 4), round(matter.safe, 4)
