"""A case: the folder on disk, and the one place that ties the rooms together."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from detente.errors import BadInput, Problem
from detente.record.dates import PartialDate
from detente.record.models import CaseFile, JudgmentFile, RecordFile
from detente.record.record import Record, Report

if TYPE_CHECKING:
    from detente.judgment.outlook import Outlook
    from detente.judgment.outlook import Progress as Solving
    from detente.reading.found import Reading
    from detente.reading.propose import Proposals
    from detente.reading.run.journal import Journal
    from detente.record.merge import Merged
    from detente.tracking.views import Tracking

Progress = Callable[[int, int], None]
_LONGEST_HEADLINE = 140


@dataclass(frozen=True)
class Case:
    """One negotiation: what was reported, what is assumed, and what follows.

    folder    : None for a case made of bare texts, which is never written
    problems  : what `detente check` would say about files that could be read in part
    warnings  : what is odd about bare texts, and was put right
    """

    record: Record
    judgments: JudgmentFile = field(default_factory=JudgmentFile)
    folder: Path | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @classmethod
    def open(cls, folder: Path | str) -> Case:
        """The case in a folder.

        Entries that can't be used are left out and stand in `problems`. Raises BadInput
        when there is no case at all.
        """
        from detente.record.store import open_record

        opened = open_record(Path(folder))
        return cls(opened.record, opened.judgments, Path(folder), tuple(opened.problems))

    @classmethod
    def of_texts(
        cls,
        paths: Sequence[Path],
        *,
        pipeline: str | None = None,
        date: PartialDate | None = None,
        progress: Progress | None = None,
    ) -> Case:
        """A case made of bare text files: read and put together in memory, never saved.

        date : when the texts were published, where they do not say so themselves
        A text given twice counts once. Raises BadInput for files that can't be read.
        """
        reports, warnings = read_report_files(paths, date=date)
        record = Record(
            CaseFile(
                title=_title(reports),
                question="What do these reports say, and what does it add up to?",
            ),
            RecordFile(),
            {report.id: report for report in reports},
        )
        return cls(record, warnings=tuple(warnings))._with_readings(
            pipeline=pipeline, progress=progress
        )

    def _with_readings(self, *, pipeline: str | None, progress: Progress | None) -> Case:
        from detente.record.merge import merge
        from detente.record.store import parse_record

        reports = dict(self.record.reports)

        def doubted(reading: Reading) -> None:
            report = reports[reading.report]
            reports[report.id] = replace(report, doubts=(*report.doubts, *reading.doubts))

        given = list(reports.values())
        with self._read(given, pipeline=pipeline, progress=progress) as journal:
            proposals = self._propose(given, journal, doubted)
        merged = merge(
            "",
            Path("record.yaml"),
            self.record,
            moves=proposals.moves,
            statuses=proposals.statuses,
            parties=proposals.parties,
        )
        file = parse_record(merged.text, Path("record.yaml"))
        return replace(self, record=Record(self.record.case, file, reports))

    def read(
        self,
        reports: Sequence[str] | None = None,
        *,
        pipeline: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
        jobs: int = 1,
    ) -> tuple[list[Reading], Merged]:
        """Read the case's reports into its record.yaml; `put_on_record`, with the readings."""
        readings: list[Reading] = []
        merged = self.put_on_record(
            reports,
            pipeline=pipeline,
            dry_run=dry_run,
            progress=progress,
            jobs=jobs,
            each=readings.append,
        )
        return readings, merged

    def put_on_record(
        self,
        reports: Sequence[str] | None = None,
        *,
        pipeline: str | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
        jobs: int = 1,
        each: Callable[[Reading], None] | None = None,
    ) -> Merged:
        """Read the case's reports (all, or those named) into its record.yaml.

        Nothing a person wrote is touched; see `detente.record.merge`. What has been read
        when this is interrupted is kept in the folder, and the next time goes on from there
        to the same record. With dry_run nothing is kept and the record stays as it is.

        jobs : processes to read in; a script that asks for more than one needs
               `if __name__ == "__main__":` around what it does
        each : called with every reading, in the order of the reports
        Raises BadInput for an unknown report or an unwritable case.
        """
        from detente.record.merge import apply, merge

        if self.folder is None:
            raise ValueError("a case made of bare texts has no folder to write to")
        wanted = list(self.record.reports.values()) if reports is None else self._named(reports)
        folder = None if dry_run else self.folder
        with self._read(
            wanted, folder=folder, pipeline=pipeline, progress=progress, jobs=jobs
        ) as journal:
            proposals = self._propose(wanted, journal, each)
            if not dry_run:
                merged = apply(
                    self.folder,
                    moves=proposals.moves,
                    statuses=proposals.statuses,
                    parties=proposals.parties,
                )
                journal.forget()
                return merged
        file = self.folder / "record.yaml"
        return merge(
            file.read_text(encoding="utf-8") if file.exists() else "",
            file,
            self.record,
            moves=proposals.moves,
            statuses=proposals.statuses,
            parties=proposals.parties,
        )

    def _read(
        self,
        reports: Sequence[Report],
        *,
        folder: Path | None = None,
        pipeline: str | None,
        progress: Progress | None,
        jobs: int = 1,
    ) -> Journal:
        """A journal that holds the reading of each report."""
        from detente.reading.read import each_reading
        from detente.reading.run import journal as kept
        from detente.reading.text.pipeline import called

        parties = self.record.case.parties
        journal = kept.Journal(folder, kept.reader(case_parties=parties, pipeline=called(pipeline)))
        with ExitStack() as on_failure:
            on_failure.push(journal)
            waiting = [report for report in reports if report not in journal]
            total = sum(len(report.text) for report in reports)
            before = total - sum(len(report.text) for report in waiting)

            def advance(done: int, _: int) -> None:
                if progress is not None:
                    progress(before + done, total)

            readings = each_reading(
                waiting, case_parties=parties, pipeline=pipeline, progress=advance, jobs=jobs
            )
            with closing(readings):
                for report, reading in zip(waiting, readings, strict=True):
                    journal.add(report, reading)
            on_failure.pop_all()
        return journal

    def _propose(
        self,
        reports: Sequence[Report],
        journal: Journal,
        each: Callable[[Reading], None] | None = None,
    ) -> Proposals:
        from detente.reading.propose import propose

        def readings() -> Iterator[Reading]:
            for reading in journal.readings(reports):
                if each is not None:
                    each(reading)
                yield reading

        return propose(
            readings(),
            reports=reports,
            parties=tuple(self.record.parties.values()),
            issues=self.record.case.issues,
        )

    def _named(self, names: Sequence[str]) -> list[Report]:
        unknown = [name for name in names if name not in self.record.reports]
        if unknown:
            there = ", ".join(self.record.reports) or "none"
            folder = (self.folder or Path()) / "reports"
            raise BadInput(
                Problem(folder, 0, f"no report called {name}", f"The reports are: {there}")
                for name in unknown
            )
        return [self.record.reports[name] for name in names]

    def track(self, *, as_of: PartialDate | None = None) -> Tracking:
        """Timeline, ledgers, demands, ladder and commitments, as of a day."""
        from detente.tracking import track

        return track(self.record, as_of=as_of)

    def outlook(
        self,
        *,
        as_of: PartialDate | None = None,
        seed: int = 0,
        progress: Solving | None = None,
    ) -> Outlook:
        """What follows from the assumptions and what was reported by a day: the three models."""
        from detente.judgment.outlook import outlook, own_models

        moves = self.record.moves
        if as_of is not None:
            known = {line.entry for line in self.track(as_of=as_of).timeline if line.kind == "move"}
            moves = tuple(move for move in moves if move.id in known)
        own = own_models(self.folder, self.record) if self.folder is not None else None
        return outlook(
            self.record,
            self.judgments,
            moves,
            own=own,
            seed=seed,
            unread=any(problem.file.name == "judgments.yaml" for problem in self.problems),
            progress=progress,
        )


