"""Beliefs, plans, wishes and demands that a text reports of somebody."""

import pytest

from detente.reading.read import read_text


def thoughts(text):
    return [
        (said.kind, said.speaker.party, said.content)
        for said in read_text(text).statements
        if said.kind != "said"
    ]


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        ("Peru believes that Chile will not attack.", "belief", "Chile will not attack"),
        ("Peru plans to withdraw its troops.", "plan", "to withdraw its troops"),
        ("Peru urged Chile to stop the shelling.", "demand", "to stop the shelling"),
        ("Peru called for an end to the blockade.", "demand", "an end to the blockade"),
        ("Peru is confident that a deal is near.", "belief", "a deal is near"),
        ("Peru wants to reopen the border.", "wish", "to reopen the border"),
        ("Chile feared Peru's decision to leave the talks.", "plan", "to leave the talks"),
    ],
)
def test_kinds(text, kind, content):
    assert thoughts(text) == [(kind, "PER", content)]


@pytest.mark.parametrize(
    "text",
    ["Peru may plan to withdraw its troops.", "The bridge needs to be repaired."],
)
def test_what_nobody_is_told_to_think(text):
    assert thoughts(text) == []


def test_offsets_and_what_is_said_stay():
    text = "Chile's minister said: “We hope that Peru will wait.” Peru hopes that Chile will act."
    found = read_text(text).statements
    assert all(text[said.start : said.end] == said.content for said in found)
    assert found[0].kind == "said"


def test_a_question_is_nobodys_act():
    assert read_text("Will Peru attack Chile?").moves == ()
    assert read_text("Q: Has Peru attacked Chile?").moves == ()
    assert read_text("Peru attacked Chile.").moves != ()
