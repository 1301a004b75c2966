"""The answers a brief gives: seven questions, in words first, each with what it rests on.

Nothing is said more firmly than its share supports: where sizes are open, a sentence says in
what share of the values that fit it holds, or that nothing stands out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from detente.brief import entries, words
from detente.brief.document import (
    AnswerView,
    AssumptionView,
    Part,
    Sentence,
)
from detente.brief.entries import Shown
from detente.brief.exchange import if_stopped
from detente.brief.exchange import open_number as open_step_number
from detente.brief.summary import disagreements, last_mover, latest, open_demands, promises
from detente.judgment.deriving import Derived, Missing, stakes
from detente.judgment.listing import assumed_words, statement_words
from detente.judgment.outlook import ConflictOutlook, DealOutlook, Outlook, StepsOutlook
from detente.record.models import Assumption, JudgmentFile
from detente.record.record import Record
from detente.solve.conflict.model import Priorities, Ranking
from detente.solve.exchange.words import deed as step_deed
from detente.tracking.views import DemandState, LadderRow, Ledger, Role

if TYPE_CHECKING:
    from detente.solve.conflict.why import Explanation

QUESTIONS = {
    "stand": "Where do things stand?",
    "wants": "Who wants what, and who could give it?",
    "done": "What has each done for the other, and who moved last?",
    "deal": "Is there a deal both could accept, and what is in it?",
    "holds": "What would hold, and whose threat or promise holds it?",
    "steps": "What is the next safe step, and the whole way after it?",
    "change": "What would change these answers?",
}
"""In the order in which a brief answers them."""

SAFE = (
    (0.9, "The next safe step"),
    (0.5, "The safest next step there is"),
    (0.0, "The least unsafe next step"),
)
"""From which share of the values on the next step is called what."""

STANDS_OUT = 0.25
"""A package that is the Nash package less often than this is not called the likeliest deal."""

WORTH_TELLING = 0.05
"""What knowing one number adds to a share, from which on it is worth a sentence."""

LIKELY = (
    (1.0, "Yes"),
    (0.9, "Most likely"),
    (2 / 3, "Probably"),
    (1 / 3, "It depends"),
    (1e-12, "Probably not"),
    (0.0, "No"),
)
"""From which share on an answer begins how; the share itself always follows."""

MOST_STATES = 200
"""Outcomes listed in the table."""

MOST_NAMED = 6
"""Standing facts, issues and unconfirmed entries that are named; the others are counted."""


@dataclass(frozen=True)
class Asked:
    """What the answers are made of.

    ledgers : the busiest pair first
    """

    shown: Shown
    outlook: Outlook
    ledgers: Sequence[Ledger]
    disputes: int

    @cached_property
    def named(self) -> Callable[[str], str]:
        """How to speak of a party, an issue, a lever or a step."""
        return naming(self.shown.record, self.outlook.judgments)

    def anchor(self, given: Assumption) -> str | None:
        """The link to an assumption on the page."""
        for number, each in enumerate(self.outlook.judgments.assumptions(), 1):
            if each is given:
                return f"#assumed-{number}"
        return None


def naming(record: Record, judgments: JudgmentFile) -> Callable[[str], str]:
    """How to speak of a party, an issue, a lever or a step, by its id."""
    known = {
        **{lever.id: lever.what for lever in judgments.levers},
        **{cost.id: cost.what for cost in judgments.costs if cost.what},
        **{issue.id: issue.title for issue in judgments.issues},
        **{issue.id: issue.title for issue in record.case.issues},
        **{id: party.name for id, party in record.parties.items()},
    }
    return lambda id: known.get(id, id)


def answers(asked: Asked) -> tuple[AnswerView, ...]:
    """The seven answers, in their order; pictures are added by `building`."""
    outlook = asked.outlook
    made = {
        "stand": (tuple(_stand(asked)), None),
        "wants": (tuple(_wants(asked)), _derived(outlook.deal)),
        "done": (tuple(_done(asked)), None),
        "deal": (tuple(_deal(asked)), _derived(outlook.deal)),
        "holds": (tuple(_holds(asked)), _derived(outlook.conflict)),
        "steps": (tuple(_steps(asked)), _derived(outlook.steps)),
    }
    views = [_view(asked, n, key, *made[key]) for n, key in enumerate(QUESTIONS, 1) if key in made]
    used = tuple(dict.fromkeys(id for view in views for id in view.entries))
    last = _view(asked, len(QUESTIONS), "change", tuple(_change(asked, used)), None)
    return (*views, last)


Solved = DealOutlook | ConflictOutlook | StepsOutlook


def _derived(found: Solved | Missing) -> Derived[object] | None:
    return None if isinstance(found, Missing) else found.derived  # type: ignore[return-value]


def _view(
    asked: Asked,
    number: int,
    key: str,
    sentences: tuple[Sentence, ...],
    derived: Derived[object] | None,
) -> AnswerView:
    grounds = derived.grounds if derived is not None else ()
    # An assumption may name what is not on record, was rejected, or came later.
    sentences = tuple(
        replace(said, entries=tuple(id for id in said.entries if asked.shown.href(id)))
        for said in sentences
    )
    used = dict.fromkeys(id for said in sentences for id in said.entries)
    if derived is not None:
        used |= dict.fromkeys(id for each in grounds for id in each.rests_on)
        used |= dict.fromkeys(derived.entries)
    unconfirmed = tuple(
        entries.link(asked.shown, id) for id in used if _is_unconfirmed(asked.shown, id)
    )
    return AnswerView(
        key=key,
        anchor=f"answer-{key}",
        number=number,
        question=QUESTIONS[key],
        sentences=sentences,
        figure=None,
        tables=(),
        grounds=tuple(_ground(asked, each) for each in grounds),
        entries=tuple(id for id in used if asked.shown.href(id)),
        unconfirmed=unconfirmed,
        doubtful=len(unconfirmed),
        notes=derived.notes if derived is not None else (),
    )


def _ground(asked: Asked, given: Assumption) -> Part:
    told = assumed_words(given, asked.named)
    who = asked.named(told.party) if told.party else ""
    about = asked.named(told.about) if told.about else ""
    lead = ", ".join(part for part in (who, about) if part)
    return Part(f"{lead}: {told.what}" if lead else told.what, asked.anchor(given))


def _is_unconfirmed(shown: Shown, id: str) -> bool:
    entry = shown.moves.get(id) or shown.statuses.get(id)
    return entry is not None and entry.review != "confirmed"


def assumptions(asked: Asked) -> tuple[AssumptionView, ...]:
    """Every assumption, with its reason and what it rests on."""
    found = []
    for number, given in enumerate(asked.outlook.judgments.assumptions(), 1):
        told = assumed_words(given, asked.named)
        place = ""
        if given.where is not None:
            place = f"{given.where.file.name}, line {given.where.line}"
        found.append(
            AssumptionView(
                anchor=f"assumed-{number}",
                kind=told.kind,
                who=asked.named(told.party) if told.party else "",
                about=asked.named(told.about) if told.about else "",
                what=told.what,
                because=told.because,
                rests_on=tuple(entries.link(asked.shown, id) for id in told.rests_on),
                place=place,
            )
        )
    return tuple(found)


# --- shares in words --------------------------------------------------------------------------


def percent(share: float) -> str:
    """A share as it is said, never rounded to all or nothing: "83%", "more than 99%"."""
    if share <= 0:
        return "0%"
    if share >= 1:
        return "100%"
    if share < 0.01:
        return "less than 1%"
    return "more than 99%" if share > 0.99 else f"{share:.0%}"


def held(share: float, of: str, draws: int | None = None) -> str:
    """In what share of what: "in 83% of the values that fit".

    draws : how many were looked at, where these are not all there are; then all of them are not
            called all
    """
    if 0 < share < 1:
        return f"in {percent(share)} of the {of}"
    if draws is not None:
        return f"in {'every one' if share else 'none'} of {draws:,} draws of the {of}"
    return f"in all {of}" if share else f"in none of the {of}"


VALUES = "values that fit"


def _said(*parts: str | Part, on: Sequence[str] = ()) -> Sentence:
    return Sentence(tuple(Part(p) if isinstance(p, str) else p for p in parts), tuple(on))


def _missing(found: Missing) -> Sentence:
    return _said(f"{found.why} {found.do}")


# --- where things stand -------------------------------------------------------------------------


def _stand(asked: Asked) -> Iterator[Sentence]:
    shown = asked.shown
    main = set(_main_pair(asked))
    rows = [row for row in shown.tracking.ladder if row.value is not None or row.contested]
    rows.sort(key=lambda row: -len(main & {row.by, row.to}))
    told = [_row(shown, row) for row in rows[:MOST_NAMED]]
    found = list(latest(shown))
    if not told and not found:
        yield _said("The record says nothing yet of where things stand.")
        return
    yield from found[:1]
    yield from told
    if len(rows) > MOST_NAMED:
        more = words.counted(len(rows) - MOST_NAMED, "further standing fact")
        yield _said(f"{more.capitalize()}: ", Part("the ladder", "#stand"), ".")
    yield from promises(shown)
    yield from disagreements(asked.disputes)


def _row(shown: Shown, row: LadderRow) -> Sentence:
    who = words.parties(shown.names([row.by]), shown.names([row.to] if row.to else []))
    what = f", {row.what}" if row.what else ""
    if row.value is None:
        state = f"contested ({words.listed(map(words.rung, row.contested))})"
    else:
        state = words.rung(row.value)
        if state.lower() == words.ATTRIBUTES[row.attribute].lower():
            state = "in place"
    since = f", since {words.date(row.since)}" if row.since else ""
    unsure = "" if row.certain or row.value is None else ", as far as the dates tell"
    attribute = words.ATTRIBUTES[row.attribute]
    lead = f"{attribute[0].upper()}{attribute[1:]} ({who}{what}): "
    href = next((h for id in row.entries if (h := shown.href(id))), None)
    return _said(lead, Part(state, href), f"{since}{unsure}.", on=row.entries)


def _main_pair(asked: Asked) -> tuple[str, ...]:
    """The two parties the case is about: of the deal, else of the busiest ledger."""
    deal = asked.outlook.deal
    if isinstance(deal, DealOutlook):
        return main_parties(deal)
    return asked.ledgers[0].pair if asked.ledgers else ()


def main_parties(deal: DealOutlook) -> tuple[str, str]:
    """The two parties with something at stake in most issues."""
    model = deal.model
    heavy = sorted(
        model.parties,
        key=lambda p: -sum(direction(deal, p, issue) != 0 for issue in model.issues),
    )
    one, two = sorted(heavy[:2], key=model.parties.index)
    return one, two


def direction(deal: DealOutlook, party: str, issue: str) -> int:
    """1 where a party would have an issue moved to its last option, -1 where it would give.

    0 where it is indifferent, or nothing is known.
    """
    from detente.solve.bargaining.model import Range

    options = deal.model.issues[issue]
    ends = []
    for option in (options[0], options[-1]):
        value = deal.model.values[party][issue][option]
        ends.append((value.low, value.high) if isinstance(value, Range) else (value, value))
    # A model that was written out need not count from the status quo.
    low, high = ends[1][0] - ends[0][1], ends[1][1] - ends[0][0]
    if len(options) == 1:
        return 0
    return (low >= 0 and high > 0) - (high <= 0 and low < 0)


# --- who wants what -----------------------------------------------------------------------------


def _wants(asked: Asked) -> Iterator[Sentence]:
    deal, shown = asked.outlook.deal, asked.shown
    if isinstance(deal, Missing):
        told = list(open_demands(shown))
        yield from told or [_missing(deal)]
        return
    model = deal.model
    yield _said(_who_wants(deal))
    evidence = stakes(tuple(shown.moves.values()))
    states = _demand_states(shown)
    for issue in model.issues:
        wanting = [p for p in model.parties if direction(deal, p, issue) > 0]
        giving = [p for p in model.parties if direction(deal, p, issue) < 0]
        rests = [id for p in (*wanting, *giving) for id in _rests(asked, p, issue)]
        rests += [
            id for p in model.parties if (p, issue) in evidence for id in evidence[p, issue].entries
        ]
        wants = words.listed(shown.names(wanting)) or "nobody"
        gives = words.listed(shown.names(giving))
        give = f"{gives} would have to give it" if gives else "it costs nobody anything"
        if not giving and len(wanting) < len(model.parties):
            give = "whom it would cost is not known"
        state = f" ({states[issue]})" if issue in states else ""
        href = next((h for id in rests if (h := shown.href(id))), None)
        said = f": wanted by {wants}{state}; {give}."
        yield _said(Part(model.words[issue], href), said, on=tuple(dict.fromkeys(rests)))
    yield from list(open_demands(shown))[:1]


def _who_wants(deal: DealOutlook) -> str:
    """How many issues each would have moved, and how many it would have to give in."""
    model = deal.model
    said = []
    for party in model.parties:
        ways = [direction(deal, party, issue) for issue in model.issues]
        wants, gives = ways.count(1), ways.count(-1)
        if wants or gives:
            both = [
                f"wants {wants}" if wants else "",
                f"would have to give in {gives}" if gives else "",
            ]
            said.append(f"{model.words[party]} {words.listed(filter(None, both))}")
    total = words.counted(len(model.issues), "issue")
    return f"Of {total}, {words.listed(said)}." if said else f"Nobody wants any of {total} moved."


def _rests(asked: Asked, party: str, issue: str) -> Iterator[str]:
    for given in asked.outlook.judgments.values:
        if given.party == party and given.issue == issue:
            yield from given.rests_on


def _demand_states(shown: Shown) -> dict[str, str]:
    """What became of what was asked about each issue, the latest demand last."""
    found: dict[str, str] = {}
    for demand in shown.tracking.demands:
        if demand.issue is not None:
            when = f", last asked {words.date(demand.last_asked)}" if demand.last_asked else ""
            state = "partly granted" if demand.state is DemandState.PARTLY else demand.state.value
            found[demand.issue] = f"the demand is {state}{when}"
    return found


# --- what was done ------------------------------------------------------------------------------

_ROLES = {
    Role.GIVEN: "gave",
    Role.OFFERED: "offered or promised",
    Role.REFUSED: "refused",
    Role.THREATENED: "threatened",
    Role.HARMED: "harmed",
}


def _done(asked: Asked) -> Iterator[Sentence]:
    shown = asked.shown
    pair = main_ledger(asked)
    if pair is None:
        yield _said("No move between two parties is on record.")
        return
    told = list(last_mover(shown, [pair]))
    yield from told
    if not told:
        both = words.listed(shown.names(pair.pair))
        yield _said(f"Who of {both} moved last, the dates on record do not tell.")
    whats = {line.move: line for line in pair.lines}
    for side in pair.pair:
        said: list[str | Part] = []
        used: list[str] = []
        for role, verb in _ROLES.items():
            moves = pair.by_role.get(side, {}).get(role, ())
            if not moves:
                continue
            said.append(f"{'; ' if said else ''}{verb} {times(len(moves))}, ")
            said.append("the latest: " if len(moves) > 1 else "")
            said.append(Part(whats[moves[-1]].what, shown.href(moves[-1])))
            used.append(moves[-1])
        if said:
            other = next(name for name in pair.pair if name != side)
            names = shown.record.name(side), shown.record.name(other)
            told.append(_said(f"{names[0]} towards {names[1]}: ", *said, ".", on=used))
            yield told[-1]
    if not told:
        one, two = shown.names(pair.pair)
        yield _said(f"Nothing that {one} or {two} gave, offered, refused or did is on record.")


def times(number: int) -> str:
    """ "once", "twice", "7 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def main_ledger(asked: Asked) -> Ledger | None:
    """The ledger of the two parties the case is about, else the busiest."""
    main = set(_main_pair(asked))
    for pair in asked.ledgers:
        if set(pair.pair) == main:
            return pair
    return asked.ledgers[0] if asked.ledgers else None