@contextmanager
def earlier(folder: Path, older: str) -> Iterator[Case]:
    """An earlier state of a case: a copy of its folder, or a git revision of it.

    older : the copy's path; or what git takes for a revision ("HEAD~3", "main@{yesterday}"),
            where no such folder is there
    Raises BadInput where it is neither.
    """
    if Path(older).is_dir():
        yield Case.open(Path(older))
        return
    with TemporaryDirectory(prefix="detente-") as kept:
        _checked_out(folder, older, Path(kept))
        yield Case.open(Path(kept))


def _checked_out(folder: Path, revision: str, target: Path) -> None:
    """Put the files of a folder, as a git revision has them, into another."""

    def git(*words: str) -> bytes:
        return subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, check=True
        ).stdout

    do = "Name an earlier copy's folder, or a git revision of the case: HEAD~1, a tag, a date."
    try:
        wanted = f"{revision}^{{commit}}"
        commit = git("rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
        packed = git("archive", "--format=zip", commit.decode().strip(), ".")
    except FileNotFoundError:
        what = "there is no such folder, and git is not installed"
        raise BadInput(Problem(Path(revision), 0, what, do)) from None
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.decode(errors="replace").split())[:200]
        what = f"no folder and no git revision of {folder}{f': {said}' if said else ''}"
        raise BadInput(Problem(Path(revision[:80]), 0, what, do)) from None
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        files.extractall(target)


def read_report_files(
    paths: Sequence[Path], *, date: PartialDate | None = None
) -> tuple[list[Report], list[Problem]]:
    """Reports from files anywhere, each with an id of its own; and what is odd about them.

    A text that is given twice is read once, and that is odd. Raises BadInput with every file's
    problems at once.
    """
    from detente.record.texts import read_report

    reports: list[Report] = []
    problems: list[Problem] = []
    odd: list[Problem] = []
    taken: set[str] = set()
    texts: dict[str, Report] = {}
    for path in paths:
        try:
            report = read_report(path)
        except BadInput as bad:
            problems.extend(bad.problems)
            continue
        same = texts.setdefault(report.text, report)
        if same is not report:
            odd.append(Problem(path, 0, f"the same text as {same.path}", "It counts once."))
            continue
        front = report.front
        if front.date is None and date is not None:
            front = front.model_copy(update={"date": date})
        name, number = report.id, 2
        while name in taken:
            name, number = f"{report.id}-{number}", number + 1
        taken.add(name)
        reports.append(replace(report, id=name, front=front))
    if problems:
        raise BadInput(problems)
    return reports, odd


def _title(reports: Sequence[Report]) -> str:
    if len(reports) == 1:
        return reports[0].front.title or _headline(reports[0].text) or reports[0].id
    return f"{len(reports)} reports"


def _headline(text: str) -> str | None:
    """A short first line with a blank one below it."""
    first, _, rest = text.strip().partition("\n")
    stands_alone = rest.startswith("\n") or rest.startswith(" \n")
    return first.strip() if stands_alone and len(first) <= _LONGEST_HEADLINE else None
