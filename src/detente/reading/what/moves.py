"""Moves: who did or said what to whom, as each clause and event noun of a text tells it.

Each verb and event noun that the rule table knows (data/moves.tsv) is matched against the
frame it stands in; the best rule gives PLOVER's type and mode and where the recipient is.
What a demand, offer, threat or refusal is about is not a move of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from detente.reading.found import Actor, FoundMove, Speaker
from detente.reading.text import frames, grammar, nouns
from detente.reading.text.frames import Frame
from detente.reading.what import aspects, confidence, matter, restated, stance
from detente.reading.what.lexicon import Lexicon, Rule
from detente.reading.what.restated import Told
from detente.reading.what.sides import SPEECH_ACTS, How, Sides, joined
from detente.reading.what.statements import Said, by_token
from detente.reading.when.dating import When
from detente.reading.who.parties import Parties
from detente.record.dates import PartialDate
from detente.record.matter import BY_MODE
from detente.record.plover import Aspect, MoveType

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

HOSTILE = frozenset({MoveType.ASSAULT, MoveType.COERCE, MoveType.SANCTION, MoveType.MOBILIZE})
KIND = frozenset(
    {MoveType.AID, MoveType.RETREAT, MoveType.CONCEDE, MoveType.COOPERATE, MoveType.CONSULT}
)
_THREAT_MODE = {
    MoveType.ASSAULT: "violence",
    MoveType.COERCE: "restrict",
    MoveType.SANCTION: "relations",
    MoveType.MOBILIZE: "violence",
}
_LONGEST_QUOTE = 60  # tokens; a longer clause is cut back to its core


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A rule matched to a frame, with the sides it gives."""

    frame: Frame
    rule: Rule
    by: tuple[Actor, ...]
    to: tuple[Actor, ...]
    to_how: How = How.NONE
    binding: Token | None = None  # the agreement that obliges, where that is the move
    uttered: bool = False  # the saying itself is the move: "X said that Y must go"
    besides: bool = False  # a second act of the same words: a sentence to prison


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything a text's moves are read from."""

    doc: Doc
    parties: Parties
    sides: Sides
    when: When
    said: list[Said]
    lexicon: Lexicon
    standing: frozenset[int]
    inside: dict[int, list[Said]]  # the statements each token is part of

    def moves(self) -> list[FoundMove]:
        """The moves of the text, in its order; each act once per clause that tells it."""
        found: list[Told] = []
        taken: set[int] = set()
        for candidate in self._candidates():
            head = candidate.frame.head
            if head.i in taken and not (candidate.besides and found and found[-1].head == head):
                continue
            move = self._move(candidate)
            if move is None:
                continue
            found.append(Told(head, move))
            taken.update(self._consumed(candidate, move))
            self.when.remember(head, move.date, self._words(candidate))
        return _without_repeats(restated.once(found))

    # --- candidates ---------------------------------------------------------------------

    def _candidates(self) -> Iterator[_Candidate]:
        describing = {each.cue.i for each in self.said if each.cue is not None and each.described}
        text = grammar.text_of(self.doc)
        told = (
            sent
            for sent in self.doc.sents
            if not _BOILERPLATE.match(text, sent.start_char, sent.end_char)
            and not _is_question(sent)
        )
        for token in (token for sent in told for token in sent):
            if token.is_space or token.is_punct:
                continue
            if grammar.is_verb(token):
                if token.i in describing and self.lexicon.rules(token.lemma_.lower(), "v"):
                    yield from self._describing(token)
                    continue
                yield from self._clause(token)
            elif token.pos_ in {"NOUN", "PROPN"}:
                if self.lexicon.knows(token, "n"):
                    yield from self._best(frames.of_noun(token), "n")
            elif token.pos_ == "ADJ" and token.dep_ in {"acomp", "conj", "attr", "oprd"}:
                frame = frames.of_adjective(token)
                if frame is not None:
                    yield from map(self._as_readiness, self._best(frame, "a"))

    def _best(self, frame: Frame, pos: str) -> Iterator[_Candidate]:
        """The most specific rule that fits the frame; none, or one."""
        for lemma, own in self._looked_up(frame, pos):
            for rule in self.lexicon.rules(lemma, pos):
                if self._fits(rule, own):
                    if not rule.tells_a_move:
                        return
                    candidate = self._filled(rule, own)
                    if candidate is not None:
                        yield candidate
                    return

    def _as_readiness(self, candidate: _Candidate) -> _Candidate:
        """ "ready to attack" is a threat, "prepared to test a missile" not even that."""
        inner = candidate.frame.complement
        if candidate.rule.type is not MoveType.AGREE or inner is None:
            return candidate
        deed = next(self._best(frames.of_verb(inner), "v"), None)
        if deed is None or deed.rule.type not in HOSTILE:
            return candidate
        if deed.rule.type is MoveType.MOBILIZE:
            return replace(candidate, rule=deed.rule, to=deed.to, to_how=deed.to_how)
        mode = _THREAT_MODE.get(deed.rule.type)
        rule = replace(candidate.rule, type=MoveType.THREATEN, mode=mode)
        return replace(candidate, rule=rule, to=deed.to, to_how=deed.to_how)

    def _looked_up(self, frame: Frame, pos: str) -> Iterator[tuple[str, Frame]]:
        """Words to look the head up by, the longer first: "call in", "call"."""
        if pos != "v":
            for lemma in self.lexicon.names(frame.head):
                yield lemma, frame
            if pos == "n" and frame.head.lemma_.lower() in frames.CARRIERS:
                for before in grammar.children(frame.head, "compound"):
                    yield before.lemma_.lower(), frame
            return
        for lemma, governed in self.lexicon.forms(frame.head):
            yield lemma, frame if governed is None else frames.with_object(frame, governed)

    def _clause(self, verb: Token) -> Iterator[_Candidate]:
        if verb.i in self.standing:
            return
        if not (self.lexicon.knows(verb, "v") or _OBLIGED & set(grammar.modals(verb))):
            return
        frame = frames.of_verb(verb)
        if _keeps_his_name(frame):
            return
        uttered = self._uttered(frame)
        if uttered is not None:
            yield uttered
            return
        if _of_opinion(frame):
            return
        for candidate in self._best(frame, "v"):
            yield candidate
            if self._means_prison(candidate):
                jail = replace(candidate.rule, type=MoveType.COERCE, mode="arrest", weight=0.6)
                yield replace(candidate, rule=jail, besides=True)
            for listed in frames.listed_after(frame):
                yield self._filled(candidate.rule, listed) or candidate
            return
        yield from self._obligation(frame)
        yield from self._promise(frame)

    def _uttered(self, frame: Frame) -> _Candidate | None:
        """What a party does by saying that another must, or that it will not itself.

        "Russia said that Sudan must return the helicopter" is a demand, "Syria says it will
        not take more refugees" a refusal, "will no longer tolerate" a threat.
        """
        verb = frame.head
        said = self._said_around(verb)
        if said is None or not said.party or verb.dep_ not in _MAIN:
            return None
        own = {actor.code for actor in said.party}
        subject = grammar.grammatical_subject(verb)
        named = self.sides.resolved(grammar.coordinated(subject)) if subject is not None else ()
        others = tuple(actor for actor in named if actor.code not in own)
        if subject is not None and not named and nouns.classes(subject) & _OWN_STAFF:
            named = said.party  # "the police will no longer tolerate …", an official said
        modals = set(grammar.modals(verb))
        if _must(verb, modals) and not grammar.negated(verb) and (others or not named):
            if others or grammar.is_passive(verb):
                return _Candidate(frame, _DEMAND, said.party, others, How.RULE, uttered=True)
        if modals & _WILL and grammar.negated(verb) and len(named) > len(others):
            if any(c.rule.type in HOSTILE | {MoveType.REJECT} for c in self._best(frame, "v")):
                return None
            rule = _THREAT if verb.lemma_ in _SUFFER else _REFUSAL
            to, how = self.sides.recipients(rule, frame, said.party)
            return _Candidate(frame, rule, said.party, to, how, uttered=True)
        return None

    def _promise(self, frame: Frame) -> Iterator[_Candidate]:
        """A party's word that it will do something for which there is no type of its own."""
        verb = frame.head
        said = self._said_around(verb)
        if said is None or not said.party or said.described or verb.dep_ not in _MAIN:
            return
        if not _PROMISED & set(grammar.modals(verb)) or grammar.negated(verb):
            return
        if verb.lemma_ in _STATES or grammar.is_passive(verb) or _in_condition(verb):
            return
        own = {actor.code for actor in said.party}
        subject = grammar.grammatical_subject(verb)
        if subject is None or subject.i > verb.i:
            return
        named = {actor.code for actor in self.sides.resolved(grammar.coordinated(subject))}
        if named & own or (not named and nouns.classes(subject) & _OWN_STAFF):
            rule = _THREAT if self._is_ultimatum(frame) else _PROMISE
            to, how = self.sides.recipients(rule, frame, said.party)
            yield _Candidate(frame, rule, said.party, to, how, uttered=True)

    def _means_prison(self, candidate: _Candidate) -> bool:
        """Whether a conviction puts somebody behind bars: the same words tell an arrest too."""
        rule, frame = candidate.rule, candidate.frame
        if (rule.type, rule.mode) != (MoveType.SANCTION, "convict"):
            return False
        if frame.head.lemma_ in _JAIL:
            return True
        terms = [t for name in ("to", "in", "for") for t in frame.prepositions.get(name, ())]
        return any(t.lemma_ in _PRISON for term in terms for t in term.subtree)

    def _obligation(self, frame: Frame) -> Iterator[_Candidate]:
        """What an agreement binds a party to: "under the accord Chad must prevent …"."""
        if not _OBLIGED & set(grammar.modals(frame.head)) or not frame.subjects:
            return
        for preposition in frame.head.children:
            if preposition.lower_ not in {"under", "according"}:
                continue
            for token in grammar.subtree(preposition):
                if self.lexicon.has_class(token.lemma_.lower(), "agreement"):
                    rule = self.lexicon.rules("pledge", "v")[-1]
                    by = self.sides.resolved(frame.subjects)
                    if by:
                        yield _Candidate(frame, rule, by, (), binding=token)
                    return

    def _describing(self, verb: Token) -> Iterator[_Candidate]:
        """ "called them X", "praised it as Y": the judging verbs, never a call by telephone."""
        for candidate in self._best(frames.of_verb(verb), "v"):
            if candidate.rule.type in {MoveType.ACCUSE, MoveType.SUPPORT}:
                yield candidate

    def _fits(self, rule: Rule, frame: Frame) -> bool:
        return all(
            self._holds(condition.slot, condition.classes, frame) for condition in rule.conditions
        )

    def _holds(self, slot: str, classes: tuple[str, ...], frame: Frame) -> bool:
        if slot == "if":
            inner = frame.complement
            return aspects.condition_of(frame.clause) is not None or (
                inner is not None and aspects.condition_of(inner) is not None
            )
        if slot in {"comp", "xcomp", "ccomp"}:
            if frame.complement is None or (slot != "comp" and slot != frame.complement_kind):
                return False
            verb = grammar.lemma(frame.complement)
            return not classes or any(self.lexicon.has_class(verb, name) for name in classes)
        if slot == "own":
            return any(grammar.first(token, "poss") is not None for token in frame.objects)
        tokens = _place(slot, frame)
        if "!" in classes:
            return not tokens and frame.complement is None
        if "*" in classes:
            return bool(tokens)
        return any(self._is(token, name) for token in tokens for name in classes)

    def _is(self, token: Token, name: str, depth: int = 0) -> bool:
        if name == "party":
            return bool(self.parties.actors(token))
        if any(self.lexicon.has_class(lemma, name) for lemma in self.lexicon.names(token)):
            return True
        if name in {"people", "prisoner"}:
            # "two Americans", "Faye Hall"
            return token.ent_type_ in {"NORP", "PERSON"} or (
                token.pos_ == "NUM" and token.dep_ in {"dobj", "nsubjpass"}
            )
        # "millions of dollars in rewards": what is counted decides, not the number
        if token.lemma_.lower() not in frames.QUANTITIES or depth == frames.COUNTED:
            return False
        counted = [t for tokens in grammar.preposition_objects(token).values() for t in tokens]
        if grammar.is_verb(token.head):
            counted += grammar.preposition_objects(token.head).get("in", [])
        return any(self._is(inner, name, depth + 1) for inner in counted)

    def _filled(self, rule: Rule, frame: Frame) -> _Candidate | None:
        by, by_how = self.sides.actors(rule, frame)
        to: tuple[Actor, ...] = ()
        to_how = How.NONE
        partners: tuple[Actor, ...] = ()
        if rule.mutual:
            partners = self.sides.partners(rule, frame)
            by = joined(by, partners)
            if not by:
                by = self.parties.both_nearby(frame.head)
            elif len(by) == 1 and rule.type is MoveType.CONSULT and not partners:
                by = joined(by, self.sides.met(frame, by))
            if len(by) == 1 and rule.type is MoveType.AGREE and not _several(frame):
                to, to_how = self.sides.further(rule, frame, by)
        else:
            to, to_how = self.sides.recipients(rule, frame, by)
        if frame.nominal:
            told = by_how is How.RULE or (rule.mutual and len(by) > 1 and bool(partners))
            doing = by if told else ()
            if not self._is_event(frame, rule, doing, to if to_how is How.RULE else ()):
                return None
        return _Candidate(frame, rule, by, to, to_how)

    def _is_event(
        self, frame: Frame, rule: Rule, by: tuple[Actor, ...], to: tuple[Actor, ...]
    ) -> bool:
        """Whether a noun tells an act rather than naming a thing or a topic."""
        noun = frame.head
        if frame.light is not None or frames.carried_out(noun) is not None:
            return True
        if noun.dep_ in {"nsubj", "nsubjpass"} and grammar.is_verb(noun.head):
            verb = noun.head
            if grammar.lemma(verb).replace(" ", "_") in frames.OCCUR | frames.LIGHT:
                return True
            if grammar.is_passive(verb) or grammar.first(verb, "xcomp") is not None:
                return bool(by) or bool(to)
        if noun.dep_ in {"compound", "amod"}:
            return False
        if rule.mutual and len(by) > 1:
            return True  # "months of talks between the two governments"
        return bool(by) and (bool(to) or bool(frame.objects))

    def _signs(
        self,
        candidate: _Candidate,
        type_: MoveType,
        by: tuple[Actor, ...],
        to: tuple[Actor, ...],
        aspect: Aspect,
    ) -> tuple[str, ...]:
        """What the confidence is weighed from, besides the rule's own weight."""
        rule, frame = candidate.rule, candidate.frame
        signs = [type_.value, aspect.value, _standing_of(frame)]
        if frame.nominal:
            signs.append("noun" if frame.light is None else "light verb")
        elif rule.pos == "a":
            signs.append("adjective")
        if not by:
            signs.append("nobody does it")
        if not to and not by:
            signs.append("nobody at all")
        elif not to and rule.to and not rule.mutual:
            signs.append("done to nobody")
        if to and candidate.to_how > How.RULE:
            signs.append("recipient from the " + candidate.to_how.name.lower())
        if any(actor.kind == "person" for actor in by):
            signs.append("a person does it")
        if _depth(frame.clause) > 1:
            signs.append("deep")
        if type_ is not rule.type:
            signs.append("promised")
        if candidate.uttered:
            signs.append("uttered")
        if candidate.binding is not None:
            signs.append("binding")
        if self._said_around(frame.head) is not None:
            signs.append("inside a statement")
        if not rule.conditions:
            signs.append("no condition")
        if not by and not any(map(self.parties.is_party_word, frame.head.sent)):
            signs.append("no party in the sentence")
        return tuple(signs)

    # --- one move -----------------------------------------------------------------------

    def _move(self, candidate: _Candidate) -> FoundMove | None:
        frame, rule = candidate.frame, candidate.rule
        settled = candidate.uttered or candidate.binding is not None
        reality = _BOUND if settled else self._reality(frame)
        if reality.asked and not _told_anyway(frame):
            return None
        said = self._said_around(frame.head)
        type_, mode, by = rule.type, rule.mode, candidate.by
        aspect = reality.aspect
        if reality.promised and said is not None and aspect is not Aspect.NEGATED:
            offered = self._as_promise(candidate, said)
            if offered is not None:
                (type_, mode), aspect = offered, Aspect.ACTUAL
                by = by or said.party
        weight = rule.weight
        if aspect is Aspect.NEGATED and _refuses(candidate, reality.by):
            weight = max(weight, _REFUSAL.weight)
            type_, mode, aspect = MoveType.REJECT, _REFUSED_MODE.get(type_), Aspect.ACTUAL
        if rule.type is MoveType.MOBILIZE and frame.head.pos_ == "ADJ" and aspect is Aspect.ACTUAL:
            aspect = Aspect.FUTURE  # "is prepared to test a missile"
        promised = aspect is Aspect.ACTUAL and reality.promised and type_ is not rule.type
        if candidate.binding is not None:
            date = self._bound(candidate.binding)
        elif said is not None and (candidate.uttered or promised):
            date = self._said_on(said)
        else:
            date = self._date(frame)
        if aspect is Aspect.ACTUAL and self._is_past(frame, date):
            aspect = Aspect.HISTORICAL
        if not by and said is not None and type_ in _SPEAKERS_OWN:
            by = said.party  # "X alone is to blame, Y said"
        if type_ not in _OF_STATES:
            by = self.parties.apart(by)
        by = by or self.sides.unnamed(rule, frame, rule.by)
        if rule.mutual and len(by) == 1 and not candidate.to:
            by = joined(by, self.sides.unnamed_partner(frame, by))
        own = frozenset(actor.code for actor in by)
        to = candidate.to
        if not candidate.by:
            to = tuple(actor for actor in to if actor.code not in own)
        if type_ is MoveType.THREATEN and not to:
            to = self.sides.of_condition(frame, own)
        start, end = self._quote(frame)
        span = self.doc[start:end]
        condition = aspects.condition_of(frame.clause)
        signs = self._signs(candidate, type_, _known(by), _known(to), aspect)
        return FoundMove(
            type_,
            mode,
            by,
            to,
            self._matter(candidate),
            span.text,
            span.start_char,
            span.end_char,
            aspect,
            self._text(condition) if condition is not None else None,
            date,
            confidence.of(weight, signs),
            self._speaker(type_, frame, said),
            said.statement.direct if said is not None else False,
            signs,
            weight,
            stance.of(type_, frame, self.lexicon),
        )

    def _reality(self, frame: Frame) -> aspects.Reality:
        predicate = frame.head.pos_ == "ADJ" and not frame.nominal  # "is not ready to": the verb's
        reality = aspects.of(frame.clause if predicate else frame.head, self.lexicon)
        if frame.light is None or reality.aspect is not Aspect.ACTUAL:
            return reality
        return aspects.of(frame.light, self.lexicon)

    def _as_promise(self, candidate: _Candidate, said: Said) -> tuple[MoveType, str | None] | None:
        """A party that says it will do something offers it, or threatens it.

        What is to follow if something is *not* done is a threat whatever it is ("if they
        are not released, larger rewards will be offered").
        """
        own = {actor.code for actor in said.party}
        doers = {actor.code for actor in candidate.by}
        of_itself = any(token.lower_ in _PRONOUNS for token in candidate.frame.subjects)
        if not of_itself and (not own or (doers and not own & doers)):
            return None
        type_ = candidate.rule.type
        if self._is_ultimatum(candidate.frame) and type_ not in {
            MoveType.REQUEST,
            MoveType.THREATEN,
        }:
            return MoveType.THREATEN, _THREAT_MODE.get(type_)
        if not doers and not of_itself:
            return None
        if type_ in KIND:
            return MoveType.AGREE, None
        if type_ in HOSTILE - {MoveType.MOBILIZE} | {MoveType.PROTEST, MoveType.REJECT}:
            return MoveType.THREATEN, _THREAT_MODE.get(type_)
        return None

    def _is_ultimatum(self, frame: Frame) -> bool:
        condition = aspects.condition_of(frame.clause)
        if condition is None:
            return False
        opening = self.doc[condition.left_edge.i].lower_
        return opening == "unless" or (grammar.is_verb(condition) and grammar.negated(condition))

    def _said_around(self, token: Token) -> Said | None:
        """The innermost statement the token is part of."""
        around = [
            said
            for said in self.inside.get(token.i, ())
            if (said.cue is None or said.cue.i != token.i)
        ]
        return min(around, key=_width, default=None)

    def _speaker(self, type_: MoveType, frame: Frame, said: Said | None) -> Speaker | None:
        if said is not None:
            return said.statement.speaker
        if type_ in SPEECH_ACTS - {MoveType.AGREE, MoveType.SUPPORT} and frame.subjects:
            return self.parties.speaker(frame.subjects[0])
        return None

    def _date(self, frame: Frame) -> PartialDate | None:
        own = self.when.date_of(frame.head)
        if own is None and frame.light is not None:
            return self.when.date_of(frame.light)
        return own

    def _said_on(self, said: Said) -> PartialDate | None:
        """The day of the saying, which is the day of a promise, a demand or a refusal in it."""
        if said.cue is None:
            return None
        own = self.when.date_of(said.cue)
        if own is not None:
            return own
        setting = (c for c in said.cue.children if c.dep_ == "advcl" and c.tag_ == "VBG")
        return next((d for c in setting if (d := self.when.date_of(c)) is not None), None)

    def _bound(self, agreement: Token) -> PartialDate | None:
        """When the agreement was made ("the accord signed in 2020")."""
        for token in grammar.subtree(agreement):
            if grammar.is_verb(token) and (date := self.when.date_of(token)) is not None:
                return date
        return self.when.date_of(agreement)

    def _is_past(self, frame: Frame, date: PartialDate | None) -> bool:
        """Told of an earlier year than the report's, or, where the report has no date, of a
        year or part of one."""
        if self.when.anchor is None:
            return date is not None and (date.latest - date.earliest).days > 1
        return self.when.is_past_year(frame.head) or (
            frame.light is not None and self.when.is_past_year(frame.light)
        )

    # --- words --------------------------------------------------------------------------

    def _quote(self, frame: Frame) -> tuple[int, int]:
        """Token bounds of the clause that tells the act."""
        head = frame.clause if frame.light is not None else frame.head
        start, end = grammar.subtree_bounds(head, without=_LEAVE_OUT)
        subject = grammar.first(head, "nsubj", "nsubjpass")
        if subject is not None and subject.i < head.i:
            start = min(start, subject.left_edge.i)
        sentence = head.sent
        start, end = max(start, sentence.start), min(end, sentence.end)
        near = {id(said): said for i in range(start, end) for said in self.inside.get(i, ())}
        for said in near.values():
            # Stay on the inside of what was said, or on the outside.
            for first, last in said.spans:
                if first <= head.i < last:
                    start, end = max(start, first), min(end, last)
                elif said.cue is not None and said.cue.i == head.i:
                    continue
                elif start < first < end and head.i < first:
                    end = first
        if end - start > _LONGEST_QUOTE:
            start, end = max(start, head.i - _LONGEST_QUOTE // 3), min(end, head.i + _LONGEST_QUOTE)
        start, end = grammar.trimmed(self.doc, start, end)
        if not start <= head.i < end:
            start, end = head.i, head.i + 1
        return start, end

    def _matter(self, candidate: _Candidate) -> str:
        if candidate.binding is not None:
            return matter.of_clause(candidate.frame.head, self.parties)
        return matter.of(candidate.frame, candidate.rule, self.parties, self.lexicon)

    def _text(self, clause: Token) -> str:
        start, end = grammar.subtree_bounds(clause)
        return self.doc[start:end].text

    def _words(self, candidate: _Candidate) -> frozenset[str]:
        frame = candidate.frame
        words = {
            frame.head.lemma_.lower(),
            BY_MODE.get((candidate.rule.type, candidate.rule.mode or ""), ""),
        }
        for token in (*frame.objects, *frame.possessors):
            words.update(
                t.lemma_.lower() for t in grammar.subtree(token) if not t.is_stop and t.is_alpha
            )
        return frozenset(words - {""})

    def _consumed(self, candidate: _Candidate, move: FoundMove) -> set[int]:
        """Tokens that must not tell a move of their own: what a speech act is about."""
        frame, rule = candidate.frame, candidate.rule
        taken = {frame.head.i}
        if frame.light is not None:
            taken.add(frame.light.i)
        if rule.type in {MoveType.REQUEST, MoveType.THREATEN, MoveType.AGREE, MoveType.REJECT}:
            if frame.complement is not None:
                taken.update(_nouns_and_verbs(frame.complement))
            for token in frame.objects:
                taken.add(token.i)
            for name in ("for", "on", "of", "to"):
                taken.update(token.i for token in frame.prepositions.get(name, []))
        return taken


def _known(actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """Those who are more than what they are called, or of a known country."""
    return tuple(actor for actor in actors if actor.named or actor.country)


# What pages carry besides their text.
_BOILERPLATE = re.compile(
    r"\s{0,80}+(?:This (?:content|article|story) was (?:originally|first) published|Source:"
    r"|Read more|You may also like|See also:|Sign up|Subscribe|Follow us|Share this|Advertisement"
    r"|Photo:|©)",
    re.IGNORECASE,
)
_MAIN = frozenset({"ccomp", "ROOT", "conj", "parataxis", "advcl"})
_WILL = frozenset({"will", "would", "shall", "wo", "'ll", "’ll"})
_CLOSING = frozenset("\" ” ’ ' '' ) ]".split(" "))
_PRONOUNS = frozenset({"it", "they", "we", "i", "he", "she"})
_OWN_STAFF = frozenset({"government", "servant", "force"})
_SUFFER = frozenset({"tolerate", "stand", "allow", "permit", "ignore", "forget", "forgive"})
_SPEAKERS_OWN = frozenset({MoveType.ACCUSE, MoveType.REQUEST, MoveType.REJECT, MoveType.THREATEN})
_DEMAND = Rule("must", "v", (), MoveType.REQUEST, None, ("subj",), ("none",), False, 0.75, "")
_REFUSAL = Rule(
    *("will not", "v", (), MoveType.REJECT, None),
    *(("with", "to", "obj", "from", "inner"), ("subj",), False, 0.75, ""),
)
_THREAT = Rule(
    *("will not tolerate", "v", (), MoveType.THREATEN, None),
    *(("by", "obj", "affil", "from", "inner"), ("subj",), False, 0.75, ""),
)
_OF_STATES = frozenset({MoveType.AGREE, MoveType.CONSULT, MoveType.COOPERATE})
"""What "Chileans and Peruvians" do is mostly done by their states."""
_PROMISE = Rule(
    *("will", "v", (), MoveType.AGREE, None),
    *(("to", "with", "obj", "inner"), ("subj",), False, 0.5, ""),
)
_PROMISED = frozenset({"will", "shall", "'ll", "’ll"})
_STATES = frozenset(
    """be have need know think believe hope see become remain seem appear depend mean want like
    prevail win lose find get feel understand continue wait happen come go take last cost face
    suffer benefit fail succeed live die grow rise fall""".split()
)
_JAIL = frozenset({"jail", "imprison", "incarcerate"})
_PRISON = frozenset({"prison", "jail", "imprisonment", "year", "month", "life"})
_ACCEPT = frozenset("accept agree consent recognise recognize".split())
_OF_ONE_MIND = frozenset("agree accept concede admit acknowledge".split())
_REFUSED_MODE = {
    MoveType.CONSULT: "meet",
    MoveType.AID: "assist",
    MoveType.COOPERATE: "assist",
    MoveType.RETREAT: "yield",
    MoveType.CONCEDE: "yield",
}
_OBLIGED = frozenset({"should", "must", "shall", "will", "would"})
_BOUND = aspects.Reality(Aspect.ACTUAL, by="agreement")
_LEAVE_OUT = frozenset({"advcl", "parataxis", "cc", "conj", "ccomp_cue"})


def _place(slot: str, frame: Frame) -> list[Token]:
    """The heads of the noun phrases in one place of the frame."""
    match slot:
        case "object":
            return frame.objects
        case "subj":
            return frame.subjects
        case "oprd":
            return grammar.children(frame.head, "oprd", "acomp", "attr")
        case _:
            return frame.prepositions.get(slot, [])


def _is_question(sentence: Span) -> bool:
    """Whether a sentence asks: what it speaks of is nobody's act ("Will Chad attack?")."""
    marks = [token.text for token in sentence if token.is_punct]
    return next((mark for mark in reversed(marks) if mark not in _CLOSING), "") == "?"


def _several(frame: Frame) -> bool:
    """Whether the subject speaks of several who did it together ("the sides agreed")."""
    return len(frame.subjects) > 1 or any(
        token.lemma_.lower() in {"side", "party", "country", "neighbour", "neighbor", "they"}
        for token in frame.subjects
    )


def _must(verb: Token, modals: set[str]) -> bool:
    """ "must leave", "should leave", "has to leave", "needs to leave"."""
    if modals & {"must", "should", "ought"}:
        return True
    inner = grammar.first(verb, "xcomp")
    held = inner is not None and any(t.lower_ == "to" for t in grammar.children(inner, "aux"))
    return held and verb.lemma_ in {"have", "need"}


def _of_opinion(frame: Frame) -> bool:
    """ "agreed that the talks were useful": of one mind on how things are, nothing is owed."""
    clause = frame.complement
    if frame.head.lemma_ not in _OF_ONE_MIND or clause is None or frame.complement_kind != "ccomp":
        return False
    auxiliaries = grammar.children(clause, "aux", "auxpass")
    if any(token.tag_ == "MD" for token in auxiliaries):
        return False
    finite = {"VBD", "VBZ", "VBP"}
    return clause.tag_ in finite or any(token.tag_ in finite for token in auxiliaries)


def _refuses(candidate: _Candidate, by: str) -> bool:
    """Whether what is denied is denied by will: "would not accept", "is not interested in"."""
    frame, rule = candidate.frame, candidate.rule
    if by != "negation" or frame.nominal or grammar.is_passive(frame.clause):
        return False
    if rule.pos == "a":
        return rule.type is MoveType.AGREE
    if rule.type not in KIND | {MoveType.AGREE, MoveType.SUPPORT}:
        return False
    auxiliaries = set(grammar.modals(frame.head))
    if frame.head.lemma_ in _ACCEPT and auxiliaries & {"do", "does"}:
        return True
    return bool(auxiliaries & _WILL) and bool(candidate.by)


def _keeps_his_name(frame: Frame) -> bool:
    """ "who asked not to be named": nothing between parties."""
    inner = frame.complement
    return (
        inner is not None
        and inner.lemma_ in {"name", "identify", "quote"}
        and (grammar.is_passive(inner) or grammar.negated(inner))
    )


def _nouns_and_verbs(verb: Token) -> set[int]:
    """Those of a clause, without the relative clauses in it, which tell acts of their own."""
    found: set[int] = set()
    waiting = [verb] if verb.dep_ != "relcl" else []
    while waiting:
        current = waiting.pop()
        if current.pos_ in {"VERB", "AUX", "NOUN"}:
            found.add(current.i)
        waiting.extend(c for label, c in grammar.labelled(current) if label != "relcl")
    return found


def _told_anyway(frame: Frame) -> bool:
    """A relative clause inside a demand still tells its own act ("prisoners it held")."""
    return frame.clause.dep_ == "relcl"


_CLAUSES = {
    "ROOT": "main clause",
    "ccomp": "that-clause",
    "parataxis": "main clause",
    "conj": "second clause",
    "advcl": "adverbial clause",
    "relcl": "relative clause",
    "acl": "participle",
    "xcomp": "infinitive",
    "pcomp": "gerund",
}


def _standing_of(frame: Frame) -> str:
    """What kind of clause the act is told in."""
    verb = frame.clause
    if frame.nominal and frame.light is None and frame.head.dep_ not in {"nsubj", "nsubjpass"}:
        return "noun phrase"
    if _in_condition(verb):
        return "condition"
    return _CLAUSES.get(verb.dep_, "other clause")


def _in_condition(verb: Token) -> bool:
    """Whether the clause, or one it hangs on, begins with if or unless."""
    return any(
        token.dep_ == "advcl" and token.doc[token.left_edge.i].lower_ in {"if", "unless"}
        for token in (verb, *verb.ancestors)
    )


def _depth(verb: Token) -> int:
    depth, current = 0, verb
    while current.dep_ != "ROOT" and depth < 6:
        if current.dep_ in {"relcl", "acl", "advcl", "pcomp"}:
            depth += 1
        current = current.head
    return depth


def _width(said: Said) -> int:
    return sum(end - start for start, end in said.spans)


def _without_repeats(found: list[FoundMove]) -> list[FoundMove]:
    """One move per type, sides and words: a verb and its noun may tell the same act."""
    kept: dict[tuple[object, ...], FoundMove] = {}
    for move in found:
        key = move.type, move.start, move.end
        known = kept.get(key)
        if known is None or move.confidence > known.confidence:
            kept[key] = move
    return sorted(kept.values(), key=lambda move: (move.start, move.end))


def find(
    doc: Doc,
    parties: Parties,
    when: When,
    said: list[Said],
    lexicon: Lexicon,
    *,
    standing: frozenset[int] = frozenset(),
) -> list[FoundMove]:
    """The moves of one text, in the order in which it tells them.

    standing : indices of verbs that tell a standing fact, which is no move
    """
    inside = by_token(said)
    return Reader(doc, parties, Sides(parties), when, said, lexicon, standing, inside).moves()
