"""Words that say when: the table of wordings and the days each can mean.

Plain text in, spans of days out; what an expression belongs to is `when`'s business.

Conventions. Weeks run from Monday to Sunday. An offset is as fine as its unit: "two days
ago" is a day, "three weeks ago" a week, "two months ago" a month, "ten years ago" a year,
"a decade ago" two years either way of one. "Early", "mid" and "late" are thirds of a month,
a year or a decade. Seasons are those of the northern hemisphere. A date such as 03/04/2025
can be March or April and stays unresolved.

No library is used: dateparser, the well-kept one, reads a single date string well, but its
search through running text takes plain words and numbers for dates (its issues 582 and 942),
and it returns one moment: no stretch of days, no deadline, nothing counted from an event.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from detente.record.dates import PartialDate, shift

Kind = Literal["point", "deadline", "duration", "frequency"]
Needs = Literal["nothing", "today", "base", "event"]
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is resolved against.

    today : the report's day
    ahead : whether the clause looks ahead ("will meet on Friday") or back
    base  : the days told last, for "the next day"
    story : an earlier month the paragraph tells of; bare months after it follow it
    limit : it stands after by, until or before, so that the whole stretch is meant
    nearer : it was to come when it was said ("said it would not travel on Sunday"), which may
            be over by today: the nearer of both is meant
    """

    today: date
    ahead: bool = False
    base: Span | None = None
    story: Span | None = None
    limit: bool = False
    nearer: bool = False


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when a report says of itself that it was written: `ANKARA, 3 November 2022 -`.

    place : the words before the date
    year  : None when the dateline gives none, as is usual in wire copy
    start : offset in the text of the place; `end` is that of the first word after the dash
    """

    place: str
    month: int
    day: int
    year: int | None
    start: int
    end: int

    @property
    def date(self) -> PartialDate | None:
        """The full date; None without a year, or when there is no such day."""
        if self.year is None:
            return None
        span = _day_span(self.year, self.month, self.day)
        return PartialDate.exact(span[0]) if span else None


# --- words ------------------------------------------------------------------------------

_MONTHS = "january february march april may june july august september october november december"
MONTH = {name: number for number, name in enumerate(_MONTHS.split(), 1)} | {
    name[:3]: number for number, name in enumerate(_MONTHS.split(), 1)
}
MONTH["sept"] = 9
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAY = {name: number for number, name in enumerate(_DAYS.split())} | {
    short: number
    for number, names in enumerate(
        (["mon"], ["tue", "tues"], ["wed"], ["thu", "thur", "thurs"], ["fri"], ["sat"], ["sun"])
    )
    for short in names
}
_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER = (
    {word: number for number, word in enumerate(_UNITS, 1)}
    | {ten: 10 * number for number, ten in enumerate(_TENS, 2)}
    | {
        f"{ten}-{unit}": 10 * number + extra
        for number, ten in enumerate(_TENS, 2)
        for extra, unit in enumerate(_UNITS[:9], 1)
    }
    | {"a": 1, "an": 1, "a single": 1, "a couple of": 2}
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
ORDINAL = (
    {word: number for number, word in enumerate(_ORDINALS, 1)}
    | {f"twenty-{word}": 20 + number for number, word in enumerate(_ORDINALS[:9], 1)}
    | {"thirtieth": 30, "thirty-first": 31}
)
SEASON = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


_NO_DIGIT = re.compile(r"\D")


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# "may" and "march" are months only with a capital; so are short forms.
_M = (
    r"(?:(?:(?i:january|february|april|june|july|august|september|october|november|december)"
    r"|March|MARCH|May|MAY)\b|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
    r"|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT|SEP|OCT|NOV|DEC)\b\.?)"
)
_W = (
    r"(?:(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    r"|(?:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\b\.?(?=,? ?\d|,? [A-Z]))"
)
_Y = r"(?:1[0-9]|20)\d\d(?![\d,.]\d|\d|[-/]\d)\b"
_D = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d:%]|[.,]\d| ?(?:a\.?m|p\.?m)\b)"
    rf"|(?i:{_any(ORDINAL)}))"
)
_N = rf"(?:\d{{1,4}}|(?i:{_any(NUMBER)}))"
_U = r"(?i:hour|day|week|fortnight|month|year|decade)"
_PART = (
    r"(?P<part>(?i:early|mid|late|the middle of|middle of|the (?:very )?(?:beginning|start) of"
    r"|(?:beginning|start) of|the (?:very )?end of|end of))(?:[ -]in|[ -]on)?[ -](?:the )?"
)
_REL = (
    r"(?P<rel>(?i:last|next|this(?: very| same)?|that(?: very| same)?|the following|the next"
    r"|the previous|the preceding|the same|the coming|the past|the current|following|past))"
)
_YEAR_OF = (
    rf"(?:(?P<year>{_Y})|(?i:(?P<yearword>(?:last|this|next|that|the same|the current|the previous"
    r"|the following) year|the year past)))"
)
_HOURS = r"(?: (?i:morning|afternoon|evening|night|noon|midnight|dawn|lunchtime))?"
_VAGUE = r"(?i:several|some|a few|few|many|a number of|dozens of|scores of|the (?:last|past) few)"
_ABOUT = (
    r"(?P<about>(?i:less than|fewer than|under|more than|over|at least|barely|just over|just under"
    r"|nearly|almost|about|around|roughly|some|only|just|exactly|up to))"
)
_QUANT = rf"(?:{_ABOUT} )?(?:(?P<n>{_N})[ -](?:(?:full|whole|more|long|calendar) )?|{_VAGUE} )?"


# --- spans of days ----------------------------------------------------------------------


def _day_span(year: int, month: int, day: int) -> Span | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def _month_span(year: int, month: int) -> Span:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _year_span(year: int) -> Span:
    return date(year, 1, 1), date(year, 12, 31)


def _week_span(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _around(day: date, unit: str) -> Span:
    """The unit of the calendar that `day` lies in."""
    match unit:
        case "week" | "fortnight":
            return _week_span(day)
        case "month":
            return _month_span(day.year, day.month)
        case "quarter":
            first = 3 * ((day.month - 1) // 3) + 1
            return date(day.year, first, 1), _month_span(day.year, first + 2)[1]
        case "year":
            return _year_span(day.year)
        case "decade":
            start = day.year // 10 * 10
            return date(start, 1, 1), date(start + 9, 12, 31)
        case _:
            return day, day


def _moved(day: date, n: int, unit: str) -> date:
    """`day` moved by n units; less than a day counts as none."""
    match unit:
        case "hour":
            return day + timedelta(days=int(n / 24))
        case "day":
            return day + timedelta(days=n)
        case "week":
            return day + timedelta(days=7 * n)
        case "fortnight":
            return day + timedelta(days=14 * n)
        case _:
            return shift(
                day, months=n * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit]
            )


def _part_of(span: Span, part: str | None) -> Span:
    """The early, middle or late third of a month, a year or a longer stretch."""
    if not part:
        return span
    first, last = span
    words = part.lower()
    which = 0 if any(word in words for word in ("early", "beginning", "start")) else 1
    if "late" in words or "end" in words:
        which = 2
    days = (last - first).days + 1
    if days < 28:
        return span
    if days <= 31:
        starts = (1, 11, 21)
        return (
            first.replace(day=starts[which]),
            last if which == 2 else first.replace(day=starts[which + 1] - 1),
        )
    if days > 3000:  # a decade: 1990-93, 1994-96, 1997-99
        return first.replace(year=first.year + (0, 4, 7)[which]), last.replace(
            year=first.year + (3, 6, 9)[which]
        )
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    begin = shift(first, months=months * which // 3)
    return begin, shift(first, months=months * (which + 1) // 3) - timedelta(days=1)


def _word(match: re.Match[str], name: str) -> str:
    """What a group of the pattern took, in small letters; empty where it took nothing."""
    return (match.groupdict().get(name) or "").lower()


def _number(match: re.Match[str], name: str) -> int:
    """A month's or a day's number."""
    word = _word(match, name).rstrip(".")
    return MONTH.get(word) or ORDINAL.get(word) or int(_NO_DIGIT.sub("", word))


def _count(match: re.Match[str]) -> int | None:
    """The number in front of a unit; None for "several", for no number and past all reason."""
    word = _word(match, "n")
    if not word:
        return None
    count = NUMBER.get(word) or int(word)
    return count if count <= 5000 else None


def _nearest(spans: Iterable[Span | None], frame: Frame) -> Span | None:
    """Of candidates in order of time: the last begun by today, or the first not yet over."""
    real = [span for span in spans if span is not None]
    if frame.nearer:
        return min(real, key=lambda span: _away(span, frame.today), default=None)
    if frame.ahead:
        return next((span for span in real if span[1] >= frame.today), None)
    if frame.story:
        follows = (span for span in real if span[1] >= frame.story[0] and span[0] <= frame.today)
        return next(follows, None)
    return next((span for span in reversed(real) if span[0] <= frame.today), None)


def _away(span: Span, today: date) -> int:
    """Days from today to the nearest day of a span; 0 within it."""
    return max((span[0] - today).days, (today - span[1]).days, 0)


def _related(spans: list[Span], relation: str, frame: Frame) -> Span | None:
    """The yearly thing that "last", "next", "that" or "the following" points at."""
    today, base = frame.today, frame.base
    if relation in _LAST:
        return next((span for span in reversed(spans) if span[1] < today), None)
    if relation in ("next", "the coming", "coming"):
        return next((span for span in spans if span[0] > today), None)
    if relation in ("", "this", "this very", "the current", "this same"):
        return _nearest(spans, frame)
    if base is None:
        return None
    if relation.startswith(("that", "the same", "the very")):
        return next((span for span in spans if span[0].year == base[0].year), None)
    if relation in _PREVIOUS:
        return next((span for span in reversed(spans) if span[1] < base[0]), None)
    return next((span for span in spans if span[0] > base[1]), None)


def _years(frame: Frame, reach: int) -> list[int]:
    """The years in which a yearly thing is looked for: about today, the base and the story."""
    about = [frame.today.year]
    about += [span[0].year for span in (frame.base, frame.story) if span]
    return sorted(
        {year for mid in about for year in range(mid - reach, mid + reach + 1) if 1 < year < 9999}
    )


def _year_of(match: re.Match[str], frame: Frame) -> int | None:
    """The year that goes with a month, a day, a season: in figures or "last year"."""
    if figures := _word(match, "year"):
        return int(figures)
    word = _word(match, "yearword")
    if not word:
        return None
    if word.startswith(("that", "the same", "the previous", "the following")):
        step = word.startswith("the following") - word.startswith("the previous")
        return frame.base[0].year + step if frame.base else None
    return frame.today.year + word.startswith("next") - (word.startswith("last") or "past" in word)


# --- resolvers ----------------------------------------------------------------------------


def _iso(match: re.Match[str], frame: Frame) -> Span | None:
    return _day_span(int(match["y"]), int(match["m"]), int(match["d"]))


def _numeric(match: re.Match[str], frame: Frame) -> Span | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    day_first, month_first = _day_span(year, second, first), _day_span(year, first, second)
    if match["sep"] == ".":  # only the day-first countries write points
        return day_first
    if day_first and month_first and day_first != month_first:
        return None
    return day_first or month_first


def _calendar_day(match: re.Match[str], frame: Frame) -> Span | None:
    month, first = _number(match, "month"), _number(match, "day")
    last = _number(match, "last") if _word(match, "last") else first
    if match["year"] or match["yearword"]:
        year = _year_of(match, frame)
        return _days(year, month, first, last) if year else None
    return _nearest((_days(y, month, first, last) for y in _years(frame, 8)), frame)


def _days(year: int, month: int, first: int, last: int) -> Span | None:
    begin, end = _day_span(year, month, first), _day_span(year, month, last)
    return (begin[0], end[1]) if begin and end and begin <= end else None


def _day_alone(match: re.Match[str], frame: Frame) -> Span | None:
    months = [shift(frame.today.replace(day=1), months=n) for n in range(-2, 3)]
    number = _number(match, "day")
    return _nearest((_day_span(month.year, month.month, number) for month in months), frame)


def _month(match: re.Match[str], frame: Frame) -> Span | None:
    month, part = _number(match, "month"), _word(match, "part")
    if _word(match, "year") or _word(match, "yearword"):
        year = _year_of(match, frame)
        if year is None:
            return None
        first, last = _month_span(year, month)
        if _word(match, "until"):
            last = _month_span(year, _number(match, "until"))[1]
        return _part_of((first, last), part) if first < last else None
    spans = [_month_span(year, month) for year in _years(frame, 2)]
    span = _related(spans, _word(match, "rel"), frame)
    return _part_of(span, part) if span else None


def _season(match: re.Match[str], frame: Frame) -> Span | None:
    season, part = _word(match, "season"), _word(match, "part")
    if _word(match, "year") or _word(match, "yearword"):
        year = _year_of(match, frame)
        return _part_of(_season_span(year, season), part) if year else None
    spans = [_season_span(year, season) for year in _years(frame, 2)]
    span = _related(spans, _word(match, "rel"), frame)
    return _part_of(span, part) if span else None


def _season_span(year: int, season: str) -> Span:
    begin = date(year, SEASON[season], 1)
    return begin, shift(begin, months=3) - timedelta(days=1)


def _decade(match: re.Match[str], frame: Frame) -> Span | None:
    digits = match["decade"]
    start = int(digits) if len(digits) == 4 else 1900 + int(digits)
    return _part_of((date(start, 1, 1), date(start + 9, 12, 31)), _word(match, "part"))


def _year(match: re.Match[str], frame: Frame) -> Span | None:
    return _part_of(_year_span(int(match["year"])), _word(match, "part"))


def _year_range(match: re.Match[str], frame: Frame) -> Span | None:
    first, last = match["year"], match["last"]
    end = int(first[: 4 - len(last)] + last)
    return (date(int(first), 1, 1), date(end, 12, 31)) if int(first) < end else None


def _fraction(match: re.Match[str], frame: Frame) -> Span | None:
    year = frame.today.year if _word(match, "theyear") else _year_of(match, frame)
    parts = 2 if _word(match, "what") == "half" else 4
    word = _word(match, "q") or _word(match, "nth")
    number = parts if word == "last" else ORDINAL.get(word) or int(word)
    if year is None or number > parts:
        return None
    size = 12 // parts
    return date(year, size * (number - 1) + 1, 1), _month_span(year, size * number)[1]


def _weekday(match: re.Match[str], frame: Frame) -> Span | None:
    number, relation = WEEKDAY[_word(match, "weekday").rstrip(".")], _word(match, "rel")
    if week := _word(match, "week"):
        step = ("next" in week) - any(word in week for word in ("last", "past", "previous"))
        day = _week_span(frame.today)[0] + timedelta(days=number + 7 * step)
        return day, day
    if relation.startswith(("that", "the following", "following", "the same")):
        return _weekday_told(number, "follow" in relation, frame.base)
    latest = frame.today - timedelta(days=(frame.today.weekday() - number) % 7)
    if relation in _LAST:
        step = -1 if latest == frame.today else 0
    elif relation in ("next", "the next", "the coming", "coming"):
        step = 1
    elif frame.nearer:
        step = 1 if (frame.today - latest).days > 3 else 0
    else:
        step = 1 if frame.ahead and latest != frame.today else 0
    day = latest + timedelta(days=7 * step)
    return day, day


def _weekday_told(number: int, after: bool, base: Span | None) -> Span | None:
    if base is None:
        return None
    ahead = (number - base[1].weekday()) % 7
    day = base[1] + timedelta(days=ahead or 7 * after)
    return day, day


def _spoken(match: re.Match[str], frame: Frame) -> Span | None:
    word = _word(match, "word")
    if word == "overnight":
        return frame.today - timedelta(days=1), frame.today
    step = next((days for start, days in _SPOKEN.items() if word.startswith(start)), 0)
    day = frame.today + timedelta(days=step)
    return day, day


def _calendar_unit(match: re.Match[str], frame: Frame) -> Span | None:
    """ "Last month", "earlier this week", "the end of the year"."""
    unit, relation, part = _word(match, "unit"), _word(match, "rel"), _word(match, "part")
    step = (relation in ("next", "the coming", "coming")) - (relation in _LAST)
    if unit == "weekend":
        return _weekend(step, relation, frame)
    span = _around(_moved(frame.today, step, unit), unit)
    side = _word(match, "side")
    if step or part or frame.limit:
        return _part_of(span, part)
    if side or unit == "week":
        ahead = side == "later" or (frame.ahead and not side)
        return (frame.today, span[1]) if ahead else (span[0], frame.today)
    return span


def _weekend(step: int, relation: str, frame: Frame) -> Span:
    saturday = _week_span(frame.today)[0] + timedelta(days=5)
    if step < 0 or (not relation and not frame.ahead):
        over = saturday + timedelta(days=1) < frame.today if step < 0 else saturday <= frame.today
        saturday -= timedelta(days=0 if over else 7)
    elif step > 0:
        saturday += timedelta(days=7)
    return saturday, saturday + timedelta(days=1)


def _told_unit(match: re.Match[str], frame: Frame) -> Span | None:
    """ "That day", "the next morning", "the previous week": counted from the date told last."""
    unit, relation = _word(match, "unit"), _word(match, "rel")
    unit = unit if unit in ("week", "month", "year") else "day"
    step = ("next" in relation or "follow" in relation) - (relation in _PREVIOUS)
    if frame.base is None or not _countable(frame.base, unit):
        return None
    return _around(_moved(frame.base[0], step, unit), unit)


def _told_day(match: re.Match[str], frame: Frame) -> Span | None:
    """ "The day before", with nothing after it."""
    if frame.base is None or not _countable(frame.base, "day"):
        return None
    day = frame.base[0] + timedelta(days=-1 if _word(match, "way") == "before" else 1)
    return day, day


def _then(match: re.Match[str], frame: Frame) -> Span | None:
    return frame.base


def _ago(match: re.Match[str], frame: Frame) -> Span | None:
    return offset((frame.today, frame.today), match, -1)


def _from_now(match: re.Match[str], frame: Frame) -> Span | None:
    return offset((frame.today, frame.today), match, +1)


def _later(match: re.Match[str], frame: Frame) -> Span | None:
    if frame.base is None:
        return None
    return offset(frame.base, match, -1 if _word(match, "way") in ("earlier", "before") else 1)


def _window(match: re.Match[str], frame: Frame) -> Span | None:
    """ "In the past two months": from then until the report's day, or from it until then."""
    count, unit = _count(match), _word(match, "unit")
    if count is None or unit == "hour":
        return None
    if _word(match, "way") in ("next", "coming", "following"):
        return frame.today, _moved(frame.today, count, unit)
    return _moved(frame.today, -count, unit), frame.today


