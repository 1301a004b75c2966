"""The lists of names: what they hold, and what a case puts before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.reading import tables
from detente.reading.who import gazetteer
from detente.reading.who.gazetteer import Gazetteer
from detente.record.models import Party, SpeaksFor

STANDARD = Gazetteer.standard()

FORMS = [
    ("the U.S.", "USA", "name"), ("US", "USA", "name"), ("America", "USA", "name"),
    ("Americans", "USA", "people"), ("the White House", "USA", "seat"),
    ("Washington", "USA", "capital"), ("Britain", "GBR", "name"), ("U.K.", "GBR", "name"),
    ("Downing Street", "GBR", "seat"), ("British", "GBR", "demonym"), ("Holland", "NLD", "name"),
    ("Dutch", "NLD", "demonym"), ("Spaniards", "ESP", "people"), ("Burma", "MMR", "name"),
    ("Côte d’Ivoire", "CIV", "name"), ("Ivory Coast", "CIV", "name"), ("Cabul", "AFG", "capital"),
    ("Kiev", "UKR", "capital"), ("Kyiv", "UKR", "capital"), ("Peking", "CHN", "capital"),
    ("Teheran", "IRN", "capital"), ("Bogotá", "COL", "capital"), ("Bogota", "COL", "capital"),
    ("Türkiye", "TUR", "name"), ("Sana’a", "YEM", "capital"), ("Élysée", "FRA", "seat"),
    ("North Korean", "PRK", "demonym"), ("South Sudan", "SSD", "name"),
    ("Guinea-Bissau", "GNB", "name"), ("Papua New Guinea", "PNG", "name"),
    ("Equatorial Guinea", "GNQ", "name"), ("Nigerien", "NER", "demonym"),
    ("Nigerian", "NGA", "demonym"), ("Congolese", "COD", "demonym"),
    ("Dominican", "DOM", "demonym"), ("Dominica", "DMA", "name"), ("French", "FRA", "demonym"),
    ("Indian", "IND", "demonym"), ("Chinese", "CHN", "demonym"), ("Kosovo", "XKX", "name"),
    ("Taiwan", "TWN", "name"), ("Palestinian", "PSE", "demonym"), ("Vatican", "VAT", "name"),
    ("Soviet Union", "SUN", "name"), ("Yugoslav", "YUG", "demonym"),
    ("East Germany", "DDR", "name"), ("Czechoslovakia", "CSK", "name"),
    ("Security Council", "un", "name"), ("NATO", "nato", "name"), ("ICRC", "icrc", "name"),
    ("European Commission", "eu", "name"), ("Taleban", "taliban", "name"),
    ("al-Qaida", "al-qaeda", "name"), ("Islamic State-Khorasan", "isis-k", "name"),
    ("Hizbullah", "hezbollah", "name"), ("Tamil Tigers", "ltte", "name"),
    ("IRAN", "IRN", "name"), ("YEREVAN", "ARM", "capital"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "how"), FORMS, ids=[f[0] for f in FORMS])
def test_form(words, code, how):
    (match,) = STANDARD.match(f"Here {words} is named.")
    assert match.form.named[0].code == code
    assert match.form.how == how


def test_the_longest_name_is_meant():
    text = "South Sudan, the Washington Post, New Mexico and East Jerusalem"
    assert [text[m.start : m.end] for m in STANDARD.match(text)] == [
        "South Sudan",
        "Washington Post",
        "New Mexico",
        "East Jerusalem",
    ]


@pytest.mark.parametrize("text", ["polish the brass", "tell us more", "a chad", "who is it", ""])
def test_common_words_are_no_names(text):
    assert STANDARD.match(text) == []


def test_a_name_does_not_reach_over_a_paragraph():
    assert [m.form.named[0].code for m in STANDARD.match("in the North\n\nKorea's rivers")] == []


def test_leaders_carry_party_and_office():
    form = STANDARD.form("Vladimir Putin")
    assert (form.party.code, form.office) == ("RUS", "president")


def test_every_state_has_one_name():
    names = {}
    for _, form in STANDARD.forms:
        for named in form.named:
            if named.kind == "state":
                names.setdefault(named.code, set()).add(named.name)
    # DEU is West Germany's code too (historic_states.tsv).
    assert {code: n for code, n in names.items() if len(n) > 1} == {
        "DEU": {"Germany", "West Germany"}
    }


def test_codes_of_groups_and_organisations_are_ids():
    for _, form in STANDARD.forms:
        for named in form.named:
            if named.kind != "state":
                assert Party(id=named.code, name=named.name, kind=named.kind)


@pytest.mark.parametrize(
    "name",
    ["ambiguous", "authorities", "blocked", "groups", "historic_states", "leaders", "organisations",
     "pairs", "removals", "roles", "seats", "state_names", "states", "titles"],
)  # fmt: skip
def test_tables_are_whole(name):
    rows = list(tables.table(name))
    keys = [tuple(row) for row in rows]
    assert rows and len(set(keys)) == len(keys)


def test_a_row_without_columns_is_refused(monkeypatch):
    class Broken:
        def joinpath(self, *_):
            return self

        def read_text(self, encoding):
            return "# a comment\nXXX no tab here\n"

    monkeypatch.setattr(tables, "files", lambda package: Broken())
    with pytest.raises(ValueError, match=r"states\.tsv:2.*tab"):
        list(tables.table("states"))


# --- a case's own parties ---------------------------------------------------------------


def codes(known, text):
    return [m.form.named[0].code for m in known.match(text)]


def test_a_case_names_its_own_group():
    party = Party(id="tb", name="Taliban", kind="group")
    assert codes(STANDARD.with_case([party]), "Taliban and Taleban") == ["tb", "tb"]


def test_a_case_state_keeps_its_iso_code():
    usa = Party(id="usa", name="United States", kind="state", code="USA")
    no_code = Party(id="us", name="United States", kind="state")
    for party in (usa, no_code):
        known = STANDARD.with_case([party])
        assert codes(known, "Washington and the Americans") == ["USA", "USA"]


def test_a_case_alias_comes_first():
    party = Party(id="hq", name="Haqqani network", kind="group", aliases=("The Family", "Kabul"))
    assert codes(STANDARD.with_case([party]), "The Family in Kabul, the Haqqanis") == ["hq"] * 3


def test_a_case_person_speaks_for_a_case_party():
    parties = [
        Party(id="front", name="Hill Front", kind="group"),
        Party(
            id="ato",
            name="Ato Brenn",
            kind="person",
            speaks_for=(SpeaksFor(party="front", office="envoy"),),
        ),
    ]
    (match,) = STANDARD.with_case(parties).match("Ato Brenn said so.")
    assert (match.form.party.code, match.form.office) == ("front", "envoy")


def test_a_state_the_lists_lack():
    party = Party(id="ruritania", name="Ruritania", kind="state")
    assert codes(STANDARD.with_case([party]), "Ruritania agreed") == ["ruritania"]


def test_the_standard_lists_stay_as_they_are():
    STANDARD.with_case([Party(id="tb", name="Taliban", kind="group")])
    assert codes(STANDARD, "Taliban") == ["taliban"]


# --- ids --------------------------------------------------------------------------------


@given(st.text(min_size=1).filter(str.strip))
def test_a_slug_is_an_id(words):
    made = gazetteer.slug(words)
    assert Party(id=made, name="x", kind="group")
    assert gazetteer.slug(words) == made


def test_names_in_other_scripts_get_ids_that_differ():
    assert gazetteer.slug("حماس") != gazetteer.slug("فتح")


@given(st.text(max_size=200))
def test_matches_are_in_order_and_apart(text):
    last = 0
    for match in STANDARD.match(text):
        assert last <= match.start < match.end <= len(text)
        last = match.end
