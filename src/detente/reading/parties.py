"""Who: the parties a text names, and the parties its noun phrases and pronouns stand for.

One pass over the text in reading order resolves every noun phrase head and remembers what it
stood for, so that each later "the group", "he" or "both sides" looks back over a bounded stretch
of what is salient. The whole is linear in the text.

Salience is a plain weighting in the spirit of Lappin & Leass (1994): subjects weigh more than
objects, objects more than modifiers, and all of it fades with every sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from detente.reading import names as naming
from detente.reading.document import Actor, FoundParty, Mention, Speaker
from detente.reading.gazetteer import Gazetteer, Named, parted, slug, table
from detente.reading.names import Name

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Who = tuple[Named, ...]

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
_MODIFIERS = frozenset({"compound", "amod", "nmod", "poss"})
_WE = frozenset("we us our ours ourselves i me my mine myself".split())
_IT = frozenset("it its itself".split())
_THEY = frozenset("they them their theirs themselves".split())
_ONE_PERSON = frozenset("he him his himself she her hers herself".split())
_RELATIVE = frozenset({"WDT", "WP", "WP$"})
_PLACE = frozenset(
    "in at near inside outside around across through throughout over above within beyond via"
    " towards toward into off".split()
)
_MOTION = frozenset(
    "go fly travel arrive return come move drive head sail march flee deport ship fly_back walk"
    " bring carry evacuate flight trip journey tour road back".split()
)
_SPEAKS = frozenset(
    "say tell warn announce deny accuse demand reject ask promise threaten urge call vow agree"
    " refuse want claim insist condemn welcome pledge declare offer propose deplore state add"
    " accept sign recognise recognize expel release free withdraw attack invade lift impose admit"
    " break consent describe regard send".split()
)
_DEFINITE = frozenset("the this that these those both its their his her our each".split())
_TWO = frozenset("two both each either neither".split())
_BY_OF = frozenset({"government", "office", "official", "force", "rebel", "opposition", "group",
                    "part", "civilian", "servant", "side"})  # fmt: skip
_REACH = 60
"""How many salient things back an anaphor looks: what a reader still has in mind."""


@dataclass(frozen=True, slots=True)
class Salient:
    """Something that was just spoken of.

    who    : the parties it stands for; empty for a thing that is no party
    weight : by grammatical role
    person : the key of the person or unnamed individual, if it is one
    """

    at: int
    sentence: int
    who: Who
    weight: float
    plural: bool = False
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Individual:
    """An unnamed speaker the text introduces.

    nouns, marks : what the text calls the speaker and how it sets the speaker apart
    """

    key: str
    noun: str
    marks: frozenset[str]
    who: Who
    plural: bool


@dataclass(slots=True)
class Person:
    """What the text tells about a named person so far."""

    named: Named
    who: Who = ()
    private: bool = False
    office: str | None = None


class Parties:
    """Everything about who, for one parsed text.

    quote_speakers : (first token, last token + 1, parties) of stretches in which somebody speaks
                     in the first person; the caller may fill it before asking for actors
    """

    def __init__(self, doc: Doc, gazetteer: Gazetteer) -> None:
        self.doc = doc
        self.gazetteer = gazetteer
        self.quote_speakers: list[tuple[int, int, tuple[Actor, ...]]] = []
        self._names = naming.find(doc, gazetteer)
        self._at = {i: n for n in self._names for i in range(n.first, n.last)}
        self._root = {_root(doc, n): n for n in self._names}
        self._dated = naming.dateline(doc, gazetteer)
        self._sentence = _sentence_numbers(doc)
        self._quoted = _quoted(doc)
        self._says_our = any(t.lower_ == "our" and not self._quoted[t.i] for t in doc)
        self._salient: list[Salient] = []
        self._who: dict[int, Who] = {}
        self._persons: dict[str, Person] = {}
        self._counts: Counter[str] = Counter()
        self._named_in_all = self._totals()
        self._by_noun: dict[str, tuple[int, Who]] = {}
        self._individuals: list[Individual] = []
        self._individual_at: dict[int, Individual] = {}
        self._place: Who = ()
        self._party_of = self._party_leaders()
        self._walk()

    # --- what callers ask ---------------------------------------------------------------

    def actors(self, token: Token) -> tuple[Actor, ...]:
        """The parties the noun phrase headed by `token` stands for; () if none.

        Coordination is not expanded ("A and B": ask for each), but plural anaphors ("both
        countries", "they") give several parties.
        """
        first_person = self._first_person(token)
        if first_person is not None:
            return first_person
        text = self._words(token)
        return tuple(Actor(n.name, n.code, text) for n in self._resolved(token))

    def affiliation(self, token: Token) -> tuple[Actor, ...]:
        """The parties a person or thing belongs to ("American prisoners", "its embassy")."""
        strict = self.actors(token)
        if strict and strict[0].code not in self._persons_codes():
            return strict
        text = self._words(token)
        return tuple(Actor(n.name, n.code, text) for n in self._belongs(token, 0)) or strict

    def speaker(self, token: Token) -> Speaker:
        """The noun phrase headed by `token` as somebody who speaks.

        The key is the same for the same speaker: persons by name, parties by code, unnamed
        people by the description that introduced them.
        """
        name = self._at.get(token.i)
        if name is not None and name.acts:
            return self._named_speaker(token, name)
        if token.tag_ in _RELATIVE or token.pos_ == "PRON" or token.tag_ in ("PRP", "PRP$"):
            return self._pronoun_speaker(token)
        if token.i in self._individual_at:
            return self._unnamed_speaker(token, self._individual_at[token.i])
        return self._body_speaker(token)

    def found(self) -> tuple[FoundParty, ...]:
        """Every party and person the text names, in order of first mention."""
        order: dict[str, Named] = {}
        mentions: dict[str, list[Mention]] = {}
        for name in self._names:
            if name.how == "title" or (name.how == "capital" and self._is_place(name)):
                continue
            for named in name.named:
                order.setdefault(named.code, named)
                words = self.doc.text[name.start : name.end]
                mentions.setdefault(named.code, []).append(Mention(words, name.start, name.end))
        return tuple(
            FoundParty(n.name, n.code, n.kind, tuple(mentions[code]), self._speaks_for(n))
            for code, n in order.items()
        )

    def is_party_word(self, token: Token) -> bool:
        """Whether the token stands inside a party's or person's name."""
        return token.i in self._at

    def is_place(self, token: Token) -> bool:
        """Whether the token is a capital that is only a place here ("talks in Doha")."""
        name = self._at.get(token.i)
        return name is not None and name.how == "capital" and self._is_place(name)

    # --- the pass over the text ---------------------------------------------------------

    def _walk(self) -> None:
        for token in self.doc:
            if token.is_space or token.is_punct:
                continue
            name = self._at.get(token.i)
            if name is not None:
                if self._root.get(token.i) is name and name.acts:
                    self._meet_name(token, name)
            elif _heads_phrase(token):
                self._meet_phrase(token)

    def _meet_name(self, token: Token, name: Name) -> None:
        if name.how == "person":
            self._learn(token, name)
        who = self._of_name(name)
        self._who[token.i] = who
        if name.how in ("capital", "name") and name.named[0].kind == "state":
            self._place = name.named
        if not who or (name.how == "capital" and self._is_place(name)):
            return
        person = name.named[0].code if name.how == "person" else None
        if name.how == "title":
            person = f"title:{name.named[0].code}"
        plural = name.how in ("people", "pair") or name.named[0].kind == "group"
        self._remember(token, who, plural=plural, person=person)

    def _meet_phrase(self, token: Token) -> None:
        who = self._resolve(token)
        self._who[token.i] = who
        classes = _classes(token)
        if (
            classes & {"source", "official", "office"}
            and token.pos_ in ("NOUN", "PROPN")
            and token.dep_ not in ("compound", "attr")
        ):
            self._individual_at[token.i] = self._introduced(token, who)
        human = bool(classes & {"official", "office", "source", "civilian"})
        person = f"noun:{token.i}" if human and not _is_plural(token) else None
        if who and classes and (self._modifiers(token) or self._of(token, classes)):
            self._by_noun[token.lemma_.lower()] = self._sentence[token.i], who
        if who or token.dep_ in _SUBJECTS:
            self._remember(token, who, plural=_is_plural(token) or len(who) > 1, person=person)

    def _remember(self, token: Token, who: Who, *, plural: bool, person: str | None) -> None:
        weight = _weight(token)
        joined = self._joined(token, who)
        plural = plural or len(joined) > 1
        if token.tag_ in ("PRP", "PRP$") and person is None and len(who) == 1:
            person = self._person_behind(token)
        self._salient.append(
            Salient(token.i, self._sentence[token.i], joined, weight, plural, person)
        )
        self._counts.update(n.code for n in who)
        if token.dep_ == "pobj" and token.head.lower_ == "with" and who:
            self._together(token, who)

    def _together(self, token: Token, who: Who) -> None:
        """ "X sat down with Y": a later "they" may mean both."""
        subject = next(
            (c for c in token.head.head.children if c.dep_ == "nsubj" and c.i < token.i), None
        )
        both = _distinct((*self._who.get(subject.i, ()), *who)) if subject is not None else ()
        if len(both) == 2:
            self._salient.append(Salient(token.i, self._sentence[token.i], both, 3.0, True, "both"))

    def _joined(self, token: Token, who: Who) -> Who:
        """With the conjuncts before it: "Armenia and Azerbaijan" is one subject."""
        if token.dep_ != "conj" or not who:
            return who
        first = token.head
        while first.dep_ == "conj" and first.head.i < first.i:
            first = first.head
        earlier = self._who.get(first.i, ())
        between = [
            n for c in first.conjuncts if first.i < c.i < token.i for n in self._who.get(c.i, ())
        ]
        return _distinct((*earlier, *between, *who))

    # --- names --------------------------------------------------------------------------

    def _totals(self) -> Counter[str]:
        """How often the whole text names each party, itself or by the people listed for it."""
        totals: Counter[str] = Counter()
        for name in self._names:
            if name.how == "capital" and self._is_place(name):
                continue
            totals.update(n.code for n in ((name.party,) if name.party else name.named))
        return totals

    def _party_leaders(self) -> dict[str, Named]:
        """ "Uribe's Democratic Center party": the person speaks for that party from the start."""
        leaders: dict[str, Named] = {}
        for at, name in self._root.items():
            token = self.doc[at]
            if name.how != "person" or token.dep_ != "poss":
                continue
            if token.head.lemma_.lower() not in _PARTY_WORDS:
                continue
            for child in token.head.children:
                other = self._at.get(child.i)
                if other and child.dep_ == "compound" and other.named[0].kind in _BODIES:
                    leaders.setdefault(name.named[0].code, other.named[0])
        return leaders

    def _of_name(self, name: Name) -> Who:
        if name.how != "person":
            return name.named
        if name.named[0].code not in self._persons:  # met early: "the government of X"
            self._learn(self.doc[_root(self.doc, name)], name)
        person = self._persons[name.named[0].code]
        return person.who if person.who and not person.private else name.named

    def _persons_codes(self) -> set[str]:
        return {code for code, p in self._persons.items() if p.private or not p.who}

    def _speaks_for(self, named: Named) -> tuple[str, str | None] | None:
        person = self._persons.get(named.code)
        if person is None or person.private or not person.who:
            return None
        return person.who[0].code, person.office

    def _learn(self, token: Token, name: Name) -> None:
        """Whom a person speaks for, from the words around the name and from the lists."""
        person = self._persons.setdefault(name.named[0].code, Person(name.named[0]))
        if person.who and not person.private:
            return
        if name.named[0].code in self._party_of:
            person.who, person.private = (self._party_of[name.named[0].code],), False
            return
        who, office, private = self._introduction(token, name)
        listed = (name.party,) if name.party else ()
        if listed and (not who or private or not _both_states(who, listed)):
            who, private, office = listed, False, name.office
        if not who and office and _is_office(office):
            who = self._home(token)  # "President X" with nothing to say of which state
        if who:
            person.who, person.private, person.office = who, private, office

    def _introduction(self, token: Token, name: Name) -> tuple[Who, str | None, bool]:
        """The parties, office and whether a private person, that introduce a name."""
        for noun in self._describing(token, name):
            who = self._resolve(noun, describing=True)
            classes = _classes(noun)
            if who and classes & {"office", "official", "government", "rebel", "opposition"}:
                return who, self._office(noun), False
            if who and classes:
                return who, None, True
        who, title = self._before(name)
        return who, title, bool(who) and title is None

    def _describing(self, token: Token, name: Name) -> Iterator[Token]:
        """Nouns in apposition to a name, before it or after it."""
        for child in token.children:
            if child.dep_ == "appos" and child.i not in self._at:
                yield child
        if token.dep_ == "appos" and token.head.i not in self._at and token.head.pos_ == "NOUN":
            yield token.head
        yield from self._after_comma(name)
        yield from self._before_comma(name)

    def _office(self, noun: Token) -> str:
        """An office in words: "foreign minister", without state, article or person."""
        first = noun.i
        while first > 0 and self.doc[first - 1].dep_ in ("compound", "amod"):
            if first - 1 in self._at or self.doc[first - 1].is_punct:
                break
            first -= 1
        last = noun.i + 1
        following = [c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"]
        if following and following[0].i == last and noun.text[:1].isupper():
            words = self.doc[last : last + 2].text
            if words.split()[-1] in ("State", "Defense", "Staff"):
                last += 2
        return self.doc[first:last].text

    def _after_comma(self, name: Name) -> Iterator[Token]:
        """ "Nikol Pashinyan, Armenia's prime minister," whatever the parser made of it."""
        at = name.last
        if at >= len(self.doc) or self.doc[at].text != ",":
            return
        for token in self.doc[at + 1 : at + 10]:
            if token.text in {",", ".", ";", "who", "which"} or token.pos_ in (
                "VERB", "AUX", "CCONJ", "SCONJ",
            ):  # fmt: skip
                return
            if token.dep_ != "compound" and _classes(token) & {"office", "official"}:
                if token.i not in self._at:
                    yield token
                    return

    def _before_comma(self, name: Name) -> Iterator[Token]:
        """ "Israel's prime minister, Benjamin Netanyahu"."""
        at = name.first - 1
        while at > 0 and self.doc[at].lower_.rstrip(".") in naming.TITLES:
            at -= 1
        if at < 1 or self.doc[at].text != ",":
            return
        token = self.doc[at - 1]
        if token.i not in self._at and _classes(token) & {"office", "official"}:
            yield token

    def _before(self, name: Name) -> tuple[Who, str | None]:
        """The party and title in the words right before a name ("French President ...")."""
        at, first, title = name.first - 1, name.first, None
        while at >= 0 and name.first - at < 10 and _leads_up(self.doc[at]):
            first = at
            at -= 1
        who: Who = ()
        for i in range(name.first - 1, first - 1, -1):
            token = self.doc[i]
            if _classes(token) & {"office", "official", "opposition", "rebel"} or (
                token.lower_.rstrip(".") in naming.TITLES
            ):
                title = self._office(token) if title is None else title
            other = self._at.get(i)
            if other is not None and other.acts and other.how != "person":
                who = other.named
                break
        unique = self._unique_title(first, name.first)
        if unique and not who:
            return unique, title
        if who and title and self.doc[first : name.first].text.lower().find("opposition") >= 0:
            return tuple(_opponents(n, "opposition") for n in who), title
        return who, title

    def _unique_title(self, first: int, last: int) -> Who:
        for i in range(first, last):
            for j in range(last, i, -1):
                form = self.gazetteer.form(self.doc[i:j].text)
                if form and form.how == "title":
                    return self._canonical(form.named)
        return ()

    def _canonical(self, named: Who) -> Who:
        """Titles are listed by code only; the name comes from the first form with that code."""
        known = {n.code: n for x in self._names for n in x.named}
        return tuple(known.get(n.code, n) for n in named)

    def _is_place(self, name: Name) -> bool:
        token = self.doc[_root(self.doc, name)]
        return _is_locative(token) and not self._stands_for_government(token)

    def _stands_for_government(self, token: Token) -> bool:
        """ "The foreign ministry in Kabul": the place says whose ministry it is."""
        if token.dep_ != "pobj" or token.head.lower_ != "in":
            return False
        noun = token.head.head
        if noun.lemma_.lower() == "government" and not self._governs_from(token):
            return False
        return bool(_classes(noun) & {"government"}) or noun.lemma_.lower() in _SITS_IN

    def _governs_from(self, capital: Token) -> bool:
        """ "The government in Kabul", but not "talks with the government in Quito" about Colombia."""
        code = self._at[capital.i].named[0].code
        states = {n.named[0].code for n in self._names if n.how not in ("capital", "person")}
        groups = [self.gazetteer.homes.get(c) for c in states]
        return code in states or not any(home in states for home in groups if home)

    # --- noun phrases -------------------------------------------------------------------

    def _resolved(self, token: Token) -> Who:
        name = self._at.get(token.i)
        if name is not None:
            if not name.acts or (name.how == "capital" and self._is_place(name)):
                return ()
            return self._of_name(name)
        if token.i in self._who:
            return self._who[token.i]
        return self._resolve(token)

    def _resolve(self, token: Token, *, describing: bool = False) -> Who:
        """What a head that is no name stands for."""
        word = token.lower_
        if token.tag_ in _RELATIVE and token.dep_ != "mark":
            return self._antecedent(token)
        if word in _ONE_PERSON:
            return self._he(token)
        if word in _IT:
            return self._it(token)
        if word in _THEY:
            return self._they(token)
        if word in _WE:
            return self._outside_quotes(token)
        if word in ("other", "another") and token.dep_ in ("pobj", "dobj"):
            return self._each_other(token)
        return self._common(token, describing=describing)

    def _common(self, token: Token, *, describing: bool = False) -> Who:
        classes = _classes(token)
        if not classes:
            return ()
        if token.dep_ == "appos" and (name := self._at.get(token.head.i)) and name.how != "person":
            return name.named
        if self._is_pair(token, classes):
            return self._pair(token, classes)
        whose = self._modifiers(token)
        if whose:
            return self._as_role(whose, classes, token)
        whose = self._of(token, classes)
        if whose:
            return self._as_role(whose, classes, token)
        whose = self._placed(token, classes)
        if whose:
            return whose
        if any(c.lower_ == "there" and c.dep_ == "advmod" for c in token.children):
            return self._place
        return () if describing and not _is_office(token.lemma_) else self._anaphor(token, classes)

    def _as_role(self, whose: Who, classes: frozenset[str], token: Token) -> Who:
        """ "Libyan rebels" are not Libya."""
        groups = tuple(n for n in whose if n.kind in ("group", "organisation"))
        if groups and len(groups) < len(whose) and classes & {"rebel", "opposition"}:
            return groups
        noun = next((c for c in ("opposition", "rebel") if c in classes), None)
        if noun is None or classes & {"force", "part"} and token.lemma_.lower() not in _REBELS:
            return whose
        return tuple(_opponents(n, _rebel_word(token)) for n in whose)

    def _modifiers(self, token: Token, depth: int = 0) -> Who:
        """The parties in adjectives, compounds and possessors before a noun."""
        found: list[tuple[int, Who, bool]] = []
        for child in token.children:
            if child.i > token.i or child.dep_ not in _MODIFIERS:
                continue
            found += self._modifier(child, depth)
            for conjunct in child.conjuncts:
                if conjunct.i < token.i:
                    found += self._modifier(conjunct, depth)
        if not found:
            found = self._right_before(token) or self._right_after(token)
        if not found:
            return ()
        kinds = _BODIES if token.lemma_.lower() in _PARTY_WORDS else frozenset({"group"})
        groups = [who for _, who, joined in found if any(n.kind in kinds for n in who)]
        if groups and not any(joined for *_, joined in found):
            return groups[-1]
        first = min(found)[1]
        joined_whos = [who for _, who, joined in sorted(found) if joined]
        return _distinct([n for who in (first, *joined_whos) for n in who])

    def _modifier(self, child: Token, depth: int) -> list[tuple[int, Who, bool]]:
        joined = child.dep_ == "conj"
        name = self._at.get(child.i)
        if name is not None:
            return [(child.i, self._of_name(name), joined)] if name.acts else []
        if child.tag_ == "PRP$":
            who = self._who.get(child.i, ()) or self._resolve(child)
            return [(child.i, who, joined)] if who else []
        if depth > 3:
            return []
        inner = self._modifiers(child, depth + 1)
        if inner:
            return [(child.i, self._as_role(inner, _classes(child), child), joined)]
        classes = _classes(child)
        if classes and child.lemma_.lower() in _MODIFYING:
            who = self._anaphor(child, classes, modifier=True)
            return [(child.i, who, joined)] if who else []
        return []

    def _right_before(self, token: Token) -> list[tuple[int, Who, bool]]:
        """Names just left of the noun that the parser hung elsewhere."""
        found = []
        for i in range(token.i - 1, max(token.i - 5, -1), -1):
            left = self.doc[i]
            if left.sent_start == 1 and i != token.i - 1:
                pass
            name = self._at.get(i)
            if name is not None:
                if name.acts and name.how in ("demonym", "name", "seat") and left.i in self._root:
                    found.append((i, self._of_name(name), False))
                break
            if not (left.pos_ in ("ADJ", "NOUN", "PROPN", "NUM", "ADV") or left.tag_ == "POS"):
                break
        return found

    def _right_after(self, token: Token) -> list[tuple[int, Who, bool]]:
        """Adjectives behind the noun, as translations have them ("the governments British")."""
        name = self._at.get(token.i + 1)
        if name is None or name.how != "demonym" or not name.acts or not _classes(token):
            return []
        found = [(name.first, name.named, False)]
        second = self._at.get(name.last + 1)
        joined = name.last < len(self.doc) and self.doc[name.last].lower_ == "and"
        if joined and second is not None and second.how == "demonym":
            found.append((second.first, second.named, True))
        return found

    def _of(self, token: Token, classes: frozenset[str]) -> Who:
        """The party in "leaders of X", "troops from X", "aide to X", "spokesman for X"."""
        for child in token.children:
            if child.dep_ != "prep":
                continue
            word = child.lower_
            fits = (
                (word == "of" and bool(classes & _BY_OF))
                or (word == "from" and bool(classes & (_BY_OF | {"source"})))
                or (word in ("to", "for", "with", "at") and token.lemma_.lower() in _SERVES[word])
            )
            if fits and (who := self._objects(child)):
                return who
        return ()

    def _objects(self, preposition: Token) -> Who:
        found: list[Named] = []
        for target in preposition.children:
            if target.dep_ in ("pobj", "pcomp"):
                for noun in (target, *target.conjuncts):
                    found += self._named_or_known(noun)
        return _distinct(found)

    def _named_or_known(self, token: Token) -> Who:
        """A capital after "of" or "from" stands for its state."""
        name = self._at.get(token.i)
        if name is not None:
            return self._of_name(name) if name.acts else ()
        return self._who[token.i] if token.i in self._who else self._resolve(token)

    def _placed(self, token: Token, classes: frozenset[str]) -> Who:
        """ "An official in Damascus", "the foreign ministry in Kabul"."""
        if "government" not in classes and token.lemma_.lower() not in _SITS_IN:
            return ()
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "in":
                for target in child.children:
                    name = self._at.get(target.i)
                    if name is not None and name.how in ("capital", "name") and name.acts:
                        place = name.how == "capital" and self._is_place(name)
                        return () if place else self._of_name(name)
                    if target.lower_ == "capital":
                        return self._modifiers(target)
        return ()

    # --- anaphora -----------------------------------------------------------------------

    def _anaphor(self, token: Token, classes: frozenset[str], *, modifier: bool = False) -> Who:
        lemma = token.lemma_.lower()
        definite = modifier or _is_definite(token)
        bare = not definite and not _has_determiner(token) and _is_plural(token)
        if definite and "regime" in lemma:
            return self._best(token, lambda n: n.kind in ("group", "state"))
        if definite and classes & {"rebel"} and not classes & {"official"}:
            return self._best(token, lambda n: n.kind == "group" or n.code.endswith("-rebels"))
        if definite and "opposition" in classes:
            return self._opposition(token)
        if definite and "group" in classes:
            return self._group(token, lemma)
        if definite and "state" in classes and lemma not in ("government", "capital", "side"):
            return self._best(token, _is_state) if not _is_plural(token) else ()
        if definite and classes & {"office", "government"} and (who := self._earlier(token)):
            return who
        if classes & {"government", "office"} and (definite or lemma in _TITLES_BARE):
            return self._home(token)
        if (definite or bare) and "servant" in classes and not modifier:
            own = self._subject_of(token) if bare and "force" in classes else None
            subject = self._who.get(own.i, ()) if own is not None else ()
            return self._earlier(token) or subject or self._home(token)
        if definite and "official" in classes and not modifier:
            known = self._known_individual(token, ())
            if known is None and lemma in _SPOKES:
                return self._best(token, lambda n: n.kind != "person")
            return known.who if known is not None else self._earlier(token)
        if definite and "force" in classes and not modifier:
            return self._earlier(token)
        if lemma in _SPOKES:
            return self._in_sentence(token)
        return ()

    def _group(self, token: Token, lemma: str) -> Who:
        """ "The group" is an armed one if one was just spoken of; "the party" is not."""
        kind = "organisation" if lemma == "party" else "group"
        now = self._sentence[token.i]
        for entry in reversed(self._salient[-_REACH:]):
            if now - entry.sentence > 1:
                break
            if entry.weight >= 1.5 and len(entry.who) == 1 and entry.who[0].kind == kind:
                return entry.who
        return self._best(token, lambda n: n.kind == kind) or self._best(
            token, lambda n: n.kind in _BODIES
        )

    def _earlier(self, token: Token) -> Who:
        """Whose the same noun was when the text last said whose ("The ministry" again)."""
        sentence, who = self._by_noun.get(token.lemma_.lower(), (-99, ()))
        return who if self._sentence[token.i] - sentence <= 4 else ()

    def _in_sentence(self, token: Token) -> Who:
        """The party "a spokesman" speaks for: the subject of what the spokesman says."""
        now = self._sentence[token.i]
        here = [e for e in self._salient[-_REACH:] if e.sentence == now and e.person is None]
        here = [e for e in here if e.who and e.weight >= 3.0 and e.who[0].kind != "person"]
        return here[0].who if here and len(here[0].who) == 1 else ()

    def _opposition(self, token: Token) -> Who:
        home = self._best(token, _is_state, prior=3.0)
        known = self._best(token, lambda n: n.code.endswith("-opposition"))
        return known or tuple(_opponents(n, "opposition") for n in home)

    def _home(self, token: Token) -> Who:
        """The state whose government, army or officials are meant without saying so."""
        for entry in reversed(self._salient[-12:]):
            if self._sentence[token.i] - entry.sentence > 1:
                break
            for named in entry.who:
                home = self.gazetteer.homes.get(named.code)
                if home and self._counts[home] > 1:
                    return self._by_code(home)
        return self._best(token, _is_state, prior=1.0)

    def _by_code(self, code: str) -> Who:
        for entry in reversed(self._salient):
            for named in entry.who:
                if named.code == code:
                    return (named,)
        return ()

    def _ranked(
        self, token: Token, accept: Callable[[Named], bool], *, prior: float = 0.4
    ) -> list[Named]:
        """Parties spoken of before, the most salient first."""
        now = self._sentence[token.i]
        scores: dict[Named, float] = {}
        for entry in reversed(self._salient[-_REACH:]):
            if entry.at >= token.i:
                continue
            fade = 0.6 ** min(now - entry.sentence, 12)
            for named in entry.who:
                if accept(named):
                    scores[named] = scores.get(named, 0.0) + entry.weight * fade
        for named in scores:
            scores[named] += prior * min(self._named_in_all[named.code], 16) ** 0.5
        return sorted(scores, key=lambda n: -scores[n])

    def _best(self, token: Token, accept: Callable[[Named], bool], *, prior: float = 0.4) -> Who:
        return tuple(self._ranked(token, accept, prior=prior)[:1])

    def _is_pair(self, token: Token, classes: frozenset[str]) -> bool:
        if token.lower_ == "both" and token.dep_ not in ("preconj", "det"):
            return True
        if not classes & {"side"} or not (_is_plural(token) or _says(token, {"each", "either"})):
            alone = not any(c.lower_ == "of" for c in token.children)
            return token.lower_ == "two" and alone and token.dep_ in (*_SUBJECTS, "pobj", "dobj")
        if _says(token, _TWO):
            return not self._modifiers(token) and not self._of(token, frozenset({"office"}))
        return token.lemma_.lower() in ("side", "party", "neighbour", "neighbor") and (
            _is_definite(token) and not self._modifiers(token)
        )

    def _pair(self, token: Token, classes: frozenset[str]) -> Who:
        states = token.lemma_.lower() in _OF_STATES
        subject = self._subject_of(token)
        avoid = set(self._who.get(subject.i, ())) if subject is not None else set()
        avoid = avoid if len(avoid) == 1 and token.dep_ not in _SUBJECTS else set()
        if self._dated is not None and self._says_our:
            avoid.add(self._dated)

        def accept(named: Named) -> bool:
            fits = named.kind == "state" if states else named.kind != "person"
            return fits and named not in avoid and named.code not in self.gazetteer.neutral

        if token.lemma_.lower() in _LED_BY_ONE and len(two := self._last_two(token)) == 2:
            return two
        now = self._sentence[token.i]
        for entry in reversed(self._salient[-_REACH:]):
            fitting = tuple(n for n in entry.who if accept(n))
            if now - entry.sentence <= 3 and len(fitting) == 2 and entry.at < token.i:
                return fitting
        two = tuple(self._ranked(token, accept, prior=2.0)[:2])
        return two if len(two) == 2 else ()

    def _last_two(self, token: Token) -> Who:
        """The parties of the last two persons: "both leaders", "the two men"."""
        found: list[Named] = []
        for entry in reversed(self._salient[-_REACH:]):
            if entry.at < token.i and entry.person in self._persons and len(entry.who) == 1:
                found = list(_distinct([*found, *entry.who]))
            if len(found) == 2:
                break
        return tuple(reversed(found))

    def _each_other(self, token: Token) -> Who:
        subject = self._subject_of(token)
        return self._everybody(subject) if subject is not None else ()

    # --- pronouns -----------------------------------------------------------------------

    def _antecedent(self, token: Token) -> Who:
        verb = token.head
        steps = 0
        while verb.dep_ != "relcl" and verb.head.i != verb.i and steps < 6:
            verb, steps = verb.head, steps + 1
        if verb.dep_ != "relcl" or verb.head.i >= token.i:
            return ()
        noun = verb.head
        who = self._named_or_known(noun)
        joined = [n for c in noun.conjuncts if c.i < token.i for n in self._named_or_known(c)]
        return _distinct((*who, *joined)) if verb.tag_ in ("VBP",) and joined else who

    def _he(self, token: Token) -> Who:
        entry = self._last_person(token)
        if entry is None:
            return ()
        if entry.person and entry.person in self._persons:
            person = self._persons[entry.person]
            return person.who if person.who and not person.private else (person.named,)
        return entry.who

    def _last_person(self, token: Token) -> Salient | None:
        """The person meant by he or she: a subject before others, a near one before a far one."""
        now, best, top = self._sentence[token.i], None, 0.0
        for entry in reversed(self._salient[-_REACH:]):
            if entry.person in (None, "both") or entry.at >= token.i or now - entry.sentence > 5:
                continue
            known = 1.0 if entry.who else 0.3
            score = known * entry.weight * 0.5 ** (now - entry.sentence)
            if score > top:
                best, top = entry, score
        return best

    def _person_behind(self, token: Token) -> str | None:
        if token.lower_ not in _ONE_PERSON:
            return None
        entry = self._last_person(token)
        return entry.person if entry else None

    def _it(self, token: Token) -> Who:
        if _is_empty_it(token):
            return ()
        if token.dep_ in ("dobj", "attr"):
            return ()
        own = self._subject_of(token)
        if token.dep_ == "poss" and own is not None:
            who = self._who.get(own.i, ())
            if len(who) == 1 and who[0].kind != "person":
                return who
        avoid = set(self._who.get(own.i, ())) if own is not None and token.dep_ == "pobj" else set()
        return self._singular(token, avoid)

    def _singular(self, token: Token, avoid: set[Named]) -> Who:
        now = self._sentence[token.i]
        animate = token.head.lemma_.lower() in _SPEAKS or token.dep_ == "poss"
        best, top = (), 0.0
        for entry in reversed(self._salient[-_REACH:]):
            if entry.at >= token.i or now - entry.sentence > 3 or len(entry.who) > 1:
                continue
            if entry.person is not None or any(n.kind == "person" for n in entry.who):
                continue
            if avoid.intersection(entry.who) or (not entry.who and (animate or entry.plural)):
                continue
            score = entry.weight * 0.4 ** (now - entry.sentence)
            if score > top:
                best, top = entry.who, score
        return best

    def _they(self, token: Token) -> Who:
        own = self._subject_of(token)
        if token.dep_ == "poss" and own is not None and (who := self._who.get(own.i, ())):
            joined = self._everybody(own)
            if _is_plural(own) or len(joined) > 1 or who[0].kind == "group":
                return joined
        now = self._sentence[token.i]
        best, top = (), 0.0
        for entry in reversed(self._salient[-_REACH:]):
            if entry.at >= token.i or now - entry.sentence > 3:
                continue
            if not entry.plural and not any(n.kind != "state" for n in entry.who):
                continue
            if entry.person not in (None, "both"):
                continue
            score = entry.weight * 0.5 ** (now - entry.sentence)
            if score > top:
                best, top = entry.who, score
        return best

    def _everybody(self, token: Token) -> Who:
        who = list(self._who.get(token.i, ()))
        for conjunct in token.conjuncts:
            who += self._who.get(conjunct.i, ())
        return _distinct(who)

    def _subject_of(self, token: Token) -> Token | None:
        """The subject of the clause a token stands in, where it comes before the token."""
        node, steps = token.head, 0
        while steps < 12:
            if node.pos_ in ("VERB", "AUX"):
                if (controller := _controller(node, token)) is not None:
                    return controller
                for child in node.children:
                    if child.dep_ in ("nsubj", "nsubjpass") and child.i < token.i:
                        inside = child.left_edge.i <= token.i <= child.right_edge.i
                        return None if inside else child
            if node.head.i == node.i:
                return None
            node, steps = node.head, steps + 1
        return None

    def _outside_quotes(self, token: Token) -> Who:
        """Our and we outside quotation marks: whoever issued the communiqué."""
        if self._dated is None or self._quoted[token.i]:
            return ()
        return (self._dated,)

    def _first_person(self, token: Token) -> tuple[Actor, ...] | None:
        """The speaker of the quotation, for we and I and what is ours."""
        own = next((c for c in token.children if c.lower_ in ("our", "my")), None)
        if token.lower_ not in _WE and (own is None or token.i in self._at):
            return None
        if own is not None and not _classes(token):
            return None
        for first, last, actors in self.quote_speakers:
            if first <= token.i < last:
                text = self._words(token)
                return tuple(Actor(a.name, a.code, text) for a in actors)
        return None

    # --- belonging ----------------------------------------------------------------------

    def _belongs(self, token: Token, depth: int) -> Who:
        name = self._at.get(token.i)
        if name is not None:
            if name.how == "person":
                person = self._persons.get(name.named[0].code)
                return person.who if person else ()
            return self._of_name(name) if name.acts else ()
        if depth > 5:
            return ()
        who = self._modifiers(token)
        if who:
            return who
        for words in (("of", "from"), ("on", "against", "for", "to", "by", "in")):
            for child in token.children:
                if child.dep_ == "prep" and child.lower_ in words:
                    for target in child.children:
                        inner = self._target(target, child, depth)
                        if inner:
                            return inner
        return self._who.get(token.i, ())

    def _target(self, target: Token, preposition: Token, depth: int) -> Who:
        if target.dep_ != "pobj":
            return ()
        found: list[Named] = []
        for noun in (target, *target.conjuncts):
            name = self._at.get(noun.i)
            if name is not None and name.how == "capital" and preposition.lower_ in ("in", "to"):
                continue
            found += self._belongs(noun, depth + 1)
        return _distinct(found)

    # --- speakers -----------------------------------------------------------------------

    def _named_speaker(self, token: Token, name: Name) -> Speaker:
        named = name.named[0]
        if name.how == "person":
            person = self._persons.get(named.code)
            party = person.who[0].code if person and person.who and not person.private else None
            words = self._phrase(token, short=True)
            return Speaker(named.name, words, True, party, f"person:{named.code}")
        if name.how == "title":
            words = self._words(token)
            return Speaker(words, self._phrase(token, short=True), True, named.code, slug(words))
        words = self._phrase(token, short=True)
        return Speaker(named.name, words, True, named.code, f"party:{named.code}")

    def _pronoun_speaker(self, token: Token) -> Speaker:
        words = token.text
        if token.tag_ in _RELATIVE:
            verb = token.head
            while verb.dep_ != "relcl" and verb.head.i != verb.i:
                verb = verb.head
            if verb.dep_ == "relcl" and verb.head.i < token.i:
                return _as_said(self.speaker(verb.head), words)
        if token.lower_ in _ONE_PERSON:
            entry = self._last_person(token)
            if entry is not None and entry.at != token.i:
                return _as_said(self._speaker_at(entry), words)
        who = self._resolved(token)
        if len(who) == 1:
            return Speaker(who[0].name, words, True, who[0].code, f"party:{who[0].code}")
        if who:
            names, codes = " and ".join(n.name for n in who), "+".join(n.code for n in who)
            return Speaker(names, words, True, None, f"party:{codes}")
        previous = self._previous_individual(token)
        if previous is not None:
            party = previous.who[0].code if previous.who else None
            return Speaker(None, words, False, party, previous.key)
        return Speaker(None, words, False, None, f"word:{token.i}")

    def _speaker_at(self, entry: Salient) -> Speaker:
        if entry.person in self._persons:
            person = self._persons[entry.person]
            party = person.who[0].code if person.who and not person.private else None
            return Speaker(
                person.named.name, person.named.name, True, party, f"person:{person.named.code}"
            )
        token = self.doc[entry.at]
        if token.i in self._individual_at:
            return self._unnamed_speaker(token, self._individual_at[token.i])
        return Speaker(None, token.text, False, None, f"word:{token.i}")

    def _previous_individual(self, token: Token) -> Individual | None:
        for i in range(token.i - 1, max(token.i - 120, -1), -1):
            if i in self._individual_at:
                return self._individual_at[i]
        return None

    def _unnamed_speaker(self, token: Token, individual: Individual) -> Speaker:
        appositive = self._appositive_name(token)
        if appositive is not None:
            return _as_said(self._named_speaker(token, appositive), self._phrase(token))
        party = individual.who[0].code if individual.who else None
        if individual.who and (
            individual.noun in _BODIES_BARE
            or (individual.noun in _IS_OFFICE and _is_definite(token))
        ):
            name = self._office_name(token, individual.who)
            return Speaker(name, self._phrase(token), True, party, individual.key)
        return Speaker(None, self._phrase(token), False, party, individual.key)

    def _appositive_name(self, token: Token) -> Name | None:
        for child in token.children:
            name = self._at.get(child.i)
            if child.dep_ == "appos" and name is not None and name.how == "person":
                return name
        after = token.i + 1
        if after + 1 < len(self.doc) and self.doc[after].text == ",":
            after += 1
            while after < len(self.doc) - 1 and self.doc[after].lower_.rstrip(".") in naming.TITLES:
                after += 1
            name = self._at.get(after)
            if name is not None and name.how == "person":
                return name
        return None

    def _body_speaker(self, token: Token) -> Speaker:
        who = self._resolved(token)
        words = self._phrase(token)
        classes = _classes(token)
        if who and classes & {"government", "office", "group", "state", "side", "rebel",
                              "opposition", "servant"}:  # fmt: skip
            if (
                classes & {"group", "state", "side", "rebel", "opposition"}
                or len(who) > 1
                or (token.lemma_.lower() in ("government", "administration", "regime", "country"))
            ):
                names, codes = " and ".join(n.name for n in who), "+".join(n.code for n in who)
                party = who[0].code if len(who) == 1 else None
                return Speaker(names, words, True, party, f"party:{codes}")
            name = self._office_name(token, who)
            return Speaker(name, words, True, who[0].code, f"body:{slug(name)}")
        party = who[0].code if who else None
        return Speaker(None, words, False, party, f"some:{party or ''}:{slug(words)}")

    def _office_name(self, token: Token, who: Who) -> str:
        """ "Iran's foreign ministry": the body with its state, whether or not it stands here."""
        own = [t for t in token.children if t.dep_ in ("compound", "amod") and t.i < token.i]
        own = [t for t in own if t.i not in self._at]
        words = " ".join([*(t.text for t in own), token.text])
        return f"{who[0].name}'s {words}" if who[0].kind != "person" else words

    def _introduced(self, token: Token, who: Who) -> Individual:
        """The unnamed speaker a description means: an earlier one, or a new one."""
        if token.dep_ != "appos" and (_is_definite(token) or _is_bare_plural(token)):
            known = self._known_individual(token, who)
            if known is not None:
                return known
        noun, plural, marks = token.lemma_.lower(), _is_plural(token), self._marks(token)
        made = Individual(f"unnamed:{len(self._individuals) + 1}", noun, marks, who, plural)
        self._individuals.append(made)
        return made

    def _known_individual(self, token: Token, who: Who) -> Individual | None:
        noun, plural, marks = token.lemma_.lower(), _is_plural(token), self._marks(token)
        for known in reversed(self._individuals[-40:]):
            if _means(known, noun, marks, who, plural):
                return known
        return None

    def _marks(self, token: Token) -> frozenset[str]:
        """What sets a description apart: "second", "former", "military", "familiar"."""
        marks = set()
        for child in token.children:
            if child.dep_ in ("amod", "compound", "nummod") and child.i not in self._at:
                marks.add(child.lower_)
        return frozenset(marks)

    # --- words --------------------------------------------------------------------------

    def _words(self, token: Token) -> str:
        """The words of the text that stand for a party here."""
        name = self._at.get(token.i)
        if name is not None:
            return self.doc.text[name.start : name.end]
        return self._phrase(token, short=True)

    def _phrase(self, token: Token, *, short: bool = False) -> str:
        """The noun phrase of a head, without what is coordinated with it."""
        name = self._at.get(token.i)
        first = min((t.i for t in _before_head(token)), default=token.i)
        last = token.i
        if name is not None:
            first, last = min(first, name.first), max(last, name.last - 1)
        first = next((i + 1 for i in range(token.i - 1, first - 1, -1) if self._breaks(i)), first)
        if not short:
            last = max([last, *(c.right_edge.i for c in token.children if self._extends(c))])
        while last > token.i and (self.doc[last].is_punct or self.doc[last].is_space):
            last -= 1
        return self.doc[first : last + 1].text

    def _breaks(self, i: int) -> bool:
        """Whether no noun phrase goes back beyond this token: a line's end, a dash, a colon."""
        token = self.doc[i]
        dash = token.text in ("-", "–", "—", "--") and bool(self.doc[i - 1].whitespace_)
        return token.is_space or dash or token.text in (":", ";")

    def _extends(self, child: Token) -> bool:
        """Whether what follows a head belongs to how it is described."""
        if child.i < child.head.i or child.dep_ not in ("prep", "relcl", "acl", "amod", "advcl"):
            return False
        return self.doc[child.left_edge.i - 1].text != ","


# --- small questions about tokens ------------------------------------------------------


@cache
def _roles() -> dict[str, frozenset[str]]:
    roles: dict[str, set[str]] = {}
    for kind, nouns in table("roles"):
        for noun in parted(nouns):
            roles.setdefault(noun.casefold(), set()).add(kind)
    return {noun: frozenset(kinds) for noun, kinds in roles.items()}


_NO_ROLE: frozenset[str] = frozenset()
_BODIES = frozenset({"group", "organisation"})
_PARTY_WORDS = frozenset("party movement coalition alliance militia front group wing".split())
_MODIFYING = frozenset(
    "government rebel guerrilla guerilla insurgent separatist opposition army military regime"
    " president minister ministry parliament presidency administration group country leadership"
    " junta union movement militia cabinet state".split()
)
_CONTROLS = frozenset(
    "call urge ask tell order invite press force allow warn beg request persuade push want permit"
    " enable require instruct help compel oblige".split()
)
_SITS_IN = frozenset(
    "official minister judge police spokesman spokeswoman spokesperson prosecutor authority"
    " officials lawmaker leadership government".split()
)
_SERVES: dict[str, frozenset[str]] = {
    "to": frozenset({"aide", "adviser", "advisor", "counsel", "assistant", "deputy", "close"}),
    "for": frozenset({"spokesman", "spokeswoman", "spokesperson", "negotiator", "lawyer"}),
    "with": frozenset({"official", "diplomat", "officer"}),
    "at": frozenset({"official", "diplomat", "officer"}),
}
_REBELS = frozenset("rebel guerrilla guerilla insurgent militant separatist jihadist".split())
_BODIES_BARE = frozenset({"police", "prosecutor"})
_SPOKES = frozenset({"spokesman", "spokeswoman", "spokesperson"})
_TITLES_BARE = frozenset({"parliament", "congress"})
_IS_OFFICE = frozenset(
    "president premier minister chancellor king queen emir sultan shah emperor pope ayatollah".split()
)
_LED_BY_ONE = frozenset("leader president man minister premier counterpart".split())
_OF_STATES = frozenset(
    "country nation state government president premier minister capital republic neighbour"
    " neighbor".split()
)


def _classes(token: Token) -> frozenset[str]:
    if token.pos_ in ("VERB", "AUX", "ADP", "PUNCT", "DET") and token.lower_ not in (
        "both",
        "each",
    ):
        return _NO_ROLE
    roles = _roles()
    return roles.get(token.lemma_.lower()) or roles.get(token.lower_) or _NO_ROLE


def _root(doc: Doc, name: Name) -> int:
    """The token of a name that the rest of the sentence hangs on."""
    for token in doc[name.first : name.last]:
        if not name.first <= token.head.i < name.last or token.head.i == token.i:
            return token.i
    return name.first


def _sentence_numbers(doc: Doc) -> list[int]:
    numbers, now = [], -1
    for token in doc:
        now += bool(token.is_sent_start) or now < 0
        numbers.append(now)
    return numbers


def _quoted(doc: Doc) -> list[bool]:
    """For each token whether it stands between quotation marks; a paragraph closes them."""
    inside, marks = False, []
    for token in doc:
        if token.text in ("“", "«", "„"):
            inside = True
        elif token.text in ("”", "»"):
            inside = False
        elif token.text in ('"', "``", "''"):
            inside = not inside
        elif token.is_space and "\n\n" in token.text:
            inside = False
        marks.append(inside)
    return marks


def _heads_phrase(token: Token) -> bool:
    if token.pos_ in ("NOUN", "PRON", "PROPN") or token.tag_ in ("PRP$", "WP$", "WP", "WDT"):
        return True
    return token.dep_ in (*_SUBJECTS, "dobj", "pobj") and token.pos_ in ("NUM", "ADJ", "DET")


def _weight(token: Token) -> float:
    if token.dep_ == "conj" and token.head.i < token.i:
        return _weight(token.head) if token.head.dep_ != "conj" else 2.0
    if token.dep_ in _SUBJECTS:
        return 3.0
    if token.dep_ in ("dobj", "dative", "iobj"):
        return 2.0
    if token.dep_ == "pobj":
        return 2.2 if token.head.dep_ == "agent" else 1.5
    if token.dep_ == "poss":
        return 1.5
    if token.dep_ in ("compound", "amod", "nmod"):
        return 0.8
    return 1.2


def _controller(verb: Token, token: Token) -> Token | None:
    """Whoever is called on, urged or told to do it ("calls on Turkey to end its ...")."""
    above = verb.head
    if verb.dep_ not in ("xcomp", "ccomp", "advcl") or above.lemma_.lower() not in _CONTROLS:
        return None
    if any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.children):
        return None
    for child in above.children:
        if child.dep_ == "dobj" and child.i < verb.i:
            return child
        if child.dep_ == "prep" and child.lower_ in ("on", "upon") and child.i < verb.i:
            return next((t for t in child.children if t.dep_ == "pobj" and t.i < token.i), None)
    return None


