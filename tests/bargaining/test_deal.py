"""The command, files, and what a person asks."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bargaining.models import random_model
from bargaining.oracle import Oracle
from detente.cli import main
from detente.solve.bargaining import (
    Model,
    ModelError,
    from_plain,
    frontier,
    gap,
    space,
    standing,
    to_plain,
    weights,
)
from detente.solve.plain import spoken

ROOT = Path(__file__).resolve().parent.parent.parent
EMBASSY = ROOT / "examples" / "deal" / "embassy.yaml"
TOO_FAR = ROOT / "examples" / "deal" / "too-far.yaml"


def run(arguments: list[str]) -> int:
    """The command's exit code."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_the_json_is_what_the_definitions_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(12):
        plain = random_model(seed)
        file = tmp_path / f"{seed}.yaml"
        file.write_text(json.dumps(plain), encoding="utf-8")
        assert run(["deal", str(file), "--json"]) == 0
        found, oracle = json.loads(capsys.readouterr().out), Oracle(plain)
        assert found["n_packages"] == len(oracle.packages)
        assert found["n_acceptable"] == oracle.n_acceptable
        for key in ("pareto", "nash", "kalai_smorodinsky", "egalitarian", "utilitarian"):
            vectors = [
                tuple(Fraction(str(point["values"][p])) for p in plain["parties"])
                for point in found[key]
            ]
            assert vectors == getattr(oracle, key)()
            for point, vector in zip(found[key], vectors, strict=True):
                assert oracle.allowed(point["package"])
                assert oracle.worth(point["package"]) == vector


def test_the_plain_form_reads_back() -> None:
    for seed in range(50):
        model = from_plain(random_model(seed))
        assert from_plain(to_plain(model)) == model


def test_trades_and_who_could_be_brought_in_hold_when_recomputed() -> None:
    """Of every package of small problems, feasible or not."""
    traded = brought = 0
    for seed in range(60):
        plain = random_model(seed, parties=2 + seed % 3)
        oracle, model = Oracle(plain), from_plain(plain)
        found = frontier(space(model))
        for package in oracle.packages[:12]:
            stands = standing(found, package)
            vector = oracle.worth(package)
            assert tuple(stands.values.values()) == vector
            assert (stands.dominated == 0) == (vector in oracle.pareto())
            for each in stands.trades:
                after = {**package, **{i: then for i, (_, then) in each.changes.items()}}
                gains = [a - b for a, b in zip(oracle.worth(after), vector, strict=True)]
                assert oracle.allowed(after)
                assert list(each.gains.values()) == gains
                assert min(gains) >= 0 < max(gains)
                traded += 1
            for party, trades in stands.bring_in.items():
                at = plain["parties"].index(party)
                ways = [
                    {**package, issue: option}
                    for issue, options in plain["issues"].items()
                    for option in options
                    if option != package[issue]
                ]
                good = [
                    w for w in ways if oracle.allowed(w) and oracle.gains(oracle.worth(w))[at] >= 0
                ]
                made = [
                    {**package, **{i: then for i, (_, then) in t.changes.items()}} for t in trades
                ]
                assert sorted(map(str, made)) == sorted(map(str, good))
                brought += len(good)
    assert traded > 100
    assert brought > 100


def test_what_opens_an_empty_zone_does_and_nothing_less() -> None:
    opened = 0
    for seed in range(300):
        plain = random_model(seed)
        oracle = Oracle(plain)
        found = frontier(space(from_plain(plain)))
        why = gap(found)
        assert (why is None) == bool(oracle.acceptable or not oracle.packages)
        if why is None:
            continue
        for each in why.openings:
            wall = Fraction(str(plain["walk_away"].get(each.party, 0)))
            for amount, opens in ((each.amount, True), (each.amount - Fraction(1, 100), False)):
                lower = {**plain["walk_away"], each.party: str(wall - amount)}
                assert bool(Oracle({**plain, "walk_away": lower}).acceptable) == opens
            opened += 1
        gains = oracle.gains(oracle.worth(why.closest))
        short = {p: -g for p, g in zip(plain["parties"], gains, strict=True) if g < 0}
        assert why.short == short
    assert opened > 50


