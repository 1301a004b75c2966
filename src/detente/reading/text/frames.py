"""What a clause or an event noun offers a rule: its actors, objects and prepositions.

A frame has the same shape whether the act stands in a verb ("Chad freed two sailors"), a
noun under a light verb ("Chad launched an attack on …") or a bare noun ("Chad's release of
two sailors"), so that one rule table serves all three.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from detente.reading.text import grammar

if TYPE_CHECKING:
    from spacy.tokens import Token

# Verbs that only carry the noun they govern: what happens is in the noun.
LIGHT = frozenset(
    """make hold launch impose reach sign carry_out issue stage take give file perform conduct
    have undertake pay do mount open deliver lodge submit strike conclude put_forward lay_down
    send offer voice express raise announce begin start resume continue seek maintain lead
    declare observe enter carry deal inflict convene attend complete finish renew repeat step_up
    intensify escalate broker postpone delay defer order authorise authorize approve speed_up
    accelerate halve suffer proclaim level cast commit grant stag wage organise organize call
    set_up pass press mount unleash trigger lend extend table levy put bring provoke
    spark""".split()
)
# What an event noun may be the subject of, to be told as an event.
OCCUR = frozenset(
    """begin start take_place occur continue resume follow happen go_on erupt break_out end
    open proceed conclude fail collapse stall unfold ensue come last leave kill hit strike
    resume be""".split()
)

QUANTITIES = frozenset(
    """million billion thousand hundred dozen score number group member lot ton tonne kg kilo
    kilogram litre liter barrel gallon day week month series string spate wave round set part
    section piece patch convoy load truckload planeload batch pair bulk rest quantity amount
    stock shipment cache consignment""".split()
)
"""Nouns that only count what stands behind them ("ten days of war games")."""
COUNTED = 5
"""How many of them are looked through ("dozens of groups of thousands of")."""
_SIDES = frozenset({"between", "with", "against"})
_ASKING = frozenset("ask inquire enquire wonder".split())
_QUESTIONS = frozenset("whether if what how why when where who whom which whose".split())
# Nouns that only carry the act named before them ("a mediation mission").
CARRIERS = frozenset("mission effort drive campaign operation bid session round process".split())


@dataclass(frozen=True, slots=True)
class Frame:
    """The places a rule can look at.

    head        : the token the rule is about, verb or noun
    clause      : the verb whose negation, tense and modality hold for it
    subjects    : heads of the noun phrases that do it
    objects     : heads of what it is done to
    indirect    : heads of the indirect objects
    prepositions: heads behind each preposition
    possessors  : a noun's possessors ("Chad's offer"); modifiers: what stands before it
    complement  : the verb of a clausal complement, if there is one
    """

    head: Token
    clause: Token
    subjects: list[Token]
    objects: list[Token]
    indirect: list[Token]
    prepositions: dict[str, list[Token]]
    complement: Token | None
    complement_kind: str | None
    nominal: bool = False
    light: Token | None = None
    possessors: list[Token] = field(default_factory=list)
    modifiers: list[Token] = field(default_factory=list)


def of_verb(verb: Token) -> Frame:
    """The frame of a clause."""
    objects = grammar.objects(verb)
    prepositions = grammar.preposition_objects(verb)
    indirect = grammar.children(verb, "dative")
    indirect = [token for token in indirect if token.pos_ != "ADP"]
    for noun in objects[:1]:
        # "sanctions on Chad", "an attack against Chad": the parser hangs these on the noun.
        for name, tokens in grammar.preposition_objects(noun).items():
            prepositions.setdefault(name, []).extend(tokens)
    complement, kind = _complement(verb)
    return Frame(
        verb,
        verb,
        grammar.doers(verb),
        objects,
        [token for dative in indirect for token in grammar.coordinated(dative)],
        prepositions,
        complement,
        kind,
    )


def with_object(frame: Frame, noun: Token) -> Frame:
    """The frame with the object that the parser hung on a particle ("called in the envoy")."""
    objects = grammar.coordinated(noun)
    prepositions = {
        name: [token for token in tokens if token not in objects]
        for name, tokens in frame.prepositions.items()
    }
    for name, tokens in grammar.preposition_objects(noun).items():
        prepositions.setdefault(name, []).extend(tokens)
    return replace(frame, objects=objects, prepositions=prepositions)


def _complement(verb: Token) -> tuple[Token | None, str | None]:
    """The clausal complement: the verb's own, or one that its object or preposition holds.

    "agreed to open", "demanded that … be opened", "insisted on opening", "raised the
    possibility of opening", "filed a request to open".
    """
    for child in verb.children:
        if child.dep_ in {"xcomp", "ccomp"} and child.pos_ in {"VERB", "AUX"}:
            if verb.lemma_ in _ASKING and is_question(child) and not _polite(child):
                return None, None  # "asked whether the road was open" asks for nothing
            return child, child.dep_
    inner = _prepositional_clause(verb)
    if inner is not None:
        return inner, "pcomp"
    inner = grammar.taken_for_purpose(verb)
    if inner is not None:
        return inner, "xcomp"
    for noun in grammar.children(verb, "dobj"):
        infinitive = grammar.first(noun, "acl")
        if infinitive is not None and infinitive.tag_ == "VB":
            return infinitive, "xcomp"
        inner = _prepositional_clause(noun)
        if inner is not None:
            return inner, "pcomp"
    return None, None


def is_question(clause: Token) -> bool:
    """Whether a dependent clause is an indirect question: "whether …", "if …", "what …"."""
    opening = clause.left_edge
    return opening.lower_ in _QUESTIONS and opening.i < clause.i


def _polite(question: Token) -> bool:
    """Whether a question asks for a deed: "asked if Chad could open the road"."""
    subject = grammar.first(question, "nsubj")
    predicate = grammar.first(question, "acomp")
    if predicate is not None and predicate.lower_ == "possible":
        return True
    return (
        question.left_edge.lower_ in {"if", "whether"}
        and bool({"could", "would", "can", "will"} & set(grammar.modals(question)))
        and question.lemma_ not in {"like", "be", "prefer", "want"}
        and subject is not None
        and subject.pos_ != "PRON"
    )


def _prepositional_clause(token: Token) -> Token | None:
    for prep in grammar.children(token, "prep"):
        inner = grammar.first(prep, "pcomp")
        if inner is not None and inner.pos_ in {"VERB", "AUX"}:
            return inner
    return None


def listed_after(frame: Frame) -> list[Frame]:
    """Frames for the nouns that a list hung on the verb adds ("… but also the release of").

    Each stands for the same clause with the noun as its object.
    """
    verb = frame.head
    nouns = [
        child
        for child in grammar.children(verb, "conj")
        if child.pos_ in {"NOUN", "PROPN"} and child.i > verb.i
    ]
    asked_for = "for" in frame.prepositions and not frame.objects
    return [
        replace(
            frame,
            head=noun,
            objects=[] if asked_for else [noun],
            prepositions={**frame.prepositions, "for": [noun]} if asked_for else {},
            complement=None,
            complement_kind=None,
        )
        for noun in nouns
    ]


def of_adjective(adjective: Token) -> Frame | None:
    """The frame of "Chad is ready to …"; None for an adjective that is no predicate."""
    verb = adjective.head
    if not grammar.is_verb(verb):
        return None
    complement = grammar.first(adjective, "xcomp", "ccomp")
    kind = complement.dep_ if complement is not None else None
    subject = grammar.grammatical_subject(verb)
    return Frame(
        adjective,
        verb,
        grammar.coordinated(subject) if subject is not None else [],
        [],
        [],
        grammar.preposition_objects(adjective),
        complement,
        kind,
    )


def of_noun(noun: Token) -> Frame:
    """The frame of an event noun.

    Under a light verb ("launched an attack on") it takes the verb's subject, indirect
    object and prepositions as its own.
    """
    prepositions = grammar.preposition_objects(noun)
    inner = grammar.first(noun, "acl", "relcl")
    complement = inner if inner is not None and inner.tag_ == "VB" else None
    if inner is not None and inner.tag_ == "VBN" and (by := grammar.agent(inner)) is not None:
        prepositions.setdefault("by", []).extend(grammar.coordinated(by))
    if (done := carried_out(noun)) is not None:
        for name, tokens in grammar.preposition_objects(done).items():
            prepositions.setdefault(name, []).extend(tokens)
    verb = governing_verb(noun)
    light = None
    if verb is not None and is_light(verb) and _counted_by(noun) in grammar.objects(verb):
        light = verb
    subjects: list[Token] = []
    indirect: list[Token] = []
    if noun.dep_ == "nsubj" and grammar.is_verb(noun.head):
        if grammar.lemma(noun.head).replace(" ", "_") in OCCUR:
            for name, tokens in grammar.preposition_objects(noun.head).items():
                if name in _SIDES:  # "fighting broke out between the two"
                    prepositions.setdefault(name, []).extend(tokens)
    if light is not None:
        subjects = grammar.doers(light)
        indirect = [t for t in grammar.children(light, "dative") if t.pos_ != "ADP"]
        for name, tokens in grammar.preposition_objects(light).items():
            prepositions.setdefault(name, []).extend(tokens)
    return Frame(
        noun,
        light or verb or noun,
        subjects,
        prepositions.get("of", []),
        indirect,
        prepositions,
        complement,
        "xcomp" if complement is not None else None,
        True,
        light,
        grammar.children(noun, "poss"),
        grammar.children(noun, "amod", "compound", "nmod"),
    )


def carried_out(noun: Token) -> Token | None:
    """The participle that says that the act was done: "an attack carried out on Monday"."""
    done = grammar.first(noun, "acl")
    if done is not None and done.tag_ == "VBN" and is_light(done):
        return done
    return None


def _counted_by(noun: Token) -> Token:
    """The noun that counts this one ("ten days of war games"), or itself."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of":
        if noun.head.head.lemma_.lower() in QUANTITIES:
            return noun.head.head
    return noun


def governing_verb(noun: Token) -> Token | None:
    """The verb of the clause the noun phrase belongs to."""
    current = noun
    while current.dep_ != "ROOT":
        current = current.head
        if grammar.is_verb(current):
            return current
    return None


def is_light(verb: Token) -> bool:
    """Whether the verb only carries its object's act."""
    return grammar.lemma(verb).replace(" ", "_") in LIGHT
