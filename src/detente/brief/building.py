"""From a record and what it adds up to, to the brief a person reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from detente.brief import charts, entries, plots, tables, words
from detente.brief.answer_figures import (
    change_figure,
    deal_figure,
    outcomes_figure,
    steps_figure,
    wants_figure,
)
from detente.brief.answer_tables import answer_tables
from detente.brief.answers import Asked, answers, assumptions, main_ledger
from detente.brief.document import (
    AgreementView,
    AnswerView,
    Brief,
    CommitmentView,
    Counts,
    Definition,
    DemandView,
    DisputeView,
    EntryView,
    Figure,
    LadderView,
    LedgerItem,
    LedgerView,
    PairView,
    Part,
    PartyView,
    PeriodView,
    ReportView,
    RoleView,
    RungView,
    Sentence,
    SideView,
    SpeakerView,
    StepView,
    Table,
    TableView,
)
from detente.brief.entries import Shown
from detente.brief.summary import in_short
from detente.judgment.outlook import Outlook
from detente.record.dates import PartialDate
from detente.record.models import RELIABILITY, Agreement, Move, Party
from detente.record.record import Record, Report
from detente.tracking.views import (
    CommitmentLine,
    Demand,
    LadderRow,
    Ledger,
    LedgerLine,
    Role,
    TimelineEntry,
    Tracking,
)

_MAIN_PAIRS = 3
_OPEN_ENTRIES = 120
_PERIOD = 150
_ROLE_ITEMS = 6
_FEW_PAIRS = 8
_PLOT_FROM = 3
_PLOTTED_MOVES = 300

DEFINITIONS = (
    Definition("intensity", "Score", "The conflict-cooperation score PLOVER's manual publishes "
               "for a move's type and mode, from −10 (conflict) to +10 (cooperation); a mode "
               "without a score of its own takes its type's."),
    Definition("balance", "Balance", "The sum of the scores of a side's own moves that are "
               "reported as having happened, up to and including that move."),
    Definition("counted", "Counted", "Only moves with aspect actual or historical enter a "
               "balance; what is planned, possible or denied is shown and not counted."),
    Definition("last_mover", "Last to move", "The side that made the latest dated, counted move "
               "of a pair; nobody where both made it together or none is dated."),
    Definition("rung", "Rung", "The place of a status on the ladder of its attribute; 0 is its "
               "absence."),
    Definition("credibility", "Rating", "The Admiralty code (NATO AJP-2.1): a letter A to F for "
               "how reliable the source is, a number 1 to 6 for how credible this piece of "
               "information is; no number where nobody has judged it."),
    Definition("reports", "Reports", "How many reports the record holds."),
    Definition("moves", "Moves", "How many moves are shown; rejected ones are left out."),
    Definition("statuses", "Statuses", "How many standing facts are shown; rejected ones are "
               "left out."),
    Definition("agreements", "Agreements", "How many agreements the case lists."),
    Definition("confirmed", "Confirmed", "How many of the moves and statuses shown a person has "
               "confirmed."),
    Definition("unreviewed", "Unreviewed", "How many of the moves and statuses shown were read "
               "by the program and have been confirmed by nobody."),
    Definition("rejected", "Rejected", "How many entries a person has rejected; they are left "
               "out of everything."),
    Definition("later", "Later", "How many entries belong after the day the brief is "
               "made for; they are left out."),
)  # fmt: skip
"""What each number means; the keys are those of the JSON."""


def build(
    record: Record,
    tracking: Tracking,
    *,
    outlook: Outlook | None = None,
    warnings: Sequence[str] = (),
) -> Brief:
    """The brief of a record as it stood on the day of `tracking`.

    outlook  : what follows from the assumptions; without it, the brief tells the record alone
    warnings : sentences for the reader about how the record came about (a text that could
               not be read whole, a date that was guessed at)
    """
    shown = Shown(record, tracking)
    ledgers = sorted(tracking.ledgers, key=lambda pair: -len(pair.lines))
    counts = _counts(shown)
    disputes = tuple(_disputes(shown))
    contested = tuple(_contested(shown))
    ladder, placed = _ladder(shown)
    periods = tuple(_periods(shown))
    timeline = _timeline_figure(shown)
    timeline_table = tables.timeline_view(shown) if tracking.timeline else None
    pairs = tuple(_ledger(shown, pair, place) for place, pair in enumerate(ledgers))
    every = tables.of_record(shown)
    answered: tuple[AnswerView, ...] = ()
    asked = None
    if outlook is not None and (shown.moves or shown.statuses or not outlook.drafted):
        asked = Asked(shown, outlook, ledgers, len(disputes) + len(contested))
        behind = answer_tables(asked)
        every |= behind
        drawn = {"stand": timeline, "done": _take_figure(asked, ledgers, pairs)}
        shown_tables = {"stand": timeline_table}
        if (ledger := main_ledger(asked)) is not None:
            shown_tables["done"] = tables.ledger_view(shown, ledger)
        answered = tuple(
            _answer(asked, each, drawn, shown_tables, behind) for each in answers(asked)
        )
        timeline = timeline_table = None
        main = drawn["done"]
        pairs = tuple(
            replace(pair, figure=None) if main is not None and pair.figure is main else pair
            for pair in pairs
        )
    return Brief(
        title=record.case.title,
        question=record.case.question,
        note=record.case.note,
        as_of=words.date(tracking.as_of) if tracking.as_of else "",
        dateline=tuple(_dateline(shown, counts)),
        short=_headlines(answered) or in_short(shown, ledgers, len(disputes) + len(contested)),
        answers=answered,
        assumptions=assumptions(asked) if asked is not None else (),
        assumed=_assumed(outlook) if asked is not None and outlook is not None else "",
        empty=_empty(shown),
        warnings=(*warnings, *_looking_back(tracking, outlook)),
        left_out=tuple(_left_out(counts, tracking)),
        timeline=timeline,
        timeline_table=timeline_table,
        earlier=words.earlier(periods),
        periods=periods,
        others=_others(pairs),
        ledgers=pairs,
        demands=tuple(_demands(shown)),
        ladder=ladder,
        past_statuses=tuple(
            entries.status(shown, status)
            for status in shown.statuses.values()
            if status.id not in placed
        ),
        agreements=tuple(_agreement(shown, made) for made in shown.agreements.values()),
        disputes=disputes,
        contested=contested,
        parties=tuple(_parties(shown)),
        speakers=tuple(_speakers(shown)),
        reports=tuple(_reports(shown)),
        definitions=DEFINITIONS,
        counts=counts,
        tables=every,
        record=record,
        tracking=tracking,
        moves=tuple(shown.moves.values()),
        statuses=tuple(shown.statuses.values()),
        outlook=outlook,
    )


def _looking_back(tracking: Tracking, outlook: Outlook | None) -> Iterator[str]:
    if tracking.as_of is not None and outlook is not None and not outlook.drafted:
        yield (
            f"The record is that of {words.date(tracking.as_of)}; the assumptions are today's, and "
            "may know of what came later."
        )


# --- the answers -----------------------------------------------------------------------------


def _answer(
    asked: Asked,
    view: AnswerView,
    drawn: dict[str, Figure | None],
    shown_tables: dict[str, TableView | None],
    behind: dict[str, Table],
) -> AnswerView:
    """An answer with its picture and the tables behind it.

    drawn, shown_tables : pictures and tables of the record that stand beside an answer
    """
    figures = {
        "wants": wants_figure,
        "deal": deal_figure,
        "holds": outcomes_figure,
        "steps": steps_figure,
        "change": change_figure,
    }
    named = {
        "wants": ("wants",),
        "deal": ("deal", "inside"),
        "holds": ("outcomes",),
        "steps": ("steps",),
        "change": ("matters",),
    }.get(view.key, ())
    figure = figures[view.key](asked) if view.key in figures else drawn.get(view.key)
    views = tuple(tables.as_view(name, behind[name]) for name in named if name in behind)
    if (given := shown_tables.get(view.key)) is not None:
        views = (given,)
    return replace(view, figure=figure, tables=views)


def _take_figure(
    asked: Asked, ledgers: Sequence[Ledger], pairs: Sequence[LedgerView]
) -> Figure | None:
    """The balance of the two parties the case is about: it stands beside its answer."""
    main = main_ledger(asked)
    found = next((v for pair, v in zip(ledgers, pairs, strict=True) if pair is main), None)
    return found.figure if found is not None else None


def _headlines(answered: Sequence[AnswerView]) -> tuple[Sentence, ...]:
    """Each answer's first sentence."""
    return tuple(view.sentences[0] for view in answered if view.sentences)


