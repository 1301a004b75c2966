"""Which proposed entry is which entry of the record: the same finding, or the same event."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from detente.record import matter
from detente.record.dates import PartialDate
from detente.record.record import Report

Pair = tuple[str, str]
"""A report's id and a quote from it, its white space made single blanks."""

ENOUGH_OVERLAP = 0.5
"""Share of the shorter of two quotes that must stand in the other to be the same place."""

_CLASSES = {"actual": "happened", "historical": "happened"}
_MONTHS = 24
_ARTICLE = re.compile(r"\b(?:an?|another)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What of an entry, proposed or on record, decides whether it is another one.

    kind   : a move's type or a status's attribute
    detail : a move's mode or a status's value
    aspect : happened, negated, hypothetical or future; "" for a status
    stem   : its id without the number behind
    """

    id: str
    kind: str
    detail: str
    by: frozenset[str]
    to: frozenset[str]
    what: str
    issue: str
    aspect: str
    condition: str
    date: PartialDate | None
    until: PartialDate | None
    rejected: bool
    pairs: tuple[Pair, ...]
    stem: str

    @property
    def reports(self) -> set[str]:
        """The reports it cites."""
        return {report for report, _ in self.pairs}


def trace(entry: Any, *, stem: str | None = None) -> Trace:
    """The trace of an entry in plain form; what is malformed in it counts as missing."""
    entry = entry if isinstance(entry, dict) else {}
    status = "attribute" in entry
    aspect = "" if status else _word(entry.get("aspect")) or "actual"
    id = _word(entry.get("id"))
    return Trace(
        id=id,
        kind=_word(entry.get("attribute" if status else "type")),
        detail=_word(entry.get("value" if status else "mode")),
        by=_words(entry.get("by")),
        to=_words(entry.get("to")),
        what=_word(entry.get("what")),
        issue=_word(entry.get("issue")),
        aspect=_CLASSES.get(aspect, aspect),
        condition=_word(entry.get("if")),
        date=_date(entry.get("from" if status else "date")),
        until=_date(entry.get("until")),
        rejected=entry.get("review") == "rejected",
        pairs=tuple(_pairs(entry.get("sources"))),
        stem=_stem(id) if stem is None else stem,
    )


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _words(value: Any) -> frozenset[str]:
    items = value if isinstance(value, list) else [value]
    return frozenset(item for item in items if isinstance(item, str))


def _date(value: Any) -> PartialDate | None:
    try:
        return PartialDate.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _pairs(sources: Any) -> Iterator[Pair]:
    for source in sources if isinstance(sources, list) else ():
        if isinstance(source, dict):
            report, quote = source.get("report"), source.get("quote")
            if isinstance(report, str) and isinstance(quote, str):
                yield report, normal(quote)


def normal(text: str) -> str:
    """The text with white space made single blanks."""
    return " ".join(text.split())


def _stem(id: str) -> str:
    head, _, number = id.rpartition("-")
    return head if number.isdigit() else id


# --- the same finding ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slot:
    """One source of one entry: it can stand for one proposal."""

    entry: int
    pair: Pair


def same_findings(
    entries: Sequence[Trace], proposals: Sequence[Trace], reports: Mapping[str, Report]
) -> dict[int, int]:
    """For each proposal that is on record already, the place of its entry.

    A proposal is an entry's own finding when they share report and quote. Where several do,
    they are paired: those alike in everything first, then those with the same type and
    parties, the same id but for its number (a person may have changed the type, but ids
    stay), the same type, and what is left in order: an entry left over is one that a person
    edited. A source stands for one proposal only.

    What is left of both is the same where the quotes overlap in the report and the type or
    the id is the same: there a person edited the quote.
    """
    found: dict[int, int] = {}
    slots: dict[Pair, list[_Slot]] = defaultdict(list)
    for place, entry in enumerate(entries):
        for pair in dict.fromkeys(entry.pairs):
            slots[pair].append(_Slot(place, pair))
    waiting: dict[Pair, list[int]] = defaultdict(list)
    for number, proposal in enumerate(proposals):
        known = [pair for pair in proposal.pairs if pair in slots]
        if known:
            waiting[known[0]].append(number)
    for pair, numbers in waiting.items():
        _pair_up(entries, slots[pair], proposals, numbers, found)
    _match_overlaps(entries, slots, proposals, found, reports)
    return found


def _alike(a: Trace, b: Trace) -> bool:
    return _same_sides(a, b) and (a.detail, a.what, a.aspect, a.date) == (
        b.detail,
        b.what,
        b.aspect,
        b.date,
    )


def _same_sides(a: Trace, b: Trace) -> bool:
    return (a.kind, a.by, a.to) == (b.kind, b.by, b.to)


_PASSES: tuple[Callable[[Trace, Trace], bool], ...] = (
    _alike,
    _same_sides,
    lambda a, b: a.stem == b.stem,
    lambda a, b: a.kind == b.kind,
    lambda a, b: True,
)


def _pair_up(
    entries: Sequence[Trace],
    slots: list[_Slot],
    proposals: Sequence[Trace],
    numbers: list[int],
    found: dict[int, int],
) -> None:
    """Pair proposals and slots of one quote; slots that were used are taken away."""
    for fits in _PASSES:
        for number in list(numbers):
            slot = next((s for s in slots if fits(entries[s.entry], proposals[number])), None)
            if slot is not None:
                found[number] = slot.entry
                slots.remove(slot)
                numbers.remove(number)


def _match_overlaps(
    entries: Sequence[Trace],
    slots: Mapping[Pair, list[_Slot]],
    proposals: Sequence[Trace],
    found: dict[int, int],
    reports: Mapping[str, Report],
) -> None:
    free: dict[str, list[_Slot]] = defaultdict(list)
    for left in slots.values():
        for slot in left:
            free[slot.pair[0]].append(slot)
    texts: dict[str, str] = {}
    for number, proposal in enumerate(proposals):
        if number in found:
            continue
        for report, quote in proposal.pairs:
            if not free[report]:
                continue
            if report not in texts:
                texts[report] = normal(reports[report].text) if report in reports else ""
            best: tuple[float, _Slot] | None = None
            for slot in free[report]:
                entry = entries[slot.entry]
                if entry.kind == proposal.kind or entry.stem == proposal.stem:
                    share = _overlap(slot.pair[1], quote, texts[report])
                    if share >= ENOUGH_OVERLAP and (best is None or share > best[0]):
                        best = share, slot
            if best is not None:
                found[number] = best[1].entry
                free[report].remove(best[1])
                break


def _overlap(a: str, b: str, text: str) -> float:
    """The share of the shorter quote that stands in the other, at one place of the text."""
    if a in b or b in a:
        return 1.0
    best, at = 0, text.find(a)
    for _ in range(20):
        if at < 0:
            break
        start = max(at - len(b), 0)
        other = text.find(b, start, at + len(a) + len(b))
        while other >= 0:
            best = max(best, min(at + len(a), other + len(b)) - max(at, other))
            other = text.find(b, other + 1, at + len(a) + len(b))
        at = text.find(a, at + 1)
    return best / max(min(len(a), len(b)), 1)


# --- the same event ------------------------------------------------------------------------


@dataclass(slots=True)
class Events:
    """Finds the entry that reports the same event as a proposal does.

    Two entries are one event when all of this agrees; whatever leaves a doubt keeps them
    apart, as a wrong join hides something and a missed one only repeats it:

    - the type, and the mode where both have one; actors (known, and the same); recipients
      (the same, or one side names none); whether it happened, was denied, is possible or
      is to come
    - the date: both are known and can mean the same day
    - the matter: the same issue where both have one; no different number; nearly the same
      content words (one description's all stand in the other, or two thirds of all are
      shared); the same words where a date is wider than a month
    - conditions, where both state one

    Within one report the words must be the same, and two undated tellings are one as well.
    A status is one where value, holder, recipient and matter agree and its times do not
    conflict; without a time only while no other value is on record for it. An entry that a
    person rejected takes no further source, and a proposal that fits several entries
    equally well is none of them.
    """

    _moves: dict[tuple[Any, ...], list[tuple[int, Trace]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _values: dict[tuple[Any, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
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
        for key in _keys(entry):
            self._moves[key].append((place, entry))

    def cite(self, place: int, proposal: Trace) -> None:
        """Note that an entry now has a proposal's sources too."""
        if (entry := self._undated.get(place)) is not None:
            for report in proposal.reports - self._reports[place]:
                self._moves[*_plain_key(entry), report].append((place, entry))
        self._reports[place] |= proposal.reports
        self._pairs[place] |= set(proposal.pairs)

    def find(self, proposal: Trace) -> int | None:
        """The number of the one entry that is the same event; None without one."""
        if not proposal.by:
            return None
        seen: dict[int, float] = {}
        for key in _keys(proposal, wanted=True):
            for place, entry in self._moves.get(key, ()):
                # One quote that reports two things alike reports two things.
                if place in seen or self._pairs[place] & set(proposal.pairs):
                    continue
                repeated = bool(self._reports[place] & proposal.reports)
                seen[place] = self._likeness(entry, proposal, repeated=repeated)
        best = max(seen.values(), default=0.0)
        likely = [place for place, likeness in seen.items() if likeness == best]
        return likely[0] if best > 0 and len(likely) == 1 else None

    def _likeness(self, a: Trace, b: Trace, *, repeated: bool) -> float:
        if a.detail != b.detail and (not a.aspect or (a.detail and b.detail)):
            return 0.0
        if a.to != b.to and (a.to and b.to):
            return 0.0
        if a.issue != b.issue and (a.issue and b.issue):
            return 0.0
        if a.condition and b.condition and not matter.agrees(a.condition, b.condition):
            return 0.0
        if not (self._standing(a, b) if not a.aspect else _same_time(a, b, repeated)):
            return 0.0
        vague = bool(a.aspect) and (_is_wide(a.date) or _is_wide(b.date))
        return _same_matter(a, b, strict=repeated or vague)

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


def _keys(entry: Trace, *, wanted: bool = False) -> Iterator[tuple[Any, ...]]:
    """Under what an entry is filed, or with `wanted` looked for: type, actors and months.

    An undated move is the same as another only within a report, so it is filed under that;
    most moves of a large case are undated.
    """
    key = _plain_key(entry)
    if _is_undated(entry):
        yield from ((*key, report) for report in sorted(entry.reports))
        return
    if not entry.aspect or entry.date is None:
        yield key
        return
    months = _months(entry.date)
    yield from ((*key, month) for month in months)
    if wanted:
        yield (*key, "wide")
        if not months:
            yield (*key, "all")
    else:
        yield (*key, "all")
        if not months:
            yield (*key, "wide")


def _plain_key(entry: Trace) -> tuple[Any, ...]:
    return entry.kind, entry.by, entry.aspect


def _is_undated(entry: Trace) -> bool:
    """Whether it is a move, not a status, of which the day is not known."""
    return bool(entry.aspect) and entry.date is None


def _months(when: PartialDate) -> range:
    """The months a date can fall in, counted through; none for a very wide one."""
    first, last = (day.year * 12 + day.month for day in (when.earliest, when.latest))
    return range(first, last + 1) if last - first <= _MONTHS else range(0)


def _same_time(a: Trace, b: Trace, repeated: bool) -> bool:
    if a.date is None or b.date is None:
        return repeated and a.date is None and b.date is None
    return a.date.agrees(b.date)


def _compatible(a: PartialDate | None, b: PartialDate | None) -> bool:
    return a is None or b is None or a.agrees(b)


def _is_wide(when: PartialDate | None) -> bool:
    return when is not None and _days(when.earliest, when.latest) > 31


def _days(first: date, last: date) -> int:
    return last.toordinal() - first.toordinal() + 1


def _same_matter(a: Trace, b: Trace, *, strict: bool) -> float:
    """How alike two descriptions are, 0 to 1; 0 where they may be of different things."""
    if not a.what or not b.what:
        return 1.0 if a.what == b.what else 0.0
    if strict and matter.amount(a.what) != matter.amount(b.what):
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
    if strict:
        return share if share == 1 else 0.0
    if first <= second or second <= first:
        return share if shared >= 2 or share >= 0.5 else 0.0
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
