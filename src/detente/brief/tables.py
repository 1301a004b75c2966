"""The tables behind the plots, in full and as the page shows them; CSV and JSON of the whole."""

from __future__ import annotations

import csv as csv_files
import io
from collections.abc import Iterable
from typing import Any

from detente.brief import words
from detente.brief.document import Brief, Cell, Row, Table, TableView
from detente.brief.entries import Shown
from detente.record.dates import PartialDate
from detente.record.models import Move, Source, Status
from detente.solve.plain import spoken
from detente.tracking.views import Ledger, LedgerLine, TimelineEntry, Tracking

_ON_PAGE = 200
"""Rows of one table the page shows; the file and the chronology hold all of them."""

TIMELINE = (
    "date", "earliest", "latest", "kind", "by", "to", "type", "mode", "aspect", "if", "what",
    "intensity", "review", "entry",
)  # fmt: skip


def _iso(when: PartialDate | None) -> str | None:
    return str(when) if when else None


def timeline(shown: Shown) -> Table:
    """The chronology, a row for each line; parties by name, several joined by "; "."""
    rows = tuple(_timeline_row(shown, line) for line in shown.tracking.timeline)
    return Table("What has happened, the oldest first, undated last", TIMELINE, rows)


def _timeline_row(shown: Shown, line: TimelineEntry) -> tuple[Cell, ...]:
    return (
        _iso(line.date),
        line.date.earliest.isoformat() if line.date else None,
        line.date.latest.isoformat() if line.date else None,
        line.kind,
        "; ".join(shown.names(line.by)),
        "; ".join(shown.names(line.to)),
        line.type.value if line.type else None,
        line.mode,
        line.aspect.value if line.aspect else None,
        line.condition,
        line.what,
        line.intensity,
        line.review,
        line.entry,
    )


def ledger(shown: Shown, given: Ledger) -> Table:
    """One pair's ledger, a row for each move, with both running balances."""
    first, second = shown.names(given.pair)
    headers = ("date", "by", "to", "type", "mode", "aspect", "if", "what", "role", "intensity",
               "counted", f"balance {first}", f"balance {second}", "review", "entry")  # fmt: skip
    rows = tuple(_ledger_row(shown, given, line) for line in given.lines)
    return Table(f"Moves between {first} and {second}, the oldest first", headers, rows)


def _ledger_row(shown: Shown, given: Ledger, line: LedgerLine) -> tuple[Cell, ...]:
    return (
        _iso(line.date),
        "; ".join(shown.names(line.by)),
        "; ".join(shown.names(line.to)),
        line.type.value,
        line.mode,
        line.aspect.value,
        line.condition,
        line.what,
        line.role.value,
        line.intensity,
        line.counted,
        *(round(line.balance.get(side, 0.0), 6) for side in given.pair),
        line.review,
        line.move,
    )


def demands(shown: Shown) -> Table:
    """Every demand, with its state and the moves that make and answer it."""
    headers = ("by", "to", "what", "issue", "state", "first asked", "last asked", "asked in",
               "answered in")  # fmt: skip
    rows = tuple(
        (
            "; ".join(shown.names(demand.by)),
            "; ".join(shown.names(demand.to)),
            demand.what,
            demand.issue,
            demand.state.value,
            _iso(demand.first_asked),
            _iso(demand.last_asked),
            "; ".join(demand.moves),
            "; ".join(step.move for step in demand.steps),
        )
        for demand in shown.tracking.demands
    )
    return Table("What is asked, and where it stands", headers, rows)


def ladder(shown: Shown) -> Table:
    """Where every attribute stands between two parties."""
    headers = ("attribute", "by", "to", "what", "value", "rung", "since", "certain", "contested",
               "entries")  # fmt: skip
    rows = tuple(
        (
            row.attribute,
            shown.record.name(row.by),
            shown.record.name(row.to) if row.to else None,
            row.what,
            row.value,
            row.rung,
            _iso(row.since),
            row.certain,
            "; ".join(row.contested),
            "; ".join(row.entries),
        )
        for row in shown.tracking.ladder
    )
    return Table("Where things stand", headers, rows)


def commitments(shown: Shown) -> Table:
    """Every commitment and the moves that fulfil or break it."""
    headers = ("agreement", "commitment", "by", "to", "what", "until", "status", "performed",
               "breached")  # fmt: skip
    rows = tuple(
        (
            line.agreement,
            line.commitment,
            "; ".join(shown.names(line.by)),
            "; ".join(shown.names(line.to)),
            line.what,
            _iso(line.until),
            line.status.value,
            "; ".join(line.performed),
            "; ".join(line.breached),
        )
        for line in shown.tracking.commitments
    )
    return Table("What was promised", headers, rows)


