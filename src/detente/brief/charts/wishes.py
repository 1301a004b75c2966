"""Wants: for every issue, which parties pull to the status quo and which away from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.brief.words import counted, listed, rung, short_text
from detente.charts.lettering import BODY, ROW, SMALL, extent, fit, text_width, wrap
from detente.charts.sheet import EDGE, GREY, INK, PAPER, SECOND, SOFT, WIDTH, Sheet, drawing


@dataclass(frozen=True, slots=True)
class Want:
    """An issue, and which way each party would have it moved.

    options : from the status quo to the fullest
    ways    : by the party's name, 1 for the last option, -1 for the first, 0 for neither, or
              where it is not known
    """

    issue: str
    options: tuple[str, ...]
    ways: Mapping[str, int]


_ANCHORS = ("start", "end")
_TICKS = 60
_SHAPES = ("o", "s", "^", "D", "v", "p", "<", "h", ">", "8")
_ISSUES, _NAMES = 220.0, 150.0
"""The most room for an issue's words, and for a party's at either end."""

_STACK = 18.0
_PULL = 36.0
"""From an end of the line to the middle of a party's mark."""


@drawing()
def wants(rows: Sequence[Want], names: tuple[str, ...], *, key: str, title: str) -> str:
    """A line for every issue, and at its ends the parties that would have it there.

    names : of all parties, in the order their marks are given out

    An arrow from the line's end to a party's mark is the way it pulls. A party that pulls
    neither way, or of which that is not known, is left out of the row.
    """
    if not rows:
        raise ValueError("a picture of wants needs at least one issue")
    for row in rows:
        if not row.options:
            raise ValueError(f"{row.issue}: no options; give the status quo and what is beyond it")
        if strange := sorted(set(row.ways) - set(names)):
            raise ValueError(f"{row.issue}: {listed(strange)} not among the names")
        if not set(row.ways.values()) <= {-1, 0, 1}:
            raise ValueError(f"{row.issue}: a party pulls one way (-1, 1) or neither (0)")
    sheet = Sheet(key)
    ends = _ends(rows)
    for x, words, anchor in zip(ends, ("status quo", "fullest version"), _ANCHORS, strict=True):
        sheet.text(x, 13, words, size=SMALL, anchor=anchor, color=SOFT, italic=True)
    y = 22.0
    for row in rows:
        y = _row(sheet, row, names, ends, y) + 16
    pulling = [name for name in names if any(row.ways.get(name) for row in rows)]
    key_of = [(*_look(names.index(name)), name) for name in pulling]
    y = sheet.legend(y + 14, key_of)
    about = f"{counted(len(rows), 'issue')}, and the ends {listed(pulling) or 'nobody'} would have."
    return sheet.svg(round(y + 8), title, about)


def _look(place: int) -> tuple[str, str, str]:
    """The shape, filling and edge of a party's mark."""
    edge = SECOND if place % 2 else INK
    hollow = (place + place // len(_SHAPES)) % 2  # a shape comes again the other way
    return _SHAPES[place % len(_SHAPES)], PAPER if hollow else edge, edge


def _ends(rows: Sequence[Want]) -> tuple[float, float]:
    """Where the lines begin and end: what issues and names beside them leave."""
    issues = [extent([(line, True, INK) for line in _issue(row)], BODY)[0] for row in rows]

    def room(way: int) -> float:
        pulling = {name for row in rows for name, pull in row.ways.items() if pull == way}
        widths = [min(text_width(name, SMALL), _NAMES) for name in pulling]
        return _PULL + 12 + max(widths) if widths else 12.0

    return EDGE + max(issues) + 12 + room(-1), WIDTH - 4 - room(1)


def _issue(row: Want) -> tuple[str, ...]:
    return wrap(row.issue, _ISSUES, BODY, lines=4, bold=True)


def _row(
    sheet: Sheet, row: Want, names: tuple[str, ...], ends: tuple[float, float], top: float
) -> float:
    """One issue from `top` down; where it ends."""
    sides = {
        way: [(place, name) for place, name in enumerate(names) if row.ways.get(name) == way]
        for way in (-1, 1)
    }
    issue = _issue(row)
    height = max(len(issue) * BODY * ROW, _STACK * max(map(len, sides.values())), _STACK)
    y = top + height / 2
    for line, words in enumerate(issue):
        base = y + BODY * (ROW * (line - len(issue) / 2) + 0.93)
        sheet.text(EDGE, base, words, bold=True)
    below = _options(sheet, row, ends, y)
    for way, parties in sides.items():
        for n, (place, name) in enumerate(parties):
            _pull(sheet, name, place, way, ends[way > 0], y + _STACK * (n - (len(parties) - 1) / 2))
    return max(top + height, below)


def _options(sheet: Sheet, row: Want, ends: tuple[float, float], y: float) -> float:
    """The issue's line with a tick for every option, the first and the last named below."""
    tip = ("", short_text("; ".join(map(rung, row.options)), 300))
    left, right = ends
    sheet.line([(left, y), (right, y)], GREY, 1.2, tip=tip)
    last = max(len(row.options) - 1, 1)
    for place in range(0, len(row.options), math.ceil(len(row.options) / _TICKS)):
        x = left + (right - left) * place / last
        color, width = (SOFT, 1.2) if place else (INK, 2.4)
        sheet.line([(x, y - 4), (x, y + 4)], color, width, tip=tip)
    named = row.options[:1] + row.options[1:][-1:]
    told = [wrap(rung(option), (right - left) / 2 - 6, SMALL, lines=2) for option in named]
    for x, anchor, lines in zip(ends, _ANCHORS, told, strict=False):
        for line, words in enumerate(lines):
            sheet.text(x, y + 19 + 15 * line, words, size=SMALL, anchor=anchor)
    return y + 9 + 15 * max(map(len, told))


def _pull(sheet: Sheet, name: str, place: int, way: int, end: float, y: float) -> None:
    """A party at an end of its issue's line, with an arrow to it."""
    shape, fill, edge = _look(place)
    tip = ("", f"{short_text(name, 200)}: {'the fullest version' if way > 0 else 'the status quo'}")
    sheet.line([(end + way * 6, y), (end + way * (_PULL - 14), y)], SOFT, 1.2, tip=tip)
    head = end + way * (_PULL - 9)
    back = head - way * 7
    sheet.area([(head, y), (back, y - 3.5), (back, y + 3.5)], SOFT, tip=tip)
    sheet.mark(end + way * _PULL, y, shape, 9, fill, edge, width=1.4, tip=tip)
    x = end + way * (_PULL + 10)
    words = fit(name, _NAMES, SMALL)
    sheet.text(x, y + 4.5, words, size=SMALL, anchor="start" if way > 0 else "end")