def _assumed(outlook: Outlook) -> str:
    if outlook.drafted and outlook.unread:
        return (
            "judgments.yaml could not be used; detente check says why. What follows was made from "
            "the record alone: who asked for what, who would have to give it, and what each could "
            "do. Sizes are open."
        )
    if outlook.drafted:
        return (
            "Nobody has judged anything in this case yet. What follows was made from the record "
            "alone: who asked for what, who would have to give it, and what each could do. Sizes "
            "are open."
        )
    said = "What the analyst assumes, each with its reason; the sizes left open are said to be."
    if outlook.filled:
        said += (
            f" Of {words.listed(outlook.filled)} nothing is assumed; what stands here was made "
            "from the record alone."
        )
    return said


# --- the head ------------------------------------------------------------------------------


def _counts(shown: Shown) -> Counts:
    listed = (*shown.moves.values(), *shown.statuses.values())
    confirmed = sum(entry.review == "confirmed" for entry in listed)
    every = list(shown.record.file.sourced())
    rejected = sum(not entry.counts for entry in every)
    return Counts(
        reports=len(shown.record.reports),
        moves=len(shown.moves),
        statuses=len(shown.statuses),
        agreements=len(shown.agreements),
        confirmed=confirmed,
        unreviewed=len(listed) - confirmed,
        rejected=rejected,
        later=len(every) - rejected - len(listed),
    )


