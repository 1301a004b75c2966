"""What a move is about, as a noun phrase that can stand in a sentence.

"demanded that Peru withdraw its troops" is about the "withdrawal of its troops", "urged Chile
not to open the dam" about "opening the dam". No pronoun, no bare verb, no person, place or day
alone, no clause behind it. Where the words give none the matter is empty, and who needs words
takes the act's own noun (`detente.record.matter.general`): "talks", "a demand".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.reading.text import frames, grammar
from detente.reading.text.frames import Frame
from detente.reading.what.lexicon import Lexicon, Rule
from detente.reading.what.sides import SPEECH_ACTS
from detente.reading.who.parties import Parties
from detente.record.matter import BY_MODE
from detente.record.plover import MoveType

if TYPE_CHECKING:
    from spacy.tokens import Token

LONGEST = 12
"""Tokens; what is longer loses its last phrases."""

_ABOUT = ("on", "about", "over", "for", "of", "to", "from", "in", "with", "against", "into")
_DEEDS = frozenset(
    {
        *(MoveType.ASSAULT, MoveType.COERCE, MoveType.SANCTION, MoveType.RETREAT),
        *(MoveType.CONCEDE, MoveType.MOBILIZE),
    }
)
# Nouns of what is done, where the language has a better one than the verb's -ing form.
_NOUNS = {
    pair.split(":")[0]: pair.split(":")[1]
    for pair in """release:release free:release withdraw:withdrawal return:return resign:resignation
    arrest:arrest seize:seizure deport:deportation expel:expulsion convict:conviction
    attack:attack kidnap:kidnapping abduct:abduction investigate:investigation
    recognise:recognition recognize:recognition deploy:deployment extradite:extradition
    remove:removal deliver:delivery dissolve:dissolution evacuate:evacuation
    suspend:suspension resume:resumption repeal:repeal transfer:transfer
    implement:implementation ratify:ratification reduce:reduction destroy:destruction""".split()
}
_STOPPING = frozenset("end halt stop cease".split())
_OWN = frozenset(
    """my your his her its our their own this that these those such any some no every both each
    all another the a an""".split()
)
_CLAUSES = frozenset(
    {"relcl", "acl", "appos", "advcl", "ccomp", "parataxis", "punct", "xcomp", "dep"}
)
_NO_NOUN = frozenset(
    """something anything nothing everything one way thing matter question issue point fact
    occasion moment today tomorrow yesterday month week year day part number behalf order
    time connection regard respect view""".split()
)
_TIMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday
    tonight week month year day night morning afternoon evening hour minute january february
    march april june july august september october november december weekend""".split()
)
_LOOSE = frozenset({"prep", "conj", "cc", "npadvmod", "advmod"})


def of(frame: Frame, rule: Rule, parties: Parties, lexicon: Lexicon) -> str:
    """The matter of a move read by `rule` from `frame`; "" where the words give none."""
    return next((words for words in _ways(frame, rule, parties, lexicon) if words), "")


def _ways(frame: Frame, rule: Rule, parties: Parties, lexicon: Lexicon) -> list[str]:
    """What may be the matter, the best first."""
    found: list[str] = []
    if frame.complement is not None and rule.type in SPEECH_ACTS:
        found.append(of_clause(_asked(frame.complement, lexicon), parties))
    if frame.nominal:
        found.append(phrase(frame.head, parties))
    deed = BY_MODE.get((rule.type, rule.mode or ""), "")
    for noun in frame.objects[:1]:
        target = _antecedent(noun)
        if lexicon.has_class(target.lemma_.lower(), "refusal"):
            found += [phrase(inner, parties) for inner in _behind(target)]
        if rule.type in _DEEDS and not frame.nominal:
            whole = phrase(target, parties, anybody=True)
            act = deed or ("" if rule.pos != "v" else noun_of(frame.head))
            people = lexicon.has_class(target.lemma_.lower(), "people")
            bare = people or not _stands_alone(target, parties)
            if whole and act and (deed or bare) and deed != target.lemma_:
                found.append(f"{act} of {whole}")
        found.append(phrase(target, parties))
    for name in _ABOUT:
        found += [phrase(token, parties) for token in frame.prepositions.get(name, [])[:1]]
    if frame.complement is not None:
        found.append(of_clause(frame.complement, parties))
    return found


