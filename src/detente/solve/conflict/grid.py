"""The states of a model on a grid: one axis for each decision maker, its strategies along it.

A strategy is one choice of a decision maker's own options that no pattern on those options
alone forbids. So forty options that exclude each other cost forty strategies, not 2^40
states. Patterns that join decision makers mark cells of the grid as infeasible.

What i can move to from a state lies on the line through it along i's axis; which of it,
irreversible options decide. Strategies are numbered by *class*, the choice of the
irreversible options with what can't be undone counting up: i can go from class c to class d
exactly if the bits of c are among those of d.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve.conflict.model import Model, Payoffs, Priorities, Ranking
from detente.solve.plain import ModelError, Path, Wrong
from detente.wording import counted


def bytes_a_cell(dms: int) -> int:
    """Roughly what the analysis takes for each cell of the grid, all told."""
    return 13 * dms + 45


MOST_CELLS = 2**31 - 1
_MOST_STRATEGIES = 2**24
_MOST_CLASS_PAIRS = 3**14
"""Of one decision maker; 14 irreversible options that combine freely."""


@dataclass(frozen=True, eq=False)
class Space:
    """The grid of a model. Arrays are read-only; a cell is its index in the raveled grid.

    shape     : number of strategies of each decision maker
    stride    : distance, in cells, between neighbours along each axis
    tables    : for each DM (strategies, own options) bool: what each strategy takes
    feasible  : (cells,) bool
    count     : number of feasible cells
    classes   : for each DM (strategies,) class of each strategy, ascending from 0
    below     : for each DM, for each class, the classes it can be come from, itself among them
    above     : the same for the classes it can go to
    warnings  : what is odd about the model, but has an answer all the same
    """

    model: Model
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    tables: tuple[NDArray[np.bool_], ...]
    feasible: NDArray[np.bool_]
    count: int
    classes: tuple[NDArray[np.int32], ...]
    below: tuple[tuple[tuple[int, ...], ...], ...]
    above: tuple[tuple[tuple[int, ...], ...], ...]
    warnings: tuple[Wrong, ...]

    @property
    def cells(self) -> int:
        """Number of cells, infeasible ones included."""
        return prod(self.shape)

    def digits(self, cells: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """For each DM, its strategy in each of some cells."""
        return [cells // step % size for step, size in zip(self.stride, self.shape, strict=True)]

    def taken(self, cells: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(len(cells), options): which options are taken in each of some cells."""
        columns = [
            table[digit] for table, digit in zip(self.tables, self.digits(cells), strict=True)
        ]
        return np.concatenate(columns, axis=1)

    def names(self, cells: NDArray[np.int64]) -> list[str]:
        """Each of some cells as a text of Y and N."""
        letters = np.where(self.taken(cells), b"Y", b"N").astype("S1")
        if not letters.size:
            return []
        joined = np.ascontiguousarray(letters).view(f"S{letters.shape[1]}").ravel()
        return [name.decode() for name in joined.tolist()]

    def state(self, cell: int) -> str:
        """One cell as a text of Y and N."""
        return self.names(np.array([cell], dtype=np.int64))[0]

    def cells_of(self, states: Sequence[str]) -> NDArray[np.int64]:
        """The cell of each state; -1 where a strategy is impossible or the text no state."""
        found = np.zeros(len(states), dtype=np.int64)
        start = 0
        size = sum(table.shape[1] for table in self.tables)
        wrong = np.array([len(s) != size or bool(set(s) - {"Y", "N"}) for s in states], dtype=bool)
        for table, step in zip(self.tables, self.stride, strict=True):
            width = table.shape[1]
            number = {"".join("NY"[int(b)] for b in row): a for a, row in enumerate(table)}
            for i, state in enumerate(states):
                a = number.get(state[start : start + width])
                if a is None:
                    wrong[i] = True
                else:
                    found[i] += a * step
            start += width
        found[wrong] = -1
        return found

    def holds(self, cells: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some cells, as `cells_of` gives them, are feasible states."""
        return (cells >= 0) & self.feasible[cells]

    def cell(self, state: str) -> int:
        """The cell of a feasible state. Raises ModelError for anything else."""
        options = self.model.options
        if not _is_state(self.model, state):
            each = counted(len(options), "option")
            do = f"Write Y or N for each of the {each}: {', '.join(options)}."
            raise ModelError(Wrong((), f"`{state}` is no state", do))
        cell = int(self.cells_of([state])[0])
        if cell < 0 or not self.feasible[cell]:
            broken = self._pattern_of(state)
            raise ModelError(Wrong((), f"the state {state} is infeasible{broken}"))
        return cell

    def _pattern_of(self, state: str) -> str:
        taken = dict(zip(self.model.options, (letter == "Y" for letter in state), strict=True))
        for pattern in self.model.infeasible:
            if all(taken[option] == said for option, said in pattern.items()):
                inside = ", ".join(f"{o}: {'Y' if y else 'N'}" for o, y in pattern.items())
                return f": it fits the pattern {{{inside}}}"
        return ""

    def option_values(self) -> dict[str, NDArray[np.bool_]]:
        """For each option, an array that broadcasts to the grid: whether it is taken."""
        values: dict[str, NDArray[np.bool_]] = {}
        for axis, (owned, table) in enumerate(
            zip(self.model.decision_makers.values(), self.tables, strict=True)
        ):
            along = [1] * len(self.shape)
            along[axis] = self.shape[axis]
            for i, option in enumerate(owned):
                values[option] = table[:, i].reshape(along)
        return values


def space(model: Model, *, memory: int | None = None) -> Space:
    """The grid of a model.

    memory : bytes the analysis may take; what the machine has free without it

    Raises ModelError when no state is feasible, or when the model is larger than the memory.
    """
    makers = list(model.decision_makers.items())
    limit = min(_MOST_STRATEGIES, MOST_CELLS)
    tables = [_strategies(model, name, owned, limit) for name, owned in makers]
    if any(len(table) == 0 for table in tables):
        name = next(n for (n, _), table in zip(makers, tables, strict=True) if len(table) == 0)
        do = f"The patterns on {name}'s own options leave it no choice at all. Remove one."
        raise ModelError(Wrong(("infeasible",), "no state is feasible", do))
    cells = prod(map(len, tables))
    _refuse_too_large(cells, len(tables), memory)
    classes, below, above = [], [], []
    for i, (name, owned) in enumerate(makers):
        bits = _class_bits(model, owned, tables[i])
        order = np.argsort(bits, kind="stable")
        tables[i] = tables[i][order]
        tables[i].flags.writeable = False
        patterns, numbers = np.unique(bits[order], return_inverse=True)
        if len(patterns) > 3 and _class_pairs(patterns) > _MOST_CLASS_PAIRS:
            count = sum(option in model.irreversible for option in owned)
            what = f"{name} has {count} irreversible options that combine in too many ways"
            raise ModelError(Wrong(("irreversible",), what, "Make fewer of them irreversible."))
        classes.append(numbers.astype(np.int32))
        down, up = _relations([int(pattern) for pattern in patterns])
        below.append(down)
        above.append(up)
    shape = tuple(map(len, tables))
    stride = tuple(prod(shape[i + 1 :]) for i in range(len(shape)))
    feasible = _feasible(model, shape, tables)
    count = int(np.count_nonzero(feasible))
    if count == 0:
        do = "Every state fits one of the patterns. Remove one."
        raise ModelError(Wrong(("infeasible",), "no state is feasible", do))
    odd = (*model.warnings, *_useless(model, feasible.reshape(shape), tables))
    feasible.flags.writeable = False
    found = Space(
        model,
        shape,
        stride,
        tuple(tables),
        feasible,
        count,
        tuple(classes),
        tuple(below),
        tuple(above),
        odd,
    )
    return replace(found, warnings=(*odd, *_left_out(found)))


def _strategies(model: Model, name: str, owned: Sequence[str], limit: int) -> NDArray[np.bool_]:
    """The choices of a DM's options that no pattern on them alone forbids, N before Y."""
    index = {option: i for i, option in enumerate(owned)}
    patterns = [
        {index[option]: said for option, said in pattern.items()}
        for pattern in model.infeasible
        if all(option in index for option in pattern)
    ]
    last = max((max(pattern) for pattern in patterns), default=-1)
    table = np.zeros((1, len(owned)), dtype=np.bool_)
    for i in range(len(owned)):
        with_it = table.copy()
        with_it[:, i] = True
        # Row by row "without, with", so that the order stays that of the texts.
        table = np.stack([table, with_it], axis=1).reshape(-1, len(owned))
        for pattern in patterns:
            if max(pattern) == i:
                fits = np.ones(len(table), dtype=np.bool_)
                for option, said in pattern.items():
                    fits &= table[:, option] == said
                table = table[~fits]
        # Past the last pattern every option only doubles them: no need to make them to know.
        doublings = len(owned) - 1 - i if i >= last else 0
        if len(table) << doublings > limit:
            what = f"{name}'s options combine in more than {limit:,} ways"
            do = "Say which of them exclude each other, as infeasible patterns."
            raise ModelError(Wrong(("decision_makers", name), what, do))
    return table


def _refuse_too_large(cells: int, dms: int, memory: int | None) -> None:
    free = memory if memory is not None else free_memory()
    need = cells * bytes_a_cell(dms)
    if cells > MOST_CELLS or (free is not None and need > free):
        has = f"; {_size(free)} are free" if free is not None else ""
        what = f"{cells:,} combinations of strategies would take about {_size(need)} of memory{has}"
        do = "Say which options exclude each other, or leave out options that matter little."
        raise ModelError(Wrong((), what, do))


def _size(count: int) -> str:
    for unit, scale in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20)):
        if count >= scale:
            return (
                f"{count / scale:,.0f} {unit}" if count < 1e6 * scale else f"over a million {unit}"
            )
    return f"{count:,} bytes"


