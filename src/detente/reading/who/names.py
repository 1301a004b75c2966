"""Finding the names of parties and persons in one parsed text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from detente.reading.tables import parted, table
from detente.reading.text import grammar
from detente.reading.who.gazetteer import (
    Gazetteer,
    How,
    Kind,
    Match,
    Named,
    fold,
    holds,
    slug,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from detente.record.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Name:
    """A party or person named in the text.

    first, last : its tokens, doc[first:last]
    start, end  : its characters, doc.text[start:end]
    how         : as in gazetteer.Form
    acts        : False where it only stands inside a word ("anti-Taliban", "Russian-brokered")
    party       : for a person, whom the lists say they speak for
    """

    first: int
    last: int
    start: int
    end: int
    named: tuple[Named, ...]
    how: How
    acts: bool = True
    party: Named | None = None
    office: str | None = None


_ACRONYM = re.compile(
    r"\(\s{0,9}+(?:the\s{1,9}+)?[\"“”']?([A-Z][A-Za-z.&-]{1,9})[\"“”']?\s{0,9}+\)"
)
_SHORT = re.compile(r"(?<![\w-])(?=([A-Z][A-Za-z.&-]{1,9}))")
_ORGANISED = (
    "Front|Army|Movement|Party|League|Alliance|Coalition|Congress|Brigades?|Resistance|Militia"
    "|Platform|Union|Tigers|Fighters|Group|Organi[sz]ation|Council|Commission|Agency|Tribunal"
)
_MAKE = re.compile(_ORGANISED)
_SHORT_FORM = re.compile(rf"\b[Tt]he ({_ORGANISED})\b(?! [A-Z])")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_INITIALLED = re.compile(r"[\w’'.-]+")
_OPPOSED = re.compile(r"\b(?:anti|pro|ex|non|un)[-‑]$", re.IGNORECASE)
_COMPOUND = re.compile(r"[-‑](\w+)")
_WORD = r"[A-Z][\w’'-]{0,40}[\w]"
_ORGANISATION = re.compile(
    rf"(?:(?:{_WORD})[ ](?:(?:and|of|for|the)[ ])?){{0,6}}?\b(?:{_ORGANISED})\b"
    rf"(?:[ ](?:of|for)(?:[ ](?:the|a))?(?:[ ]{_WORD})+"
    rf"(?:[ ](?:of|and)(?:[ ]the)?(?:[ ]{_WORD})+)*)?"
)
_ARMED = re.compile(
    r"\b(Front|Army|Brigades?|Resistance|Militia|Tigers|Fighters|Liberation|Armed)\b"
)
# Bodies of a state are no parties of their own when its name comes before them.
_OF_STATE = re.compile(r"(Army|Congress|Council|Commission|Agency|Union|Tribunal|Party|Group)$")
_DATELINE = re.compile(
    r"^(?P<city>[^\W\d_][\w.’' /-]{1,30}?)(?:,\s*[^\W\d_][\w. ]{1,25}?)?(?:\s*\([^)\n]{1,30}\))?"
    r"(?:,?\s+(?:\d{1,2}\s+\w+\.?(?:\s+\d{4})?|\w+\.?\s+\d{1,2}(?:,\s*\d{4})?))?"
    r"(?:\s*\([^)\n]{1,30}\))?\s*(?:--|[-—–])\s",
    re.MULTILINE,
)
TITLES = frozenset(
    "mr mrs ms dr president premier minister chancellor king queen emir sultan sheikh sheik general"
    " gen lt col colonel admiral marshal ambassador secretary senator sen rep governor gov mayor"
    " pope ayatollah mullah reverend rev archbishop bishop prince princess lord lady sir professor"
    " prof commander captain major envoy spokesman spokeswoman spokesperson leader negotiator"
    " counselor counsellor undersecretary congressman congresswoman judge chairman chief"
    " secretary-general taoiseach".split()
)
_AGAINST = re.compile(r"(?:anti|pro|non)\s?[-‑]", re.IGNORECASE)
_HONORIFICS = frozenset("mr mrs ms dr prof professor sir lady mr. mrs. ms. dr.".split())


def find(doc: Doc, gazetteer: Gazetteer, day: PartialDate | None = None) -> list[Name]:
    """Every name in the text, in order, none overlapping.

    day : when it was written; who was in no office then speaks for nobody
    """
    text = grammar.text_of(doc)
    names = _from_lists(doc, text, gazetteer, day)
    names = _with_introduced(doc, text, names)
    names = _with_acronyms(doc, text, names, gazetteer)
    names = _with_short_forms(doc, text, names)
    names = _with_persons(doc, text, names, gazetteer)
    names += list(_governments(doc, text, names))
    names.sort(key=lambda n: n.start)
    kept = [n for n in names if n.how != "blocked" and _stands_alone(doc, n)]
    return [_inside_word(text, n) for n in kept]


def _stands_alone(doc: Doc, name: Name) -> bool:
    """Whether a title is a party word by itself: "the Secretary-General", no name around it."""
    if name.how != "title":
        return True
    before = doc[name.first - 1] if name.first else None
    if before is None or before.lower_ != "the":
        return False
    after = doc[name.last] if name.last < len(doc) else None
    return after is None or not (after.text[:1].isupper() and after.is_alpha)


def dateline(doc: Doc, gazetteer: Gazetteer) -> Named | None:
    """The state whose capital the text is dated from; whose `we` a communiqué speaks with."""
    for line in _DATELINE.finditer(grammar.text_of(doc)[:2000]):
        form = gazetteer.form(line["city"].strip())
        if form and form.how == "capital":
            return form.named[0]
    return None


# --- what the lists know ---------------------------------------------------------------


def _from_lists(doc: Doc, text: str, gazetteer: Gazetteer, day: PartialDate | None) -> list[Name]:
    matches = [_in_office(match, day) for match in gazetteer.match(text)]
    dated = {m.start("city") for m in _DATELINE.finditer(text)}
    matches = [m for m in matches if not (_is_capital(m) and m.start in dated)]
    said = {n.code for m in matches if not m.form.needs for n in m.form.named}
    matches = [m for m in matches if not m.form.needs or m.form.needs & said]
    meant = cache(lambda words: _meant(words, text))
    matches = [m for m in matches if m.form.own or meant(text[m.start : m.end])]
    matches = _historic_capitals(matches, text, gazetteer)
    declared = {match.start for match in matches if match.form.own}
    names = [name for match in matches if (name := _name(doc, match))]
    plainly = {n.code for m in matches if not _is_capital(m) for n in m.form.named}
    names = [n for n in names if n.start in declared or not _of_a_person(doc, n)]
    return [_brussels(n, plainly, gazetteer) for n in names]


def _in_office(match: Match, day: PartialDate | None) -> Match:
    if holds(match.form, day):
        return match
    return replace(match, form=replace(match.form, party=None, office=None))


def _is_capital(match: Match) -> bool:
    return match.form.how == "capital"


def _name(doc: Doc, match: Match) -> Name | None:
    span = doc.char_span(match.start, match.end, alignment_mode="expand")
    if span is None:
        return None
    form = match.form
    return Name(
        span.start, span.end, match.start, match.end, form.named, form.how,
        party=form.party, office=form.office,
    )  # fmt: skip


@cache
def _ambiguous() -> dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
    def pattern(words: str) -> re.Pattern[str] | None:
        alternatives = "|".join(map(re.escape, parted(words)))
        return re.compile(rf"\b(?:{alternatives})\b") if alternatives else None

    return {
        row[0]: (pattern((*row, "", "")[1]), pattern((*row, "", "")[2]))
        for row in table("ambiguous")
    }


def _meant(words: str, text: str) -> bool:
    """Whether an ambiguous name means the party here (ambiguous.tsv)."""
    if words not in _ambiguous():
        return True
    unless, only_if = _ambiguous()[words]
    if only_if and only_if.search(text):
        return True
    return unless is not None and not unless.search(text)


def _historic_capitals(matches: list[Match], text: str, gazetteer: Gazetteer) -> list[Match]:
    """Moscow is the Soviet Union's where the text names that and never Russia."""
    plainly = {n.code for m in matches if not _is_capital(m) for n in m.form.named}
    swaps = {
        (capital, old.successor): old.named
        for old in gazetteer.historic
        if old.named.code in plainly and old.successor and old.successor not in plainly
        for capital in old.capitals
    }
    if not swaps:
        return matches
    return [_swapped(m, text, swaps) for m in matches]


