from __future__ import annotations

import pytest
from norland import CASE, MOVES, REPORTS, make

from detente.brief import build, terminal
from detente.tracking import track


def test_the_terminal_tells_the_same_in_plain_text(brief):
    text = terminal(brief, width=96, color=False)
    assert "\x1b" not in text
    for words in (
        "The Norland and Southmark talks",
        "One report has no date.",
        "In short",
        "What is being asked, and where does it stand?",
        "open · Southmark → Norland · recognition of the border line",
        "reported broken",
        "○ unreviewed",
        "[said not to have happened]",
    ):
        assert words in text
    assert text.endswith("\n")


@pytest.mark.parametrize("width", [10, 40, 80, 200])
def test_no_line_is_wider_than_asked(brief, width):
    longest = max(map(len, terminal(brief, width=width, color=False).splitlines()))
    assert longest <= max(width, 20)


def test_colour_only_where_asked(brief, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in terminal(brief, width=80, color=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1m" in terminal(brief, width=80, color=True)


def test_hostile_text_neither_steers_the_terminal_nor_is_read_as_markup():
    move = {**MOVES[0], "what": "x\x1b[2J\x07 [bold]no[/bold] [/] :smile: \u202eback"}
    record = make(case=CASE, moves=[move], reports=REPORTS)
    text = terminal(build(record, track(record)), width=120, color=False)
    assert not set("\x1b\x07\u202e") & set(text)
    assert "[bold]no[/bold] [/] :smile:" in text


def test_an_empty_record_gets_a_sentence():
    record = make()
    text = terminal(build(record, track(record)), width=80, color=False)
    assert "The record is empty" in text.replace("\n", " ")


def test_a_long_record_says_what_it_leaves_to_the_page():
    moves = [{**MOVES[0], "id": f"m{n}", "date": "2025-01-01"} for n in range(30)]
    record = make(case=CASE, moves=moves, reports=REPORTS)
    text = terminal(build(record, track(record)), width=80, color=False)
    assert "(the last 12 of 32)" in text  # with the agreement and its deadline
