"""YAML text becomes a tree that knows its lines, or a sentence that helps."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import BadInput
from detente.record import yamltext
from detente.record.yamltext import Node, parse, plain, read, read_text

FILE = Path("record.yaml")


def complaint(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(text, FILE)
    return str(caught.value)


def node(text: str, *path: str | int) -> Node:
    found = parse(text, FILE)
    for step in path:
        assert found is not None and not isinstance(found.value, str | None)
        found = found.value[step]  # type: ignore[index, call-overload]
    assert found is not None
    return found


def test_scalars_stay_text_and_only_plain_nulls_are_none() -> None:
    text = "a: 1.10\nb: no\nc: 2025-03-20\nd: null\ne: ~\nf:\ng: 'null'\nh: ''\ni: 0x1F\n"
    assert plain(parse(text, FILE)) == {
        "a": "1.10", "b": "no", "c": "2025-03-20", "d": None, "e": None, "f": None,
        "g": "null", "h": "", "i": "0x1F",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null\n", "\ufeff"])
def test_a_file_without_content_is_none(text: str) -> None:
    assert parse(text, FILE) is None


TREE = """\
a: 1
m:
- id: x
  quote: |
    first
    second

# a comment
- {id: y, list: [1,
  2]}
b: 2
"""


def test_places() -> None:
    where = [
        (n.line, n.column, n.end_line, n.end_column)
        for n in (
            node(TREE, "a"),
            node(TREE, "m"),
            node(TREE, "m", 0, "id"),
            node(TREE, "m", 1),
            node(TREE, "m", 1, "list"),
            node(TREE, "b"),
        )
    ]
    assert where == [
        (1, 3, 1, 4),
        (3, 0, 10, 5),
        (3, 6, 3, 7),
        (9, 2, 10, 5),
        (9, 16, 10, 4),
        (11, 3, 11, 4),
    ]
    assert node(TREE).keys == {"a": 1, "m": 2, "b": 11}
    assert node(TREE, "m", 0).keys == {"id": 3, "quote": 4}
    assert node(TREE, "m", 1).flow and not node(TREE, "m").flow
    assert node(TREE, "b").plain and not node(TREE, "m", 0, "quote").plain


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_keep_the_lines(end: str) -> None:
    text = "\ufeff" + TREE.replace("\n", end)
    assert node(text, "b").line == 11
    assert node(text, "m", 0, "quote").value == node(TREE, "m", 0, "quote").value
    assert ":4: the key `a`" in complaint(end.join(["a: 1", "b: 2", "# c", "a: 3", ""]))


def test_front_matter_counts_from_its_place_in_the_file() -> None:
    assert parse("a: 1\nb: 2\n", FILE, first_line=2).value["b"].line == 3  # type: ignore
    with pytest.raises(BadInput, match=r"record.yaml:3: the key `a` stands twice.* line 2"):
        parse("a: 1\na: 2\n", FILE, first_line=2)
    with pytest.raises(BadInput, match=r"record.yaml:3: a `:` where none can stand"):
        parse("a: 1\nb: c: d\n", FILE, first_line=2)


BROKEN = [
    ("a: 1\nb: 2\na: 3\n", 3, "stands twice: here and on line 1"),
    ("a: &x 1\n", 1, "names a place to refer to"),
    ("a: *x\n", 1, "reference to another place"),
    ("<<: *x\n", 1, "reference to another place"),
    ("a: !!int 3\n", 1, "`!!int` is a type mark"),
    ("a: !important\n", 1, "if `!` belongs to it"),
    ("a: 1\n---\nb: 2\n", 2, "begins a second document"),
    ("a: 1\n...\nb: 2\n", 3, "something is left over"),
    ("- a\n", 1, "the file is a list"),
    ("word\n", 1, "the file is bare text"),
    ("a:\n\tb: 1\n", 2, "a tab in the indentation"),
    ("a: 1\nb: he said: no\n", 2, "put all of it in quotes"),
    ("a: 'x\nb: 1\nc: 2\n", 1, "quotation mark opened here is not closed"),
    ('a: 1\nb: "x\nc: 2\n', 2, "quotation mark opened here is not closed"),
    ('a: "x" y\n', 1, "goes on behind a closing quotation mark"),
    ("a: 'it's'\n", 1, "goes on behind a closing quotation mark"),
    ("a: [1, 2\nb: 3\n", 2, "list is not closed (the bracket was opened on line 1)"),
    ("a: {x: 1\nb: 3\n", 2, "mapping is not closed (the bracket was opened on line 1)"),
    ("a: 1}}\nb: ]\n", 2, "out of place"),
    ("a: @b\n", 1, "text can't begin with `@`"),
    ("a: %b\n", 1, "text can't begin with `%`"),
    ("a: * b\n", 1, "text can't begin with `&` or `*`"),
    ('a: "\\q"\n', 1, "unknown `\\` sequence"),
    ('a: "\\xZZ"\n', 1, "unfinished `\\` sequence"),
    ("a: > b\n", 1, "text can't begin with `|` or `>`"),
    ("? [a]\n: 1\n", 1, "a key is one word or text"),
    (": x\n", 1, "a key is missing"),
    ("a: b\nc\n", 2, "not a `key: value` line"),
    ("a:\n  b: 1\n c: 2\n", 3, "not in line with the keys around it"),
    ("a:\n- b\n  c: d\n", 3, "a `:` where none can stand"),
    ("a: - b\n", 1, "a `- ` where none can stand"),
    ("a: x\nb: y\u2028z\n", 2, "U+2028"),
    ("a: \x00\n", 1, "U+0000"),
    ("a: 1\r\nb: \x1b[0m\r\n", 2, "U+001B"),
    ("a: \ud800\n", 1, "U+D800"),
    ("a: " + "[" * 60 + "]" * 60, 1, "nested more than 50 levels"),
    ("a: " + "[" * 200_000, 1, "nested more than 50 levels"),
    ("a: " + "{a: " * 100_000, 1, "nested more than 50 levels"),
    ("".join(f"{' ' * i}a:\n" for i in range(99)), 51, "nested more than 50 levels"),
]


@pytest.mark.parametrize(("text", "line", "words"), BROKEN, ids=lambda v: repr(v)[:25])
def test_broken_yaml_is_explained(text: str, line: int, words: str) -> None:
    said = complaint(text)
    assert f"record.yaml:{line}: " in said
    assert words in said


def test_every_problem_of_form_is_told() -> None:
    said = complaint("a: &x 1\na: 2\nb: !t c\n")
    assert [part in said for part in ("yaml:1:", "yaml:2:", "yaml:3:")] == [True] * 3


def test_right_to_left_text_and_emoji_pass() -> None:
    text = 'a: "طالبان هیأت"\nb: שלום\nc: 🕊\n'
    assert plain(parse(text, FILE)) == {"a": "طالبان هیأت", "b": "שלום", "c": "🕊"}


@given(
    st.text(alphabet=st.sampled_from("ab:- \n\t\"'[]{}#&*!|>%@`,?.\\~\r\x00\u2028é"), max_size=60)
)
@settings(max_examples=400)
def test_any_text_is_read_or_refused_on_a_line_it_has(text: str) -> None:
    try:
        parse(text, FILE)
    except BadInput as error:
        lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        assert all(1 <= problem.line <= lines for problem in error.problems)


values = st.recursive(
    st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc", min_size=1), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcdef", min_size=1), values, min_size=1), st.booleans())
def test_what_pyyaml_writes_is_read_back(value: object, flow: bool) -> None:
    text = yaml.safe_dump(value, default_flow_style=flow)
    assert plain(parse(text, FILE)) == value


def test_the_python_parser_serves_where_libyaml_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = parse(TREE, FILE)
    monkeypatch.setattr(yamltext, "LOADER", yaml.Loader)
    assert plain(parse(TREE, FILE)) == plain(fast)
    assert node(TREE, "m", 1, "list").line == 9
    assert "record.yaml:2: " in complaint("a: 1\nb: c: d\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_in_unicode_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("a: é\r\n".encode(encoding))
    assert read_text(file) == "a: é\r\n"
    assert plain(read(file)) == {"a": "é"}


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(BadInput, match=r"a.yaml:2: the file is not UTF-8 text\n.*save it as UTF-8"):
        read(file)
    file.write_bytes(b"\x7fELF\x00\x00\xff\xfe\x00" * 50)
    with pytest.raises(BadInput, match="another kind of file"):
        read(file)
    with pytest.raises(BadInput, match="can't be read"):
        read(tmp_path)
    with pytest.raises(BadInput, match="can't be read"):
        read(tmp_path / "none.yaml")
