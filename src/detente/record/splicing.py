"""Adding to a YAML text at exact places, so that everything a person wrote stays as it is.

Entries travel here as plain data in the order in which they are written: dict, list, str
and None, the same shapes `yamltext.plain` gives back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detente.errors import BadInput, Problem
from detente.record import yamltext
from detente.record.yamltext import Node

Plain = dict[str, Any]

# --- plain data to YAML --------------------------------------------------------------------

_AS_IS = frozenset(("date", "from", "until", "credibility", "direct", "named"))
_RESERVED = frozenset("null true false yes no on off y n".split())
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_NUMBER_LIKE = re.compile(r"0[xob].*|[^a-z]*(?:e[^a-z]*)?")
_WORDS = re.compile(r"[^\W\d_](?:[\w ,.'()/-]*[\w.)])?")
_FLOW_WORDS = re.compile(r"[^\W\d_](?:[\w .'()/-]*[\w.)])?")
# Besides what YAML refuses: U+FEFF, which libyaml passes over at the start of a line.
_LINE_END = re.compile(r"\r\n|\r|\n")
_EMPTY_LIST = re.compile(r"\[[ \t]*\]")
_DOCUMENT_END = re.compile(r"^\.\.\.(?=\s|\Z)", re.MULTILINE)
_ESCAPED = re.compile(
    '["\\\\\t\n\r\ufeff]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]'
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def quoted(text: str) -> str:
    """The text as a double-quoted YAML scalar on one line."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    return f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}"


def _scalar(key: str, value: str | None, *, flow: bool) -> str:
    if value is None:
        return "null"
    if key in _AS_IS:
        return value
    if key == "quote" or value.lower() in _RESERVED:
        return quoted(value)
    if _ID.fullmatch(value) and not _NUMBER_LIKE.fullmatch(value):
        return value
    words = _FLOW_WORDS if flow else _WORDS
    return value if words.fullmatch(value) else quoted(value)


def _flow(value: Any, key: str = "") -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v, k)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, key) for item in value) + "]"
    return _scalar(key, value, flow=True)


def _block(value: Plain, *, dash: int, offset: int, nested: int) -> list[str]:
    """The lines of one list item.

    dash   : column of its dash
    offset : how far its keys stand behind the dash
    nested : how far the dashes of a list inside it stand behind its keys
    """
    lines: list[str] = []
    column = dash + offset
    for key, inside in value.items():
        if isinstance(inside, list) and inside and isinstance(inside[0], dict):
            lines.append(" " * column + f"{key}:")
            for item in inside:
                lines += _block(item, dash=column + nested, offset=2, nested=nested)
        else:
            lines.append(" " * column + f"{key}: {_flow_or_scalar(key, inside)}")
    lines[0] = " " * dash + "-" + " " * (offset - 1) + lines[0][column:]
    return lines


def _flow_or_scalar(key: str, value: Any) -> str:
    if isinstance(value, (dict, list)):
        return _flow(value, key)
    return _scalar(key, value, flow=False)


# --- where to add --------------------------------------------------------------------------


