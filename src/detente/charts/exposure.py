"""The staircase: how exposed each party is after every step of an exchange."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.charts.lettering import BODY, SMALL, fit, number, text_width, wrap
from detente.charts.placing import Box, Scale, margin, scale_over, spread
from detente.charts.sheet import AXIS, BAD, EDGE, GOOD, GREY, INK, RULE, WIDTH, Sheet, drawing
from detente.wording import clean, counted, listed

_NUMBER = re.compile(r"\A(\d+)[.):]?\s+")
_PANEL = 118.0


@dataclass(frozen=True, slots=True)
class Stair:
    """One party on the way through an exchange.

    exposure : (low, middle, high) before the first step and after each
    trust    : what it is ready to risk, from and to; None where that is not known
    """

    name: str
    exposure: tuple[tuple[float, float, float], ...]
    trust: tuple[float, float] | None = None


@drawing()
def staircase(steps: Sequence[str], parties: Sequence[Stair], *, key: str, title: str) -> str:
    """How much each party stands to lose after each step, against what it is ready to risk.

    steps : the deliveries in order, "1 B lifts the rewards"; one panel for each party, the
            steps under the lowest, or numbered and listed where they would not fit there
    """
    if not parties:
        raise ValueError("a staircase needs at least one party")
    for party in parties:
        if len(party.exposure) != len(steps) + 1:
            raise ValueError(
                f"{party.name}: {len(party.exposure)} exposures; give one before the first step "
                f"and one after each of the {len(steps)}"
            )
    sheet = Sheet(key)
    ups = [_exposures(party) for party in parties]
    left, right = max(margin(up.ticks(4)) for up in ups), WIDTH - 204.0
    tread = (right - left) / (len(steps) + 1)
    y = 4.0
    for party, up in zip(parties, ups, strict=True):
        frame = Box(left, y + 34, right, y + 34 + _PANEL)
        up = replace(up, start=frame.bottom, end=frame.top)
        sheet.text(EDGE, y + 13, fit(party.name, WIDTH - 40, BODY, bold=True), bold=True)
        _panel(sheet, frame, party, tread, up)
        y = frame.bottom + 16
    y = _step_names(sheet, steps, left, tread, y - 16)
    about = (
        f"Exposure of {listed(party.name for party in parties)} before the first of "
        f"{counted(len(steps), 'step')} and after each, with what they are ready to risk."
    )
    return sheet.svg(round(y + 6), title, about)


def _exposures(party: Stair) -> Scale:
    """The scale of a party's panel, as if it were the first."""
    values = [value for moment in party.exposure for value in moment]
    return scale_over([0.0, *values, *(party.trust or ())], _PANEL, 0.0, pad=0.04)


def _panel(sheet: Sheet, frame: Box, party: Stair, tread: float, up: Scale) -> None:
    sheet.levels(frame, up, 4)
    for step in range(1, len(party.exposure)):
        x = frame.left + step * tread
        sheet.line([(x, frame.top), (x, frame.bottom + 4)], RULE, 0.8, z=0.6)
    sheet.line([(frame.left, up(0)), (frame.right, up(0))], AXIS, z=0.7)
    edges = [_treads(party, frame, tread, up, which) for which in range(3)]
    low, middle, high = edges
    if any(moment[0] != moment[2] for moment in party.exposure):
        sheet.area([*low, *reversed(high)], "#e6e0d2", z=1)
        sheet.line(low, GREY, 0.7, z=1.1)
        sheet.line(high, GREY, 0.7, z=1.1)
    sheet.line(middle, INK, 2.0, z=4)
    names = [(middle[-1][1], f"exposed: {_spanned(party.exposure[-1])}", True, INK)]
    names += _trust(sheet, frame, party, tread, up)
    places = spread([y for y, *_ in names], [17.0] * len(names), frame.top - 6, frame.bottom + 8)
    for y, (wanted, words, bold, color) in zip(places, names, strict=True):
        sheet.line([(frame.right + 2, wanted), (frame.right + 8, y)], GREY, 0.8)
        words = fit(words, WIDTH - frame.right - 16, SMALL, bold=bold)
        sheet.text(frame.right + 11, y + 4, words, size=SMALL, bold=bold, color=color)


