from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from norland import CASE, MOVES, REPORTS, STATUSES, make

from detente.brief import Brief, build, html
from detente.record.dates import PartialDate
from detente.tracking import track

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;"


class Page(HTMLParser):
    """Tags with their attributes, ids, links and all visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]

    @property
    def hrefs(self) -> list[str]:
        return [attrs["href"] for tag, attrs in self.tags if tag == "a"]


def made(record, **options) -> Brief:
    return build(record, track(record, **options))


@pytest.fixture(scope="module")
def text(brief) -> str:
    return html(brief)


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


def item(text: str, entry: str) -> str:
    """The piece of the page that shows one move."""
    return text.split(f'id="move-{entry}"')[1].split("</li>")[0]


def test_every_link_inside_the_page_leads_somewhere_and_ids_are_unique(page):
    inside = {href[1:] for href in page.hrefs if href.startswith("#")}
    assert inside <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert len(inside) > 20


def test_the_page_loads_nothing_and_runs_nothing(text, page):
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "img", "iframe", "object")]
    assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on") or a == "src"]
    assert "@import" not in text
    assert re.findall(r"url\((?!#)", text) == []
    outside = [a for _, a in page.tags if a.get("href", "").startswith("http")]
    assert [a["href"] for a in outside] == ["https://example.org/wire/1?a=1&b=2"]
    assert all("noreferrer" in a["rel"] for a in outside)


def test_a_report_address_that_is_no_web_page_is_not_a_link():
    front = REPORTS["wire"].model_copy(update={"url": "javascript:alert(1)"})
    assert "javascript:" not in html(made(make(reports={"wire": front})))


def test_every_move_and_status_stands_on_the_page_with_its_exact_words(page, record):
    for entry in record.moves:
        assert f"move-{entry.id}" in page.ids
        assert all(source.quote in page.text for source in entry.sources)
    for status in record.statuses:
        assert f"status-{status.id}" in page.ids


def test_an_entry_opens_to_words_speaker_report_and_rating(text):
    shown = item(text, "ask-office")
    assert "it again asked for its trade office" in shown
    assert (
        "Said by <bdi>official of the northern government (not named)</bdi>, as the report puts it"
        in shown
    )
    assert "Southmark frees a mechanic and asks for more" in shown
    assert "Coast Wire, 1\u00a0Apr\u00a02025" in shown
    assert "B3 usually reliable; possibly true" in shown


def test_unreviewed_entries_are_marked_in_words_and_confirmed_ones_are_not(text, record):
    for entry in record.moves:
        assert ("unreviewed" in item(text, entry.id)) is (entry.review == "machine")


def test_what_has_not_happened_says_so_in_words_and_by_a_label(text, record):
    told = {
        "future": ("planned or expected to", "not yet done"),
        "hypothetical": ("would or might", "only possible"),
        "negated": ("reportedly did not", "said not to have happened"),
    }
    seen = [entry for entry in record.moves if entry.aspect.value in told]
    assert {entry.aspect.value for entry in seen} == set(told)
    for entry in seen:
        assert all(words in item(text, entry.id) for words in told[entry.aspect.value])


def test_attribution_stands_with_the_move(text):
    assert "according to official of the northern government (not named)" in item(
        text, "ask-office"
    )
    assert "according to" not in item(text, "ask-officers")


def test_rejected_entries_are_left_out_and_counted(page):
    assert "move-wrongly-read" not in page.ids
    assert "rejected by hand" not in page.text
    assert "1 entry rejected by a person was left out." in page.text


def test_the_head_says_what_the_brief_rests_on(page, brief):
    assert brief.dateline == (
        "2011 to 1\u00a0April\u00a02025",
        "3 reports",
        "23 entries",
        "7 of them confirmed by a person",
    )
    assert "One report has no date." in page.text
    assert 3 <= len(brief.short) <= 7


def test_the_short_sentences_name_latest_moves_demands_and_promises(brief):
    said = " ".join(map(str, brief.short)).replace("\u00a0", " ")
    assert "The latest dated move, 1 April 2025: Southmark → Norland, refused to give way" in said
    assert "The latest by another party, 28 March 2025: Norland → Southmark, refused" in said
    assert "the last to move was Southmark" in said
    assert "1 demand is open: Southmark → Norland, recognition of the border line" in said
    assert "Of 2 commitments, 1 is reported kept late and 1 is reported broken." in said
    assert "second round" not in said  # only planned


def test_the_plots_are_well_formed_described_and_each_has_its_table(text, page):
    plots = re.findall(r"<svg.*?</svg>", text, re.S)
    assert len(plots) >= 2
    for plot in plots:
        tree = ElementTree.fromstring(plot)
        assert [child.tag.split("}")[1] for child in tree][:2] == ["title", "desc"]
    tables = [tag for tag, attrs in page.tags if attrs.get("class") == "wide"]
    assert len(tables) >= len(plots)
    assert text.count("<caption>") == text.count("<table")


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert ("html", {"lang": "en"}) in page.tags


def test_hostile_text_is_shown_as_text():
    move = {
        **MOVES[0],
        "what": EVIL,
        "by": ["nobody-known"],
        "if": EVIL,
        "note": EVIL,
        "sources": [{"report": "wire", "quote": EVIL, "said_by": {"role": EVIL}}],
    }
    front = REPORTS["wire"].model_copy(update={"title": EVIL, "publisher": EVIL, "note": EVIL})
    case = {**CASE, "title": EVIL, "question": EVIL, "note": EVIL}
    text = html(build(*_tracked(make(case=case, moves=[move], reports={"wire": front})),
                      warnings=[EVIL]))  # fmt: skip
    page = Page(text)
    assert not [tag for tag, _ in page.tags if tag in ("script", "img")]
    assert page.text.count(EVIL) >= 8
    for plot in re.findall(r"<svg.*?</svg>", text, re.S):
        ElementTree.fromstring(plot)


def _tracked(record):
    return record, track(record)


def test_characters_that_break_or_turn_a_page_are_made_harmless():
    move = {**MOVES[0], "what": "a\x00b\x1bc\u202ed", "sources": [
        {"report": "wire", "quote": "عاد السجناء إلى بيوتهم 🕊️\u202e"}]}  # fmt: skip
    text = html(made(make(case=CASE, moves=[move], reports=REPORTS)))
    assert not set("\x00\x1b\u202e") & set(text)
    assert "a�b�cd" in text
    assert '<blockquote dir="auto">عاد السجناء إلى بيوتهم 🕊️</blockquote>' in text


def test_moves_without_a_date_qualify_what_is_called_the_latest():
    brief = made(make(moves=[MOVES[1], {**MOVES[0], "date": None}], reports=REPORTS))
    assert "1 move reported as done has no date and may be later." in map(str, brief.short)


def test_a_status_without_a_beginning_is_not_said_to_begin():
    status = {**STATUSES[0], "from": None}
    text = html(made(make(case=CASE, statuses=[status], reports=REPORTS)))
    assert "Embassy: closed" in text
    assert "(begins)" not in text


def test_an_empty_record_gets_a_sentence_that_helps():
    text = html(made(make()))
    assert "The record is empty" in text
    assert "None" not in Page(text).text
    assert "recognised as a move" in html(made(make(reports=REPORTS)))


def test_one_move_without_a_date_or_an_actor():
    move = {**MOVES[0], "id": "only", "date": None, "by": []}
    brief = made(make(moves=[move], reports=REPORTS))
    text = html(brief)
    assert brief.timeline is None
    assert "actor not named → southmark" in text
    assert "No date given" in text
    assert 'id="move-only"' in text


def test_a_brief_of_an_earlier_day_leaves_out_what_came_later_and_says_so(record):
    brief = made(record, as_of=PartialDate.parse("2021-12-31"))
    text = html(brief)
    assert "as of 31\u00a0December\u00a02021" in text
    assert "from after 31\u00a0December\u00a02021 were left out" in text
    assert "move-ask-office" not in text
    page = Page(text)
    assert {href[1:] for href in page.hrefs if href.startswith("#")} <= set(page.ids)
    nothing = made(record, as_of=PartialDate.parse("1999"))
    assert "Choose a later day" in html(nothing)


def test_reports_that_disagree_stand_side_by_side():
    first = {**MOVES[0], "id": "yes", "date": "2025-03-20"}
    second = {**first, "id": "no", "aspect": "negated"}
    record = make(case=CASE, moves=[first, second], reports=REPORTS)
    brief = made(record)
    assert [(d.first.id, d.second.id) for d in brief.disputes] == [("yes", "no")]
    assert "Where do the reports disagree?" in html(brief)
    assert "contradict each other on 1 point" in " ".join(map(str, brief.short))


def test_a_long_record_drops_nothing_and_is_quick():
    moves = [
        {**MOVES[0], "id": f"m{n}", "date": f"{2000 + n % 25}-{1 + n % 12:02d}-{1 + n % 28:02d}",
         "what": f"matter {n}"}
        for n in range(2000)
    ]  # fmt: skip
    record = make(case=CASE, moves=moves, reports=REPORTS)
    tracking = track(record)
    begun = time.process_time()
    text = html(build(record, tracking))
    assert time.process_time() - begun < 8  # a tenth of it on an idle machine
    ids = set(re.findall(r'id="move-(m\d+)"', text))
    assert ids == {f"m{n}" for n in range(2000)}
    assert "These are the last 200 of 2,0" in text
