"""The brief as data: everything the page, the terminal and the tables show, already in words.

The template gets one `Brief` and nothing else; it does no arithmetic and looks nothing up.
An `anchor` is an element's id on the page, an `href` a link to one ("#move-..."), None
where the thing linked to is not on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.record.models import Move, Status
from detente.record.record import Record
from detente.tracking.views import Tracking

if TYPE_CHECKING:
    from detente.judgment.outlook import Outlook

Cell = str | float | int | bool | None
"""What a table holds in one place."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of words, linked where `href` is given."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence made from the record, and the ids of the entries it rests on."""

    parts: tuple[Part, ...]
    entries: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source of an entry.

    cite    : publisher and date, for the margin
    rating  : the Admiralty code's letter and number, "C3", and in `rating_words` its meaning
    speaker : who said it, and whether the report names them; what the report itself says
              is put down to the report
    manner  : whether the words are the speaker's own or the report's
    """

    report: str
    href: str | None
    cite: str
    title: str
    url: str | None
    rating: str
    rating_words: str
    quote: str
    speaker: str
    manner: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as a reader meets it: who to whom, the kind of act, the matter.

    anchor    : its id on the page; empty where it is shown a second time
    href      : its place on the page, for those second showings
    label     : "" for what is reported as done, else what it is instead
    according : "according to ...", or "" where a report asserts it outright
    mark      : "unreviewed" until a person has confirmed it
    score     : PLOVER's intensity in words, and whether it is counted; "" for what is no move
    more      : how many further sources the page leaves out
    """

    kind: str
    id: str
    anchor: str
    href: str | None
    date: str
    who: str
    act: str
    what: str
    condition: str
    label: str
    according: str
    mark: str
    score: str
    issue: str | None
    note: str | None
    sources: tuple[SourceView, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A stretch of the chronology; one that is not `opened` waits folded.

    dated : False for the entries that no report dates
    """

    title: str
    count: str
    opened: bool
    dated: bool
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table on the page; its first cell leads to the entry."""

    cells: tuple[str, ...]
    href: str | None


@dataclass(frozen=True, slots=True)
class TableView:
    """The table behind a plot, as the page shows it.

    left_out : says how many earlier rows the page leaves to the chronology and the file,
               "" when it holds them all
    """

    name: str
    caption: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: str
    command: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot: its SVG, made when the brief was, and how to read it."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """A move in one of a ledger's groups."""

    date: str
    what: str
    href: str | None
    label: str
    mark: str


@dataclass(frozen=True, slots=True)
class RoleView:
    """What one side did in one role: the latest few, and the earlier ones folded."""

    title: str
    count: str
    latest: tuple[LedgerItem, ...]
    earlier: tuple[LedgerItem, ...]
    earlier_count: str


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a ledger."""

    name: str
    balance: str
    roles: tuple[RoleView, ...]


@dataclass(frozen=True, slots=True)
class LedgerView:
    """Who has done what for whom, between two parties.

    main : whether it is one of the busiest pairs, which get a plot and stand open
    """

    anchor: str
    title: str
    main: bool
    count: str
    intro: Sentence
    sides: tuple[SideView, SideView]
    figure: Figure | None
    table: TableView


@dataclass(frozen=True, slots=True)
class StepView:
    """A move that bears on a demand; `basis` says whether the record says so or it was inferred."""

    date: str
    state: str
    entry: Part
    basis: str


@dataclass(frozen=True, slots=True)
class DemandView:
    """Something asked for, and where it stands."""

    anchor: str
    state: str
    who: str
    what: str
    issue: str | None
    asked: Sentence
    steps: tuple[StepView, ...]
    mark: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class RungView:
    """One value of a status ladder, and whether it is the one in force."""

    words: str
    current: bool


@dataclass(frozen=True, slots=True)
class LadderView:
    """Where one attribute stands between two parties, with the statuses that say so."""

    attribute: str
    who: str
    what: str | None
    value: str
    rungs: tuple[RungView, ...]
    since: str
    caveat: str
    entries: tuple[EntryView, ...]
    links: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """The status ladder between two parties."""

    title: str
    rows: tuple[LadderView, ...]


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """What one side undertook, and the moves that fulfil or break it."""

    anchor: str
    who: str
    what: str
    until: str
    state: str
    performed: tuple[Part, ...]
    breached: tuple[Part, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with its commitments."""

    anchor: str
    title: str
    date: str
    parties: str
    note: str | None
    sources: tuple[SourceView, ...]
    commitments: tuple[CommitmentView, ...]


@dataclass(frozen=True, slots=True)
class DisputeView:
    """Two entries that contradict each other."""

    first: EntryView
    second: EntryView


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party as the case knows it."""

    anchor: str
    name: str
    kind: str
    code: str
    aliases: str
    offices: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """Somebody whose words entries rest on; an unnamed speaker is kept to one report."""

    name: str
    report: str
    count: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report: what it is, how reliable its source, and how many entries rest on it."""

    anchor: str
    title: str
    cite: str
    url: str | None
    rating: str
    count: str
    note: str | None


