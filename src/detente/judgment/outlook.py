"""What follows from the assumptions and the record: the three models, solved.

Where sizes are open, every conclusion comes with the share of the values that fit in which it
holds (acceptability analysis: Lahdelma, Hokkanen & Salminen 1998).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import factorial, floor, log10
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from detente.errors import BadInput
from detente.judgment.deriving import Derived, Missing, deal, standing_state, steps, struggle
from detente.judgment.draft import drafted
from detente.record.models import JudgmentFile, Move
from detente.record.record import Record
from detente.solve.bargaining.model import Model as DealModel
from detente.solve.bargaining.model import Package, Range
from detente.solve.conflict.model import Model as ConflictModel
from detente.solve.exchange.model import Model as StepsModel
from detente.solve.plain import ModelError

if TYPE_CHECKING:
    from detente.solve.bargaining.pareto import Frontier
    from detente.solve.bargaining.rules import Solutions
    from detente.solve.bargaining.uncertain import Shares as DealShares
    from detente.solve.conflict.paths import Route
    from detente.solve.conflict.stability import Analysis
    from detente.solve.conflict.uncertain import Matter as ConflictMatter
    from detente.solve.conflict.uncertain import Shares as ConflictShares
    from detente.solve.conflict.why import Explanation
    from detente.solve.exchange.mending import Mends
    from detente.solve.exchange.order import Safest, SelfEnforcing
    from detente.solve.exchange.uncertain import Shares as StepsShares
    from detente.solve.exchange.uncertain import Spread

M = TypeVar("M")

Progress = Callable[[str, int, int], None]
"""Called with what is being worked on, how much of it is done, and of how much."""

DEAL_SAMPLES, CONFLICT_SAMPLES, STEPS_SAMPLES = 10_000, 500, 2_000
"""Draws of values, of orders of statements, and of costs."""

MIDDLE_SAMPLES = 4_000
"""Draws whose mean stands for the middle of the values that fit."""

MOST_SHOWN = 400
"""Packages a picture shows besides the frontier."""

PILOT, FEWEST = 10, 200
"""Draws of values that show how large frontiers are, and draws taken however large they are."""

DEAL_WORK, CONFLICT_WORK, STEPS_WORK = 3e8, 1 << 22, 2_000_000
"""About how much is worked out at most: draws times the square of a frontier's packages, times
states, times orders. Larger models get fewer draws."""

MOST_FRONTIER = 20_000
"""Packages that may be on a frontier, by a rough guess, for draws to be solved at all."""

SECONDS = 5.0
"""How long one exact answer about steps may take; then it may not be proven."""

CONCEPT = "seq"
"""What is meant by an outcome that holds: sequential stability (Fraser & Hipel 1979), in which
nobody has an improvement that the others can't answer with improvements of their own so that
it is no better off."""

MOST_STATES = 5
"""Outcomes that hold which are looked at more closely."""


@dataclass(frozen=True)
class DealOutlook:
    """Is there a deal, and what is in it?

    derived    : the model and what it rests on
    shares     : over the values that fit; None where all is known exactly
    possible   : share of the draws in which there is a deal: a package acceptable to all that
                 changes something to the good of somebody, and is the Nash package; 0 or 1 if
                 exact
    package    : the likeliest Nash package that is a deal; None where there never is one
    likelihood : in what share of the draws it is the Nash package; if exact, 1, or a part of it
                 where several tie
    inside     : (issue, option) -> in what share of the draws with a deal the Nash package has
                 it
    middle     : the model at the mean of the values that fit (the model itself if exact)
    frontier, solutions : of `middle`
    """

    derived: Derived[DealModel]
    shares: DealShares | None
    possible: float
    package: dict[str, str] | None
    likelihood: float
    inside: dict[tuple[str, str], float]
    middle: DealModel
    frontier: Frontier
    solutions: Solutions

    @property
    def model(self) -> DealModel:
        """The problem as it was derived."""
        return self.derived.model

    @property
    def status_quo(self) -> dict[str, str]:
        """Each issue's first option."""
        return self.model.first

    def packages(self, *, seed: int = 0) -> list[dict[str, str]]:
        """Feasible packages for a picture: all where they are few, else some drawn at random."""
        import random

        issues = self.middle.issues
        total = self.middle.combinations
        chosen: Sequence[int] = range(total)
        if total > MOST_SHOWN:
            rng = random.Random(seed)  # `sample` can't count beyond 2^63
            chosen = list(dict.fromkeys(rng.randrange(total) for _ in range(MOST_SHOWN)))
        found = []
        for number in chosen:
            package = {}
            for issue, options in issues.items():
                number, at = divmod(number, len(options))
                package[issue] = options[at]
            if not self.middle.breaks(package):
                found.append(package)
        return found

    def worth(self, package: Package) -> dict[str, Fraction]:
        """What a package is worth to each party at the middle of the values."""
        return self.middle.worth(package)


