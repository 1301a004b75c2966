import pytest
from tracking_builders import day, move, person, record

from detente.tracking import demands
from detente.tracking.views import DemandState


def ask(name="ask", date="2025-01", what="release of all prisoners", to="usa", **more):
    return move(name, "REQUEST", "taliban", to, what, date=date, **more)


def reply(type="RETREAT/release", what="release of all prisoners", date="2025-02", **more):
    by, to = more.pop("by", "usa"), more.pop("to", "taliban")
    return move(more.pop("name", "reply"), type, by, to, what, date=date, **more)


def only(*moves, reports=None, as_of=None):
    (demand,) = demands(record(*moves, reports=reports), as_of=as_of)
    return demand


def state(*moves, **more):
    return only(*moves, **more).state.value


# --- which requests are one demand -------------------------------------------------------


def test_a_demand_keeps_every_time_it_was_made():
    demand = only(
        ask("b", "2025-03", "diplomatic recognition", issue="recognition"),
        ask("a", "2019", "recognition", issue="recognition"),
    )
    assert demand.moves == ("a", "b")
    assert (demand.by, demand.to, demand.what) == (("taliban",), ("usa",), "recognition")
    assert (demand.first_asked, demand.last_asked) == (day("2019"), day("2025-03"))
    assert demand.state is DemandState.OPEN
    assert demand.steps == ()


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({"issue": "x"}, {"issue": "x", "what": "something else"}, True),
        ({"issue": "x"}, {"issue": "y"}, False),
        ({"issue": "x"}, {}, True),
        ({}, {"what": "the prisoners"}, True),
        ({}, {"what": "an office"}, False),
        ({}, {"to": ""}, True),
        ({"to": ""}, {}, True),
        ({}, {"to": "qatar"}, False),
    ],
)
def test_what_makes_two_requests_one_demand(one, other, together):
    made = record(ask("a", "2025-01", **one), ask("b", "2025-02", **other))
    assert len(demands(made)) == (1 if together else 2)


def test_a_request_to_nobody_takes_the_addressee_of_the_demand_it_joins():
    assert only(ask("a", "2025-01", to=""), ask("b", "2025-02")).to == ("usa",)


def test_a_request_that_fits_two_demands_is_one_with_the_older():
    found = demands(
        record(
            ask("a", "2025-01", "prisoners", issue="x"),
            ask("b", "2025-02", "an office", issue="y"),
            ask("c", "2025-03", "an office and prisoners"),
        )
    )
    assert [demand.moves for demand in found] == [("a", "c"), ("b",)]


def test_a_demand_has_the_first_issue_that_any_of_its_requests_names():
    asked = [ask("a", "2025-01"), ask("b", "2025-02", issue="x"), ask("c", "2025-03")]
    assert only(*asked).issue == "x"
    assert state(*asked, reply(issue="y", date="2025-04")) == "open"
    assert state(*asked, reply(issue="x", date="2025-04")) == "granted"


def test_a_request_without_a_date_says_nothing_of_when_it_was_asked():
    demand = only(ask("a", None), ask("b", "2025-02"))
    assert demand.moves == ("b", "a")
    assert demand.first_asked == demand.last_asked == day("2025-02")
    assert only(ask(date=None)).first_asked is None


def test_requests_without_a_date_come_in_the_order_of_their_reports():
    told = {"old": "2025-01-01", "new": "2025-02-01"}
    asked = [ask("b", None, reports="new"), ask("a", None, reports="old")]
    assert only(*asked, reports=told).moves == ("a", "b")


def test_others_who_ask_the_same_make_their_own_demand():
    other = move("b", "REQUEST", "iran", "usa", "release of all prisoners")
    assert len(demands(record(ask(), other))) == 2


@pytest.mark.parametrize("aspect", ["negated", "future", "hypothetical"])
def test_only_what_was_asked_is_a_demand(aspect):
    assert demands(record(ask(aspect=aspect))) == ()


def test_a_person_in_office_asks_and_answers_for_the_party():
    demand = only(
        person("muttaqi", "taliban"),
        person("rubio", "usa"),
        ask(),
        move("b", "REQUEST", "muttaqi", "usa", "prisoners", date="2025-02"),
        reply("REJECT", by="rubio", date="2025-03"),
    )
    assert demand.moves == ("ask", "b")
    assert demand.state is DemandState.REFUSED


@pytest.mark.parametrize(
    ("date", "by"),
    [
        ("2025-01-09", "envoy"),
        ("2025-01-10", "taliban"),
        ("2025-01", "taliban"),  # it can have been a day in office
        ("2025-03-20", "taliban"),
        ("2025-03-21", "envoy"),
        (None, "taliban"),  # by its report
    ],
)
def test_a_person_speaks_for_a_party_from_the_first_to_the_last_day_in_office(date, by):
    envoy = person("envoy", "taliban", "2025-01-10", "2025-03-20")
    asked = move("ask", "REQUEST", "envoy", "usa", "an office", date=date)
    assert only(envoy, asked, reports={"r": "2025-03-20"}).by == (by,)


