"""Merging what reading finds into record.yaml."""

import multiprocessing
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import BadInput
from detente.record import plover
from detente.record.files import locked
from detente.record.merge import HEADER, apply, merge
from detente.record.models import (
    RUNGS,
    CaseFile,
    Move,
    Party,
    RecordFile,
    ReportFront,
    SaidBy,
    Source,
    SpeaksFor,
    Status,
)
from detente.record.plover import Aspect, MoveType
from detente.record.record import Record, Report
from detente.record.splicing import Splicer
from detente.record.store import parse_record

FILE = Path("record.yaml")
FREED = "The Taliban freed a mechanic on 20 March."
ASKED = "They asked for an office and for talks."
WIRE = f"{FREED} {ASKED} The envoy left the same day."
PAPER = "An American mechanic was released, officials said. No other prisoner was freed."


def report(id: str, text: str, date: str | None = "2025-04-07") -> Report:
    return Report(id, ReportFront.model_validate({"date": date}), text, Path(f"{id}.txt"))


RECORD = Record(
    CaseFile(title="t", question="q", parties=(Party(id="usa", name="US", kind="state"),)),
    reports={"wire": report("wire", WIRE), "paper": report("paper", PAPER)},
)


def move(quote: str = FREED, *, cites: str = "wire", id: str = "new-1", **fields) -> Move:
    """A release by the Taliban, unless other fields are given."""
    given = {
        "date": "2025-03-20",
        "type": "RETREAT",
        "mode": "release",
        "by": ("taliban",),
        "to": ("usa",),
        "what": "release of an American mechanic",
    }
    source = Source(report=cites, quote=quote)
    return Move.model_validate({"id": id, **given, "sources": (source,), **fields})


def request(quote: str = ASKED, **fields) -> Move:
    return move(quote, **{"type": "REQUEST", "mode": None, "what": "an office", **fields})


def status(quote: str = "It is closed.", *, cites: str = "wire", **fields) -> Status:
    given = {"attribute": "embassy", "value": "closed", "by": ("usa",), "to": ("taliban",)}
    source = Source(report=cites, quote=quote)
    return Status.model_validate({"id": "new-status-1", **given, "sources": (source,), **fields})


def merged(text: str, *moves: Move, statuses=(), parties=(), record: Record = RECORD):
    return merge(text, FILE, record, moves=moves, statuses=statuses, parties=parties)


def read(text: str) -> RecordFile:
    """The record in a text that must be right in form."""
    return parse_record(text, FILE)


def dumped(entries) -> list[dict[str, object]]:
    """Entries without where they stand."""
    return [entry.model_dump() for entry in entries]


def keeps(old: str, new: str) -> bool:
    """Whether the old text's lines all stand in the new one, in order."""
    rows = iter(new.splitlines(keepends=True))
    return all(any(row == kept for row in rows) for kept in old.splitlines(keepends=True))


# --- a first reading ---------------------------------------------------------------------


def test_a_new_entry_is_written_as_in_the_docs():
    said_by = SaidBy(role="US official")
    source = Source(report="wire", quote=FREED, said_by=said_by, credibility=2)
    result = merged("", move(issue="detained-americans", sources=(source,)))
    assert result.text == HEADER + (
        "moves:\n"
        "- id: 2025-03-20-taliban-retreat-release-1\n"
        "  date: 2025-03-20\n"
        "  type: RETREAT\n"
        "  mode: release\n"
        "  by: [taliban]\n"
        "  to: [usa]\n"
        "  what: release of an American mechanic\n"
        "  issue: detained-americans\n"
        "  aspect: actual\n"
        "  sources:\n"
        "  - report: wire\n"
        '    quote: "The Taliban freed a mechanic on 20 March."\n'
        "    said_by: {name: null, role: US official, named: false}\n"
        "    direct: false\n"
        "    credibility: 2\n"
        "  review: machine\n"
    )
    assert result.added == ("2025-03-20-taliban-retreat-release-1",)


