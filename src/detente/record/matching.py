"""Which proposed entry is which entry of the record: the same finding, read again.

Whether two findings are of the same event is another question: see `once`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.record.dates import PartialDate
from detente.record.record import Report

Pair = tuple[str, str]
"""A report's id and a quote from it, its white space made single blanks."""

ENOUGH_OVERLAP = 0.5
"""Share of the shorter of two quotes that must stand in the other to be the same place."""

_CLASSES = {"actual": "happened", "historical": "happened"}


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What of an entry, proposed or on record, decides whether it is another one.

    kind   : a move's type or a status's attribute
    detail : a move's mode or a status's value
    aspect : happened, negated, hypothetical or future; "" for a status
    stem   : its id without the number behind
    apart  : ids of entries a person says it is not the same as
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
    stance: str = "for"
    apart: frozenset[str] = frozenset()

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
        stance=_word(entry.get("stance")) or "for",
        apart=_words(entry.get("not_same_as")),
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
