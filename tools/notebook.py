"""Run docs/notebook.ipynb and write its outputs anew: `make docs`.

Its code runs cell by cell in one plain Python, as a notebook's does, from the notebook's own
folder; so nothing of Jupyter is needed to keep it true. What a cell prints and the value of its
last line, as text and as HTML, are its outputs.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).resolve().parent.parent / "docs" / "notebook.ipynb"


def executed(notebook: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The notebook with the outputs its code has today, run in a folder."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells, count = [], 0
    with contextlib.chdir(folder):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                count += 1
                outputs = _run("".join(cell["source"]), names, count)
                cell = {**cell, "execution_count": count, "outputs": outputs}
            cells.append(cell)
    return {**notebook, "cells": cells}


def text(notebook: dict[str, Any]) -> str:
    """The notebook as Jupyter writes it."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _run(code: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "<cell>", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append(
            {"name": "stdout", "output_type": "stream", "text": _lines(printed.getvalue())}
        )
    if value is not None:
        data = {"text/plain": _lines(repr(value))}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = _lines(value._repr_html_())
        outputs.append(
            {"data": data, "execution_count": count, "metadata": {},
             "output_type": "execute_result"}
        )  # fmt: skip
    return outputs


def _lines(words: str) -> list[str]:
    return words.splitlines(keepends=True)


def main() -> None:
    """Write the notebook with today's outputs."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    NOTEBOOK.write_text(text(executed(notebook, NOTEBOOK.parent)), encoding="utf-8")


if __name__ == "__main__":
    main()