def test_statuses_and_parties_get_their_lists():
    person = Party(
        id="bo",
        name="Bo: the envoy",
        kind="person",
        speaks_for=(
            SpeaksFor.model_validate({"party": "usa", "office": "envoy", "from": "2025"}),
            SpeaksFor.model_validate({"party": "un", "from": "~2020-01", "to": "2024-12-31"}),
        ),
    )
    result = merged("", statuses=[status()], parties=[person])
    record = read(result.text)
    assert dumped(record.parties) == dumped([person])
    assert record.statuses[0].id == "2025-04-07-usa-embassy-closed-1"
    assert result.parties == ("bo",)
    assert not record.moves


def test_nothing_found_leaves_nothing():
    assert merged("").text == ""
    assert merged("# mine\n").text == "# mine\n"


def test_an_undated_move_is_called_after_its_report():
    assert merged("", move(date=None)).added == ("2025-04-07-taliban-retreat-release-1",)
    silent = Record(RECORD.case, reports={"wire": report("wire", WIRE, None)})
    assert merged("", move(date=None), record=silent).added == (
        "undated-taliban-retreat-release-1",
    )


def test_ids_are_unique_and_never_given_anew():
    text = merged("", move("Quote one."), move("Quote two.", what="release of a teacher")).text
    assert [m.id[-2:] for m in read(text).moves] == ["-1", "-2"]
    without_first = (
        text[: text.index("- id:")] + text[text.index("- id:", text.index("- id:") + 1) :]
    )
    again = merged(without_first, move("Quote three.", what="release of a nurse"))
    assert [m.id[-2:] for m in read(again.text).moves] == ["-2", "-1"]


def test_ids_of_standing_facts_are_unique_too():
    told = status("It is shut, one said.", what="the old building")
    text = merged("", statuses=[status()]).text
    assert merged(text, statuses=[told]).added == ("2025-04-07-usa-embassy-closed-2",)


# --- reading again -----------------------------------------------------------------------

PROPOSALS = (move(), request(), request(what="talks"), move("The envoy left the same day."))


def test_the_same_report_twice_changes_nothing():
    first = merged("", *PROPOSALS, statuses=[status()])
    again = merged(first.text, *PROPOSALS, statuses=[status()])
    assert again.text == first.text
    assert (again.added, again.joined, again.unchanged) == ((), (), 5)


def test_the_same_finding_twice_in_one_reading_is_one():
    assert len(merged("", move(), move(id="new-2")).added) == 1


@pytest.mark.parametrize("review", ["confirmed", "rejected"])
@pytest.mark.parametrize(
    "edit",
    [
        ("type: RETREAT\n  mode: release", "type: CONCEDE"),
        ("by: [taliban]", "by: [qatar, taliban]"),
        ("date: 2025-03-20", "date: 2025-03"),
        ("what: release of an American mechanic", "what: his return home"),
        ("  to: [usa]\n", ""),
        ("freed a mechanic on 20 March.", "freed a mechanic"),
        ("type: RETREAT\n  mode: release", "type: CONCEDE  # not a release"),
        ("The Taliban freed a mechanic", "The  Taliban freed   a mechanic"),
    ],
)
def test_what_a_person_edited_is_not_proposed_again(edit, review):
    text = merged("", move()).text
    assert edit[0] in text
    edited = text.replace(*edit).replace("review: machine", f"review: {review}")
    assert merged(edited, move()).text == edited


def test_type_and_quote_may_both_be_edited():
    text = merged("", move(), request()).text
    edited = text.replace("type: RETREAT\n  mode: release", "type: CONCEDE")
    edited = edited.replace("freed a mechanic on 20 March.", "freed a mechanic")
    assert merged(edited, move(), request()).text == edited


def test_moves_that_share_a_quote_are_told_apart():
    one, other = request(what="an office"), request(what="talks", to=())
    third = request(type="THREATEN", what="an end to talks")
    text = merged("", one, other, third).text
    assert len(read(text).moves) == 3
    assert merged(text, third, other, one).text == text
    corrected = text.replace("type: THREATEN", "type: REJECT")
    assert merged(corrected, one, other, third).text == corrected


def test_a_new_finding_in_a_known_quote_is_added():
    text = merged("", request(what="an office")).text
    again = merged(text, request(what="an office"), request(type="THREATEN", what="an end"))
    assert len(again.added) == 1
    assert keeps(text, again.text)


def test_a_deleted_entry_comes_back():
    text = merged("", move(), request()).text
    shorter = text[: text.index("- id: 2025-03-20-taliban-request")]
    assert merged(shorter, move(), request()).text == text


