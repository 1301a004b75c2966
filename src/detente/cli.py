"""The command line: parses arguments, calls the rooms, prints.

Results go to stdout, everything else to stderr. Exit 0 on success, 1 when the input is
wrong, 2 for wrong usage, 3 for a fault in the program, 130 after Ctrl-C.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from detente.errors import BadInput, Problem, clean

if TYPE_CHECKING:
    from fractions import Fraction

    from detente.brief.document import Brief
    from detente.case import Case
    from detente.judgment.exchange import OpenedExchange
    from detente.reading.found import Reading
    from detente.record.dates import PartialDate
    from detente.record.merge import Merged
    from detente.record.record import Report
    from detente.solve.bargaining.model import Model as BargainingModel
    from detente.solve.conflict.results import Result as ConflictResult
    from detente.solve.exchange.model import Model as ExchangeModel
    from detente.solve.exchange.results import Result as ExchangeResult
    from detente.solve.plain import ModelError

_LONG_TEXT = 400_000  # characters from which a person is told how long reading takes
_READ_A_MINUTE = 800_000
FAULT, INTERRUPTED, NOBODY_READS = 3, 130, 141
F = TypeVar("F", bound=Callable[..., Any])


class DateType(click.ParamType[Any]):
    """A day, month, year, range or approximate date, as the record writes it."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A PartialDate; wrong usage when it is none."""
        from detente.record.dates import PartialDate

        try:
            return PartialDate.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Commands(click.Group):
    """Commands in the order a person meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The order in which they stand in this file."""
        return list(self.commands)


def option(*names: str, **more: Any) -> Callable[[F], F]:
    """A click option; here so that its type is known to be kept."""
    return click.option(*names, **more)


CASE = click.argument("case", type=click.Path(path_type=Path), metavar="CASE")
AS_JSON = option("--json", "as_json", is_flag=True, help="Print one JSON document.")
AS_CSV = option("--csv", "as_csv", is_flag=True, help="Print the table as CSV.")
AS_OF = option(
    "--as-of", type=DateType(), help="As things stood on that day: 2025-04-07, 2025-04 or 2025."
)
PIPELINE = option(
    "--pipeline",
    metavar="NAME",
    envvar="DETENTE_PIPELINE",
    show_envvar=True,
    help="An installed English spaCy pipeline to read with, instead of detente's own.",
)
WRITTEN = option(
    "--date", type=DateType(), help="When the texts were published, where they do not say so."
)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from detente import __version__

        _out(f"detente {__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    no_args_is_help=False,
    invoke_without_command=True,
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Say which detente this is.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """From reports about a negotiation to a brief of who wants what, who did what, and where
    it stands: every line with its exact words and who said them.

    \b
      detente brief report.txt      one text, read and laid out as a page
      detente new kabul             a folder to keep a case in
    """
    if ctx.invoked_subcommand is None:
        _out(ctx.get_help())


# --- a case: make it, check it, read into it -----------------------------------------------


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="NAME")
@option("--title", help="The case's title; made from NAME without it.")
def new(folder: Path, title: str | None) -> None:
    """A new case folder that explains itself in comments.

    \b
      detente new kabul
    """
    from detente.record.new import create

    create(folder, title=title)
    _written.append(folder)
    _out(f"Made the case {_shown(folder)}. Its files explain themselves; the first is case.yaml.")
    _out(f"Put reports into {_shown(folder / 'reports')}, then: detente read {_shown(folder)}")


@cli.command()
@CASE
@AS_JSON
def check(case: Path, as_json: bool) -> None:
    """What is wrong with a case: file, line and what to do.

    \b
      detente check examples/kabul
    """
    from detente.judgment.conflict import check_conflict, odd_conflict
    from detente.judgment.deal import check_deal, odd_deal
    from detente.judgment.exchange import check_exchange, odd_exchange
    from detente.judgment.opening import check_assumptions
    from detente.record.checks import check_opened
    from detente.record.store import open_record

    try:
        opened = open_record(case)
    except BadInput as bad:
        problems: tuple[Problem, ...] = bad.problems
    else:
        gc.freeze()
        found = check_opened(opened)
        problems = (*found, *check_conflict(case), *check_deal(case), *check_exchange(case))
        if not problems:
            problems = tuple(dict.fromkeys(check_assumptions(case, opened)))
    warnings = _warned((*odd_conflict(case), *odd_deal(case), *odd_exchange(case)))
    if as_json:
        _json({"problems": [_problem(problem) for problem in problems], "warnings": warnings})
    else:
        for problem in problems:
            _out(str(problem))
    if problems:
        _note(_counted(len(problems), "problem"))
        raise SystemExit(1)
    if not as_json:
        _out(f"{_shown(case)}: no problems")


@cli.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...|CASE"
)
@AS_JSON
@PIPELINE
@WRITTEN
@option("--dry-run", is_flag=True, help="With a case: say what would change, and change nothing.")
@option("--anew", is_flag=True, help="With a case: read also what has not changed since.")
@option(
    "--jobs",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes to read in; 0 for one on each core. What is found is the same.",
)
def read(
    paths: tuple[Path, ...],
    as_json: bool,
    pipeline: str | None,
    date: PartialDate | None,
    dry_run: bool,
    anew: bool,
    jobs: int,
) -> None:
    """The moves, statements and parties that texts report.

    \b
      detente read report.txt --json
      detente read examples/kabul

    Files (text, Markdown or HTML) are read and shown. A case folder has its reports read
    into record.yaml: what a person wrote, confirmed or rejected there stays as it is, and
    reading the same report twice changes nothing. What was found in a report is kept in your
    cache folder, so that it is not read again until it, the case's parties or the reader
    change, and an interrupted reading goes on from there.
    """
    jobs = jobs or _cores()
    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        raise click.UsageError("Give either one case folder, or files.")
    if folders:
        if date is not None:
            raise click.UsageError("--date is for files; a case's reports say their own date.")
        _read_case(
            folders[0],
            as_json=as_json,
            pipeline=pipeline,
            dry_run=dry_run,
            anew=anew,
            jobs=jobs,
        )
        return
    if dry_run:
        raise click.UsageError("--dry-run is for a case folder; reading files changes nothing.")
    if anew:
        raise click.UsageError("--anew is for a case folder; files are read each time.")
    _read_files(paths, as_json=as_json, pipeline=pipeline, date=date, jobs=jobs)