# --- the deal -----------------------------------------------------------------------------------


def _deal(asked: Asked) -> Iterator[Sentence]:
    deal = asked.outlook.deal
    if isinstance(deal, Missing):
        yield _missing(deal)
        return
    model = deal.model
    who = words.listed(model.words[p] for p in model.parties)
    yield _said(_is_there(deal, who))
    if deal.package is None:
        return
    moved: list[tuple[float, str]] = []
    kept: list[str] = []
    for issue, options in model.issues.items():
        change = 1 - deal.inside.get((issue, options[0]), 0.0)
        likely, share = max(
            ((option, deal.inside.get((issue, option), 0.0)) for option in options[1:]),
            key=lambda each: each[1],
            default=(options[0], 0.0),
        )
        title = model.words[issue]
        if change > 0.5:
            to = f"{likely.replace('-', ' ')} ({percent(share)})"
            moved.append((change, f"{title}: in {percent(change)} of deals, most often to {to}"))
        else:
            kept.append(f"{title} ({percent(1 - change)})")
    if deal.shares is None:
        package = _package(deal, deal.package)
        yield _said(f"The Nash package, the largest product of gains: {package}.")
    else:
        moved.sort(key=lambda each: -each[0])
        if moved:
            yield _said(
                "What is in it: in what share of deals the Nash package, the largest product of "
                "both sides’ gains, moves an issue, and to which option most often:"
                if len(model.parties) == 2
                else "What is in it: in what share of deals the Nash package, the largest product "
                "of all gains, moves an issue, and to which option most often:"
            )
        yield from (_said(f"{told}.") for _, told in moved)
        if kept:
            yield _said(f"More often than not left as they are: {'; '.join(kept)}.")
        package = _package(deal, deal.package)
        if deal.likelihood >= STANDS_OUT:
            often = held(deal.likelihood, VALUES, deal.shares.samples)
            yield _said(f"The likeliest whole package, {often}: {package}.")
        else:
            yield _said(
                f"No single package stands out: the likeliest, {package}, is the Nash package "
                f"{held(deal.likelihood, VALUES)}."
            )
        if not deal.shares.mixed:
            yield _said("The draws have not mixed well; these shares are not to be relied on.")


