"""The rules a case must keep. A rule yields problems and never raises; all are listed at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel

from detente.errors import BadInput, Problem
from detente.record import yamltext
from detente.record.dates import PartialDate
from detente.record.models import (
    Agreement,
    AssumedIssue,
    Commitment,
    Issue,
    Move,
    Party,
    Patience,
    Preference,
    Source,
    SpeaksFor,
    Status,
    StepCost,
    Trust,
    Values,
    WalkAway,
)
from detente.record.plover import Aspect, MoveType
from detente.record.quotes import Finder
from detente.record.record import Report
from detente.record.store import CASE, JUDGMENTS, RECORD, Opened, open_record
from detente.record.validation import meant
from detente.record.yamltext import line_at

Step = int | str
Use = tuple[str, tuple[Step, ...]]
"""An id that is used, and the path to its use inside an entry."""


@dataclass(frozen=True)
class Case:
    """A case folder as the rules see it."""

    opened: Opened

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Moves that count; what a person rejected need not fit anything."""
        return self.opened.record.moves

    @cached_property
    def sourced(self) -> tuple[Move | Status, ...]:
        """Moves and statuses that count."""
        return (*self.moves, *self.opened.record.statuses)

    @cached_property
    def demands(self) -> list[str]:
        """Ids of the REQUESTs that count."""
        return [move.id for move in self.moves if move.type is MoveType.REQUEST]

    @cached_property
    def agreements(self) -> tuple[Agreement, ...]:
        """All agreements."""
        return self.opened.record.case.agreements

    @cached_property
    def issues(self) -> dict[str, Issue]:
        """Issues by id."""
        return {issue.id: issue for issue in self.opened.record.case.issues}

    @cached_property
    def negotiable(self) -> dict[str, Issue | AssumedIssue]:
        """What judgments may speak of: the case's issues and those assumed beside them."""
        assumed = {issue.id: issue for issue in self.opened.judgments.issues}
        return {**assumed, **self.issues}

    @cached_property
    def deals(self) -> dict[str, Agreement | Commitment]:
        """Agreements and commitments by id."""
        known: dict[str, Agreement | Commitment] = {each.id: each for each in self.agreements}
        return known | {id: pair[1] for id, pair in self.opened.record.commitments.items()}

    def at(self, name: str, entry: BaseModel, *path: Step) -> tuple[Path, int]:
        """File and line of a key or item of an entry."""
        return self.opened.files[name], self.opened.line(entry, *path)

    def known(self, id: str, known: Mapping[str, object], *homes: str) -> bool:
        """Whether an id is known, or may well be in what could not be read."""
        return id in known or id in self.opened.broken or not self.opened.unread.isdisjoint(homes)

    def unknown_parties(
        self, name: str, entry: BaseModel, uses: Iterable[Use]
    ) -> Iterator[Problem]:
        """A problem for each party used, with the path to its use, that nobody lists."""
        parties = self.opened.record.parties
        for party, path in uses:
            if party not in parties and not self.known(party, parties, CASE, RECORD):
                near = meant(party, parties) or "No parties are listed yet."
                do = f"{near} New parties go into case.yaml under `parties:`."
                yield Problem(*self.at(name, entry, *path), f"unknown party `{party}`", do)


Rule = Callable[[Case], Iterator[Problem]]


# --- parties, issues, codes ------------------------------------------------------------


def parties_are_known(case: Case) -> Iterator[Problem]:
    """Every party named anywhere is listed."""
    for entry in case.sourced:
        yield from case.unknown_parties(RECORD, entry, _sides(entry))
    for name, parties in _party_lists(case):
        for party in parties:
            offices = enumerate(party.speaks_for)
            uses: list[Use] = [(each.party, ("speaks_for", i, "party")) for i, each in offices]
            yield from case.unknown_parties(name, party, uses)
    for agreement in case.agreements:
        members = ((p, ("parties", i)) for i, p in enumerate(agreement.parties))
        yield from case.unknown_parties(CASE, agreement, members)
        for i, each in enumerate(agreement.commitments):
            owed = ((party, ("commitments", i, *path)) for party, path in _sides(each))
            yield from case.unknown_parties(CASE, agreement, owed)