def _swapped(match: Match, text: str, swaps: dict[tuple[str, str], Named]) -> Match:
    if match.form.how not in ("capital", "seat"):
        return match
    key = (fold(text[match.start : match.end]).casefold(), match.form.named[0].code)
    if key not in swaps:
        return match
    return replace(match, form=replace(match.form, named=(swaps[key],)))


def _brussels(name: Name, plainly: set[str], gazetteer: Gazetteer) -> Name:
    """Brussels speaks for the European Union unless the text is about Belgium."""
    if name.how != "capital" or name.named[0].code != "BEL" or "BEL" in plainly:
        return name
    union = gazetteer.named("European Union")
    if union is None:
        return name
    return replace(name, named=(union,))


def _of_a_person(doc: Doc, name: Name) -> bool:
    """A country's or city's name that is part of a person's name ("Paris Hilton")."""
    if name.how not in ("name", "capital") or name.named[0].kind != "state":
        return False
    if name.last - name.first > 1:
        return False
    entity = _entity_at(doc, name.first)
    if entity is None or entity.label_ != "PERSON" or len(entity) < 2:
        return False
    others = [t for t in entity if t.i != name.first and t.is_alpha]
    return bool(others) and all(t.text[:1].isupper() and t.tag_ == "NNP" for t in others)