def _spanned(moment: tuple[float, float, float]) -> str:
    """A middle with the range it stands for: "3 (2 to 4)"."""
    low, middle, high = map(number, moment)
    return middle if low == high else f"{middle} ({low} to {high})"


def _treads(
    party: Stair, frame: Box, tread: float, up: Scale, which: int
) -> list[tuple[float, float]]:
    """The corners of a step line: level after each step until the next."""
    found = []
    for step, moment in enumerate(party.exposure):
        x, y = frame.left + step * tread, up(moment[which])
        found += [(x, y), (x + tread, y)]
    return found


def _trust(
    sheet: Sheet, frame: Box, party: Stair, tread: float, up: Scale
) -> list[tuple[float, str, bool, str]]:
    """The line at what a party is ready to risk, where exposure is beyond it, and their names."""
    if party.trust is None:
        return []
    least, most = party.trust
    y1, y2 = up(least), up(most)
    if least != most:
        area = Box(frame.left, min(y1, y2), frame.right, max(y1, y2))
        sheet.box(area, "none", edge="#a9c9c2", hatch="\\\\", z=1.5)
    for y in {y1, y2}:
        sheet.line([(frame.left, y), (frame.right, y)], GOOD, 1.3, dash=(7, 3), z=3)
    value = number(least) if least == most else f"{number(least)} to {number(most)}"
    names = [((y1 + y2) / 2, f"ready to risk {value}", False, GOOD)]
    beyond = [n for n, moment in enumerate(party.exposure) if moment[1] > most]
    for step in beyond:
        x, y = frame.left + step * tread, up(party.exposure[step][1])
        corners = Box(x, y, x + tread, y2)
        sheet.box(corners, "none", edge=BAD, hatch="////", z=2)
        sheet.line([(x, y), (x + tread, y)], BAD, 4.0, z=4.5,
                   tip=("", f"{party.name}: beyond what it is ready to risk"))  # fmt: skip
    if beyond:
        words = "beyond what it is ready to risk"
        x = frame.left + (beyond[0] + 0.5) * tread
        half = text_width(words, SMALL, bold=True) / 2
        x = min(max(x, frame.left + half), frame.right - half)
        top = min(up(party.exposure[step][1]) for step in beyond)
        sheet.text(x, top - 6, words, size=SMALL, bold=True, anchor="middle", color=BAD)
    return names


def _step_names(sheet: Sheet, steps: Sequence[str], left: float, tread: float, top: float) -> float:
    """Each step's words under its place; numbers and a list where there is no room for words."""
    y = top + 18
    wrapped = [wrap(step, tread - 10, SMALL, lines=5) for step in steps]
    if all(_whole(step, lines) for step, lines in zip(steps, wrapped, strict=True)):
        for place, lines in enumerate(wrapped, 1):
            for row, line in enumerate(lines):
                sheet.text(left + place * tread, y + 15 * row, line, size=SMALL, anchor="middle")
        return y + 15 * max(map(len, wrapped), default=0) - 8
    every = max(1, math.ceil(26 / tread))
    for place in range(1, len(steps) + 1, every):
        words = str(place)
        sheet.text(left + place * tread, y, words, size=SMALL, anchor="middle", bold=True)
    y += 24
    for place, step in enumerate(steps, 1):
        sheet.text(left, y, str(place), size=SMALL, bold=True, anchor="end")
        words = " ".join(step.split())
        if (found := _NUMBER.match(words)) and found[1] == str(place):
            words = words[found.end() :]
        for line in wrap(words, WIDTH - left - EDGE - 10, SMALL, lines=2):
            sheet.text(left + 8, y, line, size=SMALL)
            y += 16
    return y - 8


def _whole(words: str, lines: Sequence[str]) -> bool:
    """Whether the lines say it all, without breaking a word."""
    return " ".join(lines) == " ".join(clean(words).split())
