"""The definitions, word for word, in the slowest and plainest way. Nothing of the solver.

A model is a dict in the plain form; a state is a text of Y and N.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Any

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")


def truth(text: str, taken: dict[str, bool]) -> bool:
    """A statement's truth, by turning it into Python's own `not`, `and`, `or`."""
    words = re.findall(r"[\w.-]+|[()]", text)

    def python(words: list[str]) -> str:
        depth, out = 0, []
        # An `if` or `iff` of this level, if there is one, is the outermost operator.
        for i, word in enumerate(words):
            depth += (word == "(") - (word == ")")
            if depth == 0 and word == "then":
                return f"((not ({python(words[1:i])})) or ({python(words[i + 1 :])}))"
            if depth == 0 and word == "iff":
                return f"(({python(words[:i])}) == ({python(words[i + 1 :])}))"
        i = 0
        while i < len(words):
            if words[i] == "(":
                depth, end = 1, i + 1
                while depth:
                    depth += (words[end] == "(") - (words[end] == ")")
                    end += 1
                out.append(f"({python(words[i + 1 : end - 1])})")
                i = end
                continue
            known = words[i] in ("not", "and", "or")
            out.append(words[i] if known else f"taken[{words[i]!r}]")
            i += 1
        return " ".join(out)

    return bool(eval(python(words), {"taken": taken}))


class Oracle:
    def __init__(self, plain: dict[str, Any]) -> None:
        self.makers = plain["decision_makers"]
        self.options = [option for owned in self.makers.values() for option in owned]
        self.irreversible = plain.get("irreversible") or {}
        self.states = [
            "".join(letters)
            for letters in product("NY", repeat=len(self.options))
            if not any(
                all(letters[self.options.index(o)] == said for o, said in pattern.items())
                for pattern in plain.get("infeasible") or []
            )
        ]
        self.feasible = set(self.states)
        self.level = {
            name: self._levels((plain.get("preferences") or {}).get(name)) for name in self.makers
        }
        self.reach = lru_cache(None)(self._reach)

    def _levels(self, preference: Any) -> dict[str, Any]:
        """A number or list for each state, larger is better."""
        if preference is None:
            return dict.fromkeys(self.states, 0)
        if "ranking" in preference:
            return {s: -i for i, level in enumerate(preference["ranking"]) for s in level}
        return {
            s: [
                truth(t, dict(zip(self.options, (x == "Y" for x in s), strict=True)))
                for t in preference["priorities"]
            ]
            for s in self.states
        }

    def better(self, name: str, new: str, old: str) -> bool:
        return self.level[name][new] > self.level[name][old]

    @lru_cache(None)  # noqa: B019
    def moves(self, name: str, s: str) -> tuple[str, ...]:
        """R_i(s)."""
        mine = self.makers[name]
        found = []
        for other in self.states:
            changed = [o for o, a, b in zip(self.options, s, other, strict=True) if a != b]
            ways = {"forward": "Y", "backward": "N"}
            legal = all(
                o in mine
                and (
                    o not in self.irreversible
                    or other[self.options.index(o)] == ways[self.irreversible[o]]
                )
                for o in changed
            )
            if changed and legal:
                found.append(other)
        return tuple(found)

    def improvements(self, name: str, s: str) -> list[str]:
        """R_i+(s)."""
        return [other for other in self.moves(name, s) if self.better(name, other, s)]

    def _reach(self, movers: tuple[str, ...], s: str, improving: bool) -> frozenset[str]:
        """R_H(s) or R_H+(s): by sequences in which nobody moves twice in succession."""
        seen: set[tuple[str, str]] = set()  # a state and who moved there last
        todo = [(s, "")]
        while todo:
            at, last = todo.pop()
            for name in movers:
                if name == last:
                    continue
                step = self.improvements(name, at) if improving else self.moves(name, at)
                for to in step:
                    if (to, name) not in seen:
                        seen.add((to, name))
                        todo.append((to, name))
        return frozenset(to for to, _ in seen)

    def stable(self, concept: str, name: str, s: str) -> bool:
        others = tuple(other for other in self.makers if other != name)
        return self.coalition_stable(concept, (name,), others, s)

    def coalition_stable(
        self, concept: str, members: tuple[str, ...], others: tuple[str, ...], s: str
    ) -> bool:
        """For one member these are the five definitions themselves."""

        def preferred(state: str) -> bool:
            return all(self.better(name, state, s) for name in members)

        for s1 in self.reach(members, s, False):
            if not preferred(s1):
                continue
            if concept == "nash":
                return False
            sanctions = self.reach(others, s1, concept in ("seq", "sseq"))
            deterred = any(
                not preferred(s2)
                and (
                    concept in ("gmr", "seq")
                    or not any(preferred(s3) for s3 in self.reach(members, s2, False))
                )
                for s2 in sanctions
            )
            if not deterred:
                return False
        return True

    def equilibria(self, concept: str) -> list[str]:
        return [
            s for s in self.states if all(self.stable(concept, name, s) for name in self.makers)
        ]

    def result(self) -> dict[str, Any]:
        """What `detente conflict --json` prints."""
        stable = {
            c: {n: [s for s in self.states if self.stable(c, n, s)] for n in self.makers}
            for c in CONCEPTS
        }
        names = list(self.makers)
        return {
            "feasible": len(self.states),
            "equilibria": {
                c: [s for s in self.states if all(s in stable[c][n] for n in names)]
                for c in CONCEPTS
            },
            "stable": stable,
        }
