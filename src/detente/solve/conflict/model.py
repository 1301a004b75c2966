"""A conflict: decision makers, their options, what can't be, and what each prefers.

Definitions after Fang, Hipel & Kilgour, Interactive Decision Making (1993).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from detente.solve.conflict.logic import (
    KEYWORDS,
    NAME,
    Statement,
    StatementError,
    parse,
)
from detente.solve.plain import ModelError, Path, Reader, Wrong, unknown, unused
from detente.wording import counted

FEWEST, MOST = 2, 8
"""How many decision makers a model may have."""

MOST_OPTIONS = 60
"""How many options one decision maker may have."""

DIRECTIONS = ("forward", "backward")


@dataclass(frozen=True, slots=True)
class Priorities:
    """Ordered statements; the first decides, then the second among equals, and so on.

    Lexicographic option prioritisation: of two states, the better is the one in which the
    first statement that tells them apart is true. None at all means indifference.

    open : pairs of statements (numbers from 0) whose order is not known
    """

    statements: tuple[str, ...] = ()
    open: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every feasible state once, best level first; states of one level are tied.

    open : pairs of states whose order is not known; each stands for its whole level
    """

    levels: tuple[tuple[str, ...], ...]
    open: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Payoffs:
    """Numbers, larger is better, of which only the order counts.

    values : a mapping from each feasible state to a number; or a function that is given a
             mapping from option to boolean array and returns an array of numbers
    """

    values: Mapping[str, float] | Callable[[Mapping[str, Any]], Any]


Preference = Priorities | Ranking | Payoffs


