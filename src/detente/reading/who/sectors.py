"""What somebody is within a country: by the noun for it, and as a party of its own.

The organs of a state (its government, army, police, courts, parliament) act for it and keep its
code; its rebels, its opposition, its parties and its people do not, and are parties of their own
with its country.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from detente.reading.tables import parted, table
from detente.reading.text import nouns
from detente.reading.who.gazetteer import Gazetteer, Named, slug
from detente.record.plover import ORGANS, Sector

if TYPE_CHECKING:
    from spacy.tokens import Token

LOYAL = frozenset("loyal allied".split())
_THINGS = frozenset(
    "jet warship aircraft warplane gunboat submarine frigate artillery missile tank helicopter"
    " hospital school university bank newspaper media press asylum church".split()
)
"""What has a sector by who uses it, and is nobody by itself."""


@cache
def _by_noun() -> dict[str, tuple[Sector, ...]]:
    found: dict[str, list[Sector]] = {}
    for sector, _, words in table("sectors"):
        for noun in parted(words):
            found.setdefault(noun.casefold(), []).append(Sector(sector))
    return {noun: tuple(kinds) for noun, kinds in found.items()}


@cache
def _together() -> dict[Sector, str]:
    return {Sector(sector): words for sector, words, _ in table("sectors")}


def of_noun(token: Token) -> tuple[Sector, ...]:
    """The sectors that a noun and the words before it tell; the government's where none does.

    "opposition lawmakers" are both: the modifier is the more telling and comes first.
    """
    return told_by(token) or (Sector.GOV,)


def told_by(token: Token) -> tuple[Sector, ...]:
    """The sectors that a noun and the words before it tell, most telling first."""
    found: dict[Sector, None] = {}
    modifiers = [c for c in token.lefts if c.dep_ in ("compound", "amod", "nmod")]
    for each in (*modifiers, token):
        known = _by_noun()
        for sector in known.get(each.lemma_.lower()) or known.get(each.lower_) or ():
            found[sector] = None
    if len(found) > 1:
        found.pop(Sector.GOV, None)  # "opposition leaders", "rebel officials"
    if not found.keys() & ORGANS and any(child.lower_ in LOYAL for child in token.rights):
        return (Sector.PRM, *found)  # "gunmen loyal to the president"
    if not found:
        if token.tag_ == "NNPS" and token.ent_type_ == "NORP" and not nouns.is_definite(token):
            found[Sector.CVL] = None  # "Algerians"; "the Algerians" are mostly their state
        elif nouns.classes(token) == {"civilian"}:
            found[Sector.CVL] = None
    return tuple(found)


def _is_unknown_name(token: Token) -> bool:
    """A person's name, or a body's as a subject: elsewhere it is as often a place."""
    kinds = ("PERSON", "ORG") if token.dep_ == "nsubj" else ("PERSON",)
    stands = token.dep_ in ("nsubj", "nsubjpass", "dobj", "dative", "conj")
    return token.pos_ == "PROPN" and stands and token.ent_type_ in kinds


def against(token: Token) -> Sector:
    """What opponents of a state are by the noun for them: its opposition, rebels, armed groups."""
    if any("opposition" in nouns.classes(each) for each in (token, *token.lefts)):
        return Sector.OPP
    return Sector.UAF if told_by(token)[:1] == (Sector.UAF,) else Sector.REB


def of_state(state: Named, sector: Sector, gazetteer: Gazetteer) -> Named:
    """Those of a state in a sector, as a party of their own: `lby-rebels`, "Libyan rebels"."""
    words = _together().get(sector) or "people"
    name, code = f"{gazetteer.adjective(state)} {words}", f"{state.code.lower()}-{slug(words)}"
    return Named(name, code, "group", state.code, (sector,))


def unnamed(token: Token) -> Named | None:
    """Somebody of whom the text tells only what they are ("gunmen", "a police officer").

    Also whoever has a name that nothing is known of. None for a noun that is nobody who acts.
    """
    told = told_by(token)
    if not told and _is_unknown_name(token):
        return Named(token.text, slug(token.text), "group", None, (Sector.UNK,))
    if not told or token.pos_ not in ("NOUN", "PROPN") or token.lemma_.lower() in _THINGS:
        return None
    name = "police" if told == (Sector.COP,) else token.lower_
    return Named(name, slug(name), "group", None, told)
