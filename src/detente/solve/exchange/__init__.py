"""In which order to give, when nobody trusts anybody: a library of its own.

    from fractions import Fraction
    from detente.solve import exchange

    model = exchange.from_plain({
        "parties": ["a", "b"],
        "deliverables": {
            "prisoner": {"by": "a", "cost": 2, "worth": {"b": 5}},
            "funds": {"by": "b", "cost": 3, "worth": {"a": 6}},
        },
    })
    exchange.safest(model).order      # ('prisoner', 'funds')

Names are loaded as they are used: a model can be built and checked without numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

_HERE = "detente.solve."
_HOMES = {
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
    "Step": "exchange.steps",
    "highest": "exchange.steps",
    "steps": "exchange.steps",
    "sentence": "exchange.words",
    "sentences": "exchange.words",
}

__all__ = sorted(_HOMES)

if TYPE_CHECKING:
    from detente.solve.bargaining.model import Range as Range
    from detente.solve.exchange.model import Deliverable as Deliverable
    from detente.solve.exchange.model import Model as Model
    from detente.solve.exchange.model import from_plain as from_plain
    from detente.solve.exchange.model import to_plain as to_plain
    from detente.solve.exchange.order import Safest as Safest
    from detente.solve.exchange.order import SelfEnforcing as SelfEnforcing
    from detente.solve.exchange.order import safest as safest
    from detente.solve.exchange.order import self_enforcing as self_enforcing
    from detente.solve.exchange.steps import Step as Step
    from detente.solve.exchange.steps import highest as highest
    from detente.solve.exchange.steps import steps as steps
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
