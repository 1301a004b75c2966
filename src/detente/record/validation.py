"""From a YAML tree to models; every error becomes a Problem on its exact line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from detente.errors import Problem
from detente.record.models import (
    RUNGS,
    Assumption,
    CaseFile,
    Entry,
    JudgmentFile,
    Move,
    RecordFile,
)
from detente.record.plover import MoveType, modes
from detente.record.yamltext import Node, line_at, plain

M = TypeVar("M", bound=BaseModel)
Location = tuple[int | str, ...]

ID_RULE = "small letters, digits and . _ - (a letter or digit first), at most 120 characters"
_HOMES: dict[str, type[BaseModel]] = {
    "case.yaml": CaseFile,
    "record.yaml": RecordFile,
    "judgments.yaml": JudgmentFile,
}


class Placeable(Protocol):
    """A model that can be told where it stands."""

    def placed(self, file: Path, line: int) -> object:
        """The same, knowing file and line."""
        ...


@dataclass(slots=True)
class Validated(Generic[M]):
    """What could be read of a file, and what is wrong with the rest.

    value    : with every entry that is right; None when the file itself lacks what it needs
    problems : one for each thing that is wrong
    partial  : `value`, or where that is None an instance without the fields that are wrong
               or missing, good only for looking at its lists
    nodes    : the tree's node for each entry in `partial`, by the entry's id()
    broken   : ids that stand in entries that were left out
    """

    value: M | None
    problems: list[Problem]
    partial: M
    nodes: dict[int, Node] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def validate(model: type[M], node: Node | None, file: Path) -> tuple[M | None, list[Problem]]:
    """An instance of `model` made from a tree, and every problem found on the way.

    Lists of entries are validated one by one: a bad entry is left out and does not hide
    the others. The instance is None when the top level itself is wrong. `node` None means
    an empty file.
    """
    done = validate_file(model, node, file)
    return done.value, done.problems


def validate_file(model: type[M], node: Node | None, file: Path) -> Validated[M]:
    """As `validate`, keeping the nodes and what could be saved of a wrong file."""
    children = node.value if node is not None and isinstance(node.value, dict) else {}
    done: Validated[M] = Validated(None, [], model.model_construct())
    lists = _entry_lists(model)
    given: dict[str, Any] = {}
    for key, child in children.items():
        item = lists.get(key)
        if item is None:
            given[key] = plain(child)
        elif isinstance(child.value, list):
            given[key] = tuple(_entries(item, child.value, file, done))
        elif child.value is not None:  # `moves:` with nothing behind it is an empty list
            what = f"`{key}` must be a list"
            done.problems.append(Problem(file, child.line, what, "Begin each entry with `- `."))
    try:
        done.value = done.partial = model.model_validate(given, by_alias=True, by_name=False)
    except ValidationError as error:
        top = node or Node({}, 1, 0, 1, 0, keys={})
        done.problems += explained(error, model, top, file)
        wrong = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
        names = {f.alias or name: name for name, f in model.model_fields.items()}
        kept = {names[k]: v for k, v in given.items() if k in names and k not in wrong}
        done.partial = model.model_construct(**kept)
    done.problems.sort()
    return done


def _entries(
    item: type[BaseModel], nodes: Sequence[Node], file: Path, done: Validated[M]
) -> Iterator[BaseModel]:
    for node in nodes:
        try:
            entry = item.model_validate(plain(node), by_alias=True, by_name=False)
        except ValidationError as error:
            done.problems += explained(error, item, node, file)
            done.broken.update(_ids(node))
        else:
            _place(entry, node, file)
            done.nodes[id(entry)] = node
            yield entry


def _place(entry: BaseModel, node: Node, file: Path) -> None:
    """Tell an entry, and the entries inside it, where they stand."""
    if isinstance(entry, Entry | Assumption):
        entry.placed(file, node.line)
    for key, inner in _entry_lists(type(entry)).items():
        if issubclass(inner, Entry) and isinstance(node.value, dict) and key in node.value:
            nodes = node.value[key].value
            for child, at in zip(getattr(entry, key), nodes or (), strict=True):
                _place(child, at, file)  # type: ignore[arg-type]


def _ids(node: Node) -> Iterator[str]:
    """Every id written in an entry that could not be read, and in those inside it."""
    if isinstance(node.value, list):
        for child in node.value:
            yield from _ids(child)
    elif isinstance(node.value, dict):
        for key, child in node.value.items():
            if key == "id" and isinstance(child.value, str):
                yield child.value
            yield from _ids(child)


@cache
def _entry_lists(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The keys of a model that hold lists of models, each with the model it holds."""
    found: dict[str, type[BaseModel]] = {}
    for name, info in model.model_fields.items():
        inner = _model_in(info.annotation)
        if inner is not None and str(info.annotation).startswith("tuple["):
            found[info.alias or name] = inner
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model named somewhere inside a field's annotation, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if (found := _model_in(argument)) is not None:
            return found
    return None