def _sides(entry: Move | Status | Commitment) -> Iterator[Use]:
    for i, party in enumerate(entry.by):
        yield party, ("by", i)
    for i, party in enumerate(entry.to):
        yield party, ("to", i)


def _party_lists(case: Case) -> tuple[tuple[str, tuple[Party, ...]], ...]:
    record = case.opened.record
    return (CASE, record.case.parties), (RECORD, record.file.parties)


def issues_are_known(case: Case) -> Iterator[Problem]:
    """Every issue an entry names is listed in case.yaml."""
    for entry in case.sourced:
        if entry.issue is not None and not case.known(entry.issue, case.issues, CASE):
            yield _unknown_issue(case, RECORD, entry, entry.issue)


def _unknown_issue(case: Case, name: str, entry: BaseModel, issue: str) -> Problem:
    near = meant(issue, case.issues) or "No issues are listed yet."
    do = f"{near} New issues go into case.yaml under `issues:`."
    return Problem(*case.at(name, entry, "issue"), f"unknown issue `{issue}`", do)


def codes_of_states_are_iso(case: Case) -> Iterator[Problem]:
    """A state's code, and any country, is ISO 3166 alpha-3, present, former or XKX."""
    for name, parties in _party_lists(case):
        for party in parties:
            if party.kind == "state" and party.code and not _is_alpha_3(party.code):
                what = f"`{party.code}` is not an ISO 3166 alpha-3 code"
                yield Problem(*case.at(name, party, "code"), what, _alpha_3_of(party))
            if party.country and not _is_alpha_3(party.country):
                what = f"`{party.country}` is not an ISO 3166 alpha-3 code"
                do = "Look it up, or remove `country:`; XAA to XZZ are free for own use."
                yield Problem(*case.at(name, party, "country"), what, do)


def _is_alpha_3(code: str) -> bool:
    import pycountry

    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        return False
    # The ranges ISO 3166-1 leaves to users: AAA to AAZ, QMA to QZZ, XAA to XZZ, ZZA to ZZZ.
    own = code[:2] in ("AA", "ZZ") or code[0] == "X" or (code[0] == "Q" and code[1] >= "M")
    countries = (pycountry.countries, pycountry.historic_countries)
    return own or any(each.get(alpha_3=code) is not None for each in countries)


def _alpha_3_of(party: Party) -> str:
    import pycountry

    for word in (party.code or "", party.name, party.id, *party.aliases):
        try:
            found = pycountry.countries.lookup(word)
        except LookupError:
            continue
        return f"Did you mean {found.alpha_3} ({found.name})?"
    return "Look it up, or remove `code:` if the state has none; XAA to XZZ are free for own use."


# --- reports and quotes ----------------------------------------------------------------


def reports_are_there(case: Case) -> Iterator[Problem]:
    """Every report cited stands in reports/."""
    reports = case.opened.record.reports
    for name, entry, i, source in _cited(case):
        if source.report not in reports and not case.known(source.report, reports):
            near = meant(source.report, reports) or "The case has no reports yet."
            place = case.at(name, entry, "sources", i, "report")
            yield Problem(*place, f"unknown report `{source.report}`", near)


def quotes_are_in_reports(case: Case) -> Iterator[Problem]:
    """Every quote stands word for word in the report it cites."""
    reports = case.opened.record.reports
    finder = Finder(reports)
    for name, entry, i, source in _cited(case):
        report = reports.get(source.report)
        if report is not None and source.quote not in report.text:
            what, do = finder.explain(source.quote, report)
            yield Problem(*case.at(name, entry, "sources", i, "quote"), what, do)


def _cited(case: Case) -> Iterator[tuple[str, Move | Status | Agreement, int, Source]]:
    for entry in case.sourced:
        for i, source in enumerate(entry.sources):
            yield RECORD, entry, i, source
    for agreement in case.agreements:
        for i, source in enumerate(agreement.sources):
            yield CASE, agreement, i, source