class Splicer:
    """Collects additions to one YAML file and makes the new text.

    text : without a byte order mark; a final newline is supplied where it is missing
    root : its tree, None for a file that says nothing
    """

    def __init__(self, text: str, file: Path) -> None:
        self.file = file
        self.newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
        if text and text[-1] not in "\r\n":
            text += self.newline
        self.text = text
        self.root = yamltext.parse(text, file)
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._edits: list[tuple[int, int, str]] = []
        self._closing: list[str] = []

    def items(self, key: str) -> list[Node]:
        """The nodes of the list under a key of the file; empty where there is none.

        Raises BadInput when something else stands there.
        """
        node = self._under(key)
        if node is None or node.value is None:
            return []
        if not isinstance(node.value, list):
            what = f"`{key}` must be a list"
            raise BadInput(Problem(self.file, node.line, what, "Begin each entry with `- `."))
        return node.value

    def append(self, key: str, entries: Sequence[Plain]) -> None:
        """Add entries at the end of the list under a key of the file."""
        if not entries:
            return
        node = self._under(key)
        if node is None:
            self._add_key(key, entries)
        elif node.value:
            assert self.root is not None
            self.extend(node, entries, parent=self.root)
        else:
            self._fill(node, entries)

    def extend(self, node: Node, entries: Sequence[Plain], *, parent: Node) -> None:
        """Add entries at the end of a list that has some and stands in the mapping `parent`."""
        items = node.value
        assert isinstance(items, list) and items
        last = items[-1]
        if node.flow:
            at = self._offset(last.end_line, last.end_column)
            self._edits.append((at, 0, "".join(", " + _flow(entry) for entry in entries)))
            return
        model = next((item for item in reversed(items) if _is_block(item)), None)
        offset, nested = 2, 0
        if model is not None:
            assert isinstance(model.value, dict)
            if self._text_of(model.line, 0, model.column).strip() == "-":
                offset = model.column - node.column
            inner = model.value.get("sources")
            if inner is not None and isinstance(inner.value, list) and not inner.flow:
                nested = max(inner.column - model.column, 0)
        apart = len(items) > 1 and self._is_blank(self._dash_line(items[-1], node.column) - 1)
        lines: list[str] = []
        for entry in entries:
            lines += [""] * apart + _block(entry, dash=node.column, offset=offset, nested=nested)
        self._edits.append((self._below(last, parent.column), 0, self._lines(lines)))

    def result(self) -> str:
        """The text with all additions."""
        pieces: list[str] = []
        at = 0
        for offset, removed, added in sorted(self._edits, key=lambda edit: edit[0]):
            pieces += (self.text[at:offset], added)
            at = offset + removed
        pieces.append(self.text[at:])
        return "".join(pieces) + "".join(self._closing)

    def _under(self, key: str) -> Node | None:
        if self.root is None:
            return None
        assert isinstance(self.root.value, dict)  # yamltext.parse lets nothing else through
        return self.root.value.get(key)

    def _offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _lines(self, lines: Sequence[str]) -> str:
        return "".join(line + self.newline for line in lines)

    def _fill(self, node: Node, entries: Sequence[Plain]) -> None:
        """Put entries where `[]`, `null` or nothing stands."""
        start = self._offset(node.line, node.column)
        end = self._offset(node.end_line, node.end_column)
        assert self.root is not None
        if self.root.flow:
            space = "" if self.text[start - 1] in " \t" else " "
            self._edits.append((start, end - start, space + _flow(list(entries))))
            return
        if node.flow and not _EMPTY_LIST.fullmatch(self.text[start:end]):
            at = start + 1  # a comment or line ends stand in the brackets
            self._edits.append((at, 0, ", ".join(map(_flow, entries)) + " "))
            return
        while self.text[start - 1] in " \t":
            start -= 1
        self._edits.append((start, end - start, ""))
        lines: list[str] = []
        for entry in entries:
            lines += _block(entry, dash=self.root.column, offset=2, nested=0)
        self._edits.append((self._below(node, self.root.column), 0, self._lines(lines)))

    def _add_key(self, key: str, entries: Sequence[Plain]) -> None:
        if self.root is not None and self.root.flow:
            at, comma = self._offset(self.root.line, self.root.column) + 1, ""
            if self.root.value:
                last = _last_child(self.root)
                at, comma = self._offset(last.end_line, last.end_column), ", "
            elif any(edit[0] == at for edit in self._edits):
                comma = ", "
            self._edits.append((at, 0, f"{comma}{key}: {_flow(list(entries))}"))
            return
        column = self.root.column if self.root is not None else 0
        lines = [" " * column + f"{key}:"]
        for entry in entries:
            lines += _block(entry, dash=column, offset=2, nested=0)
        self._add_below_all(self._lines(lines))

    def _add_below_all(self, added: str) -> None:
        """At the end of the file, but above a line that ends the document."""
        start = 0
        if self.root is not None and self.root.value:
            start = self._below(_last_child(self.root), self.root.column)
        marker = _DOCUMENT_END.search(self.text, start)
        if marker is None:
            self._closing.append(added)
        else:
            self._edits.append((marker.start(), 0, added))

    def _below(self, node: Node, column: int) -> int:
        """Where a line can be put below a node and the comments that belong to it.

        Those are the comments right below it that are indented further than `column`.
        """
        deepest = _deepest(node)
        line = deepest.end_line + 1
        if deepest.end_column == 0 and deepest.end_line > deepest.line:
            line = deepest.end_line  # `|` and `>` text ends where the next line begins
            kept = isinstance(deepest.value, str) and deepest.value.endswith("\n\n")
            while not kept and self._is_blank(line - 1):
                line -= 1
        reached = line
        while reached < len(self._starts):
            row = self._text_of(reached, 0, None).strip("\r\n")
            text = row.lstrip()
            if text and not (text[0] == "#" and len(row) - len(text) > column):
                break
            reached += 1
            if text:
                line = reached
        return self._offset(line, 0)

    def _dash_line(self, item: Node, column: int) -> int:
        """The line of an item's dash, which can stand above the item."""
        line = item.line
        while line > 1 and self._text_of(line, column, column + 1) != "-":
            line -= 1
        return line

    def _is_blank(self, line: int) -> bool:
        return 0 < line < len(self._starts) and not self._text_of(line, 0, None).strip()

    def _text_of(self, line: int, first: int, last: int | None) -> str:
        """Columns `first` to `last` (to the line's end, with its newline) of a line."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[start:end][first:last]


def _is_block(node: Node) -> bool:
    return isinstance(node.value, dict) and not node.flow


def _last_child(node: Node) -> Node:
    children = node.value
    assert isinstance(children, (dict, list))
    return children[-1] if isinstance(children, list) else children[next(reversed(children))]


def _deepest(node: Node) -> Node:
    """The last thing inside a block collection; the node itself otherwise."""
    while not node.flow and isinstance(node.value, (dict, list)) and node.value:
        node = _last_child(node)
    return node


def with_additions(
    old: Plain,
    appended: Mapping[str, Sequence[Plain]],
    sources: Mapping[tuple[str, int], list[Plain]],
) -> Plain:
    """What a file must say after the additions: for checking that they did what they should.

    appended : entries by the key of their list
    sources  : sources added to an entry, by its list's key and its place there
    """
    new = {key: list(value) if isinstance(value, list) else value for key, value in old.items()}
    for (key, place), added in sources.items():
        entry = new[key][place]
        new[key][place] = entry | {"sources": [*entry["sources"], *added]}
    for key, entries in appended.items():
        if entries:
            new[key] = [*(new.get(key) or ()), *entries]
    return new
