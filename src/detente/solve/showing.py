"""What the three results have in common: as a data frame, and as a cell of a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import Any

from detente.wording import clean

_CELL = "padding:.15em .7em;border-bottom:1px solid #d9d3c5;text-align:"
_SHEET = "background:#fdfcf8;color:#23211d;padding:.6em 1em;max-width:56em;font-family:serif"


def frame(columns: Mapping[tuple[str, str], Sequence[Any]], index: Sequence[Any], name: str) -> Any:
    """A pandas DataFrame of columns of one length, its index called `name`.

    columns : (group, name) -> values; `frame["group"]` are then all columns of a group, and a
              party may be called like an issue
    Raises ImportError where pandas is missing.
    """
    try:
        import pandas
    except ImportError:
        message = "a data frame needs pandas: pip install 'detente[frames]'"
        raise ImportError(message) from None
    return pandas.DataFrame(dict(columns), index=pandas.Index(list(index), name=name))


def key(kind: str, *shown: object) -> str:
    """How the ids of a picture begin: the same for the same things shown, else different.

    Several results stand on one page of a notebook, and ids are one for the whole page.
    """
    return f"{kind}-{sha256(repr(shown).encode()).hexdigest()[:10]}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, left: Iterable[int] = ()) -> str:
    """An HTML table; `left` are the columns of words, the others hold numbers."""
    left = frozenset(left)

    def row(tag: str, cells: Sequence[str]) -> str:
        inside = "".join(
            f'<{tag} style="{_CELL}{"left" if at in left else "right"}">{_text(cell)}</{tag}>'
            for at, cell in enumerate(cells)
        )
        return f"<tr>{inside}</tr>"

    body = "".join(row("td", cells) for cells in rows)
    return f'<table style="border-collapse:collapse">{row("th", heads)}{body}</table>'


def sheet(words: Iterable[str], *parts: str) -> str:
    """A cell of a notebook: sentences as paragraphs, then tables and pictures as they are."""
    told = "".join(f"<p>{_text(each)}</p>" for each in words)
    return f'<div style="{_SHEET}">{told}{"".join(parts)}</div>'


def _text(words: str) -> str:
    return escape(clean(words))
