"""The case ties the rooms together: bare texts, and a folder read and tracked."""

import pytest

from detente.case import Case
from detente.errors import BadInput

TEXT = "Chad frees hostages\n\nChad released two Swiss hostages on 3 May 2021."


def test_bare_texts_make_a_case_that_is_never_written(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    case = Case.of_texts([tmp_path / "a.txt"])
    assert case.record.case.title == "Chad frees hostages"
    (move,) = (move for move in case.record.moves if move.date)
    assert (move.type, move.mode, str(move.date)) == ("RETREAT", "release", "2021-05-03")
    assert move.sources[0].quote in TEXT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]


def test_the_same_text_twice_counts_once(tmp_path):
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file in files:
        file.write_text(TEXT, encoding="utf-8")
    case = Case.of_texts(files)
    (odd,) = case.warnings
    assert (odd.file, odd.what) == (files[1], f"the same text as {files[0]}")
    once = Case.of_texts(files[:1])
    assert case.record == once.record and once.warnings == ()


def test_an_unknown_report_is_named_with_those_there_are(tmp_path):
    from detente.record.new import create

    create(tmp_path / "case")
    with pytest.raises(BadInput, match="no report called nothing"):
        Case.open(tmp_path / "case").read(["nothing"])
