"""Words as a person reads them, whatever they are about: cleaned, shortened, listed, counted."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """`text` without characters that steer a terminal or break a page; each becomes �.

    Direction overrides are taken out as well: they could make words read as others.
    """
    return _OVERRIDES.sub("", _CONTROL.sub("\ufffd", text))


def listed(names: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    *first, last = tuple(names) or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "no report", "1 report", "12 reports"."""
    if number == 0:
        return f"no {noun}"
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def short_text(text: str, length: int) -> str:
    """The first `length` characters, with … where something was cut."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: max(length - 1, 1)].rstrip(" ,;:-") + "…"
