"""The tables under reading/data: words and names that the rules look up, meant to be edited."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def table(name: str) -> Iterator[list[str]]:
    """The rows of a table under reading/data, without comments and empty lines.

    Raises ValueError, naming the table and line, for a row without columns.
    """
    text = files("detente.reading").joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if "\t" not in line:
            raise ValueError(f"{name}.tsv:{number}: no tab; part the columns by one tab each")
        yield [column.strip() for column in line.split("\t")]


def parted(column: str) -> list[str]:
    """The forms in one column of a table."""
    return [form.strip() for form in column.split("|") if form.strip()]
