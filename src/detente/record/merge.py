"""Putting what reading finds into record.yaml, without ever hurting what a person wrote.

The text of the file is changed by additions only: entries at the end of their list, a
source at the end of an entry's `sources:`. Comments, order, indentation, quoting, edits and
reviews stay byte for byte, and what comes out is parsed again and compared with what was to
be said before anything is written.

A proposal that is on record already changes nothing; matching.py has the rule
(`same_findings`). It holds for entries that a person edited, confirmed or rejected, so a
rejected entry is not proposed again. A deleted one is: reject instead of deleting.
A proposal that reports the same event as an entry (`Events`) becomes a source of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.errors import BadInput, Problem
from detente.record.dates import PartialDate
from detente.record.files import in_case, locked, write_atomically
from detente.record.matching import Pair, Trace, normal, same_findings, trace
from detente.record.models import Move, Party, Source, Status
from detente.record.once import Events, roots
from detente.record.record import Record, Report
from detente.record.splicing import Plain, Splicer, with_additions
from detente.record.yamltext import Node, parse, plain, without_collector

RECORD = "record.yaml"

HEADER = """\
# What was reported: every entry cites a report and its exact words.
# Reading adds entries and sources and changes nothing else, so edit freely.
# review: machine (proposed, seen by nobody yet), confirmed, or rejected. Reject what is wrong
# instead of deleting it: a rejected entry counts nowhere and is not proposed again.

"""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the proposals.

    text      : the new text of record.yaml
    added     : ids of the new moves and statuses
    joined    : ids of entries that got a further source
    unchanged : the number of proposed moves and statuses that were on record already
    parties   : ids of the new parties
    """

    text: str
    added: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    unchanged: int = 0
    parties: tuple[str, ...] = ()


def apply(
    folder: Path,
    record: Record | None = None,
    *,
    moves: Sequence[Move] = (),
    statuses: Sequence[Status] = (),
    parties: Sequence[Party] = (),
) -> Merged:
    """Merge proposals into a case's record.yaml, as `merge` does.

    record : gives the case's own parties and the reports; None to read them

    No other process changes the case meanwhile; the file is read only then, so what another
    wrote before is kept. When nothing is new the file is not touched.

    Raises BadInput when the record can't be read as YAML, the case can't be written, or
    somebody else holds it.
    """
    from detente.record.store import open_record

    if record is None:
        record = open_record(folder).record
    file = in_case(folder, RECORD)
    with locked(folder):
        text = text_of(file)
        merged = merge(text, file, record, moves=moves, statuses=statuses, parties=parties)
        if merged.text != text:
            write_atomically(file, merged.text)
    return merged


