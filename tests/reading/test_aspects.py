"""Whether an act is told as done."""

import pytest

from detente.reading.text import pipeline
from detente.reading.what import aspects, lexicon

SENTENCES = [
    ("Chad released two prisoners on Monday.", "released", "actual"),
    ("Chad has not released the prisoners.", "released", "negated"),
    ("Chad never released the prisoners.", "released", "negated"),
    ("Nobody released the prisoners.", "released", "negated"),
    ("No prisoners were released.", "released", "negated"),
    ("Chad did not only release prisoners, it also opened the border.", "release", "actual"),
    ("Chad will release the prisoners next week.", "release", "future"),
    ("Chad is to release the prisoners next week.", "release", "future"),
    ("Chad was to return the boats, and Niger to open the border.", "open", "future"),
    ("Chad plans to release the prisoners.", "release", "future"),
    ("Chad may release the prisoners.", "release", "hypothetical"),
    ("Chad could release the prisoners.", "release", "hypothetical"),
    ("If Chad releases the prisoners, Niger will open the border.", "releases", "hypothetical"),
    ("Chad is considering releasing the prisoners.", "releasing", "hypothetical"),
    ("Chad left without releasing the prisoners.", "releasing", "negated"),
    ("After the talks, Chad began releasing prisoners.", "releasing", "actual"),
]


@pytest.mark.parametrize(("sentence", "word", "aspect"), SENTENCES, ids=[s[0] for s in SENTENCES])
def test_aspect(sentence, word, aspect):
    doc = pipeline.parse(sentence, pipeline.load())
    token = next(token for token in doc if token.text == word)
    assert aspects.of(token, lexicon.load()).aspect == aspect


ASKED = [
    ("Niger demanded that Chad release the prisoners.", "release"),
    ("Niger urged Chad to release the prisoners.", "release"),
    ("Niger called on Chad to release the prisoners.", "release"),
    ("Chad refused to release the prisoners.", "release"),
    ("Chad promised to release the prisoners.", "release"),
    ("Chad threatened to attack the border post.", "attack"),
    ("Niger asked for the release of the prisoners.", "release"),
]


@pytest.mark.parametrize(("sentence", "word"), ASKED, ids=[s[0] for s in ASKED])
def test_content_of_a_speech_act_is_not_told_as_done(sentence, word):
    doc = pipeline.parse(sentence, pipeline.load())
    token = next(token for token in doc if token.text == word)
    assert aspects.of(token, lexicon.load()).asked
