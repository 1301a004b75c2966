import pytest
from tracking_builders import agreement, commitment, day, move, record

from detente.tracking import commitments, contradictions

DOHA = agreement(
    "doha",
    "2020-02-29",
    commitment("leave", "usa", "2021-04-30"),
    commitment("prevent", "taliban"),
    commitment("talks", "taliban", "2020-03-10", after="prisoners"),
    commitment("prisoners", "usa", "2020-03-10"),
)


def act(name, date="2020-03-01", **more):
    return move(name, "RETREAT", "usa", "taliban", date=date, **more)


def lines(*moves, as_of=None, **more):
    found = commitments(record(DOHA, *moves, **more), as_of=as_of and day(as_of))
    return {line.commitment: line for line in found}


def states(*moves, **more):
    return {name: line.status.value for name, line in lines(*moves, **more).items()}


def test_what_is_done_broken_disputed_owed_and_waiting():
    found = lines(
        act("go", "2021-08-30", performs=("leave",)),
        act("hide", "2022", breaches=("prevent",)),
    )
    assert {name: line.status.value for name, line in found.items()} == {
        "leave": "late",
        "prevent": "breached",
        "talks": "waiting",
        "prisoners": "overdue",
    }
    assert found["leave"].performed == ("go",)
    assert found["prevent"].breached == ("hide",)
    assert states(act("a", performs=("leave",)), act("b", breaches=("leave",)))["leave"] == (
        "disputed"
    )


@pytest.mark.parametrize("aspect", ["future", "hypothetical", "negated"])
def test_only_what_happened_fulfils_or_breaks(aspect):
    found = lines(act("a", aspect=aspect, performs=("leave",), breaches=("prevent",)))
    assert found["leave"].status.value == found["prevent"].status.value == "open"
    assert found["leave"].performed == found["prevent"].breached == ()


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2020-03-10", "open"),
        ("2020-03", "open"),
        ("2020-03-11", "overdue"),
        ("2020-04", "overdue"),
    ],
)
def test_overdue_only_when_the_deadline_has_surely_passed(as_of, expected):
    assert states(as_of=as_of)["prisoners"] == expected


def test_without_a_day_the_latest_known_date_counts_and_never_a_deadline():
    assert states()["prisoners"] == "open"
    assert states(reports={"r": "2025-04-07"})["prisoners"] == "overdue"
    assert states(act("plan", "2031", aspect="future"))["leave"] == "open"


def test_what_comes_after_a_fulfilled_commitment_no_longer_waits():
    freed = act("free", performs=("prisoners",))
    assert states(freed)["talks"] == "open"
    assert states(freed, as_of="2021")["talks"] == "overdue"
    assert states(freed, act("no", breaches=("prisoners",)))["talks"] == "waiting"


def test_a_whole_agreement_can_come_first():
    later = agreement("second", "2021", commitment("next", "usa"), after=("first",))
    first = agreement("first", "2020", commitment("one", "usa"))
    made = record(first, later)
    assert [line.status.value for line in commitments(made)] == ["open", "waiting"]
    made = record(first, later, act("a", performs=("one",)))
    assert [line.status.value for line in commitments(made)] == ["performed", "open"]


def test_only_the_whole_of_an_agreement_lets_what_comes_after_begin():
    two = agreement("first", "2020", commitment("one", "usa"), commitment("two", "usa"))
    later = agreement("second", "2021", commitment("next", "usa"), after=("first",))
    one, other = act("a", performs=("one",)), act("b", performs=("two",))
    found = [commitments(record(two, later, *done))[-1].status for done in ([one], [one, other])]
    assert [status.value for status in found] == ["waiting", "open"]


def test_late_is_only_what_was_surely_done_after_the_deadline_and_not_before():
    late, early = act("late", "2021-08", performs=("leave",)), act("e", performs=("leave",))
    unknown = act("unknown", None, performs=("leave",))
    vague = act("vague", "2021", performs=("leave",))
    assert states(late)["leave"] == "late"
    for other in (early, unknown, vague):
        assert states(other)["leave"] == "performed"
        assert states(late, other)["leave"] == states(other, late)["leave"] == "performed"


