"""Tables for a terminal: nothing is lost, nothing sticks out, nothing steers the terminal."""

from __future__ import annotations

from unicodedata import east_asian_width

from hypothesis import given
from hypothesis import strategies as st

from detente.brief.document import Table
from detente.brief.listing import COLUMNS, table_text

HEADERS = ("date", "by", "to", "type", "mode", "aspect", "what", "review")
texts = st.text(st.characters(codec="utf-8", exclude_categories=["M", "C", "Z"]), max_size=40)
rows = st.lists(
    st.tuples(
        st.sampled_from(["2025-03-20", "~2025-03", None]),
        texts, texts,
        st.sampled_from(["RETREAT", "REQUEST", None]),
        st.sampled_from(["release", None]),
        st.sampled_from(["actual", "negated", None]),
        st.lists(texts.filter(bool), min_size=1, max_size=6).map(" ".join),
        st.sampled_from(["machine", "confirmed"]),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def shown(*given_rows: tuple[str | None, ...], width: int = 80) -> str:
    return table_text(Table("A table", HEADERS, given_rows), COLUMNS["timeline"], width=width)


@given(rows, st.integers(60, 140))
def test_every_word_is_shown_and_no_line_is_too_wide(
    cells: list[tuple[str | None, ...]], width: int
) -> None:
    out = shown(*cells, width=width)
    table = out.split("\n", 2)[2].split("\n\n○")[0]
    for line in table.split("\n"):
        assert sum(2 if east_asian_width(char) in "WF" else 1 for char in line) <= width
    # Cells are broken over lines, so letters are counted rather than words.
    for letter in {char for row in cells for char in row[6] or ""} - {" "}:
        assert table.count(letter) >= sum((row[6] or "").count(letter) for row in cells)


def test_aspect_mode_and_review_are_told_in_few_columns() -> None:
    out = shown(("2025", "Taliban", "US", "RETREAT", "release", "negated", "a release", "machine"))
    assert "RETREAT/release" in out
    assert "a release [negated]" in out
    assert "○  Taliban" in out
    assert out.endswith("confirmed by nobody")


def test_what_is_confirmed_and_done_bears_no_mark() -> None:
    out = shown(("2025", "Taliban", "US", "RETREAT", None, "actual", "a release", "confirmed"))
    assert "○" not in out and "[" not in out


def test_an_empty_table_says_so() -> None:
    assert shown() == "A table: nothing."


def test_control_characters_are_made_harmless() -> None:
    out = shown(("2025", "\x1b[2JX", "US", "RETREAT", None, "actual", "a\u202eb", "confirmed"))
    assert "\x1b" not in out and "\u202e" not in out


def test_wide_letters_keep_the_columns_straight() -> None:
    narrow, wide = shown(
        ("2025", "Taliban", "US", "RETREAT", None, "actual", "x", "confirmed"),
        ("2025", "塔利班", "US", "RETREAT", None, "actual", "x", "confirmed"),
    ).split("\n")[-2:]
    assert narrow.index("US") == wide.index("US") + 3  # three letters, two columns each
