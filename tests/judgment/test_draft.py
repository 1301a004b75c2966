"""A first judgments.yaml: what the record suggests, no sizes, and nothing wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings

from detente.judgment.deriving import Derived, Missing, deal, stakes, steps, struggle
from detente.judgment.draft import (
    GRANTED,
    MOST_LEVERS,
    MOST_MAKERS,
    MOST_STEPS,
    MOST_TOGETHER,
    STATUS_QUO,
    draft,
    draft_text,
    drafted,
)
from detente.judgment.opening import check_assumptions
from detente.record import yamltext
from detente.record.checks import check
from detente.record.models import CaseFile, JudgmentFile, Move, Party, RecordFile
from detente.record.record import Record
from detente.record.validation import validate
from detente.solve.bargaining.model import Range
from judgment.judging import FILE, PARTIES, move, record, records

ASKED = move("ask", "REQUEST", "south", "north", "border")
WORDS = ("title", "what", "because")


def of(*moves: Move) -> dict[str, list[dict[str, Any]]]:
    return draft(record(*moves), moves)


def test_nothing_on_record_suggests_nothing() -> None:
    assert of() == {}
    assert draft_text({}).startswith("# ")


def test_a_demand_gives_both_their_order_a_lever_and_a_step() -> None:
    found = of(ASKED)
    assert [(v["party"], v["order"]) for v in found["values"]] == [
        ("north", "shut > partly > open"),
        ("south", "open > partly > shut"),
    ]
    assert [(v["id"], v["by"]) for v in found["levers"]] == [("grant-border", "north")]
    assert found["preferences"][0]["statements"] == ["not grant-border"]
    (step,) = found["costs"]
    assert (step["by"], step["cost"], step["worth"]) == ("north", "open", {"south": "open"})
    for listed in found.values():
        for each in listed:
            assert each["because"] and each["rests_on"] == ["ask"]


def test_a_threat_and_an_offer_are_levers_that_the_others_would_have_or_not() -> None:
    threat = move("t", "THREATEN", "north", "south", what="more rewards")
    offer = move("o", "AGREE", "south", "north", what="a visit", **{"if": "if asked"})
    found = of(threat, offer)
    assert [(v["id"], v["by"], v["rests_on"]) for v in found["levers"]] == [
        ("threat-more-rewards", "north", ["t"]),
        ("offer-a-visit", "south", ["o"]),
    ]
    said = {p["party"]: p["statements"] for p in found["preferences"]}
    assert said == {
        "north": ["not threat-more-rewards", "offer-a-visit"],
        "south": ["not threat-more-rewards", "not offer-a-visit"],
    }
    assert {p["open"] for p in found["preferences"]} == {"all"}


def test_a_demand_no_issue_covers_becomes_one() -> None:
    loose = move("l", "REQUEST", "south", "north", what="the return of boats")
    found = of(loose)
    (issue,) = found["issues"]
    assert (issue["id"], issue["options"]) == ("the-return-of-boats", [STATUS_QUO, GRANTED])
    assert issue["rests_on"] == ["l"]
    done = move("y", "AGREE", "north", "south", answers=["l"])
    assert "issues" not in of(loose, done), "it was answered"


def test_a_demand_about_an_issue_without_options_is_not_lost() -> None:
    """Issues in case.yaml may have no options yet; the draft can't add any to them."""
    asked = move("n", "REQUEST", "south", "north", "name", what="a new name")
    assert [each["id"] for each in of(asked)["issues"]] == ["a-new-name"]


def test_ids_of_issues_are_those_of_nothing_else() -> None:
    for what in ("name", "Border", "north"):
        asked = move("n", "REQUEST", "south", "north", what=what)
        (issue,) = of(asked)["issues"]
        assert issue["id"] not in {"name", "border", "prisoners", *PARTIES}


def test_steps_of_long_names_do_not_share_an_id() -> None:
    """Cut to 48 characters, they would."""
    long = "the withdrawal of all troops from both banks of the river"
    moves = [move(f"m{n}", "REQUEST", "south", "north isle", what=f"{long} {n}") for n in "ab"]
    ids = [step["id"] for step in of(*moves)["costs"]]
    assert len(ids) == 4 and len(set(ids)) == 4


