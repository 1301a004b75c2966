"""Who is reported to have said what: direct and indirect speech, "according to", labels.

Only assertive reporting makes a statement (said, warned, denied, described …); orders and
requests are moves. The cues are in data/cues.tsv.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from detente.reading.found import Actor, Mention, Speaker, Statement
from detente.reading.text import grammar
from detente.reading.what.lexicon import Lexicon
from detente.reading.who.parties import Parties

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_QUOTES = {"“": "”", "«": "»", "„": "“", '"': '"', "‘": "’", "``": "''"}
_LABEL = re.compile(r"(?:^|\n)([A-Z][A-Z.'’ -]{2,30}(?: \([a-z ]+\))?):[ \t]+")
_MIN_QUOTED_WORDS = 3  # below this the marks set off a word ("the so-called 'package'")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch in quotation marks: doc[start:end] is what stands between the marks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the tokens it was found by.

    spans : token bounds of its content, in the order of the text
    cue   : the token of the cue verb or preposition, None for a transcript's label
    described : a description ("called it a triumph"), not a report of what was said
    """

    statement: Statement
    spans: tuple[tuple[int, int], ...]
    cue: Token | None
    party: tuple[Actor, ...] = field(default=())
    described: bool = False

    def covers(self, token: Token) -> bool:
        """Whether the token is part of what was said."""
        return any(start <= token.i < end for start, end in self.spans)


class _Quotations:
    """The quotations of a text, found by where they stand. They do not overlap."""

    def __init__(self, found: list[Quotation]) -> None:
        self._all = found
        self._starts = [quote.start for quote in found]
        self._ends = [quote.end for quote in found]

    def __iter__(self) -> Iterator[Quotation]:
        return iter(self._all)

    def around(self, i: int) -> Quotation | None:
        """The quotation that the token is part of."""
        at = bisect_right(self._starts, i) - 1
        return self._all[at] if at >= 0 and i < self._ends[at] else None

    def touching(self, start: int, end: int) -> list[Quotation]:
        """Those that share something with doc[start:end], or end or begin at its bounds."""
        return self._all[bisect_left(self._ends, start) : bisect_right(self._starts, end)]

    def holding(self, start: int, end: int) -> Quotation | None:
        """The quotation that doc[start:end] is part of, its marks aside."""
        return next(
            (q for q in self.touching(start, end) if q.start <= start and end <= q.end), None
        )


def quotations(doc: Doc) -> list[Quotation]:
    """Everything in quotation marks, curly, straight or angled; single curly ones too.

    Straight marks open and close in turn within a paragraph. A curly mark without its
    partner is closed by the end of the paragraph, since a quotation that runs over several
    paragraphs opens anew at each.
    """
    found: list[Quotation] = []
    opened: tuple[int, str] | None = None
    for token in doc:
        paragraph_ends = token.is_space and "\n" in token.text
        if opened is None:
            if token.text in _QUOTES and not _is_apostrophe(token):
                opened = token.i + 1, _QUOTES[token.text]
        elif token.text == opened[1] or (opened[1] == '"' and token.text == '"'):
            found.append(Quotation(opened[0], token.i))
            opened = None
        elif paragraph_ends:
            if opened[1] != '"' and opened[1] != "’":
                found.append(Quotation(opened[0], token.i))
            opened = None
    return [quote for quote in found if quote.end > quote.start]


def _is_apostrophe(token: Token) -> bool:
    return token.text == "‘" and token.i + 1 < len(token.doc) and token.nbor().is_digit


def find(doc: Doc, parties: Parties, lexicon: Lexicon) -> list[Said]:
    """Every statement of the text, in the order of their beginnings."""
    quoted = _Quotations(quotations(doc))
    labels = list(_labelled(doc))
    parties.quote_speakers.extend((start, end, ()) for _, start, end in labels)
    found: list[Said] = []
    for token in doc:
        said = _by_verb(token, quoted, parties, lexicon) or _according_to(token, parties)
        if said is not None:
            found.append(said)
            for start, end in said.spans:
                for quote in quoted.touching(start, end):
                    if start <= quote.start and quote.end <= end:
                        parties.quote_speakers.append((quote.start, quote.end, said.party))
    found.extend(_unattributed(doc, quoted, found, labels, parties))
    return sorted(_without_repeats(found), key=lambda said: said.spans[0])


