"""What has changed since an earlier state: entries, assumptions, answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from norland import CASE, MOVES, REPORTS, STATUSES, make

from detente.brief import Brief, as_json, build, compare, html, terminal
from detente.brief.document import ChangesView
from detente.judgment.outlook import outlook
from detente.record import yamltext
from detente.record.models import JudgmentFile
from detente.record.validation import validate
from detente.tracking import track

VALUES = """\
values:
- {party: southmark, issue: border, options: {closed: 0, open: 20..60}, because: trade}
- {party: norland, issue: border, options: {closed: 0, open: -40..-5}, because: votes}
"""


pytestmark = pytest.mark.usefixtures("few_draws")


def brief(text: str = VALUES, moves: list[dict[str, Any]] = MOVES) -> Brief:
    file = Path("judgments.yaml")
    given, problems = validate(JudgmentFile, yamltext.parse(text, file), file)
    assert given is not None and not problems
    record = make(case=CASE, moves=moves, statuses=STATUSES, reports=REPORTS)
    return build(record, track(record), outlook=outlook(record, given, record.moves))


def changed(id: str, **more: Any) -> list[dict[str, Any]]:
    return [{**move, **more} if move["id"] == id else move for move in MOVES]


def changes(now: Brief, before: Brief) -> ChangesView:
    made = compare(now, before, older="v1")
    assert made.changes is not None and made.changes.older == "v1"
    data = as_json(made)["changes"]
    assert [each["id"] for each in data["entries"]] == [e.id for e in made.changes.entries]
    page = html(made) if made.changes.answers else ""
    assert all(each.question in page for each in made.changes.answers)
    assert terminal(made, width=80, color=False)
    return made.changes


def test_the_same_state_has_no_changes() -> None:
    assert changes(brief(), brief()).nothing


def test_entries_come_go_and_change() -> None:
    now = changed("ask-office", what="reopening of two offices", review="confirmed")
    now = [*now[:-1], {**MOVES[0], "id": "brand-new"}]
    before = [move for move in MOVES if move["id"] != "wrongly-read"]
    found = {each.id: each for each in changes(brief(moves=now), brief(moves=before)).entries}
    assert set(found) == {"ask-office", "brand-new"}
    assert found["brand-new"].kind == "new" and found["ask-office"].kind == "changed"
    assert "what: reopening of the trade office, now reopening of two offices" in (
        found["ask-office"].how
    )
    assert "review: machine, now confirmed" in found["ask-office"].how
    (gone,) = changes(brief(moves=before), brief(moves=now)).entries[1:]
    assert (gone.kind, gone.how, gone.link.href) == ("gone", "no longer on record", None)


def test_an_entry_that_was_rejected_says_so() -> None:
    found = changes(brief(moves=changed("ask-office", review="rejected")), brief()).entries
    assert [(each.id, each.kind, each.how) for each in found] == [
        ("ask-office", "gone", "rejected")
    ]


def test_a_further_source_is_counted() -> None:
    (move,) = (each for each in MOVES if each["id"] == "ask-office")
    more = [*move["sources"], {"report": "radio", "quote": "words"}]
    (found,) = changes(brief(moves=changed("ask-office", sources=more)), brief()).entries
    assert found.how == "1 more source"


@pytest.mark.parametrize(
    ("old", "new", "kind", "how"),
    [
        ("20..60", "30", "changed", "closed 0, open 20..60, now closed 0, open 30"),
        ("trade}", "custom}", "changed", "its reason"),
        ("trade}", "trade, rests_on: [ask-office]}", "changed", "what it rests on"),
        ("values:", "walk_away:\n- {party: norland, value: 3, because: x}\nvalues:", "new",
         "refuses any package worth less than 3"),
        ("- {party: southmark, issue: border, options: {closed: 0, open: 20..60}, because: trade}\n",  # noqa: E501
         "", "gone", "closed 0, open 20..60"),
    ],
)  # fmt: skip
def test_assumptions_come_go_and_change(old: str, new: str, kind: str, how: str) -> None:
    now = VALUES.replace(old, new)
    assert now != VALUES
    found = changes(brief(now), brief()).assumptions
    assert [(each.kind, each.how) for each in found] == [(kind, how)]
    back = {"new": "gone", "gone": "new"}.get(kind, kind)
    assert [each.kind for each in changes(brief(), brief(now)).assumptions] == [back]


def test_answers_that_are_worded_otherwise_are_shown_with_what_went() -> None:
    now = VALUES.replace("20..60", "1").replace("-40..-5", "2")
    found = {each.key: each for each in changes(brief(now), brief()).answers}
    assert str(found["deal"].came[0]).startswith("Yes: with the values assumed")
    assert found["deal"].went and found["deal"].href == "#answer-deal"
    assert "stand" not in found


def test_reordering_changes_nothing() -> None:
    first, one, two = VALUES.splitlines()
    found = changes(brief("\n".join([first, two, one]) + "\n", MOVES[::-1]), brief())
    assert not found.entries and not found.assumptions
