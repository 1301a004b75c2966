"""The words that tell moves: rules, word classes, cues of speech and words of modality.

They stand in tables beside this module (data/moves.tsv, classes.tsv, cues.tsv, modality.tsv
and lemmas.tsv) whose first lines explain their columns, so that who knows the field can add
to them without reading code. Types and modes are those of `detente.record.plover`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import BadInput, Problem
from detente.record.plover import Aspect, MoveType, modes

if TYPE_CHECKING:
    from spacy.tokens import Token

ASKED = "asked"
"""What stands under "demand", "promise", "refuse": not told as done, only as asked or offered."""

NO_MOVE = 0.05
"""A rule of at most this weight says that a phrase only looks like a move ("released a film")."""

SLOTS = frozenset({"object", "subj", "oprd", "own", "comp", "xcomp", "ccomp", "if"})
"""What a condition may look at, besides the objects of prepositions."""

CUE_KINDS = frozenset({"say", "describe", "accuse", "deny"})
PREPOSITIONS = frozenset(
    """about across after against along among around as at before behind between by during for
    from in inside into near of off on onto out outside over through to toward towards under up
    upon with within without""".split()
)
_BY = frozenset({"subj", "obj", "iobj", "poss", "mod", "affil", "clause", "none"}) | PREPOSITIONS
_TO = _BY | {"inner"}
_POS = frozenset({"v", "n", "a"})
_MODALITY_POS = frozenset({"v", "n", "a", "r", "p"})
_MODALITY_SCOPES = frozenset({"complement", "object", "clause", "any"}) | PREPOSITIONS
_BARE = frozenset({"own", "comp", "xcomp", "ccomp", "if"})
_COMPLEMENTS = frozenset({"xcomp", "ccomp", "pcomp", "acl"})
_OBJECTS = frozenset({"dobj", "nsubjpass", "attr", "amod"})

MOVES = ("lemma", "pos", "object", "type", "mode", "to", "by", "mutual", "weight", "example")
CLASSES = ("class", "kind", "words")
CUES = ("lemma", "kind", "can_be_direct", "factive")
MODALITY = ("lemma", "pos", "aspect", "scope", "note")
LEMMAS = ("misread", "lemma", "pos")

# Words that make a verb another one ("call in", "stand down"). Parsers take them for particles,
# adverbs or prepositions, whichever the sentence happens to suggest.
PARTICLES = frozenset(
    """aside away back behind by down forward home in off on out over through together up upon
    dead free hostage captive prisoner""".split()
)


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must stand beside the word for a rule to hold.

    slot    : object, subj, oprd (object predicate), own (the object is the actor's own), comp,
              xcomp, ccomp (clausal complements), if (a condition), or a preposition
    classes : any of these; "*" anything, "!" nothing, "party" a party's name, "'word'" that
              word, otherwise a class of classes.tsv. Empty: the slot is filled at all
    """

    slot: str
    classes: tuple[str, ...] = ()

    @property
    def strictness(self) -> float:
        """How much it asks for: a class more than a party's name, that more than anything."""
        if not self.classes or set(self.classes) & {"*", "!"}:
            return 1.0
        return 1.5 if "party" in self.classes else 2.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One sense of a word: what must stand beside it, and the move it then tells.

    to, by : places of the recipient and of the actor, the best first
    mutual : all the parties act together and stand in `by`
    weight : 0 to 1, how sure the sense is when its conditions hold
    line   : where it stands in moves.tsv
    """

    lemma: str
    pos: str
    conditions: tuple[Condition, ...]
    type: MoveType
    mode: str | None
    to: tuple[str, ...]
    by: tuple[str, ...]
    mutual: bool
    weight: float
    example: str
    line: int = 0

    @property
    def tells_a_move(self) -> bool:
        """False for a sense that only looks like a move; where it matches, nothing is told."""
        return self.weight > NO_MOVE

    @property
    def specificity(self) -> float:
        """The rule that asks for more goes first."""
        return sum(condition.strictness for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that introduces reported speech.

    kind    : say, describe ("described X as Y"), accuse ("accused X of Y"), deny
    direct  : it may stand beside a quotation
    factive : the report itself vouches for what was said ("pointed out")
    """

    lemma: str
    kind: str
    direct: bool
    factive: bool


