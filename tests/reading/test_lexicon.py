"""The tables of words: that they hold together, and that mistakes in them are told."""

import re
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from detente.errors import BadInput
from detente.reading.read import read_text
from detente.reading.text import pipeline
from detente.reading.what import lexicon
from detente.record.plover import Aspect, MoveType, modes

DATA = Path(lexicon.__file__).parents[1] / "data"
RULES = list(lexicon.load().all_rules())


# --- the program's own tables ---------------------------------------------------------------


def test_every_type_has_many_words():
    words = defaultdict(set)
    for rule in RULES:
        if rule.tells_a_move:
            words[rule.type].add(rule.lemma)
    assert {kind: len(words[kind]) for kind in MoveType if len(words[kind]) < 20} == {}


def test_modes_are_plovers():
    assert [rule for rule in RULES if rule.mode not in (None, *modes(rule.type))] == []


# Past forms that share too little with their verb to be recognised by their beginning.
IRREGULAR = dict(
    form.split(":")
    for form in """be:is|was|are break:broke|broken bring:brought buy:bought catch:caught come:came
    dig:dug fall:fell fight:fought find:found freeze:froze|frozen give:gave go:went|gone
    hold:held leave:left ring:rang seek:sought sell:sold sink:sank sit:sat slay:slew
    speak:spoke stand:stood stick:stuck strike:struck swear:swore|sworn take:took|taken
    tear:tore tell:told write:wrote""".split()
)


def shows(example: str, word: str) -> bool:
    """Whether a form of the word stands in the sentence."""
    begin = word[: max(2, min(4, len(word) - 2))]
    past = IRREGULAR.get(word, "").split("|")
    return any(
        found.startswith(begin) or found in past for found in re.findall("[a-z]+", example.lower())
    )


def test_every_example_shows_its_word():
    def shown(rule):
        return all(shows(rule.example, word) for word in re.split("[ -]", rule.lemma))

    assert [(rule.line, rule.lemma, rule.example) for rule in RULES if not shown(rule)] == []
    assert not shows("Chad opened the road.", "close")


def test_examples_are_sentences():
    odd = [rule.line for rule in RULES if not re.fullmatch(r"[A-Z].*[.]", rule.example)]
    assert odd == []


def test_every_class_is_used():
    named = {name for rule in RULES for c in rule.conditions for name in c.classes}
    text = (DATA / "classes.tsv").read_text(encoding="utf-8")
    included = set(re.findall(r"\+(\w+)", text))
    assert set(lexicon.load().classes) - named - included == set()


def test_rules_that_ask_for_more_go_first():
    for rules in lexicon.load().by_word.values():
        found = [rule.specificity for rule in rules]
        assert found == sorted(found, reverse=True)


MOVES = [rule for rule in RULES if rule.tells_a_move]


def test_examples_tell_their_moves():
    """One rule in fifteen, spread over the table; the whole would take minutes."""
    sample = MOVES[::15]
    missed = [
        (rule.line, rule.example)
        for rule in sample
        if rule.type not in {move.type for move in read_text(rule.example).moves}
    ]
    assert len(missed) <= 0.08 * len(sample), missed


# --- looking up -------------------------------------------------------------------------------


def parsed(sentence, word):
    doc = pipeline.parse(sentence, pipeline.load())
    return next(token for token in doc if token.text == word)


def test_unknown_words_have_no_rules():
    assert lexicon.load().rules("photosynthesise", "v") == ()
    assert lexicon.load().has_class("soldier", "no such class") is False


def test_classes():
    words = lexicon.load()
    assert words.has_class("soldier", "troops")
    assert not words.has_class("soldier", "money")
    assert words.has_class("ambassador", "diplomatic"), "a class takes in others by +name"
    assert words.has_class("way", "'way'")
    assert not words.has_class("ways", "'way'")


def test_misread_lemmas_are_mended():
    words = lexicon.load()
    assert words.rules("stag", "v") == words.rules("stage", "v") != ()


