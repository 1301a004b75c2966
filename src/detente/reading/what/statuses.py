"""Standing facts: embassies, ambassadors, offices, recognition, designations, detainees.

A status is told by a verb of having or being ("has ambassadors in …", "remains closed",
"is designated as …"), not by an act; acts are moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.reading.found import Actor, FoundStatus, Speaker
from detente.reading.text import grammar
from detente.reading.what import aspects
from detente.reading.what.lexicon import Lexicon
from detente.reading.what.statements import Said, by_token
from detente.reading.when.dating import When
from detente.reading.who.parties import Parties
from detente.record.dates import PartialDate
from detente.record.plover import Aspect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

_POSTS = {
    "embassy": "embassy",
    "mission": "embassy",
    "ambassador": "ambassador",
    "envoy": "ambassador",
    "office": "office",
    "consulate": "office",
    "bureau": "office",
    "post": "office",
}
_HAVE = frozenset({"have", "maintain", "keep", "operate", "run", "staff", "retain"})
_LAST = frozenset({"remain", "stay", "be", "stand"})
_LISTED = frozenset({"designate", "list", "blacklist", "brand", "classify", "proscribe"})
_TERROR = frozenset({"terrorist", "terror", "terrorism", "blacklist", "proscribed"})
_HELD = frozenset({"hold", "detain", "jail", "imprison", "keep"})
_CLOSED = frozenset({"close", "shut"})
_TELLING = _HAVE | _LAST | _CLOSED | _LISTED | _HELD  # any other verb tells none of these facts


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing fact and the index of the verb that tells it (which tells no move)."""

    head: int
    status: FoundStatus


def find(
    doc: Doc, parties: Parties, when: When, said: list[Said], lexicon: Lexicon
) -> list[Standing]:
    """The standing facts a text tells, in its order."""
    found: list[Standing] = []
    inside = by_token(said)
    for token in doc:
        if token.lemma_.lower() not in _TELLING or not grammar.is_verb(token):
            continue
        if aspects.of(token, lexicon).aspect is not Aspect.ACTUAL:
            continue
        for attribute, value, by, to, what in _facts(token, parties):
            status = _status(token, attribute, value, by, to, what, when, inside)
            found.append(Standing(token.i, status))
    for token in doc:
        if token.lemma_.lower() == "recognize" or token.lemma_.lower() == "recognise":
            by, to = _unrecognised(token, parties)
            if to:
                status = _status(token, "recognition", "none", by, to, "recognition", when, inside)
                found.append(Standing(token.i, status))
    return sorted(found, key=lambda each: (each.status.start, each.status.end))


_Fact = tuple[str, str | None, tuple[Actor, ...], tuple[Actor, ...], str]


def _facts(verb: Token, parties: Parties) -> Iterator[_Fact]:
    lemma = verb.lemma_.lower()
    if lemma in _HAVE and not grammar.is_passive(verb) and not grammar.negated(verb):
        yield from _posts_held(verb, parties)
    if lemma in _LAST:
        yield from _closed_or_open(verb, parties)
    if lemma in _CLOSED and "been" in {t.lower_ for t in verb.children}:
        yield from _closed_since(verb, parties)
    if lemma in _LISTED and grammar.is_passive(verb):
        yield from _designated(verb, parties)
    if lemma in _HELD and grammar.is_passive(verb):
        yield from _held(verb, parties)


def _posts_held(verb: Token, parties: Parties) -> Iterator[_Fact]:
    """ "The Taliban has ambassadors in China and the Emirates, and an office in Doha"."""
    holders = tuple(a for token in grammar.doers(verb) for a in parties.actors(token))
    if not holders:
        return
    for post in grammar.subtree(verb):
        if post.pos_ != "NOUN":
            continue
        attribute = _POSTS.get(post.lemma_.lower())
        if attribute is None:
            continue
        what = _words(post)
        for place in _places(post) or (_places(verb) if post.head == verb else []):
            hosts = parties.affiliation(place)
            for host in hosts:
                if host.code not in {holder.code for holder in holders}:
                    yield attribute, None, holders, (host,), what
    return


def _places(token: Token) -> list[Token]:
    found = grammar.preposition_objects(token)
    return [*found.get("in", []), *found.get("at", [])]


def _closed_or_open(verb: Token, parties: Parties) -> Iterator[_Fact]:
    """ "In Washington, the embassy of Afghanistan remains closed"."""
    subject = grammar.first(verb, "nsubj")
    state = grammar.first(verb, "acomp", "oprd", "attr", "xcomp", "ccomp")
    if subject is None or state is None or subject.lemma_.lower() not in _POSTS:
        return
    attribute = _POSTS[subject.lemma_.lower()]
    word = state.lemma_.lower()
    if word in {"close", "closed", "shut", "shuttered"}:
        value: str | None = "closed" if attribute == "embassy" else "none"
    elif word == "open":
        value = "open"
    else:
        return
    yield from _post(attribute, value, subject, verb, parties)


