from __future__ import annotations

import csv as csv_files
import io
import json

import pytest
from norland import CASE, MOVES, REPORTS, make

from detente.brief import as_json, build, csv, table
from detente.tracking import track


def numbers(value, path=()):
    """Every number in plain data, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from numbers(inside, (*path, key))
    elif isinstance(value, list):
        for inside in value:
            yield from numbers(inside, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


@pytest.fixture(scope="module")
def plain(brief):
    return json.loads(json.dumps(as_json(brief), allow_nan=False))


def test_json_names_the_definition_of_every_number(plain):
    found = list(numbers(plain))
    assert len(found) > 100
    for path, _ in found:
        assert set(path) & set(plain["definitions"]), path


def test_json_holds_the_whole_analysis_with_its_sources(plain, record, brief):
    assert {move["id"] for move in plain["moves"]} == {move.id for move in record.moves}
    for entry in (*plain["moves"], *plain["statuses"]):
        assert entry["sources"]
        assert all(source["report"] in REPORTS and source["quote"] for source in entry["sources"])
    assert plain["counts"] == {
        "reports": 3,
        "moves": 19,
        "statuses": 4,
        "agreements": 1,
        "confirmed": 7,
        "unreviewed": 16,
        "rejected": 1,
        "later": 0,
    }
    assert [report["reliability"] for report in plain["reports"]] == ["B", "D", "C"]
    assert len(plain["timeline"]) == len(brief.tracking.timeline)
    assert {"open", "refused"} <= {demand["state"] for demand in plain["demands"]}
    assert plain["commitments"][0]["performed"] == [MOVES[1]["id"]]
    threat = next(move for move in plain["moves"] if move["type"] == "THREATEN")
    assert (threat["if"], threat["date"], threat["intensity"]) == (
        "if not all are freed",
        "2025-03-26",
        -3.5,
    )


def test_json_of_an_empty_record():
    record = make()
    plain = as_json(build(record, track(record)))
    assert json.loads(json.dumps(plain))["moves"] == []


def test_every_plot_has_a_table_of_the_same_entries(brief):
    headers, rows = table(brief, "timeline")
    assert len(rows) == len(brief.tracking.timeline)
    assert all(len(row) == len(headers) for row in rows)
    for pair in brief.tracking.ledgers:
        headers, rows = table(brief, f"ledger:{pair.pair[0]}:{pair.pair[1]}")
        assert [row[headers.index("entry")] for row in rows] == [line.move for line in pair.lines]


def test_every_table_reads_back_from_csv(brief):
    for name, given in brief.tables.items():
        read = list(csv_files.reader(io.StringIO(csv(brief, name))))
        assert tuple(read[0]) == given.headers
        assert len(read) == len(given.rows) + 1


def test_an_unknown_table_is_refused_with_the_names_there_are(brief):
    with pytest.raises(ValueError, match=r"no table 'ledger'; this brief has timeline, .*ledger:"):
        table(brief, "ledger")


def test_csv_does_not_let_a_report_write_a_formula():
    move = {**MOVES[0], "what": '=HYPERLINK("x")', "date": "2025-01-01"}
    record = make(case=CASE, moves=[move], reports=REPORTS)
    read = list(csv_files.DictReader(io.StringIO(csv(build(record, track(record)), "timeline"))))
    assert '\'=HYPERLINK("x")' in [row["what"] for row in read]
    assert "2.5" in [row["intensity"] for row in read]