def _feast(match: re.Match[str], frame: Frame) -> Span | None:
    month, first, last = _FEASTS[_word(match, "feast").replace("’", "'")]
    return _nearest((_days(year, month, first, last) for year in _years(frame, 2)), frame)


def minutes(match: re.Match[str]) -> int | None:
    """The time of day a clock shows, in minutes after midnight."""
    if word := _word(match, "word"):
        return 720 if word == "noon" else 0
    hour, half = int(match["hour"]), _word(match, "half")
    if half:
        hour = hour % 12 + 12 * (half == "p")
    time = 60 * hour + int(_word(match, "minute") or 0)
    return time if time < 1440 else None


def _today(match: re.Match[str], frame: Frame) -> Span | None:
    return frame.today, frame.today


def _unsaid(match: re.Match[str], frame: Frame) -> Span | None:
    return None


def offset(base: Span, match: re.Match[str], sign: int) -> Span | None:
    """So many units before (sign -1) or after (+1) the base, as fine as the unit.

    "Less than two weeks" is everything up to there; "more than" is open, so None. Hours
    are most often the same day.
    """
    unit, count, about = _unit(match), _count(match), _word(match, "about")
    if _is_named(match):
        count = 1
    if not _countable(base, unit) or about in _AT_LEAST:
        return None
    if unit == "hour" and (count is None or count < 12):
        return base
    if count is None:
        return None
    end = _moved(base[0] if sign < 0 else base[1], sign * count, unit)
    if about in _AT_MOST:
        return (end, base[1]) if sign < 0 else (base[0], end)
    if unit == "decade":  # nobody counts decades to the year
        return date(end.year - 2, 1, 1), date(end.year + 2, 12, 31)
    if unit == "day" and about in _ROUGHLY:
        return end - timedelta(days=3), end + timedelta(days=3)
    return _around(end, unit)