@cli.command("eval")
@click.argument("gold", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@AS_JSON
@PIPELINE
@option(
    "--part",
    type=click.Choice(["all", "develop", "aside"]),
    default="all",
    show_default=True,
    help="Two texts in three to develop on, or the third kept aside.",
)
@option(
    "--texts",
    type=click.Path(path_type=Path),
    help="The folder of the documents that codings without text point at.",
)
def evaluate(
    gold: tuple[Path, ...], as_json: bool, pipeline: str | None, part: str, texts: Path | None
) -> None:
    """How well the reader agrees with texts coded by hand.

    \b
      detente eval ../shared/reading/sentences.jsonl
      detente eval ../shared/reading/articles --json

    docs/reading.md says which files can be given and what is counted.
    """
    from detente.measure import cases
    from detente.measure.pool import PLACE, open_pool
    from detente.measure.texts import evaluate as measure
    from detente.measure.texts import lines

    folder = texts or PLACE
    coded, rest = cases.parted(gold)
    with _progress("reading") as progress:
        told = [
            cases.evaluate_case(
                cases.open_case(path), open_pool(folder), pipeline=pipeline, progress=progress
            )
            for path in coded
        ]
        result = measure(rest, pipeline=pipeline, part=part, texts=folder, progress=progress)
    if as_json:
        _json(result.to_json() | ({"cases": [each.to_json() for each in told]} if told else {}))
        return
    for each in told:
        _out("\n".join(cases.lines(each)))
    if rest:
        _out("\n".join(lines(result)))


def _read_case(
    folder: Path,
    *,
    as_json: bool,
    pipeline: str | None,
    dry_run: bool,
    anew: bool,
    jobs: int,
) -> None:
    case = _opened(folder)
    warnings = tuple(_doubts(case.record.reports.values(), bare=False))
    for warning in warnings:
        _note(warning)
    readings: list[Reading] = []
    doubts: list[str] = []

    def each(reading: Reading) -> None:
        doubts.extend(_doubted(case.record.reports[reading.report], reading))
        if as_json:
            readings.append(reading)

    try:
        with _progress("reading") as progress:
            merged = case.put_on_record(
                pipeline=pipeline,
                dry_run=dry_run,
                anew=anew,
                progress=progress,
                jobs=jobs,
                each=each,
            )
    except KeyboardInterrupt as stop:
        for note in getattr(stop, "__notes__", ()):
            _note(note)
        raise
    for doubt in doubts:
        _note(doubt)
    if not dry_run and (merged.added or merged.joined):
        _written.append(folder / "record.yaml")
    if as_json:
        record = {name: value for name, value in _plain(merged).items() if name != "text"}
        found = [reading.to_json() for reading in readings]
        _json({"reports": found, "record": record, "warnings": list(warnings)})
    else:
        _out("\n".join(_merged_words(folder, merged, dry_run=dry_run)))


def _read_files(
    paths: Sequence[Path],
    *,
    as_json: bool,
    pipeline: str | None,
    date: PartialDate | None,
    jobs: int,
) -> None:
    from detente.brief.listing import reading_text
    from detente.case import read_report_files
    from detente.reading.read import read_reports

    reports, odd = read_report_files(paths, date=date)
    warnings = [*_warned(odd), *_doubts(reports)]
    for warning in warnings[len(odd) :]:
        _note(warning)
    with _progress("reading") as progress:
        readings = read_reports(reports, pipeline=pipeline, progress=progress, jobs=jobs)
    for report, reading in zip(reports, readings, strict=True):
        for doubt in _doubted(report, reading):
            _note(doubt)
    if as_json:
        _json({"reports": [reading.to_json() for reading in readings], "warnings": warnings})
        return
    _out("\n\n".join(map(reading_text, readings)))


# --- what it adds up to --------------------------------------------------------------------


@cli.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CASE|TEXT..."
)
@option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The page to write."
)
@AS_JSON
@AS_OF
@option(
    "--against",
    metavar="OLDER",
    help="What has changed since: an earlier copy of the case, or a git revision of it.",
)
@option("--table", metavar="NAME", help="Print one table as CSV instead; `list` names them.")
@PIPELINE
@WRITTEN
def brief(
    paths: tuple[Path, ...],
    output: Path | None,
    as_json: bool,
    against: str | None,
    table: str | None,
    as_of: PartialDate | None,
    pipeline: str | None,
    date: PartialDate | None,
) -> None:
    """The whole analysis as one HTML page, with a summary here.

    \b
      detente brief examples/kabul
      detente brief monday.txt tuesday.html -o week.html
      detente brief examples/kabul --table deal

    Seven answers, each with its picture and what it rests on, then the record behind them. A
    case folder, or bare texts, which are read and put together but not kept. The page is
    NAME-brief.html in this folder unless -o names it; it needs no network and no scripts. With
    --json the document is printed, and a page written only where -o names one.
    """
    from detente.brief import as_json as to_json
    from detente.brief import build, html, terminal

    if as_json and table is not None:
        raise click.UsageError("--table and --json exclude each other; --json holds every table.")
    target = output
    if output is None and not as_json and table is None:
        target = _default_page(paths)
        if target.is_symlink():
            do = "Remove it, or name the page: -o FILE"
            raise BadInput(Problem(target, 0, "a link stands where the page would go", do))
    if target is not None:
        _refuse_target(target, paths)
    case = _case_or_texts(paths, pipeline=pipeline, date=date)
    warnings = _warnings(case)
    with _progress("solving") as progress:
        told = None if progress is None else lambda _, done, total: progress(done, total)
        outlook = case.outlook(as_of=as_of, progress=told)
    made = build(case.record, case.track(as_of=as_of), outlook=outlook, warnings=warnings)
    if against is not None:
        made = _compared(made, paths, against, as_of)
    if target is not None:
        _write(target, html(made))
    if table is not None:
        _print_table(made, table)
    elif as_json:
        for warning in warnings:
            _note(warning)
        _json(to_json(made))
    else:
        _out(terminal(made, width=_width(), color=_color()))
    if target is not None:
        said = _note if as_json or table is not None else _out
        said(f"The page: {_shown(_real(target))}")


