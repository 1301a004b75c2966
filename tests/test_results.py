"""`solve(model)` of the three solvers: plain numbers, ties, frames, and what a notebook shows."""

from __future__ import annotations

import json
import re
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bargaining.models import random_model as random_deal
from conflict.models import models as conflicts
from conflict.models import random_model as random_conflict
from detente.cli import cli
from detente.solve import bargaining, conflict, exchange
from detente.solve.plain import ModelError
from exchange.models import random_model as random_exchange

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SEEDS = st.integers(0, 2**32)
COMMANDS = {"conflict": conflict, "deal": bargaining, "steps": exchange}
FILES = [
    ("conflict", "conflict/chicken.yaml"),
    ("conflict", "conflict/prisoners.yaml"),
    ("deal", "deal/embassy.yaml"),
    ("deal", "deal/too-far.yaml"),
    ("steps", "steps/prisoners.yaml"),
    ("steps", "steps/underway.yaml"),
]
HOSTILE = "<script>alert('&\"')</script>\x00\x1b"


def example(name: str) -> Any:
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def solved(room: ModuleType, plain: Any) -> Any:
    return room.solve(room.from_plain(plain))


def pictures(html: str) -> list[ElementTree.Element]:
    """The pictures in a cell; the rest of it must be well-formed, and run nothing."""
    root = ElementTree.fromstring(html)
    tags = {node.tag.rpartition("}")[2] for node in root.iter()}
    assert "script" not in tags
    assert not [name for node in root.iter() for name in node.attrib if name.startswith("on")]
    return [node for node in root.iter() if node.tag.endswith("}svg")]


def words(html: str) -> str:
    return " ".join(" ".join(ElementTree.fromstring(html).itertext()).split())


@pytest.mark.parametrize(("command", "file"), FILES, ids=[file for _, file in FILES])
def test_a_result_says_what_the_command_prints(command: str, file: str) -> None:
    ran = CliRunner().invoke(cli, [command, str(EXAMPLES / file), "--json"])
    assert ran.exit_code == 0
    result = solved(COMMANDS[command], example(file))
    printed = json.loads(ran.stdout)
    assert printed.pop("warnings") == []
    assert json.loads(json.dumps(result.to_dict())) == printed


@pytest.mark.parametrize(("command", "file"), FILES, ids=[file for _, file in FILES])
def test_a_result_in_a_notebook(command: str, file: str) -> None:
    result = solved(COMMANDS[command], example(file))
    assert len(repr(result)) < 250
    assert "\n" not in repr(result)
    html = result._repr_html_()
    assert len(pictures(html)) == 1
    assert html == solved(COMMANDS[command], example(file))._repr_html_()


def test_several_results_on_one_page_share_no_id() -> None:
    files = dict.fromkeys(FILES)
    every = [solved(COMMANDS[c], example(f))._repr_html_() for c, f in files]
    ids = [name for html in every for name in re.findall(r'\bid="([^"]+)"', html)]
    assert ids
    assert len(ids) == len(set(ids))


def test_hostile_names_stay_words() -> None:
    plain = example("deal/embassy.yaml")
    plain["words"] = {"north": HOSTILE, "office": HOSTILE}
    assert "<script>alert('&\"')</script>" in words(solved(bargaining, plain)._repr_html_())
    plain = example("steps/prisoners.yaml")
    plain["words"] = {"a": HOSTILE, "office": HOSTILE}
    assert "<script>alert(" in words(solved(exchange, plain)._repr_html_())
    plain = example("conflict/chicken.yaml")
    plain["words"] = {"first": HOSTILE}
    assert "<script>alert(" in words(solved(conflict, plain)._repr_html_())


# --- a conflict -----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(conflicts(most=5))
def test_a_conflicts_frame_says_what_its_lists_say(plain: dict[str, Any]) -> None:
    result = solved(conflict, plain)
    frame = result.to_frame()
    assert len(frame) == result.feasible
    for concept in conflict.CONCEPTS:
        rows = frame["equilibrium"][concept]
        assert sorted(frame.index[rows]) == result.equilibria[concept]
        assert result.count(concept) == len(result.equilibria[concept])
        for name in result.model.names:
            assert sorted(frame.index[frame[concept][name]]) == result.stable[concept][name]
    options = frame["option"].apply(
        lambda row: "".join("Y" if taken else "N" for taken in row), axis=1
    )
    assert options.tolist() == frame.index.tolist()
    assert result.proven
    assert len(repr(result)) < 400
    counts = result.to_dict(count=True)
    assert counts["equilibria"] == {c: len(s) for c, s in result.equilibria.items()}