def phrase(noun: Token, parties: Parties, *, anybody: bool = False) -> str:
    """The noun phrase of a noun, without clauses behind it; "" where it says nothing alone.

    anybody : persons, places and parties may stand alone too (behind "release of")
    """
    if noun.pos_ not in {"NOUN", "PROPN", "NUM", "SYM"} and noun.tag_ != "VBG":
        return ""
    if noun.pos_ in {"NUM", "SYM"} and not anybody and noun.dep_ != "dobj":
        return ""
    if noun.lower_ in _TIMES or (noun.lemma_.lower() in _NO_NOUN and not list(_behind(noun))):
        return ""
    if not anybody and not _stands_alone(noun, parties):
        return ""
    return _words(noun)


def _stands_alone(noun: Token, parties: Parties) -> bool:
    """Whether a noun names a thing or an act, not merely somebody or some place."""
    if noun.ent_type_ in {"PERSON", "GPE", "LOC", "NORP", "DATE", "TIME", "FAC"}:
        return False
    if parties.is_party_word(noun) or parties.is_place(noun):
        return False
    if noun.pos_ == "NOUN" and noun.lemma_.lower() in frames.QUANTITIES:
        return True
    return not parties.actors(noun)


def noun_of(verb: Token) -> str:
    """The noun of what a verb tells: "withdrawal", "opening"."""
    lemma = verb.lemma_.lower()
    if not lemma.isalpha():
        return ""
    particle = grammar.first(verb, "prt")
    if particle is not None:
        return f"{_ing(lemma)} {particle.lower_}"
    return _NOUNS.get(lemma) or _ing(lemma)


def _ing(lemma: str) -> str:
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")) and lemma != "be":
        return lemma[:-1] + "ing"
    double = lemma in _DOUBLED or (
        len(lemma) <= 4
        and lemma[-1] in "bdglmnprt"
        and lemma[-2:-1] in "aeiou"
        and lemma[-3:-2] not in "aeiou"
        and lemma not in {"open", "offer"}
    )
    return (lemma + lemma[-1] if double else lemma) + "ing"


_DOUBLED = frozenset("admit commit permit transfer expel begin forget regret submit".split())


def _asked(verb: Token, lexicon: Lexicon) -> Token:
    """What a demand to refuse something is about: the thing, where it has an object."""
    if not lexicon.has_class(grammar.lemma(verb), "refuse_act"):
        return verb
    inner = grammar.first(verb, "xcomp", "pcomp")
    if inner is None:
        prep = next((p for p in grammar.children(verb, "prep") if p.lower_ == "from"), None)
        inner = grammar.first(prep, "pcomp", "pobj") if prep is not None else None
    return inner or next(iter(grammar.objects(verb)), verb)


def of_clause(verb: Token, parties: Parties) -> str:
    """A clause as a noun phrase ("withdrawal of its troops"); "" where it makes none."""
    if not grammar.is_verb(verb):
        return phrase(verb, parties, anybody=True)
    objects = [_antecedent(noun) for noun in grammar.objects(verb)]
    if verb.lemma_ == "be" or not verb.lemma_.isalpha():
        subject = grammar.first(verb, "nsubj")
        return phrase(subject, parties) if subject is not None else ""
    inner = grammar.first(verb, "xcomp")
    if inner is not None and grammar.is_verb(inner) and not objects:
        return of_clause(inner, parties)  # "to begin to withdraw"
    act = noun_of(verb)
    if objects:
        thing = phrase(objects[0], parties, anybody=True)
        if thing and (verb.lemma_ in _STOPPING):
            return f"an end to {thing}"
        if frames.is_light(verb) and verb.lemma_ not in _NOUNS:
            alone = phrase(objects[0], parties)
            if alone:
                return alone
        if not thing:
            return ""
        plain = act in _NOUNS.values() or grammar.is_passive(verb)
        behind = "on" if act == "attack" else "of"
        return _cut(f"{act} {behind} {thing}" if plain else f"{act} {thing}")
    subject = grammar.first(verb, "nsubj", "nsubjpass")
    if subject is not None and not parties.actors(subject):
        thing = phrase(subject, parties)
        return _cut(f"{act} of {thing}") if thing else ""
    for prep in grammar.children(verb, "prep"):
        for noun in grammar.children(prep, "pobj"):
            thing = phrase(noun, parties, anybody=True)
            if thing and act:
                return _cut(f"{act} {prep.lower_} {thing}")
    return act if act in _NOUNS.values() else ""