def _compared(made: Brief, paths: Sequence[Path], older: str, as_of: PartialDate | None) -> Brief:
    """The brief with what has changed since an earlier state of the case."""
    from detente.brief import build, compare
    from detente.case import earlier

    if len(paths) > 1 or not paths[0].is_dir():
        raise click.UsageError("--against goes with a case folder.")
    with earlier(paths[0], older) as before:
        if before.problems:
            count = _counted(len(before.problems), "problem")
            _note(f"{older}: {count} in the case's files; what cannot be used is left out.")
        outlook = before.outlook(as_of=as_of)
        return compare(
            made, build(before.record, before.track(as_of=as_of), outlook=outlook), older=older
        )


def _print_table(made: Brief, name: str) -> None:
    from detente.brief import csv
    from detente.solve.plain import nearest

    if name == "list":
        for each, table in made.tables.items():
            _out(f"{each}  {table.caption}")
        return
    if name not in made.tables:
        raise click.UsageError(f"There is no table {name!r}. {nearest(name, made.tables)}")
    _out(csv(made, name).replace("\r\n", "\n"), end="")


@cli.command()
@CASE
@AS_OF
@AS_JSON
@AS_CSV
def timeline(case: Path, **how: Any) -> None:
    """What happened when, each line with who says so.

    \b
      detente timeline examples/kabul --csv
    """
    _show_table(case, "timeline", **how)


@cli.command()
@CASE
@click.argument("parties", nargs=-1, metavar="[PARTY PARTY]")
@AS_OF
@AS_JSON
@AS_CSV
def ledger(case: Path, parties: tuple[str, ...], **how: Any) -> None:
    """Who did what for whom, pair by pair, with a balance.

    \b
      detente ledger examples/kabul taliban usa

    Each move has PLOVER's published intensity, from -10 (conflict) to +10 (cooperation).
    Without parties, every pair.
    """
    if len(parties) not in (0, 2):
        raise click.UsageError("Name two parties, or none for every pair.")
    _show_table(case, "ledger", parties=parties, **how)


@cli.command()
@CASE
@AS_OF
@AS_JSON
@AS_CSV
def demands(case: Path, **how: Any) -> None:
    """What was asked, and whether it was granted or refused.

    \b
      detente demands examples/kabul --as-of 2025-04
    """
    _show_table(case, "demands", **how)


@cli.command()
@CASE
@AS_OF
@AS_JSON
@AS_CSV
def status(case: Path, **how: Any) -> None:
    """Where recognition, embassies, sanctions and the like stand.

    \b
      detente status examples/kabul --as-of 2021-12-31
    """
    _show_table(case, "ladder", **how)


@cli.command()
@CASE
@AS_OF
@AS_JSON
@AS_CSV
def commitments(case: Path, **how: Any) -> None:
    """What agreements promised, and whether it was kept.

    \b
      detente commitments examples/kabul
    """
    _show_table(case, "commitments", **how)


@cli.command()
@CASE
@AS_JSON
@option("--draft", is_flag=True, help="Print what the record alone suggests; write nothing.")
def judge(case: Path, as_json: bool, draft: bool) -> None:
    """What is assumed, each with its reason, and what is not; a first version where nothing is.

    \b
      detente judge examples/kabul
      detente judge examples/kabul --draft

    Where judgments.yaml assumes nothing yet, a first version is written from the record alone:
    who asked for what, who would have to give it, what each could do. Directions only; sizes
    are left open. What a person wrote is never overwritten. docs/judging.md explains the file.
    """
    from detente.brief.listing import judgments_text
    from detente.judgment.draft import draft as suggested
    from detente.judgment.draft import draft_text
    from detente.judgment.listing import listing
    from detente.record.files import in_case
    from detente.record.store import JUDGMENTS

    opened = _opened(case)
    lists = suggested(opened.record, opened.record.moves)
    if draft:
        if as_json:
            _json(lists)
        else:
            _out(draft_text(lists), end="")
        return
    file = in_case(case, JUDGMENTS)
    written = opened.judgments.empty and bool(lists) and _add_draft(file, draft_text(lists))
    if written:
        opened = _opened(case)
    found = listing(opened.judgments, opened.record.case)
    if as_json:
        _json({**_plain(found), "written": str(file) if written else None})
        return
    _out(judgments_text(found))
    if not written:
        _note("What the record alone suggests: detente judge CASE --draft")


def _add_draft(file: Path, text: str) -> bool:
    """Write a first judgments.yaml, below what a person has put there; False where they can't
    stand together."""
    from detente.record import yamltext
    from detente.record.files import write_atomically

    before = ""
    if file.exists():
        if yamltext.read(file) is not None:
            return False  # keys without anything behind them, or what could not be read
        try:
            before = file.read_bytes().decode("utf-8")
            before += "" if not before or before.endswith("\n") else "\n"
            yamltext.parse(before + text, file)
        except (UnicodeDecodeError, BadInput):
            return False  # UTF-16, or a document that has ended
    write_atomically(file, before + text)
    _written.append(file)
    _note(f"A first version, from the record alone: {_shown(file)}")
    return True


