"""Moves: who did or said what to whom, as each clause and event noun of a text tells it.

Each verb and event noun that the rule table knows (data/moves.tsv) is matched against the
frame it stands in; the best rule gives PLOVER's type and mode and where the recipient is.
What a demand, offer, threat or refusal is about is not a move of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.reading import aspects, confidence, frames, grammar, nouns
from detente.reading.document import Actor, FoundMove, Speaker
from detente.reading.frames import Frame
from detente.reading.lexicon import Lexicon, Rule
from detente.reading.parties import Parties
from detente.reading.sides import SPEECH_ACTS, How, Sides, joined
from detente.reading.statements import Said, by_token
from detente.reading.when import When
from detente.record.dates import PartialDate
from detente.record.plover import Aspect, MoveType

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

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
_LONGEST_MATTER = 12


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
        found: list[FoundMove] = []
        taken: set[int] = set()
        for candidate in self._candidates():
            head = candidate.frame.head
            if head.i in taken:
                continue
            move = self._move(candidate)
            if move is None:
                continue
            found.append(move)
            taken.update(self._consumed(candidate, move))
            self.when.remember(head, move.date, self._words(candidate))
        return _without_repeats(found)

    # --- candidates ---------------------------------------------------------------------

    def _candidates(self) -> Iterator[_Candidate]:
        describing = {each.cue.i for each in self.said if each.cue is not None and each.described}
        text = grammar.text_of(self.doc)
        told = (
            sent
            for sent in self.doc.sents
            if not _BOILERPLATE.match(text, sent.start_char, sent.end_char)
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
                    yield from self._best(frame, "a")

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
        for candidate in self._best(frame, "v"):
            yield candidate
            for listed in frames.listed_after(frame):
                yield self._filled(candidate.rule, listed) or candidate
            return
        yield from self._obligation(frame)

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
            promised = self._as_promise(candidate, said)
            if promised is not None:
                (type_, mode), aspect = promised, Aspect.ACTUAL
                by = by or said.party
        date = self._date(frame) if candidate.binding is None else self._bound(candidate.binding)
        if aspect is Aspect.ACTUAL and self._is_past(frame, date):
            aspect = Aspect.HISTORICAL
        if not by and said is not None and type_ in _SPEAKERS_OWN:
            by = said.party  # "X alone is to blame, Y said"
        own = frozenset(actor.code for actor in by)
        to = candidate.to
        if not candidate.by:
            to = tuple(actor for actor in to if actor.code not in own)
        if type_ is MoveType.THREATEN and not to:
            to = self.sides.of_condition(frame, own)
        start, end = self._quote(frame)
        span = self.doc[start:end]
        condition = aspects.condition_of(frame.clause)
        signs = self._signs(candidate, type_, by, to, aspect)
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
            confidence.of(rule.weight, signs),
            self._speaker(type_, frame, said),
            said.statement.direct if said is not None else False,
            signs,
            rule.weight,
        )

    def _reality(self, frame: Frame) -> aspects.Reality:
        reality = aspects.of(frame.head, self.lexicon)
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
        if type_ in HOSTILE | {MoveType.PROTEST, MoveType.REJECT}:
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
        """A short noun phrase for what the move is about."""
        frame, rule = candidate.frame, candidate.rule
        if candidate.binding is not None:
            _, end = grammar.subtree_bounds(frame.head, without=_LEAVE_OUT | _NOT_MATTER)
            return self._shortened(frame.head.i, max(end, frame.head.i + 1))
        if frame.complement is not None and rule.type in SPEECH_ACTS:
            subject = grammar.first(frame.complement, "nsubj", "nsubjpass")
            addressed = subject is None or bool(self.parties.actors(subject))
            without = _LEAVE_OUT | (_NOT_MATTER if addressed else {"aux", "mark"})
            return self._shortened(*grammar.subtree_bounds(frame.complement, without=without))
        noun = _name_of(rule)
        if frame.nominal:
            start, end = grammar.subtree_bounds(
                frame.head, without=frozenset({"relcl", "acl", "appos", "poss"})
            )
            return self._shortened(start, end)
        if frame.objects:
            target = _antecedent(frame.objects[0])
            start, end = grammar.subtree_bounds(
                target, without=frozenset({"relcl", "acl", "appos"})
            )
            words = self._shortened(start, end)
            return f"{noun} of {words}" if noun else words
        for name in ("on", "about", "over", "for", "of", "to", "from", "in", "with"):
            for token in frame.prepositions.get(name, [])[:1]:
                start, end = grammar.subtree_bounds(token, without=frozenset({"relcl", "appos"}))
                return self._shortened(start, end)
        if frame.complement is not None:
            start, end = grammar.subtree_bounds(frame.complement, without=_LEAVE_OUT)
            return self._shortened(start, end)
        return noun or frame.head.lemma_

    def _shortened(self, start: int, end: int) -> str:
        words = " ".join(self.doc[start : min(end, start + _LONGEST_MATTER)].text.split())
        if self.doc[start].pos_ == "DET":
            words = words[:1].lower() + words[1:]  # it stood at the head of its sentence
        return words if end - start <= _LONGEST_MATTER else words + " …"

    def _text(self, clause: Token) -> str:
        start, end = grammar.subtree_bounds(clause)
        return self.doc[start:end].text

    def _words(self, candidate: _Candidate) -> frozenset[str]:
        frame = candidate.frame
        words = {frame.head.lemma_.lower(), _name_of(candidate.rule)}
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


# What pages carry besides their text.
_BOILERPLATE = re.compile(
    r"\s{0,80}+(?:This (?:content|article|story) was (?:originally|first) published|Source:"
    r"|Read more|You may also like|See also:|Sign up|Subscribe|Follow us|Share this|Advertisement"
    r"|Photo:|©)",
    re.IGNORECASE,
)
_NOT_MATTER = frozenset({"nsubj", "nsubjpass", "aux", "auxpass", "mark"})
_MAIN = frozenset({"ccomp", "ROOT", "conj", "parataxis", "advcl"})
_WILL = frozenset({"will", "would", "shall", "wo", "'ll", "’ll"})
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
_OBLIGED = frozenset({"should", "must", "shall", "will", "would"})
_BOUND = aspects.Reality(Aspect.ACTUAL, by="agreement")
_LEAVE_OUT = frozenset({"advcl", "parataxis", "cc", "conj", "ccomp_cue"})
_NOUNS = {
    (MoveType.RETREAT, "release"): "release",
    (MoveType.RETREAT, "withdraw"): "withdrawal",
    (MoveType.RETREAT, "return"): "return",
    (MoveType.RETREAT, "disarm"): "disarmament",
    (MoveType.RETREAT, "ceasefire"): "ceasefire",
    (MoveType.COERCE, "arrest"): "arrest",
    (MoveType.COERCE, "seize"): "seizure",
    (MoveType.COERCE, "deport"): "deportation",
    (MoveType.SANCTION, "expel"): "expulsion",
    (MoveType.SANCTION, "convict"): "conviction",
    (MoveType.ASSAULT, "abduct"): "abduction",
    (MoveType.CONSULT, "third-party"): "mediation",
}


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


def _antecedent(token: Token) -> Token:
    """The noun a relative pronoun stands for."""
    if token.lower_ in grammar.RELATIVE:
        for verb in token.ancestors:
            if verb.dep_ == "relcl":
                return verb.head
    return token


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


def _keeps_his_name(frame: Frame) -> bool:
    """ "who asked not to be named": nothing between parties."""
    inner = frame.complement
    return (
        inner is not None
        and inner.lemma_ in {"name", "identify", "quote"}
        and (grammar.is_passive(inner) or grammar.negated(inner))
    )


def _name_of(rule: Rule) -> str:
    """The act's noun, where the mode alone says it."""
    return _NOUNS.get((rule.type, rule.mode or ""), "")


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
