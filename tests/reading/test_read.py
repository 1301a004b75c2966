"""Reading many reports: in batches, in processes, interrupted and taken up again."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from detente.case import Case
from detente.errors import BadInput
from detente.reading import read
from detente.reading.found import Reading
from detente.reading.run import group, journal, kept
from detente.reading.text.pipeline import load, parse, parse_all
from detente.record import limits
from detente.record.models import ReportFront
from detente.record.new import create
from detente.record.record import Report

LINES = (
    "Chad released {n} Swiss hostages on 3 May 2021.",
    "Libya threatened to expel Chad's ambassador unless the {n} prisoners are freed.",
    "“We ask Libya to open the border,” the foreign minister of Chad, Adoum Garfi, said on Monday.",
    "Qatar and Egypt agreed last week to mediate between the two sides.",
    "The Libyan embassy in N'Djamena remains closed.",
)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case of 40 short reports, none of them read before."""
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "case"
    create(folder)
    (folder / "record.yaml").unlink()
    for path in (folder / "reports").iterdir():
        path.unlink()
    for n in range(40):
        told = [LINES[(n + i) % len(LINES)].format(n=n + 2) for i in range(1 + n % 4)] * (1 + n % 3)
        front = f"---\ntitle: Report {n}\ndate: 2021-05-{1 + n % 28:02}\n---\n"
        (folder / "reports" / f"r{n:02}.txt").write_text(
            front + "\n\n".join(told) + "\n", encoding="utf-8"
        )
    return folder


def record(folder: Path) -> bytes:
    return (folder / "record.yaml").read_bytes()