def _is_there(deal: DealOutlook, who: str) -> str:
    if deal.shares is None:
        if deal.package is not None:
            return f"Yes: with the values assumed, {who} could all accept something better."
        return f"No: with the values assumed, nothing that betters anything is acceptable to {who}."
    share = deal.possible
    error = deal.shares.error(share)
    give = f" (give or take {2 * error:.1%})" if 0 < share < 1 else ""
    lead = next(word for least, word in LIKELY if share >= least)
    often = held(share, VALUES, deal.shares.samples)
    if share <= 0:
        return f"{lead}: {often} is any package better for somebody and acceptable to {who}."
    return f"{lead}: {often}{give}, some package is better for somebody and acceptable to {who}."


def _package(deal: DealOutlook, package: dict[str, str]) -> str:
    changed = [
        f"{deal.model.words[issue]}: {option.replace('-', ' ')}"
        for issue, option in package.items()
        if option != deal.model.issues[issue][0]
    ]
    return "; ".join(changed) + (", all else as it is" if len(changed) < len(package) else "")


# --- what would hold ------------------------------------------------------------------------------


def state_text(found: ConflictOutlook, state: str) -> str:
    """Who does what in a state: "the Taliban freeing all Americans; the United States ..."."""
    model = found.model
    at = iter(state)
    said = []
    for name, owned in model.decision_makers.items():
        doing = [model.words[option] for option in owned if next(at) == "Y"]
        if doing:
            said.append(f"{model.words[name]} {words.listed(doing)}")
    return "; ".join(said) or "nobody using any of these levers"