@cli.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE|CASE")
@AS_JSON
@option("--count", is_flag=True, help="Numbers instead of lists, for large models.")
@option("--why", metavar="STATE", help="Why a state is stable for each decision maker, or not.")
@option("--for", "name", metavar="NAME", help="With --why: this decision maker only.")
@option(
    "--concept",
    type=click.Choice(["nash", "gmr", "smr", "seq", "sseq"]),
    help="With --why and --change: under this idea of stability.  [default: seq]",
)
@option("--from", "start", metavar="STATE", help="Which equilibria can be reached from there.")
@option("--change", "wanted", metavar="STATE", help="What keeps a state from being an equilibrium.")
@option(
    "--coalition",
    "coalitions",
    multiple=True,
    metavar="A,B",
    help="What is stable for these acting together; may be repeated.",
)
@option(
    "--samples",
    type=click.IntRange(min=1),
    help="For preferences left open: shares over so many orders that fit.",
)
@option("--seed", type=int, default=0, show_default=True, help="With --samples.")
@option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write the model as YAML.")
def conflict(
    path: Path,
    as_json: bool,
    count: bool,
    why: str | None,
    name: str | None,
    concept: str | None,
    start: str | None,
    wanted: str | None,
    coalitions: tuple[str, ...],
    samples: int | None,
    seed: int,
    save: Path | None,
) -> None:
    """Which outcomes of a conflict would hold, and why.

    \b
      detente conflict examples/conflict/chicken.yaml
      detente conflict examples/conflict/chicken.yaml --why NN --for first
      detente conflict examples/conflict/chicken.yaml --from NN

    The graph model for conflict resolution: decision makers, their options, and what each
    prefers, from a YAML file, a case with a `conflict:` section, or a .gmcr file. A state is
    written as a Y or N for every option. docs/conflict.md says what is computed.
    """
    from detente.judgment.conflict import open_conflict, save_conflict
    from detente.solve.conflict.results import solve
    from detente.solve.conflict.uncertain import open_parts
    from detente.solve.plain import ModelError

    if name is not None and why is None:
        raise click.UsageError("--for goes with --why.")
    if concept is not None and why is None and wanted is None:
        raise click.UsageError("--concept goes with --why or --change.")
    opened = open_conflict(path)
    for note in opened.notes:
        _note(f"{path}: {note}")
    if name is not None and name not in opened.model.decision_makers:
        known = ", ".join(opened.model.decision_makers)
        raise click.UsageError(f"There is no decision maker {name!r}; known are {known}.")
    if save is not None:
        save_conflict(opened.model, save)
        _written.append(save)
        _note(f"The model: {_shown(save)}")
    asked = {
        "why": why,
        "name": name,
        "concept": concept or "seq",
        "start": start,
        "wanted": wanted,
        "coalitions": [[each.strip() for each in one.split(",")] for one in coalitions],
        "samples": samples,
        "seed": seed,
    }
    try:
        with _progress("solving") as progress:
            solved = solve(opened.model, progress=progress)
        odd = list(opened.placed(solved.analysis.warnings))
        if samples is not None and not open_parts(opened.model):
            what = "no preference is left open, so that --samples has nothing to draw"
            odd.append(Problem(opened.file, 0, what))
        warnings = _warned(odd)
        document, text = _conflict_results(solved, asked, count=count, as_json=as_json)
    except ModelError as error:
        raise opened.problems(error) from None
    except MemoryError:
        do = "Say which options exclude each other, or leave out options that matter little."
        raise BadInput(Problem(path, 0, "the model does not fit the memory", do)) from None
    if as_json:
        _json({**document, "warnings": warnings})
    else:
        _out(text)


def _conflict_results(
    solved: ConflictResult, asked: dict[str, Any], *, count: bool, as_json: bool
) -> tuple[dict[str, Any], str]:
    """What `detente conflict` was asked for, as JSON and as text; only one of them is made."""
    from detente.brief import conflict as show
    from detente.solve.conflict.coalition import coalition
    from detente.solve.conflict.paths import routes
    from detente.solve.conflict.uncertain import open_parts, shares
    from detente.solve.conflict.why import change, explain

    found, model = solved.analysis, solved.model
    open_ = bool(open_parts(model))
    if asked["samples"] is None and open_:
        _note(
            "Some preferences are left open; this is with them in the order written. In what share "
            "of the orders that fit it holds: --samples 1000"
        )
    document: dict[str, Any] = solved.to_dict(count=count) if as_json else {}
    texts = []
    why, start, wanted = asked["why"], asked["start"], asked["wanted"]
    if why is not None:
        names = [asked["name"]] if asked["name"] else model.names
        said = [explain(found, why.upper(), each, asked["concept"]) for each in names]
        document["why"] = show.why_json(model, said)
        texts.append(show.why_text(model, said))
    if start is not None:
        ways = routes(found, start.upper(), most=None if as_json else show.MOST_ROWS)
        document["paths"] = show.routes_json(found, start.upper(), ways)
        texts.append(show.routes_text(found, start.upper(), ways))
    if wanted is not None:
        needed = change(found, wanted.upper(), asked["concept"])
        document["change"] = show.change_json(needed)
        texts.append(show.change_text(model, needed))
    for members in asked["coalitions"]:
        joined = coalition(found, members)
        document.setdefault("coalitions", []).append(show.coalition_json(joined, count=count))
        texts.append(show.coalition_text(model, joined))
    if asked["samples"] is not None and open_:
        with _progress("drawing orders") as progress:
            drawn = shares(model, samples=asked["samples"], seed=asked["seed"], progress=progress)
        document["shares"] = show.shares_json(drawn)
        texts.append(show.shares_text(drawn))
    if not as_json and (not texts or count):
        texts.insert(0, show.stability_text(found, count=count))
    return document, "\n\n".join(texts)


