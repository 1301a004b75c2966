"""What follows from assumptions: whatever they say it runs, and agrees with the solvers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.judgment import outlook as looking
from detente.judgment.deriving import Derived, Missing
from detente.judgment.outlook import (
    ConflictOutlook,
    DealOutlook,
    Own,
    StepsOutlook,
    outlook,
)
from detente.record.models import JudgmentFile
from detente.record.record import Record
from detente.solve.bargaining import model as bargaining
from detente.solve.bargaining.pareto import frontier
from detente.solve.bargaining.rules import solutions
from detente.solve.bargaining.states import space
from detente.solve.conflict import model as conflict
from detente.solve.conflict.stability import analyse
from detente.solve.exchange.order import safest
from detente.solve.exchange.walk import steps as walked
from judgment.judging import judgment_files, judgments, move, record, records

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ASKED = move("ask", "REQUEST", "south", "north", "border")
FREED = move("free", "REQUEST", "north", "south", "prisoners")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few draws, so that many cases can be looked at."""
    for name, count in (("DEAL", 40), ("CONFLICT", 12), ("STEPS", 15)):
        monkeypatch.setattr(looking, f"{name}_SAMPLES", count)
    monkeypatch.setattr(looking, "MIDDLE_SAMPLES", 40)
    yield


def shares_in(found: object) -> Iterator[float]:
    """Every share an outlook states."""
    if isinstance(found, DealOutlook):
        yield from (found.possible, found.likelihood, *found.inside.values())
    elif isinstance(found, ConflictOutlook):
        yield from (share for _, share in found.holding)
        yield from (s for m in found.matters for s in (m.if_first, m.if_second))
    elif isinstance(found, StepsOutlook):
        yield from (found.safe, found.enforcing)


@SLOW
@given(records(), st.one_of(st.just(JudgmentFile()), judgment_files()))
def test_whatever_is_assumed_something_follows(made: Record, given_: JudgmentFile) -> None:
    found = outlook(made, given_, made.moves)
    assert found.drafted == given_.empty
    for part in (found.deal, found.conflict, found.steps):
        if isinstance(part, Missing):
            assert part.why.endswith(".") and part.do
            continue
        for share in shares_in(part):
            assert math.isfinite(share) and 0 <= share <= 1
        known = {each.id for each in made.moves}
        assert known.issuperset(part.derived.entries)
        assert all(any(g is each for each in found.judgments.assumptions())
                   for g in part.derived.grounds)  # fmt: skip


@SLOW
@given(judgment_files(exact=True))
def test_exact_judgments_give_what_the_solvers_give(given_: JudgmentFile) -> None:
    found = outlook(record(), given_, ())
    if isinstance(found.deal, DealOutlook):
        model = found.deal.model
        assert not model.open and found.deal.shares is None and found.deal.middle is model
        start = {issue: options[0] for issue, options in model.issues.items()}
        front = frontier(space(model))
        nash = [front.space.package(front.choices[row]) for row in solutions(front).rows["nash"]]
        better = [p for p in nash if model.worth(p) != model.worth(start)]
        assert found.deal.possible == float(bool(better))
        assert found.deal.package == (better[0] if better else None)
    assert isinstance(found.conflict, ConflictOutlook | Missing)
    if isinstance(found.conflict, ConflictOutlook):
        stable = analyse(found.conflict.model).equilibria("seq")
        assert found.conflict.holding == tuple((state, 1.0) for state in stable)
    assert isinstance(found.steps, StepsOutlook | Missing)
    if isinstance(found.steps, StepsOutlook):
        best = safest(found.steps.model)
        assert found.steps.order == best.order
        assert found.steps.safe == float(best.value <= 1)
        assert found.steps.enforcing in (0, 1)


