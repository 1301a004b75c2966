"""Whether two short descriptions of a matter can be about the same thing.

A deliberately plain measure: the content words they share, with a few words that reports use
for one another taken as one ("accord" and "deal"). It misses sooner than it confuses.
Numbers are left out of the words: two of ten prisoners are part of the same matter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from detente.record.plover import MoveType

ENOUGH = 0.6
"""The share of the shorter description's words that the longer one must have."""

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

_EMPTY = frozenset(
    """a an the and or but nor of to in on at by for from with without into onto upon over under
    about against between among towards toward as than that this these those it its his her
    their our your my he she they we you who whom whose which what when where why how is are was
    were be been being has have had do does did will would shall should can could may might must
    not no any all some more most other others another such own same so too very also only even
    up out off again further if then there here s""".split()
)

# What is done with the matter; a move's type and mode say that already.
_ACTS = frozenset(
    """release releasing freeing return returning handover transfer withdrawal withdrawing
    removal removing lifting easing opening reopening closing establishment establishing
    granting unfreezing unblocking unlocking request demand call appeal offer proposal promise
    pledge refusal rejection issue matter question possibility part number group""".split()
)

# Words that reports use for one another; each line is taken as its first word.
_ALIKE = {
    word: words.split()[0]
    for words in (
        "deal accord agreement pact treaty settlement",
        "talk meeting negotiation discussion dialogue conversation summit",
        "ceasefire truce armistice cease-fire",
        "prisoner detainee captive inmate",
        "troop soldier force army",
        "fund asset money",
        "attack assault strike raid bombing",
        "vote election poll ballot",
        "sanction embargo penalty",
        "plan proposal blueprint draft",
        "envoy representative negotiator",
        "aid assistance relief",
    )
    for word in words.split()
}

_NUMBERS = {
    word: number
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\w|,\d)|\d+(?!\w|[.,]\d)"
_AMOUNT = re.compile(rf"(?<![\w.,])(?:{_DIGITS}|(?:{'|'.join(_NUMBERS)})\b)")
_OF = re.compile(r"(?<!\s)\s++(?:out\s++)?of\s++(?:(?:the|its|their|all)\s++)?$")
_EVERY = re.compile(r"\b(?:all|every|each|entire|full|fully|complete|completely|total)\b")


_GENERAL = {
    MoveType.AGREE: "an agreement",
    MoveType.CONSULT: "talks",
    MoveType.SUPPORT: "support",
    MoveType.CONCEDE: "a concession",
    MoveType.COOPERATE: "cooperation",
    MoveType.AID: "aid",
    MoveType.RETREAT: "a retreat",
    MoveType.REQUEST: "a demand",
    MoveType.ACCUSE: "an accusation",
    MoveType.REJECT: "a refusal",
    MoveType.THREATEN: "a threat",
    MoveType.PROTEST: "a protest",
    MoveType.SANCTION: "a sanction",
    MoveType.MOBILIZE: "a mobilization",
    MoveType.COERCE: "coercion",
    MoveType.ASSAULT: "an attack",
}
BY_MODE = {
    (MoveType.RETREAT, "release"): "release",
    (MoveType.RETREAT, "withdraw"): "withdrawal",
    (MoveType.RETREAT, "return"): "return",
    (MoveType.RETREAT, "disarm"): "disarmament",
    (MoveType.RETREAT, "ceasefire"): "ceasefire",
    (MoveType.RETREAT, "resign"): "resignation",
    (MoveType.COERCE, "arrest"): "arrest",
    (MoveType.COERCE, "seize"): "seizure",
    (MoveType.COERCE, "deport"): "deportation",
    (MoveType.SANCTION, "expel"): "expulsion",
    (MoveType.SANCTION, "convict"): "conviction",
    (MoveType.ASSAULT, "abduct"): "abduction",
    (MoveType.CONSULT, "third-party"): "mediation",
    (MoveType.CONSULT, "visit"): "visit",
    (MoveType.CONSULT, "phone"): "telephone call",
    (MoveType.PROTEST, "strike"): "strike",
    (MoveType.PROTEST, "hunger"): "hunger strike",
}
"""The noun of an act that its mode names."""
_MASS = frozenset({"mediation", "disarmament", "deportation"})