def _entity_at(doc: Doc, i: int) -> Span | None:
    token = doc[i]
    if not token.ent_type_:
        return None
    first, last = i, i + 1
    while first > 0 and doc[first].ent_iob_ == "I":
        first -= 1
    while last < len(doc) and doc[last].ent_iob_ == "I":
        last += 1
    span = doc[first:last]
    span.label_ = token.ent_type_
    return span


# --- what the text introduces ----------------------------------------------------------


class _Taken:
    """Which characters have a name already."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = sorted(names, key=lambda n: n.start)
        self._starts = [n.start for n in self._names]

    def over(self, start: int, end: int) -> list[Name]:
        """The names that share a character with text[start:end]."""
        at = max(bisect_right(self._starts, start) - 1, 0)
        found = []
        while at < len(self._names) and self._names[at].start < end:
            if self._names[at].end > start:
                found.append(self._names[at])
            at += 1
        return found


def _with_introduced(doc: Doc, text: str, names: list[Name]) -> list[Name]:
    """Adds organisations the lists lack, known by their make ("Sudan Liberation Army")."""
    taken = _Taken(names)
    added: list[Name] = []
    swallowed: set[int] = set()
    for match in _ORGANISATION.finditer(text):
        start, end = _without_article(text, *match.span())
        words = text[start:end]
        inside = taken.over(start, end)
        if not _is_organisation(words, inside) or _in_capitals(text, start, end):
            continue
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            continue
        named = Named(words, slug(words), _kind(words))
        added.append(Name(span.start, span.end, start, end, (named,), "name"))
        swallowed.update(n.start for n in inside)
    return [n for n in names if n.start not in swallowed] + added


def _without_article(text: str, start: int, end: int) -> tuple[int, int]:
    for article in ("The ", "A ", "An ", "Both ", "But ", "And ", "In "):
        if text.startswith(article, start):
            return start + len(article), end
    return start, end


def _is_organisation(words: str, inside: list[Name]) -> bool:
    if len(words.split()) < 2 or any(n.how == "blocked" for n in inside):
        return False
    if any(n.how not in ("name", "demonym", "people") for n in inside):
        return False
    if any(n.named[0].kind != "state" for n in inside if n.named):
        return False
    rest = words
    if inside and words.startswith(words[: inside[0].end - inside[0].start]):
        rest = words[inside[0].end - inside[0].start :].strip()
    plain = len(rest.split()) < 2 or rest == words
    if inside and plain and _OF_STATE.search(words) and len(rest.split()) < 2:
        return False  # "the Turkish Army" is Turkey's
    if len(words.split()) == 2 and not inside and _OF_STATE.search(words):
        return words.endswith(("Party", "Union", "Army", "Congress"))
    return True


def _kind(words: str) -> Kind:
    return "group" if _ARMED.search(words) else "organisation"


def _in_capitals(text: str, start: int, end: int) -> bool:
    """Whether this stands in a headline, where capitals say nothing."""
    line = text[max(start - 150, 0) : start].rsplit("\n", 1)[-1] + text[start:end]
    line += text[end : end + 150].split("\n", 1)[0]
    words = _LONG_WORD.findall(line)
    return len(words) > 4 and sum(w[0].isupper() for w in words) > 0.8 * len(words)


def _with_acronyms(doc: Doc, text: str, names: list[Name], gazetteer: Gazetteer) -> list[Name]:
    """Adds what a text abbreviates: "the Ulster Unionist Party (UUP)", then "the UUP"."""
    taken = _Taken(names)
    short: dict[str, Named] = {}
    added: list[Name] = []
    dropped: set[int] = set()
    for match in _ACRONYM.finditer(text):
        acronym = match[1]
        long = _long_form(doc, text, match.start(), acronym, taken, gazetteer)
        if long is None:
            continue
        name, is_new = long
        if is_new:
            added.append(name)
            dropped.update(n.start for n in taken.over(name.start, name.end))
        short.setdefault(acronym, name.named[0])
    renamed = {
        named.code: replace(named, code=_code(acronym, named.name, gazetteer))
        for acronym, named in short.items()
        if gazetteer.named(named.name) is None  # the text's own; its short name is its id
    }
    short = {acronym: renamed.get(named.code, named) for acronym, named in short.items()}
    kept = [_renamed(n, renamed) for n in names if n.start not in dropped] + added
    return kept + list(_spelled(doc, text, short, _Taken(kept)))


def _code(acronym: str, name: str, gazetteer: Gazetteer) -> str:
    """The acronym's slug, unless it is a listed party's: "University of Nantes (UN)"."""
    return slug(acronym) if gazetteer.named(acronym) is None else slug(name)


def _renamed(name: Name, renamed: dict[str, Named]) -> Name:
    if name.how != "name" or name.named[0].code not in renamed:
        return name
    return replace(name, named=(renamed[name.named[0].code],))


def _long_form(
    doc: Doc, text: str, at: int, acronym: str, taken: _Taken, gazetteer: Gazetteer
) -> tuple[Name, bool] | None:
    """The name right before "(ACRONYM)": a known one, or capitalised words with its initials."""
    before = taken.over(max(at - 2, 0), at)
    known = before[-1] if before and before[-1].end >= at - 1 else None
    if known and known.named and known.named[0].kind in ("group", "organisation"):
        return known, False
    letters = [c for c in acronym.upper() if c.isalpha()]
    head = text[max(at - 120, 0) : at].rstrip()
    base = max(at - 120, 0)
    words = _INITIALLED.findall(head.rsplit("\n", 1)[-1])[-(len(letters) + 4) :]
    capitals = [w for w in words if w[0].isupper()]
    for count in range(len(letters) + 1, max(len(letters) - 2, 1), -1):
        chosen = capitals[-count:]
        if len(chosen) < count or not _initials(chosen, letters):
            continue
        start = base + head.rfind(chosen[0])
        end = base + len(head)
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None or len(span) > 14:
            return None
        whole = text[start:end]
        named = Named(whole, _code(acronym, whole, gazetteer), _kind(whole))
        return Name(span.start, span.end, start, end, (named,), "name"), True
    return None


def _initials(words: list[str], letters: list[str]) -> bool:
    firsts = "".join(fold(part[:1]).upper() for w in words for part in w.split("-") if part)
    return firsts == "".join(letters)


_GOVERNMENT = re.compile(r"(?<!\w)GO([A-Z])(?!\w)")


def _governments(doc: Doc, text: str, names: list[Name]) -> Iterator[Name]:
    """A telegram's "GOC" for the government of the state named there that begins with C."""
    states = Counter(
        named
        for name in names
        for named in (name.named if name.how != "person" else (name.party,))
        if named is not None and named.kind == "state"
    )
    taken = _Taken(names)
    for match in _GOVERNMENT.finditer(text):
        span = doc.char_span(*match.span(), alignment_mode="expand")
        meant = [named for named, _ in states.most_common() if named.name[0] == match[1]]
        if meant and span is not None and not taken.over(*match.span()):
            yield Name(span.start, span.end, *match.span(), (meant[0],), "name")


