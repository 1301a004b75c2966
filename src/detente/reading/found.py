"""What reading finds in one text. Offsets count characters of the text that was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from detente.record.dates import PartialDate
from detente.record.models import PartyKind, Stance
from detente.record.plover import Aspect, MoveType, Sector

StatementKind = Literal["said", "belief", "plan", "wish", "demand"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the text that names a party: text[start:end]."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Actor:
    """One side of a move.

    name : the party's name ("Afghanistan", "Taliban")
    code : ISO 3166 alpha-3 for states, a case's own party id, otherwise a slug
    text : the words of the text that stand for it here ("Kabul", "the group", "they")
    kind : state, group, organisation or person
    country : ISO 3166 alpha-3 of the country it is of, where that is known
    sector  : PLOVER's sectors of those the words name ("police": COP), most telling first
    named   : False where the text tells only what they are ("gunmen")
    """

    name: str
    code: str
    text: str
    kind: PartyKind = "group"
    country: str | None = None
    sector: tuple[Sector, ...] = ()
    named: bool = True


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said something.

    name  : the person or body, in the fullest form the text has; None when not identified
    text  : the words used here ("a second person familiar with the discussions")
    named : whether the text identifies the speaker
    party : code of the party the speaker speaks for, if the text shows it
    key   : the same for the same speaker within one text, different for speakers whom the
            text keeps apart
    """

    name: str | None
    text: str
    named: bool
    party: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a speaker is reported to have said; text[start:end] == content.

    more : the rest of it where the report splits it ("We are ready," he said, "but …")
    kind : said, or reported as a belief, plan, wish or demand (what/thoughts.py)
    """

    speaker: Speaker
    cue: str
    content: str
    start: int
    end: int
    direct: bool
    more: tuple[Mention, ...] = ()
    kind: StatementKind = "said"


@dataclass(frozen=True, slots=True)
class FoundMove:
    """A move as one sentence reports it; text[start:end] == quote.

    confidence : 0 to 1, the probability that a careful coder sees a move of this type here
    stance     : of a demand, whether it asks for the matter or against it
    signs      : what the confidence was weighed from, beside `weight`, the rule's own
    """

    type: MoveType
    mode: str | None
    by: tuple[Actor, ...]
    to: tuple[Actor, ...]
    what: str
    quote: str
    start: int
    end: int
    aspect: Aspect
    condition: str | None
    date: PartialDate | None
    confidence: float
    said_by: Speaker | None
    direct: bool = False
    signs: tuple[str, ...] = ()
    weight: float = 1.0
    stance: Stance | None = None


@dataclass(frozen=True, slots=True)
class FoundStatus:
    """A standing fact between two parties as one sentence reports it.

    attribute, value : as in the record (models.RUNGS)
    """

    attribute: str
    value: str | None
    by: tuple[Actor, ...]
    to: tuple[Actor, ...]
    what: str
    quote: str
    start: int
    end: int
    since: PartialDate | None
    until: PartialDate | None
    confidence: float
    said_by: Speaker | None


@dataclass(frozen=True, slots=True)
class FoundParty:
    """A party the text names, with every mention. `speaks_for`: (party code, office)."""

    name: str
    code: str
    kind: str
    mentions: tuple[Mention, ...]
    speaks_for: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one report.

    doubts : sentences that say what of the text was not read, or not whole
    """

    report: str
    text: str
    moves: tuple[FoundMove, ...]
    statements: tuple[Statement, ...]
    statuses: tuple[FoundStatus, ...]
    parties: tuple[FoundParty, ...]
    doubts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The shape `detente read --json` prints."""
        return {
            "report": self.report,
            "moves": [_move(move) for move in self.moves],
            "statements": [
                {
                    "speaker": _speaker(said.speaker),
                    "cue": said.cue,
                    "content": said.content,
                    "start": said.start,
                    "end": said.end,
                    "direct": said.direct,
                    "kind": said.kind,
                    "more": [_mention(part) for part in said.more],
                }
                for said in self.statements
            ],
            "statuses": [_status(status) for status in self.statuses],
            "parties": [
                {
                    "name": party.name,
                    "code": party.code,
                    "kind": party.kind,
                    "mentions": [_mention(mention) for mention in party.mentions],
                }
                for party in self.parties
            ],
            "doubts": list(self.doubts),
        }


def _actors(actors: tuple[Actor, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": a.name,
            "code": a.code,
            "text": a.text,
            "country": a.country,
            "sector": [sector.value for sector in a.sector],
        }
        for a in actors
    ]


def _mention(mention: Mention) -> dict[str, Any]:
    return {"text": mention.text, "start": mention.start, "end": mention.end}


def _speaker(speaker: Speaker | None) -> dict[str, Any] | None:
    if speaker is None:
        return None
    return {
        "name": speaker.name,
        "text": speaker.text,
        "named": speaker.named,
        "party": speaker.party,
        "key": speaker.key,
    }


def _move(move: FoundMove) -> dict[str, Any]:
    return {
        "type": move.type.value,
        "mode": move.mode,
        "by": _actors(move.by),
        "to": _actors(move.to),
        "what": move.what,
        "quote": move.quote,
        "start": move.start,
        "end": move.end,
        "aspect": move.aspect.value,
        "if": move.condition,
        "stance": move.stance,
        "date": str(move.date) if move.date else None,
        "confidence": round(move.confidence, 3),
        "said_by": _speaker(move.said_by),
    }


def _status(status: FoundStatus) -> dict[str, Any]:
    return {
        "attribute": status.attribute,
        "value": status.value,
        "by": _actors(status.by),
        "to": _actors(status.to),
        "what": status.what,
        "quote": status.quote,
        "start": status.start,
        "end": status.end,
        "from": str(status.since) if status.since else None,
        "until": str(status.until) if status.until else None,
        "confidence": round(status.confidence, 3),
        "said_by": _speaker(status.said_by),
    }
