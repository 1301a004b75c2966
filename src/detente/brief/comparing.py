"""What has changed since an earlier state of a case: record, assumptions, answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from detente.brief import entries
from detente.brief.answers import naming
from detente.brief.document import AnswerChange, Brief, ChangesView, EntryChange, Part
from detente.brief.entries import Shown
from detente.judgment.listing import Assumed, Named, assumed_words
from detente.record.models import Move, Status


def compare(made: Brief, before: Brief, *, older: str) -> Brief:
    """The brief with what has changed since another brief of the same case.

    older : what the earlier state is called
    """
    changes = ChangesView(
        older,
        tuple(_entries(made, before)),
        tuple(_assumptions(made, before)),
        tuple(_answers(made, before)),
    )
    return replace(made, changes=changes)


def _entries(made: Brief, before: Brief) -> Iterator[EntryChange]:
    """Entries that came, went or changed, in the order of the record as it is now."""
    now, then = _by_id(made), _by_id(before)
    shown, shown_then = Shown(made.record, made.tracking), Shown(before.record, before.tracking)
    for id, entry in now.items():
        if id not in then:
            yield EntryChange("new", id, entries.link(shown, id), "")
        elif differs := _differences(then[id], entry):
            yield EntryChange("changed", id, entries.link(shown, id), differs)
    for id in then:
        if id not in now:
            why = "rejected" if _rejected(made, id) else "no longer on record"
            yield EntryChange("gone", id, Part(entries.link(shown_then, id).text), why)


def _by_id(brief: Brief) -> dict[str, Move | Status]:
    moves: dict[str, Move | Status] = {move.id: move for move in brief.moves}
    return moves | {status.id: status for status in brief.statuses}


def _rejected(made: Brief, id: str) -> bool:
    return any(each.id == id and not each.counts for each in made.record.file.sourced())


def _differences(then: Move | Status, now: Move | Status) -> str:
    """Which keys of an entry are other than they were, and how."""
    old, new = (each.model_dump(mode="json", by_alias=True) for each in (then, now))
    said = []
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) == new.get(key):
            continue
        if key == "sources":
            count = len(new[key]) - len(old[key])
            said.append(f"{count} more source{'s' * (count != 1)}" if count > 0 else "its sources")
        else:
            said.append(f"{key}: {_plain(old.get(key))}, now {_plain(new.get(key))}")
    return "; ".join(said)


def _plain(value: object) -> str:
    if value is None or value == []:
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _assumptions(made: Brief, before: Brief) -> Iterator[EntryChange]:
    """Assumptions that came, went, or say something else about the same."""
    now, then = _by_subject(made), _by_subject(before)
    named = naming(made.record, made.outlook.judgments) if made.outlook else str
    for subject, (number, told) in now.items():
        link = Part(_lead(told, named), f"#assumed-{number}")
        if subject not in then:
            yield EntryChange("new", str(number), link, told.what)
        else:
            old = then[subject][1]
            if old.what != told.what:
                yield EntryChange("changed", str(number), link, f"{old.what}, now {told.what}")
            elif old.because != told.because:
                yield EntryChange("changed", str(number), link, "its reason")
            elif old.rests_on != told.rests_on:
                yield EntryChange("changed", str(number), link, "what it rests on")
    for subject, (number, told) in then.items():
        if subject not in now:
            yield EntryChange("gone", str(number), Part(_lead(told, named)), told.what)


def _lead(told: Assumed, named: Named) -> str:
    about = [named(id) for id in (told.party, told.about) if id]
    return ", ".join([*about, told.kind])


Subject = tuple[str, str | None, str | None, str]


def _by_subject(brief: Brief) -> dict[Subject, tuple[int, Assumed]]:
    """Assumptions by what they are about; where several are about the same, by their words."""
    found: dict[Subject, tuple[int, Assumed]] = {}
    if brief.outlook is None or brief.outlook.drafted:
        return found  # what was made from the record alone is nobody's assumption
    named = naming(brief.record, brief.outlook.judgments)
    for number, given in enumerate(brief.outlook.judgments.assumptions(), 1):
        told = assumed_words(given, named)
        key: Subject = (told.kind, told.party, told.about, "")
        if key in found or told.kind in ("forbidden", "requirement"):
            key = (*key[:3], told.what)
        found[key] = (number, told)
    return found


def _answers(made: Brief, before: Brief) -> Iterator[AnswerChange]:
    """Answers that are worded otherwise: the sentences that came and those that went."""
    then = {answer.key: [str(said) for said in answer.sentences] for answer in before.answers}
    for answer in made.answers:
        old = then.get(answer.key, [])
        new = [str(said) for said in answer.sentences]
        came = tuple(said for said in answer.sentences if str(said) not in old)
        went = tuple(said for said in old if said not in new)
        if came or went:
            yield AnswerChange(answer.key, answer.question, f"#{answer.anchor}", came, went)
