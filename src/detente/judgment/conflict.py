"""Conflict models on disk: YAML in and out with line numbers, `.gmcr` files, a case's own.

A model stands in a file of its own, or in a case: under `conflict:` in case.yaml or in
conflict.yaml beside it. There, a decision maker without a preference gets that party's
ordered statements from judgments.yaml.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from detente.errors import BadInput, Problem
from detente.judgment import standing
from detente.record import yamltext
from detente.record.yamltext import Node
from detente.solve.conflict.model import Model, from_plain, to_plain
from detente.solve.plain import ModelError, Wrong

KIND = standing.Kind(
    "conflict",
    "conflict.yaml",
    "decision_makers",
    "conflict model",
    "Begin with `decision_makers:`, each with its list of options.",
    "docs/conflict.md",
)


@dataclass(frozen=True)
class Opened:
    """A model and where each part of it stands.

    notes : what the file says that the model does not hold (`.gmcr` files)
    """

    model: Model
    file: Path
    notes: tuple[str, ...] = ()
    node: Node | None = None
    judged: Mapping[str, tuple[Path, int]] = field(default_factory=dict)
    """Whose preference came from judgments.yaml, and where it stands there."""

    def problems(self, error: ModelError) -> BadInput:
        """What is wrong with the model, as problems with file and line."""
        return BadInput(self.placed(error.wrongs))

    def placed(self, wrongs: Iterable[Wrong]) -> tuple[Problem, ...]:
        """What is wrong or odd, with file and line."""
        return tuple(_problems(wrongs, self.file, self.node, self.judged))


def open_conflict(path: Path) -> Opened:
    """The model in a YAML file, a `.gmcr` file or a case folder. Raises BadInput.

    A case that has none written out has that of its assumptions.
    """
    if path.suffix.lower() == ".gmcr" and not path.is_dir():
        return _of_gmcr(path)
    if standing.lacks(path, KIND):
        from detente.judgment import deriving
        from detente.judgment.opening import of_assumptions

        made, file = of_assumptions(path, KIND, deriving.struggle)
        return Opened(made.model, file, made.notes)
    found = standing.find(path, KIND)
    judged = {} if found.folder is None else _judged(found.folder)
    return _of_node(found.file, found.node, judged)


def check_conflict(folder: Path) -> Iterator[Problem]:
    """What is wrong with a case's conflict model; nothing where it has none."""
    return standing.check(folder, KIND, open_conflict)


def odd_conflict(folder: Path) -> tuple[Problem, ...]:
    """What is odd about a case's conflict model, but has an answer all the same."""
    return standing.odd(folder, KIND, open_conflict)


def _judged(folder: Path) -> dict[str, tuple[tuple[str, ...], Path, int]]:
    """The parties' ordered statements in judgments.yaml, with where they stand."""
    file = folder / "judgments.yaml"
    if not file.exists():
        return {}
    from detente.record.models import JudgmentFile
    from detente.record.validation import validate

    judgments, problems = validate(JudgmentFile, yamltext.read(file), file)
    if judgments is None:
        raise BadInput(problems)
    found: dict[str, tuple[tuple[str, ...], Path, int]] = {}
    for given in judgments.preferences:
        line = given.where.line if given.where else 0
        if given.party in found:
            what = f"a second order of preference for {given.party}"
            do = f"The first stands on line {found[given.party][2]}. Keep one."
            raise BadInput(Problem(file, line, what, do))
        found[given.party] = (given.statements, file, line)
    return found


def _of_node(
    file: Path, node: Node, judged: Mapping[str, tuple[tuple[str, ...], Path, int]]
) -> Opened:
    data = yamltext.plain(node)
    used: dict[str, tuple[Path, int]] = {}
    if isinstance(data, dict) and isinstance(data.get("decision_makers"), dict):
        given = data.get("preferences") or {}
        for name, (statements, where, line) in judged.items():
            if name in data["decision_makers"] and isinstance(given, dict) and name not in given:
                given = {**given, name: {"priorities": list(statements)}}
                used[name] = (where, line)
        if used:
            data["preferences"] = given
    try:
        return Opened(from_plain(data), file, node=node, judged=used)
    except ModelError as error:
        raise BadInput(_problems(error.wrongs, file, node, used)) from None


def _of_gmcr(file: Path) -> Opened:
    from detente.solve.conflict.gmcr import from_gmcr

    try:
        data = json.loads(yamltext.read_text(file))
    except json.JSONDecodeError as error:
        what = f"not JSON: {error.msg}"
        do = "A .gmcr file is JSON, as gmcr-py saves it."
        raise BadInput(Problem(file, error.lineno, what, do)) from None
    except RecursionError:
        raise BadInput(Problem(file, 0, "nested too deeply for a .gmcr file")) from None
    try:
        imported = from_gmcr(data)
    except ModelError as error:
        raise BadInput(_problems(error.wrongs, file, None, {})) from None
    return Opened(imported.model, file, imported.notes)


def _problems(
    wrongs: Iterable[Wrong],
    file: Path,
    node: Node | None,
    judged: Mapping[str, tuple[Path, int]],
) -> Iterator[Problem]:
    for wrong in wrongs:
        path = wrong.path
        if len(path) > 1 and path[0] == "preferences" and path[1] in judged:
            where, line = judged[str(path[1])]
            yield Problem(where, line, wrong.what, wrong.do)
        else:
            yield from standing.problems([wrong], file, node)


# --- saving -------------------------------------------------------------------------------------


def save_conflict(model: Model, file: Path) -> None:
    """Write the model as YAML, in one step; `open_conflict` gives it back.

    Raises BadInput when there is a file already, or it can't be written.
    """
    standing.save_new(file, as_yaml(model))


def as_yaml(model: Model) -> str:
    """The model in the form of docs/conflict.md."""
    data = to_plain(model)
    lines = ["decision_makers:"]
    for name, owned in data["decision_makers"].items():
        lines.append(f"  {_key(name)}: [{', '.join(map(_word, owned))}]")
    lines += _listed("infeasible", [_flow(pattern) for pattern in data["infeasible"]])
    lines += _mapped("irreversible", data["irreversible"])
    lines.append("preferences:" if data["preferences"] else "preferences: {}")
    for name, preference in data["preferences"].items():
        lines.append(f"  {_key(name)}:")
        for kind in ("priorities", "ranking", "open"):
            if kind not in preference:
                continue
            items = [json.dumps(item, ensure_ascii=False) for item in preference[kind]]
            lines += [f"    {line}" for line in _listed(kind, items)]
    if "words" in data:
        lines += _mapped("words", {k: _quoted(v) for k, v in data["words"].items()})
    return "\n".join(lines) + "\n"


def _listed(key: str, items: list[str]) -> list[str]:
    return [f"{key}:", *(f"  - {item}" for item in items)] if items else [f"{key}: []"]


def _mapped(key: str, items: dict[str, str]) -> list[str]:
    if not items:
        return [f"{key}: {{}}"]
    return [f"{key}:", *(f"  {_key(name)}: {value}" for name, value in items.items())]


def _flow(pattern: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'{_key(option)}: "{said}"' for option, said in pattern.items()) + "}"


_YAML_11 = frozenset("y n yes no on off true false null".split())
"""Words that other programs take for truth values or nothing, in any letter case."""


def _word(text: str) -> str:
    plain = text.replace("_", "a").replace("-", "a").isalnum() and text[0].isalpha()
    return text if plain and text.lower() not in _YAML_11 else _quoted(text)


def _key(text: str) -> str:
    return _word(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
