"""Which states are stable for whom, under five ideas of foresight.

For a state s and a decision maker (DM) i, with R_i(s) what i can move to, R_i+(s) those of
them i strictly prefers to s, and R_H(s) what i's opponents H reach by legal sequences of
moves (R_H+(s): each an improvement for its mover), s is stable for i

Nash  if R_i+(s) is empty [Nash 1950; 1951];
GMR   if every s1 in R_i+(s) has some s2 in R_H(s1) that i does not prefer to s [Howard 1971];
SMR   if there is such an s2 from which no s3 in R_i(s2) is preferred to s [Howard 1971];
SEQ   as GMR with s2 in R_H+(s1) [Fraser & Hipel 1979];
SSEQ  as SMR with s2 in R_H+(s1) [Rêgo & Vieira 2017].

An equilibrium is stable for every DM. The graph model's form of these is that of Fang, Hipel
& Kilgour, Interactive Decision Making (1993).

How: let w(s2) be i's rank of s2 (GMR, SEQ), or the best that i then has or reaches (SMR,
SSEQ), and m(s1) the least w among s1 and what H reaches from it (that s1 itself counts
changes nothing: i prefers it to s). Then s is stable exactly if the largest m over R_i+(s) is
at most i's rank of s. H's moves leave i's strategy alone, so m falls apart into one slice for
each of i's strategies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve.conflict.grid import Space, ranks, space
from detente.solve.conflict.model import Model
from detente.solve.plain import Wrong

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")

DEFINITIONS = {
    "nash": "no improvement at all (Nash 1950)",
    "gmr": "every improvement can be sanctioned, by any moves of the others (Howard 1971)",
    "smr": "as GMR, and the mover has no way out of the sanction (Howard 1971)",
    "seq": "every improvement is sanctioned by moves the others gain from (Fraser & Hipel 1979)",
    "sseq": "as SEQ, and the mover has no way out of the sanction (Rêgo & Vieira 2017)",
}

Progress = Callable[[int, int], None]
_SMALL = 4096
"""Cells up to which threads would cost more than they gain."""

_BATCH = 1 << 19
"""Cells a thread takes at a time: enough to be worth it, few enough to stop soon."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """Stable states and equilibria of a model.

    space   : the states
    rank    : (DMs, cells) int32, each DM's preference, larger is better; -1 where infeasible
    stable_ : (DMs, cells) uint8, bit c set where the state is stable under CONCEPTS[c]
    both    : (cells,) uint8, the same for all DMs at once
    counts  : (DMs + 1, concepts) how many states; the last row counts equilibria
    seconds : time spent in each step
    """

    space: Space
    rank: NDArray[np.int32]
    stable_: NDArray[np.uint8]
    both: NDArray[np.uint8]
    counts: NDArray[np.int64]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """What was analysed."""
        return self.space.model

    @property
    def warnings(self) -> tuple[Wrong, ...]:
        """What is odd about the model, but has an answer all the same."""
        return self.space.warnings

    def equilibria(self, concept: str) -> list[str]:
        """The equilibria under a concept, sorted."""
        return self._listed(self.both, concept)

    def stable(self, concept: str, name: str) -> list[str]:
        """The states stable for a decision maker, sorted."""
        return self._listed(self.stable_[self.model.names.index(name)], concept)

    def is_stable(self, concept: str, name: str, state: str) -> bool:
        """Whether one state is stable for one decision maker."""
        bits = int(self.stable_[self.model.names.index(name), self.space.cell(state)])
        return bool(bits >> CONCEPTS.index(concept) & 1)

    def count(self, concept: str, name: str | None = None) -> int:
        """How many equilibria, or states stable for a decision maker."""
        row = len(self.model.names) if name is None else self.model.names.index(name)
        return int(self.counts[row, CONCEPTS.index(concept)])

    def _listed(self, bits: NDArray[np.uint8], concept: str) -> list[str]:
        cells = np.flatnonzero(bits & (1 << CONCEPTS.index(concept)))
        return sorted(self.space.names(cells))


@dataclass(frozen=True, eq=False)
class Tables:
    """A grid's structure as the kernels take it; see `kernels`."""

    shape: NDArray[np.int64]
    stride: NDArray[np.int64]
    cls: NDArray[np.int32]
    start: NDArray[np.int32]
    nc: NDArray[np.int64]
    subp: NDArray[np.int32]
    sub: NDArray[np.int32]
    supp: NDArray[np.int32]
    sup: NDArray[np.int32]


def tables(grid: Space) -> Tables:
    """The arrays that describe a grid to the kernels."""
    dms = len(grid.shape)
    nc = np.array([len(each) for each in grid.below], dtype=np.int64)
    cls = np.zeros((dms, max(grid.shape)), dtype=np.int32)
    start = np.zeros((dms, int(nc.max()) + 1), dtype=np.int32)
    for j, each in enumerate(grid.classes):
        cls[j, : len(each)] = each
        start[j] = np.searchsorted(each, np.arange(start.shape[1]))
    subp, sub = _ragged(grid.below)
    supp, sup = _ragged(grid.above)
    shape = np.array(grid.shape, dtype=np.int64)
    stride = np.array(grid.stride, dtype=np.int64)
    return Tables(shape, stride, cls, start, nc, subp, sub, supp, sup)