def _holds(asked: Asked) -> Iterator[Sentence]:
    found = asked.outlook.conflict
    if isinstance(found, Missing):
        yield _missing(found)
        return
    orders = "orders of preferences that fit"
    drawn = None if found.shares is None or found.shares.exact else found.shares.samples
    now = found.share(found.now)
    lead = f"As things stand ({state_text(found, found.now)}): "
    if found.shares is None:
        yield _said(lead + ("this would hold." if now else "this would not hold: somebody gains by "
                            "moving, and nothing the others would do deters it."))  # fmt: skip
    else:
        yield _said(f"{lead}this holds {held(now, orders, drawn)}.")
    others = [(state, share) for state, share in found.holding if state != found.now]
    if not others:
        none = "would hold" if found.shares is None else f"holds: {held(0, orders, drawn)}"
        yield _said(f"No other outcome {none}.")
    for state, share in others[:3]:
        how = "would hold too" if found.shares is None else f"holds {held(share, orders, drawn)}"
        yield _said(f"{upper(state_text(found, state))}: this {how}.")
    if len(others) > 3:
        rest = words.counted(len(others) - 3, "further outcome")
        where = "the table has them all" if len(others) < MOST_STATES else "the JSON has them all"
        yield _said(f"{rest.capitalize()} may hold; {where}.")
    as_written = "" if found.shares is None else ", with the preferences in the order written"
    best = next((s for s, _ in others if s in found.reasons), None)
    for closer in (found.now, best):
        if closer is None or closer not in found.reasons:
            continue
        told = [line for why in found.reasons[closer] for line in _reasons(found, why)]
        if not any(why.answers for why in found.reasons[closer]):
            told = ["it needs no threat and no promise: nobody gains by any move of its own."]
        name = "What holds things as they stand"
        if closer != found.now:
            name = f"What would hold it if it came to be so ({state_text(found, closer)})"
        yield _said(f"{name}{as_written}: {' '.join(told)}")
    for way in found.ways:
        if way.state == best and way.state != found.now:
            yield _said(_way(found, way))


