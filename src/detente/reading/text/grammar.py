"""Questions about a dependency parse: who is the subject, what is passive, what is denied.

The labels are those of spaCy's English pipelines (ClearNLP style).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_TEXT = "detente text"
_CHILDREN = "detente children"
RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december""".split()
)
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_WAYS = frozenset("aside away back down forward home off out over together up".split())
_NOBODY = frozenset({"nobody", "none", "nothing", "neither", "no"})

# Verbs whose object, not subject, does what the infinitive says ("urged Iran to halt").
_OBJECT_CONTROL = frozenset(
    """ask urge tell order force allow permit invite persuade press pressure push get want let
    help enable compel require request expect encourage advise instruct warn authorise authorize
    call beg implore forbid lead bring oblige convince direct command cause make have need
    appeal see hear""".split()
)
_BLAME = frozenset(
    """accuse suspect blame charge convict condemn criticise criticize denounce prevent stop keep
    deter dissuade praise thank forgive pardon""".split()
)


def text_of(doc: Doc) -> str:
    """The text of a Doc, kept with it: spaCy joins it anew from all words at every call."""
    text: str | None = doc.user_data.get(_TEXT)
    if text is None:
        text = doc.user_data[_TEXT] = doc.text
    return text


def forget(doc: Doc) -> None:
    """Drop what was kept with a Doc; its words point back at it, which would keep it alive."""
    doc.user_data.pop(_TEXT, None)
    doc.user_data.pop(_CHILDREN, None)


def labelled(token: Token) -> list[tuple[str, Token]]:
    """Its dependents with their labels, in the order of the text; asked for again and again."""
    known: dict[int, list[tuple[str, Token]]] | None = token.doc.user_data.get(_CHILDREN)
    if known is None:
        known = token.doc.user_data[_CHILDREN] = {}
    own = known.get(token.i)
    if own is None:
        own = known[token.i] = [(child.dep_, child) for child in token.children]
    return own


def children(token: Token, *labels: str) -> list[Token]:
    """Its dependents with one of these labels, in the order of the text."""
    return [child for label, child in labelled(token) if label in labels]


def first(token: Token, *labels: str) -> Token | None:
    """Its first dependent with one of these labels."""
    return next((child for label, child in labelled(token) if label in labels), None)


def coordinated(token: Token) -> list[Token]:
    """The token and everything coordinated with it ("Hungary and Romania")."""
    found = [token]
    for current in found:
        found.extend(children(current, "conj"))
    return found


def subtree(token: Token) -> Iterator[Token]:
    """The token and all that hangs on it, in spaCy's order, however deep it is.

    spaCy's own `Token.subtree` calls itself for each step down.
    """
    waiting: list[tuple[Token, bool]] = [(token, False)]
    while waiting:
        current, opened = waiting.pop()
        if opened:
            yield current
            continue
        below = [child for _, child in labelled(current)]
        waiting.extend((child, False) for child in reversed(below) if child.i > current.i)
        waiting.append((current, True))
        waiting.extend((child, False) for child in reversed(below) if child.i < current.i)


def is_verb(token: Token) -> bool:
    """Whether it heads a clause: a verb, not an auxiliary."""
    return token.pos_ in {"VERB", "AUX"} and token.dep_ not in {"aux", "auxpass", "amod"}


def is_passive(verb: Token) -> bool:
    """Whether the clause is passive: its grammatical subject undergoes what the verb says."""
    while first(verb, "nsubjpass", "auxpass", "csubjpass") is None:
        if verb.dep_ != "conj" or verb.tag_ != "VBN":
            break
        if first(verb, "nsubj", "aux", "dobj") is not None:
            break
        if not is_verb(verb.head) or verb.head.tag_ != "VBN":
            return False
        verb = verb.head  # coordinated with one that says whether it is
    else:
        return True
    if verb.tag_ == "VBN" and verb.dep_ in {"acomp", "advcl"}:  # "stands accused of"
        return first(verb, "aux", "nsubj", "dobj") is None
    return verb.tag_ == "VBN" and verb.dep_ in {"acl", "amod"} and first(verb, "aux") is None


def agent(verb: Token) -> Token | None:
    """Who did it, in a passive clause with "by"."""
    for by in verb.children:
        if by.dep_ == "agent" or (by.dep_ == "prep" and by.lower_ == "by" and is_passive(verb)):
            found = first(by, "pobj")
            if found is not None:
                return found
    return None


