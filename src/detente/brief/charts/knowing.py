"""Gains: how much more often a choice would be right if one number were known."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from detente.brief.words import counted, short_text
from detente.charts.lettering import BODY, SMALL, fit, percent, wrap
from detente.charts.placing import Scale
from detente.charts.sheet import AXIS, EDGE, GOOD, PAPER, RULE, SOFT, WIDTH, Sheet, drawing


@dataclass(frozen=True, slots=True)
class Gain:
    """A number, and how often the choice about something is right without and with it known.

    about     : what is chosen, "deal" or "steps"; those about one thing stand together
    name      : the number, in words
    now, then : shares from 0 to 1
    """

    about: str
    name: str
    now: float
    then: float


_WORDS = 320.0
_LEFT, _RIGHT = 440.0, WIDTH - 88.0
_LINE = 15.0


@drawing()
def gains(bars: Sequence[Gain], *, key: str, title: str) -> str:
    """A line for every number, from the share as things are to that with the number known.

    A hollow mark is at the share now, a filled one at the share then. The axis runs from 0%
    to 100%, or, where all lie close together, from one round share to another.
    """
    if not bars:
        raise ValueError("a picture of gains needs at least one number")
    for bar in bars:
        if not (0 <= bar.now <= 1 and 0 <= bar.then <= 1):
            raise ValueError(f"{bar.name}: {bar.now:g} to {bar.then:g}; give shares from 0 to 1")
    sheet = Sheet(key)
    groups = defaultdict(list)
    for bar in bars:
        groups[bar.about].append(bar)
    across, ticks = _axis(bars)
    y = 4.0
    for about, inside in groups.items():
        head = fit(about[:1].upper() + about[1:], _WORDS, BODY, bold=True)
        if head:
            sheet.text(EDGE, y + 12, head, bold=True)
            y += 24
        for bar in inside:
            y = _bar(sheet, bar, across, y)
        y += 10
    bottom = y - 6
    for share in ticks:
        x = across(share)
        sheet.line([(x, 6), (x, bottom)], RULE, 0.8, z=0.5)
        words = f"{share:.0%}"
        sheet.text(x, bottom + 14, words, size=SMALL, anchor="middle", color=SOFT)
    sheet.line([(_LEFT, bottom), (_RIGHT, bottom)], AXIS)
    marks = [("o", PAPER, GOOD, "now"), ("o", GOOD, GOOD, "if the number were known")]
    y = sheet.legend(bottom + 36, marks, left=_LEFT)
    most = max(bars, key=lambda bar: bar.then - bar.now)
    told = f"{counted(len(bars), 'number')}, and how often a choice is right without and with it."
    if most.then > most.now:
        told += (
            f" The most is gained by knowing {short_text(most.name, 200)}: "
            f"from {percent(most.now)} to {percent(most.then)}."
        )
    return sheet.svg(round(y + 8), title, told)


def _axis(bars: Sequence[Gain]) -> tuple[Scale, list[float]]:
    """From 0 to 1, or the tenths around all shares where these are at most four."""
    shares = [share for bar in bars for share in (bar.now, bar.then)]
    low, high = math.floor(min(shares) * 10 + 1e-9), math.ceil(max(shares) * 10 - 1e-9)
    if low == high:
        low, high = (low, high + 1) if high < 10 else (low - 1, high)
    if high - low > 4:
        return Scale(0, 1, _LEFT, _RIGHT), [0, 0.25, 0.5, 0.75, 1]
    return Scale(low / 10, high / 10, _LEFT, _RIGHT), [n / 10 for n in range(low, high + 1)]


def _bar(sheet: Sheet, bar: Gain, across: Scale, top: float) -> float:
    """One number's line from `top` down; where it ends."""
    lines = wrap(bar.name, _WORDS, SMALL)
    height = max(len(lines), 1) * _LINE
    for row, words in enumerate(lines):
        sheet.text(EDGE, top + 12 + _LINE * row, words, size=SMALL)
    y = top + height / 2
    now, then = across(bar.now), across(bar.then)
    told = [percent(bar.now), percent(bar.then)]
    tip = ("", f"{short_text(bar.name, 200)}: {told[0]} now, {told[1]} if it were known")
    sheet.line([(now, y), (then, y)], GOOD, 2.4, z=4, tip=tip)
    sheet.mark(now, y, "o", 9.5, PAPER, GOOD, width=1.6, z=5, tip=tip)
    same = abs(then - now) < 1
    sheet.mark(then, y, "o", 5 if same else 9.5, GOOD, GOOD, width=0.0 if same else 1.6, tip=tip)
    if told[0] == told[1] and not same:
        told = [f"{bar.now:.1%}", f"{bar.then:.1%}"]
    left = bar.now <= bar.then
    if not same:
        _beside(sheet, now, y, told[0], left=left)
    _beside(sheet, then, y, told[1], left=not left, bold=True)
    return top + height + 9


def _beside(
    sheet: Sheet, x: float, y: float, words: str, *, left: bool, bold: bool = False
) -> None:
    """A percentage on the outer side of its mark, where the other's cannot be."""
    x, anchor = (x - 9, "end") if left else (x + 9, "start")
    sheet.text(x, y + 4.5, words, size=SMALL, anchor=anchor, bold=bold)