def test_an_order_enforces_itself_even_where_another_is_the_smoother_one() -> None:
    """Once, only the very order that the other rule would choose was taken to do so."""
    given_ = judgments("""\
        costs:
        - {id: small, by: north, cost: 1, worth: {south: 1}}
        - {id: large, by: north, cost: 2, worth: {south: 3}}
        - {id: back, by: south, cost: 1, worth: {north: 5}, after: [small, large]}
        trust:
        - {party: north, value: 9}
        - {party: south, value: 9}
        patience:
        - {party: north, value: 9}
        - {party: south, value: 9}
        """)
    found = outlook(record(), given_, ()).steps
    assert isinstance(found, StepsOutlook)
    tempted = [
        t for step in walked(found.model, found.order)[:-1] for t in step.temptation.values()
    ]
    assert max(tempted) <= 9
    assert found.enforcing == 1


DEAL = """\
values:
- {{party: south, issue: border, options: {{partly: 10, open: {south}}}}}
- {{party: north, issue: border, options: {{partly: -5, open: {north}}}}}
- {{party: south, issue: prisoners, options: {{freed: -10}}}}
- {{party: north, issue: prisoners, options: {{freed: 20}}}}
"""


@pytest.mark.parametrize("south", ["15..40", "30", "open"])
def test_narrowing_to_a_point_keeps_it_defined_and_sharpens(south: str) -> None:
    wide = outlook(record(), judgments(DEAL.format(south=south, north="-30..-10")), ()).deal
    point = outlook(record(), judgments(DEAL.format(south="30", north="-15")), ()).deal
    assert isinstance(wide, DealOutlook) and isinstance(point, DealOutlook)
    assert 0 <= wide.possible <= 1 and wide.shares is not None
    assert (point.possible, point.likelihood, point.shares) == (1.0, 1.0, None)
    assert point.package == {"border": "open", "prisoners": "freed"}
    assert set(point.inside.values()) == {1.0}


def test_no_deal_where_nothing_betters_anything() -> None:
    text = "values:\n- {party: south, issue: border, options: {open: 5}}\n"
    text += "- {party: north, issue: border, options: {open: -5}}\n"
    found = outlook(record(issues={"border": ("shut", "open")}), judgments(text), ()).deal
    assert isinstance(found, DealOutlook)
    assert (found.possible, found.package, found.likelihood, found.inside) == (0, None, 0, {})


def test_options_nobody_values_make_no_deal() -> None:
    text = "values:\n- {party: south, issue: border, options: {partly: 0, open: 0}}\n"
    text += "- {party: north, issue: border, options: {partly: 0, open: 0}}\n"
    found = outlook(record(), judgments(text), ()).deal
    assert isinstance(found, DealOutlook)
    assert (found.possible, found.package) == (0, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (DEAL.format(south="1e-300", north="-1"), ""),
        (DEAL.format(south="1..2", north="-1e-30"), ""),
        (DEAL.format(south="1", north="-1")
         + "forbidden:\n- {options: {border: shut}}\n- {options: {border: partly}}\n"
         "- {options: {border: open}}\n", "No package meets all constraints"),
        (DEAL.format(south="1", north="-1")
         + "- {party: south, issue: border, order: partly > open > shut}\n"
         "- {party: south, order: border > prisoners}\n", ""),
        ("walk_away:\n- {party: south, value: 3}\n", "Nobody is known to want something"),
    ],
)  # fmt: skip
def test_what_cannot_be_solved_is_said(text: str, why: str) -> None:
    found = outlook(record(), judgments(text), ()).deal
    if why:
        assert isinstance(found, Missing) and why in found.why and found.do
        assert "\n" not in found.why
    else:
        assert isinstance(found, DealOutlook)


def test_contradictions_leave_a_sentence_in_the_place_of_the_answer() -> None:
    text = DEAL.format(south="9..20", north="-1")
    text += "- {party: south, issue: border, order: shut > open > partly}\n"
    found = outlook(record(), judgments(text), ()).deal
    assert isinstance(found, Missing)
    assert found.why.startswith(
        "What is assumed can't be used (judgments.yaml, line 6): no values fit this order"
    )


