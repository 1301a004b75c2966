"""A page that stays small however large the case is.

What is old or small is counted, and the page says which command prints it. Links to what is
left out are taken off when the page is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from detente.brief import words
from detente.brief.document import (
    AgreementView,
    AnswerView,
    AssumptionView,
    Brief,
    DemandView,
    EntryView,
    LedgerView,
    PairView,
    Part,
    PeriodView,
    Rest,
    RoleView,
    Sentence,
    SideView,
    TableView,
)

V = TypeVar("V")
LARGEST = 3_000_000
"""Bytes a page may have."""

_ROOMS = {
    "cited": 250_000,
    "chronology": 500_000,
    "undated": 150_000,
    "ledgers": 350_000,
    "demands": 120_000,
    "ladder": 120_000,
    "statuses": 60_000,
    "agreements": 100_000,
    "disputes": 80_000,
    "contested": 40_000,
    "parties": 40_000,
    "speakers": 40_000,
    "reports": 80_000,
    "assumptions": 200_000,
    "changes": 60_000,
}
"""Characters that the views of each part may take; the page's tags come on top."""

_FEW = 12
_LINKS = 40
_ROWS = 40


def fitted(brief: Brief, share: float) -> Brief:
    """The brief with its lists cut to the room there is; `rests` say what is left out.

    share : of the usual room; less, where the page would be too large all the same
    """
    return _Cut(brief, share).brief()


