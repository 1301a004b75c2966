"""Names that parties go by: states, organisations, groups, leaders, and words that only look so.

Names, demonyms and capitals of states come from countryinfo and pycountry; what these lack stands
in the tables under reading/data, each with a comment saying what its columns mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from detente.reading.tables import parted, table
from detente.record.models import Party
from detente.record.plover import Sector

if TYPE_CHECKING:
    from detente.record.dates import PartialDate

Kind = Literal["state", "group", "organisation", "person"]
How = Literal["name", "demonym", "people", "capital", "seat", "pair", "person", "title", "blocked"]

_PIECE = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+|[^\w\s]|_")
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "‑": "-", "‐": "-"})
_END = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A party by its name.

    code : ISO 3166 alpha-3 for states (3166-3 for those that are no more), a case's own id for its
           other parties, otherwise the slug that the tables or the text give
    country : ISO 3166 alpha-3 of the country it is of, where that is known
    sector  : PLOVER's sectors, for those that have them by themselves
    """

    name: str
    code: str
    kind: Kind
    country: str | None = field(default=None, compare=False)
    sector: tuple[Sector, ...] = field(default=(), compare=False)

    @property
    def of_country(self) -> str | None:
        """The country it is of; a state is of itself."""
        return self.country or (self.code if self.kind == "state" else None)


@dataclass(frozen=True, slots=True)
class Form:
    """One way a text can name a party.

    named : the party; several for a pair ("the two Koreas"); none for what is blocked
    how   : what the words are; a capital stands for its state only where it is no place
    needs : codes one of which must be named elsewhere in the text; empty for none
    party : for a person, whom they speak for, in which `office`
    own   : it is a case's own, and comes before the tables in whatever letters it is written
    years : for a person, from when to when they held it; None at either end: unknown, or still
    """

    named: tuple[Named, ...]
    how: How
    needs: frozenset[str] = frozenset()
    party: Named | None = None
    office: str | None = None
    years: tuple[int | None, int | None] | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A form found at text[start:end]."""

    start: int
    end: int
    form: Form


@dataclass(frozen=True)
class Gazetteer:
    """All forms, in a tree of word pieces, so that matching is linear in the text.

    homes    : the state a group mostly acts in
    historic : states that are no more
    neutral  : organisations of states, which seldom are one of "the two sides"
    """

    forms: tuple[tuple[str, Form], ...]
    homes: dict[str, str] = field(default_factory=dict)
    historic: tuple[Historic, ...] = ()
    neutral: frozenset[str] = frozenset()
    _tree: dict[str, Any] = field(default_factory=dict, repr=False)
    _own: dict[str, Any] = field(default_factory=dict, repr=False)
    _surnames: dict[str, Form] = field(default_factory=dict, repr=False)
    _adjectives: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def standard(cls) -> Gazetteer:
        """The program's own lists; built once."""
        return _standard()

    def with_case(self, parties: Iterable[Party]) -> Gazetteer:
        """These lists with a case's parties put first.

        A case's party takes over every form of the listed party it shares a name with: a case
        that calls the Taliban `tb` gets `tb` for "Taleban" too. States keep their ISO code.
        """
        parties = list(parties)
        index = _names_to_named(self.forms)
        taken: dict[str, Named] = {}
        own: dict[str, Named] = {}
        for party in parties:
            words = (party.name, *party.aliases)
            known = [n for w in words if (n := index.get(_key(w))) and n.kind != "person"]
            named = _case_named(party, known, index)
            own[party.id] = named
            if party.kind != "person":
                taken.update({n.code: named for n in known if _same_sort(n, party)})
                taken.setdefault(named.code, named)
        forms = [*_case_forms(parties, own), *_taken_over(self.forms, taken)]
        homes = {taken[c].code if c in taken else c: home for c, home in self.homes.items()}
        neutral = self.neutral - taken.keys()
        return build(forms, homes=homes, historic=self.historic, neutral=neutral)

    def match(self, text: str) -> list[Match]:
        """Every form in the text, leftmost and longest first, none overlapping.

        Of two equally long a case's own counts.
        """
        pieces = [(_folded(m[0]), m.start(), m.end()) for m in _PIECE.finditer(text)]
        found, at = [], 0
        while at < len(pieces):
            form, after = _longest(self._tree, pieces, at, text)
            if self._own:
                small = _longest(self._own, pieces, at, text, small=True)
                if small[0] is not None and small[1] >= after:
                    form, after = small
            if form is None:
                at += 1
                continue
            found.append(Match(pieces[at][1], pieces[after - 1][2], form))
            at = after
        return found

    def named(self, name: str) -> Named | None:
        """The party that goes by this name, if it is listed."""
        form = self.form(name)
        return form.named[0] if form and form.named else None

    def form(self, name: str) -> Form | None:
        """The form these very words are listed as."""
        node = self._tree
        for piece in _PIECE.finditer(name):
            step = node.get(_folded(piece[0]))
            if step is None:
                return None
            node = step
        return node.get(_END)

    def adjective(self, named: Named) -> str:
        """How a state is put before a noun ("Libyan"); its name where no adjective is listed."""
        return self._adjectives.get(named.code, named.name)

    def leader(self, surname: str) -> Form | None:
        """The listed person with this surname, for a surname that follows a title."""
        return self._surnames.get(_key(surname))


