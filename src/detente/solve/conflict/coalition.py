"""Decision makers acting together.

For a coalition C, R_C(s) is what its members reach from s by legal sequences of their moves,
and R_C++(s) those states of it that every member strictly prefers to s (Kilgour, Hipel, Fang
& Peng 2001: on the way a member may lose, the end counts). With O everybody else, s is

C-Nash if R_C++(s) is empty;
C-GMR  if for every s1 in R_C++(s) some s2 in R_O(s1) is not preferred to s by all of C;
C-SMR  if there is such an s2 from which no s3 in R_C(s2) is preferred to s by all of C;
C-SEQ  as C-GMR with s2 in R_O+(s1), where every move is an improvement for its mover;
C-SSEQ as C-SMR with s2 in R_O+(s1).

After Inohara & Hipel (2008); the opponents move one by one, as in the definitions for one
decision maker, which these are for a coalition of one. (C-SEQ has also been stated with
opponents that form coalitions in turn; that is not what is computed here.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.solve.conflict.stability import CONCEPTS, Analysis, tables
from detente.solve.plain import ModelError, Wrong, nearest

MOST_STATES = 8192
"""Feasible states up to which coalitions are analysed: time grows with their cube over 64,
memory with their square."""


@dataclass(frozen=True, slots=True)
class CoalitionStability:
    """What is stable for a coalition.

    members  : its decision makers
    stable   : concept -> states stable for the coalition, sorted
    upset    : equilibria under SEQ or Nash that the coalition can improve on for good: they
               are not C-SEQ stable; each with a state it would go to
    """

    members: tuple[str, ...]
    stable: dict[str, tuple[str, ...]]
    upset: dict[str, str]


def coalition(found: Analysis, members: Sequence[str]) -> CoalitionStability:
    """Which states a coalition has no reason or no safe way to leave, under each concept.

    Raises ModelError for unknown members, fewer than two of them, or too many states.
    """
    grid, rank = found.space, found.rank
    names = grid.model.names
    unknown = [name for name in members if name not in names]
    if unknown:
        what = f"unknown decision maker `{unknown[0]}` in the coalition"
        raise ModelError(Wrong((), what, nearest(unknown[0], names)))
    if len(set(members)) != len(members) or len(members) < 2:
        what = "a coalition has two or more different members"
        raise ModelError(Wrong((), what, f"Known are: {', '.join(names)}."))
    if grid.count > MOST_STATES:
        what = f"{grid.count:,} states are too many for a coalition; {MOST_STATES:,} is the most"
        raise ModelError(Wrong((), what, "Add infeasible patterns, or leave out options."))
    inside = np.array([name in members for name in names], dtype=np.bool_)
    cells = np.flatnonzero(grid.feasible)
    n = len(cells)
    own = _reach(found, cells, inside, 0)
    theirs = (_reach(found, cells, ~inside, 0), _reach(found, cells, ~inside, 1))
    level = rank[inside][:, cells]
    stable = np.zeros((len(CONCEPTS), n), dtype=np.bool_)
    to = np.full(n, -1)
    for s in range(n):
        preferred = (level > level[:, s : s + 1]).all(axis=0)
        packed = np.packbits(preferred)
        moves = np.flatnonzero(np.unpackbits(own[s], count=n).astype(np.bool_) & preferred)
        if not len(moves):
            stable[:, s] = True
            continue
        # From which states the coalition can still get to one it prefers to s.
        escapes = (own & packed).any(axis=1)
        bad = ~preferred, ~preferred & ~escapes
        for which, concept in enumerate(("gmr", "smr", "seq", "sseq")):
            sanctions = theirs[which // 2][moves]
            deterred = (sanctions & np.packbits(bad[which % 2])).any(axis=1)
            stable[CONCEPTS.index(concept), s] = deterred.all()
            if concept == "seq" and not deterred.all():
                open_ = moves[~deterred]
                # The one whose least happy member gains most.
                gain = (level[:, open_] - level[:, s : s + 1]).min(axis=0)
                to[s] = open_[int(np.argmax(gain))]
    state_names = grid.names(cells)
    listed = {
        concept: tuple(sorted(state_names[s] for s in np.flatnonzero(stable[c])))
        for c, concept in enumerate(CONCEPTS)
    }
    bits = (1 << CONCEPTS.index("nash")) | (1 << CONCEPTS.index("seq"))
    upset = {
        state_names[s]: state_names[to[s]]
        for s in np.flatnonzero((found.both[cells] & bits > 0) & (to >= 0)).tolist()
    }
    return CoalitionStability(tuple(members), listed, dict(sorted(upset.items())))


def _reach(
    found: Analysis, cells: NDArray[np.int64], movers: NDArray[np.bool_], mode: int
) -> NDArray[np.uint8]:
    """(n, n/8): as packed bits, which feasible states are reached from each.

    A state counts as reached from itself; no definition above depends on that.
    """
    from detente.solve.conflict import kernels

    grid = found.space
    shared = tables(grid)
    number = np.full(grid.cells, -1, dtype=np.int64)
    number[cells] = np.arange(len(cells))
    came = np.full(grid.cells, -1, dtype=np.int64)
    mover = np.empty(grid.cells, dtype=np.int8)
    costs = np.zeros(grid.cells, dtype=np.int32)
    queue = np.empty(grid.cells, dtype=np.int64)
    packed = np.zeros((len(cells), -(-len(cells) // 8)), dtype=np.uint8)
    row = np.zeros(len(cells), dtype=np.bool_)
    for s, cell in enumerate(cells):
        queue[0] = came[cell] = cell
        filled = kernels.walk(
            mode, movers, shared.shape, shared.stride, shared.cls, shared.start, shared.supp,
            shared.sup, found.rank, queue, 1, came, mover, costs,
        )  # fmt: skip
        row[:] = False
        row[number[queue[:filled]]] = True
        packed[s] = np.packbits(row)
        came[queue[:filled]] = -1
        costs[queue[:filled]] = 0
    return packed
