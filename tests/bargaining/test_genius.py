"""Genius's XML: what it means, and what is wrong with it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from bargaining.test_deal import run
from detente.solve.bargaining import GeniusError, from_genius

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