# --- dates -----------------------------------------------------------------------------


def moves_are_told_after_they_happen(case: Case) -> Iterator[Problem]:
    """No report tells as done what certainly happened only after it was published."""
    reports = case.opened.record.reports
    for move in case.moves:
        if move.date is None or not move.aspect.happened:
            continue
        for source in move.sources:
            report = reports.get(source.report)
            if report and report.front.date and report.front.date.before(move.date):
                told = f"{report.id}, published {report.front.date}"
                what = f"dated {move.date}, later than the report that tells it ({told})"
                do = "aspect: future? Otherwise correct one of the two dates."
                yield Problem(*case.at(RECORD, move, "date"), what, do)
                break


def terms_end_after_they_begin(case: Case) -> Iterator[Problem]:
    """Nobody's time in office ends before it begins."""
    for name, parties in _party_lists(case):
        for party in parties:
            for i, term in enumerate(party.speaks_for):
                if term.from_ and term.to and term.to.before(term.from_):
                    what = f"the term ends ({term.to}) before it begins ({term.from_})"
                    place = case.at(name, party, "speaks_for", i, "to")
                    yield Problem(*place, what, "Swap or correct the dates.")


def deadlines_follow_agreements(case: Case) -> Iterator[Problem]:
    """No commitment is due before its agreement was made."""
    for agreement in case.agreements:
        for i, each in enumerate(agreement.commitments):
            if each.until and each.until.before(agreement.date):
                what = f"due {each.until}, before the agreement's date, {agreement.date}"
                place = case.at(CASE, agreement, "commitments", i, "until")
                yield Problem(*place, what, "Correct one of the two dates.")


def speakers_are_in_office(case: Case) -> Iterator[Problem]:
    """Nobody is quoted as speaking for a party at a time certainly outside the term."""
    people = _office_holders(case)
    for entry in case.sourced if people else ():
        for i, source in enumerate(entry.sources):
            said = source.said_by
            if said is None or said.name is None:
                continue
            terms = _terms(people.get(said.name.casefold(), ()), said.role)
            report = case.opened.record.reports.get(source.report)
            spoken = _spoken(entry, report, terms)
            if terms and spoken and not any(_overlaps(term, spoken) for term in terms):
                first, last = spoken
                when = f"{first}" if first == last else f"between {first} and {last}"
                held = "; ".join(f"{_office(term)} {_span(term)}" for term in terms)
                place = case.at(RECORD, entry, "sources", i, "said_by")
                what = f"{said.name} speaks outside the term: {when}, but was {held}"
                do = "Correct the dates or the speaker; say `role: former ...` of a former one."
                yield Problem(*place, what, do)


def _office_holders(case: Case) -> dict[str, list[SpeaksFor]]:
    """The offices of everybody who has any, by each of the person's names, casefolded."""
    people: dict[str, list[SpeaksFor]] = defaultdict(list)
    for person in case.opened.record.parties.values():
        for name in {each.casefold() for each in (person.name, *person.aliases)}:
            people[name].extend(person.speaks_for)
    return {name: terms for name, terms in people.items() if terms}


def _terms(terms: Sequence[SpeaksFor], role: str | None) -> Sequence[SpeaksFor]:
    """The terms that bear on somebody speaking in a role; none for a former office-holder."""
    if role is None:
        return terms
    folded = role.casefold()
    if folded.startswith(("former", "ex-", "then-")):
        return ()
    return [term for term in terms if (term.office or "").casefold() == folded] or terms


_SPEECH = frozenset(
    (MoveType.AGREE, MoveType.REQUEST, MoveType.ACCUSE, MoveType.REJECT, MoveType.THREATEN)
)


