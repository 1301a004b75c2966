"""A bargaining problem solved in one call, and its result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from detente.solve import showing
from detente.solve.bargaining.asking import Gap, gap
from detente.solve.bargaining.clashing import Clash, clash
from detente.solve.bargaining.counting import Count, count_acceptable, count_packages
from detente.solve.bargaining.model import Model
from detente.solve.bargaining.pareto import MEMORY, Frontier, Progress, frontier
from detente.solve.bargaining.rules import RULES, Solutions, solutions
from detente.solve.bargaining.states import Space, space
from detente.solve.plain import ModelError, Wrong, numbers, shortest, spoken
from detente.wording import counted

NAMES = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}
MOST_NAMED = 3
"""Tied packages that `repr` gives the values of."""

MOST_DRAWN = 300
"""Points of the frontier in the picture, about; of more, evenly spread ones."""

MOST_MARKED = 6
"""Tied packages of each solution that are named in the picture."""

MOST_ROWS = 20
"""Tied packages of each solution in a notebook's table."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the frontier, with one of the packages that are worth it.

    values     : what it is worth to each party, in the party's own units: an int where it is
                 whole, else the nearest float
    package    : issue -> option
    acceptable : whether it is worth its walk-away at least to everybody
    """

    values: dict[str, int | float]
    package: dict[str, str]
    acceptable: bool


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The Pareto frontier, the solutions with all ties, and how many packages there are.

    found      : the frontier as the solver holds it, in whole numbers of its own; what
                 `standing` goes on from
    best       : which rows of it solve the problem
    n_packages : the number of feasible packages, exact
    count      : how many of them everybody would accept, exact or an estimate with its bounds
    why        : a Gap where no package is acceptable to all, a Clash where none is feasible,
                 else None

    The frontier and the solutions are exact: `proven` is always True.
    """

    found: Frontier
    best: Solutions
    n_packages: int
    count: Count
    why: Gap | Clash | None
    proven = True

    @property
    def model(self) -> Model:
        """What was solved."""
        return self.found.space.model

    @property
    def n_acceptable(self) -> int:
        """How many packages everybody would accept; `count` says whether that is exact."""
        return self.count.number

    @cached_property
    def pareto(self) -> tuple[Point, ...]:
        """The distinct vectors of values that no feasible package improves on for somebody at
        nobody's cost, in ascending order of the first party's."""
        good = set(self.best.acceptable.tolist())
        return tuple(
            Point(each["values"], each["package"], n in good)
            for n, each in enumerate(points_json(self.found))
        )

    @property
    def nash(self) -> tuple[Point, ...]:
        """The largest product of gains over the walk-aways, all ties (DEFINITIONS has it whole)."""
        return self._tied("nash")

    @property
    def kalai_smorodinsky(self) -> tuple[Point, ...]:
        """The most equal shares of the best each could hope for, all ties."""
        return self._tied("kalai_smorodinsky")

    @property
    def egalitarian(self) -> tuple[Point, ...]:
        """The most equal gains, in the units written, all ties."""
        return self._tied("egalitarian")

    @property
    def utilitarian(self) -> tuple[Point, ...]:
        """The largest sum of values, in the units written, all ties."""
        return self._tied("utilitarian")

    @property
    def best_each(self) -> dict[str, int | float] | None:
        """The best each could hope for among acceptable packages; None where there are none."""
        if self.best.ideal is None:
            return None
        return numbers(dict(zip(self.model.parties, self.best.ideal, strict=True)))

    def _tied(self, rule: str) -> tuple[Point, ...]:
        return tuple(self.pareto[row] for row in self.best.rows[rule])

    def to_dict(self) -> dict[str, Any]:
        """What `detente deal --json` prints."""
        points = points_json(self.found)
        document: dict[str, Any] = {
            "n_packages": self.n_packages,
            "n_acceptable": self.n_acceptable,
            "pareto": points,
            **{rule: [points[row] for row in self.best.rows[rule]] for rule in RULES},
            "best_each": self.best_each,
        }
        if not self.count.exact:
            document["n_acceptable_estimate"] = {
                "low": self.count.low,
                "high": self.count.high,
                "level": 0.95,
                "samples": self.count.samples,
            }
        return document | why_json(self.why)

    def to_frame(self) -> Any:
        """A row for each point of the frontier, as a pandas DataFrame with the index `point`.

        In groups of columns: "worth" to each party, "package" with the option of each issue,
        and "is": `acceptable`, `nash`, `kalai_smorodinsky`, `egalitarian`, `utilitarian`.
        Raises ImportError without pandas.
        """
        points = self.pareto
        columns: dict[tuple[str, str], Any] = {
            ("worth", party): [each.values[party] for each in points]
            for party in self.model.parties
        }
        for issue in self.model.issues:
            columns["package", issue] = [each.package[issue] for each in points]
        columns["is", "acceptable"] = [each.acceptable for each in points]
        for rule in RULES:
            rows = set(self.best.rows[rule])
            columns["is", rule] = [n in rows for n in range(len(points))]
        return showing.frame(columns, range(len(points)), "point")

    def __repr__(self) -> str:
        told = [counted(self.n_packages, "feasible package")]
        if isinstance(self.why, Clash):
            told.append("the constraints clash")
        else:
            about = "" if self.count.exact else "about "
            told.append(f"{about}{self.n_acceptable:,} acceptable to all")
            told.append(f"{len(self.found.points):,} on the Pareto frontier")
        if self.nash:
            shown = [self._worth(point) for point in self.nash[:MOST_NAMED]]
            more = f" and {len(self.nash) - MOST_NAMED:,} more" * (len(self.nash) > MOST_NAMED)
            told.append(f"Nash: {' or '.join(shown)}{more}")
        return f"<bargaining.Result: {'; '.join(told)}>"

    def _worth(self, point: Point) -> str:
        return ", ".join(f"{party} {spoken(v)}" for party, v in point.values.items())

    def _repr_html_(self) -> str:
        """The solutions as a table, and the frontier between the first two parties."""
        words = list(self._words())
        if not len(self.found.points):
            return showing.sheet(words)
        name = self._name
        rows = []
        for rule in RULES:
            for n, point in enumerate(self._tied(rule)[:MOST_ROWS]):
                worth = [spoken(value) for value in point.values.values()]
                rows.append([NAMES[rule] if n == 0 else "or", *worth, self._package(point.package)])
        heads = ["solution", *map(name, self.model.parties), "package"]
        table = showing.table(heads, rows, left=(0, len(heads) - 1)) if rows else ""
        return showing.sheet(words, table, self._picture())

    def _name(self, word: str) -> str:
        return self.model.words.get(word) or word

    def _package(self, package: dict[str, str]) -> str:
        return ", ".join(f"{self._name(issue)}: {option}" for issue, option in package.items())

    def _words(self) -> Iterator[str]:
        if isinstance(self.why, Clash):
            clashing = " and ".join(f"{kind} number {n + 1}" for kind, n in self.why.sources)
            yield f"No package meets the constraints; these clash: {clashing}."
            return
        acceptable = f"{self.n_acceptable:,}"
        if not self.count.exact:
            acceptable = f"about {acceptable} ({self.count.low:,} to {self.count.high:,})"
        yield (
            f"{counted(self.n_packages, 'feasible package')}, {acceptable} acceptable to all; "
            f"{counted(len(self.found.points), 'point')} on the Pareto frontier."
        )
        if isinstance(self.why, Gap):
            short = ", ".join(
                f"{self._name(party)} {spoken(value)}" for party, value in self.why.short.items()
            )
            closest = self._package(self.why.closest)
            yield f"No package is acceptable to all. Closest: {closest}; short by: {short}."
        if len(self.model.parties) > 2:
            one, two, *others = map(self._name, self.model.parties)
            yield f"The picture has {one} and {two} only, not {', '.join(others)}."

    def _picture(self) -> str:
        from detente import charts

        model, points = self.model, self.pareto
        one, two = model.parties[:2]
        every = max(1, -(-len(points) // MOST_DRAWN))
        named = {rule: self.best.rows[rule][:MOST_MARKED] for rule in RULES}
        drawn = []
        for n, point in enumerate(points):
            worth = float(point.values[one]), float(point.values[two])
            marks = [NAMES[rule] for rule in RULES if n in named[rule]]
            if marks or n % every == 0:
                package = self._package(point.package)
                drawn.append(charts.Point("", *worth, "frontier", note=package))
            drawn += [charts.Point(mark, *worth, "solution") for mark in marks]
        names = (self._name(one), self._name(two))
        walls = numbers({p: self.found.space.value(n, int(self.found.space.limit[n]))
                         for n, p in enumerate(model.parties)})  # fmt: skip
        walk_away = float(walls[one]), float(walls[two])
        key = showing.key("deal", drawn, names, walk_away)
        title = "Packages by what they are worth"
        return charts.frontier(drawn, names, walk_away, key=key, title=title)


def points_json(found: Frontier, rows: Sequence[int] | None = None) -> list[dict[str, Any]]:
    """The frontier's points with a package each, in plain numbers; the rows named, or all."""
    # Column by column: there may be a hundred thousand.
    made, points, choices = found.space, found.points, found.choices
    if rows is not None:
        points, choices = points[list(rows)], choices[list(rows)]
    values = [
        [shortest(made.value(n, number)) for number in column]
        for n, column in enumerate(points.T.tolist())
    ]
    issues = made.model.issues
    options = [
        [offered[n] for n in column]
        for offered, column in zip(issues.values(), choices.T.tolist(), strict=True)
    ]
    return [
        {
            "values": dict(zip(made.model.parties, worth, strict=True)),
            "package": dict(zip(issues, package, strict=True)),
        }
        for worth, package in zip(
            zip(*values, strict=True), zip(*options, strict=True), strict=True
        )
    ]


def why_json(why: Gap | Clash | None) -> dict[str, Any]:
    """Why nothing is acceptable or feasible; empty where something is."""
    document: dict[str, Any] = {}
    if isinstance(why, Gap):
        document["gap"] = {
            "unreachable": {
                p: {"walk_away": shortest(wall), "most": shortest(most)}
                for p, (wall, most) in why.unreachable.items()
            },
            "openings": [
                {"party": o.party, "amount": shortest(o.amount), "package": o.package}
                for o in why.openings
            ],
            "closest": why.closest,
            "short": numbers(why.short),
        }
    if isinstance(why, Clash):
        document["clash"] = {
            "constraints": [{"kind": kind, "number": n + 1} for kind, n in why.sources],
            "smallest": why.smallest,
        }
    return document


def solve(
    model: Model | Space,
    *,
    memory: int = MEMORY,
    seed: int = 0,
    progress: Progress | None = None,
) -> Result:
    """The Pareto frontier over all packages, the four solutions, and how many packages there are.

    model    : a model, or its whole numbers from `space`
    memory   : bytes that exact answers may take
    seed     : for the estimate where acceptable packages are too many to count
    progress : called with steps done and steps in all

    Raises ModelError where values are left open (`shares` says in what share of those that fit
    a package is what), and TooLarge where the frontier does not fit the memory.
    """
    if isinstance(model, Model) and model.open:
        what = "some values are not known exactly"
        raise ModelError(Wrong((), what, "Ask bargaining.shares(model)."))
    made = space(model) if isinstance(model, Model) else model
    found = frontier(made, memory=memory, progress=progress)
    best = solutions(found)
    packages = count_packages(made)
    count = count_acceptable(made, memory=memory, seed=seed, least=len(best.acceptable))
    why = gap(found) if packages else clash(made.model)
    return Result(found, best, packages, count, why)