def test_an_entry_that_is_wrong_in_form_still_counts_as_there():
    text = merged("", move()).text.replace("date: 2025-03-20", "date: last spring")
    assert merged(text, move()).text == text
    added = merged(text, request(by=("taliban",)))
    assert len(added.added) == 1


# --- one event, two reports --------------------------------------------------------------


def told_again(**fields) -> Move:
    return move("An American mechanic was released", **{"cites": "paper", **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"to": ()},
        {"mode": None},
        {"date": "2025-03"},
        {"date": "~2025-03-20"},
        {"what": "the mechanic's release"},
        {"what": "release of a detained American mechanic"},
        {"aspect": "historical"},
        {"issue": "prisoners"},
    ],
)
def test_the_same_event_gets_a_second_source(fields):
    text = merged("", move(), request()).text
    result = merged(text, told_again(**fields))
    assert result.joined == ("2025-03-20-taliban-retreat-release-1",)
    assert not result.added
    assert keeps(text, result.text)
    first, second = read(result.text).moves[0].sources
    assert (first.report, second.report) == ("wire", "paper")
    assert dumped(read(result.text).moves[1:]) == dumped(read(text).moves[1:])
    assert merged(result.text, told_again(**fields), move(), request()).text == result.text


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "CONCEDE", "mode": None},
        {"by": ("qatar",)},
        {"by": ()},
        {"to": ("iran",)},
        {"date": "2025-03-21"},
        {"date": None},
        {"what": "release of an American teacher"},
        {"what": "release of two American mechanics"},
        {"what": "withdrawal of troops"},
        {"aspect": "negated"},
        {"aspect": "hypothetical"},
        {"aspect": "future"},
        {"date": "2025", "what": "release of a mechanic"},
    ],
)
def test_in_doubt_it_is_another_event(fields):
    text = merged("", move()).text
    result = merged(text, told_again(**fields))
    assert len(result.added) == 1 and not result.joined
    assert keeps(text, result.text)


def test_another_issue_or_condition_is_another_event():
    text = merged("", request(issue="office", if_="the talks go on")).text
    assert not merged(text, request(PAPER, cites="paper", issue="funds")).joined
    other = request(PAPER, cites="paper", if_="prisoners are freed")
    assert not merged(text, other).joined
    assert merged(text, request(PAPER, cites="paper", issue="office")).joined


def test_two_and_ten_are_not_the_same():
    text = merged("", move(what="release of two prisoners")).text
    assert merged(text, told_again(what="release of ten prisoners")).added
    assert merged(text, told_again(what="release of prisoners")).joined


def test_what_fits_two_entries_joins_neither():
    text = merged(
        "",
        move("Two.", what="release of two prisoners"),
        move("Ten.", what="release of ten prisoners"),
    ).text
    result = merged(text, told_again(what="release of prisoners"))
    assert not result.joined and len(result.added) == 1
    assert merged(result.text, told_again(what="release of prisoners")).text == result.text


def test_one_batch_joins_its_own():
    result = merged("", move(), told_again())
    assert result.added == ("2025-03-20-taliban-retreat-release-1",)
    assert not result.joined
    assert [s.report for s in read(result.text).moves[0].sources] == ["wire", "paper"]
    assert merged(result.text, told_again(), move()).text == result.text


def test_one_batch_joins_its_own_beside_what_is_on_record():
    text = merged("", request(), statuses=[status()]).text
    result = merged(text, move(), told_again())
    assert result.added == ("2025-03-20-taliban-retreat-release-1",)
    first, second = read(result.text).moves
    assert [s.report for s in first.sources] == ["wire"]
    assert [s.report for s in second.sources] == ["wire", "paper"]


def test_a_batch_knows_which_reports_it_has_joined():
    """Of one report's two tellings in different words, one joins and one is new."""
    other = told_again(what="release of a mechanic", id="new-2")
    shorter = other.model_copy(update={"sources": (Source(report="paper", quote="He is free."),)})
    text = merged("", move()).text
    assert merged(text, shorter).joined
    result = merged(text, told_again(), shorter)
    assert len(result.joined) == len(result.added) == 1


def test_a_rejected_entry_takes_no_further_source():
    text = merged("", move()).text.replace("review: machine", "review: rejected")
    result = merged(text, move(), told_again())
    assert len(result.added) == 1 and not result.joined
    assert keeps(text, result.text)