# --- speech verbs ------------------------------------------------------------------------


def _by_verb(verb: Token, quoted: _Quotations, parties: Parties, lexicon: Lexicon) -> Said | None:
    if not (grammar.is_verb(verb) or verb.dep_ == "acl"):
        return None
    cue = lexicon.cue(verb)
    if cue is None:
        return None
    if grammar.negated(verb) and cue.kind != "deny":
        return None
    if not asserted(verb):
        return None
    speaker_token = _speaker_token(verb)
    if speaker_token is None:
        return None
    if verb.lemma_ in _ONLY_OF_ALLEGATIONS and _alleged(verb) is None:
        return None
    spans = _content(verb, cue.kind, quoted)
    if not spans:
        return None
    if cue.kind == "say" and not _reports_more_than_a_name(verb.doc, spans):
        return None
    if speaker_token.lower_ in {"we", "i"} and quoted.around(verb.i) is not None:
        return None  # a speaker quoting himself
    if cue.kind == "say" and any(start <= speaker_token.i < end for start, end in spans):
        return None
    said = _said(verb, speaker_token, spans, quoted, parties)
    return replace(said, described=cue.kind == "describe")


def asserted(verb: Token) -> bool:
    """Whether the saying itself happened: no "may say", "to say", "if he says"."""
    if {"may", "might", "could", "would", "should", "can", "must"} & set(grammar.modals(verb)):
        return False
    if verb.tag_ == "VB" and verb.dep_ in {"xcomp", "acl", "advcl"}:
        return False
    return not any(
        child.dep_ == "mark" and child.lower_ in {"if", "unless"} for child in verb.children
    )


def _speaker_token(verb: Token) -> Token | None:
    if grammar.is_passive(verb):
        by = grammar.agent(verb)
        if by is not None:
            return by
        return None
    own = [child for child in verb.lefts if child.dep_ == "nsubj"]
    if len(own) > 1:
        return own[-1]  # the parser made one more of the words inside the quotation
    subject = grammar.grammatical_subject(verb)
    if subject is not None and subject.dep_ in {"nsubj", "nsubjpass"} and subject.head == verb:
        return subject
    # An inverted subject that the parser took for an object: '… ," said the official'.
    for child in verb.rights:
        if child.dep_ in {"dobj", "npadvmod", "attr", "oprd"} and child.pos_ in {"NOUN", "PROPN"}:
            if _after_quotation(verb):
                return child
    return subject


def _after_quotation(verb: Token) -> bool:
    before = verb.doc[verb.i - 1].text if verb.i else ""
    return before in {"”", '"', "’", "''", ",", "»"}


def _content(verb: Token, kind: str, quoted: _Quotations) -> list[tuple[int, int]]:
    """Token bounds of what was said, by the construction the verb stands in."""
    if kind in {"describe", "accuse"}:
        return _described(verb, kind)
    direct = _quoted_with(verb, quoted)
    if direct:
        return direct
    clause = _reported_clause(verb)
    if clause is not None:
        return [clause_bounds(clause, verb)]
    if kind == "deny":
        return _denied(verb)
    # "…, officials said": the parser hung the verb on the clause it reports.
    if verb.dep_ in {"conj", "parataxis", "advcl", "dep"}:
        if _ends_sentence(verb):
            return _everything_before(verb)
        return _around(verb)
    return _told_to(verb)


_ADDED = frozenset({"relcl", "acl", "appos"})
_ONLY_OF_ALLEGATIONS = frozenset({"reject", "dismiss"})
_ALLEGATIONS = frozenset(
    "allegation accusation claim charge report suggestion rumour rumor".split()
)


def _alleged(verb: Token) -> Token | None:
    """The clause of an allegation that is the verb's object ("rejects claims that …")."""
    for noun in grammar.children(verb, "dobj", "nsubjpass"):
        if noun.lemma_.lower() in _ALLEGATIONS:
            return grammar.first(noun, "acl", "ccomp", "relcl") or noun
    return None


