"""Small changes made on purpose, one at a time, and whether any test notices.

    nice python -m tools.mutants src/detente/tracking/ladder.py
    nice python -m tools.mutants src/detente/record --sample 200

Each module is changed in memory only (a comparison, a number, an `and`, an entry of a table, a
statement that is left out ...) and the tests of its room that run the changed line are run. What
no test notices is printed: a change that a user would see deserves a test; many are such that
nobody could see them. It takes minutes to hours, so it is run by hand. Not for Windows.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import pickle
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
# Imported once, before the forks.
HEAVY = "click hypothesis numba numpy ortools.sat.python.cp_model pydantic pytest rich yaml".split()
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Pow: ast.Mult,
}
UNRUN = "  (run by no test)"
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}


Change = Callable[[Any], ast.AST]
"""Changes a node in place, or gives another in its stead."""


@dataclass(frozen=True)
class Mutant:
    """One change of a module: of its node of that number.

    statement : the first line of its statement; what Python works out beforehand runs on no
                line of its own
    """

    file: Path
    line: int
    statement: int
    number: int
    change: Change
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}: {self.was}  ->  {self.now}"

    def tree(self) -> ast.Module:
        """The module with the change."""
        tree = ast.parse(self.file.read_text(encoding="utf-8"))
        node, *_ = next(islice(_nodes(tree), self.number, None))
        made = self.change(node)
        if made is not node:
            _Swap(node, made).visit(tree)
        return ast.fix_missing_locations(tree)


# --- making them --------------------------------------------------------------------------


def mutants(file: Path) -> Iterator[Mutant]:
    """Every change of the kinds known here, in the order of the file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for number, (node, line, statement) in enumerate(_nodes(tree)):
        was = ast.unparse(node)
        for change in _changes(node):
            now = ast.unparse(change(copy.deepcopy(node)))
            if was != now:
                yield Mutant(file, line, statement, number, change, _short(was), _short(now))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 110 else f"{text[:70]} ... {text[-35:]}"


def _nodes(node: ast.AST, statement: int = 1) -> Iterator[tuple[ast.AST, int, int]]:
    """The nodes that may be changed, each with its line and its statement's; no annotations,
    docstrings, messages."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _left_alone(child):
                continue
            at = child.target if isinstance(child, ast.comprehension) else child
            within = child.lineno if isinstance(child, ast.stmt) else statement
            if hasattr(at, "lineno"):
                yield child, at.lineno, within
            yield from _nodes(child, within)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr)


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        if node is self.old:
            return ast.copy_location(self.new, node)
        return self.generic_visit(node)


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                for other in COMPARED[type(op)]:
                    yield _setting_item("ops", i, other())
        case ast.BoolOp(op=op, values=values):
            yield _setting("op", ast.Or() if isinstance(op, ast.And) else ast.And())
            if len(values) > 2:
                for i in range(len(values)):
                    yield _dropping("values", i)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda n: n.operand
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
            yield lambda n: n.operand
        case ast.BinOp(op=op) if type(op) in CALCULATED:
            yield _setting("op", CALCULATED[type(op)]())
        case ast.AugAssign(op=op) if type(op) in CALCULATED:
            yield _setting("op", CALCULATED[type(op)]())
        case ast.Constant(value=bool(value)):
            yield _setting("value", not value)
        case ast.Constant(value=int(value)):
            yield _setting("value", value + 1)
            if value > 1:
                yield _setting("value", value - 1)
        case ast.Constant(value=float(value)):
            yield _setting("value", value * 1.3 if value else 0.3)
            if value:
                yield _setting("value", value * 0.7)
        case ast.Call(func=ast.Name(id=name)) if name in CALLED:
            yield _setting("func", ast.Name(CALLED[name], ast.Load()))
        case ast.Set(elts=found) | ast.List(elts=found) | ast.Tuple(elts=found):
            if len(found) > 1 and all(isinstance(each, ast.Constant) for each in found):
                for i in range(len(found)):
                    yield _dropping("elts", i)
        case ast.Dict(keys=keys) if len(keys) > 1:
            for i in range(len(keys)):
                yield _without_key(i)
        case ast.If(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp) or isinstance(test, ast.BoolOp):
                yield _setting("test", ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=ifs):
            for i in range(len(ifs)):
                yield _dropping("ifs", i)
        case ast.Return(value=ast.expr(), lineno=_):
            yield _setting("value", ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield lambda n: ast.Pass()
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield lambda n: ast.Pass()
        case ast.Continue():
            yield lambda n: ast.Break()
        case ast.Break():
            yield lambda n: ast.Continue()


def _setting(name: str, value: Any) -> Change:
    def change(node: Any) -> ast.AST:
        setattr(node, name, copy.deepcopy(value))
        return node  # type: ignore[no-any-return]

    return change


def _setting_item(name: str, i: int, value: Any) -> Change:
    def change(node: Any) -> ast.AST:
        getattr(node, name)[i] = value
        return node  # type: ignore[no-any-return]

    return change


def _dropping(name: str, i: int) -> Change:
    def change(node: Any) -> ast.AST:
        del getattr(node, name)[i]
        return node  # type: ignore[no-any-return]

    return change


def _without_key(i: int) -> Change:
    def change(node: Any) -> ast.AST:
        del node.keys[i], node.values[i]
        return node  # type: ignore[no-any-return]

    return change


# --- running the tests --------------------------------------------------------------------


class Changed(MetaPathFinder, SourceFileLoader):
    """Gives a module its changed code."""

    def __init__(self, mutant: Mutant) -> None:
        name = ".".join(mutant.file.relative_to(SRC).with_suffix("").parts)
        SourceFileLoader.__init__(self, name, str(mutant.file))
        self.mutant = mutant

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.mutant.tree(), self.path, "exec")


Line = tuple[str, int]
"""A file, and the number of a line in it."""

Ran = tuple[float, set[Line]]
"""The seconds that a test took, and the lines it ran."""


class Lines:
    """A pytest plugin: which of some files' lines each test runs, and how long it takes."""

    def __init__(self, files: list[Path], out: Path) -> None:
        self.files, self.out = {str(file) for file in files}, out
        self.importing: set[Line] = set()
        self.met = self.importing
        self.found: dict[str, Ran] = {}
        sys.settrace(self.trace)

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        if file not in self.files:
            return None
        self.met.add((file, frame.f_lineno))
        return self.trace

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        name = nodeid.partition("[")[0]
        self.begun = time.monotonic()
        self.met = self.found.setdefault(name, (0.0, set()))[1]
        sys.settrace(self.trace)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        name = nodeid.partition("[")[0]
        before, lines = self.found[name]
        self.found[name] = before + time.monotonic() - self.begun, lines
        self.met = self.importing

    def pytest_sessionfinish(self) -> None:
        sys.settrace(None)
        self.out.write_bytes(pickle.dumps((self.importing, self.found)))


