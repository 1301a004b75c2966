"""Towns and provinces, and the state each lies in: where a text says that something happens.

A place is no party. It tells whose people act or are acted on where the words say nothing
else ("opposition groups in Lagos", "troops on alert in Jaffna").
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from detente.reading.tables import parted, table
from detente.reading.who.gazetteer import Gazetteer, Named, fold

if TYPE_CHECKING:
    from collections.abc import Container

    from spacy.tokens import Doc

_LONGEST = 4
_LOCATED = frozenset({"GPE", "LOC", "FAC", "ORG", "NORP", ""})
_BEFORE = frozenset(
    "in at near around outside inside across throughout from of to into within over through".split()
)
_PARTS = frozenset(
    "north south east west northern southern eastern western central northeast northwest southeast"
    " southwest northeastern northwestern southeastern southwestern upper lower the downtown old"
    " occupied".split()
)


def state_of(name: str) -> str | None:
    """The code of the state a town or province lies in; None for a name that is not listed."""
    return _listed().get(fold(name))


def found(doc: Doc, names: Container[int]) -> dict[int, Named]:
    """The state of each place the text names, by the tokens of its name.

    names : tokens that belong to a party's or person's name already
    """
    places: dict[int, Named] = {}
    at = 0
    while at < len(doc):
        after = at + 1
        if at not in names and _may_begin(doc, at):
            for last in range(min(at + _LONGEST, len(doc)), at, -1):
                code = state_of(doc[at:last].text)
                if code is not None and not any(i in names for i in range(at, last)):
                    state = _states().get(code)
                    if state is not None:
                        places.update(dict.fromkeys(range(at, last), state))
                        after = last
                    break
        at = after
    return places


def _may_begin(doc: Doc, at: int) -> bool:
    """A capitalised noun that a word of place or a compass point leads up to."""
    token = doc[at]
    if not token.text[:1].isupper() or token.pos_ not in {"PROPN", "NOUN", "ADJ"}:
        return False
    if token.ent_type_ not in _LOCATED or at == 0:
        return False
    before = doc[at - 1]
    while before.lower_ in _PARTS and before.i > 0 and at - before.i <= _LONGEST:
        before = doc[before.i - 1]
    if before.lower_ in _BEFORE:
        return True
    return token.ent_type_ in {"GPE", "LOC"} and token.dep_ != "appos"


@cache
def _listed() -> dict[str, str]:
    listed: dict[str, str] = {}
    for sheet in ("places", "regions"):
        for code, names in table(sheet):
            for name in parted(names):
                listed[fold(name)] = code
    return listed


@cache
def _states() -> dict[str, Named]:
    states: dict[str, Named] = {}
    for _, form in Gazetteer.standard().forms:
        for named in form.named:
            if named.kind == "state":
                states.setdefault(named.code, named)
    return states
