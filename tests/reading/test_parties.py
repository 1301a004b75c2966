"""Who: names found, and the parties that noun phrases and pronouns stand for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.reading.found import Actor
from detente.reading.text import pipeline
from detente.reading.who.gazetteer import Gazetteer
from detente.reading.who.parties import Parties
from detente.record.models import Party
from detente.record.plover import Sector

NLP = pipeline.load()
STANDARD = Gazetteer.standard()


def read(text, gazetteer=STANDARD):
    return Parties(pipeline.parse(text, NLP), gazetteer)


def token(parties, word):
    """The token `word`; its second occurrence is written `word#2`."""
    word, _, nth = word.partition("#")
    found = [t for t in parties.doc if t.text == word]
    return found[int(nth or 1) - 1]


def codes(text, word):
    parties = read(text)
    return [a.code for a in parties.actors(token(parties, word))]


ACTORS = [
    # names, demonyms, capitals, seats
    ("Tehran rejected the offer.", "Tehran", ["IRN"]),
    ("The talks in Doha failed.", "Doha", []),
    ("A bomb went off at Cabul airport.", "Cabul", []),
    ("The Kremlin denied the report.", "Kremlin", ["RUS"]),
    ("The Americans left the room.", "Americans", ["USA"]),
    ("The Security Council met on Monday.", "Council", ["un"]),
    ("The two Koreas opened an office.", "Koreas", ["PRK", "KOR"]),
    ("Moscow warned Prague. The Soviet Union sent tanks.", "Moscow", ["SUN"]),
    ("Moscow warned the Soviet Union's heirs. Russia sent tanks.", "Moscow", ["RUS"]),
    ("Brussels opened talks with Albania.", "Brussels", ["eu"]),
    ("Belgium is divided and Brussels is silent.", "Brussels", ["BEL"]),
    ("The Taliban’s envoy left.", "envoy", ["taliban"]),
    ("TALIBAN FREE SIX, IRAN SAYS", "IRAN", ["IRN"]),
    # words that look like names
    ("Please tell us the price.", "us", []),
    ("The anti-Taliban fighters attacked.", "fighters", []),
    ("The Russian-brokered truce held.", "truce", []),
    ("The Washington Post carried the story.", "Washington", []),
    ("In Atlanta, Georgia voters went to the polls.", "Georgia", []),
    ("Georgia freed three soldiers, Tbilisi said.", "Georgia", ["GEO"]),
    # governments behind offices and bodies
    ("Iranian negotiators left Vienna.", "negotiators", ["IRN"]),
    ("The foreign ministry in Kabul denied it.", "ministry", ["AFG"]),
    ("US officials in Cabul met the group.", "officials", ["USA"]),
    ("The Biden administration lifted the ban.", "administration", ["USA"]),
    ("Senior Hungarian and Romanian officials agreed.", "officials", ["HUN", "ROU"]),
    ("The presidents of Russia and Azerbaijan signed.", "presidents", ["RUS", "AZE"]),
    ("An aide to the prime minister in Baghdad agreed.", "aide", ["IRQ"]),
    ("Troops from Chad crossed the river.", "Troops", ["TCD"]),
    ("Members of the Haqqani network fled.", "Members", ["haqqani-network"]),
    ("The governments British and Irish signed.", "governments", ["GBR", "IRL"]),
    ("Mali wants peace. The army stopped firing.", "army", ["MLI"]),
    # groups
    ("Libyan rebels took the town.", "rebels", ["lby-rebels"]),
    ("Libyan rebels took the town. The rebels freed six men.", "rebels#2", ["lby-rebels"]),
    ("FARC rebels took the town.", "rebels", ["farc"]),
    ("Hamas made an offer. The group wants a truce.", "group", ["hamas"]),
    ("Hamas asked Israel for a list. The movement got it.", "movement", ["hamas"]),
    # persons act for their side
    ("French President Emmanuel Macron called.", "Macron", ["FRA"]),
    ("Ola Brandvik, Norway's prime minister, resigned.", "Brandvik", ["NOR"]),
    ("Norway's prime minister, Ola Brandvik, left. Brandvik wept.", "Brandvik#2", ["NOR"]),
    ("President Ola Brandvik of Norway resigned.", "Brandvik", ["NOR"]),
    ("Secretary of State Dana Quill flew home.", "Quill", ["USA"]),
    ("The American mechanic George Glezmann was freed.", "Glezmann", ["george-glezmann"]),
    ("Trump ordered a review.", "Trump", ["USA"]),
    # pronouns
    ("Hamas said Israel had broken its word. It left the talks.", "It", ["hamas"]),
    ("Hamas said Israel had broken its word.", "its", ["ISR"]),
    ("China and India said they would withdraw their troops.", "they", ["CHN", "IND"]),
    ("China and India said they would withdraw their troops.", "troops", ["CHN", "IND"]),
    ("The envoys of Iran met Kerry. He thanked them.", "He", ["USA"]),
    ("Djibouti, which accuses Eritrea, has appealed.", "which", ["DJI"]),
    ("France calls on Turkey to end its raids.", "its", ["TUR"]),
    ("It is recalled that Iran signed.", "It", []),
    ("Armenia and Azerbaijan fired. Both countries denied it.", "countries", ["ARM", "AZE"]),
    ("Cuba met Norway. The Minsk Group helped the two sides.", "sides", ["CUB", "NOR"]),
    ("Greece and Turkey blamed each other.", "other", ["GRC", "TUR"]),
]


@pytest.mark.parametrize(
    ("text", "word", "expected"), ACTORS, ids=[f"{a[0]} {a[1]}" for a in ACTORS]
)
def test_actors(text, word, expected):
    assert codes(text, word) == expected


BELONGS = [
    ("The American prisoners went home.", "prisoners", "USA"),
    ("The troops from Chad went home.", "troops", "TCD"),
    ("Iran reopened its embassy.", "embassy", "IRN"),
    ("The Taliban's fighters went home.", "fighters", "taliban"),
    ("They cut rewards on three members of the Haqqani network.", "rewards", "haqqani-network"),
    ("The Iranian economy shrank.", "economy", "IRN"),
    ("The American mechanic George Glezmann was freed.", "Glezmann", "USA"),
    ("The delegation flew to Damascus.", "Damascus", "SYR"),
]


@pytest.mark.parametrize(("text", "word", "expected"), BELONGS, ids=[b[0] for b in BELONGS])
def test_affiliation(text, word, expected):
    parties = read(text)
    assert [a.code for a in parties.affiliation(token(parties, word))] == [expected]


def test_a_thing_does_not_act():
    assert codes("The Iranian economy shrank.", "economy") == []


def test_an_actor_has_the_words_of_the_text():
    parties = read("Pyongyang agreed. The Taliban representatives left.")
    assert parties.actors(token(parties, "Pyongyang")) == (
        Actor("North Korea", "PRK", "Pyongyang", "state", "PRK", (Sector.GOV,)),
    )
    (actor,) = parties.actors(token(parties, "representatives"))
    assert (actor.text, actor.kind) == ("The Taliban representatives", "group")


# --- what a text introduces -------------------------------------------------------------


def test_an_acronym_in_parentheses_names_a_group():
    text = "The Lowland People's Front (LPF) attacked. The LPF denied it. The group fled."
    parties = read(text)
    (party,) = parties.found()
    assert (party.code, party.kind) == ("lpf", "group")
    assert [m.text for m in party.mentions] == ["Lowland People's Front", "LPF", "LPF"]
    assert [a.code for a in parties.actors(token(parties, "group"))] == ["lpf"]


def test_an_acronym_of_a_listed_group_is_the_listed_group():
    parties = read("The Revolutionary Armed Forces of Colombia (Farcos) fled. Farcos lost.")
    assert {p.code for p in parties.found()} == {"farc"}


def test_a_short_form_after_the_full_name():
    parties = read("The Security Council met in June. Iran asked the Council to wait.")
    assert [a.code for a in parties.actors(token(parties, "Council#2"))] == ["un"]


def test_short_forms_with_another_meaning_need_the_full_name():
    assert [p.code for p in read("Islamic State fled. Then IS came back.").found()] == ["isis"]
    assert read("THIS IS NOT WHO WE THOUGHT").found() == ()


def test_a_persons_office_is_kept():
    (norway, person) = read("Norway's prime minister, Ola Brandvik, left.").found()
    assert norway.code == "NOR"
    assert (person.kind, person.speaks_for) == ("person", ("NOR", "prime minister"))


def test_a_name_in_a_persons_name_is_no_state():
    kinds = {p.name: p.kind for p in read("On Monday Chad Smith called the office.").found()}
    assert kinds == {"Chad Smith": "person"}


def test_places_and_datelines_are_no_mentions():
    text = "ANKARA, 3 November 2022 - Talks in Geneva went on.\n\nOslo, Jan 3 - Nothing."
    assert read(text).found() == ()


def test_who_issued_a_communique_is_we():
    text = "ANKARA, 3 November 2022 - Our President called Moscow. We thank the United Nations."
    parties = read(text)
    assert [a.code for a in parties.actors(token(parties, "We"))] == ["TUR"]
    assert [a.code for a in parties.actors(token(parties, "President"))] == ["TUR"]


def test_we_in_a_quotation_is_the_speaker():
    parties = read('"We will sign," a Hamas spokesman said.')
    we = token(parties, "We")
    assert parties.actors(we) == ()
    spokesman = parties.actors(token(parties, "spokesman"))
    parties.quote_speakers.append((0, we.i + 4, spokesman))
    assert parties.actors(we) == (Actor("Hamas", "hamas", "We", "group", "PSE", (Sector.REB,)),)


def test_mentions_stand_in_the_text():
    text = "Türkiye’s envoy met the U.S. side — the “Contact Group” (CG) too."
    for party in read(text).found():
        for mention in party.mentions:
            assert text[mention.start : mention.end] == mention.text


def test_a_case_party_is_found_by_its_own_id():
    known = STANDARD.with_case([Party(id="hf", name="Hill Front", kind="group", aliases=("HF",))])
    parties = read("The HF agreed. The group signed.", known)
    assert [p.code for p in parties.found()] == ["hf"]
    assert [a.code for a in parties.actors(token(parties, "group"))] == ["hf"]


# --- speakers ---------------------------------------------------------------------------

TOLD = (
    "An American officer said the talks went well. The official praised Kabul. A second person "
    "familiar with the talks agreed with the officer. Another American officer disagreed. Later "
    "the second person familiar with the plan called."
)


def test_unnamed_speakers_are_kept_apart():
    parties = read(TOLD)
    keys = [
        parties.speaker(token(parties, word)).key
        for word in ("officer", "official", "person", "officer#2", "officer#3", "person#2")
    ]
    first, official, person, the_officer, another, the_person = keys
    assert first == official == the_officer
    assert person == the_person
    assert len({first, person, another}) == 3


def test_an_unnamed_speaker_has_a_party_and_no_name():
    parties = read(TOLD)
    speaker = parties.speaker(token(parties, "officer"))
    assert (speaker.name, speaker.named, speaker.party) == (None, False, "USA")
    assert speaker.text == "An American officer"


def test_a_person_keeps_one_key():
    parties = read("Norway's prime minister, Ola Brandvik, spoke. Brandvik smiled. He left.")
    full = parties.speaker(token(parties, "Brandvik"))
    assert (full.name, full.named, full.party) == ("Ola Brandvik", True, "NOR")
    for word in ("Brandvik#2", "He", "minister"):
        assert parties.speaker(token(parties, word)).key == full.key


def test_a_body_speaks_by_name():
    parties = read("Iran's foreign ministry objected. Tehran insisted. Iran said so.")
    ministry = parties.speaker(token(parties, "ministry"))
    assert (ministry.name, ministry.named, ministry.party) == (
        "Iran's foreign ministry",
        True,
        "IRN",
    )
    assert parties.speaker(token(parties, "Tehran")).key == "party:IRN"
    assert parties.speaker(token(parties, "Iran#2")).key == "party:IRN"


# --- input of any kind ------------------------------------------------------------------


@given(st.text(alphabet="aA ’'\".,()-\nUSIranKabul“”هص", max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_is_read(text):
    parties = read(text)
    for each in parties.doc:
        parties.actors(each), parties.affiliation(each), parties.speaker(each)
        assert parties.is_place(each) <= parties.is_party_word(each)
    for party in parties.found():
        assert party.mentions


@pytest.mark.parametrize("text", ["", " ", "\n\n", "(", "(UN)", "The (XYZ)", "the", "؟ نص"])
def test_hardly_any_text(text):
    parties = read(text)
    assert all(p.name for p in parties.found())
