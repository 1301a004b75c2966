"""Genius's XML: what it means, and what is wrong with it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from bargaining.models import random_model
from bargaining.oracle import Oracle
from bargaining.test_deal import run
from detente.solve.bargaining import (
    GeniusError,
    Model,
    ModelError,
    from_files,
    from_genius,
    from_plain,
    frontier,
    space,
    to_genius,
    to_plain,
)

FAULTS = Path(__file__).parent / "faults"


def fault(name: str) -> tuple[Model, tuple[str, ...]]:
    """A domain that was read wrongly, or refused."""
    return from_genius(
        FAULTS / f"{name}_dom.xml", [FAULTS / f"{name}_a.xml", FAULTS / f"{name}_b.xml"]
    )


def opened(
    tmp_path: Path, issue: str, *profiles: str, more: str = ""
) -> tuple[Model, tuple[str, ...]]:
    """A domain of one issue, and what evaluates it; a second profile like the first at need."""
    inside = f"<utility_space>{objective(issue)}</utility_space>"
    texts = {"domain": f"<negotiation_template>{inside}</negotiation_template>"}
    for name, inside in zip("ab", profiles * 2, strict=False):
        texts[name] = f"<utility_space>{objective(WEIGHT + inside)}{more}</utility_space>"
    for name, text in texts.items():
        (tmp_path / f"{name}.xml").write_text(text)
    return from_genius(tmp_path / "domain.xml", [tmp_path / "a.xml", tmp_path / "b.xml"])


WEIGHT = '<weight index="1" value="0.5"/>'


def objective(inside: str) -> str:
    return f'<objective index="0" type="objective" name="o">{inside}</objective>'


def discrete(*items: str) -> str:
    inside = "".join(f'<item index="{n}" {item}/>' for n, item in enumerate(items, 1))
    return f'<issue index="1" type="discrete" name="i">{inside}</issue>'


DOMAIN = """<negotiation_template><utility_space number_of_issues="2">
<objective index="0" etype="objective" type="objective" description="" name="any">
<issue etype="discrete" index="1" name="venue" type="discrete" vtype="discrete">
<item index="1" value="Doha" description=""/>
<item index="2" value="Oslo" description=""/>
</issue>
<issue etype="integer" index="2" name="days" type="integer" vtype="integer">
<range lowerbound="1" upperbound="3"/>
</issue>
</objective>
</utility_space></negotiation_template>
"""
PROFILE = """<utility_space type="any" number_of_issues="2">
<objective index="0" etype="objective" type="objective" description="" name="any">
<weight index="1" value="0.6"/>
<weight index="2" value="0.4"/>
<issue etype="discrete" index="1" name="venue" type="discrete" vtype="discrete">
<item index="1" value="Doha" evaluation="{doha}" description=""/>
<item index="2" value="Oslo" evaluation="{oslo}" description=""/>
</issue>
<issue etype="integer" index="2" name="days" type="integer" vtype="integer">
<range lowerbound="1" upperbound="3"/>
<evaluator ftype="linear" parameter0="{start}" parameter1="{slope}"/>
</issue>
</objective>
<discount_factor value="{discount}"/>
<reservation value="{reservation}"/>
</utility_space>
"""
USUAL = {"doha": 3, "oslo": 12, "start": 0, "slope": 1, "discount": 1.0, "reservation": 0.25}


def written(folder: Path, domain: str = DOMAIN, profile: str = PROFILE) -> list[Path]:
    """A domain and two profiles."""
    texts = {
        "domain": domain,
        "host": profile.format(**USUAL),
        "guest": PROFILE.format(**USUAL | {"doha": 4, "oslo": 1, "discount": 0.9}),
    }
    for name, text in texts.items():
        (folder / f"{name}.xml").write_text(text)
    return [folder / f"{name}.xml" for name in texts]


def test_utility_is_weight_times_evaluation_over_the_largest(tmp_path: Path) -> None:
    domain, *profiles = written(tmp_path)
    model, notes = from_genius(domain, profiles)
    assert model.parties == ("host", "guest")
    assert model.issues == {"venue": ("Doha", "Oslo"), "days": ("1", "2", "3")}
    assert model.values["host"]["venue"] == {"Doha": Fraction(3, 20), "Oslo": Fraction(3, 5)}
    assert model.values["host"]["days"]["2"] == Fraction(2, 5) * Fraction(2, 3)
    assert model.walk_away == {"host": Fraction(1, 4), "guest": Fraction(1, 4)}
    assert len(notes) == 1 and "guest.xml" in notes[0] and "0.9" in notes[0]


def test_the_command_opens_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in written(tmp_path)]
    assert run(["deal", "--json", *files]) == 0
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert found["n_packages"] == 6
    assert found["nash"][0]["package"]["days"] == "3"
    assert "discount" in shown.err
    assert run(["deal", files[0]]) == 1  # a domain without profiles
    assert "2 to 6" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('value="Doha"', 'value="Daha"', 6, "unknown value `Daha`"),
        ('name="venue"', 'name="Venue"', 5, "Did you mean `venue`"),
        ('evaluation="{doha}"', 'evaluation="much"', 6, "`much` is no number"),
        ('<weight index="2" value="0.4"/>', "", 9, "no weight"),
        ('ftype="linear"', 'ftype="triangular"', 11, "triangular"),
        ("</objective>", "", 16, "no well-formed XML"),
        ('evaluation="{oslo}"', 'evaluation="-1"', 5, "negative"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    domain, *profiles = written(tmp_path, profile=PROFILE.replace(old, new))
    with pytest.raises(GeniusError, match=said) as wrong:
        from_genius(domain, profiles)
    assert wrong.value.path.name == "host.xml" and wrong.value.line == line


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Doha")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    domain, *profiles = written(tmp_path, domain=head + DOMAIN.replace('"Doha"', '"&e;"'))
    with pytest.raises(GeniusError):
        from_genius(domain, profiles)
    junk = tmp_path / "junk.xml"
    junk.write_bytes(bytes(range(256)))
    with pytest.raises(GeniusError, match="no well-formed"):
        from_genius(junk, profiles)
    with pytest.raises(GeniusError, match="can't be read"):
        from_genius(tmp_path / "nowhere.xml", profiles)


def test_items_of_a_similarity_function_evaluate_nothing() -> None:
    model, warnings = fault("mini")
    assert model.values["mini_a"] == {"fee": {"low": Fraction(1), "high": Fraction(1, 5)}}
    assert model.values["mini_b"] == {"fee": {"low": Fraction(1, 3), "high": Fraction(1)}}
    assert not warnings and len(frontier(space(model)).points) == 2


def test_sixteen_digits_are_calculated_with(capsys: pytest.CaptureFixture[str]) -> None:
    model, _ = fault("dd")
    plain = to_plain(model)
    oracle, found = Oracle(plain), frontier(space(model))
    mine = [tuple(found.space.value(p, n) for p, n in enumerate(row)) for row in found.points]
    assert mine == oracle.pareto() and len(mine) == 5
    assert from_plain(plain) == model
    files = [str(FAULTS / f"dd_{name}.xml") for name in ("dom", "a", "b")]
    assert run(["deal", *files]) == 0
    assert "p: h, q: h, r: l" in capsys.readouterr().out


def test_an_integer_issue_counts_from_its_lower_bound_as_in_genius_10() -> None:
    model, warnings = fault("int")
    assert model.issues == {"price": ("8", "9", "10")}
    of = {party: list(issues["price"].values()) for party, issues in model.values.items()}
    assert of == {
        "int_a": [Fraction(n, 10) for n in (1, 4, 7)],
        "int_b": [Fraction(n, 4) for n in (4, 3, 2)],
    }
    assert not warnings


INTEGER = '<issue index="1" type="integer" name="i" lowerbound="0" upperbound="4">{}</issue>'


def test_a_line_is_cut_off_below_nothing_and_above_all(tmp_path: Path) -> None:
    line = '<evaluator ftype="linear" offset="-0.5" slope="0.5"/>'
    model, _ = opened(tmp_path, INTEGER.format(""), INTEGER.format(line))
    assert list(model.values["a"]["i"].values()) == [Fraction(n, 4) for n in (0, 0, 1, 2, 2)]


REAL = '<issue index="1" type="real" name="i"><range lowerbound="1" upperbound="2"/>{}</issue>'


@pytest.mark.parametrize(
    ("line", "worth"),
    [
        ('ftype="linear" parameter0="-1" parameter1="1"', {"1": 0, "1.25": 0.125, "2": 0.5}),
        ('ftype="constant" parameter0="0.5"', {"1": 0.25, "2": 0.25}),
        (
            'ftype="triangular" parameter0="1" parameter1="2" parameter2="1.5"',
            {"1": 0, "1.25": 0.25, "1.5": 0.5, "1.75": 0.25, "2": 0},
        ),
    ],
)
def test_any_number_between_two_is_cut_into_steps_and_that_is_said(
    line: str, worth: dict[str, float], tmp_path: Path
) -> None:
    model, warnings = opened(tmp_path, REAL.format(""), REAL.format(f"<evaluator {line}/>"))
    assert len(model.issues["i"]) == 21
    assert {o: model.values["a"]["i"][o] for o in worth} == worth
    assert len(warnings) == 1 and "cut into 20 equal steps" in warnings[0]


def test_what_is_odd_but_well_defined_is_a_warning(tmp_path: Path) -> None:
    x, y = 'value="x" evaluation="4"', 'value="y" evaluation="2"'
    plain = discrete('value="x"', 'value="y"')
    model, warnings = opened(
        tmp_path, discrete('value="x"', 'value="x"', 'value="y"'), discrete(x, x, y)
    )
    assert model.values["a"]["i"] == {"x": Fraction(1, 2), "y": Fraction(1, 4)}
    assert not warnings
    for bare in ('value="y"', 'value="y" evaluation="null"'):
        model, warnings = opened(tmp_path, plain, discrete(x, bare))
        assert model.values["a"]["i"] == {"x": Fraction(1, 2), "y": 0}
        assert "a.xml: no evaluation of `y` of `i`; counted as 0" in warnings[0]
    model, warnings = opened(tmp_path, plain, discrete(x, 'value="y" evaluation="1"', y))
    assert model.values["a"]["i"]["y"] == Fraction(1, 4) and "the last counts" in warnings[0]
    model, warnings = opened(tmp_path, plain, discrete(x, y, 'value="z" evaluation="8"'))
    assert model.values["a"]["i"]["x"] == Fraction(1, 4) and "no value `z`" in warnings[0]
    model, _ = opened(
        tmp_path, plain, discrete('value="x" evaluation="0"', 'value="y" evaluation="0"')
    )
    assert set(model.values["a"]["i"].values()) == {0}


def test_blank_lines_before_the_header_and_names_with_ampersands(tmp_path: Path) -> None:
    domain, *profiles = written(tmp_path)
    for path in (domain, *profiles):
        header = '\n\n<?xml version="1.0" encoding="UTF-8"?>'
        text = path.read_text().replace("Doha", "Doha & Oslo").replace('Oslo"', 'Köln"')
        path.write_text(header + text, "utf-8")
    model, _ = from_genius(domain, profiles)
    assert model.issues["venue"] == ("Doha & Köln", "Köln")
    domain.write_bytes(
        domain.read_bytes().replace("ö".encode(), b"\xf6").replace(b"UTF-8", b"utf-8")
    )
    for path in profiles:
        path.write_bytes(path.read_bytes().replace("ö".encode(), b"\xf6"))
    assert from_genius(domain, profiles)[0] == model
    text = profiles[0].read_text("windows-1252").replace('"0.6"', '"much"')
    profiles[0].write_text(text, "windows-1252")
    with pytest.raises(GeniusError, match="`much` is no number") as wrong:
        from_genius(domain, profiles)
    assert wrong.value.line == 5


RECTANGLES = """<utility maxutility="8"><ufun type="PlainUfun" weight="7" aggregation="sum">
<hyperRectangle utility="4"><INCLUDES index="1" min="1" max="2"/>{}</hyperRectangle>
<hyperRectangle utility="2" weight="2"><EXCLUDES index="1" min="2" max="9"/></hyperRectangle>
<hyperRectangle utility="1"/>
</ufun></utility>"""


def test_hyperrectangles_over_one_issue_add_up_and_others_are_refused(tmp_path: Path) -> None:
    model, warnings = opened(tmp_path, INTEGER.format(""), RECTANGLES.format(""))
    # Within 1..2: 4; outside of 2..9: 4; everywhere: 1; of 8.
    assert [int(8 * v) for v in model.values["a"]["i"].values()] == [5, 9, 5, 1, 1]
    assert not warnings
    two = INTEGER.format("") + INTEGER.format("").replace('"1"', '"2"').replace('"i"', '"j"')
    all_of_j = '<INCLUDES index="2" min="0" max="4"/>'
    assert opened(tmp_path, two, RECTANGLES.format(all_of_j))[0].values["a"]["j"]["0"] == 0
    with pytest.raises(GeniusError, match="a hyperrectangle over `i` and `j`: what the one") as bad:
        opened(tmp_path, two, RECTANGLES.format(all_of_j.replace('"4"', '"3"')))
    assert bad.value.path.name == "a.xml" and bad.value.line == 2
    with pytest.raises(GeniusError, match="of which the max counts"):
        opened(tmp_path, INTEGER.format(""), RECTANGLES.format("").replace('"sum"', '"MAX"'))


def test_a_folder_opens_in_whatever_order_its_files_stand(tmp_path: Path) -> None:
    files = written(tmp_path)
    (tmp_path / "pareto.xml").write_text("<pareto/>")
    (tmp_path / "readme.txt").write_text("nothing")
    model, _ = from_genius(*[files[0], sorted(files[1:])])
    assert from_files([tmp_path])[0] == model
    assert from_files([files[2], files[0], files[1]])[0] == model
    assert from_files(files)[0].parties == ("host", "guest")
    assert run(["deal", str(tmp_path)]) == 0
    (tmp_path / "second.xml").write_text(DOMAIN)
    with pytest.raises(GeniusError, match=r"a second domain \(domain.xml, second.xml\)"):
        from_files([tmp_path])
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(["deal", str(empty)]) == 1


def counted_up(model: Model, party: str) -> list[Fraction]:
    """All that a party counts, from its worst options up, and the walk-away likewise."""
    every = [list(of.values()) for of in model.values[party].values()]
    flat = [value - min(of) for of in every for value in of]  # type: ignore[operator, type-var]
    return [*flat, model.limit(party) - sum(map(min, every))]  # type: ignore[operator]


def test_a_model_written_as_genius_xml_reads_back(tmp_path: Path) -> None:
    """Genius's own value for value; others in units of their own."""
    for name in ("mini", "dd", "int"):
        model, _ = fault(name)
        texts, warnings = to_genius(model)
        assert not warnings
        folder = tmp_path / name
        folder.mkdir()
        for file, text in texts.items():
            (folder / file).write_text(text, "utf-8")
        again, _ = from_files([folder])
        assert again == model
    for seed in range(60):
        model = from_plain(random_model(seed, constraints=False))
        folder = tmp_path / str(seed)
        folder.mkdir()
        texts, _ = to_genius(model)
        assert len(texts) == 1 + len(model.parties)
        for file, text in texts.items():
            (folder / file).write_text(text, "utf-8")
        again, _ = from_files([folder])
        assert (again.parties, again.issues) == (model.parties, model.issues)
        for party in model.parties:
            mine, theirs = counted_up(model, party), counted_up(again, party)
            unit = next((b / a for a, b in zip(mine, theirs, strict=True) if a), Fraction(1))
            assert unit > 0 and [n * unit for n in mine] == theirs
            most = sum(max(of.values()) for of in again.values[party].values())
            assert most <= 1 + Fraction(1, 10**6)


