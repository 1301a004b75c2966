"""The command line: what is printed where, exit codes, and a sentence for every mishap."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from detente import cli

TABLES = ["timeline", "demands", "status", "commitments", "ledger"]
REPORT = """\
---
title: Envoys meet
date: 2025-04-07
---
The Taliban freed two Americans on 20 March. "We ask the United States to open its embassy," a
spokesman for the group said.
"""


@dataclass
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "140")  # so that cells are not broken over lines

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as done:
            cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert isinstance(done.value.code, int)
        return Ran(done.value.code, out, err)

    return run


@pytest.fixture
def case(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, few_draws: None) -> Path:
    """The case that `detente new` makes; the tests work in the folder that holds it."""
    monkeypatch.chdir(tmp_path)
    assert run("new", "lorn").code == 0
    return Path("lorn")


PATIENCE = 300.0
"""Seconds that a process may take to end: it takes one or two where nothing else is running."""


def spoken(terminal: int) -> Iterator[str]:
    """What is said on a terminal from now on, until nobody holds its other end any more."""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other end is closed
            return
        if not part:
            return
        yield part.decode(errors="replace")


def detente(*arguments: object, **how: object) -> subprocess.Popen[bytes]:
    """The command as a process of its own."""
    command = [sys.executable, "-m", "detente", *map(str, arguments)]
    return subprocess.Popen(command, **{"stdout": -1, "stderr": -1, **how})  # type: ignore[call-overload]


# --- usage ----------------------------------------------------------------------------------


def test_help_without_arguments(run: Run) -> None:
    done = run()
    assert done.code == 0
    assert "detente brief report.txt" in done.out
    assert run("--help").out == done.out


def test_version(run: Run) -> None:
    assert run("--version").out.startswith("detente 0.")


def test_a_command_misspelt_is_guessed(run: Run) -> None:
    done = run("bref")
    assert done.code == 2
    assert "Did you mean 'brief'?" in done.err
    assert not done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("timeline",),
        ("timeline", "lorn", "--as-of", "2025-02-30"),
        ("timeline", "lorn", "--csv", "--json"),
        ("ledger", "lorn", "arvenia"),
        ("read", "lorn", "lorn"),
        ("read", "lorn", "--date", "2025"),
        ("read", "x.txt", "--dry-run"),
        ("brief", "lorn", "x.txt"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2(run: Run, case: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.code == 2, done.err
    assert not done.out
    assert "Error:" in done.err


# --- a case ---------------------------------------------------------------------------------


def test_a_new_case_passes_its_own_check(run: Run, case: Path) -> None:
    done = run("check", case)
    assert (done.code, done.out) == (0, "lorn: no problems\n")
    assert json.loads(run("check", case, "--json").out) == {"problems": [], "warnings": []}


def test_new_never_writes_over_anything(run: Run, case: Path) -> None:
    before = (case / "case.yaml").read_bytes()
    done = run("new", case)
    assert done.code == 1
    assert "lorn" in done.err
    assert (case / "case.yaml").read_bytes() == before


def test_check_lists_every_problem_with_file_and_line(run: Run, case: Path) -> None:
    record = case / "record.yaml"
    text = record.read_text(encoding="utf-8")
    text = text.replace("to: [belmark]", "to: [belmrak]", 1)
    text = text.replace("freed two Belmarkian", "freed six Belmarkian", 1)
    record.write_text(text, encoding="utf-8")
    lines = text.split("\n")
    wrong = [n for n, line in enumerate(lines, 1) if "belmrak" in line or "freed six" in line]
    done = run("check", case)
    assert done.code == 1
    for line in wrong:
        assert f"record.yaml:{line}: " in done.out
    assert done.err == "2 problems\n"
    found = json.loads(run("check", case, "--json").out)["problems"]
    assert [problem["line"] for problem in found] == wrong
    assert set(found[0]) == {"file", "line", "what", "do"}


@pytest.mark.parametrize("name", [*TABLES, "check", "judge", "brief", "read"])
def test_no_case_is_said_so(run: Run, tmp_path: Path, name: str) -> None:
    done = run(name, tmp_path / "nowhere")
    assert done.code == 1
    # What is wrong is what `check` was asked for; to others it is in the way.
    said, other = (done.out, done.err) if name == "check" else (done.err, done.out)
    assert "there is no such" in said
    assert name == "check" or not other


@pytest.mark.parametrize("name", TABLES)
def test_tables_as_text_json_and_csv(run: Run, case: Path, name: str) -> None:
    parties = ["arvenia", "belmark"] if name == "ledger" else []
    shown = run(name, case, *parties)
    assert shown.code == 0
    assert "Arvenia" in shown.out
    whole = json.loads(run(name, case, *parties, "--json").out)
    (key,) = set(whole) - {"as_of"}
    assert whole[key]
    rows = list(csv.DictReader(run(name, case, *parties, "--csv").out.splitlines()))
    assert rows
    count = len(whole[key][0]["lines"]) if name == "ledger" else len(whole[key])
    assert len(rows) == count


def test_as_of_looks_back(run: Run, case: Path) -> None:
    early = json.loads(run("timeline", case, "--json", "--as-of", "2024-12-31").out)
    late = json.loads(run("timeline", case, "--json").out)
    assert early["as_of"] == "2024-12-31"
    assert 0 < len(early["timeline"]) < len(late["timeline"])


def test_a_ledger_of_unknown_parties_names_those_there_are(run: Run, case: Path) -> None:
    done = run("ledger", case, "arvenia", "belmrak")
    assert done.code == 1
    assert "'belmrak'" in done.err and "arvenia" in done.err


def test_what_cannot_be_used_is_said_and_the_rest_shown(run: Run, case: Path) -> None:
    record = case / "record.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("type: AGREE", "type: AGREEE", 1), encoding="utf-8")
    done = run("timeline", case)
    assert done.code == 0
    assert "release of two fishermen" in done.out
    assert "detente check lorn" in done.err


def test_a_case_of_which_nothing_can_be_used_is_an_error(run: Run, case: Path) -> None:
    (case / "case.yaml").write_bytes(b"\x00\xff")
    (case / "record.yaml").write_text("moves: [")
    for name in ("timeline", "brief"):
        done = run(name, case)
        assert done.code == 1
        assert not done.out
        assert "case.yaml:1: " in done.err and "record.yaml:1: " in done.err


def test_judge_lists_reasons_and_gaps(run: Run, case: Path) -> None:
    done = run("judge", case)
    assert "because it has lived with the closed bridge for years" in done.out
    assert "belmark: bridge, walk-away point" in done.out
    found = json.loads(run("judge", case, "--json").out)
    assert all(line["because"] for line in found["assumed"])
    assert {"kind": "value", "party": "arvenia", "about": "fishing-boats"} in found["nothing"]
    (case / "judgments.yaml").unlink()
    assert "Nothing is assumed" in run("judge", case).out


DEMAND = """\
moves:
- id: ask
  date: 2025-01-02
  type: REQUEST
  by: [arvenia]
  to: [belmark]
  what: reopening of the bridge
  issue: bridge
  sources:
  - {report: r, quote: asked Belmark}