# --- answers that are inferred -----------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(), "granted"),
        (reply("CONCEDE"), "granted"),
        (reply(aspect="historical"), "granted"),
        (reply(what="release of two prisoners"), "partly"),
        (reply(what="release of a prisoner"), "partly"),
        (reply(aspect="future"), "partly"),
        (reply("AGREE"), "partly"),
        (reply("REJECT"), "refused"),
        (reply("REJECT", date=None), "refused"),
        (reply(date="2025-01"), "granted"),
        (reply(to=""), "granted"),
        (reply("AGREE", by="usa taliban", to=""), "partly"),
        # nothing of this answers it
        (reply(aspect="negated"), "open"),
        (reply(aspect="hypothetical"), "open"),
        (reply("REJECT", aspect="negated"), "open"),
        (reply("AGREE", aspect="future"), "open"),
        (reply(date="2024-12"), "open"),
        (reply(date=None), "open"),
        (reply(by="qatar"), "open"),
        (reply(by="usa", to="qatar"), "open"),
        (reply(by="taliban", to="usa"), "open"),
        (reply(by="", to="taliban"), "open"),
        (reply(what="an office"), "open"),
        (reply("THREATEN"), "open"),
        (reply("CONSULT"), "open"),
        (reply(issue="other"), "granted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_inferred_from_a_later_move(answer, expected):
    demand = only(ask(), answer)
    assert demand.state.value == expected
    assert all(not step.stated and step.move == "reply" for step in demand.steps)


def test_on_the_same_issue_a_different_concession_grants_only_a_part():
    assert state(ask(issue="prisoners"), reply(what="a visit", issue="prisoners")) == "partly"


def test_another_issue_is_another_matter_whatever_the_words():
    assert state(ask(issue="one"), reply(issue="two")) == "open"


def test_the_last_step_gives_the_state():
    asked, refused = ask(), reply("REJECT", name="no", date="2025-02")
    demand = only(asked, refused, reply(name="yes", date="2025-04"))
    assert [(step.move, step.state.value) for step in demand.steps] == [
        ("no", "refused"),
        ("yes", "granted"),
    ]
    assert demand.state is DemandState.GRANTED
    assert only(asked, refused, as_of=day("2025-01-15")).state is DemandState.OPEN


def test_an_answer_is_measured_by_what_was_asked_before_it():
    asked, fewer = ask("a", "2025-01"), ask("b", "2025-03", "release of two prisoners")
    given = reply(what="release of two prisoners", date="2025-02")
    assert [step.state.value for step in only(asked, given, fewer).steps] == ["partly"]
    given = reply(what="release of two prisoners", date="2025-04")
    assert [step.state.value for step in only(asked, given, fewer).steps] == ["granted"]


def test_a_demand_to_nobody_is_answered_by_whoever_turns_to_the_asker():
    assert state(ask(to=""), reply(by="qatar")) == "granted"
    assert state(ask(to=""), reply(to="")) == "open"
    assert state(ask(to=""), reply(by="")) == "open"
    back = "demand for the release of all prisoners"
    assert state(ask(to=""), reply("CONCEDE", back, by="")) == "open"
    assert state(ask(), reply(by="taliban qatar", to="")) == "open"


def test_a_demand_by_nobody_known_or_on_oneself_is_answered_by_nobody():
    nobody = move("ask", "REQUEST", "", "usa", "prisoners", date="2025-01")
    assert state(nobody, reply()) == "open"
    own = move("ask", "REQUEST", "usa", "usa", "prisoners", date="2025-01")
    assert state(own, reply(to="usa")) == "open"


def test_taking_a_demand_back_must_be_said_outright():
    back = {"by": "taliban", "to": "usa"}
    given = "demand for the release of all prisoners"
    for word in ("demands", "request", "call", "condition"):
        said = f"its {word} for the release of all prisoners"
        assert state(ask(), reply("RETREAT/withdraw", said, **back)) == "withdrawn"
    assert state(ask(), reply("CONCEDE", **back)) == "open"
    assert state(ask(), reply("CONCEDE", given, aspect="future", **back)) == "open"
    assert state(ask(), reply("RETREAT/release", given, **back)) == "open"
    assert state(ask(), reply("RETREAT/withdraw", given, **back)) == "withdrawn"
    assert state(ask(), reply("CONCEDE", given, **back)) == "withdrawn"
    assert state(ask(), reply("RETREAT/withdraw", "forces", **back)) == "open"
    assert state(ask(), reply("REJECT", given, **back)) == "open"
    assert state(ask(), reply("CONCEDE", given, aspect="negated", **back)) == "open"


def test_a_demand_can_be_taken_back_towards_its_addressee_or_nobody():
    given = "demand for the release of all prisoners"
    back = reply("CONCEDE", given, by="taliban", to="")
    other = reply("CONCEDE", given, by="taliban", to="qatar")
    assert [state(ask(), back), state(ask(), other)] == ["withdrawn", "open"]
    assert [state(ask(to=""), back), state(ask(to=""), other)] == ["withdrawn", "withdrawn"]


# --- answers that are stated -------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply("SUPPORT", "a step", date=None), "granted"),
        (reply("CONSULT", "talks"), "partly"),
        (reply(what="release of two prisoners"), "partly"),
        (reply("SUPPORT", "a step for all", aspect="future"), "partly"),
        (reply("AGREE", "a promise"), "partly"),
        (reply("REJECT", "whatever"), "refused"),
        (reply("THREATEN", "whatever"), "refused"),
        (reply("SUPPORT", aspect="negated"), "refused"),
        (reply("SUPPORT", aspect="hypothetical"), "open"),
        (reply("REJECT", aspect="negated"), "open"),
        (reply("ACCUSE"), "open"),
        (reply("REJECT", by="taliban", to="usa"), "withdrawn"),
        (reply("RETREAT", by="taliban", to=""), "withdrawn"),
        (reply("RETREAT", by="taliban", aspect="negated"), "open"),
        (reply(by="qatar", to="usa"), "granted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_stated_answer_does(answer, expected):
    asked = ask(what="better ties" if expected == "granted" else "release of all prisoners")
    stated = answer.model_copy(update={"answers": ("ask",)})
    demand = only(asked, stated)
    assert demand.state.value == expected
    assert all(step.stated for step in demand.steps)


def test_a_stated_answer_that_gives_less_of_the_same_grants_a_part():
    asked = ask(what="release of prisoners")
    for given, expected in (
        ("release of a prisoner", "partly"),
        ("release of old prisoners", "partly"),
        ("release of the prisoners", "granted"),
        ("what was asked", "granted"),
    ):
        assert state(asked, reply(what=given, answers=("ask",))) == expected


def test_a_stated_answer_is_not_taken_for_one_to_something_else():
    asked = [ask("a", what="prisoners", issue="x"), ask("b", what="all prisoners", issue="y")]
    found = demands(record(*asked, reply(what="prisoners", answers=("a",))))
    assert [demand.state.value for demand in found] == ["granted", "open"]


def test_an_answer_to_a_demand_that_is_not_there_is_passed_over():
    assert state(ask(), reply(what="an office", answers=("gone",))) == "open"


# --- asked again -------------------------------------------------------------------------


def test_asking_again_after_a_grant_is_a_new_demand():
    made = record(
        ask("a", "2025-01"),
        reply(name="yes", date="2025-02"),
        ask("b", "2025-03"),
        reply("REJECT", name="no", date="2025-04"),
    )
    first, second = demands(made)
    assert (first.moves, first.state.value) == (("a",), "granted")
    assert (second.moves, second.state.value) == (("b",), "refused")
    assert [step.move for step in second.steps] == ["no"]


def test_asking_again_after_a_refusal_is_the_same_demand():
    demand = only(ask("a", "2025-01"), reply("REJECT"), ask("b", "2025-03"))
    assert demand.moves == ("a", "b")
    assert demand.state is DemandState.REFUSED


def test_a_late_stated_answer_goes_to_the_demand_it_names():
    made = record(
        ask("a", "2025-01-01"),
        ask("again", "2025-01-15"),
        reply(name="yes", date="2025-02"),
        ask("b", "2025-03"),
        reply(name="also", date="2025-04", answers=("a",)),
    )
    first, second = demands(made)
    assert [step.move for step in first.steps] == ["yes", "also"]
    assert second.state is DemandState.OPEN


def test_demands_stand_by_when_they_were_first_made_those_made_anew_too():
    made = record(
        ask("a", "2025-01"),
        reply(name="yes", date="2025-02"),
        ask("other", "2025-03", "an office"),
        ask("b", "2025-04"),
    )
    assert [demand.moves for demand in demands(made)] == [("a",), ("other",), ("b",)]


def test_without_a_date_nothing_was_asked_anew():
    """Of what is not known to come after the grant, it can't be said."""
    yes = reply(date=None, answers=("a",))
    assert only(ask("a", "2025-01"), yes, ask("b", "2025-03")).moves == ("a", "b")
    told = {"early": "2025-01-02", "late": "2025-03-01"}
    undated = ask("b", None, reports="late")
    given = reply(date="2025-02", reports="early")
    assert only(ask("a", "2025-01"), given, undated, reports=told).moves == ("a", "b")
    same_month = ask("b", "2025-02-10")
    assert only(ask("a", "2025-01"), reply(date="2025-02"), same_month).moves == ("a", "b")
