"""Plain words for what an entry's fields say, never claiming more than they do.

A move is written as three parts, *who to whom* · *kind of act* · *matter*, because a full
sentence made by rule would assert an order of words that no report used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from detente.record.dates import PartialDate
from detente.record.models import CREDIBILITY, RELIABILITY, SaidBy
from detente.record.plover import Aspect, MoveType
from detente.tracking.views import CommitmentStatus, DemandState, Role
from detente.wording import clean as clean
from detente.wording import counted as counted
from detente.wording import listed as listed
from detente.wording import short_text as short_text

if TYPE_CHECKING:
    from detente.brief.document import PeriodView

_MONTHS = (
    "January February March April May June July August September October November December"
).split()

# (past, bare infinitive) for a type, and for a type with a mode.
_ACTS: dict[tuple[MoveType, str | None], tuple[str, str]] = {
    (MoveType.AGREE, None): ("offered or agreed", "offer or agree"),
    (MoveType.CONSULT, None): ("met or talked", "meet or talk"),
    (MoveType.CONSULT, "multilateral"): ("met with several sides", "meet with several sides"),
    (MoveType.CONSULT, "phone"): ("talked by telephone", "talk by telephone"),
    (MoveType.CONSULT, "third-party"): ("mediated", "mediate"),
    (MoveType.CONSULT, "visit"): ("visited or received", "visit or receive"),
    (MoveType.SUPPORT, None): ("gave support", "give support"),
    (MoveType.CONCEDE, None): ("eased or gave way", "ease or give way"),
    (MoveType.COOPERATE, None): ("worked together", "work together"),
    (MoveType.AID, None): ("gave aid", "give aid"),
    (MoveType.RETREAT, None): ("drew back", "draw back"),
    (MoveType.RETREAT, "access"): ("gave access", "give access"),
    (MoveType.RETREAT, "ceasefire"): ("ceased fire", "cease fire"),
    (MoveType.RETREAT, "disarm"): ("disarmed", "disarm"),
    (MoveType.RETREAT, "release"): ("freed or let go", "free or let go"),
    (MoveType.RETREAT, "resign"): ("stepped down", "step down"),
    (MoveType.RETREAT, "return"): ("gave back", "give back"),
    (MoveType.RETREAT, "withdraw"): ("withdrew", "withdraw"),
    (MoveType.REQUEST, None): ("asked", "ask"),
    (MoveType.REQUEST, "assist"): ("asked for help", "ask for help"),
    (MoveType.REQUEST, "change"): ("asked for a change", "ask for a change"),
    (MoveType.REQUEST, "meet"): ("asked for talks", "ask for talks"),
    (MoveType.REQUEST, "yield"): ("asked the other to give way", "ask the other to give way"),
    (MoveType.ACCUSE, None): ("blamed", "blame"),
    (MoveType.ACCUSE, "allege"): ("accused", "accuse"),
    (MoveType.ACCUSE, "disapprove"): ("criticised", "criticise"),
    (MoveType.ACCUSE, "investigate"): ("investigated", "investigate"),
    (MoveType.REJECT, None): ("refused", "refuse"),
    (MoveType.REJECT, "assist"): ("refused help", "refuse help"),
    (MoveType.REJECT, "change"): ("refused a change", "refuse a change"),
    (MoveType.REJECT, "meet"): ("refused talks", "refuse talks"),
    (MoveType.REJECT, "yield"): ("refused to give way", "refuse to give way"),
    (MoveType.THREATEN, None): ("threatened", "threaten"),
    (MoveType.THREATEN, "arrest"): ("threatened arrest", "threaten arrest"),
    (MoveType.THREATEN, "expel"): ("threatened expulsion", "threaten expulsion"),
    (MoveType.THREATEN, "relations"): ("threatened to cut ties", "threaten to cut ties"),
    (MoveType.THREATEN, "restrict"): ("threatened restrictions", "threaten restrictions"),
    (MoveType.THREATEN, "territory"): (
        "threatened to take territory",
        "threaten to take territory",
    ),
    (MoveType.THREATEN, "violence"): ("threatened force", "threaten force"),
    (MoveType.PROTEST, None): ("protested", "protest"),
    (MoveType.PROTEST, "boycott"): ("boycotted", "boycott"),
    (MoveType.PROTEST, "demo"): ("demonstrated", "demonstrate"),
    (MoveType.PROTEST, "hunger"): ("went on hunger strike", "go on hunger strike"),
    (MoveType.PROTEST, "obstruct"): ("obstructed", "obstruct"),
    (MoveType.PROTEST, "riot"): ("rioted", "riot"),
    (MoveType.PROTEST, "strike"): ("went on strike", "go on strike"),
    (MoveType.SANCTION, None): ("cut back or punished", "cut back or punish"),
    (MoveType.SANCTION, "convict"): ("convicted", "convict"),
    (MoveType.SANCTION, "discontinue"): ("broke off", "break off"),
    (MoveType.SANCTION, "expel"): ("expelled", "expel"),
    (MoveType.SANCTION, "withdraw"): ("pulled out", "pull out"),
    (MoveType.MOBILIZE, None): ("moved forces", "move forces"),
    (MoveType.MOBILIZE, "militia"): ("moved militia", "move militia"),
    (MoveType.MOBILIZE, "police"): ("moved police", "move police"),
    (MoveType.MOBILIZE, "troops"): ("moved troops", "move troops"),
    (MoveType.MOBILIZE, "weapons"): ("moved weapons", "move weapons"),
    (MoveType.COERCE, None): ("pressed by force", "press by force"),
    (MoveType.COERCE, "arrest"): ("arrested or detained", "arrest or detain"),
    (MoveType.COERCE, "censor"): ("censored", "censor"),
    (MoveType.COERCE, "curfew"): ("imposed a curfew", "impose a curfew"),
    (MoveType.COERCE, "cyber"): ("attacked computers", "attack computers"),
    (MoveType.COERCE, "deport"): ("deported", "deport"),
    (MoveType.COERCE, "martial-law"): ("imposed martial law", "impose martial law"),
    (MoveType.COERCE, "misinformation"): ("spread false information", "spread false information"),
    (MoveType.COERCE, "restrict"): ("restricted", "restrict"),
    (MoveType.COERCE, "seize"): ("seized", "seize"),
    (MoveType.COERCE, "withhold"): ("withheld", "withhold"),
    (MoveType.ASSAULT, None): ("used force", "use force"),
    (MoveType.ASSAULT, "abduct"): ("abducted", "abduct"),
    (MoveType.ASSAULT, "aerial"): ("struck from the air", "strike from the air"),
    (MoveType.ASSAULT, "assassinate"): ("assassinated", "assassinate"),
    (MoveType.ASSAULT, "beat"): ("beat", "beat"),
    (MoveType.ASSAULT, "crowd-control"): ("used force on a crowd", "use force on a crowd"),
    (MoveType.ASSAULT, "destroy"): ("destroyed", "destroy"),
    (MoveType.ASSAULT, "drone"): ("struck by drone", "strike by drone"),
    (MoveType.ASSAULT, "explosives"): ("attacked with explosives", "attack with explosives"),
    (MoveType.ASSAULT, "firearms"): ("attacked with firearms", "attack with firearms"),
    (MoveType.ASSAULT, "heavy-weapons"): (
        "attacked with heavy weapons",
        "attack with heavy weapons",
    ),
    (MoveType.ASSAULT, "primitive"): ("attacked with simple weapons", "attack with simple weapons"),
    (MoveType.ASSAULT, "sexual"): ("committed sexual violence", "commit sexual violence"),
    (MoveType.ASSAULT, "suicide-attack"): ("made a suicide attack", "make a suicide attack"),
    (MoveType.ASSAULT, "targeted"): ("killed a chosen target", "kill a chosen target"),
    (MoveType.ASSAULT, "torture"): ("tortured", "torture"),
    (MoveType.ASSAULT, "unconventional"): (
        "used unconventional weapons",
        "use unconventional weapons",
    ),
}

ASPECT_LABELS: dict[Aspect, str] = {
    Aspect.ACTUAL: "",
    Aspect.HISTORICAL: "earlier phase",
    Aspect.FUTURE: "not yet done",
    Aspect.HYPOTHETICAL: "only possible",
    Aspect.NEGATED: "said not to have happened",
}
"""The label beside a move that is not simply reported as done."""

ATTRIBUTES: dict[str, str] = {
    "recognition": "Diplomatic recognition",
    "embassy": "Embassy",
    "ambassador": "Ambassador",
    "office": "Representative office",
    "designation": "Listing as terrorist or sanctioned",
    "reward": "Reward for information",
    "sanction": "Sanctions",
    "frozen-funds": "Frozen funds",
    "detainee": "Detainee",
}
"""The status attributes of the record, named for a reader."""

_RUNGS = {
    "de-facto": "de facto",
    "de-jure": "de jure",
    "charge-d-affaires": "chargé d’affaires",
    "in-force": "in force",
}

ROLES: dict[Role, str] = {
    Role.GIVEN: "Gave or eased",
    Role.OFFERED: "Offered or agreed",
    Role.ASKED: "Asked for",
    Role.TALKED: "Met or talked",
    Role.REFUSED: "Refused",
    Role.ACCUSED: "Accused",
    Role.THREATENED: "Threatened",
    Role.HARMED: "Harmed or punished",
}
"""Headings of a ledger's groups, in the order they are shown."""

