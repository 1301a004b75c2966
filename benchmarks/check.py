"""How long a large case takes: a case of 10,000 moves with one source each, 40 reports.

python benchmarks/check.py            # 10,000 moves, all well: checked three times
python benchmarks/check.py --commands --moves 37000   # check, timeline, ledger, brief
python benchmarks/check.py --wrong 5  # every fifth quote is wrong
python benchmarks/check.py --moves 50000 --keep /tmp/big-case
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from detente.record.checks import check

REPORTS = 40
MODES = (("RETREAT", "release"), ("REQUEST", "change"), ("THREATEN", "relations"))
FIRST = date(2020, 1, 1)

CASE = """title: A large case
question: How long does it take to check it?
parties:
- {id: arvenia, name: Arvenia, kind: state, code: XAR}
- {id: belmark, name: Belmark, kind: state, code: XBE}
- id: ana-torvel
  name: Ana Torvel
  kind: person
  speaks_for:
  - {party: arvenia, office: foreign minister, from: 2019}
issues:
- {id: bridge, title: The bridge, options: [closed, open]}
agreements:
- id: accord
  title: The accord
  date: 2019-05
  parties: [arvenia, belmark]
  commitments:
  - {id: accord-bridge, by: [belmark], to: [arvenia], what: reopening of the bridge}
"""

MOVE = """
- id: {id}
  date: {date}            # as the report says
  type: {type}
  mode: {mode}
  by: [arvenia]
  to: [belmark]
  what: matter number {n}
  issue: bridge
  aspect: actual
  sources:
  - report: {report}
    quote: "{quote}"
    said_by: {{name: Ana Torvel, role: foreign minister, named: true}}
    direct: false
    credibility: 2
  review: machine
"""


def sentence(n: int) -> str:
    """The sentence that tells move n."""
    return f"Arvenia told Belmark on Tuesday that matter number {n} weighs on the bridge"


def write_case(folder: Path, *, moves: int, wrong: int) -> None:
    """A case whose every `wrong`-th quote differs from its report by a word; 0 for none."""
    (folder / "reports").mkdir(parents=True)
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    told: list[list[str]] = [[] for _ in range(REPORTS)]
    entries = ["moves:"]
    for n in range(moves):
        in_report = n * REPORTS // moves
        day = FIRST + timedelta(days=in_report)
        told[in_report].append(sentence(n) + ".")
        type_, mode = MODES[n % len(MODES)]
        quote = sentence(n)
        if wrong and n % wrong == 0:
            quote = quote.replace("told", "has told")
        fields = {"type": type_, "mode": mode, "date": day, "n": n, "quote": quote}
        entries.append(MOVE.format(id=f"{day}-move-{n}", report=f"r{in_report}", **fields))
    (folder / "record.yaml").write_text("".join(entries), encoding="utf-8")
    for i, sentences in enumerate(told):
        front = f"---\ntitle: Report {i}\ndate: {FIRST + timedelta(days=i)}\n---\n"
        text = front + "\n\n".join(sentences) + "\n"
        (folder / "reports" / f"r{i}.txt").write_text(text, encoding="utf-8")


COMMANDS = ("check", "timeline", "timeline --csv", "ledger", "demands", "brief -o PAGE")


def commands(folder: Path) -> None:
    """What each command takes as a process of its own, and how large the page is."""
    page = folder / "page.html"
    for command in COMMANDS:
        name, *more = command.split()
        words = [sys.executable, "-m", "detente", name, str(folder)]
        words += [str(page) if word == "PAGE" else word for word in more]
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        begun = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        wall = time.perf_counter() - begun
        cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used
        print(f"detente {command}: {wall:.2f} s ({cpu:.2f} s of one core)")
    print(f"the page: {page.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Write a case, check it three times or run the commands on it, print the times."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--moves", type=int, default=10_000)
    options.add_argument("--wrong", type=int, default=0, metavar="N", help="every N-th quote")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the case there")
    options.add_argument("--commands", action="store_true", help="run commands instead")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch) / "case"
        write_case(folder, moves=given.moves, wrong=given.wrong)
        if given.commands:
            commands(folder)
            return
        for _ in range(3):
            begun, used = time.perf_counter(), time.process_time()
            problems = check(folder)
            wall, cpu = time.perf_counter() - begun, time.process_time() - used
            size = f"{given.moves} moves, {REPORTS} reports"
            print(f"{size}: {wall:.2f} s ({cpu:.2f} s of one core), {len(problems)} problems")
        for problem in problems[:3]:
            print(problem)


if __name__ == "__main__":
    main()