def grammatical_subject(verb: Token) -> Token | None:
    """The head of the noun phrase that is the verb's subject, its own or a shared one.

    Infinitives and participles take the subject (or object) of the clause that governs
    them, coordinated verbs that of the first.
    """
    seen: set[int] = set()
    current = verb
    while current.i not in seen:
        seen.add(current.i)
        own = first(current, "nsubj", "nsubjpass")
        if own is not None:
            return own
        behind = _behind_a_date(current)
        if behind is not None:
            return behind
        label, head = current.dep_, current.head
        if label == "conj" and is_verb(head):
            current = head
        elif label in {"acl", "relcl"} and head.pos_ in {"NOUN", "PROPN", "PRON", "NUM"}:
            if current.tag_ != "VB" or not _is_bare_infinitive(current):
                return head
            # "its decision to release": the one whose decision it is
            return first(head, "poss") or _subject_above(head)
        elif label in {"xcomp", "ccomp", "advcl"} and is_verb(head):
            target = first(head, "dobj", "dative")
            if label != "advcl" and target is not None and head.lemma_ in _OBJECT_CONTROL:
                return target
            if is_passive(head) and label != "advcl":
                return first(head, "nsubjpass")
            if label == "ccomp" and current.tag_ not in {"VB", "VBG"}:
                return None
            current = head
        elif label == "pcomp" and head.dep_ in {"prep", "advmod"} and is_verb(head.head):
            blamed = first(head.head, "dobj", "nsubjpass")
            if blamed is not None and head.lower_ in {"of", "from", "for"}:
                if head.head.lemma_ in _BLAME:
                    return blamed  # "accused Chad of shelling": Chad is said to have shelled
            current = head.head
        elif label == "attr" and head.lemma_ == "be" and current.tag_ == "VBG":
            current = head  # "is mediating", parsed as if it were "is a teacher"
        elif label == "xcomp" and head.pos_ in {"ADJ", "NOUN"}:
            current = head.head if is_verb(head.head) else current
        else:
            return None
    return None


def taken_for_purpose(verb: Token) -> Token | None:
    """A complement the parser took for an adverbial: "sworn to fight", "pushing for X to yield".

    Only right behind a verb that has no object which the infinitive could be the purpose of.
    """
    if first(verb, "dobj") is not None:
        return None
    for clause in children(verb, "advcl"):
        opening = clause.left_edge
        near = opening.i - verb.i <= 3
        if near and clause.tag_ in {"VB", "VBP"} and opening.lower_ in {"to", "for"}:
            return clause
    return None


def _is_bare_infinitive(verb: Token) -> bool:
    """ "a rally to protest …", with no relative pronoun of its own."""
    marked = any(child.lower_ == "to" for child in children(verb, "aux"))
    return marked and not any(child.lower_ in RELATIVE for child in verb.children)


def _subject_above(noun: Token) -> Token | None:
    """The subject of the clause in which a noun is the object or stands behind "for"."""
    above = noun.head
    if noun.dep_ == "pobj" and above.lower_ == "for":
        above = above.head
    elif noun.dep_ not in {"dobj", "attr"}:
        return None
    return grammatical_subject(above) if is_verb(above) else None


def _behind_a_date(verb: Token) -> Token | None:
    """The subject that the parser glued to a date: "On Friday Qatar released …"."""
    for preposition in children(verb, "prep"):
        named = first(preposition, "pobj")
        if named is None or named.pos_ != "PROPN" or not preposition.i < named.i < verb.i:
            continue
        if any(child.lower_ in _CALENDAR for child in children(named, "compound")):
            return named
    return None


def preposition_objects(token: Token) -> dict[str, list[Token]]:
    """The nouns behind each preposition attached to a verb or noun, conjuncts included.

    Multi-word prepositions are also given by their parts' last word ("because of" -> of).
    """
    found: dict[str, list[Token]] = {}
    for adverb in token.children:
        if adverb.dep_ in {"advmod", "prt"} and adverb.lower_ in _WAYS:
            for prep in children(adverb, "prep"):  # "walked away from", "flew back to"
                _collect(prep, found)
    for prep in token.children:
        if prep.dep_ not in {"prep", "dative", "agent"} or prep.pos_ not in {
            "ADP",
            "SCONJ",
            "ADV",
            "VERB",
        }:
            continue
        if prep.lower_ != "according":
            _collect(prep, found)
    return found


def _collect(prep: Token, found: dict[str, list[Token]]) -> None:
    waiting = [(prep, iter(labelled(prep)))]
    while waiting:
        within, rest = waiting[-1]
        label, child = next(rest, ("", within))
        if label == "pobj":
            found.setdefault(within.lower_, []).extend(coordinated(child))
            if child.lower_ in _WEEKDAYS:  # "warned on Sunday of war"
                waiting.extend(
                    (behind, iter(labelled(behind))) for behind in children(child, "prep")
                )
        elif label == "prep":
            waiting.append((child, iter(labelled(child))))
        elif not label:
            waiting.pop()


def objects(verb: Token) -> list[Token]:
    """What the verb is done to: its direct object, or the subject of a passive."""
    if is_passive(verb):
        subject = grammatical_subject(verb)
        retained = [] if first(verb, "nsubjpass") is not None else children(verb, "dobj")
        return (coordinated(subject) if subject is not None else []) + retained
    direct = first(verb, "dobj")
    if direct is not None:
        return coordinated(direct)
    # "Ankara congratulates Azerbaijan": a name after the verb that the parser made an adverb
    for name in children(verb, "npadvmod"):
        if name.pos_ == "PROPN" and name.i > verb.i and name.ent_type_ not in {"DATE", "TIME"}:
            return coordinated(name)
    # "both sides they want to free": the object of a relative clause stands before it.
    for relative in children(verb, "pobj", "attr"):
        if relative.lower_ in RELATIVE:
            return [relative]
    return []


