"""The schemas editors check with agree with the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from detente.record import schema
from detente.record.models import CaseFile, JudgmentFile, Model, RecordFile, ReportFront
from detente.record.validation import validate
from detente.record.yamltext import parse, plain

TEMPLATE = schema.FOLDER.parent / "template"
MODELS: dict[str, type[Model]] = {
    "case": CaseFile,
    "record": RecordFile,
    "judgments": JudgmentFile,
    "report": ReportFront,
}


def as_editors_see(text: str) -> Any:
    """YAML as an editor reads it (1.2: dates are text, years are numbers)."""
    tree = plain(parse(text, Path("x.yaml")))

    def typed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: typed(child) for key, child in value.items()}
        if isinstance(value, list):
            return [typed(child) for child in value]
        if isinstance(value, str):
            read = yaml.safe_load(value) if value.isdigit() or value in ("true", "false") else value
            return float(value) if value.count(".") == 1 and value[0].isdigit() else read
        return value

    return typed(tree)


def errors(name: str, text: str) -> list[str]:
    return [e.message for e in Draft202012Validator(schema.schemas()[name]).iter_errors(
        as_editors_see(text) or {})]  # fmt: skip


def template(name: str) -> str:
    return (TEMPLATE / f"{name}.yaml").read_text(encoding="utf-8").replace("{{title}}", "T")


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_shipped_schema_is_the_models(name: str) -> None:
    shipped = (schema.FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    made = schema.text(schema.schemas()[name])
    assert shipped == made, "run `python -m detente.record.schema`"
    Draft202012Validator.check_schema(json.loads(shipped))
    assert json.loads(shipped)["$schema"] == schema.DIALECT


def test_every_schema_is_shipped_and_no_other(tmp_path: Path) -> None:
    assert {path.name for path in schema.FOLDER.iterdir()} == {f"{n}.schema.json" for n in MODELS}
    for path in schema.write(tmp_path):
        assert path.read_bytes() == (schema.FOLDER / path.name).read_bytes()


@pytest.mark.parametrize("name", ["case", "record", "judgments"])
def test_the_example_fits(name: str) -> None:
    assert errors(name, template(name)) == []


def test_lists_may_be_left_empty() -> None:
    assert errors("record", "moves:\nstatuses:\nparties:\n") == []
    assert errors("report", "") == []


WRONG = [
    ("case", "title: T", "titel: T"),
    ("case", "  kind: state", "  kind: country"),
    ("case", "- id: arvenia", "- id: Arvenia"),
    ("case", "date: 2023-09-12", "date: 12.9.2023"),
    ("case", "by: [belmark]", "by: belmark"),
    ("record", "type: RETREAT", "type: RETRET"),
    ("record", "mode: release", "mode: yield"),
    ("record", "value: closed", "value: shut"),
    ("record", "  review: machine", "  review: perhaps"),
    ("record", "credibility: 2", "credibility: 7"),
    ("record", "  if: the", "  if_: the"),
    ("record", "what: release of two fishermen", "note: x"),
    ("judgments", "because: it has", "why: it has"),
    ("judgments", "recover: 0.8", "recover: 8.0"),
]


@pytest.mark.parametrize(("name", "old", "new"), WRONG)
def test_what_the_models_refuse_the_schema_refuses(name: str, old: str, new: str) -> None:
    text = template(name)
    assert old in text
    wrong = text.replace(old, new, 1)
    assert errors(name, wrong)
    _, problems = validate(MODELS[name], parse(wrong, Path("x")), Path("x"))
    assert problems
