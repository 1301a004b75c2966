"""Google's CP-SAT, asked where the searches of our own take long.

What it finds is measured anew, in whole numbers of ours, before it counts. What it says can't
be found is its word: nothing here can check it, so that it is never a proof of ours.

It may err. Where the terms of a sum of Boolean variables pass 2^31, the presolve of versions to
9.15 at least calculates with 32 bits and calls feasible models infeasible
(https://github.com/google/or-tools/issues/5293). So sums are kept below SAFE, and the step in
which it happens is left out.
"""

from __future__ import annotations

from typing import Any

SAFE = 1 << 30
"""No sum of terms, at its largest, may be more than this."""


def solver(seconds: float) -> Any:
    """A CP-SAT solver that gives the same answer again, where it comes to its end in time."""
    from ortools.sat.python import cp_model

    made = cp_model.CpSolver()
    made.parameters.num_workers = 1
    made.parameters.random_seed = 0
    made.parameters.max_time_in_seconds = seconds
    made.parameters.presolve_inclusion_work_limit = 0
    return made