@dataclass(frozen=True)
class ConflictOutlook:
    """What would hold, and why?

    shares     : over the orders of statements that fit; None where none is open
    analysis   : with the statements in the order in which they are written
    now        : the state in which things are
    holding    : states that hold in some order, with the share of orders in which they do; the
                 most often first
    reasons    : state -> why it is stable for each decision maker, as the statements are
                 written; only states that then are equilibria
    ways       : from `now` to the states of `holding` that are equilibria as written
    matters    : which open pair of statements decides most about the first of `holding`
    """

    derived: Derived[ConflictModel]
    shares: ConflictShares | None
    analysis: Analysis
    now: str
    holding: tuple[tuple[str, float], ...]
    reasons: Mapping[str, tuple[Explanation, ...]]
    ways: tuple[Route, ...]
    matters: tuple[ConflictMatter, ...]

    @property
    def model(self) -> ConflictModel:
        """The conflict as it was derived."""
        return self.derived.model

    def share(self, state: str) -> float:
        """In what share of the orders a state holds."""
        return dict(self.holding).get(state, 0.0)


@dataclass(frozen=True)
class StepsOutlook:
    """What is the next safe step, and the way after it?

    shares    : over the values that fit; None where all is known exactly
    order     : the order safe most often; the safest if exact
    safe      : in what share of the draws nobody is ever out more than it would risk; 0 or 1
    enforcing : in what share nobody ever gains more than its patience by breaking off
    spread    : exposure of each party at each moment of the order: 5%, middle and 95% of draws
    middle    : the model at the middle of its ranges (itself if exact)
    safest, self_enforcing : of `middle`
    mends     : what would help at the middle, where it does not work there
    """

    derived: Derived[StepsModel]
    shares: StepsShares | None
    order: tuple[str, ...]
    safe: float
    enforcing: float
    spread: Spread
    middle: StepsModel
    safest: Safest
    self_enforcing: SelfEnforcing
    mends: tuple[Mends, ...]

    @property
    def model(self) -> StepsModel:
        """The exchange as it was derived."""
        return self.derived.model


@dataclass(frozen=True)
class Outlook:
    """All that follows. Where a model is missing, why it is, and what to write.

    judgments : the assumptions used
    drafted   : they were made from the record alone; nobody has judged anything yet, or
                (`unread`) what was judged could not be read
    filled    : what was filled in from the record alone: "values", "levers", "steps"
    """

    judgments: JudgmentFile
    drafted: bool
    unread: bool
    filled: tuple[str, ...]
    deal: DealOutlook | Missing
    conflict: ConflictOutlook | Missing
    steps: StepsOutlook | Missing


@dataclass(frozen=True)
class Own:
    """Models that a case has written out: in case.yaml, or in files beside it; or what is wrong
    with one."""

    deal: Derived[DealModel] | Missing | None = None
    conflict: Derived[ConflictModel] | Missing | None = None
    steps: Derived[StepsModel] | Missing | None = None


def own_models(folder: Path, record: Record) -> Own:
    """The models written out in a case's folder."""
    from detente.judgment import conflict as conflicts
    from detente.judgment import deal as deals
    from detente.judgment import exchange as exchanges
    from detente.judgment.opening import spoken
    from detente.judgment.standing import is_there

    note = "As written out in the case."
    start = f"{note} How things stand is taken to be that nobody uses any of the options."

    def deal_() -> Derived[DealModel]:
        return Derived(spoken(deals.open_deal(folder).model, record), (), (), (note,))

    def conflict_() -> Derived[ConflictModel]:
        return Derived(spoken(conflicts.open_conflict(folder).model, record), (), (), (start,))

    def steps_() -> Derived[StepsModel]:
        return Derived(spoken(exchanges.open_exchange(folder).model, record), (), (), (note,))

    return Own(
        _made(deal_) if is_there(folder, deals.KIND) else None,
        _made(conflict_) if is_there(folder, conflicts.KIND) else None,
        _made(steps_) if is_there(folder, exchanges.KIND) else None,
    )


