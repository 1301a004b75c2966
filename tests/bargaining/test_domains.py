"""GeniusWeb's JSON, and NegMAS's own scenarios: what they mean, and what is wrong with them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bargaining.test_deal import run
from detente.solve.bargaining import DomainError, Model, from_files, from_geniusweb

WEB_DOMAIN = {
    "name": "trip",
    "issuesValues": {
        "venue": {"values": ["Doha", "Oslo, north"]},
        "price": {"range": ["0", "1.2", "0.3"]},
    },
}


def web_profile(**more: Any) -> dict[str, Any]:
    """A profile as GeniusWeb writes it."""
    inside = {
        "name": "host",
        "issueUtilities": {
            "venue": {"discreteutils": {"valueUtilities": {"Doha": 0.1, "Oslo, north": 1}}},
            "price": {
                "numberutils": {
                    "lowValue": 0, "lowUtility": 1, "highValue": 1.2, "highUtility": 0.4,
                }
            },
        },
        "issueWeights": {"venue": 0.3, "price": 0.7},
        "domain": WEB_DOMAIN,
        "reservationBid": {"issuevalues": {"venue": "Doha", "price": 1.20}},
        **more,
    }  # fmt: skip
    return {"LinearAdditiveUtilitySpace": inside}


def written(folder: Path, **files: Any) -> list[Path]:
    """JSON files."""
    for name, data in files.items():
        (folder / f"{name}.json").write_text(json.dumps(data), "utf-8")
    return [folder / f"{name}.json" for name in files]


def test_geniusweb_weighs_utilities(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = written(tmp_path, host=web_profile(), guest=web_profile(reservationBid=None))
    model, warnings = from_files([tmp_path])
    assert model.issues == {
        "venue": ("Doha", "Oslo, north"),
        "price": ("0", "0.3", "0.6", "0.9", "1.2"),
    }
    assert model.values["host"]["venue"] == {
        "Doha": Fraction(3, 100),
        "Oslo, north": Fraction(3, 10),
    }
    assert model.values["host"]["price"]["0.6"] == Fraction(7, 10) * Fraction(7, 10)
    assert model.walk_away == {"guest": 0, "host": Fraction(31, 100)}
    assert not warnings
    assert from_geniusweb(None, files)[0].parties == ("host", "guest")
    assert from_files([*files, *written(tmp_path, trip=WEB_DOMAIN)])[0].issues == model.issues
    assert run(["deal", str(tmp_path), "--package", '"venue"="Oslo, north",price=0.3']) == 0
    assert "venue: Oslo, north, price: 0.3:" in capsys.readouterr().out


def test_geniusweb_gives_nothing_for_what_is_not_listed(tmp_path: Path) -> None:
    bare = {"discreteutils": {"valueUtilities": {"Doha": 0.5}}}
    price = web_profile()["LinearAdditiveUtilitySpace"]["issueUtilities"]["price"]
    one = web_profile(issueUtilities={"venue": bare, "price": price})
    written(tmp_path, a=one, b=web_profile())
    model, warnings = from_files([tmp_path])
    assert model.values["a"]["venue"]["Oslo, north"] == 0
    assert warnings == (
        "a.json: no utility of `Oslo, north` of `venue`; counted as 0, as in GeniusWeb.",
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issueWeights": {"venue": 0.3}}, "`None` is no number (weight of `price`)"),
        ({"issueUtilities": {"venues": {}}}, "Did you mean `venue`?"),
        ({"issueUtilities": {"venue": {"other": {}}, "price": {}}}, "of the kind other"),
        ({"reservationBid": {"issuevalues": {"venue": "Rome"}}}, "the reservation bid has `Rome`"),
        ({"domain": {}}, "`issuesValues` is missing"),
        ({"domain": {"issuesValues": {"x": {"range": [0, 1]}}}}, "[low, high, step]"),
        ({"domain": {"issuesValues": {"x": {"range": [0, 9, 0]}}}}, "goes from 0 to 9"),
    ],
)
def test_what_is_wrong_in_geniusweb_names_its_file(
    change: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, a=web_profile(**change), b=web_profile())
    assert run(["deal", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert said in error and "a.json" in error


def test_files_that_are_no_domain_are_named(tmp_path: Path) -> None:
    one, two = written(tmp_path, one={"Other": 1}, two=[1])
    with pytest.raises(DomainError, match="neither a domain nor a profile"):
        from_files([one, two])
    one.write_text("{")
    with pytest.raises(DomainError, match="no well-formed JSON"):
        from_files([one, two])
    (tmp_path / "three.yml").write_text("a: [")
    with pytest.raises(DomainError, match="no well-formed YAML") as bad:
        from_files([tmp_path / "three.yml", two])
    assert bad.value.line == 1
    written(tmp_path, one={"PartialOrderingUtilitySpace": {}}, two=web_profile())
    (tmp_path / "three.yml").unlink()
    with pytest.raises(DomainError, match="a profile of the kind PartialOrdering") as bad:
        from_files([tmp_path])
    assert bad.value.path.name == "one.json"


SPACE = {
    "type": "DiscreteCartesianOutcomeSpace",
    "name": "space",
    "issues": [
        {"name": "colour", "type": "CategoricalIssue", "values": ["red", "a, b"]},
        {"name": "days", "type": "ContiguousIssue", "values": [1, 3]},
        {"name": "paid", "type": "DiscreteCardinalIssue", "values": [True, False]},
    ],
}


def ufun(**more: Any) -> dict[str, Any]:
    """A utility function as NegMAS writes it."""
    return {
        "type": "LinearAdditiveUtilityFunction",
        "reserved_value": 0.25,
        "weights": [0.5, 0.25, 0.25],
        "values": [
            {"type": "TableFun", "mapping": {"red": 0.1, "a, b": 1}},
            {"type": "AffineFun", "slope": 0.25, "bias": 0.5},
            {"type": "TableFun", "mapping": {"true": 1, "false": 0}},
        ],
        **more,
    }


def test_a_scenario_of_negmas_is_read_without_it(tmp_path: Path) -> None:
    written(tmp_path, space=SPACE, a=ufun(), b=ufun(bias=0.125, reserved_value=float("-inf")))
    model, warnings = from_files([tmp_path])
    assert model.issues == {
        "colour": ("red", "a, b"), "days": ("1", "2", "3"), "paid": ("True", "False"),
    }  # fmt: skip
    worth = model.worth({"colour": "a, b", "days": "3", "paid": "True"})
    assert worth == {"a": Fraction(17, 16), "b": Fraction(19, 16)}
    assert model.limit("a") == Fraction(1, 4)
    assert model.limit("b") == min(map(model.worth, every(model)), key=lambda w: w["b"])["b"]
    assert not warnings


def every(model: Model) -> list[dict[str, str]]:
    from itertools import product

    return [dict(zip(model.issues, each, strict=True)) for each in product(*model.issues.values())]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "MappingUtilityFunction"}, "a MappingUtilityFunction, which does not add up"),
        ({"weights": [1]}, "`weights` says nothing on the issue `days`"),
        ({"values": [{"type": "CosFun"}] * 3}, "a value function of the kind CosFun"),
        ({"values": [{"type": "TableFun", "mapping": {"red": 1}}] * 3}, "`a, b` has no value"),
        ({"values": [{"type": "IdentityFun"}] * 3}, "`red` is no number (`colour` needs numbers)"),
    ],
)
def test_what_can_not_be_read_of_a_scenario_is_said(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    written(tmp_path, space=SPACE, a=ufun(), b=ufun(**change))
    with pytest.raises(DomainError) as bad:
        from_files([tmp_path])
    assert said in bad.value.what and bad.value.path.name == "b.json"


def test_a_discount_is_left_out_and_a_real_issue_cut_and_both_are_said(tmp_path: Path) -> None:
    real = {"name": "price", "type": "ContinuousIssue", "values": [0.0, 1.0], "n_levels": 10}
    fun = {"type": "AffineUtilityFunction", "weights": [2], "bias": 1, "reserved_value": None}
    late = {"type": "ExpDiscountedUFun", "discount": 0.9, "ufun": fun}
    written(tmp_path, space={**SPACE, "issues": [real]}, a=fun, b=late)
    model, warnings = from_files([tmp_path])
    assert model.values["b"]["price"]["0.05"] == Fraction(11, 10)
    assert [warning.split(":")[0] for warning in warnings] == ["space.json", "b.json"]


@pytest.mark.parametrize("kind", ["yml", "json", "xml"])
def test_what_negmas_itself_writes_means_the_same_here(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("negmas", reason="NegMAS is not installed: pip install 'detente[simulate]'")
    from negmas.inout import Scenario
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.value_fun import (
        AffineFun,
        IdentityFun,
        LinearFun,
        QuadraticFun,
        TableFun,
    )

    issues = [
        make_issue(["red", "b, c", "d=e"], "colour"),
        make_issue(4, "number"),
        make_issue((3, 7), "days"),
        make_issue([0.5, 1.5], "share"),
        make_issue([True, False], "paid"),
    ]
    place = make_os(issues, name="space")

    def table(issue: Any) -> Any:
        # Largest value 1, so that Genius's XML, where values count over the largest, is the same.
        size = issue.cardinality - 1
        return TableFun({value: n / size for n, value in enumerate(issue.all)})

    lines = [AffineFun(0.2, bias=0.4), LinearFun(1 / 7), IdentityFun()]
    odd = [QuadraticFun(0.1, 0.2, 0.3), *lines[1:]]
    values = [[table(issue) for issue in issues]]
    if kind != "xml":
        values += [[table(issues[0]), *each, table(issues[4])] for each in (lines, odd)]
    values += [[table(issue) for issue in issues]]
    ufuns = [
        LinearAdditiveUtilityFunction(
            values=each, weights=[0.1, 0.2, 0.3, 0.15, 0.25], outcome_space=place,
            reserved_value=0.25, name=f"u{n}",
        )
        for n, each in enumerate(values)
    ]  # fmt: skip
    Scenario(outcome_space=place, ufuns=tuple(ufuns)).dumpas(tmp_path, kind)
    model, _ = from_files([tmp_path])
    assert model.parties == tuple(f"u{n}" for n in range(len(ufuns)))
    assert model.limit("u0") == Fraction(1, 4)
    outcomes = list(place.enumerate())
    for outcome in outcomes[:: max(1, len(outcomes) // 50)]:
        package = dict(zip(model.issues, map(str, outcome), strict=True))
        theirs = [float(each(outcome)) for each in ufuns]
        assert [float(v) for v in model.worth(package).values()] == pytest.approx(theirs)
