"""Bargaining problems on disk: a YAML file, or a case's own, with line numbers.

A problem stands in a file of its own, or in a case: under `deal:` in case.yaml or in deal.yaml
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.errors import BadInput, Problem
from detente.judgment import standing
from detente.record.yamltext import Node, line_at
from detente.solve.bargaining.domains import DomainError, from_files, is_domain
from detente.solve.bargaining.genius import to_genius
from detente.solve.bargaining.model import Model, from_plain, to_plain
from detente.solve.plain import ModelError, Wrong

KIND = standing.Kind(
    "deal",
    "deal.yaml",
    "parties",
    "bargaining problem",
    "Begin with `parties: [a, b]`, then `issues:`, each with its options.",
    "docs/deals.md",
)


@dataclass(frozen=True)
class OpenedDeal:
    """A bargaining problem and where each part of it stands.

    node  : None where it was read from another program's files
    notes : what a reader of anything made from it should know first
    """

    model: Model
    file: Path
    node: Node | None
    notes: tuple[str, ...] = ()

    def problems(self, error: ModelError) -> BadInput:
        """What is wrong with the problem, with file and line."""
        return BadInput(self.placed(error.wrongs))

    def placed(self, wrongs: Iterable[Wrong]) -> tuple[Problem, ...]:
        """What is wrong or odd, with file and line."""
        return tuple(standing.problems(wrongs, self.file, self.node))

    def line(self, *path: str | int) -> int:
        """On which line a part stands."""
        return 0 if self.node is None else line_at(self.node, path)


def open_deal(path: Path) -> OpenedDeal:
    """The bargaining problem in a YAML file or a case folder. Raises BadInput.

    A case that has none written out has that of its assumptions.
    """
    if standing.lacks(path, KIND):
        from detente.judgment import deriving
        from detente.judgment.opening import of_assumptions

        made, file = of_assumptions(path, KIND, lambda r, j: deriving.deal(r, j, r.moves))
        return OpenedDeal(made.model, file, None, made.notes)
    return OpenedDeal(*standing.read(path, KIND, from_plain))


def open_deals(paths: Sequence[Path]) -> OpenedDeal:
    """The bargaining problem in a YAML file, a case, or another program's files: a domain and
    profiles of Genius, GeniusWeb or NegMAS, or the folder they are in. Raises BadInput."""
    try:
        if not is_domain(paths):
            return open_deal(paths[0])
        model, notes = from_files(paths)
    except DomainError as error:
        raise BadInput(Problem(error.path, error.line, error.what, error.do)) from None
    except ModelError as error:
        raise BadInput(
            Problem(paths[0], 0, wrong.what, wrong.do) for wrong in error.wrongs
        ) from None
    return OpenedDeal(model, paths[0], None, notes)


def save_deal(model: Model, path: Path) -> None:
    """Write a bargaining problem as YAML. Raises BadInput where it stands already, or can't."""
    standing.save_plain(path, to_plain(model))


def save_genius(model: Model, folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Write a bargaining problem as Genius's XML into a folder, which is made where it is missing:
    the files, and warnings. Raises BadInput where one of them stands already, or can't be written.
    """
    try:
        texts, warnings = to_genius(model)
    except ModelError as error:
        raise BadInput(Problem(folder, 0, wrong.what, wrong.do) for wrong in error.wrongs) from None
    files = {folder / name: text for name, text in texts.items()}
    do = "Name another folder; nothing was written."
    there = [
        Problem(file, 0, "there is already such a file", do) for file in files if file.exists()
    ]
    if there:
        raise BadInput(there)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"this folder can't be made: {error.strerror}"
        raise BadInput(Problem(folder, 0, what)) from None
    for file, text in files.items():
        standing.save_new(file, text)
    return list(files), warnings


def check_deal(folder: Path) -> Iterator[Problem]:
    """What is wrong with a case's bargaining problem; nothing where it has none."""
    return standing.check(folder, KIND, open_deal)


def odd_deal(folder: Path) -> tuple[Problem, ...]:
    """What is odd about a case's bargaining problem, but has an answer all the same."""
    return standing.odd(folder, KIND, open_deal)
