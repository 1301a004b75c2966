"""Genius's XML, the exchange format of automated negotiation (Lin et al. 2014).

A domain names issues and their values; each party's profile weighs the issues and evaluates
the values. What a package is worth there is the sum over issues of weight times evaluation,
where that of a discrete value is divided by the issue's largest, and that of a number lies on a
line and is cut off below 0 and above 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import TYPE_CHECKING

from detente.solve.bargaining.domains import (
    DomainError,
    Profile,
    cut,
    decimal,
    joined,
    read_bytes,
    span,
)
from detente.solve.bargaining.model import Model, Range
from detente.solve.plain import ModelError, Wrong, exact, nearest

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped, unused-ignore]

NOTHING = Fraction(1, 100_000)
"""Where an issue's largest evaluation is below this, Genius takes all of them for 0."""

HOLDERS = ("negotiation_template", "utility_space", "objective")
"""Elements that issues and weights stand in; those inside anything else are not the issue's own."""

_BREAKS = re.compile(r"[\t\n\r]")
BARE = re.compile(rb"&(?!#?[A-Za-z0-9]{1,31};)")


GeniusError = DomainError
"""What a file that can't be used raises."""


@dataclass(frozen=True)
class Issue:
    """An issue of a domain.

    options : its values, as written
    numbers : option -> the number it is; empty where values are words
    """

    name: str
    index: str
    options: tuple[str, ...]
    numbers: Mapping[str, Fraction] = field(default_factory=dict)


def from_genius(domain: Path, profiles: Sequence[Path]) -> tuple[Model, tuple[str, ...]]:
    """The model that a domain and two or more profiles describe, and warnings.

    Parties are named after the profiles' files. Issues are discrete, whole numbers, or any number
    between two, which is cut into steps; profiles weigh and evaluate issues, or are made of
    hyperrectangles of which each bounds one issue. What is left out or odd is in the warnings: a
    discount for time, an item without an evaluation. Raises GeniusError, or ModelError.
    """
    warnings: list[str] = []
    root = _root(domain)
    issues: dict[str, Issue] = {}
    for element in _issues(root):
        name = _attribute(domain, element, "name")
        if name in issues:
            raise GeniusError(domain, _line(element), f"the issue `{name}` stands here twice")
        issues[name] = _options(domain, element, warnings)
    if not issues:
        do = "A Genius domain has <issue> elements in a <utility_space>."
        raise GeniusError(domain, _line(root), "there is no issue here", do)
    found = [_profile(path, list(issues.values())) for path in profiles]
    options = {name: each.options for name, each in issues.items()}
    return joined(domain, options, found, warnings)


def is_genius(path: Path) -> bool:
    """The file's name says it is XML."""
    return path.suffix.casefold() == ".xml"


def kind(path: Path) -> str:
    """What an XML file is: "domain", "profile", or "" for neither."""
    root = _root(path)
    if root.tag == "negotiation_template":
        return "domain"
    return "profile" if root.tag == "utility_space" else ""


def sorted_out(files: Sequence[Path]) -> tuple[Path, list[Path]]:
    """The domain, and the profiles: the first is the domain, unless another says it is."""
    if len(files) > 1 and kind(files[0]) == "profile":
        for file in files[1:]:
            if kind(file) == "domain":
                return file, [each for each in files if each != file]
    return files[0], list(files[1:])


def _root(path: Path) -> _Element:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    data = read_bytes(path)
    # Blank lines before the header go behind it, so that lines keep their numbers.
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    blank = data[: len(data) - len(text)].count(b"\n") * b"\n"
    end = text.find(b"?>") + 2 if text.startswith(b"<?xml") else 0
    text = text[:end] + blank + text[end:]
    # Nothing outside the file is looked at, and entities are not expanded.
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        root = etree.fromstring(text, etree.XMLParser(**safe))
    except etree.XMLSyntaxError as error:
        root = None
        # What other programs write by hand: a bare ampersand, and a Windows encoding unnamed.
        if BARE.search(text) or not _is_utf8(text):
            encoding = {} if _is_utf8(text) else {"encoding": "windows-1252"}
            try:
                root = etree.fromstring(
                    BARE.sub(b"&amp;", text), etree.XMLParser(**safe, **encoding)
                )
            except etree.XMLSyntaxError:
                root = None
        if root is None:
            what = f"this is no well-formed XML: {error.msg}"
            raise GeniusError(path, error.lineno or 1, what) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise GeniusError(path, 1, "a document type declaration", "Take the <!DOCTYPE ...> out.")
    return root


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _issues(root: _Element) -> Iterator[_Element]:
    """The <issue> elements in document order; objectives may hold objectives."""
    for element in root.iter("issue"):
        if all(above.tag in HOLDERS for above in element.iterancestors()):
            yield element


