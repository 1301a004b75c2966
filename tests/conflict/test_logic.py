"""The statements' small logic: what it means, and where it goes wrong."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflict.models import statement
from conflict.oracle import truth
from detente.solve.conflict.logic import StatementError, parse

OPTIONS = ["a", "b", "release_water", "c-1", "d.x"]


@given(st.integers(0, 2**40))
def test_means_what_python_means(seed: int) -> None:
    text = statement(random.Random(seed), OPTIONS)
    parsed = parse(text, OPTIONS)
    for bits in product([False, True], repeat=len(OPTIONS)):
        taken = dict(zip(OPTIONS, bits, strict=True))
        assert parsed.value(taken.__getitem__) is truth(text, taken), text


@pytest.mark.parametrize(
    "text, same",
    [
        ("not a and b", "(not a) and b"),
        ("a or b and c", "a or (b and c)"),
        ("if a or b then c and a", "if (a or b) then (c and a)"),
        ("a or b iff c", "(a or b) iff c"),
        ("not not a", "a"),
        ("(if a then b) iff c", "((if a then b)) iff (c)"),
    ],
)
def test_what_binds_tighter(text: str, same: str) -> None:
    for bits in product([False, True], repeat=3):
        taken = dict(zip("abc", bits, strict=True))
        one, other = parse(text), parse(same)
        assert one.value(taken.__getitem__) == other.value(taken.__getitem__)


@pytest.mark.parametrize(
    "text, marked, said",
    [
        ("a and", "a and>>>", "ends too early"),
        ("a b", "a >>>b", "not joined"),
        ("(a or b", "(a or b>>>", "not closed"),
        ("a)", "a>>>)", "closes nothing"),
        ("a & b", "a >>>& b", "`&` can't stand"),
        ("a and atack", "a and >>>atack", "unknown option `atack`"),
        ("a iff b iff c", "a iff b >>>iff c", "needs parentheses"),
        ("if a then if b then c", "if a then >>>if b", "needs parentheses"),
        ("not if a then b", "not >>>if a", "needs parentheses"),
        ("if a and b", "if a and b>>>", "`then` is missing"),
        ("a then b", "a >>>then b", "without its `if`"),
        ("a AND b", "a >>>AND b", "not joined"),
        ("", ">>>", "empty statement"),
        ("(" * 500 + "a" + ")" * 500, ">>>((", "nested too deeply"),
        ("2a", ">>>2a", "`2` can't stand"),
        ("or a", ">>>or a", "`or` where a name belongs"),
    ],
)
def test_where_it_goes_wrong(text: str, marked: str, said: str) -> None:
    with pytest.raises(StatementError) as caught:
        parse(text, ["a", "b", "c", "attack"])
    assert marked in caught.value.marked
    assert said in caught.value.what
    assert caught.value.do


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(StatementError) as caught:
        parse("a and atack", ["a", "attack"])
    assert "Did you mean `attack`?" in caught.value.do


def test_a_keyword_in_capitals_is_explained() -> None:
    with pytest.raises(StatementError) as caught:
        parse("a and NOT", ["a"])
    assert "small letters" in caught.value.do
