"""PLOVER's vocabulary of moves and their published conflict-cooperation scores.

PLOVER is the Political Language Ontology for Verifiable Event Records of the Open Event
Data Alliance; the scores are the table in its manual (-10 the most conflictual, +10 the
most cooperative). The manual prints ACCUSE without mode as 3 although each of its modes
is negative; the sign is taken to be a slip, and ACCUSE stands here as -3.
"""

from __future__ import annotations

import csv
from enum import StrEnum
from functools import cache
from importlib.resources import files


class MoveType(StrEnum):
    """PLOVER's sixteen event types, the most cooperative first as the manual lists them."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"


class Aspect(StrEnum):
    """PLOVER's auxiliary value: how the report presents the move.

    actual       done or under way; a demand, offer, promise or threat that was uttered
    future       planned, expected or owed
    hypothetical merely possible
    negated      said not to have happened
    historical   done in an earlier phase: an earlier calendar year than the report's,
                 or plainly in the past of the story told
    """

    ACTUAL = "actual"
    FUTURE = "future"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"
    HISTORICAL = "historical"

    @property
    def happened(self) -> bool:
        """Whether the move is reported as having taken place."""
        return self in (Aspect.ACTUAL, Aspect.HISTORICAL)


class Sector(StrEnum):
    """PLOVER's sectors of actors: what somebody is within a country."""

    GOV = "GOV"
    MIL = "MIL"
    COP = "COP"
    JUD = "JUD"
    LEG = "LEG"
    PTY = "PTY"
    OPP = "OPP"
    REB = "REB"
    SPY = "SPY"
    PRM = "PRM"
    UAF = "UAF"
    CVL = "CVL"
    ELI = "ELI"
    LAB = "LAB"
    BUS = "BUS"
    JRN = "JRN"
    REL = "REL"
    SOC = "SOC"
    EDU = "EDU"
    MED = "MED"
    REF = "REF"
    PRE = "PRE"
    CRM = "CRM"
    AGR = "AGR"
    UNK = "UNK"


ORGANS = frozenset({Sector.GOV, Sector.MIL, Sector.COP, Sector.JUD, Sector.LEG, Sector.SPY})
"""Sectors that act for their state."""


# Modes that coders use and the table of scores has no row for; they take their type's score.
_UNSCORED_MODES = {MoveType.RETREAT: ("return",), MoveType.ASSAULT: ("assassinate",)}


@cache
def _scores() -> dict[tuple[MoveType, str | None], float]:
    table = files("detente.record").joinpath("plover_scores.csv").read_text(encoding="utf-8")
    return {
        (MoveType(row["event"]), row["mode"] or None): float(row["score"])
        for row in csv.DictReader(table.splitlines())
    }


@cache
def modes(type: MoveType) -> tuple[str, ...]:
    """The modes PLOVER allows for a type, sorted."""
    scored = {mode for kind, mode in _scores() if kind is type and mode is not None}
    return tuple(sorted(scored.union(_UNSCORED_MODES.get(type, ()))))


def intensity(type: MoveType, mode: str | None = None) -> float:
    """PLOVER's published score of a move, -10 (conflict) to +10 (cooperation).

    A mode without a row of its own takes the score of its type.
    """
    scores = _scores()
    return scores.get((type, mode), scores[(type, None)])