@pytest.mark.parametrize(
    ("sentence", "word", "form", "governed"),
    [
        ("Chad called off the talks.", "called", "call off", None),
        ("The premier of Chad stepped down.", "stepped", "step down", None),
        ("Chad called in the ambassador of Niger.", "called", "call in", "ambassador"),
        ("The mayor was shot dead in Chad.", "shot", "shoot dead", None),
        ("Chad attacked Niger.", "attacked", "attack", None),
    ],
)
def test_verbs_are_looked_up_with_their_particle_first(sentence, word, form, governed):
    first, noun = lexicon.load().forms(parsed(sentence, word))[0]
    assert (first, noun.text if noun is not None else None) == (form, governed)


def test_nouns_are_looked_up_with_what_stands_before_them_first():
    strike = parsed("Prisoners in Chad went on hunger strike.", "strike")
    assert lexicon.load().names(strike) == ["hunger strike", "strike"]


@pytest.mark.parametrize(
    ("sentence", "word", "kind"),
    [
        ("Chad said the road was open.", "said", "say"),
        ("Chad pointed out that the road was open.", "pointed", "say"),
        ("Chad made it known that the road was open.", "made", "say"),
        ("Chad denied that the road was shut.", "denied", "deny"),
        ("Chad accused Niger of stalling.", "accused", "accuse"),
        ("Chad described the road as open.", "described", "describe"),
        ("Chad made a road.", "made", None),
        ("Chad built a road.", "built", None),
    ],
)
def test_cues(sentence, word, kind):
    cue = lexicon.load().cue(parsed(sentence, word))
    assert (cue.kind if cue else None) == kind


ASKED = (Aspect.HYPOTHETICAL, True)


@pytest.mark.parametrize(
    ("sentence", "word", "expected"),
    [
        ("Chad plans to open the road.", "plans", (Aspect.FUTURE, False)),
        ("Chad failed to open the road.", "failed", (Aspect.NEGATED, False)),
        ("Chad denied the attack.", "denied", (Aspect.NEGATED, False)),
        ("Chad considered opening the road.", "considered", (Aspect.HYPOTHETICAL, False)),
        ("Chad called for the release of the pilots.", "called", ASKED),
        ("Chad refused to open the road.", "refused", ASKED),
        ("Chad insisted that the road be opened.", "insisted", ASKED),
        ("Chad insisted that Niger had opened the road.", "insisted", None),
        ("Chad warned that Niger had opened the road.", "warned", None),
        ("Chad opened the road.", "opened", None),
        ("Chad made a demand for the return of the pilots.", "demand", ASKED),
        ("The possibility of an attack was remote.", "possibility", (Aspect.HYPOTHETICAL, False)),
    ],
)
def test_complement_aspect(sentence, word, expected):
    assert lexicon.load().complement_aspect(parsed(sentence, word)) == expected


# --- tables with mistakes -----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for name in ("moves", "classes", "cues", "modality", "lemmas"):
        shutil.copy(DATA / f"{name}.tsv", tmp_path)
    return tmp_path


GOOD = "frobnicate\tv\ttroops\tASSAULT\taerial\tobj\tsubj\t\t0.5\tChad frobnicated the troops."


def with_row(folder, row, table="moves"):
    """The place of a row added at the end of a table."""
    path = folder / f"{table}.tsv"
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    path.write_text(text + row + "\n", encoding="utf-8")
    return path, text.count("\n") + 1


def test_a_row_of_ones_own_is_read(folder):
    with_row(folder, GOOD)
    (rule,) = lexicon.read(folder).rules("frobnicate", "v")
    assert (rule.type, rule.mode, rule.to, rule.by) == (
        MoveType.ASSAULT,
        "aerial",
        ("obj",),
        ("subj",),
    )
    assert rule.conditions == (lexicon.Condition("object", ("troops",)),)