def _reasons(found: ConflictOutlook, why: Explanation) -> Iterator[str]:
    from detente.solve.conflict.words import deed, path_words

    model = found.model
    who = model.words[why.name]
    if not why.answers:
        yield f"{who} gains by no move of its own."
        return
    for answer in why.answers[:2]:
        if answer.sanction is None:
            continue
        left = "worse off than now" if answer.leaves == "worse" else "no better off than now"
        yield (
            f"{who} would gain by {deed(model, answer.move)}, but "
            f"{path_words(model, answer.sanction)} would leave it {left}."
        )


def _way(found: ConflictOutlook, way: object) -> str:
    from detente.solve.conflict.paths import Route
    from detente.solve.conflict.words import path_words

    assert isinstance(way, Route)
    if way.improvements is not None:
        told = path_words(found.model, way.improvements)
        return f"From here to there by moves that each gain who makes them: {told}."
    if way.fewest is not None:
        told = path_words(found.model, way.fewest)
        against = [step for step in way.fewest if not step.improvement]
        movers = dict.fromkeys(found.model.words[step.mover] for step in against)
        who, own = words.listed(movers), "its own" if len(movers) == 1 else "their own"
        return (
            f"From here to there no side gains by every move it would have to make: {told}; {who} "
            f"would first have to move against {own} preference, on a promise."
        )
    return "There is no way from here to there."


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- the steps ------------------------------------------------------------------------------------


