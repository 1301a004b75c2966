"""Imports point one way, and heavy libraries wait until they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "detente"

# cli, web -> brief -> case -> judgment, tracking, reading -> record; judgment -> solve -> charts.
BASE = {"errors", "wording"}
RECORD = BASE | {"record"}
CASE = RECORD | {"judgment", "tracking", "reading", "solve"}
MAY_IMPORT = {
    "errors": set(),
    "wording": {"errors"},
    "record": BASE,
    "charts": BASE,
    "solve": BASE | {"charts"},
    "reading": RECORD,
    "tracking": RECORD,
    "judgment": RECORD | {"solve"},
    "case": CASE,
    "measure": CASE | {"case"},
    "brief": CASE | {"case", "charts"},
    "web": CASE | {"case", "brief"},
    "cli": CASE | {"case", "brief", "measure", "web", "detente"},
    "__main__": {"cli"},
    "__init__": CASE | {"case"},
}
FILES = sorted(SOURCE.rglob("*.py"))
HEAVY = {
    "catalogue", "charset_normalizer", "countryinfo", "filelock", "jinja2", "lxml", "matplotlib",
    "numba", "numpy", "ortools", "pandas", "pycountry", "pydantic", "rich", "spacy", "thinc",
    "trafilatura", "typer", "yaml",
}  # fmt: skip


def room(path: Path) -> str:
    """The room a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of every import of detente's own, wherever in the file it stands."""
    package = ["detente", *path.relative_to(SOURCE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_module = node.value.startswith("detente.") and node.value.isprintable()
            names = [node.value] if is_module and " " not in node.value else []
        for name in names:
            parts = name.split(".")
            if parts[0] == "detente":
                known = len(parts) > 1 and parts[1] in MAY_IMPORT
                yield node.lineno, parts[1] if known else "detente"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    allowed = MAY_IMPORT[here] | {here}
    wrong = [
        f"{path}:{line}: {here} imports {to}" for line, to in imported(path) if to not in allowed
    ]
    assert not wrong, "\n".join(wrong)


def test_every_room_has_its_rule() -> None:
    assert {room(path) for path in FILES} <= set(MAY_IMPORT)


def test_a_wrong_arrow_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "SOURCE", tmp_path)
    (tmp_path / "record").mkdir()
    file = tmp_path / "record" / "x.py"
    file.write_text("def f():\n    from ..reading import read\n    import detente.solve\n")
    assert list(imported(file)) == [(2, "reading"), (3, "solve")]
    with pytest.raises(AssertionError, match="record imports reading"):
        test_imports_point_one_way(file)


def modules_after(code: str) -> set[str]:
    """The top-level modules loaded once `code` has run in a fresh Python."""
    code += "\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.splitlines()}


HELP = """
import contextlib, io
from detente.cli import main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main(["{}", "--help"])
"""


@pytest.mark.parametrize(
    "code",
    ["import detente", HELP.replace('"{}", ', ""), *(HELP.format(n) for n in ("brief", "read"))],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert not modules_after(code) & HEAVY


def test_tracking_a_case_needs_no_pipeline(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("title: A case\nquestion: What now?\n")
    code = f"import detente; detente.Case.open({str(tmp_path)!r}).track()"
    assert not modules_after(code) & {"spacy", "thinc", "trafilatura", "jinja2"}


SOLVED = """
import contextlib, io
from detente.cli import main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as out:
    main({!r})
assert len(out.getvalue()) > 200, out.getvalue()
"""
THREE_OPTIONS = """
decision_makers: {us: [attack], them: [withdraw, retaliate]}
preferences:
  us: {priorities: [withdraw, not retaliate, not attack]}
  them: {priorities: [not attack, not withdraw]}
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["conflict", "MODEL", "--why", "NNN", "--from", "NNN", "--count"],
        ["deal", "EXAMPLES/deal/embassy.yaml", "--issues"],
        ["steps", "EXAMPLES/steps/prisoners.yaml"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_small_model_is_solved_without_heavy_libraries(
    arguments: list[str], tmp_path: Path
) -> None:
    """Loading them takes several times as long as solving it."""
    model = tmp_path / "model.yaml"
    model.write_text(THREE_OPTIONS)
    places = {"MODEL": str(model), "EXAMPLES": str(SOURCE.parent.parent / "examples")}
    for name, place in places.items():
        arguments = [each.replace(name, place) for each in arguments]
    allowed = {"numpy", "yaml"}
    assert modules_after(SOLVED.format(arguments)) & HEAVY <= allowed


def test_every_public_name_is_there() -> None:
    import detente

    for name in detente.__all__:
        assert getattr(detente, name) is not None
    assert set(detente.__all__) <= set(dir(detente))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        detente.nothing  # noqa: B018
