"""Bargaining problems on disk: a YAML file, or a case's own, with line numbers.

A problem stands in a file of its own, or in a case: under `deal:` in case.yaml or in deal.yaml
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.errors import BadInput, Problem
from detente.record import yamltext
from detente.record.validation import line_at
from detente.record.yamltext import Node
from detente.solve.bargaining.model import Model, from_plain
from detente.solve.plain import ModelError, Wrong

SECTION = "deal"
FILE = "deal.yaml"
BEGIN = "Begin with `parties: [a, b]`, then `issues:`, each with its options."


@dataclass(frozen=True)
class OpenedDeal:
    """A bargaining problem and where each part of it stands."""

    model: Model
    file: Path
    node: Node

    def problems(self, error: ModelError) -> BadInput:
        """What is wrong with the problem, with file and line."""
        return BadInput(_problems(error.wrongs, self.file, self.node))

    def line(self, *path: str | int) -> int:
        """On which line a part stands."""
        return line_at(self.node, path)


def open_deal(path: Path) -> OpenedDeal:
    """The bargaining problem in a YAML file or a case folder. Raises BadInput."""
    if path.is_dir():
        return _of_case(path)
    node = yamltext.read(path)
    if node is None:
        raise BadInput(Problem(path, 0, "there is no bargaining problem here", BEGIN))
    if isinstance(node.value, dict) and SECTION in node.value and "parties" not in node.value:
        return _of_node(path, node.value[SECTION])
    return _of_node(path, node)


def check_deal(folder: Path) -> Iterator[Problem]:
    """What is wrong with a case's bargaining problem; nothing where it has none."""
    has = (folder / FILE).exists()
    if not has:
        try:
            has = _section(folder / "case.yaml") is not None
        except BadInput:
            return  # said where case.yaml itself is checked
    if has:
        try:
            _of_case(folder)
        except BadInput as bad:
            yield from bad.problems


def _section(file: Path) -> Node | None:
    if not file.exists():
        return None
    node = yamltext.read(file)
    inside = node.value if node is not None else None
    return inside.get(SECTION) if isinstance(inside, dict) else None


def _of_case(folder: Path) -> OpenedDeal:
    case, own = folder / "case.yaml", folder / FILE
    section = _section(case)
    if section is not None and own.exists():
        what = f"a bargaining problem stands here and in {FILE}"
        raise BadInput(Problem(case, section.line, what, "Keep one of them."))
    if section is not None:
        return _of_node(case, section)
    if not own.exists():
        do = f"Write `{SECTION}:` in case.yaml, or a file {FILE}; docs/deals.md says how."
        raise BadInput(Problem(folder, 0, "this case has no bargaining problem", do))
    node = yamltext.read(own)
    if node is None:
        raise BadInput(Problem(own, 0, "there is no bargaining problem here", BEGIN))
    return _of_node(own, node)


def _of_node(file: Path, node: Node) -> OpenedDeal:
    try:
        return OpenedDeal(from_plain(yamltext.plain(node)), file, node)
    except ModelError as error:
        raise BadInput(_problems(error.wrongs, file, node)) from None


def _problems(wrongs: Iterable[Wrong], file: Path, node: Node) -> Iterator[Problem]:
    for wrong in wrongs:
        yield Problem(file, line_at(node, wrong.path), wrong.what, wrong.do)
