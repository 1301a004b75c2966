"""Who does an act and to whom: the places a rule names, then what the clause and the text say.

The rule's own places come first. Where they hold no party, the reader looks further, each time
less surely: into the complement and the condition, at the other parties of the clause, at where
it happens, and last at whom the text has been speaking of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from detente.reading.found import Actor
from detente.reading.text import frames, grammar, nouns
from detente.reading.text.frames import Frame
from detente.reading.what import aspects
from detente.reading.what.lexicon import Rule
from detente.reading.who.parties import Parties
from detente.record.plover import MoveType, Sector

if TYPE_CHECKING:
    from spacy.tokens import Token

Actors = tuple[Actor, ...]

SPEECH_ACTS = frozenset(
    {
        MoveType.AGREE,
        MoveType.REQUEST,
        MoveType.REJECT,
        MoveType.THREATEN,
        MoveType.ACCUSE,
        MoveType.SUPPORT,
    }
)
"""Types whose move is the saying itself: uttered, they are actual whatever they are about."""


class How(IntEnum):
    """How a side was found: by the rule, by looking further in the clause, from the context."""

    NONE = 0
    RULE = 1
    CLAUSE = 2
    CONTEXT = 3


_FALLBACK_SLOTS = ("against", "with", "to", "on", "from", "for", "over", "at", "toward", "towards")
_ADDRESSED = frozenset("to against with on upon from for between among toward towards over".split())
_ASIDE = frozenset({"relcl", "advcl", "parataxis", "ccomp", "acl", "appos"})
_SOURCES = frozenset("according by under since after before following despite without".split())
_FROM_CONTEXT = frozenset(
    {
        *(MoveType.AGREE, MoveType.REQUEST, MoveType.REJECT, MoveType.THREATEN),
        *(MoveType.CONCEDE, MoveType.SANCTION, MoveType.RETREAT, MoveType.ASSAULT),
        *(MoveType.COERCE, MoveType.ACCUSE),
    }
)
"""Types that are always done to somebody, so that a text that names no one means the other side."""
_NEEDS_ANOTHER = _FROM_CONTEXT - {MoveType.RETREAT} | {MoveType.MOBILIZE}
_AT_HOME = frozenset(
    {
        *(MoveType.PROTEST, MoveType.COERCE, MoveType.ASSAULT, MoveType.CONCEDE),
        *(MoveType.REQUEST, MoveType.REJECT, MoveType.SANCTION, MoveType.RETREAT, MoveType.AGREE),
    }
)
"""Types that a state's people or government often do to one another."""
_OF_THE_PEOPLE = frozenset({MoveType.PROTEST, MoveType.REQUEST, MoveType.REJECT, MoveType.THREATEN})
_ON_OWN_GROUND = frozenset(
    {MoveType.CONCEDE, MoveType.COERCE, MoveType.THREATEN, MoveType.REJECT, MoveType.AGREE}
)
_APART = frozenset(
    {
        *(MoveType.ACCUSE, MoveType.ASSAULT, MoveType.COERCE, MoveType.REJECT),
        *(MoveType.SANCTION, MoveType.THREATEN, MoveType.PROTEST),
    }
)
"""Types that one organ of a state does to another: its army to its government."""
_ABROAD = frozenset({"embassy", "consulate", "ambassador", "diplomat", "mission"})
_COUNTS = frames.QUANTITIES | {"total", "crowd", "couple", "handful"}
_BORDERS = frozenset({"border", "frontier", "boundary"})
_FIGHTS = frozenset("fighting clash shootout firefight gunfight battle skirmish combat".split())
_PEOPLE = frozenset({"civilian", "opposition", "rebel"})
_PEOPLE_TOLD = _PEOPLE | {"group", "part"}
_PLACED = frozenset(
    {
        *(MoveType.MOBILIZE, MoveType.COERCE, MoveType.ASSAULT, MoveType.PROTEST, MoveType.AID),
        *(MoveType.CONCEDE, MoveType.SANCTION, MoveType.RETREAT, MoveType.COOPERATE),
    }
)
"""Types done where they are done to somebody: for the others a place is only a venue."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Finds the two sides of an act in one parsed text."""

    parties: Parties

    def actors(self, rule: Rule, frame: Frame) -> tuple[Actors, How]:
        """Who acts, and how that was found."""
        if fought := self._fought(rule, frame):
            return fought, How.RULE
        for place in rule.by:
            found = self.slot(place, frame)
            if frame.nominal and place != "subj" and _is_done_to_persons(rule):
                # "Glezmann's release": a person there is the one released
                found = tuple(actor for actor in found if actor.kind != "person")
            if found:
                return found, How.RULE
        if rule.type is MoveType.MOBILIZE and grammar.is_passive(frame.clause):
            if found := self._affiliated(frame.objects):
                return found, How.CLAUSE  # "Norwegian troops were put on alert"
        if "subj" in rule.by:
            for subject in frame.subjects:
                if found := self._people_of(subject):
                    return found, How.CLAUSE
        if rule.type is MoveType.PROTEST and frame.subjects:
            # A crowd with no name is the people of the place ("marched through Yangon").
            if len(found := self._where(rule, frame, frozenset())) == 1:
                return tuple(replace(actor, sector=(Sector.CVL,)) for actor in found), How.CLAUSE
            return (), How.NONE
        if rule.type is MoveType.PROTEST and frame.nominal:
            # "Protests broke out in Yangon"
            if len(found := self._where(rule, frame, frozenset())) == 1:
                return tuple(replace(actor, sector=(Sector.CVL,)) for actor in found), How.CLAUSE
        if _is_done_to_persons(rule) and not frame.nominal and not frame.subjects:
            return self._held_by(frame), How.CLAUSE
        return (), How.NONE

    def _fought(self, rule: Rule, frame: Frame) -> Actors:
        """Both who fell in a fight with each other: "a soldier and two rebels died in a clash"."""
        if rule.type is not MoveType.ASSAULT or len(frame.objects) < 2:
            return ()
        places = frame.prepositions.get("in", [])
        if not any(token.lemma_.lower() in _FIGHTS for token in places):
            return ()
        both = joined(
            *(self.parties.actors(token) or self.parties.unnamed(token) for token in frame.objects)
        )
        return both if len(both) > 1 else ()

    def _held_by(self, frame: Frame) -> Actors:
        """Who must have done it, in a passive that names nobody: the state where it is done.

        "were arrested in Peru", "was released from a Turkish prison", "expelled from Chile".
        """
        if not grammar.is_passive(frame.clause):
            return ()
        for name in ("from", "in"):
            tokens = frame.prepositions.get(name, [])
            if found := joined(*map(self.parties.place, tokens)):
                return found
            if name == "from" and (found := self._affiliated(tokens)):
                return found
        return ()

    def unnamed(self, rule: Rule, frame: Frame, places: tuple[str, ...]) -> Actors:
        """Somebody in a rule's places of whom the text tells only what they are."""
        for place in places:
            for token in self._tokens(place, frame):
                if any(child.lower_ in nouns.WE for child in token.children):
                    return ()  # "my Administration"
                counted = token
                if token.lemma_.lower() in _COUNTS or token.pos_ == "NUM":
                    of = grammar.preposition_objects(token).get("of", [])
                    counted = of[0] if of else token
                if found := self.parties.unnamed(counted):
                    return found
        return ()

    def met(self, frame: Frame, by: Actors) -> Actors:
        """Whom somebody met whom the clause calls by no name: in a document of one of the two,
        the other.
        """
        issuer = self.parties.issuer()
        if not issuer or any(actor.kind == "person" for actor in by):
            return ()
        if by[0].code != issuer[0].code:
            return issuer[:1]
        return self.parties.nearby(frame.head, frozenset(actor.code for actor in by))

    def unnamed_partner(self, frame: Frame, by: Actors) -> Actors:
        """The one of two who do something together of whom the text tells only what they are."""
        done = {actor.text for actor in by}
        for tokens in (frame.subjects, frame.prepositions.get("with", [])):
            for token in tokens:
                found = self.parties.unnamed(token)
                if found and found[0].text not in done:
                    return found
        return ()

    def _tokens(self, place: str, frame: Frame) -> list[Token]:
        match place:
            case "subj":
                return frame.subjects
            case "obj" | "affil":
                return frame.objects
            case "iobj" | "dative":
                return frame.indirect
            case "poss":
                return frame.possessors
            case "mod":
                return frame.modifiers
            case "clause" | "inner":
                if frame.complement is None:
                    return []
                subject = grammar.first(frame.complement, "nsubj", "nsubjpass")
                return grammar.coordinated(subject) if subject is not None else []
            case _:
                return frame.prepositions.get(place, [])

    def partners(self, rule: Rule, frame: Frame) -> Actors:
        """Those with whom the subject does what they do together."""
        for place in ("with", "between", *rule.to):
            if found := self.slot(place, frame):
                return found
        return ()

    def recipients(self, rule: Rule, frame: Frame, by: Actors) -> tuple[Actors, How]:
        """To whom it is done, and how that was found; never one of those who do it.

        A state's own people are the exception: what its police does to its students is done
        to the same party (PLOVER tells them apart by sector).
        """
        own = frozenset(actor.code for actor in by)
        if self._fought(rule, frame):
            return (), How.NONE
        if self._of_the_people(rule, frame):
            own = frozenset()  # "Algerians demand reforms from the government of Algeria"
        if "inner" in rule.to and "obj" in rule.to:
            # "vetoed the Council's resolution to …": the object's owner before the complement's
            for token in frame.objects:
                if not self.parties.actors(token):
                    if found := _others(self.parties.owner(token), own):
                        return found, How.RULE
        for place in rule.to:
            if found := _others(self.slot(place, frame), own, by if rule.type in _APART else ()):
                if place != "subj":
                    return _parties_before_persons(self._on(rule, frame, found)), How.RULE
        for place in _FALLBACK_SLOTS:
            if place in ("over", "for") and rule.type is MoveType.PROTEST:
                continue  # what it is about, not against whom
            if place not in rule.to:
                if found := _others(self.resolved(frame.prepositions.get(place, [])), own):
                    return found, How.RULE
        somebody = self.parties.of_same(self.unnamed(rule, frame, rule.to), by)
        apart = somebody and (somebody[0].sector[0] is not Sector.GOV or _is_bare(frame))
        if apart and (rule.type is MoveType.RETREAT or _is_done_to_persons(rule)):
            # Whom it is done for is their state, where the text has just spoken of it.
            if by and rule.type in _FROM_CONTEXT:
                if found := self.parties.nearby(frame.head, own):
                    return found, How.CONTEXT
            return somebody, How.RULE
        if apart:
            return somebody, How.RULE
        found, how = self.further(rule, frame, by)
        return (self._on(rule, frame, found), how) if found else (somebody, How.NONE)

    def _on(self, rule: Rule, frame: Frame, found: Actors) -> Actors:
        """Of an assault on a town, its people."""
        if rule.type is not MoveType.ASSAULT:
            return found
        return tuple(
            replace(actor, sector=(Sector.CVL,))
            if actor.kind == "state" and actor.text != actor.name and self.parties.is_town(actor)
            else actor
            for actor in found
        )

    def further(self, rule: Rule, frame: Frame, by: Actors) -> tuple[Actors, How]:
        """The recipient where the rule's own places name none."""
        own = frozenset(actor.code for actor in by)
        if not rule.to and rule.type not in _NEEDS_ANOTHER:
            return (), How.NONE
        if rule.type is MoveType.PROTEST and (found := self._opposed(frame)):
            return found, How.CLAUSE
        for search in (self._further_in, self._in_condition, self._in_clause, self._where):
            if found := search(rule, frame, own):
                return found, How.CLAUSE
        if found := self._own_people(rule, frame, by, named=True):
            return found, How.CLAUSE
        if rule.mode == "third-party" and by:
            return self.parties.brought_together(frame.head, own), How.CONTEXT
        if rule.type in _FROM_CONTEXT and by:
            if found := self.parties.nearby(frame.head, own):
                return found, How.CONTEXT
        if found := self._own_people(rule, frame, by, named=False):
            return found, How.CONTEXT
        return self._own_ground(rule, frame, by), How.CONTEXT

    def _opposed(self, frame: Frame) -> Actors:
        """Against whom opponents protest: whose opponents they are."""
        for subject in frame.subjects:
            if "opposition" in nouns.classes(subject):
                if found := self.parties.owner(subject):
                    return tuple(replace(actor, sector=(Sector.GOV,)) for actor in found)
        return ()

    def slot(self, place: str, frame: Frame) -> Actors:
        """The parties in one place of the frame."""
        match place:
            case "subj":
                return self.resolved(frame.subjects)
            case "obj":
                return self.belonging(frame.objects)
            case "affil":
                return self._affiliated(frame.objects)
            case "iobj" | "dative":
                return self.belonging(frame.indirect)
            case "poss":
                return self._affiliated(frame.possessors)
            case "mod":
                return self._affiliated(frame.modifiers)
            case "inner":
                return self._in_complement(frame)
            case "none":
                return ()
            case "clause":
                return self._clause_subject(frame)
            case _:
                return self.belonging(frame.prepositions.get(place, []))

    def resolved(self, tokens: Iterable[Token]) -> Actors:
        """The parties that noun phrases stand for as ones that act."""
        return joined(*(self.parties.actors(token) for token in tokens))

    def belonging(self, tokens: Iterable[Token]) -> Actors:
        """The parties of noun phrases, or those whose people or things they are."""
        return joined(
            *(self.parties.actors(token) or self.parties.affiliation(token) for token in tokens)
        )

    def _affiliated(self, tokens: Iterable[Token]) -> Actors:
        return joined(*(self.parties.affiliation(token) for token in tokens))

    def _clause_subject(self, frame: Frame) -> Actors:
        if frame.complement is None:
            return ()
        subject = grammar.first(frame.complement, "nsubj", "nsubjpass")
        return self.belonging(grammar.coordinated(subject)) if subject is not None else ()

    # --- where the rule's places name nobody ----------------------------------------------

    def _people_of(self, subject: Token) -> Actors:
        """Whose people the subject is: "Opposition groups in Zimbabwe", "a Beirut newspaper"."""
        if subject.pos_ == "PRON" or subject.lower_ in grammar.RELATIVE:
            return ()
        if not nouns.classes(subject) and subject.pos_ != "PROPN":
            return self.parties.owner(subject)  # "Honduran coffee growers"
        parties = self.parties
        return parties.owner(subject) or parties.located(subject) or parties.affiliation(subject)

    def _of_the_people(self, rule: Rule, frame: Frame) -> bool:
        """Whether people of a state turn to somebody, who may be their own government."""
        return rule.type in _OF_THE_PEOPLE and any(
            nouns.classes(token) & {"civilian", "opposition"} or _is_people(token)
            for token in frame.subjects
        )

    def _further_in(self, rule: Rule, frame: Frame, own: frozenset[str]) -> Actors:
        """The recipient named inside what the move is about.

        "refused to meet the king of Tonga", "rejected demands from Tonga": first whom the
        complement addresses, then the parties within the object.
        """
        if rule.type in SPEECH_ACTS and "inner" not in rule.to:
            if found := _others(self._in_complement(frame), own):
                return found
        for token in frame.objects:
            for inner in grammar.subtree(token):
                if inner.dep_ in {"pobj", "poss"} and inner != token:
                    if found := _others(self.parties.actors(inner), own):
                        return found
        return ()

    def _in_complement(self, frame: Frame) -> Actors:
        """Whom the complement, or its own, addresses: "refused to meet the king of Tonga"."""
        while frame.complement is not None:
            inner = frames.of_verb(frame.complement)
            doing = frozenset(actor.code for actor in self.resolved(frame.subjects))
            places = [inner.subjects, inner.objects, inner.indirect]
            places += [inner.prepositions.get(name, []) for name in _FALLBACK_SLOTS]
            for tokens in places:
                if found := _others(self.belonging(tokens), doing):
                    return found
            frame = inner
        return ()

    def _in_condition(self, rule: Rule, frame: Frame, own: frozenset[str]) -> Actors:
        """Who is to meet the condition: "threatened to … unless Iraq withdraws"."""
        if rule.type not in SPEECH_ACTS:
            return ()
        return self.of_condition(frame, own)

    def of_condition(self, frame: Frame, own: frozenset[str]) -> Actors:
        """The first other party in the clause that states a condition."""
        condition = aspects.condition_of(frame.clause)
        if condition is None and frame.complement is not None:
            condition = aspects.condition_of(frame.complement)
        if condition is None:
            return ()
        if grammar.is_verb(condition):
            if found := _others(self.resolved(grammar.doers(condition)), own):
                return found
        for token in grammar.subtree(condition):
            if found := _others(self.parties.actors(token), own):
                return found
        return ()

    def _in_clause(self, rule: Rule, frame: Frame, own: frozenset[str]) -> Actors:
        """Another party in the same clause: those it turns to before those it merely names."""
        named: Actors = ()
        for token in _of_clause(frame):
            found = _others(self.parties.actors(token), own)
            if not found:
                continue
            if token.dep_ == "pobj" and token.head.lower_ in _ADDRESSED:
                if token.head.head.lemma_.lower() in _BORDERS:
                    continue  # "near the border with Chad"
                joint = (self.parties.actors(other) for other in nouns.conjuncts(token))
                return joined(found, *(_others(actors, own) for actors in joint))
            named = named or found
        return named

    def _where(self, rule: Rule, frame: Frame, own: frozenset[str]) -> Actors:
        """The state in which it happens; what is only agreed or said happens nowhere."""
        for token in _of_clause(frame):
            if token.dep_ in {"pobj", "poss", "compound", "dobj", "conj", "nsubjpass"}:
                if token.head.lemma_.lower() in _ABROAD and token.dep_ != "pobj":
                    continue  # "outside the Ghanaian embassy in Lima"
                venue = token.dep_ == "pobj" and token.head.head.i == frame.clause.i
                if venue and rule.type not in _PLACED:
                    continue
                if found := _others(self.parties.place(token), own):
                    return found
        return ()

    def _own_people(self, rule: Rule, frame: Frame, by: Actors, *, named: bool) -> Actors:
        """A state's own people or opponents, where it acts on them or they on it.

        named : only those the words themselves give to the state ("Turkish students")
        """
        if rule.type not in _AT_HOME or not by:
            return ()
        places = [*frame.objects, *frame.indirect]
        for name in ("on", "against", "to", "from", "for", "of", "with"):
            places += frame.prepositions.get(name, [])
        states = tuple(actor for actor in by if actor.kind == "state")
        for token in places:
            classes = nouns.classes(token)
            if classes & (_PEOPLE_TOLD if named else _PEOPLE) and token.pos_ != "PRON":
                found = self.parties.affiliation(token) if named else states[:1]
                if found:
                    words = token.doc[token.left_edge.i : token.i + 1].text
                    return tuple(replace(actor, text=words) for actor in found)
        return ()

    def _own_ground(self, rule: Rule, frame: Frame, by: Actors) -> Actors:
        """A state itself, for what is done to a town or province of its own, and for a protest
        of its people that names nobody.
        """
        states = {actor.code for actor in by if actor.kind == "state"}
        if rule.type in _ON_OWN_GROUND:
            for token in _of_clause(frame):
                if token.dep_ in {"pobj", "dobj", "compound"} and token.pos_ == "PROPN":
                    found = self.parties.place(token)
                    if found and states & {found[0].code} and found[0].text != found[0].name:
                        return found
        if rule.type is MoveType.PROTEST and self._of_the_people(rule, frame):
            return tuple(actor for actor in by if actor.kind == "state")
        return ()