def outlook(
    record: Record,
    judgments: JudgmentFile,
    moves: Sequence[Move],
    *,
    own: Own | None = None,
    seed: int = 0,
    unread: bool = False,
    progress: Progress | None = None,
) -> Outlook:
    """Solve the three models of a case.

    unread : there are assumptions, but they could not be read
    own : models that the case has written out, which come before those of assumptions
    Where nothing at all is assumed, the record's own evidence stands in (`draft`): then the
    models know directions and no sizes.

    moves : what of the record is to be looked at
    """
    guessed = judgments.empty
    own = own or Own()
    judgments, filled = _filled(record, moves, judgments)
    bargain = own.deal or _made(lambda: deal(record, judgments, moves))
    if guessed and isinstance(bargain, Derived) and _too_many(bargain.model):
        judgments, bargain = _between_two(record, judgments, moves, bargain.model)
    fight = own.conflict or _made(lambda: struggle(record, judgments))
    exchange = own.steps or _made(lambda: steps(record, judgments, moves))
    return Outlook(
        judgments,
        guessed,
        unread,
        filled,
        bargain if isinstance(bargain, Missing) else _deal(bargain, seed, _told(progress, "deal")),
        fight
        if isinstance(fight, Missing)
        else _conflict(fight, judgments, seed, _told(progress, "outcomes")),
        exchange
        if isinstance(exchange, Missing)
        else _steps(exchange, seed, _told(progress, "steps")),
    )


def _filled(
    record: Record, moves: Sequence[Move], judgments: JudgmentFile
) -> tuple[JudgmentFile, tuple[str, ...]]:
    """The assumptions, and for a model of which nothing is assumed what the record suggests."""
    made = drafted(record, moves, judgments)
    if judgments.empty:
        return made, ("values", "levers", "steps")
    added: dict[str, object] = {}
    filled = []
    if not (judgments.levers or judgments.preferences) and made.levers:
        added |= {"levers": made.levers, "preferences": made.preferences}
        filled.append("levers")
    if not judgments.costs and made.costs:
        added["costs"] = made.costs
        filled.append("steps")
    return judgments.model_copy(update=added), tuple(filled)


def _made(derive: Callable[[], Derived[M] | Missing]) -> Derived[M] | Missing:
    """A model, or why the assumptions make none."""
    try:
        return derive()
    except BadInput as bad:
        first = bad.problems[0]
        where = f"{first.file.name}, line {first.line}" if first.line else first.file.name
        return Missing(f"What is assumed can't be used ({where}): {first.what}.", first.do)


def _in_words(error: ModelError) -> str:
    """What is wrong with a model, without where it stands in its plain form."""
    return "; ".join(wrong.what for wrong in error.wrongs)


