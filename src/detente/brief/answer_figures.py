"""The pictures beside the answers."""

from __future__ import annotations

from collections.abc import Iterator

from detente.brief import charts
from detente.brief.answer_tables import by_options, solution_marks
from detente.brief.answers import Asked, direction, main_parties, percent, state_text
from detente.brief.document import Figure
from detente.brief.words import short_text
from detente.judgment.outlook import ConflictOutlook, DealOutlook, StepsOutlook
from detente.solve.conflict.words import deed
from detente.solve.exchange.words import deed as step_deed

MOST_NODES = 7
"""Outcomes drawn."""

LEAST_SHARE = 0.05
"""An outcome that holds more seldom is not drawn."""

WORTH_DRAWING = 0.01
"""What knowing a number must add to a share about the steps to be drawn."""

LINE = 26
"""Letters on a line of a picture's label."""


def wants_figure(asked: Asked) -> Figure | None:
    """For every issue, which way each party would have it moved."""
    deal = asked.outlook.deal
    if not isinstance(deal, DealOutlook):
        return None
    model = deal.model
    names = tuple(model.words[p] for p in model.parties)
    rows = []
    for issue, options in model.issues.items():
        ways = {model.words[p]: direction(deal, p, issue) for p in model.parties}
        rows.append(charts.Want(model.words[issue], options, ways))
    svg = charts.wants(rows, names, key="wants-plot", title="Which way each would move the issues")
    return Figure(
        svg,
        "Each line is an issue, from the status quo on the left to the fullest version on the "
        "right. A party stands at the end it would have; one whose wish is not known is left out.",
    )


def deal_figure(asked: Asked) -> Figure | None:
    """Packages, the frontier, the solutions and the status quo, by the worth to two parties."""
    deal = asked.outlook.deal
    if not isinstance(deal, DealOutlook) or not len(deal.frontier.points):
        return None
    model, middle = deal.model, deal.middle
    one, two = main_parties(deal)
    marked = solution_marks(deal)
    ranges = {}
    if deal.shares is not None:
        ranges = {
            tuple(each.package.values()): each.values
            for each in deal.shares.packages
            if each.values is not None
        }

    def point(package: dict[str, str], label: str, kind: str, note: str = "") -> charts.Point:
        worth = deal.worth(package)
        spread = ranges.get(tuple(package.values())) if kind == "solution" else None
        return charts.Point(
            label,
            float(worth[one]),
            float(worth[two]),
            kind,
            spread[one][1:] if spread else None,
            spread[two][1:] if spread else None,
            note,
        )

    packages = deal.packages()
    points = [point(package, "", "package") for package in packages]
    for choice in deal.frontier.choices:
        package = deal.frontier.space.package(choice)
        mark = marked.get(tuple(package.values()), "efficient")
        points.append(point(package, "", "frontier"))
        if mark != "efficient":
            points.append(point(package, mark, "solution"))
    if deal.package is not None and deal.shares is not None:
        note = f"Nash package in {percent(deal.likelihood)}"
        points.append(point(deal.package, "likeliest", "solution", note))
    points.append(point(deal.status_quo, "status quo", "status quo"))
    svg = charts.frontier(
        points,
        (model.words[one], model.words[two]),
        (float(_known(middle.limit(one))), float(_known(middle.limit(two)))),
        key="deal-plot",
        title="Packages by what they are worth to both",
    )
    at = "" if deal.shares is None else (
        " Worth is that at the mean of the values that fit; whiskers span nine tenths of them."
    )  # fmt: skip
    more = "" if len(model.parties) == 2 else (
        " What packages are worth to further parties is in the table."
    )  # fmt: skip
    of_all = ""
    if len(packages) < middle.combinations:
        of_all = f" ({len(packages):,} drawn at random, and all efficient ones)"
    return Figure(
        svg,
        f"Each dot is a package{of_all}; on the dashed frontier nobody can have more without "
        f"another having less. The status quo is worth 0 to both.{at}{more}",
    )


def _known(value: object) -> float:
    return float(value)  # type: ignore[arg-type]