@dataclass
class _Cut:
    """A brief being cut; rests: what has been left out so far, by part."""

    whole: Brief
    share: float

    def __post_init__(self) -> None:
        self.rests: dict[str, Rest] = {}

    def room(self, part: str) -> int:
        return int(_ROOMS[part] * self.share)

    def brief(self) -> Brief:
        whole = self.whole
        cut = replace(
            whole,
            answers=tuple(map(_answer, whole.answers)),
            assumptions=self.first(
                "assumptions", map(_assumption, whole.assumptions), len(whole.assumptions),
                "assumption", "assumptions", "detente judge CASE",
            ),
            demands=self.first(
                "demands", map(_demand, whole.demands), len(whole.demands),
                "demand", "demands", "detente demands CASE",
            ),
            ladder=self.ladder(),
            past_statuses=self.first(
                "statuses", map(_entry, whole.past_statuses), len(whole.past_statuses),
                "status", "statuses", "detente brief CASE --json",
            ),
            agreements=self.first(
                "agreements", map(_agreement, whole.agreements), len(whole.agreements),
                "agreement", "agreements", "detente commitments CASE",
            ),
            disputes=self.first(
                "disputes",
                (replace(d, first=_entry(d.first), second=_entry(d.second))
                 for d in whole.disputes),
                len(whole.disputes), "contradiction", "contradictions", "detente brief CASE --json",
            ),
            contested=self.first(
                "contested", map(_sentence, whole.contested), len(whole.contested),
                "contested fact", "contested facts", "detente status CASE",
            ),
            parties=self.first(
                "parties", whole.parties, len(whole.parties),
                "party", "parties", "detente brief CASE --json",
            ),
            speakers=self.first(
                "speakers", whole.speakers, len(whole.speakers),
                "speaker", "speakers", "detente brief CASE --json",
            ),
            reports=self.last_reports(),
            changes=self.changes(),
            ledgers=self.ledgers(),
        )  # fmt: skip
        cut = self.chronology(cut)
        if whole.others:
            others = sum(not ledger.main for ledger in cut.ledgers)
            cut = replace(cut, others=f"{others:,} other pairs")
        return replace(cut, rests=self.rests, left_out=(*whole.left_out, *self.said(cut)))

    def said(self, cut: Brief) -> Iterator[str]:
        if self.rests:
            yield (
                f"The case is too large for one page: {_listed(cut.periods):,} of "
                f"{_listed(self.whole.periods):,} entries are listed here, and what else is left "
                "out is counted at its place, with the command that prints it. Counts, balances "
                "and answers are those of all."
            )

    def first(
        self, part: str, views: Iterable[V], total: int, noun: str, plural: str, command: str
    ) -> tuple[V, ...]:
        """The first of the views that have room."""
        kept = tuple(_within(views, self.room(part)))
        self.left(part, total - len(kept), noun, plural, command)
        return kept

    def left(self, part: str, count: int, noun: str, plural: str, command: str) -> None:
        if count:
            said = words.counted(count, f"more {noun}", f"more {plural}")
            are = "is" if count == 1 else "are"
            self.rests[part] = Rest(f"{said} {are} left out here", command)

    def ladder(self) -> tuple[PairView, ...]:
        """The first rows, under their pairs."""
        pairs, room = [], self.room("ladder")
        for pair in self.whole.ladder:
            rows = []
            for row in pair.rows:
                row = replace(
                    row,
                    entries=tuple(map(_entry, row.entries[-_FEW:])),
                    links=row.links[-_FEW:],
                )
                room -= _size(row)
                if room < 0:
                    break
                rows.append(row)
            if rows:
                pairs.append(replace(pair, rows=tuple(rows)))
        every = sum(len(pair.rows) for pair in self.whole.ladder)
        count = every - sum(len(pair.rows) for pair in pairs)
        self.left("ladder", count, "standing fact", "standing facts", "detente status CASE")
        return tuple(pairs)

    def last_reports(self) -> Any:
        every = self.whole.reports
        kept = tuple(_within(reversed(every), self.room("reports")))[::-1]
        command = "detente brief CASE --table reports"
        self.left("reports", len(every) - len(kept), "report", "reports", command)
        return kept

    def changes(self) -> Any:
        changes = self.whole.changes
        if changes is None:
            return None
        every = changes.entries
        kept = self.first(
            "changes", every, len(every), "change", "changes", "detente brief CASE --json"
        )
        return replace(changes, entries=kept)

    def ledgers(self) -> tuple[LedgerView, ...]:
        """The busiest pairs, each with its latest moves."""
        every = self.whole.ledgers
        return self.first(
            "ledgers", (self.ledger(one) for one in every), len(every),
            "pair, with fewer moves,", "pairs, with fewer moves,", "detente ledger CASE",
        )  # fmt: skip

    def ledger(self, ledger: LedgerView) -> LedgerView:
        most = _FEW if ledger.main else 0
        first, second = (_side(side, most) for side in ledger.sides)
        table = self.table(ledger.table, _ROWS if ledger.main else _FEW)
        return replace(ledger, sides=(first, second), table=table)

    def table(self, table: TableView, most: int) -> TableView:
        total = len(self.whole.tables[table.name].rows)
        rows = table.rows[-most:]
        if len(rows) == total:
            return table
        said = f"These are the last {len(rows):,} of {total:,} rows; the file holds them all."
        return replace(table, rows=rows, left_out=said)

    # --- the chronology ---------------------------------------------------------------------

    def chronology(self, cut: Brief) -> Brief:
        """The latest entries, and earlier ones that something else on the page leads to."""
        cited = self.cited(cut)
        rooms = {True: self.room("chronology"), False: self.room("undated")}
        kept: list[PeriodView] = []
        for period in reversed(self.whole.periods):
            inside: list[EntryView] = []
            for entry in reversed(period.entries):
                if entry.anchor not in cited:
                    if rooms[period.dated] <= 0:
                        continue
                    rooms[period.dated] -= _size(_entry(entry))
                    if rooms[period.dated] < 0:
                        continue
                inside.append(_entry(entry))
            if inside:
                count = period.count
                if len(inside) < len(period.entries):
                    count = f"{len(inside):,} of {count}"
                kept.append(replace(period, entries=tuple(reversed(inside)), count=count))
        missing = _listed(self.whole.periods) - _listed(kept)
        if missing:
            said = f"{words.counted(missing, 'entry', 'entries')} of earlier or unknown days"
            self.rests["chronology"] = Rest(
                f"{said} are left out here; what is listed of them is what this page leads to",
                "detente timeline CASE",
            )
        periods = tuple(reversed(kept))
        return replace(cut, periods=periods, earlier=words.earlier(periods))

    def cited(self, cut: Brief) -> set[str]:
        """The anchors of the moves that the page leads to, as many as have room."""
        moves = {e.anchor: e for p in self.whole.periods for e in p.entries if e.anchor}
        room, found = self.room("cited"), set()
        for anchor in dict.fromkeys(_cited(cut)):
            size = _size(_entry(moves[anchor])) if anchor in moves else 0
            if size <= room:
                room -= size
                found.add(anchor)
        return found


