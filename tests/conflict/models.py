"""Small random models in the plain form, from a seed or from hypothesis."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from conflict.oracle import Oracle


def statement(rng: random.Random, options: list[str], depth: int = 0) -> str:
    """A random statement of the small logic."""

    def operand(kind: str) -> str:
        inner = statement(rng, options, depth + 1)
        return f"({inner})" if kind or rng.random() < 0.2 else inner

    pick = rng.random()
    if depth > 2 or pick < 0.45:
        name = rng.choice(options)
        return name if rng.random() < 0.5 else f"not {name}"
    if pick < 0.65:
        return " and ".join(operand("(") for _ in range(rng.randint(2, 3)))
    if pick < 0.8:
        return " or ".join(operand("(") for _ in range(rng.randint(2, 3)))
    if pick < 0.9:
        return f"if {operand('(')} then {operand('(')}"
    return f"{operand('(')} iff {operand('(')}"


def random_model(seed: int, *, dms: int | None = None, most: int = 6) -> dict[str, Any]:
    """2 to 8 decision makers; infeasible patterns, irreversible options, ties, indifference."""
    rng = random.Random(seed)
    dms = dms or rng.choice([2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 8])
    size = rng.randint(max(2, min(dms, most) - 1), most)
    owners = [rng.randrange(dms) for _ in range(size)]
    options = [f"o{i}" for i in range(size)]
    makers = {
        f"d{j}": [o for o, w in zip(options, owners, strict=True) if w == j] for j in range(dms)
    }
    options = [o for owned in makers.values() for o in owned]
    style = rng.random()
    patterns = []
    for _ in range(rng.choice([0, 0, 1, 2, 3, 5])):
        chosen = rng.sample(options, min(size, rng.choice([2, 2, 3, size])))
        patterns.append({o: rng.choice("YN") for o in chosen})
    ways = {
        o: rng.choice(["forward", "backward"])
        for o in options
        if rng.random() < (0 if style < 0.3 else 0.35)
    }
    plain: dict[str, Any] = {
        "decision_makers": makers,
        "infeasible": patterns,
        "irreversible": ways,
        "preferences": {},
    }
    states = Oracle(plain).states
    for option in list(ways):  # one that never changes is refused
        if len({s[options.index(option)] for s in states}) < 2:
            del ways[option]
    for name in makers:
        pick = rng.random()
        if pick < 0.1:
            continue
        if pick < 0.55:
            count = rng.randint(0, 6)
            plain["preferences"][name] = {
                "priorities": [statement(rng, options) for _ in range(count)]
            }
        else:
            shuffled = rng.sample(states, len(states))
            levels = [[s] for s in shuffled[:1]]
            for s in shuffled[1:]:
                if rng.random() < rng.choice([0, 0.2, 0.7]):
                    levels[-1].append(s)
                else:
                    levels.append([s])
            plain["preferences"][name] = {
                "ranking": [sorted(level) for level in levels] if states else []
            }
    return plain


def models(most: int = 6) -> st.SearchStrategy[dict[str, Any]]:
    """Random models with at least one feasible state."""
    seeds = st.integers(0, 2**40)
    return seeds.map(lambda seed: random_model(seed, most=most)).filter(
        lambda plain: bool(Oracle(plain).states)
    )
