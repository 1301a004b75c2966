"""Compile the solvers' inner loops before anybody waits for them.

    python -m detente.solve.warming

numba keeps what it has compiled on disk, beside the source or where NUMBA_CACHE_DIR says; a
first use would do the same, while somebody waits.
"""

from __future__ import annotations


def warm() -> None:
    """Solve a small problem of each kind, so that what they need is compiled and kept."""
    _conflict()
    _deal()
    _steps()


def _conflict() -> None:
    from detente.solve.conflict.model import from_plain
    from detente.solve.conflict.paths import routes
    from detente.solve.conflict.stability import CONCEPTS, analyse
    from detente.solve.conflict.why import explain

    model = from_plain(
        {
            "decision_makers": {"a": ["x", "z"], "b": ["y"]},
            "infeasible": [{"x": "Y", "z": "Y"}],
            "irreversible": {"y": "forward"},
            "preferences": {"a": {"priorities": ["y", "not x"]}, "b": {"priorities": ["x"]}},
        }
    )
    found = analyse(model)
    for concept in CONCEPTS:
        explain(found, "NNN", "a", concept)
    routes(found, "NNN")


def _deal() -> None:
    from detente.solve.bargaining.counting import count_acceptable
    from detente.solve.bargaining.model import from_plain
    from detente.solve.bargaining.pareto import frontier
    from detente.solve.bargaining.rules import solutions
    from detente.solve.bargaining.states import space
    from detente.solve.bargaining.uncertain import shares

    for parties in (["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]):
        issues = {
            f"i{n}": {
                f"o{k}": {p: [k * at, k * at + n + 1] for at, p in enumerate(parties, 1)}
                for k in range(3)
            }
            for n in range(3)
        }
        model = from_plain({"parties": parties, "issues": issues, "forbidden": [{"i0": "o2"}]})
        shares(model, samples=50)
        exact = {
            i: {o: {p: v[0] for p, v in of.items()} for o, of in options.items()}
            for i, options in issues.items()
        }
        found = frontier(space(from_plain({"parties": parties, "issues": exact})))
        solutions(found)
        count_acceptable(found.space)


def _steps() -> None:
    from math import inf

    from detente.solve.exchange.meeting import meet
    from detente.solve.exchange.model import from_plain
    from detente.solve.exchange.order import safest, self_enforcing
    from detente.solve.exchange.rounds import fewest_rounds
    from detente.solve.exchange.scaled import losses

    deliverables = {
        f"d{n}": {
            "by": "ab"[n % 2],
            "cost": 2 + n % 3,
            "worth": {"ba"[n % 2]: 3 + n % 2},
            "after": [f"d{n - 3}"] if n > 5 else [],
        }
        for n in range(8)
    }
    model = from_plain({"parties": ["a", "b"], "deliverables": deliverables})
    found = safest(model)
    self_enforcing(model)
    fewest_rounds(model, alone=found)
    meet(losses(model, found.value), 0, len(deliverables), inf)


if __name__ == "__main__":
    warm()
