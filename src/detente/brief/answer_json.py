"""The answers and what they rest on, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.brief.answer_tables import TABLES
from detente.brief.conflict import routes_json, why_json
from detente.brief.conflict import shares_json as conflict_shares_json
from detente.brief.deal import shares_json as deal_shares_json
from detente.brief.exchange import shares_json as steps_shares_json
from detente.judgment.deriving import Derived, Missing
from detente.judgment.listing import assumed_words
from detente.judgment.outlook import ConflictOutlook, DealOutlook, StepsOutlook
from detente.solve import bargaining, conflict, exchange

if TYPE_CHECKING:
    from detente.brief.document import Brief, EntryChange

MOST_STATES = 5_000
"""Up to so many feasible states, equilibria are listed; beyond, counted."""


def answers_json(brief: Brief) -> dict[str, Any]:
    """The answers, the assumptions, the models' results and the tables; nothing without them."""
    if brief.outlook is None or not brief.answers:
        return {}
    outlook = brief.outlook
    numbers = {id(each): n for n, each in enumerate(outlook.judgments.assumptions(), 1)}
    grounds = {
        key: [numbers[id(each)] for each in found.derived.grounds]
        for key, found in (("wants", outlook.deal), ("deal", outlook.deal),
                           ("holds", outlook.conflict), ("steps", outlook.steps))
        if not isinstance(found, Missing)
    }  # fmt: skip
    behind = {table.name for answer in brief.answers for table in answer.tables} & {*TABLES}
    return {
        "answers": [
            {
                "key": answer.key,
                "question": answer.question,
                "sentences": [
                    {"text": str(said), "entries": list(said.entries)} for said in answer.sentences
                ],
                "assumptions": grounds.get(answer.key, []),
                "entries": list(answer.entries),
                "unconfirmed": [entry for entry in answer.entries if entry in _unconfirmed(brief)],
                "notes": list(answer.notes),
                "tables": [table.name for table in answer.tables if table.name in behind],
            }
            for answer in brief.answers
        ],
        "judged": not outlook.drafted,
        "assumptions": [
            {
                "number": number,
                "kind": told.kind,
                "party": told.party,
                "about": told.about,
                "what": told.what,
                "because": told.because,
                "rests_on": list(told.rests_on),
                "file": told.file,
                "line": told.line,
            }
            for number, told in enumerate(map(assumed_words, outlook.judgments.assumptions()), 1)
        ],
        "results": {
            "deal": _missing(outlook.deal)
            if isinstance(outlook.deal, Missing)
            else _deal(outlook.deal),
            "conflict": _missing(outlook.conflict)
            if isinstance(outlook.conflict, Missing)
            else _conflict(outlook.conflict),
            "steps": _missing(outlook.steps)
            if isinstance(outlook.steps, Missing)
            else _steps(outlook.steps),
        },
        "tables": {
            name: {
                "caption": table.caption,
                "headers": list(table.headers),
                "rows": [list(row) for row in table.rows],
            }
            for name, table in brief.tables.items()
            if name in behind
        },
    }


def changes_json(brief: Brief) -> dict[str, Any]:
    """What has changed since an earlier state; nothing where none was given."""
    changes = brief.changes
    if changes is None:
        return {}

    def entry(each: EntryChange) -> dict[str, Any]:
        return {"kind": each.kind, "id": each.id, "what": each.link.text, "how": each.how}

    return {
        "changes": {
            "since": changes.older,
            "entries": [entry(each) for each in changes.entries],
            "assumptions": [entry(each) for each in changes.assumptions],
            "answers": [
                {
                    "key": each.key,
                    "came": [str(said) for said in each.came],
                    "went": list(each.went),
                }
                for each in changes.answers
            ],
        }
    }


def _unconfirmed(brief: Brief) -> set[str]:
    listed = (*brief.moves, *brief.statuses)
    return {entry.id for entry in listed if entry.review != "confirmed"}


def _missing(found: Missing) -> dict[str, Any]:
    return {"missing": found.why, "do": found.do}


def _notes(found: Derived[Any]) -> dict[str, Any]:
    return {"notes": list(found.notes), "entries": list(found.entries)}


def _deal(found: DealOutlook) -> dict[str, Any]:
    from detente.solve.bargaining.asking import gap
    from detente.solve.bargaining.counting import count_acceptable, count_packages

    packages = count_packages(found.frontier.space)
    count = count_acceptable(found.frontier.space)
    why = gap(found.frontier)
    middle = bargaining.Result(found.frontier, found.solutions, packages, count, why).to_dict()
    return {
        **_notes(found.derived),
        "possible": found.possible,
        "package": found.package,
        "likelihood": found.likelihood,
        "inside": [
            {"issue": issue, "option": option, "share": round(share, 6)}
            for (issue, option), share in found.inside.items()
        ],
        "at_the_middle": middle,
        "shares": None if found.shares is None else deal_shares_json(found.shares),
    }


def _conflict(found: ConflictOutlook) -> dict[str, Any]:
    return {
        **_notes(found.derived),
        "options": list(found.model.options),
        "now": found.now,
        "holding": [{"state": state, "share": share} for state, share in found.holding],
        "as_written": conflict.Result(found.analysis).to_dict(
            count=found.analysis.space.count > MOST_STATES
        ),
        "why": [each for said in found.reasons.values() for each in why_json(found.model, said)],
        "paths": routes_json(found.analysis, found.now, found.ways),
        "shares": None if found.shares is None else conflict_shares_json(found.shares),
    }


def _steps(found: StepsOutlook) -> dict[str, Any]:
    plan = exchange.Result(found.middle, found.safest, found.self_enforcing, None, found.mends)
    return {
        **_notes(found.derived),
        "order": list(found.order),
        "safe": found.safe,
        "self_enforcing": found.enforcing,
        "exposure": {
            party: [{"low": low, "middle": middle, "high": high} for low, middle, high in moments]
            for party, moments in found.spread.exposure.items()
        },
        "at_the_middle": plan.to_dict(),
        "shares": None if found.shares is None else steps_shares_json(found.shares),
    }
