"""Negotiation domains in the files of other programs: Genius, GeniusWeb, NegMAS.

All three keep a domain (issues and their values) beside one profile for each party (what each
value is worth to it). A kind of file is read by the module of its name; here is what they share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from detente.solve.bargaining.model import FEWEST, MOST, MOST_OPTIONS, Model, Value
from detente.solve.plain import exact

LARGEST = 20 << 20
"""Bytes a file may have."""

STEPS = 20
"""Equal steps that an issue with any number between two is cut into, as in Genius."""

SUFFIXES = (".xml", ".json", ".yml", ".yaml")


class DomainError(ValueError):
    """A file that can't be used: which, where, what, and what to do."""

    def __init__(self, path: Path, line: int, what: str, do: str = "") -> None:
        self.path, self.line, self.what, self.do = path, line, what, do
        super().__init__(f"{path}:{line}: {what}" + f" {do}".rstrip())


@dataclass(frozen=True)
class Profile:
    """One party's values.

    values    : issue -> option -> what it is worth
    walk_away : None: nothing is said, so that no deal is worse than none
    warnings  : what is odd in the file
    """

    path: Path
    values: Mapping[str, Mapping[str, Fraction]]
    walk_away: Fraction | None
    warnings: tuple[str, ...] = ()


def from_files(paths: Sequence[Path]) -> tuple[Model, tuple[str, ...]]:
    """The model in the files of a domain, and warnings of what is odd or left out.

    paths : a folder, or its files: Genius's XML, GeniusWeb's JSON, or NegMAS's YAML or JSON; which
            of them holds the domain is told by what stands in it
    Raises DomainError, or ModelError.
    """
    from detente.solve.bargaining import genius, geniusweb, scenarios

    files = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
    if len(files) == len(paths) and all(genius.is_genius(file) for file in files):
        return genius.from_genius(*genius.sorted_out(files))
    found: dict[Callable[..., Any], dict[str, list[Path]]] = {}
    for file in files:
        if genius.is_genius(file):
            kind, reader = genius.kind(file), genius.from_genius
        else:
            data = data_in(file)
            kind, reader = geniusweb.kind(data), geniusweb.from_geniusweb
            if not kind:
                kind, reader = scenarios.kind(data), scenarios.from_scenario
        if kind:
            found.setdefault(reader, {}).setdefault(kind, []).append(file)
        elif file in paths:
            do = "Name files of Genius, GeniusWeb or NegMAS: a domain and a profile for each party."
            raise DomainError(file, 0, "this holds neither a domain nor a profile", do)
    if not found:
        raise DomainError(paths[0], 0, "there is no negotiation domain here")
    reader, by_kind = max(found.items(), key=lambda each: sum(map(len, each[1].values())))
    domains = by_kind.get("domain", [])
    if len(domains) > 1:
        names = ", ".join(path.name for path in domains)
        do = "Name the files to open: one domain and its profiles."
        raise DomainError(domains[1], 0, f"a second domain ({names})", do)
    profiles = by_kind.get("profile", [])
    if not domains and reader is not geniusweb.from_geniusweb:
        what = "there are profiles here, but no domain"
        raise DomainError((profiles or paths)[0], 0, what)
    model, warnings = reader(domains[0] if domains else None, profiles)
    return model, warnings


def is_domain(paths: Sequence[Path]) -> bool:
    """These can only be another program's files: several, XML, or a folder full of them."""
    from detente.solve.bargaining.genius import is_genius

    if len(paths) > 1 or is_genius(paths[0]):
        return True
    folder = paths[0]
    ours = ("case.yaml", "deal.yaml")
    return (
        folder.is_dir() and not any((folder / n).exists() for n in ours) and _inside(folder) != []
    )


def _inside(folder: Path) -> list[Path]:
    """The folder's files that may be a domain's, sorted.

    Not those of a hidden or nested folder, nor what a link to somewhere else leads to: a folder
    may come from anybody.
    """
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix.casefold() in SUFFIXES
            and not path.name.startswith((".", "_"))
            and path.is_file()
            and path.resolve().is_relative_to(folder.resolve())
        )
    except OSError as error:
        raise DomainError(folder, 0, f"this can't be read: {error.strerror}") from None


