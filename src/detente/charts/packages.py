"""The frontier: packages by what they are worth to two parties."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise

from detente.charts.lettering import BODY, SMALL, extent, fit, number, text_width, wrap
from detente.charts.placing import Box, Room, Scale, around, margin, on_line, scale_over
from detente.charts.sheet import (
    AXIS,
    DASHES,
    EDGE,
    FAINT,
    GOOD,
    GREY,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    Sheet,
    drawing,
)
from detente.wording import counted, listed, short_text


@dataclass(frozen=True, slots=True)
class Point:
    """A package, or where the parties stand now, by what it is worth to both.

    label   : "Nash", "egalitarian"; labels of solutions on one spot are joined
    x, y    : its worth to the first and to the second party
    kind    : "status quo", "solution", "frontier" or "package"
    x_range : the least and the most it may be worth to the first, where values are left open
    y_range : the same for the second
    note    : a few words under a label, and in what is shown when a mark is pointed at
    """

    label: str
    x: float
    y: float
    kind: str
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    note: str = ""


_KINDS = ("package", "frontier", "solution", "status quo")
_SHAPES = ("D", "s", "^", "o", "p", "v", "h", "8", "<", ">")


@drawing()
def frontier(
    points: Sequence[Point],
    names: tuple[str, str],
    walk_away: tuple[float | None, float | None],
    *,
    key: str,
    title: str,
) -> str:
    """Packages by their worth to two parties, the Pareto frontier, the solutions.

    names     : the party whose worth runs to the right, and the one whose worth runs up
    walk_away : what each gets without an agreement; None where that is not known

    Grey dots are packages, hollow ones the frontier, with a dashed staircase along it: what
    is above and to the right of the staircase is not to be had. Solutions have a filled mark
    of their own shape and, where they have ranges, whiskers. Where both walk-aways are
    known, what is acceptable to both is hatched.
    """
    if not points:
        raise ValueError("a frontier needs at least one point")
    if wrong := {point.kind for point in points} - set(_KINDS):
        raise ValueError(f"no such kind of point: {', '.join(sorted(wrong))}; use {_KINDS}")
    xs = [x for point in points for x in (point.x, *(point.x_range or ()))]
    ys = [y for point in points for y in (point.y, *(point.y_range or ()))]
    for values, least in zip((xs, ys), walk_away, strict=True):
        if least is not None:
            values.append(least)
    up = scale_over(ys, 428, 46)
    frame = Box(margin(up.ticks(6)), 46, WIDTH - 20, 428)
    room = Room(Box(frame.left + 2, frame.top + 2, frame.right + 12, frame.bottom - 2))
    plot = _Plot(Sheet(key), room, frame, scale_over(xs, frame.left, frame.right), up)
    _axes(plot, names)
    _acceptable(plot, walk_away)
    spots = _merged(plot, points)
    _staircase(plot, [spot for spot in spots if spot.kind != "status quo"])
    _marks(plot, spots)
    _walk_aways(plot, names, walk_away)
    missed = _labels(plot, spots)
    height = frame.bottom + 46
    if missed:
        words = f"No room for the names of: {listed(missed)}."
        for line in wrap(words, WIDTH - 2 * EDGE - 46, SMALL, lines=4):
            plot.sheet.text(frame.left, height + 8, line, size=SMALL, color=SOFT)
            height += 15
    found = [point.label for point in points if point.kind == "solution"]
    about = (
        f"{counted(len(points), 'point')} by their worth to {names[0]} (to the right) and "
        f"{names[1]} (up)." + (f" Solutions: {listed(found)}." if found else "")
    )
    return plot.sheet.svg(height, title, about)


@dataclass(frozen=True, slots=True)
class _Plot:
    """What is drawn on, the room left for names, and where a worth stands."""

    sheet: Sheet
    room: Room
    frame: Box
    across: Scale
    up: Scale


def _axes(plot: _Plot, names: tuple[str, str]) -> None:
    sheet, frame = plot.sheet, plot.frame
    row = Room(Box(EDGE, frame.bottom, WIDTH - 2, frame.bottom + 22))
    for value in plot.across.ticks(7):
        x = plot.across(value)
        sheet.line([(x, frame.bottom), (x, frame.bottom + 4)], GREY)
        words = number(value)
        half = text_width(words, SMALL) / 2 + 3
        if row.best([(0.0, Box(x - half, frame.bottom + 6, x + half, frame.bottom + 20))]):
            sheet.text(x, frame.bottom + 17, words, size=SMALL, anchor="middle", color=SOFT)
    sheet.levels(frame, plot.up, 6)
    sheet.line([(frame.left, frame.bottom), (frame.right, frame.bottom)], AXIS)
    words = fit(f"Worth to {names[0]}", 600, BODY, bold=True) + " →"
    sheet.text(frame.right, frame.bottom + 36, words, bold=True, anchor="end")
    words = "↑ " + fit(f"Worth to {names[1]}", 600, BODY, bold=True)
    sheet.text(EDGE, 16, words, bold=True)


def _acceptable(plot: _Plot, walk_away: tuple[float | None, float | None]) -> None:
    """Hatch what both walk-aways leave."""
    first, second = walk_away
    if first is not None and second is not None:
        area = Box(plot.across(first), plot.frame.top, plot.frame.right, plot.up(second))
        plot.sheet.box(area, FAINT, z=0.2)
        plot.sheet.box(area, "none", edge="#d3ccba", hatch="/", z=0.3)


def _walk_aways(
    plot: _Plot, names: tuple[str, str], walk_away: tuple[float | None, float | None]
) -> None:
    """The lines below which a party does better without an agreement, named at their ends."""
    sheet, frame = plot.sheet, plot.frame
    first, second = walk_away
    if first is not None:
        x = plot.across(first)
        sheet.line([(x, frame.top - 6), (x, frame.bottom)], INK, 1.0, dash=(7, 3))
        plot.room.avoid(on_line(x, frame.top, x, frame.bottom), 3)
        words = fit(names[0], 200, SMALL) + f" walk-away: {number(first)}"
        half = text_width(words, SMALL) / 2
        middle = min(max(x, frame.left + half), frame.right - half)
        sheet.text(middle, frame.top - 10, words, size=SMALL, anchor="middle")
    if second is not None:
        y = plot.up(second)
        sheet.line([(frame.left, y), (frame.right, y)], INK, 1.0, dash=(7, 3))
        plot.room.avoid(on_line(frame.left, y, frame.right, y), 3)
        if first is not None and frame.right - plot.across(first) > 200:
            words = "acceptable to both"
            corners = [
                (x, top)
                for top in (frame.top + 6, y - 20)
                for x in (frame.right - text_width(words, SMALL) - 6, plot.across(first) + 8)
            ]
            _lay(plot, words, corners, 0.5, italic=True)
        words = fit(names[1], 200, SMALL) + f" walk-away: {number(second)}"
        right = frame.right - text_width(words, SMALL) - 4
        lefts = right, frame.left + 6, (frame.left + frame.right) / 2
        _lay(plot, words, [(x, top) for x in lefts for top in (y + 3, y - 17)], 2.0)


def _lay(
    plot: _Plot, words: str, corners: Sequence[tuple[float, float]], step: float,
    *, italic: bool = False,
) -> None:  # fmt: skip
    """Words at one of the corners, the earlier the better by `step` each; none if all are taken."""
    width = text_width(words, SMALL)
    box = plot.room.best(
        (n * step, Box(x, y, x + width, y + 14)) for n, (x, y) in enumerate(corners)
    )
    if box:
        color = SOFT if italic else INK
        plot.sheet.text(box.left, box.top + 11, words, size=SMALL, italic=italic, color=color)


@dataclass(frozen=True, slots=True)
class _Spot:
    """All points of one kind on one spot of the drawing."""

    x: float
    y: float
    kind: str
    shape: str
    points: tuple[Point, ...]

    @property
    def tip(self) -> str:
        """What is shown when the mark is pointed at."""
        told = [": ".join(part for part in (p.label, p.note) if part) for p in self.points[:8]]
        more = f"; and {len(self.points) - 8} more" if len(self.points) > 8 else ""
        first = self.points[0]
        worth = f"({number(first.x)}, {number(first.y)})"
        return f"{'; '.join(filter(None, told))}{more} {worth}".strip()


def _merged(plot: _Plot, points: Sequence[Point]) -> list[_Spot]:
    """The spots to draw, packages first, solutions and status quo on top."""
    held: dict[tuple[int, float, float], list[Point]] = defaultdict(list)
    for point in points:
        place = round(plot.across(point.x), 1), round(plot.up(point.y), 1)
        held[_KINDS.index(point.kind), *place].append(point)
    shapes = cycle(_SHAPES)
    return [
        _Spot(x, y, _KINDS[kind], next(shapes) if _KINDS[kind] == "solution" else "", tuple(inside))
        for (kind, x, y), inside in sorted(held.items(), key=lambda item: item[0][0])
    ]


def _staircase(plot: _Plot, spots: Sequence[_Spot]) -> None:
    """The dashed steps along whatever no other spot beats for both."""
    best = float("inf")
    edge = []
    for spot in sorted(spots, key=lambda s: (-s.x, s.y, s.kind == "package")):
        if spot.y < best:
            best = spot.y
            if spot.kind != "package":
                edge.append((spot.x, spot.y))
    edge.reverse()
    steps = edge[:1]
    for (x, _), (x2, y2) in pairwise(edge):
        steps += [(x, y2), (x2, y2)]
    if len(steps) > 1:
        plot.sheet.line(steps, SOFT, 1.1, dash=DASHES, z=3)
        for a, b in pairwise(steps):
            plot.room.avoid(on_line(*a, *b), 3)


def _marks(plot: _Plot, spots: Sequence[_Spot]) -> None:
    """Every spot's mark, but none that another would cover."""
    kinds = {kind: {(s.x, s.y) for s in spots if s.kind == kind} for kind in _KINDS}
    kinds["frontier"] -= kinds["solution"]
    kinds["package"] -= kinds["frontier"] | kinds["solution"]
    dots = [(spot.x, spot.y) for spot in spots if (spot.x, spot.y) in kinds["package"]]
    if dots:
        plot.sheet.dots(list(dict.fromkeys(dots)), 4.8, "#b3ab9a", z=3.5)
        plot.room.avoid(dots, 9)
    for spot in spots:
        if spot.kind != "package" and (spot.x, spot.y) in kinds[spot.kind]:
            _mark(plot, spot)


