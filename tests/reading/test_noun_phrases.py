"""What a move is about, whether a demand asks for it, and acts that are told twice."""

import pytest

from detente.reading.read import read_text
from detente.record import matter
from detente.record.plover import MoveType


def surest(text):
    return max(read_text(text).moves, key=lambda move: move.confidence)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Peru demanded that Chile withdraw its troops.", "withdrawal of its troops"),
        ("Peru urged Chile to stop the shelling.", "an end to the shelling"),
        ("Peru called on Chile not to build the dam.", "building the dam"),
        ("Peru demanded that Chile reject any amnesty for officials.", "amnesty for officials"),
        ("Peru thanked Norway for its help.", "its help"),
        ("Peru freed two Chilean pilots.", "release of two Chilean pilots"),
        ("Gunmen in Peru killed ten villagers.", "killing of ten villagers"),
        ("Peru is prepared to hold talks with Chile.", "talks with Chile"),
        ("Peru accused Chile on Monday.", ""),
        ("Peru met Chile on Monday.", ""),
    ],
)
def test_a_matter_is_a_noun_phrase_or_empty(text, what):
    assert surest(text).what == what


def test_an_empty_matter_is_recorded_as_the_act():
    assert matter.general(MoveType.CONSULT, None) == "talks"
    assert matter.general(MoveType.CONSULT, "visit") == "a visit"
    assert matter.general(MoveType.COERCE, "arrest") == "an arrest"


def test_the_mere_noun_of_an_act_tells_no_two_apart():
    assert not matter.agrees("a demand", "a demand")
    assert matter.agrees("the demand for grain", "grain")


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Peru demanded that Chile reject the offer.", "against"),
        ("Peru urged Chile not to sign the treaty.", "against"),
        ("Peru urged Chile not to reject the treaty.", None),
        ("Peru demanded the rejection of the treaty.", "against"),
        ("Peru demanded an amnesty for its pilots.", None),
        ("Peru asked Chile to lift the embargo.", None),
        ("Peru accused Chile of shelling a village.", None),
    ],
)
def test_stance(text, stance):
    assert surest(text).stance == stance


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Airstrikes by Chad killed ten people in Niger.", ["ASSAULT"]),
        ("A bomb exploded near a Malian convoy, killing two soldiers.", ["ASSAULT"]),
        (
            "A Peruvian court sentenced a Chilean pilot to ten years in prison.",
            ["COERCE", "SANCTION"],
        ),
        ("Peru postponed the talks with Chile.", ["REJECT"]),
        ("Peru would not accept an amnesty.", ["REJECT"]),
        ("Peru is not interested in talks with Chile.", ["REJECT"]),
        ("Peru presented a peace plan to Chile.", ["AGREE"]),
        ("Peru set terms for talks with Chile.", ["REQUEST"]),
        ("Niger's troops laid siege to the Malian embassy.", ["COERCE"]),
        ("The president of Chad decreed a curfew.", ["COERCE"]),
        ("Peru is prepared to test a missile.", ["MOBILIZE"]),
        ("Peru is ready to attack Chile.", ["THREATEN"]),
        ("Soldiers from Niger encircled the embassy of Ghana.", ["COERCE"]),
        ("The envoy of Peru asked whether the road was open.", []),
        ("Peru agreed with Chile that the talks were useful.", []),
    ],
)
def test_each_act_once(text, types):
    assert sorted(move.type.value for move in read_text(text).moves) == types


def test_war_warned_of_on_a_day():
    move = surest("Peru warned on Sunday of war if Chile closed the border.")
    assert (move.type, move.mode) == ("THREATEN", "violence")
