"""An event is one entry, however often it is told: which tellings are of the same event.

What is sure is merged; what may be is proposed to a person as a pair ("same event?"), who decides
once, by `same_as:` or `not_same_as:`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from detente.record import matter
from detente.record.dates import PartialDate
from detente.record.matching import Pair, Trace, normal
from detente.record.models import Party
from detente.record.plover import ORGANS

_MONTHS = 24
_ARTICLE = re.compile(r"\b(?:an?|another)\b", re.IGNORECASE)
_TOGETHER = frozenset({"CONSULT", "AGREE", "COOPERATE"})
"""Types whose parties may all stand on one side, or the one they turn to on the other."""
_DEAL = "deal"
_NEWS = timedelta(days=7)
"""How long after an event reports still tell it as news, without its day."""

Key = tuple[Any, ...]


def roots(parties: Iterable[Party]) -> dict[str, str]:
    """Whom each party acts for, by id: a person's party, the state of a state's organ."""
    parties = list(parties)
    states = {party.of_country: party.id for party in parties if party.kind == "state"}
    found = {}
    for party in parties:
        if party.kind == "person" and party.speaks_for:
            found[party.id] = party.speaks_for[-1].party
        elif party.sector and party.sector[0] in ORGANS and party.country in states:
            found[party.id] = states[party.country]
    return found


@dataclass(slots=True)
class Events:
    """Finds the entry that tells the same event as a proposal does.

    Two entries are one event when all of this agrees; whatever leaves a doubt keeps them
    apart, as a wrong join hides something and a missed one only repeats it:

    - the type (signing and agreeing are one act where both are of a deal), and the mode where
      both have one; whether it happened, was denied, is possible or is to come
    - the sides: one names all that the other names, a person standing for the party spoken for;
      of meetings and agreements all parties count together
    - the date: both can mean the same day. An undated telling can be of a day in the week
      before its report; two undated ones are of one report, or of reports of the same days
    - the matter: the same issue where both have one; no different number; nearly the same
      content words (one description's all stand in the other, or two thirds of all are
      shared). Who met whom on a day, and a deal's signing on a day, need no further words
    - conditions, where both state one

    Within one report, or where a date is wider than a month, nearly all words must be the same.
    A status is one where value, holder, recipient and matter agree and its times do not
    conflict; without a time only while no other value is on record for it. An entry that a
    person rejected takes no further source, and a proposal that fits several entries
    equally well is none of them.

    root : whom each party acts for, by id (see `roots`)
    days : the day of each report, by id
    """

    root: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, PartialDate | None] = field(default_factory=dict)
    _filed: dict[Key, list[tuple[int, Trace]]] = field(default_factory=lambda: defaultdict(list))
    _values: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    _reports: dict[int, set[str]] = field(default_factory=dict)
    _pairs: dict[int, set[Pair]] = field(default_factory=dict)
    _undated: dict[int, Trace] = field(default_factory=dict)

    def add(self, place: int, entry: Trace) -> None:
        """Make an entry known under a number of the caller's."""
        if not entry.aspect and not entry.rejected:
            self._values[entry.kind, entry.by, entry.to].add(entry.detail)
        if entry.rejected or not entry.by or not entry.pairs:
            return
        self._reports[place] = entry.reports
        self._pairs[place] = set(entry.pairs)
        if _is_undated(entry):
            self._undated[place] = entry
        for key in self._keys(entry, entry.reports):
            self._filed[key].append((place, entry))

    def cite(self, place: int, proposal: Trace) -> None:
        """Note that an entry now has a proposal's sources too."""
        if (entry := self._undated.get(place)) is not None:
            new = proposal.reports - self._reports[place]
            known = set(self._keys(entry, self._reports[place]))
            for key in self._keys(entry, new):
                if key not in known:
                    self._filed[key].append((place, entry))
        self._reports[place] |= proposal.reports
        self._pairs[place] |= set(proposal.pairs)

    def find(self, proposal: Trace) -> int | None:
        """The number of the one entry that is the same event; None without one."""
        seen = {
            place: self._likeness(entry, proposal, repeated=repeated)
            for place, entry, repeated in self._near(proposal)
        }
        best = max(seen.values(), default=0.0)
        likely = [place for place, likeness in seen.items() if likeness == best]
        return likely[0] if best > 0 and len(likely) == 1 else None

    def doubtful(self, entry: Trace) -> list[int]:
        """The numbers of entries that may be the same event, which only a person can tell.

        Type, sides and day fit and nothing speaks against it, but the words differ; or
        several entries fit equally well.
        """
        return [
            place
            for place, other, _ in self._near(entry)
            if other.id != entry.id and self._may_be(other, entry)
        ]

    def _near(self, proposal: Trace) -> Iterator[tuple[int, Trace, bool]]:
        """Entries filed where it could be, each once, and whether they share a report."""
        if not proposal.by:
            return
        seen: set[int] = set()
        for key in self._keys(proposal, proposal.reports, wanted=True):
            for place, entry in self._filed.get(key, ()):
                # One quote that reports two things alike reports two things.
                if place in seen or self._pairs[place] & set(proposal.pairs):
                    continue
                seen.add(place)
                yield place, entry, bool(self._reports[place] & proposal.reports)

    # --- what must agree ------------------------------------------------------------------

    def _likeness(self, a: Trace, b: Trace, *, repeated: bool) -> float:
        if self._differ(a, b):
            return 0.0
        if not a.aspect:
            return (
                _same_matter(a, b, "same" if repeated else "like") if self._standing(a, b) else 0.0
            )
        if not self._same_time(a, b, repeated=repeated):
            return 0.0
        exact = _is_day(a.date) and a.date == b.date
        unsaid = repeated and a.date is None and b.date is None
        if a.kind == b.kind == "CONSULT" and (exact or unsaid) and self._all_meet(a, b):
            return 1.0
        if exact and not repeated and _of_a_deal(a) and _of_a_deal(b):
            return max(0.7, _same_matter(a, b, "like"))
        if _is_wide(a.date) or _is_wide(b.date):
            return _same_matter(a, b, "same")
        unsure = repeated or a.date is None or b.date is None
        return _same_matter(a, b, "nearly" if unsure else "like")

    def _may_be(self, a: Trace, b: Trace) -> bool:
        if not a.aspect or self._differ(a, b) or not self._same_time(a, b, repeated=False):
            return False
        one, other = _number(a.what), _number(b.what)
        return one is None or other is None or one == other

    def _differ(self, a: Trace, b: Trace) -> bool:
        """Whether something of them rules out that they are one."""
        if a.id in b.apart or b.id in a.apart:
            return True
        if a.kind != b.kind and not (_of_a_deal(a) and _of_a_deal(b)):
            return True
        if a.kind == b.kind and a.detail != b.detail and (not a.aspect or (a.detail and b.detail)):
            return True
        if a.issue != b.issue and a.issue and b.issue:
            return True
        if a.stance != b.stance:
            return True
        if a.condition and b.condition and not matter.agrees(a.condition, b.condition):
            return True
        return not self._sides_fit(a, b)

    def _acting(self, parties: Iterable[str]) -> frozenset[str]:
        return frozenset(self.root.get(party, party) for party in parties)

    def _sides_fit(self, a: Trace, b: Trace) -> bool:
        by_a, by_b = self._acting(a.by), self._acting(b.by)
        to_a, to_b = self._acting(a.to), self._acting(b.to)
        if not a.aspect:
            return by_a == by_b and (to_a == to_b or not to_a or not to_b)
        if a.kind in _TOGETHER and b.kind in _TOGETHER | {"SUPPORT"}:
            all_a, all_b = by_a | to_a, by_b | to_b
            if len(all_a & all_b) > 1 and (all_a <= all_b or all_b <= all_a):
                return True
        if not (by_a <= by_b or by_b <= by_a):
            return False
        return not to_a or not to_b or to_a <= to_b or to_b <= to_a

    def _all_meet(self, a: Trace, b: Trace) -> bool:
        """Whether both tell of the same who met whom, two parties at least."""
        all_a, all_b = self._acting(a.by | a.to), self._acting(b.by | b.to)
        return len(all_a) > 1 and all_a == all_b

    def _same_time(self, a: Trace, b: Trace, *, repeated: bool) -> bool:
        if a.date is not None and b.date is not None:
            return a.date.agrees(b.date)
        if a.date is None and b.date is None:
            return repeated or any(
                abs(one.earliest - other.earliest) <= timedelta(days=2)
                for one in self._days_of(a)
                for other in self._days_of(b)
            )
        dated, other = (a, b) if a.date is not None else (b, a)
        assert dated.date is not None
        if not _is_day(dated.date):
            return False
        return any(
            dated.date.earliest <= day.latest and day.earliest - dated.date.latest <= _NEWS
            for day in self._days_of(other)
        )

    def _days_of(self, entry: Trace) -> list[PartialDate]:
        return [day for report in sorted(entry.reports) if (day := self.days.get(report))]

    def _standing(self, a: Trace, b: Trace) -> bool:
        """Whether two statuses of the same value can be one that lasted."""
        if not all(_compatible(x, y) for x, y in ((a.date, b.date), (a.until, b.until))):
            return False
        if (a.until is None) != (b.until is None):
            return False
        values = {
            value
            for (kind, by, to), known in self._values.items()
            if (kind, by) == (a.kind, a.by) and (not to or not a.to or to == a.to)
            for value in known
        }
        return (a.date is not None and b.date is not None) or len(values) <= 1

    # --- where it is filed ------------------------------------------------------------------

    def _keys(self, entry: Trace, reports: Iterable[str], *, wanted: bool = False) -> Iterator[Key]:
        """Under what an entry is filed, or with `wanted` looked for: act, actor and months.

        An undated move is filed under its reports and the week before each. A dated one meets
        only undated ones under a report: a long report has thousands of dated ones.
        """
        kind = _DEAL if _of_a_deal(entry) else entry.kind
        acting = self._acting(entry.by | entry.to if kind in (*_TOGETHER, _DEAL) else entry.by)
        for actor in sorted(acting):
            yield from self._dated_keys((kind, actor, entry.aspect), entry, reports, wanted)

    def _dated_keys(
        self, key: Key, entry: Trace, reports: Iterable[str], wanted: bool
    ) -> Iterator[Key]:
        if not entry.aspect:
            yield key
            return
        if entry.date is None:
            yield from ((*key, "undated in", report) for report in sorted(reports))
            if wanted:
                yield from ((*key, "dated in", report) for report in sorted(reports))
            told = [day for report in sorted(reports) if (day := self.days.get(report))]
            spans = [(day.earliest - _NEWS, day.latest) for day in told]
            months = sorted({month for span in spans for month in _months(*span)})
            yield from ((*key, month) for month in months)
            return
        own = _months(entry.date.earliest, entry.date.latest)
        yield from ((*key, month) for month in own)
        there = "undated in" if wanted else "dated in"
        yield from ((*key, there, report) for report in sorted(reports))
        if wanted:
            yield (*key, "wide")
            if not own:
                yield (*key, "all")
        else:
            yield (*key, "all")
            if not own:
                yield (*key, "wide")