@dataclass(frozen=True, slots=True)
class Historic:
    """A state that is no more: its capitals are its own where the text names it alone."""

    named: Named
    capitals: frozenset[str]
    successor: str


def holds(form: Form, day: PartialDate | None) -> bool:
    """Whether a listed person has held the office by a day; yes where either is unknown.

    What a former president did in office is told for years after; whoever acts when out of
    office is introduced as "former". Years are all that is listed, so a year ahead counts too.
    """
    if day is None or form.years is None or form.years[0] is None:
        return True
    return form.years[0] - 1 <= day.latest.year


def fold(word: str) -> str:
    """A word without accents, with plain quotes and hyphens; capitals are kept."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.translate(_QUOTES))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _folded(piece: str) -> str:
    """A piece as a step of the tree; a mark that folds to nothing is no end of a name."""
    return fold(piece) or piece


def slug(words: str) -> str:
    """An id made of words: small letters and digits with hyphens between."""
    plain = fold(words).casefold().replace("ı", "i").replace("ß", "ss").replace("'", "")
    made = _NO_LETTERS.sub("-", plain).strip("-")
    if made:
        return made[:120].strip("-")
    # Names in a script with no Latin letters still need ids that differ.
    return "x-" + "-".join(f"{ord(c):x}" for c in plain.strip()[:20])


@cache
def _standard() -> Gazetteer:
    states = _state_names()
    homes = {row[0]: row[3] for row in table("groups") if row[3]}
    historic = tuple(_historic())
    forms = [
        *_blocked(),
        *_pairs(states),
        *_organisations(),
        *_groups(),
        *_historic_forms(),
        *_listed_states(states),
        *_seats(states),
        *_library_states(states),
    ]
    by_code = _by_code(forms)
    forms += [*_titles(by_code), *_leaders(by_code)]
    neutral = frozenset(row[0] for row in table("organisations"))
    return build(forms, homes=homes, historic=historic, neutral=neutral)


def build(
    forms: Iterable[tuple[str, Form]],
    *,
    homes: dict[str, str],
    historic: tuple[Historic, ...] = (),
    neutral: frozenset[str] = frozenset(),
) -> Gazetteer:
    """A gazetteer of these forms; where two are written alike the first one counts."""
    made = Gazetteer(tuple(forms), homes, historic, neutral)
    for words, form in made.forms:
        _plant(made._tree, words, form)
        if form.how == "person":
            made._surnames.setdefault(_key(words.split()[-1]), form)
        elif form.how == "demonym":
            made._adjectives.setdefault(form.named[0].code, words)
    for words, form in made.forms:
        if form.own and not (words.isupper() and len(words) < 4):  # "US" is not "us"
            _plant(made._own, words.casefold(), form)
        # Headlines and datelines in capitals. Short forms would turn into other words.
        if form.how not in ("person", "title") and len(words) > 3 and not words.isupper():
            _plant(made._tree, words.upper(), form)
    return made


def _longest(
    tree: dict[str, Any],
    pieces: list[tuple[str, int, int]],
    at: int,
    text: str,
    *,
    small: bool = False,
) -> tuple[Form | None, int]:
    """The longest form that begins with a piece, and the piece after it; none, and `at`.

    small : compare in small letters
    """
    node, best, after = tree, None, at
    for j in range(at, len(pieces)):
        word, start, _ = pieces[j]
        if j > at and _parts_paragraphs(text[pieces[j - 1][2] : start]):
            break
        step = node.get(word.casefold() if small else word)
        if step is None:
            break
        node = step
        if _END in node:
            best, after = node[_END], j + 1
    return best, after


def _plant(tree: dict[str, Any], words: str, form: Form) -> None:
    node = tree
    for piece in _PIECE.finditer(words):
        node = node.setdefault(_folded(piece[0]), {})
    if node is not tree:
        node.setdefault(_END, form)


def _key(words: str) -> str:
    return " ".join(fold(m[0]) for m in _PIECE.finditer(words)).casefold()


def _parts_paragraphs(gap: str) -> bool:
    return gap.count("\n") > 1


# --- the tables ------------------------------------------------------------------------


def _blocked() -> Iterator[tuple[str, Form]]:
    for why, forms in table("blocked"):
        for words in parted(forms):
            yield words, Form((), "blocked", office=why)


def _pairs(states: dict[str, str]) -> Iterator[tuple[str, Form]]:
    by_name = {name: code for code, name in states.items()}
    by_name |= {row[1]: row[0] for row in table("historic_states")}
    for words, names in table("pairs"):
        both = tuple(Named(name, by_name[name], "state") for name in parted(names))
        yield words, Form(both, "pair")


def _organisations() -> Iterator[tuple[str, Form]]:
    for row in (*table("organisations"), *table("authorities")):
        code, name, forms, needs = (*row, "")[:4]
        named = Named(name, code, "organisation")
        yield from _starred(forms, named, frozenset(parted(needs)) | {code})


def _groups() -> Iterator[tuple[str, Form]]:
    for code, name, kind, home, forms in table("groups"):
        armed = kind == "group"
        sector = Sector.REB if armed else Sector.PTY
        named = Named(name, code, "group" if armed else "organisation", home or None, (sector,))
        yield from _starred(forms, named, frozenset({code, home}) - {""})


def _starred(forms: str, named: Named, needs: frozenset[str]) -> Iterator[tuple[str, Form]]:
    for words in parted(forms):
        if words.endswith("*"):
            yield words.removesuffix("*"), Form((named,), "name", needs)
        else:
            yield words, Form((named,), "name")


def _historic_rows() -> Iterator[tuple[Named, list[str], list[str], list[str], str]]:
    for row in table("historic_states"):
        code, name, names, demonyms, capitals, successor = (*row, "", "", "")[:6]
        yield (
            Named(name, code, "state"),
            parted(names),
            parted(demonyms),
            parted(capitals),
            successor,
        )


def _historic() -> Iterator[Historic]:
    for named, _, _, capitals, successor in _historic_rows():
        yield Historic(named, frozenset(map(_key, capitals)), successor)


def _historic_forms() -> Iterator[tuple[str, Form]]:
    for named, names, demonyms, capitals, successor in _historic_rows():
        for words in names:
            yield words, Form((named,), "name")
        for words in demonyms:
            yield words, Form((named,), "demonym")
        if not successor or named.code == "RHO":  # a capital that is no capital today
            for words in capitals:
                needs = {named.code} if words in ("Salisbury", "Aden") else set()
                yield words, Form((named,), "capital", frozenset(needs))


def _listed_states(states: dict[str, str]) -> Iterator[tuple[str, Form]]:
    hows: dict[str, How] = {
        "name": "name", "demonym": "demonym", "people": "people", "capital": "capital",
    }  # fmt: skip
    for code, how, forms in table("states"):
        named = Named(states[code], code, "state")
        for words in parted(forms):
            yield words, Form((named,), hows[how])
            if how == "demonym":
                yield from _peoples(words, named)


def _seats(states: dict[str, str]) -> Iterator[tuple[str, Form]]:
    for code, forms in table("seats"):
        for words in parted(forms):
            yield words, Form((Named(states[code], code, "state"),), "seat")


def _titles(by_code: dict[str, Named]) -> Iterator[tuple[str, Form]]:
    for code, forms in table("titles"):
        for words in parted(forms):
            yield words, Form((by_code[code],), "title")


def _by_code(forms: Iterable[tuple[str, Form]]) -> dict[str, Named]:
    by_code: dict[str, Named] = {}
    for _, form in forms:
        if form.how != "pair":
            for named in form.named:
                by_code.setdefault(named.code, named)
    return by_code


def _leaders(by_code: dict[str, Named]) -> list[tuple[str, Form]]:
    forms = []
    for name, others, alone, code, office, years in table("leaders"):
        person = Named(name, slug(name), "person")
        held = _years(years)
        form = Form((person,), "person", party=by_code[code], office=office, years=held)
        forms += [(words, form) for words in (name, *parted(others), *parted(alone))]
    return forms


def _years(written: str) -> tuple[int | None, int | None]:
    """ "1977-1981", "2017-": from and to."""
    first, dash, last = written.partition("-")
    start, end = (int(year) if year else None for year in (first, last))
    return start, end if dash else start


# --- the libraries ---------------------------------------------------------------------


@cache
def _library() -> list[dict[str, Any]]:
    """countryinfo's states, the more populous first: a demonym two share is theirs."""
    from countryinfo import CountryInfo

    ranked = sorted(CountryInfo("France").all().values(), key=lambda e: -(e.get("population") or 0))
    by_code: dict[str, dict[str, Any]] = {}
    for entry in ranked:  # Wales has Britain's code there: the larger entry is the state
        by_code.setdefault(entry.get("ISO", {}).get("alpha3") or "", dict(entry))
    return [e for code, e in by_code.items() if code not in ("", "SCG", "ANT")]


