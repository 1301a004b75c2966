"""A conflict solved in one call, and its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve import showing
from detente.solve.conflict.grid import Space
from detente.solve.conflict.model import Model
from detente.solve.conflict.paths import Step
from detente.solve.conflict.stability import CONCEPTS, Analysis, Progress, analyse
from detente.solve.conflict.words import NAMES, deed, state_words
from detente.wording import counted

MOST_NAMED = 4
"""Equilibria that `repr` names under each concept."""

MOST_DRAWN = 7
"""States in the picture."""

MOST_ROWS = 20
"""Equilibria in a notebook's table."""


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """Which states of a conflict are stable for whom, and which are equilibria.

    analysis : the same as arrays over all states; what `explain`, `routes` and `change` go on from

    Everything is computed for every state and exactly: `proven` is always True. States are
    written as one Y or N for every option; lists of them are sorted.
    """

    analysis: Analysis
    proven = True

    @property
    def model(self) -> Model:
        """What was solved."""
        return self.analysis.model

    @property
    def feasible(self) -> int:
        """How many states there are."""
        return self.analysis.space.count

    @cached_property
    def equilibria(self) -> dict[str, list[str]]:
        """concept -> the states that are stable for everybody, all of them."""
        return {concept: self.analysis.equilibria(concept) for concept in CONCEPTS}

    @cached_property
    def stable(self) -> dict[str, dict[str, list[str]]]:
        """concept -> decision maker -> the states stable for it."""
        names = self.model.names
        return {c: {n: self.analysis.stable(c, n) for n in names} for c in CONCEPTS}

    def count(self, concept: str, name: str | None = None) -> int:
        """How many equilibria, or states stable for a decision maker."""
        return self.analysis.count(concept, name)

    def to_dict(self, *, count: bool = False) -> dict[str, Any]:
        """What `detente conflict --json` prints; numbers instead of lists with `count`."""
        names = self.model.names
        if not count:
            return {
                "feasible": self.feasible, "equilibria": self.equilibria, "stable": self.stable,
            }  # fmt: skip
        return {
            "feasible": self.feasible,
            "equilibria": {c: self.count(c) for c in CONCEPTS},
            "stable": {c: {n: self.count(c, n) for n in names} for c in CONCEPTS},
        }

    def to_frame(self) -> Any:
        """A row for each feasible state, as a pandas DataFrame with the index `state`.

        In groups of columns: "option" (True: taken); "rank", each decision maker's, 0 the least
        preferred; "equilibrium" under each concept; and for each concept, "nash" to "sseq", for
        whom the state is stable. Raises ImportError without pandas.
        """
        found = self.analysis
        cells = np.flatnonzero(found.space.feasible)
        states = found.space.names(cells)
        letters = np.array([list(state) for state in states]).reshape(len(states), -1)
        columns: dict[tuple[str, str], Any] = {
            ("option", option): letters[:, at] == "Y"
            for at, option in enumerate(self.model.options)
        }
        for i, name in enumerate(self.model.names):
            columns["rank", name] = found.rank[i, cells]
        for at, concept in enumerate(CONCEPTS):
            columns["equilibrium", concept] = (found.both[cells] >> at & 1).astype(np.bool_)
        for at, concept in enumerate(CONCEPTS):
            for i, name in enumerate(self.model.names):
                columns[concept, name] = (found.stable_[i, cells] >> at & 1).astype(np.bool_)
        return showing.frame(columns, states, "state")

    def __repr__(self) -> str:
        told = ", ".join(self._told(concept) for concept in CONCEPTS)
        return f"<conflict.Result: {counted(self.feasible, 'feasible state')}; equilibria: {told}>"

    def _told(self, concept: str) -> str:
        number = self.count(concept)
        named = f" ({' '.join(self.equilibria[concept])})" if 0 < number <= MOST_NAMED else ""
        return f"{NAMES[concept]} {number:,}{named}"

    def _repr_html_(self) -> str:
        """The equilibria as a table, and the moves between them as a picture."""
        found, model = self.analysis, self.model
        cells = strongest(found)
        words = [f"{counted(self.feasible, 'feasible state')} of {', '.join(model.options)}."]
        if not len(cells):
            words.append("No state is an equilibrium under any of the five concepts.")
        elif len(cells) > MOST_ROWS:
            words.append(f"{len(cells):,} states are equilibria; the first {MOST_ROWS} are shown.")
        rows = []
        for cell in cells[:MOST_ROWS].tolist():
            state = found.space.state(cell)
            marks = ["yes" if found.both[cell] >> at & 1 else "" for at in range(len(CONCEPTS))]
            rows.append([state, *marks, state_words(model, state)])
        heads = ["equilibrium", *(NAMES[c] for c in CONCEPTS), "who does what"]
        return showing.sheet(
            words, showing.table(heads, rows, left=(0, len(heads) - 1)), self._picture(cells)
        )

    def _picture(self, equilibria: NDArray[np.int64]) -> str:
        from detente import charts

        found, model = self.analysis, self.model
        grid = found.space
        shown = equilibria[:MOST_DRAWN].tolist()
        if grid.count <= MOST_DRAWN:
            shown += [c for c in np.flatnonzero(grid.feasible).tolist() if c not in shown]
        if not shown:
            return ""
        nodes = []
        for cell in shown:
            state = grid.state(cell)
            under = [NAMES[c] for at, c in enumerate(CONCEPTS) if found.both[cell] >> at & 1]
            head = f"{state} ({', '.join(under)})" if 0 < len(under) < len(CONCEPTS) else state
            label = "\n".join([head, *state_words(model, state).split("; ")])
            nodes.append(charts.Node(state, label, None, "equilibrium" if under else "way"))
        arrows = []
        for step in _improvements(found, shown):
            who = model.words.get(step.mover) or step.mover
            arrows.append(charts.Arrow(step.before, step.to, who, deed(model, step)))
        key = showing.key("conflict", nodes, arrows)
        return charts.outcomes(nodes, arrows, key=key, title="Equilibria, and who would move")


def strongest(found: Analysis) -> NDArray[np.int64]:
    """The cells that are equilibria, those under most concepts first, then by name."""
    cells = np.flatnonzero(found.both)
    strength = np.array([int(bits).bit_count() for bits in range(32)])[found.both[cells]]
    states = found.space.names(cells)
    order = sorted(range(len(cells)), key=lambda at: (-int(strength[at]), states[at]))
    return np.asarray(cells[order])


def _improvements(found: Analysis, cells: list[int]) -> Iterator[Step]:
    """The moves between some cells that their movers gain by."""
    from detente.solve.conflict.why import improvements

    grid = found.space
    for cell in cells:
        for i, name in enumerate(found.model.names):
            for to in improvements(grid, found.rank[i], i, cell):
                if to in cells:
                    yield Step(name, grid.state(cell), grid.state(to), True)


def solve(
    model: Model | Space,
    *,
    threads: int | None = None,
    memory: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Every state's stability for every decision maker, under all five concepts.

    model    : a model, or its grid from `space`
    threads, memory, progress : as for `analyse`

    Preferences left open are taken in the order written; `shares` says in what share of the
    orders that fit a state is an equilibrium. Raises ModelError.
    """
    return Result(analyse(model, threads=threads, memory=memory, progress=progress))
