"""Who: countries and sectors, what a case declares, what comes with a text."""

import pytest

from detente.reading.propose import propose
from detente.reading.read import read_text
from detente.reading.who.context import Context, issuer
from detente.reading.who.gazetteer import Gazetteer
from detente.record.dates import PartialDate
from detente.record.models import Party, ReportFront
from detente.record.record import Report


def surest(text, **more):
    return max(read_text(text, **more).moves, key=lambda move: move.confidence)


def codes(actors):
    return [actor.code for actor in actors]


def proposed(text, **more):
    report = Report("r", ReportFront(), text, "r.md")
    return propose([read_text(text, report="r")], reports=[report], **more)


# --- within one country ------------------------------------------------------------------

WITHIN = [
    # text, by, its country, its sector
    ("Togo's opponents took to the streets of Lome.", "tgo-opposition", "TGO", "OPP"),
    ("Workers in Lima went on strike on Monday.", "per-workers", "PER", "LAB"),
    ("Students in Oslo marched against the law.", "nor-people", "NOR", "CVL"),
    ("Gunmen in Quito attacked a bus.", "ecu-armed-groups", "ECU", "UAF"),
    ("Forces loyal to Togo's president attacked Ghana.", "TGO", "TGO", "MIL"),
    ("Gunmen loyal to Togo's president attacked Ghana.", "tgo-loyalists", "TGO", "PRM"),
    ("Togolese police arrested three men.", "TGO", "TGO", "COP"),
    ("Chad's army overthrew the government.", "TCD", "TCD", "MIL"),
    ("Masked attackers shot a farmer.", "attackers", None, "UAF"),
]


@pytest.mark.parametrize(("text", "code", "country", "sector"), WITHIN, ids=[w[0] for w in WITHIN])
def test_organs_keep_their_states_code_and_others_are_of_their_own(text, code, country, sector):
    (actor,) = surest(text).by
    assert (actor.code, actor.country, actor.sector[0]) == (code, country, sector)


def test_opponents_act_against_whom_they_oppose():
    move = surest("Gnassingbe's opponents took to the streets on Monday.")
    assert (codes(move.by), codes(move.to)) == (["tgo-opposition"], ["TGO"])


def test_who_is_loyal_to_a_president_is_not_of_the_country_whose_embassy_it_attacks():
    move = surest("Gunmen loyal to the president attacked the embassy of Ghana.")
    assert [actor.country for actor in move.by] == [None]
    assert codes(move.to) == ["GHA"]


@pytest.mark.parametrize(
    "text",
    [
        "A US-backed militia attacked the village.",
        "A Russian-led coalition attacked Chad.",
        "Anti-Chad protesters marched in Niamey.",
    ],
)
def test_what_is_backed_led_or_against_somebody_is_not_that_somebody(text):
    assert not {"USA", "RUS", "TCD"} & {actor.country for actor in surest(text).by}


def test_one_organ_may_act_on_another_of_its_state():
    moves = proposed("Chad's army attacked the presidential guard of Chad's government.").moves
    assert all(set(move.by).isdisjoint(move.to) for move in moves)


def test_a_state_on_both_sides_is_told_apart_by_sector():
    made = proposed("Turkish police arrested Turkish students.")
    (move,) = made.moves
    parties = {party.id: party for party in made.parties}
    assert [parties[id].country for id in (*move.by, *move.to)] == ["TUR", "TUR"]
    assert [parties[id].sector[0] for id in (*move.by, *move.to)] == ["COP", "CVL"]


def test_nobody_in_particular_is_no_party_of_the_record():
    made = proposed("Masked attackers shot a farmer near Ghana's embassy.")
    assert "attackers" not in {party.id for party in made.parties}


# --- who it is done to -------------------------------------------------------------------

TO = [
    ("Chad condemned Niger's attack on the village.", ["NER"]),
    ("Chad rejected the demand of Tonga to withdraw.", ["TON"]),
    ("Malta vetoed a United Nations resolution to extend the sanctions on Mali.", ["un"]),
    ("Peru condemned the decision of the court in Quito.", ["ECU"]),
    ("Peru called on all countries to close their ports.", ["countries"]),
    ("The union accused the government of fraud.", ["government"]),
]


@pytest.mark.parametrize(("text", "to"), TO, ids=[t[0] for t in TO])
def test_the_recipient_is_found_where_it_stands(text, to):
    assert codes(surest(text).to) == to


def test_passives_of_state_power_are_done_by_the_state_of_the_place():
    assert codes(surest("Five men were arrested in Peru.").by) == ["PER"]
    assert codes(surest("Two pilots were released from a Turkish prison.").by) == ["TUR"]


def test_bombs_on_a_town_are_bombs_on_its_people():
    (actor,) = surest("Norwegian jets bombed Lima.").to
    assert (actor.code, actor.sector) == ("PER", ("CVL",))


