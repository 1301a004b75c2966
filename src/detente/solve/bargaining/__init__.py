"""Bargaining over packages, as a library of its own.

    from detente.solve import bargaining

    model = bargaining.from_plain(
        {
            "parties": ["a", "b"],
            "issues": {
                "price": {"low": {"a": 9, "b": 2}, "high": {"a": 3, "b": 8}},
                "date": {"soon": {"a": 5, "b": 0}, "late": {"a": 0, "b": 1}},
            },
            "walk_away": {"a": 4, "b": 2},
        }
    )
    [point.package for point in bargaining.solve(model).nash]
    # [{'price': 'high', 'date': 'soon'}]

Names are loaded as they are used: a model can be built and checked without numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

_HERE = "detente.solve."
_HOMES = {
    "Point": "bargaining.results",
    "Result": "bargaining.results",
    "solve": "bargaining.results",
    "Model": "bargaining.model",
    "ModelError": "plain",
    "Package": "bargaining.model",
    "Range": "bargaining.model",
    "Requirement": "bargaining.model",
    "Wrong": "plain",
    "from_plain": "bargaining.model",
    "to_plain": "bargaining.model",
    "Space": "bargaining.states",
    "space": "bargaining.states",
    "Frontier": "bargaining.pareto",
    "TooLarge": "bargaining.pareto",
    "frontier": "bargaining.pareto",
    "Count": "bargaining.counting",
    "count_acceptable": "bargaining.counting",
    "count_packages": "bargaining.counting",
    "DEFINITIONS": "bargaining.rules",
    "RULES": "bargaining.rules",
    "Solutions": "bargaining.rules",
    "solutions": "bargaining.rules",
    "Standing": "bargaining.asking",
    "Trade": "bargaining.asking",
    "Weight": "bargaining.asking",
    "Gap": "bargaining.asking",
    "gap": "bargaining.asking",
    "standing": "bargaining.asking",
    "weights": "bargaining.asking",
    "Clash": "bargaining.clashing",
    "clash": "bargaining.clashing",
    "Matter": "bargaining.uncertain",
    "Share": "bargaining.uncertain",
    "Shares": "bargaining.uncertain",
    "shares": "bargaining.uncertain",
    "Landing": "bargaining.simulate",
    "Play": "bargaining.simulate",
    "STRATEGIES": "bargaining.simulate",
    "from_negmas": "bargaining.simulate",
    "play": "bargaining.simulate",
    "to_negmas": "bargaining.simulate",
    "DomainError": "bargaining.domains",
    "from_files": "bargaining.domains",
    "GeniusError": "bargaining.genius",
    "from_genius": "bargaining.genius",
    "to_genius": "bargaining.genius",
    "from_geniusweb": "bargaining.geniusweb",
    "from_scenario": "bargaining.scenarios",
}

__all__ = sorted(_HOMES)

if TYPE_CHECKING:
    from detente.solve.bargaining.asking import Gap as Gap
    from detente.solve.bargaining.asking import Standing as Standing
    from detente.solve.bargaining.asking import Trade as Trade
    from detente.solve.bargaining.asking import Weight as Weight
    from detente.solve.bargaining.asking import gap as gap
    from detente.solve.bargaining.asking import standing as standing
    from detente.solve.bargaining.asking import weights as weights
    from detente.solve.bargaining.clashing import Clash as Clash
    from detente.solve.bargaining.counting import Count as Count
    from detente.solve.bargaining.counting import count_acceptable as count_acceptable
    from detente.solve.bargaining.counting import count_packages as count_packages
    from detente.solve.bargaining.domains import DomainError as DomainError
    from detente.solve.bargaining.domains import from_files as from_files
    from detente.solve.bargaining.genius import GeniusError as GeniusError
    from detente.solve.bargaining.genius import from_genius as from_genius
    from detente.solve.bargaining.genius import to_genius as to_genius
    from detente.solve.bargaining.geniusweb import from_geniusweb as from_geniusweb
    from detente.solve.bargaining.model import Model as Model
    from detente.solve.bargaining.model import Package as Package
    from detente.solve.bargaining.model import Range as Range
    from detente.solve.bargaining.model import Requirement as Requirement
    from detente.solve.bargaining.model import from_plain as from_plain
    from detente.solve.bargaining.model import to_plain as to_plain
    from detente.solve.bargaining.pareto import Frontier as Frontier
    from detente.solve.bargaining.pareto import TooLarge as TooLarge
    from detente.solve.bargaining.results import Point as Point
    from detente.solve.bargaining.results import Result as Result
    from detente.solve.bargaining.results import solve as solve
    from detente.solve.bargaining.rules import DEFINITIONS as DEFINITIONS
    from detente.solve.bargaining.rules import RULES as RULES
    from detente.solve.bargaining.rules import Solutions as Solutions
    from detente.solve.bargaining.rules import solutions as solutions
    from detente.solve.bargaining.scenarios import from_scenario as from_scenario
    from detente.solve.bargaining.simulate import STRATEGIES as STRATEGIES
    from detente.solve.bargaining.simulate import Landing as Landing
    from detente.solve.bargaining.simulate import Play as Play
    from detente.solve.bargaining.simulate import from_negmas as from_negmas
    from detente.solve.bargaining.simulate import play as play
    from detente.solve.bargaining.simulate import to_negmas as to_negmas
    from detente.solve.bargaining.states import Space as Space
    from detente.solve.bargaining.states import space as space
    from detente.solve.bargaining.uncertain import Matter as Matter
    from detente.solve.bargaining.uncertain import Share as Share
    from detente.solve.bargaining.uncertain import Shares as Shares
    from detente.solve.bargaining.uncertain import shares as shares
    from detente.solve.plain import ModelError as ModelError
    from detente.solve.plain import Wrong as Wrong


def __getattr__(name: str) -> object:
    """Load a public name from its home (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HERE + _HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
