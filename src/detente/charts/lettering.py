"""Words in a picture: how wide they are, how they are broken, and how numbers are said.

Widths are measured in DejaVu Serif, the widest of the page's fonts and shipped with
matplotlib, and a tenth is added, so that words fit whichever font the page ends up in.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Any

from detente.wording import clean, short_text

BODY, SMALL = 13.5, 12.5
ROW = 1.22
"""From line to line, in sizes of the letters."""

_WIDER = 1.1

Line = tuple[str, bool, str]
"""Words, whether they are bold, and their colour."""


@cache
def _font(bold: bool) -> Any:
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    name = "DejaVuSerif-Bold.ttf" if bold else "DejaVuSerif.ttf"
    font = FT2Font(f"{get_data_path()}/fonts/ttf/{name}")
    font.set_size(100, 72)
    return font


@cache
def _advance(char: str, bold: bool) -> float:
    """How far a character moves the pen, in ems; a whole one where the font lacks it."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn"):
        return 0.0
    font = _font(bold)
    if unicodedata.east_asian_width(char) in "WF" or not font.get_char_index(ord(char)):
        return 1.0
    return float(font.load_char(ord(char)).linearHoriAdvance) / 65536 / 100


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """The room `words` need in the page's widest font, and a tenth more."""
    return sum(_advance(char, bold) for char in words) * size * _WIDER


def extent(lines: Sequence[Line], size: float) -> tuple[float, float]:
    """The width and the height of lines one below the other."""
    width = max((text_width(words, size, bold=bold) for words, bold, _ in lines), default=0.0)
    return width, len(lines) * size * ROW + 1


def fit(words: str, width: float, size: float, *, bold: bool = False) -> str:
    """`words` on one line, shortened with … until they are no wider than `width`."""
    whole = short_text(clean(words), 200)
    if text_width(whole, size, bold=bold) <= width:
        return whole
    lengths = range(1, len(whole))
    kept = bisect_right(
        lengths, width, key=lambda n: text_width(short_text(whole, n), size, bold=bold)
    )
    return short_text(whole, max(kept, 1))


def wrap(
    words: str, width: float, size: float, *, lines: int = 3, bold: bool = False
) -> tuple[str, ...]:
    """`words` in at most `lines` lines no wider than `width`; … says that more was there."""
    found: list[str] = []
    rest = short_text(clean(words), 400).split()
    while rest and len(found) < lines - 1:
        line = rest.pop(0)
        while rest and text_width(f"{line} {rest[0]}", size, bold=bold) <= width:
            line += f" {rest.pop(0)}"
        kept = len(line)
        while kept > 1 and text_width(line[:kept], size, bold=bold) > width:
            kept -= 1
        if kept < len(line):
            rest.insert(0, line[kept:])
        found.append(line[:kept])
    if rest:
        found.append(fit(" ".join(rest), width, size, bold=bold))
    return tuple(found)


def number(value: float) -> str:
    """A number on an axis: three digits that count, thousands grouped, a true minus."""
    size = abs(value)
    words = f"{value:,.0f}" if 1000 <= size < 1e9 else f"{value + 0.0:.3g}"
    return words.replace("-", "−")


def percent(value: float) -> str:
    """A share as per cent; nothing short of all is called 100%, nothing above none 0%."""
    if 0 < value < 0.01:
        return "under 1%"
    if 0.99 < value < 1:
        return "over 99%"
    return f"{value:.0%}"
