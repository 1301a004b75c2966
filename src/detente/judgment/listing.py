"""What judgments.yaml assumes, line by line, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.record.models import (
    Assumption,
    CaseFile,
    JudgmentFile,
    Preference,
    StepCost,
    Values,
    WalkAway,
)

KINDS = ("value", "walk-away", "preference", "cost")


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption in words.

    kind    : one of KINDS
    party   : id of the party it is about
    about   : the issue or deliverable it is about; None when it is about the party as a whole
    what    : what is assumed
    because : the reason given
    file, line : where it stands; None for one made in Python
    """

    kind: str
    party: str
    about: str | None
    what: str
    because: str
    file: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """Something of which nothing is assumed; its size is left open by every analysis.

    about : the issue; None for a party's walk-away point
    """

    kind: str
    party: str
    about: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """All that is assumed, in the order of the file, and what is not.

    nothing : for every party of case.yaml but office-holders, the issues it has no values
              for, and whether it has no walk-away point
    """

    assumed: tuple[Assumed, ...]
    nothing: tuple[Open, ...]


def listing(judgments: JudgmentFile, case: CaseFile) -> Listing:
    """What a case's judgments assume about its parties and issues, and what they leave open."""
    assumed = (*_values(judgments), *_walk_aways(judgments), *_preferences(judgments))
    return Listing((*assumed, *_costs(judgments)), tuple(_nothing(judgments, case)))


def _values(judgments: JudgmentFile) -> Iterator[Assumed]:
    for given in judgments.values:
        numbers = ", ".join(f"{name} {amount(size)}" for name, size in given.options.items())
        yield _assumed(given, "value", given.party, given.issue, numbers or given.order or "")


def _walk_aways(judgments: JudgmentFile) -> Iterator[Assumed]:
    for given in judgments.walk_away:
        what = f"refuses any package worth less than {amount(given.value)}"
        yield _assumed(given, "walk-away", given.party, None, what)


def _preferences(judgments: JudgmentFile) -> Iterator[Assumed]:
    for given in judgments.preferences:
        yield _assumed(given, "preference", given.party, None, "; then ".join(given.statements))


def _costs(judgments: JudgmentFile) -> Iterator[Assumed]:
    for given in judgments.costs:
        worth = "".join(f", worth {amount(size)} to {name}" for name, size in given.worth.items())
        after = f", after {' and '.join(given.after)}" if given.after else ""
        recover = f", {given.recover:.0%} of it can be taken back" if given.recover else ""
        what = f"costs {amount(given.cost)}{worth}{after}{recover}"
        yield _assumed(given, "cost", given.by, given.id, what)


def _assumed(
    given: Values | WalkAway | Preference | StepCost,
    kind: str,
    party: str,
    about: str | None,
    what: str,
) -> Assumed:
    file, line = _place(given)
    return Assumed(kind, party, about, what, given.because, file, line)


def _place(given: Assumption) -> tuple[str | None, int | None]:
    return (str(given.where.file), given.where.line) if given.where else (None, None)


def _nothing(judgments: JudgmentFile, case: CaseFile) -> Iterator[Open]:
    known = {(given.party, given.issue) for given in judgments.values}
    walks = {given.party for given in judgments.walk_away}
    for party in case.parties:
        if party.speaks_for:  # an office-holder's interests are those of the party spoken for
            continue
        for issue in case.issues:
            ranked = (party.id, None) in known  # an order over issues says something of each
            if (party.id, issue.id) not in known and not ranked:
                yield Open("value", party.id, issue.id)
        if party.id not in walks:
            yield Open("walk-away", party.id, None)


def amount(size: tuple[float, float]) -> str:
    """A number as judgments.yaml writes it: `20`, or `20..40`."""
    low, high = size
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"