def test_many_statements_that_hang_together_are_no_traceback() -> None:
    said = ", ".join(["a", "b"] * 15)
    pairs = ", ".join(f"[{n}, {m}]" for n in range(1, 30) for m in (n + 1,))
    text = f"""\
levers:
- {{id: a, by: north, what: doing a}}
- {{id: b, by: south, what: doing b}}
preferences:
- {{party: north, statements: [{said}], open: [{pairs}]}}
- {{party: south, statements: [a]}}
"""
    found = outlook(record(), judgments(text), ()).conflict
    assert isinstance(found, Missing) and "hang together by open pairs" in found.why


def test_a_state_that_cannot_be_is_said() -> None:
    text = """\
levers:
- {id: a, by: north, what: doing a, now: true}
- {id: b, by: south, what: doing b, now: true, excludes: [a]}
preferences:
- {party: north, statements: [b]}
- {party: south, statements: [a]}
"""
    found = outlook(record(), judgments(text), ()).conflict
    assert isinstance(found, Missing) and "infeasible" in found.why and "levers:" in found.do


def test_draws_with_too_many_digits_still_give_an_order() -> None:
    """Four parties whose trust is open: no draw of them could be searched for its best order."""
    costs = [
        f"- {{id: s{n}, by: {by}, cost: open, worth: {{{to}: open}}}}"
        for n, (by, to) in enumerate(
            [("north", "south"), ("south", "isle"), ("isle", "north"), ("north", "isle")] * 2
        )
    ]
    found = outlook(record(), judgments("costs:\n" + "\n".join(costs) + "\n"), ()).steps
    assert isinstance(found, StepsOutlook) and len(found.order) == 8


def test_a_case_s_own_models_come_first() -> None:
    made = bargaining.from_plain(
        {"parties": ["x", "y"], "issues": {"i": {"a": {"x": 1, "y": 1}, "b": {"x": 9, "y": 9}}}}
    )
    given_ = judgments(DEAL.format(south="1", north="-1"))
    found = outlook(record(), given_, (), own=Own(deal=Derived(made, ()))).deal
    assert isinstance(found, DealOutlook) and found.package == {"i": "b"}


def test_nobody_assumed_anything_so_the_record_alone_speaks() -> None:
    found = outlook(record(ASKED, FREED), JudgmentFile(), [ASKED, FREED])
    assert found.drafted and not found.judgments.empty
    assert isinstance(found.deal, DealOutlook) and found.deal.shares is not None
    assert 0 < found.deal.possible < 1, "two gains against two losses of any size"
    assert set(found.deal.middle.parties) == {"north", "south"}


def test_too_many_packages_for_all_are_compared_for_two() -> None:
    issues = {f"i{n}": ("a", "b", "c", "d") for n in range(12)}
    asks = [
        move(f"m{n}-{by}", "REQUEST", by, to, f"i{n}")
        for n in range(12)
        for by, to in (("south", "north"), ("isle", "north"))[: 1 + (n < 3)]
    ]
    found = outlook(record(*asks, issues=issues), JudgmentFile(), asks)
    assert isinstance(found.deal, DealOutlook)
    assert found.deal.model.parties == ("north", "south")
    assert any("only North and South" in note for note in found.deal.derived.notes)
    wide = found.judgments.model_copy(update={"between": ()})
    said = outlook(record(*asks, issues=issues), wide, asks).deal
    assert isinstance(said, Missing) and "between:" in said.do


def test_the_middle_of_small_units_is_not_rounded_away() -> None:
    text = "scale: 0.001\n" + DEAL.format(south="0.0001..0.0005", north="-0.0003..-0.0001")
    found = outlook(record(), judgments(text), ()).deal
    assert isinstance(found, DealOutlook)
    assert Fraction(1, 10_000) < found.middle.values["south"]["border"]["open"] < Fraction(1, 2000)


def test_a_large_picture_draws_some_packages() -> None:
    issues = {f"i{n}": ("a", "b") for n in range(70)}
    plain: dict[str, Any] = {
        "parties": ["x", "y"],
        "issues": {i: {"a": {"x": 0, "y": 0}, "b": {"x": 1, "y": -1}} for i in issues},
    }
    found = outlook(record(), JudgmentFile(), (), own=Own(deal=Derived(
        bargaining.from_plain(plain), ())))  # fmt: skip
    assert isinstance(found.deal, DealOutlook)
    assert 0 < len(found.deal.packages()) <= looking.MOST_SHOWN


