"""Questions about noun phrases: what kind of noun it is, how it stands in its clause.

Labels and tags are those of spaCy's English pipelines (ClearNLP style, Penn Treebank).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from detente.reading.tables import parted, table

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})
MODIFIERS = frozenset({"compound", "amod", "nmod", "poss"})
WE = frozenset("we us our ours ourselves i me my mine myself".split())
IT = frozenset("it its itself".split())
THEY = frozenset("they them their theirs themselves".split())
ONE_PERSON = frozenset("he him his himself she her hers herself".split())
RELATIVE = frozenset({"WDT", "WP", "WP$"})
OFFICES = frozenset(
    "president premier minister chancellor king queen emir sultan shah emperor pope"
    " ayatollah".split()
)
LONGEST = 12
"""How long a coordination is followed."""
_PLACE = frozenset(
    "in at near inside outside around across through throughout over above within beyond via"
    " towards toward into off".split()
)
_MOTION = frozenset(
    "go fly travel arrive return come move drive head sail march flee deport ship walk"
    " bring carry evacuate flight trip journey tour road back".split()
)
_DEFINITE = frozenset("the this that these those both its their his her our each".split())
_CONTROLS = frozenset(
    "call urge ask tell order invite press force allow warn beg request persuade push want permit"
    " enable require instruct help compel oblige".split()
)
_EMBEDDED = frozenset("ccomp advcl relcl acl pcomp xcomp".split())
_NO_ROLE: frozenset[str] = frozenset()
_PARTS_OF_TOWN = frozenset(
    "streets centre center north south east west outskirts suburbs airport city docks gates middle"
    " town suburb district port heart".split()
)


@cache
def roles() -> dict[str, frozenset[str]]:
    """The classes of each noun that can stand for a party (roles.tsv)."""
    roles: dict[str, set[str]] = {}
    for kind, nouns in table("roles"):
        for noun in parted(nouns):
            roles.setdefault(noun.casefold(), set()).add(kind)
    return {noun: frozenset(kinds) for noun, kinds in roles.items()}


def classes(token: Token) -> frozenset[str]:
    """The token's classes as a noun; none for a word that is no noun."""
    if token.pos_ in ("VERB", "AUX", "ADP", "PUNCT", "DET") and token.lower_ not in (
        "both",
        "each",
    ):
        return _NO_ROLE
    known, word = roles(), token.lower_
    if token.tag_ == "NNPS" and word.endswith("s"):
        word = word[:-1]  # "the Presidents": a name's lemma keeps its ending
    return known.get(token.lemma_.lower()) or known.get(token.lower_) or known.get(word) or _NO_ROLE


def heads_phrase(token: Token) -> bool:
    """Whether a noun phrase, or a pronoun, hangs on this token."""
    if token.pos_ in ("NOUN", "PRON", "PROPN") or token.tag_ in ("PRP$", "WP$", "WP", "WDT"):
        return True
    return token.dep_ in (*SUBJECTS, "dobj", "pobj") and token.pos_ in ("NUM", "ADJ", "DET")


def weight(token: Token) -> float:
    """How prominent its grammatical role makes it: subjects before objects before the rest."""
    if token.dep_ == "conj" and token.head.i < token.i:
        return weight(token.head) if token.head.dep_ != "conj" else 2.0
    if token.dep_ in SUBJECTS:
        return 2.6 if token.head.dep_ in _EMBEDDED else 3.0
    if token.dep_ in ("dobj", "dative", "iobj"):
        return 2.0
    if token.dep_ == "pobj":
        return 2.2 if token.head.dep_ == "agent" else 1.5
    if token.dep_ == "poss":
        return 1.5
    if token.dep_ in ("compound", "amod", "nmod"):
        return 0.8
    return 1.2


def controller(verb: Token, token: Token) -> Token | None:
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


def names_office(words: str) -> bool:
    """Whether the words name an office of state."""
    return any(w.strip(".").lower() in OFFICES for w in words.replace("-", " ").split())


def is_plural(token: Token) -> bool:
    """Whether it speaks of several."""
    return token.tag_ in ("NNS", "NNPS") or token.lower_ in ("police", "people", *THEY, "we")


def is_definite(token: Token) -> bool:
    """Whether the, this, both, its or the like stands before it."""
    return any(
        c.lower_ in _DEFINITE and c.dep_ in ("det", "poss", "predet", "preconj")
        for c in token.children
    )


def has_determiner(token: Token) -> bool:
    """Whether an article, a possessor or a number stands before it."""
    return any(c.dep_ in ("det", "poss", "nummod") for c in token.children)


def is_bare_plural(token: Token) -> bool:
    """Whether it is a plural with nothing before it ("officials")."""
    return is_plural(token) and not has_determiner(token)


def says(token: Token, words: Iterable[str]) -> bool:
    """Whether one of the words hangs on it from before."""
    wanted = frozenset(words)
    return any(c.lower_ in wanted for c in token.children if c.i < token.i)


def is_locative(token: Token) -> bool:
    """Whether a capital is where something happens rather than who acts."""
    head = token.head
    for _ in range(LONGEST):
        if token.dep_ != "conj" or head.i == token.i:
            break
        token, head = head, head.head
    if token.dep_ in ("compound", "nmod", "npadvmod"):
        return not classes(head) and head.pos_ != "VERB"
    if token.dep_ != "pobj":
        return False
    word = head.lower_
    if word in _PLACE:
        return True
    if word in ("to", "from"):
        return {head.head.lemma_.lower(), head.head.head.lemma_.lower()} & _MOTION != set()
    return word == "of" and head.head.lower_ in _PARTS_OF_TOWN


def is_empty_it(token: Token) -> bool:
    """Whether "it" means nothing: "it is recalled that", "it was Qatar that"."""
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


def leads_up(token: Token) -> bool:
    """Whether a token can stand between a demonym and the name it introduces."""
    if token.is_space or token.tag_ == "CC":
        return False
    return (
        token.pos_ in ("NOUN", "PROPN", "ADJ", "DET", "NUM")
        or token.tag_ in ("POS", "HYPH", "VBN", "JJ")
        or token.lower_ in ("of", "for", "then", "-")
    )


def before_head(token: Token) -> Iterator[Token]:
    """Where each thing before a head in its noun phrase begins."""
    for child in token.children:
        if child.i < token.i and child.dep_ in (
            "det", "amod", "compound", "poss", "nmod", "nummod", "predet", "quantmod", "advmod",
        ):  # fmt: skip
            if child.pos_ != "VERB":
                yield child.left_edge if child.left_edge.pos_ != "PUNCT" else child


def conjuncts(token: Token) -> list[Token]:
    """What it is coordinated with, in the order of the text, at most LONGEST of them.

    spaCy's own attribute walks the whole chain for each link, which a list of a thousand
    names makes slow.
    """
    first = token
    for _ in range(LONGEST):
        if first.dep_ != "conj" or first.head.i >= first.i:
            break
        first = first.head
    found: list[Token] = []
    waiting = [first]
    while waiting and len(found) <= LONGEST:
        current = waiting.pop(0)
        found.append(current)
        waiting.extend(c for c in current.children if c.dep_ == "conj" and c.i > current.i)
    return [t for t in sorted(found, key=lambda t: t.i) if t.i != token.i]


def sentence_numbers(doc: Doc) -> list[int]:
    """For each token the number of its sentence, from 0."""
    numbers, now = [], -1
    for token in doc:
        now += bool(token.is_sent_start) or now < 0
        numbers.append(now)
    return numbers


def quoted(doc: Doc) -> list[bool]:
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