def _dateline(shown: Shown, counts: Counts) -> Iterator[str]:
    dates = [
        line.date
        for line in shown.tracking.timeline
        if line.date and line.kind != "deadline" and (line.aspect is None or line.aspect.happened)
    ]
    if dates:
        first = min(dates)
        last = max(dates, key=lambda when: (when.latest, when.earliest))
        if first == last:
            yield words.date(first)
        else:
            yield f"{words.date(first)} to {words.date(last)}"
    yield words.counted(counts.reports, "report")
    yield words.counted(counts.entries, "entry", "entries")
    if not counts.entries:
        return
    if counts.confirmed == counts.entries:
        yield "all confirmed by a person"
    elif counts.confirmed:
        yield f"{counts.confirmed:,} of them confirmed by a person"
    else:
        yield "none of them confirmed by a person yet"


def _empty(shown: Shown) -> str:
    if shown.moves or shown.statuses or shown.agreements:
        return ""
    day = shown.tracking.as_of
    if day is not None and (shown.record.moves or shown.record.statuses):
        return f"Nothing on record is as old as {words.date(day)}. Choose a later day."
    if shown.record.reports:
        return (
            "The reports hold nothing that was recognised as a move between parties. Look at "
            "the texts: if they do report moves, enter them in record.yaml by hand, each with "
            "its report and exact words."
        )
    return (
        "The record is empty, so there is nothing to tell yet. Put reports into the case's "
        "reports folder and make the brief again."
    )


def _left_out(counts: Counts, tracking: Tracking) -> Iterator[str]:
    if counts.rejected:
        entry = words.counted(counts.rejected, "entry", "entries")
        were = "was" if counts.rejected == 1 else "were"
        yield f"{entry} rejected by a person {were} left out."
    if counts.later:
        entry = words.counted(counts.later, "entry", "entries")
        were = "was" if counts.later == 1 else "were"
        yield f"{entry} from after {words.date(tracking.as_of)} {were} left out."


# --- what has happened -----------------------------------------------------------------------


def _timeline_figure(shown: Shown) -> Figure | None:
    marks = [_mark(shown, line) for line in shown.tracking.timeline if line.date]
    marks = [mark for mark in marks if mark.href]
    if not marks:
        return None
    svg = plots.timeline(
        marks,
        key="timeline",
        title="Timeline of moves and standing facts",
        nobody="Actor not named",
        others="Other parties",
    )
    undated = sum(line.date is None for line in shown.tracking.timeline)
    tail = f" {words.counted(undated, 'entry', 'entries').capitalize()} without a date: "
    caption = (
        "Each row is a party that acted. Marks above a row’s line point up and are cooperative, "
        "marks below point down and are conflictual; round marks are neither, diamonds are "
        "agreements, deadlines and the beginnings and ends of standing facts. Solid: confirmed "
        "by a person; pale: unreviewed; dashed and empty: not reported as done. A bar is a date "
        "known only roughly. Double rules cut out long times without entries."
    )
    if 'class="many' in svg:
        caption += " In a crowded row a bar’s length is the number of entries."
    return Figure(svg, caption + (f"{tail}in the list only." if undated else ""))