DEMAND_STATES: dict[DemandState, str] = {
    DemandState.OPEN: "open",
    DemandState.PARTLY: "partly granted",
    DemandState.REFUSED: "refused",
    DemandState.GRANTED: "granted",
    DemandState.WITHDRAWN: "withdrawn",
}
"""States of a demand, in the order they are shown: what still asks for an answer first."""

COMMITMENT_STATES: dict[CommitmentStatus, str] = {
    CommitmentStatus.PERFORMED: "reported kept",
    CommitmentStatus.LATE: "reported kept, after its deadline",
    CommitmentStatus.BREACHED: "reported broken",
    CommitmentStatus.DISPUTED: "disputed: reported both kept and broken",
    CommitmentStatus.OVERDUE: "overdue: the deadline has passed and nothing is reported",
    CommitmentStatus.OPEN: "open",
    CommitmentStatus.WAITING: "waiting for something that comes first",
}
"""What the record says of a commitment."""


def earlier(periods: Sequence[PeriodView]) -> str:
    """The heading of the part of the chronology that waits folded, "" for none."""
    folded = [period for period in periods if not period.opened]
    if not folded:
        return ""
    count = counted(sum(len(period.entries) for period in folded), "entry", "entries")
    titles = dict.fromkeys((folded[0].title, folded[-1].title))
    return f"Earlier: {count}, {' to '.join(titles)}"


