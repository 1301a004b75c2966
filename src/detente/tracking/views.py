"""What the record adds up to, as plain results. Every line keeps the ids behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from detente.record.dates import PartialDate
from detente.record.models import Review, Stance
from detente.record.plover import Aspect, MoveType


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the chronology.

    kind  : "move", "status begins", "status ends", "agreement" or "deadline"
    entry : id of the move, status, agreement or commitment behind it
    date  : None when no report says when; such entries stand last
    reported : when the first report of it was published, if that is known
    """

    kind: str
    entry: str
    date: PartialDate | None
    reported: PartialDate | None
    by: tuple[str, ...]
    to: tuple[str, ...]
    what: str
    review: Review
    type: MoveType | None = None
    mode: str | None = None
    aspect: Aspect | None = None
    condition: str | None = None
    intensity: float | None = None


class Role(StrEnum):
    """What a move is in a ledger's terms."""

    ASKED = "asked"
    OFFERED = "offered"
    GIVEN = "given"
    REFUSED = "refused"
    THREATENED = "threatened"
    HARMED = "harmed"
    TALKED = "talked"
    ACCUSED = "accused"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One move between the two parties of a ledger.

    intensity : PLOVER's published score of the move
    counted   : whether it enters the balance: only what is reported as having happened
    balance   : each side's running sum of the intensities of its counted moves so far
    """

    move: str
    date: PartialDate | None
    by: tuple[str, ...]
    to: tuple[str, ...]
    what: str
    type: MoveType
    mode: str | None
    aspect: Aspect
    condition: str | None
    role: Role
    intensity: float
    counted: bool
    balance: dict[str, float]
    review: Review


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who has done what for whom, between two parties, the oldest first, undated last.

    last_mover : who made the latest counted, dated move; None when there is none, when both
                 did, or when the dates leave open whose was the latest
    by_role    : for each side, the ids of its moves in each role: those that happened, and
                 concessions still owed among the offers; nothing hypothetical or denied
    """

    pair: tuple[str, str]
    lines: tuple[LedgerLine, ...]
    balance: dict[str, float]
    last_mover: str | None
    by_role: dict[str, dict[Role, tuple[str, ...]]]


class DemandState(StrEnum):
    """Where a demand stands."""

    OPEN = "open"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DemandStep:
    """A move that bears on a demand, and the state it brought it to.

    stated : True where the record says so (`answers:`); False where it was inferred from
             parties, issue and dates, which is said wherever it is shown
    """

    move: str
    date: PartialDate | None
    state: DemandState
    stated: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """Something one party asked of another, with every time it was asked.

    moves : ids of the REQUESTs, the earliest first
    steps : the answers, the earliest first; the last one gives the state
    stance : whether the matter is asked for, or that it be refused or stopped
    """

    by: tuple[str, ...]
    to: tuple[str, ...]
    what: str
    issue: str | None
    moves: tuple[str, ...]
    first_asked: PartialDate | None
    last_asked: PartialDate | None
    state: DemandState
    steps: tuple[DemandStep, ...]
    stance: Stance = "for"


@dataclass(frozen=True, slots=True)
class LadderRow:
    """Where one attribute stands between two parties on the day asked about.

    value : one of `rungs`; None when the record is silent or its entries contradict
            each other, in which case `contested` lists the values claimed
    since : when the value in force began, if known
    """

    attribute: str
    by: str
    to: str | None
    what: str | None
    value: str | None
    rung: int | None
    rungs: tuple[str, ...]
    since: PartialDate | None
    entries: tuple[str, ...]
    contested: tuple[str, ...] = ()
    certain: bool = True


class CommitmentStatus(StrEnum):
    """Whether a commitment was kept."""

    PERFORMED = "performed"
    LATE = "late"
    BREACHED = "breached"
    DISPUTED = "disputed"
    OVERDUE = "overdue"
    OPEN = "open"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment and the moves that fulfil or break it.

    LATE: performed, but certainly after its deadline. DISPUTED: both are reported. OVERDUE: its
    deadline has passed and nothing is reported. WAITING: something it comes `after` is not
    fulfilled yet.
    """

    agreement: str
    commitment: str
    by: tuple[str, ...]
    to: tuple[str, ...]
    what: str
    until: PartialDate | None
    status: CommitmentStatus
    performed: tuple[str, ...] = ()
    breached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracking:
    """All views of a record on one day.

    as_of : the day asked about; None for everything known
    """

    as_of: PartialDate | None
    timeline: tuple[TimelineEntry, ...]
    ledgers: tuple[Ledger, ...]
    demands: tuple[Demand, ...]
    ladder: tuple[LadderRow, ...]
    commitments: tuple[CommitmentLine, ...]
    contradictions: tuple[tuple[str, str], ...] = field(default=())