def text_of(file: Path) -> str:
    """The file's text with its line ends and byte order mark; empty where there is none."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadInput(Problem(file, 0, f"can't be read: {error.strerror}")) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        do = "Open it in an editor and save it as UTF-8."
        raise BadInput(Problem(file, line, "the file is not UTF-8 text", do)) from None


def merge(
    text: str,
    file: Path,
    record: Record,
    *,
    moves: Sequence[Move] = (),
    statuses: Sequence[Status] = (),
    parties: Sequence[Party] = (),
) -> Merged:
    """The text of record.yaml with what is new among the proposals.

    text    : what stands there now; empty for a file that is yet to be made
    file    : named in problems; nothing is written
    record  : gives the case's own parties and the reports
    moves, statuses : proposals; their ids are provisional and are given anew, also where
              another proposal's `answers` names them
    parties : added where neither case nor record has one of that id, code or name; where
              one does, moves and statuses take its id

    Raises BadInput for a text that is not the YAML of a record.
    """
    with without_collector():
        return _merge(text, file, record, moves, statuses, parties)


def _merge(
    text: str,
    file: Path,
    record: Record,
    moves: Sequence[Move],
    statuses: Sequence[Status],
    parties: Sequence[Party],
) -> Merged:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    splicer = Splicer(body, file)
    lists = {key: splicer.items(key) for key in ("parties", "moves", "statuses")}
    new_parties, ids = _new_parties(parties, record, lists["parties"])
    batch = _Batch(record.reports, _taken(lists), ids, (*parties, *record.parties.values()))
    found = {
        "moves": batch.match(lists["moves"], moves),
        "statuses": batch.match(lists["statuses"], statuses),
    }
    appended = {key: batch.written(one.new) for key, one in found.items()}
    appended["parties"] = new_parties
    sources = {
        (key, place): [source for _, source in given]
        for key, one in found.items()
        for place, given in one.joined.items()
    }
    merged = Merged(
        text,
        tuple(entry["id"] for key in ("moves", "statuses") for entry in appended[key]),
        tuple(_id(lists[key][place]) for key, place in sources),
        sum(one.unchanged for one in found.values()),
        tuple(party["id"] for party in new_parties),
    )
    if not sources and not any(appended.values()):
        return merged
    for (key, place), given in sources.items():
        entry = lists[key][place]
        splicer.extend(_sources(entry), given, parent=entry)
    for key in ("moves", "statuses", "parties"):
        splicer.append(key, appended[key])
    result = splicer.result()
    _verify(result, with_additions(plain(splicer.root) or {}, appended, sources), file)
    header = "" if body.strip() else HEADER.replace("\n", splicer.newline)
    return Merged(
        mark + header + result.lstrip("\r\n") if header else mark + result,
        merged.added,
        merged.joined,
        merged.unchanged,
        merged.parties,
    )


def _verify(text: str, expected: Plain, file: Path) -> None:
    """A last look before anything is written: the text says the old and the new, no more."""
    try:
        said = plain(parse(text, file))
    except BadInput as error:
        raise RuntimeError(f"merging would have broken {file}; nothing was written") from error
    if said != expected:
        raise RuntimeError(f"merging would have changed what {file} says; nothing was written")


def _sources(entry: Node) -> Node:
    assert isinstance(entry.value, dict)  # an entry without sources never gets another
    return entry.value["sources"]


def _id(entry: Node) -> str:
    return str(plain(entry).get("id", ""))


def _taken(lists: Mapping[str, list[Node]]) -> set[str]:
    return {
        id
        for key in ("moves", "statuses")
        for node in lists[key]
        if isinstance(entry := plain(node), dict) and isinstance(id := entry.get("id"), str)
    }


# --- parties -------------------------------------------------------------------------------


def _new_parties(
    proposed: Sequence[Party], record: Record, nodes: Sequence[Node]
) -> tuple[list[Plain], dict[str, str]]:
    """Parties to add, and for those known under another id that id."""
    known: dict[str, str] = {}
    for party in map(_fields, record.case.parties):
        _know(party, known)
    for node in nodes:
        if isinstance(party := plain(node), dict) and isinstance(party.get("id"), str):
            _know(party, known)
    new: list[Plain] = []
    ids: dict[str, str] = {}
    for model in proposed:
        fields = _fields(model)
        same = next((known[sign] for sign in _signs(fields) if sign in known), None)
        if same is None:
            new.append(fields)
            _know(fields, known)
        elif same != model.id:
            ids[model.id] = same
    return new, ids


def _know(party: Plain, known: dict[str, str]) -> None:
    for sign in _signs(party):
        known.setdefault(sign, party["id"])


def _signs(party: Plain) -> Iterable[str]:
    """What a party is known by: its id, its code, its name and other names of its kind."""
    yield f"id {party['id']}"
    if isinstance(code := party.get("code"), str):
        yield f"code {code.casefold()}"
    aliases = party.get("aliases")
    for name in (party.get("name"), *(aliases if isinstance(aliases, list) else ())):
        if isinstance(name, str):
            yield f"{party.get('kind')} {normal(name).casefold()}"


# --- moves and statuses --------------------------------------------------------------------


@dataclass(slots=True)
class _Found:
    """What became of the proposals for one list.

    joined : new sources by the place of the entry that gets them
    """

    new: list[Move | Status] = field(default_factory=list)
    joined: dict[int, list[tuple[Pair, Plain]]] = field(default_factory=lambda: defaultdict(list))
    unchanged: int = 0


@dataclass(slots=True)
class _Batch:
    """Proposals on their way into the record.

    taken   : ids in use; grows
    parties : ids of parties to put in place of proposed ones
    known   : every party of the case, its record and the proposals
    final   : ids given to proposals, by provisional id
    """

    reports: Mapping[str, Report]
    taken: set[str]
    parties: Mapping[str, str]
    known: Sequence[Party] = ()
    final: dict[str, str] = field(default_factory=dict)
    _numbers: Counter[str] = field(default_factory=Counter)
    _repeats: dict[str, str] = field(default_factory=dict)

    @property
    def days(self) -> dict[str, PartialDate | None]:
        """The day of each report."""
        return {id: report.front.date for id, report in self.reports.items()}

    def match(self, nodes: Sequence[Node], proposed: Sequence[Move | Status]) -> _Found:
        """Sort proposals into those on record, those that join an entry, and new ones."""
        entries = [trace(plain(node)) for node in nodes]
        models = [self._with_parties(model) for model in self._distinct(proposed)]
        stems = [self._stem(model) for model in models]
        traces = [trace(_fields(m), stem=stem) for m, stem in zip(models, stems, strict=True)]
        same = same_findings(entries, traces, self.reports)
        found = _Found(unchanged=len(same) + len(proposed) - len(models))
        events = Events(roots(self.known), self.days)
        for place, entry in enumerate(entries):
            events.add(place, entry)
        for number, model in enumerate(models):
            if (at := same.get(number)) is not None:
                self.final.setdefault(model.id, entries[at].id)
                continue
            event = events.find(traces[number])
            place = len(entries) + len(found.new) if event is None else event
            if event is None:
                found.new.append(self._numbered(model, stems[number]))
                events.add(place, traces[number])
            else:
                self._join(found, place, len(entries), model, traces[number])
                events.cite(place, traces[number])
            id = entries[place].id if place < len(entries) else found.new[place - len(entries)].id
            self.final.setdefault(model.id, id)
        return found

    def _join(
        self, found: _Found, place: int, on_record: int, model: Move | Status, sign: Trace
    ) -> None:
        if place < on_record:
            pairs = zip(sign.pairs, map(_source, model.sources), strict=True)
            found.joined[place].extend(pairs)
        else:
            entry = found.new[place - on_record]
            sources = (*entry.sources, *model.sources)
            found.new[place - on_record] = entry.model_copy(update={"sources": sources})

    def written(self, entries: Sequence[Move | Status]) -> list[Plain]:
        """New entries in plain form, with the final ids of what they answer."""
        return [_fields(self._answering(entry)) for entry in entries]

    def _answering(self, entry: Move | Status) -> Move | Status:
        if not isinstance(entry, Move) or not entry.answers:
            return entry
        first = (self._repeats.get(id, id) for id in entry.answers)
        answers = tuple(dict.fromkeys(self.final.get(id, id) for id in first))
        return entry.model_copy(update={"answers": answers})

    def _distinct(self, proposed: Sequence[Move | Status]) -> list[Move | Status]:
        """The proposals without those that repeat another in everything but the id."""
        seen: dict[str, Move | Status] = {}
        for model in proposed:
            first = seen.setdefault(repr({**_fields(model), "id": ""}), model)
            self._repeats[model.id] = first.id
        return list(seen.values())

    def _with_parties(self, model: Move | Status) -> Move | Status:
        if not self.parties:
            return model
        sides = {
            side: tuple(dict.fromkeys(self.parties.get(id, id) for id in getattr(model, side)))
            for side in ("by", "to")
        }
        return model.model_copy(update=sides)

    def _stem(self, model: Move | Status) -> str:
        """Date, actors, type and mode: an entry's id but for the number."""
        if isinstance(model, Move):
            when, kinds = model.date, (model.type.value.lower(), model.mode)
        else:
            when, kinds = model.from_, (model.attribute, model.value)
        if when is None:
            when = next(
                (
                    report.front.date
                    for source in model.sources
                    if (report := self.reports.get(source.report)) and report.front.date
                ),
                None,
            )
        day = str(when).lstrip("~").split("..")[0] if when else "undated"
        by = "-".join(model.by[:3])[:60].strip("._-") or "unknown"
        return "-".join((day, by, *filter(None, kinds)))

    def _numbered(self, model: Move | Status, stem: str) -> Move | Status:
        while True:
            self._numbers[stem] += 1
            id = f"{stem}-{self._numbers[stem]}"
            if id not in self.taken:
                self.taken.add(id)
                return model.model_copy(update={"id": id})


