"""What a text has just spoken of, and which of it an anaphor most likely means.

A plain weighting in the spirit of Lappin & Leass (1994): subjects weigh more than objects,
objects more than modifiers, all of it fades with every sentence, and what the whole text is
about counts too. An anaphor looks back over a bounded stretch, so a text is read in time linear
in its length.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass

from detente.reading.who.gazetteer import Named

Who = tuple[Named, ...]
Accept = Callable[[Named], bool]

REACH = 60
"""How many salient things back an anaphor looks: what a reader still has in mind."""
_TOGETHER = "together"
OF_THE_TEXT = 1.2
"""How much it counts for the other side of an act that the whole text is about a party."""


@dataclass(frozen=True, slots=True)
class Salient:
    """Something that was spoken of.

    at, sentence : token and sentence number
    who          : the parties it stands for; empty for a thing that is no party
    weight       : by grammatical role
    person       : the key of the person or unnamed individual, if it is one
    """

    at: int
    sentence: int
    who: Who
    weight: float
    plural: bool = False
    person: str | None = None


class Salience:
    """The things spoken of so far, in the order of the text.

    totals : how often the whole text names each party
    """

    def __init__(self, totals: Counter[str]) -> None:
        self._entries: list[Salient] = []
        self._totals = totals
        self._counts: Counter[str] = Counter()
        self._most: tuple[tuple[int, int], list[Named]] = (-1, 0), []

    def add(self, entry: Salient, *, counts: Who) -> None:
        """Remember that something was spoken of; `counts` are the parties it adds to."""
        self._entries.append(entry)
        self._counts.update(named.code for named in counts)

    def add_together(self, at: int, sentence: int, who: Who) -> None:
        """Remember parties that did something with each other; a later "they" may mean both."""
        self._entries.append(Salient(at, sentence, who, 3.0, True, _TOGETHER))

    def times(self, code: str) -> int:
        """How often a party was spoken of so far."""
        return self._counts[code]

    def before(self, at: int, sentence: int, *, sentences: int) -> Iterator[Salient]:
        """What was spoken of before a token, the latest first, some sentences back."""
        for entry in reversed(self._entries[-REACH:]):
            if entry.at < at and sentence - entry.sentence <= sentences:
                yield entry

    def ranked(self, at: int, sentence: int, accept: Accept, *, prior: float = 0.4) -> list[Named]:
        """Parties spoken of before, the most salient first.

        prior : how much it counts what the whole text is about
        """
        scores: dict[Named, float] = {}
        for entry in self.before(at, sentence, sentences=10**9):
            fade = 0.6 ** min(sentence - entry.sentence, 12)
            for named in filter(accept, entry.who):
                scores[named] = scores.get(named, 0.0) + entry.weight * fade
        for named in scores:
            scores[named] += prior * min(self._totals[named.code], 16) ** 0.5
        return sorted(scores, key=lambda n: -scores[n])

    def best(self, at: int, sentence: int, accept: Accept, *, prior: float = 0.4) -> Who:
        """The most salient party that fits, as a tuple of one, or none."""
        return tuple(self.ranked(at, sentence, accept, prior=prior)[:1])

    def recent(self, at: int, sentence: int, accept: Accept) -> Who:
        """The party most spoken of before a token, in its sentence and the two before.

        Asked when the whole text has been gone over, unlike `best`.
        What the whole text is about counts too; of equals, the first spoken of.
        """
        scores: dict[Named, float] = {}
        for entry in self._around(sentence):
            if entry.at >= at:
                break
            fade = 0.5 ** (sentence - entry.sentence)
            for named in filter(accept, entry.who):
                scores[named] = scores.get(named, 0.0) + entry.weight * fade
        for named in scores:
            scores[named] += OF_THE_TEXT * min(self._totals[named.code], 16) ** 0.5
        return tuple(sorted(scores, key=lambda n: -scores[n])[:1])

    def recent_pair(self, at: int, sentence: int, accept: Accept) -> Who:
        """The two parties last spoken of together before a token, else () (see `recent`)."""
        found: Who = ()
        for entry in self._around(sentence):
            if entry.at >= at:
                break
            fitting = tuple(filter(accept, entry.who))
            if len(fitting) == 2:
                found = fitting
        return found

    def main_two(self, accept: Accept, *, at_least: int = 4) -> Who:
        """The two parties a text is about, if each is spoken of often enough and no third is."""
        fitting = [named for named in self._often(at_least) if accept(named)][:2]
        return tuple(fitting) if len(fitting) == 2 else ()

    def _often(self, at_least: int) -> list[Named]:
        """Parties spoken of so often in the whole text, the most spoken of first, some dozens."""
        key = len(self._entries), at_least
        if self._most[0] != key:  # asked again and again when all entries are there
            known = {named.code: named for entry in self._entries for named in entry.who}
            often = (code for code, times in self._totals.most_common() if times >= at_least)
            self._most = key, [known[code] for code in often if code in known][:REACH]
        return self._most[1]

    def _around(self, sentence: int) -> Iterator[Salient]:
        first = bisect_left(self._entries, sentence - 2, key=lambda entry: entry.sentence)
        for at in range(first, len(self._entries)):
            if self._entries[at].sentence > sentence:
                return
            yield self._entries[at]

    def pair(self, at: int, sentence: int, accept: Accept) -> Who:
        """Two parties spoken of together lately, else the two the text is most about."""
        for entry in self.before(at, sentence, sentences=3):
            fitting = tuple(filter(accept, entry.who))
            if len(fitting) == 2:
                return fitting
        two = tuple(self.ranked(at, sentence, accept, prior=2.0)[:2])
        return two if len(two) == 2 else ()

    def last_two(self, at: int, sentence: int, persons: Container[str]) -> Who:
        """The parties of the last two persons: "both leaders", "the two men"."""
        found: Who = ()
        for entry in self.before(at, sentence, sentences=10**9):
            if entry.person in persons and len(entry.who) == 1 and len(found) < 2:
                found = distinct((*found, *entry.who))
        return tuple(reversed(found)) if len(found) == 2 else ()

    def person(self, at: int, sentence: int, *, but: str | None = None) -> Salient | None:
        """Whom he or she means: a subject before others, a near person before a far one.

        but : the key of somebody who is not meant
        """
        near = (
            e
            for e in self.before(at, sentence, sentences=5)
            if e.person not in (None, _TOGETHER, but)
        )
        return _top(near, sentence, 0.5, lambda e: 1.0 if e.who else 0.3)

    def singular(self, at: int, sentence: int, avoid: Container[Named], *, acts: bool) -> Who:
        """What "it" means: a party, or () where a thing that is none is more salient.

        acts : the clause says or does what only parties say and do
        """
        near = (
            e
            for e in self.before(at, sentence, sentences=3)
            if e.person is None
            and len(e.who) <= 1
            and not any(n in avoid or n.kind == "person" for n in e.who)
            and (e.who or not acts)
            and not (e.plural and not any(n.kind == "group" for n in e.who))
        )
        top = _top(near, sentence, 0.4)
        return top.who if top else ()

    def plural(self, at: int, sentence: int) -> Who:
        """What "they" means: several parties, a group, a people, or () for things."""
        near = (
            e
            for e in self.before(at, sentence, sentences=3)
            if e.person in (None, _TOGETHER) and (e.plural or any(n.kind != "state" for n in e.who))
        )
        top = _top(near, sentence, 0.5)
        return top.who if top else ()

    def lately(self, at: int, sentence: int, kind: str) -> Who:
        """The last single party of a kind, in this sentence or the one before."""
        for entry in self.before(at, sentence, sentences=1):
            if entry.weight >= 1.5 and len(entry.who) == 1 and entry.who[0].kind == kind:
                return entry.who
        return ()

    def first_here(self, at: int, sentence: int) -> Who:
        """The party that is this sentence's first subject."""
        here = [
            e
            for e in self.before(at, sentence, sentences=0)
            if e.person is None and e.who and e.weight > 2.5 and e.who[0].kind != "person"
        ]
        return here[-1].who if here and len(here[-1].who) == 1 else ()


def distinct(named: Iterable[Named]) -> Who:
    """Each party once, in the order they come."""
    return tuple(dict.fromkeys(named))


def _top(
    entries: Iterable[Salient],
    sentence: int,
    fade: float,
    factor: Callable[[Salient], float] = lambda entry: 1.0,
) -> Salient | None:
    """The weightiest of entries given latest first; of equals the latest."""
    best, top = None, 0.0
    for entry in entries:
        score = factor(entry) * entry.weight * fade ** (sentence - entry.sentence)
        if score > top:
            best, top = entry, score
    return best