@dataclass(frozen=True, slots=True)
class AssumptionView:
    """Something assumed, with its reason, and the entries that suggest it.

    place : file and line; "" where it was made from the record alone
    """

    anchor: str
    kind: str
    who: str
    about: str
    what: str
    because: str
    rests_on: tuple[Part, ...]
    place: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer: words first, a picture beside them, and what it rests on.

    grounds     : the assumptions it rests on, linked
    entries     : ids of the entries it rests on
    unconfirmed : those of them that nobody has confirmed, linked
    doubtful    : how many those are
    notes       : what it leaves out or takes for granted
    more        : how many of the unconfirmed the page leaves out
    """

    key: str
    anchor: str
    number: int
    question: str
    sentences: tuple[Sentence, ...]
    figure: Figure | None
    tables: tuple[TableView, ...]
    grounds: tuple[Part, ...]
    entries: tuple[str, ...]
    unconfirmed: tuple[Part, ...]
    doubtful: int
    notes: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry or assumption that is "new", "gone" or "changed" since an earlier state."""

    kind: str
    id: str
    link: Part
    how: str


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An answer's sentences that are new, and those it no longer gives."""

    key: str
    question: str
    href: str
    came: tuple[Sentence, ...]
    went: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What has changed since an earlier state of the case.

    older : what that state is called: a folder, or a git revision
    """

    older: str
    entries: tuple[EntryChange, ...]
    assumptions: tuple[EntryChange, ...]
    answers: tuple[AnswerChange, ...]

    @property
    def nothing(self) -> bool:
        """All is as it was."""
        return not (self.entries or self.assumptions or self.answers)


@dataclass(frozen=True, slots=True)
class Rest:
    """What a part of the page leaves out, in words, and the command that prints it."""

    text: str
    command: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of what.

    entries   : moves, statuses and agreements' texts shown
    confirmed : of the moves and statuses, those a person has confirmed
    rejected  : those a person has rejected, which are left out
    later     : those that belong after the day the brief is made for, which are left out
    """

    reports: int
    moves: int
    statuses: int
    agreements: int
    confirmed: int
    unreviewed: int
    rejected: int
    later: int

    @property
    def entries(self) -> int:
        """Moves and statuses shown."""
        return self.moves + self.statuses


@dataclass(frozen=True, slots=True)
class Definition:
    """What a number or a word on the page means. `key` names it in the JSON."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table in full: for every row one cell under each header."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Brief:
    """Everything a person reads about one negotiation.

    dateline : the span of dates, the reports, the entries, how many a person confirmed
    short    : the few sentences at the top: each answer's first, or facts of the record where
               there are no answers
    answers  : the seven answers; none for a brief of the record alone
    assumptions : everything they assume
    changes  : since an earlier state, where one was given
    assumed  : what the assumptions are: a person's, or made from the record alone; "" for none
    empty    : what to do when there is nothing to show, else ""
    left_out : what the brief leaves out, and why, in sentences
    earlier  : how much of the chronology waits folded, "" when all of it lies open
    others   : how many pairs' ledgers wait folded together, "" when there are few
    tables   : every table by name: "timeline", "demands", "ladder", "commitments",
               "reports", "ledger:<party>:<party>" for each pair, and those behind the answers:
               "wants", "deal", "inside", "outcomes", "steps", "matters"
    record, tracking, outlook : what it was made from; moves and statuses are those shown
    rests    : what the page of a large case leaves out, by part (`brief.fitting`)
    """

    title: str
    question: str
    note: str | None
    as_of: str
    dateline: tuple[str, ...]
    short: tuple[Sentence, ...]
    answers: tuple[AnswerView, ...]
    assumptions: tuple[AssumptionView, ...]
    assumed: str
    empty: str
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]
    timeline: Figure | None
    timeline_table: TableView | None
    earlier: str
    periods: tuple[PeriodView, ...]
    others: str
    ledgers: tuple[LedgerView, ...]
    demands: tuple[DemandView, ...]
    ladder: tuple[PairView, ...]
    past_statuses: tuple[EntryView, ...]
    agreements: tuple[AgreementView, ...]
    disputes: tuple[DisputeView, ...]
    contested: tuple[Sentence, ...]
    parties: tuple[PartyView, ...]
    speakers: tuple[SpeakerView, ...]
    reports: tuple[ReportView, ...]
    definitions: tuple[Definition, ...]
    counts: Counts
    tables: dict[str, Table]
    record: Record
    tracking: Tracking
    moves: tuple[Move, ...]
    statuses: tuple[Status, ...]
    outlook: Outlook | None
    changes: ChangesView | None = None
    rests: dict[str, Rest] = field(default_factory=dict)
