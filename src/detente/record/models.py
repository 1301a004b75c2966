"""What a case folder holds: the entries of case.yaml, record.yaml, judgments.yaml and reports.

Every model is frozen and refuses keys it does not know. `Entry.where` is the file and
line an entry was read from; entries made by the program have none until they are saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from detente.record import plover
from detente.record.dates import PartialDate
from detente.record.plover import Aspect, MoveType

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=120)]
"""An id: small letters, digits, and . _ - between them."""

PartyId = Slug
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Annotated[int, Field(ge=1, le=6)]
PartyKind = Literal["state", "group", "organisation", "person"]
Review = Literal["machine", "confirmed", "rejected"]

RELIABILITY: dict[str, str] = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
"""The Admiralty code's letters for a source (NATO AJP-2.1)."""

CREDIBILITY: dict[int, str] = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}
"""The Admiralty code's numbers for one piece of information."""

RUNGS: dict[str, tuple[str, ...]] = {
    "recognition": ("none", "de-facto", "de-jure"),
    "embassy": ("none", "closed", "open"),
    "ambassador": ("none", "charge-d-affaires", "ambassador"),
    "office": ("none", "requested", "open"),
    "designation": ("none", "listed"),
    "reward": ("none", "offered"),
    "sanction": ("none", "partly", "in-force"),
    "frozen-funds": ("none", "partly", "frozen"),
    "detainee": ("none", "held"),
}
"""The ladder of each status attribute, from its absence to its fullest form."""

Attribute = Literal[
    "recognition",
    "embassy",
    "ambassador",
    "office",
    "designation",
    "reward",
    "sanction",
    "frozen-funds",
    "detainee",
]


class Where(BaseModel):
    """File and line (from 1) an entry stands at."""

    model_config = ConfigDict(frozen=True)
    file: Path
    line: int