def _spelled(doc: Doc, text: str, short: dict[str, Named], taken: _Taken) -> Iterator[Name]:
    """Every later use of the short forms."""
    if not short:
        return
    order = {acronym: number for number, acronym in enumerate(short)}
    end = 0
    for match in _SHORT.finditer(text):
        start = match.start()
        # Of several that begin here ("UN", "UN-HQ") the one that was introduced first.
        known = [
            acronym
            for length in range(2, len(match[1]) + 1)
            if (acronym := match[1][:length]) in order and not _in_word(text, start + length)
        ]
        if not known or start < end:
            continue
        acronym = min(known, key=order.__getitem__)
        end = start + len(acronym)
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is not None and not taken.over(start, end):
            yield Name(span.start, span.end, start, end, (short[acronym],), "name")


def _in_word(text: str, at: int) -> bool:
    """Whether a word goes on here."""
    return at < len(text) and (text[at].isalnum() or text[at] == "_")


def _with_short_forms(doc: Doc, text: str, names: list[Name]) -> list[Name]:
    """Adds "the Council" after "the Security Council", "the Platform" after its full name."""
    taken = _Taken(names)
    introduced: dict[str, list[tuple[int, Named]]] = {}
    for name in sorted(names, key=lambda n: n.start):
        words = text[name.start : name.end].split()
        if name.how == "name" and name.named[0].kind != "state" and len(words) > 1:
            if _MAKE.fullmatch(words[-1]):
                introduced.setdefault(words[-1], []).append((name.start, name.named[0]))
    if not introduced:
        return names
    added = []
    for match in _SHORT_FORM.finditer(text):
        if match[1] not in introduced:
            continue
        earlier = bisect_right(introduced[match[1]], match.start(), key=lambda entry: entry[0])
        span = doc.char_span(*match.span(1), alignment_mode="expand")
        if earlier and span is not None and not taken.over(*match.span(1)):
            named = introduced[match[1]][earlier - 1][1]
            added.append(Name(span.start, span.end, *match.span(1), (named,), "name"))
    return names + added


