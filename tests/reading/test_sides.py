"""Who acts and to whom where the words beside the verb do not say."""

import pytest

from detente.reading.read import read_text
from detente.reading.who import places


def surest(text):
    return max(read_text(text).moves, key=lambda move: move.confidence)


def codes(actors):
    return [actor.code for actor in actors]


FURTHER = [
    # text, type, by, to
    ("Peru threatened to use force unless Chile withdrew.", "THREATEN", ["PER"], ["CHL"]),
    ("Peru agreed to send aid to Chile and Bolivia.", "AGREE", ["PER"], ["CHL", "BOL"]),
    ("Opposition groups in Chad demanded reforms.", "REQUEST", ["tcd-opposition"], []),
    ("A newspaper based in Lagos accused Chad of fraud.", "ACCUSE", ["nga-press"], ["TCD"]),
    ("Norwegian troops were put on alert in Lima.", "MOBILIZE", ["NOR"], ["PER"]),
    ("Turkish police arrested Turkish students.", "COERCE", ["TUR"], ["TUR"]),
    ("Chile's delegation met its Peruvian counterpart.", "CONSULT", ["CHL", "PER"], []),
    ("Demonstrators in Lima blocked a road.", "PROTEST", ["per-people"], ["PER"]),
]


@pytest.mark.parametrize(("text", "type_", "by", "to"), FURTHER, ids=[f[0] for f in FURTHER])
def test_sides_are_looked_for_further_in_the_clause(text, type_, by, to):
    move = surest(text)
    assert move.type == type_
    assert codes(move.by) == by
    assert codes(move.to)[: len(to)] == to


def test_the_other_side_is_taken_from_the_sentence_before():
    text = "Chad and Niger have quarrelled over the lake for years. On Monday Chad agreed to pay."
    assert codes(surest(text).to) == ["NER"]


def test_talks_that_name_nobody_are_between_the_two_sides_just_spoken_of():
    text = "Chad and Niger quarrelled over the lake for years. The talks were resumed on Monday."
    move = next(m for m in read_text(text).moves if m.type == "CONSULT")
    assert codes(move.by) == ["TCD", "NER"]


def test_saying_that_another_must_act_is_a_demand():
    move = surest("Russia said on Tuesday that Chad must return the helicopter.")
    assert (move.type, codes(move.by), codes(move.to)) == ("REQUEST", ["RUS"], ["TCD"])


def test_saying_that_one_will_not_act_is_a_refusal():
    move = surest("Peru says it will not take in any more refugees from Chile.")
    assert (move.type, codes(move.by), codes(move.to)) == ("REJECT", ["PER"], ["CHL"])


def test_people_of_another_state_belong_to_where_they_live():
    move = surest("Up to 100 ethnic Albanians demonstrated in Serbia on Tuesday.")
    assert codes(move.by) == ["srb-people"]


@pytest.mark.parametrize(
    ("name", "code"), [("Lagos", "NGA"), ("Goražde", "BIH"), ("Gorazde", "BIH"), ("Sindh", "PAK")]
)
def test_towns_and_provinces_lie_in_a_state(name, code):
    assert places.state_of(name) == code


@pytest.mark.parametrize("word", ["Gulf", "Central", "Reading", "Of", "Nowhereville"])
def test_ordinary_words_are_no_places(word):
    assert places.state_of(word) is None


def test_a_place_is_no_party():
    found = read_text("The talks were held in Lagos.").parties
    assert found == ()
