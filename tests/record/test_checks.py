"""Every rule a case must keep: the wrong case is told, with its line; the right one is not."""

# ruff: noqa: E501 (the tables of cases read best with a case on a line)

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from detente.errors import BadInput, Problem
from detente.record.checks import CHECKS, check
from detente.record.store import open_record, parse_record

CASE = """\
title: The bridge
question: Under what terms could it open?
parties:
- {id: arvenia, name: Arvenia, kind: state, code: XAR, aliases: [Arvenian]}
- {id: belmark, name: Belmark, kind: state}
- id: ana-torvel
  name: Ana Torvel
  kind: person
  aliases: [Minister Torvel]
  speaks_for:
  - {party: arvenia, office: foreign minister, from: 2023-06, to: 2024}
issues:
- id: bridge
  title: The bridge
  options: [closed, open]
agreements:
- id: accord
  title: The accord
  date: 2023-09
  parties: [arvenia, belmark]
  commitments:
  - {id: boats, by: [arvenia], what: return of boats, until: 2024-03}
  - {id: reopening, by: [belmark], what: reopening, after: [boats]}
"""

RECORD = """\
moves:
- id: m1
  date: 2024-01-14
  type: REQUEST
  mode: change
  by: [arvenia]
  to: [belmark]
  what: reopening of the bridge
  issue: bridge
  sources:
  - report: r1
    quote: "asked Belmark to reopen"
    said_by: {name: Ana Torvel, role: foreign minister, named: true}
- id: m2
  date: 2024-01-15
  type: AGREE
  by: [belmark]
  to: [arvenia]
  what: reopening
  answers: [m1]
  performs: [reopening]
  sources:
  - {report: r1, quote: "Belmark agreed the next day."}
statuses:
- id: s1
  attribute: embassy
  by: [belmark]
  to: [arvenia]
  sources:
  - {report: r1, quote: "Its embassy is open."}
"""

JUDGMENTS = """\
values:
- {party: arvenia, issue: bridge, options: {closed: 0, open: 20..40}, because: trade}
- {party: belmark, issue: bridge, order: open > closed, because: trade}
walk_away:
- {party: arvenia, value: 5, because: patience}
costs:
- {id: return, by: arvenia, cost: 3, worth: {belmark: 8}, because: guess}
- {id: open-it, by: belmark, cost: 3, worth: {arvenia: 8}, after: [return], because: guess}
"""