def _mark(plot: _Plot, spot: _Spot) -> None:
    sheet, room = plot.sheet, plot.room
    x, y, tip = spot.x, spot.y, ("", spot.tip)
    match spot.kind:
        case "frontier":
            sheet.mark(x, y, "o", 7.5, PAPER, SOFT, width=1.4, z=4, tip=tip)
            room.avoid([(x, y)], 12)
        case "solution":
            for point in spot.points:
                _whisker(plot, [(plot.across(value), y) for value in point.x_range or ()])
                _whisker(plot, [(x, plot.up(value)) for value in point.y_range or ()])
            sheet.mark(x, y, spot.shape, 10, GOOD, PAPER, width=1.2, tip=tip)
            room.taken.append(around(x, y, 6))
        case _:
            sheet.mark(x, y, "x", 10, INK, INK, width=2.4, z=7, tip=tip)
            room.taken.append(around(x, y, 6))


def _whisker(plot: _Plot, ends: Sequence[tuple[float, float]]) -> None:
    """A line between two ends, if they are not one, with a bar across either."""
    if len(set(ends)) < 2:
        return
    plot.sheet.line(ends, GOOD, 1.1, z=3.8)
    aside, along = (3.5, 0.0) if ends[0][0] == ends[1][0] else (0.0, 3.5)
    for x, y in ends:
        bar = [(x - aside, y - along), (x + aside, y + along)]
        plot.sheet.line(bar, GOOD, 1.1, z=3.8)
    plot.room.avoid(on_line(*ends[0], *ends[1], 6), 4)


