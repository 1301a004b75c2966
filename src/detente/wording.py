"""Words as a person reads them, whatever they are about: cleaned, shortened, listed, counted."""

from __future__ import annotations

from collections.abc import Iterable

from detente.errors import clean as clean


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
