"""How many public negotiation domains open and are solved, and whether what is said is right.

python benchmarks/domains.py FOLDER              every folder below it that holds a domain
python benchmarks/domains.py FOLDER --parties 2  only the first so many profiles of each
python benchmarks/domains.py FOLDER --most 20000 enumerate only where there are fewer packages

Fetches nothing. A domain is a folder with Genius's XML (one domain, and profiles), GeniusWeb's
JSON, or NegMAS's YAML or JSON. It is opened and solved; up to so many packages, frontier,
solutions and number acceptable are compared with what enumeration by the definitions gives, in
fractions. Where NegMAS is installed its frontier and Nash point are timed beside, on the same
values.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def folders(top: Path) -> Iterator[Path]:
    """Folders that hold files a domain may be made of, at any depth, in order."""
    from detente.solve.bargaining.domains import SUFFIXES

    for folder in sorted({top, *(path for path in top.rglob("*") if path.is_dir())}):
        if sum(path.suffix.casefold() in SUFFIXES for path in folder.iterdir()) > 1:
            yield folder


def opened(folder: Path, parties: int) -> Any:
    """The model in a folder, of its first profiles only."""
    from detente.solve.bargaining import domains, genius, geniusweb, scenarios

    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.casefold() not in domains.SUFFIXES or path.name.startswith("."):
            continue
        if genius.is_genius(path):
            kind = genius.kind(path)
        else:
            data = domains.data_in(path)
            kind = geniusweb.kind(data) or scenarios.kind(data)
        if kind:
            files[path] = kind
    wanted = [path for path, kind in files.items() if kind == "domain"]
    wanted += [path for path, kind in files.items() if kind == "profile"][:parties]
    return domains.from_files(wanted)


def right(model: Any, found: Any, best: Any, count: Any) -> bool:
    """Frontier, solutions and count are what the definitions say, over every package."""
    from bargaining.oracle import Oracle
    from detente.solve import bargaining

    oracle = Oracle(bargaining.to_plain(model))
    space = found.space

    def vectors(rows: Any) -> list[tuple[Any, ...]]:
        return [tuple(space.value(p, n) for p, n in enumerate(found.points[r])) for r in rows]

    return (
        vectors(range(len(found.points))) == oracle.pareto()
        and all(vectors(best.rows[rule]) == getattr(oracle, rule)() for rule in bargaining.RULES)
        and count.number == oracle.n_acceptable
    )


def negmas_seconds(model: Any) -> float:
    """NegMAS's frontier and Nash point, the quickest way it has: it is told nothing but the
    functions."""
    from negmas.preferences.ops import nash_points, pareto_frontier

    from detente.solve import bargaining

    ufuns = bargaining.to_negmas(model)
    start = time.process_time()
    points, _ = pareto_frontier(ufuns, sort_by_welfare=True)
    nash_points(ufuns, points, outcome_space=ufuns[0].outcome_space)
    return time.process_time() - start


def main() -> None:
    """Each domain on a line, and the sums."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--parties", type=int, default=3, help="profiles used of each domain")
    options.add_argument("--most", type=int, default=5_000, help="packages to enumerate at most")
    options.add_argument("--negmas-most", type=int, default=100_000, help="packages for NegMAS")
    given = options.parse_args()
    from detente.solve import bargaining

    # What is compiled is compiled before anything is timed.
    for parties in ("ab", "abc", "abcd"):
        issues = {
            f"i{n}": {o: dict.fromkeys(parties, k) for k, o in enumerate("xy")} for n in range(3)
        }
        model = bargaining.from_plain(
            {"parties": list(parties), "issues": issues, "walk_away": {"a": 2}}
        )
        bargaining.count_acceptable(bargaining.space(model))
        bargaining.frontier(bargaining.space(model))
    beside = importlib.util.find_spec("negmas") is not None
    sums: Counter[str] = Counter()
    ours, theirs, compared = 0.0, 0.0, 0.0
    for folder in folders(given.folder):
        sums["domains"] += 1
        name = folder.relative_to(given.folder)
        try:
            model, warnings = opened(folder, given.parties)
            sums["opened"] += 1
            start = time.process_time()
            found = bargaining.frontier(bargaining.space(model))
            best = bargaining.solutions(found)
            took = time.process_time() - start
            ours += took
            sums["solved"] += 1
        except (bargaining.DomainError, bargaining.ModelError) as error:
            print(f"{name}: {str(error).splitlines()[0]}", flush=True)
            continue
        said = (
            f"{name}: {model.combinations:,} packages, {len(found.points):,} points, {took:.4f} s"
        )
        if model.combinations <= given.most:
            equal = right(model, found, best, bargaining.count_acceptable(found.space))
            sums["enumerated"] += 1
            sums["equal"] += equal
            said += ", equal" if equal else ", NOT EQUAL"
        if beside and model.combinations <= given.negmas_most:
            seconds = negmas_seconds(model)
            sums["timed"] += 1
            theirs += seconds
            compared += took
            said += f"; NegMAS {seconds:.4f} s"
        print(said + "".join(f"\n    {warning}" for warning in warnings), flush=True)
    print(
        f"\n{sums['domains']} domains: {sums['opened']} opened, {sums['solved']} solved in "
        f"{ours:.2f} s of one core; {sums['enumerated']} enumerated, {sums['equal']} of them equal."
    )
    if beside:
        print(
            f"NegMAS on {sums['timed']} of them: {theirs:.2f} s for frontier and Nash point, ours "
            f"{compared:.2f} s with all solutions."
        )
    else:
        print("NegMAS is not installed (pip install 'detente[simulate]'); not timed beside it.")
    sys.exit(sums["equal"] != sums["enumerated"])


if __name__ == "__main__":
    main()
