"""The page the first case comes from: what it must yield, and what it must not."""

from pathlib import Path

import pytest

from detente.reading.read import read_text
from detente.record.dates import PartialDate

PAGE = Path(__file__).parents[3] / "shared" / "reading" / "mission_report.txt"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the shared folder is not there")


@pytest.fixture(scope="module")
def reading():
    return read_text(PAGE.read_text(encoding="utf-8"), date=PartialDate.parse("2025-04-07"))


def told(reading, type_, by=None, to=None, words="", aspects=("actual", "historical")):
    """The moves of one type between two parties whose quote or matter has some words."""
    return [
        move
        for move in reading.moves
        if move.type == type_
        and move.aspect in aspects
        and (by is None or by in {actor.code for actor in move.by})
        and (to is None or to in {actor.code for actor in move.to})
        and words.lower() in f"{move.quote} {move.what}".lower()
    ]


EXPECTED = [
    ("asks for recognition", "REQUEST", "taliban", None, "recogni"),
    ("asks to open an office", "REQUEST", "taliban", "USA", "office"),
    ("asks for the prisoners at Guantanamo", "REQUEST", "taliban", None, "Guantanamo"),
    ("asks for frozen money", "REQUEST", None, None, "billions of dollars"),
    ("frees Faye Hall", "RETREAT", "taliban", "USA", "Faye Hall"),
    ("frees George Glezmann", "RETREAT", None, None, "Glezmann"),
    ("frees two more", "RETREAT", "taliban", None, "two other Americans"),
    ("Qatar mediates", "CONSULT", "QAT", None, "mediated"),
    ("the US lifts the rewards", "CONCEDE", "USA", None, "rewards"),
    ("the US threatens larger rewards", "THREATEN", "USA", None, "rewards"),
    ("demands the equipment back", "REQUEST", "USA", "taliban", "equipment"),
    ("the group refuses", "REJECT", "taliban", None, "refused"),
    ("the agreement of 2020", "AGREE", "USA", None, "agreement"),
    ("forces withdrawn in 2021", "RETREAT", "USA", None, "removed its forces"),
    ("the strike of 2022", "ASSAULT", "USA", None, "al-Zawahiri"),
    ("the invitation", "REQUEST", "USA", "taliban", "invited"),
    ("the invitation cancelled", "SANCTION", "USA", None, "canceled the negotiations"),
]


@pytest.mark.parametrize(
    ("type_", "by", "to", "words"), [row[1:] for row in EXPECTED], ids=[row[0] for row in EXPECTED]
)
def test_finds(reading, type_, by, to, words):
    assert told(reading, type_, by, to, words)


def test_the_threat_has_its_condition(reading):
    (threat,) = told(reading, "THREATEN", words="rewards")
    assert threat.condition is not None
    assert "all Americans are not released" in threat.condition


def test_the_commitment_on_other_groups(reading):
    quotes = [move.quote for move in reading.moves if "reorganizing" in move.quote]
    assert quotes


def test_ambassadors_offices_and_the_closed_embassy(reading):
    facts = {
        (s.attribute, s.value, s.by[0].code, s.to[0].code if s.to else None)
        for s in reading.statuses
        if s.by
    }
    assert ("ambassador", None, "taliban", "CHN") in facts
    assert ("ambassador", None, "taliban", "ARE") in facts
    assert any(fact[:3] == ("office", None, "taliban") for fact in facts)
    assert any(fact[:2] == ("embassy", "closed") for fact in facts)


@pytest.mark.parametrize(
    "words",
    [
        "US recognizing the group as the official government",
        "Establishing formal diplomatic ties",
        "No country has recognized the Taliban",
        "its reopening under the Taliban government",
        "without demanding any prisoners exchange",
        "If all Americans are not released",
    ],
)
def test_not_reported_as_done(reading, words):
    """What is only possible, denied or asked for never stands as a deed."""
    done = [
        move
        for move in reading.moves
        if move.aspect.happened
        and move.type in {"SUPPORT", "CONCEDE", "RETREAT", "AID", "COOPERATE"}
        and move.quote in words
    ]
    assert not done


def test_unnamed_speakers_are_kept_apart(reading):
    keys = {}
    for said in reading.statements:
        if not said.speaker.named:
            keys.setdefault(said.speaker.text, set()).update(said.speaker.key.split("+"))
    second = set.union(*(k for text, k in keys.items() if "second person" in text))
    officer = set.union(*(k for text, k in keys.items() if "American officer" in text))
    alone = {text: k for text, k in keys.items() if text.startswith("the second person")}
    assert alone and all(len(k) == 1 for k in alone.values())
    assert all(k <= second and not k & officer for k in alone.values())


def test_offsets_are_exact(reading):
    for found in (*reading.moves, *reading.statuses):
        assert reading.text[found.start : found.end] == found.quote
    for said in reading.statements:
        assert reading.text[said.start : said.end] == said.content
    for party in reading.parties:
        for mention in party.mentions:
            assert reading.text[mention.start : mention.end] == mention.text
