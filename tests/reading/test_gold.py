"""The reader's figures must not fall: a floor a little below where they are."""

from pathlib import Path

import pytest

from detente.measure import texts as evaluate

GOLD = Path(__file__).parent / "gold"


@pytest.mark.parametrize(
    ("file", "type_", "by"),
    [
        ("plover_seen.jsonl", 0.65, 0.80),
        ("plover_unseen.jsonl", 0.50, 0.65),
        ("sentences_seen.jsonl", 0.60, 0.65),
        ("sentences_unseen.jsonl", 0.48, 0.58),
    ],
)
def test_figures_do_not_fall(file, type_, by):
    scores = evaluate.evaluate([GOLD / file]).to_json()["scores"]
    assert scores["type"]["share"] >= type_
    assert scores["by"]["f1"] >= by
