from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tracking_builders import day, move, person, record

from detente.record.plover import Aspect, MoveType, intensity
from detente.tracking import ledgers
from detente.tracking.ledger import role
from detente.tracking.views import Role


def only(made, **more):
    (ledger,) = ledgers(made, **more)
    return ledger


def test_running_balance_last_mover_and_roles():
    ledger = only(
        record(
            move("ask", "REQUEST", "taliban", "usa", date="2025-02"),
            move("free", "RETREAT/release", "taliban", "usa", date="2025-03-20"),
            move("lift", "CONCEDE", "usa", "taliban", date="2025-03-22"),
            move("threat", "THREATEN", "usa", "taliban", date="2025-03-24"),
        )
    )
    assert ledger.pair == ("taliban", "usa")
    assert [line.balance for line in ledger.lines] == [
        {"taliban": 0, "usa": 0},
        {"taliban": 6.5, "usa": 0},
        {"taliban": 6.5, "usa": 4.5},
        {"taliban": 6.5, "usa": 1.0},
    ]
    assert ledger.last_mover == "usa"
    assert ledger.by_role["taliban"] == {Role.ASKED: ("ask",), Role.GIVEN: ("free",)}
    assert ledger.by_role["usa"] == {Role.GIVEN: ("lift",), Role.THREATENED: ("threat",)}


def test_what_is_denied_possible_or_owed_is_never_given():
    ledger = only(
        record(
            move("no", "SUPPORT", "usa", "taliban", aspect="negated", date="2025"),
            move("maybe", "SUPPORT", "usa", "taliban", aspect="hypothetical", date="2025"),
            move("owed", "SUPPORT", "usa", "taliban", aspect="future", date="2025"),
            move("plan", "ASSAULT", "usa", "taliban", aspect="future", date="2025"),
        )
    )
    assert ledger.balance == {"taliban": 0, "usa": 0}
    assert not any(line.counted for line in ledger.lines)
    assert ledger.by_role == {"taliban": {}, "usa": {Role.OFFERED: ("owed",)}}
    assert ledger.last_mover is None


def test_mutual_moves_count_for_every_pair_of_those_who_made_them():
    books = ledgers(record(move("meet", "CONSULT", "usa taliban qatar", "", date="2025")))
    assert {book.pair for book in books} == {
        ("qatar", "taliban"),
        ("qatar", "usa"),
        ("taliban", "usa"),
    }
    assert all(set(book.balance.values()) == {2.5} for book in books)
    assert all(book.last_mover is None for book in books)


@pytest.mark.parametrize(
    "alone",
    [
        move("m", "AGREE", "usa", ""),
        move("m", "REQUEST", "", "usa"),
        move("m", "RETREAT", "usa", "usa"),
        move("m", "CONSULT", "", ""),
    ],
    ids=["nobody to", "nobody by", "towards itself", "nobody at all"],
)
def test_moves_that_belong_to_no_pair(alone):
    assert ledgers(record(alone)) == ()


def test_acting_together_towards_each_other_is_one_line_for_both():
    ledger = only(
        record(move("swap", "RETREAT/release", "usa taliban", "usa taliban", date="2025"))
    )
    assert len(ledger.lines) == 1
    assert ledger.balance == {"taliban": 6.5, "usa": 6.5}


def test_a_person_counts_for_the_party_only_while_in_office():
    rubio = person("rubio", "usa", "2025-01-21")
    ledger = only(record(rubio, move("m", "THREATEN", "rubio", "taliban", date="2025-03")))
    assert set(ledger.pair) == {"usa", "taliban"}
    ledger = only(record(rubio, move("m", "THREATEN", "rubio", "taliban", date="2024")))
    assert set(ledger.pair) == {"rubio", "taliban"}
    told = record(rubio, move("m", "THREATEN", "rubio", "taliban"), reports={"r": "2025-04"})
    assert set(only(told).pair) == {"usa", "taliban"}
    untold = record(rubio, move("m", "THREATEN", "rubio", "taliban"))
    assert set(only(untold).pair) == {"rubio", "taliban"}


def test_an_officer_and_the_state_together_count_once():
    made = record(person("rubio", "usa"), move("m", "CONCEDE", "usa rubio", "taliban", date="2025"))
    assert only(made).balance == {"usa": 4.5, "taliban": 0}


def test_undated_moves_enter_the_balance_last():
    made = record(
        move("undated", "AID", "usa", "taliban"),
        move("dated", "AID", "usa", "taliban", date="2025"),
    )
    lines = only(made).lines
    assert [line.move for line in lines] == ["dated", "undated"]
    assert lines[-1].balance["usa"] == 20


@pytest.mark.parametrize(
    ("first", "second", "who"),
    [
        ("2025-03-20", "2025-03-21", "taliban"),
        ("2025-03-20", "2025-03-20", None),
        ("2025-03", "2025-03-20", None),
        ("2025-02", "2025-03", "taliban"),
        ("2025-03", None, "usa"),
    ],
)
def test_the_last_mover_is_named_only_when_the_dates_tell(first, second, who):
    made = record(
        move("a", "AID", "usa", "taliban", date=first),
        move("b", "AID", "taliban", "usa", date=second),
    )
    assert only(made).last_mover == who


def test_the_order_is_by_size_then_as_the_case_lists_the_parties():
    made = record(
        person("zed", "zed"),
        move("1", "AID", "b", "a", date="2025"),
        move("2", "AID", "zed", "a", date="2025"),
        move("3", "AID", "c", "b", date="2025"),
        move("4", "AID", "c", "b", date="2025"),
    )
    assert [book.pair for book in ledgers(made)] == [("b", "c"), ("zed", "a"), ("a", "b")]


def test_every_type_has_a_role():
    assert {role(kind, Aspect.ACTUAL) for kind in MoveType} == set(Role)
    assert role(MoveType.RETREAT, Aspect.FUTURE) is Role.OFFERED


moves = st.lists(
    st.tuples(
        st.sampled_from(list(MoveType)),
        st.lists(st.sampled_from("abc"), max_size=3),
        st.lists(st.sampled_from("abc"), max_size=2),
        st.sampled_from([None, "2024", "2025-03", "2025-03-20", "~2025-03"]),
        st.sampled_from(list(Aspect)),
    ),
    max_size=12,
)


@given(moves)
def test_the_balance_is_the_sum_of_what_each_side_did(drawn):
    made = record(
        *(
            move(f"m{i}", kind, " ".join(by), " ".join(to), date=date, aspect=aspect)
            for i, (kind, by, to, date, aspect) in enumerate(drawn)
        )
    )
    for book in ledgers(made):
        assert len(set(book.pair)) == 2
        assert book.lines[-1].balance == book.balance
        for party, other in (book.pair, book.pair[::-1]):
            expected = sum(
                intensity(kind)
                for kind, by, to, _, aspect in drawn
                if aspect.happened and party in by and (other in to or (not to and other in by))
            )
            assert book.balance[party] == expected
        assert max(Counter(line.move for line in book.lines).values()) == 1


def test_as_of_leaves_out_what_came_later():
    made = record(
        move("a", "AID", "usa", "taliban", date="2024"),
        move("b", "AID", "usa", "taliban", date="2025"),
    )
    assert only(made, as_of=day("2024-06")).balance["usa"] == 10
