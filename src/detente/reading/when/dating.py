"""When: the time expressions of a parsed report, and which event each of them dates.

`timewords` knows the wordings and the days they mean. Here they are resolved against the
report's date, the tense of the clause they stand in ("on Friday" looks back after a past
verb, ahead after a future one) and the date told last ("the next morning"), and each is
handed to the event in whose clause it stands. An event without an expression of its own
takes a date only from the clause it is part of; the report's date itself counts only where
the form of the text says so: an entry of a live blog, a dated communique's "welcomes".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from detente.reading.text import grammar
from detente.reading.when.timewords import (
    Dateline,
    Found,
    Frame,
    Kind,
    Span,
    beside,
    dateline,
    find,
    minutes,
    offset,
    resolve,
    side,
    term,
)
from detente.record.dates import PartialDate

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Dateline", "TimeExpression", "When", "dateline", "time_expressions"]


@dataclass(frozen=True)
class TimeExpression:
    """Words that say when: tokens `start` to `end` (exclusive) of the Doc.

    date : the days it can mean; None where the text and the report's date do not settle it
    kind : point      a day or a stretch of days something happened in ("since 2001" too)
           deadline   the last days of something ("by Nov. 15", "until then")
           duration   how long ("for two decades")
           frequency  how often ("every Friday")
    """

    start: int
    end: int
    date: PartialDate | None
    kind: Kind
    text: str


def time_expressions(doc: Doc, anchor: PartialDate | None) -> list[TimeExpression]:
    """Every time expression of the report, in order.

    anchor : the report's date; without one only dates that carry their year are resolved
    What is counted from an event ("two days after the vote") is resolved where the text
    dates a clause about that event.
    """
    return When(doc, anchor).expressions


# --- words of the clause ------------------------------------------------------------------

_ROLE = {
    "by": "by", "until": "until", "till": "until", "through": "until", "before": "before",
    "since": "since", "after": "after", "following": "after", "for": "for",
}  # fmt: skip
_ROLE_PAIRS = {
    ("later", "than"): "by",
    ("ahead", "of"): "before",
    ("prior", "to"): "before",
    ("up", "to"): "until",
    ("as", "from"): "from",
    ("before", "of"): "before",  # translated from a Romance language
    ("after", "of"): "after",
}
_BETWEEN_ROLE_AND_DATE = set("the on in about around late early at least only shortly".split())
_DEADLINE = ("by", "until", "before")
# A longer "sentence" is a table or noise: its parse says nothing, and asking it would take
# time in the square of its length.
_LONGEST = 500
_DEEPEST = 40  # steps up a parse before a link is no longer believed
_FINITE = ("VBD", "VBZ", "VBP")
_VERB_TAGS = {"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Done already, they set an end that is to come: "extended until Dec. 31".
_PUTS_OFF = _words(
    "extend prolong renew postpone delay suspend adjourn defer schedule set plan fix give grant "
    "call remain stay run last expire"
)
_PLANNED = _words("schedule plan foresee expect set due slate agree envisage propose intend fix")
# Done already, these have a day of their own: "the text that was proposed in April".
_SAID_OF_PLANS = _words("propose agree intend envisage")
# An infinitive after these is still to come.
_INTENDS = _PLANNED | _words(
    "promise pledge vow offer undertake decide want hope seek ask urge invite tell order demand "
    "require oblige threaten prepare commit refuse decline need aim ready likely willing bid "
    "decision deadline swear be have call"
)
# In the present tense these tell of what is planned: "parliament votes on Tuesday".
_SCHEDULED = _words("vote meet open begin start hold travel visit arrive leave expire end be")
_PROSPECTIVE = _words(
    "election vote referendum plebiscite summit talk meeting hearing deadline round conference"
)
_NOT_YET = _words("if unless until once till provided when before")
# With these the event is in the noun: "held talks", "the meeting is planned for Friday".
_LIGHT = _words(
    "be have do hold carry conduct launch make give take stage mount lead sign reach conclude "
    "bring happen occur begin end resume start open continue come go foresee schedule plan expect "
    "announce undertake issue deliver commit perform get let help manage seem appear keep convene "
    "host follow erupt break strike seal lift impose"
)
_HARMS = _words("kill wound injure hurt destroy damage hit target")
_RAISES = _words("be have do begin start continue resume come go get seem appear keep manage")
_SPEAKS = _words(
    "say tell deny accuse allege claim condemn confirm report recall criticise criticize mention "
    "reject dismiss denounce warn describe investigate commemorate blame cite remember"
)
# A dated communique does these by saying them.
_PERFORMS = _words(
    "welcome commend reiterate invite urge call condemn express thank deplore appeal reaffirm "
    "declare affirm regret note congratulate encourage request demand deny stand"
)
_ADJUNCT = _words("through in by with amid under during via at")
_SAME_TIME = _words("while whilst as when with")
_SAME_PARTIES = _words("he she they it both neither")
_TIME_NOUNS = _words(
    "day night morning afternoon evening hour dawn week month year course end start beginning "
    "middle period time date weekend"
)
_FAMILIES = tuple(
    map(
        _words,
        (
            "sign signing signature ceremony inaugurate inauguration",
            "vote voting ballot referendum plebiscite election elect poll reject approve",
            "free release freeing liberate liberation swap exchange",
            "attack assault strike raid bomb bombing offensive shell shelling hit storm",
            "meet meeting talk talks summit conference negotiation session",
            "agree agreement accord deal pact treaty sign conclude reach",
            "ceasefire truce armistice cease halt",
            "kill killing assassinate assassination murder die death",
            "invade invasion incursion annex annexation seize seizure",
            "arrest detain detention capture imprison",
            "withdraw withdrawal pullout leave departure depart",
            "close closure closing shut",
            "open opening reopen reopening launch",
            "announce announcement declare declaration proclaim proclamation",
            "visit trip travel arrive arrival land landing return",
            "suspend suspension",
            "expel expulsion",
            "recognise recognize recognition",
            "resign resignation",
            "explode explosion blast",
            "impose imposition sanction",
        ),
    )
)
"""Names of events and the verbs whose doing they are, for "the day after the ceremony"."""


def _family(lemma: str) -> frozenset[str]:
    """The other words for the same happening, itself included."""
    return frozenset({lemma}).union(*(words for words in _FAMILIES if lemma in words))


# --- tense --------------------------------------------------------------------------------


def _is_verb(token: Token) -> bool:
    return token.tag_ in _VERB_TAGS and token.dep_ not in ("aux", "auxpass", "amod")


def _helpers(verb: Token) -> list[Token]:
    return grammar.children(verb, "aux", "auxpass")


def _lemma(token: Token) -> str:
    return str(token.lemma_).lower()


def _subject(verb: Token) -> Token | None:
    return grammar.first(verb, "nsubj", "nsubjpass", "expl")


def _clause_of(token: Token) -> Token | None:
    """The verb of the clause that a token stands in, not itself."""
    return next((above for above in token.ancestors if _is_verb(above)), None)


def _looks_ahead(verb: Token, depth: int = 0) -> bool:
    """Whether what the clause tells is still to come when it is told.

    depth : clauses already looked through; broken text can nest thousands of them
    """
    helpers = _helpers(verb)
    tags, lemmas = {h.tag_ for h in helpers}, {_lemma(h) for h in helpers}
    if "MD" in tags:
        return "have" not in lemmas  # "would have run out" is no forecast
    if any(h.tag_ == "TO" for h in helpers):
        return "have" not in lemmas and (_lemma(verb.head) in _INTENDS or _ahead_above(verb, depth))
    if "have" in lemmas:
        return False
    planned = _lemma(verb) in _PLANNED and verb.tag_ == "VBN"
    if verb.tag_ == "VBD" or "VBD" in tags:
        return planned and _lemma(verb) not in _SAID_OF_PLANS
    if verb.tag_ in ("VBZ", "VBP") or tags & {"VBZ", "VBP"}:
        first = {c.lower_ for c in verb.children if c.dep_ in ("mark", "advmod")}
        return bool(first & _NOT_YET) or planned or _is_to(verb) or _lemma(verb) in _SCHEDULED
    if verb.tag_ == "VBN":
        return planned or (verb.dep_ == "conj" and _ahead_above(verb, depth))
    return _ahead_above(verb, depth)


def _was_to_come(verb: Token | None) -> bool:
    """Whether it was to come when it was said, in the past: "said it would not travel"."""
    if verb is None or not any(h.lower_ in ("would", "'d") for h in _helpers(verb)):
        return False
    above = verb.head if verb.dep_ in ("ccomp", "conj", "advcl") else None
    return above is not None and _is_verb(above) and _is_past(above)


def _is_finite(verb: Token) -> bool:
    return any(t.tag_ in (*_FINITE, "MD") for t in (verb, *_helpers(verb)))


def _is_to(verb: Token) -> bool:
    """ "Prisoners are to be exchanged": the form of be that says what is arranged."""
    return _lemma(verb) == "be" and any(
        c.dep_ == "xcomp" and any(h.tag_ == "TO" for h in _helpers(c)) for c in verb.children
    )


def _partner(verb: Token) -> Token:
    """The verb it is coordinated with; a finite verb is not coordinated with an infinitive."""
    head = verb.head
    while verb.tag_ in _FINITE and not _is_finite(head):
        above = _clause_of(head)
        if above is None:
            break
        head = above
    return head


def _ahead_above(verb: Token, depth: int) -> bool:
    above = _clause_of(verb) if depth < 20 else None
    return above is not None and _looks_ahead(above, depth + 1)


def _is_past(verb: Token) -> bool:
    if any(h.tag_ in ("MD", "TO") for h in _helpers(verb)):
        return False
    return verb.tag_ == "VBD" or any(h.tag_ == "VBD" for h in _helpers(verb))


def _is_pluperfect(verb: Token) -> bool:
    return any(h.lower_ == "had" for h in _helpers(verb))


def _tenses_differ(one: Token, other: Token) -> bool:
    """Whether one tells of the past and the other of the present."""
    tenses = set()
    for verb in (one, other):
        tags = {verb.tag_, *(h.tag_ for h in _helpers(verb))}
        tenses.add("past" if "VBD" in tags else "present" if tags & {"VBZ", "VBP"} else "")
    return tenses == {"past", "present"}


def _is_present(verb: Token) -> bool:
    """Present or present perfect, told as it is: "break", "has been beaten"."""
    while True:
        helpers = _helpers(verb)
        if any(h.tag_ in ("MD", "TO", "VBD") for h in helpers) or verb.tag_ in ("VBD", "VBG"):
            return False
        if any(c.dep_ == "neg" or c.lower_ in ("never", "always") for c in verb.children):
            return False
        subject = _subject(verb)
        if subject is not None and {"no", "nothing", "nobody", "neither"} & {
            subject.lower_,
            *(c.lower_ for c in subject.children),
        }:
            return False
        if verb.dep_ != "conj" or helpers or not _is_verb(verb.head) or verb.tag_ != "VBN":
            break
        verb = verb.head
    return verb.tag_ in ("VBZ", "VBP", "VBN") and bool(
        verb.tag_ != "VBN" or any(h.tag_ in ("VBZ", "VBP") for h in helpers)
    )


# --- expressions in their place -----------------------------------------------------------


@dataclass(slots=True)
class _Placed:
    """An expression where it stands: tokens start to end.

    role   : the part its preposition gives it: at, by, until, before, since, after, for, from
    path   : what it hangs on, from the nearest noun up to the verb of its clause
    tight  : it belongs to the nearest noun only ("the Oct. 2 plebiscite", "the truce of June")
    object : for "two days after ...", the word for the event it is counted from
    """

    found: Found
    start: int
    end: int
    role: str
    path: list[Token]
    tight: bool
    object: Token | None = None
    span: Span | None = None

    @property
    def verb(self) -> Token | None:
        return self.path[-1] if self.path and _is_verb(self.path[-1]) else None

    @property
    def kind(self) -> Kind:
        if self.found.rule.kind == "point" and self.role in _DEADLINE:
            return "deadline"
        return self.found.rule.kind

    @property
    def counts_from_event(self) -> bool:
        return self.found.rule.needs == "event"


@dataclass(frozen=True, slots=True)
class _Told:
    """An event that has been dated, for "after the ceremony"."""

    event: int
    span: Span
    words: frozenset[str]


@dataclass(slots=True)
class _Memory:
    """Dated events by the words that name them."""

    by_word: dict[str, list[_Told]] = field(default_factory=lambda: defaultdict(list))

    def add(self, told: _Told) -> None:
        for word in told.words:
            self.by_word[word].append(told)

    def recall(self, named: Token) -> Span | None:
        """The days of the event a word names: the best match told before it, else after."""
        inside = {_lemma(t) for t in _phrase(named) if t.pos_ in ("NOUN", "PROPN", "VERB")}
        told = {
            (t.event, t.span): t
            for word in _family(_lemma(named))
            for t in self.by_word.get(word, ())[-20:]
            if t.event != named.i
        }
        best = max(
            told.values(),
            key=lambda t: (len(inside & t.words), t.event < named.i, t.event),
            default=None,
        )
        return best.span if best else None


@dataclass(slots=True)
class _Story:
    """The dates told so far, as later expressions count from them."""

    sentence: int = -1
    paragraph: int = -1
    here: Span | None = None  # latest in this sentence
    main: Span | None = None  # latest in a main clause of this paragraph
    any: Span | None = None  # latest in this paragraph
    before: Span | None = None  # what the last paragraph left
    month: Span | None = None  # an earlier month or day, with its year, that is being told of

    def go_to(self, sentence: int, paragraph: int) -> None:
        if sentence != self.sentence:
            self.sentence, self.here = sentence, None
        if paragraph != self.paragraph:
            self.before = self.main or self.any or self.before
            self.paragraph = paragraph
            self.main = self.any = self.month = None

    @property
    def base(self) -> Span | None:
        """What "the next day" counts from: this sentence's date, or the story's main thread."""
        return self.here or self.main or self.any or self.before

    @property
    def latest(self) -> Span | None:
        """What "that December" points at: the date named last."""
        return self.any or self.before

    def tell(self, span: Span, placed: _Placed, main: bool) -> None:
        self.here = self.any = span
        if not main:
            return
        self.main = span
        narrow = (span[1] - span[0]).days <= 31
        has_year = bool(placed.found.match.groupdict().get("year"))
        if not narrow or not (has_year or self.month):
            self.month = None
        else:
            self.month = span


class When:
    """The time of a report's events.

    doc    : the parsed report
    anchor : its date; None: only dates that carry their year are resolved
    """

    expressions: list[TimeExpression]

    def __init__(self, doc: Doc, anchor: PartialDate | None) -> None:
        self.doc = doc
        self.text: str = grammar.text_of(doc)
        self.anchor = anchor
        self._sentence, self._paragraph = _numbered(doc)
        self._sentence_start = _starts(self._sentence)
        lengths = Counter(self._sentence)
        self._unparsed = {number for number, length in lengths.items() if length > _LONGEST}
        self._headed = self._date_headings()
        self._memory = _Memory()
        self._live: dict[int, int] = {}  # paragraphs that open with a clock, and its minutes
        self._topic: dict[int, _Placed] = {}
        self._objects: dict[int, _Placed] = {}
        self._placed = list(self._place(find(self.text)))
        self._ends = {placed.end: placed for placed in self._placed}
        self._at: dict[int, list[tuple[_Placed, str]]] = defaultdict(list)
        self._children: dict[int, list[Token]] = {}
        self._hang()
        self._resolve()
        self._communique = self._is_communique()
        self.expressions = [self._public(placed) for placed in self._placed]

    # --- what is asked --------------------------------------------------------------------

    def date_of(self, event: Token) -> PartialDate | None:
        """When the event happened, or is to happen, whose head is this verb or event noun.

        None where the text does not say. A deadline dates only what is still to come: from
        the report's day (or the day told with it) to the deadline.
        """
        span = self._date(event)
        return PartialDate.between(*span) if span else None

    def remember(self, event: Token, date: PartialDate | None, words: frozenset[str]) -> None:
        """Note a dated event, so that later words can count from it ("after his release").

        words : lemmas, in small letters, of the words that tell or name the event
        """
        if date is None:
            return
        names = {word.lower() for word in words} | {_lemma(event)}
        self._memory.add(_Told(event.i, (date.earliest, date.latest), frozenset(names)))

    def is_past_year(self, event: Token) -> bool:
        """Whether the text dates the event certainly to a calendar year before the report's.

        Also true of what came before such a date ("paid before 1979") and of the past
        perfect in a clause that hangs on one.
        """
        anchor = self._anchor_at(event.i)
        if anchor is None or self._sentence[event.i] in self._unparsed:
            return False
        latest = self._latest(event)
        return latest is not None and latest[1].year < anchor.earliest.year

    def _date_headings(self) -> list[tuple[int, PartialDate]]:
        """Lines that are nothing but a day, by the paragraph they make: a chronicle's headings.

        What stands below one, to the next, is counted from that day instead of the report's.
        """
        found = []
        for match in _HEADING_LINE.finditer(self.text):
            words = find(match["line"])
            if len(words) != 1 or words[0].start or words[0].end != len(match["line"]):
                continue
            span = resolve(words[0], None)
            if span is not None and span[0] == span[1]:
                begins = [token.idx for token in self.doc]
                token = max(0, bisect_right(begins, match.start("line")) - 1)
                found.append((self._paragraph[token], PartialDate.between(*span)))
        return found

    def _heading_of(self, token: int) -> PartialDate | None:
        """The day of the heading that a token stands under, None under none."""
        paragraph = self._paragraph[token]
        at = bisect_right(self._headed, paragraph, key=lambda heading: heading[0]) - 1
        return self._headed[at][1] if at >= 0 else None

    def _anchor_at(self, token: int) -> PartialDate | None:
        """What relative dates count from at a token: its heading's day, or the report's."""
        return self._heading_of(token) or self.anchor

    # --- finding and placing --------------------------------------------------------------

    def _place(self, found: list[Found]) -> Iterator[_Placed]:
        begins = [token.idx for token in self.doc]
        line = dateline(self.text)
        for number, hit in enumerate(found):
            following = found[number + 1].start if number + 1 < len(found) else -1
            if line and line.start <= hit.start < line.end:
                continue
            if hit.rule.name == "since an event" and following - hit.end in range(0, 6):
                continue  # "since the Oct. 2 vote": the date itself says it
            start = bisect_right(begins, hit.start) - 1
            end = bisect_right(begins, hit.end - 1)
            if hit.rule.name == "live clock":
                self._live[self._paragraph[end - 1]] = minutes(hit.match) or 0
                yield _Placed(hit, start, end, "at", [], False)
            elif not self._is_something_else(hit, start, end):
                yield self._placed_at(hit, start, end)

    def _is_something_else(self, hit: Found, start: int, end: int) -> bool:
        """A person called May; a number of things that looks like a year."""
        token = self.doc[start]
        if hit.rule.name.startswith("month") and token.ent_type_ == "PERSON":
            return True
        if hit.rule.name == "year" and start > 0 and end < len(self.doc):
            if self.doc[start - 1].text == "(" and self.doc[end].text == ")":
                return True  # part of a name: "resolution 2369 (2017)"
            following, head = self.doc[end], self.doc[end - 1].head
            determined = self.doc[start - 1].pos_ in ("DET", "PRON", "PART")
            counts = head.i == following.i and following.tag_ in ("NNS", "NNPS")
            return counts and not determined
        return False

    def _placed_at(self, hit: Found, start: int, end: int) -> _Placed:
        role = self._role(start)
        if hit.rule.name == "since an event":
            role = "since"
        named = self._object(end) if hit.rule.needs == "event" else None
        root = next(
            (t for t in self.doc[start:end] if t.head.i == t.i or not start <= t.head.i < end),
            self.doc[start],
        )
        path = self._path(root, start, end, named)
        placed = _Placed(hit, start, end, role, path, self._is_tight(root, path), named)
        if named is not None:
            self._objects[named.i] = placed
        if path and path[0].dep_ == "ROOT" and self._is_subject(root, start, path[0]):
            self._topic[self._sentence[start]] = placed
        return placed

    def _is_subject(self, root: Token, start: int, verb: Token) -> bool:
        if root.dep_ in ("nsubj", "nsubjpass"):
            return True
        opens = start == self._sentence_start[self._sentence[start]]
        return opens and _subject(verb) is None and verb.tag_ != "VB"

    def _role(self, start: int) -> str:
        i = start - 1
        while i >= 0 and start - i <= 3 and self.doc[i].lower_ in _BETWEEN_ROLE_AND_DATE:
            i -= 1
        if i < 0 or self._sentence[i] != self._sentence[start]:
            return "at"
        word = self.doc[i].lower_
        pair = (self.doc[i - 1].lower_ if i else "", word)
        if word == "by" and _lemma(self.doc[i].head) == "follow":
            return "at"
        return _ROLE_PAIRS.get(pair) or _ROLE.get(word, "at")

    def _object(self, end: int) -> Token | None:
        """The noun or verb of what stands after "two days after"."""
        if not 0 < end <= len(self.doc):
            return None
        link = self.doc[end - 1]
        if self._sentence[link.i] in self._unparsed:
            return None
        for child in link.children:
            if child.dep_ in ("pobj", "pcomp") and child.i >= end:
                return child
        if link.dep_ == "mark" and link.head.i >= end:
            return link.head
        for token in self.doc[end : end + 8]:
            if token.is_punct or self._sentence[token.i] != self._sentence[end - 1]:
                return None
            last = token.i + 1 == len(self.doc) or not self.doc[token.i + 1].pos_.endswith("NOUN")
            if token.pos_ == "NOUN" and last:
                return token
        return None

    def _path(self, root: Token, start: int, end: int, named: Token | None) -> list[Token]:
        """What the expression hangs on, up to the verb of its own clause."""
        path: list[Token] = []
        sentence, current = self._sentence[root.i], root
        if sentence in self._unparsed:
            return path
        while (
            current.head.i != current.i
            and self._sentence[current.head.i] == sentence
            and len(path) < _DEEPEST
        ):
            current = current.head
            if start <= current.i < end or (named is not None and current.i == named.i):
                continue
            path.append(current)
            if _is_verb(current):
                if _before_infinitive(end, current) or _before_content(start, end, current):
                    path.pop()
                    continue
                break
        if not path or not _is_verb(path[-1]) or self._parted(start, path[-1].i):
            nearby = self._nearest_verb(start, end)
            if nearby is not None and (named is None or nearby.i != named.i):
                path = [t for t in path if not _is_verb(t) and not self._parted(start, t.i)]
                path.append(nearby)
        return path

    def _parted(self, one: int, other: int) -> bool:
        """Whether a semicolon or the like stands between: the parser often links across it."""
        low, high = min(one, other), max(one, other)
        if high - low > 60:
            return True
        return any(t.text in (";", ":", "|") for t in self.doc[low:high])

    def _nearest_verb(self, start: int, end: int) -> Token | None:
        """The verb before it in the same stretch of the sentence, otherwise the next one."""
        for i in range(start - 1, max(start - 40, -1), -1):
            if self._sentence[i] != self._sentence[start] or self.doc[i].text in (";", ":"):
                break
            if _is_verb(self.doc[i]):
                return self.doc[i]
        for i in range(end, min(end + 40, len(self.doc))):
            if self._sentence[i] != self._sentence[start] or self.doc[i].text in (";", ":"):
                break
            if _is_verb(self.doc[i]):
                return self.doc[i]
        return None

    @staticmethod
    def _is_tight(root: Token, path: list[Token]) -> bool:
        noun = next((t for t in path if t.pos_ in ("NOUN", "PROPN")), None)
        if noun is None or noun.pos_ != "NOUN" or _lemma(noun) in _TIME_NOUNS:
            return False
        if root.head.i == noun.i:
            return noun.i > root.i or (root.dep_ == "npadvmod" and noun.dep_ == "pobj")
        if root.dep_ == "pobj" and root.head.head.i == noun.i:
            if root.head.lower_ == "of":
                return True
            verb = next((t for t in path if _is_verb(t)), None)
            beside_it = noun.i == root.head.i - 1
            # "denied the attack in 2008"; but "condemned it on Monday" dates the words.
            in_month_or_year = root.head.lower_ == "in"
            return beside_it and in_month_or_year and verb is not None and _lemma(verb) in _SPEAKS
        return False

    def _hang(self) -> None:
        """Hand every expression to the words it can date."""
        for placed in self._placed:
            if not placed.tight:
                for token in (*placed.path, *self._governed(placed)):
                    self._at[token.i].append((placed, placed.role))
                continue
            noun = next(t for t in placed.path if t.pos_ in ("NOUN", "PROPN"))
            self._at[noun.i].append((placed, "at"))
            # "Nothing has happened since the Oct. 2 plebiscite": the verb's date as well.
            verb = noun.head.head
            if noun.dep_ == "pobj" and _is_verb(verb):
                role = _ROLE.get(noun.head.lower_)
                if role or noun.head.lower_ in ("at", "during"):
                    self._at[verb.i].append((placed, role or "at"))

    @staticmethod
    def _governed(placed: _Placed) -> list[Token]:
        """ "Undertook to free them before then": the deadline is for the infinitive too."""
        found: list[Token] = []
        verb = placed.verb if placed.role in _DEADLINE else None
        while verb is not None:
            verb = next(
                (c for c in verb.children if c.dep_ == "xcomp" and c.i < placed.start), None
            )
            if verb is not None:
                found.append(verb)
        return found

    # --- resolving ------------------------------------------------------------------------

    def _resolve(self) -> None:
        told, past = _Story(), _Story()  # all that is told, and what is not yet to come
        for placed in self._placed:
            where = self._sentence[placed.start], self._paragraph[placed.start]
            told.go_to(*where)
            past.go_to(*where)
            to_come = placed.found.rule.name == "then" or self._ahead(placed)
            placed.span = self._resolved(placed, told if to_come else past)
            if placed.span is None or placed.found.rule.name == "live clock":
                continue
            self._imply(placed)
            if placed.kind == "point" and placed.role not in ("after", "since"):
                main = self._is_main(placed)
                told.tell(placed.span, placed, main)
                anchor = self._anchor_at(placed.start)
                if anchor is None or placed.span[0] <= anchor.latest:
                    past.tell(placed.span, placed, main)

    def _resolved(self, placed: _Placed, story: _Story) -> Span | None:
        if placed.counts_from_event:
            return self._beside(placed)
        base = story.latest if placed.found.rule.name in ("month", "season") else story.base
        anchor = self._anchor_at(placed.start)
        if anchor is None:
            return resolve(placed.found, None, base=base)
        if placed.found.rule.name == "clock time":
            return self._clock_time(placed)
        ahead = self._ahead(placed)
        spans = [
            resolve(
                placed.found,
                Frame(
                    today,
                    ahead=ahead,
                    base=base,
                    story=None if ahead else story.month,
                    limit=placed.role in _DEADLINE,
                    nearer=ahead and placed.role not in _DEADLINE and _was_to_come(placed.verb),
                ),
            )
            for today in {anchor.earliest, anchor.latest}
        ]
        # A report known to a month only: every day that any day of it would give.
        known = [span for span in spans if span is not None]
        if len(known) < len(spans) or not known:
            return None
        return min(span[0] for span in known), max(span[1] for span in known)

    def _clock_time(self, placed: _Placed) -> Span | None:
        """A time of day in a live entry: of the report's day unless it lies later in it."""
        entry = self._live.get(self._paragraph[placed.start])
        said = minutes(placed.found.match)
        if entry is None or said is None or self.anchor is None or placed.role == "after":
            return None
        if said <= entry and not self._ahead(placed):
            return self.anchor.earliest, self.anchor.latest
        return None

    def _ahead(self, placed: _Placed) -> bool:
        verb = None if self._sentence[placed.start] in self._unparsed else placed.verb
        if placed.role in _DEADLINE:
            if verb is None or _looks_ahead(verb) or _lemma(verb) in _PUTS_OFF:
                return True
            return not _is_past(verb) and "have" not in {_lemma(h) for h in _helpers(verb)}
        if verb is None:
            return False
        noun = _lemma(placed.path[0])
        if placed.tight and noun not in _PROSPECTIVE:
            return False
        if placed.role == "for" or placed.tight:
            return _looks_ahead(verb) or _lemma(verb) in _PUTS_OFF | _PLANNED | {"announce"}
        inside = placed.path[0].pos_ == "NOUN" or len(placed.path) > 2
        if (
            inside
            and noun not in _PROSPECTIVE
            and _lemma(verb) in _SCHEDULED
            and not (any(h.tag_ == "MD" for h in _helpers(verb)))
        ):
            return False
        return _looks_ahead(verb)

    def _beside(self, placed: _Placed) -> Span | None:
        """ "Two days after the vote", once the vote is dated."""
        rule, match = placed.found.rule, placed.found.match
        if rule.name == "term" or placed.object is None:
            return None
        base = self._memory.recall(placed.object)
        if base is None:
            return None
        try:
            if rule.name == "since an event":
                return base
            if rule.name == "within of":
                return term(base, match)
            return beside(base, match)
        except (ValueError, OverflowError):
            return None

    def _imply(self, placed: _Placed) -> None:
        """What the dated clause is about can be counted from: "after the ceremony"."""
        if placed.span is None or placed.kind != "point" or not placed.path:
            return
        if placed.role not in ("at", "from") or self._sentence[placed.start] in self._unparsed:
            return
        nouns = [t for t in placed.path if t.pos_ == "NOUN"][:1]
        verb = None if placed.tight else placed.verb
        around = [c for c in verb.children if c.dep_ in _SIDES] if verb is not None else []
        event = verb if verb is not None else (nouns[0] if nouns else None)
        if event is None:
            return
        tokens = [event, *nouns, *(t for side in around for t in _phrase(side))]
        words = frozenset(_lemma(t) for t in tokens if t.pos_ in ("NOUN", "PROPN", "VERB"))
        self._memory.add(_Told(event.i, placed.span, words))

    def _is_main(self, placed: _Placed) -> bool:
        verb = placed.verb
        if verb is None or placed.tight or self._sentence[placed.start] in self._unparsed:
            return not placed.tight
        return self._in_main_clause(verb) and not self._elaborates(placed)

    def _elaborates(self, placed: _Placed) -> bool:
        """Whether it stands after a colon that follows a whole clause."""
        first = max(self._sentence_start[self._sentence[placed.start]], placed.start - 80)
        before = self.doc[first : placed.start]
        colon = next((t.i for t in before if t.text == ":"), None)
        return colon is not None and any(_is_verb(t) for t in self.doc[first:colon])

    def _in_main_clause(self, verb: Token) -> bool:
        while verb.dep_ in ("conj", "parataxis") or (
            verb.dep_ == "ccomp" and verb.i < verb.head.i and self._parted(verb.i, verb.head.i)
        ):
            verb = verb.head
        return verb.dep_ == "ROOT"

    def _public(self, placed: _Placed) -> TimeExpression:
        date = None
        if placed.span is not None and placed.kind in ("point", "deadline"):
            span = (
                self._with_role(placed.span, placed.role, placed.start)
                if placed.kind == "point"
                else placed.span
            )
            date = PartialDate.between(*span) if span else None
        elif placed.found.rule.name == "term":
            span = self._term(placed, None)
            date = PartialDate.between(*span) if span else None
        text = self.doc[placed.start : placed.end].text
        return TimeExpression(placed.start, placed.end, date, placed.kind, text)

    # --- the date of an event -------------------------------------------------------------

    def _date(self, event: Token) -> Span | None:
        return self._dated(event, set())[0]

    def _dated(self, event: Token, seen: set[int]) -> tuple[Span | None, _Placed | None]:
        """The event's days and the expression they come from."""
        if event.i in seen or len(seen) > 30 or self._sentence[event.i] in self._unparsed:
            return None, None
        seen.add(event.i)
        span, placed = self._own(event)
        if span is None:
            span, placed = self._counted_back(event)
        if span is None:
            span, placed = self._carried(event, seen)
        if span is None:
            span = self._by_form(event)
        return span, placed

    def _own(self, event: Token) -> tuple[Span | None, _Placed | None]:
        """The expressions of the event's own clause, put together."""
        at = [
            told for token in (event, *self._complex(event)) for told in self._at.get(token.i, ())
        ]
        if not at:
            return None, None
        ahead = self._is_ahead(event)
        points: list[tuple[Span, _Placed]] = []
        limits: list[tuple[Span, _Placed]] = []
        terms: list[_Placed] = []
        for placed, role in at:
            if placed.found.rule.name == "term":
                terms.append(placed)
                continue
            span = placed.span or self._late(placed)
            if span is None or placed.kind in ("duration", "frequency"):
                continue
            if role in _DEADLINE:
                limits.append((span, placed))
            elif role != "after" and (
                role != "for" or not _is_verb(event) or self._is_passive(event)
            ):
                known = self._with_role(span, role, placed.start)
                if known:
                    points.append((known, placed))
        if points and not (ahead and terms):
            return _narrowest(points)
        if ahead and limits:
            return self._until(limits, points)
        if terms:
            for placed in terms:
                if span := self._term(placed, points[0][0] if points else None, ahead=ahead):
                    return span, placed
        return _narrowest(points) if points else (None, None)

    def _late(self, placed: _Placed) -> Span | None:
        """An expression counted from an event that was only dated after the first pass."""
        return self._beside(placed) if placed.counts_from_event else None

    def _until(
        self, limits: list[tuple[Span, _Placed]], points: list[tuple[Span, _Placed]]
    ) -> tuple[Span | None, _Placed | None]:
        last = max(span[1] for span, _ in limits)
        placed = limits[0][1]
        anchor = self._anchor_at(placed.start)
        start = points[0][0][0] if points else (anchor.earliest if anchor else None)
        if start is None or start > last:
            return None, None
        return (start, last), placed

    def _term(self, placed: _Placed, base: Span | None, *, ahead: bool = True) -> Span | None:
        """ "Within six months": from the day told in the sentence, otherwise the report's."""
        if base is None:
            told = [p for p in self._in_sentence(placed) if p.start < placed.start]
            base = next((p.span for p in reversed(told)), None)
        anchor = self._anchor_at(placed.start)
        if base is None and ahead and anchor is not None:
            base = anchor.earliest, anchor.latest
        try:
            return term(base, placed.found.match) if base else None
        except (ValueError, OverflowError):
            return None

    def _in_sentence(self, placed: _Placed) -> list[_Placed]:
        """Dated points in the same sentence, in order."""
        sentence = self._sentence[placed.start]
        i = self._placed_index(placed)
        low = i
        while low > 0 and self._sentence[self._placed[low - 1].start] == sentence and i - low < 20:
            low -= 1
        return [p for p in self._placed[low : i + 20] if self._sentence[p.start] == sentence
                and p.span and p.kind == "point" and p.role in ("at", "from")]  # fmt: skip

    def _placed_index(self, placed: _Placed) -> int:
        return bisect_right(self._placed, placed.start, key=lambda p: p.start) - 1

    def _with_role(self, span: Span, role: str, token: int) -> Span | None:
        """ "Since 2001" runs up to the report's day."""
        if role != "since":
            return span
        anchor = self._anchor_at(token)
        if anchor is None or span[0] > anchor.latest:
            return None
        return span[0], anchor.latest

    @staticmethod
    def _is_passive(event: Token) -> bool:
        return any(c.dep_ == "auxpass" for c in event.children)

    def _is_ahead(self, event: Token) -> bool:
        if _is_verb(event):
            return _looks_ahead(event)
        verb = _clause_of(event)
        return verb is not None and _looks_ahead(verb)

    def _complex(self, event: Token) -> list[Token]:
        """The other words of the same event: "began withdrawing", "held talks"."""
        head = event.head
        if _is_verb(event):
            found = [c for c in event.children if c.dep_ == "xcomp" and _lemma(event) in _RAISES]
            if event.dep_ in ("xcomp", "acomp", "attr") and _lemma(head) in _RAISES:
                found.append(head)
            if _lemma(event) in _LIGHT:
                found += [c for c in event.children if c.dep_ == "dobj"]
            return found
        # "The accord signed on Sept. 26"; the tag of a reduced clause is often mistaken.
        found = [c for c in event.children if c.dep_ == "acl" and c.tag_ in ("VBN", "VBD")]
        if self._is_in_verb(event):
            found.append(head)
        return found

    @staticmethod
    def _is_in_verb(noun: Token) -> bool:
        """ "Held talks", "the vote is set for Friday", "the strike killed two": one event."""
        verb = _lemma(noun.head)
        if noun.dep_ in ("nsubj", "nsubjpass") and (verb in _PLANNED or verb in _HARMS):
            return True
        return noun.dep_ in (*_SIDES, "acomp") and verb in _LIGHT

    # --- from the clause it is part of ----------------------------------------------------

    def _counted_back(self, event: Token) -> tuple[Span | None, _Placed | None]:
        """ "On June 5, two months after he took office" also says when he took office."""
        placed = self._objects.get(event.i)
        if placed is None:
            return None, None
        match = placed.found.match
        others = [
            p for p in self._in_sentence(placed) if p is not placed and p.start < placed.start
        ]
        if not others or placed.found.rule.name not in ("beside an event", "eve"):
            return None, None
        base = others[-1].span
        assert base is not None  # _in_sentence gives dated points only
        if (base[1] - base[0]).days > 31:
            return None, None
        try:
            return offset(base, match, -side(match)), others[-1]
        except (ValueError, OverflowError):
            return None, None

    def _carried(self, event: Token, seen: set[int]) -> tuple[Span | None, _Placed | None]:
        if antecedent := self._antecedent(event):
            return antecedent.span, antecedent
        if not _is_verb(event):
            return self._carried_to_noun(event, seen)
        head = event.head
        if event.dep_ == "conj" and _is_verb(head):
            return self._carried_along(event, _partner(event), seen)
        if event.dep_ == "advcl" and _is_verb(head) and self._is_at_once(event):
            # "With Brazil mediating" has no tense, though the tagger often gives it one.
            absolute = any(c.lower_ == "with" and c.dep_ == "mark" for c in event.children)
            if absolute or not _tenses_differ(event, head):
                return self._dated(head, seen)
        if event.dep_ == "pcomp" and head.lower_ in _ADJUNCT:
            verb = _clause_of(head)
            if verb is not None and _lemma(verb) not in _SPEAKS:
                return self._dated(verb, seen)
        if event.dep_ == "relcl" and self._is_in_the_course(event):
            verb = _clause_of(event)
            return self._dated(verb, seen) if verb is not None else (None, None)
        return self._carried_up(event, seen)

    def _antecedent(self, event: Token) -> _Placed | None:
        """ "November 1979, when students seized the embassy"."""
        for child in event.children:
            if child.lower_ != "when":
                continue
            i = child.i
            while i > 0 and child.i - i < 5 and i not in self._ends:
                i -= 1
                if not (self.doc[i].is_punct or self.doc[i].pos_ == "INTJ"):
                    break
            placed = self._ends.get(i) or self._ends.get(i + 1)
            if placed is not None and placed.span and placed.kind == "point":
                return placed
        return None

    def _carried_to_noun(self, noun: Token, seen: set[int]) -> tuple[Span | None, _Placed | None]:
        head = noun.head
        if noun.dep_ in ("pobj", "pcomp") and head.lower_ in _ADJUNCT and _is_verb(head.head):
            if _lemma(head.head) not in _SPEAKS:
                return self._dated(head.head, seen)
        if self._is_in_verb(noun):
            return self._dated(head, seen)
        if noun.dep_ == "conj" and not _is_verb(head):
            return self._dated(head, seen)
        return None, None

    def _carried_along(
        self, event: Token, head: Token, seen: set[int]
    ) -> tuple[Span | None, _Placed | None]:
        """Coordinated verbs share what stands before the first of them; what stands later
        only while they share their subject too."""
        if _looks_ahead(event) != _looks_ahead(head) or _tenses_differ(event, head):
            return None, None
        span, placed = self._dated(head, seen)
        if span is None:
            return None, None
        subject = _subject(event)
        cleft = subject is not None and subject.lower_ == "it" and _lemma(event) == "be"
        if subject is None or (subject.lower_ in _SAME_PARTIES and not cleft):
            return span, placed
        parted = any(t.text == ";" for t in self.doc[head.i : event.i][:80])
        if placed is None or parted or not self._opens(placed, head):
            return None, None
        if head.dep_ == "conj" and placed.verb is not None and not self._opens(placed, placed.verb):
            return None, None
        return span, placed

    @staticmethod
    def _opens(placed: _Placed, verb: Token) -> bool:
        """Whether the expression stands before the clause's subject and verb."""
        subject = _subject(verb)
        first = min(verb.i, subject.left_edge.i if subject is not None else verb.i)
        return placed.end <= first

    def _is_at_once(self, event: Token) -> bool:
        """An adverbial clause that happens with its main clause: "demanding", "while"."""
        marks = {c.lower_ for c in event.children if c.dep_ in ("mark", "advmod")}
        if marks & _SAME_TIME:  # but not "as alleged"
            return not _looks_ahead(event) and (event.tag_ != "VBN" or bool(_helpers(event)))
        if event.tag_ != "VBG" or marks & {"after", "before", "since", "without", "than"}:
            return False
        return not any(h.lower_ == "having" for h in _helpers(event))

    def _is_in_the_course(self, event: Token) -> bool:
        """ "... in the course of which", "... during which"."""
        if _lemma(event.head) == "course":
            return True
        edge = event.left_edge.i
        words = [t.lower_ for t in self.doc[edge : edge + 6]]
        return (words[0] in _ADJUNCT and "which" in words) or words[0] in ("where", "whereupon")

    def _carried_up(self, event: Token, seen: set[int]) -> tuple[Span | None, _Placed | None]:
        """From a following verb of the same subject, a when-clause, or the sentence before."""
        for child in self._dated_children(event):
            if child.i < event.i and child.dep_ == "advcl" and self._starts_with_when(child):
                span, placed = self._own(child)
                if span and not _looks_ahead(event):
                    return span, placed
            if child.dep_ == "conj" and _is_verb(child) and _subject(child) is None:
                span, placed = self._own(child)
                if span and placed and placed.start > child.i:
                    shared = _looks_ahead(child) == _looks_ahead(event)
                    if shared and not any(t.text == "," for t in self.doc[event.i : child.i]):
                        return span, placed
        return self._from_topic(event)

    def _dated_children(self, event: Token) -> list[Token]:
        """What hangs on an event and has an expression of its own; many may ask for the same."""
        if event.i not in self._children:
            self._children[event.i] = [
                child
                for child in event.children
                if any(token.i in self._at for token in (child, *self._complex(child)))
            ]
        return self._children[event.i]

    @staticmethod
    def _starts_with_when(clause: Token) -> bool:
        return any(c.lower_ == "when" for c in clause.children)

    def _from_topic(self, event: Token) -> tuple[Span | None, _Placed | None]:
        """ "Last Tuesday could have undone everything. Ten sailors were detained." """
        if event.dep_ not in ("ROOT", "ccomp") or not _is_past(event):
            return None, None
        if event.dep_ == "ccomp" and not self._in_main_clause(event):
            return None, None
        before = self._sentence[event.i] - 1
        placed = self._topic.get(before)
        if placed is None or self._paragraph[placed.start] != self._paragraph[event.i]:
            return None, None
        return placed.span, placed

    # --- from the form of the text --------------------------------------------------------

    def _by_form(self, event: Token) -> Span | None:
        """The report's day, for what a live entry tells as it happens or a communique does.

        Below a heading that is a day, what the main clause tells as happening is of that day.
        """
        heading = self._heading_of(event.i)
        if heading is not None:
            told = _is_verb(event) and _is_finite(event) and self._told_now(event)
            happens = told and not _is_pluperfect(event)
            if happens and (not _looks_ahead(event) or _lemma(event) in _SCHEDULED):
                return heading.earliest, heading.latest
            return None
        if self.anchor is None or not _is_verb(event) or not _is_present(event):
            return None
        if _looks_ahead(event) and (_lemma(event) != "be" or _is_to(event)):
            return None
        today = self.anchor.earliest, self.anchor.latest
        if self._paragraph[event.i] in self._live:
            return today if self._told_now(event) else None
        performs = _lemma(event) in _PERFORMS and event.tag_ in ("VBZ", "VBP")
        if self._communique and performs and self._told_now(event):
            return today
        return None

    @staticmethod
    def _told_now(event: Token) -> bool:
        while event.dep_ in ("conj", "ccomp", "parataxis", "acomp", "xcomp"):
            event = event.head
        return event.dep_ == "ROOT"

    def _is_communique(self) -> bool:
        """Whether the text is headed as one and dated by its own dateline, on the report's day."""
        line = dateline(self.text)
        if line is None or line.date is None or self.anchor is None:
            return False
        heading = self.text[: line.start]
        return line.date.agrees(self.anchor) and bool(_COMMUNIQUE.search(heading))

    # --- how late it can have been --------------------------------------------------------

    def _latest(self, event: Token) -> Span | None:
        span = self._date(event)
        if span is not None:
            return span
        for placed, role in self._at.get(event.i, ()):
            if role in _DEADLINE and placed.span and not self._is_ahead(event):
                return placed.span
        verb = _clause_of(event)
        if verb is not None and self._comes_before(event):
            return self._date(verb)
        within = event.dep_ in ("relcl", "acl", "advcl", "ccomp")
        if verb is not None and within and (_is_pluperfect(event) or self._is_reduced(event)):
            return self._date(verb)
        return None

    @staticmethod
    def _comes_before(event: Token) -> bool:
        """ "He broke off the talks after fighters hijacked an airliner"."""
        if event.dep_ == "pobj":
            return event.head.lower_ in ("after", "following")
        marks = {c.lower_ for c in event.children if c.dep_ == "mark"}
        return event.dep_ == "advcl" and "after" in marks and not _looks_ahead(event)

    @staticmethod
    def _is_reduced(event: Token) -> bool:
        return event.tag_ == "VBN" and event.dep_ == "acl" and not _helpers(event)