def _steps(asked: Asked) -> Iterator[Sentence]:
    found = asked.outlook.steps
    if isinstance(found, Missing):
        yield _missing(found)
        return
    model = found.model
    first, *rest = found.order
    safe = "nobody is ever out more than it is ready to risk"
    if found.shares is None:
        verdict = f"In this order {safe}." if found.safe else f"In no order is it so that {safe}."
    else:
        verdict = f"In this order {safe} {held(found.safe, VALUES, found.shares.samples)}."
        if not found.shares.all:
            verdict += " Not every order was tried."
    lead = next(word for least, word in SAFE if found.safe >= least)
    yield _said(f"{lead}: {step_deed(model, first)}. {verdict}")
    yield from _as_safe(found)
    yield _said(
        "The steps are those that are named; what else a deal would hold is not among them."
    )
    if model.delivered:
        done = words.listed(step_deed(model, name) for name in model.delivered)
        costs = asked.outlook.judgments.costs
        on = [id for cost in costs if cost.id in model.delivered for id in cost.delivered]
        yield _said(f"Delivered so far: {done}.", on=on)
    gone = [*model.broken, *model.taken_back, *model.blocked]
    if gone:
        yield _said(f"No longer to come: {words.listed(step_deed(model, name) for name in gone)}.")
    for number, name in enumerate(found.order, 1):
        yield _said(
            f"Step {number}: {step_deed(model, name)}. {if_stopped(model, found.spread, number)}"
        )
    share = found.enforcing
    if rest and (share or found.shares is not None):
        limit = "patience" if any(model.patience.values()) else "patience (none is assumed)"
        if found.shares is None:
            yield _said(f"In this order nobody ever gains by breaking off more than its {limit}.")
        elif share:
            often = held(share, VALUES, found.shares.samples)
            yield _said(f"Nobody ever gains by breaking off more than its {limit} {often}.")
        else:
            yield _said(
                f"In every one of {found.shares.samples:,} draws somebody gains by breaking off at "
                f"some moment more than its {limit}."
            )