def _is_named(match: re.Match[str]) -> bool:
    """ "The day after", "on the eve of": one unit, without a number."""
    return bool(_word(match, "named")) or _word(match, "way").strip() in ("eve", "morrow")


def _unit(match: re.Match[str]) -> str:
    named = _word(match, "named")
    if named in ("morning", "night") or not (named or _word(match, "unit")):
        return "day"
    return named or _word(match, "unit")


def beside(base: Span, match: re.Match[str]) -> Span | None:
    """The days an "after ..." expression means once its event's days are known."""
    return offset(base, match, side(match))


def side(match: re.Match[str]) -> int:
    """+1 when the expression lies after the event it is counted from, -1 when before."""
    return -1 if _word(match, "way").strip() in ("before", "eve") else 1


def term(base: Span, match: re.Match[str]) -> Span | None:
    """From the base to the end of a "within six months"."""
    count, unit = _count(match), _word(match, "unit")
    if unit == "hour" and (count is None or count < 12):
        return base
    return None if count is None else (base[0], _moved(base[1], count, unit))


def _countable(span: Span, unit: str) -> bool:
    """Whether these days are narrow enough to count in this unit from them."""
    most = {"hour": 0, "day": 0, "week": 6, "fortnight": 6, "month": 30}.get(unit, 365)
    return (span[1] - span[0]).days <= most


