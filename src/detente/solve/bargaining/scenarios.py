"""NegMAS's own scenarios, in YAML or JSON: an outcome space and a utility function for each party.

What `Scenario.dumpas` writes (NegMAS 0.16), read without NegMAS. Functions that add up over issues
can be opened: LinearAdditiveUtilityFunction, LinearUtilityFunction, AffineUtilityFunction and
ConstUtilityFunction, also where a discount for time is laid over them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from detente.solve.bargaining.domains import (
    DomainError,
    Profile,
    cut,
    data_in,
    decimal,
    joined,
    number,
    span,
)
from detente.solve.bargaining.model import Model
from detente.solve.plain import exact

LISTED = ("CategoricalIssue", "DiscreteOrdinalIssue", "DiscreteCardinalIssue", "OrdinalIssue",
          "CardinalIssue", "SingletonIssue", "DiscreteIssue")  # fmt: skip
NUMBERED = ("IdentityFun", "LinearFun", "AffineFun", "QuadraticFun", "PolynomialFun",
            "TriangularFun")  # fmt: skip
OPENED = ("LinearAdditiveUtilityFunction", "LinearUtilityFunction", "AffineUtilityFunction",
          "ConstUtilityFunction")  # fmt: skip
DISCOUNTED = ("ExpDiscountedUFun", "LinDiscountedUFun", "DiscountedUtilityFunction")


@dataclass(frozen=True)
class Issue:
    """options : how a value is called -> the value"""

    name: str
    options: Mapping[str, Any]


def kind(data: Any) -> str:
    """What a file holds: "domain", "profile", or "" for neither."""
    type_ = _type(data)
    if "OutcomeSpace" in type_ or type_.endswith("OS"):
        return "domain"
    return "profile" if "fun" in type_.casefold() else ""


def from_scenario(domain: Path, profiles: Sequence[Path]) -> tuple[Model, tuple[str, ...]]:
    """The model of a scenario's files, and warnings. Raises DomainError, or ModelError.

    A reserved value of minus infinity, which NegMAS writes where none is set, makes the worst
    package acceptable.
    """
    warnings: list[str] = []
    data = data_in(domain)
    said = data.get("issues") if isinstance(data, Mapping) else None
    if not isinstance(said, list) or not said:
        raise DomainError(domain, 0, "there is no issue here")
    issues = [_issue(domain, each, n, warnings) for n, each in enumerate(said)]
    names = [issue.name for issue in issues]
    for n, name in enumerate(names):
        if name in names[:n]:
            raise DomainError(domain, 0, f"the issue `{name}` stands here twice")
    found = [_profile(path, data_in(path), issues) for path in profiles]
    options = {issue.name: tuple(issue.options) for issue in issues}
    return joined(domain, options, found, warnings)


def _type(data: Any) -> str:
    """The class that NegMAS would make of it, without its module."""
    if not isinstance(data, Mapping):
        return ""
    return str(data.get("type") or data.get("__python_class__") or "").rpartition(".")[2]


def _issue(path: Path, data: Any, n: int, warnings: list[str]) -> Issue:
    if not isinstance(data, Mapping):
        raise DomainError(path, 0, f"issue number {n + 1} is no mapping")
    name = str(data.get("name") or f"issue{n + 1}")
    type_, values = _type(data), data.get("values")
    if type_ == "ContiguousIssue" and isinstance(values, int) and not isinstance(values, bool):
        values = [0, values - 1]
    if type_ in ("ContiguousIssue", "ContinuousIssue"):
        if not isinstance(values, list) or len(values) != 2:
            raise DomainError(path, 0, f"`{name}`: values are [lowest, highest]")
        low, high = (number(path, end, f"values of `{name}`") for end in values)
        if type_ == "ContiguousIssue":
            numbers = span(path, 0, name, low, high, Fraction(1))
        else:
            numbers, warning = cut(path, 0, name, low, high)
            warnings.append(warning)
        return Issue(name, {decimal(each): each for each in numbers})
    if type_ in LISTED and isinstance(values, list) and values:
        options = {str(value): value for value in values}
        if len(options) < len(values):
            raise DomainError(path, 0, f"a value of `{name}` stands here twice")
        return Issue(name, options)
    what = f"the issue `{name}` is of the kind {type_ or 'nothing'}"
    do = "Known are lists of values, and whole or any numbers between two."
    raise DomainError(path, 0, what, do)


def _profile(path: Path, data: Any, issues: Sequence[Issue]) -> Profile:
    warnings = []
    reserved = data.get("reserved_value")
    while _type(data) in DISCOUNTED:
        inner = data.get("ufun")
        warnings.append(
            f"{path.name}: values lose by time there ({_type(data)}); what is said here holds for "
            "a deal made at once."
        )
        data = inner
    type_ = _type(data)
    if type_ not in OPENED:
        what = f"a {type_ or 'nothing'}, which does not add up over issues"
        raise DomainError(path, 0, what, f"Functions that can be opened: {', '.join(OPENED)}.")
    constant = number(path, data.get("bias") or 0, "bias")
    if type_ == "ConstUtilityFunction":
        constant += number(path, data.get("value"), "value")
    values = {}
    for n, issue in enumerate(issues):
        start = Fraction(0) if n else constant
        if type_ == "ConstUtilityFunction":
            values[issue.name] = dict.fromkeys(issue.options, start)
            continue
        weight = number(path, _of(path, data.get("weights"), issue, n, "weights"), "weight")
        fun: Any = {"type": "IdentityFun"}
        if type_ == "LinearAdditiveUtilityFunction":
            fun = _of(path, data.get("values"), issue, n, "values")
        worth = _function(path, issue, fun)
        values[issue.name] = {o: start + weight * worth(o, v) for o, v in issue.options.items()}
    wall = None
    outcome = data.get("reserved_outcome")
    if reserved is not None and float(reserved) > float("-inf"):
        wall = number(path, reserved, "reserved_value")
    elif isinstance(outcome, list) and len(outcome) == len(issues):
        wall = Fraction(0)
        for issue, value in zip(issues, outcome, strict=True):
            if str(value) not in issue.options:
                what = f"the reserved outcome has `{value}` of `{issue.name}`, which is not there"
                raise DomainError(path, 0, what)
            wall += values[issue.name][str(value)]
    return Profile(path, values, wall, tuple(warnings))


def _of(path: Path, data: Any, issue: Issue, n: int, what: str) -> Any:
    """An issue's part of a list in the issues' order, or of a mapping."""
    if isinstance(data, list) and n < len(data):
        return data[n]
    if isinstance(data, Mapping) and issue.name in data:
        return data[issue.name]
    raise DomainError(path, 0, f"`{what}` says nothing on the issue `{issue.name}`")


def _function(path: Path, issue: Issue, data: Any) -> Callable[[str, Any], Fraction]:
    """What an issue's value function gives for (option, its value)."""
    type_ = _type(data)

    def of(key: str, default: Any = 0) -> Fraction:
        return number(path, data.get(key, default), f"{key} of `{issue.name}`")

    if type_ == "ConstFun":
        constant = of("bias")
        return lambda option, value: constant
    if type_ in ("", "TableFun") and isinstance(data, Mapping):
        table = data.get("mapping", data)
        if not isinstance(table, Mapping):
            raise DomainError(path, 0, f"`{issue.name}`: the mapping is missing")
        # JSON knows no keys but texts, and writes true and false its own way.
        given = {str(key): value for key, value in table.items()}
        booleans = {"True": "true", "False": "false"}

        def listed(option: str, value: Any) -> Fraction:
            key = booleans.get(option, option) if option not in given else option
            if key not in given and (plain := exact(value)) is not None:
                key = next((each for each in given if exact(each) == plain), key)
            if key not in given:
                raise DomainError(path, 0, f"`{issue.name}`: `{option}` has no value")
            return number(path, given[key], f"value of `{option}`")

        return listed
    if type_ not in NUMBERED:
        what = f"`{issue.name}`: a value function of the kind {type_ or 'nothing'}"
        raise DomainError(path, 0, what, f"Known are TableFun, ConstFun, {', '.join(NUMBERED)}.")
    if type_ == "TriangularFun":
        start, middle, end = of("start"), of("middle"), of("end")
        bias, scale = of("bias"), of("scale", 1)

        def tent(x: Fraction) -> Fraction:
            if not start < x < end:
                return bias
            if x <= middle:
                return bias + scale * ((x - start) / (middle - start) if middle > start else 1)
            return bias + scale * (end - x) / (end - middle)

        return lambda option, value: tent(number(path, value, f"`{issue.name}`"))
    powers = {
        "IdentityFun": lambda: [Fraction(0), Fraction(1)],
        "LinearFun": lambda: [Fraction(0), of("slope", 1)],
        "AffineFun": lambda: [of("bias"), of("slope", 1)],
        "QuadraticFun": lambda: [of("bias"), of("a1"), of("a2")],
        "PolynomialFun": lambda: [
            of("bias"),
            *(number(path, c, f"`{issue.name}`") for c in data.get("coefficients", ())),
        ],
    }[type_]()

    def polynomial(option: str, value: Any) -> Fraction:
        x = number(path, value, f"`{issue.name}` needs numbers")
        return sum((c * x**n for n, c in enumerate(powers)), Fraction(0))

    return polynomial