@cli.command()
@click.argument(
    "paths",
    type=click.Path(path_type=Path),
    metavar="FILE|CASE|FOLDER|DOMAIN PROFILE...",
    nargs=-1,
    required=True,
)
@AS_JSON
@option(
    "--package",
    metavar="ISSUE=OPTION,...",
    help="Where a package stands: trades from it, what would bring a refusing party in. A name "
    'with a comma or = stands in double quotes: "a, b"=c.',
)
@option("--issues", is_flag=True, help="Which issue carries the conflict, which are nearly free.")
@option(
    "--samples",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Where values are left open: shares over so many draws of all that fit.",
)
@option("--simulate", is_flag=True, help="Have NegMAS play it out (pip install detente[simulate]).")
@option(
    "--strategy",
    "strategies",
    multiple=True,
    metavar="PARTY=NAME",
    help="With --simulate: boulware (unless said), conceder, linear, micro, random, tit-for-tat, "
    "tough.",
)
@option(
    "--rounds", type=click.IntRange(min=1), default=100, show_default=True, help="With --simulate."
)
@option(
    "--times", type=click.IntRange(min=1), default=100, show_default=True, help="With --simulate."
)
@option(
    "--memory",
    type=click.IntRange(min=1),
    default=1024,
    show_default=True,
    metavar="MIB",
    help="What exact answers may take.",
)
@option("--seed", type=int, default=0, show_default=True, help="For draws and estimates.")
@option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write the model as YAML.")
@option(
    "--save-genius",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write the model as Genius's XML: a domain and a profile for each party.",
)
def deal(
    paths: Sequence[Path],
    as_json: bool,
    package: str | None,
    issues: bool,
    simulate: bool,
    strategies: Sequence[str],
    save: Path | None,
    save_genius: Path | None,
    **asked: int,
) -> None:
    """Which packages both sides could live with.

    \b
      detente deal examples/deal/embassy.yaml
      detente deal examples/deal/embassy.yaml --issues
      detente deal examples/deal/embassy.yaml --package office=liaison,funds=half,detainees=all
      detente deal examples/deal/unsure.yaml --samples 100000

    The Pareto frontier over all packages, the Nash, Kalai-Smorodinsky, egalitarian and
    utilitarian packages, and how many packages there are, from a YAML file, a case with a
    `deal:` section, or the files (or their folder) of Genius, GeniusWeb or NegMAS. Where values
    are left open, in what share of those that fit a package is Nash or on the frontier.
    docs/deals.md says what is computed.
    """
    from detente.judgment import deal as deals
    from detente.solve.plain import ModelError

    opened = deals.open_deals(paths)
    for note in opened.notes:
        _note(note)
    warnings = [*opened.notes, *_warned(opened.placed(opened.model.warnings))]
    if strategies and not simulate:
        raise click.UsageError("--strategy goes with --simulate.")
    wanted = None if package is None else _assigned(package, "--package", "ISSUE=OPTION")
    played = _assigned(",".join(strategies), "--strategy", "PARTY=NAME") if strategies else {}
    if save is not None:
        deals.save_deal(opened.model, save)
        _written.append(save)
        _note(f"The model: {_shown(save)}")
    if save_genius is not None:
        files, lost = deals.save_genius(opened.model, save_genius)
        _written.extend(files)
        warnings += lost
        for warning in lost:
            _note(warning)
        _note(f"Genius's files: {' '.join(map(_shown, files))}")
    try:
        if opened.model.open and (wanted is not None or issues):
            what = "--package" if wanted is not None else "--issues"
            where = f"{_shown(opened.file)} leaves values open"
            raise click.UsageError(f"{what} needs every value known exactly; {where}.")
        document, text = _deal_results(
            opened.model, wanted, issues, played if simulate else None, asked, as_json=as_json
        )
    except ModelError as error:
        raise opened.problems(error) from None
    for party, gap in document.get("gap", {}).get("unreachable", {}).items():
        line = opened.line("walk_away", party)
        _note(
            f"{_shown(opened.file)}:{line}: {party} walks away below {gap['walk_away']}, and no "
            f"feasible package gives it more than {gap['most']}."
        )
    if as_json:
        _json({**document, "warnings": warnings})
    else:
        _out(text)


def _assigned(text: str, name: str, form: str) -> dict[str, str]:
    """ISSUE=OPTION,... as a mapping."""
    found: dict[str, str] = {}
    for key, *rest in _parts(text, "="):
        if not rest:
            raise click.UsageError(
                f"{name} takes {form},...; {key!r} has no `=`. A name with a comma or `=` in it "
                'stands in double quotes: "a, b"=c.'
            )
        if key in found:
            raise click.UsageError(f"{name} names {key!r} twice.")
        found[key] = rest[0]
    return found


_QUOTED = re.compile(r'\s{0,9}"((?:[^"]|""){0,2000})"(?!")\s{0,9}')
"""A name in double quotes; a quotation mark in it is written twice."""


def _parts(text: str, within: str = "") -> list[list[str]]:
    """What stands between commas, each parted at its first `within`.

    A name in double quotes may hold both, and a quotation mark written twice: `"a, b"=c` is
    ["a, b", "c"].
    """
    found: list[list[str]] = []
    at, part = 0, list[str]()
    while at <= len(text):
        stops = "," if part else f",{within}"
        quoted = _QUOTED.match(text, at)
        if quoted and text[quoted.end() : quoted.end() + 1] in ("", *stops):
            name, at = quoted[1].replace('""', '"'), quoted.end()
        else:
            end = min((n for stop in stops if (n := text.find(stop, at)) >= 0), default=len(text))
            name, at = text[at:end].strip(), end
        part.append(name)
        if text[at : at + 1] in ("", ","):
            if part != [""]:
                found.append(part)
            part = []
        at += 1
    return found


def _deal_results(
    model: BargainingModel,
    package: dict[str, str] | None,
    issues: bool,
    strategies: dict[str, str] | None,
    asked: Mapping[str, int],
    *,
    as_json: bool,
) -> tuple[dict[str, Any], str]:
    """What `detente deal` was asked for, as JSON and as text.

    strategies : to play it out with; None: not at all
    """
    from detente.brief import deal as show
    from detente.solve.bargaining.asking import standing, weights
    from detente.solve.bargaining.results import solve, why_json
    from detente.solve.bargaining.states import space

    memory, seed = asked["memory"] << 20, asked["seed"]
    document: dict[str, Any] = {}
    texts = []
    marks: dict[tuple[str, ...], str] = {}
    if model.open:
        from detente.solve.bargaining.uncertain import shares

        with _progress("drawing values") as progress:
            drawn = shares(
                model, samples=asked["samples"], seed=seed, memory=memory, progress=progress
            )
        for warning in drawn.warnings:
            _note(warning)
        document["shares"] = show.shares_json(drawn)
        texts.append(show.shares_text(model, drawn))
    else:
        made = space(model)
        chosen = None if package is None else model.package(package)
        with _progress("solving") as progress:
            solved = solve(made, memory=memory, seed=seed, progress=progress)
        document |= solved.to_dict() if as_json else why_json(solved.why)
        if strategies is not None:
            marks = show.marks(solved.found, solved.best)
        if chosen is not None:
            stands = standing(solved.found, chosen)
            document["standing"] = show.standing_json(stands)
            texts.append(show.standing_text(model, stands))
        if issues:
            heavy = weights(model)
            document["issues"] = show.weights_json(heavy)
            texts.append(show.weights_text(model, heavy))
        if not texts and not as_json:
            texts.append(show.deal_text(solved))
    if strategies is not None:
        from detente.solve.bargaining.simulate import play

        with _progress("playing") as progress:
            try:
                played = play(
                    model,
                    strategies,
                    rounds=asked["rounds"],
                    times=asked["times"],
                    seed=seed,
                    progress=progress,
                )
            except ImportError as error:
                raise click.UsageError(f"{error}.") from None
        document["played"] = show.play_json(played)
        texts.append(show.play_text(model, played, marks))
    return document, "\n\n".join(texts)


