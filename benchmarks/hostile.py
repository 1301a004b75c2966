"""How long texts take that are made to take long: seconds a megabyte to open and to read.

python benchmarks/hostile.py                        # every text, at 50,000 and 100,000 characters
python benchmarks/hostile.py --size 1000000 quotes  # those whose names begin so, of one size
python benchmarks/hostile.py --limit 60             # seconds after which a text is given up

Each text is made of one thing repeated, or nested, until it has the size asked for. Seconds
are those of the processor, so that a busy machine changes little. What grows linearly has the
same seconds a megabyte in both columns.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

Text = Callable[[int], str]


def many(piece: str, *, before: str = "", after: str = "") -> Text:
    """A text that repeats one piece."""

    def made(size: int) -> str:
        room = size - len(before) - len(after)
        return before + piece * max(1, room // len(piece)) + after

    return made


def nested(opening: str, closing: str, *, inside: str = "met", before: str = "") -> Text:
    """A text that opens one thing as often as it closes it."""

    def made(size: int) -> str:
        times = max(1, (size - len(before)) // (len(opening) + len(closing)))
        return before + opening * times + inside + closing * times

    return made


def counted(piece: str, *, before: str = "", after: str = "") -> Text:
    """A text of pieces that differ by a number: `{n}` in figures, `{w}` in letters."""

    def made(size: int) -> str:
        pieces: list[str] = [before]
        length, n = len(before) + len(after), 0
        while length < size:
            word = "".join(chr(97 + int(digit)) for digit in str(n))
            pieces.append(piece.format(n=n, w=word.capitalize(), W=word[::-1].upper()))
            length += len(pieces[-1])
            n += 1
        return "".join([*pieces, after])

    return made


def doubled(row: str, line: str, cell: str, *, before: str = "", after: str = "") -> Text:
    """A table of two rows and as many cells as there is room for."""

    def made(size: int) -> str:
        cells = max(1, (size - len(before) - len(after)) // (2 * len(cell) + len(line)))
        return before + row.format(cell * cells, line * cells, cell * cells) + after

    return made


def branching(size: int) -> str:
    """Lists in lists, as Markdown indents them."""
    rows, depth, length = [], 0, 0
    while length < size:
        rows.append("  " * (depth % 400) + "- met")
        length += len(rows[-1]) + 1
        depth += 1
    return "\n".join(rows)


def runs(size: int) -> str:
    """Runs of backticks, each longer by one."""
    return " ".join("`" * n for n in range(1, int((2 * size) ** 0.5)))


PAGE = "<!DOCTYPE html><html><head><title>T</title></head><body>"
TABLE = PAGE + "<table>"
MET = "<p>The envoys met.</p>"
SVG = (
    PAGE + "<svg xmlns='http://www.w3.org/2000/svg'><script>draw()</script><text>Chart</text></svg>"
    "<p>The envoys of Chad and Libya met in Doha on Monday.</p>"
)

TEXTS: dict[str, tuple[str, Text]] = {
    # The kind of file, and what stands in it.
    "ordinary": (".txt", many("Chad freed two sailors on Monday, officials in Doha said. ")),
    "comments": (".txt", many("<!-- note -->\n")),
    "comments open": (".md", many("<!-- note\n")),
    "quotation marks": (".txt", many('"')),
    "marks and spaces": (".txt", many('" ')),
    "he said": (".txt", many('"He said ')),
    "quotations": (".txt", many('"We will not go to Chad today," he said. ')),
    "apostrophes": (".txt", many("'")),
    "parentheses": (".txt", many("(")),
    "dashes": (".txt", many("-")),
    "long dashes": (".txt", many("— ")),
    "dots": (".txt", many(".")),
    "met": (".txt", many("met ")),
    "said": (".txt", many("said ")),
    "said that": (".txt", many("Chad said that ")),
    "endless word": (".txt", many("a")),
    "endless capitals": (".txt", many("A")),
    "endless number": (".txt", many("7")),
    "endless address": (".txt", many("a/b-c.d?e=f&", before="http://example.org/")),
    "one line": (".txt", many("The envoys of Chad and Libya met and spoke and left; ")),
    "short lines": (".txt", many("met\n")),
    "blank lines": (".txt", many("\n", before="Chad", after="met")),
    "spaces": (".txt", many(" ", before="Chad", after="met")),
    "Taliban": (".txt", many("Taliban, ")),
    "Taliban and": (".txt", many("the Taliban and the United States and ")),
    "leaders of": (".txt", many("leaders of ", after="Chad")),
    "who": (".txt", many("the man who saw ", after="Chad")),
    "dates": (".txt", many("12 March 2020 ")),
    "dates and": (".txt", many("on 12 March 2020 and ")),
    "on Monday": (".txt", many("on Monday ")),
    "two days after": (".txt", many("two days after ", after="the vote")),
    "combining marks": (".txt", many("\u0301\u0483\u20dd", before="The envoys met e")),
    "zero width": (".txt", many("\u200b\u200d\u200e")),
    "emoji": (".txt", many("\U0001f469\u200d\U0001f680\U0001f1e6\U0001f1eb")),
    "right to left": (".txt", many("\u202eمفاوضات ")),
    "Chinese": (".txt", many("谈判将在下周继续")),
    "commas": (".txt", many(",")),
    "colons": (".txt", many("A: ")),
    "labels": (".txt", many("MR SMITH: Chad met.\n")),
    "semicolons": (".txt", many("Chad met; ")),
    "numbers": (".txt", many("12 ")),
    "capital words": (".txt", many("Army of Chad for the ")),
    "acronyms": (".txt", counted("The {w} Relief Party ({W}RP) met. ")),
    "persons": (".txt", counted("Mr. {w} Okoro met Mr. {w}. ")),
    "Georgia": (".txt", many("Georgia met. ")),
    "mediators": (".txt", many("Qatar mediated. ")),
    "entities": (".txt", many("&amp;")),
    "front matter": (".txt", many("[", before="---\ntitle: ", after="\n---\nThe envoys met.\n")),
    "md brackets": (".md", many("[")),
    "md pictures": (".md", many("![")),
    "md angles": (".md", many("<")),
    "md tags": (".md", many("<a ")),
    "md links": (".md", many("[a](")),
    "md references": (".md", counted("[{w}]: <b>\n", after="[a][b] met")),
    "md backticks": (".md", counted("`{w}``")),
    "md backtick runs": (".md", runs),
    "md stars": (".md", many("*a **a ")),
    "md underscores": (".md", many("_a __a ")),
    "md quotes": (".md", many(">", after=" met")),
    "md lists": (".md", branching),
    "md bullets": (".md", many("- ", after="met")),
    "md table": (".md", doubled("|{}\n|{}\n|{}\n", "-|", "met|")),
    "md short lines": (".md", many("met\n")),
    "md line": (".md", many("The envoys met and spoke; ")),
    "md entities": (".md", many("&amp;")),
    "md backslashes": (".md", many("\\")),
    "html table": (
        ".html",
        doubled("<tr>{}</tr>{}<tr>{}</tr>", "", "<td>met</td>", before=TABLE, after="</table>"),
    ),
    "html rows": (".html", many("<tr><td>met</td></tr>", before=TABLE, after="</table>")),
    "html nested": (".html", nested("<div>", "</div>", before=PAGE)),
    "html nested tables": (".html", nested("<table><tr><td>", "</td></tr></table>", before=PAGE)),
    "html unclosed": (".html", many("<b><p>", before=PAGE)),
    "html paragraphs": (".html", many("<p>The envoys of Chad met.</p>", before=PAGE)),
    "html links": (".html", many("<a href='x'>met</a> ", before=PAGE)),
    "html breaks": (".html", many("met<br>", before=PAGE)),
    "html lists": (".html", nested("<ul><li>", "</li></ul>", before=PAGE)),
    "html attributes": (".html", counted(" a{n}='b'", before=PAGE + "<p", after=">" + MET)),
    "html entities": (".html", many("&amp;", before=PAGE + "<p>", after="</p>")),
    "html angles": (".html", many("<", before=PAGE)),
    "html comments": (".html", many("<!-- note -->", before=PAGE, after=MET)),
    "html svg": (".html", many("<g><path d='M0'/></g>", before=SVG, after="</svg>")),
    "html meta": (".html", many("<meta name='a' content='2020'>", before="<html>", after=MET)),
    "html text": (".html", many("The envoys met and spoke; ", before=PAGE + "<p>", after="</p>")),
}  # fmt: skip
"""By name: the ending of the file, and the text of a given size."""


def timed(suffix: str, text: str, warm: bool) -> dict[str, Any]:
    """Seconds to open and to read a text, and what came of it."""
    from detente.errors import BadInput
    from detente.reading.read import read_reports
    from detente.record.texts import read_report

    with tempfile.TemporaryDirectory() as folder:
        if warm:
            for ending in (".md", ".html", ".txt"):
                file = Path(folder) / f"warm{ending}"
                file.write_text("<!DOCTYPE html><p>The envoys of Chad met.</p>")
                read_reports([read_report(file)])
        file = Path(folder) / f"hostile{suffix}"
        file.write_text(text, encoding="utf-8")
        begun = time.process_time()
        try:
            report = read_report(file)
        except BadInput as bad:
            return {"open": time.process_time() - begun, "refused": bad.problems[0].what}
        opened = time.process_time()
        (reading,) = read_reports([report])
        notes = (*report.doubts, *reading.doubts)
        return {
            "open": opened - begun,
            "read": time.process_time() - opened,
            "moves": len(reading.moves),
            "notes": notes,
        }


def _child(pipe: Connection, limit: int, suffix: str, text: str, warm: bool) -> None:
    with suppress(ImportError):  # where there is no such module, nothing is given up
        import resource

        most = limit + int(time.process_time()) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    try:
        pipe.send(timed(suffix, text, warm))
    except BaseException as error:
        pipe.send({"fault": f"{type(error).__name__}: {str(error)[:60]}"})


def within(limit: int, suffix: str, text: str) -> dict[str, Any]:
    """`timed` in a process of its own, which ends after so many seconds of the processor."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else "spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, limit, suffix, text, not forks))
    process.start()
    theirs.close()
    try:
        found: dict[str, Any] = ours.recv()
    except EOFError:
        found = {"fault": f"given up after {limit} s"}
    process.join()
    return found