@dataclass(frozen=True, slots=True)
class Modality:
    """A word that changes whether what stands under it is told as done.

    aspect : None when what stands under it is only asked for, offered or refused
    scopes : complement, object, clause, any, or prepositions
    """

    lemma: str
    pos: str
    aspect: Aspect | None
    scopes: frozenset[str]
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All tables, looked up by word. Built by `load` or `read`."""

    by_word: Mapping[tuple[str, str], tuple[Rule, ...]]
    classes: Mapping[str, frozenset[str]]
    cues: Mapping[str, Cue]
    modality: Mapping[tuple[str, str], tuple[Modality, ...]]
    lemmas: Mapping[tuple[str, str], str]

    def rules(self, lemma: str, pos: str) -> tuple[Rule, ...]:
        """The senses of a word, those that ask for most first; empty when it has none.

        pos : v, n or a
        """
        return self.by_word.get((self._mended(lemma, pos), pos), ())

    def all_rules(self) -> Iterator[Rule]:
        """Every rule, in the order of the table."""
        found = [rule for rules in self.by_word.values() for rule in rules]
        yield from sorted(found, key=lambda rule: rule.line)

    def has_class(self, lemma: str, cls: str) -> bool:
        """Whether a word belongs to a class; 'word' in quotes is the class of that word alone."""
        if cls.startswith("'"):
            return lemma == cls.strip("'")
        words = self.classes.get(cls, frozenset())
        return lemma in words or any(self.lemmas.get((lemma, pos)) in words for pos in ("n", "v"))

    def names(self, noun: Token) -> list[str]:
        """What a noun may be looked up by, the longer first: "hunger strike", "strike"."""
        lemma = noun.lemma_.lower()
        before = [c.lemma_.lower() for c in noun.lefts if c.dep_ in {"compound", "amod"}]
        return [f"{before[-1]} {lemma}", lemma] if before else [lemma]

    def forms(self, verb: Token) -> list[tuple[str, Token | None]]:
        """What a verb may be looked up by, with its particle first: "call in", "call".

        With each goes the noun that the particle governs where the parser took it for a
        preposition: in "called in the ambassador" the ambassador is the object.
        """
        base = self._mended(verb.lemma_.lower(), "v")
        found = [(f"{base} {word}", governed) for word, governed in _particles(verb)]
        return [*(form for form in found if (form[0], "v") in self.by_word), (base, None)]

    def knows(self, token: Token, pos: str) -> bool:
        """Whether there is a rule for the token: with none, its frame need not be made."""
        if pos == "v":
            return any(self.rules(lemma, pos) for lemma, _ in self.forms(token))
        return any(self.rules(lemma, pos) for lemma in self.names(token))

    def cue(self, verb: Token) -> Cue | None:
        """The cue of speech a verb is, with its particle or the words that go with it."""
        base = self._mended(verb.lemma_.lower(), "v")
        phrases = _phrases(self).get(base)
        if phrases is not None:
            near = {token.lower_ for token in verb.doc[verb.i + 1 : verb.i + 5]}
            for others, cue in phrases:
                if others <= near:
                    return cue
        return self.cues.get(base)

    def complement_aspect(self, governor: Token) -> tuple[Aspect, bool] | None:
        """How a word's complement is told: its aspect and whether it is only asked for.

        None when the word changes nothing. Looked up by lemma, part of speech and what
        hangs on the word ("called for the release", but not "called the release a step").
        """
        pos = _TAGS.get(governor.pos_)
        if pos is None:
            return None
        base = self._mended(governor.lemma_.lower(), pos)
        lemmas = [f"{base} {word}" for word, _ in _particles(governor)]
        held = _held(governor)
        for lemma in (*lemmas, base):
            for entry in self.modality.get((lemma, pos), ()):
                if "any" in entry.scopes or held & entry.scopes:
                    if entry.aspect is None:
                        if lemma in self.cues and _tells(governor):
                            return None
                        return Aspect.HYPOTHETICAL, True
                    return entry.aspect, False
        return None

    def _mended(self, lemma: str, pos: str) -> str:
        return self.lemmas.get((lemma, pos), lemma)


def _particles(verb: Token) -> Iterator[tuple[str, Token | None]]:
    """Words that may be the verb's particle, and what each governs as a preposition."""
    for child in verb.children:
        if child.lower_ not in PARTICLES or child.i < verb.i:
            continue
        governed = next((inner for inner in child.children if inner.dep_ == "pobj"), None)
        if child.dep_ in {"prt", "advmod", "oprd", "acomp"}:
            yield child.lower_, None
        elif child.dep_ == "prep" and (governed is None or child.i == verb.i + 1):
            yield child.lower_, governed


