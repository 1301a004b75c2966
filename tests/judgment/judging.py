"""Small records and judgments, written tersely or drawn by hypothesis."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

from hypothesis import strategies as st

from detente.record import yamltext
from detente.record.models import CaseFile, JudgmentFile, Move, RecordFile, Source
from detente.record.record import Record
from detente.record.validation import validate

PARTIES = ("north", "south", "isle")
ISSUES = {"border": ("shut", "partly", "open"), "prisoners": ("held", "freed"), "name": ()}
FILE = Path("judgments.yaml")


def move(id: str, type: str, by: str, to: str, issue: str | None = None, **more: Any) -> Move:
    """A move of parties named in one text each."""
    given = {"id": id, "type": type, "by": by.split(), "to": to.split(), "issue": issue}
    sources = (Source(report="r", quote="words"),)
    return Move.model_validate({"what": f"matter of {id}", "sources": sources, **given, **more})


def record(*moves: Move, issues: dict[str, tuple[str, ...]] = ISSUES) -> Record:
    """A record of some moves between north, south and isle."""
    case = {
        "title": "T",
        "question": "Q?",
        "parties": [{"id": p, "name": p.title(), "kind": "state"} for p in PARTIES],
        "issues": [
            {"id": id, "title": f"The {id}", "options": options} for id, options in issues.items()
        ],
    }
    return Record(CaseFile.model_validate(case), RecordFile(moves=moves), {})


def judgments(text: str) -> JudgmentFile:
    """What a judgments.yaml says; nothing in it may be wrong. `because` is added."""
    lines = dedent(text).replace("}\n", ", because: so}\n")
    found, problems = validate(JudgmentFile, yamltext.parse(lines, FILE), FILE)
    assert found is not None and not problems, problems
    return found


TYPES = ("REQUEST", "THREATEN", "AGREE", "RETREAT", "CONCEDE", "AID", "REJECT", "CONSULT")
WHATS = st.sampled_from(
    ["the bridge", "The bridge", "prisoners", "north", "no", "if", "12 boats", "«»", "тюрьма",
     "a: b # c", "x" * 90, "x" * 91, "- y\u2028z", 'he said "no"']
)  # fmt: skip


@st.composite
def records(draw: st.DrawFn, most: int = 10) -> Record:
    """Any record: demands, threats, offers and gestures, about issues or not."""
    made = []
    for n in range(draw(st.integers(0, most))):
        sides = [draw(st.lists(st.sampled_from(PARTIES), max_size=2, unique=True)) for _ in "ab"]
        given = {
            "what": draw(WHATS),
            "date": draw(st.sampled_from([None, "2024", "2025-01", "2025-03-02"])),
            "aspect": draw(st.sampled_from(["actual", "future", "negated", "hypothetical"])),
            "if": draw(st.sampled_from([None, "if it rains"])),
            "review": draw(st.sampled_from(["machine", "confirmed", "rejected"])),
        }
        kind, issue = draw(st.sampled_from(TYPES)), draw(st.sampled_from([None, None, *ISSUES]))
        made.append(move(f"m{n}", kind, *map(" ".join, sides), issue, **given))
    return record(*made)


def amounts(low: int, high: int) -> st.SearchStrategy[str]:
    """A number, a range or `open`."""
    ends = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)
    return st.one_of(
        st.integers(low, high).map(str), ends.map(lambda e: f"{e[0]}..{e[1]}"), st.just("open")
    )


OPTIONS = {id: options for id, options in ISSUES.items() if options}
STATEMENTS = ("a", "not a", "b", "not b", "if a then b", "c or not b", "a iff c")


@st.composite
def judgment_files(draw: st.DrawFn, exact: bool = False) -> JudgmentFile:
    """Judgments of north and south that may say anything but contradict nothing.

    exact : every number there is is given; else some are ranges, open or not spoken of
    """
    number = st.integers(-30, 30).map(str) if exact else amounts(-50, 50)
    lines = ["values:"]
    for party in PARTIES[:2]:
        for issue, options in OPTIONS.items():
            if exact or draw(st.booleans()):
                said = [f"{o}: {draw(number)}" for o in options[1:]]
                inside = ", ".join(said)
                lines.append(f"- {{party: {party}, issue: {issue}, options: {{{inside}}}}}")
            else:
                order = " > ".join(draw(st.permutations(options)))
                lines.append(f"- {{party: {party}, issue: {issue}, order: {order}}}")
    lines += ["walk_away:", f"- {{party: north, value: {draw(st.integers(-5, 9))}}}"]
    if draw(st.booleans()):
        lines += ["forbidden:", "- {options: {border: open, prisoners: held}}"]
    lines += [
        "levers:",
        "- {id: a, by: north, what: doing a}",
        "- {id: b, by: south, what: doing b",
    ]
    lines[-1] += draw(st.sampled_from(["}", ", now: true}", ", excludes: [a]}"]))
    lines += ["- {id: c, by: south, what: doing c}", "preferences:"]
    for party in PARTIES[:2]:
        said = draw(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4, unique=True))
        open_ = "" if exact else draw(st.sampled_from(["", ", open: all"]))
        lines.append(f"- {{party: {party}, statements: [{', '.join(said)}]{open_}}}")
    lines.append("costs:")
    for n, (by, to) in enumerate([("north", "south"), ("south", "north"), ("north", "isle")]):
        cost = draw(st.integers(0, 30).map(str) if exact else amounts(0, 30))
        worth = draw(st.integers(1, 40)) if exact else "open"
        lines.append(f"- {{id: s{n}, by: {by}, cost: {cost}, worth: {{{to}: {worth}}}}}")
    if exact or draw(st.booleans()):
        lines.append("trust:")
        for party in PARTIES:
            lines.append(f"- {{party: {party}, value: {draw(st.integers(1, 30))}}}")
    return judgments("\n".join(lines) + "\n")