def doubtful_pairs(entries: Sequence[Trace], events: Events) -> list[tuple[str, str]]:
    """Pairs of entries, by id, of which a person has to say whether they are one event."""
    found: dict[tuple[str, str], None] = {}
    for place, entry in enumerate(entries):
        for other in events.doubtful(entry):
            if other < place:
                found[entries[other].id, entry.id] = None
        events.add(place, entry)
    return list(found)


def _of_a_deal(entry: Trace) -> bool:
    """Whether it is the making of an agreement, told as agreeing or as signing."""
    return entry.kind in ("AGREE", "SUPPORT") and _DEAL in matter.words(entry.what)


def _is_undated(entry: Trace) -> bool:
    """Whether it is a move, not a status, of which the day is not known."""
    return bool(entry.aspect) and entry.date is None


def _months(earliest: date, latest: date) -> range:
    """The months a stretch of days touches, counted through; none for a very wide one."""
    first, last = (day.year * 12 + day.month for day in (earliest, latest))
    return range(first, last + 1) if last - first <= _MONTHS else range(0)


def _compatible(a: PartialDate | None, b: PartialDate | None) -> bool:
    return a is None or b is None or a.agrees(b)


def _is_day(when: PartialDate | None) -> bool:
    return when is not None and when.earliest == when.latest


