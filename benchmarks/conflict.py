"""How fast the conflict solver is, against matrices and as models grow.

python benchmarks/conflict.py                 # all but 2^24 states, a few minutes
python benchmarks/conflict.py --matrix        # (a) against the matrix form at 4,096 states
python benchmarks/conflict.py --growth        # (b) 2^12 to 2^22 states
python benchmarks/conflict.py --size 24       # (c) one size, in a process of its own

Every measured model has five decision makers and all five concepts are solved, from the
parsed model on: listing states, ranking them by statements, and stability. "cube" has every
combination of options; "mixed" has infeasible patterns and irreversible options, forward and
backward, of four decision makers. Before anything is timed, the kernels are loaded.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.solve.compiling import only
from detente.solve.conflict import CONCEPTS, Analysis, Model, analyse, from_plain

DMS = 5
KINDS = ("cube", "mixed")


def model(bits: int, kind: str, *, dms: int = DMS, seed: int = 1) -> Model:
    """A model of 2^bits combinations of options, shared out among the decision makers."""
    sizes = [bits // dms + (j < bits % dms) for j in range(dms)]
    makers = {f"d{j}": [f"o{j}_{i}" for i in range(size)] for j, size in enumerate(sizes)}
    options = [option for owned in makers.values() for option in owned]
    rng = np.random.default_rng(seed)
    preferences = {}
    for name in makers:
        chosen = rng.permutation(options)
        pairs = zip(chosen[::2], chosen[1::2], strict=False)
        further = zip(chosen, chosen[3:], strict=False)
        texts = [f"{a} iff {b}" for a, b in pairs] + [f"if {a} then not {b}" for a, b in further]
        preferences[name] = {"priorities": texts}
    plain: dict[str, Any] = {"decision_makers": makers, "preferences": preferences}
    if kind == "mixed":
        last = makers[f"d{dms - 1}"]
        second = makers["d1"]
        plain["infeasible"] = [
            {options[0]: "Y", last[-1]: "Y"},
            {options[1]: "Y", second[0]: "N", last[-1]: "N"},
            {makers["d2"][0]: "Y", makers["d3"][0]: "Y", options[0]: "N"},
        ]
        plain["irreversible"] = {
            options[1]: "forward",
            second[1]: "backward",
            makers["d3"][1]: "forward",
            last[0]: "backward",
            last[1]: "forward",
        }
    return from_plain(plain)


# --- (a) the matrix form ------------------------------------------------------------------------


def matrix_form(found: Analysis) -> NDArray[np.uint8]:
    """The same five concepts by matrices of states x states (Xu, Hipel, Kilgour & Fang 2018).

    J_i has a 1 for each move of i, J_i+ for each improvement; M_H for what H can reach by
    legal sequences, found by multiplying until nothing is added. P_i+ is i's preference. Then
    s is stable for i where no row of J_i+ meets an improvement that is not sanctioned. Written
    plainly in numpy, products in float32 by its BLAS; an entry counts what it counts exactly
    up to 2^24, so whether it is 0 is exact.
    """
    grid = found.space
    cells = np.flatnonzero(grid.feasible)
    digits = np.array(grid.digits(cells))
    dms, n = digits.shape
    moves = []
    for i in range(dms):
        same = np.ones((n, n), dtype=np.bool_)
        for j in range(dms):
            if j != i:
                same &= digits[j][:, None] == digits[j][None, :]
        up = np.zeros((len(grid.above[i]),) * 2, dtype=np.bool_)
        for c, classes in enumerate(grid.above[i]):
            up[c, list(classes)] = True
        cls = grid.classes[i][digits[i]]
        same &= up[cls[:, None], cls[None, :]]
        np.fill_diagonal(same, False)
        moves.append(same)
    rank = found.rank[:, cells]
    prefers = [row[None, :] > row[:, None] for row in rank]
    gains = [moves[i] & prefers[i] for i in range(dms)]
    stable = np.zeros((dms, n), dtype=np.uint8)
    for i in range(dms):
        others = [j for j in range(dms) if j != i]
        any_ = _sequences([moves[j] for j in others])
        improving = _sequences([gains[j] for j in others])
        bad = ~prefers[i].T  # bad[s2, s]: s2 is not preferred to s
        # An s3 in R_i(s2) preferred to s: a way out of the sanction s2.
        way_out = _times(moves[i], prefers[i].T)
        held = bad & ~way_out
        stable[i] |= (~gains[i].any(axis=1)).astype(np.uint8)
        for bit, reach, end in (
            (1, any_, bad), (2, any_, held), (3, improving, bad), (4, improving, held),
        ):  # fmt: skip
            deterred = _times(reach, end)  # [s1, s]: some s2 in reach of s1 ends s's gain
            open_ = (gains[i] & ~deterred.T).any(axis=1)
            stable[i] |= (~open_).astype(np.uint8) << bit
    return stable


def _times(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(a.astype(np.float32) @ b.astype(np.float32) > 0)


def _sequences(steps: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Reachability by sequences in which nobody moves twice running.

    M_j after t steps: what is reached in at most t moves of which the last is j's.
    """
    last = [step.copy() for step in steps]
    while True:
        new = []
        for j, step in enumerate(steps):
            before = np.zeros_like(step)
            for k, reached in enumerate(last):
                if k != j:
                    before |= reached
            new.append(last[j] | _times(before, step))
        if all(np.array_equal(a, b) for a, b in zip(last, new, strict=True)):
            whole = np.zeros_like(steps[0])
            for reached in last:
                whole |= reached
            return whole
        last = new


