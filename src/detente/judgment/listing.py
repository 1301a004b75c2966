"""What judgments.yaml assumes, line by line, and what it leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from detente.record.models import (
    OPEN,
    AssumedIssue,
    Assumption,
    CaseFile,
    Forbidden,
    JudgmentFile,
    Lever,
    Patience,
    Preference,
    Requirement,
    StepCost,
    Trust,
    Values,
    WalkAway,
)
from detente.solve.conflict.logic import KEYWORDS, NAME
from detente.solve.plain import spoken

Named = Callable[[str], str]

KINDS = (
    "issue", "value", "walk-away", "forbidden", "requirement", "lever", "preference", "cost",
    "trust", "patience",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption in words.

    kind    : one of KINDS
    party   : id of the party it is about; None for what is about no one party
    about   : the issue, lever or deliverable it is about; None when it is about the party as
              a whole
    what    : what is assumed
    because : the reason given
    rests_on : the entries of the record that suggest it
    file, line : where it stands; None for one made in Python
    """

    kind: str
    party: str | None
    about: str | None
    what: str
    because: str
    rests_on: tuple[str, ...]
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
              for, and whether it has no walk-away point; where `between` names the parties to
              the deal, for these
    """

    assumed: tuple[Assumed, ...]
    nothing: tuple[Open, ...]


def listing(judgments: JudgmentFile, case: CaseFile) -> Listing:
    """What a case's judgments assume about its parties and issues, and what they leave open."""
    assumed = (assumed_words(given) for given in judgments.assumptions())
    return Listing(tuple(assumed), tuple(_nothing(judgments, case)))


def assumed_words(given: Assumption, named: Named = str) -> Assumed:
    """One assumption in words.

    named : how to speak of parties, levers and steps, by id; as their ids unless given
    """
    kind, party, about, what = _said(given, named)
    file, line = (str(given.where.file), given.where.line) if given.where else (None, None)
    return Assumed(kind, party, about, what, given.because, given.rests_on, file, line)


def _said(given: Assumption, named: Named) -> tuple[str, str | None, str | None, str]:
    """An assumption's kind, party, subject and words."""
    match given:
        case AssumedIssue():
            options = " > ".join(option.id for option in given.options)
            return "issue", None, given.id, f"{given.title}: {options}"
        case Values():
            numbers = ", ".join(f"{name} {amount(size)}" for name, size in given.options.items())
            return "value", given.party, given.issue, numbers or given.order or ""
        case WalkAway():
            what = f"refuses any package worth less than {amount(given.value)}"
            return "walk-away", given.party, None, what
        case Forbidden():
            return "forbidden", None, None, f"not together: {_package(given.options)}"
        case Requirement():
            what = f"if {_package(given.if_)}, then {_package(given.then)}"
            return "requirement", None, None, what
        case Lever():
            more = [
                "in use" if given.now else "",
                f"only {given.irreversible}" if given.irreversible else "",
                f"not with {' or '.join(map(named, given.excludes))}" if given.excludes else "",
            ]
            return "lever", given.by, given.id, ", ".join(filter(None, (given.what, *more)))
        case Preference():
            return "preference", given.party, None, _order(given, named)
        case StepCost():
            return "cost", given.by, given.id, _step(given, named)
        case Trust():
            what = f"is ready to be out {amount(given.value)} at any moment"
            return "trust", given.party, None, what
        case Patience():
            what = f"must gain more than {amount(given.value)} by breaking off before it does"
            return "patience", given.party, None, what
    raise TypeError(f"{type(given).__name__} is no assumption of judgments.yaml")


def _package(options: Mapping[str, str]) -> str:
    return ", ".join(f"{issue}: {option}" for issue, option in options.items())


def statement_words(text: str, named: Named) -> str:
    """A statement with its levers in words: "if not freeing all Americans then ..."."""
    return NAME.sub(lambda met: met[0] if met[0] in KEYWORDS else named(met[0]), text)


def _order(given: Preference, named: Named) -> str:
    said = "; then ".join(statement_words(text, named) for text in given.statements)
    if given.open == "all":
        return f"{said} (their order is open)"
    pairs = ", ".join(f"{a} and {b}" for a, b in given.open)
    return f"{said} (open: {pairs})" if pairs else said


def _step(given: StepCost, named: Named) -> str:
    worth = "".join(f", worth {amount(size)} to {named(p)}" for p, size in given.worth.items())
    after = f", after {' and '.join(map(named, given.after))}" if given.after else ""
    recover = f", {given.recover:.0%} of it can be taken back" if given.recover else ""
    states = "".join(
        f", {state.replace('_', ' ')}"
        for state in ("delivered", "broken", "taken_back")
        if getattr(given, state)
    )
    return f"costs {amount(given.cost)}{worth}{after}{recover}{states}"


def _nothing(judgments: JudgmentFile, case: CaseFile) -> Iterator[Open]:
    known = {(given.party, given.issue) for given in judgments.values}
    walks = {given.party for given in judgments.walk_away}
    for party in case.parties:
        if judgments.between and party.id not in judgments.between:
            continue
        if party.speaks_for:  # an office-holder's interests are those of the party spoken for
            continue
        for issue in case.issues:
            ranked = (party.id, None) in known  # an order over issues says something of each
            if (party.id, issue.id) not in known and not ranked:
                yield Open("value", party.id, issue.id)
        if party.id not in walks:
            yield Open("walk-away", party.id, None)


def amount(size: tuple[float, float] | None) -> str:
    """A number as judgments.yaml writes it: `20`, `20..40`, or `open`."""
    if size is None:
        return OPEN
    low, high = size
    ends = [spoken(each).replace(",", "") for each in (low, high)]
    return ends[0] if low == high else "..".join(ends)
