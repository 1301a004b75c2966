"""The command, files, and errors."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main
from detente.solve.exchange import from_plain, safest, sentence, steps
from exchange.models import random_model
from exchange.oracle import Oracle

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples" / "steps"
PRISONERS = EXAMPLES / "prisoners.yaml"
EMBASSY = ROOT / "examples" / "deal" / "embassy.yaml"


def run(*arguments: str | Path) -> int:
    """The command's exit code."""
    with pytest.raises(SystemExit) as ended:
        main(["steps", *map(str, arguments)])
    return int(ended.value.code or 0)


def exact(values: dict[str, Any]) -> dict[str, Fraction]:
    return {name: Fraction(str(value)) for name, value in values.items()}


def test_the_json_is_what_the_definitions_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(25):
        plain = random_model(seed, most=4)
        file = tmp_path / f"{seed}.yaml"
        file.write_text(json.dumps(plain), encoding="utf-8")
        assert run(file, "--json") == 0
        found, oracle = json.loads(capsys.readouterr().out), Oracle(plain)
        value, order = oracle.safest()
        assert found["safest"]["order"] == list(order)
        assert found["safest"]["value"] == pytest.approx(float(value))
        holding, least, least_order = oracle.self_enforcing()
        said = found["self_enforcing"]
        assert said["exists"] == (holding is not None)
        assert said["order"] == (None if holding is None else list(holding))
        assert said["least_patience"] == pytest.approx(float(least))
        assert found["safest"]["proven"] and said["proven"]
        for part, steps_of in (
            (found["safest"], order),
            (said, least_order if holding is None else holding),
        ):
            assert [step["deliverable"] for step in part["steps"]] == list(steps_of)
            for i, step in enumerate(part["steps"], 1):
                for party in plain["parties"]:
                    done = steps_of[:i]
                    assert step["exposure"][party] == pytest.approx(
                        float(oracle.exposure(party, done))
                    )
                    assert step["temptation"][party] == pytest.approx(
                        float(oracle.temptation(party, done))
                    )


@pytest.mark.parametrize("name", ["prisoners", "underway", "unsure"])
def test_the_examples_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLES / f"{name}.yaml") == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "safe" in told.out


def test_the_example_says_what_would_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(PRISONERS) == 0
    said = capsys.readouterr().out
    assert "No order enforces itself" in said
    assert "a deposit of 0.5 that A loses if it breaks off, or 0.5 more patience" in said


def test_the_sentence_a_negotiator_reads() -> None:
    model = from_plain(
        {
            "parties": ["a", "b"],
            "trust": {"b": 5},
            "deliverables": {
                "rewards": {"by": "b", "cost": 2, "worth": {"a": 1}},
                "prisoner": {"by": "a", "cost": 1, "worth": {"b": 9}},
            },
            "words": {"a": "A", "b": "B", "rewards": "lifts the rewards"},
        }
    )
    first = steps(model, ["rewards", "prisoner"])[0]
    assert sentence(model, first) == (
        "Step 1: B lifts the rewards. If A then stops, B is out 2 of the 5 it is ready to risk."
    )


