"""The models made of assumptions and record: directions, sizes left open, what is left out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from detente.errors import BadInput
from detente.judgment.deriving import Derived, Missing, deal, negotiable, stakes, steps, struggle
from detente.record.models import CaseFile, JudgmentFile, RecordFile
from detente.record.record import Record
from detente.solve.bargaining.model import MOST, Range
from judgment.judging import judgments, move, record, records

ASKED = move("ask", "REQUEST", "south", "north", "border")


def test_who_asked_wants_and_who_was_asked_would_give() -> None:
    found = stakes([ASKED])
    assert found["south", "border"].wants and not found["north", "border"].wants
    assert found["south", "border"].entries == ("ask",)


def test_who_demands_a_refusal_would_not_have_it() -> None:
    refuse = move("no", "REQUEST", "south", "north", "border", stance="against")
    found = stakes([refuse])
    assert not found["south", "border"].wants and found["north", "border"].wants
    wanted = move("yes", "REQUEST", "north", "isle", "border")
    found = stakes([refuse, wanted])
    assert found["north", "border"].wants and not found["isle", "border"].wants


def test_a_demand_shows_more_than_a_gesture_and_that_more_than_a_threat() -> None:
    threat = move("t", "THREATEN", "north", "south", "border")
    gift = move("g", "RETREAT", "north", "south", "border")
    assert stakes([threat])["north", "border"].wants
    found = stakes([threat, gift])
    assert (found["north", "border"].wants, found["north", "border"].shown) == (False, "gesture")
    back = move("b", "REQUEST", "north", "south", "border")
    found = stakes([gift, ASKED, back])
    assert found["north", "border"].wants and found["south", "border"].wants, "both asked for it"
    assert found["north", "border"].entries == ("b",)


@pytest.mark.parametrize("type", ["RETREAT", "CONCEDE", "AID"])
def test_a_gesture_is_welcome_to_whom_it_is_made_and_given_by_who_makes_it(type: str) -> None:
    gift = move("g", type, "north", "south", "border")
    found = stakes([gift])
    assert {key: (s.wants, s.shown, s.entries) for key, s in found.items()} == {
        ("north", "border"): (False, "gesture", ("g",)),
        ("south", "border"): (True, "gesture", ("g",)),
    }
    made = deal(record(gift), judgments("scale: 7"), [gift])
    assert isinstance(made, Derived)
    assert made.model.values["south"]["border"]["open"] == Range(Fraction(0), Fraction(7))
    assert made.model.values["north"]["border"]["open"] == Range(Fraction(-7), Fraction(0))
    assert made.entries == ("g",)


@pytest.mark.parametrize("type", ["SUPPORT", "AGREE", "CONSULT", "REJECT", "ACCUSE", "SANCTION"])
def test_what_is_neither_demand_nor_gesture_nor_threat_shows_nothing(type: str) -> None:
    assert not stakes([move("m", type, "north", "south", "border")])


def test_a_gesture_by_nobody_or_to_nobody_shows_nothing() -> None:
    assert not stakes([move("g", "AID", "north", "", "border")])
    assert not stakes([move("g", "AID", "", "south", "border")])
    assert not stakes([move("g", "AID", "north", "south")]), "about no issue"


def test_a_threat_tells_what_is_wanted_by_who_makes_it_and_nothing_of_the_other() -> None:
    assert list(stakes([move("t", "THREATEN", "north", "south", "border")])) == [
        ("north", "border")
    ]


def test_who_gave_and_was_given_wants_it() -> None:
    there = move("there", "CONCEDE", "north", "south", "border")
    back = move("back", "CONCEDE", "south", "north", "border")
    found = stakes([there, back])
    assert found["north", "border"].wants and found["south", "border"].wants
    assert found["north", "border"].entries == ("back",)


def test_all_that_shows_it_is_named_and_only_what_shows_it_best() -> None:
    gifts = [move(f"g{n}", "AID", "north", "south", "border") for n in (1, 2)]
    asks = [move(f"a{n}", "REQUEST", "south", "north", "border") for n in (1, 2)]
    assert stakes(gifts)["south", "border"].entries == ("g1", "g2")
    found = stakes([asks[0], *gifts, asks[1]])
    assert found["south", "border"].entries == found["north", "border"].entries == ("a1", "a2")
    assert stakes([*gifts, move("other", "AID", "north", "south", "prisoners")])[
        "south", "border"
    ].entries == ("g1", "g2")


@pytest.mark.parametrize("aspect", ["future", "hypothetical", "negated"])
def test_what_did_not_happen_shows_nothing(aspect: str) -> None:
    assert not stakes([move("ask", "REQUEST", "south", "north", "border", aspect=aspect)])


def test_sizes_are_open_in_the_direction_that_the_record_shows() -> None:
    found = deal(record(ASKED), judgments("scale: 7"), [ASKED])
    assert isinstance(found, Derived)
    up, down = Range(Fraction(0), Fraction(7)), Range(Fraction(-7), Fraction(0))
    assert found.model.values["south"]["border"] == {"shut": 0, "partly": up, "open": up}
    assert found.model.values["north"]["border"] == {"shut": 0, "partly": down, "open": down}
    assert found.model.orders["south"] == (
        (("border", "open"), ("border", "partly"), ("border", "shut")),
    )
    assert found.entries == ("ask",)


def test_a_size_left_open_beside_numbers_keeps_its_direction() -> None:
    said = judgments("values:\n- {party: south, issue: border, options: {open: 5..9}}\n")
    found = deal(record(ASKED), said, [ASKED])
    assert isinstance(found, Derived)
    assert found.model.values["south"]["border"]["partly"] == Range(Fraction(0), Fraction(100))
    assert "south" not in found.model.orders, "numbers are taken as they stand"


def test_a_number_against_what_the_record_shows_counts_more() -> None:
    said = judgments("values:\n- {party: south, issue: border, options: {open: -5}}\n")
    found = deal(record(ASKED), said, [ASKED])
    assert isinstance(found, Derived)
    assert found.model.values["south"]["border"]["open"] == -5
    assert found.model.values["south"]["border"]["partly"] == Range(Fraction(-100), Fraction(100))
    for sizes in ("0..5", "0"):  # not against it
        text = f"values:\n- {{party: south, issue: border, options: {{open: {sizes}}}}}\n"
        found = deal(record(ASKED), judgments(text), [ASKED])
        assert isinstance(found, Derived)
        assert found.model.values["south"]["border"]["partly"] == Range(Fraction(0), Fraction(100))


@pytest.mark.parametrize("order_first", [True, False])
def test_an_issue_may_have_both_numbers_and_an_order(order_first: bool) -> None:
    lines = [
        "- {party: south, issue: border, options: {open: 5}}\n",
        "- {party: south, issue: border, order: open > partly > shut}\n",
    ]
    text = "".join(lines[::-1] if order_first else lines)
    found = deal(record(ASKED), judgments(f"values:\n{text}"), [ASKED])
    assert isinstance(found, Derived)
    assert found.model.values["south"]["border"]["open"] == 5
    assert found.model.values["south"]["border"]["partly"] == Range(Fraction(0), Fraction(100))
    assert len(found.model.orders["south"]) == 1


@pytest.mark.parametrize(
    ("sizes", "order"),
    [
        ("partly: 1..5, open: 3..9", "open > partly > shut"),
        ("partly: 1..5, open: 1..5", "open > partly > shut"),
        ("partly: -3..-1, open: -9..-2", "shut > partly > open"),
        ("partly: 1..9, open: 3..5", ""),
        ("partly: 3..5, open: 1..9", ""),
        ("partly: -1..5, open: 3..9", ""),
        ("partly: -9..1, open: -9..-3", ""),
        ("partly: 3, open: 9", "open > partly > shut"),
        ("open: 3..9", ""),
    ],
)
def test_ranges_of_which_both_ends_rise_or_fall_are_in_order(sizes: str, order: str) -> None:
    """What is drawn of them then rises or falls from option to option too."""
    text = f"values:\n- {{party: south, issue: border, options: {{{sizes}}}}}\n"
    said = judgments(text + "- {party: north, issue: border, options: {partly: -1, open: -2}}\n")
    found = deal(record(), said, ())
    assert isinstance(found, Derived)
    chains = found.model.orders.get("south", ())
    assert [" > ".join(o for _, o in chain) for chain in chains] == ([order] if order else [])


BOTH = """\
values:
- {party: north, issue: border, options: {partly: -1, open: -2}}
- {party: south, issue: border, options: {partly: 1, open: 2}}
"""


def test_constraints_on_what_is_not_at_stake_are_said_to_be_left_out() -> None:
    said = judgments(
        BOTH + "requires:\n- {if: {border: open}, then: {prisoners: freed}}\n"
        "forbidden:\n- {options: {border: open}}\n"
    )
    found = deal(record(), said, ())
    assert isinstance(found, Derived)
    assert any("1 constraint" in note for note in found.notes)
    assert {type(each).__name__ for each in found.grounds} == {"Values", "Forbidden"}


def test_how_many_constraints_are_left_out_is_said() -> None:
    said = judgments(
        BOTH + "requires:\n- {if: {border: open}, then: {prisoners: freed}}\n"
        "- {if: {border: open}, then: {border: open}}\n"
        "forbidden:\n- {options: {prisoners: freed}}\n- {options: {border: partly}}\n"
    )
    found = deal(record(), said, ())
    assert isinstance(found, Derived)
    assert "2 constraints name issues in which nothing is at stake; left out." in found.notes
    assert len(found.model.requires) == len(found.model.forbidden) == 1
    found = deal(record(), judgments(BOTH + "forbidden:\n- {options: {border: open}}\n"), ())
    assert isinstance(found, Derived) and not any("constraint" in note for note in found.notes)


def test_issues_without_a_choice_or_of_which_nothing_is_known_are_said_to_be_left_out() -> None:
    issues = {"border": ("shut", "open"), "law": ("as-it-is",), "name": (), "sea": ("a", "b")}
    asked = [move(f"on-{id}", "REQUEST", "south", "north", id) for id in ("border", "law", "name")]
    found = deal(record(*asked, issues=issues), JudgmentFile(), asked)
    assert isinstance(found, Derived) and list(found.model.issues) == ["border"]
    assert found.notes == (
        "Nothing is known of who wants what in: The law; The name; The sea. Left out.",
    )


def test_a_case_s_own_issue_comes_before_an_assumed_one_of_its_name() -> None:
    text = "issues:\n- {id: border, title: Other, options: [x, y]}\n"
    text += "- {id: sea, title: Sea, options: [shared, split]}\n"
    found = negotiable(record(), judgments(text))
    assert [issue.title for issue in found.values()] == [
        "The border", "The prisoners", "The name", "Sea",
    ]  # fmt: skip


def test_so_many_parties_that_some_are_left_out_are_named() -> None:
    names = [f"p{n}" for n in range(MOST + 2)]
    case = {
        "title": "T",
        "question": "Q?",
        "parties": [{"id": p, "name": p.upper(), "kind": "state"} for p in names],
        "issues": [{"id": "border", "title": "The border", "options": ["shut", "open"]}],
    }
    asked = [move(f"ask-{p}", "REQUEST", p, "p0", "border") for p in names[1:]]
    for count in (MOST, MOST + 2):
        moves = asked[: count - 1]
        made = Record(CaseFile.model_validate(case), RecordFile(moves=tuple(moves)), {})
        found = deal(made, JudgmentFile(), moves)
        assert isinstance(found, Derived) and list(found.model.parties) == names[:MOST]
        left = f"At most {MOST} parties are looked at; left out: P{MOST}, P{MOST + 1}."
        assert found.notes == ((left,) if count > MOST else ())


def test_weights_of_issues_order_their_fullest_options() -> None:
    freed = move("f", "REQUEST", "south", "north", "prisoners")
    said = judgments("""\
        values:
        - {party: south, order: prisoners > border}
        - {party: north, order: prisoners > border}
        """)
    found = deal(record(ASKED, freed), said, [ASKED, freed])
    assert isinstance(found, Derived)
    assert (("prisoners", "freed"), ("border", "open")) in found.model.orders["south"]
    # For who would have to give, the weightier one is the greater loss.
    assert (("border", "open"), ("prisoners", "freed")) in found.model.orders["north"]


def test_weights_compare_gains_however_small() -> None:
    said = judgments("""\
        values:
        - {party: south, issue: border, options: {partly: 0.1, open: 0.5}}
        - {party: south, issue: prisoners, options: {freed: 0.7}}
        - {party: south, order: prisoners > border}
        - {party: north, issue: border, options: {partly: -0.1, open: -0.5}}
        - {party: north, issue: prisoners, options: {freed: -0.7}}
        - {party: north, order: prisoners > border}
        """)
    found = deal(record(), said, ())
    assert isinstance(found, Derived) and found.notes == ("Nothing is known of who wants what in: "
                                                          "The name. Left out.",)  # fmt: skip
    assert (("prisoners", "freed"), ("border", "open")) in found.model.orders["south"]
    assert (("border", "open"), ("prisoners", "freed")) in found.model.orders["north"]


def test_weights_without_a_direction_are_said_not_to_compare() -> None:
    said = judgments(BOTH + "- {party: isle, order: prisoners > border}\n")
    freed = move("f", "REQUEST", "south", "north", "prisoners")
    found = deal(record(freed), said, [freed])
    assert isinstance(found, Derived)
    assert any("for Isle can't be compared" in note for note in found.notes)


def test_between_leaves_others_out() -> None:
    other = move("o", "REQUEST", "isle", "north", "border")
    found = deal(record(ASKED, other), judgments("between: [north, south]"), [ASKED, other])
    assert isinstance(found, Derived) and found.model.parties == ("north", "south")


@pytest.mark.parametrize("text", ["", "walk_away:\n- {party: north, value: 3}\n", "scale: 3"])
def test_nothing_at_stake_is_said_with_what_to_do(text: str) -> None:
    found = deal(record(), judgments(text) if text else JudgmentFile(), ())
    assert isinstance(found, Missing)
    assert "values:" in found.do


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("values:\n- {party: south, issue: border, options: {partly: 1, open: 9}}\n"
         "- {party: south, issue: border, order: partly > open > shut}\n",
         3, "no values fit this order"),
        (BOTH + "forbidden:\n- {options: {border: shutt}}\n", 5, "unknown option"),
        (BOTH + "requires:\n- {if: {border: open}, then: {border: opne}}\n", 5, "unknown option"),
    ],
)  # fmt: skip
def test_contradictions_stand_where_they_are_written(text: str, line: int, what: str) -> None:
    with pytest.raises(BadInput) as caught:
        deal(record(ASKED), judgments(text), [ASKED])
    problem = caught.value.problems[0]
    assert (problem.file.name, problem.line) == ("judgments.yaml", line)
    assert what in problem.what


LEVERS = """\
levers:
- {id: a, by: north, what: doing a}
- {id: b, by: south, what: doing b}
- {id: c, by: south, what: doing c, excludes: [b, c]}
preferences:
- {party: north, statements: [b, not a], open: all}
- {party: south, statements: [not b]}
"""


def test_levers_and_statements_make_the_conflict() -> None:
    found = struggle(record(), judgments(LEVERS))
    assert isinstance(found, Derived)
    assert found.model.decision_makers == {"north": ("a",), "south": ("b", "c")}
    assert found.model.infeasible == ({"c": True, "b": True},)
    assert found.model.preferences["north"].open == ((0, 1),)  # type: ignore[union-attr]
    assert len(found.grounds) == 5


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("[not b]", "[not bb]", 7, "bb"),
        ("excludes: [b, c]", "excludes: [bb]", 4, "unknown option `bb`"),
        ("id: c,", "id: not,", 4, "`not` is a word of the statements' logic"),
        ("id: c,", "id: b,", 4, "owned twice by south"),
        ("open: all", "open: [[0, 1]]", 6, "no pair"),
    ],
)
def test_a_wrong_lever_stands_where_it_is_written(old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(BadInput) as caught:
        struggle(record(), judgments(LEVERS.replace(old, new)))
    assert caught.value.problems[0].line == line
    assert what in caught.value.problems[0].what


def test_preferences_of_who_can_do_nothing_are_said_to_be_left_out() -> None:
    found = struggle(record(), judgments(LEVERS + "- {party: isle, statements: [a]}\n"))
    assert isinstance(found, Derived)
    assert found.notes == ("Isle can do nothing; what it prefers is left out.",)


def test_no_conflict_says_what_is_missing() -> None:
    alone = struggle(record(), judgments("levers:\n- {id: a, by: north, what: doing a}\n"))
    assert isinstance(alone, Missing) and "levers:" in alone.do
    silent = struggle(record(), judgments("\n".join(LEVERS.splitlines()[:-1]) + "\n"))
    assert isinstance(silent, Missing) and "South" in silent.why


COSTS = """\
costs:
- {id: give, by: north, cost: 3, worth: {south: 8}, delivered: [m1, gone]}
- {id: take, by: south, cost: open, worth: {north: 1..2}}
"""


def test_steps_know_what_was_delivered_and_leave_the_rest_open() -> None:
    m1 = move("m1", "RETREAT", "north", "south")
    found = steps(record(m1), judgments(COSTS), [m1])
    assert isinstance(found, Derived)
    assert found.model.delivered == ("give",) and found.entries == ("m1",)
    assert found.model.deliverables["take"].cost == Range(Fraction(0), Fraction(100))
    assert found.model.trust["south"] == Range(Fraction(1), Fraction(100))
    assert "North and South" in found.notes[0]
    early = steps(record(m1), judgments(COSTS), [])
    assert isinstance(early, Derived) and early.model.delivered == (), "as of a day before"


@pytest.mark.parametrize("kind", ["delivered", "broken", "taken_back"])
def test_steps_know_how_far_each_has_come(kind: str) -> None:
    m1 = move("m1", "RETREAT", "north", "south")
    text = COSTS.replace("delivered:", f"recover: 0.5, {kind}:")
    found = steps(record(m1), judgments(text), [m1])
    assert isinstance(found, Derived)
    for each in ("delivered", "broken", "taken_back"):
        assert getattr(found.model, each) == (("give",) if each == kind else ())
    assert found.entries == ("m1",)


def test_what_comes_last_counts_of_a_step() -> None:
    """Delivered, then taken back: it is taken back; the entry that says so is named."""
    done, undone = move("m1", "RETREAT", "north", "south"), move("m2", "COERCE", "north", "south")
    text = COSTS.replace("delivered: [m1, gone]", "recover: 1, delivered: [m1], taken_back: [m2]")
    found = steps(record(done, undone), judgments(text), [done, undone])
    assert isinstance(found, Derived)
    assert (found.model.delivered, found.model.taken_back) == ((), ("give",))
    assert found.entries == ("m2",)
    early = steps(record(done, undone), judgments(text), [done])
    assert isinstance(early, Derived) and early.model.delivered == ("give",)


def test_trust_of_who_has_no_part_in_the_steps_is_no_ground() -> None:
    text = COSTS + "trust:\n- {party: isle, value: 3}\n- {party: north, value: 4}\n"
    found = steps(record(), judgments(text), ())
    assert isinstance(found, Derived)
    assert found.model.trust["north"] == 4 and "isle" not in found.model.trust
    assert len(found.grounds) == 3
    assert "South would risk" in found.notes[0]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("{id: give,", "{id: give, after: [take],", 2),
        ("worth: {north: 1..2}", "worth: {south: 1..2}", 3),
    ],
)
def test_wrong_steps_stand_where_they_are_written(old: str, new: str, line: int) -> None:
    text = COSTS.replace("cost: open,", "cost: open, after: [give],").replace(old, new)
    with pytest.raises(BadInput) as caught:
        steps(record(), judgments(text), ())
    assert caught.value.problems[0].line == line


def test_a_step_nobody_values_is_odd_and_no_more() -> None:
    found = steps(record(), judgments(COSTS.replace("worth: {north: 1..2}", "worth: {}")), ())
    assert isinstance(found, Derived)
    (odd,) = found.model.warnings
    assert odd.what == "nobody values `take`: it is worth nothing to anyone"


@settings(max_examples=60, deadline=None)
@given(records())
def test_directions_agree_with_who_asked(made: object) -> None:
    moves = made.moves  # type: ignore[attr-defined]
    for (party, issue), stake in stakes(moves).items():
        asked = [m for m in moves if m.type.value == "REQUEST" and m.aspect.happened]
        asked = [m for m in asked if m.issue == issue]
        if any(party in m.by for m in asked):
            assert stake.wants
        elif any(party in m.to for m in asked):
            assert not stake.wants
        assert set(stake.entries) <= {m.id for m in moves}
