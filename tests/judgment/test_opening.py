"""A case's models where none is written out: those of its assumptions, or of the record alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from detente.case import Case
from detente.errors import BadInput
from detente.judgment.conflict import open_conflict
from detente.judgment.deal import open_deal
from detente.judgment.deriving import Missing
from detente.judgment.exchange import open_exchange
from detente.judgment.opening import check_assumptions
from detente.record.checks import check
from judgment.judging import move, record

ASKED = move("ask", "REQUEST", "south", "north", "border")
BACK = move("back", "REQUEST", "north", "south", "prisoners")

JUDGMENTS = """\
values:
- {party: north, issue: border, options: {partly: -1, open: -2}, because: so}
- {party: south, issue: border, options: {partly: 3, open: 5}, because: so, rests_on: [ask]}
levers:
- {id: a, by: north, what: doing a, because: so}
- {id: b, by: south, what: doing b, because: so}
preferences:
- {party: north, statements: [b, not a], because: so}
- {party: south, statements: [a, not b], because: so}
costs:
- {id: s, by: north, cost: 2, worth: {south: 5}, because: so}
- {id: t, by: south, cost: 2, worth: {north: 5}, because: so}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case with two demands on record and no judgments."""
    made = record(ASKED, BACK)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "r.txt").write_text("words")
    for name, file in (("case.yaml", made.case), ("record.yaml", made.file)):
        data = file.model_dump(mode="json", by_alias=True, exclude_none=True)
        (tmp_path / name).write_text(yaml.safe_dump(data), encoding="utf-8")
    return tmp_path


def test_models_of_assumptions(folder: Path) -> None:
    (folder / "judgments.yaml").write_text(JUDGMENTS)
    made = open_deal(folder)
    assert made.file == folder / "judgments.yaml"
    # North's demand for prisoners is on record too.
    assert list(made.model.issues) == ["border", "prisoners"]
    assert made.model.words["border"] == "The border"
    assert open_conflict(folder).model.options == ("a", "b")
    assert list(open_exchange(folder).model.deliverables) == ["s", "t"]
    assert "judgments.yaml" in made.notes[0]
    assert not check(folder) and not list(check_assumptions(folder))


def test_models_of_the_record_alone_say_so_and_keep_what_was_said(folder: Path) -> None:
    (folder / "judgments.yaml").write_text("scale: 8\n")
    for opened in (open_deal(folder), open_conflict(folder), open_exchange(folder)):
        assert "nothing is assumed in this case yet" in opened.notes[0]
    assert open_deal(folder).model.values["south"]["border"]["open"].high == 8  # type: ignore[union-attr]


def test_a_case_without_anything_says_what_to_write(folder: Path) -> None:
    (folder / "record.yaml").write_text("")
    for opening, key in (
        (open_deal, "values"),
        (open_conflict, "levers"),
        (open_exchange, "costs"),
    ):
        with pytest.raises(BadInput) as caught:
            opening(folder)
        (problem,) = caught.value.problems
        assert f"{key}:" in problem.do and "case.yaml" in problem.do


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("[b, not a]", "[b, not aa]", 8, "aa"),
        ("id: s, by", "id: s, after: [t], by", 11, "wait for each other"),
        ("costs:", "- {party: isle, because: so}\ncosts:", 0, ""),
        ("levers:", "- {party: south, issue: border, order: shut > open, because: so}\nlevers:", 4,
         "no values fit this order"),
    ],
)  # fmt: skip
def test_assumptions_that_make_no_model_are_problems_with_a_line(
    folder: Path, old: str, new: str, line: int, what: str
) -> None:
    text = JUDGMENTS.replace(old, new)
    text = text.replace("id: t, by", "id: t, after: [s], by") if "after" in new else text
    (folder / "judgments.yaml").write_text(text)
    problems = list(check_assumptions(folder))
    if not line:  # in form wrong already: a preference without statements
        assert not problems and check(folder)
        return
    assert [p.line for p in problems if what in p.what] == [line], problems
    assert all(p.file == folder / "judgments.yaml" for p in problems)


def test_a_written_out_model_comes_before_that_of_assumptions(folder: Path) -> None:
    (folder / "judgments.yaml").write_text(JUDGMENTS)
    (folder / "deal.yaml").write_text("parties: [x, y]\nissues: {i: {a: {x: 1, y: 2}}}\n")
    assert open_deal(folder).model.parties == ("x", "y")
    assert open_conflict(folder).model.options == ("a", "b")


def test_a_written_out_model_that_is_wrong_leaves_a_sentence_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(
        "title: A case\nquestion: What now?\ndeal: {parties: [a]}\n", encoding="utf-8"
    )
    found = Case.open(tmp_path).outlook()
    assert isinstance(found.deal, Missing)
    assert "case.yaml, line 3" in found.deal.why
