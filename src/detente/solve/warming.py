"""Compile the solvers' inner loops before anybody waits for them.

    python -m detente.solve.warming

numba keeps what it has compiled on disk, beside the source or where NUMBA_CACHE_DIR says; a
first use would do the same, while somebody waits.
"""

from __future__ import annotations


def warm() -> None:
    """Solve a small problem of each kind, so that what they need is compiled and kept."""
    from detente.solve.compiling import only

    with only("compiled"):
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
        walls = dict.fromkeys(parties, 6)
        plain = {"parties": parties, "issues": exact, "walk_away": walls}
        found = frontier(space(from_plain(plain)))
        solutions(found)
        count_acceptable(found.space)


def _steps() -> None:
    from math import inf

    import numpy as np

    from detente.solve.exchange.branch import FAR, ROOM, Side
    from detente.solve.exchange.kernels import FOUND
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
    # Most exchanges are settled without the search; one that fills its tables is made up.
    rng = np.random.default_rng(0)
    for n in (8, 26):
        add = rng.integers(-9, 10, (n, 3))
        free, none = np.full(3, FAR), np.zeros(n, np.uint64)
        side = Side(add, np.zeros(3, np.int64), none, np.ones(3, np.bool_), free, ROOM)
        if side.run(0, FAR, 20_000) == FOUND:
            side.found()


if __name__ == "__main__":
    warm()