REPORT = """\
---
title: A demand
date: 2024-01-15
---
Arvenia’s minister asked Belmark to reopen
the bridge.

Belmark agreed the next day. Its embassy is open.
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A small case in which all is well."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    (tmp_path / "record.yaml").write_text(RECORD, encoding="utf-8")
    (tmp_path / "judgments.yaml").write_text(JUDGMENTS, encoding="utf-8")
    (tmp_path / "reports" / "r1.txt").write_text(REPORT, encoding="utf-8")
    return tmp_path


def change(case: Path, name: str, old: str, new: str) -> None:
    file = case / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {name}"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(case: Path) -> list[str]:
    """Each problem as `file:line what | do`."""
    return [f"{p.file.name}:{p.line} {p.what} | {p.do}" for p in check(case)]


def test_a_case_in_which_all_is_well(case: Path) -> None:
    assert told(case) == []


def test_every_rule_has_its_docstring_and_name() -> None:
    assert all(rule.__doc__ for rule in CHECKS)
    assert len({rule.__name__ for rule in CHECKS}) == len(CHECKS)


# One change that breaks one rule, the line the problem stands on, and words it says.
WRONG: list[tuple[str, str, str, int, str]] = [
    # parties
    ("record.yaml", "by: [arvenia]", "by: [arvena]", 6, "unknown party `arvena` | Did you mean `arvenia`?"),
    ("record.yaml", "to: [arvenia]\n  what", "to:\n  - belmark\n  - xyz\n  what", 20, "unknown party `xyz`"),
    ("record.yaml", "by: [belmark]\n  to: [arvenia]\n  sources", "by: [nobody]\n  sources", 27, "unknown party `nobody`"),
    ("case.yaml", "{party: arvenia, office", "{party: arveni, office", 11, "unknown party `arveni`"),
    ("case.yaml", "parties: [arvenia, belmark]", "parties: [arvenia, belmar]", 20, "unknown party `belmar`"),
    ("case.yaml", "by: [belmark], what", "by: [belmark], to: [you], what", 23, "unknown party `you`"),
    ("judgments.yaml", "party: belmark", "party: belmarc", 3, "unknown party `belmarc`"),
    ("judgments.yaml", "{party: arvenia, value", "{party: avenia, value", 5, "unknown party `avenia`"),
    ("judgments.yaml", "by: belmark", "by: bel", 8, "unknown party `bel`"),
    ("judgments.yaml", "{belmark: 8}", "{belmarck: 8}", 7, "unknown party `belmarck`"),
    ("case.yaml", "code: XAR", "code: FRX", 4, "`FRX` is not an ISO 3166 alpha-3 code"),
    ("case.yaml", "code: XAR", "code: fra", 4, "Did you mean FRA (France)?"),
    ("case.yaml", "name: Arvenia, kind: state, code: XAR", "name: Qatar, kind: state, code: QT", 4, "Did you mean QAT (Qatar)?"),
    # issues
    ("record.yaml", "issue: bridge", "issue: brigde", 9, "unknown issue `brigde` | Did you mean `bridge`?"),
    ("judgments.yaml", "issue: bridge", "issue: brige", 2, "unknown issue `brige` | Did you mean `bridge`?"),
    ("judgments.yaml", "open: 20", "opened: 20", 2, "issue `bridge` has no option `opened` | Did you mean `open`?"),
    ("judgments.yaml", "open > closed", "open > shut", 3, "unknown option `shut`"),
    ("judgments.yaml", "open > closed", "open > closed > open", 3, "`open` stands twice in the order"),
    ("judgments.yaml", "open > closed", "open > > closed", 3, "a name is missing beside `>`"),
    ("judgments.yaml", "issue: bridge, order: open > closed", "order: bridge > funds", 3, "unknown issue `funds`"),
    # reports and quotes
    ("record.yaml", "- report: r1", "- report: r2", 11, "unknown report `r2` | Known are: r1."),
    ("record.yaml", "asked Belmark to reopen", "has asked Belmark to open", 12, 'closest, line 5: "minister asked Belmark to reopen"'),
    ("record.yaml", "asked Belmark to reopen", "Arvenia's minister asked Belmark", 12, "differs from report r1 in spaces, quotation marks or dashes"),
    ("record.yaml", "asked Belmark to reopen", "to reopen the bridge.", 12, 'Line 5 has "to reopen the bridge.". Copy it exactly.'),
    ("record.yaml", "asked Belmark to reopen", "Nothing of the kind was ever written anywhere", 12, "Nothing like it stands there"),
    # dates
    ("record.yaml", "date: 2024-01-14", "date: 2024-02-30", 3, "impossible date '2024-02-30': that month has 29 days"),
    ("record.yaml", "date: 2024-01-15", "date: 2024-02", 15, "dated 2024-02, later than the report that tells it (r1, published 2024-01-15) | aspect: future?"),
    ("case.yaml", "until: 2024-03", "until: 2023-08-31", 22, "due 2023-08-31, before the agreement's date, 2023-09"),
    ("case.yaml", "to: 2024}", "to: 2023-05}", 11, "the term ends (2023-05) before it begins (2023-06)"),
    ("case.yaml", "from: 2023-06, to: 2024", "from: 2019, to: 2023", 13, "Ana Torvel speaks outside the term: 2024-01-14, but was foreign minister for arvenia from 2019 to 2023"),
    ("case.yaml", "from: 2023-06, to: 2024", "from: 2024-02", 13, "Ana Torvel speaks outside the term"),
    # answers, performs, breaches
    ("record.yaml", "answers: [m1]", "answers: [m9]", 20, "answers an unknown move `m9`"),
    ("record.yaml", "answers: [m1]", "answers: [m2]", 20, "a move can't answer itself"),
    ("record.yaml", "type: REQUEST\n  mode: change", "type: ACCUSE\n  mode: allege", 20, "answers `m1`, which is ACCUSE and not a REQUEST"),
    ("record.yaml", "issue: bridge", "review: rejected", 20, "answers `m1`, which was rejected"),
    ("record.yaml", "performs: [reopening]", "performs: [opening]", 21, "performs an unknown commitment `opening` | Did you mean `reopening`?"),
    ("record.yaml", "performs: [reopening]", "breaches: [accord]", 21, "That is an agreement; name one of its commitments."),
    ("record.yaml", "performs: [reopening]", "breaches: [boats]", 21, "breaches `boats`, which is a commitment of arvenia"),
    ("record.yaml", "performs: [reopening]", "performs: [reopening]\n  breaches: [reopening]", 22, "it both performs and breaches `reopening`"),
    # conditions
    ("case.yaml", "after: [boats]", "after: [boat]", 23, "comes after `boat`, which is no agreement or commitment | Did you mean `boats`?"),
    ("case.yaml", "until: 2024-03", "after: [reopening]", 22, "conditions run in a circle: boats -> reopening -> boats"),
    ("case.yaml", "until: 2024-03", "after: [accord]", 22, "conditions run in a circle: boats -> boats"),
    ("case.yaml", "date: 2023-09", "date: 2023-09\n  after: [reopening]", 20, "conditions run in a circle: accord -> reopening -> accord"),
    ("case.yaml", "after: [boats]", "after: [boats, reopening]", 23, "conditions run in a circle: reopening -> reopening"),
    ("judgments.yaml", "{id: return, by", "{id: return, after: [open-it], by", 7, "steps run in a circle: return -> open-it -> return"),
    ("judgments.yaml", "after: [return]", "after: [retrun]", 8, "`open-it` comes after unknown `retrun` | Did you mean `return`?"),
    # ids
    ("record.yaml", "id: m2", "id: m1", 14, "two moves have the id `m1`: this and the one in line 2"),
    ("record.yaml", "statuses:\n", "statuses:\n- {id: s1, attribute: office, by: [belmark], sources: [{report: r1, quote: Belmark agreed}]}\n", 26, "two statuses have the id `s1`"),
    ("case.yaml", "id: belmark", "id: arvenia", 5, "two parties have the id `arvenia`"),
    ("record.yaml", "moves:", "parties: [{id: belmark, name: B, kind: state}]\nmoves:", 1, "this and the one in case.yaml, line 5"),
    ("case.yaml", "agreements:", "- {id: bridge, title: Again}\nagreements:", 16, "two issues have the id `bridge`"),
    ("case.yaml", "[closed, open]", "[closed, {id: open}, open]", 15, "two options of bridge have the id `open`"),
    ("case.yaml", "id: reopening", "id: accord", 23, "two agreements or commitments have the id `accord`"),
    ("judgments.yaml", "id: open-it", "id: return", 8, "two costs have the id `return`"),
    ("judgments.yaml", "walk_away:", "walk_away:\n- {party: arvenia, value: 1, because: x}", 6, "walk-away values of arvenia stand twice: here and on line 5"),
    # what judgments rest on, and the lists that make models
    ("judgments.yaml", "order: open > closed, because: trade", "order: open > closed, because: trade, rests_on: [m1, m11]", 3, "no entry of the record has the id `m11` | Did you mean `m1`?"),
    ("judgments.yaml", "walk_away:", "between: [arvenia, belmarc]\nwalk_away:", 4, "`between` names the unknown party `belmarc` | Did you mean `belmark`?"),
    ("judgments.yaml", "closed: 0", "closed: 0..2", 2, "`closed` is the status quo of `bridge`, which counts as 0"),
    ("judgments.yaml", "open: 20..40", "open: 20...40", 2, "'20...40' is neither a number nor a range"),
    ("judgments.yaml", "open: 20..40", "open: 1e30", 2, "'1e30' is too large to calculate with | Count in larger units."),
    ("judgments.yaml", "values:", "scale: 0\nvalues:", 1, "`scale` must be a number above 0"),
    ("judgments.yaml", "values:", "scale: .inf\nvalues:", 1, "`scale` must be a number above 0"),
    ("judgments.yaml", "values:", "forbidden:\n- {options: {brige: open}, because: x}\nvalues:", 2, "unknown issue `brige` | Did you mean `bridge`?"),
    ("judgments.yaml", "values:", "forbidden:\n- {options: {bridge: opened}, because: x}\nvalues:", 2, "issue `bridge` has no option `opened` | Did you mean `open`?"),
    ("judgments.yaml", "values:", "requires:\n- {if: {bridge: open}, then: {brige: open}, because: x}\nvalues:", 2, "unknown issue `brige`"),
    ("judgments.yaml", "values:", "requires:\n- if: {bridge: shut}\n  then: {bridge: open}\n  because: x\nvalues:", 2, "issue `bridge` has no option `shut`"),
    ("judgments.yaml", "costs:", "levers:\n- {id: a, by: arvena, what: a, because: x}\ncosts:", 7, "unknown party `arvena`"),
    ("judgments.yaml", "costs:", "levers:\n- {id: a, by: arvenia, what: a, excludes: [b], because: x}\ncosts:", 7, "unknown lever `b`"),
    ("judgments.yaml", "costs:", "levers:\n- {id: a, by: arvenia, what: a, excludes: [a], because: x}\ncosts:", 7, "`a` excludes itself"),
    ("judgments.yaml", "costs:", "levers:\n- {id: a, by: arvenia, what: a, because: x}\n- {id: a, by: belmark, what: b, because: x}\ncosts:", 8, "two levers have the id `a`"),
    ("judgments.yaml", "costs:", "trust:\n- {party: arvenia, value: 0..3, because: x}\ncosts:", 7, "a party without any trust would never deliver | Give more than 0."),
    ("judgments.yaml", "costs:", "patience:\n- {party: arvenia, value: -1, because: x}\ncosts:", 7, "patience is 0 or more"),
    ("judgments.yaml", "costs:", "trust:\n- {party: arvenia, value: 1, because: x}\n- {party: arvenia, value: 2, because: x}\ncosts:", 8, "numbers for the trust of arvenia stand twice: here and on line 7"),
    ("judgments.yaml", "costs:", "preferences:\n- {party: arvenia, statements: [a], because: x}\n- {party: arvenia, statements: [a], because: x}\ncosts:", 8, "preferences of arvenia stand twice"),
    ("judgments.yaml", "costs:", "preferences:\n- {party: arvenia, statements: [], because: x}\ncosts:", 7, "`statements` is empty"),
    ("judgments.yaml", "values:\n", "values:\n- {party: arvenia, issue: bridge, options: {open: 3}, because: x}\n", 3, "values of arvenia for bridge stand twice"),
    ("judgments.yaml", "values:", "issues:\n- {id: bridge, title: T, options: [a, b], because: x}\nvalues:", 2, "the issue `bridge` is in case.yaml already"),
    ("judgments.yaml", "values:", "issues:\n- {id: toll, title: T, options: [a, a], because: x}\nvalues:", 2, "two options of toll have the id `a`"),
    ("judgments.yaml", "cost: 3, worth: {arvenia", "cost: 3, delivered: [s1], worth: {arvenia", 8, "`s1` is a status, which reports no step | Name the move that reports it."),
    ("judgments.yaml", "cost: 3, worth: {arvenia", "cost: 3, broken: [m7], worth: {arvenia", 8, "no entry of the record has the id `m7`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"), WRONG, ids=lambda v: str(v)[:30].replace("\n", " ")
)
def test_what_is_wrong_is_told_on_its_line(
    case: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    change(case, name, old, new)
    problems = told(case)
    assert any(words in problem for problem in problems), problems
    where = "record.yaml" if "speaks outside" in words else name
    assert any(p.startswith(f"{where}:{line} ") and words in p for p in problems), problems


def test_an_assumption_may_not_rest_on_what_was_rejected(case: Path) -> None:
    change(case, "record.yaml", "attribute: embassy", "attribute: embassy\n  review: rejected")
    change(case, "judgments.yaml", "value: 5,", "value: 5, rests_on: [m1, s1],")
    (problem,) = told(case)
    assert problem.startswith("judgments.yaml:5 the entry `s1` was rejected | Name another entry")


FINE: list[tuple[str, str, str]] = [
    ("case.yaml", "code: XAR", "code: XKX"),  # user-assigned
    ("case.yaml", "code: XAR", "code: SUN"),  # a former state
    ("case.yaml", "name: Belmark, kind: state", "name: Belmark, kind: group, code: BLM"),
    ("record.yaml", "date: 2024-01-15", "date: 2024-01"),  # may be before the report
    ("record.yaml", "date: 2024-01-15", "date: 2024-03\n  aspect: future"),
    ("record.yaml", "date: 2024-01-15", "date: ~2024-01-20"),
    ("record.yaml", "performs: [reopening]", "performs: []"),
    ("case.yaml", "until: 2024-03", "until: 2023-09-01"),  # the agreement is of 2023-09
    ("case.yaml", "from: 2023-06, to: 2024", "from: 2024"),
    ("case.yaml", "from: 2023-06, to: 2024", "office: x"[:0]),
    ("record.yaml", "role: foreign minister", "role: former foreign minister"),
]


@pytest.mark.parametrize(("name", "old", "new"), FINE, ids=lambda v: str(v)[:30])
def test_what_is_possible_is_let_be(case: Path, name: str, old: str, new: str) -> None:
    change(case, name, old, new)
    assert told(case) == []


def test_rejected_entries_need_not_fit(case: Path) -> None:
    change(case, "record.yaml", "performs: [reopening]", "review: rejected\n  performs: [nothing]")
    change(case, "record.yaml", "to: [arvenia]", "to: [nobody]")
    change(case, "record.yaml", "Belmark agreed the", "Belmark never agreed the")
    assert told(case) == []


@pytest.mark.parametrize(
    ("move", "term", "fine"),
    [
        # Who took office later can tell in 2025 what happened in 2021, but not ask in 2021.
        ("type: RETREAT\n  date: 2021-05\n  by: [arvenia]", "from: 2024", True),
        ("type: REQUEST\n  date: 2021-05\n  by: [belmark]", "from: 2024", True),
        ("type: REQUEST\n  date: 2021-05\n  by: [arvenia]", "from: 2024", False),
        # Who left before it happened tells nothing as office-holder.
        ("type: RETREAT\n  date: 2024-05\n  by: [belmark]", "to: 2023", False),
        # Without a date of the move the report's date counts.
        ("type: RETREAT\n  by: [belmark]", "to: 2024", False),
        ("type: RETREAT\n  by: [belmark]", "from: 2024", True),
        # Plans are told before they come true.
        ("type: RETREAT\n  date: 2026-05\n  aspect: future\n  by: [arvenia]", "to: 2025", True),
        ("type: RETREAT\n  date: 2026-05\n  aspect: future\n  by: [arvenia]", "from: 2026", False),
        # Another term covers it.
        ("type: REQUEST\n  date: 2021-05\n  by: [arvenia]", "to: 2020}, {party: arvenia, from: 2021", True),
    ],
)  # fmt: skip
def test_the_time_of_speaking(case: Path, move: str, term: str, fine: bool) -> None:
    (case / "case.yaml").write_text(
        dedent(f"""\
        title: T
        question: Q
        parties:
        - {{id: arvenia, name: Arvenia, kind: state}}
        - {{id: belmark, name: Belmark, kind: state}}
        - {{id: ana, name: Ana Torvel, kind: person, speaks_for: [{{party: arvenia, {term}}}]}}
        """)
    )
    (case / "record.yaml").write_text(
        f"moves:\n- id: m\n  {move}\n  what: x\n  sources:\n"
        "  - {report: r, quote: words, said_by: {name: ANA TORVEL, named: true}}\n"
    )
    (case / "judgments.yaml").unlink()
    (case / "reports" / "r1.txt").unlink()
    (case / "reports" / "r.txt").write_text("---\ndate: 2025-01-15\n---\nSome words.\n")
    assert [("speaks outside" in problem) for problem in told(case)] == [True] * (not fine)


def test_only_the_terms_of_the_named_office_bear_on_it(case: Path) -> None:
    change(case, "case.yaml", "to: 2024}", "to: 2023-12}\n  - {party: arvenia, office: deputy}")
    assert len(told(case)) == 1
    change(case, "record.yaml", "role: foreign minister", "role: Deputy")
    assert told(case) == []


def test_a_person_performs_what_the_party_behind_it_promised(case: Path) -> None:
    change(case, "record.yaml", "by: [belmark]", "by: [ana-torvel]")
    change(case, "record.yaml", "performs: [reopening]", "performs: [boats]")
    assert told(case) == []


def test_everything_is_told_at_once_in_order(case: Path) -> None:
    for name, old, new, _, _ in (WRONG[0], WRONG[3], WRONG[6], WRONG[20], WRONG[33]):
        change(case, name, old, new)
    problems = check(case)
    assert len(problems) == 5
    assert problems == sorted(problems)


def test_a_circle_is_told_once_and_named(case: Path) -> None:
    agreements = "".join(
        f"- {{id: a{i}, title: A, date: 2023, parties: [arvenia], after: [a{(i + 1) % 4}]}}\n"
        for i in range(4)
    )
    with (case / "case.yaml").open("a") as file:
        file.write(agreements)
    assert len(told(case)) == 1
    assert "circle: a0 -> a1 -> a2 -> a3 -> a0" in told(case)[0]


def test_a_long_chain_of_conditions_is_no_circle(case: Path) -> None:
    with (case / "case.yaml").open("a") as file:
        file.writelines(
            f"  - {{id: c{i}, by: [arvenia], what: x, after: [c{i + 1}]}}\n" for i in range(3000)
        )
        file.write("  - {id: c3000, by: [arvenia], what: x}\n")
    assert told(case) == []


def test_a_quote_that_stands_in_another_report(case: Path) -> None:
    (case / "reports" / "r2.md").write_text("Quite another thing was said in public.")
    change(case, "record.yaml", "asked Belmark to reopen", "another thing was said")
    assert told(case) == [
        'record.yaml:12 quote not in report r1: "another thing was said" | '
        "It stands in report r2; correct `report:`."
    ]


def test_quotes_in_other_scripts(case: Path) -> None:
    (case / "reports" / "r2.txt").write_text("قال المتحدث إن الوفد سيصل غدا.", encoding="utf-8")
    change(case, "record.yaml", "report: r1\n    quote: \"asked Belmark to reopen\"",
           'report: r2\n    quote: "إن الوفد سيصل"')  # fmt: skip
    assert told(case) == []
    change(case, "record.yaml", "إن الوفد سيصل", "إن الوفد لن سيصل")
    assert "closest, line 1" in told(case)[0]


def test_what_cannot_be_read_causes_no_second_problem(case: Path) -> None:
    change(case, "case.yaml", "id: belmark, name: Belmark, kind: state", "id: belmark, kind: stat")
    problems = told(case)
    assert len(problems) == 2 and all(p.startswith("case.yaml:5 ") for p in problems)
    change(case, "case.yaml", "title: The bridge", "title: 'The bridge")
    assert len(told(case)) == 1  # nothing of case.yaml is known, so no party is called unknown
    (case / "reports" / "r1.txt").write_bytes(b"\x00\x01\x02" * 100)
    assert len(told(case)) == 2  # nor is its report


def test_a_wrong_agreement_keeps_its_commitments_known(case: Path) -> None:
    change(case, "case.yaml", "what: reopening", "wat: reopening")
    assert {problem.partition(" ")[0] for problem in told(case)} == {"case.yaml:23"}


def test_folders_that_are_no_case(case: Path) -> None:
    assert "detente new" in check(case / "nowhere")[0].do
    assert "no case.yaml" in check(case / "reports")[0].what
    assert "this is a file" in check(case / "case.yaml")[0].what


def test_only_case_yaml_is_needed(case: Path) -> None:
    shutil.rmtree(case / "reports")
    (case / "record.yaml").unlink()
    (case / "judgments.yaml").write_text("# nothing yet\n")
    assert told(case) == []


def test_an_empty_case_yaml(case: Path) -> None:
    (case / "case.yaml").write_text("")
    problems = told(case)
    assert "case.yaml:0 the file is empty; it needs `title:` and `question:`" in problems[0]


def test_things_in_reports_that_are_no_reports(case: Path) -> None:
    reports = case / "reports"
    (reports / "r1.md").write_text("the same id")  # and no quote is called wrong for it
    (reports / "scan.pdf").write_bytes(b"%PDF-1.7")
    (reports / "more").mkdir()
    (reports / ".hidden").write_text("x")
    (reports / "r1.txt~").write_text("x")
    (reports / "empty.txt").write_text("")
    problems = check(case)
    assert {p.file.name for p in problems} == {"r1.txt", "scan.pdf", "more", "empty.txt"}
    assert any("two reports have the id r1: r1.md and r1.txt" in p.what for p in problems)
    assert any(".txt, .md, .markdown, .html or .htm" in p.do for p in problems)


def test_opening_a_wrong_case_keeps_what_is_right(case: Path) -> None:
    change(case, "record.yaml", "type: AGREE", "type: AGRE")
    change(case, "case.yaml", "title: The bridge\n", "")
    opened = open_record(case)
    assert [move.id for move in opened.record.moves] == ["m1"]
    assert opened.record.moves[0].where is not None
    assert (opened.record.moves[0].where.file, opened.record.moves[0].where.line) == (
        case / "record.yaml",
        2,
    )
    assert opened.record.case.title == case.name  # something to show it by
    assert [p.line for p in opened.problems] == [1, 16]
    assert opened.broken == {"m2"}
    commitment = opened.record.commitments["reopening"][1]
    assert commitment.where is not None and commitment.where.line == 22


def test_the_text_of_a_record_can_be_read_alone(tmp_path: Path) -> None:
    assert [move.id for move in parse_record(RECORD, tmp_path / "record.yaml").moves] == [
        "m1",
        "m2",
    ]
    with pytest.raises(BadInput, match=r"x.yaml:4: "):
        parse_record(RECORD.replace("REQUEST", "ASK"), tmp_path / "x.yaml")


JUNK: list[Callable[[bytes], bytes]] = [
    lambda data: b"",
    lambda data: b"\x00" * 1000,
    lambda data: b"\xff\xfe" + data,
    lambda data: data.replace(b"\n", b"\r\n"),
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: data[: len(data) // 2],
    lambda data: data[::-1],
    lambda data: data.replace(b": ", b":"),
    lambda data: data.replace(b"- ", b"-\t"),
    lambda data: b"- " * 5000,
    lambda data: "\u202eשלום: \u202cعربي\n".encode(),
    lambda data: b"[" * 100_000,
    lambda data: b"null",
    lambda data: b"title: [1, {a: 2}]\nmoves: {a: 1}\nparties: 3\nvalues: [[1], null, {}]\n",
]


@pytest.mark.parametrize("name", ["case.yaml", "record.yaml", "judgments.yaml", "reports/r1.txt"])
@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_junk_is_told_and_never_raises(
    case: Path, name: str, junk: Callable[[bytes], bytes]
) -> None:
    file = case / name
    file.write_bytes(junk(file.read_bytes()))
    for problem in check(case):
        assert isinstance(problem, Problem)
        assert problem.file.is_relative_to(case)
        assert problem.line <= len(problem.file.read_bytes().replace(b"\r", b"\n").split(b"\n"))
        assert "Traceback" not in str(problem) and "pydantic" not in str(problem)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems(case: Path, end: str) -> None:
    for name in ("case.yaml", "record.yaml", "judgments.yaml", "reports/r1.txt"):
        data = (case / name).read_bytes().replace(b"\n", end.encode())
        (case / name).write_bytes(b"\xef\xbb\xbf" + data)
    assert told(case) == []
    data = (case / "record.yaml").read_bytes()
    (case / "record.yaml").write_bytes(data.replace(b"to: [belmark]", b"to: [belmarc]"))
    assert told(case)[0].startswith("record.yaml:7 unknown party")


def test_many_moves_are_checked_in_time(case: Path) -> None:
    """A tenth of the 10,000 moves that may take 5 s; benchmarks/check.py has them all."""
    with (case / "record.yaml").open("a") as file:
        file.write("parties: []\n")
    entry = RECORD.partition("- id: m2")[0].partition("\n")[2]
    moves = "".join(entry.replace("id: m1", f"id: x{i}") for i in range(1000))
    text = (case / "record.yaml").read_text(encoding="utf-8")
    (case / "record.yaml").write_text(
        text.replace("moves:\n", f"moves:\n{moves}"), encoding="utf-8"
    )
    begun = time.process_time()
    assert told(case) == []
    assert time.process_time() - begun < 2
    wrong = moves.replace("asked Belmark", "begged Belmark").replace("[arvenia]", "[arven]")
    (case / "record.yaml").write_text("moves:\n" + wrong, encoding="utf-8")
    begun = time.process_time()
    assert len(told(case)) == 2000
    assert time.process_time() - begun < 4
