"""The brief's timeline, as SVG text made when the page is made, and the time axis of its plots.

Drawn by hand and not by matplotlib like the pictures in `charts`: every mark is a link to
its entry, lanes stack what falls together and count what is too much, and labels give way
to one another. That comes to a scale, marks and labels, without a library's start.

Sizes are in the drawing's own units, a CSS pixel at full width. Nothing is told by colour
alone: cooperative marks point up and stand above their line, conflictual ones point down
and hang below it; what has not happened is dashed and empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from detente.charts.sheet import WIDTH as WIDTH
from detente.record.dates import PartialDate, shift
from detente.wording import clean, counted, short_text

_EDGE = 12
_BREAK = 24
_CUTS = 6
_PITCH = 11
_TALLEST = 7
_LABEL_ROWS = 2
_LABEL = 14
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the timeline plot.

    lanes     : names of the parties that acted; empty when nobody is named
    intensity : PLOVER's score; None for statuses, agreements and deadlines
    happened  : whether it is reported as having taken place
    confirmed : whether a person has confirmed the entry
    label     : the matter, in few words
    title     : the whole line, shown by the browser when the mark is pointed at
    href      : where the entry stands on the page
    """

    lanes: tuple[str, ...]
    date: PartialDate
    intensity: float | None
    happened: bool
    confirmed: bool
    label: str
    title: str
    href: str


