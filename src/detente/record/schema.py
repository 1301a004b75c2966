"""JSON Schemas for a case's files, so that an editor completes and checks while typing.

`python -m detente.record.schema` writes them anew after a change of the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from detente.record.models import (
    RUNGS,
    CaseFile,
    JudgmentFile,
    RecordFile,
    ReportFront,
)
from detente.record.plover import MoveType, modes

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).parent / "schemas"

_MODELS: dict[str, type[BaseModel]] = {
    "case": CaseFile,
    "record": RecordFile,
    "judgments": JudgmentFile,
    "report": ReportFront,
}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema (2020-12) of case.yaml, record.yaml, judgments.yaml and a report's front matter.

    Keys are "case", "record", "judgments" and "report".
    """
    return {name: _schema(model) for name, model in _MODELS.items()}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    made = model.model_json_schema(by_alias=True, mode="validation")
    for value in made.get("properties", {}).values():
        if value.get("type") == "array":  # `moves:` with nothing behind it is an empty list
            value["type"] = ["array", "null"]
    inner = made.get("$defs", {})
    if "Move" in inner:
        inner["Move"]["allOf"] = [_modes_of(type) for type in MoveType]
    if "Status" in inner:
        inner["Status"]["allOf"] = [_values_of(attribute) for attribute in RUNGS]
    return {"$schema": DIALECT, **made}


def _modes_of(type: MoveType) -> dict[str, Any]:
    return _narrowed("type", type.value, "mode", modes(type))


def _values_of(attribute: str) -> dict[str, Any]:
    return _narrowed("attribute", attribute, "value", RUNGS[attribute])


def _narrowed(key: str, given: str, other: str, allowed: tuple[str, ...]) -> dict[str, Any]:
    """Where `key` is `given`, `other` is one of the allowed values or nothing."""
    return {
        "if": {"properties": {key: {"const": given}}, "required": [key]},
        "then": {"properties": {other: {"enum": [*allowed, None]}}},
    }


def text(schema: dict[str, Any]) -> str:
    """A schema as it is written to a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every schema as NAME.schema.json and give the paths."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        paths.append(folder / f"{name}.schema.json")
        paths[-1].write_text(text(schema), encoding="utf-8")
    return paths


if __name__ == "__main__":
    write()
