import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.record.matter import agrees, amount, covers, falls_short, words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("release of George Glezmann", "George Glezmann", True),
        ("release of American Faye Hall", "release of American George Glezmann", False),
        ("release of American prisoners", "release of Afghan prisoners", False),
        ("diplomatic recognition", "recognition", True),
        ("opening of an office", "an office in the United States", True),
        ("rewards on three leaders", "a reward", True),
        ("frozen funds", "military equipment", False),
        ("release", "withdrawal", False),
        ("the release", "his release", True),
        ("the release", "a release", False),  # the act's own noun says nothing of its matter
        ("of the", "of the", True),
        ("of the", "by a", False),
        ("освобождение пленных", "пленных", True),
    ],
)
def test_agrees(one, other, same):
    assert agrees(one, other) is same
    assert agrees(other, one) is same


@given(st.text(), st.text())
def test_agreement_is_symmetric_and_everything_agrees_with_itself(one, other):
    assert agrees(one, other) == agrees(other, one)
    assert agrees(one, one)


def test_words_are_content_words_without_numbers():
    assert words("the release of two of its 5,000 Prisoners’ bodies") == {"prisoner", "body"}
    assert words("release") == {"release"}


@pytest.mark.parametrize(
    ("what", "number"),
    [
        ("two Americans", 2),
        ("5,000 prisoners", 5000),
        ("two of the ten men", 2),
        ("2 of 10 men", 2),
        ("ten prisoners and two guards", None),
        ("the 2020 agreement", None),
        ("2,020 men", 2020),
        ("someone", None),
        ("often", None),
        ("3.5 billion", None),
        ("", None),
    ],
)
def test_amount(what, number):
    assert amount(what) == number


@pytest.mark.parametrize(
    ("given_", "asked", "all_of_it"),
    [
        ("release of ten prisoners", "release of ten prisoners", True),
        ("release of two of ten prisoners", "release of ten prisoners", False),
        ("release of prisoners", "release of all prisoners", False),
        ("release of all prisoners", "release of all prisoners", True),
        ("release of an American mechanic", "release of Americans", False),
        ("release of an American", "release of Americans", False),
        ("George Glezmann", "release of the mechanic George Glezmann", True),
        ("Faye Hall", "George Glezmann", False),
    ],
)
def test_covers(given_, asked, all_of_it):
    assert covers(given_, asked) is all_of_it


def test_falls_short_needs_words_that_say_so():
    assert not falls_short("an embassy", "better ties")
    assert falls_short("some prisoners", "all prisoners")