# --- explaining errors -----------------------------------------------------------------


def explained(
    error: ValidationError, model: type[BaseModel], node: Node, file: Path
) -> Iterator[Problem]:
    """Each of pydantic's errors as a Problem, with its line in the tree `node`."""
    errors = error.errors(include_url=False)
    places = [each["loc"] for each in errors]
    for each in errors:
        loc = each["loc"]
        nested = any(len(other) > len(loc) and other[: len(loc)] == loc for other in places)
        if each["type"] == "too_short" and nested:
            continue  # the list is short only because its items are wrong, which is said there
        what, do = _in_words(each, _owner(model, loc))
        yield Problem(file, line_at(node, loc), what, do)


def _owner(model: type[BaseModel], loc: Location) -> type[BaseModel]:
    """The model whose key the last step of `loc` is."""
    owner = model
    for step in loc[:-1]:
        info = _field(owner, step) if isinstance(step, str) else None
        owner = (_model_in(info) if info is not None else None) or owner
    return owner


def _field(model: type[BaseModel], key: str) -> Any:
    for name, info in model.model_fields.items():
        if (info.alias or name) == key:
            return info.annotation
    return None


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys a model is written with in YAML."""
    return [info.alias or name for name, info in model.model_fields.items()]


def suggestion(word: str, choices: Iterable[str]) -> str | None:
    """The choice a person most likely meant, None when nothing is near."""
    by_folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def meant(word: str, choices: Iterable[str], *, show: int = 20) -> str:
    """`Did you mean ...?` where something is near, and the choices if they are few."""
    return _meant(word, tuple(choices), show)


@lru_cache(maxsize=1024)  # one slip is often repeated in thousands of entries
def _meant(word: str, known: tuple[str, ...], show: int) -> str:
    near = suggestion(word, known)
    parts = [f"Did you mean `{near}`?"] if near else []
    if known and show and (len(known) <= show or not near):
        listed = ", ".join(known[:show]) + (", ..." if len(known) > show else "")
        parts.append(f"Known are: {listed}.")
    return " ".join(parts)


_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")
_NOT_OF_IDS = re.compile(r"[^a-z0-9._-]+")
_IN_QUOTES = re.compile(r"'([^']*)'")


def is_id(text: str) -> bool:
    """Whether a text can be an id."""
    return _ID.fullmatch(text) is not None


def slugged(text: str) -> str:
    """The id nearest to a text; empty when nothing of it can stand in an id."""
    from unicodedata import normalize

    ascii_text = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_OF_IDS.sub("-", ascii_text).strip("-._")[:120]


def _in_words(error: Any, owner: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what to do, for one of pydantic's errors."""
    loc, given, kind = error["loc"], error["input"], error["type"]
    key = next((f"`{step}`" for step in reversed(loc) if isinstance(step, str)), "this entry")
    if kind == "extra_forbidden":
        return _unknown_key(str(loc[-1]), owner)
    if kind == "missing":
        return f"{key} is missing", _about(owner, str(loc[-1]))
    if kind == "too_short":
        do = _about(owner, "sources") if loc[-1] == "sources" else "Name at least one."
        return f"{key} is empty", do
    if given is None or (isinstance(given, str) and not given.strip()):
        optional = bool(loc) and _optional(owner, str(loc[-1]))
        do = "Fill it in, or remove it." if optional else "Fill it in."
        if not loc or isinstance(loc[-1], int):
            return (f"an empty item in {key}" if loc else "an empty entry"), "Remove it."
        return f"{key} is empty", do
    if kind == "value_error":
        return _own_error(str(error["ctx"]["error"]), key, given, owner)
    return _wrong_type(kind, key, given, error.get("ctx", {}))