def general(type_: MoveType, mode: str | None) -> str:
    """The noun of the act itself, where nothing is said of its matter: "a visit", "talks"."""
    noun = BY_MODE.get((type_, mode or ""))
    if not noun or noun in _MASS:
        return noun or _GENERAL[type_]
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


@cache
def _generals() -> frozenset[str]:
    modes = [(type_, mode) for type_, mode in BY_MODE]
    return frozenset(general(t, m) for t, m in [*modes, *((t, None) for t in MoveType)])


def says_nothing(what: str) -> bool:
    """Whether a matter is only the noun of an act, which tells no two acts apart."""
    return what in _generals()


@lru_cache(maxsize=65536)
def words(what: str) -> frozenset[str]:
    """The content words of a description: folded, in the singular, without numbers.

    Words for the act itself ("release", "opening") are left out unless nothing else remains.
    """
    single = (_singular(word) for word in _content(what))
    found = frozenset(_ALIKE.get(word, word) for word in single)
    return found - _ACTS or found


@lru_cache(maxsize=65536)
def amount(what: str) -> int | None:
    """The number of things a description speaks of: "5,000 prisoners", "two of the ten men".

    None where it gives no number, or several without saying which part of which they are.
    Four digits from 1900 to 2099 are taken for a year.
    """
    text = what.casefold()
    found = [match for match in _AMOUNT.finditer(text) if not _is_year(match[0])]
    if not found:
        return None
    if len(found) == 1 or (len(found) == 2 and _OF.match(text[found[0].end() : found[1].start()])):
        return _value(found[0][0])
    return None


def agrees(what_a: str, what_b: str) -> bool:
    """Whether both can be the same matter: most words of the shorter stand in the longer.

    Symmetric. A description without a content word agrees with nothing but itself, the mere noun
    of an act ("a demand") with nothing at all.
    """
    if says_nothing(what_a) or says_nothing(what_b):
        return False
    a, b = words(what_a), words(what_b)
    if not a or not b:
        return what_a.strip().casefold() == what_b.strip().casefold()
    return len(a & b) >= ENOUGH * min(len(a), len(b))


def covers(given: str, asked: str) -> bool:
    """Whether what was given is, as far as the words tell, all of what was asked.

    False when they do not agree, and when less was given: a smaller number, some where all
    were asked for, one where several were, or something described more narrowly.
    """
    return (
        agrees(given, asked)
        and words(given) <= words(asked)
        and not falls_short(given, asked)
        and not (_plurals(asked) & words(given)) - _plurals(given)
    )


def falls_short(given: str, asked: str) -> bool:
    """Whether the words say outright that less was given: a smaller number, some of all."""
    wanted, had = amount(asked), amount(given)
    if wanted is not None and had is not None:
        return had < wanted
    return bool(_EVERY.search(asked.casefold())) and not _EVERY.search(given.casefold())


def _content(what: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", what.replace("’", "'")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return [
        word
        for word in _WORD.findall(plain)
        if word not in _EMPTY and word not in _NUMBERS and not word.isdigit()
    ]


@lru_cache(maxsize=65536)
def _plurals(what: str) -> frozenset[str]:
    """The content words that stand in the plural, in their singular form."""
    return frozenset(one for word in _content(what) if (one := _singular(word)) != word)


def _is_year(number: str) -> bool:
    return number.isdigit() and len(number) == 4 and number[:2] in ("19", "20")


def _value(number: str) -> int:
    return _NUMBERS[number] if number in _NUMBERS else int(number.replace(",", ""))


def _singular(word: str) -> str:
    """A rough singular: enough for "prisoners" to meet "prisoner"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