def _mark(shown: Shown, line: TimelineEntry) -> plots.Mark:
    assert line.date is not None  # only dated lines are drawn
    told = entries.on_timeline(shown, line, year=None)
    if told is None:
        title, href = line.what, ""
    else:
        notes = [told.label, told.mark]
        title = f"{told.date}: {told.who} · {told.act} · {told.what}"
        title += "".join(f" ({note})" for note in notes if note)
        href = told.href or ""
    happened = line.aspect.happened if line.aspect else line.kind != "deadline"
    return plots.Mark(
        lanes=shown.names(line.by),
        date=line.date,
        intensity=line.intensity,
        happened=happened,
        confirmed=line.review == "confirmed",
        label=_label(line),
        title=title,
        href=href,
    )


def _label(line: TimelineEntry) -> str:
    if line.type is not None and line.aspect is not None:
        return words.label(line.type, line.aspect, line.what)
    ends = {"deadline": "due: ", "status ends": "ends: "}
    return ends.get(line.kind, "") + line.what


def _periods(shown: Shown) -> Iterator[PeriodView]:
    """The chronology by year, by month where a year is long; long records fold the early part."""
    lines = list(shown.tracking.timeline)
    on_it = {line.entry for line in lines if line.kind == "move"}
    groups = [
        (title, year, part)
        for (title, year), inside in groupby(lines, key=_period(lines))
        for title, part in _parts(title, list(inside))
    ]
    total = len(lines)
    after = total
    for title, year, part in groups:
        told = [entries.on_timeline(shown, line, year=year) for line in part]
        known = tuple(entry for entry in told if entry is not None)
        opened = total <= _OPEN_ENTRIES or after - len(part) < _OPEN_ENTRIES
        after -= len(part)
        if known:
            count = words.counted(len(known), "entry", "entries")
            yield PeriodView(title, count, opened, year is not None, known)
    missing = [move for move in shown.moves.values() if move.id not in on_it]
    if missing:
        told_too = tuple(entries.move(shown, move) for move in missing)
        count = words.counted(len(told_too), "entry", "entries")
        yield PeriodView("Not on the timeline", count, True, False, told_too)


class _period:
    """The heading a line stands under, and the year its dates need not repeat."""

    def __init__(self, lines: Sequence[TimelineEntry]) -> None:
        self.busy = Counter(line.date.earliest.year for line in lines if line.date)

    def __call__(self, line: TimelineEntry) -> tuple[str, int | None]:
        if line.date is None:
            return "No date given", None
        first = line.date.earliest
        if self.busy[first.year] <= _PERIOD:
            return str(first.year), first.year
        month = PartialDate.parse(f"{first.year:04d}-{first.month:02d}")
        return words.date(month), first.year


def _parts(title: str, lines: list[TimelineEntry]) -> Iterator[tuple[str, list[TimelineEntry]]]:
    """A period's lines, in parts no longer than a person can scan."""
    pieces = [lines[at : at + _PERIOD] for at in range(0, len(lines), _PERIOD)]
    for number, piece in enumerate(pieces, 1):
        yield (f"{title}, part {number} of {len(pieces)}" if len(pieces) > 1 else title), piece


# --- who has done what for whom -----------------------------------------------------------------


def _others(pairs: Sequence[LedgerView]) -> str:
    rest = sum(not pair.main for pair in pairs)
    return f"{rest:,} other pairs" if rest > _FEW_PAIRS else ""


def _ledger(shown: Shown, pair: Ledger, place: int) -> LedgerView:
    names = shown.names(pair.pair)
    dated = sum(line.date is not None and line.counted for line in pair.lines)
    main = place < _MAIN_PAIRS and (place == 0 or dated >= _PLOT_FROM)
    lines = {line.move: line for line in pair.lines}
    return LedgerView(
        anchor=f"ledger-{pair.pair[0]}--{pair.pair[1]}",
        title=f"{names[0]} and {names[1]}",
        main=main,
        count=words.counted(len(pair.lines), "move"),
        intro=_ledger_intro(shown, pair),
        sides=(
            _side(shown, pair, pair.pair[0], lines),
            _side(shown, pair, pair.pair[1], lines),
        ),
        figure=_ledger_figure(shown, pair, place) if main and dated >= _PLOT_FROM else None,
        table=tables.ledger_view(shown, pair),
    )


