"""How fast the exchange solver is: safest and self-enforcing orders, rounds; peak memory.

python benchmarks/exchange.py              all five, about nine minutes
python benchmarks/exchange.py --exact      (a) 24 deliverables
python benchmarks/exchange.py --large      (b) 60 deliverables
python benchmarks/exchange.py --plain      (c) beside a plain search over orders
python benchmarks/exchange.py --cp-sat     (d) beside CP-SAT alone
python benchmarks/exchange.py --rounds     (e) fewest rounds

Each line is measured in a process of its own, after compiling. Costs are 50 to 1,000 and about
one deliverable in seven waits for another:

random  : anybody gives; worth from half the cost to twice, one receiver
tight   : the parties take turns; worth within 20 below and 60 above the cost
split   : the same, but two receivers share the worth
recover : as tight, and of a third of the deliverables some or all can be taken back
ties    : as random, with costs and worths of 1 to 5
close   : the parties take turns; all others share the worth, which is 10 below the cost to 20
          above it for each; nothing waits
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

KINDS = ("random", "tight", "split", "recover", "ties", "close")
PARTIES = (2, 3, 4, 6)
SEEDS_EXACT, SEEDS_LARGE = 5, 3
HARD = (("random", 3, 13), ("random", 4, 10), ("random", 6, 31), ("split", 3, 11))
"""Of 40 seeds of each kind but `close`, those that the search without CP-SAT left open in 3 s."""

SECONDS = 28.0
"""Given to each answer of (b): to the safest order, and to the self-enforcing one."""


ROUNDS_SECONDS = 5.0
"""Given to the fewest rounds in (e): what `detente steps` gives them by itself."""


def model(count: int, parties: int, kind: str, seed: int) -> dict[str, Any]:
    """An exchange in the plain form."""
    rng = random.Random(f"{count} {parties} {kind} {seed}")
    names = [f"p{i}" for i in range(parties)]
    deliverables: dict[str, Any] = {}
    for i in range(count):
        turns = kind in ("tight", "split", "recover", "close")
        by = names[i % parties] if turns else rng.choice(names)
        gets = rng.sample([name for name in names if name != by], min(2, parties - 1))
        cost = rng.randint(1, 5) if kind == "ties" else rng.randint(50, 1000)
        if kind == "random":
            worth = {gets[0]: rng.randint(cost // 2, 2 * cost)}
        elif kind == "ties":
            worth = {gets[0]: rng.randint(1, 5)}
        elif kind == "split" and len(gets) == 2:
            part = rng.randint(1, cost - 1)
            worth = {gets[0]: part + rng.randint(0, 30)}
            worth[gets[1]] = cost - part + rng.randint(0, 30)
        elif kind == "close":
            others = [name for name in names if name != by]
            ends = [0, *sorted(rng.randint(0, cost) for _ in others[1:]), cost]
            shares = [b - a + rng.randint(-10, 20) for a, b in pairwise(ends)]
            worth = {p: max(1, share) for p, share in zip(others, shares, strict=True)}
        else:
            worth = {gets[0]: cost + rng.randint(-20, 60)}
        each: dict[str, Any] = {"by": by, "cost": cost, "worth": worth}
        if i and kind != "close" and rng.random() < 0.15:
            each["after"] = [f"d{rng.randrange(i)}"]
        if kind == "recover" and rng.random() < 0.33:
            each["recover"] = rng.choice(["0.25", "0.5", "1"])
        deliverables[f"d{i}"] = each
    return {"parties": names, "deliverables": deliverables}


def peak() -> float:
    """This process's peak memory in MiB."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def compiled() -> None:
    """Load what numba has compiled, or compile it."""
    from detente.solve import exchange
    from detente.solve.compiling import only

    with only("compiled"):
        for count in (8, 26):
            made = exchange.from_plain(model(count, 3, "tight", 1))
            exchange.safest(made, seconds=1)
            exchange.self_enforcing(made, seconds=1)


def both(count: int, parties: int, kind: str, seed: int, seconds: float) -> list[Any]:
    """Safest and self-enforcing, once: seconds, whether proven; value and bound of each."""
    from detente.solve import exchange

    made = exchange.from_plain(model(count, parties, kind, seed))
    start = time.perf_counter()
    safe = exchange.safest(made, seconds=seconds)
    held = exchange.self_enforcing(made, seconds=seconds)
    took = time.perf_counter() - start
    numbers = (safe.value, safe.bound, held.least_patience, held.bound)
    return [took, safe.proven, held.proven, safe.settled and held.settled, *map(float, numbers)]


def rounds(count: int, parties: int, kind: str, seed: int) -> list[Any]:
    """Fewest rounds, once: seconds, how many, whether proven, and whether CP-SAT says so."""
    from detente.solve import exchange

    made = exchange.from_plain(model(count, parties, kind, seed))
    alone = exchange.safest(made, seconds=20)
    start = time.process_time()
    found = exchange.fewest_rounds(made, alone=alone, seconds=ROUNDS_SECONDS)
    number = len(found.rounds)
    return [time.process_time() - start, number, found.least == number, found.claimed == number]