def _spoken(
    entry: Move | Status, report: Report | None, terms: Sequence[SpeaksFor]
) -> tuple[date, date] | None:
    """The first and last day on which the words can have been spoken; None if unknown.

    A demand, offer, refusal, accusation or threat by the speaker's own party was spoken
    on its date. Who tells of something that happened did so between then and the
    report's publication. Otherwise the words are taken to be as old as the report.
    """
    published = report.front.date if report else None
    if isinstance(entry, Move) and entry.date and entry.aspect.happened:
        own = entry.type in _SPEECH and any(term.party in entry.by for term in terms)
        if own and entry.aspect is Aspect.ACTUAL:
            return entry.date.earliest, entry.date.latest
        last = published.latest if published else date.max
        return entry.date.earliest, max(last, entry.date.latest)
    return (published.earliest, published.latest) if published else None


def _overlaps(term: SpeaksFor, spoken: tuple[date, date]) -> bool:
    begins = term.from_.earliest if term.from_ else date.min
    ends = term.to.latest if term.to else date.max
    return begins <= spoken[1] and spoken[0] <= ends


def _office(term: SpeaksFor) -> str:
    return f"{term.office or 'speaking'} for {term.party}"


def _span(term: SpeaksFor) -> str:
    def shown(day: PartialDate | None) -> str:
        return str(day) if day else "?"

    return f"from {shown(term.from_)} to {shown(term.to)}"


# --- agreements and commitments --------------------------------------------------------


def answers_are_to_demands(case: Case) -> Iterator[Problem]:
    """What a move answers is a REQUEST that counts."""
    moves = {move.id: move for move in case.opened.record.file.moves}
    for move in case.moves:
        for i, id in enumerate(move.answers):
            if (wrong := _wrong_answer(case, moves, move, id)) is not None:
                yield Problem(*case.at(RECORD, move, "answers", i), *wrong)


def _wrong_answer(
    case: Case, moves: Mapping[str, Move], move: Move, id: str
) -> tuple[str, str] | None:
    demand = moves.get(id)
    if demand is None:
        if case.known(id, moves):
            return None
        # Ids begin with a date; looking through all of a long record takes too long.
        likely = [each for each in case.demands if each[:10] == id[:10]] or case.demands
        near = meant(id, likely[:50], show=5) or "The record holds no REQUEST."
        return f"answers an unknown move `{id}`", near
    if demand is move:
        return "a move can't answer itself", "Name the REQUEST it answers."
    if demand.type is not MoveType.REQUEST:
        what = f"answers `{id}`, which is {demand.type} and not a REQUEST"
        return what, "Only demands (REQUEST) are answered; remove it or name the demand."
    if not demand.counts:
        return f"answers `{id}`, which was rejected", "Remove it, or confirm the demand."
    return None


def the_same_is_known(case: Case) -> Iterator[Problem]:
    """What a move is, or is not, the same event as is another move of the record."""
    moves = {move.id: move for move in case.opened.record.file.moves}
    for move in case.moves:
        given: list[tuple[str, tuple[int, ...], str]] = []
        if move.same_as:
            given.append(("same_as", (), move.same_as))
        given += [("not_same_as", (i,), id) for i, id in enumerate(move.not_same_as)]
        for key, place, id in given:
            if (wrong := _wrong_twin(case, moves, move, key, id)) is not None:
                yield Problem(*case.at(RECORD, move, key, *place), *wrong)


def _wrong_twin(
    case: Case, moves: Mapping[str, Move], move: Move, key: str, id: str
) -> tuple[str, str] | None:
    if id == move.id:
        return f"`{key}` names the move itself", "Name another move, or remove it."
    if id not in moves:
        if case.known(id, moves):
            return None
        near = meant(id, [other for other in moves if other[:10] == id[:10]][:50], show=5)
        return f"`{key}` names an unknown move `{id}`", near or "Name a move of the record."
    if key == "same_as" and not moves[id].counts:
        return f"the same as `{id}`, which was rejected", "Remove it, or confirm that move."
    if key == "same_as" and _runs_in_a_circle(moves, move):
        return f"`same_as` runs in a circle with `{id}`", "Keep it on all of them but one."
    return None


def _runs_in_a_circle(moves: Mapping[str, Move], move: Move) -> bool:
    passed, event = {move.id}, move
    while event.same_as is not None and event.same_as in moves:
        event = moves[event.same_as]
        if event.id in passed:
            return True
        passed.add(event.id)
    return False