def _post(
    attribute: str, value: str | None, subject: Token, verb: Token, parties: Parties
) -> Iterator[_Fact]:
    """A post's status: whose it is, and in whose country the clause or its name places it."""
    owners = parties.affiliation(subject)
    own = {owner.code for owner in owners}
    hosts = tuple(
        actor
        for place in (*_places(verb), *_places(subject))
        for actor in parties.affiliation(place)
        if actor.code not in own
    )
    if owners:
        yield attribute, value, owners, hosts, _words(subject)


def _closed_since(verb: Token, parties: Parties) -> Iterator[_Fact]:
    """ "The embassy has been closed since March": it stands closed."""
    subject = grammar.first(verb, "nsubjpass", "nsubj")
    if subject is None or _POSTS.get(subject.lemma_.lower()) != "embassy":
        return
    yield from _post("embassy", "closed", subject, verb, parties)


def _designated(verb: Token, parties: Parties) -> Iterator[_Fact]:
    """ "is still designated as a terrorist organisation by Washington"."""
    target = grammar.grammatical_subject(verb)
    by = grammar.agent(verb) or _author(verb)
    label = " ".join(token.lower_ for token in grammar.subtree(verb))
    if target is None or by is None or not any(word in label for word in _TERROR):
        return
    authors = parties.actors(by) or parties.affiliation(by)
    listed = parties.actors(target) or parties.affiliation(target)
    if authors and listed:
        yield "designation", "listed", authors, listed, "designation as a terrorist organisation"


def _author(verb: Token) -> Token | None:
    """The "by" that the parser hung on the label ("as terrorists by the United States")."""
    for token in grammar.subtree(verb):
        if token.lower_ == "by" and (named := grammar.first(token, "pobj")) is not None:
            return named
    return None


def _held(verb: Token, parties: Parties) -> Iterator[_Fact]:
    """ "prisoners held by the US in Guantanamo": the standing fact, not an arrest."""
    by = grammar.agent(verb)
    target = grammar.grammatical_subject(verb)
    if by is None or target is None or target.pos_ not in {"NOUN", "PROPN"}:
        return
    if target.lemma_.lower() not in {
        "prisoner",
        "detainee",
        "hostage",
        "captive",
        "national",
        "citizen",
    }:
        return
    holders = parties.actors(by) or parties.affiliation(by)
    if holders:
        owners = tuple(
            a for a in parties.affiliation(target) if a.code not in {h.code for h in holders}
        )
        yield "detainee", "held", holders, owners, _words(target)


def _unrecognised(verb: Token, parties: Parties) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """ "No country has recognized the Taliban": by nobody in particular, so `by` is empty."""
    if not grammar.is_verb(verb) or not grammar.negated(verb):
        return (), ()
    subject = grammar.grammatical_subject(verb)
    if subject is None:
        return (), ()
    by = parties.actors(subject)
    to = tuple(a for token in grammar.objects(verb) for a in parties.actors(token))
    return by, to


def _words(token: Token) -> str:
    start, end = grammar.subtree_bounds(token, without=frozenset({"relcl", "conj", "cc", "acl"}))
    return " ".join(token.doc[start:end].text.split())


def _status(
    verb: Token,
    attribute: str,
    value: str | None,
    by: tuple[Actor, ...],
    to: tuple[Actor, ...],
    what: str,
    when: When,
    inside: dict[int, list[Said]],
) -> FoundStatus:
    sentence = verb.sent
    start, end = grammar.subtree_bounds(verb, without=frozenset({"advcl", "parataxis"}))
    if grammar.first(verb, "nsubj", "nsubjpass") is None and verb.dep_ == "relcl":
        start = min(start, verb.left_edge.i)
    start, end = grammar.trimmed(verb.doc, max(start, sentence.start), min(end, sentence.end))
    span = verb.doc[start:end]
    speaker: Speaker | None = next(
        (s.statement.speaker for s in inside.get(verb.i, ()) if s.cue is None or s.cue != verb),
        None,
    )
    return FoundStatus(
        attribute,
        value,
        by,
        to,
        what,
        span.text,
        span.start_char,
        span.end_char,
        _since(when.date_of(verb)) if attribute != "recognition" else None,
        None,
        0.7 if by and to else 0.5,
        speaker,
    )


def _since(date: PartialDate | None) -> PartialDate | None:
    """When it began: "closed since March 2022" is dated from then to the report."""
    if date is None or ".." not in date.text:
        return date
    start = date.text.removeprefix("~").split("..")[0]
    return PartialDate.parse(start[:7] if start.endswith("-01") else start)
