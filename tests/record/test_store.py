"""Opening a case folder, whatever lies in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.errors import BadInput
from detente.record.checks import check
from detente.record.new import create
from detente.record.store import CASE, JUDGMENTS, RECORD, open_record


@pytest.fixture
def case(tmp_path: Path) -> Path:
    create(tmp_path / "case")
    return tmp_path / "case"


def test_every_entry_knows_its_line(case: Path) -> None:
    opened = open_record(case)
    assert opened.problems == () and not opened.broken and not opened.unread
    judgments = opened.judgments
    for name, entries in (
        (CASE, opened.record.case.parties + opened.record.case.issues),
        (CASE, opened.record.case.agreements + opened.record.case.agreements[0].commitments),
        (RECORD, opened.record.moves + opened.record.statuses),
        (JUDGMENTS, judgments.values + judgments.walk_away + judgments.costs),
    ):
        lines = (case / name).read_text(encoding="utf-8").splitlines()
        for entry in entries:
            assert entry.where is not None and entry.where.file == case / name
            first = lines[entry.where.line - 1].strip()
            assert (
                first == f"- id: {entry.id}" if hasattr(entry, "id") else f"- party: {entry.party}"
            )  # type: ignore


def test_lines_of_keys_inside_an_entry(case: Path) -> None:
    opened = open_record(case)
    move = opened.record.moves[0]
    lines = (case / RECORD).read_text(encoding="utf-8").splitlines()
    assert lines[opened.line(move, "sources", 0, "quote") - 1].startswith('    quote: "Arvenia on')
    assert lines[opened.line(move, "by", 0) - 1] == "  by: [arvenia]"
    assert opened.line(move, "nothing") == opened.line(move)
    assert opened.line(opened.record.case) == 0  # a whole file has no line


def test_reports_are_known_by_their_file_names(case: Path) -> None:
    (case / "reports" / "Talks in Doha.MD").write_text("Talks were held.")
    reports = open_record(case).record.reports
    assert set(reports) == {"2025-01-15-example", "talks-in-doha"}
    assert check(case) == []


def test_two_files_that_make_one_id(case: Path) -> None:
    (case / "reports" / "Talks.txt").write_text("Talks were held.")
    (case / "reports" / "talks.md").write_text("Talks were held.")
    opened = open_record(case)
    assert [p.what for p in opened.problems] == [
        "two reports have the id talks: Talks.txt and talks.md"
    ]
    assert "talks" not in opened.record.reports and "talks" in opened.broken


def test_a_file_where_the_folder_of_reports_should_be(case: Path) -> None:
    for path in (case / "reports").iterdir():
        path.unlink()
    (case / "reports").rmdir()
    (case / "reports").write_text("x")
    assert any("reports/ is a folder" in p.what for p in open_record(case).problems)


def test_a_folder_where_a_file_should_be(case: Path) -> None:
    (case / RECORD).unlink()
    (case / RECORD).mkdir()
    opened = open_record(case)
    assert [p.file for p in opened.problems] == [case / RECORD]
    assert opened.unread == {RECORD}


def test_wrong_front_matter_is_told_on_its_line(case: Path) -> None:
    file = case / "reports" / "2025-01-15-example.txt"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("reliability: B", "reliability: G"), encoding="utf-8")
    problems = check(case)
    assert [(p.file, p.line) for p in problems] == [(file, 5)]


def test_no_case_at_all(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(BadInput, match="detente new NAME"):
            open_record(path)


@given(st.data())
@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_damaged_files_are_told_and_never_raise(case: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([CASE, RECORD, JUDGMENTS, "reports/2025-01-15-example.txt"]))
    file = case / name
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(at, min(at + 40, len(whole))))
    middle = data.draw(
        st.sampled_from([b"", b"\n", b"- ", b": ", b'"', b"[", b"}", b"\t", b"\xff", b"\0", b"null",
                         b"2025", b"&a ", b"*a", b"\r", b"\xe2\x80\xae", b"id: x\n", b"  "])
    )  # fmt: skip
    try:
        file.write_bytes(whole[:at] + middle + whole[end:])
        for problem in check(case):
            assert problem.what and problem.line >= 0 and problem.file.is_relative_to(case)
    finally:
        file.write_bytes(whole)