def doers(verb: Token) -> list[Token]:
    """Who does it: the subject of an active clause, the "by" of a passive one."""
    if is_passive(verb):
        by = agent(verb)
        return coordinated(by) if by is not None else []
    subject = grammatical_subject(verb)
    return coordinated(subject) if subject is not None else []


def lemma(verb: Token) -> str:
    """The verb's lemma with its particle: "hand over", "call off"."""
    particle = first(verb, "prt")
    base = verb.lemma_.lower()
    return f"{base} {particle.lower_}" if particle is not None else base


def negated(token: Token) -> bool:
    """Whether the clause or noun is denied by its own words: not, never, no, nobody, without.

    "not only … but also" denies nothing.
    """
    while not _denied(token):
        # "did not attack or threaten": the denial reaches over "or", not over "and" or "but"
        if token.dep_ != "conj" or not is_verb(token):
            return False
        if first(token, "nsubj", "nsubjpass") is not None:
            return False
        if not any(child.lower_ in {"or", "nor"} for child in children(token.head, "cc")):
            return False
        token = token.head
    return True


def _denied(token: Token) -> bool:
    """Whether the words that hang on it deny it, or "without" before it."""
    for child in token.children:
        if child.dep_ == "neg" or (
            child.dep_ in {"advmod", "preconj"} and child.lower_ in {"never", "nor"}
        ):
            if not _only_follows(child):
                return True
        if child.dep_ == "det" and child.lower_ in {"no", "neither"}:
            return True
        if child.dep_ in {"cc", "preconj"} and child.lower_ == "nor" and child.i < token.i:
            return True  # "Nor has Chad lifted …"
        if child.dep_ in {"nsubj", "nsubjpass", "dobj", "attr", "agent"}:
            if child.lower_ in _NOBODY:
                return True
            determiner = first(child, "det")
            if determiner is not None and determiner.lower_ in {"no", "neither"}:
                return True
            if child.left_edge.lower_ == "not" and child.left_edge.i == child.sent.start:
                return True  # "Not one litre has been delivered"
            if child.dep_ == "dobj" and any(grand.dep_ == "neg" for grand in child.children):
                return True
        if child.dep_ == "aux" and any(grand.dep_ == "neg" for grand in child.children):
            return True
    if token.dep_ == "pcomp" and token.head.lower_ == "without":
        return True
    return token.dep_ == "pobj" and token.head.lower_ == "without"


def _only_follows(negation: Token) -> bool:
    doc = negation.doc
    following = [doc[i].lower_ for i in range(negation.i + 1, min(negation.i + 4, len(doc)))]
    return bool({"only", "just", "merely", "simply"} & set(following))


def modals(verb: Token) -> list[str]:
    """Its auxiliaries, lower-case lemmas: will, may, have, be …"""
    while not (found := [child.lower_ for child in children(verb, "aux")]):
        if verb.dep_ != "conj" or not is_verb(verb.head):
            break
        if verb.tag_ != "VB" and not (verb.tag_ == "VBN" and is_passive(verb)):
            break
        verb = verb.head
    return found


def subtree_bounds(token: Token, *, without: frozenset[str] = frozenset()) -> tuple[int, int]:
    """First and last+1 token of what hangs on the token, leaving out some labels' subtrees.

    Bounds stop at punctuation and white space at either end.
    """
    known = {t.i for t in _descendants(token, without)}
    start = end = token.i
    # Only what is contiguous with the head: a parse error can throw words far away.
    while start - 1 in known:
        start -= 1
    while end + 1 in known:
        end += 1
    return trimmed(token.doc, start, end + 1)


def _descendants(token: Token, without: frozenset[str]) -> Iterator[Token]:
    yield token
    listed = any(child.pos_ in _NOMINAL for child in children(token, "conj"))
    for label, child in labelled(token):
        if label not in without or (listed and _lists(child)):
            yield from subtree(child)


def _lists(child: Token) -> bool:
    """Part of a list of nouns that the parser hung on the verb ("… but also the release")."""
    return child.dep_ == "cc" or (child.dep_ == "conj" and child.pos_ in _NOMINAL)


def trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Token bounds without the punctuation, white space and conjunctions at their ends."""
    while start < end and _is_edge(doc[start]):
        start += 1
    while end > start and (_is_edge(doc[end - 1]) or doc[end - 1].dep_ == "cc"):
        end -= 1
    return start, end


def _is_edge(token: Token) -> bool:
    return token.is_space or (
        token.is_punct and token.text not in {"(", ")", "[", "]", "%"} and not token.is_currency
    )
