"""The brief for a terminal: the same facts, the most useful first, in one screen or two."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.errors import clean

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from detente.brief.document import Brief, EntryView

_LATEST = 12
_MOST = 10
_SENTENCES = 9


def terminal(brief: Brief, *, width: int, color: bool) -> str:
    """A readable summary, `width` columns wide, with colour codes only if `color`.

    It ends with a line feed. Nothing in it is read as markup, and control characters in the
    record are made harmless.
    """
    console = _console(width, color)
    for block in _blocks(brief):
        console.print(block)
    out = console.file
    assert isinstance(out, io.StringIO)  # it was made so
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _console(width: int, color: bool) -> Console:
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=max(width, 20),
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )


def _blocks(brief: Brief) -> Iterable[RenderableType]:
    yield _text((brief.title, "bold"))
    yield _text((brief.question, "italic"))
    as_of = [f"as of {brief.as_of}"] if brief.as_of else []
    yield _text((" · ".join([*as_of, *brief.dateline]), "dim"))
    for sentence in (*brief.warnings, *brief.left_out):
        yield _text(("! ", "bold"), (sentence, ""))
    if brief.empty:
        yield _text(("\n" + brief.empty, ""))
        return
    yield from _changes(brief)
    if brief.answers:
        yield from _answers(brief)
    else:
        yield from _list("In short", [str(sentence) for sentence in brief.short])
    yield from _latest(brief)
    yield from _demands(brief)
    yield from _ladder(brief)
    yield from _promises(brief)
    yield from _disputes(brief)


def _text(*parts: tuple[str, str]) -> RenderableType:
    from rich.text import Text

    return Text.assemble(*((clean(words), style) for words, style in parts))


def _heading(words: str) -> RenderableType:
    return _text((f"\n{words}", "bold"))


def _hanging(*parts: tuple[str, str]) -> RenderableType:
    """A paragraph whose later lines stand under its first word."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(_text(("–", "dim")), _text(*parts))
    return grid


def _list(title: str, sentences: Iterable[str]) -> Iterable[RenderableType]:
    yield _heading(title)
    for sentence in sentences:
        yield _hanging((sentence, ""))


def _changes(brief: Brief) -> Iterable[RenderableType]:
    changes = brief.changes
    if changes is None:
        return
    yield _heading(f"What has changed since {changes.older}?")
    if changes.nothing:
        yield _text(("Nothing.", ""))
    for answer in changes.answers:
        yield _text((answer.question, "underline"))
        for said in answer.came:
            yield _hanging(("now: ", "bold"), (str(said), ""))
        for gone in answer.went:
            yield _hanging(("before: ", "bold"), (gone, "dim"))
    for each in (*changes.entries, *changes.assumptions)[:_LATEST]:
        how = f" ({each.how})" if each.how else ""
        yield _hanging((f"{each.kind}: ", "bold"), (f"{each.link.text}{how}", ""))
    yield from _cut(len(changes.entries) + len(changes.assumptions), _LATEST)


def _answers(brief: Brief) -> Iterable[RenderableType]:
    """Each question and what answers it; the page has it all, with what it rests on."""
    yield _text((brief.assumed, "dim"))
    for answer in brief.answers:
        yield _heading(f"{answer.number}. {answer.question}")
        for sentence in answer.sentences[:_SENTENCES]:
            yield _hanging((str(sentence), ""))
        more = len(answer.sentences) - _SENTENCES
        if more > 0:
            yield _text((f"and {more:,} more, on the page", "dim"))


def _latest(brief: Brief) -> Iterable[RenderableType]:
    dated = [(period.title, entry) for period in brief.periods if period.dated
             for entry in period.entries]  # fmt: skip
    undated = [entry for period in brief.periods if not period.dated for entry in period.entries]
    if not dated and not undated:
        return
    more = len(dated) - _LATEST
    yield _heading("What has happened?" + (f" (the last {_LATEST} of {len(dated):,})" if more > 0
                                           else ""))  # fmt: skip
    last = ""
    for title, entry in dated[-_LATEST:]:
        if title != last:
            yield _text((title, "underline"))
        last = title
        yield _entry(entry)
    room = max(_LATEST - len(dated), 0)
    if undated[:room]:
        yield _text(("No date given", "underline"))
    for entry in undated[:room]:
        yield _entry(entry)
    if undated[room:]:
        yield _text((f"{len(undated[room:]):,} more without a date: on the page", "dim"))
    yield _text(("○ unreviewed: read by the program, confirmed by nobody", "dim"))


def _entry(entry: EntryView) -> RenderableType:
    tail = [entry.condition, entry.according]
    ground = "".join(f", {part}" for part in tail if part)
    label = f" [{entry.label}]" if entry.label else ""
    mark = f" ○ {entry.mark}" if entry.mark else ""
    return _hanging(
        (f"{entry.date}  ", "dim"),
        (entry.who, "bold"),
        (f" · {entry.act}" + (f" · {entry.what}" if entry.what else ""), ""),
        (ground, "dim"),
        (label, "magenta"),
        (mark, "yellow"),
    )


def _cut(count: int, most: int = _MOST) -> Iterable[RenderableType]:
    """Says how many of a list the terminal leaves to the page."""
    if count > most:
        yield _text((f"and {count - most:,} more, on the page", "dim"))


def _demands(brief: Brief) -> Iterable[RenderableType]:
    if not brief.demands:
        return
    yield _heading("What is being asked, and where does it stand?")
    for demand in brief.demands[:_MOST]:
        mark = f" ○ {demand.mark}" if demand.mark else ""
        yield _hanging(
            (demand.state, "bold"),
            (f" · {demand.who} · {demand.what}", ""),
            (f" ({demand.asked})", "dim"),
            (mark, "yellow"),
        )
    yield from _cut(len(brief.demands))


def _ladder(brief: Brief) -> Iterable[RenderableType]:
    rows = [row for pair in brief.ladder for row in pair.rows]
    if not rows:
        return
    yield _heading("Where do things stand between them?")
    for row in rows[:_MOST]:
        tail = ", ".join(part for part in (row.what, row.since, row.caveat) if part)
        yield _hanging(
            (f"{row.attribute}: ", ""),
            (row.value, "bold"),
            (f" · {row.who}" + (f", {tail}" if tail else ""), "dim"),
        )
    yield from _cut(len(rows))


def _promises(brief: Brief) -> Iterable[RenderableType]:
    promises = [promise for made in brief.agreements for promise in made.commitments]
    if not promises:
        return
    yield _heading("What was promised, and was it kept?")
    for promise in promises[:_MOST]:
        yield _hanging(
            (promise.state, "bold"),
            (f" · {promise.who} · {promise.what} ({promise.until})", ""),
        )
    yield from _cut(len(promises))


def _disputes(brief: Brief) -> Iterable[RenderableType]:
    if not brief.disputes and not brief.contested:
        return
    yield _heading("Where do the reports disagree?")
    for dispute in brief.disputes[:_MOST]:
        yield _entry(dispute.first)
        yield _text(("  against", "dim"))
        yield _entry(dispute.second)
    yield from _cut(len(brief.disputes))
    for sentence in brief.contested[:_MOST]:
        yield _hanging((str(sentence), ""))
    yield from _cut(len(brief.contested))