def test_an_order_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(PRISONERS, "--order", "rewards, mechanic,researcher,funds,office", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["order"][0] == "rewards"
    assert exact(found["steps"][0]["exposure"]) == {"a": 0, "b": Fraction(3, 2)}
    assert run(PRISONERS, "--order", "funds,rewards,mechanic,researcher,office") == 2
    assert "`funds` stands before `rewards`" in capsys.readouterr().err
    assert run(PRISONERS, "--order", "fundz") == 2
    assert "Did you mean `funds`?" in capsys.readouterr().err


def test_other_trust_and_patience(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(PRISONERS, "--patience", "a=1,b=1", "--json") == 0
    assert json.loads(capsys.readouterr().out)["self_enforcing"]["exists"] is True
    for wrong, said in (
        ("c=1", "unknown party 'c'"),
        ("a=much", "'much' is no number"),
        ("a=0", "trust of 0"),
        ("a", "has no `=`"),
    ):
        assert run(PRISONERS, "--trust", wrong) == 2
        assert said in capsys.readouterr().err


def test_from_a_package_to_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = "office=liaison,funds=half,detainees=all"
    saved = tmp_path / "steps.yaml"
    assert run(EMBASSY, "--package", package, "--trust", "north=20,south=20", "--json",
               "--save", saved) == 0  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert sorted(found["safest"]["order"]) == ["detainees", "funds", "office"]
    assert run(saved, "--json") == 0
    assert json.loads(capsys.readouterr().out) == found
    assert run(EMBASSY) == 2
    assert "name the package" in capsys.readouterr().err
    assert run(EMBASSY, "--package", "office=embassy") == 2
    assert "unknown option of `office` `embassy`" in capsys.readouterr().err
    assert run(EMBASSY, "--package", "office=consulate,funds=kept,detainees=none") == 1
    assert "embassy.yaml:19: the package breaks this (forbidden)" in capsys.readouterr().err
    assert run(EMBASSY, "--package", "office=none,funds=kept,detainees=some") == 0
    assert "the North would refuse this package: 15, below its 30." in capsys.readouterr().err
    assert run(PRISONERS, "--status-quo", "office=none") == 2


def test_open_numbers_give_shares(capsys: pytest.CaptureFixture[str]) -> None:
    outs = []
    for _ in range(2):
        assert run(EXAMPLES / "unsure.yaml", "--json", "--samples", "200", "--seed", "3") == 0
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1]
    whole = json.loads(outs[0])
    best = whole["shares"]["orders"][0]["order"]
    assert whole["safest_most_often"]["order"] == best
    assert len(whole["safest_most_often"]["exposure"]["a"]) == len(best) + 1
    assert whole["at_the_middle"]["safest"]["proven"] is True
    found = whole["shares"]
    assert found["all_orders"] is True and found["orders_tried"] == 6
    assert found["orders"][0]["safe"] == max(each["safe"] for each in found["orders"])


def test_where_it_stands_is_said_when_numbers_are_open_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (EXAMPLES / "underway.yaml").read_text("utf-8").replace("cost: 4", "cost: 3..5")
    file = tmp_path / "underway.yaml"
    file.write_text(text, encoding="utf-8")
    assert run(file) == 0
    said = capsys.readouterr().out
    assert "delivered: mechanic" in said and "taken back: rewards" in said
    assert "Step 1: B" in said and "The first plan was" in said


def test_a_loss_is_said_though_nothing_can_break_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = {
        "parties": ["a", "b"],
        "deliverables": {"x": {"by": "a", "cost": 30, "worth": {"b": 5}}},
    }
    file = tmp_path / "loss.yaml"
    file.write_text(json.dumps(plain), encoding="utf-8")
    assert run(file) == 0
    said = capsys.readouterr().out
    assert "By the whole exchange a loses 30 and b gains 5." in said
    assert "Before the first step: a would gain 30 by stopping there" in said
    assert "nobody ever has anything to lose" not in said


def test_what_was_delivered_out_of_turn_is_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PRISONERS.read_text("utf-8") + "delivered: [researcher]\n"
    file = tmp_path / "turn.yaml"
    file.write_text(text, encoding="utf-8")
    assert run(file) == 0
    assert (
        "“researcher” was delivered although it comes after “mechanic”" in capsys.readouterr().out
    )


def test_as_many_deliverables_as_there_may_be_are_planned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliverables = {
        f"d{i}": {"by": "ab"[i % 2], "cost": 2, "worth": {"ba"[i % 2]: 3}} for i in range(60)
    }
    file = tmp_path / "sixty.yaml"
    file.write_text(json.dumps({"parties": ["a", "b"], "deliverables": deliverables}), "utf-8")
    assert run(file, "--seconds", "10") == 0
    said = capsys.readouterr().out
    assert "Splits were not tried" in said and "in the time (--seconds)" not in said


def test_a_cases_own_exchange(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("title: A case\nquestion: What now?\n", encoding="utf-8")
    assert run(tmp_path) == 1
    assert "this case has no exchange" in capsys.readouterr().err
    own = tmp_path / "exchange.yaml"
    own.write_text(PRISONERS.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(tmp_path) == 0
    capsys.readouterr()
    own.write_text(own.read_text(encoding="utf-8").replace("by: a", "by: aa"), encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["check", str(tmp_path)])
    told = capsys.readouterr()
    assert "exchange.yaml:15: unknown party `aa`" in told.out + told.err
    own.unlink()
    section = "\n".join(f"  {line}" for line in PRISONERS.read_text("utf-8").splitlines())
    case.write_text(case.read_text("utf-8") + f"exchange:\n{section}\n", encoding="utf-8")
    assert run(case) == 0
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path)])
    assert not ended.value.code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no exchange here"),
        ("parties: [a, b]\n", "`deliverables` is missing"),
        ("- 1\n", "the file is a list"),
        ("parties: [a, b]\ndeliverables: [x]\n", "`deliverables` must be `name: ...` lines"),
        (
            "parties: [a, b]\ndeliverables:\n  x: {by: a, cost: 1, worth: {b: 1}, after: [y]}\n"
            "  y: {by: b, cost: 1, worth: {a: 1}, after: [x]}\n",
            ".yaml:3: these wait for each other: x > y > x",
        ),
        (
            "parties: [a, b]\ndeliverables:\n  x: {by: a, cost: -1, worth: {b: 1}}\n",
            ".yaml:3: negative cost: -1",
        ),
        (
            "parties: [a, b]\ntrust: {a: 0}\ndeliverables:\n  x: {by: a, cost: 1, worth: {b: 1}}\n",
            ".yaml:2: trust of 0",
        ),
        (
            "parties: [a, b]\ndeliverables:\n  x: {by: a, cost: 1, wroth: {b: 1}}\n",
            "unknown key `wroth`",
        ),
        (
            "parties: [a, b]\ndeliverables:\n  x: {by: a, cost: 1e-9999, worth: {b: 1}}\n",
            "is no number",
        ),
    ],
)
def test_errors_have_file_and_line(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    assert run(file) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_what_is_odd_is_said_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "parties: [a, b]\ndeliverables:\n  x: {by: a, cost: 1, worth: {b: 0}}\n"
    file = tmp_path / "odd.yaml"
    file.write_text(text + "  y: {by: b, cost: 1, worth: {a: 2}}\n", encoding="utf-8")
    assert run(file) == 0
    told = capsys.readouterr()
    assert "odd.yaml:3: warning: nobody values `x`: it is worth nothing to anyone" in told.err
    assert "The safest order" in told.out and "warning" not in told.out
    assert run(file, "--json") == 0
    told = capsys.readouterr()
    found = json.loads(told.out)
    (said,) = found["warnings"]
    assert said.startswith(f"{file}:3: nobody values `x`: it is worth nothing to anyone. Say to")
    assert found["safest"]["proven"] and "nobody values" in told.err
    assert run(PRISONERS, "--json") == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == []


def test_binary_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "junk.yaml"
    file.write_bytes(bytes(range(256)))
    assert run(file) == 1
    assert "junk.yaml" in capsys.readouterr().err


def test_the_library_as_its_docstring_says() -> None:
    import detente.solve.exchange as exchange

    block = (exchange.__doc__ or "").split("exchange\n\n", 1)[1].rsplit("\n\n", 1)[0]
    names: dict[str, Any] = {"exchange": exchange}
    exec("\n".join(line[4:] for line in block.splitlines()), names)
    assert safest(names["model"]).order == ("prisoner", "funds")