def _denied(verb: Token) -> list[tuple[int, int]]:
    """What a denial is about: its own clause or object, or the noun it is a clause of."""
    alleged = _alleged(verb)
    complement = alleged or grammar.first(verb, "xcomp", "dobj", "pcomp")
    if complement is not None and complement.lower_ not in grammar.RELATIVE:
        start, end = grammar.subtree_bounds(complement)
        while start < end - 1 and verb.doc[start].lower_ == "that":
            start += 1
        return [(start, end)]
    if verb.dep_ in {"relcl", "acl"} and verb.head.pos_ in {"NOUN", "PROPN"}:
        # "a claim that the spokesman denied"
        return [grammar.subtree_bounds(verb.head, without=_ADDED)]
    return []


def _told_to(verb: Token) -> list[tuple[int, int]]:
    """What somebody is told, where the parser hung it on him ("warned the firms that …")."""
    for noun in grammar.children(verb, "dobj"):
        for token in grammar.subtree(noun):
            if token.dep_ == "mark" and token.lower_ == "that" and token.i > verb.i:
                clause = token.head
                if grammar.first(clause, "nsubj", "nsubjpass") is not None:
                    return [clause_bounds(clause, verb)]
    return []


def _around(verb: Token) -> list[tuple[int, int]]:
    """The sentence around words set off by commas: "A failure, he cautioned, would …"."""
    subject = grammar.first(verb, "nsubj")
    if subject is None:
        return []
    doc, sentence = verb.doc, verb.sent
    first = min(subject.left_edge.i, verb.i)
    own = [t.i for t in grammar.subtree(verb) if t.head == verb or t.head.dep_ in {"prep", "pobj"}]
    last = max([verb.i, *(i for i in own if i > verb.i and not doc[i].is_punct)])
    while last + 1 < sentence.end and doc[last + 1].text not in {",", ";", ".", ":"}:
        last += 1
    if last + 1 >= sentence.end or doc[last + 1].text not in {",", ";"}:
        return []
    before = grammar.trimmed(doc, sentence.start, first)
    if doc[last + 1].text == ";":
        return [before] if before[1] - before[0] >= 2 else []
    if first == sentence.start or doc[first - 1].text != ",":
        return []
    after = grammar.trimmed(doc, last + 2, sentence.end)
    spans = [span for span in (before, after) if span[1] - span[0] >= 2]
    return sorted(spans, key=lambda span: span[0] - span[1])


def _reported_clause(verb: Token) -> Token | None:
    """The clause the verb reports: the one after it rather than one before it.

    A semicolon or colon between them parts them ("denies that; here's a spokesman").
    """
    clauses = [child for child in verb.children if child.dep_ == "ccomp"]
    doc = verb.doc

    def joined(clause: Token) -> bool:
        low, high = sorted((clause.i, verb.i))
        between = {token.text for token in doc[low + 1 : high]}
        return ";" not in between and not (":" in between and clause.i < verb.i)

    after = [clause for clause in clauses if clause.i > verb.i and joined(clause)]
    before = [clause for clause in clauses if clause.i < verb.i and joined(clause)]
    return after[0] if after else before[-1] if before else None


def _described(verb: Token, kind: str) -> list[tuple[int, int]]:
    """The predicate of "described X as Y", "called X Y", "accused X of Y"."""
    wanted = {"of"} if kind == "accuse" else {"as"}
    if verb.lemma_ == "attribute":
        return [grammar.subtree_bounds(noun) for noun in grammar.children(verb, "dobj")[:1]]
    holders = [verb, *grammar.children(verb, "dobj")] if kind == "accuse" else [verb]
    for prep in (p for holder in holders for p in grammar.children(holder, "prep", "oprd")):
        if prep.lower_ in wanted:
            bounds = grammar.trimmed(verb.doc, prep.i + 1, prep.right_edge.i + 1)
            if bounds[1] > bounds[0]:
                return [bounds]
    if kind == "describe" and verb.lemma_ in {"call", "label", "brand", "term", "dub", "deem"}:
        predicate = grammar.first(verb, "oprd", "attr", "acomp")
        if predicate is not None:
            return [grammar.subtree_bounds(predicate)]
        clause = grammar.first(verb, "ccomp")
        if clause is not None:
            inner = grammar.first(clause, "attr", "acomp") or clause
            return [grammar.subtree_bounds(inner)]
    return []