class Model(BaseModel):
    """The habits all models share."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Entry(Model):
    """A thing with an id that stands somewhere in a file."""

    id: Slug = Field(description="Unique in its list; never changed once given.")
    _where: Where | None = PrivateAttr(default=None)

    @property
    def where(self) -> Where | None:
        """The file and line it was read from, None for a new entry."""
        return self._where

    def placed(self, file: Path, line: int) -> Self:
        """This entry, knowing where it stands."""
        self._where = Where(file=file, line=line)
        return self


# --- parties ---------------------------------------------------------------------------


class SpeaksFor(Model):
    """An office in which a person speaks for a party, from one date to another."""

    party: PartyId
    office: Text | None = None
    from_: PartialDate | None = Field(default=None, alias="from", description="None: unknown.")
    to: PartialDate | None = Field(default=None, description="None: still in office, or unknown.")


class Party(Entry):
    """A state, group, organisation or person that acts."""

    name: Text
    kind: PartyKind
    code: str | None = Field(
        default=None, description="ISO 3166 alpha-3 for states; otherwise the id serves."
    )
    aliases: tuple[Text, ...] = Field(
        default=(), description="Other names in reports; they come before the program's own lists."
    )
    speaks_for: tuple[SpeaksFor, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _only_persons_hold_office(self) -> Self:
        if self.speaks_for and self.kind != "person":
            raise ValueError("only a person speaks for a party; give it `kind: person`")
        return self


# --- case.yaml -------------------------------------------------------------------------


def _option(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class Option(Model):
    """One way of settling an issue."""

    id: Slug
    title: Text | None = None


class Issue(Entry):
    """Something to be settled; its options go from the status quo to the fullest version."""

    title: Text
    options: tuple[
        Annotated[Option, BeforeValidator(_option, json_schema_input_type=Slug | Option)], ...
    ] = ()
    terms: tuple[Text, ...] = Field(
        default=(), description="Words in reports that show a move is about this issue."
    )
    note: str | None = None


class SaidBy(Model):
    """Who said it. `named` is whether the report identifies the person or body."""

    name: Text | None = None
    role: Text | None = None
    named: bool = False

    @model_validator(mode="after")
    def _someone(self) -> Self:
        if self.name is None and self.role is None:
            raise ValueError("give the speaker's name or role, or write `said_by: null`")
        if self.named and self.name is None:
            raise ValueError("`named: true` needs a name")
        return self

    def __str__(self) -> str:
        return self.name or self.role or ""


class Source(Model):
    """Where an entry comes from: a report and its exact words.

    said_by     : None when the report itself asserts it
    credibility : the Admiralty code's 1 to 6; None where nobody has judged it
    """

    report: Slug
    quote: Text = Field(description="The exact words; checked against the report.")
    said_by: SaidBy | None = None
    direct: bool = Field(default=False, description="The words stand in quotation marks.")
    credibility: Credibility | None = None


class Commitment(Entry):
    """What one side of an agreement undertook to do."""

    by: tuple[PartyId, ...] = Field(min_length=1)
    to: tuple[PartyId, ...] = ()
    what: Text
    until: PartialDate | None = Field(default=None, description="The deadline, if there is one.")
    after: tuple[Slug, ...] = Field(
        default=(), description="Commitments or agreements that must be fulfilled first."
    )
    note: str | None = None


class Agreement(Entry):
    """Parties, date and commitments."""

    title: Text
    date: PartialDate
    parties: tuple[PartyId, ...] = Field(min_length=1)
    commitments: tuple[Commitment, ...] = ()
    after: tuple[Slug, ...] = Field(
        default=(), description="Commitments or agreements that must be fulfilled first."
    )
    sources: tuple[Source, ...] = ()
    note: str | None = None


class CaseFile(Model):
    """case.yaml."""

    title: Text
    question: Text
    parties: tuple[Party, ...] = ()
    issues: tuple[Issue, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    conflict: dict[str, Any] | None = Field(
        default=None, description="A conflict model; docs/conflict.md says what it holds."
    )
    deal: dict[str, Any] | None = Field(
        default=None, description="A bargaining problem; docs/deals.md says what it holds."
    )
    note: str | None = None


# --- reports/*.txt ---------------------------------------------------------------------


class ReportFront(Model):
    """The front matter of a report."""

    title: Text | None = None
    publisher: Text | None = None
    date: PartialDate | None = Field(default=None, description="When it was published.")
    url: str | None = None
    reliability: Reliability = Field(default="F", description="Admiralty code, A to F.")
    language: str | None = None
    note: str | None = None


# --- record.yaml -----------------------------------------------------------------------


class RecordEntry(Entry):
    """An entry that reports back up: it cannot be built without a source."""

    sources: tuple[Source, ...] = Field(min_length=1)
    review: Review = "machine"
    note: str | None = None

    @property
    def counts(self) -> bool:
        """Whether analyses use it: everything but what a person rejected."""
        return self.review != "rejected"


class Move(RecordEntry):
    """Who did or said what to whom, when (PLOVER)."""

    date: PartialDate | None = Field(default=None, description="None: the report does not say.")
    type: MoveType
    mode: str | None = None
    by: tuple[PartyId, ...] = Field(default=(), description="The actors; empty if unknown.")
    to: tuple[PartyId, ...] = Field(
        default=(), description="The recipients; empty for what all do together."
    )
    what: Text = Field(description="The matter, as a short noun phrase.")
    issue: Slug | None = None
    aspect: Aspect = Aspect.ACTUAL
    if_: Text | None = Field(default=None, alias="if", description="The condition, in words.")
    answers: tuple[Slug, ...] = Field(
        default=(), description="The demands this move grants, refuses or withdraws."
    )
    performs: tuple[Slug, ...] = Field(default=(), description="Commitments it fulfils.")
    breaches: tuple[Slug, ...] = Field(default=(), description="Commitments it breaks.")

    @model_validator(mode="after")
    def _mode_of_type(self) -> Self:
        allowed = plover.modes(self.type)
        if self.mode is not None and self.mode not in allowed:
            choice = ", ".join(allowed) or "no mode at all"
            raise ValueError(f"{self.type} has no mode {self.mode!r}; PLOVER allows {choice}")
        return self

    @property
    def intensity(self) -> float:
        """PLOVER's published conflict-cooperation score, -10 to +10."""
        return plover.intensity(self.type, self.mode)


