"""Where a quote that is not in its report may have come from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from detente.record.record import Report

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None),
    }
)
_PIECE = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
_VOTERS, _PLACES, _SLACK = 8, 25, 3
"""Rarest words of a quote that vote on its place, places each votes for, words of tolerance."""
_SEARCH = 2_000_000_000
"""Characters that may be gone through for quotes standing in other reports, about half a second."""


@dataclass(frozen=True, slots=True)
class _Index:
    """A report made ready for finding what is nearly there."""

    spans: list[tuple[int, int]]
    tokens: list[str]
    places: dict[str, list[int]]
    pieces: list[tuple[int, int]]
    normal: str

    def at(self, word: str) -> list[int]:
        """The numbers of the words of the report that are this one."""
        return self.places.get(word, [])


class Finder:
    """Explains quotes that do not stand in the report they cite; indexes a report once."""

    def __init__(self, reports: Mapping[str, Report]) -> None:
        self._ids = list(reports)
        self._starts: list[int] = []
        texts: list[str] = []
        length = 0
        for report in reports.values():
            self._starts.append(length)
            texts.append(report.text)
            length += len(report.text) + 1
        self._texts = texts
        self._all: str | None = None
        self._searched = 0
        self._indexed: dict[str, _Index] = {}

    def explain(self, quote: str, report: Report) -> tuple[str, str]:
        """What is wrong with a quote that is not in the report, and what to do."""
        index = self._index(report)
        shown = _short(quote)
        if (span := _alike(quote, report.text, index)) is not None:
            line, there = _place(report, *span)
            what = f"quote differs from report {report.id} in spaces, quotation marks or dashes"
            return f"{what}: {shown}", f"Line {line} has {there}. Copy it exactly."
        what = f"quote not in report {report.id}: {shown}"
        if (other := self._elsewhere(quote)) is not None:
            return what, f"It stands in report {other}; correct `report:`."
        if (near := _closest(quote, index)) is not None:
            line, there = _place(report, *near)
            do = "Copy the report's words, or correct `report:`."
            return what, f"closest, line {line}: {there}. {do}"
        return what, "Nothing like it stands there; correct `report:` or the quote."

    def _elsewhere(self, quote: str) -> str | None:
        """The first report that does hold the quote; None too once the search got long."""
        if self._all is None:
            self._all = "\0".join(self._texts)
        if self._searched > _SEARCH:
            return None
        self._searched += len(self._all)
        at = self._all.find(quote)
        return None if at < 0 else self._ids[bisect_right(self._starts, at) - 1]

    def _index(self, report: Report) -> _Index:
        if report.id not in self._indexed:
            spans = [match.span() for match in _WORD.finditer(report.text)]
            tokens = [_folded(report.text[start:end]) for start, end in spans]
            places: dict[str, list[int]] = defaultdict(list)
            for i, token in enumerate(tokens):
                places[token].append(i)
            pieces = [match.span() for match in _PIECE.finditer(report.text)]
            normal = " ".join(report.text[a:b].translate(_ALIKE) for a, b in pieces)
            self._indexed[report.id] = _Index(spans, tokens, dict(places), pieces, normal)
        return self._indexed[report.id]


def _folded(word: str) -> str:
    return word.translate(_ALIKE).casefold()


def _alike(quote: str, text: str, index: _Index) -> tuple[int, int] | None:
    """The stretch of the text that differs from the quote in spacing and marks only."""
    wanted = _SPACE.sub(" ", quote.strip()).translate(_ALIKE)
    at = index.normal.find(wanted) if wanted else -1
    if at < 0:
        return None
    # The normal form has exactly one blank between pieces, so blanks count pieces.
    first = index.normal.count(" ", 0, at)
    last = first + wanted.count(" ")
    before = at - (index.normal.rfind(" ", 0, at) + 1)
    end = at + len(wanted)
    behind = end - (index.normal.rfind(" ", 0, end) + 1)
    return _raw(text, index.pieces[first], before), _raw(text, index.pieces[last], behind)


def _raw(text: str, piece: tuple[int, int], normal: int) -> int:
    """The offset in the text behind the first `normal` characters of a piece's normal form."""
    start, end = piece
    for offset in range(start, end):
        if normal == 0:
            return offset
        normal -= len(text[offset].translate(_ALIKE))
    return end


def _closest(quote: str, index: _Index) -> tuple[int, int] | None:
    """The stretch of the text that is most like the quote; None when nothing is near.

    Every word the two share votes for the place at which the quote would begin there, the
    more the rarer it is; a third of the quote's words must then stand in that place.
    """
    wanted = [_folded(match[0]) for match in _WORD.finditer(quote)]
    shared = [(len(at), i, at) for i, word in enumerate(wanted) if (at := index.at(word))]
    votes: dict[int, float] = defaultdict(float)
    for n, i, at in sorted(shared)[:_VOTERS]:
        for place in at[:_PLACES]:
            votes[place - i] += 1 / n
    if not votes:
        return None
    likely = max(votes.items(), key=lambda vote: (vote[1], -vote[0]))[0]
    begin = max(likely - _SLACK, 0)
    there = index.tokens[begin : likely + len(wanted) + _SLACK]
    blocks = SequenceMatcher(None, wanted, there, autojunk=False).get_matching_blocks()[:-1]
    if sum(block.size for block in blocks) * 3 < len(wanted):
        return None
    # What goes before the first common word and after the last one belongs to it too.
    first = max(begin + blocks[0].b - blocks[0].a, 0)
    rest = len(wanted) - (blocks[-1].a + blocks[-1].size)
    last = min(begin + blocks[-1].b + blocks[-1].size + rest, len(index.spans)) - 1
    return index.spans[first][0], index.spans[last][1]


def _place(report: Report, start: int, end: int) -> tuple[int, str]:
    return report.line_of(start), _short(report.text[start:end])


def _short(text: str) -> str:
    """A text on one line, in quotation marks, its middle left out if it is long."""
    flat = " ".join(text.split())
    return f'"{flat}"' if len(flat) <= 160 else f'"{flat[:100]} ... {flat[-50:]}"'