def _listed(periods: Iterable[PeriodView]) -> int:
    return sum(len(period.entries) for period in periods)


def _within(views: Iterable[V], room: int) -> Iterator[V]:
    """The views up to the first that has no room."""
    for view in views:
        room -= _size(view)
        if room < 0:
            return
        yield view


def _size(view: object) -> int:
    """How many characters a view takes, its picture aside: there are few of these."""
    if isinstance(view, LedgerView):
        view = replace(view, figure=None)
    return len(repr(view))


def _cited(cut: Brief) -> Iterator[str]:
    """The anchors of moves the page leads to: from what is said first, then from what is listed."""
    said = tuple(answer.sentences for answer in cut.answers)
    for part in (said, cut.agreements, cut.answers, cut.assumptions, cut.demands, cut.ladder):
        for href in _hrefs(part):
            if href.startswith("#move-"):
                yield href[1:]


def _hrefs(view: Any) -> Iterator[str]:
    """Every link in a view and those inside it, but those of pictures and tables."""
    if isinstance(view, tuple):
        for each in view:
            yield from _hrefs(each)
    elif is_dataclass(view) and not isinstance(view, TableView):
        for field in fields(view):
            value = getattr(view, field.name)
            if field.name == "href" and value:
                yield value
            elif not isinstance(value, str):
                yield from _hrefs(value)


# --- what a single view may hold --------------------------------------------------------------


def _entry(entry: EntryView) -> EntryView:
    """An entry with a few of its sources, where it has many."""
    more = len(entry.sources) - _FEW
    if more <= 0:
        return entry
    said = f"And {words.counted(more, 'further source')}: detente brief CASE --json"
    return replace(entry, sources=entry.sources[:_FEW], more=said)


def _some(parts: Sequence[Part], most: int) -> tuple[Part, ...]:
    """The first of many links, and how many more there are."""
    if len(parts) <= most:
        return tuple(parts)
    return (*parts[:most], Part(f"{len(parts) - most:,} more"))


def _sentence(said: Sentence) -> Sentence:
    """A sentence without the middle of a long enumeration, whose links stand behind commas."""
    parts, half = said.parts, 2 * _FEW
    if len(parts) > 2 * half:
        left = sum(part.href is not None for part in parts[half:-half])
        parts = (*parts[:half], Part(f" … ({left:,} more) … "), *parts[-half:])
    return Sentence(parts)


def _answer(answer: AnswerView) -> AnswerView:
    more = len(answer.unconfirmed) - _LINKS
    return replace(
        answer,
        sentences=tuple(map(_sentence, answer.sentences)),
        unconfirmed=answer.unconfirmed[:_LINKS],
        more=f"and {more:,} more: detente brief CASE --json" if more > 0 else "",
    )


def _assumption(given: AssumptionView) -> AssumptionView:
    return replace(given, rests_on=_some(given.rests_on, _FEW))


def _demand(demand: DemandView) -> DemandView:
    return replace(
        demand,
        asked=_sentence(demand.asked),
        steps=demand.steps[-_FEW:],
        sources=demand.sources[:3],
    )


def _agreement(made: AgreementView) -> AgreementView:
    return replace(
        made,
        sources=made.sources[:_FEW],
        commitments=tuple(
            replace(
                each, performed=_some(each.performed, _FEW), breached=_some(each.breached, _FEW)
            )
            for each in made.commitments
        ),
    )


def _side(side: SideView, most: int) -> SideView:
    return replace(side, roles=tuple(_role(role, most) for role in side.roles))


def _role(role: RoleView, most: int) -> RoleView:
    if len(role.earlier) <= most:
        return role
    said = f"{most} of {role.earlier_count}"
    return replace(role, earlier=role.earlier[len(role.earlier) - most :], earlier_count=said)