def test_a_conflicts_ranks_are_its_preferences() -> None:
    result = solved(conflict, example("conflict/chicken.yaml"))
    rank = result.to_frame()["rank"]
    assert rank.loc["NY"].to_dict() == {"first": 3, "second": 1}
    assert sorted(rank["first"]) == [0, 1, 2, 3]


def test_the_picture_of_a_conflict_has_the_moves_that_gain() -> None:
    html = solved(conflict, example("conflict/chicken.yaml"))._repr_html_()
    told = words(html)
    assert "YY (GMR, SMR)" in told  # under which, where not under all
    tips = {
        title.text
        for picture in pictures(html)
        for title in picture.iter()
        if title.tag.endswith("}title") and "(" in (title.text or "")
    }
    assert tips == {
        "The first: swerving (better for it)",  # NN to YN
        "the second: veering (better for it)",  # NN to NY
        "The first: no longer swerving (better for it)",  # YY to NY
        "the second: no longer veering (better for it)",  # YY to YN
    }


def test_a_large_conflict_shows_a_few_states_and_counts_the_others() -> None:
    names = [f"d{j}" for j in range(3)]
    makers = {name: [f"{name}o{k}" for k in range(4)] for name in names}
    result = solved(conflict, {"decision_makers": makers})  # all indifferent: all are equilibria
    html = result._repr_html_()
    assert "4,096 states are equilibria; the first 20 are shown." in words(html)
    assert html.count("<tr>") == 21
    assert len(html) < 100_000
    assert repr(result).count("4,096") == 6


@pytest.mark.parametrize("seed", range(25))
def test_any_conflict_can_be_shown(seed: int) -> None:
    plain = random_conflict(seed)
    try:
        result = solved(conflict, plain)
    except ModelError:
        return
    assert len(pictures(result._repr_html_())) <= 1


# --- a deal ---------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_a_deals_points_are_worth_what_the_model_says(seed: int) -> None:
    plain = random_deal(seed)
    result = solved(bargaining, plain)
    model = result.model
    for point in result.pareto:
        exact = model.worth(point.package)
        for party, value in point.values.items():
            assert type(value) in (int, float)
            assert value == float(exact[party])
            assert (type(value) is int) == (exact[party].denominator == 1)
        assert point.acceptable == all(exact[p] >= model.limit(p) for p in model.parties)
    tied = result.to_dict()
    for rule in bargaining.RULES:
        points = getattr(result, rule)
        assert [point.package for point in points] == [each["package"] for each in tied[rule]]
        assert all(point.acceptable for point in points)
        assert bool(points) == (result.n_acceptable > 0)
    frame = result.to_frame()
    assert len(frame) == len(result.pareto)
    assert frame["is"]["nash"].sum() == len(result.nash)
    assert frame["worth"].to_dict("records") == [
        {p: pytest.approx(v) for p, v in point.values.items()} for point in result.pareto
    ]
    assert frame["package"].to_dict("records") == [point.package for point in result.pareto]
    if result.n_packages:
        assert result.count.exact
    assert len(repr(result)) < 500


def test_points_are_not_the_whole_numbers_inside() -> None:
    """20 and 19 inside, for 2 and 0.95."""
    issues = {"x": {"yes": {"a": 2, "b": 0.95}, "no": {"a": 0.1, "b": 0}}}
    result = solved(bargaining, {"parties": ["a", "b"], "issues": issues})
    assert result.pareto[0].values == {"a": 2, "b": 0.95}
    assert result.found.points.tolist() == [[20, 19]]
    assert "Nash: a 2, b 0.95" in repr(result)