def _behind(noun: Token) -> list[Token]:
    """What a noun is of: "rejection of the plan", "opposition to it"."""
    return [
        inner
        for prep in grammar.children(noun, "prep")
        if prep.lower_ in {"of", "to"}
        for inner in grammar.children(prep, "pobj")
    ]


def _antecedent(token: Token) -> Token:
    """The noun a relative pronoun stands for."""
    if token.lower_ in grammar.RELATIVE:
        return next((verb.head for verb in token.ancestors if verb.dep_ == "relcl"), token)
    return token


def _words(noun: Token) -> str:
    """The words of a noun phrase, from its first to the last that still belongs to it."""
    members = sorted(_members(noun))
    doc = noun.doc
    at = members.index(noun.i)
    first = at
    while first > 0 and members[first - 1] == members[first] - 1:
        first -= 1
    last = at
    while last + 1 < len(members) and members[last + 1] == members[last] + 1:
        last += 1
    start, end = grammar.trimmed(doc, members[first], members[last] + 1)
    while end - start > LONGEST and end > noun.i + 1:
        end = max(
            (t.i for t in doc[noun.i + 1 : end - 1] if t.dep_ in {"prep", "cc"}),
            default=noun.i + 1,
        )
    start, end = grammar.trimmed(doc, max(start, end - LONGEST), end)
    while end - 1 > noun.i and doc[end - 1].pos_ in {"ADP", "DET", "CCONJ", "SCONJ", "PART"}:
        end -= 1
    while start < noun.i and doc[start].lower_ in {"any", "no", "not", "only", "both", "even"}:
        start += 1
    words = " ".join(doc[start:end].text.split())
    if doc[start].pos_ in {"DET", "ADJ"} and doc[start].ent_type_ == "" and doc[start].is_title:
        words = words[:1].lower() + words[1:]  # it stood at the head of its sentence
    return words.strip(" \"“”‘'[(")


def _members(noun: Token) -> set[int]:
    """Tokens of the phrase: no clauses, no times, and a list only of nouns."""
    found = {noun.i}
    for label, child in grammar.labelled(noun):
        if label in _CLAUSES and not (label == "punct" and child.text in {"-", "–"}):
            continue
        if child.i > noun.i and label in _LOOSE:
            inner = grammar.first(child, "pobj")
            if label == "prep" and (
                inner is None or inner.lower_ in _TIMES or inner.pos_ == "PRON"
            ):
                continue
            if label in {"npadvmod", "advmod"} or (label == "conj" and not _noun(child)):
                continue
            if label == "cc" and not any(map(_noun, grammar.children(noun, "conj"))):
                continue
        found |= _members(child)
    return found


def _noun(token: Token) -> bool:
    return token.pos_ in {"NOUN", "PROPN"}


def _cut(words: str) -> str:
    """At most LONGEST words, never ending on a small one."""
    parts = words.split()
    if len(parts) > LONGEST:
        parts = parts[:LONGEST]
        while parts and (
            parts[-1].lower() in _OWN | {"of", "to", "in", "on", "for", "and", "with"}
        ):
            parts.pop()
    return " ".join(parts)
