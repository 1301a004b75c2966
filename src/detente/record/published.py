"""The day a report was published, and where that was found.

In this order: its front matter, a date line at its head, its file's name, the page's metadata.
"""

from __future__ import annotations

import re
from typing import Literal

from detente.record.dates import PartialDate

DatedBy = Literal["front matter", "date line", "file name", "page"]
"""Where a report's day was found."""

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_NUMBER = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_M = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_W = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s{1,3})?"
_TIME = (
    r"(?:,?\s{0,3}(?:at\s{1,2}|[-–—|·]\s{0,2})?\d{1,2}(?:[:.]\d{2}){0,2}(?:\s?[ap]\.?m\.?)?"
    r"(?:\s{0,2}(?:\(?[A-Z]{2,5}\)?|[+-]\d{2}:?\d{2}|Z))?)?"
)
_LABEL = (
    r"(?:(?:first\s)?(?:published|posted|issued|released|updated|date|dated)(?:\s(?:on|at))?"
    r"\s{0,2}:?\s{0,3})?"
)
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_BEFORE = r"(?:\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,5})?,?\s{1,3})?"
_FORMS = tuple(
    re.compile(rf"{_LABEL}{_BEFORE}{_W}{form}{_TIME}", re.IGNORECASE)
    for form in (
        rf"{_M}\s{{1,3}}{_DAY},?\s{{1,3}}{_YEAR}",  # Tue Mar 7, 2023 6:45pm GMT
        rf"{_DAY}\s{{1,3}}(?:of\s)?{_M},?\s{{1,3}}{_YEAR}",  # 7 March 2023
        rf"{_YEAR}[-/.](?P<number>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:T(?=\d))?",  # 2023-03-07
        rf"(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.{_YEAR}",  # 07.03.2023
        rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}",  # only where one is above 12
    )
)
_M2, _DAY2 = _M.replace("<month>", "<month2>"), _DAY.replace("<day>", "<day2>")
_DATELINE = re.compile(
    rf"[A-Z][^\W\d_]{{2,20}}(?:[ ,][^\n\d]{{0,30}})?,?\s{{1,3}}"
    rf"(?:{_DAY}\s{{1,3}}{_M}|{_M2}\s{{1,3}}{_DAY2})"
    rf",?\s{{1,3}}{_YEAR}\s{{0,3}}(?:\([^\n)]{{1,30}}\)\s{{0,3}})?[-–—]",
    re.IGNORECASE,
)
_IN_NAME = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<sep>[-_.]?)(?P<number>\d{2})(?P=sep)(?P<day>\d{2})(?!\d)"
)
_LINES, _LONGEST = 8, 90
"""How many lines of a report's head are looked at, and how long a date line can be."""


def day_of(
    text: str, name: str, *, said: PartialDate | None, page: PartialDate | None = None
) -> tuple[PartialDate | None, DatedBy | None]:
    """When a report was published, and by what that is known; None, None without a sign.

    text : the report's, whose head is searched for a line that is a date
    name : its file's name without folder
    said : what the front matter gives
    page : what an HTML page's metadata give
    """
    if said is not None:
        return said, "front matter"
    if (line := of_head(text)) is not None:
        return line, "date line"
    if (named := of_name(name)) is not None:
        return named, "file name"
    return (page, "page") if page is not None else (None, None)


def of_head(text: str) -> PartialDate | None:
    """The day of the first line near the head that is a date, or of a dateline with a year.

    None for a chronicle: where several lines are days, they head what happened on them.
    """
    lines = [line.strip() for line in text[:40_000].splitlines() if line.strip()]
    for line in lines[:_LINES]:
        if (day := _of_line(line)) is not None:
            later = (_of_line(other) for other in lines)
            return day if all(other in (None, day) for other in later) else None
        if (match := _DATELINE.match(line)) and (day := _day(match)):
            return day
    return None


def _of_line(line: str) -> PartialDate | None:
    """The day that a line is, and nothing else."""
    if len(line) > _LONGEST:
        return None
    matches = (form.fullmatch(line) for form in _FORMS)
    return next((day for match in matches if match and (day := _day(match))), None)


def of_name(name: str) -> PartialDate | None:
    """The day in a file's name: 2023-03-07-wire.txt, 20230307_wire.txt."""
    match = _IN_NAME.search(name)
    return _day(match) if match else None


def _day(match: re.Match[str]) -> PartialDate | None:
    given = match.groupdict()
    if "first" in given:
        first, second = int(given["first"]), int(given["second"])
        if min(first, second) > 12 or max(first, second) <= 12:
            return None  # 07/03/2023 is the seventh of March or the third of July
        day, number = max(first, second), min(first, second)
    else:
        word = given.get("month") or given.get("month2")
        number = _NUMBER[word[:3].lower()] if word else int(given["number"])
        day = int(given.get("day") or given["day2"])
    try:
        return PartialDate.parse(f"{given['year']}-{number:02}-{day:02}")
    except ValueError:
        return None
