"""Opening a case folder: case.yaml, record.yaml, judgments.yaml and reports/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from detente.errors import BadInput, Problem
from detente.record import texts, yamltext
from detente.record.files import in_case, unfit
from detente.record.models import CaseFile, JudgmentFile, RecordFile
from detente.record.record import Record, Report
from detente.record.validation import Validated, validate_file
from detente.record.yamltext import Node, line_at

CASE, RECORD, JUDGMENTS, REPORTS = "case.yaml", "record.yaml", "judgments.yaml", "reports"
SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Opened:
    """A case folder as it was found.

    record    : everything that could be read; complete only where `problems` is empty. The
                folder's name stands for a title that could not be read.
    judgments : the analyst's assumptions
    problems  : what could not be read or is wrong in form, sorted by file and line
    nodes     : the YAML node of each entry at the top of its file, by the entry's id()
    broken    : ids of entries, and of reports, that are there but could not be read
    unread    : names of files of which nothing could be read
    """

    folder: Path
    record: Record
    judgments: JudgmentFile
    problems: tuple[Problem, ...]
    nodes: Mapping[int, Node]
    broken: frozenset[str]
    unread: frozenset[str]

    @cached_property
    def files(self) -> dict[str, Path]:
        """The paths of the three YAML files, by name."""
        return {name: self.folder / name for name in (CASE, RECORD, JUDGMENTS)}

    def line(self, entry: BaseModel, *path: int | str) -> int:
        """The line of a key or item inside an entry; the entry's own where there is none."""
        node = self.nodes.get(id(entry))
        return line_at(node, path) if node is not None else 0


def open_record(folder: Path) -> Opened:
    """Read a case folder, collecting what is wrong instead of stopping at it.

    A missing record.yaml, judgments.yaml or reports/ is an empty one.
    Raises BadInput only when `folder` holds no case.yaml.
    """
    with yamltext.without_collector():
        return _open_record(folder)


def _open_record(folder: Path) -> Opened:
    try:
        if not (folder / CASE).is_file():
            raise BadInput(_no_case(folder))
    except OSError as error:
        raise BadInput(Problem(folder, 0, f"can't be read: {error.strerror}")) from None
    problems: list[Problem] = []
    unread: set[str] = set()
    case = _file(CaseFile, folder / CASE, problems, unread)
    record = _file(RecordFile, folder / RECORD, problems, unread)
    judgments = _file(JudgmentFile, folder / JUDGMENTS, problems, unread)
    reports, broken = _reports(folder / REPORTS, problems)
    return Opened(
        folder=folder,
        record=Record(_titled(case.partial, folder), record.partial, reports),
        judgments=judgments.partial,
        problems=tuple(sorted(problems)),
        nodes=case.nodes | record.nodes | judgments.nodes,
        broken=frozenset(case.broken | record.broken | judgments.broken | broken),
        unread=frozenset(unread),
    )


def parse_record(text: str, file: Path) -> RecordFile:
    """The text of a record.yaml; `file` is named in problems.

    Raises BadInput with every problem of form.
    """
    done = validate_file(RecordFile, yamltext.parse(text, file), file)
    if done.problems:
        raise BadInput(done.problems)
    return done.partial


def _titled(case: CaseFile, folder: Path) -> CaseFile:
    """The case file with something to show where its title or question can't be read."""
    stand_ins = {"title": folder.resolve().name, "question": ""}
    return case.model_copy(update={k: v for k, v in stand_ins.items() if not hasattr(case, k)})


def _no_case(folder: Path) -> Problem:
    make = "Make one with `detente new NAME`, or name the folder that holds case.yaml."
    if not folder.exists():
        return Problem(folder, 0, "there is no such folder", make)
    if not folder.is_dir():
        return Problem(folder, 0, "this is a file; a case is a folder with case.yaml in it", make)
    return Problem(folder, 0, "not a case folder: it has no case.yaml", make)


def _file(model: type[M], path: Path, problems: list[Problem], unread: set[str]) -> Validated[M]:
    """One YAML file; what is wrong with it goes to `problems`."""
    try:
        path = in_case(path.parent, path.name)
        node = yamltext.read(path) if path.exists() else None
    except BadInput as error:
        problems.extend(error.problems)
        unread.add(path.name)
        return Validated(None, [], model.model_construct())
    if node is None and model is CaseFile:
        what = "the file is empty; it needs `title:` and `question:`"
        problems.append(Problem(path, 0, what, "`detente new NAME` shows how it looks."))
        return Validated(None, [], model.model_construct())
    done = validate_file(model, node, path)
    problems.extend(done.problems)
    return done


def _reports(folder: Path, problems: list[Problem]) -> tuple[dict[str, Report], set[str]]:
    """Reports by id, and the ids of those that could not be read."""
    reports: dict[str, Report] = {}
    broken: set[str] = set()
    taken: dict[str, Path] = {}
    for path in _listed(folder, problems):
        id = texts.report_id(path)
        if (problem := unfit(folder.parent, path) or _no_report(path)) is not None:
            problems.append(problem)
            broken.add(id)
        elif (other := taken.get(id)) is not None:
            what = f"two reports have the id {id}: {other.name} and {path.name}"
            problems.append(Problem(path, 0, what, "Rename or remove one of them."))
            reports.pop(id, None)  # which of them is cited can't be known
            broken.add(id)
        else:
            taken[id] = path
            try:
                reports[id] = texts.read_report(path)
            except BadInput as error:
                problems.extend(error.problems)
                broken.add(id)
    return reports, broken


def _listed(folder: Path, problems: list[Problem]) -> list[Path]:
    """What stands in reports/, sorted; hidden files and editors' backups are passed over."""
    if (problem := unfit(folder.parent, folder)) is not None:
        problems.append(problem)
        return []
    try:
        if not folder.is_dir() and not folder.exists():
            return []
        found = sorted(folder.iterdir())
    except NotADirectoryError:
        problems.append(Problem(folder, 0, "this is a file; reports/ is a folder of reports"))
        return []
    except OSError as error:
        problems.append(Problem(folder, 0, f"can't be read: {error.strerror}"))
        return []
    return [path for path in found if not path.name.startswith(".") and path.name[-1] != "~"]


def _no_report(path: Path) -> Problem | None:
    """Why a thing in reports/ can't be a report, if so."""
    if path.is_dir():
        return Problem(path, 0, "a folder inside reports/ is not read", "Move its files up.")
    if path.suffix.lower() not in SUFFIXES:
        do = f"Reports are {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}; save it as one of these."
        return Problem(path, 0, "not a format that is read", do)
    return None