def reports(shown: Shown) -> Table:
    """The reports the brief is built on."""
    headers = ("report", "publisher", "title", "date", "dated by", "reliability", "url")
    rows = tuple(
        (
            report.id,
            report.front.publisher,
            report.front.title,
            _iso(report.front.date),
            report.dated_by,
            report.front.reliability,
            report.front.url,
        )
        for report in shown.record.reports.values()
    )
    return Table("Reports", headers, rows)


def of_record(shown: Shown) -> dict[str, Table]:
    """Every table of the record by name, a ledger's by its pair: of the views that were made."""
    return {
        "timeline": timeline(shown),
        "demands": demands(shown),
        "ladder": ladder(shown),
        "commitments": commitments(shown),
        "reports": reports(shown),
    } | {
        f"ledger:{pair.pair[0]}:{pair.pair[1]}": ledger(shown, pair)
        for pair in shown.tracking.ledgers
    }


# --- as the page shows them ----------------------------------------------------------------


def timeline_view(shown: Shown) -> TableView:
    """The table behind the timeline plot."""
    lines = shown.tracking.timeline
    rows = tuple(_timeline_cells(shown, line) for line in lines[-_ON_PAGE:])
    return TableView(
        name="timeline",
        caption="The timeline as a table; scores in brackets are not counted",
        headers=("Date", "Who", "Kind", "Matter", "Score", "Review"),
        rows=rows,
        left_out=_left_out(len(lines)),
        command="detente timeline CASE --csv",
    )


def as_view(name: str, table: Table) -> TableView:
    """A table behind an answer, as the page shows it."""
    rows = tuple(Row(tuple(map(_in_words, row)), None) for row in table.rows[:_ON_PAGE])
    left_out = ""
    if len(table.rows) > _ON_PAGE:
        left_out = f"The first {_ON_PAGE} of {len(table.rows):,} rows."
    command = f"detente brief CASE --table {name}"
    return TableView(name, table.caption, table.headers, rows, left_out, command)


def _in_words(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.4g}" if abs(cell) < 10_000 else spoken(cell)


def _timeline_cells(shown: Shown, line: TimelineEntry) -> Row:
    if line.type is not None and line.aspect is not None:
        kind = words.act(line.type, line.mode, line.aspect)
    else:
        kind = line.kind if line.date else line.kind.removesuffix(" begins")
    cells = (
        words.date(line.date, short=True),
        words.parties(shown.names(line.by), shown.names(line.to)),
        kind,
        line.what,
        _score(line.intensity, line.aspect is None or line.aspect.happened),
        _reviewed(line.review) if line.kind in ("move", "status begins", "status ends") else "",
    )
    if line.kind in ("agreement", "deadline"):
        kind = "commitment" if line.kind == "deadline" else "agreement"
        return Row(cells, f"#{kind}-{line.entry}")
    return Row(cells, shown.href(line.entry))


def ledger_view(shown: Shown, given: Ledger) -> TableView:
    """The table behind a ledger plot; a score that is not counted stands in brackets."""
    first, second = shown.names(given.pair)
    rows = tuple(_ledger_cells(shown, given, line) for line in given.lines[-_ON_PAGE:])
    return TableView(
        name=f"ledger:{given.pair[0]}:{given.pair[1]}",
        caption=f"Moves between {first} and {second}; scores in brackets are not counted",
        headers=("Date", "Who", "Kind", "Matter", "Score", f"Balance {first}",
                 f"Balance {second}", "Review"),
        rows=rows,
        left_out=_left_out(len(given.lines)),
        command=f"detente ledger CASE {given.pair[0]} {given.pair[1]} --csv",
    )  # fmt: skip


def _ledger_cells(shown: Shown, given: Ledger, line: LedgerLine) -> Row:
    cells = (
        words.date(line.date, short=True),
        words.parties(shown.names(line.by), shown.names(line.to)),
        words.act(line.type, line.mode, line.aspect),
        line.what,
        _score(line.intensity, line.counted),
        *(words.total(line.balance.get(side, 0.0)) for side in given.pair),
        _reviewed(line.review),
    )
    return Row(cells, shown.href(line.move))


def _score(intensity: float | None, counted: bool) -> str:
    """A score, in brackets where it is not counted."""
    if intensity is None:
        return ""
    return words.score(intensity) if counted else f"({words.score(intensity)})"


