"""Give and take of a pair: running balances over time, and the moves they sum up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.brief.plots import Axis, axis, ticks
from detente.brief.words import score
from detente.charts.lettering import BODY, fit, text_width
from detente.charts.placing import Box, Room, scale_over, spread
from detente.charts.sheet import (
    AXIS,
    BAD,
    DASHES,
    GOOD,
    GREY,
    INK,
    PAPER,
    SECOND,
    SOFT,
    WIDTH,
    Sheet,
    drawing,
)
from detente.record.dates import PartialDate

_REACH = 36.0
_NAMES = 186
_PALE = {GOOD: "#b7d5cf", BAD: "#e6bfae", SOFT: "#d5cfc2"}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One move of a pair.

    side    : 0 for the pair's first party, 1 for its second, None when both acted
    balance : both sides' running sums after this move
    title   : the whole line, shown by the browser when the mark is pointed at
    href    : where the entry stands on the page
    """

    side: int | None
    date: PartialDate
    intensity: float
    counted: bool
    confirmed: bool
    balance: tuple[float, float]
    title: str
    href: str


@drawing()
def balance(strokes: Sequence[Stroke], names: tuple[str, str], *, key: str, title: str) -> str:
    """The running balances of a pair over time, and below them each side's moves.

    The first side's balance is a solid line, the second's a dashed one. A move is a stem as
    long as its score, up for cooperation and down for conflict, linked to its entry: filled
    where a person confirmed it, pale where not, dashed and hollow where it is not counted.
    Where a date is only known to lie in a stretch of time, a bar shows that.
    """
    if not strokes:
        raise ValueError("a balance needs at least one move")
    sheet = Sheet(key)
    ordered = sorted(strokes, key=lambda stroke: stroke.date)
    widest = max(text_width(_score(v), 11.5) for stroke in ordered for v in stroke.balance)
    along = axis(
        [stroke.date for stroke in ordered], left=max(52, widest + 16), right=WIDTH - _NAMES
    )
    frame = Box(along.stretches[0].start - 10, 8, along.stretches[-1].end + 14, 142)
    _sums(sheet, frame, strokes, names, along)
    y = frame.bottom + 18
    for side, name in enumerate(names):
        base = y + _REACH + 8
        sheet.line([(frame.left, base), (frame.right, base)], AXIS, z=1.5)
        words = fit(name, WIDTH - frame.right - 12, BODY, bold=True)
        sheet.text(frame.right + 8, base + 4, words, bold=True)
        for y, sign in ((base - 15, "▲ cooperation"), (base + 23, "▼ conflict")):
            sheet.text(frame.right + 8, y, sign, size=11.5, color=SOFT)
        _moves(sheet, [s for s in ordered if s.side in (side, None)], along, base)
        y = base + _REACH + 8
    _time(sheet, along, frame.top, y)
    about = (
        f"{len(ordered)} dated moves between {names[0]} and {names[1]}; "
        "the table below holds the same."
    )
    return sheet.svg(y + 34, title, about)


def _time(sheet: Sheet, along: Axis, top: float, bottom: float) -> None:
    """Lines across the picture, their words below, and where empty time is cut short."""
    room = Room(Box(0, bottom, WIDTH, bottom + 40))
    for tick in sorted(ticks(along), key=lambda tick: not tick.strong):
        color = "#d5cebd" if tick.strong else "#ece7da"
        sheet.line([(tick.x, top), (tick.x, bottom)], color, 1.0, z=0.5)
        for words, y in ((tick.words, bottom + 14), (tick.year, bottom + 28)):
            half = text_width(words, 11.5) / 2
            if words and room.best([(0.0, Box(tick.x - half, y - 11, tick.x + half, y + 1))]):
                sheet.text(tick.x, y, words, size=11.5, anchor="middle", color=SOFT)
    for before, after in pairwise(along.stretches):
        x = (before.end + after.start) / 2
        sheet.box(Box(x - 3, top, x + 3, bottom), PAPER, z=5)
        for edge in (x - 3, x + 3):
            sheet.line([(edge, top), (edge, bottom)], GREY, 1.0, dash=DASHES, z=5.1)