# --- the time axis -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days drawn to scale: day ordinals [first, last] on [left, right].

    start, end : the room kept for it, wider than that where it is a single day
    """

    first: int
    last: int
    left: float
    right: float
    start: float
    end: float

    @property
    def per_day(self) -> float:
        """Width of a day."""
        return (self.right - self.left) / max(self.last - self.first, 1)


@dataclass(frozen=True, slots=True)
class Axis:
    """Days along the width: stretches to scale, with the long empty times between cut short."""

    stretches: tuple[Stretch, ...]

    def x(self, day: int) -> float:
        """Where a day stands; a day inside a cut stands in its middle."""
        for here in self.stretches:
            if day < here.first:
                return max(here.start - _BREAK / 2, _EDGE)
            if day <= here.last:
                return here.left + (day - here.first) * here.per_day
        return min(self.stretches[-1].end + _BREAK / 2, WIDTH - _EDGE)

    def place(self, when: PartialDate) -> tuple[float, float, float]:
        """(left end, middle, right end) of a date on the axis."""
        left, right = self.x(when.earliest.toordinal()), self.x(when.latest.toordinal())
        middle = self.x((when.earliest.toordinal() + when.latest.toordinal()) // 2)
        return left, middle, right


def _known_days(dates: Iterable[PartialDate]) -> list[tuple[int, int]]:
    """Stretches of days that hold entries, merged; a vague date counts as its middle day."""
    spans = []
    for when in dates:
        first, last = when.earliest.toordinal(), when.latest.toordinal()
        if last - first > 10:
            first = last = (first + last) // 2
        spans.append((first, last))
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def axis(
    dates: Sequence[PartialDate], *, left: float = _EDGE, right: float = WIDTH - _EDGE
) -> Axis:
    """The axis for these dates, with up to six long empty times cut short.

    The longest empty time is cut while it is more than two months and more than an eighth
    of the time still drawn to scale. Between two cuts all days are equally wide.
    """
    held = _known_days(dates)
    if not held:
        raise ValueError("an axis needs at least one date")
    cuts = _cuts(held)
    groups: list[tuple[int, int]] = []
    for first, last in held:
        if groups and first not in cuts:
            groups[-1] = (groups[-1][0], last)
        else:
            groups.append((first, last))
    return Axis(_laid_out(groups, left + 14, right - 14))


def _cuts(held: Sequence[tuple[int, int]]) -> set[int]:
    """The first days after the empty times that are cut."""
    gaps = sorted(((after[0] - before[1], after[0]) for before, after in pairwise(held)))
    scale = held[-1][1] - held[0][0]
    found: set[int] = set()
    while gaps and len(found) < _CUTS and gaps[-1][0] > max(61, scale / 8):
        length, day = gaps.pop()
        scale -= length
        found.add(day)
    return found


def _laid_out(groups: Sequence[tuple[int, int]], left: float, right: float) -> tuple[Stretch, ...]:
    """Give each group of days a width in proportion to its length, and no less than a label's."""
    room = right - left - _BREAK * (len(groups) - 1)
    whole = sum(last - first for first, last in groups)
    least = min(44.0, room / len(groups)) if whole else room / len(groups)
    spare = room - least * len(groups)
    stretches = []
    at = left
    for first, last in groups:
        width = least + (spare * (last - first) / whole if whole else 0.0)
        inset = 0.0 if last > first else width / 2
        end = at + width
        stretches.append(Stretch(first, last, at + inset, end - inset, at, end))
        at += width + _BREAK
    return tuple(stretches)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the plot, with its words and, in a row below them, its year."""

    x: float
    words: str
    year: str
    strong: bool


def ticks(along: Axis) -> list[Tick]:
    """Ticks of every stretch; those whose words would touch others are left out."""
    found = [tick for here in along.stretches for tick in _stretch_ticks(here)]
    kept: list[Tick] = []
    upper: list[tuple[float, float]] = []
    lower: list[tuple[float, float]] = []
    for tick in sorted(found, key=lambda t: (not t.strong, t.x)):
        if _free(upper, tick.x, tick.words):
            year = tick.year if tick.year and _free(lower, tick.x, tick.year) else ""
            kept.append(Tick(tick.x, tick.words, year, tick.strong))
    return sorted(kept, key=lambda t: t.x)


def _free(taken: list[tuple[float, float]], x: float, words: str) -> bool:
    """Whether words centred on x touch none of those taken; if so they take their place."""
    half = len(words) * 3.1 + 4
    free = all(x + half <= a or b <= x - half for a, b in taken)
    if free:
        taken.append((x - half, x + half))
    return free


def _stretch_ticks(here: Stretch) -> list[Tick]:
    first, last = date.fromordinal(here.first), date.fromordinal(here.last)
    if here.first == here.last:
        return [_named(here, first)]
    for step in (1, 2, 7, 14):
        if here.per_day * step >= 34:
            days = range(here.first, here.last + 1, step)
            return [_day_tick(here, day, number == 0) for number, day in enumerate(days)]
    for months in (1, 2, 3, 6):
        if here.per_day * 30 * months >= 30:
            return _month_ticks(here, first, last, months)
    for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if here.per_day * 365 * years >= 36:
            return _year_ticks(here, first, last, years)
    return [_named(here, first)]


def _day_tick(here: Stretch, ordinal: int, lead: bool) -> Tick:
    day = date.fromordinal(ordinal)
    x = here.left + (ordinal - here.first) * here.per_day
    return Tick(x, f"{day.day} {_MONTHS[day.month - 1]}", str(day.year) if lead else "", lead)


def _month_ticks(here: Stretch, first: date, last: date, months: int) -> list[Tick]:
    found: list[Tick] = []
    day = first if first.day == 1 else shift(first.replace(day=1), months=1)
    while day <= last:
        if (day.month - 1) % months == 0:
            lead = not found or day.month == 1
            x = here.left + (day.toordinal() - here.first) * here.per_day
            year = str(day.year) if lead else ""
            found.append(Tick(x, _MONTHS[day.month - 1], year, lead))
        if (day.year, day.month) == (9999, 12):
            break
        day = shift(day, months=1)
    return found or [_named(here, first)]


def _year_ticks(here: Stretch, first: date, last: date, years: int) -> list[Tick]:
    starts = [date(year, 1, 1) for year in range(first.year, last.year + 1) if year % years == 0]
    return [
        Tick(here.left + (day.toordinal() - here.first) * here.per_day, str(day.year), "", True)
        for day in starts
        if first <= day
    ] or [_named(here, first)]


def _named(here: Stretch, first: date) -> Tick:
    """The tick of a stretch too short for any other: its month."""
    middle = (here.left + here.right) / 2
    return Tick(middle, _MONTHS[first.month - 1], str(first.year), True)


# --- pieces of SVG -----------------------------------------------------------------------


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" class="{kind}" text-anchor="{anchor}">'
        f"{escape(clean(words))}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{kind}"/>'


def _link(href: str, title: str, inside: str) -> str:
    return f'<a href="{escape(href, quote=True)}"><title>{escape(clean(title))}</title>{inside}</a>'


def _shape(x: float, y: float, intensity: float | None, kind: str) -> str:
    """Up for cooperation, down for conflict, round for neither, square for what is no move."""
    if intensity is None:
        return f'<path d="M{_n(x)} {_n(y - 5)}l5 5l-5 5l-5 -5z" class="{kind}"/>'
    if intensity == 0:
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="4" class="{kind}"/>'
    up = 1 if intensity > 0 else -1
    return f'<path d="M{_n(x - 4.8)} {_n(y + 4 * up)}h9.6l-4.8 {_n(-8.4 * up)}z" class="{kind}"/>'


def _kind(intensity: float | None, happened: bool, confirmed: bool) -> str:
    tone = "none" if not intensity else "good" if intensity > 0 else "bad"
    state = "not-done" if not happened else "sure" if confirmed else "unsure"
    return f"mark {tone} {state}"


def _svg(key: str, height: float, title: str, about: str, inside: Iterable[str]) -> str:
    body = "\n".join(inside)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_n(height)}" '
        f'role="group" aria-labelledby="{key}-title {key}-desc" class="plot">\n'
        f'<title id="{key}-title">{escape(clean(title))}</title>\n'
        f'<desc id="{key}-desc">{escape(clean(about))}</desc>\n{body}\n</svg>'
    )


def _frame(along: Axis, top: float, bottom: float) -> list[str]:
    """Tick lines, their words below, and the signs where time is cut short."""
    parts = []
    for tick in ticks(along):
        parts.append(_line(tick.x, top, tick.x, bottom, "tick strong" if tick.strong else "tick"))
        parts.append(_text(tick.x, bottom + 14, tick.words, "axis", "middle"))
        if tick.year:
            parts.append(_text(tick.x, bottom + 28, tick.year, "axis", "middle"))
    for before, after in pairwise(along.stretches):
        middle = (before.end + after.start) / 2
        parts.append(
            f'<rect x="{_n(middle - 3)}" y="{_n(top)}" width="6" height="{_n(bottom - top)}" '
            'class="cut"/>'
        )
        parts.append(_line(middle - 3, top, middle - 3, bottom, "cut-edge"))
        parts.append(_line(middle + 3, top, middle + 3, bottom, "cut-edge"))
    return parts


# --- the timeline ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Label:
    """Words beside a lane: row 0 is the nearest to it, and `anchor` the side they start at."""

    x: float
    words: str
    level: int
    row: int
    anchor: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A mark in a lane: x, and its place in the stack (1 is next to the line)."""

    mark: Mark
    x: float
    level: int
    up: bool