# --- models to plain data ------------------------------------------------------------------

_ORDERS: dict[type, list[str]] = {
    Move: (
        "id date type mode by to what issue aspect if stance answers same_as not_same_as"
        " performs breaches sources review note"
    ).split(),
    Status: "id attribute value by to what issue from until sources review note".split(),
    Party: "id name kind code country sector aliases speaks_for note".split(),
}


def _fields(model: Move | Status | Party) -> Plain:
    """A model as it is written: in the order of the docs, without what says nothing."""
    fields: Plain = {}
    for key in _ORDERS[type(model)]:
        name = f"{key}_" if key in ("if", "from") else key
        value = getattr(model, name)
        if key == "sources":
            fields[key] = [_source(source) for source in value]
        elif key == "speaks_for":
            if value:
                fields[key] = [_office(office) for office in value]
        elif isinstance(value, tuple):
            if value:
                fields[key] = list(value)
        elif value is not None:
            fields[key] = str(value)
    return fields


def _office(office: Any) -> Plain:
    given = {"party": office.party, "office": office.office, "from": office.from_, "to": office.to}
    return {key: str(value) for key, value in given.items() if value is not None}


def _source(source: Source) -> Plain:
    fields: Plain = {"report": source.report, "quote": source.quote}
    if source.said_by is not None:
        named = "true" if source.said_by.named else "false"
        fields["said_by"] = {"name": source.said_by.name, "role": source.said_by.role}
        fields["said_by"]["named"] = named
    fields["direct"] = "true" if source.direct else "false"
    if source.credibility is not None:
        fields["credibility"] = str(source.credibility)
    return fields
