"""No pattern of the package takes time that grows faster than the text it is run on."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

import detente
from detente.reading import propose
from detente.reading.who import context, names

SOURCE = Path(detente.__file__).parent

SEEDS = (
    " ", "\n", "\t", "\r", " \n", "\n\n", "a", "A", "7", "a ", "A ", "Aa ", "aA", "a-", "-",
    "--", "—", "- ", ".", "..", ". ", ",", ", ", ":", ": ", "A: ", ";", "; ", "(", ")", "()",
    "(a", "(A)", "( ", "[", "![", "[]", "<", ">", "<a", "<a ", "<!--", "<!-- a -->\n",
    "<!DOCTYPE ", "&", "&amp;", "`", "*", "_", "/", "\\", "'", '"', '" ', "''", "“", "”",
    "“a” ", "’s ", "é", "́", "é", "\u200b", "\ufeff", "\u202e", "\u8c08", "م", "\U0001f680",
    "1.", "1,", "12 ", "12:00 ", "3rd ", "2020-", "12 March 2020 ", "on Monday ", "two days ",
    "early in ", "the last ", "from May to ", "Mr. ", "Army of ", "the A Party ", "and the ",
    "(UN) ", "a=b&", "http://a/", "---\n", "...\n", "a: b\n", "charset=", "0x", "1e", "a, b",
    "null ", "\x00", "\x1b[", "|", "|-", "# ",
)  # fmt: skip


# --- every pattern there is ----------------------------------------------------------------


def modules() -> list[ModuleType]:
    found = [detente]
    for info in pkgutil.walk_packages(detente.__path__, "detente."):
        if not info.name.endswith("__main__"):
            found.append(importlib.import_module(info.name))
    return found


def patterns_in(value: Any, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value, however they are kept there."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from patterns_in(key, seen)
            yield from patterns_in(each, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from patterns_in(each, seen)
    elif isinstance(value, type):
        if value.__module__.startswith("detente"):
            yield from patterns_in(dict(vars(value)), seen)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from patterns_in(getattr(value, field.name, None), seen)


def every_pattern() -> dict[str, re.Pattern[Any]]:
    seen: set[int] = set()
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for number, pattern in enumerate(patterns_in(value, seen)):
                found[f"{module.__name__}.{name}" + (f"[{number}]" if number else "")] = pattern
    for words, made in names._ambiguous().items():
        found |= {f"ambiguous {words} {n}": each for n, each in enumerate(made) if each}
    found |= {f"issuer {n}": made for n, (_, made) in enumerate(context._issuers())}
    found["a term of an issue"] = propose._term("travel ban")
    return found


MADE_OF_WORDS = {
    ("reading/who/context.py", "_issuers"),  # of reading/data/issuers.tsv
    ("reading/who/names.py", "pattern"),  # of reading/data/ambiguous.tsv
    ("reading/propose.py", "_role"),
    ("reading/propose.py", "_term"),
    ("reading/when/timewords.py", "_rule"),  # kept in RULES, where they are found
}
"""Functions that make a pattern; all but the last of words that stand for themselves."""


def test_no_pattern_is_hidden_in_a_function() -> None:
    made: set[tuple[str, str]] = set()
    for file in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.Lambda):
                continue
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            if any(ast.unparse(call.func).startswith("re.") and _makes(call) for call in calls):
                inner = [f for f in ast.walk(function) if isinstance(f, ast.FunctionDef)]
                if len(inner) > 1:
                    continue  # the function within it is looked at for itself
                name = function.name if isinstance(function, ast.FunctionDef) else "lambda"
                made.add((file.relative_to(SOURCE).as_posix(), name))
    assert made == MADE_OF_WORDS, "make the pattern a constant of its module, so that it is tested"
    for place, name in MADE_OF_WORDS - {("reading/when/timewords.py", "_rule")}:
        assert "re.escape" in (SOURCE / place).read_text(encoding="utf-8"), (place, name)


def _makes(call: ast.Call) -> bool:
    return ast.unparse(call.func) != "re.escape"


# --- what each of them could be slow on ----------------------------------------------------

PROBES = " \n\ta1A-.,:'(\"<>=/_;é"


def accepts(items: list[Any], character: str) -> bool:
    """Whether a class of characters holds one."""
    negated = bool(items) and items[0][0] is op.NEGATE
    code, word = ord(character), character.isalnum() or character == "_"
    kinds = {
        op.CATEGORY_SPACE: character.isspace(),
        op.CATEGORY_DIGIT: character.isdigit(),
        op.CATEGORY_WORD: word,
        op.CATEGORY_NOT_SPACE: not character.isspace(),
        op.CATEGORY_NOT_DIGIT: not character.isdigit(),
        op.CATEGORY_NOT_WORD: not word,
    }
    held = False
    for kind, of in items:
        held |= kind is op.LITERAL and of == code
        held |= kind is op.RANGE and of[0] <= code <= of[1]
        held |= kind is op.CATEGORY and kinds.get(of, False)
    return held != negated


def samples(tree: Any) -> list[str]:
    """Some texts that a part of a pattern could take, one for each of its first choices."""
    found = [""]
    for kind, of in tree:
        found = [before + more for before in found for more in _sampled(kind, of)][:6]
    return found


def _sampled(kind: Any, of: Any) -> list[str]:
    if kind is op.LITERAL:
        return [chr(of)]
    if kind is op.NOT_LITERAL:
        return [next(c for c in PROBES if ord(c) != of)]
    if kind is op.IN:
        return [c for c in PROBES if accepts(of, c)][:3] or [_first(of)]
    if kind is op.ANY:
        return ["a", " "]
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [each * max(of[0], 1) for each in samples(of[2])] if of[0] or of[1] else [""]
    if kind is op.BRANCH:
        return [each for branch in of[1] for each in samples(branch)[:1]][:4]
    if kind is op.SUBPATTERN:
        return samples(of[-1])
    if kind is op.ATOMIC_GROUP:
        return samples(of)
    return [""]  # what stands for no characters of its own


def _first(items: list[Any]) -> str:
    kind, of = items[-1]
    return chr(of if kind is op.LITERAL else of[0] if kind is op.RANGE else 97)


def attacks(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """For each thing a pattern repeats: what comes before it, and the thing itself."""
    for kind, of in tree:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            if of[1] > 9:
                yield from ((before, pump) for pump in samples(of[2]) if pump)
            yield from attacks(of[2], before)
        elif kind is op.BRANCH:
            for branch in of[1]:
                yield from attacks(branch, before)
        elif kind is op.SUBPATTERN:
            yield from attacks(of[-1], before)
        elif kind is op.ATOMIC_GROUP:
            yield from attacks(of, before)
        before += (_sampled(kind, of) or [""])[0]


def texts(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Before, repeated and after: the kinds of text the pattern is run on."""
    source = pattern.pattern
    plain = source.decode("latin-1") if isinstance(source, bytes) else source
    yield from (("", seed, "\0") for seed in SEEDS)
    seen: set[tuple[str, str]] = set()
    for before, pump in attacks(parser.parse(plain, pattern.flags & ~re.DEBUG)):
        if (before, pump) not in seen:
            seen.add((before, pump))
            yield before, pump, "\0"
            yield "", before + pump, "\0"


