"""Tables, readings and assumptions as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from detente.brief.words import act, counted, parties
from detente.errors import clean

if TYPE_CHECKING:
    from detente.brief.document import Cell, Table
    from detente.judgment.listing import Listing
    from detente.reading.found import FoundMove, FoundStatus, Reading, Statement

COLUMNS = {
    "timeline": ("date", "review", "by", "to", "type", "what"),
    "ledger": ("date", "review", "by", "what", "role", "intensity", "balance"),
    "demands": ("state", "by", "to", "what", "first asked", "last asked"),
    "ladder": ("attribute", "by", "to", "what", "value", "since", "contested"),
    "commitments": ("status", "by", "to", "what", "until"),
}
"""The columns of each table that a terminal has room for; --csv and --json have them all."""

_HEADERS = {"intensity": "score", "review": ""}
_NUMBERS = ("intensity", "balance")
_MARK = "○"
_GAP = "  "
_SMALL = 4  # columns no wider than this never give way


def table_text(table: Table, columns: Sequence[str], *, width: int) -> str:
    """The named columns of a table, `width` wide; a column with nothing in it is left out.

    A name stands for every header that begins with it ("balance" for both sides').
    """
    caption = clean(table.caption)
    if not table.rows:
        return f"{caption}: nothing."
    places = [
        place
        for column in columns
        for place, header in enumerate(table.headers)
        if header == column or header.startswith(f"{column} ")
        if any(_cell(table, row, place) for row in table.rows)
    ]
    lines = [caption, "", *_drawn(table, list(dict.fromkeys(places)), width)]
    if "review" in columns and any(_MARK in line for line in lines):
        lines += ["", f"{_MARK} unreviewed: read by the program, confirmed by nobody"]
    return "\n".join(lines)


def _drawn(table: Table, places: Sequence[int], width: int) -> list[str]:
    columns = []
    for place in places:
        header = table.headers[place]
        cells = (clean(_cell(table, row, place)) for row in table.rows)
        columns.append([clean(_HEADERS.get(header, header)), *cells])
    widths = _widths(columns, width)
    right = [table.headers[place].startswith(_NUMBERS) for place in places]
    header, *rows = (_row(cells, widths, right) for cells in zip(*columns, strict=True))
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    return [header, rule, *rows]


def _widths(columns: Sequence[Sequence[str]], width: int) -> list[int]:
    """A width for each column: its longest cell's where all fit, else its share of the room."""
    most = [max(map(_columns, column)) for column in columns]
    room = width - len(_GAP) * (len(columns) - 1)
    if sum(most) <= room:
        return most
    # Words are broken only where there is no other way.
    least = [min(max(map(_longest_word, column)), 16) for column in columns]
    if sum(least) > room:
        small = sum(size for size in least if size <= _SMALL)
        shared, wanted = room - small, sum(least) - small
        return [size if size <= _SMALL else max(shared * size // wanted, 2) for size in least]
    spare, wanted = room - sum(least), sum(most) - sum(least)
    return [low + spare * (high - low) // wanted for low, high in zip(least, most, strict=True)]


def _longest_word(cell: str) -> int:
    return max(map(_columns, cell.split()), default=0)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(char) in "WF" else not combining(char) for char in text)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    """A row of a table, as many lines high as its highest cell."""
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for parts in zip_longest(*wrapped, fillvalue=""):
        padded = (
            " " * (width - _columns(part)) + part if on_right
            else part + " " * (width - _columns(part))
            for part, width, on_right in zip(parts, widths, right, strict=True)
        )  # fmt: skip
        lines.append(_GAP.join(padded).rstrip())
    return "\n".join(lines)


def _wrapped(text: str, width: int) -> list[str]:
    """A text broken into lines of at most `width` columns, between words where it can be."""
    if _columns(text) <= width:
        return [" ".join(text.split())]
    lines = [""]
    for word in text.split():
        together = f"{lines[-1]} {word}" if lines[-1] else word
        if _columns(together) <= width:
            lines[-1] = together
            continue
        if lines[-1]:
            lines.append("")
        for char in word:
            if _columns(lines[-1] + char) > width:
                lines.append("")
            lines[-1] += char
    return lines


def _cell(table: Table, row: Sequence[Cell], place: int) -> str:
    """What a table shows in one place: some columns say what others hold too."""
    value = row[place]
    match table.headers[place]:
        case "type":
            given = dict(zip(table.headers, row, strict=True))
            mode = f"/{given['mode']}" if given.get("mode") else ""
            return f"{value}{mode}" if value else str(given.get("kind") or "")
        case "what" if "aspect" in table.headers:
            aspect = row[table.headers.index("aspect")]
            return f"{value or ''} [{aspect}]" if aspect not in (None, "actual") else str(value)
        case "review":
            return _MARK if value == "machine" else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:+g}" if value else "0"
    return value or ""


def reading_text(reading: Reading) -> str:
    """What was found in one text, each line with its words."""
    found = (
        counted(len(reading.moves), "move"),
        counted(len(reading.statements), "statement"),
        counted(len(reading.statuses), "status", "statuses"),
        counted(len(reading.parties), "party", "parties"),
    )
    parts = [f"{clean(reading.report)}: {', '.join(found)}"]
    if not (reading.moves or reading.statements or reading.statuses):
        parts.append(_nothing(reading))
    parts.extend(map(_move, reading.moves))
    parts.extend(map(_status, reading.statuses))
    parts.extend(map(_statement, reading.statements))
    return "\n\n".join(parts)


def _nothing(reading: Reading) -> str:
    if not reading.text.strip():
        return "  The text is empty."
    if not reading.parties:
        return (
            "  It names no state, group, organisation or person that this program knows. It reads\n"
            "  English reports about who did or said what to whom."
        )
    return "  It names parties, but reports nothing that one of them did, said or asked for."


def _move(move: FoundMove) -> str:
    who = parties([actor.name for actor in move.by], [actor.name for actor in move.to])
    kind = act(move.type, move.mode, move.aspect)
    code = f"{move.type.value}/{move.mode}" if move.mode else move.type.value
    lines = [f"  {move.date or 'undated'}  {who} · {kind} · {move.what}"]
    if move.condition:
        lines.append(f"    if: {move.condition}")
    said = f" ({move.said_by.name or move.said_by.text})" if move.said_by else ""
    lines.append(f"    {_quoted(move.quote)}{said}")
    lines.append(f"    {code}, {move.aspect.value}, confidence {move.confidence:.2f}")
    return "\n".join(map(_line, lines))


def _status(status: FoundStatus) -> str:
    who = parties([actor.name for actor in status.by], [actor.name for actor in status.to])
    value = f" {status.value}" if status.value else ""
    return "\n".join(
        map(_line, [f"  {who} · {status.attribute}{value}", f"    {_quoted(status.quote)}"])
    )


def _statement(statement: Statement) -> str:
    speaker = statement.speaker.name or statement.speaker.text
    return _line(f"  {speaker} ({statement.cue}): {_quoted(statement.content)}")


def _quoted(text: str) -> str:
    return f"“{' '.join(text.split())}”"


def _line(text: str) -> str:
    """One line, whatever stands in the text."""
    indent = len(text) - len(text.lstrip(" "))
    return " " * indent + clean(" ".join(text.split(" ")).strip().replace("\n", " "))


def judgments_text(found: Listing) -> str:
    """What is assumed, each with its reason, then what is left open."""
    return "\n".join(_judgments(found))


def _judgments(found: Listing) -> Iterator[str]:
    if not found.assumed:
        yield "Nothing is assumed: judgments.yaml has no values, walk-away points or costs."
    for line in found.assumed:
        about = f" · {line.about}" if line.about else ""
        yield _line(f"{line.party or 'all'}{about} · {line.kind}: {line.what}")
        yield _line(f"    because {line.because}")
    if not found.nothing:
        return
    yield ""
    yield "Nothing is assumed about these, and no number is made up for them:"
    for party in dict.fromkeys(gap.party for gap in found.nothing):
        gaps = [gap.about or "walk-away point" for gap in found.nothing if gap.party == party]
        yield _line(f"  {party}: {', '.join(gaps)}")
