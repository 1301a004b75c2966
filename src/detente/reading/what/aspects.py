"""Whether an act is told as done: PLOVER's aspect, from negation, modality and governing words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.reading.text import grammar
from detente.reading.what.lexicon import Lexicon
from detente.record.plover import Aspect

if TYPE_CHECKING:
    from spacy.tokens import Token

_POSSIBLE = frozenset(
    {"may", "might", "could", "can", "would", "'d", "’d", "should", "must", "ought"}
)
_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo"})
_CONDITIONAL = frozenset({"if", "unless", "should", "provided", "providing", "supposing", "lest"})
_DELAY = frozenset({"postpone", "delay", "defer"})
_OPENINGS = (
    *("if ", "unless ", "provided ", "providing ", "should ", "as long as", "so long as"),
    *("in the event", "on condition", "only if", "only when"),
)
_UNTIL = frozenset({"until", "till", "before"})


@dataclass(frozen=True, slots=True)
class Reality:
    """How an act is told.

    asked    : it is the content of a demand, offer, promise, threat or refusal, which is the
               move; the act itself is not told
    promised : its own clause says "will" or "is to"
    by       : the word that decided, for explanation and tests
    """

    aspect: Aspect
    asked: bool = False
    promised: bool = False
    by: str = ""


def of(token: Token, lexicon: Lexicon) -> Reality:
    """The aspect of the act that `token` (a verb or an event noun) tells.

    Reads the token's own clause first, then climbs through what governs it: complements of
    "plan to", "consider", "refuse to", "call for", conditions, purposes. `historical` is
    the caller's, who knows the dates.
    """
    while token.dep_ == "conj" and token.tag_ == "VB" and _has_to(token):
        # "A was to return the boats, and B to open the bridge"
        inherited = _clause_of_subject(token.head)
        if inherited is not None:
            return inherited
        token = token.head
    if _conditional(token):
        return Reality(Aspect.HYPOTHETICAL, by="if")
    if grammar.negated(token):
        return Reality(Aspect.NEGATED, by="negation")
    own = _own_modality(token)
    if own is not None:
        return own
    current = token
    if not grammar.is_verb(token) and token.dep_ in {"nsubj", "nsubjpass"}:
        # "joint patrols are to start", "no agreement was reached": the verb's clause holds
        inherited = _clause_of_subject(token.head)
        if inherited is not None:
            return inherited
    for _ in range(8):
        governed = _governor(current)
        if governed is None:
            break
        governor, link = governed
        if link == "condition":
            return Reality(Aspect.HYPOTHETICAL, by=governor.text)
        if link == "purpose":
            scope = lexicon.complement_aspect(governor)
            mistaken = grammar.taken_for_purpose(governor) in (current, token)
            if scope is not None and scope[1] and (mistaken or grammar.is_passive(governor)):
                # "was called upon to free": the parser takes what is asked for a purpose
                return Reality(Aspect.HYPOTHETICAL, asked=True, by=governor.lemma_)
            return Reality(Aspect.FUTURE, by="to")
        if governor.lemma_ in _DELAY and link == "complement":
            return _delayed(governor)
        if link == "complement":
            if _has_yet(current, governor):
                return Reality(Aspect.NEGATED, by="yet")
            if _singled_out(current, governor):
                return Reality(Aspect.ACTUAL, by=governor.text)
            scope = lexicon.complement_aspect(governor)
            if scope is not None:
                aspect, asked = scope
                if asked:
                    return Reality(Aspect.HYPOTHETICAL, asked=True, by=governor.lemma_)
                if grammar.negated(governor) and aspect in {Aspect.FUTURE, Aspect.HYPOTHETICAL}:
                    aspect = Aspect.NEGATED
                return Reality(aspect, by=governor.lemma_)
            if current.dep_ == "acl" and current.tag_ == "VB":
                # "an opportunity to restore ties": an infinitive alone asserts nothing
                return Reality(Aspect.HYPOTHETICAL, by=governor.text)
            if governor.pos_ == "ADJ" and current.tag_ == "VB":
                return Reality(Aspect.HYPOTHETICAL, by=governor.text)
            if governor.pos_ in {"VERB", "AUX"} and current.tag_ in {"VB", "VBG", "NN", "NNS"}:
                # "managed to free", "began shelling", "failed talks": the governor's own clause
                if grammar.negated(governor):
                    return Reality(Aspect.NEGATED, by=governor.lemma_)
                inherited = _own_modality(governor)
                if inherited is not None:
                    return inherited
        current = governor
    return Reality(Aspect.ACTUAL)


def _clause_of_subject(verb: Token) -> Reality | None:
    if grammar.negated(verb):
        return Reality(Aspect.NEGATED, by=verb.lemma_)
    following = grammar.first(verb, "xcomp")
    if verb.lemma_ == "be" and following is not None and _is_to(following):
        return Reality(Aspect.FUTURE, by="is to")
    return _own_modality(verb)


def _delayed(verb: Token) -> Reality:
    """What was put off is still to come, unless it was put off until something that happened."""
    for prep in grammar.subtree(verb):
        if prep.lower_ in _UNTIL and any(
            token.tag_ == "VBD" for token in grammar.subtree(prep) if token != prep
        ):
            return Reality(Aspect.ACTUAL, by=verb.lemma_)
    return Reality(Aspect.FUTURE, by=verb.lemma_)


def _own_modality(token: Token) -> Reality | None:
    if not grammar.is_verb(token):
        return None
    auxiliaries = set(grammar.modals(token))
    perfect = "have" in auxiliaries or "has" in auxiliaries
    if auxiliaries & _FUTURE and not perfect:
        return Reality(Aspect.FUTURE, promised=True, by="will")
    if auxiliaries & _POSSIBLE:
        promised = bool(auxiliaries & {"would", "'d", "’d"})
        return Reality(Aspect.HYPOTHETICAL, promised=promised, by="modal")
    if _is_to(token):
        return Reality(Aspect.FUTURE, promised=True, by="is to")
    if _awaited(token):
        return Reality(Aspect.FUTURE, by="until")
    return None


def _has_to(verb: Token) -> bool:
    return any(child.lower_ == "to" for child in grammar.children(verb, "aux"))


def _is_to(token: Token) -> bool:
    """ "Armenia is to hand back …", "a memorandum is to be signed"."""
    return (
        token.dep_ == "xcomp"
        and token.head.lemma_ == "be"
        and grammar.first(token, "aux") is not None
        and any(child.lower_ == "to" for child in grammar.children(token, "aux"))
        and grammar.first(token.head, "acomp", "attr") is None
    )


def _conditional(token: Token) -> bool:
    marks = {child.lower_ for child in token.children if child.dep_ in {"mark", "advmod"}}
    if marks & (_CONDITIONAL - {"should"}):
        return True
    if token.dep_ in {"advcl", "pcomp"}:
        opening = token.doc[token.left_edge.i].lower_
        if opening == "should" or opening in _CONDITIONAL:
            return True
        return "as long as" in token.doc[token.left_edge.i : token.i].text.lower()
    return False


def _has_yet(verb: Token, governor: Token) -> bool:
    """ "has yet to lift the embargo"."""
    return governor.lemma_ in {"have", "be"} and any(
        token.lower_ == "yet" for token in verb.doc[governor.i : verb.i]
    )


def _singled_out(verb: Token, noun: Token) -> bool:
    """ "became the first country to recognise": an infinitive that tells what was done."""
    return noun.pos_ in {"NOUN", "PROPN", "ADJ"} and any(
        child.lower_ in {"first", "second", "third", "last", "latest", "only"}
        for child in (*noun.children, noun)
    )


def _awaited(token: Token) -> bool:
    """ "until the troops leave": told as still to come, unless in the past tense."""
    if token.dep_ not in {"advcl", "pcomp"} or token.tag_ in {"VBD", "VBN"}:
        return False
    marks = {child.lower_ for child in token.children if child.dep_ == "mark"}
    if token.dep_ == "pcomp" and token.head.lower_ in _UNTIL:
        return True
    return bool(marks & _UNTIL)


def _governor(token: Token) -> tuple[Token, str] | None:
    """The next word up that can change whether the act is told as done, and how it governs."""
    coordinated: Token | None = None  # with the first of these, where nothing governs the others
    while token.dep_ == "conj" and token.head != token:
        if grammar.first(token, "nsubj", "nsubjpass") is not None:
            break
        coordinated, token = token.head, token.head
    governed = _governed(token)
    if governed is None and coordinated is not None:
        return coordinated, "coordination"
    return governed


def _governed(token: Token) -> tuple[Token, str] | None:
    """What governs a word that takes no part in a coordination, or has its own subject in one."""
    label, head = token.dep_, token.head
    if label == "ROOT" or head == token:
        return None
    if label in {
        "xcomp",
        "ccomp",
        "csubj",
        "csubjpass",
        "nsubj",
        "nsubjpass",
        "dobj",
        "attr",
        "oprd",
    }:
        return head, "complement"
    if label == "advcl":
        if _conditional(token):
            return head, "condition"
        if token.tag_ == "VB" and any(c.lower_ == "to" for c in grammar.children(token, "aux")):
            return head, "purpose"
        return None
    if label == "acl":
        # a participle ("the accord signed in May") is told for itself
        return (head, "complement") if token.tag_ == "VB" else None
    if label in {
        "pcomp",
        "pobj",
        "prep",
        "agent",
        "dative",
        "amod",
        "compound",
        "poss",
        "nmod",
        "appos",
    }:
        return _through(head)
    return None


def _through(head: Token) -> tuple[Token, str] | None:
    """A preposition passes its object's government on to what it hangs on."""
    if head.pos_ in {"ADP", "SCONJ"} or head.dep_ in {"prep", "agent", "dative"}:
        if head.dep_ == "ROOT":
            return None
        if head.lower_ in {"after", "following", "since", "by", "during", "in", "at", "on", "from"}:
            return None  # "after the release": told as done whatever the clause says
        return head.head, "complement"
    return head, "complement"


def condition_of(token: Token) -> Token | None:
    """The head of the clause that states a condition for the act ("if all are released")."""
    seen: set[int] = set()
    current = token
    while current.i not in seen:
        seen.add(current.i)
        for child in current.children:
            if child.dep_ in {"advcl", "prep"} and _states_condition(child):
                return child
        if current.dep_ in {"xcomp", "ccomp", "conj", "dobj"} and grammar.is_verb(current.head):
            current = current.head
    return None


def _states_condition(clause: Token) -> bool:
    opening = clause.doc[clause.left_edge.i : min(clause.left_edge.i + 4, clause.right_edge.i + 1)]
    return opening.text.lower().startswith(_OPENINGS)
