"""How fast the bargaining solver is, on random problems; peak memory of each.

python benchmarks/bargaining.py            beside NegMAS, where that is installed
python benchmarks/bargaining.py --growth   by issues, options and parties
python benchmarks/bargaining.py --three    where the time of 100,000 points for three parties goes
"""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from detente.solve.compiling import only

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
    print(json.dumps([len(found.points), solved, counted, count.exact, peak()]))


def shares() -> None:
    """100,000 draws on 10^4 packages; the first run compiles."""
    from detente.solve import bargaining

    plain = model(2, 4, 10, 100, 0)
    rng = random.Random(2)
    for options in plain["issues"].values():
        for of in options.values():
            for party, value in of.items():
                of[party] = [value, value + rng.randint(1, 30)]
    made = bargaining.from_plain(plain)
    bargaining.shares(made, samples=100)
    start = time.perf_counter()
    found = bargaining.shares(made, samples=100_000)
    print(json.dumps([time.perf_counter() - start, len(found.packages), peak()]))


SMALL = 3, 4
"""A problem of fewer than a hundred packages: issues, options."""


def seconds(call: Callable[[], object], least: float = 0.2) -> float:
    """Seconds of one core a call takes, on the average of as many as fill `least`."""
    call()  # compiles, and fills caches
    start, times = time.process_time(), 0
    while time.process_time() - start < least:
        call()
        times += 1
    return (time.process_time() - start) / times


def negmas(issues: int, options: int) -> None:
    """NegMAS's frontier and Nash point beside ours with all solutions; 2 parties.

    The plain call: functions in, points out. nash_points is given the outcome space; given the
    list of outcomes it looks for every function's range in it, which takes three times as long
    as the frontier.
    """
    from negmas.preferences.ops import nash_points, pareto_frontier

    from detente.solve import bargaining

    plain = model(2, issues, options, 100, 0)
    del plain["walk_away"]
    made = bargaining.from_plain(plain)
    ufuns = bargaining.to_negmas(made)
    space = ufuns[0].outcome_space

    def theirs() -> int:
        points, _ = pareto_frontier(ufuns)
        nash_points(ufuns, points, outcome_space=space)
        return len({tuple(p) for p in points})

    def ours() -> int:
        found = bargaining.frontier(bargaining.space(made))
        bargaining.solutions(found)
        return len(found.points)

    print(json.dumps([theirs(), ours(), seconds(theirs), seconds(ours), peak()]))


def three(issues: int) -> None:
    """A frontier of some hundred thousand points, three parties; then what `detente deal` says."""
    import cProfile
    import pstats

    from detente.brief import deal as show
    from detente.solve import bargaining

    made = bargaining.from_plain(model(3, issues, 10, 1000, 0))
    small = bargaining.from_plain(model(3, 3, 3, 1000, 0))
    bargaining.solutions(bargaining.frontier(bargaining.space(small)))
    parts: dict[str, float] = {}

    def timed(name: str, call: Callable[[], Any]) -> Any:
        start = time.process_time()
        found = call()
        parts[name] = time.process_time() - start
        return found

    profile = cProfile.Profile()
    space = bargaining.space(made)
    found = timed("frontier", lambda: profile.runcall(bargaining.frontier, space))
    best = timed("solutions", lambda: bargaining.solutions(found))
    count = timed("counting", lambda: bargaining.count_acceptable(space))
    number = bargaining.count_packages(space)
    solved = bargaining.Result(found, best, number, count, None)
    timed("as text", lambda: show.deal_text(solved))
    timed("as JSON", lambda: json.dumps(solved.to_dict()))
    print(f"{len(found.points):,} points, {issues} issues; seconds of one core:")
    for name, took in parts.items():
        print(f"  {name}: {took:.2f}")
    print(f"peak memory {peak():,.0f} MiB; where the frontier's time goes:")
    stats = pstats.Stats(profile).get_stats_profile().func_profiles
    for name, each in sorted(stats.items(), key=lambda item: -item[1].tottime)[:6]:
        print(f"  {each.tottime:.2f}  {name}")


def peak() -> float:
    """This process's peak memory in MiB."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def growth() -> None:
    """Seconds by issues, options and parties, until a minute or the memory is used up."""
    from detente.solve import bargaining

    print("| parties | issues | options | values to | packages | points | seconds |")
    print("|---|---|---|---|---|---|---|")
    sizes = [(2, n, 10, 1000) for n in (5, 10, 20, 40, 80)]
    sizes += [(2, 10, k, 1000) for k in (2, 5, 20, 50, 100)]
    sizes += [(2, 20, 10, most) for most in (10, 100, 10_000, 100_000)]
    sizes += [(3, n, 5, 100) for n in (5, 10, 15, 20)]
    sizes += [(d, 6, 5, 100) for d in (2, 3, 4, 5, 6)]
    for parties, issues, options, most in sizes:
        made = bargaining.from_plain(model(parties, issues, options, most, 0))
        space = bargaining.space(made)
        start = time.perf_counter()
        try:
            points = f"{len(bargaining.frontier(space).points):,}"
        except bargaining.TooLarge:
            points = "more than 1 GiB holds"
        seconds = time.perf_counter() - start
        print(
            f"| {parties} | {issues} | {options} | {most:,} | {options}^{issues} | {points} "
            f"| {seconds:,.3f} |",
            flush=True,
        )


def _run(*arguments: str) -> list:
    done = subprocess.run(
        [sys.executable, __file__, *arguments], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def main() -> None:
    """All cases as a Markdown table."""
    print("| problem | points | frontier and solutions | counting | peak memory |")
    print("|---|---|---|---|---|")
    for at, (name, *_) in enumerate(CASES):
        points, solved, counted, exact, most = _run(str(at))
        how = "exact" if exact else "estimate"
        print(
            f"| {name} | {points:,} | {solved * 1000:,.1f} ms | {counted:,.2f} s ({how}) "
            f"| {most:,.0f} MiB |",
            flush=True,
        )
    took, packages, most = _run("--shares")
    print(
        f"\n100,000 draws on 10^4 packages, all values ranges: {took:,.1f} s, "
        f"{packages:,} packages ever on a frontier, {most:,.0f} MiB"
    )
    if importlib.util.find_spec("negmas") is None:
        print(
            "\nNegMAS is not installed (pip install 'detente[simulate]'); not measured beside it."
        )
        return
    print("\n| packages | points | NegMAS: frontier, Nash | detente: all solutions | times |")
    print("|---|---|---|---|---|")
    for issues, options in (SMALL, (3, 10), (4, 10), (5, 10), (6, 10)):
        points, same, theirs, ours, _ = _run("--negmas", str(issues), str(options))
        print(
            f"| {options}^{issues} | {points:,}{'' if points == same else f' (ours {same:,})'} "
            f"| {theirs * 1000:,.1f} ms | {ours * 1000:,.1f} ms | {theirs / ours:,.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    with only("compiled"):
        match sys.argv[1:]:
            case ["--growth"]:
                growth()
            case ["--shares"]:
                shares()
            case ["--negmas", issues, options]:
                negmas(int(issues), int(options))
            case ["--three"]:
                three(42)
            case [at]:
                run(int(at))
            case _:
                main()
