"""Reading: from a text to the moves, statements, statuses and parties in it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing

from detente.reading.found import Reading
from detente.reading.run import group as one_group
from detente.record.dates import PartialDate
from detente.record.models import Party
from detente.record.record import Report

Progress = Callable[[int, int], None]

_TOGETHER = 60_000  # characters of reports that are read together at most, and lost by a Ctrl-C
_LEAST = 6_000  # characters for which it still pays to ask another process


def read_text(
    text: str,
    *,
    report: str = "text",
    date: PartialDate | None = None,
    case_parties: Iterable[Party] = (),
    pipeline: str | None = None,
    progress: Progress | None = None,
    title: str | None = None,
    publisher: str | None = None,
) -> Reading:
    """What one text reports.

    date         : when it was published; relative dates ("last month") count from it
    case_parties : a case's own parties, whose names and aliases come before the program's
    pipeline     : name of the spaCy pipeline; None for the default
    progress     : called with characters done and in all
    title        : its headline, where that does not stand in the text
    publisher    : who published it
    Raises BadInput when the pipeline is not there.
    """
    return one_group.read_text(
        text,
        report=report,
        date=date,
        case_parties=tuple(case_parties),
        pipeline=pipeline,
        progress=progress,
        title=title,
        publisher=publisher,
    )


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
        from detente.reading.run import workers

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

        yield one_group.read_group(group, case_parties=parties, pipeline=pipeline, progress=advance)
        done += sum(len(report.text) for report in group)
