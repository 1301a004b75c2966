"""Models on disk, and the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from conflict.models import models
from detente.cli import main
from detente.errors import BadInput
from detente.judgment.conflict import as_yaml, check_conflict, open_conflict, save_conflict
from detente.record import yamltext
from detente.solve.conflict import analyse, from_plain

ROOT = Path(__file__).resolve().parent.parent.parent
CHICKEN = ROOT / "examples" / "conflict" / "chicken.yaml"

MODEL = """\
decision_makers:
  syria: [release_water, escalate]
  iraq: [attack]
infeasible:
  - {release_water: "Y", escalate: "Y"}
irreversible: {}
preferences:
  syria:
    priorities:
      - "escalate"
      - "not attack"
  iraq:
    priorities: ["attack iff escalate"]
"""


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(each) for each in arguments])
    return int(done.value.code or 0)


@settings(max_examples=60, deadline=None)
@given(models())
def test_yaml_goes_round(plain: dict[str, Any]) -> None:
    model = from_plain(plain)
    text = as_yaml(model)
    assert from_plain(yamltext.plain(yamltext.parse(text, Path("x.yaml")))) == model


def test_saving_keeps_names_that_yaml_mistakes(tmp_path: Path) -> None:
    plain = {
        "decision_makers": {"no": ["y", "on-1"], "Über: uns": ["null", "b"]},
        "preferences": {"no": {"priorities": ["y", "b"], "open": [[1, 2]]}},
        "words": {"no": 'the "no" side'},
    }
    model = from_plain(plain)
    save_conflict(model, tmp_path / "m.yaml")
    assert open_conflict(tmp_path / "m.yaml").model == model
    with pytest.raises(BadInput, match="already such a file"):
        save_conflict(model, tmp_path / "m.yaml")


@pytest.mark.parametrize(
    "old, new, line, said",
    [
        ("attack iff escalate", "atack iff escalate", 13, ">>>atack"),
        ('- "not attack"', '- "not (attack"', 11, "not closed"),
        ("iraq: [attack]", "iraq: [attack, escalate]", 3, "owned by syria and iraq"),
        ('escalate: "Y"', 'escalat: "Y"', 5, "Did you mean `escalate`?"),
        ("irreversible: {}", "irreversible: {attack: sideways}", 6, "no direction"),
        ('priorities: ["attack iff escalate"]', "ranking: [[NNN]]", 13, "misses 5 of the 6"),
        ("irreversible: {}", "irreversibel: {}", 6, "`irreversible`"),
        ("infeasible:\n", 'infeasible:\n  - {attack: "Y"}\n  - {attack: "N"}\n', 4, "no state is"),
    ],
)
def test_problems_have_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, line: int, said: str
) -> None:
    file = tmp_path / "m.yaml"
    assert old in MODEL
    file.write_text(MODEL.replace(old, new))
    assert run("conflict", file) == 1
    err = capsys.readouterr().err
    assert f"m.yaml:{line}: " in err
    assert said in err
    assert "Traceback" not in err


def test_what_is_odd_is_said_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.yaml"
    file.write_text(
        MODEL.replace("irreversible: {}", "irreversible: {attack: forward}").replace(
            "infeasible:\n", 'infeasible:\n  - {attack: "Y"}\n'
        )
    )
    assert run("conflict", file) == 0
    told = capsys.readouterr()
    said = "the irreversible option `attack` traps nothing: it is left out in every feasible state"
    assert f"m.yaml:7: warning: {said}" in told.err
    assert "feasible states" in told.out
    assert run("conflict", file, "--json") == 0
    (warning,) = json.loads(capsys.readouterr().out)["warnings"]
    assert warning.startswith(f"{file}:7: {said}. Remove it here")


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "there is no conflict model here"),
        (b"# nothing\n", "there is no conflict model here"),
        (b"\x00\x01\xff\xfe\x80", "not UTF-8"),
        (b"- a\n- b\n", "the file is a list"),
        (b"decision_makers: 3\n", "must be"),
        (b"decision_makers: {a: 1, b: [x]}\n", "must be a list"),
        (b"decision_makers: {a: [[x]], b: [y]}\n", "must be a text"),
        (b"infeasible: []\n", "`decision_makers` is missing"),
        (b"{decision_makers: {a: [x], b: [y]}, infeasible: [x]}", "a pattern names options"),
    ],
)
def test_junk(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, said: str) -> None:
    (tmp_path / "m.yaml").write_bytes(data)
    assert run("conflict", tmp_path / "m.yaml") == 1
    assert said in capsys.readouterr().err


def test_json_is_the_interface(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("conflict", CHICKEN, "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert list(out) == ["feasible", "equilibria", "stable", "warnings"]
    assert out["warnings"] == []
    assert out["feasible"] == 4
    assert out["equilibria"]["nash"] == ["NY", "YN"]
    assert out["stable"]["seq"]["first"] == ["NY", "YN"]
    assert run("conflict", CHICKEN, "--json", "--count") == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["equilibria"] == {c: len(s) for c, s in out["equilibria"].items()}
    assert counted["stable"] == {
        c: {n: len(s) for n, s in each.items()} for c, each in out["stable"].items()
    }


def test_every_question_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--why", "NN", "--from", "yy", "--change", "YY", "--coalition", "first,second"]
    assert run("conflict", CHICKEN, *asked) == 0
    captured = capsys.readouterr()
    assert "The first would gain by swerving (to YN)" in captured.out
    assert "From yy" not in captured.out and "From YY" in captured.out
    assert captured.err == ""
    assert run("conflict", CHICKEN, *asked, "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert {"why", "paths", "change", "coalitions"} < set(out)
    assert [each["decision_maker"] for each in out["change"]["obstacles"]] == ["first", "second"]


@pytest.mark.parametrize(
    "arguments, code, said",
    [
        (["--why", "NNN"], 1, "`NNN` is no state"),
        (["--from", "XX"], 1, "`XX` is no state"),
        (["--for", "first"], 2, "--for goes with --why"),
        (["--why", "NN", "--for", "third"], 2, "known are first, second"),
        (["--coalition", "first,thrid"], 1, "unknown decision maker `thrid`"),
        (["--samples", "5"], 0, "warning: no preference is left open"),
        (["--concept", "seq"], 2, "--concept goes with"),
    ],
)
def test_questions_that_make_no_sense(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert run("conflict", CHICKEN, *arguments) == code
    assert said in capsys.readouterr().err


def a_case(folder: Path) -> Path:
    section = "".join(f"  {line}\n" for line in MODEL.splitlines() if "attack iff" not in line)
    section = section.replace("    iraq:\n", "")
    (folder / "case.yaml").write_text(
        "title: T\nquestion: Q?\nparties:\n- {id: iraq, name: Iraq, kind: group}\n"
        f"conflict:\n{section}"
    )
    (folder / "judgments.yaml").write_text(
        "preferences:\n- party: iraq\n  statements: [attack iff escalate]\n  because: its radio\n"
    )
    return folder


def test_a_case_takes_preferences_from_its_judgments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = open_conflict(a_case(tmp_path))
    (tmp_path / "m.yaml").write_text(MODEL)
    assert opened.model == open_conflict(tmp_path / "m.yaml").model
    assert open_conflict(tmp_path / "case.yaml").model == opened.model
    assert run("check", tmp_path) == 0
    capsys.readouterr()
    judged = tmp_path / "judgments.yaml"
    judged.write_text(judged.read_text().replace("attack iff", "atack iff"))
    assert run("check", tmp_path) == 1
    assert "judgments.yaml:2: unknown option `atack`" in capsys.readouterr().out
    (tmp_path / "conflict.yaml").write_text(MODEL)
    assert "Keep one of them" in "".join(map(str, check_conflict(tmp_path)))


def test_a_case_without_a_model_has_that_of_its_assumptions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "case.yaml").write_text("title: A case\nquestion: What now?\n")
    assert run("conflict", tmp_path) == 1
    assert "no conflict model" in capsys.readouterr().err
    assert run("conflict", ROOT / "examples" / "kabul") == 0
    told = capsys.readouterr()
    assert "Made of judgments.yaml" in told.err and "left open" in told.err


GMCR: dict[str, Any] = {
    "program": "gmcr-py",
    "version": "0.3",
    "options": [
        {"name": "Attack", "permittedDirection": "both"},
        {"name": "Release Water", "permittedDirection": "fwd"},
        {"name": "Escalate", "permittedDirection": "back"},
    ],
    "decisionMakers": [
        {
            "name": "Syria",
            "options": [1, 2],
            "preferences": [
                [[2, "Y"], [0, "N"]],
                {"compound": True, "members": [[[0, "N"]], [[1, "Y"], [2, "N"]]]},
            ],
            "misperceptions": [[[1, "Y"], [2, "N"]]],
        },
        {"name": "Iraq", "options": [0], "preferences": [[[0, "N"]]]},
    ],
    "infeasibles": [[[1, "Y"], [2, "Y"]]],
    "useManualPreferenceRanking": False,
    "coalitions": [[0, 1]],
    "extra": 1,
}


def test_gmcr_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "m.gmcr"
    file.write_text(json.dumps(GMCR))
    opened = open_conflict(file)
    assert opened.model == from_plain(
        {
            "decision_makers": {"syria": ["release_water", "escalate"], "iraq": ["attack"]},
            "infeasible": [{"release_water": "Y", "escalate": "Y"}],
            "irreversible": {"release_water": "forward", "escalate": "backward"},
            "preferences": {
                "syria": {
                    "priorities": [
                        "escalate and not attack",
                        "not attack or release_water and not escalate",
                    ]
                },
                "iraq": {"priorities": ["not attack"]},
            },
            "words": {"syria": "Syria", "iraq": "Iraq"},
        }
    )
    assert run("conflict", file, "--save", tmp_path / "m.yaml") == 0
    err = capsys.readouterr().err
    assert "misperceptions are not supported" in err
    assert "--coalition syria,iraq" in err
    assert "`extra` is not known" in err
    assert open_conflict(tmp_path / "m.yaml").model == opened.model


def test_gmcr_rankings_count_states_with_the_first_option_lowest(tmp_path: Path) -> None:
    """States 1, 2, 3, ... are the feasible ones by number; the first option is worth 1."""
    ranked = {**GMCR, "useManualPreferenceRanking": True}
    ranked["decisionMakers"] = [
        {**maker, "preferenceRanking": [6, [1, 2], 3, 4, 5]} for maker in GMCR["decisionMakers"]
    ]
    (tmp_path / "m.gmcr").write_text(json.dumps(ranked))
    model = open_conflict(tmp_path / "m.gmcr").model
    # In the file's order (attack, release, escalate) the six are NNN YNN NYN YYN NNY YNY.
    assert analyse(model).space.count == 6
    assert [list(level) for level in model.preferences["iraq"].levels] == [
        ["NYY"], ["NNN", "NNY"], ["YNN"], ["YNY"], ["NYN"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text, said",
    [
        ("{", "not JSON"),
        ("[]", "no .gmcr file"),
        ('{"options": [], "decisionMakers": [{}]}', "damaged"),
        ('{"options": [{"name": "a"}], "decisionMakers": [{"name": "x", "options": [7]}]}', "7"),
        ('{"options": [], "decisionMakers": []}', "0 decision makers"),
        ('{"a":' * 5000, "nested"),
    ],
)
def test_damaged_gmcr_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (tmp_path / "m.gmcr").write_text(text)
    assert run("conflict", tmp_path / "m.gmcr") == 1
    err = capsys.readouterr().err
    assert said in err and "Traceback" not in err


def test_a_room_alone_needs_nothing_heavy() -> None:
    """Building a model needs no numpy; the room imports none of the other rooms."""
    code = (
        "import sys; from detente.solve import conflict\n"
        "conflict.Model({'a': ('x',), 'b': ('y',)}, {'a': conflict.Priorities(('x',))})\n"
        "assert not {'numpy', 'numba', 'yaml', 'pydantic'} & set(sys.modules)\n"
        "print(conflict.analyse(conflict.Model({'a': ('x',), 'b': ('y',)})).count('nash'))\n"
        "assert not {'pydantic', 'detente.record', 'detente.judgment'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("4\n", "")


def test_kernels_work_where_nothing_can_be_written() -> None:
    """No folder for compiled code is no reason to fail."""
    code = (
        "from numba.core import caching\n"
        "caching.CacheImpl._locator_classes = []\n"
        "from detente.solve.conflict import kernels\n"
        "import numpy as np\n"
        "keys = np.array([5, 1, 900, 0], np.int64)\n"
        "kernels._radix(keys, keys.copy(), 4, np.empty(257, np.int64))\n"
        "print(keys.tolist())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[0, 1, 5, 900]\n", "")
