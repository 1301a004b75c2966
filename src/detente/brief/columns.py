"""A small table in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def columns(heads: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 0) -> Iterator[str]:
    """Lines of columns: the first `left` and the last one flush left, the others flush right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    last = len(widths) - 1
    for row in [heads, *rows]:
        cells = [
            cell.ljust(width) if n < left or n == last else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()
