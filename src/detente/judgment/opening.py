"""A case's models: its own, where it has one written out, else those of its assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from detente.errors import BadInput, Problem
from detente.judgment import standing
from detente.judgment.deriving import Derived, Missing, deal, steps, struggle
from detente.judgment.draft import drafted
from detente.record.models import JudgmentFile
from detente.record.record import Record
from detente.record.store import JUDGMENTS, Opened, open_record
from detente.solve.bargaining.model import Model as DealModel
from detente.solve.conflict.model import Model as ConflictModel
from detente.solve.exchange.model import Model as StepsModel

M = TypeVar("M")
Spoken = TypeVar("Spoken", DealModel, ConflictModel, StepsModel)


def of_assumptions(
    folder: Path,
    kind: standing.Kind,
    derive: Callable[[Record, JudgmentFile], Derived[M] | Missing],
) -> tuple[Derived[M], Path]:
    """The model that a case's assumptions make, with the file they stand in.

    Where nothing is assumed, the record alone makes it. Raises BadInput where there is none.
    """
    opened = open_record(folder)
    judgments, file = opened.judgments, folder / JUDGMENTS
    note = f"Made of {JUDGMENTS} and the record."
    if judgments.empty:
        judgments = drafted(opened.record, opened.record.moves, judgments)
        note = "Made of the record alone: nothing is assumed in this case yet (detente judge)."
    found = derive(opened.record, judgments)
    if not isinstance(found, Missing):
        made = Derived(found.model, found.grounds, found.entries, (note, *found.notes))
        return made, file
    do = f"{found.do} Or write `{kind.section}:` in case.yaml; {kind.page} says how."
    raise BadInput(Problem(folder, 0, f"this case has no {kind.noun}: {found.why}", do))


def check_assumptions(folder: Path, opened: Opened | None = None) -> Iterator[Problem]:
    """What keeps assumptions from making models; what is wrong in form is said elsewhere.

    opened : the folder as it was opened before, where it was
    """
    try:
        opened = opened or open_record(folder)
    except BadInput:
        return
    record, judgments = opened.record, opened.judgments
    made: tuple[Callable[[], object], ...] = (
        lambda: deal(record, judgments, record.moves),
        lambda: struggle(record, judgments),
        lambda: steps(record, judgments, record.moves),
    )
    for derive in made if not (judgments.empty or opened.problems) else ():
        try:
            derive()
        except BadInput as bad:
            yield from bad.problems


def spoken(model: Spoken, record: Record) -> Spoken:
    """A model that was written out, with a word for everything in it."""
    if isinstance(model, DealModel):
        titles = {issue.id: issue.title for issue in record.case.issues}
        names = [*model.parties, *model.issues]
        words = {name: titles.get(name, record.name(name)) for name in names}
    elif isinstance(model, ConflictModel):
        words = {name: record.name(name) for name in model.names}
        words |= {option: f"choosing “{option.replace('_', ' ')}”" for option in model.options}
    else:
        words = {party: record.name(party) for party in model.parties}
    return replace(model, words={**words, **model.words})