def _own_error(said: str, key: str, given: Any, owner: type[BaseModel]) -> tuple[str, str]:
    """The message of one of our own validators, split into what and do at the semicolon."""
    if isinstance(given, list | dict) and f"{given!r}" in said:
        return f"{key} must be one value, not {_kind(given)}", ""
    what, _, do = said.partition("; ")
    do = do[:1].upper() + do[1:]
    if owner is Move and isinstance(given, dict) and "has no mode" in said:
        hint = suggestion(str(given.get("mode")), modes(MoveType(given["type"])))
        do = (f"Did you mean `{hint}`? " if hint else "") + do
    elif isinstance(given, dict) and "has no value" in said and given.get("attribute") in RUNGS:
        hint = suggestion(str(given.get("value")), RUNGS[given["attribute"]])
        do = (f"Did you mean `{hint}`? " if hint else "") + do
    return what, do + ("." if do and do[-1] not in ".?!`" else "")


def _wrong_type(kind: str, key: str, given: Any, context: dict[str, Any]) -> tuple[str, str]:
    if kind == "string_pattern_mismatch":
        near = slugged(given)
        do = f"Write an id: {ID_RULE}" + (f"; for example `{near}`." if near else ".")
        return f"{given!r} can't be an id", do
    if kind == "string_too_long":
        return f"{key} is longer than {context['max_length']} characters", "Shorten it."
    if kind in ("enum", "literal_error"):
        choices = _IN_QUOTES.findall(context["expected"])
        hint = suggestion(given, choices) if isinstance(given, str) else None
        do = (f"Did you mean `{hint}`? " if hint else "") + f"Write one of {', '.join(choices)}."
        shown = repr(given) if isinstance(given, str) else _kind(given)
        return f"{key} can't be {shown}", do
    if kind in ("tuple_type", "list_type"):
        do = "Begin each item with `- `."
        if isinstance(given, str):
            do = f"Write {key.strip('`')}: [{given}]."
        return f"{key} must be a list, not {_kind(given)}", do
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{key} must hold `key: value` entries, not {_kind(given)}", ""
    if kind == "string_type":
        return f"{key} must be text, not {_kind(given)}", ""
    if kind.startswith("bool"):
        return f"{key} must be true or false, not {_shown(given)}", ""
    if kind.startswith("int") or kind.startswith("float") or "_than" in kind:
        bounds = {
            "credibility": " from 1 to 6",
            "recover": " from 0 to 1",
            "scale": " above 0 and up to 1,000,000,000",
        }
        real = kind.startswith("float") or key in ("`recover`", "`scale`")
        number = "a number" if real else "a whole number"
        return f"{key} must be {number}{bounds.get(key.strip('`'), '')}, not {_shown(given)}", ""
    return f"{key} is wrong: {kind.replace('_', ' ')}, not {_shown(given)}", ""


def _unknown_key(key: str, owner: type[BaseModel]) -> tuple[str, str]:
    known = keys_of(owner)
    near = suggestion(key, known)
    home = next((name for name, model in _HOMES.items() if key in keys_of(model)), None)
    if near is None and home is not None and owner in _HOMES.values():
        return f"`{key}` can't stand in this file", f"It belongs in {home}."
    ask = f"Did you mean `{near}`? " if near else ""
    return f"unknown key `{key}`", f"{ask}Keys here are: {', '.join(known)}."


def _about(owner: type[BaseModel], key: str) -> str:
    """What a key is for, from its model."""
    for name, info in owner.model_fields.items():
        if (info.alias or name) == key and info.description:
            return f"{key}: {info.description}"
    if key == "because":
        return "because: why you assume this; every judgment needs a reason."
    if key == "sources":
        return "sources: a list of `report:` and `quote:`; nothing is recorded without a source."
    return f"Add `{key}:`."


def _optional(owner: type[BaseModel], key: str) -> bool:
    fields = owner.model_fields.items()
    return any((f.alias or name) == key and not f.is_required() for name, f in fields)


def _kind(given: Any) -> str:
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    return "nothing" if given is None else "text"


def _shown(given: Any) -> str:
    return repr(given) if isinstance(given, str) else _kind(given)
