"""What every solver's model shares: what is wrong with it or odd, and reading its plain form.

What is odd has an answer all the same: it does not keep a model from being one, and stands in
its `warnings`. What has no answer, or could be meant in two ways, is wrong.

The plain form is what YAML and JSON hold: mappings, lists and texts. YAML read with line
numbers keeps its scalars as text, so that a number may come as `"3"`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor, log10
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong with a model, or odd about it.

    path : where it stands in the plain form: ("preferences", "iraq", "priorities", 2)
    what : what is wrong
    do   : how to mend it
    """

    path: Path
    what: str
    do: str = ""

    def __str__(self) -> str:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f"{place.lstrip('.') or 'model'}: {self.what}" + (f"\n    {self.do}" * bool(self.do))


class ModelError(ValueError):
    """A model that can't be used; carries everything found wrong."""

    def __init__(self, wrongs: Iterable[Wrong] | Wrong) -> None:
        self.wrongs = (wrongs,) if isinstance(wrongs, Wrong) else tuple(wrongs)
        super().__init__("\n".join(map(str, self.wrongs)))


def nearest(word: str, known: Collection[str], *, show: int = 12) -> str:
    """`Did you mean ...?` where something is near, and what there is if that is little."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    parts = [f"Did you mean `{folded[near[0]]}`?"] if near else []
    if known and (len(known) <= show or not near):
        listed = ", ".join(list(known)[:show]) + (", ..." if len(known) > show else "")
        parts.append(f"Known are: {listed}.")
    return " ".join(parts)


def unused(model_words: Mapping[str, str], kind: str, known: Collection[str]) -> Iterator[Wrong]:
    """Words for what a model does not have: odd, since nothing else changes for them."""
    for word in model_words:
        if word not in known:
            yield unknown(kind, word, known, ("words", word))


def unknown(kind: str, word: str, known: Collection[str], path: Path) -> Wrong:
    """A name that is not there, with the one that was probably meant."""
    return Wrong(path, f"unknown {kind} `{word}`", nearest(word, known))


class Reader:
    """Reads parts of a plain form, and keeps everything found wrong.

    wrongs   : what is wrong, in the order in which it was met
    warnings : what is odd, and how it was taken
    """

    def __init__(self) -> None:
        self.wrongs: list[Wrong] = []
        self.warnings: list[Wrong] = []

    def wrong(self, path: Path, what: str, do: str = "") -> None:
        """Keep one more thing that is wrong."""
        self.wrongs.append(Wrong(path, what, do))

    def odd(self, path: Path, what: str, do: str = "") -> None:
        """Keep one more thing that is odd."""
        self.warnings.append(Wrong(path, what, do))

    def once(self, names: Iterable[str], path: Path, what: str) -> tuple[str, ...]:
        """Each name once, where it stands first; what stands again is odd.

        what : what is said of it: "the party `{}` stands here twice"
        """
        found: dict[str, None] = {}
        for i, name in enumerate(names):
            if name in found:
                self.odd((*path, i), what.format(name), "It counts once. Remove one.")
            found[name] = None
        return tuple(found)

    def add(self, error: ModelError) -> None:
        """Keep what a model's own checks say; what was left out for being wrong is not wrong
        again for being missing."""
        said = [wrong.path for wrong in self.wrongs]
        self.wrongs += [w for w in error.wrongs if not any(w.path[: len(p)] == p for p in said)]

    def keys(self, data: Mapping[Any, Any], known: Collection[str], path: Path = ()) -> None:
        """Complain of keys that mean nothing."""
        for key in data:
            if key not in known:
                self.wrong((*path, str(key)), f"unknown key `{key}`", nearest(str(key), known))

    def mapping(self, value: Any, path: Path, do: str = "") -> dict[str, Any]:
        """`name: ...` lines; nothing where there is nothing."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            if value != []:  # `irreversible: []` says nothing, and means it
                name = f"`{path[-1]}`" if path else "this"
                self.wrong(path, f"{name} must be `name: ...` lines", do)
            return {}
        return {str(name): inside for name, inside in value.items()}

    def items(self, value: Any, path: Path) -> list[Any]:
        """A list; nothing where there is nothing."""
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            if value != {}:
                name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
                self.wrong(path, f"{name} must be a list", "Put it in brackets: [...].")
            return []
        return list(value)

    def texts(self, value: Any, path: Path) -> tuple[str, ...]:
        """A list of texts."""
        found = []
        for i, item in enumerate(self.items(value, path)):
            if isinstance(item, str):
                found.append(item)
            else:
                self.wrong((*path, i), "this must be a text")
        return tuple(found)

    def number(self, value: Any, path: Path) -> Fraction | None:
        """A finite number, exactly as written: 3, 2.5, 1e3 or 1/3. None where it is none."""
        found = exact(value)
        if found is None:
            what = f"`{value}` is no number"
            if value is None:
                what = "there is no number here"
            elif isinstance(value, Mapping | list | tuple):
                what = "this must be a number"
            do = f"Write it in digits: 12, -3, 0.5; at most {LONGEST_NUMBER} of them."
            self.wrong(path, what, do)
        return found


LONGEST_NUMBER = 40
"""Characters a number may have; longer ones are mistakes, and costly ones (1e999999999)."""

QUOTIENT = re.compile(r"\A-?[0-9]+/[0-9]+\Z")
"""What may be longer: a quotient as `to_plain` writes it."""


def exact(value: Any) -> Fraction | None:
    """The number a plain value stands for, without rounding; None where it is none.

    A float stands for the shortest decimal that gives it: 0.1 is a tenth.
    """
    if isinstance(value, Fraction):
        return value
    if value is None or isinstance(value, bool | Mapping | list | tuple):
        return None
    if isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER:
        return None
    # A numpy float is a float, with a repr of its own.
    text = repr(float(value)) if isinstance(value, float) else str(value).strip()
    text = text.replace("\N{MINUS SIGN}", "-").replace("_", "x")
    exponent = text.lower().partition("e")[2]
    long = len(text) > LONGEST_NUMBER and not QUOTIENT.fullmatch(text)
    if long or len(exponent.lstrip("+-0")) > 2:
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


SHOWN = 6
"""Digits that are shown of a number that has more after the point."""


def spoken(value: float | Fraction) -> str:
    """A number as people write it: 12, 0.25, 1,234,567.5; never as 1.23457e+06.

    Whole digits are all there, and up to six after the point; what has more is rounded to six in
    all, and to two after the point at least.
    """
    number = exact(value)
    if number is None:
        return f"{float(value):g}"
    size = float(min(abs(number), Fraction(10**300))) or 1.0
    if size < 1e-9:
        return f"{float(number):.{SHOWN}g}"
    places = SHOWN
    if 10**SHOWN % number.denominator:
        places = max(2, SHOWN - 1 - floor(log10(size)))
    scaled = round(abs(number) * 10**places)
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0")
    return f"{'-' * (number < 0 < scaled)}{whole:,}{'.' * bool(digits)}{digits}"


def shortest(number: Fraction) -> int | float:
    """A number as JSON holds it: an int where it is whole, else the nearest float."""
    return int(number) if number.denominator == 1 else float(number)


def numbers(values: Mapping[str, Fraction]) -> dict[str, int | float]:
    """Several numbers as JSON holds them, each under its name."""
    return {name: shortest(value) for name, value in values.items()}
