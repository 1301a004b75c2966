"""Models that are odd but have an answer: it is given, with a warning beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main
from detente.solve.bargaining import from_plain, frontier, space
from detente.solve.bargaining.clashing import clash

PLAIN: dict[str, Any] = {
    "parties": ["a", "b"],
    "issues": {
        "funds": {"none": {"a": 4, "b": 0}, "half": {"a": 3, "b": 2}, "full": {"a": 0, "b": 5}},
        "office": {"shut": {"a": 2, "b": 0}, "open": {"a": 0, "b": 1}},
    },
}
SAME = {**PLAIN["issues"], "tone": {"mild": {"a": 1, "b": 1}, "firm": {"a": 1, "b": 1}}}
NOTHING_HALF = [{"funds": "half"}]
ODD = {
    "forbids everything": (
        {"forbidden": [{}]},
        {"forbidden": [{"office": ["shut", "open"]}]},
        ("forbidden", 0),
        "an empty combination: this forbids every package",
    ),
    "after itself": (
        {"orders": {"a": {"funds": "none > half > half"}}},
        {},
        ("orders", "a", "funds"),
        "`half` stands after itself",
    ),
    "a party twice": ({"parties": ["a", "b", "a"]}, {}, ("parties", 2), "stands here twice"),
    "forbids nothing": (
        {"forbidden": [{"funds": [], "office": "open"}, {"funds": "half"}]},
        {"forbidden": NOTHING_HALF},
        ("forbidden", 0, "funds"),
        "no option of `funds` is named, so this forbids nothing",
    ),
    "requires nothing": (
        {"requires": [{"if": {"funds": "half"}, "then": {}}]},
        {},
        ("requires", 0, "then"),
        "an empty combination: this requires nothing",
    ),
    "never asked for": (
        {"requires": [{"if": {"funds": []}, "then": {"office": "open"}}]},
        {},
        ("requires", 0, "if", "funds"),
        "no option of `funds` is named, so this requires nothing",
    ),
    "asks for what nothing has": (
        {"requires": [{"if": {"funds": "half"}, "then": {"office": []}}]},
        {"forbidden": NOTHING_HALF},
        ("requires", 0, "then", "office"),
        "no option of `office` is named, so nothing may fit the condition",
    ),
    "equal values in a circle": (
        {"issues": SAME, "orders": {"a": {"tone": "mild > firm > mild"}}},
        {"issues": SAME},
        None,
        "",
    ),
    "words for nothing": (
        {"words": {"fund": "the money"}},
        {},
        ("words", "fund"),
        "unknown party or issue `fund`",
    ),
}


@pytest.mark.parametrize("more, clean, path, what", ODD.values(), ids=ODD)
def test_what_is_odd_has_its_answer(
    more: dict[str, Any], clean: dict[str, Any], path: tuple[Any, ...] | None, what: str
) -> None:
    """That of the model without what is odd; where it says nothing new, nothing is said of it."""
    model, other = from_plain({**PLAIN, **more}), from_plain({**PLAIN, **clean})
    assert [odd.path for odd in model.warnings] == [path] * (path is not None)
    assert all(what in odd.what and odd.do for odd in model.warnings)
    assert other.warnings == ()
    found, meant = frontier(space(model)), frontier(space(other))
    assert found.points.tolist() == meant.points.tolist()
    if not len(found.points):
        assert clash(model) is not None
    packages = [[each.space.package(row) for row in each.choices] for each in (found, meant)]
    assert packages[0] == packages[1]


def test_what_is_odd_is_said_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.json"
    file.write_text(json.dumps({**PLAIN, "words": {"fund": "x"}}, indent=1), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["deal", str(file), "--json"])
    assert not ended.value.code
    told = capsys.readouterr()
    line = file.read_text("utf-8").splitlines().index('  "fund": "x"') + 1
    assert f"odd.json:{line}: warning: unknown party or issue `fund`" in told.err
    (said,) = json.loads(told.out)["warnings"]
    assert said.startswith(f"{file}:{line}: unknown party or issue `fund`. Did you mean `funds`?")
