"""The graph model for conflict resolution, as a library of its own.

    from detente.solve import conflict

    model = conflict.Model(
        {"row": ("cooperate",), "column": ("help",)},
        {
            "row": conflict.Priorities(("help", "not cooperate")),
            "column": conflict.Priorities(("cooperate", "not help")),
        },
    )
    conflict.solve(model).equilibria["nash"]        # ['NN']

Names are loaded as they are used: a model can be built and checked without numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

_HERE = "detente.solve."
_HOMES = {
    "Result": "conflict.results",
    "solve": "conflict.results",
    "Model": "conflict.model",
    "ModelError": "plain",
    "Payoffs": "conflict.model",
    "Priorities": "conflict.model",
    "Ranking": "conflict.model",
    "Wrong": "plain",
    "from_plain": "conflict.model",
    "to_plain": "conflict.model",
    "StatementError": "conflict.logic",
    "parse": "conflict.logic",
    "Space": "conflict.grid",
    "space": "conflict.grid",
    "ranks": "conflict.grid",
    "Analysis": "conflict.stability",
    "CONCEPTS": "conflict.stability",
    "DEFINITIONS": "conflict.stability",
    "analyse": "conflict.stability",
    "Answer": "conflict.why",
    "Change": "conflict.why",
    "Explanation": "conflict.why",
    "Obstacle": "conflict.why",
    "change": "conflict.why",
    "explain": "conflict.why",
    "Route": "conflict.paths",
    "Step": "conflict.paths",
    "routes": "conflict.paths",
    "CoalitionStability": "conflict.coalition",
    "coalition_stability": "conflict.coalition:coalition",  # `coalition` is its module
    "Shares": "conflict.uncertain",
    "shares": "conflict.uncertain",
    "from_gmcr": "conflict.gmcr",
}

__all__ = sorted(_HOMES)

if TYPE_CHECKING:
    from detente.solve.conflict.coalition import CoalitionStability as CoalitionStability
    from detente.solve.conflict.coalition import coalition as coalition_stability  # noqa: F401
    from detente.solve.conflict.gmcr import from_gmcr as from_gmcr
    from detente.solve.conflict.grid import Space as Space
    from detente.solve.conflict.grid import ranks as ranks
    from detente.solve.conflict.grid import space as space
    from detente.solve.conflict.logic import StatementError as StatementError
    from detente.solve.conflict.logic import parse as parse
    from detente.solve.conflict.model import Model as Model
    from detente.solve.conflict.model import Payoffs as Payoffs
    from detente.solve.conflict.model import Priorities as Priorities
    from detente.solve.conflict.model import Ranking as Ranking
    from detente.solve.conflict.model import from_plain as from_plain
    from detente.solve.conflict.model import to_plain as to_plain
    from detente.solve.conflict.paths import Route as Route
    from detente.solve.conflict.paths import Step as Step
    from detente.solve.conflict.paths import routes as routes
    from detente.solve.conflict.results import Result as Result
    from detente.solve.conflict.results import solve as solve
    from detente.solve.conflict.stability import CONCEPTS as CONCEPTS
    from detente.solve.conflict.stability import DEFINITIONS as DEFINITIONS
    from detente.solve.conflict.stability import Analysis as Analysis
    from detente.solve.conflict.stability import analyse as analyse
    from detente.solve.conflict.uncertain import Shares as Shares
    from detente.solve.conflict.uncertain import shares as shares
    from detente.solve.conflict.why import Answer as Answer
    from detente.solve.conflict.why import Change as Change
    from detente.solve.conflict.why import Explanation as Explanation
    from detente.solve.conflict.why import Obstacle as Obstacle
    from detente.solve.conflict.why import change as change
    from detente.solve.conflict.why import explain as explain
    from detente.solve.plain import ModelError as ModelError
    from detente.solve.plain import Wrong as Wrong


def __getattr__(name: str) -> object:
    """Load a public name from its home (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    home, _, own = _HOMES[name].partition(":")
    value = globals()[name] = getattr(import_module(_HERE + home), own or name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
