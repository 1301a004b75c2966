"""Texts that a coding points at: documents by id, kept outside the project.

A coding carries no text of others, only document ids and offsets. The folder that holds the
documents has a `texts.jsonl`, one document a line (id, date, text, and what else it says).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from detente.errors import BadInput, Problem

PLACE = Path("..", "shared", "reading", "pool")
"""Where the documents are looked for when nobody says."""


@dataclass(frozen=True)
class Pool:
    """Documents by id, as a folder has them."""

    folder: Path
    documents: Mapping[str, Mapping[str, Any]]

    def text(self, id: str, *, digest: str | None = None) -> str:
        """The text of a document. Raises BadInput where it is missing or not the one coded.

        digest : SHA-256 of the text that was coded
        """
        file = self.folder / "texts.jsonl"
        if id not in self.documents:
            do = "Name the folder that holds the coded documents with --texts."
            raise BadInput(Problem(file, 0, f"no document {id}", do))
        text = str(self.documents[id]["text"])
        if digest is not None and sha256(text.encode()).hexdigest() != digest:
            raise BadInput(
                Problem(
                    file,
                    0,
                    f"the text of {id} is not the one that was coded",
                    "Its SHA-256 differs; offsets into it would point at other words.",
                )
            )
        return text


@lru_cache(maxsize=4)
def open_pool(folder: Path) -> Pool:
    """The documents of a folder. Raises BadInput where there are none."""
    file = folder / "texts.jsonl"
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        return Pool(folder, {row["id"]: row for row in rows})
    except OSError:
        do = "Name the folder that holds the coded documents with --texts."
        raise BadInput(Problem(file, 0, "there are no texts here", do)) from None
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(Problem(file, 0, f"not a file of documents: {error}")) from None
