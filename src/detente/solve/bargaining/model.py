"""A bargaining problem: parties, issues with options, values that add up, walk-aways, constraints.

Additive values over discrete issues after Keeney & Raiffa, Decisions with Multiple
Objectives (1976), and Raiffa, The Art and Science of Negotiation (1982).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, pairwise
from typing import Any

from detente.solve.plain import (
    ModelError,
    Path,
    Reader,
    Wrong,
    exact,
    shortest,
    unknown,
    unused,
)

FEWEST, MOST = 2, 6
"""How many parties a model may have."""

MOST_OPTIONS = 10_000
"""How many options an issue may have."""

Package = Mapping[str, str]
"""One option for each issue."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number known only to lie between two others, both included; numbers as in `Model`."""

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        ends = exact(self.low), exact(self.high)
        if ends[0] is None or ends[1] is None:
            what = f"`{self.low}..{self.high}` is no range of numbers"
            raise ModelError(Wrong((), what, "Give two finite numbers."))
        object.__setattr__(self, "low", ends[0])
        object.__setattr__(self, "high", ends[1])


Value = Fraction | Range


@dataclass(frozen=True, slots=True)
class Nogood:
    """What can't be: every issue named taking one of the options named with it.

    options : issue -> the options meant
    source  : the constraint it comes from: ("forbidden", 0) or ("requires", 2)
    """

    options: Mapping[str, frozenset[str]]
    source: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Requirement:
    """If a package has all of `condition`, it has all of `then`; issue -> options meant."""

    condition: Mapping[str, tuple[str, ...]]
    then: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Model:
    """A bargaining problem.

    parties   : two to six names
    issues    : issue -> its options; a package takes one option of each
    values    : party -> issue -> option -> what it is worth to the party; a package is worth
                the sum. Each party counts in units of its own.
    walk_away : party -> the value below which it refuses; 0 where nothing is said
    forbidden : issue -> options; no package has one of them in every issue named
    requires  : requirements
    orders    : party -> chains of (issue, option), each worth at least as much as the next
    words     : how to speak of parties and issues
    noted     : what was odd about the plain form it was read from

    Numbers may be given as int, float or Fraction, or as text ("0.1", "1/3"); they are kept
    exactly, a float as the shortest decimal that gives it. Raises ModelError with everything
    wrong.
    """

    parties: tuple[str, ...]
    issues: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, Mapping[str, Value]]]
    walk_away: Mapping[str, Value] = field(default_factory=dict)
    forbidden: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    requires: tuple[Requirement, ...] = ()
    orders: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    noted: tuple[Wrong, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        values = {
            party: {
                issue: {option: _value(value) for option, value in inside.items()}
                for issue, inside in of.items()
            }
            for party, of in self.values.items()
        }
        object.__setattr__(self, "values", values)
        walls = {party: _value(value) for party, value in self.walk_away.items()}
        object.__setattr__(self, "walk_away", walls)
        wrongs = list(_check(self))
        if wrongs:
            raise ModelError(wrongs)

    @property
    def warnings(self) -> tuple[Wrong, ...]:
        """What is odd, but has an answer all the same."""
        return (*self.noted, *_odd(self))

    @property
    def combinations(self) -> int:
        """How many ways there are to take one option of each issue, constraints aside."""
        count = 1
        for options in self.issues.values():
            count *= len(options)
        return count

    @property
    def first(self) -> dict[str, str]:
        """The package of each issue's first option: the status quo, where options begin with it."""
        return {issue: options[0] for issue, options in self.issues.items()}

    @property
    def open(self) -> bool:
        """Some value or walk-away is not known exactly."""
        numbers = [v for of in self.values.values() for i in of.values() for v in i.values()]
        return any(isinstance(v, Range) for v in [*numbers, *self.walk_away.values()])

    @property
    def nogoods(self) -> tuple[Nogood, ...]:
        """What the constraints rule out; a requirement gives one for each issue it asks of."""
        found = []
        for n, pattern in enumerate(self.forbidden):
            # An empty one fits every package, as does any option of any issue.
            pattern = pattern or dict([*self.issues.items()][:1])
            taken = {issue: frozenset(options) for issue, options in pattern.items()}
            if all(taken.values()):
                found.append(Nogood(taken, ("forbidden", n)))
        for n, rule in enumerate(self.requires):
            for issue, wanted in rule.then.items():
                taken = {each: frozenset(options) for each, options in rule.condition.items()}
                rest = frozenset(self.issues[issue]) - frozenset(wanted)
                taken[issue] = taken.get(issue, rest) & rest
                if all(taken.values()):
                    found.append(Nogood(taken, ("requires", n)))
        return tuple(found)

    def limit(self, party: str) -> Value:
        """A party's walk-away value."""
        return self.walk_away.get(party, Fraction(0))

    def worth(self, package: Package) -> dict[str, Fraction]:
        """What a package is worth to each party. Raises ValueError while values are open."""
        found = {}
        for party in self.parties:
            numbers = [self.values[party][issue][package[issue]] for issue in self.issues]
            if any(isinstance(number, Range) for number in numbers):
                raise ValueError(f"what packages are worth to {party} is not known exactly")
            found[party] = sum((n for n in numbers if isinstance(n, Fraction)), Fraction(0))
        return found

    def breaks(self, package: Package) -> list[tuple[str, int]]:
        """The constraints a package breaks: ("forbidden", 0), ("requires", 2)."""
        broken = [
            nogood.source
            for nogood in self.nogoods
            if all(package[issue] in options for issue, options in nogood.options.items())
        ]
        return list(dict.fromkeys(broken))

    def package(self, given: Package, path: Path = ("package",)) -> dict[str, str]:
        """The package with its issues in order. Raises ModelError where it is none."""
        wrongs = []
        for issue, option in given.items():
            if issue not in self.issues:
                wrongs.append(unknown("issue", issue, list(self.issues), (*path, issue)))
            elif option not in self.issues[issue]:
                wrongs.append(_no_option(option, issue, self.issues, (*path, issue)))
        for issue in self.issues:
            if issue not in given:
                do = f"It is one of: {', '.join(self.issues[issue][:12])}."
                wrongs.append(Wrong(path, f"the package says nothing on `{issue}`", do))
        if wrongs:
            raise ModelError(wrongs)
        return {issue: given[issue] for issue in self.issues}

    def without(self, sources: Sequence[tuple[str, int]]) -> Model:
        """The same without some constraints."""
        return replace(
            self,
            forbidden=tuple(
                each for n, each in enumerate(self.forbidden) if ("forbidden", n) not in sources
            ),
            requires=tuple(
                each for n, each in enumerate(self.requires) if ("requires", n) not in sources
            ),
        )


def _value(value: Any) -> Value:
    """As it is kept; what is no number is left for `_check` to name."""
    found = value if isinstance(value, Range) else exact(value)
    return value if found is None else found


def _no_number(value: Any, path: Path) -> Wrong:
    do = "Give a finite number: int, float, Fraction, or a text such as 1/3."
    return Wrong(path, f"`{value}` is no number", do)


def _no_option(option: str, issue: str, issues: Mapping[str, Sequence[str]], path: Path) -> Wrong:
    return unknown(f"option of `{issue}`", option, list(issues[issue]), path)


def _check(model: Model) -> Iterator[Wrong]:
    count = len(model.parties)
    if not FEWEST <= count <= MOST:
        what = f"{count} part{'y' if count == 1 else 'ies'}; a model has {FEWEST} to {MOST}"
        do = "Join those that act as one." if count > MOST else "Add those that are missing."
        yield Wrong(("parties",), what, do)
    for i, party in enumerate(model.parties):
        if not party.strip():
            yield Wrong(("parties", i), "a party without a name")
        elif party in model.parties[:i]:
            yield Wrong(("parties", i), f"the party `{party}` stands here twice", "Remove one.")
    if not model.issues:
        yield Wrong(("issues",), "there is no issue", "List each issue with its options.")
    for issue, options in model.issues.items():
        if not options:
            yield Wrong(("issues", issue), f"`{issue}` has no option", "List its options.")
        if len(options) > MOST_OPTIONS:
            yield Wrong(
                ("issues", issue), f"{len(options):,} options; {MOST_OPTIONS:,} is the most"
            )
        for option in options:
            for party in model.parties:
                yield from _check_value(model, party, issue, option)
    for party, given in model.values.items():
        if party not in model.parties:
            yield unknown("party", party, model.parties, ("values", party))
        for issue, inside in given.items():
            if issue not in model.issues:
                yield unknown("issue", issue, list(model.issues), ("values", party, issue))
                continue
            for option in inside:
                if option not in model.issues[issue]:
                    yield _no_option(option, issue, model.issues, ("issues", issue, option))
    for party, value in model.walk_away.items():
        if party not in model.parties:
            yield unknown("party", party, model.parties, ("walk_away", party))
        elif not isinstance(value, Range):
            if not isinstance(value, Fraction):
                yield _no_number(value, ("walk_away", party))
        elif value.low > value.high:
            yield Wrong(
                ("walk_away", party), "a range that ends before it begins", "Turn it round."
            )
    for n, pattern in enumerate(model.forbidden):
        yield from _check_pattern(pattern, model.issues, ("forbidden", n))
    for n, rule in enumerate(model.requires):
        yield from _check_pattern(rule.condition, model.issues, ("requires", n, "if"))
        yield from _check_pattern(rule.then, model.issues, ("requires", n, "then"))
    yield from _check_orders(model)


def _odd(model: Model) -> Iterator[Wrong]:
    do = "Name the options that are meant: {funds: full}."
    for n, pattern in enumerate(model.forbidden):
        yield from _odd_pattern(pattern, ("forbidden", n), "so this forbids nothing")
        if not pattern:
            yield Wrong(("forbidden", n), "an empty combination: this forbids every package", do)
    for n, rule in enumerate(model.requires):
        path: Path = ("requires", n)
        yield from _odd_pattern(rule.condition, (*path, "if"), "so this requires nothing")
        yield from _odd_pattern(rule.then, (*path, "then"), "so nothing may fit the condition")
        if not rule.then:
            yield Wrong((*path, "then"), "an empty combination: this requires nothing", do)
    yield from unused(model.words, "party or issue", [*model.parties, *model.issues])


def _odd_pattern(pattern: Mapping[str, Sequence[str]], path: Path, so: str) -> Iterator[Wrong]:
    for issue, options in pattern.items():
        if not options:
            yield Wrong((*path, issue), f"no option of `{issue}` is named, {so}", "Name one.")


def _check_value(model: Model, party: str, issue: str, option: str) -> Iterator[Wrong]:
    path = ("issues", issue, option, party)
    value = model.values.get(party, {}).get(issue, {}).get(option)
    if value is None:
        what = f"no value for {party}: what `{option}` in `{issue}` is worth to it is not said"
        yield Wrong(("issues", issue, option), what, f"Write `{party}: 0` if it is worth nothing.")
    elif not isinstance(value, Range):
        if not isinstance(value, Fraction):
            yield _no_number(value, path)
    elif value.low > value.high:
        yield Wrong(path, "a range that ends before it begins", "Turn it round: 20..40.")


def _check_pattern(
    pattern: Mapping[str, Sequence[str]], issues: Mapping[str, Sequence[str]], path: Path
) -> Iterator[Wrong]:
    for issue, options in pattern.items():
        if issue not in issues:
            yield unknown("issue", issue, list(issues), (*path, issue))
            continue
        for option in options:
            if option not in issues[issue]:
                yield _no_option(option, issue, issues, (*path, issue))


def _check_orders(model: Model) -> Iterator[Wrong]:
    for party, chains in model.orders.items():
        path: Path = ("orders", party)
        if party not in model.parties:
            yield unknown("party", party, model.parties, path)
            continue
        wrong = False
        for issue, option in (each for chain in chains for each in chain):
            if issue not in model.issues:
                wrong = True
                yield unknown("issue", issue, list(model.issues), path)
            elif option not in model.issues[issue]:
                wrong = True
                yield _no_option(option, issue, model.issues, path)
        if wrong or any(party not in model.values for party in model.parties):
            continue
        circle = _circle(chains, model.values[party])
        if circle:
            named = " > ".join(f"{issue}.{option}" for issue, option in circle)
            what = f"this order goes round in a circle: {named}"
            yield Wrong(path, what, "Take one of them out, or give equal values as numbers.")
            continue
        # The largest each can be, given what stands above it, must not be below its least.
        low, high = {}, {}
        for each in {each for chain in chains for each in chain}:
            value = model.values[party].get(each[0], {}).get(each[1])
            if not isinstance(value, Fraction | Range):
                return
            low[each] = value.low if isinstance(value, Range) else value
            high[each] = value.high if isinstance(value, Range) else value
        for _ in range(len(low)):
            for chain in chains:
                for above, below in pairwise(chain):
                    high[below] = min(high[below], high[above])
        for (issue, option), most in high.items():
            if most < low[issue, option]:
                what = f"no values fit this order: `{option}` in `{issue}` would have to be less"
                yield Wrong(path, what, "Mend the order, or the ranges.")
                break


def _circle(
    chains: Sequence[Sequence[tuple[str, str]]], values: Mapping[str, Mapping[str, Value]]
) -> list[tuple[str, str]]:
    """Items of an order of which each stands above the next and the last is the first.

    Of two numbers that are known, the order says nothing: they fit it or not, round or not.
    """
    sorter: TopologicalSorter[tuple[str, str]] = TopologicalSorter()
    for chain in chains:
        for pair in pairwise(chain):
            numbers = [values.get(issue, {}).get(option) for issue, option in pair]
            if not all(isinstance(number, Fraction) for number in numbers):
                sorter.add(pair[1], pair[0])
    try:
        sorter.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


# --- the plain form: what YAML and JSON hold ----------------------------------------------------

KEYS = (
    "parties", "issues", "walk_away", "forbidden", "requires", "orders", "scale", "words",
)  # fmt: skip


def from_plain(data: Any) -> Model:
    """The model written as mappings, lists and texts, as YAML or JSON hold it.

    Raises ModelError with everything wrong.
    """
    reader = _Reader()
    model = reader.model(data)
    if reader.wrongs:
        raise ModelError(reader.wrongs)
    assert model is not None
    return model


class _Reader(Reader):
    def model(self, data: Any) -> Model | None:
        do = "Begin with `parties: [a, b]`, then `issues:`, each with its options."
        if not isinstance(data, Mapping) or not data:
            self.wrong((), "there is no bargaining problem here", do)
            return None
        self.keys(data, KEYS)
        for key in ("parties", "issues"):
            if not data.get(key):
                self.wrong((key,) if key in data else (), f"`{key}` is missing", do)
        if self.wrongs and not (data.get("parties") and data.get("issues")):
            return None
        parties = self.once(
            self.texts(data["parties"], ("parties",)),
            ("parties",),
            "the party `{}` stands here twice",
        )
        self.scale = None
        if data.get("scale") is not None:
            self.scale = self.value(data["scale"], ("scale",))
        orders = self.orders(data.get("orders"), data["issues"])
        ordered = {(p, *each) for p, chains in orders.items() for c in chains for each in c}
        values: dict[str, dict[str, dict[str, Value]]] = {party: {} for party in parties}
        issues = {}
        for issue, inside in self.mapping(data["issues"], ("issues",)).items():
            at: Path = ("issues", issue)
            do = "Give each option what it is worth to each party: `full: {a: 3, b: 10}`."
            options = self.mapping(inside, at, do)
            issues[issue] = tuple(options)
            for option, of in options.items():
                given = self.mapping(of, (*at, option), do)
                for party, said in given.items():
                    if party not in parties:
                        path = (*at, option, party)
                        self.wrongs.append(unknown("party", party, parties, path))
                        continue
                    value = self.value(said, (*at, option, party))
                    if value is not None:
                        values[party].setdefault(issue, {})[option] = value
                for party in parties:
                    if party in given or (party, issue, option) not in ordered:
                        continue
                    if self.scale is None:
                        what = f"only an order is known of `{option}` for {party}, and no scale"
                        do_ = "Say between which numbers values lie: `scale: 0..10`."
                        self.wrong((*at, option), what, do_)
                    else:
                        values[party].setdefault(issue, {})[option] = self.scale
        walk_away = {
            party: value
            for party, said in self.mapping(data.get("walk_away"), ("walk_away",)).items()
            if (value := self.value(said, ("walk_away", party))) is not None
        }
        forbidden = tuple(
            self.pattern(each, ("forbidden", n))
            for n, each in enumerate(self.items(data.get("forbidden"), ("forbidden",)))
        )
        requires = tuple(
            self.requirement(each, ("requires", n))
            for n, each in enumerate(self.items(data.get("requires"), ("requires",)))
        )
        words = {
            word: str(said or "")
            for word, said in self.mapping(data.get("words"), ("words",)).items()
        }
        try:
            return Model(
                parties,
                issues,
                values,
                walk_away,
                forbidden,
                requires,
                orders,
                words,
                tuple(self.warnings),
            )
        except ModelError as error:
            self.add(error)
            return None

    def value(self, said: Any, path: Path) -> Value | None:
        if isinstance(said, list | tuple):
            ends = list(said)
        elif isinstance(said, str) and ".." in said:
            ends = said.split("..")
        else:
            return self.number(said, path)
        low, high = (exact(ends[0]), exact(ends[1])) if len(ends) == 2 else (None, None)
        if low is None or high is None:
            self.wrong(path, f"`{said}` is no number and no range", "Write 12, or 20..40.")
            return None
        return low if low == high else Range(low, high)

    def pattern(self, value: Any, path: Path) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, Mapping):
            do = "Write {funds: full, office: open}, or several options in a list."
            self.wrong(path, "a combination names options of issues", do)
            return {}
        found = {}
        for issue, said in value.items():
            options = said if isinstance(said, list | tuple) else [said]
            found[str(issue)] = tuple(str(each) for each in options)
        return found

    def requirement(self, value: Any, path: Path) -> Requirement:
        if not isinstance(value, Mapping) or "then" not in value:
            do = "Write {if: {funds: full}, then: {office: open}}."
            self.wrong(path, "a requirement has `if` and `then`", do)
            return Requirement({}, {})
        self.keys(value, ("if", "then"), path)
        given = value.get("if")
        condition = {} if given is None else self.pattern(given, (*path, "if"))
        return Requirement(condition, self.pattern(value["then"], (*path, "then")))

    def orders(self, value: Any, issues: Any) -> dict[str, tuple[tuple[tuple[str, str], ...], ...]]:
        found = {}
        for party, said in self.mapping(value, ("orders",)).items():
            chains = []
            if isinstance(said, Mapping):
                for issue, order in said.items():
                    options = self.chain(order, ("orders", party, str(issue)))
                    chains.append(tuple((str(issue), option) for option in options))
            else:
                for n, order in enumerate(self.items(said, ("orders", party))):
                    path = ("orders", party, n)
                    chains.append(
                        tuple(
                            self.reference(each, issues, path) for each in self.chain(order, path)
                        )
                    )
            found[party] = tuple(chains)
        return found

    def chain(self, value: Any, path: Path) -> tuple[str, ...]:
        if isinstance(value, str):
            given = tuple(part.strip() for part in value.split(">"))
        else:
            given = self.texts(value, path)
        for name, after in pairwise(given):
            if name == after:
                self.odd(path, f"`{name}` stands after itself", "It counts once. Remove one.")
        return tuple(name for name, _ in groupby(given))

    def reference(self, text: str, issues: Any, path: Path) -> tuple[str, str]:
        dots = [at for at, character in enumerate(text) if character == "."]
        for dot in dots:
            inside = issues.get(text[:dot]) if isinstance(issues, Mapping) else None
            if isinstance(inside, Mapping) and text[dot + 1 :] in inside:
                return text[:dot], text[dot + 1 :]
        if not dots:
            self.wrong(path, f"`{text}` names no option", "Write it as issue.option: funds.full.")
        issue, _, option = text.partition(".")
        return issue, option


