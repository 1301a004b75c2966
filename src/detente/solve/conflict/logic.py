"""The small logic of preference statements: option names, not, and, or, if-then, iff.

`not` binds tightest, then `and`, `or`, then `if`/`iff`; an `if` or `iff` inside another
needs parentheses. `if A then B` is the material conditional: true unless A holds and B
does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from detente.solve.plain import nearest

KEYWORDS = ("not", "and", "or", "if", "then", "iff")
DEEPEST = 60
"""Levels of parentheses and `not` a statement may have."""

NAME = re.compile(r"[^\W\d](?:[\w.-]*\w)?")
"""What an option may be called: one word of letters, digits, `_`, `-` and `.`."""

_TOKEN = re.compile(rf"\s*(?:(?P<name>{NAME.pattern})|(?P<mark>[()])|(?P<other>\S))")


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement.

    kind  : "name", "not", "and", "or", "if" (first implies second) or "iff"
    parts : the statements it is made of; for a name, none
    name  : the option, for a name
    """

    kind: str
    parts: tuple[Statement, ...] = ()
    name: str = ""

    def names(self) -> Iterator[str]:
        """Every option it speaks of, as often as it does."""
        if self.kind == "name":
            yield self.name
        for part in self.parts:
            yield from part.names()

    def value(self, taken: Callable[[str], Any]) -> Any:
        """Its truth, given that of each option: bools, or boolean arrays that broadcast."""
        if self.kind == "name":
            return taken(self.name)
        parts = [part.value(taken) for part in self.parts]
        if self.kind == "not":
            # Not `~`: on a Python bool that is -2, which is true.
            return parts[0] ^ True
        if self.kind == "if":
            return (parts[0] ^ True) | parts[1]
        if self.kind == "iff":
            return parts[0] ^ parts[1] ^ True
        whole = parts[0]
        for part in parts[1:]:
            whole = whole & part if self.kind == "and" else whole | part
        return whole


class StatementError(ValueError):
    """A statement that does not parse.

    text, at : the statement, and the offset at which it goes wrong
    what, do : what is wrong there and how to mend it
    """

    def __init__(self, text: str, at: int, what: str, do: str) -> None:
        self.text, self.at, self.what, self.do = text, at, what, do
        super().__init__(f"{what}: {self.marked}")

    @property
    def marked(self) -> str:
        """The statement with `>>>` at the place, shortened around it."""
        start, end = max(0, self.at - 50), self.at + 50
        before = ("..." if start else "") + self.text[start : self.at]
        return f"{before}>>>{self.text[self.at : end]}" + ("..." if end < len(self.text) else "")


def parse(text: str, options: Collection[str] | None = None) -> Statement:
    """The statement that a text makes. Raises StatementError with the place.

    options : the names it may use; any without it
    """
    return _Parser(text, options).statement()


class _Parser:
    def __init__(self, text: str, options: Collection[str] | None) -> None:
        self.text = text
        self.options = options
        self.tokens: list[tuple[str, int]] = []
        for found in _TOKEN.finditer(text):
            group = found.lastgroup or "other"
            word, at = found[group], found.start(group)
            if group == "other":
                do = "Use option names, not, and, or, if ... then, iff and parentheses."
                raise StatementError(text, at, f"`{word}` can't stand in a statement", do)
            self.tokens.append((word, at))
        self.next = 0
        self.depth = 0

    def statement(self) -> Statement:
        if not self.tokens:
            raise StatementError(self.text, 0, "an empty statement", "Write one, or remove it.")
        found = self._whole()
        if self.next < len(self.tokens):
            self._left_over()
        return found

    def _left_over(self) -> None:
        word, at = self.tokens[self.next]
        if word == ")":
            self._wrong("a `)` that closes nothing", "Remove it, or open it with `(`.")
        if word in ("if", "iff"):
            self._wrong(
                f"an `{word}` that needs parentheses", "Put the inner `if` or `iff` in parentheses."
            )
        if word == "then":
            self._wrong("a `then` without its `if`", "Write `if A then B`.")
        before = self.tokens[self.next - 1][0]
        do = f"Put `and` or `or` between `{before}` and `{word}`."
        raise StatementError(self.text, at, f"`{word}` is not joined to what is before it", do)

    def _peek(self) -> str:
        return self.tokens[self.next][0] if self.next < len(self.tokens) else ""

    def _take(self, word: str) -> bool:
        if self._peek() == word:
            self.next += 1
            return True
        return False

    def _wrong(self, what: str, do: str) -> None:
        at = self.tokens[self.next][1] if self.next < len(self.tokens) else len(self.text)
        raise StatementError(self.text, at, what, do)

    def _whole(self) -> Statement:
        if self._take("if"):
            first = self._or()
            if not self._take("then"):
                if self._peek() in ("if", "iff"):
                    self._left_over()
                self._wrong("`then` is missing", "Write `if A then B`.")
            if self._peek() in ("if", "iff"):
                self._left_over()
            return Statement("if", (first, self._or()))
        first = self._or()
        if self._take("iff"):
            if self._peek() == "if":
                self._left_over()
            return Statement("iff", (first, self._or()))
        return first

    def _or(self) -> Statement:
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Statement("or", tuple(parts))

    def _and(self) -> Statement:
        parts = [self._not()]
        while self._take("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Statement("and", tuple(parts))

    def _not(self) -> Statement:
        self.depth += 1
        if self.depth > DEEPEST:
            self._wrong("nested too deeply", "Say it in several statements.")
        try:
            if self._take("not"):
                return Statement("not", (self._not(),))
            if self._take("("):
                inside = self._whole()
                if not self._take(")"):
                    if self.next < len(self.tokens):
                        self._left_over()
                    self._wrong("a `(` is not closed", "Close it with `)`.")
                return inside
            return self._name()
        finally:
            self.depth -= 1

    def _name(self) -> Statement:
        word = self._peek()
        if not word or word == ")" or word in KEYWORDS:
            if word in ("if", "iff") and self.next and self.tokens[self.next - 1][0] != "(":
                self._left_over()
            what = "the statement ends too early" if not word else f"`{word}` where a name belongs"
            self._wrong(what, "An option's name, `not` or `(` belongs here.")
        if self.options is not None and word not in self.options:
            if word.lower() in KEYWORDS:
                self._wrong(f"`{word}` is no option", f"Write `{word.lower()}` in small letters.")
            self._wrong(f"unknown option `{word}`", nearest(word, self.options))
        self.next += 1
        return Statement("name", name=word)