def test_a_conflict_written_out_with_open_levels_has_matters() -> None:
    made = conflict.from_plain(
        {
            "decision_makers": {"x": ["a"], "y": ["b"]},
            "preferences": {
                "x": {"ranking": [["YY"], ["NY"], ["YN"], ["NN"]], "open": [["YY", "NY"]]},
                "y": {"ranking": [["YY"], ["NY", "YN"], ["NN"]]},
            },
        }
    )
    found = outlook(record(), JudgmentFile(), (), own=Own(conflict=Derived(made, ()))).conflict
    assert isinstance(found, ConflictOutlook) and found.matters


# --- what each answer says ----------------------------------------------------------------------


def test_what_nobody_assumed_is_filled_in_from_the_record_and_nothing_else() -> None:
    gift = move("gift", "RETREAT", "north", "south", "border")
    moves = [ASKED, FREED, gift]
    made = record(*moves)
    assert outlook(made, JudgmentFile(), moves).filled == ("values", "levers", "steps")
    values = judgments("scale: 50\n" + DEAL.format(south="30", north="-15"))
    found = outlook(made, values, moves)
    assert found.filled == ("levers", "steps")
    assert found.judgments.values == values.values and found.judgments.scale == 50
    assert isinstance(found.conflict, ConflictOutlook) and isinstance(found.steps, StepsOutlook)
    text = "costs:\n- {id: mine, by: north, cost: 3, worth: {south: 8}}\n"
    found = outlook(made, judgments(text), moves)
    assert found.filled == ("levers",)
    assert [cost.id for cost in found.judgments.costs] == ["mine"]
    text = "levers:\n- {id: mine, by: north, what: doing it}\n"
    found = outlook(made, judgments(text), moves)
    assert found.filled == ("steps",)
    assert [lever.id for lever in found.judgments.levers] == ["mine"]
    assert isinstance(found.conflict, Missing), "nothing is put beside what was assumed"


def test_two_packages_that_are_as_good_share_the_likelihood() -> None:
    plain: dict[str, Any] = {
        "parties": ["x", "y"],
        "issues": {
            "i": {
                "none": {"x": 0, "y": 0},
                "left": {"x": 2, "y": 1},
                "right": {"x": 1, "y": 2},
                "worse": {"x": 1, "y": 1},
            },
            "k": {"no": {"x": 0, "y": 0}, "yes": {"x": 1, "y": 1}},
        },
    }
    own = Own(deal=Derived(bargaining.from_plain(plain), ()))
    found = outlook(record(), JudgmentFile(), (), own=own).deal
    assert isinstance(found, DealOutlook)
    assert (found.possible, found.likelihood) == (1.0, 0.5)
    assert found.inside == {("i", "left"): 0.5, ("i", "right"): 0.5, ("k", "yes"): 1.0}
    assert found.package is not None and found.package["k"] == "yes"
    assert found.worth({"i": "left", "k": "yes"}) == {"x": 3, "y": 2}
    assert found.status_quo == {"i": "none", "k": "no"}
    assert len(found.packages()) == 8
    forbidden = plain | {"forbidden": [{"i": "left"}]}
    own = Own(deal=Derived(bargaining.from_plain(forbidden), ()))
    found = outlook(record(), JudgmentFile(), (), own=own).deal
    assert isinstance(found, DealOutlook) and found.likelihood == 1
    assert found.package == {"i": "right", "k": "yes"}
    assert len(found.packages()) == 6


def test_what_is_in_a_deal_is_told_of_the_draws_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """North gains or loses, as likely as not: in half of the draws there is a deal."""
    monkeypatch.setattr(looking, "DEAL_SAMPLES", 600)
    text = "values:\n- {party: south, issue: border, options: {open: 10}}\n"
    text += "- {party: north, issue: border, options: {open: -8..8}}\n"
    found = outlook(record(issues={"border": ("shut", "open")}), judgments(text), ()).deal
    assert isinstance(found, DealOutlook) and found.shares is not None
    assert found.shares.samples == 600
    assert abs(found.possible - 0.5) < 0.1
    assert found.likelihood == pytest.approx(found.possible)
    assert found.package == {"border": "open"}
    assert found.inside == {("border", "open"): 1.0}
    assert found.middle.values["north"]["border"]["open"] == 0