def _labels(plot: _Plot, spots: Sequence[_Spot]) -> list[str]:
    """Name solutions and status quo beside their marks; the names for which there is no room."""
    sheet, room = plot.sheet, plot.room
    missed = []
    for spot in spots:
        if spot.kind not in ("solution", "status quo"):
            continue
        names = list(dict.fromkeys(p.label for p in spot.points if p.label.strip()))
        name = ", ".join(names) or spot.kind
        if spot.kind == "status quo" and name.lower() != "status quo":
            name = f"Status quo: {name}"
        lines = [(line, True, INK) for line in wrap(name, 210, BODY, lines=2, bold=True)]
        notes = " ".join(dict.fromkeys(p.note for p in spot.points if p.note.strip()))
        lines += [(line, False, SOFT) for line in wrap(notes, 210, BODY, lines=2)]
        box = room.beside(spot.x, spot.y, *extent(lines, BODY), 9)
        if box is None:
            missed.append(short_text(name, 60))
            continue
        end = box.nearest(spot.x, spot.y)
        if math.dist(end, (spot.x, spot.y)) > 14:
            sheet.line([(spot.x, spot.y), end], GREY, 0.8, z=3.6)
            room.avoid(on_line(spot.x, spot.y, *end, 6), 40)
        sheet.lines(box, lines, anchor="end" if box.right < spot.x else "start")
    return missed