def parties(by: Iterable[str], to: Iterable[str]) -> str:
    """Who to whom, from names: "Taliban → United States"; an unknown actor is said to be so."""
    doing, receiving = listed(by), listed(to)
    doing = doing or "actor not named"
    return f"{doing} → {receiving}" if receiving else doing


def act(type: MoveType, mode: str | None, aspect: Aspect) -> str:
    """The kind of move, worded so that nobody takes what has not happened as done."""
    past, bare = _ACTS.get((type, mode)) or _ACTS[(type, None)]
    match aspect:
        case Aspect.FUTURE:
            return f"planned or expected to {bare}"
        case Aspect.HYPOTHETICAL:
            return f"would or might {bare}"
        case Aspect.NEGATED:
            return f"reportedly did not {bare}"
        case _:
            return past


_LEADS = {
    MoveType.AGREE: "offer or deal",
    MoveType.REQUEST: "asked",
    MoveType.ACCUSE: "accused",
    MoveType.REJECT: "refused",
    MoveType.THREATEN: "threat",
}
_DOUBTS = {Aspect.FUTURE: "planned", Aspect.HYPOTHETICAL: "possible", Aspect.NEGATED: "denied"}


def label(type: MoveType, aspect: Aspect, what: str) -> str:
    """A move in few words for a plot: what was only said, planned or denied says so first."""
    leads = [lead for lead in (_DOUBTS.get(aspect), _LEADS.get(type)) if lead]
    return ": ".join([*leads, what])


def condition(text: str | None) -> str:
    """A condition with its "if", whether or not the record wrote one: "if all are freed"."""
    if text is None:
        return ""
    given = text.strip().removesuffix(".")
    leads = ("if ", "unless ", "when ", "once ", "until ", "provided ", "only if ", "as long as ")
    return given if given.lower().startswith(leads) else f"if {given}"


def rung(value: str) -> str:
    """A value on a status ladder, in words."""
    return _RUNGS.get(value, value.replace("-", " "))


def score(value: float) -> str:
    """A signed number, "+6.5", "−3", "0"; a true minus sign, which does not break a line."""
    if not value:
        return "0"
    return f"{'+' if value > 0 else '−'}{abs(value):g}"


def total(value: float) -> str:
    """A balance; rounded to a tenth, the table's own precision, as sums of floats are not."""
    return score(round(value, 1) + 0.0)


def rating(reliability: str, credibility: int | None) -> tuple[str, str]:
    """The Admiralty rating as ("C3", "fairly reliable; possibly true")."""
    if credibility is None:
        return reliability, f"{RELIABILITY[reliability]}; credibility not judged"
    return f"{reliability}{credibility}", f"{RELIABILITY[reliability]}; {CREDIBILITY[credibility]}"


def speaker(said_by: SaidBy) -> str:
    """Who said it: "Zalmay Khalilzad, former envoy", "US official (not named)"."""
    if said_by.named:
        return ", ".join(part for part in (said_by.name, said_by.role) if part)
    return f"{', '.join(p for p in (said_by.name, said_by.role) if p)} (not named)"


def date(when: PartialDate | None, *, within: int | None = None, short: bool = False) -> str:
    """A date as a reader says it: "20 March 2025", "10–25 March 2025", "about 2025".

    within : leave the year out when it is this one
    short  : months by three letters
    """
    if when is None:
        return "no date"
    first, _, last = when.text.removeprefix("~").partition("..")
    words = _point(first, within=within, short=short)
    if last and last != first:
        words = _range(first, last, within=within, short=short)
    return f"about {words}" if when.approximate else words


def _split(point: str) -> tuple[int, int, int]:
    year, month, day = (*map(int, point.split("-")), 0, 0)[:3]
    return year, month, day


def _point(point: str, *, within: int | None, short: bool) -> str:
    year, month, day = _split(point)
    parts = [str(day)] if day else []
    if month:
        parts.append(_MONTHS[month - 1][:3] if short else _MONTHS[month - 1])
    if year != within or not month:
        parts.append(str(year))
    return "\u00a0".join(parts)


def _range(first: str, last: str, *, within: int | None, short: bool) -> str:
    one, two = _split(first), _split(last)
    end = _point(last, within=within, short=short)
    if one[:2] == two[:2] and one[2] and two[2]:
        return f"{one[2]}–{end}"
    same_year = one[0] if one[0] == two[0] and one[1] and two[1] else within
    start = _point(first, within=same_year, short=short)
    return f"{start}–{end}" if not (one[2] or two[2]) else f"{start} – {end}"