def _options(path: Path, element: _Element, warnings: list[str]) -> Issue:
    kind = element.get("type") or element.get("vtype") or element.get("etype") or "discrete"
    name, index = str(element.get("name")), str(element.get("index"))
    if kind == "discrete":
        options = tuple(
            dict.fromkeys(_attribute(path, item, "value") for item in element.findall("item"))
        )
        if not options:
            raise GeniusError(path, _line(element), f"the issue `{name}` has no value")
        return Issue(name, index, options, _numbers(options))
    if kind == "integer":
        low, high = _bounds(path, element)
        if low.denominator != 1 or high.denominator != 1:
            what = f"the issue `{name}` goes from {decimal(low)} to {decimal(high)}"
            raise GeniusError(path, _line(element), what, "Whole numbers in ascending order.")
        numbers = span(path, _line(element), name, low, high, Fraction(1))
    elif kind == "real":
        low, high = _bounds(path, element)
        numbers, warning = cut(path, _line(element), name, low, high)
        warnings.append(warning)
    else:
        do = "Issues are discrete, integer or real."
        raise GeniusError(path, _line(element), f"the issue `{name}` is of the kind `{kind}`", do)
    named = {decimal(each): each for each in numbers}
    return Issue(name, index, tuple(named), named)


def _numbers(options: Sequence[str]) -> dict[str, Fraction]:
    """The options as numbers, where all are."""
    found = {option: exact(option) for option in options}
    return (
        {option: each for option, each in found.items() if each is not None}
        if all(each is not None for each in found.values())
        else {}
    )


def _bounds(path: Path, element: _Element) -> tuple[Fraction, Fraction]:
    inside = element.find("range")
    ends = element if inside is None else inside
    return _number(path, ends, "lowerbound"), _number(path, ends, "upperbound")


# --- a profile ------------------------------------------------------------------------------------


def _profile(path: Path, issues: Sequence[Issue]) -> Profile:
    root = _root(path)
    warnings: list[str] = []
    rectangles = next(root.iter("hyperRectangle"), None) is not None
    values = (_from_rectangles if rectangles else _weighed)(path, root, issues, warnings)
    walk_away = Fraction(0)
    for element in root.iter("reservation"):
        walk_away = _number(path, element, "value")
    for element in root.iter("discount_factor"):
        factor = _number(path, element, "value")
        if factor not in (0, 1):
            warnings.append(
                f"{path.name}: values lose by time there (discount factor {float(factor):g}); "
                "what is said here holds for a deal made at once."
            )
    return Profile(path, values, walk_away, tuple(warnings))


def _weighed(
    path: Path, root: _Element, issues: Sequence[Issue], warnings: list[str]
) -> dict[str, dict[str, Fraction]]:
    """Weights and evaluations."""
    found: dict[str, dict[str, Fraction]] = {}
    weights: dict[str, Fraction] = {}
    for element in _issues(root):
        issue = _named(path, element, issues)
        if issue.name in found:
            what = f"the issue `{issue.name}` is evaluated twice"
            raise GeniusError(path, _line(element), what)
        weights[issue.name] = weight = _weight(path, root, element)
        shares = _evaluations(path, element, issue, warnings)
        found[issue.name] = {option: weight * shares[option] for option in issue.options}
    for issue in issues:
        if issue.name not in found:
            do = "Every profile evaluates every issue of the domain."
            what = f"the issue `{issue.name}` is not evaluated"
            raise GeniusError(path, _line(root), what, do)
    if (total := sum(weights.values())) > 1 + Fraction(1, 10**6):
        warnings.append(
            f"{path.name}: weights add up to {float(total):g}; Genius counts no package as worth "
            "more than 1, and here it is."
        )
    return found


def _named(path: Path, element: _Element, issues: Sequence[Issue]) -> Issue:
    """The domain's issue that a profile's element means; blanks around its name aside."""
    name = _attribute(path, element, "name")
    for issue in issues:
        if name in (issue.name, issue.name.strip()) or name.strip() == issue.name:
            return issue
    do = nearest(name, [issue.name for issue in issues])
    raise GeniusError(path, _line(element), f"unknown issue `{name}`", do)


