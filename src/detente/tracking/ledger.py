"""Who has done what for whom, for each pair of parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from detente.record.dates import PartialDate
from detente.record.models import Move
from detente.record.plover import Aspect, MoveType
from detente.record.record import Record
from detente.tracking.sides import Sides, moves_in_order
from detente.tracking.views import Ledger, LedgerLine, Role

CONCESSIONS = frozenset(
    {
        MoveType.CONCEDE,
        MoveType.RETREAT,
        MoveType.AID,
        MoveType.SUPPORT,
        MoveType.COOPERATE,
    }
)
"""The types by which one side gives the other something."""

_ROLES = {
    MoveType.REQUEST: Role.ASKED,
    MoveType.AGREE: Role.OFFERED,
    MoveType.REJECT: Role.REFUSED,
    MoveType.THREATEN: Role.THREATENED,
    MoveType.CONSULT: Role.TALKED,
    MoveType.ACCUSE: Role.ACCUSED,
    MoveType.ASSAULT: Role.HARMED,
    MoveType.COERCE: Role.HARMED,
    MoveType.SANCTION: Role.HARMED,
    MoveType.MOBILIZE: Role.HARMED,
    MoveType.PROTEST: Role.HARMED,
} | dict.fromkeys(CONCESSIONS, Role.GIVEN)

_Pair = tuple[str, str]


def role(type: MoveType, aspect: Aspect) -> Role:
    """What a move is in a ledger's terms; a concession still owed is only offered.

    The aspect qualifies the role: a concession denied keeps the role "given", is shown with
    its aspect, and counts nowhere.
    """
    if type in CONCESSIONS and aspect is Aspect.FUTURE:
        return Role.OFFERED
    return _ROLES[type]


def ledgers(record: Record, *, as_of: PartialDate | None = None) -> tuple[Ledger, ...]:
    """One ledger for every pair of parties with a move between them, the fullest first.

    as_of : leaves out what cannot have happened by that day (see `timeline`)

    A move belongs to every pair of one of its actors with one of its recipients; one that
    has no recipient and several actors (agreeing, meeting) to every pair of its actors and
    counts for both. A person in office counts for their party. Only moves reported as
    having happened enter the balance; undated ones do too, after the dated ones.
    """
    sides = Sides(record)
    found: dict[_Pair, list[tuple[Move, tuple[str, ...]]]] = defaultdict(list)
    for move in moves_in_order(record, as_of):
        for pair, movers in _pairs(sides.by(move), sides.to(move), sides):
            found[pair].append((move, movers))
    books = [_ledger(pair, moves) for pair, moves in found.items()]
    books.sort(key=lambda book: (-len(book.lines), *map(sides.rank, book.pair)))
    return tuple(books)


def _pairs(
    by: tuple[str, ...], to: tuple[str, ...], sides: Sides
) -> Iterator[tuple[_Pair, tuple[str, ...]]]:
    """The pairs a move belongs to, each with those of the two that made it."""
    if not to:
        for one, other in combinations(sorted(by, key=sides.rank), 2):
            yield (one, other), (one, other)
        return
    movers: dict[_Pair, list[str]] = defaultdict(list)
    for one in by:
        for other in to:
            if one != other:
                first, second = sorted((one, other), key=sides.rank)
                movers[first, second].append(one)
    for pair, made in movers.items():
        yield pair, tuple(made)


def _ledger(pair: _Pair, moves: list[tuple[Move, tuple[str, ...]]]) -> Ledger:
    balance = dict.fromkeys(pair, 0.0)
    lines: list[LedgerLine] = []
    by_role: dict[str, dict[Role, list[str]]] = {party: defaultdict(list) for party in pair}
    for move, movers in moves:
        if move.aspect.happened:
            for mover in movers:
                balance[mover] += move.intensity
        line = _line(move, dict(balance))
        lines.append(line)
        if line.counted or (line.role is Role.OFFERED and line.type is not MoveType.AGREE):
            for mover in movers:
                by_role[mover][line.role].append(move.id)
    return Ledger(
        pair,
        tuple(lines),
        balance,
        _last_mover(moves),
        {
            party: {role: tuple(ids) for role, ids in sorted(roles.items())}
            for party, roles in by_role.items()
        },
    )


def _line(move: Move, balance: dict[str, float]) -> LedgerLine:
    return LedgerLine(
        move.id,
        move.date,
        move.by,
        move.to,
        move.what,
        move.type,
        move.mode,
        move.aspect,
        move.if_,
        role(move.type, move.aspect),
        move.intensity,
        move.aspect.happened,
        balance,
        move.review,
    )


def _last_mover(moves: list[tuple[Move, tuple[str, ...]]]) -> str | None:
    """Whose move must be the latest, whichever of their possible days the dates stand for."""
    dated = [(move.date, movers) for move, movers in moves if move.date and move.aspect.happened]
    if not dated:
        return None
    latest = max(day.earliest for day, _ in dated)
    could_be = {party for day, movers in dated if day.latest >= latest for party in movers}
    return could_be.pop() if len(could_be) == 1 else None
