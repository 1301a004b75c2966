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


def test_what_a_report_calls_standing_had_begun_when_it_was_printed():
    """Its date is vague, but by then it stood; a report of what is to come changes nothing."""
    told = {"r": "2016-03-01"}
    assert only(reward(start="2016"), as_of="2016-05-01", reports=told).certain
    assert not only(reward(start="2016"), as_of="2016-02-01", reports=told).certain
    assert ladder(record(reward(start="2016-06"), reports=told), as_of=day("2016-05-01")) == ()


def test_without_a_day_all_that_is_known_has_begun():
    dated = status("e", "embassy", "usa", "taliban", **{"from": "2016-05-01"})
    rows = ladder(record(dated, reward(reports="undated"), reports={"undated": ""}))
    assert [(row.attribute, row.certain) for row in rows] == [("embassy", True), ("reward", True)]


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


def test_what_was_reported_again_since_is_not_superseded():
    """The last of its reports counts; on the day itself, either may hold."""

    def both(*told):
        names = " ".join(f"r{n}" for n in range(len(told)))
        old = status("old", "embassy", "a", "b", value="open", reports=names, **{"from": "1990"})
        new = status("new", "embassy", "a", "b", value="closed", **{"from": "2022-01-01"})
        return only(old, new, reports={"r": "2025", **dict(zip(names.split(), told, strict=True))})

    assert both("2019", "2021").value == "closed"
    assert both("2019", "2023").contested == both("2023", "2019").contested == ("closed", "open")
    assert both("2021-12-31").value == "closed"
    assert both("2022-01-01").contested == ("closed", "open")


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


def test_what_ended_is_ended_since_its_last_end():
    row = only(reward("a", "2016", "2024"), reward("b", "2016", "2025"), as_of="2026")
    assert (row.value, row.since, row.entries) == ("none", day("2025"), ("b",))
    ended = reward("a", "2016", "2025"), reward("b", "2016", "2025", value="none")
    assert only(*ended, as_of="2026").value is None


@pytest.mark.parametrize(
    ("attribute", "rows"),
    [
        ("detainee", 2),
        ("reward", 2),
        ("designation", 2),
        ("sanction", 2),
        ("frozen-funds", 2),
        ("embassy", 1),
        ("recognition", 1),
    ],
)
def test_of_what_there_can_be_several_each_matter_has_its_row(attribute, rows):
    two = [status(f"s{n}", attribute, "a", "b", what=what) for n, what in enumerate(("x", "y"))]
    assert len(ladder(record(*two))) == rows


def test_there_is_a_row_for_each_pair_and_each_matter():
    made = record(
        status("d1", "detainee", "taliban", "usa", what="George Glezmann"),
        status("d2", "detainee", "taliban", "usa", what="Faye Hall"),
        status("d3", "detainee", "taliban", "usa", what="the Faye Hall"),
        status("e", "ambassador", "taliban", "uae china", what="a representative"),
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
