"""Where each standing fact between two parties stands on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from detente.record import matter
from detente.record.dates import PartialDate
from detente.record.models import RUNGS, Status
from detente.record.record import Record
from detente.tracking.sides import Sides, last_report, latest_day
from detente.tracking.views import LadderRow

BY_MATTER = frozenset({"detainee", "reward", "designation", "sanction", "frozen-funds"})
"""Attributes of which there can be several between two parties: one row for each matter."""

_Key = tuple[str, str, str | None, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class _Claim:
    """A status seen from the day asked about.

    begun, ended : True, False, or None where its dates leave it open
    told         : the last date on which it was reported to stand
    start        : when it began, or was first reported
    """

    status: Status
    value: str
    begun: bool | None
    ended: bool | None
    told: PartialDate | None
    start: PartialDate | None

    @property
    def live(self) -> bool:
        return self.begun is not False and self.ended is not True

    @property
    def certain(self) -> bool:
        return self.begun is True and self.ended is False


def ladder(record: Record, *, as_of: PartialDate | None = None) -> tuple[LadderRow, ...]:
    """The value of every attribute between two parties on a day.

    as_of : the day; None for the latest date the record knows

    A status holds from its beginning until the day before its end. One without a beginning
    holds from its first report. Where dates leave open whether it holds on the day, the row
    is not `certain`. A value that began after the last report of another one supersedes it;
    other values that hold together are contested. After an end, and nothing new, the
    attribute is "none" since that end. There is a row for every `by` and every `to` of a
    status, and for detainees, rewards, designations, sanctions and frozen funds for every
    matter. Statuses that begin after the day have no row.
    """
    day = as_of or latest_day(record)
    sides = Sides(record)
    groups: dict[_Key, list[_Claim]] = defaultdict(list)
    for status in record.statuses:
        claim = _claim(record, status, day, everything=as_of is None)
        if claim.begun is not False:
            for key in _keys(status):
                groups[key].append(claim)
    rows = [_row(key, claims) for key, claims in groups.items()]
    places = {attribute: place for place, attribute in enumerate(RUNGS)}
    rows.sort(
        key=lambda row: (
            places[row.attribute],
            sides.rank(row.by),
            sides.rank(row.to or ""),
            row.what or "",
        )
    )
    return tuple(rows)


def _keys(status: Status) -> Iterator[_Key]:
    several = status.attribute in BY_MATTER
    what = matter.words(status.what) if several and status.what else None
    for by in dict.fromkeys(status.by):
        for to in dict.fromkeys(status.to) or (None,):
            yield status.attribute, by, to, what


def _claim(record: Record, status: Status, day: PartialDate | None, *, everything: bool) -> _Claim:
    first = record.reported(status)
    begun: bool | None = True
    ended: bool | None = status.until is not None
    if day is not None:
        # Nothing that is known can begin after the last thing known, dated or not.
        undated = everything and status.from_ is None
        begun = undated or _begun(status.from_, first, day)
        ended = _by(status.until, day) if status.until else False
    return _Claim(
        status,
        RUNGS[status.attribute][status.rung],
        begun,
        ended,
        last_report(record, status) or status.from_,
        status.from_ or first,
    )


def _begun(
    start: PartialDate | None, reported: PartialDate | None, day: PartialDate
) -> bool | None:
    """Whether it had begun; what a report calls standing had begun when it was printed."""
    if start is None:
        return _by(reported, day) if reported else None
    begun = _by(start, day)
    return True if begun is None and reported and _by(reported, day) else begun


def _by(event: PartialDate, day: PartialDate) -> bool | None:
    """Whether something had happened by the day: surely, surely not, or None for unknown."""
    if event.latest <= day.earliest:
        return True
    return False if day.latest < event.earliest else None


def _row(key: _Key, claims: list[_Claim]) -> LadderRow:
    standing = _not_superseded(claims)
    live = [claim for claim in standing if claim.live]
    if not live:
        return _ended(key, standing)
    certain = [claim for claim in live if claim.certain]
    values = {claim.value for claim in live}
    firm = {claim.value for claim in certain}
    if len(values) > 1 and len(firm) != 1:
        return _as_row(key, live, None, contested=_in_order(key[0], values), certain=False)
    value = firm.pop() if certain else values.pop()
    held = [claim for claim in live if claim.value == value]
    since = min((c.status.from_ for c in held if c.status.from_), default=None)
    sure = bool(certain) and all(claim.value == value for claim in live)
    return _as_row(key, held, value, since=since, certain=sure)


def _not_superseded(claims: list[_Claim]) -> list[_Claim]:
    """Without those last reported to stand before another value surely began."""
    newest: dict[str, date] = {}
    for claim in claims:
        if claim.begun is True and claim.start:
            newest[claim.value] = max(claim.start.earliest, newest.get(claim.value, date.min))
    return [
        claim
        for claim in claims
        if claim.told is None
        or not any(
            claim.told.latest < start for value, start in newest.items() if value != claim.value
        )
    ]


def _ended(key: _Key, claims: list[_Claim]) -> LadderRow:
    """The row of what has ended: back to "none", or unknown where "none" itself has ended."""
    ends = [claim.status.until for claim in claims if claim.status.until]
    last = max(ends, default=None)
    latest = [claim for claim in claims if claim.status.until == last]
    if any(claim.value == "none" for claim in latest):
        return _as_row(key, latest, None, certain=False)
    return _as_row(key, latest, "none", since=last)


def _as_row(
    key: _Key,
    claims: list[_Claim],
    value: str | None,
    *,
    since: PartialDate | None = None,
    contested: tuple[str, ...] = (),
    certain: bool = True,
) -> LadderRow:
    attribute, by, to, _ = key
    rungs = RUNGS[attribute]
    whats = dict.fromkeys(claim.status.what for claim in claims if claim.status.what)
    same_matter = attribute in BY_MATTER or len(whats) == 1
    return LadderRow(
        attribute,
        by,
        to,
        next(iter(whats), None) if same_matter else None,
        value,
        None if value is None else rungs.index(value),
        rungs,
        since,
        tuple(dict.fromkeys(claim.status.id for claim in claims)),
        contested,
        certain,
    )


def _in_order(attribute: str, values: set[str]) -> tuple[str, ...]:
    return tuple(sorted(values, key=RUNGS[attribute].index))