def _ledger_intro(shown: Shown, pair: Ledger) -> Sentence:
    dated = [line for line in pair.lines if line.counted and line.date]
    parts = []
    if pair.last_mover and dated:
        last = next((x for x in reversed(dated) if pair.last_mover in x.by), dated[-1])
        parts = [
            Part(f"Last to move: {shown.record.name(pair.last_mover)}, {words.date(last.date)}, "),
            Part(last.what, shown.href(last.move)),
            Part(". "),
        ]
    elif dated:
        parts = [Part("The latest move on record was made by both. ")]
    uncounted = sum(not line.counted for line in pair.lines)
    if uncounted:
        them = "is" if uncounted == 1 else "are"
        parts.append(
            Part(
                f"{words.counted(uncounted, 'move').capitalize()} of {len(pair.lines):,} {them} "
                "not reported as done and not counted; the table holds all."
            )
        )
    return Sentence(tuple(parts))


def _side(shown: Shown, pair: Ledger, side: str, lines: dict[str, LedgerLine]) -> SideView:
    roles = pair.by_role.get(side, {})
    return SideView(
        name=shown.record.name(side),
        balance=words.total(pair.balance.get(side, 0.0)),
        roles=tuple(
            _role(shown, role, [lines[move] for move in roles[role] if move in lines])
            for role in words.ROLES
            if roles.get(role)
        ),
    )


def _role(shown: Shown, role: Role, lines: Sequence[LedgerLine]) -> RoleView:
    items = tuple(
        LedgerItem(
            date=words.date(line.date, short=True),
            what=line.what,
            href=shown.href(line.move),
            label=words.ASPECT_LABELS[line.aspect],
            mark=entries.mark(line.review),
        )
        for line in lines
    )
    earlier = items[:-_ROLE_ITEMS]
    return RoleView(
        title=words.ROLES[role],
        count=f"{len(items):,}",
        latest=items[-_ROLE_ITEMS:],
        earlier=earlier,
        earlier_count=f"{len(earlier):,} earlier" if earlier else "",
    )


def _ledger_figure(shown: Shown, pair: Ledger, place: int) -> Figure | None:
    dated = [line for line in pair.lines if line.date]
    if not dated:
        return None
    names = (shown.record.name(pair.pair[0]), shown.record.name(pair.pair[1]))
    drawn = dated[-_PLOTTED_MOVES:]
    svg = charts.balance(
        [_stroke(shown, pair, line) for line in drawn],
        names,
        key=f"ledger-plot-{place + 1}",
        title=f"Moves and balances between {names[0]} and {names[1]}",
    )
    caption = (
        "Top: each side’s balance, the sum of the scores of what it is reported to have done "
        "(solid and dashed line). Below: its single moves, a stem as long as the score, up for "
        "cooperation, down for conflict; pale where unreviewed, dashed and empty where not counted."
    )
    if len(drawn) < len(dated):
        caption += f" Drawn are the latest {len(drawn):,} of {len(dated):,} dated moves."
    if len(dated) < len(pair.lines):
        undated = words.counted(len(pair.lines) - len(dated), "move")
        caption += f" {undated.capitalize()} without a date: in the table only."
    return Figure(svg, caption)


def _stroke(shown: Shown, pair: Ledger, line: LedgerLine) -> charts.Stroke:
    assert line.date is not None  # only dated lines are drawn
    acting = [number for number, side in enumerate(pair.pair) if side in line.by]
    who = words.parties(shown.names(line.by), shown.names(line.to))
    act = words.act(line.type, line.mode, line.aspect)
    title = f"{words.date(line.date)}: {who} · {act} · {line.what} ({words.score(line.intensity)})"
    return charts.Stroke(
        side=acting[0] if len(acting) == 1 else None,
        date=line.date,
        intensity=line.intensity,
        counted=line.counted,
        confirmed=line.review == "confirmed",
        balance=(
            line.balance.get(pair.pair[0], 0.0),
            line.balance.get(pair.pair[1], 0.0),
        ),
        title=title,
        href=shown.href(line.move) or "",
    )


# --- what is asked ---------------------------------------------------------------------------