_LAST = ("last", "past", "the past", "the last")
_PREVIOUS = ("the previous", "the preceding")
_SPOKEN = {
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "the day before": -2,
    "the day after": 2,
}
_FEASTS = {
    "christmas eve": (12, 24, 24),
    "christmas day": (12, 25, 25),
    "christmas": (12, 24, 26),
    "new year's eve": (12, 31, 31),
    "new year's day": (1, 1, 1),
}
_AT_LEAST = ("more than", "over", "at least", "just over")
_AT_MOST = ("less than", "fewer than", "under", "up to", "just under")
_ROUGHLY = ("nearly", "almost", "about", "around", "roughly", "some")

# --- the table ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of saying when.

    needs   : nothing   the words say it all
              today     the report's date (unless a year stands in the words)
              base      the date told last
              event     the date of what is named after it
    example : a sentence it is for, and the days it means in a report of Wednesday
              2025-08-20; both are tests
    """

    name: str
    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], Frame], Span | None]
    needs: Needs
    example: tuple[str, str | None]
    kind: Kind = "point"


def _rule(
    name: str,
    pattern: str,
    resolve: Callable[[re.Match[str], Frame], Span | None],
    needs: Needs,
    example: tuple[str, str | None],
    kind: Kind = "point",
) -> Rule:
    return Rule(name, re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)"), resolve, needs, example, kind)


_WEEKDAY_FIRST = rf"(?:(?i:{_W}),? (?:the |of )?)?"
_YEAR_LAST = rf"(?:,? (?:of |in )?{_YEAR_OF})?"
_AND_DAY = rf"(?: ?[-–] ?(?P<last>{_D}))?"
# A month alone is taken for one only where the words before it say so: "May" is also a name
# and "March" a thing people do.
_CUES = (
    "in since by until till of during before after from to through for and or between the its "
    "their a"
)
_CUED = "|".join(rf"(?<=\b{cue} )|(?<=\b{cue.capitalize()} )" for cue in _CUES.split())

RULES: tuple[Rule, ...] = (
    _rule(
        "iso day",
        r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)",
        _iso,
        "nothing",
        ("The pact was signed on 2025-03-20.", "2025-03-20"),
    ),
    _rule(
        "day in figures",
        r"(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d)",
        _numeric,
        "nothing",
        ("The pact was signed on 20/03/2025.", "2025-03-20"),
    ),
    _rule(
        "day and month",
        rf"{_WEEKDAY_FIRST}(?P<day>{_D})(?:(?: ?[-–] ?| to | and )(?P<last>{_D}))?"
        rf"(?: of)? (?P<month>{_M}){_YEAR_LAST}",
        _calendar_day,
        "today",
        ("The pact was signed on the eighteenth of March.", "2025-03-18"),
    ),
    _rule(
        "month and day",
        rf"{_WEEKDAY_FIRST}(?P<month>{_M}) (?:the )?(?P<day>{_D}){_AND_DAY}"
        rf"{_YEAR_LAST}",
        _calendar_day,
        "today",
        ("The pact was signed on Oct. 7.", "2024-10-07"),
    ),
    _rule(
        "day alone",
        r"(?:(?<=\bon the )|(?<=\bOn the ))(?P<day>\d{1,2}(?:st|nd|rd|th))"
        r"(?= ?[,.;:]|$| (?:in|at|and|but|to|with|for|after|he|she|it|they|the|a)\b)",
        _day_alone,
        "today",
        ("The delegation left on the 9th.", "2025-08-09"),
    ),
    _rule(
        "month of a year",
        rf"(?:{_PART})?(?P<month>{_M})(?: ?(?:-|–|to) ?(?P<until>{_M}))?"
        rf"(?: of |, of | in |, | ){_YEAR_OF}",
        _month,
        "today",
        ("The war ended in late May 2000.", "2000-05-21..2000-05-31"),
    ),
    _rule(
        "month",
        rf"(?:{_PART}|{_REL} )(?P<month>{_M})",
        _month,
        "today",
        ("The envoys met last October.", "2024-10"),
    ),
    _rule(
        "month after a cue",
        rf"(?:{_CUED})(?P<month>{_M})(?! [A-Z][a-z])",
        _month,
        "today",
        ("The envoys met in April.", "2025-04"),
    ),
    _rule(
        "month's",
        rf"(?P<month>{_M})(?=['’]s )",
        _month,
        "today",
        ("The envoys shunned July's vote.", None),
    ),
    _rule(
        "decade",
        rf"(?:{_PART})?(?i:the )?['’]?(?P<decade>(?:1[5-9]|20)\d0|[2-9]0)['’]?s",
        _decade,
        "nothing",
        ("The dispute began in the 1990s.", "1990..1999"),
    ),
    _rule(
        "years",
        r"(?P<year>(?:1[5-9]|20)\d\d)[-–/](?P<last>\d\d(?:\d\d)?)(?![-–/]\d|\d)",
        _year_range,
        "nothing",
        ("Talks were held in 2014-16.", "2014..2016"),
    ),
    _rule(
        "year",
        rf"(?:{_PART})?(?<!\d[.,])(?P<year>(?:1[5-9]|20)\d\d)(?![,.:]?\d|[-–/]\d|%)",
        _year,
        "nothing",
        ("The group was blacklisted in 1997.", "1997"),
    ),
    _rule(
        "season of a year",
        rf"(?:{_PART})?(?i:(?:the )?(?P<season>spring|summer|autumn|winter|fall))"
        rf"(?: of |, | ){_YEAR_OF}",
        _season,
        "today",
        ("The front moved in the summer of 2015.", "2015-06..2015-08"),
    ),
    _rule(
        "season",
        rf"(?:{_REL} |(?:(?<=\bin )|(?<=\bIn )|(?<=\bby )|(?<=\bsince )|(?<=\bduring ))"
        rf"(?i:the )?(?:{_PART})?)(?P<season>(?i:spring|summer|autumn|winter))(?! (?:[A-Z]|of\b))",
        _season,
        "today",
        ("The front moved last spring.", "2025-03..2025-05"),
    ),
    _rule(
        "quarter",
        r"(?:Q(?P<q>[1-4])|(?i:the )?(?P<nth>(?i:first|second|third|fourth|last))"
        rf" (?P<what>(?i:quarter|half))) (?:of )?(?:{_YEAR_OF}|(?P<theyear>the year))",
        _fraction,
        "today",
        ("Aid fell in the first quarter of 2024.", "2024-01..2024-03"),
    ),
    _rule(
        "weekday",
        r"(?:(?i:late|early|(?:the )?(?:night|evening|morning|dawn) of) (?:on )?)?"
        rf"(?:{_REL} )?(?P<weekday>{_W})(?:['’]s)?{_HOURS}"
        r"(?:,? (?:of )?(?P<week>(?i:(?:last|next|this|the previous|the past) week|week past)))?",
        _weekday,
        "today",
        ("The envoys met late on Monday.", "2025-08-18"),
    ),
    _rule(
        "spoken day",
        r"(?P<word>(?i:the day before yesterday|the day after tomorrow|yesterday"
        r"|today(?:['’]s date)?|tomorrow|tonight|(?<!\bone )(?<!\bthe )last night|overnight"
        r"|this (?:very )?(?:morning|afternoon|evening)))"
        r"(?: (?i:morning|afternoon|evening|night))?",
        _spoken,
        "today",
        ("The envoys met yesterday morning.", "2025-08-19"),
    ),
    _rule(
        "calendar unit",
        rf"(?:{_PART}|(?i:(?P<side>earlier|later)) )?(?P<rel>(?i:last|next|past|this"
        r"|this very|the current|the coming|coming))"
        r" (?P<unit>(?i:week|month|quarter|year|decade|weekend))",
        _calendar_unit,
        "today",
        ("The envoys met last month.", "2025-07"),
    ),
    _rule(
        "end of the unit",
        rf"{_PART}(?P<unit>(?i:week|month|year|decade))(?! of)",
        _calendar_unit,
        "today",
        ("The envoys met at the beginning of the year.", "2025-01..2025-04"),
    ),
    _rule(
        "weekend",
        r"(?i:the (?P<unit>weekend))",
        _calendar_unit,
        "today",
        ("The envoys met over the weekend.", "2025-08-16..2025-08-17"),
    ),
    _rule(
        "unit past",
        r"(?i:(?:the )?(?P<unit>week|month|year) (?P<rel>past))(?! (?:the|a)\b)",
        _calendar_unit,
        "today",
        ("They left in the month past.", "2025-07"),
    ),
    _rule(
        "ago",
        rf"{_QUANT}(?P<unit>{_U})s? (?i:ago)",
        _ago,
        "today",
        ("They left three weeks ago.", "2025-07-28..2025-08-03"),
    ),
    _rule(
        "from now",
        rf"{_QUANT}(?P<unit>{_U})s? (?i:from now|hence)",
        _from_now,
        "today",
        ("They will meet two days from now.", "2025-08-22"),
    ),
    _rule(
        "window",
        rf"(?:(?i:in|over|during|for|within|throughout) )?(?i:the) (?P<way>(?i:past|last"
        rf"|next|coming)) (?P<n>{_N}) (?P<unit>{_U})s?",
        _window,
        "today",
        ("They met three times in the past two months.", "2025-06-20..2025-08-20"),
    ),
    _rule(
        "day told",
        r"(?P<rel>(?i:that(?: very| same)?|this same|the (?:very )?same|the (?:very )?next"
        r"|the following|the previous|the preceding)) (?P<unit>(?i:day|date|morning"
        r"|afternoon|evening|night|week|month|year))(?! of)",
        _told_unit,
        "base",
        ("On May 3 he arrived. The next morning they met.", "2025-05-04"),
    ),
    _rule(
        "same moment",
        r"(?i:(?:(?:almost|nearly|about) )?at (?:almost |about )?(?:the|that)"
        r"(?: very)? same (?:moment|time|hour)|at that(?: very)? moment|simultaneously)",
        _then,
        "base",
        ("On May 3 he arrived. At the same moment they met.", "2025-05-03"),
    ),
    _rule(
        "later",
        rf"{_QUANT}(?P<unit>{_U})s? (?P<way>(?i:later|earlier|afterwards))",
        _later,
        "base",
        ("On April 2 he left. Fifteen days later they met.", "2025-04-17"),
    ),
    _rule(
        "day beside",
        rf"(?:(?i:the day|the night|a day)|{_QUANT}(?P<unit>{_U})s?) (?P<way>(?i:before"
        r"|after))(?= ?[,.;:)]|$)",
        lambda match, frame: _later(match, frame) if match["unit"] else _told_day(match, frame),
        "base",
        ("On May 3 he arrived. They had met the day before.", "2025-05-02"),
    ),
    _rule(
        "hours",
        r"(?i:within (?:minutes|(?:a few )?hours))(?! of\b)",
        _then,
        "base",
        ("On May 3 he arrived. Within hours they met.", "2025-05-03"),
    ),
    _rule(
        "then",
        r"(?:(?<=ince )|(?<=efore )|(?<=ntil )|(?<=[Bb]y ))then",
        _then,
        "base",
        ("On May 3 he arrived; they have met every day since then.", "2025-05-03..2025-08-20"),
    ),
    _rule(
        "beside an event",
        rf"(?:(?i:the (?P<named>day|morning|night|week|month|year))|{_QUANT}"
        rf"(?P<unit>{_U})s?) (?P<way>(?i:after|before|following))",
        _unsaid,
        "event",
        ("On May 3 he was released. They met two days after the release.", "2025-05-05"),
    ),
    _rule(
        "eve",
        r"(?i:on the (?P<way>eve|morrow) of)",
        _unsaid,
        "event",
        ("On May 3 they voted. He resigned on the eve of the vote.", "2025-05-02"),
    ),
    _rule(
        "within of",
        rf"(?i:within) {_QUANT}(?P<unit>{_U})s?(?P<way> (?i:of))",
        _unsaid,
        "event",
        ("On May 3 they voted. He resigned within hours of the vote.", "2025-05-03"),
    ),
    _rule(
        "since an event",
        r"(?i:since)(?= (?i:the|his|her|its|their)\b)",
        _unsaid,
        "event",
        ("On May 3 they voted. He has stayed since the vote.", "2025-05-03..2025-08-20"),
    ),
    _rule(
        "term",
        rf"(?i:within|in up to|in no more than) {_QUANT}(?P<unit>{_U})s?(?! of\b)",
        _unsaid,
        "event",
        ("They will disarm within six months.", "2025-08-20..2026-02-20"),
        "deadline",
    ),
    _rule(
        "feast",
        r"(?P<feast>(?i:christmas(?: eve| day)?|new year['’]s (?:eve|day)))",
        _feast,
        "today",
        ("The guns fell silent on Christmas Eve.", "2024-12-24"),
    ),
    _rule(
        "live clock",
        r"(?m:^)[ \t]*(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?: ?(?:GMT|UTC|(?P<half>[ap])"
        r"\.?m\.?))?(?= ?[-–—:|])",
        _today,
        "today",
        ("01:05 - The crowd has stormed parliament.", "2025-08-20"),
    ),
    _rule(
        "clock time",
        r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?:(?P<half>[ap])\.?m\b\.?|(?=GMT)"
        r"|(?=UTC)|(?<=:\d\d)|(?=local time)|hours\b)|(?<=at )(?P<word>(?i:midnight|noon))",
        _today,
        "today",
        ("14:30 - The envoys met at 1 a.m.", "2025-08-20"),
    ),
    _rule(
        "how often",
        rf"(?i:every|each|once an?|twice an?|\w+ times an?) (?:other )?(?:{_W}|{_U}"
        r"|(?i:morning|evening|night|spring|summer|autumn|winter))|(?i:(?:mon|tues|wednes|thurs|fri"
        r"|satur|sun)days|daily|weekly|monthly|annually|yearly)",
        _unsaid,
        "nothing",
        ("The envoys met every Friday.", None),
        "frequency",
    ),
    _rule(
        "how long",
        rf"(?:(?i:for|during) )?{_QUANT}(?i:hours?|days?|weeks?|fortnights?|months?"
        r"|years?|decades?)",
        _unsaid,
        "nothing",
        ("The envoys met for two decades.", None),
        "duration",
    ),
)
"""The wordings. Where several fit, the one that begins first, then the longest, is taken."""


# --- finding and resolving ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A wording at text[start:end]; `upto` is the far end of "from ... to ..."."""

    rule: Rule
    match: re.Match[str]
    start: int
    end: int
    upto: Found | None = None


