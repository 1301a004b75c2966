"""Moves read from single clauses: type, sides, aspect, condition, speaker."""

import pytest

from detente.reading.read import read_text
from detente.reading.what import lexicon
from detente.record.dates import PartialDate


def surest(text, **options):
    return max(read_text(text, **options).moves, key=lambda move: move.confidence)


def codes(actors):
    return [actor.code for actor in actors]


MOVES = [
    # text, type, mode, by, to
    ("Chad released two Swiss hostages.", "RETREAT", "release", ["TCD"], ["CHE"]),
    ("Two Swiss hostages were released by Chad.", "RETREAT", "release", ["TCD"], ["CHE"]),
    ("Chad and Niger agreed to reopen the road.", "AGREE", None, ["TCD", "NER"], []),
    ("Peru demanded that Chile return the archive.", "REQUEST", "yield", ["PER"], ["CHL"]),
    ("Peru threatened to attack Chile.", "THREATEN", "violence", ["PER"], ["CHL"]),
    ("Peru accused Chile of shelling a village.", "ACCUSE", "allege", ["PER"], ["CHL"]),
    ("Peru imposed sanctions on Chile.", "SANCTION", "discontinue", ["PER"], ["CHL"]),
    ("Norway sent food aid to Mali.", "AID", None, ["NOR"], ["MLI"]),
    ("Norway mediated between Mali and Niger.", "CONSULT", "third-party", ["NOR"], ["MLI", "NER"]),
    ("On Friday Qatar released three Russians.", "RETREAT", "release", ["QAT"], ["RUS"]),
    ("Peru lifted its embargo against Chile.", "CONCEDE", None, ["PER"], ["CHL"]),
    ("Peru refused to meet the president of Chile.", "REJECT", "meet", ["PER"], ["CHL"]),
]


@pytest.mark.parametrize(("text", "type_", "mode", "by", "to"), MOVES, ids=[m[0] for m in MOVES])
def test_move(text, type_, mode, by, to):
    move = surest(text)
    assert (move.type, codes(move.by), codes(move.to)) == (type_, by, to)
    if mode is not None:
        assert move.mode == mode


def test_a_demand_is_one_move_and_the_deed_is_not_told_as_done():
    moves = read_text("Peru demanded that Chile release the prisoners.").moves
    assert [move.type for move in moves] == ["REQUEST"]


def test_condition():
    move = surest("If the road is reopened, Peru will release the prisoners, its spokesman said.")
    assert move.condition == "If the road is reopened"


def test_what_follows_if_something_is_not_done_is_a_threat():
    text = (
        "“If the prisoners are not freed, new sanctions will be imposed,” a Peruvian minister said."
    )
    move = surest(text)
    assert move.type == "THREATEN"
    assert codes(move.by) == ["PER"]


def test_a_move_inside_a_statement_keeps_its_speaker():
    move = surest("Chad has released the hostages, a Swiss diplomat said.")
    assert move.type == "RETREAT"
    assert move.said_by is not None
    assert move.said_by.text == "a Swiss diplomat"


def test_dates_count_from_the_reports():
    date = PartialDate.parse("2025-04-07")
    move = surest("Chad released two Swiss hostages last month.", date=date)
    assert str(move.date) == "2025-03"
    move = surest("In 2019 Chad released two Swiss hostages.", date=date)
    assert move.aspect == "historical"


@pytest.mark.parametrize(
    "text",
    [
        "The border between the two Koreas is long.",
        "The harvest in Mali was poor this year.",
        "The supermarket chain opened a shop in Lima.",
    ],
)
def test_nothing_where_nothing_was_done(text):
    assert not [move for move in read_text(text).moves if move.confidence >= 0.3]


def test_nothing_in_nothing():
    for text in ("", " \n ", "12345", "…"):
        assert not read_text(text).moves


def test_offsets_in_any_text():
    text = (
        "Préambule — «Oui».\r\n\r\n• Peru’s army attacked Chile… 😀\n\n"
        "شكرا. Chad freed two hostages."
    )
    for move in read_text(text).moves:
        assert text[move.start : move.end] == move.quote


def test_the_tables_examples():
    """Each rule's own example gives a move of its type; a few in a hundred may be misparsed."""
    wrong = []
    rules = list(lexicon.load().all_rules())
    text = "\n\n".join(rule.example for rule in rules)
    moves = read_text(text).moves
    position, starts = 0, []
    for rule in rules:
        starts.append((position, position + len(rule.example)))
        position += len(rule.example) + 2
    told = {}
    for move in moves:
        told.setdefault(
            next(i for i, (a, b) in enumerate(starts) if a <= move.start < b), set()
        ).add(move.type)
    wrong = [
        f"{rule.line}: {rule.example}"
        for i, rule in enumerate(rules)
        if rule.type not in told.get(i, ())
    ]
    assert len(wrong) < 0.12 * len(rules), "\n".join(wrong)