def pytest_in_a_fork(
    arguments: list[str], seconds: float, prepare: Callable[[], list[Any]] = list
) -> int | None:
    """pytest's exit code; None where it took too long. What it prints is dropped."""
    child = os.fork()
    if not child:
        os.setsid()
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        import pytest

        code = 70
        try:
            how = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"]
            code = int(pytest.main([*how, *arguments], plugins=prepare()))
        finally:
            os._exit(code)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def noticed(mutant: Mutant, tests: list[str], seconds: float) -> bool:
    def prepare() -> list[Any]:
        sys.meta_path.insert(0, Changed(mutant))
        return []

    code = pytest_in_a_fork(["-x", *tests], seconds, prepare) if tests else 0
    if code in (4, 5):  # pytest's own: wrong usage, no test collected
        sys.exit(f"pytest ran none of {tests}")
    return code != 0


def tests_of(file: Path) -> Path:
    """The tests of a module's room: tests/record, or tests/conflict for solve/conflict."""
    rooms = file.relative_to(SRC / "detente").parts
    folder = ROOT / "tests" / (rooms[1] if rooms[0] == "solve" and len(rooms) > 2 else rooms[0])
    return folder if folder.is_dir() else ROOT / "tests"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path, help="modules, or folders of them")
    parser.add_argument("--sample", type=int, help="so many of all changes, drawn by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tests", type=Path, action="append", help="instead of the room's own")
    parser.add_argument("--again", type=Path, help="only those that an earlier run has printed")
    asked = parser.parse_args()
    printed = {line.strip() for line in asked.again.open(encoding="utf-8")} if asked.again else None
    os.chdir(ROOT)
    for name in HEAVY:
        import_module(name)
    from hypothesis import Phase, settings

    settings.register_profile(
        "mutants", max_examples=50, deadline=None, derandomize=True, database=None,
        phases=(Phase.explicit, Phase.generate),
    )  # fmt: skip
    files = [
        file
        for path in asked.paths
        for file in (sorted(path.resolve().rglob("*.py")) if path.is_dir() else [path.resolve()])
        if file.name != "kernels.py"  # numba would take the code it has kept
    ]
    made = [mutant for file in files for mutant in mutants(file)]
    if printed is not None:
        made = [mutant for mutant in made if {str(mutant), f"{mutant}{UNRUN}"} & printed]
    if asked.sample and asked.sample < len(made):
        chosen = random.Random(asked.seed).sample(range(len(made)), asked.sample)
        made = [made[n] for n in sorted(chosen)]
    by_tests: dict[tuple[Path, ...], list[Mutant]] = defaultdict(list)
    for mutant in made:
        by_tests[tuple(asked.tests or [tests_of(mutant.file)])].append(mutant)
    tried: Counter[Path] = Counter()
    left: Counter[Path] = Counter()
    for folders, group in by_tests.items():
        print(f"{len(group)} changes; the tests once unchanged ...", file=sys.stderr, flush=True)
        importing, found = lines_run(folders, files)
        for mutant in group:
            running = tests_running(mutant, importing, found)
            seconds = 30 + 10 * sum(found[name][0] for name in running)
            tried[mutant.file] += 1
            if not noticed(mutant, running, seconds):
                left[mutant.file] += 1
                print(f"{mutant}{'' if running else UNRUN}", flush=True)
        for file in dict.fromkeys(mutant.file for mutant in group):
            name = file.relative_to(ROOT)
            print(f"{name}: {left[file]} of {tried[file]} unnoticed", flush=True)
    return 0


def tests_running(mutant: Mutant, importing: set[Line], found: dict[str, Ran]) -> list[str]:
    """The tests that run what is changed, the quickest first; all where it runs on import."""
    for line in (mutant.line, mutant.statement):
        at = str(mutant.file), line
        names = [name for name in found if at in importing or at in found[name][1]]
        if names:
            return sorted(names, key=lambda name: found[name][0])
    return []


def lines_run(folders: tuple[Path, ...], files: list[Path]) -> tuple[set[Line], dict[str, Ran]]:
    """The lines of the files that run while they are imported, and by each test that passes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "lines"
        arguments = ["-m", "not slow and not browser", *map(str, folders)]
        code = pytest_in_a_fork(arguments, 3600, lambda: [Lines(files, out)])
        if code:
            sys.exit(f"the tests in {', '.join(map(str, folders))} fail as it is (pytest: {code})")
        return pickle.loads(out.read_bytes())  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())