def _as_safe(found: StepsOutlook) -> Iterator[Sentence]:
    """Other orders that are safe as often, and with what they begin."""
    if found.shares is None:
        return
    best = found.shares.orders[0]
    level = [o for o in found.shares.orders if o.safe == best.safe]
    others = dict.fromkeys(o.order[0] for o in level if o.order[0] != best.order[0])
    if others:
        deeds = " or ".join(step_deed(found.model, name) for name in others)
        yield _said(
            f"As safe are {words.counted(len(level) - 1, 'other order')}, of which some begin so: "
            f"{deeds}."
        )


# --- what would change it -------------------------------------------------------------------------


def _change(asked: Asked, used: Sequence[str]) -> Iterator[Sentence]:
    outlook = asked.outlook
    told = [
        *_deal_matters(outlook.deal),
        *_conflict_matters(outlook.conflict),
        *_steps_matters(outlook.steps),
        *_mended(outlook.steps),
    ]
    yield from told
    yield from _unconfirmed(asked, used)
    if outlook.drafted:
        yield _said(
            "Nobody has judged anything yet: directions come from the record, every size is open. "
            "A first judgement of sizes would say most; `detente judge` writes the list to fill in."
        )
    elif not told:
        yield _said("No single judgement would by itself change much.")


def _deal_matters(deal: DealOutlook | Missing) -> Iterator[Sentence]:
    from detente.brief.deal import open_number

    if isinstance(deal, Missing) or deal.shares is None or not deal.shares.matters:
        return
    first = max(deal.shares.matters, key=lambda each: each.options)
    now = deal.shares.options
    what = open_number(deal.model, first.name)
    if now >= 1:
        return  # what the Nash package does is the same in every draw
    if first.options - now >= WORTH_TELLING:
        yield _said(
            f"About the deal, one judgement would settle most: {what}. Issue by issue, a guess at "
            f"what the Nash package does is right in {percent(now)} now; with this number known to "
            f"within a tenth it would be in {percent(first.options)}."
        )
    else:
        yield _said(
            f"About the deal, no single number would settle much. The one that tells most, {what}, "
            "would raise how often a guess at what the Nash package does about an issue is right "
            f"from {now:.1%} to {first.options:.1%}."
        )


