"""Confidence: a probability, weighed from signs that the move carries with it."""

import pytest

from detente.reading.read import read_text
from detente.reading.what import confidence


def test_it_grows_with_the_rules_weight():
    low, high = confidence.of(0.3, ()), confidence.of(0.9, ())
    assert low < high


@pytest.mark.parametrize("weight", [0.0, 0.05, 0.5, 1.0])
def test_it_stays_within_its_bounds(weight):
    assert confidence.LOWEST <= confidence.of(weight, ["unheard of"]) <= confidence.HIGHEST


def test_every_fitted_sign_is_one_the_reader_gives():
    text = """Chad freed two Swiss hostages. Peru threatened to attack Chile unless it withdrew.
    The fighters were being held. Peru may send troops to Bolivia, which it attacked in 1979.
    Russia said that Chad must leave. An attack on Mali by Niger took place on Monday."""
    moves = read_text(text).moves
    given = {sign for move in moves for sign in move.signs}
    assert len(given & set(confidence.fitted())) >= 10
    for move in moves:
        assert move.confidence == confidence.of(move.weight, move.signs)


def test_a_main_clause_is_surer_than_one_inside_another():
    weight, common = 0.8, ["ASSAULT", "actual"]
    main = confidence.of(weight, [*common, "main clause"])
    assert main > confidence.of(weight, [*common, "adverbial clause", "deep"])