@dataclass(frozen=True, slots=True)
class _Bar:
    """Many marks on one spot, told by their number; `share` of the lane's tallest bar."""

    x: float
    up: bool
    marks: tuple[Mark, ...]
    share: float
    tallest: bool


def timeline(
    marks: Sequence[Mark], *, key: str, title: str, nobody: str, others: str, most_lanes: int = 8
) -> str:
    """The timeline plot: a lane for each acting party, the busiest first.

    nobody : name of the lane for marks without an actor
    others : name of the lane that holds every party beyond `most_lanes`
    """
    along = axis([mark.date for mark in marks])
    lanes = _lanes(marks, nobody=nobody, others=others, most=most_lanes)
    parts: list[str] = []
    y = 4.0
    for name, inside in lanes:
        drawn, y = _lane(name, inside, along, y)
        parts.extend(drawn)
    many, rows = counted(len(marks), "dated entry", "dated entries"), counted(len(lanes), "lane")
    about = f"{many} in {rows}; the table below holds the same."
    return _svg(
        key, y + 34, title, about, [_FADES.replace("KEY", key), *_frame(along, 4, y), *parts]
    )


_FADES = (
    '<defs><linearGradient id="KEY-fade"><stop offset="0" class="fade-end"/>'
    '<stop offset=".35" class="fade-mid"/><stop offset=".65" class="fade-mid"/>'
    '<stop offset="1" class="fade-end"/></linearGradient></defs>'
)