def _reviewed(review: str) -> str:
    return "confirmed" if review == "confirmed" else "unreviewed"


def _left_out(count: int) -> str:
    if count <= _ON_PAGE:
        return ""
    return f"These are the last {_ON_PAGE:,} of {count:,} rows; the file holds them all."


# --- out of the program ----------------------------------------------------------------------


def table(brief: Brief, name: str) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """The headers and rows of one of `brief.tables`.

    Raises ValueError, listing the names there are, for any other name.
    """
    try:
        found = brief.tables[name]
    except KeyError:
        known = ", ".join(brief.tables)
        raise ValueError(f"no table {name!r}; this brief has {known}") from None
    return found.headers, found.rows


def csv(brief: Brief, name: str) -> str:
    """One table as CSV (RFC 4180, with a header row); an empty cell is unknown.

    A text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a
    line end) gets an apostrophe before it, since it may come from a report anybody wrote.
    """
    headers, rows = table(brief, name)
    return as_csv(headers, rows)


def as_csv(headers: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> str:
    """Headers and rows as `csv` writes them."""
    out = io.StringIO()
    writer = csv_files.writer(out)
    writer.writerow(map(_cell, headers))
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{cell}"
    return cell


def as_json(brief: Brief) -> dict[str, Any]:
    """The whole analysis as plain data, ready for json.dumps.

    Parties, issues and entries are told by their ids; dates stand as the record writes them.
    `definitions` has, for every key that holds a number, what the number is.
    """
    from detente.brief.answer_json import answers_json, changes_json

    record, track, counts = brief.record, brief.tracking, brief.counts
    return {
        "case": {
            "title": record.case.title,
            "question": record.case.question,
            "note": record.case.note,
            "as_of": _iso(track.as_of),
            "issues": _plain(record.case.issues),
        },
        "in_short": [{"text": str(said), "entries": list(said.entries)} for said in brief.short],
        "warnings": list(brief.warnings),
        "left_out": list(brief.left_out),
        "counts": {
            "reports": counts.reports,
            "moves": counts.moves,
            "statuses": counts.statuses,
            "agreements": counts.agreements,
            "confirmed": counts.confirmed,
            "unreviewed": counts.unreviewed,
            "rejected": counts.rejected,
            "later": counts.later,
        },
        "parties": _plain(record.parties.values()),
        "reports": [
            {"id": report.id, **report.front.model_dump(mode="json")}
            for report in record.reports.values()
        ],
        "moves": [_entry(move, intensity=move.intensity) for move in brief.moves],
        "statuses": [_entry(status, rung=status.rung) for status in brief.statuses],
        "agreements": _plain(
            made for made in record.case.agreements if made.id in _agreed(brief)
        ),
        **{view: view_json(track, view) for view in VIEWS},
        "contradictions": [list(pair) for pair in track.contradictions],
        "definitions": {meaning.key: meaning.text for meaning in brief.definitions},
        **answers_json(brief),
        **changes_json(brief),
    }  # fmt: skip


VIEWS = ("timeline", "ledgers", "demands", "ladder", "commitments")
"""What the record adds up to, as the keys of the JSON name it."""


def view_json(track: Tracking, view: str) -> list[dict[str, Any]]:
    """One of VIEWS as plain data."""
    return [_dict(line) for line in getattr(track, view)]


def _agreed(brief: Brief) -> set[str]:
    return {made.anchor.removeprefix("agreement-") for made in brief.agreements}


def _plain(models: Iterable[Any]) -> list[dict[str, Any]]:
    return [model.model_dump(mode="json", by_alias=True) for model in models]


def _entry(entry: Move | Status, **numbers: float) -> dict[str, Any]:
    plain = entry.model_dump(mode="json", by_alias=True)
    plain["sources"] = [_source(given) for given in entry.sources]
    return plain | numbers


def _source(given: Source) -> dict[str, Any]:
    return given.model_dump(mode="json", by_alias=True)


def _dict(value: Any) -> Any:
    """A tracking result as plain data: dates as text, tuples as lists, keys as text."""
    if isinstance(value, PartialDate):
        return str(value)
    if hasattr(value, "__dataclass_fields__"):
        return {name: _dict(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {str(key): _dict(inside) for key, inside in value.items()}
    if isinstance(value, (list, tuple)):
        return [_dict(inside) for inside in value]
    return str(value) if isinstance(value, str) else value