@cli.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE|CASE")
@AS_JSON
@option(
    "--package",
    metavar="ISSUE=OPTION,...",
    help="From a bargaining problem: the exchange that leads to this package.",
)
@option(
    "--status-quo",
    metavar="ISSUE=OPTION,...",
    help="With --package: where it starts; each issue's first option unless said.",
)
@option("--trust", metavar="PARTY=NUMBER,...", help="What each is ready to risk, instead.")
@option("--patience", metavar="PARTY=NUMBER,...", help="What each withstands, instead.")
@option(
    "--order",
    metavar="NAME,...",
    help="How this order fares, instead of the best one. A name with a comma stands in double "
    "quotes.",
)
@option(
    "--samples",
    type=click.IntRange(1, 100_000),
    default=1000,
    show_default=True,
    help="Where numbers are left open: shares over so many draws of all that fit.",
)
@option("--seed", type=int, default=0, show_default=True, help="For draws.")
@option(
    "--seconds",
    type=click.FloatRange(0, 86_400),
    default=50.0,
    show_default=True,
    help="How long it may take, about; what is not proven by then says how far it is from it.",
)
@option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Write the model as YAML.")
def steps(
    path: Path,
    as_json: bool,
    package: str | None,
    status_quo: str | None,
    trust: str | None,
    patience: str | None,
    order: str | None,
    samples: int,
    seed: int,
    seconds: float,
    save: Path | None,
) -> None:
    """In which order to give, when nobody trusts anybody.

    \b
      detente steps examples/steps/prisoners.yaml
      detente steps examples/steps/underway.yaml
      detente steps examples/steps/unsure.yaml --samples 10000
      detente steps examples/deal/embassy.yaml --package office=liaison,funds=half,detainees=all

    The safest order, the self-enforcing one or the least patience that would do, the fewest
    rounds, what each has lost and is tempted by after every step, and what would help where no
    order works; from a YAML file, a case with an `exchange:` section, or a package of a
    bargaining problem. docs/steps.md says what is computed.
    """
    from dataclasses import replace

    from detente.solve.plain import ModelError

    opened = _opened_exchange(path, package, status_quo)
    for note in opened.notes:
        _note(note)
    try:
        parties = opened.model.parties
        model = replace(
            opened.model,
            trust={**opened.model.trust, **_numbers(trust, "--trust", parties)},
            patience={**opened.model.patience, **_numbers(patience, "--patience", parties)},
        )
    except ModelError as error:
        raise click.UsageError(_joined(error)) from None
    warnings = _warned(opened.placed(model.warnings))
    if save is not None:
        from detente.judgment.exchange import save_exchange

        save_exchange(model, save)
        _written.append(save)
        _note(f"The model: {_shown(save)}")
    named = None if order is None else [name for (name,) in _parts(order)]
    if seconds != seconds:
        raise click.UsageError("--seconds takes a number.")
    asked = {"samples": samples, "seed": seed, "seconds": seconds}
    try:
        document, text = _steps_results(model, named, asked)
    except ModelError as error:
        if all(wrong.path[:1] == ("order",) for wrong in error.wrongs):
            raise click.UsageError(f"--order: {_joined(error)}") from None
        raise opened.problems(error) from None
    if as_json:
        _json({**document, "warnings": warnings})
    else:
        _out(text)


def _joined(error: ModelError) -> str:
    """What is wrong with what a command's options say, in one line."""
    return "; ".join(f"{w.what}. {w.do}".strip().rstrip(".") for w in error.wrongs) + "."


def _opened_exchange(path: Path, package: str | None, status_quo: str | None) -> OpenedExchange:
    """The exchange in a file or case, or the one that leads to a package."""
    from detente.judgment.exchange import is_deal, of_package, open_exchange

    if package is None:
        if status_quo is not None:
            raise click.UsageError("--status-quo goes with --package.")
        if is_deal(path):
            raise click.UsageError(
                f"{_shown(path)} is a bargaining problem: name the package to get to, "
                "--package ISSUE=OPTION,... (detente deal lists good ones)."
            )
        return open_exchange(path)
    from detente.judgment.deal import open_deal
    from detente.solve.plain import ModelError

    form = "ISSUE=OPTION"
    start = {} if status_quo is None else _assigned(status_quo, "--status-quo", form)
    wanted = _assigned(package, "--package", form)
    deal = open_deal(path)
    for name, given in (("--package", wanted), ("--status-quo", {**deal.model.first, **start})):
        try:
            deal.model.package(given)
        except ModelError as error:
            raise click.UsageError(f"{name}: {_joined(error)}") from None
    return of_package(deal, wanted, start)


def _numbers(text: str | None, name: str, parties: Sequence[str]) -> dict[str, Fraction]:
    """PARTY=NUMBER,... as a mapping; empty where nothing is said."""
    from detente.solve.plain import exact, nearest

    found: dict[str, Fraction] = {}
    if text is None:
        return found
    for party, said in _assigned(text, name, "PARTY=NUMBER").items():
        number = exact(said)
        if party not in parties:
            raise click.UsageError(f"{name}: unknown party {party!r}. {nearest(party, parties)}")
        if number is None:
            raise click.UsageError(f"{name}: {said!r} is no number.")
        found[party] = number
    return found


