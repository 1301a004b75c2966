"""Persons named in a text: whom each speaks for, in what office, or that they are private."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.reading.text import nouns
from detente.reading.who import names as naming
from detente.reading.who import sectors
from detente.reading.who.gazetteer import Gazetteer, Named
from detente.reading.who.namedtext import NamedText, root
from detente.reading.who.names import Name
from detente.reading.who.salience import Who
from detente.record.plover import Sector

if TYPE_CHECKING:
    from spacy.tokens import Token

BODIES = frozenset({"group", "organisation"})
PARTY_WORDS = frozenset("party movement coalition alliance militia front group wing".split())
_OF_THE_ISSUER = frozenset("secretary undersecretary counselor counsellor".split())
_HOLDS = frozenset({"office", "official", "government", "rebel", "opposition"})


@dataclass(slots=True)
class Person:
    """What the text tells about a named person so far.

    who     : the parties spoken for; of a private person, the nationality
    private : acts for nobody
    """

    named: Named
    who: Who = ()
    private: bool = False
    office: str | None = None

    @property
    def acts_for(self) -> Who:
        """The parties the person's acts are acts of; the person's own where there are none."""
        return self.who if self.who and not self.private else (self.named,)

    @property
    def side(self) -> str | None:
        """The code of the party spoken for."""
        return self.who[0].code if self.who and not self.private else None


class People:
    """The persons of a text, learned about as it is read.

    resolve : the parties a noun phrase that describes somebody stands for
    home    : the state that is meant where none is said
    """

    def __init__(
        self, page: NamedText, resolve: Callable[[Token], Who], home: Callable[[Token], Who]
    ) -> None:
        self._page = page
        self._resolve = resolve
        self._home = home
        self._known: dict[str, Person] = {}
        self._leads = self._party_leaders()

    def __contains__(self, key: object) -> bool:
        return key in self._known

    def get(self, key: str | None) -> Person | None:
        """The person with this code, if the text has named one."""
        return self._known.get(key) if key is not None else None

    def of(self, name: Name) -> Person:
        """The person a name means; learned about if this is the first mention."""
        if name.named[0].code not in self._known:  # met early: "the government of X"
            self.learn(self._page.doc[root(self._page.doc, name)], name)
        return self._known[name.named[0].code]

    def learn(self, token: Token, name: Name) -> None:
        """Whom a person speaks for, from the words around the name and from the lists.

        What the text says comes first where it names a state, so that a politician of the
        Soviet Union's last years is not taken for one of Georgia; the lists come before a
        mere nationality.
        """
        person = self._known.setdefault(name.named[0].code, Person(name.named[0]))
        if person.who and not person.private:
            return
        if name.named[0].code in self._leads:
            person.who, person.private = (self._leads[name.named[0].code],), False
            return
        who, office, private = self._introduction(token, name)
        listed = (name.party,) if name.party else ()
        if listed and (not who or private or not _all_states((*who, *listed))):
            who, private, office = listed, False, name.office
        if not who and office and nouns.names_office(office):
            who = self._home(token)  # "President X" with nothing to say of which state
        if not who and office and office.lower().split()[-1] in _OF_THE_ISSUER:
            who = self._page.issuer[:1]  # "Under Secretary X", in a telegram of his department
        if who:
            person.who, person.private, person.office = who, private, office

    def _party_leaders(self) -> dict[str, Named]:
        """Who leads a party by the text's own words ("Uribe's Democratic Center party")."""
        leaders: dict[str, Named] = {}
        for at, name in self._page.root.items():
            token = self._page.doc[at]
            if name.how != "person" or token.dep_ != "poss":
                continue
            if token.head.lemma_.lower() not in PARTY_WORDS:
                continue
            for child in token.head.children:
                other = self._page.at.get(child.i)
                if other and child.dep_ == "compound" and other.named[0].kind in BODIES:
                    leaders.setdefault(name.named[0].code, other.named[0])
        return leaders

    def _introduction(self, token: Token, name: Name) -> tuple[Who, str | None, bool]:
        """The parties, office and whether a private person, that introduce a name."""
        for noun in self._describing(token, name):
            who, classes = self._resolve(noun), nouns.classes(noun)
            if who and classes & _HOLDS:
                return who, self._page.office(noun), False
            if who and classes:
                return who, None, True
        who, title = self._before(name)
        if title and not who:
            who = self._after_of(token)
        return who, title, bool(who) and title is None

    def _describing(self, token: Token, name: Name) -> Iterator[Token]:
        """Nouns in apposition to a name, before it or after it."""
        at = self._page.at
        for child in token.children:
            if child.dep_ == "appos" and child.i not in at:
                yield child
        if token.dep_ == "appos" and token.head.i not in at and token.head.pos_ == "NOUN":
            yield token.head
        yield from self._after_comma(name)
        yield from self._before_comma(name)

    def _after_comma(self, name: Name) -> Iterator[Token]:
        """What follows in "Nikol Pashinyan, Armenia's prime minister", however it was parsed."""
        doc, at = self._page.doc, name.last
        if at >= len(doc) or doc[at].text != ",":
            return
        for token in doc[at + 1 : at + 10]:
            if token.text in {",", ".", ";", "who", "which"}:
                return
            if token.pos_ in ("VERB", "AUX", "CCONJ", "SCONJ"):
                return
            if self._is_holder(token) and token.dep_ != "compound":
                yield token
                return

    def _before_comma(self, name: Name) -> Iterator[Token]:
        """What comes first in "Israel's prime minister, Benjamin Netanyahu"."""
        doc, at = self._page.doc, name.first - 1
        while at > 0 and doc[at].lower_.rstrip(".") in naming.TITLES:
            at -= 1
        if at >= 1 and doc[at].text == "," and self._is_holder(doc[at - 1]):
            yield doc[at - 1]

    def _is_holder(self, token: Token) -> bool:
        return token.i not in self._page.at and bool(nouns.classes(token) & {"office", "official"})

    def _before(self, name: Name) -> tuple[Who, str | None]:
        """The party and title in the words right before a name ("French President ...")."""
        doc, first, title = self._page.doc, name.first, None
        while first > 0 and name.first - first < 9 and nouns.leads_up(doc[first - 1]):
            first -= 1
        who: Who = ()
        for token in reversed(doc[first : name.first]):
            if title is None and _is_title(token):
                title = self._page.office(token)
            other = self._page.at.get(token.i)
            if other is not None and other.acts and other.how != "person":
                who = other.named
                break
        if not who:
            return self._unique_title(first, name.first), title
        if title and "opposition" in doc[first : name.first].text.lower():
            return tuple(opponents(n, Sector.OPP, self._page.gazetteer) for n in who), title
        return who, title

    def _after_of(self, token: Token) -> Who:
        """The party in "President Juan Santos of Colombia"."""
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                for target in child.children:
                    name = self._page.at.get(target.i)
                    if name is not None and name.acts and name.how != "person":
                        return name.named
        return ()

    def _unique_title(self, first: int, last: int) -> Who:
        """The party of a title that only one party gives ("Secretary of State")."""
        for i in range(first, last):
            for j in range(last, i, -1):
                form = self._page.gazetteer.form(self._page.doc[i:j].text)
                if form and form.how == "title":
                    return tuple(self._page.by_code.get(n.code, n) for n in form.named)
        return ()


def opponents(named: Named, sector: Sector, gazetteer: Gazetteer) -> Named:
    """The rebels or the opposition of a state, as a group of its own: `lby-rebels`."""
    return named if named.kind != "state" else sectors.of_state(named, sector, gazetteer)


def _is_title(token: Token) -> bool:
    holds = nouns.classes(token) & {"office", "official", "opposition", "rebel"}
    return bool(holds) or token.lower_.rstrip(".") in naming.TITLES


def _all_states(who: Who) -> bool:
    return all(n.kind == "state" for n in who)
