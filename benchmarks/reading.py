"""How fast detente reads beside the bare spaCy pipeline, and how its memory grows.

python benchmarks/reading.py                     # speed: words per second of both, and --jobs 2
python benchmarks/reading.py --memory 500 2000   # peak memory of cases of so many reports
python benchmarks/reading.py --memory 10000 --jobs 2 --keep /tmp/big

Speed: the same texts through the same components of the same pipeline in batches of the same
size, bare and with all that detente does on top, in turn and in one run, so that a machine
that is busy with something else slows both. The ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from detente.case import Case
from detente.reading import read
from detente.reading.text import pipeline
from detente.record.dates import PartialDate
from detente.record.models import ReportFront
from detente.record.record import Report
from detente.record.texts import read_report

ROOT = Path(__file__).resolve().parent.parent
STATES = "Chad Libya Qatar Egypt Armenia Hungary Romania Tonga Cuba Niger Sudan Oman".split()
NAMES = "Garfi Anten Solu Marek Dahir Tavo Ilic Noor Benna Karo Lindt Osei".split()
SENTENCES = (
    "{a} released {n} prisoners on {d} {m} {y}.",
    "{a} threatened to expel the ambassador of {b} unless the {n} detainees are freed.",
    "“We ask {b} to open the border before the end of {m},” the foreign minister of {a}, Adoum"
    " {p}, said on Monday.",
    "According to {p}, {a} and {b} agreed last week to mediate in the {n}-year-old dispute.",
    "The embassy of {b} in {a} remains closed, an official said.",
    "Earlier, {a} had accused {b} of shelling a village; {b} denied it and called for talks.",
    "The parliament of {a} rejected the offer of {n} million dollars and demanded an apology.",
)


def texts(folder: Path | None) -> list[str]:
    """The reports of the example case and, where they are, the articles of ../shared."""
    given = [folder] if folder else [ROOT / "examples/kabul/reports"]
    given += [ROOT.parent / "shared/reading/articles"] if not folder else []
    files = [file for place in given if place.is_dir() for file in sorted(place.glob("*.txt"))]
    return [read_report(file).text for file in files]


def varied(plain: list[str], copies: int) -> list[str]:
    """The texts several times, each time with other figures in them."""
    swapped = [str.maketrans("123456789", "".join(_shuffled(n))) for n in range(copies)]
    return [text.translate(swap) if n else text for n, swap in enumerate(swapped) for text in plain]


def _shuffled(seed: int) -> list[str]:
    digits = list("123456789")
    random.Random(seed).shuffle(digits)
    return digits


def speed(plain: list[str], *, copies: int, rounds: int, jobs: int) -> None:
    """Words per second, bare and with detente, in turn."""
    many = varied(plain, copies)
    words = sum(len(text.split()) for text in many)
    day = ReportFront(date=PartialDate.parse("2025-04-07"))
    reports = [Report(f"r{n}", day, text, Path(f"r{n}.txt")) for n, text in enumerate(many)]
    size = max(1, round(pipeline.BATCH * len(many) / sum(map(len, many))))
    nlp = pipeline.load()
    print(f"{len(many)} texts, {words} words; {', '.join(nlp.pipe_names)}; {size} texts a batch")

    def bare() -> None:
        for _ in nlp.pipe(many, batch_size=size):
            pass

    def detente() -> None:
        for _ in read.each_reading(reports):
            pass

    def in_processes() -> None:
        for _ in read.each_reading(reports, jobs=jobs):
            pass

    found: dict[str, list[float]] = {"bare": [], "detente": [], f"--jobs {jobs}": []}
    for number in range(rounds + 1):
        for name, run in zip(found, (bare, detente, in_processes), strict=True):
            if number == 0 and run is in_processes:
                continue
            begun = time.perf_counter()
            run()
            if number:  # the first round only warms up
                found[name].append(words / (time.perf_counter() - begun))
    for name, rates in found.items():
        ratios = [rate / base for rate, base in zip(rates, found["bare"], strict=True)]
        print(
            f"{name:>9}: {median(rates):6.0f} words/s, {median(ratios):.2f} of bare"
            f" ({min(ratios):.2f} to {max(ratios):.2f} in {rounds} rounds)"
        )


def write_case(folder: Path, reports: int) -> None:
    """A case of short reports, each of other sentences, parties, dates and figures."""
    (folder / "reports").mkdir(parents=True)
    (folder / "case.yaml").write_text("title: A large case\nquestion: How long?\n")
    for n in range(reports):
        dice = random.Random(n)
        told = [_sentence(dice) for _ in range(6)]
        front = f"---\ntitle: Report {n}\ndate: {_day(n)}\n---\n"
        text = front + " ".join(told[:3]) + "\n\n" + " ".join(told[3:]) + "\n"
        (folder / "reports" / f"r{n:05}.txt").write_text(text, encoding="utf-8")


def _sentence(dice: random.Random) -> str:
    a, b = dice.sample(STATES, 2)
    return dice.choice(SENTENCES).format(
        a=a,
        b=b,
        p=dice.choice(NAMES) + dice.choice(("", "in", "ov", "ez")),
        n=dice.randint(2, 999),
        d=dice.randint(1, 28),
        m=dice.choice(("March", "April", "May", "June")),
        y=dice.randint(1995, 2024),
    )


def _day(n: int) -> str:
    return f"{2015 + n // 28 // 12 % 10}-{1 + n // 28 % 12:02}-{1 + n % 28:02}"


def memory(reports: int, jobs: int, keep: Path | None) -> None:
    """Peak memory and time of opening, reading and writing a case, in a process of its own.

    Then of reading it again, when nothing is new.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = keep / str(reports) if keep else Path(scratch) / "case"
        if not folder.exists():
            write_case(folder, reports)
        command = [sys.executable, __file__, "--one", str(folder), "--jobs", str(jobs)]
        none_yet = os.environ | {"DETENTE_CACHE": scratch}
        for _ in range(2):
            subprocess.run(command, check=True, env=none_yet)


def one(folder: Path, jobs: int) -> None:
    """What `memory` runs: opens a case, reads it, and says what each part took."""
    begun = time.perf_counter()
    case = Case.open(folder)
    marks = [("opened", time.perf_counter(), _peak())]

    def progress(done: int, total: int) -> None:
        if done == total:
            marks.append(("read", time.perf_counter(), _peak()))

    merged = case.put_on_record(progress=progress, jobs=jobs)
    marks = [*marks[:1], *marks[1:][-1:], ("recorded", time.perf_counter(), _peak())]
    print(f"{len(case.record.reports)} reports, {len(merged.added)} entries, jobs {jobs}:", end=" ")
    for name, at, peak in marks:
        print(f"{name} after {at - begun:.1f} s with {peak:.0f} MB", end="; ")
    print(f"{time.process_time():.1f} s of this process's core", end="; ")
    worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest reading process {worker:.0f} MB" if jobs > 1 else "")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure speed, or memory where it is asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--texts", type=Path, metavar="FOLDER", help="of .txt files, instead")
    options.add_argument("--copies", type=int, default=4, help="of each text, varied")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--memory", type=int, nargs="+", metavar="REPORTS")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the cases there")
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        one(given.one, given.jobs)
    elif given.memory:
        for reports in given.memory:
            memory(reports, given.jobs, given.keep)
    else:
        plain = texts(given.texts)
        speed(plain, copies=given.copies, rounds=given.rounds, jobs=given.jobs)


if __name__ == "__main__":
    main()