def outcomes_figure(asked: Asked) -> Figure | None:
    """What holds, and the moves from how things are to there."""
    found = asked.outlook.conflict
    if not isinstance(found, ConflictOutlook):
        return None
    open_ = found.shares is not None
    shown = [found.now]
    shown += [
        state
        for state, share in found.holding[: MOST_NODES + 1]
        if state != found.now and share >= LEAST_SHARE
    ][: MOST_NODES - 1]
    ways = [way for way in found.ways if way.state in shown and way.state != found.now]
    arrows: dict[tuple[str, str], charts.Arrow] = {}
    passed: dict[str, None] = {}
    for way in ways:
        for step in way.improvements or way.fewest or way.any_moves or ():
            passed |= {step.before: None, step.to: None}
            arrows.setdefault((step.before, step.to), _arrow(found, step))
    for why in found.reasons.get(found.now, ()):
        for answer in why.answers[:1]:
            if answer.sanction is None or len(passed) > MOST_NODES:
                continue
            for step, threat in ((answer.move, False), *((s, True) for s in answer.sanction)):
                passed |= {step.before: None, step.to: None}
                arrows.setdefault((step.before, step.to), _arrow(found, step, threat=threat))
    states = list(dict.fromkeys([*shown, *passed]))
    nodes = [_node(found, state, open_=open_) for state in states]
    svg = charts.outcomes(
        nodes, list(arrows.values()), key="outcomes-plot", title="Outcomes that hold, and moves"
    )
    orders = (
        " The shares are of the orders of preferences that fit; the moves are those with the "
        "preferences in the order written."
    )
    return Figure(
        svg,
        "Each box is an outcome: who uses which lever. Solid arrows are moves their mover gains "
        "by, dashed ones go against its own preference, dotted ones are what would answer a move."
        + (orders if open_ else ""),
    )


def _node(found: ConflictOutlook, state: str, *, open_: bool) -> charts.Node:
    share = found.share(state)
    kind = "equilibrium" if share >= LEAST_SHARE else "way"
    if state == found.now:
        kind = "both" if kind == "equilibrium" else "status quo"
    lead = "As things stand\n" if state == found.now else ""
    label = lead + "\n".join(state_text(found, state).split("; "))
    return charts.Node(state, label, share if open_ and share > 0 else None, kind)


def _arrow(found: ConflictOutlook, step: object, *, threat: bool = False) -> charts.Arrow:
    from detente.solve.conflict.paths import Step

    assert isinstance(step, Step)
    label = short_text(deed(found.model, step), 2 * LINE)
    name = found.model.words[step.mover]
    return charts.Arrow(step.before, step.to, name, label, step.improvement, threat)


def steps_figure(asked: Asked) -> Figure | None:
    """How much each is out after every step, against what it is ready to risk."""
    found = asked.outlook.steps
    if not isinstance(found, StepsOutlook):
        return None
    model, spread = found.model, found.spread
    names = [f"{n} {step_deed(model, name)}" for n, name in enumerate(found.order, 1)]
    stairs = [
        charts.Stair(
            model.words[party],
            spread.exposure[party],
            (spread.trust[party][0], spread.trust[party][2]),
        )
        for party in model.parties
    ]
    svg = charts.staircase(names, stairs, key="steps-plot", title="Exposure, step by step")
    band = "" if found.shares is None else (
        " The line is the middle of the values that fit, the band holds nine tenths of them."
    )  # fmt: skip
    return Figure(
        svg,
        "What each would have lost if it all broke off after a step, in its own units, against "
        f"what it is ready to risk.{band}",
    )


def change_figure(asked: Asked) -> Figure | None:
    """What knowing one number would settle, the most telling first."""
    bars = list(_bars(asked))
    if not bars:
        return None
    svg = charts.gains(bars, key="change-plot", title="What knowing one number would settle")
    return Figure(
        svg,
        "From how often a choice made now would be right to how often it would be if one number "
        "were known to within a tenth: for the deal, what the Nash package does about an "
        "issue; for the steps, an order that stays safe.",
    )


def _bars(asked: Asked) -> Iterator[charts.Gain]:
    from detente.brief.deal import open_number
    from detente.brief.exchange import open_number as open_step_number

    deal, found = asked.outlook.deal, asked.outlook.steps
    if isinstance(deal, DealOutlook) and deal.shares is not None:
        now = deal.shares.options
        for each in by_options(deal)[:4]:
            yield charts.Gain("deal", open_number(deal.model, each.name), now, each.options)
    if isinstance(found, StepsOutlook) and found.shares is not None and found.shares.matters:
        if found.shares.matters[0].safe - found.safe < WORTH_DRAWING:
            return
        for matter in found.shares.matters[:4]:
            name = open_step_number(found.model, matter.name)
            yield charts.Gain("steps", name, found.safe, matter.safe)