def _before_infinitive(end: int, verb: Token) -> bool:
    """ "Signed it on Monday to end the war" is when it was signed, whatever the parse says."""
    return any(h.tag_ == "TO" and end <= h.i for h in _helpers(verb))


def _before_content(start: int, end: int, verb: Token) -> bool:
    """ "Said on Monday it would leave" is when it was said; "said that on Monday ..." is not."""
    subject = _subject(verb)
    if verb.dep_ != "ccomp" or subject is None or not verb.head.i < start:
        return False
    if any(t.text == "," or t.lower_ in _OPENS_CONTENT for t in verb.doc[verb.head.i : start]):
        return False
    return end <= subject.left_edge.i


_OPENS_CONTENT = ("that", "until", "as", "if", "whether", "how", "when", ":")
_SIDES = ("dobj", "nsubj", "nsubjpass", "attr")
_HEADING_LINE = re.compile(r"(?m)^[ \t]{0,8}(?P<line>\S[^\n]{4,40}?):?[ \t]{0,8}$")
_COMMUNIQUE = re.compile(r"(?i)\b(?:communiqu[eé]|joint statement|press statement|declaration)\b")


def _phrase(token: Token) -> Iterable[Token]:
    """The words of a phrase, the first dozen."""
    left, right = token.left_edge.i, token.right_edge.i + 1
    return token.doc[max(left, token.i - 6) : min(right, token.i + 7)]


