"""What is wrong with what a person gave us, said so that it can be mended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """`text` without characters that steer a terminal or break a page; each becomes �.

    Direction overrides are taken out as well: they could make words read as others.
    """
    return _OVERRIDES.sub("", _CONTROL.sub("\ufffd", text))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong, where it stands and what to do about it.

    file : the file a person can open
    line : counted from 1; 0 when the whole file is meant
    what : what is wrong, in one sentence
    do   : how to mend it; empty when `what` already says so
    """

    file: Path
    line: int
    what: str
    do: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return clean(f"{place}: {self.what}" + (f"\n    {self.do}" if self.do else ""))


class BadInput(Exception):
    """The input can't be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