@cache
def _state_names() -> dict[str, str]:
    """What each state is called, by its code."""
    import pycountry

    names = {c.alpha_3: getattr(c, "common_name", c.name) for c in pycountry.countries}
    for entry in _library():
        names[entry["ISO"]["alpha3"]] = entry["name"].removeprefix("The ")
    return names | {row[0]: row[1] for row in table("state_names")}


def _library_states(states: dict[str, str]) -> Iterator[tuple[str, Form]]:
    """Names first, so that no demonym or capital takes a name's place."""
    removed = {_key(row[0]) for row in table("removals")}
    rows = [*_library_names(states), *_library_demonyms(states), *_library_capitals(states)]
    for words, form in rows:
        if words and _key(words) not in removed:
            yield words, form


def _library_names(states: dict[str, str]) -> Iterator[tuple[str, Form]]:
    import pycountry

    for code, name in states.items():
        yield name, Form((Named(name, code, "state"),), "name")
    for country in pycountry.countries:
        form = Form((Named(states[country.alpha_3], country.alpha_3, "state"),), "name")
        for attribute in ("name", "common_name", "official_name"):
            words = getattr(country, attribute, "")
            if words and "," not in words:
                yield words.removeprefix("the "), form
    for entry in _library():
        code = entry["ISO"]["alpha3"]
        form = Form((Named(states[code], code, "state"),), "name")
        for words in entry.get("altSpellings") or ():
            # Codes of two or three letters are words of their own in running text.
            if len(words) > 3 and "," not in words and words[:1].isupper():
                yield words.strip(), form