def _narrowest(points: list[tuple[Span, _Placed]]) -> tuple[Span, _Placed]:
    """Of several, the most precise of those that agree; of rivals side by side, all."""
    spans = {span for span, _ in points}
    first = points[0][1]
    if len(spans) > 1 and _side_by_side([p for _, p in points]):
        return (min(s[0] for s in spans), max(s[1] for s in spans)), first
    return min(points, key=lambda point: (point[0][1] - point[0][0]).days)


def _side_by_side(placed: list[_Placed]) -> bool:
    """ "On Oct. 10, on Oct. 18 and on Oct. 26" of one verb."""
    same = {(p.found.rule.name, p.role) for p in placed}
    return len(same) == 1 and all(a.start < b.start for a, b in pairwise(placed))


def _numbered(doc: Doc) -> tuple[list[int], list[int]]:
    """The sentence and the paragraph (by line breaks) of each token."""
    sentences, paragraphs = [], []
    sentence = paragraph = -1
    fresh = True
    for token in doc:
        if fresh or (token.is_sent_start and not token.is_space):
            sentence += 1
        if fresh:
            paragraph += 1
        fresh = False
        sentences.append(sentence)
        paragraphs.append(paragraph)
        if token.is_space and "\n" in token.text:
            fresh = token.text.count("\n") > 1 or _line_ends(doc, token)
    return sentences, paragraphs


def _line_ends(doc: Doc, gap: Token) -> bool:
    """Whether a single line break ends a paragraph: the next line is a sentence of its own."""
    following = gap.i + 1
    return following < len(doc) and bool(doc[following].is_sent_start)


def _starts(numbers: list[int]) -> dict[int, int]:
    """The first token of each sentence."""
    first: dict[int, int] = {}
    for i, number in enumerate(numbers):
        first.setdefault(number, i)
    return first
