"""Where a quote that is not in its report may have come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.record.models import ReportFront
from detente.record.quotes import Finder
from detente.record.record import Report

TEXT = """\
The group said it would "have freed the mechanic" by Friday – at the latest.

A second  official,
who asked not to be named, said the bridge at Lorn was Belmark’s to open. The bridge,
the bridge, always the bridge: the minister was tired of the bridge.
"""


def explained(quote: str, text: str = TEXT) -> tuple[str, str]:
    report = Report("r", ReportFront(), text, Path("r.txt"), line=5)
    assert quote not in text
    return Finder({"r": report}).explain(quote, report)


@pytest.mark.parametrize(
    ("quote", "do"),
    [
        ("“have freed the mechanic”", 'Line 5 has ""have freed the mechanic"". Copy it exactly.'),
        ("by Friday - at", 'Line 5 has "by Friday – at". Copy it exactly.'),
        ("second official, who", 'Line 7 has "second official, who". Copy it exactly.'),
        ("Belmark's to open", 'Line 8 has "Belmark’s to open". Copy it exactly.'),
        ("official, who  asked", 'Line 7 has "official, who asked". Copy it exactly.'),
    ],
)
def test_differences_of_spaces_and_marks_are_named(quote: str, do: str) -> None:
    what, said = explained(quote)
    assert "differs from report r in spaces, quotation marks or dashes" in what
    assert said == do


@pytest.mark.parametrize(
    ("quote", "closest"),
    [
        ("has freed the mechanic", 'closest, line 5: "have freed the mechanic".'),
        ("who had asked not to be named", 'closest, line 8: "who asked not to be named".'),
        ("the bridge at Lorn is Belmark’s to open", 'line 8: "the bridge at Lorn was Belmark’s to open"'),  # noqa: E501
        ("The Minister was very tired of the bridge", '"the minister was tired of the bridge"'),
    ],
)  # fmt: skip
def test_the_closest_words_are_shown(quote: str, closest: str) -> None:
    what, do = explained(quote)
    assert what == f'quote not in report r: "{quote}"'
    assert closest in do


def test_what_is_like_nothing_there() -> None:
    assert "Nothing like it stands there" in explained("Quite other words were spoken then")[1]
    assert "Nothing like it stands there" in explained("x", "")[1]
    assert "Nothing like it stands there" in explained("?!")[1]


def test_long_quotes_are_shown_short() -> None:
    what, _ = explained("word " * 1000)
    assert len(what) < 250


def test_the_report_that_has_it() -> None:
    texts = {"a": "one two", "b": "three four", "c": "five six"}
    reports = {k: Report(k, ReportFront(), v, Path(k)) for k, v in texts.items()}
    finder = Finder(reports)
    for id, text in list(texts.items())[1:]:
        assert finder.explain(text, reports["a"])[1] == (
            f"It stands in report {id}; correct `report:`."
        )


@given(st.text(max_size=40), st.text(max_size=200))
def test_any_quote_and_any_text(quote: str, text: str) -> None:
    report = Report("r", ReportFront(), text, Path("r.txt"))
    what, do = Finder({"r": report}).explain(quote, report)
    assert what and do


@given(st.lists(st.sampled_from("alpha beta “gamma” – delta’s \u200bzeta".split(" ")), min_size=1))
def test_a_quote_with_other_marks_is_found_exactly(words: list[str]) -> None:
    text = f"Before it.\n{' '.join(words)}\nBehind it."
    quote = "  ".join(words).translate(
        {0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2019: "'", 0x200B: None}
    )
    report = Report("r", ReportFront(), text, Path("r.txt"))
    if len(words) > 1 or quote != words[0]:
        assert "Line 2 has" in Finder({"r": report}).explain(quote, report)[1]