def free_memory() -> int | None:
    """Bytes of memory this process may still take, None where the system does not say."""
    found = []
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:  # noqa: PTH123
            found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvail")]
    except (OSError, ValueError):
        try:
            found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        except (ValueError, OSError, AttributeError):
            return None
    for folder, most, used in (
        ("/sys/fs/cgroup", "memory.max", "memory.current"),
        ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
    ):
        try:
            with open(f"{folder}/{most}") as limit, open(f"{folder}/{used}") as current:  # noqa: PTH123
                found.append(max(0, int(limit.read()) - int(current.read())))
        except (OSError, ValueError):
            continue
    try:
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            found.append(soft)
    except (ImportError, OSError):
        pass
    return min(found) if found else None


def _class_bits(model: Model, owned: Sequence[str], table: NDArray[np.bool_]) -> NDArray[np.int64]:
    bits = np.zeros(len(table), dtype=np.int64)
    for i, option in enumerate(owned):
        way = model.irreversible.get(option)
        if way is not None:
            gone = table[:, i] if way == "forward" else ~table[:, i]
            bits = bits * 2 + gone
    return bits


def _class_pairs(patterns: NDArray[np.int64]) -> float:
    """At most how many pairs of classes a move can join."""
    ones = np.array([int(pattern).bit_count() for pattern in patterns])
    return float(min(len(patterns) ** 2, np.sum(2.0**ones)))


