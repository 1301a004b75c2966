"""When: time expressions, the days they mean, and the events they date."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from detente.reading.text import pipeline
from detente.reading.when.dating import When, dateline, time_expressions
from detente.reading.when.timewords import RULES, Frame, Rule, find, resolve
from detente.record.dates import PartialDate

WEDNESDAY = PartialDate.parse("2025-08-20")


def parsed(text: str) -> Doc:
    return pipeline.parse(text, pipeline.load())


def token(doc: Doc, word: str) -> Token:
    return next(each for each in doc if each.text == word)


def dated(text: str, *words: str, anchor: PartialDate | None = WEDNESDAY) -> list[str | None]:
    """The dates of the events named by their head words, as written."""
    doc = parsed(text)
    when = When(doc, anchor)
    dates = [when.date_of(token(doc, word)) for word in words]
    return [str(found) if found else None for found in dates]


# --- wordings -----------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_wording_dates_its_example(rule: Rule) -> None:
    sentence, days = rule.example
    assert rule.name in [found.rule.name for found in find(sentence)]
    doc = parsed(sentence)
    main = [each for each in doc if each.dep_ == "ROOT"][-1]
    found = When(doc, WEDNESDAY).date_of(main)
    assert (str(found) if found else None) == days


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("March 20, 2025", "2025-03-20"),
        ("Friday, July 18, 2025", "2025-07-18"),
        ("22 of May", "2025-05-22"),
        ("the 22nd of May 2024", "2024-05-22"),
        ("May 3-5", "2025-05-03..2025-05-05"),
        ("3 to 5 May", "2025-05-03..2025-05-05"),
        ("Feb. 29", "2024-02-29"),
        ("mid-March", "2025-03-11..2025-03-20"),
        ("early 2020", "2020-01..2020-04"),
        ("late 2024", "2024-09..2024-12"),
        ("the late 1980s", "1987..1989"),
        ("October last year", "2024-10"),
        ("July of the year past", "2024-07"),
        ("Tuesday last week", "2025-08-12"),
        ("last Wednesday", "2025-08-13"),
        ("Wednesday", "2025-08-20"),
        ("the next Saturday", "2025-08-23"),
        ("last week", "2025-08-11..2025-08-17"),
        ("last year", "2024"),
        ("earlier this month", "2025-08-01..2025-08-20"),
        ("last night", "2025-08-19"),
        ("today’s date", "2025-08-20"),
        ("two days ago", "2025-08-18"),
        ("ten years ago", "2015"),
        ("several weeks ago", None),
        ("more than two weeks ago", None),
        ("30 February 2025", None),
        ("03/04/2025", None),
        ("03.04.2025", "2025-04-03"),
        ("2025-13-45", None),
        ("5000 years ago", None),
    ],
)
def test_what_a_wording_means_in_a_report_of_that_day(words: str, days: str | None) -> None:
    (found,) = find(words)
    span = resolve(found, Frame(date(2025, 8, 20)))
    assert (str(PartialDate.between(*span)) if span else None) == days


@pytest.mark.parametrize(
    "text",
    [
        "They may march again and sat down.",
        "He paid 1,960 dollars for 2.2024 shares.",
        "The second envoy was a third party.",
        "A day of mourning was held.",
        "They needed one last night of talks.",
    ],
)
def test_other_words_are_no_dates(text: str) -> None:
    assert [found.match[0] for found in find(text) if found.rule.kind == "point"] == []


def test_a_number_of_people_is_no_year() -> None:
    assert time_expressions(parsed("They freed 2000 prisoners."), WEDNESDAY) == []


def test_a_year_in_the_name_of_a_resolution_is_no_date() -> None:
    text = "By its resolution 2369 (2017) the Council extended the mandate."
    assert time_expressions(parsed(text), WEDNESDAY) == []


@given(st.text(alphabet="0123456789/-.:, MayOctlasgoftheweku\n", max_size=80))
def test_any_text_gives_expressions_in_order_and_spans_that_do_not_end_before_they_begin(
    text: str,
) -> None:
    found = find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for each in found:
        span = resolve(each, Frame(date(2025, 8, 20), base=(date(2024, 2, 29), date(2024, 2, 29))))
        assert span is None or span[0] <= span[1]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(["Monday", "May 3", "June"]))
def test_looking_back_ends_by_the_report_and_looking_ahead_does_not(day: date, words: str) -> None:
    (found,) = find("in " + words)
    back, ahead = resolve(found, Frame(day)), resolve(found, Frame(day, ahead=True))
    assert back is not None and ahead is not None
    assert back[0] <= day <= ahead[1]


# --- tense and kinds ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "verb", "days"),
    [
        ("The sides met on Friday in Geneva.", "met", "2025-08-15"),
        ("The sides will meet on Friday in Geneva.", "meet", "2025-08-22"),
        ("They agreed to open talks on Friday.", "open", "2025-08-22"),
        ("Parliament votes on Thursday.", "votes", "2025-08-21"),
        ("Iran frees sailors Monday", "frees", "2025-08-18"),
        ("The truce took effect in October.", "took", "2024-10"),
        ("The truce is to take effect in October.", "take", "2025-10"),
    ],
)
def test_the_tense_says_which_way_a_day_lies(sentence: str, verb: str, days: str) -> None:
    assert dated(sentence, verb) == [days]


def test_a_deadline_dates_only_what_is_still_to_come() -> None:
    assert dated("The army extended the truce until Dec. 31.", "extended") == [None]
    assert dated("They are to hand back Lachin by Dec. 1.", "hand") == ["2025-08-20..2025-12-01"]


def test_kinds_of_expressions() -> None:
    doc = parsed("He must go by Nov. 15; he met them every Friday for two years until May 2024.")
    kinds = [(each.text, each.kind) for each in time_expressions(doc, WEDNESDAY)]
    assert kinds == [
        ("Nov. 15", "deadline"),
        ("every Friday", "frequency"),
        ("for two years", "duration"),
        ("May 2024", "deadline"),
    ]


def test_tokens_of_an_expression_cover_its_words() -> None:
    doc = parsed("On 2025-03-20 they met; late on Thursday they parted.")
    for each in time_expressions(doc, WEDNESDAY):
        assert doc[each.start : each.end].text == each.text


# --- which event --------------------------------------------------------------------------


def test_each_clause_keeps_its_own_date() -> None:
    text = "He said on Monday that Iran had freed the men on Sunday."
    assert dated(text, "said", "freed") == ["2025-08-18", "2025-08-17"]
    text = "The truce, which began last Tuesday, ended on Saturday."
    assert dated(text, "began", "ended") == ["2025-08-19", "2025-08-16"]


def test_what_is_said_does_not_take_the_date_of_the_saying() -> None:
    text = "Washington said on Tuesday that it had dropped the bounty."
    assert dated(text, "said", "dropped") == ["2025-08-19", None]
    text = "Pyongyang said on Thursday it was willing to talk."
    assert dated(text, "said", "was") == ["2025-08-14", None]


def test_what_is_agreed_does_not_take_the_date_of_agreeing() -> None:
    text = "They agreed on Monday to open talks."
    assert dated(text, "agreed", "open") == ["2025-08-18", None]


def test_a_date_inside_a_noun_phrase_stays_there() -> None:
    text = "Nobody has been freed since the Oct. 2 vote."
    assert dated(text, "vote", "freed") == ["2024-10-02", "2024-10-02..2025-08-20"]
    text = "The truce of June 2000 collapsed."
    assert dated(text, "truce", "collapsed") == ["2000-06", None]


def test_an_event_noun_shares_the_date_of_its_light_verb() -> None:
    assert dated("The envoys held talks on Monday.", "talks") == ["2025-08-18"]


def test_coordinated_verbs_share_a_date() -> None:
    text = "On Monday Iran freed the men and dropped the charges."
    assert dated(text, "freed", "dropped") == ["2025-08-18", "2025-08-18"]


def test_a_later_clause_with_its_own_subject_does_not_share_it() -> None:
    text = "The airline resumed flights on July 18, and each country reopened its embassy."
    assert dated(text, "resumed", "reopened") == ["2025-07-18", None]


def test_a_participle_happens_with_its_verb() -> None:
    text = "Thousands marched on Monday, demanding an agreement."
    assert dated(text, "marched", "demanding") == ["2025-08-18", "2025-08-18"]


def test_counting_from_the_date_told_last() -> None:
    text = "On Tuesday the sailors were detained. They were freed the next morning."
    assert dated(text, "freed") == ["2025-08-20"]
    text = (
        "Students seized the embassy in November 1979. Carter broke off ties the following April."
    )
    assert dated(text, "broke") == ["1980-04"]


def test_counting_from_an_event() -> None:
    text = "The accord was signed on May 5. The Union lifted the ban the day after the ceremony."
    assert dated(text, "lifted") == ["2025-05-06"]


def test_counting_back_to_an_event() -> None:
    text = "On June 5, two months after Abiy took office, the coalition accepted the deal."
    assert dated(text, "accepted", "took") == ["2025-06-05", "2025-04"]


def test_counting_from_a_remembered_event() -> None:
    doc = parsed("The mechanic is free. Two days after his release, Washington dropped the bounty.")
    when = When(doc, WEDNESDAY)
    dropped = token(doc, "dropped")
    assert when.date_of(dropped) is None
    when.remember(token(doc, "free"), PartialDate.parse("2025-03-20"), frozenset({"free"}))
    assert when.date_of(dropped) == PartialDate.parse("2025-03-22")


def test_no_date_is_invented() -> None:
    assert dated("Iran freed the sailors.", "freed") == [None]
    assert dated("The council met every Friday.", "met") == [None]
    assert dated("If they are there after Sunday, we will attack.", "attack") == [None]


def test_without_a_date_of_the_report_only_full_dates_are_read() -> None:
    text = "They met on Friday, on May 3 and on 20 March 2025, and met again two days later."
    dates = [str(each.date) for each in time_expressions(parsed(text), None)]
    assert dates == ["None", "None", "2025-03-20", "2025-03-22"]


def test_a_report_known_to_its_month_gives_every_day_it_can_mean() -> None:
    anchor = PartialDate.parse("2025-08")
    assert dated("They met yesterday.", "met", anchor=anchor) == ["2025-07-31..2025-08-30"]


def test_past_years() -> None:
    doc = parsed("The shah had paid before 1979, and the truce of 2024 held until last month.")
    when = When(doc, WEDNESDAY)
    assert when.is_past_year(token(doc, "paid"))
    assert when.is_past_year(token(doc, "truce"))
    assert not when.is_past_year(token(doc, "held"))


# --- forms of report ----------------------------------------------------------------------


def test_a_live_entry_tells_of_its_day() -> None:
    text = (
        "LIVE\n\n01:05 - Hundreds of protesters break into parliament.\n\n"
        "01:40 - The speaker has been beaten. No soldier has been sent. Turkey will help.\n\n"
        "02:00 - The truce took effect at 1 a.m. and Paris apologised for Monday's raid."
    )
    assert dated(text, "break", "beaten", "sent", "help", "took") == [
        "2025-08-20",
        "2025-08-20",
        None,
        None,
        "2025-08-20",
    ]


def test_a_dated_communique_does_what_it_says_on_its_day() -> None:
    text = "Press communique on the talks\n\nANKARA, 20 August 2025 - Turkey welcomes the decision."
    assert dated(text, "welcomes") == ["2025-08-20"]
    assert dated("Turkey welcomes the decision.", "welcomes") == [None]


@pytest.mark.parametrize(
    ("text", "place", "day"),
    [
        ("Truce\n\nBOGOTÁ, Oct 14 - The president", "BOGOTÁ", (None, 10, 14)),
        ("ANKARA, 3 November 2022 - 1. Following", "ANKARA", (2022, 11, 3)),
        ("WASHINGTON (AP) Oct. 3 - He", "WASHINGTON", (None, 10, 3)),
    ],
)
def test_datelines(text: str, place: str, day: tuple[int | None, int, int]) -> None:
    line = dateline(text)
    assert line is not None
    assert (line.place, (line.year, line.month, line.day)) == (place, day)


def test_no_dateline() -> None:
    assert dateline("In Asmara, the cheering was done in July\n\nASMARA — When") is None
    assert dateline("") is None


# --- hand-built ---------------------------------------------------------------------------


def test_a_hand_built_parse() -> None:
    words = ["Iran", "said", "on", "Monday", "it", "freed", "them", "on", "Sunday", "."]
    doc = Doc(
        Vocab(),
        words=words,
        tags=["NNP", "VBD", "IN", "NNP", "PRP", "VBD", "PRP", "IN", "NNP", "."],
        pos=["PROPN", "VERB", "ADP", "PROPN", "PRON", "VERB", "PRON", "ADP", "PROPN", "PUNCT"],
        heads=[1, 1, 1, 2, 5, 1, 5, 5, 7, 1],
        deps="nsubj ROOT prep pobj nsubj ccomp dobj prep pobj punct".split(),
    )
    when = When(doc, WEDNESDAY)
    assert str(when.date_of(doc[1])) == "2025-08-18"
    assert str(when.date_of(doc[5])) == "2025-08-17"


@pytest.mark.parametrize("text", ["", "\n\n", "Friday", "2025-03-20", "May", "two weeks after"])
def test_scraps_of_text(text: str) -> None:
    doc = parsed(text)
    when = When(doc, WEDNESDAY)
    for each in doc:
        when.date_of(each)
        when.is_past_year(each)
