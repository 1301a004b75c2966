"""YAML as this program reads it: a light tree in which everything knows its line.

Parsing goes through libyaml's events, which is several times faster than composing
PyYAML's own node graph. Scalars stay text, so that `no` is a word, `1.10` keeps its zero
and a date is read by `PartialDate` alone; only an unquoted `null`, `~` or nothing is None.
What a record never needs (anchors, aliases, tags, several documents) is refused.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from detente.errors import BadInput, Problem

LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
DEEPEST = 50
"""Levels of nesting a file may have; a record needs seven."""

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# YAML 1.1 counts U+0085, U+2028 and U+2029 as line ends, editors do not.
_UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_FRAME = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(slots=True)
class Node:
    """A mapping, a sequence or a scalar, and where it stands.

    value       : dict of key -> Node, list of Node, or the scalar's text (None for null)
    line        : the line it begins on, from 1; column counts from 0
    end_line, end_column : just behind its last character (for a block collection: behind
                  its last child; for `|` and `>` text: where what follows may begin)
    flow        : written in brackets or braces
    plain       : a scalar without quotes
    keys        : for a mapping, the line of each key
    """

    value: dict[str, Node] | list[Node] | str | None
    line: int
    column: int
    end_line: int
    end_column: int
    flow: bool = False
    plain: bool = False
    keys: dict[str, int] | None = None


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep Python's cycle collector from going through everything again and again meanwhile.

    Of a tree of a million nodes nothing is ever garbage, and looking takes as long as reading.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def read_text(file: Path) -> str:
    """The file's text: UTF-8, or UTF-16 with its mark; without the mark, line ends as they are.

    Raises BadInput when it can't be opened or is no text.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(Problem(file, 0, f"can't be read: {error.strerror}")) from None
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + len(_LINE_END.findall(data[: error.start].decode("latin-1")))
        do = "Open it in an editor and save it as UTF-8"
        if b"\0" in data[:4096]:
            do = "It looks like another kind of file; this one is plain text in UTF-8"
        raise BadInput(Problem(file, line, "the file is not UTF-8 text", do + ".")) from None


def read(file: Path) -> Node | None:
    """The tree of a file, None when it holds nothing but comments. Raises BadInput."""
    return parse(read_text(file), file)


def parse(text: str, file: Path, *, first_line: int = 1) -> Node | None:
    """The tree of a text whose top level is a mapping; None when it says nothing.

    file       : named in problems
    first_line : the line of `file` on which `text` begins (front matter starts on line 2)

    Raises BadInput with every problem of form that could be found.
    """
    text = text.removeprefix("\ufeff")
    _refuse_unreadable(text, file, first_line)
    builder = _Builder(text, file, first_line - 1)
    try:
        root = builder.build()
    except yaml.YAMLError as error:
        raise BadInput([*builder.problems, builder.translated(error)]) from None
    if root is not None and not isinstance(root.value, dict):
        what = "the file is a list" if isinstance(root.value, list) else "the file is bare text"
        builder.complain(root.line, f"{what}; expected `key: value` lines")
    if builder.problems:
        raise BadInput(builder.problems)
    return root


def plain(node: Node | None) -> Any:
    """The node as dict, list, str and None."""
    if node is None:
        return None
    value = node.value
    if isinstance(value, dict):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [plain(child) for child in value]
    return value


def line_at(node: Node, loc: Iterable[int | str]) -> int:
    """The line of the key or item at a path into the tree, as far as the path exists."""
    line = node.line
    for step in loc:
        value = node.value
        if isinstance(value, dict) and step in value:
            line = (node.keys or {}).get(str(step), line)
            node = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            node = value[step]
            line = node.line
        else:
            break
    return line


def readable(text: str) -> str:
    """The text with a space for every character that can't stand in a file as it is."""
    return _UNREADABLE.sub(" ", text)


def _refuse_unreadable(text: str, file: Path, first_line: int) -> None:
    if match := _UNREADABLE.search(text):
        line = first_line + len(_LINE_END.findall(text, 0, match.start()))
        what = f"the invisible character U+{ord(match[0]):04X} can't stand in YAML"
        do = f'Remove it, or write it as "\\u{ord(match[0]):04X}" in double quotes.'
        raise BadInput(Problem(file, line, what, do))