FIGHT = """\
levers:
- {{id: a, by: north, what: doing a{now}}}
- {{id: b, by: south, what: doing b}}
preferences:
- {{party: north, statements: [{north}]}}
- {{party: south, statements: [{south}]}}
"""


def test_what_holds_is_explained_for_everybody_with_the_ways_there() -> None:
    """Two who each would rather act, whatever the other does: it holds that both do."""
    found = outlook(record(), judgments(FIGHT.format(now="", north="a", south="b")), ()).conflict
    assert isinstance(found, ConflictOutlook)
    assert (found.now, found.holding, found.matters) == ("NN", (("YY", 1.0),), ())
    assert found.share("YY") == 1 and found.share("NN") == 0
    assert list(found.reasons) == ["YY"]
    assert [each.stable for each in found.reasons["YY"]] == [True, True]
    assert [each.name for each in found.reasons["YY"]] == ["north", "south"]
    assert [way.state for way in found.ways] == ["YY"]
    found = outlook(
        record(), judgments(FIGHT.format(now=", now: true", north="not a", south="not b")), ()
    ).conflict
    assert isinstance(found, ConflictOutlook)
    assert (found.now, found.holding) == ("YN", (("NN", 1.0),))


def test_at_most_five_of_what_holds_are_looked_at_closely() -> None:
    text = "levers:\n" + "".join(
        f"- {{id: {lever}, by: {by}, what: doing {lever}}}\n"
        for lever, by in (("a", "north"), ("b", "north"), ("c", "south"), ("d", "south"))
    )
    text += "preferences:\n" + "".join(
        f"- {{party: {p}, statements: [a or not a]}}\n" for p in ("north", "south")
    )
    found = outlook(record(), judgments(text), ()).conflict
    assert isinstance(found, ConflictOutlook)
    assert len(found.holding) == 16, "nobody minds anything"
    assert list(found.reasons) == [state for state, _ in found.holding[:5]]
    assert {way.state for way in found.ways} == set(found.reasons)


SWAP = """\
costs:
- {{id: give, by: north, cost: 3, worth: {{south: 8}}}}
- {{id: back, by: south, cost: 2, worth: {{north: 9}}, after: [give]}}
trust:
- {{party: north, value: {trust}}}
- {{party: south, value: 5}}
patience:
- {{party: north, value: 0}}
- {{party: south, value: {patience}}}
"""


@pytest.mark.parametrize(
    ("trust", "patience", "safe", "enforcing", "mended"),
    [
        # north is out 3 once it has given; south would keep 8 of which it would have 6
        (3, 2, 1, 1, []),
        (2.5, 2, 0, 1, ["exposure"]),
        (3, 1.5, 1, 0, ["temptation"]),
        (1, 0, 0, 0, ["exposure", "temptation"]),
    ],
)
def test_steps_are_safe_up_to_what_each_would_risk_and_mended_where_not(
    trust: float, patience: float, safe: int, enforcing: int, mended: list[str]
) -> None:
    found = outlook(record(), judgments(SWAP.format(trust=trust, patience=patience)), ()).steps
    assert isinstance(found, StepsOutlook)
    assert found.order == ("give", "back") and found.shares is None
    assert (found.safe, found.enforcing) == (safe, enforcing)
    assert [each.kind for each in found.mends] == mended


def test_nothing_left_to_deliver_is_said() -> None:
    done = move("done", "RETREAT", "north", "south")
    text = "costs:\n- {id: give, by: north, cost: 3, worth: {south: 8}, delivered: [done]}\n"
    found = outlook(record(done), judgments(text), [done]).steps
    assert isinstance(found, Missing) and "Nothing is left to deliver" in found.why