def _demands(shown: Shown) -> Iterator[DemandView]:
    order = {state: place for place, state in enumerate(words.DEMAND_STATES)}
    ranked = sorted(shown.tracking.demands, key=lambda demand: order[demand.state])
    for number, demand in enumerate(ranked, 1):
        first = shown.moves.get(demand.moves[0]) if demand.moves else None
        yield DemandView(
            anchor=f"demand-{number}",
            state=words.DEMAND_STATES[demand.state],
            who=words.parties(shown.names(demand.by), shown.names(demand.to)),
            what=demand.what,
            issue=shown.issue(demand.issue),
            asked=_asked(shown, demand),
            steps=tuple(
                StepView(
                    date=words.date(step.date),
                    state=words.DEMAND_STATES[step.state],
                    entry=entries.link(shown, step.move, dated=False),
                    basis="stated in the record"
                    if step.stated
                    else "inferred from parties, issue and dates",
                )
                for step in demand.steps
            ),
            mark=_weakest(shown, demand.moves),
            sources=entries.move(shown, first).sources if first else (),
        )


def _weakest(shown: Shown, moves: Iterable[str]) -> str:
    """Unreviewed unless a person has confirmed at least one of the moves a demand rests on."""
    known = [shown.moves[move] for move in moves if move in shown.moves]
    return "" if any(move.review == "confirmed" for move in known) else "unreviewed"


def _when(shown: Shown, move: Move) -> str:
    """The move's date, or that it is undated and when it was reported."""
    if move.date is not None:
        return words.date(move.date)
    reported = shown.record.reported(move)
    return f"undated, reported {words.date(reported)}" if reported else "undated"


def _asked(shown: Shown, demand: Demand) -> Sentence:
    dates = [
        Part(_when(shown, shown.moves[move]), shown.href(move))
        for move in demand.moves
        if move in shown.moves
    ]
    if len(dates) <= 1:
        return Sentence((Part("Asked: "), *dates), demand.moves)
    spaced = [part for date in dates for part in (Part(", "), date)][1:]
    return Sentence((Part(f"Asked {len(dates):,} times: "), *spaced), demand.moves)


# --- where things stand ------------------------------------------------------------------------


def _ladder(shown: Shown) -> tuple[tuple[PairView, ...], set[str]]:
    """The ladder by pair, and the ids of the statuses that stand in it."""
    placed: set[str] = set()
    pairs: dict[tuple[str, ...], list[LadderView]] = defaultdict(list)
    for row in shown.tracking.ladder:
        both = tuple(sorted(shown.names([row.by, *([row.to] if row.to else [])])))
        pairs[both].append(_ladder_row(shown, row, placed))
    views = tuple(PairView(words.listed(pair), tuple(rows)) for pair, rows in pairs.items())
    return views, placed


def _ladder_row(shown: Shown, row: LadderRow, placed: set[str]) -> LadderView:
    own = [entry for entry in row.entries if entry in shown.statuses and entry not in placed]
    others = [entry for entry in row.entries if entry not in own]
    placed.update(own)
    return LadderView(
        attribute=words.ATTRIBUTES.get(row.attribute, row.attribute),
        who=words.parties(shown.names([row.by]), shown.names([row.to] if row.to else [])),
        what=row.what,
        value=words.rung(row.value) if row.value is not None else _unsaid(row),
        rungs=tuple(RungView(words.rung(value), value == row.value) for value in row.rungs),
        since=f"since {words.date(row.since)}" if row.since else "",
        caveat="" if row.certain else "not certain",
        entries=tuple(entries.status(shown, shown.statuses[entry]) for entry in own),
        links=tuple(entries.link(shown, entry) for entry in others),
    )


def _unsaid(row: LadderRow) -> str:
    if row.contested:
        return f"reports disagree: {words.listed(words.rung(value) for value in row.contested)}"
    return "the record does not say"


# --- promises and disagreements -------------------------------------------------------------------


def _agreement(shown: Shown, made: Agreement) -> AgreementView:
    lines = {line.commitment: line for line in shown.tracking.commitments}
    return AgreementView(
        anchor=f"agreement-{made.id}",
        title=made.title,
        date=words.date(made.date),
        parties=words.listed(shown.names(made.parties)),
        note=made.note,
        sources=tuple(entries.source(shown, given) for given in made.sources),
        commitments=tuple(
            _commitment(shown, lines[commitment.id], commitment.note)
            for commitment in made.commitments
            if commitment.id in lines
        ),
    )