def test_a_large_record_gives_no_more_than_can_be_looked_at() -> None:
    """Sixteen levers took minutes, and ten parties with levers are more than a model has."""
    parties = tuple(Party(id=f"p{n}", name=f"P{n}", kind="state") for n in range(10))
    moves = tuple(
        move(f"{kind}-{a}-{b}".lower(), kind, f"p{a}", f"p{b}", what=f"{kind} {a} {b}")
        for kind in ("REQUEST", "THREATEN")
        for a in range(10)
        for b in range(10)
        if a != b
    )
    whole = Record(CaseFile(title="T", question="Q?", parties=parties), RecordFile(moves=moves), {})
    found = draft(whole, moves)
    owners = [lever["by"] for lever in found["levers"]]
    assert len(owners) <= MOST_TOGETHER and 2 <= len(set(owners)) <= MOST_MAKERS
    assert max(map(owners.count, owners)) <= MOST_LEVERS
    assert len(found["costs"]) <= MOST_STEPS
    made = drafted(whole, moves)
    for derive in (deal, steps):
        assert isinstance(derive(whole, made, moves), Derived)
    assert isinstance(struggle(whole, made), Derived)


def test_what_was_said_without_assuming_anything_is_kept() -> None:
    given_ = JudgmentFile.model_validate({"scale": 7, "between": ["north", "south"]})
    made = drafted(record(ASKED), [ASKED], given_)
    assert (made.scale, made.between) == (7, ("north", "south"))
    found = deal(record(ASKED), made, [ASKED])
    assert isinstance(found, Derived)
    assert found.model.values["south"]["border"]["open"] == Range(0, 7)  # type: ignore[arg-type]


@settings(max_examples=100, deadline=None)
@given(records())
def test_the_draft_of_any_record_is_a_judgments_file_that_rests_on_it(made: Record) -> None:
    lists = draft(made, made.moves)
    text = draft_text(lists)
    found, problems = validate(JudgmentFile, yamltext.parse(text, FILE), FILE)
    assert found is not None and not problems
    assert found.empty == (not lists)
    written = {name: list(listed) for name, listed in lists.items()}
    read = yaml.safe_load(text)  # the same to another program
    assert (read or {}).keys() == written.keys()
    for name, listed in written.items():
        for each, given_ in zip(read[name], listed, strict=True):
            assert each.keys() == given_.keys()
            assert all(each[key] == given_[key] for key in each if key not in WORDS)
    known = {each.id for each in made.moves}
    for each in found.assumptions():
        assert each.rests_on and known.issuperset(each.rests_on)
    shown = stakes(made.moves)
    for value in found.values:
        assert value.order is not None and not value.options
        if (value.party, value.issue) in shown:
            wants = shown[value.party, value.issue].wants  # type: ignore[index]
            assert value.order.endswith("> shut" if value.issue == "border" else "> held") == wants
    for cost in found.costs:
        assert cost.cost is None and not any(cost.worth.values())
    for derive in (deal, steps):
        assert isinstance(derive(made, found, made.moves), Derived | Missing)
    assert isinstance(struggle(made, found), Derived | Missing)


@settings(max_examples=25, deadline=None)
@given(made=records())
def test_detente_check_finds_nothing_wrong_with_a_draft(
    made: Record, tmp_path_factory: Any
) -> None:
    folder: Path = tmp_path_factory.mktemp("case")
    (folder / "reports").mkdir()
    (folder / "reports" / "r.txt").write_text("words")
    for name, file in (("case.yaml", made.case), ("record.yaml", made.file)):
        data = file.model_dump(mode="json", by_alias=True, exclude_none=True)
        (folder / name).write_text(yaml.safe_dump(data), encoding="utf-8")
    assert not check(folder)
    text = draft_text(draft(made, made.moves))
    (folder / "judgments.yaml").write_text(text, encoding="utf-8")
    assert not check(folder)
    assert not list(check_assumptions(folder))


def test_renaming_ids_changes_nothing_else() -> None:
    one, other = (draft_text(of(ASKED.model_copy(update={"id": id}))) for id in ("xq", "zzz"))
    assert one.replace("[xq]", "[zzz]") == other