def told(found: dict[str, Any], size: int) -> str:
    """One cell: seconds a megabyte to open and read, or what went wrong."""
    if "fault" in found:
        return str(found["fault"])
    megabytes = size / 1e6
    return f"{found['open'] / megabytes:6.1f} + {found.get('read', 0) / megabytes:6.1f} s/MB"


def main() -> None:
    """Measure the texts asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("names", nargs="*", metavar="NAME", help="texts whose name begins so")
    options.add_argument("--size", type=int, nargs="+", default=[50_000, 100_000])
    options.add_argument("--limit", type=int, default=120, metavar="SECONDS")
    given = options.parse_args()
    timed(".txt", "The envoys of Chad met.", True)  # loads what all of them need, once
    print(f"{'':>20}  seconds a MB to open + to read at {given.size} characters")
    for name, (suffix, make) in TEXTS.items():
        if given.names and not name.startswith(tuple(given.names)):
            continue
        cells, last = [], {}
        for size in given.size:
            text = make(size)
            last = within(given.limit, suffix, text)
            cells.append(told(last, len(text)))
        if "refused" in last:
            said = f"refused: {last['refused']}"
        else:
            said = "; ".join(last.get("notes", ()))
        print(f"{name:>20}  {'  '.join(cells)}  {said[:90]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