def test_both_who_fell_in_a_fight_fought():
    move = surest("One Ghanaian soldier and nine Togolese rebels were killed in a clash.")
    assert (codes(move.by), codes(move.to)) == (["GHA", "tgo-rebels"], [])


# --- what a case declares ----------------------------------------------------------------

ALLIANCE = Party(
    id="union-of-the-lake",
    name="the Union of the Lake",
    kind="organisation",
    country="TCD",
    sector="OPP",
    aliases=("lake union", "Georgia"),
)


@pytest.mark.parametrize("words", ["Lake Union", "LAKE UNION", "lake union", "Georgia"])
def test_an_alias_counts_in_whatever_letters_and_before_the_tables(words):
    for text in (f"The {words} rejected the plan.", f"On Monday, Peru said, the {words} struck."):
        found = read_text(text, case_parties=[ALLIANCE])
        assert "union-of-the-lake" in {party.code for party in found.parties}


def test_a_short_name_in_capitals_is_no_word():
    us = Party(id="us", name="Union of Sailors", kind="organisation", aliases=("US",))
    assert not read_text("They told us to go.", case_parties=[us]).parties


def test_the_cases_party_of_that_country_and_sector_comes_before_the_state():
    parties = [
        Party(id="chad", name="Chad", kind="state", code="TCD"),
        Party(id="guard", name="the Guard", kind="group", country="TCD", sector="COP"),
        ALLIANCE,
    ]
    (move,) = proposed("Chadian police arrested a farmer from Peru.", parties=parties).moves
    assert move.by == ("guard",)
    (move,) = proposed("Chad's opposition rejected the plan.", parties=parties).moves
    assert move.by == ("union-of-the-lake",)
    (move,) = proposed("Chad rejected the plan.", parties=parties).moves
    assert move.by == ("chad",)


# --- what comes with a text ----------------------------------------------------------------

ISSUERS = [
    ("Telegram From the Embassy in Chile to the Department of State", None, ["USA"]),
    ("Joint statement by Chile and Peru on the lake", None, ["CHL", "PER"]),
    ("Statement by the Government of Norway on the talks with Chad", None, ["NOR"]),
    ("Talks on the lake go on", "The White House", ["USA"]),
    ("Chile and Peru resume talks", "Daily News", []),
]


@pytest.mark.parametrize(("title", "publisher", "expected"), ISSUERS, ids=[i[0] for i in ISSUERS])
def test_who_issued_a_text(title, publisher, expected):
    context = Context(title, publisher)
    assert codes(issuer(context, "", Gazetteer.standard())) == expected


def test_we_outside_quotation_marks_is_who_issued_the_text():
    title = "Telegram From the Embassy in Chile to the Department of State"
    assert codes(surest("We condemn the attack by Peru.", title=title).by) == ["USA"]
    quoted = surest('"We condemn the attack by Peru," Chile said.', title=title)
    assert codes(quoted.by) == ["CHL"]


def test_a_telegram_calls_governments_and_its_own_secretary_by_no_name():
    title = "Telegram From the Department of State to the Embassy in Cyprus"
    text = "The envoy of Cyprus called on Monday. Secretary urged GOC to accept the plan."
    move = max(read_text(text, title=title).moves, key=lambda m: m.type == "REQUEST")
    assert (codes(move.by), codes(move.to)) == (["USA"], ["CYP"])


def test_the_two_leaders_are_those_of_the_headline():
    move = surest("The two leaders met on Monday.", title="Chad and Niger resume talks")
    assert codes(move.by) == ["TCD", "NER"]


def test_an_office_is_its_last_holders():
    text = (
        "Ghana's President Kofi Mensah arrived in Chad. Norway waited. The president condemned it."
    )
    assert codes(surest(text).by) == ["GHA"]


def test_a_prime_minister_speaking_in_a_capital_is_of_that_state():
    text = (
        "Speaking in Oslo on Monday, the prime minister demanded that Denmark withdraw its ships."
    )
    move = surest(text, date=PartialDate.parse("2023-05-10"))
    assert (codes(move.by), codes(move.to)) == (["NOR"], ["DNK"])


def test_an_office_counts_from_when_it_was_held():
    def by(day):
        return codes(surest("Joe Biden condemned Chad.", date=PartialDate.parse(day)).by)

    assert by("2022-05-01") == ["USA"]
    assert by("1995-05-01") == ["joe-biden"]


def test_bylines_photographers_and_agencies_are_no_parties():
    text = "By Ann Holm\n\nLOME (Reuters) - Togo rejected the plan.\n\nPhoto: Ole Berg/Reuters"
    assert {code for move in read_text(text).moves for code in codes(move.by)} == {"TGO"}
