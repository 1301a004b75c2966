"""Opens the files of gmcr-py (`.gmcr`), a program by Oskar Petersons.

They are JSON: `options` (name, permittedDirection both/fwd/back), `decisionMakers` (name,
options by number, preferences as conditions in order of importance, or preferenceRanking)
and `infeasibles`. A condition is a list of [option, "Y" or "N"] that must all hold, or
{"compound": true, "members": [...]}, of which one must.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.solve.conflict.grid import space
from detente.solve.conflict.logic import KEYWORDS
from detente.solve.conflict.model import Model, Preference, Priorities, Ranking
from detente.solve.plain import ModelError, Path, Wrong

_KNOWN = {
    "options", "decisionMakers", "infeasibles", "program", "version", "useManualPreferenceRanking",
    "useManualPreferenceVectors", "coalitions", "coalitionsFull",
}  # fmt: skip
_KNOWN_MAKER = {
    "name", "options", "preferences", "preferenceRanking", "preferenceVector", "payoffs",
    "misperceptions", "isCoalition",
}  # fmt: skip
_WAYS = {"both": None, "fwd": "forward", "back": "backward"}


@dataclass(frozen=True, slots=True)
class Imported:
    """A model, and in `notes` what the file says that it does not hold."""

    model: Model
    notes: tuple[str, ...]


def from_gmcr(data: Any) -> Imported:
    """The model in a `.gmcr` file, given as json.load returns it. Raises ModelError."""
    if not isinstance(data, Mapping) or "decisionMakers" not in data or "options" not in data:
        do = "Such a file has `decisionMakers` and `options`."
        raise ModelError(Wrong((), "this is no .gmcr file", do))
    try:
        return _imported(data)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        what = f"this .gmcr file is damaged: {type(error).__name__} {error}"
        raise ModelError(Wrong((), what, "Save it again from gmcr-py.")) from None


def _imported(data: Mapping[str, Any]) -> Imported:
    notes = [f"`{key}` is not known and was left out" for key in data if key not in _KNOWN]
    ids: list[str] = []
    words: dict[str, str] = {}
    ways = {}
    for option in data["options"]:
        ids.append(_slug(str(option["name"]), ids))
        way = option.get("permittedDirection", "both")
        if way not in _WAYS:
            notes.append(f"option {option['name']}: direction {way!r} is not known; taken as both")
        elif _WAYS[way]:
            ways[ids[-1]] = str(_WAYS[way])
    makers: dict[str, tuple[str, ...]] = {}
    names: list[str] = []
    for maker in data["decisionMakers"]:
        name = _slug(str(maker["name"]), names)
        names.append(name)
        words[name] = str(maker["name"])
        makers[name] = tuple(_option(ids, number) for number in maker["options"])
        for key in maker:
            if key not in _KNOWN_MAKER:
                notes.append(f"{maker['name']}: `{key}` is not known and was left out")
        if maker.get("misperceptions"):
            notes.append(
                f"{maker['name']}: misperceptions are not supported; the model is analysed as "
                "if everybody saw it alike"
            )
    owned = {option for each in makers.values() for option in each}
    for option in ids:
        if option not in owned:
            notes.append(f"option {option} belongs to nobody and was left out")
    ways = {option: way for option, way in ways.items() if option in owned}
    coalitions = [each for each in data.get("coalitions") or [] if isinstance(each, list)]
    for each in coalitions:
        members = ",".join(names[number] for number in each)
        notes.append(
            f"the file joins {members} in a coalition; ask for it by --coalition {members}"
        )
    patterns = []
    for condition in data.get("infeasibles") or []:
        for pattern in _patterns(ids, condition):
            if set(pattern) <= owned:
                patterns.append(pattern)
            else:
                notes.append("an infeasible pattern names an option of nobody; left out")
    model = Model(makers, {}, tuple(patterns), ways, words)
    manual = data.get("useManualPreferenceRanking", data.get("useManualPreferenceVectors"))
    preferences: dict[str, Preference] = {}
    wrongs: list[Wrong] = []
    order = _numbered(model, ids) if manual else []
    for name, maker in zip(names, data["decisionMakers"], strict=True):
        path: Path = ("preferences", name)
        if manual:
            ranking = maker.get("preferenceRanking", maker.get("preferenceVector"))
            if ranking is None:
                wrongs.append(Wrong(path, f"{maker['name']} has no preferenceRanking"))
                continue
            levels = []
            for level in ranking:
                tied = level if isinstance(level, list) else [level]
                if not all(isinstance(n, int) and 1 <= n <= len(order) for n in tied):
                    what = f"{maker['name']}'s ranking names state {level} of {len(order)}"
                    wrongs.append(Wrong(path, what))
                else:
                    levels.append(tuple(sorted(order[number - 1] for number in tied)))
            preferences[name] = Ranking(tuple(levels))
        else:
            statements = [_statement(ids, each) for each in maker.get("preferences") or []]
            preferences[name] = Priorities(tuple(statements))
    if wrongs:
        raise ModelError(wrongs)
    return Imported(replace(model, preferences=preferences), tuple(notes))


_NOT_OF_NAMES = re.compile(r"[^\w.-]+")


def _slug(name: str, taken: list[str]) -> str:
    """A name as one word that is not taken yet."""
    word = _NOT_OF_NAMES.sub("_", name.strip()).strip("_.-").lower() or "unnamed"
    if not word[0].isalpha():
        word = f"o_{word}"
    if word in KEYWORDS:
        word += "_"
        word += "option"
    found, number = word, 2
    while found in taken:
        found, number = f"{word}_{number}", number + 1
    return found


def _option(ids: list[str], number: Any) -> str:
    index = int(number)
    if not 0 <= index < len(ids):
        raise IndexError(f"there is no option number {number}")
    return ids[index]


def _patterns(ids: list[str], condition: Any) -> list[dict[str, bool]]:
    members = condition["members"] if isinstance(condition, Mapping) else [condition]
    return [{_option(ids, number): said == "Y" for number, said in member} for member in members]


def _statement(ids: list[str], condition: Any) -> str:
    texts = []
    for pattern in _patterns(ids, condition):
        texts.append(" and ".join(o if y else f"not {o}" for o, y in pattern.items()))
    return " or ".join(texts)


def _numbered(model: Model, ids: list[str]) -> list[str]:
    """Feasible states in gmcr-py's order: by number, the first option being the lowest bit."""
    grid = space(model)
    states = grid.names(np.flatnonzero(grid.feasible))
    place = [model.options.index(option) for option in reversed(ids) if option in model.options]
    return sorted(states, key=lambda state: [state[i] for i in place])