def _lanes(
    marks: Sequence[Mark], *, nobody: str, others: str, most: int
) -> list[tuple[str, list[Mark]]]:
    held: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        for lane in mark.lanes or (nobody,):
            held[lane].append(mark)
    ranked = sorted(held.items(), key=lambda lane: (lane[0] == nobody, -len(lane[1])))
    if len(ranked) <= most:
        return ranked
    rest = {id(mark): mark for _, inside in ranked[most - 1 :] for mark in inside}
    count = len(ranked) - most + 1
    return [*ranked[: most - 1], (f"{others} ({count})", list(rest.values()))]


def _lane(name: str, marks: Sequence[Mark], along: Axis, top: float) -> tuple[list[str], float]:
    """One lane's drawing from `top` down, and where it ends."""
    placed, bars = _stacked(marks, along)
    above = max((level for level, up in _heights(placed, bars) if up), default=0)
    below = max((level for level, up in _heights(placed, bars) if not up), default=0)
    high, low = _labels(placed, up=True), _labels(placed, up=False)
    rows = [max((label.row + 1 for label in labels), default=0) for labels in (high, low)]
    base = top + 17 + _LABEL * rows[0] + above * _PITCH + 3
    end = base + below * _PITCH + _LABEL * rows[1] + 12
    parts = [_line(_EDGE, base, WIDTH - _EDGE, base, "base")]
    parts.append(_text(_EDGE, top + 12, short_text(name, 70), "lane"))
    for label in high:
        foot = base - above * _PITCH - 6 - _LABEL * label.row
        stop = base - label.level * _PITCH - 1
        parts.extend(_labelled(label, foot, foot + 2, stop))
    for label in low:
        foot = base + below * _PITCH + 14 + _LABEL * label.row
        stop = base + label.level * _PITCH + 1
        parts.extend(_labelled(label, foot, foot - 10, stop))
    parts.extend(_drawn(p, along, base) for p in placed)
    parts.extend(_bar(bar, base) for bar in bars)
    return parts, end


def _labelled(label: _Label, foot: float, edge: float, stop: float) -> list[str]:
    x = label.x - 4 if label.anchor == "start" else label.x + 4
    return [
        _line(label.x, edge, label.x, stop, "lead"),
        _text(x, foot, label.words, "note", label.anchor),
    ]


def _heights(placed: Sequence[_Placed], bars: Sequence[_Bar]) -> list[tuple[int, bool]]:
    """How far everything in a lane reaches, in levels, and to which side."""
    return [(p.level, p.up) for p in placed] + [(_TALLEST + 1, bar.up) for bar in bars]


def _stacked(marks: Sequence[Mark], along: Axis) -> tuple[list[_Placed], list[_Bar]]:
    """Stack the marks that fall on one spot; where a stack gets too tall, count them all instead.

    Within a lane it is one or the other, since a stack and a bar have different scales.
    """
    spots: dict[tuple[int, bool], list[Mark]] = defaultdict(list)
    for mark in sorted(marks, key=lambda m: m.date):
        _, middle, _ = along.place(mark.date)
        spots[round(middle / _PITCH), (mark.intensity or 0) >= 0].append(mark)
    most = max(map(len, spots.values()), default=0)
    if most > _TALLEST:
        return [], [
            _Bar(float(spot * _PITCH), up, tuple(inside), len(inside) / most, len(inside) == most)
            for (spot, up), inside in sorted(spots.items())
        ]
    placed = []
    for (spot, up), inside in sorted(spots.items()):
        for level, mark in enumerate(inside, 1):
            x = along.place(mark.date)[1] if len(inside) == 1 else float(spot * _PITCH)
            placed.append(_Placed(mark, x, level, up))
    return placed, []