@dataclass(frozen=True, slots=True)
class Model:
    """A conflict in option form.

    decision_makers : name -> the options it owns; a state is written as one Y or N for
                      every option in this order
    preferences     : name -> Priorities, Ranking or Payoffs; indifferent where it has none
    infeasible      : patterns; a state that fits one of them cannot be
    irreversible    : option -> "forward" (only from N to Y) or "backward" (only Y to N)
    words           : how to speak of decision makers and options: {"syria": "Syria",
                      "escalate": "escalating"}
    noted           : what was odd about the plain form it was read from

    Raises ModelError with everything wrong that can be seen without listing the states.
    """

    decision_makers: Mapping[str, tuple[str, ...]]
    preferences: Mapping[str, Preference] = field(default_factory=dict)
    infeasible: tuple[Mapping[str, bool], ...] = ()
    irreversible: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    noted: tuple[Wrong, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        wrongs = list(_check(self))
        if wrongs:
            raise ModelError(wrongs)

    @property
    def warnings(self) -> tuple[Wrong, ...]:
        """What is odd, but has an answer all the same, as far as it shows without the states."""
        return (*self.noted, *_odd(self))

    @property
    def options(self) -> tuple[str, ...]:
        """Every option, in the order in which a state is written."""
        return tuple(option for owned in self.decision_makers.values() for option in owned)

    @property
    def names(self) -> tuple[str, ...]:
        """The decision makers."""
        return tuple(self.decision_makers)

    def owner(self, option: str) -> str:
        """The decision maker an option belongs to."""
        return next(name for name, owned in self.decision_makers.items() if option in owned)

    def statements(self, name: str) -> tuple[Statement, ...]:
        """A decision maker's statements, parsed; empty for another kind of preference."""
        preference = self.preferences.get(name)
        texts = preference.statements if isinstance(preference, Priorities) else ()
        return tuple(parse(text, self.options) for text in texts)

    def freed(self, option: str) -> Model:
        """The same, with one irreversible option movable both ways."""
        rest = {name: way for name, way in self.irreversible.items() if name != option}
        return replace(self, irreversible=rest)

    def without_pattern(self, number: int) -> Model:
        """The same, with one infeasible pattern (counted from 0) lifted.

        Preferences given as rankings or payoffs of states are dropped: they say nothing of
        the states that come in.
        """
        kept = self.infeasible[:number] + self.infeasible[number + 1 :]
        known = {n: p for n, p in self.preferences.items() if isinstance(p, Priorities)}
        return replace(self, infeasible=kept, preferences=known)


def _check(model: Model) -> Iterator[Wrong]:
    yield from _check_makers(model.decision_makers)
    options = list(dict.fromkeys(model.options))
    for i, pattern in enumerate(model.infeasible):
        if not pattern:
            what = "an empty pattern, which every state fits"
            yield Wrong(("infeasible", i), what, "Name the options that can't go together.")
        for option in pattern:
            if option not in options:
                yield unknown("option", option, options, ("infeasible", i, option))
    for option, way in model.irreversible.items():
        if option not in options:
            yield unknown("option", option, options, ("irreversible", option))
        elif way not in DIRECTIONS:
            do = "Write `forward` (only from N to Y) or `backward` (only from Y to N)."
            yield Wrong(("irreversible", option), f"`{way}` is no direction", do)
    for name, preference in model.preferences.items():
        if name not in model.decision_makers:
            known = list(model.decision_makers)
            yield unknown("decision maker", name, known, ("preferences", name))
        elif isinstance(preference, Priorities):
            yield from _check_priorities(name, preference, options)
        elif isinstance(preference, Ranking):
            yield from _check_ranking(name, preference, model)


def _odd(model: Model) -> Iterator[Wrong]:
    for name, preference in model.preferences.items():
        path: Path = ("preferences", name)
        if isinstance(preference, Priorities):
            yield from _decided(path, len(preference.statements), preference.open)
        elif isinstance(preference, Ranking):
            for i, level in enumerate(preference.levels):
                if not level:
                    yield Wrong((*path, "ranking", i), "an empty level", "Remove it.")
                for j, state in enumerate(level):
                    if state in level[:j]:
                        what = f"the state {state} stands in its level twice"
                        yield Wrong((*path, "ranking", i, j), what, "Keep one of them.")
            level_of = {state: i for i, level in enumerate(preference.levels) for state in level}
            pairs = [(level_of[one], level_of[other]) for one, other in preference.open]
            yield from _decided(path, len(preference.levels), pairs)
    known = [*model.decision_makers, *model.options]
    yield from unused(model.words, "decision maker or option", known)


def _check_makers(makers: Mapping[str, Sequence[str]]) -> Iterator[Wrong]:
    path: Path = ("decision_makers",)
    if not FEWEST <= len(makers) <= MOST:
        count = f"{len(makers)} decision maker{'s' * (len(makers) != 1)}"
        do = "Join those that act as one." if len(makers) > MOST else "Add those that are missing."
        yield Wrong(path, f"{count}; a model has {FEWEST} to {MOST}", do)
    owners: dict[str, str] = {}
    for name, owned in makers.items():
        if not name.strip():
            yield Wrong((*path, name), "a decision maker without a name")
        if len(owned) > MOST_OPTIONS:
            what = f"{name} has {len(owned)} options; {MOST_OPTIONS} is the most"
            yield Wrong((*path, name), what)
        for i, option in enumerate(owned):
            at = (*path, name, i)
            if not NAME.fullmatch(option):
                do = "Use letters, digits, `_`, `-` and `.`, a letter first: `release_water`."
                yield Wrong(at, f"`{option}` can't be an option's name", do)
            elif option.lower() in KEYWORDS:
                what = f"`{option}` is a word of the statements' logic"
                yield Wrong(at, what, "Give the option another name.")
            elif option in owners:
                both = f"by {owners[option]} and {name}"
                both = f"twice by {name}" if owners[option] == name else both
                do = "An option belongs to one decision maker: remove one, or rename it."
                yield Wrong(at, f"the option `{option}` is owned {both}", do)
            else:
                owners[option] = name
    if makers and not owners and not any(makers.values()):
        yield Wrong(path, "nobody has any option", "List what each decision maker can do.")


def _check_priorities(
    name: str, preference: Priorities, options: Collection[str]
) -> Iterator[Wrong]:
    path: Path = ("preferences", name)
    for i, text in enumerate(preference.statements):
        try:
            parse(text, options)
        except StatementError as error:
            what = f"{error.what}: {error.marked}"
            yield Wrong((*path, "priorities", i), what, error.do)
    count = len(preference.statements)
    for i, pair in enumerate(preference.open):
        if len(set(pair)) != 2 or not all(0 <= each < count for each in pair):
            do = f"Name two different ones of the {counted(count, 'statement')}."
            yield Wrong((*path, "open", i), "this is no pair of statements", do)


def _check_ranking(name: str, preference: Ranking, model: Model) -> Iterator[Wrong]:
    path: Path = ("preferences", name)
    size = len(model.options)
    level_of: dict[str, int] = {}
    for i, level in enumerate(preference.levels):
        for j, state in enumerate(level):
            at = (*path, "ranking", i, j)
            if len(state) != size or set(state) - {"Y", "N"}:
                do = f"Write Y or N for each of the {counted(size, 'option')}, in their order."
                yield Wrong(at, f"`{state}` is no state", do)
            elif level_of.get(state, i) != i:
                what = f"the state {state} stands in the ranking twice"
                yield Wrong(at, what, "Keep one of them.")
            else:
                level_of[state] = i
    for i, (one, other) in enumerate(preference.open):
        missing = next((state for state in (one, other) if state not in level_of), None)
        if missing is not None:
            what = f"{missing} is not in the ranking"
            yield Wrong((*path, "open", i), what, "Name two states of the ranking.")
        elif level_of[one] == level_of[other]:
            do = "Put them in levels of their own, then leave their order open."
            yield Wrong((*path, "open", i), f"{one} and {other} are tied in the ranking", do)


def _decided(path: Path, count: int, pairs: Sequence[tuple[int, int]]) -> Iterator[Wrong]:
    """Open pairs that what is fixed decides after all, so that they are open in no order."""
    open_ = {frozenset(pair) for pair in pairs}
    for i, pair in enumerate(pairs):
        low, high = min(pair), max(pair)
        if not 0 <= low < high < count:
            continue
        # If low..high are in the given order through fixed neighbours, so are the two.
        reached = {low}
        for k in range(low + 1, high + 1):
            if any(frozenset((known, k)) not in open_ for known in reached if known < k):
                reached.add(k)
        if high in reached:
            what = "left open, but decided by what stands between the two"
            do = "Leave the pairs with what stands between them open too."
            yield Wrong((*path, "open", i), what, do)


# --- the plain form: what YAML and JSON hold ----------------------------------------------------

KEYS = ("decision_makers", "infeasible", "irreversible", "preferences", "words")
_WAYS = ("priorities", "ranking")


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
        if not isinstance(data, Mapping) or not data:
            do = "Begin with `decision_makers:`, each with its list of options."
            self.wrong((), "there is no conflict here", do)
            return None
        self.keys(data, KEYS)
        if not data.get("decision_makers"):
            do = "Give each decision maker its list of options: `syria: [escalate]`."
            self.wrong((), "`decision_makers` is missing", do)
            return None
        makers = {
            name: self.once(
                self.texts(owned, ("decision_makers", name)),
                ("decision_makers", name),
                f"the option `{{}}` is owned twice by {name}",
            )
            for name, owned in self.mapping(
                data.get("decision_makers"), ("decision_makers",)
            ).items()
        }
        patterns = [
            self.pattern(pattern, ("infeasible", i))
            for i, pattern in enumerate(self.items(data.get("infeasible"), ("infeasible",)))
        ]
        ways = {option: str(way) for option, way in self.named(data, "irreversible").items()}
        preferences = {
            name: self.preference(given, ("preferences", name))
            for name, given in self.named(data, "preferences").items()
        }
        words = {word: str(said or "") for word, said in self.named(data, "words").items()}
        try:
            return Model(makers, preferences, tuple(patterns), ways, words, tuple(self.warnings))
        except ModelError as error:
            self.add(error)
            return None

    def named(self, data: Mapping[str, Any], key: str) -> dict[str, Any]:
        return self.mapping(data.get(key), (key,))

    def pattern(self, value: Any, path: Path) -> dict[str, bool]:
        if not isinstance(value, Mapping):
            self.wrong(path, "a pattern names options", 'Write {escalate: "Y", attack: "Y"}.')
            return {}
        found = {}
        for option, said in value.items():
            # JSON and other YAML readers turn an unquoted Y or N into a truth value.
            letter = {True: "Y", False: "N"}.get(said, said) if isinstance(said, bool) else said
            if not isinstance(letter, str) or letter.upper() not in ("Y", "N"):
                shown = "nothing" if said is None else f"`{said}`"
                self.wrong((*path, str(option)), f"{shown} is neither Y nor N", 'Write "Y" or "N".')
            found[str(option)] = isinstance(letter, str) and letter.upper() == "Y"
        return found

    def preference(self, value: Any, path: Path) -> Preference:
        if value is None:
            return Priorities()
        given = [way for way in _WAYS if isinstance(value, Mapping) and way in value]
        if not isinstance(value, Mapping) or len(given) != 1:
            do = "Give either `priorities: [statement, ...]` or `ranking: [[state, ...], ...]`."
            self.wrong(path, "a preference is ordered statements or a ranking of states", do)
            return Priorities()
        self.keys(value, (*_WAYS, "open"), path)
        if given == ["priorities"]:
            statements = self.texts(value["priorities"], (*path, "priorities"))
            return Priorities(statements, self.open_statements(value, statements, path))
        levels = []
        for i, level in enumerate(self.items(value["ranking"], (*path, "ranking"))):
            tied = [level] if isinstance(level, str) else level
            levels.append(tuple(map(str.upper, self.texts(tied, (*path, "ranking", i)))))
        pairs = []
        for pair in self.pairs(value, path):
            pairs.append((str(pair[0]).upper(), str(pair[1]).upper()))
        return Ranking(tuple(levels), tuple(pairs))

    def pairs(self, value: Mapping[str, Any], path: Path) -> Iterator[list[Any]]:
        for i, pair in enumerate(self.items(value.get("open"), (*path, "open"))):
            if isinstance(pair, list | tuple) and len(pair) == 2:
                yield list(pair)
            else:
                do = "List two that are known, in no order: [first, second]."
                self.wrong((*path, "open", i), "what is left open is a pair", do)

    def open_statements(
        self, value: Mapping[str, Any], statements: Sequence[str], path: Path
    ) -> tuple[tuple[int, int], ...]:
        found = []
        for i, pair in enumerate(self.pairs(value, path)):
            numbers = []
            for each in pair:
                text = str(each)
                if text in statements:
                    numbers.append(statements.index(text))
                elif text.isdecimal() and len(text) < 9 and 1 <= int(text) <= len(statements):
                    numbers.append(int(text) - 1)
                else:
                    do = "Repeat two of `priorities` word for word, or give their numbers from 1."
                    self.wrong((*path, "open", i), f"`{text}` is none of the statements", do)
            if len(numbers) == 2:
                found.append((numbers[0], numbers[1]))
        return tuple(found)


def to_plain(model: Model) -> dict[str, Any]:
    """The model as mappings, lists and texts; `from_plain` gives it back.

    Raises ValueError for payoffs given as a function, which can't be written down.
    """
    preferences: dict[str, Any] = {}
    for name, preference in model.preferences.items():
        if isinstance(preference, Priorities):
            written: dict[str, Any] = {"priorities": list(preference.statements)}
            if preference.open:
                written["open"] = [[a + 1, b + 1] for a, b in preference.open]
        elif isinstance(preference, Ranking):
            written = {"ranking": [list(level) for level in preference.levels]}
            if preference.open:
                written["open"] = [list(pair) for pair in preference.open]
        elif isinstance(preference.values, Mapping):
            levels: dict[float, list[str]] = {}
            for state, number in preference.values.items():
                levels.setdefault(number, []).append(state)
            written = {"ranking": [levels[number] for number in sorted(levels, reverse=True)]}
        else:
            raise ValueError(f"the payoffs of {name} are a function and can't be written down")
        preferences[name] = written
    plain: dict[str, Any] = {
        "decision_makers": {name: list(owned) for name, owned in model.decision_makers.items()},
        "infeasible": [
            {option: "Y" if taken else "N" for option, taken in pattern.items()}
            for pattern in model.infeasible
        ],
        "irreversible": dict(model.irreversible),
        "preferences": preferences,
    }
    if model.words:
        plain["words"] = dict(model.words)
    return plain