def test_the_command_writes_genius_xml_and_never_over_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "genius"
    files = [str(path) for path in written(tmp_path)]
    assert run(["deal", *files, "--json", "--save-genius", str(folder)]) == 0
    first = capsys.readouterr()
    assert sorted(path.name for path in folder.iterdir()) == ["domain.xml", "guest.xml", "host.xml"]
    assert "Genius's files: " in first.err
    again = [str(folder / name) for name in ("domain.xml", "host.xml", "guest.xml")]
    assert run(["deal", *again, "--json"]) == 0
    assert (
        json.loads(capsys.readouterr().out)["n_acceptable"] == json.loads(first.out)["n_acceptable"]
    )
    assert run(["deal", *files, "--save-genius", str(folder)]) == 1
    assert capsys.readouterr().err.count("there is already such a file") == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"forbidden": [{"i": "x"}]}, "no constraints"),
        ({"parties": ["a", "b/c"]}, "can't give its name to a file"),
        ({"issues": {"i": {"x": [0, 1], "y": 1}}}, "some values are left open"),
        ({"issues": {"i": {"x\x01": 0, "y": 1}}}, "can't be written in XML"),
    ],
)
def test_what_genius_can_not_hold_is_said(change: dict, said: str) -> None:
    plain = {"parties": ["a", "b"], "issues": {"i": {"x": 0, "y": 1}}, **change}
    plain["issues"] = {
        i: {o: dict.fromkeys(plain["parties"], v) for o, v in of.items()}
        for i, of in plain["issues"].items()
    }
    with pytest.raises(ModelError, match=said):
        to_genius(from_plain(plain))