class _Builder:
    """Turns libyaml's events into nodes, without recursion."""

    def __init__(self, text: str, file: Path, lines_before: int) -> None:
        self.text = text
        self.file = file
        self.before = lines_before
        self.problems: list[Problem] = []

    def complain(self, line: int, what: str, do: str = "") -> None:
        self.problems.append(Problem(self.file, line, what, do))

    def build(self) -> Node | None:
        events: Iterator[Any] = yaml.parse(self.text, Loader=LOADER)
        root: Node | None = None
        documents = 0
        for event in events:
            kind = type(event)
            if kind is yaml.DocumentStartEvent:
                documents += 1
                if documents == 2:
                    line = event.start_mark.line + 1 + self.before
                    what = "`---` begins a second document; a file holds one"
                    self.complain(line, what, "Remove it.")
            elif kind not in _FRAME:
                node = self._node(event, events)
                root = node if documents == 1 else root
        return None if root is not None and root.value is None else root

    def _node(self, event: Any, events: Iterator[Any]) -> Node:
        """The node that begins with `event`; takes the events up to its end."""
        before = self.before + 1
        root = self._begin(event)
        if type(root.value) is str or root.value is None:
            return root
        stack: list[Node] = [root]
        top = root
        mapping = top.value if isinstance(top.value, dict) else None
        items = top.value if isinstance(top.value, list) else []
        key: str | None = None
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                mark, end, value = event.start_mark, event.end_mark, event.value
                if mapping is not None and key is None:
                    key = self._key(top, value, mark.line + before)
                    continue
                unquoted = event.style is None or event.style == ""
                if event.tag is not None or event.anchor is not None:
                    self._refuse_extras(event)
                node = Node(
                    None if unquoted and value in _NULLS else value,
                    mark.line + before,
                    mark.column,
                    end.line + before,
                    end.column,
                    False,
                    unquoted,
                )
                opens = False
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(top, event)
                stack.pop()
                if not stack:
                    return root
                top = stack[-1]
                mapping = top.value if isinstance(top.value, dict) else None
                items = top.value if isinstance(top.value, list) else []
                continue
            else:
                if mapping is not None and key is None:
                    line = event.start_mark.line + before
                    self.complain(line, "a key is one word or text, not a list, mapping or alias")
                    raise BadInput(self.problems)
                node = self._begin(event)
                opens = node.value is not None
            if mapping is None:
                items.append(node)
            elif key is not None:
                mapping.setdefault(key, node)
                key = None
            if opens:
                stack.append(node)
                top = node
                mapping = top.value if isinstance(top.value, dict) else None
                items = top.value if isinstance(top.value, list) else []
                if len(stack) > DEEPEST:
                    self.complain(node.line, f"nested more than {DEEPEST} levels deep")
                    raise BadInput(self.problems)
        raise AssertionError("libyaml ended its events inside a collection")

    def _begin(self, event: Any) -> Node:
        """A scalar, an empty collection to be filled, or a stand-in for an alias."""
        kind, mark, end = type(event), event.start_mark, event.end_mark
        value: dict[str, Node] | list[Node] | str | None = None
        unquoted = False
        if kind is yaml.AliasEvent:
            self.complain(
                mark.line + 1 + self.before,
                f"`*{event.anchor}` is a reference to another place",
                "Write it out, or put it in quotes if the `*` is meant as text.",
            )
        else:
            self._refuse_extras(event)
            if kind is yaml.ScalarEvent:
                unquoted = event.style is None or event.style == ""
                value = None if unquoted and event.value in _NULLS else event.value
            else:
                value = {} if kind is yaml.MappingStartEvent else []
        return Node(
            value,
            mark.line + 1 + self.before,
            mark.column,
            end.line + 1 + self.before,
            end.column,
            bool(getattr(event, "flow_style", False)),
            unquoted,
            {} if isinstance(value, dict) else None,
        )

    def _key(self, mapping: Node, key: str, line: int) -> str:
        keys = mapping.keys
        assert keys is not None
        if key in keys:
            self.complain(
                line,
                f"the key `{key}` stands twice: here and on line {keys[key]}",
                "Keep one of them.",
            )
        elif not key:
            self.complain(line, "a key is missing before `:`")
        else:
            keys[key] = line
        return key

    def _close(self, node: Node, event: Any) -> None:
        """Where a collection ends; libyaml lets block ones run on to the next token."""
        children: Any = node.value
        if node.flow or not children:
            mark = event.end_mark
            node.end_line, node.end_column = mark.line + 1 + self.before, mark.column
        else:
            last = (
                children[-1] if isinstance(children, list) else children[next(reversed(children))]
            )
            node.end_line, node.end_column = last.end_line, last.end_column

    def _refuse_extras(self, event: Any) -> None:
        line = event.start_mark.line + 1 + self.before
        if event.anchor is not None:
            what = f"`&{event.anchor}` names a place to refer to"
            self.complain(line, what, "Remove it, and write out what refers to it.")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            what = f"`{tag}` is a type mark; this file needs none"
            self.complain(line, what, "Remove it, or put the text in quotes if `!` belongs to it.")

    def translated(self, error: yaml.YAMLError) -> Problem:
        """libyaml's complaint in words a person can act on."""
        mark = getattr(error, "problem_mark", None)
        start = getattr(error, "context_mark", None)
        said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
        context = str(getattr(error, "context", None) or "")
        lines = _LINE_END.split(self.text)
        if start is not None and "expected ':'" in said:
            mark = start  # libyaml notices only on the next line
        at = min(mark.line, len(lines) - 1) if mark else 0
        if "quoted scalar" in context and start is not None and "end of stream" in said:
            line = start.line + 1 + self.before
            return Problem(
                self.file,
                line,
                "a quotation mark opened here is not closed",
                "Close it; inside \"...\" write \\\" for a quotation mark, inside '...' write ''.",
            )
        here = lines[at]
        before, behind = here[: mark.column if mark else 0], here[mark.column if mark else 0 :]
        what, do = _explained(said, context, before, behind)
        if start is not None and start.line != at and "flow" in context:
            what += f" (the bracket was opened on line {start.line + 1 + self.before})"
        return Problem(self.file, at + 1 + self.before, what, do)


