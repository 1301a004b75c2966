"""Exchanges on disk: a YAML file, or a case's own, with line numbers; packages made into one.

An exchange stands in a file of its own, or in a case: under `exchange:` in case.yaml or in
exchange.yaml beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import BadInput, Problem
from detente.judgment import standing
from detente.record import yamltext
from detente.record.yamltext import Node
from detente.solve.exchange.model import Model, from_plain, to_plain
from detente.solve.exchange.packages import from_package
from detente.solve.exchange.words import number
from detente.solve.plain import ModelError, Wrong

if TYPE_CHECKING:
    from detente.judgment.deal import OpenedDeal

KIND = standing.Kind(
    "exchange",
    "exchange.yaml",
    "deliverables",
    "exchange",
    "Begin with `parties: [a, b]`, then `deliverables:`, each with `by`, `cost`, `worth`.",
    "docs/steps.md",
)


@dataclass(frozen=True)
class OpenedExchange:
    """An exchange and where each part of it stands.

    node  : None where it was made of a package
    notes : what a reader of anything made from it should know first
    """

    model: Model
    file: Path
    node: Node | None
    notes: tuple[str, ...] = ()

    def problems(self, error: ModelError) -> BadInput:
        """What is wrong with the exchange, with file and line."""
        return BadInput(self.placed(error.wrongs))

    def placed(self, wrongs: Iterable[Wrong]) -> tuple[Problem, ...]:
        """What is wrong or odd, with file and line."""
        return tuple(standing.problems(wrongs, self.file, self.node))


def open_exchange(path: Path) -> OpenedExchange:
    """The exchange in a YAML file or a case folder. Raises BadInput.

    A case that has none written out has that of its assumptions.
    """
    if standing.lacks(path, KIND):
        from detente.judgment import deriving
        from detente.judgment.opening import of_assumptions

        made, file = of_assumptions(path, KIND, lambda r, j: deriving.steps(r, j, r.moves))
        return OpenedExchange(made.model, file, None, made.notes)
    return OpenedExchange(*standing.read(path, KIND, from_plain))


def is_deal(path: Path) -> bool:
    """Is this file a bargaining problem, and no exchange? Raises BadInput."""
    if path.is_dir():
        return False
    node = yamltext.read(path)
    inside = node.value if node is not None else None
    return isinstance(inside, dict) and "issues" in inside and "deliverables" not in inside


def of_package(
    deal: OpenedDeal, package: Mapping[str, str], status_quo: Mapping[str, str] | None = None
) -> OpenedExchange:
    """The exchange from the status quo to a package of a bargaining problem.

    status_quo : each issue's first option where nothing else is said
    Raises BadInput.
    """
    broken = deal.model.breaks(package)
    if broken:
        raise BadInput(
            Problem(
                deal.file, deal.line(kind, n), f"the package breaks this ({kind})", "Name another."
            )
            for kind, n in broken
        )
    try:
        model, notes = from_package(deal.model, {**deal.model.first, **(status_quo or {})}, package)
    except ModelError as error:
        raise deal.problems(error) from None
    return OpenedExchange(model, deal.file, None, (*_refusals(deal, package), *notes))


def _refusals(deal: OpenedDeal, package: Mapping[str, str]) -> Iterator[str]:
    """Who would refuse a package, where its worth is known."""
    model = deal.model
    if model.open:
        return
    for party, worth in model.worth(package).items():
        wall = model.limit(party)
        if isinstance(wall, Fraction) and worth < wall:
            said = model.words.get(party) or party
            yield f"{said} would refuse this package: {number(worth)}, below its {number(wall)}."


def save_exchange(model: Model, path: Path) -> None:
    """Write an exchange as YAML. Raises BadInput where it stands already, or can't."""
    standing.save_plain(path, to_plain(model))


def check_exchange(folder: Path) -> Iterator[Problem]:
    """What is wrong with a case's exchange; nothing where it has none."""
    return standing.check(folder, KIND, open_exchange)


def odd_exchange(folder: Path) -> tuple[Problem, ...]:
    """What is odd about a case's exchange, but has an answer all the same."""
    return standing.odd(folder, KIND, open_exchange)