def _tells(verb: Token) -> bool:
    """Whether a verb of speech reports a fact rather than a wish.

    "insisted that the road was open", not "insisted that the road be opened".
    """
    clause = next((child for child in verb.children if child.dep_ == "ccomp"), None)
    if clause is None:
        return False
    helpers = {child.lower_ for child in clause.children if child.dep_ == "aux"}
    passive = next((child for child in clause.children if child.dep_ == "auxpass"), clause)
    return passive.tag_ != "VB" or bool(helpers & {"will", "would", "'ll", "’ll", "'d", "’d"})


_TAGS = {"VERB": "v", "AUX": "v", "NOUN": "n", "ADJ": "a"}


def _held(governor: Token) -> frozenset[str]:
    """What hangs on a word, in the names of modality.tsv's scopes."""
    held: set[str] = set()
    for child in governor.children:
        if child.dep_ in _COMPLEMENTS or (child.dep_ == "relcl" and child.tag_ == "VB"):
            held.add("complement")
        elif child.dep_ in _OBJECTS:
            held.add("object")
        elif child.dep_ in {"prep", "dative"}:
            held.add(child.lower_)
            if any(inner.dep_ == "pcomp" for inner in child.children):
                held.add("complement")
    if governor.dep_ in {"amod", "acl"}:
        held.add("object")
    return frozenset(held)


@lru_cache(maxsize=4)
def _phrases(lexicon: Lexicon) -> dict[str, list[tuple[frozenset[str], Cue]]]:
    """The cues of several words ("point out"), by their first."""
    found: dict[str, list[tuple[frozenset[str], Cue]]] = {}
    for lemma, cue in lexicon.cues.items():
        first, *others = lemma.split()
        if others:
            found.setdefault(first, []).append((frozenset(others), cue))
    return found


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """The program's own tables. Raises BadInput with file and line when one is spoilt."""
    return read(Path(str(files("detente.reading").joinpath("data"))))


def read(folder: Path) -> Lexicon:
    """The tables in a folder; raises BadInput with every problem of all of them."""
    problems: list[Problem] = []
    classes = _classes(folder / "classes.tsv", problems)
    rules = _rules(folder / "moves.tsv", classes, problems)
    cues = _cues(folder / "cues.tsv", problems)
    modality = _modality(folder / "modality.tsv", problems)
    lemmas = _lemmas(folder / "lemmas.tsv", problems)
    if problems:
        raise BadInput(sorted(problems))
    return Lexicon(rules, classes, cues, modality, lemmas)


# --- one table after the other ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table, with the means to complain about it."""

    file: Path
    line: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, what: str, do: str = "") -> None:
        self.problems.append(Problem(self.file, self.line, what, do))

    def one_of(self, column: str, allowed: Iterable[str]) -> bool:
        if self[column] in (known := sorted(allowed)):
            return True
        self.wrong(f"{column} is {self[column]!r}", f"Use one of {_listed(known)}.")
        return False

    def names(self, column: str, allowed: frozenset[str]) -> tuple[str, ...]:
        """A cell's comma-separated names, each checked."""
        found = tuple(part.strip() for part in self[column].split(",") if part.strip())
        for name in found:
            if name not in allowed:
                self.wrong(f"{column} names {name!r}", f"Use any of {_listed(sorted(allowed))}.")
        return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name or "(empty)" for name in names)


