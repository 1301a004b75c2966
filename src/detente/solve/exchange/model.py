"""An exchange nobody enforces: parties, what each delivers, what it costs and is worth.

After Sandholm & Lesser, Equilibrium analysis of the possibilities of unenforced exchange in
multiagent systems (1995).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from detente.solve.bargaining.model import Range, Value
from detente.solve.plain import (
    ModelError,
    Path,
    Reader,
    Wrong,
    exact,
    shortest,
    unknown,
    unused,
)

FEWEST, MOST = 2, 6
"""How many parties a model may have."""

MOST_DELIVERABLES = 60
"""How many deliverables a model may have."""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """Something one party gives.

    by      : the giver
    cost    : what giving it costs the giver, in the giver's own units
    worth   : party -> what it is worth to it, in that party's units; 0 where nothing is said
    after   : what must be delivered before it
    recover : the share, 0 to 1, that the giver can take back if it all breaks off; the
              receivers then lose that share of the worth
    """

    by: str
    cost: Value
    worth: Mapping[str, Value]
    after: tuple[str, ...] = ()
    recover: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Model:
    """An exchange, and how far it has come.

    parties      : two to six names
    deliverables : name -> Deliverable
    trust        : party -> how much it is ready to risk, in its own units; 1 where nothing is
                   said. Exposure is measured in units of it. Like costs, it may be a range.
    patience     : party -> how much it must be tempted by before it breaks off; 0 where nothing
                   is said
    delivered    : what has been delivered, in that order
    broken       : what will not be delivered; nor will anything that must come after it
    taken_back   : what was delivered and then taken back, as far as it can be; it is not
                   delivered again
    words        : how to speak of parties ("b": "Belgium") and of deliverables, as what the
                   giver does ("rewards": "lifts the rewards")
    noted        : what was odd about the plain form it was read from

    Raises ModelError with everything wrong.
    """

    parties: tuple[str, ...]
    deliverables: Mapping[str, Deliverable]
    trust: Mapping[str, Value] = field(default_factory=dict)
    patience: Mapping[str, Value] = field(default_factory=dict)
    delivered: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    noted: tuple[Wrong, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        wrongs = list(_check(self))
        if wrongs:
            raise ModelError(wrongs)

    @property
    def warnings(self) -> tuple[Wrong, ...]:
        """What is odd, but has an answer all the same."""
        return (*self.noted, *_odd(self))

    @property
    def open(self) -> bool:
        """Some cost, worth, trust or patience is not known exactly."""
        sizes = [*self.trust.values(), *self.patience.values()]
        for each in self.deliverables.values():
            sizes += [each.cost, *each.worth.values()]
        return any(isinstance(value, Range) for value in sizes)

    @property
    def started(self) -> bool:
        """Something was delivered, broken off or taken back."""
        return bool(self.delivered or self.broken or self.taken_back)

    @property
    def blocked(self) -> tuple[str, ...]:
        """What can't be delivered any more because something before it won't be there."""
        gone = {*self.broken, *self.taken_back}
        done = {*self.delivered, *gone}
        found: dict[str, None] = {}
        for name in ordered(self.deliverables):
            if name not in done and gone.intersection(self.deliverables[name].after):
                gone.add(name)
                found[name] = None
        return tuple(name for name in self.deliverables if name in found)

    @property
    def to_come(self) -> tuple[str, ...]:
        """What is still to be delivered, as declared."""
        out = {*self.delivered, *self.broken, *self.taken_back, *self.blocked}
        return tuple(name for name in self.deliverables if name not in out)

    def ready(self, party: str) -> Fraction:
        """How much a party is ready to risk: its trust. Raises ModelError where it is open."""
        return _known(self.trust.get(party, Fraction(1)), ("trust", party))

    def limit(self, party: str) -> Fraction:
        """How much temptation a party withstands. Raises ModelError where it is open."""
        return _known(self.patience.get(party, Fraction(0)), ("patience", party))

    def gain(self, party: str, name: str) -> Fraction:
        """What one deliverable brings a party; its cost, as a loss, to its giver.

        Raises ModelError where it is only known to lie in a range.
        """
        deliverable = self.deliverables[name]
        giver = party == deliverable.by
        value = deliverable.cost if giver else deliverable.worth.get(party, Fraction(0))
        known = _known(value, ("deliverables", name, "cost" if giver else "worth"))
        return -known if giver else known

    def kept(self, party: str, name: str) -> Fraction:
        """What is left to a party of a deliverable when everyone takes back what they can."""
        return (1 - self.deliverables[name].recover) * self.gain(party, name)

    def total(self, party: str) -> Fraction:
        """What the whole exchange brings a party: all that was and will be delivered, and
        what is left of what was taken back."""
        whole = sum((self.gain(party, n) for n in (*self.delivered, *self.to_come)), Fraction(0))
        return whole + sum((self.kept(party, n) for n in self.taken_back), Fraction(0))

    def fresh(self) -> Model:
        """The same, with nothing delivered, broken off or taken back yet."""
        return replace(self, delivered=(), broken=(), taken_back=())


def _known(value: Value, path: Path) -> Fraction:
    if isinstance(value, Range):
        do = "Give one number, or ask in what share of the draws an order stays safe."
        raise ModelError(Wrong(path, f"{written(value)} is no exact number", do))
    return value


def ordered(deliverables: Mapping[str, Deliverable]) -> list[str]:
    """The deliverables so that each comes after what must be before it; as declared where
    that leaves a choice."""
    done: dict[str, None] = {}
    while len(done) < len(deliverables):
        for name, each in deliverables.items():
            if name not in done and all(other in done for other in each.after):
                done[name] = None
                break
        else:
            raise ValueError("the deliverables wait for each other")
    return list(done)


def written(value: Value) -> str:
    """A number or range as a person writes it."""
    if isinstance(value, Range):
        return f"{written(value.low)}..{written(value.high)}"
    return str(_number(value))


def _check(model: Model) -> Iterator[Wrong]:
    count = len(model.parties)
    if not FEWEST <= count <= MOST:
        what = f"{count} part{'y' if count == 1 else 'ies'}; a model has {FEWEST} to {MOST}"
        do = "Join those that act as one." if count > MOST else "Add those that are missing."
        yield Wrong(("parties",), what, do)
    for i, party in enumerate(model.parties):
        if not party.strip():
            yield Wrong(("parties", i), "a party without a name")
        elif party in model.parties[:i]:
            yield Wrong(("parties", i), f"the party `{party}` stands here twice", "Remove one.")
        elif party in model.deliverables:
            what = f"`{party}` is both a party and a deliverable"
            yield Wrong(("deliverables", party), what, "Rename one of them.")
    if not model.deliverables:
        what = "there is nothing to deliver"
        yield Wrong(("deliverables",), what, "List what each party is to give.")
    if len(model.deliverables) > MOST_DELIVERABLES:
        what = f"{len(model.deliverables)} deliverables; {MOST_DELIVERABLES} is the most"
        yield Wrong(("deliverables",), what, "Join those that go together anyway.")
    for name, deliverable in model.deliverables.items():
        yield from _check_deliverable(model, name, deliverable)
    for circle in _circles(model.deliverables):
        what = f"these wait for each other: {' > '.join([*circle, circle[0]])}"
        do = "One of them must come first: take one out of an `after`."
        yield Wrong(("deliverables", circle[0], "after"), what, do)
    for party, value in model.trust.items():
        if party not in model.parties:
            yield unknown("party", party, model.parties, ("trust", party))
        elif _low(value) <= 0:
            what = f"trust of {written(value)}: {party} would never deliver first, nor anything"
            if isinstance(value, Range):
                what = f"trust of {written(value)}, which may be none at all"
            do = "Give what it is ready to risk, above 0; as little as it may be."
            yield Wrong(("trust", party), what, do)
    for party, value in model.patience.items():
        if party not in model.parties:
            yield unknown("party", party, model.parties, ("patience", party))
        elif _low(value) < 0:
            what = f"patience of {written(value)}, which is negative"
            yield Wrong(("patience", party), what, "Patience is 0 or more.")
    for key in ("trust", "patience"):
        for party, value in getattr(model, key).items():
            if isinstance(value, Range) and value.low > value.high:
                yield _turned(value, (key, party))
    yield from _check_state(model)


def _odd(model: Model) -> Iterator[Wrong]:
    for name, each in model.deliverables.items():
        if each.by in each.worth:
            what = f"{each.by} gives `{name}`, and can't be the one it is worth something to"
            yield Wrong(("deliverables", name, "worth", each.by), what, "Leave it out.")
        most = [v.high if isinstance(v, Range) else v for v in each.worth.values()]
        if all(number == 0 for number in most):
            what = f"nobody values `{name}`: it is worth nothing to anyone"
            do = "Say to whom it is worth something, or leave it out of the exchange."
            yield Wrong(("deliverables", name, "worth"), what, do)
    for i, name in enumerate(model.taken_back):
        if model.deliverables[name].recover == 0:
            what = f"`{name}` was taken back, but nothing of it can be (recover is 0), so nothing "
            what += "of it counts as recovered"
            do = "Say which share can be taken back: `recover: 0.5`."
            yield Wrong(("taken_back", i), what, do)
    yield from unused(model.words, "party or deliverable", [*model.parties, *model.deliverables])


def _check_deliverable(model: Model, name: str, deliverable: Deliverable) -> Iterator[Wrong]:
    path: Path = ("deliverables", name)
    if not name.strip():
        yield Wrong(path, "a deliverable without a name")
    if deliverable.by not in model.parties:
        yield unknown("party", deliverable.by, model.parties, (*path, "by"))
    yield from _check_value(deliverable.cost, "cost", (*path, "cost"))
    for party, value in deliverable.worth.items():
        at = (*path, "worth", party)
        if party not in model.parties:
            yield unknown("party", party, model.parties, at)
        elif party == deliverable.by and value != 0:
            what = f"{party} gives `{name}`, and can't be the one it is worth something to"
            do = f"Take it off the cost, and say what it is worth to {_others(model, party)}."
            yield Wrong(at, what, do)
        yield from _check_value(value, "worth", at)
    for i, other in enumerate(deliverable.after):
        if other not in model.deliverables:
            yield unknown("deliverable", other, list(model.deliverables), (*path, "after", i))
    if not 0 <= deliverable.recover <= 1:
        what = f"recover of {written(deliverable.recover)}; it is a share, 0 to 1"
        yield Wrong((*path, "recover"), what, "1: all of it can be taken back; 0: nothing.")


def _others(model: Model, party: str) -> str:
    return " or ".join(other for other in model.parties if other != party) or "others"


def _turned(value: Range, path: Path) -> Wrong:
    what = f"the range {written(value)} ends before it begins"
    turned = f"{written(value.high)}..{written(value.low)}"
    return Wrong(path, what, f"Turn it round: {turned}.")


def _low(value: Value) -> Fraction:
    return value.low if isinstance(value, Range) else value


def _check_value(value: Value, kind: str, path: Path) -> Iterator[Wrong]:
    if isinstance(value, Range) and value.low > value.high:
        yield _turned(value, path)
    elif _low(value) < 0:
        do = (
            "Giving it is no cost to the giver then: write 0, and what it is worth to others."
            if kind == "cost"
            else "What hurts a receiver is no deliverable: leave it out, or write 0."
        )
        yield Wrong(path, f"negative {kind}: {written(value)}", do)


def _circles(deliverables: Mapping[str, Deliverable]) -> Iterator[list[str]]:
    """One circle of `after` for each set of deliverables that wait for each other."""
    met: set[str] = set()
    for first in deliverables:
        trail: list[str] = []
        stack = [(first, iter(deliverables[first].after))] if first not in met else []
        if stack:
            met.add(first)
            trail.append(first)
        while stack:
            _, rest = stack[-1]
            for other in rest:
                if other in trail:
                    yield trail[trail.index(other) :]
                elif other in deliverables and other not in met:
                    met.add(other)
                    trail.append(other)
                    stack.append((other, iter(deliverables[other].after)))
                    break
            else:
                stack.pop()
                trail.pop()


def _check_state(model: Model) -> Iterator[Wrong]:
    known = list(model.deliverables)
    seen: dict[str, str] = {}
    for kind in STATES:
        for i, name in enumerate(getattr(model, kind)):
            path: Path = (kind, i)
            if name not in model.deliverables:
                yield unknown("deliverable", name, known, path)
            elif name in seen:
                both = f"twice in `{kind}`" if seen[name] == kind else f"in `{seen[name]}` too"
                do = "Keep it where it stands now."
                yield Wrong(path, f"`{name}` stands {both}", do)
            seen.setdefault(name, kind)


# --- the plain form: what YAML and JSON hold ----------------------------------------------------

STATES = ("delivered", "broken", "taken_back")
KEYS = ("parties", "trust", "patience", "deliverables", *STATES, "words")
DELIVERABLE_KEYS = ("by", "cost", "worth", "after", "recover")


def from_plain(data: Any) -> Model:
    """The model written as mappings, lists and texts, as YAML or JSON hold it.

    Raises ModelError with everything wrong.
    """
    reader = _Reader()
    model = reader.model(data)
    if reader.wrongs:
        raise ModelError(reader.wrongs)
    assert model is not None
    return model


class _Reader(Reader):
    def model(self, data: Any) -> Model | None:
        do = "Begin with `parties: [a, b]`, then `deliverables:`, each with `by`, `cost`, `worth`."
        if not isinstance(data, Mapping) or not data:
            self.wrong((), "there is no exchange here", do)
            return None
        self.keys(data, KEYS)
        for key in ("parties", "deliverables"):
            if not data.get(key):
                self.wrong((key,) if key in data else (), f"`{key}` is missing", do)
        if not (data.get("parties") and data.get("deliverables")):
            return None
        parties = self.once(
            self.texts(data["parties"], ("parties",)),
            ("parties",),
            "the party `{}` stands here twice",
        )
        do = "Write deliverables: {x: {by: a, cost: 3, worth: {b: 5}}}."
        given = self.mapping(data["deliverables"], ("deliverables",), do)
        deliverables = {}
        for name, inside in given.items():
            deliverable = self.deliverable(name, inside)
            if deliverable is not None:
                deliverables[name] = deliverable
        trust = self.numbers(data.get("trust"), "trust")
        patience = self.numbers(data.get("patience"), "patience")
        delivered, broken, back = (
            self.once(
                self.texts(data.get(kind), (kind,)), (kind,), f"`{{}}` stands twice in `{kind}`"
            )
            for kind in STATES
        )
        for i, name in enumerate(delivered):
            if name in back:
                what = f"`{name}` stands in `delivered` and in `taken_back`"
                self.odd(("delivered", i), what, "It counts as taken back. Remove it here.")
        delivered = tuple(name for name in delivered if name not in back)
        words = {
            word: str(said or "")
            for word, said in self.mapping(data.get("words"), ("words",)).items()
        }
        try:
            return Model(
                parties,
                deliverables,
                trust,
                patience,
                delivered,
                broken,
                back,
                words,
                tuple(self.warnings),
            )
        except ModelError as error:
            wrongs = [w for w in error.wrongs if not self.follows(w, given, deliverables)]
            if wrongs:
                self.add(ModelError(wrongs))
            return None

    def follows(self, wrong: Wrong, given: Collection[str], read: Collection[str]) -> bool:
        """It is only wrong because something could not be read."""
        paths = [each.path for each in self.wrongs]
        # What is around something unreadable is not missing for that: parties, a worth.
        if any(path[: len(wrong.path)] == wrong.path for path in paths):
            return True
        # Nor is what was not read unknown.
        if wrong.what.startswith("unknown party") and any(p[:1] == ("parties",) for p in paths):
            return True
        return any(f"`{name}`" in wrong.what for name in given if name not in read)

    def deliverable(self, name: str, inside: Any) -> Deliverable | None:
        path: Path = ("deliverables", name)
        do = "Write {by: a, cost: 3, worth: {b: 5}}."
        before = len(self.wrongs)
        given = self.mapping(inside, path, do)
        self.keys(given, DELIVERABLE_KEYS, path)
        if len(self.wrongs) == before:
            for key in ("by", "cost", "worth"):
                if key not in given:
                    self.wrong(path, f"`{key}` is missing", do)
        if not all(key in given for key in ("by", "cost", "worth")):
            return None
        by = given["by"]
        if not isinstance(by, str):
            self.wrong((*path, "by"), "the giver must be the name of a party")
        cost = self.value(given["cost"], (*path, "cost"))
        worth = {
            party: value
            for party, said in self.mapping(given["worth"], (*path, "worth"), do).items()
            if (value := self.value(said, (*path, "worth", party))) is not None
        }
        said = given.get("after")
        after = (said,) if isinstance(said, str) else self.texts(said, (*path, "after"))
        recover: Fraction | None = Fraction(0)
        if given.get("recover") is not None:
            recover = self.number(given["recover"], (*path, "recover"))
        zero = Fraction(0)
        return Deliverable(
            str(by),
            zero if cost is None else cost,
            worth,
            after,
            zero if recover is None else recover,
        )

    def value(self, said: Any, path: Path) -> Value | None:
        if isinstance(said, list | tuple):
            ends = list(said)
        elif isinstance(said, str) and ".." in said:
            ends = said.split("..")
        else:
            return self.number(said, path)
        low, high = (exact(ends[0]), exact(ends[1])) if len(ends) == 2 else (None, None)
        if low is None or high is None:
            self.wrong(path, f"`{said}` is no number and no range", "Write 12, or 20..40.")
            return None
        return low if low == high else Range(low, high)

    def numbers(self, said: Any, key: str) -> dict[str, Value]:
        return {
            party: value
            for party, each in self.mapping(said, (key,), f"Write {key}: {{a: 1, b: 2}}.").items()
            if (value := self.value(each, (key, party))) is not None
        }


def to_plain(model: Model) -> dict[str, Any]:
    """The model as mappings, lists, numbers and texts; `from_plain` gives it back."""

    def deliverable(each: Deliverable) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "by": each.by,
            "cost": _plain(each.cost),
            "worth": {party: _plain(value) for party, value in each.worth.items()},
        }
        if each.after:
            plain["after"] = list(each.after)
        if each.recover:
            plain["recover"] = _number(each.recover)
        return plain

    plain: dict[str, Any] = {"parties": list(model.parties)}
    for key, numbers in (("trust", model.trust), ("patience", model.patience)):
        if numbers:
            plain[key] = {party: _plain(number) for party, number in numbers.items()}
    plain["deliverables"] = {n: deliverable(each) for n, each in model.deliverables.items()}
    states: Sequence[tuple[str, tuple[str, ...]]] = [(k, getattr(model, k)) for k in STATES]
    plain |= {kind: list(names) for kind, names in states if names}
    if model.words:
        plain["words"] = dict(model.words)
    return plain


def _plain(value: Value) -> Any:
    return [_number(value.low), _number(value.high)] if isinstance(value, Range) else _number(value)


def _number(number: Fraction) -> int | float | str:
    """A number that reads back exactly: an int, a float if it is one, or a fraction."""
    short = shortest(number)
    return short if exact(short) == number else str(number)
