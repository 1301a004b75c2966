"""Dates as reports give them: exact, partial, a range, or about then."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_LOOSE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?")
PATTERN = r"^~?\d{4}(-\d{2}(-\d{2})?)?(\.\.\d{4}(-\d{2}(-\d{2})?)?)?$"
FORMS = "2025-03-20, 2025-03, 2025, 2025-03-10..2025-03-25 or ~2025-03"


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class PartialDate:
    """A date known to some precision: every day from `earliest` to `latest` is possible.

    Written `2025-03-20`, `2025-03`, `2025`, `2025-03-10..2025-03-25`, or with a leading
    `~` for "about". About widens what is written by one unit of its own precision on
    either side: `~2025` is 2024 to 2026, `~2025-03` February to April, `~2025-03-20` a
    week either way (a day either way would claim more than "about" does).

    Order is by earliest, then latest day, then exact before approximate: a total order
    for timelines. `before` and `agrees` answer what is known for certain and what is
    possible.
    """

    text: str
    earliest: date
    latest: date
    approximate: bool = False

    @classmethod
    def parse(cls, value: object) -> PartialDate:
        """Read a date in one of its written forms.

        Raises ValueError, saying what to write instead, for anything else.
        """
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, date):
            return cls.exact(value)
        text = str(value).strip()
        approximate = text.startswith("~")
        ends = text.removeprefix("~").split("..")
        if len(ends) > 2 or not all(ends):
            raise ValueError(f"not a date: {text!r}; write it as {FORMS}")
        first, last = _span(ends[0], text), _span(ends[-1], text)
        if last[1] < first[0]:
            raise ValueError(f"the range {text!r} ends before it begins; swap its two dates")
        earliest, latest = first[0], last[1]
        if approximate:
            earliest = _widen(earliest, ends[0], -1)
            latest = _widen(latest, ends[-1], +1)
        return cls(text, earliest, latest, approximate)

    @classmethod
    def exact(cls, day: date) -> PartialDate:
        """The one day `day`."""
        return cls(day.isoformat(), day, day)

    @classmethod
    def between(cls, first: date, last: date) -> PartialDate:
        """Some day from `first` to `last`, written as briefly as it can be."""
        if first == last:
            return cls.exact(first)
        if first.day == 1 and last == _month_end(first.year, first.month):
            return cls.parse(f"{first.year:04d}-{first.month:02d}")
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            if first.year == last.year:
                return cls.parse(f"{first.year:04d}")
            return cls.parse(f"{first.year:04d}..{last.year:04d}")
        if first.day == 1 and last == _month_end(last.year, last.month):
            return cls.parse(f"{first.isoformat()[:7]}..{last.isoformat()[:7]}")
        return cls.parse(f"{first.isoformat()}..{last.isoformat()}")

    @property
    def is_exact(self) -> bool:
        """Whether only one day is possible."""
        return self.earliest == self.latest

    def agrees(self, other: PartialDate) -> bool:
        """Whether both can mean the same day."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def before(self, other: PartialDate) -> bool:
        """Whether this is certainly before the other, whatever days they stand for."""
        return self.latest < other.earliest

    def _key(self) -> tuple[date, date, bool]:
        return self.earliest, self.latest, self.approximate

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PartialDate) and self._key() == other._key()

    def __lt__(self, other: PartialDate) -> bool:
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # A bare year is read by YAML tools as a number, a full date by some as a date.
        return {
            "description": f"A date: {FORMS}.",
            "anyOf": [
                {"type": "string", "pattern": PATTERN},
                {"type": "integer", "minimum": 1, "maximum": 9999},
            ],
        }


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _span(point: str, whole: str) -> tuple[date, date]:
    """First and last day of one written point in time; `whole` is for the message."""
    match = _POINT.fullmatch(point)
    if match is None:
        if loose := _LOOSE.fullmatch(point):
            year, month, day = loose.groups()
            meant = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
            _span(meant, whole)  # what can't be a date is not suggested
            raise ValueError(f"not a date: {whole!r}; did you mean {meant}?")
        raise ValueError(f"not a date: {whole!r}; write it as {FORMS}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the pattern's first group always takes part
    if year == 0:
        raise ValueError(f"impossible date {whole!r}: there is no year 0")
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        raise ValueError(f"impossible date {whole!r}: there is no month {month}")
    if day is None:
        return date(year, month, 1), _month_end(year, month)
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise ValueError(f"impossible date {whole!r}: that month has {last} days")
    return date(year, month, day), date(year, month, day)


def _widen(day: date, written: str, sign: int) -> date:
    """Move an end of an approximate date outwards by one unit of its precision."""
    match written.count("-"):
        case 2:
            return _clamped(day.toordinal() + 7 * sign)
        case 1:
            if sign < 0:
                return _clamped(day.toordinal() - 1).replace(day=1)
            following = _clamped(day.toordinal() + 1)
            return _month_end(following.year, following.month)
        case _:
            return day.replace(year=min(max(day.year + sign, date.min.year), date.max.year))


def _clamped(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def shift(day: date, *, days: int = 0, months: int = 0) -> date:
    """`day` moved by days and whole months, kept inside the month it lands in."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    moved = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return moved + timedelta(days=days)
