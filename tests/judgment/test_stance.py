"""A demand read in a text, for or against, and the direction it gives the issue."""

from __future__ import annotations

from pathlib import Path

from detente.judgment.deriving import stakes
from detente.reading.propose import propose
from detente.reading.read import read_text
from detente.record.models import Issue, ReportFront
from detente.record.record import Report

TEXT = (
    "Togo's opposition on Tuesday demanded that Gnassingbe reject any amnesty for officials. "
    "Gnassingbe demanded an amnesty for his aides."
)
AMNESTY = Issue.model_validate(
    {"id": "amnesty", "title": "The amnesty", "options": ["none", "granted"], "terms": ["amnesty"]}
)


def test_who_demands_that_an_amnesty_be_refused_is_against_it() -> None:
    reading = read_text(TEXT, report="r")
    report = Report("r", ReportFront(), TEXT, Path("r.txt"))
    found = propose([reading], reports=[report], issues=[AMNESTY])
    assert [move.stance for move in found.moves] == ["against", None]
    shown = stakes(found.moves)
    assert not shown["tgo-opposition", "amnesty"].wants
    assert shown["tgo", "amnesty"].wants