# --- (c) plain search ---------------------------------------------------------------------------


def plain_search(plain: dict[str, Any]) -> float:
    """The safest order's value, depth first over orders; a branch ends at the best so far."""
    names = list(plain["deliverables"])
    every = plain["deliverables"]
    parties = plain["parties"]
    gain = {
        name: [-d["cost"] if p == d["by"] else d["worth"].get(p, 0) for p in parties]
        for name, d in every.items()
    }
    best = float("inf")

    def go(done: list[str], standing: list[float], highest: float) -> None:
        nonlocal best
        if len(done) == len(names):
            best = highest  # the whole exchange does not count
            return
        highest = max(highest, -min(standing))
        if highest >= best:
            return
        for name in names:
            if name not in done and all(b in done for b in every[name].get("after", [])):
                now = [a + b for a, b in zip(standing, gain[name], strict=True)]
                go([*done, name], now, highest)

    go([], [0] * len(parties), 0)
    return best


# --- (d) CP-SAT alone ---------------------------------------------------------------------------


def cp_sat(plain: dict[str, Any], *, form: str, workers: int, seconds: float) -> list[Any]:
    """The safest order by CP-SAT: value, bound, proven.

    form : "sets": what is done at moment i as booleans, i of them true;
           "places": a place in the order for each, all different
    """
    from ortools.sat.python import cp_model

    every, parties = plain["deliverables"], plain["parties"]
    n = len(every)
    made: Any = cp_model.CpModel()
    highest = made.new_int_var(0, sum(d["cost"] for d in every.values()), "")
    done = {name: [made.new_bool_var("") for _ in range(n + 1)] for name in every}
    if form == "places":
        place = {name: made.new_int_var(0, n - 1, "") for name in every}
        made.add_all_different(place.values())
        for name, each in done.items():
            for i, flag in enumerate(each):
                made.add(place[name] < i).only_enforce_if(flag)
                made.add(place[name] >= i).only_enforce_if(~flag)
            for before in every[name].get("after", []):
                made.add(place[before] < place[name])
    else:
        for i in range(n + 1):
            made.add(sum(each[i] for each in done.values()) == i)
        for name, each in done.items():
            for i in range(n):
                made.add_implication(each[i], each[i + 1])
                for before in every[name].get("after", []):
                    made.add_implication(each[i + 1], done[before][i])
    for i in range(n):
        for p in parties:
            made.add(
                highest
                >= sum(
                    (d["cost"] if p == d["by"] else -d["worth"].get(p, 0)) * done[name][i]
                    for name, d in every.items()
                )
            )
    made.minimize(highest)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(made)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    value = solver.objective_value if found else None
    return [value, solver.best_objective_bound, status == cp_model.OPTIMAL]


# --- lines --------------------------------------------------------------------------------------


def line(what: str, *arguments: str) -> None:
    """What one process measures, as JSON."""
    compiled()
    if what == "orders":
        count, parties, kind, *seeds = arguments
        seconds = 60.0 if int(count) <= 24 else SECONDS
        found: list[Any] = [
            both(int(count), int(parties), kind, int(seed), seconds) for seed in seeds
        ]
        print(json.dumps([found, peak()]))
        return
    if what == "rounds":
        count, parties, kind, *seeds = arguments
        from detente.solve.warming import warm

        warm()
        of_each = [rounds(int(count), int(parties), kind, int(seed)) for seed in seeds]
        print(json.dumps([of_each, peak()]))
        return
    from detente.solve import exchange

    count, parties, kind, seed = arguments[:4]
    plain = model(int(count), int(parties), kind, int(seed))
    start = time.perf_counter()
    ours = exchange.safest(exchange.from_plain(plain))
    mine = time.perf_counter() - start
    if what == "cp-sat":
        import ortools.sat.python.cp_model  # noqa: F401 -- loading it is not measured
    start = time.perf_counter()
    if what == "plain":
        theirs: list[Any] = [plain_search(plain), None, True]
    else:
        form, workers = arguments[4:]
        theirs = cp_sat(plain, form=form, workers=int(workers), seconds=60)
    took = time.perf_counter() - start
    print(json.dumps([float(ours.value), ours.proven, mine, theirs, took, peak()]))