def test_one_report_telling_it_twice_joins_only_the_same_words():
    text = merged("", move()).text
    assert merged(text, move("The envoy left the same day.")).joined
    assert merged(text, move("The envoy left the same day.", what="a mechanic")).added


def test_undated_tellings_of_the_same_days_are_one_but_not_of_far_reports():
    text = merged("", request(date=None)).text
    assert merged(text, request(WIRE[-20:], date=None)).joined
    assert merged(text, request(PAPER, cites="paper", date=None)).joined
    for other in (report("paper", PAPER, "2025-05-07"), report("paper", PAPER, None)):
        far = Record(RECORD.case, reports={**RECORD.reports, "paper": other})
        assert merged(text, request(PAPER, cites="paper", date=None), record=far).added


def test_a_standing_fact_told_by_two_reports_is_one_status():
    text = merged("", statuses=[status()]).text
    other = status("The embassy is shut.", cites="paper")
    result = merged(text, statuses=[other])
    assert result.joined == ("2025-04-07-usa-embassy-closed-1",)
    opened = merged(text, statuses=[status("It opened.", value="open")]).text
    assert merged(opened, statuses=[other]).added
    ended = status("It was closed until May.", cites="paper", until="2025-05")
    assert merged(text, statuses=[ended]).added


# --- references --------------------------------------------------------------------------


def test_what_an_answer_names_gets_its_final_id():
    asked = request(id="new-1")
    refused = move(
        "No.", id="new-2", type="REJECT", mode=None, what="an office", answers=("new-1",)
    )
    text = merged("", asked, refused).text
    assert read(text).moves[1].answers == ("2025-03-20-taliban-request-1",)
    later = move("Yes.", id="new-9", type="AGREE", mode=None, what="an office", answers=("new-1",))
    again = merged(text, asked, later).text
    assert read(again).moves[2].answers == ("2025-03-20-taliban-request-1",)


def test_a_party_known_by_another_id_keeps_it():
    text = "parties:\n- {id: emirate, name: Taliban, kind: group}\n"
    result = merged(text, move(), parties=[Party(id="taliban", name="Taliban", kind="group")])
    assert read(result.text).moves[0].by == ("emirate",)
    assert result.parties == ()
    given = merged(
        text, move(by=("usa",), to=("taliban",)),
        parties=[Party(id="taliban", name="Taliban", kind="group")],
    )  # fmt: skip
    assert read(given.text).moves[0].to == ("emirate",)
    known = Party(id="united-states", name="US", kind="state")
    assert not merged("", parties=[known]).text
    assert not merged("", parties=[Party(id="usa", name="The States", kind="group")]).text
    assert merged("", parties=[Party(id="us-firm", name="US", kind="organisation")]).text


# --- a person's file ---------------------------------------------------------------------

BY_HAND = """\
# The record of the talks.   Kept by hand since May.

statuses: []   # none yet

moves:   # the oldest first

  # --- the spring ---
  -   id: first   # mine
      type:    "REQUEST"
      by: [ taliban ]   # and nobody else
      to:
      - usa
      what: 'an office'
      sources:
        - report: wire
          quote: >-
            They asked for an office
            and for talks.
        # looked up twice
      review: confirmed
      note: |
        Said in the corridor.

      # to be asked again

  -   {id: second, type: RETREAT, by: [taliban], what: release, review: rejected,
       sources: [{report: wire, quote: 'The envoy left the same day.'}]}
  # commented out: - id: third

# The end.
"""


def test_comments_order_and_layout_survive():
    by_hand = read(BY_HAND)
    apart = request("Office talks", cites="paper", date=None, what="an office in Doha")
    result = merged(BY_HAND, move(), request(), apart, statuses=[status()])
    for line in BY_HAND.splitlines():
        assert line.replace("statuses: []", "statuses:") in result.text.splitlines()
    after = read(result.text)
    assert dumped(after.moves[:2]) == dumped(by_hand.moves)
    assert after.statuses
    rows = result.text.splitlines()
    new = rows.index("  -   id: 2025-03-20-taliban-retreat-release-1")
    assert rows[new - 1] == ""  # the file sets its entries apart
    assert rows[new - 2] == "  # commented out: - id: third"
    assert rows[new + 1] == "      date: 2025-03-20"
    assert "        - report: wire" in rows[new:]
    assert rows[-1] == "# The end."
    assert result.unchanged == 1


