from __future__ import annotations

import pytest

from detente.brief import words
from detente.errors import clean
from detente.record import plover
from detente.record.dates import PartialDate
from detente.record.models import RUNGS, SaidBy
from detente.record.plover import Aspect, MoveType
from detente.tracking.views import CommitmentStatus, DemandState, Role

EVERY_MOVE = [(type_, mode) for type_ in MoveType for mode in (None, *plover.modes(type_))]


@pytest.mark.parametrize(("type_", "mode"), EVERY_MOVE)
def test_every_type_and_mode_has_words_of_its_own(type_, mode):
    assert (type_, mode) in words._ACTS


@pytest.mark.parametrize(("type_", "mode"), EVERY_MOVE)
def test_what_has_not_happened_is_never_worded_as_done(type_, mode):
    done = words.act(type_, mode, Aspect.ACTUAL)
    assert words.act(type_, mode, Aspect.FUTURE).startswith("planned or expected to ")
    assert words.act(type_, mode, Aspect.HYPOTHETICAL).startswith("would or might ")
    assert words.act(type_, mode, Aspect.NEGATED).startswith("reportedly did not ")
    for aspect in (Aspect.FUTURE, Aspect.HYPOTHETICAL, Aspect.NEGATED):
        assert words.act(type_, mode, aspect) != done
        assert words.ASPECT_LABELS[aspect]


def test_every_word_of_the_other_rooms_has_a_reader_s_word():
    assert set(words.ROLES) == set(Role)
    assert set(words.DEMAND_STATES) == set(DemandState)
    assert set(words.COMMITMENT_STATES) == set(CommitmentStatus)
    assert set(words.ASPECT_LABELS) == set(Aspect)
    assert set(words.ATTRIBUTES) == set(RUNGS)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-03-20", "20 March 2025"),
        ("2025-03", "March 2025"),
        ("2025", "2025"),
        ("~2025-03", "about March 2025"),
        ("2025-03-10..2025-03-25", "10–25 March 2025"),
        ("2025-03-10..2025-04-04", "10 March – 4 April 2025"),
        ("2024-12-30..2025-01-02", "30 December 2024 – 2 January 2025"),
        ("2025-03..2025-05", "March–May 2025"),
        ("2019..2021", "2019–2021"),
    ],
)
def test_dates_as_a_reader_says_them(written, read):
    assert words.date(PartialDate.parse(written)).replace("\u00a0", " ") == read


def test_a_date_under_its_year_leaves_the_year_out_but_never_becomes_empty():
    assert words.date(PartialDate.parse("2025-03"), within=2025) == "March"
    assert words.date(PartialDate.parse("2025"), within=2025) == "2025"
    assert words.date(PartialDate.parse("2025-03"), within=2024).endswith("2025")
    assert words.date(None) == "no date"


def test_ratings_are_spelt_out_and_an_unjudged_credibility_is_not_guessed():
    assert words.rating("C", 3) == ("C3", "fairly reliable; possibly true")
    assert words.rating("B", None) == ("B", "usually reliable; credibility not judged")


def test_speakers_are_named_or_said_not_to_be():
    envoy = SaidBy(name="Ana Lorca", role="envoy", named=True)
    assert words.speaker(envoy) == "Ana Lorca, envoy"
    assert words.speaker(SaidBy(role="US official")) == "US official (not named)"


@pytest.mark.parametrize("given", ["if all are freed", "all are freed.", "If all are freed"])
def test_a_condition_reads_as_one(given):
    assert words.condition(given).lower() == "if all are freed"
    assert words.condition("unless they go") == "unless they go"
    assert words.condition(None) == ""


def test_plot_labels_do_not_let_words_pass_for_deeds():
    release = "release of six officers"
    assert words.label(MoveType.RETREAT, Aspect.ACTUAL, release) == release
    assert words.label(MoveType.RETREAT, Aspect.NEGATED, release) == f"denied: {release}"
    assert words.label(MoveType.REQUEST, Aspect.ACTUAL, release) == f"asked: {release}"
    assert words.label(MoveType.REJECT, Aspect.ACTUAL, release) == f"refused: {release}"


def test_numbers_and_lists():
    assert [words.score(x) for x in (6.5, -3.0, 0.0, -0.0)] == ["+6.5", "−3", "0", "0"]
    assert words.total(0.1 + 0.2 - 0.3) == "0"
    assert words.listed([]) == ""
    assert words.listed(["A", "B", "C"]) == "A, B and C"
    assert words.parties([], ["B"]) == "actor not named → B"
    assert words.counted(0, "report") == "no report"
    assert words.counted(2, "entry", "entries") == "2 entries"


def test_cleaning_takes_out_what_steers_a_terminal_or_turns_words_round():
    assert clean("a\x1b[31mb\x00c\ud800") == "a�[31mb�c�"
    assert clean("\u202eabc\u2066") == "abc"
    assert clean("عربي 🕊️\n") == "عربي 🕊️\n"