# --- persons ---------------------------------------------------------------------------


def _with_persons(doc: Doc, text: str, names: list[Name], gazetteer: Gazetteer) -> list[Name]:
    taken = _Taken(names)
    spans = sorted(_person_spans(doc, text, taken), key=lambda s: (s[0], -s[1]))
    full: dict[str, Name] = {}
    found: list[Name] = []
    listed = [n for n in names if n.how == "person"]
    for name in listed:
        full.setdefault(_surname(name.named[0].name), name)
    end = -1
    for first, last, titled in spans:
        if first < end:
            continue
        person = _person(doc, first, last, titled, full, gazetteer)
        if person is not None:
            found.append(person)
            end = last
    known = names + found
    return known + list(_surnames(doc, full, _Taken(known)))


def _person_spans(doc: Doc, text: str, taken: _Taken) -> Iterator[tuple[int, int, bool]]:
    """Token ranges that look like a person's name, with whether a title stands before."""
    for entity in doc.ents:
        if entity.label_ == "PERSON":
            yield from _trimmed(doc, entity.start, entity.end, taken)
    for token in doc[: len(doc) - 1]:
        if token.lower_.rstrip(".") in TITLES and _is_title(token):
            last = token.i + 1
            while last < len(doc) and last < token.i + 5 and _is_name_word(doc[last]):
                last += 1
            if last > token.i + 1:
                yield from _trimmed(doc, token.i + 1, last, taken)
    for name in taken.over(0, len(text)):
        if name.how == "demonym":
            yield from _after_demonym(doc, text, name.last, taken)


def _after_demonym(doc: Doc, text: str, at: int, taken: _Taken) -> Iterator[tuple[int, int, bool]]:
    """ "American Faye Hall": two capitalised words after a demonym that nothing else explains."""
    last = at
    while last < len(doc) and last < at + 4 and _is_name_word(doc[last]):
        last += 1
    words = doc[at:last]
    if len(words) < 2 or _in_capitals(text, words[0].idx, words[-1].idx + len(words[-1])):
        return
    if any(w.ent_type_ in ("ORG", "GPE", "LOC", "NORP", "DATE", "FAC", "EVENT") for w in words):
        return
    if any(_MAKE.fullmatch(w.text) or w.lower_ in TITLES for w in words):
        return
    yield from _trimmed(doc, at, last, taken)