def _weight(path: Path, root: _Element, element: _Element) -> Fraction:
    """The issue's weight: beside it, else where issues may stand."""
    index, name = _attribute(path, element, "index"), element.get("name")
    beside = element.getparent().findall("weight")
    others = [w for w in root.iter("weight") if w.getparent().tag in HOLDERS]
    for weight in (*beside, *others):
        if _attribute(path, weight, "index") == index:
            return _number(path, weight, "value")
    do = f'Write <weight index="{index}" value="0.2"/> beside it.'
    raise GeniusError(path, _line(element), f"the issue `{name}` has no weight", do)


def _evaluations(
    path: Path, element: _Element, issue: Issue, warnings: list[str]
) -> dict[str, Fraction]:
    """What share of the issue's weight each option has."""
    # Only its own items: a <similarity_function> holds items that say something else.
    items = element.findall("item")
    line = element.find("evaluator")
    if not items and line is None:
        what = f"nothing evaluates the values of `{issue.name}`"
        raise GeniusError(path, _line(element), what)
    if not items:
        return _on_a_line(path, element, line, issue)
    numbers: dict[str, Fraction] = {}
    unknown: list[_Element] = []
    for item in items:
        option = _attribute(path, item, "value")
        said = item.get("evaluation")
        if option not in issue.options:
            unknown.append(item)
        if said is None or said.strip() in ("", "null"):
            continue
        value = _number(path, item, "evaluation")
        if numbers.get(option, value) != value:
            warnings.append(
                f"{path.name}: `{option}` of `{issue.name}` is evaluated twice; the last counts."
            )
        numbers[option] = value
    missing = [option for option in issue.options if option not in numbers]
    for item in unknown:
        option = item.get("value") or ""
        if missing:
            what = f"unknown value `{option}`"
            raise GeniusError(path, _line(item), what, nearest(option, issue.options))
        warnings.append(f"{path.name}: the domain has no value `{option}` of `{issue.name}`.")
    if missing:
        few = ", ".join(f"`{option}`" for option in missing[:3]) + ", ..." * (len(missing) > 3)
        warnings.append(
            f"{path.name}: no evaluation of {few} of `{issue.name}`; counted as 0, as in Genius."
        )
    top = max(numbers.values(), default=Fraction(0))
    if min(numbers.values(), default=Fraction(0)) < 0:
        raise GeniusError(path, _line(element), f"a negative evaluation in `{issue.name}`")
    if top < NOTHING:
        return dict.fromkeys(issue.options, Fraction(0))
    return {option: numbers.get(option, Fraction(0)) / top for option in issue.options}


def _on_a_line(path: Path, element: _Element, line: _Element, issue: Issue) -> dict[str, Fraction]:
    """Evaluations of numbers: a line, a triangle or a constant."""
    if not issue.numbers:
        what = f"`{issue.name}` is evaluated along a line, and its values are no numbers"
        raise GeniusError(path, _line(line), what)
    kind = line.get("ftype", "linear")
    whole = all(number.denominator == 1 for number in issue.numbers.values())
    if kind == "linear" and line.get("slope") is not None:
        # Counted from the issue's lower bound.
        low = min(issue.numbers.values())
        if element.get("lowerbound") is not None or element.find("range") is not None:
            low, _ = _bounds(path, element)
        start, slope = _number(path, line, "offset"), _number(path, line, "slope")
        return {o: _cut_off(start + slope * (n - low)) for o, n in issue.numbers.items()}
    if kind == "linear":
        start, slope = _number(path, line, "parameter0"), _number(path, line, "parameter1")
        found = {o: start + slope * n for o, n in issue.numbers.items()}
        if not whole or max(found.values()) <= 1:
            return {o: _cut_off(n) for o, n in found.items()}
        if min(found.values()) < 0:
            raise GeniusError(path, _line(element), f"a negative evaluation in `{issue.name}`")
        top = max(found.values())
        return {o: n / top for o, n in found.items()}
    if kind == "constant":
        return dict.fromkeys(issue.options, _number(path, line, "parameter0"))
    if kind == "triangular":
        if line.get("parameter2") is None:
            what = "a triangular evaluator without its peak (`parameter2`)"
            raise GeniusError(path, _line(line), what)
        low, high, peak = (_number(path, line, f"parameter{n}") for n in range(3))
        return {o: _triangle(n, low, high, peak) for o, n in issue.numbers.items()}
    do = "It is linear, constant or triangular; or give the values one by one."
    raise GeniusError(path, _line(line), f"an evaluator of the kind `{kind}`", do)


