"""Trees become models; what is wrong is said in plain words on its line."""

# ruff: noqa: E501 (the table of cases reads best with a case on a line)

from __future__ import annotations

from pathlib import Path

import pytest

from detente.record.models import CaseFile, JudgmentFile, Model, RecordFile, ReportFront
from detente.record.validation import is_id, slugged, suggestion, validate, validate_file
from detente.record.yamltext import parse

FILE = Path("a.yaml")
MOVE = "- {id: m, type: RETREAT, what: x, sources: [{report: r, quote: q}]}\n"


def problems(model: type[Model], text: str) -> list[str]:
    """Each problem as `line what | do`."""
    _, found = validate(model, parse(text, FILE), FILE)
    return [f"{p.line} {p.what} | {p.do}" for p in found]


def move(old: str, new: str) -> str:
    assert old in MOVE
    return "moves:\n" + MOVE.replace(old, new)


WRONG: list[tuple[type[Model], str, list[str]]] = [
    (RecordFile, move("id: m", "id: A B"), ["2 'A B' can't be an id | Write an id: small letters, digits and . _ - (a letter or digit first), at most 120 characters; for example `a-b`."]),
    (RecordFile, move("id: m", f"id: {'x' * 121}"), ["2 `id` is longer than 120 characters | Shorten it."]),
    (RecordFile, move("RETREAT", "retreat"), ["2 `type` can't be 'retreat' | Did you mean `RETREAT`? Write one of AGREE, "]),
    (RecordFile, move("what: x", "mode: relese, what: x"), ["2 RETREAT has no mode 'relese' | Did you mean `release`? PLOVER allows access,"]),
    (RecordFile, move("what: x", "what: "), ["2 `what` is empty | Fill it in."]),
    (RecordFile, move("what: x", "what: x, if: ''"), ["2 `if` is empty | Fill it in, or remove it."]),
    (RecordFile, move("what: x", "what: [x]"), ["2 `what` must be text, not a list"]),
    (RecordFile, move("what: x, ", ""), ["2 `what` is missing | what: The matter, as a short noun phrase."]),
    (RecordFile, move("what: x", "what: x, by: usa"), ["2 `by` must be a list, not text | Write by: [usa]."]),
    (RecordFile, move("what: x", "what: x, by: [usa, ]"), []),
    (RecordFile, move("what: x", "what: x, by: [null]"), ["2 an empty item in `by` | Remove it."]),
    (RecordFile, move("what: x", "what: x, date: 2025-13"), ["2 impossible date '2025-13': there is no month 13"]),
    (RecordFile, move("what: x", "what: x, date: 2025-3-1"), ["2 not a date: '2025-3-1' | Did you mean 2025-03-01?"]),
    (RecordFile, move("what: x", "what: x, date: [2025]"), ["2 `date` must be one value, not a list"]),
    (RecordFile, move("what: x", "whot: x"), ["2 `what` is missing", "2 unknown key `whot` | Did you mean `what`? Keys here are: "]),
    (RecordFile, move("what: x", "what: x, if_: y"), ["2 unknown key `if_` | Did you mean `if`?"]),
    (RecordFile, move("[{report: r, quote: q}]", "[]"), ["2 `sources` is empty | sources: a list of `report:` and `quote:`"]),
    (RecordFile, move("[{report: r, quote: q}]", "[q]"), ["2 `sources` must hold `key: value` entries, not text"]),
    (RecordFile, move("quote: q", "quote: ' '"), ["2 `quote` is empty"]),
    (RecordFile, move("quote: q", "quote: q, said_by: {}"), ["2 give the speaker's name or role"]),
    (RecordFile, move("quote: q", "quote: q, said_by: {nam: x}"), ["2 unknown key `nam` | Did you mean `name`? Keys here are: name, role, named."]),
    (RecordFile, move("quote: q", "quote: q, credibility: 7"), ["2 `credibility` must be a whole number from 1 to 6, not '7'"]),
    (RecordFile, move("quote: q", "quote: q, direct: maybe"), ["2 `direct` must be true or false, not 'maybe'"]),
    (RecordFile, "moves:\n- text\n-\n", ["2 this entry must hold `key: value` entries, not text", "3 an empty entry"]),
    (RecordFile, "moves: {a: b}\n", ["1 `moves` must be a list | Begin each entry with `- `."]),
    (RecordFile, "moves:\nissues: []\n", ["2 `issues` can't stand in this file | It belongs in case.yaml."]),
    (RecordFile, "partys: []\n", ["1 unknown key `partys` | Did you mean `parties`?"]),
    (CaseFile, "title: x\n", ["1 `question` is missing"]),
    (CaseFile, "title: x\nquestion: y\nparties:\n- {id: a, name: A, kind: group, speaks_for: [{party: b}]}\n", ["4 only a person speaks for a party | Give it `kind: person`"]),
    (CaseFile, "title: x\nquestion: y\nissues:\n- id: i\n  title: T\n  options:\n  - A b\n", ["7 'A b' can't be an id"]),
    (JudgmentFile, "walk_away:\n- {party: a, value: 3..1, because: x}\n", ["2 the range '3..1' ends below where it begins | Swap its ends."]),
    (JudgmentFile, "walk_away:\n- {party: a, value: 3}\n", ["2 `because` is missing | because: why you assume this; every judgment needs a reason."]),
    (JudgmentFile, "costs:\n- {id: a, by: b, cost: 1, recover: 2, because: x}\n", ["2 `recover` must be a number from 0 to 1, not '2'"]),
    (ReportFront, "date: 20.3.2025\n", ["1 not a date: '20.3.2025' | Write it as 2025-03-20"]),
    (ReportFront, "reliability: b\n", ["1 `reliability` can't be 'b' | Did you mean `B`?"]),
    (ReportFront, "", []),
]  # fmt: skip