def _library_demonyms(states: dict[str, str]) -> Iterator[tuple[str, Form]]:
    names = {_key(name) for name in states.values()}
    for entry in _library():
        code = entry["ISO"]["alpha3"]
        named = Named(states[code], code, "state")
        for words in (entry.get("demonym") or "").replace("/", ",").split(","):
            if len(words) > 3 and _key(words) not in names:
                yield words.strip(), Form((named,), "demonym")
                yield from _peoples(words.strip(), named)


def _peoples(demonym: str, named: Named) -> Iterator[tuple[str, Form]]:
    """The plural for the people; -ese, -ish, -ch and -ss are their own plural."""
    if not demonym.endswith(("s", "ese", "ish", "ch", "x")):
        yield demonym + "s", Form((named,), "people")


def _library_capitals(states: dict[str, str]) -> Iterator[tuple[str, Form]]:
    names = {_key(name) for name in states.values()}
    for entry in _library():
        capital, code = entry.get("capital"), entry["ISO"]["alpha3"]
        if not isinstance(capital, str) or (entry.get("population") or 0) < 250_000:
            continue  # capitals of small islands are towns, and surnames, elsewhere
        if _key(capital) not in names:
            yield capital, Form((Named(states[code], code, "state"),), "capital")


# --- a case's own parties --------------------------------------------------------------


def _names_to_named(forms: Iterable[tuple[str, Form]]) -> dict[str, Named]:
    index: dict[str, Named] = {}
    for words, form in forms:
        if form.how in ("name", "person") and form.named:
            index.setdefault(_key(words), form.named[0])
    return index


def _same_sort(named: Named, party: Party) -> bool:
    return (named.kind == "state") == (party.kind == "state")


def _case_named(party: Party, known: list[Named], index: dict[str, Named]) -> Named:
    if party.kind != "state":
        listed = next((n for n in known if n.kind == party.kind), None)
        country = party.country or (listed.country if listed else None)
        sector = party.sector or (listed.sector if listed else ())
        return Named(party.name, party.id, party.kind, country, sector)
    code = next((n.code for n in known if n.kind == "state"), party.id)
    return Named(party.name, party.code or code, "state", party.country, party.sector)


def _case_forms(parties: list[Party], own: dict[str, Named]) -> Iterator[tuple[str, Form]]:
    for party in parties:
        named = own[party.id]
        speaks = party.speaks_for[-1] if party.speaks_for else None
        form = Form((named,), "name", own=True)
        if party.kind == "person":
            side, office = (own.get(speaks.party), speaks.office) if speaks else (None, None)
            form = Form((named,), "person", party=side, office=office, own=True)
        for words in (party.name, *party.aliases):
            yield words, form


def _taken_over(
    forms: Iterable[tuple[str, Form]], taken: dict[str, Named]
) -> Iterator[tuple[str, Form]]:
    for words, form in forms:
        named = tuple(taken.get(n.code, n) if n.kind != "person" else n for n in form.named)
        party = taken.get(form.party.code, form.party) if form.party else None
        codes = frozenset(taken[c].code if c in taken else c for c in form.needs)
        yield words, replace(form, named=named, party=party, needs=codes)
