"""The changes that tools/mutants.py makes: each is one, and is code."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parent.parent / "tools" / "mutants.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutants_tool", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass asks for it
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("a < 1", {"a <= 1", "a >= 1", "a < 2"}),
        ("a and b", {"a or b"}),
        ("a or b or c", {"a and b and c", "b or c", "a or c", "a or b"}),
        ("not a", {"a"}),
        ("a + 0.5", {"a - 0.5", "a + 0.65", "a + 0.35"}),
        ("x = {'a', 'b'}", {"x = {'b'}", "x = {'a'}"}),
        ("x = {'a': b, 'c': d}", {"x = {'c': d}", "x = {'a': b}"}),
        ("[a for a in b if c(a)]", {"[a for a in b]"}),
        ("max(a)", {"min(a)"}),
        ("x = True", {"x = False"}),
        ("f(x)", {"pass"}),
        ("'text'", set()),
        ("raise Wrong(a < b)", set()),
        ("x: Literal[1] = y", set()),
    ],
)
def test_what_is_changed(tool: ModuleType, tmp_path: Path, code: str, changed: set[str]) -> None:
    file = tmp_path / "module.py"
    file.write_text(f"{code}\n", encoding="utf-8")
    made = {ast.unparse(mutant.tree()) for mutant in tool.mutants(file)}
    if code in ("a < 1", "a and b", "a or b or c", "not a", "a + 0.5", "max(a)"):
        made -= {"pass"}
    assert made == changed


def test_every_change_of_a_module_is_another_and_compiles(tool: ModuleType) -> None:
    file = FILE.parent.parent / "src" / "detente" / "tracking" / "ladder.py"
    made = list(tool.mutants(file))
    assert len(made) > 50
    texts = {ast.unparse(mutant.tree()) for mutant in made}
    assert len(texts) == len(made)
    assert ast.unparse(ast.parse(file.read_text(encoding="utf-8"))) not in texts
    for mutant in made:
        compile(mutant.tree(), str(file), "exec")