def _steps_results(
    model: ExchangeModel, order: Sequence[str] | None, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """What `detente steps` was asked for, as JSON and as text."""
    from detente.brief import exchange as show

    if model.open:
        from detente.solve.exchange.uncertain import middle, shares, spread

        with _progress("drawing numbers") as progress:
            drawn = shares(
                model, order=order, samples=asked["samples"], seed=asked["seed"], progress=progress
            )
        likely = spread(model, drawn.orders[0].order, samples=asked["samples"], seed=asked["seed"])
        plan = None if order is not None else _plan(middle(model), asked["seconds"])
        return (
            show.open_json(model, drawn, likely, plan),
            show.open_text(model, drawn, likely, plan),
        )
    if order is not None:
        return show.order_json(model, order), show.order_text(model, order)
    plan = _plan(model, asked["seconds"])
    return plan.to_dict(), show.plan_text(plan)


def _plan(model: ExchangeModel, seconds: float) -> ExchangeResult:
    """All that is found out about an exchange whose numbers are known, in about `seconds`."""
    from detente.solve.exchange.results import solve

    with _progress("solving") as progress:
        return solve(model, seconds=seconds, progress=progress)


# --- behind the commands -------------------------------------------------------------------


def _opened(folder: Path) -> Case:
    """The case in a folder; what is wrong with it is said, and what can be used is used."""
    from detente.case import Case

    case = Case.open(folder)
    gc.freeze()  # all of it stays to the end: going through it again finds nothing
    return _announced(case)


def _announced(case: Case) -> Case:
    for warning in _warnings(case):
        _note(warning)
    return case


def _recorded(folder: Path) -> Case:
    """A case with something on record. Raises BadInput where its problems leave nothing."""
    from detente.case import Case

    case = Case.open(folder)
    gc.freeze()
    record = case.record
    if case.problems and not (record.moves or record.statuses or record.case.agreements):
        raise BadInput(case.problems)
    return case


def _warnings(case: Case) -> tuple[str, ...]:
    """What a reader of anything made from this case should know first."""
    if case.folder is None:
        return (*map(_sentence, case.warnings), *_doubts(case.record.reports.values()))
    if not case.problems:
        return ()
    count = _counted(len(case.problems), "problem")
    return (
        f"{count} in the case's files; what cannot be used is left out. "
        f"To see them: detente check {_shown(case.folder)}",
    )


def _doubts(reports: Iterable[Report], *, bare: bool = True) -> Iterator[str]:
    """A sentence for what may be missing of each report, is not English, or has no date.

    bare : the reports are files given by themselves, not those of a case
    """
    from detente.record.texts import script_warning

    mend = "give one with --date, or write" if bare else "write"
    reports = list(reports)
    size = sum(len(report.text) for report in reports)
    if size > _LONG_TEXT:
        minutes = max(1, round(size / _READ_A_MINUTE))
        said = f"{size / 1e6:.1f} million characters: about {minutes} min to read on a laptop"
        yield f"{said}." if bare else f"{said}, and seconds where they were read before."
    for report in reports:
        yield from (f"{report.path}: {doubt}" for doubt in report.doubts)
        if warning := script_warning(report.text):
            yield f"{report.path}: {warning}"
        if bare and report.dated_by in ("date line", "file name"):
            yield f"{report.path}: Taken to be of {report.front.date}, by its {report.dated_by}."
        if report.front.date is None:
            yield (
                f"{report.path}: It does not say when it was published, so “last month” in it "
                f"has no date; {mend} `date:` in its front matter."
            )


def _doubted(report: Report, reading: Reading) -> Iterator[str]:
    """A sentence for each part of a report that was not read, or not whole."""
    return (f"{report.path}: {doubt}" for doubt in reading.doubts)


def _warned(odd: Iterable[Problem]) -> list[str]:
    """Say what is odd about what was given, and give it back as sentences for the JSON."""
    from dataclasses import replace

    odd = list(odd)
    for each in odd:
        _note(str(replace(each, what=f"warning: {each.what}")))
    return [_sentence(each) for each in odd]


def _sentence(problem: Problem) -> str:
    """A problem in one line: `a.txt: the same text as b.txt. It counts once.`"""
    line = f":{problem.line}" if problem.line else ""
    return f"{problem.file}{line}: {problem.what}. {problem.do}".rstrip()


def _case_or_texts(
    paths: Sequence[Path], *, pipeline: str | None, date: PartialDate | None
) -> Case:
    from detente.case import Case

    if any(path.is_dir() for path in paths):
        if len(paths) > 1:
            raise click.UsageError("Give either one case folder, or text files.")
        return _recorded(paths[0])
    with _progress("reading") as progress:
        return Case.of_texts(paths, pipeline=pipeline, date=date, progress=progress)


def _show_table(
    folder: Path,
    name: str,
    *,
    as_of: PartialDate | None,
    as_json: bool,
    as_csv: bool,
    parties: tuple[str, ...] = (),
) -> None:
    """Print one of the brief's tables, or that part of the brief's JSON."""
    from detente.brief import tables
    from detente.brief.entries import Shown
    from detente.brief.listing import COLUMNS, table_text

    if as_json and as_csv:
        raise click.UsageError("Give either --json or --csv.")
    case = _announced(_recorded(folder))
    pair = _pair(case, parties)
    key = "ledgers" if name == "ledger" else name
    track = case.track(as_of=as_of, only=(key,))
    if as_json:
        found = tables.view_json(track, key)
        found = [row for row in found if not pair or set(row["pair"]) == pair]
        _json({"as_of": str(as_of) if as_of else None, key: found})
        return
    made = tables.of_record(Shown(case.record, track))
    wanted = [table for table in made if table == name or _is_of(table, name, pair)]
    if as_csv:
        if name == "ledger" and len(wanted) != 1:
            title = case.record.case.title
            raise click.UsageError(f"A CSV file holds one pair; name two parties of {title}.")
        table = made[wanted[0]]
        _out(tables.as_csv(table.headers, table.rows).replace("\r\n", "\n"), end="")
        return
    for one in wanted:
        _out(table_text(made[one], COLUMNS[name], width=_width()))
    if not wanted:
        _out("No moves between these two." if pair else "No moves between two parties yet.")


def _pair(case: Case, parties: tuple[str, ...]) -> set[str]:
    known = case.record.parties
    unknown = [party for party in parties if party not in known]
    if unknown:
        there = ", ".join(sorted(known)) or "none"
        file = (case.folder or Path()) / "case.yaml"
        raise BadInput(
            Problem(file, 0, f"no party has the id {party!r}", f"The parties are: {there}")
            for party in unknown
        )
    return set(parties)


def _is_of(table: str, name: str, pair: set[str]) -> bool:
    """Whether a table is a ledger that was asked for."""
    kind, *parties = table.split(":")
    return kind == name == "ledger" and (not pair or set(parties) == pair)


def _merged_words(folder: Path, merged: Merged, *, dry_run: bool) -> Iterator[str]:
    """What reading did to the record, entry by entry, and what to do next."""
    found = (
        f"{len(merged.added):,} added",
        f"{len(merged.joined):,} given a further source",
        f"{merged.unchanged:,} there already",
    )
    yield f"{_shown(folder / 'record.yaml')}: {', '.join(found)}"
    yield from (f"  added {entry}" for entry in merged.added)
    yield from (f"  further source for {entry}" for entry in merged.joined)
    if merged.parties:
        yield f"  new parties: {', '.join(merged.parties)}"
    if dry_run:
        yield "A dry run: nothing was written."
    elif merged.added:
        yield "Compare what is new with the reports, then confirm or reject it (`review:`)."
    elif not merged.joined:
        yield "Nothing new; the file was not touched."


# --- files -----------------------------------------------------------------------------------


def _default_page(paths: Sequence[Path]) -> Path:
    first = _real(paths[0])
    return Path(f"{(first.name if first.is_dir() else first.stem) or 'detente'}-brief.html")


def _real(path: Path) -> Path:
    """The file meant, links followed; unlike Path.resolve it bears links that run in a circle."""
    return Path(os.path.realpath(path))


def _refuse_target(target: Path, inputs: Sequence[Path]) -> None:
    """Never write a page over something a person made.

    Raises BadInput for a folder, for one of the inputs (or a report of the case), and for an
    existing file that is no HTML page, under its own name or as what a link leads to.
    """
    if target.is_dir():
        raise BadInput(
            Problem(target, 0, "this is a folder", f"Name the page: -o {target / 'brief.html'}")
        )
    if not os.path.lexists(target):
        return
    real = _real(target)
    for given in map(_real, inputs):
        if real == given or (given / "reports") in real.parents:
            raise BadInput(
                Problem(target, 0, "the page would overwrite a report", "Name another file.")
            )
    pages = {".html", ".htm", ".xhtml"}
    named_so = {target.suffix.lower(), real.suffix.lower()} <= pages
    if not named_so or (target.exists() and not target.is_file()):
        raise BadInput(
            Problem(target, 0, "there is already a file that is no HTML page", "Name another file.")
        )


_written: list[Path] = []
"""What this run has written, so that an interruption can say so."""


def _write(target: Path, text: str) -> None:
    from detente.record.files import write_atomically

    write_atomically(target, text)
    _written.append(target)


# --- printing --------------------------------------------------------------------------------


class NobodyReads(Exception):
    """The program that reads our output has gone (`detente timeline kabul | head`)."""


# For a terminal that cannot show them; anything else it cannot show becomes "?".
PLAIN = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "·": "|", "○": "o", "→": "->", "…": "...", "─": "-"}
    | {"‘": "'", "’": "'", "“": '"', "”": '"'}
)


