"""Partial dates: what they span, how they sort, what is certain about them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.record.dates import PATTERN, PartialDate, shift

D = PartialDate.parse
days = st.dates(date(2, 1, 1), date(9998, 12, 31))


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025-03-20", "2025-03-20", "2025-03-20"),
        ("2025-03", "2025-03-01", "2025-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-03-10..2025-03-25", "2025-03-10", "2025-03-25"),
        ("2024..2025-03", "2024-01-01", "2025-03-31"),
        ("2025-03..2025", "2025-03-01", "2025-12-31"),
        ("2025..2025-03", "2025-01-01", "2025-03-31"),
        ("~2025", "2024-01-01", "2026-12-31"),
        ("~2025-03", "2025-02-01", "2025-04-30"),
        ("~2025-01", "2024-12-01", "2025-02-28"),
        ("~2025-03-20", "2025-03-13", "2025-03-27"),
        ("~2025-03-10..2025-04", "2025-03-03", "2025-05-31"),
        ("~0001", "0001-01-01", "0002-12-31"),
        ("~9999-12-31", "9999-12-24", "9999-12-31"),
    ],
)
def test_what_a_date_spans(text: str, earliest: str, latest: str) -> None:
    read = D(text)
    assert (read.earliest.isoformat(), read.latest.isoformat()) == (earliest, latest)
    assert read.approximate == text.startswith("~")
    assert str(read) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025-02-29", "impossible date '2025-02-29': that month has 28 days"),
        ("2025-13", "there is no month 13"),
        ("2025-00-10", "there is no month 0"),
        ("2025-04-31..2025-05", "impossible date '2025-04-31..2025-05': that month has 30 days"),
        ("0000", "there is no year 0"),
        ("2025-3-1", "did you mean 2025-03-01?"),
        ("2025/03/01", "did you mean 2025-03-01?"),
        ("2025/13/45", "impossible date '2025/13/45': there is no month 13"),
        ("20 March 2025", "write it as 2025-03-20,"),
        ("20.3.2025", "write it as"),
        ("2025-03-01T10:00", "write it as"),
        ("", "not a date"),
        ("~", "not a date"),
        ("..", "not a date"),
        ("2025..", "not a date"),
        ("2025..2026..2027", "not a date"),
        ("2025...2026", "not a date"),
        ("2025-04..2025-03", "ends before it begins; swap its two dates"),
        ("２０２５", "not a date"),
    ],
)
def test_what_is_no_date(text: str, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        D(text)
    assert words in str(caught.value)


def test_order_is_by_earliest_then_latest_then_exactness() -> None:
    texts = ["2024", "2025-01-01", "2025-01", "2025", "2025-02", "~2025-03", "2025-03-01"]
    assert sorted(map(D, reversed(texts))) == [
        D(t) for t in ("2024", "2025-01-01", "2025-01", "2025", "2025-02", "~2025-03", "2025-03-01")
    ]
    assert D("2025-03") == D("2025-03-01..2025-03-31")
    assert hash(D("2025-03")) == hash(D("2025-03-01..2025-03-31"))
    assert D("2025-03") != "2025-03"


def test_what_is_certain_and_what_is_possible() -> None:
    assert D("2025-02").before(D("2025-03"))
    assert not D("2025-03").before(D("2025-03-20"))
    assert D("2025").agrees(D("2025-03-20")) and D("~2025-03").agrees(D("2025-04-30"))
    assert not D("~2025-03").agrees(D("2025-05"))


partial = st.builds(
    lambda day, width, about: D(
        ("~" if about else "") + (day.isoformat()[:width] if width else f"{day}..{day}")
    ),
    days,
    st.sampled_from([0, 4, 7, 10]),
    st.booleans(),
)


@given(partial, partial)
def test_order_and_certainty_agree(a: PartialDate, b: PartialDate) -> None:
    assert sum([a < b, a == b, a > b]) == 1
    assert sum([a.before(b), b.before(a), a.agrees(b)]) == 1
    assert not a.before(b) or a < b


@given(partial)
def test_a_date_is_read_back_from_its_text(a: PartialDate) -> None:
    import re

    assert D(str(a)) == a == D(a)
    assert re.fullmatch(PATTERN, str(a))
    assert a.is_exact == (a.earliest == a.latest)


@given(days, st.integers(0, 2000))
def test_between_spans_exactly_the_days_given(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(9998, 12, 31))
    between = PartialDate.between(first, last)
    assert (between.earliest, between.latest) == (first, last)


def test_between_is_brief() -> None:
    assert str(PartialDate.between(date(2025, 3, 1), date(2025, 3, 31))) == "2025-03"
    assert str(PartialDate.between(date(2025, 1, 1), date(2025, 12, 31))) == "2025"
    assert str(PartialDate.between(date(2024, 1, 1), date(2025, 12, 31))) == "2024..2025"
    assert str(PartialDate.between(date(2025, 1, 1), date(2025, 2, 28))) == "2025-01..2025-02"


def test_shift_stays_inside_the_month() -> None:
    assert shift(date(2024, 1, 31), months=1) == date(2024, 2, 29)
    assert shift(date(2024, 3, 31), months=-1) == date(2024, 2, 29)
    assert shift(date(2024, 1, 15), months=-1, days=-15) == date(2023, 11, 30)


@given(days, st.integers(-500, 500))
def test_shifting_by_months_changes_the_month_by_as_many(day: date, months: int) -> None:
    try:
        moved = shift(day, months=months)
    except ValueError:
        return  # out of the calendar
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day <= day.day