def test_a_source_goes_below_those_that_are_there():
    text = BY_HAND.replace('type:    "REQUEST"', 'date: 2025-03-20\n      type:    "REQUEST"')
    result = merged(text, request(PAPER, cites="paper"))
    assert result.joined == ("first",)
    assert keeps(text, result.text)
    assert (
        "        # looked up twice\n"
        "        - report: paper\n"
        f'          quote: "{PAPER}"\n'
        "          direct: false\n"
        "      review: confirmed\n"
    ) in result.text


ENTRY = "- id: a\n  type: RETREAT\n  by: [x]\n  what: w\n  sources: [{report: r, quote: q}]\n"
FLOW = "{id: a, type: RETREAT, by: [x], what: w, sources: [{report: r, quote: q}]}"
LAYOUTS = {
    "empty": "",
    "blank": "\n\n",
    "comment": "# only a comment",
    "null": "moves:\nstatuses:\nparties:\n",
    "null, said": "moves: null\nstatuses: ~   # none\nparties: null",
    "brackets": "moves: []\nstatuses: [ ]  # none\nparties: [\n  # nobody\n]\n",
    "no key": f"moves:\n{ENTRY}",
    "only statuses": "statuses: []\n# the end\n",
    "no last newline": f"moves:\n{ENTRY}".rstrip("\n"),
    "comment at the end": f"moves:\n{ENTRY}  # about a\n# the end",
    "comment behind": f"moves:\n{ENTRY.rstrip()}   # about a\nstatuses:\n",
    "indented": "moves:\n" + re.sub("^", "    ", ENTRY, flags=re.MULTILINE).rstrip(" "),
    "all indented": "  moves:\n" + re.sub("^", "  ", ENTRY, flags=re.MULTILINE).rstrip(" "),
    "dash alone": "moves:\n-\n    id: a\n    type: RETREAT\n    what: w\n    sources: []\n",
    "text last": f"moves:\n{ENTRY}  note: |\n    one\n\n    two\n\n\nstatuses:\n",
    "text kept last": f"moves:\n{ENTRY}  note: |+\n    one\n\n\nstatuses:\n",
    "text at the end": f"moves:\n{ENTRY}  note: >\n    one\n    two",
    "quoted last": f"moves:\n{ENTRY}  note: 'one\n\n    two'   # so\nstatuses:\n",
    "null last": f"moves:\n{ENTRY}  note:\nstatuses:\n",
    "flow": f"moves: [{FLOW}]\nstatuses: []\n",
    "flow, lines": f"moves: [\n  {FLOW},  # a\n]   # moves\n",
    "flow, all": f"{{moves: [{FLOW}], statuses: [], parties: }}\n",
    "flow, nothing": "{}\n",
    "flow item": f"moves:\n- {FLOW}\n",
    "marks": f"---\nmoves:\n{ENTRY}...\n",
    "start": "---\n",
    "bom": f"\ufeffmoves:\n{ENTRY}",
    "crlf": f"# mine\nmoves:\n{ENTRY}".replace("\n", "\r\n"),
    "blank lines": f"moves:\n\n{ENTRY}\n{ENTRY.replace('id: a', 'id: b')}\n\n\nstatuses:\n",
    "unknown keys": f"moves:\n{ENTRY}  colour: red\nextra: [1, 2]\n",
    "wrong entries": "moves:\n- just text\n-\n- [a, b]\n- id: [a]\n  sources: 3\n  by: 7\n",
}


NOTHING = re.compile(r"((?:moves|statuses|parties):) *(?:\[ *\]|null|~)", re.MULTILINE)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_added_to(layout):
    text = LAYOUTS[layout]
    group = Party(id="taliban", name="Taliban", kind="group")
    result = merged(text, move(), request(), statuses=[status()], parties=[group])
    assert len(result.added) == 3
    assert result.parties == ("taliban",)
    kept = iter(result.text)
    assert all(char in kept for char in NOTHING.sub(r"\1", text))
    again = merged(result.text, move(), request(), statuses=[status()], parties=[group])
    assert again.text == result.text
    if layout not in ("wrong entries", "dash alone", "unknown keys"):
        assert len(read(result.text).moves) == text.count("type: RETREAT") + 2
    if layout == "bom":
        assert result.text.startswith("\ufeffmoves") and result.text.count("\ufeff") == 1
    if layout == "crlf":
        assert "\n" not in result.text.replace("\r\n", "")