_UNIT = re.compile(rf"\b{_U}")
_REACH = {
    _UNIT: (60, 30),
    re.compile(rf"\b(?=[JFMASONDjfaosnd]){_M}"): (120, 120),
    re.compile(r"\d"): (80, 80),
    re.compile(r"\b(?i:spring|summer|autumn|winter|fall)"): (80, 80),
    re.compile(r"\b(?i:week|month|quarter|year|decade)"): (80, 80),
    re.compile(rf"\b(?=[MTWFSmtwfs]){_W}"): (80, 80),
    re.compile(r"\b(?i:ago|hence|from now)"): (80, 40),
    re.compile(r"\b(?i:later|earlier|afterwards)"): (80, 40),
    re.compile(r"\b(?i:before|after|following)"): (80, 40),
    re.compile(r"\b(?i:within|in up to|in no more than)"): (20, 100),
}
"""Signs of an expression, and how many characters it reaches to either side of one.

To look everywhere for a number of something, or for a month, would take most of the time.
"""
_SIGNS = tuple(_REACH)
_BARE_LENGTH = re.compile(r"(?i)(?:hour|day|week|fortnight|month|year|decade)s?")
_BETWEEN = {"from": re.compile(r" (?:to|until|till|through) "), "between": re.compile(r" and ")}