def _table(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> Iterator[_Row]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem(path, 0, "the table is missing", "Put it back; see its header."))
        return
    except UnicodeDecodeError as error:
        place = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(path, place, "this is no UTF-8 text", "Save the file as UTF-8."))
        return
    header: tuple[str, ...] | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in line.rstrip("\r").split("\t"))
        if header is None:
            header = cells
            if header != columns:
                problems.append(
                    Problem(
                        path,
                        number,
                        f"the header is {' '.join(header)!r}",
                        f"The columns are {' '.join(columns)}, separated by a tab.",
                    )
                )
                return
        elif len(cells) != len(columns):
            problems.append(
                Problem(
                    path,
                    number,
                    f"{len(cells)} columns instead of {len(columns)}",
                    f"Separate {', '.join(columns)} by one tab each; an empty cell keeps its tab.",
                )
            )
        else:
            yield _Row(path, number, dict(zip(columns, cells, strict=True)), problems)
    if header is None:
        problems.append(Problem(path, 0, "the table has no header", f"Begin with {columns}."))


def _classes(path: Path, problems: list[Problem]) -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    includes: list[tuple[_Row, str, str]] = []
    kinds: dict[str, str] = {}
    for row in _table(path, CLASSES, problems):
        name = row["class"]
        row.one_of("kind", ("n", "v"))
        if kinds.setdefault(name, row["kind"]) != row["kind"]:
            row.wrong(f"class {name!r} is of kind {kinds[name]} further up", "Keep to one kind.")
        if not name.replace("_", "").isalnum() or name in {"party", *SLOTS}:
            row.wrong(f"{name!r} can't name a class", "Use small letters, digits and _.")
        members = words.setdefault(name, set())
        listed = [part.strip() for part in row["words"].split(",") if part.strip()]
        if not listed:
            row.wrong(f"class {name!r} has no words", "List lemmas with commas between them.")
        for word in listed:
            if word.startswith("+"):
                includes.append((row, name, word[1:]))
            else:
                members.add(word)
    return _with_included(words, includes)


def _with_included(
    words: dict[str, set[str]], includes: list[tuple[_Row, str, str]]
) -> dict[str, frozenset[str]]:
    for row, _, other in includes:
        if other not in words:
            row.wrong(f"there is no class {other!r} to take in", "Name a class of this table.")
    # A class may take in one that takes in others: as many rounds as there are includes suffice.
    for _ in includes:
        for _, name, other in includes:
            words[name] |= words.get(other, set())
    return {name: frozenset(members) for name, members in words.items()}


def _rules(
    path: Path, classes: Mapping[str, frozenset[str]], problems: list[Problem]
) -> dict[tuple[str, str], tuple[Rule, ...]]:
    found: dict[tuple[str, str], list[Rule]] = {}
    first: dict[tuple[str, str, frozenset[Condition]], int] = {}
    for row in _table(path, MOVES, problems):
        rule = _rule(row, classes)
        if rule is None:
            continue
        key = rule.lemma, rule.pos, frozenset(rule.conditions)
        if key in first:
            row.wrong(
                f"{rule.lemma!r} with {row['object']!r} stands in line {first[key]} already",
                "Keep one of the two, or tell them apart by a condition.",
            )
            continue
        first[key] = row.line
        found.setdefault((rule.lemma, rule.pos), []).append(rule)
    return {key: tuple(sorted(rules, key=_order)) for key, rules in found.items()}


def _order(rule: Rule) -> tuple[float, bool, float, int]:
    """Best first; among equals those that keep a phrase from being read as a move."""
    return -rule.specificity, rule.tells_a_move, -rule.weight, rule.line


def _rule(row: _Row, classes: Mapping[str, frozenset[str]]) -> Rule | None:
    before = len(row.problems)
    if not row["lemma"] or row["lemma"] != row["lemma"].lower():
        row.wrong(f"lemma is {row['lemma']!r}", "Give the dictionary form in small letters.")
    row.one_of("pos", _POS)
    row.one_of("mutual", ("", "y"))
    if row.one_of("type", [kind.value for kind in MoveType]):
        row.one_of("mode", ("", *modes(MoveType(row["type"]))))
    weight = _weight(row)
    if not row["example"]:
        row.wrong("there is no example", "Write a short sentence that shows this sense.")
    conditions = tuple(_conditions(row, classes))
    to, by = row.names("to", _TO), row.names("by", _BY)
    if not by:
        row.wrong("by is empty", "Say who acts: subj for most verbs, or none.")
    if len(row.problems) > before or weight is None:
        return None
    return Rule(
        row["lemma"],
        row["pos"],
        conditions,
        MoveType(row["type"]),
        row["mode"] or None,
        to,
        by,
        row["mutual"] == "y",
        weight,
        row["example"],
        row.line,
    )