def test_an_issue_where_one_option_is_best_for_all_carries_no_conflict() -> None:
    plain = {
        "parties": ["a", "b"],
        "issues": {
            "free": {"x": {"a": 4, "b": 4}, "y": {"a": 0, "b": 1}},
            "fought": {"x": {"a": 6, "b": 0}, "y": {"a": 0, "b": 9}},
        },
    }
    fought, free = weights(from_plain(plain))
    assert (fought.issue, free.issue, free.conflict, free.meets) == ("fought", "free", 0, "x")
    assert fought.conflict == pytest.approx(0.6)  # a gives up 6 of its 10


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("full: {a: 3, b: 10}", "full: {a: 3}"), 4, "b"),
        (("a: 3", "a: three"), 4, "`three` is no number"),
        (("forbidden:", "forbiden:"), 7, "Did you mean `forbidden`?"),
        (("office: open", "office: opened"), 8, "opened"),
        (("{a: 5}", "{c: 5}"), 6, "unknown party `c`"),
        (("parties: [a, b]", "parties: [a]"), 1, "2 to 6"),
        (("a: 3", "a: 4..1"), 4, "ends before it begins"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    change: tuple[str, str],
    line: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = """\
parties: [a, b]
issues:
  funds:
    full: {a: 3, b: 10}
  office: {open: {a: 1, b: 2}, closed: {a: 2, b: 1}}
walk_away: {a: 5}
forbidden:
  - {funds: full, office: open}
"""
    assert change[0] in text
    file = tmp_path / "deal.yaml"
    file.write_text(text.replace(*change), encoding="utf-8")
    assert run(["deal", str(file)]) == 1
    error = capsys.readouterr().err
    assert said in error
    if line:
        assert f"deal.yaml:{line}:" in error


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"[]", b"parties: 3", b"a: {b: [", b"3"])
def test_what_is_no_problem_at_all_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deal.yaml"
    file.write_bytes(content)
    assert run(["deal", str(file)]) == 1
    assert "deal.yaml" in capsys.readouterr().err


def test_the_examples_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deal", str(EMBASSY)]) == 0
    assert "10 acceptable to all" in capsys.readouterr().out
    package = "office=none,funds=all,detainees=all"
    assert run(["deal", str(EMBASSY), "--package", package, "--issues"]) == 0
    out = capsys.readouterr().out
    assert "consular office: none -> liaison, frozen funds: all -> half" in out
    assert "carries the conflict" in out
    assert run(["deal", str(TOO_FAR)]) == 0
    assert "seller alone could open it" in capsys.readouterr().out
    assert run(["deal", str(EMBASSY), "--package", "office=non"]) == 1
    assert "Did you mean `none`?" in capsys.readouterr().err
    assert run(["deal", str(EMBASSY), "--package", "office"]) == 2