def test_a_source_joins_every_layout():
    wide = request(PAPER, cites="paper")
    told = f'report: wire, quote: "{ASKED}"'
    head = "id: a, date: 2025-03-20, type: REQUEST, by: [taliban], to: [usa], what: an office"
    block = "- id: a\n  date: 2025-03-20\n  type: REQUEST\n  by: [taliban]\n  what: an office\n"
    for text in (
        f"moves: [{{{head}, sources: [{{{told}}}]}}]\n",
        f"moves:\n- {{{head}, sources: [{{{told}}},]}}\n",
        f"{block}  sources: [{{{told}}}]  # here\n",
        f"{block}  sources:\n  - {{{told}}}\n",
        f"{block}  sources:\n    -   report: wire\n        quote: '{ASKED}'\n  note: n\n",
    ):
        text = text if text.startswith("moves") else f"moves:\n{text}"
        result = merged(text, wide)
        assert result.joined == ("a",)
        assert len(read(result.text).moves[0].sources) == 2
        assert merged(result.text, wide).text == result.text


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("moves: none\n", 1, "must be a list"),
        ("# x\nmoves:\n  a: b\n", 3, "must be a list"),
        ("moves:\n- id: a\n b: c\n", 3, "not in line"),
        ("- id: a\n", 1, "list"),
        ("moves:\n- id: &a x\n", 2, "&a"),
    ],
)
def test_a_file_that_is_no_record_is_refused(text, line, said):
    with pytest.raises(BadInput, match=said) as caught:
        merged(text, move())
    assert caught.value.problems[0].line == line


# --- any text ----------------------------------------------------------------------------

TEXT = st.text(min_size=1, max_size=60).filter(str.strip)
SLUG = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,11}", fullmatch=True)
DAY = st.dates().map(lambda day: day.isoformat()) | st.sampled_from(
    ["2025", "~2025-03", "2024..2025"]
)
SPEAKERS = st.none() | st.builds(
    lambda name, role, named: SaidBy(name=name, role=role, named=named and name is not None),
    st.none() | TEXT,
    TEXT,
    st.booleans(),
)
SOURCES = st.builds(
    Source,
    report=SLUG,
    quote=TEXT,
    said_by=SPEAKERS,
    direct=st.booleans(),
    credibility=st.none() | st.integers(1, 6),
)
SIDES = st.lists(SLUG, max_size=2).map(tuple)


@st.composite
def moves(draw) -> Move:
    kind = draw(st.sampled_from(list(MoveType)))
    return Move(
        id=draw(SLUG),
        date=draw(st.none() | DAY),
        type=kind,
        mode=draw(st.sampled_from([None, *plover.modes(kind)])),
        by=draw(SIDES),
        to=draw(SIDES),
        what=draw(TEXT),
        issue=draw(st.none() | SLUG),
        aspect=draw(st.sampled_from(list(Aspect))),
        if_=draw(st.none() | TEXT),
        performs=draw(SIDES),
        breaches=draw(SIDES),
        sources=draw(st.lists(SOURCES, min_size=1, max_size=2).map(tuple)),
        review=draw(st.sampled_from(["machine", "confirmed", "rejected"])),
        note=draw(st.none() | TEXT),
    )


@st.composite
def statuses(draw) -> Status:
    attribute = draw(st.sampled_from(list(RUNGS)))
    return Status(
        id=draw(SLUG),
        attribute=attribute,
        value=draw(st.sampled_from([None, *RUNGS[attribute]])),
        by=draw(st.lists(SLUG, min_size=1, max_size=2).map(tuple)),
        to=draw(SIDES),
        what=draw(st.none() | TEXT),
        from_=draw(st.none() | DAY),
        sources=draw(st.lists(SOURCES, min_size=1, max_size=2).map(tuple)),
        note=draw(st.none() | TEXT),
    )