def commitments_are_known(case: Case) -> Iterator[Problem]:
    """What a move performs or breaches is a commitment, of its own party, and not both."""
    for move in case.moves:
        for key, ids in (("performs", move.performs), ("breaches", move.breaches)):
            for i, id in enumerate(ids):
                if (wrong := _wrong_commitment(case, move, key, id)) is not None:
                    yield Problem(*case.at(RECORD, move, key, i), *wrong)
        for id in sorted(set(move.performs) & set(move.breaches)):
            what = f"it both performs and breaches `{id}`"
            do = "Keep one; if reports differ, record two moves."
            yield Problem(*case.at(RECORD, move, "breaches", move.breaches.index(id)), what, do)


def _wrong_commitment(case: Case, move: Move, key: str, id: str) -> tuple[str, str] | None:
    commitments = case.opened.record.commitments
    if id not in commitments:
        if case.known(id, commitments, CASE):
            return None
        near = meant(id, commitments) or "case.yaml lists no commitments."
        if id in case.deals:
            near = f"That is an agreement; name one of its commitments. {near}"
        return f"{key} an unknown commitment `{id}`", near
    owners = commitments[id][1].by
    actors = {party for each in move.by for party in (each, *_speaks_for(case, each))}
    if actors and actors.isdisjoint(owners):
        what = f"{key} `{id}`, which is a commitment of {' and '.join(owners)}"
        return what, f"The move is by {' and '.join(move.by)}; correct `by:` or the commitment."
    return None


def _speaks_for(case: Case, party: str) -> Iterator[str]:
    known = case.opened.record.parties.get(party)
    yield from (term.party for term in known.speaks_for) if known else ()


def conditions_are_known(case: Case) -> Iterator[Problem]:
    """What an agreement or commitment comes after exists."""
    for agreement in case.agreements:
        owners: list[tuple[tuple[Step, ...], tuple[str, ...]]] = [((), agreement.after)]
        owners += [(("commitments", i), c.after) for i, c in enumerate(agreement.commitments)]
        for path, after in owners:
            for i, id in enumerate(after):
                if not case.known(id, case.deals):
                    near = meant(id, case.deals)
                    what = f"comes after `{id}`, which is no agreement or commitment"
                    yield Problem(*case.at(CASE, agreement, *path, "after", i), what, near)


def conditions_do_not_run_in_circles(case: Case) -> Iterator[Problem]:
    """No agreement or commitment waits, in the end, for itself.

    A commitment waits for what its agreement comes after; what comes after an agreement
    waits for all of its commitments.
    """
    waits: dict[str, list[str]] = defaultdict(list)
    lines: dict[str, int] = {}
    stated: set[str] = set()
    for agreement in case.agreements:
        begun, done = f"{agreement.id}\0begun", f"{agreement.id}\0done"
        waits[begun] = [_done(case, id) for id in agreement.after]
        waits[done] = [commitment.id for commitment in agreement.commitments] or [begun]
        lines[begun] = case.opened.line(agreement, "after")
        stated.update([begun] if agreement.after else [])
        for i, commitment in enumerate(agreement.commitments):
            waits[commitment.id] = [begun, *(_done(case, id) for id in commitment.after)]
            lines[commitment.id] = case.opened.line(agreement, "commitments", i, "after")
            stated.update([commitment.id] if commitment.after else [])
    for circle in _circles(waits):
        shown = _from_first([each for each in circle if each in stated], lines)
        names = [each.partition("\0")[0] for each in shown]
        what = f"conditions run in a circle: {' -> '.join([*names, names[0]])}"
        do = "Each waits for the next; remove one `after:`."
        yield Problem(case.opened.files[CASE], lines[shown[0]], what, do)


def _done(case: Case, id: str) -> str:
    return f"{id}\0done" if isinstance(case.deals.get(id), Agreement) else id