def _cut_off(value: Fraction) -> Fraction:
    return min(max(value, Fraction(0)), Fraction(1))


def _triangle(x: Fraction, low: Fraction, high: Fraction, top: Fraction) -> Fraction:
    if low <= x < top:
        return (x - low) / (top - low)
    if top <= x < high:
        return 1 - (x - top) / (high - top)
    return Fraction(0)


def _from_rectangles(
    path: Path, root: _Element, issues: Sequence[Issue], warnings: list[str]
) -> dict[str, dict[str, Fraction]]:
    """A sum of hyperrectangles, each worth something within its bounds (or outside of them).

    They add up over issues where each bounds one issue, or none.
    """
    found = {issue.name: dict.fromkeys(issue.options, Fraction(0)) for issue in issues}
    by_index = {issue.index: issue for issue in issues}
    for element in root.iter("hyperRectangle"):
        worth = _number(path, element, "utility")
        if element.get("weight") is not None:
            worth *= _number(path, element, "weight")
        for n, above in enumerate(element.iterancestors("ufun")):
            if (how := above.get("aggregation", "sum").casefold()) != "sum":
                what = f"hyperrectangles of which the {how} counts: values do not add up"
                raise GeniusError(path, _line(above), what)
            # The outermost function's own weight is not looked at, as in Genius.
            if n and above.get("weight") is not None:
                worth *= _number(path, above, "weight")
        inside = element.findall("INCLUDES")
        bounds = inside or element.findall("EXCLUDES")
        fits: dict[str, set[str]] = {}
        for bound in bounds:
            issue = by_index.get(_attribute(path, bound, "index"))
            if issue is None or not issue.numbers:
                what = "a bound on an issue that the domain does not have, or not as numbers"
                raise GeniusError(path, _line(bound), what)
            low, high = _number(path, bound, "min"), _number(path, bound, "max")
            here = {option for option, n in issue.numbers.items() if low <= n <= high}
            if len(here) < len(issue.options):
                fits[issue.name] = fits.get(issue.name, set(issue.options)) & here
        if len(fits) > 1:
            names = " and ".join(f"`{name}`" for name in list(fits)[:3])
            what = f"a hyperrectangle over {names}: what the one is worth depends on the other"
            do = "Here values add up over issues, so such a profile can't be opened."
            raise GeniusError(path, _line(element), what, do)
        if fits:
            ((name, options),) = fits.items()
            options = options if inside else set(found[name]) - options
        else:
            # Bounded nowhere: worth something in every package, or (outside of it) in none.
            name = issues[0].name
            options = set(found[name]) if inside or not bounds else set()
        for option in options:
            found[name][option] += worth
    utility = next((e for e in root.iter() if e.get("maxutility") is not None), None)
    most = Fraction(0) if utility is None else _number(path, utility, "maxutility")
    if most <= 0:
        warnings.append(f"{path.name}: no largest utility is said; utilities are as written.")
        return found
    return {name: {o: v / most for o, v in of.items()} for name, of in found.items()}


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


# --- writing --------------------------------------------------------------------------------------


def to_genius(model: Model) -> tuple[dict[str, str], tuple[str, ...]]:
    """Genius's files for a model, name -> text: a domain and a profile for each party; warnings.

    `from_genius` reads the same problem from them, value for value, where no package is worth
    more than 1 to anybody and none less than 0, as Genius wants it. Else a party counts there in
    units ten, a hundred ... times as large, and from its worst options up, which is said and
    changes no answer but the sums of values of several parties. Raises ModelError where values
    are open or there are constraints, which Genius does not have, and where a name can't be a
    file's or stand in XML.
    """
    from lxml import etree

    wrongs = [] if not model.open else [Wrong((), "some values are left open; Genius's are exact")]
    key = "forbidden" if model.forbidden else "requires"
    if model.forbidden or model.requires:
        wrongs.append(Wrong((key,), "Genius's domains have no constraints between issues"))
    names = [_file_name(party) for party in model.parties]
    for n, party in enumerate(model.parties):
        if names[n] is None or names[n] in names[:n]:
            what = f"the party `{party}` can't give its name to a file"
            wrongs.append(Wrong(("parties", n), what))
    if wrongs:
        raise ModelError(wrongs)
    warnings: list[str] = []
    domain = "domain.xml" if "domain.xml" not in names else "the-domain.xml"
    template = etree.Element("negotiation_template")
    trees = {domain: template}
    _objective(template, model)
    for name, party in zip(names, model.parties, strict=True):
        assert name is not None
        root = etree.Element("utility_space")
        _evaluate(root, model, party, warnings)
        trees[name] = root
    texts = {}
    for name, root in trees.items():
        etree.indent(root)
        texts[name] = etree.tostring(root, encoding="unicode") + "\n"
    return texts, tuple(warnings)


