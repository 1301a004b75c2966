"""One act told by two words of a sentence: "airstrikes killed", "met to discuss".

The word that heads the clause keeps the act and takes over what only the other one knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from detente.reading.found import FoundMove
from detente.reading.text import grammar
from detente.record.plover import Aspect

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True, slots=True)
class Told:
    """A move and the word that tells it."""

    head: Token
    move: FoundMove


def once(found: Iterable[Told]) -> list[FoundMove]:
    """The moves, each act once, in the order in which they were found."""
    every = list(found)
    moves = {(told.head.i, told.move.type): told.move for told in every}
    for told in every:
        main, type_ = _main(told.head), told.move.type
        known = moves.get((main.i, type_)) if main is not None else None
        again = moves[told.head.i, type_]
        if main is not None and known is not None and _one(known, again):
            moves[main.i, type_] = _joined(known, again)
            del moves[told.head.i, type_]
    return list(moves.values())


def _main(word: Token) -> Token | None:
    """The word whose act this one tells again, if it does.

    The verb of which it is the subject; the verb whose purpose or outcome it states.
    """
    verb = word.head
    if word.dep_ in {"nsubj", "nsubjpass"} and word.pos_ == "NOUN" and grammar.is_verb(verb):
        return verb
    if not grammar.is_verb(word) or not grammar.is_verb(verb):
        return None
    if grammar.first(word, "nsubj", "nsubjpass") is not None:
        return None
    outcome = word.dep_ == "advcl" and word.tag_ == "VBG" and word.i > verb.i
    purpose = word.dep_ in {"advcl", "xcomp"} and word.tag_ == "VB"
    return verb if outcome or purpose else None


def _one(main: FoundMove, again: FoundMove) -> bool:
    """Whether nothing speaks against their being one act."""
    sides = ((main.by, again.by), (main.to, again.to))
    for known, other in sides:
        a, b = ({actor.code for actor in each} for each in (known, other))
        if a and b and not (a <= b or b <= a):
            return False
    return main.mode is None or again.mode is None or main.mode == again.mode


def _joined(main: FoundMove, again: FoundMove) -> FoundMove:
    """The main telling, with the mode, sides and matter that only the other one has."""
    return replace(
        main,
        mode=main.mode or again.mode,
        by=main.by if len(main.by) >= len(again.by) else again.by,
        to=main.to if len(main.to) >= len(again.to) else again.to,
        what=main.what or again.what,
        date=main.date or again.date,
        aspect=again.aspect if again.aspect is Aspect.HISTORICAL else main.aspect,
        confidence=max(main.confidence, again.confidence),
    )
