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
from detente.reading.run import group, journal
from detente.reading.text.pipeline import load, parse, parse_all
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
def case(tmp_path: Path) -> Path:
    """A case of 40 short reports."""
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


def test_an_interrupted_reading_goes_on_from_there(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Case.open(case).put_on_record()
    whole = record(case)
    (case / "record.yaml").unlink()
    monkeypatch.setattr(read, "_TOGETHER", 500)
    monkeypatch.setattr(group, "read_group", counted := _Counted(group.read_group))
    counted.stop_after = 9
    with pytest.raises(KeyboardInterrupt):
        Case.open(case).put_on_record()
    assert not (case / "record.yaml").exists()
    assert journal.left(case)
    first, counted.stop_after = set(counted.read), 1000
    counted.read.clear()
    Case.open(case).put_on_record()
    assert record(case) == whole
    assert first and not first & set(counted.read)
    assert len(first) + len(counted.read) == 40
    assert not list(case.glob(".detente.reading*"))


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


def test_what_another_reader_or_a_crash_left_is_read_anew(case: Path) -> None:
    reports = list(Case.open(case).record.reports.values())
    readings = read.read_reports(reports)
    with journal.Journal(case, "reader 1") as kept:
        for report, reading in zip(reports, readings, strict=True):
            kept.add(report, reading)
        assert list(kept.readings(reports)) == readings
    file = case / journal.FILE
    file.write_bytes(file.read_bytes()[:-20])
    with journal.Journal(case, "reader 1") as kept:
        assert [report for report in reports if report not in kept] == reports[-1:]
        with journal.Journal(case, "reader 1") as second:  # at the same time: keeps its own
            assert reports[0] not in second
        kept.add(reports[-1], readings[-1])
        assert list(kept.readings(reports)) == readings
    with journal.Journal(case, "reader 2") as kept:
        assert reports[0] not in kept


def test_a_report_that_was_edited_meanwhile_is_read_anew(case: Path) -> None:
    reports = list(Case.open(case).record.reports.values())
    with journal.Journal(case, "reader") as kept:
        for report, reading in zip(reports, read.read_reports(reports), strict=True):
            kept.add(report, reading)
    with (case / "reports" / "r03.txt").open("a", encoding="utf-8") as file:
        file.write("\nChad freed a fourth.\n")
    again = list(Case.open(case).record.reports.values())
    with journal.Journal(case, "reader") as kept:
        assert [report.id for report in again if report not in kept] == ["r03"]


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
    with journal.Journal(None, "reader") as kept, pytest.raises(KeyboardInterrupt):
        kept.add(report, Reading("r", "", (), (), (), ()))


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on Unix")
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_ctrl_c_keeps_what_was_read(case: Path, jobs: int) -> None:
    text = "\n\n".join(LINES).format(n=2) + "\n"
    for n in range(40):
        path = case / "reports" / f"r{n:02}.txt"
        path.write_text(path.read_text(encoding="utf-8") + text * 40, encoding="utf-8")
    command = [sys.executable, "-m", "detente", "read", str(case), "--jobs", str(jobs)]
    process = Popen(command, stdout=PIPE, stderr=PIPE, start_new_session=True)
    until = time.monotonic() + 600
    while not journal.left(case) and time.monotonic() < until and process.poll() is None:
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
    assert journal.left(case)
    assert not (case / "record.yaml").exists()
