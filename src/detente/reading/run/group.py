"""Reading a group of reports in one process: their parse, then who, when and what in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from detente.reading.found import Reading
from detente.record import limits
from detente.record.dates import PartialDate
from detente.record.models import Party, ReportFront
from detente.record.record import Report

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from detente.reading.who.gazetteer import Gazetteer

Progress = Callable[[int, int], None]

_SECONDS, _SECONDS_A_MB = 60.0, 600.0  # of the processor for a text; an ordinary one takes 5 a MB
_VOCABULARY = 50_000  # words that spaCy may keep for good; it would keep every one it meets


def read_text(
    text: str,
    *,
    report: str,
    date: PartialDate | None,
    case_parties: tuple[Party, ...],
    pipeline: str | None,
    progress: Progress | None,
    title: str | None = None,
    publisher: str | None = None,
) -> Reading:
    """What one text reports; see `detente.reading.read.read_text`."""
    from detente.reading.text import pipeline as spacy_pipeline

    nlp = spacy_pipeline.load(pipeline)
    if not text.strip():
        return _nothing(report, text)
    doc = spacy_pipeline.parse(text, nlp, progress=progress)
    front = ReportFront(title=title, publisher=publisher, date=date)
    return _read(doc, text, _gazetteer(case_parties), report, front)


def read_group(
    group: Sequence[Report],
    *,
    case_parties: tuple[Party, ...] = (),
    pipeline: str | None = None,
    progress: Progress | None = None,
) -> list[Reading]:
    """What reports tell that are parsed together, so few that all can be held at once."""
    from detente.reading.text import pipeline as spacy_pipeline

    nlp = spacy_pipeline.load(pipeline)
    gazetteer = _gazetteer(case_parties)
    told = {n: report for n, report in enumerate(group) if report.text.strip()}
    # What is allotted within a memory zone is given back at its end.
    known = not _in_zone(nlp) and len(nlp.vocab) > _VOCABULARY
    with nlp.memory_zone() if known else nullcontext():
        docs = spacy_pipeline.parse_all((r.text for r in told.values()), nlp, progress=progress)
        readings = {
            n: _read(doc, report.text, gazetteer, report.id, report.front, report.line)
            for (n, report), doc in zip(told.items(), docs, strict=True)
        }
    return [readings.get(n) or _nothing(each.id, each.text) for n, each in enumerate(group)]


def _in_zone(nlp: Language) -> bool:
    return bool(getattr(nlp.vocab, "in_memory_zone", False))  # its stub lacks it


@lru_cache(maxsize=1)
def _gazetteer(case_parties: tuple[Party, ...]) -> Gazetteer:
    from detente.reading.who.gazetteer import Gazetteer

    return Gazetteer.standard().with_case(case_parties)


def _nothing(report: str, text: str, doubts: tuple[str, ...] = ()) -> Reading:
    return Reading(report, text, (), (), (), (), doubts)


def _read(
    doc: Doc,
    text: str,
    gazetteer: Gazetteer,
    report: str,
    front: ReportFront,
    first_line: int = 1,
) -> Reading:
    """What a parsed text tells; nothing but a doubt where that would take too long."""
    doubts = tuple(_doubts(doc, text, first_line))
    limit = _SECONDS + _SECONDS_A_MB * len(text) / 1e6
    try:
        with limits.seconds(limit):
            return replace(_told(doc, text, gazetteer, report, front), doubts=doubts)
    except limits.TooLong:
        said = f"After {limit:.0f} s of reading it was given up; nothing of it is told. Split it."
        return replace(_nothing(report, text, (*doubts, said)), given_up=True)


def _doubts(doc: Doc, text: str, first_line: int) -> Iterator[str]:
    """What of the text could not be read as it stands: endless words and sentences."""
    from detente.reading.text.pipeline import CUT, LONGEST_SENTENCE, LONGEST_WORD

    cut: list[tuple[int, int, str]] = doc.user_data.pop(CUT, [])
    for what, said in (
        ("word", f"a word of more than {LONGEST_WORD} characters is not read"),
        ("sentence", f"more than {LONGEST_SENTENCE} words without an end are read in parts"),
    ):
        places = [start for start, _, kind in cut if kind == what]
        if places:
            line = first_line + text.count("\n", 0, places[0])
            more = f", and in {len(places) - 1} more places" if len(places) > 1 else ""
            yield f"From line {line} on{more}: {said}."


def _told(doc: Doc, text: str, gazetteer: Gazetteer, report: str, front: ReportFront) -> Reading:
    from detente.reading.text import grammar
    from detente.reading.what import lexicon, moves, statements, statuses, thoughts
    from detente.reading.when.dating import When
    from detente.reading.who.context import Context
    from detente.reading.who.parties import Parties

    words = lexicon.load()
    parties = Parties(doc, gazetteer, Context(front.title, front.publisher, front.date))
    when = When(doc, front.date)
    said = statements.find(doc, parties, words)
    standing = statuses.find(doc, parties, when, said, words)
    heads = frozenset(each.head for each in standing)
    found = tuple(moves.find(doc, parties, when, said, words, standing=heads))
    told = [each.statement for each in said]
    told = sorted([*told, *thoughts.find(doc, parties, told)], key=lambda each: each.start)
    grammar.forget(doc)
    return Reading(
        report,
        text,
        found,
        tuple(told),
        tuple(each.status for each in standing),
        parties.found(),
    )