# --- how its time grows --------------------------------------------------------------------


def seconds(pattern: re.Pattern[Any], text: str, *, of: int = 1) -> float:
    """Seconds of the processor for finding all matches, the best of some tries."""
    given: Any = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    best = float("inf")
    for _ in range(of):
        begun = time.thread_time()
        for _match in pattern.finditer(given):
            pass
        best = min(best, time.thread_time() - begun)
    return best


SMALL = 2_000  # characters; three doublings more are the large text
HOPELESS = 0.03  # seconds for a few hundred characters
ENOUGH = 0.001  # seconds in which a small text is gone through by what need not be looked at


def grows(pattern: re.Pattern[Any], before: str, piece: str, after: str) -> bool:
    """Whether the time grows clearly faster than the text."""
    small, tiny, large = (
        before + piece * max(1, int(share * SMALL) // len(piece)) + after for share in (1, 0.25, 8)
    )
    few = (before + piece * times + after for times in (6, 10, 14, 18, 22))
    for text in (*few, tiny):  # what grows much faster shows before it hangs
        if seconds(pattern, text) > HOPELESS:
            return seconds(pattern, text, of=3) > HOPELESS
    first = seconds(pattern, small)
    if first < ENOUGH or first < 8 * seconds(pattern, tiny, of=2):
        return False
    for _ in range(2):
        base, more = seconds(pattern, small, of=3), seconds(pattern, large)
        if more < 20 * base:  # a linear one takes 8 times as long, one that grows squarely 64
            return False
    return True


@pytest.fixture(scope="module")
def patterns() -> dict[str, re.Pattern[Any]]:
    return every_pattern()


def test_the_patterns_are_found(patterns: dict[str, re.Pattern[Any]]) -> None:
    assert len(patterns) > 120
    known = {each.pattern for each in patterns.values()}
    from detente.reading.text import pipeline
    from detente.reading.when import timewords
    from detente.record import texts

    assert {timewords.RULES[0].pattern.pattern, timewords._UNIT.pattern} <= known
    assert {pipeline._LEAD.pattern, texts._HTML_START.pattern, texts._MARKUP.pattern} <= known


def test_each_pattern_takes_time_linear_in_its_text(patterns: dict[str, re.Pattern[Any]]) -> None:
    slow = {
        f"{name} {pattern.pattern!r:.80}": (before, piece)
        for name, pattern in patterns.items()
        for before, piece, after in texts(pattern)
        if grows(pattern, before, piece, after)
    }
    assert not slow


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:<!--.*?-->\s*)*<html",  # each line more doubles it
        r"(a+)+b",
        r"\s+$",
        r"[ \t]*\n",
        r"<!--.*?-->",
        r"[A-Z][A-Z. ]{2,}[ \t]*-",
    ],
)
def test_a_pattern_that_grows_is_noticed(pattern: str) -> None:
    made = re.compile(pattern, re.DOTALL)
    assert any(grows(made, *text) for text in texts(made))


@pytest.mark.parametrize("pattern", [r"\A\s*+<", r"\w+", r"(?<!\s)\s*+<", r"<[^<>]*>"])
def test_a_linear_pattern_passes(pattern: str) -> None:
    made = re.compile(pattern)
    assert not any(grows(made, *text) for text in texts(made))