def _from_first(circle: Sequence[str], lines: Mapping[str, int]) -> list[str]:
    """The circle, begun where it stands first in the file, so that it always reads alike."""
    first = min(range(len(circle)), key=lambda i: lines[circle[i]])
    return [*circle[first:], *circle[:first]]


def _circles(waits: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Circles in a graph, no two of them through the same node (depth first, no recursion)."""
    done: set[str] = set()
    reported: set[str] = set()
    for root in list(waits):
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack = [(root, iter((root,)))]
        while stack:
            node = next(stack[-1][1], None)
            if node is None:
                stack.pop()
                if path:
                    done.add(path[-1])
                    del on_path[path.pop()]
            elif node in on_path:
                circle = path[on_path[node] :]
                if reported.isdisjoint(circle):
                    reported.update(circle)
                    yield circle
            elif node not in done:
                on_path[node] = len(path)
                path.append(node)
                stack.append((node, iter(waits.get(node, ()))))


# --- ids -------------------------------------------------------------------------------

Placed = tuple[str, Path, int]


def ids_are_unique(case: Case) -> Iterator[Problem]:
    """No two entries of one kind have the same id."""
    record, judgments = case.opened.record, case.opened.judgments
    parties = [
        (party.id, *case.at(name, party, "id"))
        for name, listed in _party_lists(case)
        for party in listed
    ]
    yield from _repeated("parties", parties)
    for name, kind, entries in (
        (RECORD, "moves", record.file.moves),
        (RECORD, "statuses", record.file.statuses),
        (CASE, "issues", record.case.issues),
        (JUDGMENTS, "issues", judgments.issues),
        (JUDGMENTS, "costs", judgments.costs),
        (JUDGMENTS, "levers", judgments.levers),
    ):
        yield from _repeated(kind, [(each.id, *case.at(name, each, "id")) for each in entries])
    every: list[tuple[str, Issue | AssumedIssue]] = [
        *((CASE, each) for each in record.case.issues),
        *((JUDGMENTS, each) for each in judgments.issues),
    ]
    for home, issue in every:
        options = [
            (option.id, *case.at(home, issue, "options", i, "id"))
            for i, option in enumerate(issue.options)
        ]
        yield from _repeated(f"options of {issue.id}", options)
    for assumed in judgments.issues:
        if assumed.id in case.issues:
            what = f"the issue `{assumed.id}` is in case.yaml already"
            yield Problem(*case.at(JUDGMENTS, assumed, "id"), what, "Leave it out here.")
    yield from _repeated("agreements or commitments", _deal_ids(case))


def _deal_ids(case: Case) -> Iterator[Placed]:
    """Agreements and commitments share their ids: `after:` may name either."""
    for agreement in case.agreements:
        yield agreement.id, *case.at(CASE, agreement, "id")
        for i, commitment in enumerate(agreement.commitments):
            yield commitment.id, *case.at(CASE, agreement, "commitments", i, "id")


def _repeated(kind: str, ids: Iterable[Placed]) -> Iterator[Problem]:
    first: dict[str, tuple[Path, int]] = {}
    for id, file, line in ids:
        if id in first:
            other, at = first[id]
            place = f"line {at}" if other == file else f"{other.name}, line {at}"
            what = f"two {kind} have the id `{id}`: this and the one in {place}"
            yield Problem(
                file, line, what, "Rename one of them, or remove it if both are the same."
            )
        else:
            first[id] = file, line


# --- judgments.yaml --------------------------------------------------------------------


def judgments_fit_the_case(case: Case) -> Iterator[Problem]:
    """Judgments name known parties, issues, options, levers and entries, each once."""
    judgments = case.opened.judgments
    about: list[Values | WalkAway | Preference | Trust | Patience] = [
        *judgments.values,
        *judgments.walk_away,
        *judgments.preferences,
        *judgments.trust,
        *judgments.patience,
    ]
    for each in about:
        yield from case.unknown_parties(JUDGMENTS, each, [(each.party, ("party",))])
    for i, party in enumerate(judgments.between):
        if party not in case.opened.record.parties and not case.known(party, {}, CASE, RECORD):
            do = meant(party, case.opened.record.parties)
            file = case.opened.files[JUDGMENTS]
            node = yamltext.read(file)
            line = line_at(node, ("between", i)) if node is not None else 0
            yield Problem(file, line, f"`between` names the unknown party `{party}`", do)
    for cost in judgments.costs:
        uses: list[Use] = [(cost.by, ("by",))]
        uses += [(party, ("worth", party)) for party in cost.worth]
        yield from case.unknown_parties(JUDGMENTS, cost, uses)
    for values in judgments.values:
        yield from _values_fit(case, values)
    for given in judgments.forbidden:
        yield from _packages_fit(case, given, ("options",), given.options)
    for rule in judgments.requires:
        yield from _packages_fit(case, rule, ("if",), rule.if_)
        yield from _packages_fit(case, rule, ("then",), rule.then)
    yield from _levers_fit(case)
    yield from _grounds_are_there(case)
    yield from _said_twice(case)


def _packages_fit(
    case: Case, entry: BaseModel, path: tuple[Step, ...], options: Mapping[str, str]
) -> Iterator[Problem]:
    """Issues and options named together are known."""
    for issue, option in options.items():
        place = case.at(JUDGMENTS, entry, *path, issue)
        if issue not in case.negotiable:
            if not case.known(issue, case.negotiable, CASE):
                yield Problem(*place, f"unknown issue `{issue}`", meant(issue, case.negotiable))
            continue
        known = [each.id for each in case.negotiable[issue].options]
        if option not in known:
            what = f"issue `{issue}` has no option `{option}`"
            yield Problem(*place, what, meant(option, known) or "It lists no options yet.")


def _levers_fit(case: Case) -> Iterator[Problem]:
    """Levers belong to known parties and exclude known levers."""
    levers = dict.fromkeys(lever.id for lever in case.opened.judgments.levers)
    for lever in case.opened.judgments.levers:
        yield from case.unknown_parties(JUDGMENTS, lever, [(lever.by, ("by",))])
        for i, other in enumerate(lever.excludes):
            place = case.at(JUDGMENTS, lever, "excludes", i)
            if other == lever.id:
                yield Problem(*place, f"`{other}` excludes itself", "Name another lever.")
            elif not case.known(other, levers):
                yield Problem(*place, f"unknown lever `{other}`", meant(other, levers))


def _grounds_are_there(case: Case) -> Iterator[Problem]:
    """What an assumption rests on, or says was delivered, is on record and not rejected."""
    entries = {entry.id: entry for entry in case.opened.record.file.sourced()}
    for assumed in case.opened.judgments.assumptions():
        named = [("rests_on", assumed.rests_on)]
        if isinstance(assumed, StepCost):
            named += [(key, getattr(assumed, key)) for key in ("delivered", "broken", "taken_back")]
        for key, ids in named:
            for i, id in enumerate(ids):
                place = case.at(JUDGMENTS, assumed, key, i)
                if id not in entries:
                    if not case.known(id, entries, RECORD):
                        what = f"no entry of the record has the id `{id}`"
                        yield Problem(*place, what, meant(id, entries, show=0))
                elif not entries[id].counts:
                    do = "Name another entry, or none; what was rejected counts nowhere."
                    yield Problem(*place, f"the entry `{id}` was rejected", do)
                elif key != "rests_on" and not isinstance(entries[id], Move):
                    do = "Name the move that reports it."
                    yield Problem(*place, f"`{id}` is a status, which reports no step", do)


def _values_fit(case: Case, values: Values) -> Iterator[Problem]:
    issues = case.negotiable
    if values.issue is not None and values.issue not in issues:
        if not case.known(values.issue, issues, CASE):
            yield _unknown_issue(case, JUDGMENTS, values, values.issue)
        return
    order = [name.strip() for name in (values.order or "").split(">")] if values.order else []
    if values.issue is None:
        kind, known = "issue", dict.fromkeys(issues)
    else:
        kind = "option"
        known = dict.fromkeys(option.id for option in issues[values.issue].options)
    for name in order:
        place = case.at(JUDGMENTS, values, "order")
        if order.count(name) > 1:
            yield Problem(*place, f"`{name}` stands twice in the order", "Name each once.")
            break
        if not name:
            yield Problem(*place, "a name is missing beside `>`", "Write `best > next > last`.")
        elif not case.known(name, known, CASE):
            yield Problem(*place, f"unknown {kind} `{name}`", meant(name, known))
    first = next(iter(known), None)
    size = values.options.get(first) if first is not None and values.issue is not None else None
    if size is not None and size != (0, 0):
        do = "Count every option from it: better ones above 0, worse ones below."
        what = f"`{first}` is the status quo of `{values.issue}`, which counts as 0"
        yield Problem(*case.at(JUDGMENTS, values, "options", str(first)), what, do)
    for name in values.options:
        if not case.known(name, known, CASE):
            place = case.at(JUDGMENTS, values, "options", name)
            what = f"issue `{values.issue}` has no option `{name}`"
            yield Problem(*place, what, meant(name, known) or "It lists no options yet.")


def _said_twice(case: Case) -> Iterator[Problem]:
    judgments = case.opened.judgments
    said: list[tuple[str, BaseModel]] = [
        *((f"{_kind(v)} of {v.party} for {v.issue or 'the issues'}", v) for v in judgments.values),
        *((f"walk-away values of {w.party}", w) for w in judgments.walk_away),
        *((f"preferences of {p.party}", p) for p in judgments.preferences),
        *((f"numbers for the trust of {t.party}", t) for t in judgments.trust),
        *((f"numbers for the patience of {p.party}", p) for p in judgments.patience),
    ]
    seen: dict[str, int] = {}
    for named, entry in said:
        file, line = case.at(JUDGMENTS, entry)
        if named in seen:
            what = f"the {named} stand twice: here and on line {seen[named]}"
            yield Problem(file, line, what, "Keep one; which of them is meant?")
        seen.setdefault(named, line)


def _kind(values: Values) -> str:
    return "orders" if values.order else "values"


def steps_do_not_run_in_circles(case: Case) -> Iterator[Problem]:
    """What a step's cost comes after exists, and no step waits for itself."""
    costs = {cost.id: cost for cost in case.opened.judgments.costs}
    lines = {id: case.opened.line(cost, "after") for id, cost in costs.items()}
    file = case.opened.files[JUDGMENTS]
    for id, cost in costs.items():
        for i, other in enumerate(cost.after):
            if not case.known(other, costs):
                place = case.at(JUDGMENTS, cost, "after", i)
                yield Problem(*place, f"`{id}` comes after unknown `{other}`", meant(other, costs))
    for circle in _circles({id: cost.after for id, cost in costs.items()}):
        names = _from_first(circle, lines)
        what = f"steps run in a circle: {' -> '.join([*names, names[0]])}"
        yield Problem(file, lines[names[0]], what, "Each waits for the next; remove one `after:`.")


CHECKS: tuple[Rule, ...] = (
    ids_are_unique,
    parties_are_known,
    issues_are_known,
    codes_of_states_are_iso,
    reports_are_there,
    quotes_are_in_reports,
    moves_are_told_after_they_happen,
    terms_end_after_they_begin,
    deadlines_follow_agreements,
    speakers_are_in_office,
    answers_are_to_demands,
    the_same_is_known,
    commitments_are_known,
    conditions_are_known,
    conditions_do_not_run_in_circles,
    judgments_fit_the_case,
    steps_do_not_run_in_circles,
)
"""Every rule; adding one is a line here."""


def check(folder: Path) -> list[Problem]:
    """Everything that is wrong with a case folder, sorted by file and line.

    Never raises for what a folder holds. An empty list means that all is well.
    """
    try:
        opened = open_record(folder)
    except BadInput as error:
        return list(error.problems)
    return check_opened(opened)


def check_opened(opened: Opened) -> list[Problem]:
    """As `check`, of a case folder that has been opened."""
    case = Case(opened)
    found = {problem for rule in CHECKS for problem in rule(case)}
    return sorted(found.union(opened.problems))