_EXPLANATIONS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "a `:` where none can stand",
        'If the text contains ": ", put all of it in quotes; otherwise check the indentation.',
    ),
    (
        "could not find expected ':'",
        "this is not a `key: value` line",
        "Put a colon and a space behind the key; put text of several lines in quotes.",
    ),
    (
        "did not find expected key",
        "not in line with the keys around it",
        "Indent the keys of one entry alike.",
    ),
    (
        "did not find expected '-' indicator",
        "not in line with the list around it",
        "Begin each item with `- ` and indent its keys alike.",
    ),
    (
        "block sequence entries are not allowed",
        "a `- ` where none can stand",
        'Put the list on its own lines below the key; put text that begins with "- " in quotes.',
    ),
    (
        "did not find expected ',' or ']'",
        "a `[` list is not closed",
        "Separate its items by commas and close it with `]`; put items with , or : in quotes.",
    ),
    (
        "did not find expected ',' or '}'",
        "a `{` mapping is not closed",
        "Separate its entries by commas and close it with `}`; put text with , or : in quotes.",
    ),
    (
        "did not find expected node content",
        "something is missing or out of place here",
        "Check the brackets and commas of this line.",
    ),
    (
        "alphabetic or numeric character",
        "text can't begin with `&` or `*`",
        "Put it in quotes.",
    ),
    ("unknown escape character", "an unknown `\\` sequence", "Write `\\\\` for a backslash."),
    ("hexdecimal", "an unfinished `\\` sequence", "Write `\\\\` for a backslash."),
    ("hexadecimal", "an unfinished `\\` sequence", "Write `\\\\` for a backslash."),
    (
        "comment or line break",
        "text can't begin with `|` or `>` here",
        "Put it in quotes; after `|` and `>` the text starts on the next line.",
    ),
    ("unknown directive", "a line can't begin with `%`", "Put the text in quotes."),
    (
        "did not find expected <document start>",
        "something is left over here",
        "Check the line above too: its indentation, a bracket too many, or `...`.",
    ),
)


def _explained(said: str, context: str, before: str, behind: str) -> tuple[str, str]:
    """What is wrong and what to do, from libyaml's words and the line around its mark."""
    if "\t" in before[: len(before) - len(before.lstrip())] or behind.startswith("\t"):
        return "a tab in the indentation", "Indent with spaces; YAML allows no tabs there."
    if "cannot start any token" in said and behind:
        return f"text can't begin with `{behind[0]}`", "Put it in quotes."
    if "did not find expected key" in said and behind.startswith(":"):
        return "a key is missing before `:`", "Write the key, or put the text in quotes."
    if "did not find expected key" in said and before.rstrip().endswith(("'", '"')):
        what = "text goes on behind a closing quotation mark"
        return what, "Put all of it in one pair of quotes, or in the other kind of quotes."
    for words, what, do in _EXPLANATIONS:
        if words in said:
            return what, do
    return f"not YAML: {said}" + (f" {context}" if context else ""), "Check the line above too."
