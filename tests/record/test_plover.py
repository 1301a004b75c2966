"""PLOVER's vocabulary and its published scores."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from detente.record.plover import Aspect, MoveType, intensity, modes


def rows() -> list[dict[str, str]]:
    text = files("detente.record").joinpath("plover_scores.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_sixteen_types() -> None:
    assert len(MoveType) == 16
    assert {row["event"] for row in rows()} == {type.value for type in MoveType}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['event']}-{row['mode']}")
def test_each_published_score_is_used(row: dict[str, str]) -> None:
    type = MoveType(row["event"])
    assert intensity(type, row["mode"] or None) == float(row["score"])
    assert row["mode"] == "" or row["mode"] in modes(type)


def test_scores_have_the_sign_of_their_kind() -> None:
    friendly = list(MoveType)[:7]
    for type in MoveType:
        for mode in (None, *modes(type)):
            score = intensity(type, mode)
            assert -10 <= score <= 10
            assert (score > 0) == (type in friendly) or type is MoveType.REQUEST, (type, mode)


def test_a_mode_without_a_row_takes_its_types_score() -> None:
    assert intensity(MoveType.RETREAT, "return") == intensity(MoveType.RETREAT)
    assert "return" in modes(MoveType.RETREAT)
    assert "assassinate" in modes(MoveType.ASSAULT)


def test_modes_are_sorted_and_belong_to_their_type() -> None:
    assert modes(MoveType.AGREE) == ()
    for type in MoveType:
        assert list(modes(type)) == sorted(set(modes(type)))
    assert "release" not in modes(MoveType.REQUEST)


def test_what_happened() -> None:
    assert [aspect for aspect in Aspect if aspect.happened] == [Aspect.ACTUAL, Aspect.HISTORICAL]