def _is_title(token: Token) -> bool:
    return token.text[0].isupper() or token.lower_ in (
        "president",
        "reverend",
        "minister",
        "leader",
    )


def _is_name_word(token: Token) -> bool:
    particles = ("bin", "al", "el", "de", "la", "von", "van", "der", "ben", "ibn", "-", "dos", "da")
    capital = token.text[:1].isupper() and token.tag_ in ("NNP", "NNPS", "NN", "JJ")
    if capital and token.lower_.rstrip(".") not in TITLES:
        return not token.text.isupper() or len(token) < 3
    return (
        token.lower_ in particles
        and token.i + 1 < len(token.doc)
        and (token.nbor().text[:1].isupper() or token.lower_ == "-" or token.nbor().text == "-")
    )


def _trimmed(doc: Doc, first: int, last: int, taken: _Taken) -> Iterator[tuple[int, int, bool]]:
    """The range without titles, possessives and words other names have."""
    while first < last and (
        doc[first].lower_.rstrip(".") in TITLES
        or not doc[first].text[0].isalpha()
        or doc[first].tag_ in ("VBG", "VBN", "VBD", "IN", "DT", "RB", "CC", "CD", "WRB")
    ):
        first += 1
    while first < last and not (
        doc[last - 1].text[:1].isupper() and doc[last - 1].text[-1].isalpha()
    ):
        last -= 1
    while first < last:
        over = taken.over(doc[first].idx, doc[first].idx + len(doc[first]))
        if not over or over[0].how not in ("demonym", "people", "name", "capital"):
            break
        first += 1
    if first >= last or "\n" in doc[first:last].text or last - first > 6:
        return
    if _AGAINST.match(doc[first:last].text):
        return
    if taken.over(doc[first].idx, doc[last - 1].idx + len(doc[last - 1])):
        return
    titled = first > 0 and doc[first - 1].lower_.rstrip(".") in TITLES
    yield first, last, titled


def _surname(name: str) -> str:
    return fold(name.split()[-1])


def _person(
    doc: Doc, first: int, last: int, titled: bool, full: dict[str, Name], gazetteer: Gazetteer
) -> Name | None:
    span = doc[first:last]
    start, end = span.start_char, span.end_char
    words = span.text
    known = full.get(_surname(words)) or full.get(fold(words))
    if last - first == 1 and known:
        return replace(known, first=first, last=last, start=start, end=end, acts=True)
    if last - first == 1 and not titled:
        return None  # one word the parser calls a person is as often a place or a group
    listed = gazetteer.leader(words) if titled and last - first == 1 else None
    if listed:
        name = Name(
            first, last, start, end, listed.named, "person",
            party=listed.party, office=listed.office,
        )  # fmt: skip
    else:
        name = Name(first, last, start, end, (Named(words, slug(words), "person"),), "person")
    full.setdefault(_surname(words), name)
    return name


def _surnames(doc: Doc, full: dict[str, Name], taken: _Taken) -> Iterator[Name]:
    """Later mentions by surname alone, and by a first name that follows Mr."""
    firsts: dict[str, list[Name]] = {}
    for name in full.values():
        firsts.setdefault(name.named[0].name.split()[0], []).append(name)
    for token in doc:
        if not token.text[:1].isupper() or token.is_punct or len(token) < 2:
            continue
        known = full.get(fold(token.text))
        if known is None and token.i and doc[token.i - 1].lower_ in _HONORIFICS:
            namesakes = firsts.get(token.text, ())
            known = namesakes[0] if len(namesakes) == 1 else None
        start, end = token.idx, token.idx + len(token)
        if known is None or known.start > start or taken.over(start, end):
            continue
        if token.tag_ in ("NNP", "NNPS", "NN", "JJ", "FW"):
            yield replace(known, first=token.i, last=token.i + 1, start=start, end=end)


def _inside_word(text: str, name: Name) -> Name:
    """Marks names that are only the first or last part of a compound adjective."""
    if _OPPOSED.search(text[max(name.start - 5, 0) : name.start]):
        return replace(name, acts=False)
    after = _COMPOUND.match(text[name.end : name.end + 20])
    if after and after[1][:1].islower():
        return replace(name, acts=False) if after[1].endswith(("ed", "ing", "rn", "ld")) else name
    return name
