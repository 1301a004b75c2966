"""What somebody is reported to believe, plan, wish or demand: indirect speech without a saying.

"Peru hopes the talks will resume", "plans to withdraw", "urged Chile to stop", "fears that …".
The cues stand in data/thoughts.tsv. They are statements of their kind and never decide what a
move is, which reads the same words for itself (moves.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from detente.reading.found import Statement, StatementKind
from detente.reading.tables import parted, table
from detente.reading.text import frames, grammar, nouns
from detente.reading.what import statements
from detente.reading.who.parties import Parties

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_POS = {"VERB": "v", "AUX": "v", "NOUN": "n", "ADJ": "a"}
_PERSONS = frozenset({"he", "she", "they", "we", "i", "who"})


@cache
def _cues() -> dict[tuple[str, str, str], StatementKind]:
    """By word, part of speech and what holds the content."""
    found: dict[tuple[str, str, str], StatementKind] = {}
    for kind, pos, held, words in table("thoughts"):
        for word in parted(words):
            for holder in parted(held):
                found.setdefault((word, pos, holder), _kind(kind))
    return found


def _kind(name: str) -> StatementKind:
    kinds: tuple[StatementKind, ...] = ("belief", "plan", "wish", "demand")
    return kinds[kinds.index(name)]


@cache
def _words() -> frozenset[tuple[str, str]]:
    return frozenset((word, pos) for word, pos, _ in _cues())


def find(doc: Doc, parties: Parties, said: Sequence[Statement]) -> list[Statement]:
    """Every such report of the text, in its order, besides what is already a statement.

    said : the statements of the text; what one of them contains wholly in the same words is
           not reported twice
    """
    known = {(each.start, each.end) for each in said}
    found = []
    for token in doc:
        pos = _POS.get(token.pos_)
        if pos is None or (_lemma(token), pos) not in _words():
            continue
        for each in _reported(token, pos, parties):
            if (each.start, each.end) not in known:
                known.add((each.start, each.end))
                found.append(each)
    return found


def _lemma(token: Token) -> str:
    return grammar.lemma(token) if token.pos_ == "VERB" else token.lemma_.lower()


def _reported(token: Token, pos: str, parties: Parties) -> Iterator[Statement]:
    if pos == "v" and (token.dep_ in {"aux", "amod", "prep", "mark"} or not _told(token)):
        return
    source = _source(token, pos, parties)
    if source is None:
        return
    for holder, start, end in _contents(token, pos):
        kind = _cues().get((_lemma(token), pos, holder))
        if kind is None or end - start < 2 or start <= source.i < end:
            continue
        if kind == "plan" and grammar.negated(token):
            continue
        speaker = statements.speaker_of(source, parties)
        made = statements.made(token.doc, speaker, token.text, [(start, end)], False)
        yield replace(made, kind=kind)
        return


def _told(verb: Token) -> bool:
    """Whether the clause tells it as so: no "may think", "to think", "assuming that …"; but
    "would like"."""
    if verb.dep_ == "advcl" and verb.lemma_ in {"assume", "suppose", "consider"}:
        return False
    return verb.lemma_ in {"like", "love", "prefer"} or statements.asserted(verb)


def _source(token: Token, pos: str, parties: Parties) -> Token | None:
    """Who thinks so: the subject, or whose thought the noun says it is."""
    if pos == "n":
        owner = grammar.first(token, "poss")
        verb = frames.governing_verb(token)
        if owner is None and verb is not None and token in grammar.children(verb, "dobj", "attr"):
            owner = grammar.grammatical_subject(verb) if statements.asserted(verb) else None
    elif pos == "a":
        owner = grammar.grammatical_subject(token.head) if grammar.is_verb(token.head) else None
    elif grammar.is_passive(token):
        owner = grammar.agent(token)
    else:
        owner = grammar.grammatical_subject(token)
    if owner is None:
        return None
    if owner.lower_ in _PERSONS or owner.ent_type_ == "PERSON":
        return owner
    return owner if parties.actors(owner) or nouns.classes(owner) else None


def _contents(token: Token, pos: str) -> Iterator[tuple[str, int, int]]:
    """What may be the content: how it is held, and its token bounds."""
    for clause in grammar.children(token, "ccomp", "xcomp", "acl", "advcl"):
        if clause.i < token.i or (clause.dep_ == "advcl" and not _mistaken(token, clause)):
            continue
        marked = any(child.lower_ == "to" for child in grammar.children(clause, "aux"))
        if marked and clause.tag_ == "VB":
            start, end = grammar.subtree_bounds(clause)
            yield "to", start, end
        elif clause.dep_ == "ccomp" or (pos == "n" and _that(clause)):
            yield "that", *statements.clause_bounds(clause, token)
    if pos == "v":
        for noun in grammar.children(token, "dobj")[:1]:
            inner = next((c for c in grammar.children(noun, "acl") if c.tag_ == "VB"), None)
            if inner is not None:
                yield "to", *grammar.subtree_bounds(inner)
            if noun.pos_ in {"NOUN", "PROPN"} and not nouns.classes(noun):
                yield "object", *grammar.subtree_bounds(noun)
    for prep in grammar.children(token, "prep"):
        held = grammar.first(prep, "pobj", "pcomp")
        infinitive = prep.lower_ == "to"  # "to" names an infinitive here
        if held is not None and held.pos_ != "PRON" and prep.i > token.i and not infinitive:
            yield prep.lower_, *grammar.subtree_bounds(held)


def _mistaken(token: Token, clause: Token) -> bool:
    return grammar.is_verb(token) and grammar.taken_for_purpose(token) == clause


def _that(clause: Token) -> bool:
    return any(c.dep_ == "mark" and c.lower_ == "that" for c in clause.children)
