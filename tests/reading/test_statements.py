"""Who is reported to have said what."""

import pytest

from detente.reading.read import read_text

PLAIN = [
    # text, speaker's words, cue, content, direct
    (
        "Chad will open the border, the foreign ministry in N'Djamena said on Monday.",
        "the foreign ministry in N'Djamena",
        "said",
        "Chad will open the border",
        False,
    ),
    (
        '"We will open the border on Monday," a Chadian official said.',
        "a Chadian official",
        "said",
        "We will open the border on Monday",
        True,
    ),
    (
        "“We have waited long enough,” said the minister.",
        "the minister",
        "said",
        "We have waited long enough",
        True,
    ),
    (
        "According to two diplomats, the talks have ended.",
        "two diplomats",
        "according to",
        "the talks have ended",
        False,
    ),
    (
        "A spokesman denied that the talks had ended.",
        "A spokesman",
        "denied",
        "the talks had ended",
        False,
    ),
    (
        "The envoy warned that the truce would not last.",
        "The envoy",
        "warned",
        "the truce would not last",
        False,
    ),
    (
        "The president described the offer as a trap.",
        "The president",
        "described",
        "a trap",
        False,
    ),
]


@pytest.mark.parametrize(("text", "speaker", "cue", "content", "direct"), PLAIN)
def test_statement(text, speaker, cue, content, direct):
    (said,) = read_text(text).statements
    assert (said.speaker.text, said.cue, said.content, said.direct) == (
        speaker,
        cue,
        content,
        direct,
    )


def test_a_split_quotation_is_one_statement():
    text = '"We are ready," the envoy said, "but nobody has called us."'
    (said,) = read_text(text).statements
    assert said.content == "We are ready"
    assert [part.text for part in said.more] == ["but nobody has called us"]


def test_a_quotation_over_several_sentences_is_one_statement():
    text = "“We are ready. Nobody has called us,” the envoy said."
    (said,) = read_text(text).statements
    assert said.content == "We are ready. Nobody has called us"
    assert said.direct


def test_quoted_words_inside_indirect_speech_leave_it_indirect():
    text = 'The envoy said the offer was "a first step towards peace".'
    (said,) = read_text(text).statements
    assert not said.direct
    assert said.content.startswith("the offer was")


@pytest.mark.parametrize(
    "text",
    [
        "The envoy may say that the talks have ended.",
        "The envoy urged Chad to open the border.",
        "The envoy did not say when the talks would end.",
        "The so-called 'package' was discussed.",
    ],
)
def test_what_is_no_statement(text):
    assert not [each for each in read_text(text).statements if each.kind == "said"]


def test_a_transcripts_labels_are_not_part_of_what_is_said():
    text = 'HOST: Welcome.\n\nGUEST (recording): "They have taken some steps, and we will too."'
    said = read_text(text).statements[-1]
    assert said.speaker.text == "GUEST"
    assert said.content == "They have taken some steps, and we will too"


def test_speakers_told_apart():
    text = (
        "The border is open, a Chadian official said. A second official said that it was shut. "
        "The second official added that it had been shut for days."
    )
    first, second, third = (said.speaker.key for said in read_text(text).statements)
    assert first != second
    assert second == third


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        (
            "A further failure, the Peruvian envoy cautioned, would end the mission.",
            "the Peruvian envoy",
            "would end the mission",
        ),
        (
            "Chile again rejects Peruvian allegations that it moved the markers.",
            "Chile",
            "it moved the markers",
        ),
        (
            "The opposition accuses the president of paying a ransom.",
            "The opposition",
            "paying a ransom",
        ),
        ("It was a claim that the Chilean minister denied.", "the Chilean minister", "a claim"),
    ],
)
def test_constructions_in_which_the_content_stands_elsewhere(text, speaker, content):
    statement = next(s for s in read_text(text).statements if s.content == content)
    assert statement.speaker.text == speaker


def test_rejecting_a_plan_states_nothing():
    assert read_text("Chile rejected the plan.").statements == ()
