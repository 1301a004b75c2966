"""How fast the bargaining solver is, on random problems; peak memory of each.

python benchmarks/bargaining.py
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

# (name, parties, issues, options, largest value, constraints)
CASES = [
    ("10^6 packages, 2 parties", 2, 6, 10, 100, 0),
    ("10^20 packages, 2 parties", 2, 20, 10, 1000, 0),
    ("5^10 packages, 3 parties", 3, 10, 5, 100, 0),
    ("10^12 packages, 2 parties, 10 constraints", 2, 12, 10, 1000, 10),
    ("5^8 packages, 4 parties", 4, 8, 5, 20, 0),
    ("10^6 packages, 3 parties", 3, 6, 10, 100, 0),
    ("10^10 packages, 2 parties", 2, 10, 10, 1000, 0),
]


def model(parties: int, issues: int, options: int, most: int, constraints: int) -> dict:
    """A random problem in the plain form; each constraint ties two to three issues."""
    rng = random.Random(1)
    names = [f"p{n}" for n in range(parties)]
    found = {
        f"i{n}": {f"o{k}": {p: rng.randint(0, most) for p in names} for k in range(options)}
        for n in range(issues)
    }
    forbidden = []
    for _ in range(constraints):
        few = rng.sample(list(found), rng.choice([2, 3]))
        forbidden.append({issue: rng.sample(list(found[issue]), 3) for issue in few})
    walk_away = dict.fromkeys(names, issues * most * 6 // 10)
    return {"parties": names, "issues": found, "forbidden": forbidden, "walk_away": walk_away}


def run(at: int) -> None:
    """One case, solved twice; the second time is told, the first compiles."""
    from detente.solve import bargaining

    _, *sizes = CASES[at]
    made = bargaining.from_plain(model(*sizes))
    for _ in range(2):
        start = time.perf_counter()
        found = bargaining.frontier(bargaining.space(made))
        bargaining.solutions(found)
        solved = time.perf_counter() - start
        start = time.perf_counter()
        count = bargaining.count_acceptable(found.space)
        counted = time.perf_counter() - start
    with Path("/proc/self/status").open(encoding="ascii") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps([len(found.points), solved, counted, count.exact, peak / 1024]))


def main() -> None:
    """All cases as a Markdown table."""
    print("| problem | points | frontier and solutions | counting | peak memory |")
    print("|---|---|---|---|---|")
    for at, (name, *_) in enumerate(CASES):
        done = subprocess.run(
            [sys.executable, __file__, str(at)], capture_output=True, text=True, check=True
        )
        points, solved, counted, exact, peak = json.loads(done.stdout)
        how = "exact" if exact else "estimate"
        print(
            f"| {name} | {points:,} | {solved * 1000:,.1f} ms | {counted:,.2f} s ({how}) "
            f"| {peak:,.0f} MiB |",
            flush=True,
        )


if __name__ == "__main__":
    run(int(sys.argv[1])) if len(sys.argv) > 1 else main()