def _drawn(place: _Placed, along: Axis, base: float) -> str:
    mark, x = place.mark, place.x
    y = base - (place.level - 0.5) * _PITCH if place.up else base + (place.level - 0.5) * _PITCH
    left, _, right = along.place(mark.date)
    bar = ""
    if right - left > 2 * _PITCH:
        kind = "span about" if mark.date.approximate else "span"
        bar = (
            f'<rect x="{_n(left)}" y="{_n(y - 1.5)}" width="{_n(right - left)}" height="3" '
            f'class="{kind}"/>'
        )
    kind = _kind(mark.intensity, mark.happened, mark.confirmed)
    return _link(mark.href, mark.title, bar + _shape(x, y, mark.intensity, kind))


def _bar(bar: _Bar, base: float) -> str:
    """The number of marks on one spot, linked to the first of them; the tallest is labelled."""
    height = bar.share * _TALLEST * _PITCH
    y = base - height if bar.up else base
    tone = "good" if bar.up else "bad"
    drawn = (
        f'<rect x="{_n(bar.x - 4.5)}" y="{_n(y)}" width="9" height="{_n(height)}" '
        f'class="many {tone}"/>'
    )
    if bar.tallest:
        at = base - height - 3 if bar.up else base + height + 11
        drawn += _text(bar.x, at, str(len(bar.marks)), "axis", "middle")
    first, last = bar.marks[0], bar.marks[-1]
    when = str(first.date) if first.date == last.date else f"{first.date} to {last.date}"
    return _link(
        first.href,
        f"{counted(len(bar.marks), 'entry', 'entries')}, {when}; the first is: {first.title}",
        drawn,
    )


def _labels(placed: Sequence[_Placed], *, up: bool) -> list[_Label]:
    """The labels that fit in the rows beside a lane; moves come first, the strongest of them."""
    tops: dict[float, _Placed] = {}
    for place in placed:
        if place.up is up:
            tops[place.x] = place
    ranked = sorted(tops.values(), key=_rank)
    taken: dict[int, list[tuple[float, float]]] = defaultdict(list)
    leads: dict[int, list[float]] = defaultdict(list)
    found = []
    for place in ranked:
        label = _fitting(place, taken, leads)
        if label is not None:
            found.append(label)
    return found


def _rank(place: _Placed) -> tuple[bool, bool, float]:
    mark = place.mark
    return mark.intensity is None, not mark.happened, -abs(mark.intensity or 0)


def _fitting(
    place: _Placed,
    taken: dict[int, list[tuple[float, float]]],
    leads: dict[int, list[float]],
) -> _Label | None:
    """A label in the first row where it touches no other, written to the right or to the left.

    A label's line runs down through the nearer rows, so it needs its way free there as well.
    """
    words = short_text(place.mark.label, 40)
    length = len(words) * 5.6 + 8
    for row in range(_LABEL_ROWS):
        if any(a < place.x < b for near in range(row) for a, b in taken[near]):
            return None
        for anchor, left in (("start", place.x - 4), ("end", place.x + 4 - length)):
            right = left + length
            crossed = any(left < x < right for far in range(row, _LABEL_ROWS) for x in leads[far])
            clear = all(right <= a or b <= left for a, b in taken[row])
            if clear and not crossed and left >= 0 and right <= WIDTH:
                taken[row].append((left, right))
                leads[row].append(place.x)
                return _Label(place.x, words, place.level, row, anchor)
    return None
