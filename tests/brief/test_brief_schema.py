"""What `detente brief --json` prints is what its shipped schema says."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from detente.brief import as_json, build, schema
from detente.case import Case
from detente.cli import cli
from detente.tracking import track

KABUL = Path(__file__).parents[2] / "examples" / "kabul"
SHIPPED = json.loads(schema.FILE.read_text(encoding="utf-8"))
CHECKED = Draft202012Validator(SHIPPED)
TEXT = """Northland freed two Southland engineers on 20 March 2025.
On 25 March 2025 France accused Germany of breaking the accord. Germany demanded the release of
six officers from France. "We will not release them," a French official said on 1 April 2025.
France threatened to close its embassy in Germany if the officers were not freed.
"""


def wrong(document: dict[str, Any]) -> list[str]:
    """Where a document does not fit, and why."""
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in CHECKED.iter_errors(json.loads(json.dumps(document, allow_nan=False)))
    ]


def printed(*words: str) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["brief", *words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def kabul() -> dict[str, Any]:
    return printed(str(KABUL))


def test_the_shipped_schema_is_what_the_program_says() -> None:
    made = schema.text(schema.schema())
    assert schema.FILE.read_text(encoding="utf-8") == made, "run `python -m detente.brief.schema`"
    Draft202012Validator.check_schema(SHIPPED)


def test_every_definition_is_used_and_every_object_says_which_keys_it_has() -> None:
    text = json.dumps(SHIPPED)
    assert [name for name in SHIPPED["$defs"] if f'"#/$defs/{name}"' not in text] == []

    def objects(node: Any) -> Any:
        if isinstance(node, dict):
            yield from ([node] if node.get("type") == "object" else [])
            for child in node.values():
                yield from objects(child)
        elif isinstance(node, list):
            for child in node:
                yield from objects(child)

    for node in objects(SHIPPED):
        assert "additionalProperties" in node, node
        if "properties" in node:
            assert node["additionalProperties"] is False
            assert set(node["required"]) <= set(node["properties"])


def test_the_example_fits(kabul: dict[str, Any]) -> None:
    assert wrong(kabul) == []
    assert kabul["judged"] is True
    assert "pareto" in kabul["results"]["deal"]["at_the_middle"]


@pytest.mark.usefixtures("few_draws")
def test_the_example_beside_an_earlier_copy_fits(tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(KABUL, older)
    record = older / "record.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("review: confirmed", "review: machine"), encoding="utf-8")
    judged = older / "judgments.yaml"
    text = judged.read_text(encoding="utf-8")
    judged.write_text(text.replace("because: ", "because: because ", 3), encoding="utf-8")
    document = printed(str(KABUL), "--against", str(older))
    assert wrong(document) == []
    assert document["changes"]["entries"] and document["changes"]["assumptions"]


@pytest.mark.usefixtures("few_draws")
def test_the_example_on_an_earlier_day_fits() -> None:
    document = printed(str(KABUL), "--as-of", "2021-12-31")
    assert wrong(document) == []
    assert document["case"]["as_of"] == "2021-12-31"


def test_a_brief_of_the_record_alone_fits(brief) -> None:
    document = as_json(brief)
    assert wrong(document) == []
    assert not {"answers", "results", "changes"} & set(document)
    assert document["demands"] and document["commitments"] and document["ladder"]


def test_a_case_without_assumptions_fits(record) -> None:
    document = as_json(build(record, track(record), outlook=Case(record).outlook()))
    assert wrong(document) == []
    assert document["judged"] is False


def test_a_bare_text_fits(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    case = Case.of_texts([tmp_path / "news.txt"])
    document = as_json(build(case.record, case.track(), outlook=case.outlook()))
    assert wrong(document) == []
    assert document["moves"]
    assert any("missing" in result for result in document["results"].values())


def _first(document: dict[str, Any], *path: Any) -> Any:
    for key in path:
        document = document[key]
    return document


WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "an extra key": lambda d: d.update(more=1),
    "an extra key in an answer": lambda d: d["answers"][0].update(figure="<svg>"),
    "a missing list": lambda d: d.pop("moves"),
    "answers without assumptions": lambda d: d.pop("assumptions"),
    "six answers": lambda d: d["answers"].pop(),
    "an answer to another question": lambda d: d["answers"][0].update(key="why"),
    "a share of 2": lambda d: _first(d, "results", "deal").update(possible=2),
    "a share of 2 within": lambda d: _first(d, "results", "deal", "inside", 0).update(share=2),
    "a state of other letters": lambda d: _first(d, "results", "conflict").update(now="NYX"),
    "a model both solved and missing": lambda d: _first(d, "results", "deal").update(missing="?"),
    "an unknown table": lambda d: d["tables"].update(more=d["tables"]["deal"]),
    "an unknown kind of change": lambda d: d.update(
        changes={"since": "HEAD", "entries": [{"kind": "odd", "id": "a", "what": "", "how": ""}],
                 "assumptions": [], "answers": []}
    ),
    "a mode of another type": lambda d: d["moves"][0].update(type="CONCEDE", mode="airstrike"),
    "a score beyond the scale": lambda d: d["moves"][0].update(intensity=11),
    "a date as a number": lambda d: d["moves"][0].update(date=2025),
    "a move without a source": lambda d: d["moves"][0].update(sources=[]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_document_does_not_fit(kabul: dict[str, Any], name: str) -> None:
    document = copy.deepcopy(kabul)
    WRONG[name](document)
    assert wrong(document)
