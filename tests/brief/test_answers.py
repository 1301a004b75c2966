"""The answers in words: no firmer than their shares, and tied to what they rest on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from norland import CASE, MOVES, REPORTS, make

from detente.brief import Brief, as_json, build, html, terminal
from detente.brief.answers import QUESTIONS, STANDS_OUT, direction, held, percent, times
from detente.judgment import outlook as looking
from detente.judgment.deriving import Derived, Missing
from detente.judgment.opening import spoken
from detente.judgment.outlook import DealOutlook, Own, outlook
from detente.record import yamltext
from detente.record.dates import PartialDate
from detente.record.models import JudgmentFile
from detente.record.record import Record
from detente.record.validation import validate
from detente.solve.bargaining import model as bargaining
from detente.solve.conflict import model as conflict
from detente.tracking import track
from judgment.judging import judgment_files, records

FILE = Path("judgments.yaml")
JUDGMENTS = """\
issues:
- {id: vehicles, title: Return of vehicles, options: [kept, returned], because: refused once}
values:
- party: southmark
  issue: border
  options: {closed: 0, open: 20..60}
  because: trade
  rests_on: [ask-office]
- {party: southmark, issue: vehicles, options: {returned: -30..-10}, because: pride}
- {party: norland, issue: border, options: {closed: 0, open: -40..-5}, because: votes}
- {party: norland, issue: vehicles, options: {returned: 10..50}, because: cost}
walk_away:
- {party: norland, value: 0..5, because: it can wait}
levers:
- {id: rewards, by: norland, what: raising rewards, because: threatened, rests_on: [embassy]}
- {id: reopen, by: southmark, what: reopening the crossings, because: asked}
preferences:
- {party: norland, statements: [reopen, not rewards], open: all, because: said}
- {party: southmark, statements: [not rewards, not reopen], open: all, because: said}
costs:
- {id: withdraw, by: norland, cost: 2..6, worth: {southmark: 5..9}, because: guess}
- {id: unlock, by: southmark, cost: open, worth: {norland: 5..9}, because: guess}
"""


def judged(text: str) -> JudgmentFile:
    found, problems = validate(JudgmentFile, yamltext.parse(dedent(text), FILE), FILE)
    assert found is not None and not problems, problems
    return found


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, number in (("DEAL", 60), ("CONFLICT", 10), ("STEPS", 20), ("MIDDLE", 60)):
        monkeypatch.setattr(looking, f"{name}_SAMPLES", number)
    yield


def made(record: Record, text: str | JudgmentFile = JUDGMENTS, *, own: Own | None = None,
         as_of: str | None = None) -> Brief:  # fmt: skip
    given_ = judged(text) if isinstance(text, str) else text
    day = PartialDate.parse(as_of) if as_of else None
    tracking = track(record, as_of=day)
    return build(record, tracking, outlook=outlook(record, given_, record.moves, own=own))


def said(brief: Brief, key: str) -> str:
    (answer,) = (each for each in brief.answers if each.key == key)
    return " ".join(map(str, answer.sentences))


# --- shares in words ------------------------------------------------------------------------


@given(st.floats(0, 1))
def test_a_share_is_never_rounded_to_all_or_nothing(share: float) -> None:
    words = percent(share)
    assert (words == "100%") == (share == 1) and (words == "0%") == (share == 0)
    number = int(re.search(r"\d+", words)[0]) / 100  # type: ignore[index]
    if words.startswith("less than"):
        assert 0 < share < number
    elif words.startswith("more than"):
        assert number < share < 1
    else:
        assert abs(number - share) <= 0.005 + 1e-9
    told = held(share, "values")
    assert ("all" in told) == (share == 1) and ("none" in told) == (share == 0)
    drawn = held(share, "values", 10_000)
    assert "all" not in drawn
    assert 0 < share < 1 or "10,000 draws" in drawn


@pytest.mark.parametrize(("number", "words"), [(1, "once"), (2, "twice"), (1200, "1,200 times")])
def test_times(number: int, words: str) -> None:
    assert times(number) == words


# --- what is said -----------------------------------------------------------------------------


def test_seven_answers_each_with_its_question(record: Record) -> None:
    brief = made(record)
    assert [each.key for each in brief.answers] == list(QUESTIONS)
    assert [each.number for each in brief.answers] == [1, 2, 3, 4, 5, 6, 7]
    assert all(each.sentences for each in brief.answers)
    assert [str(s) for s in brief.short] == [str(each.sentences[0]) for each in brief.answers]


def test_who_wants_what_names_those_who_would_give(record: Record) -> None:
    text = said(made(record), "wants")
    assert "Return of vehicles: wanted by Norland; Southmark would have to give it." in text
    assert "The border crossings: wanted by Southmark" in text


def test_a_deal_is_as_likely_as_its_share(record: Record) -> None:
    brief = made(record)
    assert brief.outlook is not None and isinstance(brief.outlook.deal, DealOutlook)
    deal = brief.outlook.deal
    lead = said(brief, "deal")
    assert percent(deal.possible) in lead
    assert "draws" not in lead or deal.possible in (0, 1)
    if deal.possible < 0.9:
        assert not lead.startswith(("Yes", "Most likely"))
    assert lead.startswith("Yes") == (deal.possible == 1)


@pytest.mark.parametrize("seed", range(8))
def test_a_package_under_a_quarter_is_never_called_likeliest(record: Record, seed: int) -> None:
    text = "values:\n"
    for party, sign in (("southmark", ""), ("norland", "-")):
        for issue in ("border", *(f"i{n}" for n in range(seed))):
            text += (
                f"- {{party: {party}, issue: {issue}, options: {{open: {sign}9}}, because: x}}\n"
            )
    text = text.replace("open: 9", "open: -50..50").replace("open: -9", "open: -50..50")
    listed = [
        f"- {{id: i{n}, title: I{n}, options: [shut, open], because: x}}" for n in range(seed)
    ]
    issues = "issues:\n" + "\n".join(listed) + "\n" if listed else ""
    brief = made(record, issues + text)
    assert brief.outlook is not None and isinstance(brief.outlook.deal, DealOutlook)
    words = said(brief, "deal")
    if brief.outlook.deal.package is not None:
        assert ("The likeliest whole package" in words) == (
            brief.outlook.deal.likelihood >= STANDS_OUT
        )
        assert ("No single package stands out" in words) == (
            brief.outlook.deal.likelihood < STANDS_OUT
        )


def test_the_same_number_everywhere_is_said_without_shares(record: Record) -> None:
    exact = re.sub(r"(-?\d+)\.\.(-?\d+)", r"\2", JUDGMENTS).replace("open: all, ", "")
    brief = made(record, exact.replace("cost: open", "cost: 1"))
    text = said(brief, "deal")
    assert text.startswith("Yes: with the values assumed, ")
    assert "%" not in text and "%" not in said(brief, "holds")


def test_all_of_the_draws_is_not_all(record: Record) -> None:
    certain = JUDGMENTS.replace("open: -40..-5", "open: -2..-1").replace("returned: -30..-10",
                                "returned: -2..-1").replace("0..5", "0")  # fmt: skip
    text = said(made(record, certain), "deal")
    assert "in every one of 60 draws of the values that fit" in text
    assert "in all values" not in text


def test_nobody_has_judged_anything_yet(record: Record) -> None:
    brief = made(record, JudgmentFile())
    assert "Nobody has judged anything yet" in said(brief, "change")
    assert brief.assumed.startswith("Nobody has judged anything")
    assert all(each.place == "" or "judgments.yaml" in each.place for each in brief.assumptions)


def test_what_is_missing_is_said_with_what_to_write(record: Record) -> None:
    text = "walk_away:\n- {party: norland, value: 3, because: it can wait}\n"
    brief = made(make(case={**CASE, "issues": []}, moves=MOVES[:1], reports=REPORTS), text)
    for key, where in (("deal", "values:"), ("holds", "levers:"), ("steps", "costs:")):
        assert where in said(brief, key)


def test_what_matters_most_is_named(record: Record) -> None:
    threat = JUDGMENTS.replace("[reopen, not rewards]", "[reopen, if not reopen then rewards]")
    text = said(
        made(
            record,
            threat.replace("[not rewards, not reopen]", "[not reopen, not rewards]").replace(
                "not rewards], open: all", "not rewards], open: [[1, 2]]"
            ),
        ),
        "change",
    )
    assert "About the deal" in text
    assert "About what holds, it matters most what weighs more for" in text
    assert "rewards" not in text.replace("raising rewards", ""), "levers are said in words"


def test_a_demand_alone_leaves_no_answer_empty() -> None:
    """A page of a single undated demand could not be made."""
    ask = {"id": "a", "type": "REQUEST", "by": ["x"], "to": ["y"], "what": "more",
           "sources": [{"report": "r", "quote": "q"}]}  # fmt: skip
    brief = made(make(moves=[ask]), JudgmentFile())
    assert "is on record" in said(brief, "done")
    assert html(brief)


# --- what it rests on ---------------------------------------------------------------------------


def test_answers_name_unconfirmed_entries(record: Record) -> None:
    brief = made(record)
    answers = {each.key: each for each in brief.answers}
    assert "ask-office" in answers["deal"].entries
    assert "reopening of the trade office" in {p.text for p in answers["deal"].unconfirmed} or any(
        "trade office" in part.text for part in answers["deal"].unconfirmed
    )
    assert "nobody has confirmed" in said(brief, "change")
    assert "trade office" in said(brief, "change")
    # The embassy was confirmed by a person.
    assert answers["holds"].entries == ("embassy",) and not answers["holds"].unconfirmed


def whole(brief: Brief) -> None:
    """What holds of every brief."""
    known = {each.id for each in (*brief.moves, *brief.statuses)}
    anchors = [each.anchor for each in brief.assumptions]
    assert len(set(anchors)) == len(anchors)
    for answer in brief.answers:
        assert known.issuperset(answer.entries), answer.key
        for sentence in answer.sentences:
            assert str(sentence).strip() and known.issuperset(sentence.entries)
            assert not re.search(r"\bnan\b|\bNone\b|Fraction", str(sentence)), sentence
        for part in answer.grounds:
            assert part.href is not None and part.href.removeprefix("#") in anchors
        confirmed = {e.id for e in (*brief.moves, *brief.statuses) if e.review == "confirmed"}
        assert len(answer.unconfirmed) == len(set(answer.entries) - confirmed)
    text = json.dumps(as_json(brief), allow_nan=False)
    data = json.loads(text)
    for answer in data.get("answers", []):
        assert all(1 <= n <= len(data["assumptions"]) for n in answer["assumptions"])


@pytest.mark.parametrize("as_of", [None, "2025-03-15", "2021"])
def test_entries_and_assumptions_named_are_there(record: Record, as_of: str | None) -> None:
    wild = JUDGMENTS.replace("rests_on: [embassy]", "rests_on: [embassy, gone, wrongly-read]")
    for text in (JUDGMENTS, wild, JudgmentFile()):
        whole(made(record, text, as_of=as_of))


@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(records(), judgment_files() | st.just(JudgmentFile()))
def test_any_judgments_make_a_whole_brief(record: Record, given_: JudgmentFile) -> None:
    brief = made(record, given_)
    whole(brief)
    assert terminal(brief, width=80, color=False) and html(brief)


# --- models written out -----------------------------------------------------------------------


def test_values_written_out_need_not_count_from_the_status_quo(record: Record) -> None:
    """What is worth more to both than nothing is not therefore wanted by both."""
    deal: dict[str, Any] = {
        "parties": ["norland", "southmark"],
        "issues": {
            "border": {
                "closed": {"norland": 40, "southmark": 5},
                "open": {"norland": 10, "southmark": 90},
            },
            "law": {"as-it-is": {"norland": 7, "southmark": 7}},
        },
    }
    own = Own(deal=Derived(spoken(bargaining.from_plain(deal), record), ()))
    brief = made(record, own=own)
    assert brief.outlook is not None and isinstance(brief.outlook.deal, DealOutlook)
    deal_found = brief.outlook.deal
    directions = {p: direction(deal_found, p, "border") for p in deal_found.model.parties}
    assert directions == {"norland": -1, "southmark": 1}
    assert "The border crossings: wanted by Southmark" in said(brief, "wants")
    whole(brief)


def test_a_conflict_written_out_with_open_levels_is_told(record: Record) -> None:
    plain = {
        "decision_makers": {"norland": ["a"], "southmark": ["b"]},
        "preferences": {
            "norland": {"ranking": [["YY"], ["NY"], ["YN"], ["NN"]],
                        "open": [["YY", "NY"], ["NY", "YN"], ["YY", "YN"]]},
            "southmark": {"ranking": [["YY"], ["NY", "YN"], ["NN"]]},
        },
    }  # fmt: skip
    own = Own(conflict=Derived(spoken(conflict.from_plain(plain), record), ()))
    brief = made(record, own=own)
    assert "it matters most what weighs more for" in said(brief, "change")
    whole(brief)


def test_renaming_assumed_ids_changes_nothing_else(record: Record) -> None:
    names = {"vehicles": "zz-cars", "rewards": "zz-pay", "reopen": "zz-go", "withdraw": "zz-leave",
             "unlock": "zz-key"}  # fmt: skip
    renamed = JUDGMENTS.replace("raising rewards", "RAISING").replace("reopening", "REOPENING")
    for old, new in names.items():
        renamed = re.sub(rf"\b{old}\b", new, renamed)
    renamed = renamed.replace("Return of zz-cars", "Return of vehicles")
    renamed = renamed.replace("RAISING", "raising rewards").replace("REOPENING", "reopening")
    one, other = made(record), made(record, renamed)
    # Steps without a `what` are called by their ids.
    for key in ("wants", "deal", "holds"):
        assert said(one, key) == said(other, key)
    one_deal, other_deal = (b.outlook.deal for b in (one, other) if b.outlook is not None)
    assert not isinstance(one_deal, Missing) and not isinstance(other_deal, Missing)
    assert one_deal.possible == other_deal.possible
