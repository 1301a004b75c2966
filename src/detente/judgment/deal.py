"""Bargaining problems on disk: a YAML file, or a case's own, with line numbers.

A problem stands in a file of its own, or in a case: under `deal:` in case.yaml or in deal.yaml
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from detente.errors import BadInput, Problem
from detente.record import yamltext
from detente.record.files import write_atomically
from detente.record.validation import line_at
from detente.record.yamltext import Node
from detente.solve.bargaining.genius import GeniusError, from_genius
from detente.solve.bargaining.model import Model, from_plain, to_plain
from detente.solve.plain import ModelError, Wrong

SECTION = "deal"
FILE = "deal.yaml"
BEGIN = "Begin with `parties: [a, b]`, then `issues:`, each with its options."


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
        if self.node is None:
            return BadInput(Problem(self.file, 0, w.what, w.do) for w in error.wrongs)
        return BadInput(_problems(error.wrongs, self.file, self.node))

    def line(self, *path: str | int) -> int:
        """On which line a part stands."""
        return 0 if self.node is None else line_at(self.node, path)


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
    if path.exists():
        do = "Name another file; nothing was written."
        raise BadInput(Problem(path, 0, "there is already such a file", do))
    plain = to_plain(model)
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, default_flow_style=None)
    write_atomically(path, text)


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
