"""One parsed text with its names found: which token belongs to which name, and in which words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from detente.reading.text import grammar, nouns
from detente.reading.who import names as naming
from detente.reading.who import places
from detente.reading.who.context import NOTHING, Context, named_in_title
from detente.reading.who.context import issuer as issuers
from detente.reading.who.gazetteer import Gazetteer, Named
from detente.reading.who.names import Name

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SITS_IN = frozenset(
    "official minister judge police spokesman spokeswoman spokesperson prosecutor authority"
    " officials lawmaker leadership government".split()
)


class NamedText:
    """A parsed text, its names, and the words its noun phrases are made of.

    at       : the name a token belongs to
    root     : names by the token the rest of the sentence hangs on
    by_code  : each party the text names
    sentence : the number of each token's sentence
    quoted   : for each token whether it stands between quotation marks
    issuer   : those a text speaks for that says "we" outside quotation marks
    headline : the states and bodies its headline names, where that comes beside the text
    located  : the state of each town and province, by the tokens of its name
    """

    def __init__(self, doc: Doc, gazetteer: Gazetteer, context: Context = NOTHING) -> None:
        self.doc = doc
        self.text: str = grammar.text_of(doc)
        self.gazetteer = gazetteer
        self.names = naming.find(doc, gazetteer, context.day)
        self.at = {i: n for n in self.names for i in range(n.first, n.last)}
        self.root = {root(doc, n): n for n in self.names}
        self.by_code: dict[str, Named] = {}
        for name in self.names:
            for named in name.named:
                self.by_code.setdefault(named.code, named)
        self.located = places.found(doc, self.at)
        self.sentence = nouns.sentence_numbers(doc)
        self.quoted = nouns.quoted(doc)
        our = any(t.lower_ in ("our", "we") and not self.quoted[t.i] for t in doc)
        dated_from = naming.dateline(doc, gazetteer) if our else None
        self.issuer = issuers(context, self.text, gazetteer) or (
            (dated_from,) if dated_from is not None else ()
        )
        self.headline = named_in_title(context, gazetteer)
        for known in (*self.headline, *self.issuer):
            self.by_code.setdefault(known.code, known)
        self._spoken_of = {
            n.named[0].code for n in self.names if n.how not in ("capital", "person")
        }
        homes = {gazetteer.homes.get(code) for code in self._spoken_of}
        self._at_home = bool(homes & self._spoken_of)

    def totals(self) -> Counter[str]:
        """How often the whole text names each party, itself or by the people listed for it."""
        totals: Counter[str] = Counter()
        for name in self.names:
            if name.how == "capital" and self.is_place(name):
                continue
            totals.update(n.code for n in ((name.party,) if name.party else name.named))
        return totals

    def is_place(self, name: Name) -> bool:
        """Whether a capital is only where something happens ("talks in Doha")."""
        token = self.doc[root(self.doc, name)]
        return nouns.is_locative(token) and not self._stands_for_government(token)

    def _stands_for_government(self, token: Token) -> bool:
        """Whether the place says whose body it is ("the foreign ministry in Kabul")."""
        if token.dep_ != "pobj" or token.head.lower_ != "in":
            return False
        noun = token.head.head
        if noun.lemma_.lower() == "government" and not self._governs_from(token):
            return False
        return bool(nouns.classes(noun) & {"government"}) or noun.lemma_.lower() in SITS_IN

    def _governs_from(self, capital: Token) -> bool:
        """Whether the capital's own state is meant: "the government in Kabul" is, but "talks with
        the government in Quito" in a text about Colombia's rebels is not.
        """
        code = self.at[capital.i].named[0].code
        return code in self._spoken_of or not self._at_home

    def office(self, noun: Token) -> str:
        """An office in words: "foreign minister", without state, article or person."""
        first = noun.i
        while first > 0 and self.doc[first - 1].dep_ in ("compound", "amod"):
            if first - 1 in self.at or self.doc[first - 1].is_punct:
                break
            first -= 1
        last = noun.i + 1
        following = [c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"]
        if following and following[0].i == last and noun.text[:1].isupper():
            words = self.doc[last : last + 2].text
            if words.split()[-1] in ("State", "Defense", "Staff"):
                last += 2
        return self.doc[first:last].text

    def words(self, token: Token) -> str:
        """The words of the text that stand for a party here."""
        name = self.at.get(token.i)
        if name is not None:
            return self.text[name.start : name.end]
        return self.phrase(token, short=True)

    def phrase(self, token: Token, *, short: bool = False) -> str:
        """The noun phrase of a head, without what is coordinated with it."""
        name = self.at.get(token.i)
        first = min((t.i for t in nouns.before_head(token)), default=token.i)
        last = token.i
        if name is not None:
            first, last = min(first, name.first), max(last, name.last - 1)
        first = next((i + 1 for i in range(token.i - 1, first - 1, -1) if self._breaks(i)), first)
        if not short:
            last = max([last, *(c.right_edge.i for c in token.children if self._extends(c))])
            last = next((i - 1 for i in range(token.i + 1, last) if self._asides(i)), last)
        while last > token.i and (self.doc[last].is_punct or self.doc[last].is_space):
            last -= 1
        return self.doc[first : last + 1].text

    def _breaks(self, i: int) -> bool:
        """Whether no noun phrase goes back beyond this token: a line's end, a dash, a colon."""
        token = self.doc[i]
        dash = token.text in ("-", "–", "—", "--") and bool(self.doc[i - 1].whitespace_)
        return token.is_space or dash or token.text in (":", ";")

    def _asides(self, i: int) -> bool:
        """Whether a clause begins here that only adds something (", who said that")."""
        return self.doc[i].text == "," and self.doc[i + 1].tag_ in ("WP", "WDT", "WP$")

    def _extends(self, child: Token) -> bool:
        """Whether what follows a head belongs to how it is described."""
        if child.i < child.head.i or child.dep_ not in ("prep", "relcl", "acl", "amod", "advcl"):
            return False
        return self.doc[child.left_edge.i - 1].text != ","


def root(doc: Doc, name: Name) -> int:
    """The token of a name that the rest of the sentence hangs on."""
    for token in doc[name.first : name.last]:
        if not name.first <= token.head.i < name.last or token.head.i == token.i:
            return token.i
    return name.first
