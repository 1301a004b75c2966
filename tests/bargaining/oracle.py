"""The definitions, word for word, over every package. Nothing of the solver.

A model is a dict in the plain form with exact values; vectors are tuples of Fractions in the
order of the parties.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import Any

Vector = tuple[Fraction, ...]


def taken(pattern: dict[str, Any], package: dict[str, str]) -> bool:
    """The package has what the pattern says, in every issue it names."""
    return all(
        package[issue] in (said if isinstance(said, list) else [said])
        for issue, said in pattern.items()
    )


class Oracle:
    """Every feasible package of a model, and what the definitions say of them."""

    def __init__(self, plain: dict[str, Any]) -> None:
        self.plain = plain
        self.parties = plain["parties"]
        self.limit = [Fraction(str(plain.get("walk_away", {}).get(p, 0))) for p in self.parties]
        issues = plain["issues"]
        self.packages = [
            package
            for chosen in product(*issues.values())
            if self.allowed(package := dict(zip(issues, chosen, strict=True)))
        ]
        self.values = [self.worth(package) for package in self.packages]
        self.acceptable = sorted({v for v in self.values if all(g >= 0 for g in self.gains(v))})

    def allowed(self, package: dict[str, str]) -> bool:
        return not any(taken(each, package) for each in self.plain.get("forbidden", [])) and all(
            taken(each["then"], package)
            for each in self.plain.get("requires", [])
            if taken(each.get("if", {}), package)
        )

    def worth(self, package: dict[str, str]) -> Vector:
        return tuple(
            sum(
                (Fraction(str(self.plain["issues"][i][o][p])) for i, o in package.items()),
                Fraction(0),
            )
            for p in self.parties
        )

    def gains(self, vector: Vector) -> Vector:
        return tuple(v - w for v, w in zip(vector, self.limit, strict=True))

    @property
    def n_acceptable(self) -> int:
        good = set(self.acceptable)
        return sum(v in good for v in self.values)

    def pareto(self) -> list[Vector]:
        distinct = sorted(set(self.values))
        return [
            v
            for v in distinct
            if not any(w != v and all(a >= b for a, b in zip(w, v, strict=True)) for w in distinct)
        ]

    def nash(self) -> list[Vector]:
        if not self.acceptable:
            return []
        sets: dict[frozenset[int], list[Vector]] = {}
        for v in self.acceptable:
            sets.setdefault(frozenset(n for n, g in enumerate(self.gains(v)) if g > 0), []).append(
                v
            )
        most = max(map(len, sets))
        found = []
        for who, vectors in sets.items():
            if len(who) == most:
                products = [prod(self.gains(v)[n] for n in who) for v in vectors]
                found += [v for v, p in zip(vectors, products, strict=True) if p == max(products)]
        return sorted(found)

    def kalai_smorodinsky(self) -> list[Vector]:
        if not self.acceptable:
            return []
        gains = [self.gains(v) for v in self.acceptable]
        ideal = [max(g[n] for g in gains) for n in range(len(self.parties))]
        shares = [[g[n] / ideal[n] for n in range(len(ideal)) if ideal[n]] for g in gains]
        return self.leximin(shares)

    def egalitarian(self) -> list[Vector]:
        return self.leximin([list(self.gains(v)) for v in self.acceptable])

    def leximin(self, rows: list[list[Fraction]]) -> list[Vector]:
        if not rows:
            return []
        best = max(sorted(row) for row in rows)
        return [v for v, row in zip(self.acceptable, rows, strict=True) if sorted(row) == best]

    def utilitarian(self) -> list[Vector]:
        best = max(map(sum, self.acceptable), default=None)
        return [v for v in self.acceptable if sum(v) == best]

    def smallest_clash(self) -> int:
        """How many constraints a smallest set has that leaves no package."""
        forbidden, requires = self.plain.get("forbidden", []), self.plain.get("requires", [])
        every = [("forbidden", c) for c in forbidden] + [("requires", c) for c in requires]
        for size in range(len(every) + 1):
            for few in combinations(every, size):
                plain = {
                    **self.plain,
                    "forbidden": [c for kind, c in few if kind == "forbidden"],
                    "requires": [c for kind, c in few if kind == "requires"],
                }
                if not Oracle(plain).packages:
                    return size
        raise AssertionError("no set of the constraints clashes")
