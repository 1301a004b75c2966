"""When an actor that was found is the one a coder named, and when two dates are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from detente.reading.found import Actor
from detente.reading.read import read_text
from detente.reading.who.gazetteer import slug
from detente.record.dates import PartialDate
from detente.record.models import Party
from detente.record.plover import ORGANS, Sector


@dataclass(frozen=True, slots=True)
class Side:
    """One actor, by a coder or by the reader.

    code    : of the party as the reader names parties; a slug of the name where it knows none
    country : ISO 3166 alpha-3, None where there is none (organisations of states)
    organ   : whether it acts for its state; None where no sector says so
    """

    code: str
    country: str | None
    organ: bool | None

    def is_one_with(self, other: Side) -> bool:
        """The same party; or of the same country, and both its organs or neither.

        A country's army is so its government too, which coders seldom tell apart; its rebels,
        its opposition and its people are not, and are told from each other by name only.
        """
        if self.code == other.code:
            return True
        if self.country is None or self.country != other.country:
            return False
        return self.organ is None or other.organ is None or self.organ == other.organ


def coded(actor: dict[str, Any]) -> Side:
    """A side as coders write it: name, country, sector (one or a list)."""
    given = actor.get("sector") or []
    sectors = [given] if isinstance(given, str) else given
    known = [Sector(sector) for sector in sectors if sector in Sector.__members__]
    organ = known[0] in ORGANS if known else None
    return Side(code_of(str(actor["name"])), actor.get("country"), organ)


def found(actor: Actor | Party) -> Side:
    """A side as the reader found it, or a party of a record."""
    country = actor.of_country if isinstance(actor, Party) else actor.country
    code = (actor.code or actor.id) if isinstance(actor, Party) else actor.code
    if actor.kind == "state":
        organ = not actor.sector or actor.sector[0] in ORGANS
        return Side(code, country or code, organ)
    return Side(code, country, actor.sector[0] in ORGANS if actor.sector else None)


def same_sides(ours: Iterable[Side], theirs: Iterable[Side]) -> bool:
    """Whether each actor on either side is one with one on the other."""
    ours, theirs = tuple(ours), tuple(theirs)
    return all(any(a.is_one_with(b) for b in theirs) for a in ours) and all(
        any(a.is_one_with(b) for b in ours) for a in theirs
    )


def codes_of(names: Sequence[str], pipeline: str | None = None) -> set[str]:
    """The codes of parties named in a gold file; a name nobody knows is its own slug."""
    return {code_of(name, pipeline) for name in names}


@lru_cache(maxsize=4096)
def code_of(name: str, pipeline: str | None = None) -> str:
    """The code of the party a coder names, as the reader would have it."""
    reading = read_text(f"{name} agreed.", pipeline=pipeline)
    parties = reading.parties
    longest = max(
        parties,
        key=lambda party: max(len(mention.text) for mention in party.mentions),
        default=None,
    )
    if longest is not None:
        return longest.code
    unnamed = (actor.code for move in reading.moves for actor in move.by if not actor.named)
    return next(unnamed, slug(name))


def same_date(found: PartialDate | None, wanted: str | None) -> bool:
    """The same date; of a coded range, one within it and at most twice as wide."""
    if wanted is None or found is None:
        return wanted is None and found is None
    gold = PartialDate.parse(wanted)
    if found == gold:
        return True
    width = (gold.latest - gold.earliest).days
    return found.agrees(gold) and width > 1 and (found.latest - found.earliest).days <= 2 * width
