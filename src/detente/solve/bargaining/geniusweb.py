"""GeniusWeb's JSON: a domain, and linear additive profiles that may hold it too.

What a package is worth is the sum over issues of weight times utility, which is listed value by
value, or lies on a line between two numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from detente.solve.bargaining.domains import (
    DomainError,
    Profile,
    data_in,
    decimal,
    joined,
    number,
    span,
)
from detente.solve.bargaining.model import Model
from detente.solve.plain import nearest

LINEAR = "LinearAdditiveUtilitySpace"
LISTED = ("discreteutils", "DiscreteValueSetUtilities")
ON_A_LINE = ("numberutils", "NumberValueSetUtilities")


def kind(data: Any) -> str:
    """What a JSON file holds: "domain", "profile", or "" for neither."""
    if not isinstance(data, Mapping):
        return ""
    if "issuesValues" in data:
        return "domain"
    return "profile" if any(str(key).endswith("UtilitySpace") for key in data) else ""


def from_geniusweb(domain: Path | None, profiles: Sequence[Path]) -> tuple[Model, tuple[str, ...]]:
    """The model of a domain and its profiles, and warnings. Raises DomainError, or ModelError.

    domain : None: the one in the first profile
    """
    inside = [(path, _linear(path)) for path in profiles]
    where = domain or (profiles[0] if profiles else None)
    if where is None:
        raise DomainError(Path(), 0, "there is no profile")
    issues = _issues(where, data_in(where) if domain else inside[0][1].get("domain"))
    found = [_profile(path, data, issues) for path, data in inside]
    return joined(where, {issue: tuple(options) for issue, options in issues.items()}, found, ())


def _linear(path: Path) -> Mapping[str, Any]:
    data = data_in(path)
    space = data.get(LINEAR) if isinstance(data, Mapping) else None
    if not isinstance(space, Mapping):
        named = next(iter(data), "nothing") if isinstance(data, Mapping) else "nothing"
        what = f"a profile of the kind {named}, whose values do not add up over issues"
        raise DomainError(path, 0, what, f"Only {LINEAR} can be opened.")
    return space


def _mapping(path: Path, data: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise DomainError(path, 0, f"{what} is missing, or no mapping")
    return data


def _issues(path: Path, domain: Any) -> dict[str, dict[str, Fraction | None]]:
    """Issue -> option -> the number it is, if it is one."""
    said = _mapping(path, _mapping(path, domain, "`domain`").get("issuesValues"), "`issuesValues`")
    found: dict[str, dict[str, Fraction | None]] = {}
    for issue, values in said.items():
        inside = _mapping(path, values, f"the issue `{issue}`")
        if "range" in inside:
            ends = inside["range"]
            if not isinstance(ends, list) or len(ends) != 3:
                raise DomainError(path, 0, f"`{issue}`: a range is [low, high, step]")
            low, high, step = (number(path, end, f"range of `{issue}`") for end in ends)
            found[issue] = {decimal(n): n for n in span(path, 0, issue, low, high, step)}
        elif isinstance(inside.get("values"), list) and inside["values"]:
            found[issue] = dict.fromkeys(map(str, inside["values"]))
        else:
            raise DomainError(path, 0, f"the issue `{issue}` has neither `values` nor a `range`")
    if not found:
        raise DomainError(path, 0, "there is no issue here")
    return found


def _profile(
    path: Path, data: Mapping[str, Any], issues: Mapping[str, Mapping[str, Fraction | None]]
) -> Profile:
    weights = _mapping(path, data.get("issueWeights"), "`issueWeights`")
    utilities = _mapping(path, data.get("issueUtilities"), "`issueUtilities`")
    warnings: list[str] = []
    for issue in utilities:
        if issue not in issues:
            raise DomainError(path, 0, f"unknown issue `{issue}`", nearest(issue, [*issues]))
    values: dict[str, dict[str, Fraction]] = {}
    for issue, options in issues.items():
        weight = number(path, weights.get(issue), f"weight of `{issue}`")
        said = _mapping(path, utilities.get(issue), f"the utility of `{issue}`")
        shares = _utilities(path, issue, said, options, warnings)
        values[issue] = {option: weight * shares[option] for option in options}
    bid = data.get("reservationBid")
    wall = Fraction(0)
    if isinstance(bid, Mapping):
        chosen = _mapping(path, bid.get("issuevalues"), "`issuevalues` of the reservation bid")
        for issue, option in chosen.items():
            inside = values.get(issue, {})
            named = _option(option, inside)
            if named is None:
                what = f"the reservation bid has `{option}` of `{issue}`, which is not there"
                raise DomainError(path, 0, what)
            wall += inside[named]
    elif data.get("reserved_value") is not None:
        wall = number(path, data["reserved_value"], "`reserved_value`")
    return Profile(path, values, wall, tuple(warnings))


def _option(said: Any, options: Mapping[str, Any]) -> str | None:
    """The option that a value means; 1.0 is 1."""
    if str(said) in options:
        return str(said)
    for option in options:
        try:
            if Fraction(option) == Fraction(str(said)):
                return option
        except (ValueError, ZeroDivisionError):
            continue
    return None


def _utilities(
    path: Path,
    issue: str,
    said: Mapping[str, Any],
    options: Mapping[str, Fraction | None],
    warnings: list[str],
) -> dict[str, Fraction]:
    for key in ON_A_LINE:
        if key in said:
            inside = _mapping(path, said[key], f"`{key}` of `{issue}`")
            keys = ("lowValue", "lowUtility", "highValue", "highUtility")
            x0, y0, x1, y1 = (number(path, inside.get(k), f"{k} of `{issue}`") for k in keys)
            if any(each is None for each in options.values()) or x1 <= x0:
                what = f"the utility of `{issue}` lies on a line, and its values do not"
                raise DomainError(path, 0, what)
            found = {}
            for option, x in options.items():
                assert x is not None
                # Outside of the line's ends GeniusWeb gives nothing.
                on = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
                found[option] = on if x0 <= x <= x1 else Fraction(0)
            return found
    for key in LISTED:
        if key in said:
            inside = _mapping(path, said[key], f"`{key}` of `{issue}`")
            listed = _mapping(path, inside.get("valueUtilities"), f"`valueUtilities` of `{issue}`")
            given = {str(k): number(path, v, f"utility of `{k}`") for k, v in listed.items()}
            missing = [option for option in options if option not in given]
            for option in given:
                if option not in options:
                    if missing:
                        do = nearest(option, [*options])
                        raise DomainError(path, 0, f"unknown value `{option}` of `{issue}`", do)
                    warnings.append(
                        f"{path.name}: the domain has no value `{option}` of `{issue}`."
                    )
            if missing:
                few = ", ".join(f"`{each}`" for each in missing[:3]) + ", ..." * (len(missing) > 3)
                warnings.append(
                    f"{path.name}: no utility of {few} of `{issue}`; counted as 0, as in GeniusWeb."
                )
            return {option: given.get(option, Fraction(0)) for option in options}
    what = f"the utility of `{issue}` is of the kind {next(iter(said), 'nothing')}"
    raise DomainError(path, 0, what, f"Known are {LISTED[0]} and {ON_A_LINE[0]}.")
