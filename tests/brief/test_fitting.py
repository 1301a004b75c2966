"""The page of a large case: small, with everything left out counted and every link leading on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from click.testing import CliRunner
from norland import CASE, MOVES, REPORTS, STATUSES, make

from detente.brief import Brief, build, html, terminal
from detente.brief.fitting import LARGEST, fitted
from detente.cli import cli
from detente.judgment import outlook as looking
from detente.judgment.draft import drafted
from detente.judgment.outlook import outlook
from detente.record.models import JudgmentFile
from detente.record.record import Record
from detente.tracking import track

NUMBER = 4_500
TYPES = ("REQUEST", "REJECT", "THREATEN", "AGREE", "CONSULT", "COERCE")


def large(number: int = NUMBER, *, quote: str = "", others: int = 400, sources: int = 1) -> Record:
    """Moves of six types over sixty years among many parties, every fifth undated."""
    parties = [{"id": f"p{n}", "name": f"Land {n}", "kind": "state"} for n in range(others)]
    moves: list[dict[str, Any]] = []
    for n in range(number):
        pair = ["norland", "southmark"][:: 1 - 2 * (n % 2)]
        if n % 3 == 0 and others:
            pair[n % 2] = f"p{n % others}"
        told = [
            {"report": f"r{n}-{k}", "quote": f"words {n} {k} {quote}", "said_by": {"role": f"s{n}"}}
            for k in range(sources)
        ]
        moves.append({
            "id": f"m{n}", "type": TYPES[n % 6], "by": [pair[0]], "to": [pair[1]],
            "what": f"the passage of matter {n % 1500}", "issue": "border", "sources": told,
            "date": None if n % 5 == 0 else f"{1960 + n * 60 // number}-{1 + n % 12:02}-03",
        })  # fmt: skip
    front = REPORTS["wire"]
    reports = {f"r{n}-{k}": front for n in range(number) for k in range(min(sources, 2))}
    case = {**CASE, "parties": [*CASE["parties"], *parties]}
    return make(case=case, moves=[*MOVES, *moves], statuses=STATUSES, reports=REPORTS | reports)


def briefed(record: Record) -> Brief:
    judged = drafted(record, record.moves, JudgmentFile())
    found = outlook(record, judged, record.moves)
    return build(record, track(record), outlook=found)


@pytest.fixture(scope="module")
def brief() -> Brief:
    with pytest.MonkeyPatch.context() as few:
        for name in ("DEAL", "CONFLICT", "STEPS", "MIDDLE"):
            few.setattr(looking, f"{name}_SAMPLES", 20)
        return briefed(large())


@pytest.fixture(scope="module")
def page(brief: Brief) -> str:
    return html(brief)


def test_it_is_small_and_says_so(brief: Brief, page: str) -> None:
    assert brief.counts.entries > NUMBER
    assert len(page.encode()) <= LARGEST
    assert "The case is too large for one page" in page
    assert "The case is too large" not in terminal(brief, width=100, color=False)


def test_every_link_on_it_leads_somewhere(page: str) -> None:
    ids = set(re.findall(r' id="([^"]+)"', page))
    links = re.findall(r'<a[^>]* href="#([^"]+)"', page)
    assert len(links) > 500 and set(links) <= ids


def test_what_is_left_out_is_counted_exactly(brief: Brief) -> None:
    cut = fitted(brief, 1.0)
    lists = {
        "demands": (brief.demands, cut.demands),
        "ledgers": (brief.ledgers, cut.ledgers),
        "speakers": (brief.speakers, cut.speakers),
        "reports": (brief.reports, cut.reports),
    }
    assert {"ledgers", "speakers", "reports"} <= set(cut.rests)
    for part, (whole, kept) in lists.items():
        more = len(whole) - len(kept)
        said = cut.rests[part].text if more else ""
        assert kept and said.startswith(f"{more:,} more " if more else ""), part
    whole_entries = [entry for period in brief.periods for entry in period.entries]
    kept_entries = [entry for period in cut.periods for entry in period.entries]
    left = len(whole_entries) - len(kept_entries)
    assert cut.rests["chronology"].text.startswith(f"{left:,} entries")
    listed = f"{len(kept_entries):,} of {len(whole_entries):,} entries are listed"
    assert any(listed in said for said in cut.left_out)
    shown = html(brief)
    for rest in cut.rests.values():
        assert rest.text in shown and f"<code>{rest.command}</code>" in shown
        words = rest.command.split()
        assert words[0] == "detente" and words[1] in cli.commands
        done = CliRunner().invoke(cli, [words[1], "--help"])
        assert all(word in done.output for word in words if word.startswith("--"))
    for part in set(cut.rests) - {*lists, "chronology", "ladder"}:
        assert re.match(r"[\d,]+ more ", cut.rests[part].text), part


def test_the_latest_is_there_and_what_the_answers_rest_on(brief: Brief) -> None:
    cut = fitted(brief, 1.0)
    kept = {entry.id for period in cut.periods for entry in period.entries}
    dated = [e.id for p in brief.periods if p.dated for e in p.entries]
    assert set(dated[-200:]) <= kept
    undated = [e.id for p in brief.periods if not p.dated for e in p.entries]
    assert set(undated[-40:]) <= kept
    said = {
        part.href.removeprefix("#move-")
        for answer in cut.answers
        for sentence in answer.sentences
        for part in sentence.parts
        if part.href and part.href.startswith("#move-")
    }
    assert said and said <= kept
    order = [entry.id for period in brief.periods for entry in period.entries]
    kept_order = [entry.id for period in cut.periods for entry in period.entries]
    assert kept_order == [id for id in order if id in kept]


def test_the_brief_itself_and_its_tables_stay_whole(brief: Brief, page: str) -> None:
    assert len(brief.tables["timeline"].rows) >= NUMBER
    assert sum(len(period.entries) for period in brief.periods) >= NUMBER


@pytest.mark.parametrize("quote", ["“Ω” " * 2_000, '"<&>' * 4_000, "x" * 3_500_000])
def test_long_words_do_not_make_it_larger(quote: str) -> None:
    record = large(4 if len(quote) > 1_000_000 else 400, quote=quote, others=0)
    page = html(build(record, track(record)))
    assert len(page.encode()) <= LARGEST
    assert "entries are listed here" in page


def test_an_entry_told_a_thousand_times_names_a_few(brief: Brief) -> None:
    record = large(12, sources=4_000, others=0)
    page = html(build(record, track(record)))
    assert len(page.encode()) <= LARGEST
    assert "And 3,988 further sources: detente brief CASE --json" in page


def test_a_page_that_is_small_enough_is_whole() -> None:
    record = make(case=CASE, moves=MOVES, statuses=STATUSES, reports=REPORTS)
    page = html(build(record, track(record)))
    assert "left out here" not in page and "too large" not in page