def _told(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(what, done, total)


# --- the deal -----------------------------------------------------------------------------------


def _too_many(model: DealModel) -> bool:
    """Would draws have more packages on their frontiers than can be compared?

    Of n packages over values that conflict, some n^(1 - 1/parties) are on it; between two,
    many issues give few.
    """
    count = len(model.parties)
    return count > 2 and float(model.combinations) ** (1 - 1 / count) > MOST_FRONTIER


def _between_two(
    record: Record, judgments: JudgmentFile, moves: Sequence[Move], model: DealModel
) -> tuple[JudgmentFile, Derived[DealModel] | Missing]:
    """The deal of the two parties with most at stake, where there are too many packages."""
    stakes = {
        p: sum(any(v != 0 for v in of.values()) for of in issues.values())
        for p, issues in ((p, model.values[p]) for p in model.parties)
    }
    shared = {
        pair: sum(
            all(any(v != 0 for v in model.values[p][issue].values()) for p in pair)
            for issue in model.issues
        )
        for pair in combinations(model.parties, 2)
    }
    pair = max(shared, key=lambda each: (shared[each], sum(stakes[p] for p in each)))
    narrowed = judgments.model_copy(update={"between": pair})
    found = _made(lambda: deal(record, narrowed, moves))
    if isinstance(found, Missing):
        return narrowed, found
    one, two = (record.name(party) for party in pair)
    note = f"With everybody there are too many packages to compare; only {one} and {two} are here."
    return narrowed, replace(found, notes=(*found.notes, note))


def _deal_samples(model: DealModel, seed: int) -> int:
    """How many draws to take: fewer where frontiers are large."""
    from detente.solve.bargaining.uncertain import shares

    if len(model.parties) == 2:
        return DEAL_SAMPLES
    pilot = shares(model, samples=PILOT, seed=seed)
    size = sum(each.pareto for each in pilot.packages)
    return max(min(FEWEST, DEAL_SAMPLES), min(DEAL_SAMPLES, int(DEAL_WORK / max(1, size) ** 2)))


def _deal(
    derived: Derived[DealModel], seed: int, progress: Callable[[int, int], None] | None
) -> DealOutlook | Missing:
    from detente.solve.bargaining.counting import count_packages
    from detente.solve.bargaining.pareto import TooLarge, frontier
    from detente.solve.bargaining.rules import solutions
    from detente.solve.bargaining.states import space
    from detente.solve.bargaining.uncertain import shares

    model = derived.model
    leave = "Name the parties to the deal in judgments.yaml (`between:`), or leave out issues."
    if model.open and _too_many(model):
        return Missing("There are too many packages to compare.", leave)
    drawn = None
    try:
        middle = _middle_deal(model, seed)
        made = space(middle)
        if not count_packages(made):
            return Missing(
                "No package meets all constraints at once.",
                "Take one of the constraints out (`forbidden:`, `requires:`).",
            )
        found = frontier(made)
        if model.open:
            samples = _deal_samples(model, seed)
            drawn = shares(model, samples=samples, seed=seed, progress=progress)
    except TooLarge as error:
        return Missing(f"There are too many packages to compare: {_in_words(error)}.", leave)
    except ModelError as error:
        do = "Round the numbers, or count in other units."
        return Missing(f"The numbers can't be calculated with: {_in_words(error)}.", do)
    best = solutions(found)
    start = model.first
    if drawn is None:
        tied = [found.space.package(found.choices[row]) for row in best.rows["nash"]]
        tied = [package for package in tied if middle.worth(package) != middle.worth(start)]
        deals = [(package, 1 / len(tied)) for package in tied]
        possible = float(bool(deals))
    else:
        nash = [(share.package, share.nash) for share in drawn.packages if share.nash > 0]
        nothing = sum(share for package, share in nash if package == start)
        deals = [(package, share) for package, share in nash if package != start]
        # The shares are counts over draws; what is left of their difference is rounding.
        possible = min(1.0, max(0.0, round(drawn.deal[model.parties] - nothing, 9)))
        possible = possible if deals else 0.0
    whole = sum(share for _, share in deals)
    inside: dict[tuple[str, str], float] = {}
    for package, share in deals:
        for chosen in package.items():
            inside[chosen] = inside.get(chosen, 0.0) + share / whole
    inside = {chosen: min(1.0, round(share, 9)) for chosen, share in inside.items()}
    first, likelihood = deals[0] if deals else (None, 0.0)
    return DealOutlook(derived, drawn, possible, first, likelihood, inside, middle, found, best)


def _middle_deal(model: DealModel, seed: int) -> DealModel:
    """The model at the mean of the values that fit, each rounded to a thousandth of the range it
    has, or of 1 where that is less."""
    if not model.open:
        return model
    import numpy as np

    from detente.solve.bargaining.sampling import draw, open_numbers

    drawn = draw(model, MIDDLE_SAMPLES, np.random.default_rng(seed))
    ranges = open_numbers(model)
    alone = {n for group in drawn.groups if group.how == "independent" for n in group.names}
    means = {name: (ranges[name].low + ranges[name].high) / 2 for name in alone}
    for column, name in enumerate(drawn.names):
        if name in alone:
            continue
        numbers = drawn.numbers[:, column]
        width = float(np.ptp(numbers))
        digits = 3 if width >= 1 else 3 - floor(log10(width)) if width > 0 else 9
        digits = min(digits, 9)
        means[name] = Fraction(round(float(numbers.mean()) * 10**digits), 10**digits)
    values = {
        party: {
            issue: {
                option: means[party, issue, option] if isinstance(value, Range) else value
                for option, value in options.items()
            }
            for issue, options in of.items()
        }
        for party, of in model.values.items()
    }
    walls = {
        party: means[(party,)] if isinstance(value, Range) else value
        for party, value in model.walk_away.items()
    }
    return replace(model, values=values, walk_away=walls, orders={})


# --- the conflict -------------------------------------------------------------------------------


def _conflict(
    derived: Derived[ConflictModel],
    judgments: JudgmentFile,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> ConflictOutlook | Missing:
    from detente.solve.conflict.paths import routes
    from detente.solve.conflict.stability import analyse
    from detente.solve.conflict.uncertain import matters, open_parts, shares
    from detente.solve.conflict.why import explain

    model = derived.model
    now = standing_state(judgments, model)
    drawn = None
    weighty: tuple[ConflictMatter, ...] = ()
    try:
        found = analyse(model)
        found.space.cell(now)
        if open_parts(model):
            few = max(10, CONFLICT_WORK // found.space.cells)
            samples = min(CONFLICT_SAMPLES, few)
            drawn = shares(model, samples=samples, seed=seed, progress=progress)
            first = [state for state, _ in [*drawn.share[CONCEPT].items()][:MOST_STATES]]
            weighty = matters(model, first, CONCEPT, samples=samples, seed=seed)
    except ModelError as error:
        do = "Mend `levers:` or `preferences:` (in a model written out: its options)."
        return Missing(f"The levers do not fit together: {_in_words(error)}.", do)
    if drawn is not None:
        holding = tuple(drawn.share[CONCEPT].items())
    else:
        holding = tuple((state, 1.0) for state in found.equilibria(CONCEPT))
    written = set(found.equilibria(CONCEPT))
    closer = [state for state, _ in holding if state in written][:MOST_STATES]
    reasons = {
        state: tuple(explain(found, state, name, CONCEPT) for name in model.names)
        for state in closer
    }
    ways = tuple(way for way in routes(found, now, concepts=(CONCEPT,)) if way.state in closer)
    return ConflictOutlook(derived, drawn, found, now, holding, reasons, ways, weighty)


# --- the steps ----------------------------------------------------------------------------------


def _steps(
    derived: Derived[StepsModel], seed: int, progress: Callable[[int, int], None] | None
) -> StepsOutlook | Missing:
    from detente.solve.exchange.mending import mends
    from detente.solve.exchange.order import safest, self_enforcing
    from detente.solve.exchange.uncertain import middle, shares, spread

    model = derived.model
    if not model.to_come:
        return Missing("Nothing is left to deliver of the steps that are named.", "Name new ones.")
    try:
        centre = middle(model)
        safe, holds = safest(centre, seconds=SECONDS), self_enforcing(centre, seconds=SECONDS)
    except ModelError as error:
        do = "Round the numbers of `costs:` and `trust:`, or count in other units."
        return Missing(f"The numbers can't be calculated with: {_in_words(error)}.", do)
    drawn = None
    order, share = safe.order, float(safe.value <= 1)
    enforcing = float(_enforces_itself(centre, order))
    if model.open:
        orders = factorial(min(len(model.to_come), 12))
        samples = min(STEPS_SAMPLES, max(500, STEPS_WORK // orders))
        try:
            drawn = shares(model, samples=samples, seed=seed, progress=progress)
        except ModelError:  # draws with too many digits to look for their own safest orders
            drawn = shares(model, order=order, samples=samples, seed=seed, progress=progress)
        best = drawn.orders[0]
        order, share, enforcing = best.order, best.safe, best.self_enforcing
    kinds = ["exposure"] if safe.value > 1 else []
    kinds += ["temptation"] if not holds.exists else []
    return StepsOutlook(
        derived,
        drawn,
        order,
        share,
        enforcing,
        spread(model, order, samples=drawn.samples if drawn else 1, seed=seed),
        centre,
        safe,
        holds,
        tuple(mends(centre, kind, seconds=SECONDS) for kind in kinds),
    )


def _enforces_itself(model: StepsModel, order: Sequence[str]) -> bool:
    """Does nobody gain more than its patience by breaking off before the last step?"""
    from detente.solve.exchange.walk import start, steps

    moments = [start(model), *(step.standing for step in steps(model, order)[:-1])]
    return all(
        standing[p] - model.total(p) <= model.limit(p) for standing in moments for p in standing
    )