def _commitment(shown: Shown, line: CommitmentLine, note: str | None) -> CommitmentView:
    return CommitmentView(
        anchor=f"commitment-{line.commitment}",
        who=words.parties(shown.names(line.by), shown.names(line.to)),
        what=line.what,
        until=f"by {words.date(line.until)}" if line.until else "no deadline",
        state=words.COMMITMENT_STATES[line.status],
        performed=tuple(entries.link(shown, move) for move in line.performed),
        breached=tuple(entries.link(shown, move) for move in line.breached),
        note=note,
    )


def _either(shown: Shown, entry: str) -> EntryView | None:
    if entry in shown.moves:
        return entries.move(shown, shown.moves[entry])
    return entries.status(shown, shown.statuses[entry]) if entry in shown.statuses else None


def _disputes(shown: Shown) -> Iterator[DisputeView]:
    for one, other in shown.tracking.contradictions:
        first, second = _either(shown, one), _either(shown, other)
        if first and second:
            yield DisputeView(first, second)


def _contested(shown: Shown) -> Iterator[Sentence]:
    """Status attributes whose value the reports do not agree on."""
    for row in shown.tracking.ladder:
        if row.contested:
            who = words.parties(shown.names([row.by]), shown.names([row.to] if row.to else []))
            claimed = words.listed(words.rung(value) for value in row.contested)
            attribute = words.ATTRIBUTES.get(row.attribute, row.attribute)
            links = [entries.link(shown, entry) for entry in row.entries]
            parts = [Part(f"{who}, {attribute.lower()}: reports claim {claimed}. See ")]
            for number, linked in enumerate(links):
                parts.extend((Part("; " if number else ""), linked))
            yield Sentence((*parts, Part(".")), row.entries)


# --- who and what ------------------------------------------------------------------------------


_KINDS = {"state": 0, "group": 1, "organisation": 2, "person": 3}


def _parties(shown: Shown) -> Iterator[PartyView]:
    known = shown.record.parties.values()
    for party in sorted(known, key=lambda party: (_KINDS[party.kind], party.name.casefold())):
        yield PartyView(
            anchor=f"party-{party.id}",
            name=party.name,
            kind=party.kind,
            code=party.code or "",
            aliases=", ".join(party.aliases),
            offices=tuple(_offices(shown, party)),
            note=party.note,
        )


def _offices(shown: Shown, party: Party) -> Iterator[str]:
    for held in party.speaks_for:
        office = f"{held.office}, " if held.office else ""
        since = f" from {words.date(held.from_)}" if held.from_ else ""
        until = f" to {words.date(held.to)}" if held.to else ""
        yield f"{office}speaks for {shown.record.name(held.party)}{since}{until}"


def _speakers(shown: Shown) -> Iterator[SpeakerView]:
    """Those whose words entries rest on; the unnamed of different reports may be different."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in (*shown.moves.values(), *shown.statuses.values()):
        heard = {
            (words.speaker(given.said_by), "" if given.said_by.named else given.report)
            for given in entry.sources
            if given.said_by
        }
        found.update(heard)
    for (name, report), count in sorted(
        found.items(), key=lambda item: (bool(item[0][1]), -item[1])
    ):
        yield SpeakerView(
            name=name,
            report=_cite(shown.record.reports[report])
            if report in shown.record.reports
            else report,
            count=words.counted(count, "entry", "entries"),
        )


def _cite(report: Report) -> str:
    name = report.front.publisher or report.front.title or report.id
    return f"{name}, {words.date(report.front.date)}" if report.front.date else name


_DATED_BY = {
    "date line": " (the day is from its date line)",
    "file name": " (the day is from its file's name)",
    "page": " (the day is from the page's metadata)",
}


def _reports(shown: Shown) -> Iterator[ReportView]:
    resting: Counter[str] = Counter()
    every = [entry.sources for entry in (*shown.moves.values(), *shown.statuses.values())]
    every += [made.sources for made in shown.agreements.values()]
    for sources in every:
        resting.update({given.report for given in sources})
    ranked = sorted(
        shown.record.reports.values(),
        key=lambda report: (report.front.date is None, report.front.date or 0, report.id),
    )
    for report in ranked:
        front = report.front
        yield ReportView(
            anchor=f"report-{report.id}",
            title=front.title or report.id,
            cite=_cite(report) + _DATED_BY.get(report.dated_by or "", ""),
            url=front.url if front.url and front.url.startswith(("http://", "https://")) else None,
            rating=f"{front.reliability} ({RELIABILITY[front.reliability]})",
            count=words.counted(resting[report.id], "entry rests", "entries rest") + " on it",
            note=front.note,
        )