def _is_wide(when: PartialDate | None) -> bool:
    return when is not None and (when.latest - when.earliest).days + 1 > 31


def _same_matter(a: Trace, b: Trace, asked: Literal["same", "nearly", "like"]) -> float:
    """How alike two descriptions are, 0 to 1; 0 where they may be of different things.

    asked : that all content words be the same; nearly, two of them at least; or that they be
            alike, where one word can say it
    """
    if not a.what or not b.what:
        return 1.0 if a.what == b.what else 0.0
    if matter.says_nothing(a.what) or matter.says_nothing(b.what):
        return 0.0
    if asked != "like" and matter.amount(a.what) != matter.amount(b.what):
        return 0.0
    one, other = _number(a.what), _number(b.what)
    if one is not None and other is not None and one != other:
        return 0.0
    if normal(a.what).casefold() == normal(b.what).casefold():
        return 1.0
    first, second = _informing(a), _informing(b)
    if not first or not second:
        return 0.0
    shared = len(first & second)
    share = shared / len(first | second)
    if asked == "same":
        return share if share == 1 else 0.0
    if first <= second or second <= first:
        return share if shared >= 2 or (share >= 0.5 and asked == "like") else 0.0
    return share if share >= 2 / 3 else 0.0


def _number(what: str) -> int | None:
    """The number of things spoken of, "a mechanic" being one; None where it is not said."""
    given = matter.amount(what)
    return 1 if given is None and _ARTICLE.search(what) else given


def _informing(entry: Trace) -> frozenset[str]:
    """The content words of the matter that its parties' names do not say already."""
    parties: Iterable[str] = entry.by | entry.to
    names = {word for party in parties for word in matter.words(party.replace("-", " "))}
    return matter.words(entry.what) - names
