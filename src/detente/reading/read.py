"""Reading: from a text to the moves, statements, statuses and parties in it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from detente.reading.document import Reading
from detente.record import limits
from detente.record.dates import PartialDate
from detente.record.models import Party
from detente.record.record import Report

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from detente.reading.gazetteer import Gazetteer

Progress = Callable[[int, int], None]

_TOGETHER = 60_000  # characters of reports that are read together at most, and lost by a Ctrl-C
_LEAST = 6_000  # characters for which it still pays to ask another process
_SECONDS, _SECONDS_A_MB = 60.0, 600.0  # of the processor for a text; an ordinary one takes 5 a MB
_VOCABULARY = 50_000  # words that spaCy may keep for good; it would keep every one it meets


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
    if not text.strip():
        return _nothing(report, text)
    doc = spacy_pipeline.parse(text, nlp, progress=progress)
    return _read(doc, text, _gazetteer(tuple(case_parties)), report, date)


def read_reports(
    reports: Sequence[Report],
    *,
    case_parties: Iterable[Party] = (),
    pipeline: str | None = None,
    progress: Progress | None = None,
    jobs: int = 1,
) -> list[Reading]:
    """What several reports tell, each read by itself; see `each_reading`."""
    return list(
        each_reading(
            reports, case_parties=case_parties, pipeline=pipeline, progress=progress, jobs=jobs
        )
    )


def each_reading(
    reports: Sequence[Report],
    *,
    case_parties: Iterable[Party] = (),
    pipeline: str | None = None,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Generator[Reading, None, None]:
    """What each of the reports tells, in their order, as soon as it is known.

    Memory stays the same however many there are; close the iterator to stop early.

    progress : called with the characters done and in all
    jobs     : processes to read in. They are spawned: a script that asks for more than one
               needs `if __name__ == "__main__":` around what it does.
    Raises BadInput when the pipeline is not there or a process fails.
    """
    parties = tuple(case_parties)
    total = sum(len(report.text) for report in reports)
    together = min(_TOGETHER, max(_LEAST, total // (4 * jobs))) if jobs > 1 else _TOGETHER
    groups = list(_groups(reports, together))
    found: Generator[list[Reading], None, None]
    if jobs > 1 and len(groups) > 1:
        from detente.reading import workers

        found = workers.read_groups(
            groups, jobs=min(jobs, len(groups)), case_parties=parties, pipeline=pipeline
        )
    else:
        found = _one_by_one(groups, parties, pipeline, progress, total)
    done = 0
    with closing(found):
        for group, readings in zip(groups, found, strict=True):
            done += sum(len(report.text) for report in group)
            if progress is not None:
                progress(done, total)
            yield from readings


def _groups(reports: Iterable[Report], together: int) -> Iterator[list[Report]]:
    group: list[Report] = []
    size = 0
    for report in reports:
        if group and size + len(report.text) > together:
            yield group
            group, size = [], 0
        group.append(report)
        size += len(report.text)
    if group:
        yield group


def _one_by_one(
    groups: Iterable[Sequence[Report]],
    parties: tuple[Party, ...],
    pipeline: str | None,
    progress: Progress | None,
    total: int,
) -> Generator[list[Reading], None, None]:
    done = 0
    for group in groups:
        before = done

        def advance(part: int, _: int, before: int = before) -> None:
            if progress is not None:
                progress(before + part, total)

        yield read_group(group, case_parties=parties, pipeline=pipeline, progress=advance)
        done += sum(len(report.text) for report in group)


def read_group(
    group: Sequence[Report],
    *,
    case_parties: tuple[Party, ...] = (),
    pipeline: str | None = None,
    progress: Progress | None = None,
) -> list[Reading]:
    """What reports tell that are parsed together, so few that all can be held at once."""
    from detente.reading import pipeline as spacy_pipeline

    nlp = spacy_pipeline.load(pipeline)
    gazetteer = _gazetteer(case_parties)
    told = {n: report for n, report in enumerate(group) if report.text.strip()}
    # What is allotted within a memory zone is given back at its end.
    known = not _in_zone(nlp) and len(nlp.vocab) > _VOCABULARY
    with nlp.memory_zone() if known else nullcontext():
        docs = spacy_pipeline.parse_all((r.text for r in told.values()), nlp, progress=progress)
        readings = {
            n: _read(doc, report.text, gazetteer, report.id, report.front.date, report.line)
            for (n, report), doc in zip(told.items(), docs, strict=True)
        }
    return [readings.get(n) or _nothing(each.id, each.text) for n, each in enumerate(group)]


def _in_zone(nlp: Language) -> bool:
    return bool(getattr(nlp.vocab, "in_memory_zone", False))  # its stub lacks it


@lru_cache(maxsize=1)
def _gazetteer(case_parties: tuple[Party, ...]) -> Gazetteer:
    from detente.reading.gazetteer import Gazetteer

    return Gazetteer.standard().with_case(case_parties)


def _nothing(report: str, text: str, doubts: tuple[str, ...] = ()) -> Reading:
    return Reading(report, text, (), (), (), (), doubts)


def _read(
    doc: Doc,
    text: str,
    gazetteer: Gazetteer,
    report: str,
    date: PartialDate | None,
    first_line: int = 1,
) -> Reading:
    """What a parsed text tells; nothing but a doubt where that would take too long."""
    doubts = tuple(_doubts(doc, text, first_line))
    limit = _SECONDS + _SECONDS_A_MB * len(text) / 1e6
    try:
        with limits.seconds(limit):
            return replace(_told(doc, text, gazetteer, report, date), doubts=doubts)
    except limits.TooLong:
        said = f"After {limit:.0f} s of reading it was given up; nothing of it is told. Split it."
        return _nothing(report, text, (*doubts, said))


def _doubts(doc: Doc, text: str, first_line: int) -> Iterator[str]:
    """What of the text could not be read as it stands: endless words and sentences."""
    from detente.reading.pipeline import CUT, LONGEST_SENTENCE, LONGEST_WORD

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


def _told(
    doc: Doc, text: str, gazetteer: Gazetteer, report: str, date: PartialDate | None
) -> Reading:
    from detente.reading import grammar, lexicon, moves, statements, statuses
    from detente.reading.parties import Parties
    from detente.reading.when import When

    words = lexicon.load()
    parties = Parties(doc, gazetteer)
    when = When(doc, date)
    said = statements.find(doc, parties, words)
    standing = statuses.find(doc, parties, when, said, words)
    heads = frozenset(each.head for each in standing)
    found = tuple(moves.find(doc, parties, when, said, words, standing=heads))
    grammar.forget(doc)
    return Reading(
        report,
        text,
        found,
        tuple(each.statement for each in said),
        tuple(each.status for each in standing),
        parties.found(),
    )