def changed(column, cell):
    cells = GOOD.split("\t")
    cells[lexicon.MOVES.index(column)] = cell
    return "\t".join(cells)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (changed("pos", "verb"), "pos"),
        (changed("type", "BOMB"), "type"),
        (changed("mode", "visit"), "mode"),
        (changed("object", "trops"), "trops"),
        (changed("object", "throughout=troops"), "throughout"),
        (changed("object", ""), "class ''"),
        (changed("object", "comp=trops"), "trops"),
        (changed("to", "obj;affil"), "obj;affil"),
        (changed("by", ""), "by is empty"),
        (changed("mutual", "yes"), "mutual"),
        (changed("weight", "much"), "weight"),
        (changed("weight", "0"), "weight"),
        (changed("weight", "1.5"), "weight"),
        (changed("weight", "nan"), "weight"),
        (changed("example", ""), "example"),
        (changed("lemma", "Frobnicate"), "lemma"),
        (changed("lemma", ""), "lemma"),
        (GOOD + "\tmore", "11 columns instead of 10"),
        (GOOD.replace("\t", "    "), "1 columns instead of 10"),
    ],
)
def test_a_wrong_move_is_told_with_its_line(folder, row, word):
    path, line = with_row(folder, row)
    with pytest.raises(BadInput) as caught:
        lexicon.read(folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (path, line)
    assert word in problem.what
    assert problem.do


def test_a_sense_that_stands_twice_is_told_with_both_lines(folder):
    _, first = with_row(folder, GOOD)
    _, second = with_row(folder, changed("weight", "0.9"))
    with pytest.raises(BadInput, match=f"moves.tsv:{second}: .*line {first} already"):
        lexicon.read(folder)


@pytest.mark.parametrize(
    ("table", "row", "word"),
    [
        ("classes", "odd\tx\tstone", "kind"),
        ("classes", "odd\tn\t", "no words"),
        ("classes", "odd\tn\t+nowhere", "nowhere"),
        ("classes", "troops\tv\tstone", "further up"),
        ("classes", "party\tn\tstone", "party"),
        ("cues", "intone\tsing\ty\tn", "kind"),
        ("cues", "say\tsay\ty\tn", "twice"),
        ("cues", "intone\tsay\tmaybe\tn", "can_be_direct"),
        ("modality", "dream\tv\tunreal\tcomplement\t", "aspect"),
        ("modality", "dream\tv\thypothetical\teverything\t", "everything"),
        ("modality", "dream\tv\thypothetical\t\t", "scope"),
        ("modality", "plan\tv\tnegated\tcomplement\t", "twice"),
        ("lemmas", "stag\tstagger\tv", "twice"),
        ("lemmas", "stag\t\tn", "empty"),
    ],
)
def test_mistakes_in_the_other_tables(folder, table, row, word):
    path, line = with_row(folder, row, table)
    with pytest.raises(BadInput) as caught:
        lexicon.read(folder)
    assert [(p.file, p.line) for p in caught.value.problems] == [(path, line)]
    assert word in caught.value.problems[0].what


def test_all_mistakes_are_told_at_once(folder):
    with_row(folder, changed("type", "BOMB"))
    with_row(folder, changed("weight", "much"))
    with_row(folder, "intone\tsing\ty\tn", "cues")
    with pytest.raises(BadInput) as caught:
        lexicon.read(folder)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("table", ["moves", "classes", "cues", "modality", "lemmas"])
def test_tables_that_are_no_tables(folder, table):
    path = folder / f"{table}.tsv"
    for spoilt in (b"", b"# only a comment\n", b"lemma;pos\n", b"\xff\xfe\x00", b"a\tb\n"):
        path.write_bytes(spoilt)
        with pytest.raises(BadInput, match=re.escape(path.name)):
            lexicon.read(folder)
    path.unlink()
    with pytest.raises(BadInput, match="missing"):
        lexicon.read(folder)


def test_windows_line_ends_and_byte_order_marks_do_no_harm(folder):
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(list(lexicon.read(folder).all_rules())) == len(RULES)