PARTIES = st.builds(
    Party,
    id=SLUG,
    name=TEXT,
    kind=st.just("group"),
    code=st.none() | TEXT,
    aliases=st.lists(TEXT, max_size=2).map(tuple),
    note=st.none() | TEXT,
)


def without_id(entry):
    return entry.model_dump(exclude={"id"})


@settings(max_examples=60, deadline=None)
@given(one=moves(), other=statuses(), party=PARTIES, layout=st.sampled_from(list(LAYOUTS.values())))
def test_any_text_survives_being_written(one, other, party, layout):
    if layout.startswith("moves:\n- just"):
        layout = ""
    result = merged(layout, one, statuses=[other], parties=[party])
    again = merged(result.text, one, statuses=[other], parties=[party])
    assert again.text == result.text
    for text in (merged("", one, statuses=[other], parties=[party]).text,):
        record = read(text)
        assert without_id(record.moves[0]) == without_id(one)
        assert without_id(record.statuses[0]) == without_id(other)
        assert dumped(record.parties) == dumped([party])
    flow = read(merged("{moves: [], statuses: [], parties: []}", one, statuses=[other]).text)
    assert without_id(flow.moves[0]) == without_id(one)
    assert without_id(flow.statuses[0]) == without_id(other)


FEW = st.builds(
    move,
    st.sampled_from([FREED, ASKED, FREED[4:], "The envoy left", WIRE]),
    cites=st.sampled_from(["wire", "paper"]),
    type=st.sampled_from(["RETREAT", "REQUEST"]),
    mode=st.none(),
    by=st.sampled_from([("taliban",), ("usa",), ()]),
    to=st.sampled_from([("usa",), ()]),
    what=st.sampled_from(["a mechanic", "an American mechanic", "two prisoners", "prisoners"]),
    date=st.sampled_from([None, "2025-03-20", "2025-03", "2024"]),
    aspect=st.sampled_from(["actual", "historical", "negated"]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(FEW, max_size=8), st.lists(FEW, max_size=8), st.booleans())
def test_reading_again_never_changes_anything(first, second, crlf):
    text = merged("", *first).text
    if crlf:
        text = text.replace("\n", "\r\n")
    both = merged(text, *second)
    assert keeps(text, both.text)
    assert merged(both.text, *second).text == both.text
    assert merged(both.text, *first).text == both.text
    record = read(both.text)
    assert len({m.id for m in record.moves}) == len(record.moves)
    kept = {(m.type, source.report) for m in record.moves for source in m.sources}
    pairs = {(source.report, source.quote) for m in record.moves for source in m.sources}
    for found in (*first, *second):  # on record by its quote, or by one that overlaps
        cited = found.sources[0]
        assert (cited.report, cited.quote) in pairs or (found.type, cited.report) in kept


REMARKS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["", "  ", "# note", "    # - id: not-one", " # moves:", "       #"]),
    ),
    max_size=6,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(FEW, min_size=1, max_size=6), st.lists(FEW, max_size=6), REMARKS)
def test_comments_anywhere_survive(first, second, remarks):
    rows = merged("", *first, statuses=[status()]).text.splitlines(keepends=True)
    for place, remark in remarks:
        rows.insert(int(place * len(rows)), remark + "\n")
    text = "".join(rows)
    assert merged(text, *first, statuses=[status()]).text == text
    both = merged(text, *second, statuses=[status("Still closed.", cites="paper")])
    assert keeps(text, both.text)
    before, after = read(text).moves, read(both.text).moves
    assert [m.id for m in after[: len(before)]] == [m.id for m in before]


# --- on disk -----------------------------------------------------------------------------


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "case.yaml").write_text("title: t\nquestion: q\n")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "wire.txt").write_text(WIRE)
    return tmp_path


def test_apply_writes_once_and_then_leaves_the_file_alone(case):
    file = case / "record.yaml"
    apply(case, moves=[move()])
    assert len(read(file.read_text()).moves) == 1
    os.utime(file, (1, 1))
    inode = file.stat().st_ino
    assert apply(case, moves=[move()]).unchanged == 1
    assert (file.stat().st_mtime, file.stat().st_ino) == (1, inode)


def test_apply_keeps_what_was_written_since_the_case_was_opened(case):
    apply(case, moves=[move()])
    file = case / "record.yaml"
    file.write_text(file.read_text().replace("review: machine", "review: rejected  # no"))
    apply(case, moves=[move(), request()])
    assert "review: rejected  # no" in file.read_text()
    assert len(read(file.read_text()).moves) == 2