def _file_name(party: str) -> str | None:
    plain = party.strip() == party and party.isprintable() and not set(party) & set('/\\:*?"<>|')
    return f"{party}.xml" if plain and not party.startswith(".") and len(party) < 100 else None


def _objective(root: _Element, model: Model) -> _Element:
    """<utility_space> with an objective that holds the issues."""
    from lxml import etree

    space = root
    if root.tag != "utility_space":
        space = etree.SubElement(root, "utility_space")
    space.set("number_of_issues", str(len(model.issues)))
    same = {"etype": "objective", "type": "objective"}
    objective = etree.SubElement(space, "objective", index="0", name="root", description="", **same)
    kinds = {"etype": "discrete", "type": "discrete", "vtype": "discrete"}
    for n, (issue, options) in enumerate(model.issues.items(), 1):
        element = etree.SubElement(objective, "issue", index=str(n), **kinds)
        _set(element, "name", issue)
        for k, option in enumerate(options, 1):
            item = etree.SubElement(element, "item", index=str(k), description="")
            _set(item, "value", option)
    return objective


def _set(element: _Element, key: str, text: str) -> None:
    # A name in blanks would read back as none, and some characters can't stand in XML.
    try:
        element.set(key, text)
    except ValueError:
        raise ModelError(Wrong((), f"`{text!r}` can't be written in XML", "Rename it.")) from None
    if not text.strip() or _BREAKS.search(text):
        raise ModelError(Wrong((), f"`{text!r}` can't be written in XML", "Rename it."))


def _evaluate(root: _Element, model: Model, party: str, warnings: list[str]) -> None:
    """A profile: of each issue its largest value is the weight, the values are evaluations."""
    from lxml import etree

    values = {
        issue: {option: _known(value) for option, value in of.items()}
        for issue, of in model.values[party].items()
    }
    wall = _known(model.limit(party))
    shift = {issue: min(Fraction(0), *of.values()) for issue, of in values.items()}
    tops = {issue: max(of.values()) - shift[issue] for issue, of in values.items()}
    wall -= sum(shift.values())
    scale = _scale([*tops.values(), wall])
    if any(shift.values()):
        warnings.append(f"{party}: what is worth less than nothing counts from the worst up there.")
    if scale != 1:
        warnings.append(f"{party}: 1 is {decimal(scale)} there.")
    objective = _objective(root, model)
    for element, issue in zip(objective.findall("issue"), model.issues, strict=True):
        over = {option: value - shift[issue] for option, value in values[issue].items()}
        # Only what evaluations are to the largest counts, so they are whole.
        whole = lcm(*(value.denominator for value in over.values()))
        for item, option in zip(element.findall("item"), model.issues[issue], strict=True):
            item.set("evaluation", str(int(over[option] * whole)))
        weight = decimal(tops[issue] * scale)
        etree.SubElement(objective, "weight", index=element.get("index"), value=weight)
    etree.SubElement(root, "discount_factor", value="1.0")
    etree.SubElement(root, "reservation", value=decimal(wall * scale))


def _scale(numbers: Sequence[Fraction]) -> Fraction:
    """What makes decimals of them whose sum, without the last (the walk-away), is at most 1."""
    others = 1
    for number in numbers:
        rest = number.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        others = lcm(others, rest)
    scale = Fraction(others)
    # Weights that add up to 1 but for their last digits are left as they are.
    while sum(numbers[:-1]) * scale > 1 + Fraction(1, 10**6):
        scale /= 10
    return scale


def _known(value: Fraction | Range) -> Fraction:
    assert isinstance(value, Fraction)
    return value
