"""Genius's XML, the exchange format of automated negotiation (Lin et al. 2014).

A domain names issues and their values; each party's profile weighs the issues and evaluates
the values. What a package is worth there is the sum over issues of weight times evaluation over
the issue's largest evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from detente.solve.bargaining.model import MOST_OPTIONS, Model, Value
from detente.solve.plain import exact, nearest

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped, unused-ignore]

LARGEST = 20 << 20
"""Bytes a file may have."""


class GeniusError(ValueError):
    """A file that can't be used: which, where, what, and what to do."""

    def __init__(self, path: Path, line: int, what: str, do: str = "") -> None:
        self.path, self.line, self.what, self.do = path, line, what, do
        super().__init__(f"{path}:{line}: {what}" + f" {do}".rstrip())


def from_genius(domain: Path, profiles: Sequence[Path]) -> tuple[Model, tuple[str, ...]]:
    """The model that a domain and two or more profiles describe, and notes on what is left out.

    Parties are named after the profiles' files. Issues are discrete, or whole numbers; a
    discount for time is left out, and noted. Raises GeniusError, or ModelError.
    """
    where = _root(domain)
    issues: dict[str, tuple[str, ...]] = {}
    for element in where.iter("issue"):
        name = _attribute(domain, element, "name")
        if name in issues:
            raise GeniusError(domain, _line(element), f"the issue `{name}` stands here twice")
        issues[name] = _options(domain, element)
    if not issues:
        do = "A Genius domain has <issue> elements in a <utility_space>."
        raise GeniusError(domain, _line(where), "there is no issue here", do)
    values: dict[str, dict[str, dict[str, Value]]] = {}
    walk_away: dict[str, Value] = {}
    notes: list[str] = []
    for path in profiles:
        root = _root(path)
        party = path.stem
        if party in values:
            raise GeniusError(path, 1, f"a second profile named `{party}`", "Rename the file.")
        values[party] = _profile(path, root, issues)
        walk_away[party] = Fraction(0)
        for element in root.iter("reservation"):
            walk_away[party] = _number(path, element, "value")
        for element in root.iter("discount_factor"):
            factor = _number(path, element, "value")
            if factor not in (0, 1):
                notes.append(
                    f"{path.name}: values lose by time there (discount factor {float(factor):g}); "
                    "what is said here holds for a deal made at once."
                )
    return Model(tuple(values), issues, values, walk_away), tuple(notes)


def is_genius(path: Path) -> bool:
    """The file's name says it is XML."""
    return path.suffix.casefold() == ".xml"


def _root(path: Path) -> _Element:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    try:
        data = path.read_bytes()
    except OSError as error:
        raise GeniusError(path, 0, f"this can't be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise GeniusError(path, 0, f"{len(data) >> 20} MiB; {LARGEST >> 20} MiB is the most")
    # Nothing outside the file is looked at, and entities are not expanded.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        what = f"this is no well-formed XML: {error.msg}"
        raise GeniusError(path, error.lineno or 1, what) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise GeniusError(path, 1, "a document type declaration", "Take the <!DOCTYPE ...> out.")
    return root


def _profile(
    path: Path, root: _Element, issues: dict[str, tuple[str, ...]]
) -> dict[str, dict[str, Value]]:
    weights = {
        _attribute(path, element, "index"): _number(path, element, "value")
        for element in root.iter("weight")
    }
    found: dict[str, dict[str, Value]] = {}
    for element in root.iter("issue"):
        name = _attribute(path, element, "name")
        if name not in issues:
            raise GeniusError(
                path, _line(element), f"unknown issue `{name}`", nearest(name, issues)
            )
        index = _attribute(path, element, "index")
        if index not in weights:
            do = f'Write <weight index="{index}" value="0.2"/> beside it.'
            raise GeniusError(path, _line(element), f"the issue `{name}` has no weight", do)
        numbers = _evaluations(path, element, issues[name])
        for option in issues[name]:
            if option not in numbers:
                what = f"no evaluation of `{option}` in `{name}`"
                raise GeniusError(path, _line(element), what, 'Write evaluation="0" if it is none.')
        top = max(numbers.values())
        if min(numbers.values()) < 0:
            raise GeniusError(path, _line(element), f"a negative evaluation in `{name}`")
        found[name] = {
            option: weights[index] * numbers[option] / top if top else Fraction(0)
            for option in issues[name]
        }
    for name in issues:
        if name not in found:
            do = "Every profile evaluates every issue of the domain."
            raise GeniusError(path, _line(root), f"the issue `{name}` is not evaluated", do)
    return found


def _evaluations(path: Path, element: _Element, options: Sequence[str]) -> dict[str, Fraction]:
    """What each option is evaluated at: item by item, or along a line over whole numbers."""
    items = list(element.iter("item"))
    if items:
        found = {}
        for item in items:
            option = _attribute(path, item, "value")
            if option not in options:
                what = f"unknown value `{option}`"
                raise GeniusError(path, _line(item), what, nearest(option, options))
            found[option] = _number(path, item, "evaluation")
        return found
    for line in element.iter("evaluator"):
        kind = line.get("ftype", "linear")
        if kind != "linear":
            do = "Only linear evaluators can be read; give the values one by one."
            raise GeniusError(path, _line(line), f"an evaluator of the kind `{kind}`", do)
        start, slope = _number(path, line, "parameter0"), _number(path, line, "parameter1")
        return {option: start + slope * Fraction(option) for option in options}
    name = element.get("name")
    raise GeniusError(path, _line(element), f"nothing evaluates the values of `{name}`")


def _options(path: Path, element: _Element) -> tuple[str, ...]:
    kind = element.get("type") or element.get("etype") or "discrete"
    name = element.get("name")
    if kind == "discrete":
        found = tuple(_attribute(path, item, "value") for item in element.iter("item"))
        for n, option in enumerate(found):
            if option in found[:n]:
                what = f"the value `{option}` of `{name}` stands here twice"
                raise GeniusError(path, _line(element), what)
        if not found:
            raise GeniusError(path, _line(element), f"the issue `{name}` has no value")
        return found
    if kind == "integer":
        inside = element.find("range")
        ends = element if inside is None else inside
        low, high = _number(path, ends, "lowerbound"), _number(path, ends, "upperbound")
        if low.denominator != 1 or high.denominator != 1 or not 0 <= high - low < MOST_OPTIONS:
            what = f"the issue `{name}` goes from {low} to {high}"
            do = f"Whole numbers in ascending order, at most {MOST_OPTIONS:,} of them."
            raise GeniusError(path, _line(element), what, do)
        return tuple(str(n) for n in range(int(low), int(high) + 1))
    do = "Only discrete and integer issues have options; cut it into steps."
    raise GeniusError(path, _line(element), f"the issue `{name}` is of the kind `{kind}`", do)


def _attribute(path: Path, element: _Element, key: str) -> str:
    value: str | None = element.get(key)
    if value is None or not value.strip():
        raise GeniusError(path, _line(element), f"<{element.tag}> has no `{key}`")
    return value


def _number(path: Path, element: _Element, key: str) -> Fraction:
    said = _attribute(path, element, key)
    found = exact(said)
    if found is None:
        what = f"`{said}` is no number ({key} of <{element.tag}>)"
        raise GeniusError(path, _line(element), what)
    return found


def _line(element: _Element) -> int:
    return int(element.sourceline or 1)