def _weight(row: _Row) -> float | None:
    try:
        weight = float(row["weight"])
    except ValueError:
        weight = -1.0
    if 0 < weight <= 1:
        return weight
    row.wrong(f"weight is {row['weight']!r}", "Give a number above 0 and up to 1, such as 0.8.")
    return None


def _conditions(row: _Row, classes: Mapping[str, frozenset[str]]) -> Iterator[Condition]:
    """The conditions of the column `object`; the header of moves.tsv explains them."""
    if row["object"] == "-":
        return
    for part in row["object"].split("&"):
        slot, given, names = part.strip().partition("=")
        if not given and slot in _BARE:
            yield Condition(slot)
            continue
        if not given:
            slot, names = "object", slot
        elif slot not in SLOTS | PREPOSITIONS:
            row.wrong(f"{slot!r} is no place of a sentence", _PLACES)
        listed = tuple(name.strip() for name in names.split("|"))
        for name in listed:
            if not _is_class(name, classes):
                row.wrong(
                    f"there is no class {name!r}",
                    "Add it to classes.tsv, or write a single word in quotes: 'word'.",
                )
        yield Condition(slot, listed)


_PLACES = f"Use a preposition or one of {_listed(sorted(SLOTS))}."


def _is_class(name: str, classes: Mapping[str, frozenset[str]]) -> bool:
    if name in {"*", "!", "party"} or name in classes:
        return True
    return len(name) > 2 and name[0] == name[-1] == "'"


def _cues(path: Path, problems: list[Problem]) -> dict[str, Cue]:
    def cue(row: _Row) -> Cue:
        row.one_of("kind", CUE_KINDS)
        row.one_of("can_be_direct", ("n", "y"))
        row.one_of("factive", ("n", "y"))
        return Cue(row["lemma"], row["kind"], row["can_be_direct"] == "y", row["factive"] == "y")

    return _by_lemma(_table(path, CUES, problems), cue)


def _by_lemma(rows: Iterable[_Row], make: Callable[[_Row], Cue]) -> dict[str, Cue]:
    found: dict[str, Cue] = {}
    for row in rows:
        made = make(row)
        if made.lemma in found:
            row.wrong(f"{made.lemma!r} stands twice", "Keep one of the two.")
        found[made.lemma] = made
    return found


def _modality(path: Path, problems: list[Problem]) -> dict[tuple[str, str], tuple[Modality, ...]]:
    found: dict[tuple[str, str], list[Modality]] = {}
    for row in _table(path, MODALITY, problems):
        row.one_of("pos", _MODALITY_POS)
        scopes = frozenset(row.names("scope", _MODALITY_SCOPES))
        if not scopes:
            row.wrong("scope is empty", "Say what the word holds for: complement, object ...")
        if not row.one_of("aspect", (*(aspect.value for aspect in Aspect), ASKED)):
            continue
        aspect = None if row["aspect"] == ASKED else Aspect(row["aspect"])
        entries = found.setdefault((row["lemma"], row["pos"]), [])
        if any(scopes & entry.scopes for entry in entries):
            row.wrong(f"{row['lemma']!r} stands twice for one scope", "Keep one of the two.")
        entries.append(Modality(row["lemma"], row["pos"], aspect, scopes, row["note"]))
    return {key: tuple(entries) for key, entries in found.items()}


def _lemmas(path: Path, problems: list[Problem]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for row in _table(path, LEMMAS, problems):
        row.one_of("pos", _POS)
        if not row["misread"] or not row["lemma"]:
            row.wrong("a cell is empty", "Give the misread form and the right one.")
        if (row["misread"], row["pos"]) in found:
            row.wrong(f"{row['misread']!r} stands twice", "Keep one of the two.")
        found[row["misread"], row["pos"]] = row["lemma"]
    return found
