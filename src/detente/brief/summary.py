"""The few sentences a brief opens with: facts of the record put into fixed forms.

Nothing here weighs or guesses; a sentence that the record gives no ground for is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from detente.brief import words
from detente.brief.document import Part, Sentence
from detente.brief.entries import Shown, according
from detente.record.models import Move
from detente.tracking.views import CommitmentStatus, Demand, DemandState, Ledger

_NAMED = 3
"""How many demands the opening names; the others are counted and linked."""


def in_short(shown: Shown, ledgers: Sequence[Ledger], dispute_count: int) -> tuple[Sentence, ...]:
    """At most seven sentences: latest moves, who moved last, demands, promises, disagreements."""
    if not shown.moves:
        return ()
    return (
        *latest(shown),
        *last_mover(shown, ledgers),
        *open_demands(shown),
        *promises(shown),
        *disagreements(dispute_count),
    )


def _by_date(shown: Shown) -> list[Move]:
    """Dated moves that are reported as having happened, the latest first."""
    done = [move for move in shown.moves.values() if move.date and move.aspect.happened]
    order = {line.entry: place for place, line in enumerate(shown.tracking.timeline)}
    return sorted(done, key=lambda m: (_end(m), order.get(m.id, 0)), reverse=True)


def _end(move: Move) -> tuple[int, int]:
    assert move.date is not None  # only dated moves are sorted
    return move.date.latest.toordinal(), move.date.earliest.toordinal()


def latest(shown: Shown) -> Iterator[Sentence]:
    """The latest move, and the latest before it by somebody else."""
    moves = _by_date(shown)
    if not moves:
        count = words.counted(len(shown.moves), "move")
        yield Sentence((Part(f"The record holds {count}, none both dated and reported as done."),))
        return
    last = moves[0]
    yield _told(shown, last, f"The latest dated move, {words.date(last.date)}: ")
    other = next((move for move in moves[1:] if not set(move.by) & set(last.by)), None)
    if other:
        yield _told(shown, other, f"The latest by another party, {words.date(other.date)}: ")
    undated = sum(not move.date and move.aspect.happened for move in shown.moves.values())
    if undated:
        have = "has" if undated == 1 else "have"
        count = words.counted(undated, "move")
        yield Sentence((Part(f"{count} reported as done {have} no date and may be later."),))


def _told(shown: Shown, move: Move, lead: str) -> Sentence:
    who = words.parties(shown.names(move.by), shown.names(move.to))
    act = words.act(move.type, move.mode, move.aspect)
    ground = [according(move.sources), "" if move.review == "confirmed" else "unreviewed"]
    tail = "".join(f", {part}" for part in ground if part)
    return Sentence(
        (
            Part(f"{lead}{who}, {act}: "),
            Part(move.what, f"#move-{move.id}"),
            Part(f"{tail}."),
        ),
        (move.id,),
    )


def last_mover(shown: Shown, ledgers: Sequence[Ledger]) -> Iterator[Sentence]:
    """Who of the first pair made the latest dated move, and how many moves each has made."""
    if not ledgers:
        return
    pair = ledgers[0]
    names = shown.names(pair.pair)
    dated = [line for line in pair.lines if line.counted and line.date]
    if pair.last_mover is None or not dated:
        return
    counts = " and ".join(
        f"{words.counted(sum(side in line.by for line in pair.lines if line.counted), 'move')} "
        f"by {name}"
        for side, name in zip(pair.pair, names, strict=True)
    )
    yield Sentence(
        (
            Part(f"Between {names[0]} and {names[1]}, the last to move was "),
            Part(shown.record.name(pair.last_mover), f"#ledger-{pair.pair[0]}--{pair.pair[1]}"),
            Part(f"; on record as done, demands and threats included, are {counts}."),
        ),
        (dated[-1].move,),
    )


def open_demands(shown: Shown) -> Iterator[Sentence]:
    """How many demands are open, and the latest of them."""
    open_now = [d for d in shown.tracking.demands if d.state is DemandState.OPEN]
    refused = sum(d.state is DemandState.REFUSED for d in shown.tracking.demands)
    granted = sum(d.state is DemandState.GRANTED for d in shown.tracking.demands)
    partly = sum(d.state is DemandState.PARTLY for d in shown.tracking.demands)
    if not shown.tracking.demands:
        return
    rest = [
        f"{count} {'is' if count == 1 else 'are'} {word}"
        for count, word in ((refused, "refused"), (partly, "partly granted"), (granted, "granted"))
        if count
    ]
    other = f" Of the others, {words.listed(rest)}." if rest else ""
    if not open_now:
        yield Sentence((Part(f"No demand on record is open.{other}"),))
        return
    parts = [Part(f"{words.counted(len(open_now), 'demand').capitalize()} "
                  f"{'is' if len(open_now) == 1 else 'are'} open: ")]  # fmt: skip
    for number, demand in enumerate(islice(_recent_first(open_now), _NAMED)):
        who = words.parties(shown.names(demand.by), shown.names(demand.to))
        parts.append(Part(f"{'; ' if number else ''}{who}, "))
        parts.append(Part(demand.what, shown.href(demand.moves[0])))
    more = len(open_now) - _NAMED
    parts.append(Part(f"; and {more:,} more.{other}" if more > 0 else f".{other}"))
    yield Sentence(tuple(parts), tuple(d.moves[0] for d in open_now[:_NAMED]))


def _recent_first(demands: Sequence[Demand]) -> list[Demand]:
    """Demands by when they were last made; those without a date come last."""
    return sorted(
        demands, key=lambda d: d.last_asked.latest.toordinal() if d.last_asked else 0, reverse=True
    )


def promises(shown: Shown) -> Iterator[Sentence]:
    """How many commitments were kept, broken, or are open."""
    lines = shown.tracking.commitments
    if not lines:
        return
    named = [
        (CommitmentStatus.PERFORMED, "kept"),
        (CommitmentStatus.LATE, "kept late"),
        (CommitmentStatus.BREACHED, "broken"),
        (CommitmentStatus.DISPUTED, "both kept and broken"),
        (CommitmentStatus.OVERDUE, "overdue"),
    ]
    counts = [
        f"{count} {'is' if count == 1 else 'are'} "
        + (word if state is CommitmentStatus.OVERDUE else f"reported {word}")
        for state, word in named
        if (count := sum(line.status is state for line in lines))
    ]
    waiting = sum(
        line.status in (CommitmentStatus.OPEN, CommitmentStatus.WAITING) for line in lines
    )
    if waiting:
        counts.append(f"{waiting} {'is' if waiting == 1 else 'are'} still open")
    lead = words.counted(len(lines), "commitment")
    yield Sentence((Part(f"Of {lead}, {words.listed(counts)}."),))


def disagreements(count: int) -> Iterator[Sentence]:
    """On how many points the reports contradict each other."""
    if count:
        yield Sentence(
            (
                Part("The reports contradict each other on "),
                Part(words.counted(count, "point"), "#disagree"),
                Part("."),
            )
        )