def _quoted_with(verb: Token, quoted: _Quotations) -> list[tuple[int, int]]:
    """The quotations this verb introduces or follows, when what is said is all in quotes.

    A quotation in the middle of an indirect clause is part of that clause instead.
    """
    doc, sentence = verb.doc, verb.sent
    near = [
        quote
        for quote in quoted.touching(sentence.start - 2, sentence.end + 1)
        if quote.end - quote.start >= _MIN_QUOTED_WORDS and not quote.start <= verb.i < quote.end
    ]
    own: list[tuple[int, int]] = []
    for quote in near:
        if quote.end <= verb.i:
            gap = doc[quote.end : verb.i]
            if sum(not t.is_punct and not t.is_space for t in gap) <= 12 and not _other_verb(gap):
                own.append(grammar.trimmed(doc, quote.start, quote.end))
        elif _introduces(verb, quote):
            own.append(grammar.trimmed(doc, quote.start, quote.end))
    if own and own[0][0] > verb.i and (clause := _reported_clause(verb)) is not None:
        start, _ = clause_bounds(clause, verb)
        if verb.i < start < own[0][0] - 1:
            return []  # words outside the marks belong to it: indirect speech, partly quoted
    return [span for span in own if span[1] > span[0]]


def _other_verb(gap: Span) -> bool:
    return any(t.pos_ == "VERB" and t.dep_ in {"ROOT", "ccomp", "conj"} for t in gap)


def _introduces(verb: Token, quote: Quotation) -> bool:
    """'he said: "…"', 'said on Sunday, "…"', and the second half of a split quotation."""
    gap = verb.doc[verb.i + 1 : quote.start - 1]
    if not len(gap):
        return True
    last = next((t for t in reversed(list(gap)) if not t.is_space), None)
    if last is None or last.text not in {":", ",", "–", "—", "that"}:
        return False
    return not any(t.lower_ == "that" and t.dep_ == "mark" for t in gap) and not any(
        t.dep_ in {"ROOT", "ccomp"} and t.pos_ == "VERB" and t != verb for t in gap
    )


def clause_bounds(clause: Token, verb: Token) -> tuple[int, int]:
    """The clause's words on the content's side of the cue verb, without "that"."""
    doc = verb.doc
    first, last = verb.sent.start, verb.sent.end
    members = [t.i for t in grammar.subtree(clause) if first <= t.i < last]
    side = [i for i in members if (i < verb.i) == (clause.i < verb.i)]
    if not side:
        side = [clause.i]
    start, end = min(side), max(side) + 1
    subject = grammar.first(verb, "nsubj")
    if clause.i < verb.i:
        end = min(
            end, subject.left_edge.i if subject is not None and subject.i < verb.i else verb.i
        )
    elif subject is not None and subject.i > verb.i:
        start = max(start, subject.i + 1)
    start, end = grammar.trimmed(doc, start, max(end, start + 1))
    while (
        start < end - 1
        and doc[start].lower_ in {"that", "how"}
        and doc[start].dep_ in {"mark", "advmod"}
    ):
        start += 1
    return grammar.trimmed(doc, start, end)


def _ends_sentence(verb: Token) -> bool:
    subject = grammar.first(verb, "nsubj")
    return subject is not None and (subject.i > verb.i or verb.i >= verb.sent.end - 4)


def _everything_before(verb: Token) -> list[tuple[int, int]]:
    subject = grammar.first(verb, "nsubj")
    end = min(verb.i, subject.left_edge.i) if subject is not None else verb.i
    start, end = grammar.trimmed(verb.doc, verb.sent.start, end)
    return [(start, end)] if end - start >= 2 else []


def _reports_more_than_a_name(doc: Doc, spans: list[tuple[int, int]]) -> bool:
    return any(
        not doc[i].is_punct and not doc[i].is_space
        for start, end in spans
        for i in range(start, end)
    )


# --- according to --------------------------------------------------------------------------