def _is_state(named: Named) -> bool:
    return named.kind == "state"


def _is_office(words: str) -> bool:
    return any(w.strip(".").lower() in _IS_OFFICE for w in words.split())


def _is_plural(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS") or token.lower_ in ("police", "people", *_THEY, "we")


def _is_definite(token: Token) -> bool:
    return any(
        c.lower_ in _DEFINITE and c.dep_ in ("det", "poss", "predet", "preconj")
        for c in token.children
    )


def _has_determiner(token: Token) -> bool:
    return any(c.dep_ in ("det", "poss", "nummod") for c in token.children)


def _is_bare_plural(token: Token) -> bool:
    return _is_plural(token) and not _has_determiner(token)


def _says(token: Token, words: Iterable[str]) -> bool:
    wanted = frozenset(words)
    return any(c.lower_ in wanted for c in token.children if c.i < token.i)


def _is_locative(token: Token) -> bool:
    """Whether a capital is where something happens rather than who acts."""
    head = token.head
    if token.dep_ == "conj":
        return head.i != token.i and _is_locative(head)
    if token.dep_ in ("compound", "nmod", "npadvmod"):
        return not _classes(head) and head.pos_ != "VERB"
    if token.dep_ != "pobj":
        return False
    word = head.lower_
    if word in _PLACE:
        return True
    if word in ("to", "from"):
        return {head.head.lemma_.lower(), head.head.head.lemma_.lower()} & _MOTION != set()
    return word == "of" and head.head.lower_ in _PARTS_OF_TOWN


_PARTS_OF_TOWN = frozenset(
    "streets centre center north south east west outskirts suburbs airport city docks gates middle"
    " town suburb district port heart".split()
)


def _is_empty_it(token: Token) -> bool:
    """ "It is recalled that", "it was Qatar that"."""
    if token.lower_ != "it" or token.dep_ == "expl":
        return token.lower_ == "it"
    verb = token.head
    if token.dep_ not in ("nsubj", "nsubjpass"):
        return False
    clausal = any(
        c.dep_ in ("ccomp", "csubj", "csubjpass", "advcl", "relcl") for c in verb.children
    )
    return (verb.lemma_ == "be" and any(c.dep_ in ("acomp", "attr") for c in verb.children)) or (
        token.dep_ == "nsubjpass" and clausal
    )


def _leads_up(token: Token) -> bool:
    """Whether a token can stand between a demonym and the name it introduces."""
    if token.is_space or token.tag_ == "CC":
        return False
    return (
        token.pos_ in ("NOUN", "PROPN", "ADJ", "DET", "NUM")
        or token.tag_ in ("POS", "HYPH", "VBN", "JJ")
        or token.lower_ in ("of", "for", "then", "-")
    )


def _before_head(token: Token) -> Iterator[Token]:
    for child in token.children:
        if child.i < token.i and child.dep_ in (
            "det", "amod", "compound", "poss", "nmod", "nummod", "predet", "quantmod", "advmod",
        ):  # fmt: skip
            if child.pos_ != "VERB":
                yield child.left_edge if child.left_edge.pos_ != "PUNCT" else child


def _distinct(named: Iterable[Named]) -> Who:
    return tuple(dict.fromkeys(named))


def _both_states(a: Who, b: Who) -> bool:
    return all(n.kind == "state" for n in (*a, *b))


def _rebel_word(token: Token) -> str:
    classes = _classes(token)
    return "opposition" if "opposition" in classes else "rebels"


def _opponents(named: Named, word: str) -> Named:
    """The rebels or the opposition of a state, as a group of its own."""
    if named.kind != "state":
        return named
    name = f"{named.name} {word}" if word == "opposition" else f"{named.name} rebels"
    return Named(name, f"{named.code.lower()}-{word}", "group")


def _means(known: Individual, noun: str, marks: frozenset[str], who: Who, plural: bool) -> bool:
    """Whether a definite description fits a speaker introduced earlier."""
    if known.plural != plural:
        return False
    if noun != known.noun and not {noun, known.noun} <= _LIKE:
        return False
    ordinals = {"second", "third", "fourth", "other", "another"}
    if marks & ordinals and marks & ordinals != known.marks & ordinals:
        return False
    if not marks - ordinals <= known.marks | {noun, known.noun}:
        return False
    return not who or not known.who or bool(set(who) & set(known.who))


_LIKE = frozenset({"official", "officer", "functionary"})


def _as_said(speaker: Speaker, words: str) -> Speaker:
    return Speaker(speaker.name, words, speaker.named, speaker.party, speaker.key)