def _sums(
    sheet: Sheet, frame: Box, strokes: Sequence[Stroke], names: tuple[str, str], along: Axis
) -> None:
    """Both running balances, named at their right ends."""
    runs = [_running(strokes, side, along) for side in (0, 1)]
    values = [0.0, *(value for run in runs for _, value in run)]
    up = scale_over(values, frame.bottom, frame.top, pad=0.0)
    sheet.line([(frame.left, up(0)), (frame.right, up(0))], AXIS, z=1.5)
    shown = sorted({min(values), 0.0, max(values)})
    for value, y in zip(shown, spread([up(v) for v in shown], [14.0] * 3, -99, 999), strict=False):
        words = _score(value)
        sheet.text(frame.left - 5, y + 4, words, size=11.5, anchor="end", color=SOFT)
    ends = []
    for side, (color, dash) in enumerate(((INK, None), (SECOND, DASHES))):
        spots = [(frame.left, up(runs[side][0][1]))]
        for x, value in runs[side][1:]:
            spots += [(x, spots[-1][1]), (x, up(value))]
        final = runs[side][-1][1]
        spots += [(frame.right, spots[-1][1])]
        sheet.line(spots, color, 1.8, dash=dash, z=4 + side / 10)
        told = f"{_score(final)} "
        left = WIDTH - frame.right - 12 - text_width(told, BODY, bold=True)
        ends.append((spots[-1][1], told + fit(names[side], left, BODY, bold=True), color))
    places = spread([y for y, *_ in ends], [18.0, 18.0], frame.top - 8, frame.bottom + 8)
    for y, (_, words, color) in zip(places, ends, strict=True):
        sheet.text(frame.right + 8, y + 4, words, bold=True, color=color)


def _running(strokes: Sequence[Stroke], side: int, along: Axis) -> list[tuple[float, float]]:
    """(x, balance) along the picture, the first before all moves.

    A vague date is drawn at its middle, which may be after moves that stand after it in the
    record: what each move adds to the balance, in the order given, is summed in the order in
    which they are drawn.
    """
    first = strokes[0]
    own = first.counted and first.side in (side, None)
    before = begun = first.balance[side] - (first.intensity if own else 0.0)
    added = []
    for stroke in strokes:
        added.append((along.place(stroke.date)[1], stroke.balance[side] - before))
        before = stroke.balance[side]
    found = [(0.0, begun)]
    for x, more in sorted(added, key=lambda pair: pair[0]):
        if more:
            found.append((x, round(found[-1][1] + more, 9)))
    return found


def _moves(sheet: Sheet, strokes: Sequence[Stroke], along: Axis, base: float) -> None:
    """One side's moves as stems; what falls on one spot is set side by side."""
    used: dict[int, int] = defaultdict(int)
    for stroke in strokes:
        left, x, right = along.place(stroke.date)
        spot = round(x / 7)
        x += min(used[spot], 5) * 3.5
        used[spot] += 1
        y = base - max(-1.0, min(1.0, stroke.intensity / 10)) * _REACH
        tip = (stroke.href, stroke.title)
        edge = SOFT if not stroke.intensity else GOOD if stroke.intensity > 0 else BAD
        fill = edge if stroke.confirmed else _PALE[edge]
        if not stroke.counted:
            fill = PAPER
        if right - left > 14:
            dash = DASHES if stroke.date.approximate else None
            sheet.line([(left, y), (right, y)], "#b8b09e", 3.0, dash=dash, z=6, tip=tip)
        if stroke.intensity:
            dash = (2.0, 2.0) if not stroke.counted else None
            sheet.line([(x, base), (x, y)], SOFT, 1.2, dash=dash, z=6, tip=tip)
        shape = "o" if not stroke.intensity else "^" if stroke.intensity > 0 else "v"
        sheet.mark(x, y, shape, 8.4, fill, edge, width=1.2, z=6, tip=tip)


def _score(value: float) -> str:
    """A balance with its sign, to a tenth as in the table; large ones to three digits."""
    return score(round(value, 1) if abs(value) < 1000 else float(f"{value:.3g}"))