"""


@pytest.fixture
def bare(case: Path) -> Path:
    """The case with one demand on record and no assumptions."""
    text = (case / "case.yaml").read_text(encoding="utf-8")
    assert "id: bridge" in text
    (case / "reports" / "r.txt").write_text("Arvenia asked Belmark for the bridge.")
    (case / "record.yaml").write_text(DEMAND)
    (case / "judgments.yaml").unlink()
    return case


def test_judge_writes_a_first_version_once(run: Run, bare: Path) -> None:
    file = bare / "judgments.yaml"
    done = run("judge", bare, "--json")
    assert json.loads(done.out)["written"] == str(file)
    assert "A first version, from the record alone: lorn/judgments.yaml" in done.err
    assert {line["party"] for line in json.loads(done.out)["assumed"]} >= {"arvenia", "belmark"}
    before = file.read_bytes()
    assert b"rests_on: [ask]" in before
    assert run("check", bare).code == 0
    again = run("judge", bare)
    assert again.code == 0 and "--draft" in again.err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "written",
    [
        b"# mine\n",
        b"\xef\xbb\xbf# mine, with a mark\r\n# two\r\n",
        "# ганг\n\n---\n# still nothing".encode(),
        b"",
    ],
)
def test_judge_keeps_every_byte_of_comments(run: Run, bare: Path, written: bytes) -> None:
    file = bare / "judgments.yaml"
    file.write_bytes(written)
    assert run("judge", bare).code == 0
    after = file.read_bytes()
    assert after.startswith(written) and b"rests_on: [ask]" in after
    assert run("check", bare).code == 0


@pytest.mark.parametrize(
    "written",
    [
        b"scale: 10\n",
        b"values:\n",
        b"values: []\nnote: mine\n",
        b"null\n",
        b"# mine\n---\n...\n",
        "# mine\n".encode("utf-16"),
        b"values:\n- {party: arvenia, issue: bridge, order: open > closed}\n",  # without a reason
    ],
)
def test_judge_never_overwrites(run: Run, bare: Path, written: bytes) -> None:
    file = bare / "judgments.yaml"
    file.write_bytes(written)
    done = run("judge", bare)
    assert done.code == 0, done.err
    assert file.read_bytes() == written
    assert "--draft" in done.err


@pytest.mark.parametrize("written", [b"values: [", b"\xff\xfe\xfa", b"- a list\n"])
def test_judge_leaves_what_cannot_be_read(run: Run, bare: Path, written: bytes) -> None:
    (bare / "judgments.yaml").write_bytes(written)
    done = run("judge", bare)
    assert done.code == 1 and "lorn/judgments.yaml:1: " in done.err
    assert (bare / "judgments.yaml").read_bytes() == written


def test_a_draft_writes_nothing(run: Run, bare: Path) -> None:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = run("judge", bare, "--draft")
    assert done.out.startswith("# A first version") and "rests_on: [ask]" in done.out
    lists = json.loads(run("judge", bare, "--draft", "--json").out)
    assert lists["costs"][0]["cost"] == "open"
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_nothing_on_record_gives_no_first_version(run: Run, bare: Path) -> None:
    (bare / "record.yaml").unlink()
    assert run("judge", bare).code == 0
    assert not (bare / "judgments.yaml").exists()


def test_a_case_without_assumptions_has_models_of_the_record(run: Run, bare: Path) -> None:
    done = run("deal", bare, "--samples", 50)
    assert done.code == 0, done.err
    text = "".join(run("brief", bare).out)
    assert "Nobody has judged anything yet" in text


WRONG_JUDGMENTS = {
    "unknown lever": """\
