"""Which proposal is which entry: the same finding, or the same event."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from string import ascii_letters

import pytest

from detente.record.matching import Trace, same_findings, trace
from detente.record.models import ReportFront
from detente.record.once import Events
from detente.record.record import Report

QUOTE = "The Taliban freed a mechanic."
Quotes = str | list[tuple[str, str]]


def _entry(quotes: Quotes, fields: dict, stem: str | None) -> Trace:
    told = [("wire", quotes)] if isinstance(quotes, str) else quotes
    sources = [{"report": report, "quote": quote} for report, quote in told]
    return trace({"id": "mine-1", "sources": sources, **fields}, stem=stem)


def move(quotes: Quotes = QUOTE, *, stem: str | None = None, **fields) -> Trace:
    """A release by the Taliban, told by the wire unless report and quote are given."""
    given = {
        "date": "2025-03-20",
        "type": "RETREAT",
        "by": ["taliban"],
        "to": ["usa"],
        "what": "release of an American mechanic",
    }
    return _entry(quotes, {**given, **fields}, stem)


def status(quotes: Quotes = "It is closed.", **fields) -> Trace:
    given = {"attribute": "embassy", "value": "closed", "by": ["usa"], "to": ["taliban"]}
    return _entry(quotes, {**given, **fields}, None)


def paper(quote: str = "A mechanic was released.") -> Quotes:
    """Told by another report."""
    return [("paper", quote)]


# --- the same finding ----------------------------------------------------------------------


def found(entries: list[Trace], *proposals: Trace, text: str = "") -> list[int | None]:
    """The entry that each proposal is, where the wire says `text`."""
    reports = {"wire": Report("wire", ReportFront(), text, Path("wire.txt"))} if text else {}
    # Proposals have no id that counts; what is asked of them is the stem of the one they'd get.
    named = [replace(p, stem="proposed") if p.stem == "mine" else p for p in proposals]
    same = same_findings(entries, named, reports)
    return [same.get(number) for number in range(len(proposals))]


OFFICE = {"type": "REQUEST", "what": "an office"}
TALKS = {"type": "REQUEST", "what": "talks"}
THREAT = {"type": "THREATEN", "what": "an end"}


def test_findings_of_one_quote_alike_in_everything_are_paired_first():
    entries = [move(**OFFICE), move(**TALKS)]
    assert found(entries, move(**TALKS), move(**OFFICE)) == [1, 0]
    assert found(entries, move(**OFFICE, date="2024"), move(**OFFICE)) == [1, 0]
    assert found([move(**OFFICE, aspect="future"), move(**OFFICE)], move(**OFFICE)) == [1]


def test_then_those_of_one_type_between_the_same_parties():
    entries = [move(**OFFICE, by=["iran"]), move(**THREAT), move(**OFFICE, to=[]), move(**OFFICE)]
    assert found(entries, move(**TALKS)) == [3]


def test_then_those_of_the_same_id_but_for_its_number():
    """A person changed the type, the parties and the words; ids stay."""
    edited = move(**TALKS, by=["iran"], id="2025-taliban-threaten-3")
    other = move(**OFFICE, id="2025-taliban-accuse-3")
    assert found([other, edited], move(**THREAT, stem="2025-taliban-threaten")) == [1]
    named = move(**TALKS, by=["iran"], id="of-my-own")
    assert found([other, named], move(**THREAT, stem="of-my-own")) == [1]


def test_then_those_of_one_type_and_then_what_is_left_in_order():
    entries = [move(**OFFICE, by=["iran"]), move(**THREAT, by=["iran"])]
    assert found(entries, move(**THREAT)) == [1]
    assert found(entries, move(type="ACCUSE"), move(type="CONSULT")) == [0, 1]


def test_one_source_stands_for_one_proposal():
    assert found([move()], move(), move(**THREAT)) == [0, None]
    again = [move([("wire", QUOTE), ("wire", QUOTE)])]
    assert found(again, move(), move(**THREAT)) == [0, None]


def test_any_of_a_proposals_sources_may_be_the_one_on_record():
    entries = [move(**THREAT), move("Other words.")]
    assert found(entries, move([("paper", "New."), ("wire", QUOTE)])) == [0]


def test_what_is_malformed_counts_as_missing():
    sources = [{"report": "wire", "quote": ["a", "list"]}, {"report": ["wire"], "quote": QUOTE}]
    assert trace({"id": "a", "sources": [*sources, "text", None]}).pairs == ()
    assert trace(["no entry"]).kind == ""
    assert found([trace({"id": 7, "by": {"a": "b"}, "sources": sources})], move()) == [None]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((0, 20), (10, 30), True),  # half of either
        ((0, 20), (11, 31), False),
        ((10, 30), (0, 20), True),
        ((11, 31), (0, 20), False),
        ((0, 30), (26, 34), True),  # half of the shorter
        ((0, 30), (27, 35), False),
        ((26, 34), (0, 30), True),
        ((27, 35), (0, 30), False),
        ((0, 20), (5, 10), True),  # one within the other
        ((5, 10), (0, 20), True),
        ((0, 10), (10, 20), False),  # side by side
        ((0, 10), (30, 40), False),
    ],
)
def test_an_edited_quote_is_the_same_where_half_of_the_shorter_is_kept(one, other, same):
    text = ascii_letters  # so that every place of it is told from every other
    entry, proposal = move(text[slice(*one)]), move(text[slice(*other)])
    assert found([entry], proposal, text=text) == [0 if same else None]


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("he said this. He left. he said this and went", "he said this", "said this and went"),
        ("d this and went; he said this and went home", "he said this", "d this and went"),
        ("abcdxyzabcd", "xyzab", "abcd"),
        ("abcdabxyz", "abxy", "abcdab"),
        ("now, he said this, he said", "he said", "said this, he said"),
    ],
)
def test_quotes_that_stand_more_than_once_overlap_where_any_of_their_places_do(text, one, other):
    assert found([move(one)], move(other), text=text) == [0]
    assert found([move(other)], move(one), text=text) == [0]
    if one not in other:
        assert found([move(one)], move(other), text=text.replace(one, "...")) == [None]


def test_the_quote_that_keeps_most_is_the_one():
    text = ascii_letters
    entries = [move(text[0:20]), move(text[4:24]), move(text[8:28], by=["iran"])]
    assert found(entries, move(text[12:32]), text=text) == [2]
    assert found(entries[:2], move(text[12:32]), text=text) == [1]
    assert found([move(text[0:20]), move(text[0:20])], move(text[5:25]), text=text) == [0]
    assert found([move(text[0:20]), move(text[5:10])], move(text[4:24]), text=text) == [1]


def test_an_edited_quote_needs_the_same_type_or_id():
    assert found([move(QUOTE[:-1], **THREAT)], move()) == [None]
    renamed = move(QUOTE[:-1], **THREAT, id="2025-taliban-retreat-4")
    assert found([renamed], move(stem="2025-taliban-retreat")) == [0]


def test_an_edited_quote_stands_for_one_proposal():
    text = ascii_letters
    both = move(text[2:22]), move(text[3:23])
    assert found([move(text[0:20])], *both, text=text) == [0, None]
    entries = [move(text[0:20]), move([("paper", "It was said.")])]
    proposal = move([("wire", text[2:22]), ("paper", "It was said. Twice.")])
    later = move([("paper", "It was said. Again.")])
    assert found(entries, proposal, later, text=text) == [0, 1]
    elsewhere = move([("gazette", "Not there."), ("paper", "It was said. Twice.")])
    assert found(entries, elsewhere, text=text) == [1]
    assert found(entries, move("Not there either."), elsewhere, text=text) == [None, 1]


# --- the same event ------------------------------------------------------------------------


def event(proposal: Trace, *entries: Trace) -> int | None:
    """The place of the entry that tells the same event."""
    events = Events()
    for place, entry in enumerate(entries):
        events.add(place, entry)
    return events.find(proposal)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2025-03", "2025-03-20", True),
        ("2025-03-20", "2025-03-21", False),
        ("2025-03-20..2025-04-10", "2025-04-02", True),
        ("2024-12-20..2025-01-10", "2025-01-05", True),
        ("2024-12-20..2025-01-10", "2024-12-24", True),
        ("2024-12-20..2025-01-10", "2025-01-11", False),
        ("2020..2023", "2022-05-01", True),  # so wide that it isn't looked up by its months
        ("2020..2023", "2019", False),
        ("2020..2023", "2023..2026", True),
        ("2020..2022", "2023..2025", False),
        ("2020-01..2021-12", "2021-12-31", True),
        ("2020-01..2022-01", "2022-01-31", True),
        ("2020-01..2022-02", "2020-01-01", True),
        ("2020-01..2022-02", "2022-03-01", False),
        (None, "2025-03-20", False),
    ],
)
def test_dates_that_can_mean_one_day_are_one_event(one, other, same):
    for entry, proposal in ((one, other), (other, one)):
        assert event(move(paper(), date=proposal), move(date=entry)) == (0 if same else None)


def test_undated_tellings_are_one_only_within_a_report():
    undated = {"date": None}
    assert event(move("Freed.", **undated), move(**undated)) == 0
    assert event(move(paper(), **undated), move(**undated)) is None
    assert event(move("Freed.", **undated), move()) is None
    assert event(move("Freed."), move(**undated)) is None


def test_an_undated_entry_is_known_in_every_report_it_cites():
    events = Events()
    events.add(0, move(date=None))
    both = move([("wire", "Freed."), ("paper", "He was let go.")], date=None)
    assert events.find(move(paper(), date=None)) is None
    assert events.find(both) == 0
    events.cite(0, both)
    assert events.find(move(paper(), date=None)) == 0


def test_what_was_joined_is_told_again_in_one_report_only_in_nearly_the_same_words():
    events = Events()
    events.add(0, move())
    longer = "release of a detained American mechanic"
    assert events.find(move(paper("He is free."), what=longer)) == 0
    events.cite(0, move(paper()))
    assert events.find(move(paper("He is free."), what=longer)) == 0
    assert events.find(move(paper("He is free."), what="release of a mechanic")) is None
    assert events.find(move(paper("He is free."))) == 0
    assert events.find(move(paper())) is None, "one quote that tells two things"
    assert events.find(move([("gazette", "He is free.")], what=longer)) == 0


def test_an_entry_that_shares_the_quote_is_passed_over_for_one_that_does_not():
    assert event(move(), move(), move(paper())) == 1
    assert event(move(), move()) is None


def test_the_likelier_of_two_entries_is_the_one():
    longer = move(paper("Longer."), what="release of a detained American mechanic")
    same = move(paper("Same."))
    assert event(move(), longer, same) == 1
    assert event(move(), same, longer) == 0
    assert event(move(), same, move(paper("Again."))) is None, "either of two"


MATTERS = [
    # one's words within the other's: two of them, or half of all, are enough
    ("an American mechanic", "a detained American mechanic from a hotel at Kabul", True),
    ("the mechanic", "the American mechanic", True),
    ("the mechanic", "the detained American mechanic", False),
    ("mechanic American", "American mechanic", True),
    # otherwise two thirds of all
    ("oil gas coal salt iron", "oil gas coal salt lead", True),
    ("oil gas coal iron", "oil gas coal lead", False),
    ("an American mechanic", "an American teacher", False),
    # numbers
    ("prisoners", "two prisoners", True),
    ("three prisoners", "two prisoners", False),
    ("a prisoner", "two prisoners", False),
    ("another prisoner", "one prisoner", True),
    # what only names the parties says nothing
    ("talks with the USA", "talks of the Taliban", True),
    ("the Taliban", "what the USA wants", False),
    ("the USA", "the USA", True),
    ("", "an American mechanic", False),
]


@pytest.mark.parametrize(("one", "other", "same"), MATTERS)
def test_how_alike_two_matters_must_be(one, other, same):
    for entry, proposal in ((one, other), (other, one)):
        assert event(move(paper(), what=proposal), move(what=entry)) == (0 if same else None)


@pytest.mark.parametrize(
    ("date", "same"),
    [
        ("2025-03", True),  # 31 days
        ("2025-03-01..2025-03-31", True),
        ("2025-03-01..2025-04-01", False),
        ("2025", False),
    ],
)
def test_where_a_date_is_wider_than_a_month_the_words_must_be_the_same(date, same):
    longer = "release of a detained American mechanic"
    for one, other in (({"date": date}, {}), ({}, {"date": date})):
        assert event(move(paper(), what=longer, **other), move(**one)) == (0 if same else None)
        assert event(move(paper(), **other), move(**one)) == 0


@pytest.mark.parametrize(
    ("entry", "proposal", "same"),
    [
        ({"if": "the talks go on"}, {"if": "talks go on"}, True),
        ({"if": "the talks go on"}, {"if": "prisoners are freed"}, False),
        ({"if": "the talks go on"}, {}, True),
        ({}, {"if": "the talks go on"}, True),
        ({"mode": "release"}, {}, True),
        ({}, {"mode": "release"}, True),
        ({"mode": "release"}, {"mode": "withdraw"}, False),
        ({"issue": "prisoners"}, {}, True),
        ({}, {"issue": "prisoners"}, True),
        ({"issue": "prisoners"}, {"issue": "office"}, False),
        ({"to": []}, {}, True),
        ({"to": ["iran"]}, {}, False),
        ({"aspect": "historical"}, {}, True),
        ({"aspect": "future"}, {}, False),
        ({"review": "rejected"}, {}, False),
        ({"sources": []}, {}, False),
        ({"by": []}, {"by": []}, False),
    ],
)
def test_what_else_must_agree(entry, proposal, same):
    assert event(move(paper(), **proposal), move(**entry)) == (0 if same else None)


# --- a standing fact -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "proposal", "same"),
    [
        ({}, {}, True),
        ({"from": "2021-08"}, {"from": "2021-08-31"}, True),
        ({"from": "2021-08"}, {"from": "2021-09"}, False),
        ({"from": "2021-08"}, {}, True),
        ({}, {"from": "2021-08"}, True),
        ({"until": "2025"}, {"until": "2025-03"}, True),
        ({"until": "2025"}, {"until": "2026"}, False),
        ({"until": "2025"}, {}, False),
        ({}, {"until": "2025"}, False),
        ({"from": "2021", "until": "2025"}, {"from": "2020", "until": "2025"}, False),
        ({"value": None}, {}, False),
        ({}, {"value": None}, False),
        ({"value": "open"}, {}, False),
        ({"to": []}, {}, True),
        ({"to": ["iran"]}, {}, False),
        ({"by": ["iran"]}, {}, False),
        ({"attribute": "office"}, {}, False),
        ({"what": "the old building"}, {}, False),
        ({"what": "the building"}, {"what": "the building"}, True),
    ],
)
def test_when_two_reports_tell_one_standing_fact(entry, proposal, same):
    assert event(status(paper(), **proposal), status(**entry)) == (0 if same else None)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, False),
        ({"to": []}, False),
        ({"to": ["iran"]}, True),
        ({"by": ["iran"]}, True),
        ({"attribute": "office"}, True),
        ({"review": "rejected"}, True),
    ],
)
def test_without_a_time_it_is_one_only_while_no_other_value_is_known(other, same):
    opened = status("It opened.", value="open", **other)
    expected = 0 if same else None
    assert event(status(paper()), status(), opened) == expected
    assert event(status(paper(), **{"from": "2021"}), status(), opened) == expected
    assert event(status(paper()), status(**{"from": "2021"}), opened) == expected
    anybody = None if "to" in other else expected  # a fact without a recipient is of any
    assert event(status(paper()), status(to=[]), opened) == anybody
    dated = {"from": "2021"}
    assert event(status(paper(), **dated), status(**dated), opened) == 0