def _inner(text: str) -> str:
    """A text within quotation marks: its own become single ones."""
    return text.replace("“", "‘").replace("”", "’")


def _conflict_matters(found: ConflictOutlook | Missing) -> Iterator[Sentence]:
    if isinstance(found, Missing) or not found.matters:
        return
    first = found.matters[0]
    if first.difference < WORTH_TELLING:
        return
    preference = found.model.preferences[first.name]
    if isinstance(preference, Priorities):
        said = [
            statement_words(preference.statements[n], found.model.words.__getitem__)
            for n in (first.first, first.second)
        ]
    elif isinstance(preference, Ranking):
        levels = (preference.levels[n] for n in (first.first, first.second))
        said = [" or ".join(state_text(found, state) for state in level) for level in levels]
    else:
        return
    yield _said(
        f"About what holds, it matters most what weighs more for {found.model.words[first.name]}: "
        f"“{_inner(said[0])}” or “{_inner(said[1])}”. If the first does, this "
        f"outcome holds in {percent(first.if_first)} of the orders that fit, otherwise in "
        f"{percent(first.if_second)}: {state_text(found, first.state)}."
    )


def _steps_matters(found: StepsOutlook | Missing) -> Iterator[Sentence]:
    if isinstance(found, Missing) or found.shares is None or not found.shares.matters:
        return
    first = found.shares.matters[0]
    if first.safe - found.safe >= WORTH_TELLING:
        yield _said(
            f"About the steps, it would be {open_step_number(found.model, first.name)}: known to "
            "within a tenth, the order then chosen is safe "
            f"{held(first.safe, VALUES, found.shares.samples)} instead of "
            f"{percent(found.safe)}."
        )


def _mended(found: StepsOutlook | Missing) -> Iterator[Sentence]:
    from detente.solve.exchange.words import number

    if isinstance(found, Missing):
        return
    middle = "" if found.shares is None else "At the middle of the values that fit, "
    for mends in found.mends:
        safe = mends.kind == "exposure"
        aim = "no order is safe" if safe else "no order enforces itself"
        helps = []
        for amount in mends.amounts:
            who, size = found.model.words[amount.party], number(amount.amount)
            helps.append(
                f"a third party's guarantee of {size} to {who}"
                if safe
                else f"a deposit of {size} that {who} would lose by breaking off"
            )
        helps += [f"splitting “{s.deliverable}” in two" for s in mends.splits if s.works]
        helps += [f"beginning with “{f.deliverable}”" for f in mends.first if f.works]
        would = f"; one of these would help: {'; '.join(helps)}" if helps else ""
        yield _said(upper(f"{middle}{aim}{would}."))


def _unconfirmed(asked: Asked, used: Sequence[str]) -> Iterator[Sentence]:
    shown = asked.shown
    known = [id for id in used if shown.href(id)]
    open_ = [id for id in known if _is_unconfirmed(shown, id)]
    if not open_:
        return
    parts: list[str | Part] = []
    for id in open_[:MOST_NAMED]:
        parts += ["; " if parts else "", entries.link(shown, id)]
    more = len(open_) - MOST_NAMED
    tail = f"; and {more:,} more." if more > 0 else "."
    yield _said(
        f"These answers rest on {words.counted(len(known), 'entry', 'entries')} of the record, of "
        f"which nobody has confirmed {len(open_):,}; confirming or rejecting one may change them: ",
        *parts,
        tail,
        on=open_,
    )
