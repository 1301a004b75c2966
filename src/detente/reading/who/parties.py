"""Who: the parties a text names, and those its noun phrases and pronouns stand for.

One pass over the text in reading order resolves every noun phrase and remembers what it stood
for, so that each later "the group", "he" or "both sides" looks back at what is salient.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from detente.reading.found import Actor, FoundParty, Mention, Speaker
from detente.reading.text import nouns
from detente.reading.who import places, sectors
from detente.reading.who.context import NOTHING, Context
from detente.reading.who.gazetteer import Gazetteer, Named
from detente.reading.who.namedtext import SITS_IN, NamedText
from detente.reading.who.names import Name
from detente.reading.who.people import BODIES, PARTY_WORDS, People, opponents
from detente.reading.who.salience import Accept, Salience, Salient, Who, distinct
from detente.reading.who.speakers import Speakers
from detente.record.plover import ORGANS, Sector

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Found = list[tuple[int, Who, bool]]
"""Parties before a noun: token, parties, whether coordinated with another."""

_MODIFYING = frozenset(
    "government rebel guerrilla guerilla insurgent separatist opposition army military regime"
    " president minister ministry parliament presidency administration group country leadership"
    " junta union movement militia cabinet state".split()
)
_BY_OF = frozenset(
    "government office official force rebel opposition group part civilian servant side".split()
)
_SERVES: dict[str, frozenset[str]] = {
    "to": frozenset({"aide", "adviser", "advisor", "counsel", "assistant", "deputy", "close"}),
    "for": frozenset({"spokesman", "spokeswoman", "spokesperson", "negotiator", "lawyer"}),
    "with": frozenset({"official", "diplomat", "officer"}),
    "at": frozenset({"official", "diplomat", "officer"}),
}
_REBELS = frozenset("rebel guerrilla guerilla insurgent militant separatist jihadist".split())
_ABROAD = frozenset("embassy consulate ambassador diplomat envoy consul".split())
"""What a state has in another: that it is named with these does not tell where things happen."""
_TROOPS = frozenset("army force soldier troop military police".split())
_OF_THE_ISSUER = frozenset(
    "secretary ambassador undersecretary counselor counsellor chargé vice-president".split()
)
_SPOKES = frozenset({"spokesman", "spokeswoman", "spokesperson"})
_BARE = frozenset({"parliament", "congress"})
_TWO = frozenset("two both each either neither".split())
_SIDES = frozenset({"side", "party", "neighbour", "neighbor"})
_OPPOSITE = frozenset(
    "counterpart ally neighbour neighbor partner rival enemy foe opponent colleague".split()
)
"""Nouns before which a possessive is the one side and an adjective the other."""
_WHERE = frozenset("in of from near around across at outside inside throughout".split())
_LED_BY_ONE = frozenset("leader president man minister premier counterpart".split())
_OF_STATES = frozenset(
    "country nation state government president premier minister capital republic neighbour"
    " neighbor".split()
)
_ACTS = frozenset(
    "say tell warn announce deny accuse demand reject ask promise threaten urge call vow agree"
    " refuse want claim insist condemn welcome pledge declare offer propose deplore state add"
    " accept sign recognise recognize expel release free withdraw attack invade lift impose admit"
    " break consent describe regard send".split()
)


class Parties:
    """Everything about who, for one parsed text.

    quote_speakers : (first token, last token + 1, parties) of stretches in which somebody speaks
                     in the first person; the caller may fill it before asking for actors
    """

    def __init__(self, doc: Doc, gazetteer: Gazetteer, context: Context = NOTHING) -> None:
        self.doc = doc
        self.quote_speakers: list[tuple[int, int, tuple[Actor, ...]]] = []
        self._speaks: dict[int, tuple[Actor, ...]] = {}  # of those quote_speakers, the first
        self._known: set[tuple[int, int]] = set()
        self._counted = 0
        self._page = NamedText(doc, gazetteer, context)
        self._salience = Salience(self._page.totals())
        self._people = People(self._page, self._describe, self._home)
        self._speakers = Speakers(self._page, self._people)
        self._who: dict[int, Who] = {}
        self._moved: dict[int, Who] = {}
        self._by_noun: dict[str, tuple[int, Who]] = {}
        self._place: Who = ()
        self._depth = 0
        self._all_states: Who | None = None
        if self._page.headline:
            self._salience.add(
                Salient(-1, -1, self._page.headline, 1.5, len(self._page.headline) > 1),
                counts=self._page.headline,
            )
        self._walk()

    # --- what callers ask ---------------------------------------------------------------

    def actors(self, token: Token) -> tuple[Actor, ...]:
        """The parties the noun phrase headed by `token` stands for; () if none.

        Coordination is not expanded ("A and B": ask for each), but plural anaphors ("both
        countries", "they") give several parties.
        """
        spoken = self._first_person(token)
        return spoken if spoken is not None else self._as_actors(token, self._resolved(token))

    def affiliation(self, token: Token) -> tuple[Actor, ...]:
        """The parties a person or thing belongs to ("American prisoners", "its embassy").

        Looser than `actors`: a thing that cannot act has an owner, a private person a
        nationality, and a capital that is only a place its state.
        """
        strict = self.actors(token)
        private = self._people.get(strict[0].code) if strict else None
        if strict and (private is None or private.side is not None):
            return strict
        return self._as_actors(token, self._belongs(token, 0)) or strict

    def speaker(self, token: Token) -> Speaker:
        """The noun phrase headed by `token` as somebody who speaks.

        The key is the same for the same speaker: persons by name, parties by code, unnamed
        people by the description that introduced them.
        """
        name = self._page.at.get(token.i)
        if name is not None and name.acts:
            return self._speakers.named(token, name)
        if token.tag_ in nouns.RELATIVE or token.pos_ == "PRON":
            return self._pronoun_speaker(token)
        return self._speakers.described(token) or self._speakers.body(token, self._resolved(token))

    def found(self) -> tuple[FoundParty, ...]:
        """Every party and person the text names, in order of first mention."""
        order: dict[str, Named] = {}
        mentions: dict[str, list[Mention]] = {}
        for name in self._page.names:
            if name.how == "title" or self._is_place(name):
                continue
            mention = Mention(self._page.text[name.start : name.end], name.start, name.end)
            for named in name.named:
                order.setdefault(named.code, named)
                mentions.setdefault(named.code, []).append(mention)
        return tuple(
            FoundParty(n.name, n.code, n.kind, tuple(mentions[code]), self._speaks_for(code))
            for code, n in order.items()
        )

    def is_party_word(self, token: Token) -> bool:
        """Whether the token stands inside a party's or person's name."""
        return token.i in self._page.at

    def is_place(self, token: Token) -> bool:
        """Whether the token is a capital that is only a place here ("talks in Doha")."""
        name = self._page.at.get(token.i)
        return name is not None and self._is_place(name)

    def owner(self, token: Token) -> tuple[Actor, ...]:
        """Whose a thing or somebody is by the words before it ("Honduran coffee growers")."""
        return self._as_actors(token, self._modifiers(token))

    def place(self, token: Token) -> tuple[Actor, ...]:
        """The state of the place a token names: a state itself, a capital, a town, a province."""
        return self._as_actors(token, self._state_at(token))

    def located(self, token: Token) -> tuple[Actor, ...]:
        """Whose the people of a noun phrase are by where they are ("a newspaper in Lagos").

        Rebels and opponents are a side of their own ("opposition groups in Lagos").
        """
        states = self._lies_in(token, 0)
        against = any(nouns.classes(t) & {"rebel", "opposition"} for t in (token, *token.lefts))
        if against:
            sector = sectors.against(token)
            states = tuple(opponents(n, sector, self._page.gazetteer) for n in states)
        return self._as_actors(token, states)

    def issuer(self) -> tuple[Actor, ...]:
        """Who issued the text, where that is known."""
        return tuple(_actor(named, named.name) for named in self._page.issuer)

    def unnamed(self, token: Token) -> tuple[Actor, ...]:
        """Somebody of whom the text tells only what they are ("gunmen"), as a party of its own.

        Where the words or the text tell of which country they are, its people of that sort.
        """
        somebody = sectors.unnamed(token)
        if somebody is None or token.i in self._page.at:
            return ()
        text, states = self._page.phrase(token, short=True), self._lies_in(token, 0)
        of_many = somebody.sector[0] is Sector.GOV and nouns.is_plural(token)
        if not states and not of_many and len(self._states()) == 1:
            states = self._states()
        if len(states) != 1:
            return (replace(_actor(somebody, text), named=False),)
        if somebody.sector[0] in ORGANS:
            return (replace(_actor(states[0], text), sector=somebody.sector),)
        own = sectors.of_state(states[0], somebody.sector[0], self._page.gazetteer)
        return (replace(_actor(own, text), sector=somebody.sector, named=False),)

    def of_same(self, actors: tuple[Actor, ...], by: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """People of whom nothing is told, as those of the one country whose people act on them."""
        countries = {actor.country for actor in by}
        home = by[0].country if len(countries) == 1 else None
        if home is None or all(not a.sector or a.sector[0] in ORGANS for a in by):
            return actors
        state = self._page.by_code.get(home)
        if state is None or state.kind != "state":
            return actors
        return tuple(self._of_home(actor, state) for actor in actors)

    def _of_home(self, actor: Actor, state: Named) -> Actor:
        if actor.country is not None or not actor.sector or actor.sector[0] is Sector.UNK:
            return actor
        own = sectors.of_state(state, actor.sector[0], self._page.gazetteer)
        return replace(actor, name=own.name, code=own.code, country=own.country)

    def is_town(self, actor: Actor) -> bool:
        """Whether the words of an actor are a town's or a province's, not a state's."""
        form = self._page.gazetteer.form(actor.text)
        return (
            form.how == "capital" if form is not None else places.state_of(actor.text) is not None
        )

    def apart(self, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """The same actors, those who do not act for their state as parties of their own.

        Its organs (government, army, police, courts, parliament) keep its code.
        """
        return tuple(self._apart(actor) for actor in actors)

    def _apart(self, actor: Actor) -> Actor:
        if actor.kind != "state" or not actor.sector or actor.sector[0] in ORGANS:
            return actor
        state = Named(actor.name, actor.code, "state")
        own = sectors.of_state(state, actor.sector[0], self._page.gazetteer)
        return replace(actor, name=own.name, code=own.code, kind=own.kind, named=False)

    def nearby(self, token: Token, own: frozenset[str]) -> tuple[Actor, ...]:
        """The other side of what somebody does, where the clause names none.

        The party beside `own` most spoken of in this sentence and the two before it; not a
        person, nor an organisation of states that only brings the sides together.
        """
        page = self._page

        def accept(named: Named) -> bool:
            return named.kind != "person" and named.code not in own | page.gazetteer.neutral

        recent = self._salience.recent(token.i, page.sentence[token.i], accept)
        return self._as_actors(token, recent)

    def both_nearby(self, token: Token) -> tuple[Actor, ...]:
        """The two sides the text has just spoken of together, for talks that name neither."""
        neutral = self._page.gazetteer.neutral
        at, sentence = self._where(token)
        pair = self._salience.recent_pair(
            at, sentence, lambda n: n.kind != "person" and n.code not in neutral
        )
        return self._as_actors(token, pair)

    def brought_together(self, token: Token, own: frozenset[str]) -> tuple[Actor, ...]:
        """Those between whom a third party mediates, where the clause names neither."""
        neutral = self._page.gazetteer.neutral

        def accept(named: Named) -> bool:
            return named.kind != "person" and named.code not in own | neutral

        at, sentence = self._where(token)
        pair = self._salience.recent_pair(at, sentence, accept)
        return self._as_actors(token, pair or self._salience.main_two(accept))

    # --- the pass over the text ---------------------------------------------------------

    def _walk(self) -> None:
        for token in self.doc:
            if token.is_space or token.is_punct:
                continue
            name = self._page.at.get(token.i)
            if name is None:
                if nouns.heads_phrase(token):
                    self._meet_phrase(token)
            elif self._page.root.get(token.i) is name and name.acts:
                self._meet_name(token, name)

    def _meet_name(self, token: Token, name: Name) -> None:
        if name.how == "person":
            self._people.learn(token, name)
        elsewhere = self._elsewhere(token, name)
        who = self._of_name(name) if elsewhere is None else elsewhere
        self._who[token.i] = who
        if elsewhere is not None:
            self._moved[token.i] = elsewhere
        if name.how in ("capital", "name") and name.named[0].kind == "state":
            self._place = name.named
        if self._is_place(name):
            return
        person = name.named[0].code if name.how == "person" else None
        if name.how == "title":
            person = f"title:{name.named[0].code}"
        plural = name.how in ("people", "pair") or name.named[0].kind == "group"
        self._remember(token, who, plural=plural, person=person)

    def _meet_phrase(self, token: Token) -> None:
        who = self._who[token.i] = self._resolve(token)
        classes = nouns.classes(token)
        self._speakers.meet(token, who)
        if who and classes and (self._modifiers(token) or self._of(token, classes)):
            self._by_noun[token.lemma_.lower()] = self._page.sentence[token.i], who
        if who or token.dep_ in nouns.SUBJECTS:
            human = classes & {"official", "office", "source", "civilian"}
            person = f"noun:{token.i}" if human and not nouns.is_plural(token) else None
            plural = nouns.is_plural(token) or len(who) > 1
            self._remember(token, who, plural=plural, person=person)

    def _remember(self, token: Token, who: Who, *, plural: bool, person: str | None) -> None:
        sentence, joined = self._page.sentence[token.i], self._joined(token, who)
        if token.lower_ in nouns.ONE_PERSON and person is None:
            entry = self._person(token)
            person = entry.person if entry else None
        weight, plural = nouns.weight(token), plural or len(joined) > 1
        self._salience.add(Salient(token.i, sentence, joined, weight, plural, person), counts=who)
        if token.dep_ == "pobj" and token.head.lower_ == "with":
            both = self._with_subject(token, who)
            if len(both) == 2:
                self._salience.add_together(token.i, sentence, both)

    def _with_subject(self, token: Token, who: Who) -> Who:
        """Both who sat down: "X sat down with Y"."""
        verb = token.head.head
        verb = verb if verb.pos_ == "VERB" else verb.head
        for child in verb.children:
            if child.dep_ == "nsubj" and child.i < token.i:
                return distinct((*self._who.get(child.i, ()), *who))
        return ()

    def _joined(self, token: Token, who: Who) -> Who:
        """With the conjuncts before it: "Armenia and Azerbaijan" is one subject."""
        if token.dep_ != "conj" or not who:
            return who
        earlier = [c for c in nouns.conjuncts(token) if c.i < token.i]
        return distinct((*(n for c in earlier for n in self._who.get(c.i, ())), *who))

    # --- names --------------------------------------------------------------------------

    def _elsewhere(self, token: Token, name: Name) -> Who | None:
        """Those who live in another state: "ethnic Albanians", "the Albanians of Serbia".

        None for everybody else; () where the words do not say in which state.
        """
        if name.how not in ("people", "demonym") or not nouns.is_plural(token):
            return None
        ethnic = any(c.lower_ == "ethnic" for c in token.lefts)
        here = self._lies_in(token, 0)
        if here and here != name.named and name.named[0].kind == "state":
            return here
        return () if ethnic else None

    def _of_name(self, name: Name) -> Who:
        return self._people.of(name).acts_for if name.how == "person" else name.named

    def _is_place(self, name: Name) -> bool:
        return name.how == "capital" and self._page.is_place(name)

    def _speaks_for(self, code: str) -> tuple[str, str | None] | None:
        person = self._people.get(code)
        if person is None or person.side is None:
            return None
        return person.side, person.office

    # --- noun phrases -------------------------------------------------------------------

    def _resolved(self, token: Token) -> Who:
        """What a token stands for as one that acts: places do not."""
        name = self._page.at.get(token.i)
        if name is not None and self._is_place(name):
            return ()
        return self._named_or_known(token)

    def _named_or_known(self, token: Token) -> Who:
        """What a token stands for, a capital for its state ("officials from Kabul")."""
        if token.i in self._moved:
            return self._moved[token.i]
        name = self._page.at.get(token.i)
        if name is not None:
            return self._of_name(name) if name.acts else ()
        return self._who[token.i] if token.i in self._who else self._resolve(token)

    def _describe(self, token: Token) -> Who:
        """The parties of a noun that describes a person."""
        return self._resolve(token, describing=True)

    def _resolve(self, token: Token, *, describing: bool = False) -> Who:
        """What a head that is no name stands for.

        Nothing, where that depends on what a dozen others stand for ("leaders of leaders of").
        """
        if self._depth == nouns.LONGEST:
            return ()
        self._depth += 1
        try:
            return self._of_head(token, describing=describing)
        finally:
            self._depth -= 1

    def _of_head(self, token: Token, *, describing: bool) -> Who:
        word = token.lower_
        if token.tag_ in nouns.RELATIVE and token.dep_ != "mark":
            return self._antecedent(token)
        if word in nouns.ONE_PERSON:
            return self._he(token)
        if word in nouns.IT:
            return self._it(token)
        if word in nouns.THEY:
            return self._they(token)
        if word in nouns.WE:
            return self._issuer(token)
        if word in ("other", "another") and token.dep_ in ("pobj", "dobj"):
            return self._each_other(token)
        return self._common(token, describing=describing)

    def _common(self, token: Token, *, describing: bool) -> Who:
        """What a common noun stands for: by what it is next to, else by what came before."""
        classes = nouns.classes(token)
        if not classes:
            return ()
        beside = self._page.at.get(token.head.i) if token.dep_ == "appos" else None
        if beside is not None and (beside.how != "person" or classes <= {"civilian", "source"}):
            return self._of_name(beside)
        if any(child.lower_ in nouns.WE for child in token.children if child.dep_ == "poss"):
            return self._issuer(token)  # "my Administration"
        if self._is_pair(token, classes):
            return self._pair(token)
        if (side := self._loyal_to(token)) is not None:
            return side
        whose = self._modifiers(token) or self._of(token, classes)
        if whose:
            return self._in_role(whose, token)
        if whose := self._placed(token, classes) or self._called(token):
            return whose
        there = token.i + 1 < len(self.doc) and self.doc[token.i + 1].lower_ == "there"
        if there and classes & {"government", "office", "official"}:
            return self._place
        if describing and not nouns.names_office(token.lemma_):
            return ()
        return self._anaphor(token, classes)

    def _called(self, token: Token) -> Who:
        """Who is named right after: "the supreme leader, X, said"."""
        for child in token.children:
            name = self._page.at.get(child.i)
            if child.dep_ == "appos" and name is not None and name.how == "person":
                return self._of_name(name)
        return ()

    def _loyal_to(self, token: Token) -> Who | None:
        """Those who fight for somebody: "gunmen loyal to the president" are of his side.

        None for all others.
        """
        for child in token.rights:
            if child.lower_ in sectors.LOYAL:
                for preposition in child.children:
                    if preposition.dep_ == "prep":
                        side = self._objects(preposition)
                        troops = token.lemma_.lower() in _TROOPS
                        return side if troops else tuple(map(self._side_of, side))
                return ()
        return None

    def _side_of(self, named: Named) -> Named:
        if named.kind != "state":
            return named
        return sectors.of_state(named, Sector.PRM, self._page.gazetteer)

    def _in_role(self, whose: Who, token: Token) -> Who:
        """Libya's rebels are not Libya; FARC's are FARC."""
        classes, lemma = nouns.classes(token), token.lemma_.lower()
        against = classes & {"rebel", "opposition"}
        bodies = tuple(n for n in whose if n.kind in BODIES)
        if bodies and len(bodies) < len(whose) and against:
            return bodies
        if not against or (classes & {"force", "part"} and lemma not in _REBELS):
            return whose
        sector = Sector.OPP if "opposition" in classes else sectors.against(token)
        return tuple(opponents(n, sector, self._page.gazetteer) for n in whose)

    def _modifiers(self, token: Token, depth: int = 0) -> Who:
        """The parties in adjectives, compounds and possessors before a noun.

        A group among them is meant before its state ("Palestinian Hamas leader"); otherwise
        the first, with those coordinated with it ("Hungarian and Romanian officials").
        """
        found: Found = []
        for child in token.children:
            if child.i < token.i and child.dep_ in nouns.MODIFIERS:
                found += self._modifier(child, depth)
                for other in nouns.conjuncts(child):
                    if child.i < other.i < token.i:
                        found += self._modifier(other, depth)
        if token.lemma_.lower() in _OPPOSITE and len(found) > 1:
            found = [entry for entry in found if self.doc[entry[0]].tag_ != "PRP$"] or found
        found = found or self._right_before(token) or self._right_after(token)
        if not found:
            return ()
        kinds = BODIES if token.lemma_.lower() in PARTY_WORDS else frozenset({"group"})
        bodies = [who for _, who, _ in found if any(n.kind in kinds for n in who)]
        coordinated = [who for _, who, joined in sorted(found, key=_position) if joined]
        if bodies and not coordinated:
            return bodies[-1]
        first = min(found, key=_position)[1]
        return distinct(n for who in (first, *coordinated) for n in who)

    def _modifier(self, child: Token, depth: int) -> Found:
        joined = child.dep_ == "conj"
        name = self._page.at.get(child.i)
        who: Who = ()
        if name is not None:
            who = self._of_name(name) if name.acts else ()
        elif child.tag_ == "PRP$":
            who = self._who[child.i] if child.i in self._who else self._resolve(child)
        elif depth < 4:
            inner = self._modifiers(child, depth + 1)
            who = self._in_role(inner, child) if inner else self._said_before(child)
        return [(child.i, who, joined)] if who else []

    def _said_before(self, child: Token) -> Who:
        """The party a common noun before another stands for: "government troops"."""
        classes = nouns.classes(child)
        if not classes or child.lemma_.lower() not in _MODIFYING:
            return ()
        return self._anaphor(child, classes, modifier=True)

    def _right_before(self, token: Token) -> Found:
        """A name just left of the noun that the parser hung elsewhere."""
        for i in range(token.i - 1, max(token.i - 5, -1), -1):
            left, name = self.doc[i], self._page.at.get(i)
            if name is not None:
                fits = name.acts and name.how in ("demonym", "name", "seat")
                return [(i, self._of_name(name), False)] if fits and i in self._page.root else []
            if left.pos_ not in ("ADJ", "NOUN", "PROPN", "NUM", "ADV") and left.tag_ != "POS":
                break
        return []

    def _right_after(self, token: Token) -> Found:
        """Adjectives behind the noun, as translations have them ("the governments British")."""
        name = self._page.at.get(token.i + 1)
        if name is None or name.how != "demonym" or not name.acts or not nouns.classes(token):
            return []
        found: Found = [(name.first, name.named, False)]
        second = self._page.at.get(name.last + 1)
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
                or token.lemma_.lower() in _SERVES.get(word, ())
            )
            if fits and (who := self._objects(child)):
                return who
        return ()

    def _objects(self, preposition: Token) -> Who:
        return distinct(
            named
            for target in preposition.children
            if target.dep_ in ("pobj", "pcomp")
            for noun in (target, *nouns.conjuncts(target))
            for named in self._named_or_known(noun)
        )

    def _placed(self, token: Token, classes: frozenset[str]) -> Who:
        """The state of "an official in Damascus", "the foreign ministry in Kabul"."""
        if "government" not in classes and token.lemma_.lower() not in SITS_IN:
            return ()
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ == "in":
                for target in child.children:
                    name = self._page.at.get(target.i)
                    if name is not None and name.how in ("capital", "name") and name.acts:
                        return () if self._is_place(name) else self._of_name(name)
                    if target.lower_ == "capital":
                        return self._modifiers(target)
        return ()

    # --- anaphora -----------------------------------------------------------------------

    def _best(self, token: Token, accept: Accept, *, prior: float = 0.4) -> Who:
        return self._salience.best(*self._where(token), accept, prior=prior)

    def _where(self, token: Token) -> tuple[int, int]:
        return token.i, self._page.sentence[token.i]

    def _anaphor(self, token: Token, classes: frozenset[str], *, modifier: bool = False) -> Who:
        """What a noun means that says nothing of whose it is: "the group", "the army"."""
        lemma = token.lemma_.lower()
        if lemma in _OF_THE_ISSUER and token.text[:1].isupper() and self._page.issuer:
            if not nouns.is_definite(token) and not nouns.is_plural(token):
                return self._ours(token)  # a telegram leaves articles out: "met with Secretary"
        if modifier or nouns.is_definite(token):
            return self._definite(token, classes, lemma, modifier=modifier)
        if "government" in classes and lemma in _BARE:
            return self._home(token)
        if "servant" in classes and nouns.is_bare_plural(token):
            return self._earlier(token) or self._own_forces(token, classes) or self._home(token)
        if lemma in _SPOKES:
            return self._salience.first_here(*self._where(token))
        return ()

    def _definite(
        self, token: Token, classes: frozenset[str], lemma: str, *, modifier: bool
    ) -> Who:
        if lemma == "regime":
            return self._best(token, lambda n: n.kind in ("group", "state"))
        if "rebel" in classes and "official" not in classes:
            return self._best(token, lambda n: n.kind == "group")
        if "opposition" in classes:
            return self._opposition(token)
        if "group" in classes:
            return self._group(token, lemma)
        if "state" in classes and lemma not in ("government", "capital", "side"):
            return () if nouns.is_plural(token) else self._best(token, _is_state)
        if classes & {"government", "office"}:
            if holder := self._holder(token, lemma):
                return holder
            return self._earlier(token) or self._ours(token) or self._home(token)
        if modifier:
            return ()
        if "servant" in classes:
            return self._earlier(token) or self._home(token)
        if "official" in classes:
            if lemma in _OF_THE_ISSUER and (holder := self._holder(token, lemma)):
                return holder
            known = self._known_official(token, lemma)
            return known or (self._ours(token) if lemma in _OF_THE_ISSUER else ())
        return self._earlier(token) if "force" in classes else ()

    def _holder(self, token: Token, lemma: str) -> Who:
        """Whose "the President" is where the text has lately named one: that one's side."""
        if nouns.is_plural(token):
            return ()
        for entry in self._salience.before(*self._where(token), sentences=3):
            person = self._people.get(entry.person)
            if person is not None and not person.private and person.who:
                if (person.office or "").lower().split()[-1:] == [lemma]:
                    return person.who
        return ()

    def _ours(self, token: Token) -> Who:
        """Those who issued the text, for what they call by no name: "the Department"."""
        return () if self._page.quoted[token.i] else self._page.issuer[:1]

    def _known_official(self, token: Token, lemma: str) -> Who:
        known = self._speakers.known(token)
        if known is not None:
            return known.who
        if lemma in _SPOKES:
            return self._best(token, lambda n: n.kind != "person")
        return self._earlier(token)

    def _own_forces(self, token: Token, classes: frozenset[str]) -> Who:
        """Those of the clause's subject: "Turkey landed troops"."""
        subject = self._subject_of(token) if "force" in classes else None
        return self._who.get(subject.i, ()) if subject is not None else ()

    def _group(self, token: Token, lemma: str) -> Who:
        """An armed group if one was just spoken of, for "the party" one that is not armed."""
        kind = "organisation" if lemma == "party" else "group"
        return (
            self._salience.lately(*self._where(token), kind)
            or self._best(token, lambda n: n.kind == kind)
            or self._best(token, lambda n: n.kind in BODIES)
        )

    def _earlier(self, token: Token) -> Who:
        """Whose the same noun was when the text last said whose ("The ministry" again)."""
        sentence, who = self._by_noun.get(token.lemma_.lower(), (-99, ()))
        return who if self._page.sentence[token.i] - sentence <= 4 else ()

    def _opposition(self, token: Token) -> Who:
        known = self._best(token, lambda n: n.code.endswith("-opposition"))
        home = self._best(token, _is_state, prior=3.0)
        return known or tuple(opponents(n, Sector.OPP, self._page.gazetteer) for n in home)

    def _home(self, token: Token) -> Who:
        """The state whose government, army or officials are meant without saying so.

        Beside a group it is the state the group acts in; else the most salient state.
        """
        page = self._page
        for entry in self._salience.before(*self._where(token), sentences=1):
            for named in entry.who:
                home = page.gazetteer.homes.get(named.code)
                if home in page.by_code and home and self._salience.times(home) > 1:
                    return (page.by_code[home],)
        return self._best(token, _is_state, prior=1.0) or self._said_to_be_in(token)

    def _said_to_be_in(self, token: Token) -> Who:
        """The one state in which the sentence's places lie, for a text that begins with it."""
        sentence = token.sent
        states = distinct(n for t in sentence for n in self._state_at(t) if nouns.is_locative(t))
        return states if len(states) == 1 else ()

    def _states(self) -> Who:
        """The states that the text names, as parties or as places."""
        if self._all_states is None:
            named = (
                state
                for at, name in self._page.root.items()
                if name.acts and not _of_an_embassy(self.doc[at])
                for state in name.named
                if state.kind == "state"
            )
            spoken_for = (
                side
                for name in self._page.names
                if name.how == "person"
                for side in self._people.of(name).who
                if side.kind == "state"
            )
            self._all_states = distinct((*named, *spoken_for, *self._page.located.values()))
        return self._all_states

    def _state_at(self, token: Token) -> Who:
        name = self._page.at.get(token.i)
        if name is not None:
            stands = name.how in ("name", "capital") and name.named[0].kind == "state"
            return name.named if stands else ()
        located = self._page.located.get(token.i)
        return (self._page.by_code.get(located.code, located),) if located else ()

    def _lies_in(self, token: Token, depth: int) -> Who:
        if depth > 3:
            return ()
        for child in token.children:
            if child.dep_ == "prep" and child.lower_ in _WHERE:
                for target in child.children:
                    if target.dep_ == "pobj":
                        if who := self._state_at(target) or self._owner_of(target):
                            return who
                        if who := self._lies_in(target, depth + 1):
                            return who
            elif child.dep_ == "acl" and child.lower_ in ("based", "living", "operating", "held"):
                if who := self._lies_in(child, depth + 1):
                    return who
            elif child.i < token.i and child.dep_ in ("compound", "poss", "nmod"):
                if who := self._state_at(child):
                    return who
        return ()

    def _owner_of(self, token: Token) -> Who:
        """Whose place it is: "a jail in Chad's capital"."""
        return distinct(
            named
            for child in token.children
            if child.dep_ in ("poss", "compound", "amod")
            for named in self._state_at(child)
        )

    def _is_pair(self, token: Token, classes: frozenset[str]) -> bool:
        word, lemma = token.lower_, token.lemma_.lower()
        if word == "both":
            return token.dep_ not in ("preconj", "det")
        several = nouns.is_plural(token) or nouns.says(token, {"each", "either"})
        if (
            "office" in classes
            and several
            and nouns.is_definite(token)
            and not nouns.says(token, {"three", "four", "five", "six"})
        ):
            return not self._modifiers(token) and not self._of(token, frozenset({"office"}))
        if "side" not in classes or not several:
            alone = not any(c.lower_ == "of" for c in token.children)
            return word == "two" and alone and token.dep_ in (*nouns.SUBJECTS, "pobj", "dobj")
        if nouns.says(token, _TWO):
            return not self._modifiers(token) and not self._of(token, frozenset({"office"}))
        return lemma in _SIDES and nouns.is_definite(token) and not self._modifiers(token)

    def _pair(self, token: Token) -> Who:
        """Both countries, the two sides: not the mediator who brings them together."""
        lemma, where = token.lemma_.lower(), self._where(token)
        subject = self._subject_of(token) if token.dep_ not in nouns.SUBJECTS else None
        avoid = self._inside(subject) if subject is not None else ()
        neutral = self._page.gazetteer.neutral

        def accept(named: Named) -> bool:
            fits = named.kind == "state" if lemma in _OF_STATES else named.kind != "person"
            apart = named not in avoid and named not in self._page.issuer
            return fits and apart and named.code not in neutral

        leaders = lemma in _LED_BY_ONE and self._salience.last_two(*where, self._people)
        return leaders or self._salience.pair(*where, accept)

    def _inside(self, subject: Token) -> Who:
        """A single subject and all it is described with ("the Minsk Group of France and ...")."""
        if len(self._who.get(subject.i, ())) != 1 or nouns.conjuncts(subject):
            return ()
        words = range(subject.left_edge.i, min(subject.right_edge.i, subject.i + 40) + 1)
        return distinct(n for i in words for n in self._who.get(i, ()))

    def _each_other(self, token: Token) -> Who:
        subject = self._subject_of(token)
        return self._everybody(subject) if subject is not None else ()

    # --- pronouns -----------------------------------------------------------------------

    def _antecedent(self, token: Token) -> Who:
        """What who, which or that stands for."""
        clause = _relative_clause(token)
        if clause is None:
            return ()
        noun = clause.head
        who = self._named_or_known(noun)
        if clause.tag_ != "VBP":
            return who
        joined = (n for c in nouns.conjuncts(noun) if c.i < token.i for n in self._resolved(c))
        return distinct((*who, *joined))

    def _person(self, token: Token) -> Salient | None:
        """Whom he or she means; an object is not the subject ("Ushakov praised him")."""
        own = self._subject_of(token) if token.dep_ in ("dobj", "pobj", "dative") else None
        but = None
        if own is not None:
            name = self._page.at.get(own.i)
            but = name.named[0].code if name is not None else f"noun:{own.i}"
        return self._salience.person(*self._where(token), but=but)

    def _he(self, token: Token) -> Who:
        if token.lower_.endswith("self") and (subject := self._subject_of(token)) is not None:
            return self._named_or_known(subject)
        entry = self._person(token)
        person = self._people.get(entry.person) if entry is not None else None
        if person is not None:
            return person.acts_for
        return entry.who if entry is not None else ()

    def _it(self, token: Token) -> Who:
        """What it means; as an object it is seldom a party."""
        if nouns.is_empty_it(token) or token.dep_ in ("dobj", "attr"):
            return ()
        subject = self._subject_of(token)
        own = self._who.get(subject.i, ()) if subject is not None else ()
        if token.dep_ == "poss" and len(own) == 1 and own[0].kind != "person":
            return own
        acts = token.dep_ == "poss" or token.head.lemma_.lower() in _ACTS
        avoid = own if token.dep_ == "pobj" else ()
        return self._salience.singular(*self._where(token), avoid, acts=acts)

    def _they(self, token: Token) -> Who:
        subject = self._subject_of(token) if token.dep_ == "poss" else None
        own = self._everybody(subject) if subject is not None else ()
        if subject is not None and own:
            if nouns.is_plural(subject) or len(own) > 1 or own[0].kind == "group":
                return own
        return self._salience.plural(*self._where(token))

    def _everybody(self, token: Token) -> Who:
        together = sorted((token, *nouns.conjuncts(token)), key=lambda t: t.i)
        return distinct(n for t in together for n in self._who.get(t.i, ()))

    def _subject_of(self, token: Token) -> Token | None:
        """The subject of the clause a token stands in, where it comes before the token."""
        node = token.head
        for _ in range(nouns.LONGEST):
            if node.pos_ in ("VERB", "AUX"):
                if (controller := nouns.controller(node, token)) is not None:
                    return controller
                for child in node.children:
                    if child.dep_ in ("nsubj", "nsubjpass") and child.i < token.i:
                        inside = child.left_edge.i <= token.i <= child.right_edge.i
                        return None if inside else child
            if node.head.i == node.i:
                break
            node = node.head
        return None

    def _issuer(self, token: Token) -> Who:
        """Our, we and I outside quotation marks: whoever issued the text."""
        return () if self._page.quoted[token.i] else self._page.issuer

    def _first_person(self, token: Token) -> tuple[Actor, ...] | None:
        """The speaker of the quotation, for we and I and for those who are ours."""
        if token.lower_ not in nouns.WE:
            ours = any(c.lower_ in ("our", "my") for c in token.children)
            if not ours or token.i in self._page.at or not nouns.classes(token):
                return None
        actors = self._speaker_at(token.i)
        if actors is None:
            return None
        text = self._page.words(token)
        return tuple(replace(actor, text=text) for actor in actors)

    def _speaker_at(self, i: int) -> tuple[Actor, ...] | None:
        """Who speaks at a token: of the stretches around it the one that was told first."""
        for first, last, actors in self.quote_speakers[self._counted :]:
            if (first, last) not in self._known:
                self._known.add((first, last))
                for at in range(first, last):
                    self._speaks.setdefault(at, actors)
        self._counted = len(self.quote_speakers)
        return self._speaks.get(i)

    def _pronoun_speaker(self, token: Token) -> Speaker:
        clause = _relative_clause(token) if token.tag_ in nouns.RELATIVE else None
        if clause is not None:
            meant = self.speaker(clause.head)
            return Speaker(meant.name, token.text, meant.named, meant.party, meant.key)
        if token.lower_ in nouns.ONE_PERSON and (entry := self._person(token)) is not None:
            return self._speakers.person(entry, token.text)
        return self._speakers.pronoun(token, self._resolved(token))

    # --- belonging ----------------------------------------------------------------------

    def _as_actors(self, token: Token, who: Who) -> tuple[Actor, ...]:
        if not who:
            return ()
        text = self._page.words(token)
        words = sectors.of_noun(token)
        return tuple(
            self._as_person(n, text)
            if n.kind == "person"
            else Actor(n.name, n.code, text, n.kind, n.of_country, n.sector or words)
            for n in who
        )

    def _as_person(self, named: Named, text: str) -> Actor:
        """A person who acts for nobody: of a country where the text tells a nationality."""
        person = self._people.get(named.code)
        who = person.who if person is not None and person.private else ()
        country = named.of_country or (who[0].of_country if len(who) == 1 else None)
        sector = named.sector or ((Sector.CVL,) if country else ())
        return Actor(named.name, named.code, text, named.kind, country, sector)

    def _belongs(self, token: Token, depth: int) -> Who:
        if token.i in self._moved:
            return self._moved[token.i]
        name = self._page.at.get(token.i)
        if name is not None and name.how == "person":
            return self._people.of(name).who
        if name is not None:
            return name.named if name.acts else ()
        if depth > 5:
            return ()
        if who := self._modifiers(token):
            return who
        for words in (("of", "from"), ("on", "against", "for", "to", "by", "in")):
            for child in token.children:
                if child.dep_ == "prep" and child.lower_ in words:
                    if who := self._belongs_to_object(child, depth):
                        return who
        return self._who.get(token.i, ())

    def _belongs_to_object(self, preposition: Token, depth: int) -> Who:
        """The owner of what a preposition governs, where it is no mere place."""
        placing = preposition.lower_ in ("in", "to")
        found: list[Named] = []
        for target in preposition.children:
            if target.dep_ != "pobj":
                continue
            for noun in (target, *nouns.conjuncts(target)):
                name = self._page.at.get(noun.i)
                if not (placing and name is not None and name.how == "capital"):
                    found += self._belongs(noun, depth + 1)
        return distinct(found)


def _actor(named: Named, text: str) -> Actor:
    return Actor(named.name, named.code, text, named.kind, named.of_country, named.sector)


def _of_an_embassy(token: Token) -> bool:
    head = token.head.head if token.dep_ == "pobj" else token.head
    return head.lemma_.lower() in _ABROAD


def _position(found: tuple[int, Who, bool]) -> int:
    return found[0]


def _is_state(named: Named) -> bool:
    return named.kind == "state"


def _relative_clause(token: Token) -> Token | None:
    """The verb of the relative clause a relative pronoun opens, if its noun comes before."""
    verb = token.head
    for _ in range(6):
        if verb.dep_ == "relcl" or verb.head.i == verb.i:
            break
        verb = verb.head
    return verb if verb.dep_ == "relcl" and verb.head.i < token.i else None
