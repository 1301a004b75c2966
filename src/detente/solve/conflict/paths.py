"""Who can get where: moves from state to state, and which equilibria a status quo leads to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.solve.conflict.grid import Space, space
from detente.solve.conflict.stability import CONCEPTS, Analysis, Tables, tables
from detente.solve.plain import ModelError

Mode = Literal["any", "improvements", "fewest"]
_MODES: dict[Mode, int] = {"any": 0, "improvements": 1, "fewest": 2}
MOST_FREED = 20
"""So many irreversible options and so many patterns are tried for what they would open."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move.

    mover       : the decision maker
    before, to  : the states
    improvement : whether the mover prefers `to` to `before`
    """

    mover: str
    before: str
    to: str
    improvement: bool


@dataclass(frozen=True, eq=False)
class Reach:
    """What can be reached from a cell.

    cells : (m,) the cells in the order they are reached, the start first
    came  : (N,) the cell before each, itself for the start, -1 where never reached
    mover : (N,) index of who moved there
    """

    space: Space
    rank: NDArray[np.int32]
    cells: NDArray[np.int64]
    came: NDArray[np.int64]
    mover: NDArray[np.int8]

    def has(self, cell: int) -> bool:
        """Whether it can be reached; the start itself can."""
        return bool(self.came[cell] >= 0)

    def path(self, cell: int) -> tuple[Step, ...]:
        """The moves from the start to a cell that was reached; nobody moves twice running."""
        walked = [cell]
        while int(self.came[walked[-1]]) != walked[-1]:
            walked.append(int(self.came[walked[-1]]))
        walked.reverse()
        moves: list[tuple[int, int, int]] = []
        for before, to in pairwise(walked):
            who = int(self.mover[to])
            if moves and moves[-1][0] == who:  # a DM's two moves running are one move
                moves[-1] = (who, moves[-1][1], to)
            else:
                moves.append((who, before, to))
        names = self.space.model.names
        state = self.space.state
        return tuple(
            Step(names[i], state(a), state(b), bool(self.rank[i, b] > self.rank[i, a]))
            for i, a, b in moves
        )


def reach(
    grid: Space,
    rank: NDArray[np.int32],
    start: int,
    *,
    movers: Collection[str] | None = None,
    mode: Mode = "any",
    shared: Tables | None = None,
) -> Reach:
    """R_H and R_H+ from a cell, with the shortest way to each.

    movers : H; everybody without it
    mode   : "any" legal moves, "improvements" only, or "fewest" moves that are no improvements
    """
    from detente.solve.conflict import kernels

    shared = tables(grid) if shared is None else shared
    names = grid.model.names
    allowed = np.array([movers is None or name in movers for name in names], dtype=np.bool_)
    came = np.full(grid.cells, -1, dtype=np.int64)
    mover = np.full(grid.cells, -1, dtype=np.int8)
    costs = np.zeros(grid.cells, dtype=np.int32)
    queue = np.empty(grid.cells, dtype=np.int64)
    queue[0] = came[start] = start
    filled = kernels.walk(
        _MODES[mode], allowed, shared.shape, shared.stride, shared.cls, shared.start,
        shared.supp, shared.sup, rank, queue, 1, came, mover, costs,
    )  # fmt: skip
    return Reach(grid, rank, queue[:filled].copy(), came, mover)


@dataclass(frozen=True, slots=True)
class Route:
    """How an equilibrium can be reached from the status quo.

    state        : the equilibrium
    concepts     : under which it is one
    any_moves    : a shortest way by any moves; None where there is none
    improvements : a shortest way on which every mover gains; None where there is none
    fewest       : where only `any_moves` exists: a way with as few moves as can be that are
                   no improvements for who makes them
    would_open   : irreversible options each of which, if it could be taken back, would let
                   improvements lead there (or any moves, where none do now)
    would_open_patterns : the same for infeasible patterns, by number from 0, for any moves
    """

    state: str
    concepts: tuple[str, ...]
    any_moves: tuple[Step, ...] | None
    improvements: tuple[Step, ...] | None
    fewest: tuple[Step, ...] | None
    would_open: tuple[str, ...]
    would_open_patterns: tuple[int, ...]


def routes(
    found: Analysis, start: str, *, concepts: Collection[str] = CONCEPTS, most: int | None = None
) -> tuple[Route, ...]:
    """Which equilibria can be reached from a status quo, and how.

    concepts : equilibria under any of these; those under more of them first
    most     : so many at most
    """
    grid, rank = found.space, found.rank
    shared = tables(grid)
    begin = grid.cell(start)
    mask = sum(1 << CONCEPTS.index(concept) for concept in concepts)
    cells = np.flatnonzero(found.both & mask)
    # Nash is bit 0 and says most; the further bits go from the weakest to the strongest.
    weight = np.array([int(bits & mask).bit_count() for bits in range(32)])
    order = np.argsort(-weight[found.both[cells]], kind="stable")
    targets = cells[order][:most].tolist()
    by_any = reach(grid, rank, begin, shared=shared)
    by_gain = reach(grid, rank, begin, mode="improvements", shared=shared)
    by_few = reach(grid, rank, begin, mode="fewest", shared=shared)
    opened: dict[str, tuple[Reach, Reach]] = {}
    lifted: dict[int, tuple[Space, Reach]] = {}
    if not all(by_gain.has(cell) for cell in targets):
        for option in list(found.model.irreversible)[:MOST_FREED]:
            opened[option] = _freed(found, option, start)
    if not all(by_any.has(cell) for cell in targets):
        for number in range(min(MOST_FREED, len(found.model.infeasible))):
            if (other := _lifted(found, number, start)) is not None:
                lifted[number] = other
    result = []
    for cell in targets:
        state = grid.state(cell)
        there, gain = by_any.has(cell), by_gain.has(cell)
        result.append(
            Route(
                state,
                tuple(c for i, c in enumerate(CONCEPTS) if found.both[cell] >> i & 1),
                by_any.path(cell) if there else None,
                by_gain.path(cell) if gain else None,
                by_few.path(cell) if there and not gain else None,
                tuple(
                    option
                    for option, (more, gains) in opened.items()
                    if (not gain and gains.has(gains.space.cell(state)))
                    or (not there and more.has(more.space.cell(state)))
                ),
                ()
                if there
                else tuple(n for n, (wider, way) in lifted.items() if way.has(wider.cell(state))),
            )
        )
    return tuple(result)


def _freed(found: Analysis, option: str, start: str) -> tuple[Reach, Reach]:
    """What could be reached if an option could be taken back; preferences stay."""
    grid = space(found.model.freed(option))
    # The same strategies, in another order: they are numbered by what is irreversible.
    rows = []
    for old, new in zip(found.space.tables, grid.tables, strict=True):
        number = {row.tobytes(): a for a, row in enumerate(old)}
        rows.append(np.array([number[row.tobytes()] for row in new]))
    shaped = found.rank.reshape(len(grid.shape), *grid.shape)
    rank = np.stack([each[np.ix_(*rows)].reshape(-1) for each in shaped])
    begin = grid.cell(start)
    return reach(grid, rank, begin), reach(grid, rank, begin, mode="improvements")


def _lifted(found: Analysis, number: int, start: str) -> tuple[Space, Reach] | None:
    try:
        grid = space(found.model.without_pattern(number))
    except ModelError:  # too large without it
        return None
    # Any moves: only whether a state is feasible counts.
    flat = np.where(grid.feasible, np.int32(0), np.int32(-1))
    rank = np.broadcast_to(flat, (len(grid.shape), grid.cells)).copy()
    return grid, reach(grid, rank, grid.cell(start))