def test_a_batch_reads_as_each_text_by_itself() -> None:
    texts = ["", *(line.format(n=2) for line in LINES), " \n", "\n\n".join(LINES) * 150, "One."]
    nlp = load()
    together = list(parse_all(texts, nlp))
    assert [doc.text for doc in together] == texts
    alone = [parse(text, nlp) for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.to_json() == other.to_json()


def test_progress_counts_the_characters_of_all(case: Path) -> None:
    seen: list[tuple[int, int]] = []
    reports = list(Case.open(case).record.reports.values())
    read.read_reports(reports, progress=lambda done, total: seen.append((done, total)))
    total = sum(len(report.text) for report in reports)
    assert seen == sorted(seen)
    assert seen[-1] == (total, total)


def test_the_record_is_the_same_whatever_the_number_of_jobs(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "_LEAST", 500)
    readings, _ = Case.open(case).read(dry_run=True)
    assert not (case / "record.yaml").exists()
    assert Case.open(case).read(dry_run=True, jobs=2)[0] == readings
    Case.open(case).read()
    alone = record(case)
    (case / "record.yaml").unlink()
    Case.open(case).read(jobs=2)
    assert record(case) == alone
    assert alone.count(b"- id:") > 20


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    """read_group, a few reports at a time, noting what it reads."""
    monkeypatch.setattr(read, "_TOGETHER", 500)
    made = _Counted(group.read_group)
    monkeypatch.setattr(group, "read_group", made)
    return made


def test_an_interrupted_reading_goes_on_from_there(case: Path, counted: _Counted) -> None:
    Case.open(case).put_on_record()
    whole = record(case)
    (case / "record.yaml").unlink()
    kept.folder().joinpath(kept.FILE).unlink()
    counted.read.clear()
    counted.stop_after = 9
    with pytest.raises(KeyboardInterrupt) as stop:
        Case.open(case).put_on_record()
    assert stop.value.__notes__ == [
        "What was read so far is kept; the same command goes on from there."
    ]
    assert not (case / "record.yaml").exists()
    first, counted.stop_after = set(counted.read), 1000
    counted.read.clear()
    Case.open(case).put_on_record()
    assert record(case) == whole
    assert first and not first & set(counted.read)
    assert len(first) + len(counted.read) == 40


def test_what_has_not_changed_is_not_read_again(
    case: Path, counted: _Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings, added = Case.open(case).read()
    whole = record(case)
    assert len(counted.read) == 40 and added.added
    counts = []
    for dry_run in (False, True):
        counted.read.clear()
        again, merged = Case.open(case).read(dry_run=dry_run)
        assert counted.read == []
        assert again == readings and record(case) == whole
        assert not merged.added and not merged.joined and merged.text.encode() == whole
        counts.append(merged.unchanged)
    counted.read.clear()
    _, merged = Case.open(case).read(anew=True)
    assert len(counted.read) == 40 and {merged.unchanged, *counts} == {merged.unchanged}
    counted.read.clear()
    (case / "record.yaml").unlink()  # put on record again, from what was kept
    Case.open(case).put_on_record()
    assert counted.read == [] and record(case) == whole
    (case / "record.yaml").write_bytes(whole.replace(b"review: machine", b"review: rejected"))
    assert Case.open(case).read()[1].added == () and counted.read == []
    Case.open(case).put_on_record(anew=True)
    assert len(counted.read) == 40


def test_what_has_changed_is_read_again(
    case: Path, counted: _Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text, a report's day, the case's parties, the pipeline's version; not a file's name."""

    def read_now() -> list[str]:
        counted.read.clear()
        Case.open(case).put_on_record(dry_run=True)
        return counted.read

    assert len(read_now()) == 40 and read_now() == []
    edited = case / "reports" / "r03.txt"
    with edited.open("a", encoding="utf-8") as file:
        file.write("\nChad freed a fourth.\n")
    assert read_now() == ["r03"]
    edited.write_text(edited.read_text("utf-8").replace("2021-05-04", "2021-06-04"), "utf-8")
    assert read_now() == ["r03"]
    edited.rename(edited.with_name("renamed.txt"))
    assert read_now() == []
    about = case / "case.yaml"
    before = about.read_text(encoding="utf-8")
    about.write_text(before.replace("question:", "note: Another.\nquestion:", 1), "utf-8")
    assert read_now() == []
    about.write_text("title: T\nquestion: Q?\nparties:\n- {id: chad, name: Chad, kind: state}\n")
    assert len(read_now()) == 40
    versions = {"spacy": "99.0"}
    real = journal._version
    monkeypatch.setattr(journal, "_version", lambda name: versions.get(name) or real(name))
    assert len(read_now()) == 40 and read_now() == []


def test_the_reader_s_own_code_and_tables_are_part_of_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente import reading as room

    seen = {journal.reader(case_parties=(), pipeline="p")}
    monkeypatch.setattr(room, "__path__", [str(tmp_path)])
    for name in ("a.py", "inner/b.py", "data/c.tsv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        for text in ("one", "two"):
            (tmp_path / name).write_text(text)
            seen.add(journal.reader(case_parties=(), pipeline="p"))
    assert len(seen) == 7


class _Counted:
    """read_group, noting what it reads and raising as Ctrl-C does after so many groups."""

    def __init__(self, inner: Callable[..., list[object]]) -> None:
        self.inner, self.read, self.stop_after = inner, list[str](), 1000

    def __call__(self, group: list[object], **more: object) -> list[object]:
        if not self.stop_after:
            raise KeyboardInterrupt
        self.stop_after -= 1
        self.read += [report.id for report in group]  # type: ignore[attr-defined]
        return self.inner(group, **more)


def keeping(place: Path, **how: int) -> list[bytes | None]:
    """What is found again of ten readings of 2,000 bytes each that can't be packed."""
    texts = [os.urandom(2000) for _ in range(10)]
    with kept.Kept(place, **how) as some:
        for number, text in enumerate(texts):
            some.add(f"k{number}", text)
    with kept.Kept(place, **how) as some:
        found = [some.get(f"k{number}") for number in range(10)]
    assert all(one in (None, text) for one, text in zip(found, texts, strict=True))
    return found


def test_what_is_kept_stays_within_its_bounds(tmp_path: Path) -> None:
    assert None not in keeping(tmp_path / "a")
    found = keeping(tmp_path / "b", largest=9_000)
    assert found[-1] is not None and found[:4] == [None] * 4
    for _ in range(30):
        keeping(tmp_path / "b", largest=9_000)
    assert (tmp_path / "b" / kept.FILE).stat().st_size < 40_000


def test_the_longest_unused_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = os.urandom(1000)
    for day, act in enumerate(("add a", "add b", "get a", "add c")):
        monkeypatch.setattr(kept, "_today", lambda day=day: day)
        with kept.Kept(tmp_path, largest=2_900) as some:
            what, key = act.split()
            some.add(key, text) if what == "add" else some.get(key)
    with kept.Kept(tmp_path) as some:
        assert [key for key in "abc" if some.get(key)] == ["a", "c"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes as on Unix")
def test_nobody_else_may_read_what_is_kept(tmp_path: Path) -> None:
    keeping(tmp_path / "deep" / "cache")
    assert (tmp_path / "deep" / "cache").stat().st_mode & 0o77 == 0
    assert (tmp_path / "deep" / "cache" / kept.FILE).stat().st_mode & 0o77 == 0


def test_reading_goes_on_whatever_is_wrong_with_what_is_kept(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "odd"
    place.mkdir()
    (place / kept.FILE).write_bytes(b"no database " * 500)
    assert None not in keeping(place), "a new one takes its place"
    whole = (place / kept.FILE).read_bytes()
    (place / kept.FILE).write_bytes(whole[:4096] + os.urandom(4096) + whole[8192:])
    keeping(place)
    with kept.Kept(place) as some:
        some.add("k", b"not a reading")
    with kept.Kept(place) as one, kept.Kept(place) as other:
        one.add("x", b"text")
        assert other.get("x") == b"text"
    (tmp_path / "file").write_text("")
    assert keeping(tmp_path / "file") == [None] * 10
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path / "file"))
    assert Case.open(case).put_on_record().added


def test_what_was_given_up_is_tried_again(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_: object) -> Reading:
        raise limits.TooLong

    told: list[Reading] = []
    with monkeypatch.context() as slow:
        slow.setattr(group, "_told", too_long)
        assert not Case.open(case).put_on_record(each=told.append).added
    assert all(reading.given_up for reading in told)
    assert Case.open(case).put_on_record().added


def test_what_is_no_reading_is_read_again(tmp_path: Path) -> None:
    report = Report("r", ReportFront(), "Norland asked.", tmp_path / "r.txt")
    reading = Reading("r", report.text, (), (), (), ())
    with journal.Journal("reader", kept.Kept(tmp_path)) as first:
        first.add(report, reading)
    with journal.Journal("reader", kept.Kept(tmp_path)) as second:
        assert report in second and list(second.readings([report])) == [reading]
    with journal.Journal("reader 2", kept.Kept(tmp_path)) as other:
        assert report not in other
    with kept.Kept(tmp_path) as some:
        some.add(second._key(report), b'{"moves": 1}')
    with journal.Journal("reader", kept.Kept(tmp_path)) as third:
        assert report not in third


def test_a_process_that_cannot_read_says_why(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_LEAST", 500)
    with pytest.raises(BadInput, match="no such English pipeline"):
        Case.open(case).put_on_record(jobs=2, pipeline="xx_not_there")


def test_an_interruption_while_a_reading_is_written_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted:
        def dump_json(self, _: object) -> bytes:
            raise ValueError("Error serializing to JSON: KeyboardInterrupt: ")

    report = Report("r", ReportFront(), "Norland asked.", tmp_path / "r.txt")
    monkeypatch.setattr(journal, "_line", Interrupted)
    with journal.Journal("reader") as run, pytest.raises(KeyboardInterrupt):
        run.add(report, Reading("r", "", (), (), (), ()))


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on Unix")
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_ctrl_c_keeps_what_was_read(case: Path, jobs: int) -> None:
    text = "\n\n".join(LINES).format(n=2) + "\n"
    for n in range(40):
        path = case / "reports" / f"r{n:02}.txt"
        path.write_text(path.read_text(encoding="utf-8") + text * 40, encoding="utf-8")
    command = [sys.executable, "-m", "detente", "read", str(case), "--jobs", str(jobs)]

    def left() -> bool:
        with kept.Kept(kept.folder()) as some:
            return kept._size(some._db) > 0 if some._db else False

    process = Popen(command, stdout=PIPE, stderr=PIPE, start_new_session=True)
    until = time.monotonic() + 600
    while not left() and time.monotonic() < until and process.poll() is None:
        time.sleep(0.05)
    assert process.poll() is None, "it was done before it could be interrupted"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process hears of it
    _, err = process.communicate(timeout=300)
    assert process.returncode == 130
    said = [line for line in err.decode().splitlines() if line]
    assert said[-2:] == [
        "What was read so far is kept; the same command goes on from there.",
        "interrupted; nothing was changed",
    ]
    assert "Traceback" not in err.decode()
    assert left()
    assert not (case / "record.yaml").exists()