def test_constraints_that_clash_and_a_walk_away_nobody_can_reach(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "deal.yaml"
    text = EMBASSY.read_text(encoding="utf-8")
    file.write_text(
        text.replace("forbidden:", "forbidden:\n  - {office: [none, liaison, consulate]}"), "utf-8"
    )
    assert run(["deal", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n_packages"], found["n_acceptable"], found["pareto"]) == (0, 0, [])
    assert found["clash"] == {
        "constraints": [{"kind": "forbidden", "number": 1}],
        "smallest": True,
    }
    file.write_text(text.replace("north: 30, south: 35}", "north: 300, south: 35}"), "utf-8")
    assert run(["deal", str(file), "--json"]) == 0
    printed = capsys.readouterr()
    assert "north walks away below 300" in printed.err
    assert json.loads(printed.out)["nash"] == []


def test_a_case_has_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deal.yaml").write_text(EMBASSY.read_text(encoding="utf-8"), "utf-8")
    assert run(["deal", str(tmp_path)]) == 0
    (tmp_path / "deal.yaml").unlink()
    assert run(["deal", str(tmp_path)]) == 1
    assert "docs/deals.md" in capsys.readouterr().err


def test_a_model_takes_numbers_of_any_kind_exactly() -> None:
    values = {
        "a": {"i": {"x": 1, "y": 0.1}, "j": {"u": np.float64(0.3)}},
        "b": {"i": {"x": "1/3", "y": np.int64(4)}, "j": {"u": Fraction(1, 7)}},
    }
    model = Model(("a", "b"), {"i": ("x", "y"), "j": ("u",)}, values, {"a": 0.5})
    assert model.worth({"i": "y", "j": "u"}) == {"a": Fraction(2, 5), "b": Fraction(29, 7)}
    assert model.limit("a") == Fraction(1, 2)
    assert len(frontier(space(model)).points) == 2
    assert from_plain(to_plain(model)) == model


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "much", True, [1], b"1"])
def test_what_is_no_number_is_named_with_its_place(bad: object) -> None:
    values = {"a": {"i": {"x": bad, "y": 1}}, "b": {"i": {"x": 1, "y": 1}}}
    with pytest.raises(ModelError) as caught:
        Model(
            ("a", "b"), {"i": ("x", "y")}, values, {"b": bad},
            orders={"a": ((("i", "x"), ("i", "y")),)},
        )  # fmt: skip
    paths = [wrong.path for wrong in caught.value.wrongs]
    assert paths == [("issues", "i", "x", "a"), ("walk_away", "b")]
    assert f"`{bad}` is no number" in str(caught.value)


def test_a_quotient_of_many_digits_is_saved_and_read_back() -> None:
    third = Fraction(10**60 + 1, 3 * 10**59)
    values = {p: {"i": {"x": third, "y": -third}} for p in "ab"}
    model = Model(("a", "b"), {"i": ("x", "y")}, values)
    assert from_plain(to_plain(model)) == model


def test_a_model_says_all_that_is_wrong_with_it() -> None:
    with pytest.raises(ModelError) as caught:
        from_plain({"parties": ["a", "b"], "issues": {"x": {"o": {"a": "1", "c": 2}}}, "more": 1})
    assert len(caught.value.wrongs) == 3


UNSURE = ROOT / "examples" / "deal" / "unsure.yaml"


def test_values_left_open_give_shares(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deal", str(UNSURE), "--json", "--samples", "500"]) == 0
    found = json.loads(capsys.readouterr().out)["shares"]
    assert found["samples"] == 500 and found["mixed"]
    assert 0.9 < found["deal"][0]["share"] <= 1
    assert sum(each["nash"] for each in found["packages"]) == pytest.approx(
        found["deal"][0]["share"], abs=0.001
    )
    assert run(["deal", str(UNSURE), "--samples", "500"]) == 0
    said = capsys.readouterr().out
    assert "In what share of 500 draws" in said and "is worth to the North" in said
    assert run(["deal", str(UNSURE), "--issues"]) == 2
    assert "every value known exactly" in capsys.readouterr().err


def test_a_model_is_saved_and_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for example in (EMBASSY, UNSURE):
        saved = tmp_path / example.name
        plain = ["--json", "--samples", "200"]
        assert run(["deal", str(example), *plain, "--save", str(saved)]) == 0
        first = capsys.readouterr().out
        assert run(["deal", str(saved), *plain]) == 0
        assert capsys.readouterr().out == first
        assert run(["deal", str(example), "--save", str(saved)]) == 1
        assert "nothing was written" in capsys.readouterr().err


ODD = {
    "parties": ["a", "b"],
    "issues": {
        "seat, of talks": {o: {"a": 1234567890126.45, "b": 0} for o in ("Paris, France", "x=y")},
        'the "rest"': {'19" rack': {"a": 0, "b": 0.125}},
    },
}


@pytest.mark.parametrize("seat", ["Paris, France", "x=y"])
def test_names_with_commas_and_equals_signs_stand_in_double_quotes(
    seat: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(json.dumps(ODD), "utf-8")
    package = f'"seat, of talks"="{seat}", "the ""rest"""=19" rack'
    assert run(["deal", str(file), "--json", "--package", package]) == 0
    found = json.loads(capsys.readouterr().out)["standing"]["package"]
    assert found == {"seat, of talks": seat, 'the "rest"': '19" rack'}
    assert run(["deal", str(file), "--package", f"seat, of talks={seat}"]) == 2
    assert "stands in double quotes" in capsys.readouterr().err
    # A value may have `=` in it as it is.
    assert (
        run(["deal", str(file), "--package", '"seat, of talks"=x=y, "the ""rest"""=19" rack']) == 0
    )


def test_one_of_a_kind_and_all_digits_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text(json.dumps(ODD), "utf-8")
    assert run(["deal", str(file)]) == 0
    said = capsys.readouterr().out
    assert "2 feasible packages of 2 combinations" in said
    assert "1 point on the Pareto frontier" in said and "1 points" not in said
    assert "1,234,567,890,126.45  0.125" in said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"), (7, "7"), (-3.0, "-3"), (0.1, "0.1"), (1234567890126.45, "1,234,567,890,126.45"),
        (Fraction(1, 3), "0.333333"), (Fraction(-200, 3), "-66.6667"), (123456.789, "123,456.789"),
        (Fraction(10**20, 3), "33,333,333,333,333,333,333.33"), (Fraction(10**30), f"{10**30:,}"),
        (0.00001, "0.00001"), (1e-12, "1e-12"), (-1e-7, "-0.0000001"), (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_people_write_it(number: float | Fraction, said: str) -> None:
    assert spoken(number) == said


def test_a_long_frontier_is_one_json_document_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {f"o{n}": {"a": n, "b": -n} for n in range(1200)}
    plain = {"parties": ["a", "b"], "issues": {"i": options}, "walk_away": {"a": 3, "b": -9}}
    file = tmp_path / "long.yaml"
    file.write_text(json.dumps(plain), "utf-8")
    assert run(["deal", str(file), "--json", "--package", "i=o5"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [point["values"]["a"] for point in found["pareto"]] == list(range(1200))
    assert (found["n_acceptable"], found["standing"]["values"]) == (7, {"a": 5, "b": -5})