def _ragged(
    lists: Sequence[Sequence[Sequence[int]]],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Lists of lists for each DM as one padded array, and where each inner list begins."""
    sizes = [[len(inner) for inner in each] for each in lists]
    begins = np.zeros((len(lists), max(map(len, lists)) + 1), dtype=np.int32)
    items = np.zeros((len(lists), max(map(sum, sizes))), dtype=np.int32)
    for j, each in enumerate(lists):
        begins[j, 1 : len(each) + 1] = np.cumsum(sizes[j])
        flat = [item for inner in each for item in inner]
        items[j, : len(flat)] = flat
    return begins, items


def analyse(
    model: Model | Space,
    *,
    rank: NDArray[np.int32] | None = None,
    threads: int | None = None,
    memory: int | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Stability of every state for every decision maker, under all five concepts.

    model    : a model, or its grid from `space`
    rank     : (DMs, cells) ranks to use instead of the model's own preferences
    threads  : how many work at a time; as many as there are processors without it
    memory   : bytes it may take; what is free without it
    progress : called with steps done and steps in all

    Near-linear in states times DMs: see docs/conflict.md. Raises ModelError.
    """
    from detente.solve.conflict import kernels

    clock = _Clock()
    grid = model if isinstance(model, Space) else space(model, memory=memory)
    clock.stop("states")
    if threads is None:
        threads = processors()
    if rank is None:
        rank = ranks(grid, threads=threads if grid.cells > _SMALL else 1)
    else:
        rank = np.ascontiguousarray(rank, dtype=np.int32)
    if rank.shape != (len(grid.shape), grid.cells):
        raise ValueError(f"rank {rank.shape}: give one for each decision maker and cell")
    clock.stop("ranks")
    shared = tables(grid)
    dms, cells = rank.shape
    # A place on a line is a small number; two bytes do unless somebody has many strategies.
    small = np.uint16 if max(grid.shape) < 0xFFFF else np.uint32
    order = np.empty((dms, cells), dtype=small)
    lo = np.empty((dms, cells), dtype=small)
    best = np.empty((dms, cells), dtype=np.int32)
    stable = np.empty((dms, cells), dtype=np.uint8)
    full = grid.count == grid.cells
    with _Crew(threads, cells, progress, 3 * dms) as crew:
        for j in range(dms):
            lines = cells // grid.shape[j]
            for first, last in crew.parts(lines, grid.shape[j]):
                crew.do(
                    kernels.sort_lines, j, first, last, shared.shape, shared.stride, shared.cls,
                    shared.start, shared.supp, shared.sup, rank, order, lo, best[j],
                )  # fmt: skip
            crew.step()
        clock.stop("sorting lines")
        least = np.empty((4, cells), dtype=np.int32)
        for i in range(dms):
            free = full and all(shared.nc[j] == 1 for j in range(dms) if j != i)
            for first, last in crew.parts(grid.shape[i], cells // grid.shape[i]):
                crew.do(
                    kernels.sweep_slices, i, first, last, shared.shape, shared.stride,
                    shared.start, shared.nc, shared.subp, shared.sub, rank, order, lo, best[i],
                    free, least,
                )  # fmt: skip
            crew.step()
            clock.stop("sweeps")
            for first, last in crew.parts(cells // grid.shape[i], grid.shape[i]):
                crew.do(
                    kernels.judge_lines, i, first, last, shared.shape, shared.stride, shared.cls,
                    shared.nc, shared.supp, shared.sup, rank, least, stable[i],
                )  # fmt: skip
            crew.step()
            clock.stop("judging lines")
        del order, lo, best, least
        both = np.empty(cells, dtype=np.uint8)
        tallies = []
        for first, last in crew.parts(cells, 1):
            tallies.append(np.zeros((dms + 1, 32), dtype=np.int64))
            crew.do(kernels.bits_in_all, stable, first, last, tallies[-1], both)
        crew.step()
    has = np.arange(32)[:, None] >> np.arange(len(CONCEPTS)) & 1
    counts = np.sum(tallies, axis=0) @ has
    clock.stop("equilibria")
    for array in (rank, stable, both, counts):
        array.flags.writeable = False
    return Analysis(grid, rank, stable, both, counts, clock.seconds)


class _Clock:
    """Adds up the time of each named step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.perf_counter()

    def stop(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self.last
        self.last = now


class _Crew:
    """Threads that run kernels; small models are done in the calling thread."""

    def __init__(self, threads: int, cells: int, progress: Progress | None, steps: int) -> None:
        if threads < 1:
            raise ValueError(f"{threads} threads: give at least one")
        self.threads = threads
        self.pool = ThreadPoolExecutor(threads) if threads > 1 and cells > _SMALL else None
        self.waiting: list[Future[None]] = []
        self.stopped = False
        self.progress, self.done, self.steps = progress, 0, steps

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped = True  # after Ctrl-C: what has not begun will not
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def parts(self, count: int, cells_each: int) -> list[tuple[int, int]]:
        """Split 0..count-1 into runs of a batch each, at least one for every thread."""
        each = max(1, _BATCH // max(1, cells_each))
        if self.pool is not None:
            each = max(1, min(each, -(-count // self.threads)))
        return [(first, min(first + each, count)) for first in range(0, count, each)]

    def do(self, kernel: Callable[..., Any], *arguments: Any) -> None:
        if self.pool is None:
            kernel(*arguments)
        else:
            self.waiting.append(self.pool.submit(self._run, kernel, arguments))

    def _run(self, kernel: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        if not self.stopped:
            kernel(*arguments)

    def step(self) -> None:
        """Wait until all that was asked for is done."""
        if self.waiting:
            wait(self.waiting, return_when=FIRST_EXCEPTION)
            for each in self.waiting:
                each.result()
            self.waiting.clear()
        self.done += 1
        if self.progress is not None:
            self.progress(min(self.done, self.steps), self.steps)


def processors() -> int:
    """How many processors this process may use."""
    import os

    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:
        return os.cpu_count() or 1
