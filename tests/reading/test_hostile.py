"""Texts made to take long, or to break something: each is read in time, and cleanly."""

from __future__ import annotations

import importlib.util
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import pytest

from detente.errors import BadInput
from detente.reading import read
from detente.reading.found import Reading
from detente.reading.run import group
from detente.reading.text import grammar, pipeline
from detente.reading.who.gazetteer import Gazetteer
from detente.record import limits
from detente.record.models import ReportFront
from detente.record.plover import MoveType
from detente.record.record import Report
from detente.record.texts import read_report

FILE = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "hostile.py"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_benchmark", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TEXTS = _loaded().TEXTS
AFTER = "\n\nOn 3 May 2020 Chad released two Libyan sailors.\n"


def opened(folder: Path, name: str, size: int, *, after: str = "") -> Report:
    suffix, make = TEXTS[name]
    file = folder / f"report{suffix}"
    file.write_text(make(size) + after, encoding="utf-8")
    return read_report(file)


def is_clean(reading: Reading) -> bool:
    """Whether whatever was found stands where it is said to stand."""
    text = reading.text
    return (
        all(text[m.start : m.end] == m.quote for m in (*reading.moves, *reading.statuses))
        and all(text[s.start : s.end] == s.content for s in reading.statements)
        and all(text[m.start : m.end] == m.text for p in reading.parties for m in p.mentions)
    )


PLAIN = [name for name, (suffix, _) in TEXTS.items() if suffix == ".txt" and name != "front matter"]


@pytest.mark.parametrize("name", PLAIN)
def test_what_follows_a_hostile_text_is_still_read(name: str, tmp_path: Path) -> None:
    report = opened(tmp_path, name, 1800, after=AFTER)
    (reading,) = read.read_reports([report])
    assert is_clean(reading)
    told = [move for move in reading.moves if move.start >= len(report.text) - len(AFTER)]
    assert MoveType.RETREAT in {move.type for move in told}
    assert [actor.code for move in told for actor in move.by if "released" in move.quote] == ["TCD"]


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in PLAIN])
def test_hostile_markup_is_opened_or_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    try:
        report = opened(tmp_path, name, 3000)
    except BadInput as bad:
        assert bad.problems[0].what in (
            "no words are left of this Markdown file",
            "this HTML page holds no text",
            "nested more than 50 levels deep",
        )
    else:
        (reading,) = read.read_reports([report])
        assert is_clean(reading)
        assert report.text.strip()


LISTED = (
    *("comments", "quotation marks", "he said", "apostrophes", "parentheses", "dashes", "met"),
    *("md brackets", "md pictures", "md angles", "md backtick runs", "md table", "html table"),
    *("one line", "short lines", "Taliban", "Taliban and", "dates", "combining marks", "html svg"),
    *("leaders of", "commas", "colons", "on Monday", "marks and spaces", "html nested"),
)


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTED)
def test_time_grows_with_the_text_and_no_faster(name: str, tmp_path: Path) -> None:
    """Eight times the text, about eight times the time of the processor; squarely it were 64."""

    def seconds(size: int) -> float:
        begun = time.thread_time()
        with suppress(BadInput):
            read.read_reports([opened(tmp_path, name, size)])
        return time.thread_time() - begun

    seconds(1000)
    small, large = seconds(8_000), seconds(64_000)
    assert large < 20 * max(small, 0.05)


# --- words and sentences without an end ----------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "met " * 1500,
        "met\n" * 1500,
        "A. " * 1500,
        ". " * 1500,
        "x, " * 800 + "They met. They left. " + "12 " * 900,
    ],
)
def test_no_sentence_is_longer_than_it_may_be(text: str) -> None:
    doc = pipeline.parse(text, pipeline.load())
    assert doc.text == text
    assert max(len(sentence) for sentence in doc.sents) <= pipeline.LONGEST_SENTENCE
    assert all(token.sent.start <= token.head.i < token.sent.end for token in doc)
    assert doc.user_data[pipeline.CUT]


def test_a_long_sentence_is_cut_behind_its_marks() -> None:
    doc = pipeline.parse("the envoys of Chad met; " * 100, pipeline.load())
    first = [sentence[0].text for sentence in doc.sents]
    assert set(first) == {"the"}


