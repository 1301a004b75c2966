"""In which order to give, when nobody trusts anybody: a library of its own.

    from detente.solve import exchange

    model = exchange.from_plain({
        "parties": ["a", "b"],
        "deliverables": {
            "prisoner": {"by": "a", "cost": 2, "worth": {"b": 5}},
            "funds": {"by": "b", "cost": 3, "worth": {"a": 6}},
        },
    })
    exchange.solve(model).order       # ('prisoner', 'funds')

Names are loaded as they are used: a model can be built and checked without numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

_HERE = "detente.solve."
_HOMES = {
    "Result": "exchange.results",
    "solve": "exchange.results",
    "Deliverable": "exchange.model",
    "Model": "exchange.model",
    "ModelError": "plain",
    "Range": "bargaining.model",
    "Wrong": "plain",
    "from_plain": "exchange.model",
    "to_plain": "exchange.model",
    "Safest": "exchange.order",
    "SelfEnforcing": "exchange.order",
    "safest": "exchange.order",
    "self_enforcing": "exchange.order",
    "Step": "exchange.walk",
    "highest": "exchange.walk",
    "steps": "exchange.walk",
    "sentence": "exchange.words",
    "sentences": "exchange.words",
    "Rounds": "exchange.rounds",
    "fewest_rounds": "exchange.rounds",
    "Mends": "exchange.mending",
    "Split": "exchange.mending",
    "Amount": "exchange.mending",
    "First": "exchange.mending",
    "mends": "exchange.mending",
    "split": "exchange.mending",
    "Change": "exchange.plan",
    "replan": "exchange.plan",
    "OrderShare": "exchange.uncertain",
    "Shares": "exchange.uncertain",
    "shares": "exchange.uncertain",
    "Spread": "exchange.uncertain",
    "spread": "exchange.uncertain",
    "middle": "exchange.uncertain",
    "from_package": "exchange.packages",
}

__all__ = sorted(_HOMES)

if TYPE_CHECKING:
    from detente.solve.bargaining.model import Range as Range
    from detente.solve.exchange.mending import Amount as Amount
    from detente.solve.exchange.mending import First as First
    from detente.solve.exchange.mending import Mends as Mends
    from detente.solve.exchange.mending import Split as Split
    from detente.solve.exchange.mending import mends as mends
    from detente.solve.exchange.mending import split as split
    from detente.solve.exchange.model import Deliverable as Deliverable
    from detente.solve.exchange.model import Model as Model
    from detente.solve.exchange.model import from_plain as from_plain
    from detente.solve.exchange.model import to_plain as to_plain
    from detente.solve.exchange.order import Safest as Safest
    from detente.solve.exchange.order import SelfEnforcing as SelfEnforcing
    from detente.solve.exchange.order import safest as safest
    from detente.solve.exchange.order import self_enforcing as self_enforcing
    from detente.solve.exchange.packages import from_package as from_package
    from detente.solve.exchange.plan import Change as Change
    from detente.solve.exchange.plan import replan as replan
    from detente.solve.exchange.results import Result as Result
    from detente.solve.exchange.results import solve as solve
    from detente.solve.exchange.rounds import Rounds as Rounds
    from detente.solve.exchange.rounds import fewest_rounds as fewest_rounds
    from detente.solve.exchange.uncertain import OrderShare as OrderShare
    from detente.solve.exchange.uncertain import Shares as Shares
    from detente.solve.exchange.uncertain import Spread as Spread
    from detente.solve.exchange.uncertain import middle as middle
    from detente.solve.exchange.uncertain import shares as shares
    from detente.solve.exchange.uncertain import spread as spread
    from detente.solve.exchange.walk import Step as Step
    from detente.solve.exchange.walk import highest as highest
    from detente.solve.exchange.walk import steps as steps
    from detente.solve.exchange.words import sentence as sentence
    from detente.solve.exchange.words import sentences as sentences
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
