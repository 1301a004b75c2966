"""Bargaining problems on disk: a YAML file, or a case's own, with line numbers.

A problem stands in a file of its own, or in a case: under `deal:` in case.yaml or in deal.yaml
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.errors import BadInput, Problem
from detente.judgment import deriving, standing
from detente.judgment.opening import of_assumptions
from detente.record.validation import line_at
from detente.record.yamltext import Node
from detente.solve.bargaining.genius import GeniusError, from_genius
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

    node  : None where it was read from Genius's XML
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
        made, file = of_assumptions(path, KIND, lambda r, j: deriving.deal(r, j, r.moves))
        return OpenedDeal(made.model, file, None, made.notes)
    return OpenedDeal(*standing.read(path, KIND, from_plain))


def open_genius(domain: Path, profiles: Sequence[Path]) -> OpenedDeal:
    """The bargaining problem in Genius's XML files, a domain and profiles. Raises BadInput."""
    try:
        model, notes = from_genius(domain, profiles)
    except GeniusError as error:
        raise BadInput(Problem(error.path, error.line, error.what, error.do)) from None
    except ModelError as error:
        raise BadInput(Problem(domain, 0, wrong.what, wrong.do) for wrong in error.wrongs) from None
    return OpenedDeal(model, domain, None, notes)


def save_deal(model: Model, path: Path) -> None:
    """Write a bargaining problem as YAML. Raises BadInput where it stands already, or can't."""
    standing.save_plain(path, to_plain(model))


def check_deal(folder: Path) -> Iterator[Problem]:
    """What is wrong with a case's bargaining problem; nothing where it has none."""
    return standing.check(folder, KIND, open_deal)


def odd_deal(folder: Path) -> tuple[Problem, ...]:
    """What is odd about a case's bargaining problem, but has an answer all the same."""
    return standing.odd(folder, KIND, open_deal)
