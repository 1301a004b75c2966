"""Who is speaking: persons, parties, and the unnamed people a text tells apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from detente.reading.found import Speaker
from detente.reading.text import nouns
from detente.reading.who import names as naming
from detente.reading.who.gazetteer import slug
from detente.reading.who.namedtext import NamedText
from detente.reading.who.names import Name
from detente.reading.who.people import People
from detente.reading.who.salience import Salient, Who

if TYPE_CHECKING:
    from spacy.tokens import Token

_DESCRIBES = frozenset({"source", "official", "office"})
_BODIES = frozenset(
    {"government", "office", "group", "state", "side", "rebel", "opposition", "servant"}
)
_ARE_THE_PARTY = frozenset({"group", "state", "side", "rebel", "opposition"})
_GOVERNMENTS = frozenset({"government", "administration", "regime", "country"})
_COLLECTIVE = frozenset({"police", "prosecutor"})
_ORDINALS = frozenset({"second", "third", "fourth", "fifth", "other", "another"})
_ALIKE = frozenset({"official", "officer", "functionary"})
_REACH = 40


@dataclass(frozen=True, slots=True)
class Individual:
    """An unnamed speaker, or several together, that the text introduces.

    noun, marks : what the text calls the speaker, and what sets the speaker apart
    """

    key: str
    noun: str
    marks: frozenset[str]
    who: Who
    plural: bool


class Speakers:
    """The speakers of a text; unnamed ones are told apart as the text does.

    "A second person" and "another officer" are new; "the officer" is the one introduced last
    whose description fits.
    """

    def __init__(self, page: NamedText, people: People) -> None:
        self._page = page
        self._people = people
        self._individuals: list[Individual] = []
        self._at: dict[int, Individual] = {}

    def meet(self, token: Token, who: Who) -> None:
        """Note a noun phrase that may describe an unnamed speaker of the parties `who`."""
        if not nouns.classes(token) & _DESCRIBES or token.pos_ not in ("NOUN", "PROPN"):
            return
        if token.dep_ in ("compound", "attr"):
            return
        known = None
        if token.dep_ != "appos" and (nouns.is_definite(token) or nouns.is_bare_plural(token)):
            known = self.known(token, who)
        self._at[token.i] = known or self._new(token, who)

    def known(self, token: Token, who: Who = ()) -> Individual | None:
        """The speaker introduced before whom a definite description fits."""
        noun, marks = token.lemma_.lower(), self._marks(token)
        for individual in reversed(self._individuals[-_REACH:]):
            if _fits(individual, noun, marks, who, nouns.is_plural(token)):
                return individual
        return None

    def described(self, token: Token) -> Speaker | None:
        """The speaker a noun phrase describes, None if it describes none."""
        individual = self._at.get(token.i)
        if individual is None:
            return None
        words, party = self._page.phrase(token), _side(individual.who)
        named = self._appositive(token)
        if named is not None:
            return replace(self.named(token, named), text=words)
        office = individual.noun in nouns.OFFICES and nouns.is_definite(token)
        if individual.who and (office or individual.noun in _COLLECTIVE):
            title = self._title(token, individual.who)
            return Speaker(title, words, True, party, individual.key)
        return Speaker(None, words, False, party, individual.key)

    def named(self, token: Token, name: Name) -> Speaker:
        """A speaker named by person, party or title."""
        named, words = name.named[0], self._page.phrase(token, short=True)
        if name.how == "person":
            person = self._people.of(name)
            return Speaker(named.name, words, True, person.side, f"person:{named.code}")
        if name.how == "title":
            title = self._page.words(token)
            return Speaker(title, words, True, named.code, f"title:{slug(title)}")
        return Speaker(named.name, words, True, named.code, f"party:{named.code}")

    def pronoun(self, token: Token, who: Who) -> Speaker:
        """A speaker called they or it: the parties meant, else who was described last."""
        if who:
            return _party(who, token.text)
        for i in range(token.i - 1, max(token.i - 120, -1), -1):
            if i in self._at:
                individual = self._at[i]
                return Speaker(None, token.text, False, _side(individual.who), individual.key)
        return Speaker(None, token.text, False, None, f"word:{token.i}")

    def person(self, entry: Salient, words: str) -> Speaker:
        """A speaker called he or she, given whom that means."""
        person = self._people.get(entry.person)
        if person is not None:
            name = person.named
            return Speaker(name.name, words, True, person.side, f"person:{name.code}")
        described = self.described(self._page.doc[entry.at])
        if described is not None:
            return replace(described, text=words)
        return Speaker(None, words, False, _side(entry.who), f"word:{entry.at}")

    def body(self, token: Token, who: Who) -> Speaker:
        """A speaker that is a body ("the foreign ministry"), or nobody the text makes known."""
        words, classes = self._page.phrase(token), nouns.classes(token)
        if not who or not classes & _BODIES:
            party = _side(who)
            return Speaker(None, words, False, party, f"some:{party or ''}:{slug(words)}")
        governs = token.lemma_.lower() in _GOVERNMENTS
        if classes & _ARE_THE_PARTY or len(who) > 1 or governs:
            return _party(who, words)
        title = self._title(token, who)
        return Speaker(title, words, True, who[0].code, f"body:{slug(title)}")

    def _new(self, token: Token, who: Who) -> Individual:
        made = Individual(
            f"unnamed:{len(self._individuals) + 1}",
            token.lemma_.lower(),
            self._marks(token),
            who,
            nouns.is_plural(token),
        )
        self._individuals.append(made)
        return made

    def _marks(self, token: Token) -> frozenset[str]:
        """What sets a description apart: "second", "former", "military", "familiar"."""
        return frozenset(
            child.lower_
            for child in token.children
            if child.dep_ in ("amod", "compound", "nummod") and child.i not in self._page.at
        )

    def _appositive(self, token: Token) -> Name | None:
        """The person's name that a description stands beside."""
        doc, at = self._page.doc, self._page.at
        for child in token.children:
            name = at.get(child.i)
            if child.dep_ == "appos" and name is not None and name.how == "person":
                return name
        after = token.i + 1
        if after >= len(doc) or doc[after].text != ",":
            return None
        after += 1
        while after < len(doc) and doc[after].lower_.rstrip(".") in naming.TITLES:
            after += 1
        name = at.get(after)
        return name if name is not None and name.how == "person" else None

    def _title(self, token: Token, who: Who) -> str:
        """A body or office with its state, whether or not that stands here."""
        own = [
            t.text
            for t in token.children
            if t.dep_ in ("compound", "amod") and t.i < token.i and t.i not in self._page.at
        ]
        return f"{_possessive(who[0].name)} {' '.join([*own, token.text])}"


def _party(who: Who, words: str) -> Speaker:
    """Parties speaking themselves."""
    name, codes = " and ".join(n.name for n in who), "+".join(n.code for n in who)
    return Speaker(name, words, True, _side(who), f"party:{codes}")


def _side(who: Who) -> str | None:
    return who[0].code if len(who) == 1 else None


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _fits(known: Individual, noun: str, marks: frozenset[str], who: Who, plural: bool) -> bool:
    """Whether a definite description fits a speaker introduced earlier."""
    if known.plural != plural:
        return False
    if noun != known.noun and not {noun, known.noun} <= _ALIKE:
        return False
    if marks & _ORDINALS and marks & _ORDINALS != known.marks & _ORDINALS:
        return False
    if not marks - _ORDINALS <= known.marks | {noun, known.noun}:
        return False
    return not who or not known.who or bool(set(who) & set(known.who))