def find(text: str) -> list[Found]:
    """Every time expression of a text, in order, none overlapping. Time linear in its length."""
    near = {sign: list(_near(sign, text)) for sign in _SIGNS}
    whole = [(0, len(text))]
    hits = [
        Found(rule, match, *match.span())
        for rule, sign in _RULES_BY_SIGN
        for low, high in (near[sign] if sign is not None else whole)
        for match in rule.pattern.finditer(text, low, high)
        if not _BARE_LENGTH.fullmatch(match[0])
    ]
    hits.sort(key=lambda hit: (hit.start, -hit.end))  # stable: the table's order breaks ties
    found: list[Found] = []
    for hit in hits:
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return _joined(found, text)


def _near(sign: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """The stretches of the text around a sign; those that meet are one."""
    back, on = _REACH[sign]
    low = high = 0
    for match in sign.finditer(text):
        if match.start() - back > high and high:
            yield low, high
            low = match.start() - back
        elif not high:
            low = max(0, match.start() - back)
        high = match.end() + on
    if high:
        yield low, min(high, len(text))


def _sign(rule: Rule) -> re.Pattern[str] | None:
    """What every expression of a rule has in it; None for a rule that is looked for everywhere."""
    unit, month, digit, season, period, weekday, ago, later, beside, within = _SIGNS
    by_name = {
        **dict.fromkeys(("day and month", "month and day", "month of a year", "month"), month),
        **dict.fromkeys(("month after a cue", "month's"), month),
        **dict.fromkeys(("iso day", "day in figures", "day alone", "decade", "years"), digit),
        **dict.fromkeys(("year", "live clock"), digit),
        **dict.fromkeys(("season", "season of a year"), season),
        **dict.fromkeys(("calendar unit", "end of the unit", "unit past"), period),
        "window": unit,
        "weekday": weekday,
        "how long": unit,
        **dict.fromkeys(("ago", "from now"), ago),
        "later": later,
        **dict.fromkeys(("day beside", "beside an event"), beside),
        **dict.fromkeys(("within of", "term"), within),
    }
    return by_name.get(rule.name)


_RULES_BY_SIGN = tuple((rule, _sign(rule)) for rule in RULES)


def _joined(found: list[Found], text: str) -> list[Found]:
    """ "From 2001 to 2005" and "between May and July" made one."""
    joined: list[Found] = []
    for hit in found:
        last = joined[-1] if joined else None
        if last and not last.upto and last.rule.kind == hit.rule.kind == "point":
            cue = text[max(0, last.start - 8) : last.start].lower().split()
            link = _BETWEEN.get(cue[-1]) if cue else None
            if link and link.fullmatch(text, last.end, hit.start):
                joined[-1] = replace(last, end=hit.end, upto=hit)
                continue
        joined.append(hit)
    return joined


def resolve(found: Found, frame: Frame | None, *, base: Span | None = None) -> Span | None:
    """The days an expression means; None where they can't be known.

    Without a frame (no date of the report) only what carries its own year is resolved, and
    what is counted from `base`.
    """
    if found.upto is not None:
        return _from_to(found, found.upto, frame)
    rule, match = found.rule, found.match
    if rule.needs == "today" and frame is None and not _word(match, "year"):
        return None
    try:
        span = rule.resolve(match, frame or Frame(date.min, base=base))
    except (ValueError, OverflowError):  # beyond the calendar: "in 5000 years"
        return None
    if span and frame and frame.limit and _word(match, "part").endswith("end of"):
        return span[1], span[1]
    return span


def _from_to(first: Found, last: Found, frame: Frame | None) -> Span | None:
    end = resolve(last, frame)
    if end is None:
        return None
    begin = resolve(replace(first, upto=None), Frame(end[0], base=frame.base if frame else None))
    return (begin[0], end[1]) if begin and begin[0] <= end[1] else None


_DATELINE = re.compile(
    rf"(?m)^(?P<place>[A-ZÀ-Þ][^\n.:;!?]{{1,60}}?),? (?:\([A-Z][\w .]+\) )?"
    rf"(?:(?P<m1>{_M}) (?P<d1>\d{{1,2}})|(?P<d2>\d{{1,2}}) (?P<m2>{_M}))"
    rf"(?:,? (?P<year>{_Y}))?(?: \([A-Z][\w .]+\))? ?(?:[-–—:]|--) *"
)


def dateline(text: str) -> Dateline | None:
    """The dateline a report opens with ("BOGOTÁ, Oct 14 -"), None where it has none.

    Looked for at the line starts of the first 1,500 characters; the place is in capitals or
    is followed by a comma.
    """
    for match in _DATELINE.finditer(text, 0, min(len(text), 1500)):
        place = match["place"].rstrip(",")
        if not (place.isupper() or match[0][len(place) : len(place) + 1] == ","):
            continue
        month = MONTH[(match["m1"] or match["m2"]).lower().rstrip(".")]
        year = int(match["year"]) if match["year"] else None
        day = int(match["d1"] or match["d2"])
        if _day_span(year or 2000, month, day):
            return Dateline(place, month, day, year, match.start(), match.end())
    return None
