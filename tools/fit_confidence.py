"""Fits the weights of the reader's confidence: `python -m tools.fit_confidence GOLD...`.

GOLD are coded texts as `detente eval` takes them. A logistic regression with a ridge is fitted
by Newton's method on every move found in them, right if a coder has a move of its type there,
and written to src/detente/reading/data/confidence.tsv. `--part develop` fits on two thirds and
leaves the rest to be measured.

Of a record coded with a single move, the other moves found count as wrong only in part, since
some are told as well.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from pathlib import Path

import numpy as np

from detente.measure import texts as evaluate
from detente.reading.what import confidence

TABLE = Path(__file__).parent.parent / "src/detente/reading/data/confidence.tsv"
HEAD = """# What the confidence of a move is weighed from; made by tools/fit_confidence.py.
# Columns (tab): sign; weight, in log-odds
"""
RIDGE = 2.0
RAREST = 5
"""A sign seen less often gets no weight of its own."""


def main() -> None:
    """Fit and write the table."""
    parser = argparse.ArgumentParser(description="fit the reader's confidence on coded texts")
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--part", choices=["all", "develop", "aside"], default="all")
    parser.add_argument("--ridge", type=float, default=RIDGE)
    chosen = parser.parse_args()
    judged = evaluate.every_move(chosen.gold, part=chosen.part)
    seen = Counter(sign for move, _, _ in judged for sign in move.signs)
    names = sorted(sign for sign, times in seen.items() if times >= RAREST)
    rows, right, counts = [], [], []
    for move, is_right, count in judged:
        signs = set(move.signs)
        rows.append([1.0, confidence.log_odds(move.weight), *(float(n in signs) for n in names)])
        right.append(float(is_right))
        counts.append(count)
    weights = fit(np.array(rows), np.array(right), np.array(counts), chosen.ridge)
    lines = [
        f"{name}\t{weight:.3f}"
        for name, weight in zip(
            [confidence.CONSTANT, confidence.RULE, *names], weights, strict=True
        )
    ]
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(judged)} moves, {sum(right):.0f} right; {len(names)} signs -> {TABLE.name}")


def fit(rows: np.ndarray, right: np.ndarray, counts: np.ndarray, ridge: float) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the constant is not shrunk."""
    weights = np.zeros(rows.shape[1])
    weights[1] = 1.0
    prior = weights.copy()
    penalty = np.full(rows.shape[1], ridge)
    penalty[0] = 1e-6
    for _ in range(50):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (counts * (right - chance)) - penalty * (weights - prior)
        curve = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if math.sqrt(float(step @ step)) < 1e-8:
            break
    return weights


if __name__ == "__main__":
    main()
