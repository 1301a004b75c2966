"""The sector of an actor by the word for it: police are COP, lawmakers LEG, a crowd CVL."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from detente.reading.tables import parted, table
from detente.record.plover import Sector

if TYPE_CHECKING:
    from spacy.tokens import Token


@cache
def _by_noun() -> dict[str, tuple[Sector, ...]]:
    found: dict[str, list[Sector]] = {}
    for sector, words in table("sectors"):
        for noun in parted(words):
            found.setdefault(noun.casefold(), []).append(Sector(sector))
    return {noun: tuple(kinds) for noun, kinds in found.items()}


def of_noun(token: Token) -> tuple[Sector, ...]:
    """The sectors that a noun and the words before it tell; the government's where none does.

    "opposition lawmakers" are both: the modifier is the more telling and comes first.
    """
    found: dict[Sector, None] = {}
    modifiers = [c for c in token.lefts if c.dep_ in ("compound", "amod", "nmod")]
    for each in (*modifiers, token):
        known = _by_noun()
        for sector in known.get(each.lemma_.lower()) or known.get(each.lower_) or ():
            found[sector] = None
    if not found and token.tag_ == "NNPS" and token.ent_type_ == "NORP":
        found[Sector.CVL] = None  # "Algerians"
    return tuple(found) or (Sector.GOV,)