def test_commitments_that_wait_for_each_other_just_wait():
    ring = agreement(
        "ring", "2020", commitment("a", "usa", after="b"), commitment("b", "usa", after="a")
    )
    assert {line.status.value for line in commitments(record(ring))} == {"waiting"}


def test_an_agreement_is_not_there_before_it_was_made():
    assert lines(as_of="2019") == {}
    assert lines(as_of="2020-02") != {}


def test_later_performance_is_not_known_on_an_earlier_day():
    go = act("go", "2021-08-30", performs=("leave",))
    assert states(go, as_of="2021-06-01")["leave"] == "overdue"
    assert states(go, as_of="2021-08-30")["leave"] == "late"


# --- contradictions ----------------------------------------------------------------------


def told(name, **more):
    given = {"date": "2025-03", "what": "the rewards", "by": "usa", "to": "haqqani"} | more
    type = given.pop("type", "CONCEDE")
    by, to, what = given.pop("by"), given.pop("to"), given.pop("what")
    return move(name, type, by, to, what, **given)


@pytest.mark.parametrize(
    ("denial", "contradict"),
    [
        ({}, True),
        ({"date": None}, True),
        ({"date": "2025-03-26"}, True),
        ({"to": ""}, True),
        ({"what": "rewards on leaders"}, True),
        ({"issue": "rewards"}, True),
        ({"date": "2024"}, False),
        ({"what": "frozen funds"}, False),
        ({"by": "qatar"}, False),
        ({"to": "taliban"}, False),
        ({"type": "SUPPORT"}, False),
        ({"aspect": "hypothetical"}, False),
        ({"aspect": "future"}, False),
    ],
    ids=str,
)
def test_what_contradicts_what(denial, contradict):
    no = told("no", **{"aspect": "negated"} | denial)
    found = contradictions(record(no, told("yes")))
    assert found == ((("yes", "no"),) if contradict else ())


def test_modes_and_issues_that_differ_are_different_acts():
    freed = told("yes", type="RETREAT/release", issue="a")
    left = told("no", type="RETREAT/withdraw", aspect="negated")
    other = told("no2", type="RETREAT/release", issue="b", aspect="negated")
    plain = told("no3", type="RETREAT", aspect="negated")
    assert contradictions(record(freed, left, other, plain)) == (("yes", "no3"),)


@pytest.mark.parametrize("modes", [("", "release"), ("release", ""), ("release", "release")])
def test_acts_are_the_same_where_one_has_no_mode_or_both_have_it(modes):
    said, denied = (f"RETREAT/{mode}" if mode else "RETREAT" for mode in modes)
    no = told("no", type=denied, aspect="negated")
    assert contradictions(record(told("yes", type=said), no)) == (("yes", "no"),)


def test_what_one_of_them_does_not_say_keeps_them_not_apart():
    no = told("no", aspect="negated", issue="rewards", to="haqqani")
    for said in ({"to": ""}, {"date": None}, {"issue": "rewards"}):
        assert contradictions(record(told("yes", **said), no)) == (("yes", "no"),)
    for date in (None, "2024"):
        undated = told("no", aspect="negated", date=None)
        made = record(told("yes", date=date), undated, reports={"r": "2025"})
        assert contradictions(made) == (("yes", "no"),)


def test_an_undated_denial_denies_nothing_that_happened_later():
    no = told("no", date=None, aspect="negated")
    yes = told("yes", date="2025-07-03", reports="later")
    assert contradictions(record(no, yes, reports={"r": "2025-04-07"})) == ()
    assert contradictions(record(no, yes, reports={"r": "2025-07-04"})) == (("yes", "no"),)


def test_two_denials_or_two_accounts_do_not_contradict():
    assert contradictions(record(told("a"), told("b"))) == ()
    assert contradictions(record(told("a", aspect="negated"), told("b", aspect="negated"))) == ()