def _according_to(token: Token, parties: Parties) -> Said | None:
    if token.lower_ != "according" or token.i + 1 >= len(token.doc):
        return None
    preposition = token.nbor()
    if preposition.lower_ != "to":
        return None
    source = grammar.first(preposition, "pobj") or grammar.first(token, "pobj")
    if source is None or source.lemma_ in {"term", "plan", "schedule", "law", "rule", "custom"}:
        return None
    doc, sentence = token.doc, token.sent
    last = max(t.i for t in grammar.subtree(source)) + 1
    before = grammar.trimmed(doc, sentence.start, token.i)
    after = grammar.trimmed(doc, min(last, sentence.end), sentence.end)
    spans = [before] if before[1] - before[0] > 1 else [after]
    if spans[0][1] <= spans[0][0]:
        return None
    return _said(token, source, spans, _Quotations([]), parties, cue_text="according to")


# --- labels and quotations without a verb --------------------------------------------------


def _labelled(doc: Doc) -> Iterator[tuple[str, int, int]]:
    """A transcript's turns: label, token bounds of the words up to the next label."""
    text = grammar.text_of(doc)
    matches = list(_LABEL.finditer(text))
    if len(matches) < 2:
        return
    for number, match in enumerate(matches):
        stop = matches[number + 1].start() if number + 1 < len(matches) else len(text)
        span = doc.char_span(match.end(), stop, alignment_mode="contract")
        if span is not None and len(span):
            yield match.group(1), span.start, span.end


def _unattributed(
    doc: Doc,
    quoted: _Quotations,
    found: list[Said],
    labels: list[tuple[str, int, int]],
    parties: Parties,
) -> Iterator[Said]:
    """Whole-sentence quotations whose speaker a neighbour names, with no cue verb of speech.

    'A republican source was more clear: "…"', 'the diplomat laughed at the idea: "…"', a
    transcript's recorded voice, and a second quotation after an attributed one in the same
    paragraph.
    """
    taken = sorted(span for said in found for span in said.spans)
    furthest = list(accumulate((end for _, end in taken), max))
    before = _Before(found)
    for quote in quoted:
        start, end = grammar.trimmed(doc, quote.start, quote.end)
        if end - start < _MIN_QUOTED_WORDS + 1:
            continue
        earlier = bisect_left(taken, (end, 0))
        if earlier and furthest[earlier - 1] > start:
            continue
        made = _without_cue(doc, quote, (start, end), quoted, labels, before, parties)
        if made is not None:
            before.add(made)
            yield made


def _without_cue(
    doc: Doc,
    quote: Quotation,
    span: tuple[int, int],
    quoted: _Quotations,
    labels: list[tuple[str, int, int]],
    before: _Before,
    parties: Parties,
) -> Said | None:
    """Whose a quotation is by its label, by what introduces it or by the quotation before."""
    start, end = span
    turn = bisect_right(labels, start, key=lambda label: label[1]) - 1
    if turn >= 0 and start < labels[turn][2] and start - labels[turn][1] <= 4:
        return _labelled_quote(doc, labels[turn], span)
    introduced = _introducing_subject(doc, quote)
    if introduced is not None:
        verb, speaker = introduced
        return _said(verb, speaker, [span], quoted, parties, cue_text=verb.text)
    neighbour = before.in_same_paragraph(doc, start)
    if neighbour is not None and doc[start].is_title and end - start > 4:
        return _extended(doc, neighbour, span)
    return None


class _Before:
    """The direct statements so far, by where they end; of equals the first."""

    def __init__(self, found: list[Said]) -> None:
        self._ends: list[tuple[int, int]] = []
        self._said: list[Said] = []
        for said in found:
            self.add(said)

    def add(self, said: Said) -> None:
        """Take one more into account."""
        if said.statement.direct:
            insort(self._ends, (said.spans[-1][1], -len(self._said)))
            self._said.append(said)

    def in_same_paragraph(self, doc: Doc, start: int) -> Said | None:
        """The last one before a token, where little stands between them."""
        at = bisect_right(self._ends, (start, 0)) - 1
        if at < 0:
            return None
        end, number = self._ends[at]
        if end < start and doc[start - 1].idx - doc[end].idx > 200:
            return None
        between = doc[end:start].text
        return self._said[-number] if "\n\n" not in between and len(between) < 200 else None