def joined(
    domain: Path,
    issues: Mapping[str, Sequence[str]],
    profiles: Sequence[Profile],
    warnings: Sequence[str],
) -> tuple[Model, tuple[str, ...]]:
    """The model of a domain and its profiles; parties are called as the profiles' files."""
    if not FEWEST <= len(profiles) <= MOST:
        what = (
            f"{len(profiles)} profile{'s' * (len(profiles) != 1)}; a model has {FEWEST} to {MOST}"
        )
        do = "Name the files to open: the domain, and the profiles of those at the table."
        raise DomainError(domain, 0, what, do)
    values: dict[str, Mapping[str, Mapping[str, Value]]] = {}
    walk_away: dict[str, Value] = {}
    said = list(warnings)
    for each in profiles:
        party = each.path.stem
        if party in values:
            do = "Rename the file."
            raise DomainError(each.path, 0, f"a second profile named `{party}`", do)
        values[party] = each.values
        walk_away[party] = least(each.values) if each.walk_away is None else each.walk_away
        said += each.warnings
    options = {issue: tuple(options) for issue, options in issues.items()}
    return Model(tuple(values), options, values, walk_away), tuple(said)


def least(values: Mapping[str, Mapping[str, Fraction]]) -> Fraction:
    """What the worst package is worth."""
    return sum((min(of.values(), default=Fraction(0)) for of in values.values()), Fraction(0))


def read_bytes(path: Path) -> bytes:
    """A file's content. Raises DomainError where there is none, or too much."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DomainError(path, 0, f"this can't be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise DomainError(path, 0, f"{len(data) >> 20} MiB; {LARGEST >> 20} MiB is the most")
    return data


def data_in(path: Path) -> Any:
    """What a JSON or YAML file holds. Raises DomainError where it is neither."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError(path, 0, "this is no UTF-8 text") from None
    if path.suffix.casefold() == ".json":
        import json

        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            what = f"this is no well-formed JSON: {error.msg}"
            raise DomainError(path, error.lineno, what) from None
        except RecursionError:
            raise DomainError(path, 0, "this is nested too deeply") from None
    import yaml

    class Loader(yaml.SafeLoader):
        """A key may be a list, as where NegMAS writes what whole packages are worth."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            found = {}
            for key, inside in node.value:
                made = self.construct_object(key, deep=True)
                made = str(made) if isinstance(made, list | dict | set) else made
                found[made] = self.construct_object(inside, deep=True)
            return found

    Loader.add_constructor(
        "tag:yaml.org,2002:map",
        lambda loader, node: loader.construct_mapping(node),  # type: ignore[arg-type]
    )
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is no well-formed YAML: {getattr(error, 'problem', None) or error}"
        raise DomainError(path, mark.line + 1 if mark else 0, what) from None
    except (RecursionError, ValueError) as error:
        raise DomainError(path, 0, f"this can't be read as YAML: {error}") from None


def number(path: Path, said: Any, what: str) -> Fraction:
    """A number in a file, exactly. Raises DomainError where it is none."""
    found = exact(said)
    if found is None:
        raise DomainError(path, 0, f"`{said}` is no number ({what})")
    return found


def decimal(value: Fraction) -> str:
    """A number as a name: 3, 0.25; 1/3 where no decimal is exact."""
    if value.denominator == 1:
        return str(value.numerator)
    digits = 0
    while 10**digits % value.denominator and digits < 400:
        digits += 1
    if 10**digits % value.denominator:
        return str(value)
    scaled = abs(value.numerator) * (10**digits // value.denominator)
    whole, rest = divmod(scaled, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{digits}d}"


def span(
    path: Path, line: int, issue: str, low: Fraction, high: Fraction, step: Fraction
) -> list[Fraction]:
    """Numbers from `low` to `high`. Raises DomainError where there are none, or too many."""
    if low > high or step <= 0 or (high - low) / step >= MOST_OPTIONS:
        what = f"the issue `{issue}` goes from {decimal(low)} to {decimal(high)}"
        do = f"Numbers in ascending order, at most {MOST_OPTIONS:,} of them."
        raise DomainError(path, line, what, do)
    return [low + n * step for n in range(int((high - low) / step) + 1)]


def cut(
    path: Path, line: int, issue: str, low: Fraction, high: Fraction
) -> tuple[list[Fraction], str]:
    """An issue that takes any number from `low` to `high`, in equal steps; and the warning."""
    found = span(path, line, issue, low, high, (high - low) / STEPS or Fraction(1))
    warning = (
        f"{path.name}: `{issue}` takes any number from {decimal(low)} to {decimal(high)}; it is "
        f"cut into {STEPS} equal steps."
    )
    return found, warning
