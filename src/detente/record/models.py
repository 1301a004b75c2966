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
from detente.record.plover import Aspect, MoveType, Sector

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=120)]
"""An id: small letters, digits, and . _ - between them."""

PartyId = Slug
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Annotated[int, Field(ge=1, le=6)]
PartyKind = Literal["state", "group", "organisation", "person"]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 3166 alpha-3, present, former or user-assigned (XKX)."""
Review = Literal["machine", "confirmed", "rejected"]
Stance = Literal["for", "against"]

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


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Sectors = Annotated[
    tuple[Sector, ...],
    BeforeValidator(_several, json_schema_input_type=Sector | tuple[Sector, ...]),
]
"""Sectors, most telling first; one may be written without brackets."""


class Party(Entry):
    """A state, group, organisation or person that acts."""

    name: Text
    kind: PartyKind
    code: str | None = Field(
        default=None, description="ISO 3166 alpha-3 for states; otherwise the id serves."
    )
    country: Country | None = Field(
        default=None, description="ISO 3166 alpha-3 of the country it is of; a state's is its code."
    )
    sector: Sectors = Field(
        default=(), description="PLOVER's sectors: GOV, MIL, COP, LEG, OPP, REB, CVL, ..."
    )
    aliases: tuple[Text, ...] = Field(
        default=(), description="Other names in reports; they come before the program's own lists."
    )
    speaks_for: tuple[SpeaksFor, ...] = ()
    note: str | None = None

    @property
    def of_country(self) -> str | None:
        """The country it is of: what `country:` says, for a state its code."""
        return self.country or (self.code if self.kind == "state" else None)

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


NamedOption = Annotated[Option, BeforeValidator(_option, json_schema_input_type=Slug | Option)]
"""An option; as a word, its id."""


class Issue(Entry):
    """Something to be settled; its options go from the status quo to the fullest version."""

    title: Text
    options: tuple[NamedOption, ...] = ()
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
    exchange: dict[str, Any] | None = Field(
        default=None, description="A step-by-step exchange; docs/steps.md says what it holds."
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
    stance: Stance | None = Field(
        default=None,
        description="Of a demand: whether it asks for the matter, or that it be refused or "
        "stopped; None: for.",
    )
    answers: tuple[Slug, ...] = Field(
        default=(), description="The demands this move grants, refuses or withdraws."
    )
    same_as: Slug | None = Field(
        default=None,
        description="Another move that tells the same event; this one is then a source of it.",
    )
    not_same_as: tuple[Slug, ...] = Field(
        default=(), description="Moves that look alike and are other events."
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


OPEN = "open"
"""What stands in judgments.yaml for a number of which nothing is assumed."""

LARGEST = 1e9
"""The largest number that can be assumed; sums of larger ones would not be exact."""


def _amount(value: Any) -> Any:
    """An exact number, or a range `20..40`."""
    text = str(value).strip()
    try:
        # 0...5 would be 0 to .5, which nobody means.
        ends = [float(end) for end in text.split("..")] if "..." not in text else []
    except ValueError:
        ends = []
    if not ends:
        raise ValueError(f"{text!r} is neither a number nor a range such as 20..40")
    if len(ends) > 2 or any(end != end or end in (float("inf"), float("-inf")) for end in ends):
        raise ValueError(f"{text!r} is neither a number nor a range such as 20..40")
    if ends[0] > ends[-1]:
        raise ValueError(f"the range {text!r} ends below where it begins; swap its ends")
    if any(abs(end) > LARGEST for end in ends):
        raise ValueError(f"{text!r} is too large to calculate with; count in larger units")
    return ends[0], ends[-1]


def _amount_or_open(value: Any) -> Any:
    """A number, a range, or `open`."""
    if value is None or str(value).strip() == OPEN:
        return None
    try:
        return _amount(value)
    except ValueError as error:
        raise ValueError(
            f"{error}, nor `{OPEN}`" if "neither" in str(error) else str(error)
        ) from None


Amount = Annotated[
    tuple[float, float],
    BeforeValidator(_amount, json_schema_input_type=float | str),
]
"""A number somebody assumes, as (lowest, highest); equal when it is exact."""

AmountOrOpen = Annotated[
    tuple[float, float] | None,
    BeforeValidator(_amount_or_open, json_schema_input_type=float | str | None),
]
"""The same, or None where its size is left open."""


class Assumption(Model):
    """Something the analyst assumes; always with a reason."""

    because: Text
    rests_on: tuple[Slug, ...] = Field(
        default=(), description="The entries of the record that suggest it."
    )
    _where: Where | None = PrivateAttr(default=None)

    @property
    def where(self) -> Where | None:
        """The file and line it was read from."""
        return self._where

    def placed(self, file: Path, line: int) -> Self:
        """This assumption, knowing where it stands."""
        self._where = Where(file=file, line=line)
        return self


class AssumedIssue(Assumption):
    """Something to be settled that case.yaml does not list."""

    id: Slug
    title: Text
    options: tuple[NamedOption, ...] = Field(min_length=2)


class Values(Assumption):
    """What a party gains from an issue's options, or in which order it ranks issues.

    Counted from the status quo, an issue's first option: that is worth 0, what is better for
    the party more, what is worse less.

    options : value of each option of `issue`, a number, a range or `open`; or
    order   : issues (no `issue` given) or options, best first: `recognition > funds > office`
    """

    party: PartyId
    issue: Slug | None = None
    options: dict[str, AmountOrOpen] = Field(default_factory=dict)
    order: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.options) == bool(self.order):
            raise ValueError("give either `options:` with numbers or `order:` with names")
        if self.options and self.issue is None:
            raise ValueError("`options:` needs the `issue:` they belong to")
        return self


class WalkAway(Assumption):
    """The value below which a party refuses any package; that of the status quo is 0."""

    party: PartyId
    value: Amount


class Forbidden(Assumption):
    """Options that no package has together."""

    options: dict[str, str] = Field(min_length=1)


class Requirement(Assumption):
    """A package that has all of `if` has all of `then`."""

    if_: dict[str, str] = Field(alias="if", min_length=1)
    then: dict[str, str] = Field(min_length=1)


class Lever(Assumption):
    """Something a party can do or leave: an option of the conflict model.

    what         : as one says it is done: "offering larger rewards"
    now          : it is being done
    irreversible : forward, it can be begun and not undone; backward, ended and not begun again
    excludes     : levers that can't be used at the same time
    """

    id: Slug
    by: PartyId
    what: Text
    now: bool = False
    irreversible: Literal["forward", "backward"] | None = None
    excludes: tuple[Slug, ...] = ()


class Preference(Assumption):
    """Ordered statements about outcomes, the most important first.

    open : pairs of statements, counted from 1, whose order is not known; or `all`
    """

    party: PartyId
    statements: tuple[Text, ...] = Field(min_length=1)
    open: Literal["all"] | tuple[tuple[int, int], ...] = ()


class StepCost(Assumption):
    """What delivering something costs its giver, and what it is worth to others.

    what       : as one says it of the giver: "frees the mechanic"
    recover    : the share the giver can take back
    delivered  : entries that report it as done; broken: that it will not be; taken_back: that
                 it was done and undone
    """

    id: Slug
    by: PartyId
    what: Text | None = None
    cost: AmountOrOpen
    worth: dict[str, AmountOrOpen] = Field(default_factory=dict)
    after: tuple[Slug, ...] = ()
    recover: Annotated[float, Field(ge=0, le=1)] = 0.0
    delivered: tuple[Slug, ...] = ()
    broken: tuple[Slug, ...] = ()
    taken_back: tuple[Slug, ...] = ()


class Trust(Assumption):
    """How much a party is ready to be out at any moment of an exchange, in its own units."""

    party: PartyId
    value: Amount

    @model_validator(mode="after")
    def _above_zero(self) -> Self:
        if self.value[0] <= 0:
            raise ValueError("a party without any trust would never deliver; give more than 0")
        return self


class Patience(Assumption):
    """How much a party must gain by breaking off before it does, in its own units."""

    party: PartyId
    value: Amount

    @model_validator(mode="after")
    def _not_negative(self) -> Self:
        if self.value[0] < 0:
            raise ValueError("patience is 0 or more")
        return self


class JudgmentFile(Model):
    """judgments.yaml.

    scale   : between what a size left open may lie, up and down from the status quo's 0
    between : the parties to the deal; all that have something at stake where it is empty
    """

    scale: Annotated[float, Field(gt=0, le=LARGEST)] = 100.0
    between: tuple[PartyId, ...] = ()
    issues: tuple[AssumedIssue, ...] = ()
    values: tuple[Values, ...] = ()
    walk_away: tuple[WalkAway, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    requires: tuple[Requirement, ...] = ()
    levers: tuple[Lever, ...] = ()
    preferences: tuple[Preference, ...] = ()
    costs: tuple[StepCost, ...] = ()
    trust: tuple[Trust, ...] = ()
    patience: tuple[Patience, ...] = ()
    note: str | None = None

    def assumptions(self) -> Iterator[Assumption]:
        """Every assumption, list by list."""
        for name in type(self).model_fields:
            listed = getattr(self, name)
            if isinstance(listed, tuple):
                yield from (each for each in listed if isinstance(each, Assumption))

    @property
    def empty(self) -> bool:
        """Nothing is assumed."""
        return not any(True for _ in self.assumptions())
