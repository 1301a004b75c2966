"""Fixtures of the brief's tests: the record of norland.py and its brief."""

from __future__ import annotations

import pytest
from norland import CASE, MOVES, REPORTS, STATUSES, make

from detente.brief import Brief, build
from detente.record.record import Record
from detente.tracking import track


@pytest.fixture(scope="session")
def record() -> Record:
    return make(case=CASE, moves=MOVES, statuses=STATUSES, reports=REPORTS)


@pytest.fixture(scope="session")
def brief(record: Record) -> Brief:
    return build(record, track(record), warnings=["One report has no date."])
