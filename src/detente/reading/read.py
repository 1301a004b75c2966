"""Reading: from a text to the moves, statements, statuses and parties in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from detente.reading.document import Reading
from detente.record.dates import PartialDate
from detente.record.models import Party
from detente.record.record import Report

if TYPE_CHECKING:
    from spacy.language import Language

    from detente.reading.gazetteer import Gazetteer

Progress = Callable[[int, int], None]


def read_text(
    text: str,
    *,
    report: str = "text",
    date: PartialDate | None = None,
    case_parties: Iterable[Party] = (),
    pipeline: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """What one text reports.

    date         : when it was published; relative dates ("last month") count from it
    case_parties : a case's own parties, whose names and aliases come before the program's
    pipeline     : name of the spaCy pipeline; None for the default
    progress     : called with characters done and in all
    Raises BadInput when the pipeline is not there.
    """
    from detente.reading import pipeline as spacy_pipeline

    nlp = spacy_pipeline.load(pipeline)
    gazetteer = _standard().with_case(tuple(case_parties))
    return _read(text, nlp, gazetteer, report, date, progress)


def read_reports(
    reports: Sequence[Report],
    *,
    case_parties: Iterable[Party] = (),
    pipeline: str | None = None,
    progress: Progress | None = None,
) -> list[Reading]:
    """What several reports tell, each read by itself; progress counts characters of all."""
    from detente.reading import pipeline as spacy_pipeline

    nlp = spacy_pipeline.load(pipeline)
    gazetteer = _standard().with_case(tuple(case_parties))
    total = sum(len(report.text) for report in reports)
    done = 0
    readings = []
    for report in reports:
        before = done

        def advance(part: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + part, total)

        readings.append(_read(report.text, nlp, gazetteer, report.id, report.front.date, advance))
        done += len(report.text)
    return readings


@lru_cache(maxsize=1)
def _standard() -> Gazetteer:
    from detente.reading.gazetteer import Gazetteer

    return Gazetteer.standard()


def _read(
    text: str,
    nlp: Language,
    gazetteer: Gazetteer,
    report: str,
    date: PartialDate | None,
    progress: Progress | None,
) -> Reading:
    from detente.reading import lexicon, moves, pipeline, statements, statuses
    from detente.reading.parties import Parties
    from detente.reading.when import When

    if not text.strip():
        return Reading(report, text, (), (), (), ())
    doc = pipeline.parse(text, nlp, progress=progress)
    words = lexicon.load()
    parties = Parties(doc, gazetteer)
    when = When(doc, date)
    said = statements.find(doc, parties, words)
    standing = statuses.find(doc, parties, when, said, words)
    heads = frozenset(each.head for each in standing)
    return Reading(
        report,
        text,
        tuple(moves.find(doc, parties, when, said, words, standing=heads)),
        tuple(each.statement for each in said),
        tuple(each.status for each in standing),
        parties.found(),
    )