levers:
- {id: a, by: arvenia, what: doing a, because: x}
- {id: b, by: belmark, what: doing b, because: x}
preferences:
- {party: arvenia, statements: [b, not aa], because: x}
- {party: belmark, statements: [a], because: x}
""",
    "circle": """\
costs:
- {id: s, by: arvenia, cost: 1, worth: {belmark: 2}, because: x}
- {id: t, by: arvenia, cost: 1, worth: {belmark: 2}, because: x}
- {id: u, by: arvenia, cost: 1, worth: {belmark: 2}, because: x}
- {id: v, by: belmark, cost: 1, worth: {arvenia: 2}, after: [w], because: x}
- {id: w, by: belmark, cost: 1, worth: {arvenia: 2}, after: [v], because: x}
""",
    "contradiction": """\
walk_away:
- {party: arvenia, value: 3, because: x}
values:
- {party: belmark, issue: bridge, options: {open: -2}, because: x}
- {party: arvenia, issue: bridge, order: closed > open, because: x}
- {party: arvenia, issue: bridge, options: {open: 20..40}, because: x}
""",
}


@pytest.mark.parametrize(
    ("name", "line", "what"),
    [
        ("unknown lever", 5, "aa"),
        ("circle", 5, "circle: v -> w -> v"),
        ("contradiction", 5, "no values fit this order"),
    ],
)
def test_wrong_assumptions_are_told_and_the_brief_still_made(
    run: Run, bare: Path, name: str, line: int, what: str
) -> None:
    (bare / "judgments.yaml").write_text(WRONG_JUDGMENTS[name])
    done = run("check", bare)
    assert done.code == 1
    assert f"judgments.yaml:{line}: " in done.out and what in done.out
    made = run("brief", bare)
    assert made.code == 0, made.err
    assert "Traceback" not in made.err and "fault" not in made.err
    assert "What is assumed can't be used" in made.out
    assert Path("lorn-brief.html").exists()
    command = {"unknown lever": "conflict", "circle": "steps", "contradiction": "deal"}[name]
    asked = run(command, bare)
    assert asked.code == 1 and f"judgments.yaml:{line}: " in asked.err


def test_a_walk_away_alone_makes_a_brief(run: Run, case: Path) -> None:
    text = "walk_away:\n- {party: arvenia, value: 3, because: x}\n"
    (case / "judgments.yaml").write_text(text)
    assert run("check", case).code == 0
    done = run("brief", case)
    assert done.code == 0, done.err


def test_a_deal_written_out_comes_before_assumptions(run: Run, case: Path) -> None:
    deal = {
        "parties": ["arvenia", "belmark"],
        "issues": {
            "bridge": {
                "closed": {"arvenia": 0, "belmark": 0},
                "open": {"arvenia": 5, "belmark": 1},
            }
        },
    }
    with (case / "case.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\ndeal: {json.dumps(deal)}\n")
    assert run("check", case).code == 0
    found = json.loads(run("brief", case, "--json").out)["results"]["deal"]
    assert found["package"] == {"bridge": "open"} and found["possible"] == 1
    assert "As written out in the case." in found["notes"]


# --- the brief --------------------------------------------------------------------------------


def test_one_table_as_csv(run: Run, case: Path) -> None:
    listed = run("brief", case, "--table", "list")
    names = [line.split("  ")[0] for line in listed.out.splitlines()]
    assert {"timeline", "demands", "wants", "deal"} <= set(names)
    for name in ("timeline", "deal", "matters"):
        done = run("brief", case, "--table", name)
        assert done.code == 0
        assert len(list(csv.DictReader(done.out.splitlines()))) >= 1
    assert not list(Path().glob("*.html"))
    wrong = run("brief", case, "--table", "deel")
    assert (wrong.code, wrong.out) == (2, "")
    assert "'deel'" in wrong.err and "Did you mean `deal`?" in wrong.err
    assert run("brief", case, "--table", "deal", "--json").code == 2


def test_one_table_and_a_page_where_one_is_named(run: Run, case: Path) -> None:
    done = run("brief", case, "--table", "demands", "-o", "page.html")
    assert Path("page.html").exists() and "page.html" in done.err
    assert "page.html" not in done.out


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", folder, *identity, *words], check=True, capture_output=True)


def changes(run: Run, case: Path, older: object) -> dict[str, object]:
    done = run("brief", case, "--json", "--against", older)
    assert done.code == 0, done.err
    found = json.loads(done.out)["changes"]
    assert found["since"] == str(older)
    return found


def edited(case: Path) -> None:
    record = case / "record.yaml"
    text = record.read_text(encoding="utf-8")
    assert text.count("release of two fishermen") == 1
    record.write_text(text.replace("release of two fishermen", "release of two men"), "utf-8")


def test_against_a_copy(run: Run, case: Path) -> None:
    shutil.copytree(case, "before")
    none = changes(run, case, "before")
    assert none == {"since": "before", "entries": [], "assumptions": [], "answers": []}
    edited(case)
    (entry,) = changes(run, case, "before")["entries"]  # type: ignore[misc]
    assert entry["kind"] == "changed"
    assert entry["how"] == "what: release of two fishermen, now release of two men"
    shown = run("brief", case, "--against", "before").out
    assert "now release of two men" in shown
    assert "now release of two men" in Path("lorn-brief.html").read_text(encoding="utf-8")


def test_against_a_git_revision(run: Run, case: Path) -> None:
    """The case may be a folder inside a larger repository."""
    git(Path(), "init", "-q", "-b", "main")
    git(Path(), "add", ".")
    git(Path(), "commit", "-q", "-m", "first")
    git(Path(), "tag", "v1")
    edited(case)
    for older in ("HEAD", "v1", "main"):
        (entry,) = changes(run, case, older)["entries"]  # type: ignore[misc]
        assert entry["how"].endswith("now release of two men")
    git(Path(), "commit", "-q", "-a", "-m", "second")
    assert changes(run, case, "HEAD")["entries"] == []
    assert len(changes(run, case, "HEAD~1")["entries"]) == 1  # type: ignore[arg-type]
    for wrong in ("HEAD~9", "nowhere", "--output=x", "HEAD:case.yaml"):
        done = run("brief", case, f"--against={wrong}")
        assert done.code == 1, wrong
        assert "no folder and no git revision" in done.err and "HEAD~1" in done.err
        assert not Path("x").exists()


def test_against_what_is_nothing(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(Path().resolve().parent))
    done = run("brief", case, "--against", "before")
    assert done.code == 1 and "no folder and no git revision" in done.err
    Path("empty").mkdir()
    done = run("brief", case, "--against", "empty")
    assert done.code == 1 and "it has no case.yaml" in done.err
    assert not list(Path().glob("*.html"))
    Path("t.txt").write_text(REPORT)
    assert run("brief", "t.txt", "--against", "empty").code == 2
    monkeypatch.setenv("PATH", "")
    done = run("brief", case, "--against", "before")
    assert done.code == 1 and "git is not installed" in done.err


def test_brief_writes_a_page_and_says_where(run: Run, case: Path) -> None:
    done = run("brief", case)
    assert done.code == 0
    page = Path("lorn-brief.html").resolve()
    assert done.out.endswith(f"The page: {page}\n")
    assert "reopen the bridge" in page.read_text(encoding="utf-8")
    assert run("brief", case).code == 0, "an earlier page may be written over"


def test_brief_as_json_is_one_document_and_no_page(run: Run, case: Path) -> None:
    done = run("brief", case, "--json")
    assert json.loads(done.out)["counts"]["moves"] == 3
    assert not list(Path().glob("*.html"))
    done = run("brief", case, "--json", "-o", "page.html")
    assert json.loads(done.out)
    assert "page.html" in done.err
    assert Path("page.html").exists()


@pytest.mark.parametrize("target", ["lorn", "lorn/record.yaml", "lorn/reports/r.html", "notes.txt"])
def test_brief_never_writes_over_what_a_person_made(run: Run, case: Path, target: str) -> None:
    Path("notes.txt").write_text("mine")
    (case / "reports" / "r.html").write_text("<p>A report of its own.</p>")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = run("brief", case, "-o", target)
    assert done.code == 1
    assert target in done.err
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_brief_into_a_folder_that_is_not_there(run: Run, case: Path) -> None:
    done = run("brief", case, "-o", "nowhere/page.html")
    assert done.code == 1
    assert "nowhere/page.html" in done.err


# --- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 ...", b"\x00\x01\x02\xff" * 99])
def test_what_is_no_text_gets_a_sentence(run: Run, tmp_path: Path, content: bytes) -> None:
    good = tmp_path / "good.txt"
    good.write_text(REPORT)
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    for name in ("read", "brief"):
        done = run(name, good, bad)
        assert done.code == 1
        assert str(bad) in done.err and "Traceback" not in done.err
        assert not done.out


def test_reading_files(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text(REPORT)
    (found,) = json.loads(run("read", file, "--json").out)["reports"]
    assert {"report", "moves", "statements", "parties"} <= set(found)
    text = file.read_text().split("---\n")[2]
    for move in found["moves"]:
        assert text[move["start"] : move["end"]] == move["quote"]
    shown = run("read", file).out
    assert all(move["type"] in shown for move in found["moves"])


def test_a_text_given_twice_is_read_once(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "r.txt", tmp_path / "s.txt"
    for file in (first, second):
        file.write_text(REPORT)
    done = run("read", first, second, "--json")
    assert done.code == 0
    assert f"{second}: warning: the same text as {first}\n    It counts once." in done.err
    found = json.loads(done.out)
    assert found["reports"] == json.loads(run("read", first, "--json").out)["reports"]
    assert found["warnings"] == [f"{second}: the same text as {first}. It counts once."]


def test_what_is_odd_about_a_case_is_no_problem(run: Run, case: Path) -> None:
    (case / "exchange.yaml").write_text(
        "parties: [a, b]\ndeliverables:\n  x: {by: a, cost: 1, worth: {}}\n"
    )
    done = run("check", case)
    assert (done.code, done.out) == (0, "lorn: no problems\n")
    assert "exchange.yaml:3: warning: nobody values `x`" in done.err
    (said,) = json.loads(run("check", case, "--json").out)["warnings"]
    assert "exchange.yaml:3: nobody values `x`" in said


def test_a_text_without_parties_gets_a_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text("The soup was good and the bread was warm, and it rained all afternoon.\n")
    done = run("read", file)
    assert done.code == 0
    assert "names no state" in done.out


def test_doubts_about_a_text_are_said_first(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text("Талибан освободил двух американцев в Кабуле, сообщили в Дохе. " * 5)
    done = run("read", file, "--json")
    assert done.code == 0
    assert json.loads(done.out)["reports"]
    assert "The reader knows English" in done.err
    assert "--date" in done.err
    assert "--date" not in run("read", file, "--date", "2025-04-07").err


def test_a_pipeline_that_is_not_there(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text(REPORT)
    done = run("read", file, "--pipeline", "xx_not_there")
    assert done.code == 1
    assert "xx_not_there" in done.err


def test_reading_a_case_twice_changes_nothing(run: Run, case: Path) -> None:
    (case / "reports" / "2025-04-07-envoys.txt").write_text(REPORT)
    record = case / "record.yaml"
    before = record.read_bytes()
    would = run("read", case, "--dry-run")
    assert would.code == 0
    assert record.read_bytes() == before
    assert run("read", case).code == 0
    once = record.read_bytes()
    assert once != before
    again = run("read", case)
    assert again.code == 0
    assert "nothing" in again.out.lower()
    assert record.read_bytes() == once
    assert run("check", case).code == 0


# --- mishaps --------------------------------------------------------------------------------------


def test_a_fault_is_one_sentence(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DETENTE_DEBUG", raising=False)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(cli, "_recorded", broken)
    done = run("timeline", case)
    assert done.code == 3
    assert "ZeroDivisionError: by nought" in done.err
    assert "DETENTE_DEBUG=1" in done.err
    monkeypatch.setenv("DETENTE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["timeline", str(case)])


def test_an_interruption_says_what_was_changed(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_recorded", interrupted)
    done = run("timeline", case)
    assert (done.code, done.err.strip()) == (130, "interrupted; nothing was changed")


@pytest.mark.skipif(os.name == "nt", reason="signals as on Unix")
def test_ctrl_c_while_reading(case: Path) -> None:
    (case / "reports" / "long.txt").write_text(REPORT + "The Taliban met Qatar. " * 20_000)
    before = (case / "record.yaml").read_bytes()
    terminal, theirs = os.openpty()  # a progress bar is only shown where a person watches
    process = detente("read", case, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    said = ""
    for part in spoken(terminal):
        said += part
        if re.search(r"[1-9]\d?%", said):  # it has begun, and there is much left
            break
    else:
        pytest.fail(f"it was done before it could be interrupted: {said}")
    process.send_signal(signal.SIGINT)
    said += "".join(spoken(terminal))
    os.close(terminal)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert said.strip().splitlines()[-1].endswith("interrupted; nothing was changed")
    assert (case / "record.yaml").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="pipes as on Unix")
def test_a_reader_that_goes_away(case: Path) -> None:
    for arguments in (("timeline", case), ("brief", case, "--json"), ("--help",)):
        end, ours = os.pipe()
        os.close(end)
        process = detente(*arguments, stdout=ours)
        os.close(ours)
        _, err = process.communicate(timeout=PATIENCE)
        assert err == b"", arguments
        assert process.returncode not in (0, 2, 3)


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(e, marks=pytest.mark.slow) for e in ("latin-1", "cp1252"))]
)
def test_terminals_that_are_not_utf8(case: Path, encoding: str) -> None:
    record = case / "record.yaml"
    text = record.read_text(encoding="utf-8").replace(
        "release of two", "Freilassung – 释放 – of two"
    )
    record.write_text(text, encoding="utf-8")
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for arguments in (("timeline", case), ("brief", case), ("timeline", case, "--json")):
        process = detente(*arguments, env=env)
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
        out.decode(encoding)
    whole = json.loads(out.decode(encoding))
    assert any("释放" in line["what"] for line in whole["timeline"])


def test_control_characters_in_a_report_do_not_reach_the_terminal(run: Run, case: Path) -> None:
    record = case / "record.yaml"
    text = record.read_text(encoding="utf-8")
    text = text.replace("what: release of two", 'what: "\\e[2J release of two', 1)
    text = text.replace("two fishermen\n", 'two fishermen"\n', 1)
    record.write_text(text, encoding="utf-8")
    for name in ("timeline", "ledger", "brief"):
        done = run(name, case)
        assert done.code == 0, done.err
        assert "[2J release of two" in done.out
        assert "\x1b" not in done.out