def _run(*arguments: object) -> Any:
    command = [sys.executable, __file__, "--line", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def exact() -> None:
    """(a) worst of several seeds, safest and self-enforcing together."""
    print(f"(a) 24 deliverables, safest and self-enforcing, worst of {SEEDS_EXACT} seeds\n")
    print("| kind | parties | seconds | proven and ties settled | peak memory |")
    print("|---|---|---|---|---|")
    worst = most = 0.0
    for kind in KINDS:
        for parties in PARTIES:
            found, memory = _run("orders", 24, parties, kind, *range(SEEDS_EXACT))
            took = max(each[0] for each in found)
            fine = sum(all(each[1:4]) for each in found)
            worst, most = max(worst, took), max(most, memory)
            print(
                f"| {kind} | {parties} | {took:.2f} | {fine} of {len(found)} | {memory:,.0f} MiB |",
                flush=True,
            )
    print(f"\nWorst of all: {worst:.2f} s, {most:,.0f} MiB.\n")


def large() -> None:
    """(b) worst of several seeds; what is not proven, with value and bound."""
    print(
        f"(b) 60 deliverables, at most {SECONDS:.0f} s for each of two answers; how many are "
        "proven\n"
    )
    print("| kind | parties | seeds | seconds, worst | safest | patience | peak memory |")
    print("|---|---|---|---|---|---|---|")
    worst = most = 0.0
    open_ = []
    lines = [(kind, n, tuple(range(SEEDS_LARGE))) for kind in KINDS for n in PARTIES]
    lines += [(kind, n, (seed,)) for kind, n, seed in HARD]
    for kind, parties, seeds in lines:
        found, memory = _run("orders", 60, parties, kind, *seeds)
        took = max(each[0] for each in found)
        safe, held = (sum(each[i] for each in found) for i in (1, 2))
        worst, most = max(worst, took), max(most, memory)
        print(
            f"| {kind} | {parties} | {', '.join(map(str, seeds))} | {took:.2f} "
            f"| {safe} of {len(found)} | {held} of {len(found)} | {memory:,.0f} MiB |",
            flush=True,
        )
        for seed, (_, first, second, _, *numbers) in zip(seeds, found, strict=True):
            where = f"{kind}, {parties} parties, seed {seed}"
            if not first:
                open_.append(f"{where}: safest {numbers[0]:g}, none below {numbers[1]:g}")
            if not second:
                open_.append(f"{where}: patience {numbers[2]:g}, none below {numbers[3]:g}")
    print(f"\nWorst of all: {worst:.2f} s, {most:,.0f} MiB. Not proven:")
    print("\n".join(f"- {each}" for each in open_ or ["none"]), end="\n\n")


def beside_plain() -> None:
    """(c) the safest value by search over orders."""
    print("(c) a plain depth-first search over orders, 3 parties, worst of 3 seeds\n")
    print("| deliverables | kind | plain search | detente | times | values |")
    print("|---|---|---|---|---|---|")
    for count in (8, 9, 10, 11):
        for kind in ("random", "tight"):
            found = [_run("plain", count, 3, kind, seed) for seed in range(3)]
            mine, took = (max(each[i] for each in found) for i in (2, 4))
            wrong = sum(each[0] != each[3][0] for each in found)
            print(
                f"| {count} | {kind} | {took:,.3f} s | {mine * 1000:,.2f} ms "
                f"| {took / mine:,.1f} | {f'{wrong} DIFFER' if wrong else 'equal'} |",
                flush=True,
            )
    print()


def beside_cp_sat() -> None:
    """(d) the safest value by CP-SAT, at most 60 s."""
    print("(d) CP-SAT alone: sets as booleans, two workers, at most 60 s\n")
    print("| deliverables | kind | parties | CP-SAT | detente | times | value |")
    print("|---|---|---|---|---|---|---|")
    for count in (10, 14, 18, 24):
        for kind, parties in (("random", 3), ("tight", 2), ("close", 4)):
            value, proven, mine, theirs, took, _ = _run(
                "cp-sat", count, parties, kind, 0, "sets", 2
            )
            other, bound, through = theirs
            if through and proven:
                same = f"{value:g}, equal" if value == other else f"{value:g} OR {other:g}"
            else:
                found = "nothing" if other is None else f"{other:g}"
                same = f"{value:g}; CP-SAT: {found}, none below {bound:g}"
            print(
                f"| {count} | {kind} | {parties} | {took:,.2f} s | {mine * 1000:,.1f} ms "
                f"| {'' if through else 'over '}{took / mine:,.0f} | {same} |",
                flush=True,
            )


def fewest() -> None:
    """(e) how many exchanges' fewest rounds are proven, and how long it takes."""
    print(f"(e) fewest rounds, at most {ROUNDS_SECONDS:.0f} s, {len(KINDS) * len(PARTIES)} each\n")
    print("| deliverables | proven | by CP-SAT's word only | open | CPU s, worst | peak memory |")
    print("|---|---|---|---|---|---|")
    for count in (17, 20, 24, 28, 32, 60):
        lines = [_run("rounds", count, n, kind, 3) for kind in KINDS for n in PARTIES]
        found = [each for of_each, _ in lines for each in of_each]
        proven = sum(each[2] for each in found)
        claimed = sum(each[3] and not each[2] for each in found)
        print(
            f"| {count} | {proven} | {claimed} | {len(found) - proven - claimed} "
            f"| {max(each[0] for each in found):.2f} | {max(m for _, m in lines):,.0f} MiB |",
            flush=True,
        )
    print()


def main() -> None:
    """What was asked for, as Markdown tables."""
    parts = {
        "--exact": exact, "--large": large, "--plain": beside_plain, "--cp-sat": beside_cp_sat,
        "--rounds": fewest,
    }  # fmt: skip
    for name, part in parts.items():
        if name in sys.argv[1:] or not sys.argv[1:]:
            part()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--line"]:
        line(*sys.argv[2:])
    else:
        main()