def test_all_ties_are_there() -> None:
    issues = {"x": {"up": {"a": 2, "b": 1}, "down": {"a": 1, "b": 2}}}
    result = solved(bargaining, {"parties": ["a", "b"], "issues": issues})
    assert [point.package["x"] for point in result.nash] == ["down", "up"]
    assert "Nash: a 1, b 2 or a 2, b 1" in repr(result)
    html = result._repr_html_()
    assert words(html).count("Kalai-Smorodinsky 1 2 x: down or 2 1 x: up") == 1


def test_a_large_frontier_is_drawn_in_part() -> None:
    issues = {f"i{n}": {"a": {"a": 2**n, "b": 0}, "b": {"a": 0, "b": 2**n}} for n in range(12)}
    result = solved(bargaining, {"parties": ["a", "b"], "issues": issues})
    assert len(result.pareto) == 4096
    html = result._repr_html_()
    assert "4,096 points on the Pareto frontier" in words(html)
    assert words(html).startswith("4,096 feasible packages, 4,096 acceptable to all")
    assert "4,096 on the Pareto frontier; Nash:" in repr(result)
    assert len(html) < 200_000


def test_three_parties_are_all_named() -> None:
    plain = random_deal(5, parties=3, constraints=False)
    html = solved(bargaining, plain)._repr_html_()
    assert "The picture has p0 and p1 only, not p2." in words(html)


def test_what_clashes_is_said() -> None:
    plain = example("deal/embassy.yaml")
    plain["forbidden"] = [{"office": list(plain["issues"]["office"])}]
    result = solved(bargaining, plain)
    assert isinstance(result.why, bargaining.Clash)
    assert result.pareto == ()
    assert result.best_each is None
    assert "the constraints clash" in repr(result)
    assert "these clash: forbidden number 1" in words(result._repr_html_())
    assert len(result.to_frame()) == 0


# --- an exchange ----------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_an_exchanges_frame_walks_its_order(seed: int) -> None:
    result = solved(exchange, random_exchange(seed))
    frame = result.to_frame()
    assert tuple(frame["step"]["deliverable"]) == result.order == result.safest.order
    model = result.model
    risks = [
        Fraction(step.exposure[p]) / model.ready(p)
        for step in result.safest.steps[:-1]
        for p in model.parties
    ]
    assert result.value >= float(max(risks, default=Fraction(0)))
    assert result.bound == result.value
    assert result.proven
    assert type(result.value) in (int, float)
    for step in result.safest.steps:
        for party in model.parties:
            assert frame["exposure"][party][step.number] == float(step.exposure[party])
            assert frame["standing"][party][step.number] == float(step.standing[party])
    assert len(repr(result)) < 400
    html = result._repr_html_()
    assert len(pictures(html)) == bool(result.order)


def test_an_unproven_order_says_how_far_it_is() -> None:
    from dataclasses import replace

    result = solved(exchange, example("steps/prisoners.yaml"))
    safest = replace(result.safest, proven=False, bound=Fraction(1, 4))
    short = exchange.Result(result.model, safest, result.self_enforcing)
    assert "not proven, none below 0.25" in repr(short)
    assert "No order is below 0.25." in words(short._repr_html_())
    assert short.bound == 0.25
    assert "fewest_rounds" not in short.to_dict()


# --- all three ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "file"), [FILES[0], FILES[2], FILES[4]])
def test_a_frame_without_pandas(command: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = solved(COMMANDS[command], example(file))
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"needs pandas: pip install 'detente\[frames\]'"):
        result.to_frame()
    assert result._repr_html_()


def test_open_numbers_are_sent_to_what_answers_them() -> None:
    with pytest.raises(ModelError, match=r"bargaining\.shares\(model\)"):
        solved(bargaining, example("deal/unsure.yaml"))
    with pytest.raises(ModelError, match=r"exchange\.shares\(model\).*exchange\.middle\(model\)"):
        solved(exchange, example("steps/unsure.yaml"))
    middle = exchange.middle(exchange.from_plain(example("steps/unsure.yaml")))
    assert exchange.solve(middle).order


def test_the_coalition_function_is_not_hidden_by_its_module() -> None:
    import detente.solve.conflict.coalition as module

    assert conflict.coalition_stability is module.coalition
    found = solved(conflict, example("conflict/prisoners.yaml"))
    joined = conflict.coalition_stability(found.analysis, ["first", "second"])
    assert joined.members == ("first", "second")