def _unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")


def _out(text: str, *, end: str = "\n") -> None:
    if sys.stdout is None:  # closed by whoever started us
        return
    try:
        sys.stdout.write((text if _unicode() else text.translate(PLAIN)) + end)
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReads from None


def _note(text: str) -> None:
    text = clean(text)
    with suppress(OSError, AttributeError):
        sys.stderr.write((text if _unicode() else text.translate(PLAIN)) + "\n")


_LONG = 1000
"""Entries from which a list is written one on a line: to indent, json is ten times as slow."""


def _json(value: Any) -> None:
    import json

    def dumped(inside: Any, indent: int | None = None) -> str:
        return json.dumps(inside, ensure_ascii=not _unicode(), indent=indent, allow_nan=False)

    if not isinstance(value, dict) or not any(
        isinstance(inside, list) and len(inside) >= _LONG for inside in value.values()
    ):
        _out(dumped(value, 2))
        return
    parts = []
    for key, inside in value.items():
        if isinstance(inside, list) and len(inside) >= _LONG:
            text = ",\n    ".join(map(dumped, inside)).join(("[\n    ", "\n  ]"))
        else:
            text = dumped(inside, 2).replace("\n", "\n  ")
        parts.append(f"  {dumped(str(key))}: {text}")
    _out(",\n".join(parts).join(("{\n", "\n}")))


def _plain(value: Any) -> Any:
    """A result as plain data: dates and paths as text, tuples as lists."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {str(key): _plain(inside) for key, inside in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inside) for inside in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": str(problem.file),
        "line": problem.line or None,
        "what": problem.what,
        "do": problem.do,
    }


def _cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _counted(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _shown(path: Path) -> str:
    """A path as a person can paste it into a shell."""
    from shlex import quote

    return quote(str(path))


def _width() -> int:
    from shutil import get_terminal_size

    return min(max(get_terminal_size((100, 24)).columns, 60), 140)


def _color() -> bool:
    wanted = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return wanted and sys.stdout is not None and sys.stdout.isatty()


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on stderr, and only where a person watches."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


# --- the way in --------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; whatever happens, a person gets a sentence."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    _written.clear()
    try:
        code = _run(arguments)
    except NobodyReads:
        code = NOBODY_READS
    if code == NOBODY_READS:
        # Python flushes stdout once more on its way out; give it somewhere to go.
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        _refuse_settings()
        cli.main(arguments, prog_name="detente", standalone_mode=False)
    except BadInput as bad:
        for problem in bad.problems:
            _note(str(problem))
        return 1
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        changed = f"{', '.join(map(str, _written))} was written" if _written else ""
        _note(f"interrupted; {changed or 'nothing was changed'}")
        return INTERRUPTED
    except (NobodyReads, SystemExit):
        raise
    except OSError as error:
        _note(f"{error.filename or 'output'}: {error.strerror or error}")
        return 1
    except Exception as fault:
        if os.environ.get("DETENTE_DEBUG"):
            raise
        _note(_fault(fault))
        return FAULT
    return 0


def _refuse_settings() -> None:
    """numba takes settings from this file in whatever folder it runs, even what to load.

    That may be a case of somebody else's. Raises BadInput where one is there.
    """
    found = Path(".numba_config.yaml")
    if os.path.lexists(found):
        do = "Remove it, or work in another folder: detente brief path/to/case"
        raise BadInput(Problem(found, 0, "a file here that would steer a library used", do))


def _fault(fault: Exception) -> str:
    said = " ".join(str(fault).split())[:300]
    return (
        f"A fault in detente, not in your files: {type(fault).__name__}: {said}\n"
        "    Please report it, with what this prints: the same command with DETENTE_DEBUG=1 set."
    )
