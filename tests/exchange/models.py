"""Small random exchanges in the plain form, from a seed or from hypothesis."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st


def random_model(
    seed: int,
    *,
    count: int | None = None,
    most: int = 6,
    parties: int | None = None,
    state: bool = True,
) -> dict[str, Any]:
    """2 to 6 parties; precedence, recovery, trust and patience, ties, odd sizes, and a state."""
    rng = random.Random(seed)
    names = [f"p{i}" for i in range(parties or rng.choice([2, 2, 2, 3, 3, 4, 6]))]
    count = count or rng.randint(1, most)
    style = rng.random()
    deliverables: dict[str, Any] = {}
    for i in range(count):
        by = rng.choice(names)
        others = [name for name in names if name != by]
        gets = rng.sample(others, rng.randint(1, min(len(others), 2)))
        top = 3 if style < 0.4 else 12
        each: dict[str, Any] = {
            "by": by,
            "cost": rng.randint(0, top),
            "worth": {name: rng.randint(1, top) for name in gets},
        }
        if style > 0.7:
            each["cost"] = rng.choice(["0.1", "2.5", "1/3", "7", "0.7"])
        if i and rng.random() < 0.3:
            each["after"] = sorted({f"d{rng.randrange(i)}" for _ in range(rng.randint(1, 2))})
        if rng.random() < 0.3:
            each["recover"] = rng.choice(["0.5", "1", "1/3", "0.25"])
        deliverables[f"d{i}"] = each
    shuffled = list(deliverables.items())
    rng.shuffle(shuffled)
    plain: dict[str, Any] = {"parties": names, "deliverables": dict(shuffled)}
    if rng.random() < 0.6:
        plain["trust"] = {
            n: rng.choice(["1", "2", "5", "0.5", "3"]) for n in names if rng.random() < 0.7
        }
    if rng.random() < 0.6:
        plain["patience"] = {
            n: rng.choice(["0", "1", "4", "2.5"]) for n in names if rng.random() < 0.7
        }
    if state and rng.random() < 0.3:
        chosen = rng.sample(list(deliverables), rng.randint(1, count))
        kinds: dict[str, list[str]] = {"delivered": [], "broken": [], "taken_back": []}
        for name in chosen:
            kind = rng.choice(list(kinds))
            if kind == "taken_back" and "recover" not in deliverables[name]:
                kind = "delivered"
            kinds[kind].append(name)
        plain |= {kind: found for kind, found in kinds.items() if found}
    return plain


def models(most: int = 5) -> st.SearchStrategy[dict[str, Any]]:
    """As `random_model`, from hypothesis."""
    return st.integers(0, 2**32).map(lambda seed: random_model(seed, most=most))


UNITS = [(1, 0), (10_000_000, 1), (10**11, 7), (10**13, 3)]
"""What a unit is multiplied by, and what is added, so that nothing divides the numbers again."""


def long_numbers(seed: int, count: int, *, unit: int = 1, rest: int = 0) -> dict[str, Any]:
    """Costs and worths of three digits, in units of which each has many; two to six parties."""
    rng = random.Random(seed)
    names = [f"p{i}" for i in range(rng.choice([2, 2, 3, 4, 6]))]

    def number(low: int, high: int) -> int:
        return rng.randint(low, high) * unit + rest

    deliverables: dict[str, Any] = {}
    for i in range(count):
        by = rng.choice(names)
        gets = rng.choice([name for name in names if name != by])
        each: dict[str, Any] = {
            "by": by,
            "cost": number(40, 999),
            "worth": {gets: number(100, 999)},
        }
        if i and rng.random() < 0.15:
            each["after"] = [f"x{rng.randrange(i)}"]
        deliverables[f"x{i}"] = each
    trust = {name: number(200, 999) for name in names}
    return {"parties": names, "deliverables": deliverables, "trust": trust}