def test_an_endless_word_is_one_token_and_said_to_be_left_out() -> None:
    text = f"Chad freed two sailors.\n\n{'-=' * 300} Libya\nthanked Chad. {'x' * 500}"
    doc = pipeline.parse(text, pipeline.load())
    assert doc.text == text
    assert "-=" * 300 in [token.text for token in doc]
    (doubt,) = read.read_text(text).doubts
    assert doubt == (
        "From line 3 on, and in 1 more places: a word of more than 400 characters is not read."
    )


def test_an_address_parts_no_sentence_and_is_no_doubt() -> None:
    address = "http://example.org/" + "a/b?c=" * 90
    text = f"Chad said on Monday that {address} told the truth. Libya denied it."
    doc = pipeline.parse(text, pipeline.load())
    assert [sentence.text[:5] for sentence in doc.sents] == ["Chad ", "Libya"]
    assert read.read_text(text).doubts == ()


def test_what_goes_on_from_block_to_block_is_one_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BLOCK", 3_000)
    (doubt,) = read.read_text("met " * 2_200).doubts
    assert doubt == "From line 1 on: more than 400 words without an end are read in parts."


def test_doubts_name_the_line_of_the_file_and_are_printed_as_json(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(f"---\ntitle: X\n---\n\nChad met Libya.\n{'?' * 500}\n")
    (reading,) = read.read_reports([read_report(file)])
    assert "From line 6 on" in reading.doubts[0]
    assert reading.to_json()["doubts"] == list(reading.doubts)


# --- what the faults were ------------------------------------------------------------------


def test_a_mark_that_folds_to_nothing_ends_no_name() -> None:
    gazetteer = Gazetteer.standard()
    (match,) = gazetteer.match("Chad\u0483\u20dd met")
    assert (match.start, match.end) == (0, 4)


def test_a_subtree_is_spacys_own() -> None:
    doc = pipeline.parse(
        "The Taliban, who had met envoys of Chad and Libya in Doha on Monday, said in a statement "
        "that the two men it holds, both of them Americans, would be freed if funds were released. "
        "On Friday, officials said, an agreement to open the border that both sides had sought was "
        "signed by the ministers of the three states, among them Qatar.",
        pipeline.load(),
    )
    for token in doc:
        assert [t.i for t in grammar.subtree(token)] == [t.i for t in token.subtree]


def test_coordinated_verbs_are_gone_through_once() -> None:
    """A chain of verbs, each hung on the one before, took twice as long for each link."""
    from spacy.tokens import Doc

    nlp = pipeline.load()
    words = "Chad freed " + " ".join(["and freed"] * 150)
    parts = words.split()
    heads = [1, 1] + [i - 1 if word == "and" else i - 2 for i, word in enumerate(parts[2:], 2)]
    heads = [i if h < 0 else h for i, h in enumerate(heads)]
    deps = ["nsubj", "ROOT"] + ["cc" if word == "and" else "conj" for word in parts[2:]]
    tags = ["NNP", "VBD"] + ["CC" if word == "and" else "VBD" for word in parts[2:]]
    pos = ["PROPN", "VERB"] + ["CCONJ" if word == "and" else "VERB" for word in parts[2:]]
    doc = Doc(nlp.vocab, words=parts, heads=heads, deps=deps, tags=tags, pos=pos, lemmas=parts)
    begun = time.thread_time()
    found = group._read(doc, doc.text, Gazetteer.standard(), "text", ReportFront())
    assert time.thread_time() - begun < 20
    assert not any("given up" in doubt for doubt in found.doubts)


# --- the last resort -----------------------------------------------------------------------


def test_python_that_goes_on_for_too_long_is_stopped() -> None:
    with pytest.raises(limits.TooLong), limits.seconds(0.1):
        while True:
            pass


def test_what_goes_on_after_it_was_stopped_is_stopped_again() -> None:
    with pytest.raises(limits.TooLong), limits.seconds(0.1):
        with suppress(limits.TooLong):  # as in a finaliser, where nothing may be raised
            while True:
                pass
        while True:
            pass


def test_what_is_in_time_is_left_alone() -> None:
    for _ in range(50):
        with limits.seconds(60):
            done = sum(range(100))
        assert done == 4950
    with pytest.raises(ValueError, match="its own"), limits.seconds(60):
        raise ValueError("its own")


def test_a_text_that_takes_too_long_is_given_up_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read.read_text("The envoys met.")
    monkeypatch.setattr(group, "_SECONDS", 0.02)
    monkeypatch.setattr(group, "_SECONDS_A_MB", 0.0)
    reading = read.read_text("Chad freed two sailors of Libya on Monday. " * 400)
    assert reading.moves == ()
    assert "given up" in reading.doubts[-1]