@pytest.mark.parametrize(("model", "text", "said"), WRONG, ids=lambda v: str(v)[7:40])
def test_errors_in_plain_words(model: type[Model], text: str, said: list[str]) -> None:
    found = problems(model, text)
    assert len(found) == len(said), found
    assert all(each.startswith(words) for each, words in zip(found, said, strict=True)), found


def test_the_line_is_that_of_the_very_key() -> None:
    text = (
        "moves:\n- id: m\n  type: RETREAT\n\n  # a comment\n  what:\n    x\n"
        "  sources:\n  - report: r\n    quote: q\n    said_by:\n      named: true\n"
    )
    assert problems(RecordFile, text)[0].startswith("11 give the speaker's name")


def test_one_bad_entry_hides_no_other() -> None:
    text = "moves:\n" + "".join(
        MOVE.replace("id: m", f"id: m{i}").replace("RETREAT", "RETRET" if i in (3, 7, 9) else "AID")
        for i in range(1000)
    )
    done = validate_file(RecordFile, parse(text, FILE), FILE)
    assert done.value is not None and len(done.value.moves) == 997
    assert [p.line for p in done.problems] == [5, 9, 11]
    assert done.broken == {"m3", "m7", "m9"}
    for each in done.value.moves:
        assert each.where is not None and each.where.line == int(each.id[1:]) + 2
        assert done.nodes[id(each)].line == each.where.line


def test_a_wrong_top_level_gives_no_instance_but_keeps_the_lists() -> None:
    node = parse("titel: x\nparties:\n- {id: a, name: A, kind: state}\n", FILE)
    done = validate_file(CaseFile, node, FILE)
    assert done.value is None
    assert [party.id for party in done.partial.parties] == ["a"]
    assert done.partial.issues == ()


def test_an_empty_file_is_an_empty_record() -> None:
    value, found = validate(RecordFile, None, FILE)
    assert value == RecordFile() and not found


@pytest.mark.parametrize(
    ("text", "slug"), [("Äthiopien 2025", "athiopien-2025"), ("--x--", "x"), ("مثال", "")]
)
def test_slugs(text: str, slug: str) -> None:
    assert slugged(text) == slug
    assert is_id(slug) == bool(slug)


def test_suggestions() -> None:
    assert suggestion("Talibn", ["taliban", "usa"]) == "taliban"
    assert suggestion("xyz", ["taliban", "usa"]) is None
    assert suggestion("x", []) is None