def against_matrices(bits: int) -> None:
    """(a) one run of the matrix form, the best of three of ours, and whether they agree."""
    print(f"(a) {DMS} decision makers, 2^{bits} = {1 << bits:,} combinations, all five concepts")
    print(f"{'model':8}{'states':>9}{'matrices':>12}{'detente':>12}{'times':>10}  answers")
    for kind in KINDS:
        given = model(bits, kind)
        with only("compiled"):
            analyse(given)
        ours = math.inf
        for _ in range(3):
            start = time.perf_counter()
            found = analyse(given)
            ours = min(ours, time.perf_counter() - start)
        start = time.perf_counter()
        theirs = matrix_form(found)
        taken = time.perf_counter() - start
        same = np.array_equal(theirs, found.stable_[:, found.space.feasible])
        row = f"{kind:8}{found.space.count:>9,}{taken:>10.1f} s{ours * 1e3:>9.1f} ms"
        print(f"{row}{taken / ours:>10,.0f}  {'equal' if same else 'DIFFERENT'}", flush=True)


# --- (b), (c) growth ----------------------------------------------------------------------------


def one(bits: int, kind: str, repeat: int) -> dict[str, Any]:
    """Time and memory of one size, in this process."""
    with only("compiled"):
        analyse(model(10, kind))  # loads the kernels
    given = model(bits, kind)
    best: dict[str, Any] = {"seconds": math.inf}
    for _ in range(repeat):
        start = time.perf_counter()
        found = analyse(given)
        taken = time.perf_counter() - start
        if taken < best["seconds"]:
            best = {
                "bits": bits,
                "kind": kind,
                "states": found.space.count,
                "cells": found.space.cells,
                "seconds": taken,
                "steps": found.seconds,
                "counts": {c: found.count(c) for c in CONCEPTS},
            }
        del found
    best["peak"] = peak()
    return best


def peak() -> int:
    """The most memory this process has had, in bytes."""
    try:  # what getrusage says begins, after a fork, with what the parent had
        with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def measured(bits: int, kind: str) -> dict[str, Any]:
    """As `one`, in a process of its own, so that its peak memory is its own."""
    repeat = 5 if bits <= 16 else 2 if bits <= 20 else 1
    command = [sys.executable, __file__, "--child", str(bits), kind, str(repeat)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def memory_speed() -> float:
    """Bytes a second that a plain sum over 512 MiB reads, on one core; best of five."""
    block = np.ones(1 << 26, dtype=np.int64)
    best = math.inf
    for _ in range(5):
        start = time.perf_counter()
        block.sum()
        best = min(best, time.perf_counter() - start)
    return block.nbytes / best


STEPS = ("states", "ranks", "sorting lines", "sweeps", "judging lines", "equilibria")


def table(sizes: list[int]) -> None:
    """(b), (c) a line for each size and kind, and the growth between the first and the last."""
    print(
        f"{'model':8}{'bits':>5}{'states':>13}{'seconds':>10}{'peak MiB':>10}{'ns/state/DM':>13}",
        end="",
    )
    print("   share of time: " + ", ".join(STEPS))
    for kind in KINDS:
        rows = []
        for bits in sizes:
            row = measured(bits, kind)
            rows.append(row)
            each = row["seconds"] / row["states"] / DMS * 1e9
            shares = ", ".join(f"{row['steps'][s] / row['seconds']:.0%}" for s in STEPS)
            print(
                f"{kind:8}{bits:>5}{row['states']:>13,}{row['seconds']:>10.3f}"
                f"{row['peak'] / 2**20:>10,.0f}{each:>13.0f}   {shares}",
                flush=True,
            )
        if len(rows) > 1:
            x = np.log([row["states"] for row in rows])
            y = np.log([row["seconds"] for row in rows])
            slope = np.polyfit(x, y, 1)[0]
            ends = (y[-1] - y[0]) / (x[-1] - x[0])
            print(
                f"{kind}: time grows with states to the power {slope:.2f} (end to end {ends:.2f})"
            )
        bandwidth(rows[-1])


def bandwidth(row: dict[str, Any]) -> None:
    """How far the slowest step is from reading each byte it needs once."""
    # Sweeps of one DM read, for each cell: of its opponents order and lo (2 + 2 bytes), of
    # itself rank and best (4 + 4), and write four results of 4 bytes.
    need = row["cells"] * DMS * ((DMS - 1) * 4 + 8 + 16)
    speed = memory_speed()
    took = row["steps"]["sweeps"]
    print(
        f"  memory is read at {speed / 1e9:.1f} GB/s by one core; what the sweeps must touch, "
        f"{need / 1e9:.2f} GB, would take {need / speed:.2f} s so, and took {took:.2f} s on all: "
        f"{took / (need / speed):.0f} times as long"
    )


def main() -> None:
    """Measure what was asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--matrix", action="store_true", help="(a) at --bits")
    options.add_argument("--bits", type=int, default=12)
    options.add_argument("--growth", action="store_true", help="(b)")
    options.add_argument("--size", type=int, help="(c) one size, as a power of two")
    options.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        print(json.dumps(one(int(given.child[0]), given.child[1], int(given.child[2]))))
        return
    everything = not (given.matrix or given.growth or given.size)
    if given.matrix or everything:
        against_matrices(given.bits)
    if given.growth or everything:
        print("(b) growth, all five concepts")
        table([12, 14, 16, 18, 20, 22])
    if given.size or everything:
        print("(c) one size")
        table([given.size or 20])


if __name__ == "__main__":
    main()