def _labelled_quote(doc: Doc, label: tuple[str, int, int], span: tuple[int, int]) -> Said:
    name = label[0].split(" (")[0].strip()
    speaker = Speaker(None, name, False, None, f"label:{name.lower()}")
    return Said(made(doc, speaker, name, [span], True), (span,), None)


def _introducing_subject(doc: Doc, quote: Quotation) -> tuple[Token, Token] | None:
    opening = quote.start - 1
    before = opening - 1
    while before >= 0 and doc[before].is_space:
        before -= 1
    if before < 1 or doc[before].text != ":":
        return None
    root = doc[before].sent.root
    if root.i >= before:
        return None
    subject = grammar.grammatical_subject(root)
    return (root, subject) if subject is not None else None


def by_token(said: Iterable[Said]) -> dict[int, list[Said]]:
    """The statements that each token is part of, in their order."""
    inside: dict[int, list[Said]] = defaultdict(list)
    for each in said:
        for start, end in each.spans:
            for i in range(start, end):
                inside[i].append(each)
    return inside


def _extended(doc: Doc, said: Said, span: tuple[int, int]) -> Said:
    """A further quotation by the same speaker, as a statement of its own."""
    statement = made(doc, said.statement.speaker, said.statement.cue, [span], True)
    return replace(said, statement=statement, spans=(span,))


# --- making them -----------------------------------------------------------------------------


def _said(
    cue: Token,
    speaker_token: Token,
    spans: list[tuple[int, int]],
    quoted: _Quotations,
    parties: Parties,
    *,
    cue_text: str | None = None,
) -> Said:
    doc = cue.doc
    speaker = speaker_of(speaker_token, parties)
    own = quoted.around(cue.i)
    first = quoted.holding(*spans[0])
    direct = first is not None and first != own
    if direct:
        spans = [_whole_quotation(doc, span, quoted, own) for span in spans]
    else:
        spans = [_with_closing_mark(span, quoted) for span in spans]
    statement = made(doc, speaker, cue_text or cue.text, spans, direct)
    return Said(statement, tuple(spans), cue, parties.affiliation(speaker_token))


def _whole_quotation(
    doc: Doc, span: tuple[int, int], quoted: _Quotations, own: Quotation | None
) -> tuple[int, int]:
    quote = quoted.holding(*span)
    if quote is None or quote == own:
        return span
    return grammar.trimmed(doc, quote.start, quote.end)


def speaker_of(token: Token, parties: Parties) -> Speaker:
    """The speaker; several who say the same thing together are told in one."""
    speakers = [parties.speaker(each) for each in grammar.coordinated(token)]
    if len(speakers) == 1:
        return speakers[0]
    codes = {speaker.party for speaker in speakers}
    return Speaker(
        None,
        " and ".join(speaker.text for speaker in speakers),
        all(speaker.named for speaker in speakers),
        codes.pop() if len(codes) == 1 else None,
        "+".join(speaker.key for speaker in speakers),
    )


def _with_closing_mark(span: tuple[int, int], quoted: _Quotations) -> tuple[int, int]:
    """Indirect speech that ends in quoted words keeps their closing mark."""
    for quote in quoted.touching(*span):
        if span[0] < quote.start < span[1] <= quote.end:
            return span[0], quote.end + 1
    return span


def made(
    doc: Doc, speaker: Speaker, cue: str, spans: list[tuple[int, int]], direct: bool
) -> Statement:
    ordered = [doc[start:end] for start, end in spans]
    head, *rest = ordered
    return Statement(
        speaker,
        cue,
        head.text,
        head.start_char,
        head.end_char,
        direct,
        tuple(Mention(part.text, part.start_char, part.end_char) for part in rest),
    )


def _without_repeats(found: list[Said]) -> list[Said]:
    """One statement per content: the cue nearest to it wins."""
    best: dict[tuple[int, int], Said] = {}
    for said in found:
        for span in said.spans:
            known = best.get(span)
            if known is None or _distance(said) < _distance(known):
                best[span] = said
    kept = {id(said) for said in best.values()}
    return [said for said in found if id(said) in kept]


def _distance(said: Said) -> int:
    if said.cue is None:
        return 0
    return min(min(abs(said.cue.i - start), abs(said.cue.i - end)) for start, end in said.spans)