def _relations(
    patterns: Sequence[int],
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """For each class the classes below and above it, itself among them."""
    number = {pattern: c for c, pattern in enumerate(patterns)}
    above: list[list[int]] = [[] for _ in patterns]
    below = []
    for c, pattern in enumerate(patterns):
        ones = pattern.bit_count()
        if 1 << ones <= len(patterns):
            subsets: list[int] = []
            inside = pattern
            while True:
                if inside in number:
                    subsets.append(number[inside])
                if inside == 0:
                    break
                inside = (inside - 1) & pattern
        else:
            subsets = [d for d, other in enumerate(patterns) if other & ~pattern == 0]
        below.append(tuple(sorted(subsets)))
        for d in subsets:
            above[d].append(c)
    return tuple(below), tuple(map(tuple, above))


def _feasible(
    model: Model, shape: tuple[int, ...], tables: Sequence[NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    grid = np.ones(shape, dtype=np.bool_)
    makers = list(model.decision_makers.values())
    for pattern in model.infeasible:
        sides = []
        concerned = 0
        for owned, table in zip(makers, tables, strict=True):
            fits = np.ones(len(table), dtype=np.bool_)
            mine = [(i, pattern[option]) for i, option in enumerate(owned) if option in pattern]
            for i, said in mine:
                fits &= table[:, i] == said
            concerned += bool(mine)
            sides.append(np.flatnonzero(fits) if mine else slice(None))
        if concerned > 1:
            _forbid(grid, sides)
    return grid.reshape(-1)


def _forbid(grid: NDArray[np.bool_], sides: Sequence[Any]) -> None:
    """Set to False every cell whose index on each axis is among the given ones."""
    outer = sides[0]
    rows = range(grid.shape[0]) if isinstance(outer, slice) else outer
    if grid.ndim == 1:
        grid[outer] = False
    elif isinstance(outer, slice) and all(isinstance(side, slice) for side in sides):
        grid[...] = False
    elif all(isinstance(side, slice) for side in sides[1:]):
        grid[outer] = False
    else:
        # Whole rows at a time: numpy's open mesh would build an index for every cell.
        for row in rows:
            _forbid(grid[row], sides[1:])


def _useless(
    model: Model, grid: NDArray[np.bool_], tables: Sequence[NDArray[np.bool_]]
) -> Iterator[Wrong]:
    """Irreversible options that forbid no move."""
    for axis, (name, owned) in enumerate(model.decision_makers.items()):
        for i, option in enumerate(owned):
            if option not in model.irreversible:
                continue
            column = tables[axis][:, i]
            with_it = np.take(grid, np.flatnonzero(column), axis=axis).any(axis=axis)
            without = np.take(grid, np.flatnonzero(~column), axis=axis).any(axis=axis)
            if not with_it.any() or not without.any():
                always = "taken" if with_it.any() else "left out"
                what = f"the irreversible option `{option}` traps nothing"
                what += f": it is {always} in every feasible state"
                do = f"Remove it here, or the pattern that fixes it, so that {name} has a choice."
                yield Wrong(("irreversible", option), what, do)
            elif not (with_it & without).any():
                what = f"the irreversible option `{option}` forbids no move: nothing but it would "
                yield Wrong(("irreversible", option), f"{what}change", "Remove it here.")


def _left_out(grid: Space) -> Iterator[Wrong]:
    """Infeasible states that are ranked or given payoffs: what is said of them counts not."""
    for name, preference in grid.model.preferences.items():
        path: Path = ("preferences", name)
        if isinstance(preference, Ranking):
            if sum(map(len, preference.levels)) == grid.count:
                continue  # each feasible one, or some are missing and that is said
            for i, level in enumerate(preference.levels):
                for j in np.flatnonzero(~grid.holds(grid.cells_of(level))).tolist():
                    what = f"the ranking holds {level[j]}, which is infeasible"
                    what += grid._pattern_of(level[j])
                    yield Wrong((*path, "ranking", i, j), what, "It is left out. Remove it.")
        elif isinstance(preference, Payoffs) and isinstance(preference.values, Mapping):
            states = [state for state in preference.values if _is_state(grid.model, state)]
            for k in np.flatnonzero(~grid.holds(grid.cells_of(states))).tolist():
                what = f"payoffs for {states[k]}, which is infeasible"
                what += grid._pattern_of(states[k])
                yield Wrong(path, what, "They are left out. Remove them.")


def _is_state(model: Model, text: str) -> bool:
    return len(text) == len(model.options) and not set(text) - {"Y", "N"}


# --- preferences as ranks -----------------------------------------------------------------------


def ranks(grid: Space, *, threads: int = 1) -> NDArray[np.int32]:
    """(DMs, cells): how each DM ranks each state, larger is better; -1 where infeasible.

    Ranks are 0, 1, 2, ... without gaps: only the order of preference has a meaning. Raises
    ModelError for a ranking that misses states, and for payoffs that are no numbers.

    threads : decision makers are ranked side by side by so many
    """
    found = np.zeros((len(grid.shape), grid.cells), dtype=np.int32)
    values = grid.option_values()
    wrongs: list[Wrong] = []

    def fill(i: int) -> None:
        try:
            _rank(grid, grid.model.names[i], values, found[i])
        except ModelError as error:
            wrongs.extend(error.wrongs)

    if threads == 1:
        for i in range(len(grid.shape)):
            fill(i)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(fill, range(len(grid.shape))))
    if wrongs:
        raise ModelError(
            sorted(wrongs, key=lambda wrong: grid.model.names.index(str(wrong.path[1])))
        )
    return found


def _rank(
    grid: Space, name: str, values: Mapping[str, NDArray[np.bool_]], out: NDArray[np.int32]
) -> None:
    preference = grid.model.preferences.get(name)
    path: Path = ("preferences", name)
    if isinstance(preference, Ranking):
        _by_ranking(grid, preference.levels, path, out)
    elif isinstance(preference, Payoffs):
        _by_payoffs(grid, preference, path, values, out)
    elif isinstance(preference, Priorities):
        _by_statements(grid, name, values, out)
    if grid.count < grid.cells:
        out[~grid.feasible] = -1


def _by_statements(
    grid: Space, name: str, values: Mapping[str, NDArray[np.bool_]], out: NDArray[np.int32]
) -> None:
    """Lexicographic ranks by refinement: each statement splits the levels so far in two.

    Levels are renumbered without gaps whenever the numbers grow too large for a table, so
    there may be any number of statements.
    """
    most = max(1 << 16, 4 * grid.cells)
    shaped = out.reshape(grid.shape)
    levels = 1
    # Statements about few decision makers are combined on their few axes first.
    packed: NDArray[np.int32] = np.zeros((1,) * len(grid.shape), dtype=np.int32)
    width = 1
    for statement in grid.model.statements(name):
        if levels * width * 2 > most:
            shaped *= width
            shaped += packed
            levels = _close_gaps(grid, out, levels * width)
            packed, width = np.zeros((1,) * len(grid.shape), dtype=np.int32), 1
        packed = packed * np.int32(2) + statement.value(values.__getitem__)
        width *= 2
    shaped *= width
    shaped += packed
    _close_gaps(grid, out, levels * width)


def _close_gaps(grid: Space, out: NDArray[np.int32], levels: int) -> int:
    """Renumber levels 0..k-1 in order, by those of feasible cells; returns k."""
    there = np.zeros(levels, dtype=np.bool_)
    there[out if grid.count == grid.cells else out[grid.feasible]] = True
    number = np.cumsum(there, dtype=np.int32) - np.int32(1)
    np.take(number, out, out=out, mode="clip")
    return int(number[-1]) + 1


def _by_ranking(
    grid: Space, levels: Sequence[Sequence[str]], path: Path, out: NDArray[np.int32]
) -> None:
    out[:] = -1
    placed = [cells[grid.holds(cells)] for cells in map(grid.cells_of, levels)]
    placed = [cells for cells in placed if len(cells)]
    for i, cells in enumerate(reversed(placed)):
        out[cells] = i
    missing = np.flatnonzero(grid.feasible & (out < 0))
    if len(missing):
        raise ModelError(Wrong((*path, "ranking"), *_missing(grid, missing, "the ranking")))


def _missing(grid: Space, cells: NDArray[np.int64], where: str) -> tuple[str, str]:
    shown = ", ".join(grid.names(cells[:5])) + (", ..." if len(cells) > 5 else "")
    states = counted(grid.count, "feasible state")
    what = f"{where} misses {len(cells):,} of the {states}: {shown}"
    return what, "Every feasible state must stand in it once."


def _by_payoffs(
    grid: Space,
    preference: Payoffs,
    path: Path,
    values: Mapping[str, NDArray[np.bool_]],
    out: NDArray[np.int32],
) -> None:
    if isinstance(preference.values, Mapping):
        for state in preference.values:
            if not _is_state(grid.model, state):
                what = f"payoffs for {state}, which is no state"
                raise ModelError(Wrong(path, what, "Remove it."))
        states = list(preference.values)
        cells = grid.cells_of(states)
        there = grid.holds(cells)
        given = np.zeros(grid.cells, dtype=np.bool_)
        given[cells[there]] = True
        missing = np.flatnonzero(grid.feasible & ~given)
        if len(missing):
            raise ModelError(Wrong(path, *_missing(grid, missing, "the payoffs")))
        numbers = [
            number for number, holds in zip(preference.values.values(), there, strict=True) if holds
        ]
        _refuse_nan(path, any(number != number for number in numbers))
        # Python's own numbers: an integer beyond 2^53 is not rounded.
        level = {number: i for i, number in enumerate(sorted(set(numbers)))}
        out[cells[there]] = [level[number] for number in numbers]
        return
    computed = np.asarray(preference.values(values))
    payoff = np.broadcast_to(computed, grid.shape).reshape(-1)[grid.feasible]
    _refuse_nan(path, bool(np.any(payoff != payoff)))
    out[grid.feasible] = np.unique(payoff, return_inverse=True)[1]


def _refuse_nan(path: Path, found: bool) -> None:
    if found:
        raise ModelError(Wrong(path, "a payoff is no number", "Give every state a number."))