class Status(RecordEntry):
    """A standing fact between two parties: `by` keeps it up towards `to`.

    The ladder of values for each attribute is RUNGS; without a value the fullest is meant.
    """

    attribute: Attribute
    value: str | None = None
    by: tuple[PartyId, ...] = Field(min_length=1)
    to: tuple[PartyId, ...] = ()
    what: Text | None = None
    issue: Slug | None = None
    from_: PartialDate | None = Field(default=None, alias="from", description="None: unknown.")
    until: PartialDate | None = Field(
        default=None, description="None: it still stands as far as is known."
    )

    @model_validator(mode="after")
    def _value_on_the_ladder(self) -> Self:
        rungs = RUNGS[self.attribute]
        if self.value is not None and self.value not in rungs:
            raise ValueError(
                f"{self.attribute} has no value {self.value!r}; write one of {', '.join(rungs)}"
            )
        if self.from_ and self.until and self.until.before(self.from_):
            raise ValueError(f"it ends ({self.until}) before it begins ({self.from_})")
        return self

    @property
    def rung(self) -> int:
        """The place of its value on the attribute's ladder, 0 for its absence."""
        rungs = RUNGS[self.attribute]
        return rungs.index(self.value) if self.value is not None else len(rungs) - 1


class RecordFile(Model):
    """record.yaml.

    parties : those that reading met and case.yaml does not list
    """

    parties: tuple[Party, ...] = ()
    moves: tuple[Move, ...] = ()
    statuses: tuple[Status, ...] = ()

    def sourced(self) -> Iterator[Move | Status]:
        """Every entry that cites reports."""
        yield from self.moves
        yield from self.statuses


# --- judgments.yaml --------------------------------------------------------------------


def _amount(value: Any) -> Any:
    """An exact number, or a range `20..40`."""
    text = str(value).strip()
    try:
        ends = [float(end) for end in text.split("..")]
    except ValueError:
        raise ValueError(f"{text!r} is neither a number nor a range such as 20..40") from None
    if len(ends) > 2 or any(end != end or end in (float("inf"), float("-inf")) for end in ends):
        raise ValueError(f"{text!r} is neither a number nor a range such as 20..40")
    if ends[0] > ends[-1]:
        raise ValueError(f"the range {text!r} ends below where it begins; swap its ends")
    return ends[0], ends[-1]


Amount = Annotated[
    tuple[float, float],
    BeforeValidator(_amount, json_schema_input_type=float | str),
]
"""A number somebody assumes, as (lowest, highest); equal when it is exact."""


class Assumption(Model):
    """Something the analyst assumes; always with a reason."""

    because: Text
    _where: Where | None = PrivateAttr(default=None)

    @property
    def where(self) -> Where | None:
        """The file and line it was read from."""
        return self._where

    def placed(self, file: Path, line: int) -> Self:
        """This assumption, knowing where it stands."""
        self._where = Where(file=file, line=line)
        return self


class Values(Assumption):
    """What a party gains from an issue's options, or in which order it ranks issues.

    options : value of each option of `issue`, a number or a range; or
    order   : issues (no `issue` given) or options, best first: `recognition > funds > office`
    """

    party: PartyId
    issue: Slug | None = None
    options: dict[str, Amount] = Field(default_factory=dict)
    order: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.options) == bool(self.order):
            raise ValueError("give either `options:` with numbers or `order:` with names")
        if self.options and self.issue is None:
            raise ValueError("`options:` needs the `issue:` they belong to")
        return self


class WalkAway(Assumption):
    """The value below which a party refuses any package."""

    party: PartyId
    value: Amount


class Preference(Assumption):
    """Ordered statements about outcomes, the most important first."""

    party: PartyId
    statements: tuple[Text, ...] = Field(min_length=1)


class StepCost(Assumption):
    """What delivering something costs its giver, and what it is worth to others."""

    id: Slug
    by: PartyId
    what: Text | None = None
    cost: Amount
    worth: dict[str, Amount] = Field(default_factory=dict)
    after: tuple[Slug, ...] = ()
    recover: Annotated[float, Field(ge=0, le=1)] = 0.0


class JudgmentFile(Model):
    """judgments.yaml."""

    values: tuple[Values, ...] = ()
    walk_away: tuple[WalkAway, ...] = ()
    preferences: tuple[Preference, ...] = ()
    costs: tuple[StepCost, ...] = ()
    note: str | None = None
