"""Why a state is stable for a decision maker or not, and what would have to change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.solve.conflict.grid import Space
from detente.solve.conflict.paths import Mode, Step, reach
from detente.solve.conflict.stability import CONCEPTS, Analysis, analyse, tables

MOST_RECHECKED = 1 << 20
"""Up to so many cells, what a change of preference would do is computed anew."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An improvement and what the others can answer.

    move     : the improvement
    sanction : the shortest moves of the others that deter it; None where nothing does
    leaves   : where they leave the mover: "worse" than before, or "no better"; None likewise
    nearest  : where nothing deters it: the state the others can lead to in which the mover
               is worst off (for SMR and SSEQ, taking its way out into account), or None
    """

    move: Step
    sanction: tuple[Step, ...] | None
    leaves: str | None
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a state is stable for a decision maker under a concept, or is not.

    answers : one for each improvement, the most preferred first; none means Nash stability
    """

    state: str
    name: str
    concept: str
    stable: bool
    answers: tuple[Answer, ...]


def explain(found: Analysis, state: str, name: str, concept: str) -> Explanation:
    """Each improvement a decision maker has from a state, and what deters it.

    The verdict is reached from the definition, by searching for sanctions, not read off the
    analysis: the two must agree.
    """
    if concept not in CONCEPTS:
        raise ValueError(f"{concept!r} is none of {', '.join(CONCEPTS)}")
    grid, rank = found.space, found.rank
    i = grid.model.names.index(name)
    cell = grid.cell(state)
    shared = tables(grid)
    others = [other for other in grid.model.names if other != name]
    mode: Mode = "improvements" if concept in ("seq", "sseq") else "any"
    answers = []
    for to in improvements(grid, rank[i], i, cell):
        move = Step(name, state, grid.state(to), True)
        if concept == "nash":
            answers.append(Answer(move, None, None, None))
            continue
        ways = reach(grid, rank, to, movers=others, mode=mode, shared=shared)
        value = rank[i, ways.cells]
        if concept in ("smr", "sseq"):
            value = np.maximum(value, best_from(grid, rank[i], i, ways.cells))
        holds = np.flatnonzero(value <= rank[i, cell])
        if len(holds):
            end = int(ways.cells[holds[0]])
            leaves = "worse" if rank[i, end] < rank[i, cell] else "no better"
            answers.append(Answer(move, ways.path(end), leaves, None))
        else:
            nearest = None
            if len(ways.cells) > 1:
                nearest = grid.state(int(ways.cells[1 + int(np.argmin(value[1:]))]))
            answers.append(Answer(move, None, None, nearest))
    stable = all(answer.sanction is not None for answer in answers)
    return Explanation(state, name, concept, stable, tuple(answers))


def line_of(grid: Space, i: int, cell: int) -> NDArray[np.int64]:
    """The cells DM i may move to from a cell, feasible or not, the cell itself among them."""
    step, size = grid.stride[i], grid.shape[i]
    a = cell // step % size
    upward = np.isin(grid.classes[i], grid.above[i][int(grid.classes[i][a])])
    targets = np.flatnonzero(upward)
    return np.asarray(cell - a * step + targets * step, dtype=np.int64)


def improvements(grid: Space, mine: NDArray[np.int32], i: int, cell: int) -> list[int]:
    """R_i+ of a cell, the most preferred first."""
    line = line_of(grid, i, cell)
    better = line[mine[line] > mine[cell]]
    return [int(to) for to in better[np.argsort(-mine[better], kind="stable")]]


def best_from(
    grid: Space, mine: NDArray[np.int32], i: int, cells: NDArray[np.int64]
) -> NDArray[np.int32]:
    """The best rank DM i can move to from each of some cells, -1 where it can't move."""
    step, size = grid.stride[i], grid.shape[i]
    a = cells // step % size
    base = cells - a * step
    cls = grid.classes[i]
    up = np.zeros((len(grid.above[i]), len(grid.above[i])), dtype=np.bool_)
    for c, classes in enumerate(grid.above[i]):
        up[c, list(classes)] = True
    best = np.full(len(cells), -1, dtype=np.int32)
    for b in range(size):
        may = up[cls[a], cls[b]] & (a != b)
        best = np.where(may, np.maximum(best, mine[base + b * step]), best)
    return best


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Whose preferences keep a state from being an equilibrium, and over which pairs.

    name       : a decision maker for whom the state is not stable
    undeterred : the improvements that nothing deters. The state would be stable for `name` if
                 it did not prefer any of them to the state, other things being equal; for
                 Nash stability that is also the only way.
    sanctions  : for each of them, the state the others can lead to that `name` likes least
                 (None: they can't answer). Were it no better for `name` than the state
                 itself, the improvement would be deterred.
    """

    name: str
    undeterred: tuple[str, ...]
    sanctions: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What would have to change for a state to be an equilibrium.

    enough : whether the state is an equilibrium once each of `obstacles` ranks it level with
             the best of its undeterred improvements; None where there are too many states to
             compute that anew. It need not be: preferences of one are sanctions for others.
    """

    state: str
    concept: str
    obstacles: tuple[Obstacle, ...]
    enough: bool | None


def change(found: Analysis, state: str, concept: str) -> Change:
    """Whose preferences stand in the way of an equilibrium, over which pairs of states."""
    grid = found.space
    cell = grid.cell(state)
    obstacles = []
    rank = np.array(found.rank)
    for i, name in enumerate(grid.model.names):
        said = explain(found, state, name, concept)
        open_ = [answer for answer in said.answers if answer.sanction is None]
        if open_:
            targets = tuple(answer.move.to for answer in open_)
            obstacles.append(Obstacle(name, targets, tuple(a.nearest for a in open_)))
            rank[i, cell] = max(int(found.rank[i, grid.cell(to)]) for to in targets)
    enough: bool | None = None
    if not obstacles:
        enough = True
    elif grid.cells <= MOST_RECHECKED:
        again = analyse(grid, rank=rank)
        enough = bool(again.both[cell] >> CONCEPTS.index(concept) & 1)
    return Change(state, concept, tuple(obstacles), enough)
