"""Small random bargaining problems in the plain form, from a seed."""

from __future__ import annotations

import random
from typing import Any


def random_model(
    seed: int, *, parties: int | None = None, constraints: bool = True
) -> dict[str, Any]:
    """2 to 6 parties, 1 to 5 issues; many ties, fractions, negative values, constraints."""
    rng = random.Random(seed)
    names = [f"p{n}" for n in range(parties or rng.choice([2, 2, 2, 3, 3, 4, 5, 6]))]
    style = rng.choice(["few", "some", "fine", "signed"])

    def value() -> Any:
        if style == "few":
            return rng.randint(0, 3)
        if style == "some":
            return rng.randint(0, 20)
        if style == "fine":
            return rng.choice([0.1, 0.25, 1.5, 2, 3.3])
        return rng.randint(-9, 9)

    issues = {
        f"i{n}": {f"o{k}": {p: value() for p in names} for k in range(rng.randint(1, 4))}
        for n in range(rng.randint(1, 5))
    }

    def pattern() -> dict[str, Any]:
        few = rng.sample(list(issues), min(len(issues), rng.choice([1, 2, 2, 2, 3])))
        found: dict[str, Any] = {}
        for issue in few:
            options = list(issues[issue])
            some = rng.sample(options, rng.randint(1, len(options)))
            found[issue] = some[0] if len(some) == 1 else some
        return found

    many = rng.choice([0, 1, 2, 4, 6]) if constraints else 0
    plain: dict[str, Any] = {"parties": names, "issues": issues, "forbidden": [], "requires": []}
    for _ in range(many):
        if rng.random() < 0.5:
            plain["forbidden"].append(pattern())
        else:
            plain["requires"].append({"if": pattern(), "then": pattern()})
    tops = {
        p: [sum(f(v[p] for v in o.values()) for o in issues.values()) for f in (min, max)]
        for p in names
    }
    plain["walk_away"] = {
        p: round(low + rng.choice([0, 0.3, 0.5, 0.7, 1, 1.1]) * (high - low), 1)
        for p, (low, high) in tops.items()
        if rng.random() < 0.7
    }
    return plain
