"""Where a model stands: in a file of its own, in a case's section, or in a file beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from detente.errors import BadInput, Problem
from detente.record import yamltext
from detente.record.files import write_atomically
from detente.record.yamltext import Node, line_at
from detente.solve.plain import ModelError, Wrong

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of model, and where in a case it stands.

    section : its key in case.yaml
    file    : its own file beside case.yaml
    key     : what such a model must have: a file with `section` but not this is a case.yaml
    noun    : what it is called
    begin   : how to write one
    page    : where that is explained
    """

    section: str
    file: str
    key: str
    noun: str
    begin: str
    page: str

    @property
    def a_noun(self) -> str:
        """With its article."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


@dataclass(frozen=True, slots=True)
class Found:
    """A model's text and the folder of the case it belongs to; None where it is in no case."""

    file: Path
    node: Node
    folder: Path | None


def find(path: Path, kind: Kind) -> Found:
    """The model in a YAML file or a case folder. Raises BadInput."""
    if path.is_dir():
        return _in_case(path, kind)
    node = _read(path, kind)
    if isinstance(node.value, dict) and kind.section in node.value and kind.key not in node.value:
        return Found(path, node.value[kind.section], path.parent)
    return Found(path, node, None)


def is_there(folder: Path, kind: Kind) -> bool:
    """Has a case such a model? Raises BadInput where case.yaml can't be read."""
    return (folder / kind.file).exists() or _section(folder / "case.yaml", kind) is not None


def lacks(path: Path, kind: Kind) -> bool:
    """Is this a case that has no such model written out?"""
    return path.is_dir() and (path / "case.yaml").is_file() and not is_there(path, kind)


def check(folder: Path, kind: Kind, opened: Callable[[Path], Any]) -> Iterator[Problem]:
    """What is wrong with a case's model; nothing where it has none."""
    try:
        has = is_there(folder, kind)
    except BadInput:
        return  # said where case.yaml itself is checked
    if has:
        try:
            opened(folder)
        except BadInput as bad:
            yield from bad.problems


def odd(folder: Path, kind: Kind, opened: Callable[[Path], Any]) -> tuple[Problem, ...]:
    """What is odd about a case's model; nothing where it has none, or none that can be used."""
    try:
        if not is_there(folder, kind):
            return ()
        found = opened(folder)
    except BadInput:
        return ()
    return tuple(found.placed(found.model.warnings))


def problems(wrongs: Iterable[Wrong], file: Path, node: Node | None) -> Iterator[Problem]:
    """What is wrong with a model, with file and line."""
    for wrong in wrongs:
        yield Problem(file, line_at(node, wrong.path) if node else 0, wrong.what, wrong.do)


def read(path: Path, kind: Kind, made: Callable[[Any], M]) -> tuple[M, Path, Node]:
    """The model in a YAML file or a case folder, with where it stands. Raises BadInput.

    made : makes it of its plain form, and raises ModelError where it can't
    """
    found = find(path, kind)
    try:
        return made(yamltext.plain(found.node)), found.file, found.node
    except ModelError as error:
        raise BadInput(problems(error.wrongs, found.file, found.node)) from None


def save_plain(file: Path, plain: dict[str, Any]) -> None:
    """Write a model's plain form as YAML, in one step. Raises BadInput as `save_new`."""
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, default_flow_style=None)
    save_new(file, text)


def save_new(file: Path, text: str) -> None:
    """Write a file in one step. Raises BadInput where it stands already, or can't be written."""
    if file.exists():
        do = "Name another file; nothing was written."
        raise BadInput(Problem(file, 0, "there is already such a file", do))
    write_atomically(file, text)


def _read(file: Path, kind: Kind) -> Node:
    node = yamltext.read(file)
    if node is None:
        raise BadInput(Problem(file, 0, f"there is no {kind.noun} here", kind.begin))
    return node


def _section(file: Path, kind: Kind) -> Node | None:
    if not file.exists():
        return None
    node = yamltext.read(file)
    inside = node.value if node is not None else None
    return inside.get(kind.section) if isinstance(inside, dict) else None


def _in_case(folder: Path, kind: Kind) -> Found:
    case, own = folder / "case.yaml", folder / kind.file
    section = _section(case, kind)
    if section is not None and own.exists():
        what = f"{kind.a_noun} stands here and in {kind.file}"
        raise BadInput(Problem(case, section.line, what, "Keep one of them."))
    if section is not None:
        return Found(case, section, folder)
    if not own.exists():
        do = f"Write `{kind.section}:` in case.yaml, or a file {kind.file}; {kind.page} says how."
        raise BadInput(Problem(folder, 0, f"this case has no {kind.noun}", do))
    return Found(own, _read(own, kind), folder)