def _is_people(token: Token, depth: int = 0) -> bool:
    """ "Algerians", "hundreds of Algerians"."""
    if token.lemma_.lower() in frames.QUANTITIES and depth < frames.COUNTED:
        counted = grammar.preposition_objects(token).get("of", [])
        return any(_is_people(inner, depth + 1) for inner in counted)
    return token.ent_type_ == "NORP" and token.tag_ in {"NNPS", "NNS"}


def _of_clause(frame: Frame) -> Iterator[Token]:
    """The words of the clause after its head, without clauses hung on it and who is cited."""
    waiting = [frame.clause]
    found: list[Token] = []
    while waiting:
        current = waiting.pop()
        for child in current.children:
            if child.dep_ in _ASIDE or (child.dep_ == "prep" and child.lower_ in _SOURCES):
                continue
            if child.dep_ in {"nsubj", "npadvmod", "agent"}:
                continue
            if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}:
                continue
            found.append(child)
            waiting.append(child)
    return iter(sorted(found, key=lambda token: token.i))


def _others(actors: Actors, own: frozenset[str], by: Actors = ()) -> Actors:
    """Those who are not of the codes `own`; nor of the same sector, of a party of `by`."""
    doing = {actor.code: actor.sector[:1] for actor in by if actor.kind == "state"}
    return tuple(
        actor
        for actor in actors
        if actor.code not in own
        or (actor.sector and doing.get(actor.code, actor.sector[:1]) != actor.sector[:1])
    )


def _is_bare(frame: Frame) -> bool:
    """Whether the object is nobody the text has spoken of ("all countries")."""
    return not any(map(nouns.is_definite, frame.objects))


def _parties_before_persons(actors: Actors) -> Actors:
    """ "two Americans, A and B": the recipient is their state, not each of them as well."""
    parties = tuple(actor for actor in actors if actor.kind != "person")
    return parties or actors


def _is_done_to_persons(rule: Rule) -> bool:
    return rule.mode in {
        "expel",
        "execute",
        "release",
        "arrest",
        "deport",
        "abduct",
        "convict",
        "torture",
    }


def joined(*groups: Actors) -> Actors:
    """Actors of all groups, each party once, in order."""
    seen: dict[str, Actor] = {}
    for group in groups:
        for actor in group:
            seen.setdefault(actor.code, actor)
    return tuple(seen.values())