def to_plain(model: Model) -> dict[str, Any]:
    """The model as mappings, lists, numbers and texts; `from_plain` gives it back."""

    def number(value: Value) -> Any:
        if isinstance(value, Range):
            return [_written(value.low), _written(value.high)]
        return _written(value)

    def pattern(given: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
        return {i: o[0] if len(o) == 1 else list(o) for i, o in given.items()}

    plain: dict[str, Any] = {
        "parties": list(model.parties),
        "issues": {
            issue: {
                option: {
                    party: number(model.values[party][issue][option]) for party in model.parties
                }
                for option in options
            }
            for issue, options in model.issues.items()
        },
        "walk_away": {party: number(value) for party, value in model.walk_away.items()},
        "forbidden": [pattern(each) for each in model.forbidden],
        "requires": [
            {"if": pattern(each.condition), "then": pattern(each.then)}
            if each.condition
            else {"then": pattern(each.then)}
            for each in model.requires
        ],
    }
    if model.orders:
        plain["orders"] = {
            party: [[f"{issue}.{option}" for issue, option in chain] for chain in chains]
            for party, chains in model.orders.items()
        }
    if model.words:
        plain["words"] = dict(model.words)
    return plain


def _written(number: Fraction) -> int | float | str:
    """A number that reads back exactly: an int, a float if it is one, or a fraction."""
    short = shortest(number)
    return short if exact(short) == number else str(number)
