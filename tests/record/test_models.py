"""What the entries of a case promise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from detente.record.models import (
    RUNGS,
    CaseFile,
    Issue,
    JudgmentFile,
    Move,
    Party,
    RecordFile,
    ReportFront,
    SaidBy,
    Source,
    Status,
    StepCost,
    Values,
    WalkAway,
)
from detente.record.plover import Aspect, MoveType
from detente.record.record import Record, Report

SOURCE = {"report": "r1", "quote": "its words"}
MOVE: dict[str, Any] = {"id": "m", "type": "RETREAT", "what": "x", "sources": [SOURCE]}
STATUS: dict[str, Any] = {"id": "s", "attribute": "embassy", "by": ["usa"], "sources": [SOURCE]}


def refused(model: type, data: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)  # type: ignore[attr-defined]
    return str(caught.value)


def test_no_entry_without_a_source() -> None:
    assert "sources" in refused(Move, MOVE | {"sources": []})
    assert "sources" in refused(Status, {k: v for k, v in STATUS.items() if k != "sources"})
    assert "quote" in refused(Source, {"report": "r1", "quote": "  "})


@pytest.mark.parametrize("model", [CaseFile, RecordFile, JudgmentFile, ReportFront, Move, Party])
def test_unknown_keys_are_refused(model: type) -> None:
    assert "extra_forbidden" in refused(model, {"nonsense": 1})


def test_entries_are_frozen() -> None:
    move = Move.model_validate(MOVE)
    with pytest.raises(ValidationError, match="frozen"):
        move.what = "y"  # type: ignore[misc]


def test_a_move_has_plovers_mode_and_score() -> None:
    move = Move.model_validate(MOVE | {"mode": "release"})
    assert move.type is MoveType.RETREAT and move.aspect is Aspect.ACTUAL
    assert move.intensity > 0
    assert "has no mode 'yield'" in refused(Move, MOVE | {"mode": "yield"})
    assert "no mode at all" in refused(Move, MOVE | {"type": "AGREE", "mode": "release"})


def test_conditions_and_dates_are_written_with_plain_words() -> None:
    move = Move.model_validate(MOVE | {"if": "they agree", "date": "~2025-03"})
    assert move.if_ == "they agree"
    assert str(move.date) == "~2025-03"
    status = Status.model_validate(STATUS | {"from": 2021, "until": "2025-03"})
    assert str(status.from_) == "2021"
    assert status.model_dump(mode="json", by_alias=True)["from"] == "2021"


@pytest.mark.parametrize("slug", ["taliban", "2025-03-20-taliban-retreat-1", "a.b_c", "1"])
def test_ids(slug: str) -> None:
    assert Move.model_validate(MOVE | {"id": slug}).id == slug


@pytest.mark.parametrize("slug", ["", "A", "a b", "-a", ".a", "é", "a/b", "a\n", "x" * 121])
def test_what_is_no_id(slug: str) -> None:
    assert "id" in refused(Move, MOVE | {"id": slug})


def test_what_a_person_rejected_does_not_count() -> None:
    file = RecordFile.model_validate(
        {"moves": [MOVE, MOVE | {"id": "n", "review": "rejected"}], "statuses": [STATUS]}
    )
    record = Record(CaseFile(title="t", question="q"), file)
    assert [move.id for move in record.moves] == ["m"]
    assert [entry.id for entry in file.sourced()] == ["m", "n", "s"]


@pytest.mark.parametrize("attribute", RUNGS)
def test_a_status_stands_on_its_ladder(attribute: str) -> None:
    fullest = Status.model_validate(STATUS | {"attribute": attribute})
    assert fullest.rung == len(RUNGS[attribute]) - 1
    for rung, value in enumerate(RUNGS[attribute]):
        assert Status.model_validate(STATUS | {"attribute": attribute, "value": value}).rung == rung
    assert RUNGS[attribute][0] == "none"
    assert "write one of none" in refused(Status, STATUS | {"attribute": attribute, "value": "x"})


def test_a_status_ends_after_it_begins() -> None:
    Status.model_validate(STATUS | {"from": "2025", "until": "2025-03"})
    assert "ends (2024)" in refused(Status, STATUS | {"from": "2025", "until": "2024"})


def test_only_persons_hold_office() -> None:
    office = {"speaks_for": [{"party": "usa", "office": "envoy", "from": 2025}]}
    person = Party.model_validate({"id": "x", "name": "X", "kind": "person"} | office)
    assert str(person.speaks_for[0].from_) == "2025"
    assert "only a person" in refused(Party, {"id": "x", "name": "X", "kind": "state"} | office)


def test_options_are_written_as_ids_or_with_a_title() -> None:
    issue = Issue.model_validate(
        {"id": "i", "title": "I", "options": ["a", {"id": "b", "title": "B"}]}
    )
    assert [(option.id, option.title) for option in issue.options] == [("a", None), ("b", "B")]


def test_who_said_it() -> None:
    assert str(SaidBy(name="Ana", role="minister", named=True)) == "Ana"
    assert str(SaidBy(role="a US official")) == "a US official"
    assert "name or role" in refused(SaidBy, {})
    assert "needs a name" in refused(SaidBy, {"role": "official", "named": True})


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (3, (3, 3)),
        ("3.5", (3.5, 3.5)),
        ("20..40", (20, 40)),
        ("-5..-1", (-5, -1)),
        ("2 .. 3", (2, 3)),
    ],
)
def test_amounts(written: object, amount: tuple[float, float]) -> None:
    data = {"party": "a", "value": written, "because": "x"}
    assert WalkAway.model_validate(data).value == amount


@pytest.mark.parametrize("written", ["", "x", "1..2..3", "2..1", "nan", "inf", "1..", None, [1]])
def test_what_is_no_amount(written: object) -> None:
    refused(WalkAway, {"party": "a", "value": written, "because": "x"})


def test_every_judgment_has_its_reason() -> None:
    assert "because" in refused(WalkAway, {"party": "a", "value": 1})
    assert "because" in refused(StepCost, {"id": "s", "by": "a", "cost": 1, "because": " "})


def test_values_are_numbers_or_an_order() -> None:
    base = {"party": "a", "because": "x"}
    Values.model_validate(base | {"order": "a > b"})
    Values.model_validate(base | {"issue": "i", "options": {"a": "1..2"}})
    assert "either" in refused(Values, base)
    assert "either" in refused(Values, base | {"issue": "i", "options": {"a": 1}, "order": "a"})
    assert "needs the `issue:`" in refused(Values, base | {"options": {"a": 1}})


def test_an_entry_knows_where_it_stands() -> None:
    move = Move.model_validate(MOVE)
    assert move.where is None
    placed = move.placed(Path("record.yaml"), 7)
    assert placed.where is not None
    assert (placed.where.file, placed.where.line) == (Path("record.yaml"), 7)


def test_lines_of_a_report_count_from_the_top_of_its_file() -> None:
    report = Report("r", ReportFront(), "one\ntwo\nthree", Path("r.txt"), line=5)
    assert [report.line_of(i) for i in (0, 3, 4, 12)] == [5, 5, 6, 7]


def test_a_party_of_the_case_comes_before_one_that_reading_met() -> None:
    party = {"id": "a", "name": "Case", "kind": "group"}
    case = CaseFile.model_validate({"title": "t", "question": "q", "parties": [party]})
    met = RecordFile.model_validate({"parties": [party | {"name": "Met"}, party | {"id": "b"}]})
    record = Record(case, met)
    assert record.name("a") == "Case" and set(record.parties) == {"a", "b"}
    assert record.name("c") == "c"


def test_when_it_was_first_reported() -> None:
    reports = {
        name: Report(name, ReportFront.model_validate({"date": day}), "x", Path(name))
        for name, day in (("r1", "2025-03"), ("r2", "2025-02"), ("r3", None))
    }
    sources = [{"report": name, "quote": "x"} for name in ("r1", "r2", "r3", "r4")]
    move = Move.model_validate(MOVE | {"sources": sources})
    record = Record(CaseFile(title="t", question="q"), RecordFile(), reports)
    assert str(record.reported(move)) == "2025-02"
    undated = Move.model_validate(MOVE | {"sources": sources[2:]})
    assert record.reported(undated) is None