def test_apply_keeps_crlf_and_byte_order_mark(case):
    file = case / "record.yaml"
    before = b"\xef\xbb\xbf# mine\r\nmoves: []\r\n"
    file.write_bytes(before)
    apply(case, moves=[move()])
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# mine\r\nmoves:\r\n- id:")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_apply_refuses_what_it_cannot_keep(case):
    file = case / "record.yaml"
    for content, line in (
        (b"moves:\n- \xff\n", 2),
        ("moves: []".encode("utf-16"), 1),
        (b"moves: [\n", 2),
    ):
        file.write_bytes(content)
        with pytest.raises(BadInput) as caught:
            apply(case, moves=[move()])
        assert caught.value.problems[0].line == line
        assert file.read_bytes() == content


SPOILT = {
    "another word": lambda text: text.replace("an American mechanic", "an American teacher"),
    "an entry less": lambda text: text[: text.index("- id: 2025-03-20-taliban-request")],
    "an old entry less": lambda text: (
        "moves:\n" + text[text.index("- id: 2025-03-20-taliban-req") :]
    ),
    "an entry more": lambda text: text + text[text.rindex("- id:") :].replace("-1\n", "-2\n", 1),
    "another type": lambda text: text.replace("type: REQUEST", "type: REJECT"),
    "a list more": lambda text: text + "statuses: []\n",
    "no YAML any more": lambda text: text + "moves: [\n",
    "a key twice": lambda text: text + "moves: []\n",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_would_say_anything_else_is_not_written(case, spoil, monkeypatch):
    """A fault in how the text is spliced: the file stays as it was."""
    apply(case, moves=[move()])
    file = case / "record.yaml"
    before, spliced = file.read_bytes(), Splicer.result
    monkeypatch.setattr(Splicer, "result", lambda self: spoil(spliced(self)))
    with pytest.raises(RuntimeError, match="nothing was written"):
        apply(case, moves=[request()])
    assert file.read_bytes() == before


def test_apply_says_when_the_case_is_held(case, monkeypatch):
    context = multiprocessing.get_context("spawn")
    holding, release = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(case, holding, release))
    process.start()
    assert holding.wait(60)
    monkeypatch.setattr("detente.record.merge.locked", lambda folder: locked(folder, timeout=0.2))
    with pytest.raises(BadInput, match="another process"):
        apply(case, moves=[move()])
    assert not (case / "record.yaml").exists()
    release.set()
    process.join(60)


def _hold(folder, holding, release):
    with locked(folder):
        holding.set()
        release.wait(60)


def _append(folder: Path, name: str, barrier) -> None:
    barrier.wait(60)
    for number in range(5):
        quote = f"{name} said so {number} times."
        apply(folder, moves=[move(quote, what=f"the matter of {name}{number}", by=(name,))])


def test_two_processes_lose_nothing(case):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    names = ("iran", "oman")
    processes = [context.Process(target=_append, args=(case, name, barrier)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    found = read((case / "record.yaml").read_text()).moves
    assert sorted(m.by[0] for m in found) == ["iran"] * 5 + ["oman"] * 5
    assert len({m.id for m in found}) == 10


def test_a_crash_leaves_the_old_record(case, monkeypatch):
    apply(case, moves=[move()])
    before = (case / "record.yaml").read_bytes()

    def crash(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        apply(case, moves=[request()])
    assert (case / "record.yaml").read_bytes() == before
    assert {each.name for each in case.iterdir()} == {
        "case.yaml",
        "record.yaml",
        "reports",
        ".detente.lock",
    }


@pytest.mark.slow
def test_ten_thousand_entries_merge_in_seconds():
    days = [f"20{i % 25:02d}-{i % 12 + 1:02d}-{i % 28 + 1:02d}" for i in range(10_000)]
    known = [
        move(f"Quote {i} of the report.", what=f"release of prisoner number {i}", date=day)
        for i, day in enumerate(days)
    ]
    start = time.process_time()
    text = merged("", *known).text
    result = merged(text, *known, request())
    assert time.process_time() - start < 30  # a few seconds on a free machine
    assert (len(result.added), result.unchanged) == (1, 10_000)
