"""An exchange solved in one call, and its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from detente.solve import showing
from detente.solve.exchange.mending import Mends, mends
from detente.solve.exchange.model import Model
from detente.solve.exchange.order import Safest, SelfEnforcing, safest, self_enforcing
from detente.solve.exchange.plan import Change, replan
from detente.solve.exchange.rounds import Rounds, fewest_rounds
from detente.solve.exchange.walk import Step, start
from detente.solve.exchange.words import deed, name_of, number, sentence, whole
from detente.solve.plain import ModelError, Wrong, numbers, shortest


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """In which order to give, and what is proven about it.

    safest         : the order in which nobody is ever much exposed, with its bound and proof
    self_enforcing : an order nobody gains by leaving, or the least patience that would do
    fewest_rounds  : with all delivering at once in a round; None where it was not asked for
    mends          : what would help where no order is safe, or none enforces itself
    change         : the plan now beside the first one, where something has happened yet

    Those hold numbers as exact fractions, each in its party's own units. What stands below is
    the safest order's, in plain numbers.
    """

    model: Model
    safest: Safest
    self_enforcing: SelfEnforcing
    fewest_rounds: Rounds | None = None
    mends: tuple[Mends, ...] = ()
    change: Change | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """The safest order of what is still to come."""
        return self.safest.order

    @property
    def value(self) -> int | float:
        """The largest exposure over trust on its way; 1 or less: nobody risks too much."""
        return shortest(self.safest.value)

    @property
    def bound(self) -> int | float:
        """No order has a smaller one."""
        return shortest(self.safest.bound)

    @property
    def proven(self) -> bool:
        """Whether no order is safer; else there was no time to say."""
        return self.safest.proven

    @property
    def total(self) -> dict[str, int | float]:
        """What the whole exchange is worth to each party."""
        return numbers({p: self.model.total(p) for p in self.model.parties})

    def to_dict(self) -> dict[str, Any]:
        """What `detente steps --json` prints."""
        model, safe, holds = self.model, self.safest, self.self_enforcing
        document: dict[str, Any] = {
            "total": self.total,
            "safest": {
                "order": list(safe.order),
                "value": shortest(safe.value),
                "bound": shortest(safe.bound),
                "cp_sat_says_bound": None if safe.claimed is None else shortest(safe.claimed),
                "proven": safe.proven,
                "ties_settled": safe.settled,
                "steps": steps_json(model, safe.steps),
            },
            "self_enforcing": {
                "exists": holds.exists,
                "order": None if holds.order is None else list(holds.order),
                "least_patience": shortest(holds.least_patience),
                "least_patience_bound": shortest(holds.bound),
                "cp_sat_says_least_patience_bound": (
                    None if holds.claimed is None else shortest(holds.claimed)
                ),
                "least_patience_order": list(holds.least_order),
                "proven": holds.proven,
                "ties_settled": holds.settled,
                "steps": steps_json(model, holds.steps),
            },
        }
        if self.fewest_rounds is not None:
            document["fewest_rounds"] = _rounds(self.fewest_rounds)
        if self.mends:
            document["would_help"] = {each.kind: _mends(each) for each in self.mends}
        if self.change is not None:
            document["change"] = _change(self.change)
        return document

    def to_frame(self) -> Any:
        """A row for each step of the safest order, as a pandas DataFrame with the index `step`.

        In groups of columns: "step" (`deliverable`, `by`), and for each party after the step
        its "standing", "exposure" and "temptation". Raises ImportError without pandas.
        """
        taken = self.safest.steps
        columns: dict[tuple[str, str], Any] = {
            ("step", "deliverable"): [step.deliverable for step in taken],
            ("step", "by"): [step.by for step in taken],
        }
        for group in ("standing", "exposure", "temptation"):
            for party in self.model.parties:
                column = [shortest(getattr(step, group)[party]) for step in taken]
                columns[group, party] = column
        return showing.frame(columns, [step.number for step in taken], "step")

    def __repr__(self) -> str:
        if not self.order:
            return "<exchange.Result: nothing is left to deliver>"
        proof = "proven" if self.proven else f"not proven, none below {number(self.safest.bound)}"
        holds = self.self_enforcing
        enforces = "an order enforces itself" if holds.exists else "no order enforces itself"
        if not holds.exists and not holds.proven:
            enforces = "none found that enforces itself"
        at_most = f"exposure/trust at most {number(self.safest.value)}"
        return f"<exchange.Result: {' > '.join(self.order)}; {at_most} ({proof}); {enforces}>"

    def _repr_html_(self) -> str:
        """The safest order in sentences, and how exposed each party is on the way."""
        if not self.order:
            return showing.sheet(["Nothing is left to deliver."])
        model, holds = self.model, self.self_enforcing
        words = [
            f"The safest order: the largest exposure is {number(self.safest.value)} times what its "
            "party is ready to risk. "
            + ("Proven." if self.proven else f"No order is below {number(self.safest.bound)}.")
        ]
        words += [sentence(model, step) for step in self.safest.steps]
        words.append(whole(model))
        if holds.exists:
            same = holds.order == self.order
            words.append(
                "It enforces itself: nobody ever gains more than its patience by breaking off."
                if same
                else f"Another order enforces itself: {' > '.join(holds.order or ())}."
            )
        else:
            known = "No order" if holds.proven else "No order that was found"
            words.append(
                f"{known} enforces itself; a patience of {number(holds.least_patience)} of "
                "everybody would do."
            )
        if self.fewest_rounds is not None:
            rounds = self.fewest_rounds
            count = len(rounds.rounds)
            sure = rounds.proven or rounds.least == count
            least = "" if sure else f" (at least {rounds.least} are needed)"
            words.append(
                f"Delivering at once, {count} rounds do{least}: "
                + "; ".join(", ".join(each) for each in rounds.rounds)
                + "."
            )
        return showing.sheet(words, self._picture())

    def _picture(self) -> str:
        from detente import charts

        model, taken = self.model, self.safest.steps
        now = start(model)
        moments = [{p: max(Fraction(0), -now[p]) for p in model.parties}]
        moments += [step.exposure for step in taken]
        stairs = []
        for party in model.parties:
            ready = float(model.ready(party))
            out = tuple((float(each[party]),) * 3 for each in moments)
            stairs.append(charts.Stair(name_of(model, party), out, (ready, ready)))
        names = [f"{step.number} {deed(model, step.deliverable)}" for step in taken]
        key = showing.key("steps", names, stairs)
        return charts.staircase(names, stairs, key=key, title="Exposure, step by step")


def solve(
    model: Model,
    *,
    seconds: float = 50.0,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """The safest order, the self-enforcing one, the fewest rounds, and what would help.

    seconds  : how long it may take, about; what is not proven by then says how far it is from it
    progress : called with steps done and steps in all

    Where something has happened yet, the plan is that of what is still to come. Raises
    ModelError where numbers are left open: `shares` says in what share of those that fit an
    order is safe, and `middle` gives the model with the middle of every range.
    """
    if model.open:
        do = "Ask exchange.shares(model), or solve exchange.middle(model)."
        raise ModelError(Wrong((), "some numbers are not known exactly", do))
    change = replan(model, seconds=seconds * 0.4) if model.started else None
    safe = safest(model, seconds=seconds * 0.4) if change is None else change.now
    holds = self_enforcing(model, seconds=seconds * 0.3)
    rounds = fewest_rounds(model, alone=safe, seconds=seconds * 0.1)
    kinds = ["exposure"] if safe.value > 1 else []
    kinds += ["temptation"] if not holds.exists else []
    help_ = tuple(mends(model, kind, seconds=seconds * 0.1, progress=progress) for kind in kinds)
    return Result(model, safe, holds, rounds, help_, change)


def steps_json(model: Model, taken: Sequence[Step]) -> list[dict[str, Any]]:
    """An order, step by step."""
    return [
        {
            "deliverable": step.deliverable,
            "by": step.by,
            "standing": numbers(step.standing),
            "exposure": numbers(step.exposure),
            "temptation": numbers(step.temptation),
            "words": sentence(model, step),
        }
        for step in taken
    ]


def _rounds(found: Rounds) -> dict[str, Any]:
    """What is delivered in each round, and the worst moment of each."""
    return {
        "rounds": [list(each) for each in found.rounds],
        "exposure": [numbers(each) for each in found.worst],
        "value": shortest(found.value),
        "limit": shortest(found.limit),
        "least": found.least,
        "cp_sat_says_least": found.claimed,
        "proven": found.proven,
    }


def _mends(found: Mends) -> dict[str, Any]:
    """What would make the exchange work."""
    return {
        "value": shortest(found.value),
        "splits": [
            {
                "deliverable": each.deliverable,
                "value": shortest(each.value),
                "works": each.works,
                "proven": each.proven,
            }
            for each in found.splits
        ],
        "amounts": [
            {
                "party": each.party,
                "amount": shortest(each.amount),
                "order": list(each.order),
                "proven": each.proven,
            }
            for each in found.amounts
        ],
        "first_steps": [
            {
                "deliverable": each.deliverable,
                "no_longer_after": list(each.freed),
                "value": shortest(each.value),
                "works": each.works,
                "proven": each.proven,
            }
            for each in found.first
        ],
        "complete": found.complete,
        "not_split": list(found.unsplit),
    }


def _change(found: Change) -> dict[str, Any]:
    """The first plan, and what has changed since."""
    return {
        "first_plan": {
            "order": list(found.before.order),
            "value": shortest(found.before.value),
            "proven": found.before.proven,
        },
        "delivered": list(found.delivered),
        "early": list(found.early),
        "delivered_before_what_they_come_after": {
            name: list(missing) for name, missing in found.unready.items()
        },
        "broken": list(found.broken),
        "taken_back": list(found.taken_back),
        "blocked": list(found.blocked),
        "moved": list(found.moved),
    }
