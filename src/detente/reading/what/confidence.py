"""How sure the reader is of a move: a logistic regression over signs a person can name.

The weights (data/confidence.tsv) are fitted by tools/fit_confidence.py on texts coded by hand,
so that of the moves said at 0.8 about four in five are right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

from detente.reading.tables import table

LOWEST, HIGHEST = 0.05, 0.97
RULE = "rule"
"""The name of the one sign that is a number: the log-odds of the rule's own weight."""
CONSTANT = "constant"


def of(weight: float, signs: Iterable[str]) -> float:
    """The probability that a move is told as it was read.

    weight : the matching rule's own weight, above 0 and up to 1
    signs  : names of what holds of the move; a name without a fitted weight changes nothing
    """
    weights = fitted()
    score = weights.get(CONSTANT, 0.0) + weights.get(RULE, 1.0) * log_odds(weight)
    score += sum(weights.get(sign, 0.0) for sign in signs)
    return min(HIGHEST, max(LOWEST, 1 / (1 + math.exp(-score))))


def log_odds(weight: float) -> float:
    """The log-odds of a rule's weight, kept within what a rule can mean."""
    kept = min(0.97, max(0.03, weight))
    return math.log(kept / (1 - kept))


@cache
def fitted() -> dict[str, float]:
    """The weight of each sign, as fitted."""
    return {sign: float(weight) for sign, weight in table("confidence")}
