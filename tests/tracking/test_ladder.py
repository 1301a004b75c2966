import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracking_builders import day, record, status

from detente.record.models import RUNGS
from detente.tracking import ladder


def reward(name="s", start=None, until=None, value=None, **more):
    dates = {"from": start, "until": until}
    return status(name, "reward", "usa", "haqqani", value=value, **dates, **more)


def only(*statuses, as_of=None, reports=None):
    (row,) = ladder(record(*statuses, reports=reports), as_of=as_of and day(as_of))
    return row


@pytest.mark.parametrize(
    ("start", "until", "as_of", "value", "certain"),
    [
        ("2016-03-01", None, "2020", "offered", True),
        ("2016-03-01", None, "2016-03-01", "offered", True),
        ("2016-03-02", None, "2016-03", "offered", False),
        ("2016-03-01", None, "2016", "offered", False),
        ("2016", None, "2016-05-01", "offered", False),
        ("2016", "2025-03-22", "2025-03-21", "offered", True),
        ("2016", "2025-03-22", "2025-03-22", "none", True),
        ("2016", "2025-03", "2025-03-22", "offered", False),
        ("2016", "~2025-03", "2025-02-01", "offered", False),
        ("2016", "2025-03", "2025-04", "none", True),
    ],
)
def test_the_value_on_a_day(start, until, as_of, value, certain):
    row = only(reward(start=start, until=until), as_of=as_of)
    assert (row.value, row.certain) == (value, certain)
    assert row.rungs == ("none", "offered")
    assert row.rung == row.rungs.index(value)
    assert row.since == day(start if value == "offered" else until)
    assert row.entries == ("s",)


def test_nothing_before_it_begins():
    made = record(reward(start="2016"), reward("t"), reports={"r": "2025-01-01"})
    assert ladder(made, as_of=day("2015")) == ()


def test_one_without_a_beginning_holds_from_its_first_report():
    told = {"r": "2025-03-10"}
    assert only(reward(), as_of="2025-03-10", reports=told).certain
    assert not only(reward(), as_of="2025-03", reports=told).certain
    assert not only(reward(), as_of="2025-03").certain
    assert only(reward(), reports=told).value == "offered"
    assert only(reward(), reports=told).certain
    assert only(reward()).certain


def test_without_a_day_the_latest_known_date_counts():
    made = record(
        reward(start="2016", until="2025-03-22"),
        status("o", "office", "taliban", "usa", **{"from": "2019"}, until="2030"),
        reports={"r": "2025-04-07"},
    )
    assert {row.attribute: row.value for row in ladder(made)} == {
        "office": "open",
        "reward": "none",
    }


def test_a_newer_value_supersedes_what_nobody_reported_since():
    old = status(
        "old", "embassy", "taliban", "usa", value="open", reports="then", **{"from": "1990"}
    )
    new = status(
        "new", "embassy", "taliban", "usa", value="closed", reports="now", **{"from": "2022"}
    )
    row = only(old, new, reports={"then": "2019", "now": "2025"})
    assert (row.value, row.since, row.entries, row.contested) == (
        "closed",
        day("2022"),
        ("new",),
        (),
    )
    row = only(old, new, as_of="2020", reports={"then": "2019", "now": "2025"})
    assert row.value == "open"


def test_reports_that_contradict_each_other_are_both_kept():
    gone = reward("gone", start="2025-03-22", value="none", reports="wire")
    stands = reward("stands", start="2016", reports="page")
    row = only(gone, stands, reports={"wire": "2025-03-24", "page": "2025-03-26"})
    assert (row.value, row.rung, row.since) == (None, None, None)
    assert row.contested == ("none", "offered")
    assert set(row.entries) == {"gone", "stands"}
    assert not row.certain


def test_a_superseding_value_that_has_ended_brings_the_old_one_not_back():
    old = status("old", "office", "taliban", "usa", value="requested", **{"from": "2010"})
    new = status("new", "office", "taliban", "usa", value="open", **{"from": "2013"}, until="2014")
    row = only(old, new, as_of="2020", reports={"r": "2012"})
    assert (row.value, row.since) == ("none", day("2014"))


def test_a_sure_value_is_believed_over_a_possible_one():
    sure = reward("sure", start="2016", until="2025-06-01", reports="a")
    maybe = reward("maybe", start="2025-03", value="none", reports="b")
    row = only(sure, maybe, as_of="2025-03-15", reports={"a": "2025-05", "b": "2025-06"})
    assert (row.value, row.certain, row.entries) == ("offered", False, ("sure",))


def test_an_absence_that_ended_leaves_the_value_unknown():
    row = only(status("s", "recognition", "russia", "taliban", value="none", until="2025-07-03"))
    assert (row.value, row.certain, row.entries) == (None, False, ("s",))


def test_there_is_a_row_for_each_pair_and_each_matter():
    made = record(
        status("d1", "detainee", "taliban", "usa", what="George Glezmann"),
        status("d2", "detainee", "taliban", "usa", what="Faye Hall"),
        status("d3", "detainee", "taliban", "usa", what="the Faye Hall"),
        status("e", "ambassador", "taliban", "china uae", what="a representative"),
        status("w", "office", "taliban"),
    )
    rows = [(row.attribute, row.by, row.to, row.what) for row in ladder(made)]
    assert rows == [
        ("ambassador", "taliban", "china", "a representative"),
        ("ambassador", "taliban", "uae", "a representative"),
        ("office", "taliban", None, None),
        ("detainee", "taliban", "usa", "Faye Hall"),
        ("detainee", "taliban", "usa", "George Glezmann"),
    ]


def test_agreeing_reports_are_one_value_since_the_earliest():
    row = only(reward("a", start="2017"), reward("b", start="2016"))
    assert (row.value, row.since, row.entries) == ("offered", day("2016"), ("a", "b"))


dates = st.sampled_from([None, "2016", "2020-02", "2020-02-29", "2025-03-22"])


@given(st.lists(st.tuples(dates, st.sampled_from(RUNGS["embassy"]))), dates)
def test_a_row_has_a_value_or_says_why_not(drawn, as_of):
    made = record(
        *(
            status(f"s{i}", "embassy", "a", "b", value=value, **{"from": start})
            for i, (start, value) in enumerate(drawn)
        ),
        reports={"r": "2025"},
    )
    rows = ladder(made, as_of=as_of and day(as_of))
    assert len(rows) <= 1
    for row in rows:
        assert row.entries
        assert (row.value is None) == bool(row.contested)
        assert len(row.contested) != 1
        assert row.rung is None or row.rungs[row.rung] == row.value
